// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tool (module_process.h) and the process that opens modules (module_handler.cpp) say to
// each other.
#pragma once

#include <string_view>

#include "module/module_process.h"
#include "record/record.h"

namespace patchpipe {

inline constexpr std::string_view describe_verb = "describe", play_verb = "play",
                                  voice_verb = "voice", records_verb = "records";
/// The role of the module, which comes with every request.
inline constexpr std::string_view module_role = "module";

[[nodiscard]] Record play_request(const ModulePlay& play);
[[nodiscard]] ModulePlay play_in(const Record& request);

/// Without the artist, the tracker and the message, which are in records only.
[[nodiscard]] Record info_answer(const ModuleInfo& info);
[[nodiscard]] ModuleInfo info_in(const Record& answer);

/// A JSON array of texts, of which those that are not UTF-8 are taken for Latin-1.
[[nodiscard]] std::string json_list_as_utf8(std::vector<std::string> texts);
/// The texts of a list; none if the key is missing.
[[nodiscard]] std::vector<std::string> texts_in(const Record& record, std::string_view key);

}  // namespace patchpipe
