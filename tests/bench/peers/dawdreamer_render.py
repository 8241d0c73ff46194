# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: dawdreamer_render.py PLUGIN [--no-files] [JOB...]

Renders jobs as render-one does, with DawDreamer in one process: one engine, one graph, one plug-in
that is loaded once and given preset after preset. Jobs are records on standard input, or operands.
"""

import json
import os
import sys

import dawdreamer
from wav_file import write_wav

plugin_path, *operands = sys.argv[1:]
with_files = "--no-files" not in operands
jobs = [json.loads(line) for line in [o for o in operands if o != "--no-files"] or sys.stdin]

engine = dawdreamer.RenderEngine(44100, 512)
plugin = engine.make_plugin_processor("plugin", plugin_path)
engine.load_graph([(plugin, [])])
for job in jobs:
    path = job["preset_path"]
    load = plugin.load_vst3_preset if path.endswith(".vstpreset") else plugin.load_preset
    if load(path) is False:
        sys.exit(f"{path}: was not loaded")
    plugin.clear_midi()
    length = job.get("duration", 1.0)
    plugin.add_midi_note(job.get("note", 48), job.get("velocity", 127), 0.0, length)
    engine.render(length + job.get("tail", 1.0))
    audio = engine.get_audio()
    if with_files:
        write_wav(job["output_path"], audio, 44100)
# Some plug-ins crash in their teardown.
sys.stdout.flush()
os._exit(0)
