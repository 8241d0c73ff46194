#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A short run of the fuzz targets, the same every time. `make fuzz` looks for new input.

load ../helper

fuzz=$root/build/fuzz
corpus=$root/tests/fuzz/corpus

setup() { without_sanitizers "the fuzz targets have them in any build"; }

targets() { find "$root/tests/fuzz" -name '*.cpp' -printf '%f\n' | sed 's/\.cpp$//' | sort; }

@test "every fuzz target has inputs to start from" {
    diff <(targets) <(ls "$corpus")
    for target in $(targets); do
        find "$corpus/$target" -type f | grep -q . || fail "$target has none"
    done
}

@test "inputs that once broke a parser, and valid ones, break none" {
    for target in $(targets); do
        echo "$target"
        run -0 "$fuzz/$target" -runs=0 "$corpus/$target"
        [[ $output == *"DONE"* ]]
    done
}

@test "1,000 mutations of these inputs break no parser" {
    for target in $(targets); do
        echo "$target"
        mkdir "$target"
        # Weighing inputs by how rare their features are takes longer than the parsers.
        run -0 "$fuzz/$target" -seed=1 -runs=1000 -entropic=0 -timeout=60 -malloc_limit_mb=256 \
            -artifact_prefix="$target-" "$target" "$corpus/$target"
        [[ $output == *"Done 1000 runs"* ]]
    done
}
