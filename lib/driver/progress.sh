# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: reports to people and other programs while it runs and at the end, all of it
# from the records. A driver sets, for jq, job_name, what people call a job, and event_fields, what its
# events have in addition to its record.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

# For jq: how a record is named to people.
readonly shown='
    def plain: gsub("[[:cntrl:]\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"; "?");
    def name: '"$job_name"' | tostring | plain;
    def failure: "FAIL \(name): \(.error // "" | tostring | plain)";'

# For jq: a record as an event of --json.
readonly as_event='
    if .event == "job_start" then {event} + '"$event_fields"' + .
    else {event: "result", status} + '"$event_fields"' + . +
        (if .status == "skipped" and .reason == null then {reason: "exists"} else {} end)
    end'

# json_text TEXT: sets json to the text in JSON. Most texts need no jq, which takes its time to start.
json_text() {
    local LC_ALL=C
    json=${1//\\/\\\\}
    json=\"${json//\"/\\\"}\"
    [[ $1 != *[^\ -~]* ]] || json=$(jq -n --arg text "$1" '$text')
}

# event NAME FIELDS: a line of --json, if it was given.
event() { [[ ! -v given[json] ]] || emit <<<"{\"event\":\"$1\",$2}"; }

start_event() { event start "\"schema\":1,\"total\":$total,\"workers\":$workers"; }

# counts_event NAME [SIGNAL [RESUME]]: a line of --json with the counts so far.
counts_event() {
    local micros=$((${EPOCHREALTIME/[.,]/} - started)) seconds counts json
    printf -v seconds '%d.%06d' $((micros / 1000000)) $((micros % 1000000))
    counts="\"ok\":$((rendered)),\"skipped\":$((skipped)),\"failed\":$((failed)),\"elapsed\":$seconds"
    if [[ ${2-} ]]; then
        json_text "${3-}"
        counts+=",\"signal\":\"$2\",\"remaining\":$((total - rendered - skipped - failed)),\"resume\":$json"
    fi
    event "$1" "$counts"
}

# For jq: what a line has in common with the job that it is of: where the audio goes, or without that
# the whole line, as an error that was passed on.
readonly job_key='
    def record: (try fromjson catch null) | if type == "object" then . else {} end;
    def job_key: . as $line | record |
        (if .output_path | type == "string" then {output_path} else {$line} end) | tojson;'

# own_records JOBS...: of the lines on standard input passes on the records of the jobs in these files,
# one for each, and events of them. $work/foreign gets the first ten others: what plug-ins or other
# people's processes write there is no result. setpath(), since .[$key] += 1 and // make jq copy all
# keys each time.
own_records() {
    local count
    count=$(cat "$@" | wc -l)
    { cat "$@" && exec cat; } | jq -nRr --unbuffered --argjson count "$count" "$job_key"'
        foreach ({keys: (reduce (limit($count; inputs) | job_key) as $key ({}; setpath([$key]; true)))},
                (inputs | {line: ., key: job_key, event: startswith("{\"event\":\"job_start\"")})) as $one ({};
            if $one.keys then $one.keys
            elif .[$one.key] | not then setpath(["own"]; false) | setpath(["foreign"]; .foreign + 1)
            elif $one.event then setpath(["own"]; true)
            else setpath(["own"]; true) | setpath([$one.key]; false) end;
            if $one.keys then empty elif .own then $one.line
            elif .foreign <= 10 then $one.line[:1000] | debug | empty else empty end)' 2>"$work/foreign"
}

# Says which records were not counted. Sets foreign if there are any.
tell_foreign() {
    foreign=""
    [[ -s $work/foreign ]] || return 0
    jq -Rr "$shown $job_key"'(try fromjson catch null) | arrays | select(.[0] == "DEBUG:") | .[1] |
        "  NO JOB \(if record == {} then plain else record | name end | .[:200])"' "$work/foreign" \
        >"$work/said-foreign"
    [[ -s $work/said-foreign ]] || return 0
    foreign=yes
    cat "$work/said-foreign" >&2
    echo "$program: records that are of no job of this run, or of one that has its record, were not counted" >&2
}

# watch_results FILE JOBS...: copies the records of these jobs from standard input to the file, and shows
# progress to people or to other programs. The renders go on if such a program goes away.
watch_results() {
    local copies=() bar=(cat) most=0
    if [[ -v given[json] ]]; then
        mkfifo "$work/events"
        copies+=("$work/events")
        jq -c --unbuffered "$as_event" "$work/events" &
        bar=(grep --line-buffered -v '^{"event":"job_start"')
        most=1  # grep's status if there is no record
    elif [[ ! -v given[verbose] && -t 2 ]] && command -v pv >/dev/null; then
        bar=(pv --line-mode --size "$total" --progress --eta --rate --timer)
    fi
    if [[ -v given[verbose] ]]; then
        mkfifo "$work/lines"
        copies+=("$work/lines")
        jq -nr --unbuffered --arg total "$total" "$shown"'
            foreach (inputs | select(.event == null)) as $record (0; . + 1; "[\(.)/\($total)] \($record |
                if .status == "error" then failure else "\(.status)  \(name)" end)")' "$work/lines" >&2 &
    fi
    own_records "${@:2}" | tee --output-error=warn-nopipe "${copies[@]}" | "${bar[@]}" >"$1"
    local status=("${PIPESTATUS[@]}")
    wait
    ((status[0] == 0 && status[1] == 0 && status[2] <= most))
}

# look_through FILE: prints how many of the records are rendered, skipped and failed, and then a line for
# what failed and what is silent, once for all jobs of a preset that ended alike.
look_through() {
    jq -nr "$shown"'
        def remark: if .status == "error" then failure
            elif .status == "ok" and .silent then "SILENT \(name)" else empty end;
        reduce inputs as $one ({counts: {}, remarks: {}}; .counts[$one.status | tostring] += 1 |
            reduce ($one | remark) as $remark (.; .remarks[$remark] += 1)) |
        (.counts | "\(.ok // 0) \(.skipped // 0) \(.error // 0)"),
        (.remarks | to_entries[] | "  \(.key)" + if .value > 1 then " (\(.value) jobs)" else "" end)' "$1"
}

# count_results FILE: sets rendered, skipped and failed.
count_results() { read -r rendered skipped failed < <(look_through "$1"); }

# Reports what failed and what is silent, from the records. Sets failed and summary.
summarise() {
    local missing
    look_through "$partial" >"$work/remarks"
    {
        read -r rendered skipped failed
        tell_foreign
        cat >&2
    } <"$work/remarks"
    missing=$((total - rendered - skipped - failed))
    if ((missing > 0)); then
        echo "$program: $missing job(s) have no result: ${stopped:-a render-one stopped early}" >&2
        failed=$((failed + missing))
    fi
    summary="Done: $rendered rendered, $skipped skipped, $failed failed."
}
