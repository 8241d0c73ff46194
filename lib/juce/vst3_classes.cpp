// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/vst3_classes.h"

#include <dlfcn.h>
#include <pluginterfaces/base/ipluginbase.h>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace patchpipe {
namespace {

using Steinberg::IPluginFactory;
using Steinberg::IPluginFactory2;
using Steinberg::PClassInfo;
using Steinberg::PClassInfo2;

// The interface wants a module to be entered before anything else, and JUCE enters it once. Asked
// for a plug-in without a name it does that, and finds none.
void enter_module(juce::AudioPluginFormat& format, const juce::PluginDescription& nameless) {
    juce::String why;
    (void)format.createInstanceFromDescription(nameless, 44100, 512, why);
}

Steinberg::IPtr<IPluginFactory> factory_of(const Source& source) {
    using GetFactory = IPluginFactory*();
    void* library = dlopen(source.files.front().c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (!library) return {};
    auto* get_factory = reinterpret_cast<GetFactory*>(dlsym(library, "GetPluginFactory"));
    auto factory = get_factory ? Steinberg::owned(get_factory()) : nullptr;
    dlclose(library);  // JUCE keeps it
    return factory;
}

// As JUCE numbers classes.
int juce_unique_id(const Steinberg::TUID& class_id) {
    const Steinberg::FUID id = Steinberg::FUID::fromTUID(class_id);
    std::uint32_t hash = 0;
    for (const auto part : {id.getLong1(), id.getLong2(), id.getLong3(), id.getLong4()})
        hash = hash * 31 + part;
    return static_cast<int>(hash);
}

bool is_instrument(IPluginFactory& factory, int index) {
    IPluginFactory2* factory2 = nullptr;
    if (factory.queryInterface(IPluginFactory2::iid, reinterpret_cast<void**>(&factory2)) !=
        Steinberg::kResultOk)
        return false;
    const auto owner = Steinberg::owned(factory2);
    PClassInfo2 info{};
    return factory2->getClassInfo2(index, &info) == Steinberg::kResultOk &&
           juce::String(juce::CharPointer_UTF8(info.subCategories))
               .containsIgnoreCase("Instrument");
}

}  // namespace

juce::PluginDescription describe_vst3(juce::AudioPluginFormat& format, const Source& source) {
    juce::PluginDescription description;
    description.fileOrIdentifier = source.identifier;
    description.pluginFormatName = format.getName();
    enter_module(format, description);
    const auto factory = factory_of(source);
    const int classes = factory ? factory->countClasses() : 0;
    for (int i = 0; i < classes && !description.isInstrument; ++i) {
        PClassInfo info{};
        if (factory->getClassInfo(i, &info) != Steinberg::kResultOk) continue;
        if (std::strcmp(info.category, "Audio Module Class") != 0) continue;
        const bool instrument = is_instrument(*factory, i);
        if (description.uniqueId != 0 && !instrument) continue;
        description.isInstrument = instrument;
        description.name = juce::String(juce::CharPointer_UTF8(info.name)).trim();
        description.uniqueId = juce_unique_id(info.cid);
    }
    if (description.uniqueId != 0) return description;
    throw Error(ErrorKind::plugin_load, source.identifier,
                "holds no VST3 plug-in that can be loaded here");
}

}  // namespace patchpipe
