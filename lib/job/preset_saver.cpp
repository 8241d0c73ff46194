// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/preset_saver.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "catalog/preset_formats.h"
#include "file/absolute.h"
#include "file/whole_file.h"
#include "lv2/lv2_bundle_writer.h"
#include "lv2/lv2_presets.h"
#include "names/characters.h"
#include "names/name_template.h"
#include "names/sanitise.h"

namespace patchpipe {
namespace {

constexpr std::string_view lv2_format = "lv2", bundle_suffix = ".preset.lv2";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> saved_formats{{
    {vst2_kind, "fxp"},
    {vst3_kind, "vstpreset"},
    {lv2_kind, lv2_format},
    {logic_kind, "logic"},
}};

// What is not_of_presets, through what, and what becomes of it: a preset does not depend on these.
constexpr const char* not_of_presets[] = {
    "midi_path", "midi_duration", "input_path",    "sidechain_path", "automation",
    "duration",  "tail",          "format",        "bit_depth",      "quality",
    "bitrate",   "chain",         "skip_existing", "filename_stem",  "output_path"};

// What the saved preset has in it.
constexpr const char* saved[] = {"preset_uri", "state_path", "program", "parameters"};

std::string stem_of(std::string_view path) {
    const auto name = file_name(path);
    const auto dot = name.rfind('.');
    return std::string(dot == name.npos || dot == 0 ? name : name.substr(0, dot));
}

// As the rendered file is called, else as the preset.
std::string wanted_name(const Record& record) {
    if (const auto stem = record.text("filename_stem"))
        return sanitised_or_hash(*stem, Alphabet::unicode, "preset");
    const auto audio = record.path("output_path"), state = record.path("state_path");
    const bool has_preset = record.raw("preset_path") || record.raw("preset_uri");
    if (audio && !audio->empty())
        return sanitised_or_hash(stem_of(*audio), Alphabet::unicode, "preset");
    if (state && !has_preset)
        return sanitised_or_hash(stem_of(*state), Alphabet::unicode, "preset");
    return NameTemplate("{preset}").expand(record, Alphabet::unicode);
}

const PresetFormat& format_of(const Source& source) {
    const auto* format = format_named(saved_format(source.kind));
    if (format) return *format;
    throw Error(ErrorKind::unsupported, source.identifier,
                "is of the kind " + source.kind +
                    ", of which no preset files can be made; its sounds stay jobs");
}

void check_suffix(const std::string& path, std::string_view suffix, std::string_view kind) {
    if (lower_ascii(path).ends_with(suffix)) return;
    throw Error(ErrorKind::bad_record, "output_path",
                "is " + path + ", but the name of a preset of a " + std::string(kind) +
                    " ends in " + std::string(suffix) + "; rename it, or give -o DIR");
}

}  // namespace

std::string_view saved_format(std::string_view kind) {
    for (const auto& [known, format] : saved_formats)
        if (known == kind) return format;
    return "";
}

std::string saved_path(const std::string& folder, const std::string& name,
                       std::string_view suffix) {
    const auto path = folder + (folder == "/" ? "" : "/") + name;
    if (suffix != format_named(lv2_format)->suffix) return path + std::string(suffix);
    return path + std::string(bundle_suffix) + "/" + std::string(lv2_preset_name);
}

void finish_preset(Record& record, const std::string& path, std::string_view format) {
    record.set("preset_path", path);
    record.set("preset_format", format);
    if (format != lv2_format) return;
    const auto presets = lv2_presets_of_file(path);
    if (presets.empty()) throw Error(ErrorKind::corrupt, path, "describes no preset");
    const auto& preset = presets.front();
    record.set("preset_uri", preset.uri);
    record.set("preset_name", preset.name);
    const auto bundle = parent_folder(path);
    if (file_name(path) == lv2_preset_name && bundle.ends_with(bundle_suffix))
        write_whole_file(bundle + "/" + std::string(lv2_manifest_name), build_lv2_manifest(preset));
}

PresetSaver::PresetSaver(RendererSettings settings, const std::optional<std::string>& folder)
    : folder_(folder), renderer_(saving(std::move(settings))) {}

RendererSettings PresetSaver::saving(RendererSettings settings) {
    settings.preset_path = [this](const Record&, const Source& source) {
        plugin_ = source.identifier;
        target_ = target_for(*record_, source);
        return target_.path;
    };
    return settings;
}

PresetSaver::Target PresetSaver::target_for(const Record& record, const Source& source) {
    const auto& format = format_of(source);
    const std::string suffix(format.suffix);
    if (folder_)
        return {saved_path(*folder_, taken_.claim(wanted_name(record), suffix), suffix),
                format.name};
    const auto path = record.path("output_path").value_or("");
    if (path.empty())
        throw Error(ErrorKind::bad_record, "output_path",
                    "is missing; give -o DIR to name the presets after the jobs");
    check_suffix(path, suffix, source.kind);
    return {absolute_path(path), format.name};
}

void PresetSaver::save(Record& record) {
    record_ = &record;
    auto job = record;
    for (const auto* key : not_of_presets) job.remove(key);
    job.set("output_path", "/dev/null");  // until the plug-in is known
    if (!job.text("preset_name")) job.set("preset_name", wanted_name(record));
    renderer_.render(job);
    if (job.is_error()) throw error_of(job);
    outside_ = !job.flag("sandbox").value_or(true);
    auto kept = record;
    for (const auto* key : saved) kept.remove(key);
    if (!folder_) kept.remove("output_path");
    if (kept.raw("presets_root"))
        kept.set("presets_root", folder_ ? *folder_ : parent_folder(target_.path));
    finish_preset(kept, target_.path, target_.format);
    record = std::move(kept);
}

}  // namespace patchpipe
