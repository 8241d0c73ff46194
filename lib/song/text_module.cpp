// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/text_module.h"

#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "record/record_line.h"
#include "song/drums.h"
#include "song/module_terms.h"
#include "song/sample_item.h"
#include "song/text_grammar.h"

namespace patchpipe {
namespace {

class Writer {
 public:
    Writer(const TextModule& module, const SongPlaying& playing, const WriteLine& write)
        : module_(module),
          playing_(playing),
          write_(write),
          row_ms_(playing.row_ms.value_or(usual_row_ms)) {}

    void write(const std::string& path) {
        for (const auto pattern : module_.order) rows_ += module_.patterns[pattern].size();
        check_length(path, seconds(rows_), playing_.longest);
        write_song(path);
        write_samples();
        if (playing_.rows) return write_rows();
        for (std::size_t i = 0; i < module_.channels; ++i) write_track(i);
    }

 private:
    [[nodiscard]] double seconds(std::size_t row) const {
        return static_cast<double>(row) * row_ms_ / 1000;
    }
    static double beats(std::size_t row) { return static_cast<double>(row) / rows_of_beat; }
    static std::string sample_id(std::size_t sample) { return "s" + std::to_string(sample + 1); }

    void write_song(const std::string& path) {
        RecordLine song("song");
        song.text("format", "text").text("path", path).text("title", module_.title);
        song.number("length", seconds(rows_)).whole("channels", module_.channels);
        if (!module_.warnings.empty()) song.json("warnings", json_list(module_.warnings));
        write_(song.line());
        write_(RecordLine("tempo")
                   .number("time", 0)
                   .number("beat", 0)
                   .number("bpm", 60 / (rows_of_beat * seconds(1)))
                   .line());
    }

    void write_samples() {
        for (std::size_t i = 0; i < module_.samples.size(); ++i) {
            const auto& sample = module_.samples[i];
            RecordLine record("sample");
            record.text("sample", sample_id(i)).text("name", sample.name);
            if (!sample.path.empty()) record.text("path", sample.path);
            record.whole("base_note", 60);
            if (sample.meta.line() != "{}") record.json("meta", sample.meta.line());
            write_(record.line());
        }
    }

    // Calls use with each row that plays, its number among these, and its place in the module.
    template <typename Use>
    void each_row(Use use) const {
        std::size_t number = 0;
        for (std::size_t order = 0; order < module_.order.size(); ++order) {
            const auto& pattern = module_.patterns[module_.order[order]];
            for (std::size_t i = 0; i < pattern.size(); ++i, ++number)
                use(pattern[i], number, order, i);
        }
    }

    void write_rows() {
        each_row([&](const TextModule::Row& row, std::size_t number, std::size_t order,
                     std::size_t within) {
            std::vector<std::string> cells;
            for (const auto& cell : row)
                cells.push_back(R"({"channel":)" + std::to_string(cell.channel + 1) +
                                R"(,"sample":")" + sample_id(cell.sample) + "\"}");
            write_(RecordLine("row")
                       .number("time", seconds(number))
                       .number("beat", beats(number))
                       .number("length", seconds(1))
                       .whole("order", order)
                       .whole("pattern", module_.order[order])
                       .whole("row", within)
                       .json("cells", "[" + joined(cells, ",") + "]")
                       .line());
        });
    }

    void write_track(std::size_t channel) {
        write_(RecordLine("track")
                   .text("track", track_id(channel))
                   .text("kind", playing_.items ? "audio" : "midi")
                   .text("name", unnamed_channel(channel))
                   .number("length", seconds(rows_))
                   .number("beats", beats(rows_))
                   .line());
        int items = 0;
        each_row([&](const TextModule::Row& row, std::size_t number, std::size_t, std::size_t) {
            for (const auto& cell : row)
                if (cell.channel == channel) write_event(cell, number, ++items);
        });
    }

    // A sample that is longer than its row is cut, and a shorter one is repeated.
    void write_event(const TextModule::Cell& cell, std::size_t row, int number) {
        if (!playing_.items) return write_note(cell, row);
        const auto& sample = module_.samples[cell.sample];
        write_(sample_item_line({.track = track_id(cell.channel),
                                 .number = number,
                                 .time = seconds(row),
                                 .length = seconds(1),
                                 .beat = beats(row),
                                 .beats = 1 / rows_of_beat,
                                 .sample = sample_id(cell.sample),
                                 .name = sample.name,
                                 .path = sample.path.empty() ? sample.name : sample.path,
                                 .loop = true}));
    }

    void write_note(const TextModule::Cell& cell, std::size_t row) {
        write_(RecordLine("note")
                   .text("track", track_id(cell.channel))
                   .number("time", seconds(row))
                   .number("beat", beats(row))
                   .number("length", seconds(1))
                   .number("beats", 1 / rows_of_beat)
                   .whole("note", 60)
                   .whole("velocity", 127)
                   .whole("channel", melodic_channel(static_cast<int>(cell.channel)))
                   .text("sample", sample_id(cell.sample))
                   .line());
    }

    const TextModule& module_;
    const SongPlaying& playing_;
    const WriteLine& write_;
    double row_ms_;
    std::size_t rows_ = 0;
};

}  // namespace

void read_text_module(std::string_view text, const std::string& path, const SongPlaying& playing,
                      const WriteLine& write) {
    // Errors of lines come behind the song.
    std::vector<std::string> errors;
    const WriteLine keep = [&](std::string_view line) { errors.emplace_back(line); };
    if (playing.subsong != 1)
        refuse_unsupported(path,
                           "has no subsong " + std::to_string(playing.subsong) + "; a text has 1");
    const auto module = parse_text_module(text, path, keep);
    Writer(module, playing, write).write(path);
    for (const auto& line : errors) write(line);
}

}  // namespace patchpipe
