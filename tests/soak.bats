#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A batch that goes on though one job in fifty is at fault, in small: `make soak` is the whole of it.

load helper

setup() {
    let_plugins_crash
    ASAN_OPTIONS+=:quarantine_size_mb=0 # freed memory that they keep for a while
}

@test "of 850 jobs with every kind of fault among them, each gets its due and no worker grows" {
    export PLUGINS=$root/build/tests/plugins
    run /usr/bin/python3 "$root/tests/soak/soak.py" 850
    echo "$output"
    [[ $status == 0 && $output == "850 jobs, 850 records:"* && $output == *"'timeout': 2"* ]]
}
