#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-corpus.py FOLDER

Writes what the fuzz targets start from, FOLDER/TARGET/NAME: right inputs, and wrong ones that lead
into different corners. Run it again when a format or a target is new; the inputs named found-... are
not its own, they are what the fuzzers found.
"""

import importlib.util
import io
import json
import pathlib
import struct
import sys

import mido

HERE = pathlib.Path(__file__).parent
LARGEST = 3000  # bytes: a small seed is mutated more often where it matters


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fixtures = load(HERE.parent / "make-fixtures.py")
projects = load(HERE.parent / "make-projects.py")


def xferjson():
    wanted = ["small", "empty-map", "unsized-frame", "indefinite-map", "bad-two-frames",
              "bad-no-type", "bad-size-small", "bad-frame-block"]
    presets = dict(fixtures.serum_presets())
    yield from ((name, presets[name]) for name in wanted)
    yield "component", dict(fixtures.serum_states())["component"]


def cbor_maps():
    """The map with every rule and kind of item in parts, without what is only long."""
    full = fixtures.full_map()
    floats = {key: full[key] for key in ("floats", "special", "$float32", "like an escape")}
    rules = {key: value for key, value in full.items()
             if not isinstance(value, list) and key not in floats and key != "long"}
    others = {key: full[key] for key in ("integers", "wide", "others", "tagged", "keys", "indefinite")}
    return {"small": fixtures.small_map(), "rules": rules, "floats": floats, "items": others}


def cbor():
    for name, value in cbor_maps().items():
        yield name, fixtures.cbor(value)
    yield "deepest", fixtures.nested(64)
    yield "indefinite", b"\xbf\x61a\x9f\x7f\x61b\xff\xff\xff"


def juce_state():
    states = dict(fixtures.serum_states())
    wanted = ["state", "state-alone", "state-of-another", "state-without-component",
              "state-bad-base64"]
    yield from ((name, states[name]) for name in wanted)
    yield "empty-element", b"VC2!\x30\0\0\0 <VST3PluginState>\n<A/>\n<IComponent>0.</IComponent>"
    yield "base64", fixtures.juce_base64(b"bytes").encode()


def serum_json():
    data = {"Arp0": {"plainParams": "default"}, "a": [0, -1, 1.5, 0.1, True, None, "ü\n"],
            "b": {"$float64": 0.5}, "c": {"$float16": "3c00"}, "d": {"$bytes": "00ff"},
            "e": {"$tag": [5, {"$undefined": True}]}, "f": {"$map": [[1, 2], [{"$text": "ff"}, 3]]},
            "g": {"$int16": 5}, "h": {"$negative": 18446744073709551615}, "i": {"$float32": "7fc01234"}}
    preset = {"metadata": {"fileType": "SerumPreset", "hash": ""}, "data": data}
    state = {"metadata": {"component": "processor"}, "data": {"version": 10.0}, "controller": "00ff"}
    for name, document in (("preset", preset), ("state", state)):
        yield name, json.dumps(document, ensure_ascii=False).encode()
    yield "spaced", json.dumps(preset, indent=1).encode()
    yield "wrong-escape", b'{"metadata":{"fileType":"SerumPreset"},"data":{"$bytes":"0"}}'


def midi():
    for index, (file_type, ticks) in enumerate([(0, 96), (1, 480), (1, 15360)]):
        song = mido.MidiFile(type=file_type, ticks_per_beat=ticks)
        for _ in range(1 + file_type):
            track = mido.MidiTrack()
            track.append(mido.MetaMessage("set_tempo", tempo=400000 + index, time=index))
            track.append(mido.MetaMessage("time_signature", numerator=7, denominator=8))
            for note in (60, 60, 64):
                track.append(mido.Message("note_on", note=note, velocity=90, time=48))
                track.append(mido.Message("control_change", control=64, value=127 - note))
                track.append(mido.Message("note_off", note=note, time=48))
            track.append(mido.Message("sysex", data=[1, 2, 3]))
            track.append(mido.Message("pitchwheel", pitch=-100))
            song.tracks.append(track)
        out = io.BytesIO()
        song.save(file=out)
        yield f"type-{file_type}-{ticks}", out.getvalue()
    track = bytes.fromhex("00f003014283600af7024344 00f7024ff7 0090 3c40 10 3c00 00ff2f00".replace(" ", ""))
    for name, division in (("smpte-25", 0xE728), ("smpte-29", 0xE304), ("quarter-1", 1)):
        head = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, division)
        other = b"XFIH" + struct.pack(">I", 2) + b"ok"
        yield name, head + other + b"MTrk" + struct.pack(">I", len(track)) + track


def records():
    full = {"preset_path": "/p/A/B.fxp", "presets_root": "/p", "preset_format": "fxp", "note": 60,
            "velocity": 100, "duration": 0.5, "tail": 1, "sample_rate": 48000, "block_size": 64,
            "format": "wav", "bit_depth": "24", "output_path": "/o/x.wav", "skip_existing": True}
    yield "full", json.dumps(full).encode()
    yield "midi", b' { "midi_path" : "/a.mid","midi_duration":12.5,"output_path":"/dev/stdout"} '
    yield "escapes", rb'{"n\u006fte":1,"preset_path":"\ud83d\ude00\\\"\n","status":"error"}'
    yield "twice", b'{"note":1,"note":2,"status":"ok","error":null,"error_kind":5}'
    yield "numbers", b'{"note":48.0,"tail":1e999,"x":[-0.0,1E+2,12345678901234567890123],"duration":1e-3}'
    yield "empty", b"{}"


def events():
    """An event of each type, and some that are none."""
    for index, text in enumerate([
            '{"time":1.5,"type":"note","note":60,"velocity":100,"duration":0.5,"midi_channel":16}',
            '{"type":"note_on","note":0}', '{"type":"note_off","time":1e6}',
            '{"type":"parameter","parameter":"Cutoff","value":0.3}',
            '{"type":"parameter","parameter":"id:res","value":"12 dB"}',
            '{"type":"parameter","parameter":"#1","value":1}', '{"type":"control","control":7,"value":127}',
            '{"type":"bend","value":-1}', '{"type":"pressure","value":5,"note":3}', '{"type":"program","program":2}',
            '{"type":"midi","bytes":[240,1,2,247]}', '{"type":"midi","bytes":[208,300]}', '{"type":"stop"}',
            '{"type":"nothing","time":-1}']):
        yield str(index), text.encode()


def names():
    lines = [b'{"preset_path":"/p/A/../B/W\xc3\xa4rm.fxp","presets_root":"/p","note":60}',
             b'{"preset_path":"/p/con.fxp","preset_name":"../../etc\\u0000\\n\\u001b[31m"}',
             b'{"preset_path":"/p/CON.fxp","preset_author":"a/b\\\\c"}', b"lpt1.x", b"...", b"{}"]
    for name, template in (("preset", b"{preset}"), ("folders", b"{folder}/{subpath}/{preset}_{note}"),
                           ("texts", b"{author}/x{name}-{velocity}.wav/{preset}"), ("open", b"a{b")):
        yield name, b"\n".join([template, *lines])
    yield "long", b"{preset}\n" + json.dumps(
        {"preset_path": "/" + "ä" * 150 + ".fxp"}, ensure_ascii=False).encode()


def metadata():
    files = {**dict(fixtures.fx_files()), **dict(fixtures.vst3_files())}
    wanted = ["chunk.fxp", "bank.fxb", "name-latin1.fxp", "name-none.fxp", "full.vstpreset",
              "bare.vstpreset"]
    yield from ((name, files[name]) for name in wanted)
    yield "truce.pluginstate", (b"OAST" + struct.pack("<IQIIdQ", 1, 2**63, 1, 7, -27.5, 3) + b"abc")
    yield "tone.logicsound", b'{"logic":"org.example.tone","parameters":{"level":-27}}\n'
    presets = dict(fixtures.serum_presets())
    yield from ((name + ".SerumPreset", presets[name]) for name in ("small", "bad-type"))


def convert():
    """A preset of each format, and a state."""
    files = {**dict(fixtures.fx_files()), **dict(fixtures.fx_banks()), **dict(fixtures.vst3_files())}
    wanted = ["chunk.fxp", "parameters.fxp", "bank.fxb", "two.fxb", "mixed.fxb", "rest.fxb",
              "full.vstpreset", "other-chunks.vstpreset"]
    yield from ((name, files[name]) for name in wanted)
    yield "state", dict(fixtures.serum_states())["state"]
    yield "small.SerumPreset", dict(fixtures.serum_presets())["small"]


def lines():
    yield "lines", b'{"a":1}\n\n \t\r\nlast'
    yield "paths", b"/a/b.fxp\0c\nd\0\0"
    yield "long", b"x" * 2000 + b"\n" + b"y" * 900


def arguments():
    for index, text in enumerate(["36-84:12,60", "0-127", "0x10", "1e3", "true", "32f", "npy", "-1",
                                  "0.1", "65536", "5-3", "ä/b"]):
        yield str(index), text.encode()


def npy():
    """Two channels of three frames, in either order of indices, and headers that are refused."""
    def array(shape, order="False", descr="'<f4'", version=1, data=24):
        text = "{'descr': %s, 'fortran_order': %s, 'shape': %s, }" % (descr, order, shape)
        length = struct.pack("<H" if version == 1 else "<I", len(text) + 1)
        return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode() + b"\n" + bytes(data)
    yield "channels-first", array("(2, 3)")
    yield "fortran", array("(2, 3)", order="True")
    yield "version-2", array("(1, 6)", version=2)
    yield "cut-short", array("(2, 3000000000)")
    yield "one-dimension", array("(6,)")
    yield "structure", array("(2, 3)", descr="[('a', '<f4'), ('b', '<f4')]")


def tags():
    """The texts and the note of each container, with no or hardly any samples."""
    def chunk(name, body, order="<"):
        return name + struct.pack(order + "I", len(body)) + body + bytes(len(body) % 2)
    info = b"INFO" + chunk(b"INAM", b"title\0") + chunk(b"IXYZ", b"\xc3\xa4\0") + chunk(b"ICMT", b"words\0")
    smpl = struct.pack("<15I", 0, 0, 22676, 35, 1 << 31, 0, 0, 1, 0, 0, 1, 0, 1, 0, 3)
    inst = bytes([36, 0xEC, 0, 0, 127, 1, 127])
    chunks = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)) + chunk(b"LIST", info)
    chunks += chunk(b"smpl", smpl) + chunk(b"inst", inst)
    data = b"WAVE" + chunks + chunk(b"data", bytes(4))
    yield "wav", b"RIFF" + struct.pack("<I", len(data)) + data
    data = b"WAVE" + chunk(b"ds64", struct.pack("<QQQI", 300, 4, 2, 0)) + chunks + b"data\xff\xff\xff\xff" + bytes(4)
    yield "rf64", b"RF64\xff\xff\xff\xff" + data

    def guid_chunk(guid, body):
        return guid + struct.pack("<Q", 24 + len(body)) + body + bytes(-len(body) % 8)
    rest = bytes.fromhex("f3acd3118cd100c04f8edb8a")
    title = "title \U0001d11e".encode("utf-16-le")
    entry = b"INAM" + struct.pack("<I", len(title)) + title
    summary = struct.pack("<I", 2) + entry + b"ICMT\2\0\0\0x\0"
    data = b"wave" + rest + guid_chunk(bytes.fromhex("bc945f925a52d21186dc00c04f8edb8a"), summary)
    data += guid_chunk(b"data" + rest, bytes(4))
    yield "w64", b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000") + struct.pack("<Q", len(data) + 24) + data
    marks = b"\0\2\0\1\0\0\0\1\0\0\0\2\0\0\0\2\1x"
    instrument = bytes([36, 0xEC, 0, 127, 1, 127, 0, 0, 0, 1, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0])
    data = b"AIFF" + b"".join(chunk(*pair, ">") for pair in [
        (b"NAME", b"title"), (b"ANNO", b"GENRE=x"), (b"ANNO", b"words"), (b"MARK", marks), (b"INST", instrument),
        (b"SSND", bytes(8))])
    yield "aiff", b"FORM" + struct.pack(">I", len(data)) + data
    texts = [b"TITLE=title", b"comment=words", b"NOTE=36"]
    comment = struct.pack("<I", 3) + b"abc" + struct.pack("<I", len(texts))
    comment += b"".join(struct.pack("<I", len(text)) + text for text in texts)
    yield "flac", b"fLaC\0\0\0\4abcd\x84" + struct.pack(">I", len(comment))[1:] + comment

    def page(number, packet):
        sizes = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
        return b"OggS\0\0" + bytes(8) + b"1234" + struct.pack("<I", number) + bytes(4) + bytes([len(sizes)]) + sizes + packet
    yield "ogg", page(0, b"\1vorbis" + bytes(23)) + page(1, b"\3vorbis" + comment + b"\1" + bytes(300))
    yield "opus", page(0, b"OpusHead" + bytes(11)) + page(1, b"OpusTags" + comment)

    def id3(version, flags, frames):
        size = len(frames)
        return b"ID3" + bytes([version, 0, flags, 0, 0, size >> 7, size & 127]) + frames
    yield "id3-2", id3(2, 0, b"TT2\0\0\6\0title" + b"COM\0\0\7\0eng\0ab")
    yield "id3-3", id3(3, 0x80, b"TIT2\0\0\0\x08\0\0\1\xff\0\xfea\0b\0" + b"TXXX\0\0\0\5\0\0\0A\0bc")
    yield "id3-4", id3(4, 0x40, b"\0\0\0\6\1\0TIT2\0\0\0\6\0\0\3title" + b"COMM\0\0\0\7\0\0\3eng\0ab")
    yield "id3-old", b"\xff\xfb\x90\x64" + bytes(20) + b"TAG" + b"title".ljust(30, b" ") + b"by".ljust(95, b"\0")


def elf():
    """A library with a symbol, by either kind of hash table; a note; a program; another machine's."""
    names = b"\0VSTPluginMain\0libc.so.6\0"
    gnu = 5381
    for c in b"VSTPluginMain":
        gnu = (gnu * 33 + c) & 0xFFFFFFFF

    def library(tag, table, kind=3, machine=62):
        begin = 64 + 2 * 56
        strings = begin + 6 * 16
        symbols = strings + len(names)
        hashes = symbols + 2 * 24
        dynamic = [(1, 15), (5, strings), (6, symbols), (tag, hashes), (29, 15), (0, 0)]
        body = b"".join(struct.pack("<QQ", *entry) for entry in dynamic) + names
        body += bytes(24) + struct.pack("<IBBHQQ", 1, 0x12, 0, 7, 0, 0) + table
        size = begin + len(body)
        head = b"\x7fELF\2\1\1".ljust(16, b"\0") + struct.pack(
            "<HHIQQQIHHHHHH", kind, machine, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
        load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, size, size, 4096)
        dyn = struct.pack("<IIQQQQQQ", 2, 6, begin, begin, begin, 96, 96, 8)
        return head + load + dyn + body
    gnu_table = struct.pack("<IIIIQII", 1, 1, 1, 0, 2**64 - 1, 1, gnu | 1)
    yield "gnu-hash", library(0x6FFFFEF5, gnu_table)
    # With a logic library's note and no dynamic segment.
    canary = struct.pack("<5I", 0x01020304, 1, 64, 0, 32) + bytes(300)
    note = struct.pack("<III12s", 10, len(canary), 1, b"patchpipe") + canary
    place = 64 + 56
    yield "logic", (b"\x7fELF\2\1\1".ljust(16, b"\0")
                    + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0)
                    + struct.pack("<IIQQQQQQ", 4, 4, place, place, place, len(note), len(note), 4) + note)
    yield "hash", library(4, struct.pack("<IIIII", 1, 2, 1, 0, 0))
    yield "program", library(4, b"", kind=2)
    yield "aarch64", library(4, b"", machine=183)


