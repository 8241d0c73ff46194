// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/build_files.h"

#include "file/absolute.h"
#include "file/content_hash.h"
#include "file/read_file.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 30;

}  // namespace

void FileBuilder::build(const Record& record, const FaustSource& source, const WriteRecord& write) {
    Record result(record);
    if (const auto sha = compiler_.sha(source); !sha.empty()) result.set("sha", sha);
    result.set("status", "ok");
    if (wishes_.explain) explain(result, source, write);
    if (wishes_.formats.empty() && !wishes_.explain) write(result);
    for (const auto* format : wishes_.formats) {
        result.set("build_format", format->name);
        try {
            build_format(result, source, *format, write);
        } catch (const Error& error) {
            Record failed(result);
            failed.set_error(error);
            write(failed);
        }
    }
}

void FileBuilder::explain(const Record& record, const FaustSource& source,
                          const WriteRecord& write) {
    for (const auto& fields : compiler_.explain(source)) {
        Record result(record);
        result.set_all(fields);
        write(result);
    }
}

void FileBuilder::build_format(const Record& record, const FaustSource& source,
                               const BuildFormat& format, const WriteRecord& write) {
    for (const auto& built : compiler_.build(source, format))
        write(take_file(record, built, place_for(built, source, format), source));
}

std::string FileBuilder::place_for(const std::string& built, const FaustSource& source,
                                   const BuildFormat& format) const {
    if (format.way == BuildWay::diagrams)
        return wishes_.diagram_folder + "/" + source.stem() + "-svg/" +
               std::string(file_name(built));
    const bool main = built.ends_with("/program" + std::string(format.suffix));
    const auto suffix = main ? format.suffix : format.helper_suffix;
    if (!wishes_.file) return wishes_.folder + "/" + source.stem() + std::string(suffix);
    if (main) return *wishes_.file;
    const auto dot = wishes_.file->rfind('.');
    const auto slash = wishes_.file->rfind('/');
    return (dot == std::string::npos || dot < slash ? *wishes_.file
                                                    : wishes_.file->substr(0, dot)) +
           std::string(suffix);
}

Record FileBuilder::take_file(Record record, const std::string& built, const std::string& path,
                              const FaustSource& source) {
    if (same_regular_file(path, source.path))
        throw Error(ErrorKind::io, path,
                    "would replace the program; build to another folder or name");
    if (!taken_.insert(path).second)
        throw Error(ErrorKind::io, path,
                    "was written for another program of this run; build to another folder");
    const auto bytes = read_file(built, largest_file);
    write_whole_file(path, bytes);
    record.set("build_path", path);
    record.set("build_bytes", bytes.size());
    record.set("build_hash", content_hash(bytes));
    return record;
}

}  // namespace patchpipe
