// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: an audio file, of which only the tags are read. They are UTF-8, have names and values that
// every container takes, and are the same after they were written and read again.

#include <algorithm>

#include "audio/id3_tag.h"
#include "audio/read_tags.h"
#include "audio/tag_chunks.h"
#include "audio/vorbis_comment.h"
#include "base/byte_order.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

void check_tag_text(std::string_view text) {
    expect(!text.empty() && is_utf8(text), "a text is UTF-8");
    expect(text.find('\0') == text.npos, "a text has no NUL");
}

void check_sampled(const SampledNote& sampled) {
    expect(sampled.note >= 0 && sampled.note <= 127, "a note is a MIDI note");
    expect(sampled.cents >= -50 && sampled.cents <= 50, "at most half a semitone");
    for (const auto& loop : sampled.loops)
        expect(loop.begin >= 0 && loop.begin < loop.end, "a loop has frames");
}

AudioTags through_vorbis(const AudioTags& tags) {
    const auto entries = vorbis_entries(tags);
    std::string bytes(4, '\0');
    append_little_endian(bytes, entries.count);
    return parse_vorbis_comment(bytes + entries.bytes);
}

AudioTags through_aiff(const AudioTags& tags) {
    std::string_view bytes;
    const auto texts = aiff_texts(tags);
    ChunkTags chunks;
    for (bytes = texts.bytes; bytes.size() >= 8;) {
        const auto size = read_big_endian<std::uint32_t>(bytes.substr(4));
        chunks.add(bytes.substr(0, 4), bytes.substr(8, size), true);
        bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 8 + size + size % 2));
    }
    return chunks.take();
}

void check_round_trips(const AudioTags& tags) {
    expect(through_vorbis(tags).fields == tags.fields, "Vorbis comments keep fields");
    expect(through_vorbis(tags).comment == tags.comment, "Vorbis comments keep the comment");
    const auto id3 = parse_id3_tag(id3_tag(tags).bytes);
    expect(id3.fields == tags.fields && id3.comment == tags.comment, "ID3 tags keep texts");
    expect(through_aiff(tags).fields == tags.fields, "AIFF keeps fields");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Limits limits(size);
    const MemoryFile file(as_text(data, size));
    accepted([&] {
        const auto tags = read_audio_tags(file.fd(), "input");
        if (!tags.comment.empty()) check_tag_text(tags.comment);
        for (const auto& field : tags.fields) {
            check_tag_text(field.value);
            expect(is_tag_name(field.name), "a field has a name");
            limits.made(field.name.size() + field.value.size());
        }
        if (tags.sampled) check_sampled(*tags.sampled);
        check_round_trips(tags);
    });
    return 0;
}
