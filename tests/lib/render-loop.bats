#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The render loop and its scores, played by a processor that counts and reports what it is asked to
# do: build/tests/render-loop. In other tests, programs in tests/lib/render-loop calculate what
# should be played.

load ../helper
load midi/files

render_loop() { timeout 60 "$built/tests/render-loop" "$@"; }

# blocks SETTINGS: the blocks in which the events on standard input are played, on one line, each as
# FRAME+FRAMES with its events as OFFSET:BYTES.
blocks() {
    render_loop "$1" | jq -r 'select(.frame != null)
        | "\(.frame)+\(.frames)" + ([.events[] | " \(.[0]):\(.[1])"] | join(""))' | xargs
}

# events SETTINGS: what is played, on one line: FRAME:BYTES.
events() {
    render_loop "$1" </dev/null |
        jq -r 'select(.frame != null) | .frame as $begin | .events[] | "\($begin + .[0]):\(.[1])"' | xargs
}

# rendered SETTINGS FILE
rendered() { render_loop "$1" "$2" </dev/null | jq '.rendered // empty'; }

# counting FRAMES [LATENCY]: the frames of the counting instrument, without the first LATENCY ones.
counting() {
    warm_python -c 'import sys, numpy
frames, latency = map(int, sys.argv[1:])
numpy.arange(2 * latency, 2 * (latency + frames), dtype="<f4").tofile(sys.stdout.buffer)' "$1" "${2:-0}"
}

oracle() { /usr/bin/python3 "$root/tests/lib/render-loop/$1" "$built/tests/render-loop" "${@:2}"; }

@test "a processor hears the audio of the score, and silence elsewhere" {
    for block_size in 1 7 64 1024; do
        for heard in 1 99 100 300; do
            rendered '{"sample_rate": 48000, "block_size": '"$block_size"', "frames": 100, "audio_frames": '"$heard}" out
            warm_python -c 'import sys, numpy
expected = numpy.zeros((100, 2), dtype="<f4")
heard = min(100, int(sys.argv[1]))
expected[:heard, 0] = numpy.arange(1, heard + 1)
assert numpy.array_equal(numpy.fromfile("out", dtype="<f4").reshape(-1, 2), expected)' "$heard"
        done
    done
}

# moves SETTINGS: where which parameter gets which value, on one line: FRAME:PARAMETER=VALUE.
moves() {
    render_loop "$1" </dev/null | jq -r 'select(.frame != null) | .frame as $frame
        | .parameters[] | "\($frame):\(.[0])=\(.[1] * 1000 | round / 1000)"' | xargs
}

@test "a parameter moves at its points, and between them in steps of the control interval" {
    lanes='"lanes": [["linear", [[10, 0], [30, 1], [30, 0.5], [41, 0.5]]], ["step", [[0, 0.25], [17, 0.75]]]]'
    for block_size in 1 2 3 8 64 1000; do
        [[ $(moves "{\"frames\": 60, \"block_size\": $block_size, \"control_interval\": 8, $lanes}") == \
            "0:1=0.25 10:0=0 16:0=0.3 17:1=0.75 24:0=0.7 30:0=0.5 41:0=0.5" ]]
    done
    [[ $(moves "{\"frames\": 4, \"control_interval\": 1, \"lanes\": [[\"linear\", [[0, 1], [4, 0]]]]}") == \
        "0:0=1 1:0=0.75 2:0=0.5 3:0=0.25" ]]
}

@test "a render has exactly its frames, whatever the length and the block size" {
    for frames in 0 1 6 7 8 511 512 513 1025 44101; do
        counting "$frames" >wanted.f32
        for block in 1 7 512 65536; do
            echo "$frames frames in blocks of $block"
            [[ $(rendered "{\"frames\":$frames,\"block_size\":$block}" out.f32) == "$frames" ]]
            cmp out.f32 wanted.f32
        done
    done
}

@test "every block is whole but the last" {
    [[ $(blocks '{"frames":20,"block_size":7}' </dev/null) == "0+7 7+7 14+6" ]]
    [[ $(blocks '{"frames":21,"block_size":7}' </dev/null) == "0+7 7+7 14+7" ]]
    [[ $(blocks '{"frames":3,"block_size":7}' </dev/null) == "0+3" ]]
    [[ $(blocks '{"frames":3,"block_size":1}' </dev/null) == "0+1 1+1 2+1" ]]
    [[ -z $(blocks '{"frames":0,"block_size":7}' </dev/null) ]]
}

