#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# audio-edit(1), compared with sox and NumPy.

load ../helper

# audio FILE EXPRESSION [CHANNELS] [KIND] [RATE]: an audio file of the samples in a Python
# expression, made by sox; KIND is 16, 24 or 32f. n(COUNT) is noise that is the same every time.
audio() {
    local coding=(-e signed -b "${4:-16}")
    [[ ${4:-} != 32f ]] || coding=(-e floating-point -b 32)
    warm_python - "$2" <<'END' | sox -D -t f64 -c "${3:-1}" -r "${5:-44100}" - "${coding[@]}" "$1"
import sys
import numpy as np

n = np.random.default_rng(1).standard_normal
sys.stdout.buffer.write(np.asarray(eval(sys.argv[1]), dtype="<f8").tobytes())
END
}

# check EXPRESSION: whether a Python expression is true, in which a("FILE") are the samples of a
# file, as sox reads them, frames by channels.
check() {
    run -0 warm_python - "$1" <<'END'
import subprocess, sys
import numpy as np

def a(path):
    count = int(subprocess.run(["soxi", "-c", path], check=True, capture_output=True).stdout)
    return np.frombuffer(subprocess.run(["sox", "-D", path, "-t", "f64", "-"], check=True,
                                        capture_output=True).stdout).reshape(-1, count)

n = np.random.default_rng(1).standard_normal
db = lambda x: 20 * np.log10(x)
value = eval(sys.argv[1])
print(value)
assert value
END
}

# The command, and the fields of its one record.
edit() { run -0 --separate-stderr audio-edit --no-sync "$@"; }

@test "without a change every sample keeps its bits, whatever the depth and the format" {
    for kind in '16 1' '24 8' '32f 2'; do
        read -r depth channels <<<"$kind"
        audio in.wav 'n(8 * 1501) / 8' "$channels" "$depth" 48000
        for suffix in wav flac npy; do
            [[ $depth-$suffix != 32f-flac ]] || continue
            edit -o "out.$suffix" -g 0 --fade-curve 0.5 in.wav
            wav-diff -q in.wav "out.$suffix" || fail "$kind $suffix"
            [[ $(jq -c '[.frames, .channels, .sample_rate, .format, .bit_depth // "32f"]' <<<"$output") == \
                "[$((8 * 1501 / channels)),$channels,48000,\"$suffix\",\"$([[ $suffix == npy ]] && echo 32f || echo "$depth")\"]" ]]
        done
    done
}

# Each channel has a frequency of its own, the LFE a low one. ffmpeg's WAV files have WAV's order.
@test "three to eight channels come from the same speakers in every format" {
    for channels in $(some 3 3 5 6 7 8); do
        pitches="[60 if i == 3 and $channels > 5 else 300 + 100 * i for i in range($channels)]"
        audio in.wav "np.sin(2 * np.pi / 8000 * np.outer(np.arange(8000), $pitches)) / 5" "$channels" 16 8000
        for format in flac ogg opus; do
            edit -o "out.$format" in.wav
            edit -o "ours-$format.wav" "out.$format"
            ffmpeg -nostdin -v error -y -i "out.$format" -ar 8000 "theirs-$format.wav"
        done
        check "all(list(np.abs(np.fft.rfft(a(f'{who}-{format}.wav')[-8000:], axis=0)).argmax(0)) == $pitches for who in ('ours', 'theirs') for format in ('flac', 'ogg', 'opus'))" ||
            fail "$channels"
    done
}

@test "the result says what the file has, as render-one says it" {
    audio in.wav '[0.5, -0.25, 0, 0.25]' 1 32f 22050
    edit -o out.wav --start 0 in.wav
    [[ $(command jq -c 'del(.audio_hash)' <<<"$output") == '{"source_path":"'"$PWD"'/in.wav","output_path":"'"$PWD"'/out.wav","status":"ok","format":"wav","bit_depth":"32f","sample_rate":22050,"frames":4,"channels":1,"peak":0.5,"rms_db":-10.28,"clipped_samples":0,"silent":false}' ]]
    [[ $(field audio_hash) == "xxh128:$(tail -c 16 out.wav | xxhsum -H2 | cut -d ' ' -f 1)" ]]
}

@test "gain is what sox makes of the same decibels" {
    audio in.wav 'n(4000) / 20' 2 32f
    for gain in -60 -3 0.5 12; do
        edit -o out.wav -g "$gain" in.wav
        check "np.abs(a('out.wav') - a('in.wav') * 10 ** ($gain / 20)).max() < 1e-7"
    done
    audio in.wav '[0.5, -0.9]'
    edit -o out.wav -g 6 in.wav
    [[ $(field clipped_samples) == 1 ]]
    check 'a("out.wav")[1, 0] == -1'
}

