#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

setup_file() { "$root/tests/make-projects.py" "$BATS_FILE_TMPDIR/made"; }

setup() { made=$BATS_FILE_TMPDIR/made; }

@test "an edited raw line is the only change" {
    song-read --raw "$made/crlf.RPP" | sed 's/NAME Drums/NAME Bells/' | song-write -o out.rpp
    diff "$made/crlf.RPP" out.rpp >changes || true
    [[ $(wc -l <changes) == 4 && $(grep -c 'NAME Bells'$'\r' changes) == 1 ]]
}

@test "a raw record that cannot be is refused, and nothing is written" {
    for record in '{"type":"raw"}' '{"type":"raw","text":"a","bytes":"YQ=="}' '{"type":"raw","bytes":"?"}' \
        '{"type":"raw","text":"a","end":"x"}' '{"type":"raw","text":5}' nonsense '{"status":"error","error":"e"}'; do
        run -1 song-write -o out.rpp <<<$'{"type":"raw","text":"a"}\n'"$record"
        [[ $output == *'"status":"error"'* && ! -e out.rpp ]] || fail "$record"
    done
    run -2 song-write
    [[ $output == *"-o FILE is missing"* ]]
}
