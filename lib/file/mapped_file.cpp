// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "file/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <cerrno>

#include "record/descriptor.h"
#include "record/error.h"

namespace patchpipe {
namespace {

[[noreturn]] void fail(const std::string& path, int error_number) {
    const bool missing = error_number == ENOENT || error_number == ENOTDIR;
    throw Error(missing ? ErrorKind::not_found : ErrorKind::io, path, system_message(error_number));
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) fail(path, errno);
    if (!S_ISREG(info.st_mode))
        throw Error(ErrorKind::unsupported, path, "is no regular file; give the path of one");
    if (info.st_size == 0) return;  // mmap refuses a size of nothing
    const auto size = static_cast<std::size_t>(info.st_size);
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (memory == MAP_FAILED) fail(path, errno);
    memory_ = static_cast<const char*>(memory);
    size_ = size;
}

MappedFile::~MappedFile() {
    if (memory_) ::munmap(const_cast<char*>(memory_), size_);
}

}  // namespace patchpipe
