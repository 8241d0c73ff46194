#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# NumPy calculates the mixes of songs at random (song-mix/); sox, audio-mix and formulas say what is
# resampled, stretched and written. Songs are in files of records.

load ../helper

mixing=$root/tests/tools/song-mix

setup() { /usr/bin/python3 "$mixing/songs.py" sources; }

# record TYPE FIELDS: one line of a song.
record() { echo "{\"type\":\"$1\",$2}"; }
# The song's record, with a sample rate or with fields.
song_at() { record song "\"sample_rate\":$1${2:+,$2}"; }
song_of() { song_at 8000 "$@"; }
# item ID TRACK TIME LENGTH FILE [FIELDS]
item() {
    record item "\"item\":\"$1\",\"track\":\"$2\",\"time\":$3,\"length\":$4,\"source\":{\"kind\":\"audio\",\"path\":\"$5\"}${6:+,$6}"
}
track() { record track "\"track\":\"$1\"${2:+,$2}"; }

# as_calculated FILE SONG [TRACK [START END]]: NumPy makes the same of the song.
as_calculated() { /usr/bin/python3 "$mixing/reference.py" "$1" "${@:3}" <"$2" || fail "$2: NumPy calculates another mix"; }

# mixes FEATURE...: songs at random with these features.
mixes() {
    for seed in $(some 2 {1..6}); do
        /usr/bin/python3 "$mixing/songs.py" "$seed" "$@" >"song.$seed"
        song-mix -p "song.$seed" -o mix.npy >result
        as_calculated mix.npy "song.$seed"
    done
}

# frequency FILE: of the tone in its middle.
frequency() {
    warm_python - "$1" <<'END'
import sys, wave
import numpy as np
with wave.open(sys.argv[1]) as file:
    samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())[:, 0]
    rate = file.getframerate()
part = samples[len(samples) // 4:len(samples) * 3 // 4]
spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 18))
print(round(spectrum.argmax() * rate / (1 << 18)))
END
}

@test "items, tracks and the master are what NumPy calculates" {
    mixes items
}

@test "offsets, loops, sections, directions, channels and gains of takes are what NumPy calculates" {
    mixes items takes
}

@test "every shape of a fade has its formula, and a crossfade counts instead of a fade" {
    mixes items fades
}

@test "every pan mode and pan law is what NumPy calculates" {
    mixes items pans
}

@test "envelopes of takes, tracks and the master have their shapes" {
    mixes items envelopes
}

@test "folders, mutes and tracks that do not go into the master are what NumPy calculates" {
    mixes items folders
}

@test "sends before and behind effects and faders are what NumPy calculates" {
    mixes items sends
}

@test "all of it together is what NumPy calculates, and so is each track" {
    mixes items takes fades envelopes pans folders sends
    song-mix -p song.6 --stems stems -f npy | jq -r '"\(.track) \(.output_path)"' >list
    (($(wc -l <list) >= 6))
    while read -r track path; do as_calculated "$path" song.6 "$track"; done <list
}

@test "without gains the mix is that of audio-mix and of sox -m, bit for bit" {
    sox -R -D -n -r 44100 -c 2 -b 16 a.wav synth 1 noise vol 0.2
    sox -R -D -n -r 44100 -c 1 -b 16 b.wav synth 0.7 pinknoise vol 0.2
    { song_at 44100 && track t1 && item i1 t1 0 1 a.wav && track t2 && item i2 t2 0 0.7 b.wav; } >song
    song-mix -p song -o ours.wav -b 32f >/dev/null
    audio-mix -o theirs.wav -b 32f a.wav b.wav >/dev/null
    wav-diff -q ours.wav theirs.wav
    song-mix -p song -o ours.wav >/dev/null
    sox b.wav both.wav remix 1 1
    sox -D -m -v 1 a.wav -v 1 both.wav theirs.wav
    wav-diff -q ours.wav theirs.wav
}

