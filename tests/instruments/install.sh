#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the packages that tests/instruments/packages names. One that Debian no longer has does not
# keep the others away: the table names it.
set -euo pipefail

mapfile -t packages < <(sed -n 's/^\([a-z0-9][^ ]*\).*/\1/p' tests/instruments/packages)
status=0
make/install-packages.sh "${packages[@]}" || status=$?
((status != 2)) || exit 2 # it may install nothing here, and has said so
((status == 0)) && exit
for package in "${packages[@]}"; do
    make/install-packages.sh "$package" || echo "instruments: goes on without $package" >&2
done
