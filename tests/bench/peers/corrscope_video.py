# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: corrscope_video.py FRAMES OUTPUT [--plain] WAV...

Draws files as oscilloscopes with corrscope as its command does without its window: the settings it
begins with, which are 1920x1080 at 60 frames a second when it records, in one process. OUTPUT is a
file that ffmpeg encodes with corrscope's options, or - for raw frames on standard output, BGR0.
--plain leaves out names and lines.
"""

import contextlib
import sys

import attr
from corrscope.channel import ChannelConfig
from corrscope.corrscope import Arguments, CorrScope, DefaultLabel, template_config
from corrscope.outputs import FFmpegOutputConfig, Output, register_output


class RawConfig(FFmpegOutputConfig):
    """A kind of FFmpegOutputConfig, so that corrscope records instead of previewing."""


@register_output(RawConfig)
class Raw(Output):
    def write_frame(self, frame):
        frames.write(frame)


operands = [word for word in sys.argv[1:] if word != "--plain"]
count, path, *files = operands
frames = sys.stdout.buffer
config = template_config(channels=[ChannelConfig(file) for file in files],
                         end_time=(int(count) - 0.5) / 60)
config.master_audio = None
if len(operands) < len(sys.argv) - 1:
    config.default_label = DefaultLabel.NoLabel
    config.render = attr.evolve(config.render, v_midline=False, h_midline=False, grid_color=None)
output = RawConfig(None) if path == "-" else config.get_ffmpeg_cfg(path)
with contextlib.redirect_stdout(sys.stderr):
    CorrScope(config, Arguments(cfg_dir=".", outputs=[output], progress=lambda _: None)).play()
frames.flush()
