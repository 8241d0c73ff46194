// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/plugin_handler.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "base/words.h"
#include "file/absolute.h"
#include "isolation/channel.h"
#include "isolation/server.h"
#include "job/describe.h"
#include "job/job_runner.h"
#include "job/play_signal.h"
#include "job/plugin_requests.h"
#include "plugin/dsp_operand.h"
#include "plugin/opener.h"
#include "render/programs.h"
#include "render/score.h"
#include "shown/clock.h"
#include "shown/memory.h"
#include "shown/protection.h"
#include "shown/threads.h"

namespace patchpipe {
namespace {

// It travels in hexadecimal, with some other fields.
constexpr std::size_t largest_export = largest_message / 2 - 4096;

class PluginHandler : public Handler {
 public:
    explicit PluginHandler(const OwnRequests& own) : own_(own) { zero_new_memory(); }

    Record open(const Record& setup, Asker& asker) override {
        asker.note("loading the plug-in");
        limit_waits(asker);
        name_ = setup.text("plugin_path").value_or("");
        set_before_open([&, link = 0](const Source& source) mutable {
            const bool is_link = is_chain(name_) && source.kind != chain_kind;
            asker.note("loading the plug-in" +
                       (is_link
                            ? " of link " + std::to_string(++link) + ", " +
                                  std::string(file_name(read_dsp_operand(source.identifier).path))
                            : ""));
        });
        settings_ = {.sample_rate = static_cast<int>(setup.integer("sample_rate").value_or(0)),
                     .block_size = static_cast<int>(setup.integer("block_size").value_or(0)),
                     .all_outputs = setup.flag("all_outputs").value_or(false),
                     .side_chain = setup.flag("side_chain").value_or(false)};
        if (!setup.flag("real_clock").value_or(false)) show_host_clock();
        processor_ = open_source(find_source(name_), settings_);
        states_ = watch_states(*processor_);
        set_before_open([](const auto&) {});
        name_ = processor_->info().name;
        asker.note("waiting for a job");
        Record ready("{\"status\":\"ok\"}");
        ready.set("has_threads", has_plugin_threads());
        if (const auto code = processor_->code_to_keep(); !code.empty()) ready.set("code", code);
        return ready;
    }

    std::string name() const override { return name_; }

    void begin_child() override {
        forget_plugin_threads();
        forget_changed_protection();
    }

    [[nodiscard]] bool protection_was_changed() const override {
        return patchpipe::protection_was_changed();
    }

    Record answer(std::string_view verb, const Record& request, Asker& asker) override {
        limit_waits(asker);
        const auto own = own_.find(verb);
        goes_on_ = own != own_.end() && own->second.goes_on;
        if (goes_on_) return own->second.answer({*processor_, states_, settings_}, request, asker);
        start_host_clock();
        only_described_ = verb == describe_verb;
        if (verb == render_verb)
            return run_job(*processor_, states_, read_render_request(request), asker);
        if (verb == probe_verb) return run_probe(*processor_, states_, settings_, asker, request);
        if (verb == load_verb)
            return run_load(*processor_, states_, read_render_request(request), asker);
        if (verb == describe_verb) return describe(*processor_, request, asker);
        if (verb == play_verb) return play_signal(*processor_, states_, settings_, request, asker);
        if (verb == export_verb) return export_program(request, asker);
        if (own != own_.end())
            return own->second.answer({*processor_, states_, settings_}, request, asker);
        throw Error(ErrorKind::unsupported, name_, "cannot be asked to " + std::string(verb));
    }

    // Notes that still sound must not be heard in the next job. After a description there are none,
    // and the next job sounds as the first.
    void clean_up() override {
        if (only_described_ || goes_on_) return;
        render_quietly(*processor_, silencing_score(), settings_);
        processor_->settle();
    }

 private:
    // Waits end after nine tenths of the time limit, so that the job can still finish.
    static void limit_waits(const Asker& asker) {
        const auto now = RealClock::now();
        set_last_wait(now + time_for_waits(asker.deadline() - now));
    }

    Record export_program(const Record& request, Asker& asker) const {
        asker.note("saving a program");
        auto* programs = processor_->programs();
        if (!programs) throw Error(ErrorKind::unsupported, name_, "has no programs to export");
        const auto program = static_cast<int>(request.integer("program").value_or(0));
        programs->select(program);
        const auto name = programs->name(program);  // some know only the selected one's
        const auto bytes = programs->save_preset(name);
        if (bytes.size() > largest_export)
            throw Error(ErrorKind::unsupported, name_,
                        "has a program of " + std::to_string(bytes.size()) + " bytes; at most " +
                            std::to_string(largest_export) + " can be exported");
        Record fields("{\"status\":\"ok\"}");
        fields.set("name", is_utf8(name) ? name : printable(name));
        fields.set("suffix", programs->preset_suffix());
        fields.set("bytes", to_hex(bytes));
        return fields;
    }

    const OwnRequests& own_;
    std::string name_;
    bool only_described_ = false, goes_on_ = false;
    BlockSettings settings_{};
    std::unique_ptr<Processor> processor_;
    StateWatches states_;
};

}  // namespace

void serve_if_host(int argc, char** argv, const OwnRequests& own) {
    serve_if_isolated(argc, argv, [&] { return std::make_unique<PluginHandler>(own); });
}

}  // namespace patchpipe
