#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Parameters that a job sets, and that move while it plays, in every format.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
macro=$root/build/tests/plugins/MacroSynth.vst3
gain=$root/build/tests/plugins/gain_effect.so

setup_file() {
    sox -n -r 44100 -c 2 -b 32 -e float "$BATS_FILE_TMPDIR/tone.wav" synth 0.1 sine 1000 gain -12
}

# job FIELDS: a job with these fields, a JSON object.
job() { command jq -nc --argjson fields "$1" '{duration: 0.05, tail: 0, bit_depth: "32f", output_path: "out.wav"} + $fields'; }

# heard: the first channel of out.wav, for Python expressions as x.
heard() {
    warm_python - "$@" <<'PYTHON'
import sys, numpy, subprocess
raw = subprocess.run(["sox", "out.wav", "-t", "f32", "-"], stdout=subprocess.PIPE, check=True).stdout
channels = int(subprocess.run(["soxi", "-c", "out.wav"], stdout=subprocess.PIPE, check=True).stdout)
x = numpy.frombuffer(raw, "<f4").reshape(-1, channels)[:, 0]
assert eval(sys.argv[1]), x
PYTHON
}

# gain FIELDS: the tone through the gain effect.
through_gain() { render-one -p "$gain" "$(job "$1" | jq -c --arg tone "$BATS_FILE_TMPDIR/tone.wav" '.input_path = $tone')"; }

refused() {
    local kind=$1 words=$2
    shift 2
    run -1 "$@"
    [[ $(field error_kind) == "$kind" ]] || fail "$output"
    [[ $(field error) == *"$words"* ]] || fail "$output"
}

@test "a parameter is set by name, by id and by index" {
    for name in Level id:0 '#0'; do
        run -0 render-one -p "$plain" "$(job "{\"velocity\": 127, \"parameters\": {\"$name\": 0.125}}")"
        jq -e --arg name "$name" '.peak == 0.125 and .parameters_taken[$name].value == 0.125' <<<"$output"
        [[ $(jq -c .parameters <<<"$output") == "{\"$name\":0.125}" ]]
    done
}

@test "parameters are set after the preset" {
    preset-export -o presets --programs 1 "$plain" |
        jq -c '.output_path = "a.wav" | .tail = 0 | ., (.output_path = "b.wav" | .parameters = {Level: 1})' >list
    run -0 render-one --fxp "$plain" <list
    [[ $(field peak | xargs) == "0.25 1" ]]
}

@test "a text is converted by the plug-in, or found where the plug-in shows it" {
    run -0 through_gain '{"parameters": {"Gain": "50 %", "Mode": "on", "id:3": "12.3"}}'
    jq -e '.parameters_taken == {Gain: {value: 0.5, text: "50.0"}, Mode: {value: 1, text: "on"},
        "id:3": {value: .parameters_taken["id:3"].value, text: "12.3"}}' <<<"$output"
    run -0 render-one -p "$plain" "$(job '{"parameters": {"Tune": "12 st", "Delay": "0"}}')"
    jq -e '.parameters_taken.Tune.value == 1 and .parameters_taken.Delay.value == 0' <<<"$output"
}

@test "a VST3 and an LV2 take parameters too, as numbers and as texts" {
    plugin-probe --parameters "$macro" | jq -r '.parameters[0].name' >name
    run -0 render-one -p "$macro" "$(job '{}')" "$(job "$(jq -R '{parameters: {(.): 0.7}}' name)")"
    [[ $(field status | xargs) == "ok ok" && $(field audio_hash | sort -u | wc -l) == 2 ]]
    [[ $(tail -n 1 <<<"$output" | jq '.parameters_taken[].value * 10 | round') == 7 ]]
    piano=http://drobilla.net/plugins/mda/Piano
    plugin-probe --parameters "$piano" | jq -c '.parameters[] | select(.name | test("Stereo|Decay"))' >list
    jq -sc '{parameters: (map({("id:" + .id): 0.9}) | add)}' list >number
    jq -sc '{parameters: (map({(.name): .text}) | add)}' list >text
    run -0 render-one -p "$piano" "$(job '{}')" "$(job "$(<number)")" "$(job "$(<text)")"
    [[ $(field status | xargs) == "ok ok ok" ]]
    [[ $(jq -r .audio_hash <<<"$output" | sort | uniq -c | awk '{ print $1 }' | sort -n | xargs) == "1 2" ]]
}

