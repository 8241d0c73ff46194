#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# plugin-measure: systems whose measures are known or computed by numpy, and Faust's impulse test.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so

setup_file() {
    cp "$root"/build/tests/plugins/{measured,gain}_effect.so .
    make_vst2 late.so < <(echo '#define LATENCY 64'; cat "$root/tests/plugins/measured_effect.cpp")
}

setup() { effect=$BATS_FILE_TMPDIR/measured_effect.so late=$BATS_FILE_TMPDIR/late.so gain=$BATS_FILE_TMPDIR/gain_effect.so; }

# job PARAMETERS: a record of the effect.
job() { jq -cn --arg p "$effect" --argjson v "$1" '{plugin_path: $p, parameters: $v}'; }

# measured PARAMETERS [OPTION]...: measures it.
measured() {
    job "$1" >measured.ndjson
    shift
    run -0 --separate-stderr plugin-measure "$@" <measured.ndjson
    [[ -z $stderr ]]
}

@test "what changes nothing measures as that" {
    run -0 --separate-stderr plugin-measure "$effect"
    jq -e '.status == "ok" and .plugin == "Measured" and .plugin_format == "VST2" and .inputs == 2
        and .channels == 2 and .sample_rate == 44100 and .block_size == 512
        and .latency_frames == 0 and .latency_measured_frames == 0 and .noise_floor_db == null
        and .dc_offset == 0 and (.tone_gain_db | fabs) < 1e-6 and .thd_db < -140 and .thd_n_db < -140
        and .aliasing_db < -140 and .non_finite_samples == 0 and .denormal_samples == 0
        and .ns_per_frame >= .least_ns_per_frame and .least_ns_per_frame > 0
        and .realtime_safe and .realtime_calls == {}' <<<"$output"
    [[ -z $stderr ]]
}

@test "the responses of a filter are those of its formula" {
    measured '{"Pole": 0.9}' --npy curves --level -6
    jq -e --arg here "$PWD" '.npy.impulse == $here + "/curves/Measured/impulse.npy"' <<<"$output"
    warm_python - <<'PYTHON'
import numpy as np
load = lambda name: np.load(f"curves/Measured/{name}.npy")
n = np.arange(44100)
pole = np.float32(0.9)
impulse, step, magnitude = load("impulse"), load("step"), load("magnitude")
assert impulse.shape == step.shape == (2, 44100)
assert np.abs(impulse - (1 - pole) * pole ** n.astype(float)).max() < 1e-6
assert np.abs(step - (1 - pole ** (n + 1.0))).max() < 1e-5
frequency, response = magnitude[0], magnitude[1:]
assert frequency[0] == 0 and frequency[-1] == 22050 and len(frequency) == 65536 // 2 + 1
z = np.exp(-2j * np.pi * frequency / 44100)
assert np.abs(response - 20 * np.log10(np.abs((1 - pole) / (1 - pole * z)))).max() < 1e-3
PYTHON
}

@test "distortion and aliasing of a clipper are those that numpy finds" {
    measured '{"Clip": 0.5}' --npy curves
    echo "$output" >record
    warm_python - <<'PYTHON'
import json, numpy as np
record = json.load(open("record"))
rate, level = 44100, 10 ** (-1 / 20)

def power(frequency, frames):
    tone = (level * np.sin(2 * np.pi * frequency * np.arange(frames) / rate)).astype(np.float32)
    return np.abs(np.fft.rfft(np.clip(tone, -0.5, 0.5))) ** 2

frames, db = 65536, lambda x: 10 * np.log10(x)
bins = np.fft.rfftfreq(frames, 1 / rate)
tone = round(record["tone_hz"] * frames / rate)
assert tone % 2 == 1 and abs(record["tone_hz"] - 997) < 1
p = power(record["tone_hz"], frames)
heard = (bins >= 20) & (bins <= 20000)
k = np.arange(len(p))
harmonic = (k % tone == 0) & (k > tone) & heard
near = lambda a, b: abs(a - b) < 1e-4
assert near(record["thd_db"], db(p[harmonic].sum() / p[tone]))
assert near(record["thd_percent"], 100 * np.sqrt(p[harmonic].sum() / p[tone]))
assert near(record["thd_n_db"], db(p[heard & (k != tone)].sum() / p[heard].sum()))
assert record["thd_percent"] > 15

curve = np.load(record["npy"]["aliasing"])
frames = 16384
for frequency, measure in curve.T:
    tone = round(frequency * frames / rate)
    p = power(tone * rate / frames, frames)
    k = np.arange(len(p))
    assert abs(measure - db(p[(k > 0) & (k % tone != 0)].sum() / p[tone])) < 1e-2, frequency
assert near(record["aliasing_db"], curve[1].max())
assert near(record["aliasing_hz"], curve[0][curve[1].argmax()])
PYTHON
}

