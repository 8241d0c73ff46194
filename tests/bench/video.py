# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""song-draw's oscilloscopes beside corrscope's, both on one core: frames a second, and how still
the pictures stand while the pitch slides."""

import json
import os
import pathlib
import subprocess
import wave

import numpy

from measure import (Case, Comparison, has_peer, has_program, peer, prepare, say, size, target,
                     workplace, write)

SUBJECT = "a scope of 8 channels at 1080p60"
RATE = 48000
FRAMES = size(600, 60)
CHANNELS = 8
CORE = f"taskset -c {max(os.sched_getaffinity(0))}"
# corrscope's own, for both.
X264 = "-c:v libx264 -crf 18 -preset superfast -pix_fmt yuv420p"


def write_wav(path, samples):
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def write_stems():
    """Pulses, saws and triangles with vibrato that play scales, as chips do."""
    shapes = (lambda p: numpy.where(p < 0.5, 1, -1), lambda p: numpy.where(p < 0.25, 1, -1),
              lambda p: 2 * p - 1, lambda p: 4 * abs(p - 0.5) - 1)
    scale = numpy.array((0, 3, 5, 7, 10, 12, 15, 17))
    t = numpy.arange(FRAMES * RATE // 60) / RATE
    with open("stems", "w", encoding="utf-8") as file:
        for channel in range(CHANNELS):
            notes_a_second = 4 if channel % 2 else 8
            step = (t * notes_a_second).astype(int)
            note = 36 + 6 * channel + scale[(step * (3 + channel % 3) + channel) % len(scale)]
            pitch = 440 * 2 ** ((note + 0.3 * numpy.sin(2 * numpy.pi * 5.5 * t) - 69) / 12)
            phase = numpy.cumsum(pitch) / RATE % 1
            fading = numpy.exp(-3 * (t * notes_a_second % 1))
            write_wav(f"{channel}.wav", 0.6 * shapes[channel % len(shapes)](phase) * fading)
            file.write(json.dumps({"track": f"{channel}.wav", "output_path": f"{channel}.wav"}) + "\n")


def check_video(path):
    found = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-show_entries",
                            "stream=nb_read_packets,width,height", "-of", "csv=p=0", path],
                           check=True, capture_output=True, text=True).stdout.strip()
    if found != f"1920,1080,{FRAMES}":
        raise SystemExit(f"bench: {path}: width, height, frames: {found}")


def speed():
    """A job is a frame, and beginning is included."""
    files = " ".join(f"{channel}.wav" for channel in range(CHANNELS))
    draw = "song-draw -v scope -o - stems 2> result"
    corrscope = peer("corrscope_video.py") + f" {FRAMES}"
    commands = {
        "song-draw, frames": draw,
        "corrscope, frames": f"{corrscope} - {files}",
        "song-draw, x264": f"{draw} | ffmpeg -v error -y -i - {X264} ours.mp4",
        "corrscope, x264": f"{corrscope} theirs.mp4 {files}",
    }
    checks = {"song-draw, x264": "ours.mp4", "corrscope, x264": "theirs.mp4"}
    measured = Comparison(SUBJECT, {
        name: Case(f"{CORE} bash -c 'set -o pipefail; {command}'", FRAMES,
                   memory=True,
                   check=(lambda name=name: check_video(checks[name])) if name in checks else None)
        for name, command in commands.items()
    })
    found = measured.ratio("corrscope, frames", "song-draw, frames")
    target(SUBJECT, "corrscope", "≥", 5, **found)
    measured.ratio("corrscope, x264", "song-draw, x264")


# What slides: the phase in periods at a time, and the wave at a phase.
def sweep(t):
    return 150 * t + 60 * t * t


def sine(phase):
    return numpy.sin(2 * numpy.pi * phase)


def modulated(phase):
    return numpy.sin(2 * numpy.pi * phase + 1.5 * numpy.sin(4 * numpy.pi * phase))


def drawn_waves(command, count):
    """For each gray frame that the command writes, where the line is in each column, as the middle
    of its light."""
    width, height = 1920, 1080
    rows = numpy.arange(height, dtype="float32")
    with subprocess.Popen(["/bin/bash", "-c", "set -euo pipefail; " + command],
                          stdout=subprocess.PIPE) as process:
        for _ in range(count):
            gray = numpy.frombuffer(process.stdout.read(width * height), "u1")
            light = numpy.maximum(gray.reshape(height, width).astype("float32") - 40, 0)
            yield -(rows @ light) / light.sum(axis=0)
    if process.returncode != 0:
        raise SystemExit(f"bench: {command}: ended with status {process.returncode}")


def drawn_phase(wave_at, drawn, time):
    """The phase in the middle of a picture, and the pixels of a period there: that of the sound
    around the time that is most like what is drawn."""
    pixel = 0.04 / len(drawn)  # in seconds
    period = 1 / ((sweep(time + 0.001) - sweep(time - 0.001)) / 0.002)
    reach = int(1.2 * period / pixel)
    middle = len(drawn) // 2
    part = drawn[middle - reach:middle + reach]
    part = part - part.mean()
    offsets = (numpy.arange(-reach, reach) + 0.5) * pixel
    tries = time + numpy.linspace(-0.5, 0.5, 401) * period
    waves = wave_at(sweep(tries[:, None] + offsets))
    waves -= waves.mean(axis=1, keepdims=True)
    likeness = waves @ part / numpy.sqrt((waves ** 2).sum(axis=1) * (part ** 2).sum())
    best = numpy.clip(likeness.argmax(), 1, len(tries) - 2)
    before, at, after = likeness[best - 1:best + 2]
    step = 0.5 * (before - after) / (before - 2 * at + after)
    return sweep(tries[best] + step * (tries[1] - tries[0])) % 1, period / pixel


def stillness():
    """How many pixels the phase moves from one picture to the next, without the first half second."""
    count, settle = size(420, 90), 30  # beyond the five seconds after which song-draw forgets
    t = numpy.arange(count * RATE // 60 + RATE) / RATE
    gray = "-f rawvideo -pix_fmt gray -"
    commands = {
        "song-draw": "song-draw -v scope --colors '#ffffff' --background '#000000' --no-grid"
                     f" --no-labels --frames :{count} -o - stem 2> result | ffmpeg -v error -i - {gray}",
        "corrscope": peer("corrscope_video.py") + f" {count} - --plain slide.wav"
                     " | ffmpeg -v error -f rawvideo -pix_fmt bgr0 -s 1920x1080 -r 60 -i - " + gray,
    }
    pathlib.Path("stem").write_text('{"track":"a","output_path":"slide.wav"}\n')
    for what, wave_at in ("a sine that slides", sine), ("an FM tone that slides", modulated):
        say(f"video: {what}")
        write_wav("slide.wav", 0.6 * wave_at(sweep(t)))
        means = {}
        for name, command in commands.items():
            found = [drawn_phase(wave_at, drawn, (number + 0.5) / 60)
                     for number, drawn in enumerate(drawn_waves(command, count))]
            phases, periods = numpy.array(found[settle:]).T
            moved = numpy.diff(phases)
            moved = abs(moved - numpy.round(moved)) * periods[1:]
            means[name] = float(moved.mean())
            write(kind="still", subject="trigger", case=f"{name}, {what}", frames=len(moved),
                  mean=means[name], most=float(moved.max()))
        target(f"trigger, pixels that {what} moves", "corrscope", "≤",
               round(means["corrscope"], 3), means["song-draw"], unit=" px")


def main():
    with workplace(megabytes=200, files=100):
        if not has_peer(SUBJECT, "corrscope.corrscope") or not has_program(SUBJECT, "ffmpeg"):
            return
        write_stems()
        speed()
        stillness()


main()
