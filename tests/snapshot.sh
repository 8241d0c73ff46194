#!/bin/bash
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: snapshot.sh BIN ROOT
# Prints what records of the render-one in BIN say of a job with --isolation snapshot.
set -euo pipefail
"$1/render-one" --isolation snapshot -p "$2/build/tests/plugins/plain_synth.so" \
    '{"output_path": "/dev/null", "duration": 0.01, "tail": 0}' 2>/dev/null | jq -r .isolation
