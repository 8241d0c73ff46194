# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The plug-ins that the tests load: `make test-plugins`. tests/plugins/README.md says what each is
# for. They are position independent and export nothing but their entry points.

PLUGIN_DIR := $B/tests/plugins
PLUGIN_EXPORTS := tests/plugins/exports.map
PLUGIN_LDFLAGS := -shared -Wl,-z,defs,--gc-sections,--as-needed -Wl,--version-script,$(PLUGIN_EXPORTS)
PLAIN_SYNTHS := $(PLUGIN_DIR)/plain_synth.so $(PLUGIN_DIR)/plain_synth_chunks.so
MACRO_SYNTH := $(PLUGIN_DIR)/MacroSynth.vst3/Contents/$(shell uname -m)-linux/MacroSynth.so
ECHO_EFFECT := $(PLUGIN_DIR)/EchoEffect.vst3/Contents/$(shell uname -m)-linux/EchoEffect.so
BALLAST_SYNTH := $(PLUGIN_DIR)/plain_synth_ballast.so
FAULT_SYNTH := $(PLUGIN_DIR)/fault_synth.so
FAULT_VST3 := $(PLUGIN_DIR)/FaultSynth.vst3/Contents/$(shell uname -m)-linux/FaultSynth.so
FAULT_LV2 := $(PLUGIN_DIR)/FaultSynth.lv2/manifest.ttl
CORNERS_LV2 := $(PLUGIN_DIR)/Corners.lv2/Corners.so
BARE_PLUGINS := $(addprefix $(PLUGIN_DIR)/,gain_effect.so measured_effect.so leftovers.so shared_leftovers.so intruder.so)
TEST_PLUGINS := $(PLAIN_SYNTHS) $(MACRO_SYNTH) $(ECHO_EFFECT) $(FAULT_SYNTH) $(FAULT_VST3) $(FAULT_LV2) \
	$(CORNERS_LV2) $(BARE_PLUGINS)

.PHONY: test-plugins
test-plugins: $(TEST_PLUGINS)

# The plug-ins that `make bench` loads.
.PHONY: bench-plugins
bench-plugins: $(BALLAST_SYNTH) $(MACRO_SYNTH) $(ECHO_EFFECT)

# The part of lib/ that reads Serum's states comes from the archive of the tools.
PLAIN_OBJECTS := $(addprefix $(PLUGIN_DIR)/,plain_programs.o plain_voices.o)
PLAIN_FACES := $(PLAIN_SYNTHS:.so=.o)
BALLAST_OBJECT := $(PLUGIN_DIR)/ballast.o
MACRO_OBJECTS := $(addprefix $(PLUGIN_DIR)/,macro_synth.o macro_voices.o macro_state.o)
ECHO_OBJECTS := $(PLUGIN_DIR)/echo_effect.o
FAULT_OBJECTS := $(addprefix $(PLUGIN_DIR)/,fault_core.o fault_synth.o)
CORNERS_OBJECTS := $(addprefix $(PLUGIN_DIR)/,corners.o shown_corners.o)
PLUGIN_OBJECTS := $(PLAIN_FACES) $(PLAIN_OBJECTS) $(BALLAST_OBJECT) $(MACRO_OBJECTS) \
	$(ECHO_OBJECTS) $(FAULT_OBJECTS) $(CORNERS_OBJECTS)

$(PLAIN_FACES): PLUGIN_CPPFLAGS := -Wno-cpp -isystem $(VST2)
$(PLUGIN_DIR)/plain_synth_chunks.o: PLUGIN_CPPFLAGS += -DCHUNKS=1
$(PLUGIN_DIR)/macro_synth.o: PLUGIN_CPPFLAGS = $(MACRO_CPPFLAGS)
$(ECHO_OBJECTS): PLUGIN_CPPFLAGS = $(ECHO_CPPFLAGS)
$(PLUGIN_DIR)/fault_synth.o: PLUGIN_CPPFLAGS = $(FAULT_CPPFLAGS)
$(CORNERS_OBJECTS): PLUGIN_CPPFLAGS = $(JUCE_CPPFLAGS)