@test "a plug-in is named by its absolute path, and a chain by its links" {
    cp "$effect" here.so
    run -0 plugin-measure --length 0.1 --settle 0 here.so
    [[ $(field plugin_path) == "$PWD/here.so" ]]
    jq -cn --arg p "$effect" --arg q "$gain" '{chain: [{plugin_path: $p, parameters: {Delay: 0.05}},
        {plugin_path: $q, parameters: {Gain: 0.5}}]}' >job
    run -0 plugin-measure --length 0.1 --settle 0 <job
    jq -e '.latency_measured_frames == 50 and .plugin_format == "chain" and (has("plugin_path") | not)
        and (.tone_gain_db > -7 and .tone_gain_db < -5) and (.chain | length) == 2' <<<"$output"
}

@test "a Faust program may be an object with the fields of a job, and with no others" {
    echo 'process = _;' >wire.dsp
    for options in '"-double -ftz 1"' '["-double"]'; do
        run -0 plugin-measure --length 0.01 --settle 0 "{\"dsp\":\"wire.dsp\",\"compile_options\":$options}"
        jq -e '.plugin_path | fromjson | .compile_options[0] == "-double"' <<<"$output"
    done
    for wrong in '"x":1' '"compile_options":[1]' '"nvoices":1e9'; do
        run -1 plugin-measure "{\"dsp\":\"wire.dsp\",$wrong}"
        jq -e '.error_kind == "bad-record"' <<<"$output"
    done
}

@test "a tone must be below half of the sample rate, and is lower at a low rate" {
    measured '{}' -r 2000 --length 0.1 --settle 0
    jq -e '.status == "ok" and (.tone_hz - 500 | fabs) < 2' <<<"$output"
    measured '{}' -r 8000 --length 0.1 --settle 0 --tone 3999
    jq -e '.status == "ok" and (.tone_hz - 3999 | fabs) < 2' <<<"$output"
    job '{}' >job.ndjson
    run -1 --separate-stderr plugin-measure -r 8000 --length 0.1 --tone 4000 <job.ndjson
    jq -e '.error_kind == "bad-record" and (.error | test("sample_rate: is 8000, .* the tone is 4000 Hz"))' <<<"$output"
}

@test "a job to compare with needs a plug-in" {
    for wrong in '' '{"program":1}' '{"program":'; do
        run -2 --separate-stderr plugin-measure --against "$wrong" "$effect"
        [[ -z $output && $stderr == "plugin-measure: --against: "* ]]
    done
    run -0 --separate-stderr plugin-measure -p "$gain" --length 0.1 --settle 0 --against '{"parameters":{}}' < <(job '{}')
    jq -e --arg gain "$gain" '.against.plugin_path == $gain' <<<"$output"
}

@test "latency is measured and taken from the plug-in" {
    measured '{"Delay": 0.1}'
    jq -e '.latency_frames == 0 and .latency_measured_frames == 100' <<<"$output"
    effect=$late measured '{"Delay": 0.064}'
    jq -e '.latency_frames == 64 and .latency_measured_frames == 64' <<<"$output"
}

@test "a constant offset is no noise" {
    measured '{"Offset": 0.25}'
    jq -e '.dc_offset == 0.25 and .noise_floor_db == null' <<<"$output"
}

@test "samples that are no numbers are counted, with the signals that brought them forth" {
    measured '{"NaN": 1}'
    # The impulse, and every frame of the step, in two channels.
    jq -e '.non_finite_samples == 2 + 2 * 44100 and .non_finite_in == ["impulse", "step"]
        and .latency_measured_frames == null and .thd_db < -140 and .status == "ok"' <<<"$output"
    measured '{"NaN": 1}' --level -1 --tone-level -20
    jq -e '.non_finite_samples == 0 and .non_finite_in == []' <<<"$output"
}

@test "denormal numbers that a filter dies away in are counted" {
    measured '{"Pole": 0.9}'
    # 0.1 * 0.9 ** n is below 2 ** -126 from here on, and soon stays where rounding keeps it.
    jq -e '.denormal_samples > 2 * 100 and .denormal_in == ["impulse"]' <<<"$output"
}

