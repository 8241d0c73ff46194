#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds that are broken, and very many of them: what sounds goes on. THOROUGH=1 reloads a thousand
# times.

load ../helper
load ../lib/logic/make
load ../lib/logic/play

setup_file() {
    build tone.so
    export made=$PWD
}

setup() { ln -s "$made"/*.so .; }

# keeps LIBRARY PATTERN: the old sound stays as it was, bit for bit, for that reason.
keeps() {
    script 10000 "$1"
    played --script script tone.so
    # shellcheck disable=SC2053
    [[ $status == 1 && "$(record rejected error)$(record kept error)" == $2 ]] || fail "$1: $output $stderr"
    [[ $(record ended audio_hash) == "$hash" ]] || fail "$1: another sound"
}

whole_sound() {
    played tone.so
    hash=$(record ended audio_hash)
}

@test "a build that crashes or exits while it is opened is rejected, and the old sound stays" {
    whole_sound
    build constructor.so '$a __attribute__((constructor)) static void begin(void) { abort(); }'
    keeps constructor.so '*loading*SIGABRT*'
    build create.so 's/^static void\* create(void) { /&abort(); /'
    keeps create.so '*SIGABRT*'
    build exits.so 's/^static void\* create(void) { /&exit(0); /'
    keeps exits.so '*exited with status 0*'
    build load.so 's/if (size != sizeof.*/abort();/'
    keeps load.so '*SIGABRT*'
}

@test "a build that crashes, exits or hangs in the first block is given up, and the old sound stays" {
    whole_sound
    # These play until the note that they take over.
    for fault in 'abort()' 'exit(0)' '*(volatile int*)0 = 1'; do
        build process.so "s/    float peak = 0;/&\n    if (tone->gate > 0) $fault;/"
        keeps process.so '*playing*'
    done
    patience=(--timeout 2)
    build hangs.so 's/    float peak = 0;/&\n    while (tone->gate > 0) {}/'
    keeps hangs.so '*playing*'
    build load.so 's/if (size != sizeof.*/for (;;) {}/'
    keeps load.so '*state*'
}

@test "what is no build of the same plug-in is rejected before it is loaded, and the old sound stays" {
    whole_sound
    head -c 5000 tone.so >half-written.so
    keeps half-written.so '*half-written.so*'
    : >empty.so
    keeps empty.so '*empty.so*'
    keeps missing.so '*missing.so*'
    build inputs.so 's/\.outputs = 1,/.outputs = 1, .inputs = 1,/'
    keeps inputs.so '*input channels*'
    build id.so 's/org.patchpipe.example.tone/org.example.other/'
    keeps id.so '*another plug-in*'
}

@test "each number of the canary that is off by one is a reason to reject, and the old sound stays" {
    whole_sound
    # None of them may run.
    build begins.so '$a __attribute__((constructor)) static void begin(void) { abort(); }'
    count=$(canary begins.so | jq length)
    ((count > 20))
    for ((i = 0; i < count; ++i)); do
        # The fourth has a bit for each feature, and we have the first one.
        with_canary begins.so "field$i.so" "c[$i] += $((i == 3 ? 1 << 20 : 1))"
        echo "{\"frame\":$((100 * (i + 1))),\"plugin_path\":\"field$i.so\"}"
    done >script
    played --script script tone.so
    [[ $status == 1 && $(record ended audio_hash) == "$hash" ]]
    [[ $(record rejected error | grep -c "(.*: library .*, host .*)") == "$count" ]] || fail "$output"
    [[ $(record rejected error | sort -u | wc -l) == "$count" ]]
    [[ $output != *SIGABRT* && -z $(record reloaded frame) ]]
}

@test "a build that crashes when it is unloaded disturbs nobody" {
    whole_sound
    build unload.so 's/^static void destroy(void\* self) { /&abort(); /' '$a __attribute__((destructor)) static void end(void) { abort(); }'
    script 4000 unload.so 8000 tone.so 12000 unload.so 16000 tone.so
    played --script script --fade 0 tone.so
    [[ $status == 0 && $(record reloaded generation | xargs) == "2 3 4 5" && $(record ended audio_hash) == "$hash" ]]
}

@test "a build with unique symbols, which stay loaded, is followed by the next one all the same" {
    for half in 1 0.5f; do
        sed "s/outputs\[0\]\[frame\] = /&build_gain() * /; 0,/^namespace/s//inline float\& build_gain() {\n    static float value = $half;\n    return value;\n}\n&/" \
            "$root/examples/logic/tone.cpp" >unique.cpp
        g++ -std=c++20 -O0 -shared -fPIC -fgnu-unique "$header" -o "unique-$half.so" unique.cpp
        [[ $(nm "unique-$half.so") == *" u "* ]]
    done
    played unique-1.so
    cp out.npy whole.npy
    script 4000 unique-0.5f.so 8000 unique-1.so 12000 unique-0.5f.so
    played --script script --fade 0 unique-1.so
    [[ $status == 0 ]] || fail "$output $stderr"
    heard '(lambda w: all((numpy.array_equal(x[a:b], w[a:b] * numpy.float32(g)) for a, b, g in ((0, 4000, 1), (4000, 8000, 0.5), (8000, 12000, 1), (12000, 22050, 0.5)))))(samples("whole.npy"))'
}

