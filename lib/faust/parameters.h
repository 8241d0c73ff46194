// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A control of a Faust program as a host's parameter: 0 to 1, and as text. Not here: its zone
// (instance.h).
//
// 0 to 1 is min to max in a straight line. With [scale:log] the logarithms of the values go in a
// straight line, with [scale:exp] their exponentials, as in the library's own ValueConverter.h.
// What has discrete values takes the next of them: a button and a checkbox 0 and 1, an nentry its
// steps, a menu and a radio ([style:menu{'low':1;'high':2}]) those in its list.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "faust/interface.h"

namespace patchpipe {

/// One position of a control that goes from `from` to `to` as another goes from 0 to 1.
class FaustScale {
 public:
    enum class Form { linear, log, exp };

    FaustScale(double from, double to, Form form);

    /// The value at that place, 0 to 1; beyond these the nearer end.
    [[nodiscard]] double value_at(double place) const;
    /// Where the value is, 0 to 1.
    [[nodiscard]] double place_of(double value) const;
    /// How far from a value, at most, value_at() is at its place_of().
    [[nodiscard]] double rounding_at(double value) const;

 private:
    double from_, to_;
    Form form_;
};

/// From the control's min to its max, as its metadata says.
[[nodiscard]] FaustScale scale_of(const FaustItem& item);

class FaustParameter {
 public:
    /// Keeps nothing of the item. is_double: the program keeps its values so.
    FaustParameter(const FaustItem& item, bool is_double);

    [[nodiscard]] const std::string& unit() const { return unit_; }

    /// The program's own value for a normalised one, and back. A value that can be written with up
    /// to some 14 digits comes back from its normalised one as it was, to the last bit: a program
    /// may cut off what is one rounding below a whole number.
    [[nodiscard]] double natural(double normalised) const;
    [[nodiscard]] double normalised(double natural) const;

    /// The number of values if they are discrete.
    [[nodiscard]] std::optional<int> steps() const;

    /// A value as text, without the unit: "440", "on", "saw".
    [[nodiscard]] std::string text(double natural) const;
    /// The value that such a text means, with or without the unit, which may have k, m or M before
    /// it. Nothing for any other text, and
    /// for a number beyond the control's range.
    [[nodiscard]] std::optional<double> value_of(const std::string& text) const;

 private:
    [[nodiscard]] std::optional<double> number_of(std::string text) const;
    [[nodiscard]] double nearest_choice(double natural) const;

    FaustItem::Kind kind_;
    bool is_double_;
    double min_, max_, step_;
    std::string unit_;
    FaustScale scale_;
    std::vector<std::pair<std::string, double>> choices_;  // of a menu or radio
};

/// A name for each control, in their order: the label, and where several have the same, as much of
/// the end of the address as tells them apart: "osc1/freq".
[[nodiscard]] std::vector<std::string> control_names(const std::vector<const FaustItem*>& controls);

}  // namespace patchpipe
