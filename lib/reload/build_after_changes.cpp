// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/build_after_changes.h"

#include <utility>

#include "base/error.h"
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

// The source files, where a build that writes to them each time would be followed by the next one
// without end.
class BuildAfterChanges::Sources : public Followed {
 public:
    explicit Sources(const std::string& folder) : tree_(folder) {}

    [[nodiscard]] std::string hash() override {
        auto now = tree_.hash();
        return now == left_ ? before_ : now;
    }
    [[nodiscard]] std::vector<std::string> files() const override { return tree_.files(); }

    void build_begins() {
        before_ = tree_.hash();
        left_.clear();
    }
    /// True if the builds change the files again and again; what this one did then counts as no
    /// change.
    [[nodiscard]] bool build_ended() {
        const auto after = tree_.hash();
        if (after == before_) {
            changing_builds_ = 0;
            return false;
        }
        if (++changing_builds_ < most_changing_builds) return false;
        left_ = after;
        return true;
    }

 private:
    // Some are needed where a build writes sources from others.
    static constexpr int most_changing_builds = 3;

    SourceTree tree_;
    std::string before_, left_;
    int changing_builds_ = 0;
};

BuildAfterChanges::BuildAfterChanges(BuildSettings settings)
    : settings_(std::move(settings)),
      sources_(std::make_unique<Sources>(settings_.sources)),
      settling_(sources_->hash()) {}

BuildAfterChanges::~BuildAfterChanges() = default;

void BuildAfterChanges::run(News& news, const std::stop_token& stop) {
    follow(*sources_, settling_, stop, [&] {
        sources_->build_begins();
        build(settings_, news, stop);
        if (sources_->build_ended() && !stop.stop_requested())
            news.tell(error_record(
                "build-error", Error(ErrorKind::plugin_load, "the build",
                                     "changes files in " + readable(settings_.sources) +
                                         " each time; it runs again when they change once more")));
    });
}

}  // namespace patchpipe
