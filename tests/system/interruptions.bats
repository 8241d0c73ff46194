#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Nothing half-written, nothing lost. Whatever ends or disturbs a run, every file under its final
# name is complete, and the same command with --skip-existing makes the missing files and nothing
# else. tests/system/interruptions/audit.py checks that. Of the workers that are killed, half put a
# process back and half fork. The moments are always the same 10, or 15 with THOROUGH=1. To try others
# by hand, for an hour, with a seed that is printed:
#
#     PATCHPIPE_MOMENTS=2000 PATCHPIPE_SEED=$RANDOM bats tests/system/interruptions.bats

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
scripts=$root/tests/system/interruptions
moments=${PATCHPIPE_MOMENTS:-${THOROUGH:+15}} seed=${PATCHPIPE_SEED:-1}
moments=${moments:-10}
made=$BATS_FILE_TMPDIR

# Forty jobs, four of them long enough to be written in pieces, and three ways to render
# them into ./out with more options for render-one: two workers on a file, the whole pipe, and the
# driver. Also the resulting files.
setup_file() {
    preset-export -o presets --programs 0-1 "$plain" >/dev/null
    script make-jobs <<SCRIPT
preset-scan $made/presets | job-grid --note 20-39 --set duration=0.02 --set tail=0.01 --set bit_depth=24 |
    gojq -c 'if .note % 10 == 0 then .duration = 0.5 else . end' | assign-paths -o out
SCRIPT
    script workers <<SCRIPT
exec {queue}<list
render-one --isolation snapshot --fxp $plain "\$@" <&\$queue &
render-one --isolation fork --fxp $plain "\$@" <&\$queue
status=\$?
wait \$! || exit
exit \$status
SCRIPT
    script pipeline <<SCRIPT
$made/make-jobs | xargs -a <(echo snapshot fork) -n 1 -P 2 render-one --fxp $plain "\$@" --isolation
SCRIPT
    script driver <<SCRIPT
exec render-presets $made/presets out --fxp $plain --isolation snapshot --workers 2 \
    --note \${notes:-20-39} --duration 0.05 --tail 0.01 --bit-depth 24 "\$@"
SCRIPT
    ./pipeline >records
    mv out reference
    (($(find reference -type f | wc -l) == 40))
    ./make-jobs >list
}

script() {
    { echo '#!/bin/bash'; echo 'set -o pipefail'; cat; } >"$1"
    chmod +x "$1"
}

setup() {
    mkdir tmp
    export TMPDIR=$PWD/tmp
    local jobs
    jobs=$(<"$made/list")
    echo "${jobs//"$made/out/"/"$PWD/out/"}" >list
}

audit() { /usr/bin/python3 "$scripts/audit.py" "$1" out "$made/reference" "${@:2}"; }

# The same jobs again, with --skip-existing.
finish() { audit finish results bash -c "$made/workers --skip-existing >results"; }

# at_moments PART HOW-MANY RUN FINISH
at_moments() {
    run /usr/bin/python3 "$scripts/moments.py" "$1" "$3" "$4" "$2" "$seed"
    echo "$output"
    ((status == 0))
}

# render STATUS [COMMAND]...: the records of the jobs, rendered by one render-one, in $isolation or
# snapshot. They are not subject to limits for files.
render() {
    local ended
    "${@:2}" render-one --isolation "${isolation:-snapshot}" --fxp "$plain" <list 2>errors | cat >results
    ended=${PIPESTATUS[0]}
    [[ $ended == "$1" ]] || fail "render-one ends with status $ended: $(<errors)"
}

# Runs the shell commands on standard input with ./out as a separate file system in memory. Root may
# mount one, and so may anybody in most user namespaces. There a remount must not repeat the options
# that it finds, of which one is the user.
on_file_system() {
    local namespace options=$1
    mkdir -p out
    for namespace in "unshare --mount" "unshare --mount --map-root-user"; do
        # shellcheck disable=SC2086
        $namespace mount -t tmpfs tmpfs out 2>/dev/null || continue
        export -f audit
        export made plain scripts
        # shellcheck disable=SC2086
        $namespace bash -euc "mount -t tmpfs -o $options tmpfs out"$'\n'"$(cat)"
        return
    done
    skip "this machine lets neither root nor a user namespace mount a file system"
}

