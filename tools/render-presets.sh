#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Takes a folder of presets, renders each one into another folder: the whole pipe in one command,
# for people who want no pipe.
set -u -o pipefail

# The other tools are those that lie beside this one.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
PATH=$here:$PATH

# An option's value, or "yes" for one that takes none; unset if it was not given.
declare -A given=()
readonly value_options=" fxp serum2 vstpreset plugin note velocity duration tail sample-rate \
block-size bit-depth format midi template workers results isolation timeout home "
readonly flag_options=" unicode skip-existing require-change no-recursive dry-run verbose "

print_help() {
    cat <<'END'
usage: render-presets [OPTION]... PRESETS OUTPUT
Renders every preset in the folder PRESETS to an audio file in the folder OUTPUT.
example: render-presets presets out --fxp /usr/lib/vst/amsynth_vst.so --note 60

      --fxp PLUGIN         the VST2 that plays .fxp presets
      --serum2 PLUGIN      the VST3 that plays .SerumPreset presets
      --vstpreset PLUGIN   the VST3 that plays .vstpreset presets
      --plugin PLUGIN      the plug-in for all other presets
  -n, --note LIST          note numbers, 0 to 127 (default 48): 60 or 36-84:12
      --midi FILE          play a MIDI file instead of a note
      --velocity LIST      velocities, 1 to 127 (default 127)
      --duration SECONDS   from note-on to note-off (default 1)
      --tail SECONDS       after the note-off, or after the MIDI file's end (default 1)
      --sample-rate HZ     (default 44100)
      --block-size FRAMES  (default 512)
      --bit-depth DEPTH    16, 24 or 32f (default 16)
      --format FORMAT      wav, npy, flac or ogg (default wav)
      --template T         names of the files (default {preset}), see assign-paths(1)
      --filename-template T  the same
      --unicode            keep the letters of every script in the names
      --no-recursive       leave folders within PRESETS alone
      --no-recurse         the same
      --skip-existing      leave files alone that were made from the same
      --require-change     a preset that changes nothing in the plug-in has failed
      --dry-run            say what would be rendered and render nothing
      --results FILE       records of all jobs (default OUTPUT/results.ndjson)
  -j, --workers N          renders at a time (default one a processor; -1: all but one)
      --isolation MODE     auto, snapshot, process or reuse: see render-one(1)
      --timeout SECONDS    for a preset (default 60 + 10 x its length)
      --home DIR           the folder that plug-ins see as your home, instead of it
  -v, --verbose            a line on standard error for every preset
  -h, --help               show this help
      --version            show the version
END
}

# die STATUS MESSAGE [HINT]: what the message quotes must not write to the terminal as it likes.
die() {
    echo "render-presets: ${2//[[:cntrl:]]/?}${3-}" >&2
    exit "$1"
}

usage_error() { die 2 "$1" $'\n  try: render-presets --help'; }

# Standard input to standard output. As in every tool, a reader that went away is no error and
# anything else is.
emit() {
    local message status
    { message=$(LC_ALL=C cat 2>&1 >&3); } 3>&1
    status=$?
    ((status == 0 || status == 141)) || [[ $message == *": Broken pipe" ]] ||
        die 3 "standard output: ${message##*: }"
}

# take NAME VALUE: keeps an option.
take() {
    [[ ! -v given[$1] ]] || usage_error "--$1: given twice"
    given[$1]=$2
}

