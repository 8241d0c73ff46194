// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"
#include "serum/cbor.h"
#include "serum/cbor_json.h"
#include "serum/cbor_json_forms.h"

namespace patchpipe {
namespace {

constexpr std::uint64_t largest_int64 = std::numeric_limits<std::int64_t>::max();

std::string escape(std::string_view key, std::string_view json) {
    return "{\"" + std::string(key) + "\":" + std::string(json) + "}";
}

// Finds which maps can be written as a JSON object, in the order in which the maps begin: those
// whose keys are all text, except one that would be read back as an escape. One pass over the whole
// CBOR does it; looking ahead at each map would read nested ones again at every level.
class MapScan {
 public:
    explicit MapScan(std::string_view cbor) : in_(cbor, "") { scan_item(); }

    [[nodiscard]] std::vector<bool> take() { return std::move(plain_); }

 private:
    CborItem scan_item() {
        auto item = in_.next();
        if (item.kind == CborKind::array) in_.take_floats(item, 1);
        if (item.kind == CborKind::array)
            while (in_.more(item)) scan_item();
        if (item.kind == CborKind::tag) scan_item();
        if (item.kind == CborKind::map) scan_map(item);
        return item;
    }

    void scan_map(CborItem map) {
        const auto index = plain_.size();
        plain_.push_back(true);
        std::size_t count = 0;
        bool all_text = true, escape_like = false;
        while (in_.more(map)) {
            const auto key = scan_item();
            all_text = all_text && key.kind == CborKind::text && is_utf8(key.content);
            escape_like = ++count == 1 && key.content.starts_with('$');
            scan_item();
        }
        plain_[index] = all_text && !escape_like;
    }

    CborReader in_;
    std::vector<bool> plain_;
};

class JsonPrinter {
 public:
    JsonPrinter(std::string_view cbor, const TextSink& sink)
        : in_(cbor, ""), plain_(MapScan(cbor).take()), sink_(sink) {}

    void print() {
        print_item();
        sink_(out_);
    }

 private:
    void print_item() {
        pass_on();
        const auto item = in_.next();
        switch (item.kind) {
            case CborKind::unsigned_integer:
            case CborKind::negative_integer:
                return print_integer(item);
            case CborKind::bytes:
                return print_hex("$bytes", item.content);
            case CborKind::text:
                return print_text(item.content);
            case CborKind::array:
                return print_array(item);
            case CborKind::map:
                return plain_[map_++] ? print_object(item) : print_pairs(item);
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

    // Long texts and bytes are printed in pieces, because their JSON may be six times as long.
    static constexpr std::size_t piece_size = 1 << 16;

    void pass_on() {
        if (out_.size() < piece_size) return;
        sink_(out_);
        out_.clear();
    }

    void print_text(std::string_view text) {
        if (!is_utf8(text)) return print_hex("$text", text);
        print("\"");
        while (!text.empty()) {
            const auto piece = cut_to(text, piece_size);
            const auto json = json_text(piece);
            print(std::string_view(json).substr(1, json.size() - 2));
            pass_on();
            text.remove_prefix(piece.size());
        }
        print("\"");
    }

    void print_hex(std::string_view key, std::string_view bytes) {
        print("{\"" + std::string(key) + "\":\"");
        for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), piece_size))) {
            print(to_hex(bytes.substr(0, piece_size)));
            pass_on();
        }
        print("\"}");
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
    std::vector<bool> plain_;  // of each map, see MapScan
    std::size_t map_ = 0;      // how many maps have been printed
    std::string out_;          // not yet passed to the sink
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
