// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "isolation/system_calls.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <utility>

namespace patchpipe {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_processor = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_processor = AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::uint32_t own_processor = AUDIT_ARCH_RISCV64;
#else
constexpr std::uint32_t own_processor = 0;
#endif

using Number = std::uint32_t;

// Calls that newer processors never had.
constexpr Number old_calls[] = {
#ifdef SYS_open
    SYS_open,       SYS_creat,   SYS_stat,     SYS_lstat,    SYS_access, SYS_pipe,
    SYS_dup2,       SYS_fork,    SYS_vfork,    SYS_poll,     SYS_select, SYS_epoll_create,
    SYS_epoll_wait, SYS_eventfd, SYS_signalfd, SYS_unlink,   SYS_rename, SYS_mkdir,
    SYS_rmdir,      SYS_link,    SYS_symlink,  SYS_readlink, SYS_mknod,  SYS_getdents,
    SYS_alarm,      SYS_pause,   SYS_time,     SYS_getpgrp,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
    SYS_getrlimit};

// Which files a process may change is Landlock's to say.
constexpr Number calls_for_files[] = {
    SYS_read,        SYS_write,      SYS_openat,     SYS_openat2,         SYS_close,
    SYS_close_range, SYS_lseek,      SYS_pread64,    SYS_pwrite64,        SYS_readv,
    SYS_writev,      SYS_preadv,     SYS_pwritev,    SYS_preadv2,         SYS_pwritev2,
    SYS_sendfile,    SYS_splice,     SYS_tee,        SYS_copy_file_range, SYS_fstat,
    SYS_statx,       SYS_newfstatat, SYS_statfs,     SYS_fstatfs,         SYS_faccessat,
    SYS_faccessat2,  SYS_readlinkat, SYS_getdents64, SYS_getcwd,          SYS_chdir,
    SYS_fchdir,      SYS_mkdirat,    SYS_unlinkat,   SYS_renameat2,       SYS_linkat,
    SYS_symlinkat,   SYS_mknodat,    SYS_truncate,   SYS_ftruncate,       SYS_fallocate,
    SYS_fsync,       SYS_fdatasync,  SYS_fadvise64,  SYS_readahead,       SYS_dup,
    SYS_dup3,        SYS_pipe2,      SYS_umask,      SYS_fgetxattr,       SYS_flistxattr,
    SYS_memfd_create};

constexpr Number calls_for_waiting[] = {
    SYS_ppoll,          SYS_pselect6,         SYS_epoll_create1,   SYS_epoll_ctl,
    SYS_epoll_pwait,    SYS_epoll_pwait2,     SYS_eventfd2,        SYS_signalfd4,
    SYS_timerfd_create, SYS_timerfd_settime,  SYS_timerfd_gettime, SYS_clock_gettime,
    SYS_clock_getres,   SYS_clock_nanosleep,  SYS_nanosleep,       SYS_gettimeofday,
    SYS_getitimer,      SYS_setitimer,        SYS_timer_create,    SYS_timer_settime,
    SYS_timer_gettime,  SYS_timer_getoverrun, SYS_timer_delete,    SYS_futex,
    SYS_futex_waitv,    SYS_set_robust_list,  SYS_get_robust_list, SYS_sched_yield,
    SYS_restart_syscall};

// What another process has in it can be read only by processes in the same sandbox (Landlock).
constexpr Number calls_for_memory[] = {
    SYS_mmap,       SYS_munmap, SYS_mremap,      SYS_mprotect,        SYS_brk,      SYS_msync,
    SYS_mincore,    SYS_mlock,  SYS_mlock2,      SYS_munlock,         SYS_mlockall, SYS_munlockall,
    SYS_membarrier, SYS_rseq,   SYS_userfaultfd, SYS_process_vm_readv};

// Signals to others are Landlock's to refuse.
constexpr Number calls_for_processes[] = {SYS_execve,
                                          SYS_execveat,
                                          SYS_exit,
                                          SYS_exit_group,
                                          SYS_wait4,
                                          SYS_waitid,
                                          SYS_getpid,
                                          SYS_getppid,
                                          SYS_gettid,
                                          SYS_getpgid,
                                          SYS_getsid,
                                          SYS_setpgid,
                                          SYS_setsid,
                                          SYS_kill,
                                          SYS_tkill,
                                          SYS_tgkill,
                                          SYS_rt_sigaction,
                                          SYS_rt_sigprocmask,
                                          SYS_rt_sigreturn,
                                          SYS_rt_sigpending,
                                          SYS_rt_sigsuspend,
                                          SYS_rt_sigtimedwait,
                                          SYS_rt_sigqueueinfo,
                                          SYS_rt_tgsigqueueinfo,
                                          SYS_sigaltstack,
                                          SYS_pidfd_open,
                                          SYS_pidfd_send_signal,
                                          SYS_kcmp,
                                          SYS_set_tid_address,
                                          SYS_getuid,
                                          SYS_geteuid,
                                          SYS_getgid,
                                          SYS_getegid,
                                          SYS_getgroups,
                                          SYS_getresuid,
                                          SYS_getresgid,
                                          SYS_capget,
                                          SYS_getrusage,
                                          SYS_times,
                                          SYS_sysinfo,
                                          SYS_uname,
                                          SYS_getpriority,
                                          SYS_ioprio_get,
                                          SYS_sched_getaffinity,
                                          SYS_sched_getparam,
                                          SYS_sched_getscheduler,
                                          SYS_sched_getattr,
                                          SYS_sched_get_priority_max,
                                          SYS_sched_get_priority_min,
                                          SYS_sched_rr_get_interval,
                                          SYS_getcpu,
                                          SYS_getrandom,
                                          SYS_get_mempolicy,
                                          SYS_personality,
                                          SYS_seccomp,
                                          SYS_landlock_create_ruleset,
                                          SYS_landlock_add_rule,
                                          SYS_landlock_restrict_self};

// Of sockets that exist: those of socketpair(), and those that may be made.
constexpr Number calls_for_sockets[] = {
    SYS_bind,        SYS_connect,    SYS_listen,     SYS_accept,  SYS_accept4,  SYS_getsockname,
    SYS_getpeername, SYS_getsockopt, SYS_setsockopt, SYS_sendto,  SYS_recvfrom, SYS_sendmsg,
    SYS_recvmsg,     SYS_sendmmsg,   SYS_recvmmsg,   SYS_shutdown};

// They change a file's owner, mode, times or attributes, which Landlock does not see, or this
// process's user: programs expect that to fail.
constexpr Number forbidden_calls[] = {
#ifdef SYS_chmod
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
#endif
    SYS_fchmod,
    SYS_fchmodat,
    SYS_fchown,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    SYS_setuid,
    SYS_setgid,
    SYS_setreuid,
    SYS_setregid,
    SYS_setresuid,
    SYS_setresgid,
    SYS_setfsuid,
    SYS_setfsgid,
    SYS_setgroups,
    SYS_capset,
    SYS_ptrace,
    SYS_process_vm_writev,
    SYS_unshare,
    SYS_setns,
    SYS_mount,
    SYS_umount2,
    SYS_chroot,
    SYS_pivot_root,
    SYS_io_uring_setup};

// What is left to a process that only calculates with the files and sockets that it has.
constexpr Number calls_of_closed[] = {SYS_read,         SYS_pread64,         SYS_readv,
                                      SYS_preadv,       SYS_write,           SYS_writev,
                                      SYS_lseek,        SYS_fstat,           SYS_close,
                                      SYS_sendto,       SYS_recvfrom,        SYS_sendmsg,
                                      SYS_recvmsg,      SYS_munmap,          SYS_mremap,
                                      SYS_brk,          SYS_madvise,         SYS_futex,
                                      SYS_sched_yield,  SYS_clock_gettime,   SYS_clock_nanosleep,
                                      SYS_nanosleep,    SYS_gettimeofday,    SYS_getrandom,
                                      SYS_sysinfo,      SYS_getpid,          SYS_gettid,
                                      SYS_rt_sigaction, SYS_rt_sigprocmask,  SYS_rt_sigreturn,
                                      SYS_sigaltstack,  SYS_restart_syscall, SYS_exit,
                                      SYS_exit_group};

constexpr Number refused(int error) {
    return SECCOMP_RET_ERRNO | (static_cast<Number>(error) & SECCOMP_RET_DATA);
}

// Landlock lets them read the attributes of any file by its path. Programs know file systems that
// have none.
constexpr Number calls_for_attributes[] = {SYS_getxattr, SYS_lgetxattr, SYS_listxattr,
                                           SYS_llistxattr};

constexpr Number allowed = SECCOMP_RET_ALLOW;
// The call returns 0, and does nothing.
constexpr Number ignored = refused(0);
constexpr Number unknown = refused(ENOSYS);
constexpr Number number_of_x32 = 0x40000000;

// Writes the filter from the top to the bottom. Each call that it looks at is decided there.
class Filter {
 public:
    Filter() {
        load(offsetof(seccomp_data, arch));
        // Programs for another processor, whose calls have other numbers.
        decide_unless(BPF_JEQ, own_processor, unknown);
        load(offsetof(seccomp_data, nr));
        decide_if(BPF_JGE, number_of_x32, unknown);
    }

