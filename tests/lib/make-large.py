#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-large.py KIND BYTES

Writes a valid file of that kind and about that size to standard output: many small parts of every
sort that the parser knows, which give it the most work.
"""

import importlib.util
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("fixtures", HERE.parent / "make-fixtures.py")
fixtures = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fixtures)

URN = "urn:synth"


def repeat(part, size):
    return part * (size // len(part))


def members(size):
    part = '"key%06d":[0,-1.5e3,"\\u00e9\\n",{"a":null,"b":[true,false]}],"plain":"text"'
    return ",".join(part % i for i in range(size // 75))


def record(size):
    return ("{" + members(size) + "}").encode()


def fxp_state(size):
    return fixtures.fxp(b"FPCh", struct.pack(">I", size) + bytes(size))


def fxp_parameters(size):
    return fixtures.fxp(b"FxCk", struct.pack(">f", 0.25) * (size // 4), count=size // 4)


def vstpreset(size):
    chunks = [(b"Comp", bytes(size // 2))] + [(b"Some", bytes(size // 254))] * 127
    return fixtures.vstpreset(b"0" * 32, chunks)


def cbor(size):
    """Maps, texts of both kinds, numbers, bytes and floats, 60 levels deep."""
    items = (b"\xa1\x65plain\x83\x01\x38\x64\xf9\x3c\x00", b"\x7f\x62ab\x61c\xff",
             b"\xbf\x61b\x44abcd\xff", b"\xa1\x00\xf6", b"\xfa\x3f\x9d\x70\xa4", b"\x64\xc3\xa4\0b")
    count = size // len(b"".join(items))
    head = b"\x9a" + struct.pack(">I", len(items) * count)
    return b"\xa1\x61a" * 58 + head + b"".join(items) * count


def midi(size):
    part = (b"\x01\x90\x3c\x40\x00\xb0\x07\x01\x00\x40\x41\x01\x80\x3c\x00"
            b"\x00\xf0\x04abc\xf7\x00\xff\x51\3\7\xa1\x20")
    track = repeat(part, size) + b"\0\xff\x2f\0"
    return struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, 96, b"MTrk", len(track)) + track


def midi_chord(size):
    track = repeat(b"\0\x90\x3c\x40\0\x80\x3c\0", size) + b"\0\xff\x2f\0"
    return struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, 96, b"MTrk", len(track)) + track


def turtle(size):
    port = '[ lv2:symbol "port_%d" ; pset:value %d.5 ; rdf:value ( 1 "two" <urn:x%d> ) ]'
    ports = " , ".join(port % (i, i, i) for i in range(size // 80))
    return f"<urn:a> a pset:Preset ; lv2:appliesTo <{URN}> ; lv2:port {ports} .\n".encode()


def turtle_text(size):
    text = repeat("abc def ", size)
    return (f"<urn:a> a pset:Preset ; lv2:appliesTo <{URN}> ; "
            f'<urn:state> """{text}"""^^xsd:base64Binary .\n').encode()


def npy(size):
    """One byte of the header for 32 of samples; of two megabytes it has its maximum, 65,535."""
    frames = size // 8
    begin = f"{{'descr': '<f4', 'fortran_order': False, 'shape': (2, {frames}), }}"
    room = min(65500, max(200, size // 32))
    head = begin + " " * (room - len(begin) - 1) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head.encode() + bytes(8 * frames)


def wav_chunks(size):
    chunks = repeat(b"junk\x04\0\0\0abcd", size)
    body = (b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 44100, 176400, 4, 16) + chunks +
            b"data" + struct.pack("<I", 4) + bytes(4))
    return b"RIFF" + struct.pack("<I", len(body)) + body


KINDS = {"record": record, "fxp-state": fxp_state, "fxp-parameters": fxp_parameters,
         "vstpreset": vstpreset, "cbor": cbor, "midi": midi, "midi-chord": midi_chord,
         "turtle": turtle, "turtle-text": turtle_text, "npy": npy, "wav-chunks": wav_chunks}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    sys.stdout.buffer.write(KINDS[sys.argv[1]](int(sys.argv[2])))


if __name__ == "__main__":
    main()
