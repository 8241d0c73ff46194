// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "module/module_file.h"

#include <algorithm>
#include <cmath>
#include <libopenmpt/libopenmpt.hpp>
#include <libopenmpt/libopenmpt_ext.hpp>
#include <map>
#include <new>
#include <sstream>

#include "base/error.h"

namespace patchpipe {
namespace {

using openmpt::module_ext;

// A "!" makes libopenmpt refuse a setting that it does not know, instead of ignoring it.
std::map<std::string, std::string> settings(const ModuleSound& sound) {
    return {{"play.at_end!", "stop"}, {"load.skip_plugins!", sound.plugins ? "0" : "1"}};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) lines.push_back(line);
    return lines;
}

ModuleInfo info_of(const module_ext& module, const std::string& log) {
    return {.format = module.get_metadata("type"),
            .title = module.get_metadata("title"),
            .artist = module.get_metadata("artist"),
            .tracker = module.get_metadata("tracker"),
            .message = module.get_metadata("message_raw"),
            .channels = module.get_num_channels(),
            .subsongs = module.get_num_subsongs(),
            .instruments = module.get_instrument_names(),
            .samples = module.get_sample_names(),
            .channel_names = module.get_channel_names(),
            .subsong_names = module.get_subsong_names(),
            .warnings = lines_of(log)};
}

// Scream Tracker 3 skips all effects of a muted channel, changes of the tempo too, and so does
// libopenmpt in an S3M and in the formats that it turns into one.
bool skips_muted_effects(std::string_view format) {
    constexpr std::string_view formats[] = {"669", "amf", "dsm", "far", "gdm",
                                            "mtm", "psm", "s3m", "stm", "stx"};
    return std::find(std::begin(formats), std::end(formats), format) != std::end(formats);
}

}  // namespace

struct ModuleFile::Opened {
    Opened(const std::string& bytes, std::string its_name, const ModuleSound& sound)
        : name(std::move(its_name)), module(bytes.data(), bytes.size(), log, settings(sound)) {
        info = info_of(module, log.str());
        using openmpt::module;
        this->module.set_render_param(module::RENDER_INTERPOLATIONFILTER_LENGTH,
                                      sound.interpolation);
        this->module.set_render_param(module::RENDER_STEREOSEPARATION_PERCENT, sound.separation);
        if (!sound.ramps) this->module.set_render_param(module::RENDER_VOLUMERAMPING_STRENGTH, 0);
        const bool amiga = sound.amiga != "off";
        this->module.ctl_set_boolean("render.resampler.emulate_amiga", amiga);
        if (amiga) this->module.ctl_set_text("render.resampler.emulate_amiga_type", sound.amiga);
        interactive = interface<openmpt::ext::interactive>(openmpt::ext::interactive_id);
        interactive2 = interface<openmpt::ext::interactive2>(openmpt::ext::interactive2_id);
    }

    template <typename Interface>
    Interface* interface(const char* id) {
        auto* const found = static_cast<Interface*>(module.get_interface(id));
        if (found == nullptr)
            refuse_unsupported(name, "needs libopenmpt 0.6 or later; install a newer one");
        return found;
    }

    std::string name;
    std::ostringstream log;
    module_ext module;
    ModuleInfo info;
    openmpt::ext::interactive* interactive = nullptr;
    openmpt::ext::interactive2* interactive2 = nullptr;
    std::vector<int> kept_at_zero;  // channels
};

bool is_module(std::string_view head, std::uint64_t size) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(head.data());
    return openmpt::probe_file_header(openmpt::probe_file_header_flags_default2, bytes, head.size(),
                                      size) == openmpt::probe_file_header_result_success;
}

ModuleFile::ModuleFile(const std::string& bytes, std::string name, const ModuleSound& sound) try
    : opened_(std::make_unique<Opened>(bytes, name, sound)) {
} catch (const openmpt::exception& error) {
    refuse_corrupt(name, std::string("cannot be read as a module: ") + error.what());
} catch (const std::bad_alloc&) {
    refuse_unsupported(name, "needs more memory than there is; name another file");
}

ModuleFile::~ModuleFile() = default;
ModuleFile::ModuleFile(ModuleFile&&) noexcept = default;

const ModuleInfo& ModuleFile::info() const { return opened_->info; }
const std::string& ModuleFile::name() const { return opened_->name; }

void ModuleFile::select(int subsong) {
    if (subsong < 0 || subsong >= info().subsongs)
        refuse_unsupported(name(), "has no subsong " + std::to_string(subsong + 1) + "; it has " +
                                       std::to_string(info().subsongs));
    opened_->module.select_subsong(subsong);
}

