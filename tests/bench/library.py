# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A library of amsynth's own presets: how long a preset takes, and whether it repeats."""

import os
import pathlib
import struct

from measure import (RUNS, Case, Comparison, check_audio, has_peer, peer, prepare, say, size,
                     target, workplace)
from orders import count_differences

AMSYNTH = "/usr/lib/vst/amsynth_vst.so"
SUBJECT = "library"
PRESETS = size(500, 40)
FEW = size(60, 6)  # for programs that start a process for each preset
REPEATED = size(100, 12)
PEER = f"{peer('dawdreamer_render.py')} {AMSYNTH}"
LONG = 10  # milliseconds: the shortest presets in the comparison of snapshot and reuse


def end_chunks():
    """Puts a NUL behind each chunk. amsynth reads past the end of a chunk without one, which
    crashes it in DawDreamer after some hundred presets."""
    for path in pathlib.Path("presets").iterdir():
        data = bytearray(path.read_bytes() + b"\0")
        for at in 4, 56:  # the sizes of all that follows and of the chunk
            struct.pack_into(">I", data, at, struct.unpack_from(">I", data, at)[0] + 1)
        path.write_bytes(data)


def write_jobs():
    """jobs: 2 s of each preset. to-null: the same without files. few: the first. long: those that
    take amsynth LONG, at a length at which nearly all do."""
    prepare(f"preset-export -o presets --programs 128-{127 + PRESETS} {AMSYNTH}")
    end_chunks()
    prepare(
        "preset-scan presets | assign-paths -o out > jobs;"
        """ jq -c '.output_path = "/dev/null"' jobs > to-null;"""
        f" sed -n 1,{FEW}p jobs > few"
    )
    for tail in 3, 7, 15, 31, 63:
        say(f"{SUBJECT}: which presets take {LONG} ms at {1 + tail} s?")
        prepare(
            f"job-grid --set tail={tail} < to-null |"
            f" render-one --isolation reuse --fxp {AMSYNTH} |"
            f" jq -c 'select(.render_ms >= {LONG}) | {{preset_path, tail, output_path}}' > long"
        )
        if lines("long") >= 0.9 * PRESETS:
            return


def with_files(command, count):
    """Into a new folder each time, because replacing a file takes longer than making one."""
    return Case(command, count, memory=True, before="rm -rf out; mkdir out",
                check=lambda: check_audio("out", count, 2))


def ours(isolation, jobs="jobs", workers=1):
    command = f"render-one --isolation {isolation} --fxp {AMSYNTH} < {jobs} > results"
    if workers > 1:
        command = f"xargs -a <(seq {workers}) -P {workers} -I{{}} " + command
    if jobs in ("jobs", "few"):
        return with_files(command, lines(jobs))
    return Case(command, lines(jobs), memory=True)


def lines(path):
    return sum(1 for _ in open(path))


def speed(with_peer):
    cases = {
        "render-one, snapshot": ours("snapshot"),
        "render-one, snapshot, two workers": ours("snapshot", workers=2),
        "render-one, fork": ours("fork"),
        "render-one, auto": ours("auto"),
        "render-one, reuse": ours("reuse"),
        "render-one, reuse, two workers": ours("reuse", workers=2),
        "render-one, process": ours("process", "few"),
        "render-one, process, two workers": ours("process", "few", workers=2),
        "render-one, snapshot, no files": ours("snapshot", "to-null"),
        "render-one, snapshot, 10 ms or more": ours("snapshot", "long"),
        "render-one, reuse, 10 ms or more": ours("reuse", "long"),
    }
    if with_peer:
        cases |= {
            "DawDreamer, hot-swapping": with_files(f"{PEER} < jobs", PRESETS),
            "DawDreamer, hot-swapping, no files":
                Case(f"{PEER} --no-files < jobs", PRESETS, memory=True),
            "DawDreamer, a Python process a preset": with_files(one_process_each("few"), FEW),
        }
    return Comparison(SUBJECT, cases)


