// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/llvm_target.h"

#include <algorithm>

#include "faust/backend.h"
#include "faust/library.h"

namespace patchpipe {
namespace {

constexpr std::string_view baseline = "x86-64";

// Takes out what other compilers say of a function's processor: "target-cpu"="znver3".
std::string without_attribute(const std::string& text, std::string_view name) {
    const auto begin = " \"" + std::string(name) + "\"=\"";
    std::string kept;
    std::size_t from = 0;
    for (auto at = text.find(begin); at != text.npos; at = text.find(begin, from)) {
        kept.append(text, from, at - from);
        from = std::min(text.find('"', at + begin.size()), text.size() - 1) + 1;
    }
    return kept.append(text, from);
}

// Where a function's attributes begin in the line that defines it: after its parameters, and after
// words that come before attributes.
std::size_t attributes_of(std::string_view line) {
    auto at = line.find('@');
    if (at == line.npos) return line.npos;
    if (line.substr(at + 1).starts_with('"')) at = line.find('"', at + 2);
    at = std::min(line.find('(', at), line.size());
    int open = 0;
    do {
        if (at == line.size()) return line.npos;
        open += (line[at] == '(') - (line[at] == ')');
        ++at;
    } while (open > 0);
    for (const std::string_view word : {" local_unnamed_addr", " unnamed_addr"})
        if (line.substr(at).starts_with(word)) at += word.size();
    return at;
}

}  // namespace

const std::vector<std::string>& llvm_instruction_sets() {
#ifdef __x86_64__
    static const std::vector<std::string> sets{std::string(baseline), "sse4.2", "avx2"};
#else
    static const std::vector<std::string> sets;
#endif
    return sets;
}

std::string own_instruction_set() {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) return "avx2";
    if (__builtin_cpu_supports("sse4.2")) return "sse4.2";
    return std::string(baseline);
#else
    return "";
#endif
}

std::string library_target() {
    const auto own = taken_text(FAUST(getCDSPMachineTarget)());
    if (llvm_instruction_sets().empty()) return own;
    return own.substr(0, own.find(':') + 1) + std::string(baseline);
}

std::string target_name(const std::string& instruction_set) {
    const bool more = !instruction_set.empty() && instruction_set != baseline;
    return library_target() + (more ? "+" + instruction_set : "");
}

std::string for_instruction_set(const std::string& text, const std::string& instruction_set) {
    if (instruction_set.empty()) return text;
    std::string rest = text;
    for (const auto* name : {"target-cpu", "tune-cpu", "target-features"})
        rest = without_attribute(rest, name);
    const auto attributes =
        " \"target-cpu\"=\"" + std::string(baseline) + "\"" +
        (instruction_set == baseline ? "" : " \"target-features\"=\"+" + instruction_set + "\"");
    std::string changed;
    for (std::size_t begin = 0; begin < rest.size();) {
        const auto end = std::min(rest.find('\n', begin), rest.size() - 1) + 1;
        const auto line = std::string_view(rest).substr(begin, end - begin);
        const auto at = line.starts_with("define ") ? attributes_of(line) : line.npos;
        if (at == line.npos)
            changed += line;
        else
            changed.append(line.substr(0, at)).append(attributes).append(line.substr(at));
        begin = end;
    }
    return changed;
}

}  // namespace patchpipe
