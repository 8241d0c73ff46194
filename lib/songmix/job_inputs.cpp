// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songmix/job_inputs.h"

#include <algorithm>

#include "audio/audio_format.h"
#include "base/error.h"
#include "file/absolute.h"
#include "record/settings.h"
#include "songmix/read_song.h"
#include "songmix/render_settings.h"
#include "songmix/song_files.h"
#include "songmix/song_mixer.h"

namespace patchpipe {
namespace {

Stems stems_of(const Record& job) {
    Stems stems;
    const auto json = job.raw("stems");
    if (!json) return stems;
    const Record record(*json);
    for (const auto& id : record.keys())
        if (const auto path = record.path(id)) stems[id] = *path;
    return stems;
}

std::string known(const SongModel& song, const Record& job, std::string_view key) {
    auto id = job.text(key).value_or("");
    if (song.find(id) || (key == "track" && id == "master")) return id;
    throw Error(ErrorKind::bad_record, key, "is '" + id + "', which the song does not have");
}

}  // namespace

bool JobInputs::is_needed(const Record& job) {
    return job.raw("song_path") && job.raw("input_path") && (job.raw("track") || job.raw("item"));
}

JobInputs::Song::Song(const std::string& song_path)
    : path(song_path), model(read_song(song_path)), routing(model) {}

const JobInputs::Song& JobInputs::song(const std::string& path) {
    if (!song_ || song_->path != path) {
        song_.reset();
        song_ = std::make_unique<Song>(path);
    }
    return *song_;
}

void JobInputs::write(const Record& job) {
    const auto& [path, model, routing] = song(absolute_path(job.path("song_path").value_or("")));
    const bool of_take = job.raw("item").has_value();
    const int rate = job.raw("sample_rate") ? static_cast<int>(number_setting(job, "sample_rate"))
                                            : song_sample_rate(model);
    SongMixSettings settings{.sample_rate = rate, .stems = stems_of(job)};
    SongFile file{.path = absolute_path(job.path("input_path").value_or(""))};
    std::unique_ptr<SongMixer> mixer;
    if (of_take) {
        const auto take = known(model, job, "item");
        file.audio = {model.find(take)->text("track").value_or(""), SongMixer::Tap::below};
        mixer = SongMixer::before_effects(model, routing, std::move(settings), take);
    } else {
        file.audio = {known(model, job, "track"), SongMixer::Tap::below};
        mixer = std::make_unique<SongMixer>(model, routing, std::move(settings),
                                            std::vector{file.audio});
    }
    // A file without frames could not be played.
    file.end = std::max<std::int64_t>(1, mixer->frames());
    const SongFileFormat format{.audio = {.container = AudioFormat::Container::wav,
                                          .depth = AudioFormat::Depth::float32,
                                          .channels = mixer->channels(file.audio.track),
                                          .sample_rate = rate},
                                .sync = Sync::none};
    write_files(*mixer, {file}, format, [](const Record&) {});
}

}  // namespace patchpipe
