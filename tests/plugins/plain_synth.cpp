// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A VST2 instrument for the tests, written on the C interface, without JUCE. Two channels, the
// right one half the left; no latency, no tail, no threads; every frame can be computed.
//
//   program         level  tune   delay    for tests of
//   0 Plain         0.5    0.5    0        everything
//   1 Flöte/Glas    0.25   1      0        program names as file names; an octave higher
//   2 Bass          0.5    0      0        an octave lower
//   3 Slow          0.5    0.5    0.002    shared queues, timeouts: 2 ms a block
//
//   0 Level: the amplitude of a note of velocity 127; a softer one has velocity / 127 of it
//   1 Tune:  -12 to 12 semitones
//   2 Delay: 0 to 1000 ms to sleep in every block
// A chunk may hold a Level above 1; near the end of a float's range, pressure makes it infinite.
//
// A note is a cosine: its first frame, the frame of the note-on, is its maximum, and the frame of
// the note-off is silent again. CC 7 scales it, pitch bend moves it by up to 2 semitones, channel
// pressure 127 doubles it; CC 120 and 123 end all notes of a MIDI channel, 121 resets the others.
// The sysex F0 7D n F7 is one frame of n / 127. At every block it reports that its display changed,
// for which JUCE's host posts a message, and when opened it writes a line to stdout and to stderr.
//
// With CHUNKS=1 it is another plug-in, which saves its programs in chunks: three lines of text for
// a program, more for a bank. It refuses any other text and keeps its sound.
#include <pluginterfaces/vst2.x/aeffectx.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "plain_programs.h"
#include "plain_voices.h"

#ifndef CHUNKS
#define CHUNKS 0
#endif

namespace patchpipe {
namespace {

constexpr bool with_chunks = CHUNKS != 0;
constexpr const char* plugin_name = with_chunks ? "Plain Synth Chunks" : "Plain Synth";
constexpr int unique_id = CCONST('P', 'p', 'P', with_chunks ? 'c' : 'l');
constexpr int plugin_version = 1;

/// The value of a parameter for display: normalised 0 is the lowest value, 1 the lowest plus the
/// range.
struct ParameterText {
    const char* name;
    const char* unit;
    float lowest, range;
};
constexpr std::array<ParameterText, parameter_count> parameter_texts{
    {{"Level", "", 0, 1}, {"Tune", "st", -12, 24}, {"Delay", "ms", 0, 1000}}};

/// Writes at most `bytes` of text and a NUL, without cutting a UTF-8 sequence in two.
void copy_text(void* to, std::string_view text, std::size_t bytes) {
    std::size_t length = std::min(text.size(), bytes);
    while (length < text.size() && length > 0 && (text[length] & 0xc0) == 0x80) --length;
    std::memcpy(to, text.data(), length);
    static_cast<char*>(to)[length] = '\0';
}

std::string one_decimal(float value) {
    std::array<char, 16> text;
    const auto end = std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed, 1);
    return {text.data(), end.ptr};
}

class PlainSynth {
 public:
    explicit PlainSynth(audioMasterCallback host);

    AEffect* effect() { return &effect_; }
    VstIntPtr dispatch(int opcode, int index, VstIntPtr value, void* data, float option);
    void render(float* left, float* right, int frames);
    float& value(int parameter) { return programs_[current_].values.at(parameter); }

 private:
    std::optional<VstIntPtr> describe_parameter(int opcode, int index, void* data);
    VstIntPtr describe(int opcode, int index, void* data) const;
    std::optional<VstIntPtr> programs_and_chunks(int opcode, int index, VstIntPtr value,
                                                 void* data);
    void take_events(const VstEvents& events);
    VstIntPtr get_chunk(bool of_program, void** data);
    VstIntPtr set_chunk(bool of_program, std::string_view bytes);

