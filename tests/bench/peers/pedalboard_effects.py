# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: pedalboard_effects.py PLUGIN < JOBS

Sends files through chains of one plug-in as render-one does, with pedalboard in one process: the
plug-ins are loaded once and reset for each file. Jobs are records on standard input.
"""

import json
import os
import sys

import pedalboard
from pedalboard.io import AudioFile
from wav_file import write_wav

jobs = [json.loads(line) for line in sys.stdin]
plugins = [pedalboard.load_plugin(sys.argv[1]) for _ in jobs[0]["chain"]]
board = pedalboard.Pedalboard(plugins)
for job in jobs:
    for plugin, link in zip(plugins, job["chain"]):
        for name, value in link["parameters"].items():
            plugin.parameters[name.lower()].raw_value = value
    with AudioFile(job["input_path"]) as file:
        audio = file.read(file.frames)
    write_wav(job["output_path"], board(audio, 44100, buffer_size=512, reset=True), 44100)
sys.stdout.flush()
os._exit(0)
