// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The code that the shell carries, opened: a logic library or a Faust program, in the host's own
// process.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "render/meters.h"
#include "render/patch.h"
#include "render/processor.h"

namespace patchpipe {

/// What is known of a code without asking it, so that other threads may do so while it plays.
struct CodeFacts {
    ProcessorInfo info;
    std::vector<Parameter> parameters;  ///< with the values that they had then
    std::vector<MeterName> meters;
    int outputs = 0;
    int latency_frames = 0;             ///< at most longest_latency (reload/alignment.h)
    std::optional<double> tail_frames;  ///< nothing: it may sound for ever
    std::vector<std::string> may_stay;  ///< why it may stay loaded (plugin/unloading.h)
};

struct Code {
    std::unique_ptr<Processor> processor;
    CodeFacts facts;
};

/// What a processor says of itself now.
[[nodiscard]] CodeFacts facts_of(Processor& processor);

/// Opens what find_source() takes, on a thread of its own. Throws Error: what find_source() and
/// open_source() throw, unsupported for another kind of plug-in, crash if the code throws an
/// exception, timeout if it has not come after half a minute.
[[nodiscard]] Code open_code(const std::string& plugin_path, const BlockSettings& settings,
                             const std::stop_token& stop);

/// Calls the code, and turns any exception of its own into Error crash.
[[nodiscard]] Error error_of(const std::exception_ptr& thrown, const std::string& name);

}  // namespace patchpipe
