// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tags that a record wants an audio file to have: its field audio_tags, an object of texts.
#pragma once

#include "audio/audio_tags.h"
#include "record/record.h"

namespace patchpipe {

/// Sets the tags in the record's audio_tags; null or an empty text removes one. Names are in any
/// case of letters: "author" is ARTIST, "settings" the comment, and "note" the note at which a
/// sampler plays the file unchanged. Throws Error bad-record for another name than is_tag_name()
/// takes, a note that no MIDI note is, or a value that is not a text.
void set_record_tags(AudioTags& tags, const Record& record);

}  // namespace patchpipe
