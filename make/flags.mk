# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds again what changed flags concern. For each kind of command a file in build/flags holds the
# command with its flags. It is rewritten only when they differ, and everything that the command
# makes depends on it. A file that differs is made phony rather than written at once, so that "make
# -n" writes nothing.
#
# Some things are left out because they do not change a byte: the folder of the build, which
# -ffile-prefix-map removes from the objects, a cache in front of the compiler, its memory, and how fast
# the fuzz targets are linked.

FOLDERS := $(sort $(patsubst %/,%,$(dir $(OBJECTS:$B/%=%))))
$(foreach f,$(FOLDERS),$(eval $(filter $B/$f/%,$(OBJECTS)): $B/flags/$f))

FLAG_FILES := $(addprefix $B/flags/,$(FOLDERS) tests/programs tests/fuzz version archive link) \
	$(UNIT_FLAG_FILES) $B/flags/way $(addprefix $(PLAIN)/flags/,juce preloads) $(if $(SANITIZE),,$(addprefix $B/flags/,shell shell-objects plugins fuzz fuzz-archive))
COMMAND_version = $(VERSION) $(COMPILING_SOURCES)$(LEFT_OUT_WORDS)
COMMAND_tests/programs = $(COMPILE) $(FLAGS_juce) $(FLAGS_fuzz)
COMMAND_tests/fuzz = $(FUZZ_INPUTS)
COMMAND_archive = $(LIB_OBJECTS)
COMMAND_link = $(LINK) $(SHOW)
COMMAND_juce = $(JUCE_COMPILE) $(JUCE_COMPILE_C) $(JUCE_OBJECTS)
COMMAND_preloads = $(PRELOAD_COMPILE)
COMMAND_shell = $(SHELL_COMPILE) $(SHELL_CLIENT_COMPILE) $(SHELL_LINK) $(JUCE_CPPFLAGS) $(VERSION)
COMMAND_shell-objects = $(SHELL_OBJECTS)
COMMAND_plugins = $(PLUGIN_COMPILE) $(VST3_CLIENT) $(CLIENT_COMPILE) $(PLUGIN_LINK) $(JUCE_CPPFLAGS)
COMMAND_fuzz-archive = $(FUZZ_LIB_OBJECTS)
COMMAND_fuzz = $(FUZZ_COMPILE) $(FUZZ_OPTIMISE) $(FUZZ_LINK) $(FLAGS_audio) $(FLAGS_juce)

# A name without a COMMAND_ is that of a folder.
command = $(filter-out $(SAME_PATHS) $(ROOM) $(FUZZ_LINKER) ccache sccache distcc icecc,\
	$(or $(COMMAND_$1),$(COMPILE) $(FLAGS_$(notdir $1)) $(LIBRARY_FLAGS)))
differ = $(subst x$1,,x$2)$(subst x$2,,x$1)
$(foreach f,$(FLAG_FILES),$(eval NOW_$f := $$(call command,$$(lastword $$(subst /flags/, ,$f)))))

.PHONY: $(foreach f,$(FLAG_FILES),$(if $(call differ,$(NOW_$f),$(strip $(file <$f))),$f))
$(FLAG_FILES):
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(NOW_$@))' >$@

# The first of all, so that a build that is ended early goes on in the same way.
$(filter-out %/flags/way,$(FLAG_FILES)): | $B/flags/way
