// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a file that a user named as a plug-in's binary. It is read within its bounds, or refused.

#include <stdexcept>

#include "fuzz/fuzz.h"
#include "plugin/elf_file.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Limits limits(size);
    const auto bytes = as_text(data, size);
    if (const auto machine = elf_machine(bytes))
        expect(!machine_name(*machine).empty(), "every machine has a name");
    try {
        const ElfLibrary library(bytes);
        if (!library.is_library()) return 0;
        for (const auto& name : library.needed())
            expect(bytes.find(name) != bytes.npos, "a needed library is named in the file");
        (void)library.defines("VSTPluginMain");
        (void)library.defines("GetPluginFactory");
    } catch (const std::out_of_range&) {  // it is refused
    }
    return 0;
}
