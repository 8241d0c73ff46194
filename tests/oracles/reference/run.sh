#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/oracles/reference/run.sh [PRESET_OR_FOLDER...]
# Compares serum-unwrap and serum-wrap with the Python package whose rules of conversion they follow,
# on generated presets, on Serum's own files if they are beside the checkout, and on those given.
# pip installs the package into the benchmark's environment; 'make reference' builds what is needed.
set -euo pipefail

here=$(cd "${0%/*}" && pwd)
build=$(cd "$here/../../.." && pwd)/build
venv=$build/bench/venv
real=$here/../../../../shared/fixtures/serum
package=serum2-preset-loader==0.5.0

[[ -x $venv/bin/pip ]] || /usr/bin/python3 -m venv "$venv"
"$venv/bin/pip" install -q "$package"
[[ ! -d $real ]] || set -- "$real" "$@"
PATH=${PATCHPIPE_BIN:-$build/bin}:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 \
    "$venv/bin/python" "$here/compare.py" "$@"
