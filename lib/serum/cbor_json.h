// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CBOR as JSON that says the same, to the bit, and back. What Serum writes becomes plain JSON; all
// else that CBOR knows becomes an object with one key that begins with '$'. serum-unwrap(1) lists
// them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace patchpipe {

/// A JSON number that is a float to every reader that tells them apart: 10.0, 0.5, 1e+300. The
/// shortest that reads back as the same double, which must be finite.
[[nodiscard]] std::string json_real(double value);

/// Takes text part by part.
using TextSink = std::function<void(std::string_view)>;

/// The JSON of one item. The CBOR must have been checked (check_cbor). Samples come to four times
/// their bytes as JSON, which the sink needs not keep. Takes memory for a bit per map, and for the
/// longest text or bytes of unknown length.
void cbor_to_json(std::string_view cbor, const TextSink& sink);
[[nodiscard]] std::string cbor_to_json(std::string_view cbor);

/// The CBOR, checked. Numbers with a point or an exponent become floats as Serum writes them: of 32
/// bits where that loses nothing, else of 64. Whole numbers become integers. name stands in
/// messages. Throws Error bad-record for what is no JSON and for an object with an unknown '$' key.
[[nodiscard]] std::string json_to_cbor(std::string_view json, std::string_view name);

}  // namespace patchpipe