def turtle():
    yield "state", (b"<urn:a> a pset:Preset ; lv2:appliesTo <urn:synth> ; rdfs:label 'A \\'b' ;\n"
                    b' lv2:port [ lv2:symbol "gain" ; pset:value 0.5 ] , [ lv2:symbol "x" ] ;\n'
                    b" state:state [ <urn:p> \"AAEC\"^^xsd:base64Binary ; <urn:l> ( 1 2 [ a <urn:c> ] ) ] .\n")
    yield "long-text", (b"@prefix x: <urn:x#> . # a comment\n"
                        b'x:a a pset:Preset ; lv2:appliesTo <urn:other> ; x:b """two\n"lines"""@en .\n')
    yield "two", b"<urn:a> a pset:Preset . <urn:b> a pset:Preset ."
    yield "deep", b"<urn:a> <urn:b> " + b"[ <urn:c> " * 200 + b"1" + b"]" * 200 + b" ."
    yield "lists", b"<urn:a> <urn:b> " + b"(" * 500 + b")" * 500 + b" ."
    yield "cut", b'<urn:a> a pset:Preset ; lv2:appliesTo "'


def messages():
    def message(text):
        return struct.pack("<I", len(text)) + text
    job = b'{"output_path":"/o.wav","note":60,"duration":0.5}'
    words = (b"probe ", b"load ", b"describe ")
    yield "jobs", b"3,4,5\n" + b"".join(map(message, (job, *(word + job for word in words))))
    yield "replies", b"-1,99999999999,\n" + message(b'{"status":"ok","has_threads":true}') + message(
        b'{"status":"error","error_kind":"crash","error":"x"}')
    yield "empty", b"\n" + message(b"") + message(b"nonsense")
    yield "too-long", b"\n" + struct.pack("<I", 2**28 + 1) + b"x"
    yield "cut", b"1,2,3\n" + struct.pack("<I", 2**28) + b"{}"


