#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: effects.sh FOLDER OUT [CHAIN]
#
# Every audio file in FOLDER goes through a chain of effects, by as many workers as there are
# processors; the results have the same names in OUT. CHAIN is a JSON list of plug-ins as in
# patchpipe-record(5). Then a second run, in another order, shows that no file depends on the ones
# before it.
set -euo pipefail

usage() { sed -n '/^# usage:/,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1-} != -h && ${1-} != --help ]] || { usage && exit; }
(($# >= 2)) || { usage >&2 && exit 2; }

folder=$(realpath "$1") out=$(realpath -m "$2")
chain=${3:-'[{"plugin_path": "http://drobilla.net/plugins/mda/Dynamics"},
    {"plugin_path": "http://drobilla.net/plugins/mda/Ambience", "parameters": {"Size": 0.8}, "wet": 0.3}]'}

jobs() {
    find "$folder" -type f \( -name '*.wav' -o -name '*.flac' -o -name '*.aiff' \) -printf '%P\n' | LC_ALL=C sort |
        jq -Rc --arg folder "$folder" --arg out "$1" --argjson chain "$chain" \
            '{input_path: "\($folder)/\(.)", output_path: "\($out)/\(sub("[.][^.]*$"; "")).wav",
              tail: "auto", chain: $chain}'
}
render() { xargs -a <(seq "$(nproc)") -P "$(nproc)" -I{} render-one; }

jobs "$out" | render >"$out.ndjson"
again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
jobs "$again" | tac | render >/dev/null
find "$out" -name '*.wav' -printf '%P\0' | xargs -0 -I{} wav-diff -q "$out/{}" "$again/{}"
jq -s 'group_by(.status) | map({(.[0].status): length}) | add' "$out.ndjson"
