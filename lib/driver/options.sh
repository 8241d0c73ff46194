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
        [[ $name == --* && $name != *" "* ]] || usage_error "option '${option%%=*}' does not exist"
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
            usage_error "option '${option%%=*}' does not exist"
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
