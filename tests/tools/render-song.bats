#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Songs from their file to the mix. NumPy adds up the stems; scripts stand in for REAPER.
# The instrument is one of ours, which loads in a tenth of the time of a real one; a real one has a test.

load ../helper

mda=http://drobilla.net/plugins/mda
synth=$root/build/tests/plugins/plain_synth.so
record() { echo "{\"type\":\"$1\",$2}"; }

setup_file() {
    mkdir vst
    ln -s "$synth" vst
}

# No plug-ins but those that a test names, and what a run leaves in TMPDIR is seen.
setup() {
    export VST_PATH=$BATS_FILE_TMPDIR/vst:/usr/lib/vst VST3_PATH=$PWD/vst3
    mkdir -p here/tmp
    cd here || return
    export TMPDIR=$PWD/tmp
}

teardown() {
    cd "$BATS_TEST_TMPDIR/here" || return
    [[ -z $(ls -A tmp) ]] || fail "it left in TMPDIR: $(ls -A tmp)"
    [[ -z $(find . -name '.patchpipe*') ]] || fail "it left: $(find . -name '.patchpipe*')"
}

# Whoever has to reap it may take its time.
has_ended() { [[ ! -e /proc/$1 || $(ps -o stat= -p "$1") == Z* ]] || fail "$1 still runs"; }
names() { (shopt -s dotglob && echo *); }
tone() { sox -n -r 44100 -c 2 "$1" synth "$2" sine "$3" gain -6; }

# Two synthesizers, one in a folder with an effect; a tone; a delay that hears two of them; a ramp of
# the tempo; two regions.
whole_song() {
    record song '"sample_rate":44100'
    record tempo '"time":0,"bpm":120,"ramp":true'
    record tempo '"time":2,"bpm":60'
    record region '"time":0,"end":1.5,"name":"Verse","index":1'
    record region '"time":1.5,"end":3,"name":"Chorus: loud","index":2'
    record track '"track":"master","gain":0.8'
    record track '"track":"folder","name":"Folder","gain":0.9'
    record fx "\"fx\":\"f\",\"track\":\"folder\",\"plugin_path\":\"$mda/Overdrive\""
    record track '"track":"synth","name":"Synth","parent":"folder","gain":0.7,"pan":0.25'
    record fx '"fx":"s","track":"synth","plugin_path":"plain_synth.so","instrument":true'
    record note '"track":"synth","time":0,"length":0.5,"note":60,"velocity":100'
    record note '"track":"synth","beat":3.5,"beats":1,"note":67,"velocity":100'
    record track '"track":"tone","name":"Tone","gain":0.5'
    record item '"item":"i","track":"tone","time":0.25,"length":0.75,"source":{"path":"tone.wav"}'
    record track '"track":"lead","name":"Lead","gain":0.6,"pan":-0.5'
    record fx '"fx":"l","track":"lead","plugin_path":"plain_synth.so","instrument":true'
    record note '"track":"lead","time":1,"length":1,"note":72,"velocity":80'
    record track '"track":"delay","name":"Delay"'
    record fx "\"fx\":\"d\",\"track\":\"delay\",\"plugin_path\":\"$mda/Delay\",\"wet\":0.5"
    record send '"send":"1","source_track":"tone","track":"delay","gain":0.5'
    record send '"send":"2","source_track":"synth","track":"delay","gain":0.25,"pan":-1,"midi":31'
}

# A song of one synthesizer, in ten lines as a person writes it.
small_song() {
    record track '"track":"t","name":"Synth"'
    record fx "\"fx\":\"f\",\"track\":\"t\",\"plugin_path\":\"${1-plain_synth.so}\",\"instrument\":true"
    record note '"track":"t","time":0,"length":0.2,"note":60,"velocity":100'
}

