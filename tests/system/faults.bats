#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A plug-in that misbehaves in a child that is put back after each job, or in one of its own.
# tests/fork has these tests too.

load ../helper
load ../system/faults

@test "the well-behaved tone is the same bits in every format, isolation and order" {
    for what in 'vst2 snapshot' 'vst2 process' 'vst2 reuse' 'vst3 auto' 'vst3 reuse' 'lv2 auto' 'lv2 reuse'; do
        around 0 "${what% *}" well-behaved --isolation "${what#* }"
        check_tone
    done
    [[ $(jq -r .audio_hash "$presets"/good.*/results | sort | uniq -c | awk '{print $1}' | xargs) == "3 3" ]]
}

@test "a plug-in that is built anew under a running worker is loaded anew, and recorded as what it is" {
    for isolation in auto snapshot fork reuse process; do
        cp "$plain" synth.so
        mkfifo queue answers
        render-one --plugin "$PWD/synth.so" --isolation "$isolation" <queue >answers &
        exec {to}>queue {from}<answers
        for built in "$plain" "$plain" "$synth" "$plain"; do
            [[ $built == "$plain" && ! -e other ]] || cp --remove-destination "$built" synth.so
            [[ $built == "$plain" ]] || touch other
            jq -nc --arg path "$PWD/out.wav" '{output_path: $path}' >&"$to"
            read -r output <&"$from"
            [[ $(field status) == ok ]]
            [[ $(field plugin) == "$(plugin-probe "$built" | jq -r .name)" ]]
            [[ $(strings out.wav | grep -o '"plugin_hash":"[^"]*' | head -n 1) == *":\"xxh128:$(xxhsum -H2 "$built" | cut -d ' ' -f 1)" ]]
        done
        exec {to}>&- {from}<&-
        wait $!
        rm -f queue answers other
    done
}

@test "a plug-in that crashes while loading a preset costs that one job" {
    for how in "${!ends[@]}"; do
        around 1 vst2 "preset-$how"
        check_error crash "crashed while loading the preset (${ends[$how]})"
    done
    for format in vst3 lv2; do
        around 1 "$format" preset-segv
        check_error crash "crashed while loading the preset (killed by SIGSEGV)"
    done
}

@test "a plug-in that crashes while rendering costs that one job" {
    for how in "${!ends[@]}"; do
        around 1 vst2 "process-$how"
        check_error crash "crashed while rendering (${ends[$how]})"
    done
    for format in vst3 lv2; do
        around 1 "$format" process-abort
        check_error crash "crashed while rendering (killed by SIGABRT)"
    done
}

@test "a crash costs one job in every isolation" {
    for isolation in "${isolations[@]}"; do
        around 1 vst2 preset-exit-0 --isolation "$isolation"
        check_error crash "exited with status 0"
        around 1 vst2 process-segv --isolation "$isolation"
        check_error crash "killed by SIGSEGV"
    done
}

