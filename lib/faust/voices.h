// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The notes of an instrument as voices: dsp objects of one program, each with the frequency, gain
// and gate of its note. Everything happens at a frame that the notes decide, wherever blocks begin:
//
// - A note begins in a voice that was cleared, at the frame of its note-on. A note-on of a key that
//   is down first releases the voice that has it.
// - A note-off sets the gate to 0, or does so when the sustain pedal of its channel comes up.
// - A voice ends half a second after its output went below 1e-5 (-100 dB) for good, counted from
//   its release.
// - If all are busy, the voice that was released first is stolen; if none was, the one whose note
//   began first. It fades out in 5 ms in a straight line while the new note sounds already. For
//   that there are up to four objects more than voices; if they too are busy, the one that has
//   faded longest ends at once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "faust/channels.h"
#include "faust/instance.h"
#include "render/processor.h"

namespace patchpipe {

class FaustVoices {
 public:
    /// The controls that a note sets, by their indices.
    struct NoteControls {
        std::vector<std::size_t> frequencies, keys, gains, velocities, gates;
    };
    /// Those of a program, by the last names of their addresses: freq, key, gain, vel or velocity,
    /// gate.
    [[nodiscard]] static NoteControls note_controls(const std::vector<const FaustItem*>& controls);

    /// At least one voice. The program must outlive it. Throws as FaustInstance does.
    FaustVoices(const FaustProgram& program, int voices, const BlockSettings& settings);

    [[nodiscard]] int count() const { return voices_; }

    /// One of the objects, for what all have in common.
    [[nodiscard]] const FaustInstance& model() const { return *slots_.front().instance; }
    [[nodiscard]] std::vector<const FaustItem*> all_leaves() const;

    void note_on(int channel, int note, int velocity);
    void note_off(int channel, int note);
    void set_pedal(int channel, bool down);
    /// Releases the voices of the channel, pedal or not.
    void release_all(int channel);
    /// Ends the voices of the channel at once.
    void silence(int channel);
    /// Ends all voices, and forgets pedals and what was set for single channels.
    void reset();

    /// Sets a control in all voices, now and for notes to come.
    void set(std::size_t control, double value);
    /// The same for the voices of one channel, until set() is called for that control.
    void set_on_channel(int channel, std::size_t control, double value);
    [[nodiscard]] double value(std::size_t control) const { return values_.at(control); }

    /// What a bargraph shows (FaustInstance::bargraphs()): that of the voice whose note began last
    /// of those that sound, so that all are of one note; while none sounds, the minimum.
    [[nodiscard]] double shown(std::size_t bargraph) const;

    /// Computes the next frames of all voices, and adds them up in the outputs. Sample is that of
    /// FaustInstance::compute().
    template <typename Sample>
    void compute(int frames, const Sample* const* inputs, const std::vector<Sample*>& outputs);

 private:
    enum class State { idle, held, sustained, released, fading };

    struct Slot {
        std::unique_ptr<FaustInstance> instance;
        State state = State::idle;
        int channel = 0, note = 0;
        std::int64_t since = 0;    // when it came into its state: a count of such changes
        std::int64_t begun = 0;    // the same of its note
        std::int64_t quiet = 0;    // frames, since it was released
        std::int64_t to_fade = 0;  // frames that are left
    };

    [[nodiscard]] Slot& free_slot();
    [[nodiscard]] Slot* first_in(State state);
    [[nodiscard]] int sounding() const;
    void change(Slot& slot, State state);
    void release(Slot& slot);
    void steal();
    void start(Slot& slot, int velocity);
    template <typename Sample>
    void add(Slot& slot, int frames, const std::vector<Sample*>& outputs);
    template <typename Sample>
    [[nodiscard]] int frames_until_end(Slot& slot, int frames) const;

    NoteControls note_controls_;
    int voices_;
    std::int64_t quiet_frames_, fade_frames_;
    std::vector<Slot> slots_;
    std::vector<double> values_;  // of the controls, for notes to come
    std::map<std::pair<int, std::size_t>, double> channel_values_;
    std::uint16_t pedals_ = 0;  // a bit for each channel
    std::int64_t changes_ = 0;
    AnyFaustChannels scratch_;  // what one voice computes
};

}  // namespace patchpipe
