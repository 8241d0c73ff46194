/* Copyright (C) 2026 the patchpipe authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A logic library that is linked into a program, without a loader or a host of ours: writes the
 * samples of a note, 57 at the velocity 100, as float: COUNT of them, in blocks of 512. */
#include <patchpipe/logic.h>

#include <stdio.h>
#include <stdlib.h>

extern const struct patchpipe_logic patchpipe_logic;

int main(int argc, char** argv) {
    enum { BLOCK = 512, MOST = 64 };
    const struct patchpipe_logic* logic = &patchpipe_logic;
    const int count = argc > 1 ? atoi(argv[1]) : 0;
    static const unsigned char note_on[] = {0x90, 57, 100};
    const struct patchpipe_event event = {note_on, sizeof note_on, 0, PATCHPIPE_EVENT_MIDI, 0};
    const struct patchpipe_transport transport = {0};
    double parameters[MOST];
    float meters[MOST], samples[BLOCK];
    patchpipe_sample* outputs[] = {samples};
    for (uint32_t i = 0; i < logic->parameter_count; ++i)
        parameters[i] = logic->parameters[i].initial;
    void* self = logic->create();
    const struct patchpipe_setup setup = {44100, parameters, BLOCK, 1};
    if (!self || !logic->reset(self, &setup)) return 1;
    for (int done = 0; done < count; done += BLOCK) {
        const uint32_t frames = count - done < BLOCK ? (uint32_t)(count - done) : BLOCK;
        const struct patchpipe_block block = {.outputs = outputs,
                                              .events = &event,
                                              .parameters = parameters,
                                              .meters = meters,
                                              .transport = &transport,
                                              .frames = frames,
                                              .event_count = done == 0};
        if (logic->process(self, &block) == PATCHPIPE_FAILED) return 1;
        fwrite(samples, sizeof *samples, frames, stdout);
    }
    logic->destroy(self);
    return 0;
}
