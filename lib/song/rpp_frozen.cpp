// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_frozen.h"

#include "base/json.h"
#include "song/rpp_plugin.h"

namespace patchpipe {
namespace {

// A hostile file may have any number.
constexpr std::size_t most_effects = 1000;

}  // namespace

void FrozenLook::take(std::size_t below, const RppLine& line) {
    const bool opens = line.kind == RppKind::open;
    const auto tag = line.tag();
    if (below == 0) {
        part_ = opens && tag == "FREEZE" ? Part::freeze
                : opens && tag == "ITEM" ? Part::item
                                         : Part::other;
        if (part_ == Part::freeze) ++blocks_;
        if (part_ == Part::item) ++items_;
    } else if (part_ == Part::freeze) {
        if (below == 1) in_chain_ = opens && tag == "FXCHAIN";
        if (below != 2 || !in_chain_ || !opens || !is_plugin_block(tag)) return;
        if (effects_.size() < most_effects && fields_.split(line.text()))
            effects_.push_back(text_as_utf8(fields_.text(1)));
    } else if (part_ == Part::item && items_ == 1) {
        if (below == 1 && !opens && (tag == "POSITION" || tag == "SOFFS") &&
            fields_.split(line.text()))
            at_begin_ = at_begin_ && fields_.number(1) == 0;
        // The file of a section is one block further below.
        if (below == 1) in_source_ = opens && tag == "SOURCE";
        if (in_source_ && path_.empty() && !opens && tag == "FILE" && fields_.split(line.text()))
            path_ = text_as_utf8(fields_.text(1));
    }
}

void FrozenLook::put(RecordLine& record) const {
    if (blocks_ == 0) return;
    record.whole("frozen", blocks_);
    if (items_ == 1 && at_begin_ && !path_.empty()) record.text("frozen_path", path_);
    if (!effects_.empty()) record.json("frozen_fx", json_list(effects_));
}

}  // namespace patchpipe
