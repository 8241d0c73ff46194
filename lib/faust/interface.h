// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The interface that a Faust program declares, as data: the tree of its groups, controls and
// displays, as its function buildUserInterface() tells it. Not here: values of parameters
// (parameters.h).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faust/backend.h"

namespace patchpipe {

struct FaustItem {
    enum class Kind {
        hgroup,
        vgroup,
        tgroup,
        button,
        checkbox,
        hslider,
        vslider,
        nentry,
        hbargraph,
        vbargraph,
        soundfile,
    };

    Kind kind;
    std::string label;    ///< without the metadata that the source has in it
    std::string address;  ///< "/organ/freq"; "faust -json" gives the same. A group has none
    /// In the program's own unit; a button and a checkbox have 0, 0, 1 and 1. A bargraph has min
    /// and max only; a group and a soundfile have none.
    double init = 0, min = 0, max = 0, step = 0;
    std::vector<std::pair<std::string, std::string>> metadata = {};  ///< in the order of its keys
    std::string url = {};               ///< of a soundfile: what the source has there
    std::vector<FaustItem> items = {};  ///< in a group
    void* zone = nullptr;  ///< a float, or a double if the program was compiled so; of a soundfile
                           ///< a Soundfile*

    [[nodiscard]] bool is_group() const { return kind <= Kind::tgroup; }
    /// True for what has a value that may be set.
    [[nodiscard]] bool is_control() const { return kind >= Kind::button && kind <= Kind::nentry; }
    /// True for what shows a value.
    [[nodiscard]] bool is_bargraph() const {
        return kind == Kind::hbargraph || kind == Kind::vbargraph;
    }
    /// The value of that key in the metadata; null if the metadata has no such key.
    [[nodiscard]] const std::string* meta(std::string_view key) const;
};

/// "hgroup", "button" and so on, as the language has them.
[[nodiscard]] std::string_view to_string(FaustItem::Kind kind);

/// The groups and other items of a dsp object, in the order of the program; their zones are valid
/// as long as the object. The library gives ranges and initial values in float: these here are the
/// decimals that the source has, to seven digits.
[[nodiscard]] std::vector<FaustItem> faust_interface(const FaustBackend& backend, void* dsp);

/// The items that are no groups, in order, whatever groups they are in. They point into the tree.
[[nodiscard]] std::vector<const FaustItem*> leaves_of(const std::vector<FaustItem>& tree);

}  // namespace patchpipe
