// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/server.h"

#include <sys/socket.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>

#include "base/error.h"
#include "base/json.h"
#include "isolation/board.h"
#include "isolation/channel.h"
#include "isolation/child.h"
#include "isolation/orphans.h"
#include "isolation/protocol.h"

namespace patchpipe {
namespace {

class Server : public Asker {
 public:
    Server(const InheritedDescriptors& fds, Handler& handler)
        : fds_(fds), board_(fds.board), handler_(handler) {}

    void serve() {
        if (!open(Record(receive()))) return;
        while (request_waits()) {
            if (snapshot_)
                answer_in_child();
            else
                answer();
        }
    }

    void note(std::string_view doing) override { board_->note(doing); }

    OutputFile open_output() override {
        board_->progress = Progress::replying;
        send(open_word);
        const Record answer(receive());
        OutputFile file{.straight = answer.flag("straight").value_or(false)};
        if (!answer.is_error() &&
            receive_descriptor({.socket = fds_.socket}, file.fd) != Transfer::done)
            _exit(1);
        board_->progress = Progress::taken;
        if (answer.is_error()) throw error_of(answer);
        return file;
    }

    RealClock::time_point deadline() const override { return deadline_; }

 private:
    // False if the handler cannot open what the setup names; the other end has been told why.
    bool open(const Record& setup) {
        snapshot_ = setup.flag("snapshot").value_or(false);
        start_deadline();
        auto ready = reply([&] { return handler_.open(setup, *this); });
        const bool opened = !ready.is_error();
        if (opened) orphans_.keep_children();
        send(ready.line());
        return opened;
    }

    void start_deadline() {
        deadline_ = RealClock::now() + std::chrono::milliseconds(board_->timeout_ms);
    }

    // Only looks: the request is read where it is answered, so that the memory of the parent, and
    // with it that of every child, never depends on the requests before.
    bool request_waits() const {
        char byte;
        return recv(fds_.socket, &byte, 1, MSG_PEEK) == 1;
    }

    void answer() {
        const auto message = receive();
        board_->progress = Progress::taken;
        start_deadline();
        auto answer = reply([&] { return answer_to(message); });
        // A request that failed halfway leaves more behind than one that did not.
        if (!snapshot_) {
            auto cleaned = reply([&] {
                handler_.clean_up();
                return Record("{}");
            });
            if (cleaned.is_error() && !answer.is_error()) answer = std::move(cleaned);
        }
        board_->progress = Progress::replying;
        send(answer.line());
        board_->progress = Progress::replied;
    }

    Record answer_to(std::string_view message) {
        const auto request = parse_request(message);
        return handler_.answer(request.verb, request.fields, *this);
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
        board_->progress = Progress::untaken;
        const auto parent = getpid();
        const auto pid = fork();
        if (pid == 0) {
            die_with_parent(parent);
            handler_.begin_child();
            answer();
            _exit(0);
        }
        if (pid < 0) return refuse(Error(ErrorKind::io, "fork", system_message(errno)));
        Child child(pid);
        const std::chrono::milliseconds timeout(board_->timeout_ms);
        const bool hung = wait_for({.socket = -1, .pidfd = child.pidfd()}, POLLIN,
                                   RealClock::now() + timeout) == Wait::timed_out;
        if (hung) child.kill();
        const auto how = child.end();
        orphans_.end();
        if (board_->progress == Progress::replied) return;
        // Nobody can tell what a killed child has left in the socket. The other end sees this
        // process end, and starts a new one.
        if (board_->progress != Progress::taken) _exit(1);
        send(error_record(death_of(handler_.name(), board_->doing(), hung, timeout, how)).line());
    }

    void refuse(const Error& error) {
        (void)receive();
        send(error_record(error).line());
    }

    // The tool watches this process: it ends what takes too long, and sees it end.
    std::string receive() const {
        std::string message;
        if (receive_message({.socket = fds_.socket}, message, never) != Transfer::done) _exit(1);
        return message;
    }

    void send(std::string_view message) const {
        if (send_message({.socket = fds_.socket}, message, never) != Transfer::done) _exit(1);
    }

    InheritedDescriptors fds_;
    SharedBoard board_;
    Orphans orphans_;
    Handler& handler_;
    bool snapshot_ = false;
    RealClock::time_point deadline_;
};

}  // namespace

void serve_if_isolated(int argc, char** argv,
                       const std::function<std::unique_ptr<Handler>()>& make_handler) {
    const auto fds = inherited_descriptors(argc, argv);
    if (!fds) return;
    // Never destroyed: many plug-ins crash in their teardown.
    auto* handler = make_handler().release();
    // Processes that the handler starts must not keep the user's pipes open.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGCHLD, SIG_DFL);
    // Line by line, so that whole lines are not lost when the process dies.
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    Server(*fds, *handler).serve();
    _exit(0);
}

}  // namespace patchpipe
