#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Serum 2 presets from the file to the sound, with a VST3 of ours that is as strict about states as
# Serum, and ignores wrong ones as silently.

load ../helper

macro=$root/build/tests/plugins/MacroSynth.vst3

# A .SerumPreset whose macro $2 (from 0) is at $3 percent, made without our code.
make_preset() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import hashlib, json, struct, sys
import cbor2, zstandard
path, macro, value = sys.argv[1], sys.argv[2], float(sys.argv[3])
data = {"fileType": "SerumPreset", "presetName": path, "presetAuthor": "", "presetDescription": "",
    "SerumGUI": {"plainParams": "default"}, "Arp0": {"plainParams": "default"}, "version": 10.0,
    "productVersion": "2.1.4", "Env0": {"plainParams": "default"},
    **{f"Macro{n}": {"name": f"M{n}", "plainParams": "default"} for n in range(8)}}
data["Macro" + macro]["plainParams"] = {"kParamValue": value}
cbor = cbor2.dumps(data)
frame = zstandard.ZstdCompressor().compress(cbor)
meta = json.dumps({"fileType": "SerumPreset", "presetName": path, "hash": hashlib.md5(frame).hexdigest(),
    "product": "Serum2", "productVersion": "2.1.4", "vendor": "Xfer Records", "version": 10.0}).encode()
open(path, "wb").write(b"XferJson\0" + struct.pack("<Q", len(meta)) + meta + struct.pack("<II", len(cbor), 2) + frame)
PYTHON
}

# Renders the preset, or a state with preset_format given, and prints the hash of the audio.
sound_of() {
    render-one --serum2 "$macro" "$(jq -nc --arg p "$1" '{preset_path: $p, output_path: "/dev/null"}')"
}

initial_sound() { render-one -p "$macro" '{"output_path": "/dev/null"}' | jq -r .audio_hash; }

@test "a preset rendered through --serum2 is heard to be loaded" {
    for setting in '0 80' '0 20' '2 50' '7 100'; do
        read -r number value <<<"$setting"
        make_preset one.SerumPreset "$number" "$value"
        run -0 sound_of one.SerumPreset
        [[ $(field status) == ok && $(field unchanged) == null ]]
        field audio_hash >>hashes
    done
    initial_sound >>hashes
    [[ $(sort -u hashes | wc -l) == 5 ]]
}

@test "presets render the same in any order, each as its own macros have it" {
    mkdir presets
    for value in {1..20}; do make_preset "presets/$value.SerumPreset" $((value % 8)) $((value * 5)); done
    preset-scan presets | assign-paths -o first | render-one --serum2 "$macro" >first.ndjson
    preset-scan presets | tac | assign-paths -o second | render-one --serum2 "$macro" >second.ndjson
    diff -r first second
    [[ $(jq -r .status first.ndjson | sort | uniq -c) =~ ^\ *20\ ok$ ]]
}

@test "the state that serum-unwrap writes sounds like the preset" {
    make_preset one.SerumPreset 0 80
    sound_of one.SerumPreset | jq -r .audio_hash >direct
    preset=$(jq -nc --arg p "$PWD/one.SerumPreset" '{preset_path: $p, preset_format: "serum2", output_path: "/dev/null"}')
    run -0 bash -c "serum-unwrap --state-dir states <<<'$preset' | render-one --serum2 $macro"
    [[ -s $(field state_path) && $(field audio_hash) == "$(<direct)" ]]
}

@test "a file that was rendered by other rules of conversion is rendered again" {
    make_preset one.SerumPreset 0 80
    job=$(jq -nc --arg p "$PWD/one.SerumPreset" --arg o "$PWD/out.wav" \
        '{preset_path: $p, output_path: $o, skip_existing: true}')
    run -0 render-one --serum2 "$macro" "$job"
    run -0 render-one --serum2 "$macro" "$job"
    [[ $(field status) == skipped ]]
    grep -aq '"serum_rules":2,' out.wav
    sed -i 's/"serum_rules":2,/"serum_rules":1,/' out.wav
    run -0 render-one --serum2 "$macro" "$job"
    [[ $(field status) == ok ]]
    # A state is used unchanged, however it was made.
    serum-unwrap -o one.state one.SerumPreset
    run -0 render-one --serum2 "$macro" "$(jq -c --arg s "$PWD/one.state" \
        'del(.preset_path) + {state_path: $s, preset_format: "serum2"}' <<<"$job")"
    [[ $(field status) == ok ]]
    run -1 grep -a serum_rules out.wav
}

@test "a preset's own bytes given as a state change nothing, and a required change says so" {
    make_preset one.SerumPreset 0 80
    # In an envelope, as by a host that does not know the difference.
    /usr/bin/python3 - one.SerumPreset <<'PYTHON'
import struct, sys
data = open(sys.argv[1], "rb").read()
alphabet = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"
bits = "".join(format(b, "08b")[::-1] for b in data)
bits += "0" * (-len(bits) % 6)
text = f"{len(data)}." + "".join(alphabet[int(bits[i:i + 6][::-1], 2)] for i in range(0, len(bits), 6))
xml = f'<?xml version="1.0" encoding="UTF-8"?> <VST3PluginState><IComponent>{text}</IComponent></VST3PluginState>'.encode()
open("naive.state", "wb").write(struct.pack("<II", 0x21324356, len(xml)) + xml + b"\0")
PYTHON
    naive=$(jq -nc --arg s "$PWD/naive.state" '{state_path: $s, preset_format: "serum2", output_path: "/dev/null"}')
    run -0 render-one --serum2 "$macro" "$naive"
    [[ $(field unchanged) == true && $(field audio_hash) == "$(initial_sound)" ]]
    run -1 render-one --serum2 "$macro" --require-change "$naive"
    [[ $(field error_kind) == preset-rejected ]]
}

@test "a preset with 53 MB of samples is rendered" {
    "$root/tests/oracles/large-preset.py" make large.SerumPreset 53000000
    run -0 sound_of "$PWD/large.SerumPreset"
    [[ $(field status) == ok && $(field unchanged) == null ]]
}

@test "each defect of a preset has its own message" {
    make_preset one.SerumPreset 0 80
    /usr/bin/python3 - <<'PYTHON'
data = bytearray(open("one.SerumPreset", "rb").read())
size = int.from_bytes(data[9:17], "little")
at = 17 + size
def write(name, changed): open(name, "wb").write(bytes(changed))
write("version.SerumPreset", data[:at + 4] + (3).to_bytes(4, "little") + data[at + 8:])
write("lying.SerumPreset", data[:at] + (7).to_bytes(4, "little") + data[at + 4:])
write("cut.SerumPreset", data[:-5])
write("bank.SerumPreset", data.replace(b'"SerumPreset"', b'"ArpBankData"', 1))
PYTHON
    for name in version lying cut bank; do
        run -1 sound_of "$name.SerumPreset"
        field error | sed "s/.*$name.SerumPreset: //" | tee -a sentences
        [[ $(field error_kind) == corrupt || $(field error_kind) == unsupported ]]
    done
    [[ $(sort -u sentences | wc -l) == 4 ]]
}

@test "presets with all that Serum saves render" {
    "$root/tests/make-fixtures.py" made
    # Serum's own too, if they are beside the checkout.
    shopt -s nullglob
    presets=("$PWD/made/whole.SerumPreset" "$root"/../shared/fixtures/serum/*.SerumPreset)
    shopt -u nullglob
    for preset in "${presets[@]}"; do
        run -0 sound_of "$preset"
        [[ $(field status) == ok && $(field unchanged) == null ]]
    done
}
