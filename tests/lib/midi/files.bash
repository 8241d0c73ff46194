# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# MIDI files written byte by byte. Numbers and events are hexadecimal, spaces do not matter.

bytes() {
    local hex=$*
    hex=${hex// /}
    basenc --decode --base16 <<<"${hex^^}"
}

# chunk NAME EVENTS
chunk() {
    local hex=${2// /}
    printf '%s' "$1"
    bytes "$(printf '%08x' $((${#hex} / 2)))" "$hex"
}

# midi_file TYPE DIVISION TRACK...
midi_file() {
    local type=$1 division=$2 track
    shift 2
    chunk MThd "$type $(printf '%04x' $#) $division"
    for track; do chunk MTrk "$track"; done
}

# shellcheck disable=SC2034
end='00 ff2f00' # the end of a track, at once
