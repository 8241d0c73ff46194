#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The fuzz targets in one program without libFuzzer, and the same every time. `make fuzz` looks for new
# input with the sanitizers, as `make check SANITIZE=1` does here.

load ../helper

corpus=$root/tests/fuzz/corpus

targets() { find "$root/tests/fuzz" -name '*.cpp' -printf '%f\n' | sed 's/\.cpp$//' | sort; }

# try_inputs MUTATIONS: what each target makes of its inputs and of mutations of them.
try_inputs() {
    # The one that puts functions in the place of the library's has its run in make fuzz.
    local folders
    mapfile -t folders < <(targets | grep -vx expressions | sed "s|^|$corpus/|")
    # The sanitizers reserve terabytes.
    [[ -n ${PATCHPIPE_SANITIZE:-} ]] || ulimit -v 2000000
    run -0 "$built/tests/fuzz-inputs" "$1" "${folders[@]}"
    ((${#lines[@]} == ${#folders[@]}))
}

@test "the time of a fuzz run is seconds, minutes or hours" {
    PATCHPIPE_FUZZ=$PWD
    export PATCHPIPE_FUZZ
    printf '#!/bin/sh\necho "$@"\n' >midi && chmod +x midi
    for time in 90:90 90s:90 5m:300 2h:7200; do
        "$root/tests/fuzz/run" "${time%:*}" midi
        grep -- "-max_total_time=${time#*:} " midi.log
    done
    for time in 0 5d 1.5h m -1; do
        run -2 "$root/tests/fuzz/run" "$time" midi
        [[ $output == *"$time: is no time; give seconds, or 90s, 5m or 1h" ]]
    done
}

@test "every fuzz target has inputs to start from" {
    diff <(targets) <(ls "$corpus")
    for target in $(targets); do
        find "$corpus/$target" -type f | grep -q . || fail "$target has none"
    done
}

@test "inputs that once broke a parser, and valid ones, break none" {
    try_inputs 0
}

@test "1,000 mutations of these inputs break no parser" {
    try_inputs 1000
}
