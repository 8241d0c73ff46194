# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: reference.py MIX.npy [TRACK [START END]] < SONG
Mixes the song's records with NumPy in double precision and compares a file with that, or with one
of its tracks behind its fader: a sample may differ by one step of 24 bits. Sources are npy files at
8000 Hz, which is the song's rate, so nothing is resampled; nothing has effects, nothing is solo."""

import json
import sys

import numpy as np

RATE = 8000
STEP = 1 / 2**23


def frame(seconds):
    return int(np.floor(seconds * RATE + 0.5))


# The shapes of fades, as they were published for REAPER's.
def quartic(x, c):
    return (1 + c) * x - c * (1 - (1 - x)**4) if c < 0 else (1 - c) * x + c * x**4


def fast_start(x, c):
    if c < 0:
        return (1 + c) * x * (2 - x) - c * (1 - (1 - x)**8)**0.5
    return (1 - c) * x * (2 - x) + c * x**4


def fast_end(x, c):
    return (1 + c) * x - c * (1 - (1 - x)**2) if c < 0 else (1 - c) * x + c * x**2


def g(x, t):
    return x if t == 0.5 else ((x * (1 - 2 * t) + t**2)**0.5 - t) / (1 - 2 * t)


def h(x, t):
    return (2 * t - 1) * g(x, t)**2 + (2 - 2 * t) * g(x, t)


def smooth(x, c):
    y = h(x, 0.25 * (c + 2))
    return (3 - 2 * y) * y**2


def smooth_steep(x, c):
    y = h(x, (5 * c + 8) / 16)
    return np.where(y <= 0.5, 8 * y**4, 1 - 8 * (1 - y)**4)


FADES = {"linear": (quartic, 0), "fast-start": (fast_start, 0), "fast-end": (fast_end, 1),
         "fast-start-steep": (quartic, -1), "fast-end-steep": (quartic, 1), "smooth": (smooth, 0),
         "smooth-steep": (smooth_steep, 0)}


def fade(item, end, frames):
    """The gains of a fade, from the item's begin or to its end."""
    length = frame(item.get(f"auto_fade_{end}", 0) or item.get(f"fade_{end}", 0))
    length = min(length, frames)
    gains = np.ones(frames)
    if length == 0:
        return gains
    shape, usual = FADES[item.get(f"fade_{end}_shape", "linear")]
    x = np.arange(length) / length
    if end == "in":
        gains[:length] = shape(x, item.get("fade_in_curve", usual))
    else:
        gains[frames - length:] = shape(1 - x, -item.get("fade_out_curve", -usual))
    return gains


def bezier(points, i, times):
    """The curve through points[i] and points[i + 1]: its control points lie along the lines between
    the neighbours on both sides."""
    (t1, v1), (t2, v2) = points[i][:2], points[i + 1][:2]
    t0, v0 = points[i - 1][:2] if i > 0 else (t1, v1)
    t3, v3 = points[i + 2][:2] if i + 2 < len(points) else (t2, v2)
    x1, x2 = t1 + 0.25 * (t2 - t1), t2 - 0.25 * (t2 - t1)
    y1 = v1 + (v2 - v0) / (t2 - t0) * 0.25 * (t2 - t1)
    y2 = v2 - (v3 - v1) / (t3 - t1) * 0.25 * (t2 - t1)
    tension = points[i][3] if len(points[i]) > 3 else 0
    if tension > 0:
        x1, x2 = x1 + tension * (t2 - x1), x2 + tension * (t2 - x2)
        y1, y2 = y1 - tension * (y1 - v1), y2 - tension * (y2 - v1)
    else:
        x1, x2 = x1 + tension * (x1 - t1), x2 + tension * (x2 - t1)
        y1, y2 = y1 - tension * (v2 - y1), y2 - tension * (v2 - y2)
    u = np.linspace(0, 1, 200001)
    curve = lambda a, b, c, d: (1 - u)**3 * a + 3 * (1 - u)**2 * u * b + 3 * (1 - u) * u**2 * c + u**3 * d
    return np.interp(times, curve(t1, x1, x2, t2), curve(v1, y1, y2, v2))


