#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Tracks, videos and packages of modules of a second or two, with small pictures. sox, ffprobe and NumPy
# read what was made.

load ../helper

small=(--size 160x90 --rate 16)

setup() {
    mkdir -p here/tmp
    cd here || return
    export TMPDIR=$PWD/tmp
}

teardown() {
    cd "$BATS_TEST_TMPDIR/here" || return
    [[ -z $(ls -A tmp) ]] || fail "it left in TMPDIR: $(ls -A tmp)"
    [[ -z $(find . -name '.patchpipe*') ]] || fail "it left: $(find . -name '.patchpipe*')"
}

tone() { sox -n -r 44100 -c 2 "$1" synth "$2" sine "$3" gain -6; }

# plain FILE COLOR: an image of one color, or a video of a second.
plain() {
    local frames=8
    [[ $1 == *.mp4 ]] || frames=1
    ffmpeg -v error -f lavfi -i "color=$2:s=64x36:r=8,format=rgb24" -frames:v "$frames" "$1"
}

setup_file() {
    printf '%s\n' 'TITLE: Half/and: half' 'SAMPLE: bell, mood=dark' 'PATTERN: a' 'SAMPLE:kick SAMPLE:bell' '- -' \
        'PATTERN: b' 'SAMPLE:kick' 'ORDER: 0,1' >text.txt
    mkdir sounds films
    tone sounds/kick.wav 0.5 441
    tone sounds/Bell_2.wav 0.1 882
    plain films/kick.mp4 red
    plain films/bell.png blue
    "$root/tests/make-module.py" tune.mod <<'JSON'
{"title": "Tune", "patterns": [{"0": ["C-2 01 000"], "4": ["C-3 01 000"], "7": ["... 00 D00"]}],
 "samples": [{"frames": 4000, "name": "Lead"}]}
JSON
}

# A text of three rows, and files for its samples.
text() { cp -r "$BATS_FILE_TMPDIR"/{text.txt,sounds,films} .; }

# A module with notes at 0 and 0.48 s, an octave apart, of which the second lasts half as long; it ends
# after 0.96 s.
tune() { cp "$BATS_FILE_TMPDIR/tune.mod" .; }

# pitch FILE FROM TO: of that part, in whole Hz.
pitch() {
    sox "$1" part.wav trim "$2" "=$3"
    audio-measure --measure pitch part.wav | jq '.pitch_hz | round'
}

# color FILE X Y: of the first frame there: red, green and blue, each from 0 to 5.
color() {
    ffmpeg -v error -i "$1" -frames:v 1 -vf "crop=2:2:$2:$3" -f rawvideo -pix_fmt rgb24 - | od -An -tu1 -N3 |
        awk '{ for (i = 1; i <= 3; i++) printf "%d ", int($i / 50) }'
}

files() { (cd "$1" && find . -type f | LC_ALL=C sort | tr '\n' ' '); }

