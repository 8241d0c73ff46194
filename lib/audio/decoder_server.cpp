// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/decoder_server.h"

#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "audio/sound_file.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/real_time.h"
#include "isolation/descriptor_message.h"

namespace patchpipe {
namespace {

// A file in a slot. The block that the tool will probably want next is decoded before it asks,
// while it is at work with the one before.
class OpenSound {
 public:
    OpenSound(Descriptor file, DecoderArea::Slot& slot, std::function<void()> working)
        : file_(std::move(file)), sound_(no_name(), file_.get(), std::move(working)), slot_(slot) {
        if (sound_.info().channels < 1 || sound_.info().channels > most_decoded_channels)
            throw Error(ErrorKind::unsupported, "", "has no or more than 1024 channels");
    }

    [[nodiscard]] SoundFile& sound() { return sound_; }

    [[nodiscard]] DecodedBlock block_with(std::int64_t frame) {
        if (ahead_ && ahead_->has(frame)) return *std::exchange(ahead_, {});
        ahead_.reset();
        if (frame != next_) sound_.seek(frame);
        goes_on_ = frame == next_;
        return decode(frame);
    }

    // Empty if it cannot be decoded: it is asked for again then.
    [[nodiscard]] DecodedBlock first_block() try { return decode(0); } catch (const Error&) {
        return {};
    }

    // What fails here fails again when it is asked for.
    void look_ahead() try {
        if (!goes_on_ || ended_ || ahead_) return;
        ahead_ = decode(next_);
        if (ahead_->frames == 0) ahead_.reset();
    } catch (const std::exception&) {
    }

 private:
    static const std::string& no_name() {
        static const std::string none;
        return none;
    }

    DecodedBlock decode(std::int64_t frame) {
        half_ = 1 - half_;
        auto* const place = slot_.halves[static_cast<std::size_t>(half_)].bytes.data();
        const bool wide = needs_doubles(sound_.info().format);
        const int wanted = DecoderArea::block_frames(sound_.info().channels, wide);
        const int got = wide ? sound_.read_whole(reinterpret_cast<double*>(place), wanted)
                             : sound_.read_whole(reinterpret_cast<float*>(place), wanted);
        next_ = frame + got;
        ended_ = got < wanted;
        return {frame, got, half_, ended_ && !sound_.has_fault()};
    }

    Descriptor file_;
    SoundFile sound_;
    DecoderArea::Slot& slot_;
    std::optional<DecodedBlock> ahead_;
    std::int64_t next_ = 0;  // the frame that is decoded next
    int half_ = 1;
    bool goes_on_ = true, ended_ = false;
};

class DecoderServer {
 public:
    DecoderServer(int socket, DecoderArea& area) : socket_(socket), area_(area) {}

    void serve() {
        DecoderRequest request{};
        for (Descriptor file; receive(request, file); file = Descriptor()) {
            if (request.verb == DecoderVerb::close) {
                open_.erase(request.slot);
            } else {
                send(answer_to(request, std::move(file)));
                if (const auto found = open_.find(request.slot); found != open_.end())
                    found->second.look_ahead();
            }
        }
    }

 private:
    DecoderReply answer_to(const DecoderRequest& request, Descriptor file) try {
        reported_ = RealClock::now();
        if (request.verb == DecoderVerb::open) return open(request.slot, std::move(file));
        auto& sound = open_.at(request.slot);
        DecoderReply reply;
        if (request.verb == DecoderVerb::count)
            reply.all_frames = sound.sound().frames();
        else
            reply.block = sound.block_with(request.frame);
        return reply;
    } catch (const Error& error) {
        return failed(error.kind(), error.what());
    } catch (const std::bad_alloc&) {
        return failed(ErrorKind::unsupported, "takes too much memory to decode");
    }

    DecoderReply open(int slot, Descriptor file) {
        open_.erase(slot);
        auto& sound =
            open_
                .try_emplace(slot, std::move(file), area_.slots.at(static_cast<std::size_t>(slot)),
                             [this] { report(); })
                .first->second;
        DecoderReply reply;
        reply.info = sound.sound().info();
        if (sound.sound().knows_frames()) reply.all_frames = sound.sound().frames();
        reply.block = sound.first_block();
        return reply;
    }

    static DecoderReply failed(ErrorKind kind, std::string_view text) {
        DecoderReply reply;
        reply.answer = DecoderAnswer::failed;
        reply.error = kind;
        reply.text_size = static_cast<int>(std::min(text.size(), reply.text.size()));
        std::copy_n(text.begin(), reply.text_size, reply.text.begin());
        return reply;
    }

    // To the tool, which takes silence for a hang.
    void report() {
        constexpr std::chrono::seconds pause{1};
        const auto now = RealClock::now();
        if (now - reported_ < pause) return;
        reported_ = now;
        DecoderReply reply;
        reply.answer = DecoderAnswer::working;
        send(reply);
    }

    void send(const DecoderReply& reply) const {
        const auto size = reply_size(reply.text_size);
        if (repeated([&] { return ::send(socket_, &reply, size, MSG_NOSIGNAL); }) < 0) ::_exit(0);
    }

    bool receive(DecoderRequest& request, Descriptor& file) const {
        DescriptorMessage message(&request, sizeof request);
        if (repeated([&] { return ::recvmsg(socket_, message.header(), 0); }) != sizeof request)
            return false;
        file = message.take();
        return true;
    }

    int socket_;
    DecoderArea& area_;
    std::map<int, OpenSound> open_;
    RealClock::time_point reported_{};
};

}  // namespace

void serve_decoder(int socket, DecoderArea& area) { DecoderServer(socket, area).serve(); }

}  // namespace patchpipe
