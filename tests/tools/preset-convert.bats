#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

setup_file() { "$root/tests/make-fixtures.py" "$BATS_FILE_TMPDIR/made"; }

setup() { made=$BATS_FILE_TMPDIR/made; }

class=56534558667350736572756D20320000

# The bytes of a file from OFFSET on, SIZE of them.
part() { tail -c +"$(($2 + 1))" "$1" | head -c "$3"; }

# refuses STATUS SENTENCE ARGUMENT...: the command fails so, and writes nothing.
refuses() {
    local status=$1 sentence=$2
    shift 2
    run "-$status" --separate-stderr preset-convert "$@"
    [[ -z $output && $stderr == "preset-convert: "*"$sentence"* ]] || fail "$*: $stderr"
}

@test "a program comes out of a bank as its own bytes, by its number or its name" {
    for program in 1 Pad; do
        preset-convert --to fxp --program "$program" "$made/two.fxb" >pad.fxp
        cmp pad.fxp <(part "$made/two.fxb" 224 68)
    done
    preset-convert --to fxp "$made/rest.fxb" >lead.fxp
    cmp lead.fxp <(part "$made/rest.fxb" 156 68)
    part "$made/mixed.fxb" 156 67 >pad.fxp
    preset-convert -t fxp --program 0 - <"$made/mixed.fxb" | cmp - pad.fxp
}

@test "programs go into a bank and come out again bit for bit" {
    preset-convert --to fxp --program 0 -o lead.fxp "$made/two.fxb"
    preset-convert --to fxp --program 1 -o pad.fxp "$made/two.fxb"
    run -0 --separate-stderr preset-convert --to fxb -o bank.fxb pad.fxp lead.fxp pad.fxp
    [[ -z $output && -z $stderr ]]
    for program in 0:pad 1:lead 2:pad; do
        preset-convert --to fxp --program "${program%:*}" bank.fxb | cmp - "${program#*:}.fxp"
    done
    # A bank among the operands gives all its programs, so that banks are put together too.
    preset-convert --to fxb "$made/two.fxb" | cmp - <(preset-convert --to fxb lead.fxp pad.fxp)
    preset-convert --to fxb lead.fxp pad.fxp "$made/two.fxb" >four.fxb
    cmp <(preset-convert --to fxp --program 3 four.fxb) pad.fxp
}

@test "a new bank is what a reader of the format's description finds" {
    preset-convert --to fxb --current 1 "$made/current.fxb" >bank.fxb
    /usr/bin/python3 - bank.fxb "$made/current.fxb" <<'END'
import struct, sys
data, old = (open(path, "rb").read() for path in sys.argv[1:])
magic, size, kind, version, plugin, plugin_version, count, current = struct.unpack(">4sI4sI4sIII", data[:32])
assert (magic, size, kind, version) == (b"CcnK", len(data) - 8, b"FxBk", 2), data[:32]
assert (plugin, plugin_version, count, current) == (b"amsy", 7, 3, 1), data[:32]
assert data[32:156] == bytes(124) and data[156:] == old[156:]
END
    preset-convert --to fxb "$made/two.fxb" | part /dev/stdin 12 4 | cmp - <(printf '\0\0\0\1')
}

@test "programs with states make a bank, with a warning" {
    run -0 --separate-stderr preset-convert --to fxb -o bank.fxb "$made/chunk.fxp" "$made/chunk.fxp"
    [[ $stderr == "preset-convert: the programs hold states, and many hosts read only banks of parameters" ]]
    preset-convert --to fxp --program 1 bank.fxb | cmp - "$made/chunk.fxp"
}

@test "the state of an fxp or an fxb comes out, and goes in again" {
    preset-convert --to raw "$made/chunk.fxp" | cmp - <(printf 'a state')
    preset-convert --to raw "$made/bank.fxb" | cmp - <(printf 'a bank')
    preset-convert --to raw -o state.bin "$made/chunk.fxp"
    preset-convert --to fxp --from raw --plugin-id amsy --plugin-version 7 --count 3712 \
        --name 'Warm Pad' -o again.fxp state.bin
    # All but the size in the header, which is 0 there.
    cmp <(part "$made/chunk.fxp" 8 999) <(part again.fxp 8 999)
    part again.fxp 4 4 | cmp - <(printf '\0\0\0\x3b')
    preset-convert --to raw "$made/bank.fxb" |
        preset-convert --to fxb --from raw --plugin-id 0x616d7379 --plugin-version 7 - >again.fxb
    cmp <(part "$made/bank.fxb" 8 999) <(part again.fxb 8 999)
}