def control_values():
    yield "saved", b"0.5 /synth/volume\n1 /synth/the gate\n"
    yield "no-slash", b"-1e-3 synth/volume\r\n\n0 synth/the gate"
    yield "no-value", b"/synth/volume 0.5\n"
    yield "another", b"0.5 /synth/pan\n"


def expressions():
    programs = {
        "boxes": ['{"id":"f","op":"hslider","label":"f","init":440,"min":20,"max":2e3,"step":1}',
                  '{"id":"s","op":"faust","code":"os.osc"}', '{"id":"t","op":"seq","x":"f","y":"s"}',
                  '{"op":"mul","in":["t",0.5]}'],
        "signals": ['{"api":"signal"}', '{"id":"a","op":"input","index":0}', '{"id":"me","op":"self"}',
                    '{"id":"b","op":"binary","operator":">>>","x":"a","y":"me"}',
                    '{"id":"r","op":"recursion","in":["b"]}', '{"op":"process","in":["r",1,-2.5]}'],
        "values": ['{"id":"w","op":"waveform","values":[1,2.5,-3]}', '{"id":"c","op":"fconstant","type":"int",'
                   '"name":"fSamplingFreq","file":"<math.h>"}', '{"op":"par","in":["w","c"]}'],
        "wrong-op": ['{"op":"sum","in":[1,2]}'], "wrong-id": ['{"id":"a","op":"abs","in":["a"]}'],
        "wrong-count": ['{"op":"add","in":[1]}'], "too-large": ['{"op":"abs","in":[4294967296]}'],
        "wrong-text": ['{"op":"faust","code":"!"}'], "empty": ['{"api":"box"}'],
    }
    yield from ((name, "\n".join(lines).encode()) for name, lines in programs.items())


