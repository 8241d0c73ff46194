#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Files are made and changed by sox and NumPy; NumPy calculates the expected results.

load ../helper

# array FILE EXPRESSION: saves a Python expression, (channels, frames), as npy. It may use n(SHAPE),
# noise that is the same every time, and numpy as np.
array() {
    warm_python - "$1" "$2" <<'END'
import sys
import numpy as np

n = np.random.default_rng(1).standard_normal
np.save(sys.argv[1], eval(sys.argv[2]))
END
}

# f32 EXPRESSION: the same as an array of float32.
f32() { array "$1" "np.asarray($2, dtype='<f4')"; }

# noise FILE [SOX OPTIONS FOR THE FILE]: a second of stereo noise, the same every time.
noise() { sox -R -n -r 8000 -c 2 "${@:2}" "$1" synth 1 whitenoise whitenoise vol 0.4; }

# as_calculated A B [TOLERANCE]: the record and the status are as NumPy calculates them.
as_calculated() {
    local status=0
    wav-diff "$1" "$2" --tolerance "${3:-0}" >record || status=$?
    [[ $status == "$(jq 'if .equal then 0 else 1 end' record)" ]] || fail "$*: status $status"
    warm_python "$root/tests/tools/wav-diff/same_record.py" "$@" <record >differences
    [[ ! -s differences ]] || fail "$*: $(<differences)"
}

# unreadable FILE SENTENCE: the file is refused, as either operand.
unreadable() {
    [[ -e good.wav ]] || noise good.wav
    for operands in "$1 good.wav" "good.wav $1" "--quiet $1 good.wav"; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr wav-diff $operands
        [[ -z $output && $stderr == "wav-diff: $1: "*"$2"* ]] || fail "$operands: $stderr"
    done
}

@test "a file is equal to itself and to its copy" {
    noise a.wav
    cp a.wav b.wav
    run -0 --separate-stderr wav-diff a.wav b.wav
    wanted='{"a":"a.wav","b":"b.wav","equal":true,"frames_a":8000,"frames_b":8000,'
    wanted+='"channels_a":2,"channels_b":2,"sample_rate_a":8000,"sample_rate_b":8000,'
    wanted+='"max_difference":0,"max_difference_db":null,"rms_difference_db":null,'
    wanted+='"first_difference":null,"differing_samples":0}'
    [[ $output == "$wanted" && -z $stderr ]]
    wav-diff a.wav a.wav >/dev/null
}

@test "files that differ are status 1, and the record says by how much" {
    sox -D -n -r 8000 -b 16 a.wav trim 0 1
    f32 half.npy '[[0] * 1000 + [0.5] + [0] * 6999]'
    run -1 --separate-stderr wav-diff a.wav half.npy
    [[ -z $stderr && $(field equal) == false && $(field max_difference) == 0.5 ]]
    [[ $(field max_difference_db) == -6.021 && $(field rms_difference_db) == -45.051 ]]
    [[ $(field first_difference) == 1000 && $(field differing_samples) == 1 ]]
}

@test "the numbers are NumPy's for every depth and every change" {
    for format in "-b 16" "-b 24" "-b 32 -e floating-point"; do
        # shellcheck disable=SC2086
        noise a.wav $format
        # The first six change what is compared, the others the samples only.
        while read -ra change; do
            sox -D -R a.wav b.wav "${change[@]}"
            as_calculated b.wav a.wav 0.01
        done < <(
            printf '%s\n' "trim 0 0.7" "pad 0.1" "remix 1" "remix 1 2 1" "rate 4000" "remix 2 1"
            some 2 "vol 0.9" reverse "trim 0.25" "lowpass 1000" "speed 1.1" "fade 0.5"
        )
    done
}

