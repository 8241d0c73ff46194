# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark's input: presets, records, MIDI files, REAPER projects. The same bytes each time."""

import base64
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


def reaper_state(number, size):
    """The lines of a VST2's state in a REAPER project: head, chunk and trailer, each by itself."""
    chunk = hashlib.shake_128(str(number).encode()).digest(size)
    head = struct.pack("<IIIQQIQQIII", 0x616D7379, 0xFEED5EEE, 2, 1, 2, 2, 1, 2, size, 1, 0x100000)
    trailer = b"Program\0\0" + struct.pack("<I", 16)
    for part in head, chunk, trailer:
        for begin in range(0, len(part), 96):
            yield base64.b64encode(part[begin:begin + 96]).decode()


def reaper_midi(notes):
    """A source of MIDI events, as many notes and half as many controllers."""
    yield from ("<SOURCE MIDI", "HASDATA 1 960 QN", "CCINTERP 32")
    for note in range(notes):
        pitch = 36 + note * 7 % 48
        yield f"E {note % 3 * 60} 90 {pitch:02x} {40 + note % 80:02x}"
        if note % 2:
            yield f"E 30 b0 0b {note % 128:02x}"
        yield f"E 180 80 {pitch:02x} 00"
    yield from ("E 960 b0 7b 00", "CCINTERP 32", "IGNTEMPO 0 120 4 4", ">")


def reaper_item(name, position, source):
    yield from ("<ITEM", f"POSITION {position}", "SNAPOFFS 0", "LENGTH 3.75", "LOOP 1", "ALLTAKES 0",
                "FADEIN 1 0.01 0 1 0 0 0", "FADEOUT 1 0.05 0 1 0 0 0", "MUTE 0 0", "SEL 0",
                f'NAME "{name}"', "VOLPAN 1 0 0.891251 -1", "SOFFS 0.25", "PLAYRATE 1 1 0 -1 0 0.0025",
                "CHANMODE 0")
    yield from source
    yield ">"


def reaper_track(number):
    """A track of some 100 KB: a third of it states, the rest MIDI, items and envelopes."""
    yield from (f"<TRACK {{{number:08X}-1111-4111-8111-111111111111}}", f'NAME "Track {number}"',
                "PEAKCOL 16576", "BEAT -1", "AUTOMODE 0", f"VOLPAN {0.5 + number % 50 / 100:g} 0.25 -1 -1 1",
                "MUTESOLO 0 0 0", "IPHASE 0", "PLAYOFFS 0 1", "ISBUS 0 0", "BUSCOMP 0 0 0 0 0",
                "SHOWINMIX 1 0.6667 0.5 1 0.5 0 0 0", "NCHAN 2", "FX 1", "MAINSEND 1 0")
    for tag in "VOLENV2", "PANENV2":
        yield from (f"<{tag}", "ACT 1 -1", "VIS 1 1 1", "LANEHEIGHT 0 0", "ARM 0", "DEFSHAPE 0 -1 -1")
        yield from (f"PT {point / 4:g} {point % 97 / 97:.8f} 0" for point in range(500))
        yield ">"
    yield from ("<FXCHAIN", "SHOW 0", "LASTSEL 0", "DOCKED 0")
    for effect in range(2):
        yield from ("BYPASS 0 0 0",
                    '<VST "VSTi: amsynth (Nick Dowell)" amsynth_vst.so 0 "" 1634562937<> ""')
        yield from reaper_state(2 * number + effect, 12_000)
        yield from (">", "FLOATPOS 0 0 0 0", "WAK 0 0")
    yield ">"
    for item in range(4):
        yield from reaper_item(f"Riff {item}", item * 4, reaper_midi(160))
    for item in range(30):
        source = ["<SOURCE WAVE", f'FILE "Audio/Track {number} take {item}.wav"', ">"]
        yield from reaper_item(f"Take {item}.wav", 16 + item * 4, source)
    yield ">"


def write_reaper_project(path, size):
    """A REAPER project of at least that many bytes."""
    with open(path, "w", encoding="utf-8") as file:
        level = number = 0

        def put(lines):
            nonlocal level
            for line in lines:
                level -= line == ">"
                file.write("  " * level + line + "\n")
                level += line.startswith("<")

        put(['<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 1700000000', "RIPPLE 0", "TEMPO 120 4 4",
             "SAMPLERATE 48000 1 0"])
        while file.tell() < size:
            put(reaper_track(number))
            number += 1
        put([">"])
