// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_chain.h"

#include <algorithm>

#include "song/rpp_envelope.h"
#include "song/rpp_plugin.h"
#include "song/rpp_rules.h"

namespace patchpipe {
namespace {

// Containers within containers beyond this are raw lines.
constexpr std::size_t most_containers = 64;

bool is_fx_line(std::string_view tag) {
    return std::any_of(fx_rules.begin(), fx_rules.end(),
                       [&](const auto& rule) { return rule.tag == tag; });
}

class ChainReader {
 public:
    ChainReader(RppReading& reading, const ChainOwner& owner)
        : reading_(reading),
          owner_(owner),
          lines_(owner.container.empty() ? owner.id + ".chain" : owner.container + ".chain") {}

    void read() {
        while (const auto line = reading_.walk.next())
            line->kind == RppKind::open ? read_block(*line) : read_line(*line);
    }

 private:
    // An effect begins with BYPASS, or with its block where that is missing.
    void begin(const RppLine* line) {
        id_ = owner_.id + ".f" + std::to_string(++count_);
        values_ = RppValues(fx_rules);
        envelopes_ = 0;
        has_plugin_ = false;
        if (line != nullptr && reading_.split(fields_, *line)) values_.take(fields_);
        const auto take = [&](std::size_t /*below*/, const RppLine& next) {
            if (next.kind == RppKind::plain && next.tag() == "BYPASS") return false;
            if (next.kind == RppKind::plain && is_fx_line(next.tag()) &&
                reading_.split(fields_, next))
                values_.take(fields_);
            return true;
        };
        // Without BYPASS the walk is in the plug-in's block already.
        reading_.walk.look_ahead(0, take, line == nullptr ? 1 : 0);
    }

    void read_line(const RppLine& line) {
        if (line.kind == RppKind::plain && line.tag() == "BYPASS") return begin(&line);
        if (line.kind == RppKind::plain && count_ > 0 && is_fx_line(line.tag())) return;
        reading_.raw(line, count_ > 0 ? id_ : lines_);
    }

    void read_block(const RppLine& line) {
        const auto tag = line.tag();
        if (is_plugin_block(tag)) return read_fx(line);
        if (count_ > 0 && tag == "PARMENV")
            return read_envelope(reading_, line,
                                 {.id = id_ + ".e" + std::to_string(++envelopes_),
                                  .track = owner_.track,
                                  .item = owner_.item,
                                  .fx = id_});
        reading_.raw_block(line, count_ > 0 ? id_ : lines_);
    }

    void read_fx(const RppLine& line) {
        if (line.tag() == "CONTAINER" && owner_.depth >= most_containers) {
            reading_.complain(line.source.number,
                              "is a container within more than 64 others, and is left as it is");
            return reading_.raw_block(line, lines_);
        }
        const std::string text(line.text());
        // The line's text does not outlive looking ahead.
        RppLine kept = line;
        kept.source.text = text;
        kept.source.end = "\n";
        if (count_ == 0 || has_plugin_) begin(nullptr);
        has_plugin_ = true;
        if (kept.tag() != "CONTAINER" && !reading_.has_details(id_))
            return reading_.raw_block(kept, id_);
        RecordLine record("fx");
        record.text("fx", id_);
        if (!owner_.track.empty()) record.text("track", owner_.track);
        if (!owner_.item.empty()) record.text("item", owner_.item);
        if (!owner_.container.empty()) record.text("container", owner_.container);
        if (owner_.input) record.flag("input", true);
        record.whole("slot", count_);
        if (kept.tag() == "CONTAINER") {
            RppFields fields;
            fields.split(kept.text());
            record.text("plugin_kind", "container").text("name", fields.text(2));
            values_.put(record);
            reading_.write(record.line());
            return read_chain(reading_, {.id = id_,
                                         .track = owner_.track,
                                         .item = owner_.item,
                                         .container = id_,
                                         .input = owner_.input,
                                         .depth = owner_.depth + 1});
        }
        read_plugin(reading_, kept, record, values_, id_);
    }

    RppReading& reading_;
    const ChainOwner& owner_;
    std::string lines_, id_;
    RppFields fields_;
    RppValues values_{fx_rules};
    std::size_t count_ = 0, envelopes_ = 0;
    bool has_plugin_ = false;
};

}  // namespace

void read_chain(RppReading& reading, const ChainOwner& owner) {
    ChainReader(reading, owner).read();
}

bool is_chain_line(std::string_view tag) {
    constexpr std::string_view lines[] = {"BYPASS", "SHOW",    "LASTSEL",
                                          "DOCKED", "WNDRECT", "FXCHAIN"};
    return is_plugin_block(tag) ||
           std::find(std::begin(lines), std::end(lines), tag) != std::end(lines);
}

}  // namespace patchpipe
