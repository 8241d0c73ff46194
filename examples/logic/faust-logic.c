/* Copyright (C) 2026 the patchpipe authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An architecture file: it makes a logic library (patchpipe-logic(5)) of any Faust program. Sliders
 * and switches become parameters, bargraphs meters. In a program with a control named gate, that,
 * freq and gain follow the notes instead, one at a time.
 *
 *     faust -lang c -uim -a faust-logic.c tone.dsp -o tone-faust.c
 *     cc -O2 -shared -fPIC -fvisibility=hidden -o tone-faust.so tone-faust.c -lm
 *
 * With -double for Faust and -DPATCHPIPE_SAMPLE=double for the compiler, in double precision. */
#include <patchpipe/logic.h>

#include <math.h>
#include <string.h>

#define FAUSTFLOAT patchpipe_sample
#include <faust/gui/CInterface.h>

/* Faust's C calls these for whole numbers. */
#ifndef max
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#endif

/* -uim lists the controls by macros, and also calls these. */
#define FAUST_UIMACROS
#define FAUST_ADDBUTTON(label, zone)
#define FAUST_ADDCHECKBOX(label, zone)
#define FAUST_ADDVERTICALSLIDER(label, zone, init, min, max, step)
#define FAUST_ADDHORIZONTALSLIDER(label, zone, init, min, max, step)
#define FAUST_ADDNUMENTRY(label, zone, init, min, max, step)
#define FAUST_ADDVERTICALBARGRAPH(label, zone, min, max)
#define FAUST_ADDHORIZONTALBARGRAPH(label, zone, min, max)
#define FAUST_ADDSOUNDFILE(label, url, zone)

<<includeIntrinsic>>

<<includeclass>>

/* How many values a control has; 0 for any. */
#define STEPS_BUTTON(min, max, step) 2
#define STEPS_CHECKBOX(min, max, step) 2
#define STEPS_NUMENTRY(min, max, step) (uint32_t)(((max) - (min)) / (step) + 1.5)
#define STEPS_VERTICALSLIDER(min, max, step) 0
#define STEPS_HORIZONTALSLIDER(min, max, step) 0

/* The controls, and where their values go. Faust's label is the path through the groups, which tells
 * those of the same name apart, but for those without a name; its id is the name, with underscores
 * for spaces. A list may not be empty, so each ends in one entry that does not count. */
#define ID(id, path, zone) sizeof #id > 1 ? path : path #zone
#define NAME(id, path) &path[sizeof path - sizeof #id]
#define PARAMETER(kind, id, path, zone, init, min, max, step) \
    {ID(id, path, zone), NAME(id, path), NULL, NULL, min, max, init, STEPS_##kind(min, max, step), 0},
#define METER(kind, id, path, zone, ...) {ID(id, path, zone), NAME(id, path), NULL},
#define ZONE(kind, id, path, zone, ...) {NAME(id, path), offsetof(mydsp, zone)},

static const struct patchpipe_parameter parameters[] = {FAUST_LIST_ACTIVES(PARAMETER){0}};
static const struct patchpipe_meter meters[] = {FAUST_LIST_PASSIVES(METER){0}};

struct zone {
    const char* name;
    size_t offset;
};
static const struct zone parameter_zones[] = {FAUST_LIST_ACTIVES(ZONE){"", 0}};
static const struct zone meter_zones[] = {FAUST_LIST_PASSIVES(ZONE){"", 0}};

struct logic {
    mydsp dsp;
    int plays_notes; /* there is a gate */
    int note;
};

static FAUSTFLOAT* zone_at(struct logic* logic, const struct zone* zone) {
    return (FAUSTFLOAT*)((char*)&logic->dsp + zone->offset);
}

/* The control of that name, or null. */
static const struct zone* control(const char* name) {
    for (int i = 0; i < FAUST_ACTIVES; ++i)
        if (strcmp(parameter_zones[i].name, name) == 0) return &parameter_zones[i];
    return NULL;
}

static int is_note(const struct logic* logic, const char* name) {
    return logic->plays_notes &&
           (strcmp(name, "freq") == 0 || strcmp(name, "gain") == 0 || strcmp(name, "gate") == 0);
}

static void set_note(struct logic* logic, const char* name, double value) {
    const struct zone* zone = control(name);
    if (zone && is_note(logic, name)) *zone_at(logic, zone) = (FAUSTFLOAT)value;
}

static void take_event(struct logic* logic, const struct patchpipe_event* event) {
    if (event->kind != PATCHPIPE_EVENT_MIDI || event->size != 3) return;
    const int kind = event->bytes[0] & 0xf0, note = event->bytes[1], velocity = event->bytes[2];
    if (kind == 0x90 && velocity > 0) {
        logic->note = note;
        set_note(logic, "freq", 440 * pow(2, (note - 69.0) / 12));
        set_note(logic, "gain", velocity / 127.0);
        set_note(logic, "gate", 1);
    } else if ((kind == 0x80 || kind == 0x90) && note == logic->note) {
        set_note(logic, "gate", 0);
    }
}

/* The frames from `begin` to `end`. */
static void compute(struct logic* logic, const struct patchpipe_block* block, uint32_t begin,
                    uint32_t end) {
    FAUSTFLOAT *inputs[FAUST_INPUTS + 1], *outputs[FAUST_OUTPUTS + 1];
    for (int i = 0; i < FAUST_INPUTS; ++i) inputs[i] = (FAUSTFLOAT*)block->inputs[i] + begin;
    for (int i = 0; i < FAUST_OUTPUTS; ++i) outputs[i] = block->outputs[i] + begin;
    if (end > begin) computemydsp(&logic->dsp, (int)(end - begin), inputs, outputs);
}

static void* create(void) {
    struct logic* logic = calloc(1, sizeof *logic);
    if (logic) logic->plays_notes = control("gate") != NULL;
    return logic;
}

static void destroy(void* self) { free(self); }

static int32_t reset(void* self, const struct patchpipe_setup* setup) {
    initmydsp(&((struct logic*)self)->dsp, (int)setup->sample_rate);
    return 1;
}

static int32_t process(void* self, const struct patchpipe_block* block) {
    struct logic* logic = self;
    for (int i = 0; i < FAUST_ACTIVES; ++i)
        if (!is_note(logic, parameter_zones[i].name))
            *zone_at(logic, &parameter_zones[i]) = (FAUSTFLOAT)block->parameters[i];
    uint32_t done = 0;
    for (uint32_t i = 0; i < block->event_count; ++i) {
        compute(logic, block, done, block->events[i].frame);
        done = block->events[i].frame;
        take_event(logic, &block->events[i]);
    }
    compute(logic, block, done, block->frames);
    for (int i = 0; i < FAUST_PASSIVES; ++i)
        block->meters[i] = (float)*zone_at(logic, &meter_zones[i]);
    return PATCHPIPE_CONTINUE;
}

PATCHPIPE_LOGIC_EXPORT = {
    .size = sizeof(struct patchpipe_logic),
    .epoch = PATCHPIPE_LOGIC_EPOCH,
    .id = FAUST_FILE_NAME,
    .name = FAUST_FILE_NAME,
    .parameters = parameters,
    .meters = meters,
    .parameter_count = FAUST_ACTIVES,
    .meter_count = FAUST_PASSIVES,
    .inputs = FAUST_INPUTS,
    .outputs = FAUST_OUTPUTS,
    .instrument = FAUST_INPUTS == 0,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .process = process,
};
