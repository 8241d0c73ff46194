#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

plugins=$root/build/tests/plugins
plain=$plugins/plain_synth.so
fault=$plugins/fault_synth.so

setup_file() {
    sox -n -r 44100 -c 2 -b 32 -e float "$BATS_FILE_TMPDIR/tone.wav" synth 0.1 sine 1000 gain -12
}
gain=$plugins/gain_effect.so
tone=$BATS_FILE_TMPDIR/tone.wav

# record EVENT KEY: of the records in $output, one a line.
record() { jq -r --arg event "$1" --arg key "$2" 'select(.event == $event) | .[$key]' <<<"$output"; }

# events OPTION...: plays standard input into out.wav, and prints the hash of the audio.
events() { play-one -o out.wav --bit-depth 32f "$@" | jq -r 'select(.event == "ended") | .audio_hash'; }

# rendered FIELDS: the hash of what render-one makes of a job with these fields.
rendered() {
    jq -nc --argjson fields "$1" '{output_path: "rendered.wav", bit_depth: "32f"} + $fields' |
        render-one -p "$plain" "${@:2}" | jq -r .audio_hash
}

note() { echo "{\"time\":$1,\"type\":\"note\",\"note\":$2,\"velocity\":100,\"duration\":0.25}"; }

# heard EXPRESSION: a Python expression about out.wav, the first channel of which is x.
heard() {
    warm_python - "$1" <<'PYTHON'
import sys, numpy, subprocess
raw = subprocess.run(["sox", "out.wav", "-t", "f32", "-"], stdout=subprocess.PIPE, check=True).stdout
x = numpy.frombuffer(raw, "<f4")[::2]
assert eval(sys.argv[1]), x
PYTHON
}

@test "a note in a file is bit for bit what render-one renders, for every block size and rate" {
    for setting in "44100 512" "48000 1" "44100 64" "96000 4096" "44100 511"; do
        read -r rate block <<<"$setting"
        for plugin in "$plain" "$amsynth"; do
            [[ $plugin == "$plain" || $block != 1 ]] || continue
            echo "$plugin $setting"
            job="{\"plugin_path\":\"$plugin\",\"note\":60,\"velocity\":100,\"duration\":0.25,\"tail\":0.25,\"sample_rate\":$rate,\"block_size\":$block}"
            [[ $(note 0 60 | events -r "$rate" -b "$block" --tail 0.25 "$plugin") == "$(rendered "$job")" ]]
            # The files differ in their tags only.
            run -0 wav-diff out.wav rendered.wav
        done
    done
}

@test "an event is played at its frame, whatever the blocks are" {
    for block in 1 100 512 4000; do
        note 0.1 60 | events -b "$block" --seconds 0.5 "$plain" >/dev/null
        # The note-on at 4410 is the maximum of a cosine, and its last frame is before 4410 + 11025.
        heard "len(x) == 22050 and not x[:4410].any() and x[4410] == max(x) and x[15434] != 0 and not x[15435:].any()"
    done
}

