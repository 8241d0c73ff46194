// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The faults of the fault synth, one for each program: its name, when it occurs, what it does, and
// the result. The last rows are not programs: they occur while the plug-in is loaded, and only if
// the environment variable FAULT_ON_LOAD names them.
#pragma once

#include <array>
#include <cstddef>

namespace patchpipe {

/// When a fault occurs: where the samples are made (sound), while the plug-in is loaded, when a
/// state is loaded, at a note-on, or when the plug-in is destroyed.
enum class Stage { sound, load, preset, process, teardown };

enum class Fault {
    none,
    // The process ends or hangs.
    segv,
    abort,
    exit_0,
    exit_3,
    hang,
    close,
    babble,
    last_words,
    // The tone is right, and something else happens.
    stdout_text,
    stderr_flood,
    leak,
    helper,
    descriptors,
    chdir,
    umask,
    messages,
    // The samples are not those of the tone.
    nan,
    infinite,
    denormal,
    clip,
    silent,
    mono,
    held,
    random,
    clock,
    entropy,
    process_id,
    processors,
    waits,
    heap,
    leftovers,
    thread,
    table,
    kept_table,
    busy,
    restless,
    // The tone is late.
    latency,
    late_latency,
    note_latency,
    // The state is ignored, or loaded but reported as ignored.
    refuse,
    ignore,
    shrug,
    // The sandbox refuses it.
    trespass,
    script,
    memory,
    memory_helper,
    needs_home,
};

struct FaultRow {
    const char* name;  ///< at most 24 bytes, as VST2 has it
    Stage stage;
    Fault fault;
    const char* seen;
};

inline constexpr std::array<FaultRow, 69> fault_table{{
    {"well-behaved", Stage::sound, Fault::none, "a decaying tone, the same bits always"},

    {"preset-segv", Stage::preset, Fault::segv, "killed by SIGSEGV while loading the preset"},
    {"preset-abort", Stage::preset, Fault::abort, "killed by SIGABRT while loading the preset"},
    {"preset-exit-0", Stage::preset, Fault::exit_0, "exited with status 0 while loading it"},
    {"preset-exit-3", Stage::preset, Fault::exit_3, "exited with status 3 while loading it"},
    {"preset-close", Stage::preset, Fault::close,
     "closed every file descriptor above 2, and did not come back while loading the preset"},
    {"preset-babble", Stage::preset, Fault::babble,
     "wrote the beginning of a message of 100 MiB to every socket, and did not come back"},
    {"preset-hang", Stage::preset, Fault::hang, "did not come back while loading the preset"},

    {"process-segv", Stage::process, Fault::segv, "killed by SIGSEGV while rendering"},
    {"process-abort", Stage::process, Fault::abort, "killed by SIGABRT while rendering"},
    {"process-exit-0", Stage::process, Fault::exit_0, "exited with status 0 while rendering"},
    {"process-exit-3", Stage::process, Fault::exit_3, "exited with status 3 while rendering"},
    {"process-close", Stage::process, Fault::close,
     "closed every file descriptor above 2, and did not come back while rendering"},
    {"process-babble", Stage::process, Fault::babble,
     "wrote the beginning of a message of 100 MiB to every socket, and did not come back"},
    {"process-hang", Stage::process, Fault::hang, "did not come back while rendering"},
    {"process-words", Stage::process, Fault::last_words,
     "40 KiB on stderr and two last lines, then killed by SIGABRT while rendering"},

    {"teardown-segv", Stage::teardown, Fault::segv, "the tone: nothing is taken down"},
    {"teardown-abort", Stage::teardown, Fault::abort, "the tone: nothing is taken down"},
    {"teardown-exit-0", Stage::teardown, Fault::exit_0, "the tone: nothing is taken down"},
    {"teardown-exit-3", Stage::teardown, Fault::exit_3, "the tone: nothing is taken down"},
    {"teardown-hang", Stage::teardown, Fault::hang, "the tone: nothing is taken down"},

    {"stdout", Stage::process, Fault::stdout_text, "the tone, and a line on stdout in three ways"},
    {"stderr", Stage::process, Fault::stderr_flood, "the tone, and 8 MiB on stderr"},
    {"leak", Stage::process, Fault::leak, "the tone, and 50 MB more memory at every note"},
    {"helper", Stage::preset, Fault::helper,
     "the tone, and a process of its own group that sleeps for a thousand seconds"},
    {"helper-hang", Stage::process, Fault::helper,
     "the same helper, and did not come back while rendering"},
    {"descriptors", Stage::preset, Fault::descriptors,
     "the tone, and the names of the descriptors that a process gets that it starts, on stderr"},
    {"chdir", Stage::preset, Fault::chdir, "the tone, and another current folder"},
    {"umask", Stage::preset, Fault::umask, "the tone, and a umask of 0777"},
    {"messages", Stage::sound, Fault::messages,
     "the tone, and in every block a message for the message thread of the plug-in's own JUCE"},

    {"nan", Stage::sound, Fault::nan, "one sample of the tone is NaN"},
    {"infinite", Stage::sound, Fault::infinite, "one sample of the tone is infinite"},
    {"denormal", Stage::sound, Fault::denormal, "1e-40 for as long as the note is held"},
    {"clip", Stage::sound, Fault::clip, "the tone three times as loud: it begins with 1.5"},
    {"silent", Stage::sound, Fault::silent, "no sound at all"},
    {"mono", Stage::sound, Fault::mono, "the tone on the left, nothing written on the right"},
    {"held", Stage::sound, Fault::held, "the tone goes on after its note-off"},

    {"random", Stage::sound, Fault::random, "noise from rand()"},
    {"clock", Stage::sound, Fault::clock, "noise seeded with the time of the note-on"},
    {"entropy", Stage::sound, Fault::entropy,
     "noise seeded at the note-on in every way in which Linux gives random numbers"},
    {"process-id", Stage::sound, Fault::process_id, "noise seeded with the number of the process"},
    {"processors", Stage::sound, Fault::processors, "noise seeded with the number of processors"},
    {"waits", Stage::process, Fault::waits,
     "the tone, after the note-on has waited 35 ms by the clock, in every way that there is"},
    {"heap", Stage::sound, Fault::heap, "what was in the memory that malloc() gives at a note-on"},
    {"leftovers", Stage::sound, Fault::leftovers, "every such note is a semitone above the last"},

    {"thread", Stage::sound, Fault::thread,
     "the tone, from samples that the plug-in's own thread brings after the note-on; silence "
     "where that thread does not run"},

    {"table", Stage::sound, Fault::table,
     "the tone, from a table that the plug-in's own thread works 100 ms on when the state is "
     "loaded; another pitch before it is done"},

    {"kept-table", Stage::sound, Fault::kept_table,
     "as table, but a table that is there is not made again"},

    {"latency", Stage::preset, Fault::latency,
     "the tone, 100 frames late, reported as soon as the state is loaded"},
    {"late-latency", Stage::process, Fault::late_latency,
     "the tone, 100 frames late, reported in the block after the state is loaded"},
    {"note-latency", Stage::process, Fault::note_latency,
     "the tone, in time, and from its note-on a report that it is 100 frames late"},

    {"refuse", Stage::preset, Fault::refuse,
     "the sound that was there before the state; a VST2 says so with 0"},
    {"ignore", Stage::preset, Fault::ignore,
     "the sound that was there before the state, and the plug-in says that it took it"},
    {"shrug", Stage::preset, Fault::shrug,
     "the tone, though a VST2 answers 0 to this and every later state, as JUCE's do"},

    {"trespass", Stage::preset, Fault::trespass,
     "the tone, new files under the names in FAULT_FILES, which colons separate, and a TCP "
     "connection to FAULT_PORT of this machine"},
    {"script", Stage::preset, Fault::script, "the tone, and what the command FAULT_SCRIPT does"},
    {"memory", Stage::preset, Fault::memory, "the tone, and a GiB of memory taken with new"},
    {"memory-helper", Stage::preset, Fault::memory_helper,
     "the tone, and a process that takes a GiB; killed by SIGABRT if that does not get it"},

    {"load-segv", Stage::load, Fault::segv, "killed by SIGSEGV while loading the plug-in"},
    {"load-abort", Stage::load, Fault::abort, "killed by SIGABRT while loading the plug-in"},
    {"load-exit-0", Stage::load, Fault::exit_0, "exited with status 0 while loading the plug-in"},
    {"load-exit-3", Stage::load, Fault::exit_3, "exited with status 3 while loading the plug-in"},
    {"load-close", Stage::load, Fault::close,
     "closed every file descriptor above 2, and did not come back while loading the plug-in"},
    {"load-helper", Stage::load, Fault::helper, "the tone, with a helper from the start"},
    {"load-home", Stage::load, Fault::needs_home,
     "the tone, if a file can be made in the user's home; else exited with status 3"},
    {"load-hang", Stage::load, Fault::hang, "did not come back while loading the plug-in"},
    {"load-restless", Stage::load, Fault::restless,
     "the tone, while a thread that began with the plug-in never sleeps"},
    {"load-busy", Stage::load, Fault::busy,
     "the tone, while a thread works until there is a file of the name rest"},
    {"load-stdout", Stage::load, Fault::stdout_text,
     "a line on stdout while the plug-in is loaded"},
}};

constexpr int count_programs() {
    int programs = 0;
    for (const auto& row : fault_table) programs += row.stage == Stage::load ? 0 : 1;
    return programs;
}
inline constexpr int fault_programs = count_programs();

}  // namespace patchpipe
