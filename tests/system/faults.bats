#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the user sees when a plug-in misbehaves: the record of the job, the exit status, and that the
# other jobs of the batch are not affected. The plug-in is the fault synth, which has a preset for
# each fault (tests/plugins/fault_table.h).

load ../helper

synth=$root/build/tests/plugins/fault_synth.so
vst3=$root/build/tests/plugins/FaultSynth.vst3
lv2=urn:patchpipe:fault-synth
plain=$root/build/tests/plugins/plain_synth.so

# An LV2 is found by its URI in the folders for LV2 bundles, one of which is the user's own.
own_lv2_folder() {
    ln -s "$root/build/tests/plugins/FaultSynth.lv2" "$HOME/.lv2/"
}

setup() {
    let_plugins_crash
    own_lv2_folder
    # A separate folder, to see what is left in it.
    mkdir tmp
    export TMPDIR=$PWD/tmp
}

# A state of the LV2 that selects the program with that number, as its own presets do.
lv2_state() {
    cat <<TURTLE
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<$lv2:preset> a pset:Preset ; lv2:appliesTo <$lv2> ;
    state:state [ <$lv2:Program> "$1"^^xsd:int ] .
TURTLE
}

setup_file() {
    own_lv2_folder
    preset-export -o vst2 "$synth" | jq -r '"\(.program) \(.preset_name)"' >programs
    preset-export -o vst3 "$vst3" >/dev/null
    mkdir lv2
    while read -r number name; do lv2_state "$number" >"lv2/$name.ttl"; done <programs
    for format in vst2 vst3 lv2; do
        mkdir "good.$format"
        { neighbour 1 "$format"; neighbour 2 "$format"; } |
            jq -c --arg out "$PWD/good.$format" '.output_path = "\($out)/\(.id).wav"' |
            render_with "$format" --isolation process >"good.$format/results"
    done
    job vst2 - "{\"plugin_path\": \"$plain\", \"output_path\": \"$PWD/bystander.wav\"}" |
        render_with vst2 --isolation process | jq -r .audio_hash >bystander
    # The tone, which several faults do not change.
    job vst2 well-behaved "{\"output_path\": \"$PWD/tone.wav\"}" | render_with vst2 | jq -r .audio_hash >tone
}

presets=$BATS_FILE_TMPDIR