@test "a worker that is killed at any moment leaves whole files, and at most its job undone" {
    at_moments worker "$moments" "$made/workers >results 2>/dev/null" "$made/workers --skip-existing >results"
}

@test "a process with the plug-in that is killed at any moment leaves whole files, and costs at most its job" {
    at_moments child "$moments" "$made/workers >results" "$made/workers --skip-existing >results"
}

@test "a pipeline that is killed at any moment leaves whole files" {
    at_moments pipeline "$moments" "$made/pipeline >results" "$made/pipeline --skip-existing >results"
}

@test "render-presets that is killed at any moment leaves whole files" {
    at_moments pipeline $((moments / 5)) "$made/driver --results results" \
        "$made/driver --results results --skip-existing"
}

@test "SIGINT and SIGTERM end render-one at any moment, and nothing but whole files is left" {
    for signal in SIGINT SIGTERM; do
        for isolation in snapshot fork; do
            local command="exec render-one --isolation $isolation --fxp $plain <list >results"
            at_moments "$signal" $((moments / 10)) "$command" "$command --skip-existing"
            rm -r out reference
        done
    done
}

@test "SIGINT and SIGTERM end render-presets at any moment, and nothing but whole files is left" {
    for signal in SIGINT SIGTERM; do
        at_moments "$signal" $((moments / 5)) "exec $made/driver --results results >/dev/null" \
            "$made/driver --results results --skip-existing"
        rm -r out reference
    done
}

# JUCE would unpack LV2's own bundles while an LV2 is loaded.
@test "SIGINT and SIGTERM end the loading of an LV2 at any moment, and nothing is left of it" {
    export LV2_PATH=$root/build/tests/plugins
    seq 3 | jq -c '{duration: 0.02, tail: 0.01, note: ., output_path: "\(env.PWD)/out/\(.).wav"}' >list
    local command="exec render-one --isolation snapshot -p urn:patchpipe:fault-synth <list >results"
    for signal in SIGINT SIGTERM; do
        at_moments "$signal" $((moments / 5)) "$command" "$command --skip-existing"
        rm -r out reference
    done
}

# Replacing an existing file takes more steps, with a temporary name for an instant.
@test "a process that is killed at each step of writing a file leaves the one before or the new one" {
    let_strace_look
    head -n 1 list | jq -c '.duration = 2' >long
    mv long list
    path=$(jq -r .output_path list)
    render 0
    mv "$path" new
    jq -c '.velocity = 1' list | render-one --fxp "$plain" >/dev/null
    mv "$path" old
    for call in write linkat rename; do
        for ((number = 1; ; number++)); do
            cp old "$path"
            # If it is not killed any more, it has rendered.
            ! strace -f -qq -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" -o log \
                render-one --isolation fork --fxp "$plain" <list >results || break
            cmp "$path" new || cmp "$path" old
        done
        echo "$call: killed at each of $((number - 1))"
        cmp "$path" new
        case $call in
            write) ((number > 5)) ;;
            linkat) ;; # twice if the file system has unnamed files, else never
            rename) ((number == 2)) ;;
        esac
    done
}

@test "on a full disk the files that fit are whole, and the others are errors" {
    for full in size=512k nr_inodes=25; do
        on_file_system "$full" <<'COMMANDS'
"$made/workers" >results && exit 1
audit partly results 'No space left on device'
mount --options-mode ignore -o remount,size=64m,nr_inodes=1000 out
audit finish results bash -c "$made/workers --skip-existing >results"
COMMANDS
    done
}

