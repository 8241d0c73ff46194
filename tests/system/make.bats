#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Makefile's goals for people, and how the tools are linked.

load ../helper

# A clone without build/: nothing is compiled there.
clone() {
    [[ -e $root/.git ]] || skip "a release is no git checkout"
    git clone -q "$root" clone
    cd clone || return
    git config user.name test
    git config user.email test@localhost
}

# A clone in which dist was made; what it said is $output. It is made once.
clone_with_dist() {
    if [[ ! -e $BATS_FILE_TMPDIR/dist ]]; then
        clone
        run -0 make dist
        echo "$output" >build/said
        cp -a . "$BATS_FILE_TMPDIR/dist"
    else
        cp -a "$BATS_FILE_TMPDIR/dist" clone
        cd clone || return
    fi
    output=$(<build/said)
}

@test "make help names every goal that is meant for people" {
    run -0 make -C "$root" help
    for goal in deps check lint demo install install-strip uninstall dist distcheck reproducible clean help; do
        [[ $output == *"make $goal"* ]] || fail "no word about $goal"
    done
}

@test "make deps does nothing and says nothing when nothing is missing" {
    run -0 "$root/make/install-packages.sh" bash coreutils
    [[ -z $output ]]
}

@test "a package that is installed and held is not missing" {
    mkdir fake
    printf '#!/bin/bash\nprintf "hi held\\nii other\\n"\n' >fake/dpkg-query
    chmod +x fake/dpkg-query
    PATH=$PWD/fake:$PATH run -0 "$root/make/install-packages.sh" held other
    [[ -z $output ]]
}

@test "without the right to install, the line to run is printed, and the status is 2" {
    mkdir fake
    printf '#!/bin/bash\necho 1000\n' >fake/id
    printf '#!/bin/bash\nexit 1\n' >fake/sudo
    printf '#!/bin/bash\necho "apt-get was called" >&2\nexit 100\n' >fake/apt-get
    chmod +x fake/*
    PATH=$PWD/fake:$PATH
    run -2 --separate-stderr "$root/make/install-packages.sh" bash no-such-package
    [[ $output == "sudo apt-get update && sudo apt-get install --no-install-recommends no-such-package" ]]
    [[ $stderr != *"apt-get was called"* ]]
}

@test "missing packages are installed in one go, without a question and without recommendations" {
    mkdir fake
    printf '#!/bin/bash\necho 0\n' >fake/id
    # shellcheck disable=SC2016
    printf '#!/bin/bash\necho "$DEBIAN_FRONTEND $*" >> %q\n' "$PWD/calls" >fake/apt-get
    chmod +x fake/*
    PATH=$PWD/fake:$PATH
    run -0 "$root/make/install-packages.sh" bash no-such-package no-other-package
    [[ $(<calls) == *"update -qq"*"noninteractive install -y"*"--no-install-recommends no-such-package no-other-package" ]]
    [[ $(<calls) != *bash* ]]
}

# "-o all": the tools are built already, perhaps with other flags than this make knows.
@test "install puts every tool and page in place, and uninstall takes away just those" {
    mkdir -p "dest dir/usr/bin"
    touch "dest dir/usr/bin/not-ours"
    run -0 make -C "$root" -o all install "DESTDIR=$PWD/dest dir" PREFIX=/usr
    for tool in "$root"/tools/*.*; do
        tool=$(basename "${tool%.*}")
        [[ -x "dest dir/usr/bin/$tool" ]] || fail "$tool is not installed"
        run -0 "dest dir/usr/bin/$tool" --version
    done
    for page in "$root"/man/*.[1-9]; do
        [[ -f "dest dir/usr/share/man/man${page##*.}/${page##*/}" ]] || fail "$page is not installed"
    done
    [[ -f "dest dir/usr/share/doc/patchpipe/LICENSE" ]]
    # The tools find their data from where they are.
    echo '{"type":"fx","track":"master","plugin":"ReaEQ"}' | "dest dir/usr/bin/song-write" -o out.rpp
    grep -q reaeq.dll out.rpp

    run -0 make -C "$root" uninstall "DESTDIR=$PWD/dest dir" PREFIX=/usr
    [[ $(find "dest dir" -type f) == "dest dir/usr/bin/not-ours" ]]
    [[ ! -e "dest dir/usr/share/doc/patchpipe" && ! -e "dest dir/usr/share/patchpipe" ]]
}

