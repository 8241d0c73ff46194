#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Many workers on one queue, and the programs that distribute jobs: xargs, GNU parallel, make.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so

setup_file() {
    preset-export -o plain --programs 0-3 "$plain" >/dev/null
    seq 400 | jq -c '{id: ., note: (. % 128), duration: 0.05, tail: 0, output_path: "/dev/null"}' >jobs.ndjson
}

jobs=$BATS_FILE_TMPDIR/jobs.ndjson

# The given results have every job of the file once, without an error.
check_complete() {
    [[ $(jq -r .status "$@" | sort -u) == ok ]]
    diff <(jq .id "$jobs") <(jq .id "$@" | sort -n)
}

@test "workers share a pipe, and every job is rendered once" {
    # shellcheck disable=SC2002
    cat "$jobs" | xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" >results
    check_complete results
}

@test "workers share a file" {
    xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" <"$jobs" >results
    check_complete results
}

@test "workers share a FIFO" {
    mkfifo fifo
    cat "$jobs" >fifo &
    xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" <fifo >results
    wait
    check_complete results
}

@test "result lines of many workers do not mix, however long they are" {
    jq -c '. + {padding: ("x" * (if .id % 7 == 0 then 100000 else 10 end))}' "$jobs" >long
    xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" <long | cat >results
    check_complete results
    [[ $(jq '.padding | length' results | sort -n | uniq -c | awk '{print $1}' | xargs) == "343 57" ]]
}

@test "a slow worker takes fewer jobs" {
    # The first worker loads amsynth for every job, the others fork.
    cat >worker <<SCRIPT
#!/bin/bash
case \$1 in
1) exec render-one --isolation process -p "$amsynth" ;;
*) exec render-one --isolation snapshot -p "$plain" ;;
esac
SCRIPT
    chmod +x worker
    xargs -a <(seq 3) -P 3 -I{} ./worker {} <"$jobs" >results
    check_complete results
    slow=$(jq -r .plugin results | grep -c amsynth)
    echo "the slow worker took $slow jobs of 400"
    ((slow >= 1 && slow < 400 / 6))
}

@test "GNU parallel hands out batches" {
    parallel --will-cite --pipe -N 64 -j 2 render-one -p "$plain" <"$jobs" >results
    check_complete results
}

@test "xargs hands out jobs as operands" {
    xargs -d '\n' -P 2 -n 50 render-one -p "$plain" <"$jobs" >results
    check_complete results
}

