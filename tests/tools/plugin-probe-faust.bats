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
    jq -S 'def values_by_key: [.[]? | to_entries[]] | group_by(.key)
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
    jq -S 'def item: if .kind == "button" or .kind == "checkbox" then del(.init, .min, .max, .step) else . end
            | if .items then .items |= map(item) else . end;
        {metadata: (.metadata | del(.compile_options, .filename) | map_values(if type == "array" then sort else . end)), inputs, channels, libraries,
            include_paths: (.include_paths - ["."] | unique), interface: (.interface | map(item))}'
}

@test "a foreign function that is not there is named" {
    echo 'process = ffunction(float no_such_function(float), <math.h>, "");' >foreign.dsp
    status_wanted=1 probe foreign.dsp
    [[ $(field error_kind) == unsupported && $(field error) == *"foreign.dsp: uses the foreign function no_such_function"* ]]
    echo 'process = ffunction(float tgammaf(float), <math.h>, "");' >known.dsp
    probe known.dsp
    run -0 faust-build --lang cpp foreign.dsp
}

@test "a field that the operand does not have is refused by name" {
    echo 'process = _;' >wire.dsp
    status_wanted=1 probe "{\"dsp\":\"$PWD/wire.dsp\",\"voices\":3}"
    [[ $(field error) == *'"voices"'*nvoices* ]]
}
