# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# UNITY=1 compiles the sources of a folder as one unit, which includes them all: two thirds of the
# time that a source takes are the headers, and these are read once. It is for builds from nothing;
# after a change a unit takes longer than its one source. Within a folder no two sources may have a
# name of their own that is the same. A folder that was built before is built in the same way again,
# unless the user says UNITY=1 or UNITY= himself.
WAY := $(firstword $(wildcard $B/flags/way $(PLAIN)/flags/way))
UNITY ?= $(if $(WAY),$(file <$(WAY)))
override UNITY := $(filter-out no 0,$(UNITY))
COMMAND_way = $(or $(UNITY),no)
all: $B/flags/way

# The version is given to its source alone, so that a new one compiles nothing else. The linker takes
# a whole unit from the archive for one of its functions, and with it the libraries of the others, of
# which libsndfile alone makes a filter start a third slower. So these are apart: the names of audio
# formats, hashes, and the function that lib/faust puts in the place of one that JUCE calls.
APART := lib/base/version.cpp lib/base/md5.cpp lib/file/content_hash.cpp lib/audio/audio_format.cpp \
	lib/faust/library.cpp

# objects_of SOURCES,FOLDER: the objects to compile into that folder.
ifeq ($(UNITY),)
objects_of = $(1:%.cpp=$2/%.o)
else
united = $(filter-out $(APART),$1)
folders_of = $(sort $(patsubst %/,%,$(dir $1)))
objects_of = $(addprefix $2/unity/,$(addsuffix /unit.o,$(call folders_of,$(call united,$1)))) \
	$(patsubst %.cpp,$2/%.o,$(filter $(APART),$1))
endif

# $(eval $(call UNITS,SOURCES,FOLDER)): the rules for the units' text, which is written anew when the
# list of the sources differs.
define UNITS
$(if $(UNITY),$(foreach f,$(call folders_of,$(call united,$1)),$(call UNIT,$2/unity/$f/unit.cpp,$(filter $f/%,$(call united,$1)))))
endef
define UNIT
COMMAND_units/$(1:$B/%=%) := $2
UNIT_FLAG_FILES += $B/flags/units/$(1:$B/%=%)
$1: $B/flags/units/$(1:$B/%=%)
	@mkdir -p $$(@D)
	@printf '#include "%s"\n' $2 >$$@

endef

# GCC reads the standard library's headers, most of a tool's time, faster from one file. Not for
# lib/: what GCC inlines from such a file, it warns about as if it were ours.
STANDARD := algorithm array chrono cstddef cstdint filesystem functional map memory optional set span \
	string string_view unordered_map utility vector
STANDARD_HEADER := $(if $(UNITY),$(if $(findstring clang,$(CXX)),,$B/unity/standard.h))
# $(eval $(call WITH_STANDARD,OBJECTS))
define WITH_STANDARD
$1: $(STANDARD_HEADER:%=%.gch)
$1: UNIT_FLAGS = $(STANDARD_HEADER:%=-include %)
endef
$B/unity/standard.h.gch: private UNIT_FLAGS :=
$B/unity/standard.h.gch: private FOLDER_FLAGS = $(FLAGS_tools)
$B/unity/standard.h.gch: $B/flags/tools
	@mkdir -p $(@D)
	@echo 'C++  standard headers'
	@printf '#include <%s>\n' $(STANDARD) >$(@:.gch=)
	@$(COMPILE) -x c++-header -o $@ $(@:.gch=)

# Types that are not to be seen outside are seen in the sources after theirs, which GCC warns about.
$B/unity/%.o: UNIT_FLAGS = -iquote . $(if $(findstring clang,$(CXX)),,-Wno-subobject-linkage)
$B/unity/%.o: $B/unity/%.cpp
	@mkdir -p $(@D)
	@echo 'C++  $(*:%/unit=%)'
	@$(COMPILE) -c -o $@ $<
