// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/program.h"

#include <sys/mman.h>
#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/words.h"
#include "base/write.h"
#include "faust/compile_error.h"
#include "faust/working_folder.h"
#include "file/absolute.h"
#include "file/read_file.h"

namespace patchpipe {
namespace {

struct Option {
    std::string_view name, long_name;
    bool has_value = false;
};

// Those that say how samples are computed. The others write files, print, make another language, or
// make functions that a host must call in another way.
constexpr Option process_name{"-pn", "--process-name", true};
constexpr std::array<Option, 25> options{{
    {"-I", "--import-dir", true},
    {"-single", "--single-precision-floats"},
    {"-double", "--double-precision-floats"},
    {"-es", "--enable-semantics", true},
    {"-lcc", "--local-causality-check"},
    {"-exp10", "--generate-exp10"},
    {"-ct", "--check-table", true},
    process_name,
    {"-mcd", "--max-copy-delay", true},
    {"-dlt", "--delay-line-threshold", true},
    {"-ftz", "--flush-to-zero", true},
    {"-rui", "--range-ui"},
    {"-scal", "--scalar"},
    {"-inpl", "--in-place"},
    {"-vec", "--vectorize"},
    {"-vs", "--vec-size", true},
    {"-lv", "--loop-variant", true},
    {"-dfs", "--deep-first-scheduling"},
    {"-g", "--group-tasks"},
    {"-fun", "--fun-tasks"},
    {"-mapp", "--math-approximation"},
    {"-wi", "--widening-iterations", true},
    {"-ni", "--narrowing-iterations", true},
    {"-me", "--math-exceptions"},
    {"-sts", "--strict-select"},
}};

const Option* option_named(std::string_view word) {
    const auto found = std::find_if(options.begin(), options.end(), [&](const Option& option) {
        return word == option.name || word == option.long_name;
    });
    return found == options.end() ? nullptr : &*found;
}

std::string option_names() {
    std::vector<std::string_view> names;
    for (const auto& option : options) names.push_back(option.name);
    return joined(names, ", ");
}

// The effect of a program is no other one if the program is told to be.
std::vector<std::string> without_process_name(const std::vector<std::string>& words) {
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == process_name.name || words[i] == process_name.long_name)
            ++i;
        else
            kept.push_back(words[i]);
    return kept;
}

bool is_half_compiled(const std::string& path) { return !path.ends_with(".dsp"); }

bool is_interpreted(const std::string& path, const FaustSettings& settings) {
    return path.ends_with(".fbc") || (settings.interpreter && !is_half_compiled(path));
}

bool has_word(std::string_view words, std::string_view wanted) {
    return (" " + std::string(words) + " ").find(" " + std::string(wanted) + " ") !=
           std::string::npos;
}

}  // namespace

std::string faust_safe_name(std::string name) {
    for (char& c : name)
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ') c = '_';
    return name;
}

std::string faust_program_name(const std::string& path) {
    std::string name(file_name(path));
    if (name.ends_with(".dsp")) name.resize(name.size() - 4);
    return faust_safe_name(std::move(name));
}

void check_faust_options(const std::vector<std::string>& words, const std::string& name) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto* option = option_named(words[i]);
        if (!option)
            throw Error(ErrorKind::unsupported, name,
                        "cannot be compiled with " + words[i] +
                            "; the options that can be given are " + option_names());
        if (option->has_value && ++i == words.size())
            throw Error(ErrorKind::unsupported, name,
                        "cannot be compiled with " + words[i - 1] + " without a value");
    }
}

FaustProgram::FaustProgram(const std::string& path, const FaustSettings& settings,
                           const std::string& machine_code)
    : FaustProgram(path, faust_program_name(path), read_file(path, largest_program), settings,
                   machine_code) {}

FaustProgram::FaustProgram(const std::string& path, const std::string& name,
                           const std::string& text, const FaustSettings& settings,
                           const std::string& machine_code)
    : path_(path),
      backend_(is_interpreted(path, settings) ? &interpreter_backend() : &llvm_backend()),
      factory_(nullptr, backend_->delete_factory) {
    check_faust_options(settings.options, path);
    if (!machine_code.empty()) read_machine_code(machine_code);
    if (factory_) {
        // Nothing is left to do.
    } else if (!is_half_compiled(path)) {
        compile(name, text, settings);
        compiled_ = true;
    } else if (settings.options.empty()) {
        read_bitcode(text);
    } else {
        throw Error(ErrorKind::unsupported, path,
                    "was compiled with options of its own; leave compile_options out");
    }
    compile_options_ = backend_->compile_options(factory_.get());
    is_double_ = has_word(compile_options_, "-double");
    check();
}

