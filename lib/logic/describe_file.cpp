// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/describe_file.h"

#include <stdexcept>

#include "base/error.h"
#include "base/words.h"
#include "file/read_file.h"
#include "logic/library.h"
#include "plugin/unloading.h"

namespace patchpipe {
namespace {

std::string differences_json(const LogicCanary& canary) {
    std::vector<std::string> all;
    for (const auto& difference : canary.differences()) {
        Record one("{}");
        one.set("name", difference.name);
        one.set("library", difference.library);
        one.set("host", difference.host);
        all.push_back(one.line());
    }
    return "[" + joined(all, ",") + "]";
}

}  // namespace

Record describe_logic_file(const std::string& path) {
    Record fields("{}");
    try {
        const auto bytes = read_file(path, largest_logic_library);
        const ElfLibrary library(bytes);
        if (const auto canary = find_logic_canary(library)) {
            Record numbers("{}");
            for (const auto& field : canary->fields()) numbers.set(field.name, field.value);
            fields.set_json("canary", numbers.line());
            fields.set_json("differences", differences_json(*canary));
        }
        auto reasons = reasons_to_stay(library);
        for (auto& reason : reasons) reason = readable(reason);
        fields.set_json("may_stay_loaded", json_list(reasons));
    } catch (const Error&) {  // whoever opens it says so
    } catch (const std::out_of_range&) {
    }
    return fields;
}

}  // namespace patchpipe
