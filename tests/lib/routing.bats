#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later

load ../helper

# lib/song/routing.h, through build/tests/song-routing. A song is written in short:
# track ID [JSON], send FROM TO [JSON], fx ID OWNER [JSON], item ID TRACK [JSON], each one a record.
track() { printf '{"type":"track","track":"%s"%s}\n' "$1" "${2:+,$2}"; }
send() { printf '{"type":"send","send":"%s>%s","source_track":"%s","track":"%s"%s}\n' "$1" "$2" "$1" "$2" "${3:+,$3}"; }
fx() { printf '{"type":"fx","fx":"%s","track":"%s"%s}\n' "$1" "$2" "${3:+,$3}"; }
item() { printf '{"type":"item","item":"%s","track":"%s"%s}\n' "$1" "$2" ",${3:-$audio}"; }
audio='"source":{"kind":"audio","path":"a.wav"}'
midi='"source":{"kind":"midi","beats":4}'

routing() { timeout 20 "$built/tests/song-routing"; }

# routed FILTER: what jq makes of the line of each track, for the song on standard input.
routed() { routing | command jq -r "select(.track) | $1"; }

@test "a chain's stage is behind those of all chains that it needs" {
    {
        track drums && track kick '"parent":"drums"' && track snare '"parent":"drums"'
        track reverb '"master_send":true' && track dry
        item k kick && item s snare && item d dry
        fx k1 kick && fx dr drums && fx r reverb && fx m master
        send snare reverb && send drums reverb
    } >song
    run -0 routed '"\(.track) \(.stage) \(.needs_input) \(.children | join(","))"' <song
    [[ $(sort <<<"$output") == 'drums 2 true kick,snare
dry 0 false 
kick 1 true 
master 4 true drums,reverb,dry
reverb 3 true 
snare 0 false ' ]]
    [[ $(routing <song | tail -n 1) == '{"stages":4}' ]]
    # Each track is behind all that it hears.
    [[ ${lines[-1]} == master* ]]
    run -0 routed .track <song
    [[ $output == *snare*drums*reverb* ]]
}

@test "an instrument needs nothing below it unless audio is there" {
    {
        track synth && item n synth "$midi" && fx i synth '"instrument":true'
        track plain && item p plain "$midi" && fx j plain
        track layered && item l layered "$midi" && fx k layered '"instrument":true' && item a layered
        track folder && fx o folder '"instrument":true' && track notes '"parent":"folder"' && item q notes "$midi"
        track empty && fx e empty
        track hand && fx h hand && echo '{"type":"note","track":"hand","time":0,"length":1,"note":60,"velocity":96}'
    } >song
    run -0 routed '"\(.track) \(.needs_input) \(.stage)"' <song
    [[ $(sort <<<"$output") == 'empty true 1
folder false 1
hand false 1
layered true 1
master false 0
notes false 0
plain false 1
synth false 1' ]]
}

@test "a pre-fx send takes what is before the chain, so it need not wait for it" {
    { track a && item i a && fx f a && track b && fx g b && send a b '"mode":"pre-fx"'; } >song
    [[ $(routed '"\(.track) \(.stage)"' <song) == $'a 1\nb 1\nmaster 0' ]]
    sed 's/pre-fx/pre-fader/' song >later
    [[ $(routed '"\(.track) \(.stage)"' <later) == $'a 1\nb 2\nmaster 0' ]]
    # REAPER's number of a mode that has no name.
    sed 's/"pre-fx"/2/' song >number
    [[ $(routed .stage <number) == $'1\n2\n0' ]]
}

@test "what is muted, bypassed, offline or without audio is not heard" {
    {
        track a '"mute":true' && item i a && fx f a && track b && item j b '"mute":true,'"$audio" && fx g b
        send a b && send b master '"mute":true' && send b master2 '"source_channel":-1'
        fx x b '"bypass":true' && fx y b '"offline":true' && track c '"fx_bypass":true' && fx z c
    } | sed 's/master2"/master"/2; s/b>master2/quiet/' >song
    run -0 routed '"\(.track) \(.heard) \(.takes) \(.receives) \(.effects)"' <song
    [[ $output == 'a false [] [] []
b true [] [] ["g"]
c true [] [] []
master true [] [] []' ]]
}

@test "the takes that play are the active one, or all, with their effects a stage of their own" {
    {
        track a && item i a '"take":1,"takes":2,'"$audio" && item i.2 a '"take":2,"takes":2,"active":true,'"$audio"
        fx f a && fx t a '"item":"i.2"' && fx c a '"plugin_kind":"container"' && fx d a '"container":"c"' && fx e a
    } >song
    [[ $(routed '[.takes, .effects, .stage] | tojson' <song) == $'[["i.2 t"],["f","d","e"],2]\n[[],[],0]' ]]
    sed 's/"take":1,/"take":1,"all_takes":true,/' song >both
    [[ $(routed '.takes | tojson' <both) == $'["i","i.2 t"]\n[]' ]]
    sed 's/"active":true,//' song >first
    [[ $(routed '.takes | tojson' <first) == $'["i"]\n[]' ]]
}

@test "a solo is heard with what feeds it, its folder and, in place, its sends" {
    song() {
        track folder && item f folder && track child "\"parent\":\"folder\",\"solo\":$1" && item c child
        track source '"master_send":true' && item s source && track other && item o other && track bus && item b bus
        send source child && send child bus && send other bus
    }
    run -0 routed '"\(.track) \(.heard) \(.takes) \(.children) \(.receives)"' < <(song 2)
    [[ $(sort <<<"$output") == 'bus true [] [] ["child>bus"]
child true ["c"] [] ["source>child"]
folder true [] ["child"] []
master true [] ["folder","bus"] []
other false [] [] []
source true ["s"] [] []' ]]
    run -0 routed 'select(.heard) | .track' < <(song 1)
    [[ $(sort <<<"$output") == $'child\nfolder\nmaster\nsource' ]]
}

@test "feedback is refused with the names of the tracks in the loop" {
    {
        track a && track b '"name":"Delay"' && track c && track behind
        send a b && send b c && send c a && send a behind
    } >song
    run -1 routing <song
    [[ $output == *': b (Delay): hears itself through c, a: feedback cannot be rendered; mute a send of it' ]]
    { cat song && track d '"parent":"d"'; } >itself
    sed '/c>a/d' itself >only
    run -1 routing <only
    [[ $output == *': d: hears itself: feedback'* ]]
    sed 's/c>a"/c>a","mute":true/' song >muted
    run -0 routing <muted
    # A loop of 100,000 tracks has a short message, and folders as deep are no loop.
    seq 100000 | awk '{ printf "{\"type\":\"track\",\"track\":\"t%d\",\"parent\":\"t%d\"}\n", $1, $1 % 100000 + 1 }' >long
    run -1 routing <long
    [[ $output == *' more, '* && ${#output} -lt 1000 ]]
    sed '$s/,"parent":"t1"//' long >deep
    run -0 routed .stage <deep
    [[ ${#lines[@]} == 100001 ]]
}

@test "a send or a folder without its track is refused" {
    run -1 routing < <(track a && send x a)
    [[ $output == *"x>a: source_track is 'x', which no track is; correct it" ]]
    run -1 routing < <(track a '"parent":"y"')
    [[ $output == *"a: parent is 'y', which no track is; correct it" ]]
    run -1 routing < <(track a && send master a)
    [[ $output == *'comes from the master; remove it' ]]
}

@test "in a REAPER project MIDI makes audio through instruments only" {
    {
        echo '{"type":"song","format":"rpp"}'
        track notes && item n notes "$midi" && fx e notes && track synth && fx s synth '"instrument":true'
        send notes synth
    } >song
    run -0 routed '"\(.track) \(.needs_input) \(.has_audio) \(.stage)"' <song
    [[ $output == 'notes true false 1
synth false false 1
master false true 0' ]]
    # By hand the effect may be an instrument without being marked as one.
    run -0 routed '"\(.track) \(.needs_input) \(.has_audio) \(.stage)"' < <(sed 's/rpp/mid/' song)
    [[ ${lines[1]} == 'synth true true 2' ]]
}
