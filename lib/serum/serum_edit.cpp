// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "serum/serum_edit.h"

#include <cmath>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "record/record.h"
#include "serum/cbor.h"
#include "serum/cbor_json.h"

namespace patchpipe {
namespace {

bool is_float(const CborItem& item) { return item.kind >= CborKind::half; }

bool is_number(const CborItem& item) {
    return is_float(item) || item.kind == CborKind::unsigned_integer ||
           item.kind == CborKind::negative_integer;
}

bool is_container(const CborItem& item) {
    return item.kind == CborKind::array || item.kind == CborKind::map;
}

CborItem head_of(std::string_view item) { return CborReader(item, "").next(); }

// Reads one item from each and compares them. A number is the same in any width, and 10 equals
// 10.0.
bool read_same(CborReader& one, CborReader& other) {
    auto a = one.next(), b = other.next();
    if (is_number(a) && is_number(b)) return cbor_number(a.encoded) == cbor_number(b.encoded);
    if (a.kind != b.kind) return false;
    if (!is_container(a)) {
        const bool same = a.argument == b.argument && a.content == b.content;
        return same && (a.kind != CborKind::tag || read_same(one, other));
    }
    const int items_of_entry = a.kind == CborKind::map ? 2 : 1;
    for (;;) {
        const bool more = one.more(a);
        if (more != other.more(b)) return false;
        if (!more) return true;
        for (int i = 0; i < items_of_entry; ++i)
            if (!read_same(one, other)) return false;
    }
}

bool same_value(std::string_view one, std::string_view other) {
    CborReader reader(one, ""), other_reader(other, "");
    return read_same(reader, other_reader);
}

// Calls take(key, value) with every entry of a checked map whose key is a text. Data that is not a
// map, as in other types of file, has no entries.
template <typename Take>
void for_each_entry(std::string_view cbor, Take take) {
    CborReader reader(cbor, "");
    auto map = reader.next();
    if (map.kind != CborKind::map) return;
    while (reader.more(map)) {
        const auto key = cbor_text(reader.skip());
        const auto value = reader.skip();
        if (key) take(*key, value);
    }
}

// Replaces the value under that key in a checked map, if the map has the key.
void replace_entry(std::string& cbor, std::string_view key, std::string_view value) {
    const auto found = cbor_find(cbor, key);
    if (!found) return;
    cbor.replace(static_cast<std::size_t>(found->data() - cbor.data()), found->size(), value);
}

// The field's present value as CBOR; nothing if the field is new.
std::optional<std::string> present_value(const SerumDocument& document, std::string_view key,
                                         std::string_view name) {
    const Record metadata(document.metadata);
    if (const auto json = metadata.raw(key)) return json_to_cbor(*json, name);
    const auto found = cbor_find(document.cbor, key);
    return found ? std::optional<std::string>(*found) : std::nullopt;
}

std::string_view kind_name(const CborItem& item) {
    if (is_number(item)) return "a number";
    switch (item.kind) {
        case CborKind::array:
            return "an array";
        case CborKind::map:
            return "an object";
        case CborKind::simple:
            return "true or false";
        default:
            return "something that is not text";
    }
}

// Infinity does not count as a number, since the metadata is JSON and cannot hold it.
bool is_of_type(std::string_view item, const CborItem& old) {
    if (is_number(old)) return std::isfinite(cbor_number(item).value_or(NAN));
    return head_of(item).kind == old.kind;
}

// Returns nothing if the text is not JSON.
std::optional<std::string> cbor_of(std::string_view json) {
    try {
        return json_to_cbor(json, "");
    } catch (const Error&) {
        return {};
    }
}

// The new value as JSON: a text, unless the field's present value has another type.
std::string new_value(const std::optional<std::string>& present, std::string_view key,
                      std::string_view value, std::string_view name) {
    if (!present || head_of(*present).kind == CborKind::text) return json_text(value);
    const auto old = head_of(*present);
    const auto cbor = cbor_of(value);
    if (!cbor || !is_of_type(*cbor, old))
        throw Error(ErrorKind::bad_record, name,
                    "'" + std::string(key) + "' holds " + std::string(kind_name(old)) +
                        ", so its new value must be JSON of that type");
    // Serum's versions stay floats.
    return is_float(old) ? json_real(*cbor_number(*cbor)) : cbor_to_json(*cbor);
}

}  // namespace

void set_serum_metadata(SerumDocument& document, std::string_view key, std::string_view value,
                        std::string_view name) {
    const auto json = new_value(present_value(document, key, name), key, value, name);
    Record metadata(document.metadata);
    metadata.set_json(key, json);
    document.metadata = metadata.line();
    replace_entry(document.cbor, key, json_to_cbor(json, name));
}

void check_serum_agreement(const SerumDocument& document, std::string_view name) {
    const Record metadata(document.metadata);
    std::vector<std::string> keys;
    for_each_entry(document.cbor, [&](const std::string& key, std::string_view value) {
        const auto json = key == computed_serum_field ? std::nullopt : metadata.raw(key);
        if (!json || same_value(json_to_cbor(*json, name), value)) return;
        keys.push_back("'" + key + "'");
    });
    if (!keys.empty())
        throw Error(ErrorKind::bad_record, name,
                    "its metadata and its data contradict each other on " + joined(keys, ", ") +
                        "; change both, as --set-metadata KEY=VALUE does");
}

}  // namespace patchpipe
