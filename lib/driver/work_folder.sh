# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: the folder of a run's temporary files, and what signals do to it. A driver
# defines clean_up, which deletes the folder, and stop, which gets a signal's name and the status.
#
# shellcheck shell=bash disable=SC2154

# open_work: sets work, and makes the folder.
open_work() {
    local message
    # Its name first: a signal may come as soon as the folder exists.
    work=$(realpath -m -- "$(mktemp -u -d -t patchpipe.XXXXXX)")
    trap clean_up EXIT
    trap 'stop SIGHUP 129' HUP
    trap 'stop SIGINT 130' INT
    trap 'stop SIGTERM 143' TERM
    remove_after_death # before there is something to remove
    message=$(LC_ALL=C mkdir -m 700 -- "$work" 2>&1) ||
        die 3 "${work%/*}: no folder can be made in it: ${message##*: }; set TMPDIR to another one"
}

# If this process is killed, another one deletes the folder within a second, and the path that
# leave_behind was given last.
remove_after_death() {
    # shellcheck disable=SC2016
    setsid --fork bash -c '
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            ((fd < 3)) || eval "exec $fd>&-"
        done 2>/dev/null
        cd /
        tail --pid="$1" -f /dev/null
        [[ ! -s $2/left ]] || xargs -0 rm -rf -- <"$2/left"
        rm -rf -- "$2"' patchpipe-clean $$ "$work" </dev/null >/dev/null 2>&1
}

# leave_behind PATH: has this deleted too if this process is killed.
leave_behind() { printf '%s\0' "$1" >"$work/left"; }
