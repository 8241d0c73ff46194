#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Renders every preset of a folder into another folder: the whole pipe in one command.
#
# What the parts below set and use, shellcheck does not see.
# shellcheck disable=SC2034,SC2154
set -u -o pipefail
readonly program=render-presets

# How it was called, for a command line that goes on where a run was interrupted.
command_line=("$@") called_as=$0
[[ ! $(type -P render-presets) -ef $0 ]] || called_as="render-presets"

# The other tools are those that lie beside this one.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
PATH=$here:$PATH

# shellcheck disable=SC2016
readonly job_name='((.presets_root // "") + "/") as $root | .preset_path // "a job" | tostring | ltrimstr($root)' \
    event_fields='{path: .preset_path}'
#include lib/driver/terminal.sh
#include lib/driver/options.sh
#include lib/driver/work_folder.sh
#include lib/driver/lock.sh
#include lib/driver/workers.sh
#include lib/driver/progress.sh
#include lib/driver/interruption.sh

allowed=()
value_options=" use plugin note velocity duration tail sample-rate \
block-size bit-depth format quality bitrate midi template names workers results isolation clock timeout home \
sandbox allow-write allow-read max-memory "
readonly optional_values=" skip-existing=same "
readonly flag_options=" unicode require-change no-recursive dry-run verbose deterministic \
skip-missing-format no-sync allow-network hide-home json "
readonly -A other_names=([-n]=--note [-j]=--workers [-v]=--verbose [--serum1]=--fxp
    [--filename-template]=--template [--no-recurse]=--no-recursive)

