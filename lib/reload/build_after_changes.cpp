// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/build_after_changes.h"

#include "base/real_time.h"
#include "base/words.h"
#include "reload/build_command.h"
#include "watch/source_tree.h"

namespace patchpipe {
namespace {

void build(const BuildSettings& settings, News& news, const std::stop_token& stop) {
    const auto begun = RealClock::now();
    auto building = event_record("building");
    building.set("command", readable(settings.command));
    news.tell(std::move(building));
    const auto result = run_build(settings.command, settings.shown, stop);
    if (stop.stop_requested()) return;
    for (const auto& error : result.errors) news.tell(error_record("build-error", error));
    auto built = event_record("built");
    built.set("ok", result.ok);
    built.set("build_ms", in_milliseconds(RealClock::now() - begun));
    news.tell(std::move(built));
}

}  // namespace

void build_after_changes(const BuildSettings& settings, News& news, const std::stop_token& stop) {
    SourceTree sources(settings.sources);
    Settling settling(sources.hash());
    follow(sources, std::move(settling), stop, [&] { build(settings, news, stop); });
}

}  // namespace patchpipe
