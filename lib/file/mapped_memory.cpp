// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/mapped_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cerrno>

#include "base/error.h"

namespace patchpipe {
namespace {

[[noreturn]] void fail() { throw Error(ErrorKind::io, "shared memory", system_message(errno)); }

}  // namespace

Descriptor make_shared_memory(const std::string& name, std::size_t size) {
    Descriptor fd(memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (fd.get() < 0 || ftruncate(fd.get(), static_cast<off_t>(size)) != 0 ||
        fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        fail();
    return fd;
}

MappedMemory::MappedMemory(const Descriptor& fd, std::size_t size) {
    auto* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (memory == MAP_FAILED) fail();
    memory_ = {static_cast<char*>(memory), Unmap{size}};
}

void MappedMemory::Unmap::operator()(char* memory) const { munmap(memory, size); }

}  // namespace patchpipe
