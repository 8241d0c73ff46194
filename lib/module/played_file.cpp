// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/played_file.h"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <span>

#include "audio/audio_writer.h"
#include "base/error.h"
#include "file/whole_file.h"
#include "names/sanitise.h"
#include "record/record_line.h"

namespace patchpipe {
namespace {

void read_frames(const PlayedAudio& audio, std::int64_t frame, std::span<float> samples) {
    auto* bytes = reinterpret_cast<char*>(samples.data());
    auto offset = static_cast<off_t>(frame) * 2 * static_cast<off_t>(sizeof(float));
    for (auto left = samples.size_bytes(); left > 0;) {
        const auto got = repeated([&] { return pread(audio.file.get(), bytes, left, offset); });
        if (got <= 0)
            throw Error(ErrorKind::io, "the audio", got < 0 ? system_message(errno) : "is cut");
        bytes += got;
        offset += got;
        left -= static_cast<std::size_t>(got);
    }
}

// Calls use with all frames, block by block.
template <typename Use>
void for_each_block(const PlayedAudio& audio, Use use) {
    constexpr std::int64_t block_frames = 8192;
    std::vector<float> block;
    for (std::int64_t frame = 0; frame < audio.frames; frame += block_frames) {
        const auto count = std::min(block_frames, audio.frames - frame);
        block.resize(static_cast<std::size_t>(2 * count));
        read_frames(audio, frame, block);
        use(block);
    }
}

Meter measured(const PlayedAudio& audio, const std::string& path) {
    Meter meter;
    for_each_block(audio, [&](const std::vector<float>& block) { meter.add(block); });
    if (meter.non_finite_samples() > 0)
        throw Error(ErrorKind::non_finite, path,
                    "was not written: the module plays samples that are not numbers");
    return meter;
}

}  // namespace

Meter write_played(const PlayedAudio& audio, int sample_rate, const std::string& path,
                   AudioFormat format) {
    auto meter = measured(audio, path);
    format.channels = 2;
    format.sample_rate = sample_rate;
    format.frames = audio.frames;
    WholeFile file(path);
    AudioWriter writer(file.fd(), file.straight() ? Medium::stream : Medium::file, format, path);
    for_each_block(audio, [&](const std::vector<float>& block) { writer.write(block); });
    writer.close();
    file.commit(Sync::first);
    return meter;
}

void write_voices(ModuleProcess& module, const ModuleInfo& info, const ModulePlay& play,
                  const std::string& folder, const AudioFormat& format,
                  const std::function<void(const VoiceFile&)>& done) {
    const auto& names = info.voices();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto voice = static_cast<int>(i);
        const auto audio = module.play_voice(voice, play, longest_sample);
        if (measured(audio, names[i]).silent(AudioFormat::Depth::float32)) continue;
        VoiceFile file{.voice = voice,
                       .path = folder + "/" + numbered_name(i + 1, text_as_utf8(names[i])) + "." +
                               std::string(suffix_of(format.container)),
                       .frames = audio.frames,
                       .meter = {}};
        file.meter = write_played(audio, play.sample_rate, file.path, format);
        done(file);
    }
}

}  // namespace patchpipe
