#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Hostile files and records: limits apply before memory is allocated, text from a file stays where
# it belongs, and no name controls a terminal. tests/system/make-hostile.py makes the files; the
# fuzz targets look for what nobody thought of.
#
# shellcheck disable=SC2317 # at_once calls them

load ../helper

plain=$root/build/tests/plugins/plain_synth.so

setup_file() { /usr/bin/python3 "$root/tests/system/make-hostile.py" files; }

# The sanitizers need terabytes of addresses, so the limit is left out with them.
within_mib() {
    [[ -n ${PATCHPIPE_SANITIZE:-} ]] || ulimit -v $(($1 * 1024))
    shift
    timeout 120 "$@"
}

# Characters that change the direction of the text around them.
turns=$'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'

# Both streams of the last run are text that a terminal only displays.
shows_no_control_characters() {
    local controls="[[:cntrl:]$turns]"
    # shellcheck disable=SC2053
    [[ ${output//$'\n'/} != *$controls* ]] || fail "on standard output: ${output@Q}"
    # shellcheck disable=SC2053
    [[ ${stderr//$'\n'/} != *$controls* ]] || fail "on standard error: ${stderr@Q}"
}

# Names that climb, hide, end early, and write to the terminal.
hostile_names() {
    printf '%s\n' '../../../escaped' '/etc/escaped' '..' '.' '' 'a/../../b' '..\\..\\escaped' 'C:escaped' \
        'nul\u0000end' 'new\nline' 'esc\u001b[2J\u001b]0;title\u0007' 'del\u007f' 'c1\u009b2J' '-rf' '~' \
        'con' 'LPT1.x' '$(touch escaped)' '`touch escaped`' '; touch escaped' '|' '*' '%s%n' '{preset}'
}

@test "no preset or state makes serum-unwrap take more memory than 120 MiB" {
    for file in "$BATS_FILE_TMPDIR"/files/*.{SerumPreset,bin}; do
        for form in state cbor json metadata; do
            echo "$form of ${file##*/}"
            run --separate-stderr within_mib 120 serum-unwrap --to $form "$file"
            # The metadata is fine if only the payload is hostile.
            [[ $status == 1 || $form-$status == metadata-0 ]]
            [[ $status == 0 || (-z $output && $stderr == "serum-unwrap: $file: "*) ]]
        done
    done
}

@test "JSON has a size limit, and is printed in pieces up to it" {
    cd "$BATS_FILE_TMPDIR/files/growers"
    (($(stat -c %s undefined.SerumPreset) < 5000))
    # Not into a variable: without the limit it would be a gigabyte.
    out=$BATS_TEST_TMPDIR/out
    status=0
    (within_mib 200 serum-unwrap --to json undefined.SerumPreset) >"$out" 2>"$out.err" || status=$?
    [[ $status == 1 && ! -s $out ]]
    grep 'comes to more than 268435456 bytes of JSON, the limit for' "$out.err"
    # The JSON of the bytes has twice their 16 MB, that of the text three times as much.
    for item in '{"$bytes": "ff" * 16_000_000}' '"aä\0\0" * 3_200_000'; do
        name=text
        [[ $item != *bytes* ]] || name=bytes
        within_mib 64 serum-unwrap --to json "$name.SerumPreset" | /usr/bin/python3 -c '
import json, sys
assert json.load(sys.stdin)["data"] == {"a": eval(sys.argv[1])}' "$item"
    done
}

@test "serum-unwrap prints texts before maps and maps within maps in the time of their bytes" {
    cd "$BATS_FILE_TMPDIR/files/growers"
    without_sanitizers "instructions are counted by valgrind"
    counts=()
    for name in text-before-maps-{20,40} maps-{15,60}-deep; do
        count_instructions serum-unwrap --to json -o /dev/null "$name.SerumPreset"
        echo "$name: $count"
        counts+=("$count")
    done
    # Twice the text before twice the maps: twice the work, not four times. The depth adds nothing.
    ((counts[1] < 3 * counts[0] && counts[3] * 2 < 3 * counts[2]))
}

@test "no .fxp, .fxb or .vstpreset makes its reader take more memory than 60 MiB" {
    for file in "$BATS_FILE_TMPDIR"/files/*.{fxp,vstpreset}; do
        echo "${file##*/}"
        run -0 --separate-stderr within_mib 60 "$built/tests/preset-parser" "$file"
        [[ $(field error_kind) == corrupt ]]
        [[ $(field error) == "$file: "*declares* || $(field error) == "$file: its chunk"* ]]
    done
}

@test "a folder of hostile presets is scanned to its end in 60 MiB" {
    run -1 --separate-stderr within_mib 60 preset-scan --meta "$BATS_FILE_TMPDIR/files"
    ((${#lines[@]} == $(find "$BATS_FILE_TMPDIR/files" -name '*.*[pP]reset' -o -name '*.fxp' | wc -l)))
    [[ -z $stderr && $(field error_kind | sort -u | paste -sd ' ') == "corrupt null unsupported" ]]
}

@test "tags without number are read in the time of their bytes" {
    /usr/bin/python3 - <<'END'
tags = '","'.join('%x' % i for i in range(100000))
text = ('{"fileType":"SerumPreset","tags":["%s"]}' % tags).encode()
open('many.SerumPreset', 'wb').write(b'XferJson\0' + len(text).to_bytes(8, 'little') + text)
END
    run -0 --separate-stderr timeout 60 preset-scan --meta many.SerumPreset
    [[ $(jq '.tags | length' <<<"$output") == 100000 ]]
}

@test "no MIDI file makes its reader take more memory than 60 MiB" {
    for file in "$BATS_FILE_TMPDIR"/files/*.mid; do
        echo "${file##*/}"
        run -1 --separate-stderr within_mib 60 midi-duration "$file"
        [[ $(field error_kind) == corrupt ]]
    done
}

@test "a MIDI file of millions of events is refused before they take gigabytes" {
    /usr/bin/python3 - <<'END'
import struct
track = b'\0\xc0\1' + b'\0\1' * 4_000_000 + b'\0\xff\x2f\0'
open('many.mid', 'wb').write(
    struct.pack('>4sIHHH4sI', b'MThd', 6, 0, 1, 96, b'MTrk', len(track)) + track)
END
    run -0 --separate-stderr within_mib 60 midi-duration many.mid
    run -1 --separate-stderr within_mib 400 "$built/tests/midi-song" many.mid
    [[ -z $output && $stderr == *many.mid*"more than 4000000 events"* ]]
}

@test "a module is refused that has more to play than --longest allows" {
    cd "$BATS_FILE_TMPDIR/files"
    # Both last some 20 seconds: 128,000 cells, and 64 channels that are played by themselves.
    run -1 song-read --longest 30 many-cells.it
    [[ $(field error) == *"plays more than 18000 cells, as it has 64 channels and more than 282 rows; give a greater --longest" ]]
    run -1 song-read --rows --longest 30 many-cells.it
    [[ $(field error) == *"plays more than 18000 cells"* ]]
    run -1 song-read --longest 30 many-channels.it
    [[ $(field error) == *"has 64 channels, each of which plays for 19 seconds, and at most 180 together are allowed; read its rows, or give a greater --longest" ]]
    song-read --rows --longest 30 many-channels.it >rows
    [[ $(jq -c 'select(.type == "row") | .cells | length' rows | xargs) == "64 "+([0 ]) ]]
}

# lonely COMMAND...: a FIFO that no program writes to is an error.
lonely() {
    mkfifo fifo
    run -1 timeout 60 "$@" fifo
    [[ $output == *"fifo: is a FIFO that no program writes to; start one that does, or name a file"* ]]
}

@test "a FIFO without a writer and a device without end are errors" {
    cases lonely 'song-read' 'module-render -o out.wav' 'audio-measure' 'audio-edit -o out.wav'
    at_once
    for tool in "song-read" "module-render -o out.wav" "audio-measure" "audio-edit -o out.wav"; do
        read -ra words <<<"$tool"
        run -1 timeout 60 "${words[@]}" /dev/zero
        [[ $output == *"/dev/zero: is neither a file nor a pipe"* ]]
    done
    mkfifo late
    { sleep 0.2; printf '<REAPER_PROJECT 0.1\n>\n'; } >late &
    [[ $(song-read late | jq -r 'select(.type == "song") | .format') == rpp ]]
}

@test "a note whose end has no frame is held to the end of the song" {
    /usr/bin/python3 - <<'END'
import struct
# A tick lasts 16.8 seconds; between the notes are 60,000 texts with the longest pause.
pause = b'\xff\xff\xff\x7f\xff\1\0' * 60000
track = b'\0\xff\x51\3\xff\xff\xff' + b'\0\x90\x3c\x40' + pause + b'\0\x80\x3c\x40'
open('late.mid', 'wb').write(
    struct.pack('>4sIHHH4sI', b'MThd', 6, 0, 1, 1, b'MTrk', len(track)) + track)
END
    run -0 "$built/tests/render-loop" \
        '{"midi_path":"late.mid","midi_duration":1,"tail":1,"sample_rate":48000,"block_size":48000}'
    output=${lines[0]}
    [[ $(field events) == *903c40* && $(field events) != *803c40* ]]
    [[ ${lines[1]} == *803c00* ]]
}

@test "a job line of 100 MB is a bad record in 300 MiB" {
    for filter in "job-grid" "assign-paths -o out" "midi-duration" "serum-unwrap --state-dir states"; do
        read -ra words <<<"$filter"
        echo "$filter"
        run -1 --separate-stderr within_mib 300 "${words[@]}" < <(
            printf '{"x":"' && head -c 100000000 /dev/zero | tr '\0' x && printf '"}\n{"y":2}\n')
        [[ ${lines[0]} == *bad-record*'"line":1}' && ${lines[1]} == '{"y":2'* ]]
    done
    run -1 --separate-stderr within_mib 600 render-one < <(
        printf '{"x":"' && head -c 100000000 /dev/zero | tr '\0' x && printf '"}\n')
    [[ $(field error_kind) == bad-record ]]
}

@test "a line that is too large for the memory is a bad record, and the next line goes on" {
    without_sanitizers "they take more than the limit at once"
    # As text, with many members, and with a number that fits no machine type: all within 64 MiB.
    {
        printf '{"x":"'; head -c 60000000 /dev/zero | tr '\0' x; printf '"}\n{"y":2}\n'
        printf '{"x":0'; yes ',"":0' | head -n 10000000 | tr -d '\n'; printf '}\n{"y":2}\n'
        printf '{"x":1e999,"z":"'; head -c 60000000 /dev/zero | tr '\0' x; printf '"}\n{"y":2}\n'
    } >in
    limited=()
    for filter in "job-grid" "assign-paths -o out" "midi-duration" "serum-unwrap --state-dir states" \
        "render-one --plugin $amsynth"; do
        limited+=("300 $filter" "800 $filter")
    done
    # Of five each filter is one, and both limits are among them.
    while read -ra words; do
        echo "${words[*]}"
        run -1 --separate-stderr within_mib "${words[@]}" <in
        ((${#lines[@]} == 6))
        [[ ${lines[0]} == *bad-record*'too large to read in the available memory'* ]]
        [[ ${lines[1]} == '{"y":2'* && ${lines[3]} == '{"y":2'* && ${lines[5]} == '{"y":2'* ]]
    done < <(some 5 "${limited[@]}")
    # Here the line can be read, but there is no memory to change it.
    run -1 --separate-stderr within_mib 960 job-grid -n 1 < <(head -n 2 in)
    [[ ${#lines[@]} == 2 && ${lines[0]} == *bad-record* && ${lines[1]} == '{"y":2,"note":1}' ]]
}

@test "a record nested 100,000 deep is a bad record" {
    /usr/bin/python3 - >in <<'END'
for open, close in (('[', ']'), ('{"a":', '}')):
    print('{"deep":' + open * 100000 + '1' + close * 100000 + '}')
    print('{"deep":' + open * 100000)
END
    for filter in "job-grid" "assign-paths -o out" "midi-duration" "serum-unwrap --state-dir states" "render-one"; do
        read -ra words <<<"$filter"
        echo "$filter"
        run -1 --separate-stderr "${words[@]}" <in
        [[ $(field error_kind) == $'bad-record\nbad-record\nbad-record\nbad-record' ]]
    done
}

@test "JSON for serum-wrap that is nested 100,000 or 65 deep is refused" {
    for depth in 100000 65; do
        /usr/bin/python3 - $depth >in.json <<'END'
import sys
depth = int(sys.argv[1])
print('{"metadata":{"fileType":"SerumPreset"},"data":{"a":' + '[' * depth + ']' * depth + '}}')
END
        run -1 --separate-stderr within_mib 200 serum-wrap in.json
        [[ -z $output && $stderr == "serum-wrap: in.json: "* ]]
    done
}

@test "a NUL does not end a path early" {
    preset-export -o presets --programs 0 "$plain" >/dev/null
    preset=$(echo presets/*)
    mkdir out
    for field in output_path preset_path state_path midi_path plugin_path; do
        echo "$field"
        job=$(jq -nc --arg preset "$PWD/$preset" --arg out "$PWD/out/x" \
            '{preset_path: $preset, output_path: $out, duration: 0.1, tail: 0}')
        job=$(jq -c --arg field "$field" '.[$field] = (.[$field] // "/dev/null") + "\u0000.wav"' <<<"$job")
        run -1 --separate-stderr render-one --fxp "$plain" "$job"
        [[ $(field error_kind) == bad-record && $(field error) == "$field: "*NUL* ]]
    done
    run -1 --separate-stderr midi-duration <<<'{"midi_path":"/dev/null\u0000"}'
    [[ $(field error_kind) == bad-record ]]
    run -1 --separate-stderr serum-unwrap --state-dir states <<<'{"preset_path":"/dev/null\u0000"}'
    [[ $(field error_kind) == bad-record ]]
    [[ -z $(find out states -type f) ]]
}

@test "no field of a record takes its output out of the folder" {
    hostile_names | while read -r name; do
        for field in preset_name preset_author preset_path presets_root filename_stem; do
            echo "{\"preset_path\":\"/p/x.fxp\",\"_\":0,\"$field\":\"$name\"}"
        done
    done | sed -E 's/"preset_path":"[^"]*","_":0,("preset_path")/\1/' >in
    for template in '{preset}' '{name}' '{author}/{name}' '{folder}/{subpath}/{preset}' 'x/{name}.{author}'; do
        for unicode in "" --unicode; do
            echo "$template $unicode"
            run -0 --separate-stderr assign-paths -o out $unicode --template "$template" <in
            shows_no_control_characters
            field output_path >paths
            /usr/bin/python3 - "$PWD/out/" paths <<'END'
import os, sys, unicodedata
root, paths = sys.argv[1], open(sys.argv[2]).read().split('\n')[:-1]
assert len(paths) == 120 == len(set(paths)), len(paths)
for path in paths:
    assert os.path.normpath(path) == path and path.startswith(root), path
    assert not any(unicodedata.category(c) in ('Cc', 'Zl', 'Zp') for c in path), path
    assert not any(c in '\\:*?"<>|' for c in path[len(root):]), path
END
        done
    done
}

@test "metadata in a preset cannot redirect its output" {
    mkdir presets
    hostile_names | /usr/bin/python3 -c '
import json, struct, sys
for index, line in enumerate(sys.stdin):
    name = json.loads(f"\"{line[:-1]}\"")
    text = json.dumps({"fileType": "SerumPreset", "presetName": name, "presetAuthor": name}).encode()
    with open(f"presets/{index:02}.SerumPreset", "wb") as out:
        out.write(b"XferJson\0" + struct.pack("<Q", len(text)) + text)
    field = name.encode()[:28].ljust(28, b"\0")
    with open(f"presets/{index:02}.fxp", "wb") as out:
        out.write(b"CcnK" + bytes(4) + b"FPCh" + struct.pack(">I4s8x", 1, b"amsy") + field)
'
    preset-scan --meta presets >records
    [[ $(jq -s 'map(select(.preset_name)) | length' records) -ge 40 ]]
    run -0 --separate-stderr assign-paths -o out --template '{author}/{name}' <records
    shows_no_control_characters
    [[ $(field output_path | grep -c "^$PWD/out/") == 48 ]]
    [[ $(field output_path) != *..* && $(field output_path | xargs -d '\n' realpath -m) == "$(field output_path)" ]]
}

@test "presets with hostile file names are rendered into the folder and nowhere else" {
    preset-export -o library --programs 0 "$plain" >/dev/null
    folder=$'presets/\e[2J\n..'
    mkdir -p "$folder"
    for name in $'esc\e]0;title\a' $'new\nline' ' ' '-rf' '...' $'c1\u009b2J' '$(touch escaped)' "con$turns"; do
        cp library/*.fxp "$folder/$name.fxp"
    done
    find . -name 'separate-stderr*' -o -print | sort >"$HOME/before"
    run -0 --separate-stderr render-presets presets out --fxp "$plain" --verbose --duration 0.1 --tail 0 \
        --template '{folder}/{preset}'
    shows_no_control_characters
    [[ ${lines[-1]} == "Done: 8 rendered, 0 skipped, 0 failed." ]]
    diff "$HOME/before" <(find . -path ./out -prune -o -name 'separate-stderr*' -o -print | sort)
    [[ $(find out -name '*.wav' | wc -l) == 8 && $(find out) != *[$'\e\a']* ]]
}

@test "a failed preset is named without characters that control a terminal, in any locale" {
    mkdir presets
    printf 'nonsense' >"presets/bad"$'\u009b2J'"$turns.fxp"
    for locale in C.UTF-8 C; do
        run -1 --separate-stderr env LC_ALL=$locale render-presets presets out --fxp "$plain"
        shows_no_control_characters
        [[ $stderr == *"FAIL bad?2J????????????.fxp: "*"is not a preset"* ]]
        run -2 --separate-stderr env LC_ALL=$locale render-presets "none"$'\u202e' out --fxp "$plain"
        shows_no_control_characters
        [[ $stderr == *"none?: there is no such folder"* ]]
        mkdir "none $turns"
        run -0 --separate-stderr env LC_ALL=$locale render-presets "none $turns" out --fxp "$plain"
        shows_no_control_characters
        rmdir "none $turns"
    done
}

@test "text in a record is escaped, and reads back as the same text" {
    name=$'x\u009b2J\x7f'$turns$'\u00e4\u0640\u2028\u20ac\U0001f600'
    touch "$name.fxp"
    run -0 --separate-stderr preset-scan "$name.fxp"
    [[ $output != *[$turns]* && $output == *'\u009b2J\u007f\u061c\u200e\u200f\u202a'*'\u202e\u2066'*'\u2069ä'* ]]
    [[ $(field preset_path) == "$PWD/$name.fxp" ]]
}

@test "no command in the manual or README prints a name to the terminal that could steer it" {
    # Where jq prints raw text, or leaves characters unescaped, the output goes to another program.
    sed -n '/^\.Bd -literal/,/^\.Ed/p; s/^\.Dl //p' "$root"/man/*.[157] >commands
    sed -n '/^```sh$/,/^```$/p' "$root/README.md" >>commands
    cat "$root"/examples/*.sh >>commands
    (($(grep -c '\<jq ' commands) > 20))
    run -1 grep -E "jq (-[a-zA-Z]+ )*-[a-zA-Z]*[rj]" <(grep -v '| xargs\|=\$(' commands)
    sed -n 's/^jq /jq /p' <(sed -n '/^\.Bd -literal/,/^\.Ed/p' "$root/man/patchpipe.7") | grep -v ' |$' >recipes
    (($(wc -l <recipes) >= 3))
    jq -nc --arg name $'\e[2J\n\u009b2J'"$turns" '(1, 2) | {status: "error", error: $name, silent: true,
        preset_path: $name, audio_hash: ("xxh128:" + "0" * 32)}' >results.ndjson
    while IFS= read -r recipe; do
        echo "$recipe"
        run -0 --separate-stderr bash -c "$recipe"
        shows_no_control_characters
        [[ ${#lines[@]} == 2 ]]
    done <recipes
}

@test "no name in a message can control the terminal" {
    evil=$'\e[2J\e]0;title\a\nfake: line\x7f\u009b2J'$turns
    mkdir "$evil"
    printf 'XferJson\0' >"$evil/x.SerumPreset"
    printf 'nonsense' | tee "$evil/x.fxp" "$evil/x.mid" "$evil/x.so" >"$evil/x.json"
    while IFS= read -r command; do
        echo "$command"
        run --separate-stderr bash -c "evil=\$1; $command" - "$evil" </dev/null
        ((status == 1 || status == 2))
        shows_no_control_characters
        # An error message of one line, with the hint for wrong usage; or a record.
        [[ $output$stderr && ${stderr//$'\n  try: '/} != *$'\n'* && ${#lines[@]} -le 1 ]]
    done <<'END'
preset-scan "$evil/none"
preset-scan "$evil/x.mid"
preset-scan --"$evil" .
preset-scan - <<<"/nowhere/${evil//$'\n'/}"
preset-scan --meta "$evil/x.fxp"
midi-duration "$evil/none"
midi-duration "$evil/x.mid"
midi-duration <<<'{"midi_path":"/nowhere/\u001b[2J\u009b\n"}'
job-grid --set "$evil"
job-grid --set "$evil=1"
job-grid --set note="$evil"
job-grid --note "$evil"
assign-paths -o out --template "{$evil}"
assign-paths -o out --template "/$evil"
assign-paths -o out "$evil"
serum-unwrap "$evil/none"
serum-unwrap "$evil/x.SerumPreset"
serum-unwrap --to "$evil" x
serum-unwrap --state-dir "$evil/x.fxp"
serum-unwrap --state-dir s <<<'{"preset_path":"/nowhere/\u001b[2J\u009b\n.SerumPreset","preset_format":"serum2"}'
serum-wrap "$evil/x.json"
serum-wrap "$evil/none"
preset-export -o out "$evil/x.so"
preset-export -o out "$evil/none"
preset-export -o out --programs "$evil" /usr/lib/vst/amsynth_vst.so
render-one --fxp "$evil/x.so"
render-one --isolation "$evil"
render-one "{\"plugin_path\":\"/nowhere/\\u001b[2J\\u009b\\n.so\",\"output_path\":\"/dev/null\"}"
render-one --timeout "$evil"
plugin-probe "$evil/x.so"
wav-diff "$evil/x.fxp" "$evil/none"
song-read "$evil/x.fxp"
module-render -o out.wav "$evil/x.fxp"
module-render -o out.wav --media "$evil/none" "$evil/x.fxp"
render-presets "$evil/none" out
render-presets "$evil" "$evil/x.fxp"
render-presets "$evil" out --workers "$evil"
render-presets "$evil" out --"$evil"
render-presets "$evil" out --fxp "$evil/x.so"
render-song "$evil/none" out.wav
render-song "$evil" out.wav
render-song "$evil/x.fxp" out.wav
render-song "$evil/x.fxp" "$evil" --workers "$evil"
render-song "$evil/x.fxp" out.wav --"$evil"
render-song "$evil/x.fxp" out.wav --reaper "$evil/none"
render-module "$evil/none" out
render-module "$evil/x.fxp" out
render-module "$evil/x.fxp" "$evil/x.fxp"
render-module "$evil/x.fxp" out --audio-assets "$evil/none"
render-module "$evil/x.fxp" out --audio-plugin "$evil/none"
render-module "$evil/x.fxp" out --visual-plugin "$evil"
render-module "$evil/x.fxp" out --view "$evil"
render-module "$evil/x.fxp" out --size "$evil"
render-module "$evil/x.fxp" out --"$evil"
END
}

@test "a folder whose name a record cannot hold is refused before any work" {
    for command in "assign-paths -o" "preset-export $amsynth -o" "serum-unwrap --state-dir"; do
        read -ra words <<<"$command"
        echo "$command"
        run -2 --separate-stderr "${words[@]}" $'not\xffutf8' </dev/null
        [[ -z $output && $stderr == "${words[0]}: ${words[-1]}: '"*'not\xffutf8'*"is not UTF-8"* ]]
        [[ ! -e $'not\xffutf8' ]]
    done
    cp "$amsynth" $'synth\xff.so'
    run -2 --separate-stderr render-one --fxp $'synth\xff.so' '{"output_path":"/dev/null"}'
    [[ -z $output && $stderr == *'synth\xff.so: is not UTF-8'* ]]
}

@test "a preset of another format than its record says gets a warning of one line" {
    preset-export -o library --programs 0 "$plain" >/dev/null
    mv library/*.fxp $'\e[2J\nx.fxp'
    job=$(jq -nc --arg path "$PWD/"$'\e[2J\nx.fxp' --arg format $'\e[2Jodd\n' \
        '{preset_path: $path, preset_format: $format, output_path: "/dev/null", duration: 0.1, tail: 0}')
    run -0 --separate-stderr render-one --fxp "$plain" "$job"
    shows_no_control_characters
    [[ $stderr == "render-one: "*'\x1b[2J\x0ax.fxp: preset_format says \x1b[2Jodd\x0a, but'* ]]
}

@test "an output path that file systems refuse is an error of its job, and the others are rendered" {
    ln -s loop loop
    jq -nc --arg out "$PWD" '("x" * 300, "loop/x", "good") |
        {output_path: "\($out)/\(.).wav", skip_existing: true, duration: 0.1, tail: 0}' >list
    run -1 --separate-stderr render-one --plugin "$plain" <list
    [[ -z $stderr && $(field status) == $'error\nerror\nok' && -s good.wav ]]
    [[ $(field error_kind) == $'io\nio\nnull' ]]
    jq -es '(.[0].error | endswith("File name too long")) and
        (.[1].error | endswith("Too many levels of symbolic links"))' <<<"$output"
}
