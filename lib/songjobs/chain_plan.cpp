// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/chain_plan.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <unordered_set>

#include "base/error.h"
#include "songjobs/fx_link.h"
#include "songjobs/input_song.h"

namespace patchpipe {
namespace {

// Empty if the track has none, or it is not there.
std::string frozen_path(const SongModel& song, const std::string& track) {
    const auto* const record = song.find(track);
    const auto path = record ? record->path("frozen_path").value_or("") : "";
    std::error_code unseen;
    return path.empty() || !std::filesystem::exists(song.file_path(path), unseen)
               ? ""
               : song.file_path(path);
}

class Planner {
 public:
    Planner(const SongModel& song, PluginFinder& finder) : song_(song), finder_(finder) {}

    void plan(const RoutedTrack& track) {
        if (!track.heard) return;
        for (const auto& take : track.takes) {
            look_for_media(track.track, take.item);
            if (!take.effects.empty())
                add({track.track, take, 1, !plays_midi(song_, take.item), {}}, take.effects);
        }
        if (!track.effects.empty())
            add({track.track, {}, track.stage, track.needs_input, {}}, track.effects);
    }

    [[nodiscard]] ChainPlan take() {
        std::stable_sort(plan_.chains.begin(), plan_.chains.end(),
                         [](const auto& a, const auto& b) { return a.stage < b.stage; });
        return std::move(plan_);
    }

 private:
    void report(const Error& error, const std::string& track, std::string_view key,
                const std::string& id) {
        auto record = error_record(error);
        record.set("track", track);
        if (const auto* const found = song_.find(track))
            if (const auto name = found->text("name").value_or(""); !name.empty())
                record.set("track_name", name);
        record.set(key, id);
        if (const auto frozen = frozen_path(song_, track); !frozen.empty())
            record.set("frozen_path", frozen);
        plan_.missing.push_back(std::move(record));
        (key == "fx" ? plan_.unplayable : plan_.silent).push_back(id);
    }

    void look_for_media(const std::string& track, const std::string& take) {
        const auto path = media_of(song_, take);
        if (path.empty()) return;
        std::error_code unseen;
        if (plays_midi(song_, take) && song_.events(take).empty())
            report({ErrorKind::unsupported, path,
                    "is a MIDI file outside of the song, which is not read; import it in REAPER"},
                   track, "item", take);
        else if (!std::filesystem::exists(path, unseen) && seen_.insert(path).second)
            report({ErrorKind::not_found, path,
                    "is not there; look for it with match-files, or leave it out with "
                    "--allow-missing"},
                   track, "item", take);
    }

    [[nodiscard]] bool is_instrument(const std::string& effect) const {
        return has_instrument(song_, {effect});
    }

    void refuse(const PlannedChain& chain, const std::string& effect, const std::string& message) {
        report({ErrorKind::unsupported, song_.find(effect)->text("name").value_or(effect), message},
               chain.track, "fx", effect);
    }

    /// What is wrong with the instrument for this chain; empty if nothing is.
    [[nodiscard]] std::string complaint(const PlannedChain& chain,
                                        const std::string& instrument) const {
        if (chain.needs_input)
            return "is an instrument on a track with audio, which would be lost; move it to a "
                   "track "
                   "of its own";
        if (song_.find(instrument)->number("wet").value_or(1) != 1)
            return "is an instrument that is not all wet, which patchpipe does not mix; set it to "
                   "100 %";
        return "";
    }

    /// What is wrong with the effect's envelopes; empty if nothing is.
    [[nodiscard]] std::string envelope_complaint(const std::string& effect) const {
        for (const auto& id : song_.envelopes(effect)) {
            const auto& envelope = *song_.find(id);
            if (!envelope.flag("active").value_or(true)) continue;
            // "12:wet" is no parameter of the plug-in's own.
            const auto parameter = object_in(envelope, "parameter").text("id").value_or("");
            const auto name = parameter.substr(parameter.find(':') + 1);
            if (name == "wet" || name == "bypass" || name == "delta")
                return "has an envelope for REAPER's own parameter '" + name +
                       "', which cannot be followed; make it inactive, or freeze the track";
        }
        return "";
    }

