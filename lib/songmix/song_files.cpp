// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/song_files.h"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <set>
#include <utility>

#include "audio/measures.h"
#include "base/error.h"
#include "base/json.h"
#include "edit/write_audio.h"
#include "file/absolute.h"
#include "names/unique_paths.h"

namespace patchpipe {
namespace {

template <char const* key>
std::string field(const Record& record) {
    return record.text(key).value_or("");
}
constexpr char track_key[] = "track", region_key[] = "region", project_key[] = "project",
               number_key[] = "number", track_number_key[] = "track_number",
               region_number_key[] = "region_number";

constexpr std::array placeholders = {
    Placeholder{track_key, field<track_key>, "track"},
    Placeholder{region_key, field<region_key>, "region"},
    Placeholder{project_key, field<project_key>, "project"},
    Placeholder{number_key, field<number_key>, "number"},
    Placeholder{track_number_key, field<track_number_key>, "number"},
    Placeholder{region_number_key, field<region_number_key>, "number"},
};

std::string project_name(const Record& song) {
    auto title = song.text("title").value_or("");
    if (!title.empty()) return title;
    std::string name(file_name(song.text("path").value_or("")));
    const auto dot = name.rfind('.');
    return dot == name.npos || dot == 0 ? name : name.substr(0, dot);
}

// "007" of 100 files and more.
std::string padded(std::size_t number, std::size_t count) {
    const auto digits = std::to_string(number), most = std::to_string(count);
    return std::string(most.size() - digits.size(), '0') + digits;
}

std::string track_name(const SongModel& song, const std::string& track) {
    const auto* const record = song.find(track);
    return record ? record->text("name").value_or("") : "";
}

// What a template can say of a file.
Record names_of(const SongFile& file, const SongModel& song, std::size_t number,
                std::size_t count) {
    const auto& ids = song.tracks();
    const auto place = std::find(ids.begin(), ids.end(), file.audio.track);
    const auto name = track_name(song, file.audio.track);
    Record names("{}");
    names.set(track_key, name.empty() ? file.audio.track : name);
    names.set(region_key, file.fields.text("region").value_or(""));
    names.set(project_key, project_name(song.song()));
    names.set(number_key, padded(number, count));
    if (place != ids.end())
        names.set(track_number_key,
                  padded(static_cast<std::size_t>(place - ids.begin()) + 1, ids.size()));
    if (const auto index = file.fields.integer("region_number"))
        names.set(region_number_key, std::to_string(*index));
    return names;
}

// A file while it is written.
class Writing {
 public:
    Writing(const SongFile& file, const SongFileFormat& format)
        : file_(file), format_(format), writer_(file.path, sized(file, format), format.dither) {}

    [[nodiscard]] const SongFile& file() const { return file_; }
    [[nodiscard]] bool is_heard() const { return heard_; }

    // The block begins at that frame of the song.
    void write(std::span<const double> block, std::size_t channels, std::int64_t begin) {
        const auto frames = static_cast<std::int64_t>(block.size() / channels);
        const auto first = std::max(file_.begin, begin) - begin;
        const auto end = std::min(file_.end, begin + frames) - begin;
        if (first >= end) return;
        const auto part = block.subspan(static_cast<std::size_t>(first) * channels,
                                        static_cast<std::size_t>(end - first) * channels);
        const auto samples = fitted(part, channels);
        heard_ =
            heard_ || std::any_of(samples.begin(), samples.end(), [](double s) { return s != 0; });
        writer_.write(samples);
    }

    Record close() {
        const auto meter = writer_.close(format_.sync);
        const auto& audio = format_.audio;
        Record result("{}");
        result.set("output_path", file_.path);
        result.set("status", "ok");
        result.set_all(file_.fields);
        result.set("sample_rate", audio.sample_rate);
        result.set("format", container_name(audio.container));
        if (has_depth(audio.container)) result.set("bit_depth", depth_name(audio.depth));
        result.set("frames", file_.end - file_.begin);
        result.set("channels", audio.channels);
        set_measures(result, meter, audio.depth);
        return result;
    }

 private:
    static AudioFormat sized(const SongFile& file, const SongFileFormat& format) {
        auto audio = format.audio;
        audio.frames = file.end - file.begin;
        return audio;
    }

    // One channel is the mean of left and right; of others those that the file has.
    std::span<const double> fitted(std::span<const double> block, std::size_t channels) {
        const auto wanted = static_cast<std::size_t>(format_.audio.channels);
        if (wanted == channels) return block;
        const auto frames = block.size() / channels;
        fitted_.assign(frames * wanted, 0);
        for (std::size_t frame = 0; frame < frames; ++frame) {
            const auto* const from = &block[frame * channels];
            if (wanted == 1)
                fitted_[frame] = (from[0] + from[1]) / 2;
            else
                std::copy_n(from, std::min(wanted, channels), &fitted_[frame * wanted]);
        }
        return fitted_;
    }

