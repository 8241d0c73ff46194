#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds of a plug-in that follow each other while it plays.

load ../helper
load ../lib/logic/make
load ../lib/logic/play

plain=$root/build/tests/plugins/plain_synth.so

setup_file() {
    build tone.so
    # The state goes on as it is, and half of it is heard.
    build half.so 's/outputs\[0\]\[frame\] = /&0.5f * /'
    build refuses.so 's/if (size != sizeof.*/return 0;/'
    export made=$PWD
}

setup() { ln -s "$made"/*.so .; }

@test "with the state carried over, a note goes on bit for bit" {
    played tone.so
    [[ $status == 0 ]]
    hash=$(record ended audio_hash)
    script 1 tone.so 4410 tone.so 4411 tone.so 10000 tone.so 15000 tone.so
    for block in 64 512 4096; do
        played --script script --fade 0 -b "$block" tone.so
        [[ $status == 0 ]] || fail "$output $stderr"
        [[ $(record reloaded frame | xargs) == "1 4410 4411 10000 15000" ]]
        [[ $(record reloaded state | sort -u) == carried && $(record reloaded messages | sort -u) == 0 ]]
        [[ $(record ended audio_hash) == "$hash" ]]
    done
}

@test "one build fades into the next by equal power, from its frame on" {
    played tone.so
    cp out.npy whole.npy
    script 10001 half.so
    played --script script --fade 0.01 tone.so
    [[ $status == 0 && $(record reloaded frame) == 10001 && $(record reloaded fade_frames) == 441 ]]
    heard 'numpy.array_equal(x[:10002], samples("whole.npy")[:10002])'
    heard 'numpy.array_equal(x[10442:], samples("whole.npy")[10442:] * numpy.float32(0.5))'
    heard '(lambda a: numpy.allclose(x[10001:10442], samples("whole.npy")[10001:10442] * (numpy.cos(a) + 0.5 * numpy.sin(a)), atol=1e-6))(numpy.arange(441) / 441 * numpy.pi / 2)'
}

@test "builds with less latency are in time, and one with more is later, which is told" {
    chord late.so -DLATENCY=64
    chord chord.so
    chord later.so -DLATENCY=100
    played late.so
    cp out.npy whole.npy
    script 5000 chord.so 8001 late.so 10000 chord.so
    played --script script --fade 0 late.so
    [[ $status == 0 && $(record reloaded latency_frames | xargs) == "0 64 0" ]]
    heard 'numpy.array_equal(x, samples("whole.npy"))'
    script 5000 later.so
    played --script script --fade 0 late.so
    [[ $(record reloaded later_frames) == 36 ]]
    heard '(lambda w: numpy.array_equal(x[:5036], w[:5036]) and numpy.array_equal(x[5036:], w[5000:-36]))(samples("whole.npy"))'
}

@test "where the state is refused it is told, and held notes begin again with their controllers" {
    script 10000 refuses.so
    run --separate-stderr play-one -o out.npy --seconds 0.5 --script script tone.so < <(
        echo "$held"
        echo '{"time":0.1,"type":"control","control":7,"value":64}'
    )
    [[ $status == 1 && $(record reloaded state) == refused ]]
    [[ $(record reloaded notes) == 1 && $(record reloaded messages) == 2 ]]
    [[ $(record state error) == *"load() returned 0"* && $(record reset frame) == 10000 ]]
    heard 'abs(x[15000:]).max() > 0.1'
}

@test "parameters go over by their ids, and what has changed is told" {
    build other.so 's/{"level", "Level", "dB", NULL, -60/{"level", "Level", "dB", NULL, -20/' 's/"bright", "Brightness"/"shine", "Shine"/'
    script 10000 other.so
    run --separate-stderr play-one -o out.npy --seconds 0.5 --script script tone.so < <(
        echo "$held"
        echo '{"time":0,"type":"parameter","parameter":"id:level","value":0.5}'
    )
    [[ $status == 0 ]] || fail "$output $stderr"
    record reloaded parameters | jq -e 'map({(.id): .}) | add |
        .level.change == "range" and .level.before == -30 and .level.after == -20 and
        .shine.change == "added" and .bright.change == "removed" and .bright.before == 0.5'
}

@test "a parameter that goes for a while, or is kept out of its value, has it again when that is possible" {
    build other.so 's/{"level", "Level", "dB", NULL, -60/{"level", "Level", "dB", NULL, -20/' 's/"bright", "Brightness"/"shine", "Shine"/'
    script 5000 other.so 10000 other.so 15000 tone.so
    for meanwhile in '' '{"time":0.15,"type":"parameter","parameter":"id:level","value":"-10"}'; do
        run --separate-stderr play-one -o out.npy --seconds 0.5 --script script tone.so < <(
            echo "$held"
            echo '{"time":0,"type":"parameter","parameter":"id:level","value":"-30"}'
            echo '{"time":0,"type":"parameter","parameter":"id:bright","value":"0.2"}'
            echo "$meanwhile" | grep .
        )
        [[ $status == 0 ]] || fail "$output $stderr"
        jq -s -c 'map(select(.event == "reloaded"))[-1].parameters | sort_by(.id) | map(select(.id != "shine") | .after)' <<<"$output"
    done >values
    diff values - <<<$'[0.2,-30]\n[0.2,-10]'
}

# raw OPTION...: plays half a second into out.raw, silence where there is nothing to hear; the records
# are $output.
raw() {
    play-one -d - --format f32le --read-ahead --seconds 0.5 "$@" >out.raw 2>records || true
    output=$(<records)
    warm_python -c 'import numpy; numpy.save("out.npy", numpy.fromfile("out.raw", "<f4").reshape(-1, '"$(record started channels)"').T)'
}

@test "samples that are not numbers are silence, told at once, and no state of theirs goes over" {
    build bad.so 's/tone->last = (1 - bright)/tone->last = sqrtf(-1) + (1 - bright)/'
    script 5000 bad.so 10000 tone.so 15000 tone.so
    raw --script script --fade 0 tone.so <<<"$held"
    jq -s -e 'map(.event) | index("not_finite") < index("ended")' records
    jq -e 'select(.event == "not_finite") | .non_finite_samples > 0 and .time <= 0.5' records
    [[ $(record reloaded state | xargs) == "carried refused carried" && $(record state error) == *"not numbers"* ]] || fail "$output"
    [[ $(record ended reason) == error && $(record error error_kind) == non-finite ]]
    heard 'numpy.isfinite(x).all() and not x[5002:10000].any() and abs(x[12000:]).max() > 0.05'
}

@test "a reset clears what sounds, and with it a state that is no number any more" {
    build loud.so 's/tone->last = (1 - bright)/tone->last = (tone->gate == 1 ? sqrtf(-1) : 0) + (1 - bright)/'
    script 1 loud.so
    for options in '' '--script script'; do
        # shellcheck disable=SC2086
        raw $options loud.so < <(
            echo '{"time":0,"type":"note","note":57,"velocity":127,"duration":0.1}'
            echo '{"time":0.15,"type":"note_on","note":57,"velocity":100}'
            echo '{"time":0.3,"type":"reset"}'
            echo '{"time":0.35,"type":"note_on","note":57,"velocity":100}'
        )
        heard 'not x[10:15435].any() and abs(x[17000:]).max() > 0.05'
    done
    # Without NaN: all is silent from that frame on.
    play-one -o out.npy --seconds 0.5 tone.so < <(echo "$held" && echo '{"time":0.25,"type":"reset"}')
    heard 'abs(x[9000:11025]).max() > 0.05 and not x[11025:].any()'
}

@test "other kinds of plug-ins are reloaded unmodified" {
    echo 'declare options "[midi:on][nvoices:4]"; import("stdfaust.lib"); process = os.osc(hslider("freq", 440, 20, 2000, 1)) * button("gate") * hslider("gain", 0.5, 0, 1, 0.01) * 0.5;' >organ.dsp
    for plugin in "$plain" "$amsynth" "$root/build/tests/plugins/MacroSynth.vst3" organ.dsp http://drobilla.net/plugins/mda/Piano; do
        script 10000 "$plugin"
        played --script script "$plugin"
        [[ $status == 0 && $(record reloaded notes) == 1 ]] || fail "$plugin: $output $stderr"
        heard 'abs(x[15000:]).max() > 0.001'
    done
}

@test "a file that is replaced, written in place or put back is loaded, and a touch is not" {
    cp -L tone.so it.so
    start_watching ./it.so
    cp half.so next.so
    mv next.so it.so
    await reloaded
    cat tone.so >it.so
    await reloaded 2
    touch it.so
    cp -p half.so next.so
    touch -d '2001-01-01' next.so
    mv next.so it.so
    await reloaded 3
    stop_watching
    [[ $(record reloaded generation | xargs) == "2 3 4" && $(record ended reason) == played && $(record ended silent) == false ]]
}

@test "where the system tells of no changes they are found all the same" {
    cp -L tone.so it.so
    LD_PRELOAD=$root/build/tests/old_kernel.so KERNEL_LACKS=inotify start_watching ./it.so
    cp half.so next.so
    mv next.so it.so
    await reloaded
    stop_watching
    [[ $status == 0 && $(record ended silent) == false ]]
}

# A build that takes a while to open is on its way.
start_opening() {
    build slow.so 's/^static void\* create(void) { /&for (long i = 0; i < 1000000000; ++i) __asm__(""); /'
    cp slow.so it.so
    mkfifo lines
    touch records
    play-one -d null --watch "${patience[@]}" "$@" ./it.so <lines >records 2>errors 3>&- &
    player=$!
    exec {feed}>lines
    # The process that opens it.
    until [[ $(pgrep -P "$player" | wc -l) == 2 ]]; do sleep 0.01; done
}

@test "what is written while the first build is opened is loaded too" {
    start_opening
    cp -L half.so next.so
    mv next.so it.so
    await reloaded
    stop_watching
    [[ $status == 0 && $(record reloaded generation) == 2 ]]
}

@test "a source that is written while the first build is opened is built too" {
    touch it.c
    start_opening --build true
    echo >it.c
    await built
    stop_watching
    [[ $status == 0 && $(record built ok) == true ]]
}

@test "two players of one file do not disturb each other" {
    cp -L tone.so it.so
    mkdir one other
    cd one
    start_watching ../it.so
    first=$player first_feed=$feed
    cd ../other
    start_watching ../it.so
    cp -L ../half.so ../next.so
    mv ../next.so ../it.so
    await reloaded
    stop_watching
    cd ../one
    player=$first feed=$first_feed
    await reloaded
    stop_watching
    [[ $status == 0 && $(record reloaded state) == carried ]]
}

@test "a parameter that is new can be set, and one that has gone is told" {
    build new.so 's/"bright", "Brightness"/"shine", "Shine"/'
    cp -L tone.so it.so
    start_watching ./it.so
    mv new.so it.so
    await reloaded
    echo '{"type":"parameter","parameter":"id:shine","value":0.1}' >&"$feed"
    echo '{"type":"parameter","parameter":"id:bright","value":"0.2"}' >&"$feed"
    await error
    stop_watching
    [[ $status == 1 && $(record error line | xargs) == *3* && $(record error error) == *"not one of the build that plays now"* ]]
}

# survives_writing_over FILE PLUGIN: the plug-in plays on when its file is written over in place.
survives_writing_over() {
    local whole=$1.whole
    mkdir -p temporary
    export TMPDIR=$PWD/temporary
    cp "$1" "$whole"
    start_watching "$2"
    head -c 100000 /dev/zero >"$1"
    await rejected
    cat "$whole" >"$1"
    await reloaded
    stop_watching
    [[ $status == 1 && $(record reloaded notes) == 1 && $(record kept event)$(record lost event) == "" ]] || fail "$output"
    [[ -z $(find "$TMPDIR" -mindepth 1) ]]
    rm lines records
}

@test "a VST2 and an LV2 are loaded from copies: writing over their files does not disturb them" {
    cp "$plain" it.so
    survives_writing_over it.so ./it.so
    rm "$LV2_PATH/mda.lv2"
    cp -r /usr/lib/lv2/mda.lv2 "$LV2_PATH"
    survives_writing_over "$LV2_PATH/mda.lv2/Piano.so" http://drobilla.net/plugins/mda/Piano
}

@test "a mistake in a Faust program is told with its place, and the old sound stays" {
    cat >organ.dsp <<'FAUST'
import("stdfaust.lib");
process = os.osc(hslider("freq", 440, 20, 2000, 1)) * button("gate");
FAUST
    start_watching organ.dsp
    sed -i 's/os.osc/os.ocs/' organ.dsp
    await rejected
    [[ $(record rejected error) == *"undefined symbol : ocs"* && $(record rejected error_path) == */organ.dsp ]]
    [[ $(record rejected line) == 2 && $(record rejected column) == 14 ]] || fail "$output"
    sed -i 's/os.ocs/os.square/' organ.dsp
    await reloaded
    stop_watching
    [[ $(record reloaded notes) == 1 && $(record kept event) == "" && $(record ended silent) == false ]]
}

