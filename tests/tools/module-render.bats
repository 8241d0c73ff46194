#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Modules of Debian's games with openmpt123 as oracle, and modules made here. make modules does the
# same with all 54.

load ../helper

pingus=/usr/share/games/pingus/data/music
balls=/usr/share/games/tecnoballz/musics

# played FILE OPTION...: what openmpt123 plays of it as played.wav, in float32, at the rate $rate.
rate=44100
played() {
    cp "$1" played
    openmpt123 --quiet --samplerate "$rate" --float --ctl play.at_end=stop --subsong 0 --output-type wav "${@:2}" --render played
    rm played
}

# frames FILE: as NumPy reads them, in float64.
compare() { warm_python -c "import numpy as np, sys
$1" "${@:2}"; }

made() { "$root/tests/make-module.py" made.mod; }

# A loop of square waves in three channels, of a second.
tune() {
    made <<'JSON'
{"patterns": [{"0": ["C-2 01 000", "E-2 02 C20", "C-2 02 000"], "4": ["D-2 02 102", "G-2 01 000"],
               "7": ["C-2 01 000", "... 00 D00"]}],
 "samples": [{"frames": 4000, "name": "Kick"}, {"frames": 64, "loop": true, "name": "Lead/1"}]}
JSON
}

# near MINE THEIRS: but for the offsets with which libopenmpt ends samples, which depend on the sizes
# of its blocks.
near() { wav-diff "$1" "$2" | jq -e '.frames_a == .frames_b and .max_difference < 1e-5' >/dev/null; }

@test "what is played is what openmpt123 plays" {
    for module in "$pingus/gd-cancn.it" "$balls/area1-game2.mod" /usr/share/games/vectoroids/music/decision.s3m; do
        # One at the rate that module-render has without an option; time goes with the rate.
        rate=16000
        [[ $module != */decision.s3m ]] || rate=44100
        played "$module"
        options=()
        [[ $rate == 44100 ]] || options=(-r "$rate")
        module-render -b 32f -o mix.wav "${options[@]}" "$module" >result
        near mix.wav played.wav || fail "$module"
        rm played.wav
    done
    # The record says what is in the file.
    jq -e --argjson frames "$(soxi -s mix.wav)" '.status == "ok" and .frames == $frames and .channels == 2 and
        .sample_rate == 44100 and .format == "wav" and .bit_depth == "32f" and .peak > 0.1 and (.silent | not) and
        .output_path == "'"$PWD"'/mix.wav"' result
}

@test "interpolation, separation and the Amiga's filter are what openmpt123 does with them" {
    tune
    module=made.mod
    for options in "--interpolation none|--filter 1" "--interpolation linear --separation 30|--filter 2 --stereo 30" \
        "--amiga a500|--ctl render.resampler.emulate_amiga=1 --ctl render.resampler.emulate_amiga_type=a500" \
        "--separation 0|--stereo 0"; do
        read -ra ours <<<"${options%|*}"
        read -ra theirs <<<"${options#*|}"
        played "$module" "${theirs[@]}"
        module-render -b 32f -o mix.wav "${ours[@]}" "$module" >result
        near mix.wav played.wav || fail "$options"
        jq -r .audio_hash result >>hashes
        rm played.wav
    done
    [[ $(sort -u hashes | wc -l) == 4 ]]
    # The Amiga's is for its own formats: this one is of FastTracker.
    module-render -o one.wav "$balls/area1-game2.mod" >/dev/null
    module-render --amiga a500 -o other.wav "$balls/area1-game2.mod" >/dev/null
    cmp one.wav other.wav
}

@test "stems of channels and of instruments sum to the mix, which is what is played" {
    # Of two each module and each kind of stems is one.
    while read -r module by; do
        module-render -r 16000 -f npy --stems stems --by "$by" -o mix.npy "$module" >results
        warm_python "$root/tests/oracles/stem-sum.py" mix.npy stems/*.npy || fail "$module $by"
        [[ $(find stems -type f | wc -l) -gt 3 && $(jq -r .output_path results | sort) == $(printf '%s\n' "$PWD/mix.npy" "$PWD"/stems/*.npy | sort) ]]
        rm -r stems
        module-render -r 16000 -f npy --no-plugins -o alone.npy "$module" >/dev/null
        compare 'one, other = np.load(sys.argv[1]), np.load(sys.argv[2]); assert np.abs(one - other).max() < 1e-5' mix.npy alone.npy
    done < <(some 2 "$pingus"/{success_2.it,gd-giirm.s3m}\ {channel,instrument})
}

@test "a stem has its channel's name and what that plays, and silent channels have none" {
    tune
    module-render --stems stems made.mod >results
    [[ $(jq -c '[.track, .track_name, .output_path]' results) == '["t1","Channel 1","'$PWD'/stems/0001 Channel 1.wav"]
["t2","Channel 2","'$PWD'/stems/0002 Channel 2.wav"]
["t3","Channel 3","'$PWD'/stems/0003 Channel 3.wav"]' ]]
    module-render --stems voices --by instrument made.mod >results
    [[ $(jq -c '[.sample, .sample_name, .output_path]' results) == '["s1","Kick","'$PWD'/voices/0001 Kick.wav"]
["s2","Lead/1","'$PWD'/voices/0002 Lead_1.wav"]' ]]
    # All are as long as the song: eight rows of 120 ms.
    [[ $(soxi -s stems/*.wav voices/*.wav | sort -u) == 42336 ]]
}

@test "a channel that is alone keeps the tempo that others set" {
    made <<<'{"patterns": [{"0": ["C-2 01 000", "", "", "... 00 F03"], "3": ["... 00 000", "", "", "... 00 D00"]}]}'
    module-render --stems stems -o mix.wav made.mod >results
    [[ $(jq .frames results | sort -u) == $((4 * 3 * 882)) ]]
}

@test "in every tracker's format stems sum to what is played, and a channel that is alone keeps the tempo of others" {
    # A channel that is muted is not even asked for the tempo in formats of Scream Tracker's kin.
    "$root/tests/make-trackers.py" .
    # The echo of a DBM is left out of stems, which another test is about.
    rm tune.dbm
    rate=16000
    for module in tune.*; do
        rm -rf stems played.wav
        played "$module"
        module-render -r "$rate" -b 32f -o mix.wav --stems stems "$module" >results
        [[ $(jq .frames results | sort | uniq -c) == *4\ $(soxi -s played.wav) ]] || fail "$module: $(<results)"
        near mix.wav played.wav || fail "$module"
    done
}

@test "effects that are built in are heard in a mix, and left out of stems with a message" {
    "$root/tests/make-plugin-module.py" echo.it
    mkdir trackers
    "$root/tests/make-trackers.py" trackers
    for module in echo.it trackers/tune.dbm; do
        rm -rf stems
        module-render -f npy -o with.npy "$module" >/dev/null
        module-render -f npy --no-plugins -o without.npy "$module" >/dev/null
        run -1 cmp -s with.npy without.npy
        run -0 --separate-stderr module-render -f npy -o mix.npy --stems stems "$module"
        [[ $stderr == *"$module: has effects, which are left out"* ]]
        [[ $(jq -c .plugins_skipped <<<"$output" | sort -u) == true ]]
        warm_python "$root/tests/oracles/stem-sum.py" mix.npy stems/*.npy
        compare 'assert np.abs(np.load(sys.argv[1]) - np.load(sys.argv[2])).max() < 1e-5' mix.npy without.npy
    done
    tune
    run -0 --separate-stderr module-render --stems stems made.mod
    [[ -z $stderr && $output != *plugins_skipped* ]]
}

@test "loops repeat it, and a fade goes to silence along a line" {
    tune
    module-render -f npy -o once.npy made.mod >/dev/null
    module-render -f npy --loops 3 -o thrice.npy made.mod >/dev/null
    module-render -f npy --loops 2 --fade 0.5 -o faded.npy made.mod >/dev/null
    compare 'once, thrice, faded = (np.load(name) for name in sys.argv[1:])
once, thrice, faded = (a if a.shape[-1] == 2 else a.T for a in (once, thrice, faded))
assert len(thrice) == 3 * len(once) and len(faded) == 2 * len(once) + 22050
assert np.array_equal(faded[:2 * len(once)], thrice[:2 * len(once)])
end = thrice[2 * len(once):2 * len(once) + 22050] * (1 - np.arange(22050) / 22050)[:, None]
assert np.abs(faded[2 * len(once):] - end).max() < 1e-6 and np.abs(end).max() > 0.1' once.npy thrice.npy faded.npy
}

@test "every song of a module gets a file, and stems a folder for each" {
    module=$balls/area1-game.mod
    module-render --subsongs songs --stems stems -r 8000 -c 1 "$module" >results
    [[ $(find songs -type f | wc -l) == 4 && $(find stems -mindepth 1 -maxdepth 1 -type d | wc -l) == 4 ]]
    jq -es 'map(.subsong) | unique == [1, 2, 3, 4]' results
    module-render --subsong 2 -r 8000 -c 1 --no-plugins --stems two -o two.wav "$module" >result
    cmp two.wav songs/0002.wav
    run -1 module-render --subsong 9 -o nine.wav "$module"
    [[ $output == *"has no subsong 9"* && ! -e nine.wav ]]
}

@test "samples are written as they sound at middle C" {
    tune
    module-render --samples samples made.mod >results
    [[ $(jq -c '[.sample, .sample_name, .base_note, .output_path]' results) == '["s1","Kick",60,"'$PWD'/samples/0001 Kick.wav"]
["s2","Lead/1",60,"'$PWD'/samples/0002 Lead_1.wav"]' ]]
    # 4000 frames at the 8287 Hz of a PAL Amiga's C-2, and a loop of ten seconds.
    jq -es '(.[0].frames / 44100 - 0.4827 | fabs) < 0.01 and (.[1].frames / 44100 - 10 | fabs) < 0.01' results
}

@test "the mix goes to standard output, and its record to standard error" {
    tune
    module-render -o file.wav made.mod >/dev/null
    module-render -o - - <made.mod 2>record | cmp - file.wav
    jq -e '.frames == 42336' record
    module-render -c 1 -f npy -o one.npy made.mod >/dev/null
    module-render -f npy -o two.npy made.mod >/dev/null
    compare 'one, two = np.load(sys.argv[1]), np.load(sys.argv[2])
two = two if two.shape[-1] == 2 else two.T
assert np.abs(one.ravel() - two.mean(axis=1)).max() < 1e-7' one.npy two.npy
}

# assets: a tone of 0.1 s and one of a second, in folders.
assets() {
    mkdir -p media/drums
    sox -n -r 44100 -c 1 media/drums/kick.wav synth 0.1 square 100 vol 0.5
    sox -n -r 44100 -c 1 media/Pad_long.wav synth 1 sine 300 vol 0.25
    cat >song.txt <<'END'
# A text module, as its users write it.
title: Text
SAMPLE: kick
SAMPLE: pad, path=none.wav, mood=calm
PATTERN: one
SAMPLE:kick, -, SAMPLE:pad
REST
SAMPLE:kick
PATTERN: empty
PATTERN: two
- SAMPLE:pad
ORDER: 0, 1,x, 0, 7
END
}

@test "a text module plays its rows, each sample cut or repeated to its row" {
    assets
    sed -i 's/pad, path=none.wav/Pad/; s/SAMPLE:pad/SAMPLE:Pad/' song.txt
    module-render -f npy --media media -o mix.npy --stems stems song.txt >results
    [[ $(jq -c 'select(.type == "sample") | [.sample, .name, .matched_by]' results) == '["s1","kick","stem"]
["s2","Pad","prefix"]' ]]
    sox media/drums/kick.wav -t f64 kick.raw
    sox media/Pad_long.wav -t f64 pad.raw
    compare 'mix = np.load("mix.npy"); mix = mix if mix.shape[-1] == 2 else mix.T
kick, pad = np.fromfile("kick.raw"), np.fromfile("pad.raw")
row = 11025
assert len(mix) == 7 * row, len(mix)
beat = np.resize(kick, row)
expected = np.zeros((7, row))
for first in (0, 4):
    expected[first] = beat + pad[:row]
    expected[first + 2] = beat
expected[3] = pad[:row]
for side in (0, 1):
    assert np.abs(mix[:, side] - expected.ravel()).max() < 1e-6'
    warm_python "$root/tests/oracles/stem-sum.py" mix.npy stems/*.npy
    # The same in steps.
    song-read --items song.txt | match-files media | song-mix --project - -f npy -o steps.npy >/dev/null
    cmp mix.npy steps.npy
    module-render --row-ms 100 --media media -o short.wav song.txt >/dev/null
    [[ $(soxi -s short.wav) == $((7 * 4410)) ]]
}

@test "a sample without a file is silent and an error, and the rest plays" {
    assets
    run -1 --separate-stderr module-render -o mix.wav --media media/drums song.txt
    [[ $(jq -c 'select(.status == "error") | [.error_kind, .sample]' <<<"$output") == '["not-found","s2"]' ]]
    [[ $(soxi -s mix.wav) == $((7 * 11025)) ]]
}

@test "rows of one length take any module, with files or its own samples" {
    tune
    mkdir media
    sox -n -r 44100 -c 1 media/kick.wav synth 0.05 square 100
    module-render --row-ms 250 --media media --samples own -o mix.wav made.mod >results
    [[ $(soxi -s mix.wav) == $((8 * 11025)) ]]
    [[ $(jq -c 'select(.type == "sample") | [.sample, .path, .matched_by]' results) == '["s1","'$PWD'/media/kick.wav","stem"]
["s2","'$PWD'/own/0002 Lead_1.wav",null]' ]] || fail "$(<results)"
}

@test "a module's notes are items of its samples: in a project, and mixed as they are played" {
    "$root/tests/make-module.py" made.mod <<'JSON'
{"patterns": [{"0": ["C-2 01 000", "C-3 02 C20"], "4": ["C-3 01 C30", "... 00 C10"], "7": ["", "... 00 D00"]}],
 "samples": [{"frames": 2000, "name": "Kick "}, {"frames": 64, "loop": true, "name": "Lead"}]}
JSON
    song-read --items --samples samples made.mod >items
    values() { jq -c "select(.type == \"$1\") | $2" items; }
    [[ $(values item '[.item, .sample, .name, .rate, .preserve_pitch, (.take_gain // 1) * 127, .source.path]') == '["t1.i1","s1","Kick",1,false,127,"'$PWD'/samples/0001 Kick.wav"]
["t1.i2","s1","Kick",2,false,96,"'$PWD'/samples/0001 Kick.wav"]
["t2.i1","s2","Lead",2,false,64,"'$PWD'/samples/0002 Lead.wav"]' ]]
    # The volume within a note is an envelope of the item.
    [[ $(values envelope '[.item, .target, (.points | map(.[1] * 127 | round))]') == '["t2.i1","gain",[127,64]]' ]]
    song-write -o made.rpp <items
    song-mix --project made.rpp -f npy -o mixed.npy >/dev/null
    module-render --no-plugins -f npy -o played.npy made.mod >/dev/null
    warm_python - <<'PYTHON'
import numpy as np
mixed, played = (np.load(name) for name in ("mixed.npy", "played.npy"))
mixed, played = (a if a.shape[-1] == 2 else a.T for a in (mixed, played))
frames = min(len(mixed), len(played))
for side in (0, 1):
    one, other = mixed[:frames, side], played[:frames, side]
    likeness = one @ other / np.sqrt((one @ one) * (other @ other))
    assert likeness > 0.99, likeness
PYTHON
    # Without samples of its own, match-files finds those of the user by their names.
    mkdir media && cp samples/0001* media/kick.wav && cp samples/0002* media/lead_2.wav
    song-read --items made.mod | match-files media | jq -c 'select(.type == "item") | .source.matched_by' >rules
    [[ $(sort rules | uniq -c | tr -s ' ' | paste -sd ,) == *'prefix"'* ]]
}

@test "hostile modules are errors, within bounds, and leave no file" {
    made <<<'{"patterns": [{"0": ["C-2 01 000", "E-2 01 C20"], "7": ["... 00 D00"]}], "samples": [{"frames": 64, "loop": true}]}'
    for ((size = 0; size < $(stat -c %s made.mod); size += 64)); do head -c "$size" made.mod >"cut$size"; done
    # A module with 0 channels, orders that no pattern has, and one that never ends.
    sed 's/M\.K\./00CH/' made.mod >cut-zero
    cp made.mod cut-range && printf '\x7f\xff\x40' | dd of=cut-range bs=1 seek=952 conv=notrunc status=none
    failed=0
    for cut in cut*; do
        status=0
        timeout 60 module-render -o "$cut.wav" "$cut" >record 2>messages || status=$?
        [[ ! -s messages ]]
        if ((status == 1)); then
            ((++failed))
            jq -e '.status == "error" and .error_kind != "crash" and .error_kind != "timeout"' record
            [[ ! -e $cut.wav ]]
        else
            ((status == 0))
        fi
    done
    ((failed > 10))
    made <<<"{\"order\": [$(printf '0,%.0s' {1..126})0], \"patterns\": [{\"0\": [\"\", \"... 00 F20\", \"... 00 F1F\"], $(printf '"%s": ["... 00 EEF"],' {1..62}) \"63\": [\"... 00 EEF\"]}]}"
    run -1 timeout 60 module-render -o long.wav made.mod
    [[ $output == *"at most 3600 are allowed"* && ! -e long.wav ]]
}

@test "what cannot go together is wrong usage" {
    tune
    refused() {
        run -2 --separate-stderr module-render "$@"
        [[ -z $output && -n $stderr ]]
    }
    refused made.mod
    refused -o a.wav
    refused -o a.wav made.mod made.mod
    refused -o a.wav --by channel made.mod
    refused -o a.wav --subsongs b made.mod
    refused --subsong 1 --subsongs b made.mod
    refused -o a.wav -c 3 made.mod
    refused -o a.wav -r 500 made.mod
    refused -o a.wav --amiga st made.mod
    refused -o a.wav --separation 33.5 made.mod
    refused --stems x --by instrument --samples x made.mod
    refused --subsongs x --samples ./x/ made.mod
    refused -o made.mod -f wav made.mod
    refused --media . --loops 2 -o a.wav made.mod
    refused -o a.flac -f wav made.mod
    refused -o a.wav --media none made.mod
    run -1 module-render -o a.wav /bin/true
    [[ $output == *"is no module"* ]]
}

@test "rows of one length are refused where they are longer than --longest" {
    tune
    for tool in "module-render -r 8000 -o a.wav" "song-read --items"; do
        read -ra words <<<"$tool"
        run -1 "${words[@]}" --longest 100 --row-ms 60000 made.mod
        [[ $output == *"plays for 480 seconds, and at most 100 are allowed"* && ! -e a.wav ]] || fail "$tool: $output"
    done
}

@test "a module whose title is a line of a text is no text" {
    made <<<'{"title": "TITLE: x", "patterns": [{"0": ["C-2 01 000"], "7": ["... 00 D00"]}]}'
    module-render -o a.wav made.mod >result
    jq -e '.status == "ok" and .peak > 0.1' result
    [[ $(song-read made.mod | jq -r 'select(.type == "song") | .format') == mod ]]
}

@test "rows of one length may play a million samples, and no more" {
    printf 'SAMPLE: k\nPATTERN: 0\n' >song.txt
    row=$(printf 'SAMPLE:k %.0s' {1..32})
    for _ in {1..64}; do echo "$row"; done >>song.txt
    echo "ORDER: $(printf '0,%.0s' {1..489})" >>song.txt
    sox -n -r 8000 -c 1 k.wav synth 0.01 sine 100
    run -1 module-render --row-ms 1 --media . -r 8000 -o a.wav song.txt
    [[ $output == *"plays more than 1,000,000 samples"* && ! -e a.wav ]] || fail "$output"
}

@test "where temporary files have no room, the error says so" {
    tune
    for tool in "module-render -o a.wav made.mod" "song-read --items --samples samples made.mod" "song-read -"; do
        read -ra words <<<"$tool"
        run -1 env TMPDIR="$PWD" bash -c 'ulimit -f 1; "$@" <made.mod | cat; exit "${PIPESTATUS[0]}"' - "${words[@]}"
        [[ $output == *'"error_kind":"io"'*"$PWD: holds no more temporary files: File too large; name another folder in TMPDIR"* ]] || fail "$tool: $output"
    done
}

@test "what is in no stem of an instrument is in one of its own, and they sum to what is played" {
    # A cell without a note changes to a sample whose own stem has muted the channel since the note.
    made <<'JSON'
{"patterns": [{"0": ["C-2 01 000", "C-2 03 000"], "2": ["... 02 000"], "7": ["", "... 00 D00"]}],
 "samples": [{"frames": 64, "loop": true}, {"frames": 64, "loop": true}, {"frames": 4000}]}
JSON
    run -0 --separate-stderr module-render -f npy -o mix.npy --stems stems --by instrument made.mod
    [[ $stderr == *"made.mod: changes instruments within notes"* ]]
    [[ $(jq -c 'select(.rest) | [.sample, .output_path]' <<<"$output") == '[null,"'$PWD'/stems/0000 Rest.npy"]' ]]
    warm_python "$root/tests/oracles/stem-sum.py" mix.npy stems/*.npy
    module-render -f npy --no-plugins -o alone.npy made.mod >/dev/null
    compare 'assert np.abs(np.load(sys.argv[1]) - np.load(sys.argv[2])).max() < 1e-5' mix.npy alone.npy
    module-render -f npy --stems others --by instrument made.mod >/dev/null 2>&1
    diff -r stems others
    run -0 --separate-stderr module-render --stems channels made.mod
    [[ -z $stderr && $output != *rest* ]]
}
