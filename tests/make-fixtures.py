#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-fixtures.py FOLDER

Writes preset files of every format that the tools read, valid and invalid ones, from the
description of the formats in patchpipe-formats(5). The same bytes every time.
"""

import hashlib
import json
import math
import pathlib
import struct
import sys

import cbor2
import zstandard

JUCE_ALPHABET = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"


class Encoded:
    """CBOR bytes that are used unchanged, for items that cbor2 does not write."""

    def __init__(self, *parts):
        self.bytes = b"".join(parts)


def single(value):
    return Encoded(b"\xfa", struct.pack(">f", value))


def half(value):
    return Encoded(b"\xf9", struct.pack(">e", value))


def cbor(value):
    return cbor2.dumps(value, default=lambda encoder, item: encoder.write(item.bytes))


# Serum 2: the XferJson container and what is in it


def preset_metadata(**changes):
    metadata = {
        "fileType": "SerumPreset",
        "hash": "",
        "presetAuthor": "Ada \"Ohm\" Ölund",
        "presetDescription": "two\nlines",
        "presetName": "Täst / Bass",
        "product": "Serum2",
        "productVersion": "2.1.4",
        "tags": ["Bass", "Wavetable"],
        "url": "https://xferrecords.com/",
        "vendor": "Xfer Records",
        "version": 10.0,
    }
    return {key: value for key, value in {**metadata, **changes}.items() if value is not None}


def container(metadata, payload, size=None, version=2, frame=None, text=None):
    frame = zstandard.ZstdCompressor().compress(payload) if frame is None else frame
    if metadata is not None:
        metadata = {**metadata, "hash": hashlib.md5(frame).hexdigest()}
        text = json.dumps(metadata, separators=(",", ":"), ensure_ascii=False).encode()
    size = len(payload) if size is None else size
    head = b"XferJson\0" + struct.pack("<Q", len(text)) + text
    return head + struct.pack("<II", size, version) + frame


def small_map():
    return {
        "Arp0": {"plainParams": "default"},
        "Env0": {"plainParams": {"kParamCurve1": single(50.0), "kParamCurve2": 66.6}},
        "Macro0": {"name": "Wobble", "plainParams": {"kParamValue": single(25.0)}},
        "SerumGUI": {"x": 1},
        "fileType": "SerumPreset",
        "presetName": "Täst / Bass",
        "productVersion": "2.1.4",
        "version": single(10.0),
    }


def full_map():
    """Every rule, every kind of item, and names that only look like those of a rule."""
    clip = {
        "displayLength_Beats": 4.0,
        "gridWidth_Beats": 0.25,
        "gridYOffset_Rows": 3,
        "laneTabs": [1, 2],
        "name": "a clip",
        "clip": {"notes": [{"plainParams": "default", "name": "kept"}]},
    }
    rules = {
        "Arp0": {"plainParams": "default"},
        "Arp1": {"activeClip": -1, "plainParams": {"kParamRate": 2.0}},
        "Arp12": {},
        "Arp": {"plainParams": {}},
        "ArpClip0": {"clip": {}, "name": "kept", "plainParams": "default"},
        "Arp2": "no map",
        "FXRack0": {"FX": [{"plainParams": "default"}], "displayName": "x", "plainParams": {}},
        "FXRack10": {"displayName": ""},
        "FXRackX": {"displayName": "kept"},
        "LFO0": {"curveDisplayName": "kept", "name": "kept"},
        "Macro0": {"name": "Wobble", "plainParams": {"kParamValue": single(25.0)}},
        "Macro7": {"name": {"even": "a map"}},
        "Macro": {"name": "kept"},
        "MacroBank": {"name": "kept"},
        "Macro1b": {"name": "kept"},
        "MidiClip3": clip,
        "MidiClipboard": dict(clip),
        "PitchQuantizer0": {"scale": [0, 2, 0], "scaleName": "Major", "plainParams": "default"},
        "Deep": {"a": [[{"b": {"plainParams": "default"}}], "default"], "Macro0": {"name": "kept"}},
        "plainParams": "default",
        "Other": {"plainParams": "not the default", "default": "default"},
        "component": "preset",
        "killEnvsGracefullyCompat": False,
        "productVersion": "1.0.0",
        "version": 3,
    }
    dropped = ["fileType", "presetName", "presetAuthor", "presetDescription", "arpBankDisplayName",
               "clipBankDisplayName", "ClipPlayer", "Filter", "SerumGUI", "GranularOsc",
               "MultiSampleOsc", "Osc", "SpectralOsc", "WTOsc"]
    items = {
        "floats": [half(0.5), half(-0.0), single(0.1), single(-0.0), 0.1, 0.5, 10.0, 1e300, 5e-324],
        "special": [math.nan, math.inf, -math.inf, half(math.inf),
                    Encoded(b"\xfa\x7f\xc0\x12\x34"), Encoded(b"\xfb\x7f\xf0", bytes(5), b"\1"),
                    Encoded(b"\xf9\x7e\x01")],
        "integers": [0, 23, 24, 255, 256, 65536, 2**32, 2**53 + 1, 2**64 - 1,
                     -1, -24, -25, -(2**32), -(2**63), -(2**64)],
        "wide": [Encoded(b"\x18\5"), Encoded(b"\x19\0\5"), Encoded(b"\x1a\0\0\0\5"),
                 Encoded(b"\x1b\0\0\0\0\0\0\0\5"), Encoded(b"\x38\5"), Encoded(b"\x39\1\0"),
                 Encoded(b"\x3b\0\0\0\0\0\1\0\0")],
        "others": [True, False, None, cbor2.undefined, b"", b"\0\xffbytes", "", "ü\n\"\\\0"],
        "not UTF-8": Encoded(b"\x63a\xffb"),
        "tagged": [cbor2.CBORTag(1000, {"plainParams": "default"}), cbor2.CBORTag(55799, 1)],
        "keys": {1: "one", -1: "minus one", b"\1": "bytes", 1.5: None, "text": 0},
        "$float32": 1.5,
        "like an escape": {"$float32": 1.5},
        "two of them": {"$a": 1, "$b": 2},
        "indefinite": Encoded(b"\x9f\1\x9f\xff\xbf\x61a\2\x6bplainParams\x67default\xff",
                              b"\x7f\x62de\x65fault\xff\x5f\x41a\x41b\xff\xff"),
        "open floats": Encoded(b"\x9f", single(0.5).bytes, cbor2.dumps(0.1), b"\0",
                               single(0.25).bytes, b"\xff"),
        "long": "x" * 70000,
        "many": list(range(300)),
    }
    shared = preset_metadata()
    return {**rules, **{key: shared.get(key, {"gone": 1}) for key in dropped}, **items}


MODULES = {"Arp": 1, "ArpClip": 12, "ClipPlayer": 1, "Env": 4, "FXRack": 3, "Global": 1, "LFO": 10,
           "LFOPointModBus": 16, "Macro": 8, "MidiClip": 12, "ModSlot": 64, "Oscillator": 5,
           "PitchQuantizer": 1, "RetriggerState": 1, "RoutingSlot": 5, "VoiceFilter": 2,
           "VoicePanel": 1}
PRODUCT = {"product": "Serum2", "productVersion": "2.1.4", "url": "https://xferrecords.com/",
           "vendor": "Xfer Records", "version": 10.0}


def in_order(entries):
    return dict(sorted(entries.items()))


def whole_map(changes):
    """Everything that Serum saves, in its order, with most parameters at their defaults."""
    entries = {f"{module}{n}": {"plainParams": {}} for module, count in MODULES.items() for n in range(count)}
    for n in range(12):
        entries[f"ArpClip{n}"] = {"clip": {}, "plainParams": {}}
        entries[f"MidiClip{n}"] = {"clip": {}, "plainParams": {}}
    for n in range(4):
        entries[f"Env{n}"]["plainParams"] = {"kParamAttack": single(0.25), "kParamCurve1": single(50.0),
                                             "kParamCurve2": 66.60000000000001}
    for n in range(10):
        entries[f"LFO{n}"] = {"curveData": {}, "pathData": {}, "plainParams": {}}
    zero, one = single(0.0), single(1.0)
    entries["LFO2"]["curveData"] = {"curveVals": [single(0.5), 0.3, single(0.5)], "numPoints": 2,
                                    "xVals": [zero, zero, one], "yVals": [one, zero, one]}
    for n in range(3):
        entries[f"FXRack{n}"]["FX"] = []
        entries[f"Oscillator{n}"] = {f"WTOsc{n}": {
            "flex": {}, "numChannels": 1, "numFrames": 4096, "plainParams": {},
            "relativePathToWT": "Tables/Täst.wav", "sampleRate": single(44100.0)}, "plainParams": {}}
    entries["Macro0"]["plainParams"] = {"kParamValue": single(75.0)}
    entries["PitchQuantizer0"] |= {"scale": [0, 2, 0, 2, 0, 0, 2], "scaleName": "Major"}
    switches = {"lockOversampling": False, "lockTuning": True, "mpeConfig": 0, "mpeEnabled": False,
                "mpePitchBendRange": 48, "scalars": {"note": {}, "velo": {}}}
    common = {"tags": ["Bass", "Wavetable"], **PRODUCT, "version": single(10.0)}
    return in_order(entries | switches | common | changes)


def shown_map(changes):
    """The data for the window, and the names: a preset and the controller's state have these."""
    mouse = single(0.0)
    entries = {"ClipPlayer": {"kUIParamPreviewClip": mouse}, "Filter": {"kUIParamMixOrGain": mouse},
               "GranularOsc": [{"kUIParamDisplayXYInput": mouse}] * 3,
               "MultiSampleOsc": [{"kUIParamMultiSampleOverviewMouseTag": mouse}] * 3,
               "Osc": [{"kUIParamAutoSyncSlicing": mouse, "kUIParamZoomToStartEnd": mouse}] * 5,
               "SerumGUI": {"kUIParamShowKeyboard": single(1.0)},
               "SpectralOsc": [{"kUIParamShowWaveformDisplay": mouse}] * 3,
               "WTOsc": [{"kUIParamWTOverviewMouseTag": single(1.0)}] * 3,
               "arpBankDisplayName": "", "clipBankDisplayName": "", "presetAuthor": "",
               "presetDescription": ""}
    return entries | changes


