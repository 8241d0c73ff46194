# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: the render-one processes that work on one list of jobs.
#
# shellcheck shell=bash disable=SC2034,SC2154

# open_records FILE JOBS...: what goes into the descriptor records is shown and copied to the file, if it
# is of a job in one of these.
open_records() {
    mkfifo "$work/records"
    watch_results "$@" <"$work/records" 9>&- &
    watcher=$!
    exec {records}>"$work/records"
}

# close_records: fails if they could not be written.
close_records() {
    exec {records}>&-
    records=""
    wait "$watcher"
}

# run_workers FILE: renders the jobs in it, by at most that many workers. They share one standard
# input: each takes the next job when it is free. Sets stopped to a sentence if one of them ended before
# its time.
run_workers() {
    local jobs job_count worker status
    job_count=$(wc -l <"$1")
    exec {jobs}<"$1"
    while ((${#pids[@]} < workers && ${#pids[@]} < job_count)); do
        TMPDIR=$work render-one "${render[@]}" <&"$jobs" >&"$records" 9>&- &
        pids+=($!)
    done
    exec {jobs}<&-
    for worker in "${pids[@]}"; do
        wait "$worker" 2>/dev/null
        status=$?
        ((status <= 1)) || stopped="a render-one ended with status $status"
    done
    pids=()
}

# kill_workers SIGNAL...: signals all that run. By bash's list of jobs, since a worker that has just
# been started is not in a variable yet. Fails if none runs.
kill_workers() {
    local pid signal left=1
    for pid in $(jobs -pr); do
        [[ $pid != "$watcher" ]] || continue
        left=0
        for signal; do kill -s "$signal" "$pid" 2>/dev/null; done
    done
    return "$left"
}

# A stopped worker gets SIGTERM only once it is continued, and one that hangs in the kernel or in a
# debugger never ends. Five seconds are enough to finish writing a long line.
end_workers() {
    local tries
    kill_workers TERM CONT
    [[ -z $records ]] || exec {records}>&-
    records=""
    for ((tries = 0; tries < 100; tries++)); do
        kill_workers || break
        sleep 0.05
    done
    kill_workers KILL
    wait
}
