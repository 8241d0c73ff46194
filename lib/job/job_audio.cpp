// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_audio.h"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <vector>

#include "audio/aac.h"
#include "base/error.h"
#include "base/real_time.h"
#include "base/utf8.h"
#include "base/write.h"
#include "file/nameless_file.h"
#include "midi/time_map.h"

namespace patchpipe {
namespace {

constexpr const char* spool_name = "the temporary file of a render";

// Without a version: a new one writes the same files if the plug-in sounds the same.
constexpr std::string_view software = "patchpipe";

AudioTags tags_of(const RenderJob& job, const Processor& processor) {
    constexpr std::size_t longest_name = 256;
    auto tags = job.tags;
    if (!tags.text("PLUGIN")) tags.set("PLUGIN", cut_to(processor.info().name, longest_name));
    if (!tags.text("SOFTWARE")) tags.set("SOFTWARE", software);
    return tags;
}

}  // namespace

JobAudio::JobAudio(const RenderJob& job, const Processor& processor, std::int64_t frames,
                   std::size_t note_room, Asker& asker)
    : job_(job),
      asker_(asker),
      format_{.container = job.container,
              .depth = job.depth,
              .channels = processor.channels(),
              .sample_rate = job.sample_rate,
              .frames = frames,
              .tags = tags_of(job, processor),
              .quality = job.quality,
              .bitrate = job.bitrate} {
    if (note_room <= most_comment(job.container)) {
        format_.tags.comment = job.provenance;
        format_.comment_room = note_room;
    }
    if (!job.auto_tail) {
        open();
        return;
    }
    const auto frames_in = [&](double seconds) { return frame_at(seconds, job.sample_rate); };
    tail_end_.emplace(format_.channels, frames_in(job.length() - job.tail),
                      job.auto_tail->threshold, frames_in(job.auto_tail->hold));
    spool_ = nameless_file();
}

void JobAudio::open() {
    file_ = asker_.open_output();
    // The tool encodes AAC, outside of the sandbox of the plug-in.
    const auto stored =
        format_.container == AudioFormat::Container::m4a ? pcm_for_aac(format_) : format_;
    writer_.emplace(file_.fd.get(), file_.straight ? Medium::stream : Medium::file, stored,
                    job_.output_path);
}

void JobAudio::write(std::span<const float> samples) {
    meter_.add(samples);
    writer_->write(samples);
}

void JobAudio::spool(std::span<const float> samples) {
    tail_end_->add(samples);
    const std::string_view bytes(reinterpret_cast<const char*>(samples.data()),
                                 samples.size_bytes());
    if (const int why = try_write_all(spool_.get(), bytes))
        throw Error(ErrorKind::io, spool_name, "cannot be written: " + system_message(why));
}

void JobAudio::add(std::span<const float> samples) {
    const auto before = RealClock::now();
    asker_.note("writing the audio");
    if (tail_end_)
        spool(samples);
    else
        write(samples);
    asker_.note("rendering");
    time_ += RealClock::now() - before;
}

void JobAudio::finish() {
    if (!tail_end_) return;
    asker_.note("writing the audio");
    const auto before = RealClock::now();
    format_.frames = std::min(format_.frames, tail_end_->end());
    open();
    constexpr std::int64_t piece = 4096;
    std::vector<float> samples(static_cast<std::size_t>(piece * format_.channels));
    const auto frame_size = static_cast<std::int64_t>(sizeof(float)) * format_.channels;
    for (std::int64_t frame = 0; frame < format_.frames; frame += piece) {
        const auto frames = std::min(piece, format_.frames - frame);
        const auto size = static_cast<std::size_t>(frames * frame_size);
        if (pread(spool_.get(), samples.data(), size, frame * frame_size) !=
            static_cast<ssize_t>(size))
            throw Error(ErrorKind::io, spool_name, "cannot be read: " + system_message(errno));
        write({samples.data(), static_cast<std::size_t>(frames * format_.channels)});
    }
    time_ += RealClock::now() - before;
}

void JobAudio::close(const FinalComment& comment) {
    const auto before = RealClock::now();
    writer_->close(comment);
    time_ += RealClock::now() - before;
}

}  // namespace patchpipe