# The formats of presets, as preset-scan knows them: what their names end in, and the kind of plug-in
# that plays each. An option is called like the format.
declare -A suffixes=() players=()
read_formats() {
    local format suffix player
    # {"preset_format":"fxp","suffix":".fxp","plugin_format":"VST2"}
    while IFS='"' read -r _ _ _ format _ _ _ suffix _ _ _ player _; do
        [[ -v suffixes[$format] ]] || suffixes[$format]=$suffix
        [[ -z $player ]] || players[$format]=$player
    done < <(preset-scan --formats 2>/dev/null)
    value_options+=" ${!players[*]} "
    ((${#players[@]})) || die 3 "preset-scan names no formats; is the installation whole?"
}

played_formats() { printf '%s\n' "${!players[@]}" | LC_ALL=C sort | paste -sd ' '; }

format_help() {
    local format names
    while read -r format; do
        names=$format
        [[ $format != fxp ]] || names+=", --serum1"
        printf '      --%-18s the %s that plays %s presets\n' "$names PLUGIN" "${players[$format]}" \
            "${suffixes[$format]}"
    done < <(printf '%s\n' "${!players[@]}" | LC_ALL=C sort)
}

print_help() {
    cat <<'END'
usage: render-presets [OPTION]... PRESETS OUTPUT
Renders every preset in the folder PRESETS to an audio file in the folder OUTPUT.
example: render-presets presets out --fxp /usr/lib/vst/amsynth_vst.so --note 60

END
    format_help
    cat <<'END'
      --use FORMAT=PLUGIN  the same for any format; repeatable
      --plugin PLUGIN      the plug-in for all other presets
  -n, --note LIST          note numbers, 0 to 127 (default 48): 60 or 36-84:12
      --midi FILE          play a MIDI file instead of a note
      --velocity LIST      velocities, 1 to 127 (default 127)
      --duration SECONDS   from note-on to note-off (default 1)
      --tail SECONDS       after the note-off, or after the MIDI file's end (default 1)
      --sample-rate HZ     (default 44100)
      --block-size FRAMES  (default 512)
      --bit-depth DEPTH    16, 24 or 32f (default 16)
      --format FORMAT      wav, rf64, w64, aiff, flac, ogg, opus, mp3, m4a or npy (default wav)
      --quality Q, --bitrate KBITS  of ogg and mp3, 0 to 10; of opus and mp3
      --template, --filename-template T  names of the files (default {preset}), see assign-paths(1)
      --names PROGRAM      name the files as vst-render or serum-render does
      --unicode            keep the letters of every script in the names
      --no-recursive, --no-recurse  leave folders within PRESETS alone
      --skip-existing[=name]  leave files alone that were made from the same (or have the name)
      --skip-missing-format  leave out presets for which no plug-in is given
      --no-sync            do not wait until files are on the disk
      --require-change     a preset that changes nothing in the plug-in has failed
      --dry-run            say what would be rendered and render nothing
      --results FILE       records of all jobs (default OUTPUT/results.ndjson)
  -j, --workers N          renders at a time (default one a processor; -1: all but one)
      --deterministic      the default: all but --isolation reuse is
      --isolation MODE     auto, snapshot, fork, process or reuse: see render-one(1)
      --clock CLOCK        the time that plug-ins are shown: fixed (default) or real
      --timeout SECONDS    for a preset (default 60 + 10 x its length)
      --home DIR           the folder that plug-ins see as your home, instead of it
      --sandbox MODE       auto, on or off: keep plug-ins from writing and the network
      --hide-home          let them read the system and their own files only
      --allow-write DIR, --allow-read PATH, --allow-network  what they may do all the same
      --max-memory MIB     what a process with a plug-in may take
      --json               events on standard output, a JSON object a line
  -v, --verbose            a line on standard error for every preset
  -h, --help, --version    show this help, or the version
END
}

# take NAME VALUE: keeps an option. What plug-ins may write and read may be several.
take() {
    if [[ $1 == use ]]; then
        [[ $2 == ?*=?* ]] || usage_error "--use: '$2' is not FORMAT=PLUGIN"
        [[ ${players[${2%%=*}]-} ]] ||
            usage_error "--use: '${2%%=*}' is not a format that a plug-in plays: $(played_formats)"
        set -- "${2%%=*}" "${2#*=}"
    fi
    if [[ $1 == allow-write || $1 == allow-read ]]; then
        allowed+=("--$1=$2")
    else
        keep "$1" "$2"
    fi
}

# Sets given, presets and output.
parse_options() {
    local operands=() name
    parse_arguments "$@"
    ((${#operands[@]} == 2)) || wrong_operands "${operands[@]}"
    presets=${operands[0]} output=${operands[1]}
    [[ $presets ]] || usage_error "the folder of presets is empty; write . for this one"
    [[ $output ]] || usage_error "the output folder is empty; write . for this one"
    protect_path presets
    protect_path output
    for name in midi results; do
        [[ ! -v given[$name] ]] || protect_path "given[$name]"
    done
}

# An operand too many is mostly a value that its option does not take.
wrong_operands() {
    local needed="takes two operands, the folder of presets and the output folder"
    case $#,${3-} in
        0,*) usage_error "$needed" ;;
        1,*) usage_error "$needed; there is only '$1'" ;;
        *,name | *,same) usage_error "$needed; write --skip-existing=$3" ;;
        *) usage_error "$needed; '$3' is one too many" ;;
    esac
}

# check TOOL ARGUMENT...: the tool judges what it is given, on no records.
check() {
    local message
    message=$("$@" 2>&1 </dev/null) || blame_option "$1" "$message"
}

# Sets workers, results, and the arguments of the other tools: scan, grid, paths, render.
check_options() {
    local name hint
    command -v jq >/dev/null || die 3 "jq is not installed; it is needed to read records"
    if [[ ! -e $presets ]]; then
        [[ $presets != "~"* ]] || hint="; the shell replaces ~ only outside quotes"
        die 2 "$presets: there is no such folder" "${hint-}"
    fi
    [[ -d $output || ! -e $output ]] || die 2 "$output: is not a folder; name one for the audio files"
    [[ ! -v given[note] || ! -v given[midi] ]] || usage_error "--note and --midi exclude each other"
    [[ ${given[format]-} != flac || ${given[bit-depth]-} != 32f ]] ||
        usage_error "--bit-depth: FLAC has no 32f; use 16 or 24, or --format wav"

    workers=${given[workers]:-$(nproc)}
    [[ $workers != -1 ]] || workers=$(nproc --ignore=1)
    [[ $workers =~ ^[1-9][0-9]{0,3}$ ]] ||
        usage_error "--workers: must be 1 to 9999, or -1 for all processors but one, is '$workers'"
    results=${given[results]:-$output/results.ndjson}
    [[ ! -d $results && ${results%/} != "${output%/}" ]] || die 2 "--results: $results is a folder; name a file"
    [[ ! -f $results || -r $results ]] || die 2 "--results: $results cannot be read; name another file"
    [[ ! -f $results || ! -s $results || $(head -c 1 -- "$results" | tr -d '\0') == "{" ]] ||
        die 2 "--results: $results exists and holds no records; name another file"

    scan=(--programs) grid=() paths=(--output-dir "$output") render=()
    [[ ! -v given[no-recursive] ]] || scan+=(--no-recursive)
    for name in note velocity; do
        [[ ! -v given[$name] ]] || grid+=("--$name=${given[$name]}")
    done
    for name in duration tail sample-rate block-size bit-depth format quality bitrate; do
        [[ ! -v given[$name] ]] || grid+=(--set "${name//-/_}=${given[$name]}")
    done
    if [[ -v given[midi] ]]; then
        check midi-duration -- "${given[midi]}"
        grid+=(--set "midi_path=$(realpath -- "${given[midi]}")")
    fi
    [[ ! -v given[template] ]] || paths+=("--template=${given[template]}")
    [[ ! -v given[names] ]] || paths+=("--names=${given[names]}")
    [[ ! -v given[unicode] ]] || paths+=(--unicode)
    for name in "${!players[@]}" plugin isolation clock timeout home sandbox max-memory; do
        [[ ! -v given[$name] ]] || render+=("--$name=${given[$name]}")
    done
    render+=("${allowed[@]}")
    for name in hide-home allow-network require-change deterministic no-sync; do
        [[ ! -v given[$name] ]] || render+=("--$name")
    done
    [[ ! -v given[skip-existing] ]] || render+=("--skip-existing=${given[skip-existing]}")
    check job-grid "${grid[@]}"
    check assign-paths "${paths[@]}"
    check render-one "${render[@]}"
    # From here on for the workers only.
    render+=(--parent $$)
    [[ ! -v given[json] ]] || render+=(--announce)
}

# With --names: presets that the program does not read come last, as it gave them no number.
sort_as_program() {
    local known=(-e '.fxp","preset_format":' -e '.SerumPreset","preset_format":')
    [[ ${given[names]} != serum-render ]] || known+=(-i)
    mv "$work/presets" "$work/unsorted"
    LC_ALL=C grep -F "${known[@]}" "$work/unsorted" >"$work/presets"
    LC_ALL=C grep -vF "${known[@]}" "$work/unsorted" >>"$work/presets"
}

# Every format that was found needs a plug-in that plays it; with --skip-missing-format presets of the
# other ones go to $work/left-out. Sets left_out, which finds their records.
check_formats() {
    local format option suffix missing=""
    left_out=()
    # One of jq's starts would take as long as a preset's render.
    while IFS='"' read -r _ _ _ format _; do
        option=$format
        suffix=${suffixes[$format]}
        [[ $format != lv2 ]] || continue # each names its plug-in
        [[ ${players[$format]-} ]] || option=plugin
        [[ $format != fxb ]] || option=fxp # it holds what an .fxp does
        [[ ! -v given[$option] && ! -v given[plugin] ]] || continue
        missing+=${missing:+; }"found $suffix files but --$option was not given"
        left_out+=(-e "\"preset_format\":\"$format\"")
    done < <(LC_ALL=C grep -o '"preset_format":"[^"]*"' "$work/presets" | LC_ALL=C sort -u)
    : >"$work/left-out"
    [[ -n $missing ]] || return 0
    [[ -v given[skip-missing-format] ]] ||
        die 2 "$missing; name the plug-in, or leave them out with --skip-missing-format"
    grep -qvF "${left_out[@]}" "$work/presets" || die 2 "$missing; without them nothing is left to render"
    grep -F "${left_out[@]}" "$work/presets" |
        jq -c '. + {status: "skipped", reason: "no_plugin"}' >"$work/left-out"
    echo "$program: left out $(wc -l <"$work/left-out") preset(s): $missing" >&2
}

# Writes $work/jobs. Sets scan_status, 1 if something in the folder could not be taken.
list_jobs() {
    preset-scan "${scan[@]}" -- "$presets" >"$work/presets" 2>"$work/errors"
    scan_status=$?
    if ((scan_status == 0)) && [[ ! -s $work/presets ]]; then
        start_event
        plain "$presets"
        say "No presets found in $shown_text."
        counts_event "done"
        exit 0
    fi
    sed "/^  try: /d; s/^preset-scan: /$program: /" "$work/errors" >&2
    ((scan_status != 3)) || [[ -s $work/errors ]] ||
        die 3 "${work%/*}: the list of presets cannot be written there; set TMPDIR to another folder"
    [[ $scan_status -le 1 && -s $work/presets ]] || exit "$scan_status"
    [[ ! -v given[names] ]] || sort_as_program
    check_formats
    job-grid "${grid[@]}" <"$work/presets" |
        if [[ -v given[midi] ]]; then midi-duration; else cat; fi |
        assign-paths "${paths[@]}" >"$work/jobs"
    (($? <= 1)) || exit 3
    # Only now: a name must not depend on the plug-ins that are given.
    if ((${#left_out[@]})); then
        mv "$work/jobs" "$work/all-jobs"
        grep -vF "${left_out[@]}" "$work/all-jobs" >"$work/jobs"
    fi
    total=$(cat "$work/jobs" "$work/left-out" | wc -l)
}

# Says what would be rendered. Sets failed.
dry_run() {
    local job path
    jq -j '(.output_path // "") + "\u0000"' "$work/jobs" >"$work/paths"
    while IFS= read -r job <&3 && IFS= read -r -d '' path <&4; do
        [[ -v given[skip-existing] && -f $path ]] || echo "$job"
    done 3<"$work/jobs" 4<"$work/paths" >"$work/to-do"
    [[ -v given[json] ]] || emit < <(jq -rn "$shown"'[inputs | select(.status != "error")] |
        "Would render \(length) preset(s):",
        (.[] | "  \(.preset_path | plain) -> \(.output_path | plain)")' "$work/to-do")
    jq -r "$shown"'select(.status == "error") | "  " + failure' "$work/to-do" >&2
    failed=$(jq -n 'reduce (inputs | select(.status == "error")) as $_ (0; . + 1)' "$work/to-do")
    start_event
}

# Sets partial, the file that becomes the results when it is whole.
open_results() {
    [[ $results != */* ]] || mkdir -p -- "${results%/*}/" || exit 3
    partial=$work/results
    if [[ -e $results && ! -f $results ]]; then
        : >"$partial"
        return
    fi
    partial=$(mktemp -u -- "$results.patchpipe-XXXXXX")
    sign_lock
    (set -o noclobber && : >"$partial") 2>/dev/null ||
        die 3 "$results: the records could not be written; is its folder writable?"
}

close_results() {
    if [[ $partial == "$work/results" ]]; then
        # In the background, so that a signal ends the wait for the reader of a FIFO.
        cat "$partial" >"$results" 9>&- &
        wait $!
    else
        mv -- "$partial" "$results"
    fi || die 3 "$results: the records could not be written"
}

# Sets stopped to a sentence if a worker ended before its time.
render_jobs() {
    open_records "$partial" "$work/jobs" "$work/left-out"
    cat "$work/left-out" >&"$records"
    run_workers "$work/jobs"
    close_records || die 3 "$results: the records could not be written"
}

clean_up() {
    trap '' HUP INT TERM
    end_workers
    rm -rf "$work"
    [[ -z $partial ]] || rm -f "$partial"
    [[ -z $lock ]] || unlock_folder
}

main() {
    { : 3>&1; } 2>/dev/null || die 3 "standard output: Bad file descriptor"
    wait_for_readers
    read_formats
    parse_options "$@"
    check_options

    pids=() records="" watcher="" partial="" lock="" stopped="" started=${EPOCHREALTIME/[.,]/}
    rendered=0 skipped=0 failed=0 total=0 foreign=""
    open_work
    list_jobs

    if [[ -v given[dry-run] ]]; then
        dry_run
    else
        lock_folder "$output"
        open_results
        start_event
        render_jobs
        summarise
        close_results
        say "$summary"
        counts_event "done"
    fi
    [[ ! $foreign ]] && ((failed == 0 && scan_status == 0)) || exit 1
}

main "$@"