@test "the first difference is found wherever it is" {
    f32 a.npy 'n((2, 9000))'
    warm_python - <<'END'
import numpy as np
a = np.load("a.npy")
for frame in 0, 1, 4095, 4096, 4097, 8191, 8192, 8999:
    for channel in 0, 1:
        b = a.copy()
        b[channel, frame] += 1
        np.save(f"{frame}-{channel}.npy", b)
END
    for frame in 0 1 4095 4096 4097 8191 8192 8999; do
        for channel in 0 1; do
            run -1 wav-diff a.npy "$frame-$channel.npy"
            [[ $output == *'"differing_samples":1}' && $output == *"\"first_difference\":$frame,"* ]]
        done
    done
}

@test "the same samples are equal in every depth and container" {
    noise a.wav -b 16
    sox -D a.wav -b 24 b.wav
    sox -D a.wav -b 32 -e floating-point c.wav
    sox -D a.wav -b 64 -e floating-point d.wav
    sox -D a.wav e.flac
    sox -D a.wav f.aiff
    sox -D a.wav -t f32 - |
        warm_python -c 'import sys, numpy
frames = numpy.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(-1, 2)
numpy.save("g.npy", numpy.ascontiguousarray(frames.T))
numpy.save("h.npy", numpy.asfortranarray(frames.T))'
    grep -qa "'fortran_order': False" g.npy
    grep -qa "'fortran_order': True" h.npy
    for file in ?.*; do
        run -0 wav-diff a.wav "$file"
        [[ $(field equal) == true && $(field max_difference) == 0 && $(field frames_b) == 8000 ]]
    done
}

@test "what audio-writer gives is read back to the bit" {
    warm_python -c 'import numpy
numpy.random.default_rng(2).standard_normal(30000).astype("<f4").tofile("noise.f32")'
    for channels in 1 2 3; do
        for kind in wav npy; do
            "$built/tests/audio-writer" "$kind" 32f "$channels" 8000 $((30000 / channels)) 64 \
                <noise.f32 >"out.$kind" 2>/dev/null
        done
        array in.npy "np.fromfile('noise.f32', '<f4').reshape(-1, $channels).T"
        run -0 wav-diff in.npy out.wav
        run -0 wav-diff in.npy out.npy
        run -0 wav-diff out.wav out.npy
        [[ $(field channels_a) == "$channels" && $(field frames_b) == $((30000 / channels)) ]]
    done
}

@test "a difference up to the tolerance counts as none" {
    f32 a.npy '[[0, 1, 2, 3, 4, 5, 6, 7]]'
    f32 b.npy '[[0, 1.25, 2, 3.5, 4, 4.75, 6, 7.5]]'
    while read -r tolerance equal first count; do
        status=0
        wav-diff --tolerance "$tolerance" a.npy b.npy >record || status=$?
        [[ $status -eq $((1 - equal)) && $(jq .max_difference record) == 0.5 ]]
        [[ $(jq -c '[.first_difference, .differing_samples]' record) == "[$first,$count]" ]]
        as_calculated a.npy b.npy "$tolerance"
    done <<'END'
0 0 1 4
0.2499999 0 1 4
0.25 0 3 2
0.4999999 0 3 2
0.5 1 null 0
1000 1 null 0
END
    run -0 wav-diff -q -t 0.5 a.npy b.npy
}

@test "a step of 16 bits is 1/32768" {
    printf '%b' '\x00\x00\x01\x00\xff\xff' | sox -t raw -r 8000 -e signed -b 16 -c 1 - a.wav
    printf '%b' '\x00\x00\x02\x00\xff\xff' | sox -t raw -r 8000 -e signed -b 16 -c 1 - b.wav
    run -1 wav-diff a.wav b.wav
    jq -e '.max_difference == 1 / 32768' <<<"$output"
    run -0 wav-diff --tolerance 0.000030517578125 a.wav b.wav
    run -1 wav-diff --tolerance 0.0000305 a.wav b.wav
}

