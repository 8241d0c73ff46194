#!/usr/bin/env python3
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes REAPER files into a folder: make-projects.py FOLDER. All of it is made up here.

whole.rpp has one of everything that song-read understands, and lines that it does not.
"""
import base64
import os
import struct
import sys


def guid(number):
    return "{%08X-0000-4000-8000-000000000000}" % number


def lines_of(part, indent):
    coded = [base64.b64encode(part[i:i + 96]).decode() for i in range(0, len(part), 96)]
    return "".join("%s%s\n" % (indent, line) for line in coded)


def chunk(number, magic, body, version, program=b"", indent=" " * 8):
    """The lines of a VST's state: head, body and trailer, each in base64 by itself."""
    head = struct.pack("<II", number, magic)
    for pins in ([1, 2], [1, 2]):
        head += struct.pack("<I", len(pins)) + b"".join(struct.pack("<Q", pin) for pin in pins)
    head += struct.pack("<III", len(body), version, 0x100000)
    trailer = program + b"\0\0" + struct.pack("<I", 16)
    return lines_of(head, indent) + lines_of(body, indent) + lines_of(trailer, indent)


OPAQUE, PARAMETERS = 0xFEED5EEE, 0xFEED5EEF
VST2_STATE = bytes(range(256)) * 2
PARAMETER_LIST = bytes.fromhex("efbeadde0df0adde") + struct.pack("<3f", 0.25, 0.5, 1)
COMPONENT, CONTROLLER = b"component state" * 20, b"controller"
VST3_BODY = (struct.pack("<II", len(COMPONENT), 1) + COMPONENT
             + struct.pack("<II", len(CONTROLLER), 0) + CONTROLLER)
CLAP_STATE = b'{"clap":true}' * 30


def fx(block, number, lines=""):
    return "BYPASS 0 0 0\n%s%sFLOATPOS 0 0 0 0\nFXID %s\nWAK 0 0\n" % (block, lines, guid(number))


VST2 = ('<VST "VSTi: amsynth (Nick Dowell)" amsynth_vst.so 0 "my synth" 1634562937<565354616D7379616D73796E74680000> ""\n'
        + chunk(0x616D7379, OPAQUE, VST2_STATE, 1, b"Lead") + ">\n")
VST2_PARAMETERS = ('<VST "VST: ReaGate (Cockos)" reagate.dll 0 "" 1919248244\n'
                   + chunk(1919248244, PARAMETERS, PARAMETER_LIST, 0) + ">\n")
VST3 = ('<VST "VST3: Echo (patchpipe)" Echo.vst3 0 "" 123456789{0123456789ABCDEF0123456789ABCDEF} ""\n'
        + chunk(123456789, OPAQUE, VST3_BODY, 1) + ">\n")
NO_STATE = '<VST "VST: Nothing" nothing.so 0 "" 1\n>\n'
CLAP = ('<CLAP "CLAP: Tone (patchpipe)" org.patchpipe.tone "tone"\nCFG 4 0 0 ""\n<STATE\n'
        + lines_of(CLAP_STATE, "  ") + ">\n>\n")
JS = '<JS loser/3BandEQ "comment"\n0.5 -200 - - "a file" -\n>\n'
LV2 = '<LV2 "LV2: Ambience (drobilla)" http://drobilla.net/plugins/mda/Ambience ""\nQUJD\n>\n'
CONTAINER = ('<CONTAINER Container "two of them" ""\nCONTAINER_CFG 2 2 2 0\n'
             + fx(JS, 50) + fx(NO_STATE, 51) + ">\n")
PARMENV = ('<PARMENV 3:cutoff 0 1 0.5 "Cutoff / amsynth"\nEGUID %s\nACT 1 -1\nVIS 1 1 1\n'
           'PT 0 0.25 0\nPT 1 0.75 5 0 1 0 0.5\n>\n' % guid(60))

