// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Finds the files that records name and that are not where they say, and copies all of them into
// one folder.

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "match/collection.h"
#include "match/file_kind.h"
#include "match/file_matcher.h"
#include "match/path_fields.h"
#include "names/characters.h"
#include "record/filter.h"
#include "record/record_stream.h"

using namespace patchpipe;

namespace {

struct Options {
    FileMatcher::Settings search;
    std::optional<std::string> collection;  // absolute
    bool relative = false, allow_missing = false, hash = false;
};

std::vector<MatchRule> parse_rules(const std::string& list) {
    std::vector<MatchRule> rules;
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto end = std::min(list.find(',', begin), list.size());
        const auto name = list.substr(begin, end - begin);
        const auto rule = rule_named(name);
        if (!rule)
            throw UsageError("--rules: '" + name +
                             "' is not a rule; there are: " + joined(rule_names(), ", "));
        rules.push_back(*rule);
        begin = end + 1;
    }
    std::sort(rules.begin(), rules.end());
    return rules;
}

std::string checked_folder(const std::string& given) {
    auto path = output_folder("DIR", given);
    struct stat info {};
    if (given.empty() || ::stat(path.c_str(), &info) != 0)
        throw UsageError(printable(given) + ": " + system_message(given.empty() ? ENOENT : errno));
    if (!S_ISDIR(info.st_mode)) throw UsageError(printable(given) + ": is not a folder");
    if (::access(path.c_str(), R_OK | X_OK) != 0)
        throw UsageError(printable(given) + ": " + system_message(errno));
    return path;
}

Options parse_options(int argc, char** argv) {
    Options options;
    std::string rules = joined(rule_names(), ",");
    CommandLine line("match-files", "[OPTION]... [DIR]...",
                     "Finds the files that records name and that are not there, in the folders "
                     "given.",
                     "song-read song.rpp | match-files ~/samples | song-write -o found.rpp");
    line.text("c,copy", "OUT", options.collection,
              "copy all files that records name into this folder");
    line.flag("relative", options.relative, "with --copy: a song's paths as from that folder");
    line.text("r,rules", "LIST", rules, "how to find a file: " + rules + " (all by default)");
    line.flag("L,follow", options.search.follow_links,
              "enter the folders that links lead to, each once");
    line.flag("hash", options.hash, "add size and hash of files, for --rules content");
    line.flag("allow-missing", options.allow_missing,
              "a file that is not found is a message, not an error");
    for (const auto& operand : line.parse(argc, argv))
        options.search.folders.push_back(checked_folder(operand));
    options.search.rules = parse_rules(rules);
    if (options.search.folders.empty() && !options.collection)
        throw UsageError("name a folder to look in, or give --copy");
    if (options.relative && !options.collection)
        throw UsageError("--relative: is for --copy, which is not given");
    if (options.collection) {
        if (options.collection->empty()) throw UsageError("--copy: is empty; name a folder");
        options.collection = output_folder("--copy", *options.collection);
    }
    return options;
}

