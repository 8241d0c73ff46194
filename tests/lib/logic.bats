#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Logic libraries: the note that is read before one is loaded, the calls, and their exchange.

load ../helper
load logic/make

setup_file() {
    build_tones
    corners corners.so
    corners corners64.so -DPATCHPIPE_SAMPLE=double
    export made=$PWD
}

setup() { ln -s "$made"/*.so .; }

# rendered LIBRARY FIELDS: the record of a job with these fields.
rendered() {
    render-one -p "./$1" "$(jq -nc --argjson more "$2" \
        '{note: 57, duration: 0.1, tail: 0, output_path: "out.npy", format: "npy"} + $more | with_entries(select(.value != null))')"
}

# shown LIBRARY FIELDS: what corners.c shows of the first block, as JSON, in the order there.
shown() {
    rendered "$1" "$2" >/dev/null
    warm_python -c 'import json, numpy; print(json.dumps([float(x) for x in numpy.load("out.npy")[0, :25]]))'
}

# refused LIBRARY PATTERN: it is refused for that reason.
refused() {
    run -1 --separate-stderr plugin-probe -v "$1"
    # shellcheck disable=SC2053
    [[ $(field error) == $2 ]] || fail "$output"
}

# unseen LIBRARY PATTERN: the same, and no constructor of it ran: that of corners.c prints.
unseen() {
    refused "$@"
    [[ -z $stderr ]]
}

@test "the same logic in C, C++, Rust and Faust gives the same samples" {
    for library in tone tone-cpp tone-rs tone-faust; do
        rendered "$library.so" '{"velocity": 100, "parameters": {"id:level": "-20", "id:bright": "0.7"}}'
    done >results
    jq -e -s 'length == 4 and ([.[].status] | unique) == ["ok"] and ([.[].audio_hash] | unique | length) == 1 and all(.silent | not)' results
}

@test "a library gives the samples that its code gives in a program of its own" {
    gcc -std=c11 -O2 -Wall -Wextra -Werror "$header" -o alone "$root/tests/lib/logic/alone.c" "$root/examples/logic/tone.c" -lm
    rendered tone.so '{"velocity": 100}'
    ./alone 4410 >alone.f32
    warm_python -c 'import numpy
alone = numpy.fromfile("alone.f32", "<f4")
assert len(alone) == 4410 and alone.any() and (numpy.load("out.npy")[0] == alone).all()'
}

@test "a library says the same whatever language it is written in" {
    for library in tone tone-cpp tone-rs; do
        [[ $(canary "$library.so") == "$(canary tone.so)" ]]
        plugin-probe --parameters "$library.so"
    done | jq -c 'del(.plugin_path, .binary_hash, .load_ms, .may_stay_loaded)' | sort -u >said
    [[ $(wc -l <said) == 1 ]]
    jq -e '.plugin_format == "logic" and .name == "Tone" and .vendor == "patchpipe" and .is_instrument and .channels == 1
        and .has_state and ([.parameters[].id] == ["level", "bright"]) and .parameters[0].unit == "dB"' said
}

@test "a library in double precision plays, and differs from one in float by rounding only" {
    faust -double -lang c -uim -a "$root/examples/logic/faust-logic.c" "$root/examples/logic/tone.dsp" -o tone.c
    gcc -std=gnu11 -O2 -shared -fPIC -fvisibility=hidden "$header" -DPATCHPIPE_SAMPLE=double -o tone64.so tone.c -lm
    rendered tone64.so '{"output_path": "double.npy"}'
    rendered tone.so '{"output_path": "float.npy"}'
    warm_python -c 'import numpy
a, b = numpy.load("double.npy"), numpy.load("float.npy")
# Where the saw jumps a frame earlier or later, the difference is large.
assert abs(a).max() > 0.01 and 0 < abs(a - b).max() and numpy.median(abs(a - b)) < 1e-4'
}

@test "Faust's examples play as logic libraries as they do as programs" {
    sox -R -n -c 1 -r 44100 in.wav synth 0.2 whitenoise vol 0.5
    # In dattorro names of controls repeat, and volume has one without a name.
    for program in $(some 1 generator/noise generator/osc) \
        $(some 1 filtering/moogVCF filtering/highShelf dynamic/compressor) reverb/dattorro dynamic/volume; do
        source=/usr/share/faust/examples/$program.dsp
        faust -lang c -uim -a "$root/examples/logic/faust-logic.c" "$source" -o made.c
        gcc -std=gnu11 -O2 -shared -fPIC -fvisibility=hidden "$header" -o made.so made.c -lm
        job='{"note":57,"duration":0.2,"tail":0,"format":"npy"}'
        [[ $program == generator/* ]] || job='{"input_path":"in.wav","tail":0,"format":"npy"}'
        render-one -p ./made.so "$(jq -c '.output_path = "a.npy"' <<<"$job")" | jq -e '.status == "ok" and (.silent | not)'
        render-one -p "$source" "$(jq -c '.output_path = "b.npy"' <<<"$job")"
        run -0 wav-diff --tolerance 0.0001 a.npy b.npy
    done
}

@test "the controls of a Faust program that have one name keep it, and are told apart by their ids" {
    cat >twice.dsp <<'DSP'
process = hgroup("low", _ * hslider("cut off", 1, 0, 1, 0.1)) * hgroup("high", hslider("cut off", 1, 0, 1, 0.1));
DSP
    faust -lang c -uim -a "$root/examples/logic/faust-logic.c" twice.dsp -o twice.c
    gcc -std=gnu11 -shared -fPIC -fvisibility=hidden "$header" -o twice.so twice.c -lm
    run -0 plugin-probe --parameters ./twice.so
    jq -e '[.parameters[] | [.id, .name]] == [["high/cut off", "cut off"], ["low/cut off", "cut off"]]' <<<"$output"
}

# The names of the canary's numbers that are of structs, as patterns, from the header itself.
struct_numbers() {
    /usr/bin/python3 - "$root/lib/logic/logic.h" <<'PYTHON'
import re, sys
text = re.sub(r"/\*.*?\*/", "", open(sys.argv[1]).read(), flags=re.S)
for name, body in re.findall(r"struct patchpipe_(\w+) \{\n(.*?)\n\};", text, re.S):
    if name == "note":
        continue
    print(f"size of patchpipe_{name}: library *, host *")
    print(f"alignment of patchpipe_{name}: library *, host *")
    for line in body.split(";"):
        function = re.search(r"\(\*(\w+)\)", line)
        for member in [function[1]] if function else re.findall(r"(\w+)\s*(?:,|$)", line.strip()):
            print(f"offset of patchpipe_{name}.{member}: library *, host *")
PYTHON
}

