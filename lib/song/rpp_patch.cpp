// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file is read twice: first as records, which tell what the given ones change, then line by
// line. Ids are counted as the reader does (rpp_track.cpp, rpp_item.cpp, rpp_chain.cpp).

#include "song/rpp_patch.h"

#include <algorithm>
#include <map>

#include "base/base64.h"
#include "base/error.h"
#include "base/json.h"
#include "base/number.h"
#include "record/stream.h"
#include "song/rpp_chain.h"
#include "song/rpp_envelope.h"
#include "song/rpp_plugin.h"
#include "song/rpp_reader.h"
#include "song/rpp_source.h"

namespace patchpipe {
namespace {

bool removed(const Record* record) {
    return record != nullptr && record->flag("removed").value_or(false);
}

bool has_rule(RppRules rules, std::string_view tag) {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const auto& rule) { return rule.tag == tag; });
}

Record object(const Record& record, std::string_view key) {
    const auto text = record.raw(key);
    return Record(text && text->starts_with('{') ? *text : "{}");
}

// JSON with every number written in the same way, since jq may write 0.0005 for 5e-04.
std::string normal(std::string_view json) {
    if (const auto number = parse_number(json)) return json_number(*number);
    const auto elements = json_elements(json);
    if (!elements) return json_compact(json);
    std::string text = "[";
    for (const auto& element : *elements) text += normal(element) + ",";
    return text + "]";
}

// True if the second record has no other value for any of the keys.
bool same(const Record& before, const Record& after, std::initializer_list<std::string_view> keys) {
    return std::all_of(keys.begin(), keys.end(), [&](auto key) {
        const auto one = before.raw(key), other = after.raw(key);
        return !other || (one && normal(*one) == normal(*other));
    });
}

bool same(const std::vector<Record>& before, const std::vector<Record>& after,
          std::initializer_list<std::string_view> keys) {
    if (before.size() != after.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i)
        if (!same(before[i], after[i], keys) || before[i].text("type") != after[i].text("type"))
            return false;
    return true;
}

bool same(const std::vector<TickEvent>& before, const std::vector<TickEvent>& after) {
    return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                      [](const auto& one, const auto& other) {
                          return one.tick == other.tick && one.bytes == other.bytes &&
                                 one.muted == other.muted && one.selected == other.selected &&
                                 one.extra == other.extra;
                      });
}

SongModel records_of(const std::string& path) {
    SongModel model;
    std::size_t songs = 0;
    LineSource source(path);
    const SongReadOptions options{.only_known = true, .states = {}};
    read_rpp(source, path, options, [&](std::string_view line) {
        const Record record(line);
        if (record.is_error()) return;
        if (record.text("type") == "song" && ++songs > 1)
            throw Error(ErrorKind::unsupported, path,
                        "holds several projects, and --into changes a file with one; take that out "
                        "of it first");
        model.add(record);
    });
    return model;
}

class Patch {
 public:
    Patch(const std::string& path, const SongModel& after, const RppWriteOptions& options,
          const std::function<void(std::string_view)>& put)
        : source_(path),
          walk_(source_),
          before_(records_of(path)),
          after_(after),
          options_(options),
          put_(put),
          tempo_((after.tempos().empty() ? before_ : after).tempo_map()),
          writer_(after, tempo_, options, [this](std::string_view line) { put_line(line); }) {
        number_tracks();
    }

    void run() {
        const auto head = source_.head(4096);
        if (!is_rpp(head))
            refuse_unsupported(source_.name(), "is none of REAPER's files; name one");
        put_(head.substr(0, head.size() - without_byte_order_mark(head).size()));
        if (const auto found = head.find_first_of("\r\n"); found != head.npos)
            end_ = head.compare(found, 2, "\r\n") == 0 ? "\r\n" : head.substr(found, 1);
        auto place = walk_.place();
        bool chain = true;
        while (const auto line = walk_.next()) {
            if (line->kind == RppKind::open && line->tag() == "REAPER_PROJECT") {
                patch_project(*line);
            } else if (line->kind == RppKind::open && line->tag() == "TRACK") {
                patch_track(*line);
            } else if (chain && is_chain_line(line->tag())) {
                if (line->tag() == "FXCHAIN") put(*line);
                if (line->tag() != "FXCHAIN") walk_.start_at(place);
                patch_chain("c");
            } else {
                put(*line);
                continue;
            }
            chain = false;
            place = walk_.place();
        }
    }

