#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What song-write fills in from a registry of plug-ins, and what it leaves to REAPER.

load ../helper

setup_file() { "$root/tests/make-projects.py" "$BATS_FILE_TMPDIR/made"; }

setup() {
    made=$BATS_FILE_TMPDIR/made
    # A list of three parameters, as REAPER stores it, and the same with another first value.
    chunk=('dGFndO9e7f4CAAAAAQAAAAAAAAACAAAAAAAAAAIAAAABAAAAAAAAAAIAAAAAAAAAFAAAAAAAAAAAABAA'
        '776t3g3wrd4AAIA+AAAAPwAAgD8=' 'AAAQAAAA')
    cat >plugins.ndjson <<'END'
{"type":"plugin","key":"Serum_2","name":"VST3i: Serum 2 (Xfer Records)","plugin_path":"Serum2.vst3","reaper_id":"1158812272{56534558667350736572756D20322000}"}
{"type":"plugin","key":"Pro-Q_3","name":"VST3: FabFilter Pro-Q 3 (FabFilter)","plugin_path":"FabFilter Pro-Q 3.vst3","reaper_id":"756089518{72C4DB717A4D459AB97E51745D84B39D}"}
{"type":"plugin","key":"Tagt","name":"VST: Tagt (Us)","plugin_path":"tagt.dll","plugin_id":"tagt"}
{"type":"alias","alias":"Serum2","key":"Serum_2"}
{"type":"alias","alias":"Pro-Q 3","key":"Pro-Q_3"}
{"type":"alias","alias":"FabFilter Pro-Q 3","key":"Pro-Q 3"}
END
}

# fx RECORD [OPTION...]: the effect on a track, written with the registry.
fx() {
    local record=$1
    shift
    printf '{"type":"track","track":"a","name":"Bass"}\n%s\n' "$record" |
        song-write --seed 1 --registry plugins.ndjson -o out.rpp "$@"
}

# The line of the plug-in in the project.
line() { grep -oP '^ *\K<(VST|JS|CLAP).*' out.rpp; }

@test "the registry has REAPER's own plug-ins, as its projects name them" {
    fx '{"type":"fx","track":"a","plugin":"ReaEQ"}'
    [[ $(line) == '<VST "VST: ReaEQ (Cockos)" reaeq.dll 0 "" 1919247729<56535472656571726561657100000000> ""' ]]
    fx '{"type":"fx","track":"a","plugin":"RS5K","custom_name":"kick"}'
    [[ $(line) == '<VST "VSTi: ReaSamplOmatic5000 (Cockos)" reasamplomatic.dll 0 kick 1920167789<'*'> ""' ]]
    # The ids are those that REAPER computes: a number, VST, its letters, and the name's.
    while read -r record; do
        fx "$record"
        diff <(jq -r .reaper_id <<<"$record") <(song-read -k out.rpp | jq -r 'select(.fx).reaper_id')
        jq 'del(.reaper_id)' <<<"$record" | jq -c '.type = "fx" | .track = "a"' >bare
        fx "$(<bare)"
        diff <(jq -r .reaper_id <<<"$record") <(song-read -k out.rpp | jq -r 'select(.fx).reaper_id')
    done < <(jq -c 'select(.type == "plugin") | .type = "fx" | .track = "a"' "$root/share/reaper-plugins.ndjson")
    [[ $(jq -s 'map(select(.type == "plugin")) | length' "$root/share/reaper-plugins.ndjson") == 17 ]]
}

@test "an unknown plug-in is refused by name, with those that are like it" {
    run -1 fx '{"type":"fx","track":"a","plugin":"RaeEQ"}'
    [[ $output == *"plugin: is 'RaeEQ', which the registry does not have; the closest "*"'ReaEQ'"*"--registry"* && ! -e out.rpp ]]
    run -1 fx '{"type":"fx","track":"a","plugin":"reaeq"}'
    [[ $output == *"'ReaEQ'"* ]]
}

