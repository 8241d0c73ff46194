// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/build_id.h"

#include <elf.h>
#include <link.h>
#include <cstring>

#include "base/hex.h"

namespace patchpipe {
namespace {

struct Search {
    std::string_view library;
    std::string id = {};
};

constexpr std::size_t rounded(std::size_t size) { return (size + 3) / 4 * 4; }

// A segment of notes: for each a header, its name and its bytes, both rounded up to four.
std::string id_in(std::string_view notes) {
    constexpr std::string_view gnu("GNU\0", 4);
    ElfW(Nhdr) head{};
    while (notes.size() >= sizeof head) {
        std::memcpy(&head, notes.data(), sizeof head);
        notes.remove_prefix(sizeof head);
        const auto size = rounded(head.n_namesz) + rounded(head.n_descsz);
        if (size > notes.size()) break;
        if (head.n_type == NT_GNU_BUILD_ID && notes.substr(0, head.n_namesz) == gnu)
            return to_hex(notes.substr(rounded(head.n_namesz), head.n_descsz));
        notes.remove_prefix(size);
    }
    return "";
}

int look_at(dl_phdr_info* object, std::size_t /*size*/, void* data) {
    auto& search = *static_cast<Search*>(data);
    std::string_view name(object->dlpi_name);
    name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
    if (!name.starts_with(search.library)) return 0;
    for (int i = 0; i < object->dlpi_phnum && search.id.empty(); ++i) {
        const auto& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_NOTE) continue;
        const auto address = object->dlpi_addr + segment.p_vaddr;
        search.id = id_in({reinterpret_cast<const char*>(address), segment.p_memsz});
    }
    return 1;
}

}  // namespace

std::string build_id(std::string_view library) {
    Search search{.library = library};
    (void)dl_iterate_phdr(look_at, &search);
    return search.id;
}

}  // namespace patchpipe
