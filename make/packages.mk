# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Debian packages we need beyond a bare system with make.

# To build the tools, and to run them: jq and pv are the driver's, amsynth the demo's.
BUILD_PACKAGES := g++ pkg-config juce-modules-source fst-dev libfreetype-dev libpng-dev \
	libjpeg-dev zlib1g-dev libx11-dev libxext-dev libxinerama-dev libxrandr-dev libxcursor-dev \
	libasound2-dev libsndfile1-dev libzstd-dev libcbor-dev libcxxopts-dev libsimdjson-dev \
	libutf8proc-dev libmd-dev libxxhash-dev jq pv amsynth

# What the core does without, one line each: WHAT:MODULE:PACKAGE. WHAT is a folder, lib/NAME, or a
# tool, tools/NAME; it needs the library that pkg-config calls MODULE and Debian has in PACKAGE. Only
# tools, and folders with the same line, may include a header of such a folder. make/families.mk
# leaves out what lacks its library.
FAMILIES :=
FAMILY_PACKAGES := $(foreach f,$(FAMILIES),$(word 3,$(subst :, ,$f)))

# To test them: the runner, linters, other people's instruments, and other people's programs whose
# answers ours are compared with.
CHECK_PACKAGES := git bats parallel procps strace valgrind clang-format shellcheck mandoc \
	zynaddsubfx-vst zynaddsubfx-lv2 setbfree dpf-plugins-vst mda-lv2 lilv-utils sox xxhash \
	python3-cbor2 python3-zstandard python3-mido python3-numpy

# To fuzz them, which the tests do for a moment too: a compiler with libFuzzer.
FUZZ_PACKAGES := clang libclang-rt-dev

# To measure them beside Python libraries, which pip installs into a place of their own.
BENCH_PACKAGES := python3-venv python3-pip time
