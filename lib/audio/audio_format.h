// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The format of an audio file to write: container, depth, channels, rate, length and tags. Not
// here: writing it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audio/audio_tags.h"

namespace patchpipe {

struct AudioFormat {
    enum class Container { wav, rf64, w64, aiff, flac, ogg, opus, mp3, m4a, npy };
    enum class Depth { pcm16, pcm24, float32 };

    Container container = Container::wav;
    Depth depth = Depth::pcm16;  // npy is float32; Ogg Vorbis, Opus, MP3 and AAC have none
    int channels = 2;
    int sample_rate = 44100;  // Hz; npy has no field for it
    std::int64_t frames = 0;  // the whole length, known from the start
    AudioTags tags = {};      // npy has no place for them
    /// Bytes to reserve for a longer comment, which AudioWriter::close() may write; see there.
    std::size_t comment_room = 0;
    /// Of Ogg Vorbis and MP3 with a variable bit rate, 0 to 10; without it 6 and 8.
    std::optional<double> quality = {};
    /// Of Opus, AAC, and MP3 with a constant bit rate, in kbit/s for all channels; without it Opus
    /// has 80 for each channel, and AAC 96.
    std::optional<int> bitrate = {};
};

/// A record's format ("wav", "rf64", "w64", "aiff", "flac", "ogg", "opus", "mp3", "m4a", "npy") and
/// bit_depth ("16", "24", "32f"), which text_setting() has checked: anything else is a bug.
[[nodiscard]] AudioFormat::Container container_named(std::string_view format);
[[nodiscard]] std::string_view container_name(AudioFormat::Container container);
[[nodiscard]] AudioFormat::Depth depth_named(std::string_view bit_depth);
[[nodiscard]] std::string_view depth_name(AudioFormat::Depth depth);

/// How the names of such files end, without the dot: as the container, and "wav" for RF64.
[[nodiscard]] std::string_view suffix_of(AudioFormat::Container container);
/// The container that a file's name ends for, in any case of letters: also wave, aif, aifc, oga,
/// mp4 and rf64. Nothing for another suffix, or none.
[[nodiscard]] std::optional<AudioFormat::Container> container_of_name(std::string_view path);

/// The same for a file to be written, which other programs open by its suffix. Throws Error
/// bad-record for a suffix that only other programs write, such as caf, and, unless the user chose
/// a format, for any unknown one. Behind the dot, one to five letters and digits with at least one
/// letter are a suffix.
[[nodiscard]] std::optional<AudioFormat::Container> container_to_write(std::string_view path,
                                                                       bool chosen);

/// Whether the container has a setting of that name. Where it does not, it is ignored by those that
/// store samples exactly, and refused by the others.
[[nodiscard]] bool has_quality(AudioFormat::Container container);
[[nodiscard]] bool has_bitrate(AudioFormat::Container container);

/// The longest comment in bytes: 8000 or 40000, and 0 for npy, which has none.
[[nodiscard]] std::size_t most_comment(AudioFormat::Container container);

/// Throws Error bad-record for a depth, sample rate, quality or bit rate that the container does
/// not have: FLAC in float32; FLAC above 655,350 Hz, and above 65,535 Hz unless a multiple of 10;
/// Ogg Vorbis above 200,000 Hz; other rates than the five of Opus, the nine of MP3 and the
/// thirteen of AAC; an AAC bit rate outside of 8 to 512. Does not look at channels, frames and
/// tags.
void check_container(const AudioFormat& format);

/// The bytes of a sample in a file: 2, 3 or 4.
[[nodiscard]] int bytes_per_sample(AudioFormat::Depth depth);

/// The lowest level that is not silence: 1/32768, 1/8388608, and for float32 the smallest number
/// above 0.
[[nodiscard]] float one_step(AudioFormat::Depth depth);

}  // namespace patchpipe
