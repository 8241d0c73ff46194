// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All that works here while memory changes is in memory of its own, its stack too: what puts back
// must not lie in what is put back.
#include "isolation/rewind.h"

#include <sys/mman.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <new>
#include <string_view>

#include "base/sanitized.h"
#include "isolation/address_space.h"
#include "isolation/process_state.h"

namespace patchpipe {
namespace {

// The sanitizers' notes of memory are memory too, far too much of it.
#ifdef PATCHPIPE_SANITIZED
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr std::size_t most_own = 8, most_inherited = 64, most_memory = 4;

// A copy of a span, of which the original will be put back.
template <typename Item, std::size_t most>
class Kept {
 public:
    void add(std::span<const Item> items) {
        std::copy(items.begin(), items.end(), items_.begin() + count_);
        count_ += items.size();
    }
    [[nodiscard]] std::span<const Item> all() const { return {items_.data(), count_}; }

 private:
    std::size_t count_ = 0;
    std::array<Item, most> items_;
};

class Rewinder : public Rewind {
 public:
    Rewinder(const Shared& shared, Range aside)
        : checks_(std::getenv("PATCHPIPE_CHECK_MEMORY") != nullptr) {
        own_.add(shared.own);
        inherited_.add(shared.inherited);
        memory_.add(shared.memory);
        memory_.add({&aside, 1});
    }

    bool mark() override;
    [[noreturn]] void put_back(bool protection_changed) override;
    [[noreturn]] void end(const char* why) const override;

 private:
    enum class State { untried, marked, impossible };

    void go_aside(void (*function)());
    static void take_aside();
    static void put_back_aside();
    [[nodiscard]] bool take();
    void check();

    State state_ = State::untried;
    bool checks_, protection_changed_ = false;
    int error_ = 0;  // errno, which our own calls change
    Kept<int, most_own + AddressSpace::descriptor_count> own_;
    Kept<int, most_inherited> inherited_;
    Kept<Range, most_memory + 1> memory_;
    ucontext_t mark_, aside_, left_;
    ProcessState process_;
    AddressSpace memory_then_;
    alignas(16) std::array<char, 262144> stack_;
};

// In ordinary memory, but it never changes after it is set.
Rewinder* rewinder = nullptr;

// Not by printf(), which may allocate memory while half of it is put back.
void say(std::initializer_list<std::string_view> parts) {
    for (const auto part : parts)
        if (write(STDERR_FILENO, part.data(), part.size()) < 0) return;
}

// Where the kernel keeps the number of the processor that the thread runs on (rseq(2)).
Range restartable_sequences() {
    const auto start = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer()) +
                       static_cast<std::uintptr_t>(__rseq_offset);
    constexpr std::size_t size = 64;
    return {start, start + size};
}

bool Rewinder::mark() {
    error_ = errno;
    getcontext(&mark_);  // put_back() goes on here
    if (state_ == State::untried) go_aside(take_aside);
    return state_ == State::marked;
}

void Rewinder::put_back(bool protection_changed) {
    protection_changed_ = protection_changed;
    go_aside(put_back_aside);
    end("came back");
}

// Signals wait until the process is back.
void Rewinder::go_aside(void (*function)()) {
    getcontext(&aside_);
    aside_.uc_stack.ss_sp = stack_.data();
    aside_.uc_stack.ss_size = stack_.size();
    aside_.uc_link = nullptr;
    sigfillset(&aside_.uc_sigmask);
    makecontext(&aside_, function, 0);
    swapcontext(&left_, &aside_);
}

void Rewinder::take_aside() {
    rewinder->state_ = rewinder->take() ? State::marked : State::impossible;
    errno = rewinder->error_;
    setcontext(&rewinder->mark_);
    rewinder->end("could not go on");
}

bool Rewinder::take() {
    if (!memory_then_.open()) return false;
    own_.add(memory_then_.descriptors());
    if (!process_.take(own_.all(), inherited_.all())) return false;
    errno = error_;
    return memory_then_.take(memory_.all());
}

void Rewinder::put_back_aside() {
    if (const auto* why = rewinder->process_.put_back()) rewinder->end(why);
    if (const auto* why = rewinder->memory_then_.put_back(rewinder->protection_changed_))
        rewinder->end(why);
    errno = rewinder->error_;
    if (rewinder->checks_) rewinder->check();
    setcontext(&rewinder->mark_);
    rewinder->end("could not go on");
}

void Rewinder::check() {
    const auto differs = memory_then_.difference(restartable_sequences());
    if (differs == 0) return;
    std::array<char, 17> digits{};
    std::to_chars(digits.begin(), digits.end(), differs, 16);
    say({"patchpipe: the byte at 0x", digits.data(), " was not put back\n"});
    std::abort();
}

void Rewinder::end(const char* why) const {
    if (checks_) say({"patchpipe: the plug-in ", why, "\n"});
    _exit(0);
}

// Far below the addresses that the kernel gives out, which are the same as without this memory.
constexpr std::uintptr_t aside_address = std::uintptr_t{1} << (sizeof(void*) > 4 ? 40 : 30);

}  // namespace

Rewind* Rewind::make(const Shared& shared) {
    if (sanitized || shared.own.size() > most_own || shared.inherited.size() > most_inherited ||
        shared.memory.size() > most_memory)
        return nullptr;
    constexpr std::size_t guard = page_size;
    constexpr auto size = (sizeof(Rewinder) / page_size + 1) * page_size + 2 * guard;
    void* const wanted = reinterpret_cast<void*>(aside_address);
    void* const room =
        mmap(wanted, size, PROT_NONE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (room != wanted) return nullptr;
    void* const place = static_cast<char*>(room) + guard;
    // Not mprotect(), whose calls the handler may notice (protection_was_changed()).
    if (syscall(SYS_mprotect, place, size - 2 * guard, PROT_READ | PROT_WRITE) != 0) return nullptr;
    rewinder = new (place) Rewinder(shared, {aside_address, aside_address + size});
    return rewinder;
}

}  // namespace patchpipe
