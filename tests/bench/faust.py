# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faust programs of Debian's faust-common as effects over files: many parameter sets of one, one
long file, and many programs that are compiled for one file each. Ours keeps the machine code of a
program, so each is measured twice: with the code of the run before, and with no cache."""

import json
import pathlib
import wave

import numpy

from measure import (Case, Comparison, check_audio, has_peer, peer, prepare, say, size, target,
                     workplace)
from orders import count_differences

SUBJECT = "Faust"
EXAMPLES = pathlib.Path("/usr/share/faust/examples")
REVERB = EXAMPLES / "reverb/freeverb.dsp"
# The interface of REVERB: two sliders from 0 to 1, so that natural values are the normalised ones.
DAMP, ROOM = "/Freeverb/0x00/Damp", "/Freeverb/0x00/RoomSize"
# Two channels in and two out.
PROGRAMS = [EXAMPLES / f"{name}.dsp" for name in (
    "delayEcho/smoothDelay", "delayEcho/stereoEcho", "delayEcho/tapiir", "dynamic/compressor",
    "dynamic/noiseGate", "phasing/flanger", "phasing/phaser", "reverb/dattorro", "reverb/fdnRev",
    "reverb/freeverb", "reverb/greyhole", "reverb/jprev", "reverb/zitaRev")]
SETS = size(200, 20)
REPEATED = size(40, 10)
SECONDS = 2
LONG_SECONDS = size(300, 30)


def write_noise(path, seconds):
    """Noise that fades, which no program can skip."""
    frames = seconds * 44100
    noise = numpy.random.default_rng(7).uniform(-0.5, 0.5, (frames, 2))
    with wave.open(path, "wb") as file:
        file.setparams((2, 2, 44100, 0, "NONE", ""))
        file.writeframes((noise * numpy.linspace(1, 0, frames)[:, None] * 32767)
                         .astype("<i2").tobytes())


def job(number, program, values=None, source="noise.wav", format="wav"):
    values = values or {}
    return {"plugin_path": str(program), "input_path": source, "tail": 0, "format": format,
            "output_path": f"out/{number:04}.{format}",
            "parameters": {f"id:{address}": value for address, value in values.items()},
            "natural": values}


def parameter_sets(count, format="wav"):
    return [job(number, REVERB,
                {DAMP: number / count, ROOM: 0.3 + 0.6 * (number * 7 % count) / count},
                format=format)
            for number in range(count)]


def write_jobs(name, jobs):
    pathlib.Path(name).write_text("".join(json.dumps(each) + "\n" for each in jobs))


NO_CACHE = "rm -rf \"${XDG_CACHE_HOME:?}/patchpipe\"; "
WARM, COLD = "render-one, snapshot", "render-one, no cache"


def commands(with_peer):
    """The commands that render the jobs in {jobs}, by name."""
    found = {f"render-one, {isolation}":
             f"render-one --isolation {isolation} < {{jobs}} > results"
             for isolation in ("snapshot", "reuse")}
    found[COLD] = found[WARM]
    if with_peer:
        found["DawDreamer"] = f"{peer('dawdreamer_faust.py')} < {{jobs}}"
    return found


def compare(what, programs, jobs, seconds):
    """Each program's time for the jobs in that file, against a snapshot's with and without the code
    of the run before. DawDreamer keeps none."""
    before = "rm -rf out; mkdir out"
    files = len(pathlib.Path(jobs).read_text().splitlines())
    measured = Comparison(SUBJECT, {
        f"{name}, {what}": Case(command.format(jobs=jobs), files, memory=True,
                                before=NO_CACHE + before if name == COLD else before,
                                check=lambda: check_audio("out", files, seconds))
        for name, command in programs.items()
    }, warm_up=True)  # the first run of all would have no code
    for name in programs:
        if name not in (WARM, "DawDreamer"):
            measured.ratio(f"{name}, {what}", f"{WARM}, {what}")
    if "DawDreamer" in programs:
        for ours, added in (WARM, ""), (COLD, ", no cache"):
            found = measured.ratio(f"DawDreamer, {what}", f"{ours}, {what}")
            target(f"Faust, {what}{added}", "DawDreamer", "≥", 1, **found)


def check_equal():
    """The largest distance between a sample of ours and the same of DawDreamer's, which gets our
    libraries for it: its own are newer. Its compiler takes only some of ours."""
    say(f"{SUBJECT}: the same samples")
    write_jobs("exact", parameter_sets(10, "npy"))
    sounds = {}
    ours = commands(False)[WARM]
    theirs = f"{peer('dawdreamer_faust.py')} /usr/share/faust < {{jobs}}"
    for name, command in ("ours", ours), ("theirs", theirs):
        prepare("rm -rf out; mkdir out; " + command.format(jobs="exact"))
        sounds[name] = [numpy.load(path) for path in sorted(pathlib.Path("out").iterdir())]
    largest = max(float(abs(a - b).max()) for a, b in zip(sounds["ours"], sounds["theirs"]))
    target("Faust, distance of a sample", "DawDreamer", "≤", 1e-6, largest, unit="")


def main():
    with workplace(megabytes=800, files=2000):
        write_noise("noise.wav", SECONDS)
        write_noise("long.wav", LONG_SECONDS)
        has_dawdreamer = has_peer(SUBJECT, "dawdreamer")
        programs = commands(has_dawdreamer)
        write_jobs("jobs", parameter_sets(SETS))
        compare(f"{SETS} parameter sets", programs, "jobs", SECONDS)
        write_jobs("long", [job(0, REVERB, {DAMP: 0.5}, "long.wav")])
        compare("a long file", programs, "long", LONG_SECONDS)
        write_jobs("many", [job(number, path) for number, path in enumerate(PROGRAMS)])
        compare(f"{len(PROGRAMS)} programs", programs, "many", SECONDS)
        for name, command in programs.items():
            if name != COLD:
                count_differences(SUBJECT, name, command, REPEATED)
        if has_dawdreamer:
            check_equal()


main()
