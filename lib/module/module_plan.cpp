// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/module_plan.h"

#include "base/error.h"
#include "module/module_records.h"
#include "names/sanitise.h"
#include "record/record_line.h"
#include "song/module_terms.h"

namespace patchpipe {
namespace {

std::string name_in(const std::vector<std::string>& names, int index) {
    const auto i = static_cast<std::size_t>(index);
    return i < names.size() ? text_as_utf8(names[i]) : "";
}

std::string numbered(int index, const std::string& name) {
    return numbered_name(static_cast<std::size_t>(index) + 1, name);
}

class Planner {
 public:
    Planner(const ModuleInfo& info, const WantedFiles& wanted) : info_(info), wanted_(wanted) {}

    void add_song(const ModulePlay& play) {
        const auto name = numbered(play.subsong, name_in(info_.subsong_names, play.subsong));
        if (wanted_.stems)
            add_stems(play, wanted_.subsongs ? *wanted_.stems + "/" + name : *wanted_.stems);
        if (wanted_.mix) add(play, *wanted_.mix).is_sum = wanted_.stems.has_value();
        if (wanted_.subsongs)
            add(play, in(*wanted_.subsongs, name)).is_sum = wanted_.stems.has_value();
    }

    [[nodiscard]] std::vector<ModuleFilePlan> take() { return std::move(files_); }

 private:
    [[nodiscard]] std::string in(const std::string& folder, const std::string& name) const {
        return folder + "/" + name + "." + wanted_.suffix;
    }

    ModuleFilePlan& add(const ModulePlay& play, std::string path) {
        files_.push_back({.play = play, .path = std::move(path)});
        if (info_.subsongs > 1) files_.back().fields.set("subsong", play.subsong + 1);
        return files_.back();
    }

    void add_stems(ModulePlay play, const std::string& folder) {
        if (wanted_.stem_of == StemOf::channel) {
            for (play.channel = 0; play.channel < info_.channels; ++play.channel) {
                const auto name = channel_name(info_, play.channel);
                auto& fields = add(play, in(folder, numbered(play.channel, name))).fields;
                fields.set("track", track_id(play.channel));
                fields.set("track_name", name);
            }
            return;
        }
        const auto voices = static_cast<int>(info_.voices().size());
        for (play.voice = 0; play.voice < voices; ++play.voice) {
            const auto name = name_in(info_.voices(), play.voice);
            auto& fields = add(play, in(folder, numbered(play.voice, name))).fields;
            fields.set("sample", voice_id(info_, play.voice));
            if (!name.empty()) fields.set("sample_name", name);
        }
        play.voice = -1;
        auto& rest = add(play, in(folder, numbered(-1, "Rest")));
        rest.is_rest = true;
        rest.fields.set("rest", true);
    }

    const ModuleInfo& info_;
    const WantedFiles& wanted_;
    std::vector<ModuleFilePlan> files_;
};

}  // namespace

std::string channel_name(const ModuleInfo& info, int channel) {
    const auto name = name_in(info.channel_names, channel);
    return name.empty() ? unnamed_channel(channel) : name;
}

std::vector<ModuleFilePlan> plan_module_files(const ModuleInfo& info, const ModulePlay& play,
                                              const WantedFiles& wanted) {
    Planner planner(info, wanted);
    if (!wanted.subsongs) {
        planner.add_song(play);
        return planner.take();
    }
    auto song = play;
    for (song.subsong = 0; song.subsong < info.subsongs; ++song.subsong) planner.add_song(song);
    return planner.take();
}

}  // namespace patchpipe
