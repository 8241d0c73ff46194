#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A plug-in that misbehaves in a child that is put back after each job, or in one of its own.
# tests/fork has these tests too.
#
# shellcheck disable=SC2317 # at_once calls them

load ../helper
load ../system/faults

@test "the well-behaved tone is the same bits in every format, isolation and order" {
    sounds_in() {
        around 0 "$1" well-behaved --isolation "$2"
        check_tone
    }
    cases 'sounds_in vst2' snapshot process reuse
    for format in "${formats[@]:1}"; do cases "sounds_in $format" auto reuse; done
    at_once
    [[ $(jq -r .audio_hash "$presets"/good.*/results | sort | uniq -c | awk '{print $1}' | xargs) == "3 3" ]]
}

@test "a plug-in that is built anew under a running worker is loaded anew, and recorded as what it is" {
    local -A names hashes
    for built in "$plain" "$synth"; do
        names[$built]=$(plugin-probe "$built" | jq -r .name)
        hashes[$built]=$(xxhsum -H2 "$built" | cut -d ' ' -f 1)
    done
    for isolation in auto snapshot fork reuse process; do
        cp "$plain" synth.so
        mkfifo queue answers
        render-one --plugin "$PWD/synth.so" --isolation "$isolation" <queue >answers &
        exec {to}>queue {from}<answers
        for built in "$plain" "$plain" "$synth" "$plain"; do
            [[ $built == "$plain" && ! -e other ]] || cp --remove-destination "$built" synth.so
            [[ $built == "$plain" ]] || touch other
            echo '{"output_path":"out.wav","duration":0.1}' >&"$to"
            read -r output <&"$from"
            [[ $(field status) == ok ]]
            [[ $(field plugin) == "${names[$built]}" ]]
            [[ $(strings out.wav | grep -o '"plugin_hash":"[^"]*' | head -n 1) == *":\"xxh128:${hashes[$built]}" ]]
        done
        exec {to}>&- {from}<&-
        wait $!
        rm -f queue answers other
    done
}

@test "a plug-in that crashes while loading a preset costs that one job" {
    crash() {
        around 1 "$1" "preset-$2"
        check_error crash "crashed while loading the preset (${ends[$2]})"
    }
    cases 'crash vst2' "${!ends[@]}"
    for format in "${formats[@]:1}"; do cases "crash $format" segv; done
    at_once
}

@test "a plug-in that crashes while rendering costs that one job" {
    crash() {
        around 1 "$1" "process-$2"
        check_error crash "crashed while rendering (${ends[$2]})"
    }
    cases 'crash vst2' "${!ends[@]}"
    for format in "${formats[@]:1}"; do cases "crash $format" abort; done
    at_once
}

@test "a crash costs one job in every isolation" {
    crash() {
        around 1 vst2 preset-exit-0 --isolation "$1"
        check_error crash "exited with status 0"
        around 1 vst2 process-segv --isolation "$1"
        check_error crash "killed by SIGSEGV"
    }
    cases crash "${isolations[@]}"
    at_once
}

@test "the error of a crashed job quotes the plug-in's last output" {
    quote() {
        around 1 vst2 process-words --isolation "$1"
        check_error crash \
            '(killed by SIGABRT); it printed: The licence server / \x1b[1mdoes not answer'
        (($(field error | wc -c) < 600))
        [[ -z $stderr ]]
    }
    cases quote "${isolations[@]}"
    at_once
    around 1 vst2 process-words -v
    [[ $(field error) == *"(killed by SIGABRT)" && $stderr == *"does not answer"* ]]
}

@test "no error quotes what the plug-in printed in another job" {
    for isolation in snapshot fork reuse; do
        { job vst2 stdout; job vst2 process-abort; } >queue
        run -1 render_with vst2 --isolation "$isolation" <queue
        output=${lines[1]}
        [[ $(field error) == *"(killed by SIGABRT)" ]]
    done
}

@test "jobs of a plug-in that starts a process while it is loaded get processes of their own, with which that ends" {
    for isolation in snapshot reuse; do
        mkfifo queue answers
        FAULT_ON_LOAD=load-helper render-one --plugin "$synth" --isolation "$isolation" <queue >answers &
        exec {to}>queue {from}<answers
        for _ in 1 2; do
            job vst2 well-behaved >&"$to"
            read -r output <&"$from"
            check_tone
            [[ $(field isolation) == "${isolation/snapshot/process}" ]]
            [[ $isolation != reuse ]] || pgrep -f "^patchpipe-helper $TMPDIR"
        done
        [[ $isolation == reuse ]] || run -1 pgrep -f "^patchpipe-helper $TMPDIR"
        exec {to}>&-
        wait
        run -1 pgrep -f "^patchpipe-helper $TMPDIR"
        rm queue answers
    done
}

@test "what a plug-in starts gets neither the user's descriptors nor the kit's" {
    for isolation in "${isolations[@]}"; do
        job vst2 descriptors '{"output_path": "/dev/fd/7"}' |
            render_with vst2 --isolation "$isolation" -v 2>said 7>audio.wav | jq -e '.status == "ok"'
        grep -qx 'has 2' said
        run -1 grep -Ex 'has (7|1[0-9][0-9])' said
        [[ $(soxi -s audio.wav) == 6615 ]]
    done
}

