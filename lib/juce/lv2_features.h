// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The features that an LV2 plug-in is given when it is made. JUCE's own are gone with its instance,
// which a plug-in may outlive here (lv2_instance.h); these are copies that stay. lv2:isLive, which
// some plug-ins require, is there too.
#pragma once

#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/resize-port/resize-port.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <cstdint>
#include <vector>

namespace patchpipe {

class Lv2Features {
 public:
    /// Takes the place of JUCE's scheduler too, which restoring a state is given.
    Lv2Features(const LV2_Feature* const* given, const LV2_Worker_Schedule& schedule);
    Lv2Features(const Lv2Features&) = delete;
    Lv2Features& operator=(const Lv2Features&) = delete;

    /// From here on requests go to these, which JUCE has made for another instance.
    void adopt(const LV2_Feature* const* given);

    [[nodiscard]] const LV2_Feature* const* list() const { return list_.data(); }
    [[nodiscard]] int block_size() const { return block_size_; }

    /// Of features in JUCE's form.
    [[nodiscard]] static int block_size_in(const LV2_Feature* const* given);

 private:
    void copy_options(const LV2_Options_Option* options);
    [[nodiscard]] void* copy_of(const LV2_Feature& feature);

    LV2_URID_Map map_{};
    LV2_URID_Unmap unmap_{};
    LV2_Worker_Schedule schedule_;
    LV2_Resize_Port_Resize resize_{};
    std::vector<LV2_Options_Option> options_;
    std::vector<std::int32_t> values_;  // of the options
    std::vector<LV2_Feature> features_;
    std::vector<const LV2_Feature*> list_;
    int block_size_;
};

}  // namespace patchpipe
