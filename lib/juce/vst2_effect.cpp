// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/vst2_effect.h"

#include <pluginterfaces/vst2.x/aeffectx.h>

#include <vector>

#include "base/error.h"
#include "base/utf8.h"
#include "preset/fxp.h"

namespace patchpipe {
namespace {

std::intptr_t dispatch(AEffect& effect, int opcode, int index = 0, std::intptr_t value = 0,
                       void* pointer = nullptr) {
    return effect.dispatcher(&effect, opcode, index, value, pointer, 0.0F);
}

// What a state is of: the index of effGetChunk and effSetChunk.
enum class Part { bank = 0, program = 1 };

// Tells the plug-in that a program changes, as its host would in a menu.
class ProgramChange {
 public:
    explicit ProgramChange(AEffect& effect) : effect_(effect) {
        dispatch(effect_, effBeginSetProgram);
    }
    ~ProgramChange() { dispatch(effect_, effEndSetProgram); }
    ProgramChange(const ProgramChange&) = delete;
    ProgramChange& operator=(const ProgramChange&) = delete;

 private:
    AEffect& effect_;
};

std::vector<float> parameters(AEffect& effect) {
    std::vector<float> values;
    for (int i = 0; i < effect.numParams; ++i) values.push_back(effect.getParameter(&effect, i));
    return values;
}

void check_id(const AEffect& effect, const FxHeader& header, const std::string& path,
              const std::string& plugin_name) {
    const auto id = static_cast<std::uint32_t>(effect.uniqueID);
    if (header.plugin_id == id) return;
    throw Error(ErrorKind::wrong_plugin, path,
                "belongs to the plug-in " + show_plugin_id(header.plugin_id) + ", but " +
                    plugin_name + " is " + show_plugin_id(id) +
                    "; give the plug-in that the preset was made with");
}

void set_parameters(AEffect& effect, const std::vector<float>& values, const std::string& path) {
    if (static_cast<int>(values.size()) > effect.numParams)
        throw Error(ErrorKind::preset_rejected, path,
                    "has " + std::to_string(values.size()) + " parameters, but the plug-in only " +
                        std::to_string(effect.numParams));
    for (std::size_t i = 0; i < values.size(); ++i)
        effect.setParameter(&effect, static_cast<int>(i), values[i]);
}

std::string state_of(AEffect& effect, Part part) {
    void* state = nullptr;  // the plug-in's own memory, until the next call
    const auto size = dispatch(effect, effGetChunk, static_cast<int>(part), 0, &state);
    if (size <= 0 || !state) return "";
    return {static_cast<const char*>(state), static_cast<std::size_t>(size)};
}

// The plug-in's answer: 0 may be a refusal.
bool give_state(AEffect& effect, Part part, std::string_view state) {
    return dispatch(effect, effSetChunk, static_cast<int>(part),
                    static_cast<std::intptr_t>(state.size()), const_cast<char*>(state.data())) != 0;
}

void set_state(AEffect& effect, Part part, std::string_view state, const std::string& path) {
    if (!keeps_state(effect))
        throw Error(ErrorKind::preset_rejected, path,
                    "holds a state, but the plug-in takes parameters only");
    const auto before = state_of(effect, part);
    if (give_state(effect, part, state) || state_of(effect, part) != before) return;
    // Many plug-ins answer 0 to every state. One that takes its own with another answer means it.
    if (give_state(effect, part, before))
        throw Error(ErrorKind::preset_rejected, path, "the plug-in refused the state in it");
}

void load(AEffect& effect, const Fxp& fxp, const std::string& path,
          const std::string& plugin_name) {
    check_id(effect, fxp.header, path, plugin_name);
    if (fxp.header.kind == FxKind::bank_state)
        return set_state(effect, Part::bank, fxp.state, path);
    const ProgramChange change(effect);
    if (fxp.header.kind == FxKind::parameters)
        set_parameters(effect, fxp.parameters, path);
    else
        set_state(effect, Part::program, fxp.state, path);
}

}  // namespace

std::string effect_id(const AEffect& effect) {
    return plugin_id_text(static_cast<std::uint32_t>(effect.uniqueID));
}

bool keeps_state(const AEffect& effect) { return (effect.flags & effFlagsProgramChunks) != 0; }

std::string effect_name(AEffect& effect) {
    for (const int opcode : {effGetEffectName, effGetProductString}) {
        char name[256] = {};  // the interface says 64, plug-ins write more
        dispatch(effect, opcode, 0, 0, name);
        if (name[0] && is_utf8(name)) return name;
    }
    return "";
}

void load_fxp(AEffect& effect, std::string_view bytes, const std::string& path,
              const std::string& plugin_name) {
    load(effect, parse_fxp(bytes, path), path, plugin_name);
}

void load_fx_state(AEffect& effect, std::string_view bytes, const std::string& path,
                   const std::string& plugin_name) {
    load(effect, parse_fx_state(bytes, path), path, plugin_name);
}

void load_raw_state(AEffect& effect, std::string_view bytes, const std::string& path,
                    const std::string& plugin_name, RawState which) {
    if (which == RawState::any && keeps_state(effect) && effect.numPrograms > 1 &&
        state_of(effect, Part::bank) != state_of(effect, Part::program))
        throw Error(ErrorKind::unsupported, path,
                    "is a bare state, and " + plugin_name +
                        " has one for a program and another for all of its " +
                        std::to_string(effect.numPrograms) +
                        "; say which one in state_format: raw-program or raw-bank");
    if (which != RawState::program) return set_state(effect, Part::bank, bytes, path);
    const ProgramChange change(effect);
    set_state(effect, Part::program, bytes, path);
}

int effect_latency(const AEffect& effect) { return effect.initialDelay; }

std::optional<float> text_to_parameter(AEffect& effect, int index, const std::string& text) {
    constexpr int string_to_parameter = 27;  // effString2Parameter
    auto bytes = text;
    if (dispatch(effect, string_to_parameter, index, 0, bytes.data()) == 0) return {};
    return effect.getParameter(&effect, index);
}

std::string effect_state(AEffect& effect) {
    if (!keeps_state(effect)) {
        const auto values = parameters(effect);
        return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
    }
    return state_of(effect, Part::program);
}

std::string save_fxp(AEffect& effect, const std::string& name) {
    const bool has_state = keeps_state(effect);
    Fxp fxp;
    fxp.header = {.kind = has_state ? FxKind::state : FxKind::parameters,
                  .plugin_id = static_cast<std::uint32_t>(effect.uniqueID),
                  .plugin_version = static_cast<std::uint32_t>(effect.version),
                  .count = static_cast<std::uint32_t>(effect.numParams),
                  .program_name = name};
    if (!has_state) {
        fxp.parameters = parameters(effect);
        return build_fxp(fxp);
    }
    const auto state = effect_state(effect);
    if (state.empty())
        throw Error(ErrorKind::preset_rejected, name, "the plug-in gave no state for this program");
    fxp.state = state;
    return build_fxp(fxp);
}

}  // namespace patchpipe
