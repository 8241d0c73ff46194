# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs beyond the notes that every instrument plays: with presets, and those that run ten times."""
from typing import NamedTuple

import plugins
import states
import trials

NOTES = [{"note": note, "velocity": velocity, "duration": 0.5, "tail": 0.2}
         for note, velocity in ((36, 127), (57, 127), (60, 64))]
TWELVE_NOTES = [{"note": note, "velocity": velocity, "duration": 0.3, "tail": 0.2}
                for note in (36, 48, 60, 72) for velocity in (127, 80, 32)]
ZYN_VST2 = "/usr/lib/vst/ZynAddSubFX.so"
TEN_TIMES = {"padthv1": "http://padthv1.sourceforge.net/lv2",
             "setBfree": "http://gareus.org/oss/lv2/b_synth"}


class Group(NamedTuple):
    title: str
    plugin: plugins.Plugin
    jobs: list
    modes: tuple = trials.MODES


def with_states(folder, presets, make, suffix):
    """A job for each of ZynAddSubFX's presets."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, xml in presets.items():
        path = folder / (name.replace("/", "_") + suffix)
        path.write_bytes(make(xml))
        yield {"state_path": str(path), "note": 60, "duration": 0.3, "tail": 0.2}


def zyn_jobs(plugin, folder):
    """The jobs of all presets, and of a dozen whose sound the plug-in prepares on a thread."""
    presets = states.zyn_presets()
    padsynth = [name for name, xml in presets.items() if states.uses_padsynth(xml)]
    make, suffix = ((states.zyn_lv2_state, ".ttl") if plugin.format == "LV2"
                    else (states.zyn_fxp, ".fxp"))
    jobs = dict(zip(presets, with_states(folder / plugin.format, presets, make, suffix)))
    return list(jobs.values()), [jobs[name] for name in padsynth[::len(padsynth) // 12][:12]]


def groups(found, folder, quick):
    """Two lists, with presets and for ten runs, for the plug-ins that are installed."""
    by_path = {plugin.path: plugin for plugin in found}
    with_presets, ten_runs = [], []
    for path in (states.ZYN, ZYN_VST2):
        if path in by_path and states.ZYN_PRESETS.is_dir():
            everything, padsynth = zyn_jobs(by_path[path], folder)
            padsynth = padsynth[:4] if quick else padsynth
            group = Group("ZynAddSubFX, PADsynth", by_path[path], padsynth)
            with_presets.append(group)
            ten_runs.append(group)
            if not quick:  # and only in one mode, since every mode would take an hour
                with_presets.append(Group("ZynAddSubFX, all", by_path[path], everything, ("auto",)))
    for path, file in states.sampler_states(folder, by_path):
        jobs = [note | {"state_path": str(file)} for note in NOTES]
        with_presets.append(Group(f"{by_path[path].package}, a sample", by_path[path], jobs))
    ten_runs += [Group(title, by_path[path], TWELVE_NOTES) for title, path in TEN_TIMES.items()
                 if path in by_path]
    return with_presets, ten_runs
