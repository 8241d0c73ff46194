#!/usr/bin/python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: make-hostile.py FOLDER

Writes hostile files of a few kilobytes each: they declare wrong sizes, nest without end, and
inflate to gigabytes. FOLDER/growers has valid files that are only large. The same bytes every time.
"""

import importlib.util
import pathlib
import struct
import sys

import zstandard

HERE = pathlib.Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("fixtures", HERE.parent / "make-fixtures.py")
fixtures = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fixtures)

HUGE = 2**32 - 1


def container(size, frame):
    return fixtures.container(fixtures.preset_metadata(), b"", size=size, frame=frame)


def bomb(mib=4096, head=b""):
    """A zstd frame of zeros behind a head that does not state its size: one block is repeated."""
    stream = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    block = bytes(1 << 20)
    return b"".join([stream.compress(head), *(stream.compress(block) for _ in range(mib)),
                     stream.flush()])


def serum_presets():
    frame = bomb()
    yield "bomb-declared-small", container(100, frame)
    yield "bomb-declared-large", container(50 << 20, frame)
    yield "bomb-declared-huge", container(HUGE, frame)
    # A bomb that says how large it is, and is a preset: one text.
    head = b"\xa1\x61a\x7a" + struct.pack(">I", 1000 << 20)
    yield "bomb-of-one-text", container((1000 << 20) + len(head), bomb(1000, head))
    small = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100))
    yield "frame-of-100-bytes-declared-1-gb", container(1 << 30, small)
    meta = fixtures.preset_metadata()
    for name, major in (("bytes", 0x40), ("text", 0x60), ("array", 0x80), ("map", 0xA0)):
        head = bytes([major | 0x1A]) + b"\xff\xff\xff\xff"
        yield f"cbor-{name}-of-4-gb", fixtures.container(meta, b"\xa1\x61a" + head + b"\0" * 100)
        head = bytes([major | 0x1B]) + struct.pack(">Q", 2**40)
        yield f"cbor-{name}-of-terabytes", fixtures.container(meta, b"\xa1\x61a" + head)
    for name, item in (("arrays", b"\x81"), ("open-arrays", b"\x9f"), ("tags", b"\xc1"),
                       ("maps", b"\xa1\x61a"), ("keys", b"\xa1")):
        yield f"cbor-{name}-without-end", fixtures.container(meta, b"\xa1\x61a" + item * 100_000)
    good = dict(fixtures.serum_presets())["small"]
    for size in (HUGE, 2**63, 2**64 - 1):
        yield f"metadata-of-{size}", good[:9] + struct.pack("<Q", size) + good[17:]
    text = b'{"fileType":"SerumPreset","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield "metadata-without-end", fixtures.container(None, b"", text=text, frame=b"")


def serum_growers():
    """Presets whose payload is valid, and inflates or takes long to print."""
    meta = fixtures.preset_metadata()
    frame = zstandard.ZstdCompressor(level=19)

    def preset(item):
        cbor = b"\xa1\x61a" + item
        return fixtures.container(meta, b"", size=len(cbor), frame=frame.compress(cbor))

    def array(items, count):
        return b"\x9a" + struct.pack(">I", count) + items * count

    yield "undefined", preset(array(b"\xf7", 16_000_000))
    size = struct.pack(">I", 16_000_000)
    yield "bytes", preset(b"\x5a" + size + b"\xff" * 16_000_000)
    yield "text", preset(b"\x7a" + size + b"a\xc3\xa4\0\0" * 3_200_000)
    chunk = b"\x7a" + struct.pack(">I", 16384) + b"x" * 16384
    for count in (20, 40):
        text = b"\x7f" + chunk * count + b"\xff"
        yield f"text-before-maps-{count}", preset(b"\x82" + text + array(b"\xa0", count * 100))
    # There are as many maps at each depth, inside those before: reading again at each depth costs
    # more.
    for depth in (15, 60):
        maps = b"\xa1\x61a" * depth + array(b"\x61b", 60_000)
        yield f"maps-{depth}-deep", preset(maps)


def juce_states():
    state = fixtures.envelope(b"x")
    yield "xml-of-4-gb", state[:4] + struct.pack("<I", HUGE) + state[8:]
    for count in (HUGE, 2**63, 2**64 - 1, 2**64, 10**30):
        yield f"component-of-{count}", state_with(b">%d." % count)
    # The end tag of this element is everywhere, except for its last character.
    yield "one-long-name", state_with_xml(b"<a" + b"</a" * 300_000 + b">" + b"</a" * 600_000)


def state_with(count):
    return state_with_xml(fixtures.envelope(b"x")[8:-1].replace(b">1.", count))


def state_with_xml(xml):
    if not xml.startswith(b"<?xml"):
        xml = b"<VST3PluginState>" + xml
    return b"VC2!" + struct.pack("<I", len(xml)) + xml + b"\0"


def fx_files():
    yield "chunk-of-4-gb.fxp", fixtures.fxp(b"FPCh", struct.pack(">I", HUGE) + b"s")
    yield "parameters.fxp", fixtures.fxp(b"FxCk", bytes(8), count=HUGE)


def vst3_files():
    good = fixtures.vstpreset(b"0" * 32, [(b"Comp", b"state")])
    yield "list-beyond.vstpreset", good[:40] + struct.pack("<Q", 2**63) + good[48:]
    yield "list-of-4-billion.vstpreset", good[:-24] + struct.pack("<I", HUGE) + good[-20:]
    for offset, size in ((0, HUGE), (2**64 - 1, 2), (48, 2**64 - 1), (2**63, 2**63)):
        yield (f"chunk-{offset}-{size}.vstpreset",
               good[:-16] + struct.pack("<QQ", offset, size))


def midi_files():
    def midi(track, division=96, length=None, header=6):
        head = struct.pack(">4sIHHH", b"MThd", header, 0, 1, division)
        length = len(track) if length is None else length
        return head + b"MTrk" + struct.pack(">I", length) + track
    end = b"\0\xff\x2f\0"
    yield "track-past-the-end", midi(end, length=HUGE)
    yield "header-past-the-end", midi(end, header=HUGE)
    for name, event in (("text", b"\0\xff\1\xff\xff\xff\x7f"), ("sysex", b"\0\xf0\xff\xff\xff\x7f")):
        yield f"{name}-past-the-end", midi(event + end)
    yield "number-without-end", midi(b"\xff" * 1000 + end)


def impulse_tracker(rows, cell, orders, speed):
    """A module of 64 channels with one pattern, which is played that often: cell gives the bytes of
    a cell behind its channel, or nothing."""
    sample = bytes([64] * 8 + [192] * 8) * 4
    head = b"IMPM" + b"hostile".ljust(26, b"\0") + b"\x10\x04"
    head += struct.pack("<8H", orders + 1, 0, 1, 1, 0x214, 0x200, 9, 0)
    head += bytes([128, 48, speed, 255, 128, 0]) + bytes(10) + bytes([32] * 64 + [64] * 64)
    head += bytes(orders) + b"\xff"
    sample_at = len(head) + 8
    head += struct.pack("<II", sample_at, sample_at + 80 + len(sample))
    head += b"IMPS" + bytes(13) + bytes([64, 0x11, 64]) + bytes(26) + bytes([1, 32])
    head += struct.pack("<7I", len(sample), 0, len(sample), 8363, 0, 0, sample_at + 80) + bytes(4)
    pattern = b"".join(
        b"".join(bytes([channel + 129]) + cell(row) for channel in range(64) if cell(row)) + b"\0"
        for row in range(rows))
    return head + sample + struct.pack("<HHI", len(pattern), rows, 0) + pattern


def modules():
    note = bytes([3, 60, 1])
    yield "many-cells", impulse_tracker(200, lambda row: note, 10, speed=1)
    yield "many-channels", impulse_tracker(64, lambda row: b"" if row else note, 1, speed=31)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    kinds = ((serum_presets(), ".SerumPreset"), (juce_states(), ".bin"), (fx_files(), ""),
             (vst3_files(), ""), (midi_files(), ".mid"), (modules(), ".it"))
    for files, suffix in kinds:
        for name, data in files:
            (folder / (name + suffix)).write_bytes(data)
    growers = folder / "growers"
    growers.mkdir(exist_ok=True)
    for name, data in serum_growers():
        (growers / (name + ".SerumPreset")).write_bytes(data)


if __name__ == "__main__":
    main()