def song_parts():
    """Parts of the project that has everything, as projects."""
    head = projects.WHOLE[:projects.WHOLE.index("<TRACK {T1}")]
    tracks = projects.WHOLE[len(head):].split("<TRACK ")[1:]
    open_project = '<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 1700000000\nTEMPO 90 3 4\n'
    yield "head", head + ">\n"
    yield "folder", open_project + "<TRACK " + tracks[0] + "<TRACK {T}\nISBUS 2 -1\n>\n>\n"
    yield "items", open_project + "<TRACK " + tracks[1] + ">\n"
    yield "sends", open_project + "<TRACK " + tracks[2].split("<FXCHAIN")[0] + ">\n>\n"
    yield "midi", (open_project + "<TRACK {T}\n<ITEM\nPOSITION 1\nLENGTH 4\nLOOP 1\nSOFFS 0\n"
                   + projects.MIDI + ">\n>\n>\n")
    effects = {"vst2": projects.VST2_PARAMETERS, "vst3": projects.VST3, "clap": projects.CLAP, "js": projects.JS,
               "container": projects.CONTAINER}
    for name, block in effects.items():
        yield name, open_project + "<TRACK {T}\n<FXCHAIN\n" + projects.fx(block, 1, projects.PARMENV) + ">\n>\n>\n"
    yield "chain", projects.fx(projects.JS, 1)
    yield "template", "<TRACK {A}\nNAME one\nISBUS 1 1\n>\n<TRACK {B}\nNAME two\nISBUS 2 -1\n>\n"


