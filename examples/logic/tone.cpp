// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The logic library of tone.c in C++. No exception may leave its functions, and
// -fno-gnu-unique lets a host unload it.
#include <patchpipe/logic.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>

namespace {

enum { level, bright, parameter_count };

constexpr patchpipe_parameter parameters[parameter_count] = {
    {"level", "Level", "dB", nullptr, -60, 0, -12, 0, PATCHPIPE_SCALE_LINEAR},
    {"bright", "Brightness", nullptr, nullptr, 0.01, 1, 0.5, 0, PATCHPIPE_SCALE_LOG},
};

constexpr patchpipe_meter meters[] = {{"peak", "Peak", nullptr}};

class Tone {
 public:
    void reset(double sample_rate) {
        *this = {};
        rate_ = static_cast<float>(sample_rate);
    }

    void take(std::span<const std::uint8_t> message) {
        if (message.size() != 3) return;
        const int kind = message[0] & 0xf0, note = message[1], velocity = message[2];
        if (kind == 0x90 && velocity > 0) {
            note_ = note;
            frequency_ = static_cast<float>(440 * std::pow(2, (note - 69.0) / 12));
            gate_ = static_cast<float>(velocity) / 127;
        } else if ((kind == 0x80 || kind == 0x90) && note == note_) {
            gate_ = 0;
        }
    }

    float next(float gain, float brightness) {
        const float step = 1 / rate_ * frequency_;
        phase_ = step + (phase_ - std::floor(step + phase_));
        amplitude_ = 0.005F * gate_ * gain + 0.995F * amplitude_;
        last_ = (1 - brightness) * last_ + brightness * amplitude_ * (2 * phase_ - 1);
        return last_;
    }

    [[nodiscard]] bool sounds() const { return gate_ > 0 || amplitude_ > 1e-6F; }

 private:
    float rate_ = 44100, frequency_ = 440, gate_ = 0;
    float phase_ = 0, amplitude_ = 0, last_ = 0;
    int note_ = 0;
};
static_assert(std::is_trivially_copyable_v<Tone>);  // it is its own state

Tone& tone(void* self) { return *static_cast<Tone*>(self); }

void* create() { return new (std::nothrow) Tone; }

void destroy(void* self) { delete &tone(self); }

std::int32_t reset(void* self, const patchpipe_setup* setup) {
    tone(self).reset(setup->sample_rate);
    return 1;
}

std::int32_t process(void* self, const patchpipe_block* block) {
    const float gain = std::pow(10.0F, 0.05F * static_cast<float>(block->parameters[level]));
    const auto brightness = static_cast<float>(block->parameters[bright]);
    std::span events(block->events, block->event_count);
    float peak = 0;
    for (std::uint32_t frame = 0; frame < block->frames; ++frame) {
        for (; !events.empty() && events[0].frame == frame; events = events.subspan(1))
            if (events[0].kind == PATCHPIPE_EVENT_MIDI)
                tone(self).take({events[0].bytes, events[0].size});
        block->outputs[0][frame] = tone(self).next(gain, brightness);
        peak = std::max(peak, std::abs(block->outputs[0][frame]));
    }
    block->meters[0] = peak;
    return tone(self).sounds() ? PATCHPIPE_TAIL : PATCHPIPE_SILENT;
}

std::size_t save(void* self, void* bytes, std::size_t room) {
    if (room >= sizeof(Tone)) std::memcpy(bytes, self, sizeof(Tone));
    return sizeof(Tone);
}

std::int32_t load(void* self, const void* bytes, std::size_t size) {
    if (size != sizeof(Tone)) return 0;
    std::memcpy(self, bytes, size);
    return 1;
}

std::uint32_t tail(void*) { return 4096; }  // the amplitude falls by 5 thousandths a frame

}  // namespace

PATCHPIPE_LOGIC_EXPORT = {
    .size = sizeof(patchpipe_logic),
    .epoch = PATCHPIPE_LOGIC_EPOCH,
    .id = "org.patchpipe.example.tone",
    .name = "Tone",
    .vendor = "patchpipe",
    .version = "1",
    .parameters = parameters,
    .meters = meters,
    .parameter_count = parameter_count,
    .meter_count = 1,
    .inputs = 0,
    .outputs = 1,
    .instrument = 1,
    .reserved = 0,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .process = process,
    .save = save,
    .load = load,
    .state_changed = nullptr,
    .latency = nullptr,
    .tail = tail,
};
