// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tags as chunks of RIFF (also in RF64), W64 and AIFF, written and read. Only for lib/audio. Not
// here: the chunks' headers, and finding them in a file.
//
// LIST INFO and smpl: Multimedia Programming Interface and Data Specifications 1.0 (1991) and the
// Multimedia Standards Update (1994), which also has inst. AIFF 1.3 (1989): NAME, AUTH, "(c) ",
// ANNO, MARK and INST. W64 has Sony's summary list: entries as in INFO, in UTF-16.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audio/audio_tags.h"
#include "audio/tag_bytes.h"

namespace patchpipe {

/// "INFO" and one entry for each text that has a place there; the comment is the last.
[[nodiscard]] TagBytes info_list(const AudioTags& tags);
/// A count, and the same entries in UTF-16.
[[nodiscard]] TagBytes summary_list(const AudioTags& tags);
/// All text chunks of an AIFF file, with their headers; the comment is the last ANNO. Texts without
/// a chunk of their own are ANNO too, as "GENRE=Ambient".
[[nodiscard]] TagBytes aiff_texts(const AudioTags& tags);

[[nodiscard]] std::string smpl_chunk(const SampledNote& sampled, int sample_rate);
[[nodiscard]] std::string inst_chunk(const SampledNote& sampled);
/// The chunks MARK, if there are loops, and INST of an AIFF file, with their headers.
[[nodiscard]] std::string aiff_instrument(const SampledNote& sampled);

[[nodiscard]] std::string utf16(std::string_view text);

/// The tags in chunks that were read one after the other.
class ChunkTags {
 public:
    /// Takes a chunk's contents, from a file of any origin. What is damaged is left out, and chunks
    /// that have no tags are ignored.
    void add(std::string_view id, std::string_view contents, bool big_endian);

    /// All of them together; call it once, at the end.
    [[nodiscard]] AudioTags take();

 private:
    AudioTags tags_;
    std::optional<SampledNote> smpl_, inst_;
    std::string marks_, aiff_inst_;
};

/// True for an id whose chunk ChunkTags reads, or that has an ID3 tag.
[[nodiscard]] bool is_tag_chunk(std::string_view id);

/// The text in these UTF-16 units, up to a NUL; halves of pairs are left out.
[[nodiscard]] std::string from_utf16(std::string_view bytes, bool big_endian);

}  // namespace patchpipe
