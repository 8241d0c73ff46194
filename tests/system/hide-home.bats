#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --hide-home: a plug-in reads the system's files and its own, and none of the user's; what a job
# names is opened for it. The plug-in that tries is tests/plugins/intruder.cpp. The plug-ins of these
# tests, their presets and programs all lie in folders that are hidden.

load ../helper

plugins=$root/build/tests/plugins
intruder=$plugins/intruder.so
plain=$plugins/plain_synth_chunks.so
reverb=/usr/lib/vst/MVerb-vst.so

setup() { let_plugins_crash; }

teardown() { [[ -z ${victim-} ]] || kill "$victim" || true; }

job() { jq -nc --arg out "$PWD/out.wav" '{output_path: $out, velocity: 77, duration: 0.01, tail: 0}'; }

# tries ATTEMPT PEAK OPTION...: a job of the intruder has that peak, 0.25 if the attempt fails.
tries() {
    INTRUDER=$1 run -0 bash -o pipefail -c 'render-one -p "$@" | gojq .peak' - "$intruder" "${@:3}" "$(job)"
    [[ $output == "$2" ]] || fail "$1 ${*:3}: $output"
}

# is_hidden ATTEMPT...: however the job is isolated, and only with the option.
is_hidden() {
    local attempt mode
    for attempt; do
        for mode in snapshot fork process reuse; do
            tries "$attempt" 0.25 --hide-home --isolation "$mode"
        done
        tries "$attempt" 0.5 --sandbox on
    done
}

# same_audio ARGUMENT...: render-one gives the same with the home hidden, in every isolation. The
# jobs are the last argument, each in a line.
same_audio() {
    local mode wanted jobs=${!#}
    set -- "${@:1:$#-1}"
    run -0 --separate-stderr render-one "$@" <<<"$jobs"
    [[ $(field status | sort -u) == ok && -z $stderr ]] || fail "$output"
    wanted=$(field audio_hash)
    [[ $(field silent | sort -u) == false ]]
    for mode in auto snapshot fork process reuse; do
        run -0 --separate-stderr render-one --hide-home --isolation "$mode" "$@" <<<"$jobs"
        [[ $(field audio_hash) == "$wanted" && -z $stderr ]] || fail "$mode: $output$stderr"
    done
}

@test "a plug-in reads and lists nothing in the home, beside its jobs or elsewhere" {
    local place
    mkdir "$HOME/files"
    for place in "$HOME/files" "$HOME" "$PWD" "${TMPDIR:-/tmp}" /var/tmp; do
        echo secret >"$place/patchpipe-$$"
        INTRUDER_FILE=$place/patchpipe-$$ is_hidden read
        rm "$place/patchpipe-$$"
        INTRUDER_FILE=$place is_hidden list
    done
}

@test "it reads no attributes of a file by its path, hidden or not" {
    touch "$HOME/file"
    python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.secret", b"x")' "$HOME/file" 2>/dev/null ||
        skip "the file system keeps no attributes of users"
    export INTRUDER_FILE=$HOME/file
    tries read-attribute 0.25 --hide-home
    tries read-attribute 0.25 --sandbox on
    tries read-attribute 0.5 --sandbox off
}

@test "it executes no program of the user" {
    cp /bin/true "$HOME/program"
    INTRUDER_FILE=$HOME/program is_hidden execute
}

@test "it reaches no file by other processes, descriptors or links" {
    echo secret >"$HOME/file"
    (cd "$HOME" && exec sleep 1000 7<file) 3>&- &
    victim=$!
    until [[ $(readlink "/proc/$victim/exe") == */sleep ]]; do sleep 0.05; done
    cd "$HOME"
    INTRUDER_PID=$victim INTRUDER_FILE=$HOME/file is_hidden around 8<file 9<.
}

@test "a plug-in is hidden from while it is loaded too, whatever tool loads it" {
    local tool
    echo secret >"$HOME/file"
    export INTRUDER=read INTRUDER_LOADS=1 INTRUDER_FILE=$HOME/file
    with_tool() {
        run --separate-stderr "$@" -v </dev/null
        [[ $stderr == *"$said"* ]] || fail "$*: $output$stderr"
    }
    for option in --sandbox=on --hide-home; do
        said="got through"
        [[ $option != --hide-home ]] || said="was refused"
        with_tool render-one $option -p "$intruder" "$(job)"
        with_tool plugin-probe $option "$intruder"
        with_tool preset-export $option -o presets "$intruder"
        with_tool plugin-measure $option "$intruder"
        with_tool play-one $option -d null --seconds 0.1 "$intruder"
    done
}

@test "presets, states, songs and audio in the home are rendered" {
    cd "$HOME"
    preset-export -o presets --programs 0-2 "$plain" >exported
    render-one -p "$plain" '{"duration": 0.1, "tail": 0, "output_path": "tone.wav"}'
    printf 'MThd\0\0\0\6\0\0\0\1\0\140MTrk\0\0\0\14\0\220\74\177\140\200\74\100\0\377\57\0' >song.mid
    {
        jq -c '{preset_path, duration: 0.1, tail: 0, output_path: "1.wav"}' exported
        jq -c '{state_path: .preset_path, duration: 0.1, tail: 0, output_path: "2.wav"}' exported
        head -n 1 exported | jq -c '{preset_path, midi_path: "song.mid", midi_duration: 0.5, tail: 0, output_path: "3.wav"}'
    } >queue
    [[ $(wc -l <queue) == 7 ]]
    same_audio -p "$plain" "$(<queue)"
    cp -r "$root/build/tests/plugins/gain_effect.so" .
    same_audio '{"input_path": "tone.wav", "tail": 0, "plugin_path": "gain_effect.so", "output_path": "4.wav"}'
    same_audio -p "$plain" "$(head -n 1 exported | jq -c --arg preset "$(preset-export -o presets --programs 0 "$reverb" | jq -r .preset_path)" \
        --arg reverb "$reverb" '{preset_path, duration: 0.1, tail: 0.1, output_path: "5.wav", chain: [
            {plugin_path: "gain_effect.so"}, {plugin_path: $reverb, preset_path: $preset}]}')"
}

