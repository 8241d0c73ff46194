// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// File names made from a record by a template such as "{folder}/{preset}_{note}".
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "names/sanitise.h"
#include "record/record.h"

namespace patchpipe {

struct Placeholder {
    std::string_view name;
    std::string (*value)(const Record& record);  // as it came, not sanitised
    std::string_view word;                       // comes before the hash of a value without letters
    bool makes_folders = false;                  // the '/' in its value separates folders
};

/// Those of a preset's record.
[[nodiscard]] std::span<const Placeholder> preset_placeholders();

class NameTemplate {
 public:
    /// The placeholders must outlive it. Throws UsageError for an unknown or unclosed placeholder,
    /// and for a path that is absolute, ends in '/', or has an empty, "." or ".." component.
    explicit NameTemplate(std::string_view text,
                          std::span<const Placeholder> placeholders = preset_placeholders());

    /// The name without an extension, such as "Bank/Warm_60". Each value is sanitised by itself: a
    /// '/' in it does not make a folder, except in {subdir}. The separators beside an empty value
    /// are left out, and so is a folder whose name becomes empty. A file name that becomes empty is
    /// replaced by the first placeholder. Throws Error bad-record if a field that is used has
    /// another type or is out of range.
    [[nodiscard]] std::string expand(const Record& record, Alphabet alphabet) const;

    /// The template with these values in the place of its placeholders, and nothing else changed.
    [[nodiscard]] std::string filled(
        const std::function<std::string(const Placeholder&)>& value) const;

 private:
    struct Part {
        std::string literal;             // if there is no placeholder
        const Placeholder* placeholder;  // in placeholders_
    };
    using Component = std::vector<Part>;

    [[nodiscard]] Component parse_component(std::string_view text) const;
    static std::string expand_component(const Component& parts, const Record& record,
                                        Alphabet alphabet);

    std::span<const Placeholder> placeholders_;
    std::vector<Component> folders_;
    Component file_;
};

/// The path with every name in it passed through change(); names that become empty are left out.
[[nodiscard]] std::string each_name(std::string_view path,
                                    const std::function<std::string(std::string_view)>& change);

/// The placeholders for a message: "{preset} {note} ..."
[[nodiscard]] std::string placeholder_list(
    std::span<const Placeholder> placeholders = preset_placeholders());

}  // namespace patchpipe
