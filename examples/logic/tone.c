/* Copyright (C) 2026 the patchpipe authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A logic library in C (patchpipe-logic(5)): a saw through a low-pass, one note at a time. tone.cpp,
 * tone.rs and tone.dsp are the same in other languages.
 *
 *     make tone.so && render-one -p tone.so '{"note":57,"output_path":"tone.wav"}' */
#include <patchpipe/logic.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVEL, BRIGHT, PARAMETERS };

static const struct patchpipe_parameter parameters[PARAMETERS] = {
    {"level", "Level", "dB", NULL, -60, 0, -12, 0, PATCHPIPE_SCALE_LINEAR},
    {"bright", "Brightness", NULL, NULL, 0.01, 1, 0.5, 0, PATCHPIPE_SCALE_LOG},
};

static const struct patchpipe_meter meters[] = {{"peak", "Peak", NULL}};

/* All that sounds, and therefore what the next build needs to go on with a note. */
struct tone {
    float rate, frequency, gate;
    float phase, amplitude, last;
    uint32_t note;
};

static void* create(void) { return calloc(1, sizeof(struct tone)); }

static void destroy(void* self) { free(self); }

static int32_t reset(void* self, const struct patchpipe_setup* setup) {
    struct tone* tone = self;
    memset(tone, 0, sizeof *tone);
    tone->rate = (float)setup->sample_rate;
    tone->frequency = 440;
    return 1;
}

static void take_event(struct tone* tone, const struct patchpipe_event* event) {
    if (event->kind != PATCHPIPE_EVENT_MIDI || event->size != 3) return;
    const int kind = event->bytes[0] & 0xf0, velocity = event->bytes[2];
    const uint32_t note = event->bytes[1];
    if (kind == 0x90 && velocity > 0) {
        tone->note = note;
        tone->frequency = (float)(440 * pow(2, (note - 69.0) / 12));
        tone->gate = (float)velocity / 127;
    } else if ((kind == 0x80 || kind == 0x90) && note == tone->note) {
        tone->gate = 0;
    }
}

static float next_sample(struct tone* tone, float level, float bright) {
    const float step = 1 / tone->rate * tone->frequency;
    tone->phase = step + (tone->phase - floorf(step + tone->phase));
    tone->amplitude = 0.005f * tone->gate * level + 0.995f * tone->amplitude;
    const float saw = 2 * tone->phase - 1;
    tone->last = (1 - bright) * tone->last + bright * tone->amplitude * saw;
    return tone->last;
}

static int32_t process(void* self, const struct patchpipe_block* block) {
    struct tone* tone = self;
    const float level = powf(10, 0.05f * (float)block->parameters[LEVEL]);
    const float bright = (float)block->parameters[BRIGHT];
    const struct patchpipe_event* event = block->events;
    float peak = 0;
    for (uint32_t frame = 0; frame < block->frames; ++frame) {
        for (; event < block->events + block->event_count && event->frame == frame; ++event)
            take_event(tone, event);
        block->outputs[0][frame] = next_sample(tone, level, bright);
        peak = fmaxf(peak, fabsf(tone->last));
    }
    block->meters[0] = peak;
    return tone->gate > 0 || tone->amplitude > 1e-6f ? PATCHPIPE_TAIL : PATCHPIPE_SILENT;
}

static size_t save(void* self, void* bytes, size_t room) {
    if (room >= sizeof(struct tone)) memcpy(bytes, self, sizeof(struct tone));
    return sizeof(struct tone);
}

static int32_t load(void* self, const void* bytes, size_t size) {
    if (size != sizeof(struct tone)) return 0;
    memcpy(self, bytes, size);
    return 1;
}

static uint32_t tail(void* self) {
    (void)self;
    return 4096; /* the amplitude falls by 5 thousandths a frame */
}

PATCHPIPE_LOGIC_EXPORT = {
    .size = sizeof(struct patchpipe_logic),
    .epoch = PATCHPIPE_LOGIC_EPOCH,
    .id = "org.patchpipe.example.tone",
    .name = "Tone",
    .vendor = "patchpipe",
    .version = "1",
    .parameters = parameters,
    .meters = meters,
    .parameter_count = PARAMETERS,
    .meter_count = 1,
    .outputs = 1,
    .instrument = 1,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .process = process,
    .save = save,
    .load = load,
    .tail = tail,
};