    AEffect effect_{};
    audioMasterCallback host_;
    Bank programs_ = factory_bank();
    std::size_t current_ = 0;
    std::string chunk_;  ///< the host reads it until it asks for the next
    std::vector<PlainEvent> events_;
    PlainVoices voices_;
};

PlainSynth& from(AEffect* effect) { return *static_cast<PlainSynth*>(effect->object); }

PlainSynth::PlainSynth(audioMasterCallback host) : host_(host) {
    effect_.magic = kEffectMagic;
    effect_.object = this;
    effect_.uniqueID = unique_id;
    effect_.version = plugin_version;
    effect_.numPrograms = static_cast<int>(programs_.size());
    effect_.numParams = parameter_count;
    effect_.numOutputs = 2;
    effect_.flags =
        effFlagsCanReplacing | effFlagsIsSynth | (with_chunks ? effFlagsProgramChunks : 0);
    effect_.dispatcher = [](AEffect* effect, int opcode, int index, VstIntPtr value, void* data,
                            float option) {
        if (opcode != effClose) return from(effect).dispatch(opcode, index, value, data, option);
        delete &from(effect);
        return VstIntPtr{1};
    };
    effect_.setParameter = [](AEffect* effect, int index, float value) {
        if (index >= 0 && index < parameter_count)
            from(effect).value(index) = std::clamp(value, 0.0F, 1.0F);
    };
    effect_.getParameter = [](AEffect* effect, int index) {
        return index >= 0 && index < parameter_count ? from(effect).value(index) : 0.0F;
    };
    effect_.processReplacing = [](AEffect* effect, float**, float** outputs, int frames) {
        from(effect).render(outputs[0], outputs[1], frames);
    };
}

VstIntPtr PlainSynth::dispatch(int opcode, int index, VstIntPtr value, void* data, float option) {
    switch (opcode) {
        case effOpen:
            std::printf("%s: opened, says stdout\n", plugin_name);
            std::fflush(stdout);
            std::fprintf(stderr, "%s: opened, says stderr\n", plugin_name);
            return 0;
        case effSetSampleRate:
            voices_.set_sample_rate(option);
            return 0;
        case effMainsChanged:
            voices_.reset();
            events_.clear();
            return 0;
        case effProcessEvents:
            take_events(*static_cast<const VstEvents*>(data));
            return 1;
        case effGetTailSize:
            return 1;  // 1 is "none"; 0 would be "do not know"
        default:
            break;
    }
    if (const auto answer = programs_and_chunks(opcode, index, value, data)) return *answer;
    if (const auto answer = describe_parameter(opcode, index, data)) return *answer;
    return describe(opcode, index, data);
}

std::optional<VstIntPtr> PlainSynth::programs_and_chunks(int opcode, int index, VstIntPtr value,
                                                         void* data) {
    switch (opcode) {
        case effSetProgram:
            if (value >= 0 && value < effect_.numPrograms) current_ = value;
            return 0;
        case effGetProgram:
            return static_cast<VstIntPtr>(current_);
        case effSetProgramName: {
            char name[program_name_bytes + 1];
            copy_text(name, static_cast<const char*>(data), program_name_bytes);
            programs_[current_].name = name;
            return 0;
        }
        case effGetProgramName:
            copy_text(data, programs_[current_].name, program_name_bytes);
            return 1;
        case effGetProgramNameIndexed:
            if (index < 0 || index >= effect_.numPrograms) return 0;
            copy_text(data, programs_[index].name, program_name_bytes);
            return 1;
        case effGetChunk:
            return with_chunks ? get_chunk(index != 0, static_cast<void**>(data)) : 0;
        case effSetChunk:
            if (!with_chunks || data == nullptr || value < 0) return 0;
            return set_chunk(index != 0, {static_cast<char*>(data), std::size_t(value)});
        default:
            return {};
    }
}

VstIntPtr PlainSynth::get_chunk(bool of_program, void** data) {
    chunk_ = to_chunk(of_program ? Bank{programs_[current_]} : programs_);
    *data = chunk_.data();
    return static_cast<VstIntPtr>(chunk_.size());
}

VstIntPtr PlainSynth::set_chunk(bool of_program, std::string_view bytes) {
    auto loaded = from_chunk(std::string(bytes), of_program ? 1 : programs_.size());
    if (!loaded) return 0;
    if (of_program)
        programs_[current_] = std::move(loaded->front());
    else
        programs_ = std::move(*loaded);
    return 1;
}

std::optional<VstIntPtr> PlainSynth::describe_parameter(int opcode, int index, void* data) {
    if (index < 0 || index >= parameter_count) return {};
    const ParameterText& text = parameter_texts[index];
    const auto answer = [&](std::string_view words) {
        copy_text(data, words, 8);
        return VstIntPtr{1};
    };
    switch (opcode) {
        case effGetParamName:
            return answer(text.name);
        case effGetParamLabel:
            return answer(text.unit);
        case effGetParamDisplay:
            return answer(one_decimal(text.lowest + value(index) * text.range));
        default:
            return {};
    }
}

VstIntPtr PlainSynth::describe(int opcode, int index, void* data) const {
    const auto answer = [&](std::string_view words) {
        copy_text(data, words, 31);
        return VstIntPtr{1};
    };
    switch (opcode) {
        case effGetEffectName:
        case effGetProductString:
            return answer(plugin_name);
        case effGetVendorString:
            return answer("patchpipe");
        case effGetVendorVersion:
            return plugin_version;
        case effGetPlugCategory:
            return kPlugCategSynth;
        case effGetVstVersion:
            return kVstVersion;
        case effGetTailSize:
            return 1;  // 1 is "none"; 0 would be "do not know"
        case effGetOutputProperties: {
            if (index < 0 || index > 1) return 0;
            auto& pin = *static_cast<VstPinProperties*>(data);
            pin = {};
            copy_text(pin.label, index == 0 ? "Left" : "Right", sizeof pin.label - 1);
            pin.flags = kVstPinIsStereo;
            return 1;
        }
        case effCanDo: {
            const std::string_view what = static_cast<const char*>(data);
            return what == "receiveVstEvents" || what == "receiveVstMidiEvent";
        }
        default:
            return 0;
    }
}

void PlainSynth::take_events(const VstEvents& events) {
    const auto take = [this](int frame, const void* bytes, std::size_t count) {
        PlainEvent event{frame, {}};
        std::memcpy(event.bytes.data(), bytes, std::min(count, event.bytes.size()));
        events_.push_back(event);
    };
    for (int i = 0; i < events.numEvents; ++i) {
        const VstEvent* event = events.events[i];
        // JUCE sends a sysex of up to four bytes as if it were a short message.
        if (event->type == kVstMidiType) {
            const auto* midi = reinterpret_cast<const VstMidiEvent*>(event);
            take(event->deltaFrames, midi->midiData, 3);
        } else if (event->type == kVstSysExType) {
            const auto* sysex = reinterpret_cast<const VstMidiSysexEvent*>(event);
            take(event->deltaFrames, sysex->sysexDump, sysex->dumpBytes);
        }
    }
}

void PlainSynth::render(float* left, float* right, int frames) {
    const auto milliseconds = std::chrono::duration<double, std::milli>(value(delay) * 1000.0);
    if (milliseconds.count() > 0) std::this_thread::sleep_for(milliseconds);
    voices_.render(events_, value(level), value(tune) * 24.0 - 12, left, right, frames);
    events_.clear();
    host_(&effect_, audioMasterUpdateDisplay, 0, 0, nullptr, 0);
}

}  // namespace
}  // namespace patchpipe

extern "C" __attribute__((visibility("default"))) AEffect* VSTPluginMain(audioMasterCallback host);

AEffect* VSTPluginMain(audioMasterCallback host) {
    if (host == nullptr) return nullptr;
    return (new patchpipe::PlainSynth(host))->effect();
}
