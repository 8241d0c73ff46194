// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Wakes a thread that polls, from another one.
#pragma once

#include "base/descriptor.h"

namespace patchpipe {

class Waker {
 public:
    Waker();  ///< throws Error io

    [[nodiscard]] int fd() const { return fd_.get(); }  ///< readable after wake()
    void wake() const;
    void clear() const;

 private:
    Descriptor fd_;
};

}  // namespace patchpipe
