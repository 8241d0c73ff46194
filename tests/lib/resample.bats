#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lib/audio's resampler, through build/tests/resample, compared with the sound itself where it can be
# computed at any time (sums of sines), and with sox.

load ../helper

resample() { timeout 60 "$built/tests/resample" "$@"; }

# samples EXPRESSION: the value of a Python expression, as float64, with numpy as np and n(COUNT) as
# noise that is the same every time.
samples() {
    warm_python - "$1" <<'END'
import sys
import numpy as np

n = np.random.default_rng(1).standard_normal
sys.stdout.buffer.write(np.asarray(eval(sys.argv[1]), dtype="<f8").tobytes())
END
}

frames() { echo $(($(stat -c %s "$1") / 8)); }

ratios=('44100 48000' '48000 44100' '44100 44101' '44100 22050' '8000 96000' '10 9' '44100 192000' '1000000 999983')

@test "a sound below both limits is the same sound at the new rate, from frame 0 on" {
    for ratio in "${ratios[@]}"; do
        # shellcheck disable=SC2086
        run -0 warm_python - "$built/tests/resample" $ratio <<'END'
import subprocess, sys
import numpy as np

program, start, to = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
top = 0.45 * min(start, to)
tones = [(0.2, 0.011 * top, 0.3), (0.3, 0.237 * top, 1.1), (0.4, 0.93 * top, 2.0)]
sound = lambda t: sum(a * np.sin(2 * np.pi * f * t + p) for a, f, p in tones)
made = np.frombuffer(subprocess.run([program, str(start), str(to), "1", "1000"], check=True,
                                    input=sound(np.arange(30000) / start).tobytes(),
                                    capture_output=True).stdout)
middle = slice(len(made) // 3, 2 * len(made) // 3)  # the sound begins and ends abruptly
error = np.abs(made - sound(np.arange(len(made)) / to))[middle].max()
print(error)
assert error < 1e-8, (start, to, error)
END
    done
}

@test "what the new rate cannot hold is gone" {
    samples 'np.sin(2 * np.pi * 0.3 * np.arange(40000))' | resample 48000 24000 1 512 >out
    [[ $(warm_python -c 'import numpy as np; print(np.abs(np.fromfile("out")[5000:15000]).max() < 1e-8)') == True ]]
}

@test "the length is that of the input times the ratio, rounded to the nearest frame" {
    for ratio in "${ratios[@]}"; do
        for count in 0 1 2 3 5 44 100 999 4410 10007; do
            # shellcheck disable=SC2086
            head -c $((count * 8)) /dev/zero | resample $ratio 1 64 >out
            read -r from to <<<"$ratio"
            (($(frames out) == (2 * count * to + from) / (2 * from))) || fail "$ratio of $count: $(frames out)"
        done
    done
}

@test "the bits depend on neither the block size nor the number of channels" {
    samples 'n(3 * 7001)' >noise
    for channel in 0 1 2; do samples "np.fromfile('noise')[$channel::3]" >channel-$channel; done
    for ratio in '44100 48000' '48000 44100' '44100 44101' '10 9'; do
        # shellcheck disable=SC2086
        resample $ratio 3 7001 <noise >whole
        for block in 1 7 512 5000; do
            # shellcheck disable=SC2086
            resample $ratio 3 "$block" <noise | cmp - whole
        done
        for channel in 0 1 2; do
            # shellcheck disable=SC2086
            resample $ratio 1 100 <channel-$channel >one-$channel
        done
        samples "np.stack([np.fromfile(f'one-{channel}') for channel in range(3)], -1)" | cmp - whole
    done
}

@test "the bits do not depend on the environment's choice of libsoxr's code" {
    samples 'n(5000)' >noise
    resample 44100 48000 1 512 <noise >out
    for choice in 0 1; do
        SOXR_USE_SIMD=$choice SOXR_USE_SIMD64=$choice resample 44100 48000 1 512 <noise | cmp - out
    done
}

@test "equal rates change no bit, not even of what is no number" {
    samples 'np.concatenate([n(100), [np.nan, np.inf, -np.inf, -0.0, 1e300, 5e-324]])' >in
    resample 44100 44100 1 7 <in >one
    resample 3 3 2 7 <in >two
    cmp one in
    cmp two in
}

@test "sox makes the same of noise, to its own precision" {
    samples 'np.convolve(n(20000) / 4, np.hanning(80) / 40)' >noise
    for ratio in '44100 48000' '48000 44100' '96000 44100' '8000 48000'; do
        read -r from to <<<"$ratio"
        resample "$from" "$to" 1 512 <noise >ours
        sox -D -r "$from" -c 1 -t f64 noise -t f64 theirs rate -v "$to"
        [[ $(frames ours) == "$(frames theirs)" ]]
        run -0 warm_python -c 'import numpy as np; print(np.abs(np.fromfile("ours") - np.fromfile("theirs")).max() < 1e-7)'
        [[ $output == True ]] || fail "$ratio: $output"
    done
}

@test "a ratio too far from 1 is refused" {
    head -c 800 /dev/zero >in
    run -1 --separate-stderr resample 1 4097 1 10 <in
    [[ $stderr == *"from 1 to 4097: changes the rate more than 4096 times"* ]]
    run -1 --separate-stderr resample 9000000 2000 1 10 <in
    resample 1 4096 1 10 <in >out
    (($(frames out) == 100 * 4096))
    resample 4096 1 1 10 <in >out
    [[ ! -s out ]]
}
