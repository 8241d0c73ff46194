#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# render-one: the results of one job or a few. That they do not depend on the order and the number
# of workers is in tests/system/determinism.bats and workers.bats.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
chunks=$root/build/tests/plugins/plain_synth_chunks.so
macro=$root/build/tests/plugins/MacroSynth.vst3
nekobi=/usr/lib/vst/Nekobi-vst.so

setup_file() {
    preset-export -o presets --programs 0-3 "$amsynth" >/dev/null
    preset-export -o plain --programs 0-3 "$plain" >/dev/null
    preset-export -o chunks --programs 0-3 "$chunks" >/dev/null
}

# amsynth is not what the isolation is tried with here.
setup() { [[ $(declare -f "$BATS_TEST_NAME") != *amsynth* ]] || certified "$amsynth"; }

presets=$BATS_FILE_TMPDIR/presets

# A job for the plain synth with the defaults of these tests, into out.wav or the suffix of its format.
plain_job() {
    command jq -nc --arg out "$PWD/out" --argjson more "$1" '{output_path: "\($out).\($more.format // "wav")"} + $more'
}

# frames_where FILE EXPRESSION...: the places i of the samples x of the left channel of a WAV file for
# which an expression of Python is true, a line for each expression.
frames_where() {
    warm_python - "$@" <<'PYTHON'
import sys, wave
import numpy
with wave.open(sys.argv[1]) as w:
    data = numpy.frombuffer(w.readframes(w.getnframes()), "<i2").reshape(-1, w.getnchannels())[:, 0]
for expression in sys.argv[2:]:
    true = eval("lambda i, x: " + expression)
    print(*[i for i, x in enumerate((data / 32768).tolist()) if true(i, x)])
PYTHON
}

@test "a name that is empty is an error that says which" {
    for key in preset_path preset_uri state_path midi_path input_path plugin_path; do
        run -1 render-one -p "$amsynth" "{\"$key\": \"\", \"midi_duration\": 1, \"output_path\": \"a.wav\"}"
        [[ $(field error_kind) == bad-record && $(field error) == "$key: is empty"* ]]
    done
    run -1 render-one -p "$amsynth" '{"chain": [{"plugin_path": "x", "preset_path": ""}], "output_path": "a.wav"}'
    [[ $(field error) == "chain: entry 1: preset_path: is empty"* ]]
}

@test "a job written by hand renders and reports what it did" {
    run -0 --separate-stderr render-one --fxp "$amsynth" \
        "$(plain_job "{\"preset_path\": \"$(echo "$presets"/0000*)\"}")"
    jq -e '.status == "ok" and .frames == 88200 and .channels == 2 and .plugin == "amsynth"
        and .peak > 0.01 and .rms_db < 0 and .silent == false and .latency_frames == 0
        and (.audio_hash | test("^xxh128:[0-9a-f]{32}$"))
        and (.isolation == $ARGS.positional[0]) and .load_ms > 0 and .render_ms > 0 and .write_ms > 0' --args "$snapshot" <<<"$output"
    [[ $(soxi -s out.wav) == 88200 && $(soxi -r out.wav) == 44100 && $(soxi -b out.wav) == 16 ]]
}

@test "the length is exact to the frame, whatever the times and the rate" {
    for settings in '0.123456 0.7 44100' '1 0 48000' '0.0001 0.00001 96000' '2.5 1.25 22050'; do
        read -r duration tail rate <<<"$settings"
        run -0 render-one -p "$plain" "$(plain_job "{\"duration\": $duration, \"tail\": $tail, \"sample_rate\": $rate}")"
        expected=$(/usr/bin/python3 -c "print(round(($duration + $tail) * $rate))")
        echo "$settings: $expected"
        [[ $(field frames) == "$expected" && $(soxi -s out.wav) == "$expected" ]]
    done
}

