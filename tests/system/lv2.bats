#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The expectations of LV2 plug-ins of a host; tests/plugins/corners.cpp has a synth for each.

load ../helper

export LV2_PATH=$root/build/tests/plugins

@test "a plug-in that makes a QApplication loads without a display" {
    for platform in '' xcb wayland 'wayland;xcb' minimal; do
        run -0 --separate-stderr env DISPLAY=:99 ${platform:+QT_QPA_PLATFORM="$platform"} plugin-probe urn:patchpipe:corner-qt
        [[ $(field status) == ok ]]
    done
    # Another platform that needs no display is the user's choice.
    run -1 --separate-stderr env QT_QPA_PLATFORM=vnc plugin-probe urn:patchpipe:corner-qt
    [[ $(field error_kind) == crash && $(field error) == *"; it printed: "*"could not connect to display" ]]
}

# play CORNER OPTION...: the peak of a note that it plays; silence is 0.
play() {
    run -0 --separate-stderr render-one -v --timeout 20 -p "urn:patchpipe:corner-$1" "${@:2}" \
        '{"note": 69, "velocity": 127, "duration": 0.2, "tail": 0.1, "output_path": "/dev/null"}'
    field peak
}

@test "memory is filled when it is taken, not when blocks beside it grow" {
    without_sanitizers "their malloc() is another"
    [[ $(play growing) == 0.5 ]]
}

@test "memory that a plug-in takes holds zeros, whatever function gives it" {
    without_sanitizers "they have a malloc of their own"
    [[ $(play memory) == 0.5 ]]
}

# A bundle of that name in bundles/, with the manifest on standard input.
make_bundle() {
    mkdir -p "bundles/$1"
    cat >"bundles/$1/manifest.ttl"
}

@test "a plug-in is found however its manifest spells the URI" {
    make_bundle whole.lv2 <<<'<http://synth.example/whole> a <http://lv2plug.in/ns/lv2core#Plugin> .'
    make_bundle prefix.lv2 <<'END'
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
PREFIX s: <http://synth.example/pre>
s:fix a lv2:Plugin .
END
    export LV2_PATH=$PWD/none:$PWD/bundles
    run -1 plugin-probe http://synth.example/{whole,prefix,other}
    [[ $(field error_kind) == $'unsupported\nunsupported\nnot-found' ]]
    # A folder in the home, which is used if LV2_PATH is not set.
    mkdir -p "$HOME/.lv2"
    cp -r bundles/whole.lv2 "$HOME/.lv2"
    run -1 env -u LV2_PATH plugin-probe http://synth.example/whole
    [[ $(field error_kind) == unsupported ]]
}

@test "a bundle whose manifest is nested without end is passed over" {
    export LV2_PATH=$PWD/own
    mkdir -p own/a-deep.lv2
    cp -r "$root/build/tests/plugins/FaultSynth.lv2" own
    for depth in 100000 900; do
        /usr/bin/python3 -c '
import sys
depth = int(sys.argv[1])
print("<urn:patchpipe:fault-synth> <urn:p>", "[ <urn:p> " * depth, "1", "]" * depth, ".")
' "$depth" >"$LV2_PATH/a-deep.lv2/manifest.ttl"
        run -0 plugin-probe urn:patchpipe:fault-synth
        [[ $(field name) == "Patchpipe Fault Synth" ]]
    done
    # A correct one is read, however large it is.
    { cat "$LV2_PATH/FaultSynth.lv2/manifest.ttl"; yes '<urn:x> <urn:p> [ <urn:q> ( 1 ) ] .' |
        head -n 2000; } >"$LV2_PATH/a-deep.lv2/manifest.ttl"
    cp "$LV2_PATH"/FaultSynth.lv2/{FaultSynth.so,dsp.ttl} "$LV2_PATH/a-deep.lv2"
    rm -r "$LV2_PATH/FaultSynth.lv2"
    run -0 plugin-probe urn:patchpipe:fault-synth
}

@test "without LV2_PATH the folders are those of Debian's lilv" {
    unset LV2_PATH
    let_strace_look
    run -1 strace -f -qq -e trace=openat -o calls plugin-probe urn:patchpipe:nowhere
    grep -oE '"[^"]*/\.?lv2"' calls | uniq >folders
    diff - folders <<END
"$HOME/.lv2"
"/usr/lib/$(uname -m)-linux-gnu/lv2"
"/usr/lib/lv2"
"/usr/local/lib/lv2"
END
}

