// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/soundfiles.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

// Its structure is what compiled programs read, and its constants are sizes that they rely on.
#include <faust/gui/Soundfile.h>

#include "audio/audio_reader.h"
#include "audio/cut_audio.h"
#include "audio/resample.h"
#include "base/error.h"
#include "base/words.h"
#include "faust/source_files.h"

namespace patchpipe {
namespace {

constexpr std::size_t most_soundfile_channels = MAX_CHAN, most_parts = MAX_SOUNDFILE_PARTS;
constexpr std::int64_t empty_frames = BUFFER_SIZE;  // of each part that there is no file for
constexpr std::int64_t most_samples = std::int64_t{1} << 28;

template <typename Sample>
void copy_channel(Soundfile& to, std::size_t channel, std::int64_t offset,
                  const std::vector<double>& samples, std::size_t channels) {
    auto* out = static_cast<Sample**>(to.fBuffers)[channel] + offset;
    for (std::size_t i = channel; i < samples.size(); i += channels)
        *out++ = static_cast<Sample>(samples[i]);
}

}  // namespace

// Interleaved, at the job's rate.
struct FaustSoundfiles::Part {
    std::size_t channels;
    std::vector<double> samples;

    [[nodiscard]] auto frames() const {
        return static_cast<std::int64_t>(samples.size() / channels);
    }
};

void FaustSoundfiles::Delete::operator()(Soundfile* soundfile) const { delete soundfile; }

FaustSoundfiles::FaustSoundfiles(const DspOperand& operand, int sample_rate, bool is_double)
    : program_(operand.path),
      folders_(faust_folders(operand.path, operand.compile_options)),
      sample_rate_(sample_rate),
      is_double_(is_double),
      impulse_test_(operand.impulse_test) {}

FaustSoundfiles::~FaustSoundfiles() = default;

void FaustSoundfiles::give_to(const std::vector<const FaustItem*>& leaves) {
    for (const auto* item : leaves) {
        if (item->kind != FaustItem::Kind::soundfile) continue;
        auto& soundfile = loaded_[item->url];
        if (!soundfile) soundfile.reset(load(item->url));
        const auto* const given = soundfile.get();
        std::memcpy(item->zone, &given, sizeof given);  // the zone is not aligned
    }
}

FaustSoundfiles::Part FaustSoundfiles::read(const std::string& name) const {
    const auto path = file_in_folders(name, folders_);
    if (path.empty())
        throw Error(ErrorKind::not_found, program_,
                    "needs the sound file " + name +
                        ", which is in none of these folders: " + joined(folders_, ", "));
    refuse_unless_all_is_read(path);
    AudioReader reader(path, Decoding::here);
    Part part{.channels = static_cast<std::size_t>(reader.channels()), .samples = {}};
    if (part.channels > most_soundfile_channels)
        throw Error(ErrorKind::unsupported, path,
                    "has more than " + std::to_string(most_soundfile_channels) +
                        " channels, which a soundfile of Faust cannot have");
    Resampler resampler(reader.sample_rate().value_or(sample_rate_), sample_rate_,
                        reader.channels());
    constexpr int frames = 4096;
    std::vector<double> piece(frames * part.channels);
    while (const int count = reader.read(piece.data(), frames)) {
        resampler.add({piece.data(), static_cast<std::size_t>(count) * part.channels},
                      part.samples);
        if (part.samples.size() > most_samples)
            throw Error(ErrorKind::unsupported, path, "is too long for a soundfile of Faust");
    }
    resampler.finish(part.samples);
    return part;
}

// As in TestMemoryReader of its archs/controlTools.h: file `number` begins that many radians later.
FaustSoundfiles::Part FaustSoundfiles::test_sine(std::size_t number) {
    constexpr std::size_t channels = 2, frames = 4096;
    Part part{.channels = channels, .samples = {}};
    for (std::size_t i = 0; i < frames; ++i)
        part.samples.insert(part.samples.end(), channels,
                            std::sin(static_cast<double>(number) +
                                     2 * std::numbers::pi * static_cast<double>(i) / frames));
    return part;
}

// All parts behind each other in one buffer for each channel, and as many empty ones as are left.
// Channels that a file lacks are those that it has once more.
Soundfile* FaustSoundfiles::load(const std::string& url) {
    std::vector<Part> parts;
    std::size_t channels = 1;
    std::int64_t frames = 0;
    for (const auto& name : soundfile_names(url)) {
        if (parts.size() == most_parts)
            throw Error(
                ErrorKind::unsupported, program_,
                "names more than " + std::to_string(most_parts) + " sound files in one soundfile");
        parts.push_back(impulse_test_ ? test_sine(parts.size()) : read(name));
        channels = std::max(channels, parts.back().channels);
        frames += parts.back().frames();
    }
    const auto empty = static_cast<std::int64_t>(most_parts - parts.size());
    frames += empty * empty_frames;
    if (frames * static_cast<std::int64_t>(channels) > most_samples)
        throw Error(ErrorKind::unsupported, program_, "needs sound files that are too long");
    auto soundfile = std::unique_ptr<Soundfile, Delete>(
        new Soundfile(static_cast<int>(channels), static_cast<int>(frames), MAX_CHAN,
                      static_cast<int>(parts.size()), is_double_));
    int offset = 0, number = 0;
    for (const auto& part : parts) {
        soundfile->fLength[number] = static_cast<int>(part.frames());
        soundfile->fSR[number] = sample_rate_;
        soundfile->fOffset[number] = offset;
        for (std::size_t channel = 0; channel < part.channels; ++channel)
            (is_double_ ? copy_channel<double> : copy_channel<float>)(*soundfile, channel, offset,
                                                                      part.samples, part.channels);
        offset += soundfile->fLength[number++];
    }
    while (number < MAX_SOUNDFILE_PARTS) soundfile->emptyFile(number++, offset);
    soundfile->shareBuffers(static_cast<int>(channels), MAX_CHAN);
    return soundfile.release();
}

}  // namespace patchpipe