@test "nothing that a song is made from is replaced by its audio" {
    tone tone.wav 1 440
    preset-export -o presets --programs 0 "$synth" >/dev/null
    mv presets/*.fxp sound.fxp
    echo 'process = _, _;' >wire.dsp
    {
        small_song | sed '/"fx"/s/}$/,"preset_path":"sound.fxp"}/'
        record track '"track":"a"'
        record item '"item":"i","track":"a","time":0,"length":1,"source":{"path":"tone.wav"}'
        record fx '"fx":"w","track":"a","plugin_path":"wire.dsp"'
    } >song.ndjson
    song-write -o song.mid < <(small_song)
    cp song.mid same.mid
    mkdir before
    cp song.ndjson song.mid sound.fxp wire.dsp tone.wav before
    ln song.ndjson link.wav
    for output in song.ndjson ./song.ndjson link.wav sound.fxp wire.dsp tone.wav; do
        run render-song --allow-song-plugins --format wav song.ndjson "$output"
        [[ $status == [12] && $output == *"would be lost"* ]] || fail "$output"
    done
    run -2 render-song song.mid song.mid --plugin "$synth"
    run -2 render-song song.mid wire.dsp --plugin wire.dsp
    for file in song.ndjson song.mid sound.fxp wire.dsp tone.wav; do cmp "$file" "before/$file"; done
    # A track that is called like the media beside it.
    sed -i '/"track":"a"}$/s/}$/,"name":"tone"}/' song.ndjson
    run -1 render-song song.ndjson . --stems
    cmp tone.wav before/tone.wav
}

@test "a project's mix is what NumPy adds up from its stems, within one step of 24 bits" {
    tone tone.wav 1 440
    whole_song >song.ndjson
    count_jq
    run -0 --separate-stderr render-song song.ndjson mix.wav -b 24 --work work
    (($(wc -l <jq-starts) <= 3))
    [[ ${lines[0]} == "Done: 4 rendered, 0 skipped, 0 failed." && ${lines[1]} == "$PWD/mix.wav: "*" s, peak "* ]]
    render-song song.ndjson out -b 24 --work work --regions >/dev/null
    render-song song.ndjson out -b 24 --work work --stems --template 'stem {track}' >/dev/null
    [[ $(cd out && printf '%s|' *) == 'Chorus_ loud.wav|Verse.wav|stem Delay.wav|stem Folder.wav|stem Lead.wav|stem Synth.wav|stem Tone.wav|' ]] ||
        fail "$(ls out)"
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
    assert size and np.abs(expected[:size]).max() > 0.01, path
    assert not np.any(expected[size:]) and not np.any(got[size:]), path
    assert np.abs(got[:size] - expected[:size]).max() <= step, (path, np.abs(got[:size] - expected[:size]).max())
step, single = 2.0 ** -23, 2.0 ** -24
tone = np.zeros((44100, 2))
tone[11025:] = 0.5 * read("tone.wav")[:33075]
synth = read("work/stems/synth.wav") * [0.7 * 0.75, 0.7]
lead = read("work/stems/lead.wav") * [0.6, 0.6 * 0.5]
folder = 0.9 * read("work/stems/folder.wav")
delay = read("work/stems/delay.wav")
same("work/inputs/folder.wav", synth, single)
same("work/inputs/delay.wav", add(0.5 * tone, 0.25 * synth * [1, 0]), single)
mix = 0.8 * add(folder, tone, lead, delay)
same("mix.wav", mix, step)
for name, part in {"Tone": tone, "Lead": lead, "Folder": folder, "Synth": synth, "Delay": delay}.items():
    same("out/stem %s.wav" % name, part, step)
same("out/Verse.wav", mix[:66150], step)
same("out/Chorus_ loud.wav", mix[66150:132300], step)
# The ramp is three beats in two seconds, and then a beat takes a second.
import mido
time, begins = 0, []
for message in mido.MidiFile("work/midi/synth.mid"):
    time += message.time
    if message.type == "note_on" and message.velocity:
        begins.append(round(time, 3))
assert begins == [0, 2.5], begins
END
}

@test "the order of the tracks and the number of workers change no stem, and the mix by one step at most" {
    tone tone.wav 1 440
    whole_song >song.ndjson
    render-song song.ndjson one.wav -b 24 --work one --workers 1 >/dev/null
    render-song song.ndjson three.wav -b 24 --work three --workers 3 >/dev/null
    cmp one.wav three.wav
    # The tracks outside of the folder in another order, and what belongs to them.
    local orders
    mapfile -t orders < <(some 1 "delay lead tone folder" "tone delay folder lead")
    for order in "${orders[@]}"; do
        {
            grep -E '"(song|tempo|region)",|"master"' song.ndjson
            for track in $order; do
                grep -E "^.\"type\":\"track\".*\"track\":\"$track\"" song.ndjson
                [[ $track != folder ]] || grep -E '^."type":"track".*"track":"synth"' song.ndjson
            done
            grep -vE '"(song|tempo|region|track)",' song.ndjson | shuf --random-source=song.ndjson
        } >shuffled.ndjson
        [[ $(sort song.ndjson | cksum) == "$(sort shuffled.ndjson | cksum)" ]]
        render-song shuffled.ndjson shuffled.wav -b 24 --work shuffled --workers 2 >/dev/null
        for stem in one/stems/*; do
            [[ $(sox "$stem" -t f32 - | cksum) == "$(sox "shuffled/${stem#*/}" -t f32 - | cksum)" ]] || fail "$stem"
        done
        wav-diff --tolerance 1 one.wav shuffled.wav
        rm -r shuffled
    done
}

