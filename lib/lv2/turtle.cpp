// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "lv2/turtle.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/presets/presets.h>
#include <lv2/state/state.h>
#include <serd/serd.h>
#include <cstddef>
#include <memory>

#include "base/free.h"
#include "base/hex.h"

namespace patchpipe {
namespace {

const std::uint8_t* raw(const char* text) { return reinterpret_cast<const std::uint8_t*>(text); }

std::string_view view(const SerdNode* node) {
    return {reinterpret_cast<const char*>(node->buf), node->n_bytes};
}

// lilv knows these without being told.
constexpr const char* prefixes[][2] = {{"atom", LV2_ATOM_PREFIX},
                                       {"lv2", LV2_CORE_PREFIX},
                                       {"pset", LV2_PRESETS_PREFIX},
                                       {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
                                       {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
                                       {"state", LV2_STATE_PREFIX},
                                       {"xsd", "http://www.w3.org/2001/XMLSchema#"}};

class Reader {
 public:
    Reader(const std::string& base, const std::function<void(const TurtleStatement&)>& use)
        : use_(use) {
        serd_reader_set_error_sink(reader_.get(), &note_error, this);
        for (const auto& [name, start] : prefixes)
            serd_env_set_prefix_from_strings(env_.get(), raw(name), raw(start));
        if (base.empty()) return;
        const auto node = serd_node_from_string(SERD_URI, raw(base.c_str()));
        serd_env_set_base_uri(env_.get(), &node);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    std::optional<std::string> read(const std::string& text) {
        start_ = frame_address();
        const auto status = serd_reader_read_string(reader_.get(), raw(text.c_str()));
        if (status <= SERD_FAILURE && !failed_ && !too_deep_) return {};
        if (too_deep_) return "it is nested too deep";
        if (line_ > 0) return "line " + std::to_string(line_) + " is not Turtle";
        return "a URI in it is not absolute, or has a prefix that is not declared";
    }

 private:
    static const char* frame_address() {
        return static_cast<const char*>(__builtin_frame_address(0));
    }

    // serd goes down a level of the stack for each node or list within another, and gives the
    // statement that the inner one is part of before it does. What is nested 100,000 deep would
    // take all of the stack; how much of it has been taken is the measure that cannot be wrong.
    static SerdStatus take_statement(void* handle, SerdStatementFlags /*flags*/,
                                     const SerdNode* /*graph*/, const SerdNode* subject,
                                     const SerdNode* predicate, const SerdNode* object,
                                     const SerdNode* datatype, const SerdNode* language) {
        constexpr std::ptrdiff_t most_stack = 1 << 18;
        auto& self = *static_cast<Reader*>(handle);
        self.too_deep_ = self.too_deep_ || self.start_ - frame_address() > most_stack;
        if (self.too_deep_) return SERD_ERR_INTERNAL;
        return self.pass_on(subject, predicate, object, datatype, language);
    }

    SerdStatus pass_on(const SerdNode* subject, const SerdNode* predicate, const SerdNode* object,
                       const SerdNode* datatype, const SerdNode* language) {
        std::string texts[4];  // of URIs that are not whole in the document
        const auto from = node(subject, texts[0]);
        const auto key = node(predicate, texts[1]);
        auto to = node(object, texts[2]);
        if (!from || !key || key->kind != TurtleNode::Kind::uri || !to) return SERD_ERR_BAD_ARG;
        if (datatype && datatype->buf) {
            const auto type = node(datatype, texts[3]);
            if (!type) return SERD_ERR_BAD_ARG;
            to->datatype = type->text;
        }
        if (language && language->buf) to->language = view(language);
        use_({*from, key->text, *to});
        return SERD_SUCCESS;
    }

    // Nothing if it is a URI that cannot be made whole.
    std::optional<TurtleNode> node(const SerdNode* given, std::string& text) {
        using Kind = TurtleNode::Kind;
        if (given->type == SERD_LITERAL) return TurtleNode{Kind::literal, view(given)};
        if (given->type == SERD_BLANK) return TurtleNode{Kind::blank, view(given)};
        if (given->type == SERD_CURIE) {
            SerdChunk begin, end;
            if (serd_env_expand(env_.get(), given, &begin, &end) != SERD_SUCCESS) return {};
            text.assign(reinterpret_cast<const char*>(begin.buf), begin.len);
            text.append(reinterpret_cast<const char*>(end.buf), end.len);
            // serd takes a prefix of any text.
            if (!serd_uri_string_has_scheme(raw(text.c_str()))) return {};
            return TurtleNode{Kind::uri, text};
        }
        if (serd_uri_string_has_scheme(given->buf)) return TurtleNode{Kind::uri, view(given)};
        auto whole = serd_env_expand_node(env_.get(), given);
        if (whole.buf) text = view(&whole);
        serd_node_free(&whole);
        if (text.empty() || !serd_uri_string_has_scheme(raw(text.c_str()))) return {};
        return TurtleNode{Kind::uri, text};
    }

    static SerdStatus set_prefix(void* handle, const SerdNode* name, const SerdNode* uri) {
        return serd_env_set_prefix(static_cast<Reader*>(handle)->env_.get(), name, uri);
    }
    static SerdStatus set_base(void* handle, const SerdNode* uri) {
        return serd_env_set_base_uri(static_cast<Reader*>(handle)->env_.get(), uri);
    }
    static SerdStatus note_error(void* handle, const SerdError* error) {
        auto& self = *static_cast<Reader*>(handle);
        if (!self.failed_) self.line_ = error->line;
        self.failed_ = true;
        return SERD_SUCCESS;
    }

    const std::function<void(const TurtleStatement&)>& use_;
    std::unique_ptr<SerdEnv, Free<serd_env_free>> env_{serd_env_new(nullptr)};
    std::unique_ptr<SerdReader, Free<serd_reader_free>> reader_{
        serd_reader_new(SERD_TURTLE, this, nullptr, set_base, set_prefix, take_statement, nullptr)};
    const char* start_ = nullptr;  // of the stack that read() takes
    bool failed_ = false, too_deep_ = false;
    unsigned line_ = 0;  // of the first error, if it is one of the text
};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

void append_code(std::string& line, char c) {
    line += "\\u" + to_hex(static_cast<unsigned char>(c), 4);
}

void append_escaped(std::string& line, std::string_view text) {
    for (const char c : text) {
        if (is_control(c))
            append_code(line, c);
        else
            (c == '"' || c == '\\' ? line += '\\' : line) += c;
    }
}

// Some characters may be in a URI by their codes only.
void append_uri(std::string& line, std::string_view uri) {
    constexpr std::string_view coded = " <>\"{}|^`\\";
    line += '<';
    for (const char c : uri) {
        if (is_control(c) || coded.find(c) != coded.npos)
            append_code(line, c);
        else
            line += c;
    }
    line += '>';
}

void append_node(std::string& line, const TurtleNode& node, std::string_view blank_begin) {
    if (node.kind == TurtleNode::Kind::uri) {
        append_uri(line, node.text);
        return;
    }
    if (node.kind == TurtleNode::Kind::blank) {
        line.append("_:").append(blank_begin).append(node.text);
        return;
    }
    line += '"';
    append_escaped(line, node.text);
    line += '"';
    if (!node.datatype.empty()) append_uri(line.append("^^"), node.datatype);
    if (!node.language.empty()) line.append("@").append(node.language);
}

}  // namespace

std::optional<std::string> read_turtle(const std::string& text, const std::string& base,
                                       const std::function<void(const TurtleStatement&)>& use) {
    return Reader(base, use).read(text);
}

std::string turtle_line(const TurtleStatement& statement, std::string_view blank_begin) {
    std::string line;
    append_node(line, statement.subject, blank_begin);
    append_uri(line.append(" "), statement.predicate);
    append_node(line.append(" "), statement.object, blank_begin);
    return line + " .\n";
}

std::string file_uri(const std::string& path) {
    auto node = serd_node_new_file_uri(raw(path.c_str()), nullptr, nullptr, true);
    std::string uri(view(&node));
    serd_node_free(&node);
    return uri;
}

std::string path_of_uri(std::string_view uri) {
    if (!uri.starts_with("file:")) return "";
    const std::unique_ptr<std::uint8_t, Free<serd_free>> path(
        serd_file_uri_parse(raw(std::string(uri).c_str()), nullptr));
    return path ? reinterpret_cast<const char*>(path.get()) : "";
}

}  // namespace patchpipe
