#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/modules/run.sh [MODULE...]
# Reads and plays the modules in Debian's games: times and samples beside those of openmpt123, stems
# beside the mix, and MIDI notes beside the patterns. 'make modules' installs and builds what is
# needed. Writes TABLE.md beside this script, unless modules are given; the status is 1 if one fails.
set -euo pipefail

here=$(cd "${0%/*}" && pwd)
root=$(cd "$here/../.." && pwd)
oracles=$root/tests/oracles
packages=(pingus-data tecnoballz-data freedroid-data circuslinux-data madbomber-data vectoroids)
export PATH=${PATCHPIPE_BIN:-$root/build/bin}:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

table=$here/TABLE.md
modules=()
for module; do modules+=("$(realpath "$module")"); done
if ((${#modules[@]} == 0)); then
    mapfile -t modules < <(dpkg -L "${packages[@]}" | grep -iE '\.(mod|it|s3m|xm)$' | sort)
else
    table=
fi

# played SUBSONG: what openmpt123 plays of the module, as played.wav in float32.
played() {
    rm -f played.wav
    cp "$module" played
    openmpt123 --quiet --samplerate 44100 --float --ctl play.at_end=stop --subsong "$1" \
        --output-type wav --render played
}

# near ONE OTHER: how libopenmpt ends samples depends on the sizes of the blocks that it is asked for.
near() { { wav-diff "$1" "$2" || true; } | jq -e '.equal or .rms_difference_db < -90' >/dev/null; }

# is_random SUBSONG: openmpt123 does not play it twice in the same way.
is_random() {
    mv played.wav before.wav
    played "$1" && ! near before.wav played.wav
}

# as_openmpt123: in every song the times and the samples of the mix.
as_openmpt123() {
    local subsong subsongs random=''
    subsongs=$(song-read --rows "$module" | jq 'select(.type == "song") | .subsongs // 1')
    for ((subsong = 0; subsong < subsongs; ++subsong)); do
        played "$subsong" && module-render -b 32f --subsong $((subsong + 1)) -o mix.wav "$module" >result &&
            song-read --rows --subsong $((subsong + 1)) "$module" >rows &&
            head -n 1 rows | jq -e --argjson frames "$(soxi -V1 -s played.wav)" \
                '(.length * 44100 | round) == $frames' >/dev/null || return 1
        near mix.wav played.wav || { is_random "$subsong" && random=', random'; } || return 1
    done
    echo "$subsongs$random"
}

# stems BY: how many, and how far from the mix.
stems() {
    rm -rf stems
    module-render -f npy -o mix.npy --stems stems --by "$1" "$module" >/dev/null 2>&1 &&
        "$oracles/stem-sum.py" mix.npy stems/*.npy | sed -E 's/ stems, ([^ ]*) .*/, \1/'
}

notes() {
    song-read "$module" | song-write -o notes.mid &&
        "$oracles/module-notes.py" "$module" notes.mid | sed 's/.* //'
}

cd "$work"
failed=0
{
    cat <<'END'
# Modules of Debian's games

`make modules` writes this table. Songs: how many the module has, which all have openmpt123's times in song-read, to the frame, and its samples in module-render, but for a difference of -90 dB at most: how libopenmpt ends samples depends on the sizes of blocks. One that is random, with instruments that are, openmpt123 does not play twice in the same way. Stems: how many channels or instruments sound, and how far their sum is from the mix, at most 1e-6. Notes: as many in the MIDI file as the patterns play.

| module | songs | stems of channels | of instruments | notes |
| --- | --- | --- | --- | --- |
END
    for module in "${modules[@]}"; do
        songs=$(as_openmpt123) || songs=FAILED
        channels=$(stems channel) || channels=FAILED
        instruments=$(stems instrument) || instruments=FAILED
        count=$(notes) || count=FAILED
        row="| ${module##*/} | $songs | $channels | $instruments | $count |"
        [[ $row != *FAILED* ]] || failed=1
        echo "$row"
        echo "modules: $row" >&2
    done
} >table
if [[ -n $table ]]; then
    cat table >"$table"
    echo "modules: ${#modules[@]} modules; the table is in ${table#"$root/"}" >&2
else
    cat table
fi
exit $failed
