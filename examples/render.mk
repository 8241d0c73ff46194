# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: make -j4 -f render.mk PRESETS=presets OUT=out PLUGIN=/usr/lib/vst/amsynth_vst.so
#
# Renders a folder of .fxp presets, one target a preset, so that only what is new or has changed is
# rendered the next time. The price is that every preset loads the plug-in. A record lies beside
# every audio file. GRID takes options of job-grid.

PRESETS ?= presets
OUT ?= out
PLUGIN ?= /usr/lib/vst/amsynth_vst.so
GRID ?=

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.PHONY: render FORCE
.DELETE_ON_ERROR:
render:

# For jq: a rule from every job, such as
#     /out/a.wav: /presets/a.fxp
#             render-one ... '{"preset_path":"/presets/a.fxp", ...}' > /out/a.wav.json
define RULES
def name: gsub("(?<special>[ #:\\\\])"; "\\\(.special)") | gsub("\\$$"; "$$$$");
def word: @sh | gsub("\\$$"; "$$$$");
select(.preset_path | test("\n") | not) |
"render: \(.output_path | name)",
"\(.output_path | name): \(.preset_path | name)",
"\t@render-one --isolation process --fxp '$$(PLUGIN)' \(tojson | word) > \("\(.output_path).json" | word)"
endef
export RULES

# Written anew each time, but touched only if it differs: make starts over when it has changed.
$(OUT)/rules.mk: FORCE
	@mkdir -p $(@D)
	@preset-scan $(PRESETS) | job-grid $(GRID) | assign-paths -o $(OUT) | \
		jq -r "$$RULES" > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
include $(OUT)/rules.mk
