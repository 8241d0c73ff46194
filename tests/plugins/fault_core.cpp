// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fault_core.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <future>
#include <iostream>
#include <limits>
#include <mutex>
#include <numbers>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

namespace patchpipe {
namespace {

constexpr std::string_view state_head = "fault_synth 1\n";
constexpr int latency_of_fault = 100;
constexpr std::int64_t bad_frame = 1000;  // of a note: where the one NaN or infinite sample is

void write_to_nowhere() {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
}

void write_to_stdout() {
    std::printf("{\"status\":\"ok\",\"from\":\"printf\"}\n");
    std::fflush(stdout);
    std::cout << "{\"status\":\"ok\",\"from\":\"cout\"}" << std::endl;
    constexpr std::string_view straight = "{\"status\":\"ok\",\"from\":\"write\"}\n";
    if (write(STDOUT_FILENO, straight.data(), straight.size()) < 0) return;
}

void flood_stderr(int kibibytes) {
    const std::string line(1023, 'x');
    for (int i = 0; i < kibibytes; ++i) std::fprintf(stderr, "%s\n", line.c_str());
}

void leak() {
    constexpr std::size_t bytes = 50'000'000;
    auto* memory = static_cast<volatile char*>(std::malloc(bytes));
    for (std::size_t i = 0; memory && i < bytes; i += 4096) memory[i] = 1;
}

[[noreturn]] void hang() {
    for (;;) pause();
}

// Sends only to sockets, since only these accept send(). The number is the size in bytes that the
// message claims to have.
void write_to_sockets() {
    constexpr std::uint32_t claimed = 100 << 20;
    for (int fd = 3; fd < 1024; ++fd)
        if (send(fd, &claimed, sizeof claimed, MSG_NOSIGNAL) > 0) std::fprintf(stderr, "sent\n");
}

// In no group and without a parent by which it could be found; the test looks for the name.
void start_helper() {
    const int ended =
        std::system("setsid bash -c 'exec -a \"patchpipe-helper $TMPDIR\" sleep 1000' &");
    if (ended != 0) std::abort();
}

void list_descriptors() {
    const int ended = std::system(
        "for fd in $(seq 0 255); do [ ! -e /proc/$$/fd/$fd ] || echo \"has $fd\"; done >&2");
    if (ended != 0) std::abort();
}

void make_file(const std::string& path) { std::ofstream(path) << "fault synth"; }

void connect_to(int port) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) close(fd);
}

void trespass() {
    const char* names = std::getenv("FAULT_FILES");
    std::istringstream files(names ? names : "");
    for (std::string path; std::getline(files, path, ':');) make_file(path);
    if (const char* port = std::getenv("FAULT_PORT")) connect_to(std::atoi(port));
}

void run_script() {
    if (const char* script = std::getenv("FAULT_SCRIPT"))
        if (std::system(script) < 0) std::abort();
}

void take_memory() {
    constexpr std::size_t bytes = std::size_t{1} << 30, page = 4096;
    auto* memory = static_cast<volatile char*>(::operator new(bytes));
    for (std::size_t i = 0; i < bytes / 64; i += page) memory[i] = 1;
}

void take_memory_in_helper() {
    int status = 0;
    const auto pid = fork();
    if (pid == 0) {
        try {
            take_memory();
        } catch (const std::bad_alloc& error) {
            std::fprintf(stderr, "helper: %s\n", error.what());
            _exit(1);
        }
        _exit(0);
    }
    if (waitpid(pid, &status, 0) != pid || status != 0) std::abort();
}

void need_home() {
    const char* home = std::getenv("HOME");
    const auto path = std::string(home ? home : "") + "/needed";
    make_file(path);
    if (access(path.c_str(), F_OK) != 0) std::exit(3);
}

// Reading it is undefined behaviour, on purpose, so the compiler must not know.
__attribute__((noipa)) void copy_bytes(std::uint8_t* to, const void* from, std::size_t bytes) {
    std::memcpy(to, from, bytes);
}

// The contents that others have left in freed blocks of several sizes.
std::vector<std::uint8_t> uninitialised_memory() {
    std::vector<std::uint8_t> copy;
    for (std::size_t bytes = 32; bytes <= 1024; bytes *= 2) {
        void* memory = std::malloc(bytes);
        const auto at = copy.size();
        copy.resize(at + bytes);
        copy_bytes(copy.data() + at, memory, bytes);
        std::free(memory);
    }
    return copy;
}

std::uint64_t clock_ticks() {
    return static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch() /
                                      std::chrono::nanoseconds(1));
}