@test "a send to the third channel of a track is what its effects listen to" {
    local echo=$root/build/tests/plugins/EchoEffect.vst3
    sox -n -r 44100 -c 2 -b 32 -e float bass.wav synth 0.5 sine 110 gain -12
    sox -n -r 44100 -c 2 -b 32 -e float kick.wav synth 0.5 square 4 gain -12
    {
        record track '"track":"bass","channels":4'
        record item '"item":"b","track":"bass","time":0,"length":0.5,"source":{"path":"bass.wav"}'
        record fx "\"fx\":\"d\",\"track\":\"bass\",\"plugin_path\":\"$echo\",\"parameters\":{\"Mix\":0}"
        record track '"track":"kick"'
        record item '"item":"k","track":"kick","time":0,"length":0.5,"source":{"path":"kick.wav"}'
        record send '"send":"1","source_track":"kick","track":"bass","target_channel":2,"gain":0.5'
    } >song.ndjson
    run -0 render-song --stems --bit-depth 32f song.ndjson stems
    warm_python <<'PYTHON'
import numpy, subprocess
def read(name):
    raw = subprocess.run(["sox", name, "-t", "f32", "-"], capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, "<f4").reshape(-1, 2)
bass, kick, out = read("bass.wav"), read("kick.wav"), read("stems/bass.wav")
assert abs(bass * (1 - 0.5 * kick) - out[:len(bass)]).max() < 1e-6
PYTHON
}

@test "a project of REAPER sounds as its records do" {
    tone tone.wav 1 440
    whole_song | grep -v '"time":2,"bpm"' | sed 's/,"ramp":true//' >song.ndjson
    song-write --seed 1 -o song.rpp <song.ndjson
    mkdir elsewhere
    render-song song.ndjson one.wav -b 24 >/dev/null
    (cd elsewhere && render-song ../song.rpp ../two.wav -b 24 --tail 0 2>said >/dev/null)
    wav-diff --tolerance 1 one.wav two.wav
    run -0 render-song song.rpp stems --regions --stems -f flac --template '{project}/{region_number} {track}'
    [[ -f "stems/song/2 Lead.flac" && $(find stems -type f | wc -l) == 10 ]]
}

@test "a song by hand, whose instrument nothing marks, sounds the same as a project" {
    small_song amsynth_vst.so | sed 's/,"instrument":true//' >song.ndjson
    song-write -o song.rpp <song.ndjson
    [[ $(<song.rpp) == *'<VST "VSTi: amsynth_vst" amsynth_vst.so'* ]]
    render-song song.ndjson one.wav -b 24 >/dev/null
    render-song song.rpp two.wav -b 24 --tail 0 >/dev/null
    cmp one.wav two.wav
}

