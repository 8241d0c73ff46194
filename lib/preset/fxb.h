// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// VST2 banks: .fxb files with many programs (FxBk), or with one state of the whole plug-in (FBCh).
// The layout is that of vstfxstore.h in Steinberg's VST 2.4 SDK; patchpipe-formats(5) has it byte
// by byte. Not here: what is in a program (fxp.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "preset/fxp.h"

namespace patchpipe {

/// A bank has either programs or a state. The views are into the bytes that were parsed.
struct Fxb {
    FxHeader header;  ///< its kind is bank_parameters or bank_state
    /// The number of the program that was selected, from 0, as written: it may be beyond the
    /// programs. Nothing in version 1 of the format.
    std::optional<std::uint32_t> current_program = {};
    /// bank_parameters: each program's own bytes, which are a whole .fxp, for parse_fxp().
    std::vector<std::string_view> programs = {};
    std::string_view state = {};  ///< bank_state: the plug-in's, as it gave it
    std::string_view rest = {};   ///< what follows; no writer is known that puts something there
};

/// Parses a bank of either kind. Programs may hold parameters or a state each; their headers and
/// sizes are checked, and not their values. Work and memory are in proportion to the bytes,
/// whatever the header declares. name is for messages. Throws Error corrupt, and unsupported for a
/// single program.
[[nodiscard]] Fxb parse_fxb(std::string_view bytes, std::string_view name);

/// The name of a program of the bank, in UTF-8. number is below programs.size().
[[nodiscard]] std::string bank_program_name(const Fxb& bank, std::size_t number);

/// The bytes of the program with that number, from 0. name is the bank's, for messages. Throws
/// Error not-found if there are fewer programs, and unsupported for a bank with a state, which only
/// the plug-in can take apart.
[[nodiscard]] std::string_view bank_program(const Fxb& bank, std::int64_t number,
                                            std::string_view name);

/// The number of the only program that is called so, letter case included. Throws Error not-found
/// if there is none; unsupported if there are several, naming their numbers; and as bank_program().
[[nodiscard]] std::size_t bank_program_named(const Fxb& bank, std::string_view program,
                                             std::string_view name);

/// Returns the file's bytes. header.kind says whether programs or the state are written. Programs
/// are copied as they are and counted; for a state header.count is written. With a current program
/// the version of the format is at least 2. Throws Error unsupported if it comes
/// to more than the 4 GiB that its size field holds.
[[nodiscard]] std::string build_fxb(const Fxb& bank);

}  // namespace patchpipe
