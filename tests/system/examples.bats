#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The files in examples/ and the commands of README.md do what they say.

load ../helper

# Presets of a real instrument, and of one that loads in a tenth of the time, where only files count.
plain=$root/build/tests/plugins/plain_synth.so
setup_file() {
    preset-export "$amsynth" -o real --programs 128-131 >/dev/null
    preset-export "$plain" -o plain --programs 0-3 >/dev/null
    for number in {0..3}; do mv plain/000"$number"* "plain/$((128 + number)).fxp"; done
}

# presets_of KIND: real or plain ones, in the folder presets.
presets_of() { cp -r "$BATS_FILE_TMPDIR/$1" presets; }

@test "every example is run here" {
    # Those of logic libraries are in tests/lib/logic.bats.
    for example in "$root"/examples/*.*; do
        grep -qF "examples/${example##*/}" "$BATS_TEST_FILENAME" || fail "${example##*/} is not"
    done
}

@test "render.mk renders what is new or has changed, and nothing else" {
    presets_of plain
    render=(make -j2 -f "$root/examples/render.mk" PRESETS=presets OUT=out PLUGIN="$plain")
    mv presets/128.fxp "presets/an \$odd 'name' #1: 50%.fxp"
    "${render[@]}"
    [[ $(find out -name '*.wav' | wc -l) == 4 ]]
    [[ $(jq -r .status out/*.json | sort | uniq -c) == *"4 ok" ]]
    run -0 "${render[@]}"
    [[ $output == *"Nothing to be done"* ]]

    # Later than the plug-in.
    find out -type f -exec touch -d 2101-02-03 {} +
    touch -d 2100-01-01 presets/*
    touch -d 2102-01-01 presets/129.fxp
    cp presets/130.fxp presets/new.fxp
    touch -d 2100-01-01 presets/new.fxp
    "${render[@]}"
    [[ $(find out -name '*.wav' ! -newermt 2100-01-01 | wc -l) == 2 ]]
    [[ -s out/new.wav ]]
}

@test "render.mk renders again when a render failed" {
    presets_of plain
    head -c 50 presets/128.fxp >presets/torn.fxp
    run -2 make -f "$root/examples/render.mk" PRESETS=presets OUT=out PLUGIN="$plain"
    [[ $(jq -r .error_kind out/torn*.json) == corrupt ]]
    rm presets/torn.fxp
    run -0 make -f "$root/examples/render.mk" PRESETS=presets OUT=out PLUGIN="$plain"
    [[ $(find out -name '*.wav' | wc -l) == 4 ]]
}

@test "render.mk runs no command from the name of a preset or folder" {
    presets_of plain
    mkdir "presets/%: x|y=z"
    mv presets/128.fxp 'presets/a.fxp;touch${IFS}PWNED;true.fxp'
    mv presets/129.fxp 'presets/$(shell touch PWNED)`touch PWNED`.fxp'
    mv presets/130.fxp "presets/%: x|y=z/\$(touch PWNED) & ' := #.fxp"
    run -0 make -f "$root/examples/render.mk" PRESETS=presets OUT=out PLUGIN="$plain"
    [[ $(find out -name '*.wav' | wc -l) == 4 ]]
    [[ -z $(find . -name 'PWNED*') ]]
    run -0 make -f "$root/examples/render.mk" PRESETS=presets OUT=out PLUGIN="$plain"
    [[ $output == *"Nothing to be done"* ]]
}

@test "render.mk takes a folder with a space in its name, and goes on after what cannot be listed" {
    mkdir "my presets"
    preset-export -o "my presets" --programs 0-1 "$amsynth" >/dev/null
    ln -s nowhere "my presets/dangling.fxp"
    run -0 --separate-stderr make -f "$root/examples/render.mk" PRESETS="my presets" OUT=out
    [[ $stderr == *"dangling.fxp"* && $(find out -name '*.wav' | wc -l) == 2 ]]
}

@test "render.mk renders deleted files and files with other settings again" {
    presets_of plain
    render=(make -f "$root/examples/render.mk" PRESETS=presets OUT=out PLUGIN="$plain")
    "${render[@]}"
    rm out/128*.wav
    touch -d 2001-02-03 out/129*
    "${render[@]}"
    [[ $(find out -name '*.wav' | wc -l) == 4 ]]
    "${render[@]}" GRID='--set tail=0.5'
    [[ $(jq -r .frames out/*.json | sort -u) == 66150 ]]
}

@test "jq-in-the-middle.sh chooses, sets fields and keeps its own" {
    presets_of real
    mv presets/0128* "presets/Fat Bass.fxp"
    mv presets/0129* "presets/Wide PAD.fxp"
    mv presets/0130* "presets/Draft 7.fxp"
    run -0 --separate-stderr "$root/examples/jq-in-the-middle.sh" presets out "$amsynth"
    ((${#lines[@]} == 3))
    [[ -z $stderr ]]
    [[ $(jq -r '[.kind, .note, .frames] | @tsv' out.ndjson | sort) == \
        $'bass\t36\t55125\nother\t\t88200\npad\t60\t220500' ]]
    [[ $(find out -name '*.wav' | wc -l) == 3 ]]
}

@test "one-file.sh makes one file of another in every way there is" {
    "$root/tests/make-fixtures.py" made
    /usr/bin/python3 - <<'END'
import mido
file = mido.MidiFile(ticks_per_beat=480)
track = mido.MidiTrack()
file.tracks.append(track)
track.append(mido.Message('note_on', note=50, time=0))
track.append(mido.Message('note_off', note=50, time=480))
file.save('tune.mid')
END
    presets_of plain
    run -0 --separate-stderr "$root/examples/one-file.sh" out made/small.SerumPreset presets/128.fxp "$plain" tune.mid
    [[ -z $output && -z $stderr ]]
    cd out
    [[ $(head -c 4 preset.state) == 'VC2!' && $(head -c 8 preset.component) == XferJson ]]
    diff <(jq .metadata preset.json) <(jq . preset-metadata.json)
    serum-unwrap --to json copy.SerumPreset | cmp - preset.json
    serum-unwrap --to json copy.state | diff <(jq .data state.json) <(jq .data -)
    [[ $(serum-unwrap --to metadata renamed.SerumPreset | jq -r .presetName) == Renamed ]]
    [[ $(jq -r .preset_format headers.ndjson) == $'serum2\nfxp' ]]
    [[ $(jq .midi_duration length.ndjson) == 0.5 ]]
    [[ $(cat {note,exact,small,numpy,tune,flac}.ndjson | jq -r .status | uniq -c) == *"6 ok" ]]
    [[ $(soxi -s note.wav) == 88200 && $(soxi -b exact.wav) == 32 && $(soxi -s tune.wav) == 66150 ]]
    [[ $(sox note.wav -t raw - | md5sum) == "$(sox note.flac -t raw - | md5sum)" ]]
    wav-diff -q note.wav small.flac
    warm_python -c 'import numpy; assert numpy.load("numpy.npy").shape == (2, 88200)'
}

@test "random-sounds.sh makes labelled sounds, the same in any order and run" {
    run -0 "$root/examples/random-sounds.sh" out 24
    [[ $(jq -c . <<<"$output") == '{"ok":24}' && $(find out -name '*.npy' | wc -l) == 24 ]]
    [[ $(jq -r .audio_hash out.ndjson | sort -u | wc -l) == 24 ]]
    jq -es 'all((.parameters | length) > 30 and (.parameters | has("master_vol") | not) and .frames == 44100)' out.ndjson
    command jq -c '{parameters, audio_hash}' out.ndjson >first
    run -0 "$root/examples/random-sounds.sh" out 30
    command jq -c '{parameters, audio_hash}' out.ndjson | head -n 24 | cmp - first
}

@test "lv2-previews.sh plays the presets of LV2 plug-ins through a reverb into MP3 files" {
    run -0 "$root/examples/lv2-previews.sh" /usr/lib/lv2/mda.lv2/Piano-presets.ttl out
    [[ $(jq -c . <<<"$output") == '{"ok":8}' ]]
    [[ $(jq -r .plugin out.ndjson | sort -u) == "MDA Piano + MDA Ambience" ]]
    [[ $(jq -r .audio_hash out.ndjson | sort -u | wc -l) -ge 7 ]]
    for file in out/*/*.mp3; do [[ $(head -c 3 "$file") == ID3 ]]; done
    jq -es 'all(.tail_ended and .frames > 66150)' out.ndjson
    [[ $(find out -name '*.mp3' | wc -l) == 8 ]]
}

@test "effects.sh sends a folder of files through a chain, the same in any order" {
    mkdir -p "in/a b"
    for number in {1..12}; do
        sox -n -r 22050 -c 1 "in/a b/$number.flac" synth 0.2 pluck "$((200 + 20 * number))"
        sox -n -r 44100 -c 2 "in/$number.wav" synth 0.1 noise gain -12
    done
    run -0 "$root/examples/effects.sh" in out
    [[ $(jq -c . <<<"$output") == '{"ok":24}' ]]
    [[ $(find out -name '*.wav' | wc -l) == 24 && -s "out/a b/3.wav" ]]
    [[ $(jq -r .audio_hash out.ndjson | sort -u | wc -l) == 24 ]]
    jq -es 'all(.tail_ended and .plugin == "MDA Dynamics + MDA Ambience")' out.ndjson
}

# The commands in README.md, except those of make, which build and test.
readme_commands() { sed -n '/^```sh$/,/^```$/{/^```/d; /^make /d; p}' "$root/README.md"; }

@test "README's commands run as they stand, one after the other, where the tools have been built" {
    mkdir build
    ln -s "$bin" build/bin
    # Without those that render all programs, which would take a minute.
    preset-export() {
        [[ $* == *--programs* ]] || set -- --programs 128-131 "$@"
        command preset-export "$@"
    }
    export -f preset-export
    readme_commands >commands
    grep -q render-one commands
    run -0 --separate-stderr env PATH=/usr/bin:/bin bash -euo pipefail commands
    [[ $(jq -r .status results.ndjson | sort | uniq -c) =~ ^\ *160\ ok$ ]]
    [[ $(find out -mindepth 2 -name '*.wav' | wc -l) == 160 ]]
    [[ $(find out -maxdepth 1 -name '*.wav' | wc -l) == 16 ]]
    [[ $stderr != *": command not found"* && $stderr == *real* ]]
}

@test "song-definition.jq turns a definition into a song" {
    echo '{"meta": {"tempo": 100}, "tracks": [{"name": "Keys", "clips": [
        {"position": 0, "length": 1.2, "notes": [{"beat": 0, "beats": 2, "note": 60}]}]}]}' >song.json
    command jq -cf "$root/examples/song-definition.jq" song.json | song-write -o song.mid
    [[ $(midi-duration song.mid | jq .midi_duration) == 1.2 ]]
}

