# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-reathon.py FILE

Makes a project as a user of reathon does.
"""

import sys

from reathon.nodes import Item, Project, Source, Track

project = Project(tempo=97)
for number in range(4):
    track = Track(name=f"Track {number}", volpan=0.25 * (number + 1))
    for item in range(3):
        track.add(Item(Source(file=f"take {item}.wav"), position=1.5 * item, length=1.25,
                       name=f"take {item}"))
    project.add(track)
project.add_marker(1, 2.5, "Verse")
project.add_region(2, 3, 4.5, "Chorus")
project.write(sys.argv[1])
