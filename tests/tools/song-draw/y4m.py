# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads y4m streams in 4:2:0, and their pixels as red, green and blue by the formulas of BT.709."""

import sys

import numpy as np


class Video:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        header, body = data.split(b"\n", 1)
        self.header = header.decode()
        fields = {word[0]: word[1:] for word in self.header.split()[1:]}
        self.width, self.height = int(fields["W"]), int(fields["H"])
        size = self.width * self.height * 3 // 2
        assert len(body) % (size + 6) == 0, "the last frame is cut"
        frames = np.frombuffer(body, np.uint8).reshape(-1, size + 6)
        assert all(bytes(frame[:6]) == b"FRAME\n" for frame in frames)
        area = self.width * self.height
        half = (-1, self.height // 2, self.width // 2)
        self.luma = frames[:, 6 : 6 + area].reshape(-1, self.height, self.width)
        self.cb = frames[:, 6 + area : 6 + area * 5 // 4].reshape(half)
        self.cr = frames[:, 6 + area * 5 // 4 :].reshape(half)

    def __len__(self):
        return len(self.luma)

    def rgb(self, frame, x, y):
        luma = (float(self.luma[frame, y, x]) - 16) / 219
        blue = luma + (float(self.cb[frame, y // 2, x // 2]) - 128) / 224 * 1.8556
        red = luma + (float(self.cr[frame, y // 2, x // 2]) - 128) / 224 * 1.5748
        green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152
        return [round(min(max(part, 0), 1) * 255) for part in (red, green, blue)]


def main():
    """FILE FRAME X Y R G B...: each pixel must have that color, but for rounding to 8 bits."""
    path, *words = sys.argv[1:]
    video = Video(path)
    numbers = [int(word) for word in words]
    for at in range(0, len(numbers), 6):
        frame, x, y, *color = numbers[at : at + 6]
        found = video.rgb(frame, x, y)
        if max(abs(a - b) for a, b in zip(found, color)) > 4:
            sys.exit(f"frame {frame}, pixel {x},{y}: {found}, not {color}")


if __name__ == "__main__":
    main()
