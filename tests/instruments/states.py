# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""States for instruments whose initial sound says little: ZynAddSubFX's presets, samples to play."""
import base64
import math
import pathlib
import re
import struct
import wave

LV2_PREFIXES = """@prefix atom: <http://lv2plug.in/ns/ext/atom#> .
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SAMPLE = "sample.wav"
ZYN = "http://zynaddsubfx.sourceforge.net"
ZYN_PRESETS = pathlib.Path("/usr/lib/lv2/ZynAddSubFX.lv2presets")
ZYN_PRESET = re.compile(
    r'^<[^>]*#preset_([^>]*)>\s+state:state \[\s+<urn:distrho:state>\s+"""(.*?)"""', re.S | re.M)


def lv2_state(uri, properties):
    return (f"{LV2_PREFIXES}\n<urn:patchpipe:preset> a pset:Preset ; lv2:appliesTo <{uri}> ;\n"
            f"    state:state [ {properties} ] .\n").encode()


def zyn_presets():
    """The XML of each preset that comes with the LV2, as in its Turtle."""
    return {name: xml for file in sorted(ZYN_PRESETS.glob("*.ttl"))
            for name, xml in ZYN_PRESET.findall(file.read_text())}


def uses_padsynth(xml):
    return re.search(r'pad_enabled\W+value=\W+yes', xml) is not None


def zyn_lv2_state(xml):
    return lv2_state(ZYN, f'<urn:distrho:state> """{xml}"""')


def zyn_fxp(xml):
    """The VST2's state: a list of keys and values, each followed by a zero byte."""
    text = xml.strip().replace('\\"', '"').replace("\\\\", "\\")
    slots = b"".join(b"slot%d\x000\0" % number for number in range(1, 17))
    chunk = b"state\0\n" + text.encode() + b"\n\0\0" + slots + b"\0"
    program = b"FPCh" + struct.pack(">I4sII28sI", 1, b"ZASF", 0x30006, 16, b"", len(chunk)) + chunk
    return b"CcnK" + struct.pack(">I", len(program)) + program


def write_sample(path):
    """Half a second of a decaying sine."""
    frames = [round(20000 * (1 - frame / 22050) * math.sin(2 * math.pi * 440 * frame / 44100))
              for frame in range(22050)]
    with wave.open(str(path), "wb") as sample:
        sample.setnchannels(1)
        sample.setsampwidth(2)
        sample.setframerate(44100)
        sample.writeframes(struct.pack(f"<{len(frames)}h", *frames))


DRUM_KIT = """<drumkit name="kit" description="" samplerate="44100">
<channels><channel name="main"/></channels>
<instruments><instrument name="drum" file="drum.xml"><channelmap in="main" out="main"/></instrument>
</instruments></drumkit>
"""
DRUM = """<instrument version="2.0" name="drum">
<samples><sample name="hit" power="1"><audiofile channel="main" file="{}" filechannel="1"/></sample>
</samples></instrument>
"""
DRUM_MAP = """<midimap><map note="36" instr="drum"/><map note="57" instr="drum"/></midimap>
"""
DRUM_SETTINGS = """<config version="1.0">
<value name="drumkitfile">{0}/kit.xml</value><value name="midimapfile">{0}/map.xml</value>
</config>
"""


def drumgizmo_state(uri, folder):
    """A kit of one drum, which it reads on threads of its own."""
    (folder / "kit.xml").write_text(DRUM_KIT)
    (folder / "drum.xml").write_text(DRUM.format(SAMPLE))
    (folder / "map.xml").write_text(DRUM_MAP)
    settings = base64.b64encode(DRUM_SETTINGS.format(folder).encode()).decode()
    return lv2_state(uri, f'<{uri}/atom#config> "{settings}"^^xsd:base64Binary')


def file_state(key, file=SAMPLE):
    """A function that makes a state with a file in it; a relative name is in the folder."""
    return lambda uri, folder: lv2_state(uri, f'<{uri}{key}> "{folder / file}"^^atom:Path')


SAMPLERS = {
    "http://samplv1.sourceforge.net/lv2": file_state("#P101_SAMPLE_FILE"),
    "http://lsp-plug.in/plugins/lv2/sampler_mono": file_state("/ports#sf_0"),
    "http://drumgizmo.org/lv2": drumgizmo_state,
    "urn:ardour:a-fluidsynth": file_state(":sf2file", "/usr/share/sounds/sf2/Black_Pearl_4_LV2.sf2"),
}


def sampler_states(folder, paths):
    """The state's file for each installed sampler."""
    write_sample(folder / SAMPLE)
    for number, path in enumerate(path for path in SAMPLERS if path in paths):
        file = folder / f"{number}.ttl"
        file.write_bytes(SAMPLERS[path](path, folder))
        yield path, file
