#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The driver with the real tools. The instrument is one of ours, which loads in a tenth of the time of
# a real one; a real one has a test of its own.

load ../helper

# shellcheck disable=SC2034
macro=$root/build/tests/plugins/MacroSynth.vst3 synth=$root/build/tests/plugins/plain_synth.so

# A library of six presets, one of them in a folder of its own: levels and pitches of the first program.
setup_file() {
    export library=$BATS_FILE_TMPDIR/library
    mkdir -p "$library/more sounds"
    python3 - "$library" <<'END'
import pathlib, struct, sys
for number in range(6):
    body = struct.pack(">4sI4sII28s3f", b"FxCk", 1, b"PpPl", 1, 3, b"Sound %d" % number, 0.5 + number / 16,
                       0.5 - number / 24, 0)
    name = f"000{number} Sound {number}.fxp" if number < 5 else "more sounds/Fifth.FXP"
    (pathlib.Path(sys.argv[1]) / name).write_bytes(b"CcnK" + struct.pack(">I", len(body)) + body)
END
}

# The audio files below a folder, by name.
audio() { find "$1" -type f ! -name '*.ndjson' | sort; }

@test "every preset becomes an audio file of the exact length" {
    count_jq
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth"
    [[ $output == "Done: 6 rendered, 0 skipped, 0 failed." && -z $stderr ]]
    (($(wc -l <jq-starts) <= 2))
    [[ $(audio out | wc -l) == 6 ]]
    for file in out/*.wav; do
        [[ $(soxi -s "$file") == 88200 && $(soxi -r "$file") == 44100 && $(soxi -b "$file") == 16 ]]
    done
}

@test "programs of a real instrument become audio files, each with its own sound" {
    preset-export "$amsynth" -o real --programs 0-2 >/dev/null
    run -0 --separate-stderr render-presets real out --fxp "$amsynth" --duration 0.5
    [[ $output == "Done: 3 rendered, 0 skipped, 0 failed." && -z $stderr ]]
    [[ $(jq -r .audio_hash out/results.ndjson | sort -u | wc -l) == 3 ]]
    jq -es 'all(.plugin == "amsynth" and .peak > 0.01)' out/results.ndjson
}

@test "what fails in every job of a preset is said once" {
    mkdir torn
    cp "$library"/0000* torn/good.fxp
    for name in a b; do head -c 40 torn/good.fxp >"torn/$name.fxp"; done
    run -1 --separate-stderr render-presets torn out --fxp "$synth" --note 60,62,64
    [[ $output == "Done: 3 rendered, 0 skipped, 6 failed." && $(jq -s length out/results.ndjson) == 9 ]]
    [[ $(sed -E 's/^ *(FAIL .\.fxp: ).*( \(.*)/\1...\2/' <<<"$stderr" | sort) == \
        $'FAIL a.fxp: ... (3 jobs)\nFAIL b.fxp: ... (3 jobs)' ]]
}

@test "the results hold one record a preset, and name the files that were made" {
    render-presets "$library" out --fxp "$synth"
    [[ $(jq -s 'length' out/results.ndjson) == 6 ]]
    [[ $(jq -r .status out/results.ndjson | sort -u) == ok ]]
    diff <(jq -r .output_path out/results.ndjson | sort) <(audio "$PWD/out")
    diff <(jq -r .preset_path out/results.ndjson | sort) <(find "$library" -type f | sort)
}

@test "the files are those of the pipe written out, whatever the number of workers" {
    preset-scan "$library" | assign-paths -o pipe | render-one --fxp "$synth" >results
    for workers in 1 2 5 -1; do
        render-presets "$library" "with$workers" --fxp "$synth" --workers "$workers"
        diff -r -x results.ndjson pipe "with$workers"
    done
}

@test "the options reach the render" {
    render-presets --duration 0.5 --tail=0.25 --sample-rate=48000 --bit-depth 24 "$library" \
        --note=60 out --velocity 64 --fxp="$synth" --block-size 64 --isolation process --timeout 300
    for file in out/*.wav; do
        [[ $(soxi -s "$file") == 36000 && $(soxi -r "$file") == 48000 && $(soxi -b "$file") == 24 ]]
    done
    [[ $(jq -c '[.note, .velocity, .block_size, .isolation]' out/results.ndjson | sort -u) == '[60,64,64,"process"]' ]]
    render-presets "$library" npy --fxp "$synth" --format npy
    warm_python -c 'import glob, numpy
shapes = [numpy.load(name).shape for name in glob.glob("npy/*.npy")]
assert shapes == [(2, 88200)] * 6, shapes'
}

@test "a list of notes renders each preset once a note" {
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth" -n 48,60 -v --template '{preset} {note}'
    [[ $output == "Done: 12 rendered, 0 skipped, 0 failed." ]]
    [[ $(audio out | wc -l) == 12 && $(audio out | grep -c 48) == 6 ]]
}

@test "a MIDI file is played to its end, and its length is what mido says" {
    /usr/bin/python3 - <<'END'
import mido
file = mido.MidiFile(ticks_per_beat=96)
track = mido.MidiTrack()
file.tracks.append(track)
track.append(mido.MetaMessage('set_tempo', tempo=400000))
for note in (48, 55, 60):
    track.append(mido.Message('note_on', note=note, velocity=90, time=10))
    track.append(mido.Message('note_off', note=note, time=77))
file.save('a tune.mid')
END
    render-presets "$library" out --fxp "$synth" --midi 'a tune.mid' --tail 0.5
    frames=$(/usr/bin/python3 -c 'import mido; print(round((mido.MidiFile("a tune.mid").length + 0.5) * 44100))')
    for file in out/*.wav; do
        [[ $(soxi -s "$file") == "$frames" ]]
    done
    [[ $(jq -r .silent out/results.ndjson | sort -u) == false ]]
}

@test "skip-existing leaves the files alone that are there and renders the rest" {
    render-presets "$library" out --fxp "$synth"
    rm out/0003*
    touch -d 2001-02-03 out/*.wav
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth" --skip-existing
    [[ $output == "Done: 1 rendered, 5 skipped, 0 failed." ]]
    [[ $(find out -name '*.wav' ! -newermt 2002-01-01 | wc -l) == 5 ]]
}

@test "folders within the folder are left alone if it is to be so" {
    for option in --no-recursive --no-recurse; do
        run -0 --separate-stderr render-presets "$library" out --fxp "$synth" "$option" --dry-run
        [[ ${lines[0]} == "Would render 5 preset(s):" ]]
    done
}

@test "a dry run says what would be rendered, and creates nothing" {
    mkdir tmp
    export TMPDIR=$PWD/tmp
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth" --dry-run
    [[ ${lines[0]} == "Would render 6 preset(s):" && ! -e out ]]
    ((${#lines[@]} == 7))
    [[ -z $(ls -A tmp) ]]
    said=$(printf '%s\n' "${lines[@]:1}")
    render-presets "$library" out --fxp "$synth"
    diff <(sort <<<"$said") <(jq -r '"  \(.preset_path) -> \(.output_path)"' out/results.ndjson | sort)
    rm out/0001*
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth" --dry-run --skip-existing
    [[ ${lines[0]} == "Would render 1 preset(s):" && ${lines[1]} == */0001* ]]
}

