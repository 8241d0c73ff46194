#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

setup_file() { "$root/tests/make-projects.py" "$BATS_FILE_TMPDIR/made"; }

setup() { made=$BATS_FILE_TMPDIR/made; }

# The records of a file without what depends on its place and on its lines.
records_of() { song-read -k "$1" | jq -c 'del(.path, .guid, .take_guid)'; }

of_name() { song-read -k "$1" | jq -r 'select(.type == "track" and .track == "t1") | .name'; }

# Counted in bytes.
shorter_than_4096() { LC_ALL=C awk 'length > 4095 { exit 1 }' "$1"; }

# into FILE [OPTION...]: the records on standard input into the file, and prints the lines that changed.
into() {
    local file=$1
    shift
    song-write --into "$file" -o out.rpp "$@" && { diff "$file" out.rpp | grep '^[<>]' || true; }
}

@test "an edited raw line is the only change" {
    song-read --raw "$made/crlf.RPP" | sed 's/NAME Drums/NAME Bells/' | song-write -o out.rpp
    diff "$made/crlf.RPP" out.rpp >changes || true
    [[ $(wc -l <changes) == 4 && $(grep -c 'NAME Bells'$'\r' changes) == 1 ]]
}

@test "the records of a project make a project with the same records" {
    for name in whole.rpp crlf.RPP; do
        song-read "$made/$name" | song-write --seed 1 -o "new-$name"
        diff <(records_of "$made/$name") <(records_of "new-$name")
        # And the lines that are not understood are below the same things.
        raws() { song-read "$1" | jq -c 'select(.type == "raw") | [.parent, (.text | ltrimstr(" " * 8) | gsub("^ +"; ""))]' | sort; }
        diff <(raws "$made/$name") <(raws "new-$name")
    done
    # All but the last line ends as the first did.
    [[ $(grep -c $'\r$' new-crlf.RPP) == $(wc -l <new-crlf.RPP) ]]
    song-read -k --states states "$made/whole.rpp" | song-write --seed 1 -o files.rpp
    diff <(records_of "$made/whole.rpp") <(records_of files.rpp)
}

@test "what is seldom in a project is in the one that its records make" {
    # A VST2 that saved nothing, a section of MIDI and of audio with lines of its own, a source
    # without an event, an item with nothing but effects, an empty take, a quoted parameter, and
    # what is behind the tracks.
    cat >rare.rpp <<'END'
<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 0
  TEMPO 120 4 4
  <TRACK {A}
    NAME one
    TRACKID {A}
    <FXCHAIN
      BYPASS 0 0 0
      <VST "VST: Nothing" nothing.so 0 "" 1852796008 ""
        aHRvbu5e7f4AAAAAAAAAAAAAAAABAAAAAAAQAA==
        AAAQAAAA
      >
      <PARMENV "5:my gain" 0 1 0.5
        PT 0 0.5 0
      >
    >
    <ITEM
      POSITION 0
      LENGTH 1
      <SOURCE SECTION
        LENGTH 0.5
        MODE 0
        STARTPOS 0.25
        OVERLAP 0.01
        <SOURCE MIDI
          HASDATA 1 480 QN
          E 0 90 3c 40
          E 480 80 3c 00
        >
      >
      TAKE NULL SEL
      TAKE
      NAME part
      <SOURCE SECTION
        LENGTH 0.5
        MODE 2
        STARTPOS 0.25
        OVERLAP 0.02
        <SOURCE WAVE
          FILE a.wav
          UNKNOWN 1
        >
      >
    >
    <ITEM
      POSITION 1
      LENGTH 1
      <SOURCE MIDI
        HASDATA 1 960 QN
        E 0 b0 7b 00
      >
    >
    <ITEM
      POSITION 2
      LENGTH 1
      NAME bare
      <TAKEFX
        BYPASS 0 0 0
        <JS utility/volume ""
          0 - -
        >
      >
    >
  >
  <EXTENSIONS
  >
>
END
    song-read rare.rpp >records
    song-write --seed 1 -o out.rpp <records
    without() { jq -c 'del(.path, .guid, .take_guid, .line) | select(.type == ("fx", "item", "note", "envelope"))' "$@"; }
    diff <(without records) <(song-read out.rpp | without)
    diff <(grep -A 8 '<SOURCE SECTION' rare.rpp | grep -v HASDATA) <(grep -A 8 '<SOURCE SECTION' out.rpp | grep -v -e HASDATA -e IGNTEMPO)
    grep -qx '      TAKE NULL SEL' out.rpp
    [[ $(tail -n 3 out.rpp | xargs) == '<EXTENSIONS > >' ]]
    # A key that is left out has the same meaning in the project.
    jq -nc '{type: "track", track: "a"}, {type: "item", track: "a", time: 0, length: 1, rate: 2, source: {path: "a.wav"}}' |
        song-write -o plain.rpp
    [[ $(song-read -k plain.rpp | jq 'select(.type == "item") | .preserve_pitch') == null ]]
}