@test "a build command runs when a source changes, and its errors are records" {
    mkdir work
    cp "$root/examples/logic/tone.c" work/tone.c
    cp -L tone.so work/tone.so
    cd work
    start_watching --build "gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden $header -o next.so tone.c -lm && mv next.so tone.so" ./tone.so
    sed -i 's/2 \* tone->phase - 1/2 * tone->fase - 1/' tone.c
    await built
    [[ $(record build-error error_path) == tone.c && $(record build-error line) -gt 50 && $(record built ok) == false ]]
    [[ -z $(record reloaded event) ]]
    sed -i 's/2 \* tone->fase - 1/1 - 2 * tone->phase/' tone.c
    await reloaded
    stop_watching
    [[ $status == 1 && $(record built ok | xargs) == "false true" ]]
}

@test "a build that changes its own sources each time is not repeated without end" {
    mkdir work
    cp -L tone.so work
    echo 0 >work/stamp.h
    cd work
    start_watching --build 'echo x >>stamp.h' ./tone.so
    echo 1 >stamp.h
    await build-error
    [[ $(record build-error error) == *"changes files in . each time"* && $(record built ok | wc -l) == 3 ]] || fail "$output"
    echo 2 >stamp.h
    await build-error 2
    stop_watching
    [[ $(record built ok | wc -l) == 4 ]] || fail "$output"
}

