// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parameters that a host sees of the shell, of which there are always as many, because hosts
// take it badly if parameters come and go. Each is a slot for a parameter of the code, known by its
// id: from one build to the next it stays in its slot, and so does what a host has written for it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "render/patch.h"

namespace patchpipe {

inline constexpr std::size_t slot_count = 128;

/// By slot: the index of its parameter in one build, if that has it.
using SlotIndices = std::array<std::optional<std::size_t>, slot_count>;

class Slots {
 public:
    /// For a build with these parameters. A new one gets the first slot that never had one, or else
    /// the first whose parameter this build lacks; if there is none either, it has no slot.
    [[nodiscard]] SlotIndices assign(const std::vector<Parameter>& parameters);

    /// The ids by slot, as far as slots have had one.
    [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
    /// What ids() gave elsewhere; those beyond the last slot are left out.
    void set_ids(std::vector<std::string> ids);

 private:
    std::vector<std::string> ids_;
};

/// What a slot is set to, by a host's threads and by ours.
class SlotValue {
 public:
    [[nodiscard]] float get() const { return value_; }
    /// By the host; the code is told with the next block.
    void set(float value) {
        if (value_.exchange(value) != value) is_new_ = true;
    }
    /// To what the code has.
    void follow(float value) { value_ = value; }
    /// True if the code is to be told, which is only said once.
    [[nodiscard]] bool take_news() { return is_new_.exchange(false); }
    void tell_again() { is_new_ = true; }

 private:
    std::atomic<float> value_{0};
    std::atomic<bool> is_new_{false};
};

/// The value in double precision that a host meant: the shortest decimal that is this float. So
/// 0.55 is 0.55 and not 0.550000012.
[[nodiscard]] double meant_value(float value);

}  // namespace patchpipe
