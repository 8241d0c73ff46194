// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: bytes on the socket between a tool and a process with a plug-in, which may have
// overwritten anything. Complete messages are received; those that are cut or claim too large a
// size are not. Each message is a job, a request or refused; what is sent is received unchanged.
// The first line is the descriptors of the command line.

#include <sys/socket.h>
#include <cstring>

#include "base/descriptor.h"
#include "fuzz/fuzz.h"
#include "isolation/channel.h"
#include "isolation/protocol.h"
#include "job/render_job.h"
#include "record/record.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

constexpr std::size_t room_of_socket = 1 << 16;

struct Channel {
    Channel() {
        int pair[2];
        expect(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "a socket pair");
        here = Descriptor(pair[0]);
        there = Descriptor(pair[1]);
    }
    Descriptor here, there;
};

void check_descriptors(std::string_view line) {
    std::string tool = "tool", option(isolated_option), text(line);
    char* arguments[] = {tool.data(), option.data(), text.data(), nullptr};
    (void)inherited_descriptors(3, arguments);
}

void check_message(std::string_view message) {
    accepted([&] {
        const auto request = parse_request(message);
        (void)request.fields.is_error();
        (void)read_render_request(request.fields);
    });
}

// The messages in the bytes, by the format alone: a size of 32 bits and as many bytes.
bool take_expected(std::string_view& bytes, std::string_view& message) {
    std::uint32_t size = 0;
    if (bytes.size() < sizeof size) return false;
    std::memcpy(&size, bytes.data(), sizeof size);
    if (bytes.size() - sizeof size < size) return false;
    message = bytes.substr(sizeof size, size);
    bytes.remove_prefix(sizeof size + size);
    return true;
}

void check_received(std::string_view bytes, Limits& limits) {
    Channel channel;
    const auto sent = ::send(channel.there.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    expect(sent == static_cast<ssize_t>(bytes.size()), "the input goes into the socket");
    channel.there = Descriptor();
    std::string message;
    std::string_view expected;
    while (receive_message({.socket = channel.here.get()}, message, never) == Transfer::done) {
        expect(take_expected(bytes, expected) && message == expected,
               "a message is as it was sent");
        limits.made(message.size());
        check_message(message);
    }
    expect(!take_expected(bytes, expected), "every whole message is received");
}

void check_sent(std::string_view message) {
    Channel channel;
    const auto sent = send_message({.socket = channel.there.get()}, message, never);
    expect(sent == Transfer::done, "a message is sent");
    std::string received;
    const auto got = receive_message({.socket = channel.here.get()}, received, never);
    expect(got == Transfer::done && received == message, "what is sent is received");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    auto bytes = as_text(data, size).substr(0, room_of_socket);
    check_sent(bytes);
    check_descriptors(take_line(bytes));
    if (!bytes.empty()) check_received(bytes, limits);
    return 0;
}
