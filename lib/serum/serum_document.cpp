// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "serum/serum_document.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/md5.h"
#include "preset/juce_state.h"
#include "record/record.h"
#include "serum/cbor.h"
#include "serum/cbor_json.h"
#include "serum/xferjson.h"

namespace patchpipe {
namespace {

// Opens the envelope that a JUCE host puts around the container. Returns nothing without one.
std::optional<JuceState> open_envelope(std::string_view bytes, std::string_view name) {
    if (!is_juce_state(bytes)) return {};
    auto state = parse_juce_state(bytes, name);
    if (!is_xferjson(state.component))
        throw Error(ErrorKind::unsupported, name,
                    "holds the state of another plug-in than Serum 2");
    return state;
}

std::string build_container(const SerumDocument& document, std::string_view name) {
    if (document.cbor.size() > largest_cbor)
        throw Error(ErrorKind::unsupported, name,
                    "comes to " + std::to_string(document.cbor.size()) +
                        " bytes of CBOR; the limit is " + std::to_string(largest_cbor));
    const auto payload = compress_cbor(document.cbor);
    check_cbor_size(document.cbor.size(), payload.size(), name);
    Record metadata(document.metadata);
    metadata.set("hash", md5_hex(payload));
    return build_xferjson({.metadata = metadata.line(),
                           .cbor_size = static_cast<std::uint32_t>(document.cbor.size()),
                           .payload = payload});
}

}  // namespace

SerumDocument parse_serum_document(std::string_view bytes, std::string_view name) {
    auto envelope = open_envelope(bytes, name);
    const auto container = parse_xferjson(envelope ? envelope->component : bytes, name);
    (void)serum_content(container.metadata, name);
    SerumDocument document{.metadata = json_compact(container.metadata),
                           .cbor = decompress_cbor(container, name),
                           .controller = {}};
    if (envelope) document.controller = std::move(envelope->controller);
    check_cbor(document.cbor, name);
    return document;
}

std::string parse_serum_metadata(std::string_view bytes, std::string_view name) {
    const auto envelope = open_envelope(bytes, name);
    const auto metadata = parse_xferjson_metadata(envelope ? envelope->component : bytes, name);
    (void)serum_content(metadata, name);
    return json_compact(metadata);
}

std::size_t serum_metadata_extent(std::string_view head) {
    return is_juce_state(head) ? largest_serum_file : xferjson_head_size(head);
}

void check_serum_json_size(const SerumDocument& document, std::size_t file_size,
                           std::string_view name) {
    constexpr std::size_t most_per_byte = 24;  // CBOR's undefined takes one, and 20 as JSON
    const auto most = most_serum_json(file_size);
    if (document.cbor.size() <= most / most_per_byte) return;
    std::size_t size = 0;
    cbor_to_json(document.cbor, [&](std::string_view part) {
        size += part.size();
        if (size > most)
            throw Error(ErrorKind::unsupported, name,
                        "comes to more than " + std::to_string(most) +
                            " bytes of JSON, the limit for a file of " + std::to_string(file_size) +
                            " bytes");
    });
}

void serum_document_to_json(const SerumDocument& document, const TextSink& sink) {
    sink("{\"metadata\":" + document.metadata + ",\"data\":");
    cbor_to_json(document.cbor, sink);
    if (document.controller) sink(",\"controller\":" + json_text(to_hex(*document.controller)));
    sink("}");
}

std::string build_serum_file(const SerumDocument& document, std::string_view name) {
    if (serum_content(document.metadata, name) == SerumContent::state)
        throw Error(ErrorKind::unsupported, name,
                    "is the JSON of a state, which cannot become a preset; use --to state");
    return build_container(document, name);
}

std::string build_serum_state(const SerumDocument& document, std::string_view name,
                              const SerumVersions& replaced) {
    if (serum_content(document.metadata, name) == SerumContent::state)
        return build_container(document, name);
    check_is_serum_preset(document.metadata, name);
    return build_serum_component(convert_serum_preset(document.cbor, name, replaced));
}

}  // namespace patchpipe