@test "an event keeps its frame at the edges of blocks" {
    printf '%s 903c40\n' 0 6 7 13 14 19 >events
    [[ $(blocks '{"frames":20,"block_size":7}' <events) == "0+7 0:903c40 6:903c40 7+7 0:903c40 6:903c40 14+6 0:903c40 5:903c40" ]]
    [[ $(blocks '{"frames":20,"block_size":64}' <events) == "0+20 0:903c40 6:903c40 7:903c40 13:903c40 14:903c40 19:903c40" ]]
}

@test "an event may have any number of bytes" {
    long=f0$(printf '%02x' {0..127} {0..127} {0..127})f7
    printf '%s\n' "1 c005" "2 $long" "9 f8" >events
    [[ $(blocks '{"frames":10,"block_size":8}' <events) == "0+8 1:c005 2:$long 8+2 1:f8" ]]
}

@test "events at one frame keep their order" {
    printf '7 %s\n' 903c40 803c40 b00101 903c40 b00100 903c00 >events
    for one in true false; do
        [[ $(blocks "{\"frames\":9,\"block_size\":7,\"one_controller_a_block\":$one}" < events) == \
            "0+7 7+2 0:903c40 0:803c40 0:b00101 0:903c40 0:b00100 0:903c00" ]]
    done
}

@test "an event at the end or beyond it is left out" {
    printf '%s 903c40\n' 19 20 21 1000000 >events
    [[ $(blocks '{"frames":20,"block_size":64}' <events) == "0+20 19:903c40" ]]
    [[ $(blocks '{"frames":20,"block_size":10}' <events) == "0+10 10+10 9:903c40" ]]
    [[ -z $(blocks '{"frames":0}' <events) ]]
}

@test "a controller begins a block only where an instrument takes one a block" {
    for data in b00140 d020 e00040 a03c40 bf0140; do
        echo "5 $data" >events
        [[ $(blocks '{"frames":20,"block_size":16}' <events) == "0+16 5:$data 16+4" ]]
        [[ $(blocks '{"frames":20,"block_size":16,"one_controller_a_block":true}' <events) == "0+5 5+15 0:$data" ]]
    done
}

@test "notes, programs and system messages split no block" {
    printf '%s\n' "5 903c40" "6 803c40" "7 c005" "8 f04310f7" >events
    [[ $(blocks '{"frames":20,"block_size":16,"one_controller_a_block":true}' < events) == \
        "0+16 5:903c40 6:803c40 7:c005 8:f04310f7 16+4" ]]
}

@test "several controllers at one frame are in one block" {
    printf '%s\n' "5 b00140" "5 903c40" "5 b00240" "5 e00040" "6 b00141" >events
    [[ $(blocks '{"frames":9,"block_size":16,"one_controller_a_block":true}' < events) == \
        "0+5 5+1 0:b00140 0:903c40 0:b00240 0:e00040 6+3 0:b00141" ]]
}

@test "a controller where a block begins anyway splits nothing" {
    printf '%s b00140\n' 0 8 >events
    [[ $(blocks '{"frames":20,"block_size":8,"one_controller_a_block":true}' <events) == "0+8 0:b00140 8+8 0:b00140 16+4" ]]
}

@test "after a split no block is longer than the block size" {
    printf '%s b00140\n' 7 15 >events
    [[ $(blocks '{"frames":30,"block_size":8,"one_controller_a_block":true}' < events) == \
        "0+7 7+8 0:b00140 15+8 0:b00140 23+7" ]]
}

@test "a split at the last frame, or beyond the end, loses no frame" {
    printf '%s b00140\n' 9 10 >events
    [[ $(blocks '{"frames":10,"block_size":8,"one_controller_a_block":true}' <events) == "0+8 8+1 9+1 0:b00140" ]]
}

@test "a block has no more events than the instrument takes, and none is lost" {
    printf '%s 903c40\n' 0 3 3 4 9 >events
    [[ $(blocks '{"frames":10,"block_size":8,"most_events":3}' < events) == \
        "0+4 0:903c40 3:903c40 3:903c40 4+6 0:903c40 5:903c40" ]]
    [[ $(blocks '{"frames":10,"block_size":8,"most_events":2}' < events) == \
        "0+3 0:903c40 3+1 0:903c40 0:903c40 4+6 0:903c40 5:903c40" ]]
    # A message takes its bytes, padded to a multiple of eight, and 16 more.
    [[ $(blocks '{"frames":10,"block_size":16,"most_event_bytes":72}' < events) == \
        "0+4 0:903c40 3:903c40 3:903c40 4+6 0:903c40 5:903c40" ]]
}

