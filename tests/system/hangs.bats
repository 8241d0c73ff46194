#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A plug-in that hangs, or never rests, in a child that is put back after each job. Nearly all of
# the time is waited. tests/fork has these tests too.
#
# shellcheck disable=SC2317 # at_once calls them

load ../helper
load ../system/faults

# shellcheck disable=SC2034 # in render_with
time_limit=4

# hang FORMAT FAULT WHILE [OPTION]...: the fault costs its own job, and the time limit.
hang() {
    around 1 "$1" "$2" "${@:4}"
    check_error timeout "did not finish within 4 seconds while $3"
}

@test "a plug-in that hangs while loading a preset costs that one job" {
    cases hang 'vst2 preset-hang "loading the preset"' 'lv2 preset-hang "loading the preset"'
    at_once
}

@test "a plug-in that hangs while rendering costs that one job" {
    cases hang 'vst2 process-hang rendering' 'vst3 process-hang rendering' \
        'vst2 process-hang rendering --isolation reuse'
    at_once
}

@test "a plug-in that closes the descriptors of its process and hangs costs that one job" {
    broken="(it closed or wrote to file descriptors that are not its own)"
    close_and_hang() {
        around 1 vst2 "$2" --isolation "$1"
        check_error crash "$broken"
    }
    close_while_loaded() {
        from_start 1 vst2 load-close
        [[ $(field error_kind) == $'crash\ncrash' && $(field error) == *"while loading the plug-in $broken"* ]]
    }
    for isolation in "${isolations[@]}"; do
        cases "close_and_hang $isolation" preset-close process-close
    done
    cases close_while_loaded ''
    at_once
}

@test "what a plug-in starts ends with the job that it was started for" {
    no_helper() {
        for _ in {1..20}; do pgrep -f "^patchpipe-helper $TMPDIR" || break; sleep 0.1; done
        run -1 pgrep -f "^patchpipe-helper $TMPDIR"
    }
    end_with_job() {
        around 0 vst2 helper --isolation "$1"
        check_tone
        no_helper
        [[ $1 != process ]] || return 0
        hang vst2 helper-hang rendering --isolation "$1"
        no_helper
    }
    cases end_with_job "${isolations[@]}"
    at_once
}
