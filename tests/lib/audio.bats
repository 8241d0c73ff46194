#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What lib/audio writes and measures, through build/tests/audio-writer, compared with sox, NumPy,
# Python's wave module and xxhsum.

load ../helper

# audio_writer FORMAT BIT_DEPTH CHANNELS FRAMES [BLOCK_SIZE]: float32 frames to an audio file; the
# meter's record goes to standard error.
audio_writer() { "$built/tests/audio-writer" "$1" "$2" "$3" "${rate:-44100}" "$4" "${5:-64}"; }

# samples EXPRESSION: the value of a Python expression, as float32. It may use n(COUNT), noise that
# is the same every time, and numpy as np.
samples() {
    warm_python - "$1" <<'EOS'
import sys
import numpy as np

n = np.random.default_rng(1).standard_normal
np.asarray(eval(sys.argv[1]), dtype="<f4").tofile(sys.stdout.buffer)
EOS
}

# The samples of a WAV file, one a line, as sox reads them; no dither.
numbers() { sox -D "$1" -t raw -e signed -b "$2" - | od -An -v -w"$(($2 / 8))" -t "d$(($2 / 8))" | tr -d ' '; }

# measure FILE [CHANNELS] [BIT_DEPTH]: the meter's record for float32 frames.
measure() {
    local size
    size=$(stat -c %s "$1")
    audio_writer wav "${3:-16}" "${2:-1}" $((size / 4 / ${2:-1})) <"$1" 2>&1 >/dev/null
}

@test "a pipe gets the same bytes as a file, whatever the block size" {
    samples 'n(3 * 5003)' >noise.f32
    for kind in "wav 16" "wav 24" "wav 32f" "npy 16" "flac 16" "flac 24" "ogg 16" "rf64 24" "w64 16" "aiff 24" \
        "aiff 32f" "opus 16" "mp3 16"; do
        [[ $kind != opus* ]] || rate=48000
        for channels in 1 3; do
            [[ $kind != mp3* ]] || channels=$(((channels + 1) / 2))
            frames=$((15009 / channels))
            # shellcheck disable=SC2086
            audio_writer $kind "$channels" "$frames" 512 <noise.f32 >file 2>measures
            for block in 1 77 20000; do
                # shellcheck disable=SC2086
                audio_writer $kind "$channels" "$frames" "$block" <noise.f32 2>others | cat >pipe
                cmp file pipe
                [[ $(jq .audio_hash others) == $(jq .audio_hash measures) ]]
            done
        done
    done
}

@test "a WAV file has exactly the frames, channels, rate and depth" {
    for frames in 0 1 7 44100; do
        for channels in 1 2 6; do
            head -c $((frames * channels * 4)) /dev/zero >zero.f32
            for depth in 16:16 24:24 32f:32; do
                audio_writer wav "${depth%:*}" "$channels" "$frames" <zero.f32 >out.wav 2>/dev/null
                run -0 soxi -V1 -s -c -r -b out.wav
                echo "$channels channels, $frames frames, $depth: $output"
                [[ $(soxi -V1 -s out.wav) == "$frames" && $(soxi -V1 -c out.wav) == "$channels" ]]
                [[ $(soxi -V1 -r out.wav) == 44100 && $(soxi -V1 -b out.wav) == "${depth#*:}" ]]
                (($(od -An -t u4 -j 4 -N 4 out.wav) + 8 == $(stat -c %s out.wav)))
            done
        done
    done
}

@test "16 bits are the nearest of 65536 steps, ties to even" {
    samples 'n(20000) / 4' >noise.f32
    audio_writer wav 16 1 20000 <noise.f32 >out.wav 2>/dev/null
    run -0 warm_python - <<'EOF2'
import wave
import numpy as np

written = np.frombuffer(wave.open("out.wav").readframes(20000), "<i2")
wanted = np.clip(np.round(np.fromfile("noise.f32", "<f4") * 32768.0), -32768, 32767)
print(np.count_nonzero(written != wanted), np.count_nonzero(written))
EOF2
    [[ $output == "0 "19??? ]]
}

@test "24 bits are the nearest of 16777216 steps" {
    samples 'n(20000) / 4' >noise.f32
    audio_writer wav 24 2 10000 <noise.f32 >out.wav 2>/dev/null
    run -0 warm_python - <<'EOF2'
import wave
import numpy as np

triples = np.frombuffer(wave.open("out.wav").readframes(10000), "u1").reshape(-1, 3)
written = np.pad(triples, ((0, 0), (1, 0))).view("<i4")[:, 0] >> 8
wanted = np.clip(np.round(np.fromfile("noise.f32", "<f4") * 8388608.0), -8388608, 8388607)
print(np.count_nonzero(written != wanted), np.count_nonzero(written))
EOF2
    [[ $output == "0 "19??? || $output == "0 20000" ]]
}

