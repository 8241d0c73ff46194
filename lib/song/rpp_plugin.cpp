// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/rpp_plugin.h"

#include <algorithm>
#include <vector>

#include "base/base64.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/number.h"
#include "file/content_hash.h"
#include "file/whole_file.h"
#include "preset/fxp.h"
#include "song/rpp_lv2.h"

namespace patchpipe {
namespace {

// A state is held in memory; more than that is left as raw lines.
constexpr std::size_t most_state = std::size_t{256} << 20;

constexpr std::string_view blocks[] = {"VST", "CLAP", "LV2",          "JS",
                                       "AU",  "DX",   "VIDEO_EFFECT", "CONTAINER"};

bool is_instrument(std::string_view name) {
    const auto colon = name.find(':');
    return colon != name.npos && colon > 1 && name[colon - 1] == 'i';
}

std::string pins_json(const std::vector<std::uint64_t>& pins) {
    std::string json = "[";
    for (const auto pin : pins) json += (json.size() > 1 ? "," : "") + std::to_string(pin);
    return json + "]";
}

class PluginReader {
 public:
    PluginReader(RppReading& reading, RecordLine& record, const std::string& id)
        : reading_(reading), record_(record), state_lines_(id + ".state") {}

    void read(const RppLine& header, const RppValues& values) {
        fields_.split(header.text());
        tag_ = fields_.text(0);
        number_ = header.source.number;
        if (tag_ == "VST")
            read_vst(values);
        else if (tag_ == "CLAP")
            read_clap(values);
        else if (tag_ == "JS")
            read_js(values);
        else if (tag_ == "LV2")
            read_lv2(values);
        else if (tag_ == "AU")
            read_au(values);
        else
            read_other(values);
    }

 private:
    void put_name(std::string_view kind) {
        const auto custom = custom_name_place(tag_);
        record_.text("plugin_kind", kind).text("name", fields_.text(1));
        if (is_instrument(fields_.text(1))) record_.flag("instrument", true);
        if (!fields_.text(custom).empty()) record_.text("custom_name", fields_.text(custom));
    }

    void write(const RppValues& values) {
        values.put(record_);
        reading_.write(record_.line());
    }

    // <VST "display" file 0 "custom" ID "">
    void read_vst(const RppValues& values) {
        const auto id = parse_reaper_vst_id(fields_.text(5));
        const bool vst3 = id.vst3 || fields_.text(1).starts_with("VST3");
        put_name(vst3 ? "vst3" : "vst2");
        record_.text("plugin_path", fields_.text(2));
        if (!vst3 && id.number != 0) record_.text("plugin_id", plugin_id_text(id.number));
        if (vst3 && !id.digits.empty()) record_.text("plugin_id", id.digits);
        record_.text("reaper_id", fields_.text(5));
        std::vector<std::string> lines;
        std::string bytes;
        const bool coded = take_base64(lines, bytes);
        if (lines.empty()) return write(values);
        const auto chunk = coded ? parse_vst_chunk(bytes, vst3) : std::nullopt;
        // A plug-in that has saved nothing has no state that could be loaded.
        if (chunk && !vst3 && !chunk->parameters && chunk->body.empty())
            return write_with_lines(values, lines);
        const auto state = chunk ? contained_state(*chunk) : std::nullopt;
        if (!state) return write_undecoded(values, lines);
        put_state(state->bytes, state->suffix);
        record_.text("program", chunk->program());
        record_.json("reaper", reaper_json(*chunk));
        write(values);
    }

    // The lines of the block, and the bytes that they are in base64, each line by itself.
    bool take_base64(std::vector<std::string>& lines, std::string& bytes) {
        bool good = true;
        std::size_t size = 0;
        reading_.walk.pass([&](const RppLine& line) {
            size += line.text().size();
            if (size > most_state) good = false;
            if (reading_.walk.depth() < depth_) return;
            if (size <= most_state) lines.emplace_back(line.text());
            const auto part =
                line.kind == RppKind::plain ? from_base64(rpp_body(line.text())) : std::nullopt;
            good = good && part;
            if (good) bytes += *part;
        });
        return good;
    }

    void write_undecoded(const RppValues& values, const std::vector<std::string>& lines) {
        reading_.complain(number_,
                          "has a state that cannot be decoded, and whose lines are left as they "
                          "are; REAPER may not load it either");
        write_with_lines(values, lines);
    }

    void write_with_lines(const RppValues& values, const std::vector<std::string>& lines) {
        write(values);
        auto number = number_;
        for (const auto& text : lines)
            reading_.raw(
                {.source = {.text = text, .end = "\n", .number = ++number}, .kind = RppKind::plain},
                state_lines_);
    }

    void put_state(std::string_view bytes, std::string_view suffix) {
        if (!reading_.options.states) {
            record_.text("state", to_base64(bytes));
            return;
        }
        auto hash = content_hash(bytes);
        hash.erase(0, hash.find(':') + 1);
        const auto path = *reading_.options.states + "/" + hash + std::string(suffix);
        write_whole_file(path, bytes);
        record_.text("state_path", path);
    }

