#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The gains of lib/audio's fades, through build/tests/fade, compared with the formulas that were
# published for REAPER's, in NumPy and as they were written down.

load ../helper

fade() { "$built/tests/fade" "$@"; }

@test "every shape has the gains of the published formula, at every curvature" {
    run -0 warm_python - "$built/tests/fade" <<'END'
import subprocess, sys
import numpy as np

pi = np.pi
fade1 = lambda x, c: (1+c)*x*(2-x)-c*(1-(1-x)**8)**.5 if c < 0 else (1-c)*x*(2-x)+c*x**4
fade2 = lambda x, c: (1+c)*x-c*(1-(1-x)**2) if c < 0 else (1-c)*x+c*x**2
fade3 = lambda x, c: (1+c)*x-c*(1-(1-x)**4) if c < 0 else (1-c)*x+c*x**4
fade4a = lambda x, c: (c*x**4)+(1-c)*(1-(1-x)**2*(2-pi/4-(1-pi/4)*(1-x)**2))
fade4b = lambda x, c: (c+1)*(1-x**2*(2-pi/4-(1-pi/4)*(x**2)))-c*((1-x)**4)
fade4 = lambda x, c: (1-fade4b(x, c)**2)**.5 if c < 0 else fade4a(x, c)
g = lambda x, t: x if t == .5 else ((x*(1-2*t)+t**2)**.5-t)/(1-2*t)
h = lambda x, t: (2*t-1)*g(x, t)**2+(2-2*t)*g(x, t)
quartic_s = lambda x: np.where(x <= .5, 8*x**4, 1-8*(1-x)**4)
shapes = [fade3, fade1, fade2, fade3, fade3,
          lambda x, c: (3-2*h(x, .25*(c+2)))*h(x, .25*(c+2))**2,
          lambda x, c: quartic_s(h(x, (5*c+8)/16)), fade4]

def ours(way, shape, curvature, steps):
    return np.array(subprocess.run([sys.argv[1], way, str(shape), str(curvature), str(steps)], check=True,
                                   capture_output=True, text=True).stdout.split(), float)

x = np.arange(1001) / 1000
worst = 0
for shape, formula in enumerate(shapes):
    for curvature in [-1, -0.75, -0.3, 0, 0.2, 0.5, 1]:
        gains = ours("in", shape, curvature, 1000)
        worst = max(worst, np.abs(gains - formula(x, curvature)).max())
        worst = max(worst, np.abs(ours("out", shape, curvature, 1000) - formula(1 - x, -curvature)).max())
        assert gains[0] == 0 and gains[-1] == 1, (shape, curvature, gains[0], gains[-1])
        assert (np.diff(gains) >= -1e-12).all(), (shape, curvature)
print(worst)
assert worst < 2e-8, worst  # (1 - y * y) ** .5 loses half the digits near 0
END
}

@test "shapes have names and numbers, and those of REAPER 7's files" {
    number=0
    for name in linear fast-start fast-end fast-start-steep fast-end-steep smooth smooth-steep equal-power; do
        diff <(fade in "$name" 0.25 10) <(fade in "$number" 0.25 10)
        number=$((number + 1))
    done
    diff <(fade in 5.1 0 10) <(fade in 6 0 10)
    diff <(fade in 1.1 0 10) <(fade in 7 0 10)
    run -3 fade in 8 0 10
    run -3 fade in '' 0 10
}

@test "the usual curvatures make the shapes that their names say" {
    halves=$(for shape in 0 1 2 3 4 5 6; do fade in "$shape" default 2 | sed -n 2p; done | xargs)
    [[ $halves == "0.5 0.75 0.25 0.9375 0.0625 0.5 0.5" ]]
}

@test "a curvature beyond 1 is an error" {
    run -3 --separate-stderr fade in linear 1.01 4
    [[ $stderr == *"a fade's curvature is -1 to 1"* ]]
    run -3 fade in linear nan 4
}

@test "two equal-power fades together keep the power" {
    fade in equal-power 0 100 >rising
    fade out equal-power 0 100 >falling
    run -0 warm_python -c 'import numpy as np; a, b = np.loadtxt("rising"), np.loadtxt("falling"); print(np.abs(a * a + b * b - 1).max())'
    [[ $(/usr/bin/python3 -c "print($output < 0.02)") == True ]]
}
