#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

# Files written by Serum 2 itself, which not everybody has.

setup_file() { "$root/tests/make-fixtures.py" "$BATS_FILE_TMPDIR/made"; }

setup() {
    made=$BATS_FILE_TMPDIR/made
    # With everything that Serum saves: our files, and Serum's own if they are beside the checkout.
    real=$root/../shared/fixtures/serum
    shopt -s nullglob
    presets=("$made/whole.SerumPreset" "$real"/*.SerumPreset)
    states=("$made/whole-state.bin" "$real"/*.bin)
    shopt -u nullglob
}

oracle() { "$root/tests/oracles/serum-oracle.py" "$@"; }

# to_check COMMAND FILE...: a line for `oracle each <checks`: one process for many files.
to_check() {
    local words
    printf -v words '%q ' "$@"
    echo "$words" >>checks
}

# The MD5 of a container's frame.
hash_of() {
    tail -c +$((17 + $(od -An -t u8 -j 9 -N 8 "$1") + 8 + 1)) "$1" | md5sum | cut -d ' ' -f 1
}

# Makes a preset of JSON data and prints its data by serum-unwrap.
through_preset() { # JSON
    serum-wrap <<<'{"metadata":{"fileType":"SerumPreset"},"data":'"$1"'}' |
        serum-unwrap --to json - | sed 's/.*"data"://; s/}$//'
}

@test "a preset comes back from its JSON item by item" {
    for name in small full empty-map indefinite-map unsized-frame deepest spaced-metadata version-missing; do
        echo "$name"
        serum-unwrap --to json "$made/$name.SerumPreset" >out.json
        serum-wrap <out.json >"copy-$name"
        to_check same "$made/$name.SerumPreset" "copy-$name"
        serum-wrap --to preset out.json | cmp "copy-$name"
        serum-unwrap --to json "copy-$name" | diff <(jq .data out.json) <(jq .data /dev/stdin)
    done
    oracle each <checks
}

@test "another file in the container comes back from its JSON, and no state is made of it" {
    for name in other-bank other-array; do
        serum-unwrap --to json "$made/$name.SerumPreset" >out.json
        serum-wrap -o "copy-$name" out.json
        to_check same "$made/$name.SerumPreset" "copy-$name"
        for form in state component; do
            run -1 --separate-stderr serum-wrap --to $form out.json
            [[ -z $output && $stderr == 'serum-wrap: out.json: is a file of the type "XferArpBank"'* ]]
        done
    done
    oracle each <checks
}

@test "a state comes back from its JSON, with its controller's state" {
    for name in state state-alone component controller; do
        echo "$name"
        serum-unwrap --to json "$made/$name.bin" >out.json
        serum-wrap --to state out.json >"$name.state"
        [[ $(head -c 4 "$name.state") == 'VC2!' ]]
        to_check same "$made/$name.bin" "$name.state"
        serum-wrap --to component out.json >"$name.component"
        [[ $(head -c 8 "$name.component") == XferJson ]]
        [[ $name == state ]] || to_check same "$made/$name.bin" "$name.component"
    done
    oracle each <checks
}

@test "presets and states with all that Serum saves come back" {
    for preset in "${presets[@]}"; do
        serum-unwrap --to json "$preset" | serum-wrap >"${preset##*/}"
        to_check same "$preset" "${preset##*/}"
    done
    for state in "${states[@]}"; do
        serum-unwrap --to json "$state" | serum-wrap --to state >"${state##*/}"
        to_check same "$state" "${state##*/}"
    done
    oracle each <checks
}

@test "a state of a preset's JSON is that which serum-unwrap makes" {
    for options in '' '--product-version 3.0 --format-version 11.5' '--format-version 7'; do
        for form in state component; do
            # shellcheck disable=SC2086
            serum-unwrap --to json "$made/small.SerumPreset" | serum-wrap --to "$form" $options |
                cmp - <(serum-unwrap --to "$form" $options "$made/small.SerumPreset")
        done
    done
}

@test "an edit changes what it names and nothing else" {
    serum-unwrap --to json "$made/small.SerumPreset" |
        sed 's/"kParamValue":25.0/"kParamValue":75.5/; s/"presetAuthor":"[^,]*",/"presetAuthor":"Eve",/' |
        serum-wrap -o edited.SerumPreset
    serum-unwrap --to metadata edited.SerumPreset | jq -e '.presetAuthor == "Eve"'
    diff <(serum-unwrap --to json "$made/small.SerumPreset" | jq .data) \
        <(serum-unwrap --to json edited.SerumPreset | jq .data) >differences || true
    [[ $(grep -c '^[<>]' differences) == 2 ]]
    grep -F '"kParamValue": 75.5' differences
}

