// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/played_file.h"

#include "audio/audio_writer.h"
#include "base/error.h"
#include "file/whole_file.h"
#include "names/sanitise.h"
#include "record/record_line.h"

namespace patchpipe {
namespace {

Meter measured(const PlayedAudio& audio, const std::string& path) {
    auto meter = measured(audio);
    if (meter.non_finite_samples() > 0)
        throw Error(ErrorKind::non_finite, path,
                    "was not written: the module plays samples that are not numbers");
    return meter;
}

// Left and right as a single channel.
void mix_down(std::vector<float>& block) {
    for (std::size_t i = 0; i < block.size() / 2; ++i)
        block[i] = (block[2 * i] + block[2 * i + 1]) / 2;
    block.resize(block.size() / 2);
}

}  // namespace

bool plugins_sound(ModuleProcess& module, const std::string& format, ModulePlay play) {
    // These have none, so that it need not be played for them.
    if (format == "mod" || format == "s3m") return false;
    const auto hash = [&](bool plugins) {
        play.sound = {.interpolation = 1, .plugins = plugins};
        return measured(module.play(play)).audio_hash();
    };
    return hash(true) != hash(false);
}

Meter write_played(const PlayedAudio& audio, int sample_rate, const std::string& path,
                   AudioFormat format) {
    auto meter = measured(audio, path);
    if (format.channels == 1) meter = Meter();
    format.sample_rate = sample_rate;
    format.frames = audio.frames;
    WholeFile file(path);
    AudioWriter writer(file.fd(), file.straight() ? Medium::stream : Medium::file, format, path);
    for_each_block(audio, [&](std::vector<float>& block) {
        if (format.channels == 1) {
            mix_down(block);
            meter.add(block);
        }
        writer.write(block);
    });
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
