#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The presets of LV2 bundles, from the folder that they are in to their audio. lv2info, which is not
# ours, lists them too.

load ../helper

readonly dx10=http://drobilla.net/plugins/mda/DX10

# The corners and their presets in a bundle of their own: three in a file of their own, of which two
# name a sample in two ways, and one in the manifest.
make_bundle() {
    export LV2_PATH=$PWD/bundles:$LV2_PATH
    mkdir -p bundles/sounds.lv2/more
    cp -r "$root/build/tests/plugins/Corners.lv2" bundles
    echo loud >"bundles/sounds.lv2/a sample"
    cat >bundles/sounds.lv2/manifest.ttl <<'END'
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix corner: <urn:patchpipe:corner-> .
<urn:b:bank> a pset:Bank ; rdfs:label "The Bank" .
<urn:b:uri> a pset:Preset ; lv2:appliesTo corner:path ; rdfs:label "By URI" ;
    pset:bank <urn:b:bank> ; rdfs:seeAlso <more/path%20s.ttl> .
<urn:b:path> a pset:Preset ; lv2:appliesTo corner:path ; rdfs:seeAlso <more/path%20s.ttl> .
<urn:b:wrong> a pset:Preset ; lv2:appliesTo corner:path ; rdfs:label "Falsch"@de , "Wrong" ;
    rdfs:seeAlso <more/path%20s.ttl> .
<urn:b:shared> a pset:Preset ; lv2:appliesTo corner:memory , corner:voltage ; rdfs:label "Shared" .
END
    cat >"bundles/sounds.lv2/more/path s.ttl" <<'END'
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .
@prefix atom: <http://lv2plug.in/ns/ext/atom#> .
_:early <urn:patchpipe:sample> <../a%20sample> .
<urn:b:uri> state:state _:early .
<urn:b:path> rdfs:label "By \"path\"" ; state:state [ <urn:patchpipe:sample> "a sample"^^atom:Path ] .
<urn:b:wrong> state:state [ <urn:patchpipe:sample> <a%20sample> ] .
END
}

of_path() { grep '"urn:patchpipe:corner-path"'; }

# The peaks of the records on standard input, rendered.
peaks() {
    jq -c '. + {note: 69, duration: 0.1, tail: 0.1, output_path: "/dev/null"}' |
        render-one | jq -c '[.preset_uri, .status, .peak]'
}

