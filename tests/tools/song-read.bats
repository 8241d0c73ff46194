#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

# The projects that tests/make-projects.py makes.
setup_file() { "$root/tests/make-projects.py" "$BATS_FILE_TMPDIR/made"; }

setup() { made=$BATS_FILE_TMPDIR/made; }

# of TYPE FILTER [FILE]: what jq makes of the records of that type, one a line.
of() { song-read "${3:-$made/whole.rpp}" | command jq -r --arg type "$1" "select(.type == \$type) | $2"; }

# is TYPE FILTER LINES [FILE]: of() gives exactly these lines.
is() { diff <(of "$1" "$2" "${4:-}") <(printf '%s\n' "$3"); }

@test "every file goes through song-read --raw and song-write byte for byte" {
    for file in "$made"/* "$bin/song-read" "$BATS_TEST_FILENAME" /dev/null; do
        song-read --raw "$file" | song-write -o copy
        cmp "$file" copy || fail "$file"
    done
    song-read --raw - <"$made/crlf.RPP" | song-write -o - >copy
    cmp "$made/crlf.RPP" copy
    printf 'a\rb\r\nc\n\r\n\r\r\n' >ends
    song-read --raw ends | song-write -o copy
    cmp ends copy
    # A line end may lie on the border of two reads.
    for size in 262142 262143 262144 1048575 1048576 1048577; do
        { head -c "$size" /dev/zero | tr '\0' x && printf '\r\nend'; } >border
        song-read --raw border | song-write -o copy
        cmp border copy || fail "$size"
    done
}

@test "one raw record stands for each line, with its number" {
    song-read --raw "$made/small.rpp" | jq -cs '[.[] | [.type, .line, .text]][1:4]' >out
    [[ $(<out) == '[["raw",1,"<REAPER_PROJECT 0.1 \"6.0\" 0"],["raw",2,"  TEMPO 95 4 4"],["raw",3,"  <TRACK"]]' ]]
    song-read --raw "$made/latin.rpp" | jq -r 'select(.bytes) | .bytes' | base64 -d | cmp - <(printf '    NAME B\xe4ss    OTHER \xff\xfe')
    for size in {1..7}; do head -c "$size" <(yes $'\xff' | tr -d '\n') && echo; done >bytes
    song-read --raw bytes | jq -r '.bytes // empty' | while read -r line; do base64 -d <<<"$line" && echo; done | cmp bytes
}

@test "the song says what the file is and how it is rendered" {
    is song '[.format, .content, .path, .title, .author, .program, .saved, .sample_rate, .sample_rate_used] | tojson' \
        "[\"rpp\",\"project\",\"$made/whole.rpp\",\"A 'whole' song\",\"Eve\",\"7.22/linux-x86_64\",1700000000,48000,true]"
    is song '.render | tojson' '{"path":"out/mix.wav","pattern":"$track","channels":2,"sample_rate":48000,"range":1,"tail_ranges":18,"tail_ms":1000,"format":"wave","settings":"ZXZhdxgAAA=="}'
    [[ $(of song .line_end "$made/crlf.RPP") == $'\r' && $(of song .line_end) == null ]]
}

@test "the points of the tempo envelope are the tempos, with ramps linear in time" {
    is tempo '[.time, .beat, .bpm, .ramp] | tojson' $'[0,0,120,null]\n[4,8,60,true]\n[8,14,120,null]'
    is signature '[.time, .beat, .numerator, .denominator] | tojson' $'[0,0,4,4]\n[4,8,3,4]'
    # Half of the ramp from 60 to 120 in 4 seconds: (60 + 90) / 2 / 60 * 2 = 2.5 beats.
    is region '[.time, .end, .end_beat] | tojson' '[2,6,10.5]'
    is tempo '[.time, .bpm] | tojson' '[0,95]' "$made/small.rpp"
}

@test "markers and regions have their names, indices and colours" {
    is marker '[.marker, .time, .beat, .name, .index] | tojson' $'["m1",1.5,3,"Verse one",1]\n["m3",3,6,"",3]'
    is region '[.marker, .name, .index, .color] | tojson' '["m2","Chorus",2,16777471]'
}

@test "tracks have their levels, folders and flags, and the master is one" {
    is track '[.track, .parent, .kind, .name, .gain, .pan] | tojson' \
        '["master",null,"master",null,0.5,-0.25]
["t1",null,"folder","Drums",0.5,-0.25]
["t2","t1","audio","Kick '\''909'\''",1,0]
["t3",null,"audio","all of \", '\'' and `\nin two lines",2,0]'
    [[ $(of track 'select(.track == "t1") | [.mute, .solo, .channels, .fx_bypass, .gain_db] | tojson') == '[true,2,4,true,-6.021]' ]]
    [[ $(of track 'select(.track == "t2") | [.master_send, .color, .guid] | tojson') == '[false,33489024,"{T2}"]' ]]
}

@test "a send comes from the track that its line names and goes to the track that it is in" {
    is send '[.send, .source_track, .track, .mode, .gain, .pan, .mute] | tojson' \
        '["t3.s1","t2","t3","post-fader",0.25,-0.5,null]
["t3.s2","t1","t3","pre-fader",1,null,true]'
}

@test "items have their place, fades, takes and sources" {
    is item '[.item, .time, .length, .beat, .beats, .loop] | tojson' \
        '["t2.i1",0.5,1.25,1,2.5,null]
["t2.i1.2",0.5,1.25,1,2.5,null]
["t3.i1",1,4,2,7.125,true]
["t3.i2",6,0,10.5,0,null]'
    [[ $(of item 'select(.item == "t2.i1") | [.fade_in, .fade_in_shape, .fade_in_curve, .fade_out, .fade_out_shape] | tojson') == \
        '[0.1,"fast-start",0.5,0.25,"smooth-steep"]' ]]
    [[ $(of item 'select(.item == "t2.i1") | [.gain, .take_gain, .inverted, .pan, .offset, .rate, .preserve_pitch, .pitch_cents, .channel_mode, .reverse] | tojson') == \
        '[0.5,0.25,true,0.1,0.125,1.5,null,-200,2,true]' ]]
    [[ $(of item 'select(.take) | [.take, .takes, .active, .name] | tojson' | xargs -d '\n') == '[1,2,false,"kick.wav"] [2,2,true,"other"]' ]]
    is item '.source | tojson' '{"kind":"audio","format":"WAVE","path":"media/a kick.wav","from":0.5,"section_length":2,"mode":2}
{"kind":"offline","format":"FLAC","path":"/gone/b.flac"}
{"kind":"midi","format":"MIDI","beats":4,"ticks_per_beat":960,"pool":"{POOL}"}
null'
}

@test "levels of a take count only where REAPER writes them" {
    sed '/TAKE SEL/d' "$made/whole.rpp" >mixed.rpp
    song-read mixed.rpp >mixed.ndjson
    [[ $(jq -c 'select(.item == "t2.i1" and .type == "item") | .take_gain' mixed.ndjson) == 0.25 ]]
    # The line is kept, and no record has a key twice.
    [[ $(jq -r 'select(.type == "raw" and .parent == "t2.i1") | .text' mixed.ndjson) == *'TAKEVOLPAN 0 2 -1'* ]]
    song-write --into mixed.rpp -o same.rpp <mixed.ndjson
    cmp mixed.rpp same.rpp
}

@test "stretch markers that bend a source and automation items are counted" {
    {
        printf '%s\n' '<REAPER_PROJECT' '<TRACK' '<VOLENV2' 'POOLEDENVINST 1 0 2' 'POOLEDENVINST 1 4 2' 'PT 0 1 0' '>'
        # As they are set at first, then moved, and with a slope.
        for markers in '0 0.5 + 1 1.5 + 2 2.5' '0 0.5 + 1 1.75 + 2 2.5' '0 0 + 1 1 0.25'; do
            printf '%s\n' '<ITEM' 'POSITION 0' 'LENGTH 1' "SM $markers" '<SOURCE WAVE' 'FILE a.wav' '>' '>'
        done
        printf '%s\n' '>' '>'
    } >bent.rpp
    is item '.stretch_markers' $'null\n3\n2' bent.rpp
    is envelope '.automation_items' 2 bent.rpp
    song-read bent.rpp | song-write -o out.rpp
    diff <(grep -oE '(SM|POOLED).*' bent.rpp) <(grep -oE '(SM|POOLED).*' out.rpp)
}

@test "MIDI events are notes from their beginning to their end, and controls" {
    is note '[.time, .beat, .length, .beats, .note, .velocity, .channel, .release_velocity, .muted, .selected, .end_as] | tojson' \
        '[1,2,0.125,0.25,60,96,1,64,null,null,null]
[1.25,2.5,0.25,0.5,64,127,2,null,null,true,"note-on"]
[1.25,2.5,0.25,0.5,67,1,2,null,true,null,null]
[1.75,3.5,0,0,48,16,1,null,null,null,null]'
    is control '[.beat, .kind, .number, .value, .text, .bytes, .extra] | tojson' \
        '[2,"controller",11,50,null,null,"B 0.5"]
[3,"bend",null,4096,null,null,null]
[3,"program",null,5,null,null,null]
[3,"pressure",null,33,null,null,null]
[3,"key-pressure",60,17,null,null,null]
[3.5,"sysex",null,null,null,"f07e000102f7",null]
[3.5,"text",5,null,"la la",null,null]
[3.5,"reaper",null,null,null,null,"0 f0 1 2"]'
}

@test "effects have their plug-in, settings and parameters, in containers and takes too" {
    is fx '[.fx, .plugin_kind, .name, .plugin_id] | tojson' \
        '["master.f1","vst2","VST: Nothing","0x00000001"]
["t2.i1.2.f1","js","loser/3BandEQ",null]
["t3.f1","vst2","VSTi: amsynth (Nick Dowell)","amsy"]
["t3.f2","vst2","VST: ReaGate (Cockos)","regt"]
["t3.f3","vst3","VST3: Echo (patchpipe)","0123456789ABCDEF0123456789ABCDEF"]
["t3.f4","clap","CLAP: Tone (patchpipe)","org.patchpipe.tone"]
["t3.f5","js","loser/3BandEQ",null]
["t3.f6","lv2","LV2: Ambience (drobilla)","http://drobilla.net/plugins/mda/Ambience"]
["t3.f7","container","two of them",null]
["t3.f7.f1","js","loser/3BandEQ",null]
["t3.f7.f2","vst2","VST: Nothing","0x00000001"]
["t3.f8","vst2","VST: Nothing","0x00000001"]'
    [[ $(of fx 'select(.fx == "t3.f1") | [.slot, .instrument, .custom_name, .preset_name, .program, .bypass] | tojson') == \
        '[1,true,"my synth","My preset","Lead",null]' ]]
    [[ $(of fx 'select(.fx == "t3.f2") | [.bypass, .offline] | tojson') == '[true,true]' ]]
    [[ $(of fx 'select(.fx == "master.f1") | .wet') == 0.5 ]]
    [[ $(of fx 'select(.fx == "t3.f5") | .parameters | tojson') == '[0.5,-200,null,null,"a file",null]' ]]
}

@test "an effect without BYPASS has the settings that stand behind its block" {
    printf '%s\n' '<FXCHAIN' '  <JS first ""' '    0.5' '  >' '  WET 0.25 0' '  <JS second ""' '    WET 0.5 0' '  >' '>' >bare
    [[ $(song-read bare | jq -c 'select(.type == "fx") | [.name, .wet]') == '["first",0.25]'$'\n''["second",null]' ]]
}

@test "states are files that other tools read, in base64 or in a folder" {
    song-read -k --states "$PWD/states" "$made/whole.rpp" >out
    state() { jq -r --arg fx "$1" 'select(.fx == $fx and .type == "fx") | .state_path' out; }
    # A VST2's state in a bank, and its parameters as a program.
    run -0 preset-scan --meta "$(state t3.f1)" "$(state t3.f2)"
    [[ $(field plugin_id | xargs) == "amsy regt" ]]
    /usr/bin/python3 - "$(state t3.f1)" "$(state t3.f2)" "$(state t3.f4)" <<'PYTHON'
import struct, sys
bank, program, clap = (open(name, "rb").read() for name in sys.argv[1:])
assert bank[160:] == bytes(range(256)) * 2
assert struct.unpack(">3f", program[56:]) == (0.25, 0.5, 1)
assert clap == b'{"clap":true}' * 30
PYTHON
    preset-convert --to vstpreset --preset-dir converted "$(state t3.f3)" >/dev/null || true
    head -c 4 "$(state t3.f3)" | grep -qx 'VC2!'
    # The same bytes without the folder.
    for fx in t3.f1 t3.f2 t3.f3 t3.f4; do
        of fx "select(.fx == \"$fx\") | .state" | base64 -d | cmp - "$(state "$fx")"
    done
}

@test "an LV2 has the values of its ports, and a state that render-one loads" {
    [[ $(of fx '[.plugin_kind, .plugin_path, .custom_name, .instrument, .ports] | tojson' "$made/states.rpp" | head -n 1) == \
        '["lv2","http://drobilla.net/plugins/mda/DX10","my piano",true,{"attack":0.9,"decay":0.5,"release":0.1}]' ]]
    # What is not understood is kept.
    of raw 'select(.parent | endswith(".state")) | [.parent, (.text | ltrimstr(" " * 8))] | tojson' "$made/states.rpp" >lines
    diff lines - <<'END'
["t1.f1.state","CFG 1 0 0 \"\""]
["t1.f1.state","<STATE"]
["t1.f1.state","  S http://example.org/file \"/a b.wav\" 3"]
["t1.f1.state",">"]
["t1.f2.state","6QMAAAAAAAACAAAAAQAAAAAAAAACAAAAAAAAAAIAAAABAAAAAAAAAAIAAAAAAAAAswUAAA=="]
["t1.f3.state","P odd"]
END
    song-read -k --states "$PWD/states" "$made/states.rpp" |
        jq -c 'select(.fx == "t1.f1") | {plugin_path, state_path, output_path: "state.wav"}' >job
    # The same sound as with the parameters set, which is not the plug-in's own.
    {
        cat job
        jq -c 'del(.state_path) | .output_path = "set.wav" | .parameters = {Attack: 0.9, Decay: 0.5, Release: 0.1}' job
        jq -c 'del(.state_path) | .output_path = "plain.wav"' job
    } | render-one | jq -r .audio_hash >hashes
    [[ $(sed -n 1p hashes) == xxh128:* && $(sed -n 1p hashes) == $(sed -n 2p hashes) && $(sed -n 1p hashes) != $(sed -n 3p hashes) ]]
}

@test "an AU has its four letters, and a state that stays as it is" {
    is fx 'select(.fx == "t1.f2") | [.plugin_kind, .plugin_id, .reaper_id] | tojson' '["au","aufx SrAp Pulp","Pulp: Allpass"]' "$made/states.rpp"
}

@test "a frozen track has its audio and what it was made from" {
    is track '[.track, .frozen, .frozen_path, .frozen_fx] | tojson' \
        '["master",null,null,null]
["t1",null,null,null]
["t2",null,null,null]
["t3",2,"media/03-frozen.wav",["VSTi: amsynth (Nick Dowell)","Container","VST3: Echo (patchpipe)"]]
["t4",1,null,null]
["t5",1,null,null]' "$made/frozen.rpp"
    # What plays is the item; the blocks are lines.
    is item '.item' $'t3.i1\nt4.i1\nt5.i1\nt5.i2' "$made/frozen.rpp"
    [[ $(of fx .fx "$made/frozen.rpp") == "" && $(of note .note "$made/frozen.rpp") == "" ]]
    [[ $(of raw 'select(.parent == "t3") | .text' "$made/frozen.rpp" | grep -c 'FREEZE\|<VST\|AUXRECV\|HASDATA') == 7 ]]
}

@test "envelopes have points with time, value, shape and tension" {
    is envelope '[.envelope, .track, .item, .fx, .send, .target, .active, .points] | tojson' \
        '["master.e1","master",null,null,null,"gain",true,[[0,1]]]
["t2.i1.2.e1","t2","t2.i1.2",null,null,"gain",true,[[0,1]]]
["t3.e1","t3",null,null,"t3.s1","gain",false,[[0,0.25]]]
["t3.e2","t3",null,null,null,"gain",true,[[0,1],[2.5,0.5,"slow"],[3,0,"square"]]]
["t3.e3","t3",null,null,null,"mute",false,[[0,1,"square"]]]
["t3.f1.e1","t3",null,"t3.f1",null,"parameter",true,[[0,0.25],[1,0.75,"bezier",0.5]]]'
    { printf '<REAPER_PROJECT\n<TRACK\n<VOLENV2\n' && seq -f 'PT %g 1 0' 25000 && printf '>\n>\n>\n'; } >many.rpp
    is envelope '[.envelope, .more, (.points | length)] | tojson' \
        $'["t1.e1",null,10000]\n["t1.e1",true,10000]\n["t1.e1",true,5000]' many.rpp
}

@test "lines that are not understood are raw records of what they are in, and --known leaves them out" {
    of raw '[.parent, .text] | tojson' >out
    for line in '["song","  RIPPLE 0"]' '["t2","    SHOWINMIX 1 0.6667 0.5 1 0.5 0 0 0"]' '["t3.i1.source","        CCINTERP 32"]' \
        '["t3.chain","      WNDRECT 0 0 1 1"]' '["t3.f4.state","        CFG 4 0 0 \"\""]' '["t3.f1","      FLOATPOS 0 0 0 0"]' \
        '["song","    <SWS"]' '["song","    >"]' '["t3.i2","        |only text"]'; do
        grep -qxF "$line" out || fail "$line"
    done
    run -0 song-read --known "$made/whole.rpp"
    [[ $(jq -r .type <<<"$output" | sort -u | xargs) == "control envelope fx item marker note region send signature song tempo track" ]]
}

@test "line ends do not matter" {
    song-read -k "$made/whole.rpp" | grep -v '"type":"song"' >whole
    for name in crlf.RPP cr.rpp mixed.rpp; do
        song-read -k "$made/$name" | grep -v '"type":"song"' | diff whole -
    done
}

@test "a backup with several projects is read to its end" {
    song-read -k "$made/two.rpp-bak" | jq -r 'select(.type == "track" or .type == "song") | .track // .root' | xargs >out
    [[ $(<out) == "null master t1 t2 t3 r2. r2.master r2.t1" ]]
}

@test "templates and chains are read, by their content and not by their names" {
    cp "$made/tracks.RTrackTemplate" tracks
    cp "$made/chain.RfxChain" chain.rpp
    [[ $(of song .content tracks) == tracks && $(of song .content chain.rpp) == chain ]]
    is track '[.track, .parent, .name] | tojson' $'["t1",null,"one"]\n["t2","t1","two"]' tracks
    is fx '[.fx, .plugin_kind] | tojson' $'["c.f1","vst2"]\n["c.f2","js"]' chain.rpp
    printf '\xef\xbb\xbf' | cat - "$made/small.rpp" >marked.rpp
    [[ $(of track .name marked.rpp | xargs) == "null a" ]]
}

@test "names come through every kind of quotes" {
    is track '.name // empty | tojson' '"plain"
"two words"
"\""
"both '\'' and \""
"hey\""
"#hash"
"it`s"
""
"a|b"
"|bar bar"
"<"
"NAME"
"x>"
"umlaut ä"' "$made/names.rpp"
    [[ $(of track '.name // empty' "$made/latin.rpp") == Bäss ]]
}

@test "numbers may be missing, have a comma or be nonsense" {
    run -1 song-read -k "$made/numbers.rpp"
    [[ $(jq -c 'select(.type == "track" and .track == "t1") | [.gain, .pan, .name]' <<<"$output") == '[0.5,0,null]' ]]
    [[ $(jq -c 'select(.type == "send") | [.source_track, .mode]' <<<"$output") == '["t2","post-fader"]' ]]
    [[ $(jq -c 'select(.status) | .line' <<<"$output" | xargs) == "2 11 13" ]]
}

@test "an error has the number of its line, and the rest is read" {
    run -1 --separate-stderr song-read -k "$made/quote.rpp"
    [[ $(jq -r 'select(.status) | .error' <<<"$output") == "$made/quote.rpp: line 4 has a quote that is not closed, so REAPER skips the line; close it" ]]
    [[ $(jq -r 'select(.track == "t1") | .gain' <<<"$output") == 0.5 && -z $stderr ]]
    run -1 song-read "$made/lying.rpp"
    [[ $(jq -r 'select(.status) | .line' <<<"$output" | xargs) == "5 12 19" ]]
    [[ $(jq -r 'select(.parent == "t1.f2.state") | .text' <<<"$output") == *"not base64!" ]]
    [[ $(jq -r 'select(.type == "fx" or .track == "t1") | .fx // .name' <<<"$output" | xargs) == "after t1.f1 t1.f2 t1.f3" ]]
    run -1 song-read -k "$made/cut.rpp"
    [[ $output == *"blocks are not closed; the file is cut short, get another copy"* ]]
}

@test "a file cut at any place is read as far as it goes, without a crash" {
    size=$(stat -c %s "$made/whole.rpp")
    for ((cut = 0; cut < size; cut += 101)); do
        head -c "$cut" "$made/whole.rpp" >cut.rpp
        run song-read cut.rpp
        ((status <= 1)) || fail "$cut: $output"
    done
}

@test "long lines, deep nesting and large files take little memory" {
    without_sanitizers "they take memory themselves"
    [[ $(of track '.name // empty | length' "$made/long.rpp") == 5000 ]]
    [[ $(of track '.name // empty' "$made/longest.rpp") == a ]]
    /usr/bin/python3 - <<'PYTHON'
with open("large.rpp", "w") as out:
    out.write("<REAPER_PROJECT\n")
    for track in range(300):
        out.write("<TRACK\nNAME a\n<ITEM\nPOSITION 0\nLENGTH 1\n<SOURCE MIDI\nHASDATA 1 960 QN\n")
        out.write("E 1 90 30 40\nE 1 80 30 00\n" * 1000 + ">\n>\n>\n")
    out.write("<EXTENSIONS\n" + "SOME LINE OF AN EXTENSION THAT NO PROGRAM KNOWS\n" * 2000000 + ">\n>\n")
PYTHON
    (($(stat -c %s large.rpp) > 100000000))
    for file in "$made/deep.rpp" "$made/longest.rpp" large.rpp; do
        for option in --raw --known; do
            (ulimit -v 60000 && song-read $option "$file") | grep -c '"type":"note"' >notes || [[ ${PIPESTATUS[0]} == 0 ]] || fail "$file"
        done
    done
    [[ $(<notes) == 300000 ]]
    # The track behind 100,000 blocks.
    [[ $(of track '.name // empty' "$made/deep.rpp") == below ]]
    run -1 song-read -k "$made/containers.rpp"
    [[ $(jq -r '.name // empty' <<<"$output" | tail -n 1) == b && $output == *'"name":"below"'* ]]
}

# A project with these lines.
project() { { echo '<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 0'; cat; echo '>'; } >"$1"; }

@test "a tempo is in quarter notes, whatever the signature is" {
    project eighths.rpp <<'END'
TEMPO 120 6 8
MARKER 1 1 a 0
<TEMPOENVEX
PT 0 120 1 524294
PT 2 60 1 524291
>
END
    is tempo '[.time, .beat, .bpm] | tojson' $'[0,0,120]\n[2,4,60]' eighths.rpp
    is signature '[.beat, .numerator, .denominator] | tojson' $'[0,6,8]\n[4,3,8]' eighths.rpp
    is marker .beat 2 eighths.rpp
}

@test "what a project says of rendering and of its sample rate is read as REAPER means it" {
    for range in '0 1.5 2.5 0 500' '2 0 0 18 0' '3 0 0 8 1000' '5 0 0 2 1000'; do
        project render.rpp <<<"RENDER_RANGE $range"$'\nRENDER_STEMS 10\nSAMPLERATE 96000 0 0'
        of song '[.render.range, .render.start // 0, .render.end // 0, .render.tail_ranges, .render.tail_ms] | join(" ")' render.rpp |
            diff - <(echo "$range")
    done
    is song '[.render.stems, .sample_rate, .sample_rate_used] | tojson' '[10,96000,false]' render.rpp
}

@test "regions of old and new versions end where their second line is" {
    project regions.rpp <<'END'
MARKER 1 0 old 1
MARKER 1 2 "" 1
MARKER 7 4 "new one" 9 0 1 B {11111111-1111-4111-8111-111111111111} 0 2 extra
MARKER 7 6 "" 9
MARKER 7 5 hidden 16 0 1 B {22222222-2222-4222-8222-222222222222} 0
MARKER 8 9 "without an end" 1
END
    is region '[.name, .time, .end, .index, .flags, .guid] | tojson' \
        '["old",0,2,1,null,null]
["new one",4,6,7,8,"{11111111-1111-4111-8111-111111111111}"]
["without an end",9,9,8,null,null]' regions.rpp
    is marker '[.name, .time, .flags] | tojson' '["hidden",5,16]' regions.rpp
}

@test "sections, offline media, own tempos and paths out of the project are read as they are" {
    {
        echo '<TRACK'
        for mode in 0 1 2 3; do
            printf '<ITEM\nPOSITION 0\nLENGTH 1\n<SOURCE SECTION\nLENGTH 1\nSTARTPOS 2\nMODE %s\n<SOURCE WAVE\nFILE "../../%s.wav" 1\n>\n>\n>\n' $mode $mode
        done
        printf '<ITEM\nPOSITION 2\nLENGTH 4\n<SOURCE _OFFLINE_WAVE\nFILE /etc/passwd\n>\n>\n'
        printf '<ITEM\nPOSITION 2\nLENGTH 4\n<SOURCE MIDI\nHASDATA 1 480 QN\nE 480 90 3c 40\nE 480 80 3c 00\nE 0 b0 7b 00\nIGNTEMPO 1 60 4 4\n>\n>\n>\n'
    } | project sources.rpp
    is item '[.source.kind, .source.format, .source.path, .source.mode, .reverse] | tojson' \
        '["audio","WAVE","../../0.wav",0,null]
["audio","WAVE","../../1.wav",1,null]
["audio","WAVE","../../2.wav",2,true]
["audio","WAVE","../../3.wav",3,true]
["offline","WAVE","/etc/passwd",null,null]
["midi","MIDI",null,null,null]' sources.rpp
    # A beat of the source takes a second; in the song it is two.
    is note '[.time, .length, .beat, .beats] | tojson' '[3,1,6,2]' sources.rpp
    # Nothing that a file names is opened.
    strace -f -o trace -e trace=file song-read -k sources.rpp >/dev/null
    run -1 grep -E 'passwd|[0-3]\.wav' trace
}

@test "base64 may be in lines of any length" {
    for width in 40 128 280 100000; do
        /usr/bin/python3 - "$made/whole.rpp" "$width" >wide.rpp <<'PYTHON'
import base64, re, sys
text, width = open(sys.argv[1]).read(), int(sys.argv[2])
def wrap(match):
    parts = [base64.b64decode(line) for line in match[2].split()]
    head, body, tail = parts[0], b"".join(parts[1:-1]), parts[-1]
    lines = [base64.b64encode(head).decode()]
    coded = base64.b64encode(body).decode()
    lines += [coded[i:i + width] for i in range(0, len(coded), width)]
    lines.append(base64.b64encode(tail).decode())
    return match[1] + "".join("        %s\n" % line for line in lines)
print(re.sub(r"(<VST .*amsynth.*\n)((?: +[A-Za-z0-9+/=]+\n)+)", wrap, text), end="")
PYTHON
        diff <(of fx 'select(.fx == "t3.f1") | .state') <(of fx 'select(.fx == "t3.f1") | .state' wide.rpp)
    done
}

@test "what is no song, no file or not named is refused" {
    run -1 song-read "$BATS_TEST_FILENAME"
    [[ $output == *"is neither one of REAPER's files nor a MIDI file"* && $(field error_kind) == unsupported ]]
    run -1 song-read nowhere.rpp "$made/small.rpp"
    [[ $(field error_kind | head -n 1) == not-found && ${#lines[@]} -gt 1 ]]
    run -1 song-read .
    [[ $(field error_kind) == io ]]
    run -2 song-read
    [[ $output == "song-read: there is no FILE to read"* ]]
    run -2 song-read --raw --known "$made/small.rpp"
    [[ $output == *"--raw and --known cannot go together"* ]]
}

@test "git shows what changed in a project" {
    git init -q .
    git config user.email a@b.c && git config user.name a
    git config diff.rpp.textconv 'song-read --diff'
    echo '*.rpp diff=rpp' >.gitattributes
    cp "$made/whole.rpp" song.rpp
    git add . && git commit -qm one
    sed -i 's/VOLPAN 2 0 -1/VOLPAN 0.5 0 -1/' song.rpp
    git diff -U0 | grep '^[+-]{' | sed 's/,"gain.*//' >out
    [[ $(cut -c1-30 out | xargs -d '\n') == '-{"type":"track","track":"t3", +{"type":"track","track":"t3",' ]]
    # A new line near the top moves no other: lines that are not understood have no numbers.
    git commit -qam two
    sed -i '0,/TEMPO/s//NEWS 1\n&/' song.rpp
    [[ $(git diff -U0 | grep -c '^[+-]{') == 1 ]]
}
