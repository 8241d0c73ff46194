# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-module: the package for editors of music videos, and the names of all files. They are
# made in a folder beside their places, and moved there when the last one is whole.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

# open_stage OUT: makes the folder and one in it for what is not whole yet. Sets stage. What it makes is
# in made_folders, the innermost first.
open_stage() {
    local folder=$1 message
    made_folders=()
    until [[ -e $folder ]]; do
        made_folders+=("$folder")
        folder=${folder%/*} folder=${folder:-/}
    done
    message=$(LC_ALL=C mkdir -p -- "$1" 2>&1) || refuse io "$1: ${message##*: }" || return
    # Its name first: a signal may come as soon as the folder exists.
    stage=$(mktemp -u -d -- "$1/.patchpipe-XXXXXX")
    leave_behind "$stage"
    message=$(LC_ALL=C mkdir -- "$stage" 2>&1) || refuse io "$1: ${message##*: }"
}

# What is left of a job, and the folders that it made for nothing.
close_stage() {
    local folder
    [[ ! $stage ]] || rm -rf -- "$stage"
    for folder in "${made_folders[@]}"; do rmdir -- "$folder" 2>/dev/null || break; done
    stage="" made_folders=()
}

# name_files OUT: sets track, video and package, names that begin with the title; no other job of this
# run has them in that folder.
name_files() {
    local base stem name number=0
    # Nothing in it is escaped: no name has a character that JSON must not have in a string.
    base=$(assign-paths --unicode --output-dir / --template '{name}' <<<"$called")
    base=${base##*'"filename_stem":"'} base=${base%'"}'}
    stem=$base
    while [[ ${taken["$1/${stem,,}"]-} ]]; do stem=${base}_$((++number)); done
    taken["$1/${stem,,}"]=yes
    track=${stem}_track.$(suffix_of_track) video=${stem}_video.mp4 package=${stem}_ytpmv_pkg
    for name in "$track" "$video"; do
        [[ ! -d $1/$name ]] || refuse io "$1/$name: is a folder, where a file has to be; move it away" || return
    done
    [[ ! -e $1/$package || -d $1/$package ]] ||
        refuse io "$1/$package: is a file, and the package needs a folder of that name; move it away" || return
    ! leads_away "$1/$package" ||
        refuse io "$1/$package: is a link or has one in it, and what it leads to would be changed; move it away"
}

# leads_away PACKAGE: true if files for the package would come into another folder. A folder from
# somebody else may have such links, and a manifest that names files there.
leads_away() { [[ -L $1 || -L $1/video_clips ]]; }

# make_package FOLDER: copies of the track, the video and what is seen in it, and the manifest.
make_package() {
    mkdir -p -- "$1/video_clips"
    : >"$scratch/copies"
    if [[ $view == clips && ! $no_video ]]; then
        attend match-files --copy "$1/video_clips" <"$scratch/clips" >"$scratch/copies" 2>"$work/said" ||
            refuse io "the clips could not be copied$(last_word)" || return
        rm -f -- "$1/video_clips/manifest.json"
    fi
    local files=("$stage/$track")
    [[ $no_video ]] || files+=("$stage/$video")
    { cp --reflink=auto -- "${files[@]}" "$1" && write_manifest >"$1/manifest.json"; } 2>"$work/said" ||
        refuse io "$out: the package could not be written there$(last_word)"
}

# A row's used_files are those of the samples that begin in it.
write_manifest() {
    local seconds=1e9 seen=$video
    [[ ! $no_video ]] || seen=""
    [[ ! $preview ]] || seconds=$preview_seconds
    jq -n --slurpfile clips "$scratch/copies" --slurpfile notes "$scratch/notes" --arg title "$title" \
        --arg audio "$track" --arg video "$seen" --argjson seconds "$seconds" '
        [inputs | select(.type == "row")] as $rows | ($rows | map(.time)) as $times |
        ($clips | map(select(.path) | .path |= "video_clips/" + split("/")[-1])) as $copies |
        ($copies | map({key: .sample, value: .path}) | from_entries) as $file |
        (reduce ($notes[] | select(.type == "note" and (.silent | not))) as $note ({};
            ($times | bsearch($note.time)) as $at |
            (if $at < 0 then -2 - $at else $at end | tostring) as $row |
            .[$row] += [$file[$note.sample // ""] // empty])) as $used |
        {module_title: $title, $audio, video: (if $video == "" then null else $video end),
            copied_video_clips: ($copies | map(.path) | unique),
            order: (reduce $rows[] as $row ({order: [], last: null};
                if .last == $row.order then . else .order += [$row.pattern] | .last = $row.order end) | .order),
            patterns_count: ([-1, $rows[].pattern] | max + 1),
            timeline: [$rows | to_entries[] | select(.value.time < $seconds) | {start: .value.time, duration: .value.length,
                used_files: ($used[.key | tostring] // [] | unique), pattern_index: .value.pattern,
                row_index: .value.row}]}' "$scratch/rows"
}

# publish_whole: publishes, while no other run does so in the folder. A signal that comes meanwhile is
# answered when it is done.
publish_whole() {
    local lock
    exec {lock}<"$out"
    attend flock "$lock" 2>/dev/null
    ((++rendered))
    if (trap '' HUP INT TERM && publish) 2>"$work/said"; then
        made_folders=() # they have something in them
    else
        ((--rendered))
        refuse io "$out: the files could not be moved there$(last_word)"
    fi
    set -- $?
    exec {lock}<&-
    return "$1"
}

# Gives all files their places. Of a package that is there already only what its manifest names goes.
publish() {
    local old=$out/$package file
    mv -fT -- "$stage/$track" "$out/$track" || return
    [[ $no_video ]] || mv -fT -- "$stage/$video" "$out/$video" || return
    [[ ! $no_package ]] || return 0
    ! leads_away "$old" || return
    if [[ -d $old ]]; then
        jq -r '.audio, .video, .copied_video_clips[] | strings |
            select(test("^(video_clips/)?[^/]+$") and (test("\n") | not))' "$old/manifest.json" 2>/dev/null |
            while IFS= read -r file; do rm -f -- "$old/$file"; done
        mkdir -p -- "$old/video_clips"
        for file in "$stage/$package"/video_clips/* "$stage/$package"/*; do
            [[ ! -f $file ]] || mv -f -- "$file" "$old/${file#"$stage/$package/"}" || return
        done
    else
        mv -T -- "$stage/$package" "$old" || return
    fi
}
