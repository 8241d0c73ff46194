#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

# files PATH...: makes each of them, with its path as its content.
files() {
    for path in "$@"; do
        mkdir -p "$(dirname "$path")"
        echo "$path" >"$path"
    done
}

# found PATH [OPTION...] DIR...: how the record of a job with that input_path is completed.
found() {
    local path=$1
    shift
    jq -nc --arg path "$path" '{input_path: $path}' | match-files "$@" |
        jq -r '[.input_path, .input_matched_by, .input_match_count, .error_kind] | map(. // "") | join("|")' |
        sed "s|^$PWD/||; s/|*$//"
}

# An item of a song in $PWD/song, with that source.
item() { printf '{"type":"song","path":"%s/song/a.rpp"}\n{"type":"item","item":"t1.i1","source":%s}\n' "$PWD" "$1"; }

@test "the rules are tried in order, and the one that finds a file is named" {
    files lib/{Kick.wav,snare.flac,hat_01.wav,my-clap.aif,deep/tom.wav,kick2.wav}
    [[ $(found /gone/tom.wav lib) == "lib/deep/tom.wav|name|1" ]]
    [[ $(found /gone/kick.wav lib) == "lib/Kick.wav|any-case|1" ]]
    [[ $(found /gone/snare.wav lib) == "lib/snare.flac|stem|1" ]]
    [[ $(found /gone/Hat.wav lib) == "lib/hat_01.wav|prefix|1" ]]
    [[ $(found /gone/clap.wav lib) == "lib/my-clap.aif|substring|1" ]]
    [[ $(found /gone/none.wav lib) == "/gone/none.wav|||not-found" ]]
    # The better rule wins, whatever comes first by name.
    files order/{a/sidekick.wav,b/kick-1.wav,c/kick.aif,d/KICK.wav,e/kick.wav}
    for rule in name any-case stem prefix substring; do
        [[ $(found kick.wav order) == order/*"|$rule|1" ]] || fail "$rule: $(found kick.wav order)"
        rm "$(found kick.wav order | cut -d '|' -f 1)"
    done
    [[ $(found kick.wav order) == "kick.wav|||not-found" ]]
    files order/kicks.wav
    [[ $(found kick.wav order --rules name,content) == *not-found ]]
    [[ $(found kick.wav order --rules prefix) == "order/kicks.wav|prefix|1" ]]
}

@test "of several files the one in folders of the same names comes first, then the first by path" {
    files lib/{a/kick.wav,b/Drums/kick.wav,c/drums/kick.wav,c/Song/Drums/kick.wav}
    [[ $(found /gone/kick.wav lib) == "lib/a/kick.wav|name|4" ]]
    [[ $(found /gone/Drums/kick.wav lib) == "lib/b/Drums/kick.wav|name|4" ]]
    [[ $(found 'D:\Song\Drums\kick.wav' lib) == "lib/c/Song/Drums/kick.wav|name|4" ]]
    [[ $(found /gone/kick.wav lib/c lib/a) == "lib/c/Song/Drums/kick.wav|name|3" ]]
}

@test "only files of the same kind are found by a part of the name" {
    files lib/{kick.wav.reapeaks,kick.txt,kick.mid,kick,.kick.wav,loop.xyz,loop.wav}
    [[ $(found /gone/kick.wav lib) == *"/.kick.wav|substring|1" ]]
    rm lib/.kick.wav
    [[ $(found /gone/kick.wav lib) == *not-found ]]
    [[ $(found /gone/loop.xyz lib) == "lib/loop.xyz|name|1" ]]
    [[ $(found /gone/loo.xyz lib) == "lib/loop.xyz|prefix|1" ]]
    [[ $(found /gone/.wav lib) == *not-found ]]
    jq -c . <<<'{"midi_path":"/gone/KICK.midi"}' | match-files lib | jq -e '.midi_matched_by == "stem"' >/dev/null
}

@test "names are the same in both Unicode forms" {
    files $'lib/Ba\u0308ss.wav' $'lib/\u00e9tude-1.wav'
    [[ $(found $'B\u00e4ss.wav' lib) == $'lib/Ba\u0308ss.wav|name|1' ]]
    [[ $(found $'B\u00c4SS.WAV' lib) == $'lib/Ba\u0308ss.wav|any-case|1' ]]
    [[ $(found $'E\u0301tude.wav' lib) == $'lib/\u00e9tude-1.wav|prefix|1' ]]
    # The one with the same bytes comes first.
    files $'lib/B\u00e4ss.wav'
    [[ $(found $'B\u00e4ss.wav' lib) == $'lib/B\u00e4ss.wav|name|2' ]]
}

@test "paths of Windows are understood" {
    files lib/kick.wav song/Media/loop.wav 'lib/a\b.wav'
    [[ $(found 'C:\Users\me\kick.wav' lib) == "lib/kick.wav|name|1" ]]
    [[ $(found 'C:kick.wav' lib) == "lib/kick.wav|name|1" ]]
    [[ $(found '/gone/a\b.wav' lib) == 'lib/a\b.wav|name|1' ]]
    # A relative path needs no folder to look in: it is meant from the song's.
    mkdir empty
    run -0 match-files empty < <(item '{"kind":"offline","path":"Media\\loop.wav","format":"WAVE"}')
    [[ $(command jq -c 'select(.source).source' <<<"$output") == "{\"kind\":\"audio\",\"path\":\"$PWD/song/Media/loop.wav\",\"format\":\"WAVE\",\"original_path\":\"Media\\\\loop.wav\",\"matched_by\":\"path\",\"match_count\":1}" ]]
}

@test "a path that leads somewhere stays, and every other byte of a record too" {
    files song/media/kick.wav lib/kick.wav lib/snare.flac a.wav
    item '{ "path" : "media/kick.wav","x":[1.50] }' >in
    # shellcheck disable=SC2016
    printf '%s\n' '{"input_path":"a.wav"}' '{"input_path":"-", "k":1}' '{"input_path":null}' '{"input_path":""}' \
        '{"note":60}' '{"type":"item","item":"i"}' '{"type":"item","source":5}' '{"chain":[1,{"a":1}],"type":[]}' >>in
    match-files lib <in >out
    cmp in out
    # A job's path is meant from the current folder, also behind a song.
    item '{"path":"snare.wav","format":"WAVE","x":1}' >in
    [[ $(match-files lib <in | tail -n 1) == "{\"type\":\"item\",\"item\":\"t1.i1\",\"source\":{\"path\":\"$PWD/lib/snare.flac\",\"x\":1,\"original_path\":\"snare.wav\",\"matched_by\":\"stem\",\"match_count\":1}}" ]]
}

@test "the fields of every record that names files are completed" {
    files lib/{a.wav,b.mid,c.fxp,d.fxb}
    cat >in <<'END'
{"type":"item","source":{"path":"/gone/a.wav"}}
{"type":"sample","path":"/gone/a.wav"}
{"type":"sample","name":"A"}
{"type":"track","frozen_path":"/gone/a.wav"}
{"type":"fx","state_path":"/gone/d.fxb"}
{"type":"fx","preset_path":"/gone/c.fxp"}
{"type":"bass","input_path":"/gone/a.wav","midi_path":"/gone/b.mid"}
{"preset_path":"/gone/c.fxp","state_path":"/gone/d.fxb"}
{"chain":[{"preset_path":"/gone/c.fxp"},{"plugin_path":"x.so","state_path":"/gone/d.fxb"}]}
END
    run -0 match-files lib <in
    [[ $(grep -o "\"$PWD/lib/[a-d]" <<<"$output" | wc -l) == 12 ]]
    run -1 grep -E '"(input_|midi_|preset_|state_|frozen_)?path":"/gone' <<<"$output"
    [[ $(match-files lib <in | jq -c 'select(.name).path') == "\"$PWD/lib/a.wav\"" ]]
    # A sample that a module holds needs no file.
    match-files lib <<<'{"type":"sample","name":"A","in_module":true}' | grep -qx '{"type":"sample","name":"A","in_module":true}'
}

@test "a file that is not found is an error, and a song goes on without it" {
    mkdir lib
    run -1 match-files lib < <(item '{"path":"media/none.wav"}')
    [[ ${lines[1]} == "{\"status\":\"error\",\"error_kind\":\"not-found\",\"error\":\"media/none.wav: is not there, and no file in $PWD/lib is called like it; name the folder that it is in\",\"item\":\"t1.i1\"}" ]]
    [[ ${lines[2]} == '{"type":"item","item":"t1.i1","source":{"path":"media/none.wav"}}' && ${#lines[@]} == 3 ]]
    run -1 match-files lib <<<'{"input_path":"/gone/x.wav","chain":[{"preset_path":"y.fxp"}]}'
    [[ ${#lines[@]} == 1 && $(field error_kind) == not-found && $(field input_path) == /gone/x.wav ]]
    run -0 --separate-stderr match-files --allow-missing lib < <(item '{"path":"media/none.wav"}')
    [[ $stderr == "match-files: media/none.wav: is not there"* && $output == "$(item '{"path":"media/none.wav"}')" ]]
}

@test "size and hash tell files of one name apart, and find a file that is called otherwise" {
    printf one >one && printf two >two && printf longer >longer
    mkdir -p lib/a lib/b
    cp one lib/a/kick.wav && cp two lib/b/kick.wav
    record=$(match-files --hash lib <<<"{\"input_path\":\"$PWD/two\"}")
    [[ $(jq .input_bytes <<<"$record") == 3 && $(jq -r .input_hash <<<"$record") == "xxh128:$(xxhsum -H2 two | cut -d ' ' -f 1)" ]]
    matched() { jq -c '.input_path = "/gone/kick.wav"' <<<"$record" | match-files --rules "$1" lib; }
    [[ $(matched name,content | jq -c '[.input_path, .input_matched_by, .input_match_count]') == "[\"$PWD/lib/b/kick.wav\",\"name\",1]" ]]
    mv lib/b/kick.wav lib/b/other.wav
    [[ $(matched name,content | jq -c '[.input_path, .input_matched_by]') == "[\"$PWD/lib/b/other.wav\",\"content\"]" ]]
    # A file of the name with another content is another file.
    cp longer lib/b/other.wav
    run -1 matched name,content
    [[ $(field error) == *"is called like it and has its size and hash"* ]]
    run -1 matched name
    # What changes is noted anew.
    match-files --hash lib <<<'{"input_path":"one","input_bytes":77}' | jq -e '.input_bytes == 3' >/dev/null
}

@test "the manifest of a folder knows its files after they were renamed" {
    files song/media/kick.wav song/media/snare.wav
    echo '{"input_path":"song/media/kick.wav"}' | match-files --copy out >/dev/null
    mkdir out/sub && mv out/kick.wav out/sub/bd.wav
    [[ $(found /anywhere/kick.wav out) == "out/sub/bd.wav|content|1" ]]
    rm -r song
    [[ $(found "$PWD/song/media/kick.wav" out) == "out/sub/bd.wav|content|1" ]]
    [[ $(found snare.wav out) == *not-found ]]
    # A file with the name comes first, and what is no manifest of ours is left alone.
    files out/kick.wav
    [[ $(found kick.wav out) == "out/kick.wav|name|1" ]]
    echo '{"name":"app"}' >out/manifest.json && rm out/kick.wav
    [[ $(found kick.wav out) == *not-found ]]
}

@test "--copy collects each content once, with names that every file system takes" {
    files lib/{kick.wav,b/kick.wav,KICK.wav,'what?.wav',manifest.json} song/media/kick.wav
    cp lib/b/kick.wav lib/same.wav
    {
        item '{"path":"media/kick.wav"}'
        for path in lib/kick.wav lib/KICK.wav lib/b/kick.wav lib/same.wav lib/what?.wav lib/manifest.json lib/kick.wav; do
            echo "{\"input_path\":\"$path\"}"
        done
    } >in
    match-files --copy out <in >first
    [[ $(jq -r '.input_path // .source.path // empty' first | xargs -d '\n') == \
        "$PWD/out/kick.wav $PWD/out/kick_1.wav $PWD/out/KICK_2.wav $PWD/out/kick_3.wav $PWD/out/kick_3.wav $PWD/out/what.wav $PWD/out/manifest_1.json $PWD/out/kick_1.wav" ]]
    cmp out/kick.wav song/media/kick.wav
    cmp out/kick_3.wav lib/same.wav
    [[ $(find out -type f | wc -l) == 7 && $(jq -r 'select(.input_original_path).input_original_path' first | head -n 1) == lib/kick.wav ]]
    # The manifest has each file, whence it came, its size and hash.
    jq -r '.files[] | [.path, .bytes, .hash] | @tsv' out/manifest.json | while IFS=$'\t' read -r path bytes hash; do
        [[ $bytes == $(stat -c %s "out/$path") && $hash == "xxh128:$(xxhsum -H2 "out/$path" | cut -d ' ' -f 1)" ]]
    done
    [[ $(jq -c '.files[] | select(.path == "kick_3.wav").original_paths' out/manifest.json) == "[\"$PWD/lib/b/kick.wav\",\"$PWD/lib/same.wav\"]" ]]
    # A second run changes nothing; another song's files come beside them.
    find out -type f -printf '%p %i %T@\n' | grep -v manifest | sort >before
    cp out/manifest.json .
    match-files --copy out <in | cmp first -
    find out -type f -printf '%p %i %T@\n' | grep -v manifest | sort | diff before -
    cmp manifest.json out/manifest.json
    files more/kick.wav
    [[ $(match-files --copy out <<<'{"input_path":"more/kick.wav"}' | jq -r .input_path) == "$PWD/out/kick_4.wav" ]]
    [[ $(match-files --copy out <<<'{"input_path":"lib/same.wav"}' | jq -r .input_path) == "$PWD/out/kick_3.wav" ]]
    [[ $(jq '.files | length' out/manifest.json) == 7 ]]
}

@test "--copy writes nothing outside of its folder and replaces nothing in it" {
    files lib/kick.wav outside precious
    mkdir out
    ln -s ../outside out/kick.wav
    echo mine >out/kick_1.wav
    [[ $(match-files --copy out <<<'{"input_path":"lib/../lib/kick.wav"}' | jq -r .input_path) == "$PWD/out/kick_2.wav" ]]
    [[ $(<outside) == outside && $(<out/kick_1.wav) == mine ]]
    # An earlier manifest cannot lead out either.
    hash=$(xxhsum -H2 lib/kick.wav | cut -d ' ' -f 1)
    echo "{\"files\":[{\"path\":\"../precious\",\"bytes\":13,\"hash\":\"xxh128:$hash\"}]}" >out/manifest.json
    rm out/kick*
    [[ $(match-files --copy out <<<'{"input_path":"lib/kick.wav"}' | jq -r .input_path) == "$PWD/out/kick.wav" ]]
    [[ $(jq -c '[.files[].path]' out/manifest.json) == '["kick.wav"]' ]]
    echo nonsense >out/manifest.json
    run -1 match-files --copy out <<<'{"input_path":"lib/kick.wav"}'
    [[ $output == *"manifest.json: is not the manifest of an earlier run; move it away" && $(<out/manifest.json) == nonsense ]]
    ln -sf ../precious out/manifest.json
    run -1 match-files --copy out <<<'{"input_path":"lib/kick.wav"}'
    [[ $output == *"will not be replaced"* && $(<precious) == precious ]]
}

@test "what cannot be copied is an error, and the manifest says what is missing" {
    files lib/kick.wav
    mkdir folder
    mkfifo pipe
    run -1 match-files --copy out <<<$'{"input_path":"gone.wav"}\n{"input_path":"lib/kick.wav"}\n{"preset_path":"folder"}\n{"input_path":"pipe"}'
    [[ $(field error_kind | xargs) == "not-found null io unsupported" ]]
    [[ $(jq -c '[[.files[].path], .missing]' out/manifest.json) == '[["kick.wav"],["gone.wav"]]' ]]
    [[ $output == *"gone.wav: is not there; name a folder to look in"* ]]
    run match-files --copy /dev/null/x <<<'{"input_path":"lib/kick.wav"}'
    ((status == 3)) && [[ $output == *"cannot write"* ]]
}

@test "a song with its files moves into one folder, and sounds the same from there" {
    files 'lib/a kick.wav' lib/Kick.flac
    "$root/tests/make-projects.py" made
    mkdir -p made/media && echo real >'made/media/a kick.wav'
    media() { song-read -k "$1" | command jq -r 'select(.source.path) | [.item, .source.kind, .source.path] | @tsv'; }
    media made/whole.rpp >before
    grep -qF 'media/a kick.wav' before
    song-read made/whole.rpp | match-files --allow-missing --copy out --relative lib | song-write --into made/whole.rpp -o out/whole.rpp
    media out/whole.rpp >after
    diff <(cut -f 1 before) <(cut -f 1 after)
    [[ $(grep -cP '\ta kick.wav$' after) -gt 0 ]]
    # And once more from there: all is in place.
    run -0 --separate-stderr match-files --allow-missing --copy out out < <(song-read out/whole.rpp)
    [[ $(<'out/a kick.wav') == real && ! $output =~ \"matched_by ]]
}

@test "loops of links end, and what cannot be read is reported" {
    files lib/a/kick.wav lib/locked/x.wav elsewhere/snare.wav
    ln -s .. lib/a/up
    ln -s ../../elsewhere lib/a/else
    ln -s nowhere lib/a/nowhere.wav
    [[ $(found kick.wav -L lib) == "lib/a/kick.wav|name|1" ]]
    [[ $(found snare.wav lib) == *not-found && $(found snare.wav -L lib) == "lib/a/else/snare.wav|name|1" ]]
    rm lib/a/nowhere.wav
    chmod 0 lib/locked
    run -1 --separate-stderr bound match-files lib <<<'{"input_path":"kick.wav"}'
    chmod 700 lib/locked
    [[ $stderr == "match-files: $PWD/lib/locked: Permission denied" && $(field input_matched_by) == name ]]
    touch $'lib/\xff.wav'
    run -1 --separate-stderr match-files lib <<<'{"input_path":"kick.wav"}'
    [[ $stderr == *"not UTF-8"* ]]
}

@test "40,000 files need little memory, and each answer one search" {
    without_sanitizers "they take memory themselves"
    /usr/bin/python3 - <<'PYTHON'
import os
for folder in range(40):
    os.makedirs("lib/folder %03d" % folder)
    for file in range(1000):
        os.close(os.open("lib/folder %03d/sample %06d loop.wav" % (folder, folder * 1000 + file), os.O_CREAT))
with open("in", "w") as out:
    for number in range(40000):
        out.write('{"input_path":"/gone/SAMPLE %06d loop.wav"}\n' % number)
    out.write('{"input_path":"/gone/ample 000077.wav"}\n')
PYTHON
    (ulimit -v 40000 && match-files lib <in >out)
    [[ $(grep -c '"any-case","input_match_count":1}' out) == 40000 ]]
    tail -n 1 out | grep -q '"substring","input_match_count":1'
}

@test "wrong usage is refused before any work" {
    touch file
    run -2 match-files
    [[ $output == "match-files: name a folder to look in, or give --copy"* ]]
    run -2 match-files nowhere </dev/null
    [[ $output == "match-files: nowhere: No such file or directory"* ]]
    run -2 match-files file </dev/null
    [[ $output == "match-files: file: is not a folder"* ]]
    run -2 match-files --rules name,nearest . </dev/null
    [[ $output == *"'nearest' is not a rule; there are: name, any-case, stem, prefix, substring, content"* ]]
    run -2 match-files --relative . </dev/null
    [[ $output == *"--relative: is for --copy"* ]]
}
