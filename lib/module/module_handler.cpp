// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of a ModuleProcess.

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/error.h"
#include "file/nameless_file.h"
#include "file/offset.h"
#include "isolation/server.h"
#include "module/module_notes.h"
#include "module/module_records.h"
#include "module/module_requests.h"
#include "module/playing_pass.h"
#include "shown/clock.h"
#include "song/song_reader.h"

namespace patchpipe {
namespace {

constexpr std::size_t block_samples = 2 * 4096;

// Frames to a descriptor.
class Sink {
 public:
    explicit Sink(Asker& asker) : file_(asker.open_output()) {}
    void write(std::span<const float> samples) {
        write_nameless(file_.fd.get(),
                       {reinterpret_cast<const char*>(samples.data()), samples.size_bytes()});
        frames_ += static_cast<std::int64_t>(samples.size() / 2);
    }
    [[nodiscard]] Record answer() const {
        Record answer("{\"status\":\"ok\"}");
        answer.set("frames", frames_);
        return answer;
    }

 private:
    OutputFile file_;
    std::int64_t frames_ = 0;
};

// Records to a descriptor, a line each, in large pieces.
class LineSink {
 public:
    explicit LineSink(Asker& asker) : file_(asker.open_output()) {}
    void write(std::string_view line) {
        constexpr std::size_t piece = std::size_t{1} << 16;
        lines_.append(line) += '\n';
        if (lines_.size() >= piece) flush();
    }
    void flush() {
        write_nameless(file_.fd.get(), lines_);
        lines_.clear();
    }

 private:
    OutputFile file_;
    std::string lines_;
};

class Answerer {
 public:
    Answerer(const Record& request, Asker& asker)
        : request_(request),
          asker_(asker),
          path_(request.text("path").value_or("")),
          play_(play_in(request)),
          bytes_(read_all_of(asker.take_input(module_role).fd.get(), largest_module, path_)) {}

    Record describe() { return info_answer(ModuleFile(bytes_, path_).info()); }
    Record play();
    Record play_voice();
    Record write_records();

 private:
    [[nodiscard]] ModuleFile open(const ModuleSound& sound) const {
        ModuleFile module(bytes_, path_, sound);
        module.select(play_.subsong);
        check_length(path_, module.duration(), play_.longest);
        return module;
    }
    void write_channels(const ModuleRecords& records, const ModuleFile& module,
                        const PlayedModule& played);
    void check_passes(int channels, double seconds) const;
    // The frames until it has been played so often.
    [[nodiscard]] std::int64_t count_frames() const;

