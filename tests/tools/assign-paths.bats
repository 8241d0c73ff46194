#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

# A record for each preset path.
presets() { jq -cn '$ARGS.positional[] | {preset_path: .}' --args "$@"; }

# The paths that the records on standard input get, below /out, one a line.
paths() { # OPTION...
    assign-paths -o /out "$@" | jq -r '.output_path | ltrimstr("/out/")'
}

# The same for presets of these names, without an extension, on one line.
stems() { # NAME...
    presets "${@/%/.fxp}" | paths "${options[@]}" | sed 's/\.wav$//' | paste -sd'|'
}
options=()

@test "a record gets its path and its stem after its own fields" {
    run -0 --separate-stderr assign-paths -o /out <<<'{ "preset_path":"/p/Warm Pad.fxp", "x":1.0 }'
    [[ $output == '{ "preset_path":"/p/Warm Pad.fxp", "x":1.0 ,"output_path":"/out/Warm_Pad.wav","filename_stem":"Warm_Pad"}' ]]
    [[ -z $stderr && ! -e /out ]]
}

@test "a path that is there is replaced, the folder need not be there and is not made" {
    run -0 assign-paths -o new/folder <<<'{"output_path":"/else/where.wav","preset_path":"/p/a.fxp"}'
    [[ $output == "{\"output_path\":\"$PWD/new/folder/a.wav\",\"preset_path\":"* ]]
    [[ -z $(ls) ]]
}

@test "the folder becomes absolute and normal" {
    run -0 assign-paths -o ./a//../b/ <<<'{}'
    [[ $(field output_path) == "$PWD/b/init.wav" ]]
    run -0 assign-paths --output-dir=/ <<<'{}'
    [[ $(field output_path) == /init.wav ]]
    run -0 assign-paths -o . <<<'{}'
    [[ $(field output_path) == "$PWD/init.wav" ]]
}

@test "the folder is required and must be one that JSON can hold" {
    run -2 --separate-stderr assign-paths <<<'{}'
    [[ -z $output && $stderr == "assign-paths: -o DIR is missing"* ]]
    run -2 --separate-stderr assign-paths -o '' <<<'{}'
    run -2 --separate-stderr assign-paths -o "$(printf 'a\xff')" <<<'{}'
    [[ $stderr == *'a\xff'"' is not UTF-8"* ]]
}

@test "x, x_1 and x come out as three files" {
    [[ $(stems x x_1 x) == 'x|x_1|x_2' ]]
    [[ $(stems x x x_1) == 'x|x_1|x_1_1' ]]
    [[ $(stems x_1 x x x_1 x) == 'x_1|x|x_2|x_1_1|x_3' ]]
}

@test "names that differ only in letter case become distinct" {
    [[ $(stems Bass bass BASS) == 'Bass|bass_1|BASS_2' ]]
    options=(--unicode)
    [[ $(stems Ärger ärger ÄRGER) == 'Ärger|ärger_1|ÄRGER_2' ]]
    [[ $(stems straße STRASSE ΣΑΣ σας) == 'straße|STRASSE_1|ΣΑΣ|σας_1' ]]
}

@test "names that differ only in Unicode form become distinct" {
    options=(--unicode)
    [[ $(stems $'\u00e9' $'e\u0301' $'E\u0301') == $'\u00e9|\u00e9_1|\u00c9_2' ]]
    [[ $(stems a $'a\u00ad' $'a\u200d') == $'a|a\u00ad_1|a\u200d_2' ]]
}

@test "folders that differ only in letter case do not hide a collision" {
    presets /p/Bass/x.fxp /p/bass/x.fxp /p/BASS/y.fxp >in
    diff <(paths --template '{folder}/{preset}' <in) <(printf '%s\n' Bass/x.wav bass/x_1.wav BASS/y.wav)
}

@test "a name without a letter of ours depends on nothing but itself" {
    hash_of() { printf %s "$1" | md5sum | head -c 8; }
    [[ $(stems Бас) == "preset_$(hash_of Бас)" ]]
    [[ $(stems Лид Бас 低音) == "preset_$(hash_of Лид)|preset_$(hash_of Бас)|preset_$(hash_of 低音)" ]]
    [[ $(stems '???' Бас Бас) == "preset_$(hash_of '???')|preset_$(hash_of Бас)|preset_$(hash_of Бас)_1" ]]
    presets /Басы/Бас.fxp >in
    [[ $(paths --template '{folder}/{preset}_{note}' <in) == \
        "folder_$(hash_of Басы)/preset_$(hash_of Бас)_48.wav" ]]
}

