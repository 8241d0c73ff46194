#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# patchpipe-shell: in hosts of ours, and reloads in it without a host (tests/programs/shell.cpp).

load ../helper
load ../lib/logic/make

vst3=$root/build/plugins/vst3/patchpipe-shell.vst3
vst3_effect=$root/build/plugins/vst3/patchpipe-shell-effect.vst3
lv2=urn:patchpipe:shell
shell=$root/build/tests/shell

# build FILE [SED]...: the tone of the examples, with its source changed.
build() {
    sed -e '' "${@:2}" "$root/examples/logic/tone.c" >"${1%.so}.c"
    gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden "$header" -o "$1" "${1%.so}.c" -lm
}

# effect FILE [FLAG]...: two channels times Gain, the right one upside down; with -DLATENCY=N that
# many frames late.
effect() {
    cat >effect.c <<'C'
#include <patchpipe/logic.h>
#ifndef LATENCY
#define LATENCY 0
#endif
static const struct patchpipe_parameter parameters[] = {{"gain", "Gain", "x", NULL, 0, 2, 0.5, 0, 0}};
static int self;
static void* create(void) { return &self; }
static void destroy(void* s) { (void)s; }
static int32_t reset(void* s, const struct patchpipe_setup* setup) { (void)s; return setup->sample_rate > 0; }
static uint32_t latency(void* s) { (void)s; return LATENCY; }
static int32_t process(void* s, const struct patchpipe_block* block) {
    (void)s;
    static float late[2][LATENCY + 1];
    static uint32_t at;
    for (uint32_t i = 0; i < block->frames; ++i) {
        late[0][at] = block->inputs[0][i];
        late[1][at] = block->inputs[1][i];
        at = (at + 1) % (LATENCY + 1);
        block->outputs[0][i] = (float)block->parameters[0] * late[0][at];
        block->outputs[1][i] = (float)-block->parameters[0] * late[1][at];
    }
    return 0;
}
PATCHPIPE_LOGIC_EXPORT = {.size = sizeof(struct patchpipe_logic), .epoch = PATCHPIPE_LOGIC_EPOCH,
    .id = "org.example.gain", .name = "Gain", .parameters = parameters, .parameter_count = 1,
    .inputs = 2, .outputs = 2, .create = create, .destroy = destroy, .reset = reset, .process = process, .latency = latency};
C
    gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden "$header" -o "$@" effect.c
}

setup_file() {
    build tone.so
    build half.so -e 's/outputs\[0\]\[frame\] = /&0.5f * /'
    build refuses.so -e 's/if (size != sizeof.*/return 0;/'
    effect gain.so
    sox -n -r 44100 -c 2 -b 32 -e float noise.wav synth 0.3 pinknoise pinknoise gain -6
    export made=$PWD
}

