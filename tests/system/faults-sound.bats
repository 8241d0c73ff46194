#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A plug-in whose sound is wrong, depends on what came before, or comes late. tests/fork has these
# tests too.
#
# shellcheck disable=SC2317 # at_once calls them

load ../helper
load ../system/faults

# cases_of N COMMAND WORD...: N cases of every word with every format, with each word one at least.
cases_of() {
    local ways=() format word
    for format in "${formats[@]}"; do
        for word in "${@:3}"; do ways+=("$2 $format $word"); done
    done
    mapfile -t ways < <(some "$1" "${ways[@]}")
    commands+=("${ways[@]}")
}

@test "one sample that is not a number is an error, and no file is written" {
    blow_up() {
        around 1 "$1" "$2"
        check_error non-finite "Patchpipe Fault Synth: gave 2 samples that are not numbers"
    }
    for format in "${formats[@]}"; do cases "blow_up $format" nan; done
    cases 'blow_up vst2' infinite
    at_once
}

@test "a note that does not end is cut at the exact frame, and is not heard in the next job" {
    hold() {
        around 0 vst2 held --isolation "$1"
        [[ $(field frames) == 6615 && $(soxi -s out/held.wav) == 6615 ]]
        [[ -n $(where held 0 'i >= 6605 and x != 0') ]]
    }
    cases hold "${isolations[@]}"
    at_once
}

@test "noise from rand() is the same in every job, order and run" {
    for fault in random well-behaved random silent random; do job vst2 "$fault" '{"output_path": "/dev/null"}'; done >queue
    render_with vst2 <queue >results
    tac queue | render_with vst2 >>results
    [[ $(jq -r 'select(.id == "random") | .status + .audio_hash' results | sort -u | wc -l) == 1 ]]
    check_well_behaved 2
    around 0 vst2 random
    [[ $(field audio_hash) == $(jq -r 'select(.id == "random").audio_hash' results | sort -u) ]]
}

@test "noise seeded from the clock, from random numbers or from the number of processors repeats" {
    seed() {
        around 0 "$1" "$2" --isolation snapshot
        first=$(field audio_hash)
        around 0 "$1" "$2" --isolation process
        [[ $(field audio_hash) == "$first" && $(field silent) == false ]]
        [[ $(field repeatable) == null && $first != $(<"$presets/tone") ]]
    }
    cases_of 5 seed clock entropy processors
    at_once
}

@test "a plug-in that differs in every process is said not to be repeatable, in every job, and once on standard error" {
    differ() {
        from_start 0 vst2 process-id --isolation "$1"
        [[ $(field repeatable) == $'false\nfalse' && $(field isolation) == $'process\nprocess' ]]
        [[ $(grep -c 'does not repeat' <<<"$stderr") == 1 && $stderr == *"$synth"* ]]
    }
    cases differ auto process
    at_once
}

@test "a plug-in that waits for a time reaches it" {
    reach() {
        around 0 "$1" waits --isolation "$2"
        check_tone
    }
    cases_of 5 reach snapshot fork process
    at_once
}

@test "a sound that the plug-in's own thread works on after the preset is waited for" {
    work() {
        around 0 "$1" table --isolation "$2"
        check_tone
        [[ $(field isolation) == process && $(field repeatable) == null ]]
    }
    cases_of 4 work auto process
    at_once
}

@test "a preset that leaves the plug-in's threads alone is rendered in a snapshot, beside one that does not" {
    { job vst3 well-behaved; job vst3 table; job vst3 well-behaved; } >queue
    run -0 render_with vst3 <queue
    [[ $(field isolation | xargs) == "$snapshot process $snapshot" ]]
}

@test "a preset for which threads have worked leaves nothing behind for the next one" {
    first=$(preset vst2 kept-table)
    # Another file, which is named in it.
    { head -c 28 "$first"; printf X; tail -c +30 "$first"; } >second.fxp
    { job vst2 kept-table '{"output_path": "/dev/null"}'
        job vst2 kept-table "{\"preset_path\": \"$PWD/second.fxp\", \"output_path\": \"/dev/null\"}"; } >queue
    run -0 render_with vst2 <queue
    [[ $(field isolation) == $'process\nprocess' ]]
    check_two_tones
}

