// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: fuzz-inputs MUTATIONS FOLDER...
// Tries the fuzz target that each folder is named after with the folder's files, then with that
// many mutations of them, the same in every run. Prints a line for each target. Where a target
// aborts or crashes, the file "input" in the current folder is what it was given last.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;
using Target = int (*)(const std::uint8_t* data, std::size_t size);
/// Its numbers are the same everywhere, which those of std::uniform_int_distribution are not.
using Random = std::mt19937;

constexpr unsigned longest_seconds = 60;
constexpr std::size_t largest_input = 4096;

/// The program's own function of that target; make gives each target's object a name for it.
Target target_named(std::string name) {
    std::replace(name.begin(), name.end(), '-', '_');
    void* function = ::dlsym(RTLD_DEFAULT, ("try_" + name).c_str());
    if (!function) throw std::runtime_error(name + ": is no fuzz target of this program");
    return reinterpret_cast<Target>(function);
}

Bytes read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Bytes> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry);
    std::sort(paths.begin(), paths.end());
    std::vector<Bytes> files;
    for (const auto& path : paths) files.push_back(read(path));
    if (files.empty()) throw std::runtime_error(folder.string() + ": has no inputs");
    return files;
}

void flip_bit(Bytes& input, std::size_t place, Random& random) {
    input[place] ^= static_cast<std::uint8_t>(1U << random() % 8);
}

/// Numbers that sizes and counts go wrong with.
void set_byte(Bytes& input, std::size_t place, Random& random) {
    constexpr std::uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff, '"', '-', '9', '\n', '<'};
    input[place] = values[random() % std::size(values)];
}

void cut(Bytes& input, std::size_t place, Random& /*random*/) { input.resize(place); }

void remove_part(Bytes& input, std::size_t place, Random& random) {
    const auto length = std::min<std::size_t>(1 + random() % 16, input.size() - place);
    const auto begin = input.begin() + static_cast<std::ptrdiff_t>(place);
    input.erase(begin, begin + static_cast<std::ptrdiff_t>(length));
}

void repeat_part(Bytes& input, std::size_t place, Random& random) {
    const auto length = std::min<std::size_t>(1 + random() % 64, input.size() - place);
    const auto begin = input.begin() + static_cast<std::ptrdiff_t>(place);
    const Bytes part(begin, begin + static_cast<std::ptrdiff_t>(length));
    input.insert(begin, part.begin(), part.end());
}

Bytes mutated(Bytes input, Random& random) {
    constexpr void (*changes[])(Bytes&, std::size_t, Random&) = {flip_bit, set_byte, cut,
                                                                 remove_part, repeat_part};
    if (input.size() > largest_input) input.resize(largest_input);
    for (auto left = 1 + random() % 4; left > 0 && !input.empty(); --left)
        changes[random() % std::size(changes)](input, random() % input.size(), random);
    return input;
}

/// The file stays open, since closing a file that was cut to nothing may wait for the disk.
void keep(const Bytes& input) {
    static const int file = ::open("input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    const auto size = static_cast<ssize_t>(input.size());
    if (::pwrite(file, input.data(), input.size(), 0) != size || ::ftruncate(file, size) != 0)
        throw std::runtime_error("input: could not be written");
}

void try_input(Target target, const Bytes& input) {
    keep(input);
    ::alarm(longest_seconds);
    target(input.data(), input.size());
    ::alarm(0);
}

void try_folder(const std::filesystem::path& folder, unsigned mutations) {
    const auto name = folder.filename().string();
    const auto target = target_named(name);
    const auto inputs = files_in(folder);
    std::cout << name << ": " << std::flush;
    for (const auto& input : inputs) try_input(target, input);
    Random random(1);
    for (unsigned i = 0; i < mutations; ++i)
        try_input(target, mutated(inputs[random() % inputs.size()], random));
    std::cout << inputs.size() << " files and " << mutations << " mutations" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        for (int i = 2; i < argc; ++i)
            try_folder(argv[i], static_cast<unsigned>(std::stoul(argv[1])));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "fuzz-inputs: " << error.what() << '\n';
        return 1;
    }
}
