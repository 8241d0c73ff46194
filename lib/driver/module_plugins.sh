# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-module: what changes a track or its pictures by name. What has a name here is done by
# audio-edit, or is an effect of song-draw; anything else is a file: a plug-in or a chain for render-one,
# or a program that takes a record and makes a file.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

# For jq: the plug-ins for audio, which take settings from $config, and the words that make audio-edit do
# it. Both have the names of ModPMV too, in "also".
readonly audio_table='
    def setting($name; $usual; $about): {setting: $name, default: $usual, description: $about};
    def audio_plugins: [
        {name: "beat-slice", also: ["beat-slicer"], description: "cuts at the beats, and plays the pieces in another order",
            settings: [setting("cut"; "beats"; "or onsets, where sounds begin"),
                setting("beats"; 1; "in a piece"),
                setting("tempo"; null; "beats in a minute; without it the first tempo of the module"),
                setting("crossfade"; 0.005; "seconds in which pieces overlap"),
                setting("shuffle"; true; "false changes nothing"),
                setting("seed"; null; "of the order; without it that of --seed")]},
        {name: "gain", also: ["simple-audio-processor"], description: "makes it louder or softer",
            settings: [setting("gain_db"; 0; "in decibels"), setting("reverse"; false; "plays it backwards too")]},
        {name: "normalize", also: ["sample-normalize-reverse"], description: "brings the peak to a level",
            settings: [setting("level_db"; -0.1; "in dBFS"), setting("reverse"; false; "plays it backwards too")]},
        {name: "reverse", description: "plays it backwards", settings: []}];
    def value($name; $usual): $config[$name] as $value | if $value == null then $usual else $value end | tostring;
    def turned: if value("reverse"; false) == "true" then "--reverse" else empty end;
    def words($name): if $name == "beat-slice" then
            if value("shuffle"; true) == "false" then empty
            else "--cut=" + value("cut"; "beats"),
                (select(value("cut"; "beats") == "beats") |
                    "--tempo=" + value("tempo"; $bpm), "--cut-beats=" + value("beats"; 1)),
                "--crossfade=" + value("crossfade"; 0.005), "--seed=" + value("seed"; $seed) end
        elif $name == "gain" then turned, "--gain-db=" + value("gain_db"; 0)
        elif $name == "normalize" then turned, "--normalize=peak", "--normalize-to=" + value("level_db"; -0.1)
        else "--reverse" end;'

# For jq: the effects of song-draw as plug-ins, of the records on standard input.
readonly visual_table='
    def also: {wave: ["waveform-visual"], solid: ["sample-solid", "sample-solid-visual"],
        layered: ["layered-sample"], blinds: ["3d-blinds"]};
    def visual_plugins: [inputs | {name: .effect, also: also[.effect], description, settings} |
        if .also then . else del(.also) end] | sort_by(.name);'

# list_plugins: a record for each, by kind and name.
list_plugins() {
    song-draw --list | jq -nc "$audio_table $visual_table"'
        (audio_plugins[] | {plugin: "audio"} + .), (visual_plugins[] | {plugin: "visual"} + .)' \
        --argjson config null --argjson bpm null --argjson seed null
}

