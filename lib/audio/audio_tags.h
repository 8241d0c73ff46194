// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tags of an audio file: texts, and how a sampler plays it. Not here: how a container
// stores that (plain_header.h, vorbis_comment.h, id3_tag.h), and reading it (read_tags.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

struct TagField {
    std::string name;   ///< as in Vorbis comments, in capitals: TITLE, ARTIST, GENRE ...
    std::string value;  ///< UTF-8, without NUL; not empty

    bool operator==(const TagField&) const = default;
};

/// The audio as a sampler plays it: the chunks smpl and inst of WAV, INST and MARK of AIFF. Other
/// containers keep the note only, as a field NOTE.
struct SampledNote {
    enum class LoopKind { forward, alternating, backward };

    struct Loop {
        LoopKind kind = LoopKind::forward;
        std::int64_t begin = 0, end = 0;  ///< the first frame and the one behind the last
        std::uint32_t count = 0;          ///< 0: until the note ends. AIFF has no count

        bool operator==(const Loop&) const = default;
    };

    int note = 60;  ///< the MIDI note number at which the audio is played unchanged, 0 to 127
    int cents = 0;  ///< how much the audio is above that note, -50 to 50
    int low_note = 0, high_note = 127;          ///< 0 to 127
    int low_velocity = 1, high_velocity = 127;  ///< 0 to 127
    int gain_db = 0;                            ///< -128 to 127
    std::vector<Loop> loops = {};               ///< AIFF holds two

    bool operator==(const SampledNote&) const = default;
};

struct AudioTags {
    std::string comment = {};  ///< UTF-8, without NUL; empty: none
    /// The other texts, in the file's order. A name may appear more than once.
    std::vector<TagField> fields = {};
    std::optional<SampledNote> sampled = {};

    /// The first value of that name; nothing without one.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    /// Replaces all values of that name by this one; an empty one removes them.
    void set(std::string_view name, std::string_view value);

    bool operator==(const AudioTags&) const = default;
};

/// What a sampler finds of these tags in a file of so many frames: with a loop of the fields
/// LOOPSTART and LOOPEND, the frame behind it, or LOOPLENGTH, in frames, in place of other loops.
/// Without LOOPEND and LOOPLENGTH the loop ends with the file. Throws Error bad-record if it is
/// empty or goes beyond the file.
[[nodiscard]] std::optional<SampledNote> sampled_with_loop(const AudioTags& tags,
                                                           std::int64_t frames);
/// Removes all loops, those fields too.
void remove_loops(AudioTags& tags);

/// True for a name that every container's reader takes: 1 to 64 of the letters A to Z, digits, '_',
/// ' ' and '-', the first one a letter. COMMENT is not a field's: it has a member of its own.
[[nodiscard]] bool is_tag_name(std::string_view name);

/// Where containers that have a fixed list of fields keep one.
struct TagPlace {
    std::string_view name;
    std::string_view info;  ///< the entry of a RIFF INFO list
    std::string_view id3;   ///< the frame of an ID3v2.4 tag
    std::string_view aiff;  ///< the chunk of an AIFF file; empty: it has none
};

/// The place of the field with that name, or of the one with that INFO entry, ID3 frame or AIFF
/// chunk; null if it is not in the table.
[[nodiscard]] const TagPlace* tag_place(std::string_view TagPlace::*by, std::string_view id);

}  // namespace patchpipe
