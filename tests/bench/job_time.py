# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of a job goes, and what a fork costs for plug-ins of different sizes."""

import statistics

from measure import BUILD, Case, Comparison, prepare, size, target, workplace, write

AMSYNTH = "/usr/lib/vst/amsynth_vst.so"
BALLAST_SYNTH = BUILD / "tests/plugins/plain_synth_ballast.so"
SUBJECT = "job-time"
PRESETS = size(300, 30)
TINY = '{"duration":0.001,"tail":0,"output_path":"/dev/null"}'  # what surrounds a render is all
TINY_JOBS = size(500, 60)
PIECE = 256  # kilobytes; the size of a few wavetables
PARTS = {"load the preset": "load_ms", "render": "render_ms", "measure and write": "write_ms"}


def case(plugin, isolation, jobs, environment=""):
    command = f"{environment} exec render-one --isolation {isolation} -p {plugin} --fxp {plugin}"
    return Case(command, len(jobs) - 1, feed=jobs)


def mean_parts(measured, name):
    """What the records say, in milliseconds a job: the median of the runs."""
    return {
        part: statistics.median(
            statistics.mean(record[field] for record in sample.records[1:])
            for sample in measured.samples[name]
        )
        for part, field in PARTS.items()
    }


def amsynth():
    export = f"preset-export -o presets --programs 128-{128 + PRESETS} {AMSYNTH}"
    prepare(f"{export} | assign-paths -o out > jobs")
    with open("jobs") as file:
        jobs = file.read().splitlines()
    cases = {}
    for isolation in "reuse", "snapshot":
        cases[f"amsynth, 1 ms, {isolation}"] = case(AMSYNTH, isolation, [TINY] * TINY_JOBS)
        cases[f"amsynth, preset and 2 s, {isolation}"] = case(AMSYNTH, isolation, jobs)
    measured = Comparison(SUBJECT, cases)
    parts = {"fork, page faults, exit": fork_cost(measured, "amsynth, 1 ms")["wall"]}
    parts |= mean_parts(measured, "amsynth, preset and 2 s, snapshot")
    total = 1000 * measured.median("amsynth, preset and 2 s, snapshot")
    parts["take the job, report, and the rest"] = total - sum(parts.values())
    for part, wall in {**parts, "all": total}.items():
        write(kind="part", subject=SUBJECT, case="an amsynth preset, 2 s", part=part, wall_ms=wall)


def fork_cost(measured, name):
    """Milliseconds a job by which a snapshot is slower than reuse."""
    def median_difference(field):
        snapshot, reuse = (measured.each(f"{name}, {i}", field) for i in ("snapshot", "reuse"))
        return 1000 * statistics.median(one - other for one, other in zip(snapshot, reuse))

    return {field: median_difference(field) for field in ("wall", "cpu")}


def ballast():
    environments = {"Plain Synth as it is": ""}
    for megabytes in 100, 1000:
        name, environment = f"Plain Synth and {megabytes} MB", f"BALLAST_MB={megabytes}"
        environments[f"{name} in one piece"] = environment
        environments[f"{name} in pieces of {PIECE} KB"] = f"{environment} BALLAST_PIECE_KB={PIECE}"
    measured = Comparison(SUBJECT, {
        f"{name}, 1 ms, {isolation}":
            case(BALLAST_SYNTH, isolation, [TINY] * TINY_JOBS, environment)
        for name, environment in environments.items()
        for isolation in ("reuse", "snapshot")
    })
    for name, environment in environments.items():
        cost = fork_cost(measured, name + ", 1 ms")
        write(kind="part", subject=SUBJECT, case=name, part="fork, page faults, exit",
              wall_ms=cost["wall"], cpu_ms=cost["cpu"])
        if environment:
            target("fork and exit", name, "≤", 2 if "1000" in name else 1, unit=" ms", **cost)


def main():
    with workplace():
        amsynth()
        ballast()


main()
