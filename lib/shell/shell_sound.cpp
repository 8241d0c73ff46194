// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What hosts ask the shell for and set in it: its state, the parameters in the slots, its status.
// Which build plays, and when, is in shell.cpp.
#include "shell/shell.h"

#include <utility>

#include "base/json.h"

namespace patchpipe {

// What the host has set and no block has told yet.
void Shell::set_news(Processor& processor) {
    auto* patch = processor.patch();
    for (std::size_t slot = 0; patch && slot < slot_count; ++slot)
        if (auto& value = stage_.values()[slot]; indices_[slot] && value.take_news())
            patch->set_parameter(*indices_[slot], meant_value(value.get()));
}

HandOver Shell::sound_now() {
    HandOver sound;
    stage_.visit([&](Processor& processor) {
        set_news(processor);
        sound = hand_over(processor);
    });
    return sound;
}

// What is known of a code that failed.
HandOver Shell::sound_of_slots() const {
    HandOver sound;
    sound.parameters = facts_.parameters;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!indices_[slot]) continue;
        auto& parameter = sound.parameters[*indices_[slot]];
        const auto value = stage_.value(slot);
        if (static_cast<float>(parameter.value) == value) continue;
        parameter.value = meant_value(value);
        parameter.own.reset();
    }
    return sound;
}

std::string Shell::state() {
    const std::lock_guard lock(mutex_);
    if (kept_state_) return *kept_state_;
    ShellState state{.plugin_path = plugin_path_, .slots = slots_.ids(), .sound = {}};
    try {
        if (processor_)
            state.sound = sound_now();
        else if (last_sound_)
            state.sound = *last_sound_;
    } catch (...) {
        tell_error("error", error_of(std::current_exception(), facts_.info.name));
        state.sound = sound_of_slots();
    }
    return write_shell_state(state);
}

void Shell::set_state(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    try {
        const auto state = read_shell_state(bytes);
        kept_state_ = std::string(bytes);
        slots_.set_ids(state.slots);
        if (state.plugin_path == plugin_path_ && processor_) {
            Code same{.processor = processor_->another(settings_.blocks), .facts = facts_};
            if (same.processor) {
                play(std::move(same), state.sound);
                return tell_loaded("loaded", "loaded a sound of", Record("{}"));
            }
        }
        choose(state.plugin_path, state.sound);
        if (state.plugin_path.empty()) kept_state_.reset();
    } catch (const Error& error) {
        tell_error("rejected", error);
    }
}

std::optional<Parameter> Shell::parameter(std::size_t slot) const {
    const std::lock_guard lock(mutex_);
    if (!indices_[slot]) return {};
    return facts_.parameters[*indices_[slot]];
}

std::string Shell::text(std::size_t slot, float value) const {
    const std::lock_guard lock(mutex_);
    if (!indices_[slot] || !processor_) return "";
    return processor_->patch()
        ->parameter_text(*indices_[slot], meant_value(value))
        .value_or(json_number(meant_value(value)));
}

std::optional<float> Shell::value_of(std::size_t slot, const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (!indices_[slot] || !processor_) return {};
    const auto value = processor_->patch()->parameter_value(*indices_[slot], text);
    return value ? std::optional(static_cast<float>(*value)) : std::nullopt;
}

ShellStatus Shell::status() const {
    const std::lock_guard lock(mutex_);
    auto status = status_;
    status.plugin_path = plugin_path_;
    if (!processor_) return status;
    status.code = facts_.info.name;
    status.meters = facts_.meters;
    status.latency_frames = stage_.latency_frames();
    status.tail_frames = facts_.tail_frames;
    return status;
}

}  // namespace patchpipe
