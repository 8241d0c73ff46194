// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/port_input.h"

#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/descriptor.h"
#include "base/error.h"

namespace patchpipe {

PortInput::PortInput(const MidiPort* port, PlayLink& link)
    : port_(port),
      link_(link),
      stream_(longest_live_bytes, [this](auto message) { send(message); }) {}

int PortInput::fd() const {
    return !port_ || is_gone_ || link_.events().room() == 0 ? -1 : port_->fd();
}

void PortInput::read() {
    std::array<std::uint8_t, 1024> bytes;
    // No message has fewer bytes than one.
    const auto most = std::min(bytes.size(), link_.events().room());
    if (most == 0) return;
    const auto got = repeated([&] { return ::read(port_->fd(), bytes.data(), most); });
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        is_gone_ = true;
        complaint_ = got == 0 ? "is gone; the playing goes on without it" : system_message(errno);
        return;
    }
    stream_.add(std::span(bytes).first(static_cast<std::size_t>(got)));
    if (const auto count = stream_.too_long(); std::exchange(told_, count) != count)
        complaint_ = "sent a system exclusive message of more than " +
                     std::to_string(longest_live_bytes) + " bytes, which is left out";
    link_.board().to_player.post();
}

void PortInput::send(MidiByteStream::Bytes message) {
    LiveEvent event{.kind = LiveEvent::Kind::midi};
    event.frame = as_soon_as_possible;
    event.size = static_cast<std::uint32_t>(message.size());
    std::copy(message.begin(), message.end(), event.bytes.begin());
    link_.events().write({&event, 1});
}

std::optional<std::string> PortInput::take_complaint() {
    return std::exchange(complaint_, std::nullopt);
}

}  // namespace patchpipe
