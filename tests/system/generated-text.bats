#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Text that is made of names: scripts, projects, programs, descriptions, lists and command lines. A name
# with all that such texts give a meaning to stays a name in each, as other programs read them. The
# Makefile of song-jobs is in song-jobs.bats, that of examples/render.mk in examples.bats.

load ../helper

# Each would end a text, begin a command, or stand for something else somewhere.
# shellcheck disable=SC2016
marks=$'-a:\n"q" \'s\' $(touch escaped) ${x} `touch escaped` %s %d & <b> ]]> --> \e[2J \\ ; | * {x} = # //\u202e'

# Where a name is that of a file.
file_marks=${marks//\//_}
line_marks=${file_marks//$'\n'/ } # where there may be no line break

teardown() { [[ -z $(find "$BATS_TEST_TMPDIR" -name 'escaped*') ]] || fail "a name was run as a command"; }

# python ARGUMENT...: the program is on standard input.
python() { /usr/bin/python3 - "$@"; }

@test "names stay names in REAPER projects: they begin no line and no block" {
    project() {
        jq -nc --arg name "$1" '{type: "song", title: $name, author: $name, notes: $name},
            {type: "marker", time: 0, name: $name}, {type: "region", time: 1, end: 2, name: $name},
            {type: "track", track: "a", name: $name},
            {type: "fx", track: "a", name: $name, kind: "vst2", plugin_path: "/p/\($name | gsub("/"; "_")).so", preset_name: $name},
            {type: "item", track: "a", time: 0, length: 1, name: $name, source: {path: "/x/\($name).wav"}}'
    }
    project plain | song-write -o plain.rpp
    project "$marks" | song-write -o marked.rpp
    # The words that begin the lines, without those of blocks of text, which each begin with |.
    words() { sed 's/^ *//; s/ .*//; /^|/d' "$1"; }
    diff <(words plain.rpp) <(words marked.rpp | grep -v -x -e '<NAME' -e '<NOTES' | cat) || cat -v marked.rpp
    song-read marked.rpp | jq -e --arg name "$marks" 'select(.type == "track") | .name == $name'
}

@test "names stay texts in the script that song-write makes for REAPER" {
    jq -nc --arg name "$marks" '{type: "track", track: "a", name: $name},
        {type: "fx", track: "a", name: $name, builtin: true, parameters: {($name): 0.5}}' |
        song-write --defer-builtins --reascript script.lua -o out.rpp >/dev/null
    luac -p script.lua
    cat >reaper.lua <<'END'
local said = {}
reaper = setmetatable({
  GetTrack = function() return {} end,
  GetSetMediaTrackInfo_String = function() return true, os.getenv("NAME") end,
  TrackFX_AddByName = function(_, name) said[#said + 1] = name; return 0 end,
  TrackFX_GetNumParams = function() return 1 end,
  TrackFX_GetParamName = function() return true, os.getenv("NAME") end,
  TrackFX_SetParamNormalized = function(_, _, index, value) said[#said + 1] = index .. " " .. value; return true end,
  ShowConsoleMsg = function(text) error(text) end,
}, {__index = function() return function() end end})
dofile("script.lua")
assert(#said == 2 and said[1] == os.getenv("NAME") and said[2] == "0 0.5")
END
    NAME=$marks lua reaper.lua
}

@test "names stay texts in the Turtle of an LV2's preset" {
    preset-export -p http://drobilla.net/plugins/mda/EPiano -o . >saved < <(jq -nc --arg name "$marks" \
        '{parameters: {"id:hardness": 0.9}, filename_stem: "x", preset_name: $name}')
    # Each line is one statement of N-Triples.
    python ./*.lv2/*.ttl <<'END'
import re, sys
uri = r'<[^\x00-\x20<>"{}|^`\\]*>'
text = r'"(?:[^"\\\n\r]|\\[tbnrf"\'\\]|\\u[0-9A-Fa-f]{4})*"(?:\^\^%s|@[A-Za-z-]+)?' % uri
node = r'(?:%s|_:\w+)' % uri
for name in sys.argv[1:]:
    for line in open(name, encoding='utf-8', newline='\n'):
        assert re.fullmatch(r'%s %s (?:%s|%s) \.\n' % (node, uri, node, text), line), (name, line)
END
    diff <(jq -r .preset_name saved) <(preset-scan . | jq -r .preset_name)
}

@test "an LV2's preset with any characters in its URIs is played" {
    cat >preset.ttl <<'END'
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .
<urn:x> a pset:Preset ; lv2:appliesTo <http://drobilla.net/plugins/mda/EPiano> ;
    <http://www.w3.org/2000/01/rdf-schema#label> "x" ;
    state:state [ <urn:key\u000A\u0022\u007B\u005C> "text" ] .
END
    run -0 render-one "{\"preset_path\": \"$PWD/preset.ttl\", \"output_path\": \"/dev/null\"}"
}

# without_texts FILE: the code without comments and without what is between quotes.
without_texts() {
    python "$1" <<'END'
import re, sys
code = open(sys.argv[1], encoding='utf-8').read()
print(re.sub(r'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*', '', code, flags=re.S))
END
}

@test "a program's file name stays a text in all that faust-build makes" {
    echo 'process = _ * hslider("gain", 0, 0, 1, 0.1);' >"$file_marks.dsp"
    faust-build --lang c,cpp,csharp,dlang,jax,java,julia,rust --json --xml --svg made -e -o made/ "./$file_marks.dsp" >/dev/null
    cd made
    for file in ./*.{dsp,c,cpp,cs,d,java,rs}; do
        [[ $(grep -c touch "$file") -ge 1 || $file == *.rs ]]
        [[ $(without_texts "$file") != *touch* ]] || fail "in ${file@Q}"
    done
    gcc -fsyntax-only -include <(echo '#define FAUSTFLOAT float
typedef struct { void *metaInterface; void (*declare)(void *, const char *, const char *); } MetaGlue;
typedef struct { void *uiInterface; void (*openVerticalBox)(void *, const char *);
    void (*addHorizontalSlider)(void *, const char *, float *, float, float, float, float);
    void (*closeBox)(void *); } UIGlue;') -x c ./*.c
    # Julia evaluates what is behind a $ in a text.
    run -1 grep -P '(?<!\\)(\\\\)*\$' ./*.jl
    python ./*.py ./*.json ./*.xml ./*-svg/*.svg <<'END'
import ast, json, sys, xml.dom.minidom
python, description, *documents = sys.argv[1:]
code = ast.parse(open(python).read())
assert any(isinstance(node, ast.Constant) and 'touch' in str(node.value) for node in ast.walk(code))
assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(code))
assert 'touch' in json.load(open(description))['name']
for document in documents:
    root = xml.dom.minidom.parse(document).documentElement
    assert not root.getElementsByTagName('b')
END
}

@test "a text in an expression that would end one in the programs made of it is refused" {
    for mark in '"' $'\\' $'\n' $'\e'; do
        for api in box signal; do
            jq -nc --arg text "x${mark}); touch(escaped" --arg api "$api" '{api: $api, op: "button", "label": $text}' >x.ndjson
            run -1 faust-build --lang cpp -o out.cpp x.ndjson
            [[ $(field error_kind) == bad-record && ! -e out.cpp ]]
            [[ $(field error) == *'line 1: button: "label" has a quote, a backslash or a control character in it'* ]] || fail "$output"
        done
    done
    # What a foreign constant is called is code.
    for constant in '"name": "x; touch()", "file": "<math.h>"' '"name": "x", "file": "<math.h>\nint touch();"'; do
        echo "{\"op\": \"fconstant\", \"type\": \"int\", $constant}" >x.ndjson
        run -1 faust-build --lang cpp -o out.cpp x.ndjson
        [[ $(field error_kind) == bad-record && ! -e out.cpp ]] || fail "$output"
    done
    jq -nc --arg text "it's \$(x) \`y\` & <b> ünï" '{op: "button", "label": $text}' >x.ndjson
    faust-build --lang cpp,jax --json --svg . -o ./ x.ndjson >/dev/null
    python x.json x-svg/process.svg <<'END'
import json, sys, xml.dom.minidom
assert "it's $(x) `y` & <b> ünï" in open(sys.argv[1]).read() and json.load(open(sys.argv[1]))
xml.dom.minidom.parse(sys.argv[2])
END
}

@test "texts stay texts in the tags of every format, as ffprobe reads them" {
    sox -n -r 8000 plain.wav synth 0.1 sine 440
    # A text of RIFF ends where its first line does in no reader, but a NUL never comes into one.
    for format in wav aiff flac ogg opus mp3; do
        audio-edit --tag "title=$marks" --tag "artist=a=b;c" --sample-rate 48000 -o "x.$format" plain.wav >/dev/null
        ffprobe -v error -show_entries format_tags:stream_tags -of json "x.$format" >tags
        jq -e --arg title "$marks" '[.format.tags, .streams[]?.tags | values | with_entries(.key |= ascii_downcase)] | add |
            .title == $title and (.artist == "a=b;c" or .author == "a=b;c")' tags || fail "$format: $(<tags)"
    done
}

@test "names of files and of what they show stay names for ffmpeg" {
    ffmpeg -v error -f lavfi -i color=red:s=64x36:r=8 -frames:v 8 clip.mp4
    sox -n -r 8000 sound.wav synth 1 sine 440
    mkdir "./$file_marks"
    cp clip.mp4 "./$file_marks/$file_marks%03d.mp4"
    mv sound.wav "./$file_marks/$file_marks.wav"
    jq -nc --arg name "$marks" --arg path "$PWD/$file_marks/$file_marks%03d.mp4" '{type: "track", track: "a", name: $name},
        {type: "clip", path: $path}, {type: "note", track: "a", time: 0, length: 1}' >scene
    song-draw --view clips --size 64x36 --rate 8 --audio "$file_marks/$file_marks.wav" -o "./$file_marks%d.mp4" scene >drawn
    [[ $(jq -r .output_path drawn) == *"$file_marks%d.mp4" ]]
    [[ $(ffprobe -v error -show_entries stream=codec_type -of csv=p=0 "file:$file_marks%d.mp4" | xargs) == "video audio" ]]
}

@test "a module's title and its files' names stay names in all that render-module makes" {
    title=${marks//$'\n'/ }
    title=${title//$'\e'/}
    printf '%s\n' "TITLE: $title" 'PATTERN: a' 'SAMPLE:kick' '- -' 'ORDER: 0' >"$file_marks.txt"
    mkdir -p "sounds $line_marks"
    sox -n -r 44100 "sounds $line_marks/kick.wav" synth 0.2 sine 440
    run -0 --separate-stderr render-module --json --no-video -f aac -a "sounds $line_marks" "./$file_marks.txt" "out $file_marks"
    jq -es --arg title "$title" 'map(select(.event == "result"))[0].title == $title' <<<"$output"
    track=$(jq -r 'select(.event == "result").audio_path' <<<"$output")
    [[ $(ffprobe -v error -show_entries format_tags=title -of json "file:$track" | jq -r .format.tags.title) == "$title" ]]
    python "$(jq -r 'select(.event == "result").package_path' <<<"$output")" "$title" <<'END'
import json, os, sys
manifest = json.load(open(sys.argv[1] + '/manifest.json'))
assert manifest['module_title'] == sys.argv[2]
assert os.path.isfile(sys.argv[1] + '/' + manifest['audio'])
END
}

@test "names stay names in the manifest of collected files" {
    mkdir "./$file_marks"
    echo RIFF >"./$file_marks/$file_marks.wav"
    jq -nc --arg path "$PWD/$file_marks/$file_marks.wav" '{type: "sample", path: $path}, {type: "sample", path: "\($path) is gone"}' |
        match-files --allow-missing --copy out >copied
    python "$PWD/$file_marks/$file_marks.wav" <<'END'
import json, os, sys
manifest = json.load(open('out/manifest.json'))
assert [entry['original_paths'] for entry in manifest['files']] == [[sys.argv[1]]], manifest
assert os.path.isfile('out/' + manifest['files'][0]['path'])
assert manifest['missing'] == [sys.argv[1] + ' is gone']
END
}

# runs_itself LINE ARGUMENT...: the shell makes these words of the line, and runs nothing.
runs_itself() {
    bash -n <<<"$1"
    shown=$(bash -c "set -- $1"' && printf "%s\0" "$@"' | tr '\0\n' '\n\1')
    [[ $shown == "$(printf '%s\0' "${@:2}" | tr '\0\n' '\n\1')" ]] || fail "${shown@Q} of $1"
}

@test "the command with which render-presets says how to go on is the one that was given" {
    mkdir "bin $file_marks" "./$file_marks"
    cp -r "$bin"/. "bin $file_marks"
    preset-export -o "./$file_marks" --programs 0-3 "$root/build/tests/plugins/plain_synth.so" >/dev/null
    words=("./$file_marks" "out $file_marks" --fxp "$root/build/tests/plugins/plain_synth.so" --note 0-127 --velocity 1-127 --duration 1
        --template "{preset}_{note} \$(touch escaped) 'q' \"q\"" --workers 1 --json)
    driver="./bin $file_marks/render-presets"
    "$driver" "${words[@]}" >said 2>errors 3>&- &
    until grep -q '"event":"result"' said; do
        kill -0 $! 2>/dev/null || fail "nothing is rendered: $(<errors)"
        sleep 0.1
    done
    kill -TERM $!
    wait $! || true
    line=$(sed -n 's/^  to go on: //p' errors)
    run -1 grep -P '[\x00-\x09\x0b-\x1f\x7f]|\x{202e}' errors
    runs_itself "$line" "$driver" --skip-existing "${words[@]}"
    [[ $(jq -r 'select(.event == "aborted").resume' said) == "$line" ]]
}

@test "the command that render-one proposes for a preset is one for that preset" {
    for name in "$file_marks.fxp" "-x '.fxp" '~.fxp' 'a b.fxp'; do
        run -2 --separate-stderr render-one -- "$name"
        [[ ${stderr_lines[0]} == *"try: preset-scan "*" | assign-paths -o out | render-one ..."* ]]
        line=${stderr_lines[0]#*try: }
        line=${line%% | assign-paths*}
        [[ $name != -* ]] || name=./$name
        runs_itself "$line" preset-scan "$name"
    done
}
