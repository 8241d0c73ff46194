# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-module: the video, and which file each sample shows in it.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

# Writes $scratch/clips: a record for each sample that plays, with the file that is called like it, a
# video rather than an image, or else with any of the images, by the seed.
choose_clips() {
    jq -c '{type: "clip"} + .' "$scratch/played" >"$scratch/left"
    : >"$scratch/clips"
    ((${#video_assets[@]} == 0)) || take_clips mp4 "${video_assets[@]}" || return
    ((${#image_assets[@]} == 0)) || take_clips png "${image_assets[@]}" || return
    ((${#image_assets[@]} == 0)) || take_any_image
    note_assets picture "$scratch/clips"
    add_effects
}

# take_clips SUFFIX FOLDER...: moves the samples that have a file of that kind there from left to clips.
take_clips() {
    jq -c --arg suffix "$1" "$file_name"'
        (.sample_name | file_name) as $stem | select($stem | test("[[:alnum:]]")) |
        .path = "\($stem).\($suffix)"' "$scratch/left" >"$scratch/wanted"
    match_files "${@:2}" || return
    cat "$scratch/found" >>"$scratch/clips"
    jq -c --slurpfile found "$scratch/found" 'select(.sample as $one | $found | all(.sample != $one))' \
        "$scratch/left" >"$scratch/still"
    mv "$scratch/still" "$scratch/left"
}

# Gives each sample that is left an image.
take_any_image() {
    local images=() sample number
    mapfile -d '' images < <(find -L "${image_assets[@]}" -type f \( -iname '*.png' -o -iname '*.jpg' \
        -o -iname '*.jpeg' -o -iname '*.bmp' \) -print0 2>/dev/null | LC_ALL=C sort -z)
    ((${#images[@]})) || return 0
    while IFS= read -r sample; do
        number=$((16#$(jq -r --argjson seed "$seed" '"\($seed) \(.sample)"' <<<"$sample" | md5sum | head -c 7)))
        jq -c --arg path "${images[number % ${#images[@]}]}" '. + {$path, matched_by: "any"}' <<<"$sample"
    done <"$scratch/left" >>"$scratch/clips"
    : >"$scratch/left"
}

# Gives all samples the effects, and those without a file too, if there are any. Programs come first:
# they make the files that effects change.
add_effects() {
    local name programs=() effects='[]'
    for name in "${visual_plugin[@]}"; do
        find_plugin visual "$name" || return
        if [[ $plugin_kind == program ]]; then
            programs+=("$plugin_name")
            continue
        fi
        effects=$(jq -nc --argjson effects "$effects" --argjson config "$config" --arg name "$plugin_name" \
            --slurpfile known <(printf '%s\n' "$known_plugins") '$effects + [{effect: $name} + ($known[] |
            select(.plugin == "visual" and .name == $name) | .settings | map(.setting as $key |
            select($config | has($key)) | {key: $key, value: $config[$key]}) | from_entries)]')
    done
    if ((${#visual_plugin[@]})); then cat "$scratch/left" >>"$scratch/clips"; fi
    for name in "${!programs[@]}"; do make_clips "${programs[name]}" "$name" || return; done
    jq -c --argjson effects "$effects" 'if $effects == [] then . else .effects = $effects end' \
        "$scratch/clips" >"$scratch/changed"
    mv "$scratch/changed" "$scratch/clips"
}

# make_clips PROGRAM NUMBER: lets it make the file of each clip. By the number its files are other ones
# than those that it may read.
make_clips() {
    local clip file clips=()
    mapfile -t clips <"$scratch/clips"
    : >"$scratch/clips"
    for clip in "${clips[@]}"; do
        file=$scratch/made/$2/$(jq -r .sample <<<"$clip").mp4
        mkdir -p "${file%/*}"
        clip=$(jq -c --argjson config "$config" --arg file "$file" --argjson seed "$seed" --arg size "$size" \
            --arg rate "$rate" '($size | split("x") | map(tonumber)) as [$width, $height] |
            {$seed} + $config + . + {$width, $height, frame_rate: $rate, output_path: $file}' <<<"$clip")
        run_program "$1" "$clip" "$file" && check_picture "$1" "$file" || return
        jq -c '{type, sample, sample_name, path: .output_path}' <<<"$clip" >>"$scratch/clips"
    done
}

# check_picture NAME FILE: fails if song-draw cannot show what the program has written there.
check_picture() {
    jq -nc --arg path "$2" '{type: "clip", $path}, {type: "note", track: "", time: 0, length: 0}' >"$scratch/look"
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
    jq -c 'select(.status != "error" and (.type != "note" or .silent != true))' "${files[@]}" >"$scratch/scene"
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