@test "a name that is not there, or there twice, is an error that lists what there is" {
    refused bad-record "has no parameter 'Gian'; the closest is 'Gain'" through_gain '{"parameters": {"Gian": 1}}'
    refused bad-record "has 2 parameters 'Twin'; name one of them: id:2 or id:3" through_gain '{"parameters": {"Twin": 1}}'
    refused bad-record "has no parameter '#4': it has 4, counted from 0" through_gain '{"parameters": {"#4": 1}}'
    refused bad-record "has no parameter with the id 'x'" through_gain '{"parameters": {"id:x": 1}}'
    refused bad-record "knows no value 'loud' of 'Gain', which it shows as '100.0'" through_gain '{"parameters": {"Gain": "loud"}}'
    refused bad-record "is a parameter that another name sets too" through_gain '{"parameters": {"Gain": 1, "#0": 1}}'
    for value in 1.5 -0.1 true null '[1]' '{}'; do
        refused bad-record "'Gain': the value must be a number, 0 to 1, or a text" through_gain "{\"parameters\": {\"Gain\": $value}}"
    done
    refused bad-record 'a text that the plug-in knows, as "-12"' through_gain '{"parameters": {"Gain": -12}}'
    refused bad-record "must be an object" through_gain '{"parameters": [1]}'
    refused bad-record "parameters: Gain: appears twice" render-one -p "$gain" '{"output_path": "/dev/null", "parameters": {"Gain": 0, "Gain": 1}}'
}

@test "more parameters than a plug-in may have are refused, and long names cut in errors" {
    jq -nc '{output_path: "/dev/null", parameters: ([range(10001) | {("p\(.)"): 0}] | add)}' >many.ndjson
    run -1 render-one -p "$gain" <many.ndjson
    [[ $(field error) == "parameters: has 10001 entries; at most 10000 are possible" ]]
    jq -nc '{output_path: "/dev/null", parameters: {("x" * 100000): 0}}, {output_path: "/dev/null", parameters: {Gain: ("9" * 100000)}}' >long.ndjson
    run -1 render-one -p "$gain" <long.ndjson
    [[ $(jq '.error | length < 400' <<<"$output" | xargs) == "true true" ]]
}

@test "fields of a record that only look like ours are the user's" {
    run -0 through_gain '{"provenance": 5, "input_duration": "long", "saves_preset": 1, "preset_plugins": {}}'
    run -0 render-one -p "$plain" "$(job '{"input_duration": 1e300, "provenance": []}')"
    [[ $(field status) == ok && $output == *'"input_duration":1e300,"provenance":[]'* || $output == *'"input_duration":1e+300,"provenance":[]'* ]] || fail "$output"
}

@test "automation that is not in the right form is an error that says what is wrong" {
    wrong() { refused bad-record "$2" through_gain "{\"automation\": $1}"; }
    wrong 3 'must be a list'
    wrong '[3]' 'must be a list of objects'
    wrong '[{"points": [[0, 1]]}]' 'has an object without a parameter'
    wrong '[{"parameter": "Gain"}]' "'Gain': points must be a list"
    wrong '[{"parameter": "Gain", "points": []}]' "'Gain': points must be a list"
    wrong '[{"parameter": "Gain", "points": [[0]]}]' 'a point must be [seconds, value], is [0]'
    wrong '[{"parameter": "Gain", "points": [[-1, 0]]}]' 'a point must be'
    wrong '[{"parameter": "Gain", "points": [["0", 0]]}]' 'a point must be'
    wrong '[{"parameter": "Gain", "points": [[0, 2]]}]' 'the value must be a number, 0 to 1'
    wrong '[{"parameter": "Gain", "points": [[1, 0], [0.5, 0]]}]' 'not in order: 0.5 s comes after 1 s'
    wrong '[{"parameter": "Gain", "points": [[0, 0]], "shape": "bow"}]' "shape must be linear or step, is 'bow'"
    wrong '[{"parameter": "Gain", "points": [[0, 0]], "curve": 1}]' "has a field 'curve'"
    wrong '[{"parameter": 5, "points": [[0, 0]]}]' "automation: parameter: must be a string"
    wrong '[{"parameter": "Gain", "points": [[0, 123456789012345678901]]}]' 'automation: has a number that a double cannot hold'
    wrong '[{"parameter": "Gain", "points": [[0, 0]]}, {"parameter": "#0", "points": [[0, 0]]}]' 'is given twice'
    wrong '[{"parameter": "Gone", "points": [[0, 0]]}]' "has no parameter 'Gone'"
}

