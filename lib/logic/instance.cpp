// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/instance.h"

#include <utility>

#include "base/error.h"
#include "logic/logic.h"

namespace patchpipe {

LogicInstance::LogicInstance(std::shared_ptr<const LogicLibrary> library)
    : library_(std::move(library)), self_(logic().create()) {
    if (!self_)
        throw Error(ErrorKind::plugin_load, library_->path(),
                    "made no instance: its create() returned null");
}

LogicInstance::~LogicInstance() { logic().destroy(self_); }

void LogicInstance::reset(int sample_rate, int block_size, bool offline,
                          std::span<const double> parameters) {
    const patchpipe_setup setup{.sample_rate = static_cast<double>(sample_rate),
                                .parameters = parameters.data(),
                                .block_size = static_cast<std::uint32_t>(block_size),
                                .offline = offline};
    if (logic().reset(self_, &setup) == 0)
        throw Error(ErrorKind::plugin_load, library_->path(),
                    "cannot be prepared for " + std::to_string(sample_rate) + " Hz in blocks of " +
                        std::to_string(block_size) + " frames: its reset() returned 0");
}

std::int32_t LogicInstance::process(const patchpipe_block& block) {
    return logic().process(self_, &block);
}

std::optional<std::string> LogicInstance::save() {
    constexpr std::size_t largest = std::size_t{1} << 30;
    if (!logic().save) return "";
    std::string state;
    for (std::size_t room = 0;;) {
        const auto size = logic().save(self_, state.data(), room);
        if (size > largest) return {};  // PATCHPIPE_STATE_FAILED too
        state.resize(size);
        if (size <= room) return state;
        room = size;
    }
}

bool LogicInstance::load(std::string_view state) {
    return logic().load && logic().load(self_, state.data(), state.size()) != 0;
}

void LogicInstance::changed(std::span<const double> parameters) {
    if (logic().state_changed) logic().state_changed(self_, parameters.data());
}

std::uint32_t LogicInstance::latency_frames() {
    return logic().latency ? logic().latency(self_) : 0;
}

std::uint32_t LogicInstance::tail_frames() { return logic().tail ? logic().tail(self_) : 0; }

}  // namespace patchpipe
