// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "audio/audio_comment.h"

#include <sndfile.h>
#include <memory>

namespace patchpipe {

std::optional<std::string> audio_comment(const std::string& path) {
    SF_INFO info{};
    const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open(path.c_str(), SFM_READ, &info),
                                                           sf_close);
    if (!file || (info.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_WAV) return {};
    const char* comment = sf_get_string(file.get(), SF_STR_COMMENT);
    return comment ? std::optional<std::string>(comment) : std::nullopt;
}

}  // namespace patchpipe
