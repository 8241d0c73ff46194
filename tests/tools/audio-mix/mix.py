# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: mix.py FILE ULPS CHANNELS PAN_LAW [SECONDS] < RECORDS
Calculates the mix of the records with NumPy, in double precision at 8000 Hz, and compares it with
an npy file: a sample may differ by that many steps of float32. Nothing is resampled."""

import json
import math
import sys
import wave

import numpy as np

RATE = 8000


def load(path):
    """Frames by channels, in double precision."""
    if path.endswith(".npy"):
        return np.load(path).T.astype(float)
    with wave.open(path) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return samples.reshape(-1, file.getnchannels()) / 32768


def quarter_sine(x):
    share = 1 - math.pi / 4
    return 1 - (1 - x) ** 2 * (1 + share - share * (1 - x) ** 2)


SHAPES = {
    "linear": lambda x: x,
    "fast-start": lambda x: x * (2 - x),
    "fast-end": lambda x: x**2,
    "fast-start-steep": lambda x: 1 - (1 - x) ** 4,
    "fast-end-steep": lambda x: x**4,
    "smooth": lambda x: (3 - 2 * x) * x**2,
    "smooth-steep": lambda x: np.where(x <= 0.5, 8 * x**4, 1 - 8 * (1 - x) ** 4),
    "equal-power": quarter_sine,
}


def frame(seconds):
    return math.floor(seconds * RATE + 0.5)


def part(record):
    """The item's frames before its fades."""
    source = load(record["input_path"])[frame(record.get("offset", 0)):]
    if "length" not in record:
        return source
    begin = record.get("time", 0)
    frames = frame(begin + record["length"]) - frame(begin)
    if record.get("loop"):
        source = np.tile(source, (frames // len(source) + 1, 1))
    return np.pad(source[:frames], ((0, max(0, frames - len(source))), (0, 0)))


def faded(record):
    samples = part(record).copy()
    frames = len(samples)
    fade_in = min(frame(record.get("fade_in", 0)), frames)
    fade_out = min(frame(record.get("fade_out", 0)), frames)
    if fade_in:
        rising = SHAPES[record.get("fade_in_shape", "linear")](np.arange(fade_in) / fade_in)
        samples[:fade_in] *= rising[:, None]
    if fade_out:
        position = 1 - np.arange(fade_out) / fade_out
        samples[frames - fade_out:] *= SHAPES[record.get("fade_out_shape", "linear")](position)[:, None]
    return samples


def levels(record, law):
    pan = record.get("pan", 0)
    gain = 10 ** (record.get("gain_db", 0) / 20)
    if law == "balance":
        return gain * min(1, 1 - pan), gain * min(1, 1 + pan)
    angle = (pan + 1) * math.pi / 4
    return gain * math.cos(angle), gain * math.sin(angle)


def placed(record, channels, law):
    """The item as it is added to the mix, frames by channels."""
    samples = faded(record)
    if samples.shape[1] > 2:
        wide = samples * 10 ** (record.get("gain_db", 0) / 20)
        return np.pad(wide, ((0, 0), (0, channels - wide.shape[1])))
    left, right = levels(record, law)
    stereo = np.stack([samples[:, 0] * left, samples[:, -1] * right], axis=1)
    if channels == 1:
        return stereo.mean(axis=1, keepdims=True)
    return np.pad(stereo, ((0, 0), (0, channels - 2)))


def main():
    path, ulps, channels, law = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    records = sorted((json.loads(line) for line in sys.stdin),
                     key=lambda record: (record.get("time", 0), record["input_path"]))
    items = [(frame(record.get("time", 0)), placed(record, channels, law)) for record in records]
    frames = max(begin + len(samples) for begin, samples in items)
    mix = np.zeros((frames, channels))
    for begin, samples in items:
        mix[begin:begin + len(samples)] += samples
    if len(sys.argv) > 5:
        frames = frame(float(sys.argv[5]))
        mix = np.pad(mix, ((0, max(0, frames - len(mix))), (0, 0)))[:frames]
    wanted = mix.astype("<f4").T
    found = np.load(path)
    if found.shape != wanted.shape:
        sys.exit(f"{found.shape}, not {wanted.shape}")
    apart = np.abs(found.astype(float) - wanted) > ulps * np.spacing(np.abs(wanted)) + 1e-15
    if apart.any():
        channel, first = np.argwhere(apart)[0]
        sys.exit(f"{apart.sum()} samples differ, the first in frame {first} of channel {channel}: "
                 f"{found[channel, first]}, not {wanted[channel, first]}")
    if not np.abs(wanted).max() > 0.01:
        sys.exit("the mix is silent, so nothing was compared")


main()
