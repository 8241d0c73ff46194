// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell/apart.h"

#include <dlfcn.h>
#include <poll.h>
#include <sched.h>
#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/real_time.h"
#include "base/waker.h"

namespace patchpipe {
namespace {

// So that a host that unloads it takes no code away under a thread.
void stay_loaded() {
    Dl_info here{};
    if (dladdr(reinterpret_cast<const void*>(&run_apart), &here) != 0 && here.dli_fname)
        (void)dlopen(here.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

std::thread started(std::function<void()> work, const std::shared_ptr<const Waker>& done) {
    try {
        return std::thread([work = std::move(work), done]() mutable {
            (void)unshare(CLONE_FS);  // where that is forbidden, the folder is the host's
            work();
            work = nullptr;
            done->wake();
        });
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::io, "a thread", error.what());
    }
}

}  // namespace

bool run_apart(std::function<void()> work, std::chrono::milliseconds longest,
               const std::stop_token& stop) {
    constexpr std::chrono::seconds moment{5};
    const auto done = std::make_shared<const Waker>();
    const Waker stopped;
    const std::stop_callback on_stop(stop, [&] { stopped.wake(); });
    auto thread = started(std::move(work), done);
    pollfd polled[] = {{done->fd(), POLLIN, 0}, {stopped.fd(), POLLIN, 0}};
    real_poll(polled, 2, longest);
    const bool stops = (polled[1].revents & POLLIN) != 0;
    if ((polled[0].revents & POLLIN) == 0 && stops) real_poll(polled, 1, moment);
    if ((polled[0].revents & POLLIN) != 0) {
        thread.join();
        return true;
    }
    stay_loaded();
    thread.detach();
    return false;
}

}  // namespace patchpipe
