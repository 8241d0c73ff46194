// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the plug-ins that a song names on this machine. The song may come from another one, and
// from another system, so the name of a file is only the first hint. Not here: loading plug-ins.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "plugin/source.h"
#include "record/record.h"

namespace patchpipe {

class PluginFinder {
 public:
    /// The id of the plug-in in a file: a VST2's four letters, a VST3's class. Nothing if it cannot
    /// be loaded.
    using Identify = std::function<std::optional<std::string>(const std::string& path)>;

    struct Places {
        std::vector<std::string> folders;  ///< searched before those that hosts look into
        std::string song_folder;           ///< relative paths are meant from there
        bool allow_song_folder = false;    ///< load plug-ins that lie in it, or in a folder of it
        bool refuse_songs = false;         ///< load no plug-in that only the song names
        std::vector<std::string> named = {};  ///< paths that the user gave himself
    };

    PluginFinder(Places places, Identify identify);

    /// The plug-in of an fx record; its identifier is what render-one takes as a plugin_path. It is
    /// the record's own path if that leads to something outside of the song's folder, else an
    /// installed plug-in whose file has the same name but for the suffix of a VST, else what the
    /// path leads to in the song's folder, if that is allowed: such a plug-in may have come with
    /// the song. Else it is the first installed one with the record's id, for which plug-ins are
    /// loaded. Throws Error not-found, and unsupported for what is part of REAPER, for
    /// kinds that are not played here, and for what find_source() refuses.
    [[nodiscard]] const Source& find(const Record& effect);

 private:
    struct Candidate {
        /// name: of the file, in small letters, without suffix but for a Faust program's
        std::string path, name;
        bool vst3;
    };

    [[nodiscard]] Source search(const Record& effect);
    [[nodiscard]] std::optional<Source> find_own(const Record& effect, bool in_song_folder) const;
    [[nodiscard]] std::string own_path(const std::string& path) const;
    [[nodiscard]] bool is_named(const std::string& path) const;
    [[nodiscard]] bool came_with_song(const std::string& path) const;
    [[nodiscard]] std::optional<Source> find_installed(const std::string& name, bool vst3);
    void search_all();
    [[nodiscard]] std::optional<std::string> with_id(const std::string& id, bool vst3);

    Places places_;
    Identify identify_;
    std::optional<std::vector<Candidate>> candidates_;  // once they were searched for
    std::unordered_map<std::string, Source> found_;     // by what records say
    std::unordered_map<std::string, std::string> ids_;  // of candidates that were loaded
};

}  // namespace patchpipe
