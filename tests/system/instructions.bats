#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The tools' instructions and system calls: unlike times they are the same on a busy machine, so
# that a change that makes a tool slower is noticed. The figures are for Debian 12's compiler and
# libraries on x86-64; a tenth more fails, less is welcome. `make bench` measures speed itself.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
many=1000

setup_file() {
    PYTHONPATH=$root/tests/bench /usr/bin/python3 - "$many" <<'PYTHON'
import sys
from inputs import *
count = int(sys.argv[1])
write_records("records", count)
write_midi_files("midi", 100)
write_records("midi-records", count, "midi")
write_tree("presets", count)
write_serum_presets("serum", 20)
PYTHON
    mkdir empty
}

setup() {
    without_sanitizers "the figures are those of the tools as they are built for use"
    counts_are_ours || skip "the figures are for $counted_system, and this is $this_system"
    cd "$BATS_FILE_TMPDIR" || return
}

# count LINES TOOL [ARGUMENT...]: sets $count to the instructions of the tool, which must print
# LINES records without an error.
count() {
    local lines=$1 out=$BATS_TEST_TMPDIR/out
    shift
    count_instructions "$@" >"$out" || fail "$*: status $?"
    [[ $(wc -l <"$out") == "$lines" ]] || fail "$*: wrote other than $lines records"
    ! grep -q '"status":"error"' "$out" || fail "$*: wrote an error"
}

# compare FOUND FIGURE WHAT: fails if FOUND is more than a tenth above the figure, or 0.
compare() {
    echo "$3: $1, the figure is $2"
    (($1 > 0)) || fail "$3: nothing was counted"
    (($1 * 10 <= $2 * 11)) || fail "$3: $1, which is more than the figure, $2, and a tenth.
Look for what has become slower: valgrind --tool=callgrind shows where instructions go, strace -f -c
which system calls there are. If it is the price of something worth it, write $1 in the place of $2
into tests/system/instructions.bats, and say in the commit what it is the price of."
}

# to_start FIGURE TOOL [ARGUMENT...]: with nothing on standard input.
to_start() {
    local figure=$1
    shift
    count 0 "$@" </dev/null
    compare "$count" "$figure" "instructions of $1 to start"
}

# per_record RECORDS FIGURE TOOL [ARGUMENT...]: for each of so many records on standard input.
per_record() {
    local records=$1 figure=$2 all
    shift 2
    count "$records" "$@"
    all=$count
    count 0 "$@" </dev/null
    compare $(((all - count) / records)) "$figure" "instructions of $1 a record"
}

@test "the filters start up in so many instructions" {
    to_start 4650000 job-grid
    to_start 5090000 assign-paths -o out
    to_start 4740000 midi-duration
    to_start 5180000 preset-scan empty
    to_start 5230000 serum-unwrap --state-dir none
}

@test "job-grid takes so many instructions a record" {
    per_record "$many" 7890 job-grid --note 60 --set tail=2 <records
}

@test "assign-paths takes so many instructions a record" {
    per_record "$many" 15700 assign-paths -o /out <records
}

@test "midi-duration takes so many instructions a record" {
    per_record "$many" 9500 midi-duration <midi-records
}

@test "preset-scan takes so many instructions a file" {
    # By a name of fixed length, because the folder's name is in every record.
    count $((many * 9 / 10)) preset-scan /dev/fd/9 9<presets
    all=$count
    count 0 preset-scan /dev/fd/9 9<empty
    compare $(((all - count) / many)) 4290 "instructions of preset-scan a file"
}

@test "serum-unwrap takes so many instructions a preset" {
    preset-scan serum >serum-records
    per_record 20 683000 serum-unwrap --state-dir "$BATS_TEST_TMPDIR/states" <serum-records
}

# calls_per_job FIGURE ISOLATION: the system calls of all processes of render-one for a job of a
# millisecond. Calls by which threads wait for each other are left out, because their number depends
# on the machine.
calls_per_job() {
    local jobs calls=()
    for jobs in 10 50; do
        seq "$jobs" | sed 's|.*|{"duration":0.001,"tail":0,"output_path":"/dev/null"}|' >tiny
        env -i PATH="$PATH" HOME="$HOME" strace -f -c -U calls -o counts \
            render-one --isolation "$2" -p "$plain" <tiny >results
        [[ $(grep -c '"status":"ok"' results) == "$jobs" ]] || fail "jobs failed"
        calls+=("$(awk '{ name = $NF; count = $(NF - 1) } name == "total" { all = count }
            name == "futex" { waits = count } END { print all - waits }' counts)")
    done
    compare $(((calls[1] - calls[0]) / 40)) "$1" "system calls of render-one for a job, $2"
}

@test "render-one makes so many system calls a job" {
    # Of these, 64 look at the signals' handlers and 16 at the limits, together in a hundredth of a
    # millisecond, and 75 at what children share with their parent, in half a tenth of one. A forked
    # child's own socket takes 8, and the times of the temporary folder 3.
    [[ $snapshot == fork ]] || calls_per_job 266 snapshot
    calls_per_job 147 fork
    calls_per_job 53 reuse
}
