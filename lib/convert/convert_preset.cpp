// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "convert/convert_preset.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/words.h"
#include "catalog/detect.h"
#include "catalog/metadata.h"
#include "preset/fxb.h"
#include "preset/fxp.h"
#include "preset/juce_state.h"
#include "preset/vstpreset.h"
#include "serum/serum.h"
#include "serum/xferjson.h"

namespace patchpipe {
namespace {

constexpr std::array<std::pair<PresetForm, std::string_view>, 5> forms{{
    {PresetForm::fxp, "fxp"},
    {PresetForm::fxb, "fxb"},
    {PresetForm::vstpreset, "vstpreset"},
    {PresetForm::state, "state"},
    {PresetForm::raw, "raw"},
}};

bool is_vst2(PresetForm form) { return form == PresetForm::fxp || form == PresetForm::fxb; }

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
    refuse_unsupported(name, why);
}

std::string bytes_of(std::size_t count) { return std::to_string(count) + " bytes"; }

// What has no place in the new form. Said together, so that the user sees all of it at once.
class Losses {
 public:
    Losses(const std::string& name, const Conversion& conversion)
        : name_(name), conversion_(conversion) {}

    void add(bool is_lost, const std::string& what, std::string_view remedy = {}) {
        if (!is_lost || conversion_.lossy) return;
        lost_.push_back(what);
        if (!remedy.empty()) remedies_.emplace_back(remedy);
    }

    void check() const {
        if (lost_.empty()) return;
        auto remedies = remedies_;
        remedies.emplace_back("--lossy leaves it out");
        refuse(name_, "would lose " + joined(lost_, ", ", " and ") + "; " +
                          joined(remedies, ", ", " and "));
    }

