// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/packed_audio.h"

#include <sndfile.h>
#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "audio/id3_tag.h"
#include "audio/ogg_pages.h"
#include "audio/samples.h"
#include "audio/sndfile_target.h"
#include "audio/speaker_order.h"
#include "audio/vorbis_comment.h"
#include "base/byte_order.h"
#include "base/error.h"
#include "base/words.h"
#include "file/offset.h"

namespace patchpipe {

// libsndfile does not always report a full disk, so this remembers the first error.
class PackedAudio::Target : public SndfileTarget {
 public:
    // libsndfile's file begins at that place.
    Target(int fd, std::int64_t begin, const std::string& name)
        : fd_(fd), begin_(begin), name_(name) {}

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
    sf_count_t read(sf_count_t at, void* bytes, sf_count_t size) noexcept override try {
        return static_cast<sf_count_t>(
            read_at(fd_, begin_ + at, bytes, static_cast<std::size_t>(size), name_));
    } catch (const Error& error) {
        return fail(error);
    }

    sf_count_t write(sf_count_t at, std::string_view bytes) noexcept override try {
        if (!failure_) write_at(fd_, begin_ + at, bytes, name_);
        return static_cast<sf_count_t>(bytes.size());
    } catch (const Error& error) {
        return fail(error);
    }

    sf_count_t fail(const Error& error) noexcept {
        failure_ = error;
        return 0;
    }

