# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# From sources to build/bin, without recursion. Dependencies on headers are the compiler's.

JUCE ?= /usr/share/juce/modules
CXX = g++
CXXFLAGS ?= -O2 -g

# The same sources make the same tools, wherever and whenever: make reproducible.
export SOURCE_DATE_EPOCH ?= 0
SAME_PATHS := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(JUCE)=juce

ifeq ($(wildcard $(JUCE)/juce_core/juce_core.h),)
$(error JUCE's modules are not in $(JUCE); run 'make deps', or say where they are: JUCE=FOLDER)
endif

.PHONY: all
all: $(TOOLS:%=$B/bin/%) $(SCRIPTS:%=$B/bin/%)

# What makes a mistake in a parser, ours or a library's, harder to abuse; tests/system/make.bats looks for
# it in the tools. -D_FORTIFY_SOURCE needs an optimising compiler, and goes badly with the
# sanitizers and with another one of the user's.
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection \
	$(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
FORTIFY_ALWAYS := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
FORTIFY := $(if $(SANITIZE)$(findstring _FORTIFY_SOURCE,$(CXXFLAGS)),,\
	$(if $(filter -O -O1 -O2 -O3 -Os,$(CXXFLAGS)),$(FORTIFY_ALWAYS)))
HARDENING_LDFLAGS := -pie -Wl,-z,relro,-z,now

include make/juce.mk

# lib/ is one archive: the linker takes from it, and from JUCE's, only what a tool uses.
OUR_CXXFLAGS = -std=c++20 -Wall -Wextra -Werror -MMD -MP -Ilib -DPATCHPIPE_VERSION='"$(VERSION)"' \
	$(SAME_PATHS) $(HARDENING) $(FORTIFY) $(CXXFLAGS)
# SANITIZE=1: into build/sanitize; what is found ends the process. The warning is no use then, GCC
# takes the sanitizers' own code for an omission.
ifneq ($(SANITIZE),)
override CXXFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -Wno-maybe-uninitialized
endif
LIBS := -Wl,--as-needed -lsndfile -lzstd -lcbor -lsimdjson -lutf8proc -lmd -lxxhash $(JUCE_LIBS)
LIB_SOURCES := $(filter-out lib/shown/%,$(sort $(wildcard lib/*/*.cpp)))
LIB_OBJECTS := $(LIB_SOURCES:%.cpp=$B/%.o)
# Functions that plug-ins find in the executable before they find them in the C library, as
# lib/shown/clock.h and shown/memory.h say: only in the tools that open plug-ins.
HOSTS := render-one plugin-probe preset-export
SHOWN_OBJECTS := $(patsubst %.cpp,$B/%.o,$(sort $(wildcard lib/shown/*.cpp)))
SHOWN_SYMBOLS := lib/shown/symbols.list
# These define what the checking functions of the C library's headers would stand for.
$(SHOWN_OBJECTS): FORTIFY :=
TOOL_OBJECTS := $(TOOLS:%=$B/tools/%.o)
# The two floors that see JUCE; -isystem keeps its warnings out of ours, but not FST's #warning.
$B/lib/juce/%.o $B/lib/midi/%.o: OUR_CXXFLAGS += $(JUCE_CPPFLAGS) -Wno-cpp
# Loops over samples: several at a time, which GCC's -O2 does not do by itself, nor while the
# processor's floating-point exceptions count.
$B/lib/audio/%.o: OUR_CXXFLAGS += -fvect-cost-model=dynamic -fno-trapping-math

# The rules may have other flags than before; JUCE, which takes minutes, does not follow them.
$(LIB_OBJECTS) $(SHOWN_OBJECTS) $(TOOL_OBJECTS): $B/%.o: %.cpp VERSION make/build.mk
	@mkdir -p $(@D)
	@echo 'C++  $*'
	@$(CXX) $(OUR_CXXFLAGS) -ffunction-sections -fdata-sections -c -o $@ $<

$B/libpatchpipe.a: $(LIB_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

# --wrap: for what JUCE calls; lib/juce/lv2_bundle.h and lv2_instance.h say why.
$(HOSTS:%=$B/bin/%): $(SHOWN_OBJECTS) $(SHOWN_SYMBOLS)
$(HOSTS:%=$B/bin/%): LDFLAGS += -Wl,--dynamic-list=$(SHOWN_SYMBOLS)
$(TOOLS:%=$B/bin/%): $B/bin/%: $B/tools/%.o $B/libpatchpipe.a $(PLAIN)/libjuce.a
	@mkdir -p $(@D)
	@echo 'LINK $*'
	@$(CXX) $(CXXFLAGS) $(HARDENING_LDFLAGS) $(LDFLAGS) -Wl,--gc-sections,--wrap=lilv_world_load_all \
		-Wl,--wrap=lilv_plugin_instantiate,--wrap=lilv_instance_free -o $@ \
		-Wl,--start-group $(filter-out %.list,$^) -Wl,--end-group $(LIBS)

# A line "#include FILE" stands for that part of the script.
$(SCRIPTS:%=$B/bin/%): $B/bin/%: tools/%.sh $(wildcard lib/driver/*.sh) VERSION
	@mkdir -p $(@D)
	@awk '/^#include / {while ((getline line < $$2) > 0) print line; next} 1' $< | \
		sed 's/@VERSION@/$(VERSION)/' > $@
	@chmod +x $@

-include $(LIB_OBJECTS:.o=.d) $(SHOWN_OBJECTS:.o=.d) $(TOOL_OBJECTS:.o=.d)

# Programs, plug-ins and fuzz targets for the tests; the last two only if a test file that will run
# names them, and never with SANITIZE=1: plug-ins are hosted as they come.
-include make/test-programs.mk
ifeq ($(SANITIZE),)
-include make/plugins.mk
-include make/fuzz.mk
endif
TEST_FILES := $(if $(T),$(wildcard $(foreach t,$(T),tests/*/$t.bats tests/$t.bats tests/$t/*.bats)),\
	$(wildcard tests/*/*.bats))
.PHONY: check-build
check-build: all test-programs \
	$(if $(shell grep -ls tests/plugins $(TEST_FILES)),$(TEST_PLUGINS)) \
	$(if $(shell grep -ls build/fuzz $(TEST_FILES)),$(FUZZ_TARGETS))