double ModuleFile::duration() const { return opened_->module.get_duration_seconds(); }
void ModuleFile::set_repeats(int repeats) { opened_->module.set_repeat_count(repeats); }

// Where muting would skip effects, the channel's volume is 0 instead, which a cell may change.
void ModuleFile::solo_channel(int channel) {
    const bool mutes = !skips_muted_effects(info().format);
    for (int i = 0; i < info().channels; ++i) {
        if (i == channel) continue;
        if (mutes)
            opened_->interactive->set_channel_mute_status(i, true);
        else
            opened_->kept_at_zero.push_back(i);
    }
}

void ModuleFile::solo_voice(int voice) {
    const auto voices = static_cast<int>(info().voices().size());
    for (int i = 0; i < voices; ++i)
        if (i != voice) opened_->interactive->set_instrument_mute_status(i, true);
}

double ModuleFile::panning(int channel) const {
    return opened_->interactive2->get_channel_panning(channel);
}
void ModuleFile::pan_to_middle() {
    for (int i = 0; i < info().channels; ++i) opened_->interactive2->set_channel_panning(i, 0);
}
void ModuleFile::play_note(int voice, int note) {
    opened_->interactive->play_note(voice, note, 1, 0);
}
int ModuleFile::sounding() const { return opened_->module.get_current_playing_channels(); }

std::size_t ModuleFile::read(int sample_rate, std::span<float> stereo) {
    // Shorter than a tick, in which nothing changes.
    constexpr std::size_t piece_samples = 2 * 64;
    const auto most = opened_->kept_at_zero.empty() ? stereo.size() : piece_samples;
    std::size_t frames = 0;
    for (auto left = stereo; !left.empty();) {
        for (const auto channel : opened_->kept_at_zero)
            opened_->interactive->set_channel_volume(channel, 0);
        const auto piece = left.first(std::min(left.size(), most));
        const auto got =
            opened_->module.read_interleaved_stereo(sample_rate, piece.size() / 2, piece.data());
        frames += got;
        if (got < piece.size() / 2) break;
        left = left.subspan(piece.size());
    }
    return frames;
}

ModulePlace ModuleFile::place() const {
    const auto& module = opened_->module;
    return {.order = module.get_current_order(),
            .pattern = module.get_current_pattern(),
            .row = module.get_current_row()};
}

int ModuleFile::speed() const { return opened_->module.get_current_speed(); }
int ModuleFile::tempo() const { return opened_->module.get_current_tempo(); }

// The two sides share the volume as the panning says, 1 in all, and each ends at 127/128: then the
// other one tells.
double ModuleFile::level(int channel) const {
    const auto& module = opened_->module;
    const double left = module.get_current_channel_vu_left(channel),
                 right = module.get_current_channel_vu_right(channel);
    const double pan = opened_->interactive2->get_channel_panning(channel);
    constexpr double full = 126.0 / 128, least_share = 0.1;
    const double smaller = std::min(left, right), share = (1 - std::abs(pan)) / 2;
    const double level = std::max(left, right) >= full && share > least_share
                             ? smaller / (2 * share)
                             : (left + right) / 2;
    return std::clamp(level * 128 / 127, 0.0, 1.0);
}

ModuleCell ModuleFile::cell(int pattern, int row, int channel) const {
    using openmpt::module;
    const auto command = [&](int index) {
        return int{opened_->module.get_pattern_row_channel_command(pattern, row, channel, index)};
    };
    return {.note = command(module::command_note),
            .instrument = command(module::command_instrument),
            .volume_effect = command(module::command_volumeffect),
            .volume = command(module::command_volume),
            .effect = command(module::command_effect),
            .parameter = command(module::command_parameter)};
}

std::string ModuleFile::volume_text(int pattern, int row, int channel) const {
    using openmpt::module;
    const auto text = [&](int index) {
        return opened_->module.format_pattern_row_channel_command(pattern, row, channel, index);
    };
    if (cell(pattern, row, channel).volume_effect == 0) return "";
    return text(module::command_volumeffect) + text(module::command_volume);
}

std::string ModuleFile::effect_text(int pattern, int row, int channel) const {
    using openmpt::module;
    const auto text = [&](int index) {
        return opened_->module.format_pattern_row_channel_command(pattern, row, channel, index);
    };
    if (cell(pattern, row, channel).effect == 0) return "";
    return text(module::command_effect) + text(module::command_parameter);
}

}  // namespace patchpipe
