// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <simdjson.h>
#include <bit>
#include <optional>

#include "preset/cbor.h"
#include "preset/cbor_json.h"
#include "preset/cbor_json_forms.h"
#include "preset/hex.h"
#include "record/error.h"
#include "record/json.h"

namespace patchpipe {
namespace {

using Element = simdjson::dom::element;

class JsonReader {
 public:
    explicit JsonReader(std::string_view name) : name_(name) {}

    std::string read(Element json) {
        read_value(json);
        return out_.take();
    }

 private:
    void read_value(Element json) {
        switch (json.type()) {
            case simdjson::dom::element_type::ARRAY:
                return read_array(simdjson::dom::array(json));
            case simdjson::dom::element_type::OBJECT:
                return read_object(simdjson::dom::object(json));
            case simdjson::dom::element_type::STRING:
                return out_.text(std::string_view(json));
            case simdjson::dom::element_type::DOUBLE:
                return write_float(double(json));
            case simdjson::dom::element_type::BOOL:
                return out_.head(CborKind::simple, bool(json) ? 21 : 20);
            case simdjson::dom::element_type::NULL_VALUE:
                return out_.head(CborKind::simple, 22);
            default:
                return write_integer(json, 0);
        }
    }

    void read_array(simdjson::dom::array array) {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto item : array) ++count;
        out_.head(CborKind::array, count);
        for (const auto item : array) read_value(item);
    }

    void read_object(simdjson::dom::object object) {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto member : object) ++count;
        if (count == 1 && (*object.begin()).key.starts_with('$')) {
            const auto [key, value] = *object.begin();
            if (!read_escape(key, value)) fail_escape(key);
            return;
        }
        out_.head(CborKind::map, count);
        for (const auto [key, value] : object) {
            out_.text(key);
            read_value(value);
        }
    }

    // False if it is none, or its value is not what it takes.
    bool read_escape(std::string_view key, Element value) {
        if (key == "$bytes" || key == "$text") return read_hex(key, value);
        if (key == "$map") return read_pairs(value);
        if (key == "$tag") return read_tag(value);
        if (key == "$negative") return read_negative(value);
        if (key == "$undefined") return write_undefined(value);
        for (const auto& form : json_floats)
            if (form.key == key) return read_float(form, value);
        for (const auto& form : json_integers)
            if (form.key == key) return read_integer(form, value);
        return false;
    }

    bool read_hex(std::string_view key, Element value) {
        const auto bytes = hex_of(value);
        if (!bytes) return false;
        key == "$text" ? out_.text(*bytes) : out_.bytes(*bytes);
        return true;
    }

    bool read_pairs(Element value) {
        simdjson::dom::array pairs;
        if (value.get(pairs)) return false;
        std::size_t count = 0;
        for (const auto pair : pairs) {
            if (!is_pair(pair)) return false;
            ++count;
        }
        out_.head(CborKind::map, count);
        for (const auto pair : pairs)
            for (const auto item : simdjson::dom::array(pair)) read_value(item);
        return true;
    }

    bool read_tag(Element value) {
        std::uint64_t number = 0;
        if (!is_pair(value) || value.at(0).get(number)) return false;
        out_.head(CborKind::tag, number);
        read_value(value.at(1));
        return true;
    }

    bool read_negative(Element value) {
        std::uint64_t argument = 0;
        if (value.get(argument)) return false;
        out_.head(CborKind::negative_integer, argument);
        return true;
    }

    bool write_undefined(Element value) {
        bool is_true = false;
        if (value.get(is_true) || !is_true) return false;
        out_.head(CborKind::simple, 23);
        return true;
    }

    bool read_float(const JsonFloat& form, Element value) {
        if (const auto bytes = hex_of(value)) {
            if (bytes->size() != static_cast<std::size_t>(form.bytes)) return false;
            std::uint64_t bits = 0;
            for (const char c : *bytes) bits = bits << 8 | static_cast<unsigned char>(c);
            out_.bits(form.kind, bits);
            return true;
        }
        double number = 0;
        if (form.kind == CborKind::half || value.get(number)) return false;
        const bool single = form.kind == CborKind::single;
        if (single && !in_range_of_single(number)) return false;
        if (single)
            out_.bits(form.kind, std::bit_cast<std::uint32_t>(static_cast<float>(number)));
        else
            out_.real(number);
        return true;
    }

    bool read_integer(const JsonInteger& form, Element value) {
        if (!value.is_int64() && !value.is_uint64()) return false;
        write_integer(value, form.width);
        return true;
    }

    // The width is the least; one that is too narrow for the value gives way.
    void write_integer(Element json, std::uint8_t width) {
        std::int64_t value = 0;
        if (json.get(value)) return out_.head(CborKind::unsigned_integer, std::uint64_t(json), 8);
        if (value >= 0)
            out_.head(CborKind::unsigned_integer, static_cast<std::uint64_t>(value), width);
        else
            out_.head(CborKind::negative_integer, static_cast<std::uint64_t>(-(value + 1)), width);
    }

    void write_float(double value) {
        if (fits_single(value))
            out_.bits(CborKind::single, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
        else
            out_.real(value);
    }

    static bool is_pair(Element value) {
        simdjson::dom::array pair;
        return !value.get(pair) && pair.size() == 2;
    }

    static std::optional<std::string> hex_of(Element value) {
        std::string_view digits;
        if (value.get(digits)) return {};
        return from_hex(digits);
    }

    [[noreturn]] void fail_escape(std::string_view key) const {
        throw Error(ErrorKind::bad_record, name_,
                    "holds an object with the one key " + json_text(key) +
                        " and a value that does not go with it; serum-unwrap(1) lists what such "
                        "keys mean");
    }

    std::string_view name_;
    CborWriter out_;
};

}  // namespace

std::string json_to_cbor(std::string_view json, std::string_view name) {
    simdjson::dom::parser parser;
    Element value;
    if (const auto error = parser.parse(json.data(), json.size()).get(value))
        throw Error(ErrorKind::bad_record, name,
                    std::string("not JSON: ") + simdjson::error_message(error));
    auto cbor = JsonReader(name).read(value);
    try {
        check_cbor(cbor, name);
    } catch (const Error&) {
        throw Error(ErrorKind::bad_record, name,
                    "is nested deeper than " + std::to_string(deepest_cbor) + " levels");
    }
    return cbor;
}

}  // namespace patchpipe