@test "only what changed is rendered again" {
    tone tone.wav 1 440
    whole_song >song.ndjson
    # again CHANGE SUMMARY: the summary after that edit.
    again() {
        sed -i "$1" song.ndjson
        run -0 --separate-stderr render-song song.ndjson mix.wav --verbose
        [[ ${lines[0]} == "Done: $2, 0 failed." ]] || fail "$1: $output"
    }
    again '' '4 rendered, 0 skipped'
    cp mix.wav before.wav
    again '' '0 rendered, 4 skipped'
    cmp mix.wav before.wav
    again '/"lead"/s/"gain":0.6/"gain":0.3/' '0 rendered, 4 skipped'
    run -1 cmp mix.wav before.wav
    again 's/"note":72/"note":74/' '1 rendered, 3 skipped'
    [[ $stderr == *"ok       Lead"* || $stderr == *"ok  Lead"* ]]
    again 's/"note":67/"note":68/' '3 rendered, 1 skipped'
    again '/"send":"1"/s/"gain":0.5/"gain":0.4/' '1 rendered, 3 skipped'
    tone tone.wav 1 550
    again '' '1 rendered, 3 skipped'
    # What the song does not have any more is deleted.
    kept=("$XDG_CACHE_HOME"/patchpipe/songs/song.ndjson-*)
    [[ -f ${kept[0]}/stems/lead.wav && -f ${kept[0]}/midi/lead.mid && ! -e ${kept[0]}/.patchpipe-lock ]]
    again '/"lead"/d' '0 rendered, 3 skipped'
    [[ $(cd "${kept[0]}" && find . -type f | sort | xargs) == \
        './inputs/delay.song ./inputs/delay.wav ./inputs/folder.song ./inputs/folder.wav ./midi/synth.mid ./song.ndjson ./stems/delay.wav ./stems/folder.wav ./stems/synth.wav ./tempo.mid' ]] ||
        fail "$(cd "${kept[0]}" && find . -type f | sort | xargs)"
    # Whatever a name there looks like, nothing else is.
    mkdir "${kept[0]}/"$'stems\n..'
    touch "${kept[0]}/"$'stems\n../precious' "${kept[0]}/../precious"
    again '' '0 rendered, 3 skipped'
    [[ -e ${kept[0]}/../precious && ! -e ${kept[0]}/$'stems\n../precious' ]]
    # In a folder of the user's nothing is.
    mkdir -p mine/stems && echo mine >mine/stems/precious.wav
    render-song song.ndjson mix.wav --work mine >/dev/null
    [[ $(<mine/stems/precious.wav) == mine ]]
}

@test "what is missing is said before anything is rendered, and is looked for in --media" {
    mkdir -p away/deeper
    {
        record track '"track":"t1","name":"Drums"'
        record item '"item":"i","track":"t1","time":0,"length":0.5,"source":{"path":"gone.wav"}'
        record track '"track":"t2","name":"Lead"'
        record fx '"fx":"f","track":"t2","plugin_path":"nowhere.so","instrument":true'
        record note '"track":"t2","time":0,"length":0.2,"note":60'
    } >song.ndjson
    for dry in "" --dry-run; do
        run -1 --separate-stderr render-song song.ndjson mix.wav $dry
        [[ -z $output && ! -e mix.wav ]]
        [[ $stderr == *"render-song: track Drums: $PWD/gone.wav: is not there; look for it with match-files"* ]]
        [[ $stderr == *"render-song: track Lead: nowhere.so: is not installed"*--plugin-path* && $stderr == *"--media DIR"* ]]
    done
    tone away/deeper/GONE.wav 0.5 440
    run -1 --separate-stderr render-song song.ndjson mix.wav --media away
    [[ $stderr != *gone.wav* && $stderr != *--media* && $stderr == *nowhere.so* ]]
    run -0 --separate-stderr render-song song.ndjson mix.wav --media away --allow-missing
    [[ $stderr == *"left out: nowhere.so"* ]]
    wav-diff --tolerance 1 mix.wav away/deeper/GONE.wav
    mkdir vst && ln -s "$synth" vst/nowhere.so
    run -0 render-song song.ndjson mix.wav --media away --plugin-path vst
    [[ $output == "Done: 1 rendered, 0 skipped, 0 failed."* ]]
}

@test "a plug-in may be named as a registry has it" {
    small_song | sed 's/"plugin_path":"[^"]*"/"plugin":"Amsy","role":"bass"/' >song.ndjson
    preset-export -o presets --programs 2 "$synth" >/dev/null
    {
        record plugin '"key":"amsynth","plugin_path":"plain_synth.so"'
        record alias '"alias":"Amsy","key":"amsynth"'
        record preset "\"plugin\":\"amsynth\",\"role\":\"bass\",\"preset_path\":\"$(echo "$PWD"/presets/*.fxp)\""
    } >plugins.ndjson
    run -1 --separate-stderr render-song song.ndjson mix.wav
    [[ $stderr == *"'Amsy', which the registry does not have"* ]]
    render-song song.ndjson mix.wav --registry plugins.ndjson >/dev/null
    small_song | jq -c "if .type == \"fx\" then .preset_path = \"$(echo "$PWD"/presets/*.fxp)\" else . end" >plain.ndjson
    render-song plain.ndjson plain.wav >/dev/null
    cmp mix.wav plain.wav
    render-song <(small_song) other.wav >/dev/null
    run -1 cmp other.wav plain.wav
}

