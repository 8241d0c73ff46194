#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

# Two lines as the tools before it write them, and an odd one.
jobs='{"preset_path":"/p/a.fxp","preset_format":"fxp"}
{"preset_path":"/p/b.fxp","note":1,"x":[1.50,{"note":2}]}
{ "velocity" : 3 , "k\u0065y":"\/" }'

# The options give the same jobs as jq, multiplied by the notes and velocities.
expect_grid() { # NOTES VELOCITIES OPTION...
    local notes=$1 velocities=$2
    shift 2
    run -0 --separate-stderr job-grid "$@" <<<"$jobs"
    local expected
    expected=$(jq -c ". as \$job | ($notes) as \$n | ($velocities) as \$v |
        \$job + {note: \$n, velocity: \$v}" <<<"$jobs")
    [[ $(jq -c . <<<"$output") == "$expected" ]]
}

@test "a program is set by its number, or by any other text as its name" {
    for program in 3 '"Bass 3"' '"-1"' '"3.5"'; do
        run -0 job-grid --set "program=$(jq -r . <<<"$program")" <<<'{"preset_path":"a.fxb"}'
        [[ $(jq -c .program <<<"$output") == "$program" ]]
    done
    run -2 job-grid --set program= <<<'{}'
}

@test "each record is multiplied by notes and velocities, notes outside" {
    expect_grid 60 100 --note 60 --velocity 100
    expect_grid '36,48,60' '64,127' --note 36-60:12 --velocity 64,127
    expect_grid '127,0,1,2' '1' -n 127,0-2 -v 1
}

@test "a list keeps its order and gives each number once" {
    run -0 job-grid --note 60,48-50,49,60,48 <<<'{}'
    [[ $(field note | paste -sd,) == 60,48,49,50 ]]
    run -0 job-grid --note 0-127:2147483647 <<<'{}'
    [[ $(field note) == 0 ]]
    run -0 job-grid --note 0-127 <<<'{}'
    [[ $(field note) == "$(seq 0 127)" ]]
}

@test "without options the lines pass byte for byte" {
    job-grid <<<"$jobs" | cmp - <(echo "$jobs")
}

@test "a field is replaced in its place and a new one comes last, the rest stays as it was" {
    run -0 job-grid --note 7 --velocity 9 <<<'{ "note" : 1 , "x" : 1.50, "s":"\u00e9\/" }'
    [[ $output == '{ "note" : 7 , "x" : 1.50, "s":"\u00e9\/" ,"velocity":9}' ]]
}

@test "an option wins over the field, a field over nothing" {
    run -0 job-grid --note 60-62 <<<'{"output_path": "/dev/null"}'
    [[ ${#lines[@]} == 3 ]]
    run -0 job-grid --note 60 --set tail=2 <<<'{"note":1,"tail":9,"duration":3}'
    [[ $output == '{"note":60,"tail":2,"duration":3}' ]]
}

@test "a job with a MIDI file is written once, and null means no file" {
    run -0 job-grid --note 1,2 --velocity 3,4 <<<'{"midi_path":"/a.mid"}'
    [[ $output == '{"midi_path":"/a.mid"}' ]]
    run -0 job-grid --note 1,2 --velocity 3,4 <<<'{"midi_path":null}'
    [[ ${#lines[@]} == 4 ]]
    run -0 job-grid --set midi_path=/a.mid --note 1,2 <<<'{}'
    [[ $output == '{"midi_path":"/a.mid"}' ]]
}

@test "settings have the JSON type of their key" {
    run -0 job-grid --set tail=0.25 --set sample_rate=48000 --set bit_depth=24 --set format=npy \
        --set skip_existing=true --set 'plugin_path=/a "b"=c' --set duration=1e1 <<<'{}'
    jq -e '. == {tail: 0.25, sample_rate: 48000, bit_depth: "24", format: "npy",
        skip_existing: true, plugin_path: "/a \"b\"=c", duration: 10}' <<<"$output"
}

@test "settings out of range are refused with the range" {
    local value
    for value in note=128 note=-1 note=1.5 velocity=0 velocity=128 duration=0 duration=-1 \
        duration=86401 tail=-0.1 tail=nan tail=inf tail=0x10 tail= sample_rate=999 \
        sample_rate=44100.5 block_size=0 block_size=65537 format=caf bit_depth=8 \
        skip_existing=yes midi_path=; do
        echo "$value"
        run -2 --separate-stderr job-grid --set "$value" <<<'{}'
        [[ -z $output && $stderr == *"${value%%=*}"*must* ]]
    done
}

@test "settings that a format cannot have are refused before the first record, or in the record" {
    while read -r words message; do
        sets=()
        for word in ${words//,/ }; do sets+=(--set "$word"); done
        echo "$words"
        run -2 --separate-stderr job-grid "${sets[@]}" <<<'{}'
        [[ -z $output && $stderr == "job-grid: ${message%% *}: is "*"${message#* }"* ]] || fail "$stderr"
    done <<'END'
format=flac,bit_depth=32f bit_depth FLAC
format=flac,sample_rate=655360 sample_rate FLAC
format=flac,sample_rate=88201 sample_rate FLAC
format=ogg,sample_rate=384000 sample_rate Ogg
format=ogg,sample_rate=200001 sample_rate Ogg
format=opus sample_rate Opus has 8000, 12000, 16000, 24000 or 48000 Hz
format=mp3,sample_rate=96000 sample_rate MP3 has 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 or 48000 Hz
format=mp3,bitrate=100 bitrate MP3 at 44100 Hz has 32, 40, 48
format=mp3,bitrate=320,sample_rate=22050 bitrate MP3 at 22050 Hz has 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144 or 160
format=mp3,bitrate=320,sample_rate=8000 bitrate MP3 at 8000 Hz has 8, 16, 24, 32, 40, 48, 56 or 64
END
    for sets in 'format=opus sample_rate=48000 quality=5' 'format=ogg bitrate=128' 'format=mp3 quality=5 bitrate=128'; do
        read -ra words <<<"$sets"
        run -2 --separate-stderr job-grid "${words[@]/#/--set=}" <<<'{}'
        [[ -z $output && $stderr == "job-grid: "@(quality|bitrate)": is "*@(use bitrate|use quality|not both)* ]] || fail "$stderr"
    done
    for sets in 'format=flac sample_rate=655350' 'format=flac sample_rate=65535' 'format=ogg sample_rate=200000' \
        'format=wav sample_rate=768000' 'format=npy bit_depth=32f' 'format=ogg bit_depth=32f' 'format=aiff bit_depth=32f' \
        'format=rf64 bit_depth=24 quality=5 bitrate=128' 'format=w64 sample_rate=768000' 'format=ogg quality=3.5' \
        'format=mp3 quality=10' 'format=mp3 bitrate=320' 'format=opus sample_rate=48000 bitrate=96'; do
        read -ra words <<<"$sets"
        run -0 job-grid "${words[@]/#/--set=}" <<<'{}'
    done
    run -1 --separate-stderr job-grid --set format=flac <<<$'{"bit_depth": "32f"}\n{"bit_depth": 24}'
    [[ $(field status) == $'error\nnull' && $(field error_kind) == $'bad-record\nnull' ]]
    # Without such an option, the record's fields are not checked.
    run -0 job-grid --note 60 <<<'{"format": "flac", "bit_depth": "32f"}'
}

@test "an unknown setting is refused and the known ones are listed" {
    run -2 --separate-stderr job-grid --set pitch=3 <<<'{}'
    [[ $stderr == *"no setting 'pitch'"*note*velocity*block_size*skip_existing* ]]
    run -2 --separate-stderr job-grid --set tail <<<'{}'
    [[ $stderr == *"'tail' has no '='"* ]]
}

@test "malformed lists and values out of range are refused" {
    local list
    for list in '' ',' '1,' ',1' a 1-a 3-1 1-3:0 1-3:-99999999999 1-3: 1:2 -1 1--2 128 0-128 ' 1' 1.0 0x1; do
        echo "'$list'"
        run -2 --separate-stderr job-grid "--note=$list" <<<'{}'
        [[ -z $output && $stderr == "job-grid: --note"* ]]
    done
    run -2 --separate-stderr job-grid --velocity 0-127 <<<'{}'
    [[ $stderr == *"'0-127' is not within 1 to 127"* ]]
}

@test "a key is set from one place only" {
    run -2 --separate-stderr job-grid --note 1 --set note=2 <<<'{}'
    [[ $stderr == *"--note and --set note: give one"* ]]
    run -2 --separate-stderr job-grid --set tail=1 --set tail=2 <<<'{}'
    [[ $stderr == *"tail is set twice"* ]]
    run -2 --separate-stderr job-grid --note 1 --note 2 <<<'{}'
    [[ $stderr == *"--note: given twice"* ]]
}

@test "operands are refused" {
    run -2 --separate-stderr job-grid jobs.ndjson <<<'{}'
    [[ $stderr == *"takes no operands"* ]]
}

@test "a record that has a key twice which is to be set is a bad record, once" {
    run -1 job-grid --note 1,2 <<<'{"note":1,"note":2}'
    [[ ${#lines[@]} == 1 && $(field error_kind) == bad-record ]]
}

@test "a record that has its output_path already is not multiplied" {
    run -1 job-grid --note 60-62 <<<'{"output_path": "/a.wav"}'
    [[ ${#lines[@]} == 1 && $(field error_kind) == bad-record ]]
    [[ $(field error) == "output_path: is there already"*"put job-grid before assign-paths" ]]
    run -0 job-grid --note 60 --set tail=2 <<<'{"output_path": "/a.wav"}'
    [[ $(field note) == 60 && $(field tail) == 2 ]]
}
