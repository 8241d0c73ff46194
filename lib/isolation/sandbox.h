// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process with a plug-in may not do: write to files and signal other programs (Landlock), or
// reach the network, other programs and the kernel otherwise than by the listed calls (seccomp). It
// may read what the user may read, unless the home is hidden from it.
//
// A Landlock domain can only be narrowed, and a plug-in is loaded before the jobs are known. So the
// tool opens the jobs' files itself and hands over descriptors (job_output.h, handed_files.h): the
// domain needs no folder of theirs at all. The other way, a domain for each job in its child, would
// leave the plug-in free while it is loaded, and cannot be had where one process renders job after
// job. Measured with jobs of 1 ms on a busy machine, being inside costs nothing measurable; asking
// for the file takes up to 0.1 ms of processor time.
#pragma once

#include <linux/filter.h>
#include <string>
#include <vector>

#include "base/descriptor.h"

namespace patchpipe {

enum class SandboxMode {
    automatic,  ///< a plug-in that does not open inside is opened outside
    on,
    off,
};

struct SandboxSettings {
    SandboxMode mode = SandboxMode::automatic;
    /// Folders besides the process's own temporary one, and files that exist already.
    std::vector<std::string> writable = {};
    bool network = false;
    /// Only what belongs to the system may be read and executed, what is writable, and these:
    bool hide_home = false;
    std::vector<std::string> readable = {};  ///< files, and folders with all that is in them
    std::vector<std::string> listed = {};    ///< folders of which only the names may be read
};

/// False if the kernel has no Landlock or no seccomp, or a container takes them away.
[[nodiscard]] bool sandbox_available();

/// In a child of a process in the sandbox: neither it nor what it starts can stop or signal its
/// parent, which ends them, any more (Linux 6.12).
void keep_signals_inside();

/// Leaves this process nothing but to calculate with what it has open (closed_filter()), for good:
/// it opens no file, reaches no network and starts no program. Call it in a process of one thread.
/// Returns false if that fails. Without effect where sandbox_available() is false for want of
/// seccomp.
[[nodiscard]] bool close_in();

/// True if a process in the sandbox may read that file by what these settings say, whatever links
/// lead there. Throws Error io if it cannot be examined.
[[nodiscard]] bool shows(const SandboxSettings& settings, const std::string& file);

class Sandbox {
 public:
    /// Its rules. temporary is a folder that is writable as well, unless it is empty. Throws Error
    /// io.
    Sandbox(const SandboxSettings& settings, const std::string& temporary);

    /// Confines this process, its children and what they execute, for good. Call it in a process
    /// of one thread; between fork() and exec() it is safe. Returns false if that fails.
    [[nodiscard]] bool enter() const;

 private:
    void show_what_is_needed(const SandboxSettings& settings);

    Descriptor rules_;
    std::vector<sock_filter> calls_;
};

}  // namespace patchpipe
