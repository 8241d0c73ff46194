#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: [BENCH_SCALE=quick] [BENCH_RUNS=N] [BENCH_DIR=FOLDER] tests/bench/run.sh [SUBJECT...]
# Measures every subject, or those named, and writes results.ndjson, RESULTS.md and growth.svg:
# beside this script after every subject at full scale, else into build/bench. It needs the results
# of 'make all bench-plugins', which 'make bench' runs first.
set -euo pipefail

bench=$(cd "${0%/*}" && pwd)
build=$(cd "$bench/../.." && pwd)/build
scale=${BENCH_SCALE:-full}
subjects=(library vst3 effects faust job_time filters audio mix projects video reload growth)
peers=(dawdreamer==0.9.0 pedalboard==0.9.26 serum2-preset-loader==0.5.0 rpp==0.5 rppxml==0.1.4
    corrscope==0.11.0)
if [[ $scale != full && $scale != quick ]]; then
    echo "bench: BENCH_SCALE: '$scale' is neither full nor quick" >&2
    exit 2
fi

for subject; do
    [[ " ${subjects[*]} " == *" $subject "* ]] && continue
    echo "bench: no subject '$subject'; there are: ${subjects[*]}" >&2
    exit 2
done
if [[ ! -e $build/tests/plugins/plain_synth_ballast.so ]]; then
    echo "bench: nothing is built; run 'make all bench-plugins' first, or 'make bench'" >&2
    exit 2
fi
out=$build/bench
[[ $scale == quick || $# -gt 0 ]] || out=$bench
(($# == 0)) || subjects=("$@")

# The load average still includes what ran before.
wait_for_quiet() {
    local load
    for _ in {1..18}; do
        read -r load _ </proc/loadavg
        [[ $load != 0.[0-3]* ]] || return 0
        sleep 10
    done
    echo "bench: the machine is busy with something else; figures will be off" >&2
}

# Other people's libraries, in a Python environment of the benchmark's own. The tables name one that
# cannot be installed.
install_peers() {
    local venv=$build/bench/venv peer
    [[ -x $venv/bin/pip ]] || /usr/bin/python3 -m venv "$venv"
    for peer in "${peers[@]}"; do
        "$venv/bin/pip" install -q "$peer" >&2 || echo "bench: $peer cannot be installed" >&2
    done
}

# In a clean environment, with a home of its own.
measure() {
    local home=$build/bench/home
    mkdir -p "$home"
    env -i PATH="${PATCHPIPE_BIN:-$build/bin}:/usr/bin:/bin" LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 \
        HOME="$home" XDG_DATA_HOME="$home" XDG_CACHE_HOME="$home" \
        BENCH_BUILD="$build" BENCH_SCALE="$scale" BENCH_RUNS="${BENCH_RUNS:-}" \
        BENCH_DIR="${BENCH_DIR:-}" \
        /usr/bin/python3 "$bench/$1.py"
}

mkdir -p "$build/bench"
install_peers
partial=$build/bench/results.partial
[[ $scale == quick ]] || wait_for_quiet
for subject in machine "${subjects[@]}"; do measure "$subject"; done >"$partial"
mv "$partial" "$out/results.ndjson"
/usr/bin/python3 "$bench/table.py" <"$out/results.ndjson" >"$out/RESULTS.md"
if grep -q '"growth"' "$out/results.ndjson"; then
    /usr/bin/python3 "$bench/plot.py" <"$out/results.ndjson" >"$out/growth.svg"
fi
echo "bench: the tables are in ${out#"$PWD/"}/RESULTS.md" >&2