@test "a vstpreset becomes JUCE's envelope, and the same vstpreset again" {
    for name in bare empty-controller full; do
        preset-convert --to state --info info.xml -o state.bin "$made/$name.vstpreset" || {
            [[ $name != full ]]
            preset-convert --to state -o state.bin "$made/$name.vstpreset"
        }
        id=$(part "$made/$name.vstpreset" 8 32)
        info=()
        [[ $name != full ]] || info=(--info info.xml)
        preset-convert --to vstpreset --class-id "$id" "${info[@]}" -o again.vstpreset state.bin
        cmp "$made/$name.vstpreset" again.vstpreset
    done
    # What JUCE itself would have written: the fixture is from another program.
    preset-convert --to state "$made/bare.vstpreset" >state.bin
    /usr/bin/python3 - "$root/tests" state.bin <<'END'
import importlib.util, sys
spec = importlib.util.spec_from_file_location("fixtures", sys.argv[1] + "/make-fixtures.py")
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)
assert open(sys.argv[2], "rb").read() == fixtures.envelope(b"component")
END
}

@test "an envelope becomes a vstpreset, and the same envelope again" {
    for name in state state-alone state-of-another; do
        preset-convert --to vstpreset --class-id "$class" -o x.vstpreset "$made/$name.bin"
        preset-convert --to state x.vstpreset | cmp - "$made/$name.bin"
    done
}

@test "the two states of a VST3 come out with its metadata, and go in again" {
    preset-convert --to raw --controller c.bin --info i.xml -o s.bin "$made/full.vstpreset"
    [[ $(<s.bin) == component && $(<c.bin) == controller ]]
    grep -q MediaAuthor i.xml
    preset-convert --to vstpreset --from raw --class-id "$class" --controller c.bin --info i.xml s.bin |
        cmp - "$made/full.vstpreset"
    preset-convert --to state --from raw --controller c.bin s.bin >state.bin
    preset-convert --to raw --controller again.bin state.bin | cmp - s.bin
    cmp again.bin c.bin
}

@test "bytes that only look like a preset are a state with --from raw" {
    preset-convert --to fxp --from raw --plugin-id amsy "$made/chunk.fxp" >nested.fxp
    preset-convert --to raw nested.fxp | cmp - "$made/chunk.fxp"
    preset-convert --to vstpreset --from raw --class-id "$class" "$made/state.bin" >nested.vstpreset
    preset-convert --to raw nested.vstpreset | cmp - "$made/state.bin"
}

@test "a Serum 2 preset becomes the state that serum-unwrap makes, and a vstpreset with its metadata" {
    preset-convert --to state "$made/whole.SerumPreset" | cmp - <(serum-unwrap "$made/whole.SerumPreset")
    preset-convert --to raw "$made/whole.SerumPreset" |
        cmp - <(serum-unwrap --to component "$made/whole.SerumPreset")
    preset-convert --to vstpreset --class-id "$class" -o x.vstpreset "$made/small.SerumPreset"
    preset-convert --to raw --lossy x.vstpreset |
        cmp - <(serum-unwrap --to component "$made/small.SerumPreset")
    diff <(preset-scan --meta x.vstpreset | jq -c '[.preset_name, .preset_author, .tags, .plugin_id]') \
        <(preset-scan --meta "$made/small.SerumPreset" | jq -c --arg id "$class" \
            '[.preset_name, .preset_author, .tags, $id]')
    /usr/bin/python3 - x.vstpreset <<'END'
import sys, xml.etree.ElementTree
data = open(sys.argv[1], "rb").read()
info = data[data.index(b"<?xml"):data.rindex(b"List")]
names = {one.get("id"): one.get("value") for one in xml.etree.ElementTree.fromstring(info.decode())}
assert names == {"MediaType": "VstPreset", "Name": "Täst / Bass", "MediaAuthor": 'Ada "Ohm" Ölund',
                 "MusicalProperties": "Bass|Wavetable"}, names
END
}

