# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory of the filters and of render-one, from a thousand jobs to a million."""

import os

from inputs import write_midi_files, write_records
from measure import BUILD, Case, prepare, run, say, size, target, word, workplace, write

SUBJECT = "growth"
COUNTS = [10**n for n in range(3, size(7, 5))]
PLAIN_SYNTH = word(BUILD / "tests/plugins/plain_synth_ballast.so")
SONGS = size(10_000, 100)  # MIDI files: more than midi-duration remembers
RENDER = f"render-one --isolation snapshot -p {PLAIN_SYNTH}"
TINY = '{"duration":0.001,"tail":0,"output_path":"%s"}'
RENDERS = size(10**5, 10**3)
# The file of the jobs, the program, and the largest number of jobs for it. A million renders would
# take ten minutes, and fewer already show that memory does not grow.
COMMANDS = {
    "job-grid": ("records", "job-grid --note 60 --set tail=2", 10**6),
    "assign-paths": ("records", "assign-paths -o out", 10**6),
    "midi-duration": ("midi-records", "midi-duration", 10**6),
    "render-one, skipping": ("done", RENDER + " --skip-existing", 10**6),
    "render-one, 1 ms": ("tiny", RENDER, RENDERS),
}


def write_jobs(path, job, count):
    with open(path, "w") as file:
        file.writelines(f'{{"number":{number},{job[1:]}\n' for number in range(count))


def measure(name, jobs, command, count):
    say(f"{SUBJECT}: {count:,} jobs, {name}")
    sample = run(Case(f"{command} < {jobs}", memory=True))
    write(kind="growth", subject=SUBJECT, case=name, jobs=count, wall_s=sample.wall,
          cpu_s=sample.cpu, peak_mb=sample.peak_mb)
    return sample.peak_mb


def main():
    peaks = {}
    with workplace(megabytes=1500, files=SONGS + 100) as folder:
        write_midi_files("midi", SONGS)
        done = TINY % (folder / "done.wav")
        prepare(f"{RENDER} '{done}'")
        for count in COUNTS:
            write_records("records", count)
            write_records("midi-records", count, os.path.abspath("midi"), SONGS)
            write_jobs("done", done, count)
            write_jobs("tiny", TINY % "/dev/null", count)
            for name, (jobs, command, most) in COMMANDS.items():
                if count <= most:
                    peaks[name, count] = measure(name, jobs, command, count)
    compare_memory(peaks)


def compare_memory(peaks):
    first, last = COUNTS[0], COUNTS[-1]
    for name, most in (("job-grid", last), ("midi-duration", last),
                       ("render-one, skipping", last), ("render-one, 1 ms", RENDERS)):
        target(f"memory of {name}, {most:,} jobs", f"{first:,} jobs", "≤", 1.25,
               peaks[name, most] / peaks[name, first])
    grown = (peaks["assign-paths", last] - peaks["assign-paths", first]) * 2**20
    target(f"memory of assign-paths, which grows, {last:,} jobs", "its manual", "≤", 52,
           grown / (last - first), unit=" bytes a job")


main()
