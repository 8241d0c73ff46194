// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "preset/fxb.h"

#include <algorithm>
#include <limits>

#include "base/byte_order.h"
#include "base/closest.h"
#include "base/error.h"
#include "base/words.h"
#include "preset/fx_numbers.h"

namespace patchpipe {
namespace {

constexpr std::size_t kind_at = 8, reserved_at = 28, reserved_size = 128;
constexpr std::size_t bank_content_at = reserved_at + reserved_size;
constexpr std::uint32_t version_with_current = 2;

std::string program_number(std::size_t number) { return "its program " + std::to_string(number); }

void check_whole(std::string_view bytes, std::uint64_t needed, std::size_t number,
                 std::string_view name) {
    if (needed <= bytes.size()) return;
    refuse_corrupt(name, program_number(number) + " declares " + std::to_string(needed) +
                             " bytes and only " + std::to_string(bytes.size()) +
                             " are left; it is cut short");
}

// The first program of the bytes. The size in its header is not believed: real files have 0 there.
std::string_view take_program(std::string_view bytes, std::size_t number, std::string_view name) {
    if (!bytes.starts_with(fx_magic))
        refuse_corrupt(name, program_number(number) + " does not begin with CcnK but with '" +
                                 printable(bytes.substr(0, fx_magic.size())) +
                                 "'; the bank is damaged, or another program's sizes are");
    check_whole(bytes, fx_header_size, number, name);
    const auto header = parse_fx_header(bytes, name);
    std::uint64_t size = fx_header_size;
    if (header.kind == FxKind::parameters) {
        size += std::uint64_t{header.count} * sizeof(float);
    } else if (header.kind == FxKind::state) {
        check_whole(bytes, size + sizeof(std::uint32_t), number, name);
        size += sizeof(std::uint32_t) + fx_number_at(bytes, fx_header_size);
    } else {
        refuse_corrupt(name, program_number(number) + " is a bank itself; the file is damaged");
    }
    check_whole(bytes, size, number, name);
    return bytes.substr(0, size);
}

void parse_programs(Fxb& bank, std::string_view bytes, std::string_view name) {
    // Of those programs that can be there, since the number is only declared.
    bank.programs.reserve(std::min<std::size_t>(bank.header.count, bytes.size() / fx_header_size));
    for (std::size_t number = 0; number < bank.header.count; ++number) {
        if (bytes.empty())
            refuse_corrupt(name, "declares " + std::to_string(bank.header.count) +
                                     " programs and holds " + std::to_string(number) +
                                     "; it is cut short");
        bank.programs.push_back(take_program(bytes, number, name));
        bytes.remove_prefix(bank.programs.back().size());
    }
    bank.rest = bytes;
}

void check_has_programs(const Fxb& bank, std::string_view name) {
    if (bank.header.kind == FxKind::bank_parameters) return;
    throw Error(
        ErrorKind::unsupported, name,
        "holds one state of the whole plug-in (FBCh) instead of programs; only the plug-in "
        "can take it apart: preset-scan --programs FILE | preset-export -o DIR --fxp PLUGIN");
}

// The names of the first programs: enough to find one that the user may have meant.
std::vector<std::string> some_names(const Fxb& bank) {
    constexpr std::size_t most = 1000;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(most, bank.programs.size()); ++i)
        names.push_back(bank_program_name(bank, i));
    return names;
}

}  // namespace

Fxb parse_fxb(std::string_view bytes, std::string_view name) {
    Fxb bank{.header = parse_fx_header(bytes, name)};
    const bool has_state = bank.header.kind == FxKind::bank_state;
    if (!has_state && bank.header.kind != FxKind::bank_parameters)
        throw Error(ErrorKind::unsupported, name, "is a single program, not a bank");
    if (bytes.size() < bank_content_at)
        refuse_corrupt(name, "ends within its header, after " + std::to_string(bytes.size()) +
                                 " of " + std::to_string(bank_content_at) +
                                 " bytes; it is cut short");
    if (bank.header.format_version >= version_with_current)
        bank.current_program = fx_number_at(bytes, reserved_at);
    if (!has_state) {
        parse_programs(bank, bytes.substr(bank_content_at), name);
        return bank;
    }
    bank.state = parse_fx_state(bytes, name).state;
    bank.rest = bytes.substr(bank_content_at + sizeof(std::uint32_t) + bank.state.size());
    return bank;
}

std::string bank_program_name(const Fxb& bank, std::size_t number) {
    return parse_fx_header(bank.programs[number], "").program_name;
}

std::string_view bank_program(const Fxb& bank, std::int64_t number, std::string_view name) {
    check_has_programs(bank, name);
    if (number >= 0 && static_cast<std::uint64_t>(number) < bank.programs.size())
        return bank.programs[static_cast<std::size_t>(number)];
    throw Error(ErrorKind::not_found, name,
                "has no program " + std::to_string(number) + ": it has " +
                    std::to_string(bank.programs.size()) + ", counted from 0");
}

std::size_t bank_program_named(const Fxb& bank, std::string_view program, std::string_view name) {
    constexpr std::size_t most_shown = 8;
    check_has_programs(bank, name);
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < bank.programs.size() && numbers.size() <= most_shown; ++i)
        if (bank_program_name(bank, i) == program) numbers.push_back(std::to_string(i));
    if (numbers.empty())
        throw Error(ErrorKind::not_found, name,
                    "has no program called '" + printable(program) + "'" +
                        closest_words(some_names(bank), program));
    if (numbers.size() == 1) return std::stoul(numbers.front());
    if (numbers.size() > most_shown) numbers.back() = "more";
    throw Error(ErrorKind::unsupported, name,
                "has several programs called '" + printable(program) +
                    "': " + joined(numbers, ", ", " and ") + "; give the number");
}

std::string build_fxb(const Fxb& bank) {
    const bool has_state = bank.header.kind == FxKind::bank_state;
    std::uint64_t size =
        bank_content_at + (has_state ? sizeof(std::uint32_t) + bank.state.size() : 0);
    for (const auto program : bank.programs) size += has_state ? 0 : program.size();
    if (size > std::numeric_limits<std::uint32_t>::max())
        throw Error(ErrorKind::unsupported, "the bank",
                    "would have " + std::to_string(size) +
                        " bytes, and its size field holds less than 4 GiB; leave out programs");
    const auto version =
        std::max(bank.header.format_version, bank.current_program ? version_with_current : 0);
    const auto count = has_state ? bank.header.count : bank.programs.size();
    std::string bytes{fx_magic};
    bytes.reserve(size);
    append_big_endian(bytes, static_cast<std::uint32_t>(size - kind_at));
    bytes += has_state ? "FBCh" : "FxBk";
    for (const auto number : {version, bank.header.plugin_id, bank.header.plugin_version,
                              static_cast<std::uint32_t>(count), bank.current_program.value_or(0)})
        append_big_endian(bytes, number);
    bytes.resize(bank_content_at, '\0');
    if (has_state) {
        append_big_endian(bytes, static_cast<std::uint32_t>(bank.state.size()));
        return bytes.append(bank.state);
    }
    for (const auto program : bank.programs) bytes.append(program);
    return bytes;
}

}  // namespace patchpipe
