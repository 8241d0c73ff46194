// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The messages are JUCE's; where each one ends is found here. juce::MidiFile is not used: it ends a
// sysex at the first F7 byte instead of at its length, fills an event that is cut short with zeros,
// stops silently at an event that it cannot read, and refuses files with other chunks between the
// tracks or bytes after the last one.

#include "midi/track.h"

#include <juce_audio_basics/juce_audio_basics.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace patchpipe {
namespace {

using Bytes = std::span<const std::uint8_t>;
using Message = juce::MidiMessage;

// Joins a system-exclusive message that comes in packets: F0 with the first bytes, then F7 with
// more; the last packet ends in F7.
class SysexAssembler {
 public:
    explicit SysexAssembler(const TakeMessage& take) : take_(take) {}

    void begin(Bytes content, double tick) {
        finish();
        bytes_ = {0xf0};
        add(content, tick);
    }

    // An F7 packet that continues no message is an escape: it may hold a whole message.
    void go_on(Bytes content, double tick) {
        if (!bytes_.empty() || (!content.empty() && content[0] == 0xf0)) add(content, tick);
    }

    // Careless writers leave the F7 out.
    void finish() {
        if (bytes_.empty()) return;
        if (bytes_.back() != 0xf7) bytes_.push_back(0xf7);
        take_(Message(bytes_.data(), static_cast<int>(bytes_.size()), tick_));
        bytes_.clear();
    }

 private:
    void add(Bytes content, double tick) {
        bytes_.insert(bytes_.end(), content.begin(), content.end());
        tick_ = tick;
        if (bytes_.back() == 0xf7) finish();
    }

    const TakeMessage& take_;
    std::vector<std::uint8_t> bytes_;
    double tick_ = 0;
};

class TrackReader {
 public:
    TrackReader(Bytes track, const std::string& path, std::size_t number, const TakeMessage& take)
        : rest_(track), path_(path), number_(number), take_(take), sysex_(take) {}

    // Passes on every message of the track and returns the last event's tick.
    double read() {
        while (!rest_.empty()) {
            tick_ += take_number();
            const auto status = peek();
            if (status == 0xff)
                read_meta();
            else if (status == 0xf0 || status == 0xf7)
                read_sysex(status);
            else
                read_message(status);
        }
        sysex_.finish();
        return tick_;
    }

 private:
    [[noreturn]] void fail(std::string_view what) const {
        throw Error(ErrorKind::corrupt, path_,
                    "track " + std::to_string(number_) + " " + std::string(what) +
                        "; the file is damaged, get another copy");
    }

    [[nodiscard]] std::uint8_t peek() const {
        if (rest_.empty()) fail("ends within an event");
        return rest_[0];
    }

    Bytes take_bytes(std::size_t size) {
        if (size > rest_.size()) fail("ends within an event");
        const auto bytes = rest_.first(size);
        rest_ = rest_.subspan(size);
        return bytes;
    }

    unsigned take_number() {
        const auto number =
            Message::readVariableLengthValue(rest_.data(), static_cast<int>(rest_.size()));
        if (!number.isValid())
            fail(rest_.size() < 4 ? "ends within a number" : "has a number of more than 4 bytes");
        rest_ = rest_.subspan(static_cast<std::size_t>(number.bytesUsed));
        return static_cast<unsigned>(number.value);
    }

    void read_meta() {
        const auto whole = rest_;
        take_bytes(2);
        take_bytes(take_number());
        const auto size = static_cast<int>(whole.size() - rest_.size());
        const Message message(whole.data(), size, tick_);
        if (message.isTempoMetaEvent() && message.getMetaEventLength() < 3)
            fail("has a tempo of less than 3 bytes");
        take_(message);
    }

    void read_sysex(std::uint8_t status) {
        take_bytes(1);
        const auto content = take_bytes(take_number());
        if (status == 0xf0)
            sysex_.begin(content, tick_);
        else
            sysex_.go_on(content, tick_);
    }

    // A missing status byte means that of the last channel message, even across meta events and
    // sysex: the standard says that these end it, but real files rely on the opposite.
    void read_message(std::uint8_t status) {
        sysex_.finish();
        const bool running = status < 0x80;
        if (running && running_status_ == 0) fail("has a data byte where a status byte must be");
        if (!running) take_bytes(1);
        if (running) status = running_status_;
        if (status == 0xf4 || status == 0xf5 || status == 0xf9 || status == 0xfd)
            fail("has an undefined status byte");
        const auto size = static_cast<std::size_t>(Message::getMessageLengthFromFirstByte(status));
        const auto data = take_bytes(size - 1);
        if (std::any_of(data.begin(), data.end(), [](auto byte) { return byte >= 0x80; }))
            fail("has a status byte where a data byte must be");
        if (status >= 0xf0) return;  // clock and the like do not belong in a file
        running_status_ = status;
        int used = 0;
        take_(Message(data.data(), static_cast<int>(data.size()), used, status, tick_));
    }

    Bytes rest_;
    const std::string& path_;
    std::size_t number_;
    const TakeMessage& take_;
    SysexAssembler sysex_;
    double tick_ = 0;
    std::uint8_t running_status_ = 0;
};

}  // namespace

double parse_midi_track(std::span<const std::uint8_t> track, const std::string& path,
                        std::size_t number, const TakeMessage& take) {
    return TrackReader(track, path, number, take).read();
}

}  // namespace patchpipe
