# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: options and operands. A driver sets value_options and flag_options, the names
# of what takes a value and of what takes none; optional_values, as in " skip-existing=same "; and
# other_names, from an option to the name that it has here. It defines print_help, and take, which gets
# an option's name and value.
#
# shellcheck shell=bash disable=SC2154

# An option's value, or "yes" for one that takes none; unset if it was not given.
declare -A given=()

# keep NAME VALUE: sets given.
keep() {
    [[ ! -v given[$1] ]] || usage_error "--$1: given twice"
    given[$1]=$2
}

# no_such_option OPTION: says so, and which option of two letters or more it is most like: one that holds
# its name, or by the characters to put in, take out or change, at most half of them.
no_such_option() {
    local words
    words=$(tr -s ' ' '\n' <<<"help version $value_options $flag_options $optional_values ${!other_names[*]}" |
        LC_ALL=C awk -v wanted="${1#--}" '
            function least(a, b) { return a < b ? a : b }
            function distance(one, other,    i, j, row, diagonal, changed) {
                for (j = 0; j <= length(other); j++) row[j] = j
                for (i = 1; i <= length(one); i++) {
                    diagonal = row[0]++
                    for (j = 1; j <= length(other); j++) {
                        changed = diagonal + (substr(one, i, 1) != substr(other, j, 1))
                        diagonal = row[j]
                        row[j] = least(least(row[j] + 1, row[j - 1] + 1), changed)
                    }
                }
                return row[length(other)]
            }
            { gsub(/^-+|=.*/, "") }
            length(wanted) > 1 && length($0) > 1 {
                edits = index($0, wanted) ? 0 : distance($0, wanted)
                longer = length($0) > length(wanted) ? length($0) : length(wanted)
                if (2 * edits <= longer && (best == "" || edits < fewest)) { best = $0; fewest = edits }
            }
            END { if (best != "") print "; the closest is \047--" best "\047" }')
    usage_error "option '$1' does not exist$words"
}

# parse_arguments ARGUMENT...: sets operands, and takes each option.
parse_arguments() {
    local option name value
    while (($#)); do
        option=$1
        shift
        case $option in
            --) operands+=("$@") && break ;;
            -h | --help) emit < <(print_help) && exit ;;
            --version) emit <<<"$program (patchpipe) @VERSION@" && exit ;;
            --*) name=${option%%=*} value=${option#"$name"} ;;
            -?*) name=${option:0:2} value=${option:2} value=${value:+=$value} ;;
            *) operands+=("$option") && continue ;;
        esac
        name=${other_names[$name]-$name}
        [[ $name == --* && $name != *" "* ]] || no_such_option "${option%%=*}"
        name=${name#--}
        if [[ $optional_values == *" $name="* ]]; then
            [[ $value ]] || value=${optional_values#*" $name"} value=${value%% *}
            take "$name" "${value#=}"
        elif [[ $flag_options == *" $name "* ]]; then
            [[ ! $value ]] || usage_error "--$name: takes no value"
            take "$name" yes
        elif [[ $value_options == *" $name "* ]]; then
            if [[ ! $value ]]; then
                (($#)) || usage_error "--$name: its value is missing"
                value="=$1"
                shift
            fi
            take "$name" "${value#=}"
        else
            no_such_option "${option%%=*}"
        fi
    done
}

# protect_path VARIABLE: a path that begins with a hyphen or the like is an option or an operator to
# the programs that get it.
protect_path() {
    local -n path=$1
    [[ ! $path || $path == [[:alnum:]/._~]* ]] || path=./$path
}

# blame_option TOOL MESSAGE: ends with what another tool says of what it was given: text, or an error
# record. It may call an option by the name of the field.
blame_option() {
    local message=$2 option
    [[ $message != "{"* ]] || message=$(jq -r .error <<<"$message")
    message=${message%%$'\n  try: '*}
    message=${message#"$1: "}
    option=${message%%:*} option=${option//_/-}
    [[ ! $value_options == *" $option "* || ! -v given[$option] ]] || message=--$option:${message#*:}
    die 2 "$message"
}
