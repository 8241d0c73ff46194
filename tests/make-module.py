#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-module.py FILE: a ProTracker module of four channels as the JSON on standard input says it:
{"order": [0], "patterns": [{"0": ["C-2 01 C20", ...]}], "samples": [{"frames": 1000, "loop": false}]}.
A pattern has its rows by number, a row its cells from the first channel on; C-2 is middle C, period
428, and a sample a square wave of 16 frames at full volume."""

import json
import struct
import sys

PERIODS = dict(zip("C- C# D- D# E- F- F# G- G# A- A# B-".split(),
                   (428, 404, 381, 360, 339, 320, 302, 285, 269, 254, 240, 226)))
MIDDLE = 2


def cell_bytes(text):
    parts = text.split()
    note, sample, effect = parts + ["...", "00", "000"][len(parts):]
    period = 0
    if note != "...":
        period = PERIODS[note[:2]]
        period = period << MIDDLE - int(note[2]) if int(note[2]) < MIDDLE else period >> int(note[2]) - MIDDLE
    number, effect = int(sample), int(effect, 16)
    return bytes([number & 0xF0 | period >> 8, period & 255, (number & 15) << 4 | effect >> 8, effect & 255])


def main():
    spec = json.load(sys.stdin)
    samples = spec.get("samples", [{"frames": 4000}])
    out = spec.get("title", "made").encode().ljust(20, b"\0")
    for number in range(31):
        sample = samples[number] if number < len(samples) else {"frames": 0}
        words = sample["frames"] // 2
        loop = (0, words) if sample.get("loop") else (0, 1)
        name = sample.get("name", "").encode().ljust(22, b"\0")
        out += name + struct.pack(">HBBHH", words, 0, sample.get("volume", 64), *loop)
    order = spec.get("order", [0])
    out += bytes([len(order), 127]) + bytes(order).ljust(128, b"\0") + b"M.K."
    for pattern in spec["patterns"]:
        for row in range(64):
            cells = (pattern.get(str(row), []) + [""] * 4)[:4]
            out += b"".join(cell_bytes(text) for text in cells)
    for sample in samples:
        wave = bytes([64] * 8 + [192] * 8)
        out += (wave * (sample["frames"] // 16 + 1))[:sample["frames"]]
    with open(sys.argv[1], "wb") as file:
        file.write(out)


main()