MIDI = """<SOURCE MIDI
HASDATA 1 960 QN
CCINTERP 32
POOLEDEVTS {POOL}
E 0 90 3c 60
E 0 b0 0b 32 B 0.5
E 240 80 3c 40
e 240 91 40 7f
Em 0 91 43 01
E 480 91 40 00
E 0 81 43 00
E 0 e0 00 60
E 0 c0 05
E 0 d0 21
E 0 a0 3c 11
<X 480 0
8H4AAQL3
>
<X 0 0
/wVsYSBsYQ==
>
E 0 90 30 10
E 0 80 30 00
X 0 0 f0 1 2
E 2400 b0 7b 00
GUID {SRC}
IGNTEMPO 0 120 4 4
>
"""

WHOLE = """<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 1700000000
RIPPLE 0
TITLE "A 'whole' song"
AUTHOR Eve
PANLAW 1
SAMPLERATE 48000 1 0
RENDER_FILE "out/mix.wav"
RENDER_PATTERN $track
RENDER_FMT 0 2 48000
RENDER_RANGE 1 0 0 18 1000
<RENDER_CFG
ZXZhdxgAAA==
>
TEMPO 90 3 4
MASTERMUTESOLO 0
MASTER_NCH 2 2
MASTER_VOLUME 0.5 -0.25 -1 -1 1
MASTER_FX 1
<TEMPOENVEX
EGUID {TEMPO}
ACT 1 -1
PT 0 120 1 262148 0 1
PT 4 60 0 262147
PT 8 120 1
>
MARKER 1 1.5 "Verse one" 0 0 1 R {M1} 0
MARKER 2 2 Chorus 1 16777471 1 R {M2} 0
MARKER 3 3 "" 0
MARKER 2 6 "" 1
<MASTERFXLIST
SHOW 0
""" + fx(NO_STATE, 1, "WET 0.5 0\n") + """>
<MASTERVOLENV2
ACT 1 -1
PT 0 1 0
>
<TRACK {T1}
NAME Drums
ISBUS 1 1
VOLPAN 0.5 -0.25 -1 -1 1
MUTESOLO 1 2 0
PEAKCOL 16576
NCHAN 4
FX 0
TRACKID {T1}
MAINSEND 1 0
>
<TRACK {T2}
NAME "Kick '909'"
PEAKCOL 33489024
ISBUS 2 -1
VOLPAN 1 0 -1 -1 1
MUTESOLO 0 0 0
MAINSEND 0 0
SHOWINMIX 1 0.6667 0.5 1 0.5 0 0 0
<ITEM
POSITION 0.5
LENGTH 1.25
LOOP 0
FADEIN 1 0.1 0 1 0 0.5
FADEOUT 5.1 0.25 0 1 0 0
MUTE 0 0
IGUID {I1}
NAME kick.wav
VOLPAN 0.5 0.1 -0.25 -1
SOFFS 0.125
PLAYRATE 1.5 0 -2 -1 0 0.0025
CHANMODE 2
GUID {I1T1}
<SOURCE SECTION
LENGTH 2
MODE 2
STARTPOS 0.5
OVERLAP 0.01
<SOURCE WAVE
FILE "media/a kick.wav" 1
>
>
TAKE SEL
NAME other
TAKEVOLPAN 0 2 -1
SOFFS 0
PLAYRATE 1 1 0 -1 0 0.0025
GUID {I1T2}
<SOURCE _OFFLINE_FLAC
FILE "/gone/b.flac"
>
<TAKEFX
""" + fx(JS, 20) + """>
<VOLENV
ACT 1 -1
PT 0 1 0
>
>
>
<TRACK {T3}
<NAME
|all of ", ' and `
|in two lines
>
NAME `all of ", ' and '`
VOLPAN 2 0 -1 -1 1
MUTESOLO 0 0 0
ISBUS 0 0
TRACKID {T3}
AUXRECV 1 0 0.25 -0.5 0 0 0 0 0 -1:U 0 -1 ''
<AUXVOLENV
ACT 0 -1
PT 0 0.25 0
>
AUXRECV 0 3 1 0 1 1 1 2 4 -1:U 31 -1 ''
<VOLENV2
EGUID {E1}
ACT 1 -1
VOLTYPE 1
VIS 1 1 1
PT 0 1 0
PT 2.5 0.5 2
PT 3 0 1 0 1
>
<MUTEENV
ACT 0 -1
PT 0 1 1
>
<FXCHAIN
WNDRECT 0 0 1 1
""" + fx(VST2, 31, 'PRESETNAME "My preset"\n').replace("WAK", PARMENV + "WAK") \
    + fx(VST2_PARAMETERS, 32).replace("BYPASS 0 0", "BYPASS 1 1") + fx(VST3, 33) + fx(CLAP, 34) + fx(JS, 35) \
    + fx(LV2, 36) + fx(CONTAINER, 37) + fx(NO_STATE, 38) + """>
<ITEM
POSITION 1
LENGTH 4
LOOP 1
NAME riff
SOFFS 0
PLAYRATE 1 1 0 -1 0 0.0025
""" + MIDI + """>
<ITEM
POSITION 6
LENGTH 0
<NOTES
|only text
>
>
>
<EXTENSIONS
<SWS
SOMETHING 1
>
>
>
"""


