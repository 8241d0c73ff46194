// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/lv2_state.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/presets/presets.h>
#include <lv2/state/state.h>
#include <serd/serd.h>
#include <sord/sord.h>
#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/number.h"
#include "base/words.h"
#include "juce/free.h"

namespace patchpipe {
namespace {

const std::uint8_t* raw(const char* text) { return reinterpret_cast<const std::uint8_t*>(text); }

constexpr const char* rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
constexpr const char* rdfs_label = "http://www.w3.org/2000/01/rdf-schema#label";

// lilv knows these without being told.
constexpr const char* prefixes[][2] = {{"atom", LV2_ATOM_PREFIX},
                                       {"lv2", LV2_CORE_PREFIX},
                                       {"pset", LV2_PRESETS_PREFIX},
                                       {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
                                       {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
                                       {"state", LV2_STATE_PREFIX},
                                       {"xsd", "http://www.w3.org/2001/XMLSchema#"}};

// The statements of a Turtle document. Nodes live as long as it does.
class Turtle {
 public:
    Turtle() {
        sord_world_set_error_sink(world_.get(), &note_error, this);
        serd_reader_set_error_sink(reader_.get(), &note_error, this);
        for (const auto& [name, start] : prefixes)
            serd_env_set_prefix_from_strings(env_.get(), raw(name), raw(start));
    }
    Turtle(const Turtle&) = delete;
    Turtle& operator=(const Turtle&) = delete;

    // False unless all of it is Turtle.
    bool read(const std::string& text) {
        start_ = frame_address();
        const auto status = serd_reader_read_string(reader_.get(), raw(text.c_str()));
        return status <= SERD_FAILURE && !failed_ && !too_deep_;
    }
    // Relative URIs are then those of files, as in a bundle.
    void use_file_uris() {
        const auto base = serd_node_from_string(SERD_URI, raw("file:///"));
        serd_env_set_base_uri(env_.get(), &base);
    }
    std::string failure() const {
        if (too_deep_) return "it is nested too deep";
        if (line_ > 0) return "line " + std::to_string(line_) + " is not Turtle";
        return "a URI in it is not absolute, or has a prefix that is not declared";
    }

    const SordNode* uri(const char* text) { return sord_new_uri(world_.get(), raw(text)); }
    std::vector<const SordNode*> subjects_of(const SordNode* predicate, const SordNode* object) {
        std::vector<const SordNode*> subjects;
        const std::unique_ptr<SordIter, Free<sord_iter_free>> found{
            sord_search(model_.get(), nullptr, predicate, object, nullptr)};
        for (; !sord_iter_end(found.get()); sord_iter_next(found.get()))
            subjects.push_back(sord_iter_get_node(found.get(), SORD_SUBJECT));
        return subjects;
    }
    std::vector<const SordNode*> objects_of(const SordNode* subject, const SordNode* predicate) {
        std::vector<const SordNode*> objects;
        const std::unique_ptr<SordIter, Free<sord_iter_free>> found{
            sord_search(model_.get(), subject, predicate, nullptr, nullptr)};
        for (; !sord_iter_end(found.get()); sord_iter_next(found.get()))
            objects.push_back(sord_iter_get_node(found.get(), SORD_OBJECT));
        return objects;
    }
    const SordNode* object_of(const SordNode* subject, const SordNode* predicate) {
        return sord_get(model_.get(), subject, predicate, nullptr, nullptr);
    }
    bool says(const SordNode* subject, const SordNode* predicate, const SordNode* object) {
        return sord_ask(model_.get(), subject, predicate, object, nullptr);
    }

 private:
    static const char* frame_address() {
        return static_cast<const char*>(__builtin_frame_address(0));
    }

    // serd goes down a level of the stack for each node or list within another, and gives the
    // statement that the inner one is part of before it does. What is nested 100,000 deep would
    // take all of the stack; how much of it has been taken is the measure that cannot be wrong.
    static SerdStatus add_statement(void* handle, SerdStatementFlags flags, const SerdNode* graph,
                                    const SerdNode* subject, const SerdNode* predicate,
                                    const SerdNode* object, const SerdNode* datatype,
                                    const SerdNode* language) {
        constexpr std::ptrdiff_t most_stack = 1 << 18;
        auto& self = *static_cast<Turtle*>(handle);
        self.too_deep_ = self.too_deep_ || self.start_ - frame_address() > most_stack;
        if (self.too_deep_) return SERD_ERR_INTERNAL;
        return sord_inserter_write_statement(self.inserter_.get(), flags, graph, subject, predicate,
                                             object, datatype, language);
    }
    static SerdStatus set_prefix(void* handle, const SerdNode* name, const SerdNode* uri) {
        return sord_inserter_set_prefix(static_cast<Turtle*>(handle)->inserter_.get(), name, uri);
    }
    static SerdStatus set_base(void* handle, const SerdNode* uri) {
        return sord_inserter_set_base_uri(static_cast<Turtle*>(handle)->inserter_.get(), uri);
    }

    static SerdStatus note_error(void* handle, const SerdError* error) {
        auto& self = *static_cast<Turtle*>(handle);
        if (!self.failed_) self.line_ = error->line;
        self.failed_ = true;
        return SERD_SUCCESS;
    }

    std::unique_ptr<SordWorld, Free<sord_world_free>> world_{sord_world_new()};
    std::unique_ptr<SordModel, Free<sord_free>> model_{sord_new(world_.get(), SORD_SPO, false)};
    std::unique_ptr<SerdEnv, Free<serd_env_free>> env_{serd_env_new(nullptr)};
    std::unique_ptr<SordInserter, Free<sord_inserter_free>> inserter_{
        sord_inserter_new(model_.get(), env_.get())};
    std::unique_ptr<SerdReader, Free<serd_reader_free>> reader_{
        serd_reader_new(SERD_TURTLE, this, nullptr, set_base, set_prefix, add_statement, nullptr)};
    const char* start_ = nullptr;  // of the stack that read() takes
    bool failed_ = false, too_deep_ = false;
    unsigned line_ = 0;  // of the first error, if it is one of the text
};

[[noreturn]] void corrupt(const std::string& path, const std::string& why) {
    throw Error(ErrorKind::corrupt, path, "is not a state of an LV2 plug-in: " + why);
}

std::string text_of(const SordNode* node) {
    return reinterpret_cast<const char*>(sord_node_get_string(node));
}

// Of the types that JUCE takes as the value of a parameter; it makes 0 of all others.
bool is_number_type(const SordNode* type) {
    constexpr std::string_view names[] = {"int", "integer", "long", "decimal", "float", "double"};
    const auto uri = type ? text_of(type) : "";
    return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) {
        return uri == "http://www.w3.org/2001/XMLSchema#" + std::string(name);
    });
}

bool is_number(const SordNode* node) {
    if (!is_number_type(sord_node_get_datatype(node))) return false;
    auto text = text_of(node);
    if (text.starts_with('+')) text.erase(0, 1);
    return parse_number(text).has_value();
}

void check_parameters(Turtle& turtle, const SordNode* preset, const std::string& path) {
    for (const auto* port : turtle.objects_of(preset, turtle.uri(LV2_CORE__port))) {
        const auto* value = turtle.object_of(port, turtle.uri(LV2_PRESETS__value));
        const auto* symbol = turtle.object_of(port, turtle.uri(LV2_CORE__symbol));
        if (!value || is_number(value)) continue;
        throw Error(ErrorKind::preset_rejected, path,
                    "gives the parameter " + (symbol ? text_of(symbol) : "without a symbol") +
                        " the value " + text_of(value) + ", which is not a number");
    }
}

// By their labels, or else by their URIs.
[[noreturn]] void refuse_many(Turtle& turtle, const std::vector<const SordNode*>& presets,
                              const std::string& path) {
    std::vector<std::string> names;
    for (const auto* preset : presets) {
        const auto* label = turtle.object_of(preset, turtle.uri(rdfs_label));
        names.push_back(text_of(label ? label : preset));
    }
    throw Error(ErrorKind::unsupported, path,
                "holds " + std::to_string(presets.size()) + " presets: " + some_of(names) +
                    "; give a file with one of them");
}

}  // namespace

void check_lv2_state(std::string_view bytes, const std::string& path, const std::string& uri) {
    if (bytes.find_first_not_of(" \t\r\n") == bytes.npos) corrupt(path, "it is empty");
    if (bytes.find('\0') != bytes.npos) corrupt(path, "it is not text");
    Turtle turtle;
    if (!turtle.read(std::string(bytes))) corrupt(path, turtle.failure());
    const auto presets = turtle.subjects_of(turtle.uri(rdf_type), turtle.uri(LV2_PRESETS__Preset));
    if (presets.empty()) corrupt(path, "no pset:Preset is in it");
    if (presets.size() > 1) refuse_many(turtle, presets, path);
    const auto* applies_to = turtle.uri(LV2_CORE__appliesTo);
    const auto* plugin = turtle.object_of(presets.front(), applies_to);
    if (!plugin || turtle.says(presets.front(), applies_to, turtle.uri(uri.c_str())))
        return check_parameters(turtle, presets.front(), path);
    throw Error(ErrorKind::wrong_plugin, path,
                "belongs to the plug-in " + text_of(plugin) + ", but this is " + uri +
                    "; give the plug-in that the state was made with");
}

bool nests_too_deep(const std::string& turtle) {
    constexpr std::ptrdiff_t harmless = 1000;
    const auto opens = [](char c) { return c == '[' || c == '('; };
    if (std::count_if(turtle.begin(), turtle.end(), opens) <= harmless) return false;
    Turtle reader;
    reader.use_file_uris();
    return !reader.read(turtle);
}

}  // namespace patchpipe
