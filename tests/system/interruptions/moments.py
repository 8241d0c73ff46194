# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends parts of a run at random moments, and checks what is left and how the run is completed.

usage: moments.py worker|child|pipeline|SIGINT|SIGTERM RUN FINISH [MOMENTS [SEED]]

RUN and FINISH are shell commands for the current folder: both render the same jobs into ./out, and
write their records to ./results; FINISH does not touch existing files. RUN first renders
undisturbed, for ./reference. Then, MOMENTS times, part of it is killed with SIGKILL: one of its
processes named render-one (worker), one of the processes that hold the plug-in (child), or
everything at once (pipeline). With SIGINT or SIGTERM, RUN is one process and gets that signal,
alone or together with the processes below it, as from a terminal; then nothing may be left in
$TMPDIR.

A moment is a number of finished files and a few milliseconds more, so it does not depend on the
speed of the machine. Some are before the first file.
"""
import collections
import ctypes
import glob
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import audit

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Orphans become children of this process, which can wait for them."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def parents():
    """The parent and the command line of every process."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="latin1") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read().split(b"\0")[0]
        except OSError:
            continue
        if state != "Z":
            found[int(pid)] = (int(parent), command)
    return found


def descendants():
    """The processes below this one: {pid: (parent, command)}."""
    everything, below = parents(), {}
    families = collections.defaultdict(list)
    for pid, (parent, _) in everything.items():
        families[parent].append(pid)
    waiting = list(families[os.getpid()])
    while waiting:
        pid = waiting.pop()
        below[pid] = everything[pid]
        waiting += families[pid]
    return below


def wait_for_all(seconds=60):
    """Waits until no process is left below this one."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            time.sleep(0.001)
    left = descendants()
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    raise audit.Broken(f"left running: {[command.decode() for _, command in left.values()]}")


def start(command):
    """Starts it in a process group of its own, like a shell."""
    return subprocess.Popen(["bash", "-c", command], start_new_session=True)


def count_files():
    try:
        return len(os.listdir("out"))
    except FileNotFoundError:
        return 0


def wait_for(moment, run):
    """Waits until there are so many files, and then a little longer; or until the run ends."""
    files, delay = moment
    while count_files() < files and run.poll() is None:
        time.sleep(0.001)
    time.sleep(delay)


def kill_one(rng, part):
    """A process of that part, if there is one at the moment."""
    for _ in range(20):
        below = descendants()
        hosts = [p for p, (_, command) in below.items() if command == b"patchpipe-host"]
        forked = [p for p in hosts if below[p][0] in hosts]
        workers = [p for p, (_, c) in below.items() if c.endswith(b"render-one")]
        # The child of a job lives for a millisecond, so look again if there is none.
        candidates = rng.choice([hosts, forked, forked]) if part == "child" else workers
        if candidates:
            try:
                os.kill(rng.choice(sorted(candidates)), signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
    return False


def kill_all(run):
    hit = run.poll() is None
    if hit:
        os.killpg(run.pid, signal.SIGKILL)
    return hit


def ask_to_end(rng, run, number):
    hit = run.poll() is None
    if hit:
        rng.choice([os.kill, os.killpg])(run.pid, number)
    try:
        status = run.wait(60)
    except subprocess.TimeoutExpired:
        kill_all(run)
        raise audit.Broken("the signal did not end it") from None
    # bash ends with status 128 + n after a trap; otherwise the signal ends the process.
    if status not in ({128 + number, -number} if hit else {0}):
        # It may have ended before the signal came.
        if status != 0 or count_files() < len(audit.audio_files("reference")):
            raise audit.Broken(f"it ends with status {status}")
    return hit


def check_nothing_left():
    # A separate process removes the temporary folder of a process that was killed.
    for _ in range(50):
        left = os.listdir(os.environ["TMPDIR"]) + glob.glob("results.*")
        if not left:
            return
        time.sleep(0.1)
    if left:
        raise audit.Broken(f"left behind: {left}")


def check_records(part, jobs):
    """Of a run that ended after part of it was killed: (errors, missing)."""
    results = audit.records("results")
    audit.by_name("out", results)
    errors = [r for r in results if r["status"] != "ok"]
    missing = jobs - len(results)
    if part == "child":
        if missing or len(errors) > 1:
            raise audit.Broken(f"{missing} records are missing, errors: {errors[:2]}")
        if any(r["error_kind"] != "crash" or "SIGKILL" not in r["error"] for r in errors):
            raise audit.Broken(f"an error of another kind: {errors}")
    elif missing > 1 or errors:
        raise audit.Broken(f"{missing} records are missing, errors: {errors[:2]}")
    for record in results:
        if record["status"] == "ok" and not os.path.exists(record["output_path"]):
            raise audit.Broken(f"{record['output_path']} is said to be ok and is not there")
    return len(errors), missing


def one_moment(rng, part, run_command, moment, jobs):
    """(whether something was hit, errors, missing records)."""
    run = start(run_command)
    wait_for(moment, run)
    if part == "pipeline":
        hit = kill_all(run)
    elif part.startswith("SIG"):
        hit = ask_to_end(rng, run, signal.Signals[part].value)
    else:
        hit = kill_one(rng, part)
    wait_for_all()
    if part.startswith("SIG"):
        check_nothing_left()
    return (hit, *(check_records(part, jobs) if part in ("worker", "child") else (0, 0)))


def random_moment(rng, part, number, until_first, jobs):
    # While it starts, it has most to clean up when it is asked to end.
    if number % (2 if part.startswith("SIG") else 5) == 0:
        return 0, rng.uniform(0, until_first)
    return rng.randrange(1, jobs), rng.uniform(0, 0.003)


def render_reference(run_command):
    """(files, seconds until the first one)"""
    begin = time.monotonic()
    run = start(run_command)
    wait_for((1, 0), run)
    until_first = time.monotonic() - begin
    wait_for_all()
    os.rename("out", "reference")
    return len(audit.check_reference("reference")), until_first


def campaign(part, run_command, finish_command, moments, seed):
    rng = random.Random(seed)
    jobs, until_first = render_reference(run_command)
    totals = collections.Counter()
    while totals["hits"] < moments:
        number = totals["tries"]
        if number == 4 * moments:
            raise audit.Broken(f"only {totals['hits']} of {number} moments struck")
        moment = random_moment(rng, part, number, until_first, jobs)
        shutil.rmtree("out", ignore_errors=True)
        try:
            hit, errors, missing = one_moment(rng, part, run_command, moment, jobs)
            made = audit.check_finish(os.path.abspath("out"), "reference", "results",
                                      ["bash", "-c", finish_command])
        except audit.Broken as broken:
            raise audit.Broken(f"moment {number}, {moment}: {broken}") from broken
        totals.update(tries=1, hits=hit, errors=errors, missing=missing, made=made)
    print(f"{jobs} jobs, {totals['tries']} moments, {totals['hits']} of them struck: "
          f"{totals['errors']} errors, {totals['missing']} jobs without a record, "
          f"{totals['made']} files to make afterwards")


def main():
    part, run_command, finish_command = sys.argv[1:4]
    moments = int(sys.argv[4]) if len(sys.argv) > 4 else 50
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.SystemRandom().randrange(10**6)
    print(f"{part}, seed {seed}", flush=True)
    adopt_orphans()
    campaign(part, run_command, finish_command, moments, seed)


if __name__ == "__main__":
    try:
        main()
    except audit.Broken as broken:
        sys.exit(f"moments: {broken}")
