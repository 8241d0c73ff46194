// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small LV2 synths on the C interface, one for each expectation that a host may fail to meet. Each
// plays a cosine at half the velocity while a note is held if its expectation is met; if not, it
// fails as real plug-ins do. corners.lv2/manifest.ttl describes their ports.
#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/urid/urid.h>

#include <malloc.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numbers>
#include <span>
#include <string_view>

namespace {

enum Port : std::uint32_t { midi_in, audio_out, port_count };

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

    virtual void run(std::uint32_t frames) {
        std::uint32_t frame = 0;
        LV2_ATOM_SEQUENCE_FOREACH(static_cast<const LV2_Atom_Sequence*>(ports_[midi_in]), event) {
            frame = play_until(frame, static_cast<std::uint32_t>(event->time.frames));
            if (event->body.type == midi_event_)
                take(reinterpret_cast<const std::uint8_t*>(event + 1));
        }
        play_until(frame, frames);
    }

 protected:
    [[nodiscard]] float* audio(Port port) const { return static_cast<float*>(ports_.at(port)); }

    // Asked at every note-on: false leaves the note out.
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

// Aborts without a display, as a QApplication does.
class QtCorner : public Corner {
 public:
    QtCorner(double rate, const LV2_Feature* const* features) : Corner(rate, features) {
        const char* given = std::getenv("QT_QPA_PLATFORM");
        const std::string_view platform = given ? given : "xcb";
        if (platform == "offscreen" || platform == "minimal") return;
        std::fprintf(stderr, "could not connect to display\n");
        std::abort();
    }
};

// A block that grows by 16 bytes at a time, before more than 100 MB that are free: thousands of
// gigabytes, if each step touched all of what is left.
class GrowingCorner : public Corner {
 public:
    GrowingCorner(double rate, const LV2_Feature* const* features) : Corner(rate, features) {
        constexpr std::size_t megabyte = 1 << 20;
        auto* text = static_cast<char*>(std::malloc(megabyte));
        std::array<void*, 5> after{};
        for (auto& block : after) block = std::malloc(30 * megabyte);
        for (auto* block : std::span(after).first(4)) std::free(block);
        for (auto bytes = megabyte; text && bytes <= 2 * megabyte; bytes += 16) {
            text = static_cast<char*>(std::realloc(text, bytes));
            text[bytes - 1] = 'x';
        }
        std::free(text);
        std::free(after.back());
    }
};

// Plays only if all memory that it is given holds zeros, whatever lay in it before.
class MemoryCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    struct Source {
        const char* name;
        void* (*take)(std::size_t bytes);
    };

    bool ready() override {
        for (std::size_t bytes = 64; bytes <= 1 << 18; bytes *= 2)
            for (const auto& source : sources)
                if (!is_zero(source, bytes)) return false;
        return true;
    }

    static bool is_zero(const Source& source, std::size_t bytes) {
        leave_behind(bytes);
        auto* const memory = static_cast<unsigned char*>(source.take(bytes));
        const bool zero = !memory || only_zeros(memory, bytes);
        if (!zero)
            std::fprintf(stderr, "%s(%zu) gave memory that is not zero\n", source.name, bytes);
        std::free(memory);
        return zero;
    }

    static void leave_behind(std::size_t bytes) {
        std::array<void*, 8> blocks{};
        for (auto& block : blocks) block = std::memset(std::malloc(2 * bytes), 0xaa, 2 * bytes);
        for (auto* block : blocks) std::free(block);
    }

    // Reading it is no defined behaviour, which is the point; the compiler must not know.
    __attribute__((noipa)) static bool only_zeros(const unsigned char* memory, std::size_t bytes) {
        return std::all_of(memory, memory + bytes, [](unsigned char byte) { return byte == 0; });
    }

    static constexpr Source sources[] = {
        {"malloc", [](std::size_t bytes) { return std::malloc(bytes); }},
        {"calloc", [](std::size_t bytes) { return std::calloc(1, bytes); }},
        {"realloc", [](std::size_t bytes) { return std::realloc(std::malloc(bytes / 2), bytes); }},
        {"realloc of nothing", [](std::size_t bytes) { return std::realloc(nullptr, bytes); }},
        {"reallocarray",
         [](std::size_t bytes) { return reallocarray(std::malloc(bytes / 2), bytes / 8, 8); }},
        {"aligned_alloc", [](std::size_t bytes) { return std::aligned_alloc(64, bytes); }},
        {"posix_memalign",
         [](std::size_t bytes) {
             void* memory = nullptr;
             return posix_memalign(&memory, 64, bytes) == 0 ? memory : nullptr;
         }},
        {"memalign", [](std::size_t bytes) { return memalign(64, bytes); }},
        {"valloc", [](std::size_t bytes) { return valloc(bytes); }},
        {"pvalloc", [](std::size_t bytes) { return pvalloc(bytes); }},
        {"operator new", [](std::size_t bytes) { return operator new(bytes); }},
        {"aligned operator new",
         [](std::size_t bytes) { return operator new (bytes, std::align_val_t{64}); }},
    };
};

Corner& corner(LV2_Handle handle) { return *static_cast<Corner*>(handle); }

template <class T>
LV2_Descriptor descriptor(const char* uri) {
    return {uri,
            [](const LV2_Descriptor*, double rate, const char*,
               const LV2_Feature* const* features) -> LV2_Handle { return new T(rate, features); },
            [](LV2_Handle handle, std::uint32_t port, void* data) {
                corner(handle).connect(port, data);
            },
            nullptr,
            [](LV2_Handle handle, std::uint32_t frames) { corner(handle).run(frames); },
            nullptr,
            [](LV2_Handle handle) { delete &corner(handle); },
            nullptr};
}

const LV2_Descriptor corners[] = {
    descriptor<QtCorner>("urn:patchpipe:corner-qt"),
    descriptor<GrowingCorner>("urn:patchpipe:corner-growing"),
    descriptor<MemoryCorner>("urn:patchpipe:corner-memory"),
};

}  // namespace

LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(std::uint32_t index) {
    return index < std::size(corners) ? &corners[index] : nullptr;
}
