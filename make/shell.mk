# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# patchpipe-shell: an instrument and an effect, each as VST3 and LV2 in one binary, of which the
# bundles have a copy. JUCE's client is compiled for each of the two, our own sources once; lib/ and
# JUCE come from the archives of the tools.

SHELL_DIR := $B/shell
SHELL_BINARIES := $(SHELL_NAMES:%=$(SHELL_DIR)/%.so)
shell_vst3 = $B/plugins/$(filter vst3/$1.vst3/%,$(PLUGINS))
# What JUCE's client writes last.
shell_lv2 = $B/plugins/lv2/$1.lv2/manifest.ttl
SHELL_PLUGINS := $(foreach n,$(SHELL_NAMES),$(call shell_vst3,$n) $(call shell_lv2,$n))

all: $(SHELL_PLUGINS)

.PHONY: shell
shell: $(SHELL_PLUGINS)

# 0.1.0 as 0x100.
SHELL_VERSION_CODE := $(shell printf '0x%x%02x%02x' $(subst ., ,$(VERSION)))
SHELL_CPPFLAGS = -Ishell $(JUCE_CPPFLAGS)
shell_defines = -include shell/plugin_defines.h \
	-DPATCHPIPE_SHELL_EFFECT=$(if $(findstring effect,$1),1,0) \
	-DPATCHPIPE_SHELL_VERSION='"$(VERSION)"' -DPATCHPIPE_SHELL_VERSION_CODE=$(SHELL_VERSION_CODE)

# Of the kinds of plug-ins it opens those that it carries.
CODE_OPENERS := $(filter $B/lib/logic/% $B/lib/faust/%,$(OPENER_OBJECTS))
SHELL_SOURCES := $(filter-out shell/identity.cpp,$(wildcard shell/*.cpp))
SHELL_OBJECTS := $(call objects_of,$(SHELL_SOURCES),$B)
$(eval $(call UNITS,$(SHELL_SOURCES),$B))
SHELL_IDENTITY_OBJECTS := $(SHELL_NAMES:%=$(SHELL_DIR)/%/identity.o)
shell_client_objects = $(addprefix $(SHELL_DIR)/$1/juce_audio_plugin_client_,VST3.o LV2.o)
# Up to JUCE 7, there is a unit that all clients share, and it is the same in both plug-ins.
SHELL_UTILS := $(if $(wildcard $(JUCE)/juce_audio_plugin_client/*_client_utils.cpp),\
	$(SHELL_DIR)/juce_audio_plugin_client_utils.o)
SHELL_CLIENT_OBJECTS := $(foreach n,$(SHELL_NAMES),$(call shell_client_objects,$n)) $(SHELL_UTILS)

SHELL_COMPILE = $(CXX) $(OUR_CXXFLAGS) -Wno-cpp $(LIBRARY_FLAGS) -ffunction-sections -fdata-sections \
	$(SHELL_CPPFLAGS) $(SHELL_DEFINES) $(UNIT_FLAGS) $(USER_FLAGS)
SHELL_CLIENT_COMPILE = $(CXX) -std=c++20 $(ROOM) -O1 -w $(SAME_PATHS) $(LIBRARY_FLAGS) -ffunction-sections \
	-fdata-sections $(SHELL_CPPFLAGS) $(SHELL_DEFINES) $(USER_FLAGS)
SHELL_LINK = $(CXX) $(OPTIMISE) -shared -Wl,-z,defs,-z,relro,-z,now,--gc-sections,--as-needed \
	-Wl,--version-script,shell/exports.map $(USER_FLAGS) $(LDFLAGS) -o $@ \
	-Wl,--start-group $(filter %.o %.a,$^) -Wl,--end-group $(LIBS) $(LDLIBS)

$(SHELL_OBJECTS) $(SHELL_IDENTITY_OBJECTS) $(SHELL_CLIENT_OBJECTS) $(SHELL_BINARIES): $B/flags/shell
$(SHELL_BINARIES): $B/flags/shell-objects

$(filter-out $B/unity/%,$(SHELL_OBJECTS)): $B/%.o: %.cpp
$(filter $B/unity/%,$(SHELL_OBJECTS)): %.o: %.cpp
$(SHELL_OBJECTS):
	@mkdir -p $(@D)
	@echo 'C++  $(patsubst $B/%.o,%,$@)'
	@$(SHELL_COMPILE) -c -o $@ $(firstword $(filter %.cpp,$^))

$(SHELL_IDENTITY_OBJECTS): $(SHELL_DIR)/%/identity.o: shell/identity.cpp shell/plugin_defines.h
	@mkdir -p $(@D)
	@echo 'C++  $*/identity'
	@$(SHELL_COMPILE) -c -o $@ $<

$(SHELL_UTILS): SHELL_DEFINES = $(call shell_defines,$(firstword $(SHELL_NAMES)))
$(SHELL_UTILS): $(SHELL_DIR)/%.o: $(JUCE)/juce_audio_plugin_client/%.cpp shell/plugin_defines.h
	@mkdir -p $(@D)
	@echo 'JUCE shell/$*'
	@$(SHELL_CLIENT_COMPILE) -c -o $@ $<

define SHELL_PLUGIN
$(SHELL_DIR)/$1/identity.o $(call shell_client_objects,$1): SHELL_DEFINES := $(call shell_defines,$1)
$(call shell_client_objects,$1): $(SHELL_DIR)/$1/%.o: $(JUCE)/juce_audio_plugin_client/%.cpp shell/plugin_defines.h
	@mkdir -p $$(@D)
	@echo 'JUCE $1/$$*'
	@$$(SHELL_CLIENT_COMPILE) -c -o $$@ $$<

$(SHELL_DIR)/$1.so: $(SHELL_DIR)/$1/identity.o $(call shell_client_objects,$1) $(SHELL_UTILS) $(SHELL_OBJECTS) \
		$(CODE_OPENERS) $B/libpatchpipe.a $B/libjuce.a shell/exports.map
	@echo 'LINK $1'
	@$$(SHELL_LINK)

$(call shell_vst3,$1): $(SHELL_DIR)/$1.so
	@mkdir -p $$(@D)
	@cp --remove-destination $$< $$@

# JUCE's client writes the description files when a program asks it to.
$(call shell_lv2,$1): $(SHELL_DIR)/$1.so $(SHELL_DIR)/turtle_dump
	@mkdir -p $$(@D)
	@cp --remove-destination $$< $$(@D)/$1.so
	@env -u DISPLAY -u PATCHPIPE_LOGIC $$(abspath $(SHELL_DIR)/turtle_dump) $$(abspath $$(@D)/$1.so)
endef
$(foreach n,$(SHELL_NAMES),$(eval $(call SHELL_PLUGIN,$n)))

# Its name differs between JUCE 7 and JUCE 8.
$(SHELL_DIR)/turtle_dump: $(wildcard $(addprefix $(JUCE)/juce_audio_plugin_client/LV2/juce_LV2,\
		TurtleDumpProgram.cpp ManifestHelper.cpp)) $B/flags/shell
	@mkdir -p $(@D)
	@echo 'JUCE $(@F)'
	@$(CXX) -std=c++20 -O1 -w $(USER_FLAGS) $(LDFLAGS) -o $@ $< -ldl

-include $(SHELL_OBJECTS:.o=.d) $(SHELL_IDENTITY_OBJECTS:.o=.d)
