# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The goals for people; the rules of the build itself are in make/build.mk. Goals that install
# packages build in a second make: make/build.mk calls pkg-config while it is read, so it must be
# read after the packages are installed, and nothing compiles while apt-get works.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)  # a -j on the command line wins over this one
endif

PREFIX ?= /usr/local
DESTDIR ?=
B := build
# JUCE and the plug-ins of the tests are here, even if our own code is built with the sanitizers.
PLAIN := $B
ifneq ($(SANITIZE),)
B := $(PLAIN)/sanitize
endif

VERSION := $(strip $(file <VERSION))
COMPILING_SOURCES := $(firstword $(shell cat $(sort $(wildcard lib/faust/*.cpp lib/faust/*.h)) | sha1sum))
TOOLS := $(patsubst tools/%.cpp,%,$(wildcard tools/*.cpp))
SCRIPTS := $(patsubst tools/%.sh,%,$(wildcard tools/*.sh))
PAGES := $(wildcard man/*.[1-9])
EXAMPLES := $(filter-out examples/logic,$(wildcard examples/* examples/logic/*))
# Files that tools read, in share/patchpipe beside the folder that they are in.
DATA := $(wildcard share/*)
# The headers for other people's programs.
HEADERS := lib/logic/logic.h
# The plug-ins that the build makes, in build/plugins and in lib.
SHELL_NAMES := $(if $(wildcard shell/identity.cpp),patchpipe-shell patchpipe-shell-effect)
PLUGINS := $(foreach n,$(SHELL_NAMES),vst3/$n.vst3/Contents/$(shell uname -m)-linux/$n.so \
	$(addprefix lv2/$n.lv2/,manifest.ttl dsp.ttl ui.ttl $n.so))

include make/packages.mk

# Who builds from nothing to try or to check the kit waits half as long for units of whole folders.
FROM_NOTHING := $(if $(wildcard $(PLAIN)/flags)$(filter-out undefined,$(origin UNITY)),,UNITY=1)

OUTER_GOALS := help deps check-deps check check-in lint bounded fuzz soak instruments demo bench reference \
	projects modules uninstall dist distcheck reproducible clean
ifneq ($(if $(MAKECMDGOALS),$(filter-out $(OUTER_GOALS),$(MAKECMDGOALS)),all),)
include make/build.mk
endif

## make              build the tools into build/bin
## make WERROR=      the same, even if the compiler warns; the default outside of a git checkout
## make UNITY=1      the same with each folder as one unit, for a build from nothing: half the time
## make deps         install the Debian packages that the build and the demo need and are missing
## make deps FAMILY_PACKAGES=  the same for the core alone: no Faust, modules, videos, sound cards
.PHONY: deps check-deps
deps:
	@make/install-packages.sh $(BUILD_PACKAGES) $(FAMILY_PACKAGES)

check-deps:
	@make/install-packages.sh $(BUILD_PACKAGES) $(CHECK_PACKAGES) $(FAMILY_PACKAGES)

## make check        install what is missing, build, run every test
## make check T=NAME the same for tests/*/NAME.bats or the folder tests/NAME only; ONLY=REGEX runs
##                   the tests whose names match
## make check THOROUGH=1  the same with all that a test can try of a kind, not some of it
## make check SANITIZE=1  the same with AddressSanitizer and UndefinedBehaviorSanitizer in our code
.PHONY: check
check: check-deps
	@$(MAKE) check-build SANITIZE= $(FROM_NOTHING)
	@$(if $(SANITIZE),$(MAKE) check-build)
	@$(if $(SANITIZE),PATCHPIPE_SANITIZE=1) tests/run $(T)

## make check-in RELEASE=trixie  the same in another Debian release, which it installs; as root
.PHONY: check-in
check-in:
	@make/check-in.sh $(or $(RELEASE),$(error name a release, as in RELEASE=trixie)) $(GOALS)

## make bounded      give every parser 100 crafted files, each with 2 seconds of processor time and
##                   256 MiB; FILES=100 T=NAME
FILES ?= 100
.PHONY: bounded
bounded: check-deps
	@$(MAKE) all $(FROM_NOTHING)
	@rm -rf $B/bounded && mkdir $B/bounded
	@cd $B/bounded && PATH='$(CURDIR)/$B/bin:/usr/bin:/bin' PYTHONDONTWRITEBYTECODE=1 \
		/usr/bin/python3 $(CURDIR)/tests/system/bounded.py $(FILES) $(T)

## make fuzz         look for input that breaks a parser, a minute for each; TIME=60 (seconds, or
##                   90s, 5m, 1h) T=NAME
TIME ?= 60
.PHONY: fuzz
fuzz:
	@make/install-packages.sh $(BUILD_PACKAGES) $(FAMILY_PACKAGES) $(FUZZ_PACKAGES)
	@$(MAKE) fuzz-targets
	@tests/fuzz/run $(TIME) $(T)

## make soak         20,000 jobs, two in five at fault, by four workers, some of which are killed;
##                   SOAK_JOBS=20000
SOAK_JOBS ?= 20000
.PHONY: soak
soak: check-deps
	@$(MAKE) check-build $(FROM_NOTHING)
	@rm -rf $B/soak && mkdir $B/soak
	@cd $B/soak && PATH='$(CURDIR)/$B/bin:/usr/bin:/bin' PLUGINS='$(CURDIR)/$(PLAIN)/tests/plugins' \
		/usr/bin/python3 $(CURDIR)/tests/soak/soak.py $(SOAK_JOBS)
	@rm -rf $B/soak

## make instruments  install and play every LV2 and VST2 instrument of Debian; writes
##                   tests/instruments/TABLE.md
.PHONY: instruments
instruments: check-deps
	@tests/instruments/install.sh
	@$(MAKE) all $(FROM_NOTHING)
	@PATH='$(CURDIR)/$B/bin:/usr/bin:/bin' PYTHONDONTWRITEBYTECODE=1 \
		/usr/bin/python3 tests/instruments/instruments.py

## make lint         check format, scripts, manual pages, and what the tests cost
CXX_FILES = $(shell find lib tools shell tests -name '*.cpp' -o -name '*.h')
SHELL_FILES = $(wildcard tools/*.sh lib/*/*.sh make/*.sh .ci/run tests/run tests/run-file tests/check-times tests/fuzz/run examples/*.sh) \
	$(shell find tests -name '*.bats' -o -name '*.bash' -o -name '*.sh')
ON_ALL_CORES := xargs -0 -n 10 -P $(shell nproc)
.PHONY: lint
lint: check-deps
	@printf '%s\0' $(CXX_FILES) | $(ON_ALL_CORES) clang-format --dry-run -Werror
	@printf '%s\0' $(SHELL_FILES) | $(ON_ALL_CORES) shellcheck
	@mandoc -Tlint -W warning $(PAGES)
	@tests/check-times

## make demo         render 128 presets of amsynth on all processors
.PHONY: demo
demo: deps
	@$(MAKE) all $(FROM_NOTHING)
	@make/demo.sh $B/demo
	@$(MAKE) left-out

## make bench        measure every claim of speed against other programs; BENCH_SCALE=quick
BENCH_SCALE ?= full
.PHONY: bench
bench:
	@make/install-packages.sh $(BUILD_PACKAGES) $(CHECK_PACKAGES) $(FAMILY_PACKAGES) \
		$(BENCH_PACKAGES)
	@$(MAKE) all bench-plugins $(FROM_NOTHING)
	@BENCH_SCALE=$(BENCH_SCALE) BENCH_RUNS=$(BENCH_RUNS) tests/bench/run.sh

## make reference    compare Serum conversions with those of the Python package that has the rules
.PHONY: reference
reference:
	@make/install-packages.sh $(BUILD_PACKAGES) $(BENCH_PACKAGES)
	@$(MAKE) all $(FROM_NOTHING)
	@tests/oracles/reference/run.sh

## make projects     read REAPER projects of others and write them back; writes
##                   tests/oracles/projects/TABLE.md
.PHONY: projects
projects:
	@make/install-packages.sh $(BUILD_PACKAGES) $(BENCH_PACKAGES) npm
	@$(MAKE) all $(FROM_NOTHING)
	@tests/oracles/projects/run.sh

## make modules      play the 54 modules of Debian's games beside openmpt123; writes
##                   tests/modules/TABLE.md
.PHONY: modules
modules: check-deps
	@make/install-packages.sh circuslinux-data madbomber-data
	@$(MAKE) all $(FROM_NOTHING)
	@tests/modules/run.sh

## make install      into $(DESTDIR)$(PREFIX), /usr/local by default; make uninstall removes it
DOCUMENTS := $(wildcard README.md SECURITY.md)
INSTALLED := $(foreach t,$(TOOLS) $(SCRIPTS),$B/bin/$t:bin/$t) \
	$(foreach p,$(PAGES),$p:share/man/man$(patsubst .%,%,$(suffix $p))/$(notdir $p)) \
	$(foreach f,LICENSE $(EXAMPLES),$f:share/doc/patchpipe/$f) \
	$(foreach f,$(DATA),$f:share/patchpipe/$(notdir $f)) \
	$(foreach f,$(HEADERS),$f:include/patchpipe/$(notdir $f)) \
	$(foreach f,$(PLUGINS),$B/plugins/$f:lib/$f) \
	$(foreach f,$(DOCUMENTS),$B/doc/$f:share/doc/patchpipe/$f)
## make install-strip  the same without debug information, which is nine tenths of it
STRIP ?= strip
.PHONY: install install-strip uninstall
install: all $(DOCUMENTS:%=$B/doc/%)
	@for pair in $(INSTALLED); do \
		mode=644; [[ ! -x $${pair%%:*} ]] || mode=755; \
		install -D -m $$mode "$${pair%%:*}" "$(DESTDIR)$(PREFIX)/$${pair#*:}"; \
	done

# The installed documents have only the text of a link if its target is not installed.
$(DOCUMENTS:%=$B/doc/%): $B/doc/%: %
	@mkdir -p $(@D)
	@sed -E 's/\[([^]]*)\]\((CONTRIBUTING|man|tests)[^)]*\)/\1/g' $< >$@

install-strip: install
	@$(STRIP) $(TOOLS:%="$(DESTDIR)$(PREFIX)/bin/%") \
		$(patsubst %,"$(DESTDIR)$(PREFIX)/lib/%",$(filter %.so,$(PLUGINS)))

uninstall:
	@cd "$(DESTDIR)$(PREFIX)" && rm -f $(foreach pair,$(INSTALLED),$(lastword $(subst :, ,$(pair))))
	@cd "$(DESTDIR)$(PREFIX)" && rm -d -f $(addprefix share/,doc/patchpipe/examples/logic \
		doc/patchpipe/examples doc/patchpipe patchpipe) include/patchpipe \
		$(foreach n,$(SHELL_NAMES),lib/vst3/$n.vst3/Contents/$(shell uname -m)-linux \
		lib/vst3/$n.vst3/Contents lib/vst3/$n.vst3 lib/lv2/$n.lv2)

## make dist         build/patchpipe-VERSION.tar.gz from a clean tree, with its checksum and a list
##                   of the packages to build it; make distcheck tries it out
DIST := patchpipe-$(VERSION)
.PHONY: dist distcheck
dist:
	@make/dist.sh $B $(DIST) $(BUILD_PACKAGES) $(FAMILY_PACKAGES)

## make reproducible build the tarball twice, in different folders and environments, and compare the
##                   tools byte by byte
.PHONY: reproducible
reproducible: dist deps
	@make/reproducible.sh $B/$(DIST).tar.gz $B/reproducible
	@rm -rf $B/reproducible

distcheck: dist check-deps
	@rm -rf $B/distcheck && mkdir $B/distcheck
	@tar -xf $B/$(DIST).tar.gz -C $B/distcheck
	@$(MAKE) -C $B/distcheck/$(DIST) check
	@$(MAKE) -C $B/distcheck/$(DIST) install PREFIX=/usr DESTDIR='$(CURDIR)/$B/distcheck/root'
	@$B/distcheck/root/usr/bin/job-grid --version
	@$(MAKE) -C $B/distcheck/$(DIST) uninstall PREFIX=/usr DESTDIR='$(CURDIR)/$B/distcheck/root'
	@[[ -z $$(find $B/distcheck/root -type f) ]]
	@rm -rf $B/distcheck

## make clean        delete build/
.PHONY: clean
clean:
	@rm -rf $B

## make help         this list
.PHONY: help
help:
	@sed -n 's/^## //p' Makefile
