#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Faust programs as plug-ins.

load ../helper

# dsp NAME: the program on standard input, as NAME.dsp.
dsp() { cat >"$1.dsp"; }

# play PROGRAM FIELDS [OPTION]...: a job with it, of 0.2 s, in 32 bits, to out.wav.
play() {
    run -0 --separate-stderr render-one -p "$1" "${@:3}" \
        "$(jq -nc "{duration: 0.2, tail: 0, bit_depth: \"32f\", output_path: \"out.wav\"} + $2")"
}

# at_block_sizes SIZE... -- PROGRAM FIELDS [OPTION]...: a job with each of the block sizes in one run,
# to SIZE.wav.
at_block_sizes() {
    local sizes=()
    while [[ $1 != -- ]]; do sizes+=("$1") && shift; done
    run -0 --separate-stderr render-one -p "$2" "${@:4}" < <(printf '%s\n' "${sizes[@]}" |
        jq -c "{duration: 0.2, tail: 0, bit_depth: \"32f\"} + $3 + {block_size: ., output_path: \"\(.).wav\"}")
}

# runs FILE: how many frames the first channel of an npy file stays where, "FRAMES LEVEL" a line.
runs() {
    warm_python - "$1" <<'PYTHON'
import itertools, numpy, sys
audio = numpy.load(sys.argv[1])
for level, frames in itertools.groupby(audio if audio.ndim == 1 else audio[0]):
    print(len(list(frames)), f"{level:.7g}")
PYTHON
}

refused() {
    run -1 render-one -p "$1" '{"output_path": "out.wav"}'
    [[ $(field error_kind) == "$2" && $(field error) == *"$3"* ]] || fail "$output"
    [[ ! -e out.wav ]]
}

tone() {
    dsp tone <<'END'
declare name "Tone";
declare author "somebody";
import("stdfaust.lib");
process = os.osc(hslider("freq[unit:Hz][scale:log]", 440, 20, 20000, 0.01)) * vslider("gain", 0.5, 0, 1, 0.01);
END
}

@test "a program plays, in every isolation and at every block size, with the same bits" {
    tone
    for isolation in auto snapshot fork process reuse; do
        at_block_sizes 1 64 511 4096 -- tone.dsp '{}' --isolation "$isolation"
        [[ -z $stderr && $(jq -r '"\(.status) \(.plugin) \(.channels)"' <<<"$output" | sort | uniq -c) == *" 4 ok Tone 1" ]]
        field audio_hash >>hashes
    done
    [[ $(sort -u hashes | wc -l) == 1 && $(wc -l <hashes) == 20 ]]
    # sox makes the same tone; Faust's begins a frame later in it, which is 0.99773 % of a period.
    sox -n -r 44100 -c 1 -e float -b 32 sine.wav synth 0.2 sine 440 0 0.99773 vol 0.5
    run -0 sox -m -v 1 64.wav -v -1 sine.wav -n stat
    awk '/RMS     amplitude/ { exit !($3 < 1e-3) }' <<<"$output"
}

@test "parameters are set by label, address and index, normalised or as the program's own values" {
    tone
    play tone.dsp '{"parameters": {"freq": "880 Hz", "gain": "0.25"}}'
    field audio_hash >hashes
    [[ $(jq -c .parameters_taken.freq.text <<<"$output") == '"880"' && $(field peak) == 0.25 ]]
    play tone.dsp '{"parameters": {"/Tone/freq": "880", "id:/Tone/gain": 0.25}}'
    field audio_hash >>hashes
    play tone.dsp '{"parameters": {"#0": "880hz", "#1": 0.25}}'
    field audio_hash >>hashes
    play tone.dsp '{"parameters": {"freq": "0.88 kHz", "gain": "0.25"}}'
    field audio_hash >>hashes
    # 20 to 20000 is three decades: 0.5 is in the middle of them.
    play tone.dsp '{"parameters": {"freq": 0.5, "gain": 0.25}}'
    [[ $(jq -c .parameters_taken.freq.text <<<"$output") == '"632.4555"' ]]
    [[ $(sort -u hashes | wc -l) == 1 ]]
}

@test "a value may have the unit with another prefix" {
    echo 'process = hslider("time[unit:ms]", 1, 0, 2000, 0.1) / 4000 + hslider("rate[unit:kHz]", 0, 0, 20, 0.1) / 40;' | dsp units
    for values in '"500", "5"' '"500 ms", "5 kHz"' '"0.5 s", "5000 Hz"' '"500MS", "5000000 mHz"'; do
        play units.dsp "([$values] | {parameters: {time: .[0], rate: .[1]}})"
        [[ $(field peak) == 0.25 ]] || fail "$values: $output"
    done
    run -1 render-one -p units.dsp '{"output_path": "out.wav", "parameters": {"time": "0.5 min"}}'
}