@test "the constant gains of a pan law are those of its formula" {
    warm_python -c 'import numpy as np; np.save("one.npy", np.full((1, 800), 0.5, "<f4"))'
    # levels FIELDS: of both sides, in thousandths.
    levels() {
        { song_of && track t1 "$1" && item i1 t1 0 0.1 one.npy; } >song
        song-mix -p song -o mix.npy >/dev/null
        warm_python -c 'import numpy as np; print(*np.round(np.load("mix.npy")[:, 100] * 2000).astype(int))'
    }
    [[ $(levels '"pan":0') == "1000 1000" && $(levels '"pan":-0.5') == "1000 500" ]]
    [[ $(levels '"pan":0,"pan_law":0.5') == "500 500" && $(levels '"pan":1,"pan_law":0.5') == "0 1000" ]]
    [[ $(levels '"pan":0,"pan_law":2') == "1000 1000" && $(levels '"pan":1,"pan_law":2') == "0 2000" ]]
    # Both channels of a mono item in the middle, and both on one side.
    [[ $(levels '"pan_mode":5,"width":0') == "1000 1000" && $(levels '"pan_mode":5,"pan":1') == "0 2000" ]]
    [[ $(levels '"pan_mode":6,"pan_left":1,"width":-1') == "1000 1000" ]]
    [[ $(levels '"pan_mode":6,"pan_left":-1,"width":-0.5') == "1750 250" ]]
    [[ $(levels '"gain_db":-6.0206') == "500 500" && $(levels '"gain":0.25,"inverted":true') == "-250 -250" ]]
}

@test "media at another rate is resampled as sox does it" {
    sox -R -D -n -r 48000 -b 24 in.wav synth 1 sine 1000 vol 0.5 fade h 0.05 1 0.05
    { song_at 44100 && track t1 && item i1 t1 0 1 in.wav; } >song
    song-mix -p song -o ours.wav -b 24 -c 1 >/dev/null
    sox -D -G in.wav -b 24 theirs.wav rate -v 44100
    wav-diff --tolerance 0.00001 ours.wav theirs.wav
}

@test "a rate moves the pitch, and leaves it with preserve_pitch" {
    sox -R -D -n -r 44100 -c 1 -b 16 tone.wav synth 4 sine 440 vol 0.5
    # tone_of FIELDS: the frequency of an item with them.
    tone_of() {
        { song_at 48000 && track t1 && item i1 t1 0 2 tone.wav "$1"; } >song
        song-mix -p song -o mix.wav >/dev/null
        frequency mix.wav
    }
    [[ $(tone_of '"rate":1') == 440 && $(tone_of '"rate":1.5') == 660 && $(tone_of '"rate":0.5') == 220 ]]
    command -v rubberband >/dev/null || ldd "$bin/song-mix" | grep -q rubberband || skip "this build has no Rubber Band"
    [[ $(tone_of '"rate":1.5,"preserve_pitch":true') == 440 ]]
    [[ $(tone_of '"rate":0.5,"preserve_pitch":true') == 440 ]]
    [[ $(tone_of '"pitch_cents":1200') == 880 && $(tone_of '"pitch_cents":-1200') == 220 ]]
    [[ $(tone_of '"rate":1.5,"pitch_cents":-1200') == 330 ]]
}

