// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plug-in that is compiled when it is opened, with the settings that say how, as one operand: a
// JSON object, {"dsp":"/x/organ.dsp","compile_options":["-vec"],"nvoices":8}. Sessions, hashes and
// records then tell such settings apart as they tell plug-ins apart, and nothing else has to know
// them. What is in the file is the business of the kind that compiles it (lib/faust).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

struct DspOperand {
    std::string path;                          ///< of the program
    std::vector<std::string> compile_options;  ///< as on the compiler's command line
    std::optional<int> voices = {};            ///< instead of what the program says
    bool interpreter = false;                  ///< else machine code
    /// As the compiler's impulse test has it: voices even of a program that cannot end them, no
    /// effect behind them, and sines in place of sound files.
    bool impulse_test = false;
};

/// True for a path whose name says that it is compiled when it is opened: .dsp, or one of the forms
/// in which such a program is kept half compiled: .fbc, .bc, .ll.
[[nodiscard]] bool is_dsp_path(std::string_view path);

/// True for such a JSON object.
[[nodiscard]] bool is_dsp_operand(std::string_view operand);

/// A path alone, or an object, as an operand says it. Throws Error bad-record for an object with
/// other fields, or of other types.
[[nodiscard]] DspOperand read_dsp_operand(const std::string& operand);

/// The path alone if nothing is set, else an object that is always written alike.
[[nodiscard]] std::string dsp_operand(const DspOperand& operand);

}  // namespace patchpipe