    void decide(std::vector<Number> calls, Number decision) {
        std::sort(calls.begin(), calls.end());
        for (std::size_t i = 0; i < calls.size();) {
            auto end = i + 1;
            while (end < calls.size() && calls[end] <= calls[end - 1] + 1) ++end;
            jump(BPF_JGE, calls[i], 0, 2);
            jump(BPF_JGT, calls[end - 1], 1, 0);
            give(decision);
            i = end;
        }
    }

    /// A call with an argument, counted from 0, which is one of these, or otherwise.
    void decide_by(Number call, unsigned argument, Number mask,
                   std::initializer_list<Number> values, Number decision, Number otherwise) {
        const auto count = static_cast<std::uint8_t>(2 * values.size() + (mask == ~0U ? 2 : 3));
        jump(BPF_JEQ, call, 0, count);
        load_argument(argument);
        if (mask != ~0U) code_.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
        for (const auto value : values) decide_if(BPF_JEQ, value, decision);
        give(otherwise);
    }

    /// The same with two lists of values.
    void decide_by(Number call, unsigned argument, std::initializer_list<Number> values,
                   Number decision, std::initializer_list<Number> more, Number another,
                   Number otherwise) {
        const auto count = static_cast<std::uint8_t>(2 * (values.size() + more.size()) + 2);
        jump(BPF_JEQ, call, 0, count);
        load_argument(argument);
        for (const auto value : values) decide_if(BPF_JEQ, value, decision);
        for (const auto value : more) decide_if(BPF_JEQ, value, another);
        give(otherwise);
    }

