// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/build_after_changes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/real_time.h"
#include "base/words.h"
#include "reload/build_command.h"

namespace patchpipe {
namespace {

// How long a build may go on after a change of its sources, when so many before it were ended for
// one.
std::chrono::seconds patience_after(int cut_short) {
    constexpr int most_doublings = 16;
    if (cut_short == 0) return std::chrono::seconds{0};
    return std::chrono::seconds{1 << std::min(cut_short - 1, most_doublings)};
}

// A change of the sources while a build runs. A file that is new is none: it is probably one that
// the build makes.
class Change {
 public:
    Change(SourceTree& sources, std::chrono::seconds patience)
        : sources_(sources),
          files_(sources.files()),
          settling_(sources.hash_of(files_)),
          patience_(patience) {}

    // True when the build is to be ended for it.
    [[nodiscard]] bool is_due() {
        constexpr std::chrono::milliseconds look{250};
        const auto now = RealClock::now();
        if (!came_ && (settling_.moves() || now >= next_look_)) {
            next_look_ = now + look;
            if (settling_.see(sources_.hash_of(files_), now)) came_ = now;
        }
        return came_ && now - *came_ >= patience_;
    }

 private:
    SourceTree& sources_;
    std::vector<std::string> files_;
    Settling settling_;
    std::chrono::seconds patience_;
    RealClock::time_point next_look_{};
    std::optional<RealClock::time_point> came_;
};

}  // namespace

BuildAfterChanges::BuildAfterChanges(BuildSettings settings)
    : settings_(std::move(settings)), sources_(settings_.sources), settling_(sources_.hash()) {}

void BuildAfterChanges::run(News& news, const std::stop_token& stop) {
    tell_unwatched(news);
    follow(sources_, settling_, stop, [&] {
        while (is_cut_short(news, stop)) {
        }
    });
}

void BuildAfterChanges::tell_unwatched(News& news) {
    if (sources_.is_whole() || std::exchange(told_unwatched_, true)) return;
    news.tell(error_record(
        "error", Error(ErrorKind::unsupported, settings_.sources,
                       "has more than " + std::to_string(SourceTree::most_files) +
                           " source files, and changes of the others start no build; name a "
                           "smaller folder with --sources")));
}

// Runs the command once. True if a change ended it.
bool BuildAfterChanges::is_cut_short(News& news, const std::stop_token& stop) {
    const auto begun = RealClock::now();
    const auto before = sources_.hash();
    tell_unwatched(news);
    auto building = event_record("building");
    building.set("command", readable(settings_.command));
    news.tell(std::move(building));
    Change change(sources_, patience_after(cut_short_));
    const auto result = run_build(settings_.command, settings_.shown,
                                  [&] { return stop.stop_requested() || change.is_due(); });
    if (stop.stop_requested()) return false;
    if (!result.ended)
        for (const auto& error : result.errors) news.tell(error_record("build-error", error));
    auto record = event_record("built");
    record.set("ok", result.ok);
    if (result.ended) record.set("outdated", true);
    record.set("build_ms", in_milliseconds(RealClock::now() - begun));
    news.tell(std::move(record));
    if (result.ended)
        ++cut_short_;
    else
        settling_.take(built(before, news));
    return result.ended;
}

// The content that is built when a build of `before` has come to its end. Some builds change source
// files because they write them from others; one that does so again and again would be followed by
// the next one without end.
std::string BuildAfterChanges::built(const std::string& before, News& news) {
    constexpr int most_changing = 3;
    auto after = sources_.hash();
    if (after == before) {
        changing_ = cut_short_ = 0;
        return before;
    }
    if (++changing_ < most_changing) return before;
    news.tell(error_record("build-error",
                           Error(ErrorKind::plugin_load, "the build",
                                 "changes files in " + readable(settings_.sources) +
                                     " each time; it runs again when they change once more")));
    return after;
}

}  // namespace patchpipe
