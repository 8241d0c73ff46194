# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Loaded by the test files that render the same jobs in several orders and compare.
#
# shellcheck shell=bash disable=SC2034,SC2154

# As much as is needed to hear something of every preset, in every job of standard input.
brief() { jq -c '. + {duration: 0.3, tail: 0.2}'; }

# A job with each note in $1, into the folder $2.
note_jobs() {
    seq "${1%-*}" "${1#*-}" | jq -c --arg out "$PWD/$2" '{note: ., output_path: "\($out)/\(.).wav"}' | brief
}

# workers N OPTION...: renders standard input with N workers.
workers() {
    local n=$1
    shift
    xargs -a <(seq "$n") -P "$n" -I{} render-one "$@"
}

# In order, in reverse and with four workers the files are the same. The function $1 makes the jobs
# for a folder.
check_orders() {
    local jobs=$1
    shift
    "$jobs" first | render-one "$@" >first.ndjson
    "$jobs" reverse | tac | render-one "$@" >reverse.ndjson
    "$jobs" four | workers 4 "$@" >four.ndjson
    [[ $(jq -r .status first.ndjson reverse.ndjson four.ndjson | sort -u) == ok ]]
    check_sounds first.ndjson "$(find first -name '*.wav' | wc -l)"
    diff -r first reverse
    diff -r first four
}

# check_sounds RESULTS N: there are N records, none is silent, and (nearly) all sound different.
check_sounds() {
    (($2 >= 4))
    [[ $(jq -r .silent "$1" | sort | uniq -c | xargs) == "$2 false" ]]
    (($(jq -r .audio_hash "$1" | sort -u | wc -l) * 64 > 60 * $2))
}

preset_jobs() { preset-scan "$BATS_FILE_TMPDIR/presets" | assign-paths -o "$1" | brief; }
notes() { note_jobs 20-83 "$1"; }

setup_file() {
    preset-export -o presets --programs 0-3583:56 "$amsynth" >/dev/null
}
