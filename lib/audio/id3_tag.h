// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tags as an ID3v2 tag, which MP3 files begin with (id3.org: ID3v2.4.0 main structure and native
// frames; ID3v2.3.0 and 2.2.0, which are only read). Only for lib/audio.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "audio/audio_tags.h"
#include "audio/tag_bytes.h"

namespace patchpipe {

/// A tag of version 2.4 in UTF-8; the comment is its last frame. Fields without a frame are TXXX.
[[nodiscard]] TagBytes id3_tag(const AudioTags& tags);

/// The size in bytes of the tag that these bytes begin with, of any version; 0 if they begin with
/// something else.
[[nodiscard]] std::size_t id3_tag_size(std::string_view bytes);

/// True if a file that begins with these bytes is taken for MP3: a tag, or a frame.
[[nodiscard]] bool is_mp3(std::string_view bytes);

/// Reads a tag of version 2.2, 2.3 or 2.4. What is damaged is left out, and so are pictures, and
/// frames that are compressed or encrypted.
[[nodiscard]] AudioTags parse_id3_tag(std::string_view bytes);

}  // namespace patchpipe
