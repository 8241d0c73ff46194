#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What decodes files of strangers: libsndfile with its codecs, in a process of its own.
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
    [[ $(field error) == *"b.wav: hangs its decoder, which was silent for 30 seconds"* ]] || fail "$output"
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
