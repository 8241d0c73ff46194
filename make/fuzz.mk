# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The fuzz targets: tests/fuzz/NAME.cpp becomes build/fuzz/NAME, with libFuzzer around it. The parts
# of lib/ that they need are compiled again, with the sanitizers; JUCE and other libraries are used
# as they are.

FUZZ_CXX ?= clang++
FUZZ_CHECKS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_TARGETS := $(patsubst tests/fuzz/%.cpp,$B/fuzz/%,$(wildcard tests/fuzz/*.cpp))
FUZZ_SOURCES := $(wildcard $(patsubst %,lib/%/*.cpp,base file record preset serum lv2 catalog names convert)) \
	$(wildcard lib/midi/*.cpp lib/audio/*.cpp) lib/cli/number_list.cpp \
	$(addprefix lib/isolation/,channel.cpp child.cpp closed_child.cpp descriptor_message.cpp last_words.cpp \
		memory_limit.cpp protocol.cpp sandbox.cpp system_calls.cpp) \
	$(addprefix lib/plugin/,elf_file.cpp unloading.cpp) lib/logic/canary.cpp lib/juce/lv2_state.cpp \
	$(addprefix lib/job/,render_job.cpp parameter_settings.cpp parameter_finder.cpp) \
	$(addprefix lib/render/,score.cpp hand_over.cpp) lib/play/read_event.cpp \
	lib/reload/comparison.cpp lib/shell/shell_state.cpp $(wildcard lib/song/*.cpp) \
	$(addprefix lib/faust/,control_values.cpp expressions.cpp expression_table.cpp compile_error.cpp \
		source_files.cpp error_column.cpp)
# Targets put functions of their own in the place of some of Faust's, so these stay apart.
FUZZ_FAUST := $(filter lib/faust/%,$(FUZZ_SOURCES))
FUZZ_UNITED := $(filter-out $(FUZZ_FAUST),$(FUZZ_SOURCES))
FUZZ_LIB_OBJECTS := $(call objects_of,$(FUZZ_UNITED),$B/fuzz) $(FUZZ_FAUST:%.cpp=$B/fuzz/%.o)
$(eval $(call UNITS,$(FUZZ_UNITED),$B/fuzz))
FUZZ_TARGET_OBJECTS := $(FUZZ_TARGETS:$B/fuzz/%=$B/fuzz/targets/%.o)
FUZZ_OBJECTS := $(FUZZ_LIB_OBJECTS) $(FUZZ_TARGET_OBJECTS)

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS)

$(FUZZ_OBJECTS): ROOM :=
$(FUZZ_OBJECTS): HARDENING :=
$(FUZZ_OBJECTS): FORTIFY :=
$(FUZZ_OBJECTS): VECTORISE :=
# More takes a third longer to compile with the sanitizers' checks, and a unit three times as long
# with any at all.
FUZZ_OPTIMISE := $(if $(OPTIMISE),$(if $(UNITY),-O0,-O1) -g1)
$(FUZZ_OBJECTS): OPTIMISE := $(FUZZ_OPTIMISE)
FUZZ_COMPILE = $(FUZZ_CXX) $(OUR_CXXFLAGS) -Itests -fsanitize=fuzzer-no-link $(FUZZ_CHECKS) $(USER_FLAGS)
# lld links them in a quarter of the time.
FUZZ_LINKER := $(if $(shell command -v ld.lld),-fuse-ld=lld)
FUZZ_LINK = $(FUZZ_CXX) $(FUZZ_LINKER) -fsanitize=fuzzer $(FUZZ_CHECKS) -Wl,--gc-sections,--as-needed \
	$(USER_FLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) $(LDLIBS)

$(FUZZ_OBJECTS) $(FUZZ_TARGETS): $B/flags/fuzz
$(filter-out $B/fuzz/unity/%,$(FUZZ_LIB_OBJECTS)): $B/fuzz/%.o: %.cpp
$(filter $B/fuzz/unity/%,$(FUZZ_LIB_OBJECTS)): %.o: %.cpp
$B/fuzz/unity/%: FUZZ_CHECKS += -iquote .
$(FUZZ_TARGET_OBJECTS): $B/fuzz/targets/%.o: tests/fuzz/%.cpp

$(FUZZ_OBJECTS):
	@mkdir -p $(@D)
	@echo 'FUZZ $(@:$B/fuzz/%.o=%)'
	@$(FUZZ_COMPILE) -c -o $@ $(firstword $(filter %.cpp,$^))

$B/fuzz/libpatchpipe.a: $(FUZZ_LIB_OBJECTS) $B/flags/fuzz-archive
	@rm -f $@
	@ar rcs $@ $(FUZZ_LIB_OBJECTS)

$(FUZZ_TARGETS): $B/fuzz/%: $B/fuzz/targets/%.o $B/fuzz/libpatchpipe.a $(PLAIN)/libjuce.a
	@echo 'LINK $*'
	@$(FUZZ_LINK)

-include $(FUZZ_OBJECTS:.o=.d)
