// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fields as values of records, and back. Not here: which field is which key (rpp_tables.cpp).

#include "song/rpp_rules.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "audio/fade.h"
#include "base/error.h"

namespace patchpipe {
namespace {

using enum RppValue;

constexpr std::string_view send_modes[] = {"post-fader", "pre-fx", "", "pre-fader"};

[[noreturn]] void refuse_value(std::string_view key, std::string_view must) {
    throw Error(ErrorKind::bad_record, key, "must be " + std::string(must) + "; correct it");
}

template <typename Names>
std::string_view name_of(const Names& names, double number) {
    const bool known = number >= 0 && number < static_cast<double>(std::size(names));
    return known ? names[static_cast<std::size_t>(number)] : std::string_view{};
}

std::string_view shape_name(const std::string& field) {
    const auto shape = fade_named(rpp_decimal(rpp_number(field)));
    return shape ? fade_names()[static_cast<std::size_t>(*shape)] : std::string_view{};
}

// Of the two newest shapes REAPER 7 writes a number that older versions read as a similar one.
double shape_number(std::string_view name) {
    const auto shape = fade_named(name);
    if (!shape) refuse_value("fade_in_shape", "a shape that audio-mix(1) lists");
    return *shape == 6 ? 5.1 : *shape == 7 ? 1.1 : *shape;
}

double decibels(double gain) {
    constexpr double thousandths = 1000;
    return std::round(20 * std::log10(gain) * thousandths) / thousandths;
}

// A number that JSON readers keep as it is.
void put_whole(RecordLine& record, std::string_view key, double value) {
    constexpr double most = 9e15;
    if (std::abs(value) < most && value == std::trunc(value))
        record.whole(key, static_cast<std::int64_t>(value));
    else
        record.number(key, value);
}

void put_gain(RecordLine& record, std::string_view key, double value) {
    record.number(key, value);
    if (value > 0) record.number(std::string(key) + "_db", decibels(value));
}

void put_name(RecordLine& record, std::string_view key, std::string_view name, double number) {
    name.empty() ? put_whole(record, key, number) : (void)record.text(key, name);
}

void put_value(RecordLine& record, const RppRule& rule, const std::string& field) {
    const double number = rpp_number(field);
    switch (rule.value) {
        case text:
            record.text(rule.key, field);
            break;
        case RppValue::number:
        case pan:
            record.number(rule.key, number);
            break;
        case whole:
            put_whole(record, rule.key, number);
            break;
        case flag:
            record.flag(rule.key, number != 0);
            break;
        case clear:
            record.flag(rule.key, number == 0);
            break;
        case gain:
            put_gain(record, rule.key, number);
            break;
        case magnitude:
            put_gain(record, rule.key, std::abs(number));
            break;
        case negative:
            record.flag(rule.key, number < 0);
            break;
        case semitones:
            record.number(rule.key, number * 100);
            break;
        case shape:
            put_name(record, rule.key, shape_name(field), number);
            break;
        case send_mode:
            put_name(record, rule.key, name_of(send_modes, number), number);
            break;
    }
}

bool is_usual(const RppRule& rule, const std::string& field) {
    if (rule.usual.data() == nullptr) return false;
    if (rule.value == text) return field == rule.usual;
    const double number = rpp_number(field), usual = rpp_number(rule.usual);
    if (rule.value == magnitude) return std::abs(number) == usual;
    if (rule.value == negative) return number >= 0;
    return number == usual;
}

template <typename Names>
double number_named(const Record& record, const RppRule& rule, const Names& names) {
    if (record.raw(rule.key)->front() != '"') return record.number(rule.key).value();
    const auto name = record.text(rule.key).value();
    const auto found = std::find(std::begin(names), std::end(names), name);
    if (name.empty() || found == std::end(names))
        refuse_value(rule.key, "a name that patchpipe-song(5) lists");
    return static_cast<double>(found - std::begin(names));
}

// A shape has several numbers, so one that is meant already stays.
double wanted_shape(const RppRule& rule, const Record& record, double old) {
    const auto wanted = record.raw(rule.key)->front() == '"'
                            ? record.text(rule.key).value()
                            : rpp_decimal(record.number(rule.key).value());
    return fade_named(wanted) == fade_named(rpp_decimal(old)) ? old : shape_number(wanted);
}

// A gain, or what its "_db" says where the gain itself is missing.
std::optional<double> gain_in(const Record& record, std::string_view key) {
    if (record.raw(key)) return record.number(key);
    const auto level = record.number(std::string(key) + "_db");
    return level ? std::optional(std::pow(10, *level / 20)) : std::nullopt;
}

// The number that the record wants in a field that now is `old`; nothing if it says nothing.
std::optional<double> wanted_number(const RppRule& rule, const Record& record, double old) {
    if (rule.value == gain || rule.value == magnitude) {
        const auto value = gain_in(record, rule.key);
        if (value && !(*value >= 0 && std::isfinite(*value))) refuse_value(rule.key, "0 or more");
        return value && rule.value == magnitude ? std::copysign(*value, old) : value;
    }
    if (!record.raw(rule.key)) return {};
    switch (rule.value) {
        case flag:
        case clear: {
            const bool on = record.flag(rule.key).value() == (rule.value == flag);
            return on ? (old == 0 ? 1 : old) : 0;
        }
        case negative:
            return record.flag(rule.key).value() ? -std::abs(old) : std::abs(old);
        case semitones:
            return record.number(rule.key) == old * 100 ? old
                                                        : record.number(rule.key).value() / 100;
        case shape:
            return wanted_shape(rule, record, old);
        case send_mode:
            return number_named(record, rule, send_modes);
        case whole: {
            const double value = record.number(rule.key).value();
            if (value != old && value != std::trunc(value))
                refuse_value(rule.key, "a whole number");
            return value;
        }
        case pan: {
            const double value = record.number(rule.key).value();
            if (value != old && !(value >= -1 && value <= 1)) refuse_value(rule.key, "-1 to 1");
            return value;
        }
        default:
            return record.number(rule.key);
    }
}

// The field as the record wants it, quoted; nothing if it may stay.
std::optional<std::string> wanted_field(const RppRule& rule, const Record& record,
                                        std::string_view old) {
    if (rule.value == text) {
        const auto value = record.text(rule.key);
        if (!value || *value == text_as_utf8(old)) return {};
        return rpp_quoted(*value);
    }
    const double number = rpp_number(old);
    const auto value = wanted_number(rule, record, number);
    if (!value || *value == number) return {};
    return rpp_decimal(*value);
}

}  // namespace

bool RppValues::take(const RppFields& fields) {
    bool known = false;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (rules_[i].tag != fields.text(0)) continue;
        known = true;
        if (rules_[i].place < fields.size()) texts_[i] = fields.text(rules_[i].place);
    }
    return known;
}

