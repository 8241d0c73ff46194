#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# plugin-probe: its records for plug-ins that load. Files that are not plug-ins are in
# tests/lib/binaries.bats.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
chunks=$root/build/tests/plugins/plain_synth_chunks.so
macro=$root/build/tests/plugins/MacroSynth.vst3
macro_binary=$(echo "$macro"/Contents/*-linux/MacroSynth.so)
nekobi=/usr/lib/vst/Nekobi-vst.so
kars=/usr/lib/vst/Kars-vst.so
piano=http://drobilla.net/plugins/mda/Piano

# A VST2 whose entry point is this C++ code.
make_plugin() { g++ -std=c++20 -shared -fPIC -o "$1" -x c++ - <<<"$2"; }

# The binary's hash, computed by another program.
hash_of() { xxh128sum "$1" | sed 's/^/xxh128:/; s/ .*//'; }

@test "with a preset the parameters have its values, and jobs are drawn around it" {
    preset-export -o presets --programs 20-20 "$amsynth" >exported
    preset=$(jq -r .preset_path exported)
    plugin-probe --parameters "$amsynth" >plain.json
    plugin-probe --parameters --preset "$preset" "$amsynth" >probe.json
    [[ $(jq -r .preset_path probe.json) == "$(realpath "$preset")" ]]
    run -1 diff <(jq -c '[.parameters[].value]' plain.json) <(jq -c '[.parameters[].value]' probe.json)
    # The values are those that a job with the preset takes.
    render-one -p "$amsynth" "$(jq -nc --arg preset "$preset" --argjson probe "$(<probe.json)" \
        '{preset_path: $preset, output_path: "preset.wav", parameters: {("#" + ($probe.parameters[3].index | tostring)): $probe.parameters[3].value}}')" >result
    jq -e --slurpfile probe probe.json '.parameters_taken["#3"].text == $probe[0].parameters[3].text' result
    preset-random -n 20 --near 0.05 <probe.json >jobs.ndjson
    jq -es --slurpfile probe probe.json 'all(.preset_path == $probe[0].preset_path and
        ([.parameters[]] as $values | [$probe[0].parameters[] | select(.is_automatable and (.is_bypass | not)) | .value] as $near |
            all(range($near | length); ($values[.] - $near[.] | fabs) < 0.0501 or $probe[0].parameters[.].steps)))' jobs.ndjson
    run -2 plugin-probe --preset-uri urn:x "$amsynth"
    run -1 --separate-stderr plugin-probe --preset gone.fxp "$amsynth"
    [[ $(field error_kind) == not-found && $(field error) == *gone.fxp* ]]
}

@test "a VST2 is described" {
    run -0 --separate-stderr plugin-probe "$amsynth"
    [[ -z $stderr ]]
    jq -e '.plugin_path == "'"$amsynth"'" and .plugin_format == "VST2" and .name == "amsynth"
        and .vendor == "Nick Dowell" and .plugin_id == "amsy" and .is_instrument
        and .channels == 2 and .inputs == 0 and .latency_frames == 0 and .program_count > 1000
        and .parameter_count == 41 and .has_state and .load_ms > 0 and .status == "ok"' <<<"$output"
    [[ $(field binary_hash) == "$(hash_of "$amsynth")" ]]
}

@test "the record says whether a VST2 keeps a state" {
    run -0 --separate-stderr plugin-probe "$nekobi" "$kars" "$plain" "$chunks"
    [[ $(field name) == $'Nekobi\nKars\nPlain Synth\nPlain Synth Chunks' ]]
    [[ $(field has_state) == $'false\nfalse\nfalse\ntrue' ]]
    [[ $(field plugin_id) == $'DNek\n'*$'\nPpPc' ]]
}