@test "every alias resolves, also by way of another one, and a loop of them is refused" {
    for name in Serum2 'Pro-Q 3' 'FabFilter Pro-Q 3'; do
        fx "{\"type\":\"fx\",\"track\":\"a\",\"plugin\":\"$name\"}"
        [[ $(line) == '<VST "VST3'*'"'*.vst3* ]]
    done
    printf '%s\n' '{"type":"alias","alias":"a","key":"b"}' '{"type":"alias","alias":"b","key":"c"}' '{"type":"alias","alias":"c","key":"a"}' >loop
    run -2 song-write --registry loop -o out.rpp <<<'{"type":"song"}'
    [[ $output == "song-write: --registry: a: is an alias that leads to itself"* ]]
    echo '{"type":"alias","alias":"x","key":"Gone"}' >>plugins.ndjson
    run -1 fx '{"type":"fx","track":"a","plugin":"x"}'
    [[ $output == *"is 'x', an alias of 'Gone', which the registry does not have"* ]]
}

@test "a preset is chosen by role, then without a role, then the plug-in's own, then none" {
    state() { printf 'CcnK\0\0\0\0FPCh\0\0\0\1tagt\0\0\0\1\0\0\0\1%028d\0\0\0\4%s' 0 "$1" | tr '0' '\0' | base64 -w0; }
    state bass >bass.fxp.b64
    base64 -d bass.fxp.b64 >bass.fxp
    which_state() { song-read -k out.rpp | command jq -r 'select(.fx) | .state // ""' | base64 -d | tail -c 4; }
    add() { jq -c ". + $1" <<<'{"type":"preset","plugin":"Tagt"}' >>plugins.ndjson; }
    fx '{"type":"fx","track":"a","plugin":"Tagt","role":"bass"}'
    [[ -z $(which_state) ]] && [[ $(grep -A 1 '<VST' out.rpp | tail -n 1) == *'>' ]]
    sed -i "/Tagt/s|}\$|,\"state\":\"$(state ownn)\"}|" plugins.ndjson
    fx '{"type":"fx","track":"a","plugin":"Tagt","role":"bass"}'
    [[ $(which_state) == ownn ]]
    add "{\"state\":\"$(state none)\"}"
    fx '{"type":"fx","track":"a","plugin":"Tagt","role":"bass"}'
    [[ $(which_state) == none ]]
    # A file is meant from the folder of the registry.
    mkdir -p registry && mv plugins.ndjson bass.fxp registry && ln -s registry/plugins.ndjson .
    jq -nc '{type: "preset", plugin: "Tagt", role: "bass", state_path: "bass.fxp"}' >>registry/plugins.ndjson
    printf '{"type":"track","track":"a"}\n{"type":"fx","track":"a","plugin":"Tagt","role":"bass"}\n' | song-write --registry registry/plugins.ndjson -o out.rpp
    [[ $(which_state) == bass ]]
    printf '{"type":"track","track":"a"}\n{"type":"fx","track":"a","plugin":"Tagt","role":"lead"}\n' | song-write --registry registry/plugins.ndjson -o out.rpp
    [[ $(which_state) == none ]]
    # The record's own state wins over all.
    printf '{"type":"track","track":"a"}\n{"type":"fx","track":"a","plugin":"Tagt","role":"bass","state":"%s"}\n' "$(state mine)" |
        song-write --registry registry/plugins.ndjson -o out.rpp
    [[ $(which_state) == mine ]]
}