@test "metadata that contradicts the data is refused with its fields" {
    serum-unwrap --to json "$made/small.SerumPreset" >out.json
    while IFS='~' read -r edit fields; do
        echo "$edit"
        for form in preset state component; do
            run -1 --separate-stderr serum-wrap --to $form < <(sed -E "$edit" out.json)
            [[ -z $output && $stderr == "serum-wrap: standard input: its metadata and its data "*" on $fields; "* ]]
        done
    done <<'END'
s/"presetName":"[^"]*"/"presetName":"Eve"/~'presetName'
s/"version":10.0}}$/"version":10.5}}/~'version'
s/"version":10.0/"version":11.0/~'version'
s/"productVersion":"2.1.4"/"productVersion":"2.1.5"/; s/"version":10.0/"version":11.0/~'productVersion', 'version'
s/"version":10.0/"version":"10.0"/~'version'
s/"data":\{/&"tags":["Bass"],/~'tags'
s/"data":\{/&"tags":["Bass","Wavetable",""],/~'tags'
s/"data":\{/&"tags":["Wavetable","Bass"],/~'tags'
s/"data":\{/&"vendor":null,/~'vendor'
END
    # Those of a state too; but the same number in another form does not contradict.
    serum-unwrap --to json "$made/state.bin" | sed 's/"version":10.0/"version":11.0/' >state.json
    run -1 --separate-stderr serum-wrap --to state state.json
    [[ $stderr == *" on 'version'; "* ]]
    for version in 10 1e1 '{"$float64":10.0}'; do
        sed 's/"version":10.0}}$/"version":'"$version"'}}/' out.json >edited.json
        run -1 cmp -s edited.json out.json
        serum-wrap -o copy edited.json
    done
    sed 's/"data":{/&"tags":["Bass","Wavetable"],"hash":"x",/' out.json | serum-wrap >copy
}

@test "metadata is set in both places, and nothing else changes" {
    serum-unwrap --to json "$made/small.SerumPreset" >out.json
    serum-wrap --set-metadata 'presetName=Dark = "Pad" ü' --set-metadata 'tags=["Pad", "x"]' \
        --set-metadata version=11 --set-metadata productVersion=2.1.5 --set-metadata presetAuthor= \
        --set-metadata comment=5 -o copy out.json
    jq -c '.metadata * {presetName: "Dark = \"Pad\" ü", tags: ["Pad", "x"], version: 11,
        productVersion: "2.1.5", presetAuthor: "", comment: "5", hash: "'"$(hash_of copy)"'"}' out.json |
        diff - <(serum-unwrap --to metadata copy | jq -c '.version += 0') # jq 1.7 keeps 11.0 otherwise
    jq -c '.data * {presetName: "Dark = \"Pad\" ü", version: 11, productVersion: "2.1.5"}' out.json |
        diff - <(serum-unwrap --to json copy | jq -c '.data.version += 0 | .data')
    # Floats stay floats.
    serum-unwrap --to json copy | grep -F '"version":11.0,"comment":"5"},"data":'
    serum-unwrap --to json copy | grep -F '"version":11.0}}'
    # It repairs a contradiction, and a state gets the new value.
    sed 's/"productVersion":"2.1.4"/"productVersion":"x"/' out.json |
        serum-wrap --set-metadata productVersion=2.1.4 | oracle same "$made/small.SerumPreset" /dev/stdin
    serum-wrap --to component --set-metadata version=7.5 out.json | serum-unwrap --to metadata - |
        grep -F '"version":7.5}'
    run -1 --separate-stderr serum-wrap --to component --set-metadata productVersion= out.json
    [[ $stderr == *"the 'productVersion' in its data must be"* ]]
    # The type must also be right for a field that is only in the data.
    sed 's/"data":{/&"mpeEnabled":false,/' out.json | serum-wrap --set-metadata mpeEnabled=true |
        serum-unwrap --to json - | jq -e '.metadata.mpeEnabled and .data.mpeEnabled'
}

@test "metadata of another type than the field's is refused" {
    serum-unwrap --to json "$made/small.SerumPreset" >out.json
    for field in tags=Bass tags=5 tags='{"a":1}' version=new version='"10"' version= version=true version=1e999 \
        'version={"$float32":"7f800000"}'; do
        run -1 --separate-stderr serum-wrap --set-metadata "$field" out.json
        [[ -z $output && $stderr == "serum-wrap: out.json: '${field%%=*}' holds a"*", so its new value must be JSON of that type" ]]
    done
    for option in presetName =x '' hash=x $'presetName=\xff'; do
        run -2 --separate-stderr serum-wrap --set-metadata "$option" out.json
        [[ -z $output && $stderr == "serum-wrap: --set-metadata: "* ]]
    done
}

@test "spaces and line ends in the JSON do not matter" {
    serum-unwrap --to json "$made/small.SerumPreset" >out.json
    /usr/bin/python3 -c 'import json, sys; json.dump(json.load(sys.stdin), sys.stdout, indent=1)' \
        <out.json | serum-wrap >copy
    oracle same "$made/small.SerumPreset" copy
}

@test "numbers get the width that Serum gives them, and keep the one that they are given" {
    # Each line: the input, and the output if it differs.
    while read -r given expected; do
        echo "$given"
        [[ $(through_preset '{"a":'"$given"'}') == '{"a":'"${expected:-$given}"'}' ]]
    done <<'END'
10.0
1
-0.0
0.1
0.5
1E2 100.0
5e-324
-184467440737095516160.0
18446744073709551616.0
12345678901234567890123.5 1.2345678901234568e+22
0.00000000000000000000000000001234567890123456789 1.2345678901234567e-29
{"$float64":0.5}
{"$float64":0.1} 0.1
{"$float32":0.5} 0.5
{"$float32":0.1} 0.10000000149011612
{"$float64":1} {"$float64":1.0}
{"$float16":"3800"}
{"$float32":"7fc00000"}
{"$float64":"fff0000000000000"}
{"$float64":"3FE0000000000000"} {"$float64":0.5}
{"$int8":5}
{"$int64":-5}
{"$int8":300} 300
18446744073709551615
-9223372036854775808
{"$negative":18446744073709551615}
{"$negative":4} -5
END
}

@test "values that JSON lacks are written as objects with a '\$' key" {
    while read -r data; do
        echo "$data"
        [[ $(through_preset "$data") == "$data" ]]
    done <<'END'
{"b":{"$bytes":""},"c":{"$bytes":"00ff"},"d":{"$text":"61ff"}}
{"u":{"$undefined":true},"t":{"$tag":[1000,[{"$tag":[18446744073709551615,null]}]]}}
{"m":{"$map":[[1,2],["a",{"$map":[["$x",{}]]}],[{"$bytes":"00"},[]]]}}
{"$a":1,"$b":{"$undefined":true}}
{"twice":1,"twice":2}
END
    # These need no escape, and are printed without one.
    [[ $(through_preset '{"a":{"$map":[["b",1]]},"c":{"$text":"64"}}') == '{"a":{"b":1},"c":"d"}' ]]
}

@test "a key with '\$' and a value that does not go with it is refused" {
    while read -r value; do
        echo "$value"
        run -1 --separate-stderr serum-wrap \
            <<<'{"metadata":{"fileType":"SerumPreset"},"data":{"a":'"$value"'}}'
        [[ -z $output && $stderr == 'serum-wrap: standard input: '*'the one key "$'* ]]
    done <<'END'
{"$unknown":1}
{"$":1}
{"$bytes":"0"}
{"$bytes":"0g"}
{"$bytes":1}
{"$text":null}
{"$undefined":false}
{"$float16":0.5}
{"$float32":"00"}
{"$float32":1e39}
{"$float64":true}
{"$int8":1.0}
{"$int32":"1"}
{"$negative":-1}
{"$tag":[1]}
{"$tag":[-1,2]}
{"$tag":{"a":1}}
{"$map":{"a":1}}
{"$map":[[1,2,3]]}
{"$map":[1]}
END
}

@test "JSON of another form is refused with a sentence" {
    while IFS='~' read -r json sentence; do
        echo "$json"
        run -1 --separate-stderr serum-wrap <<<"$json"
        [[ -z $output && $stderr == "serum-wrap: standard input: "*"$sentence"* ]]
        [[ $stderr != *$'\n'* ]]
    done <<'END'
nonsense~not a JSON object
[1]~not a JSON object
~not JSON
{"data":{}}~no object 'metadata'
{"metadata":[],"data":{}}~no object 'metadata'
{"metadata":{"fileType":"SerumPreset"}}~no object 'data'
{"metadata":{"fileType":"SerumPreset"},"data":[1]}~no object 'data'
{"metadata":{"fileType":"SerumPreset"},"data":{"$negative":5}}~'data' is one value
{"metadata":{},"data":{}}~neither a fileType nor a component
{"metadata":{"fileType":"SerumPreset"},"metadata":{},"data":{}}~has 'metadata' twice
{"metadata":{"fileType":"SerumPreset"},"data":{},"data":{}}~has 'data' twice
{"metadata":{"fileType":"SerumPreset"},"data":{},"other":[nonsense]}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{}} {}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"a":01}}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"a":nul}}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"a":truee}}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"a":"\x"}}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"\x":1}}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"a":1,}}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"a" 1}}~not JSON
{"metadata":{"fileType":"SerumPreset"},"data":{"a":[1 2]}}~not JSON
{"metadata":{"fileType":"XferArpBank"},"data":null}~no object 'data'
{"metadata":{"component":"processor"},"data":{}}~cannot become a preset
{"metadata":{"fileType":"SerumPreset"},"data":{},"controller":"0"}~hexadecimal digits
{"metadata":{"fileType":"SerumPreset"},"data":{},"controller":1}~hexadecimal digits
{"metadata":{"fileType":"SerumPreset"},"data":{"a":123456789012345678901}}~not JSON
END
}