@test "controls have their values in float and in double, with either back end" {
    echo 'process = hslider("level", 0.25, 0, 1, 0.01);' >level.dsp
    for backend in llvm interpreter; do
        for option in -single -double; do
            play level.dsp "{\"compile_options\": \"$option\"}" --faust-backend "$backend"
            [[ $(field peak) == 0.25 ]]
            play level.dsp "{\"compile_options\": \"$option\", \"parameters\": {\"level\": 0.5}}" --faust-backend "$backend"
            [[ $(field peak) == 0.5 ]]
        done
    done
}

@test "a value in the program's own units arrives exactly, in double too, and is told as it is there" {
    # What is one rounding below a whole number is cut off to the one before.
    dsp whole <<'END'
cut(x) = int(x) / 16384;
process = par(i, 80, hslider("a%i", 0, 0, 100, 1) : cut), par(i, 80, hslider("b%i[scale:log]", 1, 1, 1e4, 1) : cut),
    par(i, 80, nentry("c%i", 0, 0, 10, 0.1) : *(10) : cut);
END
    local all
    all=$(jq -nc '[range(80) | {key: "a\(.)", value: tostring}, {key: "b\(.)", value: (. * 99 + 1 | tostring)},
        {key: "c\(.)", value: (. / 10 | tostring)}] | from_entries')
    for type in single double; do
        play whole.dsp "{\"compile_options\": \"-$type\", \"format\": \"npy\", \"output_path\": \"out.npy\", \"parameters\": $all}"
        jq -e '.parameters as $wanted | .parameters_taken | all(to_entries[]; .value.text == $wanted[.key])' <<<"$output"
        warm_python - "$type" <<'PYTHON'
import numpy, sys
x = numpy.load("out.npy")[:, 0] * 16384
number = numpy.float64 if sys.argv[1] == "double" else numpy.float32
assert (x[:80] == range(80)).all(), x[:80]
assert (x[80:160] == range(1, 7921, 99)).all(), x[80:160]
assert (x[160:] == [int(number(i / 10) * number(10)) for i in range(80)]).all(), x[160:]
PYTHON
    done
    jq -nc '{duration: 0.01, tail: 0, format: "npy", output_path: "out.npy", compile_options: "-double",
        automation: [{parameter: "a0", shape: "step", points: [[0, "29"], [0.005, "58"]]}]}' | render-one -p whole.dsp
    warm_python -c '
import numpy
x = numpy.load("out.npy")[0] * 16384
assert (x[0], x[-1]) == (29, 58), x'
}

@test "automation is exact to the frame" {
    echo 'process = hslider("level", 0, 0, 1, 0.001);' | dsp level
    play level.dsp '{"output_path": "out.npy", "format": "npy",
        "automation": [{"parameter": "level", "points": [[0.1, 0.75], [0.15, 0.25]], "shape": "step"}]}'
    runs out.npy | diff - <(printf '4410 0\n2205 0.75\n2205 0.25\n')
}

@test "a file goes through a program, and through it as a link of a chain" {
    echo 'process = par(i, 2, *(0.5));' | dsp half
    sox -n -r 44100 -c 2 -e float -b 32 in.wav synth 0.1 sine 300 sine 500 gain -6
    play half.dsp '{"input_path": "in.wav"}'
    sox -D -v 0.5 in.wav -t f32 - | cmp - <(sox -D out.wav -t f32 -)
    tone
    play tone.dsp '{"chain": [{"plugin_path": "half.dsp", "parameters": {}}]}'
    jq -e '.channels == 2 and .peak > 0.249 and .peak <= 0.25' <<<"$output"
}

@test "a program that does not compile is an error with the compiler's words and the line" {
    printf 'import("stdfaust.lib");\nprocess = os.osc(440) * foo;\n' | dsp unknown
    refused unknown.dsp plugin-load "unknown.dsp: does not compile: line 2: undefined symbol : foo"
    printf 'process = _ *\n ;' | dsp syntax
    refused syntax.dsp plugin-load "syntax.dsp: does not compile: line 2: syntax error"
    printf 'import("nothere.lib"); process = _;' | dsp import
    refused import.dsp plugin-load "nothere.lib"
    mkdir lib
    printf 'twice(x) = x + x;\nthrice(x) = twice(x) + y;\n' >lib/three.lib
    printf 'import("lib/three.lib"); process = thrice;' | dsp inlib
    refused inlib.dsp plugin-load "line 2: undefined symbol : y"
    : >empty.dsp
    refused empty.dsp corrupt "empty.dsp: is empty"
}

@test "a program that cannot be played live is an error record, and the last record tells the end" {
    echo 'process = foo;' | dsp unknown
    run -1 --separate-stderr play-one -o out.wav unknown.dsp </dev/null
    jq -es '.[0].event == "error" and .[0].error_kind == "plugin-load" and (.[0].error | endswith("undefined symbol : foo"))' <<<"$output"
    jq -es '.[1].event == "ended" and .[1].reason == "error" and .[1].frames == 0 and length == 2' <<<"$output"
    [[ -z $stderr && ! -e out.wav ]]
}

@test "a program without sound, or with too many channels, is refused" {
    echo 'process = !;' | dsp nothing
    refused nothing.dsp plugin-load "no output"
    echo 'process = par(i, 300, _) :> _;' | dsp many
    refused many.dsp unsupported "has 300 inputs; at most 256"
}