@test "the error of a crashed job quotes the plug-in's last output" {
    for isolation in "${isolations[@]}"; do
        around 1 vst2 process-words --isolation "$isolation"
        check_error crash \
            '(killed by SIGABRT); it printed: The licence server / \x1b[1mdoes not answer'
        (($(field error | wc -c) < 600))
        [[ -z $stderr ]]
    done
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

@test "what a plug-in started while it was loaded stays for all jobs, and ends with it" {
    mkfifo queue answers
    FAULT_ON_LOAD=load-helper render-one --plugin "$synth" --isolation snapshot <queue >answers &
    exec {to}>queue {from}<answers
    for _ in 1 2; do
        job vst2 well-behaved >&"$to"
        read -r output <&"$from"
        check_tone
        pgrep -f "^patchpipe-helper $TMPDIR"
    done
    exec {to}>&-
    wait
    run -1 pgrep -f "^patchpipe-helper $TMPDIR"
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
    for fault in chdir umask; do
        for isolation in "${isolations[@]}"; do
            around 0 vst2 "$fault" --isolation "$isolation"
            check_tone
            job vst2 "$fault" | jq -c '.output_path = "here/a.wav"' >queue
            cp "$(preset vst2 well-behaved)" relative.fxp
            jq -c '.preset_path = "relative.fxp" | .output_path = "here/b.wav"' queue >>queue2
            cat queue2 >>queue
            run -0 --separate-stderr render_with vst2 --isolation "$isolation" <queue
            [[ $(stat -c %A here/a.wav here/b.wav | sort -u) == -rw-r--r-- ]]
            [[ $(jq -r .output_path <<<"${lines[1]}") == here/b.wav ]]
            rm -r here queue2
        done
    done
}

@test "a plug-in that would crash or hang in its destructor renders" {
    for how in "${!ends[@]}" hang; do
        around 0 vst2 "teardown-$how"
        check_tone
    done
    for what in 'vst2 reuse' 'vst3 snapshot' 'vst3 process' 'lv2 snapshot' 'lv2 process'; do
        around 0 "${what% *}" teardown-segv --isolation "${what#* }"
        check_tone
    done
}

@test "a plug-in whose every instance crashes in its destructor renders" {
    for format in "${formats[@]}"; do
        from_start 0 "$format" teardown-segv
        check_two_tones
    done
}

@test "what a plug-in writes to standard output does not get among the records" {
    for format in "${formats[@]}"; do
        around 0 "$format" stdout
        check_tone
        [[ -z $stderr ]]
    done
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
@test "six hundred jobs of a plug-in with a JUCE of its own do not fill its queue" {
    brief='{"output_path": "/dev/null", "duration": 0.01, "tail": 0}'
    good=$(job vst2 well-behaved "$brief" | render_with vst2 --isolation process | jq -r .audio_hash)
    for what in {vst2,vst3,lv2}' '{snapshot,fork}; do
        job "${what% *}" messages "$brief" |
            jq -c 'range(600) as $id | . + {id: $id}' |
            timeout 100 render-one --plugin "$(plugin_of "${what% *}")" --isolation "${what#* }" --timeout 20 >results
        [[ $(jq -r '.status + .audio_hash' results | sort | uniq -c) =~ ^\ *600\ ok$good$ ]]
        # If a thread of JUCE's holds a lock at the moment of a fork, the child is lost, but not the
        # job.
        (($(grep -Ec '"isolation":"(snapshot|fork)"' results) >= 590))
    done
}

@test "one sample that is not a number is an error, and no file is written" {
    for format in "${formats[@]}"; do
        around 1 "$format" nan
        check_error non-finite "Patchpipe Fault Synth: gave 2 samples that are not numbers"
    done
    around 1 vst2 infinite
    check_error non-finite "Patchpipe Fault Synth: gave 2 samples that are not numbers"
}

@test "a note that does not end is cut at the exact frame, and is not heard in the next job" {
    for isolation in "${isolations[@]}"; do
        around 0 vst2 held --isolation "$isolation"
        [[ $(field frames) == 6615 && $(soxi -s out/held.wav) == 6615 ]]
        [[ -n $(where held 0 'i >= 6605 and x != 0') ]]
    done
}

@test "noise from rand() is the same in every job, order and run" {
    for fault in random well-behaved random silent random; do job vst2 "$fault" '{"output_path": "/dev/null"}'; done >queue
    render_with vst2 <queue >results
    tac queue | render_with vst2 >>results
    [[ $(jq -r 'select(.id == "random") | .status + .audio_hash' results | sort -u | wc -l) == 1 ]]
    check_well_behaved 2
    around 0 vst2 random
    [[ $(field audio_hash) == $(jq -r 'select(.id == "random").audio_hash' results | sort -u) ]]
}

@test "noise seeded from the clock, from random numbers or from the number of processors repeats" {
    for fault in clock entropy processors; do
        for format in "${formats[@]}"; do
            around 0 "$format" "$fault" --isolation snapshot
            first=$(field audio_hash)
            around 0 "$format" "$fault" --isolation process
            [[ $(field audio_hash) == "$first" && $(field silent) == false ]]
            [[ $(field repeatable) == null && $first != $(<"$presets/tone") ]]
        done
    done
}

@test "a plug-in that differs in every process is said not to be repeatable, in every job, and once on standard error" {
    for isolation in auto process; do
        from_start 0 vst2 process-id --isolation "$isolation"
        [[ $(field repeatable) == $'false\nfalse' && $(field isolation) == $'process\nprocess' ]]
        [[ $(grep -c 'does not repeat' <<<"$stderr") == 1 && $stderr == *"$synth"* ]]
    done
}

@test "a plug-in that waits for a time reaches it" {
    for format in "${formats[@]}"; do
        for isolation in snapshot fork process; do
            around 0 "$format" waits --isolation "$isolation"
            check_tone
        done
    done
}

@test "a sound that the plug-in's own thread works on after the preset is waited for" {
    for format in "${formats[@]}"; do
        for isolation in auto process; do
            around 0 "$format" table --isolation "$isolation"
            check_tone
            [[ $(field isolation) == process && $(field repeatable) == null ]]
        done
    done
}

@test "a preset that leaves the plug-in's threads alone is rendered in a snapshot, beside one that does not" {
    { job vst3 well-behaved; job vst3 table; job vst3 well-behaved; } >queue
    run -0 render_with vst3 <queue
    [[ $(field isolation | xargs) == "$snapshot process $snapshot" ]]
}

@test "a preset for which threads have worked leaves nothing behind for the next one" {
    first=$(preset vst2 kept-table)
    # Another file, which is named in it.
    { head -c 28 "$first"; printf X; tail -c +30 "$first"; } >second.fxp
    { job vst2 kept-table '{"output_path": "/dev/null"}'
        job vst2 kept-table "{\"preset_path\": \"$PWD/second.fxp\", \"output_path\": \"/dev/null\"}"; } >queue
    run -0 render_with vst2 <queue
    [[ $(field isolation) == $'process\nprocess' ]]
    check_two_tones
}

@test "what a plug-in finds in memory that it never wrote is the same for the same job" {
    for fault in heap well-behaved heap preset-segv heap; do job vst2 "$fault"; done >queue
    tac queue >reversed
    run -1 render_with vst2 --isolation snapshot <queue
    echo "$output" >results
    run -1 render_with vst2 --isolation snapshot <reversed
    echo "$output" >>results
    [[ $(jq -r 'select(.id == "heap") | .status + .audio_hash' results | sort | uniq -c) =~ ^\ *6\ ok[^$'\n']*$ ]]
    check_well_behaved 2
}

@test "a plug-in finds memory filled as the user told malloc() to" {
    without_sanitizers "they have a malloc of their own"
    for settings in '' glibc.malloc.perturb=85; do
        job vst2 heap | GLIBC_TUNABLES=$settings render_with vst2
    done >results
    [[ $(jq .silent results) == $'true\nfalse' ]]
}

@test "what a plug-in keeps in a static from note to note does not reach the next job" {
    for fault in leftovers well-behaved leftovers leftovers; do job vst2 "$fault" '{"output_path": "/dev/null"}'; done >queue
    for isolation in snapshot fork process; do render_with vst2 --isolation "$isolation" <queue; done >results
    [[ $(jq -r 'select(.id == "leftovers").audio_hash' results | sort -u) == $(<"$presets/tone") ]]
    check_well_behaved 3
    # Its effect would be heard.
    render_with vst2 --isolation reuse <queue >results
    [[ $(jq -r 'select(.id == "leftovers").audio_hash' results | sort -u | wc -l) == 3 ]]
    check_well_behaved 1
}

@test "a plug-in whose samples come from a thread of its own gets a process for each job" {
    for format in "${formats[@]}"; do
        from_start 0 "$format" thread
        [[ $(field isolation) == $'process\nprocess' ]]
        check_two_tones
    done
}

@test "a preset whose samples come from a thread of the plug-in sounds with auto" {
    around 0 vst2 thread
    check_tone
    job vst2 thread '{"output_path": "/dev/stdout"}' | render_with vst2 2>records >out.wav
    output=$(<records)
    check_tone
}

@test "a latency that comes with the preset is taken out, to the frame" {
    for what in 'vst2 snapshot' 'vst2 process' 'vst2 reuse' 'vst3 snapshot' 'vst3 process' 'vst3 reuse' 'lv2 snapshot'; do
        around 0 "${what% *}" latency --isolation "${what#* }"
        [[ $(field latency_frames) == 100 ]]
        check_tone
    done
}

@test "a latency that is reported a block after the preset is taken out, to the frame" {
    for format in "${formats[@]}"; do
        around 0 "$format" late-latency
        [[ $(field latency_frames) == 100 ]]
        check_tone
    done
}

@test "audio that goes to a pipe is not rendered a second time when the first time failed" {
    job vst2 process-segv '{"output_path": "/dev/stdout", "duration": 30}' >queue
    run -1 --separate-stderr bash -c 'render-one -p "$1" <queue 2>said | grep -ac RIFF' - "$synth"
    [[ $output -le 1 && $(jq -r .error_kind said) == crash ]]
    mkfifo fifo
    timeout 20 cat fifo >heard 3>&- &
    job vst2 process-segv "{\"output_path\": \"$PWD/fifo\"}" >queue
    run -1 render-one -p "$synth" <queue
    [[ $(field error_kind) == crash && $(field error) == *"killed by SIGSEGV"* ]]
    wait
}
