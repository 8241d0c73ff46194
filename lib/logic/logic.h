/* Copyright (C) 2026 the patchpipe authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ABI of logic libraries: shared libraries with the sound of an instrument or an effect in
 * them, and nothing else, so that a host can load a new build while the old one plays. Plain C;
 * installed as <patchpipe/logic.h>; patchpipe-logic(5) has the rules. A library is one source file
 * that includes this and ends in
 *
 *     PATCHPIPE_LOGIC_EXPORT = {sizeof(struct patchpipe_logic), PATCHPIPE_LOGIC_EPOCH, ...};
 *
 * which defines the symbol patchpipe_logic, and a note in the ELF file from which a host learns
 * whether it shares this header's layout, without loading the library.
 *
 * All strings are UTF-8, end in a NUL, and live as long as the library is loaded. */
#ifndef PATCHPIPE_LOGIC_H
#define PATCHPIPE_LOGIC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes with every change of this header that the sizes and offsets below do not show. */
#define PATCHPIPE_LOGIC_EPOCH 1

/* The type of the samples, float or double: define it before including this. */
#ifndef PATCHPIPE_SAMPLE
#define PATCHPIPE_SAMPLE float
#endif
typedef PATCHPIPE_SAMPLE patchpipe_sample;

/* What the library cannot do without, a sum of these: define it before including this. A host that
 * lacks one of them, or does not know it, refuses the library. */
#define PATCHPIPE_NEEDS_TRANSPORT 1u /* position and tempo that are the song's */
#define PATCHPIPE_NEEDS_SYSEX 2u     /* MIDI messages of more than three bytes */
#ifndef PATCHPIPE_LOGIC_FEATURES
#define PATCHPIPE_LOGIC_FEATURES 0u
#endif

/* One parameter. The host keeps its value, in the unit that is shown to people (-27 dB, 440 Hz),
 * and hands it to every call that needs it: it outlives the library. */
struct patchpipe_parameter {
    const char* id; /* tells it from the others, in this build and the next */
    const char* name;
    const char* unit;           /* or null */
    const char* const* choices; /* `steps` names for its values, or null */
    double minimum, maximum, initial;
    uint32_t steps; /* 0: any value; else that many, evenly spaced from minimum to maximum */
    uint32_t scale; /* how hosts spread the values over a knob */
};
enum { PATCHPIPE_SCALE_LINEAR = 0, PATCHPIPE_SCALE_LOG = 1 /* minimum above 0 */ };

/* A value that the library shows: a level, a gain reduction. */
struct patchpipe_meter {
    const char* id;
    const char* name;
    const char* unit; /* or null */
};

/* What reset() prepares for. */
struct patchpipe_setup {
    double sample_rate;       /* Hz */
    const double* parameters; /* the values now: smoothing begins at them */
    uint32_t block_size;      /* frames of the longest block; others are shorter, never empty */
    uint32_t offline;         /* not 0 if nobody waits for the audio */
};

/* What happens at a frame of a block. */
struct patchpipe_event {
    const uint8_t* bytes; /* a MIDI 1.0 message, without running status; a system exclusive one from
                             F0 to F7. Velocity 0 is a note-off. */
    uint32_t size;        /* bytes */
    uint32_t frame;       /* of the block, below patchpipe_block.frames */
    uint32_t kind;        /* skip an event of a kind that you do not know */
    uint32_t reserved;    /* 0 */
};
enum { PATCHPIPE_EVENT_MIDI = 0 };

/* Where the host is in its song at the first frame of a block. */
struct patchpipe_transport {
    int64_t frame;             /* since the song began; below 0 before that */
    double seconds;            /* the same in seconds */
    double quarters;           /* the same in quarter notes */
    double bar_start_quarters; /* where the bar began */
    double bpm;                /* quarter notes a minute */
    int32_t numerator, denominator;
    uint32_t playing;  /* not 0 while the song goes on */
    uint32_t reserved; /* 0 */
};

/* One block. All pointers are the host's, and valid during the call only. */
struct patchpipe_block {
    const patchpipe_sample* const* inputs; /* a pointer for each input; never null */
    patchpipe_sample* const* outputs;      /* the library writes every frame of every output */
    const struct patchpipe_event* events;  /* in the order of their frames */
    const double* parameters;              /* the values from the first frame on; a block ends
                                              where one changes */
    float* meters;                         /* the library writes them when it likes; the host shows
                                              the last values */
    const struct patchpipe_transport* transport;
    uint32_t frames;
    uint32_t event_count;
};

/* What process() returns. */
enum {
    PATCHPIPE_CONTINUE = 0, /* there is sound, or there may be */
    PATCHPIPE_TAIL = 1,     /* without new events or input, silence after tail() frames */
    PATCHPIPE_SILENT = 2,   /* nothing sounds, until an event or input comes */
    PATCHPIPE_FAILED = 3    /* the outputs are of no use, and the instance neither */
};

