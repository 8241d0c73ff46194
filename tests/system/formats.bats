#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What holds for every audio format that render-one writes. FFmpeg, mutagen and opusinfo read the
# files.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so
formats=(wav rf64 w64 aiff flac ogg opus mp3)

# job FORMAT [FIELDS]: a job of half a second at a rate that every format has, into out.FORMAT.
job() {
    local more=${2-}
    jq -nc --arg format "$1" --arg out "$PWD/out.$1" --argjson more "${more:-"{}"}" \
        '{format: $format, output_path: $out, sample_rate: 48000, duration: 0.3, tail: 0.2} + $more'
}

tags() { "$built/tests/audio-tags" "$@"; }

# The fields that are the same in every run of a job.
lasting() { jq 'del(.status, .isolation, .load_ms, .render_ms, .write_ms)' <<<"$1"; }

@test "every format has exactly the frames, says which codec it is, and has the tags" {
    while read -r format codec; do
        run -0 render-one -p "$plain" "$(job "$format" '{"note": 36, "velocity": 99, "preset_name": "Ünder", "preset_author": "A. B."}')"
        [[ $(field status) == ok && $(field frames) == 24000 ]]
        [[ $(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "out.$format") == "$codec" ]] || fail "$format"
        # FFmpeg 5.1 leaves out the first frames of Ogg Vorbis.
        ffmpeg -nostdin -v error -y -i "out.$format" -f f32le -ac 2 raw
        [[ $format != ogg ]] || sox out.ogg -e float -b 32 -t raw raw
        [[ $(stat -c %s raw) == $((24000 * 8)) ]] || fail "$format: $(stat -c %s raw) bytes"
        [[ $format == npy ]] || jq -e --arg format "$format" '.container == $format and .frames == 24000 and .TITLE == "Ünder" and .ARTIST == "A. B."
            and .SOFTWARE == "patchpipe" and (.comment | fromjson | .made_by == "patchpipe" and .result.frames == 24000)' <<<"$(tags "out.$format")" ||
            fail "$format: $(tags "out.$format")"
        [[ $format == w64 ]] || [[ $(tags "out.$format" | jq .sampled.note) == 36 ]] || fail "$format"
        [[ $(tags "out.$format" | jq -r .PLUGIN) == "$(field plugin)" ]] || fail "$format: plug-in"
    done <<'END'
wav pcm_s16le
rf64 pcm_s16le
w64 pcm_s16le
aiff pcm_s16be
flac flac
ogg vorbis
opus opus
mp3 mp3
END
}

@test "a record's audio_tags are written too, and win" {
    more='{"note": 36, "preset_name": "x", "preset_author": "y", "audio_tags": {"album": "Basses", "Title": "Ü", "artist": null, "note": "40", "plugin": "p"}}'
    changes=(. '.audio_tags.album = "Pads"' '.audio_tags.note = "41"' '.audio_tags.note = null' 'del(.audio_tags.plugin)')
    # The jobs, one for each change, and the same with the change, of which the first is none.
    for format in wav w64 aiff flac mp3; do
        for number in "${!changes[@]}"; do
            job "$format" "$more" | jq -c ".output_path = \"$PWD/$number.$format\"" | tee -a first | jq -c "${changes[number]}"
        done
    done >second
    render-one -p "$plain" <first >/dev/null
    for format in wav w64 aiff flac mp3; do
        jq -e '[.ALBUM, .TITLE, .ARTIST, .PLUGIN] == ["Basses", "Ü", null, "p"]' <<<"$(tags "0.$format")"
        [[ $format == w64 || $(tags "0.$format" | jq .sampled.note) == 40 ]]
    done
    render-one -p "$plain" --skip-existing <second | jq -r '"\(.output_path | split("/")[-1]) \(.status)"' >found
    printf '%s\n' {0.{aiff,flac,mp3,w64,wav}\ skipped,{1,2,3,4}.{aiff,flac,mp3,w64,wav}\ ok} | diff <(sort found) -
    while read -r tags error; do
        run -1 render-one -p "$plain" "$(job wav '{"audio_tags": '"$tags"'}')"
        [[ $(field error_kind) == bad-record && $(field error) == "$error"* ]] || fail "$output"
    done <<'END'
5 audio_tags: must be an object of names and texts
{"album":5} album: must be a string
{"comment":"x"} audio_tags: have a comment, where render-one writes its note; use another name
{"note":"128"} audio_tags: NOTE must be a MIDI note number, 0 to 127, is '128'
{"a=b":"x"} audio_tags: 'A=B' is not a name
END
}

@test "a song's file has neither note nor velocity" {
    /usr/bin/python3 -c 'import mido; s = mido.MidiFile(); s.tracks.append(mido.MidiTrack()); s.save("rest.mid")'
    for format in wav flac; do
        render-one -p "$plain" "$(job "$format" '{"midi_path": "'"$PWD"'/rest.mid", "midi_duration": 0.5}')"
        [[ $(tags "out.$format" | jq -c '[.sampled, .VELOCITY]') == '[null,null]' ]]
    done
}

