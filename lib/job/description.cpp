// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/description.h"

#include "base/json.h"

namespace patchpipe {

std::vector<Record> records_in(const Record& description, std::string_view key) {
    std::vector<Record> records;
    if (const auto elements = json_elements(description.raw(key).value_or("[]")))
        for (const auto& element : *elements) records.emplace_back(element);
    return records;
}

std::vector<ParameterName> parameters_in(const Record& description) {
    std::vector<ParameterName> names;
    for (const auto& one : records_in(description, "parameters"))
        names.push_back({one.text("id").value_or(""), one.text("name").value_or("")});
    return names;
}

}  // namespace patchpipe
