// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "record/record.h"

#include <simdjson.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <new>

#include "base/json.h"
#include "base/utf8.h"
#include "base/words.h"

namespace patchpipe {
namespace {

// Returns the length of the unsigned JSON number at the start; 0 if there is none.
std::size_t number_length(std::string_view text) {
    std::size_t at = 0;
    const auto is_at = [&](std::string_view set) {
        return at < text.size() && set.find(text[at]) != set.npos;
    };
    const auto digits = [&] {
        const auto begin = at;
        while (is_at("0123456789")) ++at;
        return at > begin;
    };
    if (is_at("0"))
        ++at;
    else if (!digits())
        return 0;
    auto end = at;
    if (is_at(".") && (++at, digits())) end = at;
    at = end;
    if (!is_at("eE")) return end;
    ++at;
    if (is_at("+-")) ++at;
    return digits() ? at : end;
}

// The same text, with each number outside strings replaced by 0 and spaces of the same length.
std::string blank_numbers(std::string json) {
    bool in_string = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        if (in_string && json[at] == '\\') {
            ++at;
        } else if (json[at] == '"') {
            in_string = !in_string;
        } else if (const auto length =
                       in_string ? 0 : number_length(std::string_view(json).substr(at))) {
            json.replace(at, length, "0" + std::string(length - 1, ' '));
            at += length - 1;
        }
    }
    return json;
}

// Spare bytes after a line: the parser reads past the end, and most fields that a tool adds fit in.
constexpr std::size_t spare = 512;
constexpr std::ptrdiff_t parser_reads_behind = simdjson::SIMDJSON_PADDING;
static_assert(spare >= parser_reads_behind);

simdjson::dom::parser& parser() {
    thread_local simdjson::dom::parser parser;
    return parser;
}

[[noreturn]] void fail_memory() {
    throw Error(ErrorKind::bad_record, "", "too large to read in the available memory");
}

// After a failed allocation the parser still assumes that it has room and writes to memory that it
// does not have.
simdjson::error_code parse(std::string_view json, bool has_spare, simdjson::dom::element& value) {
    const auto error = parser().parse(json.data(), json.size(), !has_spare).get(value);
    if (error != simdjson::MEMALLOC) return error;
    parser() = simdjson::dom::parser();
    fail_memory();
}

// The DOM parser: the on-demand one lets bad literals, bad escapes and a second document through.
// Without spare bytes behind the text it makes a copy first.
simdjson::dom::element parse(std::string_view json, bool has_spare = false) {
    simdjson::dom::element value;
    auto error = parse(json, has_spare, value);
    // It refuses a number that no machine type can hold, which is JSON all the same, with an error
    // that depends on its version: so it is asked again without numbers.
    if (error && !parse(blank_numbers(std::string(json)), false, value)) error = simdjson::SUCCESS;
    if (error)
        throw Error(ErrorKind::bad_record, "",
                    "not JSON: a record is one line, as jq -c writes it: " +
                        std::string(simdjson::error_message(error)));
    return value;
}

[[noreturn]] void wrong_type(std::string_view key, std::string_view expected) {
    throw Error(ErrorKind::bad_record, key, "must be " + std::string(expected));
}

// Returns where the tokens of the JSON parsed last begin: brackets, colons, commas, strings,
// numbers and words. The parser has found them already; finding them again would double the time.
// This list is undocumented: look here first if a newer simdjson fails the tests of records.
const std::uint32_t* token_positions() { return parser().implementation->structural_indexes.get(); }

// Decodes a string, from after its first quote, with the parser's own function; parsing the string
// as a document gives the same result in ten times the time. Newer parsers have a flag that allows
// half a surrogate pair; it must be false. Returns the end of the text written; null for a bad
// escape.
std::uint8_t* unescape(const auto& implementation, const char* from, char* to) {
    const auto* const escaped = reinterpret_cast<const std::uint8_t*>(from);
    auto* const text = reinterpret_cast<std::uint8_t*>(to);
    if constexpr (requires { implementation.parse_string(escaped, text, false); })
        return implementation.parse_string(escaped, text, false);
    else
        return implementation.parse_string(escaped, text);
}

std::string decode_text(std::string_view quoted, bool has_spare = false) {
    if (quoted.find('\\') == quoted.npos) return std::string(quoted.substr(1, quoted.size() - 2));
    std::string with_spare;
    if (!has_spare) {
        with_spare.reserve(quoted.size() + parser_reads_behind);
        with_spare = quoted;
        quoted = with_spare;
    }
    std::string text(quoted.size() + parser_reads_behind, '\0');  // it writes that far, too
    const auto* const end = unescape(*parser().implementation, quoted.data() + 1, text.data());
    if (!end) throw Error(ErrorKind::bad_record, "", "not JSON: a string with a bad escape");
    text.resize(static_cast<std::size_t>(reinterpret_cast<const char*>(end) - text.data()));
    return text;
}

}  // namespace

