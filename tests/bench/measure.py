# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's only clock: runs commands side by side and prints what they took, a record a
line.

Everything that is measured goes through run(). Commands that are compared take turns, so that a
machine that slows down for a while slows all of them.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from typing import Callable, NamedTuple

BUILD = pathlib.Path(os.environ["BENCH_BUILD"])
PYTHON = BUILD / "bench/venv/bin/python"
QUICK = os.environ.get("BENCH_SCALE", "full") == "quick"
RUNS = int(os.environ.get("BENCH_RUNS") or (2 if QUICK else 5))


def word(path):
    """A path as a word of a command."""
    return shlex.quote(str(path))


def peer(program, python=PYTHON):
    """The command for a program in peers/."""
    return f"{word(python)} {word(pathlib.Path(__file__).parent / 'peers' / program)}"


def size(full, quick):
    """How much there is to do, by BENCH_SCALE."""
    return quick if QUICK else full


class Sample(NamedTuple):
    """One run: seconds by the clock, seconds of all processors (user and system, children too)."""

    wall: float
    cpu: float | None = None
    peak_mb: float | None = None  # of the largest process
    records: list = []


class Case(NamedTuple):
    """A command for bash, or a list of words."""

    command: str | list
    jobs: int = 1  # how many jobs it does
    lines: int | None = None  # how many lines it must print; it is tried once before it is measured
    check: Callable | None = None  # called after each run, untimed, to check its files
    memory: bool = False  # whether to measure its peak
    before: str | None = None  # a command to run before each run, untimed
    feed: list | None = None  # the lines of its jobs: only the time after the first counts


def run(case):
    """Runs a command to its end. A command that fails ends the benchmark."""
    words = case.command
    if isinstance(words, str):
        words = ["/bin/bash", "-c", "set -euo pipefail; " + words]
    if case.memory:
        # A process's peak includes its parent's at the fork; time(1) uses almost no memory.
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
        start = time.perf_counter()
        records += [process.stdout.readline() for _ in feed[1:]]
        wall = time.perf_counter() - start
        process.stdin.close()
    if not records[-1]:
        return Sample(wall), process.returncode or "0, but too few results"
    return Sample(wall, records=[json.loads(record) for record in records]), process.returncode


