# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders many jobs, two in five with a fault, by several workers on one queue, which are randomly
killed, or stopped and continued, and checks the result of each job.

usage: soak.py JOBS [WORKERS]

Jobs of a killed worker are rendered in another run, as a user would do it. The last run is left in
peace: a job that hangs may otherwise have its worker killed in every run.

Renders in the current folder, with the render-one in PATH and the plug-ins of the tests in the
folder $PLUGINS, with $SOAK_TIMEOUT seconds for a job, 20 by default. The status is 1 if a job ends with no record or two, a record is not the expected
one, the same sound has different bits, a file is missing, incomplete or superfluous, or a process
that lived through the first and the last window of jobs has grown.
"""
import collections
import ctypes
import json
import os
import pathlib
import random
import signal
import stat
import subprocess
import sys
import time

PLUGINS = os.environ["PLUGINS"]
AMSYNTH = "/usr/lib/vst/amsynth_vst.so"
FAULT_SYNTH = f"{PLUGINS}/fault_synth.so"
MACRO_SYNTH = f"{PLUGINS}/MacroSynth.vst3"
# Seconds. A job that hangs takes it twice, in a snapshot and in a process. Where others write too, the
# disk may take seconds to have a file.
TIMEOUT = int(os.environ.get("SOAK_TIMEOUT", 20))
HANG_EVERY = 200  # faults
RUNS = 10
WINDOW = 1000  # jobs, at either end
SAMPLE_EVERY = 0.01  # seconds
ISOLATIONS = "auto", "fork"  # every second worker's; the same sound must have the same bits in both
# Between the windows. In a short one a worker may not have met a long line yet, for which it keeps
# memory.
GROWTH_MB, GROWTH_MB_IF_SHORT = 1, 2

# The expected result of a job with a fault. Names of the fault synth's programs are presets of it.
FAULTS = {
    "process-segv": "crash", "process-words": "crash", "preset-abort": "crash",
    "process-exit-0": "crash", "preset-exit-3": "crash",
    "nan": "non-finite", "infinite": "non-finite", "refuse": "preset-rejected",
    "leak": "ok", "stderr": "ok", "stdout": "ok", "teardown-segv": "ok", "messages": "ok",
    "helper": "ok", "chdir": "ok", "umask": "ok", "clip": "ok", "denormal": "ok",
    "no preset": "not-found", "half a preset": "corrupt", "no folder": "io", "no job": "bad-record",
    "a FIFO": "unsupported", "our descriptor": "not-found", "the queue": "bad-record",
    "a long line": "ok",
}
HANGS = {
    "process-hang": "timeout", "preset-hang": "timeout", "helper-hang": "timeout",
    "preset-close": "crash", "process-babble": "timeout",
}


def exported(folder, plugin, *options):
    """The plug-in's presets by their names."""
    subprocess.run(["preset-export", "-o", folder, *options, plugin],
                   stdout=subprocess.DEVNULL, check=True)
    paths = sorted(pathlib.Path(folder).absolute().iterdir())
    return {path.stem.partition(" ")[2]: str(path) for path in paths}