void RppValues::put(RecordLine& record) const {
    for (std::size_t i = 0; i < rules_.size(); ++i)
        if (texts_[i] && !is_usual(rules_[i], *texts_[i])) put_value(record, rules_[i], *texts_[i]);
}

std::optional<std::string> RppValues::text(std::string_view key) const {
    for (std::size_t i = 0; i < rules_.size(); ++i)
        if (rules_[i].key == key && texts_[i]) return texts_[i];
    return {};
}

double RppValues::number(std::string_view key, double missing) const {
    const auto field = text(key);
    return field ? rpp_number(*field) : missing;
}

void RppValues::set(std::string_view key, std::string_view text) {
    for (std::size_t i = 0; i < rules_.size(); ++i)
        if (rules_[i].key == key) texts_[i] = text;
}

std::string rpp_line_with(std::string_view line, RppRules rules, const Record& record) {
    const auto tag = rpp_tag(line);
    std::string changed(line);
    for (const auto& rule : rules) {
        if (rule.tag != tag) continue;
        RppFields fields;
        fields.split(changed);
        const auto field = wanted_field(rule, record, fields.text(rule.place));
        if (field) changed = rpp_with_field(changed, rule.place, *field);
    }
    return changed;
}

bool rpp_line_needed(std::string_view usual_line, RppRules rules, const Record& record) {
    return rpp_line_with(usual_line, rules, record) != usual_line;
}

}  // namespace patchpipe
