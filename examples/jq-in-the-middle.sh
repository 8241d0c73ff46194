#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: jq-in-the-middle.sh PRESETS OUT PLUGIN
#
# jq decides what is rendered and how: presets with "bass" in their path are played low and short,
# pads long, and drafts are left out. Fields of your own, such as kind here, stay in the records.
set -euo pipefail

usage() { sed -n '/^# usage:/,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1-} != -h && ${1-} != --help ]] || { usage && exit; }
(($# >= 3)) || { usage >&2 && exit 2; }

preset-scan "$1" |
    jq -c '
        select(.preset_path | test("draft"; "i") | not)
        | .kind = (.preset_path | ascii_downcase | capture("(?<kind>bass|pad)").kind // "other")
        | . + {"bass": {note: 36, duration: 0.25}, "pad": {note: 60, duration: 4}}[.kind]' |
    assign-paths -o "$2" --template '{folder}/{preset} {note}' |
    render-one --fxp "$3" |
    tee "$2.ndjson" |
    jq -ac '[.kind, .status, .frames, .rms_db, .output_path]'