# What users published of LV2 and AU: the values of ports, a state of texts, codes of four letters.
DX10 = ('<LV2 "LV2i: MDA DX10" http://drobilla.net/plugins/mda/DX10 "my piano"\nCFG 1 0 0 ""\n'
        'P attack 0.9 decay 0.5 release 0.1\n<STATE\nS http://example.org/file "/a b.wav" 3\n>\n>\n')
AU = ('<AU "AU: Allpass (Pulp)" "Pulp: Allpass" "" 1635083896 1399996784 1349872752\n'
      '6QMAAAAAAAACAAAAAQAAAAAAAAACAAAAAAAAAAIAAAABAAAAAAAAAAIAAAAAAAAAswUAAA==\n>\n')
STATES = ('<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 1700000000\n<TRACK {T1}\nNAME piano\n<FXCHAIN\n'
          + fx(DX10, 1) + fx(AU, 2) + fx(LV2.replace("QUJD", "P odd"), 3) + ">\n>\n>\n")

# A track that was frozen twice: its item is the audio, the blocks have what it was made from.
FROZEN = """<REAPER_PROJECT 0.1 "7.22/linux-x86_64" 1700000000
<TRACK {T1}
NAME source
>
<TRACK {T2}
NAME other
>
<TRACK {T3}
NAME frozen
VOLPAN 1 0 -1 -1 1
<FREEZE 0
AUXRECV 1 0 0.5 0 0 0 0 0 0 -1:U 0 -1 ''
<FXCHAIN
""" + fx(VST2, 1) + fx(CONTAINER, 2) + """>
<ITEM
POSITION 5
LENGTH 1
""" + MIDI + """>
>
<FREEZE 0
<FXCHAIN
""" + fx(VST3, 3) + """>
>
<ITEM
POSITION 0
LENGTH 8
NAME "frozen"
<SOURCE WAVE
FILE "media/03-frozen.wav"
>
>
>
<TRACK {T5}
NAME "frozen from its middle on"
<FREEZE 0
>
<ITEM
POSITION 2
<SOURCE WAVE
FILE media/late.wav
>
>
>
<TRACK {T4}
NAME "frozen, and more"
AUXRECV 2 0 1 0 0 0 0 0 0 -1:U 0 -1 ''
<FREEZE 0
>
<ITEM
<SOURCE WAVE
FILE a.wav
>
>
<ITEM
<SOURCE WAVE
FILE b.wav
>
>
>
>
"""


