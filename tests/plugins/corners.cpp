// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small LV2 synths on the C interface, one for each expectation that a host may fail to meet. Each
// plays a cosine at half the velocity while a note is held if its expectation is met; if not, it
// fails as real plug-ins do. corners.lv2/manifest.ttl describes their ports.
#include "shown_corners.h"

#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/worker/worker.h>

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <thread>

namespace patchpipe {
namespace {

// Aborts without a display, like a QApplication.
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

// A block that grows by 16 bytes at a time into more than 100 MB of free memory: if each step
// touched the whole rest, that would be thousands of gigabytes.
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

// Plays only if all memory that it gets is zero, whatever it contained before.
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

    // Reading it is undefined behaviour, on purpose, so the compiler must not know.
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

// Loads a sample for each note, and plays it only if the sample is there at once.
class WorkerCorner : public Corner {
 public:
    WorkerCorner(double rate, const LV2_Feature* const* features)
        : Corner(rate, features),
          schedule_(feature<LV2_Worker_Schedule>(features, LV2_WORKER__schedule)) {}

    void run(std::uint32_t frames) override {
        Corner::run(frames);
        ++runs_;
    }

    void work(LV2_Worker_Respond_Function respond, LV2_Worker_Respond_Handle target) override {
        respond(target, 0, nullptr);
    }
    void respond() override { loaded_ = true; }
    void end_run() override { ++ended_runs_; }

 private:
    bool ready() override {
        loaded_ = false;
        schedule_->schedule_work(schedule_->handle, 0, nullptr);
        return loaded_ && ended_runs_ == runs_;
    }

    LV2_Worker_Schedule* schedule_;
    bool loaded_ = false;
    int runs_ = 0, ended_runs_ = 0;
};

// Loads its sample when a state is restored, and plays only if no other thread has loaded it,
// because a forked child would not have that thread.
class StateCorner : public Corner {
 public:
    using Corner::Corner;

    void restore(const LV2_Feature* const* features) override {
        thread_ = std::this_thread::get_id();
        const auto* schedule = feature<LV2_Worker_Schedule>(features, LV2_WORKER__schedule);
        schedule->schedule_work(schedule->handle, 0, nullptr);
    }
    void work(LV2_Worker_Respond_Function respond, LV2_Worker_Respond_Handle target) override {
        if (std::this_thread::get_id() == thread_) respond(target, 0, nullptr);
    }
    void respond() override { loaded_ = true; }

 private:
    bool ready() override { return loaded_; }

    std::thread::id thread_;
    bool loaded_ = false;
};

// Plays only if its state names a file that holds "loud" and a newline, as samplers have it: by a
// path that the host has to make absolute.
class PathCorner : public Corner {
 public:
    PathCorner(double rate, const LV2_Feature* const* features) : Corner(rate, features) {
        const auto* map = feature<LV2_URID_Map>(features, LV2_URID__map);
        sample_ = map->map(map->handle, "urn:patchpipe:sample");
        path_ = map->map(map->handle, LV2_ATOM__Path);
    }

    void restore(LV2_State_Retrieve_Function retrieve, LV2_State_Handle state,
                 const LV2_Feature* const* features) override {
        const auto* paths = feature<LV2_State_Map_Path>(features, LV2_STATE__mapPath);
        std::size_t size = 0;
        std::uint32_t type = 0, flags = 0;
        const auto* value =
            static_cast<const char*>(retrieve(state, sample_, &size, &type, &flags));
        if (!value || type != path_ || !paths) return;
        char* path = paths->absolute_path(paths->handle, value);
        std::string text;
        std::ifstream file(path);
        loud_ = path[0] == '/' && std::getline(file, text) && text == "loud";
        std::free(path);
    }

 private:
    bool ready() override { return loud_; }

    LV2_URID sample_, path_;
    bool loud_ = false;
};

// Its level is twice a control voltage, and is also output as one.
class VoltageCorner : public Corner {
 public:
    using Corner::Corner;

