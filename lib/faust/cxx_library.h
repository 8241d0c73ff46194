// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The few functions of libfaust that only its C++ interface has, or that the C forms spoil: the C
// form of DSPToBoxes() keeps the error to itself, and those of sources end at a NUL, which is in
// wasm. They are found by their mangled names, because the headers of the two interfaces exclude
// each other; Box and Signal are pointers to the same type in both.
#pragma once

#include <string>
#include <vector>

#include "faust/library.h"

namespace patchpipe {

using FaustPrint = std::string (*)(Box, bool shared);
using FaustTextToBoxes = Box (*)(const std::string& name, const std::string& text, int argc,
                                 const char** argv, int* inputs, int* outputs, std::string& error);
using FaustBoxSource = std::string (*)(const std::string& name, Box box,
                                       const std::string& language, int argc, const char** argv,
                                       std::string& error);
using FaustSignalSource = std::string (*)(const std::string& name, std::vector<Signal> signals,
                                          const std::string& language, int argc, const char** argv,
                                          std::string& error);

[[nodiscard]] FaustPrint faust_print_box();
[[nodiscard]] FaustPrint faust_print_signal();
[[nodiscard]] FaustTextToBoxes faust_text_to_boxes();
[[nodiscard]] FaustBoxSource faust_box_source();
[[nodiscard]] FaustSignalSource faust_signal_source();

}  // namespace patchpipe
