// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/vst_chunk.h"

#include <bit>

#include "base/byte_order.h"
#include "base/error.h"
#include "preset/fxb.h"
#include "preset/fxp.h"
#include "preset/juce_state.h"
#include "preset/vstpreset.h"
#include "record/record_line.h"

namespace patchpipe {
namespace {

constexpr std::uint32_t magic_parameters = 0xFEED5EEF, magic_state = 0xFEED5EEE;
constexpr std::string_view parameters_begin("\xEF\xBE\xAD\xDE\x0D\xF0\xAD\xDE", 8);

class Bytes {
 public:
    explicit Bytes(std::string_view bytes) : rest_(bytes) {}

    template <typename Number>
    bool take(Number& number) {
        if (rest_.size() < sizeof(Number)) return false;
        number = read_little_endian<Number>(rest_);
        rest_.remove_prefix(sizeof(Number));
        return true;
    }

    bool take(std::string& bytes, std::size_t size) {
        if (rest_.size() < size) return false;
        bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

    bool take_pins(std::vector<std::uint64_t>& pins) {
        std::uint32_t count = 0;
        if (!take(count) || count > rest_.size() / sizeof(std::uint64_t)) return false;
        pins.resize(count);
        for (auto& pin : pins)
            if (!take(pin)) return false;
        return true;
    }

    [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
    std::string_view rest_;
};

void append_pins(std::string& bytes, const std::vector<std::uint64_t>& pins) {
    append_little_endian(bytes, static_cast<std::uint32_t>(pins.size()));
    for (const auto pin : pins) append_little_endian(bytes, pin);
}

std::optional<ContainedState> parameter_preset(const VstChunk& chunk) {
    const std::string_view body = chunk.body;
    if (!body.starts_with(parameters_begin) || body.size() % 4 != 0) return {};
    Fxp fxp{.header = {.kind = FxKind::parameters,
                       .plugin_id = chunk.id,
                       .program_name = text_as_utf8(chunk.program())},
            .parameters = {},
            .state = {}};
    for (auto rest = body.substr(parameters_begin.size()); !rest.empty(); rest.remove_prefix(4)) {
        const auto value = std::bit_cast<float>(read_little_endian<std::uint32_t>(rest));
        fxp.parameters.push_back(value);
    }
    fxp.header.count = static_cast<std::uint32_t>(fxp.parameters.size());
    return ContainedState{build_fxp(fxp), ".fxp"};
}

std::optional<ContainedState> bank(const VstChunk& chunk) {
    Fxb fxb;
    fxb.header.kind = FxKind::bank_state;
    fxb.header.plugin_id = chunk.id;
    fxb.header.count = 1;
    fxb.state = chunk.body;
    return ContainedState{build_fxb(fxb), ".fxb"};
}

// u32 size, u32 1, the component's state; u32 size, u32 0, the controller's.
std::optional<ContainedState> envelope(const VstChunk& chunk) {
    Bytes bytes(chunk.body);
    std::uint32_t size = 0, kind = 0;
    JuceState state;
    std::string controller;
    if (!bytes.take(size) || !bytes.take(kind) || kind != 1 || !bytes.take(state.component, size))
        return {};
    if (!bytes.take(size) || !bytes.take(kind) || kind != 0 || !bytes.take(controller, size))
        return {};
    if (!bytes.rest().empty()) return {};
    if (!controller.empty()) state.controller = std::move(controller);
    return ContainedState{build_juce_state(state), ".bin"};
}

std::string vst3_body(std::string_view component, std::string_view controller) {
    std::string body;
    append_little_endian(body, static_cast<std::uint32_t>(component.size()));
    append_little_endian(body, std::uint32_t{1});
    body += component;
    append_little_endian(body, static_cast<std::uint32_t>(controller.size()));
    append_little_endian(body, std::uint32_t{0});
    return body.append(controller);
}

void set_vst3_state(VstChunk& chunk, std::string_view bytes, std::string_view name) {
    if (is_juce_state(bytes)) {
        const auto state = parse_juce_state(bytes, name);
        chunk.body = vst3_body(state.component, state.controller.value_or(""));
    } else {
        const auto preset = parse_vstpreset(bytes, name);
        chunk.body = vst3_body(preset.component, preset.controller.value_or(""));
    }
    chunk.parameters = false;
}

void set_vst2_state(VstChunk& chunk, std::string_view bytes, std::string_view name) {
    const auto fxp = parse_fx_state(bytes, name);
    chunk.id = fxp.header.plugin_id;
    chunk.parameters = fxp.header.kind == FxKind::parameters;
    if (!chunk.parameters) {
        chunk.body = fxp.state;
        return;
    }
    chunk.body = parameters_begin;
    for (const auto value : fxp.parameters)
        append_little_endian(chunk.body, std::bit_cast<std::uint32_t>(value));
}

}  // namespace

std::string_view VstChunk::program() const {
    const std::string_view text = trailer;
    return text.substr(0, text.find('\0'));
}

std::optional<VstChunk> parse_vst_chunk(std::string_view bytes, bool vst3) {
    VstChunk chunk;
    chunk.vst3 = vst3;
    Bytes rest(bytes);
    std::uint32_t magic = 0, size = 0;
    if (!rest.take(chunk.id) || !rest.take(magic)) return {};
    // VST3 is seen with both magic numbers; its body always is a state.
    if (magic != magic_parameters && magic != magic_state) return {};
    chunk.parameters = magic == magic_parameters;
    if (!rest.take_pins(chunk.inputs) || !rest.take_pins(chunk.outputs)) return {};
    if (!rest.take(size) || !rest.take(chunk.version) || !rest.take(chunk.flags)) return {};
    if (!rest.take(chunk.body, size)) return {};
    chunk.trailer = rest.rest();
    return chunk;
}

VstChunkParts build_vst_chunk(const VstChunk& chunk) {
    VstChunkParts parts;
    append_little_endian(parts.head, chunk.id);
    append_little_endian(parts.head, chunk.parameters ? magic_parameters : magic_state);
    append_pins(parts.head, chunk.inputs);
    append_pins(parts.head, chunk.outputs);
    append_little_endian(parts.head, static_cast<std::uint32_t>(chunk.body.size()));
    append_little_endian(parts.head, chunk.version);
    append_little_endian(parts.head, chunk.flags);
    parts.body = chunk.body;
    parts.trailer = chunk.trailer;
    return parts;
}

std::optional<ContainedState> contained_state(const VstChunk& chunk) {
    if (chunk.vst3) return envelope(chunk);
    return chunk.parameters ? parameter_preset(chunk) : bank(chunk);
}

void set_contained_state(VstChunk& chunk, std::string_view bytes, std::string_view name) {
    chunk.vst3 ? set_vst3_state(chunk, bytes, name) : set_vst2_state(chunk, bytes, name);
}

}  // namespace patchpipe
