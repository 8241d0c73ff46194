// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/decoded_file.h"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/error.h"

namespace patchpipe {

DecodedFile::DecodedFile(const std::string& path, int fd) : path_(path), fd_(fd) {
    const auto lock = lock_decoders();
    place_ = take_decoder();
    try {
        for (bool again = false; process_ == 0; again = true) try {
                open();
            } catch (const DecoderEnd& end) {
                if (again || !end.others) fail(end);
            }
    } catch (...) {
        place_.decoder->free_slot(place_.slot);
        throw;
    }
}

DecodedFile::~DecodedFile() {
    const auto lock = lock_decoders();
    place_.decoder->free_slot(place_.slot);
}

std::int64_t DecodedFile::frames() {
    if (!frames_) frames_ = ask(DecoderVerb::count).all_frames;
    return *frames_;
}

int DecodedFile::read(double* samples, int frames) {
    const auto channels = static_cast<std::size_t>(info_.channels);
    int done = 0;
    while (done < frames) {
        if (!block_.has(at_)) {
            if (block_.last && at_ == block_.begin + block_.frames) break;
            block_ = ask(DecoderVerb::read).block;
            if (block_.frames == 0) break;
        }
        const auto skipped = at_ - block_.begin;
        const auto count =
            static_cast<int>(std::min<std::int64_t>(block_.frames - skipped, frames - done));
        copy(static_cast<std::size_t>(skipped) * channels,
             {samples + static_cast<std::size_t>(done) * channels,
              static_cast<std::size_t>(count) * channels});
        done += count;
        at_ += count;
    }
    return done;
}

// From that sample of the block on.
void DecodedFile::copy(std::size_t first, std::span<double> samples) const {
    const auto* const half = place_.decoder->samples(place_.slot, block_.half);
    if (needs_doubles(info_.format))
        std::copy_n(reinterpret_cast<const double*>(half) + first, samples.size(), samples.begin());
    else
        std::copy_n(reinterpret_cast<const float*>(half) + first, samples.size(), samples.begin());
}

// The file's position is where the last decoder left it.
void DecodedFile::open() {
    if (::lseek(fd_, 0, SEEK_SET) != 0) throw Error(ErrorKind::io, path_, system_message(errno));
    const auto reply = place_.decoder->ask({DecoderVerb::open, place_.slot, 0}, fd_, {});
    refuse_failure(reply);
    if (process_ != 0 &&
        (reply.info.channels != info_.channels || reply.info.format != info_.format))
        throw Error(ErrorKind::io, path_, "was changed while it was read");
    info_ = reply.info;
    if (reply.all_frames >= 0) frames_ = reply.all_frames;
    block_ = reply.block;
    process_ = place_.decoder->process();
}

// About the frame that is read next.
DecoderReply DecodedFile::ask(DecoderVerb verb) {
    const auto lock = lock_decoders();
    for (bool again = false;; again = true) try {
            if (process_ != place_.decoder->process()) open();
            const auto reply = place_.decoder->ask({verb, place_.slot, at_}, -1, info_);
            refuse_failure(reply);
            return reply;
        } catch (const DecoderEnd& end) {
            if (again || !end.others) fail(end);
        }
}

void DecodedFile::refuse_failure(const DecoderReply& reply) const {
    if (reply.answer != DecoderAnswer::failed) return;
    throw Error(reply.error, path_,
                std::string_view(reply.text.data(), static_cast<std::size_t>(reply.text_size)));
}

void DecodedFile::fail(const DecoderEnd& end) const { throw Error(end.kind, path_, end.how); }

}  // namespace patchpipe