    const SongFile& file_;
    const SongFileFormat& format_;
    AudioFileWriter writer_;
    std::vector<double> fitted_;
    bool heard_ = false;
};

// Closes the files that are whole. While nothing was heard yet they wait, since all of them may be
// silent.
class Closing {
 public:
    Closing(const SongFileFormat& format, const std::function<void(const Record&)>& done)
        : done_(done), closes_(!format.refuse_silence) {}

    void close(std::vector<std::unique_ptr<Writing>>& open, std::int64_t at) {
        for (auto& file : open) {
            closes_ = closes_ || file->is_heard();
            if (file->file().end <= at) whole_.push_back(std::move(file));
        }
        std::erase(open, nullptr);
        if (!closes_) return;
        for (auto& file : whole_) {
            done_(file->close());
            file.reset();
        }
        whole_.clear();
    }

    void end() const {
        if (!whole_.empty())
            refuse_unsupported(
                "song",
                "has nothing to hear in what would be written, so nothing was; see that its notes "
                "have an instrument, that its tracks are not muted and that items lie in the "
                "range, or write silence with --allow-silence");
    }

 private:
    const std::function<void(const Record&)>& done_;
    bool closes_;
    std::vector<std::unique_ptr<Writing>> whole_;
};

// Each has a descriptor and buffers of its own.
void check_open_at_once(const std::vector<const SongFile*>& by_begin) {
    constexpr std::size_t most = 800;
    std::multiset<std::int64_t> ends;  // of those that are open
    for (const auto* file : by_begin) {
        ends.erase(ends.begin(), ends.upper_bound(file->begin));
        ends.insert(file->end);
        if (ends.size() > most)
            refuse_unsupported(file->path,
                               "would be written beside more than 800 other files, since all of "
                               "them are of one moment; write fewer tracks or regions at a time");
    }
}

}  // namespace

std::span<const Placeholder> song_placeholders() { return placeholders; }

std::vector<SongFile> plan_files(const SongModel& song, const std::vector<std::string>& tracks,
                                 const std::vector<SongRange>& ranges) {
    std::vector<SongFile> files;
    for (const auto& range : ranges)
        for (const auto& track : tracks) {
            auto& file = files.emplace_back();
            file.audio.track = track;
            file.begin = range.begin;
            file.end = range.end;
            file.fields.set("track", track);
            if (const auto name = track_name(song, track); !name.empty())
                file.fields.set("track_name", name);
            if (range.region.name.empty()) continue;
            file.fields.set("region", range.region.name);
            if (!range.region.index.empty())
                file.fields.set_json("region_number", range.region.index);
        }
    return files;
}

void name_files(std::vector<SongFile>& files, const SongModel& song, const NameTemplate& name,
                const std::string& folder, std::string_view suffix) {
    UniquePaths unique;
    const auto extension = "." + std::string(suffix);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto names = names_of(files[i], song, i + 1, files.size());
        files[i].path = folder + "/" +
                        unique.claim(name.expand(names, Alphabet::unicode), extension) + extension;
    }
}

void write_files(SongMixer& mixer, const std::vector<SongFile>& files, const SongFileFormat& format,
                 const std::function<void(const Record&)>& done) {
    std::vector<const SongFile*> waiting;
    for (const auto& file : files) waiting.push_back(&file);
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const auto* a, const auto* b) { return a->begin < b->begin; });
    check_open_at_once(waiting);
    auto next = waiting.begin();
    std::vector<std::unique_ptr<Writing>> open;
    Closing closing(format, done);
    for (std::int64_t at = 0; next != waiting.end() || !open.empty();) {
        // Until the next file begins or one ends, so that no more are open than must be.
        auto end = at + SongMixer::most_frames;
        for (; next != waiting.end() && (*next)->begin <= at; ++next)
            open.push_back(std::make_unique<Writing>(**next, format));
        if (next != waiting.end()) end = std::min(end, (*next)->begin);
        for (const auto& file : open) end = std::min(end, std::max(at, file->file().end));
        if (end > at) {
            mixer.mix(static_cast<int>(end - at));
            for (const auto& file : open)
                file->write(mixer.audio(file->file().audio),
                            static_cast<std::size_t>(mixer.channels(file->file().audio.track)), at);
        }
        at = end;
        closing.close(open, at);
    }
    closing.end();
}

}  // namespace patchpipe