@test "a VST3 is described, with the hash of the binary for this machine" {
    run -0 --separate-stderr plugin-probe "$macro"
    jq -e '.plugin_format == "VST3" and .name == "Patchpipe Macro Synth" and .vendor == "patchpipe"
        and .version == "1.0.0" and .plugin_id == "ABCDEF019182FAEB507061744D616372"
        and .is_instrument and .channels == 2 and .has_state' <<<"$output"
    [[ $(field binary_hash) == "$(hash_of "$macro_binary")" ]]
}

@test "a path into a VST3 bundle names the bundle" {
    run -0 plugin-probe "$macro_binary"
    [[ $(field plugin_path) == "$macro" ]]
}

@test "an LV2 is described as lv2info describes it" {
    run -0 --separate-stderr plugin-probe "$piano"
    jq -e '.plugin_path == "'$piano'" and .plugin_id == .plugin_path and .plugin_format == "LV2"
        and .name == "MDA Piano" and .is_instrument and .channels == 2 and .program_count == 8' <<<"$output"
    binary=$(lv2info "$piano" | sed -n 's|.*Binary: *file://||p')
    [[ $(field binary_hash) == "$(hash_of "$binary")" ]]
    [[ $(field parameter_count) == $(lv2info "$piano" | grep -c 'ControlPort') ]]
}

