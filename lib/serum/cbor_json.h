// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Converts CBOR to JSON and back without losing a bit. What Serum writes becomes plain JSON;
// everything else in CBOR becomes an object with one key that begins with '$'. serum-unwrap(1)
// lists these keys.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace patchpipe {

/// The value as a JSON number with a point or an exponent, so that readers which distinguish floats
/// from integers see a float: 10.0, 0.5, 1e+300. The shortest that reads back as the same double,
/// which must be finite.
[[nodiscard]] std::string json_real(double value);

/// Receives text part by part.
using TextSink = std::function<void(std::string_view)>;

/// Passes the JSON of one item to the sink. The CBOR must have been checked (check_cbor). Samples
/// take four times their bytes as JSON, so the sink should not keep it. Memory: a bit per map, and
/// the longest text or bytes of unknown length.
void cbor_to_json(std::string_view cbor, const TextSink& sink);
[[nodiscard]] std::string cbor_to_json(std::string_view cbor);

/// Returns checked CBOR. Numbers with a point or an exponent become floats as Serum writes them: of
/// 32 bits if that loses nothing, else of 64. Whole numbers become integers. name is for messages.
/// Throws Error bad-record if the text is not JSON, and for an object with an unknown '$' key.
[[nodiscard]] std::string json_to_cbor(std::string_view json, std::string_view name);

}  // namespace patchpipe
