# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# UNITY=1 compiles the sources of a folder as one unit, which includes them all: two thirds of the
# time that a source takes are the headers, and these are read once. It is for builds from nothing;
# after a change a unit takes longer than its one source. Within a folder no two sources may have a
# name of their own that is the same.

# The version is given to its source alone, so that a new one compiles nothing else.
APART := lib/base/version.cpp

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

# Types that are not to be seen outside are seen in the sources after theirs, which GCC warns about.
$B/unity/%: UNIT_FLAGS = -iquote . $(if $(findstring clang,$(CXX)),,-Wno-subobject-linkage)
$B/unity/%.o: $B/unity/%.cpp
	@mkdir -p $(@D)
	@echo 'C++  $(*:%/unit=%)'
	@$(COMPILE) $(UNIT_FLAGS) -c -o $@ $<
