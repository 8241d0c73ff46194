#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the packages named in tests/instruments/packages. If Debian no longer has one, the others
# are installed all the same, and the table names the missing one.
set -euo pipefail

mapfile -t packages < <(sed -n 's/^\([a-z0-9][^ ]*\).*/\1/p' tests/instruments/packages)
status=0
make/install-packages.sh "${packages[@]}" || status=$?
((status != 2)) || exit 2 # it has no right to install, and has said so
((status == 0)) && exit
for package in "${packages[@]}"; do
    make/install-packages.sh "$package" || echo "instruments: goes on without $package" >&2
done
