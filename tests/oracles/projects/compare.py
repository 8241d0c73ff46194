# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: compare.py FILE... > TABLE.md

Takes each REAPER project through song-read and song-write: all of it with --raw, one gain with
--into, and all its records. The values of the records are compared with the tokens of rppxml, which
is WDL's parser. Ends with status 1 if anything differs.
"""

import collections
import json
import subprocess
import sys

import rpp
import rppxml

# Of each type: the key, the line and the place of its field, and the value that records leave out.
FIELDS = {
    "song": [("title", "TITLE", 1, ""), ("author", "AUTHOR", 1, ""),
             ("sample_rate", "SAMPLERATE", 1, None), ("pan_law", "PANLAW", 1, 1),
             ("pan_mode", "PANMODE", 1, 3)],
    "track": [("name", "NAME", 1, None), ("gain", "VOLPAN", 1, None), ("pan", "VOLPAN", 2, None),
              ("pan_law", "VOLPAN", 3, -1), ("solo", "MUTESOLO", 2, 0), ("channels", "NCHAN", 1, 2),
              ("color", "PEAKCOL", 1, 16576), ("guid", "TRACKID", 1, "")],
    "master": [("gain", "MASTER_VOLUME", 1, None), ("pan", "MASTER_VOLUME", 2, None)],
    "send": [("gain", "AUXRECV", 3, None), ("pan", "AUXRECV", 4, 0),
             ("source_channel", "AUXRECV", 8, 0), ("midi", "AUXRECV", 11, 0)],
    "item": [("time", "POSITION", 1, None), ("length", "LENGTH", 1, None),
             ("fade_in", "FADEIN", 2, 0), ("fade_out", "FADEOUT", 2, 0), ("gain", "VOLPAN", 1, 1),
             ("guid", "IGUID", 1, "")],
    "take": [("name", "NAME", 1, ""), ("offset", "SOFFS", 1, 0), ("rate", "PLAYRATE", 1, 1),
             ("channel_mode", "CHANMODE", 1, 0), ("take_guid", "GUID", 1, "")],
    "fx": [("wet", "WET", 1, 1), ("preset_name", "PRESETNAME", 1, ""), ("guid", "FXID", 1, "")],
}
PLUGINS = "VST", "CLAP", "LV2", "JS", "AU", "DX", "VIDEO_EFFECT", "CONTAINER"
ENVELOPES = tuple(f"{master}{what}ENV{stage}" for master in ("", "MASTER", "AUX")
                  for what in ("VOL", "PAN", "WIDTH", "MUTE", "PITCH") for stage in ("", "2", "3"))


class Comparison:
    """Counts the values that are the same, and keeps those that are not."""

    def __init__(self, records):
        self.records = {}
        for record in records:
            kind = record["type"]
            if kind in ("track", "send", "item", "fx", "envelope") and not record.get("more"):
                self.records[record[kind]] = record
            elif kind == "song":
                self.records["song"] = record
        self.counts = collections.Counter(record["type"] for record in records)
        self.seen = collections.Counter()
        self.same, self.differences = 0, []

    def value(self, name, key, wanted, usual=None):
        record = self.records.get(name, {})
        found = record.get(key, usual)
        if found is None or not alike(found, wanted):
            self.differences.append(f"{name}.{key}: {found!r}, and the file has {wanted!r}")
        else:
            self.same += 1

    def fields(self, name, kind, lines):
        for key, tag, place, usual in FIELDS[kind]:
            if tag in lines and len(lines[tag]) > place:
                self.value(name, key, lines[tag][place], usual)

    def number(self, kind):
        """How many records of a type the stream has."""
        if self.counts[kind] == self.seen[kind]:
            self.same += 1
        else:
            self.differences.append(f"{self.counts[kind]} {kind}, and the file has {self.seen[kind]}")


def alike(found, wanted):
    try:
        return float(found) == float(wanted)
    except (TypeError, ValueError):
        return found == wanted or str(found) == str(wanted)


def is_block(child, *names):
    return isinstance(child, rppxml.RPPXML) and (not names or child.name in names)


def lines_of(children):
    """The last line of each tag."""
    return {str(child[0]): child for child in children if isinstance(child, list) and child}


def compare_chain(comparison, owner, chain):
    """Effects begin with BYPASS, or with their block."""
    effects, children = [], []
    for child in chain.children:
        begins = isinstance(child, list) and child and child[0] == "BYPASS"
        second = is_block(child, *PLUGINS) and any(is_block(c, *PLUGINS) for c in children)
        if (begins or second) and (effects or children):
            effects.append(children)
            children = []
        children.append(child)
    effects.append(children)
    effects = [e for e in effects if any(is_block(c, *PLUGINS) for c in e)]
    for number, children in enumerate(effects, 1):
        name = f"{owner}.f{number}"
        plugin = next(c for c in children if is_block(c, *PLUGINS))
        comparison.seen["fx"] += 1
        comparison.fields(name, "fx", lines_of(children))
        if plugin.name == "CONTAINER":
            compare_chain(comparison, name, plugin)
            continue
        comparison.value(name, "name", plugin.params[0])
        if plugin.name == "VST":
            comparison.value(name, "plugin_path", plugin.params[1])
            comparison.value(name, "reaper_id", plugin.params[4], "")
        compare_envelopes(comparison, name, children, ("PARMENV",))


def compare_envelopes(comparison, owner, children, tags=ENVELOPES):
    for number, envelope in enumerate((c for c in children if is_block(c, *tags)), 1):
        comparison.seen["envelope"] += 1
        sign = -1 if "PAN" in envelope.name else 1
        points = [[float(c[1]), sign * float(c[2])] for c in envelope.children
                  if isinstance(c, list) and c[0] == "PT"]
        record = comparison.records.setdefault(f"{owner}.e{number}", {})
        record["places"] = [point[:2] for point in record.get("points", [])]
        comparison.value(f"{owner}.e{number}", "places", points)


def compare_item(comparison, name, item):
    takes = [[]]
    for child in item.children:
        if isinstance(child, list) and child and child[0] == "TAKE":
            takes.append([])
        takes[-1].append(child)
    envelopes = 0
    for number, children in enumerate(takes, 1):
        take = name if number == 1 else f"{name}.{number}"
        comparison.seen["item"] += 1
        comparison.fields(take, "item", lines_of(takes[0]))
        comparison.fields(take, "take", lines_of(children))
        for source in (c for c in children if is_block(c, "SOURCE")):
            while is_block(source) and source.params == ["SECTION"]:
                source = next(c for c in source.children if is_block(c, "SOURCE"))
            file = lines_of(source.children).get("FILE")
            if file:
                record = comparison.records.setdefault(take, {})
                record["path"] = record.get("source", {}).get("path")
                comparison.value(take, "path", file[1])
            compare_events(comparison, source)
        for chain in (c for c in children if is_block(c, "TAKEFX")):
            compare_chain(comparison, take, chain)
        for envelope in (c for c in children if is_block(c, *ENVELOPES)):
            envelopes += 1
            comparison.seen["envelope"] += 1
            comparison.value(f"{take}.e{envelopes}", "item", take)


def compare_events(comparison, source):
    """Every note-on with a velocity is a note."""
    if not source.params or source.params[0] not in ("MIDI", "MIDIPOOL"):
        return
    for event in source.children:
        is_event = isinstance(event, list) and str(event[0]) in ("E", "e", "Em", "em")
        if is_event and len(event) > 4:
            note_on = hexadecimal(event[2]) & 0xf0 == 0x90
            comparison.seen["note"] += note_on and hexadecimal(event[4]) > 0


def hexadecimal(token):
    """rppxml gives such bytes as bytes."""
    return token[0] if isinstance(token, bytes) else int(str(token), 16)


def compare_track(comparison, name, track):
    comparison.seen["track"] += 1
    lines = lines_of(track.children)
    if any(is_block(c, "NAME") for c in track.children):
        lines.pop("NAME", None)  # the block has all of it
    comparison.fields(name, "track", lines)
    sends = [c for c in track.children if isinstance(c, list) and c and c[0] == "AUXRECV"]
    for number, send in enumerate(sends, 1):
        comparison.seen["send"] += 1
        comparison.value(f"{name}.s{number}", "source_track", f"t{int(send[1]) + 1}")
        comparison.fields(f"{name}.s{number}", "send", {"AUXRECV": send})
    for number, item in enumerate((c for c in track.children if is_block(c, "ITEM")), 1):
        compare_item(comparison, f"{name}.i{number}", item)
    for chain in (c for c in track.children if is_block(c, "FXCHAIN")):
        compare_chain(comparison, name, chain)
    for chain in (c for c in track.children if is_block(c, "FXCHAIN_REC")):
        compare_chain(comparison, f"{name}.input", chain)
    compare_envelopes(comparison, name, track.children)


def compare_tokens(path, records):
    project = rppxml.load(path)
    comparison = Comparison(records)
    lines = lines_of(project.children)
    comparison.fields("song", "song", lines)
    comparison.fields("master", "master", lines)
    comparison.seen["track"] = 1
    for number, track in enumerate((c for c in project.children if is_block(c, "TRACK")), 1):
        compare_track(comparison, f"t{number}", track)
    for chain in (c for c in project.children if is_block(c, "MASTERFXLIST")):
        compare_chain(comparison, "master", chain)
    compare_envelopes(comparison, "master", project.children)
    for kind in "track", "send", "item", "fx", "envelope", "note":
        comparison.number(kind)
    return comparison


def run(command, data=b""):
    return subprocess.run(["/bin/bash", "-c", command], input=data, check=True,
                          capture_output=True).stdout


def same_bytes(path):
    with open(path, "rb") as file:
        return run(f"song-read --raw '{path}' | song-write -o -") == file.read()


def changed_lines(path, records):
    """How many lines one changed gain changes, or None without a track that has a gain."""
    tracks = [r for r in records if r["type"] == "track" and "gain" in r]
    if not tracks:
        return None
    change = json.dumps({"type": "track", "track": tracks[-1]["track"], "gain": 0.123}).encode()
    changed = run(f"song-write --into '{path}' -o -", change).splitlines(keepends=True)
    with open(path, "rb") as file:
        before = file.read().splitlines(keepends=True)
    if len(changed) != len(before):
        return len(before) + len(changed)
    return sum(a != b for a, b in zip(before, changed))


def written_anew(path, records):
    """Whether a project that is made of the records is read by rpp and rppxml, with its tracks."""
    text = run(f"song-read '{path}' | song-write --seed x -f rpp -o anew.rpp; cat anew.rpp").decode()
    tracks = sum(r["type"] == "track" for r in records) - 1
    theirs = len(rpp.loads(text.replace("\r\n", "\n")).findall("TRACK"))
    wdl = sum(is_block(c, "TRACK") for c in rppxml.load("anew.rpp").children)
    return theirs == wdl == tracks


def main():
    failed = False
    print("# Projects of others\n\nWritten by `make projects`. Values are compared with the tokens of"
          " rppxml 0.1.4, WDL's parser.\n")
    print("| file | `--raw` and back | lines that one gain changes | records | values compared |"
          " that differ | written anew, read by rpp and rppxml |")
    print("| --- | --- | --: | --: | --: | --: | --- |")
    for path in sys.argv[1:]:
        records = [json.loads(line) for line in run(f"song-read -k '{path}'").splitlines()]
        comparison = compare_tokens(path, records)
        raw, lines = same_bytes(path), changed_lines(path, records)
        anew = written_anew(path, records)
        failed = failed or not raw or lines not in (None, 1) or comparison.differences or not anew
        print(f"| {path} | {'same bytes' if raw else '**differs**'} |"
              f" {'no gain' if lines is None else lines} | {len(records)} | {comparison.same} |"
              f" {len(comparison.differences)} | {'yes' if anew else '**no**'} |")
        for difference in comparison.differences[:20]:
            print(f"projects: {path}: {difference}", file=sys.stderr)
    sys.exit(1 if failed else 0)


main()
