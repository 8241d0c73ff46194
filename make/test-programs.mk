# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Small programs around a part of lib/ that no tool shows directly: tests/programs/NAME.cpp becomes
# build/tests/NAME, linked like a tool. tests/programs/preload/NAME.cpp becomes build/tests/NAME.so,
# for LD_PRELOAD. tests/kinds/KIND.cpp is a kind of plug-in, with which the tools that open plug-ins
# become build/tests/KIND/TOOL.

TEST_PROGRAMS := $(patsubst tests/programs/%.cpp,$B/tests/%,$(wildcard tests/programs/*.cpp))
TEST_PRELOADS := $(patsubst tests/programs/preload/%.cpp,$(PLAIN)/tests/%.so,\
	$(wildcard tests/programs/preload/*.cpp))
TEST_PROGRAM_OBJECTS := $(TEST_PROGRAMS:$B/tests/%=$B/tests/programs/%.o)
TEST_KINDS := $(patsubst tests/kinds/%.cpp,%,$(wildcard tests/kinds/*.cpp))
TEST_KIND_OBJECTS := $(TEST_KINDS:%=$B/tests/kinds/%.o)
TEST_KIND_TOOLS := $(foreach k,$(TEST_KINDS),$(HOSTS:%=$B/tests/$k/%))

.PHONY: test-programs
test-programs: $(TEST_PROGRAMS) $(TEST_PRELOADS) $(TEST_KIND_TOOLS)

PRELOAD_COMPILE := $(CXX) -std=c++20 -Wall -Wextra $(WERROR) -O2 -fPIC -shared $(USER_FLAGS) $(LDFLAGS)
$(TEST_PRELOADS): $(PLAIN)/tests/%.so: tests/programs/preload/%.cpp $(PLAIN)/flags/preloads
	@mkdir -p $(@D)
	@echo 'C++  $*'
	@$(PRELOAD_COMPILE) -o $@ $<

$(TEST_PROGRAM_OBJECTS) $(TEST_KIND_OBJECTS): $B/%.o: %.cpp $B/flags/tests/programs
	@mkdir -p $(@D)
	@echo 'C++  $*'
	@$(COMPILE) -c -o $@ $<
$(eval $(call WITH_STANDARD,$(TEST_PROGRAM_OBJECTS) $(TEST_KIND_OBJECTS)))

$B/tests/programs/midi-block.o: private OUR_CXXFLAGS += $(JUCE_CPPFLAGS)

$B/tests/shell: $(filter $B/lib/logic/% $B/lib/faust/%,$(OPENER_OBJECTS))
# The render loop sets the clock that plug-ins see.
$B/tests/render-loop: $(SHOWN_OBJECTS)
$(TEST_PROGRAMS): $B/tests/%: $B/tests/programs/%.o $B/libpatchpipe.a $(PLAIN)/libjuce.a $B/flags/link
	@echo 'LINK $*'
	@$(LINK)

# The fuzz targets with the parsers as they are built for use, all in one program, which the suite can
# afford, and in one unit, since most of a target's time are headers; make/fuzz.mk has those for `make
# fuzz`. A target that puts functions of its own in the place of some of lib/ is left out, since the
# archive has these too.
FUZZ_INPUTS := $(filter-out tests/fuzz/expressions.cpp,$(sort $(wildcard tests/fuzz/*.cpp)))
FUZZ_UNIT := $B/tests/fuzz/unit
FLAGS_fuzz = -Itests -iquote . -Wno-missing-declarations
$(FUZZ_UNIT).cpp: $B/flags/tests/fuzz
	@mkdir -p $(@D)
	@for name in $(basename $(notdir $(FUZZ_INPUTS))); do \
		printf '#undef %s\n#define %s try_%s\n#include "tests/fuzz/%s.cpp"\n' \
			LLVMFuzzerTestOneInput{,} "$${name//-/_}" "$$name"; \
	done >$@
$(FUZZ_UNIT).o: $(FUZZ_UNIT).cpp $B/flags/tests/programs
	@echo 'C++  fuzz'
	@$(COMPILE) -c -o $@ $<
$(eval $(call WITH_STANDARD,$(FUZZ_UNIT).o))
$B/tests/fuzz-inputs: $(FUZZ_UNIT).o
$B/tests/fuzz-inputs: private LDLIBS += -Wl,--export-dynamic-symbol=try_*

define KIND_TOOLS
$(HOSTS:%=$B/tests/$1/%): $B/tests/$1/%: $B/tests/kinds/$1.o $B/tools/%.o $(OPENER_OBJECTS) $(SHOWN_OBJECTS) \
		$B/libpatchpipe.a $(PLAIN)/libjuce.a $B/flags/link
	@mkdir -p $$(@D)
	@echo 'LINK $1/$$(@F)'
	@$$(LINK)
endef
$(foreach k,$(TEST_KINDS),$(eval $(call KIND_TOOLS,$k)))

-include $(FUZZ_UNIT).d $(TEST_PROGRAM_OBJECTS:.o=.d) $(TEST_KIND_OBJECTS:.o=.d)
