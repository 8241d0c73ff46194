#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A plug-in that misbehaves where it makes no difference whether a child is put back after each job.
#
# shellcheck disable=SC2317 # at_once calls them

load ../helper
load ../system/faults

@test "every fault is a preset, and no other program of the plug-in is" {
    [[ $(find "$presets/vst2" -name '*.fxp' | wc -l) == $(wc -l <"$presets/programs") ]]
    diff <(cd "$presets" && basename -s .fxp vst2/*) <(cd "$presets" && basename -s .vstpreset vst3/*)
}

@test "a plug-in that dies while it is loaded is an error for each of its jobs and for no other's" {
    die() {
        from_start 1 "$1" "load-$2"
        check_error $'crash\ncrash' "$(plugin_of "$1"): crashed while loading the plug-in (${ends[$2]})"
    }
    cases 'die vst2' "${!ends[@]}"
    cases die 'vst3 segv' 'lv2 segv'
    at_once
}

@test "a plug-in that could be loaded before is tried again after it could not" {
    cp "$plain" synth.so
    mkfifo queue answers
    FAULT_ON_LOAD=load-segv render-one --plugin "$PWD/synth.so" --isolation process <queue >answers &
    exec {to}>queue {from}<answers
    ask() {
        job vst2 - '{"output_path": "/dev/null"}' >&"$to"
        read -r output <&"$from"
    }
    ask
    check_bystander
    cp --remove-destination "$synth" synth.so
    ask
    check_error crash 'crashed while loading the plug-in'
    cp --remove-destination "$plain" synth.so
    ask
    check_bystander
    exec {to}>&-
    status=0
    wait $! || status=$?
    [[ $status == 1 ]]
}

@test "a plug-in that is replaced between its hash and its loading costs the job that it would be wrong for" {
    # The first process that loads it puts another build in its place.
    g++ -w -std=c++20 -shared -fPIC -o replaces.so -x c++ - <<END
#include <cstdio>
extern "C" void* VSTPluginMain(void*) {
    std::rename("$PWD/next.so", "$PWD/synth.so");
    __builtin_trap();
}
END
    for isolation in auto snapshot fork reuse process; do
        cp --remove-destination replaces.so synth.so
        cp "$plain" next.so
        for _ in 1 2; do jq -nc --arg path "$PWD/$isolation.wav" '{output_path: $path}'; done >wanted
        run -1 --separate-stderr render-one --plugin "$PWD/synth.so" --sandbox off --isolation "$isolation" <wanted
        [[ $(field status) == $'error\nok' && $(field error_kind) == $'io\nnull' ]]
        [[ $(field error) == "$PWD/synth.so: was replaced while it was being loaded; render this job again"* ]]
        [[ $(strings "$isolation.wav" | grep -o '"plugin_hash":"[^"]*' | head -n 1) == *":\"xxh128:$(xxhsum -H2 "$plain" | cut -d ' ' -f 1)" ]]
    done
}

@test "a plug-in that would crash or hang in its destructor exports its programs" {
    for program in teardown-segv teardown-exit-0 teardown-exit-3 teardown-hang; do
        number=$(awk -v name="$program" '$2 == name { print $1 }' "$presets/programs")
        run -0 timeout 5 preset-export -o exported --programs "0,$number" "$synth"
        [[ ${#lines[@]} == 2 ]]
        cmp exported/*" $program.fxp" "$(preset vst2 "$program")"
    done
}

@test "denormal samples are silence to 16 bits, and are kept as they are in 32" {
    around 0 vst2 denormal
    jq -e '.silent and .peak > 0 and .peak < 1e-38 and .rms_db < -700' <<<"$output"
    [[ -z $(where denormal 0 'x != 0') ]]
    job vst2 denormal '{"format": "npy", "bit_depth": "32f"}' |
        jq -c '.output_path |= sub("wav$"; "npy")' | render_with vst2 >results
    jq -e '.silent == false' results
    run -0 warm_python -c 'import numpy; a = numpy.load("out/denormal.npy"); print(numpy.unique(a), (a != 0).sum())'
    [[ $output == "[0.e+00 1.e-40] 8820" ]]
}

@test "samples beyond full scale are counted and cut off, not wrapped round" {
    around 0 vst2 clip
    jq -e '.peak == 1.5 and .clipped_samples > 100' <<<"$output"
    [[ $(where clip 0 'x == 32767' | wc -w) -gt 100 && $(where clip 0 'i == 0 and x == 32767') == 0 ]]
    [[ $(field clipped_samples) == $(($(where clip 0 'abs(int(x)) >= 32767' | wc -w) * 2)) ]]
}

@test "silence is reported as silent" {
    stay_silent() {
        around 0 "$1" silent
        jq -e '.silent and .peak == 0 and .rms_db == null' <<<"$output"
    }
    cases stay_silent "${formats[@]}"
    at_once
}

@test "an output that the plug-in leaves alone is silent" {
    sox -D "$presets/tone.wav" tone.wav remix 1
    leave_right() {
        around 0 "$1" mono
        [[ $(field channels) == 2 && -z $(where mono 1 'x != 0') ]]
        sox -D out/mono.wav left.wav remix 1
        wav-diff ../tone.wav left.wav
    }
    cases leave_right "${formats[@]}"
    at_once
}

@test "the number of processors that a worker may use is not heard" {
    job vst2 processors '{"output_path": "/dev/null"}' >queue
    taskset -c 0 render-one --plugin "$synth" <queue >one
    render-one --plugin "$synth" <queue >all
    [[ $(jq -r .audio_hash one) == xxh128:* && $(jq -r .audio_hash one) == $(jq -r .audio_hash all) ]]
}

@test "with --clock real the clock and the random numbers are real, and the record says so" {
    differ() {
        job vst2 "$1" '{"output_path": "/dev/null"}' >queue
        for run in first second; do render_with vst2 --clock real <queue >"$run"; done
        jq -r .audio_hash first second >hashes
        [[ $(sort -u hashes | wc -l) == 2 ]]
        FAULT_ON_LOAD=$1 render_with vst2 --clock real <<<'{"output_path": "/dev/null"}' >results 2>said
        [[ $(jq -c '[.status, .isolation, .repeatable]' results) == '["ok","process",false]' ]]
        grep -q "render-one: $synth: does not repeat" said
    }
    cases differ clock entropy
    at_once
}

@test "a preset whose samples come from a thread of the plug-in sounds in a process for each job" {
    play() {
        around 0 "$1" thread --isolation process
        check_tone
    }
    cases play "${formats[@]}"
    at_once
}

@test "a latency that the plug-in has from the start is taken out, to the frame" {
    compensate() {
        from_start 0 "$1" "$2"
        [[ $(field latency_frames) == $'100\n100' ]]
        check_two_tones
    }
    for format in "${formats[@]}"; do cases "compensate $format" latency late-latency; done
    at_once
}

@test "a latency that is reported only with the note is neither taken out nor said to be" {
    report_late() {
        around 0 "$1" note-latency --isolation "$2"
        [[ $(field latency_frames) == 0 ]]
        check_tone
    }
    cases 'report_late vst2' snapshot process reuse
    cases report_late 'vst3 snapshot' 'lv2 snapshot'
    at_once
}

@test "a VST2 that answers 0 to a state and keeps its sound has rejected the preset" {
    around 1 vst2 refuse
    check_error preset-rejected "$(preset vst2 refuse): the plug-in refused"
}

@test "a preset that a plug-in silently ignores is noticed" {
    ignore() {
        around 0 "$1" "$2"
        [[ $(field unchanged) == true ]]
        check_tone
        job "$1" "$2" >queue
        run -1 render_with "$1" --require-change <queue
        check_error preset-rejected "changed nothing in Patchpipe Fault Synth"
    }
    cases ignore 'vst2 ignore' 'vst3 ignore' 'lv2 ignore' 'vst3 refuse'
    at_once
}

@test "an ignored preset is noticed with reuse, whatever the previous job left" {
    /usr/bin/python3 - <<'PYTHON'
import mido
song = mido.MidiFile()
song.tracks.append(mido.MidiTrack([mido.Message("note_on", note=60, velocity=127),
    mido.Message("program_change", program=2, time=20), mido.MetaMessage("end_of_track", time=20)]))
song.save("moves.mid")
PYTHON
    moves=$(midi-duration "$PWD/moves.mid")
    # A preset whose job then changes a value of the state, by a controller; a job without a preset.
    for first in clip -; do
        { job vst2 "$first" "$moves"; job vst2 ignore; } >queue
        run -0 render_with vst2 --isolation reuse <queue
        [[ $(field status) == $'ok\nok' && $(field unchanged) == $'null\ntrue' ]]
        run -1 render_with vst2 --isolation reuse --require-change <queue
        [[ $(field error_kind) == $'null\npreset-rejected' ]]
    done
}

@test "a preset that is taken counts as taken at every note under reuse" {
    # It is loaded over itself, over a value changed by a job, and over itself after an ignored one.
    { job vst2 clip; job vst2 clip '{"note": 72}'; job vst2 ignore; job vst2 clip
        job vst2 held; job vst2 clip; } >queue
    run -0 render_with vst2 --isolation reuse <queue
    [[ $(field unchanged) == $'null\nnull\ntrue\nnull\nnull\nnull' ]]
    grep -v ignore queue >taken
    run -0 render_with vst2 --isolation reuse --require-change <taken
    [[ $(field status | sort -u) == ok ]]
    # A preset that was ignored once is ignored again.
    { job vst2 clip; job vst2 ignore; job vst2 ignore '{"note": 72}'; } >queue
    run -0 render_with vst2 --isolation reuse <queue
    [[ $(field unchanged) == $'null\ntrue\ntrue' ]]
}

@test "a VST2 that answers 0 to every state has not rejected those that it takes" {
    around 0 vst2 shrug
    [[ $(field unchanged) == null ]]
    check_tone
    # It always answers like this, like all plug-ins made with JUCE, and ignores this preset.
    { job vst2 ignore; job vst2 clip; } >queue
    run -0 env FAULT_ON_LOAD=shrug render-one --plugin "$synth" <queue
    [[ $(field unchanged) == $'true\nnull' && $(field peak) == $'0.5\n1.5' ]]
}

@test "an LV2 is found in the folders of LV2_PATH, and without one in those that the system has" {
    job lv2 well-behaved >queue
    run -0 env -u LV2_PATH render-one --plugin "$lv2" <queue
    check_tone
    rm "$HOME/.lv2/FaultSynth.lv2"
    job lv2 well-behaved >queue
    run -0 env LV2_PATH="$root/build/tests/plugins" render-one --plugin "$lv2" <queue
    check_tone
}

@test "a plug-in that is killed leaves no temporary files" {
    from_start 1 lv2 load-segv
    [[ -z $(find tmp -mindepth 1) ]]
}

# make_replier FILE: a VST2 that gives a constant, and answers in our place when it has played for 20
# seconds.
make_replier() {
    make_vst2 "$1" <<'END'
static void process(AEffect*, float**, float** out, int frames) {
    static long played = 0;
    for (int i = 0; i < frames; ++i) out[0][i] = 0.1F;
    if ((played += frames) > 20 * 44100) answer_in_our_place();
}
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    auto& effect = bare_synth();
    effect.processReplacing = process;
    return &effect;
}
END
}

@test "a plug-in that answers in our place changes no field that is not a result's" {
    make_replier replier.so
    long_job='{"id": 1, "duration": 30, "tail": 0, "output_path": "/dev/null"}'
    # What the answer would make of the next record, and of the job when it is rendered again.
    FORGED='{"status":"ok","frames":1323000,"channels":1,"peak":9,"plugin_path":"/evil.so","output_path":"/evil.wav","id":2,"error":"x"}' \
        run -0 render-one -p ./replier.so --isolation reuse "$long_job"
    jq -e '[.id, .status, .peak, .output_path, .plugin_path, .error] ==
        [1, "ok", 9, "/dev/null", null, null]' <<<"$output"
    FORGED='{"status":"error","error_kind":"io","error":"no","plugin_path":"/evil.so","id":2}' \
        run -1 render-one -p ./replier.so --isolation reuse "$long_job"
    jq -e '[.id, .error_kind, .error, .plugin_path] == [1, "io", "no", null]' <<<"$output"
    for forged in '{"status":"ok","frames":"9"}' '{"status":"ok","plugin":{}}' $'{"status":"ok",\n"frames":9}'; do
        FORGED=$forged run -1 render-one -p ./replier.so --isolation reuse "$long_job"
        [[ ${#lines[@]} == 1 && $(field error_kind) == crash ]]
    done
}

@test "a plug-in that answers in our place has no file that lacks the audio" {
    make_replier replier.so
    # refuse FORMAT FIELDS WORDS: the plug-in claims these fields.
    refuse() {
        FORGED='{"status":"ok",'$2',"audio_hash":"xxh128:0"}' run -1 --separate-stderr render-one -p ../replier.so --isolation reuse \
            "{\"duration\": 30, \"tail\": 0, \"output_path\": \"out.$1\", \"format\": \"$1\"}"
        [[ $(field error_kind) == crash && $(field error) == *"answered in our place: $3"* ]] || fail "$output"
        [[ -z $(find . -name '*out*') ]]
    }
    local whole="'\"frames\":1323000,\"channels\":1' 'the file '"
    cases refuse "wav '\"frames\":9,\"channels\":1' 'it names 9 frames of 1 channels'" \
        "wav '\"channels\":1' 'it names -1 frames of 1 channels'" \
        "wav '\"frames\":1323000,\"channels\":0' 'it names 1323000 frames of 0 channels'" \
        "wav $whole" "npy $whole" "flac $whole" "ogg $whole"
    at_once
}

@test "a job that fails halfway in a process for all jobs is not heard in the next" {
    tone='{"plugin_path": "'$plain'", "output_path": "'$PWD'/tone.wav"}'
    render-one --isolation reuse "$(job vst2 - "$tone")" | jq -r .audio_hash >alone
    { job vst2 - '{"plugin_path": "'"$plain"'", "output_path": "/dev/full", "duration": 5, "note": 48}'; job vst2 - "$tone"; } >queue
    run -1 render-one --isolation reuse <queue
    [[ $(field error_kind) == $'io\nnull' && $(field audio_hash) == $'null\n'$(<alone) ]]
}

@test "a worker whose current folder is gone renders jobs with absolute paths, and refuses others" {
    mkdir gone
    job vst2 well-behaved >queue
    job vst2 well-behaved '{"output_path": "relative.wav"}' >>queue
    job vst2 well-behaved >>queue
    run -1 --separate-stderr bash -c 'cd gone && rmdir ../gone && render-one -p "$1" <../queue' - "$synth"
    [[ $(field status) == $'ok\nerror\nok' && $(field error_kind) == $'null\nio\nnull' && -z $stderr ]]
}

@test "how a plug-in died is known where the end of children was ignored" {
    job vst2 process-segv >queue
    run -1 --separate-stderr env --ignore-signal=CHLD render-one -p "$synth" --isolation process <queue
    check_error crash "killed by SIGSEGV"
}

@test "a temporary folder is deleted with folders in it that nobody may enter" {
    export FAULT_SCRIPT='mkdir -p "$TMPDIR/a/b" && touch "$TMPDIR/a/b/c" && chmod 0 "$TMPDIR/a/b" "$TMPDIR/a"'
    job vst2 script >queue
    run -0 bound render-one -p "$synth" --isolation process <queue
    [[ $(field status) == ok && -z $(ls "$TMPDIR") ]]
}
