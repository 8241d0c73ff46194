# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory of the filters and of render-one, from a thousand jobs to a million."""

import os

from inputs import write_midi_files, write_records
from measure import BUILD, Case, prepare, run, say, size, target, workplace, write

SUBJECT = "growth"
COUNTS = [10**n for n in range(3, size(7, 5))]
PLAIN_SYNTH = BUILD / "tests/plugins/plain_synth_ballast.so"
RENDER = f"render-one --isolation snapshot -p {PLAIN_SYNTH}"
TINY = '{"duration":0.001,"tail":0,"output_path":"%s"}'
# The file of the jobs, what takes them, and how many it is given at most.
COMMANDS = {
    "job-grid": ("records", "job-grid --note 60 --set tail=2", 10**6),
    "assign-paths": ("records", "assign-paths -o out", 10**6),
    "midi-duration": ("midi-records", "midi-duration", 10**6),
    "render-one, skipping": ("done", RENDER + " --skip-existing", 10**6),
    "render-one, 1 ms": ("tiny", RENDER, size(10**5, 10**3)),
}


def write_lines(path, line, count):
    with open(path, "w") as file:
        for _ in range(count // 1000):
            file.write(1000 * (line + "\n"))


def measure(name, jobs, command, count):
    say(f"{SUBJECT}: {count:,} jobs, {name}")
    sample = run(Case(f"{command} < {jobs}", memory=True))
    write(kind="growth", subject=SUBJECT, case=name, jobs=count, wall_s=sample.wall,
          cpu_s=sample.cpu, peak_mb=sample.peak_mb)
    return sample.peak_mb


def main():
    peaks = {}
    with workplace() as folder:
        write_midi_files("midi", 100)
        done = TINY % (folder / "done.wav")
        prepare(f"{RENDER} '{done}'")
        for count in COUNTS:
            write_records("records", count)
            write_records("midi-records", count, os.path.abspath("midi"))
            write_lines("done", done, count)
            write_lines("tiny", TINY % "/dev/null", count)
            for name, (jobs, command, most) in COMMANDS.items():
                if count <= most:
                    peaks[name, count] = measure(name, jobs, command, count)
    compare_memory(peaks)


def compare_memory(peaks):
    first, last = COUNTS[0], COUNTS[-1]
    for name in "job-grid", "midi-duration", "render-one, skipping":
        target(f"memory of {name}, {last:,} jobs", f"{first:,} jobs", "≤", 1.25,
               peaks[name, last] / peaks[name, first])
    grown = (peaks["assign-paths", last] - peaks["assign-paths", first]) * 2**20
    target(f"memory of assign-paths, {last:,} jobs", "its manual", "≤", 52,
           grown / (last - first), unit=" bytes a job")


main()
