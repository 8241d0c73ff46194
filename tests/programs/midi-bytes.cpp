// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MIDI messages in the bytes of standard input, which it reads so many at a time: lists of
// numbers, a line each, and at the end how many were longer than LONGEST.
//
//     midi-bytes SIZE LONGEST

#include <unistd.h>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "midi/byte_stream.h"

using namespace patchpipe;

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    std::vector<std::uint8_t> bytes(std::strtoul(argv[1], nullptr, 10));
    MidiByteStream stream(std::strtoul(argv[2], nullptr, 10), [](auto message) {
        const char* before = "[";
        for (const int byte : message) std::cout << std::exchange(before, ", ") << byte;
        std::cout << "]\n";
    });
    for (ssize_t got = 0; (got = read(STDIN_FILENO, bytes.data(), bytes.size())) > 0;)
        stream.add(std::span(bytes).first(static_cast<std::size_t>(got)));
    std::cout << stream.too_long() << '\n';
    return 0;
}
