// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/board.h"

#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/error.h"

namespace patchpipe {
namespace {

Board* map_board(int fd) {
    void* memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) throw Error(ErrorKind::io, "shared memory", system_message(errno));
    return static_cast<Board*>(memory);
}

Descriptor board_memory() {
    Descriptor memory(memfd_create("patchpipe-board", MFD_CLOEXEC));
    if (memory.get() < 0 || ftruncate(memory.get(), sizeof(Board)) != 0)
        throw Error(ErrorKind::io, "shared memory", system_message(errno));
    return memory;
}

}  // namespace

void Board::note(std::string_view doing) {
    const auto size = std::min(doing.size(), doing_.size() - 1);
    std::memcpy(doing_.data(), doing.data(), size);
    doing_[size] = '\0';
}

// The other process may have changed any byte of it.
std::string Board::doing() const {
    return {doing_.begin(), std::find(doing_.begin(), doing_.end(), '\0')};
}

SharedBoard::SharedBoard() : fd_(board_memory()), board_(new (map_board(fd_.get())) Board) {}
SharedBoard::SharedBoard(int fd) : fd_(fd), board_(map_board(fd)) {}
Range SharedBoard::memory() const {
    const auto start = reinterpret_cast<std::uintptr_t>(board_);
    return {start, start + sizeof(Board)};
}

SharedBoard::~SharedBoard() { munmap(board_, sizeof(Board)); }

}  // namespace patchpipe