@test "other lengths are not equal, and the common frames are compared" {
    noise a.wav
    sox a.wav b.wav trim 0 4096s
    as_calculated a.wav b.wav
    [[ $(jq -c '[.equal, .frames_a, .frames_b, .first_difference]' record) == '[false,8000,4096,null]' ]]
    sox a.wav empty.wav trim 0 0s
    as_calculated empty.wav a.wav
    [[ $(jq -c '[.equal, .frames_a, .rms_difference_db]' record) == '[false,0,null]' ]]
    as_calculated empty.wav empty.wav
    [[ $(jq .equal record) == true ]]
}

@test "other channel counts are not equal, and the common channels are compared" {
    noise a.wav
    sox a.wav b.wav remix 1
    as_calculated a.wav b.wav
    [[ $(jq -c '[.equal, .channels_a, .channels_b, .differing_samples]' record) == '[false,2,1,0]' ]]
}

@test "other sample rates are not equal; npy has none" {
    noise a.wav -b 16
    sox -t raw -r 8001 -e signed -b 16 -c 2 <(sox a.wav -t raw -) b.wav
    run -1 wav-diff a.wav b.wav
    [[ $(jq -c '[.equal, .sample_rate_a, .sample_rate_b, .differing_samples]' <<<"$output") == '[false,8000,8001,0]' ]]
    array c.npy 'np.zeros((2, 3), "<f4")'
    run -0 wav-diff c.npy c.npy
    [[ $(field sample_rate_a) == null && $(field sample_rate_b) == null ]]
}

@test "no number is equal to no number, and infinitely far from a number" {
    f32 a.npy '[[0, np.nan, np.inf, -np.inf, 1]]'
    run -0 wav-diff a.npy a.npy
    for other in '0, 0, np.inf, -np.inf, 1' '0, np.nan, 3, -np.inf, 1' '0, np.nan, np.inf, np.inf, 1' \
        '0, np.nan, np.nan, -np.inf, 1'; do
        f32 b.npy "[[$other]]"
        as_calculated a.npy b.npy
        as_calculated b.npy a.npy 999
        [[ $(jq -c '[.equal, .max_difference, .rms_difference_db, .differing_samples]' record) == '[false,null,null,1]' ]]
    done
    f32 a.npy '[[0.0, 1e-45]]'
    f32 b.npy '[[-0.0, 0]]'
    as_calculated a.npy b.npy
    [[ $(jq .first_difference record) == 1 ]]
}

@test "quiet prints nothing and tells by its status" {
    noise a.wav
    sox a.wav b.wav vol 0.5
    sox a.wav c.wav trim 0 0.5
    for option in -q --quiet; do
        run -0 --separate-stderr wav-diff "$option" a.wav a.wav
        [[ -z $output$stderr ]]
        for other in b.wav c.wav; do
            run -1 --separate-stderr wav-diff "$option" a.wav "$other"
            [[ -z $output$stderr ]]
        done
    done
}

@test "a file that is missing or not audio is status 2" {
    unreadable nowhere.wav "there is no such file"
    unreadable nowhere/x.wav "there is no such file"
    mkdir folder
    unreadable folder "is a folder; name a file in it"
    : >empty.wav
    unreadable empty.wav "cannot be read as audio; libsndfile says: "
    echo 'These are words.' >words.txt
    unreadable words.txt "cannot be read as audio; libsndfile says: "
    unreadable /dev/null "is neither a file nor a pipe"
}

@test "two operands it is, and a tolerance that is a number" {
    noise a.wav
    for operands in "" "a.wav" "a.wav a.wav a.wav"; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr wav-diff $operands </dev/null
        [[ -z $output && $stderr == "wav-diff: takes two audio files, not "* ]]
    done
    for tolerance in -1 1001 nan inf 0x1 1e 1,5 ''; do
        run -2 --separate-stderr wav-diff --tolerance="$tolerance" a.wav a.wav
        [[ -z $output && $stderr == "wav-diff: "*tolerance* ]]
    done
    run -2 --separate-stderr wav-diff a.wav ''
    [[ $stderr == "wav-diff: an operand is empty"* ]]
}

