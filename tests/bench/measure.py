# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's only clock: runs commands side by side and says what they took, a record a line.

Everything that is measured goes through run(). Commands that are compared take turns, so that a
machine that slows down for a while slows all of them.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

BUILD = pathlib.Path(os.environ["BENCH_BUILD"])
PYTHON = BUILD / "bench/venv/bin/python"
PEERS = pathlib.Path(__file__).parent / "peers"
QUICK = os.environ.get("BENCH_SCALE", "full") == "quick"
RUNS = int(os.environ.get("BENCH_RUNS") or (2 if QUICK else 5))


def size(full, quick):
    """How much there is to do, by BENCH_SCALE."""
    return quick if QUICK else full


class Sample(NamedTuple):
    """One run: seconds by the clock, seconds of all processors (user and system, children too)."""

    wall: float
    cpu: float
    peak_mb: float | None = None  # of the largest process
    records: list = []


class Case(NamedTuple):
    """A command for bash, or a list of words."""

    command: str | list
    jobs: int = 1  # how many it does
    memory: bool = False  # whether its peak is wanted
    before: str | None = None  # what is to be done before each run, untimed
    feed: list | None = None  # the lines of its jobs: then only what comes after the first is timed


def run(case):
    """Runs a command to its end. A command that fails ends the benchmark."""
    words = case.command
    if isinstance(words, str):
        words = ["/bin/bash", "-c", "set -euo pipefail; " + words]
    if case.memory:
        # A process counts what its parent had before it was started; time(1) has next to nothing.
        words = ["/usr/bin/time", "-q", "-f", "%M", "-o", "peak", *words]
    with open("stderr", "w+") as stderr:
        sample, status = (_time_jobs if case.feed else _time)(words, stderr, case.feed)
        if status != 0:
            stderr.seek(0)
            sys.exit(f"bench: {case.command}: ended with status {status}\n{stderr.read()[-2000:]}")
    peak = int(pathlib.Path("peak").read_text()) / 1024 if case.memory else None
    return sample._replace(peak_mb=peak)


def _time(words, stderr, _):
    nothing = subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(words, stdin=nothing, stdout=nothing, stderr=stderr)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    return Sample(wall, usage.ru_utime + usage.ru_stime), process.returncode


def _time_jobs(words, stderr, feed):
    """From the first result to the last: without what starting up takes, which for a large plug-in
    differs from run to run by more than the jobs take."""
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=stderr, text=True) as process:
        fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)
        process.stdin.write("".join(line + "\n" for line in feed))
        process.stdin.flush()
        records = [process.stdout.readline()]
        start, used = time.perf_counter(), _cpu_seconds(process.pid)
        records += [process.stdout.readline() for _ in feed[1:]]
        wall, cpu = time.perf_counter() - start, _cpu_seconds(process.pid) - used
        process.stdin.close()
    if not records[-1]:
        return Sample(wall, cpu), process.returncode or "0, but too few results"
    return Sample(wall, cpu, records=[json.loads(record) for record in records]), process.returncode


def _cpu_seconds(pid):
    """Of a process, its children, and those of them that have ended. One that ends meanwhile has
    next to nothing yet."""
    process = pathlib.Path(f"/proc/{pid}")
    try:
        fields = (process / "stat").read_text().rsplit(")")[-1].split()
        ticks = sum(int(field) for field in fields[11:15])
        children = " ".join(path.read_text() for path in process.glob("task/*/children")).split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(_cpu_seconds, children))


class Comparison:
    """Cases of one subject that take turns. Writes their medians, and ratios of two on request."""

    def __init__(self, subject, cases, runs=RUNS, warm_up=False):
        self.subject, self.cases = subject, cases
        self.samples = {name: [] for name in cases}
        for round_number in range(-1 if warm_up else 0, runs):
            if round_number % max(1, runs // 5) == 0:
                say(f"{subject}: round {round_number + 1} of {runs}")
            for name, case in cases.items():
                if case.before:
                    prepare(case.before)
                sample = run(case)
                if round_number >= 0:
                    self.samples[name].append(sample)
        for name in cases:
            self._write_time(name)

    def each(self, name, field):
        """What a job of the case took, one value a run."""
        return [getattr(sample, field) / self.cases[name].jobs for sample in self.samples[name]]

    def median(self, name, field="wall"):
        return statistics.median(self.each(name, field))

    def _write_time(self, name):
        peaks = [sample.peak_mb for sample in self.samples[name] if sample.peak_mb is not None]
        write(
            kind="time",
            subject=self.subject,
            case=name,
            runs=len(self.samples[name]),
            jobs=self.cases[name].jobs,
            wall_ms=1000 * self.median(name, "wall"),
            cpu_ms=1000 * self.median(name, "cpu"),
            peak_mb=statistics.median(peaks) if peaks else None,
        )

    def ratio(self, slow, fast):
        """How many times as long `slow` takes, a job: the median of what each round says."""
        values = {
            field: statistics.median(
                a / max(b, 1e-9) for a, b in zip(self.each(slow, field), self.each(fast, field))
            )
            for field in ("wall", "cpu")
        }
        write(kind="ratio", subject=self.subject, case=slow, against=fast, **values)
        return values


def target(what, against, sign, limit, wall, cpu=None, unit="×"):
    """A row of the first table: a speed that was promised, and the one that was found. What counts
    is wall, the figure by the clock; sign is ≤ or ≥."""
    reached = wall <= limit if sign == "≤" else wall >= limit
    goal = f"{sign} {limit}{unit}"
    write(kind="target", what=what, against=against, goal=goal, wall=wall, cpu=cpu, reached=reached)


def missing(subject, case, why):
    """A peer that cannot be had on this machine."""
    write(kind="missing", subject=subject, case=case, why=why)


def has_peer(subject, module):
    """Whether the benchmark's Python has the module; if not, the table says so."""
    program = f"import importlib.util as u, sys; sys.exit(u.find_spec('{module}') is None)"
    found = PYTHON.exists() and subprocess.run([PYTHON, "-c", program]).returncode == 0
    if not found:
        missing(subject, module, "could not be installed")
    return found


def write(**record):
    record = {key: rounded(value) for key, value in record.items() if value is not None}
    print(json.dumps(record, ensure_ascii=False), flush=True)


def rounded(value):
    return float(f"{value:.4g}") if isinstance(value, float) else value


def say(words):
    print(f"bench: {words}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def workplace():
    """An empty current folder in memory, which goes away with all that was put into it. A disk
    would be measured with the programs, and not the same for each: for minutes after a run ext4
    looks at every inode that the run before it freed."""
    with tempfile.TemporaryDirectory(prefix="patchpipe-bench.", dir="/dev/shm") as folder:
        os.chdir(folder)
        yield pathlib.Path(folder)
        os.chdir("/")


def prepare(command):
    """Runs a command whose time does not matter."""
    run(Case(command))
