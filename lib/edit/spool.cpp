// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/spool.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "audio/piece_writer.h"
#include "base/error.h"
#include "file/nameless_file.h"
#include "file/offset.h"

namespace patchpipe {
namespace {

const std::string name = "temporary file";

class SpooledPart : public AudioSource {
 public:
    SpooledPart(std::shared_ptr<const Spool> spool, std::int64_t begin, std::int64_t frames)
        : AudioSource({spool->form().channels, spool->form().sample_rate, frames}),
          spool_(std::move(spool)),
          begin_(begin) {}

    int read(double* samples, int frames) override {
        const auto count = std::min<std::int64_t>(frames, this->frames() - at_);
        spool_->read(begin_ + at_, count, samples);
        at_ += count;
        return static_cast<int>(count);
    }

    void seek(std::int64_t frame) override { at_ = frame; }

 private:
    std::shared_ptr<const Spool> spool_;
    std::int64_t begin_, at_ = 0;
};

}  // namespace

Spool::Spool(AudioSource& audio) : form_(audio.form()), file_(nameless_file()) {
    PieceWriter out(file_.get(), name);
    for_each_block(audio, [&](std::span<const double> samples) {
        out.write({reinterpret_cast<const char*>(samples.data()), samples.size_bytes()});
    });
    out.flush();
}

void Spool::read(std::int64_t begin, std::int64_t frames, double* samples) const {
    const auto frame_bytes = std::int64_t{sizeof(double)} * form_.channels;
    const auto size = static_cast<std::size_t>(frames * frame_bytes);
    if (read_at(file_.get(), begin * frame_bytes, samples, size, name) < size)
        throw Error(ErrorKind::io, name, "became shorter while it was read");
}

Audio part_of(std::shared_ptr<const Spool> spool, std::int64_t begin, std::int64_t frames) {
    return std::make_unique<SpooledPart>(std::move(spool), begin, frames);
}

}  // namespace patchpipe
