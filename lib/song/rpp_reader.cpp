// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_reader.h"

#include "record/stream.h"
#include "song/rpp_chain.h"
#include "song/rpp_envelope.h"
#include "song/rpp_project.h"
#include "song/rpp_track.h"

namespace patchpipe {
namespace {

class RppReader {
 public:
    RppReader(LineSource& source, const std::string& path, const SongReadOptions& options,
              const WriteLine& write)
        : reading_{.walk = RppWalk(source), .options = options, .write = write, .path = path} {}

    void read();

 private:
    void read_project(const RppLine& header);
    void read_child(const RppLine& line);
    void write_song(std::string_view content, const RppLine& line) const;

    RppReading reading_;
    OpenFolders folders_;
    std::size_t roots_ = 0, master_envelopes_ = 0;
    bool begun_ = false;
};

// What is in the file besides a project is the content of a template.
void RppReader::read() {
    auto place = reading_.walk.place();
    while (const auto line = reading_.walk.next()) {
        if (line->kind == RppKind::open && line->tag() == "REAPER_PROJECT") {
            read_project(*line);
        } else if (line->kind == RppKind::open && line->tag() == "TRACK") {
            if (!begun_) write_song("tracks", *line);
            begun_ = true;
            // Writing has not moved the walk.
            read_track(reading_, *line, folders_);
        } else if (!begun_ && is_chain_line(line->tag())) {
            begun_ = true;
            write_song("chain", *line);
            if (line->tag() != "FXCHAIN") reading_.walk.start_at(place);
            read_chain(reading_, {.id = reading_.prefix + "c", .track = {}});
        } else if (line->kind == RppKind::open) {
            reading_.raw_block(*line, "file");
        } else if (line->kind != RppKind::blank) {
            reading_.raw(*line, "file");
        }
        place = reading_.walk.place();
    }
    if (reading_.walk.depth() > 0)
        reading_.complain(reading_.walk.place().line,
                          "is the end of the file, where " + std::to_string(reading_.walk.depth()) +
                              " blocks are not closed; the file is cut short, get another copy");
}

void RppReader::write_song(std::string_view content, const RppLine& line) const {
    RecordLine song("song");
    song.text("format", "rpp").text("content", content).text("path", reading_.path);
    if (line.source.end != "\n") song.text("line_end", line.source.end);
    reading_.write(song.line());
}

void RppReader::read_project(const RppLine& header) {
    begun_ = true;
    if (++roots_ > 1) reading_.prefix = "r" + std::to_string(roots_) + ".";
    reading_.tracks = 0;
    reading_.tempo = TempoMap();
    folders_.clear();
    read_project_head(reading_, header);
    while (const auto line = reading_.walk.next()) read_child(*line);
}

void RppReader::read_child(const RppLine& line) {
    const auto parent = reading_.prefix + "song", master = reading_.prefix + "master";
    const auto tag = line.tag();
    if (line.kind != RppKind::open) {
        if (!is_project_head(line)) reading_.raw(line, parent);
    } else if (tag == "TRACK") {
        read_track(reading_, line, folders_);
    } else if (tag == "TEMPOENVEX") {
        read_tempo_block(reading_);
    } else if (tag == "MASTERFXLIST") {
        read_chain(reading_, {.id = master, .track = master});
    } else if (tag.starts_with("MASTER") && is_envelope(tag)) {
        read_envelope(reading_, line,
                      {.id = master + ".e" + std::to_string(++master_envelopes_), .track = master});
    } else if (is_project_head(line)) {
        reading_.walk.pass([](const RppLine&) {});
    } else {
        reading_.raw_block(line, parent);
    }
}

}  // namespace

bool is_rpp(std::string_view head) {
    head = without_byte_order_mark(head);
    const auto begin = head.find_first_not_of(" \t\r\n");
    if (begin == head.npos) return false;
    head.remove_prefix(begin);
    const auto line = head.substr(0, head.find_first_of("\r\n"));
    const auto tag = rpp_tag(line);
    if (rpp_kind(line) == RppKind::open && (tag == "REAPER_PROJECT" || tag == "TRACK")) return true;
    return is_chain_line(tag);
}

void read_rpp(LineSource& source, const std::string& path, const SongReadOptions& options,
              const WriteLine& write) {
    RppReader(source, path, options, write).read();
}

}  // namespace patchpipe