@test "a note starts at frame 0 and ends at the frame of its note-off" {
    run -0 render-one -p "$plain" "$(plain_job '{"duration": 0.25, "tail": 0.25}')"
    run -0 frames_where out.wav 'x != 0'
    [[ ${output%% *} == 0 && ${output##* } -le 11024 && ${output##* } -ge 11020 ]]
}

@test "velocity and note are heard" {
    for settings in '60 127' '60 64' '72 127'; do
        read -r note velocity <<<"$settings"
        run -0 render-one -p "$plain" "$(plain_job "{\"note\": $note, \"velocity\": $velocity}")"
        field peak
        field audio_hash >>hashes
    done
    [[ $(sort -u hashes | wc -l) == 3 ]]
}

@test "every event of a MIDI file comes at its frame" {
    /usr/bin/python3 - <<'PYTHON'
import mido, json
track, song = mido.MidiTrack(), mido.MidiFile(ticks_per_beat=480)
song.tracks.append(track)
clicks, now = [], 0
def add(message, delta):
    global now
    now += delta
    track.append(message.copy(time=delta))
add(mido.MetaMessage("set_tempo", tempo=500000), 0)
for delta, tempo in ((7, None), (333, None), (480, 430001), (1111, None), (19, 730003), (2000, None)):
    if tempo:
        add(mido.MetaMessage("set_tempo", tempo=tempo), delta)
        delta = 0
    add(mido.Message("sysex", data=(0x7D, 100)), delta)
add(mido.MetaMessage("end_of_track"), 960)
song.save("clicks.mid")
seconds, at = [], 0.0
for message in song:
    at += message.time
    if message.type == "sysex":
        seconds.append(at)
print(*[round(s * 44100) for s in seconds], file=open("expected", "w"))
PYTHON
    run -0 midi-duration clicks.mid
    run -0 render-one -p "$plain" "$(jq -c --arg out "$PWD/out.wav" '. + {output_path: $out, tail: 0}' <<<"$output")"
    [[ $(field frames) == $(jq -r '.midi_duration * 44100 | round' <<<"$output") ]]
    run -0 frames_where out.wav 'x > 0.5'
    echo "expected $(cat expected)"
    [[ $output == "$(cat expected)" ]]
}

@test "controllers, bend and pressure are heard at their frames" {
    /usr/bin/python3 - <<'PYTHON'
import mido
song, track = mido.MidiFile(ticks_per_beat=1000), mido.MidiTrack()
song.tracks.append(track)
for message in (
    mido.MetaMessage("set_tempo", tempo=1000000, time=0),
    mido.Message("note_on", note=0, velocity=127, time=0),
    mido.Message("control_change", control=7, value=0, time=250),
    mido.Message("control_change", control=7, value=127, time=250),
    mido.Message("aftertouch", value=127, time=250),
    mido.Message("note_off", note=0, time=250),
    mido.MetaMessage("end_of_track", time=0),
):
    track.append(message)
song.save("controllers.mid")
PYTHON
    run -0 render-one -p "$plain" "$(midi-duration controllers.mid | jq -c --arg out "$PWD/out.wav" '. + {output_path: $out, tail: 0, bit_depth: "16"}')"
    frames_where out.wav '11025 <= i < 22050 and x != 0' 'i in (11024, 22050) and x != 0' \
        'i < 33075 and abs(x) > 0.51' 'i >= 33075 and abs(x) > 0.9' >places
    mapfile -t places <places
    [[ ${#places[@]} == 4 && -z ${places[0]} && ${places[1]} == "11024 22050" ]]
    [[ -z ${places[2]} && -n ${places[3]} ]]
}

@test "a note that a MIDI file holds at its end is let go there" {
    /usr/bin/python3 -c '
import mido
song = mido.MidiFile()
song.tracks.append(mido.MidiTrack([mido.Message("note_on", note=60, velocity=100),
    mido.MetaMessage("end_of_track", time=480)]))
song.save("held.mid")'
    run -0 render-one -p "$plain" "$(midi-duration held.mid | jq -c --arg out "$PWD/out.wav" '. + {output_path: $out, tail: 0.5}')"
    run -0 frames_where out.wav 'i >= 22050 and x != 0'
    [[ -z $output ]]
}

@test "bit depths and npy come out as they say" {
    for depth in 16 24 32f; do
        run -0 render-one -p "$plain" "$(plain_job "{\"bit_depth\": \"$depth\"}")"
        [[ $(soxi -b out.wav) == "${depth%f}" ]]
    done
    run -0 render-one -p "$plain" "$(plain_job '{"format": "npy", "duration": 0.5, "tail": 0.1}')"
    run -0 warm_python -c '
import numpy
a = numpy.load("out.npy")
print(a.shape, a.dtype, a.max() > 0.4)'
    [[ $output == "(2, 26460) float32 True" ]]
}

@test "a bit depth may be a number" {
    for depth in 16 24; do
        run -0 render-one -p "$plain" "$(plain_job "{\"bit_depth\": $depth}")"
        [[ $(soxi -b out.wav) == "$depth" ]]
    done
    run -1 render-one -p "$plain" "$(plain_job '{"bit_depth": 32}')"
    [[ $(field error) == "bit_depth: must be 16, 24 or 32f, is '32'" ]]
}

@test "bit depths and containers hold the same audio, to half a step of their own" {
    while read -r name fields; do
        run -0 render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/$name\", $fields}")"
    done <<'JOBS'
16.wav "bit_depth": "16"
24.wav "bit_depth": "24"
32f.wav "bit_depth": "32f"
32f.npy "bit_depth": "32f", "format": "npy"
16.npy "bit_depth": "16", "format": "npy"
JOBS
    wav-diff 32f.wav 32f.npy
    wav-diff 32f.wav 16.npy # which is float32 at any depth
    run -0 wav-diff --tolerance 0.0000152587890625 32f.wav 16.wav
    jq -e '.max_difference > 1e-6' <<<"$output"
    run -0 wav-diff --tolerance 0.000000059604644775390625 32f.wav 24.wav
    jq -e '.max_difference > 1e-9' <<<"$output"
}

@test "a preset of the plug-in's own programs sounds like the program" {
    for kind in plain chunks; do
        : >"$kind.hashes"
        for preset in "$BATS_FILE_TMPDIR/$kind"/*.fxp; do
            run -0 render-one --fxp "${!kind}" "$(jq -nc --arg p "$preset" '{preset_path: $p, output_path: "/dev/null"}')"
            field audio_hash >>"$kind.hashes"
        done
        # Slow sounds like Plain.
        [[ $(sort -u "$kind.hashes" | wc -l) == 3 ]]
    done
    cmp plain.hashes chunks.hashes
}

@test "--use names the plug-in for a format, as its short form does" {
    preset=$(echo "$presets"/0000*)
    run -0 render-one --fxp "$amsynth" "$(plain_job "{\"preset_path\": \"$preset\"}")"
    hash=$(field audio_hash)
    run -0 render-one --use "fxp=$amsynth" "$(plain_job "{\"preset_path\": \"$preset\"}")"
    [[ $(field audio_hash) == "$hash" ]]
    while read -r message; do
        read -r arguments
        # shellcheck disable=SC2086
        run -2 --separate-stderr render-one $arguments <<<'{}'
        echo "$arguments: $stderr"
        [[ -z $output && $stderr == "render-one: $message"* ]]
    done <<END
--use: 'fxp' is not FORMAT=PLUGIN
--use fxp
--use: 'fxb' is not a format that a plug-in plays: fxp, serum2, vstpreset
--use fxb=$amsynth
--use: a plug-in for fxp is given twice
--use fxp=$amsynth --use fxp=$amsynth
--use: a plug-in for fxp is given twice
--fxp $amsynth --use fxp=$amsynth
--serum2: $amsynth: is a VST2, and .SerumPreset presets are for a VST3
--use serum2=$amsynth
END
}

@test "a preset of another plug-in is refused, with both ids" {
    run -1 --separate-stderr render-one --fxp "$plain" "$(plain_job "{\"preset_path\": \"$(echo "$presets"/0000*)\"}")"
    [[ $(field error_kind) == wrong-plugin && $(field error) == *"'amsy' (0x616d7379)"*"'PpPl' (0x5070506c)"* ]]
    [[ ! -e out.wav ]]
}

@test "a preset that changes nothing is flagged, and an error when a change is required" {
    first=$(echo "$presets"/0000*) second=$(echo "$presets"/0001*)
    run -0 render-one --fxp "$amsynth" "$(plain_job "{\"preset_path\": \"$first\"}")" "$(plain_job "{\"preset_path\": \"$second\"}")"
    [[ $(field unchanged) == $'true\nnull' ]]
    run -1 render-one --fxp "$amsynth" --require-change "$(plain_job "{\"preset_path\": \"$first\"}")"
    [[ $(field error_kind) == preset-rejected && $(field error) == "$first: changed nothing in amsynth"* ]]
    run -0 render-one --fxp "$amsynth" --require-change "$(plain_job "{\"preset_path\": \"$second\"}")"
}

@test "a job operand of several lines has a record of one" {
    run -0 render-one -p "$plain" "$(plain_job '{"tags": [1, 2]}' | jq .)"
    [[ ${#lines[@]} == 1 && $(field status) == ok && $(jq -c .tags <<<"$output") == "[1,2]" ]]
    run -1 render-one -p "$plain" --announce $'{"output_path": "/dev/null",\n"note": 300}'
    [[ ${#lines[@]} == 2 && $(field event) == $'job_start\nnull' && $(field status) == $'null\nerror' ]]
    run -1 render-one -p "$plain" $'{"output_path": "a\nb.wav"}'
    [[ ${#lines[@]} == 1 && $(field error_kind) == bad-record && ! -e "a b.wav" ]]
}

@test "a preset that is repeated at other notes does not count as unchanged, in any isolation" {
    jq -nc '{preset_path: $ARGS.positional[0], output_path: "/dev/null"}' --args "$presets"/0001* |
        job-grid --note 48,60,72 >queue
    for isolation in snapshot fork process reuse; do
        run -0 render-one --fxp "$amsynth" --isolation "$isolation" --require-change <queue
        [[ $(field status | uniq -c) =~ ^\ *3\ ok$ && $(field unchanged | sort -u) == null ]]
    done
}

@test "a state that the plug-in refuses is an error, not the sound it had" {
    /usr/bin/python3 - "$BATS_FILE_TMPDIR"/chunks/0002* <<'PYTHON'
import sys
data = open(sys.argv[1], "rb").read()
open("refused.fxp", "wb").write(data.replace(b"plain_synth 1", b"other_synth 1"))
PYTHON
    run -1 render-one --fxp "$chunks" "$(plain_job "{\"preset_path\": \"$PWD/refused.fxp\"}")"
    [[ $(field error_kind) == preset-rejected && $(field error) == "$PWD/refused.fxp: the plug-in refused"* ]]
}

@test "an fxp is refused for a VST3, with the reason" {
    run -1 --separate-stderr render-one --plugin "$macro" "$(plain_job "{\"preset_path\": \"$(echo "$presets"/0000*)\"}")"
    [[ $(field error_kind) == wrong-plugin && $(field error) == *": is an fxp preset, which Patchpipe Macro Synth, a VST3 plug-in, "*"VST2"* ]]
    run -1 --separate-stderr render-one --plugin http://drobilla.net/plugins/mda/Piano \
        "$(plain_job "{\"preset_path\": \"$(echo "$presets"/0000*)\"}")"
    [[ $(field error) == *": is an fxp preset, which MDA Piano, an LV2 plug-in, cannot load"* ]]
}

@test "a damaged preset is corrupt and renders nothing" {
    head -c 100 "$(echo "$presets"/0000*)" >broken.fxp
    run -1 --separate-stderr render-one --fxp "$amsynth" "$(plain_job "{\"preset_path\": \"$PWD/broken.fxp\"}")"
    [[ $(field error_kind) == corrupt && $(field error) == "$PWD/broken.fxp: "* && ! -e out.wav ]]
}

@test "the content of a preset decides, not its suffix" {
    cp "$(echo "$presets"/0000*)" disguised.SerumPreset
    run -0 --separate-stderr render-one --fxp "$amsynth" --serum2 "$macro" \
        "$(plain_job "{\"preset_path\": \"$PWD/disguised.SerumPreset\", \"preset_format\": \"serum2\"}")"
    [[ $(field plugin) == amsynth && $stderr == *disguised.SerumPreset*fxp* ]]
}

@test "an option that names no plug-in is said before any job" {
    for option in --fxp --serum2 --vstpreset --plugin; do
        run -2 --separate-stderr render-one "$option" /nowhere/synth.so "$(plain_job '{}')"
        [[ -z $output && $stderr == "render-one: "*"/nowhere/synth.so: no such plug-in"* ]]
    done
    touch text.txt
    run -2 --separate-stderr render-one --plugin text.txt "$(plain_job '{}')"
    [[ -z $output && $stderr == *"text.txt: is not a plug-in"* ]]
}

@test "an option whose plug-in cannot play the format is said before any job" {
    local lv2=http://drobilla.net/plugins/mda/Piano
    refused() { # OPTION PLUGIN MESSAGE
        run -2 --separate-stderr render-one "$1" "$2" "$(plain_job '{}')"
        [[ -z $output && $stderr == "render-one: $1: $2: $3"* ]]
    }
    refused --fxp "$macro" "is a VST3, and .fxp presets are for a VST2; give the synth's VST2"
    refused --fxp "$lv2" "is an LV2, and .fxp presets are for a VST2; give the synth's VST2"
    refused --serum2 "$plain" "is a VST2, and .SerumPreset presets are for a VST3; give the synth's VST3"
    refused --vstpreset "$plain" "is a VST2, and .vstpreset presets are for a VST3; give the synth's VST3"
    refused --vstpreset "$lv2" "is an LV2, and .vstpreset presets are for a VST3; give the synth's VST3"
}

@test "a file given in place of a job is said with what to do" {
    touch bass.fxp "it's.SerumPreset" notes.txt jobs.ndjson
    mkdir folder
    refused() { # OPERAND ADVICE
        run -2 --separate-stderr render-one -p "$plain" "$(plain_job '{}')" "$1"
        [[ -z $output && ${stderr_lines[0]} == "render-one: $1: is "*", and a job is a JSON object; try: $2" ]]
    }
    refused bass.fxp 'preset-scan bass.fxp | assign-paths -o out | render-one ...'
    refused "it's.SerumPreset" "preset-scan 'it'\\''s.SerumPreset' | assign-paths -o out | render-one ..."
    refused folder 'preset-scan folder | assign-paths -o out | render-one ...'
    refused /nowhere/gone.vstpreset 'preset-scan /nowhere/gone.vstpreset | assign-paths -o out | render-one ...'
    refused jobs.ndjson 'render-one ... < jobs.ndjson'
    refused notes.txt 'render-one ... < notes.txt'
    [[ ! -e out.wav ]]
    # Anything else is a bad line, as always.
    run -1 render-one -p "$plain" nonsense
    [[ $(field error_kind) == bad-record ]]
}

@test "without /proc, tools that start a plug-in's process say so before any job" {
    without_sanitizers "they read /proc themselves"
    local namespace namespaces=("unshare --mount" "unshare --mount --map-root-user")
    for namespace in "${namespaces[@]}"; do
        # shellcheck disable=SC2086
        $namespace mount -t tmpfs tmpfs /proc 2>/dev/null || continue
        for command in "render-one -p $plain {}" "plugin-probe $plain"; do
            # shellcheck disable=SC2086
            run -2 --separate-stderr $namespace bash -c "mount -t tmpfs tmpfs /proc && exec $command"
            [[ -z $output && $stderr == "${command%% *}: /proc is not mounted"*"mount -t proc proc /proc"* ]]
        done
        return
    done
    skip "this machine lets neither root nor a user namespace mount a file system"
}

@test "a plug-in that cannot be loaded is an error for each job" {
    g++ -shared -fPIC -o broken.so -x c++ - <<<'int gone(); extern "C" int VSTPluginMain() { return gone(); }'
    run -1 --separate-stderr render-one --plugin broken.so "$(plain_job '{}')" "$(plain_job '{}')"
    [[ $(field error_kind | sort -u) == plugin-load && ${#lines[@]} == 2 ]]
}

@test "a job whose format has no plug-in is an error that names the option" {
    run -1 --separate-stderr render-one --serum2 "$macro" "$(plain_job "{\"preset_path\": \"$(echo "$presets"/0000*)\"}")"
    [[ $(field error_kind) == unsupported && $(field error) == *"--fxp"* ]]
}

@test "wrong fields are bad records, each with its range" {
    for fields in '"note":128' '"note":1.5' '"velocity":0' '"duration":0' '"tail":-1' '"sample_rate":10' \
        '"bit_depth":"8"' '"format":"caf"' '"note":"60"' '"block_size":0' '"midi_path":"x.mid"'; do
        echo "$fields"
        run -1 --separate-stderr render-one -p "$plain" "$(plain_job "{$fields}")"
        [[ $(field error_kind) == bad-record && $(field error) =~ "must be"|"missing" ]]
        [[ ! -e out.wav ]]
    done
    run -1 render-one -p "$plain" '{}'
    [[ $(field error) == "output_path: is missing"* ]]
}

@test "a preset or MIDI file that is not there is not found" {
    run -1 render-one --fxp "$amsynth" "$(plain_job '{"preset_path": "/nowhere.fxp", "preset_format": "fxp"}')"
    [[ $(field error_kind) == not-found ]]
    run -1 render-one -p "$plain" "$(plain_job '{"midi_path": "/nowhere.mid", "midi_duration": 1}')"
    [[ $(field error_kind) == not-found ]]
}

@test "audio goes into a FIFO as it is rendered" {
    mkfifo fifo
    sox -t wav fifo copy.wav 3>&- &
    run -0 render-one -p "$plain" '{"output_path": "'"$PWD"'/fifo"}'
    wait
    [[ -p fifo && $(soxi -s copy.wav) == 88200 ]]
}

@test "a FIFO that nobody reads is an error of that job, which names the FIFO" {
    mkfifo fifo
    # The tenth of it that is left after waiting must do for the answer, also with the sanitizers on
    # a busy machine; so all wait at the same time.
    local limit=5 isolations=(snapshot fork process reuse) isolation status
    [[ -z ${PATCHPIPE_SANITIZE:-} ]] || limit=30
    for isolation in "${isolations[@]}"; do
        (
            status=0
            render-one -p "$plain" --isolation "$isolation" --timeout "$limit" \
                "$(plain_job "{\"output_path\": \"$PWD/fifo\"}")" \
                "$(plain_job "{\"output_path\": \"$PWD/$isolation.wav\"}")" >"$isolation.ndjson" || status=$?
            echo "$status" >"$isolation.status"
        ) &
    done
    wait
    for isolation in "${isolations[@]}"; do
        [[ $(<"$isolation.status") == 1 && -s $isolation.wav ]]
        output=$(<"$isolation.ndjson")
        [[ $(field status) == $'error\nok' && $(jq -r '.error_kind // empty' <<<"$output") == io ]]
        [[ $output == *"$PWD/fifo: no program reads this FIFO; start"* && -p fifo ]]
    done
}

@test "a FIFO may be read by a program that comes later" {
    mkfifo fifo
    render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/fifo\"}")" >record 3>&- &
    sleep 0.5
    cat fifo >copy.wav
    wait $!
    [[ $(jq -r .status record) == ok && $(soxi -s copy.wav) == 88200 ]]
}

@test "a reader of audio that stops reading is told from a plug-in that hangs" {
    mkfifo fifo
    exec {reader}<>fifo
    run -1 --separate-stderr render-one -p "$plain" --isolation process --timeout 1 \
        "$(plain_job "{\"output_path\": \"$PWD/fifo\"}")"
    [[ $(field error_kind) == timeout && $(field error) == *"within 1 seconds while writing the audio"* ]]
    exec {reader}>&-
}

@test "a job may name standard output as -, and a file of that name as ./-" {
    run -0 bash -c "render-one -p $plain '{\"output_path\": \"-\"}' 2>record.json | sox -t wav - -n stat 2>&1"
    [[ $output == *"Length (seconds):      2.000000"* && $(jq -r .output_path record.json) == - ]]
    [[ ! -e - ]]
    run -0 render-one -p "$plain" '{"output_path": "./-"}'
    [[ $(soxi -s ./-) == 88200 ]]
}

@test "a format that is not what the suffix of the output says is a bad record" {
    local path
    for path in out.npy out.NPY out.npy.wav .npy out.aif out.oga band.mp4; do
        format=npy
        [[ $path == *.wav ]] || format=wav
        run -1 --separate-stderr render-one -p "$plain" \
            "$(plain_job "{\"output_path\": \"$PWD/$path\", \"format\": \"$format\"}")"
        [[ $(field error_kind) == bad-record && ! -e $path ]]
        [[ $(field error) == "format: is $format, but the name of output_path ends in .${path##*.}; "* ]]
    done
    run -1 render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/out.npy\"}")"
    [[ $(field error) == "format: is wav, but "* ]]
    for path in out.caf out.raw; do
        run -1 render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/$path\"}")"
        [[ $(field error_kind) == bad-record && $(field error) == *": no .${path#*.} can be written; "* && ! -e $path ]]
    done
    run -0 render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/out.raw\", \"format\": \"wav\"}")"
    for path in out.Wav out out.12 wav; do
        run -0 render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/$path\"}")"
        [[ $(field status) == ok ]]
    done
}

@test "a FIFO or a device in the place of a job's file is refused at once" {
    mkfifo fifo
    for path in "$PWD/fifo" /dev/zero /dev/tty; do
        for key in preset_path state_path; do
            run -1 timeout 20 render-one -p "$plain" "{\"$key\": \"$path\", \"output_path\": \"/dev/null\"}"
            [[ $(field error_kind) == unsupported || $path == /dev/tty ]]
            [[ $path == /dev/tty || $(field error) == "$path: is not a regular file; give the path of one" ]]
        done
        run -1 timeout 20 render-one -p "$plain" \
            "{\"midi_path\": \"$path\", \"midi_duration\": 1, \"output_path\": \"/dev/null\"}"
        [[ $(field status) == error ]]
    done
    run -1 timeout 20 midi-duration <<<"{\"midi_path\": \"$PWD/fifo\"}"
    [[ $(field error) == "$PWD/fifo: is not a regular file; give the path of one" ]]
}

@test "files on a mount that does not answer cost their jobs the time limit, and nothing more" {
    without_sanitizers "they want to be preloaded first"
    mkdir dead-mount
    {
        echo '{"output_path": "/dev/null"}'
        echo '{"preset_path": "dead-mount/a.fxp", "output_path": "/dev/null"}'
        echo '{"midi_path": "dead-mount/a.mid", "midi_duration": 1, "output_path": "/dev/null"}'
        echo '{"output_path": "/dev/null"}'
    } >queue
    run -1 env LD_PRELOAD="$root/build/tests/dead_mount.so" timeout 60 render-one -p "$plain" --timeout 2 <queue
    [[ $(field status) == $'ok\nerror\nerror\nok' ]]
    [[ $(field error_kind) == $'null\ntimeout\ntimeout\nnull' ]]
    [[ $(field error) == *"dead-mount/a.fxp: the files of this job could not be read within 2 seconds;"* ]]
}

@test "a dead mount costs its own jobs only, until 500 of them wait, and all jobs go on when it is back" {
    without_sanitizers "they want to be preloaded first"
    mkdir dead-mount
    mkfifo queue
    env LD_PRELOAD="$root/build/tests/dead_mount.so" render-one -p "$plain" --timeout 0.01 <queue >records 3>&- &
    worker=$!
    exec 5>queue
    # On a busy machine some jobs have no time left before they begin to wait.
    sent=0
    until grep -q 'earlier jobs' records; do
        ((sent < 2500)) || fail "$(jq -r .error records | sort | uniq -c)"
        ((sent += 500))
        seq $((sent - 499)) "$sent" |
            jq -c '{preset_path: "dead-mount/\(.).fxp", output_path: "/dev/null"}' >&5
        until [[ $(wc -l <records) == "$sent" ]]; do sleep 0.1; done
        [[ $sent != 500 ]] || run -1 grep 'earlier jobs' records
    done
    [[ $(jq -r .error_kind records | uniq -c) == *"$sent timeout" ]]
    (($(grep -c 'could not be read within 0.01 seconds;' records) >= 500))
    grep -q "/$sent.fxp: .*could not be read: the files of 500 earlier jobs are still waited for;" records
    touch dead-mount/back
    # A hundredth of a second may be too short for this job too.
    for _ in {1..100}; do
        echo '{"preset_path": "nowhere.fxp", "output_path": "/dev/null"}' >&5
        sleep 0.1
        [[ $(tail -n 1 records | jq -r .error_kind) != not-found ]] || break
    done
    [[ $(tail -n 1 records | jq -r .error_kind) == not-found ]]
    exec 5>&-
    wait "$worker" || [[ $? == 1 ]]
}

@test "a mount that comes back while render-one ends does not make it crash" {
    without_sanitizers "they want to be preloaded first"
    mkdir dead-mount
    seq 20 | jq -c '{preset_path: "dead-mount/\(.).fxp", output_path: "/dev/null"}' >queue
    run -1 --separate-stderr env DEAD_MOUNT_ENDS=1 LD_PRELOAD="$root/build/tests/dead_mount.so" \
        render-one -p "$plain" --timeout 0.05 <queue
    [[ ${#lines[@]} == 20 && $stderr != *terminate* ]]
}

# opens PID FILE: whether the process has the file open.
opens() { [[ " $(readlink "/proc/$1/fd/"* | xargs) " == *" $PWD/$2 "* ]]; }

@test "a file that is too long to be read within the job's time is not read any further" {
    long=$((1 << 40))
    other_wav RF64 $((long / 2)) >measured.wav
    forge_note '{"frames": 50}' "$long"
    mv out.wav noted.wav
    truncate -s "$long" measured.wav noted.wav
    for file in measured.wav noted.wav; do
        mkfifo "queue-$file"
        render-one -p "$plain" --skip-existing=name --timeout 0.5 <"queue-$file" >"records-$file" 3>&- &
        worker=$!
        exec 5>"queue-$file"
        jq -nc --arg out "$PWD/$file" '{output_path: $out}' >&5
        until [[ -s records-$file ]]; do sleep 0.05; done
        [[ $(jq -r .error_kind "records-$file") == timeout ]] || fail "$file: $(cat "records-$file")"
        for _ in {1..100}; do
            opens "$worker" "$file" || break
            sleep 0.1
        done
        ! opens "$worker" "$file" || fail "$file: still read ten seconds later"
        exec 5>&-
        wait "$worker" || [[ $? == 1 ]]
    done
}

@test "a job's file is not read beyond the size that any preset or MIDI file has" {
    truncate -s 1T huge
    run -1 timeout 60 render-one -p "$plain" '{"state_path": "huge", "output_path": "/dev/null"}'
    [[ $(field error_kind) == unsupported && $(field error) == "huge: larger than "* ]]
    run -1 timeout 60 render-one -p "$plain" '{"midi_path": "huge", "midi_duration": 1, "output_path": "/dev/null"}'
    [[ $(field error_kind) == unsupported && $(field error) == "huge: larger than "* ]]
}

@test "a file that is cut while it is read costs no more than its jobs" {
    truncate -s 50M preset.fxp
    seq 12 | jq -c '{state_path: "preset.fxp", output_path: "/dev/null", n: .}' >queue
    while :; do truncate -s 1K preset.fxp; truncate -s 50M preset.fxp; done &
    cutter=$!
    run -1 render-one -p "$plain" <queue
    kill "$cutter"
    [[ ${#lines[@]} == 12 && $(field status | sort -u) == error ]]
}

@test "no verdict is read from a FIFO, nor from another user's file" {
    export XDG_CACHE_HOME=$PWD/cache
    plugin-probe --certify "$plain" >/dev/null
    entry=$(echo cache/patchpipe/verdicts/*.json)
    sed -i 's/"verdict":"'"$snapshot"'"/"verdict":"process"/' "$entry"
    job='{"output_path": "/dev/null"}'
    [[ $(render-one -p "$plain" "$job" | jq -r .isolation) == process ]]
    chmod o+w "$entry"
    [[ $(render-one -p "$plain" "$job" | jq -r .isolation) == "$snapshot" ]]
    chmod o-w "$entry"
    if [[ $(id -u) == 0 ]]; then
        chown 65534 "$entry"
        [[ $(render-one -p "$plain" "$job" | jq -r .isolation) == "$snapshot" ]]
    fi
    rm "$entry"
    mkfifo "$entry"
    [[ $(timeout 20 render-one -p "$plain" "$job" | jq -r .isolation) == "$snapshot" ]]
}

@test "few file descriptors are enough, and too few are said to be" {
    without_sanitizers "their run-time opens some of its own"
    (ulimit -n 64 && render-one -p "$plain" '{"output_path": "/dev/null"}' | jq -e '.status == "ok"')
    run -2 bash -c "ulimit -n 40; render-one -p $plain '{\"output_path\": \"/dev/null\"}'"
    [[ $output == "render-one: this process may open 40 files, and plug-ins need more; raise the limit:"* ]]
}

@test "audio goes to no descriptor but those that the command was given for it" {
    for number in {100..110}; do
        run -1 render-one -p "$plain" "{\"output_path\": \"/dev/fd/$number\"}"
        [[ $(field error) == "/dev/fd/$number: render-one was not given this descriptor;"* ]]
    done
    for path in /dev/stderr /dev/fd/2 /dev/fd/0 /proc/self/fd/0; do
        run -1 --separate-stderr render-one -p "$plain" "{\"output_path\": \"$path\"}"
        [[ $(field error) == "$path: is standard "*", which is not for audio; /dev/stdout is" && -z $stderr ]]
    done
    ln -s /dev/fd/2 link
    for path in /proc/self/fd/../fd/100 /proc/thread-self/fd/100 link; do
        run -1 render-one -p "$plain" "{\"output_path\": \"$path\"}"
        [[ $(field status) == error && $(field error_kind) != crash ]]
    done
}

@test "with --output-root jobs write into that folder only" {
    mkdir -p root/within outside
    touch root/plain.wav
    ln -s within root/to-within
    ln -s "$PWD/outside" root/to-outside
    ln -s ../../outside root/within/up
    ln -s "$PWD/outside/new.wav" root/new.wav
    ln -s "$PWD/outside" root/within/again
    echo keep >outside/there.wav
    ln -s "$PWD/outside/there.wav" root/there.wav
    ln -s /proc/self/fd/1 root/stdout.wav
    ln -s root link-to-root
    paths=(root/a.wav root/plain.wav root/deep/down/a.wav root/to-within/b.wav root/within/../c.wav link-to-root/d.wav)
    # jobs PATH...: a job for each.
    jobs() { for path in "$@"; do plain_job "{\"output_path\": \"$path\"}"; done; }
    run -0 --separate-stderr render-one -p "$plain" --output-root root < <(jobs "${paths[@]/#/$PWD/}")
    [[ $(field status | uniq -c) == *" 6 ok" && $(soxi -s "${paths[@]}" | uniq -c) == *" 6 88200" ]]
    # The record keeps the path that it came with.
    diff <(field output_path) <(printf '%s\n' "${paths[@]/#/$PWD/}")
    rm "${paths[@]}"
    run -0 render-one -p "$plain" --output-root link-to-root/. < <(jobs "${paths[@]}")
    [[ $(soxi -s "${paths[@]}" | uniq -c) == *" 6 88200" ]]
    paths=("$PWD/out.wav" outside/a.wav root/../out.wav root/../outside/a.wav root/missing/../../outside/a.wav \
        root/to-outside/a.wav root/to-outside/deep/a.wav root/within/up/a.wav root/within/again/a.wav root/new.wav \
        root/there.wav root/stdout.wav link-to-root/../a.wav root-beside/a.wav "$PWD/root" /dev/stdout - /dev/fd/3 \
        /proc/self/fd/1 /dev/null "/proc/self/cwd/out.wav")
    find outside root* -type f -exec xxhsum {} + >before
    run -1 --separate-stderr render-one -p "$plain" --output-root root --skip-existing=name \
        < <(jq -nc '$ARGS.positional[] | {output_path: .}' --args "${paths[@]}") 3>/dev/null
    diff <(field output_path) <(printf '%s\n' "${paths[@]}")
    [[ $(field status | uniq) == error && -z $stderr ]] || fail "$output"
    # Nothing was rendered for them.
    [[ $(field error_kind | grep -cvxE 'bad-record|io') == 0 && $(field load_ms | uniq) == null ]]
    diff before <(find outside root* -type f -exec xxhsum {} +)
    [[ ! -e out.wav && ! -e root-beside && ! -e a.wav ]]
    [[ $(<outside/there.wav) == keep ]]
}

@test "--output-root must be a folder" {
    touch file
    for root in missing file ''; do
        run -2 render-one -p "$plain" --output-root "$root" '{}'
        [[ $output == *"--output-root"* ]]
    done
    run -0 render-one -p "$plain" --output-root / "$(plain_job '{}')"
    run -1 render-one -p "$plain" --output-root / '{"output_path": "/dev/stdout"}'
    [[ $(field error_kind) == bad-record ]]
}

@test "with --no-record-plugins no job names a plug-in" {
    run -0 render-one --no-record-plugins -p "$plain" "$(plain_job '{"plugin_path": null}')"
    rm out.wav
    for named in "$plain" /nowhere/some.so urn:some:lv2; do
        run -1 render-one --no-record-plugins -p "$plain" "$(plain_job "{\"plugin_path\": \"$named\"}")"
        [[ $(field error_kind) == bad-record && $(field error) == "plugin_path: "*"--no-record-plugins"* ]]
        [[ ! -e out.wav ]]
    done
    run -1 render-one --no-record-plugins "$(plain_job "{\"plugin_path\": \"$plain\"}")"
    [[ $(field error_kind) == bad-record ]]
}

@test "audio goes to another program through a descriptor or standard output" {
    run -0 bash -c "render-one -p $plain '{\"output_path\": \"/dev/fd/3\"}' 3>&1 >record.json |
        /usr/bin/python3 -c 'import sys, wave; w = wave.open(sys.stdin.buffer); print(len(w.readframes(10**9)) // 4)'"
    [[ $output == 88200 && $(jq -r .status record.json) == ok ]]
    run -0 bash -c "render-one -p $plain '{\"output_path\": \"/dev/stdout\"}' 2>record.json | sox -t wav - -n stat 2>&1"
    [[ $output == *"Length (seconds):      2.000000"* && $(jq -r .status record.json) == ok ]]
}

@test "missing output folders are made, and a folder in the way is an error" {
    run -0 render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/a/b/c.wav\"}")"
    [[ -s a/b/c.wav ]]
    run -1 render-one -p "$plain" "$(plain_job "{\"output_path\": \"$PWD/a/b\"}")"
    [[ $(field error_kind) == io && $(field error) == "$PWD/a/b: "* ]]
}

@test "a file that was made from the same is skipped when asked, and nothing else" {
    run -0 render-one -p "$plain" "$(plain_job '{}')"
    for job in '{}' '{"note": 48, "skip_existing": true, "something": "else"}'; do
        run -0 render-one -p "$plain" --skip-existing "$(plain_job "$job")"
        [[ $(field status) == skipped ]]
    done
    run -0 render-one -p "$plain" "$(plain_job '{"skip_existing": true}')"
    [[ $(field status) == skipped ]]
    run -0 render-one -p "$plain" "$(plain_job '{}')"
    [[ $(field status) == ok ]]
}

@test "another setting, preset, MIDI file or plug-in renders a file again" {
    cp "$BATS_FILE_TMPDIR"/plain/0000* preset.fxp
    /usr/bin/python3 -c 'import mido; s = mido.MidiFile(); s.tracks.append(mido.MidiTrack([mido.Message("note_on", note=60, time=9)])); s.save("a.mid")'
    with='"preset_path": "'$PWD/preset.fxp'", "skip_existing": true'
    again() {
        run -0 render-one --fxp "$plain" "$(plain_job "{$with $1}")"
        [[ $(field status) == ok ]] || fail "not rendered again: $1"
        run -0 render-one --fxp "$plain" "$(plain_job "{$with $1}")"
        [[ $(field status) == skipped ]] || fail "not skipped: $1"
    }
    again ''
    for setting in '"note": 50' '"velocity": 1' '"duration": 0.5' '"tail": 0' '"sample_rate": 48000' \
        '"block_size": 64' '"bit_depth": "24"' '"midi_path": "'"$PWD"'/a.mid", "midi_duration": 1'; do
        again ", $setting"
    done
    again ''
    cp "$BATS_FILE_TMPDIR"/plain/0001* preset.fxp
    again ''
    cp "$plain" changed.so
    echo >>changed.so
    plain=$PWD/changed.so again ''
}

@test "a file of the same name that patchpipe did not make is rendered" {
    echo old >out.wav
    run -0 render-one -p "$plain" --skip-existing "$(plain_job '{}')"
    [[ $(field status) == ok && $(soxi -s out.wav) == 88200 ]]
}

# The fields that are the same in every run of a job.
lasting() { jq 'del(.status, .isolation, .load_ms, .render_ms, .write_ms)' <<<"$1"; }

@test "the record of a skipped file has everything that was measured when it was made" {
    cp "$BATS_FILE_TMPDIR"/plain/0000* preset.fxp
    for kind in wav/16 wav/24 wav/32f flac/16 flac/24 ogg/16; do
        job=$(plain_job '{"preset_path": "'"$PWD"'/preset.fxp", "format": "'${kind%/*}'", "bit_depth": "'${kind#*/}'"}')
        made=$(render-one --fxp "$plain" "$job")
        run -0 render-one --fxp "$plain" --skip-existing "$job"
        [[ $(field status) == skipped && $(field peak) == 0.* ]]
        diff <(lasting "$made") <(lasting "$output")
    done
}

@test "what a skipped preset left unchanged is still said, and is still an error where it must be" {
    job=$(plain_job '{"preset_path": "'"$(echo "$BATS_FILE_TMPDIR"/plain/0000*)"'"}')
    render-one --fxp "$plain" "$job" >made
    [[ $(jq .unchanged made) == true ]]
    run -0 render-one --fxp "$plain" --skip-existing "$job"
    [[ $(field status) == skipped && $(field unchanged) == true ]]
    run -1 render-one --fxp "$plain" --skip-existing --require-change "$job"
    [[ $(field error_kind) == preset-rejected ]]
}

@test "the record of a job that is rendered again tells of that run alone" {
    job=$(plain_job '{"preset_path": "'"$(echo "$BATS_FILE_TMPDIR"/plain/0001*)"'", "my_id": [7]}')
    fresh=$(render-one --fxp "$plain" "$job")
    # Every field of a result, with values from another plug-in and an earlier error.
    stale='{status: "ok", frames: 1, channels: 9, peak: 9, rms_db: 9, clipped_samples: 9, silent: true, latency_frames: 9,
        audio_hash: "xxh128:0", unchanged: true, repeatable: false, plugin: "another", load_ms: 9, render_ms: 9, write_ms: 9,
        sandbox: false, isolation: "process", error_kind: "crash", error: "crashed", event: "job_start"}'
    run -0 render-one --fxp "$plain" "$(command jq -c "$stale + ." <<<"$job")"
    diff <(lasting "$fresh") <(lasting "$output")
    [[ $(field isolation) == "$snapshot" && $(field load_ms) != 9 ]]
    run -0 render-one --fxp "$plain" --announce "$(command jq -c "$stale + ." <<<"$job")"
    [[ $(jq -c '[.event, .status, .peak == 9]' <<<"$output" | xargs) == '[job_start,ok,false] [null,ok,false]' ]]
    # A skipped job without a result, and an error.
    sox -n theirs.wav synth 1 sine 440
    cp theirs.wav out.wav
    run -0 render-one --skip-existing=name "$(command jq -c "$stale + ." <<<"$job")"
    [[ $(command jq -c 'keys_unsorted' <<<"$output" | xargs) == '[status,output_path,preset_path,my_id]' ]]
    run -1 render-one --fxp "$plain" "$(command jq -c "$stale + . + {note: 300}" <<<"$job")"
    [[ $(command jq -c 'keys_unsorted' <<<"$output" | xargs) == '[status,output_path,preset_path,my_id,note,error_kind,error]' ]]
    # In any other record a field of that name belongs to the user.
    run -0 render-one --fxp "$plain" "$(jq -c '{status: "skipped", reason: "no_plugin", event: "mine"} + .' <<<"$job")"
    [[ $(field reason) == null && $(field event) == mine && $(field status) == ok ]]
    run -0 render-one --fxp "$plain" "$(jq -c '{reason: "mine"} + .' <<<"$job")"
    [[ $(field reason) == mine ]]
}

@test "a file that lost its end is rendered again" {
    job=$(plain_job '{"duration": 1, "tail": 0.5}')
    render-one -p "$plain" "$job" >/dev/null
    cp out.wav whole.wav
    size=$(stat -c %s out.wav)
    # Where the note has faded out, zeros are normal: the samples before them count.
    for lost in 1 1000 $((size - 2000)); do
        head -c -"$lost" whole.wav >out.wav
        run -0 render-one -p "$plain" --skip-existing "$job"
        [[ $(field status) == ok ]] || fail "believed without its last $lost bytes"
        cmp out.wav whole.wav
    done
    for lost in $((size / 2)) $((size - 2000)); do
        { head -c -"$lost" whole.wav; head -c "$lost" /dev/zero; } >out.wav
        run -0 render-one -p "$plain" --skip-existing "$job"
        [[ $(field status) == ok ]] || fail "believed with zeros for its last $lost bytes"
        cmp out.wav whole.wav
    done
    echo >>out.wav
    run -0 render-one -p "$plain" --skip-existing "$job"
    [[ $(field status) == ok ]]
    run -0 render-one -p "$plain" --skip-existing "$job"
    [[ $(field status) == skipped ]]
}

# put FILE OFFSET: overwrites bytes with standard input.
put() { dd of="$1" seek="$2" oflag=seek_bytes conv=notrunc status=none; }

@test "a file that lost a page, or has another byte, anywhere behind its note is rendered again" {
    for format in wav flac ogg; do
        job=$(plain_job '{"format": "'$format'", "duration": 1, "tail": 0}')
        render-one -p "$plain" "$job" >/dev/null
        cp "out.$format" whole
        size=$(stat -c %s whole)
        run -0 render-one -p "$plain" --skip-existing "$job"
        [[ $(field status) == skipped ]]
        for part in 2 4 6 8; do
            offset=$((size * part / 9))
            for damage in 'head -c 4096 /dev/zero' 'printf X'; do
                cp whole "out.$format"
                $damage | put "out.$format" "$offset"
                ! cmp -s whole "out.$format" || fail "no damage at $offset"
                run -0 render-one -p "$plain" --skip-existing "$job"
                [[ $(field status) == ok ]] || fail "$format: believed after $damage at $offset of $size"
                cmp whole "out.$format"
            done
        done
    done
}

@test "FLAC and Ogg files that lost their end are rendered again, and so is a file in another format" {
    for format in flac ogg; do
        job=$(plain_job '{"format": "'$format'", "duration": 0.5, "output_path": "'"$PWD"'/out"}')
        render-one -p "$plain" "$job" >/dev/null
        cp out whole
        truncate -s -1 out
        run -0 render-one -p "$plain" --skip-existing "$job"
        [[ $(field status) == ok ]]
        { head -c -3000 whole; head -c 3000 /dev/zero; } >out
        run -0 render-one -p "$plain" --skip-existing "$job"
        [[ $(field status) == ok ]]
        cmp out whole
        run -0 render-one -p "$plain" --skip-existing "$(jq -c '.format = "wav"' <<<"$job")"
        [[ $(field status) == ok ]]
    done
}

@test "a file that may not grow is an error of its job in every format" {
    for format in wav npy flac ogg; do
        job=$(plain_job '{"format": "'$format'", "duration": 20, "output_path": "'"$PWD/new.$format"'"}')
        run -1 bash -c 'ulimit -f 16 && exec render-one -p "$0" "$1"' "$plain" "$job"
        [[ $(field error_kind) == io && $(field error) == *"File too large" && ! -e new.$format ]]
    done
}

@test "a file of silence is skipped too" {
    /usr/bin/python3 -c 'import mido; s = mido.MidiFile(); s.tracks.append(mido.MidiTrack()); s.save("rest.mid")'
    job=$(plain_job '{"midi_path": "'"$PWD"'/rest.mid", "midi_duration": 0.5}')
    run -0 render-one -p "$plain" "$job"
    [[ $(field silent) == true ]]
    run -0 render-one -p "$plain" --skip-existing "$job"
    [[ $(field status) == skipped && $(field rms_db) == null && $(field silent) == true ]]
}

@test "a file with nothing but what it was made from is rendered again, for its measures" {
    render-one -p "$plain" '{"output_path": "/dev/stdout"}' 2>/dev/null | cat >out.wav
    [[ $(tr -d '\0' <out.wav | head -c 1000) == *'"made_by":"patchpipe"'* ]]
    run -0 render-one -p "$plain" --skip-existing "$(plain_job '{}')"
    [[ $(field status) == ok ]]
    # The samples are the same, wherever they are written.
    render-one -p "$plain" '{"output_path": "/dev/stdout"}' 2>/dev/null | wav-diff -q out.wav /dev/stdin
}

@test "an npy file, which has no place for a note, is rendered again, and only skipped by its name" {
    job=$(plain_job '{"format": "npy", "note": 60, "duration": 0.5, "tail": 0.1}')
    other=$(jq -c '.note = 67' <<<"$job")
    run -0 render-one -p "$plain" --skip-existing "$job"
    [[ $(field status) == ok ]]
    cp out.npy low.npy
    # Of the same length, and another sound.
    run -0 render-one -p "$plain" --skip-existing "$other"
    [[ $(field status) == ok && $(field frames) == 26460 ]]
    run -1 cmp -s out.npy low.npy
    cp out.npy high.npy
    run -0 render-one -p "$plain" --skip-existing=name "$job"
    [[ $(field status) == skipped ]]
    cmp out.npy high.npy
}

@test "an npy file without samples, or with zeros for them, is rendered again" {
    job=$(plain_job '{"format": "npy", "duration": 0.5, "tail": 0.1}')
    render-one -p "$plain" "$job" >/dev/null
    cp out.npy whole
    for damage in 'truncate -s 128 out.npy' 'truncate -s 128 out.npy && truncate -s $(stat -c %s whole) out.npy' ': >out.npy' \
        'head -c 128 /dev/zero | put out.npy 0'; do
        for how in same name; do
            cp whole out.npy
            eval "$damage"
            run -0 render-one -p "$plain" --skip-existing=$how "$job"
            [[ $(field status) == ok ]] || fail "believed after $damage with $how"
            cmp whole out.npy
        done
    done
    echo more >>out.npy
    run -0 render-one -p "$plain" --skip-existing "$job"
    [[ $(field status) == ok ]]
}

@test "by its name a file of any origin is skipped, if it is whole" {
    job=$(plain_job '{"preset_path": "/nowhere/lost.fxp"}')
    sox -n -r 22050 -c 1 -b 24 out.wav synth 0.3 sine 440
    cp out.wav other
    run -0 render-one --skip-existing=name "$job"
    [[ $(field status) == skipped && $(field peak) == null ]]
    cmp out.wav other
    echo old >out.wav
    run -1 render-one --fxp "$plain" --skip-existing=name "$job"
    [[ $(field error_kind) == not-found ]]
    cp other out.wav
    run -1 render-one --fxp "$plain" --skip-existing=same "$job"
    [[ $(field error_kind) == not-found ]]
    for empty in ': >out.wav' 'rm out.wav' 'mkdir out.wav'; do
        eval "$empty"
        run -1 render-one --fxp "$plain" --skip-existing=name "$job"
    done
    rmdir out.wav
    run -0 render-one -p "$plain" "$(plain_job '{"note": 50}')"
    run -0 render-one --skip-existing=name "$(plain_job '{"note": 51}')"
    [[ $(field status) == skipped && $(field peak) == 0.* ]]
    run -2 render-one --skip-existing=hash "$job"
    [[ $output == *"--skip-existing: must be one of same|name, is 'hash'"* ]]
}

# forge_note RESULT [BYTES]: writes out.wav, complete, with a note such as any program could write:
# it contains RESULT and states that the file has BYTES bytes.
forge_note() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import struct, subprocess, sys
samples = bytes(range(1, 101))
body = b"data" + struct.pack("<I", len(samples)) + samples
digest = subprocess.run(["xxh128sum", "-"], input=body, capture_output=True, check=True).stdout
note = '{"made_by":"patchpipe","result":%s,"file":{"bytes":%9d,"body":%9d,"hash":"xxh128:%s"}}'
form = struct.pack("<IHHIIHH", 16, 1, 1, 44100, 88200, 2, 16)
def head(size, begin):
    if len(sys.argv) > 2: size = int(sys.argv[2])
    text = (note % (sys.argv[1], size, begin, digest.split()[0].decode())).encode()
    text += b"\0" * (2 - len(text) % 2)
    icmt = b"INFOICMT" + struct.pack("<I", len(text)) + text
    return b"RIFF" + struct.pack("<I", size - 8 & 0xffffffff) + b"WAVEfmt " + form + b"LIST" + struct.pack("<I", len(icmt)) + icmt
begin = len(head(8, 0))
open("out.wav", "wb").write(head(begin + len(body), begin) + body)
PYTHON
}

@test "a note in a file that anybody made gives measures and nothing else" {
    forge_note '{"frames": 50, "peak": 0.25, "status": "ok", "output_path": "/elsewhere", "plugin_path": "evil.so",
        "error": "no", "id": 2, "silent": false, "rms_db": null, "audio_hash": "xxh128:0", "plugin": "a\nb"}'
    run -0 render-one --skip-existing=name "$(plain_job '{"id": 1}')"
    [[ ${#lines[@]} == 1 ]]
    jq -e --arg out "$PWD/out.wav" '. == {output_path: $out, id: 1, frames: 50, peak: 0.25, rms_db: null,
        silent: false, audio_hash: "xxh128:0", plugin: "a\nb", status: "skipped"}' <<<"$output"
    # A value of the wrong type makes the note invalid.
    for result in '{"peak": [
{"status": "ok", "id": 2}
]}' '{"frames": 1.5}' '{"silent": 1}' '{"plugin": {}}' '{"audio_hash": 1}' '{"peak": 1, "peak": 2}' '[]' '{}{}'; do
        forge_note "$result"
        run -0 render-one -p "$plain" --skip-existing=name "$(plain_job '{"id": 1}')"
        [[ ${#lines[@]} == 1 && $(field status) == ok && $(field id) == 1 ]] || fail "$result was believed"
    done
}

@test "by its name a file that was cut, or lost its samples, is rendered again, whoever made it" {
    for kind in wav flac ogg; do
        job=$(plain_job '{"format": "'$kind'", "duration": 0.5}')
        render-one -p "$plain" "$job" >/dev/null
        cp "out.$kind" ours
        sox -n -r 44100 -c 2 "theirs.$kind" synth 1 sine 440
        for whole in ours "theirs.$kind"; do
            size=$(stat -c %s "$whole")
            cp "$whole" "out.$kind"
            run -0 render-one -p "$plain" --skip-existing=name "$job"
            [[ $(field status) == skipped ]] || fail "$whole: not believed"
            for left in 0 20 $((size / 2)) $((size - 1)); do
                head -c "$left" "$whole" >"out.$kind"
                run -0 render-one -p "$plain" --skip-existing=name "$job"
                [[ $(field status) == ok ]] || fail "$whole: its first $left bytes of $size were believed"
            done
        done
    done
    truncate -s 44 theirs.wav
    truncate -s "$(stat -c %s out.wav)" theirs.wav
    sox -n -r 44100 -c 2 silence.wav trim 0 1
    for lost in theirs.wav silence.wav; do
        cp "$lost" out.wav
        run -0 render-one -p "$plain" --skip-existing=name "$(plain_job '{}')"
        [[ $(field status) == ok ]] || fail "$lost was believed"
    done
}

# other_wav ID [BYTES]: prints half a second of a saw as a WAV file whose first four bytes are ID.
# The header of an RF64 file states BYTES bytes.
other_wav() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import struct, sys
kind = sys.argv[1].encode()
order = ">" if kind == b"RIFX" else "<"
samples = struct.pack(order + "22050h", *[i % 200 * 100 for i in range(22050)])
def chunk(name, body, size=None):
    return name + struct.pack(order + "I", len(body) if size is None else size) + body
chunks = chunk(b"fmt ", struct.pack(order + "HHIIHH", 1, 1, 44100, 88200, 2, 16))
unknown = None
if kind == b"RF64":
    unknown = 0xffffffff
    announced = int(sys.argv[2]) if len(sys.argv) > 2 else len(samples)
    whole = 4 + 36 + len(chunks) + 8 + announced
    chunks = chunk(b"ds64", struct.pack("<QQQI", whole, announced, announced // 2, 0)) + chunks
sys.stdout.buffer.write(chunk(kind, b"WAVE" + chunks + chunk(b"data", samples, unknown), unknown))
PYTHON
}

@test "by its name a cut RF64 or RIFX file is rendered again, and so is one of another format than its name's" {
    for kind in RIFF RIFX RF64; do
        other_wav "$kind" >theirs
        [[ $(soxi -s theirs 2>&1) == 22050 || $kind == RF64 ]] || fail "$kind: not a WAV file"
        cp theirs out.wav
        run -0 render-one -p "$plain" --skip-existing=name "$(plain_job '{}')"
        [[ $(field status) == skipped ]] || fail "$kind: not believed"
        for left in 44 10000 $(($(stat -c %s theirs) - 1)); do
            head -c "$left" theirs >out.wav
            run -0 render-one -p "$plain" --skip-existing=name "$(plain_job '{}')"
            [[ $(field status) == ok ]] || fail "$kind: its first $left bytes were believed"
        done
    done
    for kind in aiff au caf w64 flac ogg; do
        sox -n -r 44100 -c 2 "theirs.$kind" synth 1 sine 440
        cp "theirs.$kind" out.wav
        run -0 render-one -p "$plain" --skip-existing=name "$(plain_job '{}')"
        [[ $(field status) == ok ]] || fail "a file in $kind was believed to be WAV"
    done
    for format in npy flac ogg; do
        other_wav RIFF >"out.$format"
        run -0 render-one -p "$plain" --skip-existing=name "$(plain_job '{"format": "'$format'"}')"
        [[ $(field status) == ok ]] || fail "a WAV file was believed to be $format"
    done
}

# The calls that write a file's bytes to the disk or give it its name, in order.
naming_calls() {
    let_strace_look
    strace -f -qq -e trace=fdatasync,fsync,linkat,rename,renameat,renameat2 -o calls "$@" >/dev/null
    sed -nE 's/^[0-9]+ +(fdatasync|fsync|linkat|rename|renameat2?)\(.*/\1/p' calls | xargs
}

@test "a file is on the disk before it has its name, unless that is not wanted" {
    for isolation in snapshot fork process reuse; do
        rm -f out.wav
        render=(render-one -p "$plain" --isolation "$isolation")
        [[ $(naming_calls "${render[@]}" "$(plain_job '{}')") == "fdatasync linkat" ]]
        [[ $(naming_calls "${render[@]}" "$(plain_job '{}')") == "fdatasync linkat linkat rename" ]]
        [[ $(naming_calls "${render[@]}" --no-sync "$(plain_job '{}')") == "linkat linkat rename" ]]
        [[ -z $(naming_calls "${render[@]}" '{"output_path": "/dev/null"}') ]]
    done
}

@test "--serum1 is --fxp, and --deterministic changes nothing" {
    run -0 render-one --serum1 "$plain" --deterministic \
        "$(plain_job '{"preset_path": "'"$(echo "$BATS_FILE_TMPDIR"/plain/0001*)"'"}')"
    [[ $(field status) == ok ]]
    run -2 render-one --serum1 "$plain" --fxp "$plain" '{}'
    [[ $output == *"one option"* ]]
    run -2 render-one -p "$plain" --deterministic --isolation reuse '{}'
    [[ $output == *"exclude each other"* ]]
}

@test "announced, every job is written when it begins and as its result" {
    run -1 render-one -p "$plain" --announce "$(plain_job '{"id": 1}')" "$(plain_job '{"id": 2, "note": 300}')" '{'
    [[ $(jq -c '[.event, .id, .status]' <<<"$output" | xargs) == \
        '[job_start,1,null] [null,1,ok] [job_start,2,null] [null,2,error] [null,null,error]' ]]
    [[ ${lines[0]} == '{"event":"job_start",'* && ${lines[2]} == '{"event":"job_start",'* ]]
    # A record without fields, and one with an event of its own.
    run -1 render-one -p "$plain" --announce '{ }' '{"k": 1, "event": "mine"}'
    [[ ${lines[0]} == '{"event":"job_start" }' && ${lines[2]} == '{"event":"job_start","k": 1}' ]]
    render-one -p "$plain" --announce '{"output_path": "/dev/stdout"}' 2>records | sox -t wav - -n
    [[ $(jq -s length records) == 2 ]]
}

@test "a full disk below the records is blamed on standard error where they are written there" {
    # The message itself cannot be written either, so look at the attempt.
    # shellcheck disable=SC2016
    let_strace_look
    run -3 bash -c '"$@" >/dev/null 2>/dev/full' - strace -f -qq -s 80 -e trace=write -o calls \
        render-one -p "$plain" '{"output_path": "/dev/stdout"}'
    run -0 grep -F 'write(2, "render-one: standard' calls
    [[ $output == *'standard error: No space left on device'* ]]
}

@test "with --parent a worker ends when the process that started it is killed" {
    mkfifo queue
    # shellcheck disable=SC2016
    bash -c 'render-one -p "$0" --parent $$ <queue >records & echo $! >pid; wait' "$plain" 3>&- &
    exec 5>queue
    plain_job '{"output_path": "/dev/null"}' >&5
    for _ in {1..300}; do [[ ! -s records ]] || break; sleep 0.1; done
    worker=$(<pid)
    kill -KILL $!
    for _ in {1..300}; do kill -0 "$worker" 2>/dev/null || break; sleep 0.1; done
    run -1 kill -0 "$worker"
    exec 5>&-
    run -2 render-one --parent 1.5 -p "$plain" '{}'
    [[ $output == *"--parent: must be a whole number, is '1.5'"* ]]
    run -2 render-one --parent 1 -p "$plain" '{}'
    [[ $output == *"--parent: 1 is not the process that started this one"* ]]
}

@test "a job of the original's form renders as it is" {
    run -0 render-one --fxp "$amsynth" "$(jq -nc --arg p "$(echo "$presets"/0000*)" --arg o "$PWD/out.wav" '{
        preset_path: $p, preset_format: "fxp", filename_stem: "x", note: 48, velocity: 127, duration: 1.0,
        tail: 1.0, midi_path: null, midi_duration: null, sample_rate: 44100, bit_depth: "24",
        format: "wav", skip_existing: false, output_path: $o}')"
    [[ $(field status) == ok && $(soxi -b out.wav) == 24 ]]
}

@test "a hang costs its own job and no other" {
    /usr/bin/python3 - "$BATS_FILE_TMPDIR"/plain/0000* <<'PYTHON'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
data[56 + 8:56 + 12] = struct.pack(">f", 1.0)  # Delay: a second a block
open("hang.fxp", "wb").write(data)
PYTHON
    good=$(plain_job "{\"preset_path\": \"$(echo "$BATS_FILE_TMPDIR"/plain/0000*)\"}")
    run -1 --separate-stderr render-one --fxp "$plain" --isolation snapshot --timeout 1 \
        "$good" "$(plain_job "{\"preset_path\": \"$PWD/hang.fxp\", \"output_path\": \"$PWD/hang.wav\"}")" "$good"
    [[ $(field status) == $'ok\nerror\nok' && ! -e hang.wav ]]
    [[ $(jq -r 'select(.status == "error") | .error_kind' <<<"$output") == timeout ]]
    [[ $(jq -r 'select(.status == "error") | .error' <<<"$output") == *"within 1 seconds while loading the preset"* ]]
}

@test "samples that are no numbers are an error and write nothing" {
    # A level near the end of float's range, and then pressure, which doubles it.
    /usr/bin/python3 - "$BATS_FILE_TMPDIR"/chunks/0000* <<'PYTHON'
import mido, sys
data = open(sys.argv[1], "rb").read()
bad = data[60:].replace(b"0.5", b"3e38", 1)
open("loud.fxp", "wb").write(data[:56] + len(bad).to_bytes(4, "big") + bad)
song = mido.MidiFile()
song.tracks.append(mido.MidiTrack([mido.Message("note_on", note=60, velocity=127),
    mido.Message("aftertouch", value=127, time=100), mido.MetaMessage("end_of_track", time=480)]))
song.save("pressed.mid")
PYTHON
    run -1 render-one --fxp "$chunks" "$(midi-duration pressed.mid | jq -c --arg p "$PWD/loud.fxp" --arg out "$PWD/out.wav" \
        '. + {preset_path: $p, output_path: $out}')"
    [[ $(field error_kind) == non-finite && ! -e out.wav ]]
}

@test "nothing that a plug-in prints reaches standard output" {
    run -0 --separate-stderr render-one -p "$plain" "$(plain_job '{}')"
    [[ ${#lines[@]} == 1 && -z $stderr ]]
    run -0 --separate-stderr render-one -v -p "$plain" "$(plain_job '{}')"
    [[ ${#lines[@]} == 1 && $stderr == *[Pp]lain* ]]
}

@test "each isolation renders, and the record says which" {
    for isolation in snapshot fork process reuse; do
        run -0 render-one -p "$nekobi" --isolation "$isolation" "$(plain_job '{"note": 36}')"
        [[ $(field isolation) == "${isolation/snapshot/$snapshot}" ]]
    done
}

@test "an LV2 plug-in renders by its URI" {
    run -0 --separate-stderr render-one -p http://drobilla.net/plugins/mda/Piano "$(plain_job '{}')"
    jq -e '.plugin == "MDA Piano" and .peak > 0.01 and .frames == 88200' <<<"$output"
    run -1 render-one "$(plain_job '{"plugin_path": "http://nowhere.example/plugin"}')"
    [[ $(field error_kind) == not-found ]]
}

@test "an error of a job whose audio goes to standard output is said on standard error" {
    run -1 --separate-stderr render-one -p "$plain" '{"note": 200, "output_path": "-"}'
    [[ -z $output && $(jq -r .error_kind <<<"$stderr") == bad-record ]]
}

@test "a bit depth may be any form of its number" {
    for depth in 24 24.0 2.4e1; do
        run -0 render-one -p "$plain" "$(plain_job "{\"duration\": 0.01, \"bit_depth\": $depth}")"
        [[ $(field status) == ok ]]
    done
}

@test "a FLAC file without frames is refused, and the plug-in is not blamed" {
    run -1 render-one -p "$plain" '{"duration": 0.000001, "tail": 0, "format": "flac", "output_path": "/dev/null"}'
    [[ $(field error_kind) == unsupported && $(field error) == *"without frames"* ]]
}

@test "a value that --skip-existing does not take by a space is told" {
    run -2 --separate-stderr render-one -p "$plain" --skip-existing name '{}'
    [[ $stderr == "render-one: --skip-existing: write --skip-existing=name"* ]]
}

@test "a job whose audio would replace what it is made from is refused" {
    cp "$presets"/0000* preset.fxp
    ln preset.fxp link.fxp
    cp "$plain" synth.so
    /usr/bin/python3 -c 'import mido; mido.MidiFile(tracks=[mido.MidiTrack()]).save("song.mid")'
    xxhsum preset.fxp song.mid synth.so >before
    for job in '{"preset_path": "preset.fxp", "output_path": "preset.fxp"}' \
        '{"preset_path": "preset.fxp", "output_path": "./link.fxp"}' \
        '{"state_path": "preset.fxp", "output_path": "preset.fxp"}' \
        '{"plugin_path": "synth.so", "output_path": "synth.so"}' \
        '{"chain": [{"plugin_path": "synth.so"}], "output_path": "synth.so"}' \
        '{"midi_path": "song.mid", "midi_duration": 1, "output_path": "song.mid"}'; do
        run -1 render-one -p "$amsynth" "$job"
        [[ $(field error_kind) == bad-record && $(field error) == "output_path: "*"name another file" ]]
    done
    diff before <(xxhsum preset.fxp song.mid synth.so)
}
