// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/aac.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "audio/ffmpeg.h"
#include "base/error.h"

namespace patchpipe {
namespace {

// The same bytes from the same samples: one thread, and no version or date. The index comes first,
// as players of streams want it.
std::vector<std::string> encoder_arguments(int target, int bitrate) {
    std::vector<std::string> words;
    const auto add = [&](std::initializer_list<std::string> more) {
        words.insert(words.end(), more);
    };
    add({"-protocol_whitelist", "file", "-format_whitelist", "wav"});
    add({"-i", "file:/proc/self/fd/0", "-map", "0:a:0"});
    add({"-c:a", "aac", "-b:a", std::to_string(bitrate) + "k", "-threads", "1"});
    add({"-flags:a", "+bitexact", "-fflags", "+bitexact", "-movflags", "+faststart"});
    add({"-f", "ipod", "file:/proc/self/fd/" + std::to_string(target)});
    return words;
}

}  // namespace

AudioFormat pcm_for_aac(AudioFormat format) {
    constexpr int most_channels = 8;
    if (format.channels > most_channels)
        throw Error(ErrorKind::unsupported, "channels",
                    "are " + std::to_string(format.channels) + ", and AAC has at most " +
                        std::to_string(most_channels) + "; use format wav");
    format.container = AudioFormat::Container::rf64;
    format.depth = AudioFormat::Depth::pcm24;
    format.bitrate.reset();
    return format;
}

void encode_aac(int pcm, int target, const AudioFormat& format, const std::string& name) {
    constexpr int usual_bitrate = 96, most_bitrate = 512;
    const int bitrate =
        format.bitrate.value_or(std::min(usual_bitrate * format.channels, most_bitrate));
    Ffmpeg ffmpeg(Ffmpeg::Pipe::from, {.subject = name,
                                       .arguments = encoder_arguments(target, bitrate),
                                       .input = pcm,
                                       .kept = target});
    ffmpeg.finish();
}

}  // namespace patchpipe
