// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "juce/lv2_state.h"

#include <lv2/core/lv2.h>
#include <lv2/presets/presets.h>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/number.h"
#include "base/words.h"
#include "lv2/turtle.h"

namespace patchpipe {
namespace {

constexpr const char* rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
constexpr const char* rdfs_label = "http://www.w3.org/2000/01/rdf-schema#label";

struct StateNode {
    TurtleNode::Kind kind;
    std::string text, datatype;
    bool operator==(const StateNode&) const = default;
};

// The statements of a Turtle document.
class Turtle {
 public:
    explicit Turtle(const std::string& text) {
        failure_ = read_turtle(text, "", [this](const TurtleStatement& statement) {
            of_subject_[key_of(statement.subject)].push_back(statements_.size());
            statements_.push_back({copy(statement.subject), std::string(statement.predicate),
                                   copy(statement.object)});
        });
    }

    // Why not all of it is Turtle.
    const std::optional<std::string>& failure() const { return failure_; }

    std::vector<StateNode> presets() const {
        std::vector<StateNode> found;
        const StateNode preset{TurtleNode::Kind::uri, LV2_PRESETS__Preset, ""};
        std::unordered_set<std::string> seen;
        for (const auto& [subject, predicate, object] : statements_)
            if (predicate == rdf_type && object == preset &&
                seen.insert(key_of({subject.kind, subject.text})).second)
                found.push_back(subject);
        return found;
    }
    std::vector<const StateNode*> objects_of(const StateNode& subject,
                                             std::string_view predicate) const {
        std::vector<const StateNode*> objects;
        const auto found = of_subject_.find(key_of({subject.kind, subject.text}));
        if (found == of_subject_.end()) return objects;
        for (const auto index : found->second)
            if (statements_[index].predicate == predicate)
                objects.push_back(&statements_[index].object);
        return objects;
    }
    const StateNode* object_of(const StateNode& subject, std::string_view predicate) const {
        const auto objects = objects_of(subject, predicate);
        return objects.empty() ? nullptr : objects.front();
    }

 private:
    struct Statement {
        StateNode subject;
        std::string predicate;
        StateNode object;
    };

    static std::string key_of(const TurtleNode& node) {
        return (node.kind == TurtleNode::Kind::blank ? "_:" : "") + std::string(node.text);
    }
    static StateNode copy(const TurtleNode& node) {
        return {node.kind, std::string(node.text), std::string(node.datatype)};
    }

    std::vector<Statement> statements_;
    std::unordered_map<std::string, std::vector<std::size_t>> of_subject_;
    std::optional<std::string> failure_;
};

[[noreturn]] void corrupt(const std::string& path, const std::string& why) {
    throw Error(ErrorKind::corrupt, path, "is not a state of an LV2 plug-in: " + why);
}

// Of the types that JUCE takes as the value of a parameter; it makes 0 of all others.
bool is_number_type(std::string_view type) {
    constexpr std::string_view names[] = {"int", "integer", "long", "decimal", "float", "double"};
    return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) {
        return type == "http://www.w3.org/2001/XMLSchema#" + std::string(name);
    });
}

bool is_number(const StateNode& node) {
    if (!is_number_type(node.datatype)) return false;
    auto text = node.text;
    if (text.starts_with('+')) text.erase(0, 1);
    return parse_number(text).has_value();
}

void check_parameters(const Turtle& turtle, const StateNode& preset, const std::string& path) {
    for (const auto* port : turtle.objects_of(preset, LV2_CORE__port)) {
        const auto* value = turtle.object_of(*port, LV2_PRESETS__value);
        const auto* symbol = turtle.object_of(*port, LV2_CORE__symbol);
        if (!value || is_number(*value)) continue;
        throw Error(ErrorKind::preset_rejected, path,
                    "gives the parameter " + (symbol ? symbol->text : "without a symbol") +
                        " the value " + value->text + ", which is not a number");
    }
}

// By their labels, or else by their URIs.
[[noreturn]] void refuse_many(const Turtle& turtle, const std::vector<StateNode>& presets,
                              const std::string& path) {
    std::vector<std::string> names;
    for (const auto& preset : presets) {
        const auto* label = turtle.object_of(preset, rdfs_label);
        names.push_back(label ? label->text : preset.text);
    }
    throw Error(ErrorKind::unsupported, path,
                "holds " + std::to_string(presets.size()) + " presets: " + some_of(names) +
                    "; give a file with one of them");
}

}  // namespace

void check_lv2_state(std::string_view bytes, const std::string& path, const std::string& uri) {
    if (bytes.find_first_not_of(" \t\r\n") == bytes.npos) corrupt(path, "it is empty");
    if (bytes.find('\0') != bytes.npos) corrupt(path, "it is not text");
    const Turtle turtle{std::string(bytes)};
    if (turtle.failure()) corrupt(path, *turtle.failure());
    const auto presets = turtle.presets();
    if (presets.empty()) corrupt(path, "no pset:Preset is in it");
    if (presets.size() > 1) refuse_many(turtle, presets, path);
    const auto plugins = turtle.objects_of(presets.front(), LV2_CORE__appliesTo);
    const auto is_ours = [&](const StateNode* plugin) {
        return plugin->kind == TurtleNode::Kind::uri && plugin->text == uri;
    };
    if (plugins.empty() || std::any_of(plugins.begin(), plugins.end(), is_ours))
        return check_parameters(turtle, presets.front(), path);
    throw Error(ErrorKind::wrong_plugin, path,
                "belongs to the plug-in " + plugins.front()->text + ", but this is " + uri +
                    "; give the plug-in that the state was made with");
}

bool nests_too_deep(const std::string& turtle) {
    constexpr std::ptrdiff_t harmless = 1000;
    const auto opens = [](char c) { return c == '[' || c == '('; };
    if (std::count_if(turtle.begin(), turtle.end(), opens) <= harmless) return false;
    return read_turtle(turtle, "file:///", [](const TurtleStatement&) {}).has_value();
}

}  // namespace patchpipe
