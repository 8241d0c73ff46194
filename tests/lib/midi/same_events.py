# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: same_events.py MIDI_SONG FILE...
Runs the program midi-song on each file, compares its events with mido's and prints what differs.
At one tick, note-offs may come earlier than in mido's order; the other events must keep theirs. The
last line is the number of files and of events."""

import json
import subprocess
import sys

import mido


def is_note_off(data):
    return data[0] & 0xF0 == 0x80 or (data[0] & 0xF0 == 0x90 and data[2] == 0)


def events_of(program, path):
    lines = subprocess.run([program, path], check=True, capture_output=True).stdout.splitlines()
    records = [json.loads(line) for line in lines]
    return [(r["seconds"], bytes(r["bytes"])) for r in records if "bytes" in r]


def mido_events(path):
    seconds, events = 0, []
    for message in mido.MidiFile(path):
        seconds += message.time
        if not message.is_meta:
            events.append((seconds, bytes(message.bytes())))
    return events


def groups(events):
    """The messages of each moment, in order; moments that differ only by rounding are one."""
    found, last = [], None
    for seconds, data in events:
        if last is None or seconds - last > 1e-9 * seconds:
            found.append((seconds, []))
        found[-1][1].append(data)
        last = seconds
    return found


def differences(ours, theirs):
    if len(ours) != len(theirs):
        yield f"{len(ours)} moments instead of {len(theirs)}"
    for (seconds, data), (wanted, expected) in zip(ours, theirs):
        if abs(seconds - wanted) > 1e-9 * wanted:
            yield f"at {seconds} instead of {wanted}"
        if sorted(data) != sorted(expected):
            yield f"other messages at {seconds}"
        if [d for d in data if not is_note_off(d)] != [d for d in expected if not is_note_off(d)]:
            yield f"another order at {seconds}"


program, *paths = sys.argv[1:]
total = 0
for path in paths:
    events = events_of(program, path)
    total += len(events)
    for difference in differences(groups(events), groups(mido_events(path))):
        print(path, difference)
print(len(paths), total)
