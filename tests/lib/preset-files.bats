#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How lib/preset reads .fxp, .fxb and .vstpreset files: their heads through preset-scan --meta,
# whole files through build/tests/preset-parser.

load ../helper

setup_file() { "$root/tests/make-fixtures.py" "$BATS_FILE_TMPDIR/made"; }

setup() { made=$BATS_FILE_TMPDIR/made; }

preset_parser() { "$built/tests/preset-parser" "$@"; }

unhex() { /usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(input()))'; }

hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }

meta() { # FILE JQ-FILTER
    preset-scan --meta "$1" | jq -c "$2"
}

# A copy of the fixture with bytes changed.
patch_file() { # FIXTURE OFFSET HEX COPY
    cp "$made/$1" "$4"
    unhex <<<"$3" | dd of="$4" bs=1 seek="$2" conv=notrunc status=none
}

@test "a program has the state or the parameters of its file" {
    preset_parser "$made/chunk.fxp" "$made/parameters.fxp" >out
    jq -es '.[0] | .program_name == "Warm Pad" and .plugin == "'"'amsy'"' (0x616d7379)"
        and .plugin_version == 7 and .count == 3712 and .parameters == []' out
    [[ $(jq -r .state out | head -n 1) == "$(hex 'a state')" ]]
    jq -es '.[1] | .parameters == [0, 0.5, 1] and .state == "" and .count == 3
        and .plugin == "'"'XfsX'"' (0x58667358)"' out
}

@test "a file that is written again differs in the size field only" {
    for file in chunk parameters; do
        preset_parser "$made/$file.fxp" | jq -r .written | unhex >written
        size=$(printf %08x $(($(stat -c %s written) - 8)))
        patch_file "$file.fxp" 4 "$size" expected
        cmp written expected
    done
    for file in full bare empty-controller; do
        preset_parser "$made/$file.vstpreset" | jq -r .written | unhex >written
        cmp "$made/$file.vstpreset" written
    done
}

@test "a program's name is UTF-8, whatever its field holds" {
    [[ $(meta "$made/name-full.fxp" .preset_name) == "\"$(printf 'n%.0s' {1..28})\"" ]]
    [[ $(meta "$made/name-cut.fxp" .preset_name) == "\"$(printf 'n%.0s' {1..27})\"" ]]
    [[ $(meta "$made/name-latin1.fxp" .preset_name) == '"Flüte"' ]]
    [[ $(meta "$made/name-none.fxp" 'has("preset_name")') == false ]]
}

@test "a name that is written is cut after a whole character" {
    # 27 bytes fit. The last of these characters would end at byte 28.
    patch_file chunk.fxp 28 "$(hex "$(printf 'n%.0s' {1..26})ü")" long.fxp
    preset_parser long.fxp | jq -r .written | unhex >written.fxp
    [[ $(meta "$PWD/long.fxp" .preset_name) == "\"$(printf 'n%.0s' {1..26})ü\"" ]]
    [[ $(meta "$PWD/written.fxp" .preset_name) == "\"$(printf 'n%.0s' {1..26})\"" ]]
}

@test "a plug-in's id that is not text is shown as a number" {
    [[ $(meta "$made/chunk.fxp" .plugin_id) == '"amsy"' ]]
    [[ $(meta "$made/name-none.fxp" .plugin_id) == '"0x00010203"' ]]
    preset_parser "$made/name-none.fxp" | jq -e '.plugin == "'"'"'\\x00\\x01\\x02\\x03'"'"' (0x00010203)"'
}

@test "a bank names its plug-in, and is refused as a program" {
    for file in bank programs; do
        [[ $(meta "$made/$file.fxb" '[.plugin_id, .preset_name, .status]') == '["amsy",null,null]' ]]
        preset_parser "$made/$file.fxb" |
            jq -e '.error_kind == "unsupported" and (.error | test("is a bank of programs"))'
    done
}

