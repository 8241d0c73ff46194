#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes a track, a video and a package for editors of music videos from a tracker module and folders
# with sounds, videos and images: the whole pipe in one command, for one module or a queue of jobs.
# Needs module-render song-draw.
#
# What the parts below set and use, shellcheck does not see.
# shellcheck disable=SC2016,SC2034,SC2154
set -u -o pipefail
readonly program=render-module

# The other tools are those that lie beside this one.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
PATH=$here:$PATH

readonly job_name='.title // .module // "a job"' event_fields='{}'
#include lib/driver/terminal.sh
#include lib/driver/options.sh
#include lib/driver/work_folder.sh
#include lib/driver/tools.sh
#include lib/driver/workers.sh
#include lib/driver/progress.sh
#include lib/driver/module_job.sh
#include lib/driver/module_plugins.sh
#include lib/driver/module_sound.sh
#include lib/driver/module_pictures.sh
#include lib/driver/module_package.sh

readonly value_options=" audio-assets video-assets image-assets audio-plugin visual-plugin plugin-config mode \
row-ms subsong seed format bit-depth quality bitrate sample-rate interpolation separation amiga view size rate \
layout legato short colors background columns line gain window timeout allow-read "
readonly flag_options=" preview no-video no-package allow-missing no-record-plugins no-flip tuned no-labels \
no-grid list json verbose hide-home "
readonly optional_values=""
readonly -A other_names=([-a]=--audio-assets [-v]=--verbose [-i]=--image-assets [-f]=--format [-b]=--bit-depth
    [-r]=--sample-rate [-s]=--size)
# Of a preview.
readonly preview_seconds=6 preview_size=640x360

print_help() {
    cat <<'END'
usage: render-module [OPTION]... [MODULE OUT]
Makes a track, a video and a package for editors from a tracker module, in the folder OUT. Without
operands it does so for each job, a record on standard input.
example: render-module --video-assets clips tune.it out

  -a, --audio-assets DIR   sounds to play for samples that are called like them; repeatable
      --video-assets DIR   videos to show for samples; repeatable
  -i, --image-assets DIR   images for those without a video; repeatable
      --audio-plugin NAME  change the track: a name of --list, a plug-in's file, an LV2's URI, or a
                           program that takes a record and makes a file; repeatable
      --visual-plugin NAME  the same for what is shown; repeatable
      --plugin-config JSON  settings of these, or a file with them
      --list               write the plug-ins and their settings as records
      --row-ms MS          every row lasts so long, and plays sounds whole; of a text 250
      --subsong N, --interpolation NAME, --separation PERCENT, --amiga NAME  see module-render(1)
      --seed N             of what is random; default: made from the title
      --preview            6 seconds in 640x360
      --mode MODE          moviepy, ffmpeg or stream: all the same here
  -f, --format FORMAT      of the track: mp3 (the default), aac, vorbis, flac or wav
  -b, --bit-depth DEPTH, --quality Q, --bitrate KBITS, -r, --sample-rate HZ  of the track
      --view VIEW          clips (the default with folders of these), scope, roll, wave, pattern
  -s, --size WxH, --rate N[/D]  of the video; default: 1280x720 and 24 frames in a second
      --layout NAME, --legato NAME, --short NAME, --no-flip, --tuned, --colors LIST
      --background COLOR, --columns N, --line PIXELS, --gain N, --window SECONDS
      --no-labels, --no-grid  of the video, see song-draw(1)
      --no-video, --no-package  leave these out
      --allow-missing      samples of a text without a sound are silent, and no error
      --no-record-plugins  jobs may use plug-ins of --list only
      --timeout SECONDS    for each run of a program; default: 600
      --hide-home, --allow-read PATH  of VST, LV2 and Faust plug-ins, see render-one(1)
      --json               events on standard output, a JSON object a line
  -v, --verbose            say on standard error what is being done
  -h, --help, --version    show this help, or the version
END
}

