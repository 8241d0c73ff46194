# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: find_presets.py FOLDER

Finds presets as a Python program does, sorted, a path a line.
"""

import pathlib
import sys

for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.fxp")):
    print(path)
