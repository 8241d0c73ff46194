// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain_programs.h"

#include <algorithm>
#include <limits>
#include <locale>
#include <sstream>

namespace patchpipe {

namespace {

bool read_program(std::istream& text, Program& program) {
    std::getline(text, program.name);
    for (float& value : program.values) text >> value;
    return text && text.get() == '\n' && !program.name.empty() &&
           program.name.size() <= program_name_bytes &&
           std::ranges::all_of(program.values,
                               [](float v) { return v >= 0; });  // beyond 1: a fault
}

std::string header(std::size_t program_count) {
    return "plain_synth 1 " + std::to_string(program_count);
}

}  // namespace

Bank factory_bank() {
    return {{"Plain", {0.5F, 0.5F, 0}},
            {"Flöte/Glas", {0.25F, 1, 0}},
            {"Bass", {0.5F, 0, 0}},
            {"Slow", {0.5F, 0.5F, 0.002F}}};
}

std::string to_chunk(const Bank& programs) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text.precision(std::numeric_limits<float>::max_digits10);
    text << header(programs.size()) << '\n';
    for (const Program& program : programs) {
        text << program.name << '\n';
        text << program.values[level] << ' ' << program.values[tune] << ' ';
        text << program.values[delay] << '\n';
    }
    return text.str();
}

std::optional<Bank> from_chunk(const std::string& chunk, std::size_t program_count) {
    std::istringstream text(chunk);
    text.imbue(std::locale::classic());
    std::string first_line;
    std::getline(text, first_line);
    if (first_line != header(program_count)) return {};
    Bank programs(program_count);
    for (Program& program : programs)
        if (!read_program(text, program)) return {};
    if (text.peek() != std::istream::traits_type::eof()) return {};
    return programs;
}

}  // namespace patchpipe
