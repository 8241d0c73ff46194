# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-module: the video, and which file each sample shows in it.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

# Writes $scratch/clips: a record for each sample that plays, with the file that is called like it, a
# video rather than an image, or else with any of the images, by the seed. Those that have none yet are in
# $scratch/left.
choose_clips() {
    : >"$scratch/clips"
    ((${#video_assets[@]} == 0)) || take_clips mp4 "${video_assets[@]}" || return
    ((${#image_assets[@]} == 0)) || take_clips png "${image_assets[@]}" || return
    ((${#image_assets[@]} == 0)) || take_any_image
    note_assets picture "$scratch/clips"
    add_effects
}

# take_clips SUFFIX FOLDER...: moves the samples that have a file of that kind there from left to clips.
take_clips() {
    local stem clip
    local -A has_file=()
    while IFS=/ read -r stem clip; do
        [[ ! $stem ]] || add_path "$clip" "\"$stem.$1\""
    done <"$scratch/left" >"$scratch/wanted"
    match_files "${@:2}" || return
    while IFS= read -r clip; do
        sample_of "$clip"
        has_file["$sample"]=yes
    done <"$scratch/found"
    cat "$scratch/found" >>"$scratch/clips"
    while IFS=/ read -r stem clip; do
        sample_of "$clip"
        [[ ${has_file["$sample"]-} ]] || echo "$stem/$clip"
    done <"$scratch/left" >"$scratch/still"
    mv "$scratch/still" "$scratch/left"
}

# sample_of CLIP: sets sample to the id in a record that read_module began.
sample_of() { sample=${1#'{"type":"clip","sample":"'} sample=${sample%%'"'*}; }

# add_path CLIP JSON [FIELDS]: prints the record with the path, and more.
add_path() { echo "${1%\}},\"path\":$2${3-}}"; }

# Gives each sample that is left an image.
take_any_image() {
    local images=() clip sample number json
    mapfile -d '' images < <(find -L "${image_assets[@]}" -type f \( -iname '*.png' -o -iname '*.jpg' \
        -o -iname '*.jpeg' -o -iname '*.bmp' \) -print0 2>/dev/null | LC_ALL=C sort -z)
    ((${#images[@]})) || return 0
    while IFS=/ read -r _ clip; do
        sample_of "$clip"
        number=$(md5sum <<<"$((10#$seed)) $sample")
        number=$((16#${number:0:7}))
        json_text "${images[number % ${#images[@]}]}"
        add_path "$clip" "$json" ',"matched_by":"any"'
    done <"$scratch/left" >>"$scratch/clips"
    : >"$scratch/left"
}

# Gives all samples the effects, and those without a file too, if there are any. Programs come first:
# they make the files that effects change.
add_effects() {
    local name programs=() effects=()
    ((${#visual_plugin[@]})) || return 0
    for name in "${visual_plugin[@]}"; do
        find_plugin visual "$name" || return
        if [[ $plugin_kind == program ]]; then programs+=("$plugin_name"); else effects+=("$plugin_name"); fi
    done
    cut -d / -f 2- "$scratch/left" >>"$scratch/clips"
    for name in "${!programs[@]}"; do make_clips "${programs[name]}" "$name" || return; done
    ((${#effects[@]})) || return 0
    jq -c --argjson config "$config" --slurpfile known <(printf '%s\n' "$known_plugins") '
        .effects = [$ARGS.positional[] as $name | {effect: $name} + ($known[] |
            select(.plugin == "visual" and .name == $name) | .settings | map(.setting as $key |
            select($config | has($key)) | {key: $key, value: $config[$key]}) | from_entries)]' \
        "$scratch/clips" --args "${effects[@]}" >"$scratch/changed"
    mv "$scratch/changed" "$scratch/clips"
}

# make_clips PROGRAM NUMBER: lets it make the file of each clip. By the number its files are other ones
# than those that it may read.
make_clips() {
    local i lines=() folder=$scratch/made/$2
    mkdir -p "$folder"
    # Of each clip the file, the record for the program, and that of what it makes.
    mapfile -d '' -t lines < <(jq -j --argjson config "$config" --arg folder "$folder" --argjson seed "$seed" --arg size "$size" \
        --arg rate "$rate" '($size | split("x") | map(tonumber)) as [$width, $height] |
        "\($folder)/\(.sample).mp4" as $file | $file,
        ({$seed} + $config + . + {$width, $height, frame_rate: $rate, output_path: $file} | tojson),
        ({type, sample, sample_name, path: $file} | tojson) | ., "\u0000"' "$scratch/clips")
    : >"$scratch/clips"
    for ((i = 0; i < ${#lines[@]}; i += 3)); do
        run_program "$1" "${lines[i + 1]}" "${lines[i]}" && check_picture "$1" "${lines[i]}" || return
        echo "${lines[i + 2]}" >>"$scratch/clips"
    done
}

# check_picture NAME FILE: fails if song-draw cannot show what the program has written there.
check_picture() {
    local json
    json_text "$2"
    printf '%s\n' "{\"type\":\"clip\",\"path\":$json}" '{"type":"note","track":"","time":0,"length":0}' >"$scratch/look"
    run_tool song-draw "${draw[@]}" --view clips --size 16x16 --output "$scratch/look.y4m" "$scratch/look" && return
    fault=${fault//"file:$2: "/}
    refuse "$fault_kind" "$1: wrote no picture: ${fault#"$2: "}"
}

# draw_video FILE: from 40 to 90 percent of the job.
draw_video() {
    local files=("$scratch/notes") words=("${draw[@]}" --view "$view" --size "$size" --rate "$rate")
    [[ ! $preview ]] || words+=(--range ":$preview_seconds")
    case $view in
        scope) make_stems && files+=("$scratch/stems") || return ;;
        pattern) files=("$scratch/rows") ;;
        clips) files+=("$scratch/clips") ;;
    esac
    # All of them are lines of ours, which begin so.
    LC_ALL=C grep -hv -e '^{"status":"error"' -e '^{"type":"note",.*"silent":true' "${files[@]}" >"$scratch/scene"
    words+=(--audio "$scratch/track.wav" --output "$1" "$scratch/scene")
    if [[ -v given[json] ]]; then
        local told=$scratch/drawing follower
        mkfifo "$told"
        follow_drawing "$told" 40 90 &
        follower=$!
        words+=(--announce)
    fi
    run_tool song-draw "${words[@]}" || return
    cp "$scratch/told" "$scratch/drawn"
}

# follow_drawing FIFO FROM TO: makes events of what song-draw announces there, with these percents, and writes
# its other records to $scratch/told.
follow_drawing() {
    local line percent last=$2
    : >"$scratch/told"
    while IFS= read -r line; do
        if [[ $line =~ ^'{"event":"progress","drawn":'([0-9]+)',"frames":'([0-9]+)'}'$ ]]; then
            percent=$(($2 + ($3 - $2) * BASH_REMATCH[1] / BASH_REMATCH[2]))
            ((percent == last || percent == $3)) || progress_event "$percent" video
            last=$percent
        else
            echo "$line" >>"$scratch/told"
        fi
    done <"$1"
}
