#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A render depends only on its job, not on the order or the number of workers.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
macro=$root/build/tests/plugins/MacroSynth.vst3

# A job with each note in $1, into the folder $2.
note_jobs() { seq "${1%-*}" "${1#*-}" | jq -c --arg out "$PWD/$2" '{note: ., output_path: "\($out)/\(.).wav"}'; }

# workers N OPTION...: renders standard input with N workers.
workers() {
    local n=$1
    shift
    xargs -a <(seq "$n") -P "$n" -I{} render-one "$@"
}

# In order, in reverse and with four workers the files are the same. The function $1 makes the jobs
# for a folder.
check_orders() {
    local jobs=$1
    shift
    "$jobs" first | render-one "$@" >first.ndjson
    "$jobs" reverse | tac | render-one "$@" >reverse.ndjson
    "$jobs" four | workers 4 "$@" >four.ndjson
    [[ $(jq -r .status first.ndjson reverse.ndjson four.ndjson | sort -u) == ok ]]
    check_sounds first.ndjson "$(find first -name '*.wav' | wc -l)"
    diff -r first reverse
    diff -r first four
}

# check_sounds RESULTS N: there are N records, none is silent, and (nearly) all sound different.
check_sounds() {
    (($2 >= 16))
    [[ $(jq -r .silent "$1" | sort | uniq -c | xargs) == "$2 false" ]]
    (($(jq -r .audio_hash "$1" | sort -u | wc -l) * 64 > 60 * $2))
}

preset_jobs() { preset-scan "$BATS_FILE_TMPDIR/presets" | assign-paths -o "$1"; }
notes() { note_jobs 20-83 "$1"; }
sixteen_notes() { note_jobs 40-55 "$1"; }

setup_file() {
    preset-export -o presets --programs 0-3583:56 "$amsynth" >/dev/null
}

@test "64 amsynth presets are the same in order, in reverse, by one worker and by four" {
    check_orders preset_jobs --fxp "$amsynth"
    [[ $(find first -name '*.wav' | wc -l) == 64 && $(jq -r .isolation first.ndjson | sort -u) == "$snapshot" ]]
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

@test "Nekobi is the same over notes in any order" {
    check_orders notes -p /usr/lib/vst/Nekobi-vst.so
}

@test "a VST3 is the same over notes in any order" {
    check_orders notes -p "$macro"
}

@test "an LV2 is the same over notes in any order" {
    check_orders notes -p http://drobilla.net/plugins/mda/Piano
}

@test "ZynAddSubFX sounds the same in any order with the isolation that auto chooses" {
    # Only sixteen, because each takes a process.
    check_orders sixteen_notes -p /usr/lib/vst/ZynAddSubFX.so --isolation auto
}

@test "Kars, which seeds its noise from addresses, repeats from one run to the next" {
    notes first | render-one -p /usr/lib/vst/Kars-vst.so >first.ndjson
    check_sounds first.ndjson 64
    for isolation in auto fork; do
        notes "$isolation" | render-one -p /usr/lib/vst/Kars-vst.so --isolation "$isolation" >/dev/null
        diff -r first "$isolation"
    done
}

@test "5,000 jobs of one plug-in that floods JUCE's queue end without a hang" {
    for isolation in snapshot fork; do
        seq 5000 | jq -c '{note: (. % 128), duration: 0.001, tail: 0, output_path: "/dev/null"}' |
            timeout 300 render-one -p "$plain" --isolation "$isolation" >results.ndjson
        [[ $(jq -r .status results.ndjson | sort | uniq -c) =~ ^\ *5000\ ok$ ]]
    done
}
