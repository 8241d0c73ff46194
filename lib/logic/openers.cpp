// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The kind "logic": a library of our own ABI (logic.h), told by the note in its file.

#include "logic/describe_file.h"
#include "logic/library.h"
#include "logic/processor.h"

namespace patchpipe {
namespace {

class LogicOpener : public Opener {
 public:
    std::string_view kind() const override { return logic_kind; }
    bool claims(const std::string& path) const override { return is_logic_library(path); }

    Record look(const std::string& path) const override { return describe_logic_file(path); }

    Source find(const std::string& path) const override {
        (void)read_logic_library(path);
        return {.kind = std::string(logic_kind), .identifier = path, .files = {path}};
    }

    std::unique_ptr<Processor> open(const Source& source,
                                    const BlockSettings& settings) const override {
        return open_logic(source, settings);
    }
};

const LogicOpener logic;

}  // namespace
}  // namespace patchpipe
