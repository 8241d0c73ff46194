# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: convert_serum.py FOLDER < RECORDS

Turns every preset into a state with serum2-preset-loader, in one process.
"""

import json
import pathlib
import sys

from serum2_preset_loader import convert_preset_file

folder = pathlib.Path(sys.argv[1])
folder.mkdir()
for line in sys.stdin:
    path = json.loads(line)["preset_path"]
    (folder / (pathlib.Path(path).stem + ".state")).write_bytes(convert_preset_file(path))
