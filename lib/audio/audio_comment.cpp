// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_comment.h"

#include <sndfile.h>
#include <memory>

namespace patchpipe {

namespace {

int sndfile_type(AudioFormat::Container container) {
    switch (container) {
        case AudioFormat::Container::wav:
            return SF_FORMAT_WAV;
        case AudioFormat::Container::flac:
            return SF_FORMAT_FLAC;
        case AudioFormat::Container::ogg:
            return SF_FORMAT_OGG;
        case AudioFormat::Container::npy:
            break;
    }
    return 0;
}

}  // namespace

std::optional<std::string> audio_comment(const std::string& path,
                                         AudioFormat::Container container) {
    SF_INFO info{};
    const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open(path.c_str(), SFM_READ, &info),
                                                           sf_close);
    if (!file || (info.format & SF_FORMAT_TYPEMASK) != sndfile_type(container)) return {};
    const char* comment = sf_get_string(file.get(), SF_STR_COMMENT);
    return comment ? std::optional<std::string>(comment) : std::nullopt;
}

}  // namespace patchpipe
