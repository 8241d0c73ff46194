// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The format of an audio file to write: container, depth, channels, rate and length. Not here:
// writing it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchpipe {

struct AudioFormat {
    enum class Container { wav, npy, flac, ogg };
    enum class Depth { pcm16, pcm24, float32 };

    Container container = Container::wav;
    Depth depth = Depth::pcm16;  // of WAV and FLAC; npy is float32, Ogg Vorbis has none
    int channels = 2;
    int sample_rate = 44100;   // Hz; npy has no field for it
    std::int64_t frames = 0;   // the whole length, known from the start
    std::string comment = {};  // UTF-8; npy has no place for it
    /// Bytes to reserve for a longer comment, which AudioWriter::close() may write; see there.
    std::size_t comment_room = 0;
};

/// A record's format ("wav", "npy", "flac", "ogg") and bit_depth ("16", "24", "32f"), which
/// text_setting() has checked: anything else is a bug.
[[nodiscard]] AudioFormat::Container container_named(std::string_view format);
[[nodiscard]] AudioFormat::Depth depth_named(std::string_view bit_depth);
[[nodiscard]] std::string_view depth_name(AudioFormat::Depth depth);

/// Throws Error bad-record for FLAC in float32, which does not exist, and for sample rates that
/// libsndfile does not write: in FLAC, above 655,350 Hz, and above 65,535 Hz unless a multiple of
/// 10; in Ogg Vorbis, above 200,000 Hz.
void check_container(AudioFormat::Container container, AudioFormat::Depth depth, int sample_rate);

/// The bytes of a sample in a file: 2, 3 or 4.
[[nodiscard]] int bytes_per_sample(AudioFormat::Depth depth);

/// The lowest level that is not silence: 1/32768, 1/8388608, and for float32 the smallest number
/// above 0.
[[nodiscard]] float one_step(AudioFormat::Depth depth);

}  // namespace patchpipe
