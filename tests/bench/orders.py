# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a program's renders repeat: the same jobs in order and in reverse order."""

import json
import pathlib
import sys
import wave

from measure import prepare, say, write


def count_differences(subject, name, command, count):
    """Renders the first `count` jobs of the file jobs twice, by a command that has {jobs} for the
    file of jobs. Writes, and returns, how many of the audio files differ in at least one sample.
    All presets must sound different, because a program that ignores them repeats well."""
    say(f"{subject}: {name}, in order and in reverse order")
    with open("jobs") as file:
        jobs = [json.loads(line) for line in file][:count]
    for folder, order in ("forward", jobs), ("backward", jobs[::-1]):
        _write_jobs(folder, order)
        prepare(command.format(jobs=folder + "-jobs"))
    names = sorted(path.name for path in pathlib.Path("forward").iterdir())
    assert len(names) == count
    sounds = [_audio("forward/" + name) for name in names]
    differ = sum(sound != _audio("backward/" + file) for file, sound in zip(names, sounds))
    different = len(set(sounds))
    write(kind="order", subject=subject, case=name, files=count, differ=differ, sounds=different)
    if different != count:
        sys.exit(f"bench: {name}: {count} presets came to {different} different sounds")
    return differ


def _audio(path):
    with wave.open(path, "rb") as file:
        return file.readframes(file.getnframes())


def _write_jobs(folder, jobs):
    with open(folder + "-jobs", "w") as file:
        for job in jobs:
            path = pathlib.Path(folder, pathlib.Path(job["output_path"]).name).absolute()
            file.write(json.dumps({**job, "output_path": str(path)}) + "\n")
