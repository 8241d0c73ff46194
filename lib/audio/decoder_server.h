// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of the process that decodes audio. Only for lib/audio.
#pragma once

#include "audio/decoder_messages.h"

namespace patchpipe {

/// Answers requests from the socket until its other end is closed.
void serve_decoder(int socket, DecoderArea& area);

}  // namespace patchpipe
