// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The programs of plain_synth, and its chunks, which are text. The head of plain_synth.cpp
// describes the sounds.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace patchpipe {

constexpr int parameter_count = 3;
constexpr std::size_t program_name_bytes = 24;
enum Parameter { level, tune, delay };

struct Program {
    std::string name;
    std::array<float, parameter_count> values;  ///< normalised
};
using Bank = std::vector<Program>;

Bank factory_bank();

/// The text: a line "plain_synth 1 COUNT"; for each program its name, and its values, on a line.
std::string to_chunk(const Bank& programs);

/// Returns nothing unless the text is a chunk of version 1 with exactly this many programs.
std::optional<Bank> from_chunk(const std::string& chunk, std::size_t program_count);

}  // namespace patchpipe
