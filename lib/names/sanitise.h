// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text made fit to be a file name on every file system. Not here: whether the name is taken
// (unique_paths.h).
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

enum class Alphabet {
    ascii,    ///< A-Z a-z 0-9 _ and -
    unicode,  ///< every character that no file system refuses, in Unicode normal form C
};

/// The longest name that sanitised() gives, in bytes. It leaves room for a collision suffix, an
/// extension and a temporary name below the 255 bytes of most file systems.
inline constexpr std::size_t longest_name = 196;

/// The text as one name, possibly an empty one.
/// ascii: every other character becomes '_', runs of '_' become one, none is left at the ends.
/// unicode: a run of control characters and of / \ : * ? " < > | becomes one '_'; none of these, no
/// dot and no space is left at the ends.
/// Cut to longest_name at a character. A name that Windows keeps for itself (CON, com1, ...) gets a
/// '_' behind the reserved word. The text must be UTF-8.
[[nodiscard]] std::string sanitised(std::string_view text, Alphabet alphabet);

/// The same, but never empty: a text of which nothing is left becomes word, '_' and the first eight
/// hexadecimal digits of the MD5 of the text, the same in every run and every set.
[[nodiscard]] std::string sanitised_or_hash(std::string_view text, Alphabet alphabet,
                                            std::string_view word);

}  // namespace patchpipe