    int fd_;
    std::int64_t begin_;
    std::string name_;
    std::optional<Error> failure_;
};

namespace {

using Container = AudioFormat::Container;

// From 0 to 10: about 192 kbit/s for stereo at 44.1 kHz in Ogg Vorbis, and 190 in MP3 (LAME's V2).
constexpr double vorbis_quality = 6, mp3_quality = 8;
constexpr int opus_bitrate = 80;  // kbit/s for each channel

// libsndfile writes one entry of this name, as long as all of ours, in whose place they are put.
constexpr std::string_view upper_name = "DATE=", lower_name = "date=";
constexpr std::size_t entry_length_size = 4,
                      smallest_entry = entry_length_size + upper_name.size() + 1;

struct Codec {
    Container container;
    int sndfile_format;
    std::string_view name, channels;
};

constexpr Codec codecs[] = {
    {Container::flac, SF_FORMAT_FLAC, "FLAC", "8"},
    {Container::ogg, SF_FORMAT_OGG | SF_FORMAT_VORBIS, "Ogg Vorbis", "255"},
    {Container::opus, SF_FORMAT_OGG | SF_FORMAT_OPUS, "Opus", "255"},
    {Container::mp3, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, "MP3", "2"}};

const Codec& codec_of(Container container) {
    for (const auto& codec : codecs)
        if (codec.container == container) return codec;
    throw std::logic_error("this container has no encoder");
}

int sndfile_format(const AudioFormat& format) {
    const auto codec = codec_of(format.container).sndfile_format;
    if (format.container != Container::flac) return codec;
    return codec |
           (format.depth == AudioFormat::Depth::pcm16 ? SF_FORMAT_PCM_16 : SF_FORMAT_PCM_24);
}

bool is_ogg(Container container) {
    return container == Container::ogg || container == Container::opus;
}

// An entry that is shorter than libsndfile's shortest gets spaces, which readers leave out.
TagBytes entries_of(AudioTags tags) {
    auto entries = vorbis_entries(tags);
    if (entries.count == 0 || entries.bytes.size() >= smallest_entry) return entries;
    auto& text = tags.fields.empty() ? tags.comment : tags.fields.back().value;
    text.append(smallest_entry - entries.bytes.size(), ' ');
    return vorbis_entries(tags);
}

// Where the vendor's length is in the file that begins with these bytes.
std::size_t vorbis_comment_begin(Container container, std::string_view header) {
    constexpr std::string_view vorbis = "\x03vorbis", opus = "OpusTags";
    if (container == Container::ogg) return header.find(vorbis) + vorbis.size();
    if (container == Container::opus) return header.find(opus) + opus.size();
    constexpr unsigned vorbis_comment = 4, type_bits = 0x7f;
    constexpr std::size_t block_header = 4;
    std::size_t at = 4;
    while (at + block_header < header.size() &&
           (static_cast<unsigned char>(header[at]) & type_bits) != vorbis_comment)
        at += block_header + big_endian_number(header.substr(at + 1, 3));
    return at + block_header;
}

// libsndfile's level, from 0 to 1, stands for 256 down to 6 kbit/s for each channel.
double opus_level(const AudioFormat& format) {
    constexpr int least = 6, most = 256;
    const auto bitrate = format.bitrate.value_or(opus_bitrate * format.channels);
    if (bitrate < least * format.channels || bitrate > most * format.channels)
        throw Error(ErrorKind::bad_record, "bitrate",
                    "is " + std::to_string(bitrate) + " kbit/s, and Opus has " +
                        std::to_string(least * format.channels) + " to " +
                        std::to_string(most * format.channels) + " for " +
                        std::to_string(format.channels) + " channels");
    return 1 - (double(bitrate) / format.channels - least) / (most - least);
}

// libsndfile's level is LAME's quality, from 0 to 10, or stands for the bit rates between these
// limits, rounded down. LAME has no V10.
double mp3_level(const AudioFormat& format) {
    constexpr double lowest_quality = 0.9999;
    if (!format.bitrate)
        return std::min(lowest_quality, 1 - format.quality.value_or(mp3_quality) / 10);
    const double most = format.sample_rate >= 32000 ? 320 : format.sample_rate >= 16000 ? 160 : 64;
    const double least = format.sample_rate >= 32000 ? 32 : 8;
    return std::clamp((most - *format.bitrate - 0.5) / (most - least), 0.0, 1.0);
}

}  // namespace

void PackedAudio::Close::operator()(sf_private_tag* file) const { sf_close(file); }

PackedAudio::PackedAudio(int fd, const AudioFormat& format, std::string name)
    : format_(format), name_(std::move(name)) {
    if (format.frames == 0 && format.container != Container::ogg)
        throw Error(ErrorKind::unsupported,
                    "format " + std::string(container_name(format.container)),
                    "cannot be written without frames; render a longer file, or use wav");
    const bool mp3 = format.container == Container::mp3;
    tags_ = mp3 ? id3_tag(format.tags) : entries_of(format.tags);
    target_ = std::make_unique<Target>(fd, mp3 ? std::ssize(tags_.bytes) : 0, name_);
    SF_INFO info{};
    info.samplerate = format.sample_rate;
    info.channels = format.channels;
    info.format = sndfile_format(format);
    file_.reset(target_->open(info));
    check(file_ != nullptr);
    set_rate_of_bits();
    if (mp3) write_at(fd, 0, tags_.bytes, name_);
    if (mp3 || tags_.count == 0) return;
    const std::string placeholder(tags_.bytes.size() - entry_length_size - upper_name.size(), '#');
    check(sf_set_string(file_.get(), SF_STR_DATE, placeholder.c_str()) == 0);
}

PackedAudio::~PackedAudio() = default;

void PackedAudio::set_rate_of_bits() {
    const auto command = [&](int what, double value) {
        check(sf_command(file_.get(), what, &value, sizeof value) == SF_TRUE);
    };
    if (format_.container == Container::ogg)
        command(SFC_SET_VBR_ENCODING_QUALITY, format_.quality.value_or(vorbis_quality) / 10);
    if (format_.container == Container::opus)
        command(SFC_SET_COMPRESSION_LEVEL, opus_level(format_));
    if (format_.container != Container::mp3) return;
    int mode = format_.bitrate ? SF_BITRATE_MODE_CONSTANT : SF_BITRATE_MODE_VARIABLE;
    command(SFC_SET_COMPRESSION_LEVEL, mp3_level(format_));
    check(sf_command(file_.get(), SFC_SET_BITRATE_MODE, &mode, sizeof mode) == SF_TRUE);
}

// A Vorbis encoder's output for the first frames depends on how many it is given at once.
void PackedAudio::write(std::span<const float> samples) {
    constexpr std::size_t piece_frames = 4096;
    const auto piece = piece_frames * static_cast<std::size_t>(format_.channels);
    while (!samples.empty()) {
        const auto taken = samples.first(std::min(samples.size(), piece - gathered_.size()));
        gathered_.insert(gathered_.end(), taken.begin(), taken.end());
        samples = samples.subspan(taken.size());
        if (gathered_.size() < piece) return;
        encode(gathered_);
        gathered_.clear();
    }
}

void PackedAudio::encode(std::span<const float> samples) {
    const auto count = static_cast<sf_count_t>(samples.size());
    if (format_.container == Container::flac) {
        quantise(samples, format_.depth, steps_);
        check(sf_write_int(file_.get(), steps_.data(), count) == count);
    } else {
        clip(samples, clipped_);
        if (is_ogg(format_.container)) to_vorbis_order(clipped_, format_.channels);
        check(sf_write_float(file_.get(), clipped_.data(), count) == count);
    }
}

void PackedAudio::finish() {
    if (!gathered_.empty()) encode(gathered_);
    const bool closed = sf_close(file_.release()) == 0;
    check(closed);
    comment_begin_ = static_cast<std::int64_t>(tags_.comment_begin);
    if (format_.container != Container::mp3 && tags_.count > 0) place_entries();
    seal(std::numeric_limits<std::int64_t>::max());
}

// All containers store texts unchanged, before all audio.
void PackedAudio::place_entries() {
    constexpr std::size_t most_header = std::size_t{1} << 17;
    const auto header = read_at(target_->fd(), 0, most_header, name_);
    const std::string placeholder(tags_.bytes.size() - entry_length_size - upper_name.size(), '#');
    const auto name = format_.container == Container::flac ? lower_name : upper_name;
    const auto found = header.find(std::string(name) + placeholder);
    const auto begin = vorbis_comment_begin(format_.container, header);
    if (found == header.npos || begin + entry_length_size > found)
        throw std::logic_error("libsndfile has changed a comment");
    const auto vendor_size =
        read_little_endian<std::uint32_t>(header.substr(begin, entry_length_size));
    const auto count_at = begin + entry_length_size + vendor_size;
    std::string count;
    append_little_endian(
        count, read_little_endian<std::uint32_t>(header.substr(count_at, entry_length_size)) - 1 +
                   tags_.count);
    write_at(target_->fd(), static_cast<std::int64_t>(count_at), count, name_);
    const auto entries = static_cast<std::int64_t>(found - entry_length_size);
    write_at(target_->fd(), entries, tags_.bytes, name_);
    comment_begin_ += entries;
}

void PackedAudio::seal(std::int64_t end) {
    if (is_ogg(format_.container)) seal_ogg_pages(target_->fd(), end, name_);
}

void PackedAudio::replace_comment(const std::string& text) {
    write_at(target_->fd(), comment_begin_, text, name_);
    seal(comment_end());
}

std::int64_t PackedAudio::comment_end() const {
    return comment_begin_ + static_cast<std::int64_t>(tags_.comment_size);
}

void PackedAudio::check(bool done) const {
    if (target_->failure()) throw *target_->failure();
    if (done) return;
    const auto& codec = codec_of(format_.container);
    throw Error(ErrorKind::unsupported, "format " + std::string(container_name(format_.container)),
                "libsndfile refuses " + std::to_string(format_.channels) + " channels at " +
                    std::to_string(format_.sample_rate) + " Hz (" +
                    printable(sf_strerror(file_.get())) + "); " + std::string(codec.name) +
                    " takes up to " + std::string(codec.channels) +
                    " channels; use wav for this one");
}

}  // namespace patchpipe
