// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: fade in|out SHAPE CURVATURE STEPS
// Prints the gains at STEPS + 1 positions from 0 to 1, one a line. SHAPE is a name or a number;
// with the CURVATURE "default" it is the shape's own, for a fade-in.

#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>

#include "audio/fade.h"
#include "cli/tool.h"

using namespace patchpipe;

namespace {

ExitStatus run(char** argv) {
    const auto gain = argv[1] == std::string_view("in") ? fade_gain : fade_out_gain;
    const int shape = fade_named(argv[2]).value();
    const double curvature =
        argv[3] == std::string_view("default") ? default_curvature(shape) : std::stod(argv[3]);
    const int steps = std::stoi(argv[4]);
    std::cout << std::setprecision(17);
    for (int step = 0; step <= steps; ++step)
        std::cout << gain(shape, curvature, static_cast<double>(step) / steps) << "\n";
    return ExitStatus::ok;
}

}  // namespace

int main(int, char** argv) {
    return run_tool("fade", [&] { return run(argv); });
}
