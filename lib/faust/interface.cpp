// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/interface.h"

#include <array>
#include <charconv>

#include "base/number.h"

namespace patchpipe {
namespace {

using Kind = FaustItem::Kind;

// The shortest decimal that is this float: 0.1 for the float next to it.
double decimal(float value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return parse_number({digits.data(), end}).value_or(value);
}

// As the addresses of Faust's own hosts (OSC, HTTP) are made.
std::string address_of(const std::vector<std::string>& groups, const std::string& label) {
    std::string address;
    for (const auto& group : groups) address += "/" + group;
    address += "/" + label;
    constexpr std::string_view replaced = " #*,?[]{}()";
    for (char& c : address)
        if (replaced.find(c) != replaced.npos) c = '_';
    return address;
}

// Takes the calls of buildUserInterface(). Metadata come before the item that they are about.
class Builder {
 public:
    void open(Kind kind, const char* label) {
        groups_.push_back({.kind = kind, .label = label, .address = ""});
        groups_.back().metadata = std::move(metadata_);
        metadata_.clear();
        labels_.emplace_back(label);
    }

    void close() {
        if (groups_.empty()) return;
        auto group = std::move(groups_.back());
        groups_.pop_back();
        labels_.pop_back();
        siblings().push_back(std::move(group));
    }

    void add(FaustItem item) {
        item.address = address_of(labels_, item.label);
        item.metadata = std::move(metadata_);
        metadata_.clear();
        siblings().push_back(std::move(item));
    }

    void declare(const char* key, const char* value) { metadata_.emplace_back(key, value); }

    std::vector<FaustItem> take() { return std::move(tree_); }

 private:
    std::vector<FaustItem>& siblings() { return groups_.empty() ? tree_ : groups_.back().items; }

    std::vector<FaustItem> tree_, groups_;
    std::vector<std::string> labels_;
    std::vector<std::pair<std::string, std::string>> metadata_;
};

Builder& builder(void* interface) { return *static_cast<Builder*>(interface); }

template <Kind kind>
void open_group(void* interface, const char* label) {
    builder(interface).open(kind, label);
}

template <Kind kind>
void add_switch(void* interface, const char* label, float* zone) {
    builder(interface).add(
        {.kind = kind, .label = label, .address = "", .max = 1, .step = 1, .zone = zone});
}

template <Kind kind>
void add_number(void* interface, const char* label, float* zone, float init, float min, float max,
                float step) {
    builder(interface).add({.kind = kind,
                            .label = label,
                            .address = "",
                            .init = decimal(init),
                            .min = decimal(min),
                            .max = decimal(max),
                            .step = decimal(step),
                            .zone = zone});
}

template <Kind kind>
void add_bargraph(void* interface, const char* label, float* zone, float min, float max) {
    builder(interface).add({.kind = kind,
                            .label = label,
                            .address = "",
                            .min = decimal(min),
                            .max = decimal(max),
                            .zone = zone});
}

void add_soundfile(void* interface, const char* label, const char* url, Soundfile** zone) {
    builder(interface).add(
        {.kind = Kind::soundfile, .label = label, .address = "", .url = url, .zone = zone});
}

}  // namespace

const std::string* FaustItem::meta(std::string_view key) const {
    for (const auto& [name, value] : metadata)
        if (name == key) return &value;
    return nullptr;
}

std::string_view to_string(FaustItem::Kind kind) {
    constexpr std::array<std::string_view, 11> names{"hgroup",    "vgroup",    "tgroup",   "button",
                                                     "checkbox",  "hslider",   "vslider",  "nentry",
                                                     "hbargraph", "vbargraph", "soundfile"};
    return names.at(static_cast<std::size_t>(kind));
}

std::vector<FaustItem> faust_interface(const FaustBackend& backend, void* dsp) {
    Builder builder;
    UIGlue glue{
        .uiInterface = &builder,
        .openTabBox = open_group<Kind::tgroup>,
        .openHorizontalBox = open_group<Kind::hgroup>,
        .openVerticalBox = open_group<Kind::vgroup>,
        .closeBox = [](void* interface) { patchpipe::builder(interface).close(); },
        .addButton = add_switch<Kind::button>,
        .addCheckButton = add_switch<Kind::checkbox>,
        .addVerticalSlider = add_number<Kind::vslider>,
        .addHorizontalSlider = add_number<Kind::hslider>,
        .addNumEntry = add_number<Kind::nentry>,
        .addHorizontalBargraph = add_bargraph<Kind::hbargraph>,
        .addVerticalBargraph = add_bargraph<Kind::vbargraph>,
        .addSoundfile = add_soundfile,
        .declare = [](void* interface, float* /*zone*/, const char* key,
                      const char* value) { patchpipe::builder(interface).declare(key, value); }};
    backend.build_interface(dsp, &glue);
    return builder.take();
}

std::vector<const FaustItem*> leaves_of(const std::vector<FaustItem>& tree) {
    std::vector<const FaustItem*> leaves;
    for (const auto& item : tree) {
        if (!item.is_group()) {
            leaves.push_back(&item);
            continue;
        }
        const auto inside = leaves_of(item.items);
        leaves.insert(leaves.end(), inside.begin(), inside.end());
    }
    return leaves;
}

}  // namespace patchpipe
