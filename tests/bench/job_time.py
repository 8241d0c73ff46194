# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of a job goes, and what putting back and a fork cost, for plug-ins of different
sizes."""

import statistics

from measure import (BUILD, Case, Comparison, prepare, size, spread, target, word, workplace,
                     write)

AMSYNTH = "/usr/lib/vst/amsynth_vst.so"
BALLAST_SYNTH = word(BUILD / "tests/plugins/plain_synth_ballast.so")
SUBJECT = "job-time"
JOBS = size(300, 30)
TINY = '{"duration":0.001,"tail":0,"output_path":"/dev/null"}'  # almost no render
TINY_JOBS = size(500, 60)
PIECE = 256  # kilobytes; the size of a few wavetables
PARTS = {"load the preset": "load_ms", "render": "render_ms", "measure and write": "write_ms"}
REST = "take the job, report, put back or fork and end"
ISOLATIONS = "reuse", "snapshot", "fork"


class PlugIn:
    """Jobs of 2 s, and jobs so short that only what surrounds a render remains, in a reused
    instance and in children of one."""

    def __init__(self, name, command, jobs, most_times=None, most_fork_ms=None):
        self.name, self.command, self.jobs = name, command, jobs
        self.most_times, self.most_fork_ms = most_times, most_fork_ms

    def cases(self):
        return {
            f"{self.name}, {length}, {isolation}":
                Case(f"{self.command} --isolation {isolation}", len(jobs) - 1, feed=jobs)
            for length, jobs in (("1 ms", [TINY] * TINY_JOBS), ("2 s", self.jobs))
            for isolation in ISOLATIONS
        }

    def write(self, measured):
        parts = {i: self._parts(measured, f"{self.name}, 2 s, {i}") for i in ISOLATIONS}
        for part in parts["reuse"]:
            self._write_part(part, **{f"{i}_ms": parts[i][part] for i in ISOLATIONS})
        reuse, snapshot, fork = (measured.each(f"{self.name}, 1 ms, {i}") for i in ISOLATIONS)
        if self.most_times:
            times = spread([one / other for one, other in zip(snapshot, reuse)])
            target("1 ms job, snapshot", f"reuse, {self.name}", "≤", self.most_times, **times)
        if self.most_fork_ms:
            cost = spread([1000 * (one - other) for one, other in zip(fork, reuse)])
            target("fork and exit", self.name, "≤", self.most_fork_ms, unit=" ms", **cost)

    def _write_part(self, part, **times):
        write(kind="part", subject=SUBJECT, case=self.name, part=part, **times)

    @staticmethod
    def _parts(measured, case):
        """The milliseconds in a job's record: the median of the runs. The record cannot include the
        rest."""
        parts = {
            part: statistics.median(
                statistics.mean(record[field] for record in sample.records[1:])
                for sample in measured.samples[case]
            )
            for part, field in PARTS.items()
        }
        whole = 1000 * measured.median(case)
        return {**parts, REST: whole - sum(parts.values()), "all": whole}


def amsynth():
    export = f"preset-export -o presets --programs 128-{127 + JOBS} {AMSYNTH}"
    prepare(f"{export} | assign-paths -o out > jobs")
    with open("jobs") as file:
        jobs = file.read().splitlines()
    return PlugIn("amsynth and a preset", f"exec render-one -p {AMSYNTH} --fxp {AMSYNTH}", jobs)


def ballast():
    environments = {"Plain Synth as it is": ("", 2, None)}
    for megabytes, times, most in (100, 2, 1), (1000, 2.5, 2):
        name, environment = f"Plain Synth and {megabytes} MB", f"BALLAST_MB={megabytes}"
        environments[f"{name} in one piece"] = environment, times, most
        environments[f"{name} in pieces of {PIECE} KB"] = (
            f"{environment} BALLAST_PIECE_KB={PIECE}", times, most)
    jobs = [f'{{"output_path":"out/{number}.wav"}}' for number in range(JOBS)]
    for name, (environment, *most) in environments.items():
        yield PlugIn(name, f"{environment} exec render-one -p {BALLAST_SYNTH}", jobs, *most)


def main():
    with workplace(megabytes=4000, files=2000):
        plug_ins = [amsynth(), *ballast()]
        cases = {}
        for plug_in in plug_ins:
            cases |= plug_in.cases()
        measured = Comparison(SUBJECT, cases)
        for plug_in in plug_ins:
            plug_in.write(measured)


main()
