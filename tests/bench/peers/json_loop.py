# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plainest filter over records in Python: reads each line's JSON, sets a field, writes it."""

import json
import sys

for line in sys.stdin:
    record = json.loads(line)
    record["tail"] = 2
    print(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
