// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The settings of an effect: what a record gives, and else the defaults of the effect's table.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "draw/color.h"
#include "draw/keyframes.h"
#include "record/record.h"

namespace patchpipe {

/// A row of an effect's table. The default's kind is that of the setting: a number or keyframes, a
/// color as "#rrggbb" (or "" for none), or one of some words.
struct EffectSetting {
    enum class Kind { number, color, word };
    std::string_view name;
    Kind kind;
    std::string_view usual;       ///< JSON
    std::string_view words = {};  ///< those that are allowed, with spaces between them
    std::string_view help;
};

class EffectSettings {
 public:
    /// Throws Error bad-record for a setting that is not in the table, or is not of its kind.
    EffectSettings(const Record& record, std::span<const EffectSetting> table);

    /// Each takes a name in the table.
    [[nodiscard]] double number(std::string_view name, double time) const {
        return numbers_.at(std::string(name)).at(time);
    }
    [[nodiscard]] std::optional<Color> color(std::string_view name) const {
        return colors_.at(std::string(name));
    }
    [[nodiscard]] const std::string& word(std::string_view name) const {
        return words_.at(std::string(name));
    }

 private:
    void take(const EffectSetting& setting, const Record& record);

    std::map<std::string, Keyframes> numbers_;
    std::map<std::string, std::optional<Color>> colors_;
    std::map<std::string, std::string> words_;
};

}  // namespace patchpipe
