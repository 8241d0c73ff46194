#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: bounded.py COUNT [PARSER]...

Gives each parser COUNT crafted files of up to 100 KB, by the tool that reads them, and holds each to
2 seconds of processor time and 256 MiB. The files are made of tests/fuzz/corpus, the same every
time, in the folder where it is run; one that takes more is left there and named, and the status is 1.
"""

import importlib.util
import os
import pathlib
import random
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CORPUS = HERE.parent / "fuzz" / "corpus"
LARGEST = 100_000  # bytes
MOST_SECONDS, MOST_MIB = 2, 256

# No plug-ins: looking into all that are installed takes seconds, whatever the file.
ALONE = os.environ | dict.fromkeys(("VST_PATH", "VST3_PATH", "LV2_PATH"), "/var/empty")

# By parser: the folder of the corpus, the file's name, and the tool.
PARSERS = {
    "rpp": ("rpp", "a.rpp", "song-read {}"),
    "chain-of-jobs": ("rpp", "a.rpp", "song-jobs -o work --allow-missing {}"),
    "midi": ("midi", "a.mid", "midi-duration {}"),
    "midi-song": ("midi-song", "a.mid", "song-read {}"),
    "text-module": ("text-module", "a.txt", "song-read {}"),
    "modules": (None, "a.it", "song-read --longest 20 {}"),
    "song-records": (None, "a.song", "song-jobs -o work --allow-missing {}"),
    "song-to-midi": (None, "a.song", "song-write -o out.mid"),
    "song-to-rpp": (None, "a.song", "song-write -o out.rpp"),
    "fxp": ("fxp", "a.fxp", "preset-scan --meta {}"),
    "fxb": ("fxb", "a.fxb", "preset-scan --programs {}"),
    "vstpreset": ("vstpreset", "a.vstpreset", "preset-scan --meta {}"),
    "serum": ("xferjson", "a.SerumPreset", "serum-unwrap --to json -o out.json {}"),
    "serum-state": ("juce-state", "a.bin", "serum-unwrap --to json -o out.json {}"),
    "serum-json": ("serum-json", "a.json", "serum-wrap -o out.SerumPreset {}"),
    "turtle": ("turtle", "a.lv2/manifest.ttl", "preset-scan --meta a.lv2"),
    "elf": ("elf", "a.so", "plugin-probe {}"),
    "audio": ("tags", "a.wav", "audio-measure -m all {}"),
    "npy": ("npy", "a.npy", "audio-measure -m all --sample-rate 44100 {}"),
    "records": ("lines", "a.ndjson", "job-grid --note 60"),
}


def hostile():
    spec = importlib.util.spec_from_file_location("make_hostile", HERE / "make-hostile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def song_records():
    """A song of two instruments with what is multiplied: loops, ramps, curves and sends."""
    synth = '"plugin_path":"/usr/lib/vst/amsynth_vst.so","instrument":true'
    return "\n".join([
        '{"type":"song","ticks_per_beat":960}', '{"type":"tempo","beat":0,"bpm":120,"ramp":true}',
        '{"type":"tempo","beat":100,"bpm":60}', '{"type":"track","track":"a","channels":2}',
        '{"type":"fx","fx":"f","track":"a",%s}' % synth, '{"type":"track","track":"b"}',
        '{"type":"fx","fx":"g","track":"b",%s}' % synth,
        '{"type":"send","send":"s","source_track":"a","track":"b","midi":0}',
        '{"type":"item","item":"i","track":"a","beat":0,"beats":64,"loop":true,"source":'
        '{"kind":"midi","beats":1}}',
        '{"type":"note","track":"a","item":"i","beat":0,"beats":0.5,"note":60}',
        '{"type":"envelope","envelope":"e","fx":"f","target":"parameter","parameter":{"index":0},'
        '"points":[[0,0,"slow"],[100,1,"bezier"],[200,0]]}', ""]).encode()


def seeds_of(parser):
    folder = PARSERS[parser][0]
    if folder:
        return [path.read_bytes() for path in sorted((CORPUS / folder).iterdir())]
    if parser == "modules":
        return [data for _, data in hostile().modules()]
    return [song_records()]


def overwrite(data, chance):
    """A size or a count, in either order of its bytes."""
    for _ in range(chance.randint(1, 4)):
        value = chance.choice([b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f",
                               b"\0\0\xff\xff", b"\xff\xff\0\0", b"\xff" * 8, b"\x01", b"\xff"])
        at = chance.randrange(max(1, len(data)))
        data = data[:at] + value + data[at + len(value):]
    return data


def repeat(data, chance):
    """A part again and again."""
    begin, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    part = data[begin:end] or b"["
    return data[:end] + part * max(1, (LARGEST - len(data)) // len(part)) + data[end:]


def repeat_lines(data, chance):
    """Whole lines again and again, with other numbers, so that ids differ."""
    lines = data.splitlines(keepends=True) or [b"\n"]
    begin = chance.randrange(len(lines))
    part = b"".join(lines[begin:begin + chance.randint(1, 4)])
    more, number = [], 0
    while sum(map(len, more[-1:])) and len(more) * len(part) < LARGEST or not more:
        number += 1
        more.append(re.sub(rb'("(?:track|fx|item|send|envelope)":")', rb"\g<1>%d." % number, part)
                    if chance.random() < 0.5 else part)
    return data + b"".join(more)[:LARGEST]


def large_numbers(data, chance):
    def number(match):
        if chance.random() < 0.7:
            return match[0]
        return chance.choice([b"0", b"-1", b"1e-300", b"1e300", b"99999", b"999999999", b"1e6"])
    return re.sub(rb"\d+(\.\d+)?", number, data)


def cut(data, chance):
    return data[:chance.randrange(len(data) + 1)]


def craft(seeds, chance):
    data = chance.choice(seeds)
    for _ in range(chance.randint(1, 3)):
        change = chance.choice([overwrite, repeat, repeat_lines, large_numbers, cut])
        data = change(data, chance)[:LARGEST]
    return data


def run(command, file):
    """Returns the seconds of processor time, the MiB, and the status."""
    words = ["timeout", "30", *(word.format(file) for word in command.split())]
    with open(file, "rb") as source, open("said", "wb") as said:
        process = subprocess.Popen(words, stdin=source, stdout=said, stderr=said, env=ALONE)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode


def try_parser(parser, count):
    """Returns how many files took too much, or ended the tool as nothing may."""
    _, name, command = PARSERS[parser]
    seeds, failed = seeds_of(parser), 0
    most_seconds = most_mib = 0
    for number in range(count):
        file = pathlib.Path(parser) / str(number) / name
        if parser == "turtle":
            file = pathlib.Path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(craft(seeds, random.Random(f"{parser} {number}")))
        seconds, mib, status = run(command, file)
        most_seconds, most_mib = max(most_seconds, seconds), max(most_mib, mib)
        if seconds <= MOST_SECONDS and mib <= MOST_MIB and status in (0, 1):
            file.unlink()
            continue
        failed += 1
        print(f"{parser}: {file}, number {number}: {seconds:.1f} s, {mib:.0f} MiB, status {status}")
        if parser == "turtle":
            file.rename(f"turtle-{number}.ttl")
    print(f"{parser}: {count} files, at most {most_seconds:.2f} s and {most_mib:.0f} MiB")
    return failed


def main():
    if len(sys.argv) < 2 or not sys.argv[1].isdigit() or set(sys.argv[2:]) - set(PARSERS):
        sys.exit(__doc__ + "\nParsers: " + " ".join(PARSERS))
    failed = sum(try_parser(parser, int(sys.argv[1])) for parser in sys.argv[2:] or PARSERS)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
