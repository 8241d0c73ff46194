// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_walk.h"

#include "record/stream.h"

namespace patchpipe {
namespace {

// The piece of a line that is too long is text, whatever it begins with.
RppLine line_of(SourceLine source) {
    if (source.number == 1) source.text = without_byte_order_mark(source.text);
    return {source, source.piece ? RppKind::plain : rpp_kind(source.text)};
}

}  // namespace

std::optional<RppLine> RppWalk::next() {
    const auto source = source_.next();
    ended_ = !source;
    if (ended_) return {};
    auto line = line_of(*source);
    if (line.kind == RppKind::open) ++depth_;
    if (line.kind != RppKind::close) return line;
    if (depth_ == 0) {
        line.kind = RppKind::plain;
        return line;
    }
    --depth_;
    closing_ = line;
    return {};
}

void RppWalk::look_ahead(std::size_t deepest,
                         const std::function<bool(std::size_t, const RppLine&)>& take,
                         std::size_t entered) {
    const auto place = source_.place();
    std::size_t below = entered;
    while (const auto source = source_.next()) {
        const auto line = line_of(*source);
        if (line.kind == RppKind::close) {
            if (below == 0) break;
            --below;
            continue;
        }
        if (below <= deepest && !take(below, line)) break;
        if (line.kind == RppKind::open) ++below;
    }
    source_.go_to(place);
}

void RppWalk::start_at(const LineSource::Place& place) {
    source_.go_to(place);
    depth_ = 0;
}

void RppWalk::pass(const std::function<void(const RppLine&)>& use) {
    const auto outside = depth_ - 1;
    while (depth_ > outside) {
        const auto line = next();
        if (ended_) return;
        use(line ? *line : closing_);
    }
}

}  // namespace patchpipe
