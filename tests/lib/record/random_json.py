#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: random_json.py COUNT

Writes COUNT objects of random JSON, each followed by a NUL: white space of every kind between any
two tokens, runs of backslashes and quotes at any distance from a multiple of 64 bytes, the block
size of parsers, and a wrong byte in every tenth. One has a megabyte. The same bytes every time.
"""

import random
import sys

ESCAPES = ['\\"', "\\\\", "\\/", "\\n", "\\u0041", "\\u00e9", "\\ud83d\\ude00"]
PLAIN = ["a", "{", "}", "[", "]", ":", ",", " ", "é", "😀", "0", "x" * 61]
NUMBERS = ["0", "-0", "-1.5e-3", "12345678901234567890", "1E+2", "0.1"]


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def space(self):
        return "".join(self.random.choices(" \t\r\n", k=self.random.choice([0, 0, 0, 1, 2, 70])))

    def string(self, parts=None):
        parts = parts or ESCAPES + PLAIN
        run = "" if parts is PLAIN else "\\\\" * self.random.choice([0, 0, 1, 31, 32, 33])
        return '"' + "".join(self.random.choices(parts, k=self.random.randrange(9))) + run + '"'

    def listed(self, opening, closing, items):
        parts = [self.space() + item + self.space() for item in items]
        return opening + (",".join(parts) or self.space()) + closing

    def value(self, depth):
        kind = self.random.randrange(6 if depth else 4)
        if kind == 4:
            return self.listed("[", "]", [self.value(depth - 1) for _ in range(self.random.randrange(5))])
        if kind == 5:
            return self.object(depth - 1, self.random.randrange(5))
        return [self.string, self.string, lambda: self.random.choice(NUMBERS),
                lambda: self.random.choice(["true", "false", "null"])][kind]()

    def object(self, depth, members):
        parts = PLAIN if self.random.random() < 0.5 else ESCAPES + PLAIN
        keys = [f'"{n}' + self.string(parts)[1:] for n in range(members)]
        return self.listed("{", "}", [key + self.space() + ":" + self.space() + self.value(depth) for key in keys])

    def damaged(self, data):
        data = bytearray(data)
        data[self.random.randrange(len(data))] = self.random.choice(b'"\\{}[]:, 0a')
        return bytes(data)


def main():
    for seed in range(int(sys.argv[1])):
        writer = Writer(seed)
        data = (writer.space() + writer.object(5, writer.random.randrange(12)) + writer.space()).encode()
        sys.stdout.buffer.write((writer.damaged(data) if seed % 10 == 9 else data) + b"\0")
    large = Writer(-1)
    sys.stdout.buffer.write(large.listed("[", "]", [large.object(3, 8) for _ in range(600)]).encode() + b"\0")


main()
