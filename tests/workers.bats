#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Many workers on one queue, and the other programs that hand jobs out: xargs, GNU parallel, make.

load helper

plain=$root/build/tests/plugins/plain_synth.so

setup_file() {
    preset-export -o plain --programs 0-3 "$plain" >/dev/null
    seq 400 | jq -c '{id: ., note: (. % 128), duration: 0.05, tail: 0, output_path: "/dev/null"}' >jobs.ndjson
}

jobs=$BATS_FILE_TMPDIR/jobs.ndjson

# Every job of the file once and well, in the results given.
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
#!/bin/sh
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