@test "a build that crashes later gives way to the one before it" {
    build later.so 's/    float peak = 0;/&\n    if (block->transport->frame > 12000) abort();/'
    script 5000 later.so
    played --script script tone.so
    [[ $status == 1 && $(record kept generation) == 1 && $(record kept failed_generation) == 2 ]]
    heard 'abs(x[16000:]).max() > 0.1'
    # Without one there is silence until the next build.
    script 15000 tone.so
    played --script script later.so
    [[ $(record lost failed_generation) == 1 && $(record reloaded generation) == 2 ]]
    skipped=$(record skipped frame)
    ((skipped > 11000 && skipped <= 12800))
    heard "not x[$skipped:15000].any() and abs(x[15500:]).max() > 0.1"
}

@test "a linker that stops in the middle is waited for, and the old sound stays until it is done" {
    build half.so 's/outputs\[0\]\[frame\] = /&0.5f * /'
    cp -L tone.so it.so
    start_watching ./it.so
    head -c 5000 half.so >it.so
    await rejected
    tail -c +5001 half.so >>it.so
    await reloaded
    stop_watching
    [[ $status == 1 && $(record ended silent) == false && $(record kept event) == "" ]]
}

@test "a build that hangs while it is opened is ended when the next one comes" {
    build hangs.so 's/^static void\* create(void) { /&for (;;) {} /'
    cp -L tone.so it.so
    start_watching ./it.so
    before=$(pgrep -c -P "$player")
    mv hangs.so it.so
    for _ in {1..3000}; do
        (($(pgrep -c -P "$player") == before)) || break
        sleep 0.02
    done
    cp -L tone.so next.so
    mv next.so it.so
    await reloaded
    stop_watching
    [[ $(record rejected error) == *"was written anew while it was opened"* && $(record kept event) == "" ]]
    [[ $(record reloaded generation) == 3 && $(record ended silent) == false ]]
}

# What the player has, once it is the same twice: open descriptors, threads, child processes.
steady_possessions() {
    local last="" now=""
    for _ in {1..100}; do
        now="$(find "/proc/$player/fd" -mindepth 1 | wc -l) $(find "/proc/$player/task" -mindepth 1 -maxdepth 1 | wc -l) $(pgrep -c -P "$player")"
        [[ $now == "$last" ]] && break
        last=$now
        sleep 0.2
    done
    echo "$now"
}

# KiB of memory.
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$player/status"; }

# A file is played until the time of the last event, in whole blocks.
play_until() { jq -nc --argjson frame "$1" '{time: ($frame / 44100), type: "control", control: 1, value: 1}' >&"$feed"; }

@test "very many reloads under a held chord lose no note and leave nothing behind" {
    chord chord.so
    chord refuses.so -DREFUSES
    count=${THOROUGH:+1000}
    count=${count:-60} distance=300
    for ((i = 1; i <= count; ++i)); do
        build=chord.so
        ((i % 5 == 0)) && build=refuses.so
        echo "{\"frame\":$((i * distance)),\"plugin_path\":\"$build\"}"
    done >script
    mkfifo lines
    touch records
    play-one -o out.npy -b 256 --script script --fade 0.004 "${patience[@]}" chord.so <lines >records 2>errors 3>&- &
    player=$!
    exec {feed}>lines
    printf '{"time":0,"type":"note_on","note":%d}\n' 57 61 64 >&"$feed"
    early=$((count / 3)) late=$((count - 1))
    play_until $(((early + 1) * distance))
    await reloaded "$early"
    before=$(steady_possessions) memory=$(resident)
    play_until $(((late + 1) * distance))
    await reloaded "$late"
    after=$(steady_possessions) grown=$(($(resident) - memory))
    play_until $((count * distance + 44100))
    exec {feed}>&-
    wait "$player" || true
    output=$(<records)
    [[ $(record reloaded notes | sort | uniq -c | xargs) == "$count 3" ]]
    # One more of the old builds may not be ended yet, and some descriptors are its own.
    read -r files threads children <<<"$before"
    read -r files_now threads_now children_now <<<"$after"
    ((files_now <= files + 8 && threads_now == threads && children_now <= children + 1)) || fail "$before, then $after"
    ((grown < 2048)) || fail "$grown KiB more"
    # The sines begin at 0, so nothing jumps but by the slopes of three of them, twice in a fade, and of
    # the fade itself.
    warm_python - "$count" "$distance" <<'PYTHON'
import sys, numpy
count, distance = map(int, sys.argv[1:])
x = numpy.load("out.npy")[0].astype(float)
frequencies = [440 * 2 ** ((note - 69) / 12) for note in (57, 61, 64)]
slope = sum(0.2 * 2 * numpy.pi * f / 44100 for f in frequencies)
fade = 0.004 * 44100
most = 2 ** 0.5 * slope + 0.6 * 2 ** 0.5 * numpy.pi / 2 / fade
assert abs(numpy.diff(x)).max() < most * 1.01, (abs(numpy.diff(x)).max(), most)
def level(part, f):
    t = numpy.arange(len(part)) / 44100
    return abs(numpy.dot(part, numpy.exp(-2j * numpy.pi * f * t))) * 2 / len(part)
end = x[count * distance + 1000:][:20000]
assert all(abs(level(end, f) - 0.2) < 0.01 for f in frequencies), [level(end, f) for f in frequencies]
PYTHON
}
