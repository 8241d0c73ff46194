#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: check-in.sh RELEASE [GOAL]...
#
# Makes the goals (default: check) of the committed tree in another Debian release. The release is
# installed in /var/tmp/patchpipe-RELEASE, from the mirror of this system's own packages, and kept
# for the next time; so is everything built in it.
set -euo pipefail

release=$1
goals=("${@:2}")
root=/var/tmp/patchpipe-$release

say() { echo "check-in: $*" >&2; }

if (($(id -u) != 0)); then
    say "only root may install another system; run it with sudo"
    exit 2
fi
make/install-packages.sh debootstrap git
if [[ ! -e /usr/share/debootstrap/scripts/$release ]]; then
    say "$release: debootstrap knows no such release"
    exit 2
fi

mirror=$(sed -n 's/^URIs: *\(.*\/debian\/*\)$/\1/p; s/^deb \(\[.*\] \)*\([^ ]*\/debian\/*\) .*/\2/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1) || true
if [[ ! -x $root/usr/bin/apt-get ]]; then
    say "installing $release in $root"
    rm -rf "$root.new"
    debootstrap --variant=minbase --include=make "$release" "$root.new" "$mirror"
    mv "$root.new" "$root"
fi

unmount() {
    umount -lR "$root/dev" "$root/proc" "$root/sys" 2>/dev/null || true
}
trap unmount EXIT
unmount
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"

# Unchanged files keep their dates, so that little is built again.
mkdir -p "$root/src" "$root/src.new"
git archive HEAD | tar x -C "$root/src.new"
make/install-packages.sh rsync
rsync -rlp --checksum --delete --exclude=/build "$root/src.new/" "$root/src/"
rm -rf "$root/src.new"
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    TERM="${TERM:-dumb}" chroot "$root" make -C /src WERROR=-Werror "${goals[@]:-check}"
