# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which plug-ins are in a Debian package."""
import os
import pathlib
import subprocess
import tempfile
from typing import NamedTuple


class Plugin(NamedTuple):
    package: str
    version: str
    format: str  # LV2 or VST2
    path: str  # as the tools accept it: a file, or a URI
    listed: bool  # an instrument, even if it does not say so


def packages_in(file):
    """The names in the file, each with the plug-ins named after it."""
    lines = [line.split() for line in pathlib.Path(file).read_text().splitlines()]
    return {words[0]: words[1:] for words in lines if words and not words[0].startswith("#")}


def version_of(package):
    """Empty if it is not installed."""
    query = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}", package],
                           capture_output=True, text=True)
    return query.stdout[3:].strip() if query.stdout.startswith("ii") else ""


def files_of(package):
    listing = subprocess.run(["dpkg-query", "-L", package], capture_output=True, text=True)
    return [pathlib.Path(line) for line in listing.stdout.splitlines()]


def uris_in(bundle):
    """The plug-ins in this bundle and in no other, whatever else is installed."""
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(bundle, f"{folder}/{bundle.name}")
        listing = subprocess.run(["lv2ls"], capture_output=True, text=True, check=True,
                                 env=os.environ | {"LV2_PATH": folder})
    return sorted(listing.stdout.split())


def has_instruments(bundle):
    return any("InstrumentPlugin" in file.read_text() for file in bundle.glob("*.ttl"))


def plugins_of(package, extra):
    """The plug-ins that may be instruments, without loading any; the extra ones always count."""
    version = version_of(package)
    files = files_of(package)
    found = [("VST2", str(file)) for file in files if file.suffix == ".so" and "vst" in file.parts]
    for bundle in (file.parent for file in files if file.name == "manifest.ttl"):
        everything = has_instruments(bundle)
        found += [("LV2", uri) for uri in uris_in(bundle) if everything or uri in extra]
    return [Plugin(package, version, kind, path, path in extra) for kind, path in sorted(found)]