@test "a change while a build runs ends it, with all that it started, and begins it anew" {
    mkdir work
    cp -L tone.so work
    touch work/it.c
    cd work
    # One that is told to end does so: what make has half written is deleted.
    printf '%s\n' 'it: it.c' $'\tif grep -q hangs it.c; then echo half >it; sleep 1000; fi; test ! -e it && cp it.c it' >Makefile
    start_watching --build 'make -s && true' ./tone.so
    echo hangs >it.c
    until [[ -s it ]]; do sleep 0.01; done
    echo whole >it.c
    await built 2
    [[ $(<it) == whole && $(record built outdated | xargs) == "true null" && $(record built ok | xargs) == "false true" ]] || fail "$output"
    stop_watching
    [[ $status == 0 && $(record build-error event) == "" ]] || fail "$output"
    rm lines records
    # One that is not willing to is killed.
    start_watching --build 'trap "" TERM; grep -q hangs it.c || exit 0; sleep 1000 & echo $! >pid; wait' ./tone.so
    echo hangs >it.c
    until [[ -s pid ]]; do sleep 0.01; done
    echo >it.c
    await built 2
    [[ $(record built ok | xargs) == "false true" ]] || fail "$output"
    run -1 kill -0 "$(<pid)"
    stop_watching
}

@test "a build that changes its own sources while it runs comes to its end" {
    mkdir work
    cp -L tone.so work
    echo 0 >work/stamp.h
    cd work
    start_watching --build 'echo x >>stamp.h; sleep 0.7' ./tone.so
    echo 1 >stamp.h
    await build-error
    stop_watching
    [[ $(record built ok | grep -c true) == 3 ]] || fail "$output"
}