@test "the formats that store samples exactly have the same, and the others nearly the same" {
    for format in "${formats[@]}"; do render-one -p "$plain" "$(job "$format")" >/dev/null; done
    for format in rf64 w64 aiff flac; do wav-diff -q out.wav "out.$format" || fail "$format"; done
    for format in ogg opus mp3; do
        run -1 wav-diff out.wav "out.$format"
        jq -e '.frames_b == 24000 and .rms_difference_db < -25' <<<"$output" || fail "$format"
    done
    for depth in 24 32f; do
        for format in wav rf64 w64 aiff; do render-one -p "$plain" "$(job "$format" '{"bit_depth": "'$depth'"}')" >/dev/null; done
        for format in rf64 w64 aiff; do
            wav-diff -q out.wav "out.$format" || fail "$format, $depth"
            ffmpeg -nostdin -v error -y -i "out.$format" -f f32le theirs
            ffmpeg -nostdin -v error -y -i out.wav -f f32le ours
            cmp theirs ours
        done
    done
}

@test "every format is the same bytes each time, and through a pipe the same samples" {
    for format in "${formats[@]}"; do
        render-one -p "$plain" "$(job "$format")" >/dev/null
        cp "out.$format" first
        render-one -p "$plain" "$(job "$format")" >/dev/null
        cmp first "out.$format"
        render-one -p "$plain" "$(job "$format" '{"output_path": "/dev/stdout"}')" 2>record | cat >piped
        wav-diff -q first piped || fail "$format"
    done
}

@test "every file with a note is skipped when nothing has changed, and rendered again when something has" {
    for format in "${formats[@]}"; do
        made=$(render-one -p "$plain" "$(job "$format")")
        run -0 render-one -p "$plain" --skip-existing "$(job "$format")"
        [[ $(field status) == skipped ]] || fail "$format: not skipped"
        diff <(lasting "$made") <(lasting "$output")
        for change in '{"note": 50}' '{"preset_name": "x"}'; do
            run -0 render-one -p "$plain" --skip-existing "$(job "$format" "$change")"
            [[ $(field status) == ok ]] || fail "$format: skipped in spite of $change"
        done
        run -0 render-one -p "$plain" --skip-existing "$(job "$format" '{"preset_name": "x"}')"
        [[ $(field status) == skipped ]] || fail "$format: not skipped again"
    done
    for change in 'ogg {"quality": 3}' 'mp3 {"quality": 3}' 'mp3 {"bitrate": 96}' 'opus {"bitrate": 96}'; do
        run -0 render-one -p "$plain" --skip-existing "$(job "${change%% *}" "${change#* }")"
        [[ $(field status) == ok ]] || fail "$change"
    done
    # In formats that do not have them they mean nothing.
    render-one -p "$plain" "$(job wav)"
    run -0 render-one -p "$plain" --skip-existing "$(job wav '{"quality": 3, "bitrate": 96}')"
    [[ $(field status) == skipped ]]
}

@test "a note that is too long for its container is left out" {
    points=$(seq 0 900 | jq -cs 'map([. / 2000, 0.25])')
    automation='{"automation": [{"parameter": "Level", "points": '$points'}]}'
    for format in wav aiff w64; do
        run -0 render-one -p "$plain" "$(job "$format" "$automation")"
        [[ $(field frames) == 24000 && $(tags "out.$format" | jq -r .TITLE,.PLUGIN) == null$'\n'"$(field plugin)" ]]
        expected=ok noted=false
        [[ $format != wav ]] || expected=skipped noted=true
        [[ $(tags "out.$format" | jq 'has("comment")') == "$noted" ]]
        run -0 render-one -p "$plain" --skip-existing "$(job "$format" "$automation")"
        [[ $(field status) == "$expected" ]] || fail "$format: $(field status)"
    done
}

@test "a file that was cut is rendered again, whoever made it" {
    sox -n -r 48000 -c 2 theirs.wav synth 1 sine 440
    for format in "${formats[@]}"; do job "$format"; done | render-one -p "$plain" >/dev/null
    # into PATH: the job into another file.
    into() { job "$format" "{\"output_path\": \"$1\"}"; }
    for format in "${formats[@]}"; do
        cp "out.$format" "ours.$format"
        case $format in
            rf64) ffmpeg -nostdin -v error -y -i theirs.wav -rf64 always theirs.rf64.wav && mv theirs.rf64.wav theirs.rf64 ;;
            *) [[ $format == wav ]] || ffmpeg -nostdin -v error -y -i theirs.wav "theirs.$format" ;;
        esac
        for whole in ours theirs; do
            size=$(stat -c %s "$whole.$format")
            for left in 20 $((size / 2)) $((size - 1)) "$size"; do
                head -c "$left" "$whole.$format" >"$whole-$left.$format"
                into "$PWD/$whole-$left.$format" >>list
                ((left == size)) && echo skipped || echo ok
            done
        done
    done >wanted
    render-one -p "$plain" --skip-existing=name <list >results
    diff <(jq -r '"\(.output_path) \(.status)"' results) <(jq -r .output_path list | paste -d ' ' - wanted)
    for format in "${formats[@]}"; do
        printf X | dd of="out.$format" bs=1 seek=$(($(stat -c %s "out.$format") - 100)) conv=notrunc status=none
        job "$format"
    done | render-one -p "$plain" --skip-existing | jq -r .status >found
    [[ $(uniq -c found | xargs) == "${#formats[@]} ok" ]] || fail "believed with another byte: $(<found)"
}

