// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Acts each time when files were written anew and have come to rest.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "watch/settling.h"

namespace patchpipe {

/// Files whose content matters together.
class Followed {
 public:
    virtual ~Followed() = default;

    /// Of their names and contents; empty while they cannot be read, as while one is replaced.
    [[nodiscard]] virtual std::string hash() = 0;
    /// Their absolute or relative paths, as far as they are known now.
    [[nodiscard]] virtual std::vector<std::string> files() const = 0;
};

/// Calls act on this thread until it is to stop, which another thread says. Where the system tells
/// of no changes the files are looked at four times a second. act may look at the files too, and
/// say in settling what of them is in use.
void follow(Followed& files, Settling& settling, const std::stop_token& stop,
            const std::function<void()>& act);

}  // namespace patchpipe
