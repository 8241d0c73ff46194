#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The test signals are those of EBU Tech 3341 and 3342 that can be calculated, and tones of known
# pitch; other signals are compared with ffmpeg, sox and NumPy.

load ../helper

# make_audio CODE: writes files. The Python code calls wav(FILE, SAMPLES, RATE=48000), whose samples
# are a list of channels or one channel and become float32, or npy(FILE, SAMPLES); it may use
# sine(HZ, SECONDS, DBFS=0, RATE=48000, PHASE=0), in degrees, noise(COUNT), and numpy as np.
make_audio() {
    { cat - <<<"$1" >code.py; } && warm_python - <<'END'
import struct
import numpy as np

def wav(path, samples, rate=48000):
    data = np.atleast_2d(np.asarray(samples, "<f4"))
    body = data.T.tobytes()
    channels = len(data)
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, channels, rate, rate * channels * 4 & 0xFFFFFFFF, channels * 4, 32)
    head += struct.pack("<4sI", b"data", len(body))
    open(path, "wb").write(b"RIFF" + struct.pack("<I", 4 + len(head) + len(body)) + b"WAVE" + head + body)

def npy(path, samples):
    np.save(path, np.atleast_2d(np.asarray(samples, "<f4")))

def sine(hz, seconds, dbfs=0, rate=48000, phase=0):
    n = np.arange(round(seconds * rate))
    return 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * n / rate + np.radians(phase))

noise = np.random.default_rng(1).standard_normal
exec(open("code.py").read())
END
}

# near FILTER WANTED TOLERANCE: what jq finds in each record of $output is a number near the one
# wanted, or no more than the second tolerance below it.
near() {
    jq -e --argjson wanted "$2" --argjson over "$3" --argjson under "${4:-$3}" \
        "$1 | . != null and . <= \$wanted + \$over + 1e-9 and . >= \$wanted - \$under - 1e-9" <<<"$output" >found ||
        fail "$1 is $(jq -c "$1" <<<"$output"), not $2"
    if grep -qx false found; then fail "$1 is $(jq -c "$1" <<<"$output"), not $2"; fi
}

# error_of FILE KIND SENTENCE
error_of() {
    run -1 --separate-stderr audio-measure -m all "$1"
    [[ -z $stderr && $(field status) == error && $(field error_kind) == "$2" ]]
    [[ $(field error) == "$PWD/$1: "*"$3"* ]] || fail "$(field error)"
}

@test "loudness is that of the test signals 1 to 6 of EBU Tech 3341" {
    make_audio '
tones = lambda *parts: np.concatenate([sine(1000, seconds, dbfs) for dbfs, seconds in parts])
stereo = lambda *parts: [tones(*parts)] * 2
wav("1.wav", stereo((-23, 20)))
wav("2.wav", stereo((-33, 20)))
wav("3.wav", stereo((-36, 10), (-23, 60), (-36, 10)))
wav("4.wav", stereo((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)))
wav("5.wav", stereo((-26, 20), (-20, 20.1), (-26, 20)))
wav("6.wav", [tones((dbfs, 20)) for dbfs in (-28, -28, -24, -30, -30)])'
    for file in 1:-23 2:-33 3:-23 4:-23 5:-23 6:-23; do
        run -0 audio-measure -m loudness "${file%:*}.wav"
        near .loudness_lufs "${file#*:}" 0.1
        ((${file%:*} > 2)) || near '.max_momentary_lufs, .max_short_term_lufs' "${file#*:}" 0.1
    done
}

