// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/tag_chunks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "audio/vorbis_comment.h"
#include "base/byte_order.h"
#include "base/utf8.h"

namespace patchpipe {
namespace {

constexpr std::string_view comment_prefix = "COMMENT=";
constexpr double whole_semitone = 4294967296.0;  // of the pitch fraction in smpl

// An entry that is not in the table keeps its own name.
bool is_info_id(std::string_view name) {
    return name.size() == 4 && name[0] == 'I' && name != "ICMT" && is_tag_name(name) &&
           name.find_first_of(" -_") == name.npos && !tag_place(&TagPlace::info, name);
}

std::string_view info_id(std::string_view name) {
    if (const auto* place = tag_place(&TagPlace::name, name)) return place->info;
    return is_info_id(name) ? name : std::string_view();
}

void pad_to_even(std::string& bytes) {
    if (bytes.size() % 2 != 0) bytes += '\0';
}

void append_info(std::string& bytes, std::string_view id, std::string_view text) {
    bytes += id;
    append_little_endian(bytes, static_cast<std::uint32_t>(text.size() + 1));
    bytes += text;
    bytes += '\0';
    pad_to_even(bytes);
}

void append_summary(std::string& bytes, std::string_view id, std::string_view text) {
    const auto wide = utf16(text);
    bytes += id;
    append_little_endian(bytes, static_cast<std::uint32_t>(wide.size()));
    bytes += wide;
}

void append_aiff_text(std::string& bytes, std::string_view id, std::string_view text) {
    bytes += id;
    append_big_endian(bytes, static_cast<std::uint32_t>(text.size()));
    bytes += text;
    pad_to_even(bytes);
}

char32_t next_character(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t character = size == 1 ? lead : lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size && i < text.size(); ++i)
        character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    text.remove_prefix(std::min(size, text.size()));
    return character;
}

// In an ANNO chunk "GENRE=Ambient" is a field, and other text the comment.
bool begins_like_field(std::string_view text) {
    const auto equals = text.find('=');
    return equals != text.npos && is_tag_name(text.substr(0, equals));
}

int loop_mode(const SampledNote::Loop& loop) {
    return loop.kind == SampledNote::LoopKind::alternating ? 2 : 1;
}

constexpr std::size_t inst_size = 7, aiff_inst_size = 20;
constexpr int most_value = 127;  // of MIDI

int at(std::string_view bytes, std::size_t index) { return static_cast<signed char>(bytes[index]); }

// Other programs leave fields that they do not use at any value.
bool is_possible(const SampledNote& sampled) {
    const auto values = {sampled.note, sampled.low_note, sampled.high_note, sampled.low_velocity,
                         sampled.high_velocity};
    constexpr int most_cents = 50;
    return std::all_of(values.begin(), values.end(), [](int value) { return value >= 0; }) &&
           std::abs(sampled.cents) <= most_cents;
}

std::optional<SampledNote> if_possible(SampledNote sampled) {
    return is_possible(sampled) ? std::optional(std::move(sampled)) : std::nullopt;
}

std::optional<SampledNote> parse_inst(std::string_view bytes) {
    return if_possible({.note = at(bytes, 0),
                        .cents = at(bytes, 1),
                        .low_note = at(bytes, 3),
                        .high_note = at(bytes, 4),
                        .low_velocity = at(bytes, 5),
                        .high_velocity = at(bytes, 6),
                        .gain_db = at(bytes, 2)});
}

std::optional<SampledNote> parse_smpl(std::string_view bytes, bool big_endian) {
    constexpr std::size_t header = 36, loop_size = 24, most_loops = 1000;
    if (bytes.size() < header) return {};
    const auto number = [&](std::size_t offset) {
        return big_endian ? read_big_endian<std::uint32_t>(bytes.substr(offset))
                          : read_little_endian<std::uint32_t>(bytes.substr(offset));
    };
    const auto note = number(12);
    if (note > most_value) return {};
    SampledNote sampled{.note = static_cast<int>(note)};
    sampled.cents = static_cast<int>(std::lround(number(16) / whole_semitone * 100));
    if (sampled.cents > 50 && sampled.note < most_value) {
        ++sampled.note;
        sampled.cents -= 100;
    }
    sampled.cents = std::min(sampled.cents, 50);
    const auto count =
        std::min<std::size_t>({number(28), most_loops, (bytes.size() - header) / loop_size});
    for (std::size_t i = 0; i < count; ++i) {
        const auto loop = header + i * loop_size;
        const auto kind = number(loop + 4);
        if (kind > 2 || number(loop + 12) < number(loop + 8)) continue;
        sampled.loops.push_back({.kind = static_cast<SampledNote::LoopKind>(kind),
                                 .begin = number(loop + 8),
                                 .end = std::int64_t{number(loop + 12)} + 1,
                                 .count = number(loop + 20)});
    }
    return sampled;
}

// The position of the mark with that id.
std::optional<std::int64_t> mark_position(std::string_view marks, std::uint16_t id) {
    constexpr std::size_t before_name = 6;
    if (marks.size() < 2) return {};
    marks.remove_prefix(2);
    while (marks.size() > before_name) {
        if (read_big_endian<std::uint16_t>(marks) == id)
            return read_big_endian<std::uint32_t>(marks.substr(2));
        const auto name = static_cast<unsigned char>(marks[before_name]) | 1U;  // padded
        marks.remove_prefix(std::min<std::size_t>(marks.size(), before_name + 1 + name));
    }
    return {};
}

std::optional<SampledNote> parse_aiff_instrument(std::string_view inst, std::string_view marks) {
    if (inst.size() < aiff_inst_size) return {};
    SampledNote sampled{.note = at(inst, 0),
                        .cents = at(inst, 1),
                        .low_note = at(inst, 2),
                        .high_note = at(inst, 3),
                        .low_velocity = at(inst, 4),
                        .high_velocity = at(inst, 5)};
    const auto number = [&](std::size_t offset) {
        return read_big_endian<std::uint16_t>(inst.substr(offset));
    };
    sampled.gain_db = std::clamp(int{static_cast<std::int16_t>(number(6))}, -128, 127);
    for (const std::size_t loop : {8, 14}) {
        const auto begin = mark_position(marks, number(loop + 2));
        const auto end = mark_position(marks, number(loop + 4));
        if (number(loop) == 0 || number(loop) > 2 || !begin || !end || *begin >= *end) continue;
        sampled.loops.push_back({.kind = number(loop) == 2 ? SampledNote::LoopKind::alternating
                                                           : SampledNote::LoopKind::forward,
                                 .begin = *begin,
                                 .end = *end});
    }
    return if_possible(sampled);
}

// The entries of INFO, or of a summary list.
void add_entries(AudioTags& tags, std::string_view entries, bool big_endian, bool wide) {
    constexpr std::size_t header = 8;
    while (entries.size() >= header) {
        const auto id = entries.substr(0, 4);
        const auto number = entries.substr(4);
        const std::size_t size = big_endian ? read_big_endian<std::uint32_t>(number)
                                            : read_little_endian<std::uint32_t>(number);
        entries.remove_prefix(header);
        const auto text = entries.substr(0, size);
        const auto* place = tag_place(&TagPlace::info, id);
        add_text(tags,
                 id == "ICMT" ? "COMMENT"
                 : place      ? place->name
                              : id,
                 wide ? from_utf16(text, false) : std::string(text));
        entries.remove_prefix(std::min(entries.size(), wide ? size : size + size % 2));
    }
}

void add_annotation(AudioTags& tags, std::string_view text) {
    const auto equals = text.find('=');
    if (begins_like_field(text))
        add_text(tags, text.substr(0, equals), text.substr(equals + 1));
    else
        add_text(tags, "COMMENT",
                 text.starts_with(comment_prefix) ? text.substr(comment_prefix.size()) : text);
}

}  // namespace