@test "a plug-in's change of the current folder or the umask affects only itself" {
    umask 022
    change() {
        around 0 vst2 "$1" --isolation "$2"
        check_tone
        job vst2 "$1" | jq -c '.output_path = "here/a.wav"' >queue
        cp "$(preset vst2 well-behaved)" relative.fxp
        jq -c '.preset_path = "relative.fxp" | .output_path = "here/b.wav"' queue >queue2
        cat queue2 >>queue
        run -0 --separate-stderr render_with vst2 --isolation "$2" <queue
        [[ $(stat -c %A here/a.wav here/b.wav | sort -u) == -rw-r--r-- ]]
        [[ $(jq -r .output_path <<<"${lines[1]}") == here/b.wav ]]
    }
    cases 'change chdir' "${isolations[@]}"
    cases 'change umask' "${isolations[@]}"
    at_once
}

@test "a plug-in that would crash or hang in its destructor renders" {
    destroy() {
        around 0 "$1" "teardown-$2" "${@:3}"
        check_tone
    }
    cases 'destroy vst2' "${!ends[@]}" hang 'segv --isolation reuse'
    for format in "${formats[@]:1}"; do cases "destroy $format segv --isolation" snapshot process; done
    at_once
}

@test "a plug-in whose every instance crashes in its destructor renders" {
    destroy() {
        from_start 0 "$1" teardown-segv
        check_two_tones
    }
    cases destroy "${formats[@]}"
    at_once
}

@test "what a plug-in writes to standard output does not get among the records" {
    print() {
        around 0 "$1" stdout
        check_tone
        [[ -z $stderr ]]
    }
    cases print "${formats[@]}"
    at_once
    around 0 vst2 stdout -v
    [[ $stderr == *printf* && $stderr == *cout* && $stderr == *write* ]]
    from_start 0 vst2 load-stdout
    check_two_tones
    [[ -z $stderr ]]
}

@test "what a plug-in writes to standard output is not in the audio that goes there" {
    job vst2 stdout '{"output_path": "/dev/stdout"}' | render_with vst2 2>record >printed.wav
    job vst2 well-behaved '{"output_path": "/dev/stdout"}' | render_with vst2 2>/dev/null >quiet.wav
    [[ $(jq -r .status record) == ok && $(soxi -s printed.wav) == 6615 ]]
    wav-diff quiet.wav printed.wav
}

@test "a flood on standard error drowns nothing" {
    around 0 vst2 stderr
    check_tone
    [[ -z $stderr ]]
    render_with vst2 -v <queue 2>flood >results
    [[ $(jq -r .status results) == $'ok\nok\nok' && $(wc -c <flood) -ge $((8 << 20)) ]]
    output=$(<results) check_neighbours vst2
    # And if nobody reads it.
    render_with vst2 -v <queue 2> >(head -c 1 >/dev/null) >results
    [[ $(jq -r .status results) == $'ok\nok\nok' ]]
    output=$(<results) check_neighbours vst2
}

@test "a plug-in that leaks with every render does not grow" {
    { neighbour 1 vst2; job vst2 leak | jq -c '.output_path = "/dev/null" | range(12) as $id | .id = "\($id)"'
        neighbour 2 vst2; } >queue
    check_leaks() {
        [[ $(jq -r 'select(.output_path == "/dev/null").audio_hash' results | uniq -c) =~ ^\ *12\ $(<"$presets/tone")$ ]]
        output=$(<results) check_neighbours vst2
    }
    megabytes() {
        /usr/bin/python3 - "$@" <<'PYTHON'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=open("queue"), stdout=open("results", "w"), check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PYTHON
    }
    run -0 megabytes render-one --plugin "$synth" --isolation snapshot
    echo "with a snapshot $output MB"
    ((output < 150))
    check_leaks
    # The test would notice a difference.
    run -0 megabytes render-one --plugin "$synth" --isolation reuse
    echo "in one process $output MB"
    ((output > 400))
    check_leaks
}

# The queue holds 278 messages.
@test "three hundred jobs of a plug-in with a JUCE of its own do not fill its queue" {
    brief='{"output_path": "/dev/null", "duration": 0.01, "tail": 0}'
    good=$(job vst2 well-behaved "$brief" | render_with vst2 --isolation process | jq -r .audio_hash)
    fill() {
        job "$1" messages "$brief" |
            jq -c 'range(300) as $id | . + {id: $id}' |
            timeout 100 render-one --plugin "$(plugin_of "$1")" --isolation "$2" --timeout 20 >results
        [[ $(jq -r '.status + .audio_hash' results | sort | uniq -c) =~ ^\ *300\ ok$good$ ]]
        # If a thread of JUCE's holds a lock at the moment of a fork, the child is lost, but not the
        # job.
        (($(grep -Ec '"isolation":"(snapshot|fork)"' results) >= 290))
    }
    mapfile -t ways < <(for format in "${formats[@]}"; do printf '%s\n' "$format "{snapshot,fork}; done)
    mapfile -t ways < <(some 3 "${ways[@]}")
    cases fill "${ways[@]}"
    at_once
}
