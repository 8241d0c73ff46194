#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Files that are refused as a preset or as a state, with which reason, and without an effect on the
# next job. The files are those of our own synths, with a few bytes changed.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
chunks=$root/build/tests/plugins/plain_synth_chunks.so
fault=$root/build/tests/plugins/FaultSynth.vst3
lv2=urn:patchpipe:fault-synth
made=$BATS_FILE_TMPDIR
export LV2_PATH=$root/build/tests/plugins

setup_file() {
    preset-export -o plain --programs 0-1 "$plain" >/dev/null
    preset-export -o chunks --programs 0-1 "$chunks" >/dev/null
    preset-export -o fault --programs 0-1 "$fault" >/dev/null
    mv plain/0001* plain.fxp
    mv chunks/0001* chunks.fxp
    mv fault/0001* fault.vstpreset
}

# changed FILE EXPRESSION COPY: changes the bytes of a file by a Python expression.
changed() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import struct, sys
with open(sys.argv[1], "rb") as file:
    b = file.read()
with open(sys.argv[3], "wb") as copy:
    copy.write(eval(sys.argv[2]))
PYTHON
}

# refused PLUGIN FIELD FILE KIND TEXT...: renders a job with the file in that field between two jobs
# without a preset, and checks that its record is an error of this kind and that the others succeed.
refused() {
    local job text
    job=$(jq -nc --arg key "$2" --arg path "$PWD/$3" '{duration: 0.1, tail: 0, output_path: "/dev/null"} |
        ., .[$key] = $path, .')
    run -1 --separate-stderr render-one --plugin "$1" --timeout 20 <<<"$job"
    echo "$2 $3: $output"
    [[ $(field status) == $'ok\nerror\nok' && $(field audio_hash | sort -u | wc -l) == 2 ]]
    output=${lines[1]}
    [[ $(field error_kind) == "$4" && $(field error) == "$PWD/$3: "* ]]
    for text in "${@:5}"; do [[ $(field error) == *"$text"* ]] || fail "it does not say $text"; done
}

# sound PLUGIN FIELD FILE: renders a job with the file in that field and prints the hash of the
# audio.
sound() {
    jq -nc --arg key "$2" --arg path "$3" '{duration: 0.1, tail: 0, output_path: "/dev/null"} | .[$key] = $path' |
        render-one --plugin "$1" | jq -er .audio_hash
}

# lv2_state PLUGIN-URI: a state of the LV2 that makes it three times as loud.
lv2_state() {
    local program
    program=$(grep -o '^    {"[a-z0-9-]*"' "$root/tests/plugins/fault_table.h" | grep -n '"clip"')
    cat <<TURTLE
<urn:a-state> a pset:Preset ; lv2:appliesTo <$1> ; state:state [ <$lv2:Program> "$((${program%%:*} - 1))"^^xsd:int ] .
TURTLE
}

@test "a parameter preset with more parameters than the plug-in has is rejected" {
    changed "$made/plain.fxp" 'b[:24] + struct.pack(">I", 4) + b[28:] + b[-4:]' more.fxp
    refused "$plain" preset_path more.fxp preset-rejected 'has 4 parameters, but the plug-in only 3'
}

@test "a state for a plug-in that takes parameters only is rejected" {
    changed "$made/chunks.fxp" 'b.replace(b"PpPc", b"PpPl")' state.fxp
    refused "$plain" preset_path state.fxp preset-rejected 'the plug-in takes parameters only'
}

@test "parameters for a plug-in that keeps a state are taken, as hosts do" {
    changed "$made/plain.fxp" 'b.replace(b"PpPl", b"PpPc")' parameters.fxp
    [[ $(sound "$chunks" preset_path "$PWD/parameters.fxp") == $(sound "$plain" preset_path "$made/plain.fxp") ]]
}

@test "a preset of another VST2 is refused with both ids, as text and as numbers" {
    changed "$made/plain.fxp" 'b.replace(b"PpPl", b"Pp\0\xff")' other.fxp
    refused "$plain" preset_path other.fxp wrong-plugin "'Pp\x00\xff' (0x507000ff)" "'PpPl' (0x5070506c)"
}

@test "a preset of another VST3 is refused with both class ids" {
    id=$(head -c 40 "$made/fault.vstpreset" | tail -c 32)
    changed "$made/fault.vstpreset" 'b[:8] + b"0123456789ABCDEF" + b[24:]' other.vstpreset
    refused "$fault" preset_path other.vstpreset wrong-plugin "0123456789ABCDEF${id:16}" "is $id"
}

@test "a component state that a VST3 refuses is an error" {
    /usr/bin/python3 - "$made/fault.vstpreset" <<'PYTHON'
import struct, sys
head = open(sys.argv[1], "rb").read()[:40]
listed = b"List" + struct.pack("<i", 1) + b"Comp" + struct.pack("<qq", 48, 0)
open("empty.vstpreset", "wb").write(head + struct.pack("<q", 48) + listed)
PYTHON
    refused "$fault" preset_path empty.vstpreset preset-rejected 'refused the state in it'
}

@test "a state_path of a VST2 may be a program, or a bank with the plug-in's state" {
    for synth in plain chunks; do
        [[ $(sound "${!synth}" state_path "$made/$synth.fxp") == $(sound "${!synth}" preset_path "$made/$synth.fxp") ]]
    done
    # Four programs; the current one, the first, is that of the preset.
    /usr/bin/python3 - "$made/chunks.fxp" <<'PYTHON'
import struct, sys
preset = open(sys.argv[1], "rb").read()
head, program = preset[60:].split(b"\n", 1)
state = head[:-1] + b"4\n" + program * 4
bank = preset[:8] + b"FBCh" + preset[12:28] + bytes(128) + struct.pack(">I", len(state)) + state
open("bank.fxb", "wb").write(bank)
open("cut.fxb", "wb").write(bank[:-1])
open("headless.fxb", "wb").write(bank[:158])
open("refused.fxb", "wb").write(bank.replace(b"plain_synth 1 4", b"plain_synth 1 9"))
open("other.fxb", "wb").write(bank.replace(b"PpPc", b"none"))
open("parameters.fxb", "wb").write(bank.replace(b"FBCh", b"FxBk"))
PYTHON
    [[ $(sound "$chunks" state_path "$PWD/bank.fxb") == $(sound "$chunks" preset_path "$made/chunks.fxp") ]]
    refused "$chunks" state_path cut.fxb corrupt 'it is cut short'
    refused "$chunks" state_path headless.fxb corrupt 'it is cut short'
    refused "$chunks" state_path refused.fxb preset-rejected 'refused the state in it'
    refused "$chunks" state_path other.fxb wrong-plugin "'none'" "'PpPc' (0x50705063)"
    refused "$chunks" state_path parameters.fxb unsupported 'is a bank of programs'
}

@test "a file that is not a state of a VST2 is refused as its state" {
    echo 'Dear diary, no state is in here, and none will be in the lines below.' >text.txt
    changed "$made/plain.fxp" 'b[:28]' short.fxp
    changed "$made/plain.fxp" 'b[:24] + b"\x7f\xff\xff\xff" + b[28:]' counts.fxp
    : >empty
    for synth in plain chunks; do
        refused "${!synth}" state_path text.txt corrupt 'it is not a VST2 preset or bank'
        refused "${!synth}" state_path short.fxp corrupt 'ends within its header'
        refused "${!synth}" state_path counts.fxp corrupt 'declares 2147483647 parameters'
        refused "${!synth}" state_path empty corrupt 'ends within its header'
    done
    changed "$made/plain.fxp" 'b.replace(b"PpPl", b"none")' other.fxp
    refused "$plain" state_path other.fxp wrong-plugin "'none' (0x6e6f6e65)" "'PpPl' (0x5070506c)"
    changed "$made/chunks.fxp" 'b.replace(b"PpPc", b"none")' other.fxp
    refused "$chunks" state_path other.fxp wrong-plugin "'none' (0x6e6f6e65)" "'PpPc' (0x50705063)"
}

@test "a file that is not a state of an LV2 is refused as its state" {
    lv2_state "$lv2" >good.ttl
    run -0 render-one --plugin "$lv2" "{\"state_path\": \"$PWD/good.ttl\", \"output_path\": \"/dev/null\"}"
    jq -e '.peak == 1.5' <<<"$output"
    echo 'Dear diary, this is not Turtle.' >text.txt
    head -c 100 "$made/chunks.fxp" >binary
    : >empty
    echo '<urn:x> a lv2:Plugin .' >another.ttl
    head -c -10 good.ttl >cut.ttl
    sed 's/urn:a-state//' good.ttl >relative.ttl
    { cat good.ttl; for name in Warm Bright 'Old "Tin"' Deep; do
        printf '<urn:%s> a pset:Preset ; lv2:appliesTo <%s> ; rdfs:label "%s" .\n' \
            "${name%% *}" "$lv2" "${name//\"/\\\"}"
    done; } >many.ttl
    refused "$lv2" state_path many.ttl unsupported \
        'holds 5 presets: Bright, Deep, Old "Tin" and 2 more; give a file with one of them'
    refused "$lv2" state_path text.txt corrupt 'line 1 is not Turtle'
    refused "$lv2" state_path binary corrupt 'it is not text'
    refused "$lv2" state_path empty corrupt 'it is empty'
    refused "$lv2" state_path another.ttl corrupt 'no pset:Preset is in it'
    refused "$lv2" state_path cut.ttl corrupt 'is not a state of an LV2 plug-in'
    refused "$lv2" state_path relative.ttl corrupt 'a URI in it is not absolute'
    # Each part is correct by itself; nested so deep, each once used up the stack.
    for depth in 200 100000; do
        for part in '[ <urn:p> |]' '(|)'; do
            /usr/bin/python3 -c '
import sys
depth, (begin, end) = int(sys.argv[1]), sys.argv[2].split("|")
print("<urn:s> <urn:p>", begin * depth, "1", end * depth, ".")' "$depth" "$part" | cat good.ttl - >deep.ttl
            if ((depth == 200)); then
                run -0 render-one --plugin "$lv2" \
                    "{\"state_path\": \"$PWD/deep.ttl\", \"output_path\": \"/dev/null\"}"
            else
                refused "$lv2" state_path deep.ttl corrupt \
                    'is not a state of an LV2 plug-in: it is nested too deep'
            fi
        done
    done
    lv2_state urn:none >other.ttl
    refused "$lv2" state_path other.ttl wrong-plugin 'belongs to the plug-in urn:none' "this is $lv2"
}

@test "a bank or a state that is given as a preset is told what to do with it" {
    "$root/tests/make-fixtures.py" fixtures
    cp fixtures/bank.fxb fixtures/programs.fxb .
    jq -nr '"VC2!" + "x" * 100' >state.bin
    for plugin in "$plain" "$fault"; do
        refused "$plugin" preset_path bank.fxb unsupported \
            'is a bank of programs; say in the field program which one is meant'
        refused "$plugin" preset_path programs.fxb unsupported 'is a bank of programs'
        refused "$plugin" preset_path state.bin unsupported 'is a state, not a preset; give it as state_path'
    done
    # For a bank of parameters the message has the names of the first programs, if they can be read.
    preset-export -o programs --programs 0-3 "$plain" >exported
    { head -c 28 programs.fxb; head -c 128 /dev/zero; cat programs/*.fxp; } >named.fxb
    names=$(jq -rs '.[:3] | map(.preset_name) | join(", ")' exported)
    refused "$plain" preset_path named.fxb unsupported "is a bank of programs ($names, ...); say in the field program which one is meant"
    head -c 300 named.fxb >cut.fxb
    refused "$plain" preset_path cut.fxb unsupported "is a bank of programs ($(jq -rs '.[0].preset_name' exported)"
    for file in bank.fxb state.bin; do
        run -1 render-one --fxp "$plain" "{\"preset_path\": \"$PWD/$file\", \"output_path\": \"/dev/null\"}"
        [[ $(field error_kind) == unsupported && $(field error) == *": is a "* && $output != *"--"* ]]
    done
}

@test "where a format has no plug-in, the error names an option that there is" {
    for format in fxp serum2 vstpreset lv2 fxb; do
        run -1 render-one "{\"state_path\": \"/s\", \"preset_format\": \"$format\", \"output_path\": \"/dev/null\"}"
        option=$(field error | grep -o -- '--[a-z0-9]*')
        [[ $(field error_kind) == unsupported && $(render-one --help) == *"$option"* ]]
        case $format in fxb) [[ $option == --fxp ]] ;; *) [[ $option == "--$format" ]] ;; esac
    done
}

@test "an LV2 state whose value of a parameter is not a number is refused, and the parameter is named" {
    # port_state VALUE: a state that gives the parameter gain that value
    port_state() {
        cat <<TURTLE
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:a-state> a pset:Preset ; lv2:appliesTo <$lv2> ;
    lv2:port [ lv2:symbol "level" ; pset:value 0.5 ] , [ lv2:symbol "gain" ; pset:value $1 ] .
TURTLE
    }
    for value in '"loud"' '"0.5"' true '<urn:loud>' '"NaN"^^xsd:float' '"INF"^^xsd:double' '"0.5 dB"^^xsd:decimal'; do
        port_state "$value" >state.ttl
        refused "$lv2" state_path state.ttl preset-rejected 'the parameter gain' 'is not a number'
    done
    for value in 0.5 1 -3 1e-3 '"0.5"^^xsd:float' '"+2"^^xsd:int' '"7"^^xsd:long'; do
        port_state "$value" >state.ttl
        render-one -p "$lv2" "{\"state_path\": \"$PWD/state.ttl\", \"output_path\": \"/dev/null\"}"
    done
}

# raw PLUGIN FORMAT FILE: the hash of the audio with the file as that bare state, or the error.
raw() {
    jq -nc --arg format "$2" --arg path "$PWD/$3" \
        '{duration: 0.1, tail: 0, output_path: "/dev/null", state_path: $path, state_format: $format}' |
        render-one --plugin "$1" | jq -r '.audio_hash // "\(.error_kind) \(.error)"'
}

@test "a bare state of a VST2 is loaded as the one that it is said to be" {
    tail -c +61 "$made/chunks.fxp" >program
    { echo plain_synth 1 4; for _ in 1 2 3 4; do tail -n +2 program; done; } >bank
    wanted=$(sound "$chunks" preset_path "$made/chunks.fxp")
    [[ $(raw "$chunks" raw-program program) == "$wanted" && $(raw "$chunks" raw-bank bank) == "$wanted" ]]
    # Nothing in the bytes tells which it is.
    for file in program bank; do
        [[ $(raw "$chunks" raw "$file") == "unsupported "*"one for a program and another for all of its 4; say which one in state_format: raw-program or raw-bank" ]]
    done
    [[ $(raw "$chunks" raw-bank program) == "preset-rejected "* && $(raw "$chunks" raw-program bank) == "preset-rejected "* ]]
    [[ $(raw "$plain" raw-program program) == "preset-rejected "*"the plug-in takes parameters only" ]]
    : >empty
    [[ $(raw "$chunks" raw-bank empty) == "corrupt "*"is an empty state; save it again" ]]
    cp "$made/chunks.fxp" container
    [[ $(raw "$chunks" raw-program container) == "unsupported "*"begins as the container fxp does"* ]]
    [[ $(raw "$chunks" other program) == "bad-record "*"must be raw, raw-bank or raw-program, is 'other'" ]]
    # Without the field bytes are never guessed to be a state.
    refused "$chunks" state_path program corrupt 'does not begin with CcnK'
}

@test "a bare state of a VST3 is that of its component, and an LV2 has none" {
    number=$(grep -o '^    {"[a-z0-9-]*"' "$root/tests/plugins/fault_table.h" | grep -n '"clip"')
    preset-export -o clip --programs "$((${number%%:*} - 1))" "$fault" >/dev/null
    preset-convert --to raw -o component clip/*.vstpreset
    wanted=$(sound "$fault" preset_path "$(echo "$PWD"/clip/*)")
    [[ $wanted == xxh128:* && $(raw "$fault" raw component) == "$wanted" ]]
    [[ $(raw "$fault" raw-bank component) == "unsupported "*"a VST3 has only one; set state_format to raw" ]]
    cp "$made/fault.vstpreset" container
    [[ $(raw "$fault" raw container) == "unsupported "*"begins as the container vstpreset does"* ]]
    lv2_state "$lv2" >state.ttl
    [[ $(raw "$lv2" raw state.ttl) == "unsupported "*"which an LV2 does not have: its states are Turtle, as hosts save it" ]]
}

@test "a bare state is skipped only if it was loaded as the same one" {
    tail -c +61 "$made/chunks.fxp" >program
    job="{\"duration\": 0.1, \"tail\": 0, \"state_path\": \"$PWD/program\", \"state_format\": \"raw-program\", \"output_path\": \"$PWD/a.wav\"}"
    render-one -p "$chunks" "$job"
    run -0 render-one -p "$chunks" --skip-existing "$job"
    [[ $(field status) == skipped ]]
    run -1 render-one -p "$chunks" --skip-existing "${job/raw-program/raw-bank}"
    [[ $(field error_kind) == preset-rejected ]]
}