setup() {
    ln -s "$made"/*.so "$made"/noise.wav .
    ln -s "$root"/build/plugins/lv2/*.lv2 "$LV2_PATH"
    cp "$root/examples/logic/tone.dsp" .
    export -n PATCHPIPE_LOGIC
}

# rendered PLUGIN FILE [FIELDS]: one job of a note.
rendered() {
    run --separate-stderr render-one -p "$1" "$(jq -nc --arg path "$2" --argjson more "${3:-{\}}" \
        '{output_path: $path, format: "npy", bit_depth: "32f", note: 57, duration: 0.2, tail: 0.1} + $more')"
    [[ $status == 0 ]] || fail "$output $stderr"
}

# same FILE FILE: their first channels are the same, bit for bit, and not silent.
same() {
    warm_python -c '
import sys, numpy
one, other = (numpy.load(path)[0] for path in sys.argv[1:])
assert numpy.array_equal(one, other) and abs(one).max() > 0.01, abs(one - other).max()' "$@"
}

@test "an instrument sounds in the shell as by itself, bit for bit" {
    for code in tone.so tone.dsp; do
        rendered "$code" alone.npy
        PATCHPIPE_LOGIC=$PWD/$code rendered "$vst3" shell.npy
        same alone.npy shell.npy || fail "$code"
        [[ $(field channels) == 2 ]]
    done
    # An LV2 cannot be reset, so only what begins anew with each note is the same there.
    PATCHPIPE_LOGIC=$PWD/tone.dsp rendered "$lv2" shell.npy
    same alone.npy shell.npy
}

@test "an effect sounds in the shell as by itself, and hosts get its latency" {
    effect late.so -DLATENCY=100
    for code in gain.so late.so; do
        rendered "$code" alone.npy '{"input_path": "noise.wav"}'
        latency=$(field latency_frames)
        for plugin in "$vst3_effect" "$lv2-effect"; do
            PATCHPIPE_LOGIC=$PWD/$code rendered "$plugin" shell.npy '{"input_path": "noise.wav"}'
            cmp alone.npy shell.npy || fail "$code in $plugin"
            [[ $(field latency_frames) == "$latency" ]]
        done
    done
    [[ $latency == 100 ]]
}

@test "a host sees the code's parameters in the slots, and a state keeps them with the path" {
    export PATCHPIPE_LOGIC=$PWD/tone.so
    run -0 plugin-probe --parameters "$vst3"
    jq -e '.parameters | map(.name)[0:3] == ["Level", "Brightness", "Parameter 3"]' <<<"$output"
    rendered tone.so alone.npy '{"parameters": {"Level": 0.5, "Brightness": 0.3}}'
    rendered "$vst3" shell.npy '{"parameters": {"Level": 0.5, "Brightness": 0.3}}'
    same alone.npy shell.npy
    run -0 preset-export -o presets -p "$vst3" <<<'{"parameters": {"Level": 0.5}}'
    preset=$(field preset_path)
    rendered tone.so alone.npy '{"parameters": {"Level": 0.5}}'
    # Without the environment, and with another one: the state counts.
    unset PATCHPIPE_LOGIC
    rendered "$vst3" shell.npy "{\"preset_path\": \"$preset\"}"
    same alone.npy shell.npy
    PATCHPIPE_LOGIC=$PWD/half.so rendered "$vst3" shell.npy "{\"preset_path\": \"$preset\"}"
    same alone.npy shell.npy
}

@test "a relative path in the environment is meant from where the host was started" {
    rendered tone.dsp alone.npy
    play_from_here() {
        cp ../tone.dsp .
        PATCHPIPE_LOGIC=$2 rendered "$1" shell.npy
        same ../alone.npy shell.npy
    }
    program="'{\"dsp\": \"tone.dsp\", \"nvoices\": 1}'"
    mapfile -t tried < <(some 2 "$vst3 tone.dsp" "$vst3 $program" "$lv2 tone.dsp" "$lv2 $program")
    cases play_from_here "${tried[@]}"
    at_once
}

@test "what the shell plays is rendered anew each time, since its code may be another one" {
    export PATCHPIPE_LOGIC=$PWD/it.so
    printf '%s\n' '{"type":"track","track":"t"}' \
        "{\"type\":\"fx\",\"fx\":\"f\",\"track\":\"t\",\"plugin_path\":\"$vst3\",\"instrument\":true}" \
        '{"type":"note","track":"t","time":0,"length":0.1,"note":57}' >song.ndjson
    for code in tone.so half.so; do
        cp "$code" it.so
        run --separate-stderr render-one --skip-existing -p "$vst3" '{"output_path": "one.wav"}'
        [[ $(field status) == ok ]]
        render-song song.ndjson song.wav
        song-jobs -o made -m made/Makefile song.ndjson
        make -s -C made
        cmp song.wav made/mix.wav
        mv song.wav "${code%.so}.wav"
    done
    run -1 wav-diff tone.wav half.wav
}

@test "without a code, or with one that is not there, the shell loads and is silent" {
    rendered "$vst3" silent.npy
    [[ $(field silent) == true ]]
    stay_silent() {
        PATCHPIPE_LOGIC=$1 rendered "$vst3" silent.npy
        [[ $(field silent) == true ]]
    }
    cases stay_silent "$PWD/missing.so" "$PWD/silent.npy"
    at_once
    # An effect lets its input through.
    rendered "$vst3_effect" through.wav '{"input_path": "noise.wav", "format": "wav", "tail": 0}'
    cmp <(sox through.wav -t f32 -) <(sox noise.wav -t f32 -)
}

@test "plugin-probe opens all and certifies each format and kind, and lilv reads their descriptions" {
    export PATCHPIPE_LOGIC=$PWD/tone.so
    # With THOROUGH=1 each format and each kind once; the other two differ from these by their descriptions.
    some 1 "$vst3" "$lv2-effect" >certified
    run -0 xargs -a certified -n 1 -P 2 plugin-probe --certify
    [[ $(jq -r .status <<<"$output" | uniq -c | xargs) == "$(wc -l <certified) ok" ]]
    run -0 plugin-probe "$vst3_effect" "$lv2"
    [[ $(jq -r '"\(.name):\(.inputs)"' <<<"$output" | xargs -d '\n') == "Patchpipe Shell Effect:2 Patchpipe Shell:0" ]]
    for plugin in "$lv2" "$lv2-effect"; do
        run -0 lv2info "$plugin"
        [[ $output == *"Patchpipe Shell"* ]]
    done
}

@test "the plug-ins export their entry points only, and load without libfaust" {
    find "$root/build/plugins" -name '*.so' >binaries
    (($(wc -l <binaries) == 4))
    while read -r plugin; do
        run -0 nm -D --defined-only "$plugin"
        [[ $(awk '{ print $3 }' <<<"$output" | sort | xargs) == "GetPluginFactory ModuleEntry ModuleExit lv2_descriptor lv2ui_descriptor" ]]
        [[ $(readelf -d "$plugin") != *faust* ]]
    done <binaries
}

# host LINE...: does what the lines say; the records and answers are $output, the audio is in out.
host() {
    run --separate-stderr timeout 60 "$shell" < <(printf '%s\n' "$@")
    [[ $status == 0 ]] || fail "$status $output $stderr"
}

# record EVENT KEY: of the records in $output, one a line.
record() { jq -r --arg event "$1" --arg key "$2" 'objects | select(.event == $event) | .[$key]' <<<"$output"; }

# heard EXPRESSION [CHANNELS [SKIP]]: a Python expression about the samples x, frames by channels,
# without the first ones.
heard() {
    warm_python - "$1" "${2:-2}" "${3:-0}" <<'PYTHON'
import sys, numpy
x = numpy.fromfile("out", "<f4")[int(sys.argv[3]):].reshape(-1, int(sys.argv[2]))
assert eval(sys.argv[1]), (x, abs(x).max())
PYTHON
}

# wait_for TEXT FILE: until it is in there.
wait_for() {
    for _ in {1..1000}; do
        grep -q "$1" "$2" 2>/dev/null && return
        sleep 0.02
    done
    fail "no $1: $(<"$2") $(<errors)"
}

# The same with the lines of standard input, in which a line that begins with "!" is a command for
# this shell, when what stands before it is done.
scripted() {
    local done=0
    rm -f lines answers
    mkfifo lines
    timeout 60 "$shell" <lines >answers 2>errors 3>&- &
    player=$!
    exec {feed}>lines
    while read -r line; do
        if [[ $line != !* ]]; then
            echo "$line" >&"$feed"
            continue
        fi
        echo "say $((++done)) done" >&"$feed"
        wait_for "^$done done" answers
        eval "${line#!}"
    done
    exec {feed}>&-
    wait "$player" || fail "$(<answers) $(<errors)"
    output=$(grep '^{' answers)
}

@test "a new build takes over in the middle of a note, and fades in" {
    cp -L tone.so it.so
    scripted <<'END'
prepare 44100 512 2 live
load it.so
play 512 903964
play 4096
!cp half.so next.so && mv next.so it.so
await reloaded
play 512
play 512
END
    [[ $(record reloaded state) == carried && $(record reloaded sounds) == true && $(record reloaded notes) == 1 ]]
    heard 'abs(x[4000:4600]).max() > 1.8 * abs(x[-512:]).max() > 0.05'
}

@test "offline, no block is skipped for a reload, and behind the fade the note is the same bit for bit" {
    cp -L tone.so it.so
    host 'prepare 44100 512 2 offline' 'load it.so' 'play 512 903964' 'play 512' 'play 2000000'
    mv out whole
    scripted <<'END'
prepare 44100 512 2 offline
load it.so
play 512 903964
play 512
!cp -L tone.so next.so && echo >>next.so && mv next.so it.so
await reloaded
play 4096
END
    [[ $(record reloaded state) == carried ]]
    # Blocks of 64 frames were played meanwhile.
    heard 'any(numpy.array_equal(x[1524:], w[at + 500:at + 4096]) for w in [numpy.fromfile("whole", "<f4").reshape(-1, 2)] for at in range(1024, len(w) - 4096, 64))'
}

@test "where the state is refused, held notes begin again, and so they do in Faust programs" {
    cp -L tone.so it.so
    scripted <<'END'
prepare 44100 512 2 live
load it.so
play 512 b00740 903964
!cp refuses.so next.so && mv next.so it.so
await reloaded
play 4096
END
    [[ $(record reloaded state) == refused && $(record reloaded notes) == 1 ]]
    heard 'abs(x[-2000:]).max() > 0.05'
    scripted <<'END'
prepare 44100 512 2 live
load tone.dsp
set 1 0.25
play 512 903964
!sed -i 's/saw \*/0.5 * &/' tone.dsp
await reloaded
shows 1
play 8192
END
    [[ $(record reloaded state) == none && $(record reloaded notes) == 1 && $(jq -r 'select(.text).value' <<<"$output") == 0.25 ]]
    heard 'abs(x[-2000:]).max() > 0.02'
}

