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

# event NAME [JQ-ARGUMENT]... FIELDS: a line of --json, if it was given.
event() {
    [[ -v given[json] ]] || return 0
    emit < <(jq -nc --arg event "$1" "${@:2:$#-2}" "{\$event} + ${*: -1}")
}

start_event() {
    event start --argjson total "$total" --argjson workers "$workers" '{schema: 1, $total, $workers}'
}

# counts_event NAME [FIELDS]: a line of --json with the counts so far.
counts_event() {
    local elapsed=$((${EPOCHREALTIME/[.,]/} - started))
    event "$1" --argjson ok "$rendered" --argjson skipped "$skipped" --argjson failed "$failed" \
        --argjson elapsed "$((elapsed / 1000000)).$(printf %06d $((elapsed % 1000000)))" \
        --arg signal "${2-}" --arg resume "${3-}" --argjson remaining "$((total - rendered - skipped - failed))" \
        '{$ok, $skipped, $failed, $elapsed} +
        if $signal == "" then {} else {$signal, $remaining, $resume} end'
}

# Copies records from standard input to the file, and shows progress to people or to other programs.
# The renders go on if such a program goes away.
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
    tee --output-error=warn-nopipe "${copies[@]}" | "${bar[@]}" >"$1"
    local status=("${PIPESTATUS[@]}")
    wait
    ((status[0] == 0 && status[1] <= most))
}

# count_results FILE: sets rendered, skipped and failed.
count_results() {
    read -r rendered skipped failed < <(jq -rn 'reduce inputs.status as $status ({}; .[$status] += 1) |
        "\(.ok // 0) \(.skipped // 0) \(.error // 0)"' "$1")
}

# Reports what failed and what is silent, from the records, once for all jobs of a preset that ended
# alike. Sets failed and summary.
summarise() {
    local missing
    count_results "$partial"
    jq -nr "$shown"'
        def remark: if .status == "error" then failure
            elif .status == "ok" and .silent then "SILENT \(name)" else empty end;
        reduce (inputs | remark) as $remark ({}; .[$remark] += 1) |
        to_entries[] | "  \(.key)" + if .value > 1 then " (\(.value) jobs)" else "" end' "$partial" >&2
    missing=$((total - rendered - skipped - failed))
    if ((missing > 0)); then
        echo "$program: $missing job(s) have no result: ${stopped:-a render-one stopped early}" >&2
        failed=$((failed + missing))
    fi
    summary="Done: $rendered rendered, $skipped skipped, $failed failed."
}
