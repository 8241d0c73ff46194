// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "play/midi_port.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <cerrno>

#include "base/descriptor.h"
#include "base/error.h"

namespace patchpipe {
namespace {

class MidiDevice : public MidiPort {
 public:
    explicit MidiDevice(const std::string& path) : name_(path) {
        struct stat file {};
        if (stat(path.c_str(), &file) != 0) fail();
        if (!S_ISCHR(file.st_mode) && !S_ISFIFO(file.st_mode))
            throw Error(ErrorKind::unsupported, path,
                        "is no MIDI device and no pipe; --midi plays a file");
        // A pipe that is open for writing too has no end.
        const int mode = S_ISFIFO(file.st_mode) ? O_RDWR : O_RDONLY;
        fd_ = Descriptor(open(path.c_str(), mode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
        if (fd_.get() < 0) fail();
    }

    int fd() const override { return fd_.get(); }
    const std::string& name() const override { return name_; }

 private:
    [[noreturn]] void fail() const {
        throw Error(errno == ENOENT ? ErrorKind::not_found : ErrorKind::io, name_,
                    system_message(errno));
    }

    std::string name_;
    Descriptor fd_;
};

}  // namespace

std::unique_ptr<MidiPort> midi_device(const std::string& path) {
    return std::make_unique<MidiDevice>(path);
}

}  // namespace patchpipe
