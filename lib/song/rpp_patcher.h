// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Passes a REAPER file on with the changes that records say. Only for lib/song. The file is read
// twice: first as records, of which only those are kept that the given ones may change, then line
// by line. Ids are counted as the reader does (rpp_track.cpp, rpp_item.cpp, rpp_chain.cpp).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "song/rpp_walk.h"
#include "song/rpp_writer.h"
#include "song/song_model.h"

namespace patchpipe {

class RppPatcher {
 public:
    /// after has the records of the changes; it and what put refers to must outlive the patcher.
    /// Throws Error.
    RppPatcher(const std::string& path, const SongModel& after, const RppWriteOptions& options,
               const std::function<void(std::string_view)>& put);

    /// Puts the whole file. Call it once. Throws Error.
    void run();

 private:
    using Events = std::vector<TickEvent>;

    // rpp_patcher.cpp
    void put(const RppLine& line);
    void put_line(std::string_view text);
    void put_changed(const RppLine& line, std::string_view text);
    void put_closing();
    void put_block(const RppLine& line);
    void drop_block();
    void put_missing(RppRules rules, const Record& record, std::size_t level);
    void put_missing(std::vector<std::string> needed, std::size_t level);
    [[nodiscard]] bool is_new(const std::string& id) const;
    [[nodiscard]] bool is_removed(const std::string& id) const;
    [[nodiscard]] std::optional<Record> changes_of(const std::string& id) const;
    void number_tracks();

    // rpp_patch_limits.cpp
    void check_changes();
    void check_item(const std::string& id, const Record& before, const Record& after);

    // rpp_patch_song.cpp
    void patch_project(const RppLine& header);
    void patch_header(const RppLine& header);
    void find_song_changes();
    void patch_child(const RppLine& line);
    void patch_child_block(const RppLine& line);
    void patch_tempo(const RppLine& header);
    void patch_tempo_line(const RppLine& line);
    void remember(const RppLine& line);
    void put_written(std::string_view text);
    [[nodiscard]] std::vector<Record> markers() const;
    void put_markers_once(const RppLine& first);
    void put_tempo_block();
    void put_points_once();
    void add_tracks();

    // rpp_patch_track.cpp
    struct TrackPlace;
    void patch_track(const RppLine& header);
    void patch_track_block(const RppLine& line, TrackPlace& place);
    void patch_frozen(const RppLine& header);
    void patch_send(const RppLine& line, const std::string& id);
    [[nodiscard]] static std::string source_in(std::string_view text);
    void put_numbered(const RppLine& line, std::string_view text, const std::string& source);
    void add_things(const std::string& track, bool has_chain);

    // rpp_patch_item.cpp
    void patch_item(const RppLine& header, const std::string& id);
    void put_missing_of_take(const Record& values, bool first);
    void put_take_line(const RppLine& line, const std::string& take, const std::string& item);
    void put_source_header(const RppLine& header, const std::string& id);
    void patch_source(const RppLine& header, const std::string& id);
    [[nodiscard]] bool find_events(const std::string& id, Events& events, std::int64_t& end) const;
    void patch_source_lines(const std::string& id, const Events* events, std::int64_t end,
                            bool& written, std::size_t below);

    // rpp_patch_fx.cpp
    void patch_chain(const std::string& owner);
    void patch_fx(const RppLine& header, const std::string& id);
    void patch_fx_lines(std::string_view tag, std::size_t level, const Record& record,
                        const Record& old);
    void patch_envelope(const RppLine& header, const std::string& id);

    LineSource source_;
    RppWalk walk_;
    const SongModel& after_;
    SongModel before_;
    const RppWriteOptions& options_;
    const std::function<void(std::string_view)>& put_;
    TempoMap tempo_;
    RppWriter writer_;
    Record song_, render_;                                         // what is changed in them
    std::optional<Record> master_;                                 // the same
    std::unordered_map<std::string, std::string> active_takes_;    // of items where it changes
    std::string end_ = "\n";                                       // of lines that are new
    std::unordered_multimap<std::string, std::string> old_lines_;  // by what they say
    std::size_t tracks_ = 0, master_envelopes_ = 0;
    std::vector<Record> markers_;  // all that the project shall have
    bool new_markers_ = false, markers_put_ = false, new_tempo_ = false, tempo_put_ = false;
};

/// How deep a line is, from its blanks.
[[nodiscard]] std::size_t level_of(const RppLine& line);

}  // namespace patchpipe
