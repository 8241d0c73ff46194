// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// VST2 presets: .fxp files of one program, with the plug-in's state or its parameters, and the
// header they share with .fxb banks. patchpipe-formats(5) has the format byte by byte; numbers are
// big-endian. Not here: loading one into a plug-in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

enum class FxKind {
    parameters,       ///< FxCk
    state,            ///< FPCh
    bank_parameters,  ///< FxBk
    bank_state,       ///< FBCh
};

struct FxHeader {
    FxKind kind = FxKind::state;
    std::uint32_t format_version = 1;
    std::uint32_t plugin_id = 0;  ///< the file's fxID, a VST2's unique id
    std::uint32_t plugin_version = 0;
    std::uint32_t count = 0;   ///< parameters or programs, as the writer understood it
    std::string program_name;  ///< UTF-8, converted from Latin-1 if it was not; empty for a bank
};

/// A program has either parameters or a state; a bank, as read here, has a state.
struct Fxp {
    FxHeader header;
    std::vector<float> parameters;  ///< normalised, finite
    std::string_view state;         ///< in the bytes that were parsed
};

/// How many bytes a header can have: enough to read for parse_fx_header().
inline constexpr std::size_t fx_header_size = 56;

/// Parses the header of a program or a bank. name is for messages. Throws Error corrupt.
[[nodiscard]] FxHeader parse_fx_header(std::string_view bytes, std::string_view name);

/// Parses a program. Throws Error corrupt, and unsupported for a bank. The size in the header is
/// ignored, because real files have 0 there.
[[nodiscard]] Fxp parse_fxp(std::string_view bytes, std::string_view name);

/// Parses what a host saves as a plug-in's state: a program, or a bank with the state of the whole
/// plug-in. Throws Error corrupt, and unsupported for a bank of parameters.
[[nodiscard]] Fxp parse_fx_state(std::string_view bytes, std::string_view name);

/// Returns the names of the first programs in a bank of parameters, at most `most`, given the
/// beginning of the file; an empty list if the file is not such a bank. name is for messages.
/// Throws Error corrupt if it begins like a program or a bank and is neither.
[[nodiscard]] std::vector<std::string> bank_program_names(std::string_view begin,
                                                          std::string_view name, std::size_t most);

/// Returns the file's bytes. header.kind says whether state or parameters are written; the number
/// of parameters comes from the vector, not from header.count. A name that is too long is cut
/// between two characters.
[[nodiscard]] std::string build_fxp(const Fxp& fxp);

/// A VST2's id in a record: its four characters ("amsy"), or "0x" and eight hexadecimal digits if
/// one of them is not printable.
[[nodiscard]] std::string plugin_id_text(std::uint32_t id);

/// For a message, as text and as a number: "'amsy' (0x616d7379)"; "\x01" for a character that is
/// not printable.
[[nodiscard]] std::string show_plugin_id(std::uint32_t id);

}  // namespace patchpipe