@test "a preset may be the lines of a project, which come back byte for byte" {
    jq -nc '{type: "preset", plugin: "Tagt", role: "lead", chunk: $ARGS.positional}' --args "${chunk[@]}" >>plugins.ndjson
    fx '{"type":"fx","track":"a","plugin":"Tagt","role":"lead"}'
    diff <(printf '%s\n' "${chunk[@]}") <(sed -n '/<VST/,/>$/s/^ *\([A-Za-z0-9+/=]*\)$/\1/p' out.rpp)
    # And as harvested from a project, for every state in it.
    harvest() { song-read -k "$made/whole.rpp" | command jq -c 'select(.type == "fx" and .plugin_kind[:3] == "vst" and .state) | .key = .fx'; }
    harvest | jq -c '.type = "plugin" | del(.fx, .track, .slot, .item, .bypass, .wet, .guid)' >all.ndjson
    { echo '{"type":"track","track":"a"}' && harvest | jq -c '{type: "fx", track: "a", plugin: .key}'; } |
        song-write --registry all.ndjson -o out.rpp
    diff <(harvest | jq -c '[.name, .plugin_path, .reaper_id, .state, .program, .reaper]') \
        <(song-read -k out.rpp | jq -c 'select(.fx) | [.name, .plugin_path, .reaper_id, .state, .program, .reaper]')
    [[ $(harvest | wc -l) -ge 3 ]]
    echo '{"type":"preset","plugin":"Tagt","role":"bad","chunk":["nonsense!"]}' >>plugins.ndjson
    run -1 fx '{"type":"fx","track":"a","plugin":"Tagt","role":"bad"}'
    [[ $output == *"chunk: is not a list of the lines that REAPER writes for a vst2"* ]]
}

@test "the id has the brackets of its format, and the name stays byte for byte" {
    cat >ids.ndjson <<'END'
{"type":"plugin","key":"a","name":"VST3: A  b (ü)","plugin_path":"a.vst3","reaper_id":"5<0123456789ABCDEF0123456789ABCDEF>","plugin_kind":"vst3"}
{"type":"plugin","key":"b","name":"VST: B","plugin_path":"b.dll","reaper_id":"{56535472656571726561657100000000}","plugin_kind":"vst2"}
{"type":"plugin","key":"c","name":"VST3: C","plugin_path":"c.vst3","reaper_id":"{0123456789ABCDEF0123456789ABCDEF}"}
{"type":"plugin","key":"d","name":"VST: D","plugin_path":"d.dll","reaper_id":"77"}
END
    printf '%s\n' '{"type":"track","track":"a"}' '{"type":"fx","track":"a","plugin":"'{a,b,c,d}'"}' | song-write --registry ids.ndjson -o out.rpp
    [[ $(line | awk '{ print $(NF - 1) }' | xargs -d '\n') == "5{0123456789ABCDEF0123456789ABCDEF} 1919247729<56535472656571726561657100000000> 0{0123456789ABCDEF0123456789ABCDEF} 77" ]]
    # The reader says which brackets it saw.
    [[ $(song-read -k out.rpp | jq -r 'select(.fx) | .plugin_kind' | xargs) == "vst3 vst2 vst3 vst2" ]]
    diff <(song-read -k out.rpp | jq -r 'select(.fx) | .name') <(jq -r .name ids.ndjson)
}