@test "JSON that is cut short, at whatever length, is refused" {
    serum-unwrap --to json "$made/state.bin" >out.json
    size=$(($(stat -c %s out.json) - 1)) # without the newline
    for length in $(some_numbers 80 0 $((size - 1))); do
        status=0
        head -c "$length" out.json | serum-wrap --to state >out 2>err || status=$?
        if ((status != 1)) || [[ -s out || $(wc -l <err) != 1 ]]; then
            fail "cut at $length: status $status, $(<err)"
        fi
    done
}

@test "depth has its bound, and beyond it is a sentence" {
    nest() { printf '%*s' "$1" '' | tr ' ' "$2"; }
    data='{"a":'$(nest 63 '[')$(nest 63 ']')'}'
    [[ $(through_preset "$data") == "$data" ]]
    for depth in 64 1000 100000; do
        echo '{"metadata":{"fileType":"SerumPreset"},"data":{"a":'"$(nest $depth '[')$(nest $depth ']')"'}}' >out.json
        run -1 --separate-stderr serum-wrap out.json
        [[ -z $output && $stderr == "serum-wrap: out.json: "*" deep"* ]]
    done
}

@test "the hash is that of the new payload" {
    serum-wrap <<<'{"metadata":{"fileType":"SerumPreset","hash":"old","x":1},"data":{}}' >preset
    [[ $(serum-unwrap --to metadata preset) == \
        '{"fileType":"SerumPreset","hash":"'"$(hash_of preset)"'","x":1}' ]]
}

