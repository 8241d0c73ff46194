// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "watch/follow.h"

#include <iterator>

#include "base/waker.h"
#include "watch/folder_watch.h"

namespace patchpipe {

void follow(Followed& files, Settling& settling, const std::stop_token& stop,
            const std::function<void()>& act) {
    constexpr std::chrono::milliseconds look{250};
    // Looked at more often than that, since its last change may be close behind a look.
    const auto step = std::chrono::ceil<std::chrono::milliseconds>(settling.rest() / 4);
    FolderWatch folders;
    const Waker stopped;
    const std::stop_callback on_stop(stop, [&] { stopped.wake(); });
    while (!stop.stop_requested()) {
        folders.add_folders_of(files.files());
        pollfd polled[] = {{stopped.fd(), POLLIN, 0}, {folders.fd(), POLLIN, 0}};
        if (settling.moves())  // what happens meanwhile begins no new look
            real_poll(polled, 1, step);
        else
            real_poll(polled, std::size(polled), look);
        folders.clear();
        if (!stop.stop_requested() && settling.see(files.hash(), RealClock::now())) act();
    }
}

}  // namespace patchpipe