@test "names that Windows keeps for itself get an underscore" {
    [[ $(stems CON nul Com1 LPT9 aux prn COM0) == 'CON_|nul_|Com1_|LPT9_|aux_|prn_|COM0_' ]]
    [[ $(stems CONSOLE COM10 COM xCON) == 'CONSOLE|COM10|COM|xCON' ]]
    presets /p/con/x.fxp >in
    [[ $(paths --template '{folder}/{preset}' <in) == con_/x.wav ]]
    options=(--unicode)
    [[ $(stems COM¹ lpt³ con.old 'nul .x' COM⁴) == 'COM¹_|lpt³_|con_.old|nul_ .x|COM⁴' ]]
}

@test "other characters become one underscore, none at the ends" {
    [[ $(stems 'a b' ' a  b ' 'a/b' '__a__b__' 'a-b.c' '(a) [b]!' 'naïve' 'a - b') == \
        'a_b|a_b_1|b|a_b_2|a-b_c|a_b_3|na_ve|a_-_b' ]]
}

@test "--unicode replaces what file systems refuse and keeps the rest" {
    options=(--unicode)
    [[ $(stems 'a b' 'é (ä) 低音!' 'a:b' 'a?*"<>|b' 'a\b' $'a\tb\x7fc\u0085d') == \
        'a b|é (ä) 低音!|a_b|a_b_1|a_b_2|a_b_c_d' ]]
    [[ $(stems .hidden '...a...' ' b ' 'c. .' 'd?' '?e?' 'f? .' 'g__h') == 'hidden|a|b|c|d|e|f|g__h' ]]
    [[ $(stems '???' ...) == "preset_$(printf '???' | md5sum | head -c 8)|preset_$(printf ... | md5sum | head -c 8)" ]]
}

@test "a long name is cut at a character, and a suffix still fits" {
    local long
    long=$(printf 'x%.0s' {1..300})
    [[ $(stems "$long" "${long}y") == "${long:0:196}|${long:0:196}_1" ]]
    options=(--unicode)
    long=a$(printf '低%.0s' {1..100})
    # 1 + 65 * 3 bytes
    [[ $(stems "$long") == "${long:0:66}" ]]
    long=con.$(printf 'x%.0s' {1..191})
    [[ $(stems "${long}y" "${long}yz") == "con_${long:3}|con_${long:3}_1" ]]
    long=$(printf 'x%.0s' {1..195})
    [[ $(stems "$long..y" "${long}éy") == "$long|${long}_1" ]]
}

@test "placeholders stand for the fields of the record" {
    cat >in <<'END'
{"preset_path":"/lib/Bank A/Sub/Warm Pad.fxp","presets_root":"/lib","preset_name":"Warm","preset_author":"J. Doe","note":60,"velocity":100}
END
    [[ $(paths --template '{preset}+{note}+{velocity}+{folder}+{subpath}+{name}+{author}' <in) == \
        Warm_Pad_60_100_Sub_Bank_A_Sub_Warm_J_Doe.wav ]]
    [[ $(paths <in) == Warm_Pad.wav ]]
    [[ $(paths -t '{author}/{subpath}/{name}-{note}' <in) == J_Doe/Bank_A_Sub/Warm-60.wav ]]
}

@test "note and velocity have the defaults of rendering, a record without preset is init" {
    [[ $(paths --template '{preset}_{note}_{velocity}' <<<'{"note":null}') == init_48_127.wav ]]
}

@test "the folders above the root are not part of subpath" {
    cat >in <<'END'
{"preset_path":"/lib/a/b/x.fxp","presets_root":"/lib/a/b"}
{"preset_path":"/lib/a/b/x.fxp","presets_root":"/lib/a/"}
{"preset_path":"/lib/a/b/x.fxp","presets_root":"/"}
{"preset_path":"/lib/a/b/x.fxp","presets_root":"/lib/a/bb"}
{"preset_path":"/lib/a/b/x.fxp","presets_root":"/li"}
{"preset_path":"/lib/a/b/x.fxp"}
{"preset_path":"x.fxp"}
END
    diff <(paths --template '{subpath}.{preset}' <in) \
        <(printf '%s.wav\n' x b_x lib_a_b_x x_1 x_2 x_3 x_4)
}