def whole_preset():
    named = {f"FXRack{n}": {"FX": [], "displayName": "", "plainParams": {}} for n in range(3)}
    shown = shown_map({"fileType": "SerumPreset", "presetName": "whole"})
    metadata = preset_metadata(presetAuthor="", presetDescription="", presetName="whole")
    return container(metadata, cbor(whole_map(named | shown)))


def whole_state():
    """As a host gets it from Serum: the sound, and the data for the window."""
    processor = container({"component": "processor", "hash": "", **PRODUCT},
                          cbor(whole_map({"component": "processor"})))
    names = {"component": "controller", "presetName": " - Init - ", "presetHasBeenEdited": False,
             **{f"LFO{n}": None for n in range(10)}, **PRODUCT, "version": single(10.0)}
    metadata = {"component": "controller", "hash": "", "presetAuthor": "", "presetDescription": "",
                "presetName": " - Init - ", **PRODUCT}
    return envelope(processor, container(metadata, cbor(in_order(shown_map(names)))))


def nested(levels):
    return b"\x81" * (levels - 1) + b"\0"


def juce_base64(data):
    bits = int.from_bytes(data, "little")
    count = (len(data) * 8 + 5) // 6
    return f"{len(data)}." + "".join(JUCE_ALPHABET[bits >> 6 * i & 63] for i in range(count))


