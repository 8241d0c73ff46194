#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Audio files through effects, chains of plug-ins, and tails that end by themselves.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
made=$BATS_FILE_TMPDIR
ambience=http://drobilla.net/plugins/mda/Ambience

# effect NAME [MACRO=VALUE]...: compiles the gain effect.
effect() {
    { printf '#define %s\n' "NAME \"$1\"" "${@:2}" | tr '=' ' '; cat "$root/tests/plugins/gain_effect.cpp"; } | make_vst2 "$1.so"
}

setup_file() {
    effect gain
    effect late LATENCY=100
    effect mono CHANNELS=1
    effect six CHANNELS=6
    effect thread THREAD=1
    # An impulse in each channel, not full scale.
    warm_python <<'PYTHON'
import numpy, subprocess
x = numpy.zeros((4410, 2), "<f4")
x[1000] = 0.5, -0.25
for name, data in ("stereo", x), ("mono", x[:, :1]):
    subprocess.run(["sox", "-t", "f32", "-r", "44100", "-c", str(data.shape[1]), "-", "-e", "float", "-b", "32", name + ".wav"],
                   input=data.tobytes(), check=True)
PYTHON
    sox -n -r 22050 -c 1 "$BATS_FILE_TMPDIR/low.wav" synth 1 sine 1000 gain -6
}

# job FIELDS
job() { jq -nc --argjson fields "$1" '{tail: 0, bit_depth: "32f", output_path: "out.wav"} + $fields'; }

# through EFFECT FIELDS [OPTION]...: the job renders with the effect.
through() { run -0 render-one -p "$made/$1.so" "${@:3}" "$(job "$2")"; }

refused() {
    run -1 render-one "${@:3}"
    [[ $(field error_kind) == "$1" && $(field error) == *"$2"* ]] || fail "$output"
}

samples() { sox "$1" -t f32 -; }

@test "a file passes through an effect sample by sample, and is as long as it was, with the tail" {
    through gain "{\"input_path\": \"$made/stereo.wav\"}"
    cmp <(samples out.wav) <(samples "$made/stereo.wav")
    through gain "{\"input_path\": \"$made/stereo.wav\", \"tail\": 0.1, \"parameters\": {\"Gain\": 0.5}}"
    [[ $(field frames) == 8820 && $(field peak) == 0.25 ]]
    for isolation in fork process reuse; do
        through gain "{\"input_path\": \"$made/stereo.wav\"}" --isolation "$isolation"
        cmp <(samples out.wav) <(samples "$made/stereo.wav")
    done
}

@test "any file that can be read goes through, FLAC, Ogg, AIFF and npy" {
    for suffix in flac aiff ogg; do
        sox "$made/stereo.wav" "in.$suffix"
        through gain "{\"input_path\": \"in.$suffix\", \"bit_depth\": \"24\"}"
        [[ $(field frames) == 4410 ]]
        [[ $suffix == ogg ]] || cmp <(samples out.wav) <(samples "in.$suffix")
    done
    through gain "{\"input_path\": \"$made/stereo.wav\", \"format\": \"npy\", \"output_path\": \"in.npy\"}"
    through gain '{"input_path": "in.npy"}'
    cmp <(samples out.wav) <(samples "$made/stereo.wav")
}

