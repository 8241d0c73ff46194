// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "song/deferred_effects.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/number.h"
#include "record/record_line.h"

namespace patchpipe {
namespace {

// What the script does for each effect; ReaScript's functions are documented in REAPER's help.
constexpr std::string_view functions = R"(local function complain(text)
  reaper.ShowConsoleMsg(text .. "\n")
end

-- index counts from 0; the master has none.
local function track_at(index, name)
  if not index then return reaper.GetMasterTrack(0) end
  local track = reaper.GetTrack(0, index)
  local _, found = "", ""
  if track then _, found = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false) end
  if track and found == name then return track end
  complain("Track " .. index + 1 .. " is not '" .. name .. "': open the project of this script.")
end

local function parameter_of(track, fx, key)
  if key:match("^#%d+$") then return tonumber(key:sub(2)) end
  if key:match("^id:") then return reaper.TrackFX_GetParamFromIdent(track, fx, key:sub(4)) end
  for index = 0, reaper.TrackFX_GetNumParams(track, fx) - 1 do
    local _, name = reaper.TrackFX_GetParamName(track, fx, index, "")
    if name == key then return index end
  end
  return -1
end

local function set(track, fx, fx_name, parameters)
  for _, one in ipairs(parameters) do
    local index = parameter_of(track, fx, one[1])
    if index < 0 or not reaper.TrackFX_SetParamNormalized(track, fx, index, one[2]) then
      complain(fx_name .. " has no parameter '" .. one[1] .. "'.")
    end
  end
end

-- Adds an effect at its place in the chain, from 0.
local function add(index, track_name, fx_name, place, parameters)
  local track = track_at(index, track_name)
  if not track then return end
  local fx = reaper.TrackFX_AddByName(track, fx_name, false, -1000 - place)
  if fx < 0 then return complain("REAPER has no effect '" .. fx_name .. "'.") end
  set(track, fx, fx_name, parameters)
end

-- Sets parameters of an effect that is in the project.
local function change(index, track_name, fx_name, place, parameters)
  local track = track_at(index, track_name)
  if track then set(track, place, fx_name, parameters) end
end
)";

// A text in Lua, with everything escaped that is not printable ASCII.
std::string lua_text(std::string_view text) {
    std::string lua = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') lua += '\\';
        if (byte >= ' ' && byte < 0x7f) {
            lua += c;
            continue;
        }
        const auto digits = std::to_string(byte);
        lua += "\\" + std::string(3 - digits.size(), '0') + digits;
    }
    return lua + "\"";
}

bool has_state(const Record& fx) {
    return fx.raw("state") || fx.raw("state_path") || fx.raw("preset_path");
}

}  // namespace

std::string DeferredEffects::parameter_list(const Effect& effect) {
    const Record parameters(effect.parameters);
    std::string lua = "{";
    const auto put = [&](std::string_view key, std::string_view value) {
        lua += (lua.size() > 1 ? ", {" : "{") + lua_text(key) + ", " + std::string(value) + "}";
    };
    for (const auto& key : parameters.keys()) {
        const auto text = parameters.raw(key).value_or("null");
        const auto value = parse_number(text);
        if (!value || !(*value >= 0 && *value <= 1))
            throw Error(ErrorKind::bad_record, effect.name,
                        "parameter '" + key + "' must be a number from 0 to 1, is " +
                            std::string(text) + "; correct it");
        put(key, text);
    }
    // These are parameters to REAPER; a project has them for what it holds.
    if (effect.left_out && effect.bypass) put("id::bypass", "1");
    if (effect.left_out && effect.wet != 1) put("id::wet", json_number(effect.wet));
    return lua + "}";
}

namespace {

std::string name_of_track(const SongModel& song, const std::string& track) {
    if (track == "master") return "MASTER";
    const auto* const record = song.find(track);
    if (record == nullptr)
        throw Error(ErrorKind::bad_record, "track",
                    "is '" + track + "', which no record is; correct it");
    return record->text("name").value_or("");
}

std::string name_of(const Record& fx) {
    for (const auto* const key : {"name", "plugin", "plugin_path"})
        if (auto name = fx.text(key).value_or(""); !name.empty()) return name;
    throw Error(ErrorKind::bad_record, "name", "is missing; say what REAPER calls the effect");
}

}  // namespace

bool DeferredEffects::take(const Record& fx) {
    const auto parameters = fx.raw("parameters");
    const bool by_name = parameters && parameters->starts_with('{');
    const auto track = fx.text("track").value_or("");
    // Those of takes, of containers and of inputs are in chains of their own.
    if (track.empty() || fx.raw("item") || fx.raw("container") ||
        fx.flag("input").value_or(false)) {
        if (by_name)
            throw Error(ErrorKind::bad_record, "parameters",
                        "can be set by name for effects in the chain of a track only; give a "
                        "state, or remove them");
        return false;
    }
    const auto place = places_[track]++;
    // A script cannot set a state.
    const bool left_out = defer_ && fx.flag("builtin").value_or(false) && !has_state(fx);
    if (left_out || by_name)
        effects_.push_back({.track = track,
                            .fx = fx.text("fx").value_or(""),
                            .name = name_of(fx),
                            .place = place,
                            .left_out = left_out,
                            .bypass = fx.flag("bypass").value_or(false),
                            .wet = fx.number("wet").value_or(1),
                            .parameters = std::string(by_name ? *parameters : "{}")});
    return left_out;
}

void DeferredEffects::refuse_parameters() const {
    for (const auto& effect : effects_)
        if (!effect.left_out)
            throw Error(ErrorKind::unsupported, effect.name,
                        "has parameters by name, which a project cannot hold; give --reascript "
                        "FILE for a script that sets them");
}

void DeferredEffects::each_record(const SongModel& song,
                                  const std::function<void(const Record&)>& write) const {
    for (const auto& effect : effects_) {
        if (!effect.left_out) continue;
        RecordLine line("deferred");
        line.text("track_name", name_of_track(song, effect.track))
            .text("fx_name", effect.name)
            .json("params", effect.parameters)
            .text("track", effect.track);
        if (!effect.fx.empty()) line.text("fx", effect.fx);
        write(Record(line.line()));
    }
}

std::string DeferredEffects::script(const SongModel& song) const {
    std::string adding, changing;
    for (const auto& effect : effects_) {
        const auto& tracks = song.tracks();
        const auto name = name_of_track(song, effect.track);
        const auto index = std::find(tracks.begin(), tracks.end(), effect.track) - tracks.begin();
        // Effects are added from the first of a chain on, so that each place is there.
        (effect.left_out ? adding : changing) +=
            std::string(effect.left_out ? "add(" : "change(") +
            (effect.track == "master" ? "nil" : std::to_string(index)) + ", " + lua_text(name) +
            ", " + lua_text(effect.name) + ", " + std::to_string(effect.place) + ", " +
            parameter_list(effect) + ")\n";
    }
    return "-- Completes the effects of a project that song-write has made. Open the project in\n"
           "-- REAPER, then run this with Actions > Show action list > New action > Load "
           "ReaScript.\n\n" +
           std::string(functions) + "\nreaper.Undo_BeginBlock()\n" + adding + changing +
           "reaper.Undo_EndBlock(\"Complete effects\", -1)\n";
}

}  // namespace patchpipe