@test "a part is what sox's trim takes, also counted from the end" {
    audio in.wav 'n(2 * 44100) / 9' 2 24
    parts=('--start 0.25:trim 0.25' '--end 0.25:trim 0 0.25' '--start 0.1 --end 0.3:trim 0.1 =0.3'
        '--start -0.2:trim 33075s' '--start -0.2 --length 0.1:trim 35280s 4410s' '--end -0.5:trim 0 -22050s'
        '--start 0.9 --length 5:trim 0.9' '--start 0 --end 99:trim 0' '--length 0.00001:trim 0 0s')
    for part in "${parts[@]}"; do
        [[ $part != *-0.2:* ]] || part='--start -0.2:trim 35280s'
        [[ $part != *0.00001* ]] || continue
        # shellcheck disable=SC2086
        edit -o out.wav ${part%:*} in.wav
        # shellcheck disable=SC2086
        sox -D in.wav theirs.wav ${part#*:}
        wav-diff -q out.wav theirs.wav || fail "$part: $(wav-diff out.wav theirs.wav)"
    done
}

@test "a part that is not there is an error, and writes nothing" {
    audio in.wav 'n(441) / 9'
    for part in '--start 0.01' '--start 5' '--end 0' '--end -1' '--start 0.005 --end 0.005' '--length 0.00001'; do
        # shellcheck disable=SC2086
        run -1 --separate-stderr audio-edit -o out.wav $part in.wav
        [[ $(field error_kind) == bad-record && $(field error) == *"leaves nothing of a file of 0.01 s" ]]
        [[ ! -e out.wav ]]
    done
    run -1 --separate-stderr audio-edit -o out.wav --length 1 --end 1 in.wav
    [[ $(field error) == "length: excludes end"* ]]
}

@test "silence goes at the ends that are named, and padding stays" {
    audio in.wav 'np.concatenate([np.zeros(1000), n(500) * 0 + 0.5, np.zeros(9000), [0.5], np.zeros(2000)])'
    edit -o out.wav --trim-silence both in.wav
    [[ $(field frames) == 9501 ]]
    check 'np.array_equal(a("out.wav"), a("in.wav")[1000:10501])'
    edit -o out.wav --trim-silence start in.wav
    check 'np.array_equal(a("out.wav"), a("in.wav")[1000:])'
    edit -o out.wav --trim-silence end in.wav
    check 'np.array_equal(a("out.wav"), a("in.wav")[:10501])'
    edit -o out.wav --trim-silence both --trim-pad 0.01 in.wav
    check 'np.array_equal(a("out.wav"), a("in.wav")[1000 - 441:10501 + 441])'
    edit -o out.wav --trim-silence both --trim-pad 60 in.wav
    wav-diff -q in.wav out.wav
    # The last sound, a single frame, is too short.
    edit -o out.wav --trim-silence both --trim-hold 0.01 in.wav
    check 'np.array_equal(a("out.wav"), a("in.wav")[1000:1500])'
}

@test "the threshold decides what is silence, on any channel" {
    audio in.wav 'np.column_stack([np.full(300, 0.0009), np.repeat([0, 0.0011, 0], 100)]).ravel()' 2 32f
    edit -o out.wav --trim-silence both in.wav
    [[ $(field frames) == 100 ]]
    edit -o out.wav --trim-silence both --trim-threshold -61 in.wav
    [[ $(field frames) == 300 ]]
    run -1 --separate-stderr audio-edit -o none.wav --trim-silence end --trim-threshold -40 in.wav
    [[ $(field error_kind) == unsupported && $(field error) == "trim_silence: nothing would be left: no sound exceeds -40 dBFS" ]]
    [[ ! -e none.wav ]]
}

@test "a low note is one sound, though it crosses zero" {
    audio in.wav 'np.concatenate([np.zeros(5000), 0.5 * np.sin(np.arange(44100) * 2 * np.pi * 20 / 44100), np.zeros(5000)])'
    edit -o out.wav --trim-silence both --trim-hold 0.9 in.wav
    (($(field frames) > 44000 && $(field frames) <= 44100))
}

@test "channels are picked by number, and every sample keeps its bits" {
    audio in.wav 'n(3 * 1000) / 5' 3 24
    edit -o out.wav -c 3,1,1 in.wav
    check 'np.array_equal(a("out.wav"), a("in.wav")[:, [2, 0, 0]])'
    edit -o out.wav -c 2 in.wav
    check 'np.array_equal(a("out.wav"), a("in.wav")[:, [1]])'
    run -1 --separate-stderr audio-edit -o out.wav -c 4 in.wav
    [[ $(field error) == "channel_map: takes channel 4, but there are 3" ]]
    run -1 --separate-stderr audio-edit -o out.wav -c stereo in.wav
    [[ $(field error) == "channel_map: stereo is for one or two channels, not 3"* ]]
    for map in 0 '' '1,' ',1' left 1-2 99999999999; do
        run -2 --separate-stderr audio-edit -o out.wav -c "$map" in.wav
        [[ $stderr == "audio-edit: channel_map: must "* ]]
    done
}

@test "mono is the mean of all channels, and stereo gives one channel to both sides" {
    for channels in 2 5; do
        audio in.wav 'n(5 * 2000) / 9' $channels 32f
        edit -o out.wav -c mono in.wav
        check 'np.abs(a("out.wav")[:, 0] - a("in.wav").mean(axis=1)).max() < 1e-7'
    done
    edit -o both.wav -c stereo out.wav
    check 'np.array_equal(a("both.wav"), np.repeat(a("out.wav"), 2, axis=1))'
    edit -o same.wav -c mono out.wav
    wav-diff -q out.wav same.wav
}

@test "reversed is what sox's reverse makes, and twice is the input" {
    audio in.wav 'n(2 * 20011) / 9' 2 24
    edit -o out.wav --reverse in.wav
    sox -D in.wav theirs.wav reverse
    wav-diff -q out.wav theirs.wav
    edit -o again.wav --reverse out.wav
    wav-diff -q in.wav again.wav
}

@test "another rate has the samples of sox's, and the length of the ratio" {
    audio in.wav 'np.convolve(n(2 * 20011) / 8, np.hanning(80) / 40)' 2 32f
    for rate in 48000 22050 96000 8000; do
        edit -o out.wav -r "$rate" in.wav
        sox -D in.wav theirs.wav rate -v "$rate"
        [[ $(soxi -r out.wav) == "$rate" && $(field sample_rate) == "$rate" ]]
        wav-diff --tolerance 0.0003 out.wav theirs.wav || fail "$rate: $(wav-diff out.wav theirs.wav)"
        (($(field frames) == (2 * $(soxi -s in.wav) * rate + 44100) / (2 * 44100)))
    done
    edit -o out.wav -r 44100 in.wav
    wav-diff -q in.wav out.wav
}

@test "a fade begins and ends in silence, and has the gains of its shape" {
    audio in.wav 'np.ones(1000) * 0.5' 1 32f 1000
    edit -o out.wav --fade-in 0.2 --fade-out 0.1 in.wav
    check 'np.abs(a("out.wav")[:, 0] * 2 - np.minimum(1, np.minimum(np.arange(1000) / 200, np.arange(999, -1, -1) / 100))).max() < 1e-7'
    edit -o out.wav --fade-in 0.2 --fade-shape fast-end in.wav
    check 'np.abs(a("out.wav")[:200, 0] * 2 - (np.arange(200) / 200) ** 2).max() < 1e-7'
    edit -o out.wav --fade-out 0.2 --fade-shape 1 in.wav
    check 'np.abs(a("out.wav")[:799:-1, 0] * 2 - (lambda x: x * (2 - x))(np.arange(200) / 200)).max() < 1e-7'
    edit -o out.wav --fade-out 99 --fade-shape 0 --fade-curve 1 in.wav
    check 'np.abs(a("out.wav")[::-1, 0] * 2 - (np.arange(1000) / 1000) ** 4).max() < 1e-7'
    run -0 --separate-stderr audio-edit -o numbered/ <<<'{"input_path":"in.wav","fade_in":0.2,"fade_shape":2}'
    check 'np.abs(a("numbered/in.wav")[:200, 0] * 2 - (np.arange(200) / 200) ** 2).max() < 1e-7'
    run -0 --separate-stderr audio-edit -o ends/ --fade-out 0.1 <<<'{"input_path":"in.wav","fade_in":0.2,"fade_shape":2,"fade_out_shape":"linear"}'
    check 'np.abs(a("ends/in.wav")[:200, 0] * 2 - (np.arange(200) / 200) ** 2).max() < 1e-7'
    check 'np.abs(a("ends/in.wav")[:899:-1, 0] * 2 - np.arange(100) / 100).max() < 1e-7'
    run -2 --separate-stderr audio-edit -o out.wav --fade-shape round in.wav
    [[ $stderr == *"fade_shape: must be linear, fast-start, "*"is 'round'"* ]]
}

@test "a peak is normalised to the decibel, after the fades" {
    audio in.wav 'np.concatenate([[0.9], n(2000) / 30])' 1 32f
    edit -o out.wav -n peak in.wav
    check 'abs(db(np.abs(a("out.wav")).max()) + 1) < 1e-6'
    edit -o out.wav -n peak --normalize-to -12.5 --fade-in 0.01 in.wav
    check 'abs(db(np.abs(a("out.wav")).max()) + 12.5) < 1e-6'
    edit -o out.wav -n peak --normalize-to 0 -b 16 in.wav
    [[ $(field clipped_samples) == 0 && $(jq '(.peak - 1 | fabs) < 1e-6' <<<"$output") == true ]]
    run -1 --separate-stderr audio-edit -o out.wav -n peak -g 3 in.wav
    [[ $(field error) == "gain_db: excludes normalize"* ]]
}

@test "a true peak is that of sox's eightfold oversampling" {
    audio in.wav 'np.sin(np.arange(9000) * np.pi / 2 + np.pi / 4) * 0.3 * np.hanning(9000)' 1 32f 48000
    edit -o out.wav -n true-peak --normalize-to -3 in.wav
    sox -D out.wav -e floating-point -b 32 more.wav rate -v 384000
    check 'abs(db(np.abs(a("more.wav")).max()) + 3) < 0.1'
    check 'db(np.abs(a("out.wav")).max()) < -5.9'
}

@test "loudness is that of EBU Tech 3341's tone" {
    # Its first test signal has -23 LUFS: a stereo tone of 1000 Hz at -23 dBFS, for 20 s.
    audio tone.wav 'np.repeat(10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(20 * 48000) / 48000), 2)' 2 32f 48000
    edit -o out.wav -n loudness tone.wav
    check 'abs(db(np.abs(a("out.wav")).max()) + 23) < 0.1'
    edit -o out.wav -n loudness --normalize-to -14 tone.wav
    check 'abs(db(np.abs(a("out.wav")).max()) + 14) < 0.1'
    edit -o out.wav -n loudness --normalize-to 5 --normalize-limit -0.5 tone.wav
    check 'abs(db(np.abs(a("out.wav")).max()) + 0.5) < 1e-6'
}

@test "silence has no level and is not changed" {
    audio in.wav 'np.zeros(50000)'
    for level in peak true-peak loudness; do
        edit -o out.wav -n $level in.wav
        wav-diff -q in.wav out.wav
        [[ $(field silent) == true ]]
    done
}

@test "pieces at beats have every frame once, in files and records of their own" {
    audio in.wav 'n(2 * 100003) / 9' 2 16
    edit -o piece.wav --cut beats --tempo 137 --cut-offset 0.3 in.wav
    beats=$(/usr/bin/python3 -c 'import math
print(*(f for k in range(9) if (f := math.floor((0.3 + k * 60 / 137) * 44100 + 0.5)) < 100003))')
    starts=$(jq '.piece_start * 44100 | round' <<<"$output" | xargs)
    [[ $starts == "0 $beats" ]]
    [[ $(field piece | xargs) == "1 2 3 4 5 6" && $(field pieces | sort -u) == 6 ]]
    [[ $(field output_path | head -n 1) == "$PWD/piece-001.wav" ]]
    sox -D piece-*.wav whole.wav
    wav-diff -q in.wav whole.wav
}

@test "a hundred beats do not drift" {
    audio in.wav 'np.zeros(44100 * 30)'
    edit -o pieces/ --cut beats --tempo 199 --cut-beats 0.5 in.wav
    check '[int(x) for x in "'"$(jq '.piece_start * 44100 | round' <<<"$output" | xargs)"'".split()] == [int(np.floor(k * 44100 * 30 / 199 + 0.5)) for k in range(199)]'
}

@test "strokes are cut where they begin" {
    audio in.wav '(lambda at: sum(np.concatenate([np.zeros(k), n(6000) * np.exp(-np.arange(6000) / 900) / 4, np.zeros(90000 - k - 6000)]) for k in at))([7000, 15000, 27777, 40000, 52345, 71000])'
    edit -o stroke.wav --cut onsets in.wav
    check 'np.abs(np.array(['"$(jq '.piece_start * 44100 | round' <<<"$output" | paste -sd,)"'][1:]) - [7000, 15000, 27777, 40000, 52345, 71000]).max() < 44'
    sox -D stroke-*.wav whole.wav
    wav-diff -q in.wav whole.wav
    # A loud hum does not hide them, and has no onsets of its own but the first.
    sox -D in.wav -b 16 hum.wav synth 90000s sine mix 60 gain -2
    edit -o hum.wav --cut onsets hum.wav
    (($(field pieces | head -n 1) == 7))
}

@test "without an onset there is one piece" {
    for sound in 'np.zeros(20000)' '0.5 * np.sin(np.arange(60000) * 0.01)'; do
        audio in.wav "$sound"
        edit -o one.wav --cut onsets --start 0.1 in.wav
        (($(field pieces | head -n 1) <= 2))
        sox -D one-*.wav whole.wav
        check 'np.array_equal(a("whole.wav"), a("in.wav")[4410:])'
        rm one-*
    done
}

@test "a seed orders the pieces, always in the same way" {
    audio in.wav 'n(2 * 40000) / 8' 2 24
    edit -o one.wav --cut beats --tempo 600 --seed 1 in.wav
    [[ $(field pieces) == null ]]
    edit -o again.wav --cut beats --tempo 600 --seed 1 in.wav
    cmp one.wav again.wav
    edit -o two.wav --cut beats --tempo 600 --seed 2 in.wav
    run -1 wav-diff -q one.wav two.wav
    # The pieces are all there, the short one at the end too.
    check 'sorted(map(bytes, (lambda x: [x[i:i + 4410].tobytes() for i in range(0, 40000, 4410)])(a("in.wav")))) != None'
    check '(lambda x, y: sorted(x.ravel().tolist()) == sorted(y.ravel().tolist()))(a("in.wav"), a("one.wav"))'
    check 'len(a("two.wav")) == 40000'
}

@test "a crossfade keeps the length, and the grid, and removes the clicks" {
    audio in.wav '0.5 * np.sin(np.arange(44100) * 0.0313)' 1 32f
    edit -o raw.wav --cut beats --tempo 480 --seed 3 in.wav
    edit -o soft.wav --cut beats --tempo 480 --seed 3 --crossfade 0.005 in.wav
    check 'len(a("soft.wav")) == 44100'
    check 'np.abs(np.diff(a("raw.wav"), axis=0)).max() > 0.1'
    check 'np.abs(np.diff(a("soft.wav"), axis=0)).max() < 0.025'
    # Away from the joints nothing changes.
    check '(lambda r, s: all(np.array_equal(r[k:k + 4500], s[k:k + 4500]) for k in (500, 6100)))(a("raw.wav"), a("soft.wav"))'
    # In the order of the input, which one piece has, nothing changes at all.
    edit -o one.wav --cut beats --tempo 480 --cut-beats 64 --seed 3 --crossfade 0.005 in.wav
    wav-diff -q in.wav one.wav
}

@test "settings that need another one say so" {
    audio in.wav 'n(100) / 9'
    run -1 --separate-stderr audio-edit -o out.wav --cut beats in.wav
    [[ $(field error) == "tempo: is missing"* ]]
    run -1 --separate-stderr audio-edit -o out.wav --seed 1 in.wav
    [[ $(field error) == "seed: "*"give cut too" ]]
    run -1 --separate-stderr audio-edit -o out.wav --cut onsets --crossfade 1 in.wav
    [[ $(field error) == "crossfade: "* ]]
}

@test "too many pieces are refused" {
    audio in.wav 'np.zeros(44100 * 20)'
    run -1 --separate-stderr audio-edit -o out.wav --cut beats --tempo 1000 --cut-beats 0.015625 in.wav
    [[ $(field error) == "cut: makes more than 10000 pieces"* ]]
    run ! ls out*
}

@test "dither adds a triangle of noise, the same every time, and only if asked" {
    audio in.wav 'np.full(40000, 0.3 / 32768)' 1 32f
    edit -o plain.wav -b 16 in.wav
    check '(a("plain.wav") == 0).all()'
    edit -o one.wav -b 16 --dither in.wav
    edit -o two.wav -b 16 --dither in.wav
    cmp one.wav two.wav
    check 'abs((a("one.wav") * 32768).mean() - 0.3) < 0.02'
    check 'sorted(set((a("one.wav")[:, 0] * 32768).tolist())) == [-1, 0, 1]'
    # The error is as strong as that of a triangle and of rounding: 1/4 of a step, squared.
    check 'abs(((a("one.wav") * 32768 - 0.3) ** 2).mean() - 0.25) < 0.01'
    edit -o float.wav --dither in.wav
    wav-diff -q in.wav float.wav
}

@test "each sample is rounded once, to the nearest step" {
    audio in.wav 'n(30000) / 9' 1 32f
    for depth in 16 24; do
        edit -o out.wav -b $depth -g -1.7 in.wav
        scale=$((1 << (depth - 1)))
        check "np.array_equal(np.round(a('in.wav') * 10 ** (-1.7 / 20) * $scale), a('out.wav') * $scale)"
    done
}

@test "files are made in the format that the option, the name or the record says" {
    audio in.wav 'n(9000) / 9' 2 32f
    edit -o out.flac in.wav
    [[ $(field bit_depth) == 24 && $(soxi -t out.flac) == flac ]]
    edit -o out.ogg in.wav
    [[ $(soxi -t out.ogg) == vorbis && $(field bit_depth) == null ]]
    edit -o back.wav out.ogg
    [[ $(field bit_depth) == 16 ]]
    edit -o out.bin -f flac -b 16 in.wav
    [[ $(head -c 4 out.bin) == fLaC && $(field bit_depth) == 16 ]]
    edit -o folder/ out.flac
    [[ $(field output_path) == "$PWD/folder/out.flac" ]]
    run -1 --separate-stderr audio-edit -o out.flac -b 32f in.wav
    [[ $(field error) == "bit_depth: is 32f"* ]]
    run -0 --separate-stderr audio-edit <<<'{"input_path":"in.wav","output_path":"o","format":"flac","bit_depth":16}'
    [[ $(head -c 4 o) == fLaC && $(field frames) == 4500 ]]
}

@test "a format and a name that contradict each other are refused" {
    audio in.wav 'n(100) / 9'
    run -1 --separate-stderr audio-edit -o out.wav -f flac in.wav
    [[ $(field error) == "format: is flac, but the name of the output ends in .wav; change one of them" && ! -e out.wav ]]
    run -1 --separate-stderr audio-edit <<<'{"input_path":"in.wav","output_path":"o.ogg","format":"flac"}'
    [[ $(field error_kind) == bad-record ]]
    edit -o out.wav -f rf64 in.wav
    [[ $(head -c 4 out.wav) == RF64 ]]
    # A name on the command line says more than what the record was made as.
    run -0 --separate-stderr audio-edit -o other/ <<<'{"input_path":"in.wav","output_path":"in.wav","format":"flac"}'
    [[ $(field output_path) == "$PWD/other/in.flac" ]]
}

@test "the comment stays, but not a render's note" {
    audio plain.wav 'n(100) / 9'
    sox -D plain.wav --comment 'kept, ä' in.flac
    edit -o out.wav in.flac
    [[ $(strings -n 4 out.wav) == *"kept, "* ]]
    render-one -p "$amsynth" '{"output_path":"note.wav","duration":0.1,"tail":0}' >/dev/null
    grep -qa made_by note.wav
    edit -o out.wav note.wav
    run ! grep -qa made_by out.wav
}

@test "tags stay, and are set and removed by name" {
    audio plain.wav 'n(1000) / 9'
    sox -D plain.wav --comment 'TITLE=Old' --add-comment 'GENRE=Bass' --add-comment 'COMMENT=settings' in.flac
    edit -o out.flac --tag title=Neu --tag author=Ä --tag genre= --tag plugin=amsynth in.flac
    [[ $(soxi -a out.flac | sort | xargs) == "Artist=Ä Comment=settings Plugin=amsynth Title=Neu" ]] ||
        [[ $(soxi -a out.flac | tr '[:lower:]' '[:upper:]' | sort | xargs) == "ARTIST=Ä COMMENT=SETTINGS PLUGIN=AMSYNTH TITLE=NEU" ]]
    # A sampler finds the note in the chunk smpl.
    edit -o out.wav --tag note=61 out.flac
    run -0 /usr/bin/python3 -c 'b = open("out.wav", "rb").read(); print(b[b.index(b"smpl") + 20], b"Neu" in b, b"settings" in b)'
    [[ $output == "61 True True" ]]
    run -0 --separate-stderr audio-edit <<<'{"input_path":"out.wav","output_path":"o.flac","audio_tags":{"comment":"x","note":null}}'
    [[ $(soxi -a o.flac | grep -i comment) == *=x && $(field audio_tags) == null ]]
    for tag in note=128 note=x '=x' 'a' '1=2' 'a=b=c/d'$'\xff'; do
        run --separate-stderr audio-edit -o none.wav --tag "$tag" out.wav
        ((status == 1 || status == 2)) || fail "$tag"
    done
}

@test "a loop in tags is where samplers look for it, and goes with the times that it is about" {
    audio in.wav 'n(1000) / 1000'
    # loops FILE: note, and begin and last frame of each loop, of the chunk smpl.
    loops() {
        /usr/bin/python3 - "$1" <<'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
at = data.find(b"smpl")
if at > 0:
    count = struct.unpack_from("<I", data, at + 36)[0]
    print([struct.unpack_from("<2I", data, at + 52 + 24 * i) for i in range(count)])
END
    }
    edit -o start.wav --tag LOOPSTART=0 in.wav
    [[ $(loops start.wav) == "[(0, 999)]" ]]
    edit -o end.wav --tag loopstart=100 --tag loopend=300 in.wav
    edit -o length.wav --tag loopstart=100 --tag looplength=200 in.wav
    [[ $(loops end.wav) == "[(100, 299)]" && $(loops length.wav) == "[(100, 299)]" ]]
    edit -o out.flac --tag loopstart=100 --tag looplength=200 in.wav
    edit -o back.wav out.flac
    [[ $(loops back.wav) == "[(100, 299)]" ]]
    edit -o none.wav --tag loopstart= back.wav
    [[ $(loops none.wav) == "" || $(loops none.wav) == "[]" ]]
    edit -o cut.wav --end 0.001 out.flac
    [[ $(loops cut.wav) == "" ]]
    edit -o out.aiff --tag loopstart=100 in.wav
    grep -qa MARK out.aiff && grep -qa INST out.aiff
    for tag in loopstart=x loopstart=-1 loopstart=1000 "loopstart=5 --tag loopend=5" "loopstart=5 --tag looplength=996"; do
        # shellcheck disable=SC2086
        run -1 --separate-stderr audio-edit -o wrong.wav --tag $tag in.wav
        [[ $(field error) == "audio_tags: LOOPSTART "* && ! -e wrong.wav ]] || fail "$tag: $output"
    done
}

@test "lossy files are as good as asked for" {
    audio in.wav 'n(96000) / 9' 2 16 48000
    edit -o out.ogg --set quality=9 in.wav
    edit -o small.ogg --set quality=1 in.wav
    (($(stat -c %s out.ogg) > 2 * $(stat -c %s small.ogg)))
    edit -o out.opus in.wav
    [[ $(head -c 36 out.opus | tail -c 8) == OpusHead && $(field format) == opus ]]
    edit -o out.mp3 -r 44100 in.wav
    edit -o back.aiff -b 24 out.mp3
    [[ $(soxi -b back.aiff) == 24 ]]
    run -1 --separate-stderr audio-edit -o out.opus -r 44100 in.wav
    [[ $(field error_kind) == bad-record ]]
    run -2 --separate-stderr audio-edit -o out.ogg --set quality=11 in.wav
    run -2 --separate-stderr audio-edit -o out.ogg --set colour=11 in.wav
    [[ $stderr == "audio-edit: --set: there is no setting 'colour'"* ]]
}

@test "records name the file and the changes; what is done is taken out of them" {
    audio in.wav 'n(44100) / 9'
    run -0 --separate-stderr audio-edit -o out/ <<<'{ "k":1, "input_path":"in.wav", "start":0.5, "gain_db":-6,"reverse":true, "note":3}'
    [[ $output == '{ "k":1, "note":3,"source_path":"in.wav","output_path":"'"$PWD"'/out/in.wav"'* ]]
    result=$output
    check 'np.abs(a("out/in.wav") - a("in.wav")[22050:][::-1] * 10 ** -0.3).max() < 1e-4'
    # So the next one does not do it again.
    run -0 --separate-stderr audio-edit <<<"$result"
    check 'np.abs(a("out/in.wav") - a("in.wav")[22050:][::-1] * 10 ** -0.3).max() < 1e-4'
}

@test "an option wins over the field, and the field over the default" {
    audio in.wav 'np.full(1000, 0.5)' 1 32f
    run -0 --separate-stderr audio-edit -g 0 -o out/ <<<'{"input_path":"in.wav","gain_db":-6}'
    wav-diff -q in.wav out/in.wav
    run -0 --separate-stderr audio-edit -o out/ <<<'{"input_path":"in.wav","gain_db":-6}'
    [[ $(jq '.peak * 1000 | round' <<<"$output") == 251 ]]
    run -0 --separate-stderr audio-edit <<<'{"output_path":"in.wav","gain_db":null,"normalize":"peak","normalize_to":-20}'
    [[ $(jq '.peak * 1000 | round' <<<"$output") == 100 ]]
}

@test "a record without a file passes untouched" {
    run -0 --separate-stderr audio-edit -n peak <<<'{ "k":1, "input_path" : null}'
    [[ $output == '{ "k":1, "input_path" : null}' && -z $stderr ]]
}

@test "a render is edited in place" {
    render-one -p "$amsynth" '{"output_path":"a.wav","duration":0.2,"tail":0.1,"load_ms":0}' >made
    chmod 640 a.wav
    run -0 --separate-stderr audio-edit -n peak <made
    [[ $(field output_path) == a.wav && $(field plugin) != null && $(stat -c %a a.wav) == 640 ]]
    [[ $(jq '.peak * 1000 | round' <<<"$output") == 891 ]]
    check 'abs(db(np.abs(a("a.wav")).max()) + 1) < 0.01'
}

@test "an npy file has the rate of its record" {
    audio in.wav 'n(8000) / 9' 1 32f 8000
    edit -o in.npy in.wav
    run -1 --separate-stderr audio-edit -o out.wav in.npy
    [[ $(field error) == *"is an npy file, which does not state its sample rate; set sample_rate" ]]
    run -0 --separate-stderr audio-edit --start 0.5 <<<'{"input_path":"in.npy","output_path":"out.wav","sample_rate":8000}'
    [[ $(field frames) == 4000 && $(soxi -r out.wav) == 8000 ]]
}

@test "what is no number is refused, and nothing is written" {
    warm_python -c 'import numpy as np; x = np.zeros((1, 9), "<f4"); x[0, 5] = np.nan; np.save("nan.npy", x)'
    run -1 --separate-stderr audio-edit <<<'{"input_path":"nan.npy","output_path":"out.wav","sample_rate":8000}'
    [[ $(field error_kind) == non-finite && $(field error) == *"in frame 5; "* && ! -e out.wav ]]
    # Left out, it does no harm.
    run -0 --separate-stderr audio-edit <<<'{"input_path":"nan.npy","output_path":"out.wav","sample_rate":8000,"length":0.0005}'
}

@test "a file that is missing, damaged or no audio is an error of its own" {
    audio in.wav 'n(5000) / 9'
    head -c 5000 in.wav >cut.wav
    echo text >text.wav
    : >empty.wav
    mkdir folder.wav
    for file in cut text empty folder in; do echo "{\"input_path\":\"$file.wav\"}"; done >records
    echo '{"input_path":"none.wav"}' >>records
    run -1 --separate-stderr audio-edit -o out/ <records
    [[ $(field error_kind | xargs) == "corrupt unsupported unsupported unsupported null not-found" ]]
    [[ $(ls out) == in.wav ]]
    run -2 --separate-stderr audio-edit -o out.wav none.wav
    [[ $stderr == "audio-edit: none.wav: there is no such file"* ]]
    run -1 --separate-stderr audio-edit <<<'{"input_path":""}'
    [[ $(field error) == "input_path: is empty; name an audio file" ]]
    run -1 --separate-stderr audio-edit <<<'{"input_path":"in.wav"}'
    [[ $(field error) == "output_path: is missing; set it, or give -o FOLDER" ]]
}

@test "a file without frames becomes one" {
    audio in.wav '[]'
    edit -o out.wav --reverse -r 48000 --fade-in 1 -n peak in.wav
    [[ $(field frames) == 0 && $(soxi -s out.wav) == 0 ]]
    edit -o out.wav --cut onsets in.wav
    [[ $(field pieces) == 1 ]]
}

@test "two records do not become one file, and no file is changed twice" {
    audio a.wav 'n(100) / 9'
    audio b.wav 'n(200) / 9'
    printf '%s\n' '{"input_path":"a.wav","output_path":"out.wav"}' '{"input_path":"b.wav","output_path":"./out.wav"}' \
        '{"output_path":"b.wav"}' '{"output_path":"b.wav"}' >records
    run -1 --separate-stderr audio-edit -g -6 <records
    [[ $(field status | xargs) == "ok error ok error" && $(soxi -s out.wav) == 100 ]]
    [[ $(field error) == *"out.wav: was written for another record already; name another file"* ]]
    printf '%s\n' '{"input_path":"a.wav","output_path":"/dev/null"}' '{"input_path":"b.wav","output_path":"/dev/null"}' >records
    run -0 audio-edit <records
}

@test "standard input may be the audio of an operand" {
    audio in.wav 'n(100) / 9' 2
    for name in - /dev/stdin; do
        run -0 --separate-stderr audio-edit -o out.wav "$name" < <(cat in.wav)
        wav-diff -q in.wav out.wav
    done
    run -1 audio-edit -o out/ <<<'{"input_path":"/dev/stdin"}'
    [[ $(field error) == *"is where the records come from"* ]]
}

@test "two inputs of one name do not become one file" {
    mkdir one two
    audio one/a.wav 'n(100) / 9'
    audio two/a.wav 'n(200) / 9'
    run -1 --separate-stderr audio-edit -o out/ one/a.wav two/a.wav
    [[ $(field error_kind | xargs) == "null bad-record" ]]
    [[ $(field error | tail -n 1) == *"out/a.wav: was written for another record already"* && $(soxi -s out/a.wav) == 100 ]]
    run -2 --separate-stderr audio-edit -o out.wav one/a.wav two/a.wav
    [[ $stderr == "audio-edit: -o: 'out.wav' is not a folder"* ]]
    run -2 --separate-stderr audio-edit one/a.wav
    [[ $stderr == "audio-edit: -o OUT is missing"* ]]
}

@test "audio goes to standard output, with the record on standard error" {
    audio in.wav 'n(300) / 9'
    audio-edit -o - --reverse in.wav >out.wav 2>record
    sox -D in.wav theirs.wav reverse
    wav-diff -q out.wav theirs.wav
    [[ $(jq -r .output_path record) == /dev/stdout ]]
    run -1 --separate-stderr audio-edit -o - --cut beats --tempo 60 in.wav
    [[ $output == *"is one stream"* ]]
}

@test "a file that was written into a pipe, without its length, is read to its end" {
    sox -R -r 8000 -n -b 16 in.wav synth 1 whitenoise vol 0.4
    sox in.wav -t aiff - | cat >in.aiff
    sox in.wav -t wav - | cat >piped.wav
    for format in w64 mp3; do
        ffmpeg -nostdin -loglevel error -i in.wav -f "$format" - | cat >"in.$format"
    done
    for file in in.aiff piped.wav in.w64; do
        run -0 audio-edit -o out.wav "$file"
        wav-diff -q out.wav in.wav
    done
    run -0 audio-edit -o out.wav in.mp3
    ffmpeg -nostdin -loglevel error -i in.mp3 -f s16le wanted
    (($(soxi -s out.wav) == $(stat -c %s wanted) / 2))
    run -0 audio-measure in.mp3
    [[ $(jq .frames <<<"$output") == "$(soxi -s out.wav)" ]]
}

@test "a pipe is read, also when it is read twice" {
    audio in.wav 'n(30000) / 99'
    mkfifo pipe
    cat in.wav >pipe &
    run -0 --separate-stderr audio-edit -n peak --trim-silence both --trim-threshold -90 -o out.wav pipe
    [[ $(jq '.peak * 1000 | round' <<<"$output") == 891 ]]
}

@test "a header with an absurd sample rate is an error" {
    audio in.wav 'n(480) / 99'
    printf '\xff\xff\xff\x7f' | dd of=in.wav bs=1 seek=24 conv=notrunc status=none
    run -1 audio-edit -o out.wav in.wav
    [[ $(field error) == *"in.wav: states a sample rate of 2147483647 Hz; the most is 768000" && ! -e out.wav ]]
}

@test "memory does not grow with the length" {
    without_sanitizers "they use more memory"
    yes 'a sound' | head -c $((400 * 44100 * 4)) | sox -t s16 -r 44100 -c 2 - long.wav
    for change in --reverse '-n peak' '--cut beats --tempo 60 --seed 1 --crossfade 0.01' '-r 48000'; do
        # shellcheck disable=SC2086
        (ulimit -v 80000 && audio-edit --no-sync -o out.wav $change long.wav) >/dev/null || fail "$change"
    done
}

@test "a FLAC file that was written to a pipe, and has no length, is edited whole" {
    sox -n -r 8000 -c 1 -b 16 tone.wav synth 1 sine 440
    ffmpeg -v error -i tone.wav -f flac - | cat >stream.flac
    for format in wav rf64 npy; do
        run -0 audio-edit -f "$format" -o "$format/" stream.flac tone.wav
        [[ $(field frames | xargs) == "8000 8000" ]]
    done
    wav-diff wav/tone.wav wav/stream.wav
}
