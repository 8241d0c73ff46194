// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "reload/generation.h"

#include <sys/mman.h>
#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "base/write.h"
#include "file/offset.h"
#include "job/description.h"
#include "reload/generation_requests.h"

namespace patchpipe {
namespace {

int number_in(const Record& fields, std::string_view key) {
    return static_cast<int>(fields.integer(key).value_or(0));
}

std::vector<std::string> meters_in(const Record& description) {
    std::vector<std::string> ids;
    for (const auto& one : records_in(description, "meters"))
        ids.push_back(one.text("id").value_or(""));
    return ids;
}

// A full disk is no reason to lose a sound.
Descriptor memory_file() {
    Descriptor file(memfd_create("sound", MFD_CLOEXEC));
    if (file.get() < 0) throw Error(ErrorKind::io, "memfd_create", system_message(errno));
    return file;
}

}  // namespace

Generation::Generation(const GenerationSettings& settings)
    : settings_(settings),
      copy_(settings.host.plugin_path),
      host_(host_settings()),
      description_(host_.describe({.parameters = true, .details = true})),
      parameters_(parameters_in(description_)),
      meter_ids_(meters_in(description_)),
      sizes_(sizes_of(settings.host)),
      memory_(sizes_) {
    begin();
}

HostSettings Generation::host_settings() const {
    auto host = settings_.host;
    host.plugin_path = copy_.path();
    host.lv2_folder = copy_.lv2_folder();
    return host;
}

BlockSizes Generation::sizes_of(const HostSettings& host) const {
    constexpr int most_channels = 1024;
    const int inputs = number_in(description_, "inputs"),
              channels = number_in(description_, "channels");
    if (channels < 1 || channels > most_channels || inputs < 0 || inputs > most_channels)
        throw Error(ErrorKind::unsupported, host.plugin_path,
                    "has " + std::to_string(channels) + " channels, which cannot be played");
    return {.block_size = host.block_size,
            .inputs = inputs,
            .channels = channels,
            .parameters = parameters_.size(),
            .meters = meter_ids_.size()};
}

void Generation::begin() {
    auto request = settings_.sound;
    request.set("output_path", "/dev/null");  // a job has one; here it is the memory
    sizes_.set_in(request);
    const auto answer = host_.ask(begin_verb, request, settings_.host.load_timeout,
                                  {.output = [&] { return OpenedFile{.fd = memory_.fd()}; }});
    const auto room = [&](std::string_view key, std::size_t most) {
        const auto given = answer.integer(key).value_or(0);
        return std::min(static_cast<std::size_t>(std::max<std::int64_t>(given, 0)), most);
    };
    room_ = {.events = room("room_events", BlockMemory::room.events),
             .bytes = room("room_bytes", BlockMemory::room.bytes)};
    one_controller_ = answer.flag("one_controller_a_block").value_or(false);
    latency_ = std::max(number_in(answer, "latency_frames"), 0);
}

const float* const* Generation::process(const Block& block) {
    memory_.write(block);
    (void)host_.ask(block_verb, Record("{}"), settings_.hang);
    return memory_.outputs();
}

std::string Generation::hand_over() {
    const auto file = memory_file();
    (void)host_.ask(hand_over_verb, Record("{}"), settings_.hang,
                    {.output = [&] { return OpenedFile{.fd = file.get()}; }});
    return read_all_of(file.get(), largest_sound, "the state");
}

Record Generation::take_over(const std::string& sound) {
    const auto file = memory_file();
    write_all(file.get(), sound, "the state");
    const auto answer = host_.ask(take_over_verb, Record("{}"), settings_.hang,
                                  {.inputs = {{{.role = std::string(state_role)}, file.get()}}});
    latency_ = std::max(number_in(answer, "latency_frames"), 0);
    Record fields("{}");
    fields.set_json("parameters", answer.raw("parameters").value_or("[]"));
    fields.set("sounds", answer.flag("sounds").value_or(false));
    for (const auto* key : {"state", "state_error"})
        if (const auto text = answer.text(key)) fields.set(key, *text);
    return fields;
}

void Generation::reset() { (void)host_.ask(reset_verb, Record("{}"), settings_.hang); }

double Generation::value_of(std::size_t parameter, const std::string& text) {
    Record request("{}");
    request.set("parameter", parameter);
    request.set("text", text);
    return host_.ask(value_verb, request, settings_.hang).number("value").value_or(0);
}

}  // namespace patchpipe