@test "names come back through every kind of quotes" {
    song-read "$made/names.rpp" | song-write -o out.rpp
    diff <(song-read "$made/names.rpp" | jq -r '.name // empty') <(song-read out.rpp | jq -r '.name // empty')
    grep -qx '    NAME "#hash"' out.rpp
    jq -nc '{type: "track", track: "a", name: "\" and `\nand '\''"}' | song-write -o out.rpp
    [[ $(song-read out.rpp | jq 'select(.track == "t1") | .name') == "\"\\\" and \`\\nand '\"" ]]
    # What a field cannot hold is in a block behind it.
    [[ $(grep -A 3 '^    NAME' out.rpp | xargs -d '\n') == "    NAME \`\" and ' and '\`     <NAME       |\" and \`       |and '" ]]
    # A name may look like a GUID that is missing.
    jq -nc '{type: "track", track: "a", name: "{}"}, {type: "item", item: "i", track: "a", time: 0, length: 1, name: "{}"}' |
        song-write -o out.rpp
    [[ $(song-read out.rpp | jq -r '.name // empty' | xargs) == '{} {}' ]]
}

@test "a song of ten lines by hand becomes a project" {
    cat >song.ndjson <<'END'
{"type":"song","title":"Hello"}
{"type":"tempo","time":0,"bpm":95}
{"type":"track","track":"bass","gain_db":-6}
{"type":"fx","track":"bass","plugin_path":"/usr/lib/vst/amsynth_vst.so","instrument":true}
{"type":"note","track":"bass","beat":0,"beats":1,"note":33,"velocity":80}
{"type":"note","track":"bass","beat":1,"beats":0.5,"note":36}
{"type":"track","track":"echo"}
{"type":"send","source_track":"bass","track":"echo","gain":0.05}
{"type":"fx","track":"master","plugin_path":"http://drobilla.net/plugins/mda/Limiter"}
END
    song-write --seed 1 -o out.rpp <song.ndjson
    # The grid of 960 ticks, and the bytes that REAPER expects.
    [[ $(grep -oP '^ *E \K.*' out.rpp | xargs -d '\n') == "0 90 21 50 960 80 21 00 0 90 24 64 480 80 24 00 0 b0 7b 00" ]]
    grep -qx "    AUXRECV 0 0 0.05 0 0 0 0 0 0 -1:U 0 -1 ''" out.rpp
    grep -qx '  TEMPO 95 4 4' out.rpp
    grep -qx '      <VST "VSTi: amsynth_vst" amsynth_vst.so 0 "" 0 ""' out.rpp
    [[ $(song-read -k out.rpp | jq -r 'select(.type == "fx") | .track' | xargs) == "master t1" ]]
    [[ $(head -n 1 out.rpp) == '<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 0' ]]
}

@test "GUIDs depend on the seed, and nothing else does" {
    song='{"type":"track","track":"a"}'
    for seed in 1 1 2; do song-write --seed $seed -o "out$((++n))" <<<"$song"; done
    cmp out1 out2
    run -1 cmp -s out1 out3
    diff <(sed 's/{.*}//' out1) <(sed 's/{.*}//' out3)
    song-write -o out4 <<<"$song"
    song-write -o out5 <<<"$song"
    run -1 cmp -s out4 out5
    song-write --seed 1 --reaper-version 6.0 --now -o out6 <<<"$song"
    [[ $(head -n 1 out6) =~ ^'<REAPER_PROJECT 0.1 "6.0" 1'[0-9]{9}$ ]]
}

@test "folders open and close as the parents of tracks say" {
    jq -nc '["a", null], ["b", "a"], ["c", "b"], ["d", "b"], ["e", "a"], ["f", null], ["g", "f"]
        | {type: "track", track: .[0], name: .[0], parent: .[1]}' >song
    song-write -o out.rpp <song
    [[ $(grep -oP 'ISBUS \K.*' out.rpp | xargs -d '\n') == "1 1 1 1 0 0 2 -1 2 -1 1 1 2 -1" ]]
    [[ $(song-read out.rpp | jq -r 'select(.parent and .type == "track") | .track + .parent' | xargs) == "t2t1 t3t2 t4t2 t5t1 t7t6" ]]
    run -1 song-write -o no.rpp < <(tac song)
    [[ $output == *"parent"* && ! -e no.rpp ]]
}

@test "the state of a plug-in goes in as a file of any container" {
    preset-export -o presets --programs 3 "$amsynth" >/dev/null
    jq -nc --arg path presets/*.fxp '{type: "track", track: "a"}, {type: "fx", track: "a", plugin_path: "amsynth_vst.so", preset_path: $path}' |
        song-write -o out.rpp
    song-read -k --states states out.rpp | jq -r 'select(.type == "fx") | [.plugin_kind, .plugin_id] | @tsv' | grep -qx $'vst2\tamsy'
    # The same sound from the state as from the preset.
    for kind in state preset; do
        files=("$kind"s/*)
        render-one -p "$amsynth" "{\"${kind}_path\":\"${files[0]}\",\"output_path\":\"$kind.wav\",\"duration\":0.2}" >/dev/null
    done
    wav-diff -q state.wav preset.wav
}

@test "effects are in the chain in order, each with the lines that REAPER writes" {
    for name in one two; do
        echo "{\"type\":\"fx\",\"track\":\"a\",\"plugin_path\":\"$name.so\"}"
        echo "{\"type\":\"fx\",\"track\":\"master\",\"plugin_path\":\"$name.vst3\",\"plugin_id\":\"0123456789ABCDEF0123456789ABCDEF\"}"
    done >song
    echo '{"type":"track","track":"a","gain":0.5,"pan":-0.25}' >>song
    song-write --seed 1 -o out.rpp <song
    one='BYPASS 0 0 0 FLOATPOS 0 0 0 0 FXID \{[0-9A-F-]{36}\} WAK 0 0'
    # The lines of a chain but for those of its plug-ins.
    chain() { sed -n "/<$1/,\$p" out.rpp | sed 's/^ *//' | grep -vE '^(<VST|>)' | sed -n 2,9p | xargs -d '\n'; }
    for list in MASTERFXLIST FXCHAIN; do
        [[ $(chain $list) =~ ^$one\ $one$ ]] || fail "$(chain $list)"
    done
    [[ $(grep -oP '<VST "\K[^"]*' out.rpp | xargs -d '\n') == "VST3: one VST3: two VST: one VST: two" ]]
    grep -qx '    VOLPAN 0.5 -0.25 -1 -1 1' out.rpp
}