class Comparison:
    """Cases of one subject that take turns, each round beginning with another one. Writes their
    medians, and ratios of two on request."""

    def __init__(self, subject, cases, runs=RUNS, warm_up=False):
        self.subject, self.cases = subject, cases
        self.samples = {name: [] for name in cases}
        for name, case in cases.items():
            _try_out(name, case)
        for round_number in range(-1 if warm_up else 0, runs):
            if round_number % max(1, runs // 5) == 0:
                say(f"{subject}: round {round_number + 1} of {runs}")
            first = round_number % len(cases)
            names = list(cases)
            for name in names[first:] + names[:first]:
                sample = self._take_turn(cases[name])
                if round_number >= 0:
                    self.samples[name].append(sample)
        for name in cases:
            self._write_time(name)

    @staticmethod
    def _take_turn(case):
        if case.before:
            prepare(case.before)
        sample = run(case)
        if case.check:
            case.check()
        return sample

    def each(self, name, field="wall"):
        """What a job of the case took, one value for each run."""
        return [getattr(sample, field) / self.cases[name].jobs for sample in self.samples[name]]

    def median(self, name, field="wall"):
        return statistics.median(self.each(name, field))

    def _write_time(self, name):
        samples = self.samples[name]
        peaks = [sample.peak_mb for sample in samples if sample.peak_mb is not None]
        write(
            kind="time",
            subject=self.subject,
            case=name,
            runs=len(samples),
            jobs=self.cases[name].jobs,
            cpu_ms=None if samples[0].cpu is None else 1000 * self.median(name, "cpu"),
            peak_mb=statistics.median(peaks) if peaks else None,
            **spread([1000 * wall for wall in self.each(name)], "wall_ms"),
        )

    def ratio(self, slow, fast):
        """How many times as long `slow` takes for a job: the median of the rounds."""
        wall, cpu = (
            [a / max(b, 1e-9) for a, b in zip(self.each(slow, field), self.each(fast, field))]
            for field in ("wall", "cpu")
        )
        values = {**spread(wall), "cpu": statistics.median(cpu)}
        write(kind="ratio", subject=self.subject, case=slow, against=fast, **values)
        return values


def spread(values, name="wall"):
    """The median under that name, the smallest and the largest."""
    return {name: statistics.median(values), "low": min(values), "high": max(values)}


def _try_out(name, case):
    """Commands that are measured must do their work."""
    if case.jobs == 0:
        sys.exit(f"bench: {name}: there is nothing to do for it")
    if case.lines is not None:
        prepare(f'found=$({case.command} | wc -l); [[ $found == {case.lines} ]] ||'
                f' {{ echo "printed $found lines, not {case.lines}" >&2; exit 1; }}')


def files_in(folder, suffix, count):
    """The files there with that suffix; ends the benchmark unless there are so many."""
    paths = sorted(pathlib.Path(folder).glob("*" + suffix))
    if len(paths) != count:
        sys.exit(f"bench: {folder}: has {len(paths)} files *{suffix}, not {count}")
    return paths


def check_audio(folder, count, seconds):
    """Ends the benchmark unless there are so many WAV files, all stereo, with 16 bits and the same
    length."""
    wanted = 2, 2, seconds * 44100
    for path in files_in(folder, ".wav", count):
        with wave.open(str(path), "rb") as file:
            found = file.getsampwidth(), file.getnchannels(), file.getnframes()
        if found != wanted:
            sys.exit(f"bench: {path}: bytes a sample, channels, frames: {found}, not {wanted}")


def target(what, against, sign, limit, wall, unit="×", **more):
    """A row of the first table: a promised speed and the measured one. wall, the figure by the
    clock, decides; sign is ≤ or ≥."""
    reached = wall <= limit if sign == "≤" else wall >= limit
    goal = f"{sign} {limit}{unit}"
    write(kind="target", what=what, against=against, goal=goal, wall=wall, reached=reached, **more)


def missing(subject, case, why):
    """A peer that is not available on this machine."""
    write(kind="missing", subject=subject, case=case, why=why)


def has_peer(subject, module):
    """Whether the benchmark's Python can import the module; if not, the table says why."""
    if not PYTHON.exists():
        missing(subject, module, "as Python's venv could not be made")
        return False
    tried = subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, text=True)
    if tried.returncode != 0:
        missing(subject, module, (tried.stderr.splitlines() or ["cannot be imported"])[-1])
    return tried.returncode == 0


def has_program(subject, program):
    """Whether the program is installed; if not, the table says so."""
    if not shutil.which(program):
        missing(subject, program, "as it is not installed")
    return bool(shutil.which(program))


def write(**record):
    record = {key: rounded(value) for key, value in record.items() if value is not None}
    print(json.dumps(record, ensure_ascii=False), flush=True)


def rounded(value):
    return float(f"{value:.4g}") if isinstance(value, float) else value


def say(words):
    print(f"bench: {words}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def workplace(megabytes, files):
    """An empty current folder in memory, which is deleted with everything in it. On a disk, the
    disk would be measured too, and unequally: for minutes after a run, ext4 visits every inode that
    the run freed. So much must fit."""
    for number in signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    parent = os.environ.get("BENCH_DIR") or "/dev/shm"
    room = os.statvfs(parent)
    free_mb, free_files = room.f_bavail * room.f_frsize >> 20, room.f_favail
    if free_mb < megabytes or (room.f_files and free_files < files):
        sys.exit(f"bench: {parent}: has room for {free_mb} MB and {free_files} files, and {megabytes}"
                 f" MB and {files} files are wanted; name another folder with BENCH_DIR")
    with tempfile.TemporaryDirectory(prefix="patchpipe-bench.", dir=parent,
                                     ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        try:
            yield pathlib.Path(folder)
        finally:
            os.chdir("/")


def prepare(command):
    """Runs a command whose time does not matter."""
    run(Case(command))