@test "make renders one file a target, and only what changed" {
    mkdir presets
    cp "$BATS_FILE_TMPDIR"/plain/0000* presets/a.fxp
    cp "$BATS_FILE_TMPDIR"/plain/0002* presets/b.fxp
    cat >Makefile <<'MAKE'
all: $(patsubst presets/%.fxp,out/%.wav,$(wildcard presets/*.fxp))
out/%.wav: presets/%.fxp
	@render-one --fxp $(PLUGIN) '{"preset_path":"$(abspath $<)","output_path":"$(abspath $@)"}' | jq -r .output_path
MAKE
    run -0 make -j2 PLUGIN="$plain"
    [[ $(sort <<<"$output") == "$PWD/out/a.wav"$'\n'"$PWD/out/b.wav" ]]
    touch presets/b.fxp
    run -0 make -j2 PLUGIN="$plain"
    [[ $output == "$PWD/out/b.wav" ]]
}

@test "one line echoed by hand is enough" {
    run -0 bash -c "echo '{\"output_path\":\"$PWD/out.wav\"}' | render-one -p $plain"
    [[ $(field status) == ok && $(soxi -s out.wav) == 88200 ]]
}

# Ends a test whose workers wait for each other; no test takes that long.
guarded() { timeout --foreground -k 5 100 "$@"; }

@test "one render-one may read what another one writes" {
    export plain
    # shellcheck disable=SC2016
    guarded bash -c 'render-one -p "$plain" <"$0" | render-one -p "$plain" >results' "$jobs"
    check_complete results
}

# shellcheck disable=SC2094
@test "a script may lock the results while it adds to them" {
    guarded flock results render-one -p "$plain" <"$jobs" >>results
    check_complete results
}

# shellcheck disable=SC2094
@test "a script may lock the jobs while they are rendered, also those that it cannot write" {
    cp "$jobs" list
    guarded flock list render-one -p "$plain" <list >results
    check_complete results
    chmod 444 list
    guarded flock list xargs -a <(seq 2) -P 2 -I{} render-one -p "$plain" <list >results
    check_complete results
}

# lines COUNT FILE: waits until the file has COUNT lines.
lines() {
    for _ in {1..1000}; do
        (($(wc -l <"$2") < $1)) || return 0
        sleep 0.02
    done
    fail "$2 has $(wc -l <"$2") lines, not $1"
}

# worker NUMBER: starts a worker on ./queue in the background, with its own results.
worker() {
    render-one -p "$plain" <queue >"results$1" 3>&- 8>&- &
    workers[$1]=$!
}

# The jobs with these numbers, from the file.
jobs() { sed -n "$1p" "$jobs"; }

@test "a worker that is stopped while it waits stops no other" {
    mkfifo queue
    : >results
    exec 8<>queue
    for number in 1 2; do
        render-one -p "$plain" <queue >>results 3>&- 8>&- &
        workers[number]=$!
    done
    jobs 1,2 >queue
    lines 2 results
    for number in 1 2; do
        kill -STOP "${workers[number]}"
        jobs $((number + 2)) >queue
        lines $((number + 2)) results
        kill -CONT "${workers[number]}"
    done
    exec 8>&-
    wait "${workers[@]}"
    diff <(seq 4) <(jq .id results | sort -n)
}

@test "half a line keeps no worker from the jobs before it, and is not taken before it is whole" {
    mkfifo queue
    : >results
    {
        jobs 1,2; jobs 3 | head -c 20
        lines 2 results
        sleep 0.2 # several workers see half a line
        jobs 3 | tail -c +21; jobs 4,400
    } >queue &
    xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" <queue >>results
    wait
    check_complete results
}

@test "a job line that is longer than a pipe is rendered once" {
    jq -c 'if .id % 40 == 0 then .padding = "x" * 300000 else . end' "$jobs" >long
    # shellcheck disable=SC2002
    cat long | xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" >results
    check_complete results
    xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" <long >results
    check_complete results
}

@test "a worker that is killed within a long job line costs that job, and no other" {
    mkfifo queue
    jobs 1 | jq -c '.padding = "x" * 3000000' >long
    worker 1
    exec 8<>queue
    head -c 2000000 long >&8 # more than a pipe holds: the worker has read only part of it
    kill -KILL "${workers[1]}"
    wait "${workers[1]}" || true
    worker 2
    tail -c +2000001 long >&8
    jobs 2,5 >&8
    exec 8>&-
    wait "${workers[2]}" || [[ $? == 1 ]]
    [[ ! -s results1 && $(jq -r .status results2 | xargs) == "error ok ok ok ok" ]]
    [[ $(jq -r '.error_kind // empty' results2) == bad-record ]]
    diff <(seq 2 5) <(jq '.id // empty' results2)
}

# filled BYTES DESCRIPTOR: waits until a pipe that nobody reads has BYTES bytes in it.
filled() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import array, fcntl, sys, termios, time
size = array.array("i", [0])
for _ in range(1000):
    fcntl.ioctl(int(sys.argv[2]), termios.FIONREAD, size)
    if size[0] >= int(sys.argv[1]):
        sys.exit()
    time.sleep(0.02)
sys.exit(f"the pipe has {size[0]} bytes in it")
PYTHON
}

@test "a worker that is killed or stopped within a long result line tears no other line" {
    jobs 1,5 | jq -c '.padding = "x" * 300000' >long
    for signal in KILL STOP; do
        rm -f pipe
        mkfifo pipe
        exec 7<>pipe
        render-one -p "$plain" >pipe 3>&- 7<&- < <(head -n 1 long) &
        first=$!
        filled 60000 7
        kill -"$signal" "$first"
        render-one -p "$plain" >pipe 3>&- 7<&- < <(tail -n +2 long) &
        second=$!
        guarded jq -nc '[limit(5; inputs | [.id, .status, (.padding | length)])]' <&7 >seen
        [[ $(jq -c 'sort[]' seen) == "$(printf '[%d,"ok",300000]\n' {1..5})" ]]
        kill -CONT "$first" || true
        wait "$first" || [[ $? == 137 && $signal == KILL ]]
        wait "$second"
        exec 7<&-
    done
}

@test "results that are added to a line that was cut short begin a line of their own" {
    printf '{"cut":"sh' >results
    jobs 1,2 | render-one -p "$plain" >>results
    { printf '{"cut":"sh'; jobs 3,4 | render-one -p "$plain"; } >others
    for file in results others; do
        [[ $(head -n 1 "$file") == '{"cut":"sh' && $(wc -l <"$file") == 3 ]]
        [[ $(tail -n +2 "$file" | jq -r .status | xargs) == "ok ok" ]]
    done
}

@test "where one kind of lock fails, workers exclude each other with another one" {
    without_sanitizers "they want to be preloaded first"
    for kind in nfs old; do
        guarded env LD_PRELOAD="$root/build/tests/broken_locks.so" PATCHPIPE_LOCKS="$kind" \
            xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" <"$jobs" >results
        check_complete results
    done
}

@test "where no lock works, a worker says so before the first job, and how to go on" {
    without_sanitizers "they want to be preloaded first"
    export LD_PRELOAD="$root/build/tests/broken_locks.so" PATCHPIPE_LOCKS=lustre
    run -2 --separate-stderr render-one -p "$plain" <"$jobs"
    [[ -z $output && $stderr == "render-one: standard input: cannot be locked (Function not implemented), so that "* ]]
    [[ $stderr == *"; give the jobs through a pipe: cat JOBS | render-one"* ]]
    jobs 1 >one
    # shellcheck disable=SC2016
    run -2 --separate-stderr bash -c 'cat one | render-one -p "$0" >results' "$plain"
    [[ ! -s results && $stderr == *"; write through a pipe: render-one | cat > RESULTS"* ]]
    # shellcheck disable=SC2002
    cat "$jobs" | xargs -a <(seq 4) -P 4 -I{} render-one -p "$plain" | cat >results
    check_complete results
}

# nonblocking DESCRIPTOR COMMAND...: runs the command with a descriptor that another program has
# made non-blocking.
nonblocking() { /usr/bin/python3 -c 'import os, sys
os.set_blocking(int(sys.argv[1]), False)
os.execvp(sys.argv[2], sys.argv[2:])' "$@"; }

@test "streams that another program has set to non-blocking are waited for" {
    mkfifo queue pipe
    { jobs 1,2; sleep 0.3; jobs 3,400; } >queue &
    nonblocking 0 render-one -p "$plain" <queue >results
    check_complete results
    jq -c '.padding = "x" * 1000 | if .id > 390 then .padding *= 200 else . end' "$jobs" >long
    { sleep 0.3; cat <&7 >results; } 7<pipe &
    nonblocking 1 render-one -p "$plain" <long >pipe
    wait
    check_complete results
}

# Of a worker that reads the FIFO at descriptor 5 and writes to results, in kB, once its next jobs of so
# many further bytes each are rendered.
memory_after() {
    local size before
    before=$(wc -l <results)
    for size in "${@:2}"; do
        jq -nc --argjson size "$size" '{duration: 0.001, tail: 0, output_path: "/dev/null", padding: ("x" * $size)}' >&5
    done
    until (($(wc -l <results) == before + $# - 1)); do sleep 0.05; done
    awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"
}

@test "a worker takes no more memory after jobs of some hundred kilobytes than before" {
    without_sanitizers "they keep freed memory for a while"
    mkfifo queue
    render-one -p "$plain" --isolation reuse <queue >results 3>&- &
    worker=$!
    exec 5>queue
    before=$(memory_after "$worker" $(seq 1 100 2000))
    memory_after "$worker" $(seq 150000 7000 400000) >/dev/null
    after=$(memory_after "$worker" $(seq 1 100 2000))
    exec 5>&-
    wait "$worker"
    echo "$before kB, then $after kB"
    # What is kept is as large as a few of the longest.
    ((after < before + 2048))
}

@test "a job that names the queue as a file is a bad record, and the others are rendered" {
    ln -s /proc/self/fd/0 link
    # Of eight each field and each path is one.
    while read -r field path; do
        {
            jobs 1
            jobs 2 | jq -c --arg field "$field" --arg path "$path" '.[$field] = $path | .midi_duration = 1'
            jobs 3,9
        } >list
        # shellcheck disable=SC2002
        run -1 --separate-stderr bash -c 'cat list | timeout 100 render-one -p "$0"' "$plain"
        [[ $(field id | xargs) == "$(seq 9 | xargs)" && $(field status | uniq -c | xargs) == "1 ok 1 error 7 ok" ]]
        [[ $(field error_kind | grep -v null) == bad-record ]]
        [[ $(field error) == *"$field: $path is where the records come from; write it to a file and name that"* ]]
        cp list before
        run -1 --separate-stderr render-one -p "$plain" <list
        [[ $(field status | uniq -c | xargs) == "1 ok 1 error 7 ok" ]]
        cmp list before
    done < <(some 8 {preset_path,state_path,midi_path,plugin_path,output_path}\ {/dev/stdin,/dev/fd/0,/proc/self/fd/0,"$PWD/link"})
}