@test "every preset that a bundle lists is a record, with its URI and its plug-in" {
    make_bundle
    run -0 --separate-stderr preset-scan bundles
    [[ -z $stderr ]]
    folder=$PWD/bundles/sounds.lv2
    diff - <(jq -c '[.preset_path, .preset_uri, .preset_name, .preset_bank, .plugin_id]' <<<"$output") <<END
["$folder/manifest.ttl","urn:b:shared","Shared",null,"urn:patchpipe:corner-memory"]
["$folder/manifest.ttl","urn:b:shared","Shared",null,"urn:patchpipe:corner-voltage"]
["$folder/more/path s.ttl","urn:b:uri","By URI","The Bank","urn:patchpipe:corner-path"]
["$folder/more/path s.ttl","urn:b:path","By \"path\"",null,"urn:patchpipe:corner-path"]
["$folder/more/path s.ttl","urn:b:wrong","Wrong",null,"urn:patchpipe:corner-path"]
END
    [[ $(jq -r '.preset_format + .presets_root' <<<"$output" | uniq) == "lv2$PWD/bundles" ]]
    # A file of the bundle has its own presets, and the manifest all of them.
    run -0 preset-scan "$folder/more/path s.ttl"
    [[ $(field preset_uri | paste -sd' ') == "urn:b:uri urn:b:path urn:b:wrong" ]]
    run -0 preset-scan "$folder/manifest.ttl"
    [[ ${#lines[@]} == 5 ]]
}

@test "no file outside of its bundle is read for a preset" {
    mkdir a.lv2 a.lv2.more
    echo '<urn:p> <http://www.w3.org/2000/01/rdf-schema#label> "Secret" .' | tee a.lv2.more/s.ttl >secret.ttl
    echo '<urn:p> <http://www.w3.org/2000/01/rdf-schema#label> "Public" .' >a.lv2/public.ttl
    preset() {
        echo "<urn:p> a <http://lv2plug.in/ns/ext/presets#Preset> ; <http://www.w3.org/2000/01/rdf-schema#seeAlso> $1 ." >a.lv2/manifest.ttl
        run -0 --separate-stderr preset-scan a.lv2
        [[ -z $stderr && ${#lines[@]} == 1 ]]
    }
    for other in "<../secret.ttl>" "<file://$PWD/secret.ttl>" "<x/../../secret.ttl>" "<file://$PWD/a.lv2.more/s.ttl>"; do
        preset "$other"
        [[ $(field preset_path) == "$PWD/a.lv2/manifest.ttl" && $(field preset_name) == null ]] || fail "$other"
    done
    preset "<../secret.ttl> , <x/../public.ttl>"
    [[ $(field preset_path) == "$PWD/a.lv2/public.ttl" && $(field preset_name) == Public ]]
}

@test "they are those that lv2info lists" {
    preset-scan "$LV2_PATH/mda.lv2/" >records
    jq -r .plugin_id records | sort -u >plugins
    [[ $(wc -l <plugins) -gt 5 ]]
    while read -r plugin; do
        diff <(jq -r --arg plugin "$plugin" 'select(.plugin_id == $plugin) | .preset_name' records | sort) \
            <(lv2info "$plugin" | sed '1,/^\tPresets:/d' | sed -n 's/^\t         //p' | sort)
        run -0 plugin-probe --presets "$plugin"
        diff <(jq -c --arg plugin "$plugin" --arg root "$PWD" 'select(.plugin_id == $plugin) | .preset_uri' records | sort) \
            <(jq -c '.presets[].preset_uri' <<<"$output" | sort)
    done <plugins
}

@test "plugin-probe lists the presets of a plug-in, each of them a job" {
    run -0 plugin-probe --presets "$dx10"
    jq -e '.program_count == (.presets | length) and .program_count > 30' <<<"$output"
    jq -c '.presets[] | select(.preset_name | test("Bass|Bell"))' <<<"$output" |
        assign-paths -o out | render-one >results
    [[ $(jq -r .status results | sort -u) == ok && $(jq -r .audio_hash results | sort -u | wc -l) -gt 3 ]]
    jq -se 'map(.output_path | sub(".*/"; "")) == map(.preset_name | gsub("[^A-Za-z0-9-]+"; "_") + ".wav")' results
    run -0 plugin-probe --presets --programs "$root/build/tests/plugins/"plain_synth.so
    [[ $(jq -c .presets <<<"$output") == "[]" ]]
}

@test "a preset is played by the plug-in that it names, unless an option or the record names another" {
    make_bundle
    shared=$(preset-scan bundles | grep -m 1 shared)
    run -0 render-one "$(jq -c '.output_path = "/dev/null"' <<<"$shared")"
    [[ $(field plugin) == *[Mm]emory* ]]
    for id in urn:patchpipe:corner-voltage urn:none; do
        run -0 render-one "$(jq -c --arg id "$id" '. + {plugin_id: $id, output_path: "/dev/null"}' <<<"$shared")"
        [[ $(field plugin) == *$([[ $id == *none ]] && echo emory || echo oltage)* ]]
    done
    job=$(jq -c '.output_path = "/dev/null"' <<<"$shared")
    run -0 render-one --lv2 urn:patchpipe:corner-voltage "$job"
    [[ $(field plugin) == *oltage* ]]
    run -0 render-one --use lv2=urn:patchpipe:corner-voltage -p urn:patchpipe:corner-memory "$job"
    [[ $(field plugin) == *oltage* ]]
    run -0 render-one -p urn:patchpipe:corner-voltage "$job"
    [[ $(field plugin) == *oltage* ]]
    run -0 render-one -p urn:patchpipe:corner-memory "$(jq -c '.plugin_path = "urn:patchpipe:corner-voltage"' <<<"$job")"
    [[ $(field plugin) == *oltage* ]]
    run -1 render-one -p urn:patchpipe:corner-path "$job"
    [[ $(field error_kind) == wrong-plugin && $(field error) == *"belongs to the plug-in urn:patchpipe:corner-memory"* ]]
    run -1 render-one --no-record-plugins "$job"
    [[ $(field error) == *"no plug-in was given for lv2 presets; give one with --lv2" ]]
}

@test "a state finds its files in the bundle, wherever that is" {
    make_bundle
    diff - <(preset-scan bundles | of_path | peaks) <<'END'
["urn:b:uri","ok",0.5]
["urn:b:path","ok",0.5]
["urn:b:wrong","ok",0]
END
    # Outside of the folders that plug-ins are looked for in, by a relative path, and through a link.
    mkdir away
    mv bundles/sounds.lv2 away/moved
    ln -s away link
    for folder in "$PWD/away" away link; do
        preset-scan "$folder" | jq -c --arg folder "$folder" \
            'select(.preset_uri == "urn:b:path") | .preset_path = "\($folder)/moved/more/path s.ttl"' |
            peaks
    done >found
    [[ $(sort -u found) == '["urn:b:path","ok",0.5]' && $(wc -l <found) == 3 ]]
}

@test "a job may name a preset by its URI alone" {
    make_bundle
    run -0 render-one '{"preset_uri": "urn:b:path", "output_path": "/dev/null"}'
    [[ $(field peak) == 0.5 && $(field preset_format) == lv2 ]]
    run -1 render-one '{"preset_uri": "urn:b:none", "output_path": "/dev/null"}'
    [[ $(field error_kind) == not-found && $(field error) == "urn:b:none: no such preset: no LV2 bundle"* ]]
    run -0 render-one '{"preset_uri": "http://moddevices.com/none", "preset_path": null, "state_path": null, "output_path": "/dev/null", "plugin_path": "x"}' || :
    [[ $(field error_kind) == not-found ]]
}

@test "a job may name the bundle by its folder, with the URI of the preset" {
    make_bundle
    run -0 render-one "{\"preset_path\": \"$PWD/bundles/sounds.lv2\", \"preset_uri\": \"urn:b:path\", \"output_path\": \"/dev/null\"}"
    [[ $(field peak) == 0.5 ]]
    run -1 render-one "{\"preset_path\": \"$PWD/bundles/sounds.lv2\", \"output_path\": \"/dev/null\"}"
    [[ $(field error) == *"sounds.lv2: holds 4 presets: "*"say which one in preset_uri"* ]]
    run -1 render-one "{\"preset_path\": \"$PWD/bundles/sounds.lv2\", \"preset_uri\": \"urn:b:pat\", \"output_path\": \"/dev/null\"}"
    [[ $(field error) == *"has no preset urn:b:pat; the closest "* ]]
}

@test "a file with several presets needs the URI of one, and the error lists them" {
    make_bundle
    file="$PWD/bundles/sounds.lv2/more/path s.ttl"
    run -1 render-one "{\"preset_path\": \"$file\", \"output_path\": \"/dev/null\"}"
    [[ $(field error_kind) == unsupported ]]
    [[ $(field error) == *'holds 3 presets: By "path", By URI, Wrong; say which one in preset_uri'* ]]
    run -1 render-one "{\"preset_path\": \"$file\", \"preset_uri\": \"urn:b:pat\", \"output_path\": \"/dev/null\"}"
    [[ $(field error_kind) == not-found && $(field error) == *"has no preset urn:b:pat; the closest "*"'urn:b:path'"* ]]
    # The only one of a file needs no name; neither does one that a host has saved by itself.
    cat >alone.ttl <<END
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
<> a pset:Preset ; lv2:appliesTo <urn:patchpipe:corner-path> ;
    state:state [ <urn:patchpipe:sample> <bundles/sounds.lv2/a%20sample> ] .
END
    run -0 render-one "{\"preset_path\": \"$PWD/alone.ttl\", \"output_path\": \"/dev/null\"}"
    [[ $(field peak) == 0.5 ]]
    run -0 preset-scan alone.ttl
    [[ $(field preset_uri) == "file://$PWD/alone.ttl" ]]
    run -0 peaks <<<"$output"
    [[ $output == *0.5* ]]
}

@test "damaged bundles are reported and skipped, and damaged presets are errors" {
    make_bundle
    mkdir bundles/{bad,deep,none,empty,text}.lv2
    echo 'this is not Turtle' >bundles/bad.lv2/manifest.ttl
    : >bundles/empty.lv2/manifest.ttl
    echo '@prefix lv2: <http://lv2plug.in/ns/lv2core#> . <urn:x> a lv2:Plugin .' >bundles/none.lv2/manifest.ttl
    head -c 100 /dev/zero >bundles/text.lv2/manifest.ttl
    /usr/bin/python3 -c 'print("<urn:s> <urn:p>", "[ <urn:p> " * 100000, "1", "]" * 100000, ".")' >bundles/deep.lv2/manifest.ttl
    run -1 --separate-stderr preset-scan bundles
    [[ ${#lines[@]} == 5 && ${#stderr_lines[@]} == 3 ]]
    [[ $stderr == *"bad.lv2/manifest.ttl: is not what LV2 bundles are described in: line 1 is not Turtle"* ]]
    [[ $stderr == *"deep.lv2/manifest.ttl: is not"*"it is nested too deep"* && $stderr == *"text.lv2/manifest.ttl: is not text"* ]]
    run -1 --separate-stderr preset-scan bundles/none.lv2/manifest.ttl
    [[ -z $output && $stderr == *"describes no LV2 preset"* ]]
    # plugin-probe looks at what it can read.
    run -0 plugin-probe --presets urn:patchpipe:corner-path
    jq -e '.presets | length == 3' <<<"$output"
    echo 'no Turtle' >>"bundles/sounds.lv2/more/path s.ttl"
    run peaks < <(preset-scan bundles 2>/dev/null | of_path)
    [[ $(jq -rs 'map(.[1]) | unique | join(" ")' <<<"$output") == error ]]
    rm "bundles/sounds.lv2/more/path s.ttl"
    run -1 render-one '{"preset_uri": "urn:b:path", "output_path": "/dev/null"}'
    [[ $(field error_kind) == not-found ]]
}

@test "a preset is rendered again when it, or a file that it refers to, changes, and not when others do" {
    make_bundle
    again() { preset-scan bundles | of_path | assign-paths -o out | render-one --skip-existing | jq -r '"\(.preset_uri) \(.status)"'; }
    again >/dev/null
    mv bundles/sounds.lv2 bundles/elsewhere.lv2
    [[ $(again | grep -c skipped) == 3 ]]
    sed -i 's/The Bank/Another/' bundles/elsewhere.lv2/manifest.ttl
    sed -i 's/<a%20sample>/<b%20sample>/' "bundles/elsewhere.lv2/more/path s.ttl"
    [[ $(again | paste -sd' ') == "urn:b:uri skipped urn:b:path skipped urn:b:wrong ok" ]]
    echo more >>"bundles/elsewhere.lv2/a sample"
    [[ $(again | paste -sd' ') == "urn:b:uri ok urn:b:path ok urn:b:wrong skipped" ]]
}

@test "presets give the same in either order, with every isolation" {
    mapfile -t presets < <(preset-scan "$LV2_PATH/mda.lv2/" | grep DX10)
    ((${#presets[@]} > 20))
    mapfile -t presets < <(some 8 "${presets[@]}")
    printf '%s\n' "${presets[@]}" | job-grid --set duration=0.2 --set tail=0.1 | assign-paths -o out >queue
    for isolation in snapshot fork process reuse; do
        render-one --isolation "$isolation" <queue >forth
        tac queue | render-one --isolation "$isolation" | tac >back
        [[ $isolation == reuse ]] || diff <(jq -r .audio_hash forth) <(jq -r .audio_hash back)
        jq -r .audio_hash forth >"$isolation"
    done
    [[ $(sort -u snapshot | wc -l) -gt $((${#presets[@]} * 5 / 8)) ]]
    diff snapshot process
    diff snapshot fork
}

@test "presets of LV2 are named by their labels, or else by the end of their URIs" {
    cat >records <<'END'
{"preset_path": "/b/all.ttl", "preset_uri": "http://x.example/y#one:two", "preset_name": "Bank: 1/2.xiz"}
{"preset_path": "/b/all.ttl", "preset_uri": "http://x.example/y#one:two"}
{"preset_path": "/b/all.ttl", "preset_uri": "http://x.example/y/"}
{"preset_path": "/b/all.ttl", "preset_uri": "##"}
END
    run -0 assign-paths -o /out <records
    [[ $(field filename_stem | paste -sd' ') == "Bank_1_2_xiz two y "* ]]
}

@test "certifying takes the presets that are for the plug-in" {
    make_bundle
    run -0 plugin-probe --certify --certify-with bundles urn:patchpipe:corner-path
    jq -e '.certify.jobs == 12 and .repeatable' <<<"$output"
    run -1 plugin-probe --certify --certify-with bundles urn:patchpipe:corner-worker
    [[ $(field error) == "--certify-with: has no presets for urn:patchpipe:corner-worker" ]]
}