# The path of a fault's preset.
preset() {
    case $1 in
        vst2) echo "$presets"/vst2/*" $2.fxp" ;;
        vst3) echo "$presets"/vst3/*" $2.vstpreset" ;;
        lv2) echo "$presets/lv2/$2.ttl" ;;
    esac
}

# A job: FORMAT FAULT [FIELDS]. FAULT - means no preset.
job() {
    jq -nc --arg format "$1" --arg fault "$2" --arg path "$(preset "$1" "$2")" --arg out "$PWD/out" \
        --argjson more "${3:-null}" '
        {id: $fault, note: 60, velocity: 127, duration: 0.1, tail: 0.05, output_path: "\($out)/\($fault).wav"}
        + if $fault == "-" then {} elif $format == "lv2" then {state_path: $path} else {preset_path: $path} end
        + $more'
}

neighbour() { job "$2" well-behaved "{\"id\": \"neighbour-$1\", \"note\": $((45 + 9 * $1)),
    \"velocity\": $((40 * $1)), \"output_path\": \"$PWD/out/neighbour-$1.wav\"}"; }

# bystander NAME: a job for another plug-in, between those of a plug-in that has a fault from the
# start.
bystander() { job vst2 - "{\"id\": \"$1\", \"plugin_path\": \"$plain\", \"output_path\": \"$PWD/out/$1.wav\"}"; }

plugin_of() {
    case $1 in
        vst2) echo "$synth" ;;
        vst3) echo "$vst3" ;;
        lv2) echo "$lv2" ;;
    esac
}

# render_with FORMAT [OPTION]...: renders standard input.
render_with() { render-one --plugin "$(plugin_of "$1")" --timeout 4 "${@:2}"; }

# check_neighbours FORMAT: the neighbours in the records of $output have the same audio as when
# rendered in separate processes without a fault.
check_neighbours() {
    local sounds='select(.id | startswith("neighbour")) | [.id, .status, .frames, .audio_hash] | @tsv'
    diff <(jq -r "$sounds" "$presets/good.$1/results") <(jq -r "$sounds" <<<"$output")
}

# around STATUS FORMAT FAULT [OPTION]...: renders a fault between two neighbours, checks these, and
# leaves the fault's own record in $output.
around() {
    local status_wanted=$1 format=$2 fault=$3 files=(neighbour-1.wav neighbour-2.wav) file
    rm -rf out
    { neighbour 1 "$format"; job "$format" "$fault"; neighbour 2 "$format"; } >queue
    run "-$status_wanted" --separate-stderr render_with "$format" "${@:4}" <queue
    echo "$format $fault: $output"
    [[ ${#lines[@]} == 3 ]]
    check_neighbours "$format"
    for file in "${files[@]}"; do wav-diff "$presets/good.$format/$file" "out/$file"; done
    if [[ "${*:4}" != *reuse* ]]; then # a file contains this itself
        for file in "${files[@]}"; do cmp "out/$file" "$presets/good.$format/$file"; done
    fi
    output=${lines[1]}
    [[ $(field status) == error ]] || files+=("$fault.wav")
    diff <(printf '%s\n' "${files[@]}" | sort) <(find out -type f -printf '%f\n' | sort)
}

# check_error KIND TEXT: the fault's record is an error of this kind with this text.
check_error() { [[ $(field error_kind) == "$1" && $(field error) == *"$2"* ]]; }

# The fault's record is ok, and the audio is the right tone.
check_tone() { [[ $(field status) == ok && $(field audio_hash) == $(<"$presets/tone") ]]; }

check_bystander() { [[ $(field status) == ok && $(field audio_hash) == $(<"$presets/bystander") ]]; }

check_two_tones() { [[ $(field audio_hash) == $(<"$presets/tone")$'\n'$(<"$presets/tone") ]]; }

# The file results has this many jobs of the well-behaved program, and each is the tone.
check_well_behaved() {
    [[ $(jq -r 'select(.id == "well-behaved") | .status + .audio_hash' results | uniq -c) =~ ^\ *$1\ ok$(<"$presets/tone")$ ]]
}

# from_start STATUS FORMAT FAULT [OPTION]...: renders two jobs without a preset for a plug-in that
# has the fault from the start, with a job of another plug-in before and after them, checks these,
# and leaves the two records in $output.
from_start() {
    rm -rf out
    { bystander before; job "$2" - '{"id": 1}'; job "$2" - '{"id": 2, "output_path": "/dev/null"}'
        bystander after; } >queue
    run "-$1" --separate-stderr env FAULT_ON_LOAD="$3" render-one --plugin "$(plugin_of "$2")" \
        --timeout 4 "${@:4}" <queue
    echo "$2 $3: $output"
    [[ ${#lines[@]} == 4 ]]
    for place in 0 3; do output=${lines[place]} check_bystander; done
    for name in before after; do cmp "out/$name.wav" "$presets/bystander.wav"; done
    output=${lines[1]}$'\n'${lines[2]}
}

# where FAULT CHANNEL EXPRESSION: the samples x of a channel of out/FAULT.wav, at index i, for which
# a Python expression is true.
where() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import sys, wave
import numpy
fault, channel, expression = sys.argv[1:]
with wave.open(f"out/{fault}.wav") as w:
    data = numpy.frombuffer(w.readframes(w.getnframes()), "<i2").reshape(-1, w.getnchannels())
print(*[i for i, x in enumerate(data[:, int(channel)]) if eval(expression)])
PYTHON
}

declare -gA ends=([segv]='killed by SIGSEGV' [abort]='killed by SIGABRT'
    [exit-0]='exited with status 0' [exit-3]='exited with status 3')

@test "the well-behaved tone is the same bits in every format, isolation and order" {
    for what in 'vst2 snapshot' 'vst2 process' 'vst2 reuse' 'vst3 auto' 'vst3 reuse' 'lv2 auto' 'lv2 reuse'; do
        around 0 "${what% *}" well-behaved --isolation "${what#* }"
        check_tone
    done
    [[ $(jq -r .audio_hash "$presets"/good.*/results | sort | uniq -c | awk '{print $1}' | xargs) == "3 3" ]]
}

