#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs those of the named Debian packages that are missing. Without the right to do so, it
# prints the command to run and ends with status 2.
set -euo pipefail

say() { echo "deps: $*" >&2; }

if ! command -v dpkg-query >/dev/null; then
    say "no dpkg here, so nothing is checked; needed are, by Debian's names: $*"
    exit 0
fi

# One at a time: make may run two goals that need packages at once.
exec 9<"$0"
flock 9
installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^[hi]i *//p') || true
missing=()
for package in "$@"; do
    grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
done
((${#missing[@]})) || exit 0

become=(env)
if (($(id -u) != 0)); then
    become=(sudo -n)
    if ! sudo -n true 2>/dev/null; then
        say "packages are missing and installing them needs root; run:"
        echo "sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
        exit 2
    fi
fi

say "installing ${missing[*]}"
"${become[@]}" apt-get update -qq
"${become[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 \
    --no-install-recommends "${missing[@]}" </dev/null 9<&-
