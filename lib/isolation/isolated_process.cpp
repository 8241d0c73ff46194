// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/isolated_process.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/tunables.h"
#include "isolation/memory_limit.h"
#include "isolation/orphans.h"
#include "isolation/supervisor.h"

namespace patchpipe {
namespace {

using std::chrono::milliseconds;

// A parent ends a hung child itself; this much later the parent counts as hung too.
constexpr milliseconds grace_of_parent{10000};

// A child that has answered ends at once, unless it has memory without measure or other plans.
constexpr milliseconds longest_end{5000};

// Ours begin here, because a shell rarely hands over descriptors as high as this.
constexpr long first_descriptor = 100;

constexpr long fewest_descriptors = 64, descriptors_of_ours = 10;

constexpr const char* own_program = "/proc/self/exe";

int inherited(int fd) {
    return fcntl(fd, F_DUPFD,
                 std::min(first_descriptor, sysconf(_SC_OPEN_MAX) - descriptors_of_ours));
}

// Numbers have one length, so that what they do to memory is the same for every request.
std::uint64_t unforeseen_number() {
    constexpr std::uint64_t smallest = 1'000'000'000'000'000'000, count = 9 * smallest;
    std::uint64_t number = 0;
    if (getentropy(&number, sizeof number) != 0)
        throw Error(ErrorKind::io, "getentropy", system_message(errno));
    return smallest + number % count;
}

// Closes all descriptors but the standard ones and these: those of the user's shell, of a driver or
// of another plug-in lead to files that are not for what runs here. Returns false if that fails.
bool close_others(int one, int other) {
    const auto [first, second] = std::minmax(one, other);
    const auto close_between = [](int from, int to) {
        return from > to ||
               close_range(static_cast<unsigned>(from), static_cast<unsigned>(to), 0) == 0;
    };
    return close_between(STDERR_FILENO + 1, first - 1) && close_between(first + 1, second - 1) &&
           close_between(second + 1, std::numeric_limits<int>::max());
}

// What runs in the process may print and read, but its standard streams are not those of the tool.
// Returns false if that cannot be had.
bool redirect_standard_streams(const LastWords& words) {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    return null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
           dup2(words.writing_end(), STDERR_FILENO) >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

// Processes that were started in there and outlive it.
Orphans& orphans() {
    static Orphans all;
    return all;
}

// When memory runs out, the kernel ends this process before the user's others.
void be_first_to_go() {
    const Descriptor score(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    [[maybe_unused]] const auto written = write(score.get(), "1000", 4);
}

// What confines the process.
struct Confinement {
    const Sandbox* sandbox;  // null: not confined
    const std::string& temporary;
};

[[noreturn]] void become_isolated(int socket, int board, const LastWords& words,
                                  const IsolationSettings& settings, const Confinement& confinement,
                                  pid_t parent) {
    die_with_parent(parent);
    // In a session of its own it has no terminal, into which it could type commands.
    (void)setsid();
    be_first_to_go();
    const int kept_socket = inherited(socket), kept_board = inherited(board);
    if (kept_socket < 0 || kept_board < 0 || !redirect_standard_streams(words)) _exit(127);
    const auto fds = std::to_string(kept_socket) + "," + std::to_string(kept_board);
    (void)personality(ADDR_NO_RANDOMIZE);  // some containers refuse it
    add_tunables(same_mathematics);
    settings.set_environment();
    setenv("TMPDIR", confinement.temporary.c_str(), 1);
    if (settings.max_memory && !limit_memory(*settings.max_memory)) _exit(127);
    if (confinement.sandbox && !confinement.sandbox->enter()) _exit(127);
    if (!close_others(kept_socket, kept_board)) _exit(127);
    std::string option(isolated_option), numbers(fds), name("patchpipe-host");
    char* argv[] = {name.data(), option.data(), numbers.data(), nullptr};
    execv(own_program, argv);
    _exit(127);
}

// Empty if the message is not a reply: what runs in there can write to the socket too, and a
// newline would make two records of one.
std::optional<Record> reply_in(std::string message) try {
    if (message.find('\n') != message.npos) return {};
    Record reply(std::move(message));
    if (reply.is_error() && reply.text("error").value_or("").empty()) return {};
    return reply;
} catch (const Error&) {
    return {};
}

bool fails_inside(const Error& error) {
    return error.kind() == ErrorKind::plugin_load || error.kind() == ErrorKind::crash ||
           error.kind() == ErrorKind::timeout;
}

// What C++, C libraries and compilers say when they get no memory; who does not look, and uses the
// null pointer of malloc(), is killed.
bool speaks_of_memory(std::string_view text) {
    constexpr std::string_view signs[] = {
        "bad_alloc",       "llocate",           "llocation failed",
        "ut of memory",    "nough memory",      "emory exhausted",
        "nsufficient mem", "killed by SIGSEGV", "killed by SIGBUS"};
    return std::any_of(std::begin(signs), std::end(signs),
                       [&](std::string_view sign) { return text.find(sign) != text.npos; });
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

IsolatedProcess::IsolatedProcess(const IsolationSettings& settings, const Record& setup)
    : settings_(settings),
      words_(settings.output),
      sandboxed_(settings.sandbox.mode != SandboxMode::off && sandbox_available()) {
    orphans();
    try {
        start(setup);
        return;
    } catch (const Error& error) {
        // A plug-in that hangs inside would probably hang outside too, for as long again.
        const bool outside = sandboxed_ && settings.sandbox.mode == SandboxMode::automatic &&
                             fails_inside(error) && error.kind() != ErrorKind::timeout;
        if (!outside) throw with_hidden_files(error);
    }
    sandboxed_ = false;
    start(setup);
}

void IsolatedProcess::start(const Record& setup) {
    process_.reset();
    orphans().end();
    temporary_.emplace();
    board_->note("starting");
    ended_ = false;
    std::optional<Sandbox> sandbox;
    if (sandboxed_) sandbox.emplace(settings_.sandbox, temporary_->path());
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        throw Error(ErrorKind::io, "socketpair", system_message(errno));
    control_ = Descriptor(pair[0]);
    socket_ = Descriptor();
    used_ = false;
    forks_ = settings_.answering == Answering::forked;
    Descriptor other_end(pair[1]);
    const auto parent = getpid();
    auto starting = Child::starting();
    const auto pid = fork();
    if (pid == 0)
        supervise(parent, [&](pid_t supervisor) {
            become_isolated(other_end.get(), board_.fd(), words_, settings_,
                            {sandbox ? &*sandbox : nullptr, temporary_->path()}, supervisor);
        });
    process_.emplace(pid);
    starting.unlock();
    settings_.started(process_->pidfd());
    other_end = Descriptor();  // otherwise the channel would outlive the process
    auto whole = setup;
    whole.set("answering", static_cast<int>(settings_.answering));
    whole.set("sandboxed", sandboxed_);
    opened_ = exchange(whole.line(), settings_.load_timeout, milliseconds{0}, {});
    if (opened_.is_error()) throw error_of(opened_);
    used_ = settings_.answering != Answering::itself;
    temporary_->remember();
}

IsolatedProcess::~IsolatedProcess() {
    process_.reset();
    orphans().end();
    words_.finish();
}

Record IsolatedProcess::ask(std::string_view verb, const Record& request, milliseconds timeout,
                            const RequestFiles& files) {
    const bool alone = settings_.answering == Answering::itself;
    std::vector<FileName> names;
    for (const auto& file : files.inputs) names.push_back(file.name);
    auto answer = exchange(build_request(verb, names, request), timeout,
                           alone ? milliseconds{0} : grace_of_parent, files);
    forks_ = forks_ || (!alone && !board_->rewinds);
    used_ = forks_;
    return answer;
}

bool IsolatedProcess::ready() {
    if (ended_) return false;
    const bool renewed = take_socket() == Transfer::done;
    char byte;
    const bool silent = recv(peer().socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
                        (errno == EAGAIN || errno == EINTR);
    const bool alone = settings_.answering == Answering::itself;
    if (renewed && silent && (alone || temporary_->put_back())) return true;
    ended_ = true;
    process_->kill();
    (void)process_->end();
    orphans().end();
    return false;
}

// What a child has started could read from its socket, and answer in the place of the next child.
// The process sends a new one when the child has ended, with all that it started.
Transfer IsolatedProcess::take_socket() {
    if (!used_) return Transfer::done;
    const auto transfer =
        receive_descriptor({.socket = control_.get(), .pidfd = process_->pidfd(), .words = &words_},
                           socket_, RealClock::now() + longest_end);
    used_ = transfer != Transfer::done;
    return used_ ? Transfer::broken : transfer;
}

Transfer IsolatedProcess::send_request(std::string_view message, const RequestFiles& files,
                                       Deadline deadline) {
    number_ = unforeseen_number();
    auto transfer = send_message(peer(), with_number(number_, message), deadline);
    for (const auto& file : files.inputs)
        if (transfer == Transfer::done) transfer = send_descriptor(peer(), file.fd, deadline);
    return transfer;
}

Transfer IsolatedProcess::send_output(const OpenFile& open_file, Deadline deadline) {
    Record answer("{}");
    OpenedFile file{};
    try {
        file = open_file();
        answer.set("straight", file.straight);
    } catch (const Error& error) {
        answer.set_error(error);
    }
    const auto transfer = send_message(peer(), with_number(number_, answer.line()), deadline);
    if (transfer != Transfer::done || answer.is_error()) return transfer;
    return send_descriptor(peer(), file.fd, deadline);
}

Transfer IsolatedProcess::receive_answer(std::string& answer, Deadline deadline) {
    // The answer takes a while, so a first attempt to receive it would fail.
    (void)wait_for(peer(), POLLIN, deadline);
    const auto transfer = receive_message(peer(), answer, deadline);
    return transfer == Transfer::done && split_number(answer) != number_ ? Transfer::broken
                                                                         : transfer;
}

Record IsolatedProcess::exchange(std::string_view message, milliseconds timeout, milliseconds grace,
                                 const RequestFiles& files) {
    board_.clear_rest();
    board_->timeout_ms = timeout.count();
    words_.forget();
    const auto deadline = RealClock::now() + timeout + grace;
    std::string answer;
    auto transfer = take_socket();
    if (transfer == Transfer::done) transfer = send_request(message, files, deadline);
    if (transfer == Transfer::done) transfer = receive_answer(answer, deadline);
    if (transfer == Transfer::done && files.output && answer == output_word) {
        transfer = send_output(files.output, deadline);
        if (transfer == Transfer::done) transfer = receive_answer(answer, deadline);
    }
    if (transfer == Transfer::done)
        if (auto reply = reply_in(std::move(answer))) {
            if (reply->is_error()) return error_record(with_last_words(error_of(*reply)));
            return std::move(*reply);
        }
    end(transfer == Transfer::timed_out, timeout);
}

// Ends the process, which hung, died, or cannot be asked anything more.
void IsolatedProcess::end(bool hung, milliseconds timeout) {
    ended_ = true;
    constexpr milliseconds time_to_die{1000};
    const bool lives = !hung && wait_for({.socket = -1, .pidfd = process_->pidfd()}, POLLIN,
                                         RealClock::now() + time_to_die) == Wait::timed_out;
    if (hung || lives) process_->kill();
    auto how = process_->end();
    orphans().end();
    if (lives) how = "it closed or wrote to file descriptors that are not its own";
    throw with_last_words(death_of(settings_.subject, board_->doing(), hung, timeout, how));
}

// What could not be opened may need a file that it must not read. A text that a compiler refused
// has been read.
Error IsolatedProcess::with_hidden_files(const Error& error) const {
    const bool could_be =
        error.kind() == ErrorKind::plugin_load || error.kind() == ErrorKind::crash;
    if (!settings_.sandbox.hide_home || !could_be || error.place()) return error;
    return Error(error.kind(), "",
                 std::string(error.what()) +
                     "; it may need files that --hide-home hides: name them with --allow-read, or "
                     "leave out --hide-home");
}

Error IsolatedProcess::with_last_words(const Error& error) {
    words_.listen();
    const auto words = words_.text();
    if (!fails_inside(error)) return error;
    std::string text = error.what();
    // A text that the compiler refused needs no more memory.
    if (settings_.max_memory && !error.place() &&
        (speaks_of_memory(text) || speaks_of_memory(words)))
        text +=
            "; --max-memory " + std::to_string(*settings_.max_memory) + " may be too little for it";
    if (!words.empty()) text += "; it printed: " + words;
    return Error(error.kind(), "", text, error.place());
}

}  // namespace patchpipe