@test "a compilation that does not end is a timeout of one source" {
    echo 'process = par(i, 100000, _);' | dsp endless
    tone
    run -1 render-one --timeout 2 <<<'{"plugin_path": "endless.dsp", "output_path": "a.wav"}
{"plugin_path": "tone.dsp", "output_path": "b.wav", "duration": 0.1, "tail": 0}'
    [[ $(field error_kind) == $'timeout\nnull' && $(field status) == $'error\nok' ]] || fail "$output"
}

@test "what a program imports belongs to it" {
    mkdir lib
    echo 'gain = 0.5;' >lib/gain.lib
    echo 'import("lib/gain.lib"); process = gain;' | dsp imports
    play imports.dsp '{}'
    [[ $(field peak) == 0.5 ]]
    play imports.dsp '{}' --skip-existing
    [[ $(field status) == skipped ]]
    echo 'gain = 0.25;' >lib/gain.lib
    play imports.dsp '{}' --skip-existing
    [[ $(field status) == ok && $(field peak) == 0.25 ]]
}

@test "an import by URL is refused with its line, wherever it is written" {
    by_record() {
        run -1 render-one "{\"plugin_path\": \"$1\", \"output_path\": \"a.wav\"}"
        [[ $(field error_kind) == plugin-load && $(field error) == *"$2" ]] || fail "$output"
    }
    local words="', and imports are files; save it beside the program, and import it by its name"
    printf '/* a\n b */ // library("http://none")\nx = library("https://none.invalid/a.lib");\nprocess = x.y;\n' | dsp by_url
    by_record by_url.dsp "/by_url.dsp: line 3: imports 'https://none.invalid/a.lib$words"
    printf 'import("by_url.dsp");\n' | dsp outer
    by_record outer.dsp "/by_url.dsp: line 3: imports 'https://none.invalid/a.lib$words"
    printf 'process = component("file:///etc/a.dsp");' | dsp file
    by_record file.dsp "line 1: imports 'file:///etc/a.dsp$words"
    run -2 --separate-stderr render-one -p by_url.dsp '{"output_path": "a.wav"}'
    [[ $stderr == *"by_url.dsp: line 3: imports"* ]]
    run -1 --separate-stderr faust-build --lang cpp -o by_url.cpp by_url.dsp
    [[ $stderr$output == *"by_url.dsp: line 3: imports 'https://none.invalid/a.lib$words"* && ! -e by_url.cpp ]] || fail "$output"
    # Only the text of an import is one.
    printf 'declare author "https://none.invalid"; process = hslider("a://b", 0, 0, 1, 0.1); // import("http://none")\n' | dsp no_url
    play no_url.dsp '{"duration": 0.01, "output_path": "out.wav"}'
}

@test "what a program imports does not depend on the folder from which it is played" {
    mkdir inc elsewhere
    echo 'level = 0.25;' >inc/level.lib
    echo 'level = 0.75;' >elsewhere/level.lib
    echo 'import("level.lib"); process = level;' | dsp imports
    local program=$PWD/imports.dsp
    for folder in elsewhere inc .; do
        cd "$folder"
        play "$program" '{"compile_options": "-I inc"}' --faust-backend interpreter
        [[ $(field peak) == 0.25 ]] || fail "$folder: $output"
        play "$program" '{"compile_options": "-I inc"}'
        [[ $(field peak) == 0.25 ]] || fail "$folder: $output"
        cd "$OLDPWD"
    done
    FAUST_LIB_PATH=inc play imports.dsp '{}'
    [[ $(field peak) == 0.25 ]]
    mkdir other
    cp imports.dsp other
    FAUST_LIB_PATH=inc play other/imports.dsp '{}'
    FAUST_LIB_PATH=inc run -0 faust-build --sha other/imports.dsp imports.dsp
    # As for faust-build, a file beside the program comes first, and the error names that.
    echo 'level = 0.5 : ;' >level.lib
    run -1 render-one -p imports.dsp '{"compile_options": "-I inc", "output_path": "out.wav"}'
    [[ $(field error_path) == "$PWD/level.lib" ]] || fail "$output"
}

@test "names that are not UTF-8 are written readably" {
    printf 'declare name "caf\xe9"; declare author "\xff"; process = 0.5 * hslider("\xe9t\xe9", 1, 0, 1, 0.1);' | dsp latin
    play latin.dsp '{"parameters": {"\\xe9t\\xe9": "0.5"}}'
    [[ $(field plugin) == 'caf\xe9' && $(field peak) == 0.25 ]]
}

@test "samples that are not numbers are an error" {
    echo 'process = 1 / button("a");' | dsp nan
    refused nan.dsp non-finite "nan: gave"
}

# song EVENTS: song.mid of MIDI messages, [TICK, "TYPE", {FIELD: VALUE}]; a tick is 50 frames at
# 48,000 Hz.
song() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import json, mido, sys
song, track, last = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack(), 0
song.tracks.append(track)
for tick, kind, fields in sorted(json.loads(sys.argv[1]), key=lambda event: event[0]):
    track.append(mido.Message(kind, time=tick - last, **fields))
    last = tick
