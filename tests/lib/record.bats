#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How every filter treats lines and fields (lib/record), through job-grid.

load ../helper

@test "blank lines are dropped and a last line without a newline counts" {
    run -0 --separate-stderr job-grid < <(printf '\n{"a":1}\n \t \n\r\n{"a":2}')
    [[ $output == $'{"a":1}\n{"a":2}' ]]
}

@test "lines may end in CRLF" {
    run -0 --separate-stderr job-grid -n 60 < <(printf '{"a":1}\r\n{"note":3}\r\n')
    [[ ${lines[0]} == '{"a":1,"note":60}'* && ${lines[1]} == '{"note":60}'* ]]
    ((${#lines[@]} == 2))
}

@test "a record that needs no change passes byte for byte" {
    printf '%s\n' '{}' ' { } ' '{"a":1}' $'{\t"a" :  [1 , {"b":"}\\"{"}],"\\u0061x":"\\u00e9é\\/"}' \
        '{"big":123456789012345678901234567890,"small":1e-400,"neg":-0.0,"exp":1E+2}' >in
    run -0 --separate-stderr bash -c "job-grid < in | cmp - in"
    [[ -z $output$stderr ]]
}

@test "numbers too large for any machine type pass, and malformed numbers do not" {
    printf '{"k":%s,"e":1e999}\n' 123456789012345678901234567890 -9223372036854775809 1e400 -1e-400 \
        '[1e999,{"1e999":"1e999\\"}]' >in
    run -0 --separate-stderr bash -c "job-grid < in | cmp - in"
    printf '{"k":%s,"e":1e999}\n' 01 1. .5 1e 1e+ --1 1-1 1.5.3 1e5e3 5e3.2 1e999x +1 0x1 >in
    run -1 --separate-stderr job-grid <in
    [[ $(field error_kind | uniq -c) == *"13 bad-record" ]]
    run -1 --separate-stderr assign-paths -o out --template '{note}' <<<'{"preset_path":"/x","note":1e999}'
    [[ $(field error) == *"note: must be a number"* ]]
}

@test "a field is replaced in its place and a new one is put before the closing brace" {
    run -0 --separate-stderr job-grid -n 60 -v 9 <<<' { "note" : 1 , "x" : [ 2 ] } '
    [[ $output == ' { "note" : 60 , "x" : [ 2 ] ,"velocity":9} ' ]]
    run -0 --separate-stderr job-grid -n 60 <<<'{}'
    [[ $output == '{"note":60}' ]]
}

@test "a key written with escapes is the same key" {
    run -0 --separate-stderr job-grid -n 60 <<<'{"n\u006fte":1,"x":2}'
    [[ $output == '{"n\u006fte":60,"x":2}' ]]
}

@test "a key inside another value is not the record's" {
    run -0 --separate-stderr job-grid -n 60 <<<'{"x":{"note":1},"y":["note",2],"z":"\"note\":3"}'
    [[ $output == '{"x":{"note":1},"y":["note",2],"z":"\"note\":3","note":60}' ]]
}

@test "null means absent" {
    run -0 --separate-stderr job-grid -n 60,61 <<<'{"midi_path":null,"note":null,"velocity":null}'
    [[ ${lines[0]} == '{"midi_path":null,"note":60,"velocity":null}' ]]
    [[ ${lines[1]} == '{"midi_path":null,"note":61,"velocity":null}' ]]
}

@test "whole numbers may be written as 48.0 or 4.8e1, fractions are refused by name" {
    run -0 --separate-stderr assign-paths -o out --template '{note}' <<<'{"preset_path":"/x.fxp","note":48.0}'
    [[ $(field output_path) == */48.wav ]]
    run -0 --separate-stderr assign-paths -o out --template '{note}' <<<'{"preset_path":"/x.fxp","note":4.8e1}'
    [[ $(field output_path) == */48.wav ]]
    run -1 --separate-stderr assign-paths -o out --template '{note}' <<<'{"preset_path":"/x.fxp","note":48.5}'
    [[ $(field error_kind) == bad-record && $(field error) == *note* ]]
}

@test "a line that is not a JSON object becomes an error record with its line number" {
    printf '%s\n' '{"a":1}' '' 'nonsense' '[1]' '"text"' '{"a":1}{"b":2}' '{"a":"\x"}' '{"a":01}' \
        '{"a":}' '{"a":1' '{a:1}' "{'a':1}" $'{"a":"\xff"}' '{"a":"\ud800"}' '{"a":NaN}' '{"z":26}' >in
    run -1 --separate-stderr job-grid <in
    [[ ${lines[0]} == '{"a":1}' && ${lines[-1]} == '{"z":26}' ]]
    ((${#lines[@]} == 15))
    # jq would stop at the first of these lines; but it must be able to read our output for them.
    output=$(printf '%s\n' "${lines[@]:1:13}")
    [[ $(field status | sort -u) == error && $(field error_kind | sort -u) == bad-record ]]
    [[ $(field line | tr '\n' ' ') == "3 4 5 6 7 8 9 10 11 12 13 14 15 " ]]
}

@test "a value of the wrong type and a key that appears twice are bad records that keep their fields" {
    run -1 --separate-stderr job-grid < <(printf '%s\n' '{"midi_path":5,"k":"v"}' '{"midi_path":"/a","k":1,"midi_p\u0061th":"/b"}')
    [[ $(field k) == $'v\n1' && $(field error_kind | sort -u) == bad-record ]]
    [[ $(field error) == *midi_path*$'\n'*midi_path*twice* ]]
    [[ ${lines[1]} == '{"midi_path":"/a","k":1,"midi_p\u0061th":"/b","status":"error"'* ]]
}

@test "a key that the tool does not use may appear twice" {
    run -0 --separate-stderr job-grid -n 1 <<<'{"x":1,"x":2}'
    [[ $output == '{"x":1,"x":2,"note":1}' ]]
}

@test "an error record replaces an earlier status in its place" {
    run -1 --separate-stderr job-grid <<<'{"status":"ok","midi_path":5}'
    [[ $output == '{"status":"error","midi_path":5,"error_kind":"bad-record","error":'* ]]
}

@test "a line of 65 MiB is a bad record, and the next line goes on" {
    {
        printf '{"a":"'
        head -c $((65 << 20)) /dev/zero | tr '\0' x
        printf '"}\n{"b":2}\n'
    } >in
    run -1 --separate-stderr job-grid <in
    ((${#lines[@]} == 2))
    [[ ${lines[0]} == *bad-record*"64 MiB"*'"line":1}' && ${lines[1]} == '{"b":2}' ]]
}

@test "a line of a byte more than 64 MiB is a bad record, and one of 64 MiB is not" {
    # Several lines are read at once, so the limit must hold within what was read, too.
    for more in 0 1; do
        printf '{"a":1}\n{"a":"'
        head -c $(((64 << 20) - 8 + more)) /dev/zero | tr '\0' x
        printf '"}\n'
    done >in
    run -1 --separate-stderr bash -c 'set -o pipefail; job-grid <in | cut -c 1-200'
    [[ ${#lines[@]} == 4 && ${lines[1]} == '{"a":"xxx'* ]]
    [[ ${lines[3]} == *bad-record*"64 MiB"*'"line":4}' ]]
}

@test "a line of a mebibyte and a thousand levels passes as it is" {
    /usr/bin/python3 - >in <<'END'
print('{"deep":' + '[' * 1000 + ']' * 1000 + ',"wide":"' + 'x' * (1 << 20) + '"}')
END
    run -0 bash -c "job-grid < in | cmp - in"
}

@test "nesting without end is a bad record" {
    /usr/bin/python3 -c "print('{\"deep\":' + '[' * 1000000 + ']' * 1000000 + '}')" >in
    run -1 --separate-stderr job-grid <in
    [[ $(field error_kind) == bad-record ]]
}

@test "jq and Python read the same before and after" {
    /usr/bin/python3 - >in <<'END'
import json, random
random.seed(1)
def value(depth):
    kind = random.randrange(7 if depth < 4 else 5)
    if kind == 0: return random.choice([None, True, False])
    if kind == 1: return random.randrange(-10**12, 10**12)
    if kind == 2: return random.random() * 10 ** random.randrange(-20, 20)
    if kind in (3, 4): return ''.join(random.choice('a"\\/\n\t é\u2028😀{}[]:,') for _ in range(8))
    if kind == 5: return [value(depth + 1) for _ in range(random.randrange(4))]
    return {'k%d' % i: value(depth + 1) for i in range(random.randrange(4))}
for number in range(500):
    record = {'f%d' % i: value(0) for i in range(random.randrange(6))}
    print(json.dumps(record, ensure_ascii=number % 2 == 0, indent=None,
                     separators=random.choice([(',', ':'), (' , ', ' : ')])))
END
    job-grid -n 60 <in >out
    cmp <(jq -c '.note = 60' in) <(jq -c . out)
    [[ $(jq -c . out | wc -l) == $(wc -l <in) ]]
    /usr/bin/python3 - in out <<'END'
import json, sys
for before, after in zip(open(sys.argv[1]), open(sys.argv[2])):
    expected = json.loads(before)
    expected['note'] = 60
    assert json.loads(after) == expected, before
END
}

@test "a record comes out before the next goes in" {
    mkfifo in out
    timeout 60 job-grid -n 60 <in >out 3>&- &
    exec {to}>in {from}<out
    for number in 1 2 3; do
        echo "{\"k\":$number}" >&"$to"
        read -r -t 30 line <&"$from"
        [[ $line == "{\"k\":$number,\"note\":60}" ]]
    done
    exec {to}>&-
    wait $!
    exec {from}<&-
}

@test "memory does not grow with the number of records" {
    without_sanitizers 'they keep for a while what was freed'
    for count in 1000 1000000; do
        yes '{"preset_path":"/presets/some/folder/name of a preset.fxp","x":1}' | head -n "$count" |
            /usr/bin/python3 -c '
import resource, subprocess
subprocess.run(["job-grid", "-n", "60"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' >"peak-$count"
    done
    (($(<peak-1000000) < $(<peak-1000) + 1024)) # KiB
}

@test "reading goes on after a signal, and a half line is waited for" {
    mkfifo in
    timeout 60 job-grid <in >out 3>&- &
    exec {to}>in
    printf '{"a"' >&"$to"
    printf ':1}' >&"$to"
    exec {to}>&-
    wait $!
    [[ $(<out) == '{"a":1}' ]]
}

@test "standard input that cannot be read ends with status 3 and names it" {
    run -3 --separate-stderr job-grid </
    [[ -z $output && $stderr == "job-grid: standard input: "* ]]
}

@test "messages and errors do not depend on the locale" {
    for locale in C C.UTF-8 no_such.locale; do
        run -0 --separate-stderr env LC_ALL=$locale job-grid --set tail=0.5 <<<'{"é":"ü"}'
        [[ $output == '{"é":"ü","tail":0.5}' ]]
    done
}

# nonblocking DESCRIPTOR COMMAND...: runs the command with a descriptor that another program has
# made non-blocking.
nonblocking() { /usr/bin/python3 -c 'import os, sys
os.set_blocking(int(sys.argv[1]), False)
os.execvp(sys.argv[2], sys.argv[2:])' "$@"; }

json='{"metadata":{"fileType":"SerumPreset","presetName":"x"},"data":{"a":1}}'

@test "standard input that is set to non-blocking is waited for" {
    mkfifo in
    { sleep 0.3; echo '{"id":1}'; sleep 0.3; echo '{"id":2}'; } >in &
    run -0 nonblocking 0 job-grid --note 60 <in
    [[ $(field id | xargs) == "1 2" ]]
    serum-wrap -o wanted <<<"$json"
    { sleep 0.3; echo "$json"; } >in &
    nonblocking 0 serum-wrap -o made /dev/stdin <in
    cmp wanted made
}

@test "standard output that is set to non-blocking is waited for, with records and with files" {
    mkfifo out
    { sleep 0.3; wc -l; } <out >count &
    seq 10000 | jq -c '{id: .}' | nonblocking 1 job-grid --note 60,61 >out
    wait $!
    (($(<count) == 20000))
    # Noise, which cannot be compressed.
    head -c 300000 /dev/urandom | base64 -w0 |
        jq -cR --argjson preset "$json" '. as $noise | $preset | .data.noise = $noise' >large.json
    serum-wrap -o wanted large.json
    { sleep 0.3; cat; } <out >written &
    nonblocking 1 serum-wrap -o /dev/stdout large.json >out
    wait $!
    cmp wanted written
}

@test "a message waits for room in a standard error that is set to non-blocking" {
    mkfifo err
    exec 7<>err
    head -c 65536 /dev/zero >&7
    { sleep 0.3; head -c 65536 >zeros; timeout 20 head -n 1 >message; } <&7 &
    reader=$!
    nonblocking 2 job-grid --nonsense 2>err || [[ $? == 2 ]]
    exec 7<&-
    wait "$reader"
    [[ $(<message) == "job-grid: option 'nonsense' does not exist" ]]
}

@test "the places that simdjson lists are those of the tokens, on every kind of processor" {
    count=${THOROUGH:+3000}
    : "${count:=500}"
    /usr/bin/python3 "$root/tests/lib/record/random_json.py" "$count" >texts
    # Each seed of a fuzz target whole, and its lines.
    for seed in "$root"/tests/fuzz/corpus/{record,lines,serum-json,messages}/*; do
        tr -d '\0' <"$seed"
        printf '\0'
        tr '\n' '\0' <"$seed"
        printf '\0'
    done >>texts
    "$built/tests/json-tokens" kinds >names
    grep -qx fallback names
    for kind in $(<names); do
        run -0 env SIMDJSON_FORCE_IMPLEMENTATION="$kind" "$built/tests/json-tokens" <texts
        echo "$kind: $output"
        ((${lines[0]% *} > count * 9 / 10 && ${lines[0]#* } > 60 * count))
    done
}

plain=$root/build/tests/plugins/plain_synth.so

# spelled_by: the tools that say what is misspelt, as they are called; the records end without a file.
spelled_by() { printf '%s\n' "render-one -p $plain" "audio-edit -o out/" "audio-mix -o out.wav"; }

@test "a field that is almost called like one that is read is told once, and refused with --strict" {
    for field in paramters durration gain_dB Parameters velocty fadein output-path; do echo "{\"$field\":1}"; done >records
    while read -r tool; do
        read -ra words <<<"$tool"
        run --separate-stderr "${words[@]}" < <(cat records records)
        for pair in paramters:parameters durration:duration gain_dB:gain_db Parameters:parameters velocty:velocity \
            fadein:fade_in output-path:output_path; do
            [[ $(grep -cF "${words[0]}: ${pair%:*}: is no field that a tool reads; the closest is '${pair#*:}'" <<<"$stderr") == 1 ]] ||
                fail "$tool: $pair: $stderr"
        done
        run -1 --separate-stderr "${words[@]}" --strict <records
        [[ $(jq -c 'select(.error_kind == "bad-record") | .error' <<<"$output" | grep -c "is no field that a tool reads") == 7 ]] || fail "$output"
        [[ $stderr != *"is no field"* ]]
    done < <(spelled_by)
}

@test "a field of the user's, of another tool's or beside the one it is like is no mistake" {
    # All that the manual has, and some more.
    fields_of() { sed -nE 's/^\.It Va (.*) No .*/\1/p' "$root/man/$1" | grep -oE '\b[a-z_]+\b' | sort -u; }
    fields_of patchpipe-record.5 | sed 's/.*/{"&":null}/' >records
    fields_of patchpipe-song.5 | sed 's/.*/{"type":"note","&":null}/' >>records
    (($(wc -l <records) > 150))
    printf '{"%s":1}\n' notes names title frame stage group take index label times loops gain path >>records
    echo '{"duration":1,"durations":[1,2],"durration":2}' >>records
    while read -r tool; do
        read -ra words <<<"$tool"
        run --separate-stderr "${words[@]}" --strict <records
        [[ $output$stderr != *"is no field"* ]] || fail "$(grep -o "[^\"]*is no field[^\"]*" <<<"$output$stderr")"
    done < <(spelled_by)
}
