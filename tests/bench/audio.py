# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring audio: one long file, and many short ones as presets give."""

import os
import shutil
import wave

import numpy as np

from measure import Case, Comparison, has_program, say, size, target, workplace

RATE = 48000
MINUTES = size(5, 1)
NOTES = size(500, 50)


def write_wav(path, seconds, decay, seed):
    """Stereo in 16 bits: partials of a note that decays again and again, and noise."""
    frames = round(seconds * RATE)
    t = np.arange(frames) / RATE
    tone = sum(np.sin(2 * np.pi * 110 * k * t) / k for k in range(1, 6))
    noise = np.random.default_rng(seed).standard_normal((2, min(frames, 10 * RATE)))
    noise = np.resize(noise, (2, frames))
    samples = (0.3 * tone + 0.05 * noise) * np.exp(-decay * (t % 4))
    with wave.open(path, "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").T.tobytes())


def ffmpeg(path, options=""):
    return ("ffmpeg -nostdin -hide_banner -loglevel error -nostats "
            f"-i {path} -af ebur128=framelog=verbose{options} -f null -")


def long_file():
    subject = f"loudness of {MINUTES} minutes"
    say(f"{subject}: making them")
    write_wav("long.wav", 60 * MINUTES, 0.5, 1)
    commands = {
        "audio-measure, loudness": "audio-measure -m loudness long.wav",
        "audio-measure, loudness and true peak": "audio-measure -m loudness,true-peak long.wav",
        "audio-measure": "audio-measure long.wav",
        "audio-measure, all": "audio-measure -m all long.wav",
    }
    has_ffmpeg = has_program(subject, "ffmpeg")
    if has_ffmpeg:
        commands["ffmpeg, ebur128"] = ffmpeg("long.wav")
        commands["ffmpeg, ebur128 with peak"] = ffmpeg("long.wav", ":peak=true")
    # A second of audio is a job.
    cases = {name: Case(command, 60 * MINUTES, memory=True) for name, command in commands.items()}
    measured = Comparison(subject, cases)
    if has_ffmpeg:
        found = measured.ratio("ffmpeg, ebur128", "audio-measure, loudness")
        target("loudness of a long file", "ffmpeg, ebur128", "≥", 1, **found)
        measured.ratio("ffmpeg, ebur128 with peak", "audio-measure, loudness and true peak")
    os.remove("long.wav")


def notes():
    subject = f"loudness of {NOTES:,} notes of 2 s"
    say(f"{subject}: making them")
    os.mkdir("notes")
    for number in range(NOTES):
        write_wav(f"notes/{number:04}.wav", 2, 2, number)
    commands = {"audio-measure, loudness": "audio-measure -m loudness notes/*.wav",
                "audio-measure": "audio-measure notes/*.wav",
                "audio-measure, all": "audio-measure -m all notes/*.wav"}
    cases = {name: Case(command, NOTES, NOTES, memory=True) for name, command in commands.items()}
    if has_program(subject, "ffmpeg"):
        each = ffmpeg('"$file"')
        cases["ffmpeg, a process each"] = Case(
            f"for file in notes/*.wav; do {each}; done", NOTES, memory=True)
    measured = Comparison(subject, cases)
    if len(cases) > len(commands):
        measured.ratio("ffmpeg, a process each", "audio-measure, loudness")
    shutil.rmtree("notes")


def main():
    with workplace(megabytes=800, files=size(2_000, 200)):
        long_file()
        notes()


main()
