#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/oracles/projects/run.sh [FILE...]
# Reads REAPER projects of other people and writes them back, and compares every record with what
# WDL's own parser finds: those in the packages of other programs, one that such a program makes, the
# tests' own, and those given. pip and npm put what they download into the benchmark's environment;
# 'make projects' builds what is needed. Writes TABLE.md beside this script, unless files are given.
set -euo pipefail

here=$(cd "${0%/*}" && pwd)
root=$(cd "$here/../../.." && pwd)
build=$root/build
venv=$build/bench/venv
work=$build/projects

[[ -x $venv/bin/pip ]] || /usr/bin/python3 -m venv "$venv"
"$venv/bin/pip" install -q rpp==0.5 rppxml==0.1.4 reathon==0.0.9
if [[ ! -e $work/packages/complete ]]; then
    rm -rf "$work/packages"
    mkdir -p "$work/packages"
    cd "$work/packages"
    "$venv/bin/pip" download -q --no-deps --no-binary :all: rpp==0.5
    npm pack -s rppp@0.4.0 >npm.log || echo "projects: npm: rppp cannot be downloaded" >&2
    for archive in *.tar.gz *.tgz; do
        [[ ! -e $archive ]] || { mkdir "${archive%.t*gz}" && tar -xf "$archive" -C "${archive%.t*gz}"; }
    done
    touch complete
fi

rm -rf "$work/made" "$work/reathon.rpp"
"$root/tests/make-projects.py" "$work/made"
"$venv/bin/python" "$here/make-reathon.py" "$work/reathon.rpp" >/dev/null
mapfile -t packaged < <(find "$work/packages" -iname '*.rpp' | sort)
table=$here/TABLE.md
(($# == 0)) || table=/dev/stdout
given=()
for file; do given+=("$(realpath "$file")"); done

cd "$work"
PATH=${PATCHPIPE_BIN:-$build/bin}:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 \
    "$venv/bin/python" "$here/compare.py" "${packaged[@]#"$work/"}" reathon.rpp \
    made/{whole,small,names,frozen,states}.rpp made/crlf.RPP "${given[@]}" >"$work/table"
cat "$work/table" >"$table"
echo "projects: the table is in ${table#"$root/"}" >&2
