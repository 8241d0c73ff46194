// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "midi/chunks.h"

#include <algorithm>
#include <string_view>

#include "base/byte_order.h"
#include "base/error.h"

namespace patchpipe {
namespace {

using Bytes = std::span<const std::uint8_t>;
using std::to_string;

template <std::unsigned_integral Number>
Number number_at(Bytes bytes, std::size_t at) {
    return read_big_endian<Number>(
        {reinterpret_cast<const char*>(bytes.data()) + at, sizeof(Number)});
}

class ChunkReader {
 public:
    ChunkReader(Bytes file, const std::string& path) : rest_(file), path_(path) {}

    // The content of the header chunk.
    Bytes take_header() {
        if (rest_.empty()) fail("is empty; give a Standard MIDI File");
        if (rest_.size() < 4 || !named("MThd"))
            fail("is not a MIDI file: it does not begin with 'MThd'; give a Standard MIDI File");
        const auto content = take_chunk("the header");
        if (content.size() < 6)
            fail("has a header of " + to_string(content.size()) +
                 " bytes, but at least 6 are needed; it is damaged, get another copy");
        return content;
    }

    Bytes take_track(unsigned number, unsigned announced) {
        const auto which = "track " + to_string(number) + " of " + to_string(announced);
        for (;;) {
            if (rest_.empty()) fail("is cut short: it ends before " + which + "; get a whole copy");
            const bool track = rest_.size() >= 4 && named("MTrk");
            const auto content = take_chunk(track ? which : "the chunk before " + which);
            if (track) return content;
        }
    }

    [[noreturn]] void fail(std::string_view what, ErrorKind kind = ErrorKind::corrupt) const {
        throw Error(kind, path_, what);
    }

 private:
    [[nodiscard]] bool named(std::string_view name) const {
        return std::equal(name.begin(), name.end(), rest_.begin());
    }

    Bytes take_chunk(const std::string& which) {
        if (rest_.size() < 8)
            fail("is cut short: it ends in the first 8 bytes of " + which + "; get a whole copy");
        const std::size_t length = number_at<std::uint32_t>(rest_, 4);
        rest_ = rest_.subspan(8);
        if (length > rest_.size())
            fail("is cut short: " + which + " goes " + to_string(length - rest_.size()) +
                 " bytes past the end of the file; get a whole copy");
        const auto content = rest_.first(length);
        rest_ = rest_.subspan(length);
        return content;
    }

    Bytes rest_;
    const std::string& path_;
};

void check_type(unsigned type, const ChunkReader& reader) {
    if (type == 2)
        reader.fail("type 2 has no single timeline; convert it to type 0 or 1",
                    ErrorKind::unsupported);
    if (type > 2)
        reader.fail("is of type " + to_string(type) +
                    ", but there are only 0, 1 and 2; it is damaged, get another copy");
}

// With the highest bit set, the upper byte is the negated frame rate, and the lower one the number
// of ticks a frame. A rate of 29 means NTSC's drop-frame rate, 30000/1001.
MidiDivision parse_division(unsigned division, const ChunkReader& reader) {
    if (division == 0) reader.fail("has 0 ticks per quarter; it is damaged, get another copy");
    if (division < 0x8000) return {.ticks = static_cast<int>(division)};
    const int frame_rate = 0x100 - static_cast<int>(division >> 8);
    const int ticks = static_cast<int>(division & 0xff);
    if (frame_rate != 24 && frame_rate != 25 && frame_rate != 29 && frame_rate != 30)
        reader.fail("has an SMPTE division of " + to_string(frame_rate) +
                    " frames a second; 24, 25, 29 and 30 are possible");
    if (ticks == 0)
        reader.fail("has an SMPTE division of 0 ticks a frame; it is damaged, get another copy");
    if (frame_rate == 29) return {.ticks = ticks * 30000, .seconds = 1001};
    return {.ticks = ticks * frame_rate, .seconds = 1};
}

}  // namespace

MidiChunks parse_midi_chunks(std::span<const std::uint8_t> file, const std::string& path) {
    ChunkReader reader(file, path);
    const auto header = reader.take_header();
    check_type(number_at<std::uint16_t>(header, 0), reader);
    const unsigned announced = number_at<std::uint16_t>(header, 2);
    MidiChunks chunks{.division = parse_division(number_at<std::uint16_t>(header, 4), reader),
                      .type = number_at<std::uint16_t>(header, 0),
                      .division_word = number_at<std::uint16_t>(header, 4),
                      .tracks = {}};
    for (unsigned number = 1; number <= announced; ++number)
        chunks.tracks.push_back(reader.take_track(number, announced));
    return chunks;
}

}  // namespace patchpipe