@test "the installed documents have no link to a file that is not installed" {
    run -0 make -C "$root" -o all install "DESTDIR=$PWD/dest" PREFIX=/usr
    cd dest/usr/share/doc/patchpipe
    for document in README.md SECURITY.md; do
        # In the sources they link to other files, and otherwise have the same text.
        grep -qE '\]\((man|tests|CONTRIBUTING)' "$root/$document"
        unlinked() { sed -E 's/\[([^]]*)\]\([^)]*\)/\1/g' "$1"; }
        diff <(unlinked "$root/$document") <(unlinked "$document")
        while read -r target; do
            [[ $target == https://* || -e $target ]] || fail "$document: $target"
        done < <(grep -oE '\]\([^)]*\)' "$document" | sed 's/^](//; s/[#)].*//')
    done
    grep -qF '[SECURITY.md](SECURITY.md)' README.md
}

@test "install-strip installs the same without debug information, and leaves the build as it is" {
    run -0 make -C "$root" -o all install-strip "DESTDIR=$PWD/dest dir" PREFIX=/usr
    for tool in "$root"/tools/*.cpp; do
        tool=$(basename "$tool" .cpp)
        readelf -W -S "$root/build/bin/$tool" | grep -q ' \.debug_info '
        readelf -W -S "dest dir/usr/bin/$tool" >sections
        ! grep -qE ' \.(debug_|symtab)' sections || fail "$tool is not stripped"
        run -0 "dest dir/usr/bin/$tool" --version
    done
    run -0 "dest dir/usr/bin/render-presets" --version
    # The functions that plug-ins find in the executable are still there.
    for when in "$root/build/bin" "dest dir/usr/bin"; do
        nm -D --defined-only "$when/render-one" | sed 's/^[^ ]* //' | sort >>shown
    done
    grep -q ' clock_gettime$' shown
    [[ -z $(uniq -u <<<"$(sort shown)") ]]
    run -0 make -C "$root" uninstall "DESTDIR=$PWD/dest dir" PREFIX=/usr
    [[ -z $(find "dest dir" -type f) ]]
}

# few_sources NAME...: leaves of the sources in each folder of lib/, and of the tests' programs and
# fuzz targets, the first, which shows the folder's flags, those that make's rules name, and these; with
# THOROUGH=1 all.
few_sources() {
    [[ -z ${THOROUGH:-} ]] || return 0
    local folder
    { grep -ohE '[a-z0-9_]+\.cpp' make/*.mk && printf '%s.cpp\n' "$@"; } | sort -u >../stay
    for folder in lib/*/ tests/programs/ tests/fuzz/; do
        printf '%s\n' "$folder"*.cpp | tail -n +2 | grep -vwFf ../stay | xargs -r rm
    done
}

# A copy of what is built, in which a compiler only writes down how it was called and makes an output
# that can be run. It fails while there is a file ../fake/fail.
pretend() {
    mkdir -p fake tree/lib tree/tools tree/tests tree/.git
    local name
    for name in g++ clang++ cc ccache; do
        cat >"fake/$name" <<'END'
#!/bin/sh
echo "${0##*/} $*" >>"${0%/*}/log"
[ ! -e "${0%/*}/fail" ] || exit 1
while [ "$1" != -o ]; do shift; done
echo '#!/bin/sh' >"$2"
case $2 in *.o) ;; *) chmod +x "$2" ;; esac
END
        chmod +x "fake/$name"
    done
    log=$PWD/fake/log
    PATH=$PWD/fake:$PATH
    cd tree || return
    cp -r "$root"/{Makefile,VERSION,make,man,examples,README.md,SECURITY.md,LICENSE} .
    cp -r "$root"/lib/{audio,base,driver,juce,midi,shown} lib
    install -D -t lib/logic "$root"/lib/logic/logic.h
    few_sources error fade lv2_state meter track
    cp "$root"/tools/{job-grid.cpp,render-one.cpp,render-presets.sh} tools
}

# pretend_make [ARGUMENT...]: make, one process at a time; $commands has the compilers' calls, sorted.
pretend_make() {
    : >"$log"
    run -0 make -j1 "$@"
    commands=$(sort "$log")
}

# What the commands made, a word each, in the order of their names.
made() { sed 's|.* -o build/||; s| .*||' <<<"$commands" | sort | xargs; }

