#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A render depends only on its job, not on the order or the number of workers. tests/fork has these
# tests too.

load ../helper
load ../system/orders

macro=$root/build/tests/plugins/MacroSynth.vst3

@test "64 amsynth presets are the same in order, in reverse, by one worker and by four" {
    check_orders preset_jobs --fxp "$amsynth"
    [[ $(find first -name '*.wav' | wc -l) == 64 && $(jq -r .isolation first.ndjson | sort -u) == "$snapshot" ]]
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

@test "Kars, which seeds its noise from addresses, repeats from one run to the next" {
    notes first | render-one -p /usr/lib/vst/Kars-vst.so >first.ndjson
    check_sounds first.ndjson 64
    for isolation in auto fork; do
        notes "$isolation" | render-one -p /usr/lib/vst/Kars-vst.so --isolation "$isolation" >/dev/null
        diff -r first "$isolation"
    done
}
