#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The rules for every tool. Each test tries one rule with all tools, and names every tool that
# fails.

load ../helper

# The commands that read records from standard input; the other tools make records or files from
# operands.
filters=(
    "job-grid --note 60"
    "assign-paths --output-dir out"
    "midi-duration"
    "serum-unwrap --state-dir states"
    "preset-convert --to fxp --preset-dir presets"
    "render-one"
    "audio-measure"
    "audio-edit"
    "preset-random --count 1"
    "preset-export"
    "plugin-measure"
    "faust-build --sha"
    "song-mix --inputs"
    "match-files ."
)
makers=(preset-scan serum-wrap render-presets plugin-probe wav-diff audio-mix song-read song-write song-jobs song-draw render-song render-module play-one module-render)

# A field that the filter reads.
declare -gA field_read=([job-grid]=note [assign-paths]=preset_path [midi-duration]=midi_path
    [serum-unwrap]=preset_path [preset-convert]=preset_path [render-one]=output_path
    [audio-measure]=input_path [audio-edit]=input_path [preset-random]=parameters
    [preset-export]=output_path [plugin-measure]=plugin_path [faust-build]=plugin_path [song-mix]=song_path
    [match-files]=input_path)

tools=("${filters[@]%% *}" "${makers[@]}")

# Calls the function rule for each command in the arguments, with $words, its words, and $tool, the
# first of them. Not in a condition, where set -e would not end a rule at the first failure.
hold_for() {
    local command failed=()
    for command in "$@"; do
        read -ra words <<<"$command"
        tool=${words[0]}
        output='' stderr=''
        (
            trap 'printf "%s\n" "$command: line $LINENO: $BASH_COMMAND" "$output" "$stderr"' ERR
            rule
        ) &
        wait $! || failed+=("$command")
    done
    (($# > 0 && ${#failed[@]} == 0)) || fail "it does not hold for: $(printf '%s; ' "${failed[@]}")"
}

page() { echo "$root/man/$1.1"; }

# The options in the help, long and short, one a line without their hyphens.
options_in_help() { "$1" --help | sed -nE '/^ +-/{s/^ +//; s/  .*//; p}' | grep -oP '(^|[ ,-])-\K[\w][\w-]*'; }

# The same from a manual page.
options_in_page() { grep -P '^\.It Fl' "$(page "$1")" | grep -oP '\bFl -?\K[\w][\w-]*'; }

@test "every tool is in the table of this file" {
    diff <(printf '%s\n' "${tools[@]}" | sort) \
        <(find "$root/tools" -type f | sed 's|.*/||; s|\..*||' | sort)
}

@test "help goes to standard output and fits a screen, with a usage line first and an example" {
    rule() {
        for option in --help -h; do
            echo "$tool $option"
            run -0 --separate-stderr "$tool" "$option"
            [[ -z $stderr && ${lines[0]} == "usage: $tool "* ]]
            [[ $output == *$'\n'"example: "*"$tool"* ]]
            (($(wc -l <<<"$output") <= $([[ $tool == render-presets || $tool == play-one ]] && echo 50 || echo 40)))
            (($(wc -L <<<"$output") <= 100))
        done
    }
    hold_for "${tools[@]}"
}

@test "the version is one line, the same for every tool" {
    rule() {
        run -0 --separate-stderr "$tool" --version
        [[ $output == "$tool (patchpipe) $(<"$root/VERSION")" && -z $stderr ]]
    }
    hold_for "${tools[@]}"
}

@test "an unknown option is status 2, with the tool's name and the option on standard error" {
    rule() {
        for option in --no-such-option -Z --no-such-option=1; do
            echo "$tool $option"
            run -2 --separate-stderr "$tool" "$option" </dev/null
            [[ -z $output && $stderr == "$tool: "*"${option:2:14}"*"$tool --help"* ]]
        done
    }
    hold_for "${tools[@]}"
}

@test "an option that is misspelt is answered with the one that is most like it" {
    rule() {
        local option
        option=$(options_in_help "$tool" | grep -xE '.{6,}' | awk 'NR == 1 { first = $0 } END { print first }')
        for name in version "$option"; do
            run -2 --separate-stderr "$tool" "--${name:0:2}${name:3}"
            [[ $stderr == *"; the closest is '--$name'"$'\n'* ]]
        done
    }
    hold_for "${tools[@]}"
    run -2 --separate-stderr job-grid -Q
    [[ $stderr == *"option 'Q' does not exist"$'\n'* ]]
}

@test "an option that is given twice is refused, unless it gathers" {
    rule() {
        run -2 --separate-stderr "${words[@]}" 1 "${words[1]}" 2 </dev/null
        [[ $stderr == "$tool: ${words[1]}: given twice"* ]]
    }
    hold_for "assign-paths --output-dir" "serum-unwrap --state-dir" \
        "preset-convert --preset-dir" "render-one --timeout" "render-presets --timeout" "render-song --timeout" \
        "render-module --timeout"
}

@test "empty input is not an error and makes no output" {
    rule() {
        run -0 --separate-stderr "${words[@]}" </dev/null
        [[ -z $output && -z $stderr ]]
    }
    hold_for "${filters[@]}"
}

@test "a byte order mark at the start of the stream or of a later line is dropped" {
    rule() {
        run -1 --separate-stderr "${words[@]}" < <(printf '\xef\xbb\xbf{"status":"error"}\n%.0s' 1 2)
        [[ $output == $'{"status":"error"}\n{"status":"error"}' && -z $stderr ]]
        run -0 --separate-stderr "${words[@]}" < <(printf '\xef\xbb\xbf\r\n')
        [[ -z $output && -z $stderr ]]
    }
    hold_for "${filters[@]}"
    touch a.fxp
    run -0 --separate-stderr preset-scan - < <(printf '\xef\xbb\xbfa.fxp\n')
    [[ $(field preset_path) == "$PWD/a.fxp" ]]
}

@test "a bad line becomes a bad record, the rest is processed, and the status is 1" {
    printf '%s\n' nonsense '{"preset_path":"/nowhere/x.fxp","note":1}' '{"status":"error","k":1}' >in
    rule() {
        run -1 --separate-stderr "${words[@]}" <in
        ((${#lines[@]} == 3))
        [[ ${lines[0]} == '{"status":"error","error_kind":"bad-record","error":"line 1: '*'; it begins with: nonsense","line":1}' ]]
        [[ ${lines[1]} == '{"preset_path":"/nowhere/x.fxp","note":'* ]]
        [[ ${lines[2]} == '{"status":"error","k":1}' ]]
    }
    hold_for "${filters[@]}"
}

@test "fields that a tool does not know survive byte for byte" {
    /usr/bin/python3 - >in <<'END'
print(' { "x" : "\\u0041\\/\\ud83d\\ude00" ,\t"\\u0078x":[1.50,-0.0,1E+2,12345678901234567890123],'
      '"y":{"note":{"output_path":[]}},"":null,"é😀":"\u2028",'
      '"wide":"' + 'w' * 200000 + '","deep":' + '[' * 200 + ']' * 200 + ' ')
END
    sed -i 's/$/} /' in
    record=$(<in)
    rule() {
        run --separate-stderr "${words[@]}" <in
        ((status <= 1))
        [[ $output == "${record%\} }"*"} " ]] || fail "it leaves as: ${output:0:300}"
        jq -e . <<<"$output" >/dev/null
    }
    hold_for "${filters[@]}"
}

@test "an error record passes untouched, and the status is 1" {
    rule() {
        record='{ "preset_path":5, "status" : "error","error_kind":"corrupt", "x":[ ],"note":[]}'
        run -1 --separate-stderr "${words[@]}" <<<"$record"
        [[ $output == "$record" && -z $stderr ]]
    }
    hold_for "${filters[@]}"
}

@test "a key that the tool uses and that appears twice is a bad record" {
    rule() {
        key=${field_read[$tool]}
        run -1 --separate-stderr "${words[@]}" <<<"{\"$key\":\"/a\",\"k\":1,\"$key\":\"/a\"}"
        [[ $(field error_kind) == bad-record && $(field error) == *"$key"*twice* ]]
    }
    hold_for "${filters[@]}"
}

@test "a record that names the stream of records as a file is a bad record" {
    ln -s /proc/self/fd/0 link
    rule() {
        field=${words[-1]}
        for path in /dev/stdin /dev/fd/0 "$PWD/link"; do
            echo "$path"
            printf '%s\n' '{"id":1}' "{\"id\":2,\"$field\":\"$path\"}" '{"id":3}' >in
            # shellcheck disable=SC2002
            run -1 --separate-stderr bash -c 'cat in | "$@"' - "${words[@]:0:${#words[@]}-1}"
            [[ $(field id | xargs) == "1 2 3" && $(field error_kind | xargs) == "null bad-record null" ]]
            [[ $output == *"$field: $path is where the records come from; write it to a file and name that"* ]]
            run -1 --separate-stderr "${words[@]:0:${#words[@]}-1}" <in
            [[ $(field error_kind | xargs) == "null bad-record null" ]]
        done
    }
    hold_for "midi-duration midi_path" "serum-unwrap --state-dir states preset_path" \
        "preset-convert --to fxp --preset-dir presets preset_path" \
        "audio-measure input_path" "audio-measure output_path" \
        "audio-edit input_path" "audio-edit output_path" "match-files . input_path"
}

@test "a status that appears twice is a bad record, whichever of them a reader takes" {
    rule() {
        for values in '"ok" "error"' '"error" "ok"' '"error" null' '"error" "error"'; do
            read -r first last <<<"$values"
            echo "{\"error\":1,\"status\":$first,\"k\":1,\"st\\u0061tus\":$last,\"error\":2,\"error_kind\":3,\"error_kind\":4}"
        done >in
        run -1 --separate-stderr "${words[@]}" <in
        # Each key is there once, for a parser that takes the first of it, and for jq, which takes
        # the last.
        /usr/bin/python3 -c 'import json, sys
records = [json.loads(line, object_pairs_hook=list) for line in sys.argv[1].splitlines()]
assert len(records) == 4
for record in records:
    assert [key for key, _ in record] == ["error", "status", "k", "error_kind"], record
    (_, error), *rest = record
    assert error.startswith("status: appears twice"), record
    assert [value for _, value in rest] == ["error", 1, "bad-record"], record' "$output"
        run -1 --separate-stderr "${words[@]}" <<<'{"status":"\u0065rror","note":[]}'
        [[ $output == '{"status":"\u0065rror","note":[]}' ]]
    }
    hold_for "${filters[@]}"
}

@test "the same input gives the same bytes" {
    printf '{"preset_path":"/nowhere/%s.fxp"}\n' a b c >in
    rule() {
        "${words[@]}" <in >first || (($? == 1))
        "${words[@]}" <in >second || (($? == 1))
        cmp first second
    }
    hold_for "${filters[@]}"
}

@test "a full disk under the help is status 3 with a message" {
    rule() {
        run -3 --separate-stderr bash -c '"$@" >/dev/full' - "$tool" --help
        [[ $stderr == "$tool: standard output: No space left on device" ]]
    }
    hold_for "${tools[@]}"
}

@test "a full disk under the records is status 3 with a message" {
    rule() {
        run -3 --separate-stderr bash -c '"$@" >/dev/full' - "${words[@]}" <<<'{"note":1}'
        [[ $stderr == "$tool: standard output: No space left on device" ]]
    }
    hold_for "${filters[@]}"
}

@test "a standard output that is closed to the help is status 3 with a message" {
    rule() {
        run -3 --separate-stderr bash -c '"$@" >&-' - "$tool" --help
        [[ $stderr == "$tool: standard output: "* ]]
    }
    hold_for "${tools[@]}"
}

@test "a standard output that is closed to the records is status 3 with a message" {
    # The next file that is opened must not get its number.
    rule() {
        run -3 --separate-stderr bash -c '"$@" >&-' - "${words[@]}" <<<'{"note":1}'
        [[ $stderr == "$tool: standard output: Bad file descriptor" ]]
    }
    hold_for "${filters[@]}"
}

@test "a reader that goes away ends a tool quietly with status 0" {
    yes '{"note":1,"x":"0123456789012345678901234567890123456789"}' | head -n 20000 >in
    rule() {
        run -0 --separate-stderr bash -c '"$@" < in | head -n 1; exit "${PIPESTATUS[0]}"' - "${words[@]}"
        ((${#lines[@]} == 1))
        [[ -z $stderr ]]
    }
    hold_for "${filters[@]}"
}

@test "a terminal as standard input is a usage error, not a wait" {
    rule() {
        run -2 timeout 60 script -qec "${words[*]}" /dev/null </dev/null
        [[ $output == "$tool: "*terminal* ]]
    }
    hold_for "${filters[@]}"
}

@test "every option in the help is in the manual page, and the other way round" {
    rule() {
        options_in_help "$tool" | sort >in-help
        grep -qx help in-help
        diff in-help <(options_in_page "$tool" | sort)
    }
    hold_for "${tools[@]}"
}

@test "every option in the help is in the synopsis of the manual page, under one of its names" {
    # The drivers have too many options for that.
    local one some=() drivers=" render-presets render-song render-module "
    for one in $drivers; do grep -qx '\.Op Ar OPTION \.\.\.' "$(page "$one")"; done
    rule() {
        sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' "$(page "$tool")" | grep -oP '\bFl -?\K\w[\w-]*' >synopsis || true
        "$tool" --help | sed -nE '/--(help|version)/d; s/^ +-/-/; T; s/  .*//; p' >options
        local names left_out=()
        while read -r names; do
            grep -oP '(^|[ ,-])-\K\w[\w-]*' <<<"$names" >spellings
            grep -qxFf spellings synopsis || left_out+=("$names")
        done <options
        ((${#left_out[@]} == 0)) || fail "not in the synopsis: $(printf '%s; ' "${left_out[@]}")"
    }
    for one in "${tools[@]}"; do
        [[ $drivers == *" $one "* ]] || some+=("$one")
    done
    hold_for "${some[@]}"
}

@test "every field of a result is in render-one(1) and patchpipe-record(5)" {
    fields=$(sed -nE '/ (measure_fields|times)\[\] = \{/,/\};/p; /key : \{"sandbox", /p' "$root/lib/job/result_fields.cpp" |
        grep -oP '"\K\w+')
    (($(wc -w <<<"$fields") >= 18))
    for key in status event $fields; do
        for file in render-one.1 patchpipe-record.5; do
            grep -qP "^\.(It )?Va (\w+ , )*$key( |\$)" "$root/man/$file" || missing+=" $key($file)"
        done
    done
    [[ -z ${missing-} ]] || fail "no word about$missing"
}

@test "every manual page has the sections that one expects" {
    rule() {
        for section in NAME SYNOPSIS DESCRIPTION "EXIT STATUS" EXAMPLES DIAGNOSTICS "SEE ALSO"; do
            grep -qx "\.Sh $section" "$(page "$tool")" || fail "$tool.1 has no section $section"
        done
    }
    hold_for "${tools[@]}"
}

@test "a page that a manual page refers to is there, unless it is another program's" {
    others=" aplay dlclose elf ffmpeg find flock fork git git-bisect jq lv2ls make nproc parallel process_vm_readv pv sox strip truncate userfaultfd xargs "
    grep -oP '^\.Xr \K\S+ \d' "$root"/man/*.[1-9] | while IFS=': ' read -r page name section; do
        [[ -e $root/man/$name.$section || $others == *" $name "* ]] || echo "${page##*/} refers to $name($section)"
    done >missing
    [[ ! -s missing ]] || fail "$(<missing)"
}

@test "patchpipe-record(5) knows every render setting and every kind of error" {
    run -2 --separate-stderr job-grid --set no_such_setting=1
    settings=$(sed -n 's/.*there are: //p' <<<"$stderr")
    (($(wc -w <<<"$settings") >= 12))
    kinds=$(grep -oP '\{ErrorKind::\w+, "\K[\w-]+' "$root/lib/base/error.cpp")
    (($(wc -w <<<"$kinds") >= 11))
    for key in $settings; do
        grep -qP "^\.It Va (\w+ , )?$key( |\$)" "$root/man/patchpipe-record.5" || missing+=" $key"
    done
    for kind in $kinds; do
        grep -qP "^\.It Cm $kind\$" "$root/man/patchpipe-record.5" || missing+=" $kind"
    done
    [[ -z ${missing-} ]] || fail "no word about$missing"
}
