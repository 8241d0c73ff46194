// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "edit/edited_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "audio/measures.h"
#include "audio/record_tags.h"
#include "base/error.h"
#include "base/utf8.h"
#include "edit/audio_file.h"
#include "edit/write_audio.h"
#include "file/absolute.h"
#include "record/audio_key.h"
#include "record/record_stream.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

using Container = AudioFormat::Container;
using Depth = AudioFormat::Depth;

std::string input_of(const Record& record, const std::optional<struct stat>& records) {
    const auto key = audio_key(record);
    const auto path = record.path(key).value_or("");
    if (path.empty()) throw Error(ErrorKind::bad_record, key, "is empty; name an audio file");
    if (records) refuse_as_file(*records, key, path);
    return path;
}

// The rate of an npy file is that of its record, or the usual one for a render.
std::optional<int> npy_rate(const Record& record) {
    if (!record.raw("sample_rate") && audio_key(record) == input_key) return {};
    return static_cast<int>(number_setting(record, "sample_rate"));
}

std::string without_suffix(std::string_view path) {
    const auto name = file_name(path);
    const auto dot = name.rfind('.');
    const auto cut = dot == name.npos || dot == 0 ? 0 : name.size() - dot;
    return std::string(path.substr(0, path.size() - cut));
}

// The path as far as it is known before the format is.
std::optional<std::string> named_output(const Record& record, const EditTarget& target) {
    if (target.path && !target.is_folder) return target.path;
    if (target.path) return {};
    const auto path = record.path("output_path");
    if (!path || path->empty())
        throw Error(ErrorKind::bad_record, "output_path", "is missing; set it, or give -o FOLDER");
    return path;
}

// Other programs open a file by its suffix, so the wrong one would make it unreadable to them.
Container checked(Container container, std::optional<Container> named) {
    if (named && suffix_of(*named) != suffix_of(container))
        throw Error(ErrorKind::bad_record, "format",
                    "is " + std::string(container_name(container)) +
                        ", but the name of the output ends in ." + std::string(suffix_of(*named)) +
                        "; change one of them");
    return container;
}

// As the option says; or the name that is an option; or the record; or the name in it; or as the
// input is.
Container output_container(const Record& record, const Record& wanted, const EditTarget& target,
                           const std::optional<std::string>& output, const AudioFile& input) {
    const bool is_option = wanted.raw("format") != record.raw("format");
    const auto named =
        output ? container_to_write(*output, wanted.raw("format").has_value()) : std::nullopt;
    if (named && target.path && !is_option) return *named;
    if (wanted.raw("format"))
        return checked(container_named(text_setting(wanted, "format")), named);
    return named.value_or(input.reader().container().value_or(Container::wav));
}

Depth output_depth(const Record& wanted, Container container, const AudioFile& input) {
    if (wanted.raw("bit_depth")) return depth_named(text_setting(wanted, "bit_depth"));
    const auto depth = input.reader().depth().value_or(Depth::pcm16);
    return container == Container::flac && depth == Depth::float32 ? Depth::pcm24 : depth;
}

bool changes_times(const EditSettings& edit, const AudioSource& input) {
    return edit.start || edit.end || edit.length || edit.reverse ||
           edit.trim_silence != EditSettings::Ends::none || edit.cut != EditSettings::Cut::none ||
           (edit.sample_rate && *edit.sample_rate != input.sample_rate());
}

// Those of the input, and of the record, which win.
AudioTags output_tags(const Record& wanted, const EditSettings& edit, const AudioFile& input,
                      std::string_view own_comment, Container container) {
    auto tags = input.reader().tags();
    if (!own_comment.empty() && tags.comment.starts_with(own_comment)) tags.comment.clear();
    tags.comment = cut_to(tags.comment, most_comment(container));
    if (changes_times(edit, input)) remove_loops(tags);
    set_record_tags(tags, wanted);
    return tags;
}

