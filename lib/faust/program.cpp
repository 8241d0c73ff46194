// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/program.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "faust/compile_error.h"
#include "file/absolute.h"
#include "file/read_file.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_program = std::size_t{64} << 20;

// Options that make something else than a program to run here: files, another language, or
// functions that a host must call in another way.
constexpr std::array<std::string_view, 38> refused_options{"-lang",
                                                           "--language",
                                                           "-o",
                                                           "-O",
                                                           "--output-dir",
                                                           "-e",
                                                           "--export-dsp",
                                                           "-a",
                                                           "--architecture",
                                                           "-i",
                                                           "--inline-architecture-files",
                                                           "-svg",
                                                           "--svg",
                                                           "-ps",
                                                           "--postscript",
                                                           "-xml",
                                                           "--xml",
                                                           "-json",
                                                           "--json",
                                                           "-tg",
                                                           "--task-graph",
                                                           "-sg",
                                                           "--signal-graph",
                                                           "-mdoc",
                                                           "--mathdoc",
                                                           "-inj",
                                                           "--inject",
                                                           "-os",
                                                           "--one-sample",
                                                           "-ec",
                                                           "--external-control",
                                                           "-mem",
                                                           "--memory-manager",
                                                           "-h",
                                                           "--help",
                                                           "-v",
                                                           "--version",
                                                           "-t"};

constexpr std::array<std::string_view, 4> refused_types{"-quad", "--quad-precision-floats", "-fx",
                                                        "--fixed-point"};

template <typename Names>
bool is_in(const Names& names, std::string_view word) {
    return std::find(names.begin(), names.end(), word) != names.end();
}

bool has_word(std::string_view words, std::string_view wanted) {
    return (" " + std::string(words) + " ").find(" " + std::string(wanted) + " ") !=
           std::string::npos;
}

// What the compiler calls the program in its messages; it gets into JSON unquoted.
std::string name_of(const std::string& path) {
    std::string name(file_name(path));
    if (name.ends_with(".dsp")) name.resize(name.size() - 4);
    for (char& c : name)
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ') c = '_';
    return name;
}

}  // namespace

void check_faust_options(const std::vector<std::string>& options, const std::string& name) {
    for (const auto& option : options) {
        if (is_in(refused_types, option))
            throw Error(ErrorKind::unsupported, name,
                        "cannot be compiled with " + option +
                            ": only float and double samples can be played; leave it out");
        if (is_in(refused_options, option))
            throw Error(ErrorKind::unsupported, name,
                        "cannot be compiled with " + option +
                            ", which does not say how its sound is computed; leave it out");
    }
}

FaustProgram::FaustProgram(const std::string& path, const FaustSettings& settings)
    : FaustProgram(path, read_file(path, largest_program), settings) {}

FaustProgram::FaustProgram(const std::string& path, const std::string& text,
                           const FaustSettings& settings)
    : path_(path),
      backend_(settings.interpreter ? &interpreter_backend() : &llvm_backend()),
      factory_(nullptr, backend_->delete_factory) {
    check_faust_options(settings.options, path);
    compile(text, settings);
    compile_options_ = backend_->compile_options(factory_.get());
    is_double_ = has_word(compile_options_, "-double");
    if (!is_double_ && !has_word(compile_options_, "-single"))
        throw Error(
            ErrorKind::unsupported, path,
            "is compiled for samples that are neither float nor double (" + compile_options_ + ")");
}

void FaustProgram::compile(const std::string& text, const FaustSettings& settings) {
    const auto name = name_of(path_);
    const auto folder = parent_folder(path_);
    std::vector<const char*> options;
    for (const auto& option : settings.options) options.push_back(option.c_str());
    options.insert(options.end(), {"-I", folder.c_str()});
    std::array<char, 4 * longest_faust_error> error{};
    factory_.reset(backend_->compile_text(name.c_str(), text.c_str(),
                                          static_cast<int>(options.size()), options.data(),
                                          error.data()));
    if (!factory_)
        throw Error(ErrorKind::plugin_load, path_, faust_error_sentence(error.data(), name));
}

std::vector<std::pair<std::string, std::string>> faust_metadata(const FaustBackend& backend,
                                                                void* dsp) {
    std::vector<std::pair<std::string, std::string>> all;
    MetaGlue glue{.metaInterface = &all,
                  .declare = [](void* list, const char* key, const char* value) {
                      static_cast<decltype(&all)>(list)->emplace_back(key, value);
                  }};
    backend.metadata(dsp, &glue);
    return all;
}

}  // namespace patchpipe