@test "what is not a number is silence, and neither its state nor a lost parameter's value is gone for good" {
    build bad.so -e 's/tone->last = (1 - bright)/tone->last = sqrtf(-1) + (1 - bright)/' -e 's/"bright", "Brightness"/"shine", "Shine"/'
    cp -L tone.so it.so
    cp -L tone.so good.so
    scripted <<'END'
prepare 44100 512 2 live
load it.so
set 1 0.25
play 4096 903964
!mv bad.so it.so
await reloaded
play 8192
!mv good.so it.so
await reloaded 2
play 8192
shows 1
END
    [[ $(record reloaded state | xargs) == "carried refused" && $(record reloaded notes | xargs) == "1 1" ]] || fail "$output"
    heard 'numpy.isfinite(x).all() and not x[8192:12000].any() and abs(x[-2000:]).max() > 0.02'
    [[ $(jq -r 'select(.text).value' <<<"$output") == 0.25 ]] || fail "$output"
}

@test "a broken build keeps the old sound and says why, and the next good one is loaded" {
    cp -L tone.so it.so
    with_canary tone.so epoch.so 'c[1] += 1'
    build null.so -e 's/^static void\* create(void) { /&return NULL; /'
    scripted <<'END'
prepare 44100 512 2 live
load it.so
play 512 903964
!head -c 5000 tone.so >next.so && mv next.so it.so
await rejected
play 512
!mv epoch.so it.so
await rejected 2
!mv null.so it.so
await rejected 3
!rm it.so; sleep 0.3
play 512
!cp half.so it.so
await reloaded
play 512
END
    [[ $(record rejected error | sed -n 1p) == *it.so* && $(record rejected error | sed -n 2p) == *epoch* ]]
    heard 'all(abs(x[a:a + 512]).max() > 0.05 for a in (512, 1024))'
    # A program that does not compile.
    scripted <<'END'
prepare 44100 512 2 live
load tone.dsp
play 512 903964
!echo 'process = nothing_of_that_name;' >tone.dsp
await rejected
play 512
END
    [[ $(record rejected error) == *nothing_of_that_name* ]]
    heard 'abs(x[-512:]).max() > 0.05'
}

