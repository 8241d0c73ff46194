// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/lv2_bundle.h"

#include <fcntl.h>
#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/resize-port/resize-port.h>
#include <lv2/state/state.h>
#include <lv2/time/time.h>
#include <unistd.h>
#include <zix/tree.h>
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <vector>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/free.h"
#include "base/words.h"
#include "file/absolute.h"
#include "file/read_file.h"
#include "juce/lv2_state.h"
#include "lv2/lv2_search.h"

namespace patchpipe {
namespace {

using World = std::unique_ptr<LilvWorld, Free<lilv_world_free>>;
using OwnNode = std::unique_ptr<LilvNode, Free<lilv_node_free>>;
using Nodes = std::unique_ptr<LilvNodes, Free<lilv_nodes_free>>;
using Path = std::unique_ptr<char, Free<lilv_free>>;

// lilv complains on standard error about any bundle that is damaged, wanted or not.
class Quiet {
 public:
    Quiet() : kept_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
        const Descriptor null(open("/dev/null", O_WRONLY | O_CLOEXEC));
        if (kept_.get() >= 0 && null.get() >= 0) (void)dup2(null.get(), STDERR_FILENO);
    }
    ~Quiet() {
        if (kept_.get() >= 0) (void)dup2(kept_.get(), STDERR_FILENO);
    }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

 private:
    Descriptor kept_;
};

std::string path_of(const LilvNode* file_uri) {
    if (!file_uri || !lilv_node_is_uri(file_uri)) return "";
    const Path path(lilv_file_uri_parse(lilv_node_as_uri(file_uri), nullptr));
    return path ? path.get() : "";
}

// The first value that the bundle gives for it; empty if it gives none.
std::string value_of(LilvWorld& world, const LilvPlugin& plugin, const char* predicate) {
    const OwnNode key(lilv_new_uri(&world, predicate));
    const Nodes values(lilv_plugin_get_value(&plugin, key.get()));
    const auto* first = lilv_nodes_get_first(values.get());
    return first ? lilv_node_as_string(first) : "";
}

// lilv would use up the stack and crash, so the bundle is skipped.
bool has_deep_manifest(const std::string& bundle) try {
    constexpr std::size_t largest = std::size_t{64} << 20;
    return nests_too_deep(read_file(bundle + "manifest.ttl", largest));
} catch (const Error&) {
    return false;  // lilv will not read it either
}

void load_bundles_naming(LilvWorld& world, const std::string& uri) {
    for (const auto& path : lv2_bundles_naming(uri)) {
        if (has_deep_manifest(path)) continue;
        const OwnNode bundle(lilv_new_file_uri(&world, nullptr, path.c_str()));
        lilv_world_load_bundle(&world, bundle.get());
    }
}

// What JUCE is to find, and where it has found it.
struct Hosted {
    std::string uri;
    int sample_rate = 0;
    LilvWorld* world = nullptr;
};

Hosted hosted;

constexpr std::string_view served_feature = LV2_CORE__isLive;

std::optional<float> number_in(const LilvNode* node) {
    if (!node || !(lilv_node_is_float(node) || lilv_node_is_int(node))) return {};
    return lilv_node_as_float(node);
}

void multiply(LilvNode*& node, float factor) {
    const auto number = number_in(node);
    if (!number) return;
    lilv_node_free(node);
    node = lilv_new_float(hosted.world, *number * factor);
}

// LV2 says it of the bounds only. Of the default plug-ins disagree: it is a multiple, too, or in
// hertz, and then above every multiple. JUCE asks for all three.
void put_in_hertz(LilvNode*& def, LilvNode*& min, LilvNode*& max) {
    const auto rate = static_cast<float>(hosted.sample_rate);
    if (number_in(def).value_or(0) <= number_in(max).value_or(1)) multiply(def, rate);
    multiply(min, rate);
    if (!max) max = lilv_new_float(hosted.world, 1);  // as JUCE has it
    multiply(max, rate);
}

bool is_multiple_of_rate(const LilvPlugin* plugin, const LilvPort* port) {
    const OwnNode property(lilv_new_uri(hosted.world, LV2_CORE__sampleRate));
    return lilv_port_has_property(plugin, port, property.get());
}

// The least of all ports that take events: JUCE writes every event into each of them. It gives a
// port what the plug-in wants, and never less than this.
std::size_t sequence_bytes(LilvWorld& world, const LilvPlugin& plugin) {
    constexpr std::size_t least_of_juce = 8192, unknown = std::numeric_limits<std::size_t>::max();
    const OwnNode atom(lilv_new_uri(&world, LV2_ATOM__AtomPort));
    const OwnNode input(lilv_new_uri(&world, LV2_CORE__InputPort));
    const OwnNode minimum(lilv_new_uri(&world, LV2_RESIZE_PORT__minimumSize));
    auto least = unknown;
    for (std::uint32_t i = 0; i < lilv_plugin_get_num_ports(&plugin); ++i) {
        const auto* port = lilv_plugin_get_port_by_index(&plugin, i);
        if (!lilv_port_is_a(&plugin, port, atom.get())) continue;
        if (!lilv_port_is_a(&plugin, port, input.get())) continue;
        const OwnNode size(lilv_port_get(&plugin, port, minimum.get()));
        const int wanted = size && lilv_node_is_int(size.get()) ? lilv_node_as_int(size.get()) : 0;
        least = std::min(least, std::max<std::size_t>(least_of_juce, std::max(wanted, 0)));
    }
    return least == unknown ? least_of_juce : least;
}

std::map<std::uint32_t, std::string> time_ports(LilvWorld& world, const LilvPlugin& plugin) {
    const OwnNode control(lilv_new_uri(&world, LV2_CORE__ControlPort));
    const OwnNode input(lilv_new_uri(&world, LV2_CORE__InputPort));
    const OwnNode designation(lilv_new_uri(&world, LV2_CORE__designation));
    std::map<std::uint32_t, std::string> ports;
    for (std::uint32_t i = 0; i < lilv_plugin_get_num_ports(&plugin); ++i) {
        const auto* port = lilv_plugin_get_port_by_index(&plugin, i);
        if (!lilv_port_is_a(&plugin, port, control.get())) continue;
        if (!lilv_port_is_a(&plugin, port, input.get())) continue;
        const OwnNode what(lilv_port_get(&plugin, port, designation.get()));
        const std::string uri = lilv_node_is_uri(what.get()) ? lilv_node_as_uri(what.get()) : "";
        if (uri.starts_with(LV2_TIME_PREFIX)) ports.emplace(i, uri);
    }
    return ports;
}

}  // namespace

