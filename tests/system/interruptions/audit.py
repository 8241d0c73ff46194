# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a folder of renders after an interruption or an error, and the run that completes it.

usage: audit.py whole OUT REFERENCE
       audit.py partly OUT REFERENCE RESULTS REASON
       audit.py finish OUT REFERENCE RESULTS COMMAND...

REFERENCE has the same jobs rendered undisturbed. "whole" fails if OUT contains anything that is
not, byte for byte, a file of REFERENCE. "partly" does the same after a run that ended by itself,
and fails unless its records agree: every existing file is ok, every missing one is an error of kind
io with the reason, and there are both. "finish" does what "whole" does, runs COMMAND, which writes
its records to RESULTS, and fails unless it made exactly the missing files: every existing file is
skipped and untouched, every other one is ok, and in the end OUT equals REFERENCE.
"""
import json
import os
import subprocess
import sys
import wave


class Broken(Exception):
    """A check that failed."""


def has_unnamed_files(folder):
    """Without this, a file that is being written has a temporary name, which remains after
    SIGKILL."""
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR))
        return True
    except OSError:
        return False


def audio_files(folder):
    """The files below a folder by their path in it; empty if there is no folder. Records are left
    out, and so is the lock file of render-presets, which remains after SIGKILL."""
    found = set()
    for here, _, names in os.walk(folder):
        found |= {os.path.relpath(os.path.join(here, name), folder) for name in names
                  if ".ndjson" not in name and name != ".patchpipe-lock"}
    temporary = {name for name in found if os.path.basename(name).startswith(".patchpipe-")}
    return found - temporary if temporary and not has_unnamed_files(folder) else found


def content(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def check_reference(reference):
    """Every file decodes, and its header, its samples and its size agree."""
    names = audio_files(reference)
    for name in names:
        with wave.open(os.path.join(reference, name)) as file:
            frame_bytes = file.getnchannels() * file.getsampwidth()
            samples = file.readframes(file.getnframes())
            if len(samples) != file.getnframes() * frame_bytes or not any(samples):
                raise Broken(f"{name}: {file.getnframes()} frames, {len(samples)} bytes of them")
        data = content(reference, name)
        if int.from_bytes(data[4:8], "little") + 8 != len(data):
            raise Broken(f"{name}: its RIFF chunk is not as long as the file")
    return names


def check_whole(out, reference):
    """The names of the existing files, after checking that all are as in the reference."""
    names = audio_files(out)
    for name in names:
        if not os.path.isfile(os.path.join(reference, name)):
            raise Broken(f"{name} was left behind")
        if content(out, name) != content(reference, name):
            raise Broken(f"{name} is not what it is in an undisturbed run")
    return names


def records(path):
    with open(path, "rb") as file:
        return [json.loads(line) for line in file]


def by_name(out, results):
    """The records by the path of their file in the folder; no two have the same."""
    found = {os.path.relpath(r["output_path"], out): r for r in results}
    if len(found) != len(results):
        raise Broken("a job has two records")
    return found


def check_partly(out, reference, results, reason):
    """(existing files, missing files)"""
    there, wanted = check_whole(out, reference), audio_files(reference)
    found = by_name(out, records(results))
    if found.keys() != wanted:
        raise Broken(f"no record: {wanted - found.keys()}")
    said = {name for name, record in found.items() if record["status"] != "error"}
    if said != there:
        raise Broken(f"said to be there and not, or the other way round: {said ^ there}")
    for name in wanted - there:
        if found[name]["error_kind"] != "io" or reason not in found[name]["error"]:
            raise Broken(f"an error of another kind: {found[name]}")
    if not there or there == wanted:
        raise Broken(f"{len(there)} of {len(wanted)} files are there")
    return len(there), len(wanted - there)


def check_finish(out, reference, results, command):
    """How many files the command made."""
    before, wanted = check_whole(out, reference), audio_files(reference)
    times = {name: os.stat(os.path.join(out, name)).st_mtime_ns for name in before}
    status = subprocess.run(command, check=False).returncode
    if status != 0:
        raise Broken(f"the run that finishes the rest ends with status {status}")
    after = check_whole(out, reference)
    if after != wanted:
        raise Broken(f"not finished: {sorted(wanted - after)}")
    changed = [name for name in before
               if os.stat(os.path.join(out, name)).st_mtime_ns != times[name]]
    if changed:
        raise Broken(f"touched though they were there: {changed}")
    statuses = {name: r["status"] for name, r in by_name(out, records(results)).items()}
    expected = {name: "skipped" if name in before else "ok" for name in wanted}
    if statuses != expected:
        wrong = {name: s for name, s in statuses.items() if expected.get(name) != s}
        raise Broken(f"{len(statuses)} records for {len(wanted)} jobs; wrong: {wrong}")
    return len(wanted - before)


def main():
    what, out, reference = sys.argv[1:4]
    out = os.path.abspath(out)
    check_reference(reference)
    if what == "whole":
        print(f"{len(check_whole(out, reference))} files, all whole")
    elif what == "partly":
        there, missing = check_partly(out, reference, *sys.argv[4:])
        print(f"{there} files are there, {missing} are not")
    else:
        made = check_finish(out, reference, sys.argv[4], sys.argv[5:])
        print(f"{made} files were missing and are there now")


if __name__ == "__main__":
    try:
        main()
    except Broken as broken:
        sys.exit(f"audit: {broken}")
