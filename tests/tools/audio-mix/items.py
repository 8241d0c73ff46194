# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: items.py SEED COUNT FEATURE...
Random records for audio-mix, the same for the same seed, with the fields of those features."""

import json
import random
import sys

SHAPES = ["linear", "fast-start", "fast-end", "fast-start-steep", "fast-end-steep", "smooth",
          "smooth-steep", "equal-power"]


def item(chance, features):
    record = {"input_path": chance.choice(["mono.wav", "stereo.wav", "short.wav", "array.npy"])}
    seconds = lambda most: round(chance.uniform(0, most), chance.choice([1, 3, 9]))
    if "time" in features:
        record["time"] = seconds(8)
    if "length" in features and chance.random() < 0.7:
        record["length"] = max(seconds(5), 0.01)
    if "offset" in features:
        record["offset"] = min(seconds(1.1), 0.004 if record["input_path"] == "short.wav" else 1)
    if "gain_db" in features:
        record["gain_db"] = seconds(30) - 24
    if "pan" in features:
        record["pan"] = chance.choice([-1, 1, 0, seconds(2) - 1])
    if "fade" in features:
        record |= {"fade_in": seconds(0.5), "fade_out": seconds(3)}
        record |= {f"fade_{end}_shape": chance.choice(SHAPES) for end in ("in", "out")}
    if "loop" in features and "length" in record:
        record["loop"] = chance.random() < 0.8
    return record


seed, count = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
for _ in range(count):
    print(json.dumps(item(chance, sys.argv[3:])))
