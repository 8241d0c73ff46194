/* Copyright (C) 2026 the patchpipe authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * usage: run-object SIZE
 * Linked with the machine code of a Faust program of one input and five outputs, plays noise and
 * writes the samples, each of SIZE bytes, one output after the other. The functions are those that
 * libfaust's LLVM back end gives every program. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { frames = 20000, outputs = 5, room = 1 << 22 };

void classInitmydsp(int sample_rate);
void instanceConstantsmydsp(void* dsp, int sample_rate);
void instanceClearmydsp(void* dsp);
void computemydsp(void* dsp, int count, void** inputs, void** outputs);

int main(int argc, char** argv) {
    const size_t size = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    void* const dsp = calloc(1, room);
    void* input = calloc(frames, size);
    void* all[outputs];
    uint32_t noise = 1;
    if ((size != 4 && size != 8) || !dsp || !input) return 1;
    for (int i = 0; i < frames; ++i) {
        noise = noise * 1664525 + 1013904223;
        const float sample = (float)(int32_t)noise / 2147483648.0F;
        if (size == 4)
            ((float*)input)[i] = sample;
        else
            ((double*)input)[i] = sample;
    }
    for (int i = 0; i < outputs; ++i)
        if (!(all[i] = calloc(frames, size))) return 1;
    classInitmydsp(44100);
    instanceConstantsmydsp(dsp, 44100);
    instanceClearmydsp(dsp);
    computemydsp(dsp, frames, &input, all);
    for (int i = 0; i < outputs; ++i) fwrite(all[i], size, frames, stdout);
    return 0;
}