@test "a build that fails while it fades in gives way to the one before it" {
    cp -L tone.so it.so
    build fails.so -e 's/    float peak = 0;/&\n    if (block->parameters[1] < 0.1) return PATCHPIPE_FAILED;/'
    scripted <<'END'
prepare 44100 512 2 live
load it.so
play 512 903964
set 1 0.1
!cp fails.so next.so && mv next.so it.so
await kept
play 512
END
    [[ $(record kept error_kind) == crash ]]
    heard 'abs(x[-512:]).max() > 0.01'
    cp -L fails.so it.so
    host 'prepare 44100 512 2 live' 'load it.so' 'play 512 903964' 'set 1 0.1' 'play 512' 'await lost' 'play 512'
    heard 'abs(x[:512]).max() > 0.05 and not x[512:].any()'
}

@test "while another thread is at the code, blocks are silent and counted, and their notes come later" {
    build slow.so -e '1i #include <unistd.h>' -e 's/^static size_t save(.*{$/&\n    usleep(300000);/'
    grep -q usleep.3 slow.c
    host 'prepare 44100 64 2 live' 'load slow.so' 'play 64' 'while-saving' 'play 4096' 'skipped' 'await skipped'
    skipped=$(record skipped blocks)
    ((skipped > 20))
    # The note came while blocks were skipped.
    heard 'abs(x[-2000:]).max() > 0.05'
    heard "not x[:64 * $skipped].any()"
    # Offline they wait.
    host 'prepare 44100 64 2 offline' 'load slow.so' 'play 64' 'while-saving' 'skipped'
    [[ $output == *$'\n0' ]]
}

