# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays every example program of the Debian package faust-common and writes a table by cause.

usage: examples.py [-o TABLE] [--timeout SECONDS] [NAME]...

Takes the programs in /usr/share/faust/examples, or those of them whose path within it has one of
the names in it, and the tools in PATH. Each is played in forked children in order, and backwards in
processes of its own with another block size; effects hear noise. The status is 1 if a tool fails, a
job that failed once did not fail the second time, samples are not numbers though they should be, or
audio differs.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path("/usr/share/faust/examples")
WAYS = (("fork", 512, 1), ("process", 64, -1))
# A sentence for an error, by a part of it.
CAUSES = {
    "undefined symbol : process": "is a layout, which other programs include: it has no `process`",
    "calling foreign function": "calls a C function of a file, which only a C++ compiler can add",
    "crashed while loading": "makes the compiler crash",
    "did not finish within": "takes the compiler longer than the limit",
    "not numbers": "gives samples that are not numbers",
}
# Those that are to give such samples: any other one is a defect.
DIVERGE = {
    "misc/statespace.dsp": "diverges as it should: five gains of -10 dB in its feedback, 1.58 in all",
}


def render(jobs, isolation, timeout):
    """The records of the jobs, which are in the same order."""
    command = ["render-one", "--isolation", isolation, "--no-sync", "--timeout", str(timeout)]
    lines = "".join(json.dumps(job) + "\n" for job in jobs)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"render-one: {done.stderr}")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    if len(records) != len(jobs):
        sys.exit(f"render-one: {len(records)} records for {len(jobs)} jobs")
    return records


def first_records(programs, noise, timeout):
    """A record for each program: played with a note, or the noise if it has inputs for it."""
    def job(path, fields):
        return {"plugin_path": str(path), "duration": 0.3, "tail": 0.2, "bit_depth": "32f",
                "output_path": "/dev/null"} | fields
    with_noise = [job(path, {"input_path": noise}) for path in programs]
    isolation, block_size, _ = WAYS[0]
    records = render([one | {"block_size": block_size} for one in with_noise], isolation, timeout)
    # No inputs: an instrument, or a program that sounds by itself.
    deaf = [i for i, record in enumerate(records) if "has no audio input" in record.get("error", "")]
    again = render([job(programs[i], {"block_size": block_size}) for i in deaf], isolation, timeout)
    for i, record in zip(deaf, again):
        records[i] = record
    return records


def again(records, timeout):
    isolation, block_size, step = WAYS[1]
    keys = ("plugin_path", "duration", "tail", "bit_depth", "output_path", "input_path")
    jobs = [{key: record[key] for key in keys if key in record} | {"block_size": block_size}
            for record in records]
    return render(jobs[::step], isolation, timeout)[::step]


def cause_of(record):
    error = record.get("error", "")
    for part, words in CAUSES.items():
        if part in error:
            return words
    return re.sub(r"^\S+: ", "", error)


def row(path, first, second):
    """The cells of a program's row, and what is wrong with it if anything is."""
    name = str(path.relative_to(FOLDER))
    if first["status"] != "ok" or second["status"] != "ok":
        defect = "" if first["status"] == second["status"] else "fails in one way only"
        diverges = first.get("error_kind") == "non-finite"
        defect = defect or ("not numbers" if diverges and name not in DIVERGE else "")
        cause = cause_of(first if first["status"] != "ok" else second)
        return (name, "no", "", "", DIVERGE.get(name, cause) if diverges else cause), defect
    same = first["audio_hash"] == second["audio_hash"]
    sounds = "no" if first["silent"] else "yes"
    return (name, "yes", sounds, "yes" if same else "no", ""), "" if same else "other audio"


def write(file, rows):
    causes = collections.Counter(cells[4] for cells in rows if cells[4])
    played = sum(cells[1] == "yes" for cells in rows)
    lines = ["# The example programs of faust-common", "",
             "Written by tests/faust/examples.py, which plays each program for half a second with a "
             "note,", "or with noise if it has inputs.", "",
             "- **same**: the audio is the same bits in a forked child with blocks of 512 frames, "
             "and in a", "  process of its own with blocks of 64, in the reverse order.", "",
             f"{played} of {len(rows)} programs play; {len(rows) - played} do not:", ""]
    lines += [f"- {count}: {cause}" for cause, count in causes.most_common()]
    lines += ["", "| program | plays | sounds | same | remark |", "| --- | --- | --- | --- | --- |"]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    file.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", default="-")
    # 2dKirchhoffThinPlate compiles for half a minute on an idle machine.
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    programs = sorted(path for path in FOLDER.rglob("*.dsp")
                      if not options.names or any(name in str(path.relative_to(FOLDER))
                                                  for name in options.names))
    if not programs:
        sys.exit(f"{FOLDER}: no such programs; install faust-common")
    with tempfile.TemporaryDirectory() as folder:
        noise = f"{folder}/noise.wav"
        subprocess.run(["sox", "-R", "-n", "-r", "44100", "-c", "1", "-b", "16", noise,
                        "synth", "0.3", "whitenoise", "gain", "-12"], check=True)
        first = first_records(programs, noise, options.timeout)
        second = again(first, options.timeout)
    rows, defects = [], []
    for path, one, other in zip(programs, first, second):
        cells, defect = row(path, one, other)
        rows.append(cells)
        if defect:
            defects.append(f"{cells[0]}: {defect}")
    with sys.stdout if options.o == "-" else open(options.o, "w", encoding="utf-8") as file:
        write(file, rows)
    for defect in defects:
        print(defect, file=sys.stderr)
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main())
