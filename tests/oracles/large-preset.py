#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""usage: large-preset.py make PRESET BYTES
       large-preset.py check PRESET CBOR

make: writes a .SerumPreset with BYTES bytes of CBOR, nearly all of them samples; half of these have
one value and compress well. check: CBOR must be that of the state that the rules make of PRESET,
byte for byte; serum-oracle.py reads items one by one, which would take minutes.
"""

import hashlib
import json
import pathlib
import struct
import sys

import cbor2
import numpy
import zstandard

MARKERS = (("productVersion", cbor2.dumps("2.0.12")), ("version", b"\xfa" + struct.pack(">f", 4.0)))


def samples(size):
    """An array of floats of 32 bits with that many bytes."""
    items = numpy.zeros((size // 5, 5), numpy.uint8)
    items[:, 0] = 0xFA
    half = len(items) // 2
    wave = numpy.sin(numpy.arange(half)).astype(">f4")
    items[-half:, 1:] = wave.view(numpy.uint8).reshape(half, 4)
    return b"\x9a" + struct.pack(">I", len(items)) + items.tobytes()


def encoded_map(*entries):
    return bytes([0xA0 + len(entries)]) + b"".join(cbor2.dumps(key) + item for key, item in entries)


def make(path, size):
    oscillator = encoded_map(("samples", samples(int(size))), ("end", cbor2.dumps(0.1)))
    cbor = encoded_map(("Arp0", cbor2.dumps({"plainParams": "default"})), ("SampleOsc0", oscillator),
                       ("presetName", cbor2.dumps("large")), *MARKERS)
    frame = zstandard.ZstdCompressor().compress(cbor)
    metadata = {"fileType": "SerumPreset", "hash": hashlib.md5(frame).hexdigest(), "presetName": "large"}
    text = json.dumps(metadata).encode()
    with open(path, "wb") as out:
        out.write(b"XferJson\0" + struct.pack("<Q", len(text)) + text)
        out.write(struct.pack("<II", len(cbor), 2) + frame)


def check(path, cbor_path):
    data = pathlib.Path(path).read_bytes()
    frame_at = 17 + struct.unpack_from("<Q", data, 9)[0] + 8
    preset = zstandard.ZstdDecompressor().decompress(data[frame_at:])
    oscillator = preset[preset.index(cbor2.dumps("SampleOsc0")) + 11:
                        preset.rindex(cbor2.dumps("presetName"))]
    expected = encoded_map(("Arp0", cbor2.dumps({"plainParams": {}, "activeClip": 0})),
                           ("SampleOsc0", oscillator), *MARKERS,
                           ("component", cbor2.dumps("processor")))
    assert pathlib.Path(cbor_path).read_bytes() == expected, "the state's CBOR differs"


def main():
    commands = {"make": make, "check": check}
    if len(sys.argv) != 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
