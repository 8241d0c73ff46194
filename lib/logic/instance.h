// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An instance of a logic library. It keeps the library loaded. Values of parameters are the
// library's own (-27 dB), in the order of its list.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "logic/library.h"

extern "C" {
struct patchpipe_block;
}

namespace patchpipe {

class LogicInstance {
 public:
    /// Throws Error plugin-load if the library makes none.
    explicit LogicInstance(std::shared_ptr<const LogicLibrary> library);
    ~LogicInstance();
    LogicInstance(const LogicInstance&) = delete;
    LogicInstance& operator=(const LogicInstance&) = delete;

    [[nodiscard]] const patchpipe_logic& logic() const { return library_->logic(); }
    [[nodiscard]] const LogicLibrary& library() const { return *library_; }

    /// Throws Error plugin-load if the library refuses the rate or the block size.
    void reset(int sample_rate, int block_size, bool offline, std::span<const double> parameters);

    /// With the samples that the library has: pointers to double if library().is_double(). Denormal
    /// numbers are as the caller has them. Returns a PATCHPIPE_CONTINUE and so on.
    std::int32_t process(const patchpipe_block& block);

    /// The library's state; empty if it has none. Nothing if it failed to give it, or if it has
    /// more than 1 GiB.
    [[nodiscard]] std::optional<std::string> save();
    /// True if the library took the state. False if it refused it, or has none: it is then as
    /// before. changed() has to follow, as after every change of parameters outside of a block.
    [[nodiscard]] bool load(std::string_view state);
    void changed(std::span<const double> parameters);

    [[nodiscard]] std::uint32_t latency_frames();
    /// PATCHPIPE_TAIL_INFINITE if it never ends.
    [[nodiscard]] std::uint32_t tail_frames();

 private:
    std::shared_ptr<const LogicLibrary> library_;
    void* self_;
};

}  // namespace patchpipe