@test "what is stretched begins and goes on in its time, also from an offset and in a loop" {
    ldd "$bin/song-mix" | grep -q rubberband || skip "this build has no Rubber Band"
    # Half a second of a tone and half a second of silence.
    sox -R -D -n -r 44100 -c 1 -b 16 on.wav synth 0.5 sine 440 vol 0.5
    sox on.wav beat.wav pad 0 0.5
    { song_at 44100 && track t1 && item i1 t1 1 6 beat.wav '"rate":0.5,"preserve_pitch":true,"loop":true,"offset":0.25'; } >song
    song-mix -p song -o mix.wav -c 1 >/dev/null
    [[ $(soxi -s mix.wav) == 308700 ]]
    run -0 warm_python - <<'END'
import wave
import numpy as np
with wave.open("mix.wav") as file:
    samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
loud = [np.abs(samples[int(at * 44100):int((at + 0.1) * 44100)]).max() > 0.2 for at in np.arange(0, 7, 0.1) + 1e-9]
# From 1 s on: 0.5 s of the tone, then a second of silence and one of the tone.
wanted = [1 <= at < 1.5 or 2.5 <= at < 3.5 or 4.5 <= at < 5.5 or 6.5 <= at < 7 for at in np.arange(0, 7, 0.1) + 0.05]
differ = [i for i in range(70) if loud[i] != wanted[i]]
print(differ)
# An edge may be heard a little before.
assert all(loud[i] and not wanted[i] and i + 1 < 70 and wanted[i + 1] or
           loud[i] and not wanted[i] and wanted[i - 1] for i in differ) and len(differ) <= 7
END
    # The same bits in every run, and in a part.
    cp mix.wav whole.wav
    song-mix -p song -o mix.wav -c 1 >/dev/null
    cmp mix.wav whole.wav
    song-mix -p song -o part.wav -c 1 --range 2.3:4 >/dev/null
    sox whole.wav cut.wav trim 101430s 74970s
    wav-diff -q part.wav cut.wav
}

@test "an item in beats is where the tempo says" {
    { song_of && record tempo '"beat":0,"bpm":60' && record tempo '"beat":1,"bpm":120' && track t1
        record item '"item":"i1","track":"t1","beat":2,"beats":1,"source":{"kind":"audio","path":"mono.npy"}'; } >song
    run -0 song-mix -p song -o mix.npy
    [[ $(field frames) == 16000 ]]
    { song_of && track t1 && item i1 t1 1.5 0.5 mono.npy; } >seconds
    as_calculated mix.npy seconds
}

@test "a track with effects is its stem, from the beginning of the song, behind its fader" {
    {
        song_of && track t1 '"gain":0.5,"kind":"folder"' && record fx '"fx":"f1","track":"t1","plugin_kind":"vst2"'
        track t2 '"parent":"t1"' && item i2 t2 0 1 mono.npy && track t3 && item i3 t3 0 0.5 stereo.npy
    } >song
    # Without the stem nothing is written.
    run -1 song-mix -p song -o mix.npy </dev/null
    [[ $(field error) == "t1: has effects, and there is no stem"* && ! -e mix.npy ]]
    run -1 song-mix -p song -o mix.npy <<<'{"track":"t1","status":"error","error_kind":"crash","error":"echo.so: crashed"}'
    [[ $(field error) == "t1: could not be rendered: echo.so: crashed" && ! -e mix.npy ]]
    song-mix -p song -o mix.npy <<<'{"track":"t1","status":"ok","output_path":"stereo.npy"}' >/dev/null
    { song_of && track t1 '"gain":0.5' && item i1 t1 0 1 stereo.npy && track t3 && item i3 t3 0 0.5 stereo.npy; } >same
    as_calculated mix.npy same
    # Or without it.
    run -1 --separate-stderr song-mix -p song -o mix.npy --allow-missing </dev/null
    [[ $(jq -sr 'map(.status) | join(" ")' <<<"$output") == "error ok" ]]
    { song_of && track t3 && item i3 t3 0 0.5 stereo.npy && item i4 t3 0 1 stereo.npy '"gain":0'; } >rest
    as_calculated mix.npy rest
    # Standard input is read only if a stem is needed.
    song-mix -p rest -o mix.npy 0<&- >/dev/null
}