@test "numbers never have an exponent, and a path keeps every character" {
    path='my "own" drums/Bäss '"'"'x'"'"'.wav'
    jq -nc --arg path "$path" '{type: "track", track: "a", gain: 1e-7}, {type: "tempo", time: 0, bpm: 1.2e2},
        {type: "item", track: "a", time: 1e-5, length: 1e6, name: "a b", source: {kind: "audio", path: $path}}' | song-write -o out.rpp
    run -1 grep -E '[0-9][eE][-+]?[0-9]' <(grep -E 'VOLPAN|POSITION|LENGTH|TEMPO' out.rpp)
    grep -qx '      POSITION 0.00001' out.rpp && grep -qx '      LENGTH 1000000' out.rpp && grep -qx '      NAME "a b"' out.rpp
    [[ $(grep -oP '^ *FILE \K.*' out.rpp) == "\`$path\`" ]]
    [[ $(song-read -k out.rpp | command jq -r '.source.path // empty') == "$path" ]]
}

@test "a file that cannot be written is status 3, and nothing is left of it" {
    mkdir locked
    chmod 500 locked
    run -3 --separate-stderr bound song-write -o locked/out.rpp <<<'{"type":"song"}'
    [[ $stderr == "song-write: locked/out.rpp: cannot write: Permission denied" && -z $output && -z $(ls -A locked) ]]
    run -3 --separate-stderr bash -c 'ulimit -f 8; song-write -o full.rpp' < <(jq -nc 'range(9999) | {type: "track", track: "\(.)"}')
    [[ $stderr == "song-write: full.rpp: cannot write: "* && ! -e full.rpp ]]
}

@test "--into keeps every byte of a file whose records do not change" {
    for file in "$made"/{whole,names,latin,long,longest,quote,lying,numbers,cut,deep,frozen,states}.rpp "$made"/c{rlf.RPP,r.rpp,hain.RfxChain} "$made"/{mixed.rpp,tracks.RTrackTemplate}; do
        song-read "$file" | grep -v '^{"status"' | command jq -c . | song-write --into "$file" -o copy || fail "$file"
        cmp "$file" copy || fail "$file"
    done
    song-write --into "$made/whole.rpp" -o copy <<<'{"type":"song"}'
    cmp "$made/whole.rpp" copy
}

@test "--into keeps blocks beside the project, and a line that is there twice" {
    printf '%s\n' '<REAPER_PROJECT 0.1 "7.0" 0' '  TEMPO 120 4 4' '  <TRACK' '    NAME one' '    NAME two' '  >' \
        '>' '<EXTRA' '  <DEEPER' '  >' '>' 'the end' >twice.rpp
    song-read twice.rpp | song-write --into twice.rpp -o copy
    cmp twice.rpp copy
    [[ $(into twice.rpp <<<'{"type":"track","track":"t1","name":"new"}') == *'>     NAME new'* ]]
}

@test "--into keeps a file that is cut within the state that it changes" {
    song-read -k "$made/whole.rpp" | jq -c 'select(.plugin_kind == "clap") | .state = "AAEC"' >new
    sed '/<STATE/ {n; q}' "$made/whole.rpp" >cut.rpp
    song-write --into cut.rpp -o out.rpp <new
    diff <(sed '/<STATE/q' cut.rpp) <(sed '/<STATE/q' out.rpp)
    [[ $(sed '1,/<STATE/d' out.rpp | tr -d ' ') == AAEC ]]
}

@test "--into changes one line for one changed volume" {
    song-read "$made/crlf.RPP" | jq -c 'if .type == "track" and .track == "t3" then .gain = 0.7 else . end' | into "$made/crlf.RPP" >changes
    diff changes <(printf '< %s\r\n> %s\r\n' '    VOLPAN 2 0 -1 -1 1' '    VOLPAN 0.7 0 -1 -1 1')
    # A record with nothing but the change is enough.
    into "$made/whole.rpp" <<<'{"type":"track","track":"t2","gain_db":-20,"pan":0.5}' >changes
    diff changes - <<<$'< '"    VOLPAN 1 0 -1 -1 1"$'\n> '"    VOLPAN 0.1 0.5 -1 -1 1"
    cp "$made/whole.rpp" own.rpp
    song-write --into own.rpp <<<'{"type":"fx","fx":"t3.f1","bypass":true}'
    [[ $(diff "$made/whole.rpp" own.rpp | grep '^[<>]' | xargs) == '< BYPASS 0 0 0 > BYPASS 1 0 0' ]]
}

