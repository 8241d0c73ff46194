/* Copyright (C) 2026 the patchpipe authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A logic library for tests of reloads: every note that is held is a sine of a fifth of full scale,
 * which begins at 0. With -DREFUSES it takes no state, and with -DLATENCY=N it is N frames late. */
#include <patchpipe/logic.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifndef LATENCY
#define LATENCY 0
#endif

enum { NOTES = 128 };

struct chord {
    double rate;
    double phase[NOTES];
    int held[NOTES];
};

/* What is not heard yet is not in the state: another build is late by another time. */
struct delayed {
    struct chord chord;
    float late[LATENCY + 1];
    int at;
};

static void* create(void) { return calloc(1, sizeof(struct delayed)); }

static void destroy(void* self) { free(self); }

static int32_t reset(void* self, const struct patchpipe_setup* setup) {
    struct delayed* delayed = self;
    memset(delayed, 0, sizeof *delayed);
    delayed->chord.rate = setup->sample_rate;
    return 1;
}

static void take_event(struct chord* chord, const struct patchpipe_event* event) {
    if (event->kind != PATCHPIPE_EVENT_MIDI || event->size != 3) return;
    const int kind = event->bytes[0] & 0xf0, note = event->bytes[1];
    if (kind == 0x80 || kind == 0x90) {
        chord->held[note] = kind == 0x90 && event->bytes[2] > 0;
        chord->phase[note] = 0;
    }
}

static double next_sample(struct chord* chord) {
    double sum = 0;
    for (int note = 0; note < NOTES; ++note) {
        if (!chord->held[note]) continue;
        sum += 0.2 * sin(2 * 3.14159265358979323846 * chord->phase[note]);
        chord->phase[note] += 440 * pow(2, (note - 69.0) / 12) / chord->rate;
    }
    return sum;
}

static float delay(struct delayed* delayed, float sample) {
    delayed->late[delayed->at] = sample;
    delayed->at = (delayed->at + 1) % (LATENCY + 1);
    return delayed->late[delayed->at];
}

static int32_t process(void* self, const struct patchpipe_block* block) {
    const struct patchpipe_event* event = block->events;
    for (uint32_t frame = 0; frame < block->frames; ++frame) {
        for (; event < block->events + block->event_count && event->frame == frame; ++event)
            take_event(self, event);
        block->outputs[0][frame] = delay(self, (float)next_sample(self));
    }
    return PATCHPIPE_TAIL;
}

static size_t save(void* self, void* bytes, size_t room) {
    if (room >= sizeof(struct chord)) memcpy(bytes, self, sizeof(struct chord));
    return sizeof(struct chord);
}

static int32_t load(void* self, const void* bytes, size_t size) {
#ifdef REFUSES
    size = 0;
#endif
    if (size != sizeof(struct chord)) return 0;
    memcpy(self, bytes, size);
    return 1;
}

static uint32_t latency(void* self) {
    (void)self;
    return LATENCY;
}

PATCHPIPE_LOGIC_EXPORT = {
    .size = sizeof(struct patchpipe_logic),
    .epoch = PATCHPIPE_LOGIC_EPOCH,
    .id = "org.patchpipe.tests.chord",
    .name = "Chord",
    .vendor = "patchpipe",
    .version = "1",
    .outputs = 1,
    .instrument = 1,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .process = process,
    .save = save,
    .load = load,
    .latency = latency,
};
