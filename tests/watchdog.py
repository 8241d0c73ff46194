#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: watchdog.py RUN SECONDS

Ends every test of the run (by PATCHPIPE_RUN) that takes longer than SECONDS: its shell gets
SIGUSR1, which helper.bash turns into a failure, and the processes that it waits for are killed. A
process that a test has left behind is killed at that age too, and written to standard output,
because bats does not end before the last process that has its output open. tests/run starts this
program.

bats' own limit does not work here: its countdown is a child of the test, so that a "wait" in the
test waits for it, and it ends the children of the test's shell, but not their children.
"""

import functools
import os
import pathlib
import signal
import sys
import time

GRACE = 15  # seconds for the shell to report the failure


class Process:
    def __init__(self, folder):
        self.folder = folder
        self.pid = int(folder.name)
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        self.parent = int(fields[1])
        self.age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")

    # These are read of few processes, once one of them is old.
    @functools.cached_property
    def environment(self):
        return self.read("environ").split(b"\0")

    @functools.cached_property
    def command(self):
        return self.read("cmdline").rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")

    def read(self, name):
        try:
            return (self.folder / name).read_bytes()
        except OSError:  # it has just ended
            return b""

    def runs_a_test(self):
        return "/bats-exec-test " in self.command

    def end(self, number=signal.SIGKILL):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass


def processes():
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            process = Process(folder)
        except OSError:  # it has just ended, or belongs to another user
            continue
        found[process.pid] = process
    return found


def descendants(pid, found):
    children = [process for process in found.values() if process.parent == pid]
    return children + [below for child in children for below in descendants(child.pid, found)]


def end_overdue(run, limit, told):
    found = processes()
    old = [process for process in found.values() if process.age >= limit and run in process.environment]
    for process in old:
        if not process.runs_a_test():
            continue
        parent = found.get(process.parent)
        if parent and parent.runs_a_test():
            continue  # a subshell of the test
        if process.pid not in told:
            told.add(process.pid)
            process.end(signal.SIGUSR1)
        elif process.age > limit + GRACE:
            process.end()
        else:
            continue
        for below in descendants(process.pid, found):
            below.end()
    for process in old:
        orphan = process.parent not in found or run not in found[process.parent].environment
        if orphan and any(b.startswith(b"BATS_TEST_NAME=") for b in process.environment):
            process.end()
            print(process.pid, process.command, flush=True)


def main():
    run = b"PATCHPIPE_RUN=" + os.fsencode(sys.argv[1])
    limit = int(sys.argv[2])
    parent, told = os.getppid(), set()
    while os.getppid() == parent:
        time.sleep(min(1 + limit // 100, 5))
        end_overdue(run, limit, told)


main()
