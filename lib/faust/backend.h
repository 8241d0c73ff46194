// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two back ends of libfaust that run what they compile, LLVM and the interpreter, behind one
// set of functions. What they take and give is in <faust/dsp/llvm-dsp-c.h>; factories and dsp
// objects are pointers of the back end that made them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "faust/library.h"

namespace patchpipe {

struct FaustBackend {
    std::string_view name;  ///< "llvm", "interpreter"

    void* (*compile_text)(const char* name, const char* text, int argc, const char** argv,
                          char* error);
    /// Of a file of bitcode, and the bytes in it.
    void* (*read_bitcode)(const char* path, const char* bytes, char* error);
    /// Of an object file for this processor; null if the back end has none, or cannot read it.
    void* (*read_machine_code)(const char* path, char* error);
    /// That object file as base64; empty if the back end has none.
    std::string (*machine_code)(void* factory);
    /// The options that decide what the program computes, and how: "-lang llvm 14.0.6 -single".
    std::string (*compile_options)(void* factory);
    /// The foreign functions that it calls and that are not in this process: to run it would end
    /// the process.
    std::vector<std::string> (*missing_functions)(void* factory);
    /// True if buildUserInterface() leaves out the soundfiles that there are.
    bool (*hides_soundfiles)(void* factory);
    void (*delete_factory)(void* factory);

    void* (*create)(void* factory);
    void (*destroy)(void* dsp);
    int (*inputs)(void* dsp);
    int (*outputs)(void* dsp);
    void (*build_interface)(void* dsp, UIGlue* glue);
    void (*metadata)(void* dsp, MetaGlue* glue);
    void (*init)(void* dsp, int sample_rate);           ///< with what all objects share
    void (*init_instance)(void* dsp, int sample_rate);  ///< without that
    void (*set_constants)(void* dsp, int sample_rate);
    void (*clear)(void* dsp);
    /// The samples are double if the program was compiled so.
    void (*compute)(void* dsp, int frames, float** inputs, float** outputs);
};

[[nodiscard]] const FaustBackend& llvm_backend();
[[nodiscard]] const FaustBackend& interpreter_backend();

/// The longest message that the compiler gives, with its end.
inline constexpr int longest_faust_error = 4096;

/// A text of the library's, which is freed; empty for null.
[[nodiscard]] std::string taken_text(char* text);

/// The processor that machine code is made for: "x86_64-pc-linux-gnu:x86-64+avx2".
[[nodiscard]] std::string faust_target();

/// The version, and which builds of the library and of LLVM are loaded: a package may be upgraded
/// within a version.
[[nodiscard]] std::string faust_build();

/// The version of the library, and of its LLVM: "2.54.9 (LLVM 14.0.6)".
[[nodiscard]] std::string faust_version();

}  // namespace patchpipe
