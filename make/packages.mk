# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Debian packages that are needed in addition to a minimal system with make.

# To build the tools and to run them: jq and pv are for the driver, amsynth for the demo.
# juce-modules-source would bring WebKit and GTK, 136 packages and 300 MB that nothing here uses;
# fontconfig is for JUCE 8.
BUILD_PACKAGES := g++ pkg-config juce-modules-source-data fst-dev libfreetype-dev libfontconfig-dev libpng-dev \
	libjpeg-dev zlib1g-dev libx11-dev libxext-dev libxinerama-dev libxrandr-dev libxcursor-dev \
	libasound2-dev libsndfile1-dev libzstd-dev libcbor-dev libcxxopts-dev libsimdjson-dev \
	libutf8proc-dev libmd-dev libxxhash-dev libsoxr-dev jq pv amsynth

# Optional parts, one line each: WHAT:MODULE:PACKAGE. WHAT is a folder, lib/NAME, or a tool,
# tools/NAME; it needs the library that pkg-config calls MODULE and that is in the Debian package
# PACKAGE. A library that pkg-config does not know is found by a header instead: MODULE ends in ".h",
# and lib/NAME loads the library while it runs. Only tools, and folders that need the same module, may
# include a header of such a folder; lib/edit and lib/songmix do it where FLAGS_edit and FLAGS_songmix
# say that the folder is there.
# make/families.mk leaves out the parts whose library is missing.
FAMILIES := \
	lib/loudness:libebur128:libebur128-dev \
	lib/stretch:rubberband:librubberband-dev \
	lib/faust:faust/dsp/llvm-dsp-c.h:faust \
	lib/rtaudio:rtaudio:librtaudio-dev \
	lib/rtmidi:rtmidi:librtmidi-dev \
	lib/module:libopenmpt:libopenmpt-dev \
	lib/draw:pangocairo:libpango1.0-dev
FAMILY_PACKAGES := $(foreach f,$(FAMILIES),$(word 3,$(subst :, ,$f)))

# To test them: the runner, linters, instruments, and programs with whose answers ours are compared.
CHECK_PACKAGES := git bats gojq parallel procps strace valgrind clang-format shellcheck mandoc \
	zynaddsubfx-vst zynaddsubfx-lv2 setbfree dpf-plugins-vst mda-lv2 zam-plugins lilv-utils sox \
	xxhash python3-cbor2 python3-zstandard python3-mido python3-rtmidi python3-numpy python3-mutagen ffmpeg \
	opus-tools jackd1 lua5.4 entr rustc openmpt123 lv2-dev pingus-data freedroid-data vectoroids tecnoballz-data

# To fuzz them: a compiler with libFuzzer, and a fast linker.
FUZZ_PACKAGES := clang lld libclang-rt-dev

# To compare their speed with Python libraries, which pip installs into a folder of their own.
BENCH_PACKAGES := python3-venv python3-pip time
