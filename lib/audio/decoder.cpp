// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/decoder.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <new>
#include <utility>

#include "audio/decoder_server.h"
#include "base/descriptor.h"
#include "isolation/descriptor_message.h"

namespace patchpipe {
namespace {

constexpr std::int64_t most_memory = 256;  // MiB; the largest of the codecs take some 30
// Of silence. It reports every second while it skips much, and a block takes milliseconds.
constexpr int longest_silence = 15;  // seconds
constexpr int most_reports = 3600;

bool is_one_of(int format, std::initializer_list<int> formats) {
    return std::find(formats.begin(), formats.end(), format) != formats.end();
}

// Whether the fields of a reply are such as they can be; what decodes may have been taken over.
bool is_sound(const DecoderReply& reply, std::size_t size, const DecoderRequest& request,
              const SF_INFO& open_as) {
    if (size < reply_size(0) || reply.text_size < 0 ||
        reply.text_size > static_cast<int>(reply.text.size()) ||
        size != reply_size(reply.text_size))
        return false;
    if (reply.answer == DecoderAnswer::failed)
        return reply.error == ErrorKind::corrupt || reply.error == ErrorKind::unsupported ||
               reply.error == ErrorKind::io;
    if (reply.answer != DecoderAnswer::done) return reply.answer == DecoderAnswer::working;
    if (request.verb == DecoderVerb::count) return reply.all_frames >= 0;
    const auto& info = request.verb == DecoderVerb::open ? reply.info : open_as;
    if (info.channels < 1 || info.channels > most_decoded_channels || info.samplerate < 1)
        return false;
    const auto& block = reply.block;
    const int most = DecoderArea::block_frames(info.channels, needs_doubles(info.format));
    return (block.half == 0 || block.half == 1) && block.frames >= 0 && block.frames <= most &&
           (block.frames == 0 || block.has(request.frame));
}

}  // namespace

bool needs_doubles(int format) {
    return !is_one_of(
        format & SF_FORMAT_SUBMASK,
        {SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_FLOAT,
         SF_FORMAT_ULAW, SF_FORMAT_ALAW, SF_FORMAT_VORBIS, SF_FORMAT_OPUS, SF_FORMAT_MPEG_LAYER_I,
         SF_FORMAT_MPEG_LAYER_II, SF_FORMAT_MPEG_LAYER_III});
}

Decoder::Decoder() {
    void* const memory = ::mmap(nullptr, sizeof(DecoderArea), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        throw Error(ErrorKind::io, "memory for decoded audio", system_message(errno));
    area_ = new (memory) DecoderArea;
}

Decoder::~Decoder() {
    if (child_) (void)child_->end(true);
    ::munmap(area_, sizeof(DecoderArea));
}

int Decoder::take_slot() {
    const auto found = std::find(taken_.begin(), taken_.end(), false);
    if (found == taken_.end()) return -1;
    *found = true;
    return static_cast<int>(found - taken_.begin());
}

void Decoder::free_slot(int slot) {
    taken_[static_cast<std::size_t>(slot)] = false;
    to_close_.push_back(slot);
}

DecoderReply Decoder::ask(const DecoderRequest& request, int file, const SF_INFO& open_as) {
    if (!child_) start();
    // Not before, since every message wakes the process.
    for (const int slot : std::exchange(to_close_, {}))
        if (slot != request.slot) send({DecoderVerb::close, slot, 0}, -1);
    if (request.verb == DecoderVerb::open) ++opened_;
    send(request, file);
    for (int reports = 0; reports < most_reports; ++reports) {
        const auto reply = receive(request, open_as);
        if (reply.answer != DecoderAnswer::working) return reply;
    }
    end(false, "it skipped samples for an hour");
}

void Decoder::start() {
    opened_ = 0;
    to_close_.clear();
    ++number_;
    child_ = std::make_unique<ClosedChild>(most_memory,
                                           [this](int socket) { serve_decoder(socket, *area_); });
    const timeval silence{.tv_sec = longest_silence, .tv_usec = 0};
    for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
        (void)::setsockopt(child_->socket(), SOL_SOCKET, option, &silence, sizeof silence);
}

void Decoder::send(const DecoderRequest& request, int file) {
    auto bytes = request;
    DescriptorMessage message(&bytes, sizeof bytes);
    const bool opens = request.verb == DecoderVerb::open;
    if (opens) message.put(file);
    const auto sent = repeated([&] {
        return opens ? ::sendmsg(child_->socket(), message.header(), MSG_NOSIGNAL)
                     : ::send(child_->socket(), &bytes, sizeof bytes, MSG_NOSIGNAL);
    });
    if (sent < 0) end(errno == EAGAIN, nullptr);
}

DecoderReply Decoder::receive(const DecoderRequest& request, const SF_INFO& open_as) {
    DecoderReply reply;
    const auto size = repeated([&] { return ::recv(child_->socket(), &reply, sizeof reply, 0); });
    if (size <= 0) end(size < 0 && errno == EAGAIN, nullptr);
    if (!is_sound(reply, static_cast<std::size_t>(size), request, open_as))
        end(false, "it gave an answer that cannot be");
    return reply;
}

// hung: it is silent, which another file or a busy machine may have brought about. fault: what it
// did wrong, or null if it is silent or has ended by itself.
void Decoder::end(bool hung, const char* fault) {
    const auto how = child_->end(hung || fault);
    child_.reset();
    ++number_;
    if (hung)
        throw DecoderEnd{ErrorKind::timeout,
                         "hangs its decoder, which was silent for " +
                             std::to_string(longest_silence) + " seconds; it is damaged",
                         true};
    // What one file has destroyed in the memory may be noticed when another is read.
    throw DecoderEnd{ErrorKind::crash,
                     "crashes its decoder (" + (fault ? fault : how) +
                         "): it is damaged, or takes more than " + std::to_string(most_memory) +
                         " MiB to decode",
                     opened_ > 1};
}

DecoderPlace take_decoder() {
    static std::vector<std::unique_ptr<Decoder>> decoders;
    for (const auto& decoder : decoders)
        if (const int slot = decoder->take_slot(); slot >= 0) return {decoder.get(), slot};
    decoders.push_back(std::make_unique<Decoder>());
    return {decoders.back().get(), decoders.back()->take_slot()};
}

std::unique_lock<std::mutex> lock_decoders() {
    static std::mutex mutex;
    return std::unique_lock(mutex);
}

}  // namespace patchpipe