@test "more source files than can be watched are told once" {
    mkdir -p work/sources
    cp -L tone.so work
    cd work
    seq -f 'sources/%.0f.c' 20001 | xargs touch
    start_watching --build true ./tone.so
    await error
    for number in 1 2; do
        # All of these but one are watched.
        for file in sources/{1..2}.c; do echo >>"$file"; done
        await built "$number"
    done
    stop_watching
    [[ $status == 1 && $(record error error) == ".: has more than 20000 source files"*"--sources"* ]] || fail "$output"
}

@test "what make is told of the files that a source includes is no source" {
    mkdir work
    cp -L tone.so work
    echo 'int a;' >work/a.c
    cd work
    start_watching --build 'gcc -MMD -c a.c && echo "# $RANDOM$$" >>a.d' ./tone.so
    echo 'int b;' >a.c
    await built
    echo 'int c;' >a.c
    await built 2
    sleep 0.5
    stop_watching
    [[ $(record built ok | xargs) == "true true" ]] || fail "$output"
}

@test "a file too large to be a source does not keep others from being built" {
    mkdir work
    cp -L tone.so work
    truncate -s 65M work/large.map
    touch work/small.c
    cd work
    start_watching --build true ./tone.so
    echo >small.c
    await built
    stop_watching
    [[ $(record built ok) == true ]]
}