@test "bundles that do not name a plug-in are not opened for it" {
    mkdir -p bundles/bad.lv2
    g++ -shared -fPIC -o bundles/bad.lv2/bad.so -x c++ - <<'END'
#include <cstdlib>
extern "C" int lv2_dyn_manifest_open(void**, const void* const*) { std::abort(); }
END
    make_bundle bad.lv2 <<'END'
@prefix dman: <http://lv2plug.in/ns/ext/dynmanifest#> .
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
<urn:patchpipe:dynamic> a dman:DynManifest ; lv2:binary <bad.so> .
END
    run -0 --separate-stderr env LV2_PATH="$PWD/bundles:$LV2_PATH" plugin-probe urn:patchpipe:corner-memory
    [[ -z $stderr ]]
}

@test "presets in bundles of their own are programs of the plug-in" {
    make_bundle presets.lv2 <<'END'
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:patchpipe:one> a pset:Preset ; lv2:appliesTo <urn:patchpipe:corner-memory> ; rdfs:label "One" .
<urn:patchpipe:two> a pset:Preset ; lv2:appliesTo <urn:patchpipe:corner-memory> ; rdfs:label "Two" .
END
    run -0 env LV2_PATH="$PWD/bundles:$LV2_PATH" plugin-probe urn:patchpipe:corner-memory
    [[ $(field program_count) == 2 ]]
    run -0 plugin-probe urn:patchpipe:corner-memory
    [[ $(field program_count) == 0 ]]
}

@test "loading an LV2 leaves nothing in the folder for temporary files" {
    mkdir temporary
    run -0 env TMPDIR="$PWD/temporary" plugin-probe urn:patchpipe:corner-memory
    [[ $(field status) == ok ]]
    rmdir temporary
}

@test "work that a plug-in schedules is done and answered at once" {
    for isolation in snapshot fork process reuse; do
        [[ $(play worker --isolation "$isolation") == 0.5 ]]
    done
}

@test "work that a plug-in schedules while it restores a state is done on the same thread" {
    for isolation in snapshot fork process reuse; do
        [[ $(play state --isolation "$isolation") == 0.5 ]]
    done
}

@test "a port for a control voltage is connected, to its default value" {
    [[ $(play voltage) == 0.5 ]]
}

@test "a port whose connection is optional stays unconnected" {
    [[ $(play optional) == 0.5 ]]
}

@test "a plug-in is not freed before it has played" {
    [[ $(play unplayed) == 0.5 ]]
}

@test "every wait passes on the clock that plug-ins are shown" {
    [[ $(play waits) == 0.5 ]]
}

@test "a plug-in may wait, while it is being loaded, for a thread that waits and looks around" {
    [[ $(CORNERS_THREAD=1 play waits) == 0.5 ]]
}

@test "a wait with a deadline at the end of time hears what comes before it" {
    [[ $(play far) == 0.5 ]]
}

@test "a wait that a signal interrupts is not over, and one that is interrupted again and again ends" {
    [[ $(play signals) == 0.5 ]]
}

# random_bytes ISOLATION COUNT: the bytes that a plug-in reads in the last of COUNT jobs, a line for
# each way of reading.
random_bytes() {
    yes '{"note": 69, "duration": 0.1, "tail": 0.1, "output_path": "/dev/null"}' | head -n "$2" |
        render-one -v -p urn:patchpipe:corner-random --isolation "$1" 2>&1 >/dev/null |
        grep -E '^[a-z_0-9 ]+:( [0-9a-f]{2}){8}$' | tail -n 14
}

@test "the random devices give each job the same bytes, whatever function opens them" {
    random_bytes snapshot 1 >first
    for isolation in snapshot fork process reuse; do
        diff first <(random_bytes "$isolation" 2)
    done
    # Every device that is opened during the job returns other bytes; one that was open before
    # starts again.
    [[ $(wc -l <first) == 14 && $(tail -n 13 first | cut -d: -f2 | sort -u | wc -l) == 13 ]]
}

@test "one processor is shown, and a thread that asks for it alone may run on all" {
    [[ $(play processors) == 0.5 ]]
}

@test "the clock never goes back where jobs share a process" {
    yes '{"note": 69, "duration": 0.1, "tail": 0.1, "output_path": "/dev/null"}' | head -n 3 >queue
    run -0 --separate-stderr render-one -v -p urn:patchpipe:corner-steady --isolation reuse <queue
    [[ $(field peak) == $'0.5\n0.5\n0.5' && $stderr != *'went back'* ]]
}

