// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sound that a processor is set to: presets, states and parameters.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace patchpipe {

/// What a parameter is called.
struct ParameterName {
    std::string id;  ///< VST2: its index; VST3: its number; LV2: its symbol
    std::string name;
};

/// A parameter's range and value in its own unit (-27 dB).
struct OwnRange {
    double minimum, maximum, value;
};

/// A parameter as the plug-in shows it.
struct Parameter : ParameterName {
    std::string unit;
    double value = 0;                          ///< normalised, 0 to 1
    std::string text;                          ///< the value in words
    std::optional<double> default_value = {};  ///< normalised; nothing if the format has none
    std::optional<int> steps = {};             ///< the number of its values if they are discrete
    std::optional<OwnRange> own = {};          ///< nothing if the plug-in only knows 0 to 1
    bool is_bypass = false;                    ///< it switches the plug-in off
    bool is_button = false;                    ///< on while it is held, as a button in Faust
    bool is_automatable = true;                ///< false: hosts should not change it while it plays
};

/// Which state of a plug-in bare bytes are, if it has several.
enum class RawState { any, bank, program };

class Patch {
 public:
    virtual ~Patch() = default;

    /// Loads the bytes of a preset file of this format, a name in the table of preset formats
    /// ("fxp", "serum2", "vstpreset", "lv2"; "fxb" for
    /// a bank with the state of the whole plug-in, and for an fxp out of any other). path is for
    /// messages. Throws Error unsupported, corrupt, wrong-plugin or preset-rejected.
    virtual void load_preset(std::string_view bytes, const std::string& path,
                             std::string_view format) = 0;

    /// Loads a state that a host (or serum-unwrap) saved: an fxp or an fxb with a state for a VST2,
    /// JUCE's envelope for a VST3, Turtle for an LV2. path is for messages. Throws as
    /// load_preset().
    virtual void load_state(std::string_view bytes, const std::string& path) = 0;

    /// Loads a state without a container, the bytes that the plug-in itself gave: a VST2's, of the
    /// bank or of a program, or that of a VST3's component. path is for messages. Throws as
    /// load_preset(), and Error unsupported if it is not clear which state they are.
    virtual void load_raw_state(std::string_view /*bytes*/, const std::string& path,
                                RawState /*which*/) {
        throw Error(ErrorKind::unsupported, path,
                    "is given as a bare state, which this kind of plug-in does not have");
    }

    /// What the plug-in gives as its present sound, to compare: its state, or its parameters if it
    /// keeps no state.
    [[nodiscard]] virtual std::string state() = 0;
    /// True if state() holds more than the values of the parameters.
    [[nodiscard]] virtual bool keeps_state() const = 0;

    /// The present sound as bytes that load_saved() takes.
    [[nodiscard]] virtual std::string save() = 0;
    virtual void load_saved(std::string_view bytes) = 0;

    /// What the next build of the plug-in needs besides the parameters to go on (hand_over.h), and
    /// the other side of it. Nothing if there is none. load throws Error if it is refused.
    [[nodiscard]] virtual std::optional<std::string> carried_state() {
        if (!keeps_state()) return {};
        return save();
    }
    virtual void load_carried_state(std::string_view bytes) { load_saved(bytes); }
    /// True if that is within a note: what sounds is in the state, and settle() would clear it.
    [[nodiscard]] virtual bool carries_sound() const { return false; }

    /// All parameters, in the plug-in's order; elsewhere they are counted from 0 in it.
    [[nodiscard]] virtual std::vector<ParameterName> parameter_names() const = 0;
    [[nodiscard]] virtual Parameter parameter(std::size_t index) const = 0;
    /// value is normalised, 0 to 1. Some plug-ins act on it in the next block only.
    virtual void set_parameter(std::size_t index, double value) = 0;
    /// The same in its own unit, exactly. Only for one that has its own range; value is in it.
    virtual void set_own_value(std::size_t /*index*/, double /*value*/) {}
    /// The normalised value that the plug-in shows as this text, by its own conversion, or else
    /// by what it shows at each thousandth. Nothing if it has none. May move the parameter.
    [[nodiscard]] virtual std::optional<double> parameter_value(std::size_t index,
                                                                const std::string& text) = 0;
    /// What the parameter would show at a normalised value. Nothing if only setting it tells.
    [[nodiscard]] virtual std::optional<std::string> parameter_text(std::size_t /*index*/,
                                                                    double /*value*/) const {
        return {};
    }
    /// Moves every parameter a little, so that the sound is another.
    virtual void move_parameters() {}
};

}  // namespace patchpipe
