// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "songjobs/jobs_makefile.h"

#include <algorithm>

#include "base/error.h"
#include "base/words.h"
#include "file/absolute.h"

namespace patchpipe {
namespace {

bool is_plain(std::string_view path) {
    return std::all_of(path.begin(), path.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/._-+,@").find(c) != std::string_view::npos;
    });
}

void check_name(const std::string& path) {
    if (is_plain(path)) return;
    throw UsageError("--make: " + printable(path) +
                     ": has characters that make does not take in names; choose another folder");
}

// As the shell of a recipe reads it. What comes after a line break make would read as its own code.
std::string quoted_for_shell(const std::string& word) {
    if (word.find_first_of("\n\r") != word.npos)
        throw UsageError("--make: " + printable(word) +
                         ": has a line break, which make does not take in names; rename it");
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? "'\\''" : c == '$' ? "$$" : std::string(1, c);
    return text + "'";
}

std::string command_line(const std::vector<std::string>& words) {
    std::string line;
    for (const auto& word : words) line += (line.empty() ? "" : " ") + quoted_for_shell(word);
    return line;
}

class MakefileWriter {
 public:
    explicit MakefileWriter(const WorkFolder& folder) : folder_(folder) {}

    void add(const Record& job) {
        const auto stem = name_of(job);
        WorkFolder::keep(folder_.file("jobs", stem, ".json"), job.line() + "\n");
        const auto result = "$(WORK)/results/" + stem + ".json";
        stems_ += " \\\n\t$(WORK)/stems/" + stem + ".wav";
        results_ += " " + result;
        rules_ += "\n$(WORK)/stems/" + stem + ".wav: $(WORK)/jobs/" + stem + ".json";
        const Record heard(job.raw("stems").value_or("{}"));
        for (const auto& id : heard.keys())
            rules_ += " $(WORK)/stems/" + std::string(file_name(*heard.text(id)));
        if (job.flag("skip_existing") != true) rules_ += " FORCE";
        rules_ +=
            std::string("\n\t@mkdir -p $(WORK)/results\n\t") +
            (job.raw("input_path") ? "song-mix --inputs <$< | $(RENDER) >" : "$(RENDER) <$< >") +
            result + " || { cat " + result + " >&2; exit 1; }\n\t@touch $@\n";
    }

    [[nodiscard]] std::string text(const MakefileSettings& settings) const {
        std::string text =
            "# Made by song-jobs; make -j renders what changed, and mixes it.\n\n"
            "WORK := " +
            folder_.path() +
            "\n"
            "MIX ?= $(WORK)/mix.wav\n"
            "RENDER ?= render-one\n"
            "MIXFLAGS ?=\n"
            "STEMS :=" +
            stems_ +
            "\n\n"
            ".PHONY: all stems\n"
            "all: $(MIX)\n"
            "stems: $(STEMS)\n\n"
            "$(MIX): $(WORK)/mix.json $(STEMS)\n"
            "\tcat" +
            results_ + " /dev/null | song-mix --project " + quoted_for_shell(settings.song_path) +
            " $(MIXFLAGS) -o $@\n" + rules_;
        if (!settings.command.empty())
            text += "\n# The song may have changed.\n$(lastword $(MAKEFILE_LIST)): FORCE\n\t@cd " +
                    quoted_for_shell(settings.folder) + " && " + command_line(settings.command) +
                    "\n";
        return text + "\nFORCE:\n";
    }

 private:
    // What the job's files are called.
    static std::string name_of(const Record& job) {
        const auto path = *job.text("output_path");
        const auto name = file_name(path);
        return std::string(name.substr(0, name.rfind('.')));
    }

    const WorkFolder& folder_;
    std::string stems_, results_, rules_;
};

}  // namespace

std::string jobs_makefile(const std::vector<Record>& jobs, const WorkFolder& folder,
                          const MakefileSettings& settings) {
    check_name(folder.path());
    MakefileWriter writer(folder);
    for (const auto& job : jobs) writer.add(job);
    Record mix("{}");
    mix.set("song_path", settings.song_path);
    mix.set("inputs_hash", settings.song_hash);
    WorkFolder::keep(folder.path() + "/mix.json", mix.line() + "\n");
    return writer.text(settings);
}

}  // namespace patchpipe
