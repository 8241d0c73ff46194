// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_writer.h"

#include <algorithm>

#include "base/error.h"
#include "base/md5.h"
#include "base/utf8.h"

namespace patchpipe {
namespace {

// REAPER reads lines of 4,095 bytes.
constexpr std::size_t longest_rpp_line = 4095;

// REAPER cuts the lines of a block of text there.
constexpr std::size_t longest_piece_of_text = 2000;

// A longer name is in a block, and only this much of it in its field.
constexpr std::size_t longest_name = 1000;

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

// The text of a block of "|" lines, if a field would lose some of it.
bool needs_block(const std::string& text) {
    return rpp_quoting_loses(text) || text.size() > longest_name;
}

}  // namespace

RppWriter::RppWriter(const SongModel& song, const TempoMap& tempo, const RppWriteOptions& options,
                     PutLine put)
    : song_(song), tempo_(tempo), options_(options), put_(std::move(put)) {
    for (const auto& id : song.tracks()) numbers_.try_emplace(id, numbers_.size());
}

std::string rpp_track_line_with(std::string_view line, const Record& track) {
    const auto name = track.text("name").value_or("");
    if (rpp_tag(line) != "NAME" || name.size() <= longest_name)
        return rpp_line_with(line, track_rules, track);
    auto cut = track;
    cut.set("name", cut_to(name, longest_name));
    return rpp_line_with(line, track_rules, cut);
}

void refuse_long_line(std::string_view line) {
    if (line.size() <= longest_rpp_line) return;
    throw Error(ErrorKind::bad_record, rpp_tag(line),
                "would be a line of " + std::to_string(line.size()) +
                    " bytes, and REAPER reads 4095; shorten what is in it");
}

void RppWriter::put(std::size_t level, std::string_view text) {
    put_(std::string(2 * level, ' ') + std::string(text));
}

void RppWriter::line(std::size_t level, std::string_view text) {
    refuse_long_line(text);
    put(level, text);
}

void RppWriter::raws(const std::string& parent, std::size_t level) {
    put_raws(song_.raws(parent), level);
}

void RppWriter::put_raws(std::span<const std::string> lines, std::size_t level) {
    std::size_t below = 0;
    for (const auto& text : lines) {
        const auto kind = rpp_kind(text);
        if (kind == RppKind::close) below = below == 0 ? 0 : below - 1;
        put(level + below, rpp_body(text));
        if (kind == RppKind::open) ++below;
    }
    for (; below > 0; --below) line(level + below - 1, ">");
}

std::string RppWriter::guid(const std::string& id, std::string_view kind) const {
    const auto digits = upper(md5_hex(options_.seed + "\n" + std::string(kind) + "\n" + id));
    return "{" + digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-4" + digits.substr(13, 3) +
           "-A" + digits.substr(17, 3) + "-" + digits.substr(20, 12) + "}";
}

std::string RppWriter::with_guid(std::string_view usual, const std::string& text,
                                 const std::string& id) const {
    if (text != usual || !usual.ends_with(" {}")) return text;
    return text.substr(0, text.size() - 2) + guid(id, rpp_tag(usual));
}

// The lines with what the record says.
void RppWriter::lines_of(RppRules rules, const Record& record, std::size_t level,
                         const std::string& id) {
    for (const auto usual : usual_lines(rules)) {
        const auto text = rules.data() == track_rules.data() ? rpp_track_line_with(usual, record)
                                                             : rpp_line_with(usual, rules, record);
        const bool optional = usual.starts_with("TITLE") || usual.starts_with("AUTHOR") ||
                              usual.starts_with("PANMODE -1") ||
                              usual.starts_with("MASTER_PANMODE") || usual.starts_with("WET") ||
                              usual.starts_with("PRESETNAME") || usual.starts_with("PROJOFFS");
        if (optional && text == usual) continue;
        line(level, with_guid(usual, text, id));
        if (rpp_tag(text) == "NAME") write_name_block(record.text("name").value_or(""), level);
    }
}

// A long line goes on in the next.
void RppWriter::write_text_line(std::string_view text, std::size_t level) {
    const auto first = cut_to(text, longest_piece_of_text);
    line(level, "|" + std::string(first));
    for (text.remove_prefix(first.size()); !text.empty();) {
        const auto piece = cut_to(text, longest_piece_of_text);
        line(level, "c|" + std::string(piece));
        text.remove_prefix(piece.size());
    }
}

void RppWriter::write_name_block(const std::string& name, std::size_t level) {
    if (!needs_block(name)) return;
    line(level, "<NAME");
    for (std::size_t begin = 0; begin <= name.size();) {
        const auto end = std::min(name.find('\n', begin), name.size());
        write_text_line(std::string_view(name).substr(begin, end - begin), level + 1);
        begin = end + 1;
    }
    line(level, ">");
}

void RppWriter::write() {
    const auto content = song_.song().text("content").value_or("project");
    if (content == "chain") {
        for (const auto& id : song_.effects("c")) write_fx(id, 0);
        return;
    }
    const auto bus = buses();
    const std::size_t level = content == "tracks" ? 0 : 1;
    if (level == 1) write_header();
    for (std::size_t i = 0; i < bus.size(); ++i) write_track(song_.tracks()[i], bus[i], level);
    if (level == 1) {
        raws("song.end", 1);
        line(0, ">");
    }
}

void RppWriter::write_header() {
    const auto& song = song_.song();
    const auto program = song.text("program").value_or(options_.program);
    const auto saved = song.integer("saved").value_or(options_.saved);
    line(0, "<REAPER_PROJECT 0.1 " +
                rpp_always_quoted(options_.program.empty()
                                      ? (program.empty() ? std::string(usual_reaper) : program)
                                      : options_.program) +
                " " + std::to_string(saved));
    lines_of(song_rules, song, 1, "song");
    const auto render = object_in(song, "render");
    lines_of(render_rules, render, 1, "song");
    if (const auto settings = render.text("settings")) {
        line(1, "<RENDER_CFG");
        for (std::size_t i = 0; i < settings->size(); i += 128) line(2, settings->substr(i, 128));
        line(1, ">");
    }
    raws("song", 1);
    write_tempo();
    write_markers(song_.markers(), 1);
    write_master();
}

void RppWriter::write_master() {
    const auto* const master = song_.find("master");
    lines_of(master_rules, master != nullptr ? *master : Record("{}"), 1, "master");
    write_chain("MASTERFXLIST", "master", 1);
    for (const auto& id : song_.envelopes("master")) write_envelope(id, 1);
}

void RppWriter::write_chain(std::string_view tag, const std::string& owner, std::size_t level) {
    const auto& effects = song_.effects(owner);
    if (effects.empty() && song_.raws(owner + ".chain").empty()) return;
    line(level, "<" + std::string(tag));
    raws(owner + ".chain", level + 1);
    for (const auto& id : effects) write_fx(id, level + 1);
    line(level, ">");
}

// ISBUS of each track: 1 1 opens a folder, 2 -n closes n with this track.
std::vector<std::string> RppWriter::buses() const {
    const auto& tracks = song_.tracks();
    const auto parent = [&](std::size_t i) {
        return i < tracks.size() ? song_.find(tracks[i])->text("parent").value_or("")
                                 : std::string();
    };
    std::vector<std::string> lines, open;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        const auto next = parent(i + 1);
        if (i == 0 && !parent(0).empty())
            throw Error(ErrorKind::bad_record, tracks[0],
                        "has a parent that is not before it; put the folder first");
        if (next == tracks[i]) {
            lines.emplace_back("ISBUS 1 1");
            open.push_back(tracks[i]);
            continue;
        }
        std::size_t closed = 0;
        for (; !open.empty() && open.back() != next; open.pop_back()) ++closed;
        if (!next.empty() && open.empty())
            throw Error(ErrorKind::bad_record, tracks[i + 1],
                        "is not behind its parent '" + next +
                            "' and the other tracks of that folder; move it there");
        lines.push_back(closed == 0 ? "ISBUS 0 0" : "ISBUS 2 -" + std::to_string(closed));
    }
    return lines;
}

