# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds logic libraries for tests.

# shellcheck disable=SC2154
header=-I$built/include

# The four examples that are the same, in one folder for all tests of a file.
build_tones() {
    make -s -f "$root/examples/logic/Makefile" "CPPFLAGS=$header" CFLAGS='-O2 -Wall -Wextra -Wno-unused-parameter -Werror'
}

# corners FILE [FLAG]...: the library that shows what it was given (corners.c).
corners() { gcc -std=c11 -Wall -Wextra -Werror -Wno-override-init -shared -fPIC -fvisibility=hidden -o "$@" "$header" "$root/tests/lib/logic/corners.c"; }

# corners_cpp FILE [FLAG]... with C++ on standard input: corners.c and that as one library.
corners_cpp() {
    gcc -std=c11 -fPIC -fvisibility=hidden "$header" -c -o corners.o "$root/tests/lib/logic/corners.c"
    g++ -std=c++20 -shared -fPIC -o "$1" "${@:2}" corners.o -x c++ -
}

# canary FILE: its numbers as JSON, read by another program.
canary() {
    readelf -nW "$1" | sed -n 's/.*description data: //p' | tail -n 1 |
        /usr/bin/python3 -c 'import struct, sys, json
data = bytes.fromhex(sys.stdin.read())
print(json.dumps(struct.unpack("<%dI" % (len(data) // 4), data)))'
}

# with_canary FILE {NEW PYTHON}...: copies whose canary, the list c, was changed by that statement.
with_canary() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import struct, sys
whole = open(sys.argv[1], "rb").read()
at = whole.index(b"patchpipe\0\0\0") + 12
size, = struct.unpack_from("<I", whole, at - 20)
for name, statement in zip(sys.argv[2::2], sys.argv[3::2]):
    data = bytearray(whole)
    c = list(struct.unpack_from("<%dI" % (size // 4), data, at))
    exec(statement)
    struct.pack_into("<I", data, at - 20, 4 * len(c))
    struct.pack_into("<%dI" % len(c), data, at, *c)
    open(name, "wb").write(data)
PYTHON
}
