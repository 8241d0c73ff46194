// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One build of a plug-in that plays, in a process of its own, block by block: what it does there
// ends only that process. Not here: from one generation to the next (reloading.h).
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "job/plugin_host.h"
#include "reload/block_memory.h"
#include "reload/private_copy.h"
#include "render/patch.h"
#include "render/processor.h"

namespace patchpipe {

struct GenerationSettings {
    HostSettings host;
    Record sound{"{}"};              ///< preset_path, program: as in a job
    std::chrono::milliseconds hang;  ///< after which a block, or a state, counts as one that never
                                     ///< ends
    int number;                      ///< of the generation, from 1
};

class Generation {
 public:
    /// Opens the plug-in. Throws Error with the reason if it cannot be opened or loads no sound.
    explicit Generation(const GenerationSettings& settings);

    [[nodiscard]] int number() const { return settings_.number; }
    [[nodiscard]] const std::string& plugin_path() const { return settings_.host.plugin_path; }
    [[nodiscard]] const Record& description() const { return description_; }
    [[nodiscard]] const std::vector<ParameterName>& parameters() const { return parameters_; }
    [[nodiscard]] const std::vector<std::string>& meter_ids() const { return meter_ids_; }
    [[nodiscard]] int channels() const { return sizes_.channels; }
    [[nodiscard]] int inputs() const { return sizes_.inputs; }
    [[nodiscard]] int latency_frames() const { return latency_; }
    [[nodiscard]] EventRoom event_room() const { return room_; }
    [[nodiscard]] bool one_controller_a_block() const { return one_controller_; }
    [[nodiscard]] bool sandboxed() const { return host_.sandboxed(); }

    // Each of these throws Error crash or timeout if the process ended over it, and is then of no
    // use.

    /// Plays a block. The channels stay valid until the next one.
    [[nodiscard]] const float* const* process(const Block& block);
    [[nodiscard]] std::span<const float> meters() const { return memory_.meters(); }

    /// Its sound now, for take_over() of another one, which returns the fields of TakenOver
    /// (render/hand_over.h).
    [[nodiscard]] std::string hand_over();
    [[nodiscard]] Record take_over(const std::string& sound);

    /// Clears what sounds in it.
    void reset();

    /// The value of a parameter that is given as text. Throws Error bad-record if there is none.
    [[nodiscard]] double value_of(std::size_t parameter, const std::string& text);

    /// Ends it, from any thread.
    void kill() const { host_.kill(); }

 private:
    [[nodiscard]] HostSettings host_settings() const;
    [[nodiscard]] BlockSizes sizes_of(const HostSettings& host) const;
    void begin();

    GenerationSettings settings_;
    PrivateCopy copy_;
    PluginHost host_;
    Record description_;
    std::vector<ParameterName> parameters_;
    std::vector<std::string> meter_ids_;
    BlockSizes sizes_;
    BlockMemory memory_;
    EventRoom room_;
    int latency_ = 0;
    bool one_controller_ = false;
};

}  // namespace patchpipe
