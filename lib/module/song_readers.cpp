// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Modules for song-read.

#include "module/module_process.h"
#include "module/played_file.h"

namespace patchpipe {
namespace {

class ModuleReader : public SongReader {
 public:
    bool claims(std::string_view head, std::uint64_t size) const override {
        return is_module(head, size);
    }
    std::size_t largest_file() const override { return largest_module; }

    void read(const std::string& bytes, const std::string& path, const SongPlaying& playing,
              const WriteLine& write) const override {
        constexpr std::chrono::minutes timeout{10};
        ModuleProcess module(bytes, path, timeout);
        module.read(playing, playing.samples ? samples_of(module, playing) : Paths(), write);
    }

    void serve(int argc, char** argv) const override { serve_if_module(argc, argv); }

 private:
    using Paths = std::vector<std::string>;

    static Paths samples_of(ModuleProcess& module, const SongPlaying& playing) {
        const auto info = module.info();
        Paths paths(info.voices().size());
        const ModulePlay play{.sample_rate = static_cast<int>(playing.sample_rate)};
        write_voices(module, info, play, *playing.samples, {.depth = AudioFormat::Depth::float32},
                     [&](const VoiceFile& file) {
                         paths[static_cast<std::size_t>(file.voice)] = file.path;
                     });
        return paths;
    }
};

const ModuleReader modules;

}  // namespace
}  // namespace patchpipe
