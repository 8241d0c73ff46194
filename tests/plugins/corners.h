// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The common part of the synths in corners.cpp: a cosine at half the velocity while a note is held.
#pragma once

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace patchpipe {

enum Port : std::uint32_t { midi_in, audio_out, cv_in, cv_out, audio_in = cv_in, port_count = 4 };

template <class T>
T* feature(const LV2_Feature* const* features, std::string_view uri) {
    for (; *features; ++features)
        if ((*features)->URI == uri) return static_cast<T*>((*features)->data);
    return nullptr;
}

class Corner {
 public:
    Corner(double rate, const LV2_Feature* const* features) : rate_(rate) {
        const auto* map = feature<LV2_URID_Map>(features, LV2_URID__map);
        midi_event_ = map->map(map->handle, LV2_MIDI__MidiEvent);
    }
    virtual ~Corner() = default;
    Corner(const Corner&) = delete;
    Corner& operator=(const Corner&) = delete;

    void connect(std::uint32_t port, void* data) { ports_.at(port) = data; }

    virtual void activate() {}
    virtual void run(std::uint32_t frames) {
        std::uint32_t frame = 0;
        LV2_ATOM_SEQUENCE_FOREACH(static_cast<const LV2_Atom_Sequence*>(ports_[midi_in]), event) {
            frame = play_until(frame, static_cast<std::uint32_t>(event->time.frames));
            if (event->body.type == midi_event_)
                take(reinterpret_cast<const std::uint8_t*>(event + 1));
        }
        play_until(frame, frames);
    }

    // For the extensions for workers and states.
    virtual void work(LV2_Worker_Respond_Function, LV2_Worker_Respond_Handle) {}
    virtual void respond() {}
    virtual void end_run() {}
    virtual void restore(const LV2_Feature* const*) {}
    virtual void restore(LV2_State_Retrieve_Function, LV2_State_Handle,
                         const LV2_Feature* const* features) {
        restore(features);
    }

 protected:
    [[nodiscard]] float* audio(Port port) const { return static_cast<float*>(ports_.at(port)); }

    // Called at every note-on; false skips the note.
    virtual bool ready() { return true; }

 private:
    void take(const std::uint8_t* message) {
        const auto kind = message[0] & 0xf0;
        if (kind == 0x90) level_ = ready() ? message[2] / 254.0 : 0;
        if (kind == 0x80) level_ = 0;
        turns_a_frame_ = 440 * std::exp2((message[1] - 69) / 12.0) / rate_;
        turns_ = 0;
    }

    std::uint32_t play_until(std::uint32_t frame, std::uint32_t end) {
        for (; frame < end; ++frame, turns_ += turns_a_frame_)
            audio(audio_out)[frame] =
                static_cast<float>(level_ * std::cos(2 * std::numbers::pi * turns_));
        return frame;
    }

    double rate_, level_ = 0, turns_ = 0, turns_a_frame_ = 0;
    LV2_URID midi_event_;
    std::array<void*, port_count> ports_{};
};

}  // namespace patchpipe
