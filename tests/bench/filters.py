# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that host no plug-in: many files, many lines, many presets, and starting up."""

import os
import shutil

from inputs import write_midi_files, write_records, write_serum_presets, write_tree
from measure import (QUICK, Case, Comparison, files_in, has_peer, peer, say, size, target,
                     workplace)

LINES = size(1_000_000, 50_000)
SONGS = size(100_000, 5_000)  # MIDI files, as many as a batch may have
SYSTEM_PYTHON = "/usr/bin/python3"
SERUM_PRESETS = size(10_000, 300)
STARTS = size(200, 40)


def cases_of(commands, jobs, lines):
    return {name: Case(command, jobs, lines, memory=True) for name, command in commands.items()}


def scan(count):
    subject = f"scan of {count:,} files"
    say(f"{subject}: making them")
    write_tree("tree", count)
    commands = {
        "preset-scan": "preset-scan tree",
        "find -name": "find tree -name '*.fxp'",
        "Python, rglob": f"{peer('find_presets.py', SYSTEM_PYTHON)} tree",
    }
    presets = count - count // 10
    measured = Comparison(subject, cases_of(commands, count, presets))
    found = measured.ratio("preset-scan", "find -name")
    measured.ratio("Python, rglob", "preset-scan")
    target(f"preset-scan of {count:,} files", "find -name", "≤", 2, **found)
    shutil.rmtree("tree")


def lines():
    subject = f"{LINES:,} lines"
    say(f"{subject}: making them")
    write_records("records", LINES)
    write_midi_files("midi", 100)
    write_records("midi-records", LINES, os.path.abspath("midi"), 100)
    filters = {
        "job-grid": ("job-grid --note 60 --set tail=2", "records"),
        "assign-paths": ("assign-paths -o out", "records"),
        "midi-duration, 100 files": ("midi-duration", "midi-records"),
    }
    # jq reads the lines of the filter that it is compared with.
    others = {
        "jq -c .": ("jq -c .", "records"),
        "jq -c ., lines with midi_path": ("jq -c .", "midi-records"),
        "Python, json": (peer("json_loop.py", SYSTEM_PYTHON), "records"),
    }
    commands = {name: f"{c} < {lines}" for name, (c, lines) in {**filters, **others}.items()}
    measured = Comparison(subject, cases_of(commands, LINES, LINES))
    for name, (_, lines) in filters.items():
        jq = "jq -c ." if lines == "records" else "jq -c ., lines with midi_path"
        found = measured.ratio(jq, name)
        target(f"{name.partition(',')[0]} over {LINES:,} lines", jq, "≥", 10, **found)
        if lines == "records":
            measured.ratio("Python, json", name)
    for path in "records", "midi-records":
        os.remove(path)


def songs():
    """A MIDI file for each line, so that reading files takes the time, not lines. No target covers
    it."""
    subject = f"{SONGS:,} MIDI files"
    say(f"{subject}: making them")
    write_midi_files("songs", SONGS)
    write_records("songs-records", SONGS, os.path.abspath("songs"), SONGS)
    commands = {
        "midi-duration": "midi-duration < songs-records",
        "jq -c .": "jq -c . < songs-records",
    }
    measured = Comparison(subject, cases_of(commands, SONGS, SONGS))
    measured.ratio("jq -c .", "midi-duration")
    shutil.rmtree("songs")


def serum():
    subject = f"{SERUM_PRESETS:,} Serum 2 presets"
    say(f"{subject}: making them")
    write_serum_presets("serum", SERUM_PRESETS)
    ours, theirs = "serum-unwrap", "Python, serum2-preset-loader"
    commands = {ours: "preset-scan serum | serum-unwrap --state-dir states"}
    if has_peer(subject, "serum2_preset_loader"):
        commands[theirs] = f"preset-scan serum | {peer('convert_serum.py')} states"
    measured = Comparison(subject, {
        name: Case(command, SERUM_PRESETS, memory=True, before="rm -rf states",
                   check=lambda: files_in("states", ".state", SERUM_PRESETS))
        for name, command in commands.items()
    })
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
        "audio-measure": ["audio-measure"],
        "preset-random": ["preset-random"],
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
        target("start-up", name, "≤", 5, wall, unit=" ms", cpu=cpu)


def main():
    with workplace(megabytes=2000, files=size(1_100_000, 60_000)):
        start_up()
        serum()
        lines()
        songs()
        scan(size(100_000, 20_000))
        if not QUICK:
            scan(1_000_000)


main()