def rpp():
    for name, text in song_parts():
        yield name, projects.indented(text).encode()
    parts = dict(song_parts())
    yield "crlf", parts["head"].replace("\n", "\r\n").encode()
    yield "cut", parts["midi"][:-20].encode()
    yield "no-project", b"\xff\n\r\r\nnot UTF-8"


def rpp_patch():
    """Changes of each kind, of a part that has what they change."""
    changes = {
        "head": ['{"type":"song","title":"new","render":{"path":"b.wav"}}', '{"type":"tempo","time":0,"bpm":100}',
                 '{"type":"tempo","beat":8,"bpm":60,"ramp":true}',
                 '{"type":"signature","time":0,"numerator":3,"denominator":8}',
                 '{"type":"marker","time":1,"name":"x"}', '{"type":"region","time":1,"end":2,"name":"y","index":3}'],
        "folder": ['{"type":"track","track":"t1","name":"new","gain":0.5}', '{"type":"track","track":"t2","removed":true}',
                   '{"type":"track","track":"mine","name":"added"}',
                   '{"type":"item","item":"i","track":"mine","time":1,"length":2,"source":{"path":"a.wav"}}'],
        "midi": ['{"type":"item","item":"t1.i1","track":"t1","time":2,"loop":false}',
                 '{"type":"note","track":"t1","item":"t1.i1","beat":1,"beats":0.5,"note":60,"velocity":90}',
                 '{"type":"control","track":"t1","item":"t1.i1","beat":2,"kind":"bend","value":0.5}'],
        "sends": ['{"type":"envelope","envelope":"t1.e1","track":"t1","points":[[0,1],[1,0.5]]}',
                  '{"type":"send","send":"s","track":"t1","source_track":"t1","gain":1}'],
        "clap": ['{"type":"fx","fx":"t1.f1","track":"t1","state":"AAEC","bypass":true}',
                 '{"type":"fx","fx":"mine","track":"t1","plugin_kind":"js","name":"x","parameters":[1,2]}'],
    }
    parts = dict(song_parts())
    for name, lines in changes.items():
        yield name, ("\n".join(lines) + "\n\n" + projects.indented(parts[name])).encode()


