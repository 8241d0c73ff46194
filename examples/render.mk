# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: make -j4 -f render.mk PRESETS=presets OUT=out PLUGIN=/usr/lib/vst/amsynth_vst.so
#
# Renders a folder of presets, one target per job, so that the next run renders only what is new or
# has changed, and everything if PLUGIN has: a path, without spaces. In return, every job loads the
# plug-in. A record is written beside every audio file. GRID takes options of job-grid. PRESETS is one
# folder; OUT must have no space in its name.
#
# With entr(1), a whole library after each change of a plug-in's code (patchpipe-logic(5)):
#
#     ls organ.c | entr -s 'make organ.so && make -j4 -f render.mk PRESETS=sounds PLUGIN=./organ.so'
#
# Make would run commands that it finds in a file name, so rules contain no names of presets. A
# job's targets are named after its MD5: out/.jobs/MD5.job is the job, MD5.preset and MD5.audio are
# links to its preset and to its output, and make compares the dates of the files behind them.

export PRESETS ?= presets
OUT ?= out
PLUGIN ?= /usr/lib/vst/amsynth_vst.so
GRID ?=
JOBS := $(OUT)/.jobs

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: render FORCE
.DELETE_ON_ERROR:
render:

define LINKS
(input_filename | rtrimstr(".job")) as $$job |
@sh "ln -sfnT -- \(.preset_path // empty) \($$job).preset",
@sh "ln -sfnT -- \(.output_path // empty) \($$job).audio"
endef
export LINKS

# What preset-scan cannot list, which it reports, stops nothing else. The list is rewritten only if it
# differs, because make starts over when it has changed.
$(JOBS)/list.mk: FORCE
	@mkdir -p $(@D) && rm -f $(@D)/new.*
	@{ preset-scan "$$PRESETS" || (($$? == 1)); } | job-grid $(GRID) | assign-paths -o $(OUT) | \
		split -a 7 -l 1 - $(@D)/new.
	@find $(@D) -name 'new.*' -exec md5sum {} + | sort | while read -r job file; do \
		echo "jobs += $$job"; \
		if [[ -e $(@D)/$$job.job ]]; then rm "$$file"; else mv "$$file" $(@D)/$$job.job; fi; \
		[[ -L $(@D)/$$job.audio ]] || echo $(@D)/$$job.job >> $(@D)/new.jobs; \
	done > $@.new
	@[[ ! -e $(@D)/new.jobs ]] || xargs jq -r "$$LINKS" < $(@D)/new.jobs | bash -eu
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
include $(JOBS)/list.mk

render: $(jobs:%=$(JOBS)/%.audio)
$(jobs:%=$(JOBS)/%.audio): %.audio: %.job %.preset $(wildcard $(PLUGIN))
	@record=$$(jq -r '"\(.output_path // "$*").json"' $<) && mkdir -p "$${record%/*}" && \
		render-one --isolation process --plugin '$(PLUGIN)' < $< > "$$record"