@test "more events at one frame than the instrument takes are refused before anything is played" {
    printf '%s 903c40\n' 0 3 3 3 4 >events
    run -1 --separate-stderr render_loop '{"frames":10,"block_size":8,"sample_rate":1000,"most_events":2}' <events
    [[ -z $output && $stderr == *"cannot take as many MIDI events at once as there are at 0.003 s; spread them" ]]
    run -1 --separate-stderr render_loop '{"frames":10,"sample_rate":1000,"most_event_bytes":23}' <events
    [[ -z $output && $stderr == *"cannot take a MIDI message of 3 bytes, as there is one at 0 s; take it"* ]]
    # Events that are not played any more are not checked.
    run -0 render_loop '{"frames":3,"block_size":8,"most_events":2}' <events
}

@test "a latency of N drops the first N frames and renders N more" {
    for latency in 0 1 6 7 8 20 600; do
        counting 100 "$latency" >wanted.f32
        for block in 1 7 512; do
            echo "latency $latency, blocks of $block"
            settings="{\"frames\":100,\"block_size\":$block,\"latency_frames\":$latency}"
            [[ $(rendered "$settings" out.f32) == 100 ]]
            cmp out.f32 wanted.f32
        done
    done
    [[ $(blocks '{"frames":10,"block_size":7,"latency_frames":8}' </dev/null) == "0+7 7+7 14+4" ]]
    [[ $(rendered '{"frames":0,"latency_frames":600}' out.f32) == 0 && ! -s out.f32 ]]
}

@test "an event in the frames that make up for the latency is played, one beyond is not" {
    printf '%s 903c40\n' 9 10 12 13 >events
    [[ $(blocks '{"frames":10,"block_size":8,"latency_frames":3}' <events) == "0+8 8+5 1:903c40 2:903c40 4:903c40" ]]
}

@test "latency is dropped across split blocks" {
    printf '%s b00140\n' 3 4 9 >events
    settings='{"frames":10,"block_size":8,"latency_frames":5,"one_controller_a_block":true}'
    render_loop "$settings" out.f32 <events
    [[ $(blocks "$settings" <events) == "0+3 3+1 0:b00140 4+5 0:b00140 9+6 0:b00140" ]]
    counting 10 5 >wanted.f32
    cmp out.f32 wanted.f32
}

