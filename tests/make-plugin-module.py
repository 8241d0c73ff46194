#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-plugin-module.py FILE: an Impulse Tracker module as OpenMPT writes it, of two channels, the first
of which goes through one of the effects that libopenmpt has built in, an echo."""

import struct
import sys

FRAMES = 4000
ECHO = (int.from_bytes(b"DXMO", "big"), 0xEF3E932C)


def pattern():
    rows = [b""] * 32
    # A channel from 1 and bit 7, a mask for note and sample, middle C, the sample.
    rows[0] = bytes([0x81, 3, 60, 1, 0x82, 3, 67, 1])
    rows[8] = bytes([0x81, 3, 64, 1])
    packed = b"".join(row + b"\0" for row in rows)
    return struct.pack("<HHI", len(packed), len(rows), 0) + packed


def effect():
    info = struct.pack("<IIBBBBI16x32s64s", *ECHO, 0, 0, 10, 0, 0, b"Echo", b"Echo")
    chunk = info + struct.pack("<I", 0)
    channels = struct.pack("<II", 1, 0)
    return (b"FX00" + struct.pack("<I", len(chunk)) + chunk
            + b"CHFX" + struct.pack("<I", len(channels)) + channels)


def main():
    head = struct.pack("<4s26sHHHHHHHHHBBBBBBHII", b"IMPM", b"echo", 0x1004, 2, 0, 1, 1, 0x5129, 0x214, 1, 0,
                       128, 48, 6, 125, 128, 0, 0, 0, 0)
    head += bytes([32] * 2 + [32 | 128] * 62) + bytes([64] * 64) + bytes([0, 255])
    offset = len(head) + 8 + len(effect())
    sample_at, pattern_at = offset, offset + 80
    data_at = pattern_at + len(pattern())
    sample = struct.pack("<4s12sxBBB26sBBIIIIIIIBBBB", b"IMPS", b"", 64, 1, 64, b"square", 1, 0, FRAMES, 0, 0,
                         8363, 0, 0, data_at, 0, 0, 0, 0)
    wave = (bytes([64] * 8 + [192] * 8) * (FRAMES // 16 + 1))[:FRAMES]
    with open(sys.argv[1], "wb") as file:
        file.write(head + struct.pack("<II", sample_at, pattern_at) + effect() + sample + pattern() + wave)


main()