def envelope(component, controller=None, element="IComponent"):
    xml = '<?xml version="1.0" encoding="UTF-8"?> <VST3PluginState>'
    xml += f"<{element}>{juce_base64(component)}</{element}>"
    if controller is not None:
        xml += f"<IEditController>{juce_base64(controller)}</IEditController>"
    xml = (xml + "</VST3PluginState>").encode()
    return b"VC2!" + struct.pack("<I", len(xml)) + xml + b"\0"


# The pairs of versions that a preset's data may have; None means that the key is missing.
GOOD_MARKERS = {
    "4.0": ("2.0.12", single(4.0)),
    "7.0": ("2.0.22", single(7.0)),
    "10.0": ("2.1.4", single(10.0)),
    "11.0": ("2.1.5", single(11.0)),
    "integer": ("2.0.12", 4),
    "wide-integer": ("2.0.12", Encoded(b"\x1b\0\0\0\0\0\0\0\7")),
    "odd-integer": ("2.1.5", 999_999),
    "half": ("2.1.4", half(10.0)),
    "double": ("2.1.4", 10.0),
    "no-single": ("2.1.4", 10.1),
    "least": ("2.1.4", 5e-324),
    "greatest": ("2.1.4", 999_999.9999999999),
    "other-product": ("täst", single(10.0)),
    "chunked-product": (Encoded(b"\x7f\x622.\x631.5\xff"), single(11.0)),
    "missing": (None, None),
}
BAD_MARKERS = {
    "product-only": ("2.1.4", None),
    "version-only": (None, single(10.0)),
    "product-empty": ("", single(10.0)),
    "product-number": (2.1, single(10.0)),
    "product-null": (Encoded(b"\xf6"), single(10.0)),
    "product-bytes": (b"2.1.4", single(10.0)),
    "product-not-utf8": (Encoded(b"\x62\xff\xfe"), single(10.0)),
    "version-text": ("2.1.4", "10.0"),
    "version-true": ("2.1.4", True),
    "version-null": ("2.1.4", Encoded(b"\xf6")),
    "version-nan": ("2.1.4", math.nan),
    "version-infinite": ("2.1.4", math.inf),
    "version-negative": ("2.1.4", -1),
    "version-negative-float": ("2.1.4", single(-10.0)),
    "version-zero": ("2.1.4", 0),
    "version-zero-float": ("2.1.4", single(0.0)),
    "version-million": ("2.1.4", 1_000_000),
    "version-million-float": ("2.1.4", single(1e6)),
    "version-array": ("2.1.4", [10.0]),
}


