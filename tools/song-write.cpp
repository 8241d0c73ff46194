// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Writes song records as a file: the lines of song-read --raw as they were.

#include <unistd.h>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/words.h"
#include "cli/options.h"
#include "cli/tool.h"
#include "file/output.h"
#include "record/filter.h"
#include "record/record_loop.h"
#include "record/record_stream.h"
#include "song/raw_lines.h"

using namespace patchpipe;

namespace {

struct Options {
    std::optional<std::string> output;
};

Options parse_options(int argc, char** argv) {
    Options options;
    CommandLine line("song-write", "-o FILE", "Writes the records of song-read --raw as a file.",
                     "song-read --raw a.rpp | sed 's/44100/48000/' | song-write -o b.rpp");
    line.text("o,output", "FILE", options.output, "the file to write; - is standard output");
    if (!line.parse(argc, argv).empty())
        throw UsageError("takes records on standard input, and no operand");
    if (!options.output || options.output->empty())
        throw UsageError("-o FILE is missing: the file to write; - is standard output");
    refuse_terminal(options.output, "the song");
    return options;
}

ExitStatus run(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    refuse_terminal_input("records");
    RecordWriter messages(options.output == "-" ? STDERR_FILENO : STDOUT_FILENO);
    Output file(options.output);
    bool any = false;
    LineReader in(STDIN_FILENO, messages.lines());
    RecordLoop loop(
        [&](Record& record) {
            const auto type = record.text("type").value_or("");
            any = true;
            if (type == "song" && record.text("format") == "raw") return;
            if (type != "raw")
                throw Error(ErrorKind::unsupported, "type", "is no line of song-read --raw");
            file.write(raw_bytes(record) + raw_end(record));
        },
        [&](const Record& record) { messages.write(record); });
    while (const auto line = in.next()) loop.take(*line, in.cut());
    messages.flush();
    if (any && messages.status() == ExitStatus::ok) file.commit();
    return messages.status();
}

}  // namespace

int main(int argc, char** argv) {
    return run_tool("song-write", [&] { return run(argc, argv); });
}