// The processor time of a thread in milliseconds, because the plug-in's clock may be replaced by
// the host.
long used_ms() {
    timespec time{};
    syscall(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void work(long milliseconds) {
    for (const auto end = used_ms() + milliseconds; used_ms() < end;) {
    }
}

std::uint64_t random_number() {
    std::uint64_t sum = std::random_device()(), number = 0;
    if (getrandom(&number, sizeof number, 0) == sizeof number) sum = sum * 31 + number;
    if (syscall(SYS_getrandom, &number, sizeof number, 0) == sizeof number) sum = sum * 31 + number;
    if (getentropy(&number, sizeof number) == 0) sum = sum * 31 + number;
    std::ifstream("/dev/urandom").read(reinterpret_cast<char*>(&number), sizeof number);
    sum = sum * 31 + number;
    const int fd = open("/dev/random", O_RDONLY);
    if (read(fd, &number, sizeof number) == sizeof number) sum = sum * 31 + number;
    close(fd);
    return sum;
}

// A plug-in that waits for a time must reach it, and see that the time has passed.
void wait_in_every_way() {
    using Clock = std::chrono::steady_clock;
    constexpr auto part = std::chrono::milliseconds(5);
    const auto start = Clock::now();
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, part);
    never.wait_until(lock, std::chrono::system_clock::now() + part);
    std::this_thread::sleep_for(part);
    usleep(5000);
    poll(nullptr, 0, 5);
    std::promise<void> promise;
    promise.get_future().wait_for(part);
    for (const auto end = Clock::now() + part; Clock::now() < end;) {
    }
    if (Clock::now() - start < 7 * part) std::abort();
}

double noise(std::uint64_t& seed) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(seed >> 40) / (1 << 24) - 0.5;
}

std::size_t row_named(std::string_view name) {
    for (std::size_t i = 0; i < fault_table.size(); ++i)
        if (fault_table[i].name == name) return i;
    std::fprintf(stderr, "fault synth: FAULT_ON_LOAD names no fault\n");
    return 0;
}

}  // namespace

