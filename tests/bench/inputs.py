# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's input: presets, records, MIDI files. The same bytes each time."""

import hashlib
import json
import os
import pathlib
import struct

import cbor2
import zstandard

# The modules of a preset of Serum 2, shaped like real ones: most have their default values.
SERUM_MODULES = {
    "Arp": 1, "ArpClip": 12, "ClipPlayer": 1, "Env": 4, "FXRack": 3, "Global": 1, "LFO": 10,
    "Macro": 8, "MidiClip": 12, "ModSlot": 64, "NoiseOsc": 1, "Oscillator": 5, "PitchQuantizer": 4,
    "SubOsc": 1, "VelCurve": 1, "VoiceFilter": 2, "VoiceBus": 3,
}
SERUM_ONLY_IN_PRESETS = ("ClipPlayer", "Filter", "GranularOsc", "Osc", "SerumGUI", "WTOsc")


def serum_preset(number):
    """The bytes of a .SerumPreset with some 8 KB of CBOR, different for every number."""
    data = {key: {"kUIParamDisplay": 0.0} for key in SERUM_ONLY_IN_PRESETS}
    for family, count in SERUM_MODULES.items():
        for n in range(count):
            parameters = {f"kParam{p}": (number * 7 + n * 13 + p) % 997 / 9.97 for p in range(4)}
            default = "default" if (n + number) % 2 else {}
            data[f"{family}{n}"] = {"plainParams": parameters if n % 3 == 0 else default}
    for n in range(8):
        value = float(number * (n + 3) % 101)
        data[f"Macro{n}"] = {"name": f"M{n}", "plainParams": {"kParamValue": value}}
    data |= {"fileType": "SerumPreset", "presetName": f"Preset {number}", "presetAuthor": "",
             "presetDescription": "", "productVersion": "2.1.4", "version": 10.0}
    cbor = cbor2.dumps(data)
    frame = zstandard.ZstdCompressor().compress(cbor)
    metadata = {"fileType": "SerumPreset", "hash": hashlib.md5(frame).hexdigest(),
                "presetName": f"Preset {number}", "product": "Serum2", "productVersion": "2.1.4",
                "tags": ["Bass"], "vendor": "Xfer Records", "version": 10.0}
    head = json.dumps(metadata).encode()
    head = b"XferJson\0" + struct.pack("<Q", len(head)) + head
    return head + struct.pack("<II", len(cbor), 2) + frame


def write_serum_presets(folder, count):
    os.makedirs(folder)
    for number in range(count):
        pathlib.Path(folder, f"{number:06}.SerumPreset").write_bytes(serum_preset(number))


def vstpreset(class_id, component):
    """A .vstpreset with the component's state only."""
    size = len(component)
    head = b"VST3" + struct.pack("<i", 1) + class_id.encode() + struct.pack("<q", 48 + size)
    chunks = b"List" + struct.pack("<i", 1) + b"Comp" + struct.pack("<qq", 48, size)
    return head + component + chunks


def write_tree(folder, count):
    """Empty files, a thousand in each folder; one in ten is not a preset."""
    for start in range(0, count, 1000):
        part = pathlib.Path(folder, f"Bank {start // 100000:02}", f"Folder {start // 1000:04}")
        part.mkdir(parents=True)
        for number in range(start, min(start + 1000, count)):
            suffix = "wav" if number % 10 == 9 else "fxp"
            os.mknod(part / f"{number:07} Preset.{suffix}", 0o644)


def write_midi_files(folder, count):
    """Two seconds of one note each, each at a different tempo."""
    os.makedirs(folder)
    for number in range(count):
        tempo = struct.pack(">I", 500000 + 1000 * (number % 10000))[1:]
        note = b"\0\x90\x30\x64" + b"\x8f\0\x80\x30\0"
        track = b"\0\xff\x51\x03" + tempo + note + b"\0\xff\x2f\0"
        head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480)
        head += b"MTrk" + struct.pack(">I", len(track))
        pathlib.Path(folder, f"{number:03}.mid").write_bytes(head + track)


def write_records(path, count, midi_folder=None, midi_files=100):
    """Job records of about 300 bytes, with fields of the user's and letters that JSON escapes. They
    name the files of write_midi_files() in turn."""
    with open(path, "w") as file:
        for n in range(count):
            folder = f"/presets/Bank {n // 100000:02}/Folder {n // 1000:04}"
            record = {
                "preset_path": f'{folder}/{n:07} "Gläser" Preset.fxp',
                "preset_format": "fxp",
                "presets_root": "/presets",
                "rating": n % 5,
                "note": 48,
                "comment": "a field that no tool knows, \\ with escapes\n" + "x" * (n % 40),
                "tags": ["Bass", "Wavetable", "Poly"],
                "weights": [n / 7, 1e-7 * n, -n],
            }
            if midi_folder:
                record["midi_path"] = f"{midi_folder}/{n % midi_files:03}.mid"
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
