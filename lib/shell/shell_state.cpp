// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell/shell_state.h"

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "record/record.h"

namespace patchpipe {
namespace {

constexpr std::string_view mark = "patchpipe_shell";
constexpr std::int64_t version = 1;
constexpr auto subject = "the state";

ShellState state_of(const Record& fields) {
    const auto found = fields.integer(mark);
    if (!found) refuse_corrupt(subject, "is not one of patchpipe-shell");
    if (*found != version)
        throw Error(ErrorKind::unsupported, subject,
                    "is of version " + std::to_string(*found) +
                        " of patchpipe-shell's states, and this program knows version " +
                        std::to_string(version));
    ShellState state;
    state.plugin_path = fields.text("plugin_path").value_or("");
    state.slots = json_texts(fields.raw("slots").value_or("[]"));
    state.sound = HandOver::of_bytes(fields.raw("sound").value_or("{}"));
    return state;
}

}  // namespace

std::string write_shell_state(const ShellState& state) {
    std::vector<std::string> slots;
    for (const auto& id : state.slots) slots.push_back(readable(id));
    Record fields("{}");
    fields.set(mark, version);
    fields.set("plugin_path", state.plugin_path);
    fields.set_json("slots", json_list(slots));
    fields.set_json("sound", state.sound.bytes());
    return fields.line();
}

ShellState read_shell_state(std::string_view bytes) try {
    while (bytes.ends_with('\0') || bytes.ends_with('\n')) bytes.remove_suffix(1);
    return state_of(Record(bytes));
} catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_record) throw;
    refuse_corrupt(subject, std::string("is not one of patchpipe-shell: ") + error.what());
}

}  // namespace patchpipe
