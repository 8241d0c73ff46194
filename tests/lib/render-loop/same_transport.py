# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: same_transport.py RENDER_LOOP MIDI_FILE...
Plays each file with the program render-loop and compares the transport's position in each block
with exact fractions calculated from the tempos and time signatures that mido reads. Prints what
differs, then the number of files, and of blocks."""

import json
import subprocess
import sys
from fractions import Fraction

import mido

RATE = 8000
CLOCK_OF_START = 1577836800 + 7200  # seconds: every render begins at 2020-01-01 02:00 UTC


def close(ours, exact):
    return abs(ours - exact) <= 1e-9 * max(1, abs(exact))


class Music:
    def __init__(self, path):
        song = mido.MidiFile(path)
        self.tempos = [(Fraction(0), Fraction(0), 500000)]  # seconds, quarter notes, us a quarter
        self.signatures = [(Fraction(0), 4, 4)]
        tick = 0
        for message in mido.merge_tracks(song.tracks):
            tick += message.time
            quarters = Fraction(tick, song.ticks_per_beat)
            if message.type == "set_tempo":
                seconds, since, tempo = self.tempos[-1]
                seconds += (quarters - since) * tempo / 1000000
                self.tempos.append((seconds, quarters, message.tempo))
            if message.type == "time_signature":
                self.signatures.append((quarters, message.numerator, message.denominator))

    def at(self, seconds):
        begin, quarters, tempo = [point for point in self.tempos if point[0] <= seconds][-1]
        ppq = quarters + (seconds - begin) * 1000000 / tempo
        since, numerator, denominator = [s for s in self.signatures if s[0] <= ppq][-1]
        bar = Fraction(4 * numerator, denominator)
        bar_start = since + (ppq - since) // bar * bar
        return ppq, bar_start, Fraction(60000000, tempo), f"{numerator}/{denominator}"

    def wrong(self, block):
        seconds = Fraction(block["frame"], RATE)
        if not close(block["seconds"], seconds):
            return "seconds"
        # If a block begins exactly at a tempo or a bar, a double cannot tell on which side it is.
        nearby = [self.at(max(Fraction(0), seconds + shift))
                  for shift in (0, Fraction(-1, 10**10), Fraction(1, 10**10))]
        for ppq, bar_start, bpm, signature in nearby:
            if (close(block["ppq"], ppq) and close(block["bar_start_ppq"], bar_start)
                    and close(block["bpm"], bpm) and block["signature"] == signature):
                return None
        return f"music, {[str(value) for value in nearby[0]]}"


program, *paths = sys.argv[1:]
total = 0
for path in paths:
    music = Music(path)
    duration = min(mido.MidiFile(path).length, 60)
    settings = {"midi_path": path, "midi_duration": duration, "tail": 1, "sample_rate": RATE,
                "block_size": 509, "one_controller_a_block": True}
    output = subprocess.run([program, json.dumps(settings)], check=True, capture_output=True).stdout
    for line in output.splitlines()[:-1]:
        block = json.loads(line)
        total += 1
        wrong = music.wrong(block)
        if wrong or not block["playing"]:
            print(path, block, wrong)
        clock = block["clock_us"] - CLOCK_OF_START * 1000000
        if not -2 < block["frame"] * 1000000 / RATE - clock < 2:
            print(path, block, "clock")
print(len(paths), total)
