#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# MIDI that comes from devices, pipes and the system's ports.

load ../helper

plain=$root/build/tests/plugins/plain_synth.so

# record EVENT KEY: of the records in $output, one a line.
record() { jq -r --arg event "$1" --arg key "$2" 'select(.event == $event) | .[$key]' <<<"$output"; }

# await FILE EVENT: until there is such a record.
await() {
    for _ in {1..3000}; do
        output=$(<"$1")
        [[ -z $(record "$2" event) ]] || return 0
        sleep 0.02
    done
    fail "no $2: $output"
}

@test "messages are found in bytes as mido finds them, however they are cut" {
    /usr/bin/python3 >expected - <<'PYTHON'
import mido, random
random.seed(5)
messages = [[random.choice((128, 144, 160, 176, 224)) + random.randrange(16), random.randrange(128), random.randrange(128)] for _ in range(200)]
messages += [[192 + random.randrange(16), random.randrange(128)] for _ in range(50)] + [[208, 5]] * 3
messages += [[240] + [random.randrange(128) for _ in range(random.randrange(30))] + [247] for _ in range(20)]
messages += [[246], [241, 3], [242, 4, 5], [243, 9]]
random.shuffle(messages)
stream = []
for index, message in enumerate(messages):
    stream += message
    # Some messages are broken off, and some bytes belong to none.
    if index % 17 == 0: stream += [246, 1, 2]
    if index % 19 == 0: stream += [240, 1, 2, 144, 60]
    if index % 23 == 0: stream += [248]
open("bytes", "wb").write(bytes(stream))
for message in mido.parse_all(stream):
    print(list(message.bytes()))
print(0)
PYTHON
    (($(wc -l <expected) > 250))
    for size in 1 2 7 1000; do
        diff <("$built/tests/midi-bytes" "$size" 256 <bytes) expected
    done
}

@test "a status that is that of the message before may be left out, and clocks may come between" {
    messages() { printf '%b' "$1" | "$built/tests/midi-bytes" 3 "${2:-256}" | xargs; }
    [[ $(messages '\x90\x3c\x40\x3e\x41\xf8\x40\x42') == "[144, 60, 64] [144, 62, 65] [248] [144, 64, 66] 0" ]]
    [[ $(messages '\xc1\x05\xfe\x06') == "[193, 5] [254] [193, 6] 0" ]]
    # Not after a message of the system; and not before any status.
    [[ $(messages '\x3c\x90\x3c\x40\xf6\x3e\x41') == "[144, 60, 64] [246] 0" ]]
    [[ $(messages '\xf0\x01\xf8\x02\xf7') == "[248] [240, 1, 2, 247] 0" ]]
    # Too long ones are left out and counted.
    [[ $(messages '\xf0\x01\x02\x03\xf7\xf0\x01\x02\xf7\xf0\x01\x02\x03\x04\x05\xf7' 4) == "[240, 1, 2, 247] 2" ]]
}

@test "a pipe with MIDI is played, and goes on when its writers go" {
    mkfifo port lines
    touch records
    # Standard output goes as fast as its reader, so the note ends the silence.
    play-one -d - --format f32le --midi-port ./port "$plain" <lines 2>records 3>&- |
        /usr/bin/python3 -c 'import sys
while block := sys.stdin.buffer.read(4096):
    if any(block): open("heard", "w").close()' &
    exec {lines}>lines
    await records started
    [[ $(record started midi_port) == ./port && ! -e heard ]]
    printf '\x90\x3c' >port
    printf '\x64' >port
    until [[ -e heard ]]; do sleep 0.02; done
    { printf '\xf0'; head -c 300 /dev/zero; printf '\xf7'; } >port
    await records error
    [[ $(record error error) == "./port: sent a system exclusive message of more than 256 bytes"* ]]
    echo '{"type":"stop"}' >&"$lines"
    exec {lines}>&-
    await records ended
    wait
    [[ $(record ended reason) == played ]]
}

@test "a port of JACK is found by its name, and played" {
    export JACK_DEFAULT_SERVER=patchpipe-$$ JACK_NO_START_SERVER=1
    jackd -r -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p 256 >jack.log 2>&1 3>&- &
    jack=$!
    mkfifo lines
    touch records
    # Sends a note now and then, until there is a file "finished".
    /usr/bin/python3 - >sender.log 2>&1 3>&- <<'PYTHON' &
import os, time, rtmidi
for attempt in range(300):
    try:
        port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="sender")
        port.open_virtual_port("keys")
        break
    except rtmidi.SystemError:
        time.sleep(0.1)
while not os.path.exists("finished"):
    port.send_message([0x90, 60, 100])
    time.sleep(0.05)
    port.send_message([0x80, 60, 0])
    time.sleep(0.05)
PYTHON
    sender=$!
    for _ in {1..600}; do
        run -0 --separate-stderr play-one --list
        output=$(grep midi_input <<<"$output" || true)
        [[ $output != *keys* ]] || break
        sleep 0.05
    done
    [[ -z $stderr && $(jq -r .api <<<"$output") == jack && $(jq -r .index <<<"$output") == 0 ]] || fail "$output $stderr $(<jack.log) $(<sender.log)"
    run -2 --separate-stderr play-one -d null --midi-port strings "$plain" </dev/null
    [[ $stderr == *"no port has that name; there are 0 (sender:keys)"* ]]
    play-one -d - --format f32le --midi-port keys "$plain" <lines 2>records 3>&- |
        /usr/bin/python3 -c 'import sys
while block := sys.stdin.buffer.read(4096):
    if any(block): open("heard", "w").close()' &
    exec {lines}>lines
    until [[ -e heard ]]; do sleep 0.02; done
    echo '{"type":"stop"}' >&"$lines"
    exec {lines}>&-
    await records ended
    [[ $(record started midi_port) == *keys* && $(record ended reason) == played ]]
    touch finished
    wait "$sender"
    kill "$jack"
    wait "$jack" || true
}

@test "what is no port, and a file to play it into, are refused" {
    : >file
    run -1 --separate-stderr play-one -d null --midi-port ./file "$plain" </dev/null
    [[ $stderr == *"./file: is no MIDI device and no pipe; --midi plays a file"* ]]
    run -2 --separate-stderr play-one -d null --midi-port ./missing "$plain" </dev/null
    [[ $stderr == *"./missing: No such file"* ]]
    run -2 --separate-stderr play-one -o out.wav --midi-port ./file "$plain" </dev/null
    [[ $stderr == *"--midi-port: a file has no clock"* ]]
}