@test "-o makes the file whole or not at all" {
    serum-unwrap --to json "$made/small.SerumPreset" >out.json
    serum-wrap -o a/b.SerumPreset out.json
    serum-wrap out.json | cmp a/b.SerumPreset
    run -1 serum-wrap -o a/b.SerumPreset <<<'{}'
    serum-wrap out.json | cmp a/b.SerumPreset
    [[ $(ls -A a) == b.SerumPreset ]]
}

@test "-o keeps the permissions of a file that is there" {
    serum-unwrap --to json "$made/small.SerumPreset" >out.json
    for mode in 600 664 444; do
        echo old >preset
        chmod $mode preset
        (umask 022 && serum-wrap -o preset out.json)
        [[ $(stat -c %a preset) == "$mode" ]]
        serum-wrap out.json | cmp preset
        rm -f preset
    done
    echo old >target
    chmod 640 target
    ln -s target link
    serum-wrap -o link out.json
    [[ -L link && $(stat -c %a target) == 640 ]]
    (umask 077 && serum-wrap -o new out.json)
    [[ $(stat -c %a new) == 600 ]]
}

@test "bytes do not go to a terminal, and JSON does not come from one" {
    serum-unwrap --to json "$made/small.SerumPreset" >out.json
    run -2 script -qec "serum-wrap out.json" /dev/null
    [[ $output == *"--to preset is not written to a terminal"* ]]
    run -2 script -qec "serum-wrap -o out" /dev/null
    [[ $output == *"standard input is a terminal"* && ! -e out ]]
    run -2 --separate-stderr serum-wrap out.json out.json
    [[ $stderr == "serum-wrap: takes one FILE"* ]]
    run -2 --separate-stderr serum-wrap not-there
    [[ $stderr == "serum-wrap: not-there: "* ]]
}

@test "the examples of the manual page do what they say" {
    cp "$made/small.SerumPreset" Bass.SerumPreset
    # The examples as printed there, up to those that need Serum itself.
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAGNOSTICS/ { /^\.Bd -literal/,/^\.Ed/ { /^\.[BE]d/d; p } }' \
        "$root/man/serum-wrap.1" | sed '/^preset-scan/d; s/\\e/\\/g' >examples
    (($(wc -l <examples) > 8))
    bash -e examples
    serum-unwrap --to metadata Eve/Bass.SerumPreset | jq -e '.presetAuthor == "Eve"'
    for percent in 0 50 100; do
        serum-unwrap --to json variants/Bass-$percent.SerumPreset >out.json
        grep -F '"kParamValue":'$percent.0 out.json
        diff <(serum-unwrap --to json Bass.SerumPreset | sed 's/"kParamValue":25.0/"kParamValue":'$percent'.0/' |
            jq .data) <(jq .data out.json)
    done
    [[ $(find variants -type f | wc -l) == 11 ]]
}
