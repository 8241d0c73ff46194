// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/server.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/inner_pipes.h"
#include "base/json.h"
#include "isolation/board.h"
#include "isolation/channel.h"
#include "isolation/child.h"
#include "isolation/orphans.h"
#include "isolation/page_tracker.h"
#include "isolation/protocol.h"
#include "isolation/rewind.h"
#include "isolation/sandbox.h"
#include "isolation/shared_files.h"

namespace patchpipe {
namespace {

// Between looks at a child that has more than one request to answer.
constexpr std::chrono::milliseconds shortest_look{10}, longest_look{1000};

class Server : public Asker {
 public:
    Server(const InheritedDescriptors& fds, std::vector<int> inherited, Handler& handler)
        : control_(fds.socket),
          socket_(fds.socket),
          inherited_(std::move(inherited)),
          board_(fds.board),
          handler_(handler) {}

    void serve() {
        if (!open(Record(receive()))) return;
        while (request_waits()) {
            if (answering_ == Answering::itself)
                answer();
            else
                answer_in_child();
        }
    }

    void note(std::string_view doing) override { board_->note(doing); }

    OutputFile open_output() override {
        board_->progress = Progress::replying;
        send(output_word);
        const Record answer(receive());
        OutputFile file{.straight = answer.flag("straight").value_or(false)};
        if (!answer.is_error()) file.fd = receive_file();
        board_->progress = Progress::taken;
        if (answer.is_error()) throw error_of(answer);
        return file;
    }

    InputFile take_input(std::string_view role) override {
        const auto found = std::find_if(inputs_.begin(), inputs_.end(), [&](const auto& input) {
            return input.first.role == role && input.second.get() >= 0;
        });
        if (found == inputs_.end())
            throw Error(ErrorKind::io, handler_.name(),
                        "was to read a file that did not come: " + std::string(role));
        return {std::move(found->second), found->first.format};
    }

    RealClock::time_point deadline() const override {
        return RealClock::time_point{RealClock::duration(board_->deadline)};
    }

 private:
    // False if the handler cannot open what the setup names; the other end has been told why.
    bool open(const Record& setup) {
        answering_ = static_cast<Answering>(setup.integer("answering").value_or(0));
        sandboxed_ = setup.flag("sandboxed").value_or(false);
        start_deadline();
        auto ready = reply([&] { return handler_.open(setup, *this); });
        const bool opened = !ready.is_error();
        const bool by_children = opened && answering_ != Answering::itself;
        if (opened) orphans_.keep_children();
        if (by_children) shared_.take(own_descriptors(), board_.memory());
        if (const auto* why = by_children ? why_unforkable() : nullptr)
            ready.set(unforkable_field, why);
        send(ready.line());
        if (by_children) offer_socket();
        return opened;
    }

    [[nodiscard]] const char* why_unforkable() const {
        return orphans_.keeps_any() ? "keeps a process that it started while it was loaded"
                                    : shared_.unseen();
    }

    // A new pair for the requests that follow, since what an earlier child has started may still
    // have the old one. The socket to the tool is closed in children. The number of this end is
    // always the same, and high, as a plug-in may look at the numbers of its own files.
    void offer_socket() {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) _exit(1);
        const Descriptor tools(pair[1]);
        if (socket_ == control_)
            socket_ = moved_up(pair[0]);
        else if (dup3(pair[0], socket_, O_CLOEXEC) < 0 || close(pair[0]) != 0)
            _exit(1);
        if (socket_ < 0 ||
            send_descriptor({.socket = control_}, tools.get(), never) != Transfer::done)
            _exit(1);
    }

    void start_deadline() {
        const auto deadline = RealClock::now() + std::chrono::milliseconds(board_->timeout_ms);
        board_->deadline = deadline.time_since_epoch().count();
    }

    // Only looks: the request is read where it is answered, so that the memory of the parent, and
    // with it that of every child, never depends on the requests before.
    bool request_waits() const {
        char byte;
        return recv(socket_, &byte, 1, MSG_PEEK) == 1;
    }

    void answer() {
        const auto request = receive_request();
        board_->progress = Progress::taken;
        start_deadline();
        auto answer = reply([&] { return handler_.answer(request.verb, request.fields, *this); });
        inputs_.clear();
        // A request that failed halfway leaves more behind than one that did not.
        if (answering_ == Answering::itself) {
            auto cleaned = reply([&] {
                handler_.clean_up();
                return Record("{}");
            });
            if (cleaned.is_error() && !answer.is_error()) answer = std::move(cleaned);
        }
        board_->progress = Progress::replying;
        send(answer.line());
        ++board_->answers;
        board_->deadline = never.time_since_epoch().count();
        board_->progress = Progress::replied;
    }

    template <typename Make>
    Record reply(Make make) {
        try {
            return make();
        } catch (const Error& error) {
            return error_record(error);
        } catch (const std::exception& error) {
            return error_record(Error(
                ErrorKind::crash, handler_.name(),
                "threw an exception while " + board_->doing() + ": " + std::string(error.what())));
        }
    }

    void answer_in_child() {
        const bool rewinds = answering_ == Answering::rewound;
        answer_in_one_child();
        if (rewinds && board_->rewinds) return;
        answering_ = Answering::forked;
        offer_socket();
    }