def marked_map(product, version):
    """Keys around the versions, so that a change of their places is noticed."""
    entries = {"Macro0": {"plainParams": "default"}, "productVersion": product, "other": [],
               "version": version, "zz": 0}
    return cbor({key: value for key, value in entries.items() if value is not None})


def marked_presets():
    # The header has another version: that of the data decides.
    meta = preset_metadata(productVersion="9.9.9", version=99.0)
    for name, markers in GOOD_MARKERS.items():
        yield "version-" + name, container(meta, marked_map(*markers))
    for name, markers in BAD_MARKERS.items():
        yield "bad-marker-" + name, container(meta, marked_map(*markers))
    twice = b"\xa3\x67version\xfa\x41\x20\0\0" + cbor({"productVersion": "2.1.4", "version": 11.0})[1:]
    yield "bad-marker-twice", container(meta, twice)


def serum_presets():
    small, full = cbor(small_map()), cbor(full_map())
    meta = preset_metadata()
    frame = zstandard.ZstdCompressor().compress(small)
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(small)
    good = container(meta, small)
    yield "small", good
    yield "whole", whole_preset()
    yield "full", container(preset_metadata(productVersion="1.0.0", version=3), full)
    yield "empty-map", container(meta, b"\xa0")
    yield "indefinite-map", container(meta, b"\xbf" + small[1:] + b"\xff")
    yield "unsized-frame", container(meta, small, frame=unsized)
    yield "deepest", container(meta, cbor({"deep": Encoded(nested(63))}))
    yield "spaced-metadata", container(
        None, small, text=json.dumps(meta, indent=2).encode(), frame=frame)
    yield from marked_presets()
    # Wrong files, by the message that they must lead to.
    yield "bad-magic", b"XferJsom" + good[8:]
    yield "bad-metadata-size", good[:9] + struct.pack("<Q", 2**63) + good[17:]
    yield "bad-metadata-cut", good[:9] + struct.pack("<Q", len(good)) + good[17:]
    yield "bad-metadata-json", container(None, small, text=b'{"fileType":"SerumPreset"', frame=frame)
    yield "bad-metadata-array", container(None, small, text=b'["SerumPreset"]', frame=frame)
    yield "bad-metadata-utf8", container(None, small, text=b'{"fileType":"\xff"}', frame=frame)
    yield "bad-version", container(meta, small, version=3)
    arps = {"ArpClip0": {"clip": {"notes": [1, single(0.5)]}, "plainParams": "default"},
            "arpBankDisplayName": "Täst", "fileType": "XferArpBank", "version": single(10.0)}
    bank = preset_metadata(fileType="XferArpBank", presetName=None)
    yield "other-bank", container(bank, cbor(arps))
    yield "other-array", container(bank, cbor([1, 0.1]))
    yield "bad-type", container(preset_metadata(fileType="XferArpBank"), small)
    yield "bad-no-type", container(preset_metadata(fileType=None), small)
    yield "bad-size-small", container(meta, small, size=len(small) - 1)
    yield "bad-size-large", container(meta, small, size=len(small) + 1)
    yield "bad-size-huge", container(meta, small, size=2**32 - 1)
    yield "bad-size-above-bound", container(meta, small, size=(1 << 30) + 1)
    yield "bad-size-lie", container(meta, small, size=1 << 30, frame=unsized)
    # The frame's header, of nine bytes, makes the same claim: its size field is four bytes wide.
    forged = frame[:4] + b"\xa0" + struct.pack("<I", 1 << 30) + frame[6:]
    yield "bad-frame-lie", container(meta, small, size=1 << 30, frame=forged)
    yield "bad-unsized-small", container(meta, small, size=len(small) - 1, frame=unsized)
    yield "bad-unsized-large", container(meta, small, size=len(small) + 1, frame=unsized)
    yield "bad-no-frame", container(meta, small, frame=b"")
    yield "bad-frame-cut", good[:-1]
    yield "bad-frame-magic", container(meta, small, frame=b"\0" + frame[1:])
    # Its first block has the reserved type.
    yield "bad-frame-block", container(meta, small, frame=frame[:6] + b"\xff" + frame[7:])
    yield "bad-trailing", good + b"\0"
    yield "bad-two-frames", container(meta, small + small, frame=frame + frame)
    yield "bad-cbor-empty", container(meta, b"")
    yield "bad-cbor-array", container(meta, cbor([1, 2]))
    yield "bad-cbor-cut", container(meta, small[:-1])
    yield "bad-cbor-trailing", container(meta, small + b"\0")
    yield "bad-cbor-count", container(meta, b"\xbb" + b"\x0f" * 8)
    yield "bad-cbor-text", container(meta, b"\xa1\x61a\x7b" + b"\x0f" * 8)
    yield "bad-cbor-break", container(meta, b"\xa1\x61a\xff")
    yield "bad-cbor-chunk", container(meta, b"\xa1\x61a\x7f\x41b\xff")
    yield "bad-cbor-chunk-nested", container(meta, b"\xa1\x61a\x7f\x7f\xff\xff")
    yield "bad-cbor-half-entry", container(meta, b"\xbf\x61a\xff")
    yield "bad-cbor-simple", container(meta, b"\xa1\x61a\xe0")
    yield "bad-cbor-deep", container(meta, cbor({"deep": Encoded(nested(64))}))
    floats = nested(64)[:-1] + single(0.5).bytes
    yield "bad-cbor-deep-floats", container(meta, cbor({"deep": Encoded(floats)}))
    yield "bad-cbor-very-deep", container(meta, b"\xa1\x61a" + nested(2_000_000))


