// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/select_program.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/closest.h"
#include "base/error.h"
#include "base/words.h"
#include "render/programs.h"

namespace patchpipe {
namespace {

// Empty where the plug-in knows only the name of the program that is selected: selecting the others
// to learn theirs would leave traces in the sound. Renderer::program_number() has that done
// elsewhere.
std::vector<std::string> names_of(Programs& programs, int count) {
    std::vector<std::string> names;
    for (int program = 0; program < count; ++program) {
        names.push_back(programs.name(program));
    }
    return names;
}

}  // namespace

int program_named(const std::vector<std::string>& names, const std::string& wanted,
                  std::string_view subject) {
    constexpr std::size_t most_shown = 8;
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == wanted) numbers.push_back(std::to_string(i));
    if (numbers.empty())
        throw Error(ErrorKind::not_found, subject,
                    "has no program called '" + wanted + "'" + closest_words(names, wanted));
    if (numbers.size() == 1) return std::stoi(numbers.front());
    if (numbers.size() > most_shown) {
        numbers.resize(most_shown);
        numbers.emplace_back("more");
    }
    throw Error(ErrorKind::unsupported, subject,
                "has several programs called '" + wanted + "': " + joined(numbers, ", ", " and ") +
                    "; give the number");
}

void select_program(Processor& processor, const ProgramChoice& choice, std::string_view subject) {
    constexpr int most_programs = 65536;  // the number comes from the plug-in
    auto* programs = processor.programs();
    const int count = programs ? std::clamp(programs->count(), 0, most_programs) : 0;
    if (count == 0)
        throw Error(ErrorKind::not_found, subject, "has no programs that could be selected");
    if (choice.number && (*choice.number < 0 || *choice.number >= count))
        throw Error(ErrorKind::not_found, subject,
                    "has no program " + std::to_string(*choice.number) + ": it has " +
                        std::to_string(count) + ", counted from 0");
    programs->select(choice.number
                         ? static_cast<int>(*choice.number)
                         : program_named(names_of(*programs, count), choice.name, subject));
    processor.settle();
}

}  // namespace patchpipe
