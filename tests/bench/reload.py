# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a file that is written to the first sample of the new sound: play-one --watch.

The audio goes to standard output, which is read at its rate. A pipe holds 4096 bytes at least,
which would be heard late: the builds have 16 channels, so that it holds 64 frames, a millisecond
and a half. Each build is a constant level, and the first sample of another level is the first new
one. The time begins at close() of the file.
"""

import fcntl
import json
import os
import pathlib
import struct
import subprocess
import sys
import threading
import time

from measure import BUILD, prepare, say, size, spread, target, word, workplace, write

RATE = 44100
CHANNELS = 16
FRAMES = 32  # that are read at once
RELOADS = size(40, 8)

LOGIC = """#include <patchpipe/logic.h>
static void* create(void) { static int one; return &one; }
static void destroy(void* self) { (void)self; }
static int32_t reset(void* self, const struct patchpipe_setup* setup) {
    (void)self; (void)setup;
    return 1;
}
static int32_t process(void* self, const struct patchpipe_block* block) {
    (void)self;
    for (uint32_t channel = 0; channel < %(channels)d; ++channel)
        for (uint32_t i = 0; i < block->frames; ++i) block->outputs[channel][i] = %(level)sf;
    return PATCHPIPE_TAIL;
}
PATCHPIPE_LOGIC_EXPORT = {
    .size = sizeof(struct patchpipe_logic), .epoch = PATCHPIPE_LOGIC_EPOCH, .id = "level",
    .name = "Level", .vendor = "patchpipe", .version = "1", .outputs = %(channels)d,
    .instrument = 1, .create = create, .destroy = destroy, .reset = reset, .process = process,
};
"""
FAUST = "process = %(level)s <: par(i, %(channels)d, _);\n"
COMPILE = f"gcc -std=c11 -O2 -shared -fPIC -fvisibility=hidden -I{word(BUILD / 'include')}"


def text(template, number):
    """A program whose level no other one has."""
    return template % {"channels": CHANNELS, "level": f"{0.1 + 0.01 * number:.3f}"}


class Listener(threading.Thread):
    """Reads what play-one plays, as a sound card would, and notes when the level changes."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process = process
        self.changes = []
        self.start()

    def run(self):
        size_of_block = FRAMES * CHANNELS * 4
        level, due = None, time.perf_counter()
        while block := self.process.stdout.read(size_of_block):
            now = time.perf_counter()
            # The first channel of the last frame.
            heard, = struct.unpack_from("<f", block, len(block) - CHANNELS * 4)
            if heard != level:
                self.changes.append((now, heard))
            level = heard
            due = max(due + FRAMES / RATE, now - 0.05)
            time.sleep(max(0, due - time.perf_counter()))

    def wait_for_level(self, level):
        """Until it is heard without a fade."""
        until = time.perf_counter() + 60
        while time.perf_counter() < until:
            if self.changes and abs(self.changes[-1][1] - level) < 1e-6:
                return
            time.sleep(0.005)
        sys.exit(f"bench: the level {level} was never heard: {self.changes[-3:]}")


def measure(case, plugin, contents, options=""):
    """contents is the file that is written and what it gets each time; the level of the first one
    plays already."""
    file, numbered = contents
    file.write_bytes(numbered(0))
    if file.suffix == ".c":
        prepare(COMPILE + f" -o {plugin} {file}")
    words = f"exec play-one -d - --format f32le -b 32 --fade 0.002 --watch {options} ./{plugin}"
    process = subprocess.Popen(["/bin/bash", "-c", words], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=open("records", "w"), bufsize=0)
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    listener = Listener(process)
    listener.wait_for_level(0.1)
    samples = []
    for number in range(1, RELOADS + 1):
        content = numbered(number)
        time.sleep(0.05)  # past the fade, and the watch at rest
        before = len(listener.changes)
        with open(file, "wb") as out:
            out.write(content)
            out.flush()
            begun = time.perf_counter()
        listener.wait_for_level(0.1 + 0.01 * number)
        samples.append(1000 * (listener.changes[before][0] - begun))
    process.stdin.write(b'{"type":"stop"}\n')
    process.stdin.close()
    process.wait()
    loads = [json.loads(line).get("load_ms") for line in open("records")]
    say(f"{case}: opened in {spread([load for load in loads if load], 'load_ms')}")
    found = spread(samples, "wall_ms")
    write(kind="time", subject="reload", case=case, runs=RELOADS, jobs=1, **found)
    return found


def main():
    with workplace(megabytes=100, files=1000):
        say("reload: making builds")
        for number in range(RELOADS + 1):
            pathlib.Path("level.c").write_text(text(LOGIC, number))
            prepare(COMPILE + f" -o level{number}.so level.c")
        builds = [pathlib.Path(f"level{number}.so").read_bytes() for number in range(RELOADS + 1)]
        found = measure("a logic library is written", "it.so",
                        (pathlib.Path("it.so"), builds.__getitem__))
        target("a build that is written is heard", "poll and settle, 700 ms", "≤", 60,
               found["wall_ms"], unit=" ms", low=found["low"], high=found["high"])
        measure("a Faust program is saved", "it.dsp",
                (pathlib.Path("it.dsp"), lambda number: text(FAUST, number).encode()))
        os.mkdir("work")
        os.chdir("work")
        measure("a C program is saved, --build gcc", "it.so",
                (pathlib.Path("it.c"), lambda number: text(LOGIC, number).encode()),
                f"--build '{COMPILE} -o new.so it.c && mv new.so it.so'")
        os.chdir("..")


main()
