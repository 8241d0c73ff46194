// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/ffmpeg.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>

#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "base/write.h"
#include "file/nameless_file.h"

namespace patchpipe {
namespace {

constexpr int not_started = 126;  // the status of a child that could not become ffmpeg

// Its parts give their addresses, as in "[gif @ 0x55d4]", which differ from run to run.
void remove_addresses(std::string& words) {
    constexpr std::string_view mark = " @ 0x", digits = "0123456789abcdef";
    for (auto at = words.find(mark); at != words.npos; at = words.find(mark, at)) {
        const auto end = words.find_first_not_of(digits, at + mark.size());
        words.erase(at, std::min(end, words.size()) - at);
    }
}

// The beginning of what it printed, in one line.
std::string words_in(int fd) {
    std::array<char, 400> text{};
    const auto size = repeated([&] { return ::pread(fd, text.data(), text.size(), 0); });
    if (size <= 0) return {};
    std::string words(text.data(), static_cast<std::size_t>(size));
    while (!words.empty() && words.back() == '\n') words.pop_back();
    for (auto& character : words)
        if (character == '\n') character = ' ';
    remove_addresses(words);
    return printable(words);
}

// Ours, but for OpenBLAS, which ffmpeg loads and nothing of it needs here: it begins a thread for
// each processor, each with 256 MiB of addresses, and never ends where the memory is limited.
std::vector<std::string> environment() {
    constexpr std::string_view threads = "OPENBLAS_NUM_THREADS=";
    std::vector<std::string> variables{std::string(threads) + "1"};
    for (char** variable = environ; *variable != nullptr; ++variable)
        if (!std::string_view(*variable).starts_with(threads)) variables.emplace_back(*variable);
    return variables;
}

// As exec() takes them; the words must stay.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

// For good, unless it is lower already. Safe between fork() and exec().
bool set_limit(__rlimit_resource_t resource, std::int64_t most) {
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0) return false;
    limit.rlim_cur = std::min(limit.rlim_cur, static_cast<rlim_t>(most));
    limit.rlim_max = limit.rlim_cur;
    return ::setrlimit(resource, &limit) == 0;
}

std::array<Descriptor, 2> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(ErrorKind::io, "pipe", system_message(errno));
    constexpr int room = 1 << 20;
    (void)::fcntl(ends[1], F_SETPIPE_SZ, room);  // only for speed
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace

std::string ffmpeg_time(double seconds) {
    constexpr double microseconds = 1e6;
    return std::to_string(std::llround(seconds * microseconds)) + "us";
}

Ffmpeg::Ffmpeg(Pipe pipe, const Settings& settings)
    : subject_(settings.subject),
      direction_(pipe),
      advice_(settings.advice),
      timeout_(settings.timeout),
      words_(nameless_file()) {
    auto ends = make_pipe();
    const bool to = pipe == Pipe::to;
    std::vector<std::string> words{"ffmpeg",    "-nostdin", "-hide_banner",
                                   "-loglevel", "error",    "-y"};
    words.insert(words.end(), settings.arguments.begin(), settings.arguments.end());
    auto variables = environment();
    std::optional<Sandbox> sandbox;
    if (sandbox_available()) {
        SandboxSettings only;
        if (settings.kept >= 0) only.writable = {"/proc/self/fd/" + std::to_string(settings.kept)};
        sandbox.emplace(only, "");
    }
    const auto arguments = pointers_to(words), environment = pointers_to(variables);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        die_with_parent(parent);
        run(settings, sandbox ? &*sandbox : nullptr, ends[to ? 0 : 1].get(), arguments.data(),
            environment.data());
        ::_exit(not_started);
    }
    child_.emplace(pid);
    pipe_ = std::move(ends[to ? 1 : 0]);
}

// Only calls that are safe between fork() and exec().
void Ffmpeg::run(const Settings& settings, const Sandbox* sandbox, int child_end,
                 char* const* words, char* const* variables) const {
    const bool to = direction_ == Pipe::to;
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    const int input = settings.input >= 0 ? settings.input : nothing;
    if (::dup2(to ? child_end : input, STDIN_FILENO) < 0 ||
        ::dup2(to ? nothing : child_end, STDOUT_FILENO) < 0 ||
        ::dup2(words_.get(), STDERR_FILENO) < 0)
        return;
    if (settings.kept >= 0 && ::fcntl(settings.kept, F_SETFD, 0) != 0) return;
    if (settings.memory && !set_limit(RLIMIT_AS, *settings.memory)) return;
    if (settings.file_size && !set_limit(RLIMIT_FSIZE, *settings.file_size)) return;
    if (sandbox && !sandbox->enter()) return;
    ::execvpe("ffmpeg", words, variables);
}

void Ffmpeg::write(std::string_view bytes) {
    try {
        write_all(pipe_.get(), bytes, "pipe to ffmpeg");
    } catch (const ReaderGone&) {
        finish();
        fail("stopped reading");
    }
}

std::size_t Ffmpeg::read(char* bytes, std::size_t size) {
    std::size_t have = 0;
    while (have < size) {
        wait_for(pipe_.get());
        const auto got = repeated([&] { return ::read(pipe_.get(), bytes + have, size - have); });
        if (got < 0) throw Error(ErrorKind::io, subject_, system_message(errno));
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

// Until there is something to read, or the process of a pidfd has ended.
void Ffmpeg::wait_for(int fd) const {
    using std::chrono::milliseconds;
    if (!timeout_) return;
    pollfd polled{fd, POLLIN, 0};
    for (;;) {
        const auto left = *timeout_ - std::chrono::floor<milliseconds>(RealClock::now() - begin_);
        if (left.count() <= 0)
            throw Error(ErrorKind::timeout, subject_,
                        "ffmpeg did not finish within " +
                            json_number(std::chrono::duration<double>(*timeout_).count()) + " s; " +
                            advice_);
        if (real_poll(&polled, 1, left) > 0) return;
    }
}

void Ffmpeg::finish() {
    pipe_ = Descriptor();
    wait_for(child_->pidfd());
    const auto how = child_->end();
    if (how == "exited with status 0") return;
    if (how == "exited with status " + std::to_string(not_started))
        throw Error(ErrorKind::not_found, "ffmpeg", "could not be started; install it");
    fail(how);
}

void Ffmpeg::fail(const std::string& how) {
    const auto words = words_in(words_.get());
    const auto message = "ffmpeg " + how + (words.empty() ? "" : ": " + words);
    if (direction_ == Pipe::from) refuse_unsupported(subject_, message);
    throw Error(ErrorKind::io, subject_, message);
}

}  // namespace patchpipe
