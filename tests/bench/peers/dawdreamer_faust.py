# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: dawdreamer_faust.py [LIBRARIES] < JOBS

Sends files through Faust programs as render-one does, with DawDreamer in one process: one engine,
and one graph for each program. All are compiled first, since compiling fails after a render. Jobs
are records on standard input; "natural" has their parameters' values by address. LIBRARIES is the
folder of Faust's libraries, by default DawDreamer's own.
"""

import json
import os
import sys
import wave

import dawdreamer
import numpy
from wav_file import write_wav

RATE = 44100


class Program:
    """A compiled program behind a player of audio."""

    def __init__(self, engine, number, path):
        self.player = engine.make_playback_processor(f"player{number}",
                                                     numpy.zeros((2, 1), "float32"))
        self.faust = engine.make_faust_processor(f"faust{number}")
        if len(sys.argv) > 1:
            self.faust.faust_libraries_path = sys.argv[1]
        if not self.faust.set_dsp(path) or not self.faust.compile():
            sys.exit(f"{path}: was not compiled")
        self.graph = [(self.player, []), (self.faust, [f"player{number}"])]


engine = dawdreamer.RenderEngine(RATE, 512)
jobs = [json.loads(line) for line in sys.stdin]
programs = {path: Program(engine, number, path)
            for number, path in enumerate(dict.fromkeys(job["plugin_path"] for job in jobs))}
loaded = None
for job in jobs:
    program = programs[job["plugin_path"]]
    if loaded is not program:
        engine.load_graph(program.graph)
        loaded = program
    for address, value in job["natural"].items():
        program.faust.set_parameter(address, value)
    with wave.open(job["input_path"], "rb") as file:
        data = numpy.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    audio = (data.T / 32768).astype("float32")
    program.player.set_data(audio)
    engine.render(audio.shape[1] / RATE)
    if job["output_path"].endswith(".npy"):
        numpy.save(job["output_path"], engine.get_audio())
    else:
        write_wav(job["output_path"], engine.get_audio(), RATE)
sys.stdout.flush()
os._exit(0)
