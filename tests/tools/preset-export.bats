#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What preset-export writes, read by Python's struct and loaded by plug-ins.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
chunks=$root/build/tests/plugins/plain_synth_chunks.so
fault=$root/build/tests/plugins/fault_synth.so
vst3=$root/build/tests/plugins/FaultSynth.vst3
macro=$root/build/tests/plugins/MacroSynth.vst3

setup() {
    let_plugins_crash
    cd "$BATS_TEST_TMPDIR" || return
}

@test "every program becomes a file with its number and name, and a record" {
    preset-export -o new/folder "$plain" >records
    ls new/folder >files
    diff files - <<'END'
0000 Plain.fxp
0001 Flöte_Glas.fxp
0002 Bass.fxp
0003 Slow.fxp
END
    diff records - <<END
{"preset_path":"$PWD/new/folder/0000 Plain.fxp","preset_format":"fxp","preset_name":"Plain","program":0}
{"preset_path":"$PWD/new/folder/0001 Flöte_Glas.fxp","preset_format":"fxp","preset_name":"Flöte/Glas","program":1}
{"preset_path":"$PWD/new/folder/0002 Bass.fxp","preset_format":"fxp","preset_name":"Bass","program":2}
{"preset_path":"$PWD/new/folder/0003 Slow.fxp","preset_format":"fxp","preset_name":"Slow","program":3}
END
}

@test "a file holds the program's parameters, or its state if the plug-in keeps one" {
    preset-export -o plain "$plain" >/dev/null
    preset-export -o chunks "$chunks" >/dev/null
    /usr/bin/python3 - <<'PYTHON'
import pathlib, struct
files = sorted(pathlib.Path("plain").iterdir())
assert len(files) == 4
seen = set()
for path in files:
    kinds = []
    for folder in "plain", "chunks":
        data = (pathlib.Path(folder) / path.name).read_bytes()
        magic, size, kind, version, id, _, count, name = struct.unpack_from(">4sI4sI4sII28s", data)
        assert (magic, size, version, id) == (b"CcnK", len(data) - 8, 1, data[16:20])
        name = name.rstrip(b"\0").decode()
        assert name.replace("/", "_") == path.stem[5:]
        kinds.append(kind)
        if kind == b"FxCk":
            values = struct.unpack_from(f">{count}f", data, 56)
            assert len(data) == 56 + 4 * count and all(0 <= value <= 1 for value in values)
            seen.add(values)
        else:
            assert struct.unpack_from(">I", data, 56) == (len(data) - 60,)
            head, text_name, *texts = data[60:].decode().split()
            lines = data[60:].decode().splitlines()
            assert lines[:2] == ["plain_synth 1 1", name], lines
            stated = [float(word) for word in " ".join(lines[2:]).split()]
            assert all(abs(a - b) < 1e-6 for a, b in zip(stated, values, strict=True))
    assert kinds == [b"FxCk", b"FPCh"], kinds
assert len(seen) == 4
PYTHON
}

@test "--programs writes those that it names" {
    preset-export -o out --programs 3,0-1 "$plain" | jq -r .program >numbers
    [[ $(sort numbers) == $'0\n1\n3' ]]
    [[ $(cd out && echo *) == "0000 Plain.fxp 0001 Flöte_Glas.fxp 0003 Slow.fxp" ]]
}

@test "a file that is there is replaced, and others stay" {
    preset-export -o out --programs 0 "$plain" >/dev/null
    cp out/*.fxp good
    echo old >"out/0000 Plain.fxp"
    echo mine >out/mine
    preset-export -o out --programs 0 "$plain" >/dev/null
    cmp good "out/0000 Plain.fxp"
    [[ $(<out/mine) == mine && $(find out | wc -l) == 3 ]]
}

@test "a VST3's programs become .vstpreset files, which it loads" {
    preset-export -o out "$vst3" >records
    jq -es 'length > 2 and all(.preset_format == "vstpreset")' records
    diff <(jq -r '.preset_path | sub(".*/"; "")' records) <(ls out)
    # A well-behaved one, whose sound is not the initial one.
    jq -c 'select(.preset_name == "clip")' records | assign-paths -o audio |
        render-one --vstpreset "$vst3" --require-change >results
    jq -e '.status == "ok" and .clipped_samples > 0' results
}

