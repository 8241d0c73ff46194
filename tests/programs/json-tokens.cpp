// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: json-tokens [kinds]
// Reads texts that end in a NUL from standard input. Of those that are JSON it compares the places
// that simdjson lists, which lib/record takes for those of the tokens, with the places that a plain
// scanner finds, and the fields of a record with the scanner's. Prints the number of texts that are
// JSON, and of their tokens. With "kinds" it prints the names of the implementations that simdjson
// has for this processor, each of which finds tokens in its own way.

#include <simdjson.h>
#include <algorithm>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/tool.h"
#include "record/record.h"

using namespace patchpipe;

namespace {

using Places = std::vector<std::size_t>;

bool is_in(char c, std::string_view set) { return set.find(c) != set.npos; }

std::size_t behind_string(std::string_view json, std::size_t at) {
    for (++at; json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return at + 1;
}

std::size_t behind_token(std::string_view json, std::size_t at) {
    if (json[at] == '"') return behind_string(json, at);
    if (is_in(json[at], "{}[]:,")) return at + 1;
    while (at < json.size() && !is_in(json[at], "{}[]:,\" \t\r\n")) ++at;
    return at;
}

// Where each token of right JSON begins.
Places scan(std::string_view json) {
    Places places;
    for (std::size_t at = 0; at < json.size();) {
        if (is_in(json[at], " \t\r\n")) {
            ++at;
            continue;
        }
        places.push_back(at);
        at = behind_token(json, at);
    }
    return places;
}

Places listed(const simdjson::dom::parser& parser) {
    const auto& list = *parser.implementation;
    return {list.structural_indexes.get(),
            list.structural_indexes.get() + list.n_structural_indexes};
}

void expect(bool truth, const std::string& what, std::string_view json) {
    if (!truth) throw std::runtime_error(what + ": " + std::string(json));
}

std::size_t behind_value(std::string_view json, const Places& places, std::size_t index) {
    int depth = 0;
    do {
        const char c = json[places[index++]];
        depth += is_in(c, "{[") ? 1 : is_in(c, "}]") ? -1 : 0;
    } while (depth > 0);
    return index;
}

// The keys of an object with their values, as they are written.
std::multimap<std::string_view, std::string_view> members(std::string_view json,
                                                          const Places& places) {
    std::multimap<std::string_view, std::string_view> found;
    for (std::size_t at = 1; json[places[at]] == '"';) {
        const auto key_end = behind_string(json, places[at]);
        const auto end = behind_value(json, places, at + 2);
        const auto value_end = behind_token(json, places[end - 1]);
        found.emplace(json.substr(places[at] + 1, key_end - places[at] - 2),
                      json.substr(places[at + 2], value_end - places[at + 2]));
        at = json[places[end]] == ',' ? end + 1 : end;
    }
    return found;
}

// Of every key that is there once, if none has escapes that could make it another.
void compare_fields(std::string_view json, const Places& places) {
    const Record record(json);
    const auto fields = members(json, places);
    const auto twice = [&](const auto& field) { return fields.count(field.first) > 1; };
    const auto escaped = [](const auto& field) { return is_in('\\', field.first); };
    const bool sure = std::none_of(fields.begin(), fields.end(), escaped);
    for (const auto& field : fields) {
        if (twice(field) || !sure) continue;
        expect(record.raw(field.first).value_or("null") == field.second,
               "another value of " + std::string(field.first), json);
    }
}

std::size_t compare(std::string_view json, simdjson::dom::parser& parser) {
    simdjson::dom::element value;
    if (parser.parse(json.data(), json.size()).get(value)) return 0;
    const auto places = scan(json);
    expect(listed(parser) == places, "other places", json);
    if (value.is_object()) compare_fields(json, places);
    return places.size();
}

ExitStatus run(bool kinds) {
    if (kinds) {
        for (const auto* kind : simdjson::get_available_implementations())
            if (kind->supported_by_runtime_system()) std::cout << kind->name() << "\n";
        return ExitStatus::ok;
    }
    simdjson::dom::parser parser;
    std::size_t texts = 0, tokens = 0;
    for (std::string json; std::getline(std::cin, json, '\0');) {
        const auto found = compare(json, parser);
        texts += found > 0;
        tokens += found;
    }
    std::cout << texts << " " << tokens << "\n";
    return ExitStatus::ok;
}

}  // namespace

int main(int argc, char**) {
    return run_tool("json-tokens", [&] { return run(argc > 1); });
}