def shell_state():
    def state(**more):
        sound = {"parameters": [{"id": "bGV2ZWw=", "value": 0.5, "minimum": -60, "maximum": 0, "own": -30},
                                {"id": "aw==", "value": 1, "steps": 3}], "state": "AAECAw=="}
        whole = {"patchpipe_shell": 1, "plugin_path": "/x/tone.so", "slots": ["level", "k"], "sound": sound}
        return json.dumps(whole | more, separators=(",", ":")).encode()
    yield "whole", state()
    yield "padded", state(sound={}) + b"\0\0\n"
    yield "program", state(plugin_path='{"dsp":"/x/organ.dsp","nvoices":8}', slots=["\u00fc"])
    yield "no-state", state(sound={"parameters": [], "state_failure": "save() failed"})
    yield "empty", b'{"patchpipe_shell":1}'
    yield "later", state(patchpipe_shell=2)
    yield "other", b'{"plugin_path":"/x"}'
    yield "no-list", state(slots=7, sound={"parameters": 5})
    yield "no-base64", state(sound={"state": "!", "parameters": [{"id": "?", "value": 1e99}]})
    yield "no-object", state(sound=[1])
    yield "cut", state()[:-20]
    yield "noise", b"\0\0\xff"


def text_module():
    yield "usual", (b"# x\nTITLE: one\nSAMPLE: kick, path=a.wav, k=v\nPATTERN: a\nSAMPLE:kick REST,SAMPLE:hat\n"
                    b"SAMPLE: late\n-\nPATTERN:\nSAMPLE:late\nORDER: 0, 1,x, 7\n")
    yield "damaged", b"\xef\xbb\xbfORDER: 0\r\nstray\nSAMPLE: ,=\npattern:\nSAMPLE:\xff" + b" SAMPLE:x" * 40


TARGETS = {"arguments": arguments, "cbor": cbor, "control-values": control_values, "convert": convert, "elf": elf,
           "events": events, "expressions": expressions, "fxb": fixtures.fx_banks,
           "fxp": fixtures.fx_files,
           "juce-state": juce_state, "lines": lines, "messages": messages, "metadata": metadata, "midi": midi,
           "midi-song": midi, "names": names, "npy": npy, "record": records, "rpp": rpp, "rpp-patch": rpp_patch,
           "serum-json": serum_json, "shell-state": shell_state, "tags": tags, "text-module": text_module,
           "turtle": turtle, "vstpreset": fixtures.vst3_files, "xferjson": xferjson}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for target, seeds in TARGETS.items():
        folder = pathlib.Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in seeds():
            if len(data) > LARGEST:
                sys.exit(f"{target}/{name}: {len(data)} bytes; make it smaller")
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
