// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/options.h"

#include <algorithm>
#include <cmath>
#include <cxxopts.hpp>
#include <memory>

#include "base/closest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/number.h"
#include "base/version.h"
#include "base/words.h"

namespace patchpipe {
namespace {

std::string long_name(std::string_view names) {
    return std::string(names.substr(names.find(',') + 1));
}

// "-o, --output-dir DIR", the long names in one column
std::string left_column(std::string_view names, std::string_view argument) {
    const auto comma = names.find(',');
    std::string text = "  ";
    text += comma == names.npos ? std::string("    ")
                                : "-" + std::string(names.substr(0, comma)) + ", ";
    text += "--" + long_name(names);
    if (!argument.empty()) text += (argument.starts_with('[') ? "" : " ") + std::string(argument);
    return text;
}

// cxxopts prints typographic quotes.
std::string plain_quotes(std::string text) {
    for (const std::string_view quote : {"\u2018", "\u2019"})
        for (auto at = text.find(quote); at != text.npos; at = text.find(quote))
            text.replace(at, quote.size(), "'");
    if (!text.empty())
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

// cxxopts says only in its sentence which option it does not know. Of a single letter every option
// with that letter would be the closest.
std::string named_option(const std::string& sentence) {
    const auto begin = sentence.find('\'') + 1;
    return sentence.substr(begin, sentence.find('\'', begin) - begin);
}

std::string closest_option(const std::vector<std::string>& names, const std::string& wanted) {
    const auto found = wanted.size() > 1 ? closest(names, wanted, 1) : std::vector<std::string>();
    return found.empty() ? "" : "; the closest is '--" + found.front() + "'";
}

// Lines of at most 100 columns, broken at spaces; those after the first are indented.
std::string wrapped(std::string text, std::size_t indent) {
    constexpr std::size_t columns = 100;
    for (std::size_t line = 0; text.size() - line > columns;) {
        const auto space = text.rfind(' ', line + columns);
        if (space <= line + indent) break;
        text.replace(space, 1, "\n" + std::string(indent, ' '));
        line = space + 1;
    }
    return text;
}

double number_in_range(const std::string& option, const std::string& value, double min,
                       double max) {
    const auto parsed = parse_number(value);
    if (!parsed || *parsed < min || *parsed > max)
        throw UsageError("--" + option + ": must be " + json_number(min) + " to " +
                         json_number(max) + ", is '" + value + "'");
    return *parsed;
}

}  // namespace

CommandLine::CommandLine(std::string_view tool, std::string_view synopsis, std::string_view about,
                         std::string_view example)
    : tool_(tool), synopsis_(synopsis), about_(about), example_(example) {}

void CommandLine::declare(std::string_view names, std::string_view argument, std::string_view help,
                          std::function<void(const std::string&)> take, bool repeats) {
    options_.push_back(
        {std::string(names), std::string(argument), std::string(help), repeats, std::move(take)});
}

void CommandLine::flag(std::string_view names, bool& target, std::string_view help) {
    declare(names, "", help, [&target](const std::string&) { target = true; });
}

void CommandLine::text(std::string_view names, std::string_view argument, std::string& target,
                       std::string_view help) {
    declare(names, argument, help, [&target](const std::string& value) { target = value; });
}

void CommandLine::text(std::string_view names, std::string_view argument,
                       std::optional<std::string>& target, std::string_view help) {
    declare(names, argument, help, [&target](const std::string& value) { target = value; });
}

void CommandLine::texts(std::string_view names, std::string_view argument,
                        std::vector<std::string>& target, std::string_view help) {
    const auto take = [&target](const std::string& value) { target.push_back(value); };
    declare(names, argument, help, take, true);
}

void CommandLine::number(std::string_view names, std::string_view argument, double& target,
                         double min, double max, std::string_view help) {
    declare(names, argument, help, [=, &target, name = long_name(names)](const std::string& value) {
        target = number_in_range(name, value, min, max);
    });
}

void CommandLine::number(std::string_view names, std::string_view argument,
                         std::optional<double>& target, double min, double max,
                         std::string_view help) {
    declare(names, argument, help, [=, &target, name = long_name(names)](const std::string& value) {
        target = number_in_range(name, value, min, max);
    });
}

void CommandLine::whole_number(std::string_view names, std::string_view argument,
                               std::optional<std::int64_t>& target, std::int64_t min,
                               std::int64_t max, std::string_view help) {
    declare(names, argument, help, [=, &target, name = long_name(names)](const std::string& value) {
        const auto number =
            number_in_range(name, value, static_cast<double>(min), static_cast<double>(max));
        if (number != std::floor(number))
            throw UsageError("--" + name + ": must be a whole number, is '" + value + "'");
        target = static_cast<std::int64_t>(number);
    });
}

void CommandLine::choice(std::string_view names, std::string& target,
                         const std::vector<std::string>& choices, std::string_view help) {
    const auto listed = joined(choices, "|");
    declare(names, listed, help, [=, &target, name = long_name(names)](const std::string& value) {
        if (std::find(choices.begin(), choices.end(), value) == choices.end())
            throw UsageError("--" + name + ": must be one of " + listed + ", is '" + value + "'");
        target = value;
    });
}

void CommandLine::optional_choice(std::string_view names, std::string& target,
                                  const std::vector<std::string>& choices, std::string_view help) {
    choice(names, target, choices, help);
    auto& option = options_.back();
    option.argument = "[=" + option.argument + "]";
    option.alone = choices.front();
}

std::vector<std::string> CommandLine::parse(int argc, char** argv) {
    cxxopts::Options parser(tool_);
    auto add = parser.add_options();
    for (const auto& option : options_) {
        std::shared_ptr<cxxopts::Value> value = cxxopts::value<std::string>();
        if (option.argument.empty()) value = cxxopts::value<bool>();
        if (option.alone) value->implicit_value(*option.alone);
        add(option.names, "", value);
    }
    add("h,help", "")("version", "");
    try {
        const auto result = parser.parse(argc, argv);
        if (result.count("help")) throw JustPrint{help()};
        if (result.count("version"))
            throw JustPrint{tool_ + " (patchpipe) " + kit_version + left_out + "\n"};
        for (const auto& given : result.arguments()) take(given.key(), given.value());
        for (const auto& option : options_)
            if (!option.repeats && result.count(long_name(option.names)) > 1)
                throw UsageError("--" + long_name(option.names) + ": given twice");
        return result.unmatched();
    } catch (const cxxopts::exceptions::no_such_option& error) {
        std::vector<std::string> names{"help", "version"};
        for (const auto& option : options_) names.push_back(long_name(option.names));
        const auto sentence = plain_quotes(error.what());
        throw UsageError(sentence + closest_option(names, named_option(sentence)));
    } catch (const cxxopts::exceptions::exception& error) {
        throw UsageError(plain_quotes(error.what()));
    }
}

void CommandLine::take(const std::string& name, const std::string& value) {
    const auto option = std::find_if(options_.begin(), options_.end(),
                                     [&](const Option& o) { return long_name(o.names) == name; });
    if (option->argument.empty() && value != "true")
        throw UsageError("--" + name + ": takes no value");
    option->take(value);
}

std::string CommandLine::help() const {
    std::string text =
        "usage: " + tool_ + " " + synopsis_ + "\n" + about_ + "\nexample: " + example_ + "\n\n";
    auto rows = options_;
    rows.push_back({"h,help", "", "show this help", false, {}});
    rows.push_back({"version", "", "show the version", false, {}});
    std::size_t width = 0;
    for (const auto& row : rows)
        width = std::max(width, left_column(row.names, row.argument).size());
    for (const auto& row : rows) {
        auto left = left_column(row.names, row.argument);
        left.resize(width + 2, ' ');
        text += wrapped(left + row.help, left.size()) + "\n";
    }
    return text;
}

}  // namespace patchpipe
