# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-presets: on a signal that asks it to end, keeps and reports what is done.
#
# shellcheck shell=bash disable=SC2154

# Prints the command line that renders what is missing.
resume_command() {
    shell_word "$called_as"
    [[ -v given[skip-existing] ]] || printf ' --skip-existing'
    local word
    for word in "${command_line[@]}"; do
        printf ' '
        shell_word "$word"
    done
}

# shell_word TEXT: prints what the shell makes this text of, with nothing in it that a terminal obeys:
# in this locale all but ASCII is escaped.
shell_word() {
    local shown_text
    plain "$1"
    [[ $shown_text == "$1" ]] || local LC_ALL=C
    if [[ $1 =~ ^(--[a-z-]+=)?[A-Za-z0-9_./:,+-]+$ ]]; then
        printf %s "$1"
    else
        printf %s "${1@Q}"
    fi
}

# stop SIGNAL STATUS: ends the run and keeps the records so far. A second signal must not interrupt
# that: timeout(1), for example, sends two.
stop() {
    trap '' HUP INT TERM
    end_workers
    [[ -z $watcher ]] || keep_results "$1"
    exit "$2"
}

# A worker that was killed while it wrote may have left part of a line, so only whole records are
# kept.
keep_results() {
    local resume finished shown_text
    resume=$(resume_command)
    jq -Rr 'select(try (fromjson | type == "object") catch false)' "$partial" >"$work/whole"
    count_results "$work/whole"
    finished=$((rendered + skipped + failed))
    echo "$program: ended by $1; $finished of $total done: $rendered rendered, $skipped skipped, $failed failed" >&2
    # Opening a pipe would wait for its reader, who may have been interrupted too.
    if ((finished > 0)) && [[ $partial != "$work/results" ]]; then
        cat "$work/whole" >"$partial" && close_results
        plain "$results"
        echo "  their records: $shown_text" >&2
    fi
    echo "  to go on: $resume" >&2
    counts_event aborted "$1" "$resume"
}
