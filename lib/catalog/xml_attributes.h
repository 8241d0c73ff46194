// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The attributes of elements in a piece of XML, as a .vstpreset has it. No XML parser: no tree, no
// namespaces, no document type, and what is malformed is passed over.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patchpipe {

using XmlAttributes = std::map<std::string, std::string, std::less<>>;

/// The attributes of every element of that name, in order, with their entities decoded.
[[nodiscard]] std::vector<XmlAttributes> xml_elements(std::string_view xml, std::string_view name);

}  // namespace patchpipe
