#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Tracker modules through song-read and song-write: modules of Debian's games with openmpt123 and
# libopenmpt as oracles, and modules made here, whose times are counted by hand.

load ../helper

pingus=/usr/share/games/pingus/data/music
modules=("$pingus/success_2.it" "$pingus/gd-cancn.it" /usr/share/games/tecnoballz/musics/area1-game2.mod
    /usr/share/games/freedroid/sound/starpaws.mod /usr/share/games/vectoroids/music/decision.s3m "$pingus/gd-giirm.s3m")
# One of each kind, or all.
mapfile -t modules < <(some 3 "${modules[@]}")

# made: the module that the JSON on standard input describes, as made.mod.
made() { "$root/tests/make-module.py" made.mod; }

# tempos: speed and tempo, a loop of two rows and one of a single row, a delay, a break and a jump.
tempos() {
    made <<'JSON'
{"order": [0, 1], "samples": [{"frames": 4000}],
 "patterns": [{"0": ["C-2 01 000"], "2": ["... 00 F03"], "8": ["... 00 E60"], "9": ["... 00 E61"],
               "11": ["... 00 F96"], "12": ["... 00 EE1"], "15": ["... 00 D00"]},
              {"0": ["", "", "", "... 00 E62"], "1": ["C-2 01 000"], "7": ["... 00 B05"]}]}
JSON
}

# notes: of the track in $1 from made.mod, their values of the keys.
notes() { song-read made.mod | jq -c --arg track "$1" 'select(.type == "note" and .track == $track)'; }

@test "rows have their true times: speed, tempo, loops, delays, breaks and jumps" {
    tempos
    song-read --rows made.mod >rows
    # In ticks of 20 ms, and from row 11 on, with a tempo of 150, of 50/3 ms.
    jq -c 'select(.type == "row") | [.pattern, .row, (.length * 1000 | round)]' rows >found
    cat >expected <<'END'
[0,0,120]
[0,1,120]
[0,2,60]
[0,3,60]
[0,4,60]
[0,5,60]
[0,6,60]
[0,7,60]
[0,8,60]
[0,9,60]
[0,8,60]
[0,9,60]
[0,10,60]
[0,11,50]
[0,12,100]
[0,13,50]
[0,14,50]
[0,15,50]
[1,0,50]
[1,0,50]
[1,0,50]
[1,1,50]
[1,2,50]
[1,3,50]
[1,4,50]
[1,5,50]
[1,6,50]
[1,7,50]
END
    # Row 11 begins with the tempo before it: its first tick is as long.
    diff <(sed 's/^\[0,11,5[0-9]\]/[0,11,50]/' found) expected
    # They follow one another, to the end.
    jq -es '(map(select(.type == "row")) | [.[1:], .[:-1]] | transpose | all(.[0].time - .[1].time - .[1].length | fabs < 1e-9))
        and (map(select(.type == "row"))[-1] | .time + .length) - .[0].length < 1e-9' rows
    # A quarter note is four rows, so tempos change with their lengths.
    jq -es '(map(select(.type == "tempo")) | [.[0].bpm, .[1].bpm] == [125, 250]) and
        (map(select(.type == "row")) | [range(length)] == map(.beat * 4))' rows
}

@test "cells have notes, samples, volumes and effects as trackers show them" {
    made <<<'{"patterns": [{"0": ["C-2 01 C20", "", "A-3 02 ED3"]}], "samples": [{"frames": 16}, {"frames": 32}]}'
    [[ $(song-read --rows made.mod | command jq -c 'select(.row == 0) | .cells') == '[{"channel":1,"note":60,"instrument":1,"sample":"s1","effect":"C20"},{"channel":3,"note":81,"instrument":2,"sample":"s2","effect":"ED3"}]' ]]
    song-read --rows "$pingus/gd-cancn.it" >rows
    jq -se 'map(.cells // [] | .[]) | any(.volume == "v20" and .effect == "Q33") and any(.sample == "i6")' rows
}

@test "the times of modules are those of openmpt123" {
    for module in "${modules[@]}"; do
        cp "$module" copy
        openmpt123 --quiet --samplerate 44100 --channels 1 --ctl play.at_end=stop --subsong 0 --output-type wav --render copy
        frames=$(soxi -s copy.wav)
        [[ $(song-read --rows "$module" | jq -s --argjson frames "$frames" '(.[0].length * 44100 | round) == $frames') == true ]] || fail "$module"
        rm copy copy.wav
    done
}

@test "times are exact for another sample rate too" {
    cp "$pingus/gd-myla.it" copy
    openmpt123 --quiet --samplerate 48000 --channels 1 --ctl play.at_end=stop --output-type wav --render copy
    frames=$(soxi -s copy.wav)
    song-read --rows copy --sample-rate 48000 | jq -se --argjson frames "$frames" '(.[0].length * 48000 | round) == $frames'
    song-read --rows copy | jq -se --argjson frames "$frames" '(.[0].length * 48000 | round) != $frames'
}

@test "a MIDI file has as many notes as the patterns of a module play" {
    for module in "${modules[@]}"; do
        song-read "$module" | song-write -o made.mid
        "$root/tests/oracles/module-notes.py" "$module" made.mid
    done
}

