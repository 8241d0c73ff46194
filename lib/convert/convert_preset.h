// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns the bytes of a preset into another container for the same state. Nothing is lost on the
// way, or it is refused with what would be. Not here: files, records, options.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/program_choice.h"

namespace patchpipe {

enum class PresetForm {
    fxp,        ///< a program of a VST2
    fxb,        ///< a bank of a VST2
    vstpreset,  ///< a preset of a VST3
    state,      ///< the state of a VST3 in JUCE's envelope, which a record's state_path names
    raw,        ///< a state as the plug-in itself gave it, without any container
};

/// "fxp", "fxb", "vstpreset", "state", "raw"; and back: nothing for another word.
[[nodiscard]] std::string_view to_string(PresetForm form);
[[nodiscard]] std::optional<PresetForm> preset_form_named(std::string_view name);

/// What a container has and bytes without one have not.
struct PresetHeader {
    std::optional<std::uint32_t> plugin_id = {};  ///< VST2; raw bytes cannot become one without it
    std::uint32_t plugin_version = 0;             ///< VST2
    std::uint32_t count = 0;                      ///< VST2: of parameters, in an fxb of programs
    std::string name = {};                        ///< fxp: UTF-8, 27 bytes at most
    std::optional<std::string> class_id = {};     ///< VST3: 32 hexadecimal digits, for a vstpreset
};

struct Conversion {
    PresetForm to = PresetForm::raw;
    bool from_raw = false;  ///< the bytes have no container, whatever they begin with
    bool lossy = false;     ///< leave out what has no place in the new form
    PresetHeader header = {};
    std::optional<ProgramChoice> program = {};  ///< for a bank that becomes an fxp
    /// For a vstpreset or a state: the state of the controller, and the XML of a vstpreset, to be
    /// put in. Only raw bytes need the first; a vstpreset has its own XML.
    std::optional<std::string> controller = {}, info = {};
    /// The caller takes these parts out of Converted, so they are not lost.
    bool takes_controller = false, takes_info = false;
};

struct Converted {
    std::string bytes;
    std::optional<std::string> controller = {};  ///< of a raw state
    std::optional<std::string> info = {};  ///< the XML of a vstpreset that became another form
};

/// Converts the bytes of a preset, whose form is found by its content. A Serum 2 preset is taken
/// too, by the rules of serum_rules.h. Bytes that are in the form already are returned as they are.
/// name is the file's, for messages. Throws Error corrupt; bad-record if the header lacks what the
/// form needs; not-found for a program that the bank does not have; and unsupported for a
/// conversion that cannot be done, or would lose something.
[[nodiscard]] Converted convert_preset(std::string_view bytes, const std::string& name,
                                       const Conversion& conversion);

/// A program of a bank, as a file of its own.
struct BankProgram {
    std::size_t number;  ///< in the bank, from 0
    std::string name;    ///< UTF-8
    std::string_view bytes;
};

/// The chosen program of a bank, or all of them in their order, at least one. The views are into
/// bytes. Throws as parse_fxb() and bank_program() do.
[[nodiscard]] std::vector<BankProgram> bank_programs(std::string_view bytes,
                                                     const std::string& name,
                                                     const std::optional<ProgramChoice>& choice);

/// Throws what parse_fxp() says of the program. name is the bank's.
void check_program(const BankProgram& program, const std::string& name);

/// A preset to be put into a bank, and its name for messages.
using NamedPreset = std::pair<std::string, std::string>;  // bytes, name

struct BuiltBank {
    std::string bytes;
    bool has_states = false;  ///< some hosts read banks of parameters only
};

/// Puts programs into one bank, in order, each as it is; a bank among them gives all of its
/// programs. current, if given, is the number of the program that the bank says is selected. Throws
/// Error corrupt; wrong-plugin for programs of different plug-ins; unsupported for anything else
/// that is not a program, for programs with different numbers of parameters, since hosts compute
/// the place of each from the first, and for bytes behind a program, unless lossy.
[[nodiscard]] BuiltBank build_bank(const std::vector<NamedPreset>& presets,
                                   std::optional<std::uint32_t> current, bool lossy);

}  // namespace patchpipe
