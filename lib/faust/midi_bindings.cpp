// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/midi_bindings.h"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace patchpipe {

FaustMidiBindings::FaustMidiBindings(const std::vector<const FaustItem*>& controls) {
    for (std::size_t i = 0; i < controls.size(); ++i)
        for (const auto& [key, text] : controls[i]->metadata)
            if (key == "midi") bind(text, i, *controls[i]);
}

// "ctrl 1 2" is controller 1 on channel 2; of "pitchwheel 2" too the number is a channel.
void FaustMidiBindings::bind(const std::string& text, std::size_t control, const FaustItem& item) {
    static constexpr struct {
        std::string_view word;
        Event event;
        bool has_number;
    } words[] = {{"ctrl", Event::controller, true},
                 {"key", Event::key, true},
                 {"keyon", Event::key_on, true},
                 {"keyoff", Event::key_off, true},
                 {"keypress", Event::key_pressure, true},
                 {"pgm", Event::program, false},
                 {"chanpress", Event::channel_pressure, false},
                 {"pitchwheel", Event::bend, false},
                 {"pitchbend", Event::bend, false},
                 {"start", Event::start, false},
                 {"stop", Event::stop, false},
                 {"clock", Event::clock, false}};
    std::istringstream parts(text);
    std::string word;
    parts >> word;
    for (const auto& known : words) {
        if (word != known.word) continue;
        Binding binding{.event = known.event,
                        .control = control,
                        .scale = scale_of(item),
                        .min = item.min,
                        .max = item.max};
        if (known.has_number && !(parts >> binding.number)) return;
        if (!(parts >> binding.channel)) binding.channel = 0;
        bindings_.push_back(binding);
    }
}

bool FaustMidiBindings::has_controller(int number) const {
    return std::any_of(bindings_.begin(), bindings_.end(), [&](const Binding& binding) {
        return binding.event == Event::controller && binding.number == number;
    });
}

bool FaustMidiBindings::has_notes() const {
    return std::any_of(bindings_.begin(), bindings_.end(), [](const Binding& binding) {
        return binding.event == Event::key || binding.event == Event::key_on;
    });
}

// The wheel in the middle is 0 where the range has it, else the middle of the range.
double FaustMidiBindings::bent(const Binding& binding, double value) {
    constexpr double middle = 8192, top = 16383;
    const bool has_zero = binding.min <= 0 && binding.max >= 0;
    const double rest = has_zero ? 0 : binding.min + (binding.max - binding.min) / 2;
    return value < middle ? binding.min + value / middle * (rest - binding.min)
                          : rest + (value - middle) / (top - middle) * (binding.max - rest);
}

void FaustMidiBindings::change(Event event, std::optional<int> channel, int number, double value) {
    constexpr double full = 127;
    for (auto& binding : bindings_) {
        if (binding.event != event || binding.number != number) continue;
        if (channel && binding.channel != 0 && binding.channel != *channel + 1) continue;
        double set = value;
        if (event == Event::bend) {
            set = bent(binding, value);
        } else if (event == Event::program) {
            if (value < binding.min || value > binding.max) continue;
        } else if (event == Event::clock) {
            set = (binding.on = !binding.on) ? 1 : 0;
        } else if (event != Event::start && event != Event::stop) {
            set = binding.scale.value_at(value / full);
        }
        changes_.push_back({binding.control, set, channel});
    }
}

std::span<const FaustMidiChange> FaustMidiBindings::changes(std::span<const std::uint8_t> message) {
    changes_.clear();
    if (message.empty() || bindings_.empty()) return changes_;
    constexpr int clock = 0xf8, start = 0xfa, stop = 0xfc;
    if (message[0] == clock) change(Event::clock, {}, 0, 0);
    if (message[0] == start) change(Event::start, {}, 0, 1);
    if (message[0] == stop) change(Event::stop, {}, 0, 0);
    const int kind = message[0] & 0xf0, channel = message[0] & 0x0f;
    if (kind == 0xf0 || message.size() < 2) return changes_;
    const int first = message[1], second = message.size() > 2 ? message[2] : 0;
    const bool on = kind == 0x90 && second > 0;
    if (on) {
        change(Event::key_on, channel, first, second);
        change(Event::key, channel, first, second);
    } else if (kind == 0x80 || kind == 0x90) {
        change(Event::key_off, channel, first, second);
        change(Event::key, channel, first, 0);
    }
    if (kind == 0xa0) change(Event::key_pressure, channel, first, second);
    if (kind == 0xb0) change(Event::controller, channel, first, second);
    if (kind == 0xc0) change(Event::program, channel, 0, first);
    if (kind == 0xd0) change(Event::channel_pressure, channel, 0, first);
    if (kind == 0xe0) change(Event::bend, channel, 0, first + 128 * second);
    return changes_;
}

}  // namespace patchpipe
