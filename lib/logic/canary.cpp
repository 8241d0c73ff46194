// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "logic/canary.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/words.h"
#include "logic/logic.h"

namespace patchpipe {
namespace {

struct Word {
    const char* name;
    std::uint32_t value;
};

#define PATCHPIPE_CANARY_ROW(name, value) Word{name, static_cast<std::uint32_t>(value)},
constexpr std::array ours{PATCHPIPE_CANARY(PATCHPIPE_CANARY_ROW)};

// The places of those that are more than a number to compare.
enum Place : std::size_t { byte_order, epoch, pointer_bits, features, sample_bits_place };
constexpr std::size_t in_every_epoch = 4;
static_assert(std::string_view(ours[byte_order].name) == "byte order" &&
              std::string_view(ours[epoch].name) == "epoch" &&
              std::string_view(ours[pointer_bits].name) == "bits of a pointer" &&
              std::string_view(ours[features].name) == "features" &&
              std::string_view(ours[sample_bits_place].name) == "bits of a sample");

constexpr std::uint32_t our_features = PATCHPIPE_NEEDS_TRANSPORT | PATCHPIPE_NEEDS_SYSEX;

std::string features_text(std::uint32_t bits) {
    std::vector<std::string> names;
    for (std::uint32_t bit = 1; bit != 0; bit <<= 1) {
        if ((bits & bit) == 0) continue;
        names.push_back(bit == PATCHPIPE_NEEDS_TRANSPORT ? "transport"
                        : bit == PATCHPIPE_NEEDS_SYSEX   ? "sysex"
                                                         : "feature " + std::to_string(bit));
    }
    return names.empty() ? "none" : joined(names, "+");
}

std::string byte_order_text(std::uint32_t value) {
    if (value == ours[byte_order].value) return "this machine's";
    return value == __builtin_bswap32(ours[byte_order].value) ? "the other" : "neither";
}

std::string value_text(std::size_t place, std::uint32_t value) {
    if (place == byte_order) return byte_order_text(value);
    if (place == features) return features_text(value);
    return std::to_string(value);
}

bool fits(std::size_t place, std::uint32_t value) {
    if (place == features) return (value & ~our_features) == 0;
    if (place == sample_bits_place) return value == 32 || value == 64;
    return value == ours[place].value;
}

std::string needed_text(std::size_t place) {
    if (place == features) return features_text(our_features);
    if (place == sample_bits_place) return "32 or 64";
    return value_text(place, ours[place].value);
}

}  // namespace

LogicCanary::LogicCanary(std::string_view content)
    : words_(content.size() / sizeof(std::uint32_t)), bytes_(content.size()) {
    if (words_.empty()) return;
    std::memcpy(words_.data(), content.data(), words_.size() * sizeof(std::uint32_t));
}

int LogicCanary::sample_bits() const { return static_cast<int>(words_.at(sample_bits_place)); }

// How many fields mean the same in both.
std::size_t LogicCanary::common() const {
    const bool same_epoch = words_.size() > epoch && words_[epoch] == ours[epoch].value;
    return std::min(words_.size(), same_epoch ? ours.size() : in_every_epoch);
}

std::vector<CanaryField> LogicCanary::fields() const {
    std::vector<CanaryField> fields;
    for (std::size_t i = 0; i < common(); ++i)
        fields.push_back({ours[i].name, value_text(i, words_[i])});
    return fields;
}

std::vector<CanaryDifference> LogicCanary::differences() const {
    std::vector<CanaryDifference> differences;
    if (bytes_ != sizeof(patchpipe_note::canary))
        differences.push_back({"bytes of the canary", std::to_string(bytes_),
                               std::to_string(sizeof(patchpipe_note::canary))});
    for (std::size_t i = 0; i < common(); ++i)
        if (!fits(i, words_[i]))
            differences.push_back({ours[i].name, value_text(i, words_[i]), needed_text(i)});
    return differences;
}

std::optional<LogicCanary> find_logic_canary(const ElfLibrary& library) {
    for (const auto& note : library.notes())
        if (note.owner == "patchpipe" && note.type == PATCHPIPE_NOTE_TYPE)
            return LogicCanary(note.content);
    return {};
}

std::string text_of(const std::vector<CanaryDifference>& differences) {
    std::vector<std::string> texts;
    for (const auto& one : differences)
        texts.push_back(one.name + ": library " + one.library + ", host " + one.host);
    return joined(texts, "; ");
}

}  // namespace patchpipe