@test "a note lasts until its sample ends, the next note or a cut, and begins after its delay" {
    made <<'JSON'
{"patterns": [{"0": ["C-2 01 000", "C-3 02 C20", "C-3 02 000"], "4": ["", "D-3 02 ED2"],
               "5": ["", "C-2 02 ED7"], "8": ["", "", "... 00 EC3"], "10": ["", "... 00 B01"]}],
 "samples": [{"frames": 4000}, {"frames": 64, "loop": true}]}
JSON
    near() { jq -es --argjson expected "$1" '[.[] | .time, .length] as $found | [$found, $expected] | transpose | all(.[0] - .[1] | fabs < 0.003)'; }
    # A PAL Amiga plays C-2 at 8287 Hz.
    notes t1 | near '[0, 0.4827]'
    # The second is late by two ticks; the third would be by more than its row is long.
    notes t2 | near '[0, 0.52, 0.52, 0.8]'
    notes t3 | near '[0, 1.02]'
    [[ $(notes t2 | jq -c '[.note, .velocity, .sample]' | paste -sd ' ') == '[72,64,"s2"] [74,127,"s2"]' ]]
}

@test "every tracker's format has the same notes, which last until they are not heard any more" {
    "$root/tests/make-trackers.py" .
    for module in tune.*; do
        song-read "$module" | jq -c 'select(.type == "note") | [.track, .note, (.length > 0.1 and .length < 0.6)]' >found
        cat >expected <<'END'
["t1",60,true]
["t1",62,true]
["t2",67,true]
["t2",65,true]
["t3",64,true]
END
        diff found expected || fail "$module"
    done
}

@test "slides, glides, vibrato and arpeggios are bends, and volumes expression" {
    made <<'JSON'
{"patterns": [{"0": ["C-2 01 000", "C-2 01 C40", "C-2 01 047", "C-2 01 484"],
               "1": ["... 00 114", "... 00 A02"], "2": ["G-2 00 3FF", "... 00 C10"],
               "3": ["... 00 300", "... 00 A20"], "4": ["C-2 01 000", "C-2 01 C20"], "5": ["... 00 D00"]}],
 "samples": [{"frames": 64, "loop": true}]}
JSON
    song-read made.mod >records
    bend() { jq -s --arg track "$1" --argjson time "$2" 'map(select(.track == $track and .kind == "bend" and .time < $time + 1e-6))[-1].value * 2400 / 8192' records; }
    close() { awk -v one="$1" -v other="$2" 'BEGIN { exit !(one - other < 1 && other - one < 1) }'; }
    # A note begins at its own pitch, unless its first tick has an effect.
    [[ $(jq -c 'select(.type == "note") | .cents - .note * 100' records | sort -u) == 0 ]]
    "$root/tests/make-module.py" fine.mod <<<'{"patterns": [{"0": ["C-2 01 E14"], "1": ["... 00 D00"]}], "samples": [{"frames": 64, "loop": true}]}'
    close "$(song-read fine.mod | jq 'select(.type == "note").cents')" "$(awk 'BEGIN { print 6000 + 1200 * log(428 / 424) / log(2) }')"
    # The range is 24 semitones.
    [[ $(jq -c 'select(.track == "t1" and .kind == "controller") | [.number, .value]' records | paste -sd ' ') == '[101,0] [100,0] [6,24] [38,0]' ]]
    # Five ticks by 0x14 lower the period of 428 to 328.
    close "$(bend t1 0.23)" "$(awk 'BEGIN { print 1200 * log(428 / 328) / log(2) }')"
    # G-2 is 7 semitones higher, and is no new note.
    close "$(bend t1 0.47)" 700
    [[ $(jq -s 'map(select(.type == "note" and .track == "t1")) | length' records) == 2 ]]
    close "$(bend t1 0.48)" 0
    # An arpeggio goes through its three notes, tick by tick.
    [[ $(jq -c 'select(.track == "t3" and .kind == "bend") | .value * 2400 / 8192 | round' records | head -5 | paste -sd ' ') == '400 700 0 400 700' ]]
    # A vibrato of depth 4 swings by 8 in the period to both sides.
    jq -es 'map(select(.track == "t4" and .kind == "bend").value * 2400 / 8192) | (max > 25 and max < 35)' records
    # 64 - 5 * 2 is 54; then 16, and 26.
    [[ $(jq -c 'select(.track == "t2" and .number == 11) | .value' records | paste -sd ' ') == '123 119 115 111 107 32 36 40 44 48 52 127' ]]
    # The velocity is that of the loudest moment.
    [[ $(jq -c 'select(.type == "note" and .track == "t2") | .velocity' records | paste -sd ' ') == '127 64' ]]
    song-write -o made.mid <records
    /usr/bin/python3 - <<'PYTHON'
import mido
track = mido.MidiFile("made.mid").tracks[1]
assert sum(event.type == "pitchwheel" for event in track) > 5
PYTHON
}