# tone FILE [SED-COMMAND]: the example of a logic library, changed.
tone() {
    sed "${2-}" "$root/examples/logic/tone.c" >"$1.c"
    gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden "-I$built/include" -o "$1" "$1.c" -lm
}

@test "render.mk renders a folder again when the plug-in was built again, and entr waits for that" {
    tone tone.so
    printf '{"filename_stem":"%s","parameters":{"Level":"%s"}}\n' loud -6 soft -30 |
        preset-export -o sounds -p ./tone.so >/dev/null
    render=(make -f "$root/examples/render.mk" PRESETS=sounds OUT=out PLUGIN=./tone.so)
    echo tone.so | entr -n "${render[@]}" >log 2>&1 3>&- &
    entr=$!
    # The hashes of both, once both records are there.
    hashes() { jq -ers 'map(.audio_hash) | select(length == 2) | join(" ")' out/*.json 2>/dev/null; }
    until first=$(hashes); do sleep 0.05; done
    [[ ${first% *} != "${first#* }" ]]
    sleep 1 # entr does not look while the command runs
    tone next.so 's/0.995f/0.996f/'
    mv next.so tone.so
    until second=$(hashes) && [[ ${second% *} != "${first% *}" && ${second#* } != "${first#* }" ]]; do sleep 0.05; done
    kill "$entr"
    wait "$entr" || true
    run -0 "${render[@]}"
    [[ $(jq -r .status out/*.json | sort | uniq -c) == *"2 ok" ]]
}

@test "compare-builds.sh tells what a build changed, and by how much it is late" {
    tone old.so
    tone same.so 's/A logic library/The same library/'
    tone louder.so 's/powf(10/1.01f * powf(10/'
    run -0 "$root/examples/compare-builds.sh" ./old.so ./same.so same
    jq -es 'length == 3 and all(.equal and .lag_frames == 0)' <<<"$output"
    run -1 "$root/examples/compare-builds.sh" ./old.so ./louder.so louder
    # A hundredth of the sound is left.
    jq -es 'length == 3 and all((.equal | not) and .lag_frames == 0 and (.residual_db + 40 | fabs) < 0.01)' <<<"$output"
    RESIDUAL_DB=-39 run -0 "$root/examples/compare-builds.sh" ./old.so ./louder.so louder
    # A build whose output is 10 frames late.
    tone late.so 's/block->outputs\[0\]\[frame\] = \(.*\);/static float line[10]; static unsigned at; block->outputs[0][frame] = line[at % 10]; line[at++ % 10] = \1;/'
    echo '{"note":40,"duration":0.5}' >jobs.ndjson
    run -1 "$root/examples/compare-builds.sh" ./old.so ./late.so late jobs.ndjson
    jq -es 'length == 1 and .[0].lag_frames == 10 and .[0].residual_db == null' <<<"$output"
}

@test "bisect-sound.sh leads git to the commit that changed the sound" {
    git init -q repository
    cd repository
    git config user.name Test
    git config user.email test@example.org
    commit() {
        tone tone.so "$1"
        rm tone.so
        git add tone.so.c
        git commit -qm "$2"
    }
    commit '' first
    tone ../good.so
    commit 's/Brightness/Colour/' 'a name'
    # One that does not compile is skipped.
    sed -i 's/struct tone {/struct {/' tone.so.c
    git commit -qam broken
    commit 's/Brightness/Colour/; s/"1"/"2"/' 'a version'
    commit 's/Brightness/Colour/; s/0.995f/0.996f/' 'another release'
    commit 's/Brightness/Colour/; s/0.995f/0.996f/; s/Peak/Level/' 'a meter'
    git bisect start HEAD HEAD~5
    run -0 git bisect run "$root/examples/bisect-sound.sh" ../good.so ./tone.so \
        gcc -std=c11 -O2 -shared -fPIC "-I$built/include" -o tone.so tone.so.c -lm
    [[ $(git log -1 --format=%s refs/bisect/bad) == "another release" ]]
}

@test "every example shows its usage with -h, and without operands as an error" {
    for example in "$root"/examples/*.sh; do
        run -0 --separate-stderr "$example" -h
        [[ ${lines[0]} == "usage: "*"${example##*/}"* && ${#lines[@]} -gt 2 && $output != *"set -"* && -z $stderr ]] || fail "$output"
        usage=$output
        run --separate-stderr "$example"
        [[ $status == $([[ $example == */bisect-sound.sh ]] && echo 128 || echo 2) && -z $output && $stderr == "$usage" ]] || fail "$example: $status"
    done
}
