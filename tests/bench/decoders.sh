#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/bench/decoders.sh OTHER_BIN [RUNS]
# What it costs that audio is decoded in a process of its own: audio-measure with a thousand files of
# each kind, ours and that of another build, by turns, such as one from before. Prints the medians of
# processor time, with that of the decoder, and of real time, and their ratios.
set -euo pipefail

bench=$(cd "${0%/*}" && pwd)
ours=${PATCHPIPE_BIN:-$bench/../../build/bin}
other=${1:?name the folder with the tools of another build}
runs=${2:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%U %S %R'

# notes NAME SECONDS SUFFIX [SOX OPTIONS]: a thousand files, of ten sounds.
notes() {
    local i
    mkdir "$work/$1"
    for i in {0..9}; do sox -R -n -r 44100 -c 2 -b 16 "${@:4}" "$work/$1/$i.$3" synth "$2" pluck "$((110 + 11 * i))" gain -3; done
    for i in {10..999}; do ln "$work/$1/$((i % 10)).$3" "$work/$1/$i.$3"; done
}

# median COLUMN FILE, in milliseconds. Column 1 is processor time, 2 is real time.
median() { sort -n -k "$1,$1" "$2" | awk -v column="$1" '{ at[NR] = $column } END { print at[int((NR + 1) / 2)] }'; }

# once BIN FOLDER FILE: measures the folder, and adds the times to the file.
once() {
    { time "$1/audio-measure" "$work/$2"/* >/dev/null; } 2>&1 | awk '{ print 1000 * ($1 + $2), 1000 * $3 }' >>"$work/$3"
}

compare() {
    local i column what
    for ((i = 0; i < runs; ++i)); do
        once "$other" "$1" "$1.other"
        once "$ours" "$1" "$1.ours"
    done
    for column in 1 2; do
        what=$([[ $column == 1 ]] && echo processor || echo real)
        awk -v name="$1" -v what="$what" -v a="$(median "$column" "$work/$1.other")" -v b="$(median "$column" "$work/$1.ours")" \
            'BEGIN { printf "%s: %s time %d ms, other %d ms, ratio %.3f\n", name, what, b, a, b / a }'
    done
}

notes hits 0.25 wav
notes notes 1 wav
notes flac 1 flac
notes vorbis 1 ogg
notes long 5 wav
for folder in hits notes flac vorbis long; do compare "$folder"; done