@test "a text and folders become a track, a video and a package with ModPMV's manifest" {
    text
    count_jq
    run -0 --separate-stderr render-module text.txt out "${small[@]}" --format flac --audio-assets sounds \
        --video-assets films --image-assets films --layout original
    [[ -z $stderr && ${lines[0]} == "$PWD/out/Half_and_ half_track.flac: 0.8 s, peak "* ]]
    [[ ${lines[1]} == "$PWD/out/Half_and_ half_video.mp4: 12 frames of 160x90, clips" && ${#lines[@]} == 3 ]]
    [[ $(files out) == "./Half_and_ half_track.flac ./Half_and_ half_video.mp4 "*"ytpmv_pkg/Half_and_ half_track.flac "* ]]
    # Each start of jq takes as long as many another step.
    (($(wc -l <jq-starts) <= 3))
    cd out
    module-render --row-ms 250 --media ../sounds -o ../same.flac ../text.txt >/dev/null
    wav-diff --tolerance 0.0001 ../same.flac ./*_track.flac
    [[ $(soxi -s ./*_track.flac) == 33075 ]]
    [[ $(ffprobe -v error -count_frames -of csv=p=0 -show_entries stream=codec_name,width,nb_read_frames ./*_video.mp4) == *h264,160,12*aac* ]]
    # Layer 0 is red in the whole frame, layer 1 lies over it, moved to the right.
    [[ $(color ./*_video.mp4 4 80) == [45]" 0 0 " && $(color ./*_video.mp4 100 60) == "0 "*" "[2345]" " ]]
    cd ./*_ytpmv_pkg
    cmp ./*_track.flac ../*_track.flac
    cmp ./*_video.mp4 ../*_video.mp4
    cmp video_clips/kick.mp4 ../../films/kick.mp4
    cmp video_clips/bell.png ../../films/bell.png
    jq -e '. == {module_title: "Half/and: half", audio: "Half_and_ half_track.flac", video: "Half_and_ half_video.mp4",
        copied_video_clips: ["video_clips/bell.png", "video_clips/kick.mp4"], order: [0, 1], patterns_count: 2, timeline: [
        {start: 0, duration: 0.25, used_files: ["video_clips/bell.png", "video_clips/kick.mp4"], pattern_index: 0, row_index: 0},
        {start: 0.25, duration: 0.25, used_files: [], pattern_index: 0, row_index: 1},
        {start: 0.5, duration: 0.25, used_files: ["video_clips/kick.mp4"], pattern_index: 1, row_index: 0}]}' manifest.json
}

@test "a module sounds as itself, in formats that lose a little and in one that loses nothing, and oscilloscopes show it" {
    tune
    module-render -b 24 -o same.wav tune.mod >/dev/null
    for format in mp3:mp3 aac:m4a vorbis:ogg; do
        render-module tune.mod "out/$format" --format "${format%:*}" --no-video --no-package >said
        file="out/$format/Tune_track.${format#*:}"
        [[ $(ffprobe -v error -of csv=p=0 -show_entries stream=codec_name "$file") == "${format%:*}" ]]
        [[ $(files "out/$format") == "./${file##*/} " ]]
        ffmpeg -v error -i "$file" -ar 44100 played.wav
        [[ $(pitch played.wav 0.1 0.4) == $(pitch same.wav 0.1 0.4) ]]
        rm played.wav
    done
    some 4 "--bit-depth 24" "-f flac -b 32f" "-f wav --quality 5" "-f vorbis --bitrate 64" "-f aac --bitrate 5" \
        "-f aac -r 192000" "-f aac -r 12345" >wrong
    while read -r words; do
        # shellcheck disable=SC2086
        run -2 --separate-stderr render-module tune.mod new $words
        [[ $stderr == "render-module: --"*": "* && ! -e new ]]
    done <wrong
    render-module tune.mod out "${small[@]}" --format wav --no-package >said
    module-render -b 16 -o sixteen.wav tune.mod >/dev/null
    wav-diff sixteen.wav out/Tune_track.wav >/dev/null
    grep -q 'frames of 160x90, scope$' said
}

# queue OPTION...: does the jobs on standard input, without videos; each line has the name of its folder and
# what the job has in addition to the module. The results are in the file results.
queue() {
    while read -r name job; do
        jq -nc --arg name "$name" '{module: "tune.mod", out: $name} +'"${job:-null}"
    done >queue.ndjson
    run --separate-stderr render-module --format wav --no-video --no-package "$@" <queue.ndjson
    printf '%s\n' "$output" >results
}

@test "files called like its samples play at a module's times and pitches" {
    tune
    mkdir sounds others
    tone 'sounds/lead synth.wav' 1 441
    tone others/drum.wav 1 441
    queue <<'END'
files {audio_assets: "sounds"}
none {audio_assets: "others"}
rows {audio_assets: "sounds", row_ms: 100}
own {row_ms: 100}
END
    jq -es 'all(.status == "ok") and .[3].assets == []' results
    [[ $(pitch files/Tune_track.wav 0.05 0.4) == 441 && $(pitch files/Tune_track.wav 0.5 0.7) == 882 ]]
    # As long as the module, although the last note is over sooner.
    [[ $(soxi -s files/Tune_track.wav) == 42336 ]]
    # Where there is none, the module sounds as itself.
    module-render -b 16 -o own.wav tune.mod >/dev/null
    wav-diff --tolerance 0.0001 none/Tune_track.wav own.wav >/dev/null
    # In rows of one length it keeps its own.
    [[ $(soxi -s rows/Tune_track.wav) == 35280 && $(pitch rows/Tune_track.wav 0.41 0.49) == 441 ]]
}

@test "the result says which files were found for which samples, and by which rule" {
    "$root/tests/make-module.py" tune.mod <<'JSON'
{"title": "Tune", "patterns": [{"0": ["C-2 01 000"], "2": ["C-2 02 000"], "4": ["C-2 03 000"], "7": ["... 00 D00"]}],
 "samples": [{"frames": 4000, "name": "bass:*"}, {"frames": 4000, "name": "Snare.iff"}, {"frames": 4000, "name": "by me"}, {"frames": 9, "name": "hat"}]}
JSON
    mkdir -p files/more
    for file in bass 'my snare' more/bassoon more/hat; do tone "files/$file.wav" 0.2 441; done
    plain files/bass_1.jpg red
    plain files/SNARE.png red
    echo '{"module":"tune.mod","out":"out","audio_assets":"files","image_assets":"files"}' >queue
    render-module "${small[@]}" --no-package <queue >result
    jq -e --arg here "$PWD/files/" '.assets | map([.asset, .sample, .name, (.path | ltrimstr($here)), .matched_by]) | sort == [
        ["picture", "s1", "bass:*", "bass_1.jpg", "prefix"], ["picture", "s2", "Snare.iff", "SNARE.png", "any-case"],
        ["picture", "s3", "by me", (.[2][3] | select(IN("SNARE.png", "bass_1.jpg"))), "any"],
        ["sound", "s1", "bass:*", "bass.wav", "stem"], ["sound", "s2", "Snare.iff", "my snare.wav", "substring"]]' result
}

@test "sounds in AAC are decoded, for modules and for rows of one length" {
    text
    tune
    mkdir aac
    ffmpeg -v error -i sounds/kick.wav aac/Kick.m4a
    ffmpeg -v error -i sounds/kick.wav aac/Lead.M4A
    ffmpeg -v error -i sounds/Bell_2.wav aac/bell.aac
    for song in text.txt tune.mod; do
        render-module $song out -a aac --format wav --no-video --no-package --json >told
        jq -es --arg here "$PWD/aac/" '.[-2].assets | length > 0 and all(.path | startswith($here))' told
    done
    [[ $(pitch out/Half*.wav 0.5 0.7) == 44[01] && $(pitch out/Tune_track.wav 0.05 0.4) == 44[01] ]]
    echo no audio >aac/Kick.m4a
    run -1 --separate-stderr render-module text.txt new -a aac --no-video
    [[ $stderr == "render-module: $PWD/aac/Kick.m4a: cannot be read as audio"* && ! -e new ]]
}

@test "jobs of ModPMV are a queue: a result for each, and what fails stops no other" {
    text
    tune
    cat >queue <<'END'
{"module":"text.txt","audio_assets":"sounds","video_assets":"films","image_assets":null,"audio_plugin":"beat-slicer","visual_plugin":"waveform-visual","plugin_config":{"shuffle":true,"seed":42},"mode":"stream","out":"out/1","mine":[1]}
nonsense
{"module":"none.it","out":"out/2"}
{"module":"tune.mod","out":"out/3","mode":"fast"}
{"status":"error","error":"before","module":"tune.mod"}

{"module":"text.txt","audio_assets":["sounds"],"out":"out/1","view":"roll"}
{"module":"tune.mod","out":"out/4","audio_assets":"nowhere"}
END
    jq -nc '("x" * 140000) as $long | {module: "tune.mod", out: "out/5", plugin_config: {text: $long}},
        {module: "tune.mod", out: "out/5", audio_plugin: $long}, {module: $long, out: "out/5"}' >>queue
    { printf 'TITLE: ' && jq -nr '"x" * 200000' && printf 'PATTERN:\nSAMPLE:kick\n'; } >long.txt
    echo '{"module":"long.txt","out":"out/1","audio_assets":"sounds","view":"roll"}' >>queue
    run -1 --separate-stderr render-module "${small[@]}" --no-package <queue
    [[ -z $stderr && ${#lines[@]} == 11 ]]
    jq -es '.[0].status == "ok" and .[0].mine == [1] and .[0].seed == 42 and .[0].mode == "stream" and .[0].view == "clips" and
        (.[0].audio_path | endswith("/out/1/Half_and_ half_track.mp3")) and .[0].frames == 33075 and .[0].video_frames == 12 and
        .[1] == {status: "error", error_kind: "bad-record", error: "is not a JSON object", line: 2} and
        .[2].error_kind == "not-found" and (.[2].error | endswith("none.it: there is no such file")) and
        .[3].error == "mode: must be moviepy, ffmpeg or stream" and
        .[4] == {status: "error", error: "before", module: "tune.mod"} and
        (.[5].video_path | endswith("/out/1/Half_and_ half_1_video.mp4")) and .[5].view == "roll" and
        .[6].error_kind == "not-found" and .[6].module == "tune.mod" and
        .[7].error == "plugin_config: is longer than 30,000 characters" and
        .[8].error == "audio_plugin: must be a text, or a list of texts" and (.[9].error | startswith("module: ")) and
        .[10].status == "ok" and (.[10].title | length) == 1000' <<<"$output"
    [[ $(ls out) == 1 && $(find out -type f | wc -l) == 6 ]]
    run -0 --separate-stderr render-module <<<''
    [[ -z $output$stderr ]]
}

@test "nothing is left when it fails, and what was there stays" {
    text
    rm sounds/Bell_2.wav
    run -1 --separate-stderr render-module text.txt new/out "${small[@]}" -a sounds
    [[ -z $output && $stderr == "render-module: bell: is a sample without a file; name its folder with --audio-assets, or give --allow-missing"* && ! -e new ]]
    mkdir old
    echo mine >'old/Half_and_ half_track.mp3'
    run -1 render-module text.txt old "${small[@]}" -a sounds
    [[ $(files old) == './Half_and_ half_track.mp3 ' && $(<'old/Half_and_ half_track.mp3') == mine ]]
    # A clip that cannot be decoded is found when the track is done.
    echo no video >films/kick.mp4
    run -1 --separate-stderr render-module text.txt new/out "${small[@]}" -a sounds --allow-missing --video-assets films
    [[ $stderr == *"kick.mp4: "* && ! -e new ]]
    run -1 --separate-stderr render-module text.txt new/out "${small[@]}" -a sounds --allow-missing
    [[ $stderr == "render-module: bell: is a sample without a file"* && -s 'new/out/Half_and_ half_track.mp3' ]]
    printf 'TITLE: Empty\n' >empty.txt
    run -1 --separate-stderr render-module empty.txt none
    [[ $stderr == "render-module: "* && ! -e none ]]
}

@test "titles become names of files in the folder, and of nothing else" {
    text
    local i=0 rows=('..|text0' '-rf|-rf' 'a/../../b|a_.._.._b' '.hidden|hidden' 'CON|CON_' '$(touch x)|$(touch x)')
    for row in "${rows[@]}"; do
        printf 'TITLE: %s\nPATTERN:\nSAMPLE:kick\n' "${row%|*}" >text$i.txt
        echo "{\"module\":\"text$i.txt\",\"out\":\"out$((i++))\"}"
    done >queue.ndjson
    render-module -a sounds --no-video --no-package <queue.ndjson >/dev/null
    for i in "${!rows[@]}"; do
        [[ $(ls -A "out$i") == "${rows[i]#*|}_track.mp3" ]] || fail "$(ls -A "out$i")"
    done
    rm -r out? text?.txt queue.ndjson
    [[ $(files .) == "./films/"*" ./text.txt " ]]
    # The package names such files too.
    printf 'TITLE: -rf\nPATTERN:\nSAMPLE:kick\n' >text.txt
    render-module text.txt out -a sounds "${small[@]}" >/dev/null
    [[ $(jq -c '[.audio, .video]' out/-rf_ytpmv_pkg/manifest.json) == '["-rf_track.mp3","-rf_video.mp4"]' ]]
}

@test "what cannot be made is said before anything is rendered" {
    tune
    mkdir -p out/Tune_track.mp3 none bin
    run -1 --separate-stderr render-module tune.mod out --no-video
    [[ $stderr == "render-module: $PWD/out/Tune_track.mp3: is a folder"* && $(ls out) == Tune_track.mp3 ]]
    touch none/Tune_ytpmv_pkg
    run -1 --separate-stderr render-module tune.mod none --no-video
    [[ $stderr == "render-module: $PWD/none/Tune_ytpmv_pkg: is a file, and the package needs a folder of that name"* && $(ls none) == Tune_ytpmv_pkg ]]
    ln -s /usr/bin/* bin/
    rm bin/ff*
    for words in "" "--no-video --format aac"; do
        # shellcheck disable=SC2086
        run -3 --separate-stderr env PATH="$PWD/bin" "$bin/render-module" tune.mod new $words
        [[ $stderr == "render-module: ffmpeg is not installed"* && ! -e new ]]
    done
    PATH=$PWD/bin "$bin/render-module" tune.mod new --no-video >/dev/null
    run -2 --separate-stderr render-module tune.mod $'new\n'
    [[ $stderr == "render-module: a name ends with a line break"* ]]
    run -3 --separate-stderr bash -c 'render-module <&-'
    [[ $stderr == "render-module: standard input: Bad file descriptor" ]]
}

@test "a full disk fails the job, and nothing of it is left" {
    local namespace namespaces=("unshare --mount" "unshare --mount --map-root-user")
    tune
    mkdir disk
    for namespace in "${namespaces[@]}"; do
        $namespace mount -t tmpfs tmpfs disk 2>/dev/null || continue
        for size in 100k 300k; do
            # The track has no room, or the package has none.
            # shellcheck disable=SC2086
            run -0 --separate-stderr $namespace bash -c "mount -t tmpfs -o size=$size tmpfs disk
                render-module tune.mod disk/out ${small[*]} --format wav; echo \$?; ls -A disk"
            [[ $output == 1 && $stderr == "render-module: "*"No space left on device" ]] || fail "$output $stderr"
        done
        return
    done
    skip "this machine lets neither root nor a user namespace mount a file system"
}

@test "several runs in one folder give whole files and packages" {
    text
    for suffix in wav flac ${THOROUGH:+wav flac}; do
        render-module text.txt out "${small[@]}" -a sounds -i films --format "$suffix" >/dev/null 3>&- &
    done
    for job in $(jobs -p); do wait "$job"; done
    cd out
    for suffix in wav flac; do soxi -s ./*_track.$suffix; done
    cd ./*_ytpmv_pkg
    cmp "$(jq -r .audio manifest.json)" "../$(jq -r .audio manifest.json)"
    cmp ./*_video.mp4 ../*_video.mp4
    [[ $(find . -type f | wc -l) == 4 && -s video_clips/bell.png ]] || fail "$(files .)"
}

@test "a package that is there keeps what others put into it" {
    text
    render-module text.txt out "${small[@]}" -a sounds -i films >/dev/null
    package="out/Half_and_ half_ytpmv_pkg"
    echo mine | tee "$package/edit.kdenlive" >"$package/video_clips/my cat.txt"
    rm films/kick.mp4
    render-module text.txt out "${small[@]}" -a sounds -i films --format flac >/dev/null
    [[ $(files "$package") == "./Half_and_ half_track.flac ./Half_and_ half_video.mp4 ./edit.kdenlive ./manifest.json ./video_clips/bell.png ./video_clips/my cat.txt " ]] ||
        fail "$(files "$package")"
}

@test "plug-ins for audio change the track, by name, as files and as programs" {
    tune
    # A Faust program, and one that is executable.
    echo 'process = *(-1), *(-1);' >minus.dsp
    cat >minus <<'END'
#!/bin/bash
record=$(cat)
sox -v -1 "$(gojq -r .input_path <<<"$record")" "$(gojq -r .output_path <<<"$record")"
gojq -e '.title == "Tune" and .bpm == 125 and .mine == 1 and (.seed | type) == "number"' <<<"$record"
END
    chmod +x minus
    queue <<'END'
plain
softer {audio_plugin: "gain", plugin_config: {gain_db: -6.020599913}}
turned {audio_plugin: "reverse"}
loud {audio_plugin: "sample-normalize-reverse"}
one {audio_plugin: "beat-slice", seed: 3, plugin_config: {crossfade: 0, beats: 0.25}}
other {audio_plugin: "beat-slice", seed: 4, plugin_config: {crossfade: 0, beats: 0.25}}
onsets1 {audio_plugin: "beat-slice", seed: 1, plugin_config: {cut: "onsets"}}
onsets2 {audio_plugin: "beat-slice", seed: 2, plugin_config: {cut: "onsets"}}
faust {audio_plugin: "minus.dsp", plugin_config: {wet: 1}}
here {audio_plugin: "./minus", plugin_config: {mine: 1}}
named {audio_plugin: "minus", plugin_config: {mine: 1}}
bad {audio_plugin: "beat-slice", plugin_config: {cut: "x"}}
END
    jq -es 'map(select(.status == "error")) | length == 1 and (.[0].error | startswith("cut: must be "))' results
    for name in plain softer turned loud one other onsets1 onsets2 faust here named; do
        cp "$name/Tune_track.wav" "$name.wav"
    done
    [[ ! -e bad ]]
    sox -D -v 0.5 plain.wav half.wav
    wav-diff --tolerance 0.0001 softer.wav half.wav >/dev/null
    sox plain.wav back.wav reverse
    wav-diff turned.wav back.wav >/dev/null
    jq -e '(.peak | log10 * 20 + 0.1 | fabs) < 0.001' < <(audio-edit -o copy.wav loud.wav)
    # A quarter of a beat of the module has 0.12 s.
    run -1 cmp one.wav other.wav
    [[ $(soxi -s one.wav) == $(soxi -s plain.wav) ]]
    # At onsets, of which the tune has two, one order is that of the tune and the other is not.
    (($(md5sum onsets?.wav | cut -d ' ' -f 1 | sort -u | wc -l) == 2))
    sox -v -1 plain.wav negative.wav
    for name in faust here named; do
        sox $name.wav cut.wav trim 0 "$(soxi -s plain.wav)s"
        wav-diff --tolerance 0.0001 cut.wav negative.wav >/dev/null || fail $name
    done
    # The options do the same as the fields, in their order, and by the names that ModPMV has.
    echo '{"reverse": true, "gain_db": 0}' >config.json
    only=(--format wav --no-video --no-package)
    render-module tune.mod out "${only[@]}" --audio-plugin simple-audio-processor --audio-plugin reverse --plugin-config config.json >said
    wav-diff out/Tune_track.wav plain.wav >/dev/null
    render-module tune.mod out "${only[@]}" --audio-plugin beat-slicer --seed 3 --plugin-config '{"crossfade": 0, "beats": 0.25}' >said
    cmp out/Tune_track.wav one.wav
}

@test "a program that fails, hangs or makes nothing fails the job, and no process is left" {
    tune
    printf '#!/bin/bash\necho no such note >&2\nexit 5\n' >fails
    printf '#!/bin/bash\nexit 0\n' >idle
    printf '#!/bin/bash\nexec sleep 1000.25\n' >hangs
    printf '#!/bin/bash\nmkdir "$(gojq -r .output_path)"\n' >folder
    printf '#!/bin/bash\necho no sound >"$(gojq -r .output_path)"\n' >text
    printf '#!/bin/bash\nkill -9 $$\n' >killed
    printf '#!/bin/bash\ntrap "" TERM\nexec sleep 1000.25\n' >stays
    chmod +x fails idle hangs folder text killed stays
    rows=("fails|ended with status 5: no such note" "idle|ended well, and did not write"
        "folder|ended well, and did not write" "text|wrote no audio: " "killed|was killed by SIGKILL")
    for row in "${rows[@]}"; do echo "out {audio_plugin: \"./${row%%|*}\"}"; done | queue
    mapfile -t found < <(jq -r .error results)
    ((${#found[@]} == ${#rows[@]}))
    for i in "${!rows[@]}"; do
        [[ ${found[i]} == *"${rows[i]%%|*}: ${rows[i]#*|}"* ]] || fail "${found[i]}"
    done
    for row in hangs stays; do echo "out {audio_plugin: \"./$row\"}"; done | queue --timeout 0.3
    [[ $(jq -r .error results) == *"hangs: did not finish within 0.3 s; "*$'\n'*"stays: did not finish within 0.3 s; "* ]]
    run -1 --separate-stderr render-module tune.mod out --audio-plugin ./fails --no-video
    [[ $stderr == "render-module: ./fails: ended with status 5: no such note" && ! -e out ]]
    run -1 --separate-stderr render-module tune.mod out --visual-plugin ./folder
    [[ $stderr == "render-module: ./folder: ended well, and did not write"* && ! -e out ]]
    run -1 --separate-stderr render-module tune.mod out --visual-plugin ./text
    [[ $stderr == "render-module: ./text: wrote no picture: ffmpeg exited with status "* && $stderr != *"$TMPDIR"* && ! -e out ]]
    run -1 pgrep -f 'sleep 1000.25'
    # Jobs may be kept from running any.
    run -1 --separate-stderr render-module --no-record-plugins <<<'{"module":"tune.mod","out":"out","audio_plugin":"./idle"}'
    [[ $output == *"idle: jobs may use the plug-ins of --list only"* ]]
    for bad in none ./none; do
        run -2 --separate-stderr render-module tune.mod out --visual-plugin $bad
        [[ $stderr == "render-module: --visual-plugin: $bad: "* && ! -e out ]]
    done
}

@test "a setting that no plug-in of the job has is refused, with those that there are" {
    tune
    for row in '{"gain": 3}|gain|gain_db, reverse, seed|--audio-plugin gain' '{"gain_db": 3}|gain_db|seed|' \
        '{"seed": 1, "colour": "#ff0000"}|colour|color, keys, opacity, seed|--visual-plugin solid' \
        '{"wet": 1, "mine": 1}|mine|automation, chain, compile_options, parameters, |--audio-plugin ./minus.dsp'; do
        IFS='|' read -r config name known options <<<"$row"
        echo 'process = *(-1), *(-1);' >minus.dsp
        # shellcheck disable=SC2086
        run -2 --separate-stderr render-module tune.mod out --no-video $options --plugin-config "$config"
        [[ $stderr == "render-module: --plugin-config: $name: is no setting of the plug-ins that are used; known are: $known"* && ! -e out ]] ||
            fail "$stderr"
    done
    echo '{"module":"tune.mod","out":"out","audio_plugin":"gain","plugin_config":{"gain":3}}' >queue
    run -1 --separate-stderr render-module --no-video <queue
    [[ $(field error_kind) == bad-record && $(field error) == "plugin_config: gain: is no setting of"* && ! -e out ]]
}

@test "a number that is out of range is refused by the name of its field or option, with the range" {
    tune
    rows=('row_ms|0|1 to 60000' 'row_ms|60001|1 to 60000' 'row_ms|-1|1 to 60000' 'subsong|0|1 to 65535'
        'subsong|1.5|1 to 65535' 'seed|1000000000|0 to 999999999' 'seed|"x"|0 to 999999999')
    for row in "${rows[@]}"; do
        IFS='|' read -r key value range <<<"$row"
        echo "{\"module\":\"tune.mod\",\"out\":\"out\",\"$key\":$value}"
    done >queue
    run -1 --separate-stderr render-module --no-video <queue
    [[ $(field error_kind | sort | uniq -c | xargs) == "${#rows[@]} bad-record" && ! -e out ]]
    mapfile -t found < <(field error)
    for i in "${!rows[@]}"; do
        IFS='|' read -r key value range <<<"${rows[i]}"
        [[ ${found[i]} == "$key: must be a "*"number from $range, is $value" ]] || fail "${found[i]}"
    done
    some 3 "${rows[@]}" >few
    while IFS='|' read -r key value range; do
        run -2 --separate-stderr render-module tune.mod out --no-video "--${key/_/-}=$value"
        [[ $stderr == "render-module: --${key/_/-}: must be "*", is '$value'"* && ! -e out ]] || fail "$stderr"
    done <few
}

@test "plug-ins for pictures are effects, and programs that make a file" {
    text
    seen=(--format wav -a sounds --layout original --no-package --no-flip)
    show() { render-module text.txt out "${small[@]}" "${seen[@]}" "$@" >/dev/null; }
    show --visual-plugin sample-solid --plugin-config '{"color": "#00ff00"}'
    [[ $(color out/*.mp4 4 80) == "0 "[45]" 0 " ]] || fail "$(color out/*.mp4 4 80)"
    cat >painter <<'END'
#!/bin/bash
record=$(cat)
gojq -e '.type == "clip" and .width == 160 and .height == 90 and .frame_rate == "16"' <<<"$record" || exit
color=$([[ $(gojq -r .sample_name <<<"$record") == kick ]] && echo red || echo blue)
ffmpeg -v error -nostdin -f lavfi -i "color=$color:s=64x36" -frames:v 1 -f image2 -c:v png "$(gojq -r .output_path <<<"$record")"
END
    chmod +x painter
    show --visual-plugin ./painter
    [[ $(color out/*.mp4 4 80) == [45]" 0 0 " ]] || fail "$(color out/*.mp4 4 80)"
}

@test "samples without a picture get any of the images, by the seed" {
    text
    rm films/*
    plain films/x.png red
    plain films/y.png blue
    plain films/z.png lime
    mapfile -t seeds < <(some 2 1 2 3)
    for seed in "${seeds[@]}"; do echo "{\"module\":\"text.txt\",\"out\":\"out$seed\",\"seed\":$seed}"; done |
        render-module "${small[@]}" -a sounds -i films >/dev/null
    for seed in "${seeds[@]}"; do jq -c .copied_video_clips out"$seed"/*/manifest.json; done >drawn
    (($(sort -u drawn | wc -l) > 1))
    render-module text.txt again "${small[@]}" -a sounds -i films --seed 3 >/dev/null
    diff -r out3 again
}

@test "a preview has 6 seconds, in 640x360" {
    printf '%s\n' 'TITLE: Long' 'PATTERN:' 'SAMPLE:kick' - - - - - - - - - 'ORDER: 0,0,0' >long.txt
    mkdir sounds
    tone sounds/kick.wav 0.5 441
    render-module long.txt out --preview --rate 2 --view roll -a sounds --format wav >/dev/null
    [[ $(soxi -s out/Long_track.wav) == 264600 ]]
    [[ $(ffprobe -v error -count_frames -select_streams v -of csv=p=0 -show_entries stream=width,height,nb_read_frames out/Long_video.mp4) == 640,360,12 ]]
    jq -e '(.timeline | length) == 24 and .order == [0, 0, 0]' out/*/manifest.json
}

@test "the list has every plug-in with its settings, by kind and name" {
    run -0 --separate-stderr render-module --list
    [[ -z $stderr ]]
    jq -es 'map([.plugin, .name]) == (map([.plugin, .name]) | sort) and
        (map(.name) | contains(["beat-slice", "gain", "normalize", "reverse", "blinds", "wave", "chroma-key"])) and
        all((.description | length > 0) and (.settings | type == "array") and all(.settings[]; has("default")))' <<<"$output"
}

@test "events tell how far a job is, and what came of it" {
    tune
    run -0 --separate-stderr render-module tune.mod out "${small[@]}" --json --view roll
    jq -es '.[-2].video_frames as $frames | .[1:-2] as $progress | .[0].event == "start" and
        ($progress | all(.event == "progress" and .title == "Tune")) and
        ($progress | map([.percent, .step])) == [[0, "track"], [40, "video"],
            (range(1; $frames) | [40 + (. * 50 / $frames | floor), "video"]), [90, "package"], [100, "done"]] and
        $frames > 10 and .[-2].status == "ok" and .[-1].ok == 1 and .[-1].failed == 0' <<<"$output"
    run -2 --separate-stderr render-module none.mod out --json
    [[ ! $output && $stderr == "render-module: none.mod: there is no such file" ]]
}

@test "a signal leaves no file and no process" {
    tune
    printf '#!/bin/bash\ntouch "%s"\nexec sleep 1000.75\n' "$PWD/begun" >waits
    chmod +x waits
    render-module tune.mod new/out --audio-plugin ./waits --no-video --json >told 2>said 3>&- &
    local pid=$! status=0
    until [[ -e begun ]]; do kill -0 $pid && sleep 0.05 || fail "it ended: $(<said)"; done
    kill -TERM $pid
    wait $pid || status=$?
    ((status == 143))
    [[ ! -e new && $(<said) == "render-module: ended by SIGTERM; "* ]] || fail "$(<said)"
    jq -es '.[-1] | .event == "aborted" and .signal == "SIGTERM"' told
    run -1 pgrep -f 'sleep 1000.75'
    # Even if the program does not obey.
    rm begun
    printf '#!/bin/bash\ntrap "" HUP INT TERM\necho $$ >"%s"\nwhile :; do sleep 0.1; done\n' "$PWD/begun" >waits
    status=0
    render-module tune.mod new/out --audio-plugin ./waits --no-video 2>said 3>&- &
    pid=$!
    until [[ -s begun ]]; do kill -0 $pid && sleep 0.05 || fail "it ended: $(<said)"; done
    kill -HUP $pid
    wait $pid || status=$?
    ((status == 129))
    [[ ! -e new ]]
    pid=$(<begun)
    [[ ! -e /proc/$pid || $(ps -o stat= -p "$pid") == Z* ]] || fail "it still runs"
}

@test "a tool that is killed fails the job, which says so" {
    local pid drawing status=0
    tune
    render-module tune.mod out --view roll --size 640x360 --rate 60 --row-ms 2000 --format wav >/dev/null 2>said 3>&- &
    pid=$!
    until drawing=$(pgrep -P $pid -f 'song-draw .*/scene'); do kill -0 $pid && sleep 0.02 || fail "it ended: $(<said)"; done
    kill -KILL "$drawing"
    wait $pid || status=$?
    [[ $status == 1 && $(<said) == "render-module: song-draw: was killed by SIGKILL" && ! -e out ]] || fail "$(<said)"
}

@test "a signal at any moment leaves nothing, or all" {
    text
    for delay in 0.1 0.3 0.5 0.7 0.9; do
        setsid env --default-signal=INT render-module text.txt out "${small[@]}" -a sounds -i films >said 2>&1 3>&- &
        local pid=$! status=0
        sleep $delay
        kill -INT "-$pid" 2>/dev/null || true
        wait $pid || status=$?
        [[ $status =~ ^(0|130)$ ]] || fail "after $delay: status $status: $(<said)"
        [[ $status == 0 || ! -e out || -s out/Half_and_\ half_ytpmv_pkg/manifest.json ]] || fail "after $delay: $(find out)"
        # What was told to end may need a moment on a busy machine.
        for _ in {1..50}; do
            left=$(pgrep -l -s $pid -r D,R,S,T && true; ls -A tmp; find . -name '.patchpipe*')
            [[ -n $left ]] || break
            sleep 0.1
        done
        [[ -z $left ]] || fail "after $delay: $left"
        rm -rf out
    done
}

@test "a package that is a link, or has one in it, is refused, and what it leads to stays" {
    mkdir away out
    echo mine >away/kept
    printf 'TITLE: tune\nSAMPLE: a\nPATTERN:\nSAMPLE:a\n' >tune.txt
    mkdir samples
    sox -n -r 44100 samples/a.wav synth 0.1 sine 440
    echo '{"audio":"kept","video":"x","copied_video_clips":["video_clips/kept"]}' >away/manifest.json
    ln -s ../away out/tune_ytpmv_pkg
    run -1 render-module -a samples --view roll tune.txt out
    [[ $output == *"is a link or has one in it"* && $(<away/kept) == mine && $(ls away) == $'kept\nmanifest.json' ]]
    rm out/tune_ytpmv_pkg
    mkdir out/tune_ytpmv_pkg
    mv away/manifest.json out/tune_ytpmv_pkg
    ln -s ../../away out/tune_ytpmv_pkg/video_clips
    run -1 render-module -a samples --view roll tune.txt out
    [[ $output == *"is a link or has one in it"* && $(<away/kept) == mine && $(ls away) == kept ]]
}
