# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays jobs with render-one, in every mode and order, and compares the audio's hashes."""
import json
import os
import random
import subprocess
from typing import NamedTuple

PATIENCE = 200  # seconds for a run; the tools end hanging plug-ins long before
SECONDS_A_JOB = 5  # on top of that
MODES = ("process", "snapshot", "auto")


class Defect(Exception):
    """A tool failed, not only the plug-in; or something hangs."""


def run_tool(argv, lines=(), workers=1):
    """The records of some processes that share standard input and output."""
    with open(os.memfd_create("jobs"), "w+b") as jobs, \
            open(os.memfd_create("results"), "w+b") as results:
        jobs.write("".join(line + "\n" for line in lines).encode())
        jobs.seek(0)
        tools = [subprocess.Popen(argv, stdin=jobs, stdout=results, stderr=subprocess.DEVNULL)
                 for _ in range(workers)]
        try:
            for tool in tools:
                check(argv[0], tool.wait(PATIENCE + SECONDS_A_JOB * len(lines)))
        except subprocess.TimeoutExpired:
            raise Defect(f"{argv[0]} hangs") from None
        finally:
            end(tools)
        results.seek(0)
        return [json.loads(line) for line in results]


def check(name, status):
    if status not in (0, 1):
        raise Defect(f"{name} ends with status {status}")


def end(tools):
    for tool in tools:
        if tool.poll() is None:
            tool.kill()  # its children end with it
            tool.wait()


def numbered(jobs):
    return [{"id": number, "output_path": "/dev/null"} | job for number, job in enumerate(jobs)]


class Trial(NamedTuple):
    """The results of the jobs, mode by mode: the records of both orders."""
    runs: dict

    def first(self, mode):
        return list(self.runs[mode][0].values())

    def failure(self):
        """Why a job failed where it should not; empty if none did."""
        failed = [record["error"] for mode in self.runs for run in self.runs[mode]
                  for record in run.values() if record["status"] != "ok"]
        return failed[0] if failed else ""

    def repeating(self, *modes):
        """How many jobs have the same audio in both orders of all these modes."""
        runs = [run for mode in modes for run in self.runs[mode]]
        return sum(len({run[job].get("audio_hash") for run in runs}) == 1 for job in runs[0])

    def sounding(self):
        return sum(not record.get("silent", True) for record in self.first("auto"))

    def admitted(self, *modes):
        """True if every job that does not repeat in these modes has a record that says so."""
        runs = [run for mode in modes for run in self.runs[mode]]
        return all(len({run[job].get("audio_hash") for run in runs}) == 1
                   or any(run[job].get("repeatable") is False for run in runs) for job in runs[0])


class Player:
    """Runs the tools. The timeout is for a plug-in to load and for a job."""

    def __init__(self, timeout):
        self.timeout = str(timeout)

    def probe(self, path):
        records = run_tool(["plugin-probe", "--timeout", self.timeout, path])
        if len(records) != 1:
            raise Defect(f"plugin-probe gives {len(records)} records")
        return records[0]

    def render(self, path, jobs, mode, workers=1):
        """The records by their jobs' numbers; every job has one."""
        argv = ["render-one", "--plugin", path, "--isolation", mode, "--timeout", self.timeout]
        records = run_tool(argv, [json.dumps(job) for job in jobs], workers)
        if sorted(record["id"] for record in records) != sorted(job["id"] for job in jobs):
            raise Defect("render-one does not give one record for each job")
        return {record["id"]: record for record in records}

    def try_all(self, path, jobs, modes=MODES):
        jobs = numbered(jobs)
        runs = {}
        for mode in modes:
            first = self.render(path, jobs, mode)
            hung = [job["error"] for job in first.values() if job.get("error_kind") == "timeout"]
            if hung:
                raise Defect(hung[0])  # it would hang again in every mode
            runs[mode] = [first, self.render(path, jobs[::-1], mode)]
        return Trial(runs)

    def try_times(self, runs, path, jobs):
        """In how many of the runs, with different orders and workers, the audio is that of the
        first."""
        jobs = numbered(jobs)
        shuffles = random.Random(1)
        hashes = []
        for number in range(runs):
            order = (jobs, jobs[::-1], shuffles.sample(jobs, len(jobs)))[number % 3]
            run = self.render(path, order, "auto", workers=4 if number % 2 else 1)
            hashes.append({job: run[job].get("audio_hash") for job in sorted(run)})
        return sum(run == hashes[0] and None not in run.values() for run in hashes)
