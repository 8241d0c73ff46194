#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which folder of lib may include which, as CONTRIBUTING.md describes.

load ../helper

# In a separate folder, because files are written beside them.
setup() { ln -s "$root"/{lib,tools} .; }

# A folder of lib, and the folders that its files may include besides their own.
floors() {
    cat <<'END'
base
file base
record base file
cli base file record
preset base file record
midi base file record
audio base file record isolation
sampling base record
loudness base
edit base file record audio loudness
mix base file record cli midi audio
stretch base
song base file record preset midi audio
serum base file record preset
lv2 base file
catalog base file record preset serum lv2
names base file record cli catalog
songmix base file record midi audio edit song names stretch
match base file record names
convert base file record preset serum catalog names
render base record midi
isolation base file record
measure base record audio sampling render
shown base
module base file record names midi audio song songmix match isolation shown
counted base shown
video base file audio
draw base file record audio song video
plugin base file record render
chain base plugin render
faust base file record audio midi render plugin isolation
logic base file record midi render plugin
juce base file record cli names preset midi audio serum lv2 catalog render plugin shown
songjobs base file record preset midi audio render plugin song songmix
job *
watch base file
reload base file record render lv2 plugin midi isolation shown watch job
play base file record render midi audio isolation shown reload job
rtaudio base record play
rtmidi base record play
shell base file record render plugin watch reload play
END
}

# Every #include in lib of a file in another folder of it: "FROM TO FILE:LINE:INCLUDED". The headers
# below lib/juce/vst2 stand for those of Steinberg, and include the free ones.
arrows() {
    grep -rnP --include='*.h' --include='*.cpp' --exclude-dir=vst2 '^\s*#\s*include\s*"' lib |
        sed -E 's|^lib/([^/]*)/[^:]*:[0-9]+:[^"]*"([^/"]*)(/[^"]*)?".*|\1 \2 &|' | awk '$1 != $2'
}

# The arrows on standard input that are not in the table of floors.
upward() {
    awk 'NR == FNR { known[$1]; for (i = 2; i <= NF; ++i) may[$1, $i]; next }
        !($1 in known) || !(($1, $2) in may || ($1, "*") in may)' <(floors) -
}

@test "every folder of lib has its floor in this file, and every floor its folder" {
    diff <(floors | sed 's/ .*//' | sort) <(find lib/ -name '*.cpp' -o -name '*.h' | cut -d / -f 2 | sort -u)
}

@test "no file of lib includes one of a floor above its own" {
    arrows >all
    [[ -s all ]]
    upward <all | cut -d ' ' -f 3- | sort >wrong
    [[ ! -s wrong ]] || fail "these point up: $(<wrong)"
}

@test "no folders of lib include each other, directly or by way of others" {
    arrows | cut -d ' ' -f 1,2 | sort -u >pairs
    [[ -s pairs ]]
    run -0 tsort pairs
    # And the table does not allow it.
    floors | awk '{ for (i = 2; i <= NF; ++i) if ($i != "*") print $1, $i }' >allowed
    run -0 tsort allowed
}

@test "only juce, lv2 and midi include headers of JUCE, of LV2 or of VST" {
    local theirs='^\s*#\s*include\s*(<lv2/|[<"](juce_|lilv/|serd/|sord/|sratom/|pluginterfaces/|public\.sdk/|aeffect))'
    # The expression does find includes.
    grep -rqP "$theirs" lib/juce
    grep -rqP "$theirs" lib/midi
    grep -rqP "$theirs" lib/lv2
    run -1 grep -rnP --exclude-dir=juce --exclude-dir=midi --exclude-dir=lv2 "$theirs" lib tools
}

# The headers that no source file includes first.
other_headers() {
    local file
    comm -13 <(for file in lib/*/*.cpp; do grep -m 1 '^#include' "$file"; done | grep -oP '"\K[^"]+' | sort -u) \
        <(find lib/ -name '*.h' -not -path '*/vst2/*' -printf '%P\n' | sort)
}

@test "every header of lib compiles alone" {
    # Most are included first by their own .cpp, so the build has compiled them alone.
    mapfile -t headers < <(other_headers)
    ((${#headers[@]} > 0))
    mapfile -t headers < <(some 5 "${headers[@]}")
    # JUCE's flags are used for all, since they only say where headers are.
    juce=$(make -C "$root" -pnq all 2>/dev/null | sed -n 's/^JUCE_CPPFLAGS := //p')
    [[ $juce == *-isystem* ]]
    printf '%s\0' "${headers[@]}" |
        xargs -0 -P "$(nproc)" -I{} bash -c 'echo "#include \"$0\"" | g++ -std=c++20 -Wall -Wextra -Werror -Wno-cpp -Ilib $1 -fsyntax-only -x c++ -' {} "$juce"
}
