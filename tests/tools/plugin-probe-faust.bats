#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# plugin-probe of Faust programs: what the compiler knows of them, compared with faust -json, and
# where the mistakes are in those that do not compile.

load ../helper

examples=/usr/share/faust/examples

probe() { run "-${status_wanted:-0}" --separate-stderr plugin-probe "$@"; }

# The interface, metadata and files as faust -json gives them, in the names of our record.
faust_says() {
    faust -json -O . -o faust.cpp "$1" >/dev/null
    sed -i s/@/_/ "$(basename "$1").json" # as the compiler does for LLVM
    jq 'def values_by_key: [.[]? | to_entries[]] | group_by(.key)
            | map({key: .[0].key, value: (map(.value) | if length == 1 then .[0] else sort end)}) | from_entries;
        def item: {kind: .type, "label": .label, metadata: (.meta | values_by_key)}
            + (if .items then {items: (.items | map(item))} else {address} end)
            + (if has("step") then {init, step} else {} end)
            + (if has("min") then {min, max} else {} end)
            + (if has("url") then {url} else {} end);
        {metadata: (.meta | values_by_key | del(.compile_options, .filename)), inputs, channels: .outputs, libraries: (.library_list // []),
            include_paths: (.include_pathnames - ["."] | unique), interface: (.ui | map(item))}' "$(basename "$1").json"
}

we_say() {
    jq 'def item: if .kind == "button" or .kind == "checkbox" then del(.init, .min, .max, .step) else . end
            | if .items then .items |= map(item) else . end;
        {metadata: (.metadata | del(.compile_options, .filename) | map_values(if type == "array" then sort else . end)), inputs, channels, libraries,
            include_paths: (.include_paths - ["."] | unique), interface: (.interface | map(item))}'
}

@test "a program is described as faust -json describes it" {
    cp "$examples"/misc/tester.dsp "$examples"/analysis/dbmeter.dsp "$examples"/reverb/zitaRev.dsp \
        "$examples"/generator/osc.dsp "$examples"/bela/repeater.dsp "$examples"/dynamic/volume.dsp .
    for program in *.dsp; do
        probe "$program"
        diff <(we_say <<<"$output") <(faust_says "$program") || fail "$program"
    done
}

@test "the key is that of the expanded text, and the compiler and its options are named" {
    cp "$examples"/generator/osc.dsp .
    sha=$(faust-build -o . --expand osc.dsp | jq -r .sha)
    [[ $sha =~ ^[0-9A-F]{40}$ ]]
    probe osc.dsp
    [[ $(field sha) == "$sha" && $(field compiled_with) == *-single* && $(field voices) == 0 ]]
    [[ $(field compiler) == "Faust $(faust -v | grep -o '[0-9.]*[0-9]' | head -n 1)"* ]]
    probe "{\"dsp\":\"$PWD/osc.dsp\",\"compile_options\":[\"-double\"]}"
    [[ $(field compiled_with) == *-double* ]]
}

@test "warnings are listed, and --strict makes an error of them" {
    echo 'process = rdtable(10, 1.0, int(_)), rdtable(20, 1.0, int(_));' >careless.dsp
    echo 'process = _;' >careful.dsp
    probe careless.dsp careful.dsp
    [[ $(jq -c '.warnings | length' <<<"$output") == $'2\n0' ]]
    jq -es '.[0].warnings | any(startswith("RDTbl read index [-1:1] is outside of table size (10)"))
        and any(contains("table size (20)"))' <<<"$output"
    status_wanted=1 probe --strict careless.dsp careful.dsp
    [[ $(field status) == $'error\nok' && $(field error) == *"careless.dsp: compiles with 2 warnings, the first: "* ]]
    jq -es '.[0] | .error_kind == "plugin-load" and (.warnings | length) == 2 and .interface' <<<"$output"
}

@test "code from the cache and the interpreter know the same of a program" {
    cp "$examples"/generator/osc.dsp .
    probe osc.dsp
    jq 'del(.load_ms)' <<<"$output" >compiled.json
    run -0 render-one -p osc.dsp '{"output_path": "a.wav", "duration": 0.1, "tail": 0}'
    [[ $(find "$XDG_CACHE_HOME/patchpipe/code" -type f | wc -l) == 1 ]]
    probe osc.dsp
    diff compiled.json <(jq 'del(.load_ms)' <<<"$output")
    probe "{\"dsp\":\"$PWD/osc.dsp\",\"interpreter\":true}"
    diff <(jq '{sha, libraries, include_paths, warnings, interface}' compiled.json) \
        <(jq '{sha, libraries, include_paths, warnings, interface}' <<<"$output")
}

@test "a mistake has its file, line and column" {
    printf 'import("stdfaust.lib");\nprocess = os.osc(440) * foo; // foo\n' >undefined.dsp
    printf 'import("stdfaust.lib");\nprocess = /* größer */ os.osc(440;\n' >paren.dsp
    printf 'process = _ \nx = 3;\n' >semicolon.dsp
    printf '/* ; ;\n */ process = 1 + /* ; */ ;\n' >comment.dsp
    printf 'process = (_, (_ + ;;\n' >two.dsp
    printf 'import("broken.lib");\nprocess = lo;\n' >library.dsp
    printf 'lo =\n bar + ;\n' >broken.lib
    printf 'process = _,_ : +,+;\n' >arity.dsp
    printf 'process = _;\nprocess = !;\n\n' >twice.dsp
    printf 'import("stdfaust.lib"); // "nowhere.lib"\n/* größer */ x = library("nowhere.lib");\nprocess = x.y;\n' >missing.dsp
    printf 'x = library("nowhere.lib").x; process = library("nowhere.lib").y;\n' >either.dsp
    printf 'import("wants.lib");\nprocess = 1;\n' >deeper.dsp
    echo 'import("nowhere.lib");' >wants.lib
    status_wanted=1 probe undefined.dsp paren.dsp semicolon.dsp comment.dsp two.dsp library.dsp arity.dsp twice.dsp \
        missing.dsp either.dsp deeper.dsp
    jq -r '[.error_path, .line, .column] | @text' <<<"$output" | sed "s|$PWD/||" | diff - <(
        cat <<'END'
["undefined.dsp",2,25]
["paren.dsp",2,34]
["semicolon.dsp",2,1]
["comment.dsp",2,27]
["two.dsp",1,null]
["broken.lib",2,8]
["arity.dsp",null,null]
["twice.dsp",null,null]
["missing.dsp",2,26]
["either.dsp",null,null]
["deeper.dsp",null,null]
END
    )
}

@test "all tools give the line and the column, and a repeated job loses them" {
    printf 'process = foo;\n' >unknown.dsp
    run -1 render-one -p unknown.dsp '{"output_path": "a.wav", "line": 7}'
    [[ $(field line) == 1 && $(field column) == 11 && $(field error_path) == "$PWD/unknown.dsp" ]]
    run -1 faust-build --lang c unknown.dsp
    [[ $(field line) == 1 && $(field column) == 11 && $(field error_path) == "$PWD/unknown.dsp" ]]
    run -1 plugin-measure unknown.dsp
    [[ $(field line) == 1 && $(field column) == 11 ]]
    printf 'process = 1;\n' >unknown.dsp
    run -0 render-one -p unknown.dsp '{"output_path": "a.wav", "error_kind": "plugin-load", "error_path": "x", "line": 1, "column": 11}'
    [[ $(jq -c '[.line, .column, .error_path]' <<<"$output") == '[null,null,null]' ]]
}

@test "bitcode says what it knows" {
    cp "$examples"/generator/osc.dsp .
    faust-build -o . --llvm-bitcode -b osc.dsp
    probe osc.bc osc.fbc
    jq -es '.[0] | has("sha") or has("warnings") | not' <<<"$output"
    jq -es '.[1] | has("sha") or has("warnings") or has("libraries") | not' <<<"$output"
    jq -es 'all(.interface[0].items[0].label == "freq" and .metadata.name == "osc")' <<<"$output"
}

@test "the bargraphs of a program and of its effect are its meters" {
    cat >two.dsp <<'FAUST'
process = button("gate") <: vgroup("left", hbargraph("level[unit:dB]", -60, 6)), vgroup("right", vbargraph("level", 0, 1)) :> _;
effect = hbargraph("out", -1, 1);
FAUST
    probe two.dsp
    jq -ce '.meters == [{id: "/two/left/level", name: "left/level", unit: "dB", min: -60, max: 6},
        {id: "/two/right/level", name: "right/level", unit: "", min: 0, max: 1},
        {id: (.meters[2].id), name: "out", unit: "", min: -1, max: 1}]' <<<"$output" || fail "$output"
    [[ $(jq -r '.meters[2].id' <<<"$output") == */out ]]
    echo 'process = _;' >none.dsp
    probe none.dsp
    jq -e '.meters == []' <<<"$output"
}

