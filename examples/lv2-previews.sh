#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: lv2-previews.sh FOLDER OUT [REVERB]
#
# Previews of all LV2 presets below FOLDER, such as /usr/lib/lv2/ZynAddSubFX.lv2presets, as MP3
# files: each through a reverb, the URI of an LV2 effect with two inputs, until it has died away.
# OUT.ndjson has the results.
set -euo pipefail

usage() { sed -n '/^# usage:/,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1-} != -h && ${1-} != --help ]] || { usage && exit; }
(($# >= 2)) || { usage >&2 && exit 2; }

reverb=${3:-http://drobilla.net/plugins/mda/Ambience}

preset-scan "$1" |
    jq -c --arg reverb "$reverb" 'select(.preset_format == "lv2")
        | .plugin_path = .plugin_id | .note = 60 | .duration = 1.5 | .tail = "auto" | .tail_max = 6
        | .format = "mp3"
        | .chain = [{plugin_path: $reverb, wet: 0.25}]' |
    assign-paths -o "$2" --template '{folder}/{name}' |
    xargs -a <(seq "$(nproc)") -P "$(nproc)" -I{} render-one >"$2.ndjson"
jq -s 'group_by(.status) | map({(.[0].status): length}) | add' "$2.ndjson"