@test "{subdir} mirrors the folders below the root, each name made fit by itself" {
    cat >in <<'END'
{"preset_path":"/lib/Bank A/Sub.wav/Warm Pad.fxp","presets_root":"/lib"}
{"preset_path":"/lib/Bank A/CON/???/Warm Pad.fxp","presets_root":"/lib/"}
{"preset_path":"/lib/Warm Pad.fxp","presets_root":"/lib"}
{"preset_path":"/lib/Bank A/Warm Pad.fxp"}
{"preset_path":"/lib/.. /Warm Pad.fxp","presets_root":"/lib"}
END
    local hash dots
    hash=$(printf '???' | md5sum | head -c 8)
    dots=$(printf '.. ' | md5sum | head -c 8)
    diff <(paths --template '{subdir}/{preset}' <in) <(printf '%s.wav\n' Bank_A/Sub_wav/Warm_Pad \
        "Bank_A/CON_/folder_$hash/Warm_Pad" Warm_Pad Warm_Pad_1 "folder_$dots/Warm_Pad")
    diff <(paths --unicode --template 'x/{subdir}/{note}' <in) <(printf '%s.wav\n' \
        'x/Bank A/Sub.wav_/48' "x/Bank A/CON_/folder_$hash/48" x/48 x/48_1 "x/folder_$dots/48")
    diff <(paths --template 'lib-{subdir}_{preset}' <in) <(printf '%s.wav\n' lib-Bank_A/Sub_wav_Warm_Pad \
        "lib-Bank_A/CON_/folder_${hash}_Warm_Pad" lib_Warm_Pad lib_Warm_Pad_1 "lib-folder_${dots}_Warm_Pad")
}

@test "{format} is the preset's format, by its record or else by its suffix" {
    cat >in <<'END'
{"preset_path":"/lib/a.fxp","preset_format":"fxp","format":"npy"}
{"preset_path":"/lib/a.SerumPreset"}
{"preset_path":"/lib/a.bin","preset_format":"serum2"}
{"preset_path":"/lib/a.bin"}
{}
END
    diff <(paths --template '{format}/{preset}' <in) \
        <(printf '%s\n' fxp/a.npy serum2/a.wav serum2/a_1.wav a.wav init.wav)
}

@test "the separators beside an empty value are left out, and so is an empty folder" {
    local template
    while read -r template expected; do
        echo "$template"
        [[ $(paths --template "$template" <<<'{"preset_path":"/x.fxp"}') == "$expected.wav" ]]
    done <<'END'
{author}-{preset} x
{preset}-{author} x
{preset}-{author}-{note} x-48
{preset}_{author}_{name}_{note} x_48
({author})-{preset} x
{preset}_v{author}{note} x_v48
{preset}-by-{author} x-by
{author}/{preset} x
{author}-{name}/{folder}/{preset} x
a{author}/{preset} a/x
{name} x
{author}-{name} x
END
}

@test "a slash in the template makes a folder, one in a value does not" {
    echo '{"preset_path":"/p/x.fxp","preset_name":"A/B","preset_author":"../.."}' >in
    [[ $(paths --template '{folder}/a b/{name}' <in) == p/a_b/A_B.wav ]]
    [[ $(paths --unicode --template '{name}/{preset}' <in) == A_B/x.wav ]]
    [[ $(paths --unicode --template '{author}/{preset}' <in) != *..* ]]
}

@test "a folder is never named like a file of another record" {
    printf '%s\n' '{"preset_path":"/p/x.fxp"}' '{"preset_path":"/p/y.fxp","preset_author":"x.WAV"}' >in
    diff <(paths --unicode --template '{author}/{preset}' <in) <(printf '%s\n' x.wav x.WAV_/y.wav)
}

@test "templates that make no name are refused" {
    local template
    for template in '' / /a a/ a//b . .. ./a a/.. a/./b '{preset}/'; do
        echo "'$template'"
        run -2 --separate-stderr assign-paths -o out --template "$template" <<<'{}'
        [[ -z $output && $stderr == "assign-paths: template: "* ]]
    done
    run -2 --separate-stderr assign-paths -o out --template "$(printf '\xff')" <<<'{}'
}

@test "an unknown or unclosed placeholder is refused and the known ones are listed" {
    local template
    for template in '{pitch}' '{preset' 'a}' '{}' '{Preset}' '{{preset}}' '{a/b}'; do
        echo "$template"
        run -2 --separate-stderr assign-paths -o out --template "$template" <<<'{}'
        [[ -z $output ]]
        [[ $stderr == *"{preset} {note} {velocity} {folder} {subpath} {subdir} {name} {author} {format}"* ]]
    done
}