    const Record& request_;
    Asker& asker_;
    std::string path_;
    ModulePlay play_;
    std::string bytes_;
};

// The quickest way to play does.
std::int64_t Answerer::count_frames() const {
    auto module = open({.interpolation = 1, .ramps = false, .plugins = false});
    module.solo_channel(-1);
    module.set_repeats(play_.loops - 1);
    std::vector<float> block(block_samples);
    std::int64_t frames = 0;
    while (const auto got = module.read(play_.sample_rate, block))
        frames += static_cast<std::int64_t>(got);
    return frames;
}

Record Answerer::play() {
    asker_.note("playing it");
    auto module = open(play_.sound);
    if (play_.channel >= 0) module.solo_channel(play_.channel);
    if (play_.voice >= 0) module.solo_voice(play_.voice);
    const std::int64_t fade = std::llround(play_.fade * play_.sample_rate);
    const auto full = fade > 0 ? count_frames() : 0;
    module.set_repeats(fade > 0 ? -1 : play_.loops - 1);
    Sink sink(asker_);
    std::vector<float> block(block_samples);
    for (std::int64_t frame = 0;;) {
        auto got = static_cast<std::int64_t>(module.read(play_.sample_rate, block));
        if (fade > 0) got = std::min(got, full + fade - frame);
        if (got <= 0) break;
        for (std::int64_t i = std::max<std::int64_t>(full - frame, 0); fade > 0 && i < got; ++i) {
            const auto gain = 1 - static_cast<double>(frame + i - full) / static_cast<double>(fade);
            for (const auto side : {0, 1})
                block[static_cast<std::size_t>(2 * i + side)] *= static_cast<float>(gain);
        }
        sink.write(std::span(block).first(static_cast<std::size_t>(2 * got)));
        frame += got;
    }
    return sink.answer();
}

// All channels are silent, and the note plays besides them.
Record Answerer::play_voice() {
    asker_.note("playing a sample");
    ModuleFile module(bytes_, path_, play_.sound);
    module.solo_channel(-1);
    module.set_repeats(-1);
    constexpr int middle_c = 60;
    std::vector<float> block(2 * 64);
    // Before the first tick, as a note waits for the next one.
    module.play_note(static_cast<int>(request_.integer("voice").value_or(0)), middle_c);
    Sink sink(asker_);
    const std::int64_t most = std::llround(play_.longest * play_.sample_rate);
    for (std::int64_t frames = 0; frames < most;) {
        const auto got = module.read(play_.sample_rate, block);
        if (got == 0 || module.sounding() == 0) break;
        sink.write(std::span(block).first(2 * got));
        frames += static_cast<std::int64_t>(got);
    }
    return sink.answer();
}

// The quickest sound that has the same notes.
constexpr ModuleSound quick{.interpolation = 1, .ramps = false, .plugins = false};

Record Answerer::write_records() {
    asker_.note("playing it for its rows");
    auto module = open(quick);
    auto played = play_rows(module, open(quick), play_.sample_rate, play_.longest);
    if (const auto row_ms = request_.number("row_ms")) {
        set_row_length(played, *row_ms);
        check_length(path_, played.seconds(played.frames), play_.longest);
    }
    LineSink lines(asker_);
    const WriteLine write = [&](std::string_view line) { lines.write(line); };
    const ModuleRecords records(module, played, write);
    records.write_song(path_, play_.subsong);
    records.write_tempos();
    records.write_samples(texts_in(request_, "sample_paths"));
    if (request_.flag("rows").value_or(false))
        records.write_rows();
    else
        write_channels(records, module, played);
    lines.flush();
    return Record("{\"status\":\"ok\"}");
}

void Answerer::write_channels(const ModuleRecords& records, const ModuleFile& module,
                              const PlayedModule& played) {
    asker_.note("playing its channels");
    const auto sample_paths = texts_in(request_, "sample_paths");
    const bool of_rows = request_.raw("row_ms").has_value();
    if (!of_rows) check_passes(channels_with_notes(module, played), played.seconds(played.frames));
    for (int i = 0; i < module.info().channels; ++i) {
        auto notes = of_rows ? notes_of_rows(module, played, i) : find_notes(module, played, i);
        if (!of_rows) end_notes([&] { return open(quick); }, played, i, notes);
        if (request_.flag("items").value_or(false))
            records.write_items(i, notes, sample_paths, of_rows);
        else
            records.write_track(i, notes);
    }
}

// Each channel is played by itself to hear where its notes end.
void Answerer::check_passes(int channels, double seconds) const {
    constexpr double passes = 6;
    if (channels * seconds <= passes * play_.longest) return;
    refuse_unsupported(path_,
                       "has " + std::to_string(channels) + " channels, each of which plays for " +
                           std::to_string(std::llround(seconds)) + " seconds, and at most " +
                           std::to_string(std::llround(passes * play_.longest)) +
                           " together are allowed; read its rows, or give a greater --longest");
}

class ModuleHandler : public Handler {
 public:
    Record open(const Record& /*setup*/, Asker& /*asker*/) override {
        show_host_clock();
        return Record("{\"status\":\"ok\"}");
    }

    [[nodiscard]] std::string name() const override { return "the module"; }

    // An error of the module is part of the answer: that of an isolated process would have words
    // about the process added to it.
    Record answer(std::string_view verb, const Record& request, Asker& asker) override try {
        start_host_clock();
        asker.note("opening it");
        Answerer answerer(request, asker);
        if (verb == describe_verb) return answerer.describe();
        if (verb == play_verb) return answerer.play();
        if (verb == voice_verb) return answerer.play_voice();
        return answerer.write_records();
    } catch (const Error& error) {
        Record answer("{\"status\":\"ok\"}");
        answer.set_json("refusal", error_record(error).line());
        return answer;
    }
};

}  // namespace

void serve_if_module(int argc, char** argv) {
    serve_if_isolated(argc, argv, [] { return std::make_unique<ModuleHandler>(); });
}

}  // namespace patchpipe
