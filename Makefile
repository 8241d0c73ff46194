# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make        builds the tools into build/bin
# make help   says what else there is

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif

PREFIX ?= /usr/local
DESTDIR ?=
JUCE ?= /usr/share/juce/modules
CXX = g++
CXXFLAGS ?= -O2 -g
B := build

VERSION := $(file < VERSION)
TOOLS := $(patsubst tools/%.cpp,%,$(wildcard tools/*.cpp))
SCRIPTS := $(patsubst tools/%.sh,%,$(wildcard tools/*.sh))

.PHONY: all
all: $(TOOLS:%=$B/bin/%) $(SCRIPTS:%=$B/bin/%)

include make/juce.mk

# Our code. lib/ is one archive: the linker takes from it, and from JUCE's, only what a tool uses.
OUR_CXXFLAGS = -std=c++20 -Wall -Wextra -Werror -MMD -MP -Ilib -DPATCHPIPE_VERSION='"$(VERSION)"' \
	$(CXXFLAGS)
LIBS := -Wl,--as-needed -lsndfile -lzstd -lcbor -lsimdjson -lutf8proc -lmd -lxxhash $(JUCE_LIBS)
LIB_SOURCES := $(wildcard lib/*/*.cpp)
LIB_OBJECTS := $(LIB_SOURCES:%.cpp=$B/%.o)
TOOL_OBJECTS := $(TOOLS:%=$B/tools/%.o)
# The two floors that see JUCE; -isystem keeps its warnings out of ours.
$B/lib/host/%.o $B/lib/midi/%.o: OUR_CXXFLAGS += $(JUCE_CPPFLAGS)

$(LIB_OBJECTS) $(TOOL_OBJECTS): $B/%.o: %.cpp VERSION
	@mkdir -p $(@D)
	@echo 'C++  $*'
	@$(CXX) $(OUR_CXXFLAGS) -ffunction-sections -fdata-sections -c -o $@ $<

$B/libpatchpipe.a: $(LIB_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(TOOLS:%=$B/bin/%): $B/bin/%: $B/tools/%.o $B/libpatchpipe.a $B/libjuce.a
	@mkdir -p $(@D)
	@echo 'LINK $*'
	@$(CXX) $(CXXFLAGS) $(LDFLAGS) -Wl,--gc-sections -o $@ $^ $(LIBS)

$(SCRIPTS:%=$B/bin/%): $B/bin/%: tools/%.sh VERSION
	@mkdir -p $(@D)
	@sed 's/@VERSION@/$(VERSION)/' $< > $@
	@chmod +x $@

-include $(LIB_OBJECTS:.o=.d) $(TOOL_OBJECTS:.o=.d)