song.save("song.mid")
PYTHON
}

# levels PROGRAM FIELDS: plays song.mid with a program whose output is a level, and prints its runs.
levels() {
    play "$1" "{\"midi_path\": \"song.mid\", \"midi_duration\": 0.1, \"sample_rate\": 48000,
        \"output_path\": \"out.npy\", \"format\": \"npy\"} + $2" || return
    runs out.npy
}

# A level of 1 for a note of velocity 127.
gate() {
    dsp gate <<'END'
declare options "[midi:on][nvoices:2]";
bend = hslider("bend[midi:pitchwheel]", 0, -2, 2, 0.01);
volume = hslider("volume[midi:ctrl 7]", 1, 0, 1, 0.01);
process = button("gate") * hslider("gain", 0, 0, 1, 0.001) * volume + bend;
END
}

on() { echo "[$1, \"note_on\", {\"note\": $2, \"velocity\": ${3:-127}, \"channel\": ${4:-0}}]"; }
off() { echo "[$1, \"note_off\", {\"note\": $2, \"channel\": ${3:-0}}]"; }

@test "notes begin and end at their frames, at every block size" {
    gate
    song "[$(on 3 60), $(on 7 64), $(off 11 60), $(off 20 64)]"
    for block_size in 1 64 511 4096; do
        levels gate.dsp "{\"block_size\": $block_size}" | diff - <(printf '150 0\n200 1\n200 2\n450 1\n3800 0\n')
    done
}

@test "the voice that is stolen is the one released first, or the oldest, and fades in 5 ms" {
    gate
    # The first note fades in 240 frames, in steps of 1/241, while the third has begun.
    song "[$(on 0 60), $(on 10 62), $(on 20 64), $(off 40 60), $(off 50 64)]"
    levels gate.dsp '{}' >runs
    [[ $(wc -l <runs) == 244 ]]
    diff <(head -2 runs; tail -2 runs) <(printf '500 1\n500 2\n1260 2\n2300 1\n')
    awk 'NR > 2 && NR < 243 { step = NR - 2; if ($1 != 1 || $2 < 3 - step / 241 - 1e-5 || $2 > 3 - step / 241 + 1e-5) exit 1 }' runs
    # A voice that was released and still sounds goes before one that is held, though it is younger.
    dsp long <<'END'
declare nvoices "2";
import("stdfaust.lib");
process = hslider("key", 0, 0, 127, 1) * (button("gate") > 0) + 1000 * (1 - button("gate"));
END
    song "[$(on 0 60), $(on 10 62), $(off 20 62), $(on 40 64)]"
    levels long.dsp '{}' >runs
    [[ $(tail -1 runs) == "2560 124" ]] || fail "$(<runs)"
}

@test "a pedal holds notes, and all notes off and all sound off end them, channel by channel" {
    gate
    pedal() { echo "[$1, \"control_change\", {\"control\": $2, \"value\": $3, \"channel\": $4}]"; }
    song "[$(on 0 60), $(on 0 60 127 1), $(pedal 5 64 127 0), $(off 10 60), $(off 10 60 1), $(pedal 20 64 0 0)]"
    levels gate.dsp '{}' | diff - <(printf '500 2\n500 1\n3800 0\n')
    song "[$(on 0 60), $(on 0 60 127 1), $(pedal 10 123 0 0), $(pedal 20 120 0 1)]"
    levels gate.dsp '{}' | diff - <(printf '500 2\n500 1\n3800 0\n')
}

