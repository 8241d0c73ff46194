// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of the patcher share: reading what is there, and putting lines.

#include "song/rpp_patcher.h"

#include <algorithm>

#include "base/error.h"
#include "record/stream.h"
#include "song/record_changes.h"
#include "song/rpp_chain.h"
#include "song/rpp_patch.h"
#include "song/rpp_reader.h"

namespace patchpipe {
namespace {

// The records of the file that count: those of the whole song, tracks, which have numbers, and
// those that have a change.
SongModel records_of(const std::string& path, const SongModel& after) {
    SongModel model(true);
    std::size_t songs = 0;
    LineSource source(path);
    const SongReadOptions options{
        .only_known = true, .states = {}, .has_details = [&](const std::string& id) {
            return after.find(id) != nullptr || !after.events(id).empty();
        }};
    read_rpp(source, path, options, [&](std::string_view line) {
        const Record record(line);
        if (record.is_error()) return;
        const auto type = record.text("type").value_or("");
        if (type == "song" && ++songs > 1)
            throw Error(ErrorKind::unsupported, path,
                        "holds several projects, and --into changes a file with one; take that out "
                        "of it first");
        const bool changes = type == "send" || type == "item" || type == "fx" || type == "envelope";
        if (changes && after.find(record.text(type).value_or("")) == nullptr) return;
        model.add(record);
    });
    return model;
}

}  // namespace

std::size_t level_of(const RppLine& line) {
    return (line.text().size() - rpp_body(line.text()).size()) / 2;
}

RppPatcher::RppPatcher(const std::string& path, const SongModel& after,
                       const RppWriteOptions& options,
                       const std::function<void(std::string_view)>& put)
    : source_(path),
      walk_(source_),
      after_(after),
      before_(records_of(path, after)),
      options_(options),
      put_(put),
      tempo_((after.tempos().empty() ? before_ : after).tempo_map()),
      writer_(after, tempo_, options, [this](std::string_view line) { put_written(line); }),
      song_(changed_values(before_.song(), after.song())),
      render_(
          changed_values(object_in(before_.song(), "render"), object_in(after.song(), "render"))),
      master_(changes_of("master")) {
    number_tracks();
    check_changes();
}

void RppPatcher::run() {
    const auto head = source_.head(4096);
    if (!is_rpp(head)) refuse_unsupported(source_.name(), "is none of REAPER's files; name one");
    put_(head.substr(0, head.size() - without_byte_order_mark(head).size()));
    if (const auto found = head.find_first_of("\r\n"); found != head.npos)
        end_ = head.compare(found, 2, "\r\n") == 0 ? "\r\n" : head.substr(found, 1);
    bool chain = true;
    for (auto place = walk_.place(); const auto line = walk_.next(); place = walk_.place()) {
        if (line->kind == RppKind::open && line->tag() == "REAPER_PROJECT") {
            patch_project(*line);
        } else if (line->kind == RppKind::open && line->tag() == "TRACK") {
            patch_track(*line);
        } else if (chain && is_chain_line(line->tag())) {
            if (line->tag() == "FXCHAIN") this->put(*line);
            if (line->tag() != "FXCHAIN") walk_.start_at(place);
            patch_chain("c");
        } else {
            line->kind == RppKind::open ? put_block(*line) : this->put(*line);
            continue;
        }
        chain = false;
    }
}

void RppPatcher::put(const RppLine& line) {
    put_(line.text());
    put_(line.source.end);
}

void RppPatcher::put_line(std::string_view text) {
    put_(text);
    put_(end_);
}

void RppPatcher::put_changed(const RppLine& line, std::string_view text) {
    if (text != line.text()) refuse_long_line(text);
    put_(text);
    put_(line.source.end);
}

// The line that closes the block, if the file has it.
void RppPatcher::put_closing() {
    if (!walk_.ended()) put(walk_.closing());
}

// The rest of a block that was entered.
void RppPatcher::put_block(const RppLine& line) {
    put(line);
    walk_.pass([&](const RppLine& inner) { put(inner); });
}

void RppPatcher::drop_block() {
    walk_.pass([](const RppLine&) {});
}

bool RppPatcher::is_removed(const std::string& id) const {
    const auto* const record = after_.find(id);
    return record != nullptr && record->flag("removed").value_or(false);
}

bool RppPatcher::is_new(const std::string& id) const {
    return before_.find(id) == nullptr && !is_removed(id);
}

// The record without what is in the file already, which may be there twice, with another value in
// the other line. Nothing if there is no record.
std::optional<Record> RppPatcher::changes_of(const std::string& id) const {
    const auto *const after = after_.find(id), *const before = before_.find(id);
    if (after == nullptr) return {};
    return before != nullptr ? changed_values(*before, *after) : *after;
}

// The position of each track when all is done.
void RppPatcher::number_tracks() {
    std::unordered_map<std::string, std::size_t> numbers;
    for (const auto* const tracks : {&before_.tracks(), &after_.tracks()})
        for (const auto& id : *tracks)
            if (!is_removed(id)) numbers.try_emplace(id, numbers.size());
    writer_.set_track_numbers(std::move(numbers));
}

// Puts lines of the rules that the block lacks and the record needs.
void RppPatcher::put_missing(RppRules rules, const Record& record, std::size_t level) {
    std::vector<std::string> needed;
    for (const auto usual : usual_lines(rules))
        if (!usual.ends_with("{}") && rpp_line_needed(usual, rules, record))
            needed.push_back(rpp_line_with(usual, rules, record));
    put_missing(std::move(needed), level);
}

void RppPatcher::put_missing(std::vector<std::string> needed, std::size_t level) {
    if (needed.empty()) return;
    walk_.look_ahead(0, [&](std::size_t, const RppLine& line) {
        if (line.kind != RppKind::plain) return true;
        std::erase_if(needed, [&](const auto& one) { return rpp_tag(one) == line.tag(); });
        // In a chain, the next effect begins there, in an item the next take.
        return line.tag() != "BYPASS" && line.tag() != "TAKE";
    });
    for (const auto& one : needed)
        if (!one.starts_with("BYPASS")) put_line(std::string(2 * level, ' ') + one);
}

}  // namespace patchpipe
