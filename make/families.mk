# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The families of make/packages.mk. If a family's library is found, its folder is compiled with the
# library's flags, and every tool can be linked with it. If not, the folder, the tools that include
# its headers and their manual pages are left out, and the build says which package to install.

part = $(word $1,$(subst :, ,$2))
is_header = $(filter %.h,$(call part,2,$1))
HEADER_FOLDERS ?= /usr/local/include /usr/include
has_module = $(shell pkg-config --exists $(call part,2,$1) && echo yes)
found = $(if $(is_header),$(wildcard $(HEADER_FOLDERS:%=%/$(call part,2,$1))),$(has_module))
FOUND := $(strip $(foreach f,$(FAMILIES),$(if $(call found,$f),$f)))
LEFT_OUT := $(filter-out $(FOUND),$(FAMILIES))

# The tools that a line is about, and the drivers that say "Needs TOOL..." of one.
compiled_of = $(patsubst tools/%,%,$(filter tools/%,$(call part,1,$1)) $(basename \
	$(shell grep -ls '^#include "$(notdir $(call part,1,$1))/' tools/*.cpp)))
drivers_of = $(sort $(patsubst tools/%.sh,%,$(shell grep -lsE '^. Needs .*\b$1\b' tools/*.sh)))
tools_of = $(compiled_of) $(foreach t,$(compiled_of),$(call drivers_of,$t))
LEFT_OUT_TOOLS := $(foreach f,$(LEFT_OUT),$(call tools_of,$f))
LEFT_OUT_SOURCES := $(foreach f,$(LEFT_OUT),$(call part,1,$f)/%)
TOOLS := $(filter-out $(LEFT_OUT_TOOLS),$(TOOLS))
SCRIPTS := $(filter-out $(LEFT_OUT_TOOLS),$(SCRIPTS))
PAGES := $(filter-out $(LEFT_OUT_TOOLS:%=man/%.1),$(PAGES))

folder_of = $(notdir $(filter lib/%,$1) $(patsubst %/,%,$(dir $(filter tools/%,$1))))
FOUND_MODULES := $(foreach f,$(FOUND),$(if $(call is_header,$f),,$f))
$(foreach f,$(FOUND_MODULES),$(eval FLAGS_$(call folder_of,$(call part,1,$f)) += \
	$(shell pkg-config --cflags $(call part,2,$f))))
FAMILY_LIBS := $(if $(FOUND_MODULES),\
	$(shell pkg-config --libs $(foreach f,$(FOUND_MODULES),$(call part,2,$f))))

# What tools add to their version.
comma := ,
LEFT_OUT_NAMES := $(foreach f,$(LEFT_OUT),$(notdir $(call part,1,$f)))
LEFT_OUT_WORDS := $(if $(LEFT_OUT),$(comma) without $(subst $() ,$(comma) ,$(strip $(LEFT_OUT_NAMES))))

SAY_LEFT_OUT = $(foreach f,$(LEFT_OUT),echo 'LEFT OUT $(strip $(filter lib/%,$(call part,1,$f)) $(call tools_of,$f)): $(if $(call is_header,$f),there is no,pkg-config does not find) $(call part,2,$f); install $(call part,3,$f)';)

.PHONY: left-out
left-out:
	@$(SAY_LEFT_OUT) true
ifneq ($(LEFT_OUT),)
all:
	@$(SAY_LEFT_OUT)
endif