@test "blocks, events and frames of 300 scores are as calculated" {
    run -0 oracle same_blocks.py 300
    [[ ${#lines[@]} -eq 1 && $output == "300 "[1-9][0-9][0-9][0-9]*" "[1-9][0-9][0-9][0-9] ]]
}

@test "the transport begins at 0 and is playing, at 120 bpm in 4/4" {
    run -0 render_loop '{"frames":300000,"block_size":44100}' </dev/null
    run -0 jq -r 'select(.frame != null) | "\(.frame) \(.seconds) \(.ppq) \(.bar_start_ppq) \(.bpm) \(.signature) \(.playing)"' <<<"$output"
    [[ $output == "0 0 0 0 120 4/4 true
44100 1 2 0 120 4/4 true
88200 2 4 4 120 4/4 true
132300 3 6 4 120 4/4 true
176400 4 8 8 120 4/4 true
220500 5 10 8 120 4/4 true
264600 6 12 12 120 4/4 true" ]]
}

@test "the transport follows tempos and time signatures" {
    # 4/4 at 120 bpm for a bar, then 6/8 at 60 bpm, and at quarter note 10 a 5/4 at 240 bpm.
    midi_file 0001 0060 "8300 ff5103 0f4240 8440 ff5103 03d090 8300 ff2f00" \
        "8300 ff5804 06031808 8440 ff5804 05021808 $end" >map.mid
    run -0 render_loop '{"midi_path":"map.mid","midi_duration":9,"tail":1,"sample_rate":1000,"block_size":1500}'
    run -0 jq -r 'select(.frame != null) | "\(.frame) \(.ppq) \(.bar_start_ppq) \(.bpm) \(.signature)"' <<<"$output"
    [[ $output == "0 0 0 120 4/4
1500 3 0 120 4/4
3000 5 4 60 6/8
4500 6.5 4 60 6/8
6000 8 7 60 6/8
7500 9.5 7 60 6/8
9000 14 10 240 5/4" ]]
}

@test "the transport and the clock of 30 songs are as calculated, to the frame" {
    /usr/bin/python3 "$root/tests/lib/midi/random_files.py" 30
    mapfile -t files < <(some 8 random-*.mid)
    run -0 oracle same_transport.py "${files[@]}"
    [[ ${#lines[@]} -eq 1 && $output == "${#files[@]} "[1-9][0-9][0-9][0-9]* ]]
}

@test "a note begins at frame 0 and ends after its duration" {
    [[ $(events '{"note":60,"velocity":1,"duration":0.5}') == "0:903c01 22050:803c00" ]]
    [[ $(events '{"note":0,"duration":0.00001,"tail":0.001,"sample_rate":48000}') == "0:90007f 0:800000" ]]
}

@test "a note and its tail are rounded to frames once" {
    for duration in 0.1 0.3 1.23456789 0.00001; do
        for tail in 0 0.2 0.00001 2.00001; do
            for rate in 8000 44100 96000; do
                wanted=$(/usr/bin/python3 -c "import math; print(math.floor(($duration + $tail) * $rate + 0.5))")
                settings="{\"duration\":$duration,\"tail\":$tail,\"sample_rate\":$rate,\"block_size\":65536}"
                [[ $(rendered "$settings" /dev/null) == "$wanted" ]] || fail "$settings: not $wanted"
            done
        done
    done
}

@test "a note without a tail needs no note-off" {
    [[ $(events '{"duration":0.5,"tail":0}') == "0:90307f" ]]
}

@test "a song's events, its end and its length are as calculated for 60 songs" {
    /usr/bin/python3 "$root/tests/lib/midi/random_files.py" 60
    run -0 oracle same_songs.py "$built/tests/midi-song" random-*.mid
    [[ ${#lines[@]} -eq 1 && $output == "60 "[1-9][0-9][0-9][0-9]*" "[1-9][0-9]*" "[1-9]* ]]
}

# song_events SECONDS TRACK...: the events of a song that are played up to that time, in
# milliseconds.
song_events() {
    midi_file 0001 01f4 "${@:2}" >song.mid # 500 ticks a quarter note, so a tick is a millisecond
    events "{\"midi_path\":\"song.mid\",\"midi_duration\":$1,\"tail\":1,\"sample_rate\":1000}"
}

@test "notes held at a song's end are let go there, on their own channels" {
    [[ $(song_events 0.05 "00 903c40 00 953d40 00 913c40 0a 903c00 8300 803d00 $end") == \
        "0:903c40 0:953d40 0:913c40 10:903c00 50:813c00 50:853d00" ]]
}

@test "a note that was begun twice is let go twice" {
    [[ $(song_events 0.05 "00 903c40 0a 903c40 8300 803c00 $end") == "0:903c40 10:903c40 50:803c00 50:803c00" ]]
    [[ $(song_events 0.05 "00 903c40 0a 903c40 0a 803c00 8300 803c00 $end") == \
        "0:903c40 10:903c40 20:803c00 50:803c00" ]]
}

@test "a note-off without its note leaves nothing to let go" {
    [[ $(song_events 0.05 "00 803c40 00 803c40 0a 903c40 0a 803c40 $end") == \
        "0:803c40 0:803c40 10:903c40 20:803c40" ]]
}

@test "pedals that hold notes are let go at a song's end" {
    [[ $(song_events 0.05 "00 b0407f 00 b14040 00 b0427f 00 b2457f $end") == \
        "0:b0407f 0:b14040 0:b0427f 0:b2457f 50:b04000 50:b04200 50:b14000 50:b24500" ]]
    [[ $(song_events 0.05 "00 b0407f 00 b1403f 00 b0437f 00 b0017f 0a b04000 $end") == \
        "0:b0407f 0:b1403f 0:b0437f 0:b0017f 10:b04000" ]]
}

@test "a song's events at its end are played, later ones are left out" {
    [[ $(song_events 0.05 "32 903c40 00 b0407f 01 903d40 32 803c00 00 b04000 $end") == \
        "50:903c40 50:b0407f 50:803c00 50:b04000" ]]
}

@test "a song that is shorter than its duration is let go at that" {
    [[ $(song_events 0.5 "00 903c40 $end") == "0:903c40 500:803c00" ]]
}

@test "samples that are no numbers are counted, but for those that the latency drops" {
    printf '%s\n' "3 907e40" "40 907f40" "41 907f40" "99 907e40" >events
    [[ $(render_loop '{"frames":100,"block_size":7}' <events | jq '.non_finite_samples // empty') == 4 ]]
    [[ $(render_loop '{"frames":100,"block_size":7,"latency_frames":3}' <events | jq '.non_finite_samples // empty') == 4 ]]
    [[ $(render_loop '{"frames":100,"block_size":7,"latency_frames":41}' <events | jq '.non_finite_samples // empty') == 2 ]]
    [[ $(render_loop '{"frames":39,"block_size":7}' out.f32 <events | jq '.non_finite_samples // empty') == 1 ]]
    warm_python -c 'import numpy; print(*numpy.flatnonzero(~numpy.isfinite(numpy.fromfile("out.f32", "<f4"))))' >where
    [[ $(<where) == 6 ]] # frame 3, the first channel
}
