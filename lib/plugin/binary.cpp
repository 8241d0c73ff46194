// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plugin/binary.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "base/error.h"
#include "base/words.h"
#include "file/absolute.h"
#include "file/read_file.h"
#include "plugin/elf_file.h"
#include "plugin/opener.h"
#include "plugin/truce.h"

namespace patchpipe {
namespace {

// Read, not mapped: if the file were cut short meanwhile, a mapping would end the process.
std::string read_binary(const std::string& path) {
    constexpr std::size_t largest = std::size_t{4} << 30;
    return read_file(path, largest);
}

bool begins_with_any(std::string_view bytes, std::initializer_list<std::string_view> heads) {
    return std::any_of(heads.begin(), heads.end(),
                       [&](std::string_view head) { return bytes.starts_with(head); });
}

bool is_mach_o(std::string_view bytes) {
    using namespace std::string_view_literals;
    constexpr int most_machines = 16;  // Java's classes begin like a file for several machines
    if (bytes.starts_with("\xca\xfe\xba\xbe\0\0\0"sv))
        return bytes.size() > 7 && bytes[7] <= most_machines;
    return begins_with_any(bytes, {"\xfe\xed\xfa\xce"sv, "\xfe\xed\xfa\xcf"sv, "\xce\xfa\xed\xfe"sv,
                                   "\xcf\xfa\xed\xfe"sv});
}

bool is_text(std::string_view bytes) {
    const auto head = bytes.substr(0, 512);
    return std::none_of(head.begin(), head.end(), [](unsigned char c) {
        return c == 0x7f || (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f');
    });
}

constexpr std::string_view what_plugins_are =
    "a VST2 is a .so library, a VST3 a .vst3 bundle, an LV2 is named by its URI";

[[noreturn]] void refuse_non_elf(std::string_view bytes, const std::string& path) {
    if (bytes.empty())
        refuse_unsupported(path, "is not a plug-in: the file is empty; install it again");
    if (bytes.starts_with("MZ"))
        refuse_unsupported(path, "is a plug-in for Windows; " + std::string(windows_advice));
    if (is_mach_o(bytes))
        refuse_unsupported(path, "is a plug-in for macOS; " + std::string(macos_advice));
    std::string what = "an unknown kind of file";
    if (bytes.starts_with("#!"))
        what = "a script";
    else if (is_text(bytes))
        what = "text";
    refuse_unsupported(path,
                       "is not a plug-in: it is " + what + "; " + std::string(what_plugins_are));
}

void check_machine(const std::string& path, const ElfMachine& machine) {
    const auto ours = own_machine();
    if (machine == ours) return;
    const auto name = machine_name(machine), our_name = machine_name(ours);
    if (machine.bits == 32 && ours.bits == 64)
        refuse_unsupported(
            path, "is a 32-bit library (" + name +
                      "), which no 64-bit program can load; install the synth's version for " +
                      our_name);
    refuse_unsupported(path, "is built for " + name + ", but this machine is " + our_name +
                                 "; install the synth's version for " + our_name);
}

// The functions by which hosts know the kind of a binary.
struct EntryPoint {
    std::string_view symbol, kind;
};

constexpr std::array<EntryPoint, 8> entry_points{{{"VSTPluginMain", vst2_kind},
                                                  {"main", vst2_kind},
                                                  {"GetPluginFactory", vst3_kind},
                                                  {"lv2_descriptor", lv2_kind},
                                                  {"patchpipe_logic", logic_kind},
                                                  {"clap_entry", "CLAP"},
                                                  {"dssi_descriptor", "DSSI"},
                                                  {"ladspa_descriptor", "LADSPA"}}};

std::string_view entry_point_of(std::string_view kind) {
    return std::find_if(entry_points.begin(), entry_points.end(),
                        [&](const EntryPoint& one) { return one.kind == kind; })
        ->symbol;
}

// How the user names what is in this binary, if its kind has other names than paths.
std::string operand_for(std::string_view kind, const std::string& path) {
    for (const auto* opener : openers())
        if (opener->kind() == kind) return opener->operand_for(path);
    return "";
}

// The name without its folders and its suffix.
std::string stem_of(const std::string& path) {
    const auto name = file_name(path);
    return std::string(name.substr(0, name.rfind('.')));
}

// Refuses a plug-in of another kind than its path suggests.
[[noreturn]] void refuse_kind(const std::string& path, std::string_view kind) {
    if (kind == vst2_kind)
        refuse_unsupported(path, "is the binary of a VST2; give its path, outside of any bundle");
    if (kind == vst3_kind)
        refuse_unsupported(
            path,
            "is the binary of a VST3 without its bundle; give the .vst3 folder, or make "
            "it: " +
                stem_of(path) + ".vst3/Contents/" + machine_name(own_machine()) + "-linux/" +
                stem_of(path) + ".so");
    if (kind == logic_kind) refuse_unsupported(path, lacks_logic_note);
    if (const auto operand = operand_for(kind, path); !operand.empty())
        refuse_unsupported(path,
                           "is the binary of " + with_article(kind) + " plug-in; give " + operand);
    refuse_unsupported(
        path, "is " + with_article(kind) +
                  " plug-in, a format that is not supported; install the synth as VST2, VST3 or "
                  "LV2");
}

void check_entry_points(const std::string& path, const ElfLibrary& library, std::string_view kind) {
    if (const auto generation = truce_generation(library)) refuse_truce(path, *generation);
    const EntryPoint* other = nullptr;
    for (const auto& entry : entry_points) {
        if (!library.defines(entry.symbol)) continue;
        if (entry.kind == kind) return;
        if (!other) other = &entry;
    }
    if (other) refuse_kind(path, other->kind);
    refuse_unsupported(path, "is a library but not " + with_article(kind) + " plug-in: it has no " +
                                 std::string(entry_point_of(kind)) +
                                 "; give the path of the synth's plug-in");
}

std::string demangled(const std::string& symbol) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
    return status == 0 ? name.get() : symbol;
}

// The part of the loader's message before or after a mark; empty if the message lacks the mark.
std::optional<std::string> before(const std::string& text, std::string_view mark) {
    const auto at = text.find(mark);
    if (at == text.npos) return {};
    return text.substr(0, at);
}

std::optional<std::string> after(const std::string& text, std::string_view mark) {
    const auto at = text.find(mark);
    if (at == text.npos) return {};
    return text.substr(at + mark.size());
}

std::string loader_message() {
    const char* message = dlerror();
    return message ? message : "the loader gave no reason";
}

constexpr std::string_view not_there = ": cannot open shared object file: No such file";

// The loader names the first missing library only; the user needs all of them.
std::vector<std::string> missing_libraries(const std::string& path, const std::string& first) {
    std::vector<std::string> missing{first};
    const auto bytes = read_binary(path);
    const ElfLibrary library(bytes);
    if (library.has_search_path()) return missing;  // only the loader knows where it looks
    for (const auto& name : library.needed())
        if (name != first && !dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL) &&
            before(loader_message(), not_there) == name)
            missing.push_back(name);
    return missing;
}

std::string about_missing_libraries(const std::vector<std::string>& names) {
    const bool several = names.size() > 1;
    return "needs " + joined(names, ", ", " and ") + ", which " + (several ? "are" : "is") +
           " not installed; apt-file search finds the package, or the synth's manual names it";
}

std::string about_symbol(const std::string& path, const std::string& file, std::string symbol) {
    symbol = symbol.substr(0, symbol.find(", version "));
    const auto user = file == path ? "" : "needs " + file + ", which ";
    return user + "uses " + demangled(symbol) +
           ", which is in none of its libraries; they have other versions than it was built with, "
           "so install the synth's build for this system";
}

// "FILE: version `GLIBC_2.99' not found (required by USER)"
std::string about_version(const std::string& message, const std::string& file) {
    const auto version = before(after(message, "version `").value_or(""), "'").value_or("");
    return "needs " + version + ", but " + std::string(file_name(file)) +
           " here has other versions; install the synth's build for this system";
}

std::string explain(const std::string& path, const std::string& message) {
    if (const auto name = before(message, not_there))
        return about_missing_libraries(missing_libraries(path, *name));
    if (const auto symbol = after(message, ": undefined symbol: "))
        return about_symbol(path, *before(message, ": undefined symbol: "), *symbol);
    if (const auto file = before(message, ": version `")) return about_version(message, *file);
    return "cannot be loaded: " + message;
}

}  // namespace

void inspect_binary(const std::string& path, std::string_view kind) {
    const auto bytes = read_binary(path);
    const auto machine = elf_machine(bytes);
    if (!machine) refuse_non_elf(bytes, path);
    check_machine(path, *machine);
    try {
        const ElfLibrary library(bytes);
        if (!library.is_library())
            refuse_unsupported(path,
                               "is a program, not a plug-in; " + std::string(what_plugins_are));
        check_entry_points(path, library, kind);
    } catch (const std::out_of_range& defect) {
        throw Error(ErrorKind::plugin_load, path,
                    std::string("is damaged: ") + defect.what() + "; install it again");
    }
}

void load_binary(const std::string& path) { (void)load_copy(path, path); }

void* load_copy(const std::string& path, const std::string& copy) {
    if (void* const handle = dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL)) return handle;
    auto message = loader_message();
    if (message.starts_with(copy)) message.replace(0, copy.size(), path);
    throw Error(ErrorKind::plugin_load, path, explain(path, message));
}

}  // namespace patchpipe
