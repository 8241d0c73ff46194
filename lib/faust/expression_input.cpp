// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/expression_input.h"

#include "base/error.h"
#include "base/json.h"
#include "base/sha1.h"
#include "base/utf8.h"
#include "base/words.h"
#include "faust/backend.h"
#include "faust/compile_error.h"
#include "faust/cxx_library.h"
#include "faust/expressions.h"
#include "faust/llvm_factory.h"
#include "file/whole_file.h"

namespace patchpipe {
namespace {

// What is used twice is in it twice, so that text can be far longer than the expression.
constexpr double longest_text = 10000;

// The functions that take several signals take a list that ends with a null.
std::vector<Box> null_terminated(std::vector<Box> signals) {
    signals.push_back(nullptr);
    return signals;
}

// What the program's interface is called.
std::string stem_of(const BuildSource& source) {
    return source.name.substr(0, source.name.rfind('.'));
}

class ExpressionInput : public BuildInput {
    // Calls a function of the library that takes options and may leave a message.
    template <typename Make>
    auto made(Make make) {
        FaustMessage message{};
        auto options = c_options(source().options);
        auto* result =
            make(static_cast<int>(source().options.size()), options.data(), message.data());
        if (!result) refuse_program(source(), message);
        return result;
    }

 public:
    explicit ExpressionInput(BuildSource source)
        : BuildInput(std::move(source)),
          name_(stem_of(this->source())),
          expressions_(read_expressions(this->source().path, name_, this->source().bytes,
                                        this->source().options)) {}

    // The library's own functions for it optimise whatever they are told, with approximations.
    llvm_dsp_factory* compile() override {
        return made([&](int /*argc*/, const char** /*argv*/, char* message) {
            return exact_llvm(language_text("llvm"), source().instruction_set, message);
        });
    }

    interpreter_dsp_factory* compile_for_interpreter() override {
        return made([&](int argc, const char** argv, char* message) {
            auto signals = null_terminated(expressions_.program);
            return boxes() ? FAUST(createCInterpreterDSPFactoryFromBoxes)(name(), signals[0], argc,
                                                                          argv, message)
                           : FAUST(createCInterpreterDSPFactoryFromSignals)(name(), signals.data(),
                                                                            argc, argv, message);
        });
    }

    void write_language(const BuildFormat& format, const std::string& folder) override {
        // The compiler does not build it of expressions.
        if (format.name == "ocpp") return write_language_of_text(source(), text(), format, folder);
        write_whole_file(folder + "/program" + std::string(format.suffix),
                         language_text(std::string(format.name)));
    }

    ExpandedProgram expand() override {
        auto key = sha();  // before text(), which ends the expressions
        return {text(), std::move(key)};
    }

    // The library's own function for it leaves its buffer empty.
    std::string sha() override {
        auto sha = sha1_hex(printed());
        for (char& digit : sha) digit = static_cast<char>(std::toupper(digit));
        return sha;
    }

    std::string text() override {
        if (!boxes())
            throw Error(ErrorKind::unsupported, source().path,
                        "is of signals, which have no text in the language; build it of boxes");
        auto text = printed();
        // What builds files of a text has a context of its own, and there can be only one.
        FAUST(destroyLibContext)();
        return text;
    }

 private:
    [[nodiscard]] bool boxes() const { return expressions_.api == ExpressionApi::box; }
    [[nodiscard]] const char* name() const { return name_.c_str(); }

    std::string language_text(const std::string& language) {
        std::string message;
        auto options = c_options(source().options);
        const int count = static_cast<int>(source().options.size());
        auto text = boxes() ? faust_box_source()(name_, expressions_.program[0], language, count,
                                                 options.data(), message)
                            : faust_signal_source()(name_, expressions_.program, language, count,
                                                    options.data(), message);
        if (text.empty())
            throw Error(ErrorKind::plugin_load, source().path,
                        faust_error_sentence(message, name_));
        return text;
    }

    std::string printed() {
        std::string text;
        for (const auto expression : expressions_.program)
            text += print_expression(expressions_.api, expression, true);
        return text;
    }

