# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Compiles JUCE once into build/libjuce.a, from the modules that Debian packages. It is position
# independent, so that the tools and the test plug-ins share it. Its only prerequisites of ours are
# the VST2 header and the flags, so changes to our code do not build it again.

JUCE_MODULES := juce_core juce_events juce_data_structures juce_graphics juce_gui_basics \
	juce_gui_extra juce_audio_basics juce_audio_processors
VST2 := lib/juce/vst2
JUCE_FORMATS := $(JUCE)/juce_audio_processors/format_types

JUCE_CPPFLAGS := -DLINUX=1 -DNDEBUG=1 -DJUCE_GLOBAL_MODULE_SETTINGS_INCLUDED=1 \
	-DJUCE_USE_CURL=0 -DJUCE_WEB_BROWSER=0 -DJUCE_DISPLAY_SPLASH_SCREEN=0 \
	-DJUCE_PLUGINHOST_VST=1 -DJUCE_PLUGINHOST_VST3=1 -DJUCE_PLUGINHOST_LV2=1 \
	-DJUCE_MODAL_LOOPS_PERMITTED=1 \
	$(addprefix -D,$(foreach m,$(JUCE_MODULES),JUCE_MODULE_AVAILABLE_$(m)=1)) \
	-I$(VST2) -isystem $(JUCE) $(addprefix -isystem $(JUCE_FORMATS)/,VST3_SDK LV2_SDK LV2_SDK/lv2 \
	LV2_SDK/lilv LV2_SDK/lilv/src LV2_SDK/serd LV2_SDK/sord LV2_SDK/sord/src \
	LV2_SDK/sord/src/zix LV2_SDK/sratom) $(shell pkg-config --cflags freetype2)
JUCE_LIBS := -lfreetype -lpng -ljpeg -lz -ldl -lrt -lpthread
# From JUCE 8 on, fontconfig finds fonts, and HarfBuzz and SheenBidi are units of their own.
JUCE_TEXT_UNITS := $(wildcard $(addprefix $(JUCE)/juce_graphics/,juce_graphics_Harfbuzz.cpp \
	juce_graphics_Sheenbidi.c))
JUCE_LIBS += $(if $(JUCE_TEXT_UNITS),-lfontconfig)

# The two units that take longest start first.
JUCE_LONGEST := $(JUCE)/juce_gui_basics/juce_gui_basics.cpp \
	$(JUCE)/juce_audio_processors/juce_audio_processors.cpp
JUCE_UNITS := $(foreach m,$(JUCE_MODULES),$(JUCE)/$m/$m.cpp) \
	$(JUCE)/juce_audio_processors/juce_audio_processors_lv2_libs.cpp \
	$(JUCE_TEXT_UNITS)
JUCE_SOURCES := $(JUCE_LONGEST) $(filter-out $(JUCE_LONGEST),$(JUCE_UNITS))
JUCE_OBJECTS := $(patsubst $(JUCE)/%,$(PLAIN)/juce/%.o,$(basename $(JUCE_SOURCES)))
JUCE_FLAGS := -w $(SAME_PATHS) $(HARDENING) $(FORTIFY_ALWAYS) -fPIC -fvisibility=hidden \
	-ffunction-sections -fdata-sections $(JUCE_CPPFLAGS) -DJUCE_STANDALONE_APPLICATION=1

# Only what works on samples need be fast, and windows least of all; each step takes a third longer
# to compile than the one before.
JUCE_OPTIMISE = $(if $(filter juce_audio_basics,$(*F)),-O2,$(if $(filter juce_gui_%,$(*F)),-O0,-O1))

JUCE_COMPILE = $(CXX) -std=c++20 $(ROOM) $(JUCE_OPTIMISE) $(JUCE_FLAGS) $(USER_FLAGS)
JUCE_COMPILE_C = $(CC) $(JUCE_OPTIMISE) $(JUCE_FLAGS) $(CPPFLAGS) $(CFLAGS)

$(JUCE_OBJECTS): $(wildcard $(VST2)/pluginterfaces/vst2.x/*.h) $(PLAIN)/flags/juce
$(PLAIN)/juce/%.o: $(JUCE)/%.cpp
	@mkdir -p $(@D)
	@echo 'JUCE $(*F)'
	@$(JUCE_COMPILE) -c -o $@ $<
$(PLAIN)/juce/%.o: $(JUCE)/%.c
	@mkdir -p $(@D)
	@echo 'JUCE $(*F)'
	@$(JUCE_COMPILE_C) -c -o $@ $<

# Of functions that several units have, the linker takes the first: not those of the windows.
JUCE_WINDOWS := $(filter %/juce_gui_basics.o %/juce_gui_extra.o,$(JUCE_OBJECTS))
$(PLAIN)/libjuce.a: $(JUCE_OBJECTS)
	@rm -f $@
	@ar rcs $@ $(filter-out $(JUCE_WINDOWS),$^) $(JUCE_WINDOWS)
