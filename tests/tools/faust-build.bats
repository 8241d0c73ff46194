#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The oracle is the compiler's own command line, `faust`.

load ../helper

examples=/usr/share/faust/examples

setup() { cp "$examples/generator/osci.dsp" "$examples/filtering/lowBoost.dsp" .; }

# The folder of the program is among the include paths that `faust` writes into some languages; a
# build does not depend on where it is done.
without_folder() { sed -E "s|,\\\\?\"$PWD\\\\?\"\]|]|g" "$1"; }

@test "source text in every language is what faust -lang writes" {
    languages=(c cmajor cpp csharp dlang fir java jax julia ocpp rust wast)
    for program in osci lowBoost; do
        faust-build --lang "$(IFS=, && echo "${languages[*]}")" -o ours/ $program.dsp >records
        jq -se 'all(.status == "ok")' records
        for language in "${languages[@]}"; do
            file=$(jq -r "select(.build_format == \"$language\") | .build_path" records | head -n 1)
            faust -lang "$language" $program.dsp -o theirs
            diff "$file" <(without_folder theirs) || fail "$program in $language"
        done
    done
}

@test "wasm is a module and its script" {
    run -0 faust-build --lang wasm osci.dsp
    [[ $(field build_path) == "$PWD/osci.wasm"$'\n'"$PWD/osci.js" ]]
    [[ $(head -c 4 osci.wasm) == $'\0asm' || $(xxd -p -l 4 osci.wasm) == 0061736d ]]
    faust -lang wasm osci.dsp -o theirs.wasm
    diff osci.js <(without_folder theirs.js)
}

@test "the compiler's options change the text as they do for faust" {
    faust-build --lang cpp --compile-options "-double -vec -vs 64 -cn organ" osci.dsp >record
    faust -lang cpp -double -vec -vs 64 -cn organ osci.dsp | diff osci.cpp -
    grep -q 'class organ' osci.cpp
    [[ $(jq -c .compile_options record) == '["-double","-vec","-vs","64","-cn","organ"]' ]]
}

@test "the expanded text is that of faust -e, has the sha of every record, and builds to the same" {
    run -0 faust-build -e --lang cpp osci.dsp
    faust -e osci.dsp -o theirs
    diff <(grep -v compile_options osci.expanded.dsp) <(grep -v compile_options theirs)
    [[ $(field sha | sort -u) == "$(sha1sum osci.expanded.dsp | cut -d ' ' -f 1 | tr '[:lower:]' '[:upper:]')" ]]
    [[ $(faust-build --sha osci.dsp | jq -r .sha) == "$(jq -r .sha <<<"${lines[0]}")" ]]
    mkdir again && cp osci.expanded.dsp again/osci.dsp
    faust-build --lang cpp -o again osci.dsp >/dev/null 2>&1
    diff osci.cpp again/osci.cpp
}

@test "json and xml are those of faust" {
    faust-build --json --xml osci.dsp >/dev/null
    faust -json -xml osci.dsp -o theirs.cpp
    diff <(jq 'del(.include_pathnames)' osci.json) <(jq 'del(.include_pathnames)' osci.dsp.json)
    diff osci.xml osci.dsp.xml
}

