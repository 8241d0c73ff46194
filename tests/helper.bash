# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Loaded by every test file. A test starts in an empty folder of its own, in an environment rebuilt
# from nothing: build/bin first in PATH, a separate home, a fixed locale. Both folders are in bats'
# own temporary folder and are deleted with it. Of the installed LV2 plug-ins a test finds only
# mda's.

bats_require_minimum_version 1.5.0

# The checkout. PATCHPIPE_BIN may name another folder with tools, to test installed ones.
cd "${BASH_SOURCE[0]%/*}/.." && root=$PWD && cd "$OLDPWD" || exit
# Where our code is built, with or without the sanitizers; the tests' plug-ins are in
# build/tests/plugins for both.
built=$root/build${PATCHPIPE_SANITIZE:+/sanitize}
bin=${PATCHPIPE_BIN:-$built/bin}

# bats reads a test file once before it starts the tests. The environment is cleaned then, so that
# it is clean for all tests and keeps what setup_file exports.
if [[ -z ${BATS_TEST_TMPDIR:-} ]]; then
    for variable in $(compgen -e); do
        case $variable in
            BATS_* | PATCHPIPE_* | THOROUGH | TMPDIR | TERM | PWD | OLDPWD | SHLVL) ;;
            TESTS_LIST_FILE | filter | filter_status) ;; # bats' own, from 1.11 on
            *) unset "$variable" ;;
        esac
    done
fi
export PATH=$bin:/usr/local/bin:/usr/bin:/bin LC_ALL=C.UTF-8 TZ=UTC PYTHONDONTWRITEBYTECODE=1

# tests/fork has tests a second time, as if on a kernel that cannot put a process back: there
# `snapshot` forks.
# shellcheck disable=SC2034
isolations=(snapshot process reuse) formats=(vst2 vst3 lv2)
# shellcheck disable=SC2034
if [[ $BATS_TEST_DIRNAME == */fork ]]; then
    isolations=(snapshot)
    # A fork is that of a process, whatever it has loaded. THOROUGH=1 takes them all.
    [[ -n ${THOROUGH:-} ]] || formats=(vst2)
    export PATCHPIPE_SNAPSHOT=fork KERNEL_LACKS=userfaultfd LD_PRELOAD=$root/build/tests/old_kernel.so
fi

# The sanitizers report to tests/run, because standard error may be anywhere, and end the process
# with a status that no test expects.
if [[ -n ${PATCHPIPE_SANITIZE:-} ]]; then
    ASAN_OPTIONS=exitcode=99${PATCHPIPE_RUN:+:log_path=$PATCHPIPE_RUN/sanitizer/report}
    export ASAN_OPTIONS UBSAN_OPTIONS=$ASAN_OPTIONS:print_stacktrace=1
    export LSAN_OPTIONS=print_suppressions=0:suppressions=$root/tests/foreign-leaks
fi

# Not set while bats only counts the tests; the file's folder while setup_file runs.
scratch=${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:-}}
if [[ -n $scratch ]]; then
    export HOME=$scratch.home
    export XDG_DATA_HOME=$HOME/.local/share XDG_CACHE_HOME=$HOME/.cache
    export XDG_CONFIG_HOME=$HOME/.config XDG_RUNTIME_DIR=$HOME/run
    export LV2_PATH=$HOME/.lv2
    (umask 077 &&
        exec mkdir -p "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_CONFIG_HOME" "$XDG_RUNTIME_DIR" "$LV2_PATH")
    ln -sfn /usr/lib/lv2/mda.lv2 "$LV2_PATH/mda.lv2"
    cd "$scratch" || exit
fi

# An instrument of some 3,600 programs that renders in milliseconds.
# shellcheck disable=SC2034
amsynth=/usr/lib/vst/amsynth_vst.so

# What records say of a job with --isolation snapshot: fork with the sanitizers and where the kernel
# cannot put a process back. tests/run asks once, and a test in rewind.bats says which kernels can.
export PATCHPIPE_SNAPSHOT=${PATCHPIPE_SNAPSHOT:-$("${BASH_SOURCE[0]%/*}/snapshot.sh" "$bin" "$root")}
# shellcheck disable=SC2034
snapshot=$PATCHPIPE_SNAPSHOT

