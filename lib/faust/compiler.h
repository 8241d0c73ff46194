// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Faust compiler in a process of its own. It may hang, crash or eat memory: every question is
// answered in a forked child that has limits, and the library is loaded once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faust/build_formats.h"
#include "isolation/isolated_process.h"
#include "record/record.h"

namespace patchpipe {

/// If the command line is that of the compiler's process, serves until the tool is gone and never
/// returns; otherwise does nothing. Call it first in main() of a tool that uses FaustCompiler.
void serve_if_compiler(int argc, char** argv);

struct CompilerSettings {
    std::chrono::milliseconds timeout;  ///< for each question
    std::int64_t max_memory;            ///< MiB
    bool output = false;                ///< let what the compiler prints through to standard error
};

/// A program to be compiled.
struct FaustSource {
    std::string path;                       ///< absolute, or "-" for standard input
    std::string bytes;                      ///< what is in it
    std::vector<std::string> options = {};  ///< as on the compiler's command line
    /// Of LLVM's code, one of llvm_instruction_sets(); empty for this machine's.
    std::string instruction_set = {};

    /// The name of its file without ".dsp" and the like; "stdin" for standard input.
    [[nodiscard]] std::string stem() const;
};

class FaustCompiler {
 public:
    explicit FaustCompiler(const CompilerSettings& settings);
    ~FaustCompiler();

    /// The key of the expanded text: 40 hexadecimal digits. Empty for what has no text any more.
    /// Throws Error plugin-load with the compiler's own words, crash, or timeout.
    [[nodiscard]] std::string sha(const FaustSource& source);

    /// Builds that format, and gives the paths of the files, which are there until the next
    /// question: the main one first; diagrams by their names. Throws as sha() does, and Error
    /// unsupported for what cannot be built of such a source.
    [[nodiscard]] std::vector<std::string> build(const FaustSource& source,
                                                 const BuildFormat& format);

    /// What the nodes and the program are (expression_input.h). Throws as sha() does.
    [[nodiscard]] std::vector<Record> explain(const FaustSource& source);

    /// A record about the compiler itself, with the fields of faust-build(1). Throws Error
    /// plugin-load if it cannot be loaded.
    [[nodiscard]] Record describe();

    /// The fields of the answer to any other question about the source: its verb and fields are
    /// compiler.cpp's. Throws as sha() does.
    [[nodiscard]] Record ask(std::string_view verb, const FaustSource& source,
                             const Record& question = Record("{}"));

 private:
    IsolatedProcess& process();
    void clear_folder();

    CompilerSettings settings_;
    TemporaryFolder folder_;
    std::unique_ptr<IsolatedProcess> process_;
};

}  // namespace patchpipe