class Jobs:
    """The lines for render-one, and what is expected of each, by the job's id."""

    def __init__(self, count):
        self.sounds = list(exported("amsynth", AMSYNTH, "--programs", "128-227").values())
        self.faulty = exported("faulty", FAULT_SYNTH)
        self.half = pathlib.Path("half.fxp").absolute()
        self.half.write_bytes(pathlib.Path(self.sounds[0]).read_bytes()[:100])
        os.mkfifo("fifo")
        self.expected = {number: self.outcome(number) for number in range(count)}
        self.lines = [self.line(number) for number in range(count)]

    @staticmethod
    def fault(number):
        """The name of the job's fault, which two jobs of five have."""
        turn, place = divmod(number, 5)
        if place not in (1, 3):
            return None
        fault = 2 * turn + place // 3
        kinds, at = (HANGS, fault // HANG_EVERY) if fault % HANG_EVERY == 7 else (FAULTS, fault)
        return list(kinds)[at % len(kinds)]

    def outcome(self, number):
        return (FAULTS | HANGS).get(self.fault(number), "ok")

    def line(self, number):
        job = {"id": number, "note": 36 + number % 3 * 12, "duration": 0.05, "tail": 0.05,
               "output_path": os.path.abspath(f"out/{number % 100}/{number}.wav")}
        fault = self.fault(number)
        if fault in self.faulty:
            job |= {"preset_path": self.faulty[fault], "plugin_path": FAULT_SYNTH}
        elif fault == "no job":
            return f"job {number} is none"
        elif fault == "no preset":
            job["preset_path"] = "/nowhere/x.fxp"
        elif fault == "half a preset":
            job["preset_path"] = str(self.half)
        elif fault == "no folder":
            job |= {"preset_path": self.sounds[0], "output_path": f"{self.half}/x.wav"}
        elif fault == "a FIFO":
            job["preset_path"] = os.path.abspath("fifo")
        elif fault == "our descriptor":
            job["output_path"] = "/dev/fd/101"
        elif fault == "the queue":
            job["preset_path"] = "/dev/stdin"
        elif fault == "a long line":
            job |= {"preset_path": self.sounds[0], "note_of_ours": "x" * 200_000}
        elif number % 10 == 5:
            job["plugin_path"] = MACRO_SYNTH
        else:
            job["preset_path"] = self.sounds[number % len(self.sounds)]
        return json.dumps(job)


def resident_mb(pid):
    """0 if the process has ended."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def take_memory(workers, at, memory):
    """Records the memory of every worker and every plug-in's host, once there are AT records."""
    for worker in workers:
        hosts = [host for supervisor in children(worker.pid) for host in children(supervisor)]
        for pid in [worker.pid, *hosts]:
            if size := resident_mb(pid):
                name = "render-one" if pid == worker.pid else "a plug-in's host"
                memory[f"{name} {pid}"].append((at, size))


class Workers:
    """The workers of one run. The first half is left alive, the others are killed and replaced."""

    def __init__(self, count, queue, results):
        command = ["render-one", "--fxp", AMSYNTH, "--timeout", str(TIMEOUT)]
        self.start = lambda place: subprocess.Popen(
            [*command, "--isolation", ISOLATIONS[place % 2]], stdin=queue, stdout=results)
        self.all = [self.start(place) for place in range(count)]
        self.random = random.Random(count)
        self.stopped = []  # (when to go on, process)
        self.killed = 0

    def running(self):
        return any(worker.poll() is None for worker in self.all)

    def torment(self):
        """Call this regularly: it sometimes stops or kills a worker."""
        now = time.monotonic()
        for until, pid in [*self.stopped]:
            if now >= until:
                send(pid, signal.SIGCONT)
                self.stopped.remove((until, pid))
        place = self.random.randrange(len(self.all))
        worker = self.all[place]
        if worker.poll() is not None or self.random.random() > 0.1:
            return
        if place >= len(self.all) // 2 and self.random.random() < 0.3:
            send(worker.pid, signal.SIGKILL)
            worker.wait()
            self.all[place] = self.start(place)
            self.killed += 1
        else:
            pid = self.random.choice([worker.pid, *children(worker.pid)])
            send(pid, signal.SIGSTOP)
            self.stopped.append((now + 0.3 * self.random.random(), pid))


def send(pid, what):
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


def run_once(lines, worker_count, memory, in_peace):
    """Renders the lines and adds the records to the file results. Returns how many were killed, none
    if it is to be done in peace."""
    pathlib.Path("jobs").write_text("".join(line + "\n" for line in lines))
    with open("jobs") as queue, open("results", "a") as results:
        workers = Workers(worker_count, queue, results)
        with open("results", "rb") as records:
            done = 0
            while workers.running():
                time.sleep(SAMPLE_EVERY)
                done += records.read().count(b"\n")
                take_memory(workers.all, done, memory)
                if not in_peace:
                    workers.torment()
    statuses = {worker.wait() for worker in workers.all}
    if not statuses <= {0, 1}:
        sys.exit(f"soak: render-one ended with one of the statuses {statuses}")
    return workers.killed


def whole_records():
    """The records of all runs, and the number of invalid lines: a killed worker may leave half a
    line."""
    records, torn = [], 0
    for line in pathlib.Path("results").read_text(encoding="utf-8").splitlines():
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            torn += 1
    return records, torn


def render(jobs, worker_count):
    """The records of all workers, and the memory of each process: {name: [(records so far,
    MB)]}."""
    memory = collections.defaultdict(list)
    missing, killed = list(jobs.expected), 0
    for run in range(1, RUNS + 1):
        killed += run_once([jobs.lines[number] for number in missing], worker_count,
                           memory if run == 1 else collections.defaultdict(list),
                           in_peace=run == RUNS)
        records, torn = whole_records()
        had = {number_of(record) for record in records}
        missing = [number for number in missing if number not in had]
        if torn + len(missing) > 2 * killed:
            sys.exit(f"soak: {killed} workers were killed, and {len(missing)} jobs have no record")
        if not missing:
            break
    print(f"{killed} workers were killed, {torn} records torn")
    return records, memory


def end_orphans():
    """The processes of plug-ins that killed workers did not end: they are our children now
    (prctl)."""
    for pid in children(os.getpid()):
        send(pid, signal.SIGKILL)


def number_of(record):
    """The job's id; the error for a line that is not JSON quotes it."""
    return record["id"] if "id" in record else int(record["error"].split()[-3])


def check_records(jobs, records):
    """The defects, a sentence each."""
    times = collections.Counter(map(number_of, records))
    for number, expected in jobs.expected.items():
        if times[number] != 1:
            yield f"job {number} has {times[number]} records"
    sounds = collections.defaultdict(set)
    for record in records:
        number, outcome = number_of(record), record.get("error_kind", record["status"])
        if outcome != jobs.expected.get(number):
            yield f"job {number}, {jobs.fault(number)}: {record}"
        if outcome == "ok":
            key = record.get("preset_path"), record["plugin"], record["note"]
            sounds[key].add(record["audio_hash"])
    for key, hashes in sounds.items():
        if len(hashes) > 1:
            yield f"{key} sounds in {len(hashes)} ways"


def check_files(jobs):
    files = [path for path in pathlib.Path("out").rglob("*") if path.is_file()]
    for path in files:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8)[4:], "little") + 8
        if size != path.stat().st_size or not path.stat().st_mode & stat.S_IRUSR:
            yield f"{path} is torn, or may not be read"
    there = {path.name for path in files}
    wanted = {f"{number}.wav" for number, outcome in jobs.expected.items() if outcome == "ok"}
    if there != wanted:
        yield f"files that are missing: {wanted - there}; that should not be there: {there - wanted}"