@test "short-term and momentary loudness are those of the signals 9, 10, 12 and 13 of EBU Tech 3341" {
    make_audio '
pulses = lambda loud, soft, times: [np.tile(np.append(sine(1000, loud, -20), sine(1000, soft, -30)), times)] * 2
burst = lambda before, seconds: [np.concatenate([np.zeros(round(before * 48000)), sine(1000, seconds, -23), np.zeros(48000)])] * 2
wav("short-term-9.wav", pulses(1.34, 1.66, 5))
wav("momentary-12.wav", pulses(0.18, 0.22, 25))
for i in range(20):
    wav(f"short-term-10-{i}.wav", burst(i * 0.15, 3))
    wav(f"momentary-13-{i}.wav", burst(i * 0.02, 0.4))'
    run -0 audio-measure -m loudness short-term-*.wav
    ((${#lines[@]} == 21))
    near .max_short_term_lufs -23 0.1
    run -0 audio-measure -m loudness momentary-*.wav
    ((${#lines[@]} == 21))
    near .max_momentary_lufs -23 0.1
}

@test "the loudness range is that of the signals 1 to 4 of EBU Tech 3342" {
    make_audio '
for name, levels in {"10": (-20, -30), "5": (-20, -15), "20": (-40, -20), "15": (-50, -35, -20, -35, -50)}.items():
    wav(name + ".wav", [np.concatenate([sine(1000, 20, dbfs) for dbfs in levels])] * 2)'
    for range in 10 5 20 15; do
        run -0 audio-measure -m loudness "$range.wav"
        near .loudness_range_lu "$range" 1
    done
}

@test "the true peak is that of the signals 15 to 19 of EBU Tech 3341, at every rate" {
    make_audio '
for rate in 8000, 44100, 48000, 96000:
    tone = lambda part, phase, level: [np.hanning(rate) ** 0.1 * level * sine(rate / part, 1, 0, rate, phase)] * 2
    wav(f"low-15-{rate}.wav", tone(4, 0, 0.5), rate)
    wav(f"low-16-{rate}.wav", tone(4, 45, 0.5), rate)
    wav(f"low-17-{rate}.wav", tone(6, 60, 0.5), rate)
    wav(f"low-18-{rate}.wav", tone(8, 67.5, 0.5), rate)
    wav(f"high-19-{rate}.wav", tone(4, 45, 1.41), rate)'
    run -0 audio-measure --measure true-peak low-*.wav
    ((${#lines[@]} == 16))
    near .true_peak_dbtp -6 0.2 0.4
    run -0 audio-measure --measure true-peak high-*.wav
    near .true_peak_dbtp 3 0.2 0.4
    # From 192 kHz on it is that of the samples.
    make_audio 'wav("fast.wav", sine(48000, 1, 0, 192000, 45), 192000)'
    run -0 audio-measure --measure levels,true-peak fast.wav
    jq -e '.true_peak_dbtp == .sample_peak_dbfs' <<<"$output"
}

@test "a peak between the last frames of a file, or far behind a louder start, counts" {
    make_audio '
quiet = np.zeros(4800)
end = np.concatenate([quiet, sine(12000, 0.001, 0, 48000, 45)])
wav("end.wav", end)
wav("middle.wav", np.concatenate([end, quiet]))
wav("second.wav", [quiet, 0.5 * end[48:4848]])
loud = sine(1000, 0.1, -9)
wav("after.wav", np.concatenate([loud, np.zeros(40000), end, quiet]))'
    run -0 audio-measure -m true-peak end.wav middle.wav after.wav
    near .true_peak_dbtp 0.4 0.5
    [[ $(field true_peak_dbtp | sort -u | wc -l) == 1 ]]
}

# ffmpeg's integrated loudness, range and true peak of a file.
ffmpegs() {
    ffmpeg -nostdin -hide_banner -nostats -i "$1" -af ebur128=peak=true -f null - 2>&1 </dev/null |
        sed -n '/Summary/,$p' | sed -nE 's/^ +(I|LRA|Peak): +([^ ]+) .*/\2/p' | xargs
}

@test "loudness, range and true peak agree with ffmpeg's" {
    # Of ten each rate and each number of channels is one.
    kinds=$(some 10 {22050,44100,48000,96000}-{1..6} | xargs) make_audio '
import os
def music(seconds, rate, channels, seed):
    random = np.random.default_rng(seed)
    n = round(seconds * rate)
    levels = np.repeat(10 ** (random.uniform(-50, -8, -(-n // rate)) / 20), rate)[:n]
    tone = sum(sine(hz, seconds, -12, rate) for hz in random.uniform(40, min(rate / 2.4, 15000), 6))
    return [levels * (tone + 0.2 * random.standard_normal(n)) for _ in range(channels)]
for kind in os.environ["kinds"].split():
    rate, channels = map(int, kind.split("-"))
    wav(f"{kind}.wav", music(12.3, rate, channels, rate + channels), rate)'
    for file in *.wav; do
        read -r integrated range peak <<<"$(ffmpegs "$file")"
        run -0 audio-measure "$file"
        echo "$file: $integrated $range $peak: $output"
        # ffmpeg weights channels by their positions, and takes three channels, for instance, as 2.1.
        if [[ $file == *-[126].wav ]]; then
            near .loudness_lufs "$integrated" 0.1
            # ffmpeg also counts the first windows, which are not full yet.
            near .loudness_range_lu "$range" 1
        fi
        near .true_peak_dbtp "$peak" 0.2
    done
}

@test "channels count with the weights of BS.1770" {
    make_audio '
tone = sine(1000, 2, -20)
for channels in range(1, 10):
    for place in range(channels):
        wav(f"{channels}-{place}.wav", [tone if i == place else 0 * tone for i in range(channels)])'
    # In hundredths of an LU above the first channel; null: it does not count.
    for case in "1 0" "2 0 0" "3 0 0 0" "4 0 0 149 149" "5 0 0 0 149 149" "6 0 0 0 null 149 149" \
        "7 null null null null null null null" "8 0 0 0 null 0 0 149 149" \
        "9 null null null null null null null null null"; do
        run -0 audio-measure -m loudness "${case%% *}"-?.wav
        found=$(jq -s -r 'map(.loudness_lufs) | .[0] as $first | map(if . then ((. - $first) * 100 | round) else null end) |
            map(tostring) | join(" ")' <<<"$output")
        [[ "${case%% *} $found" == "$case" ]] || fail "$found, not $case"
    done
}

@test "the pitch of sines and saws from A0 to C8 is right to a cent, at every rate" {
    make_audio '
import os
for rate in 22050, 44100, 48000, 96000:
    step = 7 if rate != 44100 else 1 if os.environ.get("THOROUGH") else 5
    for note in range(21, 109, step):
        hz = 440 * 2 ** ((note - 69 + 0.3) / 12)
        wav(f"sine-{note}-{rate}.wav", sine(hz, 0.4, -6, rate), rate)
        saw = sum(sine(k * hz, 0.4, -12, rate) / k for k in range(1, min(200, int(rate / 2 / hz)) + 1))
        wav(f"saw-{note}-{rate}.wav", [saw, saw / 2], rate)'
    run -0 audio-measure --measure pitch ./*.wav
    # Thirteen notes at three of the rates, and more at the fourth.
    more=${THOROUGH:+88}
    ((${#lines[@]} == 2 * (3 * 13 + ${more:-18})))
    jq -r '[.input_path, .pitch_note, .pitch_cents, .pitch_hz, .pitch_confidence] | @tsv' <<<"$output" >found
    /usr/bin/python3 - <<'END'
import math
for line in open("found"):
    path, *found = line.rstrip("\n").split("\t")
    wanted = int(path.split("-")[-2])
    assert found[0], path
    note, cents, hz, confidence = map(float, found)
    assert note == wanted and abs(cents - 30) < 1 and confidence > 0.9, (path, found)
    assert abs(1200 * math.log2(hz / 440) - 100 * (note - 69) - cents) < 0.1, (path, found)
END
}

@test "a decaying note, a short one, one in opposite phases and one in noise have their pitch" {
    make_audio '
t = np.arange(96000) / 48000
partials = sum(np.sin(2 * np.pi * 110 * k * t) / k for k in range(1, 20))
wav("decaying.wav", 0.3 * np.exp(-4 * t) * partials)
wav("short.wav", 0.3 * partials[:2400])
wav("opposite.wav", [0.3 * partials, -0.3 * partials])
wav("offset.wav", 0.1 * partials + 0.6)
wav("noisy.wav", 0.3 * partials + 0.03 * noise(len(t)))
wav("quiet.wav", 1e-5 * partials)
wav("drowned.wav", 0.3 * partials + 0.15 * noise(len(t)))
wav("late.wav", np.concatenate([np.zeros(50000), 0.3 * partials[:48000], np.zeros(50000)]))'
    run -0 audio-measure -m pitch ./*.wav
    ((${#lines[@]} == 8))
    [[ $(field pitch_note | sort -u) == 45 ]]
    near .pitch_cents 0 3
}

@test "what has no pitch has null, and its confidence says so" {
    make_audio '
wav("noise.wav", 0.2 * noise(96000))
wav("steady.wav", np.full(48000, 0.5))
wav("high.wav", sine(8000, 1, -6))
wav("low.wav", sine(7, 2, -6))
wav("click.wav", np.append([1], np.zeros(20000)))'
    for name in noise high low; do
        run -0 audio-measure -m pitch $name.wav
        jq -e '.pitch_hz == null and .pitch_note == null and .pitch_cents == null and .pitch_confidence < 0.5' <<<"$output"
    done
    run -0 audio-measure -m pitch steady.wav click.wav
    [[ $(field pitch_hz | xargs) == "null null" ]]
    run -0 audio-measure -m pitch steady.wav
    [[ $(field pitch_confidence) == null ]]
}

@test "levels are those that sox and NumPy find" {
    make_audio '
wav("noise.wav", np.clip(0.1 * noise((3, 50001)) + [[0.01], [-0.2], [0.1]], -1, 1), 44100)
data = np.frombuffer(open("noise.wav", "rb").read()[44:], "<f4").astype(float).reshape(-1, 3)
peak, rms = abs(data).max(), np.sqrt((data ** 2).mean())
db = lambda x: 20 * np.log10(x)
open("wanted", "w").write(f"{db(peak):.3f} {db(rms):.3f} {db(peak / rms):.3f} {data.mean(0)[1]:.6f}\n")
wav("sine.wav", sine(1000, 1, 0))'
    run -0 audio-measure --measure levels noise.wav
    read -r peak rms crest offset <wanted
    near .sample_peak_dbfs "$peak" 0.001
    near .rms_dbfs "$rms" 0.001
    near .crest_factor_db "$crest" 0.001
    near .dc_offset "$offset" 0.000001
    near .rms_dbfs "$(sox noise.wav -n stats 2>&1 | awk '/^RMS lev dB/ {print $4}')" 0.01
    run -0 audio-measure --measure levels sine.wav
    [[ $(field rms_dbfs) == -3.01 && $(field crest_factor_db) == 3.01 && $(field sample_peak_dbfs) == 0 ]]
}

@test "silence at the ends is what does not exceed the threshold in any channel" {
    make_audio '
data = np.zeros((2, 48000))
data[1, 12000:36000] = 0.01
data[0, 6000] = -0.00099
wav("a.wav", data)'
    run -0 audio-measure --measure silence a.wav
    [[ $(field leading_silence) == 0.25 && $(field trailing_silence) == 0.25 ]]
    run -0 audio-measure --measure silence --silence-threshold=-61 a.wav
    [[ $(field leading_silence) == 0.125 && $(field trailing_silence) == 0.25 ]]
    run -0 audio-measure --measure silence --silence-threshold -40 a.wav
    [[ $(field leading_silence) == 1 && $(field trailing_silence) == 1 ]]
    # A field wins over the default, and the option over the field.
    record='{"input_path":"a.wav","silence_threshold":-70}'
    [[ $(audio-measure -m silence <<<"$record" | jq .leading_silence) == 0.125 ]]
    [[ $(audio-measure -m silence --silence-threshold -50 <<<"$record" | jq .leading_silence) == 0.25 ]]
    run -1 audio-measure <<<'{"input_path":"a.wav","silence_threshold":3}'
    [[ $(field error) == "silence_threshold: must be -200 to 0 dBFS, is 3" ]]
}

@test "the spectral centroid is NumPy's" {
    make_audio '
data = noise((2, 30011)) * np.linspace(0, 0.2, 30011)
wav("a.wav", data, 44100)
data = np.pad(np.asarray(data, "<f4").astype(float), ((0, 0), (0, 4096)))
size, last = 2048, 30011
sums = 0
for begin in range(0, last, 1024):
    window = data[:, begin:begin + size] * np.hanning(size + 1)[:-1]
    sums = sums + abs(np.fft.rfft(window)).sum(0)
    if begin + size >= last:
        break
open("wanted", "w").write(str((sums * np.fft.rfftfreq(size, 1 / 44100)).sum() / sums.sum()))
wav("sine.wav", sine(1000, 1, -6))'
    run -0 audio-measure --measure spectrum a.wav
    near .spectral_centroid_hz "$(<wanted)" 0.001
    run -0 audio-measure --measure spectrum sine.wav
    near .spectral_centroid_hz 1000 20
}

@test "silence has no levels, loudness, pitch or centroid, and neither has a file without frames" {
    make_audio '
wav("silent.wav", np.zeros((2, 48000 * 4)))
wav("empty.wav", np.zeros((2, 0)))'
    run -0 --separate-stderr audio-measure -m all silent.wav empty.wav
    [[ -z $stderr ]]
    jq -se 'map([.sample_peak_dbfs, .rms_dbfs, .crest_factor_db, .loudness_lufs, .loudness_range_lu, .max_momentary_lufs,
        .max_short_term_lufs, .true_peak_dbtp, .pitch_hz, .pitch_note, .pitch_cents, .pitch_confidence,
        .spectral_centroid_hz] | all(. == null)) | all' <<<"$output"
    [[ $(field dc_offset | xargs) == "0 null" && $(field audio_duration | xargs) == "4 0" ]]
    [[ $(field leading_silence | xargs) == "4 0" && $(field trailing_silence | xargs) == "4 0" ]]
}

@test "a file shorter than a window has no loudness of that window" {
    make_audio '
wav("399.wav", sine(1000, 0.399, -20))
wav("400.wav", sine(1000, 0.4, -20))
wav("3000.wav", sine(1000, 3, -20))'
    run -0 audio-measure -m loudness 399.wav 400.wav 3000.wav
    jq -se 'map([.loudness_lufs, .max_momentary_lufs, .max_short_term_lufs, .loudness_range_lu] | map(. != null)) ==
        [[false, false, false, false], [true, true, false, false], [true, true, true, true]]' <<<"$output"
}

@test "only the groups that are named are measured, and by default not pitch and spectrum" {
    make_audio 'wav("a.wav", sine(1000, 1, -20))'
    keys() { audio-measure "$@" a.wav | command jq -r 'del(.input_path) | keys_unsorted | join(" ")'; }
    always="sample_rate channels frames audio_duration"
    levels="sample_peak_dbfs rms_dbfs crest_factor_db dc_offset"
    silence="leading_silence trailing_silence"
    loudness="loudness_lufs loudness_range_lu max_momentary_lufs max_short_term_lufs"
    pitch="pitch_hz pitch_note pitch_cents pitch_confidence"
    [[ $(keys) == "$always $levels $silence $loudness true_peak_dbtp" ]]
    [[ $(keys -m all) == "$always $levels $silence $loudness true_peak_dbtp $pitch spectral_centroid_hz" ]]
    [[ $(keys -m pitch,silence) == "$always $silence $pitch" ]]
    for list in loud '' 'levels,' all,x; do
        run -2 --separate-stderr audio-measure -m "$list" a.wav
        [[ -z $output && $stderr == "audio-measure: --measure: '"*"' is not a group; there are: levels silence loudness true-peak pitch spectrum and all"* ]]
    done
}

@test "an npy file gets its rate from the option or the record, and a render's is the default" {
    make_audio 'npy("a.npy", np.tile(sine(441, 1, -20, 44100), (2, 1)))'
    run -2 audio-measure --sample-rate 999 a.npy
    run -1 audio-measure a.npy
    [[ $(field error) == "$PWD/a.npy: is an npy file, which does not state its sample rate; give --sample-rate"* ]]
    run -1 audio-measure <<<'{"input_path":"a.npy"}'
    run -0 audio-measure -m pitch --sample-rate 88200 a.npy
    [[ $(field sample_rate) == 88200 && $(field audio_duration) == 0.5 && $(field channels) == 2 ]]
    near .pitch_hz 882 0.1
    run -0 audio-measure -m pitch <<<'{"input_path":"a.npy","sample_rate":22050}'
    near .pitch_hz 220.5 0.1
    run -0 audio-measure -m pitch <<<'{"output_path":"a.npy"}'
    near .pitch_hz 441 0.1
    # Other files have a rate.
    make_audio 'wav("a.wav", np.zeros(480))'
    run -0 audio-measure --sample-rate 8000 <<<'{"input_path":"a.wav","sample_rate":96000}'
    [[ $(field sample_rate) == 48000 ]]
}

@test "a record names its audio in input_path, or else in output_path, and keeps every other byte" {
    make_audio '
wav("in.wav", np.full(480, 0.5))
wav("out.wav", np.full(480, 0.25))'
    run -0 audio-measure -m levels <<<'{ "x" : 1.50e0, "input_path" : "./in.wav", "output_path":"out.wav", "frames":1,"\u00e9":[ {} ]}'
    [[ $output == '{ "x" : 1.50e0, "input_path" : "./in.wav", "output_path":"out.wav", "frames":480,"\u00e9":[ {} ],"sample_rate":48000,'*'"sample_peak_dbfs":-6.021,"rms_dbfs":-6.021,"crest_factor_db":0,"dc_offset":0.5}' ]]
    run -0 audio-measure -m levels <<<'{"input_path":null,"output_path":"out.wav"}'
    [[ $(field dc_offset) == 0.25 ]]
    printf '%s\n' '{"input_path":"missing.wav"}' '{"input_path":""}' '{"input_path":7}' '{"note":60}' '{"output_path":"in.wav"}' >jobs.ndjson
    run -1 --separate-stderr audio-measure <jobs.ndjson
    [[ -z $stderr && $(field error_kind | xargs) == "not-found bad-record bad-record null null" ]]
    [[ ${lines[3]} == '{"note":60}' ]]
}

@test "what is not audio is an error record, and the others are measured" {
    mkdir folder.wav
    : >empty.wav
    head -c 5000 /dev/urandom >noise.wav
    make_audio 'wav("a.wav", np.zeros(480))'
    error_of folder.wav unsupported "is a folder"
    error_of empty.wav unsupported "cannot be read as audio"
    error_of noise.wav unsupported "cannot be read as audio"
    run -1 --separate-stderr audio-measure folder.wav a.wav noise.wav a.wav
    [[ -z $stderr && $(field error_kind | xargs) == "unsupported null unsupported null" ]]
    run -2 --separate-stderr audio-measure a.wav missing.wav
    [[ -z $output && $stderr == "audio-measure: $PWD/missing.wav: there is no such file"* ]]
    run -2 --separate-stderr audio-measure ''
    [[ $stderr == *"an operand is empty"* ]]
    cp a.wav $'\xff.wav'
    run -1 --separate-stderr audio-measure $'\xff.wav' a.wav
    [[ ${#lines[@]} -eq 1 && $stderr == *'\xff.wav: the name is not UTF-8'* ]]
}

@test "standard input may be the audio, and standard output may not" {
    sox -n -r 44100 in.wav synth 0.1 sine 440
    run -0 --separate-stderr audio-measure -m levels - < <(cat in.wav)
    [[ $(field frames) == 4410 ]]
    run -0 bash -c "echo '{\"output_path\":\"/dev/stdout\",\"status\":\"ok\"}' | timeout 20 audio-measure | cat"
    [[ $(field error) == "/dev/stdout: is the pipe that this program writes to"* ]]
}

@test "a sample that is NaN or infinite is named, and nothing is measured" {
    make_audio '
for name, value in {"nan": np.nan, "inf": np.inf, "minus": -np.inf}.items():
    data = np.zeros((2, 9000))
    data[1, 4999] = value
    wav(name + ".wav", data)
    npy(name + ".npy", data)'
    for file in nan inf minus; do
        error_of $file.wav non-finite "has a sample that is infinite or NaN in frame 4999; it cannot be measured"
        [[ $(field rms_dbfs) == null && $(field frames) == null ]]
        run -1 audio-measure --sample-rate 8000 $file.npy
        [[ $(field error_kind) == non-finite ]]
    done
}

@test "extreme levels, rates, lengths and numbers of channels are measured" {
    make_audio '
wav("loud.wav", 3e38 * sine(1000, 1))
wav("faint.wav", 1e-38 * sine(1000, 1))
wav("one.wav", [0.5])
wav("slow.wav", sine(100, 2, -6, 1000), 1000)
wav("fast.wav", sine(1000, 0.5, -6, 768000), 768000)
wav("crawl.wav", [0.5, -0.5, 0.5], 1)
npy("many.npy", np.tile(sine(1000, 0.1, -6), (1024, 1)))'
    run -0 --separate-stderr audio-measure -m all --sample-rate 48000 ./*.wav many.npy
    [[ -z $stderr && ${#lines[@]} == 7 ]]
    jq -se 'map({key: .input_path | sub(".*/"; ""), value: .}) | from_entries |
        (.["loud.wav"] | .sample_peak_dbfs > 769 and .loudness_lufs > 760) and
        (.["faint.wav"] | .sample_peak_dbfs < -750 and .loudness_lufs == null) and
        (.["one.wav"] | .sample_peak_dbfs == -6.021 and .pitch_hz == null) and
        (.["slow.wav"] | .loudness_lufs == null and .pitch_note == 43) and
        (.["fast.wav"] | (.loudness_lufs + 6 - 3.01 | fabs) < 10 and (.pitch_hz - 1000 | fabs) < 0.1) and
        (.["many.npy"] | .channels == 1024 and .loudness_lufs == null and (.pitch_hz - 1000 | fabs) < 0.1)' <<<"$output"
}

@test "a header with an absurd sample rate is an error, not gigabytes of windows" {
    make_audio 'wav("a.wav", np.zeros(480), 2000000000)'
    error_of a.wav unsupported "states a sample rate of 2000000000 Hz; the most is 768000"
    make_audio 'wav("wide.wav", np.zeros((1024, 40)), 768000)'
    error_of wide.wav unsupported "states 1024 channels at 768000 Hz; the most together is 98304000 samples a second"
}

@test "a file of which a part is not read is measured with a warning that says so" {
    sox -R -n -r 44100 -c 2 -b 16 whole.wav synth 1 whitenoise vol 0.3
    ffmpeg -v error -i whole.wav whole.mp3
    sox whole.wav whole.ogg
    for name in wav mp3 ogg; do
        head -c "$(($(stat -c %s "whole.$name") / 2))" "whole.$name" >"cut.$name"
    done
    cat whole.ogg whole.ogg >two.ogg
    run -0 --separate-stderr audio-measure cut.* two.ogg
    [[ ${stderr_lines[0]} == "audio-measure: $PWD/cut.mp3: is cut short; measured as far as that" ]]
    [[ ${stderr_lines[1]} == *"cut.ogg: is cut short;"* && ${stderr_lines[2]} == *"cut.wav: is cut short;"* ]]
    [[ ${stderr_lines[3]} == *"two.ogg: has further Ogg streams behind its first, which are not read;"* ]]
    [[ ${#stderr_lines[@]} == 4 && $(field frames | tail -n 1) == 44100 ]]
    run -1 --separate-stderr wav-diff cut.mp3 whole.mp3
    [[ $stderr == "wav-diff: cut.mp3: is cut short; compared as far as that" ]]
    run -1 audio-edit -o out.wav two.ogg
    [[ $(field error) == *"two.ogg: has further Ogg streams behind its first, which are not read; write it again" ]]
    run -0 --separate-stderr audio-measure whole.* - <whole.ogg
    [[ -z $stderr ]]
}

@test "every container gives the same measures, and so does a pipe" {
    make_audio 'wav("a.wav", 0.2 * noise((2, 100000)))'
    sox -D a.wav -b 24 -e signed b.wav
    sox -D b.wav b.flac
    sox -D b.wav b.aiff
    run -0 audio-measure -m all b.wav b.flac b.aiff
    [[ $(jq -c 'del(.input_path)' <<<"$output" | sort -u | wc -l) == 1 ]]
    piped=$(audio-measure -m all /dev/fd/3 3< <(cat b.wav) | jq -c 'del(.input_path)')
    [[ $piped == "$(head -n 1 <<<"$output" | jq -c 'del(.input_path)')" ]]
}

@test "memory does not grow with the length" {
    without_sanitizers "they need address space"
    make_audio 'wav("a.wav", np.zeros((2, 48000)))'
    /usr/bin/python3 - <<'END'
import struct
head = open("a.wav", "rb").read(44)
size = 400_000_000
open("long.wav", "wb").write(head[:4] + struct.pack("<I", size + 36) + head[8:40] + struct.pack("<I", size))
END
    truncate -s $((44 + 400000000)) long.wav
    run -0 --separate-stderr bash -c 'ulimit -v 150000; audio-measure long.wav'
    [[ $(field frames) == 50000000 ]]
}
