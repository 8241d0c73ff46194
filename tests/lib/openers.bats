#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A kind of plug-in that only its own folder knows, tests/kinds/sine.cpp, in the tools that open
# plug-ins.

load ../helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export XDG_CACHE_HOME=$PWD/cache
    PATH=$built/tests/sine:$PATH
    echo 0.5 >half.sine
}

job='{"note": 69, "velocity": 127, "duration": 0.25, "tail": 0.25, "output_path": "out.wav"}'

@test "a plug-in of a new kind renders, in every isolation and at every block size" {
    for isolation in auto snapshot fork process reuse; do
        for block_size in 1 64 512; do
            run -0 --separate-stderr render-one -p half.sine --isolation "$isolation" <<<"${job%?}, \"block_size\": $block_size}"
            [[ -z $stderr && $(field status) == ok && $(field plugin) == Sine && $(field channels) == 1 ]]
            field audio_hash >>hashes
        done
    done
    [[ $(sort -u hashes | wc -l) == 1 && $(wc -l <hashes) == 15 ]]
    # sox makes the same tone.
    sox -n -r 44100 -c 1 -e float -b 32 tone.wav synth 0.25 sine 440 vol 0.5
    run -0 sox -m -v 1 out.wav -v -1 tone.wav -n trim 0 0.25 stat
    awk '/RMS     amplitude/ { exit !($3 < 1e-4) }' <<<"$output"
    run -0 sox out.wav -n stat
    awk '/Maximum amplitude/ { exit !($3 > 0.49) }' <<<"$output"
}

@test "its records and files say what they were made from" {
    run -0 render-one -p half.sine <<<"$job"
    note=$(strings out.wav | grep -m 1 made_by)
    [[ $note == *"xxh128:$(xxhsum -H2 half.sine | cut -d ' ' -f 1)"* ]]
    run -0 render-one -p half.sine --skip-existing <<<"$job"
    [[ $(field status) == skipped ]]
    echo 0.25 >half.sine
    run -0 render-one -p half.sine --skip-existing <<<"$job"
    [[ $(field status) == ok ]]
    jq -e '.peak > 0.24 and .peak <= 0.25' <<<"$output"
}

@test "it is described and certified" {
    run -0 --separate-stderr plugin-probe --certify half.sine
    [[ $(field plugin_format) == Sine && $(field is_instrument) == true && $(field channels) == 1 ]]
    [[ $(field verdict) == "$snapshot" && $(field repeatable) == true ]]
    jq -e '.certify | .jobs == 12 and .snapshot.identical == 12 and .process.identical == 12' <<<"$output"
    [[ -n $(find cache -type f) ]]
}

@test "it has no presets and no programs, which is an error that says so" {
    touch some.fxp
    printf 'CcnK%0100d' 0 >some.fxp
    run -1 render-one -p half.sine <<<"${job%?}, \"preset_path\": \"some.fxp\"}"
    [[ $(field error_kind) == wrong-plugin && $(field error) == *"Sine takes no presets"* ]]
    run -1 --separate-stderr preset-export -o out half.sine
    [[ $stderr == *"has no programs to export"* ]]
}

@test "a file that it cannot open is an error of the job, with its own reason" {
    echo nothing >bad.sine
    run -1 render-one -p bad.sine <<<"$job"
    [[ $(field error_kind) == plugin-load && $(field error) == *"holds no gain"* ]]
}

@test "tools that do not know the kind refuse the same file" {
    run -2 --separate-stderr "$bin/render-one" -p half.sine <<<"$job"
    [[ $stderr == *"half.sine: is not a plug-in: it is text"* ]]
}

@test "an installed plug-in is found by its name alone, after one in the current folder" {
    plain=$root/build/tests/plugins/plain_synth.so
    mkdir -p vst/below here
    cp "$plain" vst/below/installed.so
    export VST_PATH=$PWD/none:$PWD/vst
    for tool in "render-one -p installed.so" "render-one --fxp installed.so" "preset-export -p installed.so -o presets" "plugin-measure" "play-one -o played.wav installed.so"; do
        read -ra words <<<"$tool"
        echo '{"plugin_path":"installed.so","output_path":"out.wav","duration":0.1,"tail":0.1}' >record
        [[ $tool != play-one* ]] || : >record
        run -0 --separate-stderr "${words[@]}" <record || fail "$tool: $output"
        [[ $output != *'"status":"error"'* ]] || fail "$tool: $output"
    done
    run -0 plugin-probe installed.so
    [[ $(field plugin_path) == "$PWD/vst/below/installed.so" ]]
    cp "$plain" installed.so
    run -0 plugin-probe installed.so
    [[ $(field plugin_path) == "$PWD/installed.so" ]]
    rm installed.so
    for name in ./installed.so below/installed.so nowhere.so; do
        run -1 plugin-probe "$name"
        [[ $(field error) == "$name: no such plug-in"* ]]
    done
}

@test "a Faust program is named as one where its family was not built" {
    echo 'process = _;' | tee half.dsp >half.bc
    run -0 "$built/tests/no-openers" half.dsp half.bc
    for line in "${lines[@]}"; do
        [[ $line == *"is a Faust program, and this build has no Faust: install faust and build patchpipe again" ]]
    done
    ((${#lines[@]} == 2))
}
