# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: table.py < results.ndjson > RESULTS.md

The benchmark's records as tables: the promised speeds first, then subject by subject.
"""

import json
import sys


def number(value):
    """Three significant digits."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 100 else f"{value:.3g}"


def milliseconds(value):
    if value is None:
        return "–"
    if abs(value) < 0.1:
        return number(1000 * value) + " µs"
    return number(value) + " ms" if value < 10000 else number(value / 1000) + " s"


NAME, AGAINST, PART = ("program", "case", str), ("against", "against", str), ("part", "part", str)
PEAK = ("peak MB", "peak_mb", number)
LOW, HIGH = ("least", "low", number), ("most", "high", number)
# For each kind of record: the head of a column, the key, and how its value is shown.
COLUMNS = {
    "time": (NAME, ("jobs", "jobs", number), ("runs", "runs", number),
             ("each, clock", "wall_ms", milliseconds), ("least", "low", milliseconds),
             ("most", "high", milliseconds), ("each, CPU", "cpu_ms", milliseconds), PEAK),
    "ratio": (NAME, AGAINST, ("times as long, clock", "wall", number), LOW, HIGH,
              ("CPU", "cpu", number)),
    "order": (NAME, ("files", "files", number), ("differ in reverse order", "differ", number),
              ("different sounds", "sounds", number)),
    "part": (NAME, PART, ("reuse", "reuse_ms", milliseconds),
             ("snapshot", "snapshot_ms", milliseconds), ("fork", "fork_ms", milliseconds)),
    "still": (NAME, ("pictures", "frames", number), ("pixels that it moves, mean", "mean", number),
              ("most", "most", number)),
    "growth": (NAME, ("jobs", "jobs", number), ("seconds, clock", "wall_s", number),
               ("seconds, CPU", "cpu_s", number), PEAK),
    "target": (("what", "what", str), AGAINST, ("to reach", "goal", str),
               ("by the clock", "wall", number), LOW, HIGH, ("by CPU time", "cpu", number),
               ("reached", "reached", lambda reached: "yes" if reached else "**no**")),
}


def print_table(kind, records):
    records = [record for record in records if record["kind"] == kind]
    if not records:
        return
    columns = COLUMNS[kind]
    print_row(head for head, _, _ in columns)
    print_row("---" if show is str else "--:" for _, _, show in columns)
    for record in records:
        print_row(show(record.get(key)) for _, key, show in columns)
    print()


def print_row(cells):
    print("| " + " | ".join(cells) + " |")


def print_conditions(records):
    of_kind = {record["kind"]: record for record in records}
    machine = of_kind["machine"]
    versions = [f"{k} {v}" for k, v in of_kind["versions"].items() if k != "kind"]
    print("# Speed\n\nWritten by `make bench`; [README.md](README.md) says how to read it.\n")
    print("- Machine: {processor}, {processors} processors, {memory_gb} GB;".format(**machine))
    print("  {system}, Linux {kernel}.".format(**machine))
    print("- Scale {scale}; medians of {runs} runs unless stated otherwise.".format(**machine))
    print("- Processes that wanted a processor before it began: {load_before}.".format(**machine))
    print("- " + ", ".join(versions) + ".")


def print_missing(records):
    for record in records:
        if record["kind"] == "missing":
            print("**Missing in {subject}: {case}**, {why}; no rows.\n".format(**record))


def print_subject(name, records):
    print(f"## {name[0].upper()}{name[1:]}\n")
    print_missing(records)
    for kind in "time", "ratio", "order", "part", "still", "growth":
        print_table(kind, records)
    if any(record["kind"] == "growth" for record in records):
        print("![Time and memory by the number of jobs](growth.svg)\n")


def main():
    records = [json.loads(line) for line in sys.stdin]
    print_conditions(records)
    print("\n## Targets\n")
    print_table("target", records)
    print_missing(records)
    for name in dict.fromkeys(record["subject"] for record in records if "subject" in record):
        print_subject(name, [record for record in records if record.get("subject") == name])


main()