@test "samples beyond full scale are clipped, not wrapped" {
    samples '[1.22, -1.22, 1, -1, 0.5, np.inf, -np.inf, 1e30]' >loud.f32
    audio_writer wav 16 1 8 <loud.f32 >out.wav 2>/dev/null
    [[ $(numbers out.wav 16 | xargs) == "32767 -32768 32767 -32768 16384 32767 -32768 32767" ]]
    audio_writer wav 24 1 8 <loud.f32 >out.wav 2>/dev/null
    [[ $(numbers out.wav 32 | xargs) == "2147483392 -2147483648 2147483392 -2147483648 1073741824 2147483392 -2147483648 2147483392" ]]
}

@test "samples nearer to 0 than to a step become 0 on both sides" {
    samples '[-1e-8, 1e-8, -0.49 / 32768, 0.49 / 32768, -0.51 / 32768, 0.51 / 32768]' >quiet.f32
    audio_writer wav 16 1 6 <quiet.f32 >out.wav 2>/dev/null
    [[ $(numbers out.wav 16 | xargs) == "0 0 0 0 -1 1" ]]
}

@test "32-bit float keeps every bit" {
    samples 'np.concatenate([n(2000), [1.22, 1e-40, -0.0, 3e38]])' >noise.f32
    audio_writer wav 32f 2 1002 <noise.f32 >out.wav 2>/dev/null
    [[ $(od -An -t u2 -j 20 -N 2 out.wav | xargs) == 3 ]] # WAVE_FORMAT_IEEE_FLOAT
    cmp <(tail -c 8016 out.wav) noise.f32
    [[ $(soxi -V1 -e out.wav) == "Floating Point PCM" && $(soxi -V1 -s out.wav) == 1002 ]]
}

@test "depths and containers differ by the rounding, half a step at most" {
    for channels in 1 3; do
        samples 'np.clip(n(30000) / 4, -0.99, 0.99)' >noise.f32
        for kind in 'wav 16' 'wav 24' 'wav 32f' 'npy 32f'; do
            # shellcheck disable=SC2086
            audio_writer $kind "$channels" $((30000 / channels)) <noise.f32 >"${kind/ /.}" 2>/dev/null
        done
        wav-diff wav.32f npy.32f
        wav-diff --tolerance 0.0000152587890625 wav.32f wav.16
        wav-diff --tolerance 0.000000059604644775390625 npy.32f wav.24
        # The limit is reached: a slightly smaller one is not enough.
        run -1 wav-diff --tolerance 0.000015 wav.32f wav.16
        run -1 wav-diff --tolerance 0.000000055 npy.32f wav.24
    done
}

@test "two runs give the same bytes: no time of day in the header" {
    samples 'n(100)' >noise.f32
    mkdir one two
    for folder in one two; do
        for kind in "wav 16" "wav 24" "wav 32f" "flac 16" "ogg 16" "rf64 16" "w64 16" "aiff 16" "mp3 16" "opus 16"; do
            rate=44100
            [[ $kind != opus* ]] || rate=48000
            # shellcheck disable=SC2086
            audio_writer $kind 1 100 <noise.f32 >"$folder/$kind" 2>/dev/null
            [[ -s $folder/$kind ]]
        done
        # The other run is in another second.
        second=$EPOCHSECONDS
        while [[ $folder == one ]] && ((EPOCHSECONDS == second)); do sleep 0.1; done
    done
    diff -r one two
}

@test "FLAC has exactly the samples of a WAV file, also for samples that are loud or not numbers" {
    samples 'np.concatenate([n(30000), [1.22, -1.22, np.inf, -np.inf, 1e30, np.nan]])' >noise.f32
    for depth in 16 24; do
        for channels in 1 2 6; do
            audio_writer wav "$depth" "$channels" $((30006 / channels)) <noise.f32 >out.wav 2>/dev/null
            audio_writer flac "$depth" "$channels" $((30006 / channels)) <noise.f32 >out.flac 2>/dev/null
            wav-diff out.wav out.flac
            [[ $(soxi -V1 -b out.flac) == "$depth" && $(soxi -V1 -r out.flac) == 44100 ]]
        done
    done
}

@test "FLAC and Ogg have exactly the frames and channels, also for one of each" {
    samples "n(6 * 44100) / 4" >all.f32
    for frames in 0 1 7 4096 44100; do
        for channels in 1 2 6; do
            head -c $((4 * frames * channels)) all.f32 >noise.f32
            for format in flac ogg rf64 w64 aiff opus mp3; do
                [[ $format != @(flac|opus|mp3) || $frames != 0 ]] || continue
                [[ $format != mp3 || $channels != 6 ]] || continue
                rate=44100
                [[ $format != opus ]] || rate=48000
                audio_writer "$format" 16 "$channels" "$frames" <noise.f32 >"out.$format" 2>/dev/null
                echo "$format: $channels channels, $frames frames"
                # Read by wav-diff, because sox refuses files without frames.
                run -0 wav-diff "out.$format" "out.$format"
                [[ $output == *"\"frames_a\":$frames,"* && $output == *"\"channels_a\":$channels,"* ]]
            done
        done
    done
    [[ $(soxi -V1 -s out.ogg) == 44100 && $(soxi -V1 -s out.flac) == 44100 ]]
}

