#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the examples of the manual pages unchanged, each in a folder with the files that they name:
# presets, MIDI files, renders and plug-ins. Serum2.vst3 is a VST3 of ours that accepts Serum's
# states, and sbatch runs tasks of an array one after the other. Without THOROUGH=1 these are some of
# them, and all installed plug-ins are three.

load ../helper

# Examples that cannot be run here, [PAGE NUMBER]=REASON.
declare -gA not_run=([render-song.1 4]="says on standard error what is missing" [render-song.1 6]="REAPER is not here")

# Examples that find a difference and end with status 1.
declare -gA status_of=([serum-unwrap.1 2]=1 [wav-diff.1 2]=1 [song-jobs.1 4]=1)

# Examples without output here, since every plug-in loads.
declare -gA quiet=([plugin-probe.1 2]=1)

# Writes each example of a page into a file named after its number: .Dl lines, and the text between
# .Bd -literal and .Ed.
examples_of() {
    local installed='s|/usr/lib/vst/\*|vst/*|'
    [[ -z ${THOROUGH:-} ]] || installed=
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$root/man/$1" |
        sed 's/\\e/\\/g; s/\\(aq/'"'"'/g; s/\\(dq/"/g; s/\\-/-/g; s/\\&//g; s/^\$ //' |
        sed "$installed" |
        awk '/^\.Bd -literal/ { n++; within = 1; next }
            /^\.Ed/ { within = 0 }
            sub(/^\.Dl /, "") { n++; print >n }
            within { print >n }'
}

setup_file() {
    mkdir stage
    cd stage || return
    mkdir bin library presets-fxp presets-serum riffs tunes before after programs
    cp /usr/share/faust/examples/generator/{osc,noise}.dsp programs
    cp programs/osc.dsp organ.dsp
    preset-export -o presets-fxp --programs 128-131 "$amsynth" >/dev/null
    mv presets-fxp/0128* presets-fxp/a.fxp
    mv presets-fxp/0129* presets-fxp/b.fxp
    cp presets-fxp/b.fxp presets-fxp/c.fxp
    ln -s "$amsynth" "$root/examples" .
    # Where an example means all plug-ins that are installed: one of them locks while it plays.
    mkdir vst
    ln -s "$amsynth" /usr/lib/vst/{3BandEQ,glBars}-vst.so vst
    [[ -n ${THOROUGH:-} ]] || export VST_PATH=$PWD/vst VST3_PATH=$PWD/vst
    mkdir old new
    ln -s "$amsynth" old
    ln -s "$amsynth" new
    "$root/tests/make-fixtures.py" made
    "$root/tests/make-projects.py" made
    cp made/whole.rpp song.rpp
    echo '{"type":"track","track":"t"}{"type":"fx","fx":"f","track":"t","plugin_path":"amsynth_vst.so","instrument":true}
        {"type":"note","track":"t","beat":0,"beats":1,"note":48,"velocity":100}' | jq -c . >hand.ndjson
    echo '{"tracks": [{"name": "Bass", "plugins": [{"name": "ReaEQ"}]}]}' >song.json
    cp made/small.SerumPreset A.SerumPreset
    cp made/whole.SerumPreset B.SerumPreset
    cp made/whole.SerumPreset Bass.SerumPreset
    cp made/two.fxb Factory.fxb
    cp made/parameters.fxp Bass.fxp
    cp made/parameters.fxp Lead.fxp
    cp made/full.vstpreset A.vstpreset
    cp A.SerumPreset B.SerumPreset presets-serum
    rm -r made
    cp presets-*/* library
    # What song.rpp names, elsewhere; nothing is in the folder for it.
    mkdir media
    echo kick >'library/a kick.wav'
    echo b >library/b.flac
    local macro=("$root"/build/tests/plugins/MacroSynth.vst3/Contents/*)
    mkdir -p "Serum2.vst3/Contents/${macro[0]##*/}"
    ln -s "${macro[0]}/MacroSynth.so" "Serum2.vst3/Contents/${macro[0]##*/}/Serum2.so"
    /usr/bin/python3 - <<'PYTHON'