#define PATCHPIPE_TAIL_INFINITE UINT32_MAX
#define PATCHPIPE_STATE_FAILED SIZE_MAX

/* The library. A host makes any number of instances, and calls each from one thread at a time, not
 * always the same; process() from one that must not wait: no locks, files or allocation there.
 * Functions may be null where it says so. */
struct patchpipe_logic {
    uint32_t size;  /* sizeof(struct patchpipe_logic) */
    uint32_t epoch; /* PATCHPIPE_LOGIC_EPOCH */
    const char* id; /* the same for every build: "org.example.organ" */
    const char* name;
    const char* vendor;  /* or null */
    const char* version; /* or null */
    const struct patchpipe_parameter* parameters;
    const struct patchpipe_meter* meters;
    uint32_t parameter_count, meter_count;
    uint32_t inputs, outputs; /* channels */
    uint32_t instrument;      /* not 0 if it plays notes */
    uint32_t reserved;        /* 0 */

    /* A new instance, or null. reset() follows before anything is processed. */
    void* (*create)(void);
    void (*destroy)(void* self);

    /* Prepares for a sample rate and clears what still sounds: notes, delays. All else stays.
     * Returns 0 if it cannot. A host that goes on with the next build while a note sounds calls
     * create(), reset(), load(), state_changed(), in this order. */
    int32_t (*reset)(void* self, const struct patchpipe_setup* setup);

    int32_t (*process)(void* self, const struct patchpipe_block* block);

    /* What load(), perhaps that of the next build, needs to go on: all but the parameters. Returns
     * its size in bytes, and writes it if that is at most `room`; PATCHPIPE_STATE_FAILED if it
     * cannot. save and load are null together, if the parameters are all there is. */
    size_t (*save)(void* self, void* bytes, size_t room);
    /* Returns 0 if it does not take these bytes, and is then as before. They may come from another
     * build, or be damaged. */
    int32_t (*load)(void* self, const void* bytes, size_t size);

    /* Called after load(), also a refused one, and when the host has set parameters outside of a
     * block: time to compute what takes longer than a block has. Or null. */
    void (*state_changed)(void* self, const double* parameters);

    /* Frames by which the output is late, and for which it goes on after the input ends; as of the
     * last call of another function. Null for 0. */
    uint32_t (*latency)(void* self);
    uint32_t (*tail)(void* self);
};

/* The canary: numbers by which a host compares this header's layout with its own, each of 32 bits.
 * The first four stand in the same places in every epoch. A host refuses a library with any other
 * number than its own, but takes both types of samples, and fewer features than it has. */