@test "the sound goes over where there is no room for temporary files" {
    local namespace namespaces=("unshare --mount" "unshare --mount --map-root-user")
    cp -L tone.so it.so
    mkdir room
    for namespace in "${namespaces[@]}"; do
        $namespace mount -t tmpfs tmpfs room 2>/dev/null || continue
        # shellcheck disable=SC2086
        play-one() {
            TMPDIR=$PWD/room exec $namespace bash -c \
                'mount -t tmpfs -o size=256k tmpfs room && exec play-one "$@"' - "$@"
        }
        start_watching ./it.so
        run -1 --separate-stderr cp /dev/zero "/proc/$player/root/$PWD/room/full"
        cp -L half.so next.so
        mv next.so it.so
        await reloaded
        stop_watching
        [[ $status == 0 && $(record reloaded state) == carried ]] || fail "$output"
        return
    done
    skip "this machine lets neither root nor a user namespace mount a file system"
}

@test "a terminal that is closed ends the playing and the build command" {
    mkdir work
    cp -L tone.so work
    touch work/small.c
    cd work
    start_watching --build 'echo $$ >pid; exec sleep 1000' ./tone.so
    echo >small.c
    until [[ -s pid ]]; do sleep 0.01; done
    kill -HUP "$player"
    wait "$player"
    exec {feed}>&-
    output=$(<records)
    [[ $(record ended reason) == interrupted ]] || fail "$output"
    run -1 kill -0 "$(<pid)"
}

