# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays every instrument in some Debian packages and writes a table of the results.

usage: instruments.py [-j N] [-o TABLE] [--quick] [--timeout SECONDS] [PACKAGE]...

Takes the packages in the file "packages" beside it, or the given ones of them, if they are
installed, and the tools in PATH. The status is 1 if something hangs, a tool crashes, a job fails,
an instrument is silent and should not be, or audio does not repeat and no record says so.
"""
import argparse
import concurrent.futures
import functools
import os
import pathlib
import sys
import tempfile
from typing import NamedTuple

import groups
import plugins
import table
import trials

HERE = pathlib.Path(__file__).parent
# Plug-ins that are silent for a reason, by a part of their paths.
SILENT = {"drumgizmo.org": "waits for its user to load a drum kit",
          "luidsynth": "waits for its user to load a soundfont",
          "trigger-midi": "listens to audio, and nothing is played to it",
          "lsp-plug": "waits for its user to load samples",
          "drumkv1": "waits for its user to load samples",
          "samplv1": "waits for its user to load a sample"}


class Outcome(NamedTuple):
    row: table.Row
    defect: str = ""


def row_of(plugin, record, **cells):
    name = record.get("name") or plugin.path
    return table.Row(name, f"{plugin.package} {plugin.version}", plugin.format, **cells)


def why_silent(path):
    return next((reason for part, reason in SILENT.items() if part in path), "")


def repeats(trial):
    """The words for the table, and the defect if it is one."""
    jobs = len(trial.first("auto"))
    if trial.repeating(*trials.MODES) == jobs:
        return "yes", ""
    if trial.repeating("process", "auto") == jobs:
        return "not in snapshot", ""
    if trial.admitted("process", "auto"):
        return "no, as it says", ""
    return "no", "its audio does not repeat, and no record says so"


def isolations(records):
    return "/".join(sorted({record["isolation"] for record in records if "isolation" in record}))


def gain(record, trial):
    """How many times faster a job is in a snapshot than in a process that loads the plug-in."""
    spent = [sum(job[part] for part in ("load_ms", "render_ms", "write_ms"))
             for job in trial.first("snapshot")]
    job = sum(spent) / len(spent)
    return table.nearest_power_of_ten((record["load_ms"] + job) / job)


def played(plugin, record, trial):
    if trial.failure():
        return Outcome(row_of(plugin, record, sounds="no", remark=trial.failure()), trial.failure())
    sounding = trial.sounding()
    words, defect = repeats(trial)
    remark = "" if sounding else why_silent(plugin.path)
    row = row_of(plugin, record, sounds="yes" if sounding else "no", repeats=words,
                 auto=isolations(trial.first("auto")), gain=gain(record, trial), remark=remark)
    if not sounding and not remark:
        defect = defect or "it is silent, and nothing is known that it waits for"
    return Outcome(row, defect)


def open_and_play(player, plugin):
    """None for an effect."""
    try:
        record = player.probe(plugin.path)
        if record["status"] != "ok":
            # A library that comes with the plug-ins but is not one.
            if plugin.format == "VST2" and record["error_kind"] == "unsupported":
                return None
            reason = record["error"].removeprefix(plugin.path + ": ")
            return Outcome(row_of(plugin, record, loads="no", remark=reason),
                           reason if record["error_kind"] == "timeout" else "")
        if not (record["is_instrument"] or plugin.listed):
            return None
        return played(plugin, record, player.try_all(plugin.path, groups.NOTES))
    except trials.Defect as defect:
        return Outcome(row_of(plugin, {}, loads="no", remark=str(defect)), str(defect))


def play_presets(player, group):
    try:
        trial = player.try_all(group.plugin.path, group.jobs, group.modes)
    except trials.Defect as defect:
        return Outcome(row_of(group.plugin, {"name": group.title}, remark=str(defect)), str(defect))
    records, jobs = trial.first("auto"), len(group.jobs)
    loaded = sum(record["status"] == "ok" and not record.get("unchanged") for record in records)
    repeating = trial.repeating(*(set(group.modes) - {"snapshot"}))
    silent = "" if trial.sounding() else "loads without an error, and nothing sounds"
    row = row_of(group.plugin, {"name": group.title}, loads=f"{loaded} of {jobs}",
                 sounds=f"{trial.sounding()} of {jobs}", repeats=f"{repeating} of {jobs}",
                 auto=isolations(records), remark=trial.failure() or silent)
    good = jobs == loaded == repeating and not silent
    return Outcome(row, "" if good else "not all load, sound and repeat")


def play_times(runs, player, group):
    try:
        same = player.try_times(runs, group.plugin.path, group.jobs)
    except trials.Defect as defect:
        return Outcome((group.title, str(defect)), str(defect))
    return Outcome((f"{group.title}, {group.plugin.format}", f"{same} of {runs}"),
                   "" if same == runs else f"the same in {same} runs of {runs} only")


def rows_of(pool, play, player, items):
    """The rows in order, and the defects. Rows are printed as they come."""
    rows, defects = [], []
    for outcome in filter(None, pool.map(functools.partial(play, player), items)):
        print(table.cells(outcome.row), end="", flush=True)
        rows.append(outcome.row)
        if outcome.defect:
            defects.append(f"{outcome.row[0]}: {outcome.defect}")
    return rows, defects


def use_home_in(folder):
    """Plug-ins read and write there, so that all find the same files."""
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "LV2_PATH"):
        os.environ.pop(variable, None)
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        os.environ[variable] = str(folder)


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", default=HERE / "TABLE.md", type=pathlib.Path)
    parser.add_argument("-j", "--jobs", default=os.cpu_count(), type=int)
    parser.add_argument("--quick", action="store_true",
                        help="a dozen presets instead of thousands, three runs instead of ten")
    parser.add_argument("--timeout", default=60, type=int, help="to load, and for a job")
    parser.add_argument("packages", nargs="*")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    packages = plugins.packages_in(HERE / "packages")
    wanted = arguments.packages or list(packages)
    missing = [package for package in wanted if not plugins.version_of(package)]
    found = [plugin for package in wanted
             for plugin in plugins.plugins_of(package, packages.get(package, []))]
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        use_home_in(folder)
        player = trials.Player(arguments.timeout)
        with_presets, ten_runs = groups.groups(found, pathlib.Path(folder), arguments.quick)
        rows, defects = rows_of(pool, open_and_play, player, found)
        preset_rows, preset_defects = rows_of(pool, play_presets, player, with_presets)
        play_ten = functools.partial(play_times, 3 if arguments.quick else 10)
        ten_rows, ten_defects = rows_of(pool, play_ten, player, ten_runs)
    arguments.output.write_text(table.table(rows, preset_rows, ten_rows, missing))
    for defect in defects + preset_defects + ten_defects:
        print(f"instruments: {defect}", file=sys.stderr)
    return 1 if defects or preset_defects or ten_defects else 0


if __name__ == "__main__":
    sys.exit(main())
