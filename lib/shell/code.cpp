// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell/code.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "plugin/code_cache.h"
#include "plugin/opener.h"
#include "reload/alignment.h"
#include "shell/apart.h"

namespace patchpipe {
namespace {

constexpr std::chrono::seconds longest{30};

// What the other thread makes, whoever still wants it.
struct Result {
    Code code;
    std::exception_ptr thrown;
};

bool is_carried(const Source& source) {
    for (const auto* opener : openers())
        if (opener->kind() == source.kind) return true;
    return false;
}

Code opened(const std::string& plugin_path, const BlockSettings& settings) {
    const auto source = find_source(plugin_path);
    if (!is_carried(source))
        throw Error(ErrorKind::unsupported, plugin_path,
                    "is " + with_article(source.kind) +
                        " plug-in; patchpipe-shell carries Faust programs and logic libraries "
                        "(patchpipe-logic(5))");
    const auto hash = source_hash(source);
    Code code{.processor = open_source(source, settings), .facts = {}};
    // Only if it is the code of these files.
    if (const auto kept = code.processor->code_to_keep();
        !kept.empty() && source_hash(source) == hash)
        keep_code(hash, kept);
    code.facts = facts_of(*code.processor);
    code.facts.may_stay = json_texts(look_at(plugin_path).raw("may_stay_loaded").value_or("[]"));
    return code;
}

}  // namespace

CodeFacts facts_of(Processor& processor) {
    CodeFacts facts;
    facts.info = processor.info();
    facts.outputs = processor.channels();
    facts.latency_frames = std::clamp(processor.latency_frames(), 0, longest_latency);
    facts.tail_frames = processor.details().number("tail_frames");
    if (auto* patch = processor.patch())
        for (std::size_t i = 0; i < patch->parameter_names().size(); ++i)
            facts.parameters.push_back(patch->parameter(i));
    if (auto* meters = processor.meters()) facts.meters = meters->meter_names();
    return facts;
}

Code open_code(const std::string& plugin_path, const BlockSettings& settings,
               const std::stop_token& stop) {
    const auto result = std::make_shared<Result>();
    const auto work = [=] {
        try {
            result->code = opened(plugin_path, settings);
        } catch (...) {
            result->thrown = std::current_exception();
        }
    };
    if (!run_apart(work, longest, stop))
        throw Error(ErrorKind::timeout, plugin_path,
                    "has not been loaded after " + std::to_string(longest.count()) +
                        " s; it may hang, and then goes on doing so until the host ends");
    if (result->thrown) throw error_of(result->thrown, plugin_path);
    return std::move(result->code);
}

Error error_of(const std::exception_ptr& thrown, const std::string& name) {
    try {
        std::rethrow_exception(thrown);
    } catch (const Error& error) {
        return error;
    } catch (const std::exception& error) {
        return {ErrorKind::crash, name, std::string("threw an exception: ") + error.what()};
    } catch (...) {
        return {ErrorKind::crash, name, "threw an exception"};
    }
}

}  // namespace patchpipe
