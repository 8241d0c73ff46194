// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/file_sources.h"

#include <sys/resource.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>
#include <utility>

#include "audio/cut_audio.h"
#include "base/error.h"

namespace patchpipe {
namespace {

constexpr std::int64_t unknown = -1;

// Enough for the tracks of a large song, and half of what the process may open.
std::size_t most_open_files() {
    constexpr rlim_t most = 200;
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return most;
    return std::clamp<rlim_t>(limit.rlim_cur / 2, 1, most);
}

// A pipe can be read only once. What cannot be looked at is left to AudioReader.
void refuse_other_than_file(const std::string& path) {
    std::error_code unseen;
    const auto status = std::filesystem::status(path, unseen);
    if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status) ||
        std::filesystem::is_directory(status))
        return;
    throw Error(ErrorKind::unsupported, path,
                "is not a regular file, and a mix may read a source more than once; write it to a "
                "file first");
}

void check_finite(std::span<const double> samples, const std::string& path) {
    const auto finite = [](double sample) { return std::isfinite(sample); };
    if (!std::all_of(samples.begin(), samples.end(), finite))
        throw Error(ErrorKind::non_finite, path,
                    "has samples that are not numbers (NaN or infinite); correct the file");
}

void read_frames(AudioReader& reader, int frames, double* samples, const std::string& path) {
    const auto channels = static_cast<std::size_t>(reader.channels());
    int done = 0;
    while (done < frames) {
        const int got =
            reader.read(samples + static_cast<std::size_t>(done) * channels, frames - done);
        if (got == 0)
            throw Error(ErrorKind::corrupt, path,
                        "has fewer frames than its header says; write it again");
        done += got;
    }
    check_finite({samples, static_cast<std::size_t>(frames) * channels}, path);
}

// Reads the file once, and goes back to its beginning.
void read_all(AudioReader& reader, const std::string& path) {
    constexpr std::int64_t piece = 4096;
    std::vector<double> samples(static_cast<std::size_t>(piece * reader.channels()));
    for (auto left = reader.frames(); left > 0; left -= piece)
        read_frames(reader, static_cast<int>(std::min(piece, left)), samples.data(), path);
    reader.seek(0);
}

}  // namespace

FileSources::FileSources() : most_open_(most_open_files()) {}

FileSources::~FileSources() = default;

std::size_t FileSources::add(const std::string& path, bool check_all) {
    if (const auto known = numbers_.find(path); known != numbers_.end()) return known->second;
    refuse_other_than_file(path);
    make_room();
    auto reader = std::make_unique<AudioReader>(path);
    refuse_unless_all_is_read(path);
    if (check_all) read_all(*reader, path);
    const auto number = sources_.size();
    const auto* const name = &numbers_.emplace(path, number).first->first;
    sources_.push_back(
        {name, reader->channels(), reader->frames(), reader->sample_rate(), reader->seeks_fast()});
    keep(number, std::move(reader));
    return number;
}

const std::string& FileSources::path(std::size_t source) const { return *sources_[source].path; }

std::optional<int> FileSources::sample_rate(std::size_t source) const {
    return sources_[source].sample_rate;
}

bool FileSources::seeks_fast(std::size_t source) const { return sources_[source].seeks_fast; }

int FileSources::channels(std::size_t source) const { return sources_[source].channels; }

std::int64_t FileSources::frames(std::size_t source) const { return sources_[source].frames; }

void FileSources::read(std::size_t source, std::int64_t at, int frames, double* samples) {
    auto& open = reader_at(source, at);
    open.at = unknown;  // in case that it fails
    read_frames(*open.reader, frames, samples, path(source));
    open.at = at + frames;
}

// Makes room for one more open file.
void FileSources::make_room() {
    if (open_.size() < most_open_) return;
    open_.erase(std::min_element(open_.begin(), open_.end(),
                                 [](const auto& a, const auto& b) { return a.used < b.used; }));
}

void FileSources::keep(std::size_t source, std::unique_ptr<AudioReader> reader) {
    open_.push_back({source, 0, ++uses_, std::move(reader)});
}

// The file's reader that need not seek, or one that can do so at once; else the one that has the
// least to skip, if it need not begin again.
FileSources::Open* FileSources::open_reader(std::size_t source, std::int64_t at) {
    Open* found = nullptr;
    for (auto& open : open_) {
        if (open.source != source) continue;
        if (open.at == at || open.reader->seeks_fast()) return &open;
        if (open.at < at && (!found || open.at > found->at)) found = &open;
    }
    return found;
}

FileSources::Open& FileSources::reader_at(std::size_t source, std::int64_t at) {
    auto* open = open_reader(source, at);
    if (!open) {
        make_room();
        const auto& known = sources_[source];
        auto reader = std::make_unique<AudioReader>(*known.path);
        if (reader->channels() != known.channels || reader->frames() != known.frames)
            throw Error(ErrorKind::io, *known.path, "was changed while it was mixed");
        keep(source, std::move(reader));
        open = &open_.back();
    }
    open->used = ++uses_;
    if (open->at != at) {
        open->reader->seek(at);
        open->at = at;
    }
    return *open;
}

}  // namespace patchpipe
