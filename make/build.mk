# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# From sources to build/bin, without recursion. Dependencies on headers are the compiler's.

JUCE ?= /usr/share/juce/modules

# A compiler from the environment or the command line counts; make's own default does not.
ifneq ($(filter default undefined,$(origin CXX)),)
CXX := g++
endif

# The user's flags come after ours in every command, so they win. CXXFLAGS replace these two. With
# -g1 backtraces have functions and lines; variables too (-g) would take a third longer to compile.
OPTIMISE := $(if $(filter undefined,$(origin CXXFLAGS)),-O2 -g1)
USER_FLAGS = $(CPPFLAGS) $(CXXFLAGS)

# Warnings are errors in a git checkout only: a release must build with compilers that warn about
# more.
WERROR ?= $(if $(wildcard .git),-Werror)

# The same sources make the same tools, wherever and whenever: make reproducible.
export SOURCE_DATE_EPOCH ?= 0
SAME_PATHS := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(JUCE)=juce

ifeq ($(wildcard $(JUCE)/juce_core/juce_core.h),)
$(error JUCE's modules are not in $(JUCE); run 'make deps', or say where they are: JUCE=FOLDER)
endif

include make/families.mk

# JUCE takes longest, so it starts first.
.PHONY: all
all: $(PLAIN)/libjuce.a $(TOOLS:%=$B/bin/%) $(SCRIPTS:%=$B/bin/%) $(DATA:share/%=$B/share/patchpipe/%) \
	$(addprefix $B/include/patchpipe/,$(notdir $(HEADERS)))

$B/share/patchpipe/%: share/%
	@mkdir -p $(@D)
	@cp $< $@

$B/include/patchpipe/%: lib/logic/%
	@mkdir -p $(@D)
	@cp $< $@

# Flags that make a mistake in a parser, ours or a library's, harder to exploit;
# tests/system/make.bats looks for their effects. -D_FORTIFY_SOURCE needs an optimising compiler,
# and does not work with the sanitizers or with a second definition by the user.
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection \
	$(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
FORTIFY_ALWAYS := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
FORTIFY := $(if $(SANITIZE)$(findstring _FORTIFY_SOURCE,$(USER_FLAGS)),,\
	$(if $(filter-out -O0,$(lastword $(filter -O%,$(OPTIMISE) $(USER_FLAGS)))),$(FORTIFY_ALWAYS)))
HARDENING_LDFLAGS := -pie -Wl,-z,relro,-z,now

include make/juce.mk

# SANITIZE=1 builds into build/sanitize; a finding ends the process. The warning is off because GCC
# gives it for the sanitizers' own code.
SANITIZERS :=
ifneq ($(SANITIZE),)
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
	-Wno-maybe-uninitialized
endif

# GCC tidies up its memory less often, which takes a twentieth of the time of a large unit.
ROOM = $(if $(UNITY),$(if $(findstring clang,$(CXX)),,--param ggc-min-heapsize=400000))

OUR_CXXFLAGS = -std=c++20 $(ROOM) -Wall -Wmissing-declarations -Wextra $(WERROR) -MMD -MP -Ilib $(SAME_PATHS) $(HARDENING) $(FORTIFY) \
	$(OPTIMISE) $(SANITIZERS) $(FOLDER_FLAGS)

# Flags for the sources in one folder: FLAGS_ and the folder's name.
FOLDER_FLAGS = $(FLAGS_$(notdir $(@D)))
# The folders that include JUCE or the LV2 libraries in it. -isystem turns off warnings in its
# headers, but not FST's #warning.
FLAGS_juce := $(JUCE_CPPFLAGS) -Wno-cpp
FLAGS_midi := $(FLAGS_juce)
FLAGS_lv2 := $(FLAGS_juce)
# Loops over samples are vectorised. GCC's -O2 does not do that by itself, nor while floating-point
# exceptions matter. Clang does, and does not know the first option.
VECTORISE := $(if $(findstring clang,$(CXX)),,-fvect-cost-model=dynamic)
FLAGS_audio = $(VECTORISE) -fno-trapping-math
# The folders that use a family where it is there, and refuse without it what needs it.
FLAGS_edit = $(if $(filter lib/loudness:%,$(FOUND)),-DPATCHPIPE_LOUDNESS)
FLAGS_video = $(VECTORISE) -fno-trapping-math
FLAGS_draw += $(VECTORISE) -fno-trapping-math
FLAGS_songmix = $(if $(filter lib/stretch:%,$(FOUND)),-DPATCHPIPE_STRETCH) $(VECTORISE) \
	-fno-trapping-math

# lib/ is one archive. The linker takes from it, and from JUCE's, only what a tool uses.
LIBS := -lsndfile -lsoxr -lzstd -lcbor -lsimdjson -lutf8proc -lmd -lxxhash $(FAMILY_LIBS) $(JUCE_LIBS)
OPENER_SOURCES := $(filter-out $(LEFT_OUT_SOURCES),$(sort $(wildcard lib/*/openers.cpp)))
READER_SOURCES := $(filter-out $(LEFT_OUT_SOURCES),$(sort $(wildcard lib/*/song_readers.cpp)))
LIB_SOURCES := $(filter-out lib/shown/% lib/counted/% $(OPENER_SOURCES) $(READER_SOURCES) $(LEFT_OUT_SOURCES),$(sort $(wildcard lib/*/*.cpp)))
include make/unity.mk
LIB_OBJECTS := $(call objects_of,$(LIB_SOURCES),$B)
$(eval $(call UNITS,$(LIB_SOURCES),$B))
# The tools that open plug-ins. Only they have the functions that plug-ins find in the executable
# before those of the C library; lib/shown/clock.h and shown/memory.h say why.
HOSTS := render-one plugin-probe preset-export plugin-measure play-one song-jobs
# The tools that open modules find random numbers in the same way.
MODULE_TOOLS := $(if $(filter lib/module:%,$(FOUND)),song-read module-render)
# The kinds of plug-ins that lib/plugin/opener.h finds there: nothing refers to them by name.
OPENER_OBJECTS := $(OPENER_SOURCES:%.cpp=$B/%.o)
# The readers that lib/song/song_reader.h finds in song-read.
READER_OBJECTS := $(READER_SOURCES:%.cpp=$B/%.o)
SHOWN_OBJECTS := $(patsubst %.cpp,$B/%.o,$(sort $(wildcard lib/shown/*.cpp)))
SHOWN_SYMBOLS := lib/shown/symbols.list
# The same for functions of which only plugin-measure counts the calls.
COUNTED_OBJECTS := $(patsubst %.cpp,$B/%.o,$(sort $(wildcard lib/counted/*.cpp)))
COUNTED_SYMBOLS := lib/counted/symbols.list
# These define functions for which the C library's headers would substitute the checking forms.
$(SHOWN_OBJECTS) $(COUNTED_OBJECTS): USER_FLAGS += -U_FORTIFY_SOURCE
TOOL_OBJECTS := $(TOOLS:%=$B/tools/%.o)
OBJECTS := $(LIB_OBJECTS) $(OPENER_OBJECTS) $(READER_OBJECTS) $(SHOWN_OBJECTS) $(COUNTED_OBJECTS) $(TOOL_OBJECTS)
COMPILE = $(CXX) $(OUR_CXXFLAGS) -ffunction-sections -fdata-sections $(UNIT_FLAGS) $(USER_FLAGS)

# lib/ is for programs and for the plug-in (make/shell.mk), which shows none of it to its host.
LIBRARY_FLAGS := -fPIC -fvisibility=hidden
$(LIB_OBJECTS) $(OPENER_OBJECTS): OUR_CXXFLAGS += $(LIBRARY_FLAGS)

$(filter-out $B/unity/%,$(OBJECTS)): $B/%.o: %.cpp
	@mkdir -p $(@D)
	@echo 'C++  $*'
	@$(COMPILE) -c -o $@ $<
$(eval $(call WITH_STANDARD,$(TOOL_OBJECTS)))

# Only this unit has the version, and what is left out, so that a new one compiles nothing else. Machine code in the
# user's cache is of no use to a kit with other sources of what makes it.
%/base/version.o: OUR_CXXFLAGS += -DPATCHPIPE_VERSION='"$(VERSION)"' \
	-DPATCHPIPE_COMPILING_SOURCES='"$(COMPILING_SOURCES)"' -DPATCHPIPE_LEFT_OUT='"$(LEFT_OUT_WORDS)"'
$B/lib/base/version.o: $B/flags/version

$B/libpatchpipe.a: $(LIB_OBJECTS) $B/flags/archive
	@rm -f $@
	@ar rcs $@ $(LIB_OBJECTS)

# --wrap replaces functions that JUCE calls; lib/juce/lv2_bundle.h and lv2_instance.h say why.
WRAP := -Wl,--wrap=lilv_world_load_all,--wrap=lilv_plugin_instantiate,--wrap=lilv_instance_free \
	-Wl,--wrap=lilv_port_get_range,--wrap=lilv_plugin_get_required_features
SHOW := -Wl,--dynamic-list=$(SHOWN_SYMBOLS)
COUNT := -Wl,--dynamic-list=$(COUNTED_SYMBOLS)
LINK = $(CXX) $(OPTIMISE) $(SANITIZERS) $(HARDENING_LDFLAGS) -Wl,--gc-sections,--as-needed $(WRAP) \
	$(if $(filter $(HOSTS) $(MODULE_TOOLS),$(@F)),$(SHOW)) $(if $(filter plugin-measure,$(@F)),$(COUNT)) $(USER_FLAGS) $(LDFLAGS) -o $@ \
	-Wl,--start-group $(filter %.o %.a,$^) -Wl,--end-group $(LIBS) $(LDLIBS)

$(HOSTS:%=$B/bin/%): $(OPENER_OBJECTS) $(SHOWN_OBJECTS) $(SHOWN_SYMBOLS)
$(MODULE_TOOLS:%=$B/bin/%): $(SHOWN_OBJECTS) $(SHOWN_SYMBOLS)
$B/bin/song-read: $(READER_OBJECTS)
$B/bin/plugin-measure: $(COUNTED_OBJECTS) $(COUNTED_SYMBOLS)
$(TOOLS:%=$B/bin/%): $B/bin/%: $B/tools/%.o $B/libpatchpipe.a $(PLAIN)/libjuce.a $B/flags/link
	@mkdir -p $(@D)
	@echo 'LINK $*'
	@$(LINK)

# A line "#include FILE" is replaced by that part of the script.
$(SCRIPTS:%=$B/bin/%): $B/bin/%: tools/%.sh $(wildcard lib/driver/*.sh) $B/flags/version
	@mkdir -p $(@D)
	@awk '/^#include / {while ((getline line < $$2) > 0) print line; next} 1' $< | \
		sed 's/@VERSION@/$(VERSION)$(LEFT_OUT_WORDS)/' > $@
	@chmod +x $@

-include $(OBJECTS:.o=.d)

# Programs and plug-ins for the tests, and fuzz targets. The plug-ins are built only if a test file
# that will run names them, and never with SANITIZE=1, since real plug-ins have no sanitizers either.
-include make/test-programs.mk
ifeq ($(SANITIZE),)
include make/shell.mk
-include make/plugins.mk
-include make/fuzz.mk
endif
include make/flags.mk
TEST_FILES := $(if $(T),$(wildcard $(foreach t,$(T),tests/*/$t.bats tests/$t.bats tests/$t/*.bats)),\
	$(wildcard tests/*/*.bats))
.PHONY: check-build
check-build: all test-programs \
	$(if $(shell grep -ls tests/plugins $(TEST_FILES)),$(TEST_PLUGINS))
