// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/playing.h"

#include "base/real_time.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

// What it may take to end when it is told to.
constexpr milliseconds time_to_end{2000};

}  // namespace

Playing::Playing(LivePlugin& plugin, const Record& request, const PlayLink& link,
                 const Waker& waker)
    : plugin_(plugin), thread_([this, request, &link, &waker] {
          try {
              plugin_.play(request, link);
          } catch (...) {
              failure_ = std::current_exception();
          }
          ended_ = true;
          waker.wake();
      }) {}

Playing::~Playing() {
    plugin_.stop();
    const auto until = RealClock::now() + time_to_end;
    while (!ended_ && RealClock::now() < until) real_sleep(milliseconds(1));
    if (!ended_) plugin_.kill();
    thread_.join();
}

}  // namespace patchpipe
