# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: same_songs.py RENDER_LOOP MIDI_SONG FILE...
Renders half of each file, and all of it, with the program render-loop, and compares the events that
are played with those that midi-song reads: those before the end at their frames, and at the end a
note-off for every sounding note and a release for every pedal. Prints the differences, then the
number of files, of events, and of notes and pedals that were released."""

import json
import subprocess
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

RATE, TAIL = 1000, 0.3
PEDALS = {64, 66, 69}


def lines_of(*command):
    output = subprocess.run(command, check=True, capture_output=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def frame_at(seconds):
    return int(Decimal(seconds * RATE).to_integral_value(ROUND_HALF_UP))


def held_after(events):
    notes, pedals = Counter(), {}
    for _, data in events:
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        if kind == 0x90 and data[2] > 0:
            notes[channel, data[1]] += 1
        elif kind in (0x80, 0x90) and notes[channel, data[1]] > 0:
            notes[channel, data[1]] -= 1
        elif kind == 0xB0 and data[1] in PEDALS:
            pedals[channel, data[1]] = data[2] >= 64
    offs = [bytes([0x80 | channel, number, 0]) for channel, number in notes.elements()]
    ups = [bytes([0xB0 | channel, number, 0]) for (channel, number), down in pedals.items() if down]
    return offs, ups


def played(program, path, duration):
    settings = {"midi_path": path, "midi_duration": duration, "tail": TAIL, "sample_rate": RATE,
                "block_size": 65536}
    *blocks, result = lines_of(program, json.dumps(settings))
    events = [(block["frame"] + offset, bytes.fromhex(data))
              for block in blocks for offset, data in block["events"]]
    return events, result["rendered"]


render_loop, midi_song, *paths = sys.argv[1:]
totals = Counter()
for path in paths:
    *events, length = lines_of(midi_song, path)
    for duration in (length["duration"], length["duration"] / 2):
        end = frame_at(duration)
        wanted = [(frame_at(event["seconds"]), bytes(event["bytes"])) for event in events]
        wanted = [event for event in wanted if event[0] <= end]
        offs, ups = held_after(wanted)
        ours, rendered = played(render_loop, path, duration)
        if ours[:len(wanted)] != wanted:
            print(path, duration, "other events")
        if Counter(ours[len(wanted):]) != Counter((end, data) for data in offs + ups):
            print(path, duration, "at the end", ours[len(wanted):])
        if rendered != frame_at(duration + TAIL):
            print(path, duration, "other length", rendered)
        totals.update(events=len(ours), notes=len(offs), pedals=len(ups))
print(len(paths), totals["events"], totals["notes"], totals["pedals"])
