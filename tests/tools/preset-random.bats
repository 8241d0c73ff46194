#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The values are compared with those of the description in the manual page, in Python.

load ../helper

# probe NAME COUNT: a record as plugin-probe writes it, with parameters p0, p1 and so on.
probe() {
    command jq -nc --arg name "$1" --argjson count "$2" '{plugin_path: "/p/\($name).so", plugin_format: "VST2", name: $name,
        load_ms: 1.5, parameters: [range($count) | {index: ., id: "\(.)", name: "p\(.)", unit: "", value: 0.5,
        text: "x", default: null, is_discrete: false, steps: null, is_automatable: true}], status: "ok"}'
}

# with FILTER: the record of a plug-in with ten parameters, changed by jq.
with() { probe synth 10 | command jq -c "$1"; }

@test "the values are those of the generator that the manual page describes" {
    probe synth 7 >probe.json
    run -0 --separate-stderr preset-random --count 50 --seed 81985529216486 <probe.json
    [[ -z $stderr && ${#lines[@]} == 50 ]]
    /usr/bin/python3 - 3<<<"$output" <<'END'
import json

def philox(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [b >> 32 ^ counter[1] ^ key[0], b & 0xFFFFFFFF, a >> 32 ^ counter[3] ^ key[1], a & 0xFFFFFFFF]
        key = [key[0] + 0x9E3779B9 & 0xFFFFFFFF, key[1] + 0xBB67AE85 & 0xFFFFFFFF]
    return counter

# The answers that the authors give.
f = 0xFFFFFFFF
assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert philox([f] * 4, [f] * 2) == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
seed = 81985529216486
for job, line in enumerate(open(3)):
    record = json.loads(line, parse_float=str)
    for p in range(7):
        r = philox([job, 0, p, 0], [seed & f, seed >> 32])
        part = (r[1] << 32 | r[0]) * 10_000_000 >> 64
        assert record["parameters"][f"p{p}"] == f"0.{part:07}".rstrip("0"), (record, p, part)
END
}

@test "a job is complete: plug-in, values, seed, index and a name for its file" {
    with '.mine = 7' >probe.json
    run -0 preset-random --seed 3 --count 2 --only 'p[12]' <probe.json
    command jq -e 'keys_unsorted == ["plugin_path", "parameters", "mine", "random_seed", "random_index", "filename_stem"] and
        .plugin_path == "/p/synth.so" and (.parameters | keys) == ["p1", "p2"] and .random_seed == 3' <<<"$output"
    [[ $(field filename_stem | xargs) == "synth_000000 synth_000001" && $(field random_index | xargs) == "0 1" ]]
    run -0 bash -c 'preset-random --count 3 <probe.json | assign-paths -o out'
    [[ $(field output_path | xargs -n 1 basename | xargs) == "synth_000000.wav synth_000001.wav synth_000002.wav" ]]
}

@test "neither more jobs nor other parameters change the other values" {
    probe synth 20 >probe.json
    for method in uniform lhs; do
        preset-random --count 40 --method $method <probe.json | jq -c .parameters >all
        preset-random --count 40 --method $method --except 'p1' --except '^p3$' <probe.json | jq -c .parameters >some
        [[ $(head -n 1 some | jq length) == 8 ]]
        jq -c 'with_entries(select(.key | test("p1|^p3$") | not))' all | cmp - some
        preset-random --count 40 --method $method --only '^p1.' <probe.json | jq -c .parameters >some
        jq -c 'with_entries(select(.key | test("^p1.")))' all | cmp - some
    done
    preset-random --count 1000 <probe.json | head -n 40 | jq -c .parameters | cmp - <(preset-random --count 40 <probe.json | jq -c .parameters)
    run -0 preset-random --count 40 --seed 1 <probe.json
    [[ $(jq -c .parameters <<<"$output" | sort - <(preset-random --count 40 <probe.json | jq -c .parameters) | uniq -d | wc -l) == 0 ]]
}

@test "uniform values are even and independent" {
    probe synth 4 | preset-random --count 20000 >jobs.ndjson
    warm_python - <<'END'
import json
import numpy as np
values = np.array([list(json.loads(line)["parameters"].values()) for line in open("jobs.ndjson")])
assert values.shape == (20000, 4) and values.min() >= 0 and values.max() < 1
for column in values.T:
    counts = np.histogram(column, 20, (0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 60, counts
correlation = np.corrcoef(np.hstack([values[:-1], values[1:]]).T)
assert abs(correlation - np.eye(8)).max() < 0.03, correlation
END
}

@test "a Latin hypercube has one job in each part of each range" {
    probe synth 6 >probe.json
    for count in 1 2 3 10 97 1000; do
        preset-random --count $count --method lhs --seed 5 <probe.json >jobs.ndjson
        /usr/bin/python3 - $count <<'END'
import json
import sys
from decimal import Decimal
n = int(sys.argv[1])
jobs = [json.loads(line, parse_float=Decimal)["parameters"] for line in open("jobs.ndjson")]
orders = set()
for key in jobs[0]:
    parts = [int(job[key] * n) for job in jobs]
    assert sorted(parts) == list(range(n)), (n, key)
    orders.add(tuple(parts))
assert n < 10 or len(orders) == len(jobs[0]), "the parameters are in the same order"
END
    done
    run -2 preset-random --method lhs --count 10000001 <probe.json
    [[ $output == *"up to 10000000 jobs"* ]]
}

@test "every order of a small Latin hypercube is as likely as the others" {
    probe synth 600 | preset-random --count 3 --method lhs >jobs.ndjson
    /usr/bin/python3 - <<'END'
import json
from collections import Counter
jobs = [json.loads(line)["parameters"] for line in open("jobs.ndjson")]
orders = Counter(tuple(int(job[key] * 3) for job in jobs) for key in jobs[0])
assert len(orders) == 6 and sum((n - 100) ** 2 / 100 for n in orders.values()) < 25, orders
END
}

@test "a parameter with steps gets its steps, each as often as the others" {
    with '.parameters[0] += {is_discrete: true, steps: 2} | .parameters[1] += {is_discrete: true, steps: 4} |
        .parameters[2] += {is_discrete: true, steps: 1} | .parameters[3] += {is_discrete: true, steps: 2147483647}' >probe.json
    preset-random --count 4000 <probe.json >jobs.ndjson
    [[ $(jq .parameters.p0 jobs.ndjson | sort -u | xargs) == "0 1" ]]
    [[ $(jq .parameters.p1 jobs.ndjson | sort -u | xargs) == "0 0.3333333 0.6666667 1" ]]
    [[ $(jq .parameters.p2 jobs.ndjson | sort -u | xargs) == "0" ]]
    (($(jq .parameters.p3 jobs.ndjson | sort -u | wc -l) > 3900))
    (($(jq .parameters.p1 jobs.ndjson | grep -cx 1) > 850))
    preset-random --count 100 --method lhs <probe.json >jobs.ndjson
    [[ $(jq .parameters.p0 jobs.ndjson | sort | uniq -c | xargs) == "50 0 50 1" ]]
    [[ $(jq .parameters.p1 jobs.ndjson | sort | uniq -c | xargs) == "25 0 25 0.3333333 25 0.6666667 25 1" ]]
}

@test "near the present values is within the spread of them, and in no value beyond the ends" {
    with '.parameters[0].value = 0.03 | .parameters[1].value = 1 | .parameters[2] += {is_discrete: true, steps: 2, value: 1} |
        .parameters[3] += {is_discrete: true, steps: 11, value: 0.5}' >probe.json
    for method in uniform lhs; do
        preset-random --count 2000 --method $method --near 0.1 <probe.json >jobs.ndjson
        jq -se 'map(.parameters) | (map(.p0) | min >= 0 and min < 0.001 and max <= 0.13 and max > 0.129) and
            (map(.p1) | min >= 0.9 and min < 0.901 and max <= 1 and max > 0.999) and (map(.p2) | unique == [1]) and
            (map(.p3) | unique == [0.4, 0.5, 0.6]) and (map(.p4) | min >= 0.4 and max <= 0.6)' jobs.ndjson
    done
    [[ $(preset-random --near 0 <probe.json | jq -c '[.parameters[]] | .[:4]') == "[0.03,1,1,0.5]" ]]
    [[ $(preset-random --near 1 --count 100 <probe.json | jq .parameters.p2 | sort -u | xargs) == "0 1" ]]
}

@test "a job with parameters is varied, and what is not chosen or is in words keeps its value" {
    job='{"plugin_path":"/p/synth.so","note":60,"parameters":{"Cutoff":0.5,"id:7":0.2,"Wave":"Saw","Volume":0.81},"filename_stem":"good","output_path":"/old.wav"}'
    run -0 preset-random --count 100 --near 0.05 --except Volume <<<"$job"
    command jq -se 'all(.parameters | keys_unsorted == ["Cutoff", "id:7", "Wave", "Volume"]) and all(.note == 60) and
        (map(.parameters) | all(.Wave == "Saw" and .Volume == 0.81) and all(.Cutoff >= 0.45 and .Cutoff <= 0.55) and
        (map(.Cutoff) | unique | length > 90)) and all(has("output_path") | not)' <<<"$output"
    [[ $(field filename_stem | head -n 2 | xargs) == "good_000000 good_000001" ]]
    run -0 preset-random <<<"$job"
    [[ $(field random_index) == 0 ]]
}

@test "a parameter's key is its name if no other has it, or its id, or its index" {
    with '.parameters = .parameters[:7] | .parameters[0].name = "Gain" | .parameters[1].name = "Gain" | .parameters[2].name = "" |
        .parameters[3].name = "#1" | .parameters[4].name = "id:x" | .parameters[5] += {name: "", id: "same"} |
        .parameters[6] += {name: "\"ä\u0000\\", id: "same"}' >probe.json
    run -0 preset-random <probe.json
    [[ $(command jq -c '.parameters | keys_unsorted' <<<"$output") == '["id:0","id:1","id:2","id:3","id:4","#5","\"ä\u0000\\"]' ]]
    # Whether or not the other of the name is varied.
    [[ $(preset-random --only '^id:1$' <probe.json | jq -c '.parameters | keys') == '["id:1"]' ]]
    [[ $(preset-random --only Gain <probe.json | jq -c '.parameters | keys') == '["id:0","id:1"]' ]]
    [[ $(preset-random --only '"ä' <probe.json | jq '.parameters | length') == 1 ]]
}

@test "parameters that a host must not automate are left out, unless all are so" {
    with '.parameters[1:] |= map(.is_automatable = false)' >probe.json
    [[ $(preset-random <probe.json | jq -c '.parameters | keys') == '["p0"]' ]]
    [[ $(preset-random --all <probe.json | jq '.parameters | length') == 10 ]]
    with '.parameters |= map(.is_automatable = false)' >probe.json
    [[ $(preset-random <probe.json | jq '.parameters | length') == 10 ]]
}

@test "the bypass is left out" {
    with '.parameters[4] += {name: "Off", is_bypass: true, is_discrete: true, steps: 2}' >probe.json
    [[ $(preset-random <probe.json | jq -c '.parameters | has("Off"), length') == $'false\n9' ]]
    [[ $(preset-random --all <probe.json | jq '.parameters | has("Off")') == true ]]
    plugin-probe --parameters "$root/build/tests/plugins/MacroSynth.vst3" >probe.json
    [[ $(preset-random <probe.json | jq '.parameters | length') == 8 ]]
}

@test "several plug-ins get their jobs one after the other, each with values of its own" {
    { probe a 2; probe b 2; probe a 2; } >probes
    run -0 preset-random --count 2 <probes
    [[ $(field filename_stem | xargs) == "a_000000 a_000001 b_000000 b_000001 a_000000 a_000001" ]]
    [[ $(jq -c .parameters <<<"$output" | sort -u | wc -l) == 6 ]]
    [[ $(head -n 1 probes | preset-random --count 2) == "$(head -n 2 <<<"$output")" ]]
    # An error record of plugin-probe does not count.
    run -1 preset-random --count 2 < <(echo '{"status":"error"}' && cat probes)
    [[ ${lines[0]} == '{"status":"error"}' && ${lines[1]} == "$(head -n 1 probes | preset-random)" ]]
}

@test "a record with nothing to vary is an error with the reason, and the others are processed" {
    {
        echo '{"plugin_path":"/p/x.so"}'
        with '.parameters = []'
        echo '{"parameters":{}}'
        echo '{"parameters":{"a":"b"}}'
        with '.parameters |= map(.name = "Volume")'
        echo '{"parameters":7}'
        echo '{"parameters":[1]}'
        echo '{"parameters":{"a":1.5}}'
        echo '{"parameters":{"a":true}}'
        echo '{"parameters":{"a":0.5,"\u0061":0.5}}'
        with '.parameters[3].index = 2'
        with '.parameters[3].value = "x"'
        with .
    } >records
    run -1 --separate-stderr preset-random --except Volume <records
    [[ -z $stderr && ${#lines[@]} == 13 ]]
    [[ $(field error_kind | xargs) == "bad-record unsupported unsupported unsupported unsupported bad-record bad-record bad-record bad-record bad-record bad-record bad-record null" ]]
    [[ ${lines[0]} == *"parameters: is missing; take the record from plugin-probe --parameters"* ]]
    [[ ${lines[1]} == *"parameters: is empty"* && ${lines[4]} == *"none is left to vary; change --only or --except"* ]]
    [[ ${lines[7]} == *"'a' must have a value from 0 to 1, has 1.5"* && ${lines[9]} == *"'a' twice"* ]]
}

@test "wrong options are refused before any work" {
    refused() {
        run -2 --separate-stderr preset-random "$@" </dev/null
        [[ -z $output && $stderr == *"$words"* ]] || fail "$stderr"
    }
    words="--only: '(' is not a regular expression: " refused --only '('
    words="--except: '[' is not a regular expression: " refused --except x --except '['
    words="--count" refused --count 0
    words="--count" refused --count 1e10
    words="--seed" refused --seed -1
    words="--near" refused --near 1.1
    words="--method" refused --method sobol
    words="takes no operands" refused x
}

@test "a million jobs take no more memory than one" {
    without_sanitizers "they need address space"
    probe synth 3 >probe.json
    for method in uniform lhs; do
        [[ $(ulimit -v 60000; preset-random --count 1000000 --method $method <probe.json | tail -n 1 | command jq -r .filename_stem) == synth_999999 ]]
    done
}

@test "jobs for real plug-ins render with the values that they have" {
    for plugin in "$amsynth" "$root/build/tests/plugins/MacroSynth.vst3" http://drobilla.net/plugins/mda/Piano; do
        plugin-probe --parameters "$plugin" >probe.json
        preset-random --count 3 --except 'master_vol' <probe.json | assign-paths -o out >jobs.ndjson
        jq -se --slurpfile probe probe.json 'all(.plugin_path == $probe[0].plugin_path)' jobs.ndjson
        run -0 --separate-stderr render-one --isolation fork <jobs.ndjson
        jq -se 'length == 3 and (map(.audio_hash) | unique | length == 3) and
            all(.parameters as $given | .parameters_taken | length == ($given | length))' <<<"$output"
    done
}
