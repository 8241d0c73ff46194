#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Renders a song to a file, or to one for each track and region: the whole pipe in one command.
#
# What the parts below set and use, shellcheck does not see.
# shellcheck disable=SC2034,SC2154
set -u -o pipefail
readonly program=render-song

# The other tools are those that lie beside this one.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
PATH=$here:$PATH

readonly job_name='(.track_name // .track // "a job") + if .item then ", item \(.item)" else "" end' \
    event_fields='{}'
#include lib/driver/terminal.sh
#include lib/driver/options.sh
#include lib/driver/work_folder.sh
#include lib/driver/tools.sh
#include lib/driver/lock.sh
#include lib/driver/workers.sh
#include lib/driver/progress.sh
#include lib/driver/stems.sh
#include lib/driver/reaper.sh

media=() registries=() jobs=() mix=() render=(--skip-existing)
readonly value_options=" media plugin plugin-path registry work workers sample-rate channels tail format \
bit-depth quality bitrate template range reaper timeout isolation clock home sandbox allow-write allow-read \
max-memory "
readonly flag_options=" stems regions dither allow-missing allow-silence allow-song-plugins no-record-plugins dry-run verbose \
json hide-home allow-network no-sync "
readonly optional_values=""
readonly -A other_names=([-j]=--workers [-v]=--verbose [-r]=--sample-rate [-f]=--format
    [-b]=--bit-depth [-c]=--channels [-m]=--media [-p]=--plugin [-s]=--stems [-t]=--template)

print_help() {
    cat <<'END'
usage: render-song [OPTION]... SONG OUTPUT
Renders a REAPER project, a MIDI file or song records, with all effects, to the audio file OUTPUT.
example: render-song song.rpp song.wav

  -s, --stems              a file for each track; OUTPUT is a folder
      --regions            a file for each region, with --stems for each track in it
  -t, --template TEXT      the names of these files, see song-mix(1)
      --range START:END    only this part, in seconds
      --tail SECONDS       how much longer, for what fades away
  -m, --media DIR          look for missing files there, see match-files(1); repeatable
  -p, --plugin PLUGIN      what plays the notes of tracks without effects
      --plugin-path DIR    look for VST plug-ins there first; repeatable
      --registry FILE      plug-ins that records name by "plugin" and "role"; repeatable
      --allow-missing      render without plug-ins and files that are missing
      --allow-silence      write the audio even if nothing is heard
      --allow-song-plugins  load plug-ins that lie in the song's folder, too
      --no-record-plugins  load no plug-in that only the song names
  -f, --format FORMAT, -b, --bit-depth DEPTH, --quality Q, --bitrate KBITS
                           of the files, see song-mix(1); default wav in 16 bits
  -r, --sample-rate HZ, -c, --channels N, --dither  of the files; default as the song says
      --work DIR           keep stems there, so that only what changed is rendered again
                           (default: a folder in ~/.cache/patchpipe/songs)
      --reaper EXE         let this REAPER render the project
      --dry-run            say what would be rendered, and what is missing, and render nothing
  -j, --workers N          renders at a time (default one a processor; -1: all but one)
      --timeout SECONDS    for a track (default 60 + 10 x its length), for REAPER 600
      --isolation MODE, --clock CLOCK, --home DIR, --sandbox MODE, --allow-write DIR
      --hide-home, --allow-read PATH, --allow-network, --max-memory MIB, --no-sync
                           of the plug-ins, see render-one(1)
      --json               events on standard output, a JSON object a line
  -v, --verbose            a line on standard error for every track with effects
  -h, --help, --version    show this help, or the version
END
}

# take NAME VALUE: keeps an option. Some may be given several times.
take() {
    case $1 in
        media) media+=("$2") ;;
        registry) registries+=("--registry=$2") ;;
        plugin-path) jobs+=("--plugin-path=$2") ;;
        allow-write) render+=("--allow-write=$2") ;;
        allow-read) render+=("--allow-read=$2") jobs+=("--allow-read=$2") ;;
        *) keep "$1" "$2" && return ;;
    esac
    given[$1]=yes
}

