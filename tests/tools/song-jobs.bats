#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The jobs of songs, and what render-one and song-mix make of them. mido reads the MIDI files, NumPy
# adds up what goes into effects.

load ../helper

# record TYPE FIELDS: one line of a song.
record() { echo "{\"type\":\"$1\",$2}"; }
track() { record track "\"track\":\"$1\"${2:+,$2}"; }
# fx ID TRACK PLUGIN [FIELDS]
fx() { record fx "\"fx\":\"$1\",\"track\":\"$2\",\"plugin_path\":\"$3\"${4:+,$4}"; }
# note TRACK TIME LENGTH NOTE [FIELDS]
note() { record note "\"track\":\"$1\",\"time\":$2,\"length\":$3,\"note\":$4,\"velocity\":100${5:+,$5}"; }
# item ID TRACK TIME LENGTH SOURCE [FIELDS]; a SOURCE without a brace is an audio file.
item() {
    local source=$5
    [[ $source == '{'* ]] || source="{\"kind\":\"audio\",\"path\":\"$5\"}"
    record item "\"item\":\"$1\",\"track\":\"$2\",\"time\":$3,\"length\":$4,\"source\":$source${6:+,$6}"
}
send() { record send "\"send\":\"$1>$2\",\"source_track\":\"$1\",\"track\":\"$2\"${3:+,$3}"; }
mda=http://drobilla.net/plugins/mda
synth='"instrument":true'

# No plug-ins but those that a test names.
setup() { export VST_PATH=/usr/lib/vst VST3_PATH=$PWD/vst3; }

# job TRACK FILTER: what jq makes of its job in the file jobs.ndjson.
job() { command jq -c --arg track "$1" "select(.track == \$track) | $2" jobs.ndjson; }

# notes FILE: for each note-on the seconds, note and channel, one a line.
notes() {
    /usr/bin/python3 - "$1" <<'END'
import sys, mido
time = 0
for message in mido.MidiFile(sys.argv[1]):
    time += message.time
    if message.type == "note_on" and message.velocity:
        print("%.3f %d %d" % (time, message.note, message.channel + 1))
END
}

# render_stages SONG [OPTION...]: all stages, one after the other, into the file `results`.
render_stages() {
    song-jobs -o work "$@" >jobs.ndjson
    : >results
    for ((stage = 1; stage <= $(jq -s 'map(.stages) | max // 0' jobs.ndjson); ++stage)); do
        song-jobs -o work --stage "$stage" "$@" | song-mix --inputs | render-one >>results
    done
}

tone() { sox -n -r 44100 -c 2 "$1" synth "$2" sine "$3" gain -6; }

# A synth in a folder, a tone, a delay that both send to, and a master with an effect.
whole_song() {
    record song '"sample_rate":44100'
    record tempo '"time":0,"bpm":120,"ramp":true'
    record tempo '"time":4,"bpm":60'
    track master '"gain":0.5' && fx m master $mda/Limiter
    track folder && fx f folder $mda/Overdrive
    track synth '"parent":"folder","gain":0.7,"pan":0.25' && fx s synth amsynth_vst.so "$synth"
    note synth 0 0.5 60 && note synth 2 0.25 67
    track tone '"gain":0.5' && item i tone 0.25 0.75 tone.wav
    track delay && fx d delay $mda/Delay '"wet":0.5'
    send tone delay '"gain":0.5' && send synth delay '"gain":0.25,"pan":-1,"midi":31'
}

@test "a track with an instrument is a job that plays its notes, and its audio is that of the note" {
    { track t1 '"name":"Bass"' && fx f t1 "$amsynth" "$synth" && note t1 0 0.5 36; } >song
    song-jobs -o work --tail 1 song >jobs.ndjson
    [[ $(job t1 '[.track_name, .stage, .stages, .plugin_path, .tail, .bit_depth, .sample_rate]') == \
        "[\"Bass\",1,1,\"$amsynth\",1,\"32f\",44100]" ]]
    [[ $(job t1 .output_path) == "\"$PWD/work/stems/t1.wav\"" && $(job t1 .midi_duration) == 0.5 ]]
    run -0 render-one <jobs.ndjson
    hash=$(field audio_hash)
    run -0 render-one --plugin "$amsynth" '{"note":36,"velocity":100,"duration":0.5,"tail":1,"output_path":"/dev/null"}'
    [[ $(field audio_hash) == "$hash" ]]
}

