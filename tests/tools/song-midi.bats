#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# MIDI files through song-read and song-write, with mido as the oracle.

load ../helper

setup_file() { "$root/tests/make-projects.py" "$BATS_FILE_TMPDIR/made"; }

setup() { made=$BATS_FILE_TMPDIR/made; }

# same A B: mido reads the same events from both files, in the same order.
same() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import sys
import mido
one, other = (mido.MidiFile(name) for name in sys.argv[1:])
assert one.type == other.type, (one.type, other.type)
assert one.ticks_per_beat == other.ticks_per_beat
assert len(one.tracks) == len(other.tracks), (len(one.tracks), len(other.tracks))
for number, (a, b) in enumerate(zip(one.tracks, other.tracks)):
    for place, (x, y) in enumerate(zip(a, b)):
        assert x == y, (number, place, x, y)
    assert len(a) == len(b), (number, len(a), len(b))
PYTHON
}

# midi NAME: saves the file that the Python code on standard input puts into `file`.
midi() {
    { printf 'import mido, random\nfrom mido import Message, MetaMessage, MidiFile, MidiTrack\nrandom.seed(1)\nfile = MidiFile(ticks_per_beat=480)\n' && cat && echo "file.save('$1')"; } |
        /usr/bin/python3 -
}

@test "every kind of event comes back, in the order of the file" {
    midi all.mid <<'PYTHON'
file.tracks.append(MidiTrack([
    MetaMessage('track_name', name='Conductor'), MetaMessage('copyright', text='me'),
    MetaMessage('time_signature', numerator=3, denominator=4, clocks_per_click=12, notated_32nd_notes_per_beat=16),
    MetaMessage('set_tempo', tempo=517241), MetaMessage('key_signature', key='F#m'),
    MetaMessage('smpte_offset', frame_rate=25, hours=1), MetaMessage('marker', text='A', time=480),
    MetaMessage('set_tempo', tempo=400000, time=100), MetaMessage('cue_marker', text='c'),
    MetaMessage('end_of_track', time=77)]))
file.tracks.append(MidiTrack([
    MetaMessage('text', text='before the name'), MetaMessage('track_name', name='Lead'),
    MetaMessage('track_name', name='again'), MetaMessage('marker', text='in a track'),
    Message('program_change', program=5, channel=3), Message('control_change', control=7, value=100, channel=3),
    Message('note_on', note=60, velocity=100, channel=3), Message('note_on', note=64, velocity=1, channel=3),
    Message('pitchwheel', pitch=-8192, channel=3, time=10), Message('pitchwheel', pitch=8191, channel=3),
    Message('aftertouch', value=9, channel=3), Message('polytouch', note=60, value=8, channel=3),
    Message('note_off', note=64, velocity=64, channel=3, time=100), Message('note_on', note=60, velocity=0, channel=3),
    Message('note_off', note=90), Message('note_on', note=91, velocity=0),
    Message('note_on', note=70, velocity=5, time=5), Message('note_off', note=70),
    Message('sysex', data=[1, 2, 3], time=50), MetaMessage('lyrics', text='la'),
    MetaMessage('sequencer_specific', data=[9, 8]), MetaMessage('text', text='caf\xe9'),
    Message('control_change', control=1, value=1), Message('note_on', note=1, velocity=9),
    Message('control_change', control=2, value=2, time=10), Message('note_off', note=1),
    Message('control_change', control=3, value=3), Message('note_on', note=2, velocity=9),
    MetaMessage('end_of_track', time=1000)]))
PYTHON
    song-read all.mid | song-write -o out.mid
    same all.mid out.mid
    # The same if each record went through jq.
    song-read all.mid | jq -c . | song-write -o out.mid
    same all.mid out.mid
    [[ $(song-read all.mid | jq -r 'select(.type == "track") | .name' | xargs) == "Conductor Lead" ]]
}

@test "random events come back in order, of both types" {
    for type in 0 1; do
        midi random.mid <<PYTHON
file.type = $type
for _ in range(1 if $type == 0 else 5):
    track = MidiTrack()
    file.tracks.append(track)
    for _ in range(3000):
        time = random.choice([0, 0, 0, 1, 7, 240])
        note, channel = random.randrange(60, 66), random.randrange(2)
        track.append(random.choice([
            Message('note_on', note=note, velocity=random.randrange(128), channel=channel, time=time),
            Message('note_off', note=note, velocity=random.choice([0, 64]), channel=channel, time=time),
            Message('control_change', control=note, value=note, channel=channel, time=time),
            MetaMessage('set_tempo', tempo=random.randrange(200000, 900000), time=time),
            MetaMessage('marker', text=str(note), time=time),
            MetaMessage('time_signature', numerator=note - 50, denominator=8, time=time)]))
PYTHON
        song-read random.mid | song-write -o out.mid
        # Notes that end in one tick are in the order of their beginnings.
        same random.mid out.mid
    done
}

