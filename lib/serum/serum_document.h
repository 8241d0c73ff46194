// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A preset, a state or another file of Serum 2 taken apart, and its JSON form:
// {"metadata":{...},"data":{...},"controller":"hexadecimal digits"}. Not here: the shapes of the
// data (serum.h), how JSON stands for CBOR (cbor_json.h), changes (serum_edit.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "serum/cbor_json.h"
#include "serum/serum.h"

namespace patchpipe {

/// Bytes of the JSON form: the parser takes less than 4 GiB.
inline constexpr std::size_t largest_serum_json = (std::size_t{4} << 30) - 4096;

struct SerumDocument {
    std::string metadata;                   // one JSON object, without space
    std::string cbor;                       // checked
    std::optional<std::string> controller;  // a JUCE envelope's IEditController state, as it is
};

/// Takes a preset or a state apart; the state may be bare or in JUCE's envelope. name stands in
/// messages. Throws Error as parse_xferjson, decompress_cbor, check_cbor, serum_content and
/// parse_juce_state do.
[[nodiscard]] SerumDocument read_serum_document(std::string_view bytes, std::string_view name);

/// The metadata alone, without a look at what follows it: the bytes may end there. Throws Error as
/// parse_xferjson_metadata, serum_content and parse_juce_state do.
[[nodiscard]] std::string read_serum_metadata(std::string_view bytes, std::string_view name);

/// How many bytes of a file that begins like this its metadata needs. For read_file_head.
[[nodiscard]] std::size_t serum_metadata_extent(std::string_view head);

/// Bytes of JSON that are made of a file: real presets come to 20 times their size, and a few
/// kilobytes that were made for it to gigabytes.
[[nodiscard]] constexpr std::size_t most_serum_json(std::size_t file_size) {
    constexpr std::size_t least = std::size_t{256} << 20, growth = 1024;
    return file_size > least / growth ? growth * file_size : least;
}

/// Throws Error unsupported if the data of a file of that size come to more JSON than that.
void check_serum_json_size(const SerumDocument& document, std::size_t file_size,
                           std::string_view name);

void serum_document_to_json(const SerumDocument& document, const TextSink& sink);

/// Throws Error bad-record for what is no JSON of that form, and as serum_content does.
[[nodiscard]] SerumDocument serum_document_from_json(std::string json, std::string_view name);

/// The bytes of a file of the type that the metadata names; the metadata's hash is made anew.
/// Throws Error unsupported if the document is a state: what a preset has more cannot be had back.
[[nodiscard]] std::string build_serum_file(const SerumDocument& document, std::string_view name);

/// The plug-in's IComponent state: a preset is brought into the processor's shape, a state stays as
/// it is but for the hash. Throws Error as convert_serum_preset does, and unsupported for a file of
/// another type.
[[nodiscard]] std::string build_serum_state(const SerumDocument& document, std::string_view name,
                                            const SerumVersions& replaced = {});

}  // namespace patchpipe
