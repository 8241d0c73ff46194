# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table in Markdown: rows in, text out."""
import math
from typing import NamedTuple

HEAD = """# Every instrument of Debian 12 that is an LV2 or a VST2

Written by `make instruments`, which installs the packages, loads each instrument and plays three
notes with it in the isolation modes process, snapshot and auto, forwards and backwards.

- **repeats**: *yes* if the audio of every note is the same bits in all modes and both orders; *not in
  snapshot* if only snapshot differs, so that auto has to choose another mode; *no, as it says* if the
  records say `"repeatable":false`.
- **auto**: the isolation that auto chose; both if a job that was silent in a snapshot was tried once
  more in a process.
- **gain**: how many times faster a job is in a snapshot than in a process that loads the plug-in for
  it; the nearest power of ten.
"""
PRESETS_HEAD = """
## With presets

The notes of the table above are played on what an instrument has after loading. Here it gets states:
presets that come with ZynAddSubFX, *PADsynth* being a dozen that it prepares on a thread, and a sample
for a sampler. Of the jobs it is counted how many loaded, sounded, and repeated in process and auto.
"""
TEN_HEAD = """
## Ten runs

The same jobs in the default mode, ten times: forwards, backwards and shuffled, by one worker and by
four. The number says in how many runs every job had the audio of the first.
"""
MISSING_HEAD = "\n## Packages that could not be installed\n\n"


class Row(NamedTuple):
    """Cells of the table; a cell without information is empty."""
    plugin: str
    package: str
    format: str
    loads: str = "yes"
    sounds: str = ""
    repeats: str = ""
    auto: str = ""
    gain: str = ""
    remark: str = ""


def nearest_power_of_ten(number):
    """A measured time, rounded so that a busy machine does not change it."""
    return str(10 ** max(0, round(math.log10(number))))


def cells(row):
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"


def markdown(columns, rows):
    return "\n" + cells(columns) + cells(["---"] * len(columns)) + "".join(map(cells, rows))


def table(rows, preset_rows, ten_rows, missing):
    text = HEAD + markdown(Row._fields, rows)
    if preset_rows:
        text += PRESETS_HEAD + markdown(("presets", *Row._fields[1:]), preset_rows)
    if ten_rows:
        text += TEN_HEAD + markdown(("jobs", "the same in"), ten_rows)
    if missing:
        text += MISSING_HEAD + "".join(f"- {package}\n" for package in missing)
    return text
