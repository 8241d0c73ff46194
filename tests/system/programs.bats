#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The programs of a bank and those of a plug-in, from their lists to their audio. What a program is
# to sound like is in the .fxp that preset-export writes of it.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
chunks=$root/build/tests/plugins/plain_synth_chunks.so

setup() {
    preset-export -o exported "$plain" >records
    preset-convert --to fxb -o Factory.fxb exported/*.fxp
}

# hashes [OPTION]...: of the audio of the records on standard input, in their order.
hashes() { jq -c '. + {duration: 0.1, tail: 0.1, output_path: "/dev/null"}' | render-one "$@" | jq -r '.audio_hash // .error'; }

@test "preset-scan --programs lists every program of a bank, and others as they are" {
    mkdir lib
    cp Factory.fxb exported/0000* lib
    run -0 preset-scan --programs lib
    diff - <(jq -c '[.preset_path, .preset_format, .program, .preset_name]' <<<"$output") <<END
["$PWD/lib/0000 Plain.fxp","fxp",null,null]
["$PWD/lib/Factory.fxb","fxb",0,"Plain"]
["$PWD/lib/Factory.fxb","fxb",1,"Flöte/Glas"]
["$PWD/lib/Factory.fxb","fxb",2,"Bass"]
["$PWD/lib/Factory.fxb","fxb",3,"Slow"]
END
    [[ $(jq -r .presets_root <<<"$output" | uniq) == "$PWD/lib" ]]
    # Without the option a bank is one record.
    run -0 preset-scan lib
    [[ ${#lines[@]} == 2 ]]
    run -0 preset-scan --programs --meta Factory.fxb
    [[ $(field plugin_id | uniq) == PpPl ]]
}

@test "a program of a bank sounds as the program itself, by number and by name, with every isolation" {
    jq -c . records | hashes --fxp "$plain" >wanted
    [[ $(sort -u wanted | wc -l) == 3 ]] # Slow is Plain with a latency
    for isolation in "${isolations[@]}"; do
        preset-scan --programs Factory.fxb | hashes --fxp "$plain" --isolation "$isolation" | diff wanted -
        preset-scan --programs Factory.fxb | jq -c '.program = .preset_name' | tac |
            hashes --plugin "$plain" --isolation "$isolation" | tac | diff wanted -
    done
    run -0 render-one --fxp "$plain" "{\"preset_path\": \"$PWD/Factory.fxb\", \"program\": 2, \"output_path\": \"/dev/null\"}"
    [[ $(field preset_format) == fxb ]]
}

@test "a plug-in's own program sounds as the program that is exported, by number and by name" {
    jq -c . records | hashes --fxp "$plain" >wanted
    for isolation in "${isolations[@]}"; do
        jq -c '{program}' records | hashes --plugin "$plain" --isolation "$isolation" | diff wanted -
        jq -c '{program: .preset_name}' records | hashes --plugin "$plain" --isolation "$isolation" | diff wanted -
    done
    # In a record with a preset of its own the number says where that comes from.
    jq -c '.program = 99' records | hashes --fxp "$plain" | diff wanted -
    # The first is the initial sound, which is not a preset that was ignored.
    run -0 render-one -p "$plain" '{"program": 0, "require_change": true, "output_path": "/dev/null"}'
    [[ $(field unchanged) == null ]]
}

@test "a program of a bank with the state of the whole plug-in is selected in it" {
    preset-export -o chunked "$chunks" >/dev/null
    # The bank of this synth is text; here its programs are in reverse order.
    /usr/bin/python3 - <<'END'
import glob, struct
programs = [open(path, "rb").read() for path in sorted(glob.glob("chunked/*.fxp"))]
state = b"plain_synth 1 4\n" + b"".join(p[60:].split(b"\n", 1)[1] for p in reversed(programs))
head = b"CcnK" + struct.pack(">I", 0) + b"FBCh" + struct.pack(">I", 1) + programs[0][16:24]
open("Bank.fxb", "wb").write(head + struct.pack(">I", 4) + bytes(128) + struct.pack(">I", len(state)) + state)
open("huge.fxb", "wb").write(head + struct.pack(">I", 2**31) + bytes(128) + struct.pack(">I", len(state)) + state)
END
    run -0 preset-scan --programs Bank.fxb
    [[ $(field program | paste -sd' ') == "0 1 2 3" && $(field preset_name | uniq) == null ]]
    hashes -p "$chunks" <<<"$output" >found
    jq -nc 'range(4) | {program: (3 - .)}' | hashes -p "$chunks" | diff - found
    [[ $(sort -u found | wc -l) == 3 ]]
    jq -c '.program = "Bass"' <<<"${lines[0]}" | hashes -p "$chunks" | diff <(sed -n 2p found) -
    run -1 preset-scan --programs huge.fxb
    [[ $(field error_kind) == corrupt && $(field error) == *"declares 2147483648 programs, more than any plug-in has"* ]]
}

@test "a plug-in that knows only the name of the selected program finds the others" {
    amsynth=/usr/lib/vst/amsynth_vst.so
    # The sixth of the names that only one program has.
    { read -r name; read -r number; } < <(plugin-probe --programs "$amsynth" | jq -c '.programs as $all |
        ([$all | group_by(.)[] | select(length == 1 and .[0] != "")[0] as $name | $all | index($name)] | sort)[5] | $all[.], .')
    printf '{"program": %s}\n' "$number" "$name" 0 | hashes -p "$amsynth" >found
    [[ $(sort -u found | wc -l) == 2 && $(uniq found | wc -l) == 2 ]] || fail "$name $number $(<found)"
}

# refused FIELDS KIND TEXT
refused() {
    run -1 render-one -p "$plain" "$(jq -c '.output_path = "/dev/null"' <<<"$1")"
    [[ $(field error_kind) == "$2" && $(field error) == *"$3"* ]] || fail "$output"
}

@test "a program that is not there is an error that names the closest" {
    bank="{\"preset_path\": \"$PWD/Factory.fxb\"}"
    refused '{"program": 4}' not-found 'has no program 4: it has 4, counted from 0'
    refused '{"program": -1}' not-found 'has no program -1'
    refused '{"program": "bas"}' not-found "has no program called 'bas'; the closest is 'Bass'"
    refused "$(jq -c '.program = 4' <<<"$bank")" not-found 'Factory.fxb: has no program 4: it has 4, counted from 0'
    refused "$(jq -c '.program = "Bas"' <<<"$bank")" not-found "has no program called 'Bas'; the closest is 'Bass'"
    refused "$bank" unsupported 'is a bank of programs (Plain, Flöte/Glas, Bass, ...); say in the field program which one is meant'
    for value in true '[1]' '{}' 1.5; do
        refused "{\"program\": $value}" bad-record program
    done
    preset-convert --to fxb -o twice.fxb exported/0002* exported/0000* exported/0002*
    refused "{\"preset_path\": \"$PWD/twice.fxb\", \"program\": \"Bass\"}" unsupported "has several programs called 'Bass': 0 and 2; give the number"
    run -1 render-one -p "$root/build/tests/plugins/MacroSynth.vst3" "$(jq -c '. + {program: 0, output_path: "/dev/null"}' <<<"$bank")"
    [[ $(field error_kind) == wrong-plugin && $(field error) == *"is an fxb preset, which"* ]]
}

@test "a damaged bank is an error record" {
    for bytes in 10 100 155 156 200 "$(($(stat -c %s Factory.fxb) - 1))"; do
        head -c "$bytes" Factory.fxb >cut.fxb
        run -1 preset-scan --programs cut.fxb
        [[ $(field error_kind) == $( ((bytes < 12)) && echo unsupported || echo corrupt) ]]
        refused "{\"preset_path\": \"$PWD/cut.fxb\", \"program\": 3}" corrupt cut.fxb
    done
    echo text >text.fxb
    run -1 preset-scan --programs text.fxb
    [[ $(field error_kind) == unsupported ]]
}

@test "a program that exists already is skipped only if it is the same program" {
    preset-scan --programs Factory.fxb | assign-paths -o out >queue
    render-one --fxp "$plain" --skip-existing <queue >/dev/null
    [[ $(render-one --fxp "$plain" --skip-existing <queue | jq -r .status | uniq) == skipped ]]
    jq -c '.program = 3 - .program' queue | render-one --fxp "$plain" --skip-existing | jq -r .status | uniq | diff <(echo ok) -
    jq -nc 'range(4) | {program: ., filename_stem: "own\(.)"}' | assign-paths -o out >queue
    render-one -p "$plain" --skip-existing <queue >/dev/null
    [[ $(render-one -p "$plain" --skip-existing <queue | jq -r .status | uniq) == skipped ]]
    jq -c '.program = (.program + 1) % 4' queue | render-one -p "$plain" --skip-existing | jq -r .status | uniq | diff <(echo ok) -
}

@test "render-presets renders every program of a bank" {
    mkdir lib
    cp Factory.fxb exported/0002* lib
    run -0 render-presets lib out --fxp "$plain" --duration 0.1 --tail 0
    diff - <(cd out && printf '%s\n' *.wav) <<'END'
0002_Bass.wav
Factory_0000_Plain.wav
Factory_0001_Fl_te_Glas.wav
Factory_0002_Bass.wav
Factory_0003_Slow.wav
END
    cmp <(tail -c 4000 out/0002_Bass.wav) <(tail -c 4000 out/Factory_0002_Bass.wav)
    run -2 --separate-stderr render-presets lib other --vstpreset "$root/build/tests/plugins/MacroSynth.vst3"
    [[ $stderr == *"found .fxb files but --fxp was not given; found .fxp files but --fxp was not given"* ]]
}

@test "programs have names of their own" {
    preset-scan --programs Factory.fxb | assign-paths -u -o /out | jq -r .filename_stem | diff - <(cat <<'END'
Factory 0000 Plain
Factory 0001 Flöte_Glas
Factory 0002 Bass
Factory 0003 Slow
END
    )
    cat >programs <<'END'
{"program": 7}
{"program": 7, "preset_name": "Warm"}
{"program": "Warm"}
{"preset_path": "/p/0007 Warm.fxp", "program": 7, "preset_name": "Warm"}
{"preset_path": "/p/Bank.fxb", "program": "Warm"}
{"preset_path": "/p/Bank.fxb"}
END
    run -0 assign-paths -u -o /out --template '{preset}' <programs
    [[ $(field filename_stem | paste -sd,) == "0007,0007 Warm,Warm,0007 Warm_"*",Bank Warm,Bank" ]]
    run -0 assign-paths -o /out --template '{program}' <programs
    [[ $(field filename_stem | sed 's/_.*//' | paste -sd,) == "0007,0007,Warm,0007,Warm,Bank" ]]
}
