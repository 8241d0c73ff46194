#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# NumPy calculates the mixes of random lists of items (audio-mix/), and sox mixes and resamples.

load ../helper

mixing=$root/tests/tools/audio-mix

setup() { warm_python "$mixing/sources.py"; }

# items SEED COUNT FEATURE...: random records.
items() { warm_python "$mixing/items.py" "$@"; }

# as_calculated ULPS CHANNELS PAN_LAW [SECONDS]: mix.npy is what NumPy makes of the records.
as_calculated() { warm_python "$mixing/mix.py" mix.npy "$@"; }

# is_numpys ULPS RECORDS: so is the mix of a file of records.
is_numpys() {
    audio-mix -o mix.npy -r 8000 <"$2" >result
    as_calculated "$1" 2 balance <"$2" || fail "$2: NumPy calculates another mix"
}

# tone FILE SECONDS [SOX OPTIONS FOR THE FILE]: a sine that fades in and out.
tone() { sox -D -n -b 24 "${@:3}" "$1" synth "$2" sine 1000 vol 0.5 fade h 0.05 "$2" 0.05; }

# far_apart A B: how far, as wav-diff says it.
far_apart() {
    local status=0
    run wav-diff "$1" "$2"
    ((status <= 1))
    field max_difference
}

@test "operands are mixed from the beginning, without a change of level" {
    run -0 --separate-stderr audio-mix -o mix.npy stereo.wav mono.wav
    [[ -z $stderr && $(field status) == ok && $(field items) == 2 && $(field frames) == 50000 ]]
    [[ $(field channels) == 2 && $(field sample_rate) == 8000 && $(field output_path) == "$PWD/mix.npy" ]]
    printf '{"input_path":"%s"}\n' stereo.wav mono.wav | as_calculated 0 2 balance
}

@test "the mix is that of sox -m without its scaling" {
    audio-mix -b 16 -o ours.wav stereo.wav stereo.wav >/dev/null
    sox -D -m -v 1 stereo.wav -v 1 stereo.wav theirs.wav
    wav-diff -q ours.wav theirs.wav
}

@test "every feature alone gives exactly what NumPy calculates" {
    for features in time "time length" "time offset" "time length loop" "time offset length loop"; do
        for seed in $(some 1 1 2 3); do
            # shellcheck disable=SC2086
            items "$seed" 12 $features >"$features.$seed"
            is_numpys 0 "$features.$seed"
        done
    done
    for features in "time gain_db" "time pan" "time length fade"; do
        for seed in $(some 1 1 2 3); do
            # shellcheck disable=SC2086
            items "$seed" 12 $features >"$features.$seed"
            is_numpys 1 "$features.$seed"
        done
    done
}

@test "all features together give what NumPy calculates" {
    for seed in {1..8}; do
        items "$seed" $((seed * seed * 4)) time length offset gain_db pan fade loop >"all.$seed"
        is_numpys 1 "all.$seed"
    done
}

@test "fade_shape is for both ends, and fade_curve bends them" {
    audio-mix -o both.npy <<<'{"input_path":"mono.wav","fade_in":1,"fade_out":2,"fade_shape":"smooth"}' >/dev/null
    audio-mix -o number.npy <<<'{"input_path":"mono.wav","fade_in":1,"fade_out":2,"fade_shape":5}' >/dev/null
    cmp both.npy number.npy
    audio-mix -o mix.npy <<<'{"input_path":"mono.wav","fade_in":1,"fade_out":2,"fade_in_shape":"smooth","fade_out_shape":"smooth"}' >/dev/null
    cmp both.npy mix.npy
    # Linear with a curve of 1 is fast-end-steep.
    audio-mix -o one.npy <<<'{"input_path":"mono.wav","fade_in":1,"fade_out":2,"fade_curve":1}' >/dev/null
    audio-mix -o other.npy <<<'{"input_path":"mono.wav","fade_in":1,"fade_out":2,"fade_shape":"fast-end-steep"}' >/dev/null
    cmp one.npy other.npy
}

@test "linear fades over each other add up to 1" {
    warm_python -c 'import numpy as np; np.save("ones.npy", np.ones((1, 30000), "<f4"))'
    printf '%s\n' '{"input_path":"ones.npy","length":2,"fade_out":0.7}' '{"input_path":"ones.npy","time":1.3,"length":2,"fade_in":0.7}' |
        audio-mix -o mix.npy -r 8000 >/dev/null
    warm_python -c 'import numpy as np; mix = np.load("mix.npy"); assert mix.shape == (2, 26400) and (mix == 1).all()'
}

