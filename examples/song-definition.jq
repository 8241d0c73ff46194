# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Turns a song definition, one JSON object, into song records for song-write(1):
#
#     jq -cf song-definition.jq song.json | song-write --registry plugins.ndjson -o song.rpp
#
# {
#   "meta": {"title": "Night", "tempo": 95, "numerator": 4, "denominator": 4, "grid": 0.25},
#   "master_plugins": [PLUGIN...],
#   "returns": {"Reverb": {"volume": 1, "plugins": [PLUGIN...]}},
#   "tracks": [{
#     "name": "Bass", "volume": 0.8, "pan": -0.1, "send_level": {"Reverb": 0.05},
#     "plugins": [PLUGIN...],
#     "clips": [
#       {"position": 0, "length": 2.5, "name": "take", "audio": "media/bass.wav"},
#       {"position": 2.5, "length": 5, "notes": [{"beat": 0, "beats": 1, "note": 33, "velocity": 80}],
#        "cc": [{"beat": 0, "number": 11, "value": 50}]}]}]
# }
#
# PLUGIN is {"name": "Serum2", "role": "bass", "builtin": false, "params": {"Mix": 0.3}}; the name is
# a key of the registry. For a plug-in that no registry has give plugin_path too; the name is then what
# REAPER shows. Any other key of an fx in patchpipe-song(5) may be there as well.
#
# volume is linear, 1 for 0 dB; pan goes from -1 to 1; position and length are in seconds; the beats
# of notes and controllers are quarter notes from the clip's position. meta.grid, also in quarter
# notes, moves the beginnings of notes to the nearest multiple. Every name in a send_level is a track
# behind the others that receives it.

def to_grid($grid): if $grid then (. / $grid | round) * $grid else . end;

def effects($track):
  (. // [])[]
  | {type: "fx", track: $track, (if .plugin_path then "name" else "plugin" end): .name, parameters: .params}
    + del(.name, .params)
  | with_entries(select(.value != null));

def clips($track; $beats_per_second; $grid):
  (. // []) | to_entries[] | .key as $index | .value
  | "\($track).i\($index + 1)" as $item
  | (.position * $beats_per_second) as $first
  | {type: "item", item: $item, track: $track, time: .position, length, name: (.name // ""),
     source: (if .audio then {kind: "audio", path: .audio}
              else {kind: "midi", beats: (.length * $beats_per_second)} end)},
    ((.notes // [])[]
     | {type: "note", item: $item, track: $track, beat: ($first + (.beat | to_grid($grid))), beats,
        note, velocity: (.velocity // 100), channel: (.channel // 1)}),
    ((.cc // [])[]
     | {type: "control", item: $item, track: $track, beat: ($first + .beat), kind: "controller",
        number, value, channel: (.channel // 1)});

(.meta // {}) as $meta
| (.returns // {}) as $returns
| (($meta.tempo // 120) / 60) as $beats_per_second
| .tracks as $tracks
# Reverb and Delay come first, the others as they are first named.
| ([$tracks[].send_level // {} | keys_unsorted[]] | reduce .[] as $name ([]; if index($name) then . else . + [$name] end)
   | map(select(. == "Reverb")) + map(select(. == "Delay")) + map(select(. != "Reverb" and . != "Delay"))) as $names
| {type: "song", title: ($meta.title // "")},
  {type: "tempo", time: 0, bpm: ($meta.tempo // 120)},
  {type: "signature", time: 0, numerator: ($meta.numerator // 4), denominator: ($meta.denominator // 4)},
  (.master_plugins | effects("master")),
  ($tracks | to_entries[] | "t\(.key + 1)" as $track | .value
   | {type: "track", track: $track, name, gain: (.volume // 1), pan: (.pan // 0)},
     (.plugins | effects($track)),
     (.clips | clips($track; $beats_per_second; $meta.grid))),
  ($names[]
   | . as $name | "return \($name)" as $return
   | {type: "track", track: $return, name: $name, gain: ($returns[$name].volume // 1), pan: ($returns[$name].pan // 0)},
     ($returns[$name].plugins | effects($return)),
     ($tracks | to_entries[]
      | select(.value.send_level[$name]?)
      | {type: "send", source_track: "t\(.key + 1)", track: $return, gain: .value.send_level[$name]}))
