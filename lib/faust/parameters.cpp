// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "base/decimal.h"
#include "base/json.h"
#include "base/number.h"

namespace patchpipe {
namespace {

using Kind = FaustItem::Kind;
using Form = FaustScale::Form;

constexpr double least = std::numeric_limits<double>::min(),
                 most = std::numeric_limits<double>::max(),
                 rounding = std::numeric_limits<double>::epsilon();

double on_scale(double value, Form form) {
    if (form == Form::log) return std::log(std::max(least, value));
    if (form == Form::exp) return std::min(most, std::exp(value));
    return value;
}

double off_scale(double value, Form form) {
    if (form == Form::log) return std::exp(value);
    if (form == Form::exp) return std::log(value);
    return value;
}

Form form_of(const FaustItem& item) {
    const auto* scale = item.meta("scale");
    if (!scale) return Form::linear;
    return *scale == "log" ? Form::log : *scale == "exp" ? Form::exp : Form::linear;
}

// The pairs in {'low':1;'high':2} behind "menu" or "radio"; none in any other text.
std::vector<std::pair<std::string, double>> choices_in(const std::string* style) {
    std::vector<std::pair<std::string, double>> choices;
    if (!style || !(style->starts_with("menu") || style->starts_with("radio"))) return choices;
    std::size_t at = 0;
    while ((at = style->find('\'', at)) != style->npos) {
        const auto end = style->find('\'', at + 1);
        const auto colon = end == style->npos ? end : style->find(':', end);
        if (colon == style->npos) return {};
        const auto stop = std::min(style->find_first_of(";}", colon), style->size());
        auto number = std::string_view(*style).substr(colon + 1, stop - colon - 1);
        while (number.starts_with(' ')) number.remove_prefix(1);
        while (number.ends_with(' ')) number.remove_suffix(1);
        const auto value = parse_number(number);
        if (!value) return {};
        choices.emplace_back(style->substr(at + 1, end - at - 1), *value);
        at = stop;
    }
    return choices;
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::optional<double> power_of(char prefix) {
    if (prefix == 'k' || prefix == 'K') return 1e3;
    if (prefix == 'm') return 1e-3;
    if (prefix == 'M') return 1e6;
    return {};
}

struct Prefix {
    std::size_t length = 0;
    double factor = 1;
};

// Of a unit of a control: that of kHz and ms. Others that begin so, as min, have none.
Prefix prefix_of(const std::string& unit) {
    const auto base = lower(unit.empty() ? unit : unit.substr(1));
    if (base != "hz" && base != "s") return {};
    const auto power = power_of(unit[0]);
    return power ? Prefix{1, *power} : Prefix{};
}

// With the digits that the value has in the program.
std::string number_text(double value, bool is_double) {
    if (is_double) return json_number(value);
    constexpr int digits = 7;
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::general, digits)
                         .ptr;
    return {text.data(), end};
}

// The last so many names of an address.
std::string tail_of(const std::string& address, int names) {
    auto at = address.size();
    for (; names > 0 && at != 0 && at != address.npos; --names) at = address.rfind('/', at - 1);
    return address.substr(at == address.npos ? 0 : at + 1);
}

}  // namespace

FaustScale::FaustScale(double from, double to, Form form)
    : from_(on_scale(from, form)), to_(on_scale(to, form)), form_(form) {}

double FaustScale::value_at(double place) const {
    place = std::clamp(place, 0.0, 1.0);
    // The ends exactly, whatever is rounded between them.
    return off_scale(place == 1 ? to_ : from_ + place * (to_ - from_), form_);
}

double FaustScale::place_of(double value) const {
    if (to_ == from_) return 0;
    return std::clamp((on_scale(value, form_) - from_) / (to_ - from_), 0.0, 1.0);
}

// Two roundings of the distance from the start, and one of the sum; on the other scales as much of
// the logarithm or exponential, which makes the greater part.
double FaustScale::rounding_at(double value) const {
    const double there = on_scale(value, form_);
    const double along =
        1.5 * rounding * std::abs(there - from_) + 1.5 * rounding * std::abs(there);
    if (form_ == Form::log) return std::abs(value) * (along + rounding);
    if (form_ == Form::exp) return along / there + rounding * std::abs(value);
    return 1.5 * rounding * std::abs(value - from_) + rounding * std::abs(value);
}

FaustScale scale_of(const FaustItem& item) { return {item.min, item.max, form_of(item)}; }

FaustParameter::FaustParameter(const FaustItem& item, bool is_double)
    : kind_(item.kind),
      is_double_(is_double),
      min_(item.min),
      max_(item.max),
      step_(item.step),
      unit_(item.meta("unit") ? *item.meta("unit") : ""),
      scale_(scale_of(item)),
      choices_(choices_in(item.meta("style"))) {}

double FaustParameter::nearest_choice(double natural) const {
    return std::min_element(choices_.begin(), choices_.end(),
                            [&](const auto& one, const auto& other) {
                                return std::abs(one.second - natural) <
                                       std::abs(other.second - natural);
                            })
        ->second;
}

double FaustParameter::natural(double normalised) const {
    const double value =
        std::clamp(scale_.value_at(normalised), std::min(min_, max_), std::max(min_, max_));
    if (kind_ == Kind::button || kind_ == Kind::checkbox) return std::round(value);
    if (!choices_.empty()) return nearest_choice(value);
    if (kind_ != Kind::nentry || !(step_ > 0))
        return decimal_near(value, scale_.rounding_at(value));
    const double step = min_ + std::round((value - min_) / step_) * step_;
    return std::clamp(decimal_near(step, rounding * (std::abs(step) + std::abs(min_))), min_, max_);
}

double FaustParameter::normalised(double natural) const { return scale_.place_of(natural); }

std::optional<int> FaustParameter::steps() const {
    if (kind_ == Kind::button || kind_ == Kind::checkbox) return 2;
    if (!choices_.empty()) return static_cast<int>(choices_.size());
    if (kind_ != Kind::nentry || !(step_ > 0)) return {};
    const double count = std::floor((max_ - min_) / step_ + 0.5) + 1;
    constexpr double largest = std::numeric_limits<int>::max();
    if (!(count >= 1 && count <= largest)) return {};
    return static_cast<int>(count);
}

std::string FaustParameter::text(double natural) const {
    if (kind_ == Kind::button || kind_ == Kind::checkbox) return natural != 0 ? "on" : "off";
    for (const auto& [name, value] : choices_)
        if (value == natural) return name;
    return number_text(natural, is_double_);
}

// "2 kHz" is 2000 and "5 mHz" 0.005 of the unit "Hz"; "0.5 s" is 500 of the unit "ms". 2 without
// any unit is in the parameter's own.
std::optional<double> FaustParameter::number_of(std::string text) const {
    const auto own = prefix_of(unit_);
    const auto base = lower(unit_.substr(own.length));
    double factor = 1;
    if (own.length > 0 && lower(text).ends_with(lower(unit_))) {
        text.resize(text.size() - unit_.size());  // "5 MS" is in ms too
    } else if (!base.empty() && lower(text).ends_with(base)) {
        text.resize(text.size() - base.size());
        const bool has_prefix = !text.empty() && power_of(text.back());
        if (has_prefix) factor = *power_of(text.back());
        if (has_prefix) text.pop_back();
        factor /= own.factor;
    }
    while (text.ends_with(' ')) text.pop_back();
    const auto number = parse_number(text);
    return number ? std::optional(*number * factor) : std::nullopt;
}

std::optional<double> FaustParameter::value_of(const std::string& text) const {
    for (const auto& [name, value] : choices_)
        if (name == text) return value;
    const auto word = lower(text);
    if (kind_ == Kind::button || kind_ == Kind::checkbox) {
        if (word == "on") return 1;
        if (word == "off") return 0;
    }
    const auto number = number_of(text);
    if (!number || *number < min_ || *number > max_) return {};
    return number;
}

std::vector<std::string> control_names(const std::vector<const FaustItem*>& controls) {
    std::vector<std::string> names;
    for (const auto* control : controls) names.push_back(control->label);
    constexpr int deepest = 64;  // two controls may have one address
    for (int depth = 2; depth <= deepest; ++depth) {
        std::map<std::string, int> count;
        for (const auto& name : names) ++count[name];
        bool repeats = false;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (count[names[i]] < 2) continue;
            const auto longer = tail_of(controls[i]->address, depth);
            repeats = repeats || longer != names[i];
            names[i] = longer;
        }
        if (!repeats) break;
    }
    return names;
}

}  // namespace patchpipe