@test "every fault is a preset, and no other program of the plug-in is" {
    [[ $(find "$presets/vst2" -name '*.fxp' | wc -l) == $(wc -l <"$presets/programs") ]]
    diff <(cd "$presets" && basename -s .fxp vst2/*) <(cd "$presets" && basename -s .vstpreset vst3/*)
}

@test "a plug-in that dies while it is loaded is an error for each of its jobs and for no other's" {
    for how in "${!ends[@]}"; do
        from_start 1 vst2 "load-$how"
        check_error $'crash\ncrash' "$synth: crashed while loading the plug-in (${ends[$how]})"
    done
    for format in vst3 lv2; do
        from_start 1 "$format" load-segv
        check_error $'crash\ncrash' "$(plugin_of "$format"): crashed while loading the plug-in (killed by SIGSEGV)"
    done
}

@test "a plug-in that hangs while it is loaded is waited for once" {
    for format in vst2 vst3; do
        from_start 1 "$format" load-hang
        [[ $(field error_kind) == $'timeout\ntimeout' ]]
        [[ $(field error) == *"did not finish within 4 seconds while loading the plug-in"* ]]
    done
}

@test "a plug-in that could be loaded before is tried again after it could not" {
    cp "$plain" synth.so
    mkfifo queue answers
    FAULT_ON_LOAD=load-segv render-one --plugin "$PWD/synth.so" --isolation process <queue >answers &
    exec {to}>queue {from}<answers
    ask() {
        job vst2 - '{"output_path": "/dev/null"}' >&"$to"
        read -r output <&"$from"
    }
    ask
    check_bystander
    cp --remove-destination "$synth" synth.so
    ask
    check_error crash 'crashed while loading the plug-in'
    cp --remove-destination "$plain" synth.so
    ask
    check_bystander
    exec {to}>&-
    status=0
    wait $! || status=$?
    [[ $status == 1 ]]
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

@test "a plug-in that is replaced between its hash and its loading costs the job that it would be wrong for" {
    # The first process that loads it puts another build in its place.
    g++ -w -std=c++20 -shared -fPIC -o replaces.so -x c++ - <<END
#include <cstdio>
extern "C" void* VSTPluginMain(void*) {
    std::rename("$PWD/next.so", "$PWD/synth.so");
    __builtin_trap();
}
END
    for isolation in auto snapshot fork reuse process; do
        cp --remove-destination replaces.so synth.so
        cp "$plain" next.so
        for _ in 1 2; do jq -nc --arg path "$PWD/$isolation.wav" '{output_path: $path}'; done >wanted
        run -1 --separate-stderr render-one --plugin "$PWD/synth.so" --sandbox off --isolation "$isolation" <wanted
        [[ $(field status) == $'error\nok' && $(field error_kind) == $'io\nnull' ]]
        [[ $(field error) == "$PWD/synth.so: was replaced while it was being loaded; render this job again"* ]]
        [[ $(strings "$isolation.wav" | grep -o '"plugin_hash":"[^"]*' | head -n 1) == *":\"xxh128:$(xxhsum -H2 "$plain" | cut -d ' ' -f 1)" ]]
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

@test "a plug-in that hangs while loading a preset costs that one job" {
    for format in vst2 lv2; do
        around 1 "$format" preset-hang
        check_error timeout "did not finish within 4 seconds while loading the preset"
    done
}

@test "a plug-in that hangs while rendering costs that one job" {
    for format in vst2 vst3; do
        around 1 "$format" process-hang
        check_error timeout "did not finish within 4 seconds while rendering"
    done
    around 1 vst2 process-hang --isolation reuse
    check_error timeout "did not finish within 4 seconds while rendering"
}

@test "a plug-in that closes the descriptors of its process and hangs costs that one job" {
    broken="(it closed or wrote to file descriptors that are not its own)"
    for isolation in "${isolations[@]}"; do
        for fault in preset-close process-close; do
            around 1 vst2 "$fault" --isolation "$isolation"
            check_error crash "$broken"
        done
    done
    from_start 1 vst2 load-close
    [[ $(field error_kind) == $'crash\ncrash' && $(field error) == *"while loading the plug-in $broken"* ]]
}

@test "a plug-in that writes to the sockets of its process costs that one job" {
    around 1 vst2 preset-babble --isolation process
    check_error timeout "did not finish within 4 seconds while loading the preset"
    around 1 vst2 process-babble --isolation reuse
    check_error timeout "did not finish within 4 seconds while rendering"
}

@test "what a plug-in starts ends with the job that it was started for" {
    no_helper() {
        for _ in {1..20}; do pgrep -f "^patchpipe-helper $TMPDIR" || break; sleep 0.1; done
        run -1 pgrep -f "^patchpipe-helper $TMPDIR"
    }
    for isolation in "${isolations[@]}"; do
        around 0 vst2 helper --isolation "$isolation"
        check_tone
        no_helper
        [[ $isolation != process ]] || continue
        around 1 vst2 helper-hang --isolation "$isolation"
        check_error timeout "did not finish within 4 seconds while rendering"
        no_helper
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

@test "a job of megabytes to a plug-in process that is stopped is not waited for without end" {
    mkfifo queue answers
    render-one --plugin "$synth" --isolation reuse --timeout 2 <queue >answers &
    worker=$!
    exec {to}>queue {from}<answers
    ask() { job vst2 well-behaved "$1" >&"$to"; read -r output <&"$from"; }
    ask '{}'
    check_tone
    kill -STOP "$(pgrep -P "$worker" -f patchpipe-host)"
    head -c 3000000 /dev/zero | tr '\0' x >note
    job vst2 well-behaved | jq -c --rawfile note note '.note_of_mine = $note' >&"$to"
    read -r output <&"$from"
    check_error timeout "did not finish within 2 seconds"
    ask '{}'
    check_tone
    exec {to}>&-
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

@test "a plug-in that would crash or hang in its destructor exports its programs" {
    for program in teardown-segv teardown-exit-0 teardown-exit-3 teardown-hang; do
        number=$(awk -v name="$program" '$2 == name { print $1 }' "$presets/programs")
        run -0 timeout 5 preset-export -o exported --programs "0,$number" "$synth"
        [[ ${#lines[@]} == 2 ]]
        cmp exported/*" $program.fxp" "$(preset vst2 "$program")"
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

@test "denormal samples are silence to 16 bits, and are kept as they are in 32" {
    around 0 vst2 denormal
    jq -e '.silent and .peak > 0 and .peak < 1e-38 and .rms_db < -700' <<<"$output"
    [[ -z $(where denormal 0 'x != 0') ]]
    job vst2 denormal '{"format": "npy", "bit_depth": "32f"}' |
        jq -c '.output_path |= sub("wav$"; "npy")' | render_with vst2 >results
    jq -e '.silent == false' results
    run -0 /usr/bin/python3 -c 'import numpy; a = numpy.load("out/denormal.npy"); print(numpy.unique(a), (a != 0).sum())'
    [[ $output == "[0.e+00 1.e-40] 8820" ]]
}

@test "samples beyond full scale are counted and cut off, not wrapped round" {
    around 0 vst2 clip
    jq -e '.peak == 1.5 and .clipped_samples > 100' <<<"$output"
    [[ $(where clip 0 'x == 32767' | wc -w) -gt 100 && $(where clip 0 'i == 0 and x == 32767') == 0 ]]
    [[ $(field clipped_samples) == $(($(where clip 0 'abs(int(x)) >= 32767' | wc -w) * 2)) ]]
}

@test "silence is reported as silent" {
    for format in "${formats[@]}"; do
        around 0 "$format" silent
        jq -e '.silent and .peak == 0 and .rms_db == null' <<<"$output"
    done
}

@test "an output that the plug-in leaves alone is silent" {
    for format in "${formats[@]}"; do
        around 0 "$format" mono
        [[ $(field channels) == 2 && -z $(where mono 1 'x != 0') ]]
        sox -D out/mono.wav left.wav remix 1
        sox -D "$presets/tone.wav" tone.wav remix 1
        wav-diff tone.wav left.wav
    done
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

@test "the number of processors that a worker may use is not heard" {
    job vst2 processors '{"output_path": "/dev/null"}' >queue
    taskset -c 0 render-one --plugin "$synth" <queue >one
    render-one --plugin "$synth" <queue >all
    [[ $(jq -r .audio_hash one) == $(jq -r .audio_hash all) ]]
}

@test "with --clock real the clock and the random numbers are real, and the record says so" {
    for fault in clock entropy; do
        job vst2 "$fault" '{"output_path": "/dev/null"}' >queue
        for run in first second; do render_with vst2 --clock real <queue >"$run"; done
        jq -r .audio_hash first second >hashes
        [[ $(sort -u hashes | wc -l) == 2 ]]
        FAULT_ON_LOAD=$fault render_with vst2 --clock real <<<'{"output_path": "/dev/null"}' >results 2>said
        [[ $(jq -c '[.status, .isolation, .repeatable]' results) == '["ok","process",false]' ]]
        grep -q "render-one: $synth: does not repeat" said
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

@test "a plug-in whose thread never sleeps is not waited for without end, and is said not to be repeatable" {
    job vst2 - '{"output_path": "/dev/null"}' >queue
    run -0 --separate-stderr env FAULT_ON_LOAD=load-restless render-one --plugin "$synth" --isolation snapshot <queue
    [[ $(field repeatable) == false && $stderr == *'does not repeat'* ]]
    check_tone
}

@test "the wait for a thread that never sleeps leaves a job with a short time the rest of it" {
    job vst2 well-behaved '{"output_path": "/dev/null"}' >queue
    for isolation in "${isolations[@]}"; do
        run -0 --separate-stderr env FAULT_ON_LOAD=load-restless render-one --plugin "$synth" \
            --timeout 5 --isolation "$isolation" <queue
        [[ $(field repeatable) == false ]]
        check_tone
    done
}

@test "a thread that was late while the plug-in was loaded is waited for after a preset" {
    { job vst2 well-behaved '{"output_path": "/dev/null"}'; until [[ -e rest ]]; do sleep 0.1; done
        sleep 1; for _ in 1 2 3; do job vst2 table '{"output_path": "/dev/null"}'; done; } |
        env FAULT_ON_LOAD=load-busy render-one --plugin "$synth" --timeout 5 --isolation reuse |
        while read -r line; do
            touch rest
            echo "$line"
        done >results
    output=$(tail -n 1 results)
    [[ $(wc -l <results) == 4 && $(field repeatable) == false ]]
    check_tone
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

@test "a preset whose samples come from a thread of the plug-in sounds in a process for each job" {
    for format in "${formats[@]}"; do
        around 0 "$format" thread --isolation process
        check_tone
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

@test "a latency that the plug-in has from the start is taken out, to the frame" {
    for format in "${formats[@]}"; do
        for fault in latency late-latency; do
            from_start 0 "$format" "$fault"
            [[ $(field latency_frames) == $'100\n100' ]]
            check_two_tones
        done
    done
}

@test "a latency that is reported only with the note is neither taken out nor said to be" {
    for what in 'vst2 snapshot' 'vst2 process' 'vst2 reuse' 'vst3 snapshot' 'lv2 snapshot'; do
        around 0 "${what% *}" note-latency --isolation "${what#* }"
        [[ $(field latency_frames) == 0 ]]
        check_tone
    done
}

@test "a VST2 that answers 0 to a state and keeps its sound has rejected the preset" {
    around 1 vst2 refuse
    check_error preset-rejected "$(preset vst2 refuse): the plug-in refused"
}

@test "a preset that a plug-in silently ignores is noticed" {
    for what in 'vst2 ignore' 'vst3 ignore' 'lv2 ignore' 'vst3 refuse'; do
        around 0 "${what% *}" "${what#* }"
        [[ $(field unchanged) == true ]]
        check_tone
        job "${what% *}" "${what#* }" >queue
        run -1 render_with "${what% *}" --require-change <queue
        check_error preset-rejected "changed nothing in Patchpipe Fault Synth"
    done
}

@test "an ignored preset is noticed with reuse, whatever the previous job left" {
    /usr/bin/python3 - <<'PYTHON'
import mido
song = mido.MidiFile()
song.tracks.append(mido.MidiTrack([mido.Message("note_on", note=60, velocity=127),
    mido.Message("program_change", program=2, time=20), mido.MetaMessage("end_of_track", time=20)]))
song.save("moves.mid")
PYTHON
    moves=$(midi-duration "$PWD/moves.mid")
    # A preset whose job then changes a value of the state, by a controller; a job without a preset.
    for first in clip -; do
        { job vst2 "$first" "$moves"; job vst2 ignore; } >queue
        run -0 render_with vst2 --isolation reuse <queue
        [[ $(field status) == $'ok\nok' && $(field unchanged) == $'null\ntrue' ]]
        run -1 render_with vst2 --isolation reuse --require-change <queue
        [[ $(field error_kind) == $'null\npreset-rejected' ]]
    done
}

@test "a preset that is taken counts as taken at every note under reuse" {
    # It is loaded over itself, over a value changed by a job, and over itself after an ignored one.
    { job vst2 clip; job vst2 clip '{"note": 72}'; job vst2 ignore; job vst2 clip
        job vst2 held; job vst2 clip; } >queue
    run -0 render_with vst2 --isolation reuse <queue
    [[ $(field unchanged) == $'null\nnull\ntrue\nnull\nnull\nnull' ]]
    grep -v ignore queue >taken
    run -0 render_with vst2 --isolation reuse --require-change <taken
    [[ $(field status | sort -u) == ok ]]
    # A preset that was ignored once is ignored again.
    { job vst2 clip; job vst2 ignore; job vst2 ignore '{"note": 72}'; } >queue
    run -0 render_with vst2 --isolation reuse <queue
    [[ $(field unchanged) == $'null\ntrue\ntrue' ]]
}

@test "a VST2 that answers 0 to every state has not rejected those that it takes" {
    around 0 vst2 shrug
    [[ $(field unchanged) == null ]]
    check_tone
    # It always answers like this, like all plug-ins made with JUCE, and ignores this preset.
    { job vst2 ignore; job vst2 clip; } >queue
    run -0 env FAULT_ON_LOAD=shrug render-one --plugin "$synth" <queue
    [[ $(field unchanged) == $'true\nnull' && $(field peak) == $'0.5\n1.5' ]]
}

@test "an LV2 is found in the folders of LV2_PATH, and without one in those that the system has" {
    job lv2 well-behaved >queue
    run -0 env -u LV2_PATH render-one --plugin "$lv2" <queue
    check_tone
    rm "$HOME/.lv2/FaultSynth.lv2"
    job lv2 well-behaved >queue
    run -0 env LV2_PATH="$root/build/tests/plugins" render-one --plugin "$lv2" <queue
    check_tone
}

@test "a plug-in that is killed leaves no temporary files" {
    from_start 1 lv2 load-segv
    [[ -z $(find tmp -mindepth 1) ]]
}

# make_replier FILE: a VST2 that gives a constant, and answers in our place when it has played for 20
# seconds.
make_replier() {
    make_vst2 "$1" <<'END'
static void process(AEffect*, float**, float** out, int frames) {
    static long played = 0;
    for (int i = 0; i < frames; ++i) out[0][i] = 0.1F;
    if ((played += frames) > 20 * 44100) answer_in_our_place();
}
extern "C" AEffect* VSTPluginMain(audioMasterCallback) {
    auto& effect = bare_synth();
    effect.processReplacing = process;
    return &effect;
}
END
}

@test "a plug-in that answers in our place changes no field that is not a result's" {
    make_replier replier.so
    long_job=$(jq -nc --arg out "$PWD/out.wav" '{id: 1, duration: 30, output_path: $out}')
    # What the answer would make of the next record, and of the job when it is rendered again.
    FORGED='{"status":"ok","frames":9,"plugin_path":"/evil.so","output_path":"/evil.wav","id":2,"error":"x"}' \
        run -0 render-one -p ./replier.so --isolation reuse "$long_job"
    jq -e --arg out "$PWD/out.wav" '[.id, .status, .frames, .output_path, .plugin_path, .error] ==
        [1, "ok", 9, $out, null, null]' <<<"$output"
    FORGED='{"status":"error","error_kind":"io","error":"no","plugin_path":"/evil.so","id":2}' \
        run -1 render-one -p ./replier.so --isolation reuse "$long_job"
    jq -e '[.id, .error_kind, .error, .plugin_path] == [1, "io", "no", null]' <<<"$output"
    for forged in '{"status":"ok","frames":"9"}' '{"status":"ok","plugin":{}}' $'{"status":"ok",\n"frames":9}'; do
        rm -f out.wav
        FORGED=$forged run -1 render-one -p ./replier.so --isolation reuse "$long_job"
        [[ ${#lines[@]} == 1 && $(field error_kind) == crash && ! -e out.wav ]]
    done
}

@test "a job that fails halfway in a process for all jobs is not heard in the next" {
    tone='{"plugin_path": "'$plain'", "output_path": "'$PWD'/tone.wav"}'
    render-one --isolation reuse "$(job vst2 - "$tone")" | jq -r .audio_hash >alone
    { job vst2 - '{"plugin_path": "'"$plain"'", "output_path": "/dev/full", "duration": 5, "note": 48}'; job vst2 - "$tone"; } >queue
    run -1 render-one --isolation reuse <queue
    [[ $(field error_kind) == $'io\nnull' && $(field audio_hash) == $'null\n'$(<alone) ]]
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

@test "a worker whose current folder is gone renders jobs with absolute paths, and refuses others" {
    mkdir gone
    job vst2 well-behaved >queue
    job vst2 well-behaved '{"output_path": "relative.wav"}' >>queue
    job vst2 well-behaved >>queue
    run -1 --separate-stderr bash -c 'cd gone && rmdir ../gone && render-one -p "$1" <../queue' - "$synth"
    [[ $(field status) == $'ok\nerror\nok' && $(field error_kind) == $'null\nio\nnull' && -z $stderr ]]
}

@test "how a plug-in died is known where the end of children was ignored" {
    job vst2 process-segv >queue
    run -1 --separate-stderr env --ignore-signal=CHLD render-one -p "$synth" --isolation process <queue
    check_error crash "killed by SIGSEGV"
}

@test "a temporary folder is deleted with folders in it that nobody may enter" {
    export FAULT_SCRIPT='mkdir -p "$TMPDIR/a/b" && touch "$TMPDIR/a/b/c" && chmod 0 "$TMPDIR/a/b" "$TMPDIR/a"'
    job vst2 script >queue
    run -0 bound render-one -p "$synth" --isolation process <queue
    [[ $(field status) == ok && -z $(ls "$TMPDIR") ]]
}
