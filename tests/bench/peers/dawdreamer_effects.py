# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: dawdreamer_effects.py PLUGIN < JOBS

Sends files through chains of one plug-in as render-one does, with DawDreamer in one process: one
engine and one graph, whose first processor plays file after file. Jobs are records on standard
input.
"""

import json
import os
import sys
import wave

import dawdreamer
import numpy
from wav_file import write_wav

jobs = [json.loads(line) for line in sys.stdin]
engine = dawdreamer.RenderEngine(44100, 512)
player = engine.make_playback_processor("player", numpy.zeros((2, 1), "float32"))
graph, plugins, before = [(player, [])], [], "player"
for number in range(len(jobs[0]["chain"])):
    name = f"plugin{number}"
    plugins.append(engine.make_plugin_processor(name, sys.argv[1]))
    graph.append((plugins[-1], [before]))
    before = name
engine.load_graph(graph)
indices = {p["name"]: p["index"] for p in plugins[0].get_parameters_description()}
for job in jobs:
    for plugin, link in zip(plugins, job["chain"]):
        for name, value in link["parameters"].items():
            plugin.set_parameter(indices[name], value)
    with wave.open(job["input_path"], "rb") as file:
        data = numpy.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    audio = (data.T / 32768).astype("float32")
    player.set_data(audio)
    engine.render(audio.shape[1] / 44100)
    write_wav(job["output_path"], engine.get_audio(), 44100)
sys.stdout.flush()
os._exit(0)