class SampleThread {
 public:
    SampleThread() : thread_([this] { run(); }) {}
    ~SampleThread() {
        {
            const std::lock_guard lock(mutex_);
            ends_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    /// Makes the thread work on a table.
    void make_table() {
        const std::lock_guard lock(mutex_);
        table_wanted_ = true;
        table_made_ = false;
        changed_.notify_all();
    }
    [[nodiscard]] bool has_table() const { return table_made_; }

    /// True if the thread has provided the samples. Waits only once: a thread that is missing now
    /// is missing for the next note too.
    bool bring() {
        std::unique_lock lock(mutex_);
        if (gone_) return false;
        wanted_ = true;
        changed_.notify_all();
        gone_ = !changed_.wait_for(lock, std::chrono::seconds(1), [&] { return !wanted_; });
        return !gone_;
    }

 private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!ends_) {
            changed_.wait(lock, [&] { return wanted_ || table_wanted_ || ends_; });
            if (std::exchange(table_wanted_, false)) {
                lock.unlock();
                work(100);
                lock.lock();
                table_made_ = true;
            }
            wanted_ = false;
            changed_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false, ends_ = false, gone_ = false;
    bool table_wanted_ = false;
    std::atomic<bool> table_made_ = false;
    std::thread thread_;
};

bool FaultCore::answer_ = false;

FaultCore::FaultCore() : thread_(std::make_unique<SampleThread>()) {
    if (const char* name = std::getenv("FAULT_ON_LOAD")) first_ = row_named(name);
    reach(Stage::load);
    if (row().stage == Stage::load) first_ = 0;
    latency_ = has(Fault::latency) ? latency_of_fault : 0;
}

FaultCore::~FaultCore() { reach(Stage::teardown); }

const FaultRow& FaultCore::row() const {
    return program_ == 0 ? fault_table[first_] : fault_table[static_cast<std::size_t>(program_)];
}

void FaultCore::choose(int program) {
    if (program < 0 || program >= fault_programs) return;
    const char* deadly = std::getenv("FAULT_ON_CHOICE");
    if (deadly && fault_table[static_cast<std::size_t>(program)].name == std::string_view(deadly))
        write_to_nowhere();
    program_ = program;
}

void FaultCore::reach(Stage stage) {
    if (row().stage != stage) return;
    switch (row().fault) {
        case Fault::segv:
            write_to_nowhere();
            break;
        case Fault::abort:
            std::abort();
        case Fault::exit_0:
            std::exit(0);
        case Fault::exit_3:
            std::exit(3);
        case Fault::hang:
            hang();
        case Fault::close:
            close_range(3, std::numeric_limits<unsigned>::max(), 0);
            hang();
        case Fault::helper:
            start_helper();
            if (stage == Stage::process) hang();
            break;
        case Fault::descriptors:
            list_descriptors();
            break;
        case Fault::chdir:
            if (chdir("/tmp") != 0) std::abort();
            break;
        case Fault::umask:
            umask(0777);
            break;
        case Fault::babble:
            write_to_sockets();
            hang();
        case Fault::last_words:
            flood_stderr(40);
            std::printf("The licence server\n");
            std::fprintf(stderr, "\x1b[1mdoes not answer");
            std::abort();
        case Fault::stdout_text:
            write_to_stdout();
            break;
        case Fault::stderr_flood:
            flood_stderr(8 * 1024);
            break;
        case Fault::leak:
            leak();
            break;
        case Fault::waits:
            wait_in_every_way();
            break;
        case Fault::restless:
            std::thread([] { work(std::numeric_limits<int>::max()); }).detach();
            break;
        case Fault::busy:
            std::thread([] {
                while (access("rest", F_OK) != 0) work(1);
            }).detach();
            break;
        case Fault::trespass:
            trespass();
            break;
        case Fault::script:
            run_script();
            break;
        case Fault::memory:
            take_memory();
            break;
        case Fault::memory_helper:
            take_memory_in_helper();
            break;
        case Fault::needs_home:
            need_home();
            break;
        case Fault::latency:
        case Fault::note_latency:
            latency_ = latency_of_fault;
            break;
        default:
            break;
    }
}

void FaultCore::load_state(std::string_view state) {
    answer_ = false;
    if (!state.starts_with(state_head)) return;
    const auto number = state.substr(state_head.size());
    int program = -1;
    std::from_chars(number.data(), number.data() + number.size(), program);
    if (program >= 0 && program < fault_programs) load_program(program);
}

void FaultCore::load_program(int program) {
    const int before = program_;
    choose(program);
    latency_ = 0;
    reach(Stage::preset);
    if (has(Fault::table) || (has(Fault::kept_table) && !thread_->has_table()))
        thread_->make_table();
    const bool refused = has(Fault::refuse);
    if (refused || has(Fault::ignore)) choose(before);
    answer_ = !refused && !has(Fault::shrug);
}

std::string FaultCore::state() const {
    return std::string(state_head) + std::to_string(program_) + "\n";
}

void FaultCore::prepare(double sample_rate) {
    sample_rate_ = sample_rate;
    reset();
}

void FaultCore::reset() {
    voices_.clear();
    delay_.assign(latency_of_fault, 0);
    delay_at_ = 0;
}

void FaultCore::note_on(int note, float velocity) {
    static int leftovers = 0;
    reach(Stage::process);
    note_off(note);
    double pitch = note;
    if (has(Fault::leftovers)) pitch += leftovers++;
    if (has(Fault::clock)) seed_ = clock_ticks();
    if (has(Fault::entropy)) seed_ = random_number();
    if (has(Fault::process_id)) seed_ = static_cast<std::uint64_t>(getpid());
    if (has(Fault::processors)) seed_ = std::thread::hardware_concurrency();
    if ((has(Fault::table) || has(Fault::kept_table)) && !thread_->has_table()) pitch += 7;
    if (has(Fault::heap)) heap_ = uninitialised_memory();
    if (has(Fault::thread) && !thread_->bring()) return;
    voices_.push_back({.note = note,
                       .level = 0.5 * velocity,
                       .turns = 0,
                       .turns_a_frame = 440 * std::exp2((pitch - 69) / 12) / sample_rate_,
                       .frame = 0});
}

void FaultCore::note_off(int note) {
    if (has(Fault::held)) return;
    std::erase_if(voices_, [&](const Voice& voice) { return voice.note == note; });
}

// The tone: a cosine that falls by 60 dB in two seconds, so its first frame is its maximum.
double FaultCore::sample(Voice& voice) {
    const double tone = voice.level * std::cos(2 * std::numbers::pi * voice.turns);
    voice.turns += voice.turns_a_frame;
    voice.turns -= std::floor(voice.turns);
    voice.level *= std::exp2(-10 / (2 * sample_rate_));
    const auto frame = voice.frame++;
    switch (row().fault) {
        case Fault::nan:
            return frame == bad_frame ? std::numeric_limits<double>::quiet_NaN() : tone;
        case Fault::infinite:
            return frame == bad_frame ? std::numeric_limits<double>::infinity() : tone;
        case Fault::clip:
            return 3 * tone;
        case Fault::silent:
            return 0;
        case Fault::random:
            return voice.level * (std::rand() / (RAND_MAX + 1.0) - 0.5);
        case Fault::clock:
        case Fault::entropy:
        case Fault::process_id:
        case Fault::processors:
            return voice.level * noise(seed_);
        case Fault::heap:
            return voice.level * (heap_[static_cast<std::size_t>(frame) % heap_.size()] / 256.0);
        default:
            return tone;
    }
}

// Always goes through the delay line, whose length is 0 except for the faults of latency.
float FaultCore::delayed(float value) {
    const float late = std::exchange(delay_[delay_at_], value);
    delay_at_ = (delay_at_ + 1) % delay_.size();
    return has(Fault::latency) || has(Fault::late_latency) ? late : value;
}

void FaultCore::render(float* left, float* right, int frames) {
    constexpr float denormal = 1e-40F;
    const bool late = has(Fault::latency) || has(Fault::late_latency);
    if (!has(Fault::note_latency)) latency_ = late ? latency_of_fault : 0;
    for (int i = 0; i < frames; ++i) {
        double sum = 0;
        for (auto& voice : voices_) sum += sample(voice);
        left[i] = delayed(static_cast<float>(sum));
        if (has(Fault::denormal)) left[i] = voices_.empty() ? 0 : denormal;
        if (!has(Fault::mono)) right[i] = left[i];
    }
}

}  // namespace patchpipe