@test "the user's flags come after ours in every command" {
    pretend
    cp -r "$root"/tests/{programs,plugins,fuzz} tests
    cp -r "$root"/{lib,shell} .
    few_sources cbor
    pretend_make all test-programs test-plugins fuzz-targets CPPFLAGS=-DFIRST CXXFLAGS=-DSECOND \
        CFLAGS=-DSECOND LDFLAGS=-LTHIRD LDLIBS=-lfourth
    grep -q '^g++ .* -o build/juce/juce_core/juce_core.o ' <<<"$commands"
    grep -q '^clang++ .* -o build/fuzz/cbor ' <<<"$commands"
    while read -r command; do
        [[ $command == *" -DFIRST -DSECOND -c -o "* || $command == *" -DFIRST -DSECOND -LTHIRD -o "* ]] ||
            fail "$command"
        [[ $command != *" -O2 -g"* ]] || fail "$command"
    done <<<"${commands// -U_FORTIFY_SOURCE -c/ -c}"
    for linked in bin/render-one tests/audio-reader fuzz/cbor shell/patchpipe-shell.so; do
        grep -q -- " -o build/$linked .* -lfourth$" <<<"$commands"
    done
    # The functions for plug-ins are exported even if the user has flags for the linker.
    grep -q -- ' -Wl,--dynamic-list=lib/shown/symbols.list .* -o build/bin/render-one ' <<<"$commands"
    ! grep -- ' -Wl,--dynamic-list=.* -o build/bin/job-grid ' <<<"$commands" || false
}

@test "the compiler is the environment's or the command line's, else g++" {
    pretend
    pretend_make build/lib/base/error.o build/juce/juce_events/juce_events.o
    [[ $(grep -c '^g++ ' <<<"$commands") == 2 ]]
    CXX=clang++ pretend_make build/lib/base/error.o build/juce/juce_events/juce_events.o
    [[ $(grep -c '^clang++ ' <<<"$commands") == 2 ]]
    CXX=clang++ pretend_make build/lib/base/error.o CXX="ccache g++"
    [[ $commands == "ccache g++ "* ]]
}

@test "warnings are errors in a git checkout, not in a release, and never with WERROR=" {
    pretend
    pretend_make build/lib/base/error.o
    [[ $commands == *" -Wextra -Werror "* ]]
    pretend_make build/lib/base/error.o WERROR=
    [[ $commands == *" -Wextra "* && $commands != *-Werror* ]]
    rmdir .git
    pretend_make -B build/lib/base/error.o
    [[ $commands == *" -Wextra "* && $commands != *-Werror* ]]
    pretend_make build/lib/base/error.o WERROR=-Werror
    [[ $commands == *" -Wextra -Werror "* ]]
}

@test "another _FORTIFY_SOURCE of the user's replaces ours, and lib/shown has none" {
    pretend
    pretend_make all CPPFLAGS=-D_FORTIFY_SOURCE=2
    ours=$(grep ' -Ilib ' <<<"$commands")
    [[ $ours == *" -D_FORTIFY_SOURCE=2 "* && $ours != *_FORTIFY_SOURCE=3* ]]
    ! grep ' lib/shown/' <<<"$ours" | grep -v ' -D_FORTIFY_SOURCE=2 -U_FORTIFY_SOURCE -c ' || false
    pretend_make build/lib/base/error.o
    [[ $commands == *" -D_FORTIFY_SOURCE=3 "* ]]
    pretend_make build/lib/base/error.o CXXFLAGS="-O2 -O0"
    [[ $commands != *_FORTIFY_SOURCE* ]]
}

