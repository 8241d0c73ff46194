// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/job_limits.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "file/absolute.h"
#include "file/real_target.h"
#include "file/whole_file.h"
#include "record/record_stream.h"

namespace patchpipe {
namespace {

// Names of descriptors mean files that the user has opened, wherever they are.
std::string target_within(const std::string& root, const std::string& path) {
    if (!named_descriptor(path)) {
        auto target = real_target(path);
        if (!within(target, root).empty()) return target;
    }
    throw Error(ErrorKind::bad_record, "output_path",
                path + " does not lead into " + root + ", which --output-root demands");
}

// A job that names the stream of jobs would have the others read as a preset, or overwritten.
void refuse_jobs_as_file(const RenderJob& job, const struct stat& jobs) {
    const std::pair<std::string, const std::optional<std::string>&> read[] = {
        {"preset_path", job.preset_path},       {"state_path", job.state_path},
        {"midi_path", job.midi_path},           {"input_path", job.input_path},
        {"sidechain_path", job.sidechain_path}, {"plugin_path", job.plugin_path}};
    for (const auto& [key, path] : read)
        if (path) refuse_as_file(jobs, key, *path == "-" ? "/dev/stdin" : *path);
    for (const auto& link : job.chain)
        for (const auto& path : {link.preset_path, link.state_path})
            if (path) refuse_as_file(jobs, "chain", *path);
    // A socket may be standard output as well.
    if (!S_ISSOCK(jobs.st_mode)) refuse_as_file(jobs, "output_path", job.output_path);
}

void refuse_same_file(std::string_view key, const std::optional<std::string>& path,
                      const std::string& output_path) {
    if (path && same_regular_file(*path, output_path))
        throw Error(ErrorKind::bad_record, "output_path",
                    output_path + " is the job's " + std::string(key) +
                        ", which would be lost; name another file");
}

// The audio would replace what it is made from.
void refuse_input_as_output(const RenderJob& job) {
    const std::pair<std::string_view, const std::optional<std::string>&> read[] = {
        {"preset_path", job.preset_path},
        {"state_path", job.state_path},
        {"midi_path", job.midi_path},
        {"input_path", job.input_path},
        {"sidechain_path", job.sidechain_path}};
    for (const auto& [key, path] : read) refuse_same_file(key, path, job.output_path);
    for (const auto& link : job.chain)
        for (const auto& path : {link.preset_path, link.state_path})
            refuse_same_file("preset in chain", path, job.output_path);
}

}  // namespace

std::string output_root(const std::string& given) {
    std::error_code unseen;
    const auto root = std::filesystem::canonical(given, unseen);
    if (unseen || !std::filesystem::is_directory(root, unseen))
        throw UsageError("--output-root: '" + given +
                         "' is not a folder; make it, or name another");
    if (!is_utf8(root.string()))
        throw UsageError("--output-root: '" + printable(root.string()) +
                         "' is not UTF-8, which JSON requires; name another folder");
    return root.string();
}

void check_limits(RenderJob& job, const JobLimits& limits) {
    if (limits.refuse_record_plugins && (job.plugin_path || !job.chain.empty()))
        throw Error(ErrorKind::bad_record, job.plugin_path ? "plugin_path" : "chain",
                    "is refused by --no-record-plugins: only the plug-ins of options are loaded");
    if (limits.jobs) refuse_jobs_as_file(job, *limits.jobs);
    refuse_input_as_output(job);
    if (limits.output_root.empty()) return;
    const auto target = target_within(limits.output_root, job.output_path);
    if (!is_utf8(target))
        throw Error(ErrorKind::io, job.output_path, "leads to a path that is not UTF-8");
    job.output_path = target;
}

void check_plugin_is_kept(const RenderJob& job, const Source& plugin) {
    std::error_code unseen;
    if (!std::filesystem::is_regular_file(job.output_path, unseen)) return;
    for (const auto& path : plugin.files) refuse_same_file("plug-in", path, job.output_path);
}

}  // namespace patchpipe
