// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/host_process.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/json.h"
#include "isolation/host_protocol.h"
#include "isolation/orphans.h"
#include "job/host_environment.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

// A snapshot parent ends a hung child itself; this much later the parent counts as hung too.
constexpr milliseconds grace_of_parent{10000};

// Beyond most of those that a shell hands over.
constexpr long first_descriptor = 100;

constexpr long fewest_descriptors = 64, descriptors_of_ours = 10;

constexpr const char* own_program = "/proc/self/exe";

int inherited(int fd) {
    return fcntl(fd, F_DUPFD,
                 std::min(first_descriptor, sysconf(_SC_OPEN_MAX) - descriptors_of_ours));
}

// Plug-ins may print and read as they like, but neither records nor jobs.
void redirect_standard_streams(const LastWords& words, bool plugin_output) {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    if (!plugin_output) dup2(words.writing_end(), STDERR_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
}

// What plug-ins leave behind when their processes end.
Orphans& orphans() {
    static Orphans all;
    return all;
}

// Where memory runs short, the desktop is worth more than a render.
void be_first_to_go() {
    const Descriptor score(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    [[maybe_unused]] const auto written = write(score.get(), "1000", 4);
}

void limit_memory(std::int64_t mebibytes) {
    const auto bytes = static_cast<rlim_t>(mebibytes) << 20;
    const rlimit limit{bytes, bytes};
    // Not RLIMIT_AS, which counts libraries, and addresses that malloc() only sets aside.
    setrlimit(RLIMIT_DATA, &limit);
}

// What the process must not have in its own hands any more.
struct Confinement {
    const Sandbox* sandbox;  // none: not confined
    const std::string& temporary;
};

[[noreturn]] void become_host(int socket, int board, const LastWords& words,
                              const HostSettings& settings, const Confinement& confinement,
                              pid_t parent) {
    die_with_parent(parent);
    be_first_to_go();
    const auto fds = std::to_string(inherited(socket)) + "," + std::to_string(inherited(board));
    redirect_standard_streams(words, settings.plugin_output);
    personality(ADDR_NO_RANDOMIZE);
    set_host_environment(settings.home);
    setenv("TMPDIR", confinement.temporary.c_str(), 1);
    if (settings.max_memory) limit_memory(*settings.max_memory);
    if (confinement.sandbox && !confinement.sandbox->enter()) _exit(127);
    std::string option(host_option), numbers(fds), name("patchpipe-host");
    char* argv[] = {name.data(), option.data(), numbers.data(), nullptr};
    execv(own_program, argv);
    _exit(127);
}

std::string setup_message(const HostSettings& settings) {
    Record setup("{}");
    setup.set("plugin_path", json_text(settings.plugin_path));
    setup.set("sample_rate", json_number(std::int64_t{settings.sample_rate}));
    setup.set("block_size", json_number(std::int64_t{settings.block_size}));
    setup.set("snapshot", json_flag(settings.snapshot));
    setup.set("real_clock", json_flag(settings.real_clock));
    return setup.line();
}

// Nothing if it is no reply: the plug-in can write to the socket too.
std::optional<Record> reply_in(std::string message) try {
    return Record(std::move(message));
} catch (const Error&) {
    return {};
}

bool fails_in_plugin(const Error& error) {
    return error.kind() == ErrorKind::plugin_load || error.kind() == ErrorKind::crash ||
           error.kind() == ErrorKind::timeout;
}

void throw_if_error(const Record& fields) {
    if (fields.is_error()) throw error_of(fields);
}

}  // namespace

void require_system() {
    if (access(own_program, X_OK) != 0)
        throw UsageError(
            "/proc is not mounted, and the plug-in's process is started through it; mount it: "
            "mount -t proc proc /proc");
    if (const auto most = sysconf(_SC_OPEN_MAX); most < fewest_descriptors)
        throw UsageError("this process may open " + std::to_string(most) +
                         " files, and plug-ins need more; raise the limit: ulimit -n 1024");
}

HostProcess::HostProcess(const HostSettings& settings)
    : settings_(settings),
      sandboxed_(settings.sandbox.mode != SandboxMode::off && sandbox_available()) {
    orphans();
    make_host_home(settings.home);
    try {
        start();
        return;
    } catch (const Error& error) {
        const bool outside =
            sandboxed_ && settings.sandbox.mode == SandboxMode::automatic && fails_in_plugin(error);
        if (!outside) throw;
    }
    sandboxed_ = false;
    start();
}

void HostProcess::start() {
    process_.reset();
    temporary_.emplace();
    board_->phase = Phase::starting;
    ended_ = false;
    std::optional<Sandbox> sandbox;
    if (sandboxed_) sandbox.emplace(settings_.sandbox, temporary_->path());
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        throw Error(ErrorKind::io, "socketpair", system_message(errno));
    socket_ = Descriptor(pair[0]);
    Descriptor other_end(pair[1]);
    const auto parent = getpid();
    const auto pid = fork();
    if (pid == 0)
        become_host(other_end.get(), board_.fd(), words_, settings_,
                    {sandbox ? &*sandbox : nullptr, temporary_->path()}, parent);
    process_.emplace(pid);
    other_end = Descriptor();  // else the end of the process would not end the channel
    const auto reply = ask(setup_message(settings_), settings_.load_timeout, milliseconds{0});
    throw_if_error(reply);
    has_threads_ = reply.flag("has_threads").value_or(false);
}

HostProcess::~HostProcess() {
    process_.reset();
    orphans().end();
}

Record HostProcess::render(const Record& job, milliseconds timeout, JobOutput& output) {
    auto fields =
        ask(job.line(), timeout, settings_.snapshot ? grace_of_parent : milliseconds{0}, &output);
    if (fields.is_error()) return fields;
    const auto written = RealClock::now();
    try {
        output.commit();
        const std::chrono::duration<double, std::milli> naming = RealClock::now() - written;
        const auto write_ms = fields.number("write_ms").value_or(0) + naming.count();
        fields.set("write_ms", json_number(std::round(write_ms * 1000) / 1000));
    } catch (const Error& error) {
        fields.set_error(error);
    }
    note_sandbox(fields);
    return fields;
}

void HostProcess::note_sandbox(Record& fields) const {
    if (!sandboxed_ && !fields.is_error()) fields.set("sandbox", "false");
}

ProbeResult HostProcess::probe(const Probe& probe) {
    Record wanted("{}");
    const auto set_number = [&](std::string_view key, std::optional<int> number) {
        if (number) wanted.set(key, json_number(std::int64_t{*number}));
    };
    set_number("program", probe.program);
    set_number("note", probe.note);
    set_number("velocity", probe.velocity);
    if (probe.preset) wanted.set("preset_path", json_text(*probe.preset));
    wanted.set("moved", json_flag(probe.moved));
    const auto fields =
        ask(std::string(probe_word) + wanted.line(), settings_.load_timeout, grace_of_parent);
    throw_if_error(fields);
    return {*fields.text("audio_hash"), fields.number("thread_ms").value_or(0)};
}

bool HostProcess::needs_threads(const Record& job, milliseconds timeout) {
    const auto fields = ask(std::string(load_word) + job.line(), timeout, milliseconds{0});
    throw_if_error(fields);
    return ProbeResult{"", *fields.number("thread_ms")}.threads_worked();
}

Record HostProcess::describe(bool parameters, bool programs) {
    Record wanted("{}");
    wanted.set("parameters", json_flag(parameters));
    wanted.set("programs", json_flag(programs));
    auto fields =
        ask(std::string(describe_word) + wanted.line(), settings_.load_timeout, milliseconds{0});
    throw_if_error(fields);
    note_sandbox(fields);
    return fields;
}

Transfer HostProcess::send_output(JobOutput& output, Deadline deadline) {
    Record answer("{}");
    try {
        output.open();
        answer.set("straight", json_flag(output.file().straight()));
    } catch (const Error& error) {
        answer.set_error(error);
    }
    const auto transfer = send_message(peer(), answer.line(), deadline);
    if (transfer != Transfer::done || answer.is_error()) return transfer;
    return send_descriptor(peer(), output.file().fd(), deadline);
}

Transfer HostProcess::receive_answer(std::string& answer, Deadline deadline) {
    // It takes a while: trying to receive it at once would be in vain.
    (void)wait_for(peer(), POLLIN, deadline);
    return receive_message(peer(), answer, deadline);
}

Record HostProcess::ask(std::string_view message, milliseconds timeout, milliseconds grace,
                        JobOutput* output) {
    board_->timeout_ms = timeout.count();
    words_.forget();
    const auto deadline = RealClock::now() + timeout + grace;
    std::string answer;
    auto transfer = send_message(peer(), message, deadline);
    if (transfer == Transfer::done) transfer = receive_answer(answer, deadline);
    if (transfer == Transfer::done && output && answer == open_word) {
        transfer = send_output(*output, deadline);
        if (transfer == Transfer::done) transfer = receive_answer(answer, deadline);
    }
    if (transfer == Transfer::done)
        if (auto reply = reply_in(std::move(answer))) {
            if (reply->is_error()) reply->set_error(with_last_words(error_of(*reply)));
            return std::move(*reply);
        }
    end(transfer == Transfer::timed_out, timeout);
}

// The process is ended: it hung, has died, or can be asked nothing more.
void HostProcess::end(bool hung, milliseconds timeout) {
    ended_ = true;
    constexpr milliseconds time_to_die{1000};
    const bool lives = !hung && wait_for({.socket = -1, .pidfd = process_->pidfd()}, POLLIN,
                                         RealClock::now() + time_to_die) == Wait::timed_out;
    if (hung || lives) process_->kill();
    auto how = process_->end();
    orphans().end();
    if (lives) how = "it closed or wrote to file descriptors that are not its own";
    throw with_last_words(death_of(settings_.plugin_path, board_->phase, hung, timeout, how));
}

Error HostProcess::with_last_words(const Error& error) {
    words_.listen();
    const auto words = words_.text();
    if (!fails_in_plugin(error)) return error;
    std::string text = error.what();
    if (settings_.max_memory && error.kind() != ErrorKind::timeout)
        text +=
            "; --max-memory " + std::to_string(*settings_.max_memory) + " may be too little for it";
    if (!words.empty()) text += "; it printed: " + words;
    return Error(error.kind(), "", text);
}

}  // namespace patchpipe
