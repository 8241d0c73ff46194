// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/board.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/error.h"
#include "isolation/page_store.h"

namespace patchpipe {
namespace {

Board* map_board(int fd) {
    void* memory = mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) throw Error(ErrorKind::io, "shared memory", system_message(errno));
    return static_cast<Board*>(memory);
}

Descriptor board_memory() {
    Descriptor memory(memfd_create("patchpipe-board", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    // If the process could make it shorter, the tool would die of reading it.
    if (memory.get() < 0 || ftruncate(memory.get(), page_size) != 0 ||
        fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        throw Error(ErrorKind::io, "shared memory", system_message(errno));
    return memory;
}

}  // namespace

void Board::note(std::string_view doing) {
    const auto size = std::min(doing.size(), doing_.size() - 1);
    std::memcpy(doing_.data(), doing.data(), size);
    doing_[size] = '\0';
}

void SharedBoard::clear_rest() const {
    std::memset(reinterpret_cast<char*>(board_) + sizeof(Board), 0, page_size - sizeof(Board));
}

// The other process may have changed any byte of it.
std::string Board::doing() const {
    return {doing_.begin(), std::find(doing_.begin(), doing_.end(), '\0')};
}

SharedBoard::SharedBoard() : fd_(board_memory()), board_(new (map_board(fd_.get())) Board) {}
SharedBoard::SharedBoard(int fd) : fd_(fd), board_(map_board(fd)) {}
Range SharedBoard::memory() const {
    const auto start = reinterpret_cast<std::uintptr_t>(board_);
    return {start, start + page_size};
}

SharedBoard::~SharedBoard() { munmap(board_, page_size); }

}  // namespace patchpipe