@test "changed flags rebuild only the files that they concern" {
    pretend
    pretend_make all
    everything=$(made)
    [[ $everything == *bin/job-grid*juce/juce_core/juce_core.o*lib/audio/meter.o*tools/render-one.o* ]]
    pretend_make all
    [[ -z $commands && $output == *"Nothing to be done"* ]]
    # The rules themselves, a cache in front of the compiler and a dry run change no flag.
    touch Makefile make/* VERSION
    pretend_make all
    [[ -z $commands ]]
    pretend_make all CXX="ccache g++"
    [[ -z $commands ]]
    pretend_make -n all CXXFLAGS=-O1
    [[ $output == *"-O1"* ]]
    pretend_make all
    [[ -z $commands ]]

    pretend_make all LDFLAGS=-Lfolder
    [[ $(made) == "bin/job-grid bin/render-one" ]]
    pretend_make all LDFLAGS=-Lfolder
    [[ -z $commands ]]
    pretend_make all
    pretend_make all CXXFLAGS="-O2 -g -DTEXT='\"a b\"'"
    [[ $(made) == "$everything" ]]
    pretend_make all CXXFLAGS="-O2 -g -DTEXT='\"a b\"'"
    [[ -z $commands ]]
    pretend_make all
    [[ $(made) == "$everything" ]]

    sed -i 's/-fno-trapping-math/& -DLOOPS/' make/build.mk
    pretend_make all
    [[ $(made) == "bin/job-grid bin/render-one $(xargs -n 1 <<<"$everything" | grep ^lib/audio/ | xargs)" ]]
    # JUCE's own flags concern JUCE and the folders that see its headers.
    sed -i 's/-DJUCE_USE_CURL=0/& -DJUCE_OTHER=1/' make/juce.mk
    pretend_make all
    [[ $(made) == *juce/juce_gui_basics/juce_gui_basics.o*lib/juce/lv2_state.o*lib/midi/track.o ]]
    [[ $(made) != *lib/audio/* && $(made) != *lib/base/* && $(made) != *tools/* ]]
    # A source that is gone is not in the archive any more.
    rm lib/audio/meter.cpp
    pretend_make all
    ! ar t build/libpatchpipe.a | grep -x meter.o || false
}

# A folder with a library of its own, a tool that uses it, another tool that needs a library, and a driver
# that runs both.
made_up_family() {
    mkdir lib/made-up
    touch lib/made-up/made_up.{cpp,h} man/made-up-{play,draw,drive}.1
    echo '# Needs made-up-play made-up-draw.' >tools/made-up-drive.sh
    echo '#include "made-up/made_up.h"' >tools/made-up-play.cpp
    touch tools/made-up-draw.cpp
    families="FAMILIES=lib/made-up:made-up-sound:libmade-up-dev tools/made-up-draw:made-up-ink:libink-dev"
}

@test "tools whose library is missing are left out, and the build names the package" {
    pretend
    made_up_family
    pretend_make all "$families"
    [[ $(made) == bin/job-grid\ bin/render-one\ * && $(made) != *made-up* ]]
    [[ $output == *"LEFT OUT lib/made-up made-up-play made-up-drive: pkg-config does not find made-up-sound; install libmade-up-dev"* ]]
    [[ ${lines[-1]} == "LEFT OUT made-up-draw made-up-drive: pkg-config does not find made-up-ink; install libink-dev" ]]
    # And the tools say what is missing, compiled or not.
    grep -q -- ' -DPATCHPIPE_LEFT_OUT=", without made-up, made-up-draw" .* -o build/lib/base/version.o ' <<<"$commands"
    [[ $(build/bin/render-presets --version) == *" (patchpipe) $(<VERSION), without made-up, made-up-draw" ]]
    pretend_make install "$families" "DESTDIR=$PWD/dest"
    [[ -x dest/usr/local/bin/job-grid && -f dest/usr/local/share/man/man1/job-grid.1 ]]
    [[ -z $(find dest -name '*made-up*') ]]
}

@test "the demo ends with what its build left out" {
    pretend
    made_up_family
    printf '#!/bin/bash\n' >make/install-packages.sh
    printf '#!/bin/bash\necho rendered\n' >make/demo.sh
    run -0 make -j1 demo "$families"
    [[ ${lines[-3]} == rendered && ${lines[-2]} == "LEFT OUT lib/made-up "* && ${lines[-1]} == "LEFT OUT made-up-draw "* ]]
}

@test "with its library a family is built with the flags that pkg-config gives" {
    pretend
    made_up_family
    mkdir pc
    for module in made-up-sound made-up-ink; do
        printf '%s\n' "Name: $module" 'Description: -' 'Version: 1' "Cflags: -DWITH_$module" "Libs: -l$module" >"pc/$module.pc"
    done
    export PKG_CONFIG_PATH=$PWD/pc
    pretend_make all "$families"
    [[ $output != *"LEFT OUT"* && $(build/bin/render-presets --version) == *" $(<VERSION)" ]]
    grep -q -- ' -DPATCHPIPE_LEFT_OUT="" ' <<<"$commands"
    grep -q ' -DWITH_made-up-sound .* -o build/lib/made-up/made_up.o ' <<<"$commands"
    ! grep -- ' -DWITH_made-up.* -o build/lib/base/' <<<"$commands" || false
    grep -q ' -DWITH_made-up-ink .* -o build/tools/made-up-draw.o ' <<<"$commands"
    grep -q -- ' -o build/bin/made-up-play .* -lmade-up-sound' <<<"$commands"
    pretend_make install "$families" "DESTDIR=$PWD/dest"
    [[ -x dest/usr/local/bin/made-up-play && -x dest/usr/local/bin/made-up-drive && -f dest/usr/local/share/man/man1/made-up-draw.1 ]]
    # uninstall removes them even if the library is gone.
    unset PKG_CONFIG_PATH
    pretend_make uninstall "DESTDIR=$PWD/dest"
    [[ -z $(find dest -type f) ]]
}

@test "a family without a module of pkg-config is found by a header" {
    pretend
    made_up_family
    families=FAMILIES=lib/made-up:made-up/sound.h:libmade-up-dev
    pretend_make all "$families"
    [[ $output == *"LEFT OUT lib/made-up made-up-play made-up-drive: there is no made-up/sound.h; install libmade-up-dev"* ]]
    mkdir -p headers/made-up
    touch headers/made-up/sound.h
    pretend_make all "$families" "HEADER_FOLDERS=/usr/include $PWD/headers"
    [[ $output != *"LEFT OUT"* && $(made) == *lib/made-up/made_up.o* ]]
}

@test "the packages of families are installed to build and to check, unless the core alone is wanted" {
    pretend
    printf '#!/bin/bash\necho "$*" >>../packages\n' >make/install-packages.sh
    made_up_family
    run -0 make deps "$families"
    [[ $(tail -n 1 ../packages) == *" libmade-up-dev libink-dev"* ]]
    run -0 make deps "$families" FAMILY_PACKAGES=
    [[ $(tail -n 1 ../packages) != *libmade-up-dev* && $(tail -n 1 ../packages) == *g++* ]]
    run -0 make check-deps "$families"
    [[ $(tail -n 1 ../packages) == *" libmade-up-dev libink-dev"* ]]
}

@test "with UNITY=1 a folder is one unit, and what is built goes on as it was begun" {
    pretend
    pretend_make all UNITY=1
    unit=build/unity/lib/audio/unit.cpp
    sources() { printf '#include "%s"\n' lib/audio/*.cpp | grep -v /audio_format.cpp; }
    diff <(sources) $unit
    [[ $(made) == *unity/lib/audio/unit.o* && $(made) != *lib/audio/meter.o* ]]
    # These two have their own objects in either way.
    [[ $(made) == *lib/audio/audio_format.o* && $(made) == *lib/base/version.o* ]]
    pretend_make all
    [[ -z $commands ]]
    rm lib/audio/meter.cpp
    pretend_make all
    [[ $(made) == "bin/job-grid bin/render-one unity/lib/audio/unit.o" ]]
    diff <(sources) $unit
    pretend_make all UNITY=
    [[ $(made) == *lib/audio/fade.o* && $(made) != *unity* && $(made) != *juce_core* ]]
    mapfile -t answers < <(some 2 '' no 0)
    for one_by_one in "${answers[@]}"; do
        rm -r build
        pretend_make all "UNITY=$one_by_one"
        [[ $(made) == *lib/audio/fade.o* && $(made) != *unity* ]]
        pretend_make all
        [[ -z $commands ]]
    done
    # Also where it was ended early.
    rm -r build
    touch ../fake/fail
    run -2 make -j1 all UNITY=1
    rm ../fake/fail
    pretend_make all
    [[ $(made) == *unity/lib/audio/unit.o* ]]
}

@test "a unit whose sources are known from before is compiled again by itself" {
    pretend
    cp -r "$root"/tests/{programs,plugins,fuzz} tests
    cp -r "$root"/{lib,shell} .
    units=(build/fuzz/unity/lib/base/unit build/unity/shell/unit)
    pretend_make "${units[@]/%/.o}" UNITY=1
    for unit in "${units[@]}"; do echo "$unit.o: lib/base/error.cpp" >"$unit.d"; done
    touch lib/base/error.cpp
    pretend_make "${units[@]/%/.o}" UNITY=1
    (($(grep -cE ' -o build/[^ ]*/unit.o [^ ]*/unit.cpp$' <<<"$commands") == 2))
}

