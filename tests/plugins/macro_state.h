// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The states of MacroSynth.vst3: those of Serum 2's processor, with its macros. Not here: what the
// macros sound like (macro_voices.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "macro_voices.h"

namespace patchpipe {

class MacroState {
 public:
    /// The init sound.
    MacroState();

    /// Returns nothing unless the bytes are a correct state of the processor, as README.md defines
    /// it. A macro that is not a number from 0 to 100 makes a state incorrect.
    [[nodiscard]] static std::optional<MacroState> read(std::string_view bytes);

    /// Macro<n>.plainParams.kParamValue in percent, normalised; 0 where it is absent.
    [[nodiscard]] Macros macros() const;
    /// Changes the values that differ, and keeps everything else as it was read.
    void set_macros(const Macros& values);

    [[nodiscard]] std::string write() const;

 private:
    /// A CBOR map: its keys, which must be texts, and its values as they are encoded.
    using Entries = std::vector<std::pair<std::string, std::string>>;

    explicit MacroState(Entries entries) : entries_(std::move(entries)) {}

    [[nodiscard]] static std::optional<Entries> entries_of(std::string_view item);
    [[nodiscard]] static std::string map_of(const Entries& entries);
    [[nodiscard]] static std::string_view find(const Entries& entries, std::string_view key);
    static void put(Entries& entries, std::string_view key, const std::string& item);
    [[nodiscard]] static bool is_processor_map(const Entries& entries);
    [[nodiscard]] static bool has_correct_macros(const Entries& entries);
    void set_macro(std::size_t index, float value);

    Entries entries_;
};

}  // namespace patchpipe
