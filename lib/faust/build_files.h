// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Faust programs into files in their places, with a record for each file.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "faust/compiler.h"
#include "record/record.h"

namespace patchpipe {

struct BuildWishes {
    std::vector<const BuildFormat*> formats = {};
    std::string folder = {};               ///< absolute; files are named after their program
    std::optional<std::string> file = {};  ///< instead: the one file that is built
    bool explain = false;                  ///< records of the nodes, and of the program
    std::string diagram_folder = {};       ///< absolute; the diagrams of NAME.dsp go into NAME-svg
};

class FileBuilder {
 public:
    using WriteRecord = std::function<void(const Record&)>;

    FileBuilder(const CompilerSettings& settings, BuildWishes wishes)
        : compiler_(settings), wishes_(std::move(wishes)) {}

    /// Builds all formats, and writes a record for each file: the given one with the fields of
    /// patchpipe-record(5). Without formats, one record, with the key of the program. A format that
    /// fails becomes an error record, and the next one goes on. Throws what
    /// FaustCompiler::sha() throws for a program that does not compile at all.
    void build(const Record& record, const FaustSource& source, const WriteRecord& write);

 private:
    void explain(const Record& record, const FaustSource& source, const WriteRecord& write);
    void build_format(const Record& record, const FaustSource& source, const BuildFormat& format,
                      const WriteRecord& write);
    [[nodiscard]] std::string place_for(const std::string& built, const FaustSource& source,
                                        const BuildFormat& format) const;
    [[nodiscard]] Record take_file(Record record, const std::string& built, const std::string& path,
                                   const FaustSource& source);

    FaustCompiler compiler_;
    BuildWishes wishes_;
    std::set<std::string> taken_;  // paths that this run has written
};

}  // namespace patchpipe
