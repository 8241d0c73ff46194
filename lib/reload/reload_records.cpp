// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/reload_records.h"

#include "reload/news.h"

namespace patchpipe {
namespace {

Record generation_record(std::string_view event, const Generation& generation) {
    auto record = event_record(event);
    record.set("generation", generation.number());
    return record;
}

Record refused_state(const Generation& generation, const std::string& why) {
    auto record = generation_record("state", generation);
    record.set_error(Error(ErrorKind::preset_rejected, "", why));
    return record;
}

}  // namespace

void PlayPosition::set_in(Record& record) const {
    record.set("frame", frame);
    record.set("time", static_cast<double>(frame) / sample_rate);
}

Record positioned_record(std::string_view event, PlayPosition position) {
    auto record = event_record(event);
    position.set_in(record);
    return record;
}

Record loaded_record(const Generation& generation, double load_ms) {
    auto record = generation_record("loaded", generation);
    record.set("plugin_path", generation.plugin_path());
    record.set("plugin", generation.description().text("name").value_or(""));
    record.set("parameter_count", generation.parameters().size());
    record.set("latency_frames", generation.latency_frames());
    if (!generation.sandboxed()) record.set("sandbox", false);
    record.set("load_ms", load_ms);
    return record;
}

Record rejected_record(int generation, const std::string& plugin_path, const Error& error) {
    auto record = event_record("rejected");
    record.set("generation", generation);
    record.set("plugin_path", plugin_path);
    record.set_error(error);
    return record;
}

std::vector<Record> reloaded_records(const Reload& reload) {
    const auto& generation = reload.generation;
    const auto state = reload.taken.text("state").value_or("none");
    auto record = generation_record("reloaded", generation);
    reload.position.set_in(record);
    record.set("fade_frames", reload.fade_frames);
    record.set("latency_frames", generation.latency_frames());
    if (reload.later_frames > 0) record.set("later_frames", reload.later_frames);
    record.set("notes", reload.notes);
    record.set("messages", reload.messages);
    record.set_json("parameters", reload.taken.raw("parameters").value_or("[]"));
    record.set("state", state);
    std::vector records{record};
    if (const auto why = reload.taken.text("state_error"))
        records.push_back(refused_state(generation, *why));
    if (state == "carried") return records;
    auto reset = generation_record("reset", generation);
    reload.position.set_in(reset);
    records.push_back(reset);
    return records;
}

Record failed_record(int failed, int kept, const Error& error) {
    auto record = event_record(kept > 0 ? "kept" : "lost");
    if (kept > 0) record.set("generation", kept);
    record.set("failed_generation", failed);
    record.set_error(error);
    return record;
}

}  // namespace patchpipe
