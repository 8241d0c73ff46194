#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What LV2 plug-ins expect of a host; tests/plugins/corners.cpp has a synth for each expectation.

load helper

export LV2_PATH=$root/build/tests/plugins

@test "a plug-in that makes a QApplication loads without a display" {
    for platform in '' xcb wayland 'wayland;xcb' minimal; do
        run -0 --separate-stderr env DISPLAY=:99 ${platform:+QT_QPA_PLATFORM="$platform"} plugin-probe urn:patchpipe:corner-qt
        [[ $(field status) == ok ]]
    done
    # Another platform that needs no display is the user's choice.
    run -1 --separate-stderr env QT_QPA_PLATFORM=vnc plugin-probe urn:patchpipe:corner-qt
    [[ $(field error_kind) == crash && $(field error) == *"; it printed: "*"could not connect to display" ]]
}

# play CORNER: its peak while it plays a note; silence is 0.
play() {
    run -0 --separate-stderr render-one -v --timeout 20 -p "urn:patchpipe:corner-$1" \
        '{"note": 69, "velocity": 127, "duration": 0.2, "tail": 0.1, "output_path": "/dev/null"}'
    field peak
}

@test "memory is filled when it is taken, not when blocks beside it grow" {
    [[ $(play growing) == 0.5 ]]
}

@test "memory that a plug-in takes holds zeros, whatever function gives it" {
    without_sanitizers "they have a malloc of their own"
    [[ $(play memory) == 0.5 ]]
}
