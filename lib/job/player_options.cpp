// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/player_options.h"

#include "base/error.h"
#include "base/words.h"
#include "catalog/preset_formats.h"
#include "plugin/opener.h"

namespace patchpipe {
namespace {

// "fxp, serum2, vstpreset"
std::string played_formats() {
    std::vector<std::string_view> names;
    for (const auto& format : preset_formats())
        if (!format.player.empty()) names.push_back(format.name);
    return joined(names, ", ");
}

// --use FORMAT=PLUGIN, of which --fxp and the like are short forms.
void add_player(const std::string& use, std::map<std::string, std::string>& plugins) {
    const auto equals = use.find('=');
    if (equals == use.npos || equals + 1 == use.size())
        throw UsageError("--use: '" + printable(use) + "' is not FORMAT=PLUGIN");
    const auto format = use.substr(0, equals);
    if (player_of(format).empty())
        throw UsageError("--use: '" + printable(format) +
                         "' is not a format that a plug-in plays: " + played_formats());
    if (!plugins.emplace(format, use.substr(equals + 1)).second)
        throw UsageError("--use: a plug-in for " + format + " is given twice");
}

void check_plugin(const std::string& option, const std::string& path) try {
    const auto found = find_source(path).kind;
    const auto wanted = player_of(option);
    if (!wanted.empty() && found != wanted)
        throw Error(ErrorKind::wrong_plugin, path,
                    "is " + with_article(found) + ", and " +
                        std::string(format_named(option)->suffix) + " presets are for " +
                        with_article(wanted) + "; give the synth's " + std::string(wanted));
} catch (const Error& error) {
    throw UsageError("--" + option + ": " + error.what());
}

}  // namespace

void PlayerOptions::declare(CommandLine& line) {
    for (const auto& format : preset_formats())
        if (!format.player.empty() && players_.try_emplace(format.name).second)
            line.text(format.name, "PLUGIN", players_[format.name],
                      "the " + std::string(format.player) + " that plays " +
                          std::string(format.suffix) + " presets");
    line.text("serum1", "PLUGIN", serum1_, "the same as --fxp");
    line.texts("use", "FORMAT=PLUGIN", uses_,
               "the plug-in that plays presets of a format; repeatable");
    line.choice("faust-backend", faust_backend_, {"llvm", "interpreter"},
                "what plays Faust programs");
    line.text("p,plugin", "PLUGIN", plugin_, "the plug-in for all other jobs; a URI for an LV2");
}

void PlayerOptions::take_into(RendererSettings& settings) {
    if (plugin_) settings.plugin = *plugin_;
    settings.interpret_faust = faust_backend_ == "interpreter";
    auto& fxp = players_["fxp"];
    if (serum1_ && fxp) throw UsageError("--fxp and --serum1 are one option; give it once");
    if (serum1_) fxp = serum1_;
    for (const auto& [format, player] : players_)
        if (player) settings.plugins[std::string(format)] = *player;
    for (const auto& use : uses_) add_player(use, settings.plugins);
}

void check_players(const RendererSettings& settings) {
    for (const auto& [format, path] : settings.plugins) check_plugin(format, path);
    if (!settings.plugin.empty()) check_plugin("plugin", settings.plugin);
}

}  // namespace patchpipe