@test "a bank has its programs' own bytes, their names, and the current program" {
    preset_parser --bank "$made"/{two,current,mixed,rest,no-programs}.fxb >out
    jq -es '[.[].names] == [["Lead","Pad"],["Pad","Lead","Pad"],["Pad","Lead"],["Lead"],[]]' out
    jq -es '[.[].current_program] == [null,1,null,null,null]' out
    jq -es '[.[].rest] == ["","","","6d6f7265",""]' out
    jq -es '.[0].plugin == "'"'amsy'"' (0x616d7379)"' out
    # With the head of a bank before them they are the file again.
    for name in two current mixed; do
        preset_parser --bank "$made/$name.fxb" | jq -r '.programs | add' | unhex >programs
        tail -c +157 "$made/$name.fxb" | cmp - programs
    done
    preset_parser --bank "$made/mixed.fxb" | jq -r '.programs[0]' | unhex >state.fxp
    [[ $(preset_parser state.fxp | jq -r .state) == "$(hex 'a state')" ]]
}

@test "a bank with a state has that, and no programs" {
    preset_parser --bank "$made"/{bank,current-state}.fxb >out
    jq -es --arg state "$(hex 'a bank')" 'all(.state == $state and .programs == [])' out
    jq -es '[.[].current_program] == [null,7] and .[1].count == 128' out
}