@test "allocations, locks, waits and system calls are counted where the plug-in makes them" {
    without_sanitizers "they have an allocator of their own"
    # Blocks of silence, impulse, step, the tone, and each tone of the sweep.
    count=$((3 * 87 + 172 + 23 * 76))
    measured '{"Memory": 1}'
    jq -e --argjson n "$count" '(.realtime_safe | not) and .allocations == 2 * $n and .releases == 2 * $n
        and .locks + .waits + .system_calls == 0
        and .realtime_calls == {free: (2 * $n), malloc: (2 * $n)}' <<<"$output"
    measured '{"Lock": 1}'
    jq -e --argjson n "$count" '(.realtime_safe | not) and .locks == $n and .allocations == 0
        and .realtime_calls == {pthread_mutex_lock: $n}' <<<"$output"
    measured '{"Wait": 1}'
    jq -e --argjson n "$count" '.waits == $n and .realtime_calls == {nanosleep: $n}' <<<"$output"
    measured '{"File": 1}'
    jq -e --argjson n "$count" '.system_calls == 3 * $n
        and .realtime_calls == {open: $n, write: $n, close: $n}' <<<"$output"
}

@test "what a plug-in's own thread calls is not counted" {
    without_sanitizers "they have an allocator of their own"
    measured '{"Worker": 1}' --length 0.01 --settle 0
    # The thread allocates once for each that the plug-in starts, which waits for it.
    jq -e '.realtime_calls.pthread_join > 0
        and .realtime_calls.malloc == .realtime_calls.pthread_join
        and .waits == .realtime_calls.pthread_join
        and .realtime_calls.pthread_create == .realtime_calls.pthread_join
        and .system_calls == .realtime_calls.pthread_create' <<<"$output" || {
        echo "$output"
        return 1
    }
}

@test "the null test finds the lag and what is left" {
    run -0 plugin-measure --against "$effect" "$late"
    jq -e --arg p "$effect" '.against | .identical and .lag_frames == 0 and .residual_db == null
        and .plugin_path == $p and .plugin == "Measured"' <<<"$output"
    other=$(job '{"Delay": 0.123}')
    run -0 plugin-measure --against "$other" "$effect"
    jq -e '.against | .identical and .lag_frames == 123' <<<"$output"
    measured '{"Delay": 0.123}' --against "$(job '{}')"
    jq -e '.against | .identical and .lag_frames == -123' <<<"$output"
    # So late that half of the signal is left: it is compared with that half.
    echo 'process = *(-0.5);' >sooner.dsp
    echo 'process = @(22050);' >later.dsp
    run -0 plugin-measure --against later.dsp sooner.dsp
    jq -e '.against | .lag_frames == 22050 and (.residual_db - 20 * (3 | log10) | fabs) < 1e-6' <<<"$output"
    jq -cn --arg p "$gain" '{plugin_path: $p, parameters: {Gain: 0.5}}' >half
    run -0 plugin-measure --npy . --against "$(job '{}')" <half
    # A half less the whole is minus the half.
    jq -e '.against | (.identical | not) and .lag_frames == 0
        and (.residual_db | fabs) < 1e-6 and .residual_peak_db < -12' <<<"$output"
    warm_python -c '
import numpy as np
residual = np.load("Gain/residual.npy")
assert residual.shape == (2, 44100) and (residual[0] == residual[1]).all() and residual[0].std() > 0.1'
}

@test "a plug-in of other channels cannot be compared" {
    run -1 plugin-measure --against none.so "$effect"
    jq -e '.error_kind == "not-found" and (.error | startswith("none.so: "))' <<<"$output"
    make_vst2 mono.so < <(echo '#define CHANNELS 1'; cat "$root/tests/plugins/gain_effect.cpp")
    run -1 plugin-measure --against mono.so "$effect"
    jq -e '.error_kind == "unsupported" and (.error | contains("mono.so: cannot be compared: it has 1 channels"))' <<<"$output"
}

