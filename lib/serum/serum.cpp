// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "serum/serum.h"

#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/md5.h"
#include "preset/juce_state.h"
#include "record/record.h"
#include "serum/cbor_json.h"
#include "serum/xferjson.h"

namespace patchpipe {
namespace {

std::string component_metadata(std::string_view payload, const SerumProcessor& processor) {
    return "{\"component\":\"processor\",\"hash\":" + json_text(md5_hex(payload)) +
           ",\"product\":\"Serum2\",\"productVersion\":" + json_text(processor.product_version) +
           ",\"url\":\"https://xferrecords.com/\",\"vendor\":\"Xfer Records\",\"version\":" +
           json_real(processor.format_version) + "}";
}

}  // namespace

std::optional<std::string> serum_metadata_text(std::string_view metadata, std::string_view key) {
    try {
        return Record(std::string(metadata)).text(key);
    } catch (const Error&) {
        return {};
    }
}

std::vector<std::string> serum_metadata_texts(std::string_view metadata, std::string_view key) {
    try {
        const Record record{std::string(metadata)};
        const auto array = record.raw(key);
        return array ? json_texts(*array) : std::vector<std::string>();
    } catch (const Error&) {
        return {};
    }
}

SerumContent serum_content(std::string_view metadata, std::string_view name) {
    if (const auto file_type = serum_metadata_text(metadata, "fileType"))
        return file_type == "SerumPreset" ? SerumContent::preset : SerumContent::other;
    if (serum_metadata_text(metadata, "component")) return SerumContent::state;
    throw Error(ErrorKind::corrupt, name,
                "its metadata names neither a fileType nor a component; it is not a Serum preset");
}

void check_is_serum_preset(std::string_view metadata, std::string_view name) {
    switch (serum_content(metadata, name)) {
        case SerumContent::preset:
            return;
        case SerumContent::state:
            throw Error(ErrorKind::unsupported, name,
                        "is already a state of Serum 2, not a preset; give the .SerumPreset");
        case SerumContent::other:
            throw Error(ErrorKind::unsupported, name,
                        "is a file of the type " +
                            json_text(*serum_metadata_text(metadata, "fileType")) +
                            ", not a preset; only a .SerumPreset can become a state");
    }
}

// Each form of the data is freed as soon as the next one exists: some presets have 160 MB of data.
std::string build_serum_component(SerumProcessor processor) {
    const auto size = static_cast<std::uint32_t>(processor.cbor.size());
    const auto payload = compress_cbor(std::exchange(processor.cbor, {}));
    return build_xferjson({.metadata = component_metadata(payload, processor),
                           .cbor_size = size,
                           .payload = payload});
}

SerumProcessor serum_preset_to_processor(std::string_view bytes, std::string_view name,
                                         const SerumVersions& replaced) {
    if (is_juce_state(bytes))
        throw Error(ErrorKind::unsupported, name,
                    "is already a state from a JUCE host, not a preset; give the .SerumPreset");
    const auto container = parse_xferjson(bytes, name);
    check_is_serum_preset(container.metadata, name);
    return convert_serum_preset(decompress_cbor(container, name), name, replaced);
}

std::string serum_preset_to_component(std::string_view bytes, std::string_view name,
                                      const SerumVersions& replaced) {
    return build_serum_component(serum_preset_to_processor(bytes, name, replaced));
}

}  // namespace patchpipe