@test "the MIDI file follows the song's tempo, with its ramp" {
    {
        record tempo '"time":0,"bpm":120,"ramp":true'
        record tempo '"time":4,"bpm":60'
        record signature '"time":0,"numerator":3,"denominator":4'
        track t && fx f t "$amsynth"
        for time in 0 1.2347 2 3.5 6; do note t $time 0.1 60; done
        record note '"track":"t","beat":3.5,"beats":1,"note":61,"velocity":1' # (120 + 90) / 2 / 60 * 2
    } >song
    song-jobs -o work song >jobs.ndjson
    diff <(notes work/midi/t.mid) - <<'END'
0.000 60 1
1.235 60 1
2.000 60 1
2.000 61 1
3.500 60 1
6.000 60 1
END
    /usr/bin/python3 -c 'import mido
assert [m.numerator for t in mido.MidiFile("work/midi/t.mid").tracks for m in t if m.type == "time_signature"] == [3]'
}

@test "an item's notes are those that it plays: cut, looped, moved, and of the take that is active" {
    local midi='{"kind":"midi","beats":2,"ticks_per_beat":960}'
    {
        track t && fx f t "$amsynth"
        # Two beats, which take a second: the first note is repeated, the second is cut off.
        item a t 1 1.75 "$midi" '"loop":true'
        record note '"track":"t","item":"a","time":1,"length":0.25,"note":60,"velocity":100'
        record note '"track":"t","item":"a","time":1.9,"length":0.05,"note":61,"velocity":100'
        record note '"track":"t","item":"a","time":1.5,"length":0.05,"note":62,"velocity":100,"muted":true'
        item b t 4 1 "$midi" '"mute":true'
        record note '"track":"t","item":"b","time":4,"length":0.1,"note":70,"velocity":100'
        item c t 5 1 "$midi" '"take":1,"takes":2'
        record note '"track":"t","item":"c","time":5,"length":0.1,"note":80,"velocity":100'
        item c.2 t 5 1 "$midi" '"take":2,"takes":2,"active":true'
        record note '"track":"t","item":"c.2","time":5,"length":0.1,"note":81,"velocity":100'
    } >song
    song-jobs -o work song >jobs.ndjson
    diff <(notes work/midi/t.mid) <(printf '%s\n' '1.000 60 1' '1.900 61 1' '2.000 60 1' '5.000 81 1')
    [[ $(job t .midi_duration) == 6 ]]
    sed '/"item":"c"/s/"take":1/"all_takes":true,"take":1/' song >all
    song-jobs -o work all >jobs.ndjson
    [[ $(notes work/midi/t.mid | tail -n 2) == $'5.000 80 1\n5.000 81 1' ]]
}

@test "MIDI comes through sends on their channels, and from the folder's tracks" {
    {
        track t && fx f t "$amsynth" "$synth"
        track child '"parent":"t"' && note child 1 0.1 61
        track sends && note sends 2 0.1 62 && note sends 2 0.1 63 '"channel":3'
        # From channel 3 to channel 5.
        send sends t "\"source_channel\":-1,\"midi\":$((3 + 5 * 32))"
        track none && note none 3 0.1 64
        send none t '"midi":31'
        track muted '"mute":true' && note muted 4 0.1 65
        send muted t
    } >song
    song-jobs -o work song >jobs.ndjson
    diff <(notes work/midi/t.mid) <(printf '%s\n' '1.000 61 1' '2.000 63 5')
    # One track in two ways, and in a circle that leads each channel to the next.
    {
        track t && fx f t "$amsynth" "$synth"
        track two && note two 1 0.1 61 && note two 1 0.1 62 '"channel":2'
        record send "\"send\":\"a\",\"source_track\":\"two\",\"track\":\"t\",\"source_channel\":-1,\"midi\":1"
        record send "\"send\":\"b\",\"source_track\":\"two\",\"track\":\"t\",\"source_channel\":-1,\"midi\":$((2 + 7 * 32))"
        track round && record send "\"send\":\"c\",\"source_track\":\"round\",\"track\":\"two\",\"source_channel\":-1"
        for channel in 1 2 3; do
            record send "\"send\":\"r$channel\",\"source_track\":\"two\",\"track\":\"round\",\"source_channel\":-1,\"midi\":$((channel + (channel % 3 + 1) * 32))"
        done
    } >song
    song-jobs -o work song >jobs.ndjson
    diff <(notes work/midi/t.mid | sort -u) <(printf '%s\n' '1.000 61 1' '1.000 61 7' '1.000 62 1' '1.000 62 7')
}

