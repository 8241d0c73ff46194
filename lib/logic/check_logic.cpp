// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/check_logic.h"

#include <cmath>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/utf8.h"

namespace patchpipe {
namespace {

// What is wrong, as words that follow the path.
struct Defect {
    std::string text;
};

bool is_text(const char* text) { return text && is_utf8(text); }

void check(bool condition, const std::string& defect) {
    if (!condition) throw Defect{defect};
}

void check_functions(const patchpipe_logic& logic) {
    check(logic.create, "has no create(); it is needed");
    check(logic.destroy, "has no destroy(); it is needed");
    check(logic.reset, "has no reset(); it is needed");
    check(logic.process, "has no process(); it is needed");
    check(!logic.save == !logic.load, "has only one of save() and load(); give both or none");
}

void check_parameter(const patchpipe_parameter& parameter, const std::string& name) {
    check(std::isfinite(parameter.minimum) && std::isfinite(parameter.maximum) &&
              parameter.minimum < parameter.maximum,
          "has " + name + " whose minimum is not below its maximum");
    check(parameter.initial >= parameter.minimum && parameter.initial <= parameter.maximum,
          "has " + name + " whose initial value is out of its range");
    check(parameter.steps != 1, "has " + name + " with one step; 0 is any value, 2 a switch");
    check(parameter.scale == PATCHPIPE_SCALE_LINEAR || parameter.scale == PATCHPIPE_SCALE_LOG,
          "has " + name + " with an unknown scale");
    check(parameter.scale != PATCHPIPE_SCALE_LOG || parameter.minimum > 0,
          "has " + name + " with a logarithmic scale and a minimum that is not above 0");
    check(!parameter.unit || is_utf8(parameter.unit), "has " + name + " whose unit is not UTF-8");
    check(!parameter.choices || parameter.steps > 0,
          "has " + name + " with choices but without steps");
    for (std::uint32_t i = 0; parameter.choices && i < parameter.steps; ++i)
        check(is_text(parameter.choices[i]), "has " + name + " with a choice that has no name");
}

// Of parameters or meters.
template <typename Item>
std::string checked_name(const Item& item, const std::string& what, std::uint32_t index,
                         std::set<std::string_view>& ids) {
    auto name = what + " " + std::to_string(index);
    check(is_text(item.id) && *item.id, "has " + name + " without an id");
    name = what + " " + item.id;
    check(ids.insert(item.id).second, "has two of the id " + std::string(item.id) + " among its " +
                                          what + "s; an id tells one from the others");
    check(is_text(item.name), "has " + name + " without a name");
    return name;
}

void check_lists(const patchpipe_logic& logic) {
    check(logic.parameter_count <= most_logic_parameters && logic.meter_count <= most_logic_meters,
          "has more than 65536 parameters or meters");
    check(logic.parameters || logic.parameter_count == 0, "has a count of parameters but no list");
    check(logic.meters || logic.meter_count == 0, "has a count of meters but no list");
    std::set<std::string_view> parameters, meters;
    for (std::uint32_t i = 0; i < logic.parameter_count; ++i)
        check_parameter(logic.parameters[i],
                        checked_name(logic.parameters[i], "parameter", i, parameters));
    for (std::uint32_t i = 0; i < logic.meter_count; ++i)
        (void)checked_name(logic.meters[i], "meter", i, meters);
}

}  // namespace

void check_logic(const patchpipe_logic& logic, const std::string& path) try {
    check(logic.size == sizeof logic,
          "says that its patchpipe_logic has " + std::to_string(logic.size) + " bytes, not " +
              std::to_string(sizeof logic) + "; write sizeof(struct patchpipe_logic) there");
    check(logic.epoch == PATCHPIPE_LOGIC_EPOCH,
          "has the epoch " + std::to_string(logic.epoch) + " in its patchpipe_logic, not " +
              std::to_string(PATCHPIPE_LOGIC_EPOCH) + "; write PATCHPIPE_LOGIC_EPOCH there");
    check(is_text(logic.id) && *logic.id, "has no id");
    check(is_text(logic.name), "has no name");
    check(!logic.vendor || is_utf8(logic.vendor), "has a vendor that is not UTF-8");
    check(!logic.version || is_utf8(logic.version), "has a version that is not UTF-8");
    check(logic.inputs <= most_logic_channels && logic.outputs <= most_logic_channels,
          "has more than 256 inputs or outputs");
    check(logic.outputs > 0, "has no outputs");
    check_functions(logic);
    check_lists(logic);
} catch (const Defect& defect) {
    throw Error(ErrorKind::plugin_load, path, defect.text);
}

}  // namespace patchpipe
