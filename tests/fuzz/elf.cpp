// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a file that a user named as a plug-in's binary. It is read within its bounds, or refused.

#include <stdexcept>

#include "fuzz/fuzz.h"
#include "logic/canary.h"
#include "plugin/elf_file.h"
#include "plugin/unloading.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

bool within(std::string_view bytes, std::string_view part) {
    return part.empty() || (part.data() >= bytes.data() &&
                            part.data() + part.size() <= bytes.data() + bytes.size());
}

}  // namespace

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
        if (const auto canary = find_logic_canary(library)) {
            expect(canary->fields().size() < 100, "the fields are those of our header");
            expect(text_of(canary->differences()).size() < 20000, "differences are few");
        }
        (void)reasons_to_stay(library);
        for (const auto& symbol : library.symbols())
            expect(within(bytes, symbol.name), "a symbol's name is in the file");
        for (const auto& note : library.notes())
            expect(within(bytes, note.owner) && within(bytes, note.content),
                   "a note is in the file");
    } catch (const std::out_of_range&) {  // it is refused
    }
    return 0;
}