@test "--filename-template is the same as --template, and only one can be given" {
    [[ $(paths --filename-template '{note}' <<<'{}') == 48.wav ]]
    run -2 --separate-stderr assign-paths -o out --template a --filename-template a <<<'{}'
    [[ $stderr == *"give it once"* ]]
}

# The expectations of both programs' own tests of names.
@test "--names gives the names of vst-render and of serum-render" {
    local long
    long=$(printf 'a%.0s' {1..300})
    for program in vst-render serum-render; do
        options=(--names "$program")
        [[ $(stems Hello123 foo_bar-baz 'hello world' 'foo   bar' _foo_ '  foo  ' 'Lead [FP]' 'foo!@#$bar' foo...) == \
            'Hello123|foo_bar-baz|hello_world|foo_bar|foo|foo_1|Lead_FP|foo_bar_1|foo_2' ]]
        [[ $(stems '!!!' ok '???' CON) == 'preset_0000|ok|preset_0002|CON' ]]
        [[ $(stems dup unique dup) == 'dup|unique|dup_1' ]]
        [[ $(stems "$long") == "${long:0:196}" ]]
        echo '{"preset_path":"/lib/Leads/Bright (1)/p.fxp","presets_root":"/lib","note":60,"velocity":100}' >in
        [[ $(paths --names "$program" -t '{subpath}_{preset}' <in) == Leads_Bright_1_p.wav ]]
        [[ $(paths --names "$program" -t '{preset} n{note}.v{velocity}' <in) == 'p n60.v100.wav' ]]
        [[ $(paths --names "$program" -t '{format}/{subdir}/{preset}' <in) == serum1/Leads/Bright_1/p.wav ]]
        [[ $(paths --names "$program" -t '..{author}/{preset}' <in) == p.wav ]]
        [[ $(paths --names "$program" -t '{subpath}_{preset}' <<<'{"preset_path":"/p.SerumPreset"}') == p.wav ]]
        [[ $(paths --names "$program" -t '{format}/{subdir}/{preset}' <<<'{"preset_path":"/p.SerumPreset"}') == serum2/p.wav ]]
    done
    [[ $(options=(--names serum-render) && stems café '日本語 ピアノ' 'a★b' '½ ²' $'e\u0301') == \
        'café|日本語_ピアノ|a_b|½_²|e' ]]
    [[ $(options=(--names vst-render) && stems café '日本語 ピアノ' 'a★b') == 'caf|preset_0001|a_b' ]]
    long=$(printf '低%.0s' {1..250})
    [[ $(options=(--names serum-render) && stems "$long") == "${long:0:81}" ]]
}

# A later preset must not get a number under which the program has written another one.
@test "--names counts equal names as each program does" {
    for program in vst-render serum-render; do
        options=(--names "$program")
        [[ $(stems Init INIT Init init Init INIT) == 'Init|INIT|Init_1|init|Init_2|INIT_1' ]]
    done
    [[ $(options=(--names serum-render) && stems $'\u00e9' 'ﬁ' 'fi' Bass 'Bass 1' Bass Bass foo foo foo_1) == \
        $'\u00e9''|ﬁ|fi|Bass|Bass_1|Bass_2|Bass_3|foo|foo_1|foo_1_1' ]]
    [[ $(options=(--names vst-render) && stems Bass 'Bass 1' Bass Bass 'Bass 1') == \
        'Bass|Bass_1|Bass_1-1|Bass_2|Bass_1_1' ]]
    [[ $(options=(--names vst-render) && stems foo foo foo_1 foo_1 foo_1-1) == \
        'foo|foo_1|foo_1-1|foo_1_1|foo_1-1-1' ]]
}

@test "--names knows its programs, and excludes --unicode" {
    run -2 --separate-stderr assign-paths -o out --names other <<<'{}'
    [[ $stderr == *"--names: must be vst-render or serum-render, is 'other'"* ]]
    run -2 --separate-stderr assign-paths -o out --unicode --names vst-render <<<'{}'
    [[ $stderr == *"exclude each other"* ]]
}

