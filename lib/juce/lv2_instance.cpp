// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/lv2_instance.h"

#include <lv2/core/lv2.h>
#include <lv2/time/time.h>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include "base/free.h"
#include "juce/lv2_bundle.h"

extern "C" {
LilvInstance* __real_lilv_plugin_instantiate(const LilvPlugin* plugin, double sample_rate,
                                             const LV2_Feature* const* features);
void __real_lilv_instance_free(LilvInstance* instance);
}

namespace patchpipe {
namespace {

using Nodes = std::unique_ptr<LilvNodes, Free<lilv_nodes_free>>;

// By the handle, which is all that a plug-in is called with. Never freed: the process may end at
// any time, and nothing is taken down then.
auto& instances = *new std::map<LV2_Handle, std::unique_ptr<Lv2Instance>>;

Lv2Instance& instance_of(LV2_Handle handle) { return *instances.at(handle); }

bool contain(const LilvNodes* nodes, std::string_view uri) {
    for (auto* i = lilv_nodes_begin(nodes); !lilv_nodes_is_end(nodes, i);
         i = lilv_nodes_next(nodes, i))
        if (lilv_node_as_string(lilv_nodes_get(nodes, i)) == uri) return true;
    return false;
}

// JUCE connects ports of other kinds itself.
bool needs_substitute(const LilvPlugin* plugin, const LilvPort* port) {
    const auto* classes = lilv_port_get_classes(plugin, port);
    const Nodes properties(lilv_port_get_properties(plugin, port));
    return (contain(classes, LV2_CORE__AudioPort) || contain(classes, LV2_CORE__CVPort)) &&
           !contain(properties.get(), LV2_CORE__connectionOptional);
}

struct TimeValue {
    std::string_view uri;
    double (*value_in)(const Transport& transport);
};

constexpr TimeValue time_values[] = {
    // Quarter notes in any time signature, as JUCE gives them in the position's events.
    {LV2_TIME__beatsPerMinute, [](const Transport& transport) { return transport.music.bpm; }},
    {LV2_TIME__beatsPerBar,
     [](const Transport& transport) { return double(transport.music.numerator); }},
    {LV2_TIME__beatUnit,
     [](const Transport& transport) { return double(transport.music.denominator); }},
    {LV2_TIME__speed, [](const Transport& transport) { return transport.playing ? 1.0 : 0.0; }}};

Transport block_transport;

}  // namespace

void set_lv2_transport(const Transport& transport) { block_transport = transport; }

Lv2Instance::Lv2Instance(const LilvPlugin* plugin, double sample_rate,
                         const LV2_Feature* const* features)
    : plugin_(plugin),
      sample_rate_(sample_rate),
      features_(features,
                {this,
                 [](LV2_Worker_Schedule_Handle self, std::uint32_t size, const void* data) {
                     return static_cast<Lv2Instance*>(self)->work(size, data);
                 }}),
      instance_(__real_lilv_plugin_instantiate(plugin, sample_rate, features_.list())) {
    if (!instance_) return;
    put_own_descriptor();
    make_substitutes();
    find_time_ports();
    const Nodes extensions(lilv_plugin_get_extension_data(plugin));
    if (contain(extensions.get(), LV2_WORKER__interface) && original_->extension_data)
        worker_ = static_cast<const LV2_Worker_Interface*>(
            original_->extension_data(LV2_WORKER__interface));
}

Lv2Instance::~Lv2Instance() {
    if (!instance_) return;
    instance_->lv2_descriptor = original_;
    __real_lilv_instance_free(instance_);
}

void Lv2Instance::put_own_descriptor() {
    original_ = std::exchange(instance_->lv2_descriptor, &descriptor_);
    descriptor_ = *original_;
    descriptor_.connect_port = [](LV2_Handle handle, std::uint32_t port, void* data) {
        instance_of(handle).connect(port, data);
    };
    descriptor_.activate = [](LV2_Handle handle) { instance_of(handle).activate(); };
    descriptor_.run = [](LV2_Handle handle, std::uint32_t frames) {
        instance_of(handle).run(frames);
    };
}

void Lv2Instance::make_substitutes() {
    const auto ports = lilv_plugin_get_num_ports(plugin_);
    std::vector<float> defaults(ports);
    lilv_plugin_get_port_ranges_float(plugin_, nullptr, nullptr, defaults.data());
    substitutes_.resize(ports);
    for (std::uint32_t port = 0; port < ports; ++port) {
        if (!needs_substitute(plugin_, lilv_plugin_get_port_by_index(plugin_, port))) continue;
        const float value = std::isfinite(defaults[port]) ? defaults[port] : 0;
        substitutes_[port].assign(static_cast<std::size_t>(features_.block_size()), value);
    }
}

void Lv2Instance::find_time_ports() {
    const auto described = find_lv2(lilv_node_as_uri(lilv_plugin_get_uri(plugin_)));
    if (!described) return;
    for (const auto& [port, uri] : described->time_ports)
        for (const auto& value : time_values)
            if (value.uri == uri) time_ports_[port] = {value.value_in};
}

bool Lv2Instance::share(const LilvPlugin* plugin, double sample_rate,
                        const LV2_Feature* const* features) {
    if (active_ || plugin != plugin_ || sample_rate != sample_rate_ ||
        Lv2Features::block_size_in(features) != features_.block_size())
        return false;
    features_.adopt(features);
    ++users_;
    return true;
}

void Lv2Instance::connect(std::uint32_t port, void* data) {
    if (const auto told = time_ports_.find(port); told != time_ports_.end())
        data = &told->second.value;
    auto& substitute = substitutes_[port];
    const bool substituted = !data && !substitute.empty();
    original_->connect_port(instance_->lv2_handle, port, substituted ? substitute.data() : data);
}

void Lv2Instance::activate() {
    active_ = true;
    if (original_->activate) original_->activate(instance_->lv2_handle);
}

void Lv2Instance::run(std::uint32_t frames) {
    running_ = true;
    for (auto& [index, port] : time_ports_)
        port.value = static_cast<float>(port.value_in(block_transport));
    for (const auto& response : std::exchange(responses_, {}))
        (void)respond(static_cast<std::uint32_t>(response.size()), response.data());
    original_->run(instance_->lv2_handle, frames);
    running_ = false;
    if (worker_ && worker_->end_run) worker_->end_run(instance_->lv2_handle);
}

LV2_Worker_Status Lv2Instance::work(std::uint32_t size, const void* data) {
    if (!worker_ || !worker_->work) return LV2_WORKER_ERR_UNKNOWN;
    const auto answer = [](LV2_Worker_Respond_Handle self, std::uint32_t size, const void* data) {
        return static_cast<Lv2Instance*>(self)->respond(size, data);
    };
    return worker_->work(instance_->lv2_handle, answer, this, size, data);
}

// Which the plug-in expects while it runs only.
LV2_Worker_Status Lv2Instance::respond(std::uint32_t size, const void* data) {
    if (!worker_->work_response) return LV2_WORKER_ERR_UNKNOWN;
    if (running_) return worker_->work_response(instance_->lv2_handle, size, data);
    responses_.emplace_back(static_cast<const char*>(data), size);
    return LV2_WORKER_SUCCESS;
}

}  // namespace patchpipe

using patchpipe::instances;
using patchpipe::Lv2Instance;

extern "C" {
LilvInstance* __wrap_lilv_plugin_instantiate(const LilvPlugin* plugin, double sample_rate,
                                             const LV2_Feature* const* features);
void __wrap_lilv_instance_free(LilvInstance* instance);
}

LilvInstance* __wrap_lilv_plugin_instantiate(const LilvPlugin* plugin, double sample_rate,
                                             const LV2_Feature* const* features) {
    for (auto& [handle, instance] : instances)
        if (instance->share(plugin, sample_rate, features)) return instance->instance();
    auto made = std::make_unique<Lv2Instance>(plugin, sample_rate, features);
    auto* const instance = made->instance();
    if (instance) instances.emplace(instance->lv2_handle, std::move(made));
    return instance;
}

void __wrap_lilv_instance_free(LilvInstance* instance) {
    if (!instance) return;
    const auto found = instances.find(instance->lv2_handle);
    if (found->second->release()) instances.erase(found);
}
