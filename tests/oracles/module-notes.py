#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""module-notes.py MODULE MIDI: the MIDI file has as many notes on each track as the module's patterns
play in its channel. The rows come from libopenmpt as it plays, the cells from the text that its
trackers show: a reading of its own, beside that of song-read."""

import ctypes
import sys

import mido

RATE = 44100
STEP = 64  # frames, shorter than any row

library = ctypes.CDLL("libopenmpt.so.0")
library.openmpt_module_create_from_memory2.restype = ctypes.c_void_p
library.openmpt_module_format_pattern_row_channel_command.restype = ctypes.c_void_p
library.openmpt_module_read_mono.restype = ctypes.c_size_t


def call(name, module, *numbers):
    return getattr(library, "openmpt_module_" + name)(ctypes.c_void_p(module), *numbers)


def open_module(path):
    data = open(path, "rb").read()
    module = library.openmpt_module_create_from_memory2(
        data, ctypes.c_size_t(len(data)), None, None, None, None, None, None, None)
    assert module, path
    assert call("ctl_set_text", module, b"play.at_end", b"stop") == 1
    return module


def played_rows(module):
    """(pattern, row, speed) in order."""
    buffer = (ctypes.c_int16 * STEP)()
    rows = []
    # At the end the place is that to which the song goes back, and the frames are fewer.
    while call("read_mono", module, RATE, ctypes.c_size_t(STEP), buffer) == STEP:
        place = tuple(call("get_current_" + what, module) for what in ("order", "pattern", "row"))
        if not rows or rows[-1][0] != place:
            rows.append([place, call("get_current_speed", module)])
    return [(place[1], place[2], speed) for place, speed in rows]


def cell(module, pattern, row, channel):
    """The texts of a cell: note, instrument, volume effect, effect, volume, parameter."""
    texts = []
    for command in range(6):
        text = call("format_pattern_row_channel_command", module, pattern, row, channel, command)
        texts.append(ctypes.string_at(text).decode())
        library.openmpt_free_string(ctypes.c_void_p(text))
    return texts


class Channel:
    def __init__(self, kind):
        self.letters = kind in ("it", "s3m")  # its effects
        self.counts_down = kind == "it"
        self.notes = 0
        self.since = self.left = 0

    def play(self, texts, speed):
        note, _, volume_effect, effect, _, parameter = texts
        value = int(parameter, 16) if effect.strip(".") else 0
        tone = effect in ("G", "L") if self.letters else effect in ("3", "5")
        tone = tone or volume_effect == "g"
        extended = "S" if self.letters else "E"
        def which(digit):
            return value & 15 if effect == extended and value >> 4 == digit else -1
        delay = max(which(0xD), 0)
        if self.letters and which(0xD) == 0:
            delay = 1
        begins = note[0] in "ABCDEFG" and not (tone and self.notes) and delay < speed
        self.notes += begins
        if self.letters and effect == "Q" or not self.letters and effect == "R":
            every = value & 15
            self.retrigger(every, speed, begins, delay)
        elif not self.letters and which(9) > 0 and self.notes:
            self.notes += sum(1 for tick in range(1, speed) if tick % which(9) == 0)

    def retrigger(self, every, speed, begins, delay):
        if not every or not self.notes:
            return
        for tick in range(speed):
            if begins and tick < delay:
                continue
            if begins and tick == delay:
                self.since, self.left = 1, every
                continue
            self.since += 1
            self.left = max(self.left - 1, 0)
            if self.left == 0 if self.counts_down else self.since > every:
                self.notes += 1
                self.since, self.left = 1, every


def main():
    module = open_module(sys.argv[1])
    library.openmpt_module_get_metadata.restype = ctypes.c_void_p
    kind = ctypes.string_at(call("get_metadata", module, b"type")).decode()
    channels = [Channel(kind) for _ in range(call("get_num_channels", module))]
    for pattern, row, speed in played_rows(module):
        for number, channel in enumerate(channels):
            channel.play(cell(module, pattern, row, number), speed)
    tracks = mido.MidiFile(sys.argv[2]).tracks[1:]
    written = [sum(1 for event in track if event.type == "note_on" and event.velocity > 0)
               for track in tracks]
    expected = [channel.notes for channel in channels]
    assert written == expected, f"{sys.argv[1]}: {written} in MIDI, {expected} in the patterns"
    print(sys.argv[1], sum(written))


main()