    // <CLAP "display" id "custom">, with the state in a block of its own.
    void read_clap(const RppValues& values) {
        put_name("clap");
        record_.text("plugin_id", fields_.text(2));
        std::string bytes;
        bool has_state = false, good = true;
        std::vector<std::string> lines;
        while (const auto line = reading_.walk.next()) {
            if (line->kind != RppKind::open || line->tag() != "STATE" || has_state) {
                line->kind == RppKind::open ? reading_.raw_block(*line, state_lines_)
                                            : reading_.raw(*line, state_lines_);
                continue;
            }
            has_state = true;
            depth_ = reading_.walk.depth();
            good = take_base64(lines, bytes);
        }
        if (!good) return write_undecoded(values, lines);
        if (has_state) {
            put_state(bytes, ".bin");
            record_.text("state_format", "raw");
        }
        write(values);
    }

    // <JS file "comment">, a line with the sliders, - for those that are not there.
    void read_js(const RppValues& values) {
        put_name("js");
        std::string sliders;
        bool first = true;
        while (const auto line = reading_.walk.next()) {
            if (line->kind == RppKind::open)
                reading_.raw_block(*line, state_lines_);
            else if (!first || line->kind != RppKind::plain)
                reading_.raw(*line, state_lines_);
            else
                sliders = sliders_json(*line);
            first = first && sliders.empty();
        }
        if (!sliders.empty()) record_.json("parameters", sliders);
        write(values);
    }

    static std::string sliders_json(const RppLine& line) {
        RppFields fields;
        fields.split(line.text());
        std::string json = "[";
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i > 0) json += ',';
            const auto number = parse_number(fields.text(i));
            json += fields.text(i) == "-" ? "null"
                    : number              ? json_number(*number)
                                          : json_text(text_as_utf8(fields.text(i)));
        }
        return json + "]";
    }

    // <LV2 "display" URI "custom">, lines with the values of ports, and a state of the plug-in's
    // own, which stays as it is.
    void read_lv2(const RppValues& values) {
        put_name("lv2");
        const std::string uri(fields_.text(2));
        record_.text("plugin_path", uri).text("plugin_id", uri);
        PortValues ports;
        RppFields fields;
        while (const auto line = reading_.walk.next()) {
            if (line->kind == RppKind::open)
                reading_.raw_block(*line, state_lines_);
            else if (line->kind != RppKind::plain || !fields.split(line->text()) ||
                     !add_port_values(fields, ports))
                reading_.raw(*line, state_lines_);
        }
        if (!ports.empty()) record_.json("ports", port_values_json(ports));
        const auto state = ports.empty() ? "" : lv2_state(uri, ports);
        if (!state.empty()) put_state(state, ".ttl");
        write(values);
    }

    // <AU "display" "maker: name" "custom" type subtype maker>, the last three as numbers of four
    // letters each. The state is of a property list of Apple's, and stays as it is.
    void read_au(const RppValues& values) {
        put_name("au");
        std::string id;
        for (std::size_t i = 4; i <= 6 && fields_.number(i) > 0; ++i)
            id += (id.empty() ? "" : " ") +
                  plugin_id_text(static_cast<std::uint32_t>(fields_.number(i)));
        if (!id.empty()) record_.text("plugin_id", id);
        record_.text("reaper_id", fields_.text(2));
        write(values);
        raw_lines();
    }

    // How REAPER stores other states is not published.
    void read_other(const RppValues& values) {
        std::string kind(tag_);
        std::transform(kind.begin(), kind.end(), kind.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        put_name(kind);
        if (fields_.size() > 2) record_.text("plugin_id", fields_.text(2));
        write(values);
        raw_lines();
    }

    void raw_lines() {
        while (const auto line = reading_.walk.next())
            line->kind == RppKind::open ? reading_.raw_block(*line, state_lines_)
                                        : reading_.raw(*line, state_lines_);
    }

    RppReading& reading_;
    RecordLine& record_;
    std::string state_lines_;
    RppFields fields_;
    std::string_view tag_;
    std::int64_t number_ = 0;
    std::size_t depth_ = reading_.walk.depth();  // of the block with the state
};

}  // namespace

bool is_plugin_block(std::string_view tag) {
    return std::find(std::begin(blocks), std::end(blocks), tag) != std::end(blocks);
}

std::size_t custom_name_place(std::string_view tag) {
    if (tag == "VST") return 4;
    return tag == "JS" ? 2 : 3;
}

void read_plugin(RppReading& reading, const RppLine& header, RecordLine& record,
                 const RppValues& values, const std::string& id) {
    PluginReader(reading, record, id).read(header, values);
}

std::string reaper_json(const VstChunk& chunk) {
    return "{\"inputs\":" + pins_json(chunk.inputs) + ",\"outputs\":" + pins_json(chunk.outputs) +
           ",\"version\":" + std::to_string(chunk.version) +
           ",\"flags\":" + std::to_string(chunk.flags) +
           ",\"parameters\":" + json_flag(chunk.parameters) + ",\"trailer\":\"" +
           to_hex(chunk.trailer) + "\"}";
}

ReaperVstId parse_reaper_vst_id(std::string_view text) {
    ReaperVstId id;
    const auto bracket = text.find_first_of("<{");
    id.number = parse_whole<std::uint32_t>(text.substr(0, bracket)).value_or(0);
    if (bracket == text.npos) return id;
    id.vst3 = text[bracket] == '{';
    const auto digits = text.substr(bracket + 1);
    id.digits = digits.substr(0, digits.find_first_of(">}"));
    return id;
}

}  // namespace patchpipe