@test "what a plug-in finds in memory that it never wrote is the same for the same job" {
    for fault in heap well-behaved heap preset-segv heap; do job vst2 "$fault"; done >queue
    tac queue >reversed
    run -1 render_with vst2 --isolation snapshot <queue
    echo "$output" >results
    run -1 render_with vst2 --isolation snapshot <reversed
    echo "$output" >>results
    [[ $(jq -r 'select(.id == "heap") | .status + .audio_hash' results | sort | uniq -c) =~ ^\ *6\ ok[^$'\n']*$ ]]
    check_well_behaved 2
}

@test "a plug-in finds memory filled as the user told malloc() to" {
    without_sanitizers "they have a malloc of their own"
    for settings in '' glibc.malloc.perturb=85; do
        job vst2 heap | GLIBC_TUNABLES=$settings render_with vst2
    done >results
    [[ $(jq .silent results) == $'true\nfalse' ]]
}

@test "what a plug-in keeps in a static from note to note does not reach the next job" {
    for fault in leftovers well-behaved leftovers leftovers; do job vst2 "$fault" '{"output_path": "/dev/null"}'; done >queue
    for isolation in snapshot fork process; do render_with vst2 --isolation "$isolation" <queue; done >results
    [[ $(jq -r 'select(.id == "leftovers").audio_hash' results | sort -u) == $(<"$presets/tone") ]]
    check_well_behaved 3
    # Its effect would be heard.
    render_with vst2 --isolation reuse <queue >results
    [[ $(jq -r 'select(.id == "leftovers").audio_hash' results | sort -u | wc -l) == 3 ]]
    check_well_behaved 1
}

@test "a plug-in whose samples come from a thread of its own gets a process for each job" {
    work() {
        from_start 0 "$1" thread
        [[ $(field isolation) == $'process\nprocess' ]]
        check_two_tones
    }
    cases work "${formats[@]}"
    at_once
}

@test "a preset whose samples come from a thread of the plug-in sounds with auto" {
    around 0 vst2 thread
    check_tone
    job vst2 thread '{"output_path": "/dev/stdout"}' | render_with vst2 2>records >out.wav
    output=$(<records)
    check_tone
}

@test "a latency that comes with the preset is taken out, to the frame" {
    compensate() {
        around 0 "$1" latency --isolation "$2"
        [[ $(field latency_frames) == 100 ]]
        check_tone
    }
    cases 'compensate vst2' snapshot process reuse
    if [[ ${formats[*]} == *vst3* ]]; then cases 'compensate vst3' snapshot process reuse; fi
    if [[ ${formats[*]} == *lv2* ]]; then cases 'compensate lv2' snapshot; fi
    at_once
}

@test "a latency that is reported a block after the preset is taken out, to the frame" {
    compensate() {
        around 0 "$1" late-latency
        [[ $(field latency_frames) == 100 ]]
        check_tone
    }
    cases compensate "${formats[@]}"
    at_once
}

@test "audio that goes to a pipe is not rendered a second time when the first time failed" {
    job vst2 process-segv '{"output_path": "/dev/stdout", "duration": 30}' >queue
    run -1 --separate-stderr bash -c 'render-one -p "$1" <queue 2>said | grep -ac RIFF' - "$synth"
    [[ $output -le 1 && $(jq -r .error_kind said) == crash ]]
    mkfifo fifo
    timeout 20 cat fifo >heard 3>&- &
    job vst2 process-segv "{\"output_path\": \"$PWD/fifo\"}" >queue
    run -1 render-one -p "$synth" <queue
    [[ $(field error_kind) == crash && $(field error) == *"killed by SIGSEGV"* ]]
    wait
}
