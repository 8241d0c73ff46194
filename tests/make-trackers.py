#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-trackers.py FOLDER: the same tune as a module of each of some formats, called tune.FORMAT: notes in
the first two channels, and in the third, which sounds as well, a change of the speed or of the tempo. tune.dbm
has an echo."""

import struct
import sys

FRAMES = 4000
WAVE = (bytes([64] * 8 + [192] * 8) * (FRAMES // 16 + 1))[:FRAMES]  # signed
UNSIGNED = bytes(value ^ 128 for value in WAVE)
# By row and channel: semitones above middle C, and whether the speed becomes 3.
CELLS = {(0, 0): (0, False), (0, 1): (7, False), (4, 2): (4, True), (8, 0): (2, False), (20, 1): (5, False)}
ROWS = 64


def cells_of(channels, pack):
    """A pattern of fixed cells: pack(note or None, faster)."""
    return b"".join(pack(*CELLS.get((row, channel), (None, False)))
                    for row in range(ROWS) for channel in range(channels))


def padded(data, size=16):
    return data + bytes(-len(data) % size)


def mtm():
    def pack(note, faster):
        if note is None:
            return bytes(3)
        first = (note + 24) << 2
        return bytes([first, 0x10 | (0xF if faster else 0), 3 if faster else 0])

    tracks = b"".join(b"".join(pack(*CELLS.get((row, channel), (None, False))) for row in range(ROWS))
                      for channel in range(4))
    head = b"MTM\x10" + struct.pack("<20sHBBHBBBB", b"tune", 4, 0, 0, 0, 1, 0, ROWS, 4) + bytes(range(4)) + bytes(28)
    sample = struct.pack("<22sIIIbBB", b"square", FRAMES, 0, 0, 0, 64, 0)
    return head + sample + bytes(128) + tracks + struct.pack("<32H", 1, 2, 3, 4, *[0] * 28) + UNSIGNED


def stm():
    def pack(note, faster):
        if note is None:
            return b"\xfc"
        return bytes([note // 12 + 2 << 4 | note % 12, 1 << 3, 0x80 | (1 if faster else 0), 0x30 if faster else 0])

    head = struct.pack("<20s8sBBBBBBB13s", b"tune", b"!Scream!", 0x1A, 2, 2, 21, 0x60, 1, 64, b"")
    pattern = cells_of(4, pack)
    offset = 48 + 31 * 32 + 128 + len(pattern)
    offset += -offset % 16
    sample = struct.pack("<12sBBHHHHBBH6s", b"square", 0, 0, offset >> 4, FRAMES, 0, 0xFFFF, 64, 0, 8363, b"")
    empty = struct.pack("<12sBBHHHHBBH6s", b"", 0, 0, 0, 0, 0, 0xFFFF, 0, 0, 8363, b"")
    return padded(head + sample + 30 * empty + bytes([0]) + b"\x63" * 127 + pattern) + WAVE


def packed_rows(cell):
    """Rows of cells that end in a zero byte."""
    return b"".join(b"".join(cell(channel, *CELLS[row, channel]) for channel in range(4) if (row, channel) in CELLS)
                    + b"\0" for row in range(ROWS))


def s3m():
    def cell(channel, note, faster):
        return bytes([channel | 0x20 | (0x80 if faster else 0), note // 12 + 4 << 4 | note % 12, 1]
                     + ([1, 3] if faster else []))

    pattern = packed_rows(cell)
    pattern = struct.pack("<H", len(pattern) + 2) + pattern
    head = struct.pack("<28sBBHHHHHHH4sBBBBBB8sH32s", b"tune", 0x1A, 16, 0, 2, 1, 1, 0, 0x1320, 2, b"SCRM", 64, 6,
                       125, 0xB0, 0, 0, b"", 0, bytes([0, 8, 1, 9]) + b"\xff" * 28)
    sample_at = 112
    pattern_at = sample_at + 80
    data_at = pattern_at + len(padded(pattern))
    sample = struct.pack("<B12sBHIIIBBBBI12s28s4s", 1, b"", data_at >> 20, data_at >> 4 & 0xFFFF, FRAMES, 0, 0, 64,
                         0, 0, 0, 8363, b"", b"square", b"SCRS")
    head += bytes([0, 255]) + struct.pack("<HH", sample_at >> 4, pattern_at >> 4)
    return head.ljust(sample_at, b"\0") + sample + padded(pattern) + UNSIGNED


def far():
    def pack(note, faster):
        if note is None:
            return bytes(4)
        return bytes([note + 25, 0, 15, 0xF3 if faster else 0])

    pattern = bytes([0, 0]) + cells_of(16, pack)
    sizes = [len(pattern)] + [0] * 255
    orders = struct.pack("<256sBBB", bytes(1) + b"\xff" * 255, 1, 1, 0) + struct.pack("<256H", *sizes)
    head = (b"FAR\xfe" + struct.pack("<40s3sHB16s9sB16s4sH", b"tune", b"\r\n\x1a", 98 + len(orders), 0x10, b"\1" * 16,
                                     b"", 4, bytes(range(16)), b"", 0))
    sample = struct.pack("<32sIBBIIBB", b"square", FRAMES, 0, 15, 0, 0, 0, 0)
    return head + orders + pattern + bytes([1]) + bytes(7) + sample + WAVE


def gdm():
    def cell(channel, note, faster):
        return bytes([channel | 0x20 | (0x40 if faster else 0), note // 12 + 4 << 4 | note % 12 + 1, 1]
                     + ([0x0F, 3] if faster else []))

    pattern = packed_rows(cell)
    pattern = struct.pack("<H", len(pattern) + 2) + pattern
    fixed = 157
    order_at = fixed
    pattern_at = order_at + 1
    sample_at = pattern_at + len(pattern)
    data_at = sample_at + 62
    head = (b"GDM\xfe" + struct.pack("<32s32s3s4sBBHBB32sBBBH", b"tune", b"", b"\r\n\x1a", b"GMFS", 1, 0, 0, 1, 0,
                                     bytes([0, 15, 4, 8]) + b"\xff" * 28, 64, 6, 125, 3)
            + struct.pack("<IBIBIIBIIIHIH", order_at, 0, pattern_at, 0, sample_at, data_at, 0, 0, 0, 0, 0, 0, 0))
    sample = struct.pack("<32s12sBIIIBHBB", b"square", b"", 0, FRAMES, 0, 0, 4, 8363, 64, 255)
    return head.ljust(fixed, b"\0") + b"\0" + pattern + sample + UNSIGNED


def amf():
    def track(channel):
        events = b""
        for (row, at), (note, faster) in sorted(CELLS.items()):
            if at != channel:
                continue
            events += bytes([row, 0x80, 0, row, note + 60, 64])
            if faster:
                events += bytes([row, 0x81, 3])
        return struct.pack("<HB", len(events) // 3, 0) + events

    head = b"AMF\x0a" + struct.pack("<32sBBHB", b"tune", 1, 1, 3, 4) + bytes([0, 1, 0, 1] * 4)
    orders = struct.pack("<4H", 1, 2, 3, 0)
    sample = struct.pack("<B32s13sIIHBII", 1, b"square", b"", 1, FRAMES, 8363, 64, 0, 0)
    return head + orders + sample + struct.pack("<3H", 1, 2, 3) + b"".join(map(track, range(3))) + UNSIGNED


def xm():
    def pack(note, faster):
        return bytes([0x80]) if note is None else bytes([note + 49, 1, 0, 0x0F if faster else 0, 3 if faster else 0])

    pattern = cells_of(4, pack)
    head = (b"Extended Module: " + struct.pack("<20sB20sHIHHHHHHHH", b"tune", 0x1A, b"FastTracker v2.00", 0x104, 276,
                                               1, 0, 4, 1, 1, 1, 6, 125)).ljust(60 + 276, b"\0")
    instrument = (struct.pack("<I22sBHI", 263, b"square", 0, 1, 40)).ljust(263, b"\0")
    sample = struct.pack("<IIIBbBBbB22s", FRAMES, 0, 0, 64, 0, 0, 128, 0, 0, b"square")
    deltas = bytes((value - before) & 255 for value, before in zip(WAVE, b"\0" + WAVE))
    return head + struct.pack("<IBHH", 9, 0, ROWS, len(pattern)) + pattern + instrument + sample + deltas


def dbm():
    def chunk(name, data):
        return name + struct.pack(">I", len(data)) + data

    def cell(channel, note, faster):
        # Its notes count from 1, and its speed is the tempo effect.
        return bytes([channel + 1, 3 | (0x30 if faster else 0), note // 12 + 4 << 4 | note % 12, 1]
                     + ([0x0F, 3] if faster else []))

    pattern = packed_rows(cell)
    return (b"DBM0" + bytes([2, 0x21, 0, 0]) + chunk(b"NAME", b"tune".ljust(44, b"\0"))
            + chunk(b"INFO", struct.pack(">5H", 1, 1, 1, 1, 4))
            + chunk(b"SONG", struct.pack(">44sHH", b"tune", 1, 0))
            + chunk(b"INST", struct.pack(">30sHHIIIhH", b"square", 1, 64, 8363, 0, 0, 0, 0))
            + chunk(b"PATT", struct.pack(">HI", ROWS, len(pattern)) + pattern)
            + chunk(b"SMPL", struct.pack(">II", 1, FRAMES) + WAVE)
            + chunk(b"DSPE", struct.pack(">H4B4H", 4, 0, 0, 0, 0, 80, 150, 80, 255)))


def main():
    for write in (mtm, stm, s3m, far, gdm, amf, xm, dbm):
        with open(f"{sys.argv[1]}/tune.{write.__name__}", "wb") as file:
            file.write(write())


main()
