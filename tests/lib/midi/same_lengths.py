# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the midi_duration of every record on standard input with mido's length of the file at
midi_path, and prints those that differ. The last line is the number of records."""

import json
import sys

import mido

count = 0
for line in sys.stdin:
    record = json.loads(line)
    length = mido.MidiFile(record["midi_path"]).length
    if abs(record["midi_duration"] - length) > 1e-9 * length:
        print(record, "mido:", length)
    count += 1
print(count)
