// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Processes in which libsndfile, and the libraries that it uses, read audio files of unknown
// origin: file after file, as long as all goes well. They can do nothing but calculate
// (ClosedChild) and have no files but those that are open in them, which cannot be written. Only
// for lib/audio; what uses this is decoded_file.h.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "audio/decoder_messages.h"
#include "base/error.h"
#include "isolation/closed_child.h"

namespace patchpipe {

/// A process ended, or was ended, when it was asked something.
struct DecoderEnd {
    ErrorKind kind;   ///< crash or timeout
    std::string how;  ///< in words that follow the file's name
    bool others;      ///< another file may be at fault
};

/// One process at a time. The next one finds no open files.
class Decoder {
 public:
    Decoder();  ///< throws Error io
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// A slot that nobody has, or -1.
    [[nodiscard]] int take_slot();
    /// Closes its file, when something is asked next.
    void free_slot(int slot);

    /// A number that differs from that of every process before.
    [[nodiscard]] std::uint64_t process() const { return number_; }

    /// Asks, with the file if one is to be opened, and waits for the answer, whose block is such as
    /// can be in the area, and has the frame unless it is empty. open_as is what was said of the
    /// slot's file when it was opened. Starts the process if there is none. Throws DecoderEnd.
    [[nodiscard]] DecoderReply ask(const DecoderRequest& request, int file, const SF_INFO& open_as);

    /// Where a half of the slot begins: floats, or doubles if needs_doubles().
    [[nodiscard]] const std::byte* samples(int slot, int half) const {
        return area_->slots[static_cast<std::size_t>(slot)]
            .halves[static_cast<std::size_t>(half)]
            .bytes.data();
    }

 private:
    void start();
    void send(const DecoderRequest& request, int file);
    [[nodiscard]] DecoderReply receive(const DecoderRequest& request, const SF_INFO& open_as);
    [[noreturn]] void end(bool hung, const char* fault);

    DecoderArea* area_;
    std::unique_ptr<ClosedChild> child_;
    std::uint64_t number_ = 0;
    int opened_ = 0;             // files, in this process
    std::vector<int> to_close_;  // slots
    std::vector<bool> taken_ = std::vector<bool>(decoder_slots);
};

/// The slot of a file in one of this process's decoders. They stay until this process ends.
struct DecoderPlace {
    Decoder* decoder;
    int slot;
};
[[nodiscard]] DecoderPlace take_decoder();

/// Held while a decoder is used: files may be read in several threads.
[[nodiscard]] std::unique_lock<std::mutex> lock_decoders();

}  // namespace patchpipe
