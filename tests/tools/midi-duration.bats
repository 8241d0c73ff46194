#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Types 0 and 1 are compared with mido. It does not support SMPTE divisions, which are calculated
# here instead.

load ../helper
load ../lib/midi/files

oracle() { /usr/bin/python3 "$root/tests/lib/midi/$1" "${@:2}"; }

# The midi_duration of one file.
duration() { midi-duration "$1" | jq .midi_duration; }

# error_of FILE KIND SENTENCE: the file gives an error record of that kind and with these words.
error_of() {
    run -1 --separate-stderr midi-duration "$1"
    [[ ${#lines[@]} -eq 1 && -z $stderr ]]
    [[ $(field status) == error && $(field error_kind) == "$2" ]]
    [[ $(field midi_path) == "$PWD/$1" && $(field midi_duration) == null ]]
    [[ $(field error) == "$PWD/$1: "*"$3"* ]] || fail "$(field error)"
}

@test "lengths are mido's for 240 files of types 0 and 1" {
    oracle random_files.py 240
    mapfile -t files < <(some 60 random-*.mid)
    run -0 --separate-stderr midi-duration "${files[@]}"
    [[ -z $stderr && ${#lines[@]} == "${#files[@]}" ]]
    run -0 oracle same_lengths.py <<<"$output"
    [[ $output == "${#files[@]}" ]]
}

@test "a file gives one record with its absolute path and the shortest decimal" {
    midi_file 0000 0060 "83 00 ff2f00" >song.mid # 384 ticks of 1/192 s
    run -0 --separate-stderr midi-duration song.mid ../"${PWD##*/}"//song.mid
    [[ $output == "{\"midi_path\":\"$PWD/song.mid\",\"midi_duration\":2}
{\"midi_path\":\"$PWD/song.mid\",\"midi_duration\":2}" ]]
    midi_file 0000 0060 "07 ff5103 07a121 $end" "01 ff2f00" >odd.mid
    [[ $(midi-duration odd.mid) == *'"midi_duration":0.036458333333333336}' ]]
}

@test "the end of a track counts, however long the pause before it" {
    midi_file 0000 01e0 "00 903c40 8360 803c40 ffff7f ff2f00" >pause.mid
    [[ $(duration pause.mid) == $(jq -n '(480 + 2097151) / 960') ]]
}

@test "a tempo on any track is in force on all of them" {
    midi_file 0001 0060 "00 903c40 8140 803c40 $end" "60 ff5103 0f4240 $end" >other.mid
    [[ $(duration other.mid) == 1.5 ]] # 96 ticks at 120 bpm, 96 at 60
}

@test "a tempo in the last of several events at a tick is the one in force" {
    midi_file 0001 0060 "00 ff5103 000001 00 ff5103 0f4240 60 ff2f00" >twice.mid
    [[ $(duration twice.mid) == 1 ]]
}

@test "SMPTE divisions count the ticks of a frame, whatever the tempo" {
    for case in e828:24 e728:25 e228:30; do # 40 ticks a frame, two seconds
        ticks=$(printf '%04x' $((0x8000 | (${case#*:} * 80 & 0x3f80) << 1 | ${case#*:} * 80 & 0x7f)))
        midi_file 0000 "${case%:*}" "00 ff5103 030000 $ticks ff2f00" >smpte.mid
        [[ $(duration smpte.mid) == 2 ]] || fail "${case#*:} frames a second"
    done
    midi_file 0000 e350 "9260 ff2f00" >drop.mid # 2400 ticks are 30 frames of 30000/1001 a second
    [[ $(duration drop.mid) == 1.001 ]]
}

@test "a file without events or without tracks has no length" {
    midi_file 0001 0060 >none.mid
    midi_file 0001 0060 "" "" >empty.mid
    run -0 midi-duration none.mid empty.mid
    [[ $(field midi_duration) == $'0\n0' ]]
}

@test "a longer header, other chunks and bytes after the last track are passed over" {
    { chunk MThd "0001 0002 0060 abcd"; chunk MTrk "60 ff2f00"; chunk XFIH "ffff ffff"
      chunk MTrk "8140 ff2f00"; bytes "4d54 0000"; } >extra.mid
    [[ $(duration extra.mid) == 1 ]]
}

@test "a status byte left out is that of the last channel message, also after a meta event" {
    midi_file 0000 0060 "00 903c40 60 3c00 00 ff0101 41 00 f002 01f7 00 3c40 60 3c00 $end" >run.mid
    [[ $(duration run.mid) == 1 ]]
}

@test "type 2 is unsupported" {
    midi_file 0002 0060 "00 ff2f00" >two.mid
    error_of two.mid unsupported "type 2 has no single timeline; convert it to type 0 or 1"
}

@test "a file that is cut short anywhere is corrupt" {
    midi_file 0001 0060 "00 ff5103 07a120 8100 ff2f00" "00 903c40 60 3c00 00 f00201f7 $end" >whole.mid
    size=$(stat -c %s whole.mid)
    for ((length = 0; length < size; length++)); do
        head -c "$length" whole.mid >"$(printf 'cut-%03d.mid' "$length")"
    done
    run -1 --separate-stderr midi-duration whole.mid cut-*.mid
    [[ ${#lines[@]} -eq $((size + 1)) && -z $stderr ]]
    [[ $(field error_kind | sort | uniq -c | xargs) == "$size corrupt 1 null" ]]
    [[ $(jq -s '.[1:] | map(has("midi_duration")) | any' <<<"$output") == false ]]
}

@test "every defect has its own sentence" {
    : >empty.mid
    error_of empty.mid corrupt "is empty"
    head -c 4096 /dev/urandom | tr M m >noise.mid
    error_of noise.mid corrupt "does not begin with 'MThd'"
    chunk MThd "0001 0000" >header.mid
    error_of header.mid corrupt "has a header of 4 bytes, but at least 6 are needed"
    midi_file 0003 0060 "$end" >type.mid
    error_of type.mid corrupt "is of type 3"
    midi_file 0000 0000 "$end" >division.mid
    error_of division.mid corrupt "has 0 ticks per quarter"
    midi_file 0000 e900 "$end" >rate.mid
    error_of rate.mid corrupt "SMPTE division of 23 frames a second"
    midi_file 0000 e700 "$end" >frame.mid
    error_of frame.mid corrupt "SMPTE division of 0 ticks a frame"
    { chunk MThd "0001 0002 0060"; chunk MTrk "$end"; } >missing.mid
    error_of missing.mid corrupt "it ends before track 2 of 2"
    { chunk MThd "0000 0001 0060"; bytes 4d54726b ffffffff 00; } >long.mid
    error_of long.mid corrupt "track 1 of 1 goes 4294967294 bytes past the end of the file"
}

@test "every defect within a track has its own sentence" {
    defect() {
        midi_file 0001 0060 "$end" "$1" >track.mid
        error_of track.mid corrupt "track 2 $2"
    }
    defect "00 90" "ends within an event"
    defect "00" "ends within an event"
    defect "00 ff01 05 41" "ends within an event"
    defect "00 f0 05 41f7" "ends within an event"
    defect "81" "ends within a number"
    defect "ffffffff7f ff2f00" "has a number of more than 4 bytes"
    defect "00 3c40" "has a data byte where a status byte must be"
    defect "00 903c90" "has a status byte where a data byte must be"
    defect "00 f4" "has an undefined status byte"
    defect "00 ff5102 0102" "has a tempo of less than 3 bytes"
}

@test "a file that cannot be read is an error record, and the others are processed" {
    mkdir folder.mid
    midi_file 0000 0060 "60 ff2f00" >song.mid
    run -1 --separate-stderr midi-duration song.mid folder.mid song.mid
    [[ -z $stderr && $(field midi_duration) == $'0.5\nnull\n0.5' ]]
    [[ $(field error_kind) == $'null\nio\nnull' ]]
}

@test "a file of more than 64 MiB is not read" {
    midi_file 0000 0060 "60 ff2f00" >large.mid
    truncate -s $(((64 << 20) + 1)) large.mid
    error_of large.mid unsupported "larger than 67108864 bytes"
    truncate -s $((64 << 20)) large.mid
    [[ $(duration large.mid) == 0.5 ]]
}

@test "an operand that is not there ends it before any work" {
    midi_file 0000 0060 "60 ff2f00" >song.mid
    run -2 --separate-stderr midi-duration song.mid missing.mid
    [[ -z $output && $stderr == "midi-duration: $PWD/missing.mid: there is no such file"* ]]
    run -2 --separate-stderr midi-duration song.mid/x
    [[ -z $output && $stderr == *"there is no such file"* ]]
    run -2 --separate-stderr midi-duration ''
    [[ -z $output && $stderr == *"an operand is empty"* ]]
}

@test "a file name that is not UTF-8 is reported in words, and the others go on" {
    midi_file 0000 0060 "60 ff2f00" | tee song.mid >$'\xff.mid'
    run -1 --separate-stderr midi-duration $'\xff.mid' song.mid
    [[ ${#lines[@]} -eq 1 && $(field midi_duration) == 0.5 ]]
    [[ $stderr == "midi-duration: "*'\xff.mid: the name is not UTF-8'* ]]
}

@test "a record gets midi_duration, and every other byte of it stays" {
    midi_file 0000 0060 "60 ff2f00" >'a "song".mid'
    run -0 --separate-stderr midi-duration <<EOS
{ "x" : 1.50e0, "midi_path" : "$PWD/a \"song\".mid", "\u00e9":[ {} ]}
EOS
    [[ $output == '{ "x" : 1.50e0, "midi_path" : "'"$PWD"'/a \"song\".mid", "\u00e9":[ {} ],"midi_duration":0.5}' ]]
}

@test "a record without midi_path passes untouched" {
    printf '%s\n' '{"note":60, "midi_duration":7}' '{ "midi_path" : null }' '{}' >jobs.ndjson
    run -0 --separate-stderr midi-duration <jobs.ndjson
    [[ $output == "$(<jobs.ndjson)" ]]
}

@test "a midi_duration that is there is computed again, in its place" {
    midi_file 0000 0060 "60 ff2f00" >song.mid
    run -0 midi-duration <<<'{"midi_duration":"?","midi_path":"'"$PWD"'/song.mid","x":1}'
    [[ $output == '{"midi_duration":0.5,"midi_path":"'"$PWD"'/song.mid","x":1}' ]]
}

@test "a relative midi_path counts from the current folder and stays as it is" {
    midi_file 0000 0060 "60 ff2f00" >song.mid
    run -0 midi-duration <<<'{"midi_path":"./song.mid"}'
    [[ $output == '{"midi_path":"./song.mid","midi_duration":0.5}' ]]
}

@test "a record whose file fails becomes an error record, and the stream goes on" {
    midi_file 0000 0060 "60 ff2f00" >song.mid
    printf '{"midi_path":%s}\n' '"missing.mid"' '""' 7 '"/dev/null"' '"song.mid"' >jobs.ndjson
    run -1 --separate-stderr midi-duration <jobs.ndjson
    [[ -z $stderr && $(field error_kind | xargs) == "not-found bad-record bad-record unsupported null" ]]
    [[ $(field midi_duration | xargs) == "null null null null 0.5" ]]
}

@test "a file that several records name is opened once" {
    midi_file 0000 0060 "60 ff2f00" >song.mid
    mkfifo queue answers
    midi-duration <queue >answers &
    exec {to}>queue {from}<answers
    echo '{"midi_path":"song.mid"}' >&"$to"
    read -r first <&"$from"
    rm song.mid
    echo '{"midi_path":"song.mid"}' >&"$to"
    read -r second <&"$from"
    exec {to}>&-
    wait $!
    [[ $(jq .midi_duration <<<"$first") == 0.5 && $second == "$first" ]]
}

@test "the manual's examples work on real files" {
    midi_file 0000 0060 "8140 ff2f00" >song.mid
    midi_file 0000 0001 "8960 ff2f00" >long.mid # 1248 quarter notes
    [[ $(midi-duration song.mid | jq .midi_duration) == 1 ]]
    [[ $(midi-duration ./*.mid | jq -r 'select(.midi_duration > 600) | .midi_path') == "$PWD/long.mid" ]]
    jq -nc '{preset_path: "/p/a.fxp"}, {preset_path: "/p/b.fxp"}' |
        jq -c --arg midi "$PWD/song.mid" '.midi_path = $midi' | midi-duration >jobs.ndjson
    [[ $(jq -c '[.preset_path, .midi_duration]' jobs.ndjson) == $'["/p/a.fxp",1]\n["/p/b.fxp",1]' ]]
}