@test "what a host asks for during a reload happens after it" {
    build slow.so -e '1i #include <unistd.h>' -e 's/^static int32_t load(.*{$/&\n    usleep(500000);/'
    grep -q usleep.5 slow.c
    cp -L tone.so it.so
    scripted <<'END'
prepare 44100 64 2 live
load it.so
play 64 903964
!cp slow.so next.so && mv next.so it.so && sleep 0.3
set 0 0.25
play 64
reset
state
await reloaded
play 512
END
    # Saved with the new build, with what was set meanwhile; and reset.
    jq -e 'select(.patchpipe_shell) | .sound.parameters[0].own == -45' <<<"$output"
    [[ $(jq -sr 'map(.event // "state") | join(" ")' <<<"$output") == *"reloaded state"* ]]
    heard 'x[:64].any() and not x[-256:].any()'
}

@test "a state that cannot be loaded is kept as it is, and loaded once its code is there" {
    cp -L tone.so it.so
    host 'prepare 44100 512 2 live' 'load it.so' 'set 0 0.25' 'state'
    state=$(grep patchpipe_shell <<<"$output")
    [[ $(jq -r .plugin_path <<<"$state") == "$PWD/it.so" ]]
    mv it.so away.so
    scripted <<END
prepare 44100 512 2 live
restore $state
state
!mv away.so it.so
await loaded
shows 0
state
END
    [[ $(record rejected error_kind) == not-found ]]
    [[ $(grep patchpipe_shell <<<"$output" | sort -u) == "$state" ]]
    [[ $(jq -r 'select(.id == "level").text' <<<"$output") == -45 ]]
    # Other bytes change nothing.
    host 'prepare 44100 512 2 live' 'load it.so' 'restore nonsense' 'restore {"patchpipe_shell":2}' 'play 512 903964'
    [[ $(record rejected error_kind | xargs) == "corrupt unsupported" ]]
    heard 'abs(x).max() > 0.05'
}

@test "parameters keep their slots when others come and go" {
    build other.so -e 's/"level", "Level"/"volume", "Volume"/'
    cp -L tone.so it.so
    scripted <<'END'
prepare 44100 512 2 live
load it.so
set 1 0.75
set 0 0.5
play 512
!cp other.so next.so && mv next.so it.so
await reloaded
shows 0
shows 1
shows 2
!cp -L tone.so next.so && mv next.so it.so
await reloaded 2
shows 0
END
    [[ $(jq -r 'select(.text).id' <<<"$output" | xargs) == "bright volume level" ]]
    jq -se 'map(select(.id == "bright").value) == [0.75]' <<<"$output"
}

