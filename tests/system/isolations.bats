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

# made_logic FILE: a logic library that has a pipe since it was loaded. A job that finds something in it
# plays 0.5, else 0.25, and leaves a byte there, if it is a child. With BUSY in the environment a child plays for ever.
made_logic() {
    gcc -std=gnu11 -shared -fPIC -fvisibility=hidden -I "$built/include" -o "$1" -x c - <<'CODE'
#define _GNU_SOURCE
#include <patchpipe/logic.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
static int ends[2], looked, loader;
static float level = 0.25f;
__attribute__((constructor)) static void begin(void) {
    loader = getpid();
    (void)!pipe2(ends, O_NONBLOCK);
}
static void* create(void) { return calloc(1, 1); }
static int32_t reset(void* self, const struct patchpipe_setup* setup) { return self && setup; }
static int32_t process(void* self, const struct patchpipe_block* block) {
    char byte = 0;
    (void)self;
    if (getenv("BUSY") && getpid() != loader) for (volatile int busy = 1; busy;) {}
    if (getpid() != loader && !looked++) {
        level = read(ends[0], &byte, 1) == 1 ? 0.5f : 0.25f;
        (void)!write(ends[1], &byte, 1);
    }
    for (uint32_t frame = 0; frame < block->frames; ++frame) block->outputs[0][frame] = level;
    return PATCHPIPE_SILENT;
}
PATCHPIPE_LOGIC_EXPORT = {.size = sizeof(struct patchpipe_logic), .epoch = PATCHPIPE_LOGIC_EPOCH, .id = "org.patchpipe.pipe",
    .name = "Pipe", .vendor = "patchpipe", .version = "1", .outputs = 1, .instrument = 1, .create = create,
    .destroy = free, .reset = reset, .process = process};
CODE
}

@test "what a job leaves in a pipe of a logic library no later job finds" {
    made_logic pipe.so
    for isolation in snapshot fork process; do
        run -0 render-one --isolation "$isolation" -p ./pipe.so < <(
            seq 4 | jq -c '{note: ., duration: 0.01, tail: 0, bit_depth: "32f", output_path: "/dev/null"}')
        [[ $(field peak | xargs) == "0.25 0.25 0.25 0.25" ]] || fail "$isolation: $output"
    done
}

@test "a child that is busy ends with its tool, even where no process is told of its parent's death" {
    made_logic pipe.so
    for isolation in snapshot fork; do
        BUSY=yes LD_PRELOAD=$root/build/tests/silent_deaths.so render-one --isolation "$isolation" --timeout 300 \
            -p ./pipe.so '{"duration":1,"output_path":"/dev/null"}' 3>&- &
        tool=$!
        until host=$(pgrep -P "$(pgrep -P "$tool" | paste -sd ,)" 2>/dev/null) &&
            child=$(pgrep -P "$(paste -sd , <<<"$host")"); do
            kill -0 "$tool"
            sleep 0.05
        done
        kill -KILL "$tool"
        wait "$tool" || true
        for _ in {1..200}; do
            left=$(ps -o pid=,stat= -p "${host//$'\n'/,},${child//$'\n'/,}" | grep -v ' Z' || true)
            [[ $left ]] || break
            sleep 0.05
        done
        [[ ! $left ]] || fail "still there: $left"
    done
}
