// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "serum/serum_rules.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>

#include "base/error.h"
#include "base/utf8.h"
#include "serum/cbor.h"
#include "serum/cbor_json_forms.h"

namespace patchpipe {
namespace {

using Keys = std::span<const std::string_view>;

constexpr std::array<std::string_view, 14> preset_only_keys = {
    "fileType",           "presetName",
    "presetAuthor",       "presetDescription",
    "arpBankDisplayName", "clipBankDisplayName",
    "ClipPlayer",         "Filter",
    "SerumGUI",           "GranularOsc",
    "MultiSampleOsc",     "Osc",
    "SpectralOsc",        "WTOsc"};

constexpr std::array<std::string_view, 1> macro_keys = {"name"};
constexpr std::array<std::string_view, 1> rack_keys = {"displayName"};
constexpr std::array<std::string_view, 5> clip_keys = {"displayLength_Beats", "gridWidth_Beats",
                                                       "gridYOffset_Rows", "laneTabs", "name"};

// The synthesizer's modules by name; a number follows the name.
struct Family {
    std::string_view name;
    Keys preset_only_keys;
    bool needs_active_clip = false;
};

constexpr std::array<Family, 4> families = {
    {{"Macro", macro_keys}, {"FXRack", rack_keys}, {"MidiClip", clip_keys}, {"Arp", {}, true}}};

constexpr std::string_view product_key = "productVersion", format_key = "version";
// A preset without markers is treated as one of the newest Serum, so that nothing is migrated.
constexpr std::string_view current_product = "2.1.5";
constexpr double current_format = 11.0;
constexpr double format_limit = 1e6;

bool contains(Keys keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// "Macro0" belongs to the family Macro; "MacroBank" and "Macro" do not.
bool is_of_family(std::string_view key, std::string_view family) {
    return key.starts_with(family) && key.size() > family.size() &&
           key.find_first_not_of("0123456789", family.size()) == key.npos;
}

const Family* family_of(std::string_view key) {
    const auto found = std::find_if(families.begin(), families.end(), [&](const Family& family) {
        return is_of_family(key, family.name);
    });
    return found == families.end() ? nullptr : found;
}

bool is_product_version(std::string_view text) { return !text.empty() && is_utf8(text); }

// False for NaN too.
bool is_format_version(double version) { return version > 0 && version < format_limit; }

// As Serum writes it: a float, of 32 bits if that loses nothing.
std::string encoded_version(double version) {
    CborWriter writer;
    if (fits_single(version))
        writer.bits(CborKind::single, std::bit_cast<std::uint32_t>(static_cast<float>(version)));
    else
        writer.real(version);
    return writer.take();
}

constexpr int module_depth = 2;  // of the values in the outermost map

// Copies a preset's CBOR item by item into the processor's shape. Items that no rule names are
// copied byte for byte, so unknown keys pass and numbers keep their width.
class Converter {
 public:
    Converter(std::string_view cbor, std::string_view name, const SerumVersions& replaced)
        : in_(cbor, name), name_(name), replaced_(replaced) {
        constexpr std::size_t additions = 1024;
        out_.reserve(cbor.size() + additions);
    }

    SerumProcessor convert() {
        const auto root = in_.next();
        if (root.kind != CborKind::map) corrupt("its CBOR is not a map; it is not a Serum preset");
        convert_root(root);
        in_.check_end();
        return {out_.take(), *std::move(product_), *format_};
    }

 private:
    struct Key {
        std::string_view name;  // empty if the key is not a text; valid until the next item is read
        std::string_view encoded;
    };

    Key read_key(int depth) {
        if (!in_.at_text()) return {"", in_.skip(depth)};
        const auto item = in_.next();
        return {item.content, item.encoded};
    }

    // The number of entries is known only after the last one, so the head is inserted before them.
    void convert_root(CborItem map) {
        const auto begin = out_.size();
        std::size_t count = 0;
        while (in_.more(map)) {
            const auto key = read_key(module_depth);
            if (contains(preset_only_keys, key.name)) {
                in_.skip(module_depth);
                continue;
            }
            ++count;
            out_.raw(key.encoded);
            convert_entry(key.name);
        }
        count += add_missing();
        out_.insert_head(begin, CborKind::map, count);
    }

    void convert_entry(std::string_view key) {
        if (key == "component") {
            in_.skip(module_depth);
            out_.text("processor");
            has_component_ = true;
        } else if (key == product_key) {
            convert_product();
        } else if (key == format_key) {
            convert_format();
        } else {
            copy_value(key, module_depth, family_of(key));
        }
    }

    void convert_product() {
        if (product_) corrupt("has 'productVersion' twice in its data; the file is damaged");
        const bool is_text = in_.at_text();
        const auto encoded = in_.skip(module_depth);
        const auto own = is_text ? cbor_text(encoded) : std::nullopt;
        if (!own || !is_product_version(*own))
            corrupt(
                "the 'productVersion' in its data must be a text that is not empty; "
                "the file is damaged");
        product_ = replaced_.product.value_or(*own);
        replaced_.product ? out_.text(*product_) : out_.raw(encoded);
    }

    void convert_format() {
        if (format_) corrupt("has 'version' twice in its data; the file is damaged");
        const auto encoded = in_.skip(module_depth);
        const auto own = cbor_number(encoded);
        if (!own || !is_format_version(*own))
            corrupt(
                "the 'version' in its data must be a number above 0 and below 1000000; "
                "the file is damaged");
        format_ = replaced_.format.value_or(*own);
        const bool keeps = !replaced_.format && is_float(encoded);
        keeps ? out_.raw(encoded) : out_.raw(encoded_version(*format_));
    }

    static bool is_float(std::string_view encoded) {
        return CborReader(encoded, "").next().kind >= CborKind::half;
    }

    std::size_t add_missing() {
        if (product_.has_value() != format_.has_value())
            corrupt(std::string("its data has ") +
                    (product_ ? "'productVersion' and no 'version'"
                              : "'version' and no 'productVersion'") +
                    ", and Serum migrates a preset by both; the file is damaged");
        std::size_t count = 0;
        if (!has_component_) {
            add("component").text("processor");
            ++count;
        }
        if (product_) return count;
        product_ = replaced_.product.value_or(std::string(current_product));
        format_ = replaced_.format.value_or(current_format);
        add(product_key).text(*product_);
        add(format_key).raw(encoded_version(*format_));
        return count + 2;
    }

    CborWriter& add(std::string_view key) {
        out_.text(key);
        return out_;
    }

    void convert_module(CborItem map, const Family& family, int depth) {
        const auto begin = out_.size();
        std::size_t count = 0;
        bool needs_active_clip = family.needs_active_clip;
        while (in_.more(map)) {
            const auto key = read_key(depth + 1);
            if (contains(family.preset_only_keys, key.name)) {
                in_.skip(depth + 1);
                continue;
            }
            ++count;
            if (key.name == "activeClip") needs_active_clip = false;
            out_.raw(key.encoded);
            copy_value(key.name, depth + 1);
        }
        if (needs_active_clip) {
            ++count;
            add("activeClip").head(CborKind::unsigned_integer, 0);
        }
        out_.insert_head(begin, CborKind::map, count);
    }

    void copy_value(std::string_view key, int depth, const Family* family = nullptr) {
        in_.check_depth(depth);
        const bool may_be_default = key == "plainParams";
        auto item = in_.next();
        const bool is_map = item.kind == CborKind::map;
        if (is_map && family) return convert_module(item, *family, depth);
        if (may_be_default && item.kind == CborKind::text && item.content == "default")
            return out_.head(CborKind::map, 0);
        out_.raw(item.encoded);
        if (item.kind == CborKind::tag) return copy_value("", depth + 1);
        if (!is_map && item.kind != CborKind::array) return;
        const bool has_break = item.indefinite;
        if (!is_map) out_.raw(in_.take_floats(item, depth + 1));
        while (in_.more(item)) is_map ? copy_entry(depth + 1) : copy_value("", depth + 1);
        if (has_break) out_.raw("\xff");
    }

    void copy_entry(int depth) {
        const auto key = read_key(depth);
        out_.raw(key.encoded);
        copy_value(key.name, depth);
    }

    [[noreturn]] void corrupt(const std::string& what) const {
        throw Error(ErrorKind::corrupt, name_, what);
    }

    CborReader in_;
    CborWriter out_;
    std::string_view name_;
    const SerumVersions& replaced_;
    std::optional<std::string> product_;  // of the state
    std::optional<double> format_;
    bool has_component_ = false;
};

}  // namespace

void check_serum_versions(const SerumVersions& versions) {
    if (versions.product && !is_product_version(*versions.product))
        throw UsageError("--product-version: must be UTF-8 and not empty");
    if (versions.format && !is_format_version(*versions.format))
        throw UsageError("--format-version: must be above 0 and below 1000000");
}

SerumProcessor convert_serum_preset(std::string_view cbor, std::string_view name,
                                    const SerumVersions& replaced) {
    return Converter(cbor, name, replaced).convert();
}

}  // namespace patchpipe