Record::Record(std::string_view line) try {
    line_.reserve(line.size() + spare);
    line_ = line;
    if (!parse(line_, true).is_object())
        throw Error(ErrorKind::bad_record, "", "not a JSON object");
    scan_members();
} catch (const std::bad_alloc&) {
    fail_memory();
}

// Returns the index of the token that follows the value beginning at a token.
std::size_t Record::behind_value(const std::uint32_t* tokens, std::size_t index) const {
    int depth = 0;
    do {
        const char c = line_[tokens[index++]];
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
    } while (depth > 0);
    return index;
}

// Returns where the token before a place ends. Outside strings, JSON has no characters below the
// space except white space.
std::size_t Record::end_before(std::size_t place) const {
    while (line_[place - 1] <= ' ') --place;
    return place;
}

void Record::scan_members() {
    members_.reserve(16);
    const auto* const tokens = token_positions();
    for (std::size_t at = 0; line_[tokens[at]] != '}' && line_[tokens[at + 1]] != '}';) {
        const std::size_t key_begin = tokens[at + 1], colon = tokens[at + 2];
        const std::size_t begin = tokens[at + 3];
        at = behind_value(tokens, at + 3);
        const auto key_end = end_before(colon), end = end_before(tokens[at]);
        const bool escaped = view(key_begin, key_end).find('\\') != line_.npos;
        members_.push_back({key_begin, key_end, begin, end, escaped});
    }
}

bool Record::has_escaped_key(const Member& member, std::string_view key) const {
    return decode_text(view(member.key_begin, member.key_end)) == key;
}

std::vector<std::string> Record::keys() const {
    std::vector<std::string> keys;
    for (const auto& member : members_)
        keys.push_back(decode_text(view(member.key_begin, member.key_end)));
    return keys;
}

const Record::Member* Record::first(std::string_view key) const {
    for (const auto& member : members_)
        if (has_key(member, key)) return &member;
    return nullptr;
}

const Record::Member* Record::find(std::string_view key) const {
    const auto* found = first(key);
    if (!found) return nullptr;
    for (const auto* other = found + 1; other != members_.data() + members_.size(); ++other)
        if (has_key(*other, key))
            throw Error(ErrorKind::bad_record, key, "appears twice in the record; give it once");
    return found;
}

std::optional<std::string_view> Record::raw(std::string_view key) const {
    const auto* member = find(key);
    if (!member) return {};
    const auto json = view(member->begin, member->end);
    if (json == "null") return {};
    return json;
}

std::optional<std::string> Record::text(std::string_view key) const {
    const auto json = raw(key);
    if (!json) return {};
    if (json->front() != '"') wrong_type(key, "a string");
    const auto* const end = line_.data() + line_.capacity();
    return decode_text(*json, end - (json->data() + json->size()) >= parser_reads_behind);
}

std::optional<std::string> Record::path(std::string_view key) const {
    auto value = text(key);
    if (value && value->find('\0') != value->npos)
        throw Error(ErrorKind::bad_record, key, "holds a NUL character, which a path cannot hold");
    return value;
}

std::optional<double> Record::number(std::string_view key) const {
    const auto json = raw(key);
    if (!json) return {};
    if (json->find_first_of("-0123456789") != 0) wrong_type(key, "a number");
    double value = 0;
    if (std::from_chars(json->data(), json->data() + json->size(), value).ec != std::errc{})
        wrong_type(key, "a number that a double can hold");
    return value;
}

std::optional<std::int64_t> Record::integer(std::string_view key) const {
    const auto value = number(key);
    if (!value) return {};
    constexpr double exact = 9007199254740992.0;  // beyond 2^53 a double skips integers
    if (*value != std::floor(*value) || std::abs(*value) > exact) wrong_type(key, "a whole number");
    return static_cast<std::int64_t>(*value);
}

std::optional<bool> Record::flag(std::string_view key) const {
    const auto json = raw(key);
    if (!json) return {};
    if (*json != "true" && *json != "false") wrong_type(key, "true or false");
    return *json == "true";
}

