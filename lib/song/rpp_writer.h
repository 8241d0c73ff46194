// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes song records as a REAPER project, a line at a time. Not here: changing a project that
// exists (rpp_patch.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "song/midi_events.h"
#include "song/rpp_midi.h"
#include "song/rpp_rules.h"
#include "song/song_model.h"
#include "song/vst_chunk.h"

namespace patchpipe {

struct RppWriteOptions {
    std::string seed;        ///< GUIDs that records lack are made from it and the id
    std::string program;     ///< REAPER's version, where the song names none
    std::int64_t saved = 0;  ///< seconds since 1970, where the song has none
};

inline constexpr std::string_view usual_reaper = "7.22/linux-x86_64";

class RppWriter {
 public:
    /// Takes lines without what ends them.
    using PutLine = std::function<void(std::string_view)>;
    RppWriter(const SongModel& song, const TempoMap& tempo, const RppWriteOptions& options,
              PutLine put);

    /// The whole file. Throws Error.
    void write();

    /// Parts, at that many levels of blocks. Throw Error. bus is the value of ISBUS.
    void write_track(const std::string& id, std::string_view bus, std::size_t level);
    void write_item(const std::string& id, std::size_t level);
    void write_fx(const std::string& id, std::size_t level);
    void write_send(const std::string& id, std::size_t level);
    void write_envelope(const std::string& id, std::size_t level);
    void write_markers(std::span<const Record> markers, std::size_t level);
    /// The record of a change may leave the target out.
    void write_points(const std::string& id, std::string_view target, std::size_t level);
    void write_tempo_points(std::size_t level);
    void write_events(const std::vector<TickEvent>& events, std::int64_t end, std::size_t level);
    /// The lines of a plug-in's state.
    void write_state(const VstChunk& chunk, std::size_t level);
    /// Lines of base64, each by itself.
    void write_base64(std::string_view bytes, std::size_t level);
    /// A track's name in a block of its own, if its field would lose some of it.
    void write_name_block(const std::string& name, std::size_t level);

    /// The position of each track in the project, from 0.
    void set_track_numbers(std::unordered_map<std::string, std::size_t> numbers) {
        numbers_ = std::move(numbers);
    }
    [[nodiscard]] const std::unordered_map<std::string, std::size_t>& track_numbers() const {
        return numbers_;
    }

 private:
    void line(std::size_t level, std::string_view text);
    void put(std::size_t level, std::string_view text);
    void write_text_line(std::string_view text, std::size_t level);
    void raws(const std::string& parent, std::size_t level);
    void put_raws(std::span<const std::string> lines, std::size_t level);
    void lines_of(RppRules rules, const Record& record, std::size_t level, const std::string& id);
    void write_header();
    void write_tempo();
    void write_chain(std::string_view tag, const std::string& owner, std::size_t level);
    void write_master();
    void write_take(const std::string& id, std::size_t level);
    void write_source(const Record& take, const std::string& id, std::size_t level);
    void write_track_events(const std::string& id, std::size_t level);
    void write_midi(const Record& take, const std::string& id, std::size_t level);
    void write_midi_settings(const Record& source, std::size_t level);
    void write_midi_tempo(const Record& source, std::size_t level);
    [[nodiscard]] bool has_source(const std::string& take) const;
    [[nodiscard]] bool is_empty_take(const std::string& id) const;
    void write_plugin(const Record& fx, const std::string& id, std::size_t level);
    void write_container(const Record& fx, const std::string& id, std::size_t level);
    void write_js(const Record& fx, const std::string& id, std::size_t level);
    void write_clap(const Record& fx, const std::string& id, std::size_t level);
    void write_lv2(const Record& fx, const std::string& id, std::size_t level);
    void write_au(const Record& fx, const std::string& id, std::size_t level);
    void write_vst(const Record& fx, const std::string& id, std::string_view kind,
                   std::size_t level);
    [[nodiscard]] std::string guid(const std::string& id, std::string_view kind) const;
    // The text of a line, with a GUID if it is usually one and the record has none.
    [[nodiscard]] std::string with_guid(std::string_view usual, const std::string& text,
                                        const std::string& id) const;
    [[nodiscard]] std::vector<std::string> buses() const;

    const SongModel& song_;
    const TempoMap& tempo_;
    const RppWriteOptions& options_;
    PutLine put_;
    std::unordered_map<std::string, std::size_t> numbers_;
};

/// The line of a track with what the record says; of a name that has a block a part is enough.
[[nodiscard]] std::string rpp_track_line_with(std::string_view line, const Record& track);

/// REAPER reads lines of 4,095 bytes. Throws Error bad-record for a longer one.
void refuse_long_line(std::string_view line);

/// The bytes of an fx record's state, from state, state_path or preset_path; nothing without one.
/// Throws Error bad-record, not-found or io.
[[nodiscard]] std::optional<std::string> fx_state(const Record& fx);

/// The chunk of a VST's record: its state with what REAPER stores beside it. Throws Error.
[[nodiscard]] VstChunk fx_chunk(const Record& fx, const std::string& state, bool vst3);

/// The events of the take with that id. place is where its source is. Throws Error bad-record.
[[nodiscard]] std::vector<TickEvent> take_events(const SongModel& song, const TempoMap& tempo,
                                                 const SourcePlace& place, double first_beat);

/// Gives each fade of the item's record whose shape it says the curve of a new fade of that shape,
/// unless the other record, which may be the same, has one.
void set_usual_curves(Record& item, const Record& given);

/// What REAPER calls the type of a "source", as FLAC or _OFFLINE_WAVE.
[[nodiscard]] std::string source_type(const Record& source);

/// Where the take of an item record and its source are, and the beat that its notes count from.
[[nodiscard]] SourcePlace source_place(const Record& take, const TempoMap& tempo);
[[nodiscard]] double first_beat(const Record& take, const TempoMap& tempo);

/// The kind of the plug-in in a record: what it says, or what its path tells.
[[nodiscard]] std::string plugin_kind_of(const Record& fx);

/// The sliders of a js, as the fields of a line.
[[nodiscard]] std::string js_sliders(const Record& fx);

}  // namespace patchpipe