@test "who builds from nothing to try or to check the kit builds units" {
    pretend
    for script in make/install-packages.sh make/demo.sh tests/run; do
        printf '#!/bin/bash\n' >$script
        chmod +x $script
    done
    for goal in demo check; do
        rm -rf build
        pretend_make $goal UNITY=
        [[ $(made) == *lib/audio/fade.o* && $(made) != *unity* ]]
        pretend_make $goal
        [[ -z $commands ]]
        rm -rf build
        pretend_make $goal
        [[ $(made) == *unity/lib/audio/unit.o* ]]
    done
}

@test "another version compiles one unit and links the tools" {
    pretend
    pretend_make all
    echo 9.8.7 >VERSION
    pretend_make all
    [[ $(made) == "bin/job-grid bin/render-one lib/base/version.o" ]]
    [[ $commands == *"-DPATCHPIPE_VERSION=\"9.8.7\" "* ]]
    [[ $(build/bin/render-presets --version) == *9.8.7 ]]
}

@test "JUCE's longest units start first" {
    pretend
    pretend_make all
    run -0 sed -n '1,2s/.* -o //p' "$log"
    [[ ${lines[0]} == *juce_gui_basics.cpp && ${lines[1]} == *juce_audio_processors.cpp ]]
}

@test "dist packs what is committed, and the same bytes again" {
    clone_with_dist
    archive=build/patchpipe-$(<VERSION).tar.gz
    [[ $output == "$archive" ]]
    first=$(md5sum <"$archive")
    run -0 make dist
    [[ $(md5sum <"$archive") == "$first" ]]
    diff <(tar -tf "$archive" | grep -v '/$' | sed 's|^[^/]*/||' | sort) <(git ls-files | sort)
}