@test "the records are jobs, and each program has a sound of its own" {
    preset-export -o out --programs 128-131 "$amsynth" | assign-paths -o audio |
        render-one --fxp "$amsynth" >results
    [[ $(jq -r .status results | sort | uniq -c) =~ ^\ *4\ ok$ ]]
    [[ $(jq -r .audio_hash results | sort -u | wc -l) == 4 ]]
}

@test "a program that crashes the plug-in costs its own file only" {
    run -1 env FAULT_ON_CHOICE=preset-abort preset-export -o out --programs 1-3 "$fault"
    [[ $(field status) == $'null\nerror\nnull' && $(field program) == $'1\n2\n3' ]]
    [[ $(jq -r 'select(.status == "error") | .error_kind, .error' <<<"$output") == "crash"$'\n'*"crashed while saving a program (killed by SIGSEGV)" ]]
    [[ $(cd out && echo *) == "0001 preset-segv.fxp 0003 preset-exit-0.fxp" ]]
}

# make_saver FILE [PROGRAMS]: a VST2 with three programs, or that many, that runs the code on standard
# input when the program `current` is saved.
make_saver() {
    { echo 'static int current = 0; static void save() {'; cat; cat <<END; } | make_vst2 "$1"
}
static VstIntPtr dispatch(AEffect*, int opcode, int, VstIntPtr value, void* data, float) {
    if (opcode == effSetProgram) current = (int)value;
    if (opcode == effGetProgram) return current;
    if (opcode != effGetChunk) return 0;
    save();
    static char state[] = "state";
    *(void**)data = state;
    return 5;
}
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    auto& effect = bare_synth();
    effect.dispatcher = dispatch;
    effect.numPrograms = ${2-3};
    effect.flags |= effFlagsProgramChunks;
    return &effect;
}
END
}

@test "a plug-in that answers in our place is an error that says so, and makes no file" {
    make_saver forger.so <<<'if (current == 1) answer_in_our_place();'
    for suffix in '.a\u0000b' '.a/b' '.a\nb' . ".$(printf 'x%.0s' {1..300})"; do
        FORGED='{"status":"ok","name":"x","suffix":"'$suffix'","bytes":"41"}' \
            run -1 preset-export -o out --timeout 20 --programs 1 ./forger.so
        [[ $(field error_kind) == crash && $(field error) == *"answered in our place" ]]
        [[ -z $(ls out) ]]
    done
    FORGED='{"status":"error"}' run -1 preset-export -o out --programs 1 ./forger.so
    [[ $(field error_kind) == crash && $(field error) == *"that are not its own)"* ]]
}

@test "a program whose process dies of the one before is exported all the same" {
    make_saver dying.so <<'END'
    static int saved = 0;
    if (current == 2 && saved == 1) abort();
    saved = current;
END
    run -0 preset-export -o out ./dying.so
    [[ $(field program) == $'0\n1\n2' && $(field status) == $'null\nnull\nnull' ]]
}

@test "a plug-in that hangs while it is loaded is an error after --timeout, and is not tried again" {
    run -1 --separate-stderr env FAULT_ON_LOAD=load-hang preset-export --timeout 1 -o out "$fault"
    [[ -z $output && $stderr == *"did not finish within 1 seconds while loading the plug-in"* && ! -e out ]]
}

@test "the plug-in is in the sandbox, and is opened outside only if it does not open inside" {
    mkdir home
    export HOME=$PWD/home FAULT_ON_LOAD=load-home
    run -1 --separate-stderr preset-export --sandbox on -o out --programs 0 "$fault"
    [[ -z $output && ! -e home/needed && ! -e out ]]
    run -0 --separate-stderr preset-export -o out --programs 0 "$fault"
    [[ $stderr == "preset-export: $fault: opened without the sandbox"* && -e home/needed ]]
    run -0 --separate-stderr preset-export --sandbox off -o out --programs 0 "$fault"
    [[ -z $stderr ]]
}