    /// The effects from the instrument on, or all of them.
    SongModel::Ids heard(const SongModel::Ids& effects) {
        const auto first = std::find_if(effects.begin(), effects.end(),
                                        [&](const auto& id) { return is_instrument(id); });
        if (first == effects.end()) return effects;
        for (auto effect = effects.begin(); effect != first; ++effect)
            plan_.warnings.push_back(*effect +
                                     ": is before the instrument, and is left out: what it does "
                                     "to MIDI is not heard");
        return {first, effects.end()};
    }

    std::optional<Source> plugin_of(const PlannedChain& chain, const std::string& effect) try {
        auto plugin = finder_.find(*song_.find(effect));
        if (has_unread_state(song_, effect))
            plan_.warnings.push_back(effect +
                                     ": is an LV2, whose state in a project cannot be "
                                     "read; it plays as it is when it is new");
        return plugin;
    } catch (const Error& error) {
        report(error, chain.track, "fx", effect);
        return {};
    }

    void add_effect(PlannedChain& chain, const std::string& id, bool is_first) {
        constexpr std::size_t most = 64;
        const bool plays_midi = is_first && (is_instrument(id) || !chain.needs_input);
        if (const auto wrong = plays_midi ? complaint(chain, id) : ""; !wrong.empty())
            return refuse(chain, id, wrong);
        if (is_instrument(id) && !is_first)
            return refuse(chain, id,
                          "is a second instrument of the track; move it to a track of its own");
        if (chain.effects.size() == most)
            return refuse(chain, id, "comes behind 64 other effects, and no more are rendered");
        if (const auto wrong = envelope_complaint(id); !wrong.empty())
            return refuse(chain, id, wrong);
        if (auto plugin = plugin_of(chain, id)) chain.effects.push_back({id, std::move(*plugin)});
    }

    void add(PlannedChain chain, const SongModel::Ids& effects) {
        const auto missing_before = static_cast<std::ptrdiff_t>(plan_.unplayable.size());
        const auto wanted = heard(effects);
        for (const auto& id : wanted) add_effect(chain, id, id == wanted.front());
        const auto& missing = plan_.unplayable;
        const auto here = missing.begin() + missing_before;
        if (!frozen_path(song_, chain.track).empty() && here != missing.end())
            plan_.frozen.push_back(chain.track);
        // What follows an instrument has nothing to play without it.
        if (!chain.needs_input && std::find(here, missing.end(), wanted.front()) != missing.end()) {
            plan_.unplayable.insert(plan_.unplayable.end(), wanted.begin() + 1, wanted.end());
            chain.effects.clear();
        }
        if (!chain.effects.empty()) plan_.chains.push_back(std::move(chain));
    }

    const SongModel& song_;
    PluginFinder& finder_;
    ChainPlan plan_;
    std::unordered_set<std::string> seen_;  // files that are missing
};

}  // namespace

ChainPlan plan_chains(const SongModel& song, const Routing& routing, PluginFinder& finder) {
    Planner planner(song, finder);
    for (const auto& track : routing.tracks()) planner.plan(track);
    return planner.take();
}

void leave_out_missing(SongModel& song, const ChainPlan& plan) {
    for (const auto& id : plan.unplayable) song.set_flag(id, "bypass");
    for (const auto& id : plan.silent) song.set_flag(id, "mute");
    for (const auto& id : plan.frozen) {
        song.set_flag(id, "fx_bypass");
        for (const auto& item : song.items(id)) song.set_flag(item, "mute");
        Record item(R"({"type":"item"})");
        item.set("item", id + ".frozen");
        item.set("track", id);
        item.set("time", 0);
        Record source(R"({"kind":"audio"})");
        source.set("path", frozen_path(song, id));
        item.set_json("source", source.line());
        song.add(item);
    }
}

}  // namespace patchpipe
