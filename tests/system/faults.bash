# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Loaded by the test files in which a plug-in misbehaves: what the user sees is the record of the job,
# the exit status, and that the other jobs of the batch are not affected. The plug-in is the fault
# synth, which has a preset for each fault (tests/plugins/fault_table.h).
#
# shellcheck shell=bash disable=SC2034,SC2154

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

# Two neighbours of a fault without one, in processes of their own.
render_neighbours() {
    mkdir "good.$1"
    { neighbour 1 "$1"; neighbour 2 "$1"; } |
        jq -c --arg out "$PWD/good.$1" '.output_path = "\($out)/\(.id).wav"' |
        render_with "$1" --isolation process >"good.$1/results"
    sounds <"good.$1/results" >"good.$1/sounds"
}

# Most of the time a plug-in's threads are waited for, so what does not need each other runs at once.
setup_file() {
    own_lv2_folder
    preset-export -o vst3 "$vst3" >/dev/null &
    preset-export -o vst2 "$synth" | jq -r '"\(.program) \(.preset_name)"' >programs
    mkdir lv2
    while read -r number name; do lv2_state "$number" >"lv2/$name.ttl"; done <programs
    wait $!
    local format renders=()
    for format in vst2 vst3 lv2; do
        render_neighbours "$format" &
        renders+=($!)
    done
    job vst2 - "{\"plugin_path\": \"$plain\", \"output_path\": \"$PWD/bystander.wav\"}" |
        render_with vst2 --isolation process | jq -r .audio_hash >bystander
    # The tone, which several faults do not change.
    job vst2 well-behaved "{\"output_path\": \"$PWD/tone.wav\"}" | render_with vst2 | jq -r .audio_hash >tone
    for render in "${renders[@]}"; do wait "$render"; done
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

# write_job FORMAT FAULT ID NOTE VELOCITY: a job that plays the fault's preset into out/ID.wav.
write_job() {
    local found key=preset_path
    case $1 in
        vst2) found=("$presets"/vst2/*" $2.fxp") ;;
        vst3) found=("$presets"/vst3/*" $2.vstpreset") ;;
        lv2) found=("$presets/lv2/$2.ttl") key=state_path ;;
    esac
    printf '{"id":"%s","note":%d,"velocity":%d,"duration":0.1,"tail":0.05,"output_path":"%s","%s":"%s"}\n' \
        "$3" "$4" "$5" "$PWD/out/$3.wav" "$key" "${found[0]}"
}

# A job: FORMAT FAULT [FIELDS]. FAULT - means no preset.
job() {
    if [[ $2 != - && -z ${3-} ]]; then
        write_job "$1" "$2" "$2" 60 127
    elif [[ $2 != - ]]; then
        write_job "$1" "$2" "$2" 60 127 | jq -c --argjson more "$3" '. + $more'
    else
        write_job vst2 - - 60 127 | jq -c --argjson more "${3:-null}" 'del(.preset_path) + $more'
    fi
}

neighbour() { write_job "$2" well-behaved "neighbour-$1" $((45 + 9 * $1)) $((40 * $1)); }

# bystander NAME: a job for another plug-in, between those of a plug-in that has a fault from the
# start.
bystander() { job vst2 - "{\"id\": \"$1\", \"plugin_path\": \"$plain\", \"output_path\": \"$PWD/out/$1.wav\"}"; }

declare -gA plugins=([vst2]=$synth [vst3]=$vst3 [lv2]=$lv2)
plugin_of() { echo "${plugins[$1]}"; }

# As that of the helper, without a process for all but messages, in which quotes are escaped.
field() {
    local line
    [[ $1 != error ]] || { jq -r .error <<<"$output" && return; }
    while read -r line; do
        if [[ $line =~ \"$1\":(\"([^\"]*)\"|[^,}]+) ]]; then
            echo "${BASH_REMATCH[2]:-${BASH_REMATCH[1]}}"
        else
            echo null
        fi
    done <<<"$output"
}

# render_with FORMAT [OPTION]...: renders standard input. Files that are not on the disk yet are
# enough: on a busy one that takes longer than the time limit of what hangs.
time_limit=60
render_with() { render-one --plugin "${plugins[$1]}" --no-sync --timeout "$time_limit" "${@:2}"; }

# check_neighbours FORMAT: the neighbours in the records of $output have the same audio as when
# rendered in separate processes without a fault.
check_neighbours() {
    diff "$presets/good.$1/sounds" - < <(sounds <<<"$output")
}

sounds() { jq -r 'select(.id | startswith("neighbour")) | [.id, .status, .frames, .audio_hash] | @tsv'; }

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
    local compare=cmp found
    [[ "${*:4}" != *reuse* ]] || compare=wav-diff # a file contains this itself
    for file in "${files[@]}"; do "$compare" "$presets/good.$format/$file" "out/$file"; done
    output=${lines[1]}
    [[ $output == *'"status":"error"'* ]] || files+=("$fault.wav")
    shopt -s dotglob
    found=(out/*)
    ((${#found[@]} == ${#files[@]}))
    for file in "${files[@]}"; do [[ -f out/$file ]]; done
}

# check_error KIND TEXT: the fault's record is an error of this kind with this text.
check_error() { [[ $(field error_kind) == "$1" && $(field error) == *"$2"* ]]; }

# The fault's record is ok, and the audio is the right tone.
check_tone() { [[ $output != *$'\n'* && $output == *'"status":"ok"'* && $output == *'"audio_hash":"'$(<"$presets/tone")'"'* ]]; }

check_bystander() { [[ $output != *$'\n'* && $output == *'"status":"ok"'* && $output == *'"audio_hash":"'$(<"$presets/bystander")'"'* ]]; }

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
    run "-$1" --separate-stderr env FAULT_ON_LOAD="$3" render-one --plugin "${plugins[$2]}" \
        --no-sync --timeout "$time_limit" "${@:4}" <queue
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