    [[nodiscard]] std::vector<sock_filter> with_rest(Number decision) && {
        give(decision);
        return std::move(code_);
    }

 private:
    void load(std::size_t offset) {
        code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<Number>(offset)));
    }
    // Of its 64 bits those that the calls here look at: the lower half, on these processors first.
    void load_argument(unsigned argument) {
        load(offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t));
    }
    void jump(unsigned how, Number value, std::uint8_t if_true, std::uint8_t if_false) {
        code_.push_back(sock_filter{static_cast<std::uint16_t>(BPF_JMP | how | BPF_K), if_true,
                                    if_false, value});
    }
    void give(Number decision) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, decision)); }
    void decide_if(unsigned how, Number value, Number decision) {
        jump(how, value, 0, 1);
        give(decision);
    }
    void decide_unless(unsigned how, Number value, Number decision) {
        jump(how, value, 1, 0);
        give(decision);
    }

    std::vector<sock_filter> code_;
};

// Of other threads of the process, too, but nobody can tell those from another process's. Who
// starts a thread with them, gets no thread if they fail.
void decide_scheduling(Filter& filter) {
    for (const Number call :
         {SYS_sched_setaffinity, SYS_sched_setscheduler, SYS_sched_setparam, SYS_sched_setattr})
        filter.decide_by(call, 0, ~0U, {0}, allowed, ignored);
    filter.decide_by(SYS_setpriority, 1, ~0U, {0}, allowed, refused(EPERM));
    filter.decide_by(SYS_ioprio_set, 1, ~0U, {0}, allowed, refused(EPERM));
    filter.decide_by(SYS_prlimit64, 0, ~0U, {0}, allowed, refused(EPERM));
    filter.decide({SYS_setrlimit}, allowed);
}

