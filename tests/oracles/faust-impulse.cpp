// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the impulse test of the Faust compiler with the library's own classes for polyphony, MIDI
// and sound files, and prints the response. The answers of plugin-measure --protocol faust are
// compared with it. faust-impulse.arch makes the program from what the compiler writes.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <list>
#include <memory>
#include <string>
#include <vector>

#define FAUSTFLOAT double
#define MEMORY_READER

#include "faust/audio/channels.h"
#include "faust/dsp/poly-dsp.h"
#include "faust/gui/FUI.h"
#include "faust/gui/GUI.h"
#include "faust/gui/MidiUI.h"
#include "faust/gui/SoundUI.h"
#include "faust/midi/midi.h"

// In double, as faust -double computes.
dsp* make_program();

Soundfile* default_sound() { return defaultsound; }

std::list<GUI*> GUI::fGuiList;
ztimedmap GUI::gTimedZoneMap;

namespace {

constexpr int rate = 44100, block = 64, run_frames = 15000;
int line = 0;

// Each sound file is a period of a sine, which begins later in later ones.
struct Sines : MemoryReader {
    void readFile(Soundfile* file, const std::string&, int part, int& offset, int) override {
        file->fLength[part] = SOUND_LENGTH;
        file->fSR[part] = SOUND_SR;
        file->fOffset[part] = offset;
        for (int channel = 0; channel < SOUND_CHAN; ++channel)
            for (int i = 0; i < SOUND_LENGTH; ++i)
                static_cast<double**>(file->fBuffers)[channel][offset + i] =
                    std::sin(part + 2 * M_PI * i / SOUND_LENGTH);
        offset += SOUND_LENGTH;
    }
};

SoundUI& sounds() {
    static SoundUI all("", -1, new Sines, true);
    return all;
}

void print(FAUSTFLOAT** samples, int outputs, int frames) {
    for (int i = 0; i < frames; ++i) {
        std::printf("%6d : ", line++);
        for (int channel = 0; channel < outputs; ++channel) {
            const double sample = samples[channel][i];
            if (!std::isfinite(sample)) std::exit(1);
            std::printf(" %8.6f", std::fabs(sample) < 1e-6 ? 0.0 : sample);
        }
        std::printf("\n");
    }
}

void send_all(midi_handler& handler) {
    for (int i = 0; i < 127; ++i) {
        handler.handleData2(0, midi::MIDI_CONTROL_CHANGE, 0, i, 100);
        handler.handleData2(0, midi::MIDI_POLY_AFTERTOUCH, 0, i, 75);
        handler.handleData2(0, midi::MIDI_NOTE_ON, 0, i, 75);
        handler.handleData2(0, midi::MIDI_NOTE_OFF, 0, i, 75);
        handler.handleData2(0, midi::MIDI_PITCH_BEND, 0, i, 4000);
    }
    handler.handleData1(0, midi::MIDI_PROGRAM_CHANGE, 0, 10);
    handler.handleData1(0, midi::MIDI_AFTERTOUCH, 0, 10);
    GUI::updateAllGuis();
}

void run_plain(bool split) {
    const std::unique_ptr<dsp> heap(make_program());
    auto& program = *heap;
    FUI buttons;
    midi_handler handler;
    MidiUI midi_ui(&handler);
    program.init(rate);
    program.buildUserInterface(&buttons);
    program.buildUserInterface(&sounds());
    program.buildUserInterface(&midi_ui);
    channels in(block, program.getNumInputs()), out(block, program.getNumOutputs());
    send_all(handler);
    for (int left = run_frames; left > 0; left -= block) {
        const int frames = std::min(left, block);
        left == run_frames ? in.impulse() : in.zero();
        buttons.setButtons(left == run_frames);
        const int first = split ? std::rand() % frames : 0;
        program.compute(first, in.buffers(), out.buffers());
        program.compute(frames - first, in.buffers(first), out.buffers(first));
        print(out.buffers(), program.getNumOutputs(), frames);
    }
}

void run_voices(int voices) {
    mydsp_poly program(make_program(), voices, true, false);
    program.buildUserInterface(&sounds());
    program.init(rate);
    channels in(block, program.getNumInputs()), out(block, program.getNumOutputs());
    for (int i = 0; i < voices; ++i) program.keyOn(0, 60 + 2 * i, 100);
    for (int left = run_frames; left > 0; left -= block) {
        const int frames = std::min(left, block);
        program.compute(frames, in.buffers(), out.buffers());
        print(out.buffers(), program.getNumOutputs(), frames);
    }
}

}  // namespace

int main() {
    const std::unique_ptr<dsp> heap(make_program());
    auto& program = *heap;
    std::printf("number_of_inputs  : %3d\nnumber_of_outputs : %3d\nnumber_of_frames  : %6d\n",
                program.getNumInputs(), program.getNumOutputs(), 4 * run_frames);
    run_plain(false);
    run_plain(true);
    run_voices(4);
    run_voices(1);
}
