# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user of a Python library writes to get 16-bit WAV files."""

import os
import wave

import numpy


def write_wav(path, audio, sample_rate):
    """audio: floats of the shape (channels, frames)."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    samples = (numpy.clip(audio.T, -1.0, 1.0) * 32767).astype("<i2")
    with wave.open(path, "wb") as file:
        file.setnchannels(audio.shape[0])
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(samples.tobytes())