@test "any name will do that JSON can hold; quiet takes the others as well" {
    noise a.wav
    for name in 'a b.wav' '"\.wav' $'new\nline.wav' 'é.wav' '-q.wav'; do
        cp a.wav "./$name"
        run -0 wav-diff -- "$name" a.wav
        [[ $(field a) == "$name" ]]
    done
    cp a.wav $'\xff.wav'
    run -2 --separate-stderr wav-diff a.wav $'\xff.wav'
    [[ $stderr == 'wav-diff: \xff.wav: the name is not UTF-8'* ]]
    run -0 wav-diff -q a.wav $'\xff.wav'
}

@test "pipes are read like files" {
    noise a.wav
    f32 b.npy 'n((2, 5000))'
    run -0 wav-diff a.wav <(cat a.wav)
    [[ $(field frames_b) == 8000 ]]
    run -0 wav-diff <(cat b.npy) b.npy
    [[ $(field frames_a) == 5000 ]]
    cp a.wav c.wav
    run -0 wav-diff /dev/stdin a.wav <c.wav
    run -0 wav-diff <(sox a.wav -t wav -) <(sox a.wav -t wav -) # sox writes no length to a pipe
    [[ $(field frames_a) == 8000 ]]
    run -2 --separate-stderr wav-diff a.wav <(echo nonsense)
    [[ $stderr == *"cannot be read as audio"* ]]
    mkdir tmp
    TMPDIR=$PWD/tmp run -0 wav-diff <(cat a.wav) a.wav
    [[ -z $(ls -A tmp) ]]
    TMPDIR=$PWD/nowhere run -2 --separate-stderr wav-diff <(cat a.wav) a.wav
    [[ $stderr == *"nowhere"* ]]
}

@test "npy headers of all versions and with any layout are read" {
    warm_python - <<'END'
import struct
import numpy as np

data = np.arange(6, dtype="<f4").reshape(2, 3)
np.save("a.npy", data)
for version in (1, 2, 3):
    with open(f"version-{version}.npy", "wb") as file:
        if version < 3:
            np.lib.format.write_array(file, data, (version, 0))
        else:
            text = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}\n"
            file.write(b"\x93NUMPY\x03\0" + struct.pack("<I", len(text)) + text + data.tobytes())
for index, text in enumerate([
        b'{"shape":(2,3),"descr":"<f4","fortran_order":False}',
        b"  {\n'fortran_order'\t:False ,'shape' : ( 2 , 3 , ),'descr':'<f4' , }  \n",
        b"{'descr': '>f4', 'fortran_order': True, 'fortran_order': False, 'shape': (2, 3), 'descr': '<f4'}"]):
    with open(f"layout-{index}.npy", "wb") as file:
        file.write(b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text + data.tobytes())
with open("more.npy", "wb") as file:
    file.write(open("a.npy", "rb").read() + b"more than the shape says")
END
    for file in version-*.npy layout-*.npy more.npy; do
        echo "$file: $(wav-diff a.npy "$file")"
        wav-diff -q a.npy "$file"
    done
    warm_python -c 'import sys, numpy; [numpy.load(file) for file in sys.argv[1:]]' version-*.npy layout-*.npy more.npy
}

@test "arrays of another type or shape are refused with what to do" {
    array bad.npy "np.zeros((2, 9), '<f8')"
    unreadable bad.npy "holds '<f8'; save it as float32 ('<f4')"
    array bad.npy "np.zeros((2, 9), '>f4')"
    unreadable bad.npy "holds '>f4'; save it as float32"
    array bad.npy "np.zeros((2, 9), [('a', '<f4'), ('b', '<i2')])"
    unreadable bad.npy "holds structures; save it as float32"
    array bad.npy "np.zeros(9, '<f4')"
    unreadable bad.npy "has 1 dimensions; shape it as (channels, frames)"
    array bad.npy "np.zeros((2, 3, 4), '<f4')"
    unreadable bad.npy "has 3 dimensions"
    array bad.npy "np.float32(0)"
    unreadable bad.npy "has 0 dimensions"
    array bad.npy "np.zeros((0, 9), '<f4')"
    unreadable bad.npy "has 0 channels, must have 1 to 1024"
    array bad.npy "np.zeros((1025, 1), '<f4')"
    unreadable bad.npy "has 1025 channels, must have 1 to 1024"
}

