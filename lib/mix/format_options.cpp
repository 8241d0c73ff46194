// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "mix/format_options.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "file/absolute.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

std::string usual(std::string_view key) { return text_setting(Record("{}"), key); }

}  // namespace

// Other programs open a file by its suffix, so the two must not differ.
std::string chosen_format(const std::string& file, const std::optional<std::string>& given) try {
    const auto& formats = setting("format").choices;
    if (given && std::find(formats.begin(), formats.end(), *given) == formats.end())
        throw UsageError("--format: " + *complaint(setting("format"), *given));
    const auto name = file_name(file);
    const auto container = container_to_write(name, given.has_value());
    if (!given && container) return std::string(container_name(*container));
    if (given && container && suffix_of(*container) != suffix_of(container_named(*given)))
        throw UsageError("--format: is " + *given + ", but the name of the output ends in " +
                         std::string(name.substr(name.rfind('.'))) + "; change one of them");
    return given.value_or(usual("format"));
} catch (const Error& error) {
    throw UsageError(error.what());
}

void FormatOptions::declare(CommandLine& line, const std::string& usual_rate,
                            const std::string& usual_channels) {
    const auto whole = [](std::string_view key) {
        return std::pair{static_cast<std::int64_t>(setting(key).min),
                         static_cast<std::int64_t>(setting(key).max)};
    };
    bit_depth_ = usual("bit_depth");
    line.text("f,format", "FORMAT", given_, "of the file, if not by its suffix");
    const auto& depths = setting("bit_depth").choices;
    line.choice("b,bit-depth", bit_depth_, {depths.begin(), depths.end()}, "of the file");
    line.number("quality", "Q", quality_, setting("quality").min, setting("quality").max,
                "of Ogg Vorbis and MP3");
    line.whole_number("bitrate", "KBITS", bitrate_, whole("bitrate").first, whole("bitrate").second,
                      "of Opus and MP3");
    line.whole_number("r,sample-rate", "HZ", sample_rate_, whole("sample_rate").first,
                      whole("sample_rate").second, "of the file; default: " + usual_rate);
    constexpr std::int64_t most_channels = 1024;
    line.whole_number("c,channels", "N", channels_, 1, most_channels,
                      "of the file; default: " + usual_channels);
}

void FormatOptions::choose(const std::optional<std::string>& file_name) try {
    format_ = chosen_format(file_name.value_or(""), given_);
    constexpr std::int64_t rate_of_every_format = 48000;
    check_container(audio_format(2, static_cast<int>(sample_rate_.value_or(rate_of_every_format))));
} catch (const Error& error) {
    throw UsageError(error.what());
}

AudioFormat FormatOptions::audio_format(int channels, int sample_rate) const {
    AudioFormat format{.container = container_named(format_),
                       .depth = depth_named(bit_depth_),
                       .channels = channels,
                       .sample_rate = sample_rate,
                       .quality = quality_};
    if (bitrate_) format.bitrate = static_cast<int>(*bitrate_);
    return format;
}

}  // namespace patchpipe