def serum_states():
    metadata = {"component": "processor", "hash": "", **PRODUCT}
    component = container(metadata, cbor({"component": "processor", "version": single(10.0)}))
    controller = container({**metadata, "component": "controller"}, cbor({"presetName": "Init"}))
    xml = envelope(component)[8:-1]
    yield "whole-state", whole_state()
    yield "state", envelope(component, controller)
    yield "state-alone", envelope(component)
    yield "state-of-another", envelope(b"not XferJson")
    yield "state-without-component", envelope(component, element="IOther")
    yield "state-bad-base64", envelope(component).replace(b".XYV", b".X/V")
    yield "state-bad-count", envelope(component).replace(b"<IComponent>", b"<IComponent>9")
    yield "state-bad-xml", b"VC2!" + struct.pack("<I", 10) + b"<VST3Plugi"
    yield "state-bad-size", b"VC2!" + struct.pack("<I", len(xml) + 2) + xml + b"\0"
    yield "component", component
    yield "controller", controller


# VST2 and VST3


def fxp(kind, content, plugin=b"amsy", count=0, name=b"Warm Pad", size=0, magic=b"CcnK"):
    head = magic + struct.pack(">I", size) + kind + struct.pack(">I", 1) + plugin
    return head + struct.pack(">II", 7, count) + name.ljust(28, b"\0") + content


def floats(*values):
    return struct.pack(f">{len(values)}f", *values)


def chunk(data):
    return struct.pack(">I", len(data)) + data


