#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each command that patchpipe-faust(5) lists for those who come from cyfaust, run as it is printed
# there. `faust` is the oracle of what is built.

load ../helper

page=$root/man/patchpipe-faust.5

setup() {
    cp /usr/share/faust/examples/generator/osc.dsp organ.dsp
    echo 'process = _ * 0.5;' >effect.dsp
}

# The part of the page, as lines "THERE<tab>HERE": what cyfaust has, and the lines of a command that
# takes its place, with \n between them; nothing if there is none.
table() {
    sed -n '/^\.Sh COMING FROM CYFAUST/,/^\.Sh EXAMPLES/p' "$page" | awk '
        sub(/^\.It Ic /, "") { if (there) print there "\t" here; there = $0; here = "" }
        /^\.Bd/ { within = 1; next }
        /^\.Ed/ { within = 0 }
        within { here = here (here == "" ? "" : "\\n") $0 }
        END { print there "\t" here }'
}

# ours THERE [STATUS]: runs what takes its place, with the words of $under before it. THERE is the
# first or only name in its line.
under=()
ours() {
    local command
    command=$(table | awk -F '\t' -v there="$1" '$1 == there || index($1, there " ,") == 1 { print $2 }')
    [[ -n $command ]] || fail "the page has no command for $1"
    run "-${2-0}" --separate-stderr "${under[@]}" bash -euo pipefail -c "$(printf '%b' "$command")"
}

# A sound device without a sound card.
start_jack() {
    export JACK_DEFAULT_SERVER=cyfaust-$$ JACK_NO_START_SERVER=1
    jackd -r -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p 256 -C 2 -P 2 >jack.log 2>&1 3>&- &
    jack=$!
    for _ in {1..100}; do
        [[ -z $(play-one --list) ]] || return 0
        sleep 0.1
    done
    fail "$(<jack.log)"
}

stop_jack() {
    kill "$jack"
    wait "$jack" || true
}

# record EVENT KEY: of the records in $output.
record() { jq -r --arg event "$1" --arg key "$2" 'select(.event == $event) | .[$key]' <<<"$output"; }

@test "every line of the page is run here, or has no command" {
    [[ $(table | wc -l) -gt 35 ]]
    diff <(table | grep -v $'\t$' | sed -E 's/( ,.*)?\t.*//' | sort) \
        <(grep -oP "^    ours '?\K[^']+?(?='?( [0-9]+)?\$)" "$BATS_TEST_FILENAME" | sort -u)
}

@test "version" {
    ours 'cyfaust version'
    [[ $(field compiler_version) == "$(faust --version | grep -oP 'FAUST Version \K\S+') (LLVM "* ]]
    ours get_version
    [[ $(field compiler_target) == *-linux-gnu*:* ]]
}

@test "info" {
    ours 'cyfaust info organ.dsp'
    [[ $(jq -c '[.name, .vendor, .version, .inputs, .channels]' <<<"$output") == '["osc","Grame","1.0",0,1]' ]]
    # The libraries and the paths of them are those that the compiler writes itself.
    faust -json -O . -o theirs.cpp organ.dsp
    diff <(jq '.libraries, .metadata.license' <<<"$output") <(jq '.library_list, (.meta[].license // empty)' organ.dsp.json)
    [[ $(field include_paths) == *'"/usr/share/faust"'* ]]
    [[ $(jq -c .warnings <<<"$output") == '["RDTbl read index '* ]]
    rm organ.dsp
    ours 'cyfaust info organ.dsp' 1
}

@test "compile" {
    ours 'cyfaust compile organ.dsp'
    diff <(echo "$output") <(faust -lang cpp organ.dsp)
    ours 'cyfaust compile organ.dsp -b rust -o organ.rs'
    diff organ.rs <(faust -lang rust organ.dsp)
    run -2 --separate-stderr faust-build --lang codebox -o - organ.dsp
    [[ -z $output && $stderr == *"libfaust has no 'codebox'"* ]]
}

@test "expand" {
    ours 'cyfaust expand organ.dsp -o whole.dsp'
    faust -e organ.dsp -o theirs.dsp
    diff <(grep -v compile_options whole.dsp) <(grep -v compile_options theirs.dsp)
    ours get_dsp_code
    diff <(echo "$output") whole.dsp
    ours 'cyfaust expand organ.dsp --sha-only'
    [[ $(jq -r 'ascii_downcase' <<<"$output") == "$(sha1sum <whole.dsp | cut -d ' ' -f 1)" ]]
    ours expand_dsp_from_string
    [[ $output == *'process = _;' && $(jq -r .status <<<"$stderr") == ok ]]
}

@test "diagram" {
    ours 'cyfaust diagram organ.dsp -o diagrams'
    [[ $(head -c 100 diagrams/organ-svg/process.svg) == *'<?xml'* && $(field status | sort -u) == ok ]]
    rm -r diagrams
    ours generate_auxfiles_from_file
    [[ -s diagrams/organ-svg/process.svg && -s organ.xml && $(jq -r .name organ.json) == osc ]]
}