import mido
for name, beats in {"song": 1, "riffs/one": 1, "riffs/two": 2, "tunes/one": 1, "tunes/two": 2, "long": 1300}.items():
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(mido.MidiTrack([mido.Message("note_on", note=50, time=0),
                                       mido.Message("note_off", note=50, time=480 * beats)]))
    file.save(name + ".mid")
PYTHON
    printf '%s\t%s\n' presets/a.fxp 60 presets/b.fxp 72 >table.tsv
    for job in 'a before.wav' 'a after.wav' 'a before/a.wav' 'a after/a.wav' 'a before/b.wav' 'b after/b.wav' \
        'b kept.wav' 'a sixteen.wav' 'a float.wav'; do
        depth=16
        [[ $job != *float* ]] || depth=32f
        length='"duration":0.3,"tail":0.2'
        # An example renders this one again, as long as it is without a word.
        [[ $job != *kept* ]] || length='"tail":1'
        echo "{$length,\"preset_path\":\"presets-fxp/${job%% *}.fxp\",\"output_path\":\"${job#* }\",\"bit_depth\":\"$depth\"}"
    done | render-one --fxp "$amsynth" >/dev/null
    "$root/tests/make-module.py" song.mod <<<'{"patterns": [{"0": ["C-2 01 000"], "3": ["... 00 D00"]}]}'
    # Six seconds of Impulse Tracker, or half a second of ProTracker.
    cp song.mod song.it
    [[ -z ${THOROUGH:-} ]] || cp /usr/share/games/pingus/data/music/success_1.it song.it
    printf 'PATTERN:\nSAMPLE:kick\n' >song.txt
    mkdir assets && sox -n assets/kick.wav synth 0.1 square 100
    ffmpeg -v error -f lavfi -i testsrc=s=64x64 -frames:v 1 cat.png
    # One that sounds, two that sound the same and are silent, and one that failed.
    cat >results.ndjson <<'END'
{"preset_path":"presets/c.fxp","output_path":"out/0.wav","status":"ok","silent":false,"peak":0.5,"rms_db":-12,"audio_hash":"xxh128:00000000000000000000000000000001"}
{"preset_path":"presets/a.fxp","output_path":"out/1.wav","status":"ok","silent":true,"audio_hash":"xxh128:00000000000000000000000000000000"}
{"preset_path":"presets/b.fxp","output_path":"out/2.wav","status":"ok","silent":true,"audio_hash":"xxh128:00000000000000000000000000000000"}
{"preset_path":"presets/b.fxp","output_path":"out/3.wav","status":"error","error_kind":"timeout","error":"out of time"}
END
    cat >bin/sbatch <<'END'
