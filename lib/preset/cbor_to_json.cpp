// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "preset/cbor.h"
#include "preset/cbor_json.h"
#include "preset/cbor_json_forms.h"
#include "preset/hex.h"
#include "record/json.h"

namespace patchpipe {
namespace {

constexpr std::uint64_t largest_int64 = std::numeric_limits<std::int64_t>::max();

std::string escape(std::string_view key, const std::string& json) {
    return "{\"" + std::string(key) + "\":" + json + "}";
}

class JsonPrinter {
 public:
    JsonPrinter(std::string_view cbor, const TextSink& sink) : in_(cbor, ""), sink_(sink) {}

    void print() {
        print_item();
        sink_(out_);
    }

 private:
    void print_item() {
        constexpr std::size_t enough = 1 << 16;
        if (out_.size() > enough) {
            sink_(out_);
            out_.clear();
        }
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
        for (const auto& integer : json_integers)
            if (integer.width == item.width) print(escape(integer.key, json));
    }

    void print_float(const CborItem& item) {
        const bool finite = std::isfinite(item.number);
        const bool fits = fits_single(item.number);
        if (finite && (item.kind == CborKind::single || (item.kind == CborKind::real && !fits)))
            return print(json_real(item.number));
        const auto& form = json_floats[static_cast<std::size_t>(item.kind) -
                                       static_cast<std::size_t>(CborKind::half)];
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
    std::string out_;  // what the sink has not got yet
    const TextSink& sink_;
};

}  // namespace

std::string json_real(double value) {
    std::array<char, 32> text;
    const std::string json{text.begin(), std::to_chars(text.begin(), text.end(), value).ptr};
    return json.find_first_of(".e") == json.npos ? json + ".0" : json;
}

void cbor_to_json(std::string_view cbor, const TextSink& sink) { JsonPrinter(cbor, sink).print(); }

std::string cbor_to_json(std::string_view cbor) {
    std::string json;
    cbor_to_json(cbor, [&](std::string_view part) { json += part; });
    return json;
}

}  // namespace patchpipe
