#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The sandbox protects the user's files, network and memory from a plug-in. The plug-in is the fault
# synth, whose presets try to get through (tests/plugins/fault_table.h). Each test does the same
# with --sandbox off, to show that it would notice.

load ../helper

synth=$root/build/tests/plugins/fault_synth.so
plain=$root/build/tests/plugins/plain_synth.so

setup_file() { preset-export -o presets "$synth" >/dev/null; }

setup() {
    let_plugins_crash
    mkdir tmp out
    export TMPDIR=$PWD/tmp
}

teardown() { [[ -z ${listener-} ]] || kill "$listener"; }

# job FAULT [OUTPUT]: a job with a fault's preset.
job() {
    jq -nc --arg path "$(echo "$BATS_FILE_TMPDIR"/presets/*" $1.fxp")" --arg out "$PWD/out/${2-$1}.wav" \
        '{preset_path: $path, note: 60, duration: 0.1, tail: 0.05, output_path: $out}'
}

# play FAULT [OPTION]...: plays the preset of a fault.
play() { run -0 --separate-stderr render-one -p "$synth" "${@:2}" "$(job "$1")"; }

# Accepts connections and counts them in the file "connections"; sets FAULT_PORT.
listen() {
    : >connections
    /usr/bin/python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], file=open("port.new", "w"), flush=True)
__import__("os").rename("port.new", "port")
while True:
    server.accept()[0].close()
    open("connections", "a").write("connected\n")' 3>&- &
    listener=$!
    until [[ -s port ]]; do sleep 0.05; done
    FAULT_PORT=$(<port)
    export FAULT_PORT
}

# The listener counts a connection only after it was made.
connected() {
    for _ in {1..40}; do
        [[ ! -s connections ]] || return 0
        sleep 0.05
    done
    return 1
}

@test "a preset writes no file beside the audio, in the home or in /tmp" {
    local files=("$PWD/out/beside" "$HOME/in-home" "/tmp/patchpipe-test-$$" "$PWD/tmp/in-tmp") file
    FAULT_FILES=$(IFS=:; echo "${files[*]}")
    export FAULT_FILES
    for mode in snapshot fork reuse process; do
        play trespass --isolation "$mode"
        [[ $(field status) == ok && $(field sandbox) == null && -s out/trespass.wav ]]
        for file in "${files[@]}"; do [[ ! -e $file ]]; done
    done
    play trespass --sandbox off
    for file in "${files[@]}"; do
        [[ -s $file ]]
        rm "$file"
    done
}

@test "a preset changes no file that is there" {
    echo mine >file
    ln -s "$PWD/file" link
    export FAULT_SCRIPT="echo other >$PWD/file; echo more >>$PWD/link; rm $PWD/file; mv $PWD/file $PWD/moved
        mkdir $PWD/folder; ln -s x $PWD/x"
    play script
    [[ $(<file) == mine && ! -e moved && ! -e folder && ! -L x ]]
    FAULT_SCRIPT="echo other >$PWD/file; mkdir $PWD/folder" play script --sandbox off
    [[ $(<file) == other && -d folder ]]
}

