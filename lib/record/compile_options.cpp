// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/compile_options.h"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace patchpipe {

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream parts(text);
    for (std::string word; parts >> word;) words.push_back(word);
    return words;
}

std::vector<std::string> compile_options_of(const Record& record) {
    constexpr std::string_view key = "compile_options";
    const auto raw = record.raw(key);
    if (!raw) return {};
    if (!raw->starts_with('[')) return words_of(record.path(key).value_or(""));
    auto options = json_texts(*raw);
    const bool has_nul = std::any_of(options.begin(), options.end(), [](const std::string& option) {
        return option.find('\0') != option.npos;
    });
    if (has_nul || json_elements(*raw).value_or(options).size() != options.size())
        throw Error(ErrorKind::bad_record, key, "must be a text, or a list of texts");
    return options;
}

}  // namespace patchpipe