    void answer_in_one_child() {
        board_->progress = Progress::untaken;
        board_->answers = 0;
        board_->rewinds = false;
        start_deadline();
        const auto parent = getpid();
        const auto pid = fork();
        if (pid == 0) {
            die_with_parent(parent);
            close(control_);
            if (sandboxed_) keep_signals_inside();
            renew_inner_pipes();
            handler_.begin_child();
            if (answering_ == Answering::rewound) answer_and_rewind();
            answer();
            _exit(0);
        }
        if (pid < 0) return refuse(Error(ErrorKind::io, "fork", system_message(errno)));
        Child child(pid);
        const bool hung = outlives_its_time(child);
        if (hung) child.kill();
        const auto how = child.end();
        orphans_.end();
        const bool replied = board_->progress == Progress::replied;
        // What no later child may find can only be had by loading anew.
        if (replied && shared_.changed()) _exit(1);
        if (replied) return note_early_end();
        // Nobody can tell what a killed child has left in the socket. The other end sees this
        // process end, and starts a new one.
        if (board_->progress != Progress::taken) _exit(1);
        const std::chrono::milliseconds timeout(board_->timeout_ms);
        send(error_record(death_of(handler_.name(), board_->doing(), hung, timeout, how)).line());
    }

    // A child that is put back once or twice and then cannot be is only a slower fork. The first
    // one may have had bad luck. A request may be on its way through the old socket, which serves
    // one more child.
    void note_early_end() {
        constexpr int fewest_answers = 4;
        board_->all_answers += board_->answers;
        ++board_->ended_early;
        if ((board_->ended_early - 1) * fewest_answers > board_->all_answers)
            answering_ = Answering::forked;
    }

    // Answers requests as a child that is forked for each would. Returns if that cannot be done.
    void answer_and_rewind() {
        const auto own = own_descriptors();
        const Range memory[] = {board_.memory()};
        SharedFiles shared;
        shared.take(own, board_.memory());
        auto* rewind = Rewind::make({own, inherited_, memory});
        if (!rewind || !rewind->mark()) return;
        board_->rewinds = true;
        if (!request_waits()) _exit(0);
        board_->progress = Progress::untaken;
        answer();
        if (shared.changed_for_good()) rewind->end("changed what its parent has too");
        rewind->put_back(handler_.protection_was_changed());
    }

    // Waits for its end, and returns false, or true if it is at one request for too long. A child
    // that is put back does not say when it begins the next, so this looks now and then. A child
    // that is busy does not see that the tool is gone, of which the kernel may have told nobody: a
    // signal for a parent's death does not survive a program that gains capabilities by starting
    // (prctl(2)).
    bool outlives_its_time(const Child& child) const {
        const auto most =
            std::clamp(std::chrono::milliseconds(board_->timeout_ms), shortest_look, longest_look);
        for (;;) {
            const auto now = RealClock::now();
            if (now >= deadline()) return true;
            const auto look = std::min(deadline(), now + most);
            constexpr short only_its_end = 0;
            const auto wait =
                wait_for({.socket = control_, .pidfd = child.pidfd()}, only_its_end, look);
            if (wait == Wait::died) return false;
            if (wait == Wait::timed_out) continue;
            child.kill();
            _exit(1);
        }
    }

    [[nodiscard]] std::array<int, 2> own_descriptors() const { return {socket_, board_.fd()}; }

    void refuse(const Error& error) {
        (void)receive_request();
        inputs_.clear();
        send(error_record(error).line());
    }

    // With the files that follow it. The tool sends nothing else.
    Request receive_request() try {
        auto request = parse_request(receive());
        for (const auto& file : request.files) inputs_.emplace_back(file, receive_file());
        return request;
    } catch (const Error&) {
        _exit(1);
    }

    Descriptor receive_file() const {
        Descriptor file;
        if (receive_descriptor({.socket = socket_}, file, never) != Transfer::done) _exit(1);
        return file;
    }

    // The tool watches this process: it ends what takes too long, and sees it end.
    std::string receive() const {
        std::string message;
        if (receive_message({.socket = socket_}, message, never) != Transfer::done) _exit(1);
        const auto number = split_number(message);
        if (!number) _exit(1);
        board_->number = *number;
        return message;
    }

    // Its number is on the board, since a child may have taken the request.
    void send(std::string_view message) const {
        const auto numbered = with_number(board_->number, message);
        if (send_message({.socket = socket_}, numbered, never) != Transfer::done) _exit(1);
    }

    int control_;                 // to the tool, from the start
    int socket_;                  // for requests; the same, unless children answer
    std::vector<int> inherited_;  // what was open when the process started
    SharedBoard board_;
    Orphans orphans_;
    Handler& handler_;
    SharedFiles shared_;
    std::vector<std::pair<FileName, Descriptor>> inputs_;  // of the request, until they are taken
    bool sandboxed_ = false;
    Answering answering_ = Answering::itself;
};

std::vector<int> open_descriptors() {
    std::vector<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        found.push_back(std::stoi(entry.path().filename()));
    // The list has its own descriptor too.
    std::erase_if(found, [](int fd) { return fcntl(fd, F_GETFD) < 0; });
    return found;
}

}  // namespace

void serve_if_isolated(int argc, char** argv,
                       const std::function<std::unique_ptr<Handler>()>& make_handler) {
    const auto fds = inherited_descriptors(argc, argv);
    if (!fds) return;
    auto inherited = open_descriptors();
    // Starting this program may have undone it. If the tool is gone, the socket is closed.
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Never destroyed: many plug-ins crash in their teardown.
    auto* handler = make_handler().release();
    // Processes that the handler starts must not keep the user's pipes open.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGCHLD, SIG_DFL);
    // Line by line, so that whole lines are not lost when the process dies.
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    Server(*fds, std::move(inherited), *handler).serve();
    _exit(0);
}

}  // namespace patchpipe
