# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Small programs around a part of lib/ that no tool shows as it is: tests/programs/NAME.cpp becomes
# build/tests/NAME, linked like a tool. tests/programs/preload/NAME.cpp becomes build/tests/NAME.so,
# for LD_PRELOAD.

TEST_PROGRAMS := $(patsubst tests/programs/%.cpp,$B/tests/%,$(wildcard tests/programs/*.cpp))
TEST_PRELOADS := $(patsubst tests/programs/preload/%.cpp,$(PLAIN)/tests/%.so,\
	$(wildcard tests/programs/preload/*.cpp))
TEST_PROGRAM_OBJECTS := $(TEST_PROGRAMS:$B/tests/%=$B/tests/programs/%.o)

.PHONY: test-programs
test-programs: $(TEST_PROGRAMS) $(TEST_PRELOADS)

PRELOAD_COMPILE := $(CXX) -std=c++20 -Wall -Wextra $(WERROR) -O2 -fPIC -shared $(USER_FLAGS) $(LDFLAGS)
$(TEST_PRELOADS): $(PLAIN)/tests/%.so: tests/programs/preload/%.cpp $(PLAIN)/flags/preloads
	@mkdir -p $(@D)
	@echo 'C++  $*'
	@$(PRELOAD_COMPILE) -o $@ $<

$(TEST_PROGRAM_OBJECTS): $B/%.o: %.cpp $B/flags/tests/programs
	@mkdir -p $(@D)
	@echo 'C++  $*'
	@$(COMPILE) -c -o $@ $<

$B/tests/programs/midi-block.o: OUR_CXXFLAGS += $(JUCE_CPPFLAGS)

# The render loop sets the clock that plug-ins are shown.
$B/tests/render-loop: $(SHOWN_OBJECTS)
$(TEST_PROGRAMS): $B/tests/%: $B/tests/programs/%.o $B/libpatchpipe.a $(PLAIN)/libjuce.a $B/flags/link
	@echo 'LINK $*'
	@$(LINK)

-include $(TEST_PROGRAM_OBJECTS:.o=.d)
