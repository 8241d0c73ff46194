#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Pixels at computed places, and ffmpeg and ffprobe as other programs that read the videos. Frames
# are small and few.

load ../helper

drawing=$root/tests/tools/song-draw

# draws VIEW FILE [OPTION...]: records on standard input as a small y4m.
draws() { song-draw -v "$1" -o "$2" -s 160x90 -r 20 "${@:3}" >result || fail "$(<result)"; }

# pixels FILE [FRAME X Y R G B]...
pixels() { warm_python "$drawing/y4m.py" "$@"; }

# python: runs the program on standard input with y4m.py and NumPy; the arguments are its own.
python() { PYTHONPATH=$drawing warm_python - "$@"; }

note() { echo "{\"type\":\"note\",\"track\":\"$1\",\"time\":$2,\"length\":$3,\"note\":${4:-60}${5:+,$5}}"; }
stem() { echo "{\"track\":\"$1\",\"output_path\":\"$2\"}"; }

# sound FILE EXPRESSION [SECONDS]: a mono WAV at 48000 Hz of the expression in t.
sound() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import sys, wave
import numpy as np
path, expression, seconds = (sys.argv + ["1"])[1:4]
t = np.arange(int(float(seconds) * 48000)) / 48000
samples = eval(expression, {"np": np, "t": t}) + 0 * t
with wave.open(path, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(48000)
    file.writeframes((samples * 32767).astype("<i2").tobytes())
PYTHON
}

# within KIB COMMAND...: in so much memory. The sanitizers need more addresses than any limit here.
within() (
    [[ -n ${PATCHPIPE_SANITIZE:-} ]] || ulimit -v "$1"
    "${@:2}"
)

# plain FILE COLOR [SIZE]: an image of one color.
plain() { ffmpeg -v error -f lavfi -i "color=$2:s=${3:-64x36},format=rgb24" -frames:v 1 "$1"; }

# codec_of FILE: of an image that is called so.
codec_of() {
    case ${1,,} in
        *.jpg | *.jpeg) echo mjpeg ;;
        *.webp) echo libwebp ;;
        *) echo "${1##*.}" ;;
    esac
}

# all_views FILE: what every view can draw, with three notes, two stems, two rows and a clip.
all_views() {
    sound a.wav '0.5*np.sin(2*np.pi*220*t)'
    sound b.wav '0.3*np.sign(np.sin(2*np.pi*110*t))'
    plain red.png red
    {
        echo '{"type":"song","title":"A song","channels":2}'
        echo '{"type":"clip","path":"red.png","effects":[{"effect":"fly-in-out"}]}'
        for track in a b; do echo "{\"type\":\"track\",\"track\":\"$track\",\"name\":\"Track $track\"}"; done
        note a 0 0.5
        note b 0.2 0.6 67
        note b 0.7 0.3 55
        echo '{"type":"row","time":0,"length":0.5,"cells":[{"channel":1,"note":60,"instrument":1}]}'
        echo '{"type":"row","time":0.5,"length":0.5,"row":1,"cells":[{"channel":2,"end":"off","effect":"C20"}]}'
        stem a a.wav
        stem b b.wav
    } >"$1"
}

views=(scope roll wave pattern clips)

@test "a y4m stream has the size, the rate and the frames, which ffmpeg reads" {
    note a 0 1 | draws roll notes.y4m
    [[ $(head -n 1 notes.y4m) == "YUV4MPEG2 W160 H90 F20:1 Ip A1:1 C420mpeg2 "* ]]
    run -0 ffprobe -v error -count_frames -of csv=p=0 -show_entries \
        stream=width,height,r_frame_rate,nb_read_frames,pix_fmt,color_range notes.y4m
    [[ $output == "160,90,yuv420p,tv,20/1,20" ]]
    jq -e --arg path "$PWD/notes.y4m" '.output_path == $path' result
    [[ $(command jq -c 'del(.output_path)' result) == '{"status":"ok","view":"roll","first_frame":0,"frames":20,"frame_rate":"20/1","width":160,"height":90}' ]]
    # The same on standard output, where no record is then.
    note a 0 1 | song-draw -v roll -s 160x90 -r 20 2>record | cmp - notes.y4m
    jq -e '.output_path == "-"' record
}

@test "an encoded file has the frames, the length, the colors of BT.709 and its index at the beginning" {
    sound a.wav '0.5*np.sin(2*np.pi*220*t)' 2
    for name in a.mp4 b.mov c.mkv; do
        stem a a.wav | song-draw -v scope -s 160x90 -r 30000/1001 --audio a.wav -o "$name" >result
        run -0 ffprobe -v error -count_frames -select_streams v -of default=nw=1 -show_entries \
            stream=codec_name,pix_fmt,r_frame_rate,nb_read_frames,color_range,color_space,color_transfer,color_primaries "$name"
        for line in codec_name=h264 pix_fmt=yuv420p r_frame_rate=30000/1001 nb_read_frames=60 color_range=tv \
            color_space=bt709 color_transfer=bt709 color_primaries=bt709; do
            grep -qx "$line" <<<"$output"
        done
        [[ $(ffprobe -v error -select_streams a -of csv=p=0 -show_entries stream=codec_name "$name") == aac ]]
        ffprobe -v error -of csv=p=0 -show_entries format=duration "$name" | awk '{ exit !($1 > 1.99 && $1 < 2.04) }'
    done
    # Players need not wait for the end.
    [[ $(grep -abo moov a.mp4 | head -n 1 | cut -d : -f 1) -lt $(grep -abo mdat a.mp4 | head -n 1 | cut -d : -f 1) ]]
}