@test "a foreign function that is not there is named" {
    echo 'process = ffunction(float no_such_function(float), <math.h>, "");' >foreign.dsp
    status_wanted=1 probe foreign.dsp
    [[ $(field error_kind) == unsupported && $(field error) == *"foreign.dsp: uses the foreign function no_such_function"* ]]
    echo 'process = ffunction(float tgammaf(float), <math.h>, "");' >known.dsp
    probe known.dsp
    run -0 faust-build --lang cpp foreign.dsp
}

@test "a function of a header that is not C's own is no less foreign, and the advice is the same" {
    echo 'process = ffunction(float no_such_function(float), "other.h", "");' >foreign.dsp
    status_wanted=1 probe foreign.dsp
    [[ $(field error) == *"calling foreign function 'no_such_function' is not allowed"*"; build source code of it with faust-build"* ]] || fail "$output"
}

@test "a foreign constant that nobody knows is no zero" {
    echo 'process = fconstant(int no_such_constant, <math.h>) + 1;' >constant.dsp
    echo 'process = fvariable(float no_such_variable, "x.h") + 1;' >variable.dsp
    for name in constant variable; do
        status_wanted=1 probe "$name.dsp"
        [[ $(field error) == *"$name.dsp: does not compile: accessing foreign "*"'no_such_$name' is not allowed"* ]] || fail "$output"
        run -1 faust-build --machine "$name.dsp"
        run -0 faust-build --lang cpp "$name.dsp"
    done
    echo 'process = fconstant(int fSamplingFreq, <math.h>) + fvariable(int count, <math.h>);' >known.dsp
    probe known.dsp
}

@test "a mistake in a text is no lack of memory" {
    echo 'process = ;' >mistake.dsp
    status_wanted=1 probe --max-memory 2000 mistake.dsp
    [[ $(field error) == *"does not compile"* && $(field error) != *max-memory* ]]
}

@test "a field that the operand does not have is refused by name" {
    echo 'process = _;' >wire.dsp
    status_wanted=1 probe "{\"dsp\":\"$PWD/wire.dsp\",\"voices\":3}"
    [[ $(field error) == *'"voices"'*nvoices* ]]
}