@test "each number of the canary that differs is named, and nothing of the library runs" {
    run -0 --separate-stderr plugin-probe -v corners.so
    [[ $stderr == *"a constructor runs"* ]]
    changes=('c[0] = 0x04030201' 'c[1] = 9' 'c[2] = 32' 'c[3] |= 1 << 31' 'c[4] = 96')
    names=("byte order: library the other, host this machine's" "epoch: library 9, host 1"
        "bits of a pointer: library 32, host 64" "features: library feature 2147483648, host transport+sysex"
        "bits of a sample: library 96, host 32 or 64")
    while read -r name; do names+=("$name"); done < <(struct_numbers)
    count=$(canary corners.so | jq length)
    [[ $count == "${#names[@]}" && $count -gt 60 ]]
    for ((number = 0; number < count; ++number)); do
        files+=("changed$number.so")
        copies+=("changed$number.so" "${changes[number]:-c[$number] += 8}")
    done
    with_canary corners.so "${copies[@]}"
    run -1 --separate-stderr plugin-probe -v "${files[@]}"
    [[ -z $stderr && ${#lines[@]} == "$count" ]]
    mapfile -t errors < <(field error)
    for ((number = 0; number < count; ++number)); do
        wanted="*/changed$number.so: was compiled with another patchpipe/logic.h (${names[number]}); compile it with this version's"
        # shellcheck disable=SC2053
        [[ ${errors[number]} == $wanted ]] ||
            fail "$number: ${errors[number]}"
    done
}

@test "all differences are named at once; of another epoch, only what stands in every epoch" {
    count=$(canary corners.so | jq length)
    with_canary corners.so several.so 'c[4] = 8; c[5] += 4; c[-1] += 8'
    unseen several.so "*logic.h (bits of a sample: library 8, host 32 or 64; size of patchpipe_parameter: *; offset of patchpipe_logic.tail: *); *"
    with_canary corners.so later.so 'c[1] = 2; c[2] = 128; c[5] += 4'
    unseen later.so "*logic.h (epoch: library 2, host 1; bits of a pointer: library 128, host 64); *"
    # A header without two of the members at its end.
    mkdir -p short/patchpipe
    grep -vE 'OFFSET\(F, logic, (state_changed|latency)\)' "$root/lib/logic/logic.h" >short/patchpipe/logic.h
    corners short.so -Ishort
    unseen short.so "*logic.h (bytes of the canary: library $((4 * count - 8)), host $((4 * count)); offset of patchpipe_logic.state_changed: *); *"
}

@test "a feature that hosts have is no difference" {
    with_canary corners.so needs.so 'c[3] = 3'
    plugin-probe needs.so
}

@test "the note survives strip, and a cut file is refused wherever it is cut" {
    cp -L corners.so stripped.so
    strip stripped.so
    plugin-probe stripped.so | jq -e '.name == "Corners"'
    size=$(stat -c %s stripped.so)
    for ((length = 0; length < size - 2000; length += 379)); do
        head -c "$length" stripped.so >cut.so
        run -1 plugin-probe cut.so
        [[ $(field error_kind) =~ ^(plugin-load|unsupported)$ ]] || fail "$length: $output"
    done
}

@test "what a library says of itself has to make sense" {
    while IFS='|' read -r defect reason; do
        corners bad.so "-DDEFECT=$defect"
        refused bad.so "*bad.so: $reason*"
        [[ $(field error_kind) == plugin-load ]]
    done <<'END'
.size = 12|says that its patchpipe_logic has 12 bytes, not 152; write sizeof
.epoch = 7|has the epoch 7 in its patchpipe_logic, not 1
.id = ""|has no id
.name = NULL|has no name
.vendor = "\xff"|has a vendor that is not UTF-8
.outputs = 0|has no outputs
.inputs = 257|has more than 256 inputs or outputs
.create = NULL|has no create()
.destroy = NULL|has no destroy()
.reset = NULL|has no reset()
.process = NULL|has no process()
.save = NULL|has only one of save() and load()
.parameters = NULL|has a count of parameters but no list
.meter_count = 65537|has more than 65536 parameters or meters
.parameters = (const struct patchpipe_parameter[]){{"a", "A", 0, 0, 0, 1, 0, 0, 0}, {"a", "A", 0, 0, 0, 1, 0, 0, 0}}, .parameter_count = 2|has two of the id a among its parameters
.parameters = (const struct patchpipe_parameter[]){{"a", "A", 0, 0, 1, 1, 1, 0, 0}}, .parameter_count = 1|has parameter a whose minimum is not below its maximum
.parameters = (const struct patchpipe_parameter[]){{"a", "A", 0, 0, 0, 1, 2, 0, 0}}, .parameter_count = 1|has parameter a whose initial value is out of its range
.parameters = (const struct patchpipe_parameter[]){{"a", "A", 0, 0, 0, 1, 0, 1, 0}}, .parameter_count = 1|has parameter a with one step
.parameters = (const struct patchpipe_parameter[]){{"a", "A", 0, 0, 0, 1, 0, 0, 1}}, .parameter_count = 1|has parameter a with a logarithmic scale
.parameters = (const struct patchpipe_parameter[]){{"a", "A", 0, 0, 0, 1, 0, 0, 2}}, .parameter_count = 1|has parameter a with an unknown scale
.parameters = (const struct patchpipe_parameter[]){{0, "A", 0, 0, 0, 1, 0, 0, 0}}, .parameter_count = 1|has parameter 0 without an id
END
}

@test "plugin-probe tells what a library's file says, also of one that is refused" {
    plugin-probe corners.so >good.json
    jq -e '.canary.epoch == "1" and .canary["bits of a sample"] == "32" and .canary["offset of patchpipe_event.frame"] == "12"
        and (.canary | length) > 60 and .differences == [] and .may_stay_loaded == [] and .sample_bits == 32
        and .meters == [{id: "sum", name: "Sum", unit: "dB"}, {id: "frames", name: "Frames", unit: ""}]' good.json
    with_canary corners.so changed.so 'c[1] = 2; c[2] = 32'
    run -1 plugin-probe changed.so
    jq -e '.differences == [{name: "epoch", library: "2", host: "1"}, {name: "bits of a pointer", library: "32", host: "64"}]
        and (.canary | length) == 4' <<<"$output"
}

@test "plugin-probe names why a library may stay loaded, and the flag that mends it" {
    corners_cpp unique.so -fgnu-unique <<<'template <int N> struct T { static inline int value = N; }; int* use() { return &T<3>::value; }'
    plugin-probe unique.so | jq -e '.may_stay_loaded | length == 1 and (.[0] | contains("STB_GNU_UNIQUE") and contains("_ZN1TILi3EE5valueE") and contains("-fno-gnu-unique"))'
    corners_cpp not-unique.so -fno-gnu-unique <<<'template <int N> struct T { static inline int value = N; }; int* use() { return &T<3>::value; }'
    plugin-probe not-unique.so | jq -e '.may_stay_loaded == []'
    corners_cpp thread.so <<<'struct T { ~T(); int n = 1; }; T::~T() { n = 0; } thread_local T t; int* use() { return &t.n; }'
    plugin-probe thread.so | jq -e '.may_stay_loaded | length == 1 and (.[0] | contains("thread-local objects"))'
    corners permanent.so -Wl,-z,nodelete
    plugin-probe permanent.so | jq -e '.may_stay_loaded == ["it is marked to stay loaded; link it without -z nodelete"]'
    # As the loader sees it.
    for library in unique permanent; do
        [[ $("$built/tests/logic" cycles "./$library.so" 1 2>/dev/null | jq .unloaded) == false ]]
    done
    [[ $("$built/tests/logic" cycles ./not-unique.so 1 2>/dev/null | jq .unloaded) == true ]]
}

@test "truce's libraries are refused, each by its generation" {
    gcc -shared -fPIC -o old.so -x c - <<<'void truce_create(void) {} void truce_abi_canary(void) {} void truce_vtable_probe(void) {}'
    refused old.so "*: is a logic library for truce's own loader, of the first generation, with a trait object (truce_create), *; build the plug-in as VST3 or LV2, or its code with patchpipe/logic.h"
    gcc -shared -fPIC -o later.so -x c - <<<'void truce_init_state(void) {} void truce_process(void) {} void truce_abi_canary_v2(void) {}'
    refused later.so "*, of the later generation, with a function for each task (truce_init_state), *"
}

@test "a library without its note, or without its symbol, is refused with the reason" {
    /usr/bin/python3 -c 'data = open("corners.so", "rb").read(); open("bare.so", "wb").write(data.replace(b"patchpipe\0\0\0", b"patchpope\0\0\0"))'
    unseen bare.so "*: has the symbol patchpipe_logic, but not the note by which hosts check it; *"
    corners hidden.so -Dpatchpipe_logic=patchpipe_logical
    refused hidden.so "*: does not export the symbol patchpipe_logic; *"
}

@test "a library gets parameters, settings, events and the transport as they are" {
    shown corners.so '{"parameters": {"Gain": "-27 dB", "Cutoff": "2000", "Shape": "square", "Octave": "-1"},
        "velocity": 100, "block_size": 512, "sample_rate": 48000}' >values
    jq -e '.[0:4] == [-27, 2000, 2, -1]' values
    # As the last reset and the last change had them.
    jq -e '.[4:6] == [-27, -27] and .[6:9] == [48000, 512, 1]' values
    # A note-on at the first frame; where the song is; the frames of the block.
    jq -e '.[12:15] == [1, 144 + 57 + 100, 0] and .[19:23] == [120, 4, 4, 1] and .[24] == 512' values
}

@test "a value in a parameter's own unit arrives as it was written" {
    run -0 rendered corners.so '{"parameters": {"Gain": "-29.2", "Cutoff": "49"}}'
    [[ $(jq -c '.parameters_taken | [.Gain.text, .Cutoff.text]' <<<"$output") == '["-29.2","49"]' ]] || fail "$output"
}

@test "values out of a parameter's range are refused, and normalised ones go from end to end" {
    run -1 rendered corners.so '{"parameters": {"Gain": "13 dB"}}'
    [[ $(field error_kind) == bad-record ]]
    for value in 0 0.5 1; do
        shown corners.so "{\"parameters\": {\"Gain\": $value, \"Cutoff\": $value, \"Shape\": $value, \"Octave\": $value}}" |
            jq -c '.[0:4] | map((. * 100 | round) / 100)'
    done >values
    diff - values <<'END'
[-60,20,0,-2]
[-24,632.46,1,0]
[12,20000,2,2]
END
}

@test "the sound of a library is saved as a file, which brings it back" {
    echo '{"filename_stem":"quiet","parameters":{"Level":"-20 dB"}}' | preset-export -o saved -p ./tone.so >saved.ndjson
    jq -e '.logic == "org.patchpipe.example.tone" and .parameters == {level: -20, bright: 0.5} and (.state | length) == 40' saved/quiet.logicsound
    jq -e '.preset_format == "logic"' saved.ndjson
    hash=$(rendered tone.so '{"parameters": {"Level": "-20 dB"}}' | jq -r .audio_hash)
    [[ $hash != "$(rendered tone.so '{}' | jq -r .audio_hash)" ]]
    for field in preset_path state_path; do
        [[ $(rendered tone.so "{\"$field\": \"$PWD/saved/quiet.logicsound\"}" | jq -r .audio_hash) == "$hash" ]]
    done
    # As the same library in other languages has it.
    [[ $(rendered tone-rs.so "{\"preset_path\": \"$PWD/saved/quiet.logicsound\"}" | jq -r .audio_hash) == "$hash" ]]
}

@test "a saved sound that a library cannot have is refused, and names why" {
    echo '{"filename_stem":"a"}' | preset-export -o . -p ./corners.so >/dev/null
    jq -c . a.logicsound
    while IFS='|' read -r change kind reason; do
        jq -c "$change" a.logicsound >b.logicsound
        run -1 rendered corners.so "{\"preset_path\": \"$PWD/b.logicsound\"}"
        # shellcheck disable=SC2053
        [[ $(field error_kind) == "$kind" && $(field error) == *": "$reason ]] || fail "$output"
    done <<'END'
.logic = "org.example.other"|wrong-plugin|is a sound of org.example.other, not of org.patchpipe.test.corners
.parameters.gain = 13|preset-rejected|sets the parameter gain to 13, and this build takes -60 to 12
.parameters.gain = "loud"|corrupt|*gain*
.parameters.tilt = 1|preset-rejected|sets the parameter tilt, which this build does not have; *
.state = "?"|corrupt|has a state that is not base64
.state = "AAA="|preset-rejected|has a state that Corners does not take: its load() returned 0
END
    # What is not named stays, and a state comes in before the first block.
    jq -c '{logic, state: "BwAAAAAAAAA=", parameters: {gain: -3}}' a.logicsound >c.logicsound
    shown corners.so "{\"preset_path\": \"$PWD/c.logicsound\"}" >values
    jq -e '.[0:4] == [-3, 440, 1, 0] and .[5] == -3 and .[10:12] == [7, 1]' values
}

@test "denormal numbers count as zero" {
    [[ $(shown corners64.so '{}' | jq '.[23]') == 0 ]]
}

@test "effects hear their input, in both types of samples, and latency is taken off" {
    warm_python -c 'import numpy; numpy.save("in.npy", numpy.linspace(-1, 1, 4410, dtype=numpy.float32)[None])'
    corners late.so -DLATENCY=64
    corners late64.so -DLATENCY=64 -DPATCHPIPE_SAMPLE=double
    for library in late.so late64.so; do
        rendered "$library" '{"input_path": "in.npy", "note": null, "duration": null}'
        # The library claims to be 64 frames late, and is not.
        warm_python -c 'import numpy
out, given = numpy.load("out.npy")[1], numpy.load("in.npy")[0]
assert len(out) == 4410 and (out[:4346] == given[64:]).all()'
    done
}

@test "latency and tail are those that the library gives" {
    corners late.so -DLATENCY=64
    plugin-probe late.so | jq -e '.latency_frames == 64 and .tail_frames == 1234'
    corners endless.so -DTAIL=PATCHPIPE_TAIL_INFINITE
    plugin-probe endless.so | jq -e 'has("tail_frames") | not'
}

@test "a library that says that it failed, or says nothing known, ends the job" {
    corners failing.so -DSTATUS=PATCHPIPE_FAILED
    run -1 rendered failing.so '{}'
    [[ $(field error_kind) == crash && $(field error) == *"Corners: failed: its process() said so" ]]
    corners odd.so -DSTATUS=17
    run -1 rendered odd.so '{}'
    [[ $(field error) == *"Corners: failed: its process() returned 17, which is no status" ]]
    for status in CONTINUE TAIL SILENT; do
        corners fine.so "-DSTATUS=PATCHPIPE_$status"
        rendered fine.so '{}'
    done
    run -1 rendered corners.so '{"sample_rate": 192000}'
    [[ $(field error) == *"cannot be prepared for 192000 Hz in blocks of 512 frames: its reset() returned 0"* ]]
}

@test "a library that was built again between two jobs is loaded anew, and may be written over" {
    cp -L tone.so live.so
    job() { jq -nc --arg path "$1" '{note: 57, duration: 0.1, tail: 0, output_path: $path, format: "npy"}'; }
    mkfifo jobs
    render-one -p ./live.so <"jobs" >results &
    exec 7>"jobs"
    job 1.npy >&7
    until [[ -s results ]]; do sleep 0.01; done
    cat corners.so >live.so
    job 2.npy >&7
    exec 7>&-
    wait $!
    jq -es '[.[].status] == ["ok", "ok"] and [.[].channels] == [1, 2]' results
}

@test "a library can be loaded and unloaded a thousand times, and nothing is left of it" {
    "$built/tests/logic" cycles ./tone.so 1000 >left
    for library in tone-cpp tone-rs tone-faust corners; do "$built/tests/logic" cycles "./$library.so" 50; done >>left 2>&1
    sed -i '/a constructor runs/d' left
    [[ $(sort -u left) == '{"unloaded":true,"files_left":0,"mappings_left":0}' ]]
}

@test "a library that stays after unloading is noticed, and its copy's name is not given again" {
    corners_cpp unique.so -fgnu-unique <<<'template <int N> struct T { static inline int value = N; }; int* use() { return &T<3>::value; }'
    run -0 "$built/tests/logic" cycles ./unique.so 3
    # The first one stays; the others use its variable and can go.
    jq -e '.unloaded == false and .files_left == 1 and .mappings_left > 0' <<<"${lines[-1]}"
}

@test "the next build takes over parameters, state and the note that sounds" {
    run -0 "$built/tests/logic" reload ./tone.so ./tone-cpp.so level -27
    [[ $output == '{"state_taken":true,"value":-27,"changes":[],"same":true,"sounds":true}' ]]
}

@test "new, removed and changed parameters are named, and a state that is refused is told" {
    sed 's/-60, 0, -12, 0/-20, 0, -10, 5/; s/"bright"/"tilt"/; s/size != sizeof/size == sizeof/' "$root/examples/logic/tone.c" >next.c
    gcc -std=c11 -shared -fPIC "$header" -o next.so next.c -lm
    run -0 "$built/tests/logic" reload ./tone.so ./next.so level -12.4
    jq -e '.state_taken == false and .value == -10 and .changes == ["range level -12.4 -10", "added tilt", "removed bright"]' <<<"$output"
}
