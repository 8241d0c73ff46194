// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One Opener for each kind of thing that makes sound: it finds what a path names and makes a
// Processor of it. A folder of lib brings a kind along with a static object of its Opener in
// openers.cpp, which the build links into every tool that opens plug-ins: nothing else has to know
// it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/source.h"
#include "record/record.h"
#include "render/processor.h"

namespace patchpipe {

/// Paths, absolute, that a plug-in cannot do without.
struct NeededFiles {
    std::vector<std::string> read = {};    ///< files, and folders with all that is in them
    std::vector<std::string> listed = {};  ///< folders in which it is looked for
    /// Files that it names without a right to them: they are somewhere else, and may be anybody's.
    std::vector<std::string> foreign = {};
};

class Opener {
 public:
    virtual ~Opener() = default;
    Opener(const Opener&) = delete;
    Opener& operator=(const Opener&) = delete;

    /// "VST2", "VST3", "LV2": one word, for messages and records.
    [[nodiscard]] virtual std::string_view kind() const = 0;

    /// True if the path, judged by its name and by the file or folder it leads to, is for this kind
    /// and no other. Loads nothing and does not throw.
    [[nodiscard]] virtual bool claims(const std::string& path) const = 0;

    /// The source of a path that it claims. Looks at the files and loads nothing. Throws Error
    /// not-found, io, unsupported for what cannot run here, plugin-load for what is damaged.
    [[nodiscard]] virtual Source find(const std::string& path) const = 0;

    /// What its file says of itself, also where find() refuses it: fields of a record. Loads
    /// nothing and does not throw.
    [[nodiscard]] virtual Record look(const std::string& /*path*/) const { return Record("{}"); }

    /// What it reads to be opened and to play, of what does not belong to the system. Throws as
    /// find() does.
    [[nodiscard]] virtual NeededFiles needed(const Source& source) const {
        return {.read = source.files};
    }

    /// Opens it, prepares it for offline rendering, and warms it up. Throws Error plugin-load with
    /// the reason.
    [[nodiscard]] virtual std::unique_ptr<Processor> open(const Source& source,
                                                          const BlockSettings& settings) const = 0;

    /// For a message: what a user has to give instead of the path of this kind's binary. Empty if a
    /// path is right.
    [[nodiscard]] virtual std::string operand_for(const std::string& /*binary*/) const {
        return "";
    }

 protected:
    Opener();  ///< joins openers()
};

/// All that are linked into this program.
[[nodiscard]] const std::vector<const Opener*>& openers();

/// True for a URI; every other operand is a path, a program with settings, or a chain.
[[nodiscard]] bool is_uri(std::string_view operand);

/// True for a list of plug-ins that form a chain: a JSON list of texts.
[[nodiscard]] bool is_chain(std::string_view operand);

/// What a plug-in operand names: a URI, the path of a file or folder, or its name alone if it is
/// installed, a program with settings (dsp_operand.h), or a chain. Throws what
/// Opener::find() throws, and Error unsupported for what no Opener can open.
[[nodiscard]] Source find_source(const std::string& operand);

/// Opener::look() for a plug-in operand; no fields for one that names nothing.
[[nodiscard]] Record look_at(const std::string& operand);

/// Opener::needed() of its kind.
[[nodiscard]] NeededFiles needed_files(const Source& source);

/// Has open_source() call this first: a chain opens several. The last one that was set counts.
void set_before_open(std::function<void(const Source& source)> before_open);

/// Opens it with the Opener of its kind. Throws what Opener::open() throws.
[[nodiscard]] std::unique_ptr<Processor> open_source(const Source& source,
                                                     const BlockSettings& settings);

}  // namespace patchpipe