#define PATCHPIPE_SIZE(F, type)                                    \
    F("size of patchpipe_" #type, sizeof(struct patchpipe_##type)) \
    F("alignment of patchpipe_" #type, PATCHPIPE_ALIGN(struct patchpipe_##type))
#define PATCHPIPE_OFFSET(F, type, member) \
    F("offset of patchpipe_" #type "." #member, offsetof(struct patchpipe_##type, member))

#define PATCHPIPE_CANARY(F)                             \
    F("byte order", 0x01020304u)                        \
    F("epoch", PATCHPIPE_LOGIC_EPOCH)                   \
    F("bits of a pointer", 8 * sizeof(void*))           \
    F("features", PATCHPIPE_LOGIC_FEATURES)             \
    F("bits of a sample", 8 * sizeof(patchpipe_sample)) \
    PATCHPIPE_SIZE(F, parameter)                        \
    PATCHPIPE_OFFSET(F, parameter, id)                  \
    PATCHPIPE_OFFSET(F, parameter, name)                \
    PATCHPIPE_OFFSET(F, parameter, unit)                \
    PATCHPIPE_OFFSET(F, parameter, choices)             \
    PATCHPIPE_OFFSET(F, parameter, minimum)             \
    PATCHPIPE_OFFSET(F, parameter, maximum)             \
    PATCHPIPE_OFFSET(F, parameter, initial)             \
    PATCHPIPE_OFFSET(F, parameter, steps)               \
    PATCHPIPE_OFFSET(F, parameter, scale)               \
    PATCHPIPE_SIZE(F, meter)                            \
    PATCHPIPE_OFFSET(F, meter, id)                      \
    PATCHPIPE_OFFSET(F, meter, name)                    \
    PATCHPIPE_OFFSET(F, meter, unit)                    \
    PATCHPIPE_SIZE(F, setup)                            \
    PATCHPIPE_OFFSET(F, setup, sample_rate)             \
    PATCHPIPE_OFFSET(F, setup, parameters)              \
    PATCHPIPE_OFFSET(F, setup, block_size)              \
    PATCHPIPE_OFFSET(F, setup, offline)                 \
    PATCHPIPE_SIZE(F, event)                            \
    PATCHPIPE_OFFSET(F, event, bytes)                   \
    PATCHPIPE_OFFSET(F, event, size)                    \
    PATCHPIPE_OFFSET(F, event, frame)                   \
    PATCHPIPE_OFFSET(F, event, kind)                    \
    PATCHPIPE_OFFSET(F, event, reserved)                \
    PATCHPIPE_SIZE(F, transport)                        \
    PATCHPIPE_OFFSET(F, transport, frame)               \
    PATCHPIPE_OFFSET(F, transport, seconds)             \
    PATCHPIPE_OFFSET(F, transport, quarters)            \
    PATCHPIPE_OFFSET(F, transport, bar_start_quarters)  \
    PATCHPIPE_OFFSET(F, transport, bpm)                 \
    PATCHPIPE_OFFSET(F, transport, numerator)           \
    PATCHPIPE_OFFSET(F, transport, denominator)         \
    PATCHPIPE_OFFSET(F, transport, playing)             \
    PATCHPIPE_OFFSET(F, transport, reserved)            \
    PATCHPIPE_SIZE(F, block)                            \
    PATCHPIPE_OFFSET(F, block, inputs)                  \
    PATCHPIPE_OFFSET(F, block, outputs)                 \
    PATCHPIPE_OFFSET(F, block, events)                  \
    PATCHPIPE_OFFSET(F, block, parameters)              \
    PATCHPIPE_OFFSET(F, block, meters)                  \
    PATCHPIPE_OFFSET(F, block, transport)               \
    PATCHPIPE_OFFSET(F, block, frames)                  \
    PATCHPIPE_OFFSET(F, block, event_count)             \
    PATCHPIPE_SIZE(F, logic)                            \
    PATCHPIPE_OFFSET(F, logic, size)                    \
    PATCHPIPE_OFFSET(F, logic, epoch)                   \
    PATCHPIPE_OFFSET(F, logic, id)                      \
    PATCHPIPE_OFFSET(F, logic, name)                    \
    PATCHPIPE_OFFSET(F, logic, vendor)                  \
    PATCHPIPE_OFFSET(F, logic, version)                 \
    PATCHPIPE_OFFSET(F, logic, parameters)              \
    PATCHPIPE_OFFSET(F, logic, meters)                  \
    PATCHPIPE_OFFSET(F, logic, parameter_count)         \
    PATCHPIPE_OFFSET(F, logic, meter_count)             \
    PATCHPIPE_OFFSET(F, logic, inputs)                  \
    PATCHPIPE_OFFSET(F, logic, outputs)                 \
    PATCHPIPE_OFFSET(F, logic, instrument)              \
    PATCHPIPE_OFFSET(F, logic, reserved)                \
    PATCHPIPE_OFFSET(F, logic, create)                  \
    PATCHPIPE_OFFSET(F, logic, destroy)                 \
    PATCHPIPE_OFFSET(F, logic, reset)                   \
    PATCHPIPE_OFFSET(F, logic, process)                 \
    PATCHPIPE_OFFSET(F, logic, save)                    \
    PATCHPIPE_OFFSET(F, logic, load)                    \
    PATCHPIPE_OFFSET(F, logic, state_changed)           \
    PATCHPIPE_OFFSET(F, logic, latency)                 \
    PATCHPIPE_OFFSET(F, logic, tail)

#ifdef __cplusplus
#define PATCHPIPE_ALIGN(type) alignof(type)
#else
#define PATCHPIPE_ALIGN(type) _Alignof(type)
#endif

#define PATCHPIPE_CANARY_COUNT(name, value) +1
#define PATCHPIPE_CANARY_WORD(name, value) (uint32_t)(value),

/* An ELF note (elf(5), Nhdr): the owner "patchpipe" with its NUL, padded to 12 bytes, and type 1.
 */
#define PATCHPIPE_NOTE_TYPE 1u
struct patchpipe_note {
    uint32_t name_size, canary_size, type;
    char name[12];
    uint32_t canary[0 PATCHPIPE_CANARY(PATCHPIPE_CANARY_COUNT)];
};

#define PATCHPIPE_LOGIC_EXPORT                                                                  \
    __attribute__((section(".note.patchpipe"), used,                                            \
                   aligned(4))) static const struct patchpipe_note patchpipe_logic_note = {     \
        10,                                                                                     \
        sizeof patchpipe_logic_note.canary,                                                     \
        PATCHPIPE_NOTE_TYPE,                                                                    \
        "patchpipe",                                                                            \
        {PATCHPIPE_CANARY(PATCHPIPE_CANARY_WORD)}};                                             \
    extern __attribute__((visibility("default"))) const struct patchpipe_logic patchpipe_logic; \
    const struct patchpipe_logic patchpipe_logic

#ifdef __cplusplus
}
#endif

#endif