 private:
    void put(const RppLine& line) {
        put_(line.text());
        put_(line.source.end);
    }
    void put_line(std::string_view text) {
        put_(text);
        put_(end_);
    }
    void put_changed(const RppLine& line, std::string_view text) {
        put_(text);
        put_(line.source.end);
    }
    // The line that closes the block, if the file has it.
    void put_closing() {
        if (!walk_.ended()) put(walk_.closing());
    }
    // The rest of a block that was entered.
    void put_block(const RppLine& line) {
        put(line);
        walk_.pass([&](const RppLine& inner) { put(inner); });
    }
    void drop_block() {
        walk_.pass([](const RppLine&) {});
    }

    // The position of each track when all is done.
    void number_tracks() {
        std::unordered_map<std::string, std::size_t> numbers;
        for (const auto& id : before_.tracks())
            if (!removed(after_.find(id))) numbers.try_emplace(id, numbers.size());
        for (const auto& id : after_.tracks())
            if (!removed(after_.find(id))) numbers.try_emplace(id, numbers.size());
        writer_.set_track_numbers(std::move(numbers));
    }

    // Puts lines of the rules that the block lacks and the record needs.
    void put_missing(RppRules rules, const Record& record, std::size_t level) {
        std::vector<std::string> tags;
        walk_.look_ahead(0, [&](std::size_t below, const RppLine& line) {
            if (below == 0 && line.kind == RppKind::plain && has_rule(rules, line.tag()))
                tags.emplace_back(line.tag());
            return true;
        });
        for (const auto usual : usual_lines(rules)) {
            if (std::find(tags.begin(), tags.end(), rpp_tag(usual)) != tags.end() ||
                usual.ends_with("{}"))
                continue;
            if (rpp_line_needed(usual, rules, record))
                put_line(std::string(2 * level, ' ') + rpp_line_with(usual, rules, record));
        }
    }

    void patch_project(const RppLine& header) {
        const auto& song = after_.song();
        auto text = std::string(header.text());
        const auto program =
            options_.program.empty() ? song.text("program") : std::optional(options_.program);
        if (program && *program != before_.song().text("program"))
            text = rpp_with_field(text, 2, rpp_quoted(*program));
        if (options_.saved != 0) text = rpp_with_field(text, 3, std::to_string(options_.saved));
        put_changed(header, text);
        const auto render = object(song, "render");
        const auto* const master = after_.find("master");
        put_missing(song_rules, song, 1);
        put_missing(render_rules, render, 1);
        if (master != nullptr) put_missing(master_rules, *master, 1);
        new_markers_ =
            !after_.markers().empty() && !same(before_.markers(), after_.markers(),
                                               {"time", "end", "name", "index", "color", "flags"});
        const bool new_signatures =
            !after_.signatures().empty() &&
            !same(before_.signatures(), after_.signatures(), {"time", "numerator", "denominator"});
        new_tempo_ =
            new_signatures || (!after_.tempos().empty() &&
                               !same(before_.tempos(), after_.tempos(), {"time", "bpm", "ramp"}));
        if (new_tempo_ && after_.signatures().empty() && !before_.signatures().empty())
            throw Error(ErrorKind::bad_record, "tempo",
                        "is changed, and no signature is given; give all tempos and signatures");
        while (const auto line = walk_.next()) patch_child(*line, render, master);
        if (new_markers_ && !markers_put_) writer_.write_markers(1);
        if (new_tempo_ && !tempo_put_) put_tempo_block();
        for (const auto& id : after_.tracks()) {
            if (before_.find(id) != nullptr || removed(after_.find(id))) continue;
            if (after_.find(id)->raw("parent"))
                throw Error(ErrorKind::unsupported, id,
                            "is new and has a parent, but new tracks are put behind the others; "
                            "leave the parent out");
            writer_.write_track(id, "ISBUS 0 0", 1);
        }
        put_closing();
    }

