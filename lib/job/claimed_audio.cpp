// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/claimed_audio.h"

#include <fcntl.h>

#include "audio/aac.h"
#include "audio/audio_reader.h"
#include "audio/file_body.h"
#include "base/error.h"
#include "midi/time_map.h"

namespace patchpipe {
namespace {

using enum AudioFormat::Container;

constexpr const char* subject = "the plug-in";

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorKind::crash, subject, "answered in our place: " + why);
}

bool is_packed(AudioFormat::Container container) {
    return container == flac || container == ogg || container == opus || container == mp3;
}

// True if the header says that it is all there.
bool states_audio(const ClaimedAudio& claimed, int fd) try {
    AudioReader reader(Descriptor(fcntl(fd, F_DUPFD_CLOEXEC, 0)), subject);
    return reader.channels() == claimed.channels && reader.frames() >= claimed.frames;
} catch (const Error&) {
    return false;
}

}  // namespace

ClaimedAudio claimed_audio(const Record& fields, const RenderJob& job) {
    if (job.saves_preset) return {};
    const auto frames = fields.integer("frames").value_or(-1),
               channels = fields.integer("channels").value_or(0);
    const auto most = frame_at(job.length(), job.sample_rate);
    const auto fewest = job.auto_tail ? frame_at(job.length() - job.tail, job.sample_rate) : most;
    if (frames < fewest || frames > most || channels < 1)
        refuse("it names " + std::to_string(frames) + " frames of " + std::to_string(channels) +
               " channels");
    const auto stored = job.container == m4a
                            ? pcm_for_aac({})
                            : AudioFormat{.container = job.container, .depth = job.depth};
    return {.container = stored.container,
            .sample_bytes = bytes_per_sample(stored.container == npy ? AudioFormat::Depth::float32
                                                                     : stored.depth),
            .frames = frames,
            .channels = channels};
}

void check_claimed_audio(const ClaimedAudio& claimed, int fd) {
    const auto size = size_of(fd, subject);
    if (size == 0) refuse("the file is empty");
    if (!claimed.container || claimed.frames == 0) return;
    // Divided, since a product of such numbers might be none.
    const bool there = is_packed(*claimed.container)
                           ? states_audio(claimed, fd)
                           : size / claimed.sample_bytes / claimed.channels >= claimed.frames;
    if (!there) refuse("the file does not have the audio");
}

}  // namespace patchpipe