def indented(text):
    """With two blanks a level, as REAPER writes it."""
    depth, out = 0, []
    for line in text.splitlines():
        line = line.strip()
        if line == ">":
            depth -= 1
        out.append("  " * depth + line)
        if line.startswith("<"):
            depth += 1
    return "\n".join(out) + "\n"


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    whole = indented(WHOLE)

    def put(name, data):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    put("whole.rpp", whole)
    put("crlf.RPP", whole.replace("\n", "\r\n"))
    put("cr.rpp", whole.replace("\n", "\r"))
    put("mixed.rpp", whole.replace("MARKER", "\r\nMARKER").replace("  <TRACK", "\r  <TRACK")[:-1])
    put("small.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n  TEMPO 95 4 4\n  <TRACK\n    NAME a\n'
        "    VOLPAN 1 0 -1 -1 1\n  >\n>\n")
    put("two.rpp-bak", whole + indented('<REAPER_PROJECT 0.1 "5.0" 1\nTEMPO 60 4 4\n<TRACK\nNAME old\n>\n>\n'))
    put("tracks.RTrackTemplate", indented("<TRACK {A}\nNAME one\nISBUS 1 1\n>\n<TRACK {B}\nNAME two\nISBUS 2 -1\n>\n"))
    put("states.rpp", indented(STATES))
    put("frozen.rpp", indented(FROZEN))
    put("chain.RfxChain", fx(VST2, 1) + fx(JS, 2))
    put("names.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n' + "".join(
        "  <TRACK\n    NAME %s\n  >\n" % name for name in (
            'plain', '"two words"', "'\"'", '`both \' and "`', 'hey"', '"#hash"', "'it`s'", '""',
            "a|b", '"|bar bar"', "<", "NAME", "x>", '"umlaut \xe4"')) + ">\n")
    put("latin.rpp", b'<REAPER_PROJECT 0.1 "4.0" 0\n  <TRACK\n    NAME B\xe4ss\n    OTHER \xff\xfe\n  >\n>\n')
    # Hostile ones.
    put("long.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n  NAME %s\n  <TRACK\n    NAME %s\n  >\n>\n' % (
        "x" * 4096, "y" * 5000))
    put("longest.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n  OTHER %s\n  <TRACK\n    NAME a\n  >\n>\n' % ("z" * (3 << 20)))
    put("quote.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n  TEMPO 100 4 4\n  <TRACK\n    NAME "open\n    VOLPAN 0.5 0 -1\n  >\n>\n')
    put("lying.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n  <TRACK\n    <FXCHAIN\n' + "".join(fx(
        '<VST "VST: Liar" liar.so 0 "" 5\n%s>\n' % state, 1) for state in (
            lines_of(struct.pack("<IIIIIII", 5, OPAQUE, 0, 0, 1 << 30, 1, 0) + b"short", " "),
            "not base64!\n",
            lines_of(struct.pack("<III", 5, OPAQUE, 0xFFFFFFFF), " "))) + "    >\n    NAME after\n  >\n>\n")
    put("deep.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n' + "<A\n" * 100000 + ">\n" * 100000 + "  <TRACK\n    NAME below\n  >\n>\n")
    put("containers.rpp", '<REAPER_PROJECT 0.1 "6.0" 0\n<TRACK\n<FXCHAIN\n' + "<CONTAINER a b c\n" * 100000
        + ">\n" * 100000 + ">\nNAME below\n>\n>\n")
    put("cut.rpp", whole[:len(whole) // 2])
    put("numbers.rpp", '<REAPER_PROJECT\n  TEMPO 0 0 0\n  <TRACK\n    VOLPAN 0,5 x\n    ISBUS 2 -99999999999\n'
        "    AUXRECV 0x1 1e999\n    PEAKCOL 1e30\n    NAME\n  >\n  <TEMPOENVEX\n    PT 1 nan\n    PT 5 60 1\n"
        "    PT 2 70 1\n  >\n>\n")


if __name__ == "__main__":
    main()
