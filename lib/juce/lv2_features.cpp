// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/lv2_features.h"

#include <lv2/buf-size/buf-size.h>
#include <string_view>

namespace patchpipe {
namespace {

template <class T>
T* find(const LV2_Feature* const* features, std::string_view uri) {
    for (; *features; ++features)
        if ((*features)->URI == uri) return static_cast<T*>((*features)->data);
    return nullptr;
}

// The one that ends the list has no key.
std::size_t count(const LV2_Options_Option* options) {
    std::size_t count = 0;
    while (options[count].key) ++count;
    return count;
}

}  // namespace

Lv2Features::Lv2Features(const LV2_Feature* const* given, const LV2_Worker_Schedule& schedule)
    : schedule_(schedule), block_size_(block_size_in(given)) {
    for (const auto* const* feature = given; *feature; ++feature)
        features_.push_back({(*feature)->URI, copy_of(**feature)});
    features_.push_back({LV2_CORE__isLive, nullptr});
    for (const auto& feature : features_) list_.push_back(&feature);
    list_.push_back(nullptr);
    adopt(given);
}

void Lv2Features::adopt(const LV2_Feature* const* given) {
    if (auto* theirs = find<LV2_Worker_Schedule>(given, LV2_WORKER__schedule)) *theirs = schedule_;
    if (const auto* theirs = find<LV2_Resize_Port_Resize>(given, LV2_RESIZE_PORT__resize))
        resize_ = *theirs;
}

void* Lv2Features::copy_of(const LV2_Feature& feature) {
    const std::string_view uri = feature.URI;
    if (uri == LV2_WORKER__schedule) return &schedule_;
    if (uri == LV2_RESIZE_PORT__resize) return &resize_;
    if (uri == LV2_URID__map) {
        map_ = *static_cast<const LV2_URID_Map*>(feature.data);
        return &map_;
    }
    if (uri == LV2_URID__unmap) {
        unmap_ = *static_cast<const LV2_URID_Unmap*>(feature.data);
        return &unmap_;
    }
    if (uri == LV2_OPTIONS__options) {
        copy_options(static_cast<const LV2_Options_Option*>(feature.data));
        return options_.data();
    }
    return feature.data;
}

// JUCE's are all numbers of 32 bits.
void Lv2Features::copy_options(const LV2_Options_Option* options) {
    options_.assign(options, options + count(options) + 1);
    for (std::size_t i = 0; i + 1 < options_.size(); ++i)
        values_.push_back(*static_cast<const std::int32_t*>(options[i].value));
    for (std::size_t i = 0; i < values_.size(); ++i) options_[i].value = &values_[i];
}

int Lv2Features::block_size_in(const LV2_Feature* const* given) {
    const auto* map = find<LV2_URID_Map>(given, LV2_URID__map);
    const auto* option = find<LV2_Options_Option>(given, LV2_OPTIONS__options);
    if (!map || !option) return 0;
    const auto key = map->map(map->handle, LV2_BUF_SIZE__maxBlockLength);
    for (; option->key; ++option)
        if (option->key == key) return *static_cast<const std::int32_t*>(option->value);
    return 0;
}

}  // namespace patchpipe