@test "another build plays the same beside it, and events choose what is heard" {
    played tone.so
    cp out.npy whole.npy
    listen() { echo "{\"time\":$1,\"type\":\"listen\",\"to\":\"$2\"}"; }
    run --separate-stderr play-one -o out.npy --seconds 0.5 --fade 0 --meters 0.1 --against half.so tone.so < <(
        echo "$held"
        listen 0.1 old
        listen 0.2 difference
        listen 0.3 new
    )
    [[ $status == 0 && $(record listening to | xargs) == "old difference new" && $(record listening frame | xargs) == "4410 8820 13230" ]]
    heard '(lambda w: all((numpy.array_equal(x[a:b], (w * g)[a:b]) for a, b, g in ((0, 4410, 1), (4410, 13230, numpy.float32(0.5)), (13230, 22050, 1)))))(samples("whole.npy"))'
    record meter difference_db | tail -n 1 >difference
    record meter new_db | tail -n 1 >new
    /usr/bin/python3 -c 'assert abs(float(open("new").read()) - float(open("difference").read()) - 6.02) < 0.01'
    # The difference of the same is nothing at all, also of builds that come later.
    script 10000 tone.so
    run --separate-stderr play-one -o out.npy --seconds 0.5 --fade 0 --script script --against tone.so tone.so < <(
        listen 0 difference
        echo "$held"
    )
    [[ $status == 0 && $(record ended silent) == true && $(record reloaded generation) == 3 ]]
    run -1 play-one -o out.npy --seconds 0.1 tone.so < <(listen 0 old)
    [[ $(record error error) == *"needs --against"* ]]
}

@test "a Faust program's bargraphs are meters" {
    echo 'import("stdfaust.lib"); process = os.osc(hslider("freq", 3, 1, 10, 0.1)) : hbargraph("wave[unit:V]", -1, 1);' >wave.dsp
    for settings in '{}' '{"compile_options":"-double"}' '{"interpreter":true}'; do
        program=$(command jq -c --arg dsp "$PWD/wave.dsp" '{dsp: $dsp} + .' <<<"$settings")
        script 5000 "wave.dsp"
        jq -c --arg program "$program" '.plugin_path = $program' <script >next
        played --script next --meters 0.1 "$program"
        [[ $status == 0 ]] || fail "$output $stderr"
        [[ $(record meter frame | wc -l) == 5 && $(record meter generation | sort -u | xargs) == "1 2" ]]
        # Of each block's last frame.
        jq -s 'map(select(.event == "meter")) | map([.frame, .meters["/wave/wave"]])' <<<"$output" >meters
        heard 'all(abs(x[min(frame + 512, 5000 if frame < 5000 else 22050) - 1] - value) < 1e-6 for frame, value in __import__("json").load(open("meters")))' ||
            fail "$program: $(<meters)"
    done
}

@test "with voices the bargraphs are those of the note that began last of those that sound" {
    cat >pitch.dsp <<'FAUST'
declare options "[nvoices:4]";
import("stdfaust.lib");
freq = hslider("freq", 440, 20, 20000, 1);
process = attach(os.osc(freq) * button("gate"), freq : hbargraph("pitch", 1, 20000));
effect = attach(_, 7 : vbargraph("effect", 0, 10));
FAUST
    run --separate-stderr play-one -o out.npy --seconds 2.5 --meters 0.1 "${patience[@]}" --against pitch.dsp pitch.dsp < <(
        printf '{"time":%s,"type":"%s","note":%d}\n' 0.15 note_on 57 0.35 note_on 69 0.75 note_off 69 1.55 note_off 57
    )
    [[ $status == 0 ]] || fail "$output $stderr"
    # A voice ends half a second after it is silent.
    pitches=$(jq -r 'select(.event == "meter") | .meters | with_entries(select(.key | endswith("/pitch")))[] | round' <<<"$output" | uniq | xargs)
    [[ $pitches == "1 220 440 220 1" ]] || fail "$pitches: $output"
    [[ $(jq -r 'select(.event == "meter") | .meters | with_entries(select(.key | endswith("/effect")))[]' <<<"$output" | sort -u | xargs) == 7 ]] || fail "$output"
}

@test "options that do not go together are refused" {
    for options in "--watch --script script" "--fade 1" "--meters 1" "--build true" "--watch --sources ." "--watch --build true --sources none" "--watch --build true --sources tone.so"; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr play-one -d null $options tone.so </dev/null
        [[ -z $output ]]
    done
    script 100 tone.so 100 tone.so
    run -1 --separate-stderr play-one -d null --script script tone.so </dev/null
    [[ $stderr == *"line 2"* ]]
}
