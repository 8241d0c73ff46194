#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: serum-oracle.py state PRESET STATE [PRODUCT-VERSION [FORMAT-VERSION]]
       serum-oracle.py cbor PRESET CBOR
       serum-oracle.py json FILE JSON
       serum-oracle.py same FILE FILE
       serum-oracle.py each <LINES

state: STATE (in JUCE's envelope or bare) is what the rules of patchpipe-formats(5) make of PRESET;
a version that is given replaces the preset's own, an empty one does not.
cbor: CBOR is the map of that state. json: JSON is what serum-unwrap --to json must print of FILE.
same: both hold the same CBOR items, in the same order and width, and the same controller state.
each: what the lines say, each a command of these with its operands, quoted as for a shell.
The rules, the containers, the widths and the JSON are written here a second time, in another
language; cbor2 and zstandard check the reading of CBOR and the frames. Exits with 1 and a message
where they differ.
"""

import hashlib
import itertools
import json
import math
import pathlib
import re
import shlex
import struct
import sys

import cbor2
import zstandard

JUCE_ALPHABET = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"
FAMILIES = {
    "Macro": ["name"],
    "FXRack": ["displayName"],
    "MidiClip": ["displayLength_Beats", "gridWidth_Beats", "gridYOffset_Rows", "laneTabs", "name"],
}
DROPPED = ("fileType presetName presetAuthor presetDescription arpBankDisplayName "
           "clipBankDisplayName ClipPlayer Filter SerumGUI GranularOsc MultiSampleOsc Osc "
           "SpectralOsc WTOsc").split()


def juce_base64(text):
    count, _, digits = text.partition(".")
    bits = sum(JUCE_ALPHABET.index(digit) << 6 * i for i, digit in enumerate(digits))
    return bits.to_bytes(len(digits) * 6 // 8 + 1, "little")[: int(count)]


def open_file(path):
    """The container's metadata, frame and CBOR, and the controller state or None."""
    data = pathlib.Path(path).read_bytes()
    controller = None
    if data[:4] == b"VC2!":
        size, = struct.unpack_from("<I", data, 4)
        assert data[8 + size:] == b"\0", "the envelope does not end in one NUL"
        parts = dict(re.findall(r"<(I\w+)>([^<]*)</\1>", data[8:-1].decode()))
        if "IEditController" in parts:
            controller = juce_base64(parts["IEditController"])
        data = juce_base64(parts["IComponent"])
    assert data[:9] == b"XferJson\0"
    size, = struct.unpack_from("<Q", data, 9)
    metadata = json.loads(data[17:17 + size])
    declared, version = struct.unpack_from("<II", data, 17 + size)
    frame = data[25 + size:]
    cbor = zstandard.ZstdDecompressor().decompress(frame, max_output_size=declared)
    assert version == 2 and len(cbor) == declared, (version, len(cbor), declared)
    return metadata, frame, cbor, controller


class Items:
    """Reads CBOR into lists ["array", ...], ["map", (key, value), ...], ["tag", number, item] and
    tuples (kind, width of the argument, value), which differ where cbor2 returns equal values."""

    MAJORS = ["unsigned", "negative", "bytes", "text", "array", "map", "tag"]

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def item(self):
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        width = 1 << (info - 24) if 24 <= info <= 27 else 0
        argument = self.take(width)
        if major == 7:
            return ("float", width, argument) if width > 1 else ("simple", 0, info)
        number = int.from_bytes(argument, "big") if width else info
        kind = self.MAJORS[major]
        if kind in ("unsigned", "negative"):
            return (kind, width, number)
        if kind in ("bytes", "text"):
            parts = [self.take(number)] if info != 31 else [part[2] for part in self.until_break()]
            return (kind, None, b"".join(parts))
        if kind == "tag":
            return ["tag", number, self.item()]
        items = self.until_break() if info == 31 else (self.item() for _ in range(
            number * (2 if kind == "map" else 1)))
        items = list(items)
        return [kind, *(zip(items[::2], items[1::2]) if kind == "map" else items)]

    def until_break(self):
        while self.data[self.at] != 0xFF:
            yield self.item()
        self.at += 1


def items_of(cbor):
    reader = Items(cbor)
    item = reader.item()
    assert reader.at == len(cbor)
    return item


def text(value):
    return ("text", None, value.encode())


def name_of(key):
    return key[2].decode(errors="surrogateescape") if key[0] == "text" else None


def expand(item):
    """plainParams: "default" becomes plainParams: {}, at any depth."""
    if item[0] == "map":
        return ["map", *((key, ["map"] if (key, value) == (text("plainParams"), text("default"))
                          else expand(value)) for key, value in item[1:])]
    if item[0] == "array":
        return ["array", *map(expand, item[1:])]
    if item[0] == "tag":
        return ["tag", item[1], expand(item[2])]
    return item


def module(name, value):
    if name is None or value[0] != "map":
        return value
    for family, dropped in FAMILIES.items():
        if re.fullmatch(family + "[0-9]+", name):
            value = ["map", *((k, v) for k, v in value[1:] if name_of(k) not in dropped)]
    if re.fullmatch("Arp[0-9]+", name) and text("activeClip") not in [k for k, _ in value[1:]]:
        value = [*value, (text("activeClip"), ("unsigned", 0, 0))]
    return value


def float_item(value):
    narrow = struct.unpack(">f", struct.pack(">f", value))[0] == value
    return ("float", 4, struct.pack(">f", value)) if narrow else (
        "float", 8, struct.pack(">d", value))


def float_value(item):
    return struct.unpack({2: ">e", 4: ">f", 8: ">d"}[item[1]], item[2])[0]


def markers(preset, product, version):
    """The state's productVersion and version as items, after the preset's own or those given."""
    own = {name_of(key): value for key, value in preset[1:]}
    assert ("productVersion" in own) == ("version" in own), "the pair is not whole"
    own_version = own.get("version", float_item(11.0))
    if own_version[0] == "unsigned":
        own_version = float_item(float(own_version[2]))
    assert own_version[0] == "float" and 0 < float_value(own_version) < 1e6, own_version
    return (text(product) if product else own.get("productVersion", text("2.1.5")),
            float_item(float(version)) if version else own_version)


def processor(preset, product, version):
    """The state's map: its entries in their order."""
    state = {key: module(name_of(key), value)
             for key, value in expand(preset)[1:] if name_of(key) not in DROPPED}
    state[text("component")] = text("processor")
    state[text("productVersion")], state[text("version")] = markers(preset, product, version)
    return list(state.items())


def check_map(preset_cbor, cbor, product="", version=""):
    items = items_of(cbor)
    assert items[0] == "map" and len(items[1:]) == len(dict(items[1:])), "a key stands twice"
    expected = processor(items_of(preset_cbor), product, version)
    for found, wanted in itertools.zip_longest(items[1:], expected):
        assert found == wanted, (found, wanted)
    decoded = cbor2.loads(cbor, str_errors="replace")
    assert len(decoded) == len(expected), "cbor2 reads another number of keys"
    return decoded


def check_state(preset, state, product="", version=""):
    metadata, frame, cbor, controller = open_file(state)
    decoded = check_map(open_file(preset)[2], cbor, product, version)
    assert controller is None
    assert decoded["component"] == "processor" and isinstance(decoded["version"], float)
    assert isinstance(metadata["version"], float)
    assert metadata == {
        "component": "processor", "hash": hashlib.md5(frame).hexdigest(), "product": "Serum2",
        "productVersion": decoded["productVersion"], "url": "https://xferrecords.com/",
        "vendor": "Xfer Records", "version": decoded["version"]}, metadata
    assert not product or decoded["productVersion"] == product
    assert not version or decoded["version"] == float(version)


def check_cbor(preset, path):
    check_map(open_file(preset)[2], pathlib.Path(path).read_bytes())


def least_width(number):
    return 0 if number < 24 else next(w for w in (1, 2, 4, 8) if number < 1 << 8 * w)


def is_utf8(data):
    try:
        data.decode()
        return True
    except UnicodeDecodeError:
        return False


def float_json(width, data):
    value, = struct.unpack({2: ">e", 4: ">f", 8: ">d"}[width], data)
    finite = math.isfinite(value)
    try:
        narrow = finite and struct.unpack(">f", struct.pack(">f", value))[0] == value
    except OverflowError:
        narrow = False
    if finite and width == (4 if narrow else 8):
        return value
    return {f"$float{8 * width}": value if finite and width == 8 else data.hex()}


def to_json(item):
    kind = item[0]
    if kind == "array":
        return [to_json(value) for value in item[1:]]
    if kind == "map":
        pairs = [[to_json(key), to_json(value)] for key, value in item[1:]]
        plain = all(isinstance(key, str) for key, _ in pairs)
        if not plain or (len(pairs) == 1 and pairs[0][0].startswith("$")):
            return {"$map": pairs}
        return dict(pairs)
    if kind == "tag":
        return {"$tag": [item[1], to_json(item[2])]}
    _, width, value = item
    if kind == "text":
        return value.decode() if is_utf8(value) else {"$text": value.hex()}
    if kind == "bytes":
        return {"$bytes": value.hex()}
    if kind == "simple":
        return {20: False, 21: True, 22: None, 23: {"$undefined": True}}[value]
    if kind == "float":
        return float_json(width, value)
    if kind == "negative" and value >= 2**63:
        return {"$negative": value}
    number = value if kind == "unsigned" else -1 - value
    return number if width == least_width(value) else {f"$int{8 * width}": number}


def same_json(a, b):
    """Equal, with an integer different from a float, -0.0 from 0.0, and keys in the same order."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same_json(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same_json, a, b))
    return repr(a) == repr(b)


def check_json(path, json_path):
    metadata, _, cbor, controller = open_file(path)
    printed = pathlib.Path(json_path).read_text()
    assert printed.count("\n") == 1 and printed.endswith("\n"), "not one line"
    expected = {"metadata": metadata, "data": to_json(items_of(cbor))}
    if controller is not None:
        expected["controller"] = controller.hex()
    found = json.loads(printed)
    for key in {**found, **expected}:
        assert same_json(found.get(key), expected.get(key)), (key, found.get(key),
                                                              expected.get(key))


def check_same(one, other):
    (meta_a, _, cbor_a, controller_a), (meta_b, frame_b, cbor_b, controller_b) = (
        open_file(one), open_file(other))
    assert items_of(cbor_a) == items_of(cbor_b), "the CBOR differs"
    assert controller_a == controller_b, "the controller state differs"
    assert list(meta_a) == list(meta_b), "the metadata has other keys"
    assert meta_b["hash"] == hashlib.md5(frame_b).hexdigest(), "the hash is not the frame's"
    assert {**meta_a, "hash": ""} == {**meta_b, "hash": ""}, "the metadata differs"


CHECKS = {"state": check_state, "cbor": check_cbor, "json": check_json, "same": check_same}


def check_each():
    count = 0
    for count, line in enumerate(sys.stdin, 1):
        command, *operands = shlex.split(line)
        try:
            CHECKS[command](*operands)
        except Exception:
            print(line, file=sys.stderr)
            raise
    assert count, "no line"


def main():
    if sys.argv[1:] == ["each"]:
        return check_each()
    if len(sys.argv) < 4 or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    CHECKS[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
