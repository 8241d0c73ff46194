// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/host_clock.h"

#include <sys/time.h>
#include <cmath>

namespace {

double shown_seconds = 0;

}  // namespace

namespace patchpipe {

void set_host_clock(double seconds) { shown_seconds = seconds; }

}  // namespace patchpipe

// Stands in for gettimeofday() in what is linked statically (-Wl,--wrap); plug-ins keep libc's.
extern "C" int __wrap_gettimeofday(timeval* now, void*) {
    const auto whole = std::floor(shown_seconds);
    now->tv_sec = static_cast<time_t>(whole);
    now->tv_usec = static_cast<suseconds_t>((shown_seconds - whole) * 1e6);
    return 0;
}
