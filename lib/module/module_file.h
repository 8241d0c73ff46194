// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tracker module, opened and played by libopenmpt: the only file that sees that library.
// Channels, instruments and subsongs count from 0 here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// A larger file is refused.
inline constexpr std::size_t largest_module = std::size_t{256} << 20;

/// True if a file that begins so may be a module. size is the file's.
[[nodiscard]] bool is_module(std::string_view head, std::uint64_t size);

struct ModuleInfo {
    std::string format;  ///< "mod", "it" and so on
    std::string title, artist, tracker, message;
    int channels = 0, subsongs = 0;
    std::vector<std::string> instruments, samples, channel_names, subsong_names;
    std::vector<std::string> warnings;  ///< what libopenmpt found wrong when it read the file

    /// What notes name: the instruments, or the samples of a module without instruments.
    [[nodiscard]] const std::vector<std::string>& voices() const {
        return instruments.empty() ? samples : instruments;
    }
};

/// How it sounds.
struct ModuleSound {
    int interpolation = 8;      ///< taps: 1, 2, 4 or 8
    int separation = 100;       ///< of left and right, in percent, 0 to 200
    std::string amiga = "off";  ///< or "a500", "a1200", "unfiltered": for Amiga formats only
    bool ramps = true;          ///< volumes change without clicks, within milliseconds
    bool plugins = true;        ///< the effects that libopenmpt has built in
};

/// What a channel does in a row, in libopenmpt's numbers.
struct ModuleCell {
    static constexpr int last_note = 120, fade = 253, cut = 254, off = 255;
    int note = 0;  ///< 0 none, 1 to 120 where 61 is middle C, and the three above
    int instrument = 0, volume_effect = 0, volume = 0, effect = 0, parameter = 0;
    [[nodiscard]] bool empty() const {
        return (note | instrument | volume_effect | effect | parameter) == 0;
    }
    [[nodiscard]] bool has_note() const { return note >= 1 && note <= last_note; }
};

struct ModulePlace {
    int order = -1, pattern = -1, row = -1;
    bool operator==(const ModulePlace&) const = default;
};

class ModuleFile {
 public:
    /// Opens the bytes of a file. name is for messages. Throws Error corrupt, and unsupported for
    /// what libopenmpt does not open.
    ModuleFile(const std::string& bytes, std::string name, const ModuleSound& sound = {});
    ~ModuleFile();
    ModuleFile(ModuleFile&&) noexcept;
    ModuleFile& operator=(ModuleFile&&) = delete;

    [[nodiscard]] const ModuleInfo& info() const;
    [[nodiscard]] const std::string& name() const;

    /// Goes to the beginning of a subsong. Throws Error unsupported if there is none of that
    /// number.
    void select(int subsong);
    /// Seconds that the subsong plays until it ends or is where it was before.
    [[nodiscard]] double duration() const;
    /// How often it starts again at its end, where it loops to; -1 for always. At first 0.
    void set_repeats(int repeats);

    /// Silences all channels but one, or all voices but one. What the cells of the others do to
    /// all, as a change of the tempo, they still do. -1 silences all.
    void solo_channel(int channel);
    void solo_voice(int voice);
    /// Where a channel is panned, -1 to 1.
    [[nodiscard]] double panning(int channel) const;
    /// Pans every channel to the middle until a cell pans it elsewhere.
    void pan_to_middle();
    /// Plays a voice besides the module, at full volume in the middle. note: 60 is middle C.
    void play_note(int voice, int note);
    /// How many voices sounded at the end of the last frames that were read.
    [[nodiscard]] int sounding() const;

    /// Plays on: fills interleaved stereo frames; returns how many, 0 at the end.
    std::size_t read(int sample_rate, std::span<float> stereo);

    /// What is played at the end of the last frames that were read.
    [[nodiscard]] ModulePlace place() const;
    [[nodiscard]] int speed() const;  ///< ticks of a row
    [[nodiscard]] int tempo() const;
    /// The volume at which a channel plays, 0 to 1, in steps of a 127th. It is exact when a note
    /// begins; libopenmpt then lets it fall slowly, to half of what it really is.
    /// It is too high on a channel that is panned hard to one side.
    [[nodiscard]] double level(int channel) const;

    [[nodiscard]] ModuleCell cell(int pattern, int row, int channel) const;
    /// The volume column and the effect as the format's trackers show them; empty for none.
    [[nodiscard]] std::string volume_text(int pattern, int row, int channel) const;
    [[nodiscard]] std::string effect_text(int pattern, int row, int channel) const;

 private:
    struct Opened;
    std::unique_ptr<Opened> opened_;
};

}  // namespace patchpipe
