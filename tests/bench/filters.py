# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that host no plug-in: many files, many lines, many presets, and starting up."""

import os
import shutil

from inputs import write_midi_files, write_records, write_serum_presets, write_tree
from measure import PEERS, PYTHON, QUICK, Case, Comparison, has_peer, say, size, target, workplace

LINES = size(1_000_000, 50_000)
SERUM_PRESETS = size(10_000, 300)
STARTS = size(200, 40)


def with_memory(commands, jobs, before=None):
    return {name: Case(command, jobs, True, before) for name, command in commands.items()}


def scan(count):
    subject = f"scan of {count:,} files"
    say(f"{subject}: making them")
    write_tree("tree", count)
    commands = {
        "preset-scan": "preset-scan tree",
        "find -name": "find tree -name '*.fxp'",
        "Python, rglob": f"/usr/bin/python3 {PEERS}/find_presets.py tree",
    }
    measured = Comparison(subject, with_memory(commands, count), warm_up=True)
    found = measured.ratio("preset-scan", "find -name")
    measured.ratio("Python, rglob", "preset-scan")
    target(f"preset-scan of {count:,} files", "find -name", "≤", 2, **found)
    shutil.rmtree("tree")


def lines():
    subject = f"{LINES:,} lines"
    say(f"{subject}: making them")
    write_records("records", LINES)
    write_midi_files("midi", 100)
    write_records("midi-records", LINES, os.path.abspath("midi"))
    filters = {
        "job-grid": "job-grid --note 60 --set tail=2 < records",
        "assign-paths": "assign-paths -o out < records",
        "midi-duration": "midi-duration < midi-records",
    }
    others = {
        "jq -c .": "jq -c . < records",
        "Python, json": f"/usr/bin/python3 {PEERS}/json_loop.py < records",
    }
    measured = Comparison(subject, with_memory({**filters, **others}, LINES))
    for name in filters:
        jq = measured.ratio("jq -c .", name)
        measured.ratio("Python, json", name)
        target(f"{name} over {LINES:,} lines", "jq -c .", "≥", 10, **jq)
    for path in "records", "midi-records":
        os.remove(path)


def serum():
    subject = f"{SERUM_PRESETS:,} Serum 2 presets"
    say(f"{subject}: making them")
    write_serum_presets("serum", SERUM_PRESETS)
    ours, theirs = "serum-unwrap", "Python, serum2-preset-loader"
    commands = {ours: "preset-scan serum | serum-unwrap --state-dir states"}
    if has_peer(subject, "serum2_preset_loader"):
        commands[theirs] = f"preset-scan serum | {PYTHON} {PEERS}/convert_serum.py states"
    measured = Comparison(subject, with_memory(commands, SERUM_PRESETS, before="rm -rf states"))
    if theirs in commands:
        loader = measured.ratio(theirs, ours)
        target(f"serum-unwrap of {SERUM_PRESETS:,} presets", theirs, "≥", 20, **loader)


def start_up():
    os.mkdir("empty")
    filters = {
        "preset-scan": ["preset-scan", "empty"],
        "job-grid": ["job-grid"],
        "midi-duration": ["midi-duration"],
        "assign-paths": ["assign-paths", "-o", "out"],
        "serum-unwrap": ["serum-unwrap", "--state-dir", "states"],
    }
    rest = "render-one", "serum-wrap", "preset-export", "plugin-probe", "wav-diff", "render-presets"
    others = {
        **{f"{tool} --version": [tool, "--version"] for tool in rest},
        "true": ["true"],
        "jq": ["jq", "-c", "."],
        "Python": ["/usr/bin/python3", "-c", "pass"],
    }
    cases = {name: Case(command) for name, command in {**filters, **others}.items()}
    measured = Comparison("start-up", cases, STARTS, warm_up=True)
    for name in filters:
        wall, cpu = (1000 * measured.median(name, field) for field in ("wall", "cpu"))
        target("start-up", name, "≤", 5, wall, cpu, unit=" ms")


def main():
    with workplace():
        start_up()
        serum()
        lines()
        scan(size(100_000, 20_000))
        if not QUICK:
            scan(1_000_000)


main()
