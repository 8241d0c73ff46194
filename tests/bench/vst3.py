# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The presets of a VST3, our MacroSynth: the same .vstpreset files for every program."""

import pathlib
import subprocess

from inputs import serum_preset, vstpreset
from measure import (BUILD, Case, Comparison, check_audio, has_peer, peer, prepare, size, target,
                     word, workplace)
from orders import count_differences

SUBJECT = "vst3"
MACRO_SYNTH = word(BUILD / "tests/plugins/MacroSynth.vst3")
CLASS_ID = "ABCDEF019182FAEB507061744D616372"
PRESETS = size(300, 30)
REPEATED = size(100, 12)


def write_presets():
    pathlib.Path("presets").mkdir()
    for number in range(PRESETS):
        pathlib.Path("one").write_bytes(serum_preset(number))
        unwrap = ["serum-unwrap", "--to", "component", "one"]
        state = subprocess.run(unwrap, check=True, capture_output=True).stdout
        pathlib.Path("presets", f"{number:04}.vstpreset").write_bytes(vstpreset(CLASS_ID, state))


def commands():
    """The commands that render the jobs in {jobs}, by name."""
    found = {
        f"render-one, {isolation}":
            f"render-one --isolation {isolation} --vstpreset {MACRO_SYNTH} < {{jobs}} > results"
        for isolation in ("snapshot", "fork", "reuse")
    }
    for name, module in ("DawDreamer", "dawdreamer"), ("pedalboard", "pedalboard"):
        if has_peer(SUBJECT, module):
            program = peer(f"{module}_render.py")
            found[f"{name}, hot-swapping"] = f"{program} {MACRO_SYNTH} < {{jobs}}"
    return found


def main():
    with workplace(megabytes=300, files=2000):
        write_presets()
        prepare("preset-scan presets | assign-paths -o out > jobs")
        programs = commands()
        measured = Comparison(SUBJECT, {
            name: Case(command.format(jobs="jobs"), PRESETS, memory=True,
                       before="rm -rf out; mkdir out",
                       check=lambda: check_audio("out", PRESETS, 2))
            for name, command in programs.items()
        })
        snapshot, reuse = "render-one, snapshot", "render-one, reuse"
        target("snapshot render of a VST3", "one reused instance", "≤", 1.06,
               **measured.ratio(snapshot, reuse))
        for name in programs:
            if name not in (snapshot, reuse):
                measured.ratio(name, snapshot)
        for name, command in programs.items():
            count_differences(SUBJECT, name, command, REPEATED)


main()
