// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/sandbox.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "file/absolute.h"
#include "file/real_target.h"
#include "isolation/system_calls.h"

namespace patchpipe {
namespace {

// Rights of newer kernels, which the headers of Debian 12 lack.
struct Ruleset {
    std::uint64_t files, network, scopes;
};
constexpr std::uint64_t truncate_right = 1 << 14;
constexpr std::uint64_t scope_abstract_sockets = 1 << 0, scope_signals = 1 << 1;
constexpr int first_with_refer = 2, first_with_truncate = 3, first_with_network = 4,
              first_with_scopes = 6;

constexpr std::uint64_t rights_to_write =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM;
constexpr std::uint64_t rights_to_make_devices =
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;
constexpr std::uint64_t rights_to_read =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t rights_of_files = LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_right |
                                          LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;

// Devices that drop what is written to them.
constexpr const char* harmless_devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random",
                                            "/dev/urandom"};

// What every program may need: libraries, data, fonts, settings for all users. Those that a system
// does not have are left out.
constexpr const char* system_folders[] = {
    "/usr", "/bin", "/sbin", "/lib", "/lib32",     "/lib64",     "/libx32",
    "/etc", "/opt", "/proc", "/sys", "/nix/store", "/gnu/store", "/var/cache/fontconfig"};

// Names are looked up with files that it writes.
constexpr const char* resolver_folder = "/run/systemd/resolve";

// The version of Landlock, or less than 1 where the kernel has no Landlock.
int landlock_version() {
    return static_cast<int>(
        syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
}

std::uint64_t handled_rights(int version, bool hide_home) {
    return rights_to_write | (hide_home ? rights_to_read : 0) |
           (version >= first_with_refer ? LANDLOCK_ACCESS_FS_REFER : 0) |
           (version >= first_with_truncate ? truncate_right : 0);
}

Descriptor make_ruleset(int version, std::uint64_t handled, bool network) {
    const Ruleset rules{.files = handled,
                        .network = 0,
                        .scopes = scope_signals | (network ? 0 : scope_abstract_sockets)};
    const std::size_t size = version >= first_with_scopes    ? sizeof rules
                             : version >= first_with_network ? offsetof(Ruleset, scopes)
                                                             : offsetof(Ruleset, network);
    return Descriptor(static_cast<int>(syscall(SYS_landlock_create_ruleset, &rules, size, 0)));
}

// Of a file, those rights that a file has. Returns false if there is nothing of that name, or it
// cannot be allowed.
bool allow(const Descriptor& ruleset, const std::string& path, std::uint64_t rights) {
    const Descriptor beneath(open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat info {};
    if (beneath.get() < 0 || fstat(beneath.get(), &info) != 0) return false;
    if (!S_ISDIR(info.st_mode)) rights &= rights_of_files;
    const landlock_path_beneath_attr rule{.allowed_access = rights, .parent_fd = beneath.get()};
    return syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

// Without the flag, older kernels make the whole process slower against attacks by timing.
bool limit_system_calls(const std::vector<sock_filter>& filter) {
    const sock_fprog program{.len = static_cast<unsigned short>(filter.size()),
                             .filter = const_cast<sock_filter*>(filter.data())};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                   &program) == 0;
}

// The kernel looks at the address only if it knows filters.
bool has_filters() {
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, nullptr) < 0 && errno == EFAULT;
}

}  // namespace

bool shows(const SandboxSettings& settings, const std::string& file) {
    if (!settings.hide_home) return true;
    const auto target = real_target(file);
    const auto has_it = [&](const std::string& path) {
        const auto real = real_target(path);
        return target == real || !within(target, real).empty();
    };
    return std::any_of(std::begin(system_folders), std::end(system_folders), has_it) ||
           std::any_of(settings.readable.begin(), settings.readable.end(), has_it) ||
           std::any_of(settings.writable.begin(), settings.writable.end(), has_it);
}

bool sandbox_available() {
    static const bool available =
        !system_call_filter(false).empty() && landlock_version() >= 1 && has_filters();
    return available;
}

Sandbox::Sandbox(const SandboxSettings& settings, const std::string& temporary)
    : calls_(system_call_filter(settings.network)) {
    const int version = landlock_version();
    const auto handled = handled_rights(version, settings.hide_home);
    rules_ = make_ruleset(version, handled, settings.network);
    if (rules_.get() < 0) throw Error(ErrorKind::io, "sandbox", system_message(errno));
    if (settings.hide_home) show_what_is_needed(settings);
    for (const auto* device : harmless_devices)
        (void)allow(rules_, device, handled & rights_of_files);
    auto folders = settings.writable;
    if (!temporary.empty()) folders.push_back(temporary);
    for (const auto& folder : folders)
        if (!allow(rules_, folder, handled & ~rights_to_make_devices))
            throw Error(ErrorKind::io, folder, "cannot be made writable in the sandbox");
}

// What is missing is left out: it may be gone before it is wanted.
void Sandbox::show_what_is_needed(const SandboxSettings& settings) {
    for (const auto* folder : system_folders) (void)allow(rules_, folder, rights_to_read);
    if (settings.network) (void)allow(rules_, resolver_folder, rights_to_read);
    (void)allow(rules_, "/proc/self/exe", rights_to_read);
    for (const auto& path : settings.readable) (void)allow(rules_, path, rights_to_read);
    for (const auto& folder : settings.listed)
        (void)allow(rules_, folder, LANDLOCK_ACCESS_FS_READ_DIR);
}

void keep_signals_inside() {
    if (landlock_version() < first_with_scopes) return;
    const Ruleset rules{.files = 0, .network = 0, .scopes = scope_signals};
    const Descriptor ruleset(
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0)));
    (void)syscall(SYS_landlock_restrict_self, ruleset.get(), 0);
}

bool Sandbox::enter() const {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_landlock_restrict_self, rules_.get(), 0) == 0 && limit_system_calls(calls_);
}

bool close_in() {
    const auto filter = closed_filter(getpid());
    if (filter.empty() || !has_filters()) return true;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit_system_calls(filter);
}

}  // namespace patchpipe