@test "play, and RtAudioDriver" {
    start_jack
    ours 'cyfaust play organ.dsp -d 0.5 -r 48000 -b 256'
    [[ $(record started device_block_size) == 256 && $(record ended frames) == 24000 ]]
    [[ $(record ended silent) == false ]]
    ours RtAudioDriver
    [[ $(record started sample_rate) == 48000 && $(record started channels) == 1 ]]
    stop_jack
}

@test "play until Ctrl-C" {
    start_jack
    # To the whole pipe, as a terminal does it; 124 is timeout's own status.
    under=(timeout --signal INT 2)
    ours 'cyfaust play organ.dsp' 124
    [[ $(record started event) == started && $(record ended reason) == interrupted ]]
    stop_jack
}

@test "params" {
    ours 'cyfaust params organ.dsp'
    diff - <(echo "$output") <<'END'
["hslider","/Oscillator/freq",1000,20,24000,1]
["hslider","/Oscillator/volume",0,-96,0,0.1]
END
    ours 'cyfaust params organ.dsp --get freq'
    [[ $output == '"1000"' ]]
    ours 'cyfaust params organ.dsp --set freq 440 --get freq'
    [[ $output == '"440"' ]]
    # A computed range, a button, a bargraph, and groups.
    echo 'process = hgroup("g", button("play")) * hslider("x", 2 * 3, 0, 10 - 3, 0.5) : hbargraph("level", 0, 2);' >organ.dsp
    ours 'cyfaust params organ.dsp'
    diff - <(echo "$output") <<'END'
["button","/organ/g/play",0,0,1,1]
["hbargraph","/organ/level",null,0,2,null]
["hslider","/organ/x",6,0,7,0.5]
END
    mv effect.dsp organ.dsp
    ours 'cyfaust params organ.dsp'
    [[ -z $output ]]
}

@test "validate" {
    ours 'cyfaust validate organ.dsp'
    ours 'cyfaust validate organ.dsp --strict' 1
    mv effect.dsp organ.dsp
    ours 'cyfaust validate organ.dsp --strict'
    echo 'process = foo;' >organ.dsp
    ours 'cyfaust validate organ.dsp' 1
    run -1 plugin-probe organ.dsp
    [[ $(field error) == *"line 1: undefined symbol : foo"* && $(field line):$(field column) == 1:11 ]]
    echo 'process = !;' >organ.dsp
    ours 'cyfaust validate organ.dsp' 1
}

@test "bitcode" {
    ours 'cyfaust bitcode save organ.dsp -o organ.fbc'
    [[ $(head -n 1 organ.fbc) == interpreter_dsp_factory* ]]
    ours 'cyfaust bitcode load organ.fbc'
    [[ $(field name) == osc && $(field parameter_count) == 2 ]]
    ours read_dsp_factory_from_bitcode_file
    [[ $(field silent) == false && -s organ.wav ]]
    ours write_to_bitcode_file
    [[ $(field build_path | sed 's|.*/||' | sort | paste -sd ' ') == "organ.bc organ.fbc organ.ll organ.o" ]]
}

@test "json" {
    ours 'cyfaust json organ.dsp --pretty'
    [[ $(jq -c '[.parameters[].name]' <<<"$output") == '["freq","volume"]' && ${#lines[@]} -gt 20 ]]
    ours 'cyfaust json organ.dsp -o organ.json'
    [[ $(jq -c '[.. | objects | select(.address == "/Oscillator/freq") | .init, .min, .max, .step]' organ.json) == '[1000,20,24000,1]' ]]
}

@test "what a factory knows" {
    ours get_name
    [[ $(field name) == osc && $(field sha) =~ ^[0-9A-F]{40}$ && $(field compiled_with) == *-single* ]]
    jq -e '.libraries[0], .include_paths[0], .warnings[0], .metadata.author == "Grame"' <<<"$output"
}

@test "factories of text, boxes and files" {
    ours create_dsp_factory_from_file
    [[ $(field status) == ok && -s organ.wav ]]
    ours create_dsp_factory_from_string
    run -0 render-one -p text.fbc '{"note": 60, "tail": 0, "output_path": "/dev/null"}'
    [[ $(field peak) == 0.5 ]]
    ours create_dsp_factory_from_boxes
    run -0 render-one -p boxes.fbc '{"output_path": "/dev/null"}'
    [[ $(field peak) == 0.25 ]]
    ours is_box_int
    [[ $(jq -r 'select(.normal_form).normal_form[0]' <<<"$output") == 'SIG = 0.25f;'* ]]
    [[ $(jq -c 'select(.op == "mul").is | keys' <<<"$output") == '["isBoxSeq"]' ]]
}

@test "compute, and sound files" {
    ours InterpreterDsp.compute
    warm_python -c 'import numpy; x = numpy.load("organ.npy"); assert x.shape == (1, 22050) and x.any()'
    sox -n -r 44100 -b 16 organ.wav synth 0.5 sine 440
    ours SoundMemoryPlayer
    [[ $(record ended silent) == false ]]
    ours generate_sha1
    [[ $output == "$(printf text | openssl sha1 -r | cut -d ' ' -f 1)"* ]]
}
