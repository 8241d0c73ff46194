// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which fields of which records name files that are read: path_fields.cpp has the table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "match/file_kind.h"
#include "record/record.h"

namespace patchpipe {

struct PathField {
    std::string_view type;    ///< of the records; any type if empty
    std::string_view object;  ///< the object in the record that the key is in; "[]" behind it: in
                              ///< each object of that list
    std::string_view key;
    FileKind kind;  ///< of the files, where a name has no suffix that tells it
    bool in_song;   ///< a relative path is meant from the song's folder, not from the current one
    std::string_view name_key = {};  ///< has the name of a file where the path is missing
};

/// One path in a record. Fields about the same file have the key's beginning: "bytes" is beside
/// "path", "input_bytes" beside "input_path".
class PathPlace {
 public:
    PathPlace(const PathField& field, Record& object) : field_(field), object_(object) {}

    [[nodiscard]] const PathField& field() const { return field_; }
    /// The record or the object in it that has the field.
    [[nodiscard]] Record& object() { return object_; }
    /// The path; empty if there is none. Throws Error bad-record.
    [[nodiscard]] std::string path() const {
        return object_.path(field_.key).value_or(std::string());
    }
    /// The key of a field about the same file.
    [[nodiscard]] std::string key(std::string_view about) const;

 private:
    const PathField& field_;
    Record& object_;
};

/// True if the record is one of a song's that may name files; all others are jobs.
[[nodiscard]] bool is_of_song(const Record& record);

/// Calls use for each field of the record that the table has, whether it is there or not. What use
/// changes is then in the record. Throws Error bad-record, and what use throws.
void each_path(Record& record, const std::function<void(PathPlace&)>& use);

}  // namespace patchpipe