@test "what would be lost is named all at once, and left out only with --lossy" {
    refuses 1 "would lose the state of the controller and the metadata (chunk 'Info'); --controller FILE keeps it, --info FILE keeps it and --lossy leaves it out" \
        --to raw "$made/full.vstpreset"
    refuses 1 "would lose the metadata (chunk 'Info'); --info FILE" --to state "$made/full.vstpreset"
    refuses 1 "would lose the chunk 'Prog' and the chunk 'Xtra'; --lossy leaves it out" \
        --to state "$made/other-chunks.vstpreset"
    refuses 1 "would lose the state of the controller" --to raw "$made/state.bin"
    [[ $(preset-convert --to raw --lossy "$made/full.vstpreset") == component ]]
    preset-convert --to state --lossy "$made/other-chunks.vstpreset" |
        cmp - <(preset-convert --to state "$made/bare.vstpreset")
    # A state of the controller that is empty is no loss.
    [[ $(preset-convert --to raw "$made/empty-controller.vstpreset") == component ]]
    { cat "$made/chunk.fxp"; printf 'more'; } >behind.fxp
    refuses 1 "would lose 4 bytes behind its state" --to raw behind.fxp
    refuses 1 "behind.fxp: has 4 bytes behind its program" --to fxb behind.fxp
    refuses 1 "rest.fxb: has 4 bytes behind its programs" --to fxb "$made/rest.fxb" "$made/rest.fxb"
    [[ $(preset-convert --to raw --lossy behind.fxp) == 'a state' ]]
    preset-convert --to fxb --lossy behind.fxp 2>/dev/null | cmp - <(preset-convert --to fxb "$made/chunk.fxp" 2>/dev/null)
}