@test "a MIDI file is played by the plug-in that is named" {
    small_song | sed '/"fx"/d' | song-write -o song.mid
    echo good >silent.wav
    run -1 --separate-stderr render-song song.mid silent.wav
    [[ $output == "" && $stderr == "render-song: "*"nothing to hear"*--allow-silence*--plugin* && $(<silent.wav) == good ]]
    run -0 --separate-stderr render-song song.mid silent.wav --allow-silence
    [[ $stderr == *"SILENT $PWD/silent.wav" && $(<silent.wav) != good ]]
    render-song song.mid mix.wav --plugin "$synth" -b 24 >/dev/null
    small_song "$synth" | render-song - hand.wav -b 24 >/dev/null
    wav-diff --tolerance 1 mix.wav hand.wav
}

@test "songs and audio go through pipes too" {
    small_song >song.ndjson
    render-song song.ndjson file.wav >/dev/null
    run -0 --separate-stderr bash -c 'render-song - - <song.ndjson >pipe.wav'
    cmp file.wav pipe.wav
    [[ $stderr == "Done: "* ]]
    song-write -o song.rpp <song.ndjson
    render-song - - --tail 0 <song.rpp 2>/dev/null | cmp - file.wav
    render-song song.ndjson - 2>said | head -c 100 >part
    cmp -n 100 part file.wav
    [[ $(<said) == "Done: "*" failed." ]]
    mkfifo pipe
    cat pipe >from-fifo &
    render-song song.ndjson pipe >/dev/null
    wait $!
    cmp from-fifo file.wav
}

@test "with --json there are events only, and files are among them" {
    tone tone.wav 1 440
    whole_song >song.ndjson
    render-song song.ndjson out --stems --json >events
    [[ $(jq -r .event events | sort | uniq -c | xargs) == '1 done 5 file 4 job_start 4 result 1 start' ]]
    [[ $(jq -c 'select(.event == "start") | [.schema, .total]' events) == '[1,4]' ]]
    [[ $(jq -r 'select(.event == "result") | .track' events | sort | xargs) == 'delay folder lead synth' ]]
    [[ $(jq -r 'select(.event == "file") | .output_path' events | head -n 1) == "$PWD/out/Folder.wav" ]]
    [[ $(jq -c 'select(.event == "done") | [.ok, .skipped, .failed]' events) == '[4,0,0]' ]]
    render-song song.ndjson mix.wav --dry-run --json >events
    [[ $(jq -c '[.event, .total]' events) == '["start",4]' ]]
    run -0 render-song song.ndjson mix.wav --dry-run
    [[ ${lines[0]} == "Synth: stage 1 of 2" && ${lines[-1]} == "Would render 4, and write mix.wav." ]]
    [[ ! -e mix.wav ]]
}

@test "without a stem that failed nothing is written, nor is an old one of it heard" {
    mkdir vst
    cp "$synth" vst/changing.so
    {
        small_song changing.so
        record track '"track":"bus"'
        record fx "\"fx\":\"d\",\"track\":\"bus\",\"plugin_path\":\"$mda/Delay\""
        record send '"send":"s","source_track":"t","track":"bus"'
        record track '"track":"u","name":"Other"'
        record fx '"fx":"g","track":"u","plugin_path":"plain_synth.so","instrument":true'
        record note '"track":"u","time":0,"length":0.2,"note":70,"velocity":100'
    } >song.ndjson
    render-song song.ndjson before.wav --plugin-path vst >/dev/null
    rm vst/changing.so
    make_vst2 vst/changing.so <<'END'
#include <cstdlib>
static void process(AEffect*, float**, float**, int) { std::abort(); }
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    auto& synth = bare_synth();
    synth.processReplacing = process;
    return &synth;
}
END
    let_plugins_crash
    run -1 --separate-stderr render-song song.ndjson mix.wav --plugin-path vst
    [[ $output == "Done: 0 rendered, 1 skipped, 2 failed." && ! -e mix.wav ]] || fail "$output $stderr"
    [[ $stderr == *"FAIL Synth: "* && $stderr == *"FAIL bus: "* && $stderr == *"--allow-missing"* ]]
    run -1 --separate-stderr render-song song.ndjson mix.wav --plugin-path vst --allow-missing
    { record track '"track":"u"'; grep '"u"' song.ndjson | tail -n 2; } >rest.ndjson
    render-song rest.ndjson rest.wav >/dev/null
    wav-diff --tolerance 1 mix.wav rest.wav
}

