#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A few of the files that `make bounded` gives every parser.

load ../helper

@test "crafted files take no parser more than 2 seconds of processor time and 256 MiB" {
    without_sanitizers "they take more of both"
    run -0 /usr/bin/python3 "$root/tests/system/bounded.py" 4
    [[ ${#lines[@]} == 20 && $output == *"records: 4 files, at most "* ]]
}
