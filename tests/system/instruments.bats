#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A small version of `make instruments`, which opens every instrument of Debian.

load ../helper

setup() { let_plugins_crash; }

instruments() {
    local quick=--quick
    [[ -z ${THOROUGH:-} ]] || quick=
    /usr/bin/python3 "$root/tests/instruments/instruments.py" ${quick:+"$quick"} -o table.md "$@"
}

# The cells of the plug-in $1 in a table, from the third on.
cells() { sed -n "s/^| $1 | [^|]* | \(.*\) |$/\1/p" table.md; }

# A package that contains only the fault synth as a VST2, which has the fault $1 from the start.
faulty_package() {
    mkdir -p fake vst
    cp "$root/build/tests/plugins/fault_synth.so" vst
    printf '#!/bin/bash\nif [[ $1 == -W ]]; then echo "ii 1.0"; else echo %q; fi\n' \
        "$PWD/vst/fault_synth.so" >fake/dpkg-query
    chmod +x fake/dpkg-query
    PATH=$PWD/fake:$PATH
    export FAULT_ON_LOAD=$1
}

@test "instruments of two packages load, sound and repeat, with presets too, in any mode and order" {
    # mda-lv2 has many plug-ins, each of which is probed.
    mapfile -t packages < <(some 1 amsynth mda-lv2)
    run -0 instruments "${packages[@]}" setbfree
    [[ $(cells amsynth) == "VST2 | yes | yes | yes | snapshot | "* ]]
    names=('setBfree DSP Tonewheel Organ')
    [[ " ${packages[*]} " != *" mda-lv2 "* ]] || names+=('MDA DX10' 'MDA ePiano' 'MDA JX10' 'MDA Piano')
    for name in "${names[@]}"; do
        [[ $(cells "$name") == "LV2 | yes | yes | yes | snapshot | "* ]] || fail "$name: $(cells "$name")"
    done
    [[ $(grep -cE '[|] (3 of 3|10 of 10) [|]' table.md) == 1 ]]
}

@test "a package that is not installed is named in the table" {
    run -0 instruments no-such-package
    [[ $(tail -n 1 table.md) == "- no-such-package" ]]
}

@test "an instrument that cannot be loaded has the reason in its row" {
    faulty_package load-segv
    run -0 instruments faulty
    [[ $(tail -n 1 table.md) == *"| VST2 | no |"*"crashed while loading the plug-in"* ]]
}

@test "one that hangs costs its timeout, and the status is 1" {
    faulty_package process-hang
    run -1 --separate-stderr instruments --timeout 2 faulty
    [[ $stderr == "instruments: "*"did not finish within 2 seconds"* ]]
}

@test "the row of one that does not repeat says so, and whether its records do" {
    faulty_package process-id
    run -0 instruments faulty
    [[ $(cells 'Patchpipe Fault Synth') == "VST2 | yes | yes | no, as it says | process |"* ]]
}

@test "a package that is no longer there does not keep the others from being installed" {
    mkdir -p fake tests/instruments
    printf 'aaa\n# none\nbbb urn:x\nccc\n' >tests/instruments/packages
    mkdir make
    printf '#!/bin/bash\necho "$*" >>calls\ncase $* in *bbb*) exit 100 ;; esac\n' >make/install-packages.sh
    chmod +x make/install-packages.sh
    run -0 "$root/tests/instruments/install.sh"
    [[ $output == "instruments: goes on without bbb" ]]
    [[ $(tr '\n' , <calls) == "aaa bbb ccc,aaa,bbb,ccc," ]]
}
