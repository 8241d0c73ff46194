#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The parsers' instructions for each mebibyte of a file: if the work grows faster than the file, it
# exceeds twice the figure. The figures are for Debian 12's compiler and libraries on x86-64, in
# thousands. On other systems a file of an eighth gives the figure, and THOROUGH=1 tries both sizes
# everywhere. build/tests/parse is the program, tests/lib/make-large.py makes the files.

load ../helper

setup() {
    without_sanitizers "the figures are those of the parsers as they are built for use"
}

# instructions PARSER KIND BYTES: sets $count for a file of about that size, and $size to its bytes.
instructions() {
    "$root/tests/lib/make-large.py" "$2" "$3" >file
    size=$(stat -c %s file)
    count_instructions "$built/tests/parse" "$1" file >found || fail "$1 of $2: not read"
    (($(<found) > 0)) || fail "$1 of $2: nothing found"
}

@test "each parser takes so many instructions for a mebibyte, small file or large" {
    # valgrind takes half a second to start, and as long for 200 million instructions.
    parts='8 1' most=400000
    if [[ -z ${THOROUGH:-} ]] && counts_are_ours; then parts=1 most=60000; fi
    declare -A starts
    while read -r parser kind bytes figure; do
        ((bytes * figure / 1048576 < most)) || bytes=$((most * 1048576 / figure))
        # The instructions for an almost empty file, which are not the parser's.
        if [[ -z ${starts[$parser]:-} ]]; then
            instructions "$parser" "$kind" 1000
            starts[$parser]=$count
        fi
        for part in $parts; do
            instructions "$parser" "$kind" $((bytes / part))
            found=$(((count - starts[$parser]) * 1048576 / size / 1000))
            ((part == 1)) || counts_are_ours || figure=$found
            echo "$parser of $kind, $size bytes: $found thousand for a mebibyte, the figure is $figure"
            ((found <= 2 * figure)) || fail "that is more than twice the figure"
        done
    done <<'END'
record     record         2000000 26400
fxp        fxp-state      8000000 114
fxp        fxp-parameters 2000000 13200
vstpreset  vstpreset      8000000 114
cbor-json  cbor           1000000 381000
cbor-state cbor           1000000 112000
midi       midi           1000000 309000
midi       midi-chord     1000000 339000
turtle     turtle         400000  793000
turtle     turtle-text    1000000 65000
audio      npy            2000000 2100
audio      wav-chunks     16000   115000
END
}
