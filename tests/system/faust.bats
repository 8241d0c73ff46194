#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Faust programs as plug-ins.

load ../helper

# dsp NAME: the program on standard input, as NAME.dsp.
dsp() { cat >"$1.dsp"; }

# play PROGRAM FIELDS [OPTION]...: a job with it, of 0.2 s, in 32 bits, to out.wav.
play() {
    run -0 --separate-stderr render-one -p "$1" "${@:3}" "$(jq -nc --argjson fields "$2" \
        '{duration: 0.2, tail: 0, bit_depth: "32f", output_path: "out.wav"} + $fields')"
}

refused() {
    run -1 render-one -p "$1" '{"output_path": "out.wav"}'
    [[ $(field error_kind) == "$2" && $(field error) == *"$3"* ]] || fail "$output"
    [[ ! -e out.wav ]]
}

tone() {
    dsp tone <<'END'
declare name "Tone";
declare author "somebody";
import("stdfaust.lib");
process = os.osc(hslider("freq[unit:Hz][scale:log]", 440, 20, 20000, 0.01)) * vslider("gain", 0.5, 0, 1, 0.01);
END
}

@test "a program plays, in every isolation and at every block size, with the same bits" {
    tone
    for isolation in auto snapshot fork process reuse; do
        for block_size in 1 64 511 4096; do
            play tone.dsp "{\"block_size\": $block_size}" --isolation "$isolation"
            [[ -z $stderr && $(field status) == ok && $(field plugin) == Tone && $(field channels) == 1 ]]
            field audio_hash >>hashes
        done
    done
    [[ $(sort -u hashes | wc -l) == 1 && $(wc -l <hashes) == 20 ]]
    # sox makes the same tone; Faust's begins a frame later in it, which is 0.99773 % of a period.
    sox -n -r 44100 -c 1 -e float -b 32 sine.wav synth 0.2 sine 440 0 0.99773 vol 0.5
    run -0 sox -m -v 1 out.wav -v -1 sine.wav -n stat
    awk '/RMS     amplitude/ { exit !($3 < 1e-3) }' <<<"$output"
}

@test "parameters are set by label, address and index, normalised or as the program's own values" {
    tone
    play tone.dsp '{"parameters": {"freq": "880 Hz", "gain": "0.25"}}'
    field audio_hash >hashes
    [[ $(jq -c .parameters_taken.freq.text <<<"$output") == '"880"' && $(field peak) == 0.25 ]]
    play tone.dsp '{"parameters": {"/Tone/freq": "880", "id:/Tone/gain": 0.25}}'
    field audio_hash >>hashes
    play tone.dsp '{"parameters": {"#0": "880hz", "#1": 0.25}}'
    field audio_hash >>hashes
    # 20 to 20000 is three decades: 0.5 is in the middle of them.
    play tone.dsp '{"parameters": {"freq": 0.5, "gain": 0.25}}'
    [[ $(jq -c .parameters_taken.freq.text <<<"$output") == '"632.4555"' ]]
    [[ $(sort -u hashes | wc -l) == 1 ]]
}

@test "automation is exact to the frame" {
    echo 'process = hslider("level", 0, 0, 1, 0.001);' | dsp level
    play level.dsp '{"automation": [{"parameter": "level", "points": [[0.1, 0.75], [0.15, 0.25]], "shape": "step"}]}'
    sox out.wav -t f32 - | od -An -v -w4 -tf4 | uniq -c | awk '{ print $1, $2 }' >runs
    diff runs - <<<$'4410 0\n2205 0.75\n2205 0.25'
}

@test "a file goes through a program, and through it as a link of a chain" {
    echo 'process = par(i, 2, *(0.5));' | dsp half
    sox -n -r 44100 -c 2 -e float -b 32 in.wav synth 0.1 sine 300 sine 500 gain -6
    play half.dsp '{"input_path": "in.wav"}'
    sox -D -v 0.5 in.wav -t f32 - | cmp - <(sox -D out.wav -t f32 -)
    tone
    play tone.dsp '{"chain": [{"plugin_path": "half.dsp", "parameters": {}}]}'
    jq -e '.channels == 2 and .peak > 0.249 and .peak <= 0.25' <<<"$output"
}

@test "a program that does not compile is an error with the compiler's words and the line" {
    printf 'import("stdfaust.lib");\nprocess = os.osc(440) * foo;\n' | dsp unknown
    refused unknown.dsp plugin-load "unknown.dsp: does not compile: line 2: undefined symbol : foo"
    printf 'process = _ *\n ;' | dsp syntax
    refused syntax.dsp plugin-load "syntax.dsp: does not compile: line 2: syntax error"
    printf 'import("nothere.lib"); process = _;' | dsp import
    refused import.dsp plugin-load "nothere.lib"
    mkdir lib
    printf 'twice(x) = x + x;\nthrice(x) = twice(x) + y;\n' >lib/three.lib
    printf 'import("lib/three.lib"); process = thrice;' | dsp inlib
    refused inlib.dsp plugin-load "line 2: undefined symbol : y"
}

@test "a program without sound, or with too many channels, is refused" {
    echo 'process = !;' | dsp nothing
    refused nothing.dsp plugin-load "no output"
    echo 'process = par(i, 300, _) :> _;' | dsp many
    refused many.dsp unsupported "has 300 inputs; at most 256"
}

@test "a compilation that does not end is a timeout of one source" {
    echo 'process = par(i, 100000, _);' | dsp endless
    tone
    run -1 render-one --timeout 2 <<<'{"plugin_path": "endless.dsp", "output_path": "a.wav"}
{"plugin_path": "tone.dsp", "output_path": "b.wav", "duration": 0.1, "tail": 0}'
    [[ $(field error_kind) == $'timeout\nnull' && $(field status) == $'error\nok' ]] || fail "$output"
}

@test "what a program imports belongs to it" {
    mkdir lib
    echo 'gain = 0.5;' >lib/gain.lib
    echo 'import("lib/gain.lib"); process = gain;' | dsp imports
    play imports.dsp '{}'
    [[ $(field peak) == 0.5 ]]
    play imports.dsp '{}' --skip-existing
    [[ $(field status) == skipped ]]
    echo 'gain = 0.25;' >lib/gain.lib
    play imports.dsp '{}' --skip-existing
    [[ $(field status) == ok && $(field peak) == 0.25 ]]
}

@test "samples that are not numbers are an error" {
    echo 'process = 1 / button("a");' | dsp nan
    refused nan.dsp non-finite "nan: gave"
}
