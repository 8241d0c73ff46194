#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A plug-in that hangs where it makes no difference whether a child is put back after each job. Nearly
# all of the time is waited.
#
# shellcheck disable=SC2317 # at_once calls them

load ../helper
load ../system/faults

# shellcheck disable=SC2034 # in render_with
time_limit=4

@test "a plug-in whose thread never sleeps is not waited for without end, and is said not to be repeatable" {
    wait_for() {
        job vst2 - '{"output_path": "/dev/null"}' >queue
        run -0 --separate-stderr env FAULT_ON_LOAD=load-restless render-one --plugin "$synth" --isolation "$1" <queue
        [[ $(field repeatable) == false && $stderr == *'does not repeat'* ]]
        check_tone
    }
    # The thread takes a processor for all of the ten seconds.
    mapfile -t ways < <(some 1 snapshot fork)
    cases wait_for "${ways[@]}"
    at_once
}

@test "the thread of a plug-in's window is not waited for" {
    make_vst2 window.so <<'END'
#include <pthread.h>
#include <thread>
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    std::thread([] {
        pthread_setname_np(pthread_self(), "JUCE Plugin Message Thread");
        for (volatile int i = 0;; i = i + 1) {}
    }).detach();
    return &bare_synth();
}
END
    run -0 --separate-stderr render-one -p ./window.so --isolation process '{"output_path": "/dev/null", "duration": 0.1}'
    [[ $(field repeatable) == null && -z $stderr ]] || fail "$output$stderr"
}

@test "what a plug-in started and detached ends with a tool that is killed" {
    end_with_tool() {
        job vst2 helper-hang >queue
        render-one --plugin "$synth" --isolation "$1" --timeout 300 <queue >/dev/null 2>&1 3>&- &
        tool=$!
        until pgrep -f "^patchpipe-helper $TMPDIR"; do
            kill -0 "$tool"
            sleep 0.05
        done
        kill -KILL "$tool"
        wait "$tool" || true
        for _ in {1..200}; do pgrep -f "^patchpipe-helper $TMPDIR" || break; sleep 0.05; done
        run -1 pgrep -f "^patchpipe-helper $TMPDIR"
    }
    cases end_with_tool snapshot process reuse
    at_once
}

@test "the wait for a thread that never sleeps leaves a job with a short time the rest of it" {
    leave_the_rest() {
        job vst2 well-behaved '{"output_path": "/dev/null"}' >queue
        run -0 --separate-stderr env FAULT_ON_LOAD=load-restless render-one --plugin "$synth" \
            --timeout 3 --isolation "$1" <queue
        [[ $(field repeatable) == false ]]
        check_tone
    }
    mapfile -t ways < <(some 2 fork "${isolations[@]}")
    cases leave_the_rest "${ways[@]}"
    at_once
}

@test "a plug-in that hangs while it is loaded is waited for once" {
    hang_while_loaded() {
        from_start 1 "$1" load-hang
        [[ $(field error_kind) == $'timeout\ntimeout' ]]
        [[ $(field error) == *"did not finish within 4 seconds while loading the plug-in"* ]]
    }
    cases hang_while_loaded vst2 vst3
    at_once
}

@test "a plug-in that writes to the sockets of its process costs that one job" {
    babble() {
        around 1 vst2 "$1" --isolation "$2"
        check_error timeout "did not finish within 4 seconds while $3"
    }
    cases babble 'preset-babble process "loading the preset"' 'process-babble reuse rendering'
    at_once
}

@test "a job of megabytes to a plug-in process that is stopped is not waited for without end" {
    mkfifo queue answers
    render-one --plugin "$synth" --isolation reuse --timeout 2 <queue >answers &
    worker=$!
    exec {to}>queue {from}<answers
    ask() { job vst2 well-behaved "$1" >&"$to"; read -r output <&"$from"; }
    ask '{}'
    check_tone
    kill -STOP "$(pgrep -P "$(pgrep -P "$worker" | paste -sd ,)" -f patchpipe-host)"
    head -c 3000000 /dev/zero | tr '\0' x >note
    job vst2 well-behaved | jq -c --rawfile note note '.note_of_mine = $note' >&"$to"
    read -r output <&"$from"
    check_error timeout "did not finish within 2 seconds"
    ask '{}'
    check_tone
    exec {to}>&-
}

@test "a thread that was late while the plug-in was loaded is waited for after a preset" {
    { job vst2 well-behaved '{"output_path": "/dev/null"}'; until [[ -e rest ]]; do sleep 0.1; done
        sleep 1; for _ in 1 2 3; do job vst2 table '{"output_path": "/dev/null"}'; done; } |
        env FAULT_ON_LOAD=load-busy render-one --plugin "$synth" --timeout 5 --isolation reuse |
        while read -r line; do
            touch rest
            echo "$line"
        done >results
    output=$(tail -n 1 results)
    [[ $(wc -l <results) == 4 && $(field repeatable) == false ]]
    check_tone
}
