// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shown/realtime_calls.h"

#include <dlfcn.h>
#include <unwind.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>

namespace patchpipe {

constinit thread_local bool counting_realtime_calls = false;

namespace {

std::array<CountedCall, 128> calls;  // more than there are functions
std::size_t call_count = 0;

enum class Owner {
    program,
    runtime,  // the C and C++ libraries, which call for somebody else
    plugin,   // and all else, code made at run time among it
};

const link_map* object_at(const void* address) {
    dl_find_object found{};
    if (_dl_find_object(const_cast<void*>(address), &found) != 0) return nullptr;
    return found.dlfo_link_map;
}

// What is in an object is found by a function of each.
Owner owner_of(const void* address) {
    static const auto* const program = object_at(reinterpret_cast<const void*>(&owner_of));
    static const std::array runtime = {
        object_at(dlsym(RTLD_NEXT, "malloc")),
        object_at(reinterpret_cast<const void*>(&_Unwind_Backtrace)),
        object_at(dlsym(RTLD_NEXT, "_ZSt9terminatev")),
    };
    const auto* const object = object_at(address);
    if (!object) return Owner::plugin;
    if (object == program) return Owner::program;
    return std::find(runtime.begin(), runtime.end(), object) != runtime.end() ? Owner::runtime
                                                                              : Owner::plugin;
}

// A walk up the stack, from the caller on, to the first who is not the runtime.
struct Walk {
    const void* caller;
    bool reached = false;
    Owner owner = Owner::plugin;
};

_Unwind_Reason_Code step(_Unwind_Context* context, void* data) {
    auto& walk = *static_cast<Walk*>(data);
    const auto* const address = reinterpret_cast<const void*>(_Unwind_GetIP(context));
    walk.reached = walk.reached || address == walk.caller;
    if (!walk.reached) return _URC_NO_REASON;
    const auto owner = owner_of(address);
    if (owner == Owner::runtime) return _URC_NO_REASON;
    walk.owner = owner;
    return _URC_END_OF_STACK;
}

bool calls_for_plugin(const void* caller) {
    const auto owner = owner_of(caller);
    if (owner != Owner::runtime) return owner == Owner::plugin;
    Walk walk{caller};
    _Unwind_Backtrace(step, &walk);
    return walk.owner == Owner::plugin;
}

}  // namespace

void count_realtime_calls(bool on) {
    if (on) (void)owner_of(nullptr);  // looks the libraries up
    counting_realtime_calls = on;
}

void forget_realtime_calls() { call_count = 0; }

std::string_view to_string(RealtimeCall kind) {
    constexpr std::string_view names[] = {"allocation", "release", "lock", "wait", "system"};
    return names[static_cast<std::size_t>(kind)];
}

std::span<const CountedCall> realtime_calls() { return {calls.data(), call_count}; }

// The walk must not count what it calls itself.
void add_realtime_call(RealtimeCall kind, const char* function, const void* caller) {
    counting_realtime_calls = false;
    if (calls_for_plugin(caller)) {
        const auto end = calls.begin() + static_cast<std::ptrdiff_t>(call_count);
        const auto known = std::find_if(calls.begin(), end, [&](const CountedCall& call) {
            return std::strcmp(call.function, function) == 0;
        });
        if (known != end)
            ++known->count;
        else if (call_count < calls.size())
            calls[call_count++] = {function, kind, 1};
    }
    counting_realtime_calls = true;
}

}  // namespace patchpipe
