// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the samples of a job to its file. Not here: what is noted in the file (rendered_file.h), and
// its name, which the asker gives it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "audio/audio_writer.h"
#include "audio/meter.h"
#include "audio/tail_end.h"
#include "base/descriptor.h"
#include "isolation/handler.h"
#include "job/render_job.h"
#include "render/processor.h"

namespace patchpipe {

class JobAudio {
 public:
    using Milliseconds = std::chrono::duration<double, std::milli>;

    /// A file of the processor's channels and so many frames, at most if the job's tail is "auto".
    /// The file is opened now, but for such a job, whose length is known at the end: until then the
    /// samples are in a temporary file without a name. note_room is what AudioFormat::comment_room
    /// is; a file whose container has less room gets no note.
    JobAudio(const RenderJob& job, const Processor& processor, std::int64_t frames,
             std::size_t note_room, Asker& asker);

    /// Takes the next frames, interleaved. Throws Error io.
    void add(std::span<const float> samples);

    /// True if no more frames are wanted.
    [[nodiscard]] bool ended() const { return tail_end_ && tail_end_->ended(); }

    /// Call it after the last frame, before the functions below. Throws Error io.
    void finish();

    [[nodiscard]] const AudioFormat& format() const { return format_; }
    [[nodiscard]] const Meter& meter() const { return meter_; }

    /// Ends the file. comment is as in AudioWriter::close().
    void close(const FinalComment& comment);

    /// The time that went into writing.
    [[nodiscard]] Milliseconds time() const { return time_; }

 private:
    void open();
    void write(std::span<const float> samples);
    void spool(std::span<const float> samples);

    const RenderJob& job_;
    Asker& asker_;
    AudioFormat format_;
    Meter meter_;
    OutputFile file_;
    std::optional<AudioWriter> writer_;
    std::optional<TailEnd> tail_end_;  // with spool_
    Descriptor spool_;
    Milliseconds time_{0};
};

}  // namespace patchpipe