    void put_tempo_block() {
        put_line("  <TEMPOENVEX");
        put_line("    ACT 1 -1");
        writer_.write_tempo_points(2);
        put_line("  >");
    }

    void patch_child(const RppLine& line, const Record& render, const Record* master) {
        const auto tag = line.tag();
        if (line.kind == RppKind::open) {
            if (tag == "TRACK") return patch_track(line);
            if (tag == "MASTERFXLIST") {
                put(line);
                return patch_chain("master");
            }
            if (tag == "TEMPOENVEX" && new_tempo_) return patch_tempo(line);
            if (tag.starts_with("MASTER") && is_envelope(tag))
                return patch_envelope(line, "master.e" + std::to_string(++master_envelopes_));
            return put_block(line);
        }
        if (line.kind != RppKind::plain) return put(line);
        if (tag == "MARKER" && new_markers_) {
            if (!markers_put_) writer_.write_markers(1);
            markers_put_ = true;
            return;
        }
        if (tag == "TEMPO" && new_tempo_) {
            const auto& point = tempo_.points().front();
            if (point.bpm == before_.tempo_map().points().front().bpm) return put(line);
            return put_changed(line, rpp_with_field(line.text(), 1, rpp_decimal(point.bpm)));
        }
        auto text = rpp_line_with(line.text(), song_rules, after_.song());
        text = rpp_line_with(text, render_rules, render);
        if (master != nullptr) text = rpp_line_with(text, master_rules, *master);
        put_changed(line, text);
    }

    void patch_tempo(const RppLine& header) {
        put(header);
        while (const auto line = walk_.next()) {
            if (line->kind == RppKind::open)
                put_block(*line);
            else if (line->kind == RppKind::plain && line->tag() == "PT")
                put_points_once();
            else
                put(*line);
        }
        put_points_once();
        put_closing();
    }

    void put_points_once() {
        if (!tempo_put_) writer_.write_tempo_points(2);
        tempo_put_ = true;
    }

    void patch_track(const RppLine& header);
    void patch_send(const RppLine& line, const std::string& id);
    void patch_item(const RppLine& header, const std::string& id);
    void patch_source(const RppLine& header, const std::string& id);
    void patch_source_lines(const std::string& id, const std::vector<TickEvent>* events,
                            std::int64_t end, bool& written, std::size_t below);
    void patch_chain(const std::string& owner);
    void patch_fx(const RppLine& header, const std::string& id);
    void patch_envelope(const RppLine& header, const std::string& id);
    void add_things(const std::string& track, bool has_chain);

    LineSource source_;
    RppWalk walk_;
    SongModel before_;
    const SongModel& after_;
    const RppWriteOptions& options_;
    const std::function<void(std::string_view)>& put_;
    TempoMap tempo_;
    RppWriter writer_;
    std::string end_ = "\n";
    std::size_t tracks_ = 0, master_envelopes_ = 0;
    bool new_markers_ = false, markers_put_ = false, new_tempo_ = false, tempo_put_ = false;
};