@test "a step is heard from its frame on, whatever the block size" {
    for block_size in 1 64 512 1000; do
        through_gain "{\"block_size\": $block_size, \"automation\": [{\"parameter\": \"Gain\", \"shape\": \"step\",
            \"points\": [[0, 0], [0.01, \"50 %\"], [0.02, 0]]}]}" >"$block_size"
        heard '(x[:441] == 0).all() and (x[442:460] != 0).any() and (x[882:] == 0).all()'
    done
    [[ $(jq -r .audio_hash 1 64 512 1000 | sort -u | wc -l) == 1 ]]
}

@test "a line goes in steps of control_interval, the same whatever the block size" {
    for interval in 1 7 64; do
        for block_size in 1 8 512; do
            through_gain "{\"block_size\": $block_size, \"control_interval\": $interval,
                \"automation\": [{\"parameter\": \"Gain\", \"points\": [[0, 0], [0.1, 1]]}]}" >"$interval.$block_size"
        done
        [[ $(jq -r .audio_hash "$interval".* | sort -u | wc -l) == 1 ]]
    done
    # The tone, times the line in steps of one frame.
    through_gain '{"control_interval": 1, "automation": [{"parameter": "Gain", "points": [[0, 0], [0.1, 1]]}]}' >/dev/null
    sox "$BATS_FILE_TMPDIR/tone.wav" -t f32 tone.f32
    heard 'abs(x - numpy.fromfile("tone.f32", "<f4").reshape(-1, 2)[:, 0] * numpy.arange(4410) / 4410).max() < 1e-6'
}

@test "a VST3 and an LV2 move their parameters, in any order of jobs" {
    jq -nc '[range(8)][] | {note: (60 + .), duration: 0.1, tail: 0.05, output_path: "/dev/null",
        automation: [{parameter: "#0", points: [[0, 0.1 * .], [0.1, 1 - 0.1 * .]]}]}' >list
    for plugin in "$macro" http://drobilla.net/plugins/mda/Piano; do
        render-one -p "$plugin" <list | jq -r .audio_hash >hashes
        [[ $(sort -u hashes | wc -l) == 8 ]]
        tac list | render-one -p "$plugin" --isolation fork | jq -r .audio_hash | tac | diff hashes -
        jq -c 'del(.automation)' list | render-one -p "$plugin" | jq -r .audio_hash >still
        run -1 diff hashes still
    done
}

@test "a file is skipped only if it was made with the same parameters" {
    render() { render-one -p "$plain" --skip-existing "$(job "$1")" | jq -r .status; }
    [[ $(render '{"parameters": {"Level": 0.1}}') == ok && $(render '{"parameters": {"#0": 0.1}}') == ok ]]
    [[ $(render '{"parameters": {"#0": 0.1}}') == skipped && $(render '{}') == ok && $(render '{"tempo": 90}') == ok ]]
    lane='{"parameter": "Level", "points": [[0, 0.5]]'
    [[ $(render "{\"automation\": [$lane}]}") == ok && $(render "{\"automation\": [$lane, \"shape\": \"linear\"}]}") == skipped ]]
    [[ $(render "{\"automation\": [$lane}], \"control_interval\": 1}") == ok ]]
    run -0 render-one -p "$plain" --skip-existing "$(job '{"parameters": {"Level": 0.3}}')" "$(job '{"parameters": {"Level": 0.3}}')"
    [[ $(jq -c .parameters_taken <<<"$output" | sort -u | wc -l) == 1 && $(field status | xargs) == "ok skipped" ]]
}