@test "dist packs the same bytes in another folder, at another time, for another user" {
    clone_with_dist
    umask 077
    mkdir -p "$BATS_TEST_TMPDIR/other/deeper"
    git clone -q "$PWD" "$BATS_TEST_TMPDIR/other/deeper/clone"
    name=patchpipe-$(<VERSION)
    here=$PWD/build
    cd "$BATS_TEST_TMPDIR/other/deeper/clone"
    # With other file times, another time zone and language, and another configuration of git.
    touch -d 2001-02-03 ./*
    git config tar.umask user
    git config core.abbrev 12
    TZ=Asia/Tokyo LC_ALL=C USER=other make dist
    cmp "$here/$name.tar.gz" "build/$name.tar.gz"
    tar --numeric-owner -tvf "build/$name.tar.gz" >list
    run -0 awk '{print $2}' list
    [[ $(sort -u <<<"$output") == 0/0 ]]
    [[ $(grep -v '^l' list | cut -c5-10 | sort -u | xargs) == 'r--r-- r-xr-x' ]]
}

@test "dist has a checksum and the packages that it can be built with" {
    clone_with_dist
    cd build
    run -0 sha256sum -c "patchpipe-$(<../VERSION).sha256"
    [[ ${#lines[@]} == 2 ]]
    grep -qE '^libsndfile1-dev [0-9]' ./*.packages
    grep -qE '^g\+\+ [0-9]' ./*.packages
    grep -qE '^juce-modules-source-data [0-9]' ./*.packages
}

@test "the tools name no folder, date or user of their build" {
    without_sanitizers "these are for the machine that they are built on"
    for tool in "$bin"/*; do
        ! grep -qF "$root" "$tool" || fail "$tool: names $root"
    done
}

@test "dist refuses a tree with changes" {
    clone
    touch forgotten
    run -2 --separate-stderr make dist
    [[ $stderr == *"commit them first"*forgotten* ]]
    [[ -z $output && ! -e build ]]
}

@test "a tool that hosts no plug-in links no GUI code and no library for it" {
    while read -r tool; do
        echo "tool: $tool"
        run -0 nm -C "$tool"
        [[ $output == *" main"* ]]
        [[ $output != *"juce::Component"* && $output != *"juce::AudioProcessor"* ]]
        run -0 ldd "$tool"
        [[ $output != *libfreetype* && $output != *libX11* && $output != *libpng* ]]
        # song-draw's library for text comes with them.
    done < <(grep -LE '#include "(isolation|juce|job|shown|draw)/' "$root"/tools/*.cpp | sed "s|.*/|$bin/|; s|\.cpp||")
}

