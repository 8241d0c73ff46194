# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: random_files.py COUNT
Writes COUNT MIDI files of types 0 and 1 into the current folder with mido, the same ones every time:
tempo changes on any track, running status, sysex, events at the same tick, pauses before the end."""

import random
import sys

import mido

TICKS = [24, 48, 96, 120, 192, 384, 480, 960, 1000, 15360, 32767]


def message(time):
    kind = random.choice(["note"] * 5 + ["control", "program", "bend", "pressure", "sysex"])
    number, value, channel = random.randrange(128), random.randrange(128), random.randrange(2)
    if kind == "note":
        on = random.choice(["note_on", "note_off"])
        note = random.randrange(60, 64)
        return mido.Message(on, note=note, velocity=random.choice([0, value]), time=time)
    if kind == "control":
        return mido.Message("control_change", control=number, value=value, time=time)
    if kind == "program":
        return mido.Message("program_change", program=number, channel=channel, time=time)
    if kind == "bend":
        return mido.Message("pitchwheel", pitch=random.randint(-8192, 8191), time=time)
    if kind == "pressure":
        return mido.Message("aftertouch", value=value, channel=channel, time=time)
    data = [random.randrange(128) for _ in range(random.randint(0, 300))]
    return mido.Message("sysex", data=data, time=time)


def meta(time):
    if random.random() < 0.7:
        tempo = random.choice([500000, random.randint(1, 16777215)])
        return mido.MetaMessage("set_tempo", tempo=tempo, time=time)
    if random.random() < 0.5:
        numerator, denominator = random.randint(1, 12), 2 ** random.randint(0, 5)
        return mido.MetaMessage(
            "time_signature", numerator=numerator, denominator=denominator, time=time)
    return mido.MetaMessage("text", text="x" * random.randint(0, 200), time=time)


def track(ticks, meta_share):
    events = mido.MidiTrack()
    for _ in range(random.randint(0, 120)):
        time = random.choice([0, 0, 1, random.randint(0, ticks), random.randint(0, 4 * ticks)])
        events.append(meta(time) if random.random() < meta_share else message(time))
    if random.random() < 0.5:
        pause = random.randint(0, 100 * ticks)
        events.append(mido.MetaMessage("end_of_track", time=pause))
    return events


random.seed(20260101)
for index in range(int(sys.argv[1])):
    file_type = index % 2
    ticks = random.choice(TICKS + [random.randint(24, 32767)])
    song = mido.MidiFile(type=file_type, ticks_per_beat=ticks)
    tracks = 1 if file_type == 0 else random.randint(1, 6)
    tempo_track = random.randrange(tracks)
    for i in range(tracks):
        song.tracks.append(track(ticks, 0.5 if i == tempo_track else 0.05))
    song.save(f"random-{index:03}.mid")