@test "--into changes what the records change, of every kind" {
    while IFS='~' read -r record changes; do
        [[ $(into "$made/whole.rpp" <<<"$record" | xargs -d '\n' | sed 's/  */ /g') == "$changes" ]] ||
            fail "$record: $(into "$made/whole.rpp" <<<"$record")"
    done <<'END'
{"type":"item","item":"t3.i1","time":9}~< POSITION 1 > POSITION 9
{"type":"item","item":"t2.i1","fade_in":0.2,"fade_out_shape":"linear"}~< FADEIN 1 0.1 0 1 0 0.5 < FADEOUT 5.1 0.25 0 1 0 0 > FADEIN 1 0.2 0 1 0 0.5 > FADEOUT 0 0.25 0 1 0 0
{"type":"item","item":"t2.i1","fade_in_shape":"fast-end","fade_out_shape":"fast-end"}~< FADEIN 1 0.1 0 1 0 0.5 < FADEOUT 5.1 0.25 0 1 0 0 > FADEIN 2 0.1 0 1 0 1 > FADEOUT 2 0.25 0 1 0 -1
{"type":"item","item":"t2.i1.2","name":"two words"}~< NAME other > NAME "two words"
{"type":"item","item":"t2.i1","source":{"path":"new/b.wav"}}~< FILE "media/a kick.wav" 1 > FILE new/b.wav 1
{"type":"item","item":"t2.i1","source":{"path":"b.flac"}}~< <SOURCE WAVE < FILE "media/a kick.wav" 1 > <SOURCE FLAC > FILE b.flac 1
{"type":"send","send":"t3.s1","gain":0.5,"mode":"pre-fx"}~< AUXRECV 1 0 0.25 -0.5 0 0 0 0 0 -1:U 0 -1 '' > AUXRECV 1 1 0.5 -0.5 0 0 0 0 0 -1:U 0 -1 ''
{"type":"track","track":"master","gain":1}~< MASTER_VOLUME 0.5 -0.25 -1 -1 1 > MASTER_VOLUME 1 -0.25 -1 -1 1
{"type":"track","track":"t2","solo":1}~< MUTESOLO 0 0 0 > MUTESOLO 0 1 0
{"type":"track","track":"t2","inverted":true}~> IPHASE 1
{"type":"song","sample_rate":44100}~< SAMPLERATE 48000 1 0 > SAMPLERATE 44100 1 0
{"type":"envelope","envelope":"t3.e1","active":true}~< ACT 0 -1 > ACT 1 -1
{"type":"envelope","envelope":"t3.e3","points":[[1,0,"square"]]}~< PT 0 1 1 > PT 1 0 1
{"type":"fx","fx":"t3.f5","parameters":[0.75,null]}~< 0.5 -200 - - "a file" - > 0.75 -
{"type":"fx","fx":"t3.f8","wet":0.25}~> WET 0.25
{"type":"send","send":"t3.s2","removed":true}~< AUXRECV 0 3 1 0 1 1 1 2 4 -1:U 31 -1 ''
{"type":"item","item":"t3.i2","removed":true}~< <ITEM < POSITION 6 < LENGTH 0 < <NOTES < |only text < > < >
END
}

@test "--into writes changed notes, tempos, markers and states anew" {
    song-read -k "$made/whole.rpp" | jq -c 'if .type == "note" and .note == 60 then .beats = 0.5 else . end' |
        into "$made/whole.rpp" >/dev/null
    diff <(records_of "$made/whole.rpp") <(records_of out.rpp) | grep '^[<>]' | jq -cR '.[2:] | fromjson | [.type, .beats]' >changes
    [[ $(<changes) == $'["note",0.25]\n["note",0.5]' ]]
    song-read -k "$made/whole.rpp" | jq -c 'if .type == "tempo" and .bpm == 60 then .bpm = 90 else . end' | into "$made/whole.rpp" >changes
    [[ $(song-read out.rpp | jq -c 'select(.type == "tempo") | [.time, .bpm]' | xargs) == "[0,120] [4,90] [8,120]" ]]
    run -1 grep -v ' PT ' changes
}

@test "--into keeps the markers and tempos beside one that changes" {
    printf '%s\n' '<REAPER_PROJECT 0.1 "7.65/win64" 0' '  TEMPO 120 4 4' '  MARKER 1 1.50 One 8 0 1 R {A} 0 2' \
        '  MARKER 1 2.000000000000 "A b" 1 0 1 B {B} 0 3' '  MARKER 2 3 1 0' '  MARKER 1 4.000000000000 "" 1' \
        '  <TEMPOENVEX' '    ACT 1 -1' '    PT 0.000000000000 120.0000000000 1 262148 0 1 0 "" 0 1920' \
        '    PT 8.000000000000 90.0000000000 0 0 1' '  >' '>' >two.rpp
    song-read -k two.rpp >two.ndjson
    song-write --into two.rpp -o same.rpp <two.ndjson
    cmp two.rpp same.rpp
    jq -c 'if .name == "1" then .name = "1.0" else . end' two.ndjson >names.ndjson
    [[ $(into two.rpp <names.ndjson | xargs -d '\n') == '<   MARKER 2 3 1 0 >   MARKER 2 3 1.0 0 0' ]]
    jq -c 'if .bpm == 90 then .bpm = 91 else . end | select(.type != "marker")' two.ndjson >tempos.ndjson
    [[ $(into two.rpp <tempos.ndjson | grep PT | xargs -d '\n') == '<     PT 8.000000000000 90.0000000000 0 0 1 >     PT 8 91 0' ]]
    # One record changes, removes or adds one marker, and needs no other.
    [[ $(into two.rpp <<<'{"type":"marker","marker":"m1","removed":true}') == '<   MARKER 1 1.50 One 8 0 1 R {A} 0 2' ]]
    [[ $(into two.rpp <<<'{"type":"marker","marker":"m3","beat":7}' | xargs -d '\n') == '<   MARKER 2 3 1 0 >   MARKER 2 3.5 1 0 0' ]]
    [[ $(into two.rpp <<<'{"type":"marker","time":9,"name":"New"}') == '>   MARKER 3 9 New 0 0' ]]
    [[ $(into two.rpp <<<'{"type":"region","time":5,"end":6,"name":"Next"}' | xargs -d '\n') == '>   MARKER 2 5 Next 1 0 >   MARKER 2 6 "" 1' ]]
}