// A lock on a file that may only be read would keep the user's programs waiting. Who asks for one
// is told that he has it: what the process may write is its own. Leases and hints stay with the
// file.
void decide_locks(Filter& filter) {
    filter.decide({SYS_flock}, ignored);
    filter.decide_by(SYS_fcntl, 1, {F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW}, ignored,
                     {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK,
                      F_OFD_GETLK, F_GETOWN, F_SETOWN, F_GETOWN_EX, F_SETOWN_EX, F_GETSIG, F_SETSIG,
                      F_GETLEASE, F_GETPIPE_SZ, F_SETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS},
                     allowed, refused(EINVAL));
}

// What is done to a terminal or to the attributes of a file is not among them.
void decide_controls(Filter& filter) {
    constexpr Number scan_pages = 0xC0606610;  // PAGEMAP_SCAN, which older headers lack
    filter.decide_by(SYS_ioctl, 1, ~0U,
                     {TCGETS, TIOCGWINSZ, TIOCGPGRP, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX,
                      static_cast<Number>(UFFDIO_API), static_cast<Number>(UFFDIO_REGISTER),
                      static_cast<Number>(UFFDIO_UNREGISTER), static_cast<Number>(UFFDIO_WAKE),
                      static_cast<Number>(UFFDIO_COPY), static_cast<Number>(UFFDIO_ZEROPAGE),
                      static_cast<Number>(UFFDIO_WRITEPROTECT), scan_pages},
                     allowed, refused(ENOTTY));
    // What the kernel keeps while everything else is put back is not among these, nor what is meant
    // for checkpoints and for a whole machine.
    constexpr Number collapse = 25, write_execute = 66;
    filter.decide_by(SYS_madvise, 2, ~0U,
                     {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED,
                      MADV_FREE, MADV_REMOVE, MADV_DOFORK, MADV_HUGEPAGE, MADV_NOHUGEPAGE,
                      MADV_DONTDUMP, MADV_DODUMP, MADV_KEEPONFORK, MADV_COLD, MADV_PAGEOUT,
                      MADV_POPULATE_READ, MADV_POPULATE_WRITE, collapse},
                     allowed, refused(EINVAL));
    filter.decide_by(SYS_prctl, 0, ~0U,
                     {PR_SET_PDEATHSIG,
                      PR_GET_PDEATHSIG,
                      PR_SET_DUMPABLE,
                      PR_GET_DUMPABLE,
                      PR_SET_KEEPCAPS,
                      PR_GET_KEEPCAPS,
                      PR_SET_NAME,
                      PR_GET_NAME,
                      PR_SET_SECCOMP,
                      PR_GET_SECCOMP,
                      PR_CAPBSET_READ,
                      PR_GET_SECUREBITS,
                      PR_SET_TIMERSLACK,
                      PR_GET_TIMERSLACK,
                      PR_SET_CHILD_SUBREAPER,
                      PR_GET_CHILD_SUBREAPER,
                      PR_SET_NO_NEW_PRIVS,
                      PR_GET_NO_NEW_PRIVS,
                      PR_GET_THP_DISABLE,
                      PR_GET_SPECULATION_CTRL,
                      PR_GET_TSC,
                      PR_MCE_KILL_GET,
                      PR_SET_PTRACER,
                      PR_SET_VMA,
                      write_execute},
                     allowed, refused(EINVAL));
#ifdef SYS_arch_prctl
    constexpr Number set_gs = 0x1001, set_fs = 0x1002, get_fs = 0x1003, get_gs = 0x1004,
                     get_cpuid = 0x1011, get_features = 0x1021, get_permitted = 0x1022;
    filter.decide_by(SYS_arch_prctl, 0, ~0U,
                     {set_gs, set_fs, get_fs, get_gs, get_cpuid, get_features, get_permitted},
                     allowed, refused(EINVAL));
#endif
}

