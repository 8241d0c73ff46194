#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a plug-in must not reach: other programs of the user, the descriptors of his shell, the jobs
# of others. The plug-in is tests/plugins/intruder.cpp. Where it can be, each test does the same
# with --sandbox off, to show that it would notice.

load ../helper

plugins=$root/build/tests/plugins
intruder=$plugins/intruder.so

setup() { let_plugins_crash; }

teardown() {
    [[ -z ${victim-} ]] || kill "$victim" || true
    [[ ${memory-} != /dev/shm/* ]] || rm -rf "$memory"
    for key in 0x7a7a7a 0x7b7b7b; do ipcrm -M "$key" -S "$key" -Q "$key" 2>/dev/null || true; done
}

# in_memory: makes the folder $memory where nothing waits for a disk, if there is such a file system.
in_memory() {
    memory=/dev/shm/patchpipe-test-$$
    [[ $(stat -f -c %T /dev/shm) == tmpfs ]] && mkdir "$memory"
}

# job [NAME [VELOCITY]]
job() { jq -nc --arg out "$PWD/${1:-out}.wav" '{output_path: $out, velocity: '"${2:-77}"', duration: 0.01, tail: 0}'; }

# heard ATTEMPTS [OPTION]...: sets output to the peak of a job, 0.25 if all the attempts failed.
heard() {
    INTRUDER=$1 run -0 render-one -p "$intruder" "${@:2}" \
        '{"output_path":"out.wav","velocity":77,"duration":0.01,"tail":0}'
    output=${output#*'"peak":'}
    output=${output%%,*}
}

# is_refused ATTEMPT...: in the sandbox, however the job is isolated.
is_refused() {
    local mode
    for mode in snapshot fork process reuse; do
        heard "$*" --sandbox on --isolation "$mode"
        [[ $output == 0.25 ]] || fail "one of $* got through with --isolation $mode: $output"
    done
}

# is_possible_outside ATTEMPT...
is_possible_outside() {
    local attempt
    for attempt; do
        heard "$attempt" --sandbox off --isolation process
        [[ $output == 0.5 ]] || fail "$attempt does not get through outside: $output"
    done
}

@test "a plug-in gets none of the descriptors that the caller's shell has open" {
    exec 5>>log 77>>log
    for sandbox in on off; do
        for mode in snapshot fork process reuse; do
            INTRUDER_LOADS=1 heard descriptors --sandbox "$sandbox" --isolation "$mode"
            [[ $output == 0.25 ]]
        done
    done
    [[ ! -s log ]]
}

@test "a plug-in types nothing into the user's terminal, and has none" {
    # Outside, the superuser may type into any terminal that he has open.
    for options in '--sandbox on' '--sandbox off' '--sandbox on --verbose'; do
        INTRUDER=terminal run -0 script -qec "render-one -p $intruder $options '$(job)'" /dev/null
        [[ $output == *'"peak":0.25'* ]] || fail "$options: $output"
    done
}

@test "a plug-in changes no limit, priority, processor or scheduling of another process" {
    sleep 1000 3>&- &
    victim=$!
    export INTRUDER_PID=$victim
    is_refused limit priority processors scheduling
    kill -0 "$victim"
    [[ $(ps -o ni= -p "$victim") == "$(ps -o ni= -p $$)" ]]
    is_possible_outside priority scheduling limit
}

@test "a plug-in changes no attributes, mode or times of the user's files" {
    echo mine >file
    touch -d 2001-01-01 file
    export INTRUDER_FILE=$PWD/file
    before=$(stat -c '%a %Y' file)
    is_refused attribute flags mode times lease hint
    [[ $(stat -c '%a %Y' file) == "$before" ]]
    is_possible_outside mode times
}

@test "a plug-in makes nothing that outlives it: no System V object, no key" {
    is_refused shared-memory semaphore message-queue key
    [[ $(ipcs -m -s -q) != *0x007a7a7a* ]]
    is_possible_outside shared-memory semaphore message-queue
}

@test "a plug-in makes no namespace and no io_uring" {
    is_refused namespace ring netlink watch-files device
}

@test "a plug-in reaches no program by a local socket, named or abstract, also with datagrams" {
    /usr/bin/python3 -c '
import os, socket
sockets = []
for kind, name in (socket.SOCK_STREAM, "stream"), (socket.SOCK_DGRAM, "datagram"), (socket.SOCK_STREAM, "\0patchpipe-test-" + str(os.getppid())):
    sockets.append(socket.socket(socket.AF_UNIX, kind))
    sockets[-1].bind(name)
    if kind == socket.SOCK_STREAM: sockets[-1].listen(100)
open("ready", "w")
__import__("time").sleep(1000)' 3>&- &
    victim=$!
    until [[ -e ready ]]; do sleep 0.05; done
    for name in "$PWD/stream" "@patchpipe-test-$$"; do
        INTRUDER_FILE=$name is_refused socket
        INTRUDER_FILE=$name is_possible_outside socket
    done
    INTRUDER_FILE=$PWD/datagram is_refused datagram
    INTRUDER_FILE=$PWD/datagram is_possible_outside datagram
}

@test "a job changes nothing in the process that later jobs are forked from" {
    # Before Linux 6.12 there is no rule for signals.
    [[ $(printf '%s\n' 6.12 "$(uname -r)" | sort -V | head -n 1) != 6.12 ]] || signals=stop-parent
    for attempt in parents-memory trace parents-descriptor ${signals-}; do
        for mode in snapshot fork; do
            heard "$attempt" --sandbox on --isolation "$mode"
            [[ $output == 0.25 ]] || fail "$attempt got through with --isolation $mode"
        done
    done
}

@test "a plug-in neither shortens the tool's memory nor keeps others from the user's files" {
    is_refused board
    echo mine >file
    for mode in snapshot fork reuse process; do
        INTRUDER_FILE=$PWD/results INTRUDER=lock run -0 timeout 20 bash -c 'render-one "$@" >>results' - \
            -p "$intruder" --isolation "$mode" "$(job)" "$(job)"
    done
    [[ $(jq -r .status results | sort | uniq -c | xargs) == "8 ok" ]]
}

@test "a folder that becomes a link while it is emptied leads nowhere" {
    in_memory || memory=$PWD
    mkdir user
    for i in {0..1999}; do echo mine >"user/$i"; done
    echo mine >user/precious
    for mode in snapshot fork process; do
        TMPDIR=$memory INTRUDER_FILE=$PWD/user INTRUDER=swap run render-one -p "$intruder" --isolation "$mode" "$(job)" "$(job)" "$(job)"
        [[ $(find user -type f | wc -l) == 2001 ]] || fail "files are gone"
    done
}

# The list of SHARED LEFTOVERS in patchpipe(7).
leftovers=(new-file new-folder removed-file file-contents memory-file memory-files-size memory-file-by-mapping
    memory-file-by-another-way kept-file-by-mapping folders-times folders-size read-file unlinked-file mapped-file
    shared-memory memory-that-is-read position lock lease owner signal counter timer watched watched-files signals pipes-size
    pipes-contents socket-option sockets-size system-v-memory system-v-semaphore system-v-queue write-or-execute
    no-huge-pages memory-failures secure-bits not-forked memory-policy)

# sounds_fresh MODE LEFTOVER...: in each of four jobs that leave one, and every record says how it was
# rendered; of processes two jobs show it. With $isolated set, that is how.
sounds_fresh() {
    local leftover results result job='{"output_path":"/dev/null","velocity":77,"duration":0.01,"tail":0}' jobs
    jobs=("$job" "$job" "$job" "$job")
    [[ $1 != process ]] || jobs=("$job" "$job")
    for leftover in "${@:2}"; do
        LEFTOVER=$leftover render-one --sandbox on --isolation "$1" -p "$plugins/shared_leftovers.so" "${jobs[@]}" >results ||
            fail "$leftover with --isolation $1: $(<results)"
        mapfile -t results <results
        [[ ${#results[@]} == "${#jobs[@]}" ]]
        for result in "${results[@]}"; do
            [[ $result == *'"peak":0.25,'*'"isolation":"'${isolated:-[a-z]}* ]] ||
                fail "$leftover is left behind with --isolation $1: $result"
        done
    done
}

@test "what a job leaves where processes share it, or where it outlives them, no later job finds" {
    sounds_fresh snapshot "${leftovers[@]}"
    sounds_fresh fork "${leftovers[@]}"
    sounds_fresh process "${leftovers[@]}"
}

@test "jobs of a plug-in whose children share what nobody can look at get processes of their own" {
    isolated=process
    sounds_fresh snapshot kept-process memory-that-is-denied much-memory fifo faults rules
    sounds_fresh fork kept-process memory-that-is-denied much-memory fifo faults rules
    sounds_fresh auto kept-process
}

@test "a file in the temporary folder that a job wrote through a mapping is noticed in memory too" {
    in_memory || skip "no file system in memory"
    for mode in snapshot fork; do
        TMPDIR=$memory sounds_fresh $mode kept-file-by-mapping
    done
}

@test "folders that a job nests 2,500 deep, and may not enter itself, are gone at once" {
    in_memory || { memory=$PWD/tmp && mkdir tmp; }
    synth=$plugins/fault_synth.so
    preset-export -o presets "$synth" >/dev/null
    # shellcheck disable=SC2016
    export FAULT_SCRIPT='cd "$TMPDIR" && /usr/bin/python3 -c "
import os
for i in range(2500):
    os.mkdir(\"d\", 0o700)
    os.chdir(\"d\")
    if i % 500 == 499: os.mkdir(\"closed\", 0)
"'
    for mode in snapshot process; do
        TMPDIR=$memory run -0 timeout 20 render-one -p "$synth" --isolation "$mode" \
            "$(jq -nc --arg path "$(echo presets/*' script.fxp')" '{preset_path: $path, output_path: "out.wav", duration: 0.01, tail: 0}')"
        [[ -z $(ls -A "$memory") ]]
    done
}

@test "a song whose MIDI items repeat more than half a million events is refused by the item's name" {
    {
        echo '{"type":"song"}{"type":"track","track":"t"}'
        echo '{"type":"fx","fx":"f","track":"t","plugin_path":"/usr/lib/vst/amsynth_vst.so","instrument":true}'
        echo '{"type":"item","item":"i","name":"Busy","track":"t","time":0,"length":3000,"rate":1000,"loop":true,"source":{"kind":"midi","beats":0.1}}'
        for _ in {1..100}; do echo '{"type":"note","item":"i","track":"t","beat":0,"beats":0.01,"note":60,"velocity":9}'; done
    } | command jq -c . >song
    (
        ulimit -v 1000000 -t 5
        run ! song-jobs -o work song
        [[ $output == *"Busy: repeats its source so often that the song has more than half a million events"* ]] || fail "$output"
    )
}

@test "a Faust program that names a library on a server does not reach it, and is an error" {
    /usr/bin/python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], file=open("port.new", "w"), flush=True)
__import__("os").rename("port.new", "port")
server.accept()
open("reached", "w")' 3>&- &
    victim=$!
    until [[ -s port ]]; do sleep 0.05; done
    echo "import(\"http://127.0.0.1:$(<port)/a.lib\"); process = 0;" >far.dsp
    run -2 render-one -p far.dsp "$(job)"
    [[ $output == *"far.dsp: line 1: imports 'http://127.0.0.1:$(<port)/a.lib', and imports are files"* ]]
    run -1 render-one "$(job | jq -c '.plugin_path = "far.dsp"')"
    run -1 faust-build --lang cpp -o built far.dsp
    run -1 plugin-probe far.dsp
    [[ ! -e reached ]]
}

@test "what a plug-in prints is shown with --verbose without its escape sequences" {
    synth=$plugins/fault_synth.so
    preset-export -o presets "$synth" >/dev/null
    # shellcheck disable=SC2016
    FAULT_SCRIPT='printf "one\ttwo\033]0;title\007three\nand no end" >&2' run -0 --separate-stderr render-one -v -p "$synth" \
        "$(jq -nc --arg path "$(echo presets/*' script.fxp')" '{preset_path: $path, output_path: "out.wav", duration: 0.01, tail: 0}')"
    [[ $stderr == *$'one\ttwo\\x1b]0;title\\x07three\nand no end'* && $stderr != *$'\033'* ]] || fail "$stderr"
}

@test "a driver that is killed leaves no folder of its own, and its plug-ins end" {
    mkdir tmp presets
    preset-export -o presets --programs 0-1 "$plugins/plain_synth.so" >/dev/null
    for program in 1 2 3; do
        TMPDIR=$PWD/tmp setsid render-presets presets out --fxp "$plugins/plain_synth.so" --duration 3600 >/dev/null 2>&1 &
        until [[ -n $(ls -A tmp) ]]; do sleep 0.01; done
        sleep "0.$program"
        kill -KILL $!
        wait $! || true
        timeout 10 bash -c 'while [[ -n $(ls -A tmp) ]]; do sleep 0.1; done' || fail "left: $(find tmp)"
        rm -rf out
    done
}

@test "curves of an envelope are no more points than a lane may have" {
    jq -nc '{type: "track", track: "t"},
        {type: "fx", fx: "f", track: "t", plugin_path: "/usr/lib/vst/amsynth_vst.so", instrument: true},
        {type: "envelope", envelope: "e", fx: "f", target: "parameter", parameter: {index: 0},
            points: [range(1000) | [. * 80, . % 2, "slow"]]},
        {type: "note", track: "t", beat: 0, beats: 1, note: 60}' | command jq -c . >song
    (ulimit -v 300000 -t 5 && song-jobs -o work song >made)
    [[ $(wc -c <made) -lt $((8 << 20)) && $(jq -r .track made) == t ]]
}

# many_tracks COUNT RECORDS: that many instruments, with the records that jq makes for each, $i.
many_tracks() {
    jq -nc "range($1) as \$i | \"t\(\$i)\" as \$t | {type: \"track\", track: \$t},
        {type: \"fx\", fx: \"f\(\$i)\", track: \$t, plugin_path: \"/usr/lib/vst/amsynth_vst.so\", instrument: true}, $2"
}

@test "what each track of a song has much of is bounded for all of them together" {
    # A curve each; ramps, which every instrument's file has; and notes that 256 sends bring to all.
    many_tracks 400 '{type: "envelope", envelope: "e\($i)", fx: "f\($i)", target: "parameter",
        parameter: {index: 0}, points: [[0, 0, "slow"], [1000, 1]]}' >curves
    { many_tracks 300 empty && jq -nc 'range(300) | {type: "tempo", beat: (. * 1000), bpm: (100 + . % 2 * 50), ramp: true}'; } >ramps
    {
        jq -nc '{type: "track", track: "hub"}, {type: "track", track: "channels"},
            (range(200) | {type: "note", track: "hub", beat: ., note: 60}), (range(1; 17) as $from | range(1; 17) as $to |
            {type: "send", send: "\($from) to \($to)", source_track: "hub", track: "channels", midi: ($to * 32 + $from)})'
        many_tracks 300 '{type: "send", send: "s\($i)", source_track: "channels", track: $t}'
    } >sends
    declare -A ended
    for song in curves ramps sends; do
        (($(stat -c %s $song) < 120000))
        ended[$song]=0
        (ulimit -v 250000 -t 5 && song-jobs -o $song.work $song) >$song.out 2>$song.said || ended[$song]=$?
    done
    # 2,500 points a curve, and that at its end.
    [[ $(jq -c '.automation[0].points | length' curves.out | sort -u) == 2501 ]]
    [[ ${ended[curves]} == 0 && ${ended[ramps]} == 0 && ${ended[sends]} == 1 && $(jq -s length ramps.out) == 300 ]]
    [[ $(<sends.said) == *"hub: is sent to so many instruments"* ]]
}

@test "a second answer of a plug-in is never taken for that of the next job" {
    for mode in snapshot fork reuse; do
        { job hostile && job 1 100 && job 2 100 && job 3 100; } >queue
        INTRUDER=answer run -1 --separate-stderr timeout 15 render-one -p "$intruder" --isolation "$mode" <queue
        [[ $(field status | xargs) == "error ok ok ok" && $(field peak | xargs) == "null 0.25 0.25 0.25" ]] ||
            fail "$mode: $output"
    done
}

@test "a child that has answered and stays, or leaves a process, answers for no other child" {
    answers_for_no_other() {
        for _ in {1..20}; do job hostile && job out 100 && job out 100; done | head -n "$2" >queue
        INTRUDER=$1 run --separate-stderr timeout 50 render-one -p "$intruder" --isolation fork <queue
        # Every third job may be answered by its own child.
        [[ $(jq -r '"\(.peak) \(.isolation)"' <<<"$output" | sed 1~3d | sort | uniq -c | xargs) == "$3 0.25 fork" ]] ||
            fail "$1: $(field peak | xargs), $(field isolation | xargs)"
    }
    cases answers_for_no_other "answer-and-stay 3 2" "answer-later 60 40"
    at_once
}