@test "--into changes of a state's plug-in what its record says" {
    # What a record does not say of it stays: its number, pins and flags.
    song-read -k --states states "$made/whole.rpp" >whole.ndjson
    for fx in t3.f1 t3.f3; do
        file=$(jq -r --arg fx $fx 'select(.type == "fx" and .fx == $fx) | .state_path' whole.ndjson)
        jq -nc --arg fx $fx --arg file "$file" '{type: "fx", fx: $fx, state_path: $file, program: "New"}' |
            song-write --into "$made/whole.rpp" -o out.rpp
        [[ $(diff "$made/whole.rpp" out.rpp | grep -c '^[<>]') == 2 ]]
        [[ $(song-read -k out.rpp | jq -r --arg fx $fx 'select(.fx == $fx and .type == "fx") | .program') == New ]]
    done
    # The program alone, and the plug-in's pins alone.
    [[ $(into "$made/whole.rpp" <<<'{"type":"fx","fx":"t3.f1","program":"Bass"}' | wc -l) == 2 ]]
    song-write --into "$made/whole.rpp" -o out.rpp <<<'{"type":"fx","fx":"t3.f1","reaper":{"inputs":[1,2],"outputs":[4,8],"version":1,"flags":1048576}}'
    [[ $(song-read -k out.rpp | jq -c 'select(.fx == "t3.f1" and .type == "fx") | [.program, .reaper.outputs]') == '["Lead",[4,8]]' ]]
}

@test "--into adds what is new and fits the numbers of sends to removed tracks" {
    cat >new <<'END'
{"type":"track","track":"new","name":"New"}
{"type":"send","source_track":"t3","track":"new","gain":0.5}
{"type":"item","track":"t3","time":12,"length":1,"source":{"kind":"audio","path":"x.flac"}}
{"type":"fx","track":"t3","plugin_kind":"js","name":"utility/volume","parameters":[-6]}
{"type":"track","track":"t1","removed":true}
END
    into "$made/whole.rpp" --seed 1 <new >changes
    [[ $(song-read -k out.rpp | jq -r 'select(.type == "track") | .name // "master"' | tail -n 1) == New ]]
    [[ $(song-read -k out.rpp | jq -c 'select(.type == "send") | [.source_track, .track, .gain]' | xargs) == "[t1,t2,0.25] [t2,t3,0.5]" ]]
    [[ $(song-read -k out.rpp | jq -c 'select(.type == "item" and .time == 12) | [.track, .source.format]') == '["t2","FLAC"]' ]]
    [[ $(song-read -k out.rpp | jq -c 'select(.fx == "t2.f9") | .parameters') == '[-6]' ]]
}

@test "--into adds the lines that a project lacks, to each take its own" {
    cat >bare.rpp <<'END'
<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 0
  <TRACK
    <VOLENV2
      PT 0 1 0
    >
    <FXCHAIN
      BYPASS 0 0 0
      <JS utility/volume ""
        0 - -
      >
    >
    <ITEM
      POSITION 0
      LENGTH 2
      <SOURCE WAVE
        FILE a.wav
      >
      TAKE SEL
      <SOURCE WAVE
        FILE b.wav
      >
      TAKE
      NAME third
    >
  >
>
END
    item() { jq -nc --arg id "$1" --argjson values "$2" '{type: "item", item: $id} + $values'; }
    {
        item t1.i1 '{"rate": 2, "offset": 0.5, "name": "one", "pan": 0.25, "gain": 0.5}'
        item t1.i1.2 '{"rate": 3, "take_gain": 0.5, "channel_mode": 2}'
        item t1.i1.3 '{"name": "three", "active": true}'
        echo '{"type": "envelope", "envelope": "t1.e1", "active": false}'
        echo '{"type": "fx", "fx": "t1.f1", "custom_name": "Level of it"}'
    } >changes
    run -0 into bare.rpp <changes
    diff - <(printf '%s\n' "$output") <<'END'
>       ACT 0 -1
<       <JS utility/volume ""
>       <JS utility/volume "Level of it"
>       VOLPAN 0.5 0.25 1 -1
>       NAME one
>       SOFFS 0.5
>       PLAYRATE 2 0 0 -1 0 0.0025
<       TAKE SEL
>       TAKE
>       TAKEVOLPAN 0 0.5 -1
>       PLAYRATE 3 0 0 -1 0 0.0025
>       CHANMODE 2
<       TAKE
<       NAME third
>       TAKE SEL
>       NAME three
END
    # All of it is read back, and wanting it again changes nothing.
    song-read -k out.rpp | jq -c 'select(.active == true) | .name' | grep -qx '"three"'
    mv out.rpp again.rpp
    run -0 into again.rpp <changes
    [[ -z $output ]]
}