@test "a tool with JUCE weighs less than 8 MB, and all tools less than 50 MB" {
    without_sanitizers "these weigh more"
    for tool in "$root"/tools/*.cpp; do
        tool=$(basename "$tool" .cpp)
        strip -o "$tool" "$bin/$tool"
        (($(stat -c %s "$tool") < 8000000)) || fail "$(stat -c '%n %s' "$tool")"
    done
    (($(cat ./* | wc -c) < 50000000))
}

@test "the tools are built and linked so that mistakes in memory are harder to abuse" {
    without_sanitizers "these have their own"
    for tool in "$root"/tools/*.cpp; do
        tool=$bin/$(basename "$tool" .cpp)
        echo "tool: $tool"
        readelf -W -h -l -d --dyn-syms "$tool" >elf
        grep -q 'Type: *DYN (Position-Independent Executable file)' elf
        grep -q 'GNU_RELRO' elf
        grep -q 'FLAGS).*BIND_NOW' elf
        grep -q 'FLAGS_1).*NOW.*PIE' elf
        grep -q 'GNU_STACK .* RW ' elf
        ! grep -q TEXTREL elf || fail "has text relocations"
        ! grep -q ' LOAD .* RWE ' elf || fail "has memory that is written to and run"
        grep -q '__stack_chk_fail' elf
        # FORTIFY leaves no mark of its own, but only it makes the compiler call these functions.
        grep -qE '__(memcpy|memset|memmove|snprintf|vsnprintf|sprintf|read|pread64|fprintf|printf|realpath)_chk' elf
    done
}

@test "code that is jumped to begins with endbr64, and large frames touch their pages, on x86-64" {
    without_sanitizers "these are built for something else"
    [[ $(uname -m) == x86_64 ]] || skip "a matter of x86-64"
    some 1 render-one plugin-probe >tools
    while read -r tool; do
        objdump -d --no-show-raw-insn "$bin/$tool" >code
        # main, like every function whose address is taken.
        grep -A1 '<main>:$' code | grep -q endbr64
        (($(grep -c endbr64 code) > 500))
        grep -q 'orq *\$0x0,(%rsp)' code
    done <tools
}

@test "what plug-ins find in place of the C library's functions includes their checking forms" {
    libc=$(ldd "$bin/render-one" | sed -n 's/.*libc\.so\.6 => \([^ ]*\) .*/\1/p')
    nm -D --defined-only "$libc" | sed 's/.* //; s/@.*//' | sort -u >theirs
    sed '/\/\*/,/\*\//d' "$root/lib/shown/symbols.list" | grep -oE '\b_*[a-zA-Z][a-zA-Z0-9_]*;' | tr -d ';' | sort -u >ours
    (($(wc -l <ours) > 50))
    grep -qx __poll_chk theirs
    mapfile -t names <ours
    for name in "${names[@]}"; do
        for form in "__${name}_chk" "__${name}_2"; do
            ! grep -qx "$form" theirs || grep -qx "$form" ours || fail "$form is the C library's"
        done
    done
    # And the tools that open plug-ins have all of them; with the sanitizers, which have a malloc of
    # their own, all but those of memory.cpp.
    [[ -z ${PATCHPIPE_SANITIZE:-} ]] || sed -i -E '/^(malloc|realloc|memalign|aligned_alloc|posix_memalign|p?valloc)$/d' ours
    nm -D --defined-only "$bin/render-one" | sed 's/.* //; s/@.*//' | sort -u >shown
    [[ -z $(comm -23 ours shown) ]] || fail "not shown: $(comm -23 ours shown | xargs)"
}

# Writes a test file for the runner from standard input. The + prevents bats from finding its tests
# in this file.
sample() { sed 's/^+//' >tests/lib/sample.bats; }

@test "the runner counts what passed, failed and was skipped" {
    unset PATCHPIPE_SANITIZE
    mkdir -p tests/lib
    cp "$root"/tests/{run,run-file,watchdog.py,helper.bash} tests
    sample <<'END'
+@test "passes" { true; }
+@test "fails" { false; }
+@test "is skipped" { skip "for a reason"; }
END
    run -1 tests/run
    [[ ${lines[-1]} == "2 passed, 1 failed, 1 skipped" ]]
    run -0 bash -c "sed -i /fails/d tests/lib/sample.bats && tests/run sample && tests/run lib"
    [[ ${lines[-1]} == "2 passed, 0 failed, 1 skipped" ]]
    sample <<<'+@test "is no test'
    run -1 tests/run
    run -2 tests/run no-such-name
    mkdir tests/fork
    mv tests/lib/sample.bats tests/fork
    PATCHPIPE_SANITIZE=1 run -2 tests/run fork
}

@test "the runner counts a file that was not run to its end as failed" {
    unset PATCHPIPE_SANITIZE
    mkdir -p tests/lib
    cp "$root"/tests/{run,run-file,watchdog.py,helper.bash} tests
    sample <<<'+@test "ends the runner of its file" { pkill -KILL -f "run-file $PATCHPIPE_RUN"; }'
    run -1 tests/run
    [[ $output == *"not ok lib/sample.bats was not run to its end"* && ${lines[-1]} == *", "[12]" failed" ]]
}

