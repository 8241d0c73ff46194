// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/measured_record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "audio/fourier.h"
#include "base/error.h"
#include "base/json.h"
#include "base/words.h"
#include "measure/null_test.h"
#include "measure/tone_test.h"
#include "record/settings.h"

namespace patchpipe {
namespace {

constexpr const char* keys[] = {"plugin",
                                "plugin_format",
                                "is_instrument",
                                "inputs",
                                "channels",
                                "latency_frames",
                                "latency_measured_frames",
                                "noise_floor_db",
                                "dc_offset",
                                "peak",
                                "rms_db",
                                "tone_hz",
                                "tone_gain_db",
                                "thd_db",
                                "thd_percent",
                                "thd_n_db",
                                "aliasing_db",
                                "aliasing_hz",
                                "aliasing_note",
                                "non_finite_samples",
                                "non_finite_in",
                                "denormal_samples",
                                "denormal_in",
                                "ns_per_frame",
                                "least_ns_per_frame",
                                "realtime_factor",
                                "realtime_safe",
                                "allocations",
                                "releases",
                                "locks",
                                "waits",
                                "system_calls",
                                "realtime_calls",
                                "against",
                                "npy",
                                "sandbox",
                                "error_kind",
                                "error",
                                "status"};

constexpr double onset = 1e-4;       // -80 dBFS: what is louder is the note
constexpr double noise_level = 0.5;  // the peak

// The kinds of calls, and the fields that count them.
constexpr std::pair<std::string_view, std::string_view> call_fields[] = {
    {"allocation", "allocations"},
    {"release", "releases"},
    {"lock", "locks"},
    {"wait", "waits"},
    {"system", "system_calls"}};

std::string optional_json(std::optional<double> value) {
    return value ? json_number(*value) : "null";
}

std::string texts_json(const std::vector<std::string>& texts) {
    std::vector<std::string> json;
    for (const auto& text : texts) json.push_back(json_text(text));
    return "[" + joined(json, ",") + "]";
}

Signal note_of(const Record& job, int rate) {
    const double held = number_setting(job, "duration");
    const double tail = has_word(job, "tail") ? 1 : number_setting(job, "tail");
    return {.kind = SignalKind::note,
            .frames = std::max<std::int64_t>(1, std::llround((held + tail) * rate)),
            .value = number_setting(job, "note"),
            .held = std::llround(held * rate),
            .velocity = static_cast<int>(number_setting(job, "velocity"))};
}

std::int64_t power_of_two(int number) {
    return static_cast<std::int64_t>(power_of_two_from(static_cast<std::size_t>(number)));
}

void scale(Channels& channels, double factor) {
    for (auto& samples : channels)
        for (auto& sample : samples) sample = static_cast<float>(sample * factor);
}

// The frequencies, and below them the response of each channel.
Channels magnitude_curve(const Channels& impulse_response, int rate) {
    Channels rows(1);
    for (const auto& samples : impulse_response) {
        const auto decibels = magnitude_response_db(samples);
        rows.emplace_back(decibels.begin(), decibels.end());
    }
    const auto bins = rows.back().size();
    for (std::size_t i = 0; i < bins; ++i)
        rows[0].push_back(static_cast<float>(rate / 2.0 * static_cast<double>(i) /
                                             static_cast<double>(bins - 1)));
    return rows;
}

float or_nothing(std::optional<double> decibels) {
    constexpr auto nothing = -std::numeric_limits<float>::infinity();
    return decibels ? static_cast<float>(*decibels) : nothing;
}

}  // namespace

void MeasuredRecord::Bad::add(std::int64_t count, std::string_view signal) {
    samples += count;
    if (count > 0 && (signals.empty() || signals.back() != signal)) signals.emplace_back(signal);
}

MeasuredRecord::MeasuredRecord(SignalPlayer& player, const SignalSettings& settings,
                               const Record& job, TakeCurve curve)
    : player_(player),
      settings_(settings),
      note_(note_of(job, player.settings().sample_rate)),
      curve_(std::move(curve)),
      rate_(player.settings().sample_rate) {}

void MeasuredRecord::forget(Record& record) {
    for (const auto* key : keys) record.remove(key);
}

Signal MeasuredRecord::signal_of(SignalKind kind, double level) const {
    const auto frames = std::llround(settings_.length * rate_);
    return {.kind = kind, .level = level, .frames = std::max<std::int64_t>(1, frames)};
}

// What stands for all that a processor usually gets.
Signal MeasuredRecord::usual_signal() const {
    return has("is_instrument") ? note_ : signal_of(SignalKind::noise, noise_level);
}

bool MeasuredRecord::has(std::string_view flag) const {
    return player_.description().flag(flag).value_or(false);
}

std::optional<Channels> MeasuredRecord::play(const Signal& signal, std::string_view name) {
    const auto answer = player_.play(signal, Calls::counted);
    latency_ = answer.latency_frames;
    const auto bad = bad_samples(answer.samples);
    non_finite_.add(bad.non_finite, name);
    denormal_.add(bad.denormal, name);
    for (const auto& call : answer.calls)
        calls_.try_emplace(call.function, PluginCall{call.function, call.kind, 0})
            .first->second.count += call.count;
    if (bad.non_finite > 0) return {};
    return answer.separated();
}

void MeasuredRecord::set_optional(std::string_view key, std::optional<double> value) {
    fields_.set_json(key, optional_json(value));
}

void MeasuredRecord::measure() {
    const auto& plugin = player_.description();
    fields_.set("plugin", plugin.text("name").value_or(""));
    for (const auto* key : {"plugin_format", "is_instrument", "inputs", "channels"})
        fields_.set_json(key, plugin.raw(key).value_or("null"));
    measure_silence();
    if (has("is_instrument")) {
        measure_note();
        measure_note_sweep();
    } else if (plugin.integer("inputs").value_or(0) > 0) {
        measure_impulse();
        measure_step();
        measure_tone();
        measure_sweep();
    }
    set_bad_samples();
    measure_time();
    set_calls();
}

void MeasuredRecord::measure_silence() {
    const auto answer = play(signal_of(SignalKind::silence, 0), "silence");
    fields_.set("latency_frames", latency_);
    set_optional("noise_floor_db", answer ? greatest_noise_db(*answer) : std::nullopt);
    set_optional("dc_offset", answer ? std::optional(dc_of(*answer)) : std::nullopt);
}

void MeasuredRecord::measure_impulse() {
    auto answer = play(signal_of(SignalKind::impulse, settings_.level), "impulse");
    const auto latency = answer ? peak_frame(*answer) : std::nullopt;
    fields_.set_json("latency_measured_frames", latency ? json_number(*latency) : "null");
    if (!answer || answer->empty()) return;
    scale(*answer, 1 / settings_.level);
    curve_("impulse", *answer);
    curve_("magnitude", magnitude_curve(*answer, rate_));
}

void MeasuredRecord::measure_step() {
    auto answer = play(signal_of(SignalKind::step, settings_.level), "step");
    if (!answer) return;
    scale(*answer, 1 / settings_.level);
    curve_("step", *answer);
}

std::int64_t MeasuredRecord::settling() const {
    return latency_ + std::llround(settings_.settling * rate_);
}

double MeasuredRecord::tone() const {
    constexpr double usual = 997;
    const double wanted = settings_.tone.value_or(std::min(usual, rate_ / 4.0));
    if (wanted < rate_ / 2.0) return wanted;
    throw Error(ErrorKind::bad_record, "sample_rate",
                "is " + std::to_string(rate_) +
                    ", and a tone must be below half of that; the tone is " + json_number(wanted) +
                    " Hz, so give a lower one or a higher rate");
}

// A second of the tone counts, or a little more.
void MeasuredRecord::measure_tone() {
    const auto test =
        tone_test(tone(), settings_.tone_level, settling(), power_of_two(rate_), rate_);
    const auto answer = play(test.signal, "tone");
    const auto found = answer ? measure_in(*answer, test, rate_) : std::nullopt;
    const auto of = [&](auto value) { return found ? value(*found) : std::nullopt; };
    using Value = std::optional<double>;
    fields_.set("tone_hz", test.tone.frequency);
    set_optional("tone_gain_db", of([&](const ToneMeasures& tone) -> Value {
                     return tone.level_db - 20 * std::log10(settings_.tone_level);
                 }));
    set_optional("thd_db", of([](const ToneMeasures& tone) { return tone.thd_db; }));
    set_optional("thd_percent",
                 of([](const ToneMeasures& tone) -> Value { return tone.thd_percent; }));
    set_optional("thd_n_db", of([](const ToneMeasures& tone) { return tone.thd_n_db; }));
}

// The curve's rows are the tones or notes, and what there is besides their harmonics, in dB.
void MeasuredRecord::set_aliasing(std::string_view key, const Channels& curve) {
    const auto& decibels = curve[1];
    const auto worst = std::max_element(decibels.begin(), decibels.end());
    const bool any = worst != decibels.end() && std::isfinite(*worst);
    const auto at = static_cast<std::size_t>(worst - decibels.begin());
    set_optional("aliasing_db", any ? std::optional<double>(*worst) : std::nullopt);
    set_optional(key, any ? std::optional<double>(curve[0][at]) : std::nullopt);
    if (!decibels.empty()) curve_("aliasing", curve);
}

void MeasuredRecord::measure_sweep() {
    Channels curve(2);
    for (const auto frequency : sweep_frequencies(rate_)) {
        const auto test =
            tone_test(frequency, settings_.tone_level, settling(), power_of_two(rate_ / 4), rate_);
        const auto answer = play(test.signal, "sweep");
        const auto found = answer ? measure_in(*answer, test, rate_) : std::nullopt;
        curve[0].push_back(static_cast<float>(test.tone.frequency));
        curve[1].push_back(or_nothing(found ? found->aliasing_db : std::nullopt));
    }
    set_aliasing("aliasing_hz", curve);
}

void MeasuredRecord::measure_note() {
    const auto answer = play(note_, "note");
    const auto first = answer ? first_frame_above(*answer, onset) : std::nullopt;
    fields_.set_json("latency_measured_frames", first ? json_number(*first) : "null");
    set_optional("peak", answer ? std::optional(peak_of(*answer)) : std::nullopt);
    set_optional("rms_db", answer ? greatest_rms_db(*answer) : std::nullopt);
    if (answer) curve_("note", *answer);
}

void MeasuredRecord::measure_note_sweep() {
    const auto frames = power_of_two(rate_ / 4);
    Channels curve(2);
    for (const auto note : sweep_notes()) {
        auto signal = note_;
        signal.value = note;
        signal.frames = signal.held = settling() + frames;
        const auto answer = play(signal, "sweep");
        const auto found = answer ? note_aliasing_in(*answer, note, frames, rate_) : std::nullopt;
        curve[0].push_back(static_cast<float>(note));
        curve[1].push_back(or_nothing(found));
    }
    set_aliasing("aliasing_note", curve);
}

void MeasuredRecord::set_bad_samples() {
    fields_.set("non_finite_samples", non_finite_.samples);
    fields_.set_json("non_finite_in", texts_json(non_finite_.signals));
    fields_.set("denormal_samples", denormal_.samples);
    fields_.set_json("denormal_in", texts_json(denormal_.signals));
}

// By itself, because counting calls takes time too.
void MeasuredRecord::measure_time() {
    const auto answer = player_.play(usual_signal(), Calls::uncounted);
    const auto known = [](double time) { return time > 0 ? std::optional(time) : std::nullopt; };
    set_optional("ns_per_frame", known(answer.median_ns));
    set_optional("least_ns_per_frame", known(answer.least_ns));
    set_optional("realtime_factor",
                 known(answer.median_ns > 0 ? 1e9 / rate_ / answer.median_ns : 0));
}

void MeasuredRecord::set_calls() {
    std::map<std::string_view, std::int64_t> sums;
    Record functions("{}");
    for (const auto& [name, call] : calls_) {
        sums[call.kind] += call.count;
        functions.set(name, call.count);
    }
    fields_.set("realtime_safe", calls_.empty());
    for (const auto& [kind, field] : call_fields) fields_.set(field, sums[kind]);
    fields_.set_json("realtime_calls", functions.line());
}

void MeasuredRecord::measure_against(SignalPlayer& other) {
    const auto one = player_.play(usual_signal(), Calls::uncounted);
    const auto two = other.play(usual_signal(), Calls::uncounted);
    const auto& path = other.settings().plugin_path;
    if (one.channels != two.channels)
        throw Error(ErrorKind::unsupported, path,
                    "cannot be compared: it has " + std::to_string(two.channels) +
                        " channels, and the other " + std::to_string(one.channels));
    for (const auto* answer : {&one, &two})
        if (bad_samples(answer->samples).non_finite > 0)
            throw Error(ErrorKind::non_finite,
                        (answer == &one ? player_ : other).settings().plugin_path,
                        "cannot be compared: it gave samples that are not numbers");
    const auto result = null_test(one.separated(), two.separated());
    Record fields("{}");
    fields.set("plugin_path", path);
    fields.set("plugin", other.description().text("name").value_or(""));
    fields.set("identical", result.identical);
    fields.set("lag_frames", result.lag);
    fields.set_json("residual_db", optional_json(result.residual_db));
    fields.set_json("residual_peak_db", optional_json(result.residual_peak_db));
    fields_.set_json("against", fields.line());
    curve_("residual", result.residual);
}

}  // namespace patchpipe
