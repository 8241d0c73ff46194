# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Plays builds of a logic library one after the other, for tests of play-one --watch and --script.
# Load it behind tests/lib/logic/make.

# build FILE [SED]...: the tone of the examples, with its source changed.
build() {
    local name=$1
    shift
    # shellcheck disable=SC2154
    sed -e '' "${@/#/-e}" "$root/examples/logic/tone.c" >"${name%.so}.c"
    # shellcheck disable=SC2154
    gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden "$header" -o "$name" "${name%.so}.c" -lm
}

# chord FILE [FLAG]...: the library of tests/lib/logic/chord.c.
# shellcheck disable=SC2154
chord() { gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden "$header" -o "$@" "$root/tests/lib/logic/chord.c" -lm; }

held='{"time":0,"type":"note_on","note":57,"velocity":100}'

# script FRAME LIBRARY...: reloads at these frames, in the file script.
script() {
    while (($# > 0)); do
        echo "{\"frame\":$1,\"plugin_path\":\"$2\"}"
        shift 2
    done >script
}

# A block that never ends is one of the tests with a shorter limit, whatever else the machine does.
patience=(--timeout 60)

# played OPTION...: plays half a second of a held note into out.npy; the records are $output.
played() {
    run --separate-stderr play-one -o out.npy --seconds 0.5 "${patience[@]}" "$@" <<<"$held"
}

# record EVENT KEY: of the records in $output, one a line.
# shellcheck disable=SC2154
record() { jq -r --arg event "$1" --arg key "$2" 'select(.event == $event) | .[$key]' <<<"$output"; }

# heard EXPRESSION: a Python expression about the samples x of out.npy and those of other files.
heard() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import sys, numpy
def samples(path):
    return numpy.load(path)[0]
x = samples("out.npy")
assert eval(sys.argv[1]), x
PYTHON
}

# A player in the background, which holds a note; its records go to the file records.
start_watching() {
    mkfifo lines
    touch records
    play-one -d null --watch "${patience[@]}" "$@" <lines >records 2>errors 3>&- &
    player=$!
    exec {feed}>lines
    echo '{"type":"note_on","note":57}' >&"$feed"
    await started
}

# await EVENT [COUNT]: until there are so many of them.
await() {
    for _ in {1..3000}; do
        output=$(<records)
        (($(record "$1" event | wc -l) >= ${2:-1})) && return
        kill -0 "$player" 2>/dev/null || break
        sleep 0.02
    done
    fail "no $1: $output $(<errors)"
}

# shellcheck disable=SC2034
stop_watching() {
    echo '{"type":"stop"}' >&"$feed"
    exec {feed}>&-
    status=0
    wait "$player" || status=$?
    output=$(<records)
}
