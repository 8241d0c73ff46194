# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: load_project.py rpp|rppxml FILE

Loads a REAPER project with that library and prints how many tracks it has.
"""

import sys

library, path = sys.argv[1:]
if library == "rpp":
    import rpp

    with open(path) as file:
        tracks = len(rpp.load(file).findall("TRACK"))
else:
    import rppxml

    project = rppxml.load(path)
    tracks = sum(getattr(child, "name", None) == "TRACK" for child in project.children)
if tracks == 0:
    sys.exit(f"{path}: has no track")
print(tracks)