def check_memory(memory, count, worker_count):
    """Prints the memory of each process at the beginning and the end, and yields those that
    grew."""
    window = min(WINDOW, count // 4)
    allowed = GROWTH_MB if window == WINDOW else GROWTH_MB_IF_SHORT
    # Of the first run, which has fewer records than there are jobs: killed workers owe theirs.
    end = max(at for samples in memory.values() for at, _ in samples)
    judged = 0
    for name, samples in sorted(memory.items()):
        first = [size for at, size in samples if at <= window]
        last = [size for at, size in samples if at > end - window]
        if not first or not last:
            continue
        judged += name.startswith("render-one")
        before, after = max(first), max(last)
        print(f"{name}: {before:.1f} MB in the first {window} jobs, {after:.1f} MB in the last")
        if after > before + allowed:
            yield f"{name} has grown by {after - before:.1f} MB"
    if judged < worker_count // 2:
        yield f"{judged} of {worker_count} workers were there from the first jobs to the last"


def main():
    count = int(sys.argv[1])
    worker_count = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    set_child_subreaper = 36  # prctl(2)
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)
    jobs = Jobs(count)
    records, memory = render(jobs, worker_count)
    outcomes = collections.Counter(r.get("error_kind", r["status"]) for r in records)
    print(f"{count} jobs, {len(records)} records: {dict(outcomes)}")
    wrong = [*check_records(jobs, records), *check_files(jobs),
             *check_memory(memory, count, worker_count)]
    end_orphans()
    if wrong:
        sys.exit("\n".join(["soak:", *wrong[:20]]))


if __name__ == "__main__":
    main()