@test "a file that may not grow is an error of its job, and leaves no part of it" {
    for format in "${formats[@]}" npy; do
        run -1 bash -c 'ulimit -f 16 && exec render-one -p "$0" "$1"' "$plain" "$(job "$format" '{"duration": 20, "output_path": "'"$PWD/new.$format"'"}')"
        [[ $(field error_kind) == io && $(field error) == *"File too large" ]] || fail "$format: $output"
        [[ $(find . -name 'new*' | wc -l) == 0 ]]
    done
}

@test "a name must end as its format's do" {
    for case in wav:out.rf64 wav:out.mp3 rf64:out.w64 aiff:out.wav opus:out.ogg mp3:out.WAV; do
        run -1 render-one -p "$plain" "$(job "${case%:*}" '{"output_path": "'"$PWD/${case#*:}"'"}')"
        [[ $(field error_kind) == bad-record && $(field error) == "format: is ${case%:*}, but the name of output_path ends in"* ]] || fail "$case: $output"
    done
    for name in out.wav out.rf64 out.RF64 out.x; do
        run -0 render-one -p "$plain" "$(job rf64 '{"output_path": "'"$PWD/$name"'"}')"
        [[ $(head -c 4 "$name") == RF64 ]]
    done
}

@test "AAC is encoded by ffmpeg, with tags, in every isolation and by every tool" {
    job wav '{"bit_depth": "32f"}' | render-one -p "$plain" >/dev/null
    # A packet more of silence at the end is a quarter of a dB.
    as_loud() { audio-measure --measure levels "$1" out.wav | jq -se '(.[0].rms_dbfs - .[1].rms_dbfs | fabs) < 1'; }
    for isolation in snapshot fork process; do
        run -0 render-one -p "$plain" --isolation "$isolation" "$(job m4a '{"preset_name": "Ünder", "preset_author": "A. B."}')"
        [[ $(field status) == ok && $(field frames) == 24000 && $(field isolation) == "$isolation" ]]
        cp out.m4a "$isolation.m4a"
        cmp "$isolation.m4a" snapshot.m4a
    done
    [[ $(ffprobe -v error -show_entries stream=codec_name,channels,sample_rate -of csv=p=0 out.m4a) == aac,48000,2 ]]
    [[ $(ffprobe -v error -show_entries format_tags=title,artist -of csv=p=0 out.m4a) == "Ünder,A. B." ]]
    as_loud out.m4a
    # There is no note in it to be believed.
    run -0 render-one -p "$plain" --skip-existing "$(job m4a)"
    [[ $(field status) == ok ]]
    jq -c . >song <<<'{"type":"track","track":"t"}{"type":"item","track":"t","time":0,"length":0.5,"source":{"path":"out.wav"}}'
    render-song song song.m4a
    song-mix -p song -o mix.mp4 >told
    audio-mix -o sum.m4a --bitrate 32 out.wav >told
    audio-edit -o edited.m4a --tag title=Edited out.wav >told
    audio-edit --tag album=Mine -o edited.m4a edited.m4a >told
    for name in song.m4a mix.mp4 sum.m4a edited.m4a; do
        [[ $(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$name") == aac ]] && as_loud "$name" || fail "$name"
    done
    (($(stat -c %s sum.m4a) < $(stat -c %s mix.mp4)))
    [[ $(ffprobe -v error -show_entries format_tags=title,album -of csv=p=0 edited.m4a) == Edited,Mine ]]
}

@test "what AAC does not have is refused, and no part of a file is left" {
    for more in '{"sample_rate": 192000}' '{"bitrate": 600}' '{"quality": 5}'; do
        run -1 --separate-stderr render-one -p "$plain" "$(job m4a "$more")"
        [[ $(field error_kind) == bad-record && ! -e out.m4a ]] || fail "$more: $output"
    done
    mkfifo pipe
    cat pipe >/dev/null &
    run -1 --separate-stderr render-one -p "$plain" "$(job m4a '{"output_path": "pipe"}')"
    [[ $(field error_kind) == unsupported && $(field error) == *pipe*"regular file"* ]] || fail "$output"
    run -1 --separate-stderr env PATH=/none "$(command -v render-one)" -p "$plain" "$(job m4a)"
    [[ $(field error) == "ffmpeg: could not be started; install it" && ! -e out.m4a ]] || fail "$output"
    sox -n -r 48000 -c 9 nine.wav synth 0.1 sine 440
    run -1 --separate-stderr audio-edit -o nine.m4a nine.wav
    [[ $output$stderr == *"AAC has at most 8"* && ! -e nine.m4a ]] || fail "$output $stderr"
}

@test "no tool writes a format of its own into a name of another one" {
    sox -n -r 48000 -c 2 in.wav synth 0.1 sine 440
    jq -c . >song <<<'{"type":"track","track":"t"}{"type":"item","track":"t","time":0,"length":0.1,"source":{"path":"in.wav"}}'
    for name in x.caf y.aac z.xyz; do
        for command in "song-mix -p song -o $name" "render-song song $name" "audio-mix -o $name in.wav" \
            "audio-edit -o $name in.wav" "play-one -d file:$name $plain" "module-render -o $name tune.it"; do
            # shellcheck disable=SC2086
            run $command
            [[ $status == [12] && $output == *"no .${name#*.} can be written; let the name end in .wav, "* ]] || fail "$command: $output"
            [[ ! -e $name ]]
        done
    done
}

@test "quality and bitrate make files larger and smaller" {
    size() {
        render-one -p "$plain" "$(job "$1" '{"duration": 3, "'"$2"'": '"$3"'}')" >/dev/null
        stat -c %s "out.$1"
    }
    for what in 'ogg quality 0 10' 'mp3 quality 0 10' 'opus bitrate 12 512' 'mp3 bitrate 32 320'; do
        read -r format key low high <<<"$what"
        small=$(size "$format" "$key" "$low") large=$(size "$format" "$key" "$high")
        ((small < large)) || fail "$what: $small and $large bytes"
    done
    # Constant: 3.2 seconds, and a frame or two of 24 ms.
    for bitrate in 32 64 128 192 320; do
        found=$(size mp3 bitrate "$bitrate")
        ((found >= 3200 * bitrate / 8 && found <= 3300 * bitrate / 8 + 3000)) || fail "$bitrate kbit/s: $found bytes"
        run -0 ffprobe -v error -show_entries stream=bit_rate -of csv=p=0 out.mp3
        [[ $output == "${bitrate}000" ]] || fail "$bitrate kbit/s: $output"
    done
}

@test "a rate, a bit rate or a number of channels that a format does not have is an error that says which there are" {
    run -1 render-one -p "$plain" "$(job opus '{"sample_rate": 44100}')"
    [[ $(field error) == "sample_rate: is 44100 Hz, and Opus has 8000, 12000, 16000, 24000 or 48000 Hz; use one of these, or another format" ]]
    run -1 render-one -p "$plain" "$(job mp3 '{"sample_rate": 96000}')"
    [[ $(field error) == "sample_rate: is 96000 Hz, and MP3 has 8000, 11025, "*" or 48000 Hz; "* ]]
    run -1 render-one -p "$plain" "$(job opus '{"bitrate": 600}')"
    [[ $(field error) == "bitrate: is 600 kbit/s, and Opus has 12 to 512 for 2 channels" ]]
    run -1 render-one -p "$plain" "$(job ogg '{"bitrate": 600}')"
    [[ $(field error) == "bitrate: is not a setting of Ogg Vorbis; use quality" ]]
    run -1 render-one -p "$plain" "$(job ogg '{"quality": 11}')"
    [[ $(field error) == "quality: must be 0 to 10, is 11" ]]
    [[ ! -e out.opus && ! -e out.mp3 && ! -e out.ogg ]]
}

@test "every sample rate of Opus and MP3 is written" {
    for rate in 8000 12000 16000 24000 48000; do
        run -0 render-one -p "$plain" "$(job opus '{"sample_rate": '$rate'}')"
        run -0 opusinfo out.opus
        [[ $output == *"Original sample rate: $rate Hz"* && $output != *WARNING* ]] || fail "$output"
        [[ $(tags out.opus | jq .frames) == $((rate / 2)) ]]
    done
    for rate in 8000 11025 12000 16000 22050 24000 32000 44100 48000; do
        run -0 render-one -p "$plain" "$(job mp3 '{"sample_rate": '$rate', "tail": 0.7}')"
        [[ $(ffprobe -v error -show_entries stream=sample_rate -of csv=p=0 out.mp3) == "$rate" ]]
        [[ $(tags out.mp3 | jq .frames) == "$rate" ]]
    done
}
