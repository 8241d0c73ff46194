// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "watch/source_names.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

namespace patchpipe {
namespace {

// In small letters; a line each.
const std::set<std::string_view>& suffixes() {
    static const std::set<std::string_view> all{
        // C, C++ and what is included there; Objective-C, CUDA, OpenCL, ISPC
        ".c", ".cc", ".cp", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hp", ".hpp", ".hxx", ".h++",
        ".inc", ".inl", ".ipp", ".tpp", ".tcc", ".txx", ".def", ".ixx", ".cppm", ".ccm", ".cxxm",
        ".c++m", ".mpp", ".m", ".mm", ".cu", ".cuh", ".cl", ".ispc", ".isph",
        // assembly, and linkers' scripts
        ".s", ".sx", ".asm", ".nasm", ".yasm", ".ld", ".lds", ".map", ".ver",
        // other languages
        ".rs", ".zig", ".d", ".di", ".swift", ".go", ".nim", ".odin", ".v", ".vala", ".jai", ".f",
        ".for", ".ftn", ".fpp", ".f90", ".f95", ".f03", ".f08", ".adb", ".ads", ".pas", ".pp",
        ".lpr", ".hs", ".ml", ".mli", ".jl", ".cr", ".lua", ".py", ".pyx", ".pl", ".rb", ".sh",
        ".awk", ".scm", ".lisp",
        // languages for audio
        ".dsp", ".lib", ".csd", ".orc", ".sco", ".sc", ".scd", ".ck", ".pd", ".cmajor",
        ".cmajorpatch", ".soul", ".soulpatch", ".genexpr", ".gendsp", ".maxpat", ".jsfx",
        ".jsfx-inc", ".eel", ".vult", ".ttl",
        // what other sources are written from
        ".in", ".l", ".ll", ".y", ".yy", ".re", ".rl", ".gperf", ".m4", ".tmpl", ".j2", ".mustache",
        ".proto", ".idl", ".glsl", ".frag", ".vert", ".comp",
        // builds and their settings
        ".cmake", ".mk", ".mak", ".make", ".toml", ".json", ".yaml", ".yml", ".xml", ".ac", ".am",
        ".pro", ".pri", ".qbs", ".jucer", ".gyp", ".gn", ".bzl", ".bazel", ".ninja", ".nix"};
    return all;
}

constexpr std::string_view names[] = {
    "Makefile",   "makefile",   "GNUmakefile", "CMakeLists.txt", "meson.build", "meson_options.txt",
    "SConstruct", "SConscript", "wscript",     "meson.options",  "Justfile",    "justfile",
    "Rakefile",   "Jamroot",    "Jamfile",     "BUILD",          "WORKSPACE",   "Cargo.lock",
    "configure"};

// The C library's function would depend on the locale.
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_source_name(const std::string& name) {
    auto suffix = std::filesystem::path(name).extension().string();
    std::transform(suffix.begin(), suffix.end(), suffix.begin(), small);
    return suffixes().contains(suffix) ||
           std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace patchpipe