@test "another rate and another block size keep the build and its sound" {
    cp -L tone.so it.so
    for code in it.so tone.dsp; do
        # A logic library even if its file has gone.
        scripted <<END
prepare 44100 512 2 live
load $code
set 0 0.75
play 512
!rm -f it.so
prepare 48000 4096 1 live
shows 0
play 4096 903964
play 10000
END
        [[ $(jq -r 'select(.text).value' <<<"$output") == 0.75 ]] || fail "$output"
        heard 'abs(x[-4000:, 0]).max() > 0.05' 1 1024
    done
}

@test "one channel goes to both, and two to one" {
    host 'prepare 44100 512 2 live' 'load gain.so' 'input 0.5' 'play 512'
    heard 'numpy.array_equal(x[100], [0.25, -0.25])'
    host 'prepare 44100 512 1 live' 'load gain.so' 'input 0.5' 'play 512'
    heard 'x[100, 0] == 0' 1
    host 'prepare 44100 512 2 live' 'load tone.so' 'play 512 903964'
    heard 'numpy.array_equal(x[:, 0], x[:, 1]) and x.any()'
}

@test "what a code's meters and bargraphs show can be seen, also of the next build" {
    echo 'process = _ * 0.5 : hbargraph("level", 0, 1);' >level.dsp
    scripted <<'END'
prepare 44100 512 2 live
load level.dsp
input 0.5
play 512
meter 0
!sed -i 's/0.5/0.75/; s/level/loudness/' level.dsp
await reloaded
play 2048
meter 0
END
    [[ $(jq -r 'select(.meter) | "\(.meter) \(.shown)"' <<<"$output" | xargs) == "/level/level 0.25 /level/loudness 0.375" ]] || fail "$output"
}

# The input "count" is the number of its frame divided by 2^20.
late() { echo "(numpy.arange(len(x)) - $1) * 2.0 ** -20"; }

@test "builds of different latency are in time with each other while they fade" {
    effect late.so -DLATENCY=100
    cp -L late.so it.so
    scripted <<'END'
prepare 44100 512 2 live
load it.so
input count
play 4096
!cp gain.so next.so && mv next.so it.so
hear reloaded
play 2048
latency
prepare 44100 512 2 live
latency
END
    [[ $(jq -r '.latency // empty' <<<"$output" | xargs) == "100 0" && $(record reloaded later_frames) == null ]] || fail "$output"
    heard "(lambda w: (x[200:, 0] >= w[200:] * 0.9999).all() and (x[200:, 0] / w[200:]).max() > 1.4 and numpy.array_equal(x[-1000:, 0], w[-1000:]))(0.5 * $(late 100))"
    # One with more is later, from when there is something to hear of it.
    scripted <<'END'
prepare 44100 512 2 live
load it.so
input count
play 4096
!cp -L late.so next.so && mv next.so it.so
hear reloaded
play 2048
latency
END
    [[ $(jq -r '.latency // empty' <<<"$output" | xargs) == 100 && $(record reloaded later_frames) == 100 ]] || fail "$output"
    heard "(lambda w: (x[200:, 0] >= w[200:] * 0.9999).all() and numpy.array_equal(x[-1000:, 0], w[-1000:]))(0.5 * $(late 100))"
}

@test "the input of an effect that a host bypasses is as late as the effect" {
    effect late.so -DLATENCY=100
    host 'prepare 44100 512 2 live' 'load late.so' 'input count' 'play 1000' 'bypass on' 'play 1000' 'bypass off' 'play 1000'
    heard "(lambda w: numpy.array_equal(x[1000:2000].T, [w[1000:2000], w[1000:2000]]) and numpy.array_equal(x[2000:].T, [0.5 * w[2000:], -0.5 * w[2000:]]))($(late 100))"
    # A host that takes the latency out gets it as it went in.
    PATCHPIPE_LOGIC=$PWD/late.so rendered "$vst3_effect" through.wav '{"input_path": "noise.wav", "format": "wav", "tail": 0, "parameters": {"Bypass": 1}}'
    [[ $(field latency_frames) == 100 ]]
    cmp <(sox through.wav -t f32 -) <(sox noise.wav -t f32 -)
}