    void run(std::uint32_t frames) override {
        Corner::run(frames);
        for (std::uint32_t i = 0; i < frames; ++i)
            audio(cv_out)[i] = audio(audio_out)[i] *= 2 * audio(cv_in)[i];
    }
};

// Plays only if its side chain is not connected.
class OptionalCorner : public Corner {
 public:
    using Corner::Corner;

 private:
    bool ready() override { return !audio(audio_in); }
};

// Must not be freed before it was activated.
class UnplayedCorner : public Corner {
 public:
    using Corner::Corner;
    ~UnplayedCorner() override {
        if (!activated_) std::abort();
    }
    void activate() override { activated_ = true; }

 private:
    bool activated_ = false;
};

Corner& corner(LV2_Handle handle) { return *static_cast<Corner*>(handle); }

const void* extension(const char* uri) {
    static const LV2_Worker_Interface worker{
        [](LV2_Handle handle, LV2_Worker_Respond_Function respond, LV2_Worker_Respond_Handle target,
           std::uint32_t, const void*) {
            corner(handle).work(respond, target);
            return LV2_WORKER_SUCCESS;
        },
        [](LV2_Handle handle, std::uint32_t, const void*) {
            corner(handle).respond();
            return LV2_WORKER_SUCCESS;
        },
        [](LV2_Handle handle) {
            corner(handle).end_run();
            return LV2_WORKER_SUCCESS;
        }};
    static const LV2_State_Interface state{
        [](LV2_Handle, LV2_State_Store_Function, LV2_State_Handle, std::uint32_t,
           const LV2_Feature* const*) { return LV2_STATE_SUCCESS; },
        [](LV2_Handle handle, LV2_State_Retrieve_Function retrieve, LV2_State_Handle saved,
           std::uint32_t, const LV2_Feature* const* features) {
            corner(handle).restore(retrieve, saved, features);
            return LV2_STATE_SUCCESS;
        }};
    if (std::string_view(uri) == LV2_WORKER__interface) return &worker;
    return std::string_view(uri) == LV2_STATE__interface ? &state : nullptr;
}

template <class T>
LV2_Descriptor descriptor(const char* uri) {
    return {uri,
            [](const LV2_Descriptor*, double rate, const char*,
               const LV2_Feature* const* features) -> LV2_Handle { return new T(rate, features); },
            [](LV2_Handle handle, std::uint32_t port, void* data) {
                corner(handle).connect(port, data);
            },
            [](LV2_Handle handle) { corner(handle).activate(); },
            [](LV2_Handle handle, std::uint32_t frames) { corner(handle).run(frames); },
            nullptr,
            [](LV2_Handle handle) { delete &corner(handle); },
            extension};
}

const LV2_Descriptor corners[] = {
    descriptor<QtCorner>("urn:patchpipe:corner-qt"),
    descriptor<GrowingCorner>("urn:patchpipe:corner-growing"),
    descriptor<MemoryCorner>("urn:patchpipe:corner-memory"),
    descriptor<WorkerCorner>("urn:patchpipe:corner-worker"),
    descriptor<StateCorner>("urn:patchpipe:corner-state"),
    descriptor<PathCorner>("urn:patchpipe:corner-path"),
    descriptor<VoltageCorner>("urn:patchpipe:corner-voltage"),
    descriptor<OptionalCorner>("urn:patchpipe:corner-optional"),
    descriptor<UnplayedCorner>("urn:patchpipe:corner-unplayed"),
    descriptor<WaitsCorner>("urn:patchpipe:corner-waits"),
    descriptor<FarCorner>("urn:patchpipe:corner-far"),
    descriptor<RandomCorner>("urn:patchpipe:corner-random"),
    descriptor<ProcessorsCorner>("urn:patchpipe:corner-processors"),
    descriptor<SteadyCorner>("urn:patchpipe:corner-steady"),
    descriptor<SignalsCorner>("urn:patchpipe:corner-signals"),
};

}  // namespace
}  // namespace patchpipe

LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(std::uint32_t index) {
    return index < std::size(patchpipe::corners) ? &patchpipe::corners[index] : nullptr;
}
