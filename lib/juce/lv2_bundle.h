// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What LV2 bundles say about their plug-ins, read with the copy of lilv in JUCE. No plug-in is
// loaded, and only the bundles that matter to a plug-in are read (lv2_search.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace patchpipe {

struct Lv2Plugin {
    std::string binary;   ///< absolute path; empty if the bundle names none
    std::string version;  ///< "minor.micro"; empty if the bundle gives none
    bool is_instrument;
    bool keeps_state;  ///< more than its parameters' values
    /// Its control inputs that the host sets to what is played, by index: the URI of what in the
    /// time extension, such as time:beatsPerMinute.
    std::map<std::uint32_t, std::string> time_ports;
    std::size_t sequence_bytes;  ///< room for events in each of its inputs, as JUCE gives it
};

/// The installed plug-in with that URI; empty if none is installed. LV2_PATH says where to look.
[[nodiscard]] std::optional<Lv2Plugin> find_lv2(const std::string& uri);

/// JUCE's next LV2PluginFormat knows the plug-in of that URI, to be played at that rate. What JUCE
/// asks lilv for is turned to ours by the linker:
///
/// - lilv_world_load_all() reads only what matters to the plug-in, instead of every bundle in
///   folders of JUCE's choice.
/// - lilv_port_get_range() gives hertz for a port with lv2:sampleRate. Its bounds are multiples of
///   the sample rate, which JUCE does not know: it would give the port a fraction of a hertz.
/// - lilv_plugin_get_required_features() leaves out lv2:isLive, which JUCE does not know
///   (lv2_features.h).
void let_juce_find_lv2(const std::string& uri, int sample_rate);

/// The URIs of the plug-ins in a bundle, in words: the first three, and how many more there are.
/// With a binary, only of those that are in it. Empty if there are none.
[[nodiscard]] std::string lv2_uris_in(const std::string& folder, const std::string& binary = "");

}  // namespace patchpipe
