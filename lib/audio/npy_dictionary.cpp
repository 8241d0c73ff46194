// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/npy_dictionary.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"

namespace patchpipe {
namespace {

// Goes forward only; the only nesting is a list or tuple in the dictionary.
class Parser {
 public:
    Parser(std::string_view text, const std::string& path) : text_(text), path_(path) {}

    NpyDictionary parse() {
        std::optional<std::string> descr;
        std::optional<bool> fortran_order;
        std::optional<std::vector<std::int64_t>> shape;
        expect('{');
        while (!take('}')) {
            const auto key = quoted();
            expect(':');
            if (key == "descr")
                descr = type();
            else if (key == "fortran_order")
                fortran_order = flag();
            else if (key == "shape")
                shape = numbers();
            else
                fail();
            if (!take(',') && peek() != '}') fail();
        }
        if (peek() != 0 || !descr || !fortran_order || !shape) fail();
        return {*descr, *fortran_order, *shape};
    }

 private:
    [[noreturn]] void fail() const {
        throw Error(ErrorKind::corrupt, path_,
                    "the dictionary in its npy header is damaged at byte " + std::to_string(at_) +
                        "; write the file again");
    }

    // The next character that is not a space; 0 at the end.
    char peek() {
        at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
        return at_ < text_.size() ? text_[at_] : '\0';
    }

    bool take(char wanted) {
        if (peek() != wanted) return false;
        ++at_;
        return true;
    }

    void expect(char wanted) {
        if (!take(wanted)) fail();
    }

    std::string quoted() {
        const char quote = peek();
        const auto end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : text_.npos;
        if (end == text_.npos) fail();
        const auto begin = at_ + 1;
        at_ = end + 1;
        return std::string(text_.substr(begin, end - begin));
    }

    // A structure is a list of names and types. It is skipped up to the last bracket in the text,
    // whatever that belongs to: such an array is refused anyway.
    std::string type() {
        if (peek() != '[') return quoted();
        const auto end = text_.rfind(']');
        if (end == text_.npos || end < at_) fail();
        at_ = end + 1;
        return {};
    }

    bool flag() {
        peek();
        const auto rest = text_.substr(at_);
        const bool value = rest.starts_with("True");
        if (!value && !rest.starts_with("False")) fail();
        at_ += value ? 4 : 5;
        return value;
    }

    std::vector<std::int64_t> numbers() {
        std::vector<std::int64_t> values;
        expect('(');
        while (!take(')')) {
            values.push_back(number());
            if (!take(',') && peek() != ')') fail();
        }
        return values;
    }

    std::int64_t number() {
        peek();
        std::int64_t value = 0;
        const char* begin = text_.data() + at_;
        const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
        if (error != std::errc{} || value < 0) fail();
        at_ += static_cast<std::size_t>(end - begin);
        return value;
    }

    std::string_view text_;
    const std::string& path_;
    std::size_t at_ = 0;
};

}  // namespace

NpyDictionary parse_npy_dictionary(std::string_view text, const std::string& path) {
    return Parser(text, path).parse();
}

}  // namespace patchpipe
