// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which MIDI messages set which controls: what a program says in [midi:ctrl 1], [midi:pitchwheel]
// and the like, as in the library's own MidiUI.h. Not here: notes as voices (voices.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "faust/interface.h"
#include "faust/parameters.h"

namespace patchpipe {

/// A control's new value, and the channel that the message came on, 0 to 15; a message of the
/// system, as start, has none.
struct FaustMidiChange {
    std::size_t control;
    double value;
    std::optional<int> channel;
};

class FaustMidiBindings {
 public:
    /// The indices of FaustMidiChange are those of these controls.
    explicit FaustMidiBindings(const std::vector<const FaustItem*>& controls);

    /// True if a controller of that number sets a control.
    [[nodiscard]] bool has_controller(int number) const;
    /// True if a note sets a control.
    [[nodiscard]] bool has_notes() const;

    /// What the message changes; valid until the next call.
    [[nodiscard]] std::span<const FaustMidiChange> changes(std::span<const std::uint8_t> message);

 private:
    enum class Event {
        controller,
        key,  ///< note-on and note-off
        key_on,
        key_off,
        key_pressure,
        program,
        channel_pressure,
        bend,
        start,
        stop,
        clock,
    };

    struct Binding {
        Event event;
        int number = 0;   ///< of the controller or key
        int channel = 0;  ///< 1 to 16; 0 is all
        std::size_t control;
        FaustScale scale;
        double min, max;
        bool on = false;  ///< of a clock, which goes up and down
    };

    void bind(const std::string& text, std::size_t control, const FaustItem& item);
    void change(Event event, std::optional<int> channel, int number, double value);
    [[nodiscard]] static double bent(const Binding& binding, double value);

    std::vector<Binding> bindings_;
    std::vector<FaustMidiChange> changes_;
};

}  // namespace patchpipe
