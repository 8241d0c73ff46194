// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/library.h"

#include <dlfcn.h>
#include <sys/mman.h>
#include <cerrno>
#include <stdexcept>

#include "base/error.h"
#include "base/write.h"
#include "file/absolute.h"
#include "file/content_hash.h"
#include "file/read_file.h"
#include "logic/check_logic.h"
#include "logic/logic.h"
#include "plugin/binary.h"
#include "plugin/source.h"

namespace patchpipe {
namespace {

// Nothing if the bytes are no library of this machine, or one of another kind.
std::optional<LogicCanary> canary_in(std::string_view bytes) {
    if (elf_machine(bytes) != own_machine()) return {};
    const ElfLibrary library(bytes);
    return library.is_library() ? find_logic_canary(library) : std::nullopt;
}

LogicCanary canary_of(const std::string& path, std::string_view bytes) try {
    if (const auto canary = canary_in(bytes)) return *canary;
    inspect_binary(path, logic_kind);  // says what it is instead
    refuse_unsupported(path, lacks_logic_note);
} catch (const std::out_of_range& defect) {
    throw Error(ErrorKind::plugin_load, path,
                std::string("is damaged: ") + defect.what() + "; build it again");
}

LogicCanary checked_canary(const std::string& path, std::string_view bytes) {
    auto canary = canary_of(path, bytes);
    if (const auto differences = canary.differences(); !differences.empty())
        throw Error(ErrorKind::unsupported, path,
                    "was compiled with another patchpipe/logic.h (" + text_of(differences) +
                        "); compile it with this version's");
    return canary;
}

// In memory, so that nothing is left of it, and no program can change it.
Descriptor copy_of(const std::string& path, std::string_view bytes) {
    Descriptor copy(memfd_create(std::string(file_name(path)).substr(0, 200).c_str(), MFD_CLOEXEC));
    if (copy.get() < 0) throw Error(ErrorKind::io, path, system_message(errno));
    write_all(copy.get(), bytes, path);
    return copy;
}

std::string path_of(const Descriptor& copy) {
    return "/proc/self/fd/" + std::to_string(copy.get());
}

}  // namespace

bool is_logic_library(const std::string& path) try {
    if (!elf_machine(read_file_head(path, 20))) return false;
    return canary_in(read_file(path, largest_logic_library)).has_value();
} catch (const Error&) {  // a folder, for instance
    return false;
} catch (const std::out_of_range&) {  // damaged: whoever opens it says so
    return false;
}

std::string read_logic_library(const std::string& path) {
    auto bytes = read_file(path, largest_logic_library);
    (void)checked_canary(path, bytes);
    return bytes;
}

LogicLibrary::LogicLibrary(const std::string& path) : path_(path) {
    const auto bytes = read_file(path, largest_logic_library);
    is_double_ = checked_canary(path, bytes).sample_bits() == 64;
    hash_ = content_hash(bytes);
    copy_ = copy_of(path, bytes);
    handle_ = load_copy(path, path_of(copy_));
    try {
        find_logic();
    } catch (...) {
        unload();
        throw;
    }
}

void LogicLibrary::find_logic() {
    logic_ = static_cast<const patchpipe_logic*>(dlsym(handle_, "patchpipe_logic"));
    if (!logic_)
        throw Error(ErrorKind::plugin_load, path_,
                    "does not export the symbol patchpipe_logic; define it with "
                    "PATCHPIPE_LOGIC_EXPORT of patchpipe/logic.h, and let the linker export it");
    check_logic(*logic_, path_);
}

bool LogicLibrary::unload() {
    logic_ = nullptr;
    if (!handle_) return !stays_;
    (void)dlclose(handle_);
    handle_ = nullptr;
    // A later copy with this descriptor would be taken for the one that stays.
    if (void* const same = dlopen(path_of(copy_).c_str(), RTLD_LAZY | RTLD_NOLOAD)) {
        (void)dlclose(same);
        stays_ = true;
        copy_.release();
    } else {
        copy_ = Descriptor();
    }
    return !stays_;
}

}  // namespace patchpipe
