# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The plug-ins that the tests load: `make test-plugins`. tests/plugins/README.md says what each is
# for. They are position independent and export nothing but their entry points.

PLUGIN_DIR := $B/tests/plugins
PLUGIN_EXPORTS := tests/plugins/exports.map
PLUGIN_LDFLAGS := -shared -Wl,-z,defs -Wl,--gc-sections -Wl,--version-script,$(PLUGIN_EXPORTS)
PLAIN_SYNTHS := $(PLUGIN_DIR)/plain_synth.so $(PLUGIN_DIR)/plain_synth_chunks.so
MACRO_SYNTH := $(PLUGIN_DIR)/MacroSynth.vst3/Contents/$(shell uname -m)-linux/MacroSynth.so
TEST_PLUGINS := $(PLAIN_SYNTHS) $(MACRO_SYNTH)

.PHONY: test-plugins
test-plugins: $(TEST_PLUGINS)

# Ours, and the part of lib/ that reads Serum's states: the tools' own objects are not PIC.
PLAIN_OBJECTS := $(addprefix $(PLUGIN_DIR)/,plain_programs.o plain_voices.o)
PLAIN_FACES := $(PLAIN_SYNTHS:.so=.o)
MACRO_OBJECTS := $(addprefix $(PLUGIN_DIR)/,macro_synth.o macro_voices.o macro_state.o)
MACRO_LIB_OBJECTS := $(addprefix $(PLUGIN_DIR)/lib/,preset/cbor.o preset/hex.o preset/md5.o \
	preset/xferjson.o record/error.o record/json.o record/record.o)
PLUGIN_OBJECTS := $(PLAIN_FACES) $(PLAIN_OBJECTS) $(MACRO_OBJECTS) $(MACRO_LIB_OBJECTS)

$(PLAIN_FACES): PLUGIN_CPPFLAGS := -Wno-cpp -isystem $(VST2)
$(PLUGIN_DIR)/plain_synth_chunks.o: PLUGIN_CPPFLAGS += -DCHUNKS=1
$(PLUGIN_DIR)/macro_synth.o: PLUGIN_CPPFLAGS = $(MACRO_CPPFLAGS)

$(PLAIN_FACES): tests/plugins/plain_synth.cpp
$(PLAIN_OBJECTS) $(MACRO_OBJECTS): $(PLUGIN_DIR)/%.o: tests/plugins/%.cpp
$(MACRO_LIB_OBJECTS): $(PLUGIN_DIR)/lib/%.o: lib/%.cpp

$(PLUGIN_OBJECTS):
	@mkdir -p $(@D)
	@echo 'C++  $(@:$B/%.o=%)'
	@$(CXX) $(OUR_CXXFLAGS) -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections \
		$(PLUGIN_CPPFLAGS) -c -o $@ $(filter %.cpp,$^)

$(PLAIN_SYNTHS): %.so: %.o $(PLAIN_OBJECTS) $(PLUGIN_EXPORTS)
	@echo 'LINK $(@F)'
	@$(CXX) $(CXXFLAGS) $(LDFLAGS) $(PLUGIN_LDFLAGS) -o $@ $(filter %.o,$^)

# JUCE's client for VST3 is two sources, compiled for this plug-in alone.
MACRO_CPPFLAGS = -include tests/plugins/plugin_defines.h $(JUCE_CPPFLAGS)
JUCE_CLIENT_OBJECTS := $(addprefix $(PLUGIN_DIR)/juce_audio_plugin_client_,VST3.o utils.o)
$(JUCE_CLIENT_OBJECTS): $(PLUGIN_DIR)/%.o: $(JUCE)/juce_audio_plugin_client/%.cpp \
		tests/plugins/plugin_defines.h
	@mkdir -p $(@D)
	@echo 'JUCE $(*F)'
	@$(CXX) -std=c++20 -O1 -w -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections \
		$(MACRO_CPPFLAGS) -c -o $@ $<

$(MACRO_SYNTH): $(MACRO_OBJECTS) $(MACRO_LIB_OBJECTS) $(JUCE_CLIENT_OBJECTS) $B/libjuce.a \
		$(PLUGIN_EXPORTS)
	@mkdir -p $(@D)
	@echo 'LINK $(@F)'
	@$(CXX) $(CXXFLAGS) $(LDFLAGS) $(PLUGIN_LDFLAGS) -o $@ $(filter %.o %.a,$^) \
		-Wl,--as-needed -lzstd -lcbor -lsimdjson -lmd $(JUCE_LIBS)

-include $(PLUGIN_OBJECTS:.o=.d)