std::string from_utf16(std::string_view bytes, bool big_endian) {
    std::string text;
    const auto unit_at = [&](std::size_t at) -> char32_t {
        return big_endian ? read_big_endian<std::uint16_t>(bytes.substr(at))
                          : read_little_endian<std::uint16_t>(bytes.substr(at));
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        const auto unit = unit_at(at);
        if (unit == 0) break;
        const bool high = unit >= 0xd800 && unit < 0xdc00;
        const auto low = high && at + 3 < bytes.size() ? unit_at(at + 2) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
            append_utf8(text, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
            at += 2;
        } else if (unit < 0xd800 || unit >= 0xe000) {
            append_utf8(text, unit);
        }
    }
    return text;
}

std::string utf16(std::string_view text) {
    std::string units;
    const auto append = [&](char32_t unit) {
        append_little_endian(units, static_cast<std::uint16_t>(unit));
    };
    while (!text.empty()) {
        const auto character = next_character(text);
        constexpr char32_t first_pair = 0x10000;
        if (character < first_pair) {
            append(character);
        } else {
            append(0xd800 + ((character - first_pair) >> 10));
            append(0xdc00 + ((character - first_pair) & 0x3ff));
        }
    }
    return units;
}

TagBytes info_list(const AudioTags& tags) {
    TagBytes texts{"INFO"};
    for (const auto& field : tags.fields)
        if (const auto id = info_id(field.name); !id.empty())
            append_info(texts.bytes, id, field.value);
    if (!tags.comment.empty()) {
        texts.comment_begin = texts.bytes.size() + 8;
        texts.comment_size = tags.comment.size();
        append_info(texts.bytes, "ICMT", tags.comment);
    }
    if (texts.bytes.size() == 4) texts.bytes.clear();
    return texts;
}