@test "render-presets on a full disk says so, and its results are not there until they are whole" {
    # So many results that they take more room than a file.
    on_file_system size=1m <<'COMMANDS'
export notes=20-69
"$made/driver" 2>errors && exit 1
[[ ! -e out/results.ndjson ]]
grep -q 'No space left on device' errors
mount --options-mode ignore -o remount,size=64m out
"$made/driver" --skip-existing >said
[[ $(<said) == "Done: "*", 0 failed." && $(ls out | wc -l) == 101 ]]
[[ $(wc -l <out/results.ndjson) == 100 ]]
COMMANDS
    [[ -z $(ls -A tmp) ]]
}

@test "a read-only folder stays as it is" {
    head -n 20 list | render-one --fxp "$plain" >/dev/null
    chmod 555 out
    run ! bound bash -c '"$@" >results' - "$made/workers" --skip-existing
    audit partly results 'Permission denied'
    [[ $(jq -r .status results | sort | uniq -c | xargs) == "20 error 20 skipped" ]]
    run -3 bound "$made/driver"
    [[ $(find out -type f | wc -l) == 20 ]]
    chmod 755 out
    finish
}

# One cannot see then whether a file exists.
@test "a folder that nobody may enter makes errors of its jobs, and the others are rendered" {
    mkdir -m 000 out
    jq -c 'if .note % 10 == 0 then .output_path |= sub("/out/"; "/other/") else . end' list >mixed
    mv mixed list
    run -1 bound render-one --isolation snapshot --fxp "$plain" --skip-existing <list
    [[ $(field status | sort | uniq -c | xargs) == "36 error 4 ok" ]]
    [[ $(jq -r .error_kind <<<"$output" | sort -u | xargs) == "io null" ]]
    [[ $(find other -type f | wc -l) == 4 && -z $(find out -type f) ]]
    chmod 755 out
}

@test "a read-only file system stays as it is" {
    on_file_system size=64m <<'COMMANDS'
head -n 20 list | render-one --fxp "$plain" >/dev/null
mount --options-mode ignore -o remount,ro out
"$made/workers" --skip-existing >results && exit 1
audit partly results 'Read-only file system'
mount --options-mode ignore -o remount,rw out
audit finish results bash -c "$made/workers --skip-existing >results"
COMMANDS
}

@test "where files may not grow beyond a limit, those that would are errors" {
    # shellcheck disable=SC2016
    render 1 bash -c 'ulimit -f 64 && exec "$@"' -
    audit partly results 'File too large'
    [[ $(jq -r .status results | sort | uniq -c | xargs) == "4 error 36 ok" ]]
    finish
}

@test "records that a limit keeps out of their file are status 3, and the files are whole" {
    (ulimit -f 12 && render 3 bash -c 'exec "$@" >cut' -)
    [[ $(<errors) == "render-one: standard output: File too large" ]]
    audit whole
    finish
}

# while_rendering COMMAND...: runs it, to remove a folder, when 10 jobs are done; the other jobs
# follow only after that.
while_rendering() {
    local ended=0
    : >results
    mkfifo queue
    head -n 20 list >first
    {
        cat first
        until (($(wc -l <results) >= 10)); do sleep 0.01; done
        "$@" || true # rm fails if a file is made in the folder meanwhile
        tail -n +21 list
    } >queue &
    xargs -a <(seq 2) -P 2 -I{} render-one --isolation snapshot --fxp "$plain" <queue >results || ended=$?
    wait
    rm queue
    [[ $ended == 0 || $ended == 123 ]]
    (($(wc -l <results) == 40))
    jq -es 'all(.status == "ok" or .error_kind == "io")' results
}

@test "an output folder that vanishes is made again, or its files are errors" {
    while_rendering mv out gone
    audit whole
    finish
    rm -r out
    while_rendering rm -rf out
    audit whole
    finish
}

@test "a file in the place of the output folder stays, and each job is an error" {
    # The folder is made again and again, and a folder that is moved needs a name of its own each time.
    # shellcheck disable=SC2016
    while_rendering bash -c 'until mv out "gone-$((++i))"; echo mine >out; do :; done' 2>/dev/null
    [[ $(<out) == mine ]]
    [[ $(jq -r 'select(.status != "ok").error' results) == *"cannot write: Not a directory"* ]]
    rm out
    finish
}

