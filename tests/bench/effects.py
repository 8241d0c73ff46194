# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audio files through an effect, a VST3 that JUCE made, and through a chain of three of them: the
same plug-in, files and settings for every program."""

import json
import pathlib
import wave

import numpy

from measure import (BUILD, Case, Comparison, check_audio, files_in, has_peer, peer, size, word,
                     workplace)
from orders import count_differences

SUBJECT = "effects"
ECHO = str(BUILD / "tests/plugins/EchoEffect.vst3")
FILES = size(300, 30)
REPEATED = size(60, 12)
SECONDS = 2


def write_files():
    """Noise that fades, which no program can skip."""
    pathlib.Path("in").mkdir()
    random = numpy.random.default_rng(7)
    fade = numpy.linspace(0.5, 0, SECONDS * 44100)[:, None]
    for number in range(FILES):
        noise = random.uniform(-1, 1, (SECONDS * 44100, 2)) * fade
        with wave.open(f"in/{number:04}.wav", "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(44100)
            file.writeframes((noise * 32767).astype("<i2").tobytes())


def write_jobs(links):
    """Jobs with that many echoes, each with a time of its own."""
    with open(f"jobs{links}", "w") as file:
        for path in files_in("in", ".wav", FILES):
            chain = [{"plugin_path": ECHO, "parameters": {"Time": (link + 1) / 5}}
                     for link in range(links)]
            job = {"input_path": str(path), "output_path": f"out/{path.name}", "tail": 0,
                   "chain": chain}
            file.write(json.dumps(job) + "\n")


def commands():
    """The commands that render the jobs in {jobs}, by name."""
    found = {f"render-one, {isolation}":
             f"render-one --isolation {isolation} < {{jobs}} > results"
             for isolation in ("snapshot", "reuse")}
    for name, module in ("DawDreamer", "dawdreamer"), ("pedalboard", "pedalboard"):
        if has_peer(SUBJECT, module):
            found[name] = f"{peer(f'{module}_effects.py')} {word(ECHO)} < {{jobs}}"
    return found


def main():
    with workplace(megabytes=400, files=2000):
        write_files()
        programs = commands()
        for links, subject in (1, "one effect"), (3, "a chain of three"):
            write_jobs(links)
            measured = Comparison(SUBJECT, {
                f"{name}, {subject}": Case(command.format(jobs=f"jobs{links}"), FILES, memory=True,
                                           before="rm -rf out; mkdir out",
                                           check=lambda: check_audio("out", FILES, SECONDS))
                for name, command in programs.items()
            })
            for name in programs:
                if name != "render-one, snapshot":
                    measured.ratio(f"{name}, {subject}", f"render-one, snapshot, {subject}")
        pathlib.Path("jobs").write_text(pathlib.Path("jobs3").read_text())
        for name, command in programs.items():
            count_differences(SUBJECT, name, command, REPEATED)


main()
