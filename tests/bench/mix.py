# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""audio-mix and song-mix: tracks against sox -m and ffmpeg's amix, and what many items and a long
mix take."""

import json

from measure import QUICK, Case, Comparison, prepare, say, size, workplace

TRACKS = 16
SECONDS = size(60, 10)
ITEMS = size(100_000, 10_000)


def write_tracks():
    for number in range(TRACKS):
        prepare(f"sox -R -n -r 44100 -c 2 -b 16 {number}.wav synth {SECONDS} pinknoise pinknoise vol 0.1")
    prepare(f"sox -R -n -r 48000 -c 2 -b 16 other.wav synth {SECONDS} pinknoise pinknoise vol 0.1")
    prepare("sox -R -n -r 44100 -c 2 -b 16 hit.wav synth 0.2 pinknoise pinknoise vol 0.1")


def tracks():
    """A job is a second of one track."""
    subject = f"a mix of {TRACKS} tracks of {SECONDS} s"
    files = " ".join(f"{number}.wav" for number in range(TRACKS))
    ours, theirs = "audio-mix", "sox -m"
    commands = {
        ours: f"audio-mix -o mix.wav {files}",
        theirs: "sox -D -m " + " ".join(f"-v 1 {file}" for file in files.split()) + " theirs.wav",
    }
    jobs = TRACKS * SECONDS
    measured = Comparison(subject, {name: Case(command, jobs, memory=True)
                                    for name, command in commands.items()})
    prepare("wav-diff --tolerance 0.0000306 mix.wav theirs.wav")
    measured.ratio(theirs, ours)


def song():
    """A job is a second of one track of 64, all at their own level."""
    count = 64
    subject = f"a song of {count} tracks of {SECONDS} s"
    files = [f"{number % TRACKS}.wav" for number in range(count)]
    with open("song", "w", encoding="utf-8") as file:
        file.write(json.dumps({"type": "song", "sample_rate": 44100}) + "\n")
        for number, path in enumerate(files):
            file.write(json.dumps({"type": "track", "track": f"t{number}"}) + "\n")
            file.write(json.dumps({"type": "item", "item": f"i{number}", "track": f"t{number}", "time": 0,
                                   "length": SECONDS, "source": {"kind": "audio", "path": path}}) + "\n")
    ours, sox, ffmpeg = "song-mix", "sox -m", "ffmpeg amix"
    inputs = " ".join(f"-i {path}" for path in files)
    commands = {
        ours: "song-mix -p song -o mix.wav",
        sox: "sox -D -m " + " ".join(f"-v 1 {path}" for path in files) + " theirs.wav",
        ffmpeg: f"ffmpeg -v error -y {inputs} -filter_complex amix=inputs={count}:normalize=0 amix.wav",
    }
    measured = Comparison(subject, {name: Case(command, count * SECONDS, memory=True)
                                    for name, command in commands.items()})
    prepare("wav-diff --tolerance 0.0000306 mix.wav theirs.wav")
    measured.ratio(sox, ours)
    measured.ratio(ffmpeg, ours)


def resampled():
    """A job is a second."""
    subject = f"{SECONDS} s from 48000 to 44100 Hz"
    ours, theirs = "audio-mix", "sox rate -v"
    measured = Comparison(subject, {
        ours: Case("audio-mix -r 44100 -o mix.wav other.wav", SECONDS, memory=True),
        theirs: Case("sox -D -G other.wav theirs.wav rate -v 44100", SECONDS, memory=True),
    })
    measured.ratio(theirs, ours)


def items():
    """The peak shows what a record takes."""
    subject = f"{ITEMS:,} items"
    with open("items", "w", encoding="utf-8") as file:
        for number in range(ITEMS):
            file.write(json.dumps({"input_path": "hit.wav", "time": round(number * 0.0123, 4),
                                   "pan": number % 3 - 1, "fade_out": 0.05}) + "\n")
    Comparison(subject, {"audio-mix": Case("audio-mix -o mix.wav < items", ITEMS, 1, memory=True)})


def long_mix():
    """The peak does not grow with the length. A job is a second of one track."""
    for seconds in (60, size(3600, 600)):
        subject = f"64 tracks, {seconds:,} s"
        with open("items", "w", encoding="utf-8") as file:
            for number in range(64):
                file.write(json.dumps({"input_path": f"{number % TRACKS}.wav", "loop": True,
                                       "length": seconds, "offset": number / 64}) + "\n")
        Comparison(subject, {"audio-mix": Case("audio-mix -o /dev/null < items", 64 * seconds, 1,
                                               memory=True)}, runs=1 if QUICK else 2)


def main():
    with workplace(megabytes=500, files=100):
        say("mix: making the tracks")
        write_tracks()
        tracks()
        song()
        resampled()
        items()
        long_mix()


main()
