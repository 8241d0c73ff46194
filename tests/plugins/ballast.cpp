// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes the plug-in that it is linked into as large as a sampler: when the plug-in is loaded, it
// allocates BALLAST_MB megabytes in pieces of BALLAST_PIECE_KB kilobytes, or in one piece, and
// writes to every page. Both are environment variables; without the first, nothing is allocated.
#include <cstdlib>
#include <string>
#include <vector>

namespace patchpipe {
namespace {

std::size_t number_in(const char* variable, std::size_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Ballast {
 public:
    Ballast() {
        const std::size_t kilobytes = number_in("BALLAST_MB", 0) * 1024;
        if (kilobytes == 0) return;
        const std::size_t piece = number_in("BALLAST_PIECE_KB", kilobytes);
        for (std::size_t taken = 0; taken < kilobytes; taken += piece)
            pieces_.emplace_back(piece * 1024, '\1');
    }

 private:
    std::vector<std::string> pieces_;
};

const Ballast ballast;

}  // namespace
}  // namespace patchpipe