@test "the bits do not depend on when the lines arrive" {
    { note 0 60; note 0.1 64; note 0.3 67; } >lines
    whole=$(events -b 64 "$plain" <lines)
    slow=$(while IFS= read -r line; do sleep 0.2; printf '%s' "${line:0:9}"; sleep 0.1; printf '%s\n' "${line:9}"; done <lines |
        events -b 64 "$plain")
    [[ $whole == "$slow" ]]
    # Neither do they for many of them: in one block more than wait at a time.
    /usr/bin/python3 -c 'for i in range(280000):
    print("{\"time\":%.6f,\"type\":\"control\",\"control\":7,\"value\":%d}" % (i // 300 / 10000, i % 128))' >many
    first=$({ note 0 60; cat many; } | events -b 4096 "$plain")
    [[ $({ note 0 60; cat many; } | (while IFS= read -r -N 1000000 piece || [[ $piece ]]; do sleep 0.02; printf %s "$piece"; done) | events -b 4096 "$plain") == "$first" ]]
}

@test "however many events are at one frame, none is late" {
    /usr/bin/python3 -c 'for i in range(40000):
    print("{\"time\":0.1,\"type\":\"control\",\"control\":7,\"value\":%d}" % (i % 100))
    print("{\"time\":0.1,\"type\":\"parameter\",\"parameter\":\"Level\",\"value\":%g}" % (i / 40000))' >many
    last='{"time":0.1,"type":"parameter","parameter":"Level","value":0.125}'
    run -0 play-one -o out.wav --bit-depth 32f "$plain" < <(cat many; echo "$last"; note 0.1 60)
    [[ $(record ended late_events) == 0 ]]
    heard "not x[:4410].any() and x[4410] != 0"
    hash=$(record ended audio_hash)
    [[ $({ tail -n 2 many; echo "$last"; note 0.1 60; } | events "$plain") == "$hash" ]]
}

@test "what a block has no room for goes to the next frames, in order" {
    /usr/bin/python3 -c 'for i in range(3000):
    print("{\"time\":0.1,\"type\":\"control\",\"control\":1,\"value\":%d}" % (i % 100))' >many
    run -0 play-one -o out.wav --bit-depth 32f http://drobilla.net/plugins/mda/Piano < <(cat many; note 0.1 72; note 0.2 60)
    [[ $(record ended late_events) == 0 && $(record ended frames) == $((8820 + 11025 + 44100)) ]]
    # The note is behind what filled the first frames.
    heard "not x[:4411].any() and x[4411:8820].any()"
}

@test "a parameter moves at its frame, as with automation in steps" {
    for name in Level id:0 '#0'; do
        hash=$(printf '%s\n' "$(note 0 60)" "{\"time\":0.1,\"type\":\"parameter\",\"parameter\":\"$name\",\"value\":0.125}" |
            events --seconds 0.25 "$plain")
        [[ $hash == "$(rendered '{"note":60,"velocity":100,"duration":0.25,"tail":0,"automation":[{"parameter":"Level","shape":"step","points":[[0.1,0.125]]}]}')" ]]
    done
    heard "x[4409] != 0 and abs(max(x[4410:]) / max(x[:4410]) - 0.25) < 0.01"
}

@test "a parameter takes text, by the plug-in's own conversion" {
    run -0 plugin-probe --parameters "$plain"
    text=$(jq -r '.parameters[0].text' <<<"$output")
    [[ -n $text ]]
    run -1 play-one -o out.wav --seconds 0.1 "$plain" < <(printf '%s\n' \
        '{"time":0,"type":"parameter","parameter":"Level","value":0.125}' \
        "{\"time\":0,\"type\":\"parameter\",\"parameter\":\"Level\",\"value\":\"$text\"}" \
        '{"time":0,"type":"parameter","parameter":"Level","value":"very loud"}' "$(note 0 60)")
    [[ $(record error error) == "line 3: value: "*"knows no value 'very loud' of 'Level'"* ]]
    [[ $(record error line) == 3 ]]
    cp out.wav text.wav
    note 0 60 | play-one -o out.wav --seconds 0.1 "$plain" >/dev/null
    run -0 wav-diff out.wav text.wav
}

@test "control, bend, pressure, program and bytes are the MIDI messages that they stand for" {
    local -A bytes=([control]='176,7,64' [bend]='224,0,96' [pressure]='208,127' [note_on]='144,64,90'
        [note_off]='128,60,0')
    local -A fields=([control]='"control":7,"value":64' [bend]='"value":0.5' [pressure]='"value":127'
        [note_on]='"note":64,"velocity":90' [note_off]='"note":60')
    before=$(note 0 60 | events --seconds 0.25 "$plain")
    for type in "${!bytes[@]}"; do
        echo "$type"
        one=$(printf '%s\n' "$(note 0 60)" "{\"time\":0.1,\"type\":\"$type\",${fields[$type]}}" | events --seconds 0.25 "$plain")
        [[ $one == "$(printf '%s\n' "$(note 0 60)" "{\"time\":0.1,\"type\":\"midi\",\"bytes\":[${bytes[$type]}]}" | events --seconds 0.25 "$plain")" ]]
        [[ $one != "$before" && $one == xxh128:* ]]
    done
    # A MIDI channel of its own; sysex; and a program change, which the synth of the faults takes.
    [[ $(printf '%s\n' "$(note 0 60)" '{"time":0.1,"type":"control","midi_channel":2,"control":7,"value":0}' |
        events --seconds 0.25 "$plain") == "$before" ]]
    echo '{"time":0.1,"type":"midi","bytes":[240,125,127,247]}' | events --seconds 0.25 "$plain" >/dev/null
    heard "x[4410] == 1 and sum(x != 0) == 1"
    run -0 play-one -o out.wav --seconds 0.25 "$fault" < <(printf '%s\n' '{"time":0,"type":"program","program":0}' "$(note 0.1 60)")
    [[ $(record ended silent) == false ]]
}

@test "an event without a time is played with the next block, and in a file at the time of the one before" {
    printf '%s\n' '{"time":0.1,"type":"control","control":7,"value":127}' '{"type":"note","note":60,"duration":0.1}' |
        events "$plain" >/dev/null
    heard "not x[:4410].any() and x[4410] != 0 and len(x) == 4410 * 2 + 44100"
    run -0 play-one -d null --tail 0 "$plain" <<<'{"type":"note","note":60,"duration":0.1}'
    [[ $(record ended silent) == false && $(record ended frames) == 4410 ]]
}

@test "it ends at the time given, at a stop, or behind the last event and the tail" {
    run -0 play-one -o out.wav --seconds 0.2 "$plain" < <(note 0 60)
    [[ $(record ended frames) == 8820 ]]
    run -0 play-one -o out.wav "$plain" < <(printf '%s\n' "$(note 0 60)" '{"type":"stop","time":0.1}' "$(note 2 60)")
    [[ $(record ended frames) == 4410 ]]
    run -0 play-one -o out.wav --tail 0.5 "$plain" < <(note 1 60)
    [[ $(record ended frames) == $((44100 + 11025 + 22050)) ]]
    run -0 play-one -o out.wav --tail 0 "$plain" </dev/null
    [[ $(record ended frames) == 0 && $(record ended reason) == played ]]
}

@test "bad lines are error records with their numbers, and the sound goes on" {
    printf '%s\n' nonsense '' '{"type":"nothing"}' '{"note":60}' '{"type":"note","note":128}' \
        '{"type":"note","time":-1}' '{"type":"parameter","parameter":"Lewel","value":0}' \
        '{"type":"parameter","parameter":"Level","value":2}' '{"type":"control","control":7}' \
        '{"type":"bend","value":1.5}' '{"type":"midi","bytes":[60,60,60]}' '{"type":"midi","bytes":"90"}' \
        '{"type":"note","midi_channel":17}' '{"type":"program","program":1.5}' "$(note 0 60)" >lines
    run -1 --separate-stderr play-one -o out.wav --bit-depth 32f --tail 0.25 "$plain" <lines
    [[ $(record error line | xargs) == "1 3 4 5 6 7 8 9 10 11 12 13 14" ]]
    [[ $(record error error_kind | sort -u) == bad-record && -z $stderr ]]
    [[ $(record error error | sed -n 6p) == "parameter: "*"has no parameter 'Lewel'; the closest "*"Level"* ]]
    [[ $(record ended audio_hash) == "$(rendered '{"note":60,"velocity":100,"duration":0.25,"tail":0.25}')" ]]
}

@test "a timed event that comes too late is played at once, and reported" {
    mkfifo lines
    play-one -d null --tail 0.1 "$plain" <lines >records 3>&- &
    exec {lines}>lines
    until [[ -s records ]]; do sleep 0.02; done
    note 0 60 >&"$lines"
    exec {lines}>&-
    wait $!
    output=$(<records)
    [[ $(record late line) == 1 && $(record ended late_events) == 1 && $(record ended silent) == false ]]
    [[ $(record late seconds) != 0 ]]
}

@test "what is played is never replaced by the audio" {
    echo 'process = _, _;' >wire.dsp
    sox -n -c 2 tone.wav synth 0.1 sine 440
    printf 'MThd\0\0\0\6\0\0\0\1\0\140MTrk\0\0\0\4\0\377\57\0' >song.mid
    for file in wire.dsp tone.wav song.mid; do
        cp "$file" before
        run -2 --separate-stderr play-one -i tone.wav --midi song.mid -o "$file" --format wav wire.dsp </dev/null
        [[ $stderr == *"-o: $file: is read for the audio, and would be lost"* ]]
        cmp "$file" before
    done
}

@test "what would be in a record has to be UTF-8" {
    touch $'\xff.so'
    while read -ra options; do
        run -2 --separate-stderr play-one "${options[@]}" "$plain" </dev/null
        [[ -z $output && $stderr == *'\xff.so: is not UTF-8'* ]]
    done < <(printf '%b\n' '-o \xff.so --format wav' '-d file:\xff.so --format wav' '--preset \xff.so' '--watch --build \xff.so')
}

@test "a file appears whole, in the format of its name or of --format, and its folder is made" {
    for name in a.wav a.flac a.aiff a.ogg a.npy; do
        note 0 60 | play-one -o "folder/$name" --tail 0 "$plain" >/dev/null
        [[ $(play-one -d "file:folder/again-$name" --tail 0 "$plain" < <(note 0 60) | jq -r 'select(.event == "started") | .output_path') == "folder/again-$name" ]]
        cmp "folder/$name" "folder/again-$name"
    done
    [[ $(soxi -s folder/a.flac) == 11025 && $(soxi -b folder/a.aiff) == 16 ]]
    note 0 60 | play-one -o b --format flac --bit-depth 24 --tail 0 "$plain" >/dev/null
    cp b b.flac
    [[ $(soxi -b b.flac) == 24 ]]
    # What cannot be written is said before anything is played.
    run -1 --separate-stderr play-one -o c.mp3 -r 96000 "$plain" </dev/null
    [[ -z $output && $stderr == *"96000 Hz, and MP3 has"* && ! -e c.mp3 ]]
    run -3 --separate-stderr play-one -o /dev/full/c.wav "$plain" </dev/null
    [[ -z $output ]]
}

@test "audio on standard output is raw, as sox reads it, and the records go to standard error" {
    job='{"note":60,"velocity":100,"duration":0.25,"tail":0.25}'
    note 0 60 | play-one -d - --read-ahead --tail 0.25 "$plain" 2>records >raw
    rendered "$(jq -c '.bit_depth = "16"' <<<"$job")" >/dev/null
    sox -t raw -r 44100 -e signed -b 16 -L -c 2 raw raw.wav
    run -0 wav-diff raw.wav rendered.wav
    [[ $(jq -r .event records | xargs) == "started ended" && $(jq -r 'select(.event == "started") | .sample_format' records) == s16le ]]
    note 0 60 | play-one -d - --read-ahead --tail 0.25 --format f32le "$plain" 2>records |
        ffmpeg -v error -f f32le -ar 44100 -ac 2 -i - -c:a pcm_f32le -y raw.wav
    rendered "$job" >audio_hash
    run -0 wav-diff raw.wav rendered.wav
    [[ $(jq -r 'select(.event == "ended") | .audio_hash' records) == "$(<audio_hash)" ]]
}

# waits FOR: until the file is not empty.
waits_for() {
    for _ in {1..300}; do
        [[ -s $1 ]] && return
        sleep 0.1
    done
    fail "$1 stays empty"
}

@test "a reader of standard output that goes away ends it quietly with 0" {
    mkfifo lines
    exec 7<>lines
    { play-one -d - "$plain" <lines 2>records 7>&-; echo $? >status; } | head -c 1000 >/dev/null
    [[ $(<status) == 0 && $(jq -r .event records) == started ]]
    # Also a reader of records that come seldom.
    { play-one -d null "$plain" <lines 7>&-; echo $? >status; } 2>words | head -n 1 >record
    [[ $(<status) == 0 && ! -s words && $(jq -r .event record) == started ]]
    exec 7>&-
}

@test "a clock goes at the rate, and a block that is late is an underrun" {
    run -0 play-one -d null -b 64 --seconds 0.5 --buffers 8 "$plain" </dev/null
    [[ $(record started device) == null && $(record started buffered_frames) == 512 ]]
    [[ $(record ended frames) == 22050 ]]
    # The program Slow sleeps for 2 ms in every block of 1.3.
    run -0 play-one -d null -r 48000 -b 64 --seconds 0.2 --program 3 "$plain" < <(note 0 60)
    (($(record ended underruns) > 10))
    [[ $(record underrun underruns | tail -n 1) -le $(record ended underruns) ]]
    [[ $(record ended frames) == 9600 ]]
    # What was heard is all there, only later.
    hash=$(record ended audio_hash)
    [[ $(note 0 60 | events -r 48000 -b 64 --seconds 0.2 --program 3 "$plain") == "$hash" ]]
}

# interrupt SIGNAL OPTION...: plays without end, and sends the signal when it has begun.
interrupt() {
    play-one "${@:2}" "$plain" <lines >records 7>&- &
    local tool=$!
    waits_for records
    sleep 0.3
    kill "-$1" "$tool"
    wait "$tool"
    # A busy machine may have had underruns in between.
    [[ $(jq -r .event records | xargs) == started*ended ]]
    [[ $(jq -r 'select(.event == "ended") | .reason' records) == interrupted ]]
    rm records
}

@test "SIGINT and SIGTERM end it with a whole file and a record" {
    mkfifo lines
    exec 7<>lines
    for signal in INT TERM; do
        interrupt "$signal" -d null
        printf '%s\n' "$(note 0 60)" '{"time":1,"type":"note_off"}' >&7
        interrupt "$signal" -o out.wav
        # The clock of a file stands until it is known what comes.
        (($(soxi -s out.wav) > 43000 && $(soxi -s out.wav) <= 44100))
        rm out.wav
    done
    exec 7>&-
}

@test "SIGINT and SIGTERM end it while the plug-in loads, with a record" {
    for signal in INT TERM; do
        FAULT_ON_LOAD=load-hang play-one -o out.wav "$fault" </dev/null >records 2>words &
        tool=$!
        # It has a child when it loads.
        for _ in {1..100}; do
            [[ -z $(pgrep -P "$tool") ]] || break
            sleep 0.02
        done
        kill "-$signal" "$tool"
        wait "$tool"
        [[ ! -s words && ! -e out.wav ]]
        diff records - <<<'{"event":"ended","reason":"interrupted","frames":0,"seconds":0,"underruns":0,"late_events":0}'
    done
}

# program NAME: the number of that fault.
program() { plugin-probe --programs "$fault" | jq -r --arg name "$1" '.programs | index($name)'; }

@test "a plug-in that crashes, exits, hangs or gives NaN is an error record, and no file appears" {
    let_plugins_crash
    local -A kinds=([process-segv]=crash [process-exit-3]=crash [process-hang]=timeout [nan]=non-finite)
    for name in "${!kinds[@]}"; do
        echo "$name"
        number=$(program "$name")
        [[ $number != null ]]
        run -1 --separate-stderr play-one -o out.wav --program "$number" --timeout 1 "$fault" < <(note 0 60)
        [[ $(record error error_kind) == "${kinds[$name]}" && -n $(record error error) ]]
        [[ $(record ended reason) == error && ! -e out.wav && -z $stderr ]]
    done
    # A sound device ends too.
    mkfifo lines
    exec 7<>lines
    echo '{"type":"note","note":60}' >&7
    run -1 --separate-stderr play-one -d null --program "$(program process-segv)" "$fault" <lines 7>&-
    exec 7>&-
    [[ $(record error error) == *"crashed while playing (killed by SIGSEGV)"* ]]
}

@test "what a plug-in prints reaches neither the records nor the audio" {
    run -0 --separate-stderr play-one -o out.wav "$plain" < <(note 0 60)
    [[ $(record started plugin) == *"Plain Synth"* && -z $stderr ]]
    jq -e . <<<"$output" >/dev/null
    run -0 --separate-stderr play-one -v -o out.wav "$plain" < <(note 0 60)
    [[ -n $stderr ]]
}

@test "an effect hears a file, at its rate, once or in a loop" {
    run -0 play-one -o out.wav --bit-depth 32f -i "$tone" --tail 0 "$gain" </dev/null
    [[ $(record ended frames) == 4410 && $(record started inputs) == 2 ]]
    render-one -p "$gain" "{\"input_path\":\"$tone\",\"tail\":0,\"bit_depth\":\"32f\",\"output_path\":\"rendered.wav\"}"
    run -0 wav-diff out.wav rendered.wav
    play-one -o out.wav --bit-depth 32f -i "$tone" --loop-input --seconds 0.35 "$gain" </dev/null >/dev/null
    heard "len(x) == 15435 and x[:4410].any() and (x[:4410] == x[4410:8820]).all() and (x[:2205] == x[13230:]).all()"
    # Behind the end is silence.
    play-one -o out.wav --bit-depth 32f -i "$tone" --seconds 0.2 "$gain" </dev/null >/dev/null
    heard "x[:4410].any() and not x[4410:].any()"
    sox "$tone" -r 22050 half.wav
    render-one -p "$gain" '{"input_path":"half.wav","tail":0,"bit_depth":"32f","output_path":"rendered.wav"}'
    play-one -o out.wav --bit-depth 32f -i half.wav --tail 0 "$gain" </dev/null >/dev/null
    run -0 wav-diff out.wav rendered.wav
    # Also with a clock.
    run -0 play-one -d null -i "$tone" --tail 0 "$gain" </dev/null
    [[ $(record ended frames) == 4410 && $(record ended silent) == false ]]
}

@test "latency is taken out: an event is heard at its time" {
    echo_effect=$plugins/EchoEffect.vst3
    sox -n -r 44100 -c 2 -b 32 -e float in.wav synth 0.05 sine 440
    job="{\"input_path\":\"in.wav\",\"tail\":0.1,\"parameters\":{\"Look-ahead\":1}}"
    preset-export -o presets -p "$echo_effect" < <(jq -c '. + {output_path: "x.wav"}' <<<"$job") >saved || true
    preset=$(jq -r '.preset_path // empty' saved)
    [[ -n $preset ]] || fail "$(<saved)"
    run -0 play-one -o out.wav --bit-depth 32f -i in.wav --tail 0.1 --preset "$preset" "$echo_effect" </dev/null
    render-one -p "$echo_effect" "$(jq -c --arg preset "$preset" '. + {preset_path: $preset, output_path: "rendered.wav", bit_depth: "32f"} | del(.parameters)' <<<"$job")" >result
    [[ $(jq .latency_frames result) == 64 ]]
    run -0 wav-diff out.wav rendered.wav
}

@test "a preset is loaded and a program selected before the first event" {
    preset-export -o presets --programs 1 "$plain" >/dev/null
    hash=$(note 0 60 | events --preset presets/*.fxp "$plain")
    [[ $hash == "$(note 0 60 | events --program 1 "$plain")" && $hash != "$(note 0 60 | events "$plain")" ]]
    rm out.wav
    # Nothing starts if that fails.
    for device in file:out.wav null; do
        run -1 --separate-stderr play-one -d "$device" --preset nowhere.fxp "$plain" </dev/null
        [[ $(jq -r .event <<<"$output" | xargs) == "error ended" && $(record error error_kind) == not-found ]]
        [[ $(record ended reason) == error && $(record ended frames) == 0 && ! -e out.wav ]]
    done
}

@test "what cannot be played is refused before anything is" {
    usage() {
        local words=$1
        shift
        run -2 --separate-stderr play-one "$@" </dev/null
        [[ -z $output && $stderr == *"$words"* ]] || fail "$stderr"
    }
    usage "takes one operand"
    usage "takes one operand" "$plain" "$plain"
    usage "not both" -d null -o out.wav "$plain"
    usage "goes with -i" --loop-input "$plain"
    usage "does not wait" -d null --read-ahead "$plain"
    usage "is for sound devices" -d null --capture "$plain"
    usage "is for standard output" -o out.wav --format s16le "$plain"
    usage "gets s16le or f32le" -d - --format wav "$plain"
    usage "must be wav, " -o out.wav --format word "$plain"
    usage "no such plug-in" -o out.wav nowhere.so
    usage "no device has that name" -d "No Such Device" "$plain"
    run -1 --separate-stderr play-one -o out.wav -i "$tone" "$plain" </dev/null
    [[ $stderr == *"hears no audio"* && ! -e out.wav ]]
}

# A JACK server with a clock and no sound card.
start_jack() {
    export JACK_DEFAULT_SERVER=patchpipe-$$ JACK_NO_START_SERVER=1
    jackd -r -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p 256 -C 2 -P 2 >jack.log 2>&1 3>&- &
    jack=$!
    for _ in {1..100}; do
        [[ -n $(play-one --list) ]] && return
        sleep 0.1
    done
    fail "$(<jack.log)"
}

@test "RtAudio plays to a sound device, and lists it" {
    start_jack
    run -0 --separate-stderr play-one --list
    [[ -z $stderr && $(field index) == 0 && $(field api) == jack && $(field output_channels) == 2 ]]
    [[ $(jq -c .sample_rates <<<"$output") == "[48000]" && $(field is_default_output) == true ]]
    name=$(field name)
    expected=$(note 0 60 | events -r 48000 -b 256 --seconds 0.5 "$plain")
    for device in 0 "$name" "${name:0:4}" default; do
        run -0 --separate-stderr play-one -d "$device" -r 48000 -b 256 --buffers 8 --seconds 0.5 "$plain" < <(note 0 60)
        [[ $(record started device) == "$name" && $(record started device_block_size) == 256 && -z $stderr ]]
        [[ $(record ended frames) == 24000 && $(record ended audio_hash) == "$expected" ]]
    done
    # One channel, an effect that hears the device, and a rate that it has not.
    run -0 play-one -r 48000 -b 256 --seconds 0.2 --capture "$gain" </dev/null
    [[ $(record started captured_channels) == 2 && $(record ended frames) == 9600 ]]
    run -1 --separate-stderr play-one -r 44100 "$plain" </dev/null
    [[ -z $output && $stderr == *"does not run at 44100 Hz; it has 48000"* ]]
    kill "$jack"
    wait "$jack" || true
}

@test "a sound device that goes away ends the playing with an error" {
    start_jack
    mkfifo lines
    play-one -r 48000 -b 256 "$plain" <lines >records 2>errors 3>&- &
    player=$!
    exec {lines}>lines
    until [[ -s records ]]; do sleep 0.02; done
    kill -9 "$jack"
    wait "$jack" || true
    status=0
    wait "$player" || status=$?
    exec {lines}>&-
    output=$(<records)
    [[ $status == 1 ]]
    [[ $(record error error_kind) == io && $(record error error) == *"took no more audio"* ]]
    [[ $(record ended reason) == error ]]
    # JACK keeps one of its few places for a server that was killed until one of that name ends.
    start_jack
    kill "$jack"
    wait "$jack" || true
}

# song FILE TICK NOTE LENGTH...: a MIDI file with these notes, 960 ticks a second.
song() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import mido, sys
events = []
for tick, note, length in zip(*[iter(map(int, sys.argv[2:]))] * 3):
    events += [(tick, mido.Message("note_on", note=note, velocity=100)), (tick + length, mido.Message("note_off", note=note))]
file = mido.MidiFile(ticks_per_beat=480)
track, now = mido.MidiTrack(), 0
for tick, message in sorted(events, key=lambda event: event[0]):
    track.append(message.copy(time=tick - now))
    now = tick
file.tracks.append(track)
file.save(sys.argv[1])
PYTHON
}

@test "a MIDI file is played as render-one plays it, beside the events, and in a loop" {
    song one.mid 0 60 240 480 67 480
    for plugin in "$plain" "$amsynth"; do
        [[ $(events --midi one.mid --tail 0.25 "$plugin" </dev/null) == \
            "$(rendered "{\"plugin_path\":\"$plugin\",\"midi_path\":\"one.mid\",\"midi_duration\":1,\"tail\":0.25}")" ]]
    done
    # Three times is the file with the same three times.
    song three.mid 0 60 240 480 67 480 960 60 240 1440 67 480 1920 60 240 2400 67 480
    [[ $(events --midi one.mid --loop-midi --seconds 3 "$plain" </dev/null) == "$(events --midi three.mid --seconds 3 "$plain" </dev/null)" ]]
    # With lines that come late, and by a clock.
    [[ $(events --midi one.mid --seconds 1 "$plain" < <(note 0.3 72)) == "$(events --midi one.mid --seconds 1 "$plain" < <(sleep 0.3; note 0.3 72))" ]]
    run -0 play-one -d null --midi one.mid --loop-midi --seconds 1.5 "$plain" </dev/null
    [[ $(record ended frames) == 66150 && $(record ended late_events) == 0 && $(record ended silent) == false ]]
    run -2 play-one -o out.wav --midi one.mid --loop-midi "$plain" </dev/null
}
