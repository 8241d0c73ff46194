// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads audio block by block, from any frame on: the formats of libsndfile, npy files of float32,
// and what ffmpeg decodes for it. Memory does not grow with the length. Not here: comparing
// (audio_difference.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "audio/audio_format.h"
#include "base/descriptor.h"

namespace patchpipe {

class Sound;

/// Opens an audio file for reading, at its beginning. A pipe is first copied into a temporary file
/// that has no name, and AAC and WavPack are decoded into one (foreign_audio.h). Throws Error
/// not-found and io, what decode_foreign() throws, and unsupported for a folder, a device, or the
/// pipe that is standard output.
[[nodiscard]] Descriptor open_audio(const std::string& path);

/// Where libsndfile reads a file.
enum class Decoding {
    apart,  ///< in a process of its own (decoder.h)
    here,   ///< in this one, which is in a sandbox already, or is not ours to fork
};

class AudioReader {
 public:
    /// Opens the file and reads its header. A pipe is first copied into a temporary file that has
    /// no name. Throws Error not-found and io for the file itself, corrupt for a damaged or
    /// shortened npy file, unsupported for a file that cannot be read as audio or states more than
    /// 768000 Hz or 98,304,000 samples a second, of all channels, and crash or
    /// timeout if its decoder ends or hangs over it, as the functions below may.
    explicit AudioReader(const std::string& path, Decoding decoding = Decoding::apart);
    /// The same with a file that open_audio() opened, or another process; name is for messages.
    AudioReader(Descriptor file, std::string name, Decoding decoding = Decoding::apart);
    ~AudioReader();
    AudioReader(const AudioReader&) = delete;
    AudioReader& operator=(const AudioReader&) = delete;

    /// Nothing for formats that libsndfile reads and we do not write, such as AU.
    [[nodiscard]] std::optional<AudioFormat::Container> container() const;
    /// 1 to 1024.
    [[nodiscard]] int channels() const;
    /// The length that the header states, or that of an MP3 file without one, which is decoded for
    /// it, once. Throws as read() does.
    [[nodiscard]] std::int64_t frames() const;
    /// In Hz; an npy file has none.
    [[nodiscard]] std::optional<int> sample_rate() const;

    /// Title, comment, MIDI note and the rest; see read_tags.h. Throws Error io.
    [[nodiscard]] AudioTags tags() const;

    /// The depth that keeps the samples, or most of them where there are more than 24 bits. Nothing
    /// for a file whose samples have none, such as Ogg Vorbis.
    [[nodiscard]] std::optional<AudioFormat::Depth> depth() const;

    /// Reads the next frames into samples, channel by channel within each frame, in the order of a
    /// WAV file (speaker_order.h), 1.0 being full scale; doubles hold every depth exactly. Returns
    /// the number of frames: fewer than asked for only at the end, then 0. Throws Error io, and
    /// corrupt for samples that cannot be decoded.
    [[nodiscard]] int read(double* samples, int frames);

    /// Lets the next read begin at that frame, 0 to frames(). It then gives the same samples as if
    /// all before had been read; if seeks_fast() is false, all before is read for that. Throws as
    /// read() does.
    void seek(std::int64_t frame);

    /// True for npy, and for WAV, AIFF, AU, CAF and FLAC unless their samples are packed in ADPCM
    /// and the like. In other formats libsndfile 1.2.0 finds a wrong frame now and then: in Ogg
    /// Vorbis within the last page, and at one of thirty positions before.
    [[nodiscard]] bool seeks_fast() const;

 private:
    class NpyFile;

    std::string path_;
    Descriptor file_;
    std::unique_ptr<Sound> sound_;  // one of these two is set
    std::unique_ptr<NpyFile> npy_;
};

}  // namespace patchpipe
