# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of render-module: the track. A module sounds as itself; with files of the user's it keeps its
# times and pitches, and these are its samples; a text, and any module with --row-ms, has rows of one
# length, for which each cell plays a file.
#
# shellcheck shell=bash disable=SC2016,SC2034,SC2154

# Sets play to how the module is played: itself, rows or samples.
choose_play() {
    play=itself
    ((${#audio_assets[@]} == 0)) || play=samples
    [[ ! $row_ms && $(song_field format) != text ]] || play=rows
}

# Reads the module: notes and rows of it, both with the times at which they are played. Sets title, seed
# and bpm.
read_module() {
    local what words=(--sample-rate "$sample_rate")
    [[ ! $subsong ]] || words+=(--subsong "$subsong")
    [[ ! $row_ms ]] || words+=(--row-ms "$row_ms")
    for what in notes rows; do
        [[ $what == notes ]] || words+=(--rows)
        run_tool song-read "${words[@]}" -- "$module" || return
        jq -c 'select(.type)' "$scratch/told" >"$scratch/$what"
    done
    title=$(song_field title)
    [[ $title ]] || title=$(basename -- "${module%.*}")
    [[ $seed ]] || seed=$((16#$(printf %s "$title" | md5sum | head -c 7)))
    bpm=$(jq -n '[inputs | select(.type == "tempo")][0].bpm // 120' "$scratch/notes")
    choose_play
}

# song_field KEY: what the module says of itself.
song_field() { jq -r --arg key "$1" 'select(.type == "song") | .[$key] // ""' "$scratch/notes"; }

# make_track: writes $scratch/track.wav, in floats.
make_track() {
    local name next
    case $play in
        itself) run_tool module-render "${playing[@]}" --output "$scratch/track.wav" -- "$module" ;;
        rows) play_rows --output "$scratch/track.wav" ;;
        samples) write_items && mix_items --output "$scratch/track.wav" ;;
    esac || return
    for name in "${audio_plugin[@]}"; do
        next=$scratch/next.wav
        apply_audio_plugin "$name" "$scratch/track.wav" "$next" || return
        mv -- "$next" "$scratch/track.wav"
    done
    [[ ! $preview ]] ||
        run_tool audio-edit --length "$preview_seconds" --output "$scratch/track.wav" "$scratch/track.wav"
}

# make_stems: writes $scratch/stems, the records of a file for each channel.
make_stems() {
    case $play in
        itself) run_tool module-render "${playing[@]}" --stems "$scratch/stems.wav" -- "$module" ;;
        rows) play_rows --stems "$scratch/stems.wav" ;;
        samples) mix_items --stems "$scratch/stems.wav" ;;
    esac || return
    cp "$scratch/told" "$scratch/stems"
}

# play_rows OPTION...: what a text has no file for is missing; a module has its own sounds.
play_rows() {
    local folder words=(--row-ms "${row_ms:-250}")
    for folder in "${audio_assets[@]}"; do words+=(--media "$folder"); done
    [[ $(song_field format) == text ]] || words+=(--samples "$scratch/samples")
    run_tool module-render "${playing[@]}" "${words[@]}" "$@" -- "$module"
}

# Writes $scratch/items: for each note an item, which plays a file of the user's that is called like the
# sample, or else the sample.
write_items() {
    run_tool song-read --sample-rate "$sample_rate" ${subsong:+--subsong "$subsong"} --items \
        --samples "$scratch/samples" -- "$module" || return
    jq -c 'select(.type)' "$scratch/told" >"$scratch/own"
    jq -c 'select(.type == "sample" and (.name | test("[[:alnum:]]"))) | {type, sample, name}' "$scratch/own" \
        >"$scratch/wanted"
    match_files "${audio_assets[@]}" || return
    jq -c --slurpfile found "$scratch/found" '($found | map({key: .sample, value: .path}) | from_entries) as $path |
        if .type == "item" and $path[.sample // ""] then .source.path = $path[.sample] else . end' \
        "$scratch/own" >"$scratch/items"
}

mix_items() {
    run_tool song-mix --project "$scratch/items" --bit-depth 32f --sample-rate "$sample_rate" "$@"
}

# match_files FOLDER...: writes those of the records in $scratch/wanted for which there is a file into
# $scratch/found. In an empty folder, where no name leads to a file by chance.
match_files() {
    mkdir -p "$scratch/empty"
    attend env -C "$scratch/empty" match-files --allow-missing -- "$@" \
        <"$scratch/wanted" >"$scratch/matched" 2>"$work/said"
    (($? <= 1)) || refuse io "files could not be looked for$(last_word)" || return
    jq -c 'select(.matched_by)' "$scratch/matched" >"$scratch/found"
}

# set_encoding: sets encoding, how audio-edit writes the format that was asked for.
set_encoding() {
    format=${given[format]:-mp3}
    encoding=(--format "${format/vorbis/ogg}")
    [[ $format != aac ]] || encoding=()
    [[ $format != flac && $format != wav ]] || encoding+=(--bit-depth "${given[bit-depth]:-16}")
    [[ $format != mp3 || -v given[quality] || -v given[bitrate] ]] || encoding+=(--set bitrate=192)
    [[ ! -v given[quality] ]] || encoding+=(--set "quality=${given[quality]}")
    [[ ! -v given[bitrate] ]] || encoding+=(--set "bitrate=${given[bitrate]}")
}

suffix_of_track() {
    case $format in
        aac) echo m4a ;;
        vorbis) echo ogg ;;
        *) echo "$format" ;;
    esac
}

# export_track FILE: writes the track in that format, and looks whether there is audio in it. Writes
# $scratch/sound, the record of it.
export_track() {
    local seconds
    if [[ $format == aac ]]; then
        write_aac "$1" || return
        seconds=$(ffprobe -v error -select_streams a -show_entries format=duration -of csv=p=0 "$1" 2>/dev/null)
    else
        run_tool audio-edit "${encoding[@]}" --tag "title=$title" --output "$1" "$scratch/track.wav" || return
        cp "$scratch/told" "$scratch/sound"
        run_tool audio-measure --measure levels "$1" || return
        seconds=$(jq '.frames / .sample_rate' "$scratch/told")
    fi
    [[ $seconds =~ [1-9] ]] || refuse io "the track is empty: the module plays nothing"
}

# write_aac FILE: the measures are those of what ffmpeg gets.
write_aac() {
    run_tool audio-edit --bit-depth 24 --output "$scratch/aac.wav" "$scratch/track.wav" || return
    cp "$scratch/told" "$scratch/sound"
    attend ffmpeg -v error -nostdin -y -i "$scratch/aac.wav" -c:a aac -b:a "${given[bitrate]:-192}k" \
        -metadata title="$title" -flags:a +bitexact -fflags +bitexact -movflags +faststart -f ipod "$1" \
        >/dev/null 2>"$work/said" || refuse io "ffmpeg could not write AAC$(last_word)"
}
