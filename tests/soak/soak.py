# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs, one in fifty at fault, by several workers on one queue; looks at what became of each.

usage: soak.py JOBS [WORKERS]

Renders in the current folder, with the render-one in PATH and the plug-ins of the tests in the
folder $PLUGINS. The status is 1 if a job has no record or two, a record is not what its job
deserves, the same sound is not the same bits, a file is missing or should not be there, or a
process that was there for the first window of jobs and for the last one has grown.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import time

PLUGINS = os.environ["PLUGINS"]
AMSYNTH = "/usr/lib/vst/amsynth_vst.so"
FAULT_SYNTH = f"{PLUGINS}/fault_synth.so"
MACRO_SYNTH = f"{PLUGINS}/MacroSynth.vst3"
FAULT_EVERY = 50
TIMEOUT = 5  # seconds; what hangs costs it twice, in a snapshot and in a process
WINDOW = 1000  # jobs, at either end
SAMPLE_EVERY = 0.01  # seconds
GROWTH_MB = 1

# What becomes of a job at fault. The first are presets of the fault synth.
FAULTS = {
    "process-segv": "crash", "process-words": "crash", "preset-abort": "crash",
    "process-exit-0": "crash",
    "preset-exit-3": "crash", "process-hang": "timeout", "preset-hang": "timeout",
    "nan": "non-finite", "infinite": "non-finite", "refuse": "preset-rejected",
    "leak": "ok", "stderr": "ok", "stdout": "ok", "teardown-segv": "ok",
    "no preset": "not-found", "half a preset": "corrupt", "no folder": "io", "no job": "bad-record",
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
        self.expected = {number: self.outcome(number) for number in range(count)}
        self.lines = [self.line(number) for number in range(count)]

    @staticmethod
    def fault(number):
        """The name of the job's fault, if it has one."""
        turn, place = divmod(number, FAULT_EVERY)
        return list(FAULTS)[turn % len(FAULTS)] if place == FAULT_EVERY - 1 else None

    def outcome(self, number):
        return FAULTS.get(self.fault(number), "ok")

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
    """Notes what every worker and every plug-in's host takes, once AT records are there."""
    for worker in workers:
        for pid in [worker.pid, *children(worker.pid)]:
            if size := resident_mb(pid):
                name = "render-one" if pid == worker.pid else "a plug-in's host"
                memory[f"{name} {pid}"].append((at, size))


def render(jobs, worker_count):
    """The records of all workers, and what each process took: {name: [(records so far, MB)]}."""
    pathlib.Path("jobs").write_text("".join(line + "\n" for line in jobs.lines))
    command = ["render-one", "--fxp", AMSYNTH, "--timeout", str(TIMEOUT)]
    with open("jobs") as queue, open("results", "w") as results:
        workers = [subprocess.Popen(command, stdin=queue, stdout=results)
                   for _ in range(worker_count)]
    memory = collections.defaultdict(list)
    with open("results", "rb") as results:
        done = 0
        while any(worker.poll() is None for worker in workers):
            time.sleep(SAMPLE_EVERY)
            done += results.read().count(b"\n")
            take_memory(workers, done, memory)
    statuses = {worker.wait() for worker in workers}
    if not statuses <= {0, 1}:
        sys.exit(f"soak: render-one ended with one of the statuses {statuses}")
    with open("results", encoding="utf-8") as results:
        return [json.loads(line) for line in results], memory


def number_of(record):
    """Of the job; the error for a line that is no JSON quotes it."""
    return record["id"] if "id" in record else int(record["error"].split()[-3])


def check_records(jobs, records):
    """What is wrong, a sentence each."""
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
    there = {path.name for path in pathlib.Path("out").rglob("*") if path.is_file()}
    wanted = {f"{number}.wav" for number, outcome in jobs.expected.items() if outcome == "ok"}
    if there != wanted:
        yield f"files that are missing: {wanted - there}; that should not be there: {there - wanted}"


def check_memory(memory, count, worker_count):
    """Says what each process took at either end, and yields those that grew."""
    window = min(WINDOW, count // 4)
    judged = 0
    for name, samples in sorted(memory.items()):
        first = [size for at, size in samples if at <= window]
        last = [size for at, size in samples if at > count - window]
        if not first or not last:
            continue
        judged += name.startswith("render-one")
        before, after = max(first), max(last)
        print(f"{name}: {before:.1f} MB in the first {window} jobs, {after:.1f} MB in the last")
        if after > before + GROWTH_MB:
            yield f"{name} has grown by {after - before:.1f} MB"
    if judged != worker_count:
        yield f"{judged} of {worker_count} workers were there from the first jobs to the last"


def main():
    count = int(sys.argv[1])
    worker_count = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    jobs = Jobs(count)
    records, memory = render(jobs, worker_count)
    outcomes = collections.Counter(r.get("error_kind", r["status"]) for r in records)
    print(f"{count} jobs, {len(records)} records: {dict(outcomes)}")
    wrong = [*check_records(jobs, records), *check_files(jobs),
             *check_memory(memory, count, worker_count)]
    if wrong:
        sys.exit("\n".join(["soak:", *wrong[:20]]))


if __name__ == "__main__":
    main()
