// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: a template and records, one a line. The name of a record is in the folder of the template,
// whatever is in the record, and no two records get the same name.

#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "base/words.h"
#include "fuzz/fuzz.h"
#include "names/characters.h"
#include "names/name_template.h"
#include "names/unique_paths.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

constexpr std::string_view extension = ".wav";

void check_name(std::string_view name) {
    constexpr std::size_t longest = 255;  // of most file systems
    expect(!name.empty() && name != "." && name != "..", "a name names something here");
    expect(name.size() <= longest, "a name is not too long");
    expect(is_utf8(name) && printable(name) == name, "a name shows no control characters");
}

void check_path(std::string_view path, std::size_t most_folders) {
    std::size_t folders = 0;
    for (; path.find('/') != path.npos; ++folders) {
        check_name(path.substr(0, path.find('/')));
        path.remove_prefix(path.find('/') + 1);
    }
    check_name(path);
    expect(folders <= most_folders, "a value makes no folder");
}

void check_sanitised(std::string_view text, Alphabet alphabet) {
    const auto name = sanitised(text, alphabet);
    expect(name.find('/') == name.npos, "a name is no path");
    expect(sanitised(name, alphabet) == name, "a name that is fit stays as it is");
    check_name(sanitised_or_hash(text, alphabet, "preset"));
}

void check_records(const NameTemplate& name, std::size_t most_folders, std::string_view lines,
                   Alphabet alphabet) {
    UniquePaths taken;
    std::set<std::string> folded;
    while (!lines.empty()) {
        const auto line = take_line(lines);
        if (is_utf8(line)) check_sanitised(line, alphabet);
        accepted([&] {
            const auto path = taken.claim(name.expand(Record(line), alphabet), extension);
            check_path(path + std::string(extension), most_folders);
            expect(folded.insert(folded_form(path)).second, "no two records have one path");
        });
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Limits limits(size);
    auto lines = as_text(data, size);
    const auto text = take_line(lines);
    std::optional<NameTemplate> name;
    if (!accepted([&] { name.emplace(text); })) return 0;
    const auto most_folders = static_cast<std::size_t>(std::count(text.begin(), text.end(), '/'));
    for (const auto alphabet : {Alphabet::ascii, Alphabet::unicode})
        check_records(*name, most_folders, lines, alphabet);
    return 0;
}