// The library reads files only. Its function for bytes takes its arguments in another order than
// its header says.
void FaustProgram::read_machine_code(const std::string& bytes) {
    const Descriptor file(memfd_create("machine code", MFD_CLOEXEC));
    if (file.get() < 0 || try_write_all(file.get(), bytes) != 0) return;
    const auto path = "/proc/self/fd/" + std::to_string(file.get());
    std::array<char, 4 * longest_faust_error> error{};
    factory_.reset(backend_->read_machine_code(path.c_str(), error.data()));
    if (factory_ && backend_->compile_options(factory_.get()).empty()) factory_.reset();
}

std::string FaustProgram::machine_code() const {
    if (!compiled_) return "";
    return from_base64(backend_->machine_code(factory_.get())).value_or("");
}

void FaustProgram::check() const {
    if (const auto missing = backend_->missing_functions(factory_.get()); !missing.empty())
        throw Error(ErrorKind::unsupported, path_,
                    std::string("uses the foreign function") + (missing.size() == 1 ? " " : "s ") +
                        joined(missing, ", ", " and ") + ", which no library here has; " +
                        std::string(foreign_advice));
    if (backend_->hides_soundfiles(factory_.get()))
        throw Error(ErrorKind::unsupported, path_,
                    "has a soundfile, which Faust's interpreter does not read; use the back end "
                    "llvm");
    if (!is_double_ && !has_word(compile_options_, "-single"))
        throw Error(
            ErrorKind::unsupported, path_,
            "is compiled for samples that are neither float nor double (" + compile_options_ + ")");
}

// The library aborts over bytes that are something else.
void FaustProgram::read_bitcode(const std::string& bytes) {
    constexpr std::string_view llvm_head = "BC\xc0\xde", interpreter_head = "interpreter_dsp";
    const bool is_what_it_says = path_.ends_with(".fbc") ? bytes.starts_with(interpreter_head)
                                 : path_.ends_with(".bc")
                                     ? bytes.starts_with(llvm_head)
                                     : bytes.find("target datalayout") != bytes.npos;
    if (!is_what_it_says)
        refuse_corrupt(path_,
                       "is not the bitcode of a Faust program, as its name says; make it "
                       "again with faust-build");
    std::array<char, 4 * longest_faust_error> error{};
    factory_.reset(backend_->read_bitcode(path_.c_str(), bytes.c_str(), error.data()));
    if (!factory_)
        throw Error(ErrorKind::plugin_load, path_,
                    "cannot be read: " + parse_faust_error(error.data()).words +
                        "; make it again with faust-build");
}

// In one line before the text, so that the compiler's line numbers are the file's.
std::unique_ptr<FaustProgram> FaustProgram::effect_of(const std::string& path,
                                                      const FaustSettings& settings,
                                                      const std::string& machine_code) try {
    if (is_half_compiled(path)) return nullptr;
    const auto text = "patchpipe_program = environment { " + read_file(path, largest_program) +
                      "\n}; process = patchpipe_program.effect;";
    return std::unique_ptr<FaustProgram>(new FaustProgram(
        path, faust_program_name(path) + "_effect", text,
        {without_process_name(settings.options), settings.interpreter}, machine_code));
} catch (const Error& error) {
    constexpr std::string_view none = "undefined symbol : effect";
    if (std::string_view(error.what()).ends_with(none)) return nullptr;
    throw;
}

void FaustProgram::compile(const std::string& name, const std::string& text,
                           const FaustSettings& settings) {
    if (text.empty()) refuse_corrupt(path_, "is empty");
    const auto folder = absolute_path(parent_folder(path_));
    const WorkingFolder works_there(folder);
    std::vector<const char*> words;
    for (const auto& option : settings.options) words.push_back(option.c_str());
    words.insert(words.end(), {"-I", folder.c_str(), "-wall"});  // changes no code
    std::array<char, 4 * longest_faust_error> error{};
    factory_.reset(backend_->compile_text(
        name.c_str(), text.c_str(), static_cast<int>(words.size()), words.data(), error.data()));
    if (!factory_)
        throw faust_compile_error(error.data(), {.path = path_,
                                                 .name = name,
                                                 .text = read_file(path_, largest_program),
                                                 .options = settings.options});
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
