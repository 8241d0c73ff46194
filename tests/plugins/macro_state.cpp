// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "macro_state.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/md5.h"
#include "record/record.h"
#include "serum/cbor.h"
#include "serum/xferjson.h"

namespace patchpipe {

namespace {

constexpr const char* state_name = "state";  // for messages, which are not shown

constexpr std::array<std::string_view, 14> preset_keys{"fileType",           "presetName",
                                                       "presetAuthor",       "presetDescription",
                                                       "arpBankDisplayName", "clipBankDisplayName",
                                                       "ClipPlayer",         "Filter",
                                                       "SerumGUI",           "GranularOsc",
                                                       "MultiSampleOsc",     "Osc",
                                                       "SpectralOsc",        "WTOsc"};

std::string text_item(std::string_view text) {
    CborWriter writer;
    writer.text(text);
    return writer.take();
}

std::string macro_key(std::size_t index) { return "Macro" + std::to_string(index); }

/// Reads the item with everything in it.
bool contains_default_params(CborReader& reader) {
    CborItem item = reader.next();
    if (item.kind == CborKind::tag) return contains_default_params(reader);
    if (item.kind != CborKind::array && item.kind != CborKind::map) return false;
    bool found = false;
    while (reader.more(item)) {
        if (item.kind == CborKind::map && cbor_text(reader.skip()) == "plainParams") {
            const std::string_view value = reader.skip();
            CborReader within(value, state_name);
            found |= cbor_text(value) == "default" || contains_default_params(within);
        } else {
            found |= contains_default_params(reader);
        }
    }
    return found;
}

bool is_float(std::string_view item) {
    if (item.empty()) return false;
    const CborKind kind = CborReader(item, state_name).next().kind;
    return kind == CborKind::half || kind == CborKind::single || kind == CborKind::real;
}

bool is_processor_metadata(const XferJson& container) {
    const Record metadata(container.metadata);
    return metadata.text("component") == "processor" &&
           metadata.text("hash") == md5_hex(container.payload);
}

}  // namespace

MacroState::MacroState() {
    CborWriter version;
    version.bits(CborKind::single, 0x41200000);  // 10.0, as wide as in Serum's own states
    const std::string no_params = map_of({{"plainParams", map_of({})}});
    for (std::size_t i = 0; i < Macros{}.size(); ++i) put(entries_, macro_key(i), no_params);
    put(entries_, "component", text_item("processor"));
    put(entries_, "product", text_item("Serum2"));
    put(entries_, "productVersion", text_item("2.1.4"));
    put(entries_, "url", text_item("https://xferrecords.com/"));
    put(entries_, "vendor", text_item("Xfer Records"));
    put(entries_, "version", version.take());
}

std::optional<MacroState> MacroState::read(std::string_view bytes) {
    try {
        const XferJson container = parse_xferjson(bytes, state_name);
        if (!is_processor_metadata(container)) return {};
        const std::string cbor = decompress_cbor(container, state_name);
        check_cbor(cbor, state_name);
        auto entries = entries_of(cbor);
        CborReader reader(cbor, state_name);
        if (!entries || !is_processor_map(*entries) || !has_correct_macros(*entries) ||
            contains_default_params(reader))
            return {};
        return MacroState(std::move(*entries));
    } catch (const Error&) {
        return {};
    }
}

bool MacroState::is_processor_map(const Entries& entries) {
    const std::string_view component = find(entries, "component");
    const std::string_view product_version = find(entries, "productVersion");
    return !component.empty() && cbor_text(component) == "processor" && !product_version.empty() &&
           cbor_text(product_version) && is_float(find(entries, "version")) &&
           std::ranges::all_of(preset_keys,
                               [&](std::string_view key) { return find(entries, key).empty(); });
}

bool MacroState::has_correct_macros(const Entries& entries) {
    for (std::size_t i = 0; i < Macros{}.size(); ++i) {
        const std::string_view macro = find(entries, macro_key(i));
        if (macro.empty()) continue;
        const auto in_macro = entries_of(macro);
        if (!in_macro) return false;
        const std::string_view params = find(*in_macro, "plainParams");
        if (params.empty()) continue;
        const auto in_params = entries_of(params);
        if (!in_params) return false;
        const std::string_view value = find(*in_params, "kParamValue");
        if (value.empty()) continue;
        const auto percent = cbor_number(value);
        if (!percent || !(*percent >= 0 && *percent <= 100)) return false;
    }
    return true;
}

Macros MacroState::macros() const {
    Macros values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string_view macro = find(entries_, macro_key(i));
        if (macro.empty()) continue;
        const auto params = cbor_find(macro, "plainParams");
        const auto value = params ? cbor_find(*params, "kParamValue") : std::nullopt;
        if (value) values[i] = static_cast<float>(*cbor_number(*value) / 100);
    }
    return values;
}

void MacroState::set_macros(const Macros& values) {
    const Macros old = macros();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != old[i]) set_macro(i, values[i]);
}

void MacroState::set_macro(std::size_t index, float value) {
    const std::string_view old_macro = find(entries_, macro_key(index));
    Entries macro = old_macro.empty() ? Entries{} : *entries_of(old_macro);
    const std::string_view old_params = find(macro, "plainParams");
    Entries params = old_params.empty() ? Entries{} : *entries_of(old_params);
    CborWriter percent;
    percent.real(value * 100.0);
    put(params, "kParamValue", percent.take());
    put(macro, "plainParams", map_of(params));
    put(entries_, macro_key(index), map_of(macro));
}

std::string MacroState::write() const {
    const std::string cbor = map_of(entries_);
    const std::string payload = compress_cbor(cbor);
    Record metadata("{}");
    metadata.set("component", "processor");
    metadata.set("hash", md5_hex(payload));
    metadata.set("product", "Serum2");
    metadata.set("productVersion", *cbor_text(find(entries_, "productVersion")));
    metadata.set("url", "https://xferrecords.com/");
    metadata.set("vendor", "Xfer Records");
    metadata.set_json("version", "10.0");
    return build_xferjson({metadata.line(), static_cast<std::uint32_t>(cbor.size()), payload});
}

// ---- maps of CBOR --------------------------------------------------------------------------

std::optional<MacroState::Entries> MacroState::entries_of(std::string_view item) {
    CborReader reader(item, state_name);
    CborItem map = reader.next();
    if (map.kind != CborKind::map) return {};
    Entries entries;
    while (reader.more(map)) {
        auto key = cbor_text(reader.skip());
        if (!key) return {};
        entries.emplace_back(std::move(*key), reader.skip());
    }
    return entries;
}

std::string MacroState::map_of(const Entries& entries) {
    CborWriter writer;
    writer.head(CborKind::map, entries.size());
    for (const auto& [key, item] : entries) {
        writer.text(key);
        writer.raw(item);
    }
    return writer.take();
}

/// Empty if the key is missing; an item is never empty.
std::string_view MacroState::find(const Entries& entries, std::string_view key) {
    const auto found = std::ranges::find(entries, key, &Entries::value_type::first);
    return found != entries.end() ? found->second : std::string_view{};
}

void MacroState::put(Entries& entries, std::string_view key, const std::string& item) {
    const auto found = std::ranges::find(entries, key, &Entries::value_type::first);
    if (found != entries.end())
        found->second = item;
    else
        entries.emplace_back(key, item);
}

}  // namespace patchpipe