void RppWriter::write_track(const std::string& id, std::string_view bus, std::size_t level) {
    const auto& track = *song_.find(id);
    line(level, "<TRACK " + track.text("guid").value_or(guid(id, "TRACKID")));
    lines_of(track_rules, track, level + 1, id);
    line(level + 1, bus);
    raws(id, level + 1);
    for (const auto& send : song_.sends(id)) write_send(send, level + 1);
    for (const auto& envelope : song_.envelopes(id)) write_envelope(envelope, level + 1);
    write_chain("FXCHAIN", id, level + 1);
    write_chain("FXCHAIN_REC", id + ".input", level + 1);
    for (const auto& item : song_.items(id)) write_item(item, level + 1);
    write_track_events(id, level + 1);
    line(level, ">");
}

void RppWriter::write_send(const std::string& id, std::size_t level) {
    const auto& send = *song_.find(id);
    const auto source = send.text("source_track").value_or("");
    const auto number = numbers_.find(source);
    if (number == numbers_.end())
        throw Error(ErrorKind::bad_record, id,
                    "source_track is '" + source + "', which no track is; correct it");
    const auto usual =
        "AUXRECV " + std::to_string(number->second) + " 0 1 0 0 0 0 0 0 -1:U 0 -1 ''";
    line(level, rpp_line_with(usual, send_rules, send));
    for (const auto& envelope : song_.envelopes(id)) write_envelope(envelope, level);
}

}  // namespace patchpipe