void Record::set_json(std::string_view key, std::string_view json) {
    splice(find(key), key, json);  // find refuses a key that appears twice
}

void Record::splice(const Member* found, std::string_view key, std::string_view json) {
    if (!found) {
        const auto brace = line_.rfind('}');
        std::string field;
        field.reserve(key.size() + json.size() + 8);
        if (!members_.empty()) field = ",";
        const auto key_begin = brace + field.size();
        const auto quoted = json_text(key);
        const bool escaped = quoted.size() > key.size() + 2;
        field += quoted;
        const auto key_end = brace + field.size();
        field += ':';
        line_.insert(brace, field.append(json));
        members_.push_back({key_begin, key_end, key_end + 1, key_end + 1 + json.size(), escaped});
        return;
    }
    const auto member = members_.begin() + (found - members_.data());
    const auto growth = json.size() - (member->end - member->begin);  // modulo 2^64: may shrink
    line_.replace(member->begin, member->end - member->begin, json);
    member->end += growth;
    for (auto later = member + 1; later != members_.end(); ++later) later->move(growth);
}

void Record::set_all(const Record& fields) {
    for (const auto& member : fields.members_)
        set_json(decode_text(fields.view(member.key_begin, member.key_end)),
                 fields.view(member.begin, member.end));
}

void Record::remove(std::string_view key) { remove_after(0, key); }

// Removes the fields from that place in the record on, each with a comma. The line is written anew,
// once for all of them.
void Record::remove_after(std::size_t place, std::string_view key) {
    const auto goes = [&](const Member& member) {
        return &member >= members_.data() + place && has_key(member, key);
    };
    if (std::none_of(members_.begin(), members_.end(), goes)) return;
    std::string line = line_.substr(0, members_.front().key_begin);
    std::vector<Member> kept;
    for (std::size_t at = 0; at < members_.size(); ++at) {
        auto member = members_[at];
        if (goes(members_[at])) continue;
        if (!kept.empty()) line += view(members_[at - 1].end, member.key_begin);
        const auto text = view(member.key_begin, member.end);
        member.move(line.size() - member.key_begin);
        kept.push_back(member);
        line += text;
    }
    line += view(members_.back().end, line_.size());
    line_ = std::move(line);
    members_ = std::move(kept);
}

// In the place of the first field of that name.
void Record::set_once(std::string_view key, std::string_view json) {
    const auto* const found = first(key);
    if (found) remove_after(static_cast<std::size_t>(found - members_.data()) + 1, key);
    splice(first(key), key, json);
}

void Record::set_error(const Error& error) {
    set_once("status", json_text("error"));
    set_once("error_kind", json_text(to_string(error.kind())));
    set_once("error", json_text(error.what()));
    if (!error.place()) return;
    const auto& [path, line, column] = *error.place();
    set_once("error_path", json_text(printable(path)));
    if (line > 0) set_once("line", json_number(std::int64_t{line}));
    if (column > 0) set_once("column", json_number(std::int64_t{column}));
}

bool Record::is_error() const {
    if (!first("status")) return false;  // the usual case, in half the time
    const auto status = raw("status");
    return status && status->front() == '"' && decode_text(*status) == "error";
}

namespace {

// Enough text to find the line. Workers that share their input do not know the line's number.
std::string beginning_of(std::string_view line) {
    constexpr std::size_t most = 60;
    return printable(cut_to(line, most)) + (line.size() > most ? "..." : "");
}

}  // namespace

Record error_record(const Error& error) {
    Record record("{}");
    record.set_error(error);
    return record;
}

Error error_of(const Record& record) {
    const auto number = [&](std::string_view key) {
        constexpr std::int64_t most = std::numeric_limits<int>::max();
        return static_cast<int>(std::clamp<std::int64_t>(record.integer(key).value_or(0), 0, most));
    };
    std::optional<ErrorPlace> place;
    if (auto path = record.text("error_path"))
        place = {.path = std::move(*path), .line = number("line"), .column = number("column")};
    return Error(kind_named(record.text("error_kind").value_or("")), "",
                 record.text("error").value_or(""), place);
}

std::string bad_line_record(const Error& error, std::string_view line, std::int64_t line_number) {
    const auto sentence = "line " + std::to_string(line_number) + ": " + error.what() +
                          "; it begins with: " + beginning_of(line);
    return "{\"status\":\"error\",\"error_kind\":\"bad-record\",\"error\":" + json_text(sentence) +
           ",\"line\":" + json_number(line_number) + "}";
}

}  // namespace patchpipe
