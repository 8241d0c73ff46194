// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tags as the entries "NAME=value" of a Vorbis comment, which FLAC, Ogg Vorbis and Opus have: a
// vendor's name, a count and the entries, each text after its length in 32 bits (Xiph.Org, Ogg
// Vorbis I format specification: comment field and header specification). Only for lib/audio.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audio/audio_tags.h"
#include "audio/tag_bytes.h"

namespace patchpipe {

/// The entries, each with its length; the comment is the last.
[[nodiscard]] TagBytes vorbis_entries(const AudioTags& tags);

/// Reads from the vendor's length on. What is behind the end of the bytes, or not an entry, is left
/// out.
[[nodiscard]] AudioTags parse_vorbis_comment(std::string_view bytes);

/// Takes a text from another program: a name in any case, a value with anything in it, which is
/// read up to a NUL, without the spaces at its end, and as Latin-1 if it is not UTF-8. Leaves it
/// out if no tag can have it. COMMENT becomes the comment, and NOTE the sampled note, if there is
/// none yet.
void add_text(AudioTags& tags, std::string_view name, std::string_view value);

/// The text in these bytes, up to a NUL.
[[nodiscard]] std::string from_latin1(std::string_view bytes);

/// The text fields that stand for what only WAV and AIFF have chunks for: the note.
[[nodiscard]] std::vector<TagField> all_fields(const AudioTags& tags);

}  // namespace patchpipe