@test "--into refuses what it would lose" {
    file=$made/whole.rpp
    refused() {
        run -1 song-write --into "$file" -o no.rpp <<<"$1"
        [[ $output == *"$2"* && ! -e no.rpp ]]
    }
    refused '{"type":"item","item":"t3.i1","reverse":true}' 't3.i1: reverse cannot be changed'
    refused '{"type":"item","item":"t2.i1","source":{"from":1}}' 't2.i1: from cannot be changed'
    refused '{"type":"item","item":"t2.i1.2","length":1}' 't2.i1.2: length is that of the whole item'
    refused '{"type":"fx","fx":"t3.f1","plugin_path":"other.so"}' 't3.f1: plugin_path cannot be changed'
    refused '{"type":"fx","fx":"t3.f1","instrument":false}' 't3.f1: instrument cannot be changed'
    refused '{"type":"envelope","envelope":"t3.e1","target":"pan"}' 't3.e1: target cannot be changed'
    # Each take may say the same of their item.
    run -0 into "$file" <<<'{"type":"item","item":"t2.i1","length":1}'$'\n''{"type":"item","item":"t2.i1.2","length":1}'
    [[ $(wc -l <<<"$output") == 2 ]]
}

@test "--into takes time and memory by what changes, not by the file" {
    without_sanitizers "they take memory themselves"
    /usr/bin/python3 - <<'PYTHON'
# The second is as it is to become.
for name, other in ("large.rpp", 0x30), ("wanted.rpp", 0x31):
    with open(name, "w") as out:
        out.write("<REAPER_PROJECT\n")
        for track in range(80):
            note = other if track == 1 else 0x30
            out.write("  <TRACK\n    NAME a\n    <ITEM\n      POSITION 0\n      LENGTH 1\n      <SOURCE MIDI\n        HASDATA 1 960 QN\n")
            out.write(f"        E 1 90 {note:x} 40\n        E 1 80 {note:x} 00\n" * 4000 + "        E 0 b0 7b 00\n      >\n    >\n  >\n")
        out.write(">\n")
PYTHON
    song-read -k large.rpp | grep -F '"item":"t2.i1"' | command jq -c 'if .note then .note += 1 else . end' >changes
    (($(wc -l <changes) > 4000))
    (ulimit -v 60000 && song-write --into large.rpp -o out.rpp <changes)
    cmp out.rpp wanted.rpp
}

@test "fields are quoted as REAPER reads them, and numbers have no exponents" {
    cat >song <<'END'
{"type":"track","track":"1","name":"#a","gain":1e-7,"pan":-2.5e-05}
{"type":"track","track":"2","name":";b","gain":12345678.5}
{"type":"track","track":"3","name":"c d"}
{"type":"track","track":"4","name":""}
{"type":"track","track":"5","name":"e\"f g"}
{"type":"track","track":"6","name":"'h"}
{"type":"track","track":"7","name":"it's \"i\""}
{"type":"track","track":"8","name":"|j k"}
{"type":"track","track":"9","name":"l\"m"}
END
    song-write --seed 1 -o out.rpp <song
    diff <(grep -o 'NAME .*' out.rpp) - <<'END'
NAME "#a"
NAME ";b"
NAME "c d"
NAME ""
NAME 'e"f g'
NAME "'h"
NAME `it's "i"`
NAME "|j k"
NAME l"m
END
    [[ $(grep -o 'VOLPAN .*' out.rpp | head -n 2 | xargs -d '\n') == "VOLPAN 0.0000001 -0.000025 -1 -1 1 VOLPAN 12345678.5 0 -1 -1 1" ]]
    diff <(jq -r .name song) <(song-read out.rpp | jq -r 'select(.track != "master" and .type == "track") | .name')
}

@test "a VST2's id in a project is made of its letters and its name" {
    song-write --seed 1 -o out.rpp <<'END'
{"type":"track","track":"a"}
{"type":"fx","track":"a","plugin_path":"podolski.so","name":"VSTi: Podolski (u-he)","plugin_id":"Podo"}
{"type":"fx","track":"a","plugin_path":"reaeq.so","name":"VST: ReaEQ (Cockos)","plugin_id":"reeq"}
END
    # As in projects that REAPER wrote.
    diff <(grep -oE '[0-9]+<.*>' out.rpp) - <<'END'
1349477487<565354506F646F706F646F6C736B6900>
1919247729<56535472656571726561657100000000>
END
}