// Of a call to clone() the flags for namespaces are looked at, which those of clone3() in memory
// cannot be; the C library then calls clone().
void decide_cloning(Filter& filter) {
    constexpr Number namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                  CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    filter.decide_by(SYS_clone, 0, namespaces, {0}, allowed, refused(EPERM));
}

// A local socket leads to services that start programs for the user, outside of any sandbox, and
// one of the kernel's (netlink) to other programs and to its settings. The two ends of a pair reach
// only each other, unless they send datagrams, which have an address.
void decide_sockets(Filter& filter, bool network) {
    constexpr Number kind_of_socket = 0xF;
    if (network)
        filter.decide_by(SYS_socket, 0, ~0U, {AF_INET, AF_INET6}, allowed, refused(EACCES));
    else
        filter.decide({SYS_socket}, refused(EACCES));
    filter.decide_by(SYS_socketpair, 1, kind_of_socket, {SOCK_STREAM, SOCK_SEQPACKET}, allowed,
                     refused(EACCES));
}

}  // namespace

std::vector<sock_filter> system_call_filter(bool network) {
    if (own_processor == 0) return {};
    std::vector<Number> calls(std::begin(old_calls), std::end(old_calls));
    for (const std::span<const Number> more :
         {std::span<const Number>(calls_for_files), std::span<const Number>(calls_for_waiting),
          std::span<const Number>(calls_for_memory), std::span<const Number>(calls_for_processes),
          std::span<const Number>(calls_for_sockets)})
        calls.insert(calls.end(), more.begin(), more.end());
    Filter filter;
    filter.decide(std::move(calls), allowed);
    filter.decide({std::begin(forbidden_calls), std::end(forbidden_calls)}, refused(EPERM));
    filter.decide({std::begin(calls_for_attributes), std::end(calls_for_attributes)},
                  refused(EOPNOTSUPP));
    decide_locks(filter);
    decide_controls(filter);
    decide_scheduling(filter);
    decide_cloning(filter);
    decide_sockets(filter, network);
    return std::move(filter).with_rest(unknown);
}

std::vector<sock_filter> closed_filter(pid_t process) {
    if (own_processor == 0) return {};
    Filter filter;
    filter.decide({std::begin(calls_of_closed), std::end(calls_of_closed)}, allowed);
    // fstat(), which the C library makes of this one.
    filter.decide_by(SYS_newfstatat, 3, ~0U, {AT_EMPTY_PATH}, allowed, refused(EACCES));
    for (const Number call : {SYS_mmap, SYS_mprotect})
        filter.decide_by(call, 2, PROT_EXEC, {0}, allowed, refused(EACCES));
    // Of abort().
    filter.decide_by(SYS_tgkill, 0, ~0U, {static_cast<Number>(process)}, allowed, refused(EPERM));
    return std::move(filter).with_rest(refused(EACCES));
}

}  // namespace patchpipe
