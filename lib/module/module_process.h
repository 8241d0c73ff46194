// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A process in which modules are opened and played: files of unknown origin are read by much code
// there, and a crash or a hang ends only that process. Each request is answered by a child of its
// own, which opens the module anew: random numbers, which instruments may use, are the same in all.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "isolation/isolated_process.h"
#include "module/module_file.h"
#include "module/played_audio.h"
#include "song/raw_lines.h"
#include "song/song_reader.h"

namespace patchpipe {

/// Call it first in main() of a tool that uses ModuleProcess.
void serve_if_module(int argc, char** argv);

/// What is played.
struct ModulePlay {
    ModuleSound sound = {};
    int subsong = 0;  ///< from 0
    int sample_rate = 44100;
    int loops = 1;                 ///< how often it is played to its end
    double fade = 0;               ///< seconds for which it then plays on, ever softer
    double longest = 3600;         ///< seconds of one time through; a longer one is refused
    int channel = -1, voice = -1;  ///< from 0: only that one
};

class ModuleProcess {
 public:
    /// path is for messages and records. timeout is for each request.
    ModuleProcess(const std::string& bytes, std::string path, std::chrono::milliseconds timeout);
    ~ModuleProcess();

    /// What is known without playing it. Throws Error corrupt, and what IsolatedProcess throws.
    [[nodiscard]] ModuleInfo info();
    /// Throws the same, and Error unsupported for a subsong that is not there, or too long.
    [[nodiscard]] PlayedAudio play(const ModulePlay& play);
    /// A voice alone, at middle C: until it ends, or for so many seconds.
    [[nodiscard]] PlayedAudio play_voice(int voice, const ModulePlay& play, double longest);
    /// Its records; sample_paths as of ModuleRecords::write_samples().
    void read(const SongPlaying& playing, const std::vector<std::string>& sample_paths,
              const WriteLine& write);

 private:
    [[nodiscard]] Record ask(std::string_view verb, Record request, int output);

    std::string path_;
    std::chrono::milliseconds timeout_;
    Descriptor input_;
    std::unique_ptr<IsolatedProcess> process_;
};

}  // namespace patchpipe
