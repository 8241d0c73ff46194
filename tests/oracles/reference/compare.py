#!/usr/bin/env python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: compare.py [PRESET_OR_FOLDER...]

Compares serum-unwrap and serum-wrap with the Python package serum2-preset-loader, for every
.SerumPreset that is named or in a named folder: the state and its metadata, the JSON and the preset
made from it, and changed metadata. Presets of several versions are generated and compared first.
run.sh calls it in an environment that has the package.
"""

import importlib.util
import json
import math
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

import cbor2
import serum2_preset_loader as reference
from serum2_preset_loader import wrappers

TESTS = pathlib.Path(__file__).resolve().parent.parent.parent

# The package reads these differently: a Python map keeps the last of two equal keys, so both
# versions of a preset are there.
DECIDED_OTHERWISE = {"bad-marker-twice"}


def fixtures():
    """The module that makes the presets for the tests of serum-unwrap."""
    spec = importlib.util.spec_from_file_location("fixtures", TESTS / "make-fixtures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def generated_tree(version, product, seed):
    """A preset as Serum writes them, with modules of every family at random."""
    rng = random.Random(f"{version} {seed}")

    def module():
        parameters = {f"kParam{n}": rng.choice((single(rng.random()), rng.random(), rng.randrange(9)))
                      for n in range(rng.randrange(4))}
        return {"plainParams": parameters or rng.choice(("default", {}))}

    tree = {f"{family}{n}": module()
            for family in ("Env", "LFO", "Oscillator", "ModSlot", "VoiceFilter", "ArpClip")
            for n in range(rng.randrange(1, 12))}
    for n in range(8):
        tree[f"Macro{n}"] = module() | {"name": f"Macro {n}"}
    for n in range(3):
        tree[f"FXRack{n}"] = module() | {"displayName": "rack", "FX": [{"FX0": module()}, module()]}
    for n in range(12):
        tree[f"MidiClip{n}"] = module() | {
            "clip": {"notes": [{"pitch": 60, "plainParams": "default"}]}, "displayLength_Beats": 4.0,
            "gridWidth_Beats": 0.25, "gridYOffset_Rows": 3, "laneTabs": [], "name": ""}
    for n in range(rng.randrange(1, 3)):
        tree[f"Arp{n}"] = module() | rng.choice(({}, {"activeClip": -1}, {"activeClip": 3}))
    tree["PitchQuantizer0"] = module() | {"scale": [0, 2], "scaleName": "Major"}
    tree["MacroBank"] = {"name": "kept"}
    tree["WTOsc"] = [{"kUIParamWTOverviewMouseTag": 0.0}] * 3
    tree["Samples0"] = {"data": [single(rng.uniform(-1, 1)) for _ in range(500)] + [0.1]}
    tree |= rng.choice(({}, {"killEnvsGracefullyCompat": False}, {"killEnvsGracefullyCompat": True}))
    tree |= {"ClipPlayer": {}, "Filter": {}, "GranularOsc": [], "MultiSampleOsc": [], "Osc": [],
             "SerumGUI": {"kUIParamShowKeyboard": 1.0}, "SpectralOsc": [], "arpBankDisplayName": "",
             "clipBankDisplayName": "", "fileType": "SerumPreset", "mpeEnabled": False,
             "presetAuthor": "Ada", "presetDescription": "", "presetName": f"Preset {seed}",
             "product": "Serum2", "tags": ["Bass"], "vendor": "Xfer Records"}
    if version is not None:
        tree |= {"productVersion": product, "version": version}
    return tree


def generate(folder):
    versions = ((4.0, "2.0.12"), (7.0, "2.0.22"), (10.0, "2.1.4"), (11.0, "2.1.5"), (4, "2.0.12"),
                (None, None))
    for version, product in versions:
        for seed in range(25):
            tree = generated_tree(version, product, seed)
            shared = ("fileType", "presetAuthor", "presetDescription", "presetName", "product",
                      "productVersion", "tags", "vendor", "version")
            header = {key: tree[key] for key in shared if key in tree}
            path = folder / f"generated-{version}-{seed}.SerumPreset"
            reference.write_preset_file(path, header, tree)
    for name, data in fixtures().serum_presets():
        (folder / f"{name}.SerumPreset").write_bytes(data)


def tool(*arguments, stdin=None):
    """The standard output of one of our tools; None if it refuses its input."""
    done = subprocess.run(arguments, input=stdin, capture_output=True, check=False)
    assert done.returncode in (0, 1), done
    return done.stdout if done.returncode == 0 else None


def same(one, other):
    """Equal, of the same types, and with keys in the same order; NaN is NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    return repr(one) == repr(other)


