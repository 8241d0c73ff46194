// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/live_plugin.h"

#include "job/description.h"
#include "play/play_handler.h"

namespace patchpipe {
namespace {

// For one request that takes as long as the user plays.
constexpr std::chrono::milliseconds no_limit = std::chrono::hours(24 * 365);

class HostedPlugin : public LivePlugin {
 public:
    explicit HostedPlugin(const HostSettings& settings)
        : host_(settings), description_(host_.describe({.parameters = true})) {}

    const Record& description() const override { return description_; }
    bool sandboxed() const override { return host_.sandboxed(); }

    void play(const Record& request, const PlayLink& link) override {
        (void)host_.ask(live_verb, request, no_limit,
                        {.output = [&] { return OpenedFile{.fd = link.fd()}; }});
    }
    void kill() override { host_.kill(); }

 private:
    PluginHost host_;
    Record description_;
};

}  // namespace

std::vector<ParameterName> LivePlugin::parameters() const { return parameters_in(description()); }

std::unique_ptr<LivePlugin> hosted_plugin(const HostSettings& settings) {
    return std::make_unique<HostedPlugin>(settings);
}

}  // namespace patchpipe
