// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/truce_state.h"

#include <bit>
#include <string>

#include "base/byte_order.h"
#include "base/error.h"

namespace patchpipe {
namespace {

constexpr std::size_t head_size = 20, parameter_size = 12, length_size = 8;

}  // namespace

std::uint64_t truce_hash(std::string_view plugin_id) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const unsigned char c : plugin_id) hash = (hash ^ c) * 0x100000001b3;
    return hash;
}

TruceState parse_truce_state(std::string_view bytes, std::string_view name) {
    if (!is_truce_state(bytes) || bytes.size() < head_size + length_size)
        refuse_corrupt(name, "is too short for a .pluginstate; it was cut off");
    const auto version = read_little_endian<std::uint32_t>(bytes.substr(4));
    if (version != 1)
        refuse_unsupported(name, "is a .pluginstate of version " + std::to_string(version) +
                                     ", and only version 1 is known");
    TruceState state{.plugin_hash = read_little_endian<std::uint64_t>(bytes.substr(8)),
                     .parameters = {},
                     .extra = {}};
    const auto count = read_little_endian<std::uint32_t>(bytes.substr(16));
    const auto held = (bytes.size() - head_size - length_size) / parameter_size;
    if (count > held)
        refuse_corrupt(name, "declares " + std::to_string(count) + " parameters and has room for " +
                                 std::to_string(held) + "; it was cut off");
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto at = bytes.substr(head_size + i * parameter_size);
        state.parameters.push_back(
            {.id = read_little_endian<std::uint32_t>(at),
             .value = std::bit_cast<double>(read_little_endian<std::uint64_t>(at.substr(4)))});
    }
    const auto rest = bytes.substr(head_size + count * parameter_size);
    const auto length = read_little_endian<std::uint64_t>(rest);
    state.extra = rest.substr(length_size);
    if (length != state.extra.size())
        refuse_corrupt(name, "declares " + std::to_string(length) +
                                 " bytes of the plug-in's own and has " +
                                 std::to_string(state.extra.size()) + "; it is damaged");
    return state;
}

}  // namespace patchpipe
