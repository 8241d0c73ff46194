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

good=(small full empty-map indefinite-map unsized-frame deepest spaced-metadata)

# to_check COMMAND FILE...: a line for `oracle each <checks`: one process for many files.
to_check() {
    local words
    printf -v words '%q ' "$@"
    echo "$words" >>checks
}

# form FORM PRESET: a file of its own with that form of the preset, whose name is then $made_form.
form() {
    made_form=$((++forms)).$1
    serum-unwrap --to "$1" "$2" >"$made_form"
}

# check_states PRESET...: compares the three forms of the states with the oracle's.
check_states() {
    local preset first
    for preset in "$@"; do
        echo "$preset"
        form state "$preset"
        to_check state "$preset" "$made_form"
        IFS= read -r -N 4 first <"$made_form"
        [[ $first == 'VC2!' ]]
        serum-unwrap "$preset" | cmp "$made_form"
        form component "$preset"
        to_check state "$preset" "$made_form"
        IFS= read -r -N 8 first <"$made_form"
        [[ $first == XferJson ]]
        form cbor "$preset"
        to_check cbor "$preset" "$made_form"
    done
    oracle each <checks
}

# check_jsons FILE...: compares their JSON with the oracle's. It stays in the files *.json.
check_jsons() {
    local file
    for file in "$@"; do
        echo "$file"
        form json "$file"
        to_check json "$file" "$made_form"
        serum-unwrap --to metadata "$file" >out.metadata
        diff <(jq .metadata "$made_form") <(jq . out.metadata)
        mapfile -t lines <out.metadata
        ((${#lines[@]} == 1))
    done
    oracle each <checks
}

@test "a preset becomes the state that the rules describe" {
    good=("${good[@]/#/$made/}")
    check_states "${good[@]/%/.SerumPreset}"
}

@test "a preset with all that Serum saves becomes the state that the rules describe" {
    check_states "${presets[@]}"
}

@test "a state keeps the versions in the preset's data, whatever its metadata says" {
    check_states "$made"/version-*.SerumPreset
    serum-unwrap --to component "$made/version-integer.SerumPreset" >state
    serum-unwrap --to metadata state | grep -F '"productVersion":"2.0.12",'
    serum-unwrap --to metadata state | grep -F '"version":4.0}'
    serum-unwrap --to component "$made/version-missing.SerumPreset" >state
    serum-unwrap --to metadata state | grep -F '"productVersion":"2.1.5",'
    serum-unwrap --to metadata state | grep -F '"version":11.0}'
}

@test "a pair of versions that is not whole, or no pair of versions, is damage" {
    for preset in "$made"/bad-marker-*.SerumPreset; do
        echo "$preset"
        for options in '' '--product-version 2.1.5' '--format-version 11' \
            '--product-version 2.1.5 --format-version 11'; do
            # shellcheck disable=SC2086
            run -1 --separate-stderr serum-unwrap $options "$preset"
            [[ -z $output && $stderr == "serum-unwrap: $preset: "*ersion* ]]
        done
        # It can be shown, and repaired.
        serum-unwrap --to json "$preset" | jq -e '.data | has("productVersion") or has("version")'
    done
}

@test "a version that is given replaces the preset's own, and only that one" {
    for name in full version-4.0 version-missing version-integer; do
        for versions in '3.0.0 12.5' '2.1.10 0.1' '- 1e5' '2.1.4 -'; do
            product=${versions% *} format=${versions##* }
            options=()
            if [[ $product == - ]]; then product=''; else options+=(--product-version "$product"); fi
            if [[ $format == - ]]; then format=''; else options+=(--format-version "$format"); fi
            serum-unwrap "${options[@]}" "$made/$name.SerumPreset" >"$name $versions"
            to_check state "$made/$name.SerumPreset" "$name $versions" "$product" "$format"
        done
    done
    oracle each <checks
}

@test "the JSON says what the CBOR says, to the bit" {
    files=("${good[@]/%/.SerumPreset}" state.bin state-alone.bin component.bin)
    check_jsons "${files[@]/#/$made/}"
}

@test "the JSON of what Serum saves needs no '\$' keys" {
    check_jsons "${presets[@]}" "${states[@]}"
    run -1 grep -F '$' ./*.json
}

@test "another file in the container becomes JSON, and no state" {
    check_jsons "$made"/other-{bank,array}.SerumPreset
    [[ $(jq -r .metadata.fileType ./*.json | uniq -c) == *' 2 XferArpBank' ]]
    for name in other-bank other-array; do
        for form in state component cbor; do
            run -1 --separate-stderr serum-unwrap --to $form "$made/$name.SerumPreset"
            [[ -z $output && $stderr == *': is a file of the type "XferArpBank", not a preset'* ]]
        done
    done
    run -1 preset-scan --meta "$made/other-bank.SerumPreset"
    [[ $(field error_kind) == unsupported && $(field error) == *'"XferArpBank"'* ]]
}

@test "metadata stays as it is written, on one line" {
    serum-unwrap --to metadata "$made/spaced-metadata.SerumPreset" >out.metadata
    grep -F '"presetName":"T\u00e4st / Bass"' out.metadata
    grep -F '"version":10.0}' out.metadata
    serum-unwrap --to metadata "$made/controller.bin" | jq -e '.component == "controller"'
}

@test "metadata is read whatever follows it" {
    for name in small bad-cbor-cut bad-size-huge bad-version bad-no-frame bad-two-frames bad-frame-cut; do
        serum-unwrap --to metadata "$made/$name.SerumPreset" >out.metadata
        jq -e '.presetAuthor == "Ada \"Ohm\" Ölund"' out.metadata
        serum-unwrap --to metadata - <"$made/$name.SerumPreset" | cmp out.metadata
        preset-scan --meta "$made/$name.SerumPreset" | jq -e '.preset_name == "Täst / Bass"'
    done
    # A file with nothing but metadata, followed by nine gigabytes that are not read.
    size=$(od -An -t u8 -j 9 -N 8 "$made/small.SerumPreset")
    head -c $((17 + size)) "$made/small.SerumPreset" >large.SerumPreset
    serum-unwrap --to metadata large.SerumPreset | cmp out.metadata
    truncate -s 9G large.SerumPreset
    serum-unwrap --to metadata large.SerumPreset | cmp out.metadata
    preset-scan --meta large.SerumPreset | jq -e '.preset_name == "Täst / Bass"'
}

@test "metadata of 16 MiB is read, and not one byte more" {
    for size in 16777216 16777217; do
        /usr/bin/python3 -c 'import struct, sys
size = int(sys.argv[1])
text = b"{\"fileType\":\"SerumPreset\",\"x\":\"%s\"}" % (b"x" * (size - 33))
assert len(text) == size
sys.stdout.buffer.write(b"XferJson\0" + struct.pack("<Q", size) + text)' "$size" >"$size.SerumPreset"
    done
    serum-unwrap --to metadata 16777216.SerumPreset | jq -e '.fileType == "SerumPreset"'
    preset-scan --meta 16777216.SerumPreset | jq -e '.status == null'
    run -1 --separate-stderr serum-unwrap --to metadata 16777217.SerumPreset
    [[ $stderr == *"declares 16777217 bytes of metadata; the limit is 16777216 bytes"* ]]
}

@test "a preset with 53 MB of samples becomes a state, and JSON and back" {
    "$root/tests/oracles/large-preset.py" make large.SerumPreset 53000000
    serum-unwrap --to cbor -o out.cbor large.SerumPreset
    "$root/tests/oracles/large-preset.py" check large.SerumPreset out.cbor
    serum-unwrap large.SerumPreset >state
    (($(serum-unwrap --to json state | tr -cd , | wc -c) > 10600000))
    serum-unwrap --to json large.SerumPreset | serum-wrap | serum-unwrap --to cbor - | cmp out.cbor
}

# The defect, and a part of the message for it.
declare -gA defects=(
    [bad-magic]="does not begin with 'XferJson'"
    [bad-metadata-size]='declares 9223372036854775808 bytes of metadata'
    [bad-metadata-cut]='of metadata and only'
    [bad-metadata-json]='metadata is damaged: not JSON'
    [bad-metadata-array]='metadata is damaged: not a JSON object'
    [bad-metadata-utf8]='not valid UTF-8'
    [bad-version]='XferJson format version 3 is not known'
    [bad-type]='of the type "XferArpBank"'
    [bad-no-type]='neither a fileType nor a component'
    [bad-size-small]='declares 227 bytes of CBOR and its zstd frame holds 228'
    [bad-size-large]='declares 229 bytes of CBOR and its zstd frame holds 228'
    [bad-unsized-small]='declares 227 bytes of CBOR and its zstd frame holds more'
    [bad-unsized-large]='declares 229 bytes of CBOR and its zstd frame holds 228'
    [bad-size-huge]='declares 4294967295 bytes of CBOR; the limit is 1073741824'
    [bad-size-above-bound]='declares 1073741825 bytes of CBOR; the limit is 1073741824'
    [bad-size-lie]='declares 1073741824 bytes of CBOR and its zstd frame holds 228'
    [bad-frame-lie]='zstd frame'
    [bad-no-frame]='ends before its zstd frame'
    [bad-frame-cut]='ends within its zstd frame'
    [bad-frame-magic]='is not a zstd frame'
    [bad-frame-block]='zstd frame is damaged'
    [bad-trailing]='has 1 byte too many after its zstd frame'
    [bad-two-frames]='bytes too many after its zstd frame'
    [bad-marker-product-only]="has 'productVersion' and no 'version'"
    [bad-marker-version-only]="has 'version' and no 'productVersion'"
    [bad-marker-twice]="has 'version' twice"
    [bad-cbor-empty]='CBOR ends within an item, at byte 0'
    [bad-cbor-array]='CBOR is not a map'
    [bad-cbor-cut]='CBOR ends within an item'
    [bad-cbor-trailing]='CBOR goes on after its one item'
    [bad-cbor-count]='CBOR ends within an item'
    [bad-cbor-text]='CBOR ends within an item'
    [bad-cbor-break]='a break where no array or map is open'
    [bad-cbor-half-entry]='a break where no array or map is open'
    [bad-cbor-chunk]='a chunk of another kind'
    [bad-cbor-chunk-nested]='a chunk of another kind'
    [bad-cbor-simple]='an item of no known kind'
    [bad-cbor-deep]='nested deeper than 64 levels'
    [bad-cbor-deep-floats]='nested deeper than 64 levels'
    [bad-cbor-very-deep]='nested deeper than 64 levels'
)

@test "a file that is not a preset gives a sentence of its own and status 1" {
    for file in "$made"/bad-*.SerumPreset; do
        name=$(basename "$file" .SerumPreset)
        echo "$name"
        run -1 --separate-stderr serum-unwrap "$file"
        case $name in
            bad-marker-product-[!o]*) sentence="the 'productVersion' in its data" ;;
            bad-marker-version-[!o]*) sentence="the 'version' in its data" ;;
            *) sentence=${defects[$name]:?} ;;
        esac
        [[ -z $output && $stderr == "serum-unwrap: $file: "*"$sentence"* ]]
        [[ $stderr != *$'\n'* ]]
    done
}

@test "the JSON of what is damaged is refused as well" {
    # A payload that is not a map can be shown, and the metadata can be read despite a damaged
    # payload.
    for file in "$made"/bad-*.SerumPreset; do
        [[ $file != */bad-cbor-array.* && $file != */bad-marker-* && $file != */bad-type.* ]] || continue
        run -1 --separate-stderr serum-unwrap --to json "$file"
        [[ -z $output && $stderr == "serum-unwrap: $file: "* ]]
    done
    serum-unwrap --to json "$made/bad-cbor-array.SerumPreset" | jq -e '.data == [1, 2]'
    serum-unwrap --to metadata "$made/bad-cbor-cut.SerumPreset" | jq -e '.presetAuthor'
    run -1 serum-unwrap --to metadata "$made/bad-no-type.SerumPreset"
}

@test "sizes that lie take no memory" {
    without_sanitizers 'they take more than the limit at once'
    for name in bad-size-huge bad-size-lie bad-frame-lie bad-metadata-size bad-cbor-count bad-cbor-text; do
        echo "$name"
        run -1 --separate-stderr bash -c 'ulimit -v 200000; exec "$@"' - \
            serum-unwrap "$made/$name.SerumPreset"
        [[ $stderr == *"${defects[$name]}"* ]]
    done
}

@test "a frame of kilobytes holds 16 MiB at most" {
    # bomb SIZE: so many bytes of CBOR: a map with an array of null.
    bomb() {
        /usr/bin/python3 - "$1" >bomb.SerumPreset <<'END'
import struct
import sys
import zstandard

nulls = int(sys.argv[1]) - 8
cbor = b"\xa1\x61a\x9a" + struct.pack(">I", nulls) + b"\xf6" * nulls
meta = b'{"fileType":"SerumPreset"}'
sys.stdout.buffer.write(b"XferJson\0" + struct.pack("<Q", len(meta)) + meta +
                        struct.pack("<II", len(cbor), 2) + zstandard.ZstdCompressor().compress(cbor))
END
    }
    bomb $(((16 << 20) + 1))
    for form in json cbor; do
        run -1 --separate-stderr serum-unwrap --to "$form" bomb.SerumPreset
        [[ -z $output && $stderr == *"has 16777217 bytes of CBOR in a zstd frame of "*"the limit for such a frame is 16777216 bytes"* ]]
    done
    bomb $((16 << 20))
    serum-unwrap --to cbor -o out.cbor bomb.SerumPreset
}

@test "a state where a preset is asked for is refused, and said to be one" {
    for form in state component cbor; do
        for file in component.bin controller.bin; do
            run -1 --separate-stderr serum-unwrap --to "$form" "$made/$file"
            [[ -z $output && $stderr == *"is already a state of Serum 2"* ]]
        done
        run -1 --separate-stderr serum-unwrap --to "$form" "$made/state.bin"
        [[ -z $output && $stderr == *"is already a state from a JUCE host"* ]]
    done
}

@test "an envelope that is damaged or not Serum's leads to a sentence of its own" {
    while IFS=: read -r name sentence; do
        echo "$name"
        run -1 --separate-stderr serum-unwrap --to json "$made/$name.bin"
        [[ -z $output && $stderr == "serum-unwrap: $made/$name.bin: "*"$sentence"* ]]
    done <<'END'
state-of-another:the state of another plug-in
state-without-component:holds no IComponent state
state-bad-base64:the base64 of its IComponent is damaged
state-bad-count:the base64 of its IComponent is damaged
state-bad-xml:the XML in its JUCE envelope
state-bad-size:bytes of XML and only
END
}

# Records for files of those names, one a line.
records_of() { jq -Rc --arg folder "$PWD" '{preset_path: "\($folder)/\(.)", preset_format: "serum2"}'; }

@test "a preset that is cut short, at whatever length, is a corrupt record" {
    for name in small full; do
        size=$(stat -c %s "$made/$name.SerumPreset")
        mkdir "$name"
        mapfile -t lengths < <(some_numbers 150 0 $((size - 1)))
        for length in "${lengths[@]}"; do
            head -c "$length" "$made/$name.SerumPreset" >"$name/$length"
        done
        run -1 --separate-stderr serum-unwrap --state-dir states \
            < <(cd "$name" && printf '%s\n' "${lengths[@]}" | records_of)
        [[ -z $stderr && -z $(find states -type f) ]]
        (($(grep -c '"status":"error","error_kind":"corrupt"' <<<"$output") == ${#lengths[@]}))
        ((${#lines[@]} == ${#lengths[@]}))
    done
}

@test "a state that is cut short, at whatever length, is refused" {
    # Only the NUL behind the XML may be missing.
    size=$(stat -c %s "$made/state.bin")
    for length in $(some_numbers 80 0 $((size - 2))); do
        status=0
        head -c "$length" "$made/state.bin" | serum-unwrap --to json - >out 2>err || status=$?
        if ((status != 1)) || [[ -s out || $(wc -l <err) != 1 ]]; then
            fail "cut at $length: status $status, $(<err)"
        fi
    done
    head -c $((size - 1)) "$made/state.bin" | serum-unwrap --to json - | cmp - \
        <(serum-unwrap --to json "$made/state.bin")
}

@test "a wrong byte anywhere gives a state or an error, and never a crash" {
    /usr/bin/python3 - "$made/full.SerumPreset" <<'END'
import os, pathlib, sys
data = pathlib.Path(sys.argv[1]).read_bytes()
flips = (0x01, 0x80, 0xff)
for at in range(len(data)):
    for flip in flips if os.environ.get("THOROUGH") else [flips[at % 3]]:
        changed = data[:at] + bytes([data[at] ^ flip]) + data[at + 1:]
        pathlib.Path(f"{at}-{flip}").write_bytes(changed)
END
    ls >../names
    run -1 --separate-stderr serum-unwrap --state-dir ../states < <(records_of <../names)
    [[ -z $stderr && ${#lines[@]} == $(wc -l <../names) ]]
    ((${#lines[@]} >= $(stat -c %s "$made/full.SerumPreset")))
    jq -es 'all(has("state_path") != (.status == "error"))' <<<"$output"
}

@test "the same preset gives the same state, whatever its name, and it is not run again" {
    mkdir a b
    cp "$made/small.SerumPreset" a/x.SerumPreset
    cp "$made/small.SerumPreset" b/y
    printf '{"preset_path":"%s"}\n' "$PWD/a/x.SerumPreset" b/y a/x.SerumPreset >records
    run -0 --separate-stderr serum-unwrap --state-dir states <records
    [[ $(field state_path | sort -u | wc -l) == 1 && $(find states -type f | wc -l) == 1 ]]
    oracle state b/y "$(field state_path | head -n 1)"
    run -0 serum-unwrap --state-dir states --format-version 11 <records
    [[ $(find states -type f | wc -l) == 2 ]]
    oracle state b/y "$(field state_path | head -n 1)" '' 11.0
    run -0 serum-unwrap --state-dir states --product-version 2.1.5 --format-version 11 <records
    [[ $(find states -type f | wc -l) == 3 ]]
}

@test "a state that other rules made does not lend its name" {
    preset=$made/version-10.0.SerumPreset
    # The names of states when the rules put 2.1.4 and 10 into all of them.
    old=$(cat "$preset" <(printf '\0%s\0%s' 2.1.4 10) | md5sum)
    mkdir states
    echo old >"states/${old%% *}.state"
    run -0 serum-unwrap --state-dir states --product-version 2.1.4 --format-version 10 \
        < <(printf '{"preset_path":"%s"}\n' "$preset")
    [[ $(<"states/${old%% *}.state") == old ]]
    oracle state "$preset" "$(field state_path)"
}

@test "the filter adds an absolute state_path and leaves all else as it came" {
    serum=$made/small.SerumPreset
    {
        echo '{"preset_path":"'"$serum"'","preset_format":"serum2","x":[1.50,"é\u0041"]}'
        echo '{ "note" : 1 ,"preset_path":"'"$made"'/chunk.fxp","preset_format":"fxp"}'
        echo '{"preset_path":"'"$serum"'","preset_format":"fxp"}'
        echo '{"preset_path":"/not/there","y":null}'
        echo '{"preset_path":"'"$serum"'","state_path":"/given"}'
        echo '{"midi_path":"a.mid"}'
        echo '{"preset_path":"'"$made"'/state.bin"}'
    } >records
    run -0 --separate-stderr serum-unwrap --state-dir deep/states <records
    [[ -z $stderr ]]
    state=$(field state_path | head -n 1)
    [[ $state == "$PWD"/deep/states/*.state && -f $state ]]
    diff <(sed "1s|}\$|,\"state_path\":\"$state\"}|; 3s|}\$|,\"state_path\":\"$state\"}|" records) \
        <(echo "$output")
    oracle state "$serum" "$state"
}

@test "a record whose preset cannot be unwrapped becomes an error, and the next is done" {
    {
        echo '{"preset_path":"/not/there","preset_format":"serum2"}'
        echo '{"preset_path":"'"$made"'/chunk.fxp","preset_format":"serum2"}'
        echo '{"preset_path":"'"$made"'/bad-type.SerumPreset","preset_format":"serum2"}'
        echo '{"preset_path":"'"$made"'/component.bin"}'
        echo '{"preset_path":7}'
        echo '{"preset_path":"'"$made"'/small.SerumPreset"}'
    } >records
    run -1 --separate-stderr serum-unwrap --state-dir states <records
    [[ $(field error_kind | paste -sd,) == not-found,corrupt,unsupported,unsupported,bad-record,null ]]
    [[ -f $(field state_path | tail -n 1) ]]
}

@test "a failure does not lend its record the state of the one before" {
    printf '{"preset_path":"%s"}\n' "$made"/{small,bad-cbor-cut,small,full}.SerumPreset >records
    run -1 serum-unwrap --state-dir states <records
    [[ $(field status | paste -sd,) == null,error,null,null ]]
    [[ $(field state_path | sort -u | wc -l) == 3 ]] # and null
    oracle state "$made/small.SerumPreset" "$(field state_path | sed -n 3p)"
    oracle state "$made/full.SerumPreset" "$(field state_path | sed -n 4p)"
}

@test "FILE may be standard input or a FIFO" {
    serum-unwrap "$made/small.SerumPreset" >expected
    serum-unwrap - <"$made/small.SerumPreset" | cmp expected
    head -c 9999 "$made/small.SerumPreset" | serum-unwrap - | cmp expected
    mkfifo fifo
    cat "$made/small.SerumPreset" >fifo &
    serum-unwrap fifo | cmp expected
    wait
}

@test "-o makes the file, and the folders to it, whole or not at all" {
    serum-unwrap "$made/small.SerumPreset" >expected
    serum-unwrap -o a/b/state "$made/small.SerumPreset"
    cmp a/b/state expected
    [[ $(ls -A a/b) == state ]]
    echo before >kept
    run -1 serum-unwrap -o kept "$made/bad-frame-cut.SerumPreset"
    [[ $(<kept) == before ]]
    run -1 serum-unwrap -o new/state "$made/bad-frame-cut.SerumPreset"
    [[ ! -e new ]]
    ln -s a/b/state link
    serum-unwrap --to json -o link "$made/small.SerumPreset"
    [[ -L link ]]
    jq -e .metadata a/b/state
    (umask 027 && serum-unwrap -o made "$made/small.SerumPreset")
    [[ $(stat -c %a made) == 640 ]]
    chmod 604 kept
    serum-unwrap -o kept "$made/small.SerumPreset"
    [[ $(stat -c %a kept) == 604 ]]
}

@test "-o - is standard output" {
    serum-unwrap -o - "$made/small.SerumPreset" | cmp - <(serum-unwrap "$made/small.SerumPreset")
    serum-unwrap --to json "$made/small.SerumPreset" | serum-wrap -o - - |
        cmp - <(serum-unwrap --to json "$made/small.SerumPreset" | serum-wrap -)
    [[ ! -e - ]]
    run -2 --separate-stderr script -qec "serum-unwrap -o - '$made/small.SerumPreset'" /dev/null
    [[ $output == *"is not written to a terminal"* ]]
}

@test "-o to a path that is not a regular file writes straight to it" {
    serum-unwrap "$made/small.SerumPreset" >expected
    mkfifo fifo
    cat fifo >copy &
    serum-unwrap -o fifo "$made/small.SerumPreset"
    wait
    cmp copy expected
    [[ -p fifo ]]
    serum-unwrap -o /dev/stdout "$made/small.SerumPreset" | cmp expected
    echo before >log
    serum-unwrap --to metadata -o /dev/fd/7 "$made/small.SerumPreset" 7>>log
    (($(wc -l <log) == 2))
    run -3 --separate-stderr serum-unwrap -o /dev/full "$made/small.SerumPreset"
    [[ $stderr == "serum-unwrap: /dev/full: "* ]]
    run -3 --separate-stderr serum-unwrap -o . "$made/small.SerumPreset"
    [[ $stderr == "serum-unwrap: .: "* ]]
}

@test "a full disk behind standard output is status 3, a reader that goes away is status 0" {
    run -3 --separate-stderr bash -c 'serum-unwrap --to json "$1" >/dev/full' - \
        "$made/full.SerumPreset"
    [[ $stderr == "serum-unwrap: "* ]]
    run -0 --separate-stderr bash -c 'set -o pipefail
        serum-unwrap --to json "$1" | head -c 1' - "$made/full.SerumPreset"
    [[ -z $stderr ]]
}

@test "bytes are not written to a terminal, JSON is" {
    for form in state component cbor; do
        run -2 script -qec "serum-unwrap --to $form '$made/small.SerumPreset'" /dev/null
        [[ $output == *"--to $form is not written to a terminal"* && $output != *XferJson* ]]
        run -0 script -qec "serum-unwrap --to $form -o $form '$made/small.SerumPreset'" /dev/null
        cmp "$form" <(serum-unwrap --to "$form" "$made/small.SerumPreset")
    done
    run -0 script -qec "serum-unwrap --to metadata '$made/small.SerumPreset'" /dev/null
    [[ $output == *presetName* ]]
}

@test "options that do not go together are refused before any work" {
    for line in '' 'a b' '--state-dir s a' '--state-dir s --to json' '--state-dir s -o x' \
        '--to json --format-version 11 a' '--to metadata --product-version 3 a' '--to wav a' \
        '--format-version x a' '--format-version -1 a' '--format-version 0 a' \
        '--format-version 1000000 a' '--product-version= a'; do
        echo "$line"
        # shellcheck disable=SC2086
        run -2 --separate-stderr serum-unwrap $line </dev/null
        [[ -z $output && $stderr == "serum-unwrap: "* && ! -e s && ! -e x ]]
    done
    run -2 serum-unwrap --state-dir '' </dev/null
    touch file
    run -2 --separate-stderr serum-unwrap --state-dir file/states </dev/null
    [[ $stderr == *"cannot write there"* ]]
    run -2 --separate-stderr serum-unwrap not-there
    [[ $stderr == "serum-unwrap: not-there: "* ]]
    run -2 script -qec "serum-unwrap --to json -" /dev/null
    [[ $output == *"standard input is a terminal"* ]]
}

@test "the output never replaces the input" {
    cp "$made/small.SerumPreset" own.SerumPreset
    run -2 --separate-stderr serum-unwrap own.SerumPreset -o ./own.SerumPreset
    [[ $stderr == "serum-unwrap: -o: ./own.SerumPreset is the input; name another file"* ]]
    cmp own.SerumPreset "$made/small.SerumPreset"
    # shellcheck disable=SC2094 # that is what must be refused
    run -2 --separate-stderr serum-unwrap --to json -o own.SerumPreset - <own.SerumPreset
    [[ $stderr == "serum-unwrap: -o: own.SerumPreset is the input; name another file"* ]]
    cmp own.SerumPreset "$made/small.SerumPreset"
    serum-unwrap --to json own.SerumPreset -o own.json
    run -2 --separate-stderr serum-wrap own.json -o own.json
    [[ $stderr == "serum-wrap: -o: own.json is the input; name another file"* ]]
    run -0 serum-wrap own.json -o again.SerumPreset
}
