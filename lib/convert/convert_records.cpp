// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "convert/convert_records.h"

#include "base/error.h"
#include "base/md5.h"
#include "catalog/detect.h"
#include "catalog/preset_formats.h"
#include "file/absolute.h"
#include "file/read_file.h"
#include "file/whole_file.h"
#include "names/name_template.h"
#include "names/sanitise.h"
#include "record/record_stream.h"
#include "serum/serum.h"

namespace patchpipe {
namespace {

std::string suffix_of(PresetForm form) {
    return form == PresetForm::state ? ".state" : "." + std::string(to_string(form));
}

// Without a suffix that is known to be one: "Vol.2" may be a whole name.
std::string_view without_suffix(std::string_view path) {
    const bool known = preset_format(path) || path.ends_with(".state") || path.ends_with(".bin");
    return known ? path.substr(0, path.rfind('.')) : path;
}

}  // namespace

RecordConverter::RecordConverter(Conversion conversion, std::string folder)
    : conversion_(std::move(conversion)),
      folder_(folder == "/" ? folder : folder + "/"),
      records_(stream_of_records()) {}

// A state is the sound in place of the preset.
std::optional<std::string> RecordConverter::source_of(const Record& record) const {
    const auto state = record.path("state_path"), preset = record.path("preset_path");
    if (state && conversion_.to == PresetForm::state) return {};
    const auto& path = state ? state : preset;
    if (path && records_) refuse_as_file(*records_, state ? "state_path" : "preset_path", *path);
    return path;
}

bool RecordConverter::is_to_convert(std::string_view format) const {
    if (conversion_.from_raw) return true;
    if (conversion_.to == PresetForm::fxp) return format == "fxb";
    const auto other = conversion_.to == PresetForm::state ? "vstpreset" : "state";
    return format == "serum2" || format == other;
}

std::vector<Record> RecordConverter::convert(const Record& record) {
    const bool to_state = conversion_.to == PresetForm::state;
    const auto path = source_of(record);
    if (!path || !is_to_convert(detect_preset_file(*path))) return {record};
    const auto with_file = [&](const std::string& written) {
        return to_state ? with_state(record, written) : with_preset(record, written);
    };
    if (const auto known = written_.find(*path); known != written_.end())
        return {with_file(known->second)};
    const auto bytes = read_file(*path, largest_serum_file);
    if (conversion_.to == PresetForm::fxp && !conversion_.from_raw)
        return convert_bank(record, *path, bytes);
    auto conversion = conversion_;
    if (conversion.header.name.empty())
        conversion.header.name = record.text("preset_name").value_or("");
    const auto converted = convert_preset(bytes, *path, conversion);
    const auto name = to_state ? md5_hex(converted.bytes) : wanted_path(record, *path);
    return {with_file(write({*path, *path, name}, converted.bytes))};
}

// The chosen program, or all of them.
std::vector<Record> RecordConverter::convert_bank(const Record& record, const std::string& path,
                                                  const std::string& bytes) {
    const auto choice = conversion_.program ? conversion_.program : program_choice(record);
    const auto wanted = wanted_path(record, path);
    std::vector<Record> records;
    for (const auto& program : bank_programs(bytes, path, choice)) {
        const auto key = path + '\0' + std::to_string(program.number);
        const auto name = wanted + "/" + numbered_name(program.number, program.name);
        try {
            check_program(program, path);
            auto one = with_preset(record, write({path, key, name}, program.bytes));
            one.remove("program");
            one.set("preset_name", program.name);
            records.push_back(std::move(one));
        } catch (const Error& error) {  // of this program alone
            records.push_back(record);
            records.back().set("program", program.number);
            records.back().set_error(error);
        }
    }
    return records;
}

Record RecordConverter::with_preset(const Record& record, const std::string& written) const {
    auto changed = record;
    changed.set("preset_path", written);
    changed.set("preset_format", to_string(conversion_.to));
    if (record.raw("presets_root")) changed.set("presets_root", absolute_path(folder_));
    changed.remove("state_path");
    return changed;
}

Record RecordConverter::with_state(const Record& record, const std::string& written) const {
    auto changed = record;
    changed.set("state_path", written);
    return changed;
}

// Records of the same preset share one file. States have the name of their content, so that equal
// ones are one file.
std::string RecordConverter::write(const Target& target, std::string_view bytes) {
    auto& known = written_[target.key];
    if (!known.empty()) return known;
    const auto suffix = suffix_of(conversion_.to);
    const bool to_state = conversion_.to == PresetForm::state;
    auto path = folder_ + (to_state ? target.path : taken_.claim(target.path, suffix)) + suffix;
    if (same_regular_file(target.source, path))
        throw Error(ErrorKind::unsupported, target.source,
                    "would be replaced by what it becomes; use another folder");
    write_whole_file(path, bytes);
    return known = std::move(path);
}

// Within the folder and without a suffix: where the preset was in its own folder of presets.
std::string RecordConverter::wanted_path(const Record& record, const std::string& given) const {
    const auto path = absolute_path(given);  // without "..", which would lead out of the folder
    const auto root = record.path("presets_root").value_or("");
    const auto inside = root.empty() ? "" : within(path, absolute_path(root));
    const std::string wanted(without_suffix(inside.empty() ? file_name(path) : inside));
    return wanted.empty() || wanted.ends_with('/') ? wanted + "preset" : wanted;
}

}  // namespace patchpipe
