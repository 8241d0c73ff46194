// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Computes the length of MIDI files, of its operands or of those that records name.

#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/absolute.h"
#include "midi/midi_file.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "record/settings.h"

using namespace patchpipe;

namespace {

// Job lists name the same few files again and again: each is opened once, as long as there are not
// too many to remember.
class Durations {
 public:
    double of(const std::string& path) {
        if (const auto known = seconds_.find(path); known != seconds_.end()) return known->second;
        if (records_) refuse_as_file(*records_, "midi_path", path);
        const double seconds = midi_duration(path);
        if (seconds_.size() == most) seconds_.clear();
        seconds_[path] = seconds;
        return seconds;
    }

 private:
    static constexpr std::size_t most = 4096;
    const std::optional<struct stat> records_ = stream_of_records();
    std::unordered_map<std::string, double> seconds_;
};

std::vector<std::string> parse_options(int argc, char** argv) {
    CommandLine line("midi-duration", "[FILE]...",
                     "Gives the length of MIDI files in seconds: of the files named, one record "
                     "each,\nor of the midi_path of every record on standard input.",
                     "midi-duration song.mid");
    auto files = line.parse(argc, argv);
    for (auto& file : files) {
        if (file.empty()) throw UsageError("an operand is empty; name a MIDI file");
        file = absolute_path(file);
    }
    return files;
}

// Before any work starts. A file that exists but cannot be read gets its error in its record.
void check_operands(const std::vector<std::string>& files) {
    for (const auto& file : files) {
        struct stat info {};
        if (::stat(file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
            throw UsageError(printable(file) + ": there is no such file");
    }
}

ExitStatus measure_files(const std::vector<std::string>& files) {
    RecordWriter out(STDOUT_FILENO);
    const bool all = take_operands(
        files, "midi_path", "file",
        [](Record& record) {
            record.set("midi_duration", midi_duration(record.text("midi_path").value_or("")));
        },
        [&](const Record& record) { out.write(record); }, warn);
    out.flush();
    return all ? out.status() : ExitStatus::some_failed;
}

void measure_record(Durations& durations, Record& record, RecordWriter& out) {
    const auto path = text_setting(record, "midi_path");
    if (!path.empty()) record.set("midi_duration", durations.of(path));
    out.write(record);
}

ExitStatus run(int argc, char** argv) {
    const auto files = parse_options(argc, argv);
    check_operands(files);
    if (!files.empty()) return measure_files(files);
    Durations durations;
    return filter(
        [&](Record& record, RecordWriter& out) { measure_record(durations, record, out); });
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("midi-duration", [&] { return run(argc, argv); });
}
