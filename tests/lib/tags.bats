#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The tags of audio files: written through build/tests/audio-writer and read by FFmpeg, mutagen and
# sox; written by these and read through build/tests/audio-tags.

load ../helper

setup_file() { head -c 40000 /dev/zero >zero.f32; }

setup() { cd "$BATS_FILE_TMPDIR" || return; }

# written FORMAT [NAME=VALUE]...: out.FORMAT, with 10000 frames of silence.
written() {
    local rate=44100
    [[ $1 != opus ]] || rate=48000
    "$built/tests/audio-writer" "$1" 16 1 "$rate" 10000 512 "${@:2}" <zero.f32 2>measures >"out.$1"
}

tags() { "$built/tests/audio-tags" "$@"; }

# probed FILE NAME...: what FFmpeg reads, from the file or from its first stream, one a line.
probed() {
    ffprobe -v error -show_entries "format_tags:stream_tags" -of json "$1" |
        jq -r '[.format.tags, .streams[]?.tags] | map(. // {} | with_entries(.key |= ascii_upcase)) | add | .[$ARGS.positional[]]' --args "${@:2}"
}

# What libsndfile reads: the note, cents, the ranges of notes and velocities, and loops.
instrument() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import ctypes, sys
lib = ctypes.CDLL("libsndfile.so.1")
class Loop(ctypes.Structure):
    _fields_ = [("mode", ctypes.c_int), ("start", ctypes.c_uint), ("end", ctypes.c_uint), ("count", ctypes.c_uint)]
class Instrument(ctypes.Structure):
    _fields_ = [("gain", ctypes.c_int)] + [(n, ctypes.c_byte) for n in ("note", "cents", "v0", "v1", "k0", "k1")] + [
        ("loop_count", ctypes.c_int), ("loops", Loop * 16)]
lib.sf_open.restype = ctypes.c_void_p
file = lib.sf_open(sys.argv[1].encode(), 0x10, ctypes.create_string_buffer(64))
i = Instrument()
get_instrument = 0x10D0
assert lib.sf_command(ctypes.c_void_p(file), get_instrument, ctypes.byref(i), ctypes.sizeof(i)) == 1
print(i.note, i.cents, f"{i.k0}-{i.k1}", f"{i.v0}-{i.v1}", i.loop_count,
      *[f"{l.start}-{l.end}" for l in i.loops[:i.loop_count]])
PYTHON
}

texts=(TITLE='Zaż "ółć" 音' ARTIST='An Author' SOFTWARE=patchpipe COMMENT='{"a": [1, 2]}')

@test "every container with tags gives back what was written" {
    for format in wav rf64 w64 aiff flac ogg opus mp3; do
        written "$format" "${texts[@]}" ALBUM=Ambient PLUGIN='A plug-in'
        tags "out.$format"
        jq -e --arg format "$format" '. == {container: $format, frames: 10000, TITLE: "Zaż \"ółć\" 音", ARTIST: "An Author",
            SOFTWARE: "patchpipe", comment: "{\"a\": [1, 2]}", ALBUM: "Ambient", PLUGIN: "A plug-in"}' <<<"$(tags "out.$format")"
        written "$format"
        [[ $(tags "out.$format") == '{"container":"'$format'","frames":10000}' ]]
        written "$format" TITLE=x
        [[ $(tags "out.$format") == '{"container":"'$format'","frames":10000,"TITLE":"x"}' ]]
        written "$format" COMMENT=x
        [[ $(tags "out.$format") == '{"container":"'$format'","frames":10000,"comment":"x"}' ]]
    done
}