TagBytes summary_list(const AudioTags& tags) {
    TagBytes texts;
    append_little_endian(texts.bytes, texts.count);
    for (const auto& field : tags.fields) {
        const auto id = info_id(field.name);
        if (id.empty()) continue;
        append_summary(texts.bytes, id, field.value);
        ++texts.count;
    }
    if (!tags.comment.empty()) {
        texts.comment_begin = texts.bytes.size() + 8;
        append_summary(texts.bytes, "ICMT", tags.comment);
        texts.comment_size = texts.bytes.size() - texts.comment_begin;
        ++texts.count;
    }
    put_little_endian(texts.bytes, 0, texts.count);
    if (texts.count == 0) texts.bytes.clear();
    return texts;
}

TagBytes aiff_texts(const AudioTags& tags) {
    TagBytes texts;
    for (const auto& field : tags.fields) {
        const auto* place = tag_place(&TagPlace::name, field.name);
        if (place && !place->aiff.empty())
            append_aiff_text(texts.bytes, place->aiff, field.value);
        else
            append_aiff_text(texts.bytes, "ANNO", field.name + "=" + field.value);
    }
    if (!tags.comment.empty()) {
        const std::string prefix(begins_like_field(tags.comment) ? comment_prefix : "");
        texts.comment_begin = texts.bytes.size() + 8 + prefix.size();
        texts.comment_size = tags.comment.size();
        append_aiff_text(texts.bytes, "ANNO", prefix + tags.comment);
    }
    return texts;
}

std::string smpl_chunk(const SampledNote& sampled, int sample_rate) {
    constexpr double second = 1e9;  // in nanoseconds
    int note = sampled.note, cents = sampled.cents;
    if (cents < 0 && note > 0) {
        --note;
        cents += 100;
    }
    const auto fraction = std::round(std::max(cents, 0) / 100.0 * whole_semitone);
    std::string chunk;
    const auto put = [&](std::uint32_t number) { append_little_endian(chunk, number); };
    put(0);  // manufacturer, product: any
    put(0);
    put(static_cast<std::uint32_t>(std::lround(second / sample_rate)));
    put(static_cast<std::uint32_t>(note));
    put(static_cast<std::uint32_t>(fraction));
    put(0);  // SMPTE: none
    put(0);
    put(static_cast<std::uint32_t>(sampled.loops.size()));
    put(0);  // no data of a sampler's own
    std::uint32_t id = 0;
    for (const auto& loop : sampled.loops) {
        put(id++);
        put(static_cast<std::uint32_t>(loop.kind));
        put(static_cast<std::uint32_t>(loop.begin));
        put(static_cast<std::uint32_t>(loop.end - 1));  // the last frame
        put(0);
        put(loop.count);
    }
    return chunk;
}

