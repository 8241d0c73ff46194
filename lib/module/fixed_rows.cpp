// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/fixed_rows.h"

#include <unistd.h>
#include <utility>

#include "base/error.h"
#include "base/words.h"
#include "midi/time_map.h"
#include "song/routing.h"
#include "songmix/read_song.h"
#include "songmix/song_files.h"
#include "songmix/song_mixer.h"

namespace patchpipe {
namespace {

std::vector<MatchRule> all_rules() {
    std::vector<MatchRule> rules;
    for (const auto name : rule_names()) rules.push_back(rule_named(name).value());
    return rules;
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

}  // namespace

FixedRows::FixedRows(std::vector<std::string> folders, std::function<void(const Record&)> write)
    : matcher_({.folders = std::move(folders),
                .rules = all_rules(),
                .failed = [this](const Error& error) { write_(error_record(error)); }}),
      write_(std::move(write)) {}

void FixedRows::add(std::string_view line) {
    Record record(line);
    if (record.is_error()) return write_(record);
    const auto type = record.text("type").value_or("");
    if (type == "sample") return add_sample(std::move(record));
    if (type == "item") return add_item(std::move(record));
    add_to_song(song_, record);
}

void FixedRows::add_sample(Record sample) {
    samples_.insert_or_assign(sample.text("sample").value_or(""), std::move(sample));
}

// The file that the sample names, else one that is called like it, else the module's own.
std::optional<std::string> FixedRows::find(Record& sample) {
    const auto named = sample.path("path").value_or("");
    if (!named.empty())
        if (const auto path = song_.file_path(named); exists(path)) return path;
    const auto wanted = named.empty() ? sample.text("name").value_or("") : named;
    const bool bare = name_parts(foreign_file_name(wanted)).suffix.empty();
    const auto match =
        wanted.empty()
            ? std::nullopt
            : matcher_.find({.path = wanted, .kind = bare ? FileKind::audio : FileKind::other});
    if (match) {
        sample.set("matched_by", to_string(match->rule));
        sample.set("match_count", match->count);
        return match->path;
    }
    const auto own = own_.find(sample.text("sample").value_or(""));
    return own == own_.end() ? std::nullopt : std::optional(own->second);
}

// A sample is looked for when it first plays.
void FixedRows::add_item(Record item) {
    const auto id = item.text("sample").value_or("");
    const auto found = samples_.find(id);
    if (found == samples_.end()) return;
    auto& sample = found->second;
    const auto [known, is_new] = found_.try_emplace(id, false);
    if (is_new) {
        if (const auto path = find(sample)) {
            sample.set("path", *path);
            known->second = true;
            write_(sample);
        } else {
            auto about = error_record(
                Error(ErrorKind::not_found, sample.text("name").value_or(id),
                      "is a sample without a file, and is silent; name its folder with --media"));
            about.set("sample", id);
            write_(about);
        }
    }
    if (!known->second) return;
    constexpr std::size_t most_items = 1'000'000;  // which are kept until they are mixed
    if (++items_ > most_items)
        refuse_unsupported(song_.song().text("path").value_or("song"),
                           "plays more than 1,000,000 samples, which is the limit; split it");
    Record source(R"({"kind":"audio"})");
    source.set("path", sample.path("path").value_or(""));
    item.set_json("source", source.line());
    song_.add(item);
}

void FixedRows::write_files(const Files& files) {
    song_.check();
    const Routing routing(song_);
    std::vector<SongMixer::Wanted> wanted;
    if (files.mix) wanted.push_back({"master"});
    if (files.stems)
        for (const auto& track : song_.tracks()) wanted.push_back({track});
    SongMixer mixer(song_, routing, {.sample_rate = files.format.sample_rate, .stems = {}}, wanted);
    const SongRange whole{
        0, frame_at(song_.song().number("length").value_or(0), files.format.sample_rate)};
    std::vector<SongFile> planned;
    if (files.stems) {
        planned = plan_files(song_, song_.tracks(), {whole});
        name_files(planned, song_, NameTemplate("{track_number} {track}", song_placeholders()),
                   *files.stems, suffix_of(files.format.container));
    }
    if (files.mix) {
        planned.push_back(plan_files(song_, {"master"}, {whole}).front());
        planned.back().path = *files.mix;
    }
    patchpipe::write_files(mixer, planned, {.audio = files.format}, write_);
}

}  // namespace patchpipe