@test "what a plug-in prints is in neither stream, and with -v on standard error" {
    run -0 --separate-stderr env FAULT_ON_LOAD=load-stdout preset-export -o out --programs 0 "$fault"
    [[ -z $stderr && ${#lines[@]} == 1 ]]
    jq -e '.program == 0' <<<"$output"
    run -0 --separate-stderr env FAULT_ON_LOAD=load-stdout preset-export -v -o out --programs 0 "$fault"
    [[ -n $stderr && ${#lines[@]} == 1 ]]
}

@test "a plug-in that has no programs is an error that says so" {
    run -1 --separate-stderr preset-export -o out "$macro"
    [[ -z $output && $stderr == "preset-export: $macro: has no programs to export; "* && ! -e out ]]
    run -1 --separate-stderr preset-export -o out --programs 0 "$macro"
    [[ $stderr == "preset-export: $macro: has no programs to export; "* ]]
}

@test "a plug-in that reports more programs than can be true is an error" {
    make_saver many.so 100001 <<<""
    run -1 --separate-stderr preset-export -o out ./many.so --programs 0-100000
    [[ $stderr == *"reports 100001 programs, more than 100000; this cannot be true"* && ! -e out ]]
}

@test "wrong usage is told, and nothing is written" {
    while read -r message; do
        read -r arguments
        # shellcheck disable=SC2086
        run -2 --separate-stderr preset-export $arguments </dev/null
        echo "$arguments: $stderr"
        [[ -z $output && $stderr == "preset-export: $message"* && ! -e out ]]
    done <<END
takes one operand, the plug-in
-o out $plain $chunks
-o DIR is missing: the folder
$plain
none.so: no such plug-in
-o out none.so
--programs: '4' is not within 0 to 3
-o out --programs 4 $plain
--programs: '99999999999' is not within 0 to 3
-o out --programs 99999999999 $plain
--programs: '2-1' is not a number or a range
-o out --programs 2-1 $plain
--programs: is for the programs of a PLUGIN; name one
-o out --programs 1 --fxp $plain
--plugin and the like: for the jobs on standard input
-o out --fxp $plain $plain
--require-change: for the jobs on standard input
-o out --require-change $plain
--fxp: none.so: no such plug-in
-o out --fxp none.so
--vstpreset: $plain: is a VST2, and .vstpreset presets are for a VST3
-o out --vstpreset $plain
-o: is empty
--output-dir= --fxp $plain
END
}

@test "a folder that cannot be made is an error with the reason" {
    touch file
    run -3 --separate-stderr preset-export -o file/sub "$plain"
    [[ -z $output && $stderr == *"file/sub"* ]]
}

# sounds PLUGIN: the hashes of what the jobs on standard input sound like.
sounds() { jq -c 'del(.output_path, .filename_stem)' | assign-paths -o audio | render-one -p "$1" | jq -r .audio_hash; }

# keeps PLUGIN FORMAT: the jobs on standard input are saved, and the presets sound like the jobs and
# not like the plug-in's initial sound.
keeps() {
    cat >in.ndjson
    run -0 --separate-stderr preset-export -p "$1" -o kept <in.ndjson
    [[ -z $stderr && $(wc -l <in.ndjson) == "${#lines[@]}" ]]
    jq -es --arg format "$2" 'all(.preset_format == $format and (.preset_path | endswith("." + $format))
        and .parameters == null and .state_path == null)' <<<"$output"
    diff <(sounds "$1" <in.ndjson) <(sounds "$1" <<<"$output")
    sounds "$1" <in.ndjson | grep -qvxF "$(sounds "$1" <<<'{}')" || fail "all is the initial sound"
    rm -r kept
}

@test "the sound of a job is saved as a preset that sounds the same" {
    preset-export -o presets "$chunks" | jq -c 'select(.program > 0) | del(.program)' | keeps "$chunks" fxp
    preset-export -o presets "$plain" | jq -c 'select(.program > 0) | del(.program)' | keeps "$plain" fxp
    preset-export -o presets --programs 140-143 "$amsynth" | jq -c 'del(.program)' | keeps "$amsynth" fxp
}

@test "the parameters of a job are in the preset that is saved" {
    for plugin in "$plain" "$chunks"; do
        keeps "$plugin" fxp <<<'{"parameters":{"Level":0.125}}'
    done
    preset-export -o presets --programs 150 "$amsynth" | jq -c 'del(.program)
        | ., (.parameters = {"#0": 0.9, "#20": 0.1})' | keeps "$amsynth" fxp
    run -0 plugin-probe --parameters "$macro"
    id=$(jq -r '.parameters[0].id' <<<"$output")
    keeps "$macro" vstpreset <<<"{\"parameters\":{\"id:$id\":0.875}}"
    # Others can read the name in the preset's header.
    run -0 preset-export -p "$plain" -o named <<<'{"preset_name":"Mine","parameters":{"Level":0.5}}'
    [[ $(preset-scan --meta named | jq -r .preset_name) == Mine ]]
}

@test "a search's best sound is kept with a line of jq" {
    for level in 0.1 0.7 0.3; do echo "{\"parameters\":{\"Level\":$level},\"filename_stem\":\"try-$level\"}"; done |
        assign-paths -o tries | render-one -p "$plain" >results
    command jq -sc 'max_by(.rms_db)' results | preset-export -p "$plain" -o best >kept
    [[ $(ls best) == try-0_7.fxp ]]
    # What the record says of the render is still true of it.
    diff <(command jq -c 'del(.preset_path, .preset_format)' kept) <(command jq -sc 'max_by(.rms_db) | del(.parameters)' results)
    [[ $(jq -r .audio_hash kept) == $(sounds "$plain" <kept) ]]
}

@test "a preset has the name of its record, and no two have the same" {
    mkdir a b
    preset-export -o presets --programs 1-2 "$plain" >exported
    cp presets/0001* a/x.fxp
    cp presets/0002* b/X.fxp
    run -0 preset-export --fxp "$plain" -o out < <(
        printf '{"preset_path":"%s"}\n' "$PWD/a/x.fxp" "$PWD/b/X.fxp"
        printf '{"preset_path":"%s","output_path":"/audio/y.wav"}\n' "$PWD/a/x.fxp"
        printf '{"preset_path":"%s","filename_stem":"../z: a"}\n' "$PWD/a/x.fxp")
    [[ $(field preset_path) == "$PWD/out/x.fxp"$'\n'"$PWD/out/X_1.fxp"$'\n'"$PWD/out/y.fxp"$'\n'"$PWD/out/z_ a.fxp" ]]
    [[ $(find . -name '*.fxp' -newer exported | wc -l) == 6 ]]
}

@test "without -o the output_path names the preset, which must end in the format's suffix" {
    run -0 preset-export -p "$plain" <<<'{"k": 1,"output_path":"out/A.FXP","parameters":{"Level":0.5},"note":3}'
    [[ $output == "{\"k\": 1,\"note\":3,\"preset_path\":\"$PWD/out/A.FXP\",\"preset_format\":\"fxp\"}" && -s out/A.FXP ]]
    for path in a.wav a.vstpreset a; do
        run -1 preset-export -p "$plain" <<<"{\"output_path\":\"$path\"}"
        [[ $(field error_kind) == bad-record && $(field error) == *"ends in .fxp"* && ! -e $path ]]
    done
    run -1 preset-export -p "$plain" <<<'{"k":1}'
    [[ $(field error) == "output_path: is missing; give -o DIR"* ]]
    # The preset would replace the one that it is made from.
    run -1 preset-export -p "$plain" <<<"{\"preset_path\":\"$PWD/out/A.FXP\",\"output_path\":\"out/A.FXP\"}"
    [[ $(field error) == *"is the job's preset_path, which would be lost"* ]]
}

@test "what is played, and through what, stays in the record and does not matter" {
    run -0 preset-export -p "$plain" -o out <<<'{"midi_path":"none.mid","input_path":"none.wav","tail":"x","chain":[{"plugin_path":"none.so"}],"automation":5,"bit_depth":"x","format":"ogg","quality":5,"bitrate":"x","parameters":{"Level":0.5},"skip_existing":true}'
    jq -e '.midi_path == "none.mid" and .chain != null and .automation == 5 and .status == null' <<<"$output"
    [[ -s $(field preset_path) ]]
}

@test "a job that crashes the plug-in, or whose preset is refused, costs its own preset only" {
    preset-export -o presets --programs 0 "$fault" >/dev/null
    preset-export -o presets --programs 1 "$plain" >/dev/null
    printf x >cut.fxp
    run -1 preset-export --fxp "$plain" -o out < <(
        printf '{"preset_path":"%s"}\n' "$PWD/none.fxp" "$PWD"/presets/*Fl* "$PWD/cut.fxp" "$PWD"/presets/0000*
        echo '{"parameters":{"Nothing":1},"preset_format":"fxp"}'
        printf '{"preset_path":"%s"}\n' "$PWD"/presets/*Fl*)
    [[ $(field error_kind | xargs) == "not-found null corrupt wrong-plugin bad-record null" ]] || fail "$(field error)"
    [[ $(find out -type f | wc -l) == 2 ]]
    preset-export -o programs --programs 1 "$fault" >/dev/null
    run -1 preset-export -p "$fault" -o crashes < <(
        printf '{"preset_path":"%s"}\n' "$PWD"/programs/0001* "$PWD"/presets/0000*)
    [[ $(field error_kind | xargs) == "crash null" && $(find crashes -type f | wc -l) == 1 ]]
}

@test "a preset that changes nothing is an error with --require-change" {
    preset-export -o presets --programs 0 "$plain" | jq -c 'del(.program)' >initial
    run -0 preset-export -p "$plain" -o out <initial
    run -1 preset-export -p "$plain" -o other --require-change <initial
    [[ $(field error_kind) == preset-rejected && ! -e other ]]
}

@test "the sound of an LV2 becomes a bundle with a preset, which hosts find and which sounds the same" {
    epiano=http://drobilla.net/plugins/mda/EPiano
    preset-export -p "$epiano" -o bundles >kept <<'END'
{"parameters":{"id:hardness":0.9},"filename_stem":"Hä \"rd"}
{"parameters":{"id:hardness":0.9,"id:lfo_rate":0.1},"filename_stem":"Soft","presets_root":"/x"}
END
    diff <(jq -c '[.preset_path, .preset_format, .preset_name, .presets_root, .parameters]' kept) - <<END
["$PWD/bundles/Hä _rd.preset.lv2/preset.ttl","lv2","Hä _rd",null,null]
["$PWD/bundles/Soft.preset.lv2/preset.ttl","lv2","Soft","$PWD/bundles",null]
END
    [[ $(jq -r .preset_uri kept | grep -cxP 'urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}') == 2 ]]
    [[ $(jq -r .preset_uri kept | sort -u | wc -l) == 2 ]]
    { echo '{"parameters":{"id:hardness":0.9}}'; echo '{"parameters":{"id:hardness":0.9,"id:lfo_rate":0.1}}'; } >jobs.ndjson
    diff <(sounds "$epiano" <jobs.ndjson) <(sounds "$epiano" <kept)
    # lilv, and preset-scan, find them in the folder.
    for name in 'Hä _rd' Soft; do
        LV2_PATH=$PWD/bundles:$LV2_PATH lv2info "$epiano" | sed -n '/Presets:/,$p' | grep -qF "$name"
    done
    diff <(preset-scan bundles | jq -r .preset_uri | sort) <(jq -r .preset_uri kept | sort)
    # The same sound and name give the same bytes.
    cp -r bundles before
    preset-export -p "$epiano" -o bundles >/dev/null <<<'{"parameters":{"id:hardness":0.9},"filename_stem":"Hä \"rd"}'
    diff -r before bundles
    # Without a folder there is no bundle, and the file is a preset by itself.
    run -0 preset-export -p "$epiano" <<<'{"parameters":{"id:hardness":0.9},"output_path":"one.ttl"}'
    [[ ! -e manifest.ttl && $(field preset_path) == "$PWD/one.ttl" ]]
    diff <(sounds "$epiano" <<<"$output") <(sounds "$epiano" <jobs.ndjson | head -n 1)
    # The programs of an LV2 are its presets.
    preset-export -o programs --programs 0-1 "$epiano" | jq -c 'del(.program)' >programs.ndjson
    jq -es 'all(.preset_format == "lv2") and length == 2' programs.ndjson
    [[ $(sounds "$epiano" <programs.ndjson | sort -u | wc -l) == 2 ]]
}

@test "what cannot be saved says so" {
    run -1 preset-export -o out <<<'{"k":1}'
    [[ $(field error) == "plugin_path: is missing"* ]]
    printf '\1' >junk
    run -1 preset-export -o out <<<"{\"preset_path\":\"$PWD/junk\",\"preset_format\":\"fxp\"}"
    [[ $(field error) == *"is not a preset of a known format" ]]
    preset-export -o presets --programs 0 "$plain" >/dev/null
    run -1 preset-export -o out <<<"{\"preset_path\":\"$(echo "$PWD"/presets/*)\"}"
    [[ $(field error) == *"no plug-in was given for fxp presets"* ]]
}

@test "a program that a job selects, of the plug-in or of a bank, is in the preset that is saved" {
    for program in 2 '"Bass"'; do
        keeps "$plain" fxp <<<"{\"program\":$program}"
        keeps "$chunks" fxp <<<"{\"program\":$program,\"parameters\":{\"Level\":0.25}}"
    done
    preset-export -o presets "$plain" | jq -r .preset_path >presets.txt
    mapfile -t files <presets.txt
    preset-convert --to fxb -o bank.fxb "${files[@]}"
    preset-scan --programs bank.fxb | jq -c 'select(.program > 0)' >programs.ndjson
    run -0 preset-export --fxp "$plain" -o kept <programs.ndjson
    [[ $(field program | sort -u) == null && $(field preset_path | sort -u | wc -l) == 3 ]]
    while read -r record; do cmp "$(jq -r .preset_path <<<"$record")" "$(grep -F "$(jq -r .preset_name <<<"$record" | tr / _)" presets.txt)"; done <<<"$output"
}

@test "the programs of a bank that only the plug-in can take apart become presets" {
    preset-export -o presets "$chunks" | jq -r .preset_name >names
    /usr/bin/python3 - <<'END'
import glob, struct
programs = [open(path, "rb").read() for path in sorted(glob.glob("presets/*.fxp"))]
state = b"plain_synth 1 4\n" + b"".join(p[60:].split(b"\n", 1)[1] for p in programs)
head = b"CcnK" + struct.pack(">I", 0) + b"FBCh" + struct.pack(">I", 1) + programs[0][16:24]
open("Whole.fxb", "wb").write(head + struct.pack(">I", 4) + bytes(128) + struct.pack(">I", len(state)) + state)
END
    run -0 preset-export -o apart --fxp "$chunks" < <(preset-scan --programs Whole.fxb)
    [[ ${#lines[@]} == 4 && $(field preset_path | sort -u | wc -l) == 4 ]]
    mapfile -t apart < <(field preset_path)
    mapfile -t whole < <(printf '%s\n' presets/*.fxp)
    for i in 0 1 2 3; do cmp <(tail -c +61 "${apart[i]}") <(tail -c +61 "${whole[i]}"); done
}
