#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: random-sounds.sh OUT [COUNT [PLUGIN]]
#
# A dataset: COUNT sounds of PLUGIN with random parameters, 5,000 of amsynth by default, a second
# each, as npy files of float32 of the shape (channels, frames). OUT.ndjson has a record for each, in
# order: its parameters, its note, its file and what was measured. A second run in another order,
# without files, must give the same hashes.
set -euo pipefail

usage() { sed -n '/^# usage:/,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1-} != -h && ${1-} != --help ]] || { usage && exit; }
(($# >= 1)) || { usage >&2 && exit 2; }

out=$1 count=${2:-5000} plugin=${3:-/usr/lib/vst/amsynth_vst.so}

jobs() {
    plugin-probe --parameters "$plugin" |
        preset-random --count "$count" --seed 7 --except '[Mm]aster|[Vv]olume' |
        jq -c '.note = 36 + 12 * (input_line_number % 5) | .duration = 0.5 | .tail = 0.5 | .format = "npy"' |
        assign-paths -o "$out"
}
render() { xargs -a <(seq "$(nproc)") -P "$(nproc)" -I{} render-one -p "$plugin"; }
hashes() { jq -a '"\(.output_path) \(.status) \(.audio_hash)"' | LC_ALL=C sort; }

jobs | render | jq -sc 'sort_by(.output_path)[]' >"$out.ndjson"
jobs | tac | jq -c '.name = .output_path | .output_path = "/dev/null"' | render |
    jq -c '.output_path = .name' | hashes | cmp - <(hashes <"$out.ndjson")
jq -s 'group_by(.status) | map({(.[0].status): length}) | add' "$out.ndjson"
