// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The items of a mix as records say them, in seconds and decibels, and the files that they name.
// Not here: mixing (audio/mix.h).
#pragma once

#include <sys/stat.h>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audio/file_sources.h"
#include "audio/mix.h"
#include "record/record.h"

namespace patchpipe {

class MixRecords {
 public:
    /// What records must not name: the file that the mix is written to, and the stream that they
    /// come from. channels is the number that the mix will have, if that is known. With check_all
    /// every file is read to its end at once, so that damage within it is found here.
    struct Limits {
        std::string output;
        std::optional<struct stat> stream;
        std::optional<std::int64_t> channels;
        bool check_all = false;
    };
    explicit MixRecords(Limits limits) : limits_(std::move(limits)) {}

    /// Reads the fields input_path (or output_path), time, offset, length, rate, gain_db, pan,
    /// fade_in, fade_out, their shapes and curve, loop, and sample_rate for an npy file, and opens
    /// the file. Throws Error bad-record for a field that is wrong, and what FileSources::add()
    /// throws.
    void add(const Record& record);

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] FileSources& sources() { return sources_; }

    /// Brings the records into an order of their own, whatever order they were added in: by time,
    /// by path, then by the other fields. The functions below go by the order at the time.
    void sort();

    /// In Hz: that of the first record's file; an npy file has none, and the default if no file
    /// has.
    [[nodiscard]] int sample_rate() const;
    /// The most channels that a file has, but 2 at least.
    [[nodiscard]] int most_channels() const;
    /// The items for a mix of that rate. Throws Error unsupported for rates that are too far apart
    /// to resample.
    [[nodiscard]] std::vector<MixItem> items(int mix_rate) const;

 private:
    // What a record says, in the order in which it counts in sort().
    struct Part {
        double time, offset, length, rate, gain_db, pan;  // a length below 0: to the source's end
        double fade_in, fade_out;
        int fade_in_shape, fade_out_shape;
        double fade_in_curve, fade_out_curve;
        bool loop;
        int sample_rate;  // of an npy file; 0 if unknown

        auto operator<=>(const Part&) const = default;
    };
    struct Entry {
        std::size_t source;
        Part part;
    };

    [[nodiscard]] static Part part_of(const Record& record);
    [[nodiscard]] std::string path_of(const Record& record) const;
    void check(const Entry& entry) const;
    [[nodiscard]] int rate_of(const Entry& entry) const;
    [[nodiscard]] MixItem item_of(const Entry& entry, int mix_rate) const;

    Limits limits_;
    FileSources sources_;
    std::vector<Entry> entries_;
};

}  // namespace patchpipe