@test "an LV2 whose control ports are designated for the tempo gets it in them" {
    mkdir -p bundles/told.lv2
    g++ -std=c++20 -shared -fPIC -o bundles/told.lv2/told.so -x c++ - <<'END'
#include <lv2/core/lv2.h>

struct Told {
    float* ports[5];
};

extern "C" const LV2_Descriptor* lv2_descriptor(unsigned index) {
    static const LV2_Descriptor descriptor{
        "urn:patchpipe:told",
        [](const LV2_Descriptor*, double, const char*, const LV2_Feature* const*) -> LV2_Handle { return new Told{}; },
        [](LV2_Handle told, unsigned port, void* data) { static_cast<Told*>(told)->ports[port] = static_cast<float*>(data); },
        nullptr,
        [](LV2_Handle told, unsigned frames) {
            const auto& ports = static_cast<Told*>(told)->ports;
            for (unsigned i = 0; i < frames; ++i)
                ports[4][i] = (*ports[0] + *ports[1] * 1000 + *ports[2] * 10000 + *ports[3] * 100000) / 1000000;
        },
        nullptr, [](LV2_Handle told) { delete static_cast<Told*>(told); }, nullptr};
    return index == 0 ? &descriptor : nullptr;
}
END
    {
        echo '@prefix lv2: <http://lv2plug.in/ns/lv2core#> . @prefix time: <http://lv2plug.in/ns/ext/time#> .
            <urn:patchpipe:told> a lv2:Plugin ; lv2:binary <told.so> ; <http://usefulinc.com/ns/doap#name> "Told" ; lv2:port'
        local index=0
        for told in beatsPerMinute beatsPerBar beatUnit speed; do
            echo "[ a lv2:InputPort, lv2:ControlPort ; lv2:index $index ; lv2:symbol \"$told\" ; lv2:name \"$told\" ;
                lv2:designation time:$told ; lv2:default 1.0 ; lv2:minimum 0.0 ; lv2:maximum 1000.0 ] ,"
            index=$((index + 1))
        done
        echo '[ a lv2:OutputPort, lv2:AudioPort ; lv2:index 4 ; lv2:symbol "out" ; lv2:name "Out" ] .'
    } >bundles/told.lv2/manifest.ttl
    export LV2_PATH=$PWD/bundles
    told() {
        run -0 render-one "$@" "$(job '{"plugin_path": "urn:patchpipe:told", "tempo": 90, "time_signature": "7/8"}')" \
            "$(job '{"plugin_path": "urn:patchpipe:told", "tempo": 150}')"
        jq -r '.peak * 1000000 | round' <<<"$output" | xargs
    }
    for isolation in snapshot reuse; do
        [[ $(told --isolation $isolation) == "187090 144150" ]] || fail "$(told --isolation $isolation)"
    done
}

@test "delays of zam-plugins follow the tempo, as LV2 and as VST2, to the frame" {
    /usr/bin/python3 -c "
import struct, wave
with wave.open('impulse.wav', 'wb') as file:
    file.setparams((1, 2, 44100, 0, 'NONE', ''))
    file.writeframes(struct.pack('<44100h', 20000, *[0] * 44099))"
    export LV2_PATH=/usr/lib/lv2
    for delay in urn:zamaudio:ZamDelay /usr/lib/vst/ZamDelay-vst.so; do
        for tempo in 60 90 150; do
            run -0 render-one -p "$delay" "$(job '{"input_path": "impulse.wav", "tail": 1, "format": "npy", "output_path": "out.npy",
                "tempo": '"$tempo"', "parameters": {"Sync BPM": 1, "Dry/Wet": 0.5, "LPF": 1}}')"
            # Divisor is 3 by default, a quarter note.
            warm_python -c "import numpy, sys
out = abs(numpy.load('out.npy')[0])
assert abs(numpy.argmax(out[1000:]) + 1000 - 44100 * 60 / $tempo) <= 1, numpy.argmax(out[1000:]) + 1000"
        done
    done
}

@test "the tempo, the time signature and the position reach the plug-in" {
    { echo '#define TRANSPORT 1'; echo '#define CHANNELS 3'; cat "$root/tests/plugins/gain_effect.cpp"; } | make_vst2 transport.so
    run -0 render-one -p "$PWD/transport.so" "$(job '{"duration": 1, "tempo": 90, "time_signature": "7/8", "block_size": 441}')"
    [[ $(sox out.wav -t f32 - trim 43659s 1s | od -An -f | awk '{ printf "%.2f %.3f %.1f", $1 * 1000, $2 * 1000, $3 * 100 }') == "90.00 1.485 7.0" ]]
    for wrong in '"tempo": 0' '"tempo": "fast"' '"time_signature": "4"' '"time_signature": "4/5"' '"time_signature": "0/4"'; do
        run -1 render-one -p "$plain" "$(job "{$wrong}")"
        [[ $(field error_kind) == bad-record ]]
    done
    run -0 job-grid --set tempo=90 --set time_signature=6/8 --set control_interval=1 <<<'{}'
    run -2 job-grid --set time_signature=waltz <<<'{}'
    [[ $output == *"time_signature: must be as 4/4 or 6/8, is 'waltz'"* ]]
}