# read_plugins: sets known_plugins to the list, and plugin_names, from a kind and a name to the name here. It
# waits until a plug-in is named.
declare -A plugin_names=()
known_plugins=""
read_plugins() {
    local line name kind
    known_plugins=$(list_plugins)
    while IFS= read -r line; do
        [[ $line =~ ^'{"plugin":"'([a-z]+)'","name":"'([^\"]*)'"'(,\"also\":\[([^]]*)])? ]]
        kind=${BASH_REMATCH[1]} name=${BASH_REMATCH[2]} line=${BASH_REMATCH[4]}
        for line in "$name" ${line//[\",]/ }; do plugin_names["$kind/$line"]=$name; done
    done <<<"$known_plugins"
}

# find_plugin KIND NAME: sets plugin_kind to builtin, program or host, and plugin_name to what it is
# called there. Fails with fault set if it is nothing of that.
find_plugin() {
    plugin_kind=builtin
    [[ $known_plugins ]] || read_plugins
    plugin_name=${plugin_names["$1/$2"]-}
    [[ ! $plugin_name ]] || return 0
    plugin_name=$2
    [[ ! -f $2 || $2 == */* ]] || plugin_name=./$2
    if [[ $2 != */* && ! -e $2 && $2 != "["* ]]; then
        refuse not-found "$2: is no plug-in for $1; --list names those that there are"
    elif [[ -f $2 && -x $2 && ! $2 =~ \.(so|vst3|dsp|fbc|bc|ll)$ ]]; then
        plugin_kind=program
    elif [[ $1 == audio ]]; then
        plugin_kind=host
    elif [[ -f $2 ]]; then
        refuse unsupported "$2: is not executable, and pictures have no other plug-ins; make it so with chmod +x"
    else
        refuse not-found "$2: there is no such file"
    fi
}

# For jq: the settings that render-one takes.
readonly host_settings='["parameters", "automation", "preset_path", "preset_uri", "state_path", "chain", "wet",
    "tail", "compile_options"]'

# check_config: sets config_seed to the seed in $config, which is that of the job, and config_fault if there is
# a setting that no plug-in of the job knows. A program may know any.
check_config() {
    local kind name used=() any=""
    config_seed="" config_fault=""
    [[ $config != "{}" ]] || return 0
    for kind in audio visual; do
        local -n names=${kind}_plugin
        for name in "${names[@]}"; do
            find_plugin "$kind" "$name" || return
            [[ $plugin_kind != program ]] || any=yes
            used+=("$plugin_kind $kind $plugin_name")
        done
    done
    { IFS= read -r -d '' config_seed && IFS= read -r -d '' config_fault; } < <(jq -j --arg any "$any" \
        --slurpfile plugins <(printf %s "$known_plugins") "$without_zeros"'
        (["seed"] + ([$ARGS.positional[] as $used | if $used | startswith("host ") then '"$host_settings"' else
            [$plugins[] | select("builtin \(.plugin) \(.name)" == $used) | .settings[].setting] end] | add)) as $known |
        (.seed // ""),
        (if $any == "" then first(keys_unsorted - $known | .[] | .[:100] |
            "\(.): is no setting of the plug-ins that are used; known are: \($known | unique | join(", "))") else "" end) |
        (tostring | without_zeros), "\u0000"' <<<"$config" --args "${used[@]}")
}

# run_program NAME RECORD FILE: runs it with the record, which names the file that it has to make.
run_program() {
    printf '%s\n' "$2" >"$scratch/record"
    run_in_time "$1: " "$1" <"$scratch/record" || return
    [[ -f $3 && -s $3 ]] ||
        refuse unsupported "$1: ended well, and did not write the output_path of its record"
}

# run_in_time SUBJECT COMMAND...: other people's program, for program_seconds at most.
run_in_time() {
    local status begun=$EPOCHSECONDS
    attend timeout --kill-after=2 "$program_seconds" "${@:2}" >/dev/null 2>"$work/said"
    status=$?
    # 137 is SIGKILL: timeout sends it where SIGTERM does not help.
    if ((status == 124 || (status == 137 && EPOCHSECONDS - begun > 10#${program_seconds%.*}))); then
        refuse timeout "$1did not finish within $program_seconds s; give a longer --timeout"
    elif ((status)); then
        refuse unsupported "$1$(how_ended $status)"
    fi
}

# apply_audio_plugin NAME FILE NEXT: what it makes of the one file is the other.
apply_audio_plugin() {
    local words job
    find_plugin audio "$1" || return
    case $plugin_kind in
        builtin)
            mapfile -t words < <(jq -nr --argjson config "$config" --argjson bpm "$bpm" --argjson seed "$seed" \
                --arg name "$plugin_name" "$audio_table"'words($name)')
            run_tool audio-edit "${words[@]}" --bit-depth 32f --output "$3" "$2"
            ;;
        program)
            job=$(jq -nc --argjson config "$config" --arg input "$2" --arg output "$3" --argjson seed "$seed" \
                --arg title "$title" --argjson bpm "$bpm" \
                '{$title, $bpm, $seed} + $config + {input_path: $input, output_path: $output}')
            run_program "$plugin_name" "$job" "$3" || return
            run_tool audio-measure --measure levels "$3" || refuse unsupported "$plugin_name: wrote no audio: $fault"
            ;;
        host)
            job=$(jq -nc --argjson config "$config" --arg input "$2" --arg output "$3" --argjson rate "$sample_rate" \
                '{tail: "auto", bit_depth: "32f"} + ($config | with_entries(select(.key == '"$host_settings"'[]))) +
                {sample_rate: $rate, input_path: $input, output_path: $output}')
            run_tool render-one "${render[@]}" --plugin "$plugin_name" "$job"
            ;;
    esac
}