@test "times and beats are those of mido" {
    midi tempo.mid <<'PYTHON'
track = MidiTrack([MetaMessage('set_tempo', tempo=750000)])
for i in range(100):
    track.append(MetaMessage('set_tempo', tempo=random.randrange(200000, 900000), time=random.randrange(1000)))
    track.append(Message('note_on', note=60, velocity=1 + i, time=random.randrange(1000)))
file.tracks.append(track)
PYTHON
    song-read tempo.mid | jq -r 'select(.type == "note") | [.velocity, .time, .beat] | @tsv' >ours
    /usr/bin/python3 - <<'PYTHON'
import mido
file, ours = mido.MidiFile("tempo.mid"), [line.split("\t") for line in open("ours")]
time = 0
theirs = {}
for message in file:
    time += message.time
    if message.type == "note_on":
        theirs[message.velocity] = time
assert len(ours) == 100
for velocity, seconds, beat in ours:
    assert abs(theirs[int(velocity)] - float(seconds)) < 1e-6
tick = 0
beats = {}
for message in file.tracks[0]:
    tick += message.time
    if message.type == "note_on":
        beats[message.velocity] = tick / 480
assert all(abs(beats[int(velocity)] - float(beat)) < 1e-9 for velocity, _, beat in ours)
PYTHON
}

@test "the fastest tempo of a MIDI file comes back, and a project takes it" {
    printf 'MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x13\0\xff\x51\3\0\0\1\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0' >fast.mid
    song-read fast.mid >song
    [[ $(jq 'select(.type == "tempo") | .bpm' song) == 60000000 ]]
    song-write -o out.mid <song
    cmp fast.mid out.mid
    song-write -o out.rpp <song
    [[ $(song-read out.rpp | jq 'select(.type == "tempo") | .bpm') == 60000000 ]]
    song-draw -v roll --frames 0:1 -s 32x32 -o out.y4m song
    sed -i 's/^  TEMPO 60000000/  TEMPO 60000001/' out.rpp
    run -1 song-read out.rpp
    [[ ${lines[0]} == *"has no tempo above 0, up to 60000000; correct it"* ]]
}

@test "SMPTE divisions come back" {
    printf 'MThd\0\0\0\6\0\0\0\1\xe2\x50MTrk\0\0\0\x0c\0\x90\x3c\x40\x60\x80\x3c\x40\0\xff\x2f\0' >smpte.mid
    song-read smpte.mid | song-write -o out.mid
    cmp smpte.mid out.mid
    # 96 ticks of 80 in a thirtieth of a second.
    [[ $(song-read smpte.mid | jq 'select(.type == "note") | .length * 1e9 | round') == 40000000 ]]
}

@test "a song by hand is a MIDI file, and a MIDI file a project" {
    cat >song.ndjson <<'END'
{"type":"tempo","beat":0,"bpm":95}
{"type":"signature","beat":0,"numerator":3,"denominator":4}
{"type":"track","track":"bass","name":"Bass"}
{"type":"note","track":"bass","beat":0,"beats":1,"note":33,"velocity":80}
{"type":"note","track":"bass","time":0.6315789473684211,"length":0.3157894736842105,"note":36}
END
    song-write -o out.mid <song.ndjson
    midi expected.mid <<'PYTHON'
file.ticks_per_beat = 960
file.tracks.append(MidiTrack([MetaMessage('set_tempo', tempo=631579), MetaMessage('time_signature', numerator=3, denominator=4)]))
file.tracks.append(MidiTrack([MetaMessage('track_name', name='Bass'), Message('note_on', note=33, velocity=80),
    Message('note_off', note=33, velocity=0, time=960), Message('note_on', note=36, velocity=100), Message('note_off', note=36, velocity=0, time=480)]))
PYTHON
    same expected.mid out.mid
    song-read out.mid | song-write -o out.rpp
    [[ $(song-read out.rpp | jq -c 'select(.type == "note") | [.beat, .beats, .note]' | xargs) == "[0,1,33] [1,0.5,36]" ]]
    song-write -f mid -o - <song.ndjson | cmp - out.mid
    # Where the name has no suffix the song decides, also in a folder that has one.
    mkdir a.b
    song-read out.mid | song-write -o a.b/copy
    song-read out.mid | song-write -o ./copy
    cmp a.b/copy out.mid && cmp copy out.mid
}

