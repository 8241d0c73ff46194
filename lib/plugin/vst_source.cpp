// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/vst_source.h"

#include <sys/utsname.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/words.h"
#include "plugin/binary.h"

namespace patchpipe {
namespace {

namespace fs = std::filesystem;

// The names in a folder, sorted; with a suffix, only those that have it.
std::vector<std::string> names_in(const fs::path& folder, const std::string& suffix = "") {
    std::error_code why;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(folder, why), end; !why && entry != end; entry.increment(why))
        if (suffix.empty() || entry->path().extension() == suffix)
            names.push_back(entry->path().filename().string());
    if (why) throw fs::filesystem_error("", folder, why);
    std::sort(names.begin(), names.end());
    return names;
}

std::string list(std::vector<std::string> names) {
    for (auto& name : names) name = printable(name);
    return joined(names, ", ");
}

// The bundle that a binary in its Contents folder belongs to, or the path as it is.
fs::path enclosing_bundle(const fs::path& path) {
    for (auto folder = path; folder.has_relative_path(); folder = folder.parent_path())
        if (folder.extension() == ".vst3") return folder;
    return path;
}

fs::path binary_in_folder(const fs::path& folder) {
    if (fs::is_directory(folder / "Contents" / "MacOS"))
        refuse_unsupported(folder.string(), "is a bundle for macOS; " + std::string(macos_advice));
    const auto binaries = names_in(folder, ".so");
    if (binaries.size() == 1) return folder / binaries.front();
    if (!binaries.empty())
        refuse_unsupported(folder.string(), "has several .so files; give the path of one");
    const auto bundles = names_in(folder, ".vst3");
    if (!bundles.empty())
        refuse_unsupported(folder.string(),
                           "is a folder with VST3 bundles; give the path of one: " + list(bundles));
    refuse_unsupported(folder.string(),
                       "is a folder without a plug-in: no .so file in it and no .vst3 bundle");
}

std::string folder_of_this_machine() {
    utsname machine{};
    uname(&machine);
    return machine.machine + std::string("-linux");
}

[[noreturn]] void refuse_vst3_for_others(const fs::path& bundle, const std::string& wanted) {
    const auto contents = bundle / "Contents";
    if (!fs::is_directory(contents))
        refuse_unsupported(
            bundle.string(),
            "is a folder without Contents, so it is not a VST3 bundle; install it again");
    const auto there = names_in(contents);
    const auto has = [&](const char* name) {
        return std::find(there.begin(), there.end(), name) != there.end();
    };
    std::string advice = "install the synth's version for " + wanted;
    if (has("x86_64-win") || has("x86-win"))
        advice = windows_advice;
    else if (has("MacOS"))
        advice = macos_advice;
    refuse_unsupported(bundle.string(), "has no binary for this machine: in its Contents is " +
                                            (there.empty() ? "nothing" : list(there)) + ", not " +
                                            wanted + "; " + advice);
}

// Hosts take the library in the machine's folder that is called like the bundle, and no other.
fs::path binary_of_vst3(const fs::path& bundle) {
    const auto wanted = folder_of_this_machine();
    const auto folder = bundle / "Contents" / wanted;
    if (!fs::is_directory(folder)) refuse_vst3_for_others(bundle, wanted);
    const auto binary = folder / (bundle.stem().string() + ".so");
    if (fs::exists(binary)) return binary;
    const auto others = names_in(folder, ".so");
    if (others.empty())
        refuse_unsupported(bundle.string(),
                           "has no binary in Contents/" + wanted + "; install it again");
    refuse_unsupported(bundle.string(), "has the binary " + list(others) +
                                            ", which must be called like the bundle, " +
                                            binary.filename().string() +
                                            "; give the bundle its own name back");
}

}  // namespace

void check_plugin_is_there(const std::string& path) {
    if (::access(path.c_str(), R_OK) == 0) return;
    const int why = errno;
    if (why == EACCES)
        throw Error(ErrorKind::io, path, "may not be read by you; change its permissions");
    if (why != ENOENT && why != ENOTDIR) throw Error(ErrorKind::io, path, system_message(why));
    std::error_code no_link;
    const auto target = fs::read_symlink(path, no_link);
    throw Error(ErrorKind::not_found, path,
                no_link ? "no such plug-in; check the path"
                        : "no such plug-in: it is a link to " + printable(target.string()) +
                              ", which is not there");
}

std::string vst3_bundle_of(const std::string& path) {
    const auto bundle = enclosing_bundle(path);
    std::error_code why;
    return bundle.extension() == ".vst3" && fs::is_directory(bundle, why) ? bundle.string() : "";
}

Source find_vst3(const std::string& bundle) {
    const auto binary = binary_of_vst3(bundle).string();
    inspect_binary(binary, vst3_kind);
    return {.kind = std::string(vst3_kind), .identifier = bundle, .files = {binary}};
}

Source find_vst2(const std::string& path) {
    const auto binary = fs::is_directory(path) ? binary_in_folder(path) : fs::path(path);
    inspect_binary(binary.string(), vst2_kind);
    if (binary.extension() != ".so")
        refuse_unsupported(
            path, "is a VST2 plug-in whose name does not end in .so, as hosts expect; rename it");
    return {
        .kind = std::string(vst2_kind), .identifier = binary.string(), .files = {binary.string()}};
}

}  // namespace patchpipe
