#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: one-file.sh FOLDER SERUM_PRESET FXP PLUGIN MIDI_FILE
#
# One file in, one file out: every conversion in a line of its own, into FOLDER. FXP is a preset of
# PLUGIN, a VST2.
set -euo pipefail

usage() { sed -n '/^# usage:/,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1-} != -h && ${1-} != --help ]] || { usage && exit; }
(($# >= 5)) || { usage >&2 && exit 2; }

serum=$(realpath "$2") fxp=$(realpath "$3") plugin=$(realpath "$4") midi=$(realpath "$5")
mkdir -p "$1"
cd "$1"

# A Serum 2 preset to the state that a host passes to the plug-in, to the processor's part of it,
# and to the CBOR in that.
serum-unwrap "$serum" -o preset.state
serum-unwrap --to component "$serum" -o preset.component
serum-unwrap --to cbor "$serum" -o preset.cbor

# Preset or state to JSON.
serum-unwrap --to metadata "$serum" -o preset-metadata.json
serum-unwrap --to json "$serum" -o preset.json
serum-unwrap --to json preset.state -o state.json

# JSON to preset or state; jq edits it on the way. The name is in both halves.
serum-wrap preset.json -o copy.SerumPreset
serum-wrap --to state preset.json -o copy.state
jq -c '(.metadata, .data).presetName = "Renamed"' preset.json | serum-wrap -o renamed.SerumPreset

# The metadata of a preset, and the length of a MIDI file.
preset-scan --meta "$serum" "$fxp" >headers.ndjson
midi-duration "$midi" >length.ndjson

# A note to a file. The result is a record.
job() { jq -nc --arg preset_path "$fxp" --arg output_path "$1" '$ARGS.named'; }
render-one --fxp "$plugin" "$(job note.wav)" >note.ndjson
job exact.wav | job-grid --note 36 --set bit_depth=32f | render-one --fxp "$plugin" >exact.ndjson
job small.flac | job-grid --set format=flac | render-one --fxp "$plugin" >small.ndjson
job numpy.npy | job-grid --set format=npy | render-one --fxp "$plugin" >numpy.ndjson

# A MIDI file to audio.
job tune.wav | job-grid --set "midi_path=$midi" | midi-duration | render-one --fxp "$plugin" >tune.ndjson

# Straight into another program: no file in between.
render-one --fxp "$plugin" "$(job /dev/stdout)" 2>flac.ndjson | sox -t wav - note.flac
