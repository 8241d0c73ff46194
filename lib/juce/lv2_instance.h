// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An LV2 plug-in as JUCE sees it. JUCE 7 leaves out some of what a plug-in may expect of its host,
// so the linker turns JUCE's lilv_plugin_instantiate() and lilv_instance_free() to ours, which put
// this class in between:
//
// - A port that JUCE leaves unconnected, as it does all CV ports, is connected: an input to its
//   default value, an output to memory that nobody reads. Only a port whose connection is optional
//   stays unconnected.
// - Work that the plug-in schedules, as a sampler does to load a file, is done at once on the same
//   thread. JUCE has it done on a thread of its own, sometime, which forked children do not have.
// - A control port that is designated for the tempo or the like (time:beatsPerMinute) gets it. JUCE
//   leaves it at its default.
// - JUCE prepares a plug-in by replacing it with a second instance. Until it plays, the first one
//   stays: it loads once, and a plug-in that crashes when it is freed without having played is not.
#pragma once

#include <lilv/lilv.h>
#include <lv2/worker/worker.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "juce/lv2_features.h"
#include "render/timeline.h"

namespace patchpipe {

/// What the next blocks of all instances are told in ports designated for it.
void set_lv2_transport(const Transport& transport);

class Lv2Instance {
 public:
    /// instance() is null if the plug-in gives none.
    Lv2Instance(const LilvPlugin* plugin, double sample_rate, const LV2_Feature* const* features);
    ~Lv2Instance();
    Lv2Instance(const Lv2Instance&) = delete;
    Lv2Instance& operator=(const Lv2Instance&) = delete;

    [[nodiscard]] LilvInstance* instance() const { return instance_; }

    /// True if it can be the next instance too; release() is then called once more.
    [[nodiscard]] bool share(const LilvPlugin* plugin, double sample_rate,
                             const LV2_Feature* const* features);
    /// True if nobody uses it any more.
    [[nodiscard]] bool release() { return --users_ == 0; }

    void connect(std::uint32_t port, void* data);
    void activate();
    void run(std::uint32_t frames);

 private:
    void put_own_descriptor();
    void make_substitutes();
    void find_time_ports();
    [[nodiscard]] LV2_Worker_Status work(std::uint32_t size, const void* data);
    [[nodiscard]] LV2_Worker_Status respond(std::uint32_t size, const void* data);

    // A value of the transport, and where the plug-in reads it.
    struct TimePort {
        double (*value_in)(const Transport& transport);
        float value = 0;
    };

    const LilvPlugin* plugin_;
    double sample_rate_;
    Lv2Features features_;
    LilvInstance* instance_;
    const LV2_Descriptor* original_ = nullptr;
    LV2_Descriptor descriptor_{};
    const LV2_Worker_Interface* worker_ = nullptr;
    std::vector<std::vector<float>> substitutes_;  ///< of each port; empty if it gets none
    std::map<std::uint32_t, TimePort> time_ports_;
    std::vector<std::string> responses_;  ///< to work done while the plug-in did not run
    int users_ = 1;
    bool active_ = false, running_ = false;
};

}  // namespace patchpipe
