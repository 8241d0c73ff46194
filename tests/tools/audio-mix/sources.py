# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Noise of several rates and channels in the current folder, the same every time: mono.wav,
stereo.wav, short.wav, quad.wav and low.wav in 16 bits, and array.npy."""

import wave

import numpy as np

random = np.random.default_rng(1)


def write(name, channels, frames, rate):
    with wave.open(name, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(random.integers(-9000, 9000, channels * frames, dtype="<i2").tobytes())


write("mono.wav", 1, 30000, 8000)
write("stereo.wav", 2, 50000, 8000)
write("short.wav", 2, 37, 8000)
write("quad.wav", 4, 20000, 8000)
write("low.wav", 1, 20000, 6000)
np.save("array.npy", np.asarray(random.standard_normal((2, 9000)) / 5, dtype="<f4"))