@test "a thousand items give what NumPy calculates, with few files open" {
    items 1 1000 time length offset gain_db pan fade loop >many
    ulimit -n 24
    is_numpys 1 many
}

@test "more files than may be open sound together as if all were open" {
    for number in {1..40}; do
        kind=(wav flac ogg aiff)
        sox -R -V1 -r 8000 -n -c 2 "$number.${kind[number % 4]}" synth "1.$number" whitenoise vol 0.1
    done
    for file in {1..40}.{wav,flac,ogg,aiff}; do
        [[ ! -e $file ]] || jq -nc --arg file "$file" '{input_path: $file, loop: true, length: 6, offset: 0.1},
            {input_path: $file, time: 0.3, rate: 1.25}'
    done >list
    audio-mix -o all.npy <list >/dev/null
    for most in 24 40; do
        (ulimit -n $most && audio-mix -o few.npy <list >/dev/null)
        cmp all.npy few.npy
    done
}

@test "the order of the records does not matter, to the bit" {
    items 5 200 time length offset gain_db pan fade loop >all
    items 6 20 time gain_db pan | jq -c '.rate = 1.1' >>all
    audio-mix -o mix.npy <all >first
    for seed in 1 2 3; do
        shuf --random-source=<(yes "$seed") all | audio-mix -o other.npy >second
        cmp mix.npy other.npy
        diff <(command jq -c 'del(.output_path)' first) <(command jq -c 'del(.output_path)' second)
    done
}

@test "pan has two laws, and balance is the default" {
    items 3 30 time pan gain_db >list
    audio-mix -o mix.npy <list >/dev/null
    cp mix.npy default.npy
    audio-mix -o mix.npy --pan-law balance <list >/dev/null
    cmp mix.npy default.npy
    audio-mix -o mix.npy -p constant-power <list >/dev/null
    as_calculated 1 2 constant-power <list
    # Hard left is silent on the right.
    for law in balance constant-power; do
        audio-mix -o mix.npy -p $law <<<'{"input_path":"mono.wav","pan":-1}' >/dev/null
        warm_python -c 'import numpy as np
mix = np.load("mix.npy")
assert mix[0].any() and not mix[1].any()'
    done
}

@test "one channel is the mean of left and right, and more than two are left alone" {
    items 3 30 time pan gain_db fade >list
    audio-mix -o mix.npy -c 1 <list >/dev/null
    as_calculated 1 1 balance <list
    echo '{"input_path":"quad.wav","time":0.5,"gain_db":-3}' >>list
    audio-mix -o mix.npy <list >result
    [[ $(jq .channels result) == 4 ]]
    as_calculated 1 4 balance <list
    audio-mix -o mix.npy -c 6 <list >result
    as_calculated 1 6 balance <list
    run -1 --separate-stderr audio-mix -o none.npy -c 2 <list
    [[ $(field error_kind) == unsupported* && ${lines[0]} == *"quad.wav: has 4 channels, and the mix 2"* ]]
    run -1 --separate-stderr audio-mix -o none.npy <<<'{"input_path":"quad.wav","pan":0.5}'
    [[ ${lines[0]} == *"pan: is for one or two channels"* && ! -e none.npy ]]
}

@test "--mix-length cuts the mix or fills it with silence" {
    items 4 10 time pan >list
    for seconds in 3.3 30; do
        audio-mix -o mix.npy --mix-length $seconds <list >result
        as_calculated 1 2 balance $seconds <list
    done
    audio-mix -o mix.wav -l 0 <list >result
    [[ $(jq .frames result) == 0 && $(soxi -s mix.wav) == 0 ]]
}

