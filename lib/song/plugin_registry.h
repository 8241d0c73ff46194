// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plug-ins by a short name, with their presets by role: what a song by hand need not repeat. A
// registry is a file of records; patchpipe-song(5) lists their keys.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/record.h"

namespace patchpipe {

class PluginRegistry {
 public:
    /// Adds the records of a file. They replace those of earlier files with the same names. Throws
    /// Error: not-found, io, or bad-record with the number of the line.
    void read(const std::string& path);

    /// Call it behind the last read(). Throws Error bad-record for an alias that leads to itself.
    void check() const;

    /// The record of an effect with what it leaves out. One that names a "plugin" gets that one's
    /// fields, and unless it has a state of its own the first of these: that of the plug-in's
    /// preset for its "role", of the preset without a role, of the plug-in itself. A "chunk", the
    /// lines of a REAPER file, becomes a "state". Throws Error bad-record for a plug-in that no
    /// record is about, with the names that are like it.
    [[nodiscard]] Record complete(const Record& fx) const;

 private:
    using Role = std::pair<std::string, std::string>;  // a plug-in's key and a role

    /// The records of one file, which may have each name once.
    struct Part {
        std::map<std::string, Record> plugins;
        std::map<std::string, std::string> aliases;
        std::map<Role, Record> presets;
    };

    static void add(Part& part, Record record, const std::string& folder);
    static Record checked_plugin(Record record);
    [[nodiscard]] const Record& plugin(const std::string& name) const;
    [[nodiscard]] std::string key_of(const std::string& name) const;
    [[nodiscard]] const Record* preset(const std::string& key, const std::string& role) const;

    Part all_;
};

/// The installed registry, of REAPER's own plug-ins, and those of the user. Throws UsageError for a
/// file that is missing or damaged.
[[nodiscard]] PluginRegistry read_registries(const std::vector<std::string>& files);

}  // namespace patchpipe