TRAVEL = lambda gain: np.log(1 + 1.555 * np.asarray(gain, float)**0.4025)
GAIN = lambda travel: ((np.exp(travel) - 1) / 1.555)**(1 / 0.4025)
SHAPES = {"linear": lambda x: x, "square": lambda x: 0 * x, "slow": lambda x: x * x * (3 - 2 * x),
          "fast-start": lambda x: 1 - (1 - x)**3, "fast-end": lambda x: x**3}


def values(envelope, frames):
    """Of an envelope at each frame from 0."""
    points = [list(point) for point in sorted(envelope["points"], key=lambda point: point[0])]
    fader = envelope.get("scale") == "fader"
    for point in points:
        point[1] = float(TRAVEL(point[1])) if fader else point[1]
    times = np.arange(frames) / RATE
    out = np.full(frames, float(points[0][1]))
    for i, point in enumerate(points):
        out[times >= point[0]] = point[1]
        if i + 1 == len(points) or points[i + 1][0] == point[0]:
            continue
        part = (times >= point[0]) & (times < points[i + 1][0])
        shape = point[2] if len(point) > 2 else "linear"
        x = (times[part] - point[0]) / (points[i + 1][0] - point[0])
        out[part] = (bezier(points, i, times[part]) if shape == "bezier"
                     else point[1] + (points[i + 1][1] - point[1]) * SHAPES[shape](x))
    return GAIN(out) if fader else out


def balance(pan):
    return np.minimum(1, 1 - pan), np.minimum(1, 1 + pan)


def law(centre, position):
    return np.minimum(centre, 1) + (np.maximum(centre, 1) - np.minimum(centre, 1)) * np.abs(position)


