#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A child that is put back after every job: the next one finds everything as it was, or the child
# ends and the next job is forked. What a job leaves behind is in tests/plugins/leftovers.cpp. With
# PATCHPIPE_CHECK_MEMORY in the environment every byte of memory is compared after each job: if one
# differs, the child says which and aborts. For a thousand jobs with each plug-in:
#
#     PATCHPIPE_JOBS=1000 bats tests/system/rewind.bats

load ../helper

thorough=${THOROUGH:+40}
jobs=${PATCHPIPE_JOBS:-${thorough:-10}}
plugins=$root/build/tests/plugins

setup() {
    # On a kernel that can do it, these tests must not be left out.
    if [[ $snapshot != snapshot ]]; then
        without_sanitizers "they keep notes of all memory"
        printf '%s\n' 6.18.44 "$(uname -r)" | sort -CV || skip "this kernel cannot put a process back"
    fi
    export PATCHPIPE_CHECK_MEMORY=1
}

# play LEFTOVER [OPTION]...: five jobs that leave it behind; the records are in $output.
play() {
    jq -nc 'range(5) | {id: ., output_path: "/dev/null", velocity: 77, duration: 0.01, tail: 0}' >list
    LEFTOVER=$1 run -0 --separate-stderr render-one --verbose --isolation snapshot \
        -p "$plugins/leftovers.so" "${@:2}" <list
    echo "$1: $output $stderr"
    [[ $(field status | sort -u) == ok && $(field peak | sort -u) == 0.25 ]]
}

# Each of these is as it was in the next job, and the child is the same.
is_put_back() {
    for leftover; do
        play "$leftover"
        [[ $(field isolation | uniq -c | xargs) == "5 snapshot" && $stderr != *patchpipe:* ]]
    done
}

# ends LEFTOVER WHY [OPTION]...: the child ends, and so do the next two after their first job; then jobs
# are forked.
ends() {
    play "$1" "${@:3}"
    [[ $(field isolation | uniq -c | xargs) == "3 snapshot 2 fork" && $stderr == *"patchpipe: the plug-in $2"* ]]
}

@test "variables and the stack are put back" { is_put_back static thread-local stack; }

@test "what a job mapped is gone, and what it unmapped, replaced or moved is back" {
    is_put_back map map-shared unmap unmap-half unmap-and-grow replace move
}

@test "pages that a job wrote or gave up have their contents again, and mappings their protection" {
    is_put_back write give-up give-up-tables protect protect-and-write deny-reading
}

@test "code that a job wrote over ends the child" { ends patch "wrote to memory that is only read"; }

@test "the heap has its size and its contents again, whatever a job takes, leaks or frees" {
    is_put_back grow-heap shrink-heap free-large leak
}

@test "signal handlers, the mask, the signal stack and timers are put back, or end the child" {
    is_put_back handler mask signal-stack interval
    ends pending "left a signal pending"
    ends timer "left a timer"
}

@test "rounding, the current folder, umask, locale, environment and the process's name are put back" {
    is_put_back rounding folder umask locale environment name
}

@test "limits and priority are put back, or end the child of a user who may not raise them" {
    is_put_back soft-limit
    ends hard-limit "lowered a limit"
    if ((EUID)); then ends priority "changed its priority"; else is_put_back priority; fi
}

@test "timer slack, input priority and locked memory are put back" {
    is_put_back slack input-priority keep-capabilities lock-memory
}

@test "a job that changes its process group, user or rights ends the child" {
    ends group "changed its user, group or rights"
    ends filter "changed its user, group or rights"
    ends sandbox "changed what its parent has too" # as far as it may look
    ((EUID == 0)) || skip "nobody else may change the user"
    ends user "changed its user, group or rights" --sandbox off
}

@test "files that a job opened are closed, one that it moved in is where it was, one that it closed ends the child" {
    is_put_back open seek list
    ends close "closed a file"
    ends reopen "changed what its parent has too"
    ends same-counter "changed what its parent has too" # to fstat() all of these are one file
}

# A job of another process would wait for the lock.
@test "flags of files are put back, and locks are released" { is_put_back close-on-exec append lock; }

# The queue is one: a second worker reads on where the first was.
@test "files that the plug-in's process shares with others are left alone" {
    seq 200 >numbers
    jq -nc 'range(20) | {id: ., output_path: "/dev/null", duration: 0.01, tail: 0}' >list
    mkfifo tokens
    exec {shared}<>numbers {pipe}<>tokens
    (for ((i = 0; i < 100; ++i)); do read -r -u "$shared" && echo >&"$pipe" && sleep 0.001; done) &
    run -0 render-one --isolation snapshot -p "$plugins/plain_synth.so" <list
    wait $!
    [[ $(field isolation | sort | uniq -c | xargs) == "20 snapshot" ]]
    read -r -u "$shared" next
    [[ $next == 101 && $(timeout 1 head -c 100 <&"$pipe" | wc -l) == 100 ]]
}