@test "FFmpeg reads the same tags and the same length" {
    for format in wav rf64 w64 flac ogg opus mp3; do
        written "$format" "${texts[@]}"
        [[ $(probed "out.$format" TITLE ARTIST COMMENT) == $'Zaż "ółć" 音\nAn Author\n{"a": [1, 2]}' ]] ||
            fail "$format: $(probed "out.$format" TITLE ARTIST COMMENT)"
        # FFmpeg 5.1 leaves out the first 128 frames of Ogg Vorbis.
        ffmpeg -nostdin -v error -y -i "out.$format" -f f32le -ac 1 raw
        [[ $format != ogg ]] || sox out.ogg -e float -b 32 -t raw raw
        [[ $(stat -c %s raw) == 40000 ]] || fail "$format: $(stat -c %s raw) bytes"
    done
    written aiff "${texts[@]}"
    [[ $(probed out.aiff TITLE AUTHOR) == $'Zaż "ółć" 音\nAn Author' ]]
    ffmpeg -nostdin -v error -y -i out.aiff -f f32le raw
    [[ $(stat -c %s raw) == 40000 ]]
}

@test "mutagen reads the same tags from FLAC, Ogg Vorbis, Opus and MP3" {
    for format in flac ogg opus mp3; do
        written "$format" "${texts[@]}" PLUGIN='A plug-in' NOTE=36
        run -0 /usr/bin/python3 - "out.$format" <<'PYTHON'
import sys, mutagen
file = mutagen.File(sys.argv[1])
def text(name, frame):
    if sys.argv[1].endswith("mp3"):
        return str(file.tags[frame])
    (value,) = file.tags[name]
    return value
for name, frame in [("TITLE", "TIT2"), ("ARTIST", "TPE1"), ("COMMENT", "COMM::XXX"), ("PLUGIN", "TXXX:PLUGIN"),
                    ("NOTE", "TXXX:NOTE")]:
    print(text(name, frame))
PYTHON
        [[ $output == $'Zaż "ółć" 音\nAn Author\n{"a": [1, 2]}\nA plug-in\n36' ]] || fail "$format: $output"
    done
}

@test "the MIDI note of a sample is where samplers look for it, with its loops" {
    for format in wav rf64 aiff; do
        written "$format" NOTE=36 cents=-20 loop=0:100:5000 loop=1:5000:6000
        [[ $(tags "out.$format" | command jq -c .sampled) == '{"note":36,"cents":-20,"loops":[[0,100,5000],[1,5000,6000]]}' ]]
    done
    for format in wav aiff; do
        written "$format" NOTE=36 loop=0:100:5000
        run -0 instrument "out.$format"
        [[ $output == "36 0 0-127 "[01]"-127 1 100-"@(4999|5000) ]] || fail "$format: $output"
    done
    for format in flac ogg opus mp3; do
        written "$format" NOTE=36 cents=-20 loop=0:100:5000
        [[ $(tags "out.$format" | command jq -c .sampled) == '{"note":36,"cents":0,"loops":[]}' ]]
    done
}

@test "the chunks smpl and inst have the bytes that their specification says" {
    written wav NOTE=36 cents=-20 loop=2:100:5000
    run -0 /usr/bin/python3 - <<'PYTHON'
import struct
data = open("out.wav", "rb").read()
def chunk(name):
    at = data.index(name)
    (size,) = struct.unpack_from("<I", data, at + 4)
    return data[at + 8:at + 8 + size]
print(struct.unpack("<15I", chunk(b"smpl")), struct.unpack("<7b", chunk(b"inst")))
PYTHON
    # 35 and 80 hundredths of a semitone.
    [[ $output == "(0, 0, 22676, 35, 3435973837, 0, 0, 1, 0, 0, 2, 100, 4999, 0, 0) (36, -20, 0, 0, 127, 1, 127)" ]] || fail "$output"
}