@test "diagrams have stable names, whole links, and the pictures of faust -svg" {
    run -0 faust-build --svg . osci.dsp
    mv osci-svg ours
    ((${#lines[@]} == $(find ours -type f | wc -l) && ${#lines[@]} > 10))
    [[ -f ours/process.svg && -f ours/phasor-2.svg ]]
    run -1 grep -r 0x ours
    grep -oh 'href="[^"]*"' ours/* | sed 's/href="//; s/"//' | sort -u >linked
    while read -r name; do [[ -f ours/$name ]] || fail "$name is missing"; done <linked
    # The same pictures, but for the names.
    faust -svg osci.dsp -o /dev/null
    hashes() { sed 's/href="[^"]*"//' -s "$1"/*.svg | sort | md5sum; }
    [[ $(hashes ours) == "$(hashes osci-svg)" ]]
    diff <(sed 's/href="[^"]*"//' ours/process.svg) <(sed 's/href="[^"]*"//' osci-svg/process.svg)
}

@test "what is built twice has the same bytes" {
    all=(--lang 'c,cpp,rust,llvm,wasm,interp' -e --llvm-bitcode --machine --json --xml --svg)
    faust-build "${all[@]}" one -o one/ osci.dsp | jq -r .build_hash >one.hashes
    faust-build "${all[@]}" two -o two/ osci.dsp | jq -r .build_hash >two.hashes
    (($(wc -l <one.hashes) > 20))
    diff one.hashes two.hashes
    diff -r one two
}

@test "bitcode and IR are programs too, and become what they can" {
    faust-build --bitcode --llvm-bitcode --lang llvm --machine osci.dsp >/dev/null
    for program in osci.bc osci.ll; do
        run -0 faust-build --machine -o from/ $program
        cmp osci.o from/osci.o
    done
    run -0 faust-build -b -o from/ osci.fbc
    [[ $(head -n 1 from/osci.fbc) == "interpreter_dsp_factory float" ]]
    run -1 faust-build --lang rust --machine -e -o from/ osci.fbc
    [[ $(field error_kind | sort -u) == unsupported ]]
    [[ ${lines[0]} == *"osci.fbc: is compiled already, and does not become rust again; build that from the .dsp"* ]]
}

@test "a back end that is not there is refused by name, with those that are" {
    run -2 --separate-stderr faust-build --lang codebox osci.dsp
    [[ -z $output && $stderr == "faust-build: --lang: libfaust has no 'codebox'; it has c, cmajor, cpp, "*" wasm and wast"* ]]
    run -2 faust-build --lang rusty osci.dsp
    [[ $output == *"the closest is 'rust'"* ]]
}

@test "every back end that faust embeds is in the list" {
    # Its names for them: DSP to C++, DSP to Old C++, DSP to DLang.
    number=$(faust --version | grep -c 'DSP to')
    run -2 faust-build --lang no osci.dsp
    ours=$(sed -n 's/.*it has //p' <<<"$output" | sed 's/ and /, /; s/, /\n/g' | sort)
    # WebAssembly is one of theirs and two of ours: text and binary.
    (($(wc -l <<<"$ours") == number + $(faust --version | grep -c 'Wast and Wasm\|WebAssembly (wast/wasm)')))
}

@test "standard input is a program" {
    run -0 faust-build --lang cpp -o out.cpp - <<<'process = _;'
    [[ $(field build_path) == "$PWD/out.cpp" && $(field plugin_path) == - ]]
    grep -q 'class mydsp' out.cpp
    run -0 faust-build --lang c,cpp - <<<'process = _;'
    [[ -f stdin.c && -f stdin.cpp ]]
}

@test "imports are found beside the program and in the folders given, wherever it is built from" {
    mkdir -p here lib elsewhere
    echo 'process = near(_) : far;' >here/x.dsp
    sed -i '1i import("near.lib"); import("far.lib");' here/x.dsp
    echo 'near = *(0.5);' >here/near.lib
    echo 'far = +(1);' >lib/far.lib
    echo 'far = nonsense' >elsewhere/far.lib
    cd elsewhere
    run -1 faust-build --lang cpp ../here/x.dsp -o ../one.cpp
    run -0 faust-build --lang cpp -I ../lib ../here/x.dsp -o ../one.cpp
    cd ../here
    run -0 faust-build --lang cpp -I ../lib x.dsp -o ../two.cpp
    diff ../one.cpp ../two.cpp
}

@test "errors name the program, the line and the compiler's words, and the next program goes on" {
    printf 'import("stdfaust.lib");\nx = 3;\nprocess = foo(3);\n' >undefined.dsp
    echo 'process = +~_ : ;' >syntax.dsp
    echo 'import("nothere.lib"); process = _;' >import.dsp
    printf 'import("broken.lib");\nprocess = lo;\n' >indirect.dsp
    printf 'lo =\n bar + ;\n' >broken.lib
    echo 'process = _,_ : +,+;' >arity.dsp
    echo 'process = !;' >silent.dsp
    : >empty.dsp
    run -1 --separate-stderr faust-build --lang c undefined.dsp syntax.dsp import.dsp indirect.dsp \
        arity.dsp silent.dsp empty.dsp missing.dsp osci.dsp
    diff - <(jq -r '.error // .build_path' <<<"$output" | sed "s|$PWD/||g") <<'END'
undefined.dsp: does not compile: line 3: undefined symbol : foo
syntax.dsp: does not compile: line 1: syntax error, unexpected ENDDEF
import.dsp: does not compile: unable to open file nothere.lib
indirect.dsp: does not compile: broken.lib, line 2: syntax error, unexpected ENDDEF
arity.dsp: does not compile: ERROR in sequential composition A:B The number of outputs [2] of A must be equal to the number of inputs [4] of B Here A = _,_; has 2 outputs while B = +,+; has 4 inputs
silent.dsp: does not compile: the Faust program has no output signal
empty.dsp: is empty
missing.dsp: No such file or directory
osci.c
END
    [[ -z $stderr && $(field error_kind | sort | uniq -c | tr -s ' ' | tr '\n' ';') == " 1 corrupt; 1 not-found; 1 null; 6 plugin-load;" ]]
}

@test "a compiler that hangs, crashes or eats memory costs one file" {
    echo 'process = par(i, 10000, _);' >slow.dsp
    echo 'process = par(i, 100000, _);' >many.dsp
    run -1 timeout 60 faust-build --lang c --timeout 1 slow.dsp many.dsp osci.dsp
    [[ ${lines[0]} == *'"error_kind":"timeout"'*"did not finish within 1 seconds while compiling slow.dsp"* ]]
    [[ ${lines[1]} == *'"error_kind":"'*"while compiling many.dsp"* ]]
    [[ ${lines[2]} == *'"status":"ok"'* && -s osci.c && ! -e slow.c && ! -e many.c ]]
    run -1 timeout 60 faust-build --lang c --max-memory 100 slow.dsp
    [[ ${lines[0]} == *'"error_kind":"crash"'*"--max-memory 100 may be too little"* ]]
}

@test "no file replaces the program or one of another program of the run" {
    mkdir a b
    cp osci.dsp a/x.dsp
    cp lowBoost.dsp b/x.dsp
    run -1 faust-build --lang c -o out/ a/x.dsp b/x.dsp
    [[ $(field status) == $'ok\nerror' && ${lines[1]} == *"out/x.c: was written for another program of this run"* ]]
    diff out/x.c <(cd a && faust -lang c x.dsp)
    cp osci.dsp copy.dsp
    run -1 faust-build -e -o copy.dsp copy.dsp
    [[ ${lines[0]} == *"copy.dsp: would replace the program"* ]]
    cmp osci.dsp copy.dsp
}

@test "a file appears whole or not at all, and nothing stays in the temporary folder" {
    mkdir tmp
    TMPDIR=$PWD/tmp faust-build --lang c --svg . osci.dsp >/dev/null
    [[ -z $(ls -A tmp) ]]
    echo old >osci.c
    echo 'process = nothing;' >osci.dsp
    run -1 faust-build --lang c osci.dsp
    [[ $(<osci.c) == old ]]
}

@test "as a filter it builds the programs of records, with their options, and keeps their fields" {
    jq -nc '{plugin_path: "osci.dsp", "x": 1, compile_options: ["-double"]}, {status: "error"}, {y: 2}' >in
    run -1 faust-build --lang cpp -o out/ <in
    ((${#lines[@]} == 3))
    [[ ${lines[0]} == '{"plugin_path":"osci.dsp","x":1,"compile_options":["-double"],'*'"build_path":"'"$PWD/out/osci.cpp"'"'* ]]
    [[ ${lines[1]} == '{"status":"error"}' && ${lines[2]} == '{"y":2,'*'plugin_path: is missing'* ]]
    diff out/osci.cpp <(faust -double osci.dsp)
}

@test "wrong usage is said before any work" {
    run -2 faust-build osci.dsp
    [[ $output == *"name what to build"* ]]
    run -2 faust-build --lang c,cpp -o one.c osci.dsp
    [[ $output == *"one.c is for one file of one program; write one.c/ for a folder"* ]]
    run -1 faust-build --lang c --compile-options "-double -o /tmp/x" osci.dsp
    [[ $output == *"cannot be built with the compiler's option -o; use -o of faust-build"* ]]
}