@test "a take with effects is its stem, with the item's fades and gains" {
    {
        song_of && track t1 && item i1 t1 0.25 0.5 mono.npy '"fade_in":0.2,"gain":0.5,"rate":2'
        record fx '"fx":"f1","track":"t1","item":"i1","plugin_kind":"vst2"'
    } >song
    song-mix -p song -o mix.npy <<<'{"track":"t1","item":"i1","output_path":"stereo.npy"}' >/dev/null
    { song_of && track t1 && item i1 t1 0.25 0.5 stereo.npy '"fade_in":0.2,"gain":0.5,"offset":0.25'; } >same
    as_calculated mix.npy same
}

@test "--inputs writes what is below a chain, and passes every job on" {
    {
        song_of && track t1 '"gain":0.5' && record fx '"fx":"f1","track":"t1","plugin_kind":"vst2"' && item i1 t1 0 1 mono.npy '"gain":0.5'
        track t2 && record fx '"fx":"f2","track":"t2","plugin_kind":"vst2"' && item i2 t2 0 0.5 stereo.npy
        record send '"send":"s1","source_track":"t1","track":"t2","gain":0.25'
        record fx '"fx":"f3","track":"t2","item":"i2","plugin_kind":"vst2"'
    } >song
    {
        echo '{"song_path":"song","track":"t1","input_path":"in/t1.wav","sample_rate":8000,"x":1.0}'
        echo '{"song_path":"song","track":"t2","input_path":"in/t2.wav","stems":{"t1":"stereo.npy","i2":"mono.npy"}}'
        echo '{"song_path":"song","track":"t2","item":"i2","input_path":"in/i2.wav"}'
        echo '{"track":"t3","plugin_path":"synth.so"}'
        echo '{"song_path":"song","track":"t9","input_path":"in/t9.wav"}'
    } >tasks
    run -1 song-mix --inputs <tasks
    [[ $(head -n 4 <<<"$output") == "$(head -n 4 tasks)" && $(tail -n 1 <<<"$output" | jq -r .error) == *"t9"* && ! -e in/t9.wav ]]
    [[ $(soxi -t in/t1.wav) == wav && $(soxi -b in/t1.wav) == 32 && $(soxi -r in/t1.wav) == 8000 ]]
    # as_input FILE: it is the mix of the song on standard input.
    as_input() {
        cat >same
        audio-edit -o as.npy "$1" >/dev/null
        as_calculated as.npy same
    }
    { song_of && track t1 && item i1 t1 0 1 mono.npy '"gain":0.5'; } | as_input in/t1.wav
    { song_of && track t1 && item i1 t1 0 1 stereo.npy '"gain":0.125' && item i2 t1 0 0.5 mono.npy; } | as_input in/t2.wav
    { song_of && track t1 && item i2 t1 0 0.5 stereo.npy; } | as_input in/i2.wav
    # A stem of a track that it needs is missing.
    run -1 song-mix --inputs <<<'{"song_path":"song","track":"t2","input_path":"in/x.wav","stems":{"i2":"mono.npy"}}'
    [[ $(field error) == "t1: has effects, and there is no stem"* && $(field track) == t2 && ! -e in/x.wav ]]
}