@test "--master-db is a gain of the whole mix, and --normalize finds one" {
    items 4 10 time pan >list
    audio-mix -o plain.npy <list >/dev/null
    audio-mix -o master.npy --master-db -6 <list >/dev/null
    run -0 audio-mix -o normal.npy --normalize -1 <list
    warm_python - "$(field master_db)" <<'END'
import sys
import numpy as np

plain, master, normal = (np.load(name + ".npy").astype(float) for name in ("plain", "master", "normal"))
assert np.allclose(master, plain * 10 ** (-6 / 20), rtol=1e-6, atol=0)
assert abs(np.abs(normal).max() - 10 ** (-1 / 20)) < 1e-7
assert np.allclose(normal, plain * 10 ** (float(sys.argv[1]) / 20), rtol=1e-6, atol=0)
END
    audio-mix -o loud.wav --normalize 0 <list >result
    [[ $(jq .clipped_samples result) == 0 && $(jq .peak result) == 1 ]]
    # Silence stays what it is.
    sox -D -n -r 8000 -b 16 silent.wav trim 0 1
    run -0 audio-mix -o normal.wav --normalize 0 silent.wav
    [[ $(field silent) == true && $(field rms_db) == null ]]
    run -2 --separate-stderr audio-mix -o x.wav --normalize 0 --master-db 1 mono.wav
    [[ $stderr == *"exclude each other"* ]]
}

@test "a file of another rate is resampled as sox does it" {
    tone a.wav 2 -r 44100
    tone b.wav 2 -r 48000
    audio-mix -o mix.wav -b 32f -c 1 -r 48000 a.wav >result
    [[ $(jq .frames result) == 96000 ]]
    sox -D a.wav -r 48000 -b 24 theirs.wav rate -v
    /usr/bin/python3 -c 'import sys; assert float(sys.argv[1]) < 3e-6, sys.argv' "$(far_apart mix.wav theirs.wav)"
    # And as the same sine at that rate.
    /usr/bin/python3 -c 'import sys; assert float(sys.argv[1]) < 3e-5, sys.argv' "$(far_apart mix.wav b.wav)"
}

@test "rate changes the speed, and the pitch with it" {
    tone a.wav 2 -r 44100
    run -0 audio-mix -o mix.wav -b 32f -c 1 <<<'{"input_path":"a.wav","rate":1.5}'
    [[ $(field frames) == 58800 ]]
    sox -D a.wav -b 24 theirs.wav speed 1.5 rate -v 44100
    /usr/bin/python3 -c 'import sys; assert float(sys.argv[1]) < 3e-6, sys.argv' "$(far_apart mix.wav theirs.wav)"
    # A rate that no small fraction is.
    run -0 audio-mix -o mix.wav -b 32f -c 1 <<<'{"input_path":"a.wav","rate":1.0594630943592953}'
    sox -D a.wav -b 24 theirs.wav speed 1.0594630943592953 rate -v 44100
    (($(field frames) - $(soxi -s theirs.wav) >= -1 && $(field frames) - $(soxi -s theirs.wav) <= 1))
    frames=$(field frames)
    frames=$((frames < $(soxi -s theirs.wav) ? frames : $(soxi -s theirs.wav)))
    for file in mix theirs; do sox -D "$file.wav" -b 24 "$file.cut.wav" trim 0 "${frames}s"; done
    /usr/bin/python3 -c 'import sys; assert float(sys.argv[1]) < 1e-4, sys.argv' "$(far_apart mix.cut.wav theirs.cut.wav)"
}

@test "two items that continue each other sound like one, resampled or not" {
    for file in mono.wav low.wav; do
        audio-mix -o one.npy -r 8000 <<<"{\"input_path\":\"$file\"}" >/dev/null
        printf '{"input_path":"%s","time":%s,"offset":%s,"length":%s}\n' \
            $file 0 0 1.5 $file 1.5 1.5 0.25 $file 1.75 1.75 "$(soxi -D $file | jq '. - 1.75')" |
            audio-mix -o three.npy -r 8000 >/dev/null
        run wav-diff one.npy three.npy
        [[ $(field frames_a) == "$(field frames_b)" ]]
        [[ $(jq '.max_difference < 1e-6' <<<"$output") == true ]] || fail "$file: $output"
    done
}

@test "a loop is seamless, resampled as well" {
    # Five whole periods of a sine.
    warm_python - <<'END'
import numpy as np

np.save("cycle.npy", np.sin(2 * np.pi * np.arange(240) / 48)[None].astype("<f4") / 2)
END
    audio-mix -o mix.npy -r 8000 -c 1 <<<'{"input_path":"cycle.npy","sample_rate":6000,"length":5,"loop":true}' >/dev/null
    warm_python - <<'END'
import numpy as np

mix = np.load("mix.npy")[0]
wanted = np.sin(2 * np.pi * np.arange(40000) / 64) / 2
assert len(mix) == 40000 and np.abs(mix - wanted)[2000:-2000].max() < 1e-5
END
}