@test "an LV2 is found in the folders that LV2_PATH names, and in no others" {
    mkdir -p bundles
    cp -r /usr/lib/lv2/mda.lv2 bundles/other.lv2
    # Of the same length, because the URI is in the binaries too.
    sed -i 's|http://drobilla.net/plugins/mda/|http://drobilla.xyz/plugins/mda/|' bundles/other.lv2/*
    export LV2_PATH=$PWD/bundles
    run -0 --separate-stderr plugin-probe http://drobilla.xyz/plugins/mda/Piano
    [[ $(field name) == "MDA Piano" ]]
    run -1 --separate-stderr plugin-probe "$piano"
    [[ $(field error_kind) == not-found ]]
}

@test "parameters come with their units and values when they are wanted" {
    run -0 plugin-probe "$plain"
    [[ $(field parameters) == null && $(field parameter_count) == 3 ]]
    run -0 plugin-probe --parameters "$plain"
    jq -e '.parameters == ([
        {"index": 0, "id": "0", "name": "Level", "unit": "", "value": 0.5, "text": "0.5"},
        {"index": 1, "id": "1", "name": "Tune", "unit": "st", "value": 0.5, "text": "0.0"},
        {"index": 2, "id": "2", "name": "Delay", "unit": "ms", "value": 0, "text": "0.0"}] |
        map(. + {default: null, is_discrete: false, steps: null, is_bypass: false, is_automatable: false}))' <<<"$output"
    run -0 plugin-probe --parameters "$piano"
    [[ $(jq -r '.parameters[].id' <<<"$output" | sort) == "$(lv2info "$piano" | awk '
        /^\tPort/ { control = 0 } /ControlPort/ { control = 1 }
        /Symbol:/ { symbol = $2 } /^$/ { if (control) print symbol; control = 0 }
        END { if (control) print symbol }' | sort)" ]]
}

@test "a parameter's default, steps and purpose are told where the format has them" {
    run -0 plugin-probe --parameters "$root/build/tests/plugins/MacroSynth.vst3"
    jq -e '.parameters | map(select(.name == "Bypass" or .name == "Brightness" or .name == "MIDI CC 0|1") |
        [.name, .default, .is_discrete, .steps, .is_bypass, .is_automatable]) == [
            ["Brightness", 0, false, null, false, true], ["Bypass", 0, true, 2, true, true],
            ["MIDI CC 0|1", 0, false, null, false, false]]' <<<"$output"
    run -0 plugin-probe --parameters "$piano"
    # The defaults of an LV2 are those that it states, normalised.
    jq -r '.parameters[] | [.id, .default] | @tsv' <<<"$output" | sort >found
    lv2info "$piano" | awk '/Symbol:/ { symbol = $2 } /Minimum:/ { low = $2 } /Maximum:/ { high = $2 }
        /Default:/ { printf "%s\t%.6f\n", symbol, ($2 - low) / (high - low) }' | sort >wanted
    [[ -s wanted ]]
    join found wanted | awk '{ if (($2 - $3) ^ 2 > 1e-8) exit 1; n++ } END { exit n == 0 }'
}

@test "program names come in order, also of a plug-in that knows only the selected one's" {
    run -0 plugin-probe "$plain"
    [[ $(field programs) == null && $(field program_count) == 4 ]]
    run -0 plugin-probe --programs "$plain"
    [[ $(jq -c .programs <<<"$output") == '["Plain","Flöte/Glas","Bass","Slow"]' ]]
    preset-export -o presets --programs 0-9 "$amsynth" >presets.ndjson
    run -0 plugin-probe --programs "$amsynth"
    [[ $(jq -r '.programs[:10][]' <<<"$output") == "$(jq -r .preset_name presets.ndjson)" ]]
    jq -e '(.programs | length) == .program_count' <<<"$output"
}

@test "a plug-in that crashes or hangs costs its own record only" {
    make_plugin crash.so 'extern "C" void* VSTPluginMain(void*) { __builtin_trap(); }'
    make_plugin hang.so '#include <unistd.h>
        extern "C" void* VSTPluginMain(void*) { for (;;) pause(); }'
    make_plugin exits.so '#include <unistd.h>
        extern "C" void* VSTPluginMain(void*) { _exit(0); }'
    run -1 --separate-stderr plugin-probe --timeout 5 crash.so hang.so "$plain" exits.so "$nekobi"
    [[ -z $stderr ]]
    [[ $(field error_kind) == $'crash\ntimeout\nnull\ncrash\nnull' ]]
    [[ $(jq -r .status <<<"$output" | tr '\n' ' ') == 'error error ok error ok ' ]]
    [[ ${lines[0]} == *"$PWD/crash.so: crashed while loading the plug-in (killed by SIG"* ]]
    [[ ${lines[1]} == *"$PWD/hang.so: did not finish within 5 seconds while loading"* ]]
    [[ $(jq -r .plugin_path <<<"${lines[1]}") == "$PWD/hang.so" ]]
}

@test "a plug-in that gives no instance is an error" {
    make_plugin none.so 'extern "C" void* VSTPluginMain(void*) { return nullptr; }'
    run -1 --separate-stderr plugin-probe none.so
    [[ $(field error_kind) == plugin-load && $(field error) == "$PWD/none.so: "?* ]]
}

@test "no operand is a usage error, and so is a wrong timeout" {
    run -2 --separate-stderr plugin-probe
    [[ -z $output && $stderr == "plugin-probe: takes plug-ins as operands"* ]]
    for seconds in 0 -1 x; do
        run -2 --separate-stderr plugin-probe --timeout="$seconds" "$plain"
        [[ -z $output && $stderr == "plugin-probe: --timeout: must be"* ]]
    done
}

@test "what a plug-in prints does not reach the records" {
    run -0 --separate-stderr plugin-probe "$plain"
    [[ ${#lines[@]} == 1 && -z $stderr ]]
    run -0 --separate-stderr plugin-probe -v "$plain"
    [[ ${#lines[@]} == 1 && $stderr == *"opened, says stderr"* ]]
}

@test "an operand that no record can name is said on standard error" {
    cp "$plain" "$(printf 'b\xffd.so')"
    run -1 --separate-stderr plugin-probe "$(printf 'b\xffd.so')" "$plain"
    [[ ${#lines[@]} == 1 && $(field status) == ok && $stderr == 'plugin-probe: b\xffd.so: '*UTF-8* ]]
}

@test "a full disk under standard output is status 3" {
    run -3 --separate-stderr bash -c 'plugin-probe "$1" >/dev/full' - "$plain"
    [[ $stderr == "plugin-probe: standard output: "* ]]
}
