// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MIDI messages in the bytes that come over a wire, by the MIDI 1.0 detailed specification: a
// status may be left out if it is that of the message before, and real-time messages may stand
// between the bytes of others. Not here: files, which have times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace patchpipe {

class MidiByteStream {
 public:
    using Bytes = std::span<const std::uint8_t>;

    /// take gets each whole message, with its status, valid during the call. System exclusive
    /// messages that are longer than `longest` bytes are left out and counted.
    MidiByteStream(std::size_t longest, std::function<void(Bytes message)> take)
        : longest_(longest), take_(std::move(take)) {}

    /// The next bytes, cut anywhere.
    void add(Bytes bytes);

    /// How many messages were left out.
    [[nodiscard]] std::int64_t too_long() const { return too_long_; }

 private:
    void add(std::uint8_t byte);
    void begin(std::uint8_t status);
    void end_exclusive();

    std::size_t longest_;
    std::function<void(Bytes message)> take_;
    std::vector<std::uint8_t> message_;  // with its status; empty if none is known
    std::size_t size_ = 0;               // of the whole message
    bool is_exclusive_ = false, is_dropped_ = false;
    std::int64_t too_long_ = 0;
};

}  // namespace patchpipe
