# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: songs.py sources | songs.py SEED FEATURE...
Writes the audio, or a song at random that plays it. The features: items, takes, fades, envelopes,
pans, folders, sends."""

import json
import random
import sys

RATE = 8000
SOURCES = {"mono.npy": 1, "stereo.npy": 2}
FADES = ["linear", "fast-start", "fast-end", "fast-start-steep", "fast-end-steep", "smooth",
         "smooth-steep"]
SHAPES = ["linear", "square", "slow", "fast-start", "fast-end", "bezier"]


def write_sources():
    import numpy as np
    noise = np.random.default_rng(1)
    for name, channels in SOURCES.items():
        np.save(name, noise.uniform(-0.2, 0.2, (channels, RATE)).astype("<f4"))


class Writer:
    def __init__(self, seed, features):
        self.random, self.features, self.records, self.envelopes = random.Random(seed), features, [], 0

    def write(self, what, **fields):
        self.records.append({"type": what, **fields})

    def number(self, low, high):
        return round(self.random.uniform(low, high), 4)

    def some(self):
        return self.random.random() < 0.5

    def envelope(self, target, low, high, **owner):
        self.envelopes += 1
        points, time = [], self.number(0, 0.5)
        for _ in range(self.random.randint(1, 6)):
            point = [round(time, 4), self.number(low, high), self.random.choice(SHAPES)]
            points.append(point + [self.number(-1, 1)] if point[2] == "bezier" else point)
            time += self.random.choice([0, self.number(0.01, 1)])
        fields = {"scale": "fader"} if target == "gain" and self.some() else {}
        self.write("envelope", envelope=f"e{self.envelopes}", target=target, points=points, **owner, **fields)

    def envelopes_of(self, **owner):
        if "envelopes" not in self.features:
            return
        for target, low, high in (("gain", 0.2, 2), ("pan", -1, 1), ("mute", 0.4, 1)):
            if self.some() and (target, owner.get("track")) != ("mute", "master"):
                self.envelope(target, low, high, **owner)

    def item(self, track, number):
        fields = {"time": self.number(0, 2), "length": self.number(0.05, 1.5)}
        source = {"kind": "audio", "path": self.random.choice(list(SOURCES))}
        if "takes" in self.features:
            fields |= {"offset": self.number(-0.2, 0.9), "loop": self.some(), "reverse": self.some(),
                       "channel_mode": self.random.randint(0, 4), "gain": self.number(0, 1.5),
                       "take_gain": self.number(0, 1.5), "inverted": self.some(), "pan": self.number(-1, 1),
                       "mute": self.random.random() < 0.1}
            if self.some():
                source |= {"from": self.number(0, 0.5), "section_length": self.number(0.01, 0.5), "mode": 1}
        if "fades" in self.features:
            for end in ("in", "out"):
                fields[f"fade_{end}"] = self.number(0, 1)
                fields[f"fade_{end}_shape"] = self.random.choice(FADES)
                if self.some():
                    fields[f"fade_{end}_curve"] = self.number(-1, 1)
                if self.some():
                    fields[f"auto_fade_{end}"] = self.number(0, 0.5)
        self.write("item", item=f"{track}.i{number}", track=track, **fields, source=source)
        self.envelopes_of(track=track, item=f"{track}.i{number}")

    def strip(self):
        fields = {"gain": self.number(0.2, 1.2), "inverted": self.some()}
        if "pans" in self.features:
            fields |= {"pan": self.number(-1, 1), "width": self.number(-1, 1), "pan_left": self.number(-1, 1),
                       "pan_mode": self.random.choice([-1, 0, 3, 5, 6]),
                       "pan_law": self.random.choice([-1, 0.5, 0.7079, 1, 1.4125])}
        return fields

    def strip_envelopes(self, track):
        self.envelopes_of(track=track)
        if "envelopes" not in self.features:
            return
        self.envelope("gain", 0.3, 1.5, track=track, stage="trim")
        if self.some():
            self.envelope("gain", 0.3, 1.5, track=track, stage="pre-fx")
            self.envelope("width", -1, 1, track=track)

    def song(self):
        self.write("song", sample_rate=RATE, pan_law=self.random.choice([1, 0.7079]), pan_mode=3)
        tracks = [f"t{number}" for number in range(1, 8)]
        for number, track in enumerate(tracks):
            parents = {"parent": self.random.choice(tracks[:number])} if number and "folders" in self.features and self.some() else {}
            if "folders" in self.features:
                parents |= {"master_send": self.random.random() < 0.8, "mute": self.random.random() < 0.1}
            self.write("track", track=track, name=f"Track {number}", **parents, **self.strip())
            self.strip_envelopes(track)
            for item in range(1, 5):
                self.item(track, item)
        if "sends" in self.features:
            self.sends(tracks)
        self.write("track", track="master", kind="master", **self.strip())
        self.strip_envelopes("master")

    def sends(self, tracks):
        """Into a bus each, that hears no other, so there is no feedback."""
        self.write("track", track="bus", name="Bus", **self.strip())
        for number, track in enumerate(tracks):
            send = f"s{number}"
            self.write("send", send=send, source_track=track, track="bus", gain=self.number(0, 1),
                       mode=self.random.choice(["post-fader", "pre-fader", "pre-fx"]), pan=self.number(-1, 1),
                       mute=self.random.random() < 0.1, mono=self.some(), inverted=self.some(),
                       source_channel=self.random.choice([0, 0, 1024, 1025]),
                       target_channel=self.random.choice([0, 0, 1024, 1025]))
            self.envelopes_of(track="bus", send=send)


def main():
    if sys.argv[1] == "sources":
        return write_sources()
    writer = Writer(int(sys.argv[1]), sys.argv[2:])
    writer.song()
    for record in writer.records:
        print(json.dumps(record))


main()