# npy VERSION DICTIONARY [DATA]
npy() {
    local size
    size=$(printf '%04x' ${#2})
    printf '%b' "\\x93NUMPY\\x0$1\\x00\\x${size:2}\\x${size:0:2}"
    printf '%s%s' "$2" "${3:-}"
}

@test "npy headers that lie or make no sense are refused" {
    begin="{'descr': '<f4', 'fortran_order': True, 'shape': "
    for shape in '(2, 4)' '(1, 9223372036854775807)' '(1024, 9007199254740993)' '(1, 4611686018427387904)'; do
        npy 1 "$begin$shape}" 0123456789abcdef0123456789ab >bad.npy
        unreadable bad.npy "is cut short: its npy header announces"
    done
    for dictionary in "" "{" "{}" "$begin" "$begin(2, 1)" "$begin(2, 1}" "$begin(2 1)}" "$begin(-2, 1)}" \
        "$begin(2, 9223372036854775808)}" "$begin(2.0, 1)}" "${begin}[2, 1]}" "$begin(2, 1)} x" "$begin(,)}" \
        "{'descr' '<f4'}" "{'descr': }" "{'descr': '<f4}" "{'descr': [('a', '<f4')}" "{'other': 1}" \
        "{'fortran_order': true, 'shape': (2, 1), 'descr': '<f4'}" "{'shape': (2, 1), 'descr': '<f4'}"; do
        npy 1 "$dictionary" 0123456789abcdef >bad.npy
        unreadable bad.npy "the dictionary in its npy header is damaged at byte "
    done
    npy 4 "$begin(2, 1)}" 01234567 >bad.npy
    unreadable bad.npy "is of npy version 4; 1 to 3 can be read"
    npy 2 "$begin(2, 1)}" 01234567 >bad.npy # a version with a length of four bytes
    unreadable bad.npy "announces an npy header of "
    { printf '%b' '\x93NUMPY\x01\x00\xff\xff'; head -c 100000 /dev/zero; } >bad.npy
    unreadable bad.npy "announces an npy header of 65535 bytes"
}

@test "an npy file that is cut anywhere is refused" {
    f32 a.npy 'n((2, 5))'
    size=$(stat -c %s a.npy)
    for length in $(some_numbers 40 0 $((size - 1))); do
        head -c "$length" a.npy >cut.npy
        run -2 --separate-stderr wav-diff a.npy cut.npy
        [[ -z $output && $stderr == "wav-diff: cut.npy: "* ]]
    done
}

@test "no byte of a header makes it fail otherwise than by refusing" {
    f32 a.npy 'n((2, 5))'
    sox -R -n -r 8000 -c 2 -b 24 b.wav synth 5s whitenoise
    for file in a.npy b.wav; do
        for at in $(some_numbers 20 0 79); do
            for byte in 00 20 ff; do
                cp "$file" flipped
                printf '%b' "\\x$byte" | dd of=flipped bs=1 seek="$at" conv=notrunc status=none
                status=0
                timeout 20 wav-diff "$file" flipped >/dev/null 2>error || status=$?
                ((status <= 2)) || fail "$file, byte $at set to $byte: status $status: $(<error)"
            done
        done
    done
}

@test "a WAV file that is cut anywhere is shorter, or refused" {
    sox -R -n -r 8000 -c 2 -b 24 a.wav synth 5s whitenoise
    size=$(stat -c %s a.wav)
    for ((length = 0; length < size; ++length)); do
        head -c "$length" a.wav >cut.wav
        status=0
        wav-diff a.wav cut.wav >record 2>error || status=$?
        if ((status == 1)); then
            [[ $(<record) == *'"frames_b":'[0-4],* ]]
        else
            [[ $status -eq 2 && $(<error) == "wav-diff: cut.wav: "* ]] || fail "$length: $status"
        fi
    done
}

@test "samples that cannot be decoded are status 2, not a difference" {
    sox -R -n -r 8000 -b 16 a.flac synth 10 whitenoise
    cp a.flac b.flac
    printf 'This is no FLAC frame, and where it is nothing can be decoded.%.0s' {1..200} |
        dd of=b.flac bs=1 seek=40000 conv=notrunc status=none
    status=0
    wav-diff a.flac b.flac >record 2>error || status=$?
    cat record error
    [[ $status -eq 2 && ! -s record && $(<error) == "wav-diff: b.flac: cannot be read to its end; libsndfile says: "* ]]
}

@test "the memory does not grow with the length" {
    without_sanitizers 'they take more than the limit at once'
    f32 a.npy 'np.zeros((2, 0))'
    for order in True False; do
        npy 1 "{'descr': '<f4', 'fortran_order': $order, 'shape': (2, 15000000)}" >"long-$order.npy"
        truncate -s 120000100 "long-$order.npy" # a hole, which takes no space on the disk
    done
    sox -n -r 44100 -c 2 -b 16 long.wav trim 0 0
    /usr/bin/python3 - <<'END'
import struct
with open("long.wav", "r+b") as file:
    file.seek(4)
    file.write(struct.pack("<I", 36 + 60000000))
    file.seek(40)
    file.write(struct.pack("<I", 60000000))
    file.truncate(44 + 60000000)
END
    ulimit -v 80000 # kilobytes
    run -0 wav-diff long-True.npy long-False.npy
    [[ $output == *'"frames_a":15000000,'* ]]
    run -0 wav-diff long.wav long-True.npy
    [[ $output == *'"frames_a":15000000,'* ]]
}

@test "--align finds how much later the second file is, and what else differs" {
    f32 a.npy 'n((2, 9000))'
    array late.npy 'np.concatenate([np.zeros((2, 37), "<f4"), np.load("a.npy")[:, :-37]], axis=1)'
    array early.npy 'np.load("a.npy")[:, 123:]'
    array quiet.npy 'np.asarray(np.load("a.npy") * 0.9, dtype="<f4")'
    run -1 wav-diff --align a.npy late.npy
    [[ $(field lag_frames) == 37 && $(field residual_db) == null ]]
    run -1 wav-diff --align a.npy early.npy
    [[ $(field lag_frames) == -123 && $(field residual_db) == null ]]
    run -1 wav-diff --align a.npy quiet.npy
    [[ $(field lag_frames) == 0 && $(field residual_db) == -20 ]]
    run -0 wav-diff --align a.npy a.npy
    [[ $(field lag_frames) == 0 && $(field residual_db) == null && $(field equal) == true ]]
}

@test "--align takes long files block by block, in bounded memory" {
    array a.npy 'np.pad(n((1, 4500, 1)), ((0, 0), (0, 0), (0, 999))).reshape(1, -1).astype("<f4")'
    array late.npy 'np.pad(np.load("a.npy"), ((0, 0), (2000000, 0)))'
    # One transform of all would take 805 MB.
    # shellcheck disable=SC2016
    run -1 bash -c '[[ -n $PATCHPIPE_SANITIZE ]] || ulimit -v 700000; wav-diff --align a.npy late.npy'
    [[ $(field lag_frames) == 2000000 && $(field residual_db) == null ]]
}

@test "--align leaves out its fields where the two cannot be laid on each other" {
    f32 a.npy 'n((2, 900))'
    f32 mono.npy 'n((1, 900))'
    f32 nan.npy 'np.where(np.arange(1800).reshape(2, 900) == 7, np.nan, 0.5)'
    for other in mono.npy nan.npy; do
        run -1 wav-diff --align a.npy "$other"
        jq -e 'has("lag_frames") | not' <<<"$output"
    done
    run -2 wav-diff --align --quiet a.npy a.npy
}