std::optional<Lv2Plugin> find_lv2(const std::string& uri) {
    const Quiet quiet;
    const World world(lilv_world_new());
    const OwnNode name(lilv_new_uri(world.get(), uri.c_str()));
    if (!name) return {};
    load_bundles_naming(*world, uri);
    const auto* plugin =
        lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world.get()), name.get());
    if (!plugin) return {};
    const auto minor = value_of(*world, *plugin, LV2_CORE__minorVersion);
    const auto micro = value_of(*world, *plugin, LV2_CORE__microVersion);
    const OwnNode state(lilv_new_uri(world.get(), LV2_STATE__interface));
    const OwnNode type(lilv_new_uri(world.get(), LILV_NS_RDF "type"));
    const OwnNode instrument(lilv_new_uri(world.get(), LV2_CORE__InstrumentPlugin));
    return Lv2Plugin{
        .binary = path_of(lilv_plugin_get_library_uri(plugin)),
        .version = minor.empty() || micro.empty() ? "" : minor + "." + micro,
        .is_instrument = lilv_world_ask(world.get(), name.get(), type.get(), instrument.get()),
        .keeps_state = lilv_plugin_has_extension_data(plugin, state.get()),
        .time_ports = time_ports(*world, *plugin),
        .sequence_bytes = sequence_bytes(*world, *plugin)};
}

void let_juce_find_lv2(const std::string& uri, int sample_rate) {
    hosted = {.uri = uri, .sample_rate = sample_rate};
}

std::string lv2_uris_in(const std::string& folder, const std::string& binary) {
    const Quiet quiet;
    const World world(lilv_world_new());
    const auto path = absolute_path(folder) + "/";
    const OwnNode bundle(lilv_new_file_uri(world.get(), nullptr, path.c_str()));
    if (!has_deep_manifest(path)) lilv_world_load_bundle(world.get(), bundle.get());
    std::vector<std::string> uris;
    const auto* plugins = lilv_world_get_all_plugins(world.get());
    for (auto* i = lilv_plugins_begin(plugins); !lilv_plugins_is_end(plugins, i);
         i = lilv_plugins_next(plugins, i)) {
        const auto* plugin = lilv_plugins_get(plugins, i);
        if (binary.empty() || path_of(lilv_plugin_get_library_uri(plugin)) == binary)
            uris.emplace_back(lilv_node_as_uri(lilv_plugin_get_uri(plugin)));
    }
    return some_of(std::move(uris));
}

}  // namespace patchpipe

using patchpipe::hosted;

extern "C" {
void __real_lilv_port_get_range(const LilvPlugin* plugin, const LilvPort* port, LilvNode** def,
                                LilvNode** min, LilvNode** max);
LilvNodes* __real_lilv_plugin_get_required_features(const LilvPlugin* plugin);
void __wrap_lilv_world_load_all(LilvWorld* world);
void __wrap_lilv_port_get_range(const LilvPlugin* plugin, const LilvPort* port, LilvNode** def,
                                LilvNode** min, LilvNode** max);
LilvNodes* __wrap_lilv_plugin_get_required_features(const LilvPlugin* plugin);
}

void __wrap_lilv_world_load_all(LilvWorld* world) {
    hosted.world = world;
    patchpipe::load_bundles_naming(*world, hosted.uri);
}

void __wrap_lilv_port_get_range(const LilvPlugin* plugin, const LilvPort* port, LilvNode** def,
                                LilvNode** min, LilvNode** max) {
    __real_lilv_port_get_range(plugin, port, def, min, max);
    if (patchpipe::is_multiple_of_rate(plugin, port)) patchpipe::put_in_hertz(*def, *min, *max);
}

// lilv itself takes nothing out of its nodes, which are a tree of zix.
LilvNodes* __wrap_lilv_plugin_get_required_features(const LilvPlugin* plugin) {
    auto* const required = __real_lilv_plugin_get_required_features(plugin);
    for (auto* i = lilv_nodes_begin(required); !lilv_nodes_is_end(required, i);
         i = lilv_nodes_next(required, i))
        if (lilv_node_as_string(lilv_nodes_get(required, i)) == patchpipe::served_feature) {
            zix_tree_remove(static_cast<ZixTree*>(required), static_cast<ZixTreeIter*>(i));
            break;
        }
    return required;
}
