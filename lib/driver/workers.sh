# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: the render-one processes that work on one list of jobs.
#
# shellcheck shell=bash disable=SC2154

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
