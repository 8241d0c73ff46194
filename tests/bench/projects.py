# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""song-read and song-write beside the parsers of REAPER's files for Python."""

from inputs import write_reaper_project
from measure import (Case, Comparison, has_peer, peer, prepare, say, size, target, workplace)

MEGABYTES = size(50, 4)
CHANGE = '{"type":"track","track":"t2","gain":0.1}'


def read():
    """A job is a megabyte."""
    subject = f"a REAPER project of {MEGABYTES} MB"
    cases = {
        "song-read": Case("song-read song.rpp", MEGABYTES, memory=True),
        "song-read --raw": Case("song-read --raw song.rpp", MEGABYTES, memory=True),
        "song-read --raw, song-write": Case(
            "song-read --raw song.rpp | song-write -o same.rpp", MEGABYTES, memory=True,
            check=lambda: prepare("cmp song.rpp same.rpp")),
        "song-write --into, one gain": Case(
            f"echo '{CHANGE}' | song-write --into song.rpp -o changed.rpp", MEGABYTES, memory=True,
            check=lambda: prepare("(($(cmp -l song.rpp changed.rpp | wc -l) > 0))")),
    }
    theirs = {"Python, rpp": "rpp", "Python, rppxml": "rppxml"}
    for name, module in list(theirs.items()):
        if has_peer(subject, module):
            cases[name] = Case(f"{peer('load_project.py')} {module} song.rpp", MEGABYTES,
                               memory=True)
        else:
            del theirs[name]
    measured = Comparison(subject, cases)
    for name in theirs:
        for ours in "song-read", "song-read --raw":
            found = measured.ratio(name, ours)
            if name == "Python, rpp":
                target(f"{ours}, {MEGABYTES} MB", name, "≥", 20, **found)


def main():
    with workplace(megabytes=300, files=10):
        say("projects: making one")
        write_reaper_project("song.rpp", MEGABYTES * 1_000_000)
        read()


main()
