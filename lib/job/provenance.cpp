// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/provenance.h"

#include "base/json.h"
#include "catalog/detect.h"
#include "file/content_hash.h"
#include "midi/midi_file.h"
#include "serum/serum.h"
#include "serum/serum_rules.h"

namespace patchpipe {
JobFiles read_job_files(const RenderJob& job) {
    JobFiles files;
    if (job.state_path) {
        files.state_hash = file_hash(*job.state_path, largest_serum_file);
    } else if (job.preset_path) {
        files.preset_format = detect_preset_file(*job.preset_path);
        if (files.preset_format.empty())
            throw Error(ErrorKind::corrupt, *job.preset_path, "is not a preset of a known format");
        check_is_preset(files.preset_format, *job.preset_path);
        files.preset_hash = file_hash(*job.preset_path, largest_serum_file);
    }
    if (job.midi_path) files.midi_hash = file_hash(*job.midi_path, largest_midi_file);
    return files;
}

std::string provenance(const RenderJob& job, const JobFiles& files, const std::string& plugin_hash,
                       const RenderWay& way) {
    Record made("{\"made_by\":\"patchpipe\"}");  // see provenance_begin
    made.set("plugin_hash", plugin_hash);
    if (job.state_path) {
        made.set("state_hash", files.state_hash);
    } else if (job.preset_path) {
        made.set("preset_hash", files.preset_hash);
        if (files.preset_format == "serum2") made.set("serum_rules", serum_rules_version);
    }
    if (job.midi_path) {
        made.set("midi_hash", files.midi_hash);
        made.set("midi_duration", job.midi_duration);
    } else {
        made.set("note", job.note);
        made.set("velocity", job.velocity);
        made.set("duration", job.duration);
    }
    made.set("tail", job.tail);
    made.set("sample_rate", job.sample_rate);
    made.set("block_size", job.block_size);
    made.set("bit_depth", depth_name(job.depth));
    if (way.reuses_plugin) made.set("isolation", "reuse");
    if (way.real_clock) made.set("clock", "real");
    return made.line();
}

}  // namespace patchpipe