@test "a signal at any moment leaves whole files and nothing else, and the next run goes on" {
    tone tone.wav 1 440
    whole_song >song.ndjson
    render-song song.ndjson expected.wav -b 24 --work whole >/dev/null
    local delays
    mapfile -t delays < <(some 3 0.05 0.1 0.2 0.4 0.6)
    for delay in "${delays[@]}"; do
        for signal in INT TERM; do
            setsid render-song song.ndjson mix.wav -b 24 --work work --workers 2 >said 2>&1 &
            local pid=$! status=0
            sleep "$delay"
            kill -s "$signal" "$pid" 2>/dev/null || true
            wait "$pid" || status=$?
            [[ $status =~ ^(0|130|143)$ ]] || fail "after $delay: status $status: $(<said)"
            [[ ! -e mix.wav ]] || cmp mix.wav expected.wav
            # What is about to end still has a moment.
            timeout 10 bash -c 'while pgrep -s "$0" -r D,R,S,T >/dev/null; do sleep 0.02; done' "$pid" ||
                fail "it left processes: $(pgrep -s "$pid" -a)"
            [[ -z $(ls -A tmp) && -z $(find . -name '.patchpipe*') ]] || fail "it left: $(ls -A tmp; find . -name '.patchpipe*')"
            rm -f mix.wav
        done
        [[ $delay != 0.2 ]] || rm -rf work
    done
    render-song song.ndjson mix.wav -b 24 --work work >/dev/null
    cmp mix.wav expected.wav
}

@test "what a signal ended is said, even while another tool's output goes to a file" {
    mkfifo song
    render-song - mix.wav --json <song >told 2>said 3>&- &
    local pid=$! status=0
    exec {held}>song
    until pgrep -P "$pid" -x cat >/dev/null; do sleep 0.05; done
    kill -TERM "$pid"
    wait "$pid" || status=$?
    exec {held}>&-
    ((status == 143))
    [[ $(<said) == "render-song: ended by SIGTERM; "* ]]
    jq -es '.[-1].event == "aborted"' told
}

@test "a second run of the same song is refused while the first one writes" {
    small_song >song.ndjson
    mkdir work
    exec {held}>work/.patchpipe-lock
    flock $held
    run -2 --separate-stderr render-song song.ndjson mix.wav --work work
    [[ $stderr == "render-song: work: another render-song is writing there"* ]]
    exec {held}>&-
    run -0 render-song song.ndjson mix.wav --work work
}

# fake BODY: an executable in REAPER's place. $2 is the project, $out the file that it names.
fake() {
    printf '%s\n' '#!/bin/bash' \
        'out=$(song-read -k "$2" | jq -r "select(.type == \"song\") | .render.path")' "$1" >reaper
    chmod +x reaper
}