@test "tags that other programs wrote are read" {
    sox -n -r 44100 -c 1 theirs.wav synth 1 sine 440
    for suffix in wav w64 aiff flac ogg opus mp3; do
        [[ $suffix != w64 ]] || continue # FFmpeg writes none
        ffmpeg -nostdin -v error -y -i theirs.wav -metadata title=Über -metadata artist='Some Body' -metadata comment=hello \
            -metadata author='Some Body' -metadata copyright=mine "theirs-ff.$suffix"
        tags "theirs-ff.$suffix"
        jq -e '.TITLE == "Über" and .ARTIST == "Some Body" and .comment == "hello" and .COPYRIGHT == "mine"' \
            <<<"$(tags "theirs-ff.$suffix")" || fail "$suffix"
    done
    for version in 3 4; do
        ffmpeg -nostdin -v error -y -i theirs.wav -metadata title=Über -metadata genre=Drone -id3v2_version "$version" -write_id3v1 1 v.mp3
        jq -e '.TITLE == "Über" and .GENRE == "Drone"' <<<"$(tags v.mp3)"
    done
    ffmpeg -nostdin -v error -y -i theirs.wav -id3v2_version 0 v1.mp3
    printf 'TAG%-30s%-30s%-30s%-4s%-30s ' Old By '' 1999 hello >>v1.mp3
    jq -e '.TITLE == "Old" and .ARTIST == "By" and .DATE == "1999" and .comment == "hello"' <<<"$(tags v1.mp3)"
    # WAV with an ID3 chunk, and with Latin-1 in its list.
    /usr/bin/python3 - <<'PYTHON'
import struct, mutagen.wave, mutagen.id3, shutil
shutil.copy("theirs.wav", "id3.wav")
wav = mutagen.wave.WAVE("id3.wav")
wav.add_tags()
wav.tags.add(mutagen.id3.TIT2(encoding=1, text="Ünder 音"))
wav.save()
data = open("theirs.wav", "rb").read()
info = b"INFOINAM" + struct.pack("<I", 4) + "Üb\0".encode("latin-1") + b"\0"
data += b"LIST" + struct.pack("<I", len(info)) + info
open("latin.wav", "wb").write(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
PYTHON
    jq -e '.TITLE == "Ünder 音"' <<<"$(tags id3.wav)"
    jq -e '.TITLE == "Üb"' <<<"$(tags latin.wav)"
}

@test "texts of more than 8,000 bytes are refused, and 16,000 of all" {
    long=$(head -c 8000 /dev/zero | tr '\0' x)
    for format in wav w64 aiff flac ogg opus mp3; do
        written "$format" TITLE="$long" ARTIST="${long:4100}" COMMENT="$long"
        [[ $(tags "out.$format" | jq -r '.TITLE, .ARTIST, .comment') == "$long"$'\n'"${long:4100}"$'\n'"$long" ]] || fail "$format"
        run -1 --separate-stderr "$built/tests/audio-writer" "$format" 16 1 48000 10 512 TITLE="$long" ARTIST="$long" </dev/null
        [[ $stderr == *"tags: the text of all has 16011 bytes, and the most is 16000; shorten it"* ]] || fail "$stderr"
        run -1 --separate-stderr "$built/tests/audio-writer" "$format" 16 1 48000 10 512 TITLE="${long}x" </dev/null
        [[ $stderr == *"tags: TITLE has 8001 bytes, and the most is 8000; shorten it"* ]] || fail "$stderr"
        most=40000
        [[ $format != @(w64|aiff) ]] || most=8000
        long_comment=$(head -c "$most" /dev/zero | tr '\0' x)
        written "$format" COMMENT="$long_comment"
        [[ $(tags "out.$format" | jq -r .comment) == "$long_comment" ]] || fail "$format"
        run -1 --separate-stderr "$built/tests/audio-writer" "$format" 16 1 48000 10 512 COMMENT="${long_comment}x" </dev/null
        [[ $stderr == *"tags: the comment has $((most + 1)) bytes"* ]] || fail "$stderr"
    done
}

# `tags` must end, without a complaint but that of the reader.
@test "files that are cut or damaged anywhere are read, or refused, without a crash" {
    for format in wav rf64 w64 aiff flac ogg opus mp3; do
        written "$format" "${texts[@]}" NOTE=36 loop=0:1:2
        size=$(stat -c %s "out.$format")
        for at in $(some_numbers 10 0 85); do
            at=$((at * 7))
            ((at < size)) || break
            head -c "$at" "out.$format" >part
            tags part >record 2>error || [[ $? == 1 ]] || fail "$format: cut at $at: $(<error)"
            cp "out.$format" damaged
            printf '\xff\xff\xff\x7f' | dd of=damaged bs=1 seek="$at" conv=notrunc status=none
            tags damaged >record 2>error || [[ $? == 1 ]] || fail "$format: damaged at $at: $(<error)"
        done
    done
}