// Many files cannot be one stream.
void refuse_stream(const std::string& path) {
    if (path == "-" || named_descriptor(path))
        refuse_unsupported(path,
                           "is one stream, and a cut makes several files; give a file's name, "
                           "or join the pieces with seed");
}

AudioFormat output_format(const Record& record, const Record& wanted, const EditSettings& edit,
                          const EditTarget& target, const std::optional<std::string>& output,
                          const AudioFile& input) {
    AudioFormat format{.container = output_container(record, wanted, target, output, input)};
    format.depth = output_depth(wanted, format.container, input);
    format.sample_rate = edit.sample_rate.value_or(input.sample_rate());
    if (wanted.raw("quality")) format.quality = number_setting(wanted, "quality");
    if (wanted.raw("bitrate")) format.bitrate = static_cast<int>(number_setting(wanted, "bitrate"));
    format.tags = output_tags(wanted, edit, input, target.own_comment, format.container);
    check_container(format);
    return format;
}

// "out/loop.wav" as "out/loop-007.wav".
std::string piece_path(const std::string& path, const EditedPiece& piece) {
    constexpr std::size_t least_digits = 3;
    const auto number = std::to_string(piece.number);
    const auto digits = std::max(least_digits, std::to_string(piece.count).size());
    const auto stem = without_suffix(path);
    return stem + "-" + std::string(digits - number.size(), '0') + number +
           path.substr(stem.size());
}

// Edits that have been made, which a later tool must not make again.
constexpr std::string_view made[] = {"start",        "end",     "length",    "channel_map",
                                     "trim_silence", "reverse", "cut",       "seed",
                                     "crossfade",    "fade_in", "fade_out",  "gain_db",
                                     "normalize",    "dither",  "audio_tags"};

Record result_of(const Record& record, const std::string& path, const AudioSource& audio,
                 const AudioFormat& format, const Meter& meter) {
    auto result = record;
    if (audio_key(record) == input_key) {
        result.set("source_path", record.text(input_key).value_or(""));
        result.remove(input_key);
    }
    for (const auto key : made) result.remove(key);
    for (const auto* key : {"error_kind", "error"}) result.remove(key);
    result.set("output_path", path);
    result.set("status", "ok");
    result.set("format", container_name(format.container));
    if (has_depth(format.container)) result.set("bit_depth", depth_name(format.depth));
    result.set("sample_rate", audio.sample_rate());
    result.set("frames", audio.frames());
    result.set("channels", audio.channels());
    set_measures(result, meter, format.depth);
    return result;
}

}  // namespace

bool has_audio(const Record& record) {
    return record.raw("input_path") || record.raw("output_path");
}

void edit_file(const Record& record, const Record& wanted, const EditTarget& target,
               const std::function<void(const Record&)>& done) {
    const auto edit = read_edit_settings(wanted);
    const bool dither = flag_setting(wanted, "dither");
    const auto path = input_of(record, target.records);
    auto input = std::make_unique<AudioFile>(path, npy_rate(record));
    const auto named = named_output(record, target);
    const auto format = output_format(record, wanted, edit, target, named, *input);
    const auto output = named ? *named
                              : *target.path + "/" + std::string(file_name(without_suffix(path))) +
                                    "." + std::string(suffix_of(format.container));
    const bool in_pieces = edit.cut != EditSettings::Cut::none && !edit.seed;
    if (in_pieces) refuse_stream(output);
    edit_audio(std::move(input), edit, [&](Audio audio, const EditedPiece& piece) {
        const auto file = in_pieces ? piece_path(output, piece) : output;
        if (target.check) target.check(file);
        const auto meter = write_audio(*audio, file, format, dither, target.sync);
        auto result = result_of(record, file, *audio, format, meter);
        if (in_pieces) {
            result.set("piece", static_cast<std::int64_t>(piece.number));
            result.set("pieces", static_cast<std::int64_t>(piece.count));
            result.set("piece_start", piece.start);
        }
        done(result);
    });
}

}  // namespace patchpipe