@test "a stem that is there is used instead of the template" {
    printf '%s\n' '{"filename_stem":"My Stem/x","preset_path":"/p/a.fxp"}' '{"filename_stem":null}' \
        '{"filename_stem":"my_stem_x"}' '{"filename_stem":"nul"}' >in
    diff <(paths --template '{folder}/{preset}' <in) \
        <(printf '%s.wav\n' My_Stem_x init my_stem_x_1 nul_)
    run -0 assign-paths -o out <in
    [[ $(field filename_stem | paste -sd' ') == "My_Stem_x init my_stem_x_1 nul_" ]]
}

@test "a second run over the result changes nothing" {
    presets x.fxp X.fxp x_1.fxp Бас.fxp con.fxp | assign-paths -o out >once
    assign-paths -o out <once >twice
    cmp once twice
}

@test "the extension is the record's format, and files of two formats do not collide" {
    printf '%s\n' '{"format":"npy"}' '{"format":"wav"}' '{}' '{"format":"npy"}' '{"format":"flac"}' '{"format":"ogg"}' \
        '{"format":"aiff"}' '{"format":"rf64"}' '{"format":"w64"}' '{"format":"opus"}' '{"format":"mp3"}' >in
    # RF64 files are named as WAV files are.
    diff <(paths <in) <(printf '%s\n' init.npy init.wav init_1.wav init_1.npy init.flac init.ogg init.aiff init_2.wav \
        init.w64 init.opus init.mp3)
}

@test "a field of a wrong type or range makes an error record, and uses up no name" {
    printf '%s\n' '{"preset_path":1}' '{"format":"caf"}' '{"note":200}' '{"presets_root":[],"preset_path":"/x"}' \
        '{"status":"error","note":48}' '{"filename_stem":3}' '{}' >in
    run -1 --separate-stderr assign-paths -o /out --template '{subpath}{preset}{note}' <in
    [[ $(field output_path | paste -sd' ') == "null null null null null null /out/init48.wav" ]]
    [[ $(field error_kind | sort | uniq -c | awk '{print $1, $2}' | paste -sd' ') == "5 bad-record 2 null" ]]
}

@test "100,000 records of one name get 100,000 paths" {
    run -0 bash -c "yes '{\"preset_path\":\"/x.fxp\"}' | head -n 100000 | assign-paths -o /out |
        jq -r .output_path | sort -u | wc -l"
    [[ $output == 100000 ]]
}

@test "no two of many awkward names share a path on any file system, and each keeps its own" {
    cat >names.py <<'END'
import json, random, subprocess, sys, unicodedata
random.seed(int(sys.argv[2]))
pieces = ["x", "X", "_1", "_", "_2", "é", "e\u0301", "É", "ß", "ss", "SS", "ſ", "İ", "i\u0307", "低",
          "Ω", "ω", "\u2126", ".", " ", "?", "con", "NUL", "\u00ad", "\u1e9e", "\ufb01", "fi", "-"]
names = ["".join(random.choices(pieces, k=random.randint(1, 4))) for _ in range(3000)]
jobs = "".join(json.dumps({"preset_path": "/p/" + name + ".fxp"}) + "\n" for name in names)

def stems(jobs):
    run = subprocess.run(["assign-paths", "-o", "/out", *sys.argv[3:]], input=jobs.encode(),
                         stdout=subprocess.PIPE, check=True)
    records = [json.loads(line) for line in run.stdout.splitlines()]
    for record in records:
        assert record["output_path"] == "/out/" + record["filename_stem"] + ".wav"
    return [record["filename_stem"] for record in records]

def key(path):
    folded = unicodedata.normalize("NFC", path).casefold()
    return unicodedata.normalize("NFC", folded).casefold().replace("\u00ad", "")

given = stems(jobs)
assert len(given) == len(names)
assert len(set(map(key, given))) == len(given)
for stem in given:
    assert stem == unicodedata.normalize("NFC", stem) and stem == stem.strip(" .")
    assert not set(stem) & set('/\\:*?"<>|') and len(stem.encode()) < 210
# In any order, or alone, a name is the same except for its suffix.
shuffled = list(range(len(names)))
random.shuffle(shuffled)
lines = jobs.splitlines(keepends=True)
again = stems("".join(lines[i] for i in shuffled))
alone = {i: stems(lines[i])[0] for i in shuffled[:60]}
for place, i in enumerate(shuffled[:60]):
    for stem in (given[i], again[place]):
        rest = stem[len(alone[i]):]
        assert stem.startswith(alone[i]) and (not rest or rest[0] == "_" and rest[1:].isdigit())
END
    /usr/bin/python3 names.py run 1
    /usr/bin/python3 names.py run 2 --unicode
}
