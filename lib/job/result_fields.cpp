// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/result_fields.h"

#include <initializer_list>
#include <span>

#include "base/json.h"

namespace patchpipe {
namespace {

enum class Type { integer, real, level, flag, text, list, object };

struct Field {
    std::string_view key;
    Type type;
};

constexpr Field measure_fields[] = {{"frames", Type::integer},
                                    {"channels", Type::integer},
                                    {"peak", Type::real},
                                    {"rms_db", Type::level},
                                    {"clipped_samples", Type::integer},
                                    {"silent", Type::flag},
                                    {"audio_hash", Type::text},
                                    {"tail_seconds", Type::real},
                                    {"tail_ended", Type::flag},
                                    {"latency_frames", Type::integer},
                                    {"unchanged", Type::flag},
                                    {"parameters_taken", Type::object},
                                    {"chain_taken", Type::list},
                                    {"repeatable", Type::flag},
                                    {"plugin", Type::text}};

constexpr Field times[] = {
    {"load_ms", Type::real}, {"render_ms", Type::real}, {"write_ms", Type::real}};

constexpr Field described[] = {{"plugin_format", Type::text},
                               {"name", Type::text},
                               {"vendor", Type::text},
                               {"version", Type::text},
                               {"plugin_id", Type::text},
                               {"is_instrument", Type::flag},
                               {"channels", Type::integer},
                               {"inputs", Type::integer},
                               {"sidechain_inputs", Type::integer},
                               {"buses", Type::list},
                               {"latency_frames", Type::integer},
                               {"program_count", Type::integer},
                               {"parameter_count", Type::integer},
                               {"has_state", Type::flag},
                               {"parameters", Type::list},
                               {"programs", Type::list},
                               // of a Faust program (faust/details.h)
                               {"metadata", Type::object},
                               {"sha", Type::text},
                               {"voices", Type::integer},
                               {"interface", Type::list},
                               {"libraries", Type::list},
                               {"include_paths", Type::list},
                               {"compiler", Type::text},
                               {"compiled_with", Type::text},
                               {"warnings", Type::list},
                               // of a logic library (logic/processor.cpp)
                               {"sample_bits", Type::integer},
                               {"tail_frames", Type::integer},
                               // of both
                               {"meters", Type::list}};

constexpr Field playing_fields[] = {{"channels", Type::integer},
                                    {"latency_frames", Type::integer},
                                    {"least_ns", Type::real},
                                    {"median_ns", Type::real},
                                    {"calls", Type::list}};

// The JSON text of a value as we write it; empty if the record has no such field.
std::string json_of(const Record& given, const Field& field) {
    const auto raw = given.raw(field.key);
    if (field.type == Type::level && !raw) return "null";  // no level: silence
    if (!raw) return "";
    switch (field.type) {
        case Type::integer:
            return json_number(*given.integer(field.key));
        case Type::real:
        case Type::level:
            return json_number(*given.number(field.key));
        case Type::flag:
            return json_flag(*given.flag(field.key));
        case Type::text:
            return json_text(*given.text(field.key));
        case Type::list:
        case Type::object:
            if (!raw->starts_with(field.type == Type::list ? '[' : '{') ||
                raw->find('\n') != raw->npos)
                throw Error(ErrorKind::bad_record, field.key,
                            field.type == Type::list ? "must be a list" : "must be an object");
            return std::string(*raw);
    }
    return "";
}

void take(Record& fields, const Record& given, std::span<const Field> wanted) {
    for (const auto& field : wanted)
        if (const auto json = json_of(given, field); !json.empty())
            fields.set_json(field.key, json);
}

}  // namespace

Record measured_fields(const Record& given) {
    Record fields("{}");
    take(fields, given, measure_fields);
    return fields;
}

Record measured_and_timed_fields(const Record& given) {
    auto fields = measured_fields(given);
    take(fields, given, times);
    return fields;
}

Record described_fields(const Record& given) {
    Record fields("{}");
    take(fields, given, described);
    return fields;
}

Record played_fields(const Record& given) {
    Record fields("{}");
    take(fields, given, playing_fields);
    return fields;
}

void forget_result(Record& record) {
    for (const auto fields :
         {std::span<const Field>(measure_fields), std::span<const Field>(times)})
        for (const auto& field : fields) record.remove(field.key);
    // Without an error these three are the user's.
    if (record.raw("error_kind"))
        for (const auto* key : {"error_path", "line", "column"}) record.remove(key);
    for (const auto* key : {"sandbox", "isolation", "error_kind", "error"}) record.remove(key);
    // In other records these two are the user's.
    if (record.raw("status") == "\"skipped\"") record.remove("reason");
    if (record.raw("event") == "\"job_start\"") record.remove("event");
}

}  // namespace patchpipe