 private:
    const std::string& name_;
    const Conversion& conversion_;
    std::vector<std::string> lost_, remedies_;
};

// VST2

std::size_t number_of(const Fxb& bank, const ProgramChoice& choice, const std::string& name) {
    if (!choice.number) return bank_program_named(bank, choice.name, name);
    (void)bank_program(bank, *choice.number, name);
    return static_cast<std::size_t>(*choice.number);
}

Converted state_alone(std::string_view state, std::size_t behind, const std::string& name,
                      const Conversion& conversion) {
    Losses losses(name, conversion);
    losses.add(behind > 0, bytes_of(behind) + " behind its state");
    losses.check();
    return {std::string(state)};
}

Converted convert_bank(std::string_view bytes, const std::string& name,
                       const Conversion& conversion) {
    const auto bank = parse_fxb(bytes, name);
    if (conversion.to == PresetForm::fxb) return {std::string(bytes)};
    if (conversion.to == PresetForm::raw && bank.header.kind == FxKind::bank_state)
        return state_alone(bank.state, bank.rest.size(), name, conversion);
    if (conversion.to == PresetForm::raw)
        refuse(name, "is a bank of programs, not one state; take one out with --to fxp first");
    const auto programs = bank_programs(bytes, name, conversion.program);
    if (programs.size() > 1)
        refuse(name, "has " + std::to_string(programs.size()) +
                         " programs; name one with --program, or write all of them into a folder "
                         "with --preset-dir");
    check_program(programs.front(), name);
    return {std::string(programs.front().bytes)};
}

Converted convert_program(std::string_view bytes, const std::string& name,
                          const Conversion& conversion) {
    const auto fxp = parse_fxp(bytes, name);
    if (conversion.to == PresetForm::fxp) return {std::string(bytes)};
    if (fxp.header.kind == FxKind::parameters)
        refuse(name, "holds parameters (FxCk), and no state that could be taken out of it");
    const auto end = static_cast<std::size_t>(fxp.state.data() + fxp.state.size() - bytes.data());
    return state_alone(fxp.state, bytes.size() - end, name, conversion);
}

Converted convert_vst2(std::string_view bytes, const std::string& name,
                       const Conversion& conversion) {
    if (!is_vst2(conversion.to) && conversion.to != PresetForm::raw)
        refuse(name, "is a preset of a VST2, and " + with_article(to_string(conversion.to)) +
                         " holds that of a VST3, which has a state of another kind; load it in "
                         "the plug-in and save it there");
    const auto header = parse_fx_header(bytes, name);
    const bool is_bank =
        header.kind == FxKind::bank_parameters || header.kind == FxKind::bank_state;
    if (!is_bank && conversion.to == PresetForm::fxb) {
        const auto bank = build_bank({{std::string(bytes), name}}, {}, conversion.lossy);
        return {bank.bytes};
    }
    return is_bank ? convert_bank(bytes, name, conversion)
                   : convert_program(bytes, name, conversion);
}

Converted wrap_vst2(std::string_view state, const std::string& name, const Conversion& conversion) {
    const auto& header = conversion.header;
    if (!header.plugin_id)
        throw Error(ErrorKind::bad_record, name,
                    "does not say whose state it is; give the plug-in's id with --plugin-id");
    if (state.empty()) refuse_corrupt(name, "is empty, and a state is not");
    FxHeader head{.kind = FxKind::state,
                  .plugin_id = *header.plugin_id,
                  .plugin_version = header.plugin_version,
                  .count = header.count,
                  .program_name = header.name};
    if (conversion.to == PresetForm::fxp)
        return {build_fxp({.header = head, .parameters = {}, .state = state})};
    head.kind = FxKind::bank_state;
    return {build_fxb({.header = head, .state = state})};
}

// VST3

// The parts that the containers of a VST3 have, whichever it was.
struct Vst3Parts {
    std::string component;
    std::optional<std::string> controller, info, class_id;
    std::vector<std::string> others;  // chunks that no other form has
};

std::optional<std::string> owned(const std::optional<std::string_view>& view) {
    return view ? std::optional(std::string(*view)) : std::nullopt;
}

Vst3Parts parts_of(std::string_view bytes, std::string_view format, const std::string& name) {
    if (format == "vstpreset") {
        const auto preset = parse_vstpreset(bytes, name);
        return {std::string(preset.component), owned(preset.controller), owned(preset.info),
                preset.class_id, preset.others};
    }
    if (format == "state") {
        auto state = parse_juce_state(bytes, name);
        return {std::move(state.component), std::move(state.controller), {}, {}, {}};
    }
    return {serum_preset_to_component(bytes, name), {}, {}, {}, {}};
}

void add_given_parts(Vst3Parts& parts, const std::string& name, const Conversion& conversion) {
    const auto add = [&](auto& part, const auto& given, std::string_view what) {
        if (given && part)
            refuse(name, "has " + std::string(what) + " of its own, so none can be given");
        if (given) part = given;
    };
    add(parts.controller, conversion.controller, "a state of the controller");
    add(parts.info, conversion.info, "metadata");
}

std::string build_preset(const Vst3Parts& parts, const std::string& name,
                         const Conversion& conversion) {
    const auto& class_id = parts.class_id ? parts.class_id : conversion.header.class_id;
    if (!class_id)
        throw Error(ErrorKind::bad_record, name,
                    "does not say whose preset it is; give the plug-in's class with --class-id, "
                    "as plugin-probe prints it");
    VstPreset preset{.class_id = *class_id, .component = parts.component};
    if (parts.controller) preset.controller = *parts.controller;
    if (parts.info) preset.info = *parts.info;
    return build_vstpreset(preset);
}

Converted build_vst3(Vst3Parts parts, const std::string& name, const Conversion& conversion) {
    add_given_parts(parts, name, conversion);
    const bool to_raw = conversion.to == PresetForm::raw;
    const bool to_preset = conversion.to == PresetForm::vstpreset;
    Losses losses(name, conversion);
    losses.add(
        to_raw && parts.controller && !parts.controller->empty() && !conversion.takes_controller,
        "the state of the controller", "--controller FILE keeps it");
    losses.add(!to_preset && parts.info && !conversion.takes_info, "the metadata (chunk 'Info')",
               "--info FILE keeps it");
    for (const auto& chunk : parts.others) losses.add(true, "the chunk '" + printable(chunk) + "'");
    losses.check();
    Converted converted;
    if (!to_preset) converted.info = std::move(parts.info);
    if (to_preset) {
        converted.bytes = build_preset(parts, name, conversion);
    } else if (to_raw) {
        converted.bytes = std::move(parts.component);
        converted.controller = std::move(parts.controller);
    } else {
        converted.bytes =
            build_juce_state({std::move(parts.component), std::move(parts.controller)});
    }
    return converted;
}

// Serum's own state has its container of presets around it, and is the plug-in's bare state.
void refuse_bare_serum_state(std::string_view bytes, const std::string& name) {
    if (serum_content(parse_xferjson_metadata(bytes, name), name) == SerumContent::state)
        refuse(name, "is a bare state of Serum 2; give --from raw");
}

Converted convert_vst3(std::string_view bytes, std::string_view format, const std::string& name,
                       const Conversion& conversion) {
    if (is_vst2(conversion.to))
        refuse(name, "is a preset of a VST3, and " + with_article(to_string(conversion.to)) +
                         " holds that of a VST2, which has a state of another kind; load it in "
                         "the plug-in and save it there");
    if (format == "serum2") refuse_bare_serum_state(bytes, name);
    if (format == to_string(conversion.to)) {
        (void)parts_of(bytes, format, name);
        return {std::string(bytes)};
    }
    auto parts = parts_of(bytes, format, name);
    if (format == "serum2" && conversion.to == PresetForm::vstpreset && !conversion.info)
        parts.info = build_vstpreset_info(parse_serum_preset_metadata(bytes, name));
    return build_vst3(std::move(parts), name, conversion);
}

Converted wrap_raw(std::string_view bytes, const std::string& name, const Conversion& conversion) {
    if (is_vst2(conversion.to)) return wrap_vst2(bytes, name, conversion);
    if (conversion.to == PresetForm::raw) return {std::string(bytes)};
    return build_vst3({std::string(bytes), {}, {}, {}, {}}, name, conversion);
}

// Programs on their way into a bank.
class BankBuilder {
 public:
    explicit BankBuilder(bool lossy) : lossy_(lossy) {}

