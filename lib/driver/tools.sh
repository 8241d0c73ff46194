# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of the drivers: runs the other tools. A driver sets work, the folder of its temporary files.
#
# shellcheck shell=bash disable=SC2154

# attend COMMAND...: runs it so that a signal that comes meanwhile is answered at once.
attend() {
    "$@" <&0 6>&- 7>&- 9>&- &
    wait $!
}

# A signal may come while a function's output goes to a file: what is said of it needs the run's own.
keep_outputs() { exec 6>&1 7>&2; }
restore_outputs() { exec >&6 2>&7; }

# repeat TOOL: what a tool said on standard error, as ours.
repeat() {
    [[ ! -s $work/said ]] || sed "/^  try: /d; s/^$1: /$program: /" "$work/said" >&2
}
