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
    [[ ! $row_ms && $song_format != text ]] || play=rows
}

# For jq: what files are called for a sample, without a suffix: bass for "bass:*", kick for "kick.wav". It has
# no character that JSON escapes.
readonly file_name='
    def file_name: gsub("[/\\\\:*?\"<>|[:cntrl:]]+"; "_") | sub("\\.[A-Za-z0-9]{2,4}$"; "") |
        sub("^[_ ]+"; "") | sub("[_ ]+$"; "");'

# Reads the module: notes of it, and rows if something shows or lists them, both with the times at which they
# are played, and of the samples that are heard, records to look for sounds with, and for pictures, the latter
# with the beginning of a file's name in front. Sets title, song_format, song_length, seed and bpm, and called,
# a record with the name that files get.
read_module() {
    local what song file wanted=(notes) words=(--sample-rate "$sample_rate")
    [[ ! $subsong ]] || words+=(--subsong "$subsong")
    [[ ! $row_ms ]] || words+=(--row-ms "$row_ms")
    [[ $no_package && ($no_video || $view != pattern) ]] || wanted+=(rows)
    for what in "${wanted[@]}"; do
        [[ $what == notes ]] || words+=(--rows)
        run_tool song-read "${words[@]}" -- "$module" || return
        LC_ALL=C grep -v '^{"status":"error"' "$scratch/told" >"$scratch/$what"
    done
    file=$(file_title)
    mapfile -d '' -t song < <(jq -nj --arg file "$file" "$without_zeros $file_name"'
        def if_named: select(test("[[:alnum:]]"));
        [inputs] |
        (map(select(.type == "note" and (.silent | not)) | .sample) | unique) as $played |
        (map(select(.type == "song"))[0] | .title, .format, .length), (map(select(.type == "tempo"))[0].bpm // 120),
        (map(select(.type == "sample" and (.sample as $one | $played | any(. == $one))) |
            {sample, sample_name: (.name // ""), stem: (.name // "" | file_name)}) |
            (map((.sample_name | if_named) as $_ | {type: "sample", sample, name: .stem, sample_name} | tojson + "\n") |
                join("")),
            (map(first((.stem | if_named), "") + "/" + ({type: "clip", sample, sample_name} | tojson) + "\n") |
                join(""))),
        (map(select(.type == "song"))[0].title // "" | .[:1000] |
            {preset_name: (if test("[[:alnum:]]") then . else $file end)} | tojson) |
        . // "" | (tostring | without_zeros), "\u0000"' "$scratch/notes")
    title=${song[0]} song_format=${song[1]} song_length=${song[2]} bpm=${song[3]}
    title=${title:0:1000} # a text may have one of any length
    [[ $title ]] || title=$file
    [[ $seed ]] || seed=$((16#$(printf %s "$title" | md5sum | head -c 7)))
    printf %s "${song[4]}" >"$scratch/sounds"
    printf %s "${song[5]}" >"$scratch/left"
    called=${song[6]}
    names_in_events=""
    [[ ! -v given[json] ]] || name_in_events
    choose_play
}

# What a module is called that has no title.
file_title() { basename -- "${module%.*}"; }

# Sets names_in_events, what all events of the job have.
name_in_events() {
    local json
    json_text "$module"
    names_in_events="\"module\":$json"
    json_text "$title"
    names_in_events+=",\"title\":$json"
}

# make_track: writes $scratch/track.wav, in floats.
make_track() {
    local name next
    [[ $play != samples ]] || write_items || return
    [[ $play != rows ]] || find_sounds || return
    case $play in
        itself) run_tool module-render "${playing[@]}" --output "$scratch/track.wav" -- "$module" ;;
        rows) play_rows --output "$scratch/track.wav" && note_assets sound "$scratch/told" ;;
        samples) mix_items --output "$scratch/track.wav" ;;
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
    [[ $song_format == text ]] || words+=(--samples "$scratch/samples")
    run_tool module-render "${playing[@]}" "${words[@]}" "$@" -- "$module"
}

# Writes $scratch/items: for each note an item, which plays a file of the user's that is called like the
# sample, or else the sample. If there is no such file the module is better played as itself.
write_items() {
    find_sounds || return
    if [[ ! -s $scratch/found ]]; then
        play=itself
        return
    fi
    run_tool song-read --sample-rate "$sample_rate" ${subsong:+--subsong "$subsong"} --items \
        --samples "$scratch/samples" -- "$module" || return
    note_assets sound "$scratch/found"
    jq -c --slurpfile found "$scratch/found" '($found | map({key: .sample, value: .path}) | from_entries) as $path |
        select(.type) |
        if .type == "item" and $path[.sample // ""] then .source.path = $path[.sample] else . end' \
        "$scratch/told" >"$scratch/items"
}

mix_items() {
    run_tool song-mix --project "$scratch/items" --range "0:$song_length" --bit-depth 32f \
        --sample-rate "$sample_rate" "$@"
}

# Writes $scratch/found: a record for each sample that is heard and has a file of the user's.
find_sounds() {
    : >"$scratch/found"
    ((${#audio_assets[@]})) || return 0
    cp "$scratch/sounds" "$scratch/wanted"
    match_files "${audio_assets[@]}"
}

# note_assets KIND FILE: keeps the records, for asset_record.
note_assets() { sed "s/^{/{\"asset\":\"$1\",/" "$2" >>"$scratch/assets"; }

# For jq: which file a sample got, and by which rule; nothing of the module's own.
readonly asset_records='
    def asset_record:
        select((.type == "sample" or .type == "clip") and .path and (.path | startswith($own) | not)) |
        {asset, sample, name: (.sample_name // .name // ""), path, matched_by} |
        with_entries(select(.value != null));'

# match_files FOLDER...: writes those of the records in $scratch/wanted for which there is a file into
# $scratch/found. In an empty folder, where no name leads to a file by chance.
match_files() {
    attend env -C "$scratch/empty" match-files --allow-missing -- "$@" \
        <"$scratch/wanted" >"$scratch/matched" 2>"$work/said"
    (($? <= 1)) || refuse io "files could not be looked for$(last_word)" || return
    # These quotes are no text's: there they would be escaped.
    LC_ALL=C grep -F '"matched_by":' "$scratch/matched" >"$scratch/found" || true
}

# The rates of ISO/IEC 14496-3, table 1.18; for others ffmpeg would take one of these.
readonly aac_rates="7350 8000 11025 12000 16000 22050 24000 32000 44100 48000 64000 88200 96000"

# set_encoding: sets encoding, how audio-edit writes the format that was asked for.
set_encoding() {
    local name settings
    format=${given[format]:-mp3}
    case $format in
        mp3) settings=" quality bitrate " ;;
        aac) settings=" bitrate " ;;
        vorbis) settings=" quality " ;;
        *) settings=" bit-depth " ;;
    esac
    for name in bit-depth quality bitrate; do
        [[ ! -v given[$name] || $settings == *" $name "* ]] ||
            usage_error "--$name: is no setting of $format; leave it out"
    done
    if [[ $format == wav ]]; then refuse_word bit-depth 16 24 32f; else refuse_word bit-depth 16 24; fi
    [[ $format != aac || ${given[bitrate]-192} =~ ^([89]|[1-9][0-9]|[1-4][0-9]{2}|50[0-9]|51[0-2])$ ]] ||
        usage_error "--bitrate: must be 8 to 512 for aac, is '${given[bitrate]}'"
    [[ $format != aac || " $aac_rates " == *" $sample_rate "* ]] ||
        usage_error "--sample-rate: must be one of ${aac_rates// /, } for aac, is '$sample_rate'"
    encoding=(--format "$(suffix_of_track)")
    [[ $format != flac && $format != wav ]] || encoding+=(--bit-depth "${given[bit-depth]:-16}")
    [[ $format != mp3 && $format != aac || -v given[quality] || -v given[bitrate] ]] || encoding+=(--set bitrate=192)
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
    run_tool audio-edit "${encoding[@]}" --tag "title=$title" --output "$1" "$scratch/track.wav" || return
    cp "$scratch/told" "$scratch/sound"
    run_tool audio-measure --measure levels "$1" || return
    seconds=$(LC_ALL=C grep -o '"frames":[0-9]*' "$scratch/told")
    [[ $seconds =~ [1-9] ]] || refuse io "the track is empty: the module plays nothing"
}