@test "latency is taken out, so that an impulse stays in its place" {
    for block_size in 1 64 512 4000; do
        through late "{\"input_path\": \"$made/stereo.wav\", \"block_size\": $block_size}"
        [[ $(field latency_frames) == 100 ]]
        cmp <(samples out.wav) <(samples "$made/stereo.wav")
    done
    through gain "{\"input_path\": \"$made/stereo.wav\", \"chain\": [{\"plugin_path\": \"$made/late.so\"},
        {\"plugin_path\": \"$made/late.so\", \"bypass\": true}, {\"plugin_path\": \"$made/late.so\", \"wet\": 0.5}]}"
    [[ $(field latency_frames) == 200 ]]
    cmp <(samples out.wav) <(samples "$made/stereo.wav")
}

@test "a VST3 effect takes parameters and texts, reports its latency, and echoes to the frame" {
    echo_vst3=$root/build/tests/plugins/EchoEffect.vst3
    echoing() {
        job "{\"input_path\": \"$made/stereo.wav\", \"tail\": \"auto\", \"output_path\": \"$1.wav\",
            \"parameters\": {\"Time\": \"10 ms\", \"Mix\": 1, \"Feedback\": \"0.45\", \"Look-ahead\": \"$1\"}}"
    }
    run -0 render-one -p "$echo_vst3" "$(echoing Off)" "$(echoing On)"
    [[ $(field latency_frames | xargs) == "0 64" ]]
    [[ $(jq -r .parameters_taken.Time.text <<<"$output") == $'10.00 ms\n10.00 ms' ]]
    warm_python -c 'import numpy, sys
x = numpy.zeros((1442, 2), "<f4")
x[1000] = 0.5, -0.25
x[1000 + 441] = 0.5, -0.25
sys.stdout.buffer.write(x.tobytes())' >wanted
    for late in Off On; do sox "$late.wav" -t f32 - trim 0 1442s | cmp - wanted; done
}

@test "a link behind one with latency is told the position of the audio that it hears" {
    effect transport TRANSPORT=1 CHANNELS=3
    late="{\"plugin_path\": \"$made/late.so\"}" shown="{\"plugin_path\": \"$PWD/transport.so\"}"
    sox -n -r 44100 -c 2 silence.wav trim 0 1
    for chain in "$shown" "$late, $shown" "$late, $late, $shown" \
        "$late, {\"plugin_path\": \"$made/late.so\", \"bypass\": true}, $shown"; do
        through gain "{\"input_path\": \"silence.wav\", \"chain\": [$chain], \"tempo\": 90, \"block_size\": 1,
            \"sample_rate\": 1000, \"tail\": 0}"
        samples out.wav
    done >positions
    # The position in quarters / 1000 is the second of three channels.
    warm_python -c "import numpy
shown = numpy.fromfile('positions', '<f4').reshape(4, 1000, 3)
assert numpy.allclose(shown[:, :, 1], numpy.arange(1000) / 1000 * 1.5 / 1000, atol=1e-7), shown[:, :3, 1]"
}

@test "automation is heard in its place behind a link with latency" {
    automated="{\"plugin_path\": \"$made/gain.so\", \"automation\": [{\"parameter\": \"Gain\", \"points\": [[0.001, 0.9], [0.05, 0.3], [0.05, 0.7], [0.08, 1]]}]}"
    late="{\"plugin_path\": \"$made/late.so\"}"
    sox -n -r 44100 -c 2 -b 32 -e float tone.wav synth 0.1 sine 1000 gain -12
    for chain in "$automated" "$automated, $late" "$late, $automated" "$late, $late, $automated"; do
        for block_size in 16 512; do
            run -0 render-one "$(job "{\"input_path\": \"tone.wav\", \"block_size\": $block_size, \"chain\": [$chain]}")"
            field audio_hash
        done
    done >hashes
    [[ $(sort -u hashes | wc -l) == 1 && $(wc -l <hashes) == 8 ]]
}

@test "a file of another rate is resampled" {
    through gain "{\"input_path\": \"$made/low.wav\"}"
    [[ $(field frames) == 44100 ]]
    sox "$made/low.wav" -r 44100 -e float -b 32 wanted.wav rate -v
    sox -m -v 1 out.wav -v -1 "|sox wanted.wav -p remix 1 1" difference.wav trim 0.05 0.9
    sox difference.wav -n stat 2>&1 | awk '/Maximum amplitude/ { exit !($3 < 1e-4) }'
}

@test "one channel goes to all inputs, and more channels than inputs are refused" {
    through gain "{\"input_path\": \"$made/mono.wav\"}"
    [[ $(field channels) == 2 ]]
    cmp <(sox out.wav -t f32 - remix 1) <(samples "$made/mono.wav")
    cmp <(sox out.wav -t f32 - remix 2) <(samples "$made/mono.wav")
    through six "{\"input_path\": \"$made/stereo.wav\"}"
    cmp <(sox out.wav -t f32 - remix 1 2) <(samples "$made/stereo.wav")
    refused unsupported "has 2 channels, but mono takes 1 channel" \
        -p "$made/mono.so" "$(job "{\"input_path\": \"$made/stereo.wav\"}")"
    refused unsupported "Plain Synth: has no audio input" -p "$plain" "$(job "{\"input_path\": \"$made/stereo.wav\"}")"
}

@test "a side chain is heard beside the input, by each link when its audio has come to it" {
    local echo=$root/build/tests/plugins/EchoEffect.vst3 key=$made/key.wav fields
    sox -n -r 44100 -c 2 -b 32 -e float in.wav synth 0.2 sine 440 sine 660 gain -6
    sox -n -r 44100 -c 2 -b 32 -e float "$key" synth 0.1 square 40 square 30 gain -3
    fields="\"input_path\": \"in.wav\", \"sidechain_path\": \"$key\", \"parameters\": {\"Mix\": 0}"
    run -0 render-one -p "$echo" "$(job "{$fields}")"
    mv out.wav ducked.wav
    warm_python <<PYTHON
import numpy, subprocess
def read(name):
    raw = subprocess.run(["sox", name, "-t", "f32", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, "<f4").reshape(-1, 2)
audio, key, out = read("in.wav"), read("$key"), read("ducked.wav")
key = numpy.concatenate([key, numpy.zeros((len(audio) - len(key), 2))])
assert abs(key).max() > 0.5 and abs(audio * (1 - key) - out).max() < 1e-7
PYTHON
    # The first link makes the audio late, and has no side chain.
    run -0 render-one -p "$made/late.so" "$(job "{\"input_path\": \"in.wav\", \"sidechain_path\": \"$key\",
        \"chain\": [{\"plugin_path\": \"$echo\", \"parameters\": {\"Mix\": 0}}]}")"
    cmp <(samples out.wav) <(samples ducked.wav)
    # Without one the bus is closed, also in the same run, and plugin-probe shows it.
    printf '%s\n' "$(job "{$fields, \"output_path\": \"1.wav\"}")" \
        "$(job '{"input_path": "in.wav", "parameters": {"Mix": 0}, "output_path": "2.wav"}')" >list
    run -0 render-one -p "$echo" <list
    cmp <(samples 1.wav) <(samples ducked.wav)
    cmp <(samples 2.wav) <(samples in.wav)
    run -0 plugin-probe "$echo"
    [[ $(jq -c '[.inputs, .sidechain_inputs, [.buses[] | select(.direction == "input") |
        [.name, .channels, .main]]]' <<<"$output") == '[2,2,[["Input",2,true],["Duck",2,false]]]' ]]
}

@test "with all buses the audio has the outputs of each, the main one's first, and is another file's" {
    local echo=$root/build/tests/plugins/EchoEffect.vst3
    sox -n -r 44100 -c 2 -b 32 -e float in.wav synth 0.1 sine 440 sine 660 gain -12
    run -0 render-one -p "$echo" "$(job '{"input_path": "in.wav"}')"
    mv out.wav main.wav
    run -0 render-one --skip-existing -p "$echo" "$(job '{"input_path": "in.wav", "output_buses": "all"}')" \
        "$(job '{"input_path": "in.wav", "output_buses": "all"}')" "$(job '{"input_path": "in.wav", "output_buses": "main", "output_path": "main.wav"}')"
    [[ $(field status | xargs) == "ok skipped skipped" && $(field channels | xargs) == "4 4 2" ]]
    cmp <(sox out.wav -t f32 - remix 1 2) <(samples main.wav)
    cmp <(sox out.wav -t f32 - remix 3 4) <(samples in.wav)
    refused bad-record "output_buses: must be" -p "$echo" "$(job '{"output_buses": "some"}')"
}

@test "the side chain of a VST2 or LV2 with one bus is the inputs beyond its outputs" {
    local plugin compress='"parameters": {"Sidechain": 1, "Threshold": "-30"}'
    sox -n -r 44100 -c 2 -b 32 -e float in.wav synth 0.3 sine 440 sine 660 gain -6
    sox -n -r 44100 -c 1 -b 32 -e float key.wav synth 0.3 square 4 gain -3
    sox -M in.wav key.wav -b 32 -e float three.wav
    export LV2_PATH=/usr/lib/lv2
    for plugin in urn:zamaudio:ZamCompX2 /usr/lib/vst/ZamCompX2-vst.so; do
        run -0 render-one -p "$plugin" "$(job "{\"input_path\": \"three.wav\", $compress}")"
        mv out.wav three-in.wav
        run -0 render-one -p "$plugin" "$(job "{\"input_path\": \"in.wav\", \"sidechain_path\": \"key.wav\", $compress}")"
        cmp <(samples out.wav) <(samples three-in.wav)
        run ! cmp -s <(samples out.wav) <(samples in.wav)
    done
    refused unsupported "stereo.wav: has 2 channels, but the side chain of ZamCompX2 takes 1 channel" -p "$plugin" \
        "$(job "{\"input_path\": \"in.wav\", \"sidechain_path\": \"$made/stereo.wav\"}")"
}

@test "a side chain that no plug-in has, or that is no audio, is an error, and another one another file" {
    refused unsupported "gain: has no side chain for in.wav" -p "$made/gain.so" \
        "$(cp "$made/mono.wav" in.wav && job '{"input_path": "in.wav", "sidechain_path": "in.wav"}')"
    refused not-found "none.wav" -p "$made/gain.so" "$(job '{"input_path": "in.wav", "sidechain_path": "none.wav"}')"
    refused bad-record "sidechain_path: is standard input, as input_path is" -p "$made/gain.so" \
        "$(job '{"input_path": "-", "sidechain_path": "-"}')"
    refused bad-record "out.wav is the job's sidechain_path" -p "$made/gain.so" \
        "$(cp in.wav out.wav && job '{"input_path": "in.wav", "sidechain_path": "out.wav"}')"
    local echo=$root/build/tests/plugins/EchoEffect.vst3
    for _ in 1 2; do
        run -0 render-one --skip-existing -p "$echo" "$(job '{"input_path": "in.wav", "sidechain_path": "in.wav", "output_path": "a.wav"}')"
    done
    [[ $(field status) == skipped ]]
    sox -n -r 44100 -c 1 other.wav synth 0.1 sine 100
    run -0 render-one --skip-existing -p "$echo" "$(job '{"input_path": "in.wav", "sidechain_path": "other.wav", "output_path": "a.wav"}')"
    [[ $(field status) == ok ]]
}

@test "a track of four channels has its side chain in the third and fourth, which go past the links" {
    local echo=$root/build/tests/plugins/EchoEffect.vst3
    sox -n -r 44100 -c 4 -b 32 -e float in.wav synth 0.1 sine 440 sine 660 square 40 square 30 gain -12
    run -0 render-one "$(job "{\"input_path\": \"in.wav\", \"track_channels\": 4, \"chain\": [
        {\"plugin_path\": \"$echo\", \"parameters\": {\"Mix\": 0, \"Look-ahead\": 1}},
        {\"plugin_path\": \"$made/mono.so\", \"bypass\": true},
        {\"plugin_path\": \"$made/gain.so\", \"wet\": 0.5, \"parameters\": {\"Gain\": 0.5}},
        {\"plugin_path\": \"$echo\", \"parameters\": {\"Mix\": 0}}]}")"
    [[ $(field channels) == 4 ]]
    warm_python <<'PYTHON'
import numpy, subprocess
def read(name):
    raw = subprocess.run(["sox", name, "-t", "f32", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, "<f4").reshape(-1, 4)
heard, out = read("in.wav"), read("out.wav")
audio, key = heard[:, :2], heard[:, 2:]
assert abs(audio * (1 - key) ** 2 * 0.75 - out[:, :2]).max() < 1e-7 and (out[:, 2:] == key).all()
PYTHON
    # One output is heard on both sides, and an instrument leaves the rest of the track silent.
    run -0 render-one "$(job "{\"input_path\": \"in.wav\", \"track_channels\": 4, \"chain\": [{\"plugin_path\": \"$made/mono.so\"}]}")"
    cmp <(sox out.wav -t f32 - remix 1 2) <(sox in.wav -t f32 - remix 1 1)
    run -0 render-one -p "$plain" "$(job "{\"note\": 60, \"duration\": 0.05, \"track_channels\": 6, \"chain\": [{\"plugin_path\": \"$made/gain.so\"}]}")"
    [[ $(field channels) == 6 && $(field silent) == false ]]
    [[ $(sox out.wav -n remix 3-6 stat 2>&1 | awk '/Maximum amplitude/ { print $3 }') == 0.000000 ]]
    refused bad-record "track_channels: are those of a chain" -p "$plain" "$(job '{"track_channels": 4}')"
}

@test "an input that is not there, or is not audio, is an error of that job" {
    refused not-found "there is no such file" -p "$made/gain.so" "$(job '{"input_path": "gone.wav"}')"
    echo words >words.wav
    refused unsupported "cannot be read as audio" -p "$made/gain.so" "$(job '{"input_path": "words.wav"}')"
    refused unsupported "is a folder" -p "$made/gain.so" "$(job '{"input_path": "."}')"
    cp "$made/stereo.wav" out.wav
    refused bad-record "is the job's input_path, which would be lost" -p "$made/gain.so" "$(job '{"input_path": "out.wav"}')"
    refused bad-record "input_path" -p "$made/gain.so" <<<"$(job '{"input_path": "-"}')"
    for size in 3000 35000; do
        head -c "$size" "$made/stereo.wav" >cut.wav
        refused corrupt "cut.wav: is cut short" -p "$made/gain.so" "$(job '{"input_path": "cut.wav"}')"
    done
    { head -c 20000 "$made/stereo.wav"; printf '\xff\xff\xff\xff%.0s' {1..10}; tail -c +20041 "$made/stereo.wav"; } >nan.wav
    for sample_rate in 44100 48000; do
        refused non-finite "nan.wav: has samples that are not numbers" -p "$made/gain.so" "$(job "{\"input_path\": \"nan.wav\", \"sample_rate\": $sample_rate}")"
    done
}

@test "audio comes from a pipe and goes into one" {
    samples "$made/stereo.wav" | sox -t f32 -r 44100 -c 2 - -t wav -e float -b 32 - |
        render-one -p "$made/late.so" "$(job '{"input_path": "-", "output_path": "-"}')" 2>said |
        sox -t wav - -t f32 - >heard.f32
    cmp heard.f32 <(samples "$made/stereo.wav")
    samples "$made/stereo.wav" | sox -t f32 -r 44100 -c 2 - -t wav -e float -b 32 - 2>/dev/null | cat >of_unknown_length.wav
    through late '{"input_path": "of_unknown_length.wav"}'
    cmp <(samples out.wav) <(samples "$made/stereo.wav")
    mkfifo pipe
    cat "$made/stereo.wav" >pipe &
    through late '{"input_path": "pipe"}'
    cmp <(samples out.wav) <(samples "$made/stereo.wav")
}

@test "the audio tools read what a render through an effect has made, not what went into it" {
    render-one -p "$made/gain.so" "$(job "{\"input_path\": \"$made/stereo.wav\", \"parameters\": {\"Gain\": 0.5}}")" >rendered
    [[ $(audio-measure <rendered | jq .sample_peak_dbfs) == -12.041 ]]
    [[ $(audio-edit --gain-db 0 <rendered | jq .peak) == 0.25 ]]
    [[ $(audio-mix -o mix.wav -b 32f <rendered | jq .peak) == 0.25 ]]
    [[ $(jq -c 'del(.status)' rendered | audio-measure | jq .sample_peak_dbfs) == -6.021 ]]
}

@test "a chain of an instrument and effects is one render, in every isolation and order" {
    chain="[{\"plugin_path\": \"$ambience\", \"parameters\": {\"Size\": 0.9}, \"wet\": 0.5}, {\"plugin_path\": \"$made/gain.so\", \"parameters\": {\"Gain\": 0.5}}]"
    for note in {48..63}; do
        jq -nc --argjson chain "$chain" --argjson note "$note" '{note: $note, duration: 0.2, tail: 0.3, chain: $chain, output_path: "/dev/null"}'
    done >list
    render-one -p "$plain" <list >results
    jq -es 'all(.status == "ok" and .plugin == "Plain Synth + MDA Ambience + gain" and .chain_taken[1].Gain.value == 0.5
        and .chain_taken[0].Size.value > 0.89)' results
    jq -r .audio_hash results >hashes
    [[ $(sort -u hashes | wc -l) == 16 ]]
    for isolation in fork process; do
        tac list | render-one -p "$plain" --isolation "$isolation" | jq -r .audio_hash | tac | diff hashes -
    done
}

@test "links are mixed and bypassed as the job says, each job for itself" {
    link() { jq -c --arg path "$made/gain.so" '[{plugin_path: $path} + .]' <<<"$1"; }
    peak() { jq -nc --argjson chain "$1" '{chain: $chain, duration: 0.1, tail: 0, output_path: "/dev/null"}'; }
    { peak "$(link '{"parameters": {"Gain": 0}, "wet": 0.75}')"; peak "$(link '{"parameters": {"Gain": 0}, "bypass": true}')"
        peak "$(link '{"parameters": {"Gain": 0.5}}')"; peak "$(link '{}')"; peak '[]'; } >list
    run -0 render-one -p "$plain" <list
    [[ $(field peak | xargs) == "0.125 0.5 0.25 0.5 0.5" ]]
}

@test "a link whose thread works on its parameters gets a process with that thread" {
    link() { job "{\"input_path\": \"$made/stereo.wav\", \"chain\": [{\"plugin_path\": \"$made/thread.so\", \"parameters\": {\"Gain\": $1}}]}"; }
    { link 0.5; link 0.125; } >list
    run -0 render-one <list
    [[ $(field peak | xargs) == "0.25 0.0625" && $(field isolation | xargs) == "process process" ]]
}

@test "a link that is bypassed does not say how many channels go in" {
    link() { jq -nc --arg path "$made/$1.so" --argjson bypass "$2" '{plugin_path: $path, bypass: $bypass}'; }
    for chain in "$(link mono true), $(link late false)" "$(link mono true), $(link gain true), $(link late false)" "$(link six true), $(link gain false)"; do
        run -0 render-one "$(job "{\"input_path\": \"$made/stereo.wav\", \"chain\": [$chain]}")"
        cmp <(samples out.wav) <(samples "$made/stereo.wav")
    done
    refused unsupported "has 2 channels, but mono takes 1 channel" \
        "$(job "{\"input_path\": \"$made/stereo.wav\", \"chain\": [$(link gain true), $(link mono false)]}")"
}

@test "a file goes straight into a chain" {
    run -0 render-one "$(job "{\"input_path\": \"$made/mono.wav\", \"chain\": [{\"plugin_path\": \"$made/mono.so\"}, {\"plugin_path\": \"$made/late.so\"}]}")"
    [[ $(field channels) == 2 ]]
    cmp <(sox out.wav -t f32 - remix 2) <(samples "$made/mono.wav")
    refused bad-record "has no plug-in to go to" "$(job "{\"input_path\": \"$made/mono.wav\", \"parameters\": {\"Gain\": 1}, \"chain\": [{\"plugin_path\": \"$made/gain.so\"}]}")"
}

@test "a fault names the link that failed" {
    let_plugins_crash
    fault() { job "{\"duration\": 0.1, \"chain\": [{\"plugin_path\": \"$made/gain.so\"}, {\"plugin_path\": \"$made/late.so\", \"parameters\": {\"Gain\": $1}}]}"; }
    refused crash "crashed while rendering with link 3, late (killed by SIGSEGV)" -p "$plain" "$(fault 0.25)"
    refused non-finite "link 3, late: gave" -p "$plain" "$(fault 0.75)"
    refused not-found "link 2: gone.so: no such plug-in" -p "$plain" "$(job '{"chain": [{"plugin_path": "gone.so"}]}')"
    refused unsupported "link 2, Plain Synth: has no audio input" -p "$plain" "$(job "{\"chain\": [{\"plugin_path\": \"$plain\"}]}")"
    refused unsupported "link 2, mono: takes 1 channel, but gets 2" -p "$plain" "$(job "{\"chain\": [{\"plugin_path\": \"$made/mono.so\"}]}")"
    FAULT_ON_LOAD=load-segv refused crash "crashed while loading the plug-in of link 2, fault_synth.so (killed by SIGSEGV)" \
        -p "$plain" "$(job "{\"chain\": [{\"plugin_path\": \"$root/build/tests/plugins/fault_synth.so\"}]}")"
}

@test "a link whose preset, program or parameters do not fit is named" {
    echo text >no.fxp
    fault() {
        refused "$1" "$2" -p "$plain" "$(job "{\"chain\": [{\"plugin_path\": \"$made/gain.so\"}, {\"plugin_path\": \"$made/gain.so\", $3}]}")"
    }
    fault bad-record "link 3, gain: parameters: gain has no parameter 'Gian'; the closest is 'Gain'" '"parameters": {"Gian": 1}'
    fault bad-record "link 3, gain: automation: gain has no parameter 'Gian'" '"automation": [{"parameter": "Gian", "points": [[0, 1]]}]'
    fault not-found "link 3, gain: gain: has no programs" '"program": 9'
    fault not-found "chain: entry 2: $PWD/gone.fxp: No such file" "\"preset_path\": \"$PWD/gone.fxp\""
    fault corrupt "chain: entry 2: $PWD/no.fxp: is not a preset" "\"preset_path\": \"$PWD/no.fxp\""
}

@test "a list of plug-ins as an operand has nothing but their names" {
    run -0 plugin-probe "[\"$made/gain.so\",\"$made/late.so\"]"
    [[ $(field name) == "gain + late" ]]
    for wrong in "[\"$made/gain.so\",3]" "[\"$made/gain.so\",null]" "[\"$made/gain.so\",[\"a\"]]" "[\"$made/gain.so\""; do
        run -1 plugin-probe "$wrong"
        [[ $(field error_kind) == unsupported && $(field error) == *"is not a list of the names of 1 to 64 plug-ins" ]] || fail "$output"
    done
}

@test "a chain that is not in the right form is an error that says what is wrong" {
    wrong() { refused bad-record "$2" -p "$plain" "$(job "{\"chain\": $1}")"; }
    wrong 3 'chain: must be a list of plug-ins'
    wrong '["a"]' 'chain: entry 1: must be an object'
    wrong '[{}]' 'chain: entry 1: plugin_path: is missing'
    wrong '[{"plugin_path": "a", "wet": 2}]' 'entry 1: wet: must be 0 to 1, is 2'
    wrong '[{"plugin_path": "a", "mix": 2}]' 'entry 1: mix: is not a field of a link'
    wrong '[{"plugin_path": "a", "paramters": {}}]' "is not a field of a link; the closest is 'parameters'"
    wrong '[{"plugin_path": "a", "bypass": 1}]' 'bypass'
    refused bad-record "is refused by --no-record-plugins" --no-record-plugins -p "$plain" "$(job '{"chain": [{"plugin_path": "a"}]}')"
}

@test "a tail that is auto ends where the sound has died away, whatever the block size" {
    run -0 render-one -p "$plain" "$(job '{"duration": 0.5, "tail": "auto"}')"
    jq -e '.frames == 22050 + 8820 and .tail_seconds == 0.2 and .tail_ended' <<<"$output"
    [[ $(soxi -s out.wav) == 30870 ]]
    for block_size in 32 512 4096; do
        render-one -p "$plain" "$(job "{\"duration\": 0.1, \"tail\": \"auto\", \"tail_hold\": 0.01, \"block_size\": $block_size, \"chain\": [{\"plugin_path\": \"$made/late.so\"}]}")"
    done >results
    [[ $(jq -r '"\(.frames) \(.audio_hash)"' results | sort -u | wc -l) == 1 && $(jq .frames results | head -n 1) == 4851 ]]
    run -0 render-one -p "$plain" "$(job '{"duration": 0.1, "tail": "auto", "tail_hold": 9, "tail_max": 0.25}')"
    jq -e '.frames == 15435 and .tail_seconds == 0.25 and (.tail_ended | not)' <<<"$output"
    run -0 render-one -p "$ambience" "$(job "{\"input_path\": \"$made/stereo.wav\", \"tail\": \"auto\", \"tail_threshold\": -60}")" \
        "$(job "{\"input_path\": \"$made/stereo.wav\", \"tail\": \"auto\", \"tail_threshold\": -30}")"
    [[ $(jq -s '.[0].frames > .[1].frames and .[1].frames > 4410' <<<"$output") == true ]]
    run -1 render-one -p "$plain" "$(job '{"tail": "long"}')"
    [[ $(field error) == *tail* ]]
    run -1 render-one -p "$plain" "$(job '{"tail": "Auto"}')"
    [[ $(field error) == 'tail: must be 0 to 86400 seconds, or "auto", is "Auto"' ]]
    run -0 job-grid --set tail=auto --set tail_threshold=-80 <<<'{}'
    [[ $output == *'"tail":"auto"'* ]]
}

@test "a file is skipped only if it was made from the same audio, chain and tail" {
    cp "$made/stereo.wav" in.wav
    render() { render-one -p "$made/gain.so" --skip-existing "$(job "$1")" | jq -r .status; }
    chain="[{\"plugin_path\": \"$made/late.so\", \"wet\": 0.5}]"
    [[ $(render '{"input_path": "in.wav"}') == ok && $(render '{"input_path": "in.wav"}') == skipped ]]
    cp "$made/mono.wav" in.wav
    [[ $(render '{"input_path": "in.wav"}') == ok && $(render '{"input_path": "in.wav", "tail": "auto"}') == ok ]]
    [[ $(render '{"input_path": "in.wav", "tail": "auto"}') == skipped ]]
    [[ $(render "{\"input_path\": \"in.wav\", \"chain\": $chain}") == ok && $(render "{\"input_path\": \"in.wav\", \"chain\": $chain}") == skipped ]]
    [[ $(render "{\"input_path\": \"in.wav\", \"chain\": ${chain/0.5/0.6}}") == ok ]]
}

@test "an hour of audio takes the memory of a second" {
    yes sound | head -c $((3600 * 1000 * 4)) | sox -t s16 -r 1000 -c 2 - long.wav
    resources() { /usr/bin/python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$@"; }
    short=$(resources render-one -p "$made/gain.so" "$(job "{\"input_path\": \"$made/stereo.wav\", \"output_path\": \"/dev/null\"}")")
    long=$(resources render-one -p "$made/gain.so" "$(job '{"input_path": "long.wav", "sample_rate": 2000, "output_path": "/dev/null"}')")
    echo "$short MB and $long MB"
    ((long < short + 20))
}