@test "controllers and bend go to the controls that name them, in the voices of their channel" {
    gate
    song "[$(on 0 60), $(on 0 62 127 1), [10, \"control_change\", {\"control\": 7, \"value\": 0, \"channel\": 1}],
        [20, \"pitchwheel\", {\"pitch\": 8191, \"channel\": 0}], [30, \"pitchwheel\", {\"pitch\": 0, \"channel\": 0}]]"
    levels gate.dsp '{}' | diff - <(printf '500 2\n500 1\n500 3\n3300 1\n')
    # A program without voices takes what it names.
    echo 'process = hslider("a[midi:ctrl 1 2]", 0, 0, 127, 1) + 1000 * button("b[midi:key 60]") + hslider("c[midi:chanpress]", 0, 0, 1, 0.1);' | dsp plain
    song "[[2, \"control_change\", {\"control\": 1, \"value\": 9, \"channel\": 0}], [4, \"control_change\", {\"control\": 1, \"value\": 9, \"channel\": 1}],
        $(on 6 60), $(off 8 60), [10, \"aftertouch\", {\"value\": 127}]]"
    levels plain.dsp '{}' | diff - <(printf '200 0\n100 9\n100 1009\n100 9\n4300 10\n')
}

@test "start, stop and clock go to the voices of all channels" {
    dsp runs <<'END'
declare options "[midi:on][nvoices:2]";
process = button("gate") * (checkbox("run[midi:start][midi:stop]") + 2 * checkbox("tick[midi:clock]"));
END
    # The second note begins after the clock.
    run -0 play-one -r 48000 -o out.npy --format npy runs.dsp <<'END'
{"time": 0, "type": "note_on", "note": 60, "midi_channel": 2}
{"time": 0.01, "type": "midi", "bytes": [250]}
{"time": 0.02, "type": "midi", "bytes": [248]}
{"time": 0.03, "type": "note_on", "note": 64, "midi_channel": 9}
{"time": 0.04, "type": "midi", "bytes": [252]}
{"time": 0.05, "type": "stop"}
END
    diff <(runs out.npy) <(printf '480 0\n480 1\n480 3\n480 6\n480 4\n')
}

@test "the record says how many voices there are, and what is computed once for all" {
    gate
    song "[$(on 0 60), $(on 0 62), $(on 0 64)]"
    levels gate.dsp '{"nvoices": 4}' | diff - <(printf '4800 3\n')
    levels gate.dsp '{"nvoices": 0, "parameters": {"gate": 1, "gain": 0.5}}' | diff - <(printf '4800 0.5\n')
    { sed 's/process.*/process = button("gate") <: _, _;/' gate.dsp && echo 'effect = +(10);'; } | dsp effect
    levels effect.dsp '{"nvoices": 4}' | diff - <(printf '4800 16\n')
    # A gate alone plays one voice at a time.
    echo 'process = hslider("freq", 0, 0, 20000, 1) * button("gate");' | dsp mono
    play mono.dsp '{"note": 69, "duration": 0.2}'
    [[ $(field peak) == 440 ]]
    echo 'process = _;' | dsp plain
    run -1 render-one -p plain.dsp '{"output_path": "out.wav", "nvoices": 257}'
    [[ $(field error_kind) == bad-record ]]
    run -1 render-one -p plain.dsp '{"output_path": "out.wav", "nvoices": 2}'
    [[ $(field error) == *'no control "gate"'* ]]
}

@test "an instrument has the same bits at every block size, also in double and in the interpreter" {
    dsp organ <<'END'
declare options "[midi:on][nvoices:8]";
import("stdfaust.lib");
bend = hslider("bend[midi:pitchwheel]", 0, -2, 2, 0.01);
process = os.osc(hslider("freq", 440, 20, 20000, 0.01) * pow(2, bend / 12)) * hslider("gain", 0, 0, 1, 0.01) *
    en.adsr(0.01, 0.1, 0.5, 0.3, button("gate")) * hslider("vol[midi:ctrl 7]", 1, 0, 1, 0.01) * 0.2;
effect = dm.freeverb_demo;
END
    /usr/bin/python3 - <<'PYTHON'
import json, random
random.seed(1)
events = []
for i in range(80):
    tick, note = random.randrange(450), {"note": random.randrange(36, 84), "channel": i % 2}
    events.append([tick, "note_on", dict(note, velocity=random.randrange(1, 128))])
    events.append([tick + random.randrange(5, 150), "note_off", note])
for i in range(40):
    events.append([random.randrange(500), "pitchwheel", {"pitch": random.randrange(-8192, 8192), "channel": i % 2}])
    for control in 7, 64:
        events.append([random.randrange(500), "control_change", {"control": control, "value": random.randrange(128), "channel": i % 2}])
json.dump(events, open("events.json", "w"))
PYTHON
    song "$(<events.json)"
    mapfile -t sizes < <(some 2 1 64 511 4096)
    for backend in llvm interpreter; do
        for precision in -single -double; do
            at_block_sizes "${sizes[@]}" -- organ.dsp \
                "{midi_path: \"song.mid\", midi_duration: 0.75, compile_options: \"$precision\"}" --faust-backend $backend
            field audio_hash >hashes
            [[ $(sort -u hashes | wc -l) == 1 && $(wc -l <hashes) == "${#sizes[@]}" ]] || fail "$backend $precision: $(<hashes)"
            sed 1q hashes >>all
        done
    done
    # In float both back ends give the same, and double is not float.
    [[ $(sed -n 1p all) == $(sed -n 3p all) && $(sed -n 1p all) != $(sed -n 2p all) ]]
}

@test "compile options are a text or a list, and those that ask for something else are refused" {
    tone
    play tone.dsp '{"compile_options": "-double -ftz 1"}'
    field audio_hash >hashes
    play tone.dsp '{"compile_options": ["-double", "-ftz", "1"]}'
    field audio_hash >>hashes
    [[ $(sort -u hashes | wc -l) == 1 ]]
    for options in -quad -fx '-lang cpp' '-o x.cpp' -svg -os -nosuchoption; do
        run -1 render-one -p tone.dsp "{\"output_path\": \"out.wav\", \"compile_options\": \"$options\"}"
        [[ $(field error_kind) == unsupported && $(field error) == *"cannot be compiled with ${options% *}"* ]] || fail "$output"
    done
    run -1 render-one -p tone.dsp '{"output_path": "out.wav", "compile_options": "-vec -vs"}'
    [[ $(field error) == *"-vs without a value"* ]] || fail "$output"
    run -1 render-one -p "$amsynth" '{"output_path": "out.wav", "compile_options": "-double"}'
    [[ $(field error_kind) == bad-record && $(field error) == *"no Faust program"* ]] || fail "$output"
    # The compiler of 2.54.9 fails in an assertion over these two.
    run -1 render-one -p tone.dsp '{"output_path": "out.wav", "compile_options": "-double -ftz 2"}'
    [[ $(field error_kind) == crash && $(field error) == *"crashed while loading the plug-in"* ]]
    # A file that was made with others is made again.
    play tone.dsp '{}'
    play tone.dsp '{}' --skip-existing
    [[ $(field status) == skipped ]]
    play tone.dsp '{"compile_options": "-double"}' --skip-existing
    [[ $(field status) == ok ]]
    play tone.dsp '{}' --skip-existing --faust-backend interpreter
    [[ $(field status) == ok ]]
}

@test "sound files are read beside the program, at the rate of the job" {
    sox -n -r 44100 -c 1 -e float -b 32 one.wav synth 0.1 sine 300 gain -6
    sox -n -r 22050 -c 2 -e float -b 32 low.wav synth 0.1 sine 300 gain -6
    printf 'process = 0, (+(1) ~ _) - 1 : soundfile("s[url:{%s}]", 1);' "'one.wav'" | dsp file
    mkdir other && cd other
    play ../file.dsp '{"duration": 0.1, "output_path": "out.npy", "format": "npy"}'
    cd ..
    # Its length, its rate, and its samples.
    warm_python -c 'import numpy
audio = numpy.load("other/out.npy")
assert (audio[0] == 4410).all() and (audio[1] == 44100).all()
audio[2].tofile("samples")'
    cmp samples <(sox one.wav -t f32 -)
    printf 'process = 0, 0 : soundfile("s[url:{%s}]", 2);' "'low.wav';'one.wav'" | dsp low
    play low.dsp '{"output_path": "out.npy", "format": "npy"}'
    [[ $(runs out.npy) == "8820 4410" ]]
    printf 'process = 0, 0 : soundfile("s[url:{%s}]", 1);' "'nothere.wav'" | dsp missing
    refused missing.dsp not-found "needs the sound file nothere.wav, which is in none of these folders"
    head -c 3000 one.wav >cut.wav
    printf 'process = 0, 0 : soundfile("s[url:{%s}]", 1);' "'cut.wav'" | dsp cut
    refused cut.dsp corrupt "cut.wav: is cut short"
    run -1 render-one -p file.dsp --faust-backend interpreter '{"output_path": "a.wav"}'
    [[ $(field error) == *"use the back end llvm"* ]]
}

@test "sound files with the number of an iteration in their names belong to the program" {
    sox -n -r 44100 -c 1 a0.wav synth 0.1 sine 300
    cp a0.wav a1.wav
    printf 'process = par(i, 2, (0, 0 : soundfile("s%%i [style:x][ url : {%s} ]", 1)));' "'a%i.wav'" | dsp many
    play many.dsp '{}' --skip-existing
    play many.dsp '{}' --skip-existing
    [[ $(field status) == skipped ]]
    sox -n -r 44100 -c 1 a1.wav synth 0.2 sine 300
    play many.dsp '{}' --skip-existing
    [[ $(field status) == ok ]]
}

@test "a folder of programs goes through preset-scan and assign-paths" {
    mkdir -p lib/sub
    echo 'process = 0.5;' >lib/half.dsp
    echo 'process = 0.25;' >lib/sub/quarter.dsp
    echo 'gain = 1;' >lib/gain.lib
    run -0 preset-scan lib
    [[ $(field plugin_path) == "$PWD/lib/half.dsp"$'\n'"$PWD/lib/sub/quarter.dsp" && $(field preset_path) == $'null\nnull' ]]
    preset-scan lib | job-grid --set duration=0.1 --set tail=0 |
        assign-paths -o out --template '{subdir}/{preset}' >jobs.ndjson
    run -0 --separate-stderr render-one <jobs.ndjson
    [[ $(field output_path) == "$PWD/out/half.wav"$'\n'"$PWD/out/sub/quarter.wav" ]]
    [[ $(field peak) == $'0.5\n0.25' && -s out/sub/quarter.wav ]]
}

@test "bitcode plays as the program that it was made of" {
    tone
    play tone.dsp '{}'
    field audio_hash >llvm
    play tone.dsp '{}' --faust-backend interpreter
    field audio_hash >interpreter
    faust-build -o . --bitcode --llvm-bitcode --lang llvm tone.dsp >made
    play tone.fbc '{}'
    field audio_hash | diff interpreter -
    play tone.bc '{}'
    field audio_hash | diff llvm -
    play tone.ll '{}'
    field audio_hash | diff llvm -
    play tone.fbc '{"parameters": {"freq": "880 Hz"}}'
    [[ $(jq -c .parameters_taken.freq.text <<<"$output") == '"880"' ]]
    rm out.wav
    for name in wrong.fbc wrong.bc wrong.ll; do
        echo 'process = _;' >"$name"
        refused "$name" corrupt "is not the bitcode of a Faust program"
    done
    run -1 render-one -p tone.bc '{"output_path": "a.wav", "compile_options": "-double"}'
    [[ $(field error) == *"was compiled with options of its own"* ]]
}

@test "values that Faust's programs save are presets and states" {
    tone
    printf '880 /Tone/freq\n0.25 /Tone/gain\n' >saved
    play tone.dsp '{"parameters": {"freq": "880", "gain": "0.25"}}'
    field audio_hash >expected
    play tone.dsp '{"preset_path": "saved"}'
    field audio_hash | diff expected -
    [[ $(field preset_format) == rc ]]
    play tone.dsp '{"state_path": "saved"}'
    field audio_hash | diff expected -
    echo '0.25 /Tone/volume' >other
    run -1 render-one -p tone.dsp '{"output_path": "a.wav", "preset_path": "other"}'
    [[ $(field error_kind) == wrong-plugin && $(field error) == *"/Tone/volume, which this program does not have"* ]]
    echo 'nothing' >other
    run -1 render-one -p tone.dsp '{"output_path": "a.wav", "state_path": "other"}'
    [[ $(field error_kind) == corrupt && $(field error) == *"line 1"* ]]
}

# entry JQ: changes the one entry in the cache of machine code.
entry() {
    local file
    file=$(find "$XDG_CACHE_HOME/patchpipe/code" -type f)
    jq -c "$1" "$file" >changed && cat changed >"$file"
}

@test "the mathematics of the C library are the same on processors that fuse multiplications with additions" {
    dsp functions <<'END'
import("stdfaust.lib");
x = no.noise;
process = exp(x), log(abs(x) + 0.1), sin(x * 10), tan(x), pow(abs(x), 1.7), ma.tanh(x), atan(x * 5), log10(abs(x) + 0.1);
END
    # The second time as on a processor that cannot.
    for capabilities in '' glibc.cpu.hwcaps=-AVX2,-AVX,-FMA,-FMA4; do
        for backend in llvm interpreter; do
            GLIBC_TUNABLES=$capabilities play functions.dsp '{compile_options: "-double", duration: 2}' --faust-backend $backend
            field audio_hash
        done
        rm -r "$XDG_CACHE_HOME"
    done >hashes
    [[ $(sort -u hashes | wc -l) == 1 && $(wc -l <hashes) == 4 ]]
}

@test "machine code is kept for the next run, and used only if it is whole, the user's own and for this processor" {
    cache=$XDG_CACHE_HOME/patchpipe/code
    echo 'process = 0.5;' | dsp level
    play level.dsp '{}'
    cp "$cache"/* half
    rm "$cache"/*
    echo 'process = 0.25;' | dsp level
    play level.dsp '{}'
    [[ $(field peak) == 0.25 && $(find "$cache" -type f -perm 600 | wc -l) == 1 ]]
    # Another program's code under the name of this one shows that it is what plays.
    entry "$(jq '{code, code_hash}' half) as \$other | . + \$other"
    play level.dsp '{}'
    [[ $(field peak) == 0.5 ]]
    chmod g+w "$cache"/*
    play level.dsp '{}'
    [[ $(field peak) == 0.25 ]]
    # What is not used is replaced.
    play level.dsp '{}'
    [[ $(field peak) == 0.25 ]]
    entry "$(jq '{code}' half) as \$other | . + \$other"
    play level.dsp '{}'
    [[ $(field peak) == 0.25 ]]
    : >"$(find "$cache" -type f)"
    play level.dsp '{}'
    [[ $(field peak) == 0.25 ]]
    # For another processor, with a hash that fits.
    code=$(jq -c '.code | fromjson | .target = "other"' half)
    printf '%s' "$code" | xxhsum -H2 - | cut -d ' ' -f 1 >digits
    entry ".code = $(jq -n --arg code "$code" '$code') | .code_hash = \"xxh128:$(<digits)\""
    play level.dsp '{}'
    [[ $(field peak) == 0.25 ]]
    # Of a kit whose compiler is another one.
    entry "$(jq '{code, code_hash}' half) as \$other | . + \$other | .by = \"other\""
    play level.dsp '{}'
    [[ $(field peak) == 0.25 ]]
    # What it imports, and its options, make it another program.
    play level.dsp '{"compile_options": "-double"}'
    [[ $(find "$cache" -type f | wc -l) == 2 ]]
    play level.dsp '{}' --faust-backend interpreter
    [[ $(find "$cache" -type f | wc -l) == 2 ]]
}

@test "what is no file in the place of kept code is replaced, and not written through or waited for" {
    tone
    play tone.dsp '{}'
    local entry
    entry=$(echo "$XDG_CACHE_HOME"/patchpipe/code/*)
    echo mine >target
    ln -sf "$PWD/target" "$entry"
    play tone.dsp '{}'
    [[ $(<target) == mine && -f $entry && ! -L $entry ]]
    rm "$entry"
    mkfifo "$entry"
    play tone.dsp '{}'
    [[ -f $entry ]]
}

@test "a program has its own name and ids, though the same text under another name is in the cache" {
    echo 'process = hslider("level", 0.5, 0, 1, 0.1);' | tee one.dsp >two.dsp
    play one.dsp '{}'
    play two.dsp '{"parameters": {"id:/two/level": 1}}'
    [[ $(field plugin) == two && $(field peak) == 1 ]]
}

@test "code from the cache plays the same bits, an instrument's with its effect too" {
    gate
    sed -i 's/^process.*/process = button("gate") <: _, _; effect = +(10) : *(2);/' gate.dsp
    for _ in 1 2; do
        play gate.dsp '{}'
        field audio_hash
        [[ $(field peak) == 24 ]]
    done >hashes
    tone
    for _ in 1 2; do
        play tone.dsp '{"compile_options": "-double"}'
        field audio_hash
    done >>hashes
    [[ $(uniq hashes | wc -l) == 2 ]]
}

@test "both back ends compute what the program says, infinity and what is no number included" {
    echo 'nan = sqrt(hslider("n", -1, -1, 1, 1)); infinity = 1 / hslider("i", 0, 0, 1, 1);
        process = select2(nan == nan, 0.5, 0.25) + 0.25 * hslider("a fast one", 0, 0, 1, 1),
            select2(infinity > 1000, 0.0625, 0.125) : +;' >says.dsp
    for backend in llvm interpreter; do
        play says.dsp '{"parameters": {"a fast one": 1}}' --faust-backend "$backend"
        [[ $(field peak) == 0.875 ]]
    done
    faust-build -o . --llvm-bitcode --lang llvm says.dsp >made
    for name in says.bc says.ll; do
        play "$name" '{}'
        [[ $(field peak) == 0.625 ]]
    done
}

@test "the audio is that of the C++ that the compiler writes, to 1e-6" {
    cat >host.cpp <<'END'
#include <cstdio>
#include <vector>
#include <faust/dsp/dsp.h>
#include <faust/gui/UI.h>
#include <faust/gui/meta.h>
<<includeIntrinsic>>
<<includeclass>>
// An impulse in every input, for half a second.
int main() {
    const int frames = 22050;
    mydsp dsp;
    dsp.init(44100);
    std::vector<float> impulse(frames);
    impulse[0] = 1;
    std::vector<std::vector<float>> out(dsp.getNumOutputs(), std::vector<float>(frames));
    std::vector<float*> inputs(dsp.getNumInputs(), impulse.data()), outputs;
    for (auto& channel : out) outputs.push_back(channel.data());
    dsp.compute(frames, inputs.data(), outputs.data());
    for (const auto& channel : out) fwrite(channel.data(), sizeof(float), frames, stdout);
}
END
    warm_python -c 'import numpy
numpy.save("impulse.npy", (numpy.arange(22050) == 0).astype("<f4").reshape(1, -1))'
    examples=/usr/share/faust/examples
    mapfile -t programs < <(some 2 generator/osc generator/noise filtering/vcfWahLab reverb/jprev reverb/freeverb)
    for program in "${programs[@]}"; do
        name=${program#*/}
        faust -a host.cpp "$examples/$program.dsp" -o made.cpp
        g++ -w -O1 -o made made.cpp
        ./made >"$name.expected"
        # Those with inputs hear the impulse, the others need none.
        input='input_path: "impulse.npy"'
        [[ $program != generator/* ]] || input=
        play "$examples/$program.dsp" \
            "{duration: 0.5, nvoices: 0, output_path: \"$name.npy\", format: \"npy\", $input}"
    done
    warm_python - "${programs[@]#*/}" <<'PYTHON'
import numpy, sys
for name in sys.argv[1:]:
    ours, theirs = numpy.load(name + ".npy").ravel(), numpy.fromfile(name + ".expected", "<f4")
    assert abs(theirs).max() > 0 and ours.size == theirs.size, (name, ours.size, theirs.size)
    assert abs(ours - theirs).max() < 1e-6, (name, abs(ours - theirs).max())
PYTHON
}

@test "examples of faust-common play in any order, or say why not" {
    # Without names the program plays all of them, and writes their table. Among the generators only
    # the virtual analog takes seconds to compile.
    run -0 /usr/bin/python3 "$root/tests/faust/examples.py" -o table.md \
        generator/{filter,noise,osc,saw} SAM/chorus SAM/echo ${THOROUGH:+generator/virtual}
    [[ -z $output ]]
    grep -qxF '| generator/osc.dsp | yes | yes | yes |  |' table.md
    grep -qxF '| SAM/chorus/layout2.dsp | no |  |  | is a layout, which other programs include: it has no `process` |' table.md
    grep -q '^| SAM/echo/echo.dsp | no |  |  | calls a C function' table.md
    [[ $(grep -c '| yes | yes | yes |' table.md) -ge 8 ]]
}