$(PLAIN_FACES): tests/plugins/plain_synth.cpp
$(PLAIN_OBJECTS) $(BALLAST_OBJECT) $(MACRO_OBJECTS) $(ECHO_OBJECTS) $(FAULT_OBJECTS) \
	$(CORNERS_OBJECTS): \
	$(PLUGIN_DIR)/%.o: tests/plugins/%.cpp

PLUGIN_COMPILE = $(CXX) $(OUR_CXXFLAGS) -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections \
	$(PLUGIN_CPPFLAGS) $(USER_FLAGS)
PLUGIN_LINK = $(CXX) $(OPTIMISE) $(PLUGIN_LDFLAGS) $(USER_FLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(PLUGIN_OBJECTS) $(TEST_PLUGINS) $(BALLAST_SYNTH): $B/flags/plugins
$(PLUGIN_OBJECTS):
	@mkdir -p $(@D)
	@echo 'C++  $(@:$B/%.o=%)'
	@$(PLUGIN_COMPILE) -c -o $@ $(firstword $(filter %.cpp,$^))

$(BALLAST_SYNTH): $(PLUGIN_DIR)/plain_synth.o $(PLAIN_OBJECTS) $(BALLAST_OBJECT) $(PLUGIN_EXPORTS)
$(PLAIN_SYNTHS): %.so: %.o $(PLAIN_OBJECTS) $(PLUGIN_EXPORTS)
$(PLAIN_SYNTHS) $(BALLAST_SYNTH):
	@echo 'LINK $(@F)'
	@$(PLUGIN_LINK)

# As make_vst2 in tests/helper.bash compiles the others.
$(BARE_PLUGINS): $(PLUGIN_DIR)/%.so: tests/plugins/%.cpp tests/plugins/bare_vst2.h
	@mkdir -p $(@D)
	@echo 'LINK $(@F)'
	@$(CXX) -w -std=c++20 -shared -fPIC -MMD -MP -MF $(@:.so=.d) -MT $@ -Ilib -Itests/plugins \
		-include bare_vst2.h $(USER_FLAGS) $(LDFLAGS) -o $@ $<

# JUCE's clients are compiled for each plug-in, with macros that describe it.
MACRO_CPPFLAGS = -include tests/plugins/plugin_defines.h $(JUCE_CPPFLAGS)
ECHO_CPPFLAGS = -include tests/plugins/echo_defines.h -Itests/plugins $(JUCE_CPPFLAGS)
FAULT_CPPFLAGS = -include tests/plugins/fault_defines.h -Itests/plugins $(JUCE_CPPFLAGS)
# The VST3 client is compiled with the plug-in's own source, since most of the time of either are
# JUCE's headers. None of the three calculates long enough for -O2 to show.
VST3_CLIENT := -Wno-cpp -include $(JUCE)/juce_audio_plugin_client/juce_audio_plugin_client_VST3.cpp
VST3_OBJECTS := $(addprefix $(PLUGIN_DIR)/,macro_synth.o echo_effect.o fault_synth.o)
$(VST3_OBJECTS): PLUGIN_CPPFLAGS += $(VST3_CLIENT)
$(VST3_OBJECTS): OPTIMISE := $(if $(OPTIMISE),-O0 -g1)
$(VST3_OBJECTS): tests/plugins/plugin_defines.h
# Up to JUCE 7, there is a unit that all clients share. That of the fault synth, which has all of them,
# has what the others need.
CLIENT_UTILS := $(if $(wildcard $(JUCE)/juce_audio_plugin_client/*_client_utils.cpp),\
	$(PLUGIN_DIR)/fault/juce_audio_plugin_client_utils.o)
FAULT_CLIENT_OBJECTS := $(PLUGIN_DIR)/fault/juce_audio_plugin_client_LV2.o $(CLIENT_UTILS)
FAULT_VST2_CLIENT := $(PLUGIN_DIR)/fault_vst2_client.o

$(FAULT_CLIENT_OBJECTS): $(PLUGIN_DIR)/fault/%.o: $(JUCE)/juce_audio_plugin_client/%.cpp
$(FAULT_VST2_CLIENT): tests/plugins/fault_vst2_client.cpp tests/plugins/fault_core.h
$(FAULT_CLIENT_OBJECTS) $(FAULT_VST2_CLIENT): CLIENT_CPPFLAGS = $(FAULT_CPPFLAGS)
$(FAULT_CLIENT_OBJECTS) $(FAULT_VST2_CLIENT): tests/plugins/fault_defines.h \
	tests/plugins/JuceLV2Defines.h

CLIENT_COMPILE = $(CXX) -std=c++20 $(ROOM) -O0 -w -fPIC -fvisibility=hidden -ffunction-sections \
	-fdata-sections $(CLIENT_CPPFLAGS) $(USER_FLAGS)
CLIENT_OBJECTS := $(FAULT_CLIENT_OBJECTS) $(FAULT_VST2_CLIENT)
$(CLIENT_OBJECTS): $B/flags/plugins
$(CLIENT_OBJECTS):
	@mkdir -p $(@D)
	@echo 'JUCE $(@:$(PLUGIN_DIR)/%.o=%)'
	@$(CLIENT_COMPILE) -c -o $@ $(filter %.cpp,$^)

$(MACRO_SYNTH): $(MACRO_OBJECTS) $(CLIENT_UTILS) $B/libpatchpipe.a $B/libjuce.a \
		$(PLUGIN_EXPORTS)
	@mkdir -p $(@D)
	@echo 'LINK $(@F)'
	@$(PLUGIN_LINK) \
		-lzstd -lcbor -lsimdjson -lmd $(JUCE_LIBS)

$(ECHO_EFFECT): $(ECHO_OBJECTS) $(CLIENT_UTILS) $B/libjuce.a $(PLUGIN_EXPORTS)
	@mkdir -p $(@D)
	@echo 'LINK $(@F)'
	@$(PLUGIN_LINK) \
		$(JUCE_LIBS)

# One binary with the entry points of all three formats; the VST3 and the LV2 are folders with a
# copy.
$(FAULT_SYNTH): $(FAULT_OBJECTS) $(FAULT_VST2_CLIENT) $(FAULT_CLIENT_OBJECTS) $B/libjuce.a \
		$(PLUGIN_EXPORTS)
	@echo 'LINK $(@F)'
	@$(PLUGIN_LINK) \
		$(JUCE_LIBS)

$(FAULT_VST3): $(FAULT_SYNTH)
	@mkdir -p $(@D)
	@cp --remove-destination $< $@

# JUCE's client writes the description files of an LV2 when a program asks it to. That program's
# name differs between JUCE 7 and JUCE 8.
LV2_DUMP := $(PLUGIN_DIR)/lv2_turtle_dump
$(LV2_DUMP): $(wildcard $(addprefix $(JUCE)/juce_audio_plugin_client/LV2/juce_LV2,\
		TurtleDumpProgram.cpp ManifestHelper.cpp)) $B/flags/plugins
	@mkdir -p $(@D)
	@echo 'JUCE $(@F)'
	@$(CXX) -std=c++20 -O1 -w $(USER_FLAGS) $(LDFLAGS) -o $@ $< -ldl

$(FAULT_LV2): $(FAULT_SYNTH) $(LV2_DUMP)
	@mkdir -p $(@D)
	@cp --remove-destination $< $(@D)/FaultSynth.so
	@env -u FAULT_ON_LOAD -u DISPLAY $(abspath $(LV2_DUMP)) $(abspath $(@D))/FaultSynth.so

$(CORNERS_LV2): $(CORNERS_OBJECTS) $(wildcard tests/plugins/corners.lv2/*.ttl) $(PLUGIN_EXPORTS)
	@mkdir -p $(@D)
	@echo 'LINK $(@F)'
	@cp $(filter %.ttl,$^) $(@D)
	@$(PLUGIN_LINK)

-include $(PLUGIN_OBJECTS:.o=.d) $(BARE_PLUGINS:.so=.d)
