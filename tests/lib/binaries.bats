#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A file that is not a plug-in for this machine is reported with the reason: by plugin-probe in its
# record, by render-one before the first job if an option names it, and in the job's record if the
# job does.

load ../helper

machine=$(uname -m)
plain=$root/build/tests/plugins/plain_synth.so
macro=$root/build/tests/plugins/MacroSynth.vst3
job='{"output_path":"/dev/null","duration":0.1,"tail":0}'

# Compiles a library from the C++ on standard input.
make_library() { g++ -shared -fPIC -o "$1" -x c++ - "${@:2}"; }

# elf FILE CLASS BYTE-ORDER MACHINE: writes the header of an ELF file.
elf() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import struct, sys
name, bits, order, machine = sys.argv[1], *map(int, sys.argv[2:])
with open(name, "wb") as f:
    f.write(b"\x7fELF" + bytes([bits, order, 1]) + bytes(9))
    f.write(struct.pack("<>"[order - 1] + "HHI", 3, machine, 1) + bytes(200))
PYTHON
}

# says KIND PLUGIN PATTERN: plugin-probe and a job's record report it, with the plug-in's name in
# front.
says() {
    local subject=$2
    [[ $subject == *://* || $subject == urn:* ]] || subject=$PWD/$2
    for command in "plugin-probe $2" "render-one"; do
        echo "$command: $2"
        read -ra words <<<"$command"
        if [[ $command == render-one ]]; then
            words+=("$(jq -c --arg plugin "$subject" '.plugin_path = $plugin' <<<"$job")")
        fi
        run -1 --separate-stderr "${words[@]}"
        [[ ${#lines[@]} == 1 && -z $stderr ]] || fail "$output$stderr"
        [[ $(field error_kind) == "$1" ]] || fail "$output"
        # shellcheck disable=SC2053
        [[ $(field error) == *"${2##*/}"*": "*$3* ]] || fail "$output"
    done
}

# The same, and as an option of render-one it is a usage error before the first job.
refused() {
    says "$@"
    for option in --fxp --plugin; do
        run -2 --separate-stderr render-one "$option" "$2" "$job"
        # shellcheck disable=SC2053
        [[ -z $output && $stderr == "render-one: $option: "*"${2##*/}"*": "*$3* ]] || fail "$stderr"
    done
}

@test "a plug-in that is not there" {
    refused not-found nowhere.so 'no such plug-in; check the path'
    refused not-found no/where.vst3 'no such plug-in; check the path'
    ln -s gone.so link.so
    refused not-found link.so 'is a link to gone.so, which is not there'
    refused not-found http://nowhere.example/synth 'no LV2 with this URI is installed; lv2ls'
    refused not-found file:///nowhere/synth.so "is a file's URI; give the path instead"
    refused not-found urn:nowhere 'no LV2 with this URI is installed'
}

@test "a file that may not be read" {
    cp "$plain" secret.so
    chmod 000 secret.so
    # root can read everything, unless it drops the capability.
    drop=()
    ((EUID != 0)) || drop=(setpriv "--bounding-set=-dac_override,-dac_read_search")
    run -1 --separate-stderr "${drop[@]}" plugin-probe secret.so
    [[ $(field error_kind) == io && $(field error) == *"secret.so: may not be read by you; change its permissions" ]]
    run -2 --separate-stderr "${drop[@]}" render-one --fxp secret.so "$job"
    [[ -z $output && $stderr == *"secret.so: may not be read"* ]]
    mkdir closed
    cp "$plain" closed/synth.so
    chmod 000 closed
    for plugin in closed closed/synth.so; do
        run -1 --separate-stderr "${drop[@]}" plugin-probe "$plugin"
        [[ $(field error_kind) == io && $(field error) == *"$plugin: may not be read"* ]]
    done
    mkdir -p Shut.vst3/Contents
    chmod 000 Shut.vst3/Contents
    run -1 --separate-stderr "${drop[@]}" plugin-probe Shut.vst3
    [[ $(field error_kind) == io && $(field error) == *"Shut.vst3/Contents"*": Permission denied" ]]
    chmod 700 closed Shut.vst3/Contents
}

@test "links that go round in a circle" {
    ln -s b.so a.so
    ln -s a.so b.so
    refused io a.so 'Too many levels of symbolic links'
}

@test "a FIFO, which is not waited for" {
    mkfifo fifo.so
    refused unsupported fifo.so 'is not a regular file'
}

@test "files that are not libraries" {
    : >empty.so
    refused unsupported empty.so 'is not a plug-in: the file is empty; install it again'
    printf '#!/bin/sh\nexec wine synth.dll\n' >script.so
    refused unsupported script.so 'is not a plug-in: it is a script'
    printf 'INPUT(synth.so.1) \303\251\n' >text.so
    refused unsupported text.so 'is not a plug-in: it is text; a VST2 is a .so library'
    printf '\001\002\003\000' >bytes.so
    refused unsupported bytes.so 'is not a plug-in: it is an unknown kind of file'
    printf '\177ELF' >short.so
    refused unsupported short.so 'is not a plug-in: it is an unknown kind of file'
    printf '\312\376\272\276\000\000\0004java' >Java.class
    refused unsupported Java.class 'is not a plug-in: it is an unknown kind of file'
    cp "$(type -P jq)" program.so
    refused unsupported program.so 'is a program, not a plug-in'
    echo 'int f() { return 1; }' | g++ -c -x c++ -o object.so -
    refused unsupported object.so 'is a program, not a plug-in'
}

@test "a plug-in for Windows, in each of its forms" {
    printf 'MZ\220\000\003\000' >Synth.dll
    cp Synth.dll Synth.vst3
    mkdir -p Bundle.vst3/Contents/{x86_64-win,Resources}
    cp Synth.dll Bundle.vst3/Contents/x86_64-win/Bundle.vst3
    for plugin in Synth.dll Synth.vst3; do
        refused unsupported "$plugin" 'is a plug-in for Windows; '*yabridge*
    done
    refused unsupported Bundle.vst3 "in its Contents is Resources, x86_64-win, not $machine-linux; "*yabridge*
    refused unsupported Bundle.vst3/Contents/x86_64-win/Bundle.vst3 'is a plug-in for Windows; '*yabridge*
}

@test "a plug-in for macOS, in each of its forms" {
    for magic in '\376\355\372\316' '\376\355\372\317' '\316\372\355\376' '\317\372\355\376' '\312\376\272\276\0\0\0\002'; do
        # shellcheck disable=SC2059
        printf "$magic\\003" >mach.so
        refused unsupported mach.so "is a plug-in for macOS; install the synth's version for Linux"
    done
    mkdir -p Synth.vst/Contents/MacOS Synth.vst3/Contents/MacOS
    refused unsupported Synth.vst 'is a bundle for macOS; install the synth'
    refused unsupported Synth.vst3 "in its Contents is MacOS, not $machine-linux; install the synth's version for Linux"
}

@test "a library for another machine, with its name and ours" {
    elf i386.so 1 1 3
    refused unsupported i386.so "is a 32-bit library (i386), which no 64-bit program can load; install the synth's version for $machine"
    elf arm.so 1 1 40
    refused unsupported arm.so 'is a 32-bit library (arm)'
    elf s390.so 2 2 22
    refused unsupported s390.so "is built for s390, but this machine is $machine"
    elf unheard.so 2 1 4711
    refused unsupported unheard.so "is built for machine 4711, but this machine is $machine"
    name=aarch64 number=183
    if [[ $machine == aarch64 ]]; then name=x86_64 number=62; fi
    elf foreign.so 2 1 "$number"
    refused unsupported foreign.so "is built for $name, but this machine is $machine; install the synth's version for $machine"
}

@test "a VST3 bundle without a binary for this machine lists what it has" {
    mkdir -p Synth.vst3
    refused unsupported Synth.vst3 'is a folder without Contents, so it is not a VST3 bundle'
    mkdir Synth.vst3/Contents
    refused unsupported Synth.vst3 "in its Contents is nothing, not $machine-linux"
    mkdir Synth.vst3/Contents/{sparc-linux,Resources}
    refused unsupported Synth.vst3 "in its Contents is Resources, sparc-linux, not $machine-linux; install"
    mkdir "Synth.vst3/Contents/$machine-linux"
    refused unsupported Synth.vst3 "has no binary in Contents/$machine-linux"
}

@test "a VST3 bundle that was given another name" {
    cp -r "$macro" Renamed.vst3
    refused unsupported Renamed.vst3 'has the binary MacroSynth.so, which must be called like the bundle, Renamed.so'
    mv Renamed.vst3/Contents/*/MacroSynth.so "Renamed.vst3/Contents/$machine-linux/Renamed.so"
    run -0 plugin-probe Renamed.vst3
}

@test "what is wrong with the binary of a VST3 bundle" {
    mkdir -p "Synth.vst3/Contents/$machine-linux"
    cp "$plain" "Synth.vst3/Contents/$machine-linux/Synth.so"
    says unsupported "Synth.vst3/Contents/$machine-linux/Synth.so" 'is the binary of a VST2; give its path'
    elf "Synth.vst3/Contents/$machine-linux/Synth.so" 1 1 3
    says unsupported "Synth.vst3/Contents/$machine-linux/Synth.so" 'is a 32-bit library'
}

@test "the binary of a VST3 without its bundle" {
    cp "$macro/Contents/$machine-linux/MacroSynth.so" Loose.so
    cp Loose.so Loose.vst3
    for plugin in Loose.so Loose.vst3; do
        refused unsupported "$plugin" "is the binary of a VST3 without its bundle"*"Loose.vst3/Contents/$machine-linux/Loose.so"
    done
    # Following the advice works.
    rm Loose.vst3
    mkdir -p "Loose.vst3/Contents/$machine-linux"
    mv Loose.so "Loose.vst3/Contents/$machine-linux/Loose.so"
    run -0 plugin-probe Loose.vst3
}

@test "an LV2 by its path instead of its URI" {
    bundle=/usr/lib/lv2/mda.lv2
    run -1 --separate-stderr plugin-probe "$bundle/Piano.so"
    [[ $(field error_kind) == unsupported ]]
    [[ $(field error) == "$bundle/Piano.so: is the binary of an LV2 plug-in; give the plug-in's URI: "* ]]
    run -1 --separate-stderr plugin-probe "$bundle"
    first=$(lv2ls | sort | head -n 3 | paste -sd,)
    [[ $(field error) == "$bundle: is an LV2 bundle; give the URI of a plug-in in it: ${first//,/, } and "*" more" ]]
    mkdir Empty.lv2
    refused unsupported Empty.lv2 'is an LV2 bundle, but no plug-in is described in it'
}

@test "an LV2 that is described, and has no binary that would load" {
    mkdir -p bundles/x.lv2
    cat >bundles/x.lv2/manifest.ttl <<'END'
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
<http://synth.example/gone> a lv2:Plugin ; doap:name "Gone" ; lv2:binary <gone.so> .
<http://synth.example/text> a lv2:Plugin ; doap:name "Text" ; lv2:binary <text.so> .
<http://synth.example/one> a lv2:Plugin ; doap:name "One" ; lv2:binary <one.so> .
END
    echo text >bundles/x.lv2/text.so
    echo 'extern "C" void* lv2_descriptor(unsigned) { return nullptr; }' | make_library bundles/x.lv2/one.so
    export LV2_PATH=$PWD/bundles
    run -1 plugin-probe http://synth.example/{gone,text,one}
    [[ $(field error_kind) == $'not-found\nunsupported\nplugin-load' ]]
    [[ ${lines[0]} == *"x.lv2/gone.so: no such plug-in"* && ${lines[1]} == *"x.lv2/text.so: is not a plug-in: it is text"* ]]
    run -2 render-one -p http://synth.example/gone "$job"
    # Its path leads to the only URI in it.
    run -1 plugin-probe bundles/x.lv2/one.so
    [[ $(field error) == *"give the plug-in's URI: http://synth.example/one" ]]
    # A damaged bundle is not reported when another one is wanted.
    mkdir bundles/bad.lv2
    echo 'nonsense' >bundles/bad.lv2/manifest.ttl
    run -1 --separate-stderr plugin-probe http://synth.example/text
    [[ -z $stderr ]]
}

@test "plug-ins of formats that are not supported" {
    for pair in CLAP:clap_entry DSSI:dssi_descriptor LADSPA:ladspa_descriptor; do
        echo "extern \"C\" void* ${pair#*:}(unsigned long) { return nullptr; }" | make_library "${pair%:*}.so"
        refused unsupported "${pair%:*}.so" "is a ${pair%:*} plug-in, a format that is not supported; install the synth as VST2, VST3 or LV2"
    done
    mv CLAP.so Synth.clap
    refused unsupported Synth.clap 'is a CLAP plug-in'
}

@test "a library that is not a plug-in" {
    echo 'extern "C" int f() { return 1; }' | make_library other.so
    refused unsupported other.so 'is a library but not a VST2 plug-in: it has no VSTPluginMain'
    # A library that only uses a function of that name is not one either.
    echo 'extern "C" void* VSTPluginMain(); void* f() { return VSTPluginMain(); }' | make_library user.so
    refused unsupported user.so 'it has no VSTPluginMain'
}

@test "entry points are found by either kind of hash table, and among many" {
    for style in gnu sysv both; do
        for count in 0 1 50; do
            {
                seq "$count" | sed 's/.*/extern "C" int symbol_&() { return 1; }/'
                echo 'extern "C" void* VSTPluginMain(void*) { return nullptr; }'
            } | make_library found.so -Wl,--hash-style="$style"
            run -1 plugin-probe found.so
            # Its entry point was called and returned nothing.
            [[ $(field error_kind) == plugin-load ]] || fail "$style $count: $output"
            seq 0 "$count" | sed 's/.*/extern "C" int symbol_&() { return 1; }/' |
                make_library missed.so -Wl,--hash-style="$style"
            run -1 plugin-probe missed.so
            [[ $(field error) == *'it has no VSTPluginMain'* ]] || fail "$style $count: $output"
        done
    done
    # The old name of the entry point.
    echo 'extern "C" void* old(void*) asm("main"); extern "C" void* old(void*) { return nullptr; }' | make_library old.so
    run -1 plugin-probe old.so
    [[ $(field error_kind) == plugin-load ]]
}

@test "a VST2 whose name hosts would not know" {
    cp "$plain" synth.so.1
    refused unsupported synth.so.1 'is a VST2 plug-in whose name does not end in .so, as hosts expect; rename it'
}

@test "a folder" {
    mkdir none one two three
    refused unsupported none 'is a folder without a plug-in'
    cp "$plain" one/synth.so
    run -0 plugin-probe one one/
    [[ $(field plugin_path) == "$PWD/one/synth.so"$'\n'"$PWD/one/synth.so" ]]
    cp "$plain" two/a.so
    cp "$plain" two/b.so
    refused unsupported two 'has several .so files; give the path of one'
    mkdir three/A.vst3 three/B.vst3
    refused unsupported three 'is a folder with VST3 bundles; give the path of one: A.vst3, B.vst3'
}

@test "a library that is missing, by its name" {
    echo 'extern "C" int used() { return 1; }' | make_library libpatchpipe-one.so.1 -Wl,-soname,libpatchpipe-one.so.1
    echo 'extern "C" int other() { return 1; }' | make_library libpatchpipe-two.so.2 -Wl,-soname,libpatchpipe-two.so.2
    source='extern "C" int used(); extern "C" int other(); extern "C" void* VSTPluginMain(void*)'
    make_library one.so -L. -l:libpatchpipe-one.so.1 <<<"$source { return used() ? nullptr : nullptr; }"
    make_library both.so -L. -l:libpatchpipe-one.so.1 -l:libpatchpipe-two.so.2 \
        <<<"$source { return used() + other() ? nullptr : nullptr; }"
    echo 'extern "C" int used(); int middle() { return used(); }' | make_library libpatchpipe-middle.so -L. -l:libpatchpipe-one.so.1
    make_library indirect.so -Wl,-rpath,"$PWD" -Wl,-rpath-link,"$PWD" -L. -l:libpatchpipe-middle.so \
        <<<"int middle(); $source { return middle() ? nullptr : nullptr; }"
    rm libpatchpipe-one.so.1 libpatchpipe-two.so.2
    says plugin-load one.so 'needs libpatchpipe-one.so.1, which is not installed; apt-file search'
    says plugin-load both.so 'needs libpatchpipe-one.so.1 and libpatchpipe-two.so.2, which are not installed; apt-file search'
    says plugin-load indirect.so 'needs libpatchpipe-one.so.1, which is not installed'
    # It is not loaded before a job needs it, so the option is accepted.
    run -0 render-one --fxp one.so </dev/null
}

@test "a function that no library has, as a programmer would write it" {
    make_library c.so <<<'extern "C" int gone(); extern "C" void* VSTPluginMain(void*) { return gone() ? nullptr : nullptr; }'
    says plugin-load c.so "uses gone, which is in none of its libraries; "*"install the synth's build for this system"
    make_library cpp.so <<<'namespace synth { int gone(const char*, int); }
        extern "C" void* VSTPluginMain(void*) { return synth::gone("", 1) ? nullptr : nullptr; }'
    says plugin-load cpp.so 'uses synth::gone(char const*, int), which is in none of its libraries'
}

@test "a version of a library that is not the one here" {
    echo 'V2 { global: used; };' >two.map
    echo 'V1 { global: used; };' >one.map
    echo 'extern "C" int used() { return 1; }' | make_library libversioned.so.1 -Wl,-soname,libversioned.so.1 -Wl,--version-script,two.map
    make_library new.so -Wl,-rpath,"$PWD" -L. -l:libversioned.so.1 \
        <<<'extern "C" int used(); extern "C" void* VSTPluginMain(void*) { return used() ? nullptr : nullptr; }'
    echo 'extern "C" int used() { return 1; }' | make_library libversioned.so.1 -Wl,-soname,libversioned.so.1 -Wl,--version-script,one.map
    says plugin-load new.so 'needs V2, but libversioned.so.1 here has other versions; install'
}

@test "a library that is cut off anywhere is reported as damaged, or loads" {
    strip -o whole.so "$plain"
    size=$(stat -c %s whole.so)
    for part in $(some_numbers 33 0 97); do
        length=$((part * (size / 97)))
        head -c "$length" whole.so >cut.so
        run --separate-stderr plugin-probe cut.so
        [[ -z $stderr ]]
        if ((status == 0)); then
            # Only tables that no loader reads were cut off.
            ((length * 10 > size * 8)) || fail "$length of $size bytes load"
            continue
        fi
        ((status == 1)) || fail "status $status at $length"
        [[ $(field error_kind) =~ ^(plugin-load|unsupported)$ ]] || fail "$length: $output"
        ((length < 64)) || [[ $(field error) == *"cut.so: is damaged: "*"; install it again" ]] || fail "$length: $output"
    done
}

@test "a library with any wrong byte in its tables is refused in words, or loads" {
    strip -o whole.so "$plain"
    # Only the parser, through an option of render-one without jobs: running a damaged library may
    # do anything.
    /usr/bin/python3 - <<'PYTHON'
import os, random, struct, subprocess
data = open("whole.so", "rb").read()
random.seed(1)
segments = struct.unpack_from("<H", data, 56)[0] * 56
count = 60 if os.environ.get("THOROUGH") else 10
places = list(range(16, 64)) + random.sample(range(64, 64 + segments), count) + random.sample(range(64, 8192), count)
for place in places:
    for value in (0xff, 0x80, data[place] ^ 1):
        wrong = bytearray(data)
        wrong[place] = value
        open("wrong.so", "wb").write(wrong)
        done = subprocess.run(["render-one", "--fxp", "wrong.so"], stdin=subprocess.DEVNULL, capture_output=True)
        assert done.returncode in (0, 2), (place, value, done)
        assert done.returncode == 0 or b"wrong.so: is " in done.stderr, (place, value, done)
PYTHON
}

@test "preset-export says the same" {
    echo text >text.so
    run -1 --separate-stderr preset-export -o out text.so
    [[ -z $output && $stderr == "preset-export: $PWD/text.so: is not a plug-in: it is text"* && ! -e out ]]
}