class Song:
    def __init__(self, records):
        of = lambda kind: [record for record in records if record["type"] == kind]
        self.song = (of("song") or [{}])[0]
        self.tracks = {track["track"]: track for track in of("track")}
        self.order = [track for track in self.tracks if track != "master"]
        self.tracks.setdefault("master", {"track": "master"})
        self.items, self.sends = of("item"), of("send")
        self.envelopes = [envelope for envelope in of("envelope") if envelope.get("active", True)]
        self.frames = max([frame(item["time"] + item["length"]) for item in self.items], default=0)
        self.done = {}

    def envelope(self, owner, target, stage=None):
        for envelope in self.envelopes:
            of = envelope.get("send") or envelope.get("item") or envelope["track"]
            if of == owner and envelope["target"] == target and envelope.get("stage") == stage:
                return envelope
        return None

    def source(self, item, frames):
        source = item["source"]
        audio = np.load(source["path"]).T.astype(float)
        if "section_length" in source and source.get("mode") != 3:
            audio = audio[frame(source["from"]):][:frame(source["section_length"])]
        audio = audio[::-1] if item.get("reverse") else audio
        mode = item.get("channel_mode", 0)
        if audio.shape[1] > 1:
            audio = (audio[:, ::-1] if mode == 1 else audio.mean(axis=1, keepdims=True) if mode == 2
                     else audio[:, mode - 3:mode - 2] if mode >= 3 else audio)
        places = np.arange(frames) + frame(item.get("offset", 0))
        if item.get("loop"):
            return audio[places % len(audio)]
        inside = (places >= 0) & (places < len(audio))
        return np.where(inside[:, None], audio[np.clip(places, 0, len(audio) - 1)], 0)

    def item(self, item):
        begin = frame(item["time"])
        frames = frame(item["time"] + item["length"]) - begin
        audio = self.source(item, frames)
        gain = item.get("gain", 1) * item.get("take_gain", 1) * (-1 if item.get("inverted") else 1)
        gains = fade(item, "in", frames) * fade(item, "out", frames) * gain
        if envelope := self.envelope(item["item"], "gain"):
            gains = gains * np.maximum(0, values(envelope, frames))
        if envelope := self.envelope(item["item"], "mute"):
            gains = gains * (values(envelope, frames) >= 0.5)
        pan = item.get("pan", 0)
        if envelope := self.envelope(item["item"], "pan"):
            pan = np.clip(pan + values(envelope, frames), -1, 1)
        left, right = balance(pan)
        return begin, np.stack([audio[:, 0] * gains * left, audio[:, -1] * gains * right], axis=1)

    def faded(self, audio, thing, owner, mode, centre):
        frames = len(audio)
        gains = np.full(frames, float(thing.get("gain", 1)))
        gains *= -1 if thing.get("inverted") else 1
        for stage in (None, "trim"):
            if envelope := self.envelope(owner, "gain", stage):
                gains = gains * np.maximum(0, values(envelope, frames))
        if envelope := self.envelope(owner, "mute"):
            gains = gains * (values(envelope, frames) >= 0.5)
        pan, width = thing.get("pan", 0), thing.get("width", 1)
        if envelope := self.envelope(owner, "pan"):
            pan = np.clip(pan + values(envelope, frames), -1, 1)
        if envelope := self.envelope(owner, "width"):
            width = width * values(envelope, frames)
        left, right = (audio[:, side] * gains for side in (0, 1))
        if mode in (0, 3):
            to_left, to_right = balance(pan)
            return np.stack([left * to_left * law(centre, pan), right * to_right * law(centre, pan)], axis=1)
        at = (thing.get("pan_left", -1), width) if mode == 6 else (
            pan - width * (1 - np.abs(pan)), pan + width * (1 - np.abs(pan)))
        out = np.zeros_like(audio)
        for channel, place in ((left, at[0]), (right, at[1])):
            place = np.clip(place, -1, 1)
            out[:, 0] += channel * (1 - place) / 2 * law(centre, place)
            out[:, 1] += channel * (1 + place) / 2 * law(centre, place)
        return out

    def send(self, send):
        source = send["source_track"]
        audio = self.below(source) if send.get("mode") in ("pre-fx", "pre-fader") else self.behind(source)
        if send.get("source_channel", 0) >= 1024:
            audio = np.repeat(audio[:, send["source_channel"] % 1024][:, None], 2, axis=1)
        if send.get("mono"):
            audio = np.repeat(audio.mean(axis=1, keepdims=True), 2, axis=1)
        audio = self.faded(audio, {k: v for k, v in send.items() if k != "width"}, send["send"], 3,
                           self.song.get("pan_law", 1))
        if send.get("target_channel", 0) >= 1024:
            into = np.zeros_like(audio)
            into[:, send["target_channel"] % 1024] = audio.mean(axis=1)
            return into
        return audio

    def muted(self, track):
        return self.tracks[track].get("mute", False)

    def below(self, track):
        key = "below " + track
        if key in self.done:
            return self.done[key]
        audio = np.zeros((self.frames, 2))
        for item in self.items:
            if item["track"] == track and not item.get("mute") and item.get("active", True):
                begin, part = self.item(item)
                audio[begin:begin + len(part)] += part
        for child in self.order:
            parent = self.tracks[child].get("parent", "master")
            if parent == track and self.tracks[child].get("master_send", True) and not self.muted(child):
                audio += self.behind(child)
        for send in self.sends:
            if send["track"] == track and not send.get("mute") and not self.muted(send["source_track"]):
                audio += self.send(send)
        if envelope := self.envelope(track, "gain", "pre-fx"):
            audio *= np.maximum(0, values(envelope, self.frames))[:, None]
        self.done[key] = audio
        return audio

    def behind(self, track):
        key = "behind " + track
        if key not in self.done:
            thing = self.tracks[track]
            own = lambda name, usual: self.song.get(name, usual) if thing.get(name, -1) < 0 else thing[name]
            self.done[key] = self.faded(self.below(track), thing, track, own("pan_mode", 3), own("pan_law", 1))
        return self.done[key]


def main():
    song = Song([json.loads(line) for line in sys.stdin])
    track = sys.argv[2] if len(sys.argv) > 2 else "master"
    wanted = song.behind(track)
    if len(sys.argv) > 3:
        begin, end = (frame(float(second)) for second in sys.argv[3:5])
        wanted = np.pad(wanted, ((0, max(0, end - len(wanted))), (0, 0)))[begin:end]
    found = np.load(sys.argv[1]).T.astype(float)
    if found.shape != wanted.shape:
        sys.exit(f"{found.shape}, not {wanted.shape}")
    apart = np.abs(found - wanted)
    if apart.max(initial=0) > STEP:
        at, channel = np.unravel_index(apart.argmax(), apart.shape)
        sys.exit(f"{(apart > STEP).sum()} samples differ, most in frame {at} of channel {channel}: "
                 f"{found[at, channel]}, not {wanted[at, channel]}")
    if not np.abs(wanted).max(initial=0) > 0.001:
        sys.exit("the mix is silent, so nothing was compared")


main()
