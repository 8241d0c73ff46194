#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A batch goes on although two jobs in five fail and workers are stopped and killed. This is a small
# version of `make soak`.

load ../helper

setup() {
    let_plugins_crash
    ASAN_OPTIONS+=:quarantine_size_mb=0 # freed memory that the sanitizers keep for a while
}

@test "every job gets the result that its fault calls for, though workers are killed" {
    export PLUGINS=$root/build/tests/plugins SOAK_TIMEOUT=12
    run /usr/bin/python3 "$root/tests/soak/soak.py" 550
    echo "$output"
    [[ $status == 0 && $output == *"550 jobs, 550 records:"* && $output == *"'timeout': 2"* ]]
}
