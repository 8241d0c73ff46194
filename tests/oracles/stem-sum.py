#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""stem-sum.py MIX STEM...: the npy files of stems are as long as that of the mix, and sum to it within
1e-6."""

import sys

import numpy as np

mix = np.load(sys.argv[1]).astype(np.float64)
total = np.zeros_like(mix)
for path in sys.argv[2:]:
    total += np.load(path)
worst = np.abs(total - mix).max()
print(f"{len(sys.argv) - 2} stems, {worst:.1e} from the mix, whose peak is {np.abs(mix).max():.3f}")
sys.exit(0 if worst <= 1e-6 else 1)
