// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/mappings.h"

#include <sys/syscall.h>
#include <unistd.h>
#include <charconv>
#include <cstring>

namespace patchpipe {
namespace {

// Takes a number and the character after it from the text.
std::uint64_t take_number(std::string_view& text, int base) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    text.remove_prefix(std::min(static_cast<std::size_t>(end - text.data()) + 1, text.size()));
    return number;
}

}  // namespace

bool Mapping::is_of_same(const Mapping& other) const {
    const auto begin_in_file = [](const Mapping& one) { return one.offset - one.range.start; };
    return shared == other.shared && is_kernels == other.is_kernels && inode == other.inode &&
           device == other.device && (inode == 0 || begin_in_file(*this) == begin_in_file(other));
}

Mapping parse_mapping(std::string_view line) {
    constexpr int hexadecimal = 16, decimal = 10;
    constexpr std::size_t letters = 4;  // "rwxp" and a space
    Mapping mapping{};
    mapping.range.start = take_number(line, hexadecimal);
    mapping.range.end = take_number(line, hexadecimal);
    if (line.size() <= letters) return {};
    mapping.protection = (line[0] == 'r' ? PROT_READ : 0) | (line[1] == 'w' ? PROT_WRITE : 0) |
                         (line[2] == 'x' ? PROT_EXEC : 0);
    mapping.shared = line[3] == 's';
    line.remove_prefix(letters + 1);
    mapping.offset = take_number(line, hexadecimal);
    const auto major = take_number(line, hexadecimal), minor = take_number(line, hexadecimal);
    mapping.device = (major << 32) | minor;
    mapping.inode = take_number(line, decimal);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    mapping.is_stack = line == "[stack]";
    mapping.is_kernels = line.starts_with("[v");  // [vdso], [vvar], [vsyscall]
    return mapping;
}

// Tries it. Not by the C library's function, whose calls are counted (shown/protection.h).
bool can_be_written(const Mapping& mapping) {
    if (mapping.is_writable()) return true;
    const auto protect = [&](int protection) {
        return syscall(SYS_mprotect, mapping.range.start, mapping.range.size(), protection) == 0;
    };
    const bool possible = protect(mapping.protection | PROT_WRITE);
    (void)protect(mapping.protection);
    return possible;
}

bool Mappings::read(int maps) {
    count_ = 0;
    if (lseek(maps, 0, SEEK_SET) != 0) return false;
    for (std::size_t kept = 0;;) {
        const auto size = ::read(maps, text_.data() + kept, text_.size() - kept);
        if (size <= 0) return size == 0 && kept == 0 && count_ > 0;
        std::string_view text(text_.data(), kept + static_cast<std::size_t>(size));
        for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
            if (count_ == most) return false;
            mappings_[count_++] = parse_mapping(text.substr(0, end));
            text.remove_prefix(end + 1);
        }
        kept = text.size();
        std::memmove(text_.data(), text.data(), kept);
    }
}

Range Mappings::stack() const {
    const auto* found = std::find_if(mappings_.data(), end(),
                                     [](const Mapping& mapping) { return mapping.is_stack; });
    return found != end() ? found->range : Range{};
}

const Mapping* Mappings::first_that_ends_after(std::uintptr_t address) const {
    return std::partition_point(mappings_.data(), end(), [&](const Mapping& mapping) {
        return mapping.range.end <= address;
    });
}

}  // namespace patchpipe
