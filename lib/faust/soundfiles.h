// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sound files that a program's soundfile() primitives read.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "faust/interface.h"
#include "plugin/dsp_operand.h"

struct Soundfile;

namespace patchpipe {

class FaustSoundfiles {
 public:
    /// For that program at that rate: files of other rates are resampled to it, and the program is
    /// told that this is their rate. They are beside the program and in the folders of its options.
    /// For the compiler's impulse test no file is read: each is a period of a sine.
    FaustSoundfiles(const DspOperand& operand, int sample_rate, bool is_double);
    ~FaustSoundfiles();

    /// Reads the files of the soundfiles among these items, those of one url once, and lets their
    /// zones point to them. They must not be used after this object. Throws Error not-found for one
    /// that is in none of the folders, what AudioReader throws, and unsupported for more samples
    /// than a program can take.
    void give_to(const std::vector<const FaustItem*>& leaves);

 private:
    struct Part;
    struct Delete {
        void operator()(Soundfile* soundfile) const;
    };
    [[nodiscard]] Soundfile* load(const std::string& url);
    [[nodiscard]] Part read(const std::string& name) const;
    [[nodiscard]] static Part test_sine(std::size_t number);

    std::string program_;
    std::vector<std::string> folders_;
    int sample_rate_;
    bool is_double_, impulse_test_;
    std::map<std::string, std::unique_ptr<Soundfile, Delete>> loaded_;  // by url
};

}  // namespace patchpipe
