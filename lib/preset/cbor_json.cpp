// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/cbor_json.h"

#include <simdjson.h>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "preset/cbor.h"
#include "preset/hex.h"
#include "record/error.h"
#include "record/json.h"

namespace patchpipe {
namespace {

struct Float {
    CborKind kind;
    int bytes;
    std::string_view key;
};

constexpr std::array<Float, 3> floats = {{{CborKind::half, 2, "$float16"},
                                          {CborKind::single, 4, "$float32"},
                                          {CborKind::real, 8, "$float64"}}};

struct Integer {
    std::uint8_t width;
    std::string_view key;
};

constexpr std::array<Integer, 4> integers = {
    {{1, "$int8"}, {2, "$int16"}, {4, "$int32"}, {8, "$int64"}}};

constexpr std::uint64_t largest_int64 = std::numeric_limits<std::int64_t>::max();

std::string escape(std::string_view key, const std::string& json) {
    return "{\"" + std::string(key) + "\":" + json + "}";
}

bool fits_single(double value) { return static_cast<double>(static_cast<float>(value)) == value; }

class JsonPrinter {
 public:
    explicit JsonPrinter(std::string_view cbor) : in_(cbor, "") {}

    std::string print() {
        print_item();
        return std::move(out_);
    }

 private:
    void print_item() {
        auto item = in_.next();
        switch (item.kind) {
            case CborKind::unsigned_integer:
            case CborKind::negative_integer:
                return print_integer(item);
            case CborKind::bytes:
                return print(escape("$bytes", json_text(to_hex(item.content))));
            case CborKind::text:
                return print_text(item.content);
            case CborKind::array:
                return print_array(item);
            case CborKind::map:
                return has_plain_keys(item) ? print_object(item) : print_pairs(item);
            case CborKind::tag:
                return print_tag(item.argument);
            case CborKind::simple:
                return print_simple(item.argument);
            case CborKind::half:
            case CborKind::single:
            case CborKind::real:
                return print_float(item);
        }
    }

    void print(std::string_view json) { out_ += json; }

    void print_text(std::string_view text) {
        print(is_utf8(text) ? json_text(text) : escape("$text", json_text(to_hex(text))));
    }

    void print_integer(const CborItem& item) {
        const bool negative = item.kind == CborKind::negative_integer;
        if (negative && item.argument > largest_int64)
            return print(escape("$negative", std::to_string(item.argument)));
        const auto json = negative ? json_number(-1 - static_cast<std::int64_t>(item.argument))
                                   : std::to_string(item.argument);
        CborWriter shortest;
        shortest.head(item.kind, item.argument);
        if (shortest.take().size() == item.encoded.size()) return print(json);
        for (const auto& integer : integers)
            if (integer.width == item.width) print(escape(integer.key, json));
    }

    void print_float(const CborItem& item) {
        const bool finite = std::isfinite(item.number);
        const bool fits = fits_single(item.number);
        if (finite && (item.kind == CborKind::single || (item.kind == CborKind::real && !fits)))
            return print(json_real(item.number));
        const auto& form =
            floats[static_cast<std::size_t>(item.kind) - static_cast<std::size_t>(CborKind::half)];
        const bool as_number = finite && item.kind == CborKind::real;
        print(escape(form.key, as_number ? json_real(item.number)
                                         : json_text(to_hex(item.argument, 2 * form.bytes))));
    }

    void print_simple(std::uint64_t value) {
        constexpr std::array<std::string_view, 4> names = {"false", "true", "null",
                                                           "{\"$undefined\":true}"};
        print(names[value - 20]);
    }

    void print_array(CborItem array) {
        print("[");
        for (bool first = true; in_.more(array); first = false) {
            if (!first) print(",");
            print_item();
        }
        print("]");
    }

    // Whether a JSON object can stand for the map: its keys are text, and it is not taken for an
    // escape when it is read back.
    bool has_plain_keys(CborItem map) const {
        auto ahead = in_;
        std::size_t count = 0;
        bool escape_like = false;
        while (ahead.more(map)) {
            const auto key = cbor_text(ahead.skip());
            ahead.skip();
            if (!key || !is_utf8(*key)) return false;
            escape_like = ++count == 1 && key->starts_with('$');
        }
        return !escape_like;
    }

    void print_object(CborItem map) {
        print("{");
        for (bool first = true; in_.more(map); first = false) {
            if (!first) print(",");
            print_item();
            print(":");
            print_item();
        }
        print("}");
    }

    void print_pairs(CborItem map) {
        print("{\"$map\":[");
        for (bool first = true; in_.more(map); first = false) {
            print(first ? "[" : ",[");
            print_item();
            print(",");
            print_item();
            print("]");
        }
        print("]}");
    }

    void print_tag(std::uint64_t number) {
        print("{\"$tag\":[" + std::to_string(number) + ",");
        print_item();
        print("]}");
    }

    CborReader in_;
    std::string out_;
};

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
        for (const auto& form : floats)
            if (form.key == key) return read_float(form, value);
        for (const auto& form : integers)
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

    bool read_float(const Float& form, Element value) {
        if (const auto bytes = hex_of(value)) {
            if (bytes->size() != static_cast<std::size_t>(form.bytes)) return false;
            std::uint64_t bits = 0;
            for (const char c : *bytes) bits = bits << 8 | static_cast<unsigned char>(c);
            out_.bits(form.kind, bits);
            return true;
        }
        double number = 0;
        if (form.kind == CborKind::half || value.get(number)) return false;
        if (form.kind == CborKind::single)
            out_.bits(form.kind, std::bit_cast<std::uint32_t>(static_cast<float>(number)));
        else
            out_.real(number);
        return true;
    }

    bool read_integer(const Integer& form, Element value) {
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

std::string json_real(double value) {
    std::array<char, 32> text;
    const std::string json{text.begin(), std::to_chars(text.begin(), text.end(), value).ptr};
    return json.find_first_of(".e") == json.npos ? json + ".0" : json;
}

std::string cbor_to_json(std::string_view cbor) { return JsonPrinter(cbor).print(); }

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