void Patch::patch_track(const RppLine& header) {
    const auto id = "t" + std::to_string(++tracks_);
    const auto* const record = after_.find(id);
    if (removed(record)) return drop_block();
    put(header);
    // A name that a field cannot hold is in a block of its own, which wins.
    auto wanted = record != nullptr ? *record : Record("{}");
    bool name_block = false;
    walk_.look_ahead(0, [&](std::size_t below, const RppLine& line) {
        name_block =
            name_block || (below == 0 && line.kind == RppKind::open && line.tag() == "NAME");
        return true;
    });
    const bool same_name =
        !wanted.raw("name") || wanted.text("name") == before_.find(id)->text("name");
    if (name_block && same_name) wanted.remove("name");
    put_missing(track_rules, wanted, 2);
    std::size_t items = 0, sends = 0, envelopes = 0;
    std::string send;
    bool has_chain = false;
    while (const auto line = walk_.next()) {
        const auto tag = line->tag();
        if (line->kind == RppKind::open) {
            if (tag == "ITEM") {
                patch_item(*line, id + ".i" + std::to_string(++items));
            } else if (tag == "FXCHAIN" || tag == "FXCHAIN_REC") {
                put(*line);
                const bool input = tag != "FXCHAIN";
                has_chain = has_chain || !input;
                patch_chain(input ? id + ".input" : id);
            } else if (is_envelope(tag)) {
                patch_envelope(*line, id + ".e" + std::to_string(++envelopes));
            } else if (tag == "NAME" && !same_name) {
                drop_block();
            } else {
                put_block(*line);
            }
        } else if (line->kind == RppKind::plain && tag == "AUXRECV") {
            patch_send(*line, id + ".s" + std::to_string(++sends));
        } else if (line->kind == RppKind::plain) {
            put_changed(*line, rpp_line_with(line->text(), track_rules, wanted));
        } else {
            put(*line);
        }
    }
    add_things(id, has_chain);
    put_closing();
}

// What the records have on a track and the file has not.
void Patch::add_things(const std::string& track, bool has_chain) {
    const auto is_new = [&](const std::string& id) {
        return before_.find(id) == nullptr && !removed(after_.find(id));
    };
    for (const auto& id : after_.sends(track))
        if (is_new(id)) writer_.write_send(id, 2);
    for (const auto& id : after_.envelopes(track))
        if (is_new(id)) writer_.write_envelope(id, 2);
    const auto& effects = after_.effects(track);
    if (!has_chain && std::any_of(effects.begin(), effects.end(), is_new)) {
        put_line("    <FXCHAIN");
        for (const auto& id : effects)
            if (is_new(id)) writer_.write_fx(id, 3);
        put_line("    >");
    }
    for (const auto& id : after_.items(track))
        if (is_new(id)) writer_.write_item(id, 2);
}

// The source's position may have changed with the tracks.
void Patch::patch_send(const RppLine& line, const std::string& id) {
    const auto* const record = after_.find(id);
    const auto* const old = before_.find(id);
    if (removed(record)) return;
    auto text = record != nullptr ? rpp_line_with(line.text(), send_rules, *record)
                                  : std::string(line.text());
    const auto old_source = old != nullptr ? old->text("source_track").value_or("") : "";
    const auto source =
        record != nullptr ? record->text("source_track").value_or(old_source) : old_source;
    const auto number = writer_.track_numbers().find(source);
    if (number == writer_.track_numbers().end() && removed(after_.find(source))) return;
    if (number == writer_.track_numbers().end() && source != old_source)
        throw Error(ErrorKind::bad_record, id,
                    "source_track is '" + source + "', which no track is; correct it");
    RppFields fields;
    fields.split(text);
    if (number != writer_.track_numbers().end() &&
        fields.number(1) != static_cast<double>(number->second))
        text = rpp_with_field(text, 1, std::to_string(number->second));
    put_changed(line, text);
}

void Patch::patch_item(const RppLine& header, const std::string& id) {
    const auto* record = after_.find(id);
    if (removed(record)) return drop_block();
    put(header);
    if (record != nullptr) put_missing(item_rules, *record, 3);
    std::size_t takes = 1;
    std::map<std::string, std::size_t> envelopes;
    auto take = id;
    while (const auto line = walk_.next()) {
        const auto tag = line->tag();
        const auto* const values = after_.find(take);
        if (line->kind == RppKind::open) {
            if (tag == "SOURCE") {
                patch_source(*line, take);
            } else if (tag == "TAKEFX") {
                put(*line);
                patch_chain(take);
            } else if (is_envelope(tag)) {
                patch_envelope(*line, take + ".e" + std::to_string(++envelopes[id]));
            } else {
                put_block(*line);
            }
        } else if (line->kind == RppKind::plain && tag == "TAKE") {
            take = id + "." + std::to_string(++takes);
            put(*line);
        } else if (line->kind == RppKind::plain && values != nullptr) {
            auto text = std::string(line->text());
            if (takes == 1) text = rpp_line_with(text, item_rules, *values);
            put_changed(*line, rpp_line_with(text, take_rules, *values));
        } else {
            put(*line);
        }
    }
    put_closing();
}