@test "a registry is what the user's own projects have, with the last file's word" {
    # As song-write(1) says.
    song-read -k "$made"/*.rpp | grep -v '^{"status"' | command jq -sc 'map(select(.type == "fx" and (.plugin_kind | test("vst"))) |
        {type: "plugin", key: (.name | sub("^[A-Z0-9]+i?: "; "") | sub(" \\([^()]*\\)$"; "")), plugin_kind, name, instrument, plugin_path, reaper_id}) |
        unique_by(.key)[] | del(.. | nulls)' >own.ndjson
    [[ $(jq -r .key own.ndjson) == *amsynth* ]]
    printf '%s\n' '{"type":"track","track":"a"}' '{"type":"fx","track":"a","plugin":"amsynth"}' | song-write --registry own.ndjson -o out.rpp
    [[ $(line) == '<VST "VSTi: amsynth (Nick Dowell)" amsynth_vst.so 0 "" 1634562937<'* ]]
    echo '{"type":"plugin","key":"ReaEQ","name":"VST: Mine","plugin_path":"mine.so"}' >mine.ndjson
    printf '%s\n' '{"type":"track","track":"a"}' '{"type":"fx","track":"a","plugin":"ReaEQ"}' |
        song-write --registry own.ndjson --registry mine.ndjson -o out.rpp
    [[ $(line) == '<VST "VST: Mine" mine.so 0 "" 0 ""' ]]
}

@test "a registry that is wrong is refused before any work" {
    while IFS='~' read -r record words; do
        echo "$record" >bad
        run -2 song-write --registry bad -o out.rpp <<<'{"type":"song"}'
        [[ $output == *"bad: line 1: "*"$words"* && ! -e out.rpp ]] || fail "$record: $output"
    done <<'END'
nonsense~not JSON
{"type":"plugin","plugin_path":"a.so"}~key: is missing
{"type":"plugin","key":"a"}~plugin_kind
{"type":"alias","alias":"a"}~key: is missing
{"type":"preset","state":"QQ=="}~plugin: is missing
{"type":"preset","plugin":"a"}~state: is missing
END
    printf '{"type":"alias","alias":"a","key":"b"}\n%.0s' 1 2 >bad
    run -2 song-write --registry bad -o out.rpp <<<'{"type":"song"}'
    [[ $output == *"line 2: a: is there twice"* ]]
    run -2 song-write --registry nowhere -o out.rpp <<<'{"type":"song"}'
    [[ $output == *nowhere* ]]
}

@test "built-in effects are written, or left out with a record for each" {
    cat >song <<'END'
{"type":"track","track":"a","name":"Bass \"1\""}
{"type":"fx","fx":"f1","track":"a","plugin":"ReaEQ"}
{"type":"fx","track":"a","plugin":"Serum2"}
{"type":"fx","track":"master","plugin":"ReaLimit","parameters":{"Threshold":0.5}}
{"type":"fx","track":"a","plugin_kind":"js","name":"utility/volume","builtin":true,"parameters":[-6]}
END
    grep -v Threshold song | song-write --registry plugins.ndjson -o out.rpp
    [[ $(line | cut -d ' ' -f 1-3 | xargs -d '\n') == '<VST "VST: ReaEQ <VST "VST3i: Serum <JS utility/volume ""' ]]
    song-write --registry plugins.ndjson -o out.rpp --defer-builtins <song >deferred
    [[ $(line | xargs -d '\n') == '<VST "VST3i: Serum 2 (Xfer Records)"'* && $(line | wc -l) == 1 ]]
    diff deferred - <<'END'
{"type":"deferred","track_name":"Bass \"1\"","fx_name":"VST: ReaEQ (Cockos)","params":{},"track":"a","fx":"f1"}
{"type":"deferred","track_name":"MASTER","fx_name":"VST: ReaLimit (Cockos)","params":{"Threshold":0.5},"track":"master"}
{"type":"deferred","track_name":"Bass \"1\"","fx_name":"utility/volume","params":{},"track":"a"}
END
    # With the project on standard output they go to standard error.
    run -0 --separate-stderr song-write --registry plugins.ndjson -o - --defer-builtins <song
    [[ $stderr == "$(<deferred)" && $output == '<REAPER_PROJECT'* ]]
    run -0 --separate-stderr song-write --registry plugins.ndjson -o /dev/stdout --defer-builtins <song
    [[ $stderr == "$(<deferred)" && $output == '<REAPER_PROJECT'* ]]
}

@test "parameters by name need a script, since a project cannot hold them" {
    run -1 fx '{"type":"fx","track":"a","plugin":"ReaEQ","parameters":{"Gain":0.5}}'
    [[ $output == *"VST: ReaEQ (Cockos): has parameters by name, which a project cannot hold; give --reascript FILE"* && ! -e out.rpp ]]
    run -1 fx '{"type":"fx","track":"a","item":"x","plugin":"ReaEQ","parameters":{"Gain":0.5}}' --reascript out.lua
    [[ $output == *"for effects in the chain of a track only"* ]]
    run -1 fx '{"type":"fx","track":"a","plugin":"ReaEQ","parameters":{"Gain":2}}' --reascript out.lua
    [[ $output == *"parameter 'Gain' must be a number from 0 to 1, is 2"* && ! -e out.rpp && ! -e out.lua ]]
    run -2 fx '{"type":"song"}' --into out.rpp --reascript out.lua
    [[ $output == *"--reascript are for new ones"* ]]
}

# REAPER's functions as the script calls them, on a project with these tracks and chains; prints what
# the chains are at the end.
run_script() {
    cat >reaper.lua <<'END'
local tracks = {[0] = {name = "Kick", fx = {}}, {name = 'Bass "1"\\ ü', fx = {"Serum"}}, master = {name = "", fx = {}}}
local parameters = {"Gain", "Mix"}
reaper = {
  GetTrack = function(_, index) return tracks[index] end,
  GetMasterTrack = function() return tracks.master end,
  GetSetMediaTrackInfo_String = function(track, key) assert(key == "P_NAME") return true, track.name end,
  TrackFX_AddByName = function(track, name, input, place)
    assert(input == false and place <= -1000)
    if name:match("Nothing") then return -1 end
    table.insert(track.fx, -place - 1000 + 1, name)
    return -place - 1000
  end,
  TrackFX_GetNumParams = function() return #parameters end,
  TrackFX_GetParamName = function(_, _, index) return true, parameters[index + 1] end,
  TrackFX_GetParamFromIdent = function(_, _, id) return ({mix = 1, [":wet"] = 2, [":bypass"] = 3})[id] or -1 end,
  TrackFX_SetParamNormalized = function(track, fx, index, value)
    assert(track.fx[fx + 1], "no such effect")
    track.fx[fx + 1] = track.fx[fx + 1] .. " " .. index .. "=" .. value
    return index < #parameters + 2
  end,
  ShowConsoleMsg = function(text) io.write("console: ", text) end,
  Undo_BeginBlock = function() end, Undo_EndBlock = function() end,
}
dofile(arg[1])
for _, index in ipairs({0, 1, "master"}) do print(index, table.concat(tracks[index].fx, ", ")) end
END
    lua5.4 reaper.lua "$1"
}

@test "the script adds each effect at its place and sets its parameters" {
    cat >song <<'END'
{"type":"track","track":"k","name":"Kick"}
{"type":"track","track":"a","name":"Bass \"1\"\\ ü"}
{"type":"fx","track":"a","plugin":"ReaEQ","parameters":{"Mix":0.25,"#0":1,"id:mix":0.5}}
{"type":"fx","track":"a","plugin":"Serum2","parameters":{"Gain":0.75}}
{"type":"fx","track":"a","plugin":"ReaComp","wet":0.5,"bypass":true}
{"type":"fx","track":"master","plugin":"ReaLimit"}
END
    song-write --registry plugins.ndjson -o out.rpp --defer-builtins --reascript out.lua <song >/dev/null
    run -0 run_script out.lua
    diff <(echo "$output") - <<'END'
0	
1	VST: ReaEQ (Cockos) 1=0.25 0=1 1=0.5, Serum 0=0.75, VST: ReaComp (Cockos) 3=1 2=0.5
master	VST: ReaLimit (Cockos)
END
    # What is not as it should be is reported in REAPER, and the rest is done.
    sed -e 's/ReaComp/Nothing/; s/"Kick"/"Other"/' song >other
    echo '{"type":"fx","track":"k","plugin_kind":"js","name":"gate","builtin":true}' >>other
    sed -i 's/"plugin":"Nothing"/"name":"Nothing","plugin_kind":"js","builtin":true/; s/"Gain"/"Tone"/' other
    song-write --registry plugins.ndjson -o out.rpp --defer-builtins --reascript out.lua <other >/dev/null
    run -0 run_script out.lua
    [[ $output == *"console: REAPER has no effect 'Nothing'."* && $output == *"console: Track 1 is not 'Other'"* ]]
    [[ $output == *"console: VST3i: Serum 2 (Xfer Records) has no parameter 'Tone'."* && $output == *$'master\tVST: ReaLimit'* ]]
}

@test "a song definition moves into a project" {
    cat >song.json <<'END'
{"meta": {"title": "Night", "tempo": 95, "numerator": 3, "denominator": 4, "grid": 0.25},
 "master_plugins": [{"name": "ReaLimit"}],
 "returns": {"Reverb": {"plugins": [{"name": "ReaVerbate"}]}},
 "tracks": [
  {"name": "Bass", "volume": 0.8, "pan": -0.1, "send_level": {"Delay": 0.1, "Reverb": 0.05},
   "plugins": [{"name": "Serum2", "role": "bass"}, {"name": "ReaEQ"}],
   "clips": [{"position": 0, "length": 2.5, "name": "take", "audio": "media/bass 1.wav"},
             {"position": 3, "length": 5, "notes": [{"beat": 0.3, "beats": 1, "note": 33, "velocity": 80}],
              "cc": [{"beat": 0, "number": 11, "value": 50}]}]},
  {"name": "Lead", "send_level": {"Reverb": 0.2}}]}
END
    echo '{"type":"preset","plugin":"Serum_2","role":"bass","chunk":["AAAAAO5e7f4CAAAAAQAAAAAAAAACAAAAAAAAAAIAAAABAAAAAAAAAAIAAAAAAAAAFAAAAAEAAAAAABAA","BAAAAAEAAABjb21wAAAAAAAAAAA=","AAAQAAAA"]}' >>plugins.ndjson
    write() { command jq -cf "$root/examples/song-definition.jq" song.json | song-write --seed 1 --registry plugins.ndjson -o out.rpp "$@"; }
    of() { song-read -k out.rpp | command jq -c --arg type "$1" "select(.type == \$type) | $2"; }
    write
    grep -qx '  TEMPO 95 3 4' out.rpp
    [[ $(of song .title) == '"Night"' && $(of track '[.track, .name, .gain, .pan]' | xargs) == \
        "[master,null,1,0] [t1,Bass,0.8,-0.1] [t2,Lead,1,0] [t3,Reverb,1,0] [t4,Delay,1,0]" ]]
    # Sends are on the track that receives, behind the others, and name their source.
    [[ $(of send '[.source_track, .track, .gain]' | xargs) == "[t1,t3,0.05] [t2,t3,0.2] [t1,t4,0.1]" ]]
    [[ $(grep AUXRECV out.rpp | cut -d ' ' -f 5-8 | xargs -d '\n') == "AUXRECV 0 0 0.05 AUXRECV 1 0 0.2 AUXRECV 0 0 0.1" ]]
    [[ $(of fx '[.track, .name, (.state != null)]' | xargs -d '\n') == \
        '["master","VST: ReaLimit (Cockos)",false] ["t1","VST3i: Serum 2 (Xfer Records)",true] ["t1","VST: ReaEQ (Cockos)",false] ["t3","VST: ReaVerbate (Cockos)",false]' ]]
    [[ $(of item '[.track, .time, .length, .name, .source.path]' | xargs -d '\n') == \
        '["t1",0,2.5,"take","media/bass 1.wav"] ["t1",3,5,null,null]' ]]
    # 0.3 beats are a sixteenth on the grid: 240 ticks.
    [[ $(grep -oP '^ *E \K.*' out.rpp | head -n 3 | xargs -d '\n') == "0 b0 0b 32 240 90 21 50 960 80 21 00" ]]
    # Without a grid notes stay where they are.
    sed -i 's/, "grid": 0.25//' song.json
    write
    [[ $(grep -oP '^ *E \K.*' out.rpp | sed -n 2p) == "288 90 21 50" ]]
    # One more track before the returns, and the sends still come from the same ones.
    jq '.tracks = [{name: "Kick"}] + .tracks' song.json >more.json && mv more.json song.json
    write
    [[ $(of send '[.source_track, .track, .gain]' | xargs) == "[t2,t4,0.05] [t3,t4,0.2] [t2,t5,0.1]" ]]
    write --defer-builtins >deferred
    [[ $(jq -r .fx_name deferred | xargs -d '\n') == "VST: ReaLimit (Cockos) VST: ReaEQ (Cockos) VST: ReaVerbate (Cockos)" ]]
}
