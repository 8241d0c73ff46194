// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_lv2.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/number.h"
#include "record/record_line.h"

namespace patchpipe {
namespace {

bool is_in_turtle_uri(char c) {
    return static_cast<unsigned char>(c) > ' ' &&
           std::string_view("<>\"{}|^`\\").find(c) == std::string_view::npos;
}

// With a point, or it would be an integer.
std::string turtle_number(double value) {
    auto text = rpp_decimal(value);
    return text.find('.') == text.npos ? text + ".0" : text;
}

}  // namespace

bool add_port_values(const RppFields& line, PortValues& values) {
    PortValues found;
    if (line.text(0) != "P" || line.size() < 3 || line.size() % 2 == 0) return false;
    for (std::size_t i = 1; i < line.size(); i += 2) {
        const auto value = parse_number(line.text(i + 1));
        if (!value) return false;
        found.emplace_back(text_as_utf8(line.text(i)), *value);
    }
    values.insert(values.end(), found.begin(), found.end());
    return true;
}

std::string port_values_json(const PortValues& values) {
    std::string json;
    for (const auto& [symbol, value] : values)
        json += (json.empty() ? "{" : ",") + json_text(symbol) + ":" + json_number(value);
    return json + "}";
}

PortValues port_values_in(const Record& fx) {
    const auto text = fx.raw("ports");
    if (!text) return {};
    if (!text->starts_with('{'))
        throw Error(ErrorKind::bad_record, "ports",
                    "of an lv2 must be an object of numbers by the symbols of ports; correct it");
    const Record object(*text);
    PortValues values;
    for (const auto& symbol : object.keys()) {
        const auto value = object.number(symbol);
        if (value) values.emplace_back(symbol, *value);
    }
    return values;
}

std::string port_values_line(const PortValues& values) {
    std::string line;
    for (const auto& [symbol, value] : values)
        line += (line.empty() ? "P " : " ") + rpp_quoted(symbol) + " " + rpp_decimal(value);
    return line;
}

std::string line_with_port_values(std::string_view line, PortValues& wanted) {
    RppFields fields;
    fields.split(line);
    std::string changed(line);
    for (std::size_t i = 1; i + 1 < fields.size(); i += 2) {
        const auto found = std::find_if(wanted.begin(), wanted.end(), [&](const auto& port) {
            return port.first == text_as_utf8(fields.text(i));
        });
        if (found == wanted.end()) continue;
        if (found->second != fields.number(i + 1))
            changed = rpp_with_field(changed, i + 1, rpp_decimal(found->second));
        wanted.erase(found);
    }
    return changed;
}

std::string lv2_state(std::string_view uri, const PortValues& values) {
    if (uri.empty() || !std::all_of(uri.begin(), uri.end(), is_in_turtle_uri)) return {};
    std::string turtle =
        "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
        "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n\n"
        "<urn:patchpipe:state> a pset:Preset ;\n    lv2:appliesTo <";
    turtle.append(uri).append(">");
    for (const auto& [symbol, value] : values)
        turtle += " ;\n    lv2:port [ lv2:symbol " + json_text(symbol) + " ; pset:value " +
                  turtle_number(value) + " ]";
    return turtle + " .\n";
}

}  // namespace patchpipe
