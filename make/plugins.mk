# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The plug-ins that the tests load: `make test-plugins`. tests/plugins/README.md says what each is
# for. They are position independent and export nothing but their entry points.

PLUGIN_DIR := $B/tests/plugins
PLUGIN_EXPORTS := tests/plugins/exports.map
PLUGIN_LDFLAGS := -shared -Wl,-z,defs -Wl,--gc-sections -Wl,--version-script,$(PLUGIN_EXPORTS)
PLAIN_SYNTHS := $(PLUGIN_DIR)/plain_synth.so $(PLUGIN_DIR)/plain_synth_chunks.so
TEST_PLUGINS := $(PLAIN_SYNTHS)

.PHONY: test-plugins
test-plugins: $(TEST_PLUGINS)

PLUGIN_OBJECTS := $(addprefix $(PLUGIN_DIR)/,plain_synth.o plain_synth_chunks.o \
	plain_programs.o plain_voices.o)
$(PLUGIN_DIR)/plain_synth_chunks.o: PLUGIN_CPPFLAGS := -DCHUNKS=1
$(PLUGIN_DIR)/plain_synth_chunks.o: tests/plugins/plain_synth.cpp
$(filter-out %/plain_synth_chunks.o,$(PLUGIN_OBJECTS)): $(PLUGIN_DIR)/%.o: tests/plugins/%.cpp

$(PLUGIN_OBJECTS):
	@mkdir -p $(@D)
	@echo 'C++  $(@:$B/%.o=%)'
	@$(CXX) $(OUR_CXXFLAGS) -fPIC -fvisibility=hidden -Wno-cpp -isystem $(VST2) $(PLUGIN_CPPFLAGS) \
		-c -o $@ $(filter %.cpp,$^)

$(PLAIN_SYNTHS): %.so: %.o $(PLUGIN_DIR)/plain_programs.o $(PLUGIN_DIR)/plain_voices.o \
		$(PLUGIN_EXPORTS)
	@echo 'LINK $(@F)'
	@$(CXX) $(CXXFLAGS) $(LDFLAGS) $(PLUGIN_LDFLAGS) -o $@ $(filter %.o,$^)

-include $(PLUGIN_OBJECTS:.o=.d)
