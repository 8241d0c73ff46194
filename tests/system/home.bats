#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --home: plug-ins write into a home other than the user's. amsynth keeps a bank and its settings
# below the home, and writes them whenever it is loaded.

load ../helper

setup() {
    unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME
    mkdir -p "$HOME/.local/share" "$HOME/.config" other/.local/share other/.config
    unchanged=$(files "$HOME")
}

files() { find "$1" -type f -o -name '*amsynth*' | sort; }

# Runs a tool with --home other, and checks where amsynth has written.
with_home() {
    run -0 --separate-stderr "$@" --home other
    [[ $(files "$HOME") == "$unchanged" ]]
    [[ -f other/.config/amsynth/config ]]
    rm -r other/.config/amsynth
}

job='{"duration": 0.1, "tail": 0, "output_path": "/dev/null"}'

@test "plug-ins write into the folder of --home, whatever tool loads them" {
    with_home render-one -p "$amsynth" "$job"
    with_home plugin-probe "$amsynth"
    with_home preset-export -o presets --programs 3 "$amsynth"
    with_home render-presets presets out --fxp "$amsynth"
}

@test "without --home plug-ins see the user's own home, and write there without a sandbox only" {
    run -0 plugin-probe "$amsynth"
    [[ $(files "$HOME") == "$unchanged" ]]
    run -0 plugin-probe --sandbox off "$amsynth"
    [[ -f $HOME/.config/amsynth/config ]]
}

@test "the folders that the user's environment names are not those of another home" {
    export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
    with_home plugin-probe "$amsynth"
}

@test "the folder of --home is made" {
    run -0 plugin-probe --home a/b "$amsynth"
    [[ -d a/b ]]
    touch file
    run -2 --separate-stderr plugin-probe --home file "$amsynth"
    [[ -z $output && $stderr == "plugin-probe: --home: file is not a folder"* ]]
    run -2 --separate-stderr plugin-probe --home file/home "$amsynth"
    [[ -z $output && $stderr == *"--home: cannot make $PWD/file/home/"*": Not a directory"* ]]
}

@test "an LV2 in the user's own folder is found with another home" {
    mkdir -p "$HOME/.lv2"
    ln -s "$root/build/tests/plugins/Corners.lv2" "$HOME/.lv2"
    run -0 env -u LV2_PATH plugin-probe --home other urn:patchpipe:corner-memory
    [[ $(field status) == ok ]]
}

@test "a --home without a name, or that cannot be made, is refused before anything is rendered" {
    for home in '' /proc/nowhere; do
        run -2 --separate-stderr render-one -p "$amsynth" --home="$home" '{"output_path": "/dev/null"}'
        [[ -z $output && $stderr == *"--home: "* ]]
    done
}