# Cuts the fixture at every length and prints what the parser says about each piece.
cut_everywhere() { # FIXTURE [OPTION]
    mkdir cut
    /usr/bin/python3 - "$made/$1" "${1##*.}" <<'PYTHON'
import sys
data = open(sys.argv[1], "rb").read()
for length in range(len(data)):
    open(f"cut/{length:04}.{sys.argv[2]}", "wb").write(data[:length])
PYTHON
    preset_parser "${@:2}" cut/*
    rm -r cut
}

@test "a bank that is written again differs in the size field only" {
    for name in two current mixed bank current-state no-programs; do
        preset_parser --bank "$made/$name.fxb" | jq -r .written | unhex >written
        size=$(printf %08x $(($(stat -c %s written) - 8)))
        patch_file "$name.fxb" 4 "$size" expected
        cmp written expected
    done
}

@test "a program of a bank is found by its name, if only one has it" {
    preset_parser --program-named Pad "$made/two.fxb" | jq -e '.program == 1 and .bytes == 68'
    while IFS='~' read -r name file kind sentence; do
        preset_parser --program-named "$name" "$made/$file.fxb" >out
        jq -e --arg kind "$kind" --arg sentence "$sentence" \
            '.error_kind == $kind and (.error | contains($sentence))' out
    done <<'END'
Pad~current~unsupported~has several programs called 'Pad': 0 and 2; give the number
pad~two~not-found~has no program called 'pad'; the closest are 'Pad' and 'Lead'
~two~not-found~has no program called ''
Pad~bank~unsupported~holds one state of the whole plug-in (FBCh)
END
}

@test "a bank that is cut short or lies is corrupt, with a sentence of its own" {
    for name in two mixed bank current-state; do
        size=$(stat -c %s "$made/$name.fxb")
        run -0 --separate-stderr cut_everywhere "$name.fxb" --bank
        [[ -z $stderr && ${#lines[@]} == "$size" ]]
        jq -es 'all(.error_kind == "corrupt" and (.error | test("^cut/[^:]*: .*[a-z]")))' \
            <<<"$output"
    done
    while IFS='~' read -r fixture offset bytes sentence; do
        echo "$fixture $offset $bytes"
        patch_file "$fixture.fxb" "$offset" "$bytes" x.fxb
        preset_parser --bank x.fxb >out
        jq -e --arg sentence "$sentence" '.error_kind == "corrupt" and (.error | contains($sentence))' out
    done <<'END'
bad-count~0~43~declares 4294967295 programs and holds 2; it is cut short
bad-program~0~43~its program 1 does not begin with CcnK but with 'xCcn'
bad-bank-in-bank~0~43~its program 0 is a bank itself
two~180~ffffffff~its program 0 declares 17179869236 bytes and only 136 are left
two~180~00000002~its program 1 does not begin with CcnK
mixed~212~ffffffff~its program 0 declares 4294967355 bytes
bank~156~00000007~declares a state of 7 bytes and holds 6
bank~156~00000000~holds an empty state
two~8~7878~has 'xxBk' where FxCk, FPCh, FxBk or FBCh should be
END
    preset_parser --bank "$made/chunk.fxp" | jq -e '.error_kind == "unsupported" and
        (.error | contains("is a single program, not a bank"))'
}

@test "a .vstpreset says its name, author, tags and class in its Info chunk" {
    [[ $(meta "$made/full.vstpreset" '[.preset_name, .preset_author, .tags, .plugin_id]') == \
        '["Pad & \"Ström\"","Ada",["Pad","Soft"],"56534558667350736572756D20320000"]' ]]
    [[ $(meta "$made/bare.vstpreset" '[.preset_name, .preset_author, .tags, .status]') == \
        '[null,null,null,null]' ]]
    preset_parser "$made/full.vstpreset" >out
    [[ $(jq -r .component out) == "$(hex component)" ]]
    [[ $(jq -r .controller out) == "$(hex controller)" ]]
}

@test "class ids are the same in both byte orders and letter cases" {
    while read -r expected one other; do
        [[ $(preset_parser --same-class "$one" "$other") == "$expected" ]]
        [[ $(preset_parser --same-class "$other" "$one") == "$expected" ]]
    done <<'END'
true 0123456789ABCDEF0123456789ABCDEF 0123456789abcdef0123456789abcdef
true 0123456789ABCDEF0123456789ABCDEF 67452301AB89EFCD0123456789ABCDEF
false 0123456789ABCDEF0123456789ABCDEF EFCDAB89674523010123456789ABCDEF
false 0123456789ABCDEF0123456789ABCDEF 67452301AB89EFCDEFCDAB8967452301
false 0123456789ABCDEF0123456789ABCDEF 0123456789ABCDEF0123456789ABCDE
END
}

@test "Serum's name, author and tags come from the metadata alone" {
    [[ $(meta "$made/small.SerumPreset" '[.preset_name, .preset_author, .tags, .plugin_id]') == \
        '["Täst / Bass","Ada \"Ohm\" Ölund",["Bass","Wavetable"],null]' ]]
    [[ $(meta "$made/bad-frame-cut.SerumPreset" .preset_name) == '"Täst / Bass"' ]]
    # Longer than the first piece that is read.
    /usr/bin/python3 - "$root/tests" <<'END'
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("fixtures", sys.argv[1] + "/make-fixtures.py")
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)
metadata = fixtures.preset_metadata(presetDescription="x" * 20000, zzz=1, presetAuthor="")
pathlib.Path("long.SerumPreset").write_bytes(fixtures.container(metadata, b"\xa0"))
END
    [[ $(meta "$PWD/long.SerumPreset" '[.preset_name, .preset_author]') == '["Täst / Bass",null]' ]]
}

@test "the suffix does not decide what is read" {
    cp "$made/full.vstpreset" a.fxp
    cp "$made/chunk.fxp" b.SerumPreset
    [[ $(meta "$PWD/a.fxp" .preset_author) == '"Ada"' ]]
    [[ $(meta "$PWD/b.SerumPreset" .plugin_id) == '"amsy"' ]]
    cp "$made/component.bin" c.SerumPreset
    preset-scan --meta c.SerumPreset >out || (($? == 1))
    jq -e '.error_kind == "unsupported" and (.error | test("is already a state of Serum 2"))' out
}

@test "a file that is cut short, at whatever length, is corrupt" {
    for name in chunk.fxp parameters.fxp full.vstpreset bare.vstpreset; do
        echo "$name"
        run -0 --separate-stderr cut_everywhere "$name"
        [[ -z $stderr && ${#lines[@]} == $(stat -c %s "$made/$name") ]]
        jq -es 'all(.error_kind == "corrupt" and (.error | test("^cut/[^:]*: .*[a-z]")))' \
            <<<"$output"
    done
    run -0 --separate-stderr cut_everywhere bank.fxb
    [[ $(jq -r .error_kind <<<"${lines[55]}") == corrupt ]]
    [[ $(jq -r .error_kind <<<"${lines[56]}") == unsupported ]]
}

@test "sizes, counts and values that lie are refused with a sentence of their own" {
    while IFS='~' read -r fixture offset bytes sentence; do
        echo "$fixture $offset $bytes"
        patch_file "$fixture" "$offset" "$bytes" "x.${fixture##*.}"
        preset_parser "x.${fixture##*.}" >out
        jq -e --arg sentence "$sentence" '.status == "error" and (.error | contains($sentence))' out
    done <<'END'
chunk.fxp~0~436d6e4b~does not begin with CcnK
chunk.fxp~8~46584348~has 'FXCH' where FxCk, FPCh, FxBk or FBCh should be
chunk.fxp~56~00000008~declares a state of 8 bytes and holds 7
chunk.fxp~56~ffffffff~declares a state of 4294967295 bytes
chunk.fxp~56~00000000~holds an empty state
parameters.fxp~24~00000004~declares 4 parameters and holds 3
parameters.fxp~24~ffffffff~declares 4294967295 parameters
parameters.fxp~60~7fc00000~parameter 1 of the program is not a finite number
parameters.fxp~60~ff800000~parameter 1 of the program is not a finite number
full.vstpreset~0~56535434~does not begin with VST3
full.vstpreset~4~00000000~version 0; only version 1
full.vstpreset~8~7a~class id is not 32 hexadecimal digits
full.vstpreset~40~ffffffffffffffff~chunk list lies beyond its end
full.vstpreset~40~3100000000000000~has no 'List'
END
    list=$(($(stat -c %s "$made/full.vstpreset") - 68))
    while IFS='~' read -r offset bytes sentence; do
        patch_file full.vstpreset $((list + offset)) "$bytes" x.vstpreset
        preset_parser x.vstpreset >out
        jq -e --arg sentence "$sentence" '.status == "error" and (.error | contains($sentence))' out
    done <<'END'
0~4c697353~has no 'List'
4~04000000~declares 4 chunks and lists 3
4~ffffffff~declares 4294967295 chunks
8~436f6d71~holds no component state
12~ffffffffffffffff~its chunk 'Comp' reaches beyond its end
20~ffffffffffffffff~its chunk 'Comp' reaches beyond its end
20~ffffffffffffff7f~its chunk 'Comp' reaches beyond its end
END
}

@test "a size of 0 in the header of an .fxp is not believed" {
    [[ $(od -An -tx1 -j 4 -N 4 "$made/chunk.fxp" | tr -d ' ') == 00000000 ]]
    for size in 00000000 00000001 ffffffff; do
        patch_file chunk.fxp 4 "$size" x.fxp
        [[ $(preset_parser x.fxp | jq -r .state) == "$(hex 'a state')" ]]
    done
}

@test "a wrong byte anywhere gives a preset or an error, and never a crash" {
    for name in chunk.fxp parameters.fxp full.vstpreset; do
        /usr/bin/python3 - "$made/$name" <<'END'
import pathlib, sys
path = pathlib.Path(sys.argv[1])
data = path.read_bytes()
for at in range(len(data)):
    for flip in (0x01, 0x80, 0xff):
        changed = data[:at] + bytes([data[at] ^ flip]) + data[at + 1:]
        pathlib.Path(f"{at}-{flip}{path.suffix}").write_bytes(changed)
END
        run -0 --separate-stderr preset_parser ./*"${name#*.}"
        jq -es 'all(has("written") != (.status == "error"))' <<<"$output"
        # The error belongs to the record; the scan itself succeeded.
        preset-scan --meta . >out || (($? == 1))
        [[ $(wc -l <out) == "${#lines[@]}" ]]
        rm ./*"${name#*.}"
    done
}
