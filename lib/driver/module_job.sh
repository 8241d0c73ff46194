# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-module: a job from its record to its result. Its fields are those of ModPMV's jobs, and
# some of ours; an option wins over a field. There is one substitution in each command, for the reason
# that lock.sh tells.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

# For jq: what is wrong with a job, if anything is.
readonly job_fault='
    def is_text: type == "string" and . != "" and length < 10000 and (test("\n") | not);
    def is_flag: . == null or type == "boolean";
    def fault: first(
        (("module", "out") as $key |
            select(.[$key] | type == "string" and . != "" and length < 10000 and (endswith("\n") | not) | not) |
            "\($key): is missing, or not a name; name \(if $key == "out" then "a folder" else "a file" end)"),
        (("audio_assets", "video_assets", "image_assets", "audio_plugin", "visual_plugin") as $key |
            select(.[$key] | . == null or is_text or (type == "array" and all(.[]; is_text)) | not) |
            "\($key): must be a text, or a list of texts"),
        (select(.plugin_config | . == null or type == "object" | not) | "plugin_config: must be an object"),
        ((["row_ms", 1, 60000], ["subsong", 1, 65535], ["seed", 0, 999999999]) as [$key, $least, $most] |
            (if $key == "row_ms" then "" else "whole " end) as $whole | .[$key] | select(. != null) |
            select(type == "number" and . >= $least and . <= $most and ($whole == "" or . == floor) | not) |
            "\($key): must be a \($whole)number from \($least) to \($most), is \(tojson[:100])"),
        (select(.preview | is_flag | not) | "preview: must be true or false"),
        (select(.mode | . == null or IN("moviepy", "ffmpeg", "stream") | not) |
            "mode: must be moviepy, ffmpeg or stream"),
        (select(.view | . == null or IN("clips", "scope", "roll", "wave", "pattern") | not) |
            "view: must be clips, scope, roll, wave or pattern"));'

# For jq: a text as it can be in front of a zero.
readonly without_zeros='def without_zeros: split("\u0000") | join("");'

# For jq: the job, the line on standard input, the fields that are used here, and the
# fault, each as its name and its value with a zero behind both. Elements of a list are lines; what is
# missing, null or false is empty. Nothing of what is not one object.
readonly job_fields="$without_zeros $job_fault"'
    def text: if . == null or . == false then "" elif type == "array" then map(strings) | join("\n")
        elif type == "string" then . else tojson end | without_zeros;
    [inputs] | select(length == 1) | .[0] | select(type == "object") | . as $job |
    ("job", tojson, (("status", "module", "out", "audio_assets", "video_assets", "image_assets", "audio_plugin",
        "visual_plugin", "plugin_config", "row_ms", "subsong", "seed", "preview", "view") |
        ., ($job[.] | text)), "fault", ([fault][0] | text)) | ., "\u0000"'

# refuse KIND TEXT: why the job fails. Always fails.
refuse() {
    fault_kind=$1 fault=$2
    return 1
}

# What a program said last, to be added to a message.
last_word() {
    local text
    text=$(LC_ALL=C tr -d '\0' <"$work/said" | grep -v -e '^[[:space:]]*$' -e '^  try: ' | tail -n 1 | head -c 500)
    printf %s "${text:+: $text}"
}

# how_ended STATUS: of a program that failed. Of signals the shell tells in words of its own.
how_ended() {
    local name
    if (($1 > 128)) && name=$(kill -l $(($1 - 128)) 2>/dev/null); then
        echo "was killed by SIG$name"
    else
        echo "ended with status $1$(last_word)"
    fi
}

# For jq: what a tool says of its own options, with ours.
readonly our_options='def our_options: sub(", and is silent; name its folder with --media";
    "; name its folder with --audio-assets, or give --allow-missing");'

