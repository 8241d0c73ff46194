// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Converts JSON to CBOR while the parser walks over it, so that only the text and the CBOR are in
// memory. The on-demand parser checks only the values that are asked for, so every value is asked
// for here. Not here: the forms of the JSON (cbor_json.h). Only for lib/serum.
#pragma once

#include <simdjson.h>
#include <optional>
#include <string>
#include <string_view>

#include "serum/cbor.h"
#include "serum/cbor_json_forms.h"

namespace patchpipe {

class JsonReader {
 public:
    using Value = simdjson::ondemand::value;

    /// name is for messages.
    explicit JsonReader(std::string_view name) : name_(name) {}

    /// Appends the value as CBOR. Throws simdjson_error if it is not JSON, and Error bad-record as
    /// json_to_cbor does.
    void read(Value value, int depth = 1);

    [[nodiscard]] std::string take() { return out_.take(); }

    /// Reads a value and drops it. Throws simdjson_error if it is not JSON.
    static void pass_over(Value value, int depth = 1);

 private:
    void read_array(simdjson::ondemand::array array, int depth);
    void read_object(simdjson::ondemand::object object, int depth);
    void read_number(Value value);
    [[nodiscard]] bool read_escape(std::string_view key, Value value, int depth);
    [[nodiscard]] bool read_hex(std::string_view key, Value value);
    [[nodiscard]] bool read_pairs(Value value, int depth);
    [[nodiscard]] bool read_tag(Value value, int depth);
    [[nodiscard]] bool read_negative(Value value);
    [[nodiscard]] bool write_undefined(Value value);
    [[nodiscard]] bool read_float(const JsonFloat& form, Value value);
    [[nodiscard]] bool read_integer(const JsonInteger& form, Value value);
    void write_integer(Value value, std::uint8_t width);
    void write_float(double value);
    [[noreturn]] void fail_escape(std::string_view key) const;
    [[noreturn]] void fail_depth() const;

    std::string_view name_;
    CborWriter out_;
};

/// Allocates the padding that the parser needs, because it reads past the end of the text.
[[nodiscard]] simdjson::padded_string_view pad_json(std::string& json);

/// Throws the parser's error as Error bad-record.
[[noreturn]] void fail_json(std::string_view name, const simdjson::simdjson_error& error);

/// Parses the text and calls read() with the document; read() must read all of it. Throws Error
/// bad-record if the text is not JSON.
template <typename Read>
void parse_json(std::string& json, std::string_view name, Read read) {
    try {
        simdjson::ondemand::parser parser;
        simdjson::ondemand::document document = parser.iterate(pad_json(json));
        read(document);
        const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
        if (!at_end) throw simdjson::simdjson_error(simdjson::TAPE_ERROR);
    } catch (const simdjson::simdjson_error& error) {
        fail_json(name, error);
    }
}

}  // namespace patchpipe