def check(condition, path, what):
    if not condition:
        sys.exit(f"{path}: {what}")


def open_state(state):
    """The metadata without the hash, which differs with the compressed bytes, and the map."""
    xml = state[8:-1].decode()
    assert "IEditController" not in xml
    text = re.search("<IComponent>([^<]*)</IComponent>", xml)[1]
    metadata, version, cbor = wrappers.unwrap_xferjson(wrappers.juce_memoryblock_b64decode(text))
    assert version == 2
    return {key: value for key, value in metadata.items() if key != "hash"}, cbor2.loads(cbor)


def converted(path):
    try:
        return reference.convert_preset_file(path)
    except ValueError:
        return None


def compare_state(path):
    ours, theirs = tool("serum-unwrap", path), converted(path)
    if path.stem.startswith("bad-"):
        check(ours is None, path, "damage is accepted")
    if path.stem.startswith("bad-marker-") and path.stem not in DECIDED_OTHERWISE:
        check(theirs is None, path, "the package accepts it")
    if ours is None or theirs is None:
        return False
    (our_metadata, our_map), (their_metadata, their_map) = open_state(ours), open_state(theirs)
    check(same(our_metadata, their_metadata), path, f"{our_metadata} and {their_metadata}")
    for key in {**our_map, **their_map}:
        check(same(our_map.get(key), their_map.get(key)), path, f"{key!r} differs")
    check(list(our_map) == list(their_map), path, "the keys are in another order")
    return True


def without_hash(metadata):
    return {key: value for key, value in metadata.items() if key != "hash"}


def compare_json(path, folder):
    """The package reads the same after our JSON and back, and our changes are the same as its
    own."""
    metadata = json.loads(tool("serum-unwrap", "--to", "metadata", path))
    check(same(metadata, reference.read_preset_metadata(path)), path, "its metadata differs")
    printed = tool("serum-unwrap", "--to", "json", path)
    header, tree = reference.decode_preset_file(path)
    back, edited = folder / "back", folder / "edited"
    if not shared_agree(header, tree):
        check(tool("serum-wrap", stdin=printed) is None, path, "contradictions are accepted")
        return
    tool("serum-wrap", "-o", back, stdin=printed)
    back_header, back_tree = reference.decode_preset_file(back)
    check(same(without_hash(back_header), without_hash(header)), path, "the metadata changes")
    check(same(back_tree, tree), path, "the data changes")
    tool("serum-wrap", "-o", edited, "--set-metadata", "presetName=Dark = Pad",
         "--set-metadata", 'tags=["Pad","Dark"]', stdin=printed)
    reference.set_preset_metadata(header, tree, presetName="Dark = Pad", tags=["Pad", "Dark"])
    edited_header, edited_tree = reference.decode_preset_file(edited)
    check(same(without_hash(edited_header), without_hash(header)), path, "other metadata is set")
    check(same(edited_tree, tree), path, "other data is set")


def shared_agree(header, tree):
    return all(same(header[key], tree[key]) for key in header if key in tree and key != "hash")


def presets_in(operands):
    for operand in map(pathlib.Path, operands):
        if operand.is_dir():
            yield from sorted(operand.rglob("*.SerumPreset"))
        else:
            yield operand


def main():
    compared = refused = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "presets").mkdir()
        generate(folder / "presets")
        for path in presets_in([folder / "presets", *sys.argv[1:]]):
            if compare_state(path):
                compare_json(path, folder)
                compared += 1
            else:
                refused += 1
    print(f"{compared} presets are converted alike; {refused} are refused by one or both")


if __name__ == "__main__":
    main()