@test "an instrument is measured by the record's note" {
    jq -cn --arg p "$plain" '{plugin_path: $p, note: 60, velocity: 100, duration: 0.5, tail: 0.25}' >job
    run -0 plugin-measure --npy . <job
    jq -e '.is_instrument and .latency_measured_frames == 0 and .aliasing_db < -110
        and (has("thd_db") or has("tone_hz") | not) and (.npy | keys) == ["aliasing", "note"]' <<<"$output"
    render-one "$(jq -c '. + {output_path: "note.wav", bit_depth: "32f"}' job)" >rendered
    jq -e --argjson m "$output" '.peak == $m.peak' rendered
    warm_python - <<'PYTHON'
import numpy as np, wave
note = np.load("Plain Synth/note.npy")
assert note.shape == (2, round(0.75 * 44100)), note.shape
wav = open("note.wav", "rb").read()
data = np.frombuffer(wav[wav.index(b"data") + 8:], np.float32)[:note.size]
assert (data.reshape(-1, 2).T == note).all()
PYTHON
}

@test "presets, programs and rates of the record count, and options come before them" {
    jq -cn --arg p "$plain" '{plugin_path: $p, program: "Bass", sample_rate: 48000, block_size: 64}' >job
    run -0 plugin-measure --npy bass <job
    jq -e '.program == "Bass" and .sample_rate == 48000 and .block_size == 64' <<<"$output"
    run -0 plugin-measure -r 44100 -b 128 <job
    jq -e '.sample_rate == 44100 and .block_size == 128' <<<"$output"
    jq -c '.program = 0' job >other
    run -0 plugin-measure --npy plain <other
    run -1 cmp bass/*/note.npy plain/*/note.npy
    jq -c '.program = "Treble"' job >other
    run -1 plugin-measure <other
    [[ $(field error_kind) == not-found ]]
    jq -cn '{note: 40}' >job
    run -0 plugin-measure -p "$plain" <job
    jq -e '.is_instrument and .note == 40' <<<"$output"
}

@test "a measurement is the same each time but for the times" {
    without_times='del(.ns_per_frame, .least_ns_per_frame, .realtime_factor)'
    measured '{"Clip": 0.25}'
    command jq -c "$without_times" <<<"$output" >once
    measured '{"Clip": 0.25}'
    diff once <(command jq -c "$without_times" <<<"$output")
    # A record of an earlier run gives the same record.
    command jq -c '. + {denormal_samples: 7, thd_db: "old"}' once >again
    run -0 plugin-measure <again
    diff once <(command jq -c "$without_times" <<<"$output")
}

@test "a crash or a hang costs one plug-in, and says which signal it was" {
    let_plugins_crash
    {
        jq -cn --arg p "$gain" '{plugin_path: $p, parameters: {Gain: 0.25}}'
        job '{}'
    } >both
    run -1 --separate-stderr plugin-measure <both
    [[ $(field status) == $'error\nok' && $(field error_kind) == $'crash\nnull' ]]
    [[ ${lines[0]} == *"crashed while playing the impulse"* ]]
    make_vst2 hang.so <<<'extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
        auto& effect = bare_synth();
        effect.processReplacing = [](AEffect*, float**, float**, int) {
            static int blocks = 0;
            if (++blocks > 100) for (;;) pause();
        };
        return &effect;
    }'
    run -1 plugin-measure --timeout 2 hang.so "$effect"
    [[ $(field error_kind) == $'timeout\nnull' ]]
}

@test "files of several plug-ins of one name do not meet" {
    run -0 plugin-measure --length 0.1 --settle 0 --npy . "$effect" "$late"
    [[ $(jq -r .npy.step <<<"$output") == "$PWD/Measured/step.npy
$PWD/Measured_1/step.npy" ]]
    [[ -s Measured/step.npy && -s Measured_1/step.npy ]]
}

@test "Faust's impulse test prints four runs, in its own format" {
    measured '{}' # compiled and sound
    run -0 --separate-stderr plugin-measure --protocol faust "$effect"
    [[ -z $stderr ]]
    awk 'BEGIN {
        print "number_of_inputs  :   2\nnumber_of_outputs :   2\nnumber_of_frames  :  60000"
        for (i = 0; i < 60000; ++i) {
            one = i == 0 || i == 15000 ? "1.000000" : "0.000000"
            printf "%6d :  %s %s\n", i, one, one
        }
    }' >wanted
    diff wanted - <<<"$output"
    run -2 plugin-measure --protocol faust
    run -2 plugin-measure --protocol faust --npy . "$effect"
    run -2 plugin-measure --protocol faust -r 48000 "$effect"
    [[ $output == *"leave out -r and -b"* ]]
    run -2 plugin-measure --protocol faust -b 32 "$effect"
    run -1 --separate-stderr plugin-measure --protocol faust none.so
    [[ -z $output && $stderr == "plugin-measure: none.so: "* ]]
}
