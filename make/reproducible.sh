#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: make/reproducible.sh TARBALL FOLDER
# Builds TARBALL twice in FOLDER: in two folders, with different umasks, time zones, languages,
# homes and user names, and one or two jobs at a time. Fails unless all tools have the same bytes.
set -euo pipefail

tarball=$(realpath "$1")
rm -rf "$2"
mkdir -p "$2/one" "$2/other/much/deeper/folder"
cd "$2"

# build FOLDER JOBS VARIABLE=VALUE...
build() {
    local folder=$1 jobs=$2
    shift 2
    tar -xf "$tarball" -C "$folder" --strip-components=1
    env -i PATH="$PATH" "$@" make -C "$folder" -j"$jobs" all >"$folder.log" 2>&1 ||
        { tail "$folder.log" >&2 && exit 1; }
}

(umask 022 && build one 2 HOME=/nonexistent USER=one LC_ALL=C TZ=UTC)
(umask 077 && build other/much/deeper/folder 1 HOME="$PWD" USER=other LC_ALL=C.UTF-8 TZ=Asia/Tokyo)
for tool in one/build/bin/*; do
    cmp "$tool" "other/much/deeper/folder/build/bin/${tool##*/}"
done
(cd one/build/bin && sha256sum -- *)
