// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Readers of songs that need a library which may be missing. Such a folder of lib brings its reader
// along with a static object in song_readers.cpp, which the build links into song-read: nothing
// else has to know it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "song/raw_lines.h"

namespace patchpipe {

/// How a song that has to be played to be read is played.
struct SongPlaying {
    bool rows = false;                   ///< its rows instead of notes
    bool items = false;                  ///< items that play its samples instead of notes
    std::optional<double> row_ms;        ///< every row lasts that long, and a sample as its row
    std::int64_t subsong = 1;            ///< from 1
    std::int64_t sample_rate = 44100;    ///< at which its times are exact
    double longest = 3600;               ///< seconds; one that is longer is refused
    std::optional<std::string> samples;  ///< a folder for its samples
};

/// Throws Error unsupported if the song of that name plays for more than `longest` seconds.
void check_length(const std::string& name, double seconds, double longest);

class SongReader {
 public:
    virtual ~SongReader() = default;
    SongReader(const SongReader&) = delete;
    SongReader& operator=(const SongReader&) = delete;

    /// True if a file of that size that begins so is for this reader.
    [[nodiscard]] virtual bool claims(std::string_view head, std::uint64_t size) const = 0;
    [[nodiscard]] virtual std::size_t largest_file() const = 0;
    /// Writes the records of a file with these bytes. path is what they call it. Throws Error.
    virtual void read(const std::string& bytes, const std::string& path, const SongPlaying& playing,
                      const WriteLine& write) const = 0;
    /// Serves and never returns if the command line is that of a process which it started.
    virtual void serve(int argc, char** argv) const = 0;

 protected:
    SongReader();  ///< joins song_readers()
};

/// All that are linked into this program.
[[nodiscard]] const std::vector<const SongReader*>& song_readers();

}  // namespace patchpipe