    void add(std::string_view bytes, const std::string& name) {
        const auto kind = parse_fx_header(bytes, name).kind;
        if (kind != FxKind::bank_parameters && kind != FxKind::bank_state)
            return add_program(own_bytes(bytes, name), name);
        const auto bank = parse_fxb(bytes, name);
        refuse_rest(bank.rest.size(), "programs", name);
        for (std::size_t i = 0; i < std::max<std::size_t>(bank.programs.size(), 1); ++i)
            add_program(bank_program(bank, static_cast<std::int64_t>(i), name), name);
    }

    [[nodiscard]] const Fxb& bank() const { return bank_; }
    [[nodiscard]] bool has_states() const { return has_states_; }

 private:
    void refuse_rest(std::size_t size, std::string_view what, const std::string& name) const {
        if (size == 0 || lossy_) return;
        refuse(name, "has " + bytes_of(size) + " behind its " + std::string(what) +
                         ", which have no place in a bank; --lossy leaves them out");
    }

    std::string_view own_bytes(std::string_view bytes, const std::string& name) const {
        const auto fxp = parse_fxp(bytes, name);
        auto size = fx_header_size + fxp.parameters.size() * sizeof(float);
        if (fxp.header.kind == FxKind::state) size += sizeof(std::uint32_t) + fxp.state.size();
        refuse_rest(bytes.size() - size, "program", name);
        return bytes.substr(0, size);
    }