@test "regions are parts of the mix, and with tracks a matrix" {
    {
        song_of "\"path\":\"$PWD/My Song.rpp\"" && track t1 '"name":"Drums/1","gain":0.5' && item i1 t1 0 1 mono.npy '"fade_in":0.5'
        track t2 '"name":"Bass"' && item i2 t2 0.5 1 stereo.npy
        record region '"marker":"m1","time":0.25,"end":1,"name":"Verse","index":3'
        record region '"marker":"m2","time":0.75,"end":2,"name":"Verse"'
        record region '"marker":"m3","time":1,"end":1.25,"name":"","index":7'
    } >song
    run -0 song-mix -p song --regions out -f npy
    [[ $(jq -r '"\(.output_path) \(.region) \(.frames)"' <<<"$output" | sort) == "$PWD/out/7.npy 7 2000
$PWD/out/Verse.npy Verse 6000
$PWD/out/Verse_1.npy Verse 10000" ]]
    as_calculated out/Verse.npy song master 0.25 1
    as_calculated out/Verse_1.npy song master 0.75 2
    run -0 song-mix -p song --stems out --regions out -f npy --template '{project}/{region_number} {track} {number}'
    [[ $(cd out && find My* -type f | sort) == 'My Song/3 Bass 2.npy
My Song/3 Drums_1 1.npy
My Song/7 Bass 6.npy
My Song/7 Drums_1 5.npy
My Song/Bass 4.npy
My Song/Drums_1 3.npy' ]]
    as_calculated "out/My Song/3 Drums_1 1.npy" song t1 0.25 1
    as_calculated "out/My Song/Bass 4.npy" song t2 0.75 2
    # All at once, in one pass.
    run -0 song-mix -p song --stems two --regions two -o mix.npy -f npy
    ((${#lines[@]} == 7))
    as_calculated mix.npy song
    [[ -e two/Verse/Bass.npy && -e two/Verse/Drums_1.npy && -e two/Verse/Bass_1.npy ]]
}

@test "--range and --tail say what is written, and else the song's own settings" {
    { song_of '"render":{"range":0,"start":0.25,"end":0.75,"channels":1,"tail_ranges":1,"tail_ms":500,"sample_rate":16000}' && track t1 && item i1 t1 0 1 mono.npy; } >song
    run -0 song-mix -p song -o mix.npy
    [[ $(field frames) == 16000 && $(field channels) == 1 && $(field sample_rate) == 16000 ]]
    run -0 song-mix -p song -o mix.npy -r 8000 -c 2 --range 0.5: --tail 0.25
    [[ $(field frames) == 6000 ]]
    as_calculated mix.npy <(sed 's/"render":{[^}]*}/"x":1/' song) master 0.5 1.25
    run -0 song-mix -p song -o mix.npy -r 8000 -c 2 --range :0.5 --tail 0
    as_calculated mix.npy <(sed 's/"render":{[^}]*}/"x":1/' song) master 0 0.5
    for range in 1:0.5 1 a:b -1:2 : 0:0; do
        [[ $range == : ]] || run -2 song-mix -p song -o mix.npy --range "$range"
    done
}

@test "a mix with nothing to hear replaces no file, unless --allow-silence asks for it" {
    tone() { sox -D -n -r 8000 -b 16 "$1" synth 1 sine 440; }
    tone a.wav
    sox -D -n -r 8000 -b 16 zero.wav trim 0 1
    # refused FIELDS OPTION...: of the track.
    refused() {
        { song_of && track t1 "$1" && item i1 t1 2 1 a.wav && record region '"time":0,"end":1,"name":"A"'; } >song
        echo good >mix.wav
        run -1 song-mix -p song "${@:2}"
        [[ $(field error) == "song: has nothing to hear"*--allow-silence* && $(<mix.wav) == good && ! -e out/A.wav ]] || fail "$*"
        run -0 song-mix -p song "${@:2}" --allow-silence
        [[ $(field silent) == true ]]
        rm -rf out
    }
    refused '"gain":1' -o mix.wav --range 0:2
    refused '"mute":true' -o mix.wav
    refused '"gain":0' -o mix.wav
    refused '"gain":1' --regions out
    sed 's/a.wav/zero.wav/' song >silent
    run -1 song-mix -p silent -o silent.wav
    record track '"track":"t"' >empty
    run -1 song-mix -p empty -o silent.wav
    [[ ! -e silent.wav ]]
    # Of several files one is enough, also if it is the last one.
    { cat song && record region '"time":2,"end":3,"name":"B"' && track t2; } >two
    song-mix -p two --regions out | jq -r '[.region, .silent] | join(" ")' | diff - <(printf '%s\n' "A true" "B false")
    song-mix -p two --stems out >/dev/null
    [[ -s out/t1.wav && -s out/t2.wav && -s out/A.wav ]]
}

@test "every format and depth is written, and dithered on demand" {
    { song_of && track t1 && item i1 t1 0 1 stereo.npy; } >song
    for format in wav aiff flac w64 rf64; do
        run -0 song-mix -p song -o "mix.$format" -f "$format" -b 24
        [[ $(field format) == "$format" && $(field bit_depth) == 24 ]]
    done
    wav-diff -q mix.wav mix.flac
    audio-edit -o same.wav -b 16 mix.wav --dither >/dev/null
    song-mix -p song -o dithered.wav --dither >/dev/null
    song-mix -p song -o plain.wav >/dev/null
    run -1 wav-diff dithered.wav plain.wav
    wav-diff --tolerance 0.00007 dithered.wav plain.wav
    song-mix -p song -o - 2>result | cmp - plain.wav
    [[ $(jq -r .output_path result) == /dev/stdout ]]
}

@test "a project of REAPER and its records make the same mix" {
    sox -R -D -n -r 44100 -c 2 -b 16 a.wav synth 1 noise vol 0.2
    cat >a.rpp <<'END'
<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 1700000000
  SAMPLERATE 44100 1 0
  <TRACK
    NAME Drums
    VOLPAN 0.5 0.25 -1 -1 1
    ISBUS 0 0
    <ITEM
      POSITION 0.5
      LENGTH 0.75
      FADEIN 1 0.1 0 1 0 0 0
      VOLPAN 1 0 0.5 -1
      SOFFS 0.125
      <SOURCE WAVE
        FILE "a.wav"
      >
    >
  >
>
END
    mkdir elsewhere && cd elsewhere
    song-mix -p ../a.rpp -o one.wav >/dev/null
    song-read ../a.rpp | song-mix -p - -o two.wav >/dev/null
    cmp one.wav two.wav
    [[ $(soxi -s one.wav) == 55125 ]]
    [[ $(sox one.wav -n stat 2>&1 | awk '/Maximum amplitude/ {print ($3 > 0.03)}') == 1 ]]
}

@test "sixty-four tracks are mixed in memory that does not grow with their length" {
    without_sanitizers "they take memory of their own"
    sox -R -D -n -r 8000 -c 2 -b 16 loop.wav synth 1 pinknoise vol 0.01
    # peak SECONDS: in kilobytes.
    peak() {
        { song_of && for i in {1..64}; do track "t$i" && item "i$i" "t$i" 0 "$1" loop.wav '"loop":true'; done; } >song
        /usr/bin/python3 - <<'END'
import resource, subprocess
subprocess.run(["song-mix", "-p", "song", "-o", "mix.wav"], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
    }
    short=$(peak 5) long=$(peak 100)
    echo "$short $long"
    ((long < short + 2000))
}

@test "the order of the records of a track's items does not matter to what is heard" {
    { song_of && track t1 && item i1 t1 0 1 mono.npy && item i2 t1 0.1 0.5 stereo.npy; } >one
    { song_of && track t1 && item i2 t1 0.1 0.5 stereo.npy && item i1 t1 0 1 mono.npy; } >two
    song-mix -p one -o one.wav -b 32f >/dev/null
    song-mix -p two -o two.wav -b 32f >/dev/null
    cmp one.wav two.wav
}

@test "missing media is an error by its name, and left out with --allow-missing" {
    { song_of && track t1 && item i1 t1 0 1 mono.npy && item i2 t1 0 1 gone.wav; } >song
    run -1 song-mix -p song -o mix.npy
    [[ $(field error) == *"gone.wav"* && $(field error_kind) == not-found && ! -e mix.npy ]]
    run -1 song-mix -p song -o mix.npy --allow-missing
    [[ $(jq -sr 'map(.error_kind) | join(" ")' <<<"$output") == "not-found " ]]
    { song_of && track t1 && item i1 t1 0 1 mono.npy; } >rest
    as_calculated mix.npy rest
    # What is muted is not needed.
    sed 's/gone.wav"}/&,"mute":true/' song >muted
    song-mix -p muted -o mix.npy >/dev/null
    # Offline media, and what is no audio.
    { song_of && track t1 && record item '"item":"i1","track":"t1","time":0,"length":1,"source":{"kind":"offline","path":"x.wav"}'; } >offline
    run -1 song-mix -p offline -o x.npy
    [[ $(field error) == *"x.wav"*"missing"* ]]
    { song_of && track t1 && record item '"item":"i1","track":"t1","time":0,"length":1,"source":{"kind":"project","path":"x.rpp"}'; } >project
    run -1 song-mix -p project -o x.npy
    [[ $(field error_kind) == unsupported ]]
}

@test "an input is never replaced by the mix" {
    cp mono.npy media.npy
    { song_of && track t1 && item i1 t1 0 1 media.npy; } >song
    run -1 song-mix -p song -o media.npy
    [[ $(field error) == *"is read for the mix"* ]]
    cmp media.npy mono.npy
    cp song song.wav
    run -1 song-mix -p song.wav -o song.wav
    cmp song song.wav
}

@test "what is wrong in a song is refused by name, and nothing is written" {
    # refused FIELDS WORDS: of an item.
    refused() {
        { song_of && track t1 && item i1 t1 0 1 mono.npy "$1"; } >song
        run -1 song-mix -p song -o mix.npy
        [[ $(field error) == *"$2"* && ! -e mix.npy ]] || fail "$1: $output"
    }
    refused '"gain":-1' "i1: gain must be 0 or more"
    refused '"pan":2' "i1: pan"
    refused '"rate":0' "i1: rate"
    refused '"rate":1e9' "i1: rate"
    refused '"fade_in":1,"fade_in_shape":"round"' "i1: fade_in_shape"
    refused '"fade_in_curve":2' "i1: fade_in_curve"
    refused '"offset":1e300' "i1: offset"
    refused '"pitch_cents":1e6' "i1: pitch_cents"
    refused '"stretch_markers":3' "i1: has stretch markers, which cannot be followed"
    for fields in '"time":-1,"length":1' '"time":0,"length":1e99' '"time":0,"length":-1'; do
        { song_of && track t1 && record item "\"item\":\"i1\",\"track\":\"t1\",$fields,\"source\":{\"path\":\"mono.npy\"}"; } >song
        run -1 song-mix -p song -o mix.npy
        [[ $(field error) == "i1: "* && ! -e mix.npy ]]
    done
    { song_of && track t1 '"pan_mode":4'; } >song
    run -1 song-mix -p song -o mix.npy
    [[ $(field error) == "t1: pan_mode"* ]]
    for points in '[[0]]' '[0,1]' '[[0,1,"round"]]' '{"a":1}' '[[0,"x"]]'; do
        { song_of && track t1 && item i1 t1 0 1 mono.npy && record envelope '"envelope":"e1","track":"t1","target":"gain","points":'"$points"; } >song
        run -1 song-mix -p song -o mix.npy
        [[ $(field error) == "e1: "* && ! -e mix.npy ]]
    done
    { song_of && track t1 && item i1 t1 0 1 mono.npy && record envelope '"envelope":"e1","track":"t1","target":"gain","automation_items":1,"points":[]'; } >song
    run -1 song-mix -p song -o mix.npy
    [[ $(field error) == "e1: has automation items, which cannot be followed"* && ! -e mix.npy ]]
    { song_of && track t1 && item i1 t1 0 1 mono.npy && track t2 && record send '"send":"s1","source_track":"t1","track":"t2"' && record send '"send":"s2","source_track":"t2","track":"t1"'; } >song
    run -1 song-mix -p song -o mix.npy
    [[ $(field error) == *"feedback"* ]]
    { song_of && track t1 && record region '"marker":"m1","time":2,"end":1'; } >song
    run -1 song-mix -p song --regions out
    [[ $(field error) == "m1: ends before it begins"* ]]
    printf 'nonsense\n' >song
    run -1 song-mix -p song -o mix.npy
    { song_of && echo nonsense; } >song
    run -1 song-mix -p song -o mix.npy
    [[ $(field error) == *"line 2"* && ! -e mix.npy ]]
}

@test "a million points, a thousand items and a source of one sample are mixed" {
    warm_python - >song <<'END'
import json
import numpy as np
np.save("one.npy", np.full((1, 1), 0.25, "<f4"))
print('{"type":"song","sample_rate":8000}\n{"type":"track","track":"t1"}')
for i in range(1000):
    print(json.dumps({"type": "item", "item": f"i{i}", "track": "t1", "time": i / 500, "length": 0.5, "loop": True,
                      "gain": 0.01, "source": {"kind": "audio", "path": "one.npy"}}))
for part in range(100):
    points = [[(part * 10000 + i) / 5e5, 1] for i in range(10000)]
    print(json.dumps({"type": "envelope", "envelope": "e1", "track": "t1", "target": "gain", "points": points} |
                     ({"more": True} if part else {})))
END
    song-mix -p song -o mix.npy >/dev/null
    warm_python -c 'import numpy as np; mix = np.load("mix.npy"); assert abs(mix[0, 8000] - 0.25 * 0.01 * 250) < 1e-6, mix[0, 8000]'
}

@test "usage is checked before any work" {
    { song_of && track t1; } >song
    for wrong in "" "-p song" "-o mix.wav" "-p song -o mix.wav extra" "--inputs -o mix.wav" "--inputs -p song" \
        "-p song -o mix.wav --template x" "-p song --stems a --regions b" "-p song -o mix.flac -b 32f" \
        "-p song -o mix.wav -f flac" "-p song --stems a --template {note}" "-p song --stems a --template /x" \
        "-p nowhere -o mix.wav"; do
        # shellcheck disable=SC2086
        run song-mix $wrong </dev/null
        ((status == 2 || status == 1)) || fail "$wrong: $status"
        [[ $wrong == *nowhere* || $status == 2 ]] || fail "$wrong: $status"
        [[ ! -e mix.wav ]]
    done
    run -2 song-mix -p song --stems a --template '{note}'
    [[ $output == *"{track} {region} {project} {number}"* ]]
}

@test "more files of one moment than can be open are refused before one is written" {
    jq -nc '{type: "song"}, {type: "track", track: "t"},
        (range(900) | {type: "region", region: "r\(.)", name: "r\(.)", time: 0, end: 1})' >many
    run -1 song-mix --project many --regions out
    [[ $output == *"would be written beside more than 800 other files"* && -z $(find out -type f) ]]
}

@test "each line of a project is heard, or is harmless for a reason, or is told" {
    sox -R -D -n -r 8000 -c 2 -b 16 a.wav synth 0.5 noise pinknoise vol 0.2
    sox -R -D -n -r 8000 -c 2 -b 16 b.wav synth 0.5 pinknoise vol 0.2
    /usr/bin/python3 "$mixing/lines.py" "$root/lib/song/rpp_tables.cpp"
}

@test "solo defeat is heard beside a solo, without what feeds the track" {
    sox -R -D -n -r 8000 -c 2 -b 16 a.wav synth 0.5 noise vol 0.2
    three() { song_of && track a "\"solo\":$1" && item i a 0 0.5 a.wav && track b "$2" && item j b 0.5 0.5 a.wav && track c "$3" && item k c 1 0.5 a.wav && record send '"source_track":"c","track":"b"'; }
    three 1 '"solo_defeat":true' '"gain":1' | song-mix -p - -o defeat.npy >/dev/null
    three 0 '"gain":1' '"mute":true' | song-mix -p - -o same.npy >/dev/null
    cmp defeat.npy same.npy
    three 0 '"solo_defeat":true' '"gain":1' | song-mix -p - -o all.npy >/dev/null
    three 0 '"gain":1' '"gain":1' | song-mix -p - -o same.npy >/dev/null
    cmp all.npy same.npy
}