@test "REAPER renders a copy of the project beside it, into the file that is named" {
    mkdir music out
    tone music/tone.wav 1 440
    {
        record track '"track":"t1"'
        record item '"item":"i","track":"t1","time":0,"length":0.5,"source":{"path":"tone.wav"}'
    } | song-write -o "music/my song.rpp"
    cp "music/my song.rpp" before.rpp
    # It looks for the media where a project's are, and leaves what REAPER leaves.
    fake 'printf "%s\n" "$0" "$@" >called
        cd "$(dirname "$2")" && cp tone.wav "$out" && touch "$2-bak" "$out.reapeaks"'
    run -0 --separate-stderr render-song "music/my song.rpp" "out/the mix.wav" --reaper ./reaper
    [[ $output == "$PWD/out/the mix.wav: rendered by REAPER" && -z $stderr ]]
    cmp "out/the mix.wav" music/tone.wav
    [[ $(sed -n 2p called) == -renderproject && $(sed -n 3p called) == "$PWD"/music/*.rpp && $(wc -l <called) == 3 ]]
    cmp "music/my song.rpp" before.rpp
    [[ $(find music out -type f | sort | xargs) == 'music/my song.rpp music/tone.wav out/the mix.wav' ]]
    # It is found in PATH, audio may go into a pipe, and songs by hand become projects.
    PATH=$PWD:$PATH
    render-song "music/my song.rpp" - --reaper reaper | cmp - music/tone.wav
    small_song >music/hand.ndjson
    fake 'song-read -k "$2" | jq -r "select(.type == \"fx\") | .plugin_path" >"$out"'
    run -0 render-song music/hand.ndjson names.wav --reaper reaper --json
    [[ $(<names.wav) == plain_synth.so && $(field event) == file && $(field output_path) == "$PWD/names.wav" ]]
    # Of a project that renders regions it is the mix.
    song-read music/*.rpp | jq -c 'if .type == "song" then .render = {path: "parts", pattern: "$region", range: 3, stems: 2, channels: 2}
        else . end' | song-write -o regions.rpp
    fake 'cp "$2" seen.rpp; echo audio >"$out"'
    run -0 render-song regions.rpp mix.wav --reaper reaper
    [[ $(song-read -k seen.rpp | jq -c 'select(.type == "song") | .render | [.pattern // "", .range // 1, .stems // 0]') == '["",1,0]' ]]
}

@test "with REAPER missing, failing, too slow and silent there are errors of their own" {
    small_song | song-write -o song.rpp
    echo before >mix.wav
    # refused STATUS MESSAGE [OPTION...]
    refused() {
        run "-$1" --separate-stderr render-song song.rpp mix.wav --reaper "${reaper-./reaper}" "${@:3}"
        # shellcheck disable=SC2053
        [[ -z $output && $stderr == "render-song: "$2 ]] || fail "$output $stderr"
        [[ $(<mix.wav) == before && $(names) == "${there-mix.wav reaper song.rpp tmp}" ]] || fail "$(names)"
    }
    there='mix.wav song.rpp tmp'
    refused 2 '--reaper: ./reaper: there is no such file*'
    reaper=reaper refused 2 '--reaper: reaper: there is no such program in PATH*'
    there='mix.wav reaper song.rpp tmp'
    touch reaper
    refused 2 '--reaper: ./reaper: is not executable*'
    printf '#!/nowhere/sh\n' >reaper
    chmod +x reaper
    refused 2 "--reaper: $PWD/reaper: could not be run*"
    fake 'echo "loading"; echo "no license" >&2; exit 7'
    refused 1 'REAPER failed with status 7; it said: no license'
    fake 'kill -SEGV $$'
    refused 1 'REAPER was ended by signal 11*'
    fake 'echo half >"$out"; sleep 60 & echo $! $$ >tmp/pids; exec sleep 60'
    run -1 --separate-stderr render-song song.rpp mix.wav --reaper ./reaper --timeout 0.5
    [[ $stderr == 'render-song: REAPER did not finish within 0.5 s, and was ended; give a longer --timeout' ]]
    for pid in $(<tmp/pids); do has_ended "$pid"; done
    rm tmp/pids
    [[ $(<mix.wav) == before && $(names) == "$there" ]] || fail "$(names)"
    fake 'exit 0'
    refused 1 'REAPER ended well, and wrote no audio*'
    fake ': >"$out"'
    refused 1 'REAPER ended well, and wrote no audio*'
    fake 'echo x >"${out%.wav}.flac"'
    refused 1 'REAPER wrote .flac, as the project says, and not .wav*'
    refused 2 '--stems: REAPER renders as the project says; leave it out*' --stems
    refused 2 '--timeout: must be seconds above 0*' --timeout 0
    # A signal ends it too.
    fake 'echo $$ >tmp/pids; exec sleep 60'
    render-song song.rpp mix.wav --reaper ./reaper 2>tmp/said &
    until [[ -s tmp/pids ]]; do sleep 0.05; done
    local status=0
    kill $!
    wait $! || status=$?
    ((status == 143))
    has_ended "$(<tmp/pids)"
    [[ $(<tmp/said) == *"ended by SIGTERM"* ]]
    rm tmp/pids tmp/said
    [[ $(<mix.wav) == before && $(names) == "$there" ]] || fail "$(names)"
}

@test "what cannot be right is refused before anything is rendered" {
    small_song >song.ndjson
    mkdir folder
    # refused STATUS MESSAGE ARGUMENT...
    refused() {
        run "-$1" --separate-stderr render-song "${@:3}"
        # shellcheck disable=SC2053
        [[ -z $output && $stderr == "render-song: "$2 ]] || fail "$output $stderr"
        [[ $(names) == 'folder song.ndjson tmp' && ! -e $XDG_CACHE_HOME/patchpipe/songs ]] || fail "$(names)"
    }
    refused 2 'takes two operands, the song and the output; there are 1*' song.ndjson
    refused 2 'takes two operands*' song.ndjson a.wav b.wav
    refused 2 'nowhere.rpp: there is no such file' nowhere.rpp a.wav
    refused 2 'folder: is a folder; name the song*' folder a.wav
    refused 2 'folder: is a folder; name a file, or add --stems*' song.ndjson folder
    refused 2 'song.ndjson: is not a folder*' song.ndjson song.ndjson --stems
    refused 2 'song.ndjson/a.wav: song.ndjson is not a folder' song.ndjson song.ndjson/a.wav
    refused 2 '--template: is for the files of --stems*' song.ndjson a.wav --template '{track}'
    refused 2 "*{nothing}*" song.ndjson folder --stems --template '{nothing}'
    refused 2 '--range: must be START:END*' song.ndjson a.wav --range 5
    refused 2 '--bit-depth*' song.ndjson a.wav --bit-depth 12
    refused 2 '--workers: must be 1 to 9999*' song.ndjson a.wav --workers 0
    refused 2 '--timeout*' song.ndjson a.wav --timeout none
    refused 2 '--media: none: there is no such folder' song.ndjson a.wav --media none
    refused 2 '--json writes to standard output*' song.ndjson - --json
    refused 2 '--stems and --regions write files*' song.ndjson - --stems
    chmod a-w folder
    run -2 --separate-stderr bound render-song song.ndjson folder/a.wav
    [[ $stderr == "render-song: folder/a.wav: no file can be made in folder"* ]]
}

@test "songs that are none, and what is wrong in a song, are errors with its name" {
    echo nonsense >song
    run -2 --separate-stderr render-song song mix.wav
    [[ $stderr == "render-song: $PWD/song: is neither one of REAPER's files"* ]]
    { small_song && echo '{"type":"note","track":"t"' && record note '"track":"none","time":0,"length":1,"note":60'; } >song
    run -1 --separate-stderr render-song song mix.wav
    [[ $stderr == *"line 4"* && ! -e mix.wav ]]
    # Of a project all is rendered but the line.
    small_song | song-write -o song.rpp
    sed -i '2i\  TEMPO none' song.rpp
    run -1 --separate-stderr render-song song.rpp mix.wav
    [[ $stderr == *"line 2 has no tempo above 0"* && -s mix.wav ]]
    : >empty
    run -1 --separate-stderr render-song empty none.wav
    [[ $stderr && ! -e none.wav ]]
}

@test "a song with any name, and tracks with any, is rendered" {
    mkdir -- "-a 'b"$'\n'"c" "out é"
    cd -- "-a 'b"$'\n'"c"
    small_song | sed 's/"name":"Synth"/"name":"..\/..\/x\\n\\u202e \\" $(touch y)"/; s/"t"/"t \/é"/g' >'-s é $(touch x).ndjson'
    run -0 --separate-stderr render-song --work -w -- '-s é $(touch x).ndjson' "../out é/-m.wav"
    [[ -s "../out é/-m.wav" && ! -e x ]]
    run -0 --separate-stderr render-song -v --stems -- '-s é $(touch x).ndjson' "../out é"
    [[ $(find "../out é" -type f | wc -l) == 2 && ! -e x && ! -e y && $stderr$output != *$'\u202e'* ]]
}

@test "records of no job of the song are said, and delete no stem" {
    small_song >song.ndjson
    render-song song.ndjson mix.wav --work stems >/dev/null
    mkdir kit
    ln -s "$bin"/* kit
    rm kit/render-song kit/render-one
    cp "$bin/render-song" kit
    cat >kit/render-one <<SCRIPT
#!/bin/bash
[[ "\$*" != *--parent* ]] || echo '{"track_name":"Forged","output_path":"$PWD/mine.wav","status":"error"}'
exec "$bin/render-one" "\$@"
SCRIPT
    chmod +x kit/render-one
    echo mine >mine.wav
    run -1 --separate-stderr kit/render-song song.ndjson mix.wav --work stems
    [[ ${lines[0]} == "Done: 0 rendered, 1 skipped, 0 failed." && $(<mine.wav) == mine ]]
    [[ $stderr == *"NO JOB Forged"*"were not counted"* ]]
}
