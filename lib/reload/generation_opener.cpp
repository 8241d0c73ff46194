// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/generation_opener.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <csignal>

#include "base/error.h"
#include "base/real_time.h"
#include "reload/reload_records.h"

namespace patchpipe {

// While one is being opened.
class GenerationOpener::Attempt {
 public:
    explicit Attempt(GenerationOpener& opener) : opener_(opener) { set(true); }
    ~Attempt() { set(false); }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    [[nodiscard]] bool was_cancelled() const {
        const std::lock_guard lock(opener_.mutex_);
        return opener_.cancelled_;
    }

 private:
    void set(bool opening) {
        const std::lock_guard lock(opener_.mutex_);
        opener_.opening_ = opening;
        opener_.cancelled_ = opener_.stopped_;
        opener_.process_ = Descriptor();
    }
    GenerationOpener& opener_;
};

std::unique_ptr<Generation> GenerationOpener::open(const std::string& plugin_path) {
    const auto begun = RealClock::now();
    ++settings_.number;
    auto settings = settings_;
    settings.host.plugin_path = plugin_path;
    settings.host.started = [this](int pidfd) { note_start(pidfd); };
    const Attempt attempt(*this);
    try {
        auto generation = std::make_unique<Generation>(settings);
        news_.tell(loaded_record(*generation, in_milliseconds(RealClock::now() - begun)));
        return generation;
    } catch (const Error&) {
        if (!attempt.was_cancelled()) throw;
        throw Error(ErrorKind::plugin_load, plugin_path,
                    "was written anew while it was opened; the new one follows");
    }
}

void GenerationOpener::note_start(int pidfd) {
    const std::lock_guard lock(mutex_);
    process_ = Descriptor(fcntl(pidfd, F_DUPFD_CLOEXEC, 0));
    if (cancelled_) end_attempt();
}

void GenerationOpener::cancel() {
    const std::lock_guard lock(mutex_);
    if (!opening_) return;
    cancelled_ = true;
    end_attempt();
}

void GenerationOpener::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = cancelled_ = true;
    end_attempt();
}

void GenerationOpener::end_attempt() const {
    if (process_.get() >= 0)
        (void)syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0);
}

}  // namespace patchpipe