#!/bin/bash
[[ $1 == --array=*-* && $2 == --wrap && $# == 3 ]] || exit
range=${1#--array=}
step=33
[[ ! $THOROUGH ]] || step=1
for task in $(seq "${range%-*}" "$step" "${range#*-}"); do SLURM_ARRAY_TASK_ID=$task bash -c "$3" || exit; done
END
    echo '[[ $(head -c 4) == RIFF ]] && cat >/dev/null' >bin/aplay
    chmod +x bin/*
    grep '^{"type":' "$root/man/render-song.1" >hello.ndjson
}

# The examples are not about isolation.
setup() { certified "$amsynth"; }

# check_example PAGE NUMBER, in a copy of the stage.
check_example() {
    local kind=fxp
    cp -a "$BATS_FILE_TMPDIR/stage" "stage-$2"
    cd "stage-$2" || return
    if grep -qE -e '--(serum2|meta)' "../$2" && ! grep -q amsynth "../$2"; then kind=serum; fi
    mv "presets-$kind" presets
    touch marker
    run "-${status_of[$*]-0}" --separate-stderr env PATH="$PWD/bin:$PATH" bash -euo pipefail "../$2"
    # There are no error messages.
    [[ ! $stderr =~ (^|$'\n')[a-z0-9./-]+:\  ]]
    # It has written something, but no record of an error.
    mapfile -t found < <(find . -newer marker -type f -size +0)
    [[ -n $output || ${#found[@]} -gt 0 || -v quiet["$*"] ]]
    for file in "${found[@]}"; do
        [[ $file != *.ndjson ]] || jq -se 'all(.status != "error")' "$file" >/dev/null
    done
}

# check_page PAGE: names all examples that fail.
check_page() {
    local number failed=
    examples_of "$1"
    [[ -s 1 ]]
    for number in $(seq "$(find . -maxdepth 1 -name '[0-9]*' | wc -l)"); do
        [[ ! -v not_run["$1 $number"] ]] || continue
        (
            trap 'printf "%s\n" "$(<"$BATS_TEST_TMPDIR/$number")" "line $LINENO: $BASH_COMMAND" "$output" "$stderr"' ERR
            check_example "$1" "$number"
        ) &
        wait $! || failed+=" $number"
    done
    [[ -z $failed ]] || fail "$1: these examples do not do what they say:$failed"
}

@test "every manual page with examples is run here" {
    diff <(grep -l '^\.Sh EXAMPLES' "$root"/man/* | sed 's|.*/||') \
        <(grep -oP '^ +check_page \K\S+' "$BATS_TEST_FILENAME" | sort)
    # And every example that is left out exists.
    for example in "${!not_run[@]}"; do
        examples_of "${example% *}"
        [[ -s ${example#* } ]]
        rm ./[0-9]*
    done
}

@test "the examples of audio-edit(1)" {
    check_page audio-edit.1
}

@test "the examples of audio-measure(1)" {
    check_page audio-measure.1
}

@test "the examples of assign-paths(1)" {
    check_page assign-paths.1
}

@test "the examples of audio-mix(1)" {
    check_page audio-mix.1
}

@test "the examples of faust-build(1)" {
    check_page faust-build.1
}

@test "the examples of job-grid(1)" {
    check_page job-grid.1
}

@test "the examples of match-files(1)" {
    check_page match-files.1
}

@test "the examples of midi-duration(1)" {
    check_page midi-duration.1
}

@test "the examples of patchpipe-faust(5)" {
    check_page patchpipe-faust.5
}

@test "the examples of patchpipe-logic(5)" {
    export C_INCLUDE_PATH=$built/include # as if it were installed
    check_page patchpipe-logic.5
}

@test "the examples of patchpipe-record(5)" {
    check_page patchpipe-record.5
}

@test "the examples of patchpipe(7)" {
    check_page patchpipe.7
}

@test "the examples of plugin-measure(1)" {
    check_page plugin-measure.1
}

@test "the examples of play-one(1)" {
    check_page play-one.1
}

@test "the examples of plugin-probe(1)" {
    check_page plugin-probe.1
}

@test "the examples of preset-convert(1)" {
    check_page preset-convert.1
}

@test "the examples of preset-export(1)" {
    check_page preset-export.1
}

@test "the examples of preset-random(1)" {
    check_page preset-random.1
}

@test "the examples of preset-scan(1)" {
    check_page preset-scan.1
}

@test "the examples of render-one(1)" {
    check_page render-one.1
}

@test "the examples of render-presets(1)" {
    check_page render-presets.1
}

@test "the examples of render-module(1)" {
    check_page render-module.1
}

@test "the examples of render-song(1)" {
    check_page render-song.1
}

@test "the examples of serum-unwrap(1)" {
    check_page serum-unwrap.1
}

@test "the examples of serum-wrap(1)" {
    check_page serum-wrap.1
}

@test "the examples of song-read(1)" {
    check_page song-read.1
}

@test "the examples of song-jobs(1)" {
    check_page song-jobs.1
}

@test "the examples of song-draw(1)" {
    check_page song-draw.1
}

@test "the examples of song-mix(1)" {
    check_page song-mix.1
}

@test "the examples of module-render(1)" {
    check_page module-render.1
}

@test "the examples of song-write(1)" {
    check_page song-write.1
}

@test "the examples of wav-diff(1)" {
    check_page wav-diff.1
}
