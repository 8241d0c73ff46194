// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns text into a file name that every file system accepts. Not here: whether the name is taken
// (unique_paths.h).
#pragma once

#include <string>
#include <string_view>

namespace patchpipe {

enum class Alphabet {
    ascii,    ///< A-Z a-z 0-9 _ and -
    unicode,  ///< every character that no file system refuses, in Unicode normal form C
};

/// The longest name that sanitised() returns, in bytes. It leaves room for a collision suffix, an
/// extension and a temporary name below the 255 bytes of most file systems.
inline constexpr std::size_t longest_name = 196;

/// The text as one name, possibly an empty one.
/// ascii: every other character becomes '_', runs of '_' become one, and those at the ends are
/// removed.
/// unicode: a run of control characters and of / \ : * ? " < > | becomes one '_'; these, dots and
/// spaces are removed at the ends.
/// The name is cut to longest_name between two characters. A name that Windows reserves (CON, com1,
/// ...) gets a '_' after the reserved word. The text must be UTF-8.
[[nodiscard]] std::string sanitised(std::string_view text, Alphabet alphabet);

/// The same, but never empty: if nothing of the text is left, the name is word, '_' and the first
/// eight hexadecimal digits of the text's MD5, which depends on nothing but the text.
[[nodiscard]] std::string sanitised_or_hash(std::string_view text, Alphabet alphabet,
                                            std::string_view word);

/// "0007 Warm Pad": a program's number in at least four digits, and its name as a file's if
/// anything is left of it. The number keeps the programs' order, and two of one name apart.
[[nodiscard]] std::string numbered_name(std::size_t number, std::string_view name);

}  // namespace patchpipe