# bats' own function, which notes before each command of a test where that is, takes 0.2 ms, more
# than most commands in a loop. This one keeps the call stack as text, which is looked at when a
# test fails.
# shellcheck disable=SC2034
bats_debug_trap() {
    [[ $1 != "$BATS_ROOT"/lib* && -z ${BATS_INTERRUPTED-} ]] || return 0
    BATS_DEBUG_LASTLAST_STACK_TRACE=$BATS_DEBUG_LAST_STACK_TRACE
    BATS_DEBUG_LAST_STACK_TRACE="lines=(${BASH_LINENO[*]}) functions=(${FUNCNAME[*]}) files=(${BASH_SOURCE[*]@Q})"
}
# shellcheck disable=SC2154
bats_get_failure_stack_trace() {
    local -n calls=$1
    local lines=() functions=() files=() i stack=$BATS_DEBUG_LASTLAST_STACK_TRACE
    [[ -z $BATS_DEBUG_LAST_STACK_TRACE_IS_VALID ]] || stack=$BATS_DEBUG_LAST_STACK_TRACE
    eval "$stack"
    calls=()
    for ((i = 1; i < ${#functions[@]}; ++i)); do
        calls+=("${lines[i - 1]} ${functions[i]} ${files[i]}")
        [[ " ${BATS_TEST_NAME-} setup teardown setup_file teardown_file " != *" ${functions[i]} "* ]] || break
    done
}

# The time for --timing, without a process.
get_mills_since_epoch() { echo "$((${EPOCHREALTIME/./} / 1000))"; }

# without_sanitizers REASON: skips a test that makes no sense with the sanitizers.
without_sanitizers() { [[ -z ${PATCHPIPE_SANITIZE:-} ]] || skip "$*"; }

# For tests under strace, where LeakSanitizer cannot work.
let_strace_look() { export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0; }

# For tests in which a plug-in crashes or exits on purpose: the sanitizers must not handle that.
# They still report what they find in our own code.
let_plugins_crash() {
    [[ -n ${PATCHPIPE_SANITIZE:-} ]] || return 0
    ASAN_OPTIONS+=:handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigill=0:detect_leaks=0
    UBSAN_OPTIONS=$ASAN_OPTIONS:print_stacktrace=1
}

# tests/watchdog.py sends this when the test has taken too long.
if [[ -n ${BATS_TEST_TMPDIR:-} ]]; then trap 'echo "took too long and was ended"; exit 1' USR1; fi

# fail MESSAGE: ends the test.
fail() {
    echo "$*"
    return 1
}

# some N ITEM...: N of the items, one a line: the first, the last, and others evenly between. With
# THOROUGH=1 all of them. For what a test tries many of, where a few show that it holds.
some() {
    local count=$1 i
    shift
    [[ -z ${THOROUGH:-} ]] && ((count < $#)) || count=$#
    for ((i = 0; i < count; ++i)); do
        local place=$((count > 1 ? 1 + i * ($# - 1) / (count - 1) : 1))
        printf '%s\n' "${!place}"
    done
}

# some_numbers N FIRST LAST: N of the numbers, the same way.
some_numbers() {
    local numbers
    mapfile -t numbers < <(seq "$2" "$3")
    some "$1" "${numbers[@]}"
}

# gojq starts in a fifth of jq's time, and fails with -e if there is no input. It sorts the keys of
# objects; where their order counts, it is `command jq`.
jq() { gojq "$@"; }

# warm_python [-c CODE | - | FILE] [ARGUMENT]...: as /usr/bin/python3, for programs that import numpy: it is
# loaded once in a test file.
warm_python() { "$root/tests/warm-python" "$BATS_FILE_TMPDIR/python" "$@"; }

# certified PLUGIN: keeps the verdict that plugin-probe --certify would find of it, in seconds, and render-one
# with every start; for plug-ins of which it is true, in tests that are about other things.
certified() {
    local hash folder=$XDG_CACHE_HOME/patchpipe/verdicts
    hash=$(xxh128sum "$1")
    hash=xxh128:${hash%% *}
    mkdir -p "$folder"
    printf '{"plugin_hash":"%s","patchpipe":"%s","verdict":"%s","repeatable":true}\n' "$hash" \
        "$(render-one --version | cut -d ' ' -f 3)" "$snapshot" >"$folder/$(printf %s "$hash" | xxh128sum | cut -d ' ' -f 1).json"
}

# count_jq: from here on the drivers' starts of jq are lines in the file jq-starts.
count_jq() {
    mkdir "$BATS_TEST_TMPDIR.counting"
    printf '#!/bin/bash\necho >>"%s"\nexec %s "$@"\n' "$PWD/jq-starts" "$(type -P jq)" >"$BATS_TEST_TMPDIR.counting/jq"
    chmod +x "$BATS_TEST_TMPDIR.counting/jq"
    PATH=$BATS_TEST_TMPDIR.counting:$PATH
}

# field KEY: the field of each record in $output, one a line.
# shellcheck disable=SC2154
field() { jq -r --arg key "$1" '.[$key]' <<<"$output"; }

# True on a system like that on which instructions were counted for the tests.
counts_are_ours() {
    counted_system="x86_64, g++ 12, glibc 2.36"
    this_system="$(uname -m), g++ $(g++ -dumpversion), $(getconf GNU_LIBC_VERSION)"
    [[ $this_system == "$counted_system" ]]
}

# count_instructions COMMAND [ARGUMENT...]: runs it in an environment of its own, sets $count to its
# instructions and returns its status. simdjson and libc have code for several kinds of processors;
# here they use the code that every processor can run.
count_instructions() {
    local log=$BATS_TEST_TMPDIR/valgrind status=0
    env -i PATH="$PATH" SIMDJSON_FORCE_IMPLEMENTATION=westmere \
        GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-BMI1,-BMI2,-LZCNT,-MOVBE,-ERMS \
        valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
        --log-file="$log" "$@" || status=$?
    # shellcheck disable=SC2034
    count=$(sed -n 's/,//g; s/.*I *refs: *//p' "$log")
    return "$status"
}

# Runs a command for which file permissions count, even as the superuser.
bound() {
    if ((EUID)); then
        "$@"
    else
        setpriv --bounding-set=-dac_override,-dac_read_search "$@"
    fi
}

# cases COMMAND ARGUMENTS...: has at_once run the command with each of the arguments.
cases() {
    local arguments
    for arguments in "${@:2}"; do commands+=("$1 $arguments"); done
}

# at_once: runs the commands that cases has been given, four at a time, each in a folder of its own,
# since most of their time is waited; fails if one of them fails. Not to be part of a condition, in
# which bash lets commands fail.
commands=()
at_once() {
    local failed=0 i to_run=("${commands[@]}")
    commands=()
    ((${#to_run[@]})) || fail "there is no case"
    for i in "${!to_run[@]}"; do
        ((i < 4)) || wait -n || true
        local folder=$PWD/at-once-$i
        [[ ! -e $folder ]] || rm -rf "$folder"
        mkdir -p "$folder/tmp"
        (
            set -e
            cd "$folder"
            TMPDIR=$folder/tmp
            eval "${to_run[i]}"
            touch "$folder/passed"
        ) >"$folder/said" 2>&1 &
    done
    wait
    for i in "${!to_run[@]}"; do
        [[ ! -e at-once-$i/passed ]] || continue
        echo "${to_run[i]} fails:"
        cat "at-once-$i/said"
        failed=1
    done
    return "$failed"
}

# make_vst2 FILE: a VST2 of the code on standard input, which begins with tests/plugins/bare_vst2.h.
make_vst2() {
    g++ -w -std=c++20 -shared -fPIC -I "$root/lib" -I "$root/tests/plugins" -include bare_vst2.h -o "$1" -x c++ -
}