def one_process_each(jobs):
    return f"xargs -d '\\n' -n 1 {PEER} < {jobs}"


def compare_speed(measured, with_peer):
    what, snapshot = "snapshot render of a library", "render-one, snapshot"
    reuse = measured.ratio(snapshot, "render-one, reuse")
    target(what, "one reused instance", "≤", 1.04, **reuse)
    measured.ratio(f"{snapshot}, 10 ms or more", "render-one, reuse, 10 ms or more")
    measured.ratio("render-one, fork", snapshot)
    measured.ratio("render-one, auto", snapshot)
    fresh = measured.ratio("render-one, process", snapshot)
    target(what, "a fresh render-one process a preset", "≥", 10, **fresh)
    if with_peer:
        fresh = measured.ratio("DawDreamer, a Python process a preset", snapshot)
        target(what, "a fresh Python process with DawDreamer a preset", "≥", 10, **fresh)
        swap = measured.ratio("DawDreamer, hot-swapping", snapshot)
        target(what, "DawDreamer hot-swapping presets, same files", "≥", 1.03, **swap)
        measured.ratio("DawDreamer, hot-swapping, no files", f"{snapshot}, no files")
    workers = measured.ratio(snapshot, f"{snapshot}, two workers")
    if os.cpu_count() > 1:
        del workers["cpu"]  # it means nothing here
        target("two workers on two cores", "one worker, snapshot", "≥", 1.85, **workers)
    for isolation in "reuse", "process":
        measured.ratio(f"render-one, {isolation}", f"render-one, {isolation}, two workers")


def whole_library():
    """Every program of amsynth, with the tool that does everything at once."""
    prepare(f"preset-export -o library {AMSYNTH} > all")
    count = size(lines("all"), PRESETS)
    prepare(f"sed 1,{count}d all | jq -r .preset_path | xargs -r -d '\\n' rm")
    command = f"render-presets library out --fxp {AMSYNTH}"
    Comparison("whole library", {"render-presets": with_files(command, count)}, min(RUNS, 3))


def determinism(with_peer):
    commands = {
        f"render-one, {isolation}":
            f"render-one --isolation {isolation} --fxp {AMSYNTH} < {{jobs}} > results"
        for isolation in ("snapshot", "fork", "process", "reuse")
    }
    if with_peer:
        commands["DawDreamer, hot-swapping"] = f"{PEER} < {{jobs}}"
        commands["DawDreamer, a Python process a preset"] = one_process_each("{jobs}")
    differ = {
        name: count_differences(SUBJECT, name, command, REPEATED)
        for name, command in commands.items()
    }
    theirs = differ.get("DawDreamer, hot-swapping", "not measured")
    target("files that differ in reverse order, snapshot", f"DawDreamer hot-swapping: {theirs}",
           "≤", 0, differ["render-one, snapshot"], unit=f" of {REPEATED}")


def determinism_of_library():
    """In one order by a child that is put back, and in the other by forked ones. Several programs
    of amsynth are the same."""
    prepare("preset-scan library | assign-paths -o out > all-jobs")
    count = lines("all-jobs")
    for isolation, order in ("snapshot", "cat"), ("fork", "tac"):
        prepare(f"{order} all-jobs | render-one --isolation {isolation} --fxp {AMSYNTH} |"
                f" jq -r '[.preset_path, .audio_hash] | @tsv' | sort > {isolation}-hashes")
    differ = sum(1 for one, other in zip(open("snapshot-hashes"), open("fork-hashes"))
                 if one != other)
    target("files that differ, snapshot in order", "fork in reverse order", "≤", 0, differ,
           unit=f" of {count}")


def main():
    with_peer = has_peer(SUBJECT, "dawdreamer")
    with workplace(megabytes=size(1600, 200), files=10_000):
        write_jobs()
        compare_speed(speed(with_peer), with_peer)
        determinism(with_peer)
        whole_library()
        determinism_of_library()


main()