# Sets given, song and output. - is standard input, or output.
parse_options() {
    local operands=()
    parse_arguments "$@"
    ((${#operands[@]} == 2)) ||
        usage_error "takes two operands, the song and the output; there are ${#operands[@]}"
    song=${operands[0]} output=${operands[1]}
    [[ $song ]] || usage_error "the song's name is empty"
    [[ $output ]] || usage_error "the output's name is empty"
    [[ $song == - ]] || protect_path song
    [[ $output == - ]] || protect_path output
    [[ ! -v given[work] ]] || protect_path "given[work]"
}

# Sets piped, if the song can be read only once.
check_song() {
    local folder
    piped=""
    [[ $song != - && -f $song ]] || piped=yes
    [[ $song == - || -e $song ]] || die 2 "$song: there is no such file"
    [[ ! -d $song ]] || die 2 "$song: is a folder; name the song's file"
    [[ $song != - || ! -t 0 ]] || usage_error "standard input is a terminal; name the song's file"
    for folder in "${media[@]}"; do
        [[ -d $folder ]] || die 2 "--media: $folder: there is no such folder"
    done
}

# It is opened when everything else is done. Sets many, if it is a folder.
check_output() {
    local parent=$output
    many=""
    [[ ! -v given[stems] && ! -v given[regions] ]] || many=yes
    if [[ $output == - ]]; then
        [[ ! $many ]] || usage_error "--stems and --regions write files; name a folder for them"
        [[ ! -v given[json] ]] || usage_error "--json writes to standard output, as the audio does; name a file"
        [[ ! -t 1 ]] || usage_error "standard output is a terminal; name a file for the audio"
        return
    fi
    if [[ $many ]]; then
        [[ -d $output || ! -e $output ]] || die 2 "$output: is not a folder; name one for the audio files"
    else
        [[ ! -d $output && $output != */ ]] ||
            die 2 "$output: is a folder; name a file, or add --stems or --regions"
        [[ ! -v given[template] ]] || usage_error "--template: is for the files of --stems and --regions"
        [[ ! $song -ef $output || ! -f $output ]] || die 2 "$output: is the song, which would be lost; name another file"
        [[ ! -e $output || -f $output ]] || return 0 # a FIFO or a device
        parent=$(dirname -- "$output")
    fi
    until [[ -e $parent ]]; do parent=$(dirname -- "$parent"); done
    [[ -d $parent ]] || die 2 "$output: $parent is not a folder"
    [[ -w $parent ]] || die 2 "$output: no file can be made in $parent; name another folder"
}

# Sets workers and the arguments of the other tools: jobs, mix, render.
check_options() {
    local name message
    workers=${given[workers]:-$(nproc)}
    [[ $workers != -1 ]] || workers=$(nproc --ignore=1)
    [[ $workers =~ ^[1-9][0-9]{0,3}$ ]] ||
        usage_error "--workers: must be 1 to 9999, or -1 for all processors but one, is '$workers'"

    jobs+=("${registries[@]}")
    [[ ! -v given[sample-rate] ]] || jobs+=("--sample-rate=${given[sample-rate]}")
    for name in sample-rate channels tail format bit-depth quality bitrate template range; do
        [[ ! -v given[$name] ]] || mix+=("--$name=${given[$name]}")
    done
    for name in timeout isolation clock home sandbox max-memory; do
        [[ ! -v given[$name] ]] || render+=("--$name=${given[$name]}")
    done
    for name in hide-home allow-network no-sync; do
        [[ ! -v given[$name] ]] || render+=("--$name")
    done
    for name in stems regions; do
        [[ ! -v given[$name] ]] || mix+=("--$name=$output")
    done
    for name in dither allow-missing allow-silence; do
        [[ ! -v given[$name] ]] || mix+=("--$name")
    done
    for name in allow-missing allow-song-plugins no-record-plugins hide-home; do
        [[ ! -v given[$name] ]] || jobs+=("--$name")
    done
    if [[ $output == - ]]; then
        mix+=(--output=/dev/fd/4) # its records go to standard output
    elif [[ ! $many ]]; then
        mix+=("--output=$output")
    fi
    message=$(song-mix --project /dev/null/none "${mix[@]}" 4>/dev/null 2>&1 </dev/null)
    (($? <= 1)) || blame_option song-mix "$message"
    message=$(render-one "${render[@]}" 2>&1 </dev/null) || blame_option render-one "$message"
    render+=(--parent $$)
    [[ ! -v given[json] ]] || render+=(--announce)
}

# has_error FILE: false if it is certain, without jq, that no record in it has the status "error".
has_error() { LC_ALL=C grep -qE '"error"|\\u' "$1"; }

# tell_errors FILE: says what the error records in it say. Fails if there is none.
tell_errors() {
    has_error "$1" || return
    jq -r "$shown"'
        def where: if .track_name // .track then "track \(.track_name // .track | tostring | plain): "
            elif .item then "item \(.item | tostring | plain): " else "" end;
        select(.status == "error") | "\(where)\(.error | tostring | plain)"' "$1" >"$work/errors"
    [[ -s $work/errors ]] || return 1
    sed "s/^/$program: /" "$work/errors" >&2
}

# keep_records NAME: puts what is no error record in $work/NAME into $work/song.
keep_records() { LC_ALL=C grep -v '^{"status":"error"' "$work/$1" >"$work/song"; }

# Writes $work/song, the song's records.
read_song() {
    local file=$song first
    if [[ $piped ]]; then
        file=$work/input
        if [[ $song == - ]]; then attend cat; else attend cat <"$song"; fi >"$file" ||
            die 3 "${work%/*}: the song cannot be written there; set TMPDIR to another folder"
    fi
    [[ -r $file ]] || die 2 "$song: cannot be read"
    first=$(LC_ALL=C head -c 4096 -- "$file" | LC_ALL=C tr -d '\357\273\277 \t\r\n\0' | head -c 1)
    if [[ ! $first || $first == "{" ]]; then
        cat -- "$file" >"$work/song" || exit 3
    else
        # By its name, from whose folder relative paths are meant.
        [[ $piped ]] || set -- "$song"
        attend song-read -- "${@:--}" <"$file" >"$work/read" 2>"$work/said"
        take_read $?
    fi
    ((${#media[@]} == 0)) || find_media
    [[ ! -v given[plugin] ]] || add_plugin
}

# take_read STATUS: what is wrong in a line of a project is left out.
take_read() {
    repeat song-read
    (($1 <= 1)) || exit "$1"
    ! tell_errors "$work/read" || incomplete=yes
    keep_records read || exit 2
}

# What is still missing song-jobs says.
find_media() {
    mv "$work/song" "$work/unmatched"
    attend match-files -- "${media[@]}" <"$work/unmatched" >"$work/matched" 2>"$work/said"
    local status=$?
    ((status <= 1)) || { repeat match-files && exit "$status"; }
    keep_records matched
}

# Gives the tracks that have notes and no effects an instrument.
add_plugin() {
    local plugin=${given[plugin]}
    [[ ! -e $plugin ]] || plugin=$(realpath -- "$plugin")
    jobs+=("--allow-plugin=$plugin")
    mv "$work/song" "$work/without"
    # shellcheck disable=SC2016
    if ! jq -nc 'reduce inputs as $one ({};
            if $one.type == "fx" or $one.type == "note" then .[$one.type][$one.track // ""] = true else . end)' \
        "$work/without" >"$work/tracks" 2>/dev/null ||
        ! jq -c --slurpfile tracks "$work/tracks" --arg plugin "$plugin" '$tracks[0] as {$fx, $note} |
            ., if .type == "track" and $note[.track] and ($fx[.track] | not)
            then {type: "fx", fx: "\(.track).plugin", track, plugin_path: $plugin, instrument: true}
            else empty end' "$work/without" >"$work/song" 2>/dev/null; then
        mv "$work/without" "$work/song" # song-jobs says what is wrong
    fi
}

dry_run() {
    list_jobs "$work/dry"
    start_event
    [[ -v given[json] ]] ||
        emit < <(jq -r "$shown"'"\(name): stage \(.stage) of \(.stages)"' "$work/jobs")
    say "Would render $total, and write $output."
}

# A plug-in, preset or state of a job would be lost. Of the song's media song-mix says so.
refuse_lost() {
    local file
    [[ -f $output ]] || return 0
    while IFS= read -r -d '' file; do
        [[ ! ${file#file:} -ef $output || $file != file:* ]] ||
            die 2 "$output: is what a track is rendered with, and would be lost; name another file"
    done <"$work/texts"
}

# Writes the audio files, and says which.
mix_song() {
    attend song-mix --project "$folder/song.ndjson" "${mix[@]}" 4>&1 <"$partial" >"$work/files" 2>"$work/said"
    local status=$?
    repeat song-mix
    [[ $output != - ]] || ! grep -q "the reader went away" "$work/files" || exit 0
    ((status == 0)) || incomplete=yes
    ! tell_errors "$work/files" || ((total)) || ! grep -q ': has nothing to hear' "$work/files" ||
        echo "  to play the notes of tracks without effects: --plugin PLUGIN" >&2
    ! LC_ALL=C grep -q '"silent":true' "$work/files" ||
        jq -r "$shown"'select(.silent) | "  SILENT \(.output_path | plain)"' "$work/files" >&2
    tell_files "$work/files"
}

# tell_files FILE: says what the records in it say.
tell_files() {
    if [[ -v given[json] ]]; then
        emit < <(jq -c 'select(.status == "ok") | {event: "file"} + .' "$1")
    elif [[ $output != - ]]; then
        emit < <(jq -r "$shown"'
            def tenths: . * 10 | round / 10;
            select(.status == "ok") | "\(.output_path | plain): \(.frames / .sample_rate | tenths) s" +
            if .peak > 0 then ", peak \(.peak | log10 * 20 | tenths) dBFS" else "" end +
            if .clipped_samples > 0 then ", \(.clipped_samples) samples clipped" else "" end' "$1")
    fi
}

# Of the stems, where the audio does not go.
say_summary() {
    if [[ $output == - ]]; then echo "$summary" >&2; else say "$summary"; fi
}

render_song() {
    local file
    folder=${given[work]-}
    [[ $folder ]] || folder=$(kept_folder) || exit
    for file in song.ndjson tempo.mid; do
        [[ ! $song -ef $folder/$file ]] || die 2 "--work: $folder/$file is the song, which would be lost; name another folder"
    done
    lock_folder "$folder"
    list_jobs "$folder"
    read_texts
    refuse_lost
    prune_folder
    start_event
    render_stages
    ((total == 0)) || say_summary
    if ((failed == 0)) || [[ -v given[allow-missing] ]]; then
        mix_song
    else
        echo "$program: nothing is written without these; to mix the other tracks: --allow-missing" >&2
    fi
    counts_event "done"
}

# stop SIGNAL STATUS: ends the run. Stems that are whole are kept for the next one.
stop() {
    trap '' HUP INT TERM
    end_workers
    restore_outputs
    [[ ! -s $partial ]] || count_results "$partial"
    echo "$program: ended by $1; what is done is kept, and the same command goes on" >&2
    counts_event aborted "$1"
    exit "$2"
}

clean_up() {
    trap '' HUP INT TERM
    end_workers
    end_reaper
    rm -rf "$work"
    [[ -z $lock ]] || unlock_folder
}

main() {
    { : 3>&1; } 2>/dev/null || die 3 "standard output: Bad file descriptor"
    wait_for_readers
    parse_options "$@"
    command -v jq >/dev/null || die 3 "jq is not installed; it is needed to read records"
    [[ ! -v given[reaper] ]] || check_reaper
    check_song
    check_output
    [[ -v given[reaper] ]] || check_options

    pids=() records="" watcher="" partial="" lock="" stopped="" started=${EPOCHREALTIME/[.,]/}
    rendered=0 skipped=0 failed=0 total=0 incomplete="" foreign=""
    keep_outputs
    open_work
    partial=$work/results
    : >"$partial"
    read_song
    if [[ -v given[reaper] ]]; then
        render_with_reaper
    elif [[ -v given[dry-run] ]]; then
        dry_run
    else
        render_song
    fi
    [[ ! $incomplete && ! $foreign ]] && ((failed == 0)) || exit 1
}

main "$@"
