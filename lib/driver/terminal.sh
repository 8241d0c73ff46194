# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: what they say to people and to pipes. A driver sets program, its name.
#
# shellcheck shell=bash disable=SC2154

# plain TEXT: sets shown_text to the text without the characters that a terminal would obey, in any
# locale. The same in jq is plain, in progress.sh.
plain() {
    local mark
    shown_text=${1//[[:cntrl:]]/?}
    for mark in $'\xd8\x9c' $'\xe2\x80\x8e' $'\xe2\x80\x8f' $'\xe2\x80\xaa' $'\xe2\x80\xab' $'\xe2\x80\xac' \
        $'\xe2\x80\xad' $'\xe2\x80\xae' $'\xe2\x81\xa6' $'\xe2\x81\xa7' $'\xe2\x81\xa8' $'\xe2\x81\xa9'; do
        shown_text=${shown_text//"$mark"/?}
    done
}

# die STATUS MESSAGE [HINT]: what the message quotes must not write to the terminal as it likes.
die() {
    local shown_text
    plain "$2"
    echo "$program: $shown_text${3-}" >&2
    exit "$1"
}

usage_error() { die 2 "$1" $'\n'"  try: $program --help"; }

# Standard input to standard output. As in every tool, a reader that went away is not an error and
# anything else is.
emit() {
    local message status
    { message=$(LC_ALL=C cat 2>&1 >&3); } 3>&1
    status=$?
    ((status == 0 || status == 141)) || [[ $message == *": Broken pipe" ]] ||
        die 3 "standard output: ${message##*: }"
}

# is_nonblocking DESCRIPTOR
is_nonblocking() {
    local key value
    while read -r key value; do
        [[ $key != flags: ]] || return $(((8#$value & 04000) == 0))
    done <"/proc/self/fdinfo/$1"
}

# cat and jq take it for an error when a pipe that another program has set to non-blocking is full:
# they get one of their own.
wait_for_readers() {
    [[ ! -p /dev/fd/1 ]] || ! is_nonblocking 1 || exec >/proc/self/fd/1
    [[ ! -p /dev/fd/2 ]] || ! is_nonblocking 2 || exec 2>/proc/self/fd/2
}

# say TEXT: on standard output, or on standard error if standard output is for events.
say() {
    if [[ -v given[json] ]]; then
        echo "$1" >&2
    else
        emit <<<"$1"
    fi
}
