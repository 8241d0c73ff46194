// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The kind "Faust": a program in a .dsp file, which is compiled when it is opened.

#include "base/error.h"
#include "base/words.h"
#include "faust/processor.h"
#include "faust/program.h"
#include "faust/source_files.h"
#include "plugin/code_cache.h"
#include "plugin/dsp_operand.h"
#include "plugin/opener.h"

namespace patchpipe {
namespace {

class FaustOpener : public Opener {
 public:
    std::string_view kind() const override { return faust_kind; }

    bool claims(const std::string& path) const override {
        return is_dsp_operand(path) || is_dsp_path(path);
    }

    // What decides besides its files how the program sounds, and what it and its controls are
    // called, is in `part`: the compiler's build, how it is asked to compile, and the file's name.
    Source find(const std::string& operand) const override {
        const auto dsp = read_dsp_operand(operand);
        if (!is_dsp_path(dsp.path))
            throw Error(ErrorKind::bad_record, dsp.path,
                        "is no Faust program, to which compile_options and nvoices belong");
        check_faust_options(dsp.compile_options, dsp.path);
        Source source{.kind = std::string(faust_kind),
                      .identifier = operand,
                      .files = faust_source_files(dsp.path, dsp.compile_options)};
        source.part = "faust " + faust_build() + " " + faust_program_name(dsp.path);
        if (is_dsp_operand(operand)) {
            auto settings = dsp;
            settings.path = "";
            source.part += " " + dsp_operand(settings);
        }
        return source;
    }

    NeededFiles needed(const Source& source) const override {
        const auto dsp = read_dsp_operand(source.identifier);
        auto [own, foreign] = split_by_owner(source.files, dsp.path, dsp.compile_options);
        own.push_back(kept_code_path(source_hash(source)));
        return {.read = std::move(own), .listed = {}, .foreign = std::move(foreign)};
    }

    std::unique_ptr<Processor> open(const Source& source,
                                    const BlockSettings& settings) const override {
        return open_faust(source, settings);
    }
};

const FaustOpener faust;

}  // namespace
}  // namespace patchpipe