# Sets given, presets and output.
parse_options() {
    local operands=() option name value
    while (($#)); do
        option=$1
        shift
        case $option in
            --) operands+=("$@") && break ;;
            -h | --help) emit < <(print_help) && exit ;;
            --version) emit <<<'render-presets (patchpipe) @VERSION@' && exit ;;
            --filename-template*) option=--template${option#--filename-template} ;;
            --no-recurse) option=--no-recursive ;;
            -n) option=--note ;;
            -n*) option=--note=${option#-n} ;;
            -j) option=--workers ;;
            -j*) option=--workers=${option#-j} ;;
            -v) option=--verbose ;;
            -?*) ;;
            *) operands+=("$option") && continue ;;
        esac
        name=${option#--}
        name=${name%%=*}
        if [[ $option != --* || $name == *" "* ]]; then
            usage_error "option '${option%%=*}' does not exist"
        elif [[ $flag_options == *" $name "* ]]; then
            [[ $option != *=* ]] || usage_error "--$name: takes no value"
            take "$name" yes
        elif [[ $value_options == *" $name "* ]]; then
            if [[ $option == *=* ]]; then
                value=${option#*=}
            else
                (($#)) || usage_error "--$name: its value is missing"
                value=$1
                shift
            fi
            take "$name" "$value"
        else
            usage_error "option '${option%%=*}' does not exist"
        fi
    done
    ((${#operands[@]} == 2)) || usage_error "takes two operands, the folder of presets and the output folder"
    presets=${operands[0]} output=${operands[1]}
}

# check TOOL ARGUMENT...: the tool judges what it is given, on no records.
check() {
    local message
    message=$("$@" 2>&1 </dev/null) && return
    [[ $message != "{"* ]] || message=$(jq -r .error <<<"$message")
    message=${message%%$'\n  try: '*}
    die 2 "${message#"$1: "}"
}

# Sets workers, results, and the arguments of the other tools: scan, grid, paths, render.
check_options() {
    local name
    command -v jq >/dev/null || die 3 "jq is not installed; it is needed to read records"
    [[ -e $presets ]] || die 2 "$presets: there is no such folder"
    [[ -d $output || ! -e $output ]] || die 2 "$output: is no folder; name one for the audio files"
    [[ ! -v given[note] || ! -v given[midi] ]] || usage_error "--note and --midi exclude each other"
    [[ ${given[format]-} != flac || ${given[bit-depth]-} != 32f ]] ||
        usage_error "--bit-depth: FLAC has no 32f; use 16 or 24, or --format wav"

    workers=${given[workers]:-$(nproc)}
    [[ $workers != -1 ]] || workers=$(nproc --ignore=1)
    [[ $workers =~ ^[1-9][0-9]{0,3}$ ]] ||
        usage_error "--workers: must be 1 to 9999, or -1 for all processors but one, is '$workers'"
    results=${given[results]:-$output/results.ndjson}
    [[ ! -d $results ]] || die 2 "--results: $results is a folder; name a file"

    scan=() grid=() paths=(--output-dir "$output") render=()
    [[ ! -v given[no-recursive] ]] || scan+=(--no-recursive)
    for name in note velocity; do
        [[ ! -v given[$name] ]] || grid+=("--$name=${given[$name]}")
    done
    for name in duration tail sample-rate block-size bit-depth format; do
        [[ ! -v given[$name] ]] || grid+=(--set "${name//-/_}=${given[$name]}")
    done
    if [[ -v given[midi] ]]; then
        check midi-duration -- "${given[midi]}"
        grid+=(--set "midi_path=$(realpath -- "${given[midi]}")")
    fi
    [[ ! -v given[template] ]] || paths+=("--template=${given[template]}")
    [[ ! -v given[unicode] ]] || paths+=(--unicode)
    for name in fxp serum2 vstpreset plugin isolation timeout home; do
        [[ ! -v given[$name] ]] || render+=("--$name=${given[$name]}")
    done
    for name in skip-existing require-change; do
        [[ ! -v given[$name] ]] || render+=("--$name")
    done
    check job-grid "${grid[@]}"
    check assign-paths "${paths[@]}"
    check render-one "${render[@]}"
}

# Every format that was found needs a plug-in that plays it.
check_formats() {
    local format option suffix missing=""
    for format in $(jq -r .preset_format "$work/presets" | sort -u); do
        option=$format
        case $format in
            serum2) suffix=SerumPreset ;;
            *) suffix=$format ;;
        esac
        [[ $value_options == *" $option "* ]] || option=plugin
        [[ -v given[$option] || -v given[plugin] ]] ||
            missing+=${missing:+; }"found .$suffix files but --$option was not given"
    done
    [[ -z $missing ]] || usage_error "$missing"
}

# Writes $work/jobs. Sets scan_status, 1 if something in the folder could not be taken.
list_jobs() {
    preset-scan "${scan[@]}" -- "$presets" >"$work/presets" 2>"$work/errors"
    scan_status=$?
    if ((scan_status == 0)) && [[ ! -s $work/presets ]]; then
        emit <<<"No presets found in ${presets//[[:cntrl:]]/?}."
        exit 0
    fi
    cat "$work/errors" >&2
    [[ $scan_status -le 1 && -s $work/presets ]] || exit "$scan_status"
    check_formats
    job-grid "${grid[@]}" <"$work/presets" |
        if [[ -v given[midi] ]]; then midi-duration; else cat; fi |
        assign-paths "${paths[@]}" >"$work/jobs"
    (($? <= 1)) || exit 3
}

# For jq: how a record is named to people.
# shellcheck disable=SC2016
readonly shown='
    def plain: gsub("[[:cntrl:]]"; "?");
    def name: ((.presets_root // "") + "/") as $root |
        .preset_path // "a job" | tostring | ltrimstr($root) | plain;
    def failure: "FAIL \(name): \(.error // "" | tostring | plain)";'

# Says what would be rendered. Sets failed.
dry_run() {
    local job path
    jq -j '(.output_path // "") + "\u0000"' "$work/jobs" >"$work/paths"
    while IFS= read -r job <&3 && IFS= read -r -d '' path <&4; do
        [[ -v given[skip-existing] && -f $path ]] || echo "$job"
    done 3<"$work/jobs" 4<"$work/paths" >"$work/to-do"
    emit < <(jq -rn "$shown"'[inputs | select(.status != "error")] |
        "Would render \(length) preset(s):",
        (.[] | "  \(.preset_path | plain) -> \(.output_path | plain)")' "$work/to-do")
    jq -r "$shown"'select(.status == "error") | "  " + failure' "$work/to-do" >&2
    failed=$(jq -n 'reduce (inputs | select(.status == "error")) as $_ (0; . + 1)' "$work/to-do")
}

# Sets partial, the file that becomes the results when it is whole.
open_results() {
    mkdir -p -- "$output" "$(dirname -- "$results")" || exit 3
    partial=$work/results
    [[ ! -e $results || -f $results ]] || return 0
    partial=$(mktemp -u -- "$results.XXXXXX")
    (set -o noclobber && : >"$partial") 2>/dev/null ||
        die 3 "$results: the records could not be written; is its folder writable?"
}

close_results() {
    if [[ $partial == "$work/results" ]]; then
        cat "$partial" >"$results"
    else
        mv -- "$partial" "$results"
    fi || die 3 "$results: the records could not be written"
}

# Records from standard input to the file, with a sign of life for people.
watch_results() {
    if [[ -v given[verbose] ]]; then
        tee "$1" | jq -nr --unbuffered --arg total "$total" "$shown"'
            foreach inputs as $record (0; . + 1; "[\(.)/\($total)] \($record |
                if .status == "error" then failure else "\(.status)  \(name)" end)")' >&2
    elif [[ -t 2 ]] && command -v pv >/dev/null; then
        pv --line-mode --size "$total" --progress --eta --rate --timer >"$1"
    else
        cat >"$1"
    fi
}

# The workers share one standard input: each takes the next job when it is free. Sets stopped to a
# sentence if one of them ended before its time.
render_jobs() {
    local jobs watcher worker status
    mkfifo "$work/records"
    watch_results "$partial" <"$work/records" &
    watcher=$!
    exec {jobs}<"$work/jobs" {records}>"$work/records"
    while ((${#pids[@]} < workers && ${#pids[@]} < total)); do
        render-one "${render[@]}" <&"$jobs" >&"$records" &
        pids+=($!)
    done
    exec {jobs}<&- {records}>&-
    records=""
    for worker in "${pids[@]}"; do
        wait "$worker" 2>/dev/null
        status=$?
        ((status <= 1)) || stopped="a render-one ended with status $status"
    done
    pids=()
    wait "$watcher" || die 3 "$results: the records could not be written"
}

# Says what failed, from the records. Sets failed and summary.
summarise() {
    local rendered skipped missing
    read -r rendered skipped failed < <(jq -rn 'reduce inputs.status as $status ({}; .[$status] += 1) |
        "\(.ok // 0) \(.skipped // 0) \(.error // 0)"' "$partial")
    jq -r "$shown"'select(.status == "error") | "  " + failure' "$partial" >&2
    missing=$((total - rendered - skipped - failed))
    if ((missing > 0)); then
        echo "render-presets: $missing job(s) have no result: ${stopped:-a render-one stopped early}" >&2
        failed=$((failed + missing))
    fi
    summary="Done: $rendered rendered, $skipped skipped, $failed failed."
}

# A second signal must not end it half way: timeout(1), for one, sends two.
clean_up() {
    trap '' HUP INT TERM
    ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null
    [[ -z $records ]] || exec {records}>&-
    wait
    rm -rf "$work"
    [[ -z $partial ]] || rm -f "$partial"
}

main() {
    { : 3>&1; } 2>/dev/null || die 3 "standard output: Bad file descriptor"
    parse_options "$@"
    check_options

    pids=() records="" partial="" stopped="" failed=0
    # Its name first: a signal may come as soon as it is there.
    work=$(mktemp -u -d -t patchpipe.XXXXXX)
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir -m 700 -- "$work" || exit 3
    list_jobs
    total=$(wc -l <"$work/jobs")

    if [[ -v given[dry-run] ]]; then
        dry_run
    else
        open_results
        render_jobs
        summarise
        close_results
        emit <<<"$summary"
    fi
    ((failed == 0 && scan_status == 0)) || exit 1
}

main "$@"