@test "a preset reaches no port, nor does what it starts" {
    listen
    play trespass
    [[ $(field sandbox) == null ]]
    FAULT_SCRIPT="bash -c 'echo >/dev/tcp/127.0.0.1/$FAULT_PORT'" play script
    FAULT_SCRIPT="/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
open(\"$PWD/out/made\", \"w\")'" play script --allow-write out
    [[ ! -e out/made ]]
    run ! connected
    play trespass --allow-network
    connected
    : >connections
    play trespass --sandbox off
    connected
    : >connections
    FAULT_SCRIPT="bash -c 'echo >/dev/tcp/127.0.0.1/$FAULT_PORT'" play script --sandbox off
    connected
}

@test "a process that a preset starts writes no more than the preset" {
    export FAULT_SCRIPT="setsid bash -c 'echo >$PWD/out/beside; echo >$HOME/in-home; echo >\$TMPDIR/own && cp \$TMPDIR/own $PWD/copy'"
    play script
    [[ ! -e out/beside && ! -e $HOME/in-home && ! -e copy ]]
    play script --sandbox off
    [[ -e out/beside && -e $HOME/in-home && -e copy ]]
}

@test "a preset ends no process but its own" {
    sleep 1000 3>&- &
    local other=$!
    FAULT_SCRIPT="kill $other" play script
    # Before Linux 6.12 there is no rule for signals.
    [[ $(printf '%s\n' 6.12 "$(uname -r)" | sort -V | head -n 1) != 6.12 ]] || kill -0 "$other"
    FAULT_SCRIPT="kill $other" play script --sandbox off
    run -143 wait "$other"
}

@test "--allow-write and --home are folders that a preset may write into" {
    mkdir a b
    FAULT_FILES=$PWD/a/file:$PWD/b/file:$PWD/out/file play trespass --allow-write a --allow-write "$PWD/b"
    [[ -s a/file && -s b/file && ! -e out/file ]]
    FAULT_SCRIPT="echo >~/file; mv $PWD/a/file $PWD/b/moved" play script --home home --allow-write a --allow-write b
    [[ -e home/file && -e b/moved ]]
    for folder in nowhere '' a/file.txt; do
        run -2 --separate-stderr render-one -p "$synth" --allow-write "$folder" "$(job script)"
        [[ -z $output && $stderr == "render-one: --allow-write: '$folder' is not a folder; make it, or name another"* ]]
    done
}

@test "a plug-in has a temporary folder that goes away with its process" {
    export FAULT_SCRIPT="mkdir \$TMPDIR/a && echo >\$TMPDIR/a/b && echo \$TMPDIR >$PWD/where/name"
    mkdir where
    for options in '' '--sandbox off' '--isolation process'; do
        # shellcheck disable=SC2086
        play script --allow-write where $options
        [[ $(<where/name) == "$PWD/tmp/"* && -z $(ls tmp) ]]
        rm where/name
    done
}

@test "temporary folders go away when a plug-in crashes, and when render-one is killed" {
    run -1 render-one -p "$synth" "$(job process-segv)"
    [[ -z $(ls tmp) ]]
    FAULT_SCRIPT="echo >\$TMPDIR/file; echo >$PWD/out/begun; kill -STOP \$PPID" \
        render-one -p "$synth" --allow-write out "$(job script)" 3>&- &
    local tool=$!
    until [[ -e out/begun ]]; do sleep 0.05; done
    [[ -n $(ls tmp) ]]
    kill -KILL "$tool"
    wait "$tool" || true
    for _ in {1..100}; do
        [[ -n $(ls tmp) ]] || return 0
        sleep 0.05
    done
    fail "left in TMPDIR: $(find tmp)"
}

@test "a plug-in that opens only outside is opened there, which is said once and in the records" {
    export FAULT_ON_LOAD=load-home
    job well-behaved 1 >queue
    job well-behaved 2 >>queue
    for mode in auto snapshot fork reuse process; do
        rm -f "$HOME/needed"
        run -0 --separate-stderr render-one -p "$synth" --isolation "$mode" <queue
        [[ $(field status) == $'ok\nok' && $(field sandbox) == $'false\nfalse' ]]
        [[ $stderr == "render-one: $synth: opened without the sandbox, as it does not open inside; --sandbox on shows why" ]]
        [[ -e $HOME/needed ]]
    done
    rm "$HOME/needed"
    run -0 --separate-stderr plugin-probe "$synth"
    [[ $(field sandbox) == false && $stderr == "plugin-probe: $synth: opened without the sandbox"* ]]
    run -0 --separate-stderr plugin-probe --sandbox off "$synth"
    [[ $(field sandbox) == false && -z $stderr ]]
}

@test "a plug-in that a record or a chain names is never opened outside by itself" {
    FAULT_ON_LOAD=load-home run -1 --separate-stderr render-one "$(job well-behaved | jq -c --arg p "$synth" '.plugin_path = $p')"
    [[ $(field error_kind) == crash && $(field error) == *"--sandbox off"* && -z $stderr && ! -e $HOME/needed ]]
    FAULT_ON_LOAD=load-home run -1 --separate-stderr render-one -p "$plain" "$(job well-behaved | jq -c --arg p "$synth" '{output_path, chain: [{plugin_path: $p}]}')"
    [[ $(field error_kind) == crash && ! -e $HOME/needed ]]
    FAULT_ON_LOAD=load-home run -0 render-one --sandbox off "$(job well-behaved | jq -c --arg p "$synth" '.plugin_path = $p')"
    [[ -e $HOME/needed ]]
}

@test "plugin-measure opens outside what its command line names, and nothing that a record names" {
    short=(--length 0.01 --settle 0)
    for named in record chain; do
        jq -nc --arg p "$synth" --arg named "$named" \
            'if $named == "record" then {plugin_path: $p} else {chain: [{plugin_path: $p}]} end' >job
        FAULT_ON_LOAD=load-home run -1 --separate-stderr plugin-measure "${short[@]}" -p "$plain" <job
        [[ $(field error_kind) == crash && $(field error) == *"--sandbox off"* && -z $stderr && ! -e $HOME/needed ]] || fail "$output"
    done
    for words in "$synth" "-p $synth"; do
        rm -f "$HOME/needed"
        # shellcheck disable=SC2086
        FAULT_ON_LOAD=load-home run -0 --separate-stderr plugin-measure "${short[@]}" $words <<<'{}'
        [[ -e $HOME/needed && $(field status) == ok ]] || fail "$output $stderr"
    done
}

@test "with --sandbox on a plug-in that opens only outside is an error" {
    FAULT_ON_LOAD=load-home run -1 --separate-stderr render-one -p "$synth" --sandbox on "$(job well-behaved)"
    [[ $(field error_kind) == crash && $(field error) == *"while loading the plug-in (exited with status 3)"* ]]
    [[ -z $stderr && ! -e $HOME/needed ]]
    FAULT_ON_LOAD=load-home run -1 plugin-probe --sandbox on "$synth"
    [[ ! -e $HOME/needed ]]
}

@test "a plug-in that opens neither inside nor outside is one error, as it was outside" {
    FAULT_ON_LOAD=load-segv run -1 --separate-stderr render-one -p "$synth" "$(job well-behaved)"
    [[ $(field error) == *"while loading the plug-in (killed by SIGSEGV)"* && -z $stderr ]]
}

@test "a record says when its plug-in was opened without a sandbox, and has the same audio" {
    local tone
    tone=$(jq -nc --arg out "$PWD/out/tone.wav" '{duration: 0.1, output_path: $out}')
    run -0 --separate-stderr render-one -p "$plain" "$tone" --sandbox off
    [[ $(field sandbox) == false && -z $stderr ]]
    local outside
    outside=$(field audio_hash)
    run -0 --separate-stderr render-one -p "$plain" "$tone" --sandbox on
    [[ $(field sandbox) == null && -z $stderr && $(field audio_hash) == "$outside" ]]
}

@test "on a kernel without Landlock plug-ins are opened outside, which is said once" {
    without_sanitizers "they want to be preloaded first"
    local old=(env KERNEL_LACKS=landlock LD_PRELOAD="$root/build/tests/old_kernel.so")
    { job well-behaved 1; job well-behaved 2; } >queue
    run -0 --separate-stderr "${old[@]}" render-one -p "$synth" <queue
    [[ $(field sandbox) == $'false\nfalse' && ${#stderr_lines[@]} == 1 ]]
    [[ $stderr == "render-one: the kernel has no Landlock, or does not allow it here: plug-ins are opened without a sandbox" ]]
    run -0 --separate-stderr "${old[@]}" render-one -p "$synth" --sandbox off <queue
    [[ -z $stderr ]]
    run -2 --separate-stderr "${old[@]}" render-one -p "$synth" --sandbox on <queue
    [[ -z $output && $stderr == "render-one: --sandbox: the kernel has no Landlock"* ]]
}

@test "with --max-memory a plug-in that takes more fails, and the error names the limit" {
    without_sanitizers 'they set aside more than any limit'
    for mode in snapshot fork process reuse; do
        for fault in memory memory-helper; do
            run -1 render-one -p "$synth" --isolation "$mode" --max-memory 700 "$(job "$fault")"
            [[ $(field error_kind) == crash && $(field error) == *"--max-memory 700 may be too little for it"* ]] || fail "$output"
            run -0 render-one -p "$synth" --isolation "$mode" "$(job "$fault")"
            run -0 render-one -p "$synth" --isolation "$mode" --max-memory 3000 "$(job "$fault")"
        done
    done
    run -2 render-one -p "$synth" --max-memory 0 "$(job memory)"
}

@test "a plug-in that fails for another reason than memory is not said to need more" {
    for fault in process-abort preset-exit-0; do
        run -1 render-one -p "$synth" --max-memory 3000 "$(job "$fault")"
        [[ $(field error_kind) == crash && $(field error) != *max-memory* ]] || fail "$output"
    done
}

@test "where memory runs short, the process with the plug-in is the first to go" {
    FAULT_SCRIPT="cat /proc/self/oom_score_adj >$PWD/out/score" play script --allow-write out
    [[ $(<out/score) == 1000 ]]
}

@test "render-presets hands its workers what plug-ins may do" {
    mkdir in audio open
    cp "$BATS_FILE_TMPDIR"/presets/*" trespass.fxp" in/
    FAULT_FILES=$PWD/open/1:$PWD/out/1 run -0 render-presets in audio --fxp "$synth" --duration 0.1 --allow-write open
    [[ -e open/1 && ! -e out/1 ]]
    FAULT_FILES=$PWD/out/1 run -0 render-presets in audio --fxp "$synth" --duration 0.1 --sandbox off
    [[ -e out/1 ]]
    run -2 render-presets in audio --fxp "$synth" --sandbox maybe
    run -2 render-presets in audio --fxp "$synth" --allow-write nowhere
    [[ $output == *"--allow-write: 'nowhere' is not a folder; make it, or name another"* ]]
}
