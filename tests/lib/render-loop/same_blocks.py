# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: same_blocks.py RENDER_LOOP COUNT
Gives the program render-loop COUNT random scores, the same ones every time, most of their events at
the edges of blocks, and compares blocks, events and frames with a calculation of its own. Prints
what differs, then the number of scores, of blocks and of events."""

import json
import random
import subprocess
import sys

import numpy as np

MESSAGES = ["903c40", "803c40", "903c00", "c005", "f04310f7", "f001f7"]
CONTROLLERS = ["b00140", "b04000", "d010", "e00040", "a03c40", "bf7b00"]


def random_case():
    block = random.choice([1, 2, 7, 64, 512, 5000])
    frames = random.choice([0, 1, block - 1, block, block + 1, random.randrange(3000)])
    latency = random.choice([0, 0, 1, block - 1, block, block + 1, 3 * block + 5])
    events = []
    for _ in range(random.choice([0, 1, 10, 60])):
        edge = random.randrange(6) * block
        frame = random.choice([0, edge, edge + block - 1, edge + 1, random.randrange(4000)])
        events.append((frame, random.choice(MESSAGES + CONTROLLERS)))
    events.sort(key=lambda event: event[0])
    settings = {"block_size": block, "frames": frames, "latency_frames": latency,
                "one_controller_a_block": random.random() < 0.5}
    return settings, events


def expected_blocks(settings, events):
    total = settings["frames"] + settings["latency_frames"]
    cuts = {total}
    if settings["one_controller_a_block"]:
        cuts.update(frame for frame, data in events if data in CONTROLLERS)
    begin, blocks = 0, []
    while begin < total:
        end = min([cut for cut in cuts if begin < cut <= total] + [begin + settings["block_size"]])
        inside = [[frame - begin, data] for frame, data in events if begin <= frame < end]
        blocks.append({"frame": begin, "frames": end - begin, "events": inside})
        begin = end
    return blocks


def run(program, settings, events):
    lines = "".join(f"{frame} {data}\n" for frame, data in events)
    output = subprocess.run([program, json.dumps(settings), "out.f32"], input=lines, text=True,
                            check=True, capture_output=True).stdout.splitlines()
    *blocks, result = map(json.loads, output)
    blocks = [{key: block[key] for key in ("frame", "frames", "events")} for block in blocks]
    return blocks, result["rendered"], np.fromfile("out.f32", "<f4")


program, count = sys.argv[1], int(sys.argv[2])
random.seed(20260102)
block_total = event_total = 0
for _ in range(count):
    settings, events = random_case()
    blocks, rendered, samples = run(program, settings, events)
    if blocks != expected_blocks(settings, events):
        print("other blocks:", settings, events)
    counted = np.arange(2 * settings["frames"]) + 2 * settings["latency_frames"]
    if rendered != settings["frames"] or not np.array_equal(samples, counted):
        print("other frames:", settings, events)
    block_total += len(blocks)
    event_total += sum(len(block["events"]) for block in blocks)
print(count, block_total, event_total)