# sox's decoder drops every page with a wrong checksum.
@test "other programs read from Ogg what was written" {
    samples 'np.sin(np.arange(88200) / 30) * 0.7' >sine.f32
    audio_writer ogg 16 2 44100 <sine.f32 >out.ogg 2>/dev/null
    audio_writer wav 32f 2 44100 <sine.f32 >sine.wav 2>/dev/null
    sox out.ogg -e float -b 32 decoded.wav
    run wav-diff sine.wav decoded.wav
    jq -e '.frames_b == 44100 and .rms_difference_db < -40' <<<"$output"
}

@test "samples that are not numbers, or far too loud, are clipped in Ogg" {
    samples '[np.nan, np.inf, -np.inf, 1e30] * 2000' >bad.f32
    audio_writer ogg 16 1 8000 <bad.f32 >out.ogg 2>/dev/null
    [[ $(sox out.ogg -n stat 2>&1 | grep -c 'nan') == 0 && $(soxi -V1 -s out.ogg) == 8000 ]]
}

@test "FLAC in float is refused, and channels that a container does not have" {
    run -1 --separate-stderr audio_writer flac 32f 1 10 </dev/null
    [[ -z $output && $stderr == *"bit_depth: is 32f, and FLAC holds whole numbers only"* ]]
    run -1 --separate-stderr audio_writer flac 16 9 10 < <(head -c 360 /dev/zero)
    [[ -z $output && $stderr == *"format flac: libsndfile refuses 9 channels at 44100 Hz"* ]]
    run -1 --separate-stderr audio_writer ogg 16 300 10 < <(head -c 12000 /dev/zero)
    [[ -z $output && $stderr == *"format ogg: libsndfile refuses 300 channels at 44100 Hz"* ]]
}

