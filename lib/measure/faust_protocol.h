// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The impulse test of the Faust compiler, tests/impulse-tests in its sources: what it plays, and
// the file that it prints, NAME.ir. Compared with its tools/filesCompare.cpp, which allows a
// difference of 2e-6, a response passes or fails as it does there.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "render/processor.h"

namespace patchpipe {

/// A quarter of the file each.
enum class FaustRun {
    whole,        ///< an impulse on every input, in blocks of 64 frames
    split,        ///< the same with every block cut in two somewhere
    four_voices,  ///< four notes at once, on silence
    one_voice,    ///< the first of these notes
};

inline constexpr std::array faust_runs = {FaustRun::whole, FaustRun::split, FaustRun::four_voices,
                                          FaustRun::one_voice};

inline constexpr BlockSettings faust_settings{.sample_rate = 44100, .block_size = 64};
inline constexpr std::int64_t faust_run_frames = 15000;

/// The voices that the processor must have for a run; 0 if it is played as it is, without voices.
[[nodiscard]] int voices_of(FaustRun run);

struct FaustListener {
    /// Takes a block of the answer, interleaved.
    std::function<void(std::span<const double> samples)> samples;
    /// Before each block, with its transport.
    std::function<void(const Transport& transport)> before_block;
};

/// Plays a run on a processor in its initial state that is prepared with faust_settings. Parameters
/// that are buttons are on in the first block and off after it.
void play_faust_run(Processor& processor, FaustRun run, const FaustListener& listener);

/// The lines of one run, the first of which has the number faust_run_frames * run. samples are
/// interleaved. Throws Error non-finite, with the subject and the line, where the test would stop.
[[nodiscard]] std::string faust_lines(std::span<const double> samples, int outputs, FaustRun run,
                                      std::string_view subject);

/// The three lines above those of the runs, each with its newline.
[[nodiscard]] std::string faust_head(int inputs, int outputs, std::int64_t frames);

}  // namespace patchpipe
