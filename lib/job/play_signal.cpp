// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/play_signal.h"

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "base/write.h"
#include "job/render_job.h"
#include "measure/faust_protocol.h"
#include "measure/play.h"
#include "shown/clock.h"
#include "shown/realtime_calls.h"

namespace patchpipe {
namespace {

// Gathers samples, so that there are few writes between two blocks.
class SampleFile {
 public:
    explicit SampleFile(Asker& asker) : file_(asker.open_output()) {}

    template <typename Sample>
    void add(std::span<const Sample> samples) {
        bytes_.append(reinterpret_cast<const char*>(samples.data()), samples.size_bytes());
        constexpr std::size_t room = 1 << 18;
        if (bytes_.size() >= room) write();
    }

    void write() {
        if (const int failure = try_write_all(file_.fd.get(), bytes_))
            throw Error(ErrorKind::io, "the samples of a measurement",
                        "cannot be written: " + system_message(failure));
        bytes_.clear();
    }

 private:
    OutputFile file_;
    std::string bytes_;
};

std::string calls_json() {
    std::vector<std::string> calls;
    for (const auto& call : realtime_calls()) {
        Record fields("{}");
        fields.set("function", call.function);
        fields.set("kind", to_string(call.kind));
        fields.set("count", call.count);
        calls.push_back(fields.line());
    }
    return "[" + joined(calls, ",") + "]";
}

// A listener of either kind, but for what it counts.
template <typename Listener>
Listener listener_for(SampleFile& file) {
    Listener listener;
    listener.samples = [&file](auto samples) { file.add(samples); };
    listener.before_block = [](const auto& transport) { set_host_clock(transport.seconds); };
    return listener;
}

PlayListener listener_for(SampleFile& file, bool counted) {
    auto listener = listener_for<PlayListener>(file);
    if (counted) listener.processing = [](bool begins) { count_realtime_calls(begins); };
    return listener;
}

}  // namespace

Record play_signal(Processor& processor, StateWatches& states, const BlockSettings& settings,
                   const Record& request, Asker& asker) {
    (void)load_sounds(processor, states, read_render_request(request), asker);
    for (auto& state : states) state.forget();
    forget_realtime_calls();
    const auto latency = processor.latency_frames();
    SampleFile file(asker);
    const bool counted = request.flag("counted").value_or(false);
    PlayTime time;
    if (const auto run = request.integer("faust_run")) {
        asker.note("playing run " + std::to_string(*run + 1) + " of Faust's impulse test");
        play_faust_run(processor, static_cast<FaustRun>(*run), listener_for<FaustListener>(file));
    } else {
        const auto signal = read_signal(Record(request.raw("signal").value_or("{}")));
        asker.note("playing the " + std::string(to_string(signal.kind)));
        time = play(processor, signal, settings, counted ? Denormals::kept : Denormals::flushed,
                    listener_for(file, counted));
    }
    file.write();
    Record fields("{\"status\":\"ok\"}");
    fields.set("channels", processor.channels());
    fields.set("latency_frames", latency);
    fields.set("least_ns", time.least_ns);
    fields.set("median_ns", time.median_ns);
    fields.set_json("calls", calls_json());
    return fields;
}

}  // namespace patchpipe