@test "a thread, a process or its child that a job leaves ends the child, and an ended thread does not" {
    is_put_back ended-thread
    ends thread "left a thread"
    ends process "left a process"
    ends daemon "left a process"
    run -1 pgrep -f "$plugins/leftovers.so"
}

@test "a plug-in that shares memory is forked, and jobs of one with a device open get their own processes" {
    play shared
    [[ $(field isolation | sort -u) == fork ]]
    [[ -c /dev/fuse ]] || skip "no device that everybody may open"
    DEVICE=/dev/fuse play device --sandbox off
    [[ $(field isolation | sort -u) == process ]]
}

@test "where the kernel refuses, jobs are forked and sound the same" {
    job='{"output_path": "/dev/null"}'
    wanted=$(render-one -p "$plugins/plain_synth.so" "$job" | jq -r .audio_hash)
    for fault in userfaultfd:error=EPERM:when=1+ process_vm_readv:error=EPERM:when=1+ \
        ioctl:retval=0:when=3; do # the child's third finds a missing page table
        run -0 strace -f -o trace -e trace="${fault%%:*}" -e inject="$fault" \
            render-one --isolation snapshot -p "$plugins/plain_synth.so" "$job"
        [[ $(field isolation) == fork && $(field audio_hash) == "$wanted" ]] || fail "$fault: $output"
    done
}

@test "the children of a process without any capability are put back too" {
    ((EUID == 0)) || skip "it is how all other tests run"
    run -0 setpriv --bounding-set=-all render-one --isolation snapshot -p "$plugins/plain_synth.so" '{"output_path": "/dev/null"}'
    [[ $(field isolation) == snapshot ]]
}

@test "a child that crashes, hangs or is killed costs one job, and the next has a new one" {
    preset-export -o faults "$plugins/fault_synth.so" >/dev/null
    costs_one_job() {
        for what in well-behaved "$1" well-behaved well-behaved; do
            jq -nc --arg preset "$(echo "$PWD"/../faults/*" $what.fxp")" \
                '{preset_path: $preset, output_path: "/dev/null", duration: 0.01, tail: 0}'
        done >list
        run -1 render-one --timeout 2 --isolation snapshot --fxp "$plugins/fault_synth.so" <list
        [[ $(field status | xargs) == "ok error ok ok" ]]
        [[ $(field isolation | xargs) == "snapshot null snapshot snapshot" ]]
    }
    cases costs_one_job process-segv process-hang
    at_once
}

# The plug-ins at hand: those of the tests, amsynth with its programs, and installed ones.
@test "all memory is as it was after each of many jobs" {
    preset-export -o presets --programs "128-$((jobs < 100 ? 127 + jobs : 227))" "$amsynth" >/dev/null
    preset-export -o faults "$plugins/fault_synth.so" --programs 0 >/dev/null
    check() {
        run -0 --separate-stderr render-one --verbose --isolation snapshot "$@" <list
        echo "$* $stderr"
        [[ $(field status | uniq -c | xargs) == "$jobs ok" && $(field isolation | sort -u) == snapshot ]]
        [[ $stderr != *patchpipe:* ]]
    }
    preset-scan presets | jq -c '. + {output_path: "/dev/null", duration: 0.1, tail: 0.1}' |
        jq -sc --argjson count "$jobs" '. as $all | range($count) | $all[. % ($all | length)]' >list
    check --fxp "$amsynth"
    jq -nc --argjson count "$jobs" 'range($count) |
        {note: (24 + . % 80), output_path: "/dev/null", duration: 0.1, tail: 0.1}' >list
    for plugin in "$plugins"/{plain_synth.so,plain_synth_chunks.so,fault_synth.so,MacroSynth.vst3,FaultSynth.vst3} "$amsynth" \
        $(some 1 /usr/lib/vst/{Nekobi,Kars}-vst.so) $(some 2 http://drobilla.net/plugins/mda/{Piano,EPiano,JX10,DX10}); do
        check -p "$plugin"
    done
}

@test "a job that writes to a hundred megabytes is rendered, and its child is not kept" {
    make_vst2 writer.so <<'END'
static char* memory = nullptr;
constexpr std::size_t size = 100 << 20;
static void process(AEffect*, float**, float** out, int frames) {
    for (int i = 0; i < frames; ++i) out[0][i] = 0.25F;
}
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    memory = new char[size];
    std::memset(memory, 1, size);
    auto& effect = bare_synth();
    effect.dispatcher = [](AEffect*, int opcode, int, VstIntPtr, void* data, float) -> VstIntPtr {
        return for_each_note_on(opcode, data, [](int) { std::memset(memory, 2, size); });
    };
    effect.processReplacing = process;
    return &effect;
}
END
    jq -nc 'range(3) | {output_path: "/dev/null", duration: 0.01, tail: 0}' >list
    run -0 render-one --isolation snapshot -p ./writer.so <list
    [[ $(field status | sort -u) == ok && $(field isolation | sort -u) == fork ]]
}