@test "with standard output closed from the start, it says so and leaves whole files" {
    run -3 --separate-stderr bash -c 'render-one --isolation snapshot --fxp "$0" <list >&-' "$plain"
    [[ $stderr == "render-one: standard output: Bad file descriptor" ]]
    audit whole
    finish
}

@test "with standard error closed from the start, nothing that would go there goes elsewhere" {
    run -0 bash -c 'render-one --verbose --isolation snapshot --fxp "$0" <list 2>&- >results' "$plain"
    audit whole
    finish
}

@test "a reader that goes away ends it quietly, and leaves whole files" {
    # shellcheck disable=SC2016
    run -0 --separate-stderr bash -c \
        'render-one --isolation snapshot --fxp "$0" <list | head -n 5; exit "${PIPESTATUS[0]}"' "$plain"
    [[ ${#lines[@]} == 5 && -z $stderr ]]
    audit whole
    (($(find out -type f | wc -l) < 40))
    finish
}

# replaced FILE COMMAND...: which makes the file anew from what is in `before`. With THOROUGH=1 it is
# killed fifty times.
replaced() {
    rm -f list
    run /usr/bin/python3 "$scripts/replaced.py" "$1" $((${THOROUGH:+46} + 4)) "$seed" "${@:2}"
    echo "$output"
    ((status == 0))
}

# shellcheck disable=SC2016
@test "play-one that is killed at any moment leaves the old file or the new one" {
    mkdir before
    echo old >before/out.wav
    printf '%s\n' '{"type":"note","time":0,"note":60,"velocity":100,"duration":10}' '{"type":"stop","time":20}' >before/events
    # After SIGTERM it is what has been played.
    ONLY_KILL=yes replaced out.wav bash -c 'exec play-one "$0" -o out.wav <events' "$plain"
}

@test "audio-edit in place that is killed at any moment leaves the old file or the new one" {
    mkdir before
    sox -n -r 48000 -c 2 before/in.wav synth 60 sine 440
    replaced in.wav audio-edit --reverse --gain-db -6 -o in.wav in.wav
}

@test "preset-convert that is killed at any moment leaves the old file or the new one" {
    mkdir before
    head -c 30000000 /dev/urandom >before/state
    echo old >before/out.fxp
    replaced out.fxp preset-convert --from raw --plugin-id Test --to fxp -o out.fxp state
}

@test "song-write --into that is killed at any moment leaves the old project or the new one" {
    mkdir before
    seq 3000 | jq -c '{type: "track", track: "t\(.)", name: "Track \(.)"}' | song-write -o before/song.rpp
    song-read before/song.rpp | sed 's/"name":"Track/"name":"Lane/' >before/changes
    replaced song.rpp bash -c 'exec song-write --into song.rpp -o song.rpp <changes'
}

@test "match-files --copy that is killed at any moment leaves whole copies, and the old list of them or the new one" {
    mkdir -p before/media before/all
    for i in {1..20}; do head -c 1000000 /dev/urandom >"before/media/$i.wav"; done
    seq 20 | jq -c '{type: "sample", path: "media/\(.).wav"}' >before/songs
    (cd before && head -n 3 songs | match-files --copy all >/dev/null)
    replaced all/manifest.json bash -c 'exec match-files --copy all <songs >/dev/null'
}

@test "render-module that is killed at any moment leaves old files or new ones, and nothing else" {
    mkdir -p before/out
    "$root/tests/make-module.py" before/tune.mod <<<'{"title": "Tune", "patterns": [{"0": ["C-2 01 000"], "7": ["... 00 D00"]}], "samples": [{"frames": 4000, "name": "Lead"}]}'
    echo old >before/out/Tune_track.wav
    replaced out/Tune_track.wav render-module --no-video --format wav tune.mod out
}
