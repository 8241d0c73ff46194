#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lib/audio/audio_reader.h, through build/tests/audio-reader. Files are made by sox and NumPy.

load ../helper

# noise FILE [SOX OPTIONS FOR THE FILE]: 50000 frames of stereo noise, the same every time.
noise() { sox -R -r 8000 -n -c 2 "${@:2}" "$1" synth 50000s whitenoise whitenoise vol 0.4; }

# same_from_anywhere CHANNELS FILE...: what is read from a frame on is the same as in the whole file.
same_from_anywhere() {
    warm_python - "$built/tests/audio-reader" "$@" <<'END'
import random
import subprocess
import sys
import numpy as np

program, channels = sys.argv[1], int(sys.argv[2])


def read(path, *operands):
    words = [program, path, *map(str, operands)]
    return np.frombuffer(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout).reshape(-1, channels)


for path in sys.argv[3:]:
    whole = read(path)
    frames = len(whole)
    assert frames >= 50000 and np.abs(whole).max() > 0.1, (path, whole.shape)
    parts = [(0, 10), (frames - 1000, 1000), (17, 5), (12345, 20000), (12345, 20000), (frames - 1, 1),
             (frames, 1), (1, 1), (40000, 9999), (0, 9)]
    chance = random.Random(1)
    parts += [(chance.randrange(frames), 100) for _ in range(60)]
    found = read(path, *[number for part in parts for number in part])
    wanted = [whole[at:at + count] for at, count in parts]
    assert len(found) == sum(map(len, wanted)), (path, len(found))
    for (at, _), part in zip(parts, wanted):
        assert (found[:len(part)] == part).all(), (path, at, np.abs(found[:len(part)] - part).max())
        found = found[len(part):]
END
}

@test "reading from any frame on gives the samples that are there, in every depth and container" {
    noise noise.wav -b 32
    for kind in "wav -b 8" "wav -b 16" "wav -b 24" "wav -b 32 -e floating-point" "wav -b 64 -e floating-point" \
        "wav -e mu-law" "wav -e ms-adpcm" "wav -e ima-adpcm" "flac -b 16" "flac -b 24" "aiff -b 24" "au -b 16" "w64 -b 16" \
        "caf -b 16" ogg "ogg -C 0"; do
        read -r suffix options <<<"$kind"
        # shellcheck disable=SC2086
        sox -D noise.wav $options "$kind.$suffix"
    done
    rm noise.wav
    same_from_anywhere 2 ./*
    sox -R -r 8000 -n -c 1 -e gsm-full-rate a.wav synth 50000s whitenoise
    same_from_anywhere 1 a.wav
}

@test "reading from any frame on gives the samples that are there in npy, in both orders" {
    noise a.wav -b 32 -e floating-point
    warm_python - <<'END'
import numpy as np

array = np.random.default_rng(1).standard_normal((2, 50000)).astype("<f4")
np.save("c.npy", array)
np.save("fortran.npy", np.asfortranarray(array))
END
    same_from_anywhere 2 c.npy fortran.npy
}

@test "an MP3 file that does not state its length is read to its end, from any frame on" {
    noise a.wav
    ffmpeg -v error -i a.wav -write_xing 0 -b:a 32k constant.mp3
    # A quiet beginning and a loud end, and the other way round: estimates are too long, or too short.
    for order in "a.wav gain -n -60" "a.wav gain -n -1"; do
        read -r in gain <<<"$order"
        # shellcheck disable=SC2086
        sox -R "$in" "$((++part)).wav" $gain
    done
    sox 1.wav 2.wav rising.wav
    sox 2.wav 1.wav falling.wav
    for name in rising falling; do
        ffmpeg -v error -i "$name.wav" -write_xing 0 -write_id3v1 1 -metadata title=Noise -q:a 0 "$name.mp3"
    done
    for name in constant rising falling; do
        frames=$(ffmpeg -v error -i "$name.mp3" -f f64le - | wc -c)
        [[ $(wav-diff "$name.mp3" "$name.mp3" | jq .frames_a) == $((frames / 16)) ]] || fail "$name"
    done
    same_from_anywhere 2 {constant,rising,falling}.mp3
}

@test "an MP3 file that ends within a frame is read to the frame before" {
    noise a.wav
    ffmpeg -v error -i a.wav -write_xing 0 -write_id3v1 0 -id3v2_version 0 whole.mp3
    whole=$(wav-diff whole.mp3 whole.mp3 | jq .frames_a)
    for missing in 1 40; do
        head -c -"$missing" whole.mp3 >cut.mp3
        run -0 wav-diff cut.mp3 cut.mp3
        (($(field frames_a) < whole && $(field frames_a) >= whole - 2 * 1152)) || fail "$output"
    done
    # What is damaged in the middle is not taken for its end.
    /usr/bin/python3 -c 'b = bytearray(open("whole.mp3", "rb").read())
n = len(b) // 3
b[n:2 * n] = bytes(n)
open("damaged.mp3", "wb").write(b)'
    run -2 wav-diff damaged.mp3 damaged.mp3
    [[ $output == *"cannot be read to its end"* ]]
}

@test "a FLAC file with an ID3v1 tag behind it is read as without" {
    noise a.flac -b 16
    { cat a.flac; printf 'TAG%125s' ""; } >tagged.flac
    run -0 wav-diff a.flac tagged.flac
    run -0 audio-measure -m levels tagged.flac
    [[ $(field frames) == 50000 ]]
    head -c -40 a.flac >cut.flac
    run -2 wav-diff a.flac cut.flac
}
