// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Audio files as the sources of a mix: any number of them, of which few are open at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "audio/audio_reader.h"
#include "audio/mix.h"

namespace patchpipe {

class FileSources : public MixSources {
 public:
    FileSources();
    ~FileSources() override;

    /// Returns the number of a file, the same one for the same path, and reads its header the first
    /// time. Throws Error as AudioReader does, unsupported for anything but a regular file, since
    /// it may be read more than once, and corrupt for a file that was cut short. With check_all the
    /// file is read to its end, and this throws what read() does.
    [[nodiscard]] std::size_t add(const std::string& path, bool check_all = false);

    /// How many there are.
    [[nodiscard]] std::size_t size() const { return sources_.size(); }
    [[nodiscard]] const std::string& path(std::size_t source) const;
    /// In Hz; an npy file has none.
    [[nodiscard]] std::optional<int> sample_rate(std::size_t source) const;
    /// See AudioReader.
    [[nodiscard]] bool seeks_fast(std::size_t source) const;
    [[nodiscard]] int channels(std::size_t source) const override;
    [[nodiscard]] std::int64_t frames(std::size_t source) const override;

    /// Throws Error as AudioReader does, io for a file that is no longer as it was, and non-finite
    /// for samples that are NaN or infinite.
    void read(std::size_t source, std::int64_t at, int frames, double* samples) override;

 private:
    struct Source {
        const std::string* path;
        int channels;
        std::int64_t frames;
        std::optional<int> sample_rate;
        bool seeks_fast;
    };
    struct Open {
        std::size_t source;
        std::int64_t at;    // the frame that is read next
        std::int64_t used;  // when, by uses_
        std::unique_ptr<AudioReader> reader;
    };

    void make_room();
    void keep(std::size_t source, std::unique_ptr<AudioReader> reader);
    [[nodiscard]] Open& reader_at(std::size_t source, std::int64_t at);
    [[nodiscard]] Open* open_reader(std::size_t source, std::int64_t at);

    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<Source> sources_;
    std::vector<Open> open_;
    std::int64_t uses_ = 0;
    std::size_t most_open_;
};

}  // namespace patchpipe