@test "plug-ins of every kind in the home play, with what is in their bundles" {
    local job='{"duration": 0.1, "tail": 0, "output_path": "out.wav"}'
    cp "$plain" "$HOME/synth.so"
    cp -rL "$plugins/FaultSynth.vst3" "$plugins/FaultSynth.lv2" "$plugins/Corners.lv2" "$HOME"
    mv "$HOME"/*.lv2 "$HOME/.lv2"
    ln -s "$HOME/synth.so" link.so
    same_audio -p "$HOME/synth.so" "$job"
    same_audio -p "$PWD/link.so" "$job"
    same_audio -p "$HOME/FaultSynth.vst3" "$job"
    for uri in $(env LV2_PATH="$HOME/.lv2" lv2ls | grep -e fault -e corner-voltage); do
        same_audio -p "$uri" "$job"
    done
}

@test "presets of installed LV2 bundles find their samples" {
    mkdir -p "$LV2_PATH/sounds.lv2"
    cp -r "$plugins/Corners.lv2" "$LV2_PATH"
    echo loud >"$LV2_PATH/sounds.lv2/sample"
    cat >"$LV2_PATH/sounds.lv2/manifest.ttl" <<'END'
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .
<urn:b:uri> a pset:Preset ; lv2:appliesTo <urn:patchpipe:corner-path> ;
    state:state [ <urn:patchpipe:sample> <sample> ] .
END
    same_audio '{"preset_uri": "urn:b:uri", "note": 69, "duration": 0.1, "output_path": "out.wav"}'
}

@test "Faust programs in the home play with their imports and sound files, also from the cache" {
    cd "$HOME"
    mkdir inner library
    sox -n -r 44100 one.wav synth 0.1 sine 440
    echo 'half = _ * 0.5;' >library/half.lib
    echo 'import("half.lib"); twice = half <: half + half;' >inner/twice.lib
    cat >program.dsp <<'END'
import("stdfaust.lib");
import("inner/twice.lib");
process = os.osc(440) + (0, (+(1) ~ _) - 1 : soundfile("s[url:{'one.wav'}]", 1) : !, !, _) : twice;
END
    local job='{"plugin_path": "program.dsp", "compile_options": ["-I", "library"], "duration": 0.1, "tail": 0, "output_path": "out.wav"}'
    for _ in 1 2; do same_audio "$job"; done
    [[ -n $(ls "$XDG_CACHE_HOME/patchpipe/code") ]]
    run -0 plugin-probe --hide-home "{\"dsp\":\"$PWD/program.dsp\",\"compile_options\":[\"-I\",\"library\"]}"
    echo 'import("none.lib"); process = _;' >broken.dsp
    run -1 render-one --hide-home '{"plugin_path": "broken.dsp", "output_path": "out.wav"}'
    [[ $(field error) == *none.lib* ]]
}

@test "a Faust program gets no file of another folder, whatever path or link leads there" {
    cd "$HOME"
    mkdir program secret
    sox -n -r 44100 secret/one.wav synth 0.1 sine 440
    echo 'half = 0.5;' >secret/half.lib
    echo 'process = 0.5;' >secret/half.dsp
    ln -s ../secret/half.lib program/link.lib
    ln -s ../secret program/inner
    local file texts=(
        "import(\"../secret/half.lib\"); process = half;"
        "import(\"link.lib\"); process = half;"
        "process = library(\"inner/half.lib\").half;"
        "process = component(\"$HOME/secret/half.dsp\");"
        "process = 0, 1 : soundfile(\"s[url:{'../secret/one.wav'}]\", 1) : !, !, _;")
    for file in "${!texts[@]}"; do
        echo "${texts[file]}" >"program/$file.dsp"
        jq -nc --arg file "$file" '{plugin_path: "program/\($file).dsp", duration: 0.01, tail: 0, output_path: "\($file).wav"}'
    done >queue
    # Compiled once without the option, their machine code is kept.
    run -0 render-one <queue
    run -1 --separate-stderr render-one --hide-home <queue
    [[ $(field error_kind | sort -u) == unsupported && $(field error | grep -c -- "hidden from it by --hide-home; name its folder with -I") == 5 ]] ||
        fail "$output"
    [[ $(field error) == *"$HOME/secret/half.lib: is named"*"$HOME/program/link.lib: is named"*"$HOME/secret/one.wav: is named"* ]]
    run -1 render-one --hide-home -p '["program/0.dsp","program/1.dsp"]' '{"output_path": "chain.wav"}'
    [[ $(field error) == *"half.lib: is named"* ]] || fail "$output"
    run -0 render-one --hide-home --allow-read secret <queue
    run -0 bash -c 'gojq -c ".compile_options = [\"-I\", \"../secret\"]" queue | render-one --hide-home'
}

@test "play-one and plugin-measure are given the preset" {
    cd "$HOME"
    preset-export -o presets --programs 1 "$plain" | jq -r .preset_path >preset
    for option in --sandbox=on --hide-home; do
        echo '{"type": "note", "note": 60, "duration": 0.1}' |
            play-one $option --preset "$(<preset)" -o "$option.wav" "$plain" >/dev/null
        jq -nc --rawfile preset preset --arg plain "$plain" '{plugin_path: $plain, preset_path: $preset[:-1]}' |
            plugin-measure $option | jq 'del(.least_ns, .median_ns, .cpu, .realtime_factor)' >"$option.json"
    done
    cmp -- --sandbox=on.wav --hide-home.wav
    diff <(jq -c '{status, latency_frames}' <./--sandbox=on.json) <(jq -c '{status, latency_frames}' <./--hide-home.json)
}

@test "--allow-read, --allow-write and --home show more" {
    echo secret >"$HOME/file"
    mkdir -p home/inner
    echo secret >home/inner/file
    INTRUDER_FILE=$HOME/file tries read 0.5 --hide-home --allow-read "$HOME/file"
    INTRUDER_FILE=$HOME tries list 0.25 --hide-home --allow-read "$HOME/file"
    for option in --allow-read=home --allow-write=home --home=home; do
        INTRUDER_FILE=$PWD/home/inner/file tries read 0.5 --hide-home "$option"
        INTRUDER_FILE=$HOME/file tries read 0.25 --hide-home "$option"
    done
    run -2 --separate-stderr render-one --hide-home --allow-read nowhere "$(job)"
    [[ $stderr == "render-one: --allow-read: 'nowhere' is not there; name a file or folder"* ]]
}

@test "what does not open is not opened outside, and the error says what to leave out" {
    local synth=$plugins/fault_synth.so
    export FAULT_ON_LOAD=load-home
    for mode in auto snapshot process reuse; do
        run -1 --separate-stderr render-one --hide-home -p "$synth" --isolation "$mode" "$(job)"
        [[ $(field error_kind) == crash && -z $stderr && ! -e $HOME/needed ]]
        [[ $(field error) == *"; it may need files that --hide-home hides: name them with --allow-read, or leave out --hide-home"* ]]
    done
    run -1 plugin-probe --hide-home "$synth"
    [[ $(field error) == *"leave out --hide-home"* && ! -e $HOME/needed ]]
}

@test "without the sandbox nothing can be hidden, which is wrong usage" {
    without_sanitizers "they want to be preloaded first"
    for tool in render-one plugin-probe plugin-measure play-one preset-export; do
        [[ $tool != preset-export ]] || folder=presets
        run -2 --separate-stderr "$tool" --hide-home --sandbox off ${folder+-o "$folder"} "$intruder"
        [[ -z $output && $stderr == "$tool: --hide-home: is kept by the sandbox, so leave out --sandbox off"* ]]
    done
    run -2 --separate-stderr env KERNEL_LACKS=landlock LD_PRELOAD="$root/build/tests/old_kernel.so" \
        render-one --hide-home -p "$intruder" "$(job)"
    [[ -z $output && $stderr == "render-one: --hide-home: the kernel has no Landlock"* ]]
}

# song [JSON]: writes the file song, a note on a track; with an effect or instrument of these fields.
song() {
    printf '{"type":"%s",%s}\n' track '"track":"t"' note '"track":"t","time":0,"length":0.1,"note":60,"velocity":100' \
        ${1+fx "\"fx\":\"f\",\"track\":\"t\",$1"} >song
}

@test "the drivers hand their workers what is hidden and what is not" {
    local synth=$plugins/fault_synth.so
    preset-export -o presets --programs 0 "$synth" >/dev/null
    song
    "$root/tests/make-module.py" tune.mod <<<'{"title": "Tune", "patterns": [{"0": ["C-2 01 000"]}], "samples": [{"frames": 400}]}'
    drivers=("render-presets presets out --fxp $synth" "render-song song song.wav -p $synth"
        "render-module tune.mod made --no-video --no-package --audio-plugin $synth")
    for driver in "${drivers[@]}"; do
        # shellcheck disable=SC2086
        FAULT_ON_LOAD=load-home run -1 --separate-stderr $driver --hide-home
        [[ $(cat out/results.ndjson)$stderr == *"leave out --hide-home"* && ! -e $HOME/needed ]] || fail "$driver: $stderr"
        # shellcheck disable=SC2086
        run -2 --separate-stderr $driver --hide-home --allow-read nowhere
        [[ $stderr == "${driver%% *}: --allow-read: 'nowhere' is not there; name a file or folder"* ]] || fail "$stderr"
        : >out/results.ndjson
    done
    run -2 --separate-stderr render-presets presets out --fxp "$synth" --hide-home --sandbox off
    [[ $stderr == "render-presets: --hide-home: is kept by the sandbox"* ]]
}

@test "song-jobs asks a plug-in what it is without showing it the home" {
    export VST_PATH=$PWD/none VST3_PATH=$PWD/none
    mkdir vst
    cp "$plain" vst/Renamed.so
    song "\"plugin_path\":\"Plain.dll\",\"plugin_id\":$(plugin-probe "$plain" | jq .plugin_id)"
    run -0 song-jobs -o work --plugin-path vst --hide-home song
    [[ $(field plugin_path) == "$PWD/vst/Renamed.so" ]]
    make_vst2 vst/Renamed.so <<END
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    auto& effect = bare_synth();
    FILE* const file = fopen("$HOME/needed", "r");
    effect.uniqueID = file ? 'read' : 'hide';
    return &effect;
}
END
    touch "$HOME/needed"
    for id in read hide; do
        song "\"plugin_path\":\"Plain.dll\",\"plugin_id\":\"$id\""
        options=$([[ $id == read ]] || echo --hide-home)
        # shellcheck disable=SC2086
        run -0 song-jobs -o work --plugin-path vst $options song
        [[ $(field plugin_path) == "$PWD/vst/Renamed.so" ]]
        # shellcheck disable=SC2086
        run -1 song-jobs -o work --plugin-path vst ${options:-"--hide-home"} ${options:+--allow-read "$HOME/needed"} song
    done
}
