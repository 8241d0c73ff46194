#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What decodes files of strangers: libsndfile with its codecs, in a process of its own, and ffmpeg.
# A libsndfile that does harm is tests/programs/preload/bad_decoder.cpp.

load ../helper

# Rates of files over which that one does harm.
crash=8101 hang=8102 memory=8103 intruder=8104 poison=8105 damage=8106

setup() {
    [[ $BATS_TEST_DESCRIPTION == *ffmpeg* ]] || without_sanitizers "they want to be preloaded first"
}

teardown() { [[ -z ${server-} ]] || kill "$server" 2>/dev/null || true; }

# tone FILE [RATE]: half a second at -12 dB, mono.
tone() { sox -R -r "${2:-8000}" -n -c 1 -b 16 "$1" synth 0.5 square 100 gain -12; }

# badly COMMAND...
badly() { LD_PRELOAD=$root/build/tests/bad_decoder.so "$@"; }

@test "a file over which the decoder dies is an error that names it, and the other files are read" {
    for name in a c e g; do tone "$name.wav"; done
    tone b.flac "$crash"
    tone d.wav "$damage"
    tone f.wav "$memory"
    badly run -1 --separate-stderr audio-measure ./*
    [[ $(field status | xargs) == "null error null error null error null" ]] || fail "$output"
    [[ $(field error_kind | grep -v null | sort -u) == crash ]]
    [[ $(field error) == *"b.flac: "*"killed by SIGSEGV"*"d.wav: "*"killed by SIGABRT"*"f.wav: "*"more than 256 MiB"* ]] || fail "$output"
    [[ $(field frames | xargs) == "4000 null 4000 null 4000 null 4000" ]] || fail "$output"
}

@test "a decoder that dies over what came slowly through a pipe is not taken for one that hangs" {
    tone bad.wav "$crash"
    mkfifo slow
    { sleep 0.3 && cat bad.wav; } >slow &
    badly run -1 --separate-stderr audio-measure slow
    [[ $(field error_kind) == crash ]] || fail "$output"
}

@test "what a file has destroyed in its decoder is not taken for the fault of the next one" {
    tone a.wav "$poison"
    for name in b c; do tone "$name.wav"; done
    badly run -0 audio-measure ./*.wav
    [[ $(field status | xargs) == "null null null" ]] || fail "$output"
}

@test "every tool that reads audio survives its decoder, and names the file" {
    tone bad.wav "$crash"
    tone good.wav
    said="bad.wav: crashes its decoder (killed by SIGSEGV)"
    badly run -2 --separate-stderr wav-diff good.wav bad.wav
    [[ $stderr == *"$said"* ]] || fail "$stderr"
    badly run -1 --separate-stderr audio-edit -o out/ good.wav bad.wav
    [[ -e out/good.wav && ! -e out/bad.wav && $output == *"$said"* ]] || fail "$output"
    badly run -1 --separate-stderr audio-mix -o mix.wav good.wav bad.wav
    [[ ! -e mix.wav && $output$stderr == *"$said"* ]] || fail "$output $stderr"
    badly run ! song-draw -v wave -s 160x90 --audio bad.wav -o a.y4m /dev/null
    [[ $output == *"$said"* ]] || fail "$output"
    badly run -1 render-one -p "$root/build/tests/plugins/gain_effect.so" \
        '{"input_path":"bad.wav","output_path":"a.wav"}' '{"input_path":"good.wav","output_path":"b.wav"}'
    [[ $(field status | xargs) == "error ok" && $(field error) == *"$said"* ]] || fail "$output"
}

@test "a file over which the decoder hangs is an error after 30 seconds, and the others are read" {
    tone a.wav
    tone b.wav "$hang"
    tone c.wav
    badly run -1 --separate-stderr audio-measure ./*
    [[ $(field error_kind | xargs) == "null timeout null" ]] || fail "$output"
    [[ $(field error) == *"b.wav: hangs its decoder, which was silent for 15 seconds"* ]] || fail "$output"
}

@test "a decoder opens no file, reaches no network, starts and signals nothing, and has no descriptor" {
    tone a.wav "$intruder"
    echo mine >precious
    export INTRUDER_FOLDER=$PWD
    exec 5<precious 77<precious
    badly run -0 audio-measure a.wav
    [[ $(field sample_peak_dbfs) == -12.041 ]] || fail "$output"
    [[ -e precious && ! -e intruded ]]
    # Elsewhere it gets somewhere.
    g++ -o reader -x c++ - -lsndfile <<'END'
#include <sndfile.h>
#include <unistd.h>
#include <fcntl.h>
int main() {
    SF_INFO info{};
    float sample = 0;
    auto* file = sf_open_fd(open("a.wav", O_RDONLY), SFM_READ, &info, 0);
    sf_readf_float(file, &sample, 1);
    return sample == 0.5F ? 0 : 1;
}
END
    badly run -0 ./reader
}

@test "a decoder ends with the tool that uses it, and leaves nothing when that is killed" {
    tone a.wav "$hang"
    env LD_PRELOAD="$root/build/tests/bad_decoder.so" audio-measure a.wav >out 3>&- &
    tool=$!
    until decoder=$(pgrep -P "$tool"); do sleep 0.05; done
    kill -KILL "$tool"
    wait "$tool" || true
    timeout 10 bash -c "while kill -0 $decoder 2>/dev/null; do sleep 0.05; done"
}

# listen: sets port. Who connects to it makes the file "reached".
listen() {
    /usr/bin/python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], file=open("port.new", "w"), flush=True)
__import__("os").rename("port.new", "port")
server.accept()
open("reached", "w")' 3>&- &
    server=$!
    until [[ -s port ]]; do sleep 0.05; done
    port=$(<port)
}

# clip FILE and sound FILE: what song-draw says when it is to show the file, or to encode its sound.
clip() {
    jq -nc --arg path "$1" '{type: "clip", $path}, {type: "note", track: "a", time: 0, length: 0.2}' |
        timeout 60 song-draw -v clips -s 64x36 -o a.y4m 2>&1
}
sound() {
    jq -nc '{type: "note", track: "a", time: 0, length: 0.2}' |
        timeout 60 song-draw -v roll -s 64x36 -o a.mp4 --audio "$1" 2>&1
}

@test "AAC and WavPack are read as ffmpeg decodes them, whatever the tool and the name" {
    sox -R -r 44100 -n -c 2 -b 24 tone.wav synth 0.25 sine 440 sine 330 gain -6
    for name in tone.m4a tone.aac tone.wv; do ffmpeg -v error -i tone.wav -metadata title="A tone" "$name"; done
    { printf 'ID3\3\0\0\0\0\1\112'; head -c 202 /dev/zero && cat tone.aac; } >tagged.wav
    cp tone.m4a song
    run -0 audio-measure tone.m4a tone.aac tone.wv tagged.wav song
    [[ $(field sample_rate | uniq) == 44100 && $(field channels | uniq) == 2 ]] || fail "$output"
    for name in tone.m4a tone.aac tone.wv song; do
        audio-edit -o "$name.out.wav" --bit-depth 32f "$name" >told
        ffmpeg -v error -y -i "$name" -c:a pcm_f32le expected.wav
        wav-diff expected.wav "$name.out.wav" || fail "$name"
    done
    [[ $("$built/tests/audio-tags" tone.m4a.out.wav | jq -r .TITLE) == "A tone" ]]
    wav-diff tone.wav tone.wv
    wav-diff tone.wav <(cat tone.wv)
    audio-mix -o mix.wav tone.wv tone.wv >told
    run -0 render-one -p "$root/build/tests/plugins/gain_effect.so" '{"input_path":"tone.wv","tail":0,"output_path":"gain.wav"}'
    [[ $(field frames) == 11025 ]]
    # Nothing of a film without sound, of what is cut, or without ffmpeg; and a name is not made a lie.
    ffmpeg -v error -f lavfi -i color=red:s=64x36:r=10 -t 0.2 -c:v mpeg4 film.mp4
    head -c 300 tone.m4a >cut.m4a
    run -1 --separate-stderr audio-measure film.mp4 cut.m4a
    [[ $(field error_kind | xargs) == "unsupported unsupported" && $(field error) == *"film.mp4: ffmpeg exited"*"cut.m4a: ffmpeg exited"* ]] || fail "$output"
    run -1 --separate-stderr env PATH=/none "$(command -v audio-measure)" tone.m4a
    [[ $(field error) == "ffmpeg: could not be started; install it" ]] || fail "$output"
    cp tone.m4a same.m4a
    run ! audio-edit --tag title=x same.m4a
    cmp same.m4a tone.m4a
}

@test "ffmpeg follows no playlist, whatever its name: neither another file nor an address is read" {
    # Its sound and picture are what a playlist would bring in. Whoever opens it, updates its time.
    ffmpeg -v error -f lavfi -i color=red:s=64x36:r=10 -f lavfi -i sine -t 1 -c:v mpeg4 -f mpegts other.ts
    listen
    for target in "$PWD/other.ts" "http://127.0.0.1:$port/other.ts"; do
        printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n' "$target" >hls
        printf 'ffconcat version 1.0\nfile %s\n' "$target" >list
        for kind in hls list; do
            cp "$kind" ./-fake:a.mp4
            run ! clip ./-fake:a.mp4
            [[ $output == *"-fake:a.mp4"* && ! -e a.y4m ]] || fail "$kind is a clip: $output"
            run ! sound ./-fake:a.mp4
            [[ ! -e a.mp4 ]] || fail "$kind is a sound: $output"
        done
    done
    [[ ! -e reached ]]
    # What the names name is read.
    cp other.ts ./-real:a.mp4
    run -0 clip ./-real:a.mp4
    run -0 sound ./-real:a.mp4
    # And without our options ffmpeg does follow one.
    printf 'ffconcat version 1.0\nfile %s\n' other.ts >list
    ffmpeg -v error -i list -f null -
}

@test "ffmpeg writes no file but what is asked for, and reaches no network" {
    mkdir bin
    real=$(command -v ffmpeg)
    listen
    # In the place of ffmpeg, with what it is started with.
    cat >bin/ffmpeg <<END
#!/bin/bash
echo changed 2>/dev/null >>"$PWD/precious"
touch "$PWD/new" 2>/dev/null
(: </dev/tcp/127.0.0.1/$port) 2>/dev/null
exec "$real" "\$@"
END
    chmod +x bin/ffmpeg
    echo mine >precious
    ffmpeg -v error -f lavfi -i color=red:s=64x36 -frames:v 1 red.png
    tone a.wav
    ffmpeg -v error -i a.wav a.m4a
    export PATH=$PWD/bin:$PATH
    run -0 audio-measure a.m4a
    run -0 clip red.png
    run -0 sound a.wav
    [[ -s a.mp4 && $(<precious) == mine && ! -e new && ! -e reached ]]
    # Outside it does.
    ffmpeg -version >/dev/null
    [[ $(<precious) == *changed* && -e new ]]
    timeout 10 bash -c 'until [[ -e reached ]]; do sleep 0.05; done'
}
