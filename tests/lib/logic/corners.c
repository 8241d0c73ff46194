/* Copyright (C) 2026 the patchpipe authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A logic library that tests bend: -DDEFECT=... is put at the end of its descriptor. The output
 * shows what it was given, and it prints when it is loaded. */
#include <patchpipe/logic.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void construct(void) {
    static const char words[] = "a constructor runs\n";
    (void)!write(STDERR_FILENO, words, sizeof words - 1);
}

static const char* const shapes[] = {"sine", "saw", "square"};

static const struct patchpipe_parameter parameters[] = {
    {"gain", "Gain", "dB", NULL, -60, 12, -6, 0, PATCHPIPE_SCALE_LINEAR},
    {"cutoff", "Cutoff", "Hz", NULL, 20, 20000, 440, 0, PATCHPIPE_SCALE_LOG},
    {"shape", "Shape", NULL, shapes, 0, 2, 1, 3, PATCHPIPE_SCALE_LINEAR},
    {"octave", "Octave", NULL, NULL, -2, 2, 0, 5, PATCHPIPE_SCALE_LINEAR},
};

static const struct patchpipe_meter meters[] = {{"sum", "Sum", "dB"}, {"frames", "Frames", NULL}};

enum { STATE_BYTES = 8 };

struct corners {
    struct patchpipe_setup setup;
    double at_reset[4], at_change[4]; /* the parameters then */
    unsigned char state[STATE_BYTES];
    int resets, changes, loads;
};

static void* create(void) { return calloc(1, sizeof(struct corners)); }
static void destroy(void* self) { free(self); }

static int32_t reset(void* self, const struct patchpipe_setup* setup) {
    struct corners* corners = self;
    corners->setup = *setup;
    memcpy(corners->at_reset, setup->parameters, sizeof corners->at_reset);
    ++corners->resets;
    return setup->sample_rate < 100000;
}

/* The first frames of the output are what is there to see; then the input, if there is one. */
static int32_t process(void* self, const struct patchpipe_block* block) {
    const struct corners* corners = self;
    const struct patchpipe_transport* transport = block->transport;
    volatile double tiny = 1e-308, half = 0.125;
    double sum = 0, events = 0, frames = 0;
    for (uint32_t i = 0; i < block->event_count; ++i) {
        for (uint32_t k = 0; k < block->events[i].size; ++k) sum += block->events[i].bytes[k];
        frames += block->events[i].frame;
        ++events;
    }
    const double shown[] = {block->parameters[0],
                            block->parameters[1],
                            block->parameters[2],
                            block->parameters[3],
                            corners->at_reset[0],
                            corners->at_change[0],
                            corners->setup.sample_rate,
                            corners->setup.block_size,
                            corners->setup.offline,
                            corners->resets,
                            corners->state[0],
                            corners->loads,
                            events,
                            sum,
                            frames,
                            (double)transport->frame,
                            transport->seconds,
                            transport->quarters,
                            transport->bar_start_quarters,
                            transport->bpm,
                            transport->numerator,
                            transport->denominator,
                            transport->playing,
                            tiny * half != 0,
                            block->frames};
    for (uint32_t i = 0; i < block->frames; ++i) {
        block->outputs[0][i] = i < sizeof shown / sizeof *shown ? (patchpipe_sample)shown[i] : 0;
        block->outputs[1][i] = block->inputs[0][i];
    }
    block->meters[0] = (float)sum;
    block->meters[1] = (float)block->frames;
#ifdef STATUS
    return transport->frame >= 1000 ? STATUS : PATCHPIPE_CONTINUE;
#endif
    return PATCHPIPE_CONTINUE;
}

static size_t save(void* self, void* bytes, size_t room) {
    if (room >= STATE_BYTES) memcpy(bytes, ((struct corners*)self)->state, STATE_BYTES);
    return STATE_BYTES;
}

static int32_t load(void* self, const void* bytes, size_t size) {
    struct corners* corners = self;
    if (size != STATE_BYTES) return 0;
    memcpy(corners->state, bytes, size);
    ++corners->loads;
    return 1;
}

static void state_changed(void* self, const double* values) {
    struct corners* corners = self;
    memcpy(corners->at_change, values, sizeof corners->at_change);
    ++corners->changes;
}

static uint32_t latency(void* self) {
    (void)self;
#ifdef LATENCY
    return LATENCY;
#endif
    return 0;
}

static uint32_t tail(void* self) {
    (void)self;
#ifdef TAIL
    return TAIL;
#endif
    return 1234;
}

#ifndef DEFECT
#define DEFECT .instrument = 1
#endif

PATCHPIPE_LOGIC_EXPORT = {.size = sizeof(struct patchpipe_logic),
                          .epoch = PATCHPIPE_LOGIC_EPOCH,
                          .id = "org.patchpipe.test.corners",
                          .name = "Corners",
                          .version = "3",
                          .parameters = parameters,
                          .meters = meters,
                          .parameter_count = 4,
                          .meter_count = 2,
                          .inputs = 1,
                          .outputs = 2,
                          .create = create,
                          .destroy = destroy,
                          .reset = reset,
                          .process = process,
                          .save = save,
                          .load = load,
                          .state_changed = state_changed,
                          .latency = latency,
                          .tail = tail,
                          DEFECT};
