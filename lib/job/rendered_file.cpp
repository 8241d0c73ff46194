// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/rendered_file.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "audio/audio_reader.h"
#include "audio/cut_audio.h"
#include "audio/meter.h"
#include "audio/read_tags.h"
#include "base/json.h"
#include "job/provenance.h"
#include "job/result_fields.h"

namespace patchpipe {
namespace {

constexpr std::string_view result_member = ",\"result\":";

// The longest that "result" and "file" can be without the plug-in's name, and some spare bytes.
constexpr std::size_t room_for_results = 512;

// The provenance without its closing brace: a note goes on from there.
std::string_view opened(std::string_view provenance) {
    return provenance.substr(0, provenance.size() - 1);
}

bool is_note_of(std::string_view comment, std::string_view provenance) {
    const auto begin = opened(provenance);
    return comment.starts_with(begin) && comment.substr(begin.size()).starts_with(result_member);
}

FileBody body_from(const Record& file) {
    return {.bytes = file.integer("bytes").value_or(-1),
            .begin = file.integer("body").value_or(-1),
            .hash = file.text("hash").value_or("")};
}

// Other programs write comments too: one that is not our note is ignored.
std::optional<Record> read_note(const std::string& path, std::string_view comment,
                                const std::stop_token& given_up) try {
    const Record note(comment);
    const auto result = note.raw("result"), file = note.raw("file");
    if (!result || !file || !has_body(path, body_from(Record(*file)), given_up)) return {};
    return measured_fields(Record(*result));
} catch (const Error&) {
    return {};
}

// A path that cannot be examined counts as missing: writing to it then reports why.
bool is_regular_file(const std::string& path) {
    std::error_code unseen;
    return std::filesystem::is_regular_file(path, unseen) && !unseen;
}

// Throws Error corrupt if there are fewer frames than the header says, or if it was given up.
Meter measured(AudioReader& reader, const std::stop_token& given_up) {
    constexpr int block_frames = 4096;
    const auto channels = static_cast<std::size_t>(reader.channels());
    std::vector<double> block(channels * block_frames);
    std::vector<float> samples;
    Meter meter;
    std::int64_t frames_left = reader.frames();
    while (const int frames =
               given_up.stop_requested() ? 0 : reader.read(block.data(), block_frames)) {
        samples.assign(block.begin(),
                       block.begin() + static_cast<std::ptrdiff_t>(
                                           channels * static_cast<std::size_t>(frames)));
        meter.add(samples);
        frames_left -= frames;
    }
    if (frames_left != 0) throw Error(ErrorKind::corrupt, "audio", "is cut short");
    return meter;
}

// Of any origin, but in the job's format: its name would mislead other programs. A file without a
// note in which every sample is zero may be silent, or have lost its samples when the machine went
// down: nobody can tell.
bool is_whole_audio(const RenderJob& job, const std::stop_token& given_up) try {
    if (is_cut_audio(job.output_path)) return false;
    AudioReader reader(job.output_path);
    return reader.container() && suffix_of(*reader.container()) == suffix_of(job.container) &&
           measured(reader, given_up).peak() > 0;
} catch (const Error&) {
    return false;
}

}  // namespace

std::size_t note_room(std::string_view provenance, std::string_view plugin) {
    return provenance.size() + json_text(plugin).size() + room_for_results;
}

std::string render_note(std::string_view provenance, const Record& result, const FileBody& body) {
    Record file("{}");
    file.set("bytes", body.bytes);
    file.set("body", body.begin);
    file.set("hash", body.hash);
    return std::string(opened(provenance)) + std::string(result_member) + result.line() +
           ",\"file\":" + file.line() + "}";
}

std::optional<Record> noted_result(const RenderJob& job, const std::stop_token& given_up) {
    if (!is_regular_file(job.output_path)) return {};
    const auto comment = audio_comment(job.output_path, job.container);
    if (comment && comment->starts_with(provenance_begin) &&
        comment->find(result_member) != std::string::npos)
        return read_note(job.output_path, *comment, given_up);
    return is_whole_audio(job, given_up) ? std::optional(Record("{}")) : std::nullopt;
}

std::optional<Record> known_result(const RenderJob& job, std::string_view provenance,
                                   const std::stop_token& given_up) {
    if (!is_regular_file(job.output_path)) return {};
    const auto comment = audio_comment(job.output_path, job.container);
    if (!comment || !is_note_of(*comment, provenance)) return {};
    return read_note(job.output_path, *comment, given_up);
}

}  // namespace patchpipe
