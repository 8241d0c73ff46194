// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/juce_state.h"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/byte_order.h"
#include "base/error.h"

namespace patchpipe {
namespace {

constexpr std::string_view juce_magic = juce_state_magic;
constexpr std::size_t xml_at = 8;
constexpr std::string_view xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?> ";
constexpr std::string_view root = "VST3PluginState";
constexpr std::string_view spaces = " \t\r\n";
constexpr std::string_view alphabet =
    ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+";
constexpr unsigned no_value = 64;

constexpr auto values = [] {
    std::array<unsigned char, 256> table{};
    table.fill(no_value);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<unsigned char>(i);
    return table;
}();

std::size_t characters_for(std::size_t bytes) { return (bytes * 8 + 5) / 6; }

// Reads the little XML that JUCE writes here: elements without attributes, and text without
// entities, because base64 needs none.
class XmlReader {
 public:
    XmlReader(std::string_view xml, std::string_view name) : rest_(xml), name_(name) {}

    void skip_space() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(spaces), rest_.size()));
    }

    void skip_declaration() {
        skip_space();
        if (rest_.starts_with("<?")) take_until("?>");
        skip_space();
    }

    bool take(const std::string& text) {
        skip_space();
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }

    // The name in the next start tag; its content follows. A '<' in the name is refused: XML does
    // not allow it, and with many of them the search for end tags would take far too long.
    std::string take_start_tag() {
        if (!take("<")) fail();
        const auto name = take_until(">");
        if (name.find('<') != name.npos) fail();
        return std::string(name);
    }

    std::string_view take_until(const std::string& end) {
        const auto at = rest_.find(end);
        if (at == rest_.npos) fail();
        const auto text = rest_.substr(0, at);
        rest_.remove_prefix(at + end.size());
        return text;
    }

    [[noreturn]] void fail() const {
        refuse_corrupt(name_, "the XML in its JUCE envelope is not that of a VST3 plug-in's state");
    }

 private:
    std::string_view rest_, name_;
};

std::string decode_element(std::string_view text, std::string_view element, std::string_view name) {
    auto bytes = from_juce_base64(text);
    if (!bytes)
        refuse_corrupt(name,
                       "the base64 of its " + std::string(element) + " is damaged or cut short");
    return std::move(*bytes);
}

std::string_view xml_of(std::string_view bytes, std::string_view name) {
    if (!juce_magic.starts_with(bytes.substr(0, juce_magic.size())))
        refuse_corrupt(name, "does not begin with 'VC2!'; it is not a state from a JUCE host");
    if (bytes.size() < xml_at)
        refuse_corrupt(name, "ends within its header; the file is cut short");
    const auto size = read_little_endian<std::uint32_t>(bytes.substr(juce_magic.size()));
    const auto left = bytes.size() - xml_at;
    if (size > left)
        refuse_corrupt(name, "declares " + std::to_string(size) + " bytes of XML and only " +
                                 std::to_string(left) + " follow; the file is cut short");
    return bytes.substr(xml_at, size);
}

void append_juce_base64(std::string& text, std::string_view bytes) {
    text += std::to_string(bytes.size()) + ".";
    auto at = text.size();
    text.resize(at + characters_for(bytes.size()));
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits |= std::uint32_t{static_cast<unsigned char>(c)} << count;
        for (count += 8; count >= 6; count -= 6, bits >>= 6) text[at++] = alphabet[bits & 63];
    }
    if (count > 0) text[at] = alphabet[bits];
}

void append_element(std::string& xml, std::string_view element, std::string_view bytes) {
    const auto tag = std::string(element) + ">";
    xml += "<" + tag;
    append_juce_base64(xml, bytes);
    xml += "</" + tag;
}

}  // namespace

JuceState parse_juce_state(std::string_view bytes, std::string_view name) {
    XmlReader xml(xml_of(bytes, name), name);
    xml.skip_declaration();
    if (xml.take_start_tag() != root) xml.fail();
    std::optional<std::string> component;
    JuceState state;
    while (!xml.take("</" + std::string(root) + ">")) {
        const auto element = xml.take_start_tag();
        if (element.ends_with('/')) continue;  // <Name/> holds nothing
        const auto text = xml.take_until("</" + element + ">");
        if (element == "IComponent") component = decode_element(text, element, name);
        if (element == "IEditController") state.controller = decode_element(text, element, name);
    }
    if (!component) refuse_corrupt(name, "its JUCE envelope holds no IComponent state");
    state.component = std::move(*component);
    return state;
}

std::string build_juce_state(const JuceState& state) {
    constexpr std::size_t other_text = 256;
    const auto controller_size = state.controller ? state.controller->size() : 0;
    std::string bytes;
    bytes.reserve(characters_for(state.component.size()) + characters_for(controller_size) +
                  other_text);
    bytes.append(juce_magic).append(xml_at - juce_magic.size(), '\0');
    bytes.append(xml_head).append("<" + std::string(root) + ">");
    append_element(bytes, "IComponent", state.component);
    if (state.controller) append_element(bytes, "IEditController", *state.controller);
    bytes += "</" + std::string(root) + ">";
    put_little_endian(bytes, juce_magic.size(), static_cast<std::uint32_t>(bytes.size() - xml_at));
    bytes += '\0';
    return bytes;
}

std::string to_juce_base64(std::string_view bytes) {
    std::string text;
    append_juce_base64(text, bytes);
    return text;
}

std::optional<std::string> from_juce_base64(std::string_view text) {
    std::size_t size = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, size);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '.') return {};
    text = {read.ptr + 1, end};
    if (size > text.size() || text.size() != characters_for(size)) return {};
    std::string bytes;
    bytes.reserve(size);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto value = values[static_cast<unsigned char>(c)];
        if (value == no_value) return {};
        bits |= std::uint32_t{value} << count;
        if ((count += 6) < 8) continue;
        bytes += static_cast<char>(bits);
        bits >>= 8;
        count -= 8;
    }
    return bytes;
}

}  // namespace patchpipe
