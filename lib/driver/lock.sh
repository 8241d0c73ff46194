# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-presets: one run at a time in an output folder, and what a killed run left there.
# The kernel drops the lock with the process that holds it, so a dead one never blocks.
#
# shellcheck shell=bash disable=SC2154

# Descriptor 9 holds the lock as long as it is open; no child may keep it.
lock_output() {
    local tries holder message
    lock=$output/.patchpipe-lock
    message=$(LC_ALL=C mkdir -p -- "$output" 2>&1) || die 3 "$output: ${message##*: }"
    # The run that had the lock deletes the file: what was locked may be gone from the folder.
    for ((tries = 0; tries < 100; tries++)); do
        { exec 9<>"$lock"; } 2>/dev/null ||
            die 3 "$output: no file can be made in it; is it writable?"
        flock --nonblock --conflict-exit-code 9 9 2>"$work/errors"
        case $? in
            0) [[ ! $lock -ef /proc/$$/fd/9 ]] || break ;;
            9)
                holder=$(jq -r '"process \(.pid) on \(.host), since \(.since)"' "$lock" 2>/dev/null)
                lock=""
                die 2 "$output: another render-presets is writing there${holder:+: $holder}; wait for it, or end it"
                ;;
            *)
                echo "render-presets: $output cannot be locked; let no other run write into it" >&2
                break
                ;;
        esac
    done
    [[ ! -s $lock ]] || clear_leftovers
    sign_lock
}

# Says in the lock file who holds it, and where this run keeps its temporary files.
# One substitution in a command: a signal during the first would have its trap run while bash parses
# the second, which is a syntax error there (bash 5.2) and ends the run with status 1.
sign_lock() {
    local host since path=""
    host=$(uname -n)
    since=$(date -u +%FT%TZ)
    [[ -z $partial ]] || path=$(realpath -m -- "$partial")
    jq -nc --arg pid $$ --arg host "$host" --arg since "$since" --arg work "$work" --arg partial "$path" \
        '{pid: ($pid | tonumber), $host, $since, $work, $partial}' >"$lock" 2>/dev/null
}

# What the lock file names is deleted only if it looks like ours: anybody may have written the file.
clear_leftovers() {
    local old file pid
    old=$(jq -r .host "$lock" 2>/dev/null)
    [[ $(uname -n) == "$old" ]] || return 0
    old=$(jq -r .work "$lock")
    [[ ! $old =~ /patchpipe\.[A-Za-z0-9]{6}$ || -L $old || ! -O $old ]] || rm -rf -- "$old"
    old=$(jq -r .partial "$lock")
    [[ ! $old =~ \.patchpipe-[A-Za-z0-9]{6}$ || ! -f $old || ! -O $old ]] || rm -f -- "$old"
    while IFS= read -r -d '' file; do
        pid=${file##*/.patchpipe-}
        [[ -e /proc/${pid%%-*} ]] || rm -f -- "$file"
    done < <(find "$output" -type f -name '.patchpipe-[0-9]*-[0-9]*' -print0)
}

unlock_output() {
    [[ -z $lock ]] || rm -f -- "$lock"
    exec 9>&-
}
