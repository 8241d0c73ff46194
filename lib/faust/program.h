// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Faust program, compiled: what the library calls a factory. Not here: the dsp objects that make
// sound (instance.h), and finding the files that a program imports (source_files.h).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "faust/backend.h"

namespace patchpipe {

/// The longest file that is read as a program, in bytes.
inline constexpr std::size_t largest_program = std::size_t{64} << 20;

/// How a program is compiled.
struct FaustSettings {
    /// As on the compiler's command line: "-vec", "-I", "/lib".
    std::vector<std::string> options = {};
    bool interpreter = false;  ///< else LLVM
};

/// Throws Error unsupported, with the name as its subject, for a word that is no option of how
/// samples are computed, and for an option without its value. The library itself ignores options
/// that it does not know.
void check_faust_options(const std::vector<std::string>& words, const std::string& name);

/// The name without the characters that the compiler cannot have in a program's name: it writes
/// quotes into JSON as they are, and crashes over the end of a line.
[[nodiscard]] std::string faust_safe_name(std::string name);

/// What the compiler calls the program of that path in its messages: the file's name without
/// ".dsp".
[[nodiscard]] std::string faust_program_name(const std::string& path);

class FaustProgram {
 public:
    /// Compiles a file, or reads one that is half compiled: the interpreter's bitcode (.fbc), which
    /// the interpreter then plays, LLVM's (.bc) and its text (.ll), for which no option can be
    /// given. Looks for what it imports beside it, in the folders that -I names, and
    /// where the library looks. Meanwhile the working folder of the process is that of the file.
    /// Throws Error not-found or io, unsupported for an option (above) or a sample type that cannot
    /// be played, and plugin-load with the compiler's own words. Machine code of this program that
    /// machine_code() gave is taken in place of compiling it; what cannot be used is compiled all
    /// the same.
    FaustProgram(const std::string& path, const FaustSettings& settings,
                 const std::string& machine_code = "");

    /// The program that this file has under the name `effect`: what the sum of all voices goes
    /// through. Null if it has none, as bitcode never does. Throws as the constructor does.
    [[nodiscard]] static std::unique_ptr<FaustProgram> effect_of(
        const std::string& path, const FaustSettings& settings,
        const std::string& machine_code = "");

    /// An object file, if it was compiled into machine code here; else empty.
    [[nodiscard]] std::string machine_code() const;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const FaustBackend& backend() const { return *backend_; }
    [[nodiscard]] void* factory() const { return factory_.get(); }

    /// Whether it was compiled from its text here, rather than read as bitcode or machine code,
    /// which knows no warnings.
    [[nodiscard]] bool compiled() const { return compiled_; }

    /// What the samples of its objects are: double, or else float.
    [[nodiscard]] bool is_double() const { return is_double_; }
    /// What the zones of their controls are. The interpreter's are float, whatever its samples are.
    [[nodiscard]] bool has_double_zones() const {
        return is_double_ && backend_ != &interpreter_backend();
    }

    /// As the library states them: "-lang llvm 14.0.6 -es 1 -mcd 16 -single -ftz 0".
    [[nodiscard]] const std::string& compile_options() const { return compile_options_; }

 private:
    FaustProgram(const std::string& path, const std::string& name, const std::string& text,
                 const FaustSettings& settings, const std::string& machine_code);
    void read_machine_code(const std::string& bytes);
    void check() const;
    void read_bitcode(const std::string& bytes);
    void compile(const std::string& name, const std::string& text, const FaustSettings& settings);

    std::string path_;
    const FaustBackend* backend_;
    std::unique_ptr<void, void (*)(void*)> factory_;
    std::string compile_options_;
    bool is_double_ = false;
    bool compiled_ = false;
};

/// What a dsp object declares of its program ("name", "author", "options" ...), in its order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> faust_metadata(
    const FaustBackend& backend, void* dsp);

}  // namespace patchpipe
