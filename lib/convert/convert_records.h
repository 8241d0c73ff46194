// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Converts the presets that records name, into files of one folder. Not here: the conversion
// itself (convert_preset.h), streams of records.
#pragma once

#include <sys/stat.h>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "convert/convert_preset.h"
#include "names/unique_paths.h"
#include "record/record.h"

namespace patchpipe {

class RecordConverter {
 public:
    /// The conversion is to fxp, vstpreset or state. The folder is absolute and exists.
    RecordConverter(Conversion conversion, std::string folder);

    /// Writes what the record's preset becomes, and returns the record with the new file in
    /// preset_path or state_path; a record for each program of a bank, if none is chosen. Without a
    /// preset, or with one that is in the form already or of another kind of plug-in, it is
    /// returned untouched. There is always at least one. Throws Error as convert_preset(),
    /// read_file() and write_whole_file() do, and bad-record for a field of a wrong type.
    [[nodiscard]] std::vector<Record> convert(const Record& record);

 private:
    [[nodiscard]] std::optional<std::string> source_of(const Record& record) const;
    [[nodiscard]] bool is_to_convert(std::string_view format) const;
    [[nodiscard]] std::vector<Record> convert_bank(const Record& record, const std::string& path,
                                                   const std::string& bytes);
    [[nodiscard]] Record with_preset(const Record& record, const std::string& written) const;
    [[nodiscard]] Record with_state(const Record& record, const std::string& written) const;
    struct Target {
        std::string source;  // the preset's path
        std::string key;     // of the preset, and of a program in it
        std::string path;    // wanted, in the folder and without a suffix
    };
    [[nodiscard]] std::string write(const Target& target, std::string_view bytes);
    [[nodiscard]] std::string wanted_path(const Record& record, const std::string& path) const;

    Conversion conversion_;
    std::string folder_;
    const std::optional<struct stat> records_;
    UniquePaths taken_;
    std::unordered_map<std::string, std::string> written_;  // by preset and program
};

}  // namespace patchpipe
