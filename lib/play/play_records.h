// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The records of a live playing, for the user: each is written at once.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "record/record.h"
#include "record/stream.h"

namespace patchpipe {

class PlayRecords {
 public:
    explicit PlayRecords(int fd) : out_(fd) {}

    /// A reader that goes away is noted, not thrown. Throws WriteFailed.
    void write(const Record& record);
    /// line is that of the event, from 1, if it is about one.
    void write_error(const Error& error, std::int64_t line = 0);

    /// Nobody reads them any more.
    [[nodiscard]] bool gone() const { return gone_; }
    void lose_reader() { gone_ = true; }
    /// some_failed if one of them was an error; ok if nobody is there to know.
    [[nodiscard]] ExitStatus status() const { return gone_ ? ExitStatus::ok : status_; }

 private:
    LineWriter out_;
    bool gone_ = false;
    ExitStatus status_ = ExitStatus::ok;
};

}  // namespace patchpipe
