#!/usr/bin/env bats
# Copyright (C) 2026 the patchpipe authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# plugin-measure --protocol faust, compared with the impulse test of the Faust compiler: with
# responses that its authors publish, and with the test run by the library's own classes on the C++
# of the same program.

load ../helper

examples=/usr/share/faust/examples

# response FILE: what plugin-measure prints for it.
response() { plugin-measure --protocol faust "$1"; }

compile() { g++ -w -O0 -std=c++17 "$@"; }

# The library's classes take seconds to compile, a program among them hardly any.
setup_file() { compile -c -o faust-impulse.o "$root/tests/oracles/faust-impulse.cpp"; }

# oracle FILE: what the test prints.
oracle() {
    faust -double -lang cpp -a "$root/tests/oracles/faust-impulse.arch" "$1" -o program.cpp
    compile -o oracle program.cpp "$BATS_FILE_TMPDIR/faust-impulse.o"
    ./oracle
}

# same A B: as the test's filesCompare finds it, with its tolerance.
same() {
    /usr/bin/python3 - "$1" "$2" <<'PYTHON'
import sys
one, other = (open(name).read().splitlines() for name in sys.argv[1:])
assert one[:3] == other[:3], (one[:3], other[:3])
assert len(one) == len(other) == 60003, (len(one), len(other))
for a, b in zip(one[3:], other[3:]):
    a, b = a.split(), b.split()
    assert a[:2] == b[:2] and len(a) == len(b), (a, b)
    assert all(abs(float(x) - float(y)) <= 2e-6 for x, y in zip(a[2:], b[2:])), (a, b)
PYTHON
}

@test "a published response of a filter is ours" {
    cat >HPF.dsp <<'END'
import("maxmsp.lib");
process(x) = HPF(x, hslider("Freq", 1000, 100, 10000, 1), hslider("Gain [unit:dB]", 0, -10, 10, 0.1),
    hslider("Q", 1, 0.01, 100, 0.01));
END
    response HPF.dsp >out
    # Frames 0 to 15 of HPF.ir, and some later ones.
    diff <(sed -n '4,19p' out | cut -c 11-) - <<'END'
0.928979
-0.140743
-0.136998
-0.131157
-0.123609
-0.114723
-0.104844
-0.094291
-0.083353
-0.072288
-0.061322
-0.050650
-0.040434
-0.030808
-0.021875
-0.013712
END
    grep -qx '    35 :  0.010807' out
    grep -qx '   100 :  -0.000099' out
}

@test "a published response of a string is ours: its button is on for a block" {
    cat >karplus.dsp <<'END'
import("stdfaust.lib");
upfront(x) = (x - x') > 0.0;
trigger(n) = upfront : + ~ (_ <: _, (_ > 0.0) / n : -) : > (0.0);
string(d) = (+ : de.delay(4096, d - 1.5)) ~ (_ <: _, mem : + : / (2));
process = no.noise * hslider("level", 0.5, 0, 1, 0.01) : * (button("play") : trigger(327.023)) : string(271.994);
END
    response karplus.dsp >out
    # From karplus.ir.
    diff <(sed -n '273,279p;546,547p;15002,15003p' out) - <<'END'
   269 :  0.000000
   270 :  0.000003
   271 :  -0.172423
   272 :  -0.347593
   273 :  -0.162520
   274 :  0.053384
   275 :  -0.241713
   542 :  -0.082928
   543 :  -0.578920
 14998 :  0.097377
 14999 :  0.101781
END
}

@test "a published response of a program that asks for the block size is ours: blocks are cut where the test cuts them" {
    cat >bs.dsp <<'END'
ramp(n, x) = \(y).(if(y + x / n < x, y + x / n, if(y - x / n > x, y - x / n, x))) ~ _;
if(cond, then, else) = select2(cond, else, then);
process = ramp(fvariable(int count, <math.h>), 10);
END
    response bs.dsp >out
    # From bs.ir.
    diff <(sed -n '15002,15006p;15040,15043p' out) - <<'END'
 14998 :  10.000000
 14999 :  10.000000
 15000 :  0.256410
 15001 :  0.512821
 15002 :  0.769231
 15036 :  9.487179
 15037 :  9.743590
 15038 :  10.000000
 15039 :  10.000000
END
    [[ $(wc -c <out) == 1199896 ]]
}

@test "controls, MIDI, buttons, tables and voices answer as the library's own classes do" {
    cat >all.dsp <<'END'
import("stdfaust.lib");
a = hslider("a[midi:ctrl 7]", 0.25, 0, 2, 0.001);
b = hslider("b[midi:pitchwheel]", 0.5, -1, 3, 0.001);
c = nentry("c[midi:pgm]", 1, 0, 20, 1) / 100;
d = vslider("d[midi:chanpress]", 0.5, 0, 1, 0.001);
e = checkbox("e[midi:key 60]") + vslider("f[midi:keypress 61]", 0.1, 0, 1, 0.001);
g = button("g[midi:ctrl 64]") + button("h");
voice = os.osc(hslider("freq", 440, 20, 2000, 0.01)) * hslider("gain", 0.5, 0, 1, 0.01) * button("gate");
table = rwtable(64, 0.1, int(ba.time % 50), no.noise, int(ba.time % 64));
process = _ * (a + b) + voice + table, fi.lowpass(2, 500 + 1000 * d, _) * (c + e) + g * no.noise;
END
    response all.dsp >ours
    oracle all.dsp >wanted
    same ours wanted
}

@test "a program of Debian's examples answers as the test on its C++" {
    response "$examples/physicalModeling/old/harpe.dsp" >ours
    oracle "$examples/physicalModeling/old/harpe.dsp" >wanted
    same ours wanted
}

@test "the voices of a program with an effect are heard without it" {
    echo 'process = hslider("freq", 0, 0, 20000, 1) * button("gate"); effect = _ <: *(2), *(3);' >effect.dsp
    response effect.dsp >ours
    oracle effect.dsp >wanted
    same ours wanted
}

@test "large samples are as exact as small ones: they are double to the end" {
    echo 'process = _ * 12345.678901, pow(_ + 10, 6) * button("gate"), 11013.232920 + hslider("gain", 0.3, 0, 1, 0.1);' >large.dsp
    response large.dsp >ours
    oracle large.dsp >wanted
    same ours wanted
    grep -q '^     0 :  12345.678901 1771561.0' ours
}

@test "sound files are the sines that the test has in memory" {
    echo "process = 0, (+(1) ~ _) : soundfile(\"s[url:{'nothere1.wav';'nothere2.wav'}]\", 3), soundfile(\"one.wav\", 1)(1, 5);" >sound.dsp
    response sound.dsp >ours
    oracle sound.dsp >wanted
    same ours wanted
    # From sound.ir, which has the second file at 0.
    awk '$1 == 0 { exit !($3 == 4096 && $4 == 44100) }' ours
}

@test "a program computes in double, unless its operand says what it computes in" {
    echo 'process = (+(0.1) ~ _) * (1 - _);' >sum.dsp
    response sum.dsp >ours
    oracle sum.dsp >wanted
    same ours wanted
    response '{"dsp":"sum.dsp","compile_options":["-vec"]}' >vector
    same ours vector
    response '{"dsp":"sum.dsp","compile_options":["-single"]}' >single
    run -1 same ours single
    faust-build --bitcode sum.dsp >record
    response sum.fbc >bitcode
    same single bitcode
}
