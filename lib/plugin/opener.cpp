// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/opener.h"

#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "plugin/dsp_operand.h"
#include "plugin/plugin_folders.h"
#include "plugin/vst_source.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

// A static object joins it before main(), so it is made at its first use.
std::vector<const Opener*>& all_openers() {
    static std::vector<const Opener*> all;
    return all;
}

std::function<void(const Source&)>& before_open() {
    static std::function<void(const Source&)> call = [](const auto&) {};
    return call;
}

// The absolute path of an existing file or folder, or of an installed plug-in by its name alone.
std::string existing_path(const std::string& given) {
    const auto path = here_or_installed(given);
    check_plugin_is_there(path);
    auto file = fs::absolute(path).lexically_normal();
    if (!file.has_filename()) file = file.parent_path();
    if (!is_utf8(file.string()))
        throw Error(ErrorKind::unsupported, path,
                    "is not UTF-8, which hosts and records require; rename it");
    return file.string();
}

// The same with the path in such an operand.
std::string existing_dsp(DspOperand operand) {
    operand.path = existing_path(operand.path);
    return dsp_operand(operand);
}

const Opener& opener_of(const Source& source) {
    for (const auto* opener : all_openers())
        if (opener->kind() == source.kind) return *opener;
    throw Error(
        ErrorKind::unsupported, source.identifier,
        "is " + with_article(source.kind) + " plug-in, which this program was built without");
}

}  // namespace

Opener::Opener() { all_openers().push_back(this); }

const std::vector<const Opener*>& openers() { return all_openers(); }

bool is_uri(std::string_view operand) {
    return !is_dsp_operand(operand) &&
           (operand.find("://") != operand.npos || operand.starts_with("urn:"));
}

bool is_chain(std::string_view operand) { return operand.starts_with("[\""); }

void set_before_open(std::function<void(const Source& source)> call) {
    before_open() = std::move(call);
}

Source find_source(const std::string& operand) try {
    const bool is_path = !is_chain(operand) && !is_uri(operand);
    const auto path = !is_path                  ? operand
                      : is_dsp_operand(operand) ? existing_dsp(read_dsp_operand(operand))
                                                : existing_path(operand);
    for (const auto* opener : openers())
        if (is_chain(path) == (opener->kind() == chain_kind) && opener->claims(path))
            return opener->find(path);
    if (is_dsp_operand(path) || is_dsp_path(path))
        throw Error(ErrorKind::unsupported, read_dsp_operand(path).path,
                    "is a Faust program, and this build has no Faust: install faust and build "
                    "patchpipe again");
    // A VST2 is any library with the right function in it; the search for it says what a file is.
    return find_vst2(path);
} catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::io, error.path1().string(), system_message(error.code().value()));
}

Record look_at(const std::string& operand) {
    for (const auto* opener : openers())
        if (opener->claims(operand)) return opener->look(operand);
    return Record("{}");
}

NeededFiles needed_files(const Source& source) { return opener_of(source).needed(source); }

std::unique_ptr<Processor> open_source(const Source& source, const BlockSettings& settings) {
    before_open()(source);
    return opener_of(source).open(source, settings);
}

}  // namespace patchpipe
