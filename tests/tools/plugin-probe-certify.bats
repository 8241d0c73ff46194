#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# plugin-probe --certify: the isolation that a plug-in needs, and the verdicts that render-one reads.
#
# shellcheck disable=SC2317 # at_once calls them

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
macro=$root/build/tests/plugins/MacroSynth.vst3
nekobi=/usr/lib/vst/Nekobi-vst.so
kars=/usr/lib/vst/Kars-vst.so
piano=http://drobilla.net/plugins/mda/Piano
verdicts=$XDG_CACHE_HOME/patchpipe/verdicts

@test "real plug-ins are certified for snapshots, and the counts are complete" {
    # Most of the time a plug-in of JUCE's is waited for, so they run at once, two in each process.
    run -0 --separate-stderr xargs -n 2 -P 3 plugin-probe --certify \
        <<<"$amsynth $nekobi $kars $macro $piano $plain"
    [[ ${#lines[@]} == 6 && -z $stderr ]]
    jq -es --arg verdict "$snapshot" 'all(.verdict == $verdict and .certify.jobs == 12 and .certify.snapshot.identical == 12
        and .certify.process.identical == 12 and .certify.reuse.identical <= 12
        and ([.certify.snapshot, .certify.fork, .certify.process, .certify.reuse | .ms_per_job > 0] | all))' <<<"$output"
    [[ $(find "$verdicts" -type f | wc -l) == 6 ]]
    # Tests that are not about this keep the same by hand.
    cp -r "$verdicts" found
    certified "$amsynth"
    diff -r found "$verdicts"
}

@test "what one job leaves behind is counted under reuse" {
    run -0 plugin-probe --certify "$nekobi" "$plain"
    # Nekobi's oscillators run on between notes; the plain synth keeps nothing.
    [[ $(jq -s 'map(.certify.reuse.identical < 12)' -c <<<"$output") == '[true,false]' ]]
}

# A synth that renders with a thread of its own, like one that streams samples: a forked child does
# not have the thread and waits for ever.
threaded_synth() {
    make_vst2 "$1" <<'END'
#include <condition_variable>
#include <mutex>
#include <thread>
static std::mutex mutex;
static std::condition_variable changed;
static bool wanted = false;
static void work() {
    for (std::unique_lock lock(mutex);; wanted = false, changed.notify_all())
        changed.wait(lock, [] { return wanted; });
}
static VstIntPtr dispatch(AEffect*, int opcode, int, VstIntPtr, void* data, float) {
    if (opcode == effGetEffectName) { std::strcpy((char*)data, "Threaded"); return 1; }
    return 0;
}
static void render(AEffect*, float**, float** outputs, int frames) {
    std::unique_lock lock(mutex);
    wanted = true;
    changed.notify_all();
    changed.wait(lock, [] { return !wanted; });
    for (int i = 0; i < frames; ++i) outputs[0][i] = 0.25F;
}
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    auto& effect = bare_synth();
    effect.dispatcher = dispatch;
    effect.processReplacing = render;
    effect.uniqueID = 0x54687264;
    std::thread(work).detach();
    return &effect;
}
END
}

@test "a plug-in that no child can render is certified for processes" {
    threaded_synth threaded.so
    run -0 --separate-stderr plugin-probe --certify --timeout 2 threaded.so
    jq -e '.verdict == "process" and .certify.snapshot.identical == 0
        and .certify.process.identical == 12 and .certify.reuse.identical == 12
        and (.certify.snapshot.error | test("did not finish within 2 seconds"))' <<<"$output"
    # render-one uses the verdict instead of waiting for a probe that hangs.
    run -0 --separate-stderr render-one -p threaded.so '{"output_path":"/dev/null","duration":0.1,"tail":0}'
    [[ $(field isolation) == process && $(field status) == ok ]]
}

@test "where children cannot be put back, a plug-in is certified for forks" {
    let_strace_look
    run -0 strace -f -o trace -e trace=userfaultfd -e inject=userfaultfd:error=EPERM \
        plugin-probe --certify "$plain"
    jq -e '.verdict == "fork" and .certify.snapshot.identical == 12' <<<"$output"
}

# Changes a correct verdict to process, to see whether it is used.
forge() { sed -i 's/"verdict":"'"$snapshot"'"/"verdict":"process"/' "$verdicts"/*; }

# goes_by ISOLATION PLUGIN: auto chooses this isolation for the plug-in.
goes_by() {
    run -0 --separate-stderr render-one -p "$2" '{"output_path":"/dev/null","duration":0.1,"tail":0}'
    [[ $(field isolation) == "$1" ]] || fail "not by $1: $output"
}

@test "a verdict is used that was kept under a umask of 0, and nobody else may change it" {
    (umask 0 && plugin-probe --certify "$plain" >/dev/null)
    [[ $(stat -c %a "$verdicts"/*) == 600 ]]
}

@test "a plug-in that none of --certify-with is for is an error, and the others are certified" {
    run -0 preset-export -o presets --programs 0-1 "$plain"
    run -1 --separate-stderr plugin-probe --certify --certify-with presets "$macro" "$plain"
    [[ $(field status) == $'error\nok' && $(field verdict) == $'null\n'"$snapshot" && -z $stderr ]]
    [[ $(field error | head -n 1) == "--certify-with: has no presets for a VST3" ]]
}

@test "render-one uses a saved verdict, for this binary only" {
    keep() {
        export XDG_CACHE_HOME=$PWD
        verdicts=$PWD/patchpipe/verdicts
        plugin-probe --certify "$1"
        forge
        goes_by process "$1"
    }
    cases keep "$plain" "$macro" "$piano"
    at_once
    cp "$plain" mine.so
    plugin-probe --certify mine.so
    forge
    # The same bytes in another place are the same plug-in.
    goes_by process "$plain"
    # An update is another plug-in: bytes are appended that no loader reads.
    echo >>mine.so
    goes_by "$snapshot" mine.so
    # Another plug-in in the same bundle has a verdict of its own.
    goes_by "$snapshot" "$nekobi"
}

@test "the verdict on a plug-in that is updated meanwhile is not kept" {
    # At each start another byte is appended that no loader reads.
    make_vst2 updated.so <<END
#include <fstream>
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    std::ofstream("$PWD/updated.so", std::ios::app) << "x";
    return &bare_synth();
}
END
    run -0 --separate-stderr plugin-probe --sandbox off --certify updated.so
    [[ $(field verdict) == "$snapshot" && ! -e $verdicts ]]
    [[ $stderr == "plugin-probe: $PWD/updated.so: was changed while it was certified; "* ]]
}

@test "an option overrides a saved verdict" {
    plugin-probe --certify "$plain"
    forge
    run -0 render-one -p "$plain" --isolation snapshot '{"output_path":"/dev/null","duration":0.1,"tail":0}'
    [[ $(field isolation) == "$snapshot" ]]
}

@test "a damaged cache counts as missing" {
    plugin-probe --certify "$plain"
    forge
    entry=$(echo "$verdicts"/*)
    good=$(<"$entry")
    for bad in '' '{' 'text' '[]' '{"verdict":"process"}' "${good/process/reuse}" "${good/process/auto}" \
        "${good/xxh128:/xxh128:0}" "${good/\"patchpipe\":\"/\"patchpipe\":\"0}" "${good/\"process\"/5}" \
        "${good/\{/\{\"verdict\":\"process\",}"; do
        echo "entry: $bad"
        printf '%s\n' "$bad" >"$entry"
        goes_by "$snapshot" "$plain"
    done
    size=${#good}
    for ((n = 0; n < size; n += 7)); do
        printf '%s' "${good:0:n}" >"$entry"
        goes_by "$snapshot" "$plain"
    done
    rm "$entry"
    mkdir "$entry"
    goes_by "$snapshot" "$plain"
    rmdir "$entry"
    ln -s "$entry" "$entry"
    goes_by "$snapshot" "$plain"
    rm "$entry"
    echo "$good" >"$entry"
    goes_by process "$plain"
}

@test "verdicts go to ~/.cache without XDG_CACHE_HOME, and nowhere without a home" {
    keep() {
        run -0 --separate-stderr env XDG_CACHE_HOME="$1" HOME="$PWD/home" plugin-probe --certify "$plain"
        [[ -z $stderr && -f $(echo "$PWD"/home/.cache/patchpipe/verdicts/*.json) && ! -e relative ]]
    }
    cases keep "''" relative/path
    at_once
    run -0 --separate-stderr env -u XDG_CACHE_HOME -u HOME plugin-probe --certify "$plain"
    [[ $(field verdict) == "$snapshot" && $stderr == "plugin-probe: verdict: is not kept: "* ]]
}

@test "a cache that cannot be written costs the cache only" {
    touch file
    run -0 --separate-stderr env XDG_CACHE_HOME="$PWD/file" plugin-probe --certify "$plain"
    [[ $(field verdict) == "$snapshot" && $stderr == "plugin-probe: $PWD/file/"*": Not a directory" ]]
}
