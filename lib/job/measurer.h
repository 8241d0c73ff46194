// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measures the plug-ins of records: which plug-in, set to which sound, and where its curves go. Not
// here: what is measured (measured_record.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "job/measured_record.h"
#include "job/plugin_host.h"
#include "names/unique_paths.h"
#include "record/record.h"

namespace patchpipe {

struct MeasureSettings {
    HostSettings host = {};   ///< but for the plug-in, the rate and the block size: the job's
    std::string plugin = {};  ///< for records without plugin_path
    bool operands = false;    ///< the records are of operands: the user names their plug-ins
    std::optional<std::int64_t> sample_rate = {}, block_size = {};  ///< instead of the record's
    SignalSettings signals = {};
    std::string against = {};  ///< another plug-in, or a job as JSON; empty: none
    std::string folder = {};   ///< for npy files, absolute; empty: none
};

class Measurer {
 public:
    explicit Measurer(MeasureSettings settings) : settings_(std::move(settings)) {}

    /// Measures the record's plug-in, set to the record's sound, and adds the fields of the result,
    /// which plugin-measure(1) lists. Throws Error.
    void measure(Record& record);

    /// The file that Faust's impulse test prints for the record's plug-in, without
    /// the last newline. Throws Error.
    [[nodiscard]] std::string faust_response(const Record& record);

    /// True if the last plug-in was opened outside of the sandbox.
    [[nodiscard]] bool was_outside() const { return outside_; }

 private:
    [[nodiscard]] Record job_of(const Record& record) const;
    [[nodiscard]] bool is_named_by_user(const Record& record) const;
    [[nodiscard]] SignalPlayer open(const Record& job, bool named_by_user) const;
    [[nodiscard]] Record other_job(const Record& record) const;
    [[nodiscard]] std::string folder_for(const Record& description);

    MeasureSettings settings_;
    UniquePaths taken_;  // by the folders of npy files
    bool outside_ = false;
};

}  // namespace patchpipe