def fx_files():
    yield "chunk.fxp", fxp(b"FPCh", chunk(b"a state"), count=0xE80)
    yield "parameters.fxp", fxp(b"FxCk", floats(0, 0.5, 1), count=3, plugin=b"XfsX")
    yield "bank.fxb", fxp(b"FBCh", b"", name=b"") + bytes(100) + chunk(b"a bank")
    yield "programs.fxb", fxp(b"FxBk", b"", name=b"", count=2) + bytes(100)
    yield "name-full.fxp", fxp(b"FPCh", chunk(b"s"), name=b"n" * 28)
    yield "name-latin1.fxp", fxp(b"FPCh", chunk(b"s"), name=b"Fl\xfcte")
    yield "name-cut.fxp", fxp(b"FPCh", chunk(b"s"), name=b"n" * 27 + b"\xc3")
    yield "name-none.fxp", fxp(b"FPCh", chunk(b"s"), name=b"", plugin=b"\0\1\2\3")


def fxb(kind, content, version=1, plugin=b"amsy", count=0, current=0, size=0):
    head = b"CcnK" + struct.pack(">I", size) + kind + struct.pack(">I", version) + plugin
    return head + struct.pack(">III", 7, count, current) + bytes(124) + content


def fx_banks():
    """Banks with programs in them; bank.fxb and programs.fxb above have none."""
    lead = fxp(b"FxCk", floats(0, 0.5, 1), count=3, name=b"Lead")
    pad = fxp(b"FxCk", floats(1, 0.25, 0), count=3, name=b"Pad", size=60)
    state = fxp(b"FPCh", chunk(b"a state"), count=0xE80, name=b"Pad")
    yield "two.fxb", fxb(b"FxBk", lead + pad, count=2)
    yield "current.fxb", fxb(b"FxBk", pad + lead + pad, version=2, count=3, current=1)
    yield "mixed.fxb", fxb(b"FxBk", state + lead, count=2)
    yield "rest.fxb", fxb(b"FxBk", lead + b"more", count=1)
    yield "current-state.fxb", fxb(b"FBCh", chunk(b"a bank"), version=2, count=128, current=7)
    yield "no-programs.fxb", fxb(b"FxBk", b"")
    yield "bad-count.fxb", fxb(b"FxBk", lead + pad, count=2**32 - 1)
    yield "bad-program.fxb", fxb(b"FxBk", lead + b"x" + pad, count=2)
    yield "bad-bank-in-bank.fxb", fxb(b"FxBk", fxb(b"FxBk", lead, count=1), count=1)


def vstpreset(class_id, chunks, version=1):
    body, entries = b"", b""
    for name, data in chunks:
        entries += name + struct.pack("<qq", 48 + len(body), len(data))
        body += data
    head = b"VST3" + struct.pack("<i", version) + class_id + struct.pack("<q", 48 + len(body))
    return head + body + b"List" + struct.pack("<i", len(chunks)) + entries


def vst3_files():
    info = ('<?xml version="1.0" encoding="utf-8"?>\r\n<MetaInfo>\r\n'
            '\t<Attribute id="MediaType" value="VstPreset" type="string"/>\r\n'
            "\t<Attribute id='Name' value='Pad &amp; &quot;Str&#246;m&quot;'/>\r\n"
            '\t<Attribute id="MediaAuthor" value="Ada"></Attribute>\r\n'
            '\t<Attribute id="MusicalCategory" value="Pad|Soft"/>\r\n'
            '\t<Attribute id="MusicalInstrument" value="Soft"/>\r\n</MetaInfo>').encode()
    class_id = b"56534558667350736572756D20320000"
    chunks = [(b"Comp", b"component"), (b"Cont", b"controller"), (b"Info", info)]
    yield "full.vstpreset", vstpreset(class_id, chunks)
    yield "bare.vstpreset", vstpreset(class_id.lower(), chunks[:1])
    yield "empty-controller.vstpreset", vstpreset(class_id, [chunks[0], (b"Cont", b"")])
    others = [(b"Prog", b"a program"), (b"Xtra", b"unknown")]
    yield "other-chunks.vstpreset", vstpreset(class_id, [chunks[0], *others])
    yield "version.vstpreset", vstpreset(class_id, chunks, version=2)
    yield "no-component.vstpreset", vstpreset(class_id, chunks[1:])
    yield "no-class.vstpreset", vstpreset(b"x" * 32, chunks)


def all_fixtures():
    for name, data in serum_presets():
        yield name + ".SerumPreset", data
    for name, data in serum_states():
        yield name + ".bin", data
    yield from fx_files()
    yield from fx_banks()
    yield from vst3_files()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in all_fixtures():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
