// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/host_server.h"

#include <sys/socket.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/json.h"
#include "isolation/child.h"
#include "isolation/host_protocol.h"
#include "isolation/orphans.h"
#include "job/describe.h"
#include "job/job_runner.h"
#include "juce/juce_runtime.h"
#include "render/score.h"
#include "shown/clock.h"
#include "shown/memory.h"
#include "shown/threads.h"

namespace patchpipe {
namespace {

std::string error_fields(const Error& error) {
    Record fields("{}");
    fields.set_error(error);
    return fields.line();
}

class HostServer {
 public:
    HostServer(const HostDescriptors& fds) : fds_(fds), board_(fds.board) {}

    void serve() {
        if (!open(Record(receive()))) return;
        while (job_waits()) {
            if (snapshot_)
                answer_in_child();
            else
                answer();
        }
    }

 private:
    // False if the plug-in cannot be opened; the other end has been told why.
    bool open(const Record& setup) {
        board_->phase = Phase::opening;
        limit_waits();
        settings_ = {static_cast<int>(*setup.integer("sample_rate")),
                     static_cast<int>(*setup.integer("block_size"))};
        snapshot_ = *setup.flag("snapshot");
        if (!setup.flag("real_clock").value_or(false)) show_host_clock();
        try {
            start_juce();
            instrument_ = open_instrument(find_plugin(*setup.text("plugin_path")),
                                          settings_.sample_rate, settings_.block_size);
            state_.emplace(*instrument_);
        } catch (const Error& error) {
            send(error_fields(error));
            return false;
        }
        board_->phase = Phase::idle;
        orphans_.keep_children();
        Record ready("{\"status\":\"ok\"}");
        ready.set("has_threads", json_flag(has_plugin_threads()));
        send(ready.line());
        return true;
    }

    // What is over must leave time for the rest of the load or the job.
    void limit_waits() {
        set_last_wait(RealClock::now() + std::chrono::milliseconds(board_->timeout_ms * 9 / 10));
    }

    // Only looks: the job is read where it is rendered, so that the memory of the parent, and with
    // it that of every child, never depends on the jobs before.
    bool job_waits() const {
        char byte;
        return recv(fds_.socket, &byte, 1, MSG_PEEK) == 1;
    }

    void answer() {
        const auto message = receive();
        board_->phase = Phase::loading_preset;
        limit_waits();
        start_host_clock();
        const auto reply = run(message);
        board_->reply = Reply::sending;
        send(reply);
        board_->reply = Reply::sent;
        board_->phase = Phase::idle;
    }

    std::string run(const std::string& message) {
        try {
            auto fields = run_message(message);
            if (!snapshot_) silence();
            return fields;
        } catch (const Error& error) {
            return error_fields(error);
        } catch (const std::exception& error) {
            return error_fields(Error(ErrorKind::crash, instrument_->info().name,
                                      "threw an exception while " +
                                          std::string(to_string(board_->phase)) + ": " +
                                          error.what()));
        }
    }

    std::string run_message(std::string_view message) {
        if (message.starts_with(probe_word)) {
            message.remove_prefix(probe_word.size());
            return run_probe(*instrument_, *state_, settings_, board_, Record(message));
        }
        if (message.starts_with(load_word)) {
            message.remove_prefix(load_word.size());
            return run_load(*instrument_, *state_, read_render_job(Record(message)));
        }
        if (message.starts_with(describe_word)) {
            message.remove_prefix(describe_word.size());
            board_->phase = Phase::describing;
            return describe(*instrument_, Record(message));
        }
        return run_job(*instrument_, *state_, read_render_job(Record(message)), board_,
                       [this] { return open_output(); });
    }

    OutputFile open_output() {
        board_->reply = Reply::sending;
        send(open_word);
        const Record answer(receive());
        OutputFile file{.straight = answer.flag("straight").value_or(false)};
        if (!answer.is_error() &&
            receive_descriptor({.socket = fds_.socket}, file.fd) != Transfer::done)
            _exit(1);
        board_->reply = Reply::none;
        if (answer.is_error()) throw error_of(answer);
        return file;
    }

    // What still sounds must not reach the next job.
    void silence() {
        render(*instrument_, silencing_score(), settings_, [](std::span<const float>) {});
        instrument_->settle();
    }

    void answer_in_child() {
        board_->reply = Reply::none;
        const auto parent = getpid();
        const auto pid = fork();
        if (pid == 0) {
            die_with_parent(parent);
            own_message_queue();
            forget_plugin_threads();
            answer();
            _exit(0);
        }
        if (pid < 0) return refuse_job(Error(ErrorKind::io, "fork", system_message(errno)));
        Child child(pid);
        const std::chrono::milliseconds timeout(board_->timeout_ms);
        const bool hung = wait_for({.socket = -1, .pidfd = child.pidfd()}, POLLIN,
                                   RealClock::now() + timeout) == Wait::timed_out;
        if (hung) child.kill();
        const auto how = child.end();
        orphans_.end();
        if (board_->reply != Reply::sent) {
            if (socket_is_unclear()) _exit(1);  // the other end sees it, and starts anew
            const auto death =
                death_of(instrument_->info().name, board_->phase, hung, timeout, how);
            send(error_fields(death));
        }
        board_->phase = Phase::idle;
    }

    // A child that was killed while it took its job or gave its reply leaves a part in the socket,
    // and nobody can tell which.
    bool socket_is_unclear() const {
        return board_->phase == Phase::idle || board_->reply == Reply::sending;
    }

    void refuse_job(const Error& error) {
        (void)receive();
        send(error_fields(error));
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

    HostDescriptors fds_;
    SharedBoard board_;
    Orphans orphans_;
    BlockSettings settings_{};
    bool snapshot_ = false;
    std::unique_ptr<Instrument> instrument_;
    std::optional<StateWatch> state_;
};

}  // namespace

void serve_if_host(int argc, char** argv) {
    const auto fds = host_descriptors(argc, argv);
    if (!fds) return;
    zero_new_memory();
    // Whatever a plug-in starts would else keep the user's pipes open.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    std::signal(SIGPIPE, SIG_IGN);
    // What the plug-in prints leaves before the plug-in can die.
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    HostServer(*fds).serve();
    // Without destructors: many plug-ins crash in their teardown.
    _exit(0);
}

}  // namespace patchpipe