@test "a real state of a VST3 goes into a project and comes out with the same sound" {
    local macro=$root/build/tests/plugins/MacroSynth.vst3
    job() { printf '{"plugin_path":"%s","output_path":"%s.wav"%s}\n' "$macro" "$1" "$2"; }
    name=$(plugin-probe --parameters "$macro" | jq -r '[.parameters[] | select(.is_automatable and (.is_discrete | not))][0].name')
    job a ",\"parameters\":{\"$name\":0.87}" | preset-export -o presets >exported
    preset=$(jq -r .preset_path exported)
    id=$(plugin-probe "$macro" | jq -r .plugin_id)
    {
        echo '{"type":"track","track":"t1"}'
        printf '{"type":"fx","fx":"t1.f1","track":"t1","plugin_path":"%s","plugin_id":"%s","preset_path":"%s"}\n' "$macro" "$id" "$preset"
    } | song-write --seed 1 -o song.rpp
    song-read -k --states "$PWD/states" song.rpp | jq -c 'select(.type == "fx")' >fx
    [[ $(jq -r .plugin_id fx) == "$id" && $(jq -r .plugin_kind fx) == vst3 ]]
    # The preset knows the class too.
    {
        echo '{"type":"track","track":"t1"}'
        printf '{"type":"fx","fx":"t1.f1","track":"t1","plugin_path":"%s","preset_path":"%s"}\n' "$macro" "$preset"
    } | song-write --seed 1 -o other.rpp
    cmp song.rpp other.rpp
    {
        job b ",\"preset_path\":\"$preset\""
        job c ",\"state_path\":\"$(jq -r .state_path fx)\""
        job d ""
    } | render-one | jq -r '.audio_hash // .error' >hashes
    [[ $(sed -n 1p hashes) == xxh128:* && $(sed -n 1p hashes) == $(sed -n 2p hashes) && $(sed -n 1p hashes) != $(sed -n 3p hashes) ]] ||
        fail "$(<hashes)"
}

@test "what is frozen, and the states of LV2 and AU, come through as they are" {
    blocks() {
        awk '{ sub(/^ +/, "") }
            /^<(FREEZE|LV2|AU) / { on = 1 }
            on { print; if (/^</) ++depth; if (/^>/ && --depth == 0) on = 0 }' "$1"
    }
    for name in frozen states; do
        song-read "$made/$name.rpp" | song-write --seed 1 -o out.rpp
        blocks "$made/$name.rpp" >kept
        (($(wc -l <kept) > 8))
        diff kept <(blocks out.rpp)
    done
}

@test "--into changes the values of an LV2's ports, and keeps its other lines" {
    into "$made/states.rpp" <<<'{"type":"fx","fx":"t1.f1","ports":{"decay":0.25,"release":0.1,"new":-20}}' >changes
    diff <(sed 's/  */ /g' changes) - <<'END'
< P attack 0.9 decay 0.5 release 0.1
> P attack 0.9 decay 0.25 release 0.1
> P new -20
END
    run -1 song-write --into "$made/states.rpp" -o out.rpp <<<'{"type":"fx","fx":"t1.f1","ports":[1]}'
    [[ $output == *"of an lv2 must be an object of numbers"* ]]
}

@test "--into fits the numbers of the receives that a frozen track keeps" {
    into "$made/frozen.rpp" <<<'{"type":"track","track":"t1","removed":true}' >changes
    [[ $(grep AUXRECV changes | cut -c 1,3- | sed 's/  */ /g' | cut -c 1-13 | xargs -d '\n') == "< AUXRECV 1 0 > AUXRECV 0 0 < AUXRECV 2 0 > AUXRECV 1 0" ]]
    into "$made/frozen.rpp" <<<'{"type":"track","track":"t2","removed":true}' >changes
    [[ $(grep -c '^< *AUXRECV' changes) == 2 && $(grep -c '^> ' changes) == 1 ]]
}

@test "--into gives a track a name of several lines, and takes it away" {
    into "$made/whole.rpp" <<<'{"type":"track","track":"t2","name":"two\nlines"}' >changes
    diff <(xargs -d '\n' <changes | sed 's/  */ /g') - <<<"< NAME \"Kick '909'\" > <NAME > |two > |lines > > > NAME \"two lines\""
    [[ $(song-read -k out.rpp | jq -r 'select(.track == "t2" and .type == "track") | .name') == $'two\nlines' ]]
    into "$made/whole.rpp" <<<'{"type":"track","track":"t3","name":"plain"}' >changes
    [[ $(song-read -k out.rpp | jq -r 'select(.track == "t3" and .type == "track") | .name') == plain ]]
    run -1 grep -F '|all of' out.rpp
}

@test "no line is longer than REAPER reads" {
    # A track's name is in a block, whose lines may go on.
    name=$(printf 'x%.0sä' {1..5000})
    printf '{"type":"track","track":"a","name":"%s\\nend"}\n' "$name" | song-write --seed 1 -o out.rpp
    [[ $(of_name out.rpp) == "$name"$'\nend' ]]
    shorter_than_4096 out.rpp
    song-write --into "$made/small.rpp" -o out.rpp < <(printf '{"type":"track","track":"t1","name":"%s"}\n' "$name")
    [[ $(of_name out.rpp) == "$name" ]]
    shorter_than_4096 out.rpp
    # Nothing else can.
    while read -r record; do
        run -1 song-write -o long.rpp < <(printf '{"type":"track","track":"a"}\n%s\n' "${record/LONG/$name}")
        [[ $output == *"bytes, and REAPER reads 4095; shorten what is in it"* && ! -e long.rpp ]] || fail "$record"
    done <<'END'
{"type":"song","title":"LONG"}
{"type":"item","track":"a","time":0,"length":1,"name":"LONG","source":{"kind":"empty"}}
{"type":"item","track":"a","time":0,"length":1,"source":{"kind":"audio","path":"LONG"}}
{"type":"marker","time":0,"name":"LONG"}
{"type":"fx","track":"a","plugin_path":"x.so","name":"LONG"}
END
    run -1 song-write --into "$made/whole.rpp" -o long.rpp < <(printf '{"type":"song","title":"%s"}\n' "$name")
    [[ $output == *"TITLE: would be a line of"* && ! -e long.rpp ]]
    # What a file has is kept.
    song-read "$made/long.rpp" | song-write --seed 1 -o out.rpp
    [[ $(song-read "$made/long.rpp" | jq -r 'select(.parent == "song") | .text') == $(song-read out.rpp | jq -r 'select(.parent == "song") | .text') ]]
}

