// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of a preset, a state or another file of Serum 2, and their JSON form:
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

/// The most bytes of the JSON form: the parser's limit is just below 4 GiB.
inline constexpr std::size_t largest_serum_json = (std::size_t{4} << 30) - 4096;

struct SerumDocument {
    std::string metadata;                   // one JSON object, without white space
    std::string cbor;                       // checked
    std::optional<std::string> controller;  // a JUCE envelope's IEditController state, unchanged
};

/// Reads the parts of a preset or a state; the state may be bare or in JUCE's envelope. name is for
/// messages. Throws Error as parse_xferjson, decompress_cbor, check_cbor, serum_content and
/// parse_juce_state do.
[[nodiscard]] SerumDocument parse_serum_document(std::string_view bytes, std::string_view name);

/// Reads the metadata alone; the bytes may end right after it. Throws Error as
/// parse_xferjson_metadata, serum_content and parse_juce_state do.
[[nodiscard]] std::string parse_serum_metadata(std::string_view bytes, std::string_view name);

/// How many bytes of a file that begins with head are needed to read its metadata. For
/// read_file_head().
[[nodiscard]] std::size_t serum_metadata_extent(std::string_view head);

/// The most bytes of JSON to make from a file: real presets grow to 20 times their size, but a few
/// kilobytes can be made up to grow to gigabytes.
[[nodiscard]] constexpr std::size_t most_serum_json(std::size_t file_size) {
    constexpr std::size_t least = std::size_t{256} << 20, growth = 1024;
    return file_size > least / growth ? growth * file_size : least;
}

/// Throws Error unsupported if the document, read from a file of that size, makes more JSON.
void check_serum_json_size(const SerumDocument& document, std::size_t file_size,
                           std::string_view name);

/// Gives the sink the JSON of serum-unwrap --to json, piece by piece.
void serum_document_to_json(const SerumDocument& document, const TextSink& sink);

/// Throws Error bad-record if the text is not JSON of that form, and as serum_content does.
[[nodiscard]] SerumDocument serum_document_from_json(std::string json, std::string_view name);

/// Returns the bytes of a file of the type that the metadata names, with the metadata's hash
/// computed anew. Throws Error unsupported if the document is a state, which lacks what only a
/// preset has.
[[nodiscard]] std::string build_serum_file(const SerumDocument& document, std::string_view name);

/// Returns the plug-in's IComponent state: a preset is converted, a state gets a new hash only.
/// Throws Error as convert_serum_preset does, and unsupported for a file of another type.
[[nodiscard]] std::string build_serum_state(const SerumDocument& document, std::string_view name,
                                            const SerumVersions& replaced = {});

}  // namespace patchpipe