// As an LV2 bundle with presets is.
bool is_folder(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool exists(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0;
}

class Matching {
 public:
    explicit Matching(Options options)
        : options_(std::move(options)), matcher_([&] {
              auto search = options_.search;
              search.failed = [&](const Error& error) {
                  warn(error.what());
                  skipped_ = true;
              };
              return search;
          }()) {
        if (options_.collection) collection_.emplace(*options_.collection);
    }

    void process(Record& record, RecordWriter& out) {
        const bool is_song = record.raw("type") == "\"song\"";
        if (is_song) enter_song(record);
        Record changed = record;
        std::optional<Error> missing;
        each_path(changed, [&](PathPlace& place) {
            try {
                complete(place);
            } catch (const Error& error) {
                if (error.kind() == ErrorKind::bad_record) throw;
                if (!missing) missing.emplace(error);
            }
        });
        if (missing && !allowed(*missing)) {
            // A song goes on without a file: what it belongs to is not lost with it.
            if (!is_of_song(record)) throw *missing;
            out.write(error_about(*missing, record));
        }
        out.write(changed);
    }

    // True if a part of a folder could not be read.
    [[nodiscard]] bool skipped() const { return skipped_; }

    void finish() const {
        if (collection_) collection_->write_manifest();
    }

 private:
    void enter_song(Record& record) {
        const auto path = record.path("path").value_or("");
        song_folder_ = path.empty() ? "" : parent_folder(path);
        if (options_.relative && !path.empty())
            record.set("path", *options_.collection + "/" + std::string(file_name(path)));
    }

    [[nodiscard]] bool allowed(const Error& error) const {
        if (!options_.allow_missing || error.kind() != ErrorKind::not_found) return false;
        warn(error.what());
        return true;
    }

    // With the record's id, to tell what the file is missing for.
    static Record error_about(const Error& error, const Record& record) {
        auto about = error_record(error);
        const auto type = record.text("type").value_or("");
        if (const auto id = record.raw(type)) about.set_json(type, *id);
        return about;
    }

    // The path to open.
    [[nodiscard]] std::string opened(const PathPlace& place, const std::string& path) const {
        const bool relative = !path.starts_with('/');
        return relative && place.field().in_song && !song_folder_.empty()
                   ? song_folder_ + "/" + path
                   : path;
    }

    void complete(PathPlace& place) {
        const auto path = place.path();
        if (path.empty() && !has_name_only(place)) return;
        if (path == "-") return;  // standard input
        auto file = opened(place, path);
        if (records_ && !path.empty()) refuse_as_file(*records_, place.field().key, file);
        if (path.empty() || !exists(file)) file = find(place, path);
        if (collection_ || (options_.hash && !is_folder(file))) take_content(place, file);
    }

    static bool has_name_only(PathPlace& place) {
        const auto key = place.field().name_key;
        return !key.empty() && !place.object().flag("in_module").value_or(false) &&
               place.object().text(key);
    }

    // Sets the path to a file that is there, and returns it as a path to open.
    std::string find(PathPlace& place, const std::string& path) {
        auto& object = place.object();
        if (const auto slashed = with_slashes(path); !path.empty() && slashed != path)
            if (const auto file = opened(place, slashed); exists(file))
                return found(place, path, absolute_path(file), "path", 1);
        const bool bare = name_parts(foreign_file_name(path)).suffix.empty();
        WantedFile wanted{.path = path.empty() ? *object.text(place.field().name_key) : path,
                          .kind = bare ? place.field().kind : FileKind::other,
                          .hash = object.text(place.key("hash"))};
        if (const auto bytes = object.integer(place.key("bytes")); bytes && *bytes >= 0)
            wanted.bytes = static_cast<std::uint64_t>(*bytes);
        if (const auto match = matcher_.find(wanted))
            return found(place, path, match->path, to_string(match->rule), match->count);
        if (collection_) collection_->miss(wanted.path);
        throw not_found(wanted);
    }

    [[nodiscard]] Error not_found(const WantedFile& wanted) const {
        const auto& folders = options_.search.folders;
        const auto content = wanted.bytes || wanted.hash ? " and has its size and hash" : "";
        return {ErrorKind::not_found, wanted.path,
                folders.empty()
                    ? "is not there; name a folder to look in"
                    : "is not there, and no file in " + joined(folders, ", ", " or ") +
                          " is called like it" + content + "; name the folder that it is in"};
    }

    std::string found(PathPlace& place, const std::string& path, const std::string& file,
                      std::string_view rule, std::size_t count) {
        auto& object = place.object();
        keep_original(place, path);
        object.set(place.field().key, file);
        object.set(place.key("matched_by"), rule);
        object.set(place.key("match_count"), count);
        if (place.field().object == "source") correct_source(object, path, file);
        return file;
    }

    // What a song says of its file beside the path.
    static void correct_source(Record& source, const std::string& path, const std::string& file) {
        const auto suffix = name_parts(file_name(file)).suffix;
        const auto kind = kind_of_suffix(suffix);
        const auto before = name_parts(foreign_file_name(path)).suffix;
        if (lower_ascii(suffix) != lower_ascii(before)) source.remove("format");
        // REAPER's word for a file that it did not find.
        if (source.raw("kind") != "\"offline\"") return;
        source.set("kind", kind == FileKind::midi    ? "midi"
                           : kind == FileKind::video ? "video"
                                                     : "audio");
    }

    // Of several changes the path before the first one is kept.
    static void keep_original(PathPlace& place, const std::string& path) {
        const auto& object = place.object();
        const auto key = place.key("original_path");
        const bool changed = object.raw(key) || object.raw(place.key("matched_by"));
        if (!path.empty() && !changed) place.object().set(key, path);
    }

    void take_content(PathPlace& place, const std::string& file) {
        auto& object = place.object();
        CollectedFile content;
        if (collection_) {
            const auto before = place.path();
            content = collection_->add(absolute_path(file));
            const bool relative = options_.relative && place.field().in_song;
            const auto path = relative ? content.name : *options_.collection + "/" + content.name;
            if (path != before) keep_original(place, before);
            object.set(place.field().key, path);
        } else {
            content = content_of(file);
        }
        object.set(place.key("bytes"), content.bytes);
        object.set(place.key("hash"), content.hash);
    }

    static std::string with_slashes(std::string path) {
        std::replace(path.begin(), path.end(), '\\', '/');
        return path;
    }

    const Options options_;
    FileMatcher matcher_;
    std::optional<Collection> collection_;
    const std::optional<struct stat> records_ = stream_of_records();
    std::string song_folder_;
    bool skipped_ = false;
};

ExitStatus run(int argc, char** argv) {
    Matching matching(parse_options(argc, argv));
    const auto status =
        filter([&](Record& record, RecordWriter& out) { matching.process(record, out); });
    matching.finish();
    return matching.skipped() ? ExitStatus::some_failed : status;
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("match-files", [&] { return run(argc, argv); });
}