@test "npy is an array of channels times frames in float32" {
    samples 'n(3000)' >noise.f32
    audio_writer npy 16 3 1000 <noise.f32 >out.npy 2>/dev/null
    run -0 warm_python - <<'EOF2'
import numpy as np

array = np.load("out.npy")
print(array.shape, array.dtype.str, array.flags.f_contiguous)
print(np.array_equal(array.T.ravel(), np.fromfile("noise.f32", "<f4")))
EOF2
    [[ $output == "(3, 1000) <f4 True
True" ]]
    ((($(stat -c %s out.npy) - 12000) % 64 == 0))
    audio_writer npy 16 2 0 </dev/null >empty.npy 2>/dev/null
    [[ $(warm_python -c 'import numpy; print(numpy.load("empty.npy").shape)') == "(2, 0)" ]]
}

@test "more frames or fewer than the header says is an internal error" {
    samples 'n(100)' >noise.f32
    run -3 --separate-stderr audio_writer wav 16 1 101 <noise.f32
    [[ $stderr == *"gets fewer frames than its header says"* ]]
    run -3 --separate-stderr audio_writer npy 16 1 99 <noise.f32
    [[ $stderr == *"gets more frames than its header says"* ]]
}

@test "a WAV file of 4 GiB is refused before a byte is written, npy is not" {
    for case in "16 2 1073741824" "24 1 1431655765" "32f 1 1073741824"; do
        # shellcheck disable=SC2086
        run -1 --separate-stderr audio_writer wav $case </dev/null
        [[ -z $output && $stderr == *"format wav: holds less than 4 GiB"*"use format rf64 or w64, or a shorter length"* ]]
        # shellcheck disable=SC2086
        run -1 --separate-stderr audio_writer aiff $case </dev/null
        [[ -z $output && $stderr == *"format aiff: holds less than 4 GiB"*"use format rf64 or w64"* ]]
    done
    audio_writer npy 32f 1 1073741824 </dev/null 2>error | cat >out.npy
    grep -q 'fewer frames' error # it got as far as the frames
}

# The file has its beginning only; the rest is a hole.
@test "RF64 and W64 hold more than 4 GiB" {
    samples 'np.full(20000, 0.5)' >half.f32
    # The file's size is stated at that offset, in RF64 without the first eight bytes.
    for case in 'rf64 out.wav 20 8' 'w64 out.w64 16 0'; do
        read -r format name offset before <<<"$case"
        run -3 --separate-stderr bash -c '"$0" "$1" 24 1 44100 2000000000 512 <half.f32 >"$2"' "$built/tests/audio-writer" "$format" "$name"
        truncate -s $(($(od -An -t u8 -j "$offset" -N 8 "$name") + before)) "$name"
        (($(stat -c %s "$name") > 6000000000 && $(stat -c %s "$name") < 6000000200))
        [[ $("$built/tests/audio-tags" "$name" | jq -c '[.container, .frames]') == "[\"$format\",2000000000]" ]] ||
            fail "$format: $("$built/tests/audio-tags" "$name")"
        # In seconds; FFmpeg goes by the size in the header.
        [[ $(ffprobe -v error -show_entries format=duration -of csv=p=0 "$name") == 45351.47* ]] || fail "$format: FFmpeg"
    done
}

@test "a channel count that WAV cannot hold is refused" {
    run -1 --separate-stderr audio_writer wav 16 2000 10 </dev/null
    [[ -z $output && $stderr == *"format wav: is written with up to 1024 channels, not 2000"* ]]
}

@test "a full disk is an io error with the reason" {
    head -c 4000000 /dev/zero >zero.f32
    for kind in wav npy flac ogg rf64 w64 aiff mp3 opus; do
        [[ $kind != opus ]] || rate=48000
        status=0
        audio_writer "$kind" 16 1 1000000 <zero.f32 >/dev/full 2>error || status=$?
        [[ $status -eq 3 && $(<error) == "audio-writer: standard output: No space left on device" ]]
    done
}

@test "a reader that goes away is an io error" {
    samples 'n(1000000) / 4' >noise.f32
    for kind in "wav 32f" "npy 32f" "flac 16" "ogg 16" "rf64 32f" "w64 32f" "aiff 32f" "mp3 16" "opus 16"; do
        [[ $kind != opus* ]] || rate=48000
        # shellcheck disable=SC2086
        { audio_writer $kind 1 1000000 <noise.f32 2>error || echo $? >status; } | head -c 100 >begin
        [[ $(<status) -eq 3 && $(stat -c %s begin) -eq 100 ]]
        [[ $(<error) == "audio-writer: standard output: the reader went away" ]]
    done
}

@test "peak, rms and clipped samples are NumPy's" {
    samples 'n(50001) / 3' >noise.f32
    run -0 measure noise.f32
    [[ $(jq -c '[.non_finite_samples, .silent]' <<<"$output") == '[0,false]' ]]
    warm_python - "$output" <<'EOF2'
import json
import sys
import numpy as np

meter = json.loads(sys.argv[1])
x = np.fromfile("noise.f32", "<f4").astype(float)
assert meter["peak"] == abs(x).max()
assert abs(meter["rms_db"] - 10 * np.log10((x * x).mean())) < 1e-9
assert meter["clipped_samples"] == (abs(x) > 1).sum() > 0
EOF2
}

@test "full scale itself is not clipped" {
    samples '[1, -1, 1.0000001, -1.0000001]' >edge.f32
    [[ $(measure edge.f32 | jq .clipped_samples) == 2 ]]
}

@test "samples that are not numbers are counted at any position" {
    for bad in np.nan np.inf -np.inf; do
        for index in 0 3 64 1000; do
            samples "[$bad if i == $index else 0.25 for i in range(1001)]" >bad.f32
            [[ $(measure bad.f32 | jq .non_finite_samples) == 1 ]] || fail "$bad at $index"
        done
    done
    samples '[np.nan] * 999 + [0.25]' >bad.f32
    [[ $(measure bad.f32 | jq -c '[.non_finite_samples, .peak]') == '[999,0.25]' ]]
}

@test "silent means below one step of the depth" {
    samples '[0, 0.99 / 32768]' >a.f32
    samples '[0, -1 / 32768]' >b.f32
    samples '[0, 0.99 / 8388608]' >c.f32
    samples '[0, 1e-45]' >d.f32
    samples '[0, -0.0]' >e.f32
    for file in ?.f32; do
        for depth in 16 24 32f; do measure "$file" 1 "$depth" | jq .silent; done | xargs
    done >verdicts
    diff verdicts - <<'EOS'
true false false
false false false
true true false
true true false
true true true
EOS
    [[ $(measure e.f32 | jq .rms_db) == null && $(measure a.f32 | jq .rms_db) == -9* ]]
}

@test "the hash is XXH3's 128 bits over the frames" {
    samples 'n(6000)' >noise.f32
    read -r hash _ < <(xxh128sum noise.f32)
    [[ $(measure noise.f32 2 | jq -r .audio_hash) == "xxh128:$hash" ]]
    [[ $(measure noise.f32 2 32f | jq -r .audio_hash) == "xxh128:$hash" ]] # whatever the depth
    head -c 0 noise.f32 >none.f32
    read -r hash _ < <(xxh128sum none.f32)
    [[ $(measure none.f32 | jq -r .audio_hash) == "xxh128:$hash" ]]
}
