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
    diff <(command jq 'del(.include_pathnames)' osci.json) <(command jq 'del(.include_pathnames)' osci.dsp.json)
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

# A program that multiplies and adds in many ways; some of its loops become vectors.
multiply_and_add() {
    cat >sums.dsp <<'END'
import("stdfaust.lib");
process = _ <: (_ * 0.3 + 0.1 : *(1.1) : +(0.7)), fi.lowpass(5, 1234.5), (os.osc(441.3) * 0.3 + _ * 0.7),
    (floor(_ * 100) * 0.01 - _), (_ <: par(i, 8, _ * (i + 0.3)) :> _);
END
}

@test "code for every instruction set gives the same bits, and fuses no multiplication with an addition" {
    [[ $(uname -m) == x86_64 ]] || skip "the sets are those of x86-64"
    multiply_and_add
    gcc -O1 -c -o run.o "$root/tests/faust/run-object.c"
    for options in '' '-double' '-vec -vs 32'; do
        for set in x86-64 sse4.2 avx2; do
            faust-build --machine --target $set -o $set.o ${options:+--compile-options "$options"} sums.dsp >/dev/null
            objdump -d $set.o >$set.code
            run -1 grep -E 'vfn?m(add|sub)|vfms' $set.code
            grep -qwo "${set/x86-64/sse2}" <<<"$(grep -m 1 ^flags /proc/cpuinfo | sed 's/_/./g')" || continue
            gcc -o run run.o $set.o -lm
            ./run $((${#options} == 7 ? 8 : 4)) >$set.samples
            (($(wc -c <$set.samples) > 100000))
            cmp x86-64.samples $set.samples
        done
        # They are not the same code.
        grep -q '%ymm' avx2.code
        run -1 grep -E '%ymm|vmulps|round' x86-64.code
        grep -q round sse4.2.code
    done
}

@test "the processor that bitcode and IR were made for is not kept" {
    [[ $(uname -m) == x86_64 ]] || skip "the sets are those of x86-64"
    multiply_and_add
    faust-build --target x86-64 --lang llvm --llvm-bitcode sums.dsp >/dev/null
    # As a compiler writes it that was told -march=haswell.
    sed -i 's/"target-cpu"="x86-64"/"target-cpu"="haswell" "target-features"="+avx2,+fma" "tune-cpu"="haswell"/' sums.ll
    (($(grep -c '+fma' sums.ll) > 0))
    for target in x86-64 avx2; do
        faust-build --machine --target $target -o $target.o sums.ll >/dev/null
        objdump -d $target.o >$target.code
        run -1 grep -E 'vfn?m(add|sub)' $target.code
    done
    run -1 grep '%ymm' x86-64.code
    run -2 --separate-stderr faust-build --machine --target haswell sums.ll
    [[ $stderr == *"--target: is one of x86-64, sse4.2 and avx2, not 'haswell'"* ]]
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

@test "a program may have any name" {
    local name
    for name in 'a"b' 'back\slash' $'two\nlines'; do
        echo 'process = _;' >"$name.dsp"
        run -0 faust-build --json --sha -o "$name.json" "$name.dsp"
        jq -e '.inputs == 1' "$name.json"
        [[ $(plugin-probe "$name.dsp" | jq -r .sha) == "$(field sha)" ]]
    done
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
import.dsp: does not compile: line 1: unable to open file nothere.lib
indirect.dsp: does not compile: broken.lib, line 2: syntax error, unexpected ENDDEF
arity.dsp: does not compile: ERROR in sequential composition A:B The number of outputs [2] of A must be equal to the number of inputs [4] of B Here A = _,_; has 2 outputs while B = +,+; has 4 inputs
silent.dsp: does not compile: the Faust program has no output signal
empty.dsp: is empty
missing.dsp: No such file or directory
osci.c
END
    [[ -z $stderr && $(field error_kind | sort | uniq -c | tr -s ' ' | tr '\n' ';') == " 1 corrupt; 1 not-found; 1 null; 6 plugin-load;" ]]
}

@test "a compiler that hangs or crashes costs one file" {
    echo 'process = par(i, 10000, _);' >slow.dsp
    echo 'process = par(i, 100000, _);' >many.dsp
    run -1 timeout 60 faust-build --lang c --timeout 1 slow.dsp many.dsp osci.dsp
    [[ ${lines[0]} == *'"error_kind":"timeout"'*"did not finish within 1 seconds while compiling slow.dsp"* ]]
    [[ ${lines[1]} == *'"error_kind":"'*"while compiling many.dsp"* ]]
    [[ ${lines[2]} == *'"status":"ok"'* && -s osci.c && ! -e slow.c && ! -e many.c ]]
}

@test "a compiler that eats memory costs one file, and the error names the limit" {
    without_sanitizers "memory is not limited with them"
    echo 'process = par(i, 10000, _);' >slow.dsp
    run -1 timeout 60 faust-build --lang c --max-memory 32 slow.dsp
    [[ ${lines[0]} == *'"error_kind":"crash"'*"--max-memory 32 may be too little"* ]]
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
    command jq -nc '{plugin_path: "osci.dsp", "x": 1, compile_options: ["-double"]}, {status: "error"}, {y: 2}' >in
    run -1 faust-build --lang cpp -o out/ <in
    ((${#lines[@]} == 3))
    [[ ${lines[0]} == '{"plugin_path":"osci.dsp","x":1,"compile_options":["-double"],'*'"build_path":"'"$PWD/out/osci.cpp"'"'* ]]
    [[ ${lines[1]} == '{"status":"error"}' && ${lines[2]} == '{"y":2,'*'plugin_path: is missing'* ]]
    diff out/osci.cpp <(faust -double osci.dsp)
    # A text has spaces between options, as render-one takes it.
    run -0 faust-build --lang cpp -o text/ <<<'{"plugin_path": "osci.dsp", "compile_options": "-double -vec"}'
    diff text/osci.cpp <(faust -double -vec osci.dsp)
    run -1 faust-build --lang cpp -o text/ <<<'{"plugin_path": "osci.dsp", "compile_options": [1]}'
    [[ $output == *'"error_kind":"bad-record"'*"compile_options: must be a text, or a list of texts"* ]]
}

@test "a file goes to standard output, and its record to standard error" {
    for output in - /dev/stdout; do
        faust-build --lang cpp -o $output osci.dsp >ours 2>record
        faust -lang cpp osci.dsp | diff ours -
        [[ $(jq -r .build_bytes record) == "$(stat -c %s ours)" && ! -e ./- ]]
    done
    [[ $(faust-build -b -o - osci.dsp 2>/dev/null | head -n 1) == interpreter_dsp_factory* ]]
    run -2 faust-build --lang wasm -o - osci.dsp
    [[ $output == *"-o: wasm is two files, which need names or a folder"* ]]
    run -1 --separate-stderr faust-build --lang cpp -o - nothere.dsp
    [[ -z $output && $(jq -r .error_kind <<<"$stderr") == not-found ]]
}

@test "the compiler has the stack that large programs need" {
    # tests/faust has one of them, which takes half a minute.
    let_strace_look
    stacks() { strace -f -qq -e trace=mmap faust-build --sha "$@" osci.dsp 2>&1 | grep -oP '[0-9]+(?=, .*MAP_STACK)' | sort -n | tail -n 1; }
    (($(stacks) > 256 << 20))
    # Not more of it than memory is left for.
    (($(stacks --max-memory 800) < 110 << 20))
}

@test "the compiler is described without a program" {
    run -0 --separate-stderr faust-build --list
    [[ -z $stderr && $(field compiler_version) == "$(faust --version | grep -oP 'FAUST Version \K\S+') (LLVM "* ]]
    [[ $(field compiler_target) =~ ^x86_64-.*:x86-64(\+sse4.2|\+avx2|)$ || $(uname -m) != x86_64 ]]
    # Every language that it names can be built.
    run -0 faust-build --lang "$(jq -r '.languages | join(",")' <<<"$output")" -o out/ osci.dsp
    [[ $(field status | sort -u) == ok ]]
    run -2 faust-build --list osci.dsp
    [[ $output == *"--list: is about the compiler, and builds nothing"* ]]
}

@test "wrong usage is said before any work" {
    run -2 faust-build osci.dsp
    [[ $output == *"name what to build"* ]]
    run -2 faust-build --lang c,cpp -o one.c osci.dsp
    [[ $output == *"one.c is for one file of one program; write one.c/ for a folder"* ]]
    run -1 faust-build --lang c --compile-options "-double -o /tmp/x" osci.dsp
    [[ $output == *"cannot be built with the compiler's option -o; use -o of faust-build"* ]]
}

# Expressions.

# functions_of HEADER: the names that the header exports.
functions_of() {
    sed -E 's|//.*||' "/usr/include/faust/dsp/libfaust-$1-c.h" | grep -oP '^\s*(LIBFAUST_API )?(Box|Signal|bool) \K\w+(?=\()' | sort -u
}

@test "every constructor and predicate of the library's headers is in the table" {
    # These make no node and ask none.
    others='CDSPToBoxes|CgetBoxType|CsimplifyToNormalForm'
    for header in box signal; do
        functions_of $header | grep -vxE "$others" >wanted
        (($(wc -l <wanted) > 100))
        while read -r function; do
            grep -q "[(]$function)" "$root/lib/faust/expression_table.cpp" || fail "$function is missing"
        done <wanted
    done
    # And those of the table are in the headers.
    grep -oP '(MAKE|ASK)\(\K\w+(?=\)\})' "$root/lib/faust/expression_table.cpp" | sort -u >there
    diff there <(for header in box signal; do functions_of $header; done | grep -vxE "$others" | sort -u)
}

# body FILE: source text without what names the program.
body() { grep -vE '^(name|Code|Compilation)|declare\(' "$1"; }

@test "an expression builds to what the same program in text builds to" {
    faust-build --lang cpp,c -b -o boxes.x/ - <<'END' >/dev/null
{"id": "f", "op": "hslider", "label": "freq", "init": 440, "min": 20, "max": 20000, "step": 0.1}
{"id": "half", "op": "mul", "in": ["f", 0.5]}
{"id": "w", "op": "wire"}
{"op": "add", "in": ["w", "half"]}
END
    faust-build --lang cpp,c -o text.x/ - <<<'process = _ + hslider("freq", 440, 20, 20000, 0.1) * 0.5;' >/dev/null
    faust-build --lang cpp,c -o signals.x/ - <<'END' >/dev/null
{"api": "signal"}
{"id": "f", "op": "hslider", "label": "freq", "init": 440, "min": 20, "max": 20000, "step": 0.1}
{"id": "half", "op": "mul", "in": ["f", 0.5]}
{"id": "w", "op": "input", "index": 0}
{"op": "add", "in": ["w", "half"]}
END
    for language in c cpp; do
        diff <(body text.x/stdin.$language) <(body boxes.x/stdin.$language)
        diff <(body text.x/stdin.$language) <(body signals.x/stdin.$language)
    done
}

@test "bitcode of an expression sounds as the program in text does" {
    printf 'import("stdfaust.lib");\nprocess = os.osc(440) * 0.5;\n' >text.dsp
    faust-build -b -o expression.fbc - <<'END' >/dev/null
{"id": "osc", "op": "faust", "code": "os.osc(440)"}
{"op": "mul", "in": ["osc", 0.5]}
END
    faust-build -b text.dsp >/dev/null
    for program in text.dsp text.fbc expression.fbc; do
        render-one -p $program --faust-backend interpreter "{\"duration\":1,\"output_path\":\"$PWD/out.wav\"}" | jq -e -r .audio_hash
    done >hashes
    (($(sort -u hashes | wc -l) == 1))
}

@test "machine arithmetic of expressions is as exact as that of text" {
    printf 'process = _ <: *(0.1), *(0.3) :> /(0.7);\n' >text.dsp
    echo '{"op": "faust", "code": "_ <: *(0.1), *(0.3) :> /(0.7)"}' >expression.ndjson
    faust-build --lang llvm text.dsp expression.ndjson >/dev/null
    grep -q fmul text.ll
    run -1 grep -h 'f[a-z]* fast ' text.ll expression.ll
    diff <(grep -c fmul text.ll) <(grep -c fmul expression.ll)
}

@test "expressions become everything, with a key of 40 digits; signals have no text" {
    echo '{"op": "faust", "code": "os.osc(440)"}' >x.ndjson
    run -0 faust-build --lang c,java,wasm,llvm,ocpp -b -e --machine --json --svg . x.ndjson
    [[ $(field sha | sort -u) =~ ^[0-9A-F]{40}$ && -s x-svg/process.svg ]]
    [[ $(jq -r .outputs x.json) == 1 ]]
    [[ $(sha1sum <x.expanded.dsp) == "$(jq -r '.sha | ascii_downcase' <<<"${lines[0]}")"* ]]
    grep -q 'virtual void compute' x.ocpp.cpp
    diff <(sed -n '/void compute/,$p' x.ocpp.cpp) <(faust -lang ocpp x.expanded.dsp | sed -n '/void compute/,$p')
    echo '{"api": "signal", "op": "input", "index": 0}' >y.ndjson
    run -0 faust-build --lang c,java,wast,llvm -b --machine y.ndjson
    for format in -e --lang=ocpp; do
        run -1 faust-build "$format" y.ndjson
        [[ $output == *"is of signals, which have no text in the language; build it of boxes"* ]]
    done
}

@test "a node is explained by its text, its type and the predicates that hold" {
    run -0 faust-build --explain - <<'END'
{"id": "b", "op": "button", "label": "go"}
{"id": "w", "op": "wire"}
{"id": "s", "op": "seq", "in": ["b", "w"]}
{"id": "n", "op": "int", "value": 3}
END
    [[ $(jq -c '[.op, .inputs, .outputs]' <<<"${lines[0]}") == '["button",0,1]' ]]
    [[ $(jq -c '.is' <<<"${lines[0]}") == '{"isBoxButton":["go"]}' ]]
    [[ $(jq -c '.is' <<<"${lines[2]}") == '{"isBoxSeq":["button(\"go\")\n","_\n"]}' ]]
    [[ $(jq -c '.is' <<<"${lines[3]}") == '{"isBoxInt":[3]}' ]]
    [[ $(jq -c '[.api, .outputs, (.normal_form | length)]' <<<"${lines[4]}") == '["box",1,1]' ]]
}

@test "a program whose text is not UTF-8 is explained" {
    printf 'process = hslider("\xe9t\xe9", 0, 0, 1, 0.1) : _;' >latin.dsp
    run -0 faust-build --explain latin.dsp
    [[ $(jq -r '.shared_text[0]' <<<"$output") == *'\xe9t\xe9'* ]] || fail "$output"
}

@test "mistakes in expressions are named by line" {
    says() {
        run -1 faust-build --sha - <<<"$1"
        [[ $(jq -r .error_kind <<<"$output") == bad-record ]]
        [[ $(jq -r .error <<<"$output") == *"$2"* ]] || fail "$output"
    }
    says '{"op": "ad", "in": [1, 2]}' "line 1: there is no op 'ad'; the closest"
    says '{"op": "round", "in": [1]}' "line 1: libfaust 2.54.9 does not have the op 'round'; use rint"
    says '{"op": "hgroup", "in": [1]}' "write the group into a label"
    says '{"op": "add", "in": [1]}' "line 1: add takes 0 or 2 nodes in \"in\", not 1"
    says '{"op": "hslider", "label": "x", "init": 0, "min": 0, "max": 1, "stp": 1}' "line 1: hslider takes 1 node in \"in\", not 0; step is missing"
    says '{"id": "gain", "op": "wire"}
{"op": "add", "in": ["gian", 1]}' "line 2: there is no node 'gian' above this line; the closest is 'gain'"
    says '{"id": "x", "op": "add", "in": ["x", 1]}' "a node that feeds back is made with rec"
    says '{"id": "x", "op": "wire"}
{"id": "x", "op": "cut"}' "line 2: the id 'x' is taken already"
    says '{"op": "wire"}
{"api": "signal", "op": "self"}' "line 2: a program is of boxes or of signals, not of both"
    says '{"op": "button"}' 'line 1: button needs a text in "label"'
    says '{"op": "binary", "operator": "**", "in": [1, 2]}' "operator is '**'; there are + - *"
    says '{"op": "mul", "in": [99999999999, 2]}' "beyond 32 bits"
    says '{"op": "wire"} x' "line 1:"
    says '{"api": "box"}' "has no nodes"
}

@test "text in a node that does not compile has the compiler's words" {
    run -1 faust-build --sha - <<<'{"op": "faust", "code": "os.oscc(440)"}'
    [[ $(field error_kind) == plugin-load && $(field error) == *"line 1: does not compile: "*"oscc"* ]]
}

@test "expressions are bounded: depth is refused, and a million nodes end" {
    deep() { echo '{"id":"0","op":"wire"}'; seq 1 "$1" | sed 's/.*/{"id":"&","op":"add","in":["@&",1]}/' | awk -F@ '{split($2, n, "\""); sub("@" n[1], n[1] - 1); print}'; }
    deep 3000 >deep.ndjson
    run -1 faust-build --sha deep.ndjson
    [[ $(field error) == *"line 2002: "*"is nested in more than 2000 levels"* || $(field error) == *"is nested in more than 2000 levels"* ]]
    deep 1500 >deep.ndjson
    run -0 faust-build --lang c deep.ndjson
    yes '{"op":"wire"}' | head -n 1000000 >wide.ndjson
    run -0 timeout 60 faust-build --sha wide.ndjson
}
