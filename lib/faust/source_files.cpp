// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/source_files.h"

#include <sys/stat.h>
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <set>
#include <string_view>

#include "base/error.h"
#include "file/absolute.h"
#include "file/read_file.h"
#include "file/real_target.h"

namespace patchpipe {
namespace {

constexpr std::size_t largest_import = std::size_t{64} << 20, most_imports = 4096;

// The folders that the library has built in.
constexpr std::string_view standard_folders[] = {"/usr/local/share/faust", "/usr/share/faust"};

std::string from_folder(const std::string& folder, const std::string& path) {
    return path.starts_with('/') ? path : folder + "/" + path;
}

bool is_file(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

// Comments become a space, and keep their lines; texts stay.
std::string without_comments(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size();) {
        const auto rest = text.substr(i);
        if (rest.starts_with("//")) {
            i = std::min(text.find('\n', i), text.size());
        } else if (rest.starts_with("/*")) {
            const auto end = text.find("*/", i + 2);
            const auto behind = end == text.npos ? text.size() : end + 2;
            const auto comment = text.substr(i, behind - i);
            kept.append(static_cast<std::size_t>(std::count(comment.begin(), comment.end(), '\n')),
                        '\n');
            kept += ' ';
            i = behind;
        } else if (rest.starts_with('"')) {
            const auto end = std::min(text.find('"', i + 1), text.size() - 1);
            kept += text.substr(i, end + 1 - i);
            i = end + 1;
        } else {
            kept += text[i++];
        }
    }
    return kept;
}

// The text in quotes behind each `word (`.
std::vector<std::string> texts_behind(std::string_view text, std::string_view word) {
    std::vector<std::string> found;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        auto rest = text.substr(at + word.size());
        const auto skip_space = [&] {
            rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
        };
        skip_space();
        if (!rest.starts_with('(')) continue;
        rest.remove_prefix(1);
        skip_space();
        if (!rest.starts_with('"')) continue;
        rest.remove_prefix(1);
        found.emplace_back(rest.substr(0, rest.find('"')));
    }
    return found;
}

std::string_view without_spaces_around(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

// The url in a soundfile's label, "name[url:{'a.wav'}]"; without one the label itself.
std::string url_of(std::string_view label) {
    for (auto at = label.find('['); at != label.npos; at = label.find('[', at + 1)) {
        const auto entry = label.substr(at + 1, label.find(']', at) - at - 1);
        const auto colon = entry.find(':');
        if (colon != entry.npos && without_spaces_around(entry.substr(0, colon)) == "url")
            return std::string(without_spaces_around(entry.substr(colon + 1)));
    }
    return std::string(label);
}

// "a%i.wav" of an iteration is "a0.wav", "a1.wav" and so on; another name is itself.
std::vector<std::string> iterated(const std::string& name) {
    constexpr int most = 256;
    const auto mark = name.find('%');
    if (mark == name.npos) return {name};
    constexpr auto word = "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const auto end = std::min(name.find_first_not_of(word, mark + 1), name.size());
    std::vector<std::string> names;
    for (int i = 0; i < most; ++i)
        names.push_back(name.substr(0, mark) + std::to_string(i) + name.substr(end));
    return names;
}

constexpr const char* importing_words[] = {"import", "library", "component"};

class Search {
 public:
    explicit Search(std::vector<std::string> folders) : folders_(std::move(folders)) {}

    void add_program(const std::string& path) {
        add(path);
        for (; !sources_.empty(); sources_.pop_front()) read(sources_.front());
    }

    [[nodiscard]] std::vector<std::string> take() { return std::move(files_); }

 private:
    bool add_file(const std::string& path) {
        if (!known_.insert(path).second) return false;
        if (files_.size() == most_imports)
            throw Error(ErrorKind::unsupported, files_.front(),
                        "depends on more than " + std::to_string(most_imports) + " files");
        files_.push_back(path);
        return true;
    }

    void add(const std::string& source) {
        if (add_file(source)) sources_.push_back(source);
    }

    // Which of several the compiler takes depends on who imports it: all count.
    void add_all_named(const std::string& name, const std::string& beside) {
        auto folders = folders_;
        folders.push_back(beside);
        if (name.starts_with('/')) folders = {""};
        for (const auto& folder : folders) {
            const auto path = absolute_path(folder + "/" + name);
            if (is_file(path)) add(path);
        }
    }

    void read(const std::string& source) {
        const auto written = read_file(source, largest_import);
        refuse_imports_by_url(written, source);
        const auto text = without_comments(written);
        for (const auto* word : importing_words)
            for (const auto& name : texts_behind(text, word))
                add_all_named(name, parent_folder(source));
        for (const auto& label : texts_behind(text, "soundfile"))
            for (const auto& written : soundfile_names(url_of(label)))
                for (const auto& name : iterated(written))
                    if (const auto path = file_in_folders(name, folders_); !path.empty())
                        add_file(path);
    }

    std::vector<std::string> folders_, files_;
    std::deque<std::string> sources_;  // to be read
    std::set<std::string> known_;
};

}  // namespace

void refuse_imports_by_url(const std::string& text, const std::string& path) {
    if (text.find("://") == text.npos) return;
    const auto kept = without_comments(text);
    for (const auto* word : importing_words)
        for (const auto& name : texts_behind(kept, word)) {
            if (name.find("://") == name.npos) continue;
            const auto before = kept.begin() + static_cast<std::ptrdiff_t>(kept.find(name));
            throw Error(ErrorKind::plugin_load, path,
                        "line " + std::to_string(1 + std::count(kept.begin(), before, '\n')) +
                            ": imports '" + name +
                            "', and imports are files; save it beside the program, and import it "
                            "by its name");
        }
}

std::vector<std::string> faust_folders(const std::string& path,
                                       const std::vector<std::string>& options) {
    std::vector<std::string> folders;
    const auto own = parent_folder(path);
    const auto add = [&](std::string_view folder) {
        auto absolute = absolute_path(folder);
        if (std::find(folders.begin(), folders.end(), absolute) == folders.end())
            folders.push_back(std::move(absolute));
    };
    add(own);
    for (std::size_t i = 0; i + 1 < options.size(); ++i)
        if (options[i] == "-I" || options[i] == "--import-dir")
            add(from_folder(own, options[i + 1]));
    if (const char* folder = std::getenv("FAUST_LIB_PATH"); folder && *folder) add(folder);
    for (const auto folder : standard_folders) add(folder);
    return folders;
}

std::vector<std::string> soundfile_names(const std::string& url) {
    std::vector<std::string> names;
    std::size_t at = url.find('\'');
    if (at == url.npos) return url.empty() ? names : std::vector<std::string>{url};
    while (at != url.npos) {
        const auto end = url.find('\'', at + 1);
        if (end == url.npos) break;
        names.push_back(url.substr(at + 1, end - at - 1));
        at = url.find('\'', end + 1);
    }
    return names;
}

std::string file_in_folders(const std::string& name, const std::vector<std::string>& folders) {
    if (name.starts_with('/')) return is_file(name) ? name : "";
    for (const auto& folder : folders)
        if (const auto path = absolute_path(folder + "/" + name); is_file(path)) return path;
    return "";
}

std::vector<std::string> faust_source_files(const std::string& path,
                                            const std::vector<std::string>& options) {
    if (!path.ends_with(".dsp")) return {absolute_path(path)};  // what it names is in it
    Search search(faust_folders(path, options));
    search.add_program(absolute_path(path));
    return search.take();
}

SourceFiles split_by_owner(const std::vector<std::string>& files, const std::string& path,
                           const std::vector<std::string>& options) {
    std::vector<std::string> folders;
    for (const auto& folder : faust_folders(path, options)) folders.push_back(real_target(folder));
    SourceFiles split;
    for (const auto& file : files) {
        const auto target = real_target(file);
        const auto has_it = [&](const std::string& folder) {
            return !within(target, folder).empty();
        };
        const bool own =
            file == absolute_path(path) || std::any_of(folders.begin(), folders.end(), has_it);
        (own ? split.own : split.foreign).push_back(file);
    }
    return split;
}

}  // namespace patchpipe
