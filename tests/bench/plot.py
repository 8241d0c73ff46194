# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: plot.py < results.ndjson > growth.svg

Time and memory by the number of jobs, as lines, both axes in powers of ten.
"""

import json
import math
import sys

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 260, 60, 40, 90
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#333")
DASHES = ("none", "6 3", "2 2", "8 2 2 2", "1 3")
PANELS = (("seconds", "wall_s"), ("megabytes, largest process", "peak_mb"))


class Axis:
    """Powers of ten around the values, placed along a line from `start` to `end`."""

    def __init__(self, values, start, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.start, self.end = start, end

    def place(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


def text(x, y, words, anchor="middle", extra=""):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{extra}>{words}</text>'


def line(path, colour="#ddd", dashes="none", width=1):
    stroke = f'stroke="{colour}" stroke-dasharray="{dashes}" stroke-width="{width}"'
    return f'<path d="{path}" fill="none" {stroke}/>'


def grid(across, up, title, left):
    yield text(left + WIDTH / 2, TOP - 14, title, extra=' font-weight="bold"')
    for tick in up.ticks():
        y = up.place(tick)
        yield line(f"M{left} {y}h{WIDTH}") + text(left - 6, y + 4, f"{tick:g}", "end")
    for tick in across.ticks():
        x = across.place(tick)
        yield line(f"M{x} {TOP}v{HEIGHT}") + text(x, TOP + HEIGHT + 16, f"{tick:,.0f}")
    yield text(left + WIDTH / 2, TOP + HEIGHT + 34, "jobs")


def panel(records, names, title, field, left):
    across = Axis([r["jobs"] for r in records], left, left + WIDTH)
    up = Axis([r[field] for r in records], TOP + HEIGHT, TOP)
    yield from grid(across, up, title, left)
    for name, colour, dashes in zip(names, COLOURS, DASHES):
        of_name = [r for r in records if r["case"] == name]
        points = [(across.place(r["jobs"]), up.place(r[field])) for r in of_name]
        yield line("M" + "L".join(f"{x} {y}" for x, y in points), colour, dashes, 2)
        yield from (f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points)


def legend(names, left):
    for row, (name, colour, dashes) in enumerate(zip(names, COLOURS, DASHES)):
        y = TOP + 20 + 22 * row
        yield line(f"M{left} {y}h30", colour, dashes, 2)
        yield text(left + 38, y + 4, name, "start")


def main():
    records = [r for r in map(json.loads, sys.stdin) if r["kind"] == "growth"]
    names = list(dict.fromkeys(r["case"] for r in records))
    lefts = [LEFT + number * (WIDTH + GAP) for number in range(3)]
    size = f'width="{lefts[2] + 160}" height="{TOP + HEIGHT + 50}"'
    font = 'font-family="sans-serif" font-size="12"'
    print(f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>')
    print('<rect width="100%" height="100%" fill="white"/>')
    for (title, field), left in zip(PANELS, lefts):
        print(*panel(records, names, title, field, left), sep="\n")
    print(*legend(names, lefts[2] - GAP + 30), sep="\n")
    print("</svg>")


main()