void Patch::patch_source(const RppLine& header, const std::string& id) {
    put(header);
    const auto* const old = before_.find(id);
    const auto* const record = after_.find(id) != nullptr ? after_.find(id) : old;
    std::vector<TickEvent> events;
    std::int64_t end = 0;
    bool changed = false, written = false;
    if (old != nullptr && !after_.events(id).empty()) {
        const auto old_tempo = before_.tempo_map();
        auto place = source_place(*old, old_tempo);
        place.item = id;
        const auto first = first_beat(*old, old_tempo);
        const auto old_events = take_events(before_, old_tempo, place, first);
        auto wanted =
            object(*record, "source").raw("beats") ? source_place(*record, tempo_) : place;
        wanted.item = id;
        // The notes of the file count from where the item was.
        events = take_events(after_, tempo_, wanted, record->number("beat").value_or(first));
        end = wanted.ticks;
        changed = !same(old_events, events) || end != place.ticks;
    }
    patch_source_lines(id, changed ? &events : nullptr, end, written, 0);
}

void Patch::patch_source_lines(const std::string& id, const std::vector<TickEvent>* events,
                               std::int64_t end, bool& written, std::size_t below) {
    const auto* const record = after_.find(id);
    const auto* const old = before_.find(id);
    const auto path = record != nullptr ? object(*record, "source").text("path") : std::nullopt;
    const bool new_path = path && old != nullptr && path != object(*old, "source").text("path");
    const auto write = [&] {
        if (events != nullptr && !written) writer_.write_events(*events, end, 4);
        written = true;
    };
    while (const auto line = walk_.next()) {
        std::int64_t ticks = 0;
        if (events != nullptr && is_midi_line(*line, ticks)) {
            if (line->kind == RppKind::open) drop_block();
            write();
        } else if (line->kind == RppKind::open && line->tag() == "SOURCE" && below < 2) {
            put(*line);
            patch_source_lines(id, nullptr, 0, written, below + 1);
        } else if (line->kind == RppKind::open) {
            put_block(*line);
        } else if (new_path && line->tag() == "FILE") {
            put_changed(*line, rpp_with_field(line->text(), 1, rpp_quoted(*path)));
        } else {
            put(*line);
        }
    }
    if (events != nullptr) write();
    put_closing();
}

void Patch::patch_chain(const std::string& owner) {
    std::size_t count = 0, envelopes = 0;
    std::string id;
    bool has_plugin = false, dropped = false;
    const auto begin = [&] {
        id = owner + ".f" + std::to_string(++count);
        envelopes = 0;
        has_plugin = false;
        dropped = removed(after_.find(id));
    };
    while (const auto line = walk_.next()) {
        const auto tag = line->tag();
        if (line->kind == RppKind::plain && tag == "BYPASS") begin();
        const auto* record = after_.find(id);
        if (line->kind == RppKind::open) {
            const bool plugin = is_plugin_block(tag);
            if (plugin && (count == 0 || has_plugin)) begin();
            has_plugin = has_plugin || plugin;
            if (dropped)
                drop_block();
            else if (plugin)
                patch_fx(*line, id);
            else if (count > 0 && tag == "PARMENV")
                patch_envelope(*line, id + ".e" + std::to_string(++envelopes));
            else
                put_block(*line);
        } else if (!dropped) {
            const bool values = line->kind == RppKind::plain && record != nullptr;
            put_changed(*line, values ? rpp_line_with(line->text(), fx_rules, *record)
                                      : std::string(line->text()));
        }
    }
    const auto level = walk_.depth() + 1;
    for (const auto& one : after_.effects(owner))
        if (before_.find(one) == nullptr && !removed(after_.find(one)))
            writer_.write_fx(one, level);
    put_closing();
}