@test "npy has the rate of its record, or that of the mix" {
    run -0 audio-mix -o mix.npy -r 8000 array.npy
    [[ $(field frames) == 9000 ]]
    run -0 audio-mix -o mix.npy array.npy
    [[ $(field sample_rate) == 44100 && $(field frames) == 9000 ]]
    run -0 audio-mix -o mix.npy <<<'{"input_path":"array.npy","sample_rate":48000}'
    [[ $(field sample_rate) == 48000 && $(field frames) == 9000 ]]
    run -0 audio-mix -o mix.npy -r 8000 <<<'{"input_path":"array.npy","sample_rate":4000}'
    [[ $(field frames) == 18000 ]]
}

@test "the sample rate is that of the first item in time, whatever record comes first" {
    printf '%s\n' '{"input_path":"low.wav","time":1}' '{"input_path":"mono.wav"}' >list
    run -0 audio-mix -o mix.wav <list
    [[ $(field sample_rate) == 8000 ]]
    tac list >other
    run -0 audio-mix -o mix.wav <other
    [[ $(field sample_rate) == 8000 ]]
    # Operands are in order.
    run -0 audio-mix -o mix.wav array.npy mono.wav low.wav
    [[ $(field sample_rate) == 8000 ]]
    run -0 audio-mix -o mix.wav low.wav mono.wav
    [[ $(field sample_rate) == 6000 ]]
}

@test "records of render-one are mixed by their output_path, and input_path is first" {
    run -0 audio-mix -o mix.npy <<<'{"output_path":"mono.wav","time":1,"duration":3,"format":"flac","bit_depth":"24"}'
    [[ $(field frames) == 38000 && $(field bit_depth) == 16 ]]
    run -0 audio-mix -o mix.npy <<<'{"output_path":"nothing.wav","input_path":"mono.wav"}'
}

@test "the suffix says the format, and a contradiction is refused" {
    for format in wav w64 aiff flac ogg mp3 npy; do
        run -0 audio-mix -o "mix.$format" mono.wav
        [[ $(field format) == "$format" ]]
        cp "mix.$format" "upper.${format^^}"
        run -0 audio-mix -o "mix.${format^^}" mono.wav
        cmp "mix.${format^^}" "upper.${format^^}"
        run -0 audio-mix -o noname -f "$format" mono.wav
        cmp noname "mix.$format"
    done
    [[ $(soxi -t mix.FLAC) == flac ]]
    run -0 audio-mix -o mix.aif mono.wav
    cmp mix.aif mix.aiff
    run -0 audio-mix -f rf64 -o mix64.wav mono.wav
    [[ $(field format) == rf64 && $(head -c 4 mix64.wav) == RF64 ]]
    wav-diff -q mix64.wav mix.wav
    # Each at a rate that Opus has, whatever the items have.
    run -0 audio-mix -r 24000 -o mix.opus mono.wav
    run -0 audio-mix -r 24000 --bitrate 12 -o low.opus mono.wav
    (($(stat -c %s low.opus) < $(stat -c %s mix.opus)))
    run -2 --separate-stderr audio-mix -r 22050 -o mix.opus mono.wav
    [[ $stderr == *"sample_rate: is 22050 Hz, and Opus has 8000, 12000, 16000, 24000 or 48000 Hz"* ]]
    for name in mix.xyz x.caf y.aac; do
        run -2 --separate-stderr audio-mix -o $name mono.wav
        [[ $stderr == "audio-mix: $name: no .${name#*.} can be written; let the name end in .wav, .w64, .aiff, .flac, .ogg, .opus, .mp3, .m4a or .npy, "* ]] || fail "$stderr"
        [[ ! -e $name ]]
    done
    run -2 audio-mix -f wav -o band.mp4 mono.wav
    run -0 audio-mix -f wav -o mix.xyz mono.wav
    for name in mix "Song v1.2" "No. 5 mix"; do
        run -0 audio-mix -o "$name" mono.wav
        [[ $(field format) == wav && -s $name ]]
    done
    run -2 --separate-stderr audio-mix -o mix.flac -f wav mono.wav
    [[ $stderr == *"is wav, but the name of the output ends in .flac"* ]]
    run -2 --separate-stderr audio-mix -o mix.wav -f mp4 mono.wav
    [[ $stderr == *"--format: must be wav, rf64, w64"* ]]
}