# For jq: of lines, those error records of a tool that are, each field with a zero behind it: whether the job
# goes on in spite of them, the kind of the first, what all of them say, and what each says.
readonly tool_errors="$without_zeros $our_options"'
    [inputs | fromjson? | select(type == "object" and .status == "error") | .error |= (tostring | our_options)] |
    select(length > 0) |
    all(has("line") or ($allow == "yes" and .error_kind == "not-found" and has("sample"))),
    (.[0].error_kind // "io"), ([.[].error] | unique[:10] | join("; ")), .[].error |
    (tostring | without_zeros), "\u0000"'

# run_tool TOOL ARGUMENT...: what it writes is in $scratch/told, or goes to $told if that is set. Where it fails,
# so does the job, but for lines of a text that are wrong, and with --allow-missing samples that have no file:
# these are only said.
run_tool() {
    local status text errors
    attend "$@" >"${told:-$scratch/told}" 2>"$work/said"
    status=$?
    [[ ! ${told-} ]] || wait "$follower"
    if ((status == 0)); then
        repeat "$1"
        return
    elif ((status > 128)); then
        refuse io "$1: $(how_ended $status)"
        return
    fi
    mapfile -d '' -t errors < <(jq -nRj --arg allow "${given[allow-missing]-}" "$tool_errors" "$scratch/told" 2>/dev/null)
    if ((${#errors[@]} == 0)); then
        text=$(last_word)
        refuse unsupported "${text:2}"
        fault=${fault#"$1: "}
        [[ $fault ]] || fault="$1: ended with status $status"
        return 1
    fi
    if ((status == 1)) && [[ ${errors[0]} == true ]]; then
        while IFS= read -r text; do say_once "$text"; done < <(printf '%s\n' "${errors[@]:3}")
        return 0
    fi
    refuse "${errors[1]}" "${errors[2]}"
}

# say_once TEXT: what does not stop the job.
say_once() {
    local shown_text
    incomplete=yes
    [[ ! ${said_texts["$1"]-} ]] || return 0
    said_texts["$1"]=yes
    plain "$1"
    echo "$program: $shown_text" >&2
}

# read_fields LINE: sets fields to those of the job, and job to the job itself, which is that of the operands or
# of the line. One run of jq reads all: it takes its time to start.
read_fields() {
    local key value json
    fields=()
    if [[ $from_operands ]]; then
        json_text "$module"
        job="{\"module\":$json"
        json_text "$out"
        job+=",\"out\":$json}"
        return
    fi
    while IFS= read -r -d '' key && IFS= read -r -d '' value; do
        fields["$key"]=$value
    done < <(jq -nj "$job_fields" <<<"$1" 2>/dev/null)
    job=${fields[job]-}
}

# read_list OPTION NAME: into the array NAME, as it is given, or else as the job says.
read_list() {
    local text=${lists[$1]:-${fields[$2]-}}
    mapfile -t "$2" < <([[ ! $text ]] || printf '%s\n' "${text%$'\n'}")
}

# read_job: sets what the rest of the program needs of the job.
read_job() {
    local folder name
    fault=${fields[fault]-}
    [[ ! $fault ]] || refuse bad-record "$fault" || return
    if [[ ! $from_operands ]]; then
        module=${fields[module]} out=${fields[out]}
    fi
    { IFS= read -r -d '' module && IFS= read -r -d '' out; } < <(realpath -mz -- "$module" "$out")
    [[ -e $module ]] || refuse not-found "$module: there is no such file" || return
    [[ ! -e $out || -d $out ]] || refuse unsupported "$out: is no folder; name one for the files" || return
    for name in audio video image; do read_list "$name-assets" "${name}_assets"; done
    for folder in "${audio_assets[@]}" "${video_assets[@]}" "${image_assets[@]}"; do
        [[ -d $folder ]] || refuse not-found "$folder: there is no such folder" || return
    done
    make_absolute audio_assets video_assets image_assets
    read_list audio-plugin audio_plugin
    read_list visual-plugin visual_plugin
    check_plugins audio "${audio_plugin[@]}" && check_plugins visual "${visual_plugin[@]}" || return
    row_ms=${given[row-ms]-${fields[row_ms]-}}
    subsong=${given[subsong]-${fields[subsong]-}}
    seed=${given[seed]-${fields[seed]-}}
    preview=${given[preview]-${fields[preview]-}}
    config=$given_config
    [[ $config != null ]] || config=${fields[plugin_config]:-"{}"}
    # jq gets it as an argument.
    ((${#config} <= 30000)) || refuse bad-record "plugin_config: is longer than 30,000 characters" || return
    check_config
    [[ $seed ]] || seed=$config_seed
    [[ ! $seed || $seed =~ ^[0-9]{1,9}$ ]] ||
        refuse bad-record "plugin_config: seed: must be a whole number from 0 to 999999999, is ${seed:0:100}" || return
    [[ ! $config_fault ]] || refuse bad-record "plugin_config: $config_fault" || return
    read_pictures
}

# What the video shows.
read_pictures() {
    no_video=${given[no-video]-} no_package=${given[no-package]-}
    view=${given[view]-${fields[view]-}}
    if [[ ! $view ]]; then
        view=scope
        ((${#video_assets[@]} + ${#image_assets[@]} + ${#visual_plugin[@]} == 0)) || view=clips
    fi
    ((${#visual_plugin[@]} == 0)) || [[ $view == clips ]] ||
        refuse bad-record "visual_plugin: is for the view clips; leave one of them out" || return
    size=${given[size]:-1280x720} rate=${given[rate]:-24}
    [[ ! $preview ]] || size=${given[size]:-$preview_size}
}

# make_absolute ARRAY...
make_absolute() {
    local array
    for array; do
        local -n paths=$array
        ((${#paths[@]} == 0)) || mapfile -d '' -t paths < <(realpath -z -- "${paths[@]}")
    done
}

# check_plugins KIND NAME...
check_plugins() {
    local name
    for name in "${@:2}"; do
        find_plugin "$1" "$name" || return
        [[ ! -v given[no-record-plugins] || $plugin_kind == builtin || ${lists[$1-plugin]} ]] ||
            refuse unsupported "$name: jobs may use the plug-ins of --list only" || return
    done
}

# progress_event PERCENT WHAT
progress_event() {
    event progress "\"percent\":$1,\"step\":\"$2\",$names_in_events"
}

# step PERCENT WHAT: says how far the job is.
step() {
    progress_event "$@"
    if [[ -v given[verbose] ]] || [[ -t 2 && ! -v given[json] ]]; then
        local shown_text
        plain "$title"
        echo "$shown_text: $2" >&2
    fi
}

# All of it, in the order in which it costs time.
make_all() {
    read_job && read_module || return
    open_stage "$out" && name_files "$out" || return
    [[ $no_video || $view != clips ]] || choose_clips || return
    step 0 track
    make_track && export_track "$stage/$track" || return
    step 40 video
    [[ $no_video ]] || draw_video "$stage/$video" || return
    step 90 package
    [[ $no_package ]] || make_package "$stage/$package" || return
    publish_whole || return
    step 100 "done"
}

# run_job [LINE]: the job of the operands, or that of the line.
run_job() {
    local event_job
    title="" fault="" fault_kind=""
    said_texts=()
    read_fields "$1"
    rm -rf "$scratch"
    # empty is what match-files sees as the current folder.
    mkdir "$scratch" "$scratch/empty"
    touch "$scratch/found" "$scratch/assets"
    if [[ ! $job ]]; then
        job='{}'
        refuse bad-record "is not a JSON object"
        report_fault
    elif [[ ${fields[status]-} == error ]]; then
        ((++failed))
        if [[ -v given[json] ]]; then set -- "$(jq -c "$in_event in_event" <<<"$1")"; fi
        result "$1"
    elif make_all; then
        report
    else
        report_fault
    fi
    close_stage
}

# For jq: a result as --json has it.
readonly in_event='def in_event: {event: "result"} + .;'

# has_result: true if results go to standard output: with --json, and where jobs are on standard input.
has_result() { [[ -v given[json] || ! $from_operands ]]; }

# result RECORD
result() { ! has_result || emit <<<"$1"; }

report_fault() {
    local shown_text
    ((++failed))
    if [[ $from_operands ]]; then
        plain "$fault"
        echo "$program: $shown_text" >&2
    fi
    ! has_result || result "$(jq -c --arg kind "$fault_kind" --arg fault "$fault" --argjson line "$total" \
        --arg json "${given[json]-}" "$in_event"'
        if . == {} then {status: "error", error_kind: $kind, error: $fault, line: $line}
        else . + {status: "error", error_kind: $kind, error: $fault} end |
        if $json == "" then . else in_event end' <<<"$job")"
}

# What the job has made: its record, or for people.
report() {
    local told
    [[ ! $no_video ]] || echo '{}' >"$scratch/drawn"
    mapfile -d '' -t told < <(jq -j --slurpfile sound "$scratch/sound" --slurpfile drawn "$scratch/drawn" \
        --arg title "$title" --argjson seed "$seed" --arg track "$out/$track" --arg video "${no_video:+-}$out/$video" \
        --arg package "${no_package:+-}$out/$package" --slurpfile assets "$scratch/assets" --arg json "${given[json]-}" \
        --arg own "$scratch/samples/" "$shown $asset_records $in_event"'
        def wanted: if .[:1] == "-" then null else . end;
        def tenths: . * 10 | round / 10 + 0; # 0, not -0
        def line: . + "\n";
        . + ({status: "ok", $title, $seed, audio_path: $track, video_path: ($video | wanted),
                package_path: ($package | wanted)} +
            ($sound[0] | {frames, sample_rate, channels, peak, clipped_samples, silent}) +
            ($drawn[0] | {view, video_frames: .frames, frame_rate, width, height}) +
            {assets: [$assets[] | asset_record]} |
            with_entries(select(.value != null))) |
        (if $json == "" then . else in_event end | tojson), "\u0000", (select(.silent) | "  SILENT \(.audio_path | plain)" | line), "\u0000",
        ("\(.audio_path | plain): \(.frames / .sample_rate | tenths) s" +
            if (.peak // 0) > 0 then ", peak \(.peak | log10 * 20 | tenths) dBFS" else "" end +
            if (.clipped_samples // 0) > 0 then ", \(.clipped_samples) samples clipped" else "" end,
        (select(.video_path) | "\(.video_path | plain): \(.video_frames) frames of \(.width)x\(.height), \(.view)"),
        (select(.package_path) | .package_path | plain) | line), "\u0000"' <<<"$job")
    result "${told[0]}"
    [[ $from_operands ]] || return 0
    printf %s "${told[1]}" >&2
    [[ -v given[json] ]] || emit < <(printf %s "${told[2]}")
}