@test "what is in the form already is copied" {
    for file in chunk.fxp parameters.fxp full.vstpreset other-chunks.vstpreset state.bin; do
        form=${file##*.}
        preset-convert --to "${form/bin/state}" "$made/$file" | cmp - "$made/$file"
    done
    preset-convert --to raw --from raw "$made/chunk.fxp" | cmp - "$made/chunk.fxp"
}

@test "what cannot become another form is refused with the reason" {
    refuses 1 'holds one state of the whole plug-in (FBCh) instead of programs' --to fxp "$made/bank.fxb"
    refuses 1 'holds one state of the whole plug-in (FBCh)' --to fxb "$made/bank.fxb" "$made/chunk.fxp"
    refuses 1 'has 2 programs; name one with --program' --to fxp "$made/two.fxb"
    refuses 2 'has no program 2: it has 2, counted from 0' --to fxp --program 2 "$made/two.fxb"
    refuses 2 "has no program called 'Bass'" --to fxp --program Bass "$made/two.fxb"
    refuses 1 "has several programs called 'Pad': 0 and 2" --to fxp --program Pad "$made/current.fxb"
    refuses 2 'has no program 0: it has 0' --to fxp "$made/no-programs.fxb"
    refuses 1 'holds parameters (FxCk), and no state' --to raw "$made/parameters.fxp"
    refuses 1 'is a bank of programs, not one state' --to raw "$made/two.fxb"
    refuses 1 'is a preset of a VST2' --to vstpreset --class-id "$class" "$made/chunk.fxp"
    refuses 1 'is a preset of a VST3' --to fxp "$made/full.vstpreset"
    refuses 1 'does not begin with CcnK' --to fxb "$made/full.vstpreset"
    refuses 1 "does not say whose preset it is; give the plug-in's class with --class-id" \
        --to vstpreset "$made/state.bin"
    refuses 1 "does not say whose state it is; give the plug-in's id with --plugin-id" \
        --to fxp --from raw "$made/state.bin"
    refuses 1 'is a bare state of Serum 2; give --from raw' --to state "$made/component.bin"
    refuses 1 'is not a preset of a known format; if it is a plug-in'"'"'s bare state, give --from raw' \
        --to state <(printf '\1\2\3')
    refuses 1 'is Turtle, the only form of an LV2 preset' --to state /usr/lib/lv2/mda.lv2/manifest.ttl
    refuses 1 'has a state of the controller of its own' --to vstpreset --class-id "$class" \
        --controller "$made/chunk.fxp" "$made/state.bin"
    refuses 1 'has no state of the controller to be written' --to raw --controller c.bin "$made/bare.vstpreset"
    refuses 1 "parameters.fxp: belongs to the plug-in 'XfsX' (0x58667358), and $made/chunk.fxp to 'amsy'" \
        --to fxb "$made/chunk.fxp" "$made/parameters.fxp"
    { head -c 24 "$made/parameters.fxp"; printf '\0\0\0\2'; part "$made/parameters.fxp" 28 36; } >two.fxp
    refuses 1 'has a program with 2 parameters, and others in the bank have 3' \
        --to fxb "$made/parameters.fxp" two.fxp
    refuses 2 'the bank: has no program 2 to be the current one: it has 2' --to fxb --current 2 "$made/two.fxb"
    [[ ! -e c.bin ]]
}

@test "damaged and empty files are refused with a sentence of their own" {
    : >empty
    for form in fxp vstpreset state raw; do refuses 1 'empty: is empty' --to "$form" empty; done
    refuses 1 'empty: is empty, and a state is not' --to fxp --from raw --plugin-id amsy empty
    refuses 1 'empty: ends within its header, after 0 of 56 bytes' --to fxb empty
    refuses 1 'its program 1 does not begin with CcnK' --to fxp --program 0 "$made/bad-program.fxb"
    refuses 1 "is a .vstpreset of version 2" --to state "$made/version.vstpreset"
    refuses 1 "(no chunk 'Comp')" --to vstpreset "$made/no-component.vstpreset"
    refuses 1 'is damaged or cut short' --to raw "$made/state-bad-base64.bin"
    head -c 300 "$made/whole.SerumPreset" >cut.SerumPreset
    refuses 1 'cut.SerumPreset: ' --to state cut.SerumPreset
    # A parameter that is not a number is refused where it is taken out.
    /usr/bin/python3 - "$made/two.fxb" <<'END'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[224 + 60:224 + 64] = b"\x7f\xc0\0\0"
open("nan.fxb", "wb").write(data)
END
    refuses 1 'nan.fxb: program 1: parameter 1 of the program is not a finite number' --to fxp --program 1 nan.fxb
    preset-convert --to fxp --program 0 nan.fxb | cmp - <(part "$made/two.fxb" 156 68)
    run -1 --separate-stderr preset-convert --to fxp --preset-dir out nan.fxb
    [[ $(field error_kind) == $'null\ncorrupt' && $(field program) == $'null\n1' && $(find out -type f | wc -l) == 1 ]]
}

@test "options that cannot have an effect, and values that are wrong, are usage errors" {
    while read -r words; do
        sentence=${words#*|}
        read -ra given <<<"${words%%|*}"
        refuses 2 "$sentence" "${given[@]}"
    done <<END
a.fxp|--to FORM is missing
--to wav a.fxp|--to: must be one of fxp|fxb|vstpreset|state|raw, is 'wav'
--to raw|name a FILE
--to raw a.fxp b.fxp|takes one FILE
--to fxb - -|-: given twice
--to fxp --class-id $class a.fxb|--class-id: is for --to vstpreset
--to fxp --plugin-id amsy a.fxb|--plugin-id: the header's fields are for --from raw
--to fxb --from raw --name x a.bin|--name: is for --from raw and --to fxp
--to fxb --program 1 a.fxb|--program: is for a bank and --to fxp
--to fxp --current 1 a.fxb|--current: is for programs and --to fxb
--to fxp --controller c a.fxb|--controller: is for one preset of a VST3
--to state --state-dir d --info i|--info: is for one preset of a VST3
--to state --preset-dir d|--preset-dir: is for --to fxp and --to vstpreset
--to fxp --state-dir d|--state-dir: is for --to state
--to raw --state-dir d|--state-dir: is for --to state
--to state --state-dir d -o x|--output: a folder is given already
--to fxp --from raw --plugin-id ams a.bin|--plugin-id: must be four characters, or 0x
--to fxp --from raw --plugin-id 0x123456789 a.bin|--plugin-id: must be four characters
--to fxp --from raw --plugin-id 0xg a.bin|--plugin-id: must be four characters
--to fxp --from raw --plugin-id amsy --count 4294967296 a.bin|--count: must be 0 to 4294967295
--to fxp --from raw --plugin-id amsy --name 1234567890123456789012345678 a.bin|--name: must be UTF-8 of at most 27 bytes, is 28
--to vstpreset --class-id ${class}0 a.bin|--class-id: must be 32 hexadecimal digits
--to vstpreset --class-id ${class/5/x} a.bin|--class-id: must be 32 hexadecimal digits
--to raw missing.fxp|missing.fxp: No such file or directory
--to fxp --preset-dir d missing.fxb|missing.fxb: there is no such file
END
    cp "$made/chunk.fxp" a.fxp
    refuses 2 '-o: a.fxp is the input' --to fxp -o a.fxp a.fxp
    cp "$made/full.vstpreset" a.vstpreset
    refuses 2 '-o: a.vstpreset is the input' --to raw --controller a.vstpreset -o x a.vstpreset
    refuses 2 'one file is named for two things' --to raw --controller x -o x a.vstpreset
    cmp a.vstpreset "$made/full.vstpreset"
    [[ ! -e d && ! -e x ]]
}

@test "the banks of a stream become a record for each program, or for the one that a record names" {
    mkdir library
    cp "$made/two.fxb" library/Two.FXB
    cp "$made/chunk.fxp" "$made/full.vstpreset" library
    preset-scan library >found
    run -0 --separate-stderr preset-convert --to fxp --preset-dir out <found
    [[ -z $stderr ]]
    diff <(jq -c '[.preset_path, .preset_format, .preset_name, .presets_root]' <<<"$output") - <<END
["$PWD/out/Two/0000 Lead.fxp","fxp","Lead","$PWD/out"]
["$PWD/out/Two/0001 Pad.fxp","fxp","Pad","$PWD/out"]
["$PWD/library/chunk.fxp","fxp",null,"$PWD/library"]
["$PWD/library/full.vstpreset","vstpreset",null,"$PWD/library"]
END
    cmp "out/Two/0001 Pad.fxp" <(part "$made/two.fxb" 224 68)
    for program in 1 '"Pad"'; do
        run -0 --separate-stderr preset-convert --to fxp --preset-dir one <<< \
            "{\"program\":$program,\"k\":1,\"preset_path\":\"$PWD/library/Two.FXB\"}"
        [[ $output == "{\"k\":1,\"preset_path\":\"$PWD/one/Two/0001 Pad.fxp\",\"preset_format\":\"fxp\",\"preset_name\":\"Pad\"}" ]]
    done
    run -0 --separate-stderr preset-convert --to fxp --program 0 --preset-dir one <<< \
        "{\"program\":1,\"preset_path\":\"$PWD/library/Two.FXB\"}"
    [[ $(field preset_name) == Lead ]]
    for program in 2 '"none"' 1.5 '[]'; do
        run -1 --separate-stderr preset-convert --to fxp --preset-dir one <<< \
            "{\"program\":$program,\"preset_path\":\"$PWD/library/Two.FXB\"}"
        [[ $(field error_kind) == not-found || $(field error_kind) == bad-record ]]
    done
}

@test "records of one program share its file, and names that are taken get a suffix" {
    mkdir a b
    cp "$made/two.fxb" a/x.fxb
    cp "$made/current.fxb" b/x.fxb
    preset-scan a/x.fxb b/x.fxb | job-grid --note 36,60 | preset-convert --to fxp --preset-dir out >converted
    [[ $(wc -l <converted) == 10 ]]
    [[ $(jq -r .preset_path converted | sort -u | wc -l) == 5 && $(find out -type f | wc -l) == 5 ]]
    jq -r .preset_path converted | sort -u | diff - <(printf "$PWD/out/x/%s.fxp\n" \
        '0000 Lead' '0000 Pad' '0001 Lead' '0001 Pad' '0002 Pad')
    printf '{"preset_path":"%s/x.fxb","program":1}\n' "$PWD/a" "$PWD/a" >in
    cp a/x.fxb b/x.fxb
    printf '{"preset_path":"%s/x.fxb","program":1}\n' "$PWD/b" >>in
    diff <(preset-convert --to fxp --preset-dir again <in | jq -r .preset_path) \
        <(printf "$PWD/again/x/%s.fxp\n" '0001 Pad' '0001 Pad' '0001 Pad_1')
}

@test "operands with a folder are records of their own" {
    run -1 --separate-stderr preset-convert --to fxp --preset-dir out "$made/two.fxb" "$made/bank.fxb" "$made/chunk.fxp"
    [[ $(field preset_name | xargs) == "Lead Pad null null" && $(field error_kind | xargs) == "null null unsupported null" ]]
    [[ $(field preset_path | tail -n 1) == "$made/chunk.fxp" ]]
}

@test "the presets of a stream become states that render-one loads" {
    mkdir library
    cp "$made/whole.SerumPreset" "$made/bare.vstpreset" "$made/full.vstpreset" "$made/chunk.fxp" library
    preset-scan library >found
    run -1 --separate-stderr preset-convert --to state --state-dir states <found
    [[ $(field error_kind | xargs) == "null null unsupported null" ]]
    [[ $(jq -r .error <<<"$output" | xargs) == *"would lose the metadata"* ]]
    run -0 --separate-stderr preset-convert --to state --lossy --state-dir states <found
    jq -r .state_path <<<"$output" >paths
    [[ $(sed -n 2p paths) == null ]]
    serum-unwrap "$made/whole.SerumPreset" | cmp - "$(tail -n 1 paths)"
    [[ $(basename "$(tail -n 1 paths)") == "$(md5sum <"$(tail -n 1 paths)" | cut -d ' ' -f 1).state" ]]
    jq -es 'all(.preset_path != null)' <<<"$output"
    # A record that has a state keeps it.
    run -0 --separate-stderr preset-convert --to state --state-dir states <<< \
        "{\"state_path\":\"/x\",\"preset_path\":\"$made/bare.vstpreset\"}"
    [[ $output == "{\"state_path\":\"/x\",\"preset_path\":\"$made/bare.vstpreset\"}" ]]
}

@test "the states of a stream become presets" {
    cp "$made/state.bin" Lead.state
    run -0 --separate-stderr preset-convert --to vstpreset --class-id "$class" --preset-dir out <<< \
        "{\"state_path\":\"$PWD/Lead.state\",\"preset_path\":\"/gone.SerumPreset\"}"
    [[ $output == "{\"preset_path\":\"$PWD/out/Lead.vstpreset\",\"preset_format\":\"vstpreset\"}" ]]
    preset-convert --to state out/Lead.vstpreset | cmp - Lead.state
}

@test "no record can have a file written outside of the folder, or over its own preset" {
    mkdir -p in/deep
    /usr/bin/python3 - "$made/two.fxb" <<'END'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[156 + 28:156 + 56] = b"../../../../up".ljust(28, b"\0")
data[224 + 28:224 + 56] = b"..".ljust(28, b"\0")
open("in/x.fxb", "wb").write(data)
open("in/.fxb", "wb").write(data)
END
    for root in "$PWD/in/deep" "$PWD/in" / /nowhere ''; do
        for path in "$PWD/in/deep/../x.fxb" "$PWD/in/deep/../../in/x.fxb" "$PWD/in/.fxb"; do
            preset-convert --to fxp --preset-dir out \
                <<<"{\"preset_path\":\"$path\",\"presets_root\":\"$root\"}" >converted
            jq -es --arg out "$PWD/out/" 'length == 2 and all(.preset_path | startswith($out))' converted
        done
    done
    find . -name '*.fxp' | sort >made
    (($(wc -l <made) >= 6))
    grep -v "^\./out/" made >outside || true
    [[ ! -s outside ]]
    printf state >in/s.fxp
    run -1 --separate-stderr preset-convert --to fxp --from raw --plugin-id amsy --preset-dir in <<< \
        "{\"preset_path\":\"$PWD/in/s.fxp\"}"
    [[ $(field error) == *"s.fxp: would be replaced by what it becomes"* && $(<in/s.fxp) == state ]]
}

@test "a plug-in plays a program of a bank as it plays the preset that went in" {
    plain=$root/build/tests/plugins/plain_synth.so
    preset-export -o programs --programs 0-2 "$plain" >exported
    mapfile -t files < <(jq -r .preset_path exported)
    preset-convert --to fxb -o bank.fxb "${files[@]}"
    preset-convert --to fxp --preset-dir out bank.fxb | jq -c 'del(.program)' |
        assign-paths -o a | render-one --fxp "$plain" >after
    jq -c 'del(.program)' exported | assign-paths -o b | render-one --fxp "$plain" >before
    diff <(jq -r .audio_hash before) <(jq -r .audio_hash after)
    jq -es 'length == 3 and all(.status == "ok")' after
}
