#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What each isolation lets through from one job to the next.

load ../helper
load ../system/orders

plain=$root/build/tests/plugins/plain_synth.so

few_notes() {
    local last=43
    [[ -z ${THOROUGH:-} ]] || last=55
    note_jobs "40-$last" "$1"
}

@test "a child that is put back, one for each job and a process for each job give the same bits" {
    preset_jobs snapshot | tail -n 16 | render-one --fxp "$amsynth" >snapshot.ndjson
    check_sounds snapshot.ndjson 16
    for isolation in fork process; do
        preset_jobs "$isolation" | tail -n 16 |
            render-one --fxp "$amsynth" --isolation "$isolation" >$isolation.ndjson
        [[ $(jq -r .isolation $isolation.ndjson | sort -u) == "$isolation" ]]
        diff -r snapshot "$isolation"
    done
}

@test "with reuse, earlier jobs can be heard" {
    preset_jobs out | jq -c '.output_path = "/dev/null"' >jobs.ndjson
    render-one --fxp "$amsynth" <jobs.ndjson | jq -r .audio_hash >fresh
    render-one --fxp "$amsynth" --isolation reuse <jobs.ndjson >reused.ndjson
    [[ $(jq -r '.status + .isolation' reused.ndjson | sort -u) == okreuse ]]
    run -1 diff fresh <(jq -r .audio_hash reused.ndjson)
}

@test "ZynAddSubFX sounds the same in any order with the isolation that auto chooses" {
    # Only a few, because each takes a process.
    check_orders few_notes -p /usr/lib/vst/ZynAddSubFX.so --isolation auto
}

@test "5,000 jobs of one plug-in that floods JUCE's queue end without a hang" {
    flood() {
        seq "$2" | jq -c '{note: (. % 128), duration: 0.001, tail: 0, output_path: "/dev/null"}' |
            timeout 300 render-one -p "$plain" --isolation "$1" >results.ndjson
        [[ $(jq -r .status results.ndjson | sort | uniq -c) =~ ^\ *$2\ ok$ ]]
    }
    flood snapshot 5000
    # Each of these takes several times as long.
    local fork_jobs=1000
    [[ -z ${THOROUGH:-} ]] || fork_jobs=5000
    flood fork "$fork_jobs"
}
