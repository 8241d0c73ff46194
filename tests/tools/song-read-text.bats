#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Modules that are texts through song-read, and what song-write makes of them.

load ../helper

text() {
    cat >song.txt <<'END'
# A comment, and a line of blanks.
   
title: My Song : part 1
Sample: kick, path=drums/kick.wav, mood=dark, BPM = 90
SAMPLE: Snare
PATTERN: the first
SAMPLE:kick REST SAMPLE:Snare
-, SAMPLE:hat,SAMPLE:kick
SAMPLE: late, path=late.wav
REST
PATTERN: nothing
PATTERN:
SAMPLE:late
ORDER: 0, 1,x, 0, 7
END
}

# values FILE TYPE FILTER: of the records of that type.
values() { command jq -c "select(.type == \"$2\") | $3" "$1"; }

@test "a text module is read by its content, with its samples, rows and order" {
    text
    song-read --rows song.txt >records
    # The order's x and 7 are no patterns; the empty pattern has no number.
    [[ $(values records song '[.format, .title, .length, .channels, .warnings]') == '["text","My Song : part 1",1.75,3,["the order names what is no pattern: 7, x"]]' ]]
    [[ $(values records tempo '[.time, .bpm]') == '[0,60]' ]]
    [[ $(values records sample '[.sample, .name, .path, .meta]') == '["s1","kick","drums/kick.wav",{"mood":"dark","BPM":"90"}]
["s2","Snare",null,null]
["s3","hat",null,null]
["s4","late","late.wav",null]' ]]
    [[ $(values records row '[.time, .order, .pattern, .row, [.cells[] | .channel, .sample]]') == '[0,0,0,0,[1,"s1",3,"s2"]]
[0.25,0,0,1,[2,"s3",3,"s1"]]
[0.5,0,0,2,[]]
[0.75,1,1,0,[1,"s4"]]
[1,2,0,0,[1,"s1",3,"s2"]]
[1.25,2,0,1,[2,"s3",3,"s1"]]
[1.5,2,0,2,[]]' ]]
    # As a file of another name, from a pipe, with other ends of lines and a byte order mark.
    cp song.txt song.mod
    diff <(song-read --rows song.mod | command jq -c 'del(.path)') <(command jq -c 'del(.path)' records)
    diff <({ printf '\xef\xbb\xbf' && sed 's/$/\r/' song.txt; } | song-read --rows - | command jq -c 'del(.path)') <(command jq -c 'del(.path)' records)
}

@test "inside a pattern a blank behind SAMPLE: makes it a declaration, and without one it is a row" {
    printf 'PATTERN: a\nSAMPLE:x\nSAMPLE: y\nSAMPLE:z,SAMPLE:x\n' | song-read --rows - >records
    [[ $(values records row '[.cells[] | .channel, .sample]') == '[1,"s1"]
[1,"s3",2,"s1"]' ]]
    [[ $(values records sample .name | paste -sd ' ') == '"x" "y" "z"' ]]
    # Outside of patterns both declare.
    [[ $(printf 'SAMPLE:x\n' | song-read - | jq -c 'select(.type == "sample") | .name') == '"x"' ]]
}

@test "without a title and an order there are usual ones, and rows have 32 channels at most" {
    { echo PATTERN: && printf 'SAMPLE:x %.0s' {1..40} && echo && echo PATTERN: && echo -; } >song.txt
    song-read --rows song.txt >records
    [[ $(values records song '[.title, .channels, .warnings[0]]') == '["Untitled",32,"line 2 has 40 channels, of which the first 32 play"]' ]]
    [[ $(values records row '[.pattern, (.cells | length)]' | paste -sd ' ') == '[0,32] [1,0]' ]]
}

@test "a wrong line is an error with its number, and the rest is read" {
    printf 'TITLE: x\nstray row\nSAMPLE: , path=a\nPATTERN:\nSAMPLE:x\nORDER: 0\nSAMPLE:x y\n- -\n' >song.txt
    run -1 song-read --rows song.txt
    [[ $(jq -c 'select(.status == "error") | [.error_kind, .line]' <<<"$output" | paste -sd ' ') == '["corrupt",2] ["corrupt",3] ["corrupt",8]' ]]
    [[ $(jq -c 'select(.type == "row") | .cells' <<<"$output") == '[{"channel":1,"sample":"s1"}]' ]]
    # A pattern within a pattern of a million rows is a song of years.
    { echo PATTERN: && yes - | head -n 2000 && echo "ORDER: $(printf '0,%.0s' {1..2000})"; } >long.txt
    run -1 song-read long.txt
    [[ $output == *"at most 3600 are allowed"* ]]
    for ((size = 0; size < 200; size += 7)); do head -c "$size" song.txt >"cut$size"; done
    run -1 song-read -- cut*
    jq -es 'all(.type or .status == "error")' <<<"$output"
}

@test "samples are notes of their rows, or items, and write MIDI files and projects" {
    text
    song-read song.txt >notes
    [[ $(values notes note '[.track, .time, .length, .note, .sample]' | head -3) == '["t1",0,0.25,60,"s1"]
["t1",0.75,0.25,60,"s4"]
["t1",1,0.25,60,"s1"]' ]]
    [[ $(values notes note .sample | wc -l) == 9 ]]
    song-read --items --row-ms 100 song.txt >items
    [[ $(values items item '[.item, .track, .time, .length, .loop, .name, .source.path]' | head -2) == '["t1.i1","t1",0,0.1,true,"kick","drums/kick.wav"]
["t1.i2","t1",0.3,0.1,true,"late","late.wav"]' ]]
    song-write -o song.rpp <items
    [[ $(song-read -k song.rpp | jq -c 'select(.type == "item") | .source.path' | sort | uniq -c | tr -s ' ' | paste -sd ,) == ' 2 "Snare", 4 "drums/kick.wav", 2 "hat", 1 "late.wav"' ]]
    run -2 song-read --rows --items song.txt
}

@test "samples that are drums play the notes of drums on channel 10" {
    text
    song-read song.txt >notes
    song-write -o plain.mid <notes
    song-write --drums -o drums.mid <notes
    jq -c 'if .sample == "s4" and .type == "sample" then .drum_note = 50 else . end' notes | song-write --drums -o given.mid
    played() {
        /usr/bin/python3 - "$1" <<'PYTHON'
import collections
import sys
import mido
notes = collections.Counter((event.channel, event.note) for track in mido.MidiFile(sys.argv[1]).tracks
                            for event in track if event.type == "note_on" and event.velocity)
print(*(f"{channel + 1}:{note}x{count}" for (channel, note), count in sorted(notes.items())))
PYTHON
    }
    [[ $(played plain.mid) == "1:60x3 2:60x2 3:60x4" ]]
    [[ $(played drums.mid) == "1:60x1 10:36x4 10:38x2 10:42x2" ]]
    [[ $(played given.mid) == "10:36x4 10:38x2 10:42x2 10:50x1" ]]
    run -1 song-write -o wrong.mid < <(jq -c 'if .type == "sample" then .drum_note = 200 else . end' notes)
    [[ $output == *"drum_note that is not 0 to 127"* ]]
}

@test "a text may begin with long comments" {
    { printf '# %s\n' {1..2000} && printf 'PATTERN:\nSAMPLE:x\n'; } >song.txt
    song-read song.txt >records
    [[ $(values records note .sample) == '"s1"' ]]
}

@test "a text has no second subsong" {
    text
    run -1 song-read --subsong 2 song.txt
    [[ $output == *"has no subsong 2"* ]]
}

@test "a sample of which a text says endlessly much is an error, in bounded time" {
    /usr/bin/python3 -c 'print("SAMPLE: a" + "".join(f",k{i}=1" for i in range(400000)) + "\nPATTERN:\nSAMPLE:a")' >song.txt
    run -1 timeout 60 song-read song.txt
    [[ $output == *'"line":1'* && $output == *'"type":"note"'* ]]
}

@test "what a text says of a sample again replaces what it said before, whatever the key is" {
    printf 'SAMPLE: a, k"=1, x=1, k"=2, x=2\n' | song-read - >records
    [[ $(values records sample .meta) == '{"k\"":"2","x":"2"}' ]]
    [[ $(<records) != *'"1"'* ]]
}