@test "every depth holds what the float mix rounds to" {
    items 7 20 time pan gain_db >list
    audio-mix --master-db -30 -o mix.npy <list >float
    for depth in 16 24 32f; do
        audio-mix --master-db -30 -b $depth -o mix.wav <list >result
        [[ $(jq .audio_hash result) == $(jq .audio_hash float) && $(jq .peak result) == $(jq .peak float) ]]
        wav-diff -q --tolerance 0.0000153 mix.npy mix.wav
    done
}

@test "a record that fails is an error record, and the mix is not written" {
    printf '%s\n' '{"id":1,"input_path":"nothing.wav"}' '{"id":2,"input_path":"mono.wav"}' nonsense \
        '{"id":4,"input_path":"mono.wav","pan":2}' '{"id":5}' '{"id":6,"status":"error","x": 1}' >list
    echo kept >mix.wav
    run -1 --separate-stderr audio-mix -o mix.wav <list
    [[ ${#lines[@]} == 6 && $(<mix.wav) == kept ]]
    [[ $(field id | xargs) == "1 null 4 5 6 null" ]]
    [[ $(field error_kind | xargs) == "not-found bad-record bad-record bad-record null bad-record" ]]
    [[ ${lines[4]} == '{"id":6,"status":"error","x": 1}' ]]
    [[ ${lines[5]} == *"mix.wav: was not written: 5 of 6 records cannot be mixed; correct them, or give --keep-going"* ]]
    rm mix.wav
    run -1 --separate-stderr audio-mix -o mix.wav <list
    [[ ! -e mix.wav ]]
}

@test "--keep-going leaves out what fails, and says so" {
    printf '{"id":%s,"input_path":"%s"}\n' 1 nothing.wav 2 mono.wav >list
    run -1 --separate-stderr audio-mix -k -o mix.npy <list
    [[ ${#lines[@]} == 2 && $(field id | xargs) == "1 null" && $(field status | xargs) == "error ok" ]]
    [[ $(tail -n 1 <<<"$output" | jq .items) == 1 ]]
    echo '{"input_path":"mono.wav"}' | as_calculated 0 2 balance
    rm mix.npy
    run -1 --separate-stderr audio-mix -k -o mix.npy nothing.wav
    [[ ${lines[1]} == *"mix.npy: was not written: 1 of 1 records cannot be mixed"* && ! -e mix.npy ]]
}

@test "--keep-going leaves out files that are damaged within, in a pipe as well" {
    sox -R -r 8000 -n -c 2 good.flac synth 5 whitenoise
    warm_python - <<'END'
import numpy as np

data = bytearray(open("good.flac", "rb").read())
data[40000:60000] = bytes(20000)
open("bad.flac", "wb").write(data)
array = np.zeros((1, 9000), "<f4")
array[0, 8000] = np.nan
np.save("nan.npy", array)
END
    run -1 --separate-stderr audio-mix -o mix.npy bad.flac mono.wav
    [[ ${#lines[@]} == 1 && $(field error_kind) == corrupt && $output == *"$PWD/bad.flac"* && ! -e mix.npy ]]
    audio-mix -k -o - -f npy bad.flac mono.wav nan.npy good.flac 2>result | cat >mix.npy
    [[ $(jq -r '.error_kind // .items' result | xargs) == "corrupt non-finite 2" ]]
    audio-mix -o other.npy mono.wav good.flac >/dev/null
    cmp mix.npy other.npy
}

@test "the bits do not depend on the size of the blocks, which depends on the channels" {
    items 9 30 time length offset gain_db pan fade loop >list
    items 10 5 time offset length loop | jq -c '.rate = 1.37' >>list
    audio-mix -r 8000 -o two.npy <list >/dev/null
    audio-mix -r 8000 -o many.npy -c 100 <list >/dev/null
    warm_python -c 'import numpy as np
two, many = np.load("two.npy"), np.load("many.npy")
assert many.shape[0] == 100 and (two == many[:2]).all() and not many[2:].any()'
}

@test "fields that are wrong are named, with what they must be" {
    refused() {
        run -1 --separate-stderr audio-mix -o mix.wav <<<"$1"
        [[ $(jq -r 'select(.input_path) | .error' <<<"$output") == *"$2"* ]] || fail "$1: $output"
        [[ ! -e mix.wav ]]
    }
    refused '{"input_path":"mono.wav","time":-1}' "time: must be 0 to 86400 seconds, is -1"
    refused '{"input_path":"mono.wav","time":"1"}' "time"
    refused '{"input_path":"mono.wav","length":1e9}' "length: must be above 0 and at most 86400 seconds"
    refused '{"input_path":"mono.wav","rate":0}' "rate: must be 0.01 to 100, is 0"
    refused '{"input_path":"mono.wav","gain_db":1000}' "gain_db: must be -200 to 100 dB"
    refused '{"input_path":"mono.wav","pan":-1.5}' "pan: must be -1 to 1, is -1.5"
    refused '{"input_path":"mono.wav","fade_in":-1}' "fade_in: must be 0 to 86400 seconds"
    refused '{"input_path":"mono.wav","fade_out_shape":"round"}' "fade_out_shape: must be linear, "
    refused '{"input_path":"mono.wav","fade_shape":"round"}' "fade_shape: must be linear, "
    refused '{"input_path":"mono.wav","fade_curve":2}' "fade_curve: must be -1 to 1"
    refused '{"input_path":"mono.wav","loop":1}' "loop"
    refused '{"input_path":"mono.wav","loop":true}' "loop: would repeat the file without end; add a length"
    refused '{"input_path":"mono.wav","offset":3.75}' "offset: is behind the end of $PWD/mono.wav, which has 30000 frames"
    refused '{"input_path":"mono.wav","time":1,"time":2}' "time"
    refused '{"input_path":"."}' "is a folder"
    refused '{"input_path":"/dev/null"}' "is not a regular file"
    refused '{"input_path":"/dev/stdin"}' "where the records come from"
}

@test "files that are damaged or hold no numbers are refused by name" {
    head -c 20000 stereo.wav >cut.wav
    head -c 20000 array.npy >cut.npy
    head -c 300 /dev/zero >zero.wav
    touch empty.wav
    warm_python -c 'import numpy as np
a = np.zeros((1, 9000), "<f4"); a[0, 8000] = np.nan; np.save("nan.npy", a); a[0, 8000] = np.inf; np.save("inf.npy", a)'
    for file in cut.wav:corrupt cut.npy:corrupt zero.wav:unsupported empty.wav:unsupported; do
        run -1 --separate-stderr audio-mix -o mix.wav mono.wav "${file%:*}"
        [[ ${lines[0]} == *"\"error_kind\":\"${file#*:}\""*"$PWD/${file%:*}: "* ]] || fail "$file: $output"
        [[ ! -e mix.wav ]]
    done
    for file in nan.npy inf.npy; do
        run -1 --separate-stderr audio-mix -o mix.wav mono.wav $file
        [[ ${#lines[@]} == 1 && $(field error_kind) == non-finite && $output == *"$PWD/$file: has samples"* ]]
        [[ ! -e mix.wav ]]
    done
    # Too loud for float32, though the file is fine.
    warm_python -c 'import numpy as np
np.save("loud.npy", np.full((1, 9000), 3e38, "<f4"))'
    run -1 --separate-stderr audio-mix -o mix.wav < <(echo '{"input_path":"loud.npy","gain_db":20}')
    [[ $(field error_kind) == non-finite && $(field error) == *"too loud for float32"* && ! -e mix.wav ]]
}

@test "an item may be empty, shorter than its fades, or longer than its file" {
    sox -n -r 8000 -b 16 none.wav trim 0 0
    run -0 audio-mix -o mix.wav none.wav
    [[ $(field frames) == 0 && $(field items) == 1 ]]
    printf '%s\n' '{"input_path":"mono.wav","time":0.5,"length":0.00001}' '{"input_path":"short.wav","length":2}' \
        '{"input_path":"mono.wav","fade_in":9,"fade_out":20}' \
        '{"input_path":"mono.wav","length":0.000125,"fade_in":1,"fade_out":1}' >list
    is_numpys 1 list
    printf '%s\n' '{"input_path":"none.wav","length":1,"loop":true}' '{"input_path":"short.wav","length":2,"loop":true}' >list
    run -0 audio-mix -o mix.npy <list
    [[ $(field frames) == 16000 ]]
    tail -n 1 list >one
    is_numpys 0 one
}

@test "the mix goes to a pipe, and the record then to standard error" {
    items 2 10 time pan >list
    audio-mix -o mix.wav <list >wanted
    for output in - /dev/stdout /dev/fd/1; do
        audio-mix -o $output -f wav <list 2>record | cat >piped.wav
        cmp mix.wav piped.wav
        diff <(command jq -c 'del(.output_path)' wanted) <(command jq -c 'del(.output_path)' record)
    done
    mkfifo fifo
    cat fifo >piped.wav &
    audio-mix -o fifo <list >record
    wait $!
    cmp mix.wav piped.wav
}

@test "an output that cannot be written is an error record, and nothing is left behind" {
    run -1 --separate-stderr audio-mix -o mono.wav/mix.wav stereo.wav
    [[ $(field error_kind) == io ]]
    run -1 --separate-stderr audio-mix -o mono.wav stereo.wav mono.wav
    [[ ${lines[0]} == *"mono.wav is the file to write, which would be lost"* ]]
    ln mono.wav link.wav
    run -1 --separate-stderr audio-mix -o link.wav stereo.wav mono.wav
    [[ ${lines[0]} == *"mono.wav is the file to write, which would be lost"* ]]
    run -1 --separate-stderr audio-mix -o /dev/full stereo.wav
    [[ $(field error_kind) == io && $(field error) == *"No space left"* ]]
    run -0 audio-mix -o new/folder/mix.wav stereo.wav
    [[ -s new/folder/mix.wav ]]
    run -0 audio-mix -o /dev/null stereo.wav
}

@test "what the command line lacks is said before anything is read" {
    run -2 --separate-stderr audio-mix stereo.wav
    [[ $stderr == *"-o FILE is missing"* ]]
    run -2 --separate-stderr audio-mix -o '' stereo.wav
    run -2 --separate-stderr audio-mix -o x.wav ''
    run -2 --separate-stderr audio-mix -o x.flac -b 32f stereo.wav
    [[ $stderr == *"bit_depth: is 32f, and FLAC"* ]]
    run -2 --separate-stderr audio-mix -o $'\xff.wav' stereo.wav
    [[ $stderr == *"not UTF-8"* ]]
    run -2 timeout 60 script -qec "audio-mix -o x.wav" /dev/null </dev/null
    [[ $output == *terminal* && ! -e x.wav ]]
    run -2 --separate-stderr audio-mix -o x.wav stereo.wav nothing.wav
    [[ $stderr == "audio-mix: nothing.wav: there is no such file"* && ! -e x.wav ]]
    items 1 3 >list
    ln list same
    run -2 --separate-stderr audio-mix -o same <list
    [[ $stderr == *"same is where the records come from"* && $(wc -l <list) == 3 ]]
    run -1 audio-mix -o x.wav -r 768000 <<<'{"input_path":"mono.wav","rate":0.01}'
    [[ $(field error) == *"mono.wav: has 8000 Hz, the mix 768000 Hz, and"*"4096 times apart"* ]]
    run -0 --separate-stderr audio-mix -o x.wav </dev/null
    [[ -z $output && $stderr == *"there is no record, so $PWD/x.wav was not written" && ! -e x.wav ]]
}

@test "a hundred thousand items take little memory, and so does a long mix" {
    /usr/bin/python3 -c 'import json
for i in range(100000): print(json.dumps({"input_path": "short.wav", "time": round(i * 0.0371, 4), "pan": i % 3 - 1}))' >list
    without_sanitizers "they take memory of their own"
    peak() { /usr/bin/python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=open("list"), stdout=open("result", "w"), check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }
    (($(peak audio-mix -o /dev/null) < 80000))
    [[ $(jq .items result) == 100000 ]]
    echo '{"input_path":"stereo.wav","length":1,"loop":true}' >list
    short=$(peak audio-mix -o /dev/null)
    echo '{"input_path":"stereo.wav","length":7200,"loop":true}' >list
    (($(peak audio-mix -o /dev/null) < short + 4000))
}
