// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/song_jobs.h"

#include <sys/stat.h>
#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "file/content_hash.h"
#include "song/event_list.h"
#include "songjobs/fx_link.h"
#include "songjobs/input_song.h"
#include "songjobs/track_midi.h"

namespace patchpipe {
namespace {

class JobWriter {
 public:
    JobWriter(const SongModel& song, const Routing& routing, const WorkFolder& folder,
              const SongJobSettings& settings, const std::vector<PlannedChain>& chains)
        : song_(song),
          routing_(routing),
          folder_(folder),
          settings_(settings),
          tempo_(song.tempo_map()),
          parts_(song),
          end_(song_end()) {
        SongModel::Ids effects;
        for (const auto& chain : chains) {
            stages_ = std::max(stages_, chain.stage);
            for (const auto& effect : chain.effects) effects.push_back(effect.id);
        }
        share_ = share_of_curves(song_, effects);
    }

    Record job(const PlannedChain& chain) {
        Record job("{}");
        files_.clear();
        content_.clear();
        carries_code_ = false;
        set_place(job, chain);
        set_chain(job, chain);
        set_midi(job, chain);
        if (chain.needs_input) set_input(job, chain);
        job.set("sample_rate", settings_.sample_rate);
        job.set("format", "wav");
        job.set("bit_depth", "32f");
        job.set("skip_existing", !carries_code_);
        job.set("inputs_hash", content_hash(content_ + files_hash(files_)));
        job.set("output_path", stem(chain.id()));
        return job;
    }

 private:
    [[nodiscard]] std::string stem(const std::string& id) const {
        return folder_.file("stems", id, ".wav");
    }

    void set_place(Record& job, const PlannedChain& chain) const {
        job.set("song_path", settings_.song_path);
        job.set("track", chain.track);
        if (!chain.take.item.empty()) job.set("item", chain.take.item);
        const auto* const track = song_.find(chain.track);
        const auto name = track ? track->text("name").value_or("") : "";
        if (!name.empty()) job.set("track_name", name);
        job.set("stage", chain.stage);
        job.set("stages", stages_);
    }

    // The plug-in that plays MIDI is the job's own; audio goes into the first link.
    void set_chain(Record& job, const PlannedChain& chain) {
        LaneTimes times{.share = share_};
        if (!chain.take.item.empty())
            times.begin = record_place(*song_.find(chain.take.item), tempo_).time;
        std::string links;
        for (const auto& effect : chain.effects) {
            const auto link = fx_link(song_, effect.id, effect.plugin.identifier, folder_, times);
            for (const auto* const key : {"state_path", "preset_path"})
                if (const auto path = link.path(key)) files_.push_back(*path);
            const auto& files = effect.plugin.files;
            carries_code_ = carries_code_ || carries_code(effect.plugin);
            files_.insert(files_.end(), files.begin(), files.end());
            if (!chain.needs_input && links.empty() && &effect == &chain.effects.front())
                job.set_all(link);
            else
                links += (links.empty() ? "" : ",") + link.line();
        }
        if (links.empty()) return;
        job.set_json("chain", "[" + links + "]");
        // The third and fourth are what most sends to a side chain go to.
        if (const int channels = channels_of(song_, chain.track); channels > 2)
            job.set("track_channels", channels);
    }

    // Without notes the file tells the effects the tempo.
    void set_midi(Record& job, const PlannedChain& chain) {
        const bool of_take = !chain.take.item.empty();
        const auto parts =
            of_take ? take_midi(song_, chain.take.item) : track_midi(song_, routing_, chain.track);
        const auto midi = parts_.build_midi(parts);
        const auto path = parts.empty() ? folder_.path() + "/tempo.mid"
                                        : folder_.file("midi", chain.id(), ".mid");
        WorkFolder::keep(path, midi);
        content_ += content_hash(midi) + "\n";
        job.set("midi_path", path);
        job.set("midi_duration", of_take ? end_of(chain.take.item) : end_);
        job.set_json("tail", of_take ? "0" : settings_.tail);
        if (job.raw("tail") != "\"auto\"") return;
        job.set("tail_threshold", -120);
        job.set("tail_hold", 1);
    }

    void set_input(Record& job, const PlannedChain& chain) {
        const auto input = chain.take.item.empty() ? song_below(song_, routing_, chain.track)
                                                   : song_of_take(song_, chain.track, chain.take);
        const auto path = folder_.file("inputs", chain.id(), ".song");
        WorkFolder::keep(path, input.records);
        content_ += content_hash(input.records) + "\n";
        files_.insert(files_.end(), input.media.begin(), input.media.end());
        job.set("song_path", path);
        job.set("input_path", folder_.file("inputs", chain.id(), ".wav"));
        Record stems("{}");
        for (const auto& id : input.stems) stems.set(id, stem(id));
        job.set_json("stems", stems.line());
    }

    [[nodiscard]] double end_of(const std::string& item) const {
        const auto& record = *song_.find(item);
        return record_place(record, tempo_).time + item_length(record, tempo_);
    }

    [[nodiscard]] double song_end() const {
        double end = song_.song().number("length").value_or(0);
        for (const auto& track : routing_.tracks()) {
            if (!track.heard) continue;
            for (const auto& take : track.takes) end = std::max(end, end_of(take.item));
            for (const auto& line : song_.events(track.track)) {
                const Record event(line);
                const auto place = record_place(event, tempo_);
                const auto beats = event.number("beats").value_or(0);
                end = std::max({end, place.time + event.number("length").value_or(0),
                                tempo_.time_at(place.beat + beats)});
            }
        }
        constexpr double longest = 86400;
        if (end >= 0 && end <= longest) return end;
        throw Error(ErrorKind::unsupported, "song",
                    "is longer than a day; cut what is far behind its end");
    }

    const SongModel& song_;
    const Routing& routing_;
    const WorkFolder& folder_;
    const SongJobSettings& settings_;
    TempoMap tempo_;
    SongParts parts_;
    double end_;  // seconds
    int stages_ = 0;
    double share_ = 1;                // of the points of curves
    std::vector<std::string> files_;  // that the job reads and that are not of the folder
    std::string content_;             // hashes of those that are
    bool carries_code_ = false;       // that may change while all of these stay the same
};

}  // namespace

std::vector<Record> song_jobs(const SongModel& song, const Routing& routing,
                              const std::vector<PlannedChain>& chains, const WorkFolder& folder,
                              const SongJobSettings& settings) {
    if (chains.empty()) return {};
    JobWriter writer(song, routing, folder, settings, chains);
    std::vector<Record> jobs;
    for (const auto& chain : chains) jobs.push_back(writer.job(chain));
    return jobs;
}

std::string files_hash(const std::vector<std::string>& paths) {
    std::string text;
    for (const auto& path : paths) {
        struct stat info {};
        text += path;
        if (::stat(path.c_str(), &info) == 0)
            for (const auto number : {static_cast<std::int64_t>(info.st_size),
                                      static_cast<std::int64_t>(info.st_mtim.tv_sec),
                                      static_cast<std::int64_t>(info.st_mtim.tv_nsec)})
                text += "\t" + json_number(number);
        text += "\n";
    }
    return content_hash(text);
}

std::vector<std::string> song_media(const SongModel& song, const Routing& routing) {
    std::vector<std::string> media;
    for (const auto& track : routing.tracks())
        for (const auto& take : track.takes)
            if (auto path = media_of(song, take.item); !path.empty())
                media.push_back(std::move(path));
    return media;
}

}  // namespace patchpipe