@test "retriggers are notes" {
    made <<<'{"patterns": [{"0": ["C-2 01 E92"], "1": ["... 00 E93"], "2": ["... 00 D00"]}], "samples": [{"frames": 64, "loop": true}]}'
    [[ $(notes t1 | jq -c '.time * 100 | round' | paste -sd ' ') == "0 4 8 18" ]]
}

@test "a note that cannot be heard says so" {
    made <<<'{"patterns": [{"0": ["C-2 01 C00", "C-2 02 000"], "2": ["... 00 D00"]}], "samples": [{"frames": 64, "loop": true}]}'
    [[ $(song-read made.mod | jq -c 'select(.type == "note") | [.silent, .length, .velocity]' | sort -u) == '[true,0,1]' ]]
}

@test "the same module gives the same records, also with random instruments" {
    song-read "$pingus/sorcerer.it" >one
    song-read - <"$pingus/sorcerer.it" | sed "1s|\"path\":\"standard input\"|\"path\":\"$pingus/sorcerer.it\"|" | cmp - one
}

@test "a subsong is played alone" {
    module=/usr/share/games/tecnoballz/musics/area1-game.mod
    [[ $(song-read --rows "$module" | jq -c 'select(.type == "song") | [.subsong, .subsongs]') == '[1,4]' ]]
    song-read --rows --subsong 2 "$module" | jq -es '.[0].subsong == 2 and (map(select(.type == "row"))[0].order > 0)'
    run -1 song-read --subsong 9 "$module"
    [[ $output == *"has no subsong 9"* ]]
}

@test "a sample is written as it sounds at middle C, and ends by itself" {
    made <<<'{"patterns": [{"0": ["C-2 01 000"]}], "samples": [{"frames": 4000, "name": "Kick/1"}, {"frames": 0}, {"frames": 64, "loop": true, "name": "Lead"}]}'
    song-read --samples samples made.mod >records
    [[ $(jq -c 'select(.path) | select(.type == "sample") | [.sample, .path, .base_note]' records) == \
        '["s1","'$PWD'/samples/0001 Kick_1.wav",60]
["s3","'$PWD'/samples/0003 Lead.wav",60]' ]]
    # 4000 frames at the 8287 Hz of C-2, and a loop of ten seconds; the pitch of 16 frames.
    audio-measure samples/*.wav | jq -es '(.[0].frames / 44100 - 0.4827 | fabs) < 0.01 and (.[1].frames / 44100 - 10 | fabs) < 0.01'
    [[ $(find samples -type f | wc -l) == 2 ]]
}

@test "what plays too long is refused, before it is played" {
    tempos
    run -1 song-read --longest 1 made.mod
    [[ $output == *'"error_kind":"unsupported"'*"at most 1 are allowed"* ]]
    # All orders, rows of 31 ticks at the slowest tempo, each played 16 times.
    made <<<"{\"order\": [$(printf '0,%.0s' {1..126})0], \"patterns\": [{\"0\": [\"\", \"... 00 F20\", \"... 00 F1F\"], $(printf '"%s": ["... 00 EEF"],' {1..62}) \"63\": [\"... 00 EEF\"]}]}"
    run -1 timeout 60 song-read made.mod
    [[ $output == *"seconds, and at most 3600 are allowed"* ]]
}

@test "a module that is cut, or full of nonsense, is read or refused, within bounds" {
    tempos
    for part in $(some_numbers 20 0 $((($(stat -c %s made.mod) - 1) / 64))); do head -c $((part * 64)) made.mod >"cut$part.mod"; done
    head -c 20000 "$pingus/success_1.it" >big.it
    for part in $(some_numbers 8 0 31); do head -c $((part * 64)) big.it >"cut$part.it"; done
    # 0 orders and 255; orders that no pattern has; a sample longer than the file.
    for byte in 0 255; do
        cp made.mod "orders$byte.mod"
        printf '%b' "\\0$(printf %o "$byte")" | dd of="orders$byte.mod" bs=1 seek=950 conv=notrunc status=none
    done
    cp made.mod range.mod && printf '\x7f\xff\x40' | dd of=range.mod bs=1 seek=952 conv=notrunc status=none
    cp made.mod long.mod && printf '\xff\xff' | dd of=long.mod bs=1 seek=42 conv=notrunc status=none
    # A FastTracker module with 0 channels.
    sed 's/M\.K\./00CH/' made.mod >zero.mod
    status=0
    song-read --rows -- *.mod *.it >records 2>messages || status=$?
    ((status <= 1))
    [[ ! -s messages ]]
    jq -es 'length > 50 and all(.type or .status == "error") and all(.[] | select(.status); .error_kind != "crash" and .error_kind != "timeout")' records
    run -1 song-read zero.mod
}

@test "what is no song is refused" {
    printf 'no song\n' >text
    run -1 song-read text
    [[ $output == *"nor a module"* ]]
}

@test "samples of several modules do not replace each other" {
    made <<<'{"patterns": [{"0": ["C-2 01 000"]}]}'
    run -2 --separate-stderr song-read --samples samples made.mod made.mod
    [[ -z $output && $stderr == *"takes one FILE"* && ! -e samples ]]
}
