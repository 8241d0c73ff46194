// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <utility>

#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "record/record.h"
#include "serum/cbor.h"
#include "serum/json_reader.h"
#include "serum/serum_document.h"

namespace patchpipe {
namespace {

using simdjson::ondemand::json_type;

[[noreturn]] void bad_json(std::string_view name, const std::string& what) {
    throw Error(ErrorKind::bad_record, name, what);
}

// Reads the members of the JSON form, in any order. A member that is null counts as absent.
class DocumentReader {
 public:
    explicit DocumentReader(std::string_view name) : name_(name) {}

    void read(simdjson::ondemand::object object) {
        for (auto member : object) {
            const std::string key(std::string_view(member.unescaped_key()));
            JsonReader::Value value = member.value();
            if (value.type() == json_type::null)
                JsonReader::pass_over(value);
            else if (key == "metadata")
                read_metadata(value);
            else if (key == "data")
                read_data(value);
            else if (key == "controller")
                read_controller(value);
            else
                JsonReader::pass_over(value);
        }
    }

    SerumDocument take() {
        if (!metadata_) no_object("metadata");
        const bool any_data = serum_content(*metadata_, name_) == SerumContent::other;
        if (!data_ || (!data_is_object_ && !any_data)) no_object("data");
        // A JSON object may also represent a tag or a number that JSON lacks, so look at the CBOR.
        if (!any_data && CborReader(*data_, name_).next().kind != CborKind::map)
            bad_json(name_, "'data' is one value; it must be an object with the preset's members");
        return {*std::move(metadata_), *std::move(data_), std::move(controller_)};
    }

 private:
    void read_metadata(JsonReader::Value value) {
        if (metadata_) twice("metadata");
        if (value.type() != json_type::object) no_object("metadata");
        simdjson::ondemand::object object = value.get_object();
        const std::string_view json = object.raw_json();
        try {
            metadata_ = json_compact(Record(json).line());
        } catch (const Error& error) {
            bad_json(name_, error.what());
        }
    }

    void read_data(JsonReader::Value value) {
        if (data_) twice("data");
        data_is_object_ = value.type() == json_type::object;
        JsonReader reader(name_);
        reader.read(value);
        data_ = reader.take();
    }

    void read_controller(JsonReader::Value value) {
        if (controller_) twice("controller");
        if (value.type() == json_type::string) controller_ = from_hex(value.get_string());
        if (!controller_)
            bad_json(name_, "'controller' must be a string of hexadecimal digits, two for a byte");
    }

    [[noreturn]] void no_object(std::string_view key) const {
        bad_json(name_, "has no object '" + std::string(key) +
                            "'; give JSON as serum-unwrap --to json prints it");
    }

    [[noreturn]] void twice(std::string_view key) const {
        bad_json(name_, "has '" + std::string(key) + "' twice; leave one of them");
    }

    std::string_view name_;
    std::optional<std::string> metadata_, data_, controller_;
    bool data_is_object_ = false;
};

}  // namespace

SerumDocument serum_document_from_json(std::string json, std::string_view name) {
    DocumentReader reader(name);
    parse_json(json, name, [&](simdjson::ondemand::document& document) {
        if (document.type() != json_type::object) bad_json(name, "not a JSON object");
        reader.read(document.get_object());
    });
    return reader.take();
}

}  // namespace patchpipe
