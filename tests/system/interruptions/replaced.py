# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a command at random moments while it replaces a file, and looks at what is there then.

usage: replaced.py FILE MOMENTS SEED COMMAND...

COMMAND, in the current folder, makes FILE anew from what is in the folder `before`, a copy of which
every run begins with in `work`. It first runs undisturbed. Then, MOMENTS times, its whole process group
gets SIGKILL or SIGTERM, in turns, or with ONLY_KILL in the environment SIGKILL: FILE must be as before, or as the undisturbed run made it, and every
other file of the folder must be as in one of the two as well. At the end the command runs once more in
what the last kill left, and nothing temporary may be in the folder or in $TMPDIR after that.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import time


def files(folder):
    """The bytes of every file, and None of every folder, by their names."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in folders:
            found[os.path.relpath(os.path.join(place, name), folder)] = None
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                found[os.path.relpath(os.path.join(place, name), folder)] = file.read()
    return found


def is_temporary(name):
    return ".patchpipe" in name


def start(command, log):
    return subprocess.Popen(command, cwd="work", start_new_session=True, stdin=subprocess.DEVNULL,
                            stdout=log, stderr=subprocess.STDOUT)


def fresh():
    shutil.rmtree("work", ignore_errors=True)
    shutil.copytree("before", "work")


def whole_run(command):
    begin = time.monotonic()
    with open("log", "wb") as log:
        status = start(command, log).wait()
    if status:
        sys.exit(f"the command fails with status {status}: {open('log').read()}")
    return time.monotonic() - begin


def settled(group):
    """Waits until the processes of the group are gone, which a kill of all of them takes."""
    for _ in range(6000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    sys.exit("processes go on after the kill")


def check(target, old, new, now):
    if now.get(target) not in (old.get(target), new[target]) or (target in old and target not in now):
        sys.exit(f"{target}: is neither the old file nor the new one")
    for name, content in now.items():
        if not is_temporary(name) and content not in (old.get(name), new.get(name)):
            sys.exit(f"{name}: is neither as before nor as after a whole run")


def main():
    target, moments, seed, command = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    chance = random.Random(seed)
    fresh()
    old = files("work")
    length = whole_run(command)
    new = files("work")
    if target not in new or new[target] == old.get(target):
        sys.exit(f"the command does not change {target}")
    seen = {"old": 0, "new": 0}
    for moment in range(moments):
        fresh()
        # Most of what can go wrong is at the end, when files get their names.
        wait = length * (1 - chance.random() ** 2 / 1.05)
        with open("log", "wb") as log:
            run = start(command, log)
            time.sleep(wait)
            try:
                os.killpg(run.pid, signal.SIGTERM if moment % 2 and "ONLY_KILL" not in os.environ else signal.SIGKILL)
            except ProcessLookupError:
                pass
            run.wait()
        settled(run.pid)
        now = files("work")
        check(target, old, new, now)
        seen["old" if now.get(target) == old.get(target) else "new"] += 1
    whole_run(command)
    for _ in range(100):  # another process deletes what a killed one has left
        last = files("work")
        left = [name for name in last if is_temporary(name)] + os.listdir(os.environ["TMPDIR"])
        if not left:
            break
        time.sleep(0.1)
    if left or last[target] != new[target]:
        sys.exit(f"after the next run: {left or target + ' differs'}")
    print(f"{moments} moments in {length:.2f} s: {seen['old']} left the old file, {seen['new']} the new one")


main()
