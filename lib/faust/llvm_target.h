// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The processors for which LLVM compiles programs. libfaust compiles for the processor that it runs
// on, and lets LLVM fuse a multiplication with the addition after it where there is an instruction
// for that (FMA), which rounds once instead of twice: the same program would have other bits on
// another machine. So code is made for an instruction set without such an instruction, named here.
// The sets differ in the width of vectors, and give the same bits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

/// The instruction sets that code can be made for, each with all of the one before: "x86-64", which
/// every such processor has, "sse4.2", "avx2". Empty on other kinds of processors, for which code
/// is made as libfaust makes it.
[[nodiscard]] const std::vector<std::string>& llvm_instruction_sets();

/// The last of them that this processor has; empty if there are none.
[[nodiscard]] std::string own_instruction_set();

/// What libfaust is to be told as the target: "x86_64-pc-linux-gnu:x86-64".
[[nodiscard]] std::string library_target();

/// The same with the instruction set, for people and keys: "x86_64-pc-linux-gnu:x86-64+avx2".
[[nodiscard]] std::string target_name(const std::string& instruction_set);

/// LLVM's text with every function made for that instruction set, whatever it was made for before.
/// The text itself if the set is empty.
[[nodiscard]] std::string for_instruction_set(const std::string& text,
                                              const std::string& instruction_set);

}  // namespace patchpipe
