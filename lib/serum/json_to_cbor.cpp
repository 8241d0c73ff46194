// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <bit>
#include <new>
#include <optional>

#include "base/byte_order.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "serum/cbor.h"
#include "serum/cbor_json.h"
#include "serum/cbor_json_forms.h"
#include "serum/json_reader.h"

namespace patchpipe {
namespace {

using Value = JsonReader::Value;
using simdjson::ondemand::json_type;

bool is(Value& value, json_type type) { return value.type() == type; }

// Decodes a text of hexadecimal digits. Returns nothing if the value is something else.
std::optional<std::string> hex_of(Value& value) {
    if (!is(value, json_type::string)) return {};
    return from_hex(value.get_string());
}

// Does not use get_number(), because that of simdjson 3.0 reads a float of twenty digits as 0.
bool is_integer(Value& value) { return is(value, json_type::number) && bool(value.is_integer()); }

std::optional<std::uint64_t> unsigned_of(Value& value) {
    std::uint64_t number = 0;
    if (!is_integer(value) || value.get_uint64().get(number)) return {};
    return number;
}

void read_null(Value& value) {
    if (!value.is_null()) throw simdjson::simdjson_error(simdjson::N_ATOM_ERROR);
}

}  // namespace

void JsonReader::read(Value value, int depth) {
    if (depth > deepest_cbor) fail_depth();
    switch (value.type()) {
        case json_type::array:
            return read_array(value.get_array(), depth);
        case json_type::object:
            return read_object(value.get_object(), depth);
        case json_type::string:
            return out_.text(value.get_string());
        case json_type::boolean:
            return out_.head(CborKind::simple, value.get_bool() ? 21 : 20);
        case json_type::null:
            read_null(value);
            return out_.head(CborKind::simple, 22);
        case json_type::number:
            return read_number(value);
    }
}

// The number of items is known only after the last one, so the head is inserted before them.
void JsonReader::read_array(simdjson::ondemand::array array, int depth) {
    const auto begin = out_.size();
    std::size_t count = 0;
    for (Value item : array) {
        ++count;
        read(item, depth + 1);
    }
    out_.insert_head(begin, CborKind::array, count);
}

void JsonReader::read_object(simdjson::ondemand::object object, int depth) {
    const bool may_be_escape = object.count_fields() == std::size_t{1};
    const auto begin = out_.size();
    std::size_t count = 0;
    for (auto member : object) {
        const std::string key(std::string_view(member.unescaped_key()));
        if (may_be_escape && key.starts_with('$')) {
            if (!read_escape(key, member.value(), depth)) fail_escape(key);
            continue;  // on to the end, so that the parser checks the rest
        }
        ++count;
        out_.text(key);
        read(member.value(), depth + 1);
    }
    if (count > 0 || !may_be_escape) out_.insert_head(begin, CborKind::map, count);
}

void JsonReader::read_number(Value value) {
    is_integer(value) ? write_integer(value, 0) : write_float(value.get_double());
}

// Returns false if the escape is unknown or has another kind of value.
bool JsonReader::read_escape(std::string_view key, Value value, int depth) {
    if (key == "$bytes" || key == "$text") return read_hex(key, value);
    if (key == "$map") return read_pairs(value, depth);
    if (key == "$tag") return read_tag(value, depth);
    if (key == "$negative") return read_negative(value);
    if (key == "$undefined") return write_undefined(value);
    for (const auto& form : json_floats)
        if (form.key == key) return read_float(form, value);
    for (const auto& form : json_integers)
        if (form.key == key) return read_integer(form, value);
    return false;
}

bool JsonReader::read_hex(std::string_view key, Value value) {
    const auto bytes = hex_of(value);
    if (!bytes) return false;
    key == "$text" ? out_.text(*bytes) : out_.bytes(*bytes);
    return true;
}

bool JsonReader::read_pairs(Value value, int depth) {
    if (!is(value, json_type::array)) return false;
    const auto begin = out_.size();
    std::size_t count = 0;
    for (Value pair : value.get_array()) {
        if (!is(pair, json_type::array)) return false;
        std::size_t items = 0;
        for (Value item : pair.get_array()) {
            if (++items > 2) return false;
            read(item, depth + 1);
        }
        if (items != 2) return false;
        ++count;
    }
    out_.insert_head(begin, CborKind::map, count);
    return true;
}

bool JsonReader::read_tag(Value value, int depth) {
    if (!is(value, json_type::array)) return false;
    std::size_t items = 0;
    for (Value item : value.get_array()) {
        if (++items > 2) return false;
        if (items == 2) {
            read(item, depth + 1);
            continue;
        }
        const auto number = unsigned_of(item);
        if (!number) return false;
        out_.head(CborKind::tag, *number);
    }
    return items == 2;
}

bool JsonReader::read_negative(Value value) {
    const auto argument = unsigned_of(value);
    if (argument) out_.head(CborKind::negative_integer, *argument);
    return argument.has_value();
}

bool JsonReader::write_undefined(Value value) {
    if (!is(value, json_type::boolean) || !value.get_bool()) return false;
    out_.head(CborKind::simple, 23);
    return true;
}

bool JsonReader::read_float(const JsonFloat& form, Value value) {
    if (is(value, json_type::string)) {
        const auto bytes = hex_of(value);
        if (!bytes || bytes->size() != static_cast<std::size_t>(form.bytes)) return false;
        out_.bits(form.kind, big_endian_number(*bytes));
        return true;
    }
    if (form.kind == CborKind::half || !is(value, json_type::number)) return false;
    const double number = value.get_double();
    const bool single = form.kind == CborKind::single;
    if (single && !in_range_of_single(number)) return false;
    if (single)
        out_.bits(form.kind, std::bit_cast<std::uint32_t>(static_cast<float>(number)));
    else
        out_.real(number);
    return true;
}

bool JsonReader::read_integer(const JsonInteger& form, Value value) {
    if (!is_integer(value)) return false;
    write_integer(value, form.width);
    return true;
}

// The width is a minimum: a value that does not fit gets a wider one.
void JsonReader::write_integer(Value value, std::uint8_t width) {
    std::int64_t number = 0;
    if (value.get_int64().get(number))
        out_.head(CborKind::unsigned_integer, value.get_uint64(), width);
    else if (number >= 0)
        out_.head(CborKind::unsigned_integer, static_cast<std::uint64_t>(number), width);
    else
        out_.head(CborKind::negative_integer, static_cast<std::uint64_t>(-(number + 1)), width);
}

void JsonReader::write_float(double value) {
    if (fits_single(value))
        out_.bits(CborKind::single, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
    else
        out_.real(value);
}

void JsonReader::fail_escape(std::string_view key) const {
    throw Error(ErrorKind::bad_record, name_,
                "holds an object with the one key " + json_text(key) +
                    " and a value that does not go with it; serum-unwrap(1) lists what such "
                    "keys mean");
}

void JsonReader::fail_depth() const {
    throw Error(ErrorKind::bad_record, name_,
                "is nested deeper than " + std::to_string(deepest_cbor) + " levels");
}

void JsonReader::pass_over(Value value, int depth) {
    constexpr int deepest = 1024;
    if (depth > deepest) throw simdjson::simdjson_error(simdjson::DEPTH_ERROR);
    switch (value.type()) {
        case json_type::array:
            for (Value item : value.get_array()) pass_over(item, depth + 1);
            return;
        case json_type::object:
            for (auto member : value.get_object()) {
                (void)std::string_view(member.unescaped_key());
                pass_over(member.value(), depth + 1);
            }
            return;
        case json_type::string:
            (void)std::string_view(value.get_string());
            return;
        case json_type::boolean:
            (void)bool(value.get_bool());
            return;
        case json_type::null:
            return read_null(value);
        case json_type::number:
            (void)double(value.get_double());
            return;
    }
}

simdjson::padded_string_view pad_json(std::string& json) {
    json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    return simdjson::padded_string_view(json.data(), json.size(), json.capacity());
}

void fail_json(std::string_view name, const simdjson::simdjson_error& error) {
    if (error.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    throw Error(ErrorKind::bad_record, name, std::string("not JSON: ") + error.what());
}

std::string json_to_cbor(std::string_view json, std::string_view name) {
    // Wrapped in an array, since the parser reads a document that is a single number in another
    // way.
    std::string array = "[" + std::string(json) + "]";
    JsonReader reader(name);
    std::size_t count = 0;
    parse_json(array, name, [&](simdjson::ondemand::document& document) {
        for (Value value : document.get_array()) {
            ++count;
            reader.read(value);
        }
    });
    if (count != 1)
        throw Error(ErrorKind::bad_record, name,
                    "not JSON: there must be one value, not " + std::to_string(count));
    return reader.take();
}

}  // namespace patchpipe