@test "beats slower than those of a MIDI file are several of its beats, at their times" {
    song() { printf '{"type":"tempo","beat":%s,"bpm":%s}\n' "$@"; }
    song 0 3.577 | song-write -o out.mid
    [[ $(song-read out.mid | jq 'select(.type == "tempo") | .bpm * 100 | round') == 358 ]]
    # A beat of 20 s between two of 0.5 s, and one that ends in a ramp.
    { song 2 120 0 120 1 3; echo '{"type":"track","track":"t1"}'; for beat in 0 1 1.5 2 3; do echo "{\"type\":\"note\",\"track\":\"t1\",\"beat\":$beat,\"beats\":0.5,\"note\":60}"; done; } >slow
    song-write -o out.mid <slow
    run -0 song-read out.mid
    [[ $(jq -c 'select(.type == "note") | [.time, .length | . * 1000 | round]' <<<"$output" | xargs) == "[0,250] [500,10000] [10500,10000] [20500,250] [21000,250]" ]]
    [[ $(jq -c 'select(.type == "tempo") | [.beat, (.bpm | round)]' <<<"$output" | xargs) == "[0,120] [1,6] [3,120]" ]]
    printf '%s\n' '{"type":"tempo","beat":0,"bpm":1,"ramp":true}' "$(song 1 120)" '{"type":"track","track":"t1"}' \
        '{"type":"note","track":"t1","beat":1,"beats":1,"note":60}' >ramp
    song-write -o out.mid <ramp
    song-write -o out.rpp <ramp
    begins() { song-read "$1" | jq 'select(.type == "note") | .time * 100 | round'; }
    [[ $(begins out.mid) == "$(begins out.rpp)" ]]
}

@test "ramps have longer steps where there would be too many, and arrive at their times all the same" {
    jq -nc '{type: "track", track: "t"}, {type: "note", track: "t", beat: 254830, beats: 1, note: 60},
        (range(1500) | {type: "tempo", beat: (170 * .), bpm: (100 + . % 2 * 50), ramp: true})' >ramps
    (ulimit -v 120000 && song-write -o out.mid <ramps)
    (($(stat -c %s out.mid) < 250000))
    # Each ramp is of 170 beats, at 125 a minute.
    [[ $(song-read out.mid | jq 'select(.type == "note") | .time | round') == 122318 ]]
}

@test "what a MIDI file cannot hold is refused: more tracks" {
    run -1 song-write -o out.mid < <(/usr/bin/python3 -c 'for i in range(65535): print(f"{{\"type\":\"track\",\"track\":\"t{i}\"}}")')
    [[ $output == *"65535"* && ! -e out.mid ]]
}

@test "of a project a MIDI file has what its items play" {
    song-read "$made/whole.rpp" | song-write -o out.mid
    # The source of 4 beats repeats within the item's 7.125; a muted note is not played.
    run -0 song-read out.mid
    [[ $(jq -c 'select(.type == "note") | [.beat, .note]' <<<"$output" | xargs) == "[2,60] [2.5,64] [3.5,48] [6,60] [6.5,64] [7.5,48]" ]]
    [[ $(jq -r 'select(.type == "marker") | .name' <<<"$output" | head -n 1) == "Verse one" ]]
    # The ramp's steps arrive at the time of its end.
    [[ $(jq 'select(.type == "tempo" and .beat == 14) | .time * 1000 | round' <<<"$output") == 8000 ]]
}

@test "a damaged file is an error, and what is whole in it is read" {
    printf 'MThd\0\0\0\6\0\1\0\2\1\xe0MTrk\0\0\0\4\0\x90\x3c\x40MTrk\0\0\0\x0c\0\x90\x3d\x40\x60\x80\x3d\x40\0\xff\x2f\0' >whole.mid
    [[ $(song-read whole.mid | jq -c 'select(.type == "note") | [.note, .beats]' | xargs) == "[60,null] [61,0.2]" ]]
    printf 'MThd\0\0\0\6\0\1\0\2\1\xe0MTrk\0\0\0\5\0\x90\x3c\x40\0MTrk\0\0\0\x0c\0\x90\x3d\x40\x60\x80\x3d\x40\0\xff\x2f\0' >torn.mid
    run -1 song-read torn.mid
    [[ $(jq -c 'select(.type == "note") | .note' <<<"$output" | xargs) == "60 61" && $(jq -r 'select(.status) | .track' <<<"$output") == t1 ]]
    for ((cut = 0; cut < $(stat -c %s whole.mid); ++cut)); do
        head -c "$cut" whole.mid >cut.mid
        run -1 song-read cut.mid
    done
}