@test "a code that reports an absurd latency costs no memory for it" {
    effect absurd.so
    for latency in 4000000000u 2000000000u; do
        sed "s/return LATENCY/return $latency/" effect.c >absurd.c
        gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden "$header" -o absurd.so absurd.c
        host 'prepare 44100 512 2 live' 'load absurd.so' 'latency' 'input 0.5' 'play 512'
        heard 'numpy.array_equal(x[100], [0.25, -0.25])'
        (($(jq '.latency // empty' <<<"$output") <= 1 << 20))
    done
}

@test "blocks longer than the prepared ones are played in parts" {
    host 'prepare 44100 512 2 live' 'load tone.so' 'play 3000 903964'
    mv out whole
    host 'prepare 44100 4096 2 live' 'load tone.so' 'play 3000 903964'
    cmp out whole
}

# restores COUNT: as many states with files that are not there.
restores() { seq -f 'restore {"patchpipe_shell":1,"plugin_path":"/%.0f.so"}' "$1" >&"$feed"; }

@test "a host that loads many states keeps no stacks of threads that have ended" {
    # Those of 8 MiB: the limit that the threads get here.
    stacks() { grep -c '^Size: *8192 kB' "/proc/$(pgrep -P "$player")/smaps" || true; }
    ulimit -s 8192
    scripted <<'END'
prepare 44100 512 2 live
!restores 150; sleep 0.5
!restores 1
!left=$(stacks)
END
    (($(record rejected error_kind | grep -c not-found) == 151))
    ((left < 50)) # the C library keeps some for its next threads
}

@test "the log ends with the build that took the host with it" {
    build crashes.so -e 's/^static int32_t reset(.*{$/&\n    *(volatile int*)0 = 1;/'
    run --separate-stderr "$shell" < <(printf '%s\n' 'load tone.so' 'load crashes.so')
    ((status == 128 + 11))
    [[ $(jq -r '"\(.event) \(.plugin_path)"' <<<"$output") == "loading $PWD/tone.so
loaded $PWD/tone.so
loading $PWD/crashes.so" ]]
}

@test "what comes with a block of no frames is played with the next one" {
    host 'prepare 44100 512 2 live' 'load tone.so' 'play 512' 'set 0 0.25' 'play 0 903964' 'play 512' 'state'
    jq -e 'select(.patchpipe_shell) | .sound.parameters[0].own == -45' <<<"$output"
    heard 'x[512:].any()'
}

@test "a note that ends while a host bypasses the shell does not hang afterwards" {
    printf '%s\n' '{"type":"note_on","note":57}' '{"time":0.2,"type":"parameter","parameter":"Bypass","value":1}' \
        '{"time":0.3,"type":"note_off","note":57}' '{"time":0.5,"type":"parameter","parameter":"Bypass","value":0}' '{"time":0.8,"type":"stop"}' >events
    PATCHPIPE_LOGIC=$PWD/tone.so run -0 play-one -o bypassed.wav "$vst3" <events
    sox bypassed.wav -t f32 out
    heard 'abs(x[:8000]).max() > 0.05 and not x[10000:20000].any() and abs(x[23000:]).max() < 0.001'
    # An effect lets its input through.
    rendered "$vst3_effect" through.wav '{"input_path": "noise.wav", "format": "wav", "tail": 0, "parameters": {"Bypass": 1}}'
    cmp <(sox through.wav -t f32 -) <(sox noise.wav -t f32 -)
}

@test "a host that plays reloads it: play-one with the VST3" {
    cp -L tone.so it.so
    mkfifo lines
    PATCHPIPE_LOGIC=$PWD/it.so PATCHPIPE_SHELL_LOG=$PWD/log play-one -d null --allow-write "$PWD" "$vst3" <lines >records 2>errors 3>&- &
    player=$!
    exec {feed}>lines
    echo '{"type":"note_on","note":57}' >&"$feed"
    wait_for '"started"' records
    cp half.so next.so && mv next.so it.so
    wait_for reloaded log
    echo '{"type":"stop"}' >&"$feed"
    exec {feed}>&-
    wait "$player"
    output=$(<log)
    [[ $(record reloaded state) == carried ]]
}
