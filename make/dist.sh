#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: make/dist.sh FOLDER NAME PACKAGE...
# Packs the last commit as FOLDER/NAME.tar.gz. Beside it, NAME.packages lists the packages and
# versions that this system builds it with, and NAME.sha256 has the checksums of both. The tarball's
# bytes depend on the commit alone: not on the folder, the time, the user, their umask or their git
# configuration.
set -euo pipefail

folder=$1 name=$2
shift 2
if [[ -n $(git status --porcelain) ]]; then
    echo 'dist: the tree has changes; commit them first' >&2
    git status --short >&2
    exit 1
fi
mkdir -p "$folder"
# git sorts the files, gives them the commit's time, and makes root their owner.
git -c tar.umask=0022 archive --format=tar --prefix="$name/" HEAD | gzip -9 -n >"$folder/$name.tar.gz"
{
    dpkg-query -W -f='${db:Status-Abbrev} ${Package} ${Version}\n' "$@" libc6-dev 2>/dev/null || true
} | sed -n 's/^[hi]i *//p' | LC_ALL=C sort -u >"$folder/$name.packages"
cd "$folder"
sha256sum "$name.tar.gz" "$name.packages" >"$name.sha256"
echo "$folder/$name.tar.gz"
