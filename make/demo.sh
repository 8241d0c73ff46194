#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: make/demo.sh FOLDER
# Renders 128 presets of amsynth, its second bank, on all processors and shows the results.
set -euo pipefail

demo=$1
plugin=/usr/lib/vst/amsynth_vst.so
PATH=$PWD/build/bin:$PATH
rm -rf "$demo"

echo '128 programs of amsynth, written as presets, become records, jobs, audio:'
cat <<END

  preset-export $plugin --home $demo/home -o $demo/presets --programs 128-255
  preset-scan $demo/presets | assign-paths -o $demo/audio |
      xargs -a <(seq $(nproc)) -P $(nproc) -I{} \\
          render-one --home $demo/home --fxp $plugin > $demo/results.ndjson

amsynth writes into the user's home whenever it is loaded; --home gives it another.

END
preset-export "$plugin" --home "$demo/home" -o "$demo/presets" --programs 128-255 >/dev/null
start=$EPOCHREALTIME
preset-scan "$demo/presets" | assign-paths -o "$demo/audio" |
    xargs -a <(seq "$(nproc)") -P "$(nproc)" -I{} \
        render-one --home "$demo/home" --fxp "$plugin" >"$demo/results.ndjson"
end=$EPOCHREALTIME

printf '%-40s %7s %9s %9s %7s\n' preset seconds 'peak dBFS' 'RMS dBFS' ms
jq -rs 'def db: if . > 0 then 20 * (log10) else -999 end;
    sort_by(.preset_path)[] | [(.preset_path | sub(".*/"; "") | rtrimstr(".fxp")),
    .frames / (.sample_rate // 44100), (.peak | db), .rms_db // -999,
    .load_ms + .render_ms + .write_ms] | @tsv' "$demo/results.ndjson" |
    awk -F '\t' '{ printf "%-40.40s %7.2f %9.1f %9.1f %7.1f\n", $1, $2, $3, $4, $5 }'

jq -rs --argjson seconds "$((${end/./} - ${start/./}))e-6" '
    (map(.frames / (.sample_rate // 44100)) | add) as $audio |
    "\n\(length) presets, \($audio | round) seconds of audio, in " +
    "\($seconds * 100 | round / 100) seconds: \(length / $seconds | round) presets a second, " +
    "\($audio / $seconds | round) times as fast as they sound"' "$demo/results.ndjson"
echo "They are in $demo/audio; play one with: aplay '$(find "$demo/audio" -name '*.wav' | sort | sed -n 1p)'"
