# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine and the versions behind the figures: two records, without names, dates or paths."""

import os
import platform
import re
import subprocess

from measure import PYTHON, QUICK, RUNS, write

PEERS = ("dawdreamer", "pedalboard", "serum2-preset-loader", "rpp", "rppxml", "corrscope")
PACKAGES = ("amsynth", "ffmpeg", "jq", "findutils", "juce-modules-source-data", "libc6")


def output_of(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def line_of(path, pattern):
    with open(path) as file:
        found = re.search(pattern, file.read(), re.MULTILINE)
    return found and found[1]


def package_versions():
    listed = output_of("dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES)
    return dict(line.split() for line in listed.splitlines())


def peer_versions():
    """By name; a peer that is not installed is left out, and the subjects say so."""
    program = (
        "import importlib.metadata as m, sys\n"
        "names = {d.metadata['Name'].lower(): d.version for d in m.distributions()}\n"
        "print(*(f'{n} {names[n]}' for n in sys.argv[1:] if n in names), sep='\\n')"
    )
    listed = output_of(PYTHON, "-c", program, *PEERS) if PYTHON.exists() else ""
    return dict(line.split() for line in listed.splitlines())


def main():
    write(
        kind="machine",
        processor=line_of("/proc/cpuinfo", r"^model name\s*: (.*)$") or platform.machine(),
        processors=os.cpu_count(),
        memory_gb=round(int(line_of("/proc/meminfo", r"^MemTotal: *(\d+)")) / 2**20),
        kernel=platform.release(),
        system=line_of("/etc/os-release", r'^PRETTY_NAME="(.*)"'),
        load_before=os.getloadavg()[0],
        scale="quick" if QUICK else "full",
        runs=RUNS,
    )
    versions = {"patchpipe": output_of("job-grid", "--version").split()[-1]}
    versions |= {"gcc": output_of("g++", "-dumpfullversion"), "Python": platform.python_version()}
    write(kind="versions", **versions, **package_versions(), **peer_versions())


main()
