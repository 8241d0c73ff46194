// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/control_values.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/number.h"

namespace patchpipe {
namespace {

std::size_t control_at(std::string_view address, const std::string& path,
                       const std::vector<const FaustItem*>& controls) {
    const auto found =
        std::find_if(controls.begin(), controls.end(), [&](const FaustItem* control) {
            return control->address == address || control->address.substr(1) == address;
        });
    if (found == controls.end())
        throw Error(ErrorKind::wrong_plugin, path,
                    "has a value for the control " + std::string(address) +
                        ", which this program does not have");
    return static_cast<std::size_t>(found - controls.begin());
}

}  // namespace

std::string write_control_values(const std::vector<const FaustItem*>& controls,
                                 const std::vector<double>& values) {
    std::string lines;
    for (std::size_t i = 0; i < controls.size(); ++i)
        lines += json_number(values[i]) + " " + controls[i]->address + "\n";
    return lines;
}

std::vector<std::pair<std::size_t, double>> read_control_values(
    std::string_view text, const std::string& path, const std::vector<const FaustItem*>& controls) {
    std::vector<std::pair<std::size_t, double>> values;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        const auto space = line.find(' ');
        const auto value = parse_number(line.substr(0, space));
        if (!value || space == line.npos)
            refuse_corrupt(path, "line " + std::to_string(number) +
                                     " is not a value and the address of a control");
        values.emplace_back(control_at(line.substr(space + 1), path, controls), *value);
    }
    return values;
}

}  // namespace patchpipe