@test "the options --unicode and --template name the files" {
    mkdir presets
    cp "$library"/0000* "presets/Weicher Flügel.fxp"
    render-presets presets out --fxp "$synth" --unicode --template 'x/{preset} v{velocity}'
    [[ $(audio out) == "out/x/Weicher Flügel v127.wav" ]]
    render-presets presets old --fxp "$synth" --filename-template 'y {note}'
    [[ $(audio old) == old/y_48.wav ]]
}

@test "with --verbose every preset has its line on standard error" {
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth" --verbose
    (($(grep -c '^\[[1-6]/6\] ok  ' <<<"$stderr") == 6))
    [[ $stderr == *"ok  more sounds/Fifth.FXP"* ]]
}

@test "the results go where they are told to, be it a pipe" {
    render-presets "$library" out --fxp "$synth" --results elsewhere/r.ndjson
    [[ $(wc -l <elsewhere/r.ndjson) == 6 && ! -e out/results.ndjson ]]
    [[ $(stat -c %a elsewhere/r.ndjson) == 644 ]]
    mkfifo fifo
    timeout 60 jq -s length fifo >count 3>&- &
    render-presets "$library" out --fxp "$synth" --results fifo
    wait $!
    [[ $(<count) == 6 ]]
}

@test "a signal ends the wait for a program that reads the results" {
    mkfifo fifo
    render-presets "$library" out --fxp "$synth" --results fifo >said 2>&1 3>&- &
    run=$!
    # Everything is rendered, and for a second its only child has been the shell that opens the
    # FIFO.
    for ((tries = 0, alike = 0; tries < 1200 && alike < 20; tries++)); do
        children=$(ps -o comm= --ppid "$run" || true)
        ((alike = $(audio out 2>/dev/null | grep -c wav) == 6 && ${#children} > 0 &&
            $(grep -cv render-presets <<<"$children") == 0 ? alike + 1 : 0)) || true
        sleep 0.05
    done
    ((alike == 20)) || fail "it does not wait for a reader: $children"
    kill -TERM "$run"
    for ((tries = 0; tries < 100; tries++)); do
        kill -0 "$run" 2>/dev/null || break
        sleep 0.1
    done
    ((tries < 100)) || { cat fifo >/dev/null; fail "SIGTERM did not end it"; }
    status=0
    wait "$run" || status=$?
    [[ $status == 143 && ! -e out/.patchpipe-lock && $(<said) == *"ended by SIGTERM; 6 of 6 done"* ]]
}

@test "a preset that fails is named with the reason, the others are rendered, and the status is 1" {
    cp -r "$library" presets
    head -c 40 presets/0000* >"presets/torn"$'\n'"apart.fxp"
    run -1 --separate-stderr render-presets presets out --fxp "$synth"
    [[ $output == "Done: 6 rendered, 0 skipped, 1 failed." ]]
    # bats strips the spaces in front.
    [[ $stderr == "FAIL torn?apart.fxp: "*[a-z]* ]]
    ((${#stderr_lines[@]} == 1))
    [[ $(jq -r 'select(.status == "error") | .error_kind' out/results.ndjson) == corrupt ]]
}

@test "--use names the plug-in for a format" {
    run -0 --separate-stderr render-presets "$library" out --use "fxp=$synth"
    [[ $output == "Done: 6 rendered, 0 skipped, 0 failed." ]]
    run -2 --separate-stderr render-presets "$library" other --use "fxp=$synth" --fxp "$synth"
    [[ $stderr == *"--fxp: given twice"* && ! -e other ]]
    run -2 --separate-stderr render-presets "$library" other --use "fxb=$synth"
    [[ $stderr == *"--use: 'fxb' is not a format that a plug-in plays"* ]]
}

@test "with --require-change a preset that changes nothing has failed" {
    run -1 --separate-stderr render-presets "$library" out --fxp "$synth" --require-change
    [[ $output == "Done: 5 rendered, 0 skipped, 1 failed." && $stderr == "FAIL 0000 "*"changed nothing"* ]]
}

@test "one preset may be given in place of a folder" {
    run -0 render-presets "$library/more sounds/Fifth.FXP" out --fxp "$synth"
    [[ $(audio out) == out/Fifth.wav ]]
}

@test "a folder without presets is reported, and is not an error" {
    mkdir empty
    touch empty/readme.txt
    run -0 --separate-stderr render-presets empty out
    [[ $output == "No presets found in empty." && -z $stderr && ! -e out ]]
}

@test "what is wrong is said before anything is rendered, with status 2" {
    touch file.wav
    # shellcheck disable=SC2034
    good=("$library" out --fxp "$synth")
    while IFS='|' read -r words pattern; do
        echo "$words"
        eval "run -2 --separate-stderr render-presets $words"
        [[ -z $output && ${stderr_lines[0]} == "render-presets: "* && $stderr == *$pattern* ]]
        [[ ! -e out ]]
    done <<'END'
|two operands
"$library"|two operands, the folder of presets and the output folder; there is only
"${good[@]}" third|two operands, the folder of presets and the output folder; 'third' is one too many
"${good[@]}" --skip-existing name|; write --skip-existing=name
"~/presets" out --fxp "$synth"|~/presets: there is no such folder; the shell replaces ~ only outside quotes
file.wav out --fxp "$synth"|render-presets: file.wav: not the name of a preset
no-such-folder out --fxp "$synth"|no-such-folder: there is no such folder
"$library" file.wav --fxp "$synth"|file.wav: is not a folder
"${good[@]}" --results /|--results
"$library" out --fxp no-such-plugin.so|no-such-plugin.so
"${good[@]}" --vstpreset /nowhere/Plug.vst3|/nowhere/Plug.vst3
"$library" out|found .fxp files but --fxp was not given; name the plug-in, or leave them out with --skip-missing-format
"$library" out --serum2 "$macro"|found .fxp files but --fxp was not given
"${good[@]}" --note 60 --midi "$library"|--note and --midi
"${good[@]}" --midi no-such.mid|no-such.mid
"${good[@]}" --midi "$synth"|plain_synth
"${good[@]}" --note 128|128
"${good[@]}" --velocity 0|0
"${good[@]}" --duration 0|render-presets: --duration: must be
"${good[@]}" --tail -1|render-presets: --tail: must be
"${good[@]}" --sample-rate 0|render-presets: --sample-rate: must be
"${good[@]}" --block-size x|render-presets: --block-size: must be
"${good[@]}" --bit-depth 8|render-presets: --bit-depth: must be
"${good[@]}" --format caf|render-presets: --format: must be
"${good[@]}" --format flac --bit-depth 32f|FLAC has no 32f
"${good[@]}" --template '{nothing}'|render-presets: --template: no placeholder {nothing}
"${good[@]}" --names none|--names
"${good[@]}" --isolation none|isolation
"${good[@]}" --clock none|clock
"${good[@]}" --timeout 0|timeout
"${good[@]}" --workers 0|--workers
"${good[@]}" --workers -2|--workers
"${good[@]}" --workers two|--workers
"${good[@]}" --verbose=yes|takes no value
"${good[@]}" --unicode --unicode|given twice
"${good[@]}" --note|value is missing
END
}

@test "interrupted, it leaves no process and no unfinished file" {
    interrupt() {
        ln -s "$synth" own.so
        # Its shell ignores SIGINT.
        run env --default-signal=INT timeout --preserve-status -s "$1" 3 \
            render-presets "$library" out --fxp "$PWD/own.so" --duration 20000
        ((status == 128 + $(kill -l "$1")))
        [[ -z $(find out -type f) && -z $(ls -A tmp) ]]
        run -1 pgrep -f "$PWD/own.so"
    }
    cases interrupt INT TERM
    at_once
}

# begin COMMAND...: starts it in the background and waits until three files exist and more are to
# come. Sets $driver. A shell starts background commands with SIGINT ignored, which they cannot
# change.
begin() {
    env --default-signal=INT "$@" >said 2>errors 3>&- &
    driver=$!
    for _ in {1..600}; do
        (($(find out -name '*.wav' 2>/dev/null | wc -l) < 3)) || return 0
        sleep 0.1
    done
    fail "nothing is rendered: $(<errors)"
}

# A run that takes some time: 384 files.
long=(--fxp "$synth" --note 0-63 --template '{preset} n{note}' --workers 2)

@test "interrupted, it ends workers that are stopped" {
    begin render-presets "$library" out "${long[@]}"
    workers=$(pgrep -P "$driver" -x render-one)
    (($(wc -w <<<"$workers") == 2))
    # shellcheck disable=SC2086
    kill -STOP $workers
    kill -TERM "$driver"
    wait "$driver" || status=$?
    ((status == 143))
    for worker in $workers; do [[ ! -e /proc/$worker ]]; done
    [[ $(<errors) == *"ended by SIGTERM; "*" of 384 done: "* ]]
}

@test "interrupted, it kills workers that do not end" {
    mkdir tools tmp
    ln -s "$bin"/* tools
    rm tools/render-one tools/render-presets
    cp "$bin/render-presets" tools
    cat >tools/render-one <<'SCRIPT'
#!/bin/bash
read -r job || exit 0
trap "" TERM
echo $$ >>running
exec sleep 600
SCRIPT
    chmod +x tools/render-one
    TMPDIR=$PWD/tmp tools/render-presets "$library" out "${long[@]}" >said 2>errors 3>&- &
    driver=$!
    until [[ -s running ]]; do sleep 0.05; done
    kill -TERM "$driver"
    wait "$driver" || status=$?
    ((status == 143))
    for worker in $(<running); do [[ ! -e /proc/$worker ]]; done
    [[ -z $(ls -A tmp) ]]
}

@test "interrupted, it keeps the records that there are, and says how to go on" {
    cp -r "$library" 'my presets'
    for signal in INT TERM; do
        rm -rf out
        begin render-presets 'my presets' out "${long[@]}"
        kill -"$signal" "$driver"
        wait "$driver" || status=$?
        ((status == 128 + $(kill -l "$signal")))
        [[ ! -s said && $(<errors) == *"ended by SIG$signal; "*" of 384 done: "* ]]
        before=$(jq -s 'map(select(.status == "ok" and .peak > 0)) | length' out/results.ndjson)
        ((before >= 2 && before < 384))
        [[ $(sed -n 's/^  to go on: //p' errors) == *"render-presets --skip-existing 'my presets' out --fxp "* ]]
    done
    again=$(sed -n 's/^  to go on: //p' errors)
    eval "$again >said"
    [[ $(<said) =~ ^"Done: "[0-9]+" rendered, "[0-9]+" skipped, 0 failed."$ && $(jq -s length out/results.ndjson) == 384 ]]
    # The measurements of a file do not depend on the run that made it.
    [[ $(jq 'select(.audio_hash == null or .peak == null or .frames != 88200)' out/results.ndjson) == "" ]]
    (($(jq -r 'select(.status == "skipped") | .status' out/results.ndjson | wc -l) >= before))
    [[ $(find out -type f | wc -l) == 385 ]]
}

@test "a signal while it asks for the names of host and folder ends it as at any other time" {
    mkdir bin
    for name in uname realpath; do
        printf '#!/bin/bash\nkill -TERM $PPID\nexec /usr/bin/%s "$@"\n' "$name" >"bin/$name"
        chmod +x "bin/$name"
        PATH=$PWD/bin:$PATH run -143 --separate-stderr render-presets "$library" out --fxp "$synth"
        [[ $stderr == "render-presets: ended by SIGTERM"* || -z $stderr ]]
        rm "bin/$name"
    done
}

@test "the records of skipped files have what was measured, in every format" {
    for format in wav flac ogg; do
        brief=(--duration 0.2 --format "$format" --workers 1)
        render-presets "$library" "$format" --fxp "$synth" "${brief[@]}"
        cp "$format/results.ndjson" first
        render-presets "$library" "$format" --fxp "$synth" "${brief[@]}" --skip-existing
        [[ $(jq -r .status "$format/results.ndjson" | sort | uniq -c | xargs) == "6 skipped" ]]
        lasting='del(.status, .isolation, .load_ms, .render_ms, .write_ms)'
        diff <(jq "$lasting" first) <(jq "$lasting" "$format/results.ndjson")
    done
}

@test "two runs cannot write into one folder, and the second says who does" {
    begin render-presets "$library" out "${long[@]}" --duration 4
    run -2 --separate-stderr render-presets "$library" out --fxp "$synth"
    [[ -z $output && $stderr == *"out: another render-presets is writing there: process $driver on $(uname -n), since 20"* ]]
    # A dry run is allowed, and so are other folders.
    render-presets "$library" out --fxp "$synth" --dry-run
    render-presets "$library" other --fxp "$synth" --workers 1
    kill -TERM "$driver"
    wait "$driver" || true
    run -0 render-presets "$library" out --fxp "$synth" --skip-existing
    [[ -z $(find out -name '.*') ]]
}

@test "killed, it takes its workers along, and the next run clears what it left" {
    mkdir tmp
    export TMPDIR=$PWD/tmp
    ln -s "$synth" own.so
    begin render-presets "$library" out "${long[@]:2}" --fxp=own.so
    # The workers, and what they have started.
    local found processes=""
    found=$(pgrep -P "$driver" -x render-one)
    (($(wc -w <<<"$found") == 2))
    while [[ $found ]]; do
        processes+=${processes:+,}${found//$'\n'/,}
        found=$(pgrep -P "${found//$'\n'/,}" || true)
    done
    [[ $(ps -o args= -p "$processes") == *patchpipe-host* ]]
    kill -KILL "$driver"
    wait "$driver" || true
    left() { ps -o pid=,stat=,args= -p "$processes" | grep -v '^ *[0-9]* Z' || true; }
    for _ in {1..300}; do [[ -n $(left) ]] || break; sleep 0.1; done
    [[ -z $(left) ]] || fail "still there: $(left)"
    # Its folder goes with it; what is beside the results is the next run's to clear.
    for _ in {1..300}; do [[ -n $(ls -A tmp) ]] || break; sleep 0.1; done
    [[ -z $(ls -A tmp) && -s out/.patchpipe-lock ]]
    compgen -G 'out/results.ndjson.patchpipe-*'
    host=$(uname -n)
    touch "out/.patchpipe-$host-$driver-0" "out/.patchpipe-$host-$$-0" "out/.patchpipe-elsewhere-$driver-0" \
        "out/.patchpipe-$host-999999-$driver-0"
    run -0 render-presets "$library" out --fxp "$synth" --skip-existing
    [[ -z $(ls -A tmp) && ! -e out/.patchpipe-lock && ! -e out/.patchpipe-$driver-0 ]]
    # A file of a living process must not be deleted.
    [[ -z $(find out -name 'results.ndjson.*') && -e out/.patchpipe-$host-$$-0 ]]
    [[ ! -e out/.patchpipe-$host-$driver-0 && -e out/.patchpipe-elsewhere-$driver-0 &&
        -e out/.patchpipe-$host-999999-$driver-0 ]]
}

@test "a lock file that somebody else has written makes nothing be deleted" {
    mkdir -p out precious patchpipe.abcdef/keep
    touch precious/file list.patchpipe-abcdefg
    jq -n --arg host "$(uname -n)" --arg here "$PWD" '{pid: 1, $host, work: "\($here)/precious",
        partial: "\($here)/list.patchpipe-abcdefg"}' >out/.patchpipe-lock
    render-presets "$library" out --fxp "$synth"
    [[ -e precious/file && -e list.patchpipe-abcdefg ]]
    jq -n --arg here "$PWD" '{pid: 1, host: "another", work: "\($here)/patchpipe.abcdef"}' >out/.patchpipe-lock
    render-presets "$library" out --fxp "$synth"
    [[ -d patchpipe.abcdef/keep ]]
    echo nonsense >out/.patchpipe-lock
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth"
    [[ -z $stderr ]]
}

@test "with --json standard output has events, each job's beginning before its result" {
    cp -r "$library" presets
    echo torn >presets/torn.fxp
    touch presets/other.vstpreset
    run -1 --separate-stderr render-presets presets out --fxp "$synth" --json --skip-missing-format --workers 3
    printf '%s\n' "${lines[@]}" >events
    jq -es '.[0] == {event: "start", schema: 1, total: 8, workers: 3}' events
    jq -es '.[-1] | .event == "done" and .ok == 6 and .skipped == 1 and .failed == 1 and .elapsed > 0' events
    [[ $(jq -r .event events | sort | uniq -c | xargs) == "1 done 7 job_start 8 result 1 start" ]]
    jq -es 'map(select(.path)) | group_by(.path) | map(map(.event)) | unique ==
        [["job_start", "result"], ["result"]]' events
    jq -es 'map(select(.event == "result" and .status == "ok")) | all(.peak > 0 and .audio_hash and .output_path)' events
    jq -es 'map(select(.event == "result" and .status == "error")) | map(.error) | .[0] | contains("torn.fxp")' events
    jq -es 'map(select(.reason == "no_plugin")) | map(.path) == ["\(env.PWD)/presets/other.vstpreset"]' events
    [[ $stderr == *"Done: 6 rendered, 1 skipped, 1 failed."* ]]
    # The results contain only records.
    [[ $(jq -r '.event' out/results.ndjson | sort | uniq -c | xargs) == "8 null" ]]
    run -1 --separate-stderr render-presets presets out --fxp "$synth" --json --skip-missing-format --skip-existing
    jq -es 'map(.reason) | map(select(. == "exists")) | length == 6' <<<"$output"
}

@test "with --json a dry run and a folder without presets are events too" {
    run -0 --separate-stderr render-presets "$library" out --fxp "$synth" --json --dry-run --workers 2
    [[ $output == '{"event":"start","schema":1,"total":6,"workers":2}' ]]
    mkdir empty
    run -0 --separate-stderr render-presets empty out --json --workers 2
    [[ ${lines[0]} == '{"event":"start","schema":1,"total":0,"workers":2}' ]]
    jq -e '.event == "done" and .ok == 0 and .skipped == 0 and .failed == 0' <<<"${lines[1]}"
}

@test "with --json an interrupted run ends with an event that says how to go on" {
    begin render-presets "$library" out "${long[@]}" --json
    kill -TERM "$driver"
    wait "$driver" || true
    tail -n 1 said | jq -e '.event == "aborted" and .signal == "SIGTERM" and .ok >= 2 and .failed == 0
        and .ok + .remaining == 384 and (.resume | contains("render-presets --skip-existing "))'
    [[ $(jq -r .event said | sort -u | xargs) == "aborted job_start result start" ]]
}

@test "a program that stops reading the events does not stop the renders" {
    # shellcheck disable=SC2016
    run -0 bash -c 'render-presets "$library" out --fxp "$0" --json | head -n 1; exit "${PIPESTATUS[0]}"' "$synth"
    [[ $(jq -r .status out/results.ndjson | sort | uniq -c | xargs) == "6 ok" ]]
}

@test "presets that no plug-in is given for are left out if it is to be so" {
    cp -r "$library" presets
    touch presets/a.vstpreset presets/b.SerumPreset "presets/\"preset_format\":\"fxp\".vstpreset"
    run -2 --separate-stderr render-presets presets out --fxp "$synth"
    [[ $stderr == *"found .SerumPreset files but --serum2 was not given; found .vstpreset files but"* ]]
    run -0 --separate-stderr render-presets presets out --fxp "$synth" --skip-missing-format
    [[ $output == "Done: 6 rendered, 3 skipped, 0 failed." && $stderr == *"left out 3 preset(s)"* ]]
    [[ $(jq -r 'select(.status == "skipped") | .reason' out/results.ndjson | sort | uniq -c | xargs) == "3 no_plugin" ]]
    rm presets/*.fxp presets/*/*
    run -2 --separate-stderr render-presets presets other --fxp "$synth" --skip-missing-format
    [[ ! -e other ]]
}

@test "names do not depend on the plug-ins that are given" {
    mkdir presets
    cp "$library"/0000* presets/Lead.fxp
    touch presets/Lead.SerumPreset
    run -0 --separate-stderr render-presets presets out --fxp "$synth" --skip-missing-format
    [[ $(audio out) == out/Lead_1.wav ]]
}

# The program did not count presets that it does not read.
@test "a library that another program has rendered goes on with the names that it gave" {
    mkdir -p presets/b
    for name in Init.FXP Init.fxp init.fxp b/Init.fxp b/★.fxp; do
        cp "$library"/0000* "presets/$name"
    done
    touch presets/Init.fxb presets/Init.SerumPreset presets/A.vstpreset
    planned() {
        render-presets presets out --fxp "$synth" --skip-missing-format --dry-run --names "$1" 2>/dev/null |
            sed -n 's|.*/presets/\(.*\) -> .*/out/|\1 |p' | LC_ALL=C sort
    }
    diff <(planned vst-render) - <<'END'
Init.FXP Init_3.wav
Init.fxp Init_1.wav
b/Init.fxp Init_2.wav
b/★.fxp preset_0003.wav
init.fxp init.wav
END
    diff <(planned serum-render) - <<'END'
Init.FXP Init.wav
Init.fxp Init_2.wav
b/Init.fxp Init_3.wav
b/★.fxp preset_0004.wav
init.fxp init.wav
END
}

@test "presets that come out silent are named" {
    printf 'MThd\0\0\0\6\0\0\0\1\0\140MTrk\0\0\0\4\140\377\57\0' >rest.mid
    run -0 --separate-stderr render-presets "$library/more sounds" out --fxp "$synth" --midi rest.mid
    [[ $output == "Done: 1 rendered, 0 skipped, 0 failed." && $stderr == *"SILENT Fifth.FXP" ]]
    run -0 --separate-stderr render-presets "$library/more sounds" out --fxp "$synth" --midi rest.mid --skip-existing
    [[ $output == "Done: 0 rendered, 1 skipped, 0 failed." && -z $stderr ]]
}

@test "folders may have any name, with a hyphen in front or a newline at the end" {
    mkdir -p -- odd/-t
    cd odd
    for name in -out - '!' '(' $'out\n' 'a "b" $c %s'; do
        cp -r "$library" "./$name"
        run -0 --separate-stderr env TMPDIR=-t render-presets --fxp "$synth" --duration 0.1 -- "$name" "$name"
        [[ $output == "Done: 6 rendered, 0 skipped, 0 failed." && -z $stderr ]] || fail "${name@Q}: $output $stderr"
        [[ $(jq -s length "./$name/results.ndjson") == 6 && -z $(ls -A ./-t) ]]
        rm -r -- "$name"
        [[ $(ls) == -t ]]
    done
    run -2 --separate-stderr render-presets --fxp "$synth" --results=-r --midi=-m "$library" out
    [[ $stderr == "render-presets: $PWD/-m: there is no such file" ]]
    render-presets --fxp "$synth" --results=-r "$library" out
    [[ $(jq -s length ./-r) == 6 ]]
}

@test "the message names what blocks the output folder" {
    run -3 --separate-stderr render-presets "$library" /proc/none --fxp "$synth"
    [[ -z $output && $stderr == "render-presets: /proc/none: No such file or directory" ]]
}

@test "words of other programs are understood" {
    run -0 --separate-stderr render-presets "$library" out --serum1 "$synth" --deterministic
    [[ $output == "Done: 6 rendered, 0 skipped, 0 failed." ]]
    sox -n -r 22050 -b 16 theirs.wav synth 0.1 sine 440
    for file in out/*.wav; do cp theirs.wav "$file"; done
    run -0 --separate-stderr render-presets "$library" out --serum1="$synth" --skip-existing=name
    [[ $output == "Done: 0 rendered, 6 skipped, 0 failed." ]]
    for file in out/*.wav; do cmp theirs.wav "$file"; done
    run -2 render-presets "$library" out --serum1 "$synth" --isolation reuse --deterministic
    run -2 render-presets "$library" out --serum1 "$synth" --skip-existing=size
    [[ $output == *"--skip-existing: must be one of same|name"* ]]
}

@test "jobs that died with their worker are counted as failed" {
    render-presets "$library" out --fxp "$synth" --duration 20000 --workers 2 >said 2>errors 3>&- &
    driver=$!
    for _ in {1..300}; do
        workers=$(pgrep -P "$driver" -x render-one || true)
        (($(wc -w <<<"$workers") < 2)) || break
        sleep 0.1
    done
    # shellcheck disable=SC2086
    kill -KILL $workers
    wait "$driver" || status=$?
    [[ $status == 1 && $(<said) == "Done: 0 rendered, 0 skipped, 6 failed." ]]
    [[ $(<errors) == *"6 job(s) have no result: a render-one ended with status 137"* ]]
}

@test "on a terminal a bar shows the progress" {
    run -0 script -qec "render-presets '$library' out --fxp $synth" /dev/null </dev/null
    [[ $output == *"100%"* && $output == *"Done: 6 rendered, 0 skipped, 0 failed."* ]]
}

@test "a summary that cannot be written is status 3, and the results are there" {
    run -3 --separate-stderr bash -c 'render-presets "$library" out --fxp "$0" >/dev/full' "$synth"
    [[ $stderr == "render-presets: standard output: No space left on device" ]]
    [[ $(wc -l <out/results.ndjson) == 6 ]]
    run -3 --separate-stderr render-presets "$library" out --fxp "$synth" --results /dev/full
    [[ $stderr == *"/dev/full: the records could not be written" ]]
}

@test "it runs through a link and from any folder" {
    mkdir links
    ln -s "$bin/render-presets" links/render
    run -0 env PATH=/usr/bin:/bin links/render "$library" out --fxp "$synth" --dry-run
    [[ ${lines[0]} == "Would render 6 preset(s):" ]]
}

@test "a standard output that is set to non-blocking is waited for" {
    write_to_full_pipe() {
        mkfifo out
        exec 7<>out
        head -c 65536 /dev/zero >&7
        /usr/bin/python3 -c 'import os, sys
os.set_blocking(1, False)
os.execvp(sys.argv[1], sys.argv[1:])' render-presets "$@" "$library" audio --fxp "$synth" >out 7<&- 3>&- &
        driver=$!
        sleep 2 # so that it writes while nobody reads
        timeout 60 cat <out >said 7<&- &
        exec 7<&-
        wait "$driver"
        wait
        tail -c +65537 said >"../said$*"
    }
    cases write_to_full_pipe --help '--json --skip-existing'
    at_once
    diff <(render-presets --help) said--help
    [[ $(jq -r .event "said--json --skip-existing" | sort | uniq -c | xargs) == "1 done 6 job_start 6 result 1 start" ]]
}

@test "a results file that is something else, and a TMPDIR without room, are told" {
    cp "$library"/*0.fxp mine.fxp 2>/dev/null || cp "$(find "$library" -name '*.fxp' | head -n 1)" mine.fxp
    xxhsum mine.fxp >before
    run -2 --separate-stderr render-presets "$library" out --fxp "$synth" --results mine.fxp
    [[ $stderr == "render-presets: --results: mine.fxp exists and holds no records; name another file" ]]
    run -2 --separate-stderr render-presets "$library" out --fxp "$synth" --results out
    [[ $stderr == "render-presets: --results: out is a folder; name a file" && ! -e out ]]
    diff before <(xxhsum mine.fxp)
    run -2 --separate-stderr render-presets "$library" "" --fxp "$synth"
    [[ $stderr == "render-presets: the output folder is empty; write . for this one"* ]]
    TMPDIR=/nowhere run -3 --separate-stderr render-presets "$library" out --fxp "$synth"
    [[ $stderr == "render-presets: /nowhere: no folder can be made in it: "*"; set TMPDIR to another one" ]]
}

@test "records that name no job of the run, or one that has its record, are said and not counted" {
    mkdir kit
    ln -s "$bin"/* kit
    rm kit/render-presets kit/render-one
    cp "$bin/render-presets" kit
    cat >kit/render-one <<SCRIPT
#!/bin/bash
if [[ "\$*" == *--parent* ]]; then
    echo '{"preset_path":"/a/Forged\u001b[2J.fxp","output_path":"/tmp/no job.wav","status":"ok","peak":1}'
    echo '{"status":"ok"}'
    echo 'no record'
    exec "$bin/render-one" "\$@" > >(tee records; sed -n '2s/"status":"ok"/"status":"skipped"/p' records)
fi
exec "$bin/render-one" "\$@"
SCRIPT
    chmod +x kit/render-one
    run -1 --separate-stderr kit/render-presets "$library" out --fxp "$synth" --workers 1 --verbose
    [[ $output == "Done: 6 rendered, 0 skipped, 0 failed." ]]
    diff out/results.ndjson records
    grep -v '^\[[1-6]/6\] ok ' <<<"$stderr" >said
    diff said - <<END
  NO JOB a/Forged?[2J.fxp
  NO JOB a job
  NO JOB no record
  NO JOB $(sed -n '2s|.*"preset_path":"'"$library"'/\([^"]*\)".*|\1|p' records)
render-presets: records that are of no job of this run, or of one that has its record, were not counted
END
    # Nor are they events.
    run -1 --separate-stderr kit/render-presets "$library" out --fxp "$synth" --workers 1 --json
    [[ $(jq -r 'select(.event == "result").status' <<<"$output" | sort | uniq -c | xargs) == '6 ok' ]]
    [[ $(jq -r 'select(.event == "done") | [.ok, .skipped, .failed] | @csv' <<<"$output") == 6,0,0 ]]
}
