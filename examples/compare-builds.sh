#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: compare-builds.sh OLD NEW OUT [JOBS]
#
# Renders a list of jobs with two builds of a plug-in of any kind, into OUT/old and OUT/new, by as
# many workers as there are processors, and writes a record for each pair, the one that differs most
# first: how much later the new build is, and what is left when one is subtracted from the other.
# JOBS is a file of jobs without plug-in and output_path; without it, three notes. The status is 0
# if the builds sound the same, and 1 if they do not.
#
# The threshold in dB of the sound, from which on a difference counts, is in RESIDUAL_DB; without
# it, every difference counts.
set -euo pipefail

usage() { sed -n '/^# usage:/,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1-} != -h && ${1-} != --help ]] || { usage && exit; }
(($# >= 3)) || { usage >&2 && exit 2; }

old=$1 new=$2 out=$3
jobs=$(cat "${4:-/dev/stdin}" <<'JOBS'
{"note":36}
{"note":60}
{"note":84}
JOBS
)

render() {
    assign-paths -o "$out/$2" --template '{preset}_{note}_{velocity}' <<<"$jobs" |
        jq -c '.bit_depth = "32f"' >"$out/$2.jobs"
    xargs -a <(seq "$(nproc)") -P "$(nproc)" -I{} render-one -p "$1" <"$out/$2.jobs" >"$out/$2.ndjson"
}

mkdir -p "$out"
render "$old" old
render "$new" new

cd "$out/new"
find . -name '*.wav' -print0 | LC_ALL=C sort -z | while IFS= read -rd '' file; do
    wav-diff --align "../old/$file" "$file" || [[ $? == 1 ]]
done | jq -cs --argjson least "${RESIDUAL_DB:-null}" 'map({file: .b[2:], equal, lag_frames, residual_db, residual_peak_db,
        same: (.equal or (.lag_frames == 0 and $least != null and .residual_db <= $least))})
    | sort_by(-(.residual_db // -1000))' | tee differences.json | jq -c '.[] | del(.same)'
jq -e 'length > 0 and all(.same)' differences.json >/dev/null