    std::string name_;
    Expressions expressions_;
};

std::string part_json(ExpressionApi api, const NodePart& part) try {
    if (const auto* whole = std::get_if<int>(&part)) return json_number(std::int64_t{*whole});
    if (const auto* number = std::get_if<double>(&part)) return json_number(*number);
    if (const auto* text = std::get_if<const char*>(&part))
        return json_text(readable(*text ? *text : ""));
    const auto expression = std::get<Box>(part);
    if (!expression) return "null";
    try {
        return json_text(readable(print_expression(api, expression, false)));
    } catch (const std::exception&) {
        return json_text(readable(FAUST(Ctree2str)(expression)));  // a label or a name
    }
} catch (const std::exception&) {
    return "null";  // a list, which the library does not print
}

// The predicates that hold, each with its parts.
std::string predicates_json(ExpressionApi api, Box expression) {
    std::string json;
    for (const auto& predicate : predicates(api)) {
        if (!faust_symbol("C" + std::string(predicate.name))) continue;
        const auto parts = predicate.ask(expression);
        if (!parts) continue;
        std::string list;
        for (const auto& part : *parts) list += (list.empty() ? "" : ",") + part_json(api, part);
        json += (json.empty() ? "" : ",") + json_text(predicate.name) + ":[" + list + "]";
    }
    return "{" + json + "}";
}

void set_type(Record& record, ExpressionApi api, Box expression) {
    int inputs = 0, outputs = 0;
    if (api == ExpressionApi::signal || !FAUST(CgetBoxType)(expression, &inputs, &outputs)) return;
    record.set("inputs", inputs);
    record.set("outputs", outputs);
}

void set_text(Record& record, ExpressionApi api, Box expression, double size) {
    if (size <= longest_text)
        record.set("text", readable(print_expression(api, expression, false)));
    record.set("shared_text", readable(print_expression(api, expression, true)));
}

Record explain_node(ExpressionApi api, const ExpressionNode& node) {
    Record record("{}");
    if (!node.id.empty()) record.set("id", node.id);
    record.set("op", node.op);
    set_type(record, api, node.expression);
    set_text(record, api, node.expression, node.size);
    record.set_json("is", predicates_json(api, node.expression));
    return record;
}

// The outputs as signals, simplified.
std::vector<Box> normal_form(const BuildSource& source, const Expressions& expressions) {
    FaustMessage message{};
    auto list = null_terminated(expressions.program);
    auto* signals = expressions.api == ExpressionApi::box
                        ? FAUST(CboxesToSignals)(list[0], message.data())
                        : FAUST(CsimplifyToNormalForm2)(list.data());
    if (!signals) refuse_program(source, message);
    std::vector<Box> all;
    for (auto* signal = signals; *signal; ++signal) all.push_back(*signal);
    FAUST(freeCMemory)(signals);
    return all;
}

Record explain_program(const BuildSource& source, const Expressions& expressions) {
    Record record("{}");
    record.set("api", expressions.api == ExpressionApi::box ? "box" : "signal");
    const auto forms = normal_form(source, expressions);
    if (expressions.api == ExpressionApi::box)
        set_type(record, expressions.api, expressions.program[0]);
    else
        record.set("outputs", forms.size());
    std::vector<std::string> texts, normal;
    for (const auto expression : expressions.program)
        texts.push_back(readable(print_expression(expressions.api, expression, true)));
    for (const auto signal : forms)
        normal.push_back(readable(print_expression(ExpressionApi::signal, signal, true)));
    record.set_json("shared_text", json_list(texts));
    record.set_json("normal_form", json_list(normal));
    return record;
}

}  // namespace

std::unique_ptr<BuildInput> make_expression_input(BuildSource source) {
    return std::make_unique<ExpressionInput>(std::move(source));
}

std::vector<Record> explain_expressions(const BuildSource& source) {
    const auto read =
        source.form == FaustForm::expressions ? read_expressions : read_text_expression;
    const auto expressions = read(source.path, stem_of(source), source.bytes, source.options);
    std::vector<Record> records;
    for (const auto& node : expressions.nodes)
        records.push_back(explain_node(expressions.api, node));
    records.push_back(explain_program(source, expressions));
    return records;
}

}  // namespace patchpipe
