#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""lines.py TABLES: what song-mix does with each line of a project that REAPER writes. lines.tsv has
one with another value than in the project below: it is "heard" (the mix is another one), "harmless"
(the mix is the same, for the reason given) or "told" (an error, and with --allow-missing the same
mix). TABLES is rpp_tables.cpp: each field that is read must have a line."""

import json
import os
import re
import subprocess
import sys

PROJECT = """<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 1700000000
@project
  ITEMMIX 1
  PLAYRATE 1 0 0.25 4
  PANLAW 0.9
  PANMODE 3
  SAMPLERATE 8000 1 0
  TEMPO 120 4 4
  RENDER_FMT 0 2 0
  RENDER_RANGE 1 0 0 0 100
  MASTER_NCH 2 2
  MASTER_VOLUME 0.9 0.1 -1 -1 0.5
  MASTER_PANMODE -1
  MASTERMUTESOLO 0
  MASTER_FX 1
  <TRACK {T1}
@track
    NAME One
    VOLPAN 0.5 0.25 -1 -1 0.5
    MUTESOLO 0 2 0
    IPHASE 0
    PLAYOFFS 0 1
    NCHAN 2
    FX 1
    MAINSEND 1 0
    PANMODE -1
    FREEMODE 2
    ITEMLANES 2
    LANESOLO 1
    <ITEM
@item
      POSITION 0
      LENGTH 0.38
      LOOP 0
      ALLTAKES 1
      FADEIN 1 0.1 0 1 0 0
      FADEOUT 1 0.1 0 1 0 0
      MUTE 0 0
      VOLPAN 0.9 0.1 0.8 -1
      SOFFS 0
      PLAYRATE 1.5 0 0 -1 0 0.0025
      CHANMODE 0
      YPOS 0 0.5 2
      <SOURCE WAVE
        FILE "a.wav"
      >
      TAKE
@take
      TAKEVOLPAN 0 0.5 -1
      SOFFS 0.1
      PLAYRATE 1 0 0 -1 0 0.0025
      CHANMODE 0
      <SOURCE WAVE
        FILE "b.wav"
      >
    >
    <ITEM
      POSITION 0.1
      LENGTH 0.2
      <SOURCE WAVE
        FILE "b.wav"
      >
    >
    <ITEM
@lane
      POSITION 0.7
      LENGTH 0.2
      YPOS 0.5 0.5 2
      <SOURCE WAVE
        FILE "b.wav"
      >
    >
  >
  <TRACK {T2}
@send
    AUXRECV 0 0 0.5 0.2 0 0 0 0 0 -1:U 0 -1 ''
  >
  <TRACK {T3}
@other
    MUTESOLO 0 0 0
    <ITEM
      POSITION 0
      LENGTH 0.1
      <SOURCE WAVE
        FILE "b.wav"
      >
    >
  >
>
"""

# The sections that the lines of each table are in.
SECTIONS = {"song": ["project"], "render": ["project"], "master": ["project"], "track": ["track", "other"],
            "send": ["send"], "item": ["item"], "take": ["item", "take"]}


def project_with(section, line):
    """The line replaces one with its tag, or else is added."""
    lines, here, done = [], "", False
    tag = line.split()[0] if line else None
    for old in PROJECT.splitlines():
        if old.startswith("@"):
            here, at = old[1:], len(lines)
            if here == section:
                place = at
            continue
        if here == section and old.split()[0] == tag and not done:
            old, done = line, True
        lines.append(old)
    if line and not done:
        lines[place:place] = line.split("|")
    return "\n".join(lines) + "\n"


def mixed(section="", line="", *options):
    with open("line.rpp", "w", encoding="utf-8") as file:
        file.write(project_with(section, line))
    run = subprocess.run(["song-mix", "-p", "line.rpp", "-o", "line.wav", *options], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True, check=False)
    records = [json.loads(record) for record in run.stdout.splitlines()]
    sound = [(r["frames"], r["channels"], r["sample_rate"], r["audio_hash"]) for r in records if r["status"] == "ok"]
    return run.returncode, sound, [r["error"] for r in records if r["status"] == "error"]


def fields_in_tables(path):
    text = open(path, encoding="utf-8").read()
    for table in re.finditer(r"constexpr RppRule (\w+)_table\[\] = \{(.*?)\n\};", text, re.S):
        for tag, place in re.findall(r'\{"(\w+)", (\d+), "', table[2]):
            if table[1] in SECTIONS:
                yield table[1], tag, int(place)


def changes(section, line, tag, place):
    """Whether the line has another field there than the project."""
    here, old = "", None
    for text in PROJECT.splitlines():
        here = text[1:] if text.startswith("@") else here
        if here == section and text.split()[0] == tag and old is None:
            old = text.split()
    new = line.split()
    return new[0] == tag and place < len(new) and (not old or place >= len(old) or old[place] != new[place])


def main():
    status, usual, errors = mixed()
    assert status == 0 and len(usual) == 1 and not errors, errors
    wrong = []
    with open(os.path.join(os.path.dirname(__file__), "lines.tsv"), encoding="utf-8") as table:
        rows = [row.rstrip("\n").split("\t") for row in table if row.strip() and not row.startswith("#")]
    for section, line, verdict, *reason in rows:
        status, sound, errors = mixed(section, line)
        if verdict == "told":
            again = mixed(section, line, "--allow-missing")
            good = status == 1 and not sound and len(errors) == 1 and "cannot be followed" in errors[0] and \
                again == (1, usual, errors)
        elif verdict == "heard":
            good = sound != usual and (sound or "nothing to hear" in errors[0])
        else:
            good = verdict == "harmless" and bool(reason) and status == 0 and sound == usual
        if not good:
            wrong.append(f"{section}: {line} is not {verdict}: {status} {sound} {errors}")
    for table, tag, place in fields_in_tables(sys.argv[1]):
        if not any(section in SECTIONS[table] and changes(section, line, tag, place) for section, line, *_ in rows):
            wrong.append(f"{table}: no line tries field {place} of {tag}")
    sys.exit("\n".join(wrong) or 0)


main()