render=() # how plug-ins are run
declare -A lists=([audio-assets]="" [video-assets]="" [image-assets]="" [audio-plugin]="" [visual-plugin]="")

# take NAME VALUE: keeps an option. Some may be given several times, a line each.
take() {
    if [[ $1 == allow-read ]]; then
        render+=("--allow-read=$2")
        return
    fi
    if [[ ! -v lists[$1] ]]; then
        keep "$1" "$2"
        return
    fi
    local value=$2
    [[ $value ]] || usage_error "--$1: is empty"
    [[ $value != *$'\n'* ]] || usage_error "--$1: has a line break in it; rename it"
    [[ $1 != *-assets ]] || value=$(realpath -m -- "$value")
    lists[$1]+=$value$'\n'
    given[$1]=yes
}

# Sets given, module and out; without operands they are empty, and standard input has jobs.
parse_options() {
    local operands=()
    parse_arguments "$@"
    module="" out="" from_operands=""
    [[ ! -v given[list] ]] || return 0
    ((${#operands[@]} == 2 || ${#operands[@]} == 0)) ||
        usage_error "takes two operands, the module and a folder, or none; there are ${#operands[@]}"
    if ((${#operands[@]} == 2)); then
        module=${operands[0]} out=${operands[1]} from_operands=yes
        [[ $module ]] || usage_error "the module's name is empty"
        [[ $out ]] || usage_error "the output's name is empty"
        [[ $module$'\n'$out$'\n' != *$'\n\n'* ]] || usage_error "a name ends with a line break; rename it"
        [[ -e $module ]] || die 2 "$module: there is no such file"
        [[ -f $module ]] || die 2 "$module: is no file; name a module's"
        [[ ! -e $out || -d $out ]] || die 2 "$out: is no folder; name one for the files"
    else
        [[ ! -t 0 ]] || usage_error "standard input is a terminal; name a module and a folder, or give jobs"
    fi
}

# refuse_word NAME WORD...: unless the option has one of these.
refuse_word() {
    [[ ! -v given[$1] || " ${*:2} " == *" ${given[$1]/ /_} "* ]] || usage_error "--$1: must be one of ${*:2}, is '${given[$1]}'"
}

# Sets the arguments of the other tools, playing and draw, and program_seconds.
check_options() {
    local name message folder
    refuse_word format mp3 aac vorbis flac wav
    refuse_word mode moviepy ffmpeg stream
    refuse_word view clips scope roll wave pattern
    [[ ! -v given[seed] || ${given[seed]} =~ ^[0-9]{1,9}$ ]] ||
        usage_error "--seed: must be a whole number from 0 to 999999999, is '${given[seed]}'"
    program_seconds=${given[timeout]:-600}
    [[ $program_seconds =~ ^[0-9]{1,7}(\.[0-9]{1,6})?$ && $program_seconds =~ [1-9] ]] ||
        usage_error "--timeout: must be seconds above 0, is '$program_seconds'"
    while IFS= read -r folder; do
        [[ -d $folder ]] || die 2 "$folder: there is no such folder"
    done < <(printf %s "${lists[audio-assets]}${lists[video-assets]}${lists[image-assets]}")

    sample_rate=${given[sample-rate]:-44100}
    playing=(--bit-depth 32f --sample-rate "$sample_rate")
    for name in subsong interpolation separation amiga; do
        [[ ! -v given[$name] ]] || playing+=("--$name=${given[$name]}")
    done
    draw=()
    for name in layout legato short colors background columns line gain window timeout; do
        [[ ! -v given[$name] ]] || draw+=("--$name=${given[$name]}")
    done
    for name in no-flip tuned no-labels no-grid; do
        [[ ! -v given[$name] ]] || draw+=("--$name")
    done
    message=$(module-render "${playing[@]}" ${given[row-ms]+--row-ms="${given[row-ms]}"} -o /dev/null -- /dev/null/none 2>&1)
    (($? <= 1)) || blame_option module-render "$message"
    message=$(song-draw "${draw[@]}" --view roll ${given[size]:+--size "${given[size]}"} \
        ${given[rate]:+--rate "${given[rate]}"} -o /dev/null/none.y4m 2>&1 </dev/null)
    (($? <= 1)) || blame_option song-draw "$message"
    [[ ! -v given[hide-home] ]] || render+=(--hide-home)
    message=$(render-one "${render[@]}" 2>&1 </dev/null) || blame_option render-one "$message"
    set_encoding
    [[ -v given[no-video] && $format != aac ]] || command -v ffmpeg >/dev/null ||
        die 3 "ffmpeg is not installed; it is needed for videos and AAC"
    message=$(audio-edit "${encoding[@]}" -o /dev/null/ 2>&1 </dev/null) ||
        blame_option audio-edit "$message"
}

# Sets given_config, the settings of plug-ins, an object in one line.
read_config() {
    local text=${given[plugin-config]-}
    given_config=null
    [[ $text ]] || return 0
    if [[ $text != [[:space:]]*"{"* && $text != "{"* ]]; then
        [[ -f $text && -r $text ]] || die 2 "--plugin-config: $text: is neither an object in JSON nor a file"
        text=$(<"$text")
    fi
    given_config=$(jq -c 'if type == "object" then . else error("") end' <<<"$text" 2>/dev/null)
    [[ $given_config && $given_config != *$'\n'* ]] || die 2 "--plugin-config: is not one JSON object"
}

# The job of the operands; MODULE OUT is status 2 where a job would be an error.
run_operands() {
    local name plugin
    for name in audio visual; do
        local -n plugins=${name}_plugin
        mapfile -t plugins < <(printf %s "${lists[$name-plugin]}")
        for plugin in "${plugins[@]}"; do
            find_plugin "$name" "$plugin" || die 2 "--$name-plugin: $fault"
        done
    done
    config=$given_config
    [[ $config == null ]] || check_config
    [[ ! ${config_fault-} ]] || die 2 "--plugin-config: $config_fault"
    total=1
    start_event
    run_job ""
}

# Each line of standard input is a job. What is no job, or failed before, is passed on.
run_queue() {
    local line
    start_event
    while IFS= read -r -u 8 line || [[ $line ]]; do
        line=${line#$'\xef\xbb\xbf'}
        [[ $line =~ [^[:space:]] ]] || continue
        ((++total))
        run_job "$line"
    done
}

# stop SIGNAL STATUS: ends the run. Of the job that it ends in nothing is left.
stop() {
    trap '' HUP INT TERM
    end_workers
    restore_outputs
    echo "$program: ended by $1; $rendered of the jobs so far are done" >&2
    counts_event aborted "$1"
    exit "$2"
}

clean_up() {
    trap '' HUP INT TERM
    end_workers
    close_stage
    rm -rf "$work"
}

main() {
    { : 3>&1; } 2>/dev/null || die 3 "standard output: Bad file descriptor"
    wait_for_readers
    parse_options "$@"
    command -v jq >/dev/null || die 3 "jq is not installed; it is needed to read records"
    if [[ -v given[list] ]]; then
        list_plugins | emit
        exit
    fi
    read_config
    check_options
    { exec 8<&0; } 2>/dev/null || die 3 "standard input: Bad file descriptor"
    exec </dev/null # the queue is for no tool to read

    workers=1 records="" watcher="" stage="" made_folders=() started=${EPOCHREALTIME/[.,]/}
    rendered=0 skipped=0 failed=0 total=0 incomplete=""
    declare -gA taken=() said_texts=() fields=()
    keep_outputs
    open_work
    scratch=$work/job
    if [[ $from_operands ]]; then run_operands; else run_queue; fi
    counts_event "done"
    [[ ! $incomplete ]] && ((failed == 0)) || exit 1
}

main "$@"
