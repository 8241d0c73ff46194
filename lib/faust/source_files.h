// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that a Faust program depends on, found without compiling it: what import(), library(),
// component() and soundfile() name, in the program and in what it imports. A file that is named and
// not used is among them too, which is harmless: they are hashed to see whether one has changed.
#pragma once

#include <string>
#include <vector>

namespace patchpipe {

/// Throws Error plugin-load, with the line, if the text imports something by a URL: the library
/// would fetch it, from whoever answers, and keep what it made of it. The path is for the message.
void refuse_imports_by_url(const std::string& text, const std::string& path);

/// Where the compiler looks for what the program of that path imports, with those options: the
/// program's own folder, in which it works (working_folder.h), those of -I, and the library's.
/// Absolute, without repeats.
[[nodiscard]] std::vector<std::string> faust_folders(const std::string& path,
                                                     const std::vector<std::string>& options);

/// The sound files that the url of a soundfile names: "{'a.wav';'b.wav'}", or one name.
[[nodiscard]] std::vector<std::string> soundfile_names(const std::string& url);

/// The path of a file by its name: in the first of the folders that has it, or the name itself if
/// it is absolute. Empty if no folder has it.
[[nodiscard]] std::string file_in_folders(const std::string& name,
                                          const std::vector<std::string>& folders);

/// The absolute paths of the program and of all that it depends on and that is there, in the order
/// in which they are found. Throws Error not-found or io for the program itself, unsupported if
/// there are more files than a program has.
[[nodiscard]] std::vector<std::string> faust_source_files(const std::string& path,
                                                          const std::vector<std::string>& options);

/// Source files, by whether a program may have them that names whatever it likes: itself and what
/// is in one of faust_folders(), where a link leads to there.
struct SourceFiles {
    std::vector<std::string> own, foreign;
};

/// The files of faust_source_files(), in their order. Throws Error io for one that is gone.
[[nodiscard]] SourceFiles split_by_owner(const std::vector<std::string>& files,
                                         const std::string& path,
                                         const std::vector<std::string>& options);

}  // namespace patchpipe
