// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A process of our own that something untrusted runs in, seen from the tool that starts it:
// requests in; answers, or an error that explains the end, out. A crash or a hang in there ends
// only that process.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "isolation/board.h"
#include "isolation/channel.h"
#include "isolation/child.h"
#include "isolation/last_words.h"
#include "isolation/protocol.h"
#include "isolation/sandbox.h"
#include "isolation/temporary_folder.h"
#include "record/record.h"

namespace patchpipe {

/// The time that opening what a process is for may take, unless the user says otherwise.
inline constexpr std::chrono::seconds default_load_timeout{60};

struct IsolationSettings {
    std::string subject;  ///< what runs in there, for messages
    Answering answering = Answering::forked;
    bool output = false;  ///< show what it prints on standard error, as LastWords does
    SandboxSettings sandbox = {};
    std::optional<std::int64_t> max_memory = {};  ///< MiB that a process may take
    std::chrono::milliseconds load_timeout = default_load_timeout;
    /// Changes the environment variables of the new process, in which it is called.
    std::function<void()> set_environment = [] {};
    /// Called with the pidfd of the process before it is waited for: another thread may end it.
    std::function<void(int pidfd)> started = [](int) {};
};

/// What the tool opened for a request.
struct OpenedFile {
    int fd;                 ///< stays the tool's
    bool straight = false;  ///< as WholeFile::straight(), of an output
};
using OpenFile = std::function<OpenedFile()>;

/// A file that is sent along with a request.
struct SentFile {
    FileName name;
    int fd;  ///< at its beginning; stays the tool's
};

struct RequestFiles {
    OpenFile output = {};  ///< called if the handler wants to write; may be empty
    std::vector<SentFile> inputs = {};
};

/// Isolated processes are started through /proc, and need some descriptors. Throws UsageError where
/// /proc is not mounted or the limit of open files is too low.
void require_system();

class IsolatedProcess {
 public:
    /// Starts it, with address randomisation off, so that plug-ins that seed from addresses repeat.
    /// Waits until its handler (handler.h) has opened what the setup names. Throws Error with the
    /// reason if it cannot be opened, crash or timeout. With SandboxMode::automatic, what crashes
    /// or fails when it is opened in the sandbox is opened without it.
    IsolatedProcess(const IsolationSettings& settings, const Record& setup);
    ~IsolatedProcess();  ///< ends the process, and what was started in it
    IsolatedProcess(const IsolatedProcess&) = delete;
    IsolatedProcess& operator=(const IsolatedProcess&) = delete;

    /// What Handler::open() returned.
    [[nodiscard]] const Record& opened() const { return opened_; }

    /// The answer to a request, which may be an error record. Its fields are what the process
    /// wrote, in which untrusted code runs: take over only those that are known. What
    /// the functions of files throw is thrown in the handler.
    /// Throws Error crash or timeout if the process ended over the request; it is of no use then.
    /// What it printed before it died, hung or could not be opened is in the error, unless it was
    /// let through.
    [[nodiscard]] Record ask(std::string_view verb, const Record& request,
                             std::chrono::milliseconds timeout, const RequestFiles& files = {});

    /// Ends it while another thread asks.
    void kill() const { process_->kill(); }

    [[nodiscard]] bool ended() const { return ended_; }

    /// Call it between requests: puts back the folder for temporary files. Returns false if the
    /// process has ended, or is ended here because the next request would find what an earlier one
    /// left: a message, a child that does not end, or a change to a file that was there before. A
    /// process that answers itself keeps its files.
    [[nodiscard]] bool ready();

    /// True if the child that answered last is put back after each answer.
    [[nodiscard]] bool rewinds() const { return board_->rewinds; }

    /// Why its children could carry something from one request to the next that nobody sees, in
    /// words that follow the subject. Nothing if they could not, or if it answers itself.
    [[nodiscard]] std::optional<std::string> unforkable() const {
        return opened_.text(unforkable_field);
    }

    /// False if what runs in there may do what the user may.
    [[nodiscard]] bool sandboxed() const { return sandboxed_; }

 private:
    void start(const Record& setup);
    [[nodiscard]] Record exchange(std::string_view message, std::chrono::milliseconds timeout,
                                  std::chrono::milliseconds grace, const RequestFiles& files);
    [[nodiscard]] Transfer take_socket();
    [[nodiscard]] Transfer send_request(std::string_view message, const RequestFiles& files,
                                        Deadline deadline);
    [[nodiscard]] Transfer send_output(const OpenFile& open_file, Deadline deadline);
    [[nodiscard]] Transfer receive_answer(std::string& answer, Deadline deadline);
    [[noreturn]] void end(bool hung, std::chrono::milliseconds timeout);
    [[nodiscard]] Peer peer() {
        const auto& socket = socket_.get() < 0 ? control_ : socket_;
        return {socket.get(), process_->pidfd(), &words_};
    }
    [[nodiscard]] Error with_hidden_files(const Error& error) const;
    [[nodiscard]] Error with_last_words(const Error& error);

    IsolationSettings settings_;
    SharedBoard board_;
    LastWords words_;
    Descriptor control_;  // to the process itself; descriptors of sockets come from there
    Descriptor socket_;   // for requests, if children answer them
    bool forks_ = false;  // each child has a socket of its own
    bool used_ = false;   // the socket was a child's
    std::optional<TemporaryFolder> temporary_;  // goes after the process
    std::optional<Child> process_;
    Record opened_{"{}"};
    std::uint64_t number_ = 0;  // of the request that it is at
    bool sandboxed_, ended_ = false;
};

}  // namespace patchpipe