@test "effects are links with their states, wet part and envelopes" {
    preset-export -o presets --programs 7 "$amsynth" >/dev/null
    mv presets/*.fxp a.fxp
    {
        track t && fx f t "$amsynth" "$synth,\"state\":\"$(base64 -w 0 a.fxp)\""
        fx off t $mda/Delay '"bypass":true' && fx d t $mda/Delay '"wet":0.25'
        record envelope '"envelope":"e","fx":"d","track":"t","target":"parameter","parameter":{"index":2,"min":-1,"max":1},"points":[[1,0],[2,1,"square"],[3,-1],[4,0,"slow"],[5,1]]'
        record envelope '"envelope":"e2","fx":"d","track":"t","target":"parameter","active":false,"parameter":{"index":1},"points":[[0,0]]'
        fx p t $mda/Overdrive '"preset_path":"b.fxp"'
        note t 0 1 60
    } >song
    song-jobs -o work song >jobs.ndjson
    [[ $(job t '[.chain[] | [.plugin_path, .wet, .preset_path]]') == \
        "[[\"$mda/Delay\",0.25,null],[\"$mda/Overdrive\",null,\"$PWD/b.fxp\"]]" ]]
    cmp a.fxp "$(jq -r .state_path jobs.ndjson)"
    [[ $(job t '.chain[0].automation | length, .[0].parameter') == $'1\n"#2"' ]]
    [[ $(job t '.chain[0].automation[0].points[:6]') == '[[0,0.5],[1,0.5],[2,1],[3,1],[3,0],[4,0.5]]' ]]
    # A slow curve is half way in the middle, and x²(3 - 2x) at a tenth.
    [[ $(job t '[.chain[0].automation[0].points[] | select(.[0] == 4.1, .[0] == 4.5, .[0] == 5) | .[1] * 1e6 | round]') == '[514000,750000,1000000]' ]]
}

@test "envelopes of what is REAPER's own in an effect are refused" {
    envelope() { record envelope "\"envelope\":\"e\",\"fx\":\"d\",\"track\":\"t\",\"target\":\"parameter\",\"points\":[[0,1]],$1"; }
    with_envelope() { track t && fx d t $mda/Delay && tone tone.wav 1 440 && item i t 0 1 tone.wav && envelope "$1"; }
    for name in wet bypass; do
        with_envelope "\"parameter\":{\"index\":7,\"id\":\"7:$name\"}" >song
        run -1 song-jobs -o work song
        [[ $output == *"d: has an envelope for REAPER's own parameter '$name'"* && ! -e work ]]
    done
    with_envelope '"active":false,"parameter":{"index":7,"id":"7:wet"}' >song
    song-jobs -o work song >none
    with_envelope '"automation_items":1,"parameter":{"index":2,"id":"2:_Level"}' >song
    run -1 --separate-stderr song-jobs -o work song
    [[ $stderr == *"e: has automation items, which cannot be followed"* ]]
}

@test "what no mix would follow is said before anything is rendered" {
    record song '"play_rate":1.5' >shifted
    { track t '"play_offset":0.1,"play_offset_flags":0' && fx f t amsynth_vst.so "$synth" && note t 0 1 60; } >>shifted
    run -1 song-jobs -o work shifted
    [[ $(jq -r .error <<<"$output") == "song: plays at the rate 1.5,"*$'\n'"t: has a playback offset, "* && ! -e work ]]
    run -0 --separate-stderr song-jobs -o work --allow-missing shifted
    [[ $stderr == *"left out: song: plays at the rate"* && $(field track) == t ]]
}

@test "chains that need audio are in later stages, and get what NumPy adds up" {
    tone tone.wav 1 440
    whole_song >song
    render_stages song
    [[ $(jq -r 'select(.status != "ok") | .error' results) == '' ]]
    [[ $(jq -sc 'map([.track, .stage])' jobs.ndjson) == '[["synth",1],["folder",2],["delay",2],["master",3]]' ]]
    [[ $(job master '.stems | keys') == '["delay","folder"]' && $(job synth '[.stems, .input_path]') == '[null,null]' ]]
    song-mix --project work/song.ndjson -o mix.wav -b 24 <results
    warm_python - <<'END'
import numpy as np
import subprocess
def read(path):
    raw = subprocess.run(["sox", path, "-t", "f64", "-"], stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(raw).reshape(-1, 2)
def add(*parts):
    total = np.zeros((max(len(p) for p in parts), 2))
    for part in parts:
        total[:len(part)] += part
    return total
def same(path, expected, step):
    got = read(path)
    size = min(len(got), len(expected))
    assert np.abs(expected).max() > 0.01, path
    assert not np.any(expected[size:]) and not np.any(got[size:]), path
    assert np.abs(got[:size] - expected[:size]).max() <= step, (path, np.abs(got[:size] - expected[:size]).max())
single = 2.0 ** -24
tone = np.zeros((44100, 2))
tone[11025:] = read("tone.wav")[:33075]
synth = read("work/stems/synth.wav") * [0.7 * 0.75, 0.7]
left = np.array([1, 0])
same("work/inputs/folder.wav", synth, single)
same("work/inputs/delay.wav", add(0.25 * tone, 0.25 * synth * left), single)
same("work/inputs/master.wav", add(0.5 * tone, read("work/stems/folder.wav"), read("work/stems/delay.wav")), 2 * single)
same("mix.wav", 0.5 * read("work/stems/master.wav"), 2.0 ** -23)
END
}

@test "the files of a chain's input have only what it hears" {
    tone tone.wav 1 440
    whole_song >song
    song-jobs -o work song >jobs.ndjson
    cp work/inputs/folder.song before
    [[ $(jq -r 'select(.type == "track") | .track' before | sort | xargs) == 'folder synth' ]]
    sed 's/"time":0.25/"time":0.5/' song >moved
    song-jobs -o work moved >jobs2.ndjson
    cmp before work/inputs/folder.song
    [[ $(diff <(jq -c '[.track, .inputs_hash]' jobs.ndjson) <(jq -c '[.track, .inputs_hash]' jobs2.ndjson) | grep -o '^>.*' | cut -d '"' -f 2 | xargs) == 'delay master' ]]
}

@test "a file is written again only if its bytes changed" {
    tone tone.wav 1 440
    whole_song >song
    song-jobs -o work song >jobs.ndjson
    find work -type f -exec touch -d 2001-01-01 {} +
    song-jobs -o work song >again
    cmp jobs.ndjson again
    [[ -z $(find work -type f -newermt 2001-01-02) ]]
    sed 's/"note":67/"note":68/' song >changed
    song-jobs -o work changed >again
    [[ $(find work -type f -newermt 2001-01-02 | sort | xargs) == work/midi/synth.mid ]]
}

@test "everything that is missing is listed before anything is written" {
    {
        track t1 && fx a t1 nowhere.so '"plugin_kind":"vst2","plugin_id":"none","name":"VST: Nowhere"'
        fx b t1 x '"plugin_kind":"clap","plugin_id":"org.x","name":"CLAP: Tone"'
        fx c t1 x '"plugin_kind":"js","name":"loser/3BandEQ"'
        fx d t1 http://example.org/none && fx e t1 reagate.dll '"plugin_kind":"vst2","name":"VST: ReaGate (Cockos)"'
        fx g t1 $mda/Delay
        track t2 && item i t2 0 1 gone.wav && item j t2 1 1 gone.wav && item k t2 2 1 also-gone.wav
    } >song
    VST_PATH=$PWD/none run -1 --separate-stderr song-jobs -o work song
    [[ $(field fx | xargs) == 'a b c d e null null' && $(field item | xargs) == 'null null null null null i k' ]]
    [[ $(field error_kind | xargs) == 'not-found unsupported unsupported not-found unsupported not-found not-found' ]]
    [[ $(field error | sed -n 2p) == 'CLAP: Tone: is a CLAP plug-in'* && $(field error | sed -n 3p) == 'loser/3BandEQ: is part of REAPER'* ]]
    [[ $(field error | sed -n 5p) == 'VST: ReaGate (Cockos): is part of REAPER'* ]]
    [[ ! -e work ]]
}

@test "with --allow-missing what is left is rendered and mixed, and frozen audio is heard" {
    tone tone.wav 1 440
    tone frozen.wav 1 880
    {
        track t1 '"gain":0.5' && fx a t1 nowhere.so && item i t1 0 1 tone.wav && item j t1 0 1 gone.wav
        track t2 && fx b t2 nosynth.so "$synth" && fx c t2 $mda/Delay && note t2 0 1 60
        track t3 '"frozen_path":"frozen.wav"' && fx d t3 nosynth.so "$synth" && fx e t3 $mda/Delay && note t3 0 1 60
    } >song
    run -1 song-jobs -o work song
    run -0 --separate-stderr song-jobs -o work --allow-missing song
    [[ $output == '' && $(grep -c '^song-jobs: left out: ' <<<"$stderr") == 4 ]]
    song-mix --project work/song.ndjson -o mix.wav </dev/null
    sox -m -v 0.5 tone.wav -v 1 frozen.wav expected.wav
    wav-diff --tolerance 1 mix.wav expected.wav
}

@test "an instrument is found by its file's name on any system, by its id, and in folders that are named" {
    mkdir -p mine vst3 empty
    ln -s "$amsynth" "mine/Renamed.so"
    local macro=$root/build/tests/plugins/MacroSynth.vst3
    mkdir -p "vst3/Other.vst3/Contents/$(uname -m)-linux"
    ln -s "$macro/Contents/$(uname -m)-linux/MacroSynth.so" "vst3/Other.vst3/Contents/$(uname -m)-linux/Other.so"
    class=$(plugin-probe "$macro" | jq -r .plugin_id)
    found() {
        { track t && note t 0 1 60 && record fx "\"fx\":\"f\",\"track\":\"t\",$1"; } >song
        song-jobs -o work "${@:2}" song >jobs.ndjson && job t .plugin_path
    }
    [[ $(found '"plugin_path":"C:\\VST\\AMSynth_VST_x64.dll"') == "\"$amsynth\"" ]]
    export VST_PATH=$PWD/empty
    [[ $(found '"plugin_path":"amsynth_vst.dll","plugin_id":"amsy"' --plugin-path mine) == "\"$PWD/mine/Renamed.so\"" ]]
    [[ $(found "\"plugin_kind\":\"vst3\",\"plugin_path\":\"Macro.vst3\",\"plugin_id\":\"${class,,}\"") == "\"$PWD/vst3/Other.vst3\"" ]]
    [[ $(found '"plugin_path":"mine/Renamed.so"' --allow-song-plugins) == "\"$PWD/mine/Renamed.so\"" ]]
    mkdir -p mine/faust
    echo 'process = button("gate");' >mine/faust/tone.dsp
    [[ $(found '"plugin_path":"/elsewhere/tone.dsp"' --plugin-path mine) == "\"$PWD/mine/faust/tone.dsp\"" ]]
    run -1 found '"plugin_path":"amsynth_vst.dll","plugin_id":"none"' --plugin-path mine
    run -1 found '"plugin_path":"amsynth_vst.dll"'
    [[ $(<jobs.ndjson) == *'amsynth_vst.dll: is not installed'*'--plugin-path'* ]]
}

@test "a plug-in is loaded for its id once, until its file is another" {
    mkdir mine
    cp "$root/build/tests/plugins/fault_synth.so" mine/renamed.so
    { track t && note t 0 1 60 && fx f t away.so "\"plugin_kind\":\"vst2\",\"plugin_id\":\"$(plugin-probe mine/renamed.so | jq -r .plugin_id)\""; } >song
    export VST_PATH=$PWD/mine
    # Now it cannot be loaded any more.
    found() { FAULT_ON_LOAD=load-segv song-jobs -o work song >jobs.ndjson; }
    run -1 found
    song-jobs -o work song >jobs.ndjson
    found
    [[ $(job t .plugin_path) == "\"$PWD/mine/renamed.so\"" ]]
    touch mine/renamed.so
    run -1 found
    song-jobs -o work song >jobs.ndjson
    for entry in "$XDG_CACHE_HOME"/patchpipe/plugin-ids/*; do echo '{}' >"$entry"; done
    run -1 found
}

@test "a plug-in in the song's folder is loaded only if the user says so, and after installed ones" {
    mkdir -p song/sub elsewhere
    cp "$amsynth" song/own.so
    cp "$amsynth" song/amsynth_vst.so
    cp "$amsynth" song/sub/inner.so
    cp "$amsynth" elsewhere/far.so
    ln -s ../elsewhere song/away
    record song "\"path\":\"$PWD/song/song.ndjson\"" >song/head
    names() {
        { cat song/head && track t && note t 0 1 60 && record fx "\"fx\":\"f\",\"track\":\"t\",\"plugin_path\":\"$1\",$synth"; } >song/song.ndjson
        song-jobs -o work "${@:2}" song/song.ndjson >jobs.ndjson
    }
    for path in own.so "$PWD/song/own.so" "$PWD/elsewhere/../song/own.so" sub/inner.so away/far.so; do
        run -1 names "$path"
        [[ $(jq -r .error jobs.ndjson) == *"in the song's folder is a program that came with the song"*--allow-song-plugins ]] || fail "$path"
        names "$path" --allow-song-plugins
        [[ $(job t .plugin_path) == *.so\" ]]
    done
    names amsynth_vst.so
    [[ $(job t .plugin_path) == "\"$amsynth\"" ]]
    cp "$amsynth" "$HOME/far.so"
    names "$HOME/far.so"
    names own.so --allow-plugin song/own.so
    names own.so --allow-plugin song/own.so --no-record-plugins
    run -1 names amsynth_vst.so --no-record-plugins
    [[ $(jq -r .error jobs.ndjson) == "amsynth_vst.so: is a plug-in that only the song names, and --no-record-plugins refuses these" ]]
    # What a song says of its folder, and paths from there, lead to nothing that lies in the current one.
    cp "$amsynth" near.so
    echo '{"type":"song","path":"/nowhere/song.rpp"}' >song/head
    for path in "$PWD/near.so" /proc/self/cwd/near.so near.so ../near.so; do
        run -1 names "$path"
        [[ $(jq -r .error jobs.ndjson) == *"near.so: is not installed"* ]] || fail "$path"
    done
}

@test "an effect by the name and role of a registry has the plug-in and the state from there" {
    preset-export -o presets --programs 7 "$amsynth" >/dev/null
    mv presets/*.fxp bass.fxp
    {
        record plugin '"key":"amsynth","plugin_path":"amsynth_vst.so","instrument":true'
        record alias '"alias":"Amsy","key":"amsynth"'
        record preset '"plugin":"amsynth","role":"bass","preset_path":"bass.fxp"'
    } >plugins.ndjson
    { track t && record fx '"fx":"f","track":"t","plugin":"Amsy","role":"bass"' && note t 0 0.5 36; } >song
    run -1 --separate-stderr song-jobs -o work song
    [[ $(field error) == *"'Amsy', which the registry does not have"* && ! -e work ]]
    song-jobs -o work --registry plugins.ndjson song >jobs.ndjson
    [[ $(job t '[.plugin_path, .preset_path]') == "[\"$amsynth\",\"$PWD/bass.fxp\"]" ]]
    run -2 song-jobs -o work --registry nowhere song
    [[ $output == "song-jobs: --registry: "*nowhere* ]]
}

@test "a MIDI file of any resolution plays as it does by itself, bit for bit" {
    for ticks in 133 480 24000; do
        jq -nc --argjson ticks "$ticks" '{type: "song", format: "mid", ticks_per_beat: $ticks},
            {type: "tempo", time: 0, bpm: 47}, {type: "track", track: "t1"}, {type: "track", track: "t2"},
            (range(30) | {type: "note", track: "t2", beat: (. * 10 / 133 * $ticks | round / $ticks), beats: 0.04, note: (50 + .)})' |
            song-write -o song.mid
        { song-read song.mid && fx f t2 "$amsynth"; } >song
        song-jobs -o work song | render-one >stem
        midi-duration song.mid | jq -c --arg plugin "$amsynth" \
            '. + {plugin_path: $plugin, tail: "auto", tail_threshold: -120, tail_hold: 1, bit_depth: "32f", output_path: "alone.wav"}' |
            render-one >alone
        [[ $(jq .audio_hash stem) == "$(jq .audio_hash alone)" && $(jq .silent alone) == false ]] || fail "$ticks"
    done
}

@test "a MIDI item may be placed in beats alone" {
    for place in '"time":0.5,"length":1' '"beat":1,"beats":2'; do
        {
            record tempo '"time":0,"bpm":120'
            track t && fx f t "$amsynth" "$synth"
            record item "\"item\":\"i\",\"track\":\"t\",$place,\"loop\":true,\"source\":{\"kind\":\"midi\",\"beats\":1}"
            note t 0.5 0.1 60 '"item":"i"'
        } >song
        song-jobs -o work song >jobs.ndjson
        notes work/midi/t.mid >"${place:1:4}"
        song-write --seed 1 -o "${place:1:4}.rpp" <song
        song-write -o "${place:1:4}.mid" <song
    done
    diff time <(printf '%s\n' '0.500 60 1' '1.000 60 1')
    diff time beat
    cmp time.rpp beat.rpp
    cmp time.mid beat.mid
}

@test "the song is never replaced by the files of the folder" {
    { track t && fx f t "$amsynth" "$synth" && note t 0 1 60; } >song.ndjson
    cp song.ndjson before
    run -2 song-jobs -o . song.ndjson
    [[ $output == "song-jobs: -o: $PWD/song.ndjson is the song, which would be lost"* ]]
    run -2 song-jobs -o . - <song.ndjson
    run -2 song-jobs -o work --make song.ndjson song.ndjson
    [[ $output == "song-jobs: --make: song.ndjson is the song"* ]]
    run -2 render-song --work . song.ndjson out.wav
    [[ $output == "render-song: --work: "*"/song.ndjson is the song, which would be lost"* ]]
    cmp song.ndjson before
    [[ ! -e work && ! -e out.wav ]]
}

@test "only one instrument plays on a track, and what is before it is left out" {
    { track t && fx a t $mda/Delay && fx b t "$amsynth" "$synth" && fx c t $mda/Overdrive && note t 0 1 60; } >song
    run -0 --separate-stderr song-jobs -o work song
    [[ $stderr == 'song-jobs: a: is before the instrument, and is left out: what it does to MIDI is not heard' ]]
    [[ $(field plugin_path) == "$amsynth" && $(jq -c '[.chain[].plugin_path]' <<<"$output") == "[\"$mda/Overdrive\"]" ]]
    { cat song && fx d t "$amsynth" "$synth"; } >two
    run -1 --separate-stderr song-jobs -o work two
    [[ $(field error) == 'd: is a second instrument of the track; move it to a track of its own' ]]
    tone tone.wav 1 440
    { cat song && item i t 0 1 tone.wav; } >audio
    run -1 --separate-stderr song-jobs -o work audio
    [[ $(field error) == 'b: is an instrument on a track with audio'* ]]
    # Without the instrument the others hear the audio.
    run -0 --separate-stderr song-jobs -o work --allow-missing audio
    [[ $(jq -c '[.chain[].plugin_path]' <<<"$output") == "[\"$mda/Delay\",\"$mda/Overdrive\"]" ]]
    sed '/"b"/s/}$/,"wet":0.5}/' song >wet
    run -1 --separate-stderr song-jobs -o work wet
    [[ $(field error) == 'b: is an instrument that is not all wet'* ]]
    # Also the one that plays the notes without being marked as an instrument.
    { track t && fx a t "$amsynth" '"wet":0.5' && note t 0 1 60; } >wet
    run -1 --separate-stderr song-jobs -o work wet
    [[ $(field error) == 'a: is an instrument that is not all wet'* ]]
}

@test "a chain has 64 effects at most" {
    { track t && for i in {1..66}; do fx "f$i" t $mda/Delay; done; } >song
    run -1 --separate-stderr song-jobs -o work song
    [[ $(field fx | xargs) == 'f65 f66' && $(field error | head -n 1) == 'f65: comes behind 64 other effects'* ]]
    run -0 --separate-stderr song-jobs -o work --allow-missing song
    [[ $(jq '.chain | length' <<<"$output") == 64 ]]
}

@test "the effects of a take are a job of the first stage, whose envelopes begin with the item" {
    tone tone.wav 1 440
    {
        track t '"gain":0.5' && item i t 2 0.5 tone.wav '"gain":0.5,"offset":0.25'
        record fx "\"fx\":\"f\",\"track\":\"t\",\"item\":\"i\",\"plugin_path\":\"$mda/Overdrive\""
        record envelope '"envelope":"e","fx":"f","item":"i","track":"t","target":"parameter","parameter":{"index":0},"points":[[0,0.5],[0.25,1]]'
        fx d t $mda/Delay
    } >song
    render_stages song
    [[ $(jq -sc 'map([.item, .stage, .status])' results) == '[["i",1,"ok"],[null,2,"ok"]]' ]]
    [[ $(jq -c 'select(.item) | .chain[0].automation[0].points' results) == '[[0,0.5],[2,0.5],[2.25,1]]' ]]
    [[ $(jq -sc '.[1].stems | keys' results) == '["i"]' ]]
    song-mix --project song -o mix.wav <results | jq -e '.silent | not'
    # Nothing sounds before the item.
    [[ $(sox mix.wav -n trim 0 1.9 stat 2>&1 | awk '/Maximum amp/ { print $3 }') == 0.000000 ]]
}

@test "feedback is refused by the names of the tracks" {
    { track a '"name":"Echo"' && track b && fx f a $mda/Delay && send a b && send b a; } >song
    run -1 --separate-stderr song-jobs -o work song
    [[ $stderr == *'hears itself through '*': feedback cannot be rendered; mute a send of it' && $stderr == *'a (Echo)'* ]]
}

@test "a REAPER project and its records make the same jobs" {
    {
        record song '"format":"rpp"'
        track t1 '"name":"Bass"' && fx f t1 amsynth_vst.so '"plugin_kind":"vst2","name":"VSTi: amsynth (Nick Dowell)","plugin_id":"amsy","instrument":true'
        item i t1 0 1 '{"kind":"midi","beats":2}'
        record note '"track":"t1","item":"i","time":0,"length":0.5,"note":40,"velocity":100'
    } | song-write -o song.rpp --seed 1
    song-jobs -o work song.rpp >jobs.ndjson
    [[ $(job t1 '[.plugin_path, .midi_duration]') == "[\"$amsynth\",1]" ]]
    song-read song.rpp | song-jobs -o work >jobs2.ndjson
    cmp jobs.ndjson jobs2.ndjson
    run -0 render-one <jobs.ndjson
    [[ $(field silent) == false ]]
    diff <(notes work/midi/t1.mid) <(echo '0.000 40 1')
}

@test "make renders what changed, and its mix has the bits of the stages by hand" {
    tone tone.wav 1 440
    whole_song >song
    render_stages song
    song-mix --project work/song.ndjson -o by-hand.wav <results
    rm -r work/stems
    song-jobs -o work --make work/Makefile song >none
    [[ ! -s none ]]
    make -s -j4 -C work >made
    cmp by-hand.wav work/mix.wav
    [[ $(make -C work) == *'Nothing to be done'* ]]
    touch marked
    sed -i 's/"time":0.25/"time":0.5/' song
    make -s -C work >made
    [[ $(find work/stems -type f -newer marked | sort | xargs) == 'work/stems/delay.wav work/stems/master.wav' ]]
    [[ work/mix.wav -nt marked ]]
    touch -d '+2 seconds' tone.wav marked
    make -s -C work RENDER='render-one --no-sync' >made
    [[ $(make -C work) == *'Nothing to be done'* ]]
    # A job that fails stops make, with its error.
    rm work/stems/delay.wav
    run -2 make -s -C work RENDER='render-one --timeout 0.001 --isolation process'
    [[ $output == *'"error_kind":"timeout"'* ]]
}

@test "what --make cannot do is refused" {
    track t >song
    run -2 --separate-stderr song-jobs -o work --make Makefile <song
    [[ $stderr == 'song-jobs: --make reads the song again, so it cannot come from a pipe; name a file'* ]]
    run -2 --separate-stderr song-jobs -o 'a folder' --make Makefile song
    [[ $stderr == *'has characters that make does not take in names; choose another folder'* && ! -e Makefile ]]
    run -2 song-jobs -o work --make Makefile --stage 1 song
    # What follows a line break would be code of make's.
    local name=$'song\n$(shell touch broken)\nx: y'
    cp song "$name"
    run -2 --separate-stderr song-jobs -o work --make Makefile "$name"
    [[ $stderr == *'has a line break, which make does not take in names; rename it'* && ! -e Makefile ]]
    mkdir "folder $name"
    run -2 --separate-stderr env -C "folder $name" "$bin/song-jobs" -o "$PWD/work" --make "$PWD/Makefile" ../song
    [[ ! -e Makefile ]]
    for name in "a'b" 'a"b' "\$(touch broken)" "\`touch broken\`" 'a%b' 'a:b' -dash $'a\eb' 'a#b' a\\; do
        cp song "./$name"
        song-jobs -o work --make Makefile "./$name"
        make -n >/dev/null
        make -s song-mix=true >/dev/null 2>&1 || true
    done
    [[ ! -e broken ]]
    song-jobs -o work --make - song | grep -q '^all: '
}

@test "songs that are none, and wrong fields, are refused" {
    echo nonsense >text
    run -1 --separate-stderr song-jobs -o work text
    [[ $stderr == *'is neither one of REAPER'* ]]
    { record song '"format":"rpp"' && record song '"format":"rpp"'; } >two
    run -1 --separate-stderr song-jobs -o work two
    [[ $(field error) == *'is a second song'* ]]
    { track t && fx f t "$amsynth" '"state":"?"' && note t 0 1 60; } >state
    run -1 --separate-stderr song-jobs -o work state
    [[ $stderr == *'f: has a state that is not base64'* ]]
    { track t && fx f t "$amsynth" && note t 1e9 1 60; } >long
    run -1 --separate-stderr song-jobs -o work long
    [[ $stderr == *'is longer than a day'* ]]
    run -2 song-jobs -o work --tail -1 state
    run -2 song-jobs state
    # What another tool could not do comes first.
    { track t && echo '{"status":"error","error_kind":"io","error":"x"}'; } >failed
    run -1 song-jobs -o work failed
    [[ $output == '{"status":"error","error_kind":"io","error":"x"}' ]]
}

@test "ids with any characters have files of their own in the folder" {
    { for id in ../../out 'a b' 'ä$(x)' a/b; do track "$id" && fx "f $id" "$id" "$amsynth" && note "$id" 0 0.1 60; done; } >song
    song-jobs -o work song >jobs.ndjson
    [[ $(jq -r .output_path jobs.ndjson | sort -u | wc -l) == 4 && ! -e out.mid ]]
    [[ $(jq -r '.output_path, .midi_path' jobs.ndjson | grep -c "^$PWD/work/[a-z]*/[0-9a-f]*\.") == 8 ]]
    # None is the name of a file that belongs to the whole song.
    {
        track tempo && fx f tempo "$amsynth" "$synth" && note tempo 0 0.1 60
        track mix && fx m mix $mda/Delay && send tempo mix
    } >song
    song-jobs -o work song >jobs.ndjson
    [[ $(notes "$(job tempo .midi_path | tr -d '"')") == '0.000 60 1' ]]
    song-jobs -o work --make work/Makefile song
    make -s -C work >made
    [[ -s work/mix.wav && -s work/stems/mix.wav ]]
}