@test "the same input gives the same bytes, encoded too" {
    all_views records
    for view in "${views[@]}"; do
        draws "$view" one.y4m records
        draws "$view" two.y4m records
        cmp one.y4m two.y4m
    done
    for name in one two; do song-draw -v scope -s 160x90 -o $name.mp4 --audio a.wav records >result; done
    cmp one.mp4 two.mp4
}

@test "parts that are drawn in parallel are the whole, and so are ranges" {
    sound a.wav 'np.sin(2*np.pi*(100*t+200*t*t))*0.5' 6
    all_views records
    stem long a.wav >>records
    for view in "${views[@]}"; do
        draws "$view" whole.y4m records
        seq 3 | xargs -P 3 -I% song-draw -v "$view" -s 160x90 -r 20 --part %/3 -o part%.y4m records >/dev/null
        (cat part1.y4m && tail -q -n +2 part2.y4m part3.y4m) | cmp - whole.y4m
        draws "$view" range.y4m --range 0.5:0.75 records
        draws "$view" frames.y4m --frames 10:15 records
        cmp range.y4m frames.y4m
        size=$((160 * 90 * 3 / 2 + 6))
        cmp <(tail -n +2 frames.y4m) <(tail -n +2 whole.y4m | tail -c +$((10 * size + 1)) | head -c $((5 * size)))
    done
}

@test "a video is as long as its audio, and as the range that was asked for" {
    all_views records
    sound long.wav '0.5*np.sin(2*np.pi*220*t)' 2.5
    for view in "${views[@]}"; do
        draws "$view" long.y4m --audio long.wav records
        [[ $(jq .frames result) == 50 ]] || fail "$view: $(<result)"
        draws "$view" range.y4m --range 0.5:4 records
        [[ $(jq .frames result) == 70 ]] || fail "$view: $(<result)"
        draws "$view" open.y4m --range 0.5: records
        [[ $(jq .frames result) == 10 ]] || fail "$view: $(<result)"
    done
    song-draw -v roll -s 160x90 -r 20 -o long.mp4 --audio long.wav records >/dev/null
    [[ $(ffprobe -v error -of csv=p=0 -select_streams a -show_entries stream=duration long.mp4) == 2.[45]* ]]
}

@test "of more parts than frames some are empty streams, and no part of an encoded file is empty" {
    note a 0 0.1 >song
    draws roll whole.y4m song
    for part in {1..5}; do draws roll "part$part.y4m" --part "$part/5" song; done
    (cat part1.y4m && tail -q -n +2 part[2-5].y4m) | cmp - whole.y4m
    [[ $(jq -s 'map(.frames) | add' result) == 1 && $(wc -l <part1.y4m) == 1 ]]
    refused unsupported "part 2/5: has no frame: there are 2; give at most so many parts" -v roll --part 2/5 song
    song-draw -v roll -s 160x90 -r 20 -o a.mp4 --part 2/2 song >result
    [[ $(ffprobe -v error -count_frames -of csv=p=0 -show_entries stream=nb_read_frames a.mp4) == 1 ]]
}

@test "--announce tells at each percent how far the video is, and the result comes last" {
    note a 0 10 | song-draw -v roll -s 16x16 -r 20 -o a.y4m --announce >told
    jq -es '.[:-1] == [range(1; 101) | {event: "progress", drawn: (. * 2), frames: 200}] and .[-1].status == "ok"' told
    note a 0 0.15 | draws roll a.y4m --announce
    jq -es 'map(.drawn) == [1, 2, 3, null]' result
}

