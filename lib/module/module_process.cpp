// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/module_process.h"

#include <unistd.h>

#include "base/error.h"
#include "base/json.h"
#include "file/nameless_file.h"
#include "module/module_requests.h"

namespace patchpipe {
namespace {

// MiB; the samples of the largest modules are some 100.
constexpr std::int64_t most_memory = 2048;

// The lines of a file, each with its newline, from the beginning.
void for_each_line(int fd, const WriteLine& use) {
    constexpr std::size_t piece = std::size_t{1} << 16;
    std::string buffer;
    for (off_t offset = 0;;) {
        const auto begin = buffer.size();
        buffer.resize(begin + piece);
        const auto got = repeated([&] { return pread(fd, buffer.data() + begin, piece, offset); });
        if (got < 0) throw Error(ErrorKind::io, "the records", system_message(errno));
        buffer.resize(begin + static_cast<std::size_t>(got));
        if (got == 0) return;
        offset += got;
        std::size_t used = 0;
        for (auto end = buffer.find('\n'); end != buffer.npos; end = buffer.find('\n', used)) {
            use(std::string_view(buffer).substr(used, end - used));
            used = end + 1;
        }
        buffer.erase(0, used);
    }
}

}  // namespace

ModuleProcess::ModuleProcess(const std::string& bytes, std::string path,
                             std::chrono::milliseconds timeout)
    : path_(std::move(path)), timeout_(timeout), input_(nameless_file()) {
    write_nameless(input_.get(), bytes);
    require_system();
    process_ = std::make_unique<IsolatedProcess>(
        IsolationSettings{.subject = path_,
                          .answering = Answering::forked,
                          .sandbox = {.mode = SandboxMode::automatic},
                          .max_memory = most_memory},
        Record("{}"));
}

ModuleProcess::~ModuleProcess() = default;

Record ModuleProcess::ask(std::string_view verb, Record request, int output) {
    request.set("path", path_);
    RequestFiles files{.inputs = {{{.role = std::string(module_role)}, input_.get()}}};
    if (output >= 0) files.output = [output] { return OpenedFile{.fd = output}; };
    auto answer = process_->ask(verb, request, timeout_, files);
    if (answer.is_error()) throw error_of(answer);
    if (const auto refusal = answer.raw("refusal")) throw error_of(Record(*refusal));
    return answer;
}

ModuleInfo ModuleProcess::info() { return info_in(ask(describe_verb, Record("{}"), -1)); }

PlayedAudio ModuleProcess::play(const ModulePlay& play) {
    PlayedAudio audio{.file = nameless_file()};
    audio.frames =
        ask(play_verb, play_request(play), audio.file.get()).integer("frames").value_or(0);
    return audio;
}

PlayedAudio ModuleProcess::play_voice(int voice, const ModulePlay& play, double longest) {
    PlayedAudio audio{.file = nameless_file()};
    auto request = play_request(play);
    request.set("voice", voice);
    request.set("longest", longest);
    audio.frames = ask(voice_verb, request, audio.file.get()).integer("frames").value_or(0);
    return audio;
}

void ModuleProcess::read(const SongPlaying& playing, const std::vector<std::string>& sample_paths,
                         const WriteLine& write) {
    ModulePlay play{.subsong = static_cast<int>(playing.subsong - 1),
                    .sample_rate = static_cast<int>(playing.sample_rate),
                    .longest = playing.longest};
    auto request = play_request(play);
    request.set("rows", playing.rows);
    request.set("items", playing.items);
    if (playing.row_ms) request.set("row_ms", *playing.row_ms);
    request.set_json("sample_paths", json_list(sample_paths));
    const auto lines = nameless_file();
    (void)ask(records_verb, request, lines.get());
    for_each_line(lines.get(), write);
}

}  // namespace patchpipe
