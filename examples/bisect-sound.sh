#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: git bisect run bisect-sound.sh GOOD PLUGIN COMMAND...
#
# For git to find the commit that changed the sound: builds PLUGIN by the command, renders some
# notes with it, and compares them with those of GOOD, a build that sounds as it should.
# compare-builds.sh, beside this script, says what counts as a difference. A commit that does not
# build, or whose build does not play, is skipped.
#
#     git bisect start HEAD v1.0
#     git bisect run ~/bisect-sound.sh ~/v1.0.so ./organ.so make organ.so
set -euo pipefail

usage() { sed -n '/^# usage:/,/^set /s/^# \{0,1\}//p' "$0"; }
[[ ${1-} != -h && ${1-} != --help ]] || { usage && exit; }
# 128 ends the bisection: 1 to 127 would be bad commits.
(($# >= 3)) || { usage >&2 && exit 128; }

good=$1 plugin=$2
"${@:3}" >&2 || exit 125
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
status=0
"${0%/*}/compare-builds.sh" "$good" "$plugin" "$out" || status=$?
jq -se 'length > 0 and all(.status == "ok")' "$out/new.ndjson" >/dev/null || exit 125
exit "$status"
