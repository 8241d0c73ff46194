// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/playing.h"

#include "base/real_time.h"
#include "play/play_handler.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

// For one request that takes as long as the user plays.
constexpr milliseconds no_limit = std::chrono::hours(24 * 365);
// What it may take to end when it is told to.
constexpr milliseconds time_to_end{2000};

}  // namespace

Playing::Playing(PluginHost& host, const Record& request, const PlayLink& link, const Waker& waker)
    : host_(host), thread_([this, request, &link, &waker] {
          try {
              (void)host_.ask(live_verb, request, no_limit,
                              {.output = [&] { return OpenedFile{.fd = link.fd()}; }});
          } catch (...) {
              failure_ = std::current_exception();
          }
          ended_ = true;
          waker.wake();
      }) {}

Playing::~Playing() {
    const auto until = RealClock::now() + time_to_end;
    while (!ended_ && RealClock::now() < until) real_sleep(milliseconds(1));
    if (!ended_) host_.kill();
    thread_.join();
}

}  // namespace patchpipe
