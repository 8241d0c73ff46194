# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: same_record.py A B [TOLERANCE]
Compares the record on standard input with NumPy's results for the two files, WAV or npy, and prints
the keys that differ."""

import json
import struct
import sys

import numpy as np


def read_wav(path):
    """(frames, channels) and the sample rate."""
    data = open(path, "rb").read()
    at, format_chunk = 12, None
    while True:
        name, size = struct.unpack_from("<4sI", data, at)
        chunk = data[at + 8:at + 8 + size]
        if name == b"data":
            break
        if name == b"fmt ":
            format_chunk = chunk
        at += 8 + size + size % 2
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", format_chunk)
    if tag == 0xFFFE:
        tag = struct.unpack_from("<H", format_chunk, 24)[0]
    if tag == 3:
        samples = np.frombuffer(chunk, f"<f{bits // 8}").astype(float)
    else:
        wide = np.frombuffer(chunk, "u1").reshape(-1, bits // 8)
        wide = np.pad(wide, ((0, 0), (4 - bits // 8, 0))).copy()
        samples = wide.view("<i4")[:, 0] / 2.0**31
    return samples.reshape(-1, channels), rate


def read(path):
    if path.endswith(".npy"):
        return np.load(path).T.astype(float), None
    return read_wav(path)


def decibels(square):
    if square == 0:
        return None
    level = 10 * np.log10(square)
    return None if np.isinf(level) else round(level, 3)


def expected(paths, tolerance):
    (a, rate_a), (b, rate_b) = map(read, paths)
    frames, channels = min(len(a), len(b)), min(a.shape[1], b.shape[1])
    x, y = a[:frames, :channels], b[:frames, :channels]
    with np.errstate(invalid="ignore"):
        difference = np.abs(x - y)
    difference[(x == y) | (np.isnan(x) & np.isnan(y))] = 0
    difference[np.isnan(difference)] = np.inf
    differing = difference > tolerance
    where = np.flatnonzero(differing.any(axis=1))
    most = difference.max(initial=0)
    same_rate = rate_a is None or rate_b is None or rate_a == rate_b
    return {
        "a": paths[0], "b": paths[1],
        "equal": bool(a.shape == b.shape and same_rate and not differing.any()),
        "frames_a": len(a), "frames_b": len(b),
        "channels_a": a.shape[1], "channels_b": b.shape[1],
        "sample_rate_a": rate_a, "sample_rate_b": rate_b,
        "max_difference": None if np.isinf(most) else float(most),
        "max_difference_db": decibels(most**2),
        "rms_difference_db": decibels((difference**2).mean() if difference.size else 0),
        "first_difference": int(where[0]) if where.size else None,
        "differing_samples": int(differing.sum()),
    }


def same(ours, theirs):
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= 0.001001  # a thousandth of a decibel may round either way
    return ours == theirs


record = json.load(sys.stdin)
wanted = expected(sys.argv[1:3], float(sys.argv[3]) if len(sys.argv) > 3 else 0)
if list(record) != list(wanted):
    print("other keys:", list(record))
for key, value in wanted.items():
    exact = key == "max_difference"
    if record[key] != value if exact else not same(record[key], value):
        print(f"{key}: {record[key]} instead of {value}")
