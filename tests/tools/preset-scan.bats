#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

# A small library. Its files are empty, since a scan opens none.
make_library() {
    mkdir -p lib/{a/deep,a-b,B,.hidden,empty}
    touch lib/{top.fxp,a/x.fxp,a/deep/y.FXB,a-b/x.SerumPreset,B/z.vstpreset,.hidden/h.fxp} \
        lib/{notes.txt,fxp,x.fxp.bak,a.fxp,é.fxp}
}

# The presets that find lists under a folder, sorted component by component.
presets_by_find() { # FIND-ARGUMENT...
    find "$@" -type f \( -iname '*.fxp' -o -iname '*.fxb' -o -iname '*.SerumPreset' \
        -o -iname '*.vstpreset' \) -print0 2>/dev/null |
        /usr/bin/python3 -c '
import sys
paths = sys.stdin.buffer.read().split(b"\0")[:-1]
sys.stdout.buffer.write(b"".join(p + b"\n" for p in sorted(paths, key=lambda p: p.split(b"/"))))'
}

@test "it finds what find finds, sorted by path component by component" {
    make_library
    run -0 --separate-stderr preset-scan lib
    diff <(field preset_path) <(presets_by_find "$PWD/lib")
    [[ ${#lines[@]} == 8 && -z $stderr ]]
}

@test "a record has path, format and root, in this order" {
    make_library
    run -0 preset-scan lib/a
    [[ ${lines[0]} == "{\"preset_path\":\"$PWD/lib/a/deep/y.FXB\",\"preset_format\":\"fxb\",\"presets_root\":\"$PWD/lib/a\"}" ]]
}

@test "the suffix decides the format, in any letter case" {
    mkdir lib
    touch lib/{1.fxp,2.FXP,3.Fxb,4.SerumPreset,5.serumpreset,6.SERUMPRESET,7.vstpreset,8.VstPreset}
    run -0 preset-scan lib
    [[ $(field preset_format | paste -sd' ') == "fxp fxp fxb serum2 serum2 serum2 vstpreset vstpreset" ]]
}

@test "--no-recursive leaves out the folders" {
    make_library
    run -0 preset-scan --no-recursive lib
    diff <(field preset_path) <(presets_by_find "$PWD/lib" -maxdepth 1)
}

@test "a single file has no root" {
    make_library
    run -0 preset-scan lib/a/x.fxp
    [[ $output == "{\"preset_path\":\"$PWD/lib/a/x.fxp\",\"preset_format\":\"fxp\"}" ]]
}

@test "paths become absolute and normal, and links in them stay" {
    make_library
    ln -s lib link
    cd lib/a
    run -0 preset-scan ../../link//./a/../a-b/
    [[ $(field preset_path) == "${PWD%/lib/a}/link/a-b/x.SerumPreset" ]]
    [[ $(field presets_root) == "${PWD%/lib/a}/link/a-b" ]]
}

@test "two dots after a link lead where the record says" {
    make_library
    mkdir -p far/away
    ln -s far/away link
    run -2 --separate-stderr preset-scan link/../lib/a.fxp link/../away
    [[ -z $output && $stderr == "preset-scan: link/../away: no such file or folder"* ]]
    run -0 preset-scan link/../lib/a.fxp
    [[ $(field preset_path) == "$PWD/lib/a.fxp" ]]
}

@test "operands are scanned in the order given, one given twice twice" {
    make_library
    run -0 preset-scan lib/B lib/a.fxp lib/a-b lib/B
    diff <(field preset_path) - <<END
$PWD/lib/B/z.vstpreset
$PWD/lib/a.fxp
$PWD/lib/a-b/x.SerumPreset
$PWD/lib/B/z.vstpreset
END
}

@test "links to presets are presets, and links to folders are followed with -L and as operands" {
    make_library
    mkdir other
    touch other/o.fxp
    ln -s ../other lib/linked
    ln -s ../other/o.fxp lib/link.fxp
    ln -s ../notes.txt lib/linked-notes
    ln -s lib link
    run -0 --separate-stderr preset-scan lib
    [[ -z $stderr && ${#lines[@]} == 9 && $output == *lib/link.fxp* ]]
    diff <(field preset_path) <({ presets_by_find "$PWD/lib" && echo "$PWD/lib/link.fxp"; } | LC_ALL=C sort |
        /usr/bin/python3 -c 'import sys; print(*sorted(sys.stdin.read().split("\n")[:-1],
            key=lambda path: path.encode().split(b"/")), sep="\n")')
    for option in -L --follow; do
        run -0 --separate-stderr preset-scan $option lib
        diff <(field preset_path) <(presets_by_find -L "$PWD/lib")
        [[ $output == *lib/linked/o.fxp* && $output == *lib/link.fxp* && -z $stderr ]]
    done
    run -0 preset-scan link lib/linked
    [[ ${lines[0]} == *"\"$PWD/link/"* && ${lines[9]} == *lib/linked/o.fxp* && ${#lines[@]} == 10 ]]
}

@test "a loop of links ends, and each folder is entered once" {
    make_library
    ln -s .. lib/a/up
    ln -s . lib/self
    ln -s ../B lib/a/b
    ln -s ../a lib/B/a
    run -0 --separate-stderr preset-scan lib
    diff <(field preset_path) <(presets_by_find "$PWD/lib")
    run -0 --separate-stderr preset-scan -L lib
    # B comes before a, so the presets in a are found through the link in B.
    [[ $output == *lib/B/a/x.fxp* ]]
    diff <(field preset_path | xargs realpath | sort) <(presets_by_find "$PWD/lib" | sort)
}

@test "a few links are not many presets, and no way to the whole system" {
    mkdir -p bomb/{0..18}
    for i in {0..17}; do ln -s ../$((i + 1)) "bomb/$i/a"; ln -s ../$((i + 1)) "bomb/$i/b"; done
    touch bomb/18/x.fxp
    ln -s / bomb/root
    # Only a few lines, of possibly millions.
    run -0 --separate-stderr bash -c 'preset-scan bomb | head -n 5'
    [[ ${#lines[@]} == 1 && -z $stderr ]]
    rm bomb/root
    run -0 --separate-stderr bash -c 'preset-scan -L bomb/0 | head -n 5'
    [[ $(field preset_path) == "$PWD/bomb/0$(printf '/a%.0s' {1..18})/x.fxp" && -z $stderr ]]
}

@test "a preset that is a link to nowhere is reported, another link is not" {
    make_library
    ln -s nowhere lib/dead.fxp
    ln -s nowhere lib/dead
    ln -s around.fxp lib/around.fxp
    run -1 --separate-stderr preset-scan lib
    [[ ${#lines[@]} == 8 ]]
    [[ $stderr == *"preset-scan: $PWD/lib/dead.fxp: No such file"* ]]
    [[ $stderr == *"preset-scan: $PWD/lib/around.fxp: Too many levels"* ]]
    (($(wc -l <<<"$stderr") == 2))
}

@test "a name that is not UTF-8 is reported legibly and the scan goes on" {
    make_library
    touch "lib/$(printf 'bad\xff.fxp')" "lib/$(printf 'not ours \xff.txt')" lib/zz.fxp
    mkdir "lib/$(printf 'folder\xe9')"
    touch "lib/$(printf 'folder\xe9')/inside.fxp"
    run -1 --separate-stderr preset-scan lib
    [[ $(field preset_path | tail -n 2) == *zz.fxp* && ${#lines[@]} == 9 ]]
    [[ $stderr == *"$PWD/lib/bad\\xff.fxp: not UTF-8"*"$PWD/lib/folder\\xe9: not UTF-8"* ]]
    (($(wc -l <<<"$stderr") == 2))
    run -1 --separate-stderr preset-scan "lib/$(printf 'folder\xe9')" lib/a.fxp
    [[ ${#lines[@]} == 1 && $(field preset_path) == */a.fxp ]]
}

@test "control characters in a name reach no terminal and survive in the record" {
    mkdir lib
    name=$'e\e[31m\n\u009b\x7f.fxp'
    ln -s nowhere "lib/dead $name"
    touch "lib/$name"
    run -1 --separate-stderr preset-scan lib
    [[ $stderr == *'dead e\x1b[31m\x0a\xc2\x9b\x7f.fxp: No such file'* ]]
    [[ $(field preset_path) == "$PWD/lib/$name" ]]
}

@test "the files that macOS keeps beside others are not presets" {
    mkdir lib
    touch lib/{._x.fxp,x.fxp,.x.fxp,_.fxp}
    run -0 preset-scan lib
    [[ $(field preset_path | sed 's|.*/||' | paste -sd' ') == ".x.fxp _.fxp x.fxp" ]]
    run -2 --separate-stderr preset-scan lib/._x.fxp
}

@test "a folder may be named like a preset, and a FIFO is not a preset" {
    mkdir -p lib/bank.fxb
    touch lib/bank.fxb/x.fxp
    mkfifo lib/pipe.fxp
    run -0 --separate-stderr preset-scan lib
    [[ $(field preset_path) == "$PWD/lib/bank.fxb/x.fxp" && -z $stderr ]]
    run -2 --separate-stderr preset-scan lib/pipe.fxp
    [[ $stderr == *"lib/pipe.fxp: neither a file nor a folder"* ]]
}

@test "an operand that is not there is said before any output" {
    make_library
    run -2 --separate-stderr preset-scan lib nowhere
    [[ -z $output && $stderr == "preset-scan: nowhere: no such file or folder"* ]]
    run -2 --separate-stderr preset-scan ''
    [[ -z $output ]]
}

@test "a file of another kind is refused and the known suffixes are named" {
    make_library
    run -2 --separate-stderr preset-scan lib/a.fxp lib/notes.txt
    [[ -z $output ]]
    [[ $stderr == *"lib/notes.txt: "*".fxp, .fxb, .SerumPreset, .vstpreset"* ]]
}

@test "without operands it asks for some" {
    run -2 --separate-stderr preset-scan
    [[ -z $output && $stderr == "preset-scan: name a preset"* ]]
}

@test "a folder without presets is mentioned, and is not an error" {
    make_library
    run -0 --separate-stderr preset-scan lib/empty lib/B
    [[ ${#lines[@]} == 1 && $stderr == "preset-scan: lib/empty: no presets in it" ]]
}

@test "a folder that cannot be read is reported and the scan goes on" {
    make_library
    chmod 0 lib/a
    run -1 --separate-stderr bound preset-scan lib
    chmod 700 lib/a
    diff <(field preset_path) <(presets_by_find "$PWD/lib" -not -path '*/lib/a/*')
    [[ $stderr == "preset-scan: $PWD/lib/a: Permission denied" ]]
    chmod 0 lib/a
    run -2 --separate-stderr bound preset-scan lib/B lib/a
    chmod 700 lib/a
    [[ -z $output && $stderr == *"lib/a: Permission denied"* ]]
}

@test "a path that is too long for the system is reported and the scan goes on" {
    mkdir lib
    local start=$PWD name
    name=$(printf 'd%.0s' {1..200})
    cd lib
    for _ in {1..22}; do
        mkdir "$name"
        cd -P "$name" 2>/dev/null || break
    done
    cd "$start"
    touch lib/z.fxp
    run -1 --separate-stderr preset-scan lib
    [[ $(field preset_path) == "$PWD/lib/z.fxp" && $stderr == *"File name too long" ]]
}

@test "- reads paths a line each, or ended by NULs as find -print0 writes them" {
    make_library
    touch lib/$'new\nline.fxp'
    run -0 --separate-stderr preset-scan - <<<"lib/a"$'\n\n'"lib/top.fxp"
    [[ $(field preset_path | tail -n 1) == "$PWD/lib/top.fxp" && ${#lines[@]} == 3 ]]
    find lib -iname '*.fxp' -print0 >list
    run -0 --separate-stderr preset-scan - <list
    /usr/bin/python3 - "$PWD" 3<<<"$output" <<'END'
import json, os, sys
listed = open("list").read().split("\0")[:-1]
given = [json.loads(line)["preset_path"] for line in os.fdopen(3)]
assert given == [sys.argv[1] + "/" + path for path in listed], given
END
    [[ $output == *'new\nline'* ]]
    run -0 --separate-stderr preset-scan lib/B - lib/a.fxp <<<lib/top.fxp
    [[ $(field preset_path | sed 's|.*/||' | paste -sd' ') == "z.vstpreset top.fxp a.fxp" ]]
}

@test "a listed path that is wrong is reported and the list goes on" {
    make_library
    run -1 --separate-stderr preset-scan - <<<$'lib/nowhere.fxp\nlib/notes.txt\nlib/a.fxp'
    [[ $(field preset_path) == "$PWD/lib/a.fxp" ]]
    [[ $stderr == *"lib/nowhere.fxp: no such file"*"lib/notes.txt: not the name of a preset"* ]]
}

@test "each listed path is scanned as soon as it comes" {
    make_library
    coproc scan { preset-scan -; }
    local line
    echo lib/a.fxp >&"${scan[1]}"
    read -r -t 60 line <&"${scan[0]}"
    [[ $line == *a.fxp* ]]
    echo lib/top.fxp >&"${scan[1]}"
    read -r -t 60 line <&"${scan[0]}"
    [[ $line == *top.fxp* ]]
    local to=${scan[1]} pid=$scan_PID
    exec {to}>&-
    wait "$pid"
}

@test "- can be given once" {
    run -2 --separate-stderr preset-scan - - <<<x
    [[ $stderr == *"-: given twice"* ]]
}

# Presets written by the definition of their formats, without our code.
make_presets() {
    mkdir -p lib
    /usr/bin/python3 - <<'END'
import json, struct
import cbor2, zstandard

def fxp(name, plugin, chunk=b"state"):
    body = b"FPCh" + struct.pack(">i4siI28sI", 1, plugin, 1, 0, name, len(chunk)) + chunk
    return b"CcnK" + struct.pack(">I", len(body)) + body

def serum(metadata):
    text, payload = json.dumps(metadata).encode(), cbor2.dumps({"a": 1})
    return (b"XferJson\0" + struct.pack("<Q", len(text)) + text +
            struct.pack("<II", len(payload), 2) + zstandard.compress(payload))

def vstpreset(info):
    chunks = [(b"Comp", b"state"), (b"Info", info)]
    head, body, entries = 48, b"", b""
    for name, data in chunks:
        entries += name + struct.pack("<qq", head + len(body), len(data))
        body += data
    return (b"VST3" + struct.pack("<i", 1) + b"0123456789ABCDEF0123456789abcdef" +
            struct.pack("<q", head + len(body)) + body + b"List" + struct.pack("<i", 2) + entries)

write = lambda name, data: open("lib/" + name, "wb").write(data)
write("1.fxp", fxp(b"Warm Pad", b"amsy"))
write("2.fxp", fxp(b"", b"amsy"))
write("3.SerumPreset", serum({"fileType": "SerumPreset", "presetName": "Grüße \"x\"",
                              "presetAuthor": "J/D", "tags": ["Bass", "Wavetable"]}))
write("4.vstpreset", vstpreset(
    b'<?xml version="1.0" encoding="utf-8"?><MetaInfo>'
    b'<Attribute id="Name" value="Soft &amp; low" type="string" flags=""/></MetaInfo>'))
write("5.fxp", fxp(b"cut", b"amsy")[:40])
write("6.fxp", b"just text\n" * 20)
write("7.fxp", fxp(b"last", b"amsy"))
END
}

@test "--meta adds what the headers say" {
    make_presets
    rm lib/[56].fxp
    run -0 --separate-stderr preset-scan --meta lib
    diff <(command jq -c 'del(.preset_path, .preset_format, .presets_root)' <<<"$output") - <<'END'
{"preset_name":"Warm Pad","plugin_id":"amsy"}
{"plugin_id":"amsy"}
{"preset_name":"Grüße \"x\"","preset_author":"J/D","tags":["Bass","Wavetable"]}
{"preset_name":"Soft & low","plugin_id":"0123456789ABCDEF0123456789ABCDEF"}
{"preset_name":"last","plugin_id":"amsy"}
END
    [[ -z $stderr ]]
}

# pluginstate FILE VERSION COUNT LENGTH: the state of a truce plug-in with two parameters and three
# bytes of its own, which declares these.
pluginstate() {
    /usr/bin/python3 - "$@" <<'END'
import struct, sys
hash = 0xcbf29ce484222325
for byte in b"org.example.organ":
    hash = (hash ^ byte) * 0x100000001b3 % 2**64
version, count, length = map(int, sys.argv[2:])
with open(sys.argv[1], "wb") as file:
    file.write(b"OAST" + struct.pack("<IQI", version, hash, count))
    file.write(struct.pack("<IdId", 7, -27.5, 2**32 - 1, 0.25))
    file.write(struct.pack("<Q", length) + b"abc")
print("%016x" % hash)
END
}

@test "--meta reads the hash and the values of a .pluginstate, and refuses a damaged one" {
    hash=$(pluginstate a.pluginstate 1 2 3)
    run -0 preset-scan --meta a.pluginstate
    jq -e --arg hash "$hash" '.plugin_id == "fnv1a64:" + $hash and .values == {"7": -27.5, "4294967295": 0.25}' <<<"$output"
    size=$(stat -c %s a.pluginstate)
    for ((length = 4; length < size; ++length)); do
        head -c "$length" a.pluginstate >cut.pluginstate
        run -1 preset-scan --meta cut.pluginstate
        [[ $(field error_kind) == corrupt ]] || fail "$length: $output"
    done
    for declared in '1 4294967295 3' '1 3 3' '1 1 3' '1 2 2' '1 2 18446744073709551615'; do
        # shellcheck disable=SC2086
        pluginstate b.pluginstate $declared
        run -1 preset-scan --meta b.pluginstate
        [[ $(field error_kind) == corrupt ]] || fail "$declared: $output"
    done
    pluginstate b.pluginstate 2 2 3
    run -1 preset-scan --meta b.pluginstate
    [[ $(field error_kind) == unsupported && $(field error) == *"version 2"* ]]
}

@test "--meta reads of which logic library a .logicsound is" {
    echo '{"logic":"org.example.organ","parameters":{"level":-27}}' >a.logicsound
    run -0 preset-scan --meta a.logicsound
    [[ $(field plugin_id) == org.example.organ && $(field preset_format) == logic ]]
    echo '{"logic":"org.example.organ","parameters":' >b.logicsound
    run -1 preset-scan --meta b.logicsound
    [[ $(field error_kind) == corrupt ]]
}

@test "--meta makes an error record of what cannot be read, and goes on" {
    make_presets
    run -1 --separate-stderr preset-scan --meta lib
    diff <(jq -r '[.preset_path[-5:], .error_kind // "-"] | join(" ")' <<<"$output") - <<'END'
1.fxp -
2.fxp -
reset -
reset -
5.fxp corrupt
6.fxp unsupported
7.fxp -
END
    [[ $(jq -r 'select(.error_kind == "corrupt") | .error' <<<"$output") == "$PWD/lib/5.fxp: "* ]]
    run -0 preset-scan lib
    [[ ${#lines[@]} == 7 ]]
}

@test "--formats lists what is found and what plays it" {
    run -0 preset-scan --formats
    diff - <(echo "$output") <<'END'
{"preset_format":"fxp","suffix":".fxp","plugin_format":"VST2"}
{"preset_format":"fxb","suffix":".fxb"}
{"preset_format":"serum2","suffix":".SerumPreset","plugin_format":"VST3"}
{"preset_format":"vstpreset","suffix":".vstpreset","plugin_format":"VST3"}
{"preset_format":"lv2","suffix":".ttl","plugin_format":"LV2"}
{"preset_format":"logic","suffix":".logicsound"}
{"preset_format":"pluginstate","suffix":".pluginstate"}
{"preset_format":"dsp","suffix":".dsp"}
END
    run -2 --separate-stderr preset-scan --formats lib
    [[ $stderr == *"--formats: takes no operands"* && -z $output ]]
}
