// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: standard input of a tool. A filter and a worker that shares its input read the same lines,
// from a file and from a pipe.

#include <fcntl.h>
#include <vector>

#include "fuzz/fuzz.h"
#include "record/shared_stream.h"
#include "record/stream.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

using Lines = std::vector<std::string>;

Lines split(std::string_view text, char end) {
    Lines lines;
    while (!text.empty()) {
        const auto size = std::min(text.find(end), text.size());
        lines.emplace_back(text.substr(0, size));
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    return lines;
}

template <typename Reader>
Lines read_lines(Reader& reader) {
    Lines lines;
    while (const auto line = reader.next()) {
        lines.emplace_back(*line);
        expect(!reader.cut(), "no line is cut");
    }
    return lines;
}

// The reading end of a pipe that holds the bytes; its writing end is closed.
Descriptor pipe_with(std::string_view bytes) {
    int ends[2];
    expect(::pipe2(ends, O_CLOEXEC) == 0, "a pipe can be made");
    const Descriptor in(ends[1]);
    write_all(in.get(), bytes, "the pipe");
    return Descriptor(ends[0]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Limits limits(size);
    constexpr std::size_t pipe_size = 1 << 16;
    const auto bytes = as_text(data, size).substr(0, pipe_size);
    const auto lines = split(bytes, '\n');
    const MemoryFile file(bytes), rest(bytes);
    LineWriter nowhere(-1);
    LineReader filter(file.fd(), nowhere);
    expect(read_lines(filter) == lines, "a filter reads every line");

    SharedLineReader from_file(rest.fd());
    expect(read_lines(from_file) == lines, "a worker reads every line of a file");
    const auto pipe = pipe_with(bytes);
    SharedLineReader from_pipe(pipe.get());
    expect(read_lines(from_pipe) == lines, "a worker reads every line of a pipe");

    const MemoryFile list(bytes);
    LineReader paths(list.fd(), nowhere);
    paths.detect_nul();
    const bool has_nul = bytes.find('\0') != bytes.npos;
    expect(read_lines(paths) == split(bytes, has_nul ? '\0' : '\n'), "a list of paths is whole");
    return 0;
}
