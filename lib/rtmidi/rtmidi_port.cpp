// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "rtmidi/rtmidi_port.h"

#include <RtMidi.h>
#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/quiet_stderr.h"
#include "base/words.h"

namespace patchpipe {
namespace {

struct Found {
    RtMidi::Api api;
    unsigned int id;  // for RtMidi
    std::string name;
};

void stay_quiet(RtMidiError::Type /*type*/, const std::string& /*text*/, void* /*self*/) {}

std::unique_ptr<RtMidiIn> open_api(RtMidi::Api api) {
    auto midi = std::make_unique<RtMidiIn>(api, "play-one");
    midi->setErrorCallback(stay_quiet);
    return midi;
}

// A server that does not run has no ports; that it does not run is no error.
void find_in(RtMidi::Api api, std::vector<Found>& found) try {
    const auto midi = open_api(api);
    for (unsigned int id = 0; id < midi->getPortCount(); ++id)
        found.push_back({api, id, midi->getPortName(id)});
} catch (const RtMidiError&) {
}

std::vector<Found> find_ports() {
    const QuietStderr quiet;
    std::vector<RtMidi::Api> apis;
    RtMidi::getCompiledApi(apis);
    std::vector<Found> found;
    for (const auto api : apis)
        if (api != RtMidi::RTMIDI_DUMMY) find_in(api, found);
    return found;
}

[[noreturn]] void refuse(const std::vector<Found>& found, const std::string& wanted,
                         const std::string& why) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < found.size(); ++i)
        names.push_back(std::to_string(i) + " (" + printable(found[i].name) + ")");
    throw Error(ErrorKind::not_found, "--midi-port " + wanted,
                why + "; " +
                    (names.empty() ? "there is no MIDI input: give the path of a device or a pipe"
                                   : "there are " + joined(names, ", ", " and ")));
}

Found port_named(const std::vector<Found>& found, const std::string& wanted) {
    std::vector<Found> having;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (wanted == found[i].name || wanted == std::to_string(i)) return found[i];
        if (found[i].name.find(wanted) != std::string::npos) having.push_back(found[i]);
    }
    if (having.size() == 1) return having.front();
    refuse(found, wanted, having.empty() ? "no port has that name" : "several ports have that");
}

class RtMidiPort : public MidiPort {
 public:
    explicit RtMidiPort(Found port) : port_(std::move(port)) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
            throw Error(ErrorKind::io, "pipe", system_message(errno));
        reading_ = Descriptor(ends[0]);
        writing_ = Descriptor(ends[1]);
        const QuietStderr quiet;
        try {
            midi_ = open_api(port_.api);
            // Clocks and signs of life come often and change no sound.
            midi_->ignoreTypes(false, true, true);
            midi_->setCallback(&RtMidiPort::take, this);
            midi_->openPort(port_.id, "in");
        } catch (const RtMidiError& error) {
            throw Error(ErrorKind::io, port_.name, error.getMessage());
        }
        if (!midi_->isPortOpen()) throw Error(ErrorKind::io, port_.name, "cannot be opened");
    }
    ~RtMidiPort() override {
        const QuietStderr quiet;
        midi_.reset();  // before what its thread writes to
    }

    int fd() const override { return reading_.get(); }
    const std::string& name() const override { return port_.name; }

 private:
    // A message is shorter than PIPE_BUF, or RtMidi would cut it: it goes whole or, if nobody
    // reads, not at all.
    static void take(double /*seconds*/, std::vector<unsigned char>* message, void* self) {
        const auto& port = *static_cast<RtMidiPort*>(self);
        (void)!write(port.writing_.get(), message->data(), message->size());
    }

    Found port_;
    Descriptor reading_, writing_;
    std::unique_ptr<RtMidiIn> midi_;
};

}  // namespace

std::vector<Record> rtmidi_ports() {
    std::vector<Record> records;
    for (const auto& [api, id, name] : find_ports()) {
        Record record("{}");
        record.set("type", "midi_input");
        record.set("index", records.size());
        record.set("name", readable(name));
        record.set("api", RtMidi::getApiName(api));
        records.push_back(std::move(record));
    }
    return records;
}

std::unique_ptr<MidiPort> rtmidi_port(const std::string& wanted) {
    return std::make_unique<RtMidiPort>(port_named(find_ports(), wanted));
}

}  // namespace patchpipe