void Patch::patch_fx(const RppLine& header, const std::string& id) {
    const auto* const record = after_.find(id);
    const auto* const old = before_.find(id);
    const auto tag = std::string(header.tag());
    const auto indent = header.text().substr(0, header.text().find('<')).size() / 2;
    put(header);
    if (tag == "CONTAINER") return patch_chain(id);
    const bool known = record != nullptr && old != nullptr;
    std::optional<std::string> state;
    if (known && (tag == "VST" || tag == "CLAP")) state = fx_state(*record);
    if (state && state == fx_state(*old) && same(*old, *record, {"program"})) state.reset();
    const bool sliders = known && tag == "JS" && !same(*old, *record, {"parameters"});
    bool done = false;
    // The effect's own lines that it lacks go behind its block.
    while (const auto line = walk_.next()) {
        if (tag == "CLAP" && state && line->kind == RppKind::open && line->tag() == "STATE") {
            put(*line);
            drop_block();
            for (std::size_t i = 0; i < state->size(); i += 96)
                put_line(std::string(2 * (indent + 2), ' ') + to_base64(state->substr(i, 96)));
            put(walk_.closing());
        } else if (line->kind == RppKind::open) {
            put_block(*line);
        } else if (tag == "VST" && state) {
            if (!done)
                writer_.write_state(fx_chunk(*record, *state, plugin_kind_of(*old) == "vst3"),
                                    indent + 1);
            done = true;
        } else if (sliders && !done && line->kind == RppKind::plain) {
            put_changed(*line, std::string(2 * (indent + 1), ' ') + js_sliders(*record));
            done = true;
        } else {
            put(*line);
        }
    }
    if (tag == "VST" && state && !done)
        writer_.write_state(fx_chunk(*record, *state, plugin_kind_of(*old) == "vst3"), indent + 1);
    put_closing();
    if (!known) return;
    std::vector<std::string> tags;
    walk_.look_ahead(0, [&](std::size_t below, const RppLine& line) {
        if (below == 0 && line.kind == RppKind::plain && line.tag() == "BYPASS") return false;
        if (below == 0 && line.kind == RppKind::plain) tags.emplace_back(line.tag());
        return true;
    });
    for (const auto usual : usual_lines(fx_rules))
        if (!usual.starts_with("BYPASS") && !usual.starts_with("FXID") &&
            std::find(tags.begin(), tags.end(), rpp_tag(usual)) == tags.end() &&
            rpp_line_needed(usual, fx_rules, *record))
            put_line(std::string(2 * indent, ' ') + rpp_line_with(usual, fx_rules, *record));
}

void Patch::patch_envelope(const RppLine& header, const std::string& id) {
    const auto* const record = after_.find(id);
    const auto* const old = before_.find(id);
    if (removed(record)) return drop_block();
    const auto points = [](const SongModel& song, const std::string& envelope) {
        auto text = normal(song.find(envelope)->raw("points").value_or("[]"));
        for (const auto& more : song.more(envelope))
            text += normal(Record(more).raw("points").value_or("[]"));
        return text;
    };
    const bool known = record != nullptr && old != nullptr;
    const bool changed =
        known && record->raw("points") && points(before_, id) != points(after_, id);
    const bool activity = known && !same(*old, *record, {"active"});
    const auto indent = header.text().substr(0, header.text().find('<')).size() / 2;
    put(header);
    bool written = false;
    const auto write = [&] {
        if (!written) writer_.write_points(id, indent + 1);
        written = true;
    };
    while (const auto line = walk_.next()) {
        if (line->kind == RppKind::open)
            put_block(*line);
        else if (changed && line->kind == RppKind::plain && line->tag() == "PT")
            write();
        else if (activity && line->kind == RppKind::plain && line->tag() == "ACT")
            put_changed(*line, rpp_with_field(line->text(), 1,
                                              record->flag("active").value_or(true) ? "1" : "0"));
        else
            put(*line);
    }
    if (changed) write();
    put_closing();
}

}  // namespace

void patch_rpp(const std::string& path, const SongModel& song, const RppWriteOptions& options,
               const std::function<void(std::string_view)>& put) {
    Patch(path, song, options, put).run();
}

}  // namespace patchpipe