std::string inst_chunk(const SampledNote& sampled) {
    std::string chunk;
    for (const int value : {sampled.note, sampled.cents, sampled.gain_db, sampled.low_note,
                            sampled.high_note, sampled.low_velocity, sampled.high_velocity})
        chunk += static_cast<char>(value);
    return chunk;
}

std::string aiff_instrument(const SampledNote& sampled) {
    constexpr std::size_t most_loops = 2;  // while the note is held, and after it
    const auto count = std::min(most_loops, sampled.loops.size());
    std::string marks, instrument;
    for (const int value : {sampled.note, sampled.cents, sampled.low_note, sampled.high_note,
                            sampled.low_velocity, sampled.high_velocity})
        instrument += static_cast<char>(value);
    append_big_endian(instrument, static_cast<std::uint16_t>(sampled.gain_db));
    append_big_endian(marks, static_cast<std::uint16_t>(2 * count));
    std::uint16_t id = 0;
    const auto mark = [&](std::int64_t frame) {
        append_big_endian(marks, ++id);
        append_big_endian(marks, static_cast<std::uint32_t>(frame));
        marks += std::string(2, '\0');  // no name
        append_big_endian(instrument, id);
    };
    for (std::size_t i = 0; i < most_loops; ++i) {
        const bool loops = i < count;
        append_big_endian(instrument,
                          static_cast<std::uint16_t>(loops ? loop_mode(sampled.loops[i]) : 0));
        if (loops) {
            mark(sampled.loops[i].begin);
            mark(sampled.loops[i].end);
        } else {
            append_big_endian(instrument, std::uint32_t{0});
        }
    }
    std::string chunks;
    if (count > 0) append_aiff_text(chunks, "MARK", marks);
    append_aiff_text(chunks, "INST", instrument);
    return chunks;
}

bool is_tag_chunk(std::string_view id) {
    constexpr std::string_view ids[] = {"LIST", "SUMM", "smpl", "inst", "NAME", "AUTH",
                                        "(c) ", "ANNO", "MARK", "INST", "id3 ", "ID3 "};
    return std::find(std::begin(ids), std::end(ids), id) != std::end(ids);
}

void ChunkTags::add(std::string_view id, std::string_view contents, bool big_endian) {
    if (id == "LIST" && contents.starts_with("INFO"))
        add_entries(tags_, contents.substr(4), big_endian, false);
    else if (id == "SUMM" && contents.size() >= 4)
        add_entries(tags_, contents.substr(4), false, true);
    else if (id == "smpl")
        smpl_ = parse_smpl(contents, big_endian);
    else if (id == "inst" && contents.size() >= inst_size)
        inst_ = parse_inst(contents);
    else if (id == "MARK")
        marks_ = contents;
    else if (id == "INST")
        aiff_inst_ = contents;
    else if (id == "ANNO")
        add_annotation(tags_, contents);
    else if (const auto* place = tag_place(&TagPlace::aiff, id))
        add_text(tags_, place->name, contents);
}

AudioTags ChunkTags::take() {
    if (smpl_ && inst_) {
        inst_->note = smpl_->note;
        inst_->cents = smpl_->cents;
        inst_->loops = std::move(smpl_->loops);
        tags_.sampled = std::move(inst_);
    } else if (smpl_) {
        tags_.sampled = std::move(smpl_);
    } else if (inst_) {
        tags_.sampled = std::move(inst_);
    } else {
        tags_.sampled = parse_aiff_instrument(aiff_inst_, marks_);
    }
    return std::move(tags_);
}

}  // namespace patchpipe
