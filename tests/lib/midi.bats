#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What lib/midi passes to the renderer, through build/tests/midi-song.

load ../helper
load midi/files

midi_song() { timeout 20 "$built/tests/midi-song" "$@"; }

# The events of a file, "SECONDS:BYTE,BYTE,..." on one line.
events() { midi_song "$1" | jq -r 'select(.bytes) | "\(.seconds):\(.bytes | map(tostring) | join(","))"' | xargs; }

# positions FILE SECONDS...: a line each, "PPQ BAR_START BPM SIGNATURE".
positions() {
    midi_song "$@" | jq -r 'select(.ppq) | "\(.ppq) \(.bar_start_ppq) \(.bpm) \(.numerator)/\(.denominator)"'
}

@test "events and their times are mido's in 60 files" {
    /usr/bin/python3 "$root/tests/lib/midi/random_files.py" 60
    run -0 /usr/bin/python3 "$root/tests/lib/midi/same_events.py" "$built/tests/midi-song" random-*.mid
    [[ ${#lines[@]} -eq 1 && $output == "60 "[1-9][0-9][0-9][0-9] ]]
}

@test "the song is as long as midi-duration says" {
    /usr/bin/python3 "$root/tests/lib/midi/random_files.py" 20
    midi-duration random-*.mid | jq .midi_duration >lengths
    for file in random-*.mid; do midi_song "$file" | jq '.duration // empty'; done | diff - lengths
}

@test "a note-off that ends an earlier note comes before the note-ons of its tick" {
    midi_file 0000 0060 "00 903c40 60 904040 00 b04001 00 903c00 60 804040 $end" >off.mid
    [[ $(events off.mid) == "0:144,60,64 0.5:144,60,0 0.5:144,64,64 0.5:176,64,1 1:128,64,64" ]]
}

@test "it does so across tracks" {
    midi_file 0001 0060 "60 904040 00 913c40 $end" "00 903c40 60 803c40 $end" >tracks.mid
    [[ $(events tracks.mid) == "0:144,60,64 0.5:128,60,64 0.5:144,64,64 0.5:145,60,64" ]]
}

@test "a note that begins and ends at one tick stays whole" {
    midi_file 0000 0060 "00 903c40 00 3c00 60 3c40 00 3c00 $end" >short.mid
    [[ $(events short.mid) == "0:144,60,64 0:144,60,0 0.5:144,60,64 0.5:144,60,0" ]]
    # Played again and cut at once: the first note-off ends the old note, the second the new one.
    midi_file 0000 0060 "00 903c40 60 3c40 00 3c00 00 3c00 $end" >again.mid
    [[ $(events again.mid) == "0:144,60,64 0.5:144,60,0 0.5:144,60,64 0.5:144,60,0" ]]
}

@test "a controller keeps its place before a note-off" {
    midi_file 0000 0060 "00 903c40 60 b0407f 00 803c40 $end" >pedal.mid
    [[ $(events pedal.mid) == "0:144,60,64 0.5:176,64,127 0.5:128,60,64" ]]
}

@test "running status goes on after meta events and sysex" {
    midi_file 0000 0060 "00 903c40 00 ff0101 41 60 3c00 00 f002 01f7 00 3e40 60 3e00 $end" >run.mid
    [[ $(events run.mid) == "0:144,60,64 0.5:144,60,0 0.5:240,1,247 0.5:144,62,64 1:144,62,0" ]]
}

@test "a sysex in packets is one message at the time of its last packet" {
    midi_file 0000 0060 "00 f002 4310 60 ff0101 41 00 f702 0102 60 f702 03f7 $end" >packets.mid
    [[ $(events packets.mid) == "1:240,67,16,1,2,3,247" ]]
}

@test "a sysex without its F7 gets one" {
    midi_file 0000 0060 "00 f002 4310 60 903c40 00 f001 05 $end" >open.mid
    [[ $(events open.mid) == "0:240,67,16,247 0.5:144,60,64 0.5:240,5,247" ]]
}

@test "a sysex may hold an F7 byte before its end" {
    midi_file 0000 0060 "00 f004 01f702f7 60 903c40 $end" >inner.mid
    [[ $(events inner.mid) == "0:240,1,247,2,247 0.5:144,60,64" ]]
}

@test "of escapes a whole sysex is kept, other messages are not" {
    midi_file 0000 0060 "00 f703 f001f7 00 f701 f8 00 f703 f20102 00 fa 00 903c40 $end" >escape.mid
    [[ $(events escape.mid) == "0:240,1,247 0:144,60,64" ]]
}

@test "the playhead begins at 120 bpm in 4/4, and is before 0 where the audio is not there yet" {
    midi_file 0000 0060 "ff7f ff2f00" >plain.mid
    run -0 positions plain.mid -1 0 1.25 2 9
    [[ $output == "-2 -4 120 4/4
0 0 120 4/4
2.5 0 120 4/4
4 4 120 4/4
18 16 120 4/4" ]]
}

@test "the playhead follows tempo changes and time signatures" {
    # 4/4 at 120 bpm for a bar, then 6/8 at 60 bpm, and at quarter note 10 a 5/4 at 240 bpm.
    midi_file 0001 0060 "8300 ff5103 0f4240 8440 ff5103 03d090 8300 ff2f00" \
        "8300 ff5804 06031808 8440 ff5804 05021808 $end" >map.mid
    run -0 positions map.mid 1 2 4 5.5 7 8 9 10
    [[ $output == "2 0 120 4/4
4 4 60 6/8
6 4 60 6/8
7.5 7 60 6/8
9 7 60 6/8
10 10 240 5/4
14 10 240 5/4
18 15 240 5/4" ]]
}

@test "a tempo of 0 moves the playhead on without time, and its bpm stays finite" {
    midi_file 0000 0060 "60 ff5103 000000 60 ff5103 0f4240 60 ff2f00" >zero.mid
    [[ $(midi_song zero.mid | jq '.duration // empty') == 1.5 ]]
    run -0 positions zero.mid 0.25 0.5 1
    [[ $output == $'0.5 0 120 4/4\n2 0 60 4/4\n2.5 0 60 4/4' ]]
}

@test "a time signature that says nothing sensible is passed over" {
    midi_file 0000 0060 "00 ff5804 00021808 00 ff5804 04ff1808 00 ff5801 03 60 ff2f00" >odd.mid
    [[ $(positions odd.mid 0.25) == "0.5 0 120 4/4" ]]
}

@test "with an SMPTE division a tempo changes only the playhead" {
    midi_file 0000 e728 "00 ff5103 0f4240 8f50 903c40 $end" >smpte.mid # 2000 ticks, 1000 a second
    [[ $(events smpte.mid) == "2:144,60,64" ]]
    [[ $(positions smpte.mid 2) == "2 0 60 4/4" ]]
}

@test "JUCE finds in a block what was put there, up to messages of 65,535 bytes" {
    for bytes in 2 5 65529 65530 65535; do
        run -0 "$built/tests/midi-block" 3 "$bytes"
        [[ $output == "3 7 $bytes 247" ]]
    done
}

@test "events at one tick are put into a block in the time of their number" {
    without_sanitizers "instructions are counted by valgrind"
    counts=()
    for notes in 0 20000 40000; do
        count_instructions "$built/tests/midi-block" "$notes" 10
        counts+=("$count")
    done
    echo "${counts[@]}"
    ((counts[2] - counts[0] < 3 * (counts[1] - counts[0])))
}

# song EVENTS: a MIDI file with one track, made by that Python expression, that ends after a second.
song() {
    /usr/bin/python3 -c '
import struct, sys
def number(n): return bytes([n >> 14 & 127 | 128, n >> 7 & 127 | 128, n & 127])
track = eval(sys.argv[1]) + b"\x81\x40\xff\x2f\0"
sys.stdout.buffer.write(struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, 96, b"MTrk", len(track)) + track)
' "$1"
}

# said PLUGIN PATTERN...: what the plug-in says of many.mid, long.mid and longer.mid, each in a job
# of one run.
said() {
    local wanted=("${@:2}") i
    run --separate-stderr render-one --plugin "$1" < <(
        printf '{"midi_path":"%s.mid","midi_duration":1,"tail":0,"block_size":4096,"output_path":"%s.wav"}\n' \
            many many long long longer longer
    )
    [[ $status == 1 && ${#lines[@]} == 3 ]]
    mapfile -t found < <(jq -r '.status + ", " + (.error_kind // "") + ": " + (.error // "")' <<<"$output")
    for i in 0 1 2; do
        # shellcheck disable=SC2053
        [[ ${found[i]} == ${wanted[i]} ]] || fail "$1: ${found[i]}"
    done
}

@test "more events than a plug-in's format takes at once are an error of the job, and no event is lost" {
    plugins=$root/build/tests/plugins
    export LV2_PATH=$plugins
    song 'b"\0\x90\x3c\x40" + b"\0\x3c\x40" * 99999' >many.mid
    # One message: 7,000 bytes are too long for LV2 only, 65,536 bytes for all formats.
    song 'b"\0\xf0" + number(6999) + bytes(6998) + b"\xf7"' >long.mid
    song 'b"\0\xf0" + number(65535) + bytes(65534) + b"\xf7"' >longer.mid
    ok='ok, : '
    many="error, unsupported: *cannot take as many MIDI events at once as there are at 0 s; spread them"
    long="error, unsupported: *cannot take a MIDI message of 7000 bytes, as there is one at 0 s*"
    longer="error, unsupported: *cannot take a MIDI message of 65536 bytes, as there is one at 0 s*"
    said "$plugins/plain_synth.so" "$ok" "$ok" "$longer"
    said "$plugins/FaultSynth.vst3" "$many" "$ok" "$longer"
    said urn:patchpipe:fault-synth "$many" "$long" "$longer"
}
