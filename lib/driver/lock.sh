# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: allows one run at a time in a folder, and deletes what a killed
# run left there. The kernel releases the lock when the process that holds it ends, however it ends.
#
# shellcheck shell=bash disable=SC2154

# lock_folder DIR: makes the folder if it is not there. Descriptor 9 holds the lock as long as it is
# open, so no child may inherit it.
lock_folder() {
    local tries holder message
    locked=$1
    lock=$locked/.patchpipe-lock
    message=$(LC_ALL=C mkdir -p -- "$locked" 2>&1) || die 3 "$locked: ${message##*: }"
    # The previous run deletes its lock file when it ends, so the file that was just locked may already
    # be gone from the folder.
    for ((tries = 0; tries < 100; tries++)); do
        { exec 9<>"$lock"; } 2>/dev/null ||
            die 3 "$locked: no file can be made in it; is it writable?"
        flock --nonblock --conflict-exit-code 9 9 2>"$work/errors"
        case $? in
            0) [[ ! $lock -ef /proc/$$/fd/9 ]] || break ;;
            9)
                holder=$(jq -r '"process \(.pid) on \(.host), since \(.since)"' "$lock" 2>/dev/null)
                lock=""
                die 2 "$locked: another $program is writing there${holder:+: $holder}; wait for it, or end it"
                ;;
            *)
                echo "$program: $locked cannot be locked; let no other run write into it" >&2
                break
                ;;
        esac
    done
    if ((tries == 100)); then
        lock="" # it may be another run's
        die 3 "$locked: cannot be locked: the lock file is deleted again and again"
    fi
    [[ ! -s $lock ]] || clear_leftovers
    sign_lock
}

# Writes into the lock file who holds it, and where this run keeps its temporary files. There is
# only one substitution in each command: if a signal came during the first of two, bash 5.2 would
# run the trap while it parses the second, report a syntax error and end the run with status 1.
sign_lock() {
    local host path="" line json
    host=$(uname -n)
    [[ -z $partial ]] || path=$(realpath -m -- "$partial")
    json_text "$host"
    TZ=UTC printf -v line '{"pid":%d,"host":%s,"since":"%(%FT%TZ)T"' $$ "$json" -1
    json_text "$work"
    line+=",\"work\":$json"
    json_text "$path"
    echo "$line,\"partial\":$json}" >"$lock" 2>/dev/null
}

# Deletes what the lock file names only if it looks like ours, because anybody may have written the
# file.
clear_leftovers() {
    local old file host pid
    host=$(uname -n)
    old=$(jq -r .host "$lock" 2>/dev/null)
    [[ $host == "$old" ]] || return 0
    old=$(jq -r .work "$lock")
    [[ ! $old =~ /patchpipe\.[A-Za-z0-9]{6}$ || -L $old || ! -O $old ]] || rm -rf -- "$old"
    old=$(jq -r .partial "$lock")
    [[ ! $old =~ \.patchpipe-[A-Za-z0-9]{6}$ || ! -f $old || ! -O $old ]] || rm -f -- "$old"
    while IFS= read -r -d '' file; do
        pid=${file##*/.patchpipe-"$host"-}
        # The name of another host may begin with that of this one.
        [[ ! $pid =~ ^[0-9]+-[0-9]+$ || -e /proc/${pid%%-*} ]] || rm -f -- "$file"
    done < <(find "$locked" -type f -name ".patchpipe-$host-[0-9]*-[0-9]*" -print0)
}

unlock_folder() {
    [[ -z $lock ]] || rm -f -- "$lock"
    exec 9>&-
}
