# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: pedalboard_render.py PLUGIN [--no-files] [JOB...]

Renders jobs as render-one does, with pedalboard in one process: a VST3 that is loaded once and
given one .vstpreset after the other. Jobs are records on standard input, or operands.
"""

import json
import os
import sys

import pedalboard
from wav_file import write_wav

plugin_path, *operands = sys.argv[1:]
with_files = "--no-files" not in operands
jobs = [json.loads(line) for line in [o for o in operands if o != "--no-files"] or sys.stdin]

plugin = pedalboard.load_plugin(plugin_path)
for job in jobs:
    plugin.load_preset(job["preset_path"])
    note, velocity = job.get("note", 48), job.get("velocity", 127)
    length = job.get("duration", 1.0)
    events = [(bytes([0x90, note, velocity]), 0.0), (bytes([0x80, note, 0]), length)]
    length += job.get("tail", 1.0)
    audio = plugin(events, duration=length, sample_rate=44100, num_channels=2, buffer_size=512)
    if with_files:
        write_wav(job["output_path"], audio, 44100)
sys.stdout.flush()
os._exit(0)
