// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/protocol.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/json.h"

namespace patchpipe {

std::optional<InheritedDescriptors> inherited_descriptors(int argc, char** argv) {
    InheritedDescriptors fds{};
    if (argc != 3 || argv[1] != isolated_option) return {};
    if (std::sscanf(argv[2], "%d,%d", &fds.socket, &fds.board) != 2) return {};
    return fds;
}

std::string build_request(std::string_view verb, const std::vector<FileName>& files,
                          const Record& fields) {
    std::string message(verb);
    message += ' ';
    for (const auto& file : files) message += file.role + ":" + file.format + " ";
    message += fields.line();
    return message;
}

Request parse_request(std::string_view message) {
    std::vector<std::string_view> words;
    while (!message.starts_with('{')) {
        const auto space = message.find(' ');
        if (space == message.npos) throw Error(ErrorKind::bad_record, "", "is not a request");
        words.push_back(message.substr(0, space));
        message.remove_prefix(space + 1);
    }
    if (words.empty()) throw Error(ErrorKind::bad_record, "", "is not a request");
    Request request{std::string(words.front()), {}, Record(message)};
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto colon = std::min(words[i].find(':'), words[i].size() - 1);
        request.files.push_back(
            {std::string(words[i].substr(0, colon)), std::string(words[i].substr(colon + 1))});
    }
    return request;
}

std::string with_number(std::uint64_t number, std::string_view message) {
    auto numbered = std::to_string(number);
    numbered += ' ';
    numbered += message;
    return numbered;
}

std::optional<std::uint64_t> split_number(std::string& message) {
    std::uint64_t number = 0;
    const auto* const begin = message.data();
    const auto [end, error] = std::from_chars(begin, begin + message.size(), number);
    const auto digits = static_cast<std::size_t>(end - begin);
    if (error != std::errc() || digits == message.size() || message[digits] != ' ') return {};
    message.erase(0, digits + 1);
    return number;
}

Error death_of(std::string_view subject, std::string_view doing, bool hung,
               std::chrono::milliseconds timeout, std::string_view how) {
    const auto during = " while " + std::string(doing);
    if (hung)
        return Error(ErrorKind::timeout, subject,
                     "did not finish within " +
                         json_number(static_cast<double>(timeout.count()) / 1000) + " seconds" +
                         during + "; --timeout gives it longer");
    return Error(ErrorKind::crash, subject, "crashed" + during + " (" + std::string(how) + ")");
}

}  // namespace patchpipe