@test "a record that cannot be written is refused by name, and nothing is written" {
    while IFS='~' read -r record words; do
        run -1 song-write -o out.rpp < <(printf '{"type":"track","track":"a"}\n%s\n' "$record")
        [[ $output == *'"status":"error"'* && $output == *"$words"* && ! -e out.rpp ]] || fail "$record: $output"
    done <<'END'
{"type":"raw"}~text or bytes
{"type":"raw","text":"a","bytes":"YQ=="}~text or bytes
nonsense~line 2
{"status":"error","error":"e"}~error
{}~type: is missing
{"type":"track"}~track: is missing
{"type":"track","track":"a"}~'a', which another record is already
{"type":"track","track":"b","gain":-1}~gain: must be 0 or more
{"type":"track","track":"b","gain":"loud"}~gain
{"type":"track","track":"b","pan":1.5}~pan
{"type":"item","track":"nowhere","time":0,"length":1}~nowhere
{"type":"item","track":"a","time":0}~length is missing
{"type":"note","track":"a","beat":0,"beats":1,"note":128}~note: must be 0 to 127, is 128
{"type":"note","track":"a","note":60}~time: is missing
{"type":"control","track":"a","beat":0,"kind":"knob"}~kind
{"type":"control","track":"a","beat":0,"kind":"bend","value":9000}~value: must be -8192 to 8191
{"type":"tempo","time":0,"bpm":0}~bpm
{"type":"fx","track":"a"}~plugin_kind
{"type":"fx","track":"a","plugin_path":"organ.dsp"}~organ.dsp: is a Faust program
{"type":"fx","track":"a","plugin_path":"x.so","state":"?"}~base64
{"type":"fx","track":"a","plugin_path":"x.so","state_path":"/nowhere"}~nowhere
{"type":"send","source_track":"b","track":"a"}~source_track
{"type":"envelope","track":"a","target":"colour","points":[]}~colour
{"type":"envelope","track":"a","target":"gain","points":[1]}~points
{"type":"envelope","track":"a","target":"gain","points":"1"}~points must be an array
{"type":"note","track":"b","beat":0,"beats":1,"note":60}~belongs to 'b', which no record
{"type":"control","track":"a","item":"i","beat":0,"kind":"bend","value":0}~belongs to 'i'
{"type":"send","source_track":"a","track":"master"}~is a send of the master
{"type":"signature","time":0,"numerator":0}~numerator: must be 1 to 255
{"type":"region","marker":"m","time":3,"end":1}~m: ends before it begins
END
    run -2 song-write
    [[ $output == *"-o FILE is missing"* ]]
    run -1 song-write --into "$made/two.rpp-bak" -o out.rpp <<<'{"type":"song"}'
    [[ $output == *"several projects"* && ! -e out.rpp ]]
    run -1 song-write --into nowhere.rpp -o out.rpp <<<'{"type":"song"}'
    [[ ! -e out.rpp ]]
}

@test "a pan envelope goes from left to right in records, and the other way in projects" {
    {
        echo '{"type":"track","track":"t1"}'
        echo '{"type":"envelope","envelope":"t1.e1","track":"t1","target":"pan","points":[[0,-1],[1,0.25],[2,0]]}'
    } | song-write -o a.rpp --seed x
    [[ $(grep -A 5 '<PANENV2' a.rpp | grep PT | xargs -d '\n') == "      PT 0 1 0       PT 1 -0.25 0       PT 2 0 0" ]]
    [[ $(song-read a.rpp | jq -c 'select(.type == "envelope") | .points') == '[[0,-1],[1,0.25],[2,0]]' ]]
    song-write --into a.rpp <<<'{"type":"envelope","envelope":"t1.e1","points":[[0,0.5]]}'
    [[ $(grep -A 3 '<PANENV2' a.rpp | grep PT | xargs) == "PT 0 -0.5 0" ]]
}

@test "a fade without a curve gets that of its shape, and a straight one stays straight" {
    for curve in '' ',"fade_in_curve":0' ',"fade_in_curve":0.5'; do
        {
            echo '{"type":"track","track":"t1"}'
            echo '{"type":"item","item":"t1.i1","track":"t1","time":0,"length":1,"fade_in":0.5,"fade_in_shape":"fast-end-steep","fade_out":0.5,"fade_out_shape":"fast-end-steep"'"$curve"'}'
        } | song-write -o a.rpp --seed x
        grep -E 'FADEIN|FADEOUT' a.rpp | awk '{print $7}' | xargs
        song-read a.rpp | jq -c 'select(.type == "item") | [.fade_in_curve, .fade_out_curve]'
    done >found
    [[ $(<found) == '1 -1
[1,-1]
0 -1
[0,-1]
0.5 -1
[0.5,-1]' ]]
}
