// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_track.h"

#include <algorithm>
#include <cmath>

#include "song/rpp_chain.h"
#include "song/rpp_envelope.h"
#include "song/rpp_frozen.h"
#include "song/rpp_item.h"
#include "song/rpp_rules.h"

namespace patchpipe {
namespace {

class TrackReader {
 public:
    TrackReader(RppReading& reading, OpenFolders& folders)
        : reading_(reading),
          folders_(folders),
          id_(reading.prefix + "t" + std::to_string(++reading.tracks)) {}

    void read(const RppLine& header);

 private:
    void look();
    void write_track();
    void move_folders();
    void read_line(const RppLine& line);
    void read_block(const RppLine& line);
    void write_send(const RppLine& line);

    RppReading& reading_;
    OpenFolders& folders_;
    std::string id_, send_;
    RppFields fields_;
    RppValues values_{track_rules};
    FrozenLook frozen_;
    FixedLanes lanes_;
    double folder_ = 0, levels_ = 0;  // ISBUS: 1 opens a folder, 2 closes some
    std::size_t items_ = 0, sends_ = 0, envelopes_ = 0;
};

void TrackReader::read(const RppLine& header) {
    fields_.split(header.text());
    values_.set("guid", fields_.text(1));
    look();
    write_track();
    while (const auto line = reading_.walk.next())
        line->kind == RppKind::open ? read_block(*line) : read_line(*line);
    move_folders();
}

void TrackReader::look() {
    bool in_name = false;
    std::optional<std::string> name;
    reading_.walk.look_ahead(FrozenLook::deepest, [&](std::size_t below, const RppLine& line) {
        if (below == 0 && line.kind == RppKind::plain) {
            const auto tag = line.tag();
            const bool of_lanes = tag == "FREEMODE" || tag == "ITEMLANES" || tag == "LANESOLO";
            if (of_lanes && reading_.split(fields_, line)) lanes_.take(fields_);
            const bool known =
                tag == "ISBUS" || std::any_of(track_rules.begin(), track_rules.end(),
                                              [&](const auto& rule) { return rule.tag == tag; });
            if (known && reading_.split(fields_, line) && !values_.take(fields_)) {
                folder_ = fields_.number(1);
                levels_ = fields_.number(2);
            }
        }
        if (below == 0) in_name = line.kind == RppKind::open && line.tag() == "NAME";
        if (below == 1 && in_name) add_text_line(name, line);
        frozen_.take(below, line);
        return true;
    });
    if (name) values_.set("name", *name);
}

void TrackReader::write_track() {
    RecordLine record("track");
    record.text("track", id_);
    if (!folders_.empty()) record.text("parent", folders_.back());
    record.text("kind", folder_ == 1 ? "folder" : "audio");
    values_.put(record);
    frozen_.put(record);
    reading_.write(record.line());
}

void TrackReader::move_folders() {
    if (folder_ == 1) folders_.push_back(id_);
    if (folder_ != 2) return;
    const auto closed = std::min(std::abs(levels_), static_cast<double>(folders_.size()));
    folders_.resize(folders_.size() - static_cast<std::size_t>(closed));
}

void TrackReader::read_line(const RppLine& line) {
    const auto tag = line.tag();
    if (tag == "AUXRECV") return write_send(line);
    const bool known =
        tag == "ISBUS" || std::any_of(track_rules.begin(), track_rules.end(),
                                      [&](const auto& rule) { return rule.tag == tag; });
    if (!known || line.kind != RppKind::plain) reading_.raw(line, id_);
}

// A send is stored where it goes, with the number of the track that it comes from.
void TrackReader::write_send(const RppLine& line) {
    if (!reading_.split(fields_, line)) return reading_.raw(line, id_);
    RppValues values(send_rules);
    values.take(fields_);
    send_ = id_ + ".s" + std::to_string(++sends_);
    const auto source = static_cast<std::int64_t>(std::clamp(fields_.number(1), -1.0, 1e9)) + 1;
    RecordLine record("send");
    record.text("send", send_)
        .text("source_track", reading_.prefix + "t" + std::to_string(source))
        .text("track", id_);
    values.put(record);
    reading_.write(record.line());
}

void TrackReader::read_block(const RppLine& line) {
    const auto tag = line.tag();
    if (tag == "ITEM")
        return read_item(reading_, id_, id_ + ".i" + std::to_string(++items_), lanes_);
    if (tag == "FXCHAIN") return read_chain(reading_, {.id = id_, .track = id_});
    if (tag == "FXCHAIN_REC")
        return read_chain(reading_, {.id = id_ + ".input", .track = id_, .input = true});
    if (tag == "NAME") return reading_.walk.pass([](const RppLine&) {});
    if (is_envelope(tag)) {
        EnvelopeOwner owner{.id = id_ + ".e" + std::to_string(++envelopes_), .track = id_};
        if (tag.starts_with("AUX")) owner.send = send_;
        return read_envelope(reading_, line, owner);
    }
    reading_.raw_block(line, id_);
}

}  // namespace

void read_track(RppReading& reading, const RppLine& header, OpenFolders& folders) {
    TrackReader(reading, folders).read(header);
}

}  // namespace patchpipe
