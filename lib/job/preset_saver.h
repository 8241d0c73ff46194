// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Saves the sounds of jobs as presets of the plug-in's own format. All up to the note is done as
// for a render (renderer.h), in the same processes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "job/renderer.h"
#include "names/unique_paths.h"
#include "plugin/source.h"
#include "record/record.h"

namespace patchpipe {

/// The name of the format (preset_formats.h) that plug-ins of this kind save presets in; empty if
/// none can be made.
[[nodiscard]] std::string_view saved_format(std::string_view kind);

/// The path of the preset file of that name in a folder; an LV2 preset is in a bundle of its own,
/// NAME.preset.lv2. suffix is the format's.
[[nodiscard]] std::string saved_path(const std::string& folder, const std::string& name,
                                     std::string_view suffix);

/// Sets preset_path and preset_format to a preset that was written there. An LV2 preset gets the
/// manifest that its bundle needs, if the path is saved_path()'s, and preset_uri and preset_name.
void finish_preset(Record& record, const std::string& path, std::string_view format);

class PresetSaver {
 public:
    /// folder is absolute; without it every record must have an output_path.
    PresetSaver(RendererSettings settings, const std::optional<std::string>& folder);
    PresetSaver(const PresetSaver&) = delete;
    PresetSaver& operator=(const PresetSaver&) = delete;

    /// Saves the sound of the record's job, and makes the record a job for the new preset:
    /// preset_path and preset_format name it, and the fields that are in it now are removed. Throws
    /// Error for a job whose sound cannot be saved; the record is then as it was.
    void save(Record& record);

    /// True if the last job's plug-in was opened outside of the sandbox.
    [[nodiscard]] bool was_outside() const { return outside_; }
    /// The last job's plug-in.
    [[nodiscard]] const std::string& plugin() const { return plugin_; }

 private:
    // A preset that is about to be saved.
    struct Target {
        std::string path;
        std::string_view format;
    };

    [[nodiscard]] RendererSettings saving(RendererSettings settings);
    [[nodiscard]] Target target_for(const Record& record, const Source& source);

    std::optional<std::string> folder_;
    UniquePaths taken_;
    const Record* record_ = nullptr;  // the present job's, as it came
    Target target_;
    std::string plugin_;
    bool outside_ = false;
    Renderer renderer_;
};

}  // namespace patchpipe
