// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/tool.h"

#include <fcntl.h>
#include <unistd.h>
#include <csignal>
#include <string>

#include "base/words.h"
#include "cli/options.h"
#include "record/stream.h"

namespace patchpipe {
namespace {

std::string tool_name = "patchpipe";

// One write, so that lines of several processes do not mix. A failure to write is ignored: there is
// nowhere to report it.
void say(const std::string& text) try {
    write_all(STDERR_FILENO, tool_name + ": " + text + "\n", "standard error");
} catch (const ReaderGone&) {
} catch (const WriteFailed&) {
}

ExitStatus fail(ExitStatus status, std::string_view message) {
    warn(message);
    return status;
}

ExitStatus fail_usage(std::string_view message) {
    say(printable(message) + "\n  try: " + tool_name + " --help");
    return ExitStatus::usage;
}

ExitStatus status_of(const Error& error) {
    switch (error.kind()) {
        case ErrorKind::not_found:
            return ExitStatus::usage;
        case ErrorKind::io:
            return ExitStatus::cannot_go_on;
        default:
            return ExitStatus::some_failed;
    }
}

ExitStatus guarded(const std::function<ExitStatus()>& body) {
    try {
        return body();
    } catch (const JustPrint& print) {
        write_all(STDOUT_FILENO, print.text, "standard output");
        return ExitStatus::ok;
    } catch (const UsageError& error) {
        return fail_usage(error.what());
    } catch (const Error& error) {
        return fail(status_of(error), error.what());
    }
}

// Keeps a standard stream that was closed from the start unusable. Otherwise the next file opened
// would get its number, and output or messages would be written into that file.
void occupy_closed_streams() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0)
            (void)!::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace

void warn(std::string_view message) { say(printable(message)); }

int run_tool(std::string_view name, const std::function<ExitStatus()>& body) {
    tool_name = name;
    // Writes then fail with a reason instead of ending the process. Programs that we exec inherit
    // this.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    // May be inherited as ignored, and then nobody learns how a child ended.
    std::signal(SIGCHLD, SIG_DFL);
    occupy_closed_streams();
    auto status = ExitStatus::ok;
    try {
        status = guarded(body);
    } catch (const ReaderGone&) {
    } catch (const WriteFailed& error) {
        status = fail(ExitStatus::cannot_go_on, error.what());
    } catch (const std::exception& error) {
        status = fail(ExitStatus::cannot_go_on, std::string("internal error: ") + error.what());
    }
    return static_cast<int>(status);
}

}  // namespace patchpipe
