// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A kind of plug-in: a file NAME.sine, which contains the gain of a sine generator as text. Linked
// into the tools that open plug-ins, it shows that no other code has to know a kind.

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "file/read_file.h"
#include "plugin/opener.h"

namespace patchpipe {
namespace {

class Sine : public Processor {
 public:
    Sine(double gain, const BlockSettings& settings)
        : gain_(gain),
          rate_(settings.sample_rate),
          samples_(static_cast<std::size_t>(settings.block_size)) {}

    const ProcessorInfo& info() const override { return info_; }
    int channels() const override { return 1; }
    int latency_frames() const override { return 0; }
    void settle() override { level_ = phase_ = 0; }

    const float* const* process(const Block& block) override {
        auto event = block.events.begin();
        for (int i = 0; i < block.frames; ++i) {
            for (; event != block.events.end() && event->offset == i; ++event) take(event->bytes);
            samples_[static_cast<std::size_t>(i)] = static_cast<float>(level_ * std::sin(phase_));
            phase_ += step_;
        }
        return &pointer_;
    }

 private:
    void take(std::span<const std::uint8_t> bytes) {
        if (bytes.size() != 3 || (bytes[0] & 0xe0) != 0x80) return;
        const bool on = (bytes[0] & 0xf0) == 0x90 && bytes[2] > 0;
        level_ = on ? gain_ * bytes[2] / 127 : 0;
        step_ = 2 * std::numbers::pi * 440 * std::exp2((bytes[1] - 69) / 12.0) / rate_;
        phase_ = 0;
    }

    ProcessorInfo info_{.name = "Sine",
                        .vendor = "patchpipe",
                        .version = "1",
                        .kind = "Sine",
                        .id = "sine",
                        .is_instrument = true};
    double gain_, rate_, level_ = 0, phase_ = 0, step_ = 0;
    std::vector<float> samples_;
    const float* pointer_ = samples_.data();
};

class SineOpener : public Opener {
 public:
    std::string_view kind() const override { return "Sine"; }
    bool claims(const std::string& path) const override { return path.ends_with(".sine"); }
    Source find(const std::string& path) const override {
        return {.kind = "Sine", .identifier = path, .files = {path}};
    }
    std::unique_ptr<Processor> open(const Source& source,
                                    const BlockSettings& settings) const override {
        const auto text = read_file(source.files.front(), 100);
        const double gain = std::strtod(text.c_str(), nullptr);
        if (gain <= 0) throw Error(ErrorKind::plugin_load, source.identifier, "holds no gain");
        return std::make_unique<Sine>(gain, settings);
    }
};

const SineOpener sine;

}  // namespace
}  // namespace patchpipe
