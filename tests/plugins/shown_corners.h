// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The synths of Corners.lv2 that check what a host shows instead of the system: clock, waits,
// random numbers and processors. They write their findings to standard error.
#pragma once

#include <chrono>
#include <string>

#include "corners.h"

namespace patchpipe {

/// Plays only if every function that waits for 5 ms lets 5 ms pass on the clock.
class WaitsCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    bool ready() override;
};

/// Writes the bytes of the random devices, including one that it opened when it was loaded, a line
/// for each way of opening them.
class RandomCorner : public Corner {
 public:
    RandomCorner(double rate, const LV2_Feature* const* features);

 private:
    bool ready() override;

    int device_;
};

/// Plays only if it sees one processor and may still run on all that it had.
class ProcessorsCorner : public Corner {
 public:
    ProcessorsCorner(double rate, const LV2_Feature* const* features);

 private:
    bool ready() override;

    std::string processors_;
};

/// Plays only if the clock has never gone back.
class SteadyCorner : public Corner {
 public:
    using Corner::Corner;

    void run(std::uint32_t frames) override {
        steady_ = look();
        Corner::run(frames);
    }

 private:
    bool ready() override { return steady_; }
    bool look();

    std::chrono::nanoseconds last_{0};
    bool steady_ = true;
};

/// Plays only if waits with a deadline at the end of time notice an event before it.
class FarCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    bool ready() override;
};

/// Plays only if a wait that a signal interrupts continues, and ends although many signals come.
class SignalsCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    bool ready() override;
};

}  // namespace patchpipe
