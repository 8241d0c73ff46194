# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-song: lets REAPER render the project, and tells apart what may go wrong. REAPER
# renders what a project says into the file that it names, so it gets a copy of the project that names
# ours. The copy lies beside the project, from where the paths of media are meant.
#
# shellcheck shell=bash disable=SC2154

# What REAPER has nothing to do with, or the project says.
readonly not_for_reaper="stems regions template range tail sample-rate channels format bit-depth quality \
bitrate dither allow-missing allow-silence dry-run work workers plugin-path isolation clock home sandbox hide-home allow-write \
allow-read allow-network max-memory no-sync verbose"
reaper_pid="" reaper_copy="" reaper_audio=""

# Sets reaper and reaper_seconds.
check_reaper() {
    local name
    for name in $not_for_reaper; do
        [[ ! -v given[$name] ]] || usage_error "--$name: REAPER renders as the project says; leave it out"
    done
    reaper=${given[reaper]}
    [[ $reaper == */* ]] || reaper=$(type -P -- "$reaper")
    [[ $reaper ]] || die 2 "--reaper: ${given[reaper]}: there is no such program in PATH; name REAPER's file"
    [[ -f $reaper ]] || die 2 "--reaper: $reaper: there is no such file; name REAPER's"
    [[ -x $reaper ]] || die 2 "--reaper: $reaper: is not executable; name REAPER's file"
    reaper=$(realpath -- "$reaper")
    reaper_seconds=${given[timeout]:-600}
    [[ $reaper_seconds =~ ^[0-9]{1,7}(\.[0-9]{1,6})?$ && $reaper_seconds =~ [1-9] ]] ||
        usage_error "--timeout: must be seconds above 0, is '$reaper_seconds'"
}

render_with_reaper() {
    local host suffix folder
    host=$(uname -n)
    suffix=${output##*/}
    [[ $suffix == ?*.* ]] && suffix=${suffix##*.} || suffix=wav
    folder=$work
    if [[ ! -e $output || -f $output ]] && [[ $output != - ]]; then
        output=$(realpath -m -- "$output")
        folder=${output%/*}
        mkdir -p -- "$folder" || exit 3
    fi
    # Whatever it makes of the name, as of song.wav.reapeaks, is found by its beginning.
    reaper_audio=${folder%/}/.patchpipe-$host-$$-1
    write_project_copy "$reaper_audio.$suffix"
    run_reaper
    take_reaper_file "$suffix"
}

# write_project_copy AUDIO: sets reaper_copy, the beginning of the copy's name, and writes it. Of what
# the project renders it is the mix, in one file.
write_project_copy() {
    local kind project=$song folder=$PWD render
    if [[ $piped ]]; then project=$work/input; else folder=$(dirname -- "$(realpath -- "$song")"); fi
    kind=$(jq -rn 'first(inputs | select(.type == "song")) | "\(.format) \(.content)"' "$work/song")
    # shellcheck disable=SC2016
    render='.render += {path: $audio, pattern: "", stems: 0} |
        if (.render.range // 1) > 2 then .render.range = 1 else . end'
    if [[ $kind == "rpp project" ]]; then
        jq -c --arg audio "$1" "if .type == \"song\" then {type, render} | $render
            elif .source.matched_by? then . else empty end" "$work/song" >"$work/changes"
        set -- --into "$project"
    else
        # Paths in records are meant from the current folder.
        folder=$PWD
        jq -nc --arg audio "$1" "(first(inputs | select(.type == \"song\")) // {type: \"song\"}) | $render" \
            "$work/song" >"$work/changes"
        jq -c 'select(.type != "song")' "$work/song" >>"$work/changes"
        set -- "${registries[@]}"
    fi
    reaper_copy=$folder/.patchpipe-$host-$$-2
    song-write "$@" -o "$reaper_copy.rpp" <"$work/changes" >"$work/written" 2>"$work/said"
    local status=$?
    repeat song-write
    tell_errors "$work/written"
    ((status == 0)) || exit "$status"
}

# Its processes are a group, which ends with it.
run_reaper() {
    local begun=${EPOCHREALTIME/[.,]/} status said micros
    timeout --kill-after=5 "$reaper_seconds" "$reaper" -renderproject "$reaper_copy.rpp" \
        </dev/null >"$work/said" 2>&1 &
    reaper_pid=$!
    wait "$reaper_pid" 2>/dev/null
    status=$?
    kill -s KILL -- "-$reaper_pid" 2>/dev/null
    reaper_pid=""
    micros=$(awk -v seconds="$reaper_seconds" 'BEGIN {printf "%d", seconds * 1e6}')
    said=$(LC_ALL=C tr -d '\0' <"$work/said" | grep -v '^[[:space:]]*$' | tail -n 1)
    if [[ $status == 124 || $status == 137 ]] && ((${EPOCHREALTIME/[.,]/} - begun >= micros)); then
        die 1 "REAPER did not finish within $reaper_seconds s, and was ended; give a longer --timeout"
    elif ((status == 126 || status == 127)); then
        die 2 "--reaper: $reaper: could not be run${said:+: ${said##*: }}"
    elif ((status > 128)); then
        die 1 "REAPER was ended by signal $((status - 128))${said:+; it said: $said}"
    elif ((status)); then
        die 1 "REAPER failed with status $status${said:+; it said: $said}"
    fi
}

# take_reaper_file SUFFIX: gives the audio its name.
take_reaper_file() {
    local made=$reaper_audio.$1 others json
    if [[ ! -s $made ]]; then
        others=("$reaper_audio".*)
        [[ ! -s ${others[0]} ]] ||
            die 1 "REAPER wrote .${others[0]##*.}, as the project says, and not .$1; name the output so"
        die 1 "REAPER ended well, and wrote no audio; open the project in REAPER to see why"
    fi
    if [[ $output == - ]]; then
        emit <"$made"
    elif [[ -e $output && ! -f $output ]]; then
        cat -- "$made" >"$output" || exit 3
    else
        mv -f -- "$made" "$output" || exit 3
    fi
    if [[ -v given[json] ]]; then
        json_text "$output"
        event file "\"status\":\"ok\",\"output_path\":$json"
    elif [[ $output != - ]]; then
        plain "$output"
        say "$shown_text: rendered by REAPER"
    fi
}

# Nothing of it stays.
end_reaper() {
    [[ ! $reaper_pid ]] || kill -s KILL -- "-$reaper_pid" 2>/dev/null
    [[ ! $reaper_copy ]] || rm -rf -- "$reaper_copy".*
    [[ ! $reaper_audio ]] || rm -rf -- "$reaper_audio".*
}
