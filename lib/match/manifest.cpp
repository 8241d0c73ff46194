// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "match/manifest.h"

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "file/read_file.h"
#include "record/record.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_manifest = std::size_t{64} << 20;

ManifestEntry entry_of(const Record& record) {
    ManifestEntry entry;
    entry.file = {.name = record.path("path").value_or(""),
                  .bytes = static_cast<std::uint64_t>(record.integer("bytes").value_or(0)),
                  .hash = record.text("hash").value_or("")};
    const auto sources = json_texts(record.raw("original_paths").value_or("[]"));
    entry.sources.insert(sources.begin(), sources.end());
    return entry;
}

std::string entry_json(const ManifestEntry& entry) {
    Record record("{}");
    record.set("path", entry.file.name);
    record.set_json("original_paths", json_list({entry.sources.begin(), entry.sources.end()}));
    record.set("bytes", entry.file.bytes);
    record.set("hash", entry.file.hash);
    return record.line();
}

}  // namespace

std::vector<ManifestEntry> read_manifest(const std::string& path) {
    std::vector<ManifestEntry> entries;
    const auto text = read_file(path, largest_manifest);
    try {
        const Record manifest(text);
        const auto files = json_elements(manifest.raw("files").value_or("null"));
        if (!files) throw Error(ErrorKind::bad_record, "files", "is missing");
        for (const auto& file : *files) {
            auto entry = entry_of(Record(file));
            const auto& name = entry.file.name;
            const bool inside = !name.empty() && name.find('/') == name.npos && name != "..";
            if (inside) entries.push_back(std::move(entry));
        }
    } catch (const Error&) {
        throw Error(ErrorKind::corrupt, path,
                    "is not the manifest of an earlier run; move it away");
    }
    return entries;
}

std::string manifest_text(const std::vector<ManifestEntry>& files,
                          const std::set<std::string>& missing) {
    std::vector<std::string> entries, paths;
    for (const auto& file : files) entries.push_back(entry_json(file));
    for (const auto& path : missing) paths.push_back(json_text(path));
    return "{\"files\":[\n" + joined(entries, ",\n") + "\n],\"missing\":[\n" +
           joined(paths, ",\n") + "\n]}\n";
}

}  // namespace patchpipe
