// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts the calls that a plug-in should not make while it processes audio, because they may wait:
// for memory, for a lock, for a disk. Counted are those that reach the functions in this folder and
// in lib/counted, from the plug-in's own code or from a library that it uses, on the thread that
// asked for it. What this program itself does, JUCE's hosting among it, does not count.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace patchpipe {

enum class RealtimeCall { allocation, release, lock, wait, system };

/// A function that was called.
struct CountedCall {
    const char* function;
    RealtimeCall kind;
    std::int64_t count;
};

/// Begins or ends counting in the calling thread. The counts go on from where they were.
void count_realtime_calls(bool on);
void forget_realtime_calls();  ///< the counts are 0 again

/// "allocation", "release" and so on.
[[nodiscard]] std::string_view to_string(RealtimeCall kind);

/// All that were called, in the order of their first calls.
[[nodiscard]] std::span<const CountedCall> realtime_calls();

/// True while the calling thread counts.
extern constinit thread_local bool counting_realtime_calls;

/// Counts a call of the function, unless the caller is this program. caller is an address in it.
void add_realtime_call(RealtimeCall kind, const char* function, const void* caller);

/// To be called first by every function that replaces one of the C library.
[[gnu::always_inline]] inline void note_realtime_call(RealtimeCall kind, const char* function) {
    if (counting_realtime_calls) add_realtime_call(kind, function, __builtin_return_address(0));
}

}  // namespace patchpipe
