#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The parts of a reload that know neither plug-ins nor processes.

load ../helper

parts=$root/build/tests/reload-parts

# held MESSAGE...: what leads to the same as these, in one line.
held() { printf '[%s]\n' "$@" | "$parts" held | xargs; }

@test "a note is held until its note-off, or a note-on of velocity 0" {
    [[ $(held 144,60,100 144,64,90) == "[144,60,100] [144,64,90]" ]]
    [[ $(held 144,60,100 144,64,90 128,60,0) == "[144,64,90]" ]]
    [[ -z $(held 144,60,100 144,60,0) ]]
    # The channels are apart, and a second note-on of a note counts.
    [[ $(held 144,60,100 145,60,50 128,60,0) == "[145,60,50]" ]]
    [[ $(held 144,60,100 144,60,50) == "[144,60,50]" ]]
}

@test "the sustain pedal holds notes, and they are released behind it" {
    [[ $(held 176,64,127 144,60,100 128,60,0) == "[176,64,127] [144,60,100] [128,60,0]" ]]
    [[ $(held 176,64,127 144,60,100 128,60,0 176,64,0) == "[176,64,0]" ]]
}

@test "controllers, programs, bends and pressures come before the notes, in the order of their last setting" {
    [[ $(held 144,60,100 176,7,10 224,0,96 176,7,20 192,5 208,9 160,60,3) == \
        "[224,0,96] [176,7,20] [192,5] [208,9] [160,60,3] [144,60,100]" ]]
    # A bank belongs to the program behind it.
    [[ $(held 192,1 176,0,2 192,5) == "[176,0,2] [192,5]" ]]
}

@test "all notes off, all sound off and reset all controllers do what they say" {
    [[ $(held 144,60,100 176,7,10 176,123,0) == "[176,7,10]" ]]
    [[ $(held 144,60,100 176,120,0 145,60,1) == "[145,60,1]" ]]
    [[ $(held 176,7,10 176,1,5 224,0,96 176,64,127 144,60,100 128,60,0 176,121,0) == "[176,7,10]" ]]
    # System messages are not kept.
    [[ -z $(held 240,125,247 248) ]]
}

# settled LINE...: with a rest of 20 ms.
settled() { printf '%s\n' "$@" | "$parts" settling 20 | xargs; }

@test "a change counts when it has stayed the same for a while" {
    [[ $(settled '0 new' '10 new' '20 new' '30 new') == "20 new" ]]
    [[ $(settled '0 new' '10 newer' '25 newer' '30 newer') == "30 newer" ]]
    # An unreadable moment begins it again.
    [[ $(settled '0 new' '15 -' '20 new' '39 new' '40 new') == "40 new" ]]
}

@test "only contents count: a touch is no change, and an older file is one" {
    [[ -z $(settled '0 first' '100 first') ]]
    [[ -z $(settled '0 new' '10 first' '100 first') ]]
    [[ $(settled '0 new' '20 new' '30 first' '50 first') == "20 new 50 first" ]]
}

@test "what programs and their builds are written in are sources, and what a compiler makes is none" {
    sources=(a.c a.cc a.cpp A.CPP a.cxx a.h a.hpp a.inl a.ipp a.tpp a.tcc a.ixx a.cppm a.m a.mm a.cu a.s a.S a.asm
        a.ld a.rs a.zig a.swift a.f90 a.F90 a.adb a.dsp a.lib a.csd a.cmajor a.ttl a.y a.in a.toml a.json a.jucer a.mk
        Makefile GNUmakefile CMakeLists.txt meson.build Cargo.lock configure)
    [[ $(printf '%s\n' "${sources[@]}" | "$parts" sources | xargs) == "${sources[*]}" ]]
    [[ -z $(printf '%s\n' a a.o a.so a.a a.obj a.gch a.pcm a.rlib a.bc a.wav a.png a.log a.txt a.md makefiles .c | "$parts" sources) ]]
    # GCC knows the suffixes of those that it compiles.
    for suffix in c i ii m mm cc cp cxx cpp c++ C h hh hp hxx hpp H tcc s S sx adb ads f for ftn F FOR fpp f90 f95 F90 f03 f08 d go; do
        [[ $suffix == i || $suffix == ii || -n $(echo "a.$suffix" | "$parts" sources) ]] || fail "$suffix"
    done
}

# errors: of standard input, as PATH:LINE:COLUMN:ERROR.
errors() { "$parts" diagnostics | jq -r '"\(.error_path):\(.line):\(.column):\(.error)"'; }

@test "the errors of compilers are found in what a build prints" {
    echo 'int f() { return x; }' >bad.c
    LC_ALL=C gcc -c bad.c 2>&1 | errors >found
    [[ $(<found) == "bad.c:1:18:"*"'x' undeclared"* ]] || fail "$(<found)"
    echo 'process = os.osc(440) +;' >bad.dsp
    run faust bad.dsp -o /dev/null
    [[ $(errors <<<"$output") == *"bad.dsp:1:"*"syntax error"* ]] || fail "$output"
    echo 'fn main() { let x: u32 = "text"; }' >bad.rs
    run rustc bad.rs
    [[ $(errors <<<"$output") == "bad.rs:1:26:"*"mismatched types"* ]] || fail "$output"
    [[ -z $(printf '%s\n' 'a.c:1:2: warning: no error: at all' 'a.c:3:4: note: here' 'make: *** [a.o] Error 1' | errors) ]]
}