@test "a case that fails among those at once fails its test, and is shown" {
    unset PATCHPIPE_SANITIZE
    mkdir -p tests/lib
    cp "$root"/tests/{run,run-file,watchdog.py,helper.bash} tests
    sample <<'END'
+load ../helper
+try() { echo "trying $1"; [[ $1 != bad ]]; touch "$BATS_TEST_TMPDIR/$1.tried"; }
+@test "good" { cases try one 'two three'; at_once; [[ -e one.tried && -e two.tried ]]; cases try four; at_once; }
+@test "bad" { cases try one bad two; at_once; }
+@test "none" { at_once; }
END
    run -1 tests/run
    [[ $output == *"ok 1 good"*"not ok 2 bad"*"try bad fails:"*"trying bad"*"not ok 3 none"* ]]
    [[ $output != *"try one fails"* && ${lines[-1]} == "2 passed, 2 failed" ]]
}

@test "the runner fails when a test leaves a process or a file behind, and ends the process" {
    unset PATCHPIPE_SANITIZE
    mkdir -p tests/lib
    cp "$root"/tests/{run,run-file,watchdog.py,helper.bash} tests
    # shellcheck disable=SC2016
    leave=('sleep 1234567 3>&- &' 'touch "$TMPDIR/left-behind";') told=('sleep 1234567' /left-behind)
    finds() {
        cp -r ../tests .
        sample <<<"+@test \"leaves it\" { ${leave[$1]} }"
        run -1 tests/run
        [[ $output == *"#   "*"${told[$1]}"* && $output == *"1 passed, 1 failed"* ]]
    }
    cases finds 0 1
    at_once
    run -1 pgrep -f "^sleep 1234567"
}

@test "the runner ends a test that takes too long, whatever it waits for, and goes on" {
    unset PATCHPIPE_SANITIZE
    mkdir -p tests/lib
    cp "$root"/tests/{run,run-file,watchdog.py,helper.bash} tests
    # Each in a file of its own with one that passes. They wait beside each other: tests/run asks nproc,
    # which heeds the variable.
    for test in 'waits for a command" { sleep 7654321; }' \
        'waits for a process in the background" { sleep 7654322 & wait; }' \
        "waits within run\" { run bash -c 'sleep 7654323; true'; }" \
        "waits for a process that ignores signals\" { bash -c 'trap \"\" TERM INT HUP USR1 ABRT; sleep 7654324; sleep 7654325'; }" \
        'never stops trying" { while true; do sleep 0.2 || true; done; }'; do
        sample <<<"load ../helper"$'\n'"+@test \"$test"$'\n''+@test "passes" { true; }'
        mv tests/lib/sample.bats "tests/lib/sample$((++i)).bats"
    done
    OMP_NUM_THREADS=$i TEST_SECONDS=2 run -1 tests/run
    [[ ${lines[-1]} == "6 passed, 5 failed" ]]
    [[ $(grep -c '^# took too long and was ended$' <<<"$output") == 5 ]]
    run -1 pgrep -f "^sleep 765432"
}

@test "a process that a test leaves behind with bats' output open does not stop the runner" {
    unset PATCHPIPE_SANITIZE
    mkdir -p tests/lib
    cp "$root"/tests/{run,run-file,watchdog.py,helper.bash} tests
    sample <<<'+@test "leaves a process" { sleep 7654326 & }'
    TEST_SECONDS=2 run tests/run sample
    # Newer versions of bats may end it themselves.
    [[ $output == *"#   "*"sleep 7654326"* && ${lines[-1]} == "1 passed, 1 failed" ||
        ${lines[-1]} == "2 passed, 0 failed" ]]
    run -1 pgrep -f "^sleep 7654326"
}

@test "the runner fails when a sanitizer has found something in a process that nobody heard" {
    mkdir -p tests/lib
    cp "$root"/tests/{run,run-file,watchdog.py,helper.bash} tests
    echo 'int main(int argc, char**) { return __INT_MAX__ + argc; }' >overflow.cpp
    g++ -fsanitize=undefined -o overflow overflow.cpp
    sample <<END
+load ../helper
+@test "does not look at the status" { $PWD/overflow 2>/dev/null || true; }
END
    PATCHPIPE_SANITIZE=1 run -1 tests/run sample
    [[ $output == *"not ok - the sanitizers find nothing"*"signed integer overflow"*"2 passed, 1 failed" ]]
}