# make_hertz TRIPLES: an LV2 effect of one control, whose output is the control's value, 1 for 100 kHz.
make_hertz() {
    mkdir -p bundles/hertz.lv2
    gcc -shared -fPIC -o bundles/hertz.lv2/hertz.so -x c - <<'END'
#include <lv2/core/lv2.h>
#include <stdlib.h>
#include <string.h>
static void connect_port(LV2_Handle self, uint32_t port, void* data) { ((void**)self)[port] = data; }
static LV2_Handle make(const LV2_Descriptor* d, double rate, const char* path, const LV2_Feature* const* f) {
    if (!getenv("NEEDS_LIVE")) return calloc(3, sizeof(void*));
    for (; *f; ++f) if (!strcmp((*f)->URI, LV2_CORE__isLive)) return calloc(3, sizeof(void*));
    return 0;
}
static void run(LV2_Handle self, uint32_t frames) {
    float** ports = self;
    for (uint32_t i = 0; i < frames; ++i) ports[1][i] = *ports[2] / 100000;
}
static const LV2_Descriptor descriptor = {"urn:patchpipe:hertz", make, connect_port, 0, run, 0, free, 0};
const LV2_Descriptor* lv2_descriptor(uint32_t i) { return i ? 0 : &descriptor; }
END
    make_bundle hertz.lv2 <<END
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
<urn:patchpipe:hertz> a lv2:Plugin ; lv2:binary <hertz.so> ; $1
    <http://usefulinc.com/ns/doap#name> "Hertz" ;
    lv2:port [ a lv2:InputPort , lv2:AudioPort ; lv2:index 0 ; lv2:symbol "in" ; lv2:name "In" ] ,
        [ a lv2:OutputPort , lv2:AudioPort ; lv2:index 1 ; lv2:symbol "out" ; lv2:name "Out" ] ,
        [ a lv2:InputPort , lv2:ControlPort ; lv2:index 2 ; lv2:symbol "cutoff" ; lv2:name "Cutoff" ;
          lv2:minimum 0.0001 ; lv2:maximum 0.4 ; ${2-} ] .
END
    export LV2_PATH=$PWD/bundles
    sox -n -r 40000 -c 1 -e float -b 32 in.wav trim 0 0.01
}

# hertz FIELDS...: the peak of a render at 40 kHz for each of them, in hertz.
hertz() {
    printf '{"input_path": "in.wav", "sample_rate": 40000, "tail": 0, "bit_depth": "32f", "output_path": "out.wav"%s}\n' "$@" >queue
    render-one -p urn:patchpipe:hertz <queue >results
    jq '.peak * 100000 | round' results
}

@test "a port whose bounds are multiples of the sample rate has its values in hertz, as in other hosts" {
    make_hertz '' 'lv2:default 0.1 ; lv2:portProperty lv2:sampleRate'
    run -0 plugin-probe --parameters urn:patchpipe:hertz
    [[ $(jq -r '.parameters[0].text' <<<"$output") == 4410 ]] || fail "$output"
    # Its default, its bounds, and a text.
    [[ $(hertz '' ', "parameters": {"Cutoff": 0}' ', "parameters": {"Cutoff": 1}' ', "parameters": {"Cutoff": "2000"}') == $'4000\n4\n16000\n2000' ]]
    [[ $(jq -r '.parameters_taken.Cutoff.text // empty' results) == $'4\n16000\n2000' ]]
    render-one -p urn:patchpipe:hertz '{"input_path": "in.wav", "sample_rate": 40000, "tail": 0, "bit_depth": "32f", "output_path": "out.wav",
        "automation": [{"parameter": "Cutoff", "points": [[0, "2000"], [0.005, "1000"]], "shape": "step"}]}'
    lv2apply -i in.wav -o high.wav -c cutoff 2000 urn:patchpipe:hertz
    lv2apply -i in.wav -o low.wav -c cutoff 1000 urn:patchpipe:hertz
    sox high.wav -b 32 -e float begin.wav trim 0 200s
    sox low.wav -b 32 -e float end.wav trim 0 200s
    sox begin.wav end.wav reference.wav
    wav-diff -q --tolerance 0.0000001 out.wav reference.wav
}

@test "a default that no multiple of the sample rate could be is in hertz" {
    make_hertz '' 'lv2:default 440 ; lv2:portProperty lv2:sampleRate'
    [[ $(hertz '') == 440 ]]
}

@test "a port in hertz keeps its value in states and presets" {
    make_hertz '' 'lv2:default 0.1 ; lv2:portProperty lv2:sampleRate'
    make_bundle presets.lv2 <<'END'
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
<urn:patchpipe:one> a pset:Preset ; lv2:appliesTo <urn:patchpipe:hertz> ;
    <http://www.w3.org/2000/01/rdf-schema#label> "One" ; lv2:port [ lv2:symbol "cutoff" ; pset:value 1500.0 ] .
END
    [[ $(hertz ', "program": 0') == 1500 ]]
}

@test "a plug-in that may only run live is served" {
    make_hertz 'lv2:requiredFeature lv2:isLive ;' 'lv2:default 0.1 ; lv2:portProperty lv2:sampleRate'
    export NEEDS_LIVE=1
    [[ $(hertz ', "parameters": {"Cutoff": 1}') == 16000 ]]
}