    void add_program(std::string_view bytes, const std::string& name) {
        const auto header = parse_fx_header(bytes, name);
        if (bank_.programs.empty()) {
            first_ = name;
            bank_.header = header;
            bank_.header.kind = FxKind::bank_parameters;
            bank_.header.format_version = 1;
        }
        if (header.plugin_id != bank_.header.plugin_id)
            throw Error(ErrorKind::wrong_plugin, name,
                        "belongs to the plug-in " + show_plugin_id(header.plugin_id) + ", and " +
                            first_ + " to " + show_plugin_id(bank_.header.plugin_id) +
                            "; a bank is of one plug-in");
        if (header.kind == FxKind::parameters) check_count(header.count, name);
        has_states_ = has_states_ || header.kind == FxKind::state;
        bank_.header.plugin_version = std::max(bank_.header.plugin_version, header.plugin_version);
        bank_.programs.push_back(bytes);
    }

    void check_count(std::uint32_t count, const std::string& name) {
        if (!parameters_) parameters_ = count;
        if (count == *parameters_) return;
        refuse(name, "has a program with " + std::to_string(count) +
                         " parameters, and others in the bank have " +
                         std::to_string(*parameters_) + "; hosts would find it at the wrong place");
    }

    bool lossy_, has_states_ = false;
    std::string first_;
    std::optional<std::uint32_t> parameters_;
    Fxb bank_;
};

}  // namespace

std::string_view to_string(PresetForm form) {
    for (const auto& [known, name] : forms)
        if (known == form) return name;
    return "";
}

std::optional<PresetForm> preset_form_named(std::string_view name) {
    for (const auto& [form, known] : forms)
        if (known == name) return form;
    return {};
}

Converted convert_preset(std::string_view bytes, const std::string& name,
                         const Conversion& conversion) {
    if (conversion.from_raw) return wrap_raw(bytes, name, conversion);
    const auto format = detect_preset_format(bytes);
    if (format == "fxp" || format == "fxb") return convert_vst2(bytes, name, conversion);
    if (format == "vstpreset" || format == "state" || format == "serum2")
        return convert_vst3(bytes, format, name, conversion);
    if (format == "lv2")
        refuse(name,
               "is Turtle, the only form of an LV2 preset; if it is the bare state of another "
               "plug-in, give --from raw");
    refuse(name, bytes.empty() ? "is empty"
                               : "is not a preset of a known format; if it is a plug-in's bare "
                                 "state, give --from raw");
}

std::vector<BankProgram> bank_programs(std::string_view bytes, const std::string& name,
                                       const std::optional<ProgramChoice>& choice) {
    const auto bank = parse_fxb(bytes, name);
    const auto first = choice ? number_of(bank, *choice, name) : 0;
    (void)bank_program(bank, static_cast<std::int64_t>(first), name);  // there is one
    const auto end = choice ? first + 1 : bank.programs.size();
    std::vector<BankProgram> programs;
    for (auto i = first; i < end; ++i) {
        const auto program_name = bank_program_name(bank, i);
        programs.push_back({i, program_name, bank.programs[i]});
    }
    return programs;
}

void check_program(const BankProgram& program, const std::string& name) {
    (void)parse_fxp(program.bytes, name + ": program " + std::to_string(program.number));
}

BuiltBank build_bank(const std::vector<NamedPreset>& presets, std::optional<std::uint32_t> current,
                     bool lossy) {
    BankBuilder builder(lossy);
    for (const auto& [bytes, name] : presets) builder.add(bytes, name);
    auto bank = builder.bank();
    if (current && *current >= bank.programs.size())
        throw Error(ErrorKind::not_found, "the bank",
                    "has no program " + std::to_string(*current) +
                        " to be the current one: it has " + std::to_string(bank.programs.size()) +
                        ", counted from 0");
    bank.current_program = current;
    return {build_fxb(bank), builder.has_states()};
}

}  // namespace patchpipe
