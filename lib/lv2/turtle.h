// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads Turtle, the text that describes LV2 bundles and their presets, with the copy of serd in
// JUCE. Statements are passed on as they are read; none is kept.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace patchpipe {

inline constexpr std::string_view rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
inline constexpr std::string_view rdfs_label = "http://www.w3.org/2000/01/rdf-schema#label";

/// The texts last as long as the call that passes the node.
struct TurtleNode {
    enum class Kind { uri, blank, literal };

    Kind kind;
    std::string_view text;  ///< a whole URI; a blank node's name, of this document only; characters
    std::string_view datatype = {}, language = {};  ///< of a literal, if it has them

    [[nodiscard]] bool is_uri(std::string_view uri) const {
        return kind == Kind::uri && text == uri;
    }
};

struct TurtleStatement {
    TurtleNode subject;
    std::string_view predicate;  ///< a URI
    TurtleNode object;
};

/// Passes on every statement of the text, a node within another after the statement that it is part
/// of. Relative URIs are resolved against the base; without one they are errors. use must not
/// throw. Returns why the text could not be read to its end; nothing if it was: it is not Turtle,
/// or nodes are nested so deep in it that reading them would take all of the stack.
[[nodiscard]] std::optional<std::string> read_turtle(
    const std::string& text, const std::string& base,
    const std::function<void(const TurtleStatement&)>& use);

/// The statement as a line of Turtle that depends on no prefix and no base. The names of blank
/// nodes get that beginning, which tells those of several documents apart.
[[nodiscard]] std::string turtle_line(const TurtleStatement& statement,
                                      std::string_view blank_begin);

/// The URI of a file, and the path that such a URI means; empty if it means none.
[[nodiscard]] std::string file_uri(const std::string& path);
[[nodiscard]] std::string path_of_uri(std::string_view uri);

}  // namespace patchpipe
