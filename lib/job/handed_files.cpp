// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/handed_files.h"

#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "catalog/preset_file.h"
#include "file/read_file.h"
#include "job/job_sound.h"
#include "job/plugin_requests.h"

namespace patchpipe {

HandedFiles::HandedFiles(const Record& request) {
    add_sound(request, 0);
    const auto chain = request.raw("chain");
    const auto links = json_elements(chain.value_or("[]")).value_or(std::vector<std::string>());
    for (std::size_t i = 0; i < links.size(); ++i) try {
            add_sound(Record(links[i]), i + 1);
        } catch (const Error& error) {
            throw Error(error.kind(), "chain: entry " + std::to_string(i + 1), error.what());
        }
    if (const auto path = request.path("midi_path"))
        files_.push_back({{.role = std::string(midi_role)}, open_file(*path)});
}

void HandedFiles::add_sound(const Record& settings, std::size_t link) {
    const auto state = settings.path("state_path"), preset = settings.path("preset_path");
    if (state) {
        files_.push_back({{.role = sound_role_of(link)}, open_file(*state)});
    } else if (preset) {
        auto opened = open_preset_file(
            *preset, {settings.text("preset_uri").value_or(""), program_choice(settings)});
        files_.push_back({{sound_role_of(link), std::move(opened.format)}, std::move(opened.file)});
    }
}

std::vector<SentFile> HandedFiles::list() const {
    std::vector<SentFile> list;
    for (const auto& file : files_) list.push_back({file.name, file.fd.get()});
    return list;
}

}  // namespace patchpipe