@test "colors are those of BT.709, as other programs convert them" {
    for color in ff0000 00ff00 0000ff ffffff 000000 123456 fedcba; do
        note a 0 0.05 | draws clips "$color.y4m" --colors "$color" --no-labels
        ffmpeg -v error -y -i "$color.y4m" -vf scale=in_color_matrix=bt709,format=rgb24 -f rawvideo -frames:v 1 raw
        [[ $(xxd -p -l 3 raw) =~ ^(..)(..)(..)$ ]]
        for i in 1 2 3; do
            wanted=$((16#${color:i*2-2:2})) found=$((16#${BASH_REMATCH[i]}))
            ((found - wanted <= 3 && wanted - found <= 3)) || fail "$color: ${BASH_REMATCH[*]}"
        done
    done
}

@test "a scope draws what the sound says: silence in the middle, and a square at its height" {
    sound silent.wav 0
    sound square.wav '0.5*np.sign(np.sin(2*np.pi*100*t)+1e-9)'
    { stem a silent.wav; stem b square.wav; } | draws scope a.y4m --no-grid --no-labels --columns 1 --line 2
    # Cells are 45 pixels high. The peak fills 0.44 of them, above and below the middle.
    python <<'END_OF'
from y4m import Video
import numpy as np
video = Video("a.y4m")
still = video.luma[10].astype(float)
background = still[0, 0]
rows = np.nonzero((still[:45] > background + 20).all(axis=1))[0]
assert list(rows) in ([21, 22, 23], [22], [21, 22]), rows
lit = np.nonzero((still[45:] > background + 20).any(axis=1))[0] + 45
assert abs(lit[0] - (67.5 - 0.44 * 45 - 1)) <= 1 and abs(lit[-1] - (67.5 + 0.44 * 45)) <= 1, lit
END_OF
}

# How far a picture moves: the height of the line at the middle, where the trigger should be, as its
# deviation in pixels. $1 is the y4m, of one scope.
jitter() {
    python "$1" <<'END_OF'
import sys
import numpy as np
from y4m import Video
video = Video(sys.argv[1])
half = video.width // 2
light = np.clip(video.luma[:, :, half - 1 : half + 1].astype(float).mean(axis=2) - 60, 0, None)
middle = (light * np.arange(video.height)).sum(axis=1) / light.sum(axis=1)
middle = (middle - (video.height - 1) / 2)[20:-5]
assert abs(middle.mean()) < 12  # half a pixel to the side
print(round(float(middle.std()), 2))
END_OF
}

@test "the trigger holds: a tone, a sweep, and a sweep that is modulated" {
    sound tone.wav '0.6*np.sin(2*np.pi*333*t)' 3
    sound sweep.wav '0.6*np.sin(2*np.pi*(150*t+60*t*t))' 3
    sound fm.wav '0.6*np.sin(2*np.pi*(150*t+40*t*t)+1.5*np.sin(2*np.pi*(300*t+80*t*t)))' 3
    for name in tone sweep fm; do
        stem a $name.wav | song-draw -v scope -s 320x180 -r 60 --no-grid --no-labels -o a.y4m >result
        moved=$(jitter a.y4m)
        # The line goes through the middle steeply: eight pixels up are less than one to the side.
        awk -v moved="$moved" 'BEGIN { exit !(moved < 8) }' || fail "$name: $moved"
    done
}

@test "what notes say of the pitch holds the scope, also where it is wrong by octaves" {
    sound tone.wav '0.4*np.sin(2*np.pi*220*t)+0.1*np.sin(2*np.pi*660*t)' 2
    for key in 57 69 45; do
        { stem a tone.wav; note a 0 2 $key; } | song-draw -v scope -s 320x180 --no-grid --no-labels -o a.y4m >result
        awk -v moved="$(jitter a.y4m)" 'BEGIN { exit !(moved < 2) }' || fail "$key: $(jitter a.y4m)"
    done
}

@test "a roll has its notes where they are, and they shine while they sound" {
    { note a 1 1 60; note a 2 1 72; } | draws roll a.y4m --no-labels --no-grid --colors '#3060c0' --window 4
    python <<'END_OF'
from y4m import Video
video = Video("a.y4m")
# The notes from 59 to 73 are seen, and 11 more; left of them are 84 pixels of 1080 for keys.
keys, height, lowest = 7, 90 / 26, 54
assert video.luma.shape[0] == 60
def light(time, note, at):  # of the note, at a moment of the song
    x = keys + (160 - keys) * ((at - time) / 4 + 0.3)
    return int(video.luma[int(time * 20), int(90 - (note - lowest + 0.5) * height), int(x)])
background = light(0.5, 66, 1.5)
assert light(0.5, 60, 1.5) > background + 20
assert light(0.5, 60, 2.5) == background and light(0.5, 72, 1.5) == background
assert light(0.5, 72, 2.5) > background + 20
assert light(1.05, 60, 1.5) > light(0.5, 60, 1.5) + 20  # it has begun
assert light(2.5, 60, 1.5) < light(0.5, 60, 1.5)        # it has ended
END_OF
}

@test "a note that slides is drawn without seams, and one that does not is as without bends" {
    bend() { echo "{\"type\":\"control\",\"kind\":\"bend\",\"track\":\"a\",\"time\":$1,\"value\":$2}"; }
    note a 0 3 60 | draws roll plain.y4m --no-labels --no-grid --window 4
    { note a 0 3 60; bend 3.5 4096; } | draws roll later.y4m --no-labels --no-grid --window 4
    cmp plain.y4m later.y4m
    { note a 0 3 60; for i in 1 2 3 4; do bend 0.$i $i; done; } |
        draws roll slides.y4m --no-labels --no-grid --window 4
    python <<'END_OF'
from y4m import Video
video = Video("slides.y4m")
middle = int(90 - 12.5 * 90 / 26)  # of the note, of the 26 from 48 on
for frame in range(5, 15):  # where the note began to where it will end, and not where it sounds
    row = [int(value) for value in video.luma[frame, middle, 64:110]]
    assert len(set(row)) == 1 and row[0] > 60, row
END_OF
}

@test "waves are bars of the mean distance from 0, bright as far as they were played" {
    sound a.wav 'np.where(t < 0.5, 0.2, 0.8)'
    stem a a.wav | draws wave a.y4m --no-labels --colors '#ffffff' --background '#000000'
    # 0.42 of the height above and below the middle is the loudest; a quarter of that before 0.5 s.
    pixels a.y4m 19 40 45 255 255 255 19 40 37 255 255 255 19 40 33 0 0 0 19 120 9 255 255 255 19 120 5 0 0 0 \
        0 120 45 82 82 82
}

@test "a pattern changes when its rows do, and marks the row that plays" {
    all_views records
    draws pattern a.y4m --no-labels records
    python <<'END_OF'
from y4m import Video
video = Video("a.y4m")
assert len(video) == 20
assert all((video.luma[i] == video.luma[0]).all() for i in range(10))
assert all((video.luma[i] == video.luma[10]).all() for i in range(10, 20))
assert (video.luma[0] != video.luma[10]).any()
assert video.luma[0, 45, 1] > video.luma[0, 20, 1] + 30 and video.luma[0, 45, 1] == video.luma[0, 45, 158]
END_OF
}

@test "each row that song-read gives is drawn" {
    song-read --rows /usr/share/games/pingus/data/music/success_1.it >rows
    song-draw -v pattern -s 640x360 -r 10 --range :2 -o a.y4m rows >result
    [[ $(jq .frames result) == 20 ]]
}

@test "the original's layers are where they were, as opaque as they were, with their bars" {
    plain white.png white 160x90
    {
        for i in {0..9}; do note "t$i" 0 1; done
        for i in 1 9; do echo "{\"type\":\"clip\",\"track\":\"t$i\",\"path\":\"white.png\"}"; done
    } | draws clips a.y4m --layout original
    # White on 10: 0.89 of the way in the layer 1, from 0.11 of the width on; the layer 9 is 0.12 of
    # the height lower. The bar of layer n is in the color 37n, 59n, 83n modulo 255.
    pixels a.y4m 5 15 60 10 10 10 5 100 8 228 228 228 5 100 60 249 249 249 \
        5 1 3 1 1 1 5 45 1 42 170 98 5 4 8 70 51 216
    # A layer is no more than that: 3 layers are 0.02 apart, and bars are 0.15 wide.
    { for i in 0 1; do note "t$i" 0 1; done; } | draws clips b.y4m --layout original
    pixels b.y4m 5 24 2 34 54 76 5 29 2 10 10 10 5 24 8 10 10 10
}

# halves FILE: left red, right blue.
halves() { ffmpeg -v error -f lavfi -i color=red:s=80x90,format=rgb24 -f lavfi -i color=blue:s=80x90,format=rgb24 -filter_complex hstack -frames:v 1 "$1"; }

@test "a clip may be an image in any usual format, whatever it is called" {
    # By the names ffmpeg takes JPEGs, and what has a %d, for one of many that are numbered.
    files=(a.png a.jpg a.JPEG a.bmp a.gif a.webp a%d.jpg)
    pixels=()
    for number in "${!files[@]}"; do
        file=${files[number]}
        ffmpeg -v error -f lavfi -i color=white:s=64x36 -frames:v 1 -f image2 -update 1 -c:v "$(codec_of "$file")" "$file"
        echo "{\"type\":\"clip\",\"track\":\"t$number\",\"path\":\"$file\"}" >>song
        note "t$number" 0 1 >>song
        pixels+=(2 $((number * 160 / 7 + 11)) 45 255 255 255)
    done
    draws clips a.y4m --no-labels --columns 7 song
    pixels a.y4m "${pixels[@]}"
}

@test "clips turn over with each note, but not within a chord" {
    halves two.png
    { echo '{"type":"clip","path":"two.png"}'; note a 0 0.5; note a 0.5 0.5; } >song
    draws clips a.y4m --no-labels song
    pixels a.y4m 2 20 45 255 0 0 2 140 45 0 0 255 12 20 45 0 0 255 12 140 45 255 0 0
    draws clips b.y4m --no-labels --no-flip song
    pixels b.y4m 12 20 45 255 0 0
    # Two notes of a chord have a half of the room each, and the middle of the picture.
    { echo '{"type":"clip","path":"two.png"}'; note a 0 1; note a 0 1 64; } | draws clips c.y4m --no-labels
    pixels c.y4m 2 20 45 255 0 0 2 60 45 0 0 255 2 100 45 255 0 0 2 140 45 0 0 255
}

@test "the grid has a cell for each track with notes, and clips are found by sample and track" {
    plain red.png red
    plain blue.png blue
    {
        note a 0 1 60 '"sample":"s1"'; note b 0 1 60 '"sample":"s2"'; note c 0 0.5 60; note d 0 1
        echo '{"type":"clip","path":"blue.png"}'
        echo '{"type":"clip","sample":"s1","path":"red.png"}'
        echo '{"type":"clip","track":"d","path":"red.png"}'
    } | draws clips a.y4m --no-labels --background '#000000'
    pixels a.y4m 2 40 20 255 0 0 2 120 20 0 0 255 2 40 70 0 0 255 2 120 70 255 0 0 12 40 70 0 0 0
}

@test "a note is seen in one frame at least, and with legato until the next one" {
    { note a 0.26 0; note a 0.6 0.1; } >song
    seen() {
        draws clips a.y4m --no-labels --colors '#ffffff' --background '#000000' "$@" song
        python <<'END_OF'
from y4m import Video
print("".join("x" if frame[45, 80] > 200 else "." for frame in Video("a.y4m").luma))
END_OF
    }
    # 14 frames, each 0.05 s; the first note has no length.
    [[ $(seen) == .....x......xx ]]
    [[ $(seen --legato next) == .....xxxxxxxxx ]]
    echo '{"type":"tempo","time":0,"bpm":600}' >>song
    [[ $(seen --legato beat) == .....xx.....xx ]]
    [[ $(seen --legato bar) == .....xxxxxxxxx ]]
}

# greys: a video of 5 frames at 20 frames a second, 40 levels brighter each.
greys() {
    /usr/bin/python3 -c '
import sys
sys.stdout.buffer.write(b"YUV4MPEG2 W16 H16 F20:1 C420mpeg2\n" + b"".join(
    b"FRAME\n" + bytes([30 + 40 * i] * 256 + [128] * 128) for i in range(5)))' >greys.y4m
    ffmpeg -v error -i greys.y4m -c:v ffv1 greys.mkv
}

@test "a video loops, stretches or freezes in a longer note, and follows its pitch with --tuned" {
    greys
    { echo '{"type":"clip","path":"greys.mkv"}'; note a 0 0.5; } >song
    shown() {
        draws clips a.y4m --no-labels "$@" song
        python <<'END_OF'
from y4m import Video
print(*(round((int(frame[45, 80]) - 30) / 40) for frame in Video("a.y4m").luma))
END_OF
    }
    [[ $(shown) == "0 1 2 3 4 0 1 2 3 4" ]]
    [[ $(shown --short stretch) == "0 0 1 1 2 2 3 3 4 4" ]]
    [[ $(shown --short freeze) == "0 1 2 3 4 4 4 4 4 4" ]]
    { echo '{"type":"clip","path":"greys.mkv","offset":0.1}'; note a 0 0.5; } >song
    [[ $(shown) == "2 3 4 2 3 4 2 3 4 2" ]]
    # An octave above the sample's own note.
    { echo '{"type":"clip","path":"greys.mkv"}{"type":"sample","sample":"s","base_note":48}' | jq -c .; note a 0 0.2 60 '"sample":"s"'; } >song
    [[ $(shown --tuned) == "1 3 0 2" ]]
}

# effect JSON PICTURE: of a note of one second, as a.y4m.
effect() { { echo "{\"type\":\"clip\",\"path\":\"$2\",\"effects\":[$1]}"; note a 0 1; } | draws clips a.y4m --no-labels --background '#000000' "${@:3}"; }

@test "effects change pictures as their settings say" {
    halves two.png
    plain white.png white 160x90
    effect '{"effect":"solid"}' two.png
    pixels a.y4m 0 20 45 30 30 120
    effect '{"effect":"chroma-key","color":"#ff0000"}' two.png
    pixels a.y4m 0 20 45 0 0 0 0 140 45 0 0 255
    effect '{"effect":"chroma-key","color":"#ff4040","threshold":80,"background":"#00ff00"}' two.png
    pixels a.y4m 0 20 45 255 0 0
    effect '{"effect":"chroma-key","color":"#ff4040","threshold":100,"background":"#00ff00"}' two.png
    pixels a.y4m 0 20 45 0 255 0
    # A circle of 0.35 of 90 pixels, and a box of 0.6.
    effect '{"effect":"cookie-cutter"}' white.png
    pixels a.y4m 0 80 45 255 255 255 0 80 16 255 255 255 0 80 10 0 0 0 0 108 45 255 255 255 0 114 45 0 0 0
    effect '{"effect":"cookie-cutter","shape":"box"}' white.png
    pixels a.y4m 0 34 20 255 255 255 0 29 20 0 0 0 0 34 15 0 0 0
    # 0.6 of the picture in the middle, and a bar of 0.12 of the height that pulses.
    effect '{"effect":"layered","bar":"#00ff00","pulses":0}' white.png
    pixels a.y4m 0 80 45 255 255 255 0 28 45 20 20 20 0 34 45 255 255 255 0 80 87 0 255 0 0 80 75 20 20 20
    sound a.wav 'np.where(t < 0.5, 0.4, 0.8)'
    effect '{"effect":"wave"}' white.png --audio a.wav
    # 0.45 of the height is the highest bar.
    pixels a.y4m 0 120 27 30 200 255 0 120 20 8 8 8 0 40 38 30 200 255 0 40 31 8 8 8
}

@test "keyframes are linear, and constant before the first and behind the last" {
    plain white.png white 160x90
    # The picture's left edge at the note's share of time.
    effect '{"effect":"fly-in-out","x":[[0.25,-1],[0.75,0]]}' white.png
    python <<'END_OF'
from y4m import Video
video = Video("a.y4m")
for frame in range(20):
    share = (frame + 0.5) / 20
    edge = round(160 * min(max((share - 0.25) / 0.5, 0), 1))
    lit = (video.luma[frame, 45] > 120).sum()
    assert abs(int(lit) - edge) <= 1, (frame, lit, edge)
END_OF
    effect '{"effect":"solid","color":"#ffffff","opacity":[[0,0],[0.5,1]],"keys":"seconds"}' white.png
    effect '{"effect":"blinds","slices":4,"open":[[0,0],[1,1]],"stagger":0,"depth":0}' white.png
    # Half open, each slice of 40 pixels has cos(45 degrees) of its width.
    pixels a.y4m 10 20 45 255 255 255 10 8 45 255 255 255 10 3 45 0 0 0 10 37 45 0 0 0 19 2 45 255 255 255
}

@test "--list has every effect with its settings, and they are what is accepted" {
    song-draw --list >list
    [[ $(jq -r .effect list | paste -sd ' ') == "solid wave layered chroma-key cookie-cutter fly-in-out blinds" ]]
    jq -e 'all(.settings[]; .setting and .description and has("default"))' list
    sound a.wav 0
    plain red.png red
    while read -r effect; do
        effect "$effect" red.png --audio a.wav --frames :1
    done < <(jq -c '{effect} + (.settings | map({(.setting): .default}) | add)' list)
}

# refused KIND MESSAGE [OPTION...]: the song on standard input, with status 1 and no file.
refused() {
    run -1 --separate-stderr song-draw -s 160x90 -r 20 -o a.mp4 "${@:3}"
    [[ $(field error_kind) == "$1" && $output == *"$2"* && ! -e a.mp4 ]] || fail "$output"
}

@test "what cannot be drawn is an error record, and there is no file" {
    note a 0 1 >song
    for bpm in 0 60000001; do
        refused bad-record "bpm: must be above 0, up to 60000000" -v roll song - <<<"{\"type\":\"tempo\",\"time\":0,\"bpm\":$bpm}"
    done
    refused bad-record "no stems" -v scope song
    refused bad-record "no rows" -v pattern song
    refused bad-record "no audio" -v wave song
    stem a none.wav >stems
    refused bad-record "no notes" -v roll stems
    refused bad-record "no notes" -v clips stems
    refused not-found "none.wav" -v scope stems
    sound fast.wav 0 0.1
    printf '\xff\xff\xff\x7f' | dd of=fast.wav bs=1 seek=24 conv=notrunc status=none
    refused unsupported "sample rate" -v scope - < <(stem a fast.wav)
    sound cut.wav 0
    truncate -s 20000 cut.wav
    refused corrupt "cut short" -v scope - < <(stem a cut.wav)
    mkfifo pipe.wav
    refused unsupported "is a pipe" -v wave - < <(stem a pipe.wav)
    refused unsupported "no frame" -v roll --range 5: song
    refused bad-record "song-draw --list" -v clips song - <<<'{"type":"clip","effects":[{"effect":"glitter"}]}'
    refused bad-record "no setting" -v clips song - <<<'{"type":"clip","effects":[{"effect":"solid","colour":"#ffffff"}]}'
    refused bad-record "color" -v clips song - <<<'{"type":"clip","effects":[{"effect":"solid","color":""}]}'
    refused bad-record "in order of time" -v clips song - <<<'{"type":"clip","effects":[{"effect":"fly-in-out","x":[[1,0],[0,1]]}]}'
    refused bad-record "velocity" -v roll - <<<'{"type":"note","track":"a","time":0,"length":1,"note":60,"velocity":500}'
    refused bad-record "beyond" -v roll - <<<'{"type":"note","track":"a","time":1e300,"length":1,"note":60}'
    for key in time length; do
        refused bad-record "beyond" -v pattern - <<<"{\"type\":\"row\",\"$key\":1e300}"
    done
    refused bad-record "cells" -v pattern - <<<'{"type":"row","time":0,"length":1,"cells":5}'
    refused bad-record "beyond" -v roll - <<<'{"type":"note","track":"a","time":0,"length":1e300,"note":60}'
    refused bad-record "beyond" -v roll song - <<<'{"type":"song","length":1e300}'
    refused bad-record "wave" -v clips song - <<<'{"type":"clip","effects":[{"effect":"wave"}]}'
}

@test "pictures that are damaged, empty or too large are errors, in little memory" {
    note a 0 1 >song
    # Its header claims 60,000 by 60,000 pixels, and its data are right for them.
    /usr/bin/python3 - <<'END_OF'
import struct, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
with open("large.png", "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 6, 0, 0, 0)))
    file.write(chunk(b"IDAT", zlib.compress(bytes(1 << 20))) + chunk(b"IEND", b""))
END_OF
    ffmpeg -v error -f lavfi -i testsrc=s=64x36:r=20 -t 1 good.mp4
    ffmpeg -v error -f lavfi -i testsrc=s=64x36:r=20 -t 0 none.mkv 2>/dev/null || true
    plain good.png red
    head -c 40 good.png >short.png
    head -c 500 good.mp4 >short.mp4
    : >empty.mp4
    echo '#EXTM3U' >list.m3u8
    mkdir folder.png
    for file in large.png none.mkv short.png short.mp4 empty.mp4 list.m3u8 missing.png folder.png; do
        run -1 --separate-stderr within 2000000 song-draw -v clips -s 160x90 -o a.mp4 song - \
            <<<"{\"type\":\"clip\",\"path\":\"$file\"}"
        [[ $output == *"$file"* && $(field status) == error && ! -e a.mp4 ]] || fail "$file: $output"
    done
}

@test "a clip that ffmpeg decodes for ever is an error that names it and the limit" {
    # A picture takes some tenths of a second, and there are minutes of them.
    ffmpeg -v error -f lavfi -i color=black:s=8000x8000,format=gray -frames:v 1 large.png
    ffmpeg -v error -loop 1 -framerate 20 -i large.png -c copy -frames:v 400 slow.mkv
    { echo '{"type":"clip","path":"slow.mkv"}'; note a 0 100; } >song
    refused timeout "slow.mkv: ffmpeg did not finish within 0.5 s; give a longer --timeout" -v clips --timeout 0.5 song
    run -2 song-draw -v clips -o a.y4m --timeout 0 song
    # What hangs, with its output open and closed.
    mkdir bin
    PATH=$PWD/bin:$PATH
    for end in "" "exec >&-;"; do
        printf '#!/bin/bash\n%s exec sleep 1000.5\n' "$end" >bin/ffmpeg
        chmod +x bin/ffmpeg
        run -1 song-draw -v clips -s 160x90 -o a.y4m --timeout 0.2 song
        [[ $(field error_kind) == timeout && $output == *"slow.mkv: ffmpeg did not finish within 0.2 s; "* && ! -e a.y4m ]]
    done
    run -1 pgrep -f 'sleep 1000.5'
}

@test "numbers of effects that make no sense do no harm" {
    plain red.png red
    sound a.wav 0
    for number in 0 1e308; do
        while read -r effect; do
            effect "$effect" red.png --audio a.wav --frames 10:12
        done < <(song-draw --list | jq -c --argjson number "$number" '.effect as $effect | .settings[] |
            select(.default | type != "string") | {$effect, (.setting): [[0, $number], [1, -$number]]}')
    done
}

@test "names of any kind are drawn: long ones, other scripts, controls" {
    for name in '日本語 العربية עברית' 'a\u0000b\nc' "$(printf 'long %.0s' {1..5000})"; do
        { echo "{\"type\":\"track\",\"track\":\"a\",\"name\":\"$name\"}"; note a 0 0.05; } | draws roll a.y4m
        [[ -z $(jq -r '.error // empty' result) ]]
    done
}

@test "a note of zero length is no division by zero in any view, nor is a song of one frame" {
    note a 0 0 >song
    for option in loop stretch freeze; do draws clips a.y4m --short $option song - <<<'{"type":"clip","effects":[{"effect":"fly-in-out"}]}'; done
    [[ $(jq .frames result) == 1 ]]
}

@test "wrong usage is refused before any work" {
    note a 0 1 >song
    usage() {
        run -2 --separate-stderr song-draw "$@" song
        [[ -z $output && $stderr == song-draw:* ]] || fail "$*: $stderr"
    }
    usage -o a.mp4
    usage -v roll -o a.avi
    usage -v roll -o a.mp4 -r 29.97
    usage -v roll -o a.mp4 -r 0
    usage -v roll -o a.mp4 -r 1001
    usage -v roll -o a.mp4 -s 161x90
    usage -v roll -o a.mp4 -s 16x90000
    usage -v roll -o a.mp4 -s 160
    usage -v roll -o a.mp4 --part 0/3
    usage -v roll -o a.mp4 --part 4/3
    usage -v roll -o a.mp4 --range 2:1
    usage -v roll -o a.mp4 --frames 1
    usage -v roll -o a.mp4 --frames 0.5:2
    usage -v scope -o a.mp4 --window 10.5
    usage -v roll -o a.mp4 --frames 1:2 --range 1:2
    usage -v roll -o a.mp4 --colors red
    [[ ! -e a.mp4 ]]
}

@test "without ffmpeg a y4m can be drawn, and a video is an error that says so" {
    mkdir bin
    ln -s "$bin/song-draw" bin
    note a 0 1 >song
    PATH=$PWD/bin song-draw -v roll -s 160x90 -o a.y4m song >result
    run -1 --separate-stderr env PATH="$PWD/bin" song-draw -v roll -s 160x90 -o a.mp4 song
    [[ $output == *ffmpeg*install* && ! -e a.mp4 ]]
}

@test "a video that is there stays as it is when drawing fails, and is replaced when it does not" {
    echo old >a.mp4
    note a 0 1 >song
    run -1 song-draw -v scope -o a.mp4 song
    [[ $(<a.mp4) == old ]]
    song-draw -v roll -s 160x90 -o a.mp4 song >result
    [[ $(ffprobe -v error -of csv=p=0 -show_entries format=duration a.mp4) == 1.0* && $(find . -name '*a.mp4*' | wc -l) == 1 ]]
}

@test "a line may be thicker than its cell is wide, and a cell narrower than a pixel" {
    sound a.wav 'np.sin(2*np.pi*220*t)' 0.1
    stem a a.wav | song-draw -v scope -s 16x16 -r 20 --line 100 -o a.y4m >result
    [[ $(jq .frames result) == 2 ]]
    for i in {1..40}; do stem "t$i" a.wav; done |
        within 2000000 song-draw -v scope -s 16x16 -r 20 --columns 40 -o a.y4m >result || fail "$(<result)"
    [[ $(jq .frames result) == 2 ]]
}

@test "a name is not drawn where there is no room for it" {
    sound a.wav 0 0.1
    for name in A AAAAAAAAAAAA; do
        for i in {1..80}; do echo "{\"track\":\"t$i\",\"track_name\":\"$name\",\"output_path\":\"a.wav\"}"; done |
            draws scope "$name.y4m" --columns 80
    done
    cmp A.y4m AAAAAAAAAAAA.y4m
}

@test "keyframes as far apart as numbers can be have the first value when they begin" {
    plain red.png red
    effect='{"effect":"layered","scale":[[0,1e308],[1,-1e308]],"bar_height":0}'
    { echo "{\"type\":\"clip\",\"path\":\"red.png\",\"effects\":[$effect]}"; note a 0.525 0.4; } >song
    # The note begins at the very moment that the frame 10 shows.
    within 2000000 draws clips a.y4m --no-labels --frames 10:11 song
    pixels a.y4m 0 80 45 255 0 0
}

@test "the rows of a module in text show the names of its samples" {
    for name in kick hat; do
        printf 'PATTERN:\nSAMPLE:%s\n' "$name" | song-read --rows --row-ms 50 - | draws pattern "$name.y4m"
    done
    run -1 cmp kick.y4m hat.y4m
}

@test "a channel of a pattern has the name and the color of its own track" {
    echo '{"type":"row","time":0,"length":0.1,"cells":[{"channel":1,"note":60},{"channel":2,"note":62}]}' >row
    echo '{"type":"track","track":"t2","name":"Lead","color":16777471}' >second
    cat second row | draws pattern one.y4m
    echo '{"type":"track","track":"t1","name":"1"}' | cat - second row | draws pattern two.y4m
    cmp one.y4m two.y4m
    sed 's/16777471/0/' second | cat - row | draws pattern three.y4m
    run -1 cmp one.y4m three.y4m
}

@test "times that have an exponent as numbers are times for ffmpeg too" {
    ffmpeg -v error -f lavfi -i testsrc=s=64x36:r=20 -t 1 clip.mp4
    note a 0 0.1 >song
    for offset in 0 0.00001; do
        draws clips "$offset.y4m" song - <<<"{\"type\":\"clip\",\"path\":\"clip.mp4\",\"offset\":$offset}"
    done
    cmp 0.y4m 0.00001.y4m
    refused unsupported "no picture" -v clips song - <<<'{"type":"clip","path":"clip.mp4","offset":100000}'
    refused bad-record "beyond" -v clips song - <<<'{"type":"clip","path":"clip.mp4","offset":1e300}'
}

@test "a clip or the audio is not replaced by the video" {
    ffmpeg -v error -f lavfi -i testsrc=s=64x36:r=20 -t 1 clip.mp4
    cp clip.mp4 copy.mp4
    note a 0 0.1 >song
    run -2 --separate-stderr song-draw -v clips -s 160x90 -o clip.mp4 song - <<<'{"type":"clip","path":"clip.mp4"}'
    [[ $stderr == *"is the input"* ]]
    run -2 song-draw -v roll -s 160x90 --audio "$PWD/clip.mp4" -o clip.mp4 song
    cmp clip.mp4 copy.mp4
}

@test "an image is seen at any frame rate, and so is a video that is shorter than a frame" {
    plain red.png red
    ffmpeg -v error -f lavfi -i color=red:s=64x36:r=50 -frames:v 1 one.mkv
    for clip in red.png one.mkv; do
        { echo "{\"type\":\"clip\",\"path\":\"$clip\"}"; note a 0 2; } |
            song-draw -v clips -s 160x90 -r 2 --no-labels -o a.y4m >result
        [[ $(jq .frames result) == 4 ]] || fail "$(<result)"
        pixels a.y4m 0 80 45 255 0 0 3 80 45 255 0 0
    done
}

@test "clips are decoded with as little memory where there are many processors" {
    without_sanitizers "they want to be preloaded first"
    plain red.png red
    { echo '{"type":"clip","path":"red.png"}'; note a 0 1; } >song
    LD_PRELOAD=$root/build/tests/many_processors.so timeout 60 \
        song-draw -v clips -s 160x90 -r 10 --no-labels -o a.y4m song >result
    jq -e '.status == "ok" and .frames == 10' result
    # OpenBLAS, which ffmpeg loads, waited for ever for more.
    status=0
    within 400000 timeout 60 song-draw -v clips -s 160x90 -r 10 -o b.y4m song >result || status=$?
    ((status < 2)) || fail "$status"
}

@test "what ffmpeg says of a file is the same each time" {
    head -c 1000 /dev/zero >zero.png
    for _ in 1 2; do
        run -1 song-draw -v clips -s 160x90 -r 10 -o a.y4m - < <(echo '{"type":"clip","path":"zero.png"}' && note a 0 1)
        echo "$output" >>errors
    done
    [[ $(sort -u errors | wc -l) == 1 && $(<errors) == *'zero.png: ffmpeg exited'* ]] || fail "$(<errors)"
}
