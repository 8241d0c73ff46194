# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-song: the stems of a song, in a folder that keeps them for the next run. Not here: the
# processes that render them (workers.sh).
#
# shellcheck shell=bash disable=SC2034,SC2154

# Prints where the stems of this song are kept.
kept_folder() {
    local path=$PWD/- name hash
    [[ $piped ]] || path=$(realpath -- "$song")
    name=${path##*/}
    hash=$(printf %s "$path" | md5sum)
    [[ ${XDG_CACHE_HOME:-${HOME-}} ]] ||
        die 2 "there is no HOME to keep stems in; name a folder with --work"
    name=${name//[^A-Za-z0-9._-]/_}
    echo "${XDG_CACHE_HOME:-${HOME-}/.cache}/patchpipe/songs/${name:0:100}-${hash:0:12}"
}

# list_jobs FOLDER: writes $work/jobs, or says what is missing.
list_jobs() {
    attend song-jobs --output "$1" "${jobs[@]}" <"$work/song" >"$work/jobs" 2>"$work/said"
    local status=$?
    repeat song-jobs
    if tell_errors "$work/jobs"; then
        ((${#media[@]})) || ! grep -q '"error_kind":"not-found".*"item":' "$work/jobs" ||
            echo "  to look for files in a folder and those in it: --media DIR" >&2
        exit 1
    fi
    ((status == 0)) || exit "$status"
    total=$(wc -l <"$work/jobs")
}

# Writes $work/texts: what the jobs have of texts, each with "text:" in front and a zero behind it, and once more
# with "file:" the files that they are rendered with.
read_texts() {
    [[ ! -v given[work] || -f $output ]] || return 0
    jq -j '(.. | strings | "text:" + .),
        (.. | objects | .plugin_path, .preset_path, .state_path | strings | "file:" + .) | . + "\u0000"' \
        "$work/jobs" >"$work/texts"
}

# In our own folder nothing stays that the song does not have any more.
prune_folder() {
    local file
    [[ ! -v given[work] ]] || return 0
    LC_ALL=C sed -zn 's/^text://p' "$work/texts" | LC_ALL=C grep -zo '[^/]*/[^/]*$' |
        LC_ALL=C sort -zu >"$work/used"
    find "$folder" -mindepth 2 -maxdepth 2 -type f -printf '%P\0' | LC_ALL=C sort -z |
        LC_ALL=C comm -z -23 - "$work/used" | while IFS= read -r -d '' file; do rm -f -- "$folder/$file"; done
}

# Renders the jobs of each stage, which need the stems of those before. Sets failed and summary.
render_stages() {
    local stage stages given_jobs=0
    # In front of it a job of song-jobs has texts only.
    local to_stage='^\{("[a-z_]*":"([^"\\]|\\.)*",)*"stage":'
    stages=$(LC_ALL=C sed -nE "s/$to_stage([0-9]+),.*/\\3/p" "$work/jobs" | sort -n | tail -n 1)
    open_records "$partial" "$work/jobs"
    for ((stage = 1; stage <= stages; stage++)); do
        LC_ALL=C grep -E "$to_stage$stage," "$work/jobs" >"$work/stage"
        attend song-mix --inputs <"$work/stage" >"$work/ready" 2>"$work/said"
        (($? <= 1)) || die 3 "what goes into the effects could not be mixed: $(<"$work/said")"
        run_workers "$work/ready"
        given_jobs=$((given_jobs + $(wc -l <"$work/ready")))
        drop_failed "$given_jobs"
    done
    close_records || die 3 "${work%/*}: the records could not be written there; set TMPDIR to another folder"
    summarise
}

# drop_failed JOBS: deletes the stems of earlier runs whose jobs failed in this one, as no other track
# must hear them. The records of so many jobs may be still on their way.
drop_failed() {
    local tries file
    for ((tries = 0; tries < 100; tries++)); do
        [[ ! $stopped ]] || break
        (($(wc -l <"$partial") < $1)) || break
        sleep 0.05
    done
    has_error "$partial" || return 0
    jq -jR 'fromjson? | select(.status == "error") | .output_path | strings | . + "\u0000"' "$partial" |
        while IFS= read -r -d '' file; do rm -f -- "$file"; done
}
