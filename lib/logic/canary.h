// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a logic library notes down of the header that it was compiled with, compared with our own
// header, before anything of the library is loaded. logic.h has the list of these numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/elf_file.h"

namespace patchpipe {

/// A number of the canary, in words.
struct CanaryField {
    std::string name;   ///< "offset of patchpipe_block.frames"
    std::string value;  ///< "56"
};

/// A field that the library has otherwise than we need it.
struct CanaryDifference {
    std::string name;
    std::string library, host;  ///< the values
};

class LogicCanary {
 public:
    /// The note's content as it is in the file.
    explicit LogicCanary(std::string_view content);

    /// 32 or 64. Only for a canary without differences.
    [[nodiscard]] int sample_bits() const;

    /// The fields that both headers have in the same places: of another epoch, those that stand in
    /// every epoch.
    [[nodiscard]] std::vector<CanaryField> fields() const;

    /// All differences because of which we must not load the library, in the order of the fields.
    [[nodiscard]] std::vector<CanaryDifference> differences() const;

 private:
    [[nodiscard]] std::size_t common() const;

    std::vector<std::uint32_t> words_;
    std::size_t bytes_;  // of the content
};

/// The library's canary; nothing if it has none, so that it is no logic library. Throws
/// std::out_of_range as ElfLibrary does.
[[nodiscard]] std::optional<LogicCanary> find_logic_canary(const ElfLibrary& library);

/// "epoch: library has 2, host has 1; ...": all of them in one sentence.
[[nodiscard]] std::string text_of(const std::vector<CanaryDifference>& differences);

}  // namespace patchpipe
