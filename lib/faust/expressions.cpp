// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/expressions.h"

#include <algorithm>
#include <cctype>
#include <deque>
#include <map>
#include <set>

#include "base/closest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/number.h"
#include "base/words.h"
#include "faust/build_input.h"
#include "faust/compile_error.h"
#include "faust/cxx_library.h"
#include "record/record.h"

namespace patchpipe {
namespace {

// In the order of the library's enumeration.
constexpr std::string_view binary_operators[] = {
    "+", "-", "*", "/", "%", "<<", ">>", ">>>", ">", "<", ">=", "<=", "==", "!=", "&", "|", "xor"};

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::bad_record, "", message);
}

// Calls the function of the library for a number, as it stands in JSON.
Box constant(ExpressionApi api, const std::string& number) {
    const bool boxes = api == ExpressionApi::box;
    if (const auto whole = parse_whole<int>(number))
        return boxes ? FAUST(CboxInt)(*whole) : FAUST(CsigInt)(*whole);
    const auto value = Record("{\"value\":" + number + "}").number("value");
    if (number.find_first_not_of("-0123456789") == number.npos)
        refuse(number + " is beyond 32 bits; write it with a decimal point");
    return boxes ? FAUST(CboxReal)(*value) : FAUST(CsigReal)(*value);
}

class Reader {
 public:
    /// texts are the boxes of all nodes with text, in order.
    explicit Reader(std::vector<Box> texts) : texts_(std::move(texts)) {}

    void read(std::string_view line) {
        const Record record(line);
        take_api(record);
        const auto op = record.text("op");
        if (!op) return;  // a line that only names the interface
        if (ended_) refuse("stands behind the process, which is the last node");
        current_ = {.id = record.text("id").value_or(""), .op = *op};
        if (named_.contains(current_.id)) refuse("the id '" + current_.id + "' is taken already");
        if (*op == "process") return end(record);
        current_.expression = *op == "faust" ? compiled_text() : construct(record, *op);
        last_ = {current_.expression};
        if (!current_.id.empty()) named_.emplace(current_.id, all_.nodes.size());
        all_.nodes.push_back(std::move(current_));
    }

    Expressions finish(const std::string& path) {
        if (!ended_) all_.program = last_;
        if (all_.program.empty()) throw Error(ErrorKind::bad_record, path, "has no nodes");
        return std::move(all_);
    }

    [[nodiscard]] ExpressionApi api() const { return all_.api; }

    // An argument: a number, or the id of a node on a line above.
    Box expression(const std::string& value) {
        if (value.empty() || (value[0] != '"' && value[0] != '-' && !std::isdigit(value[0])))
            refuse(value + " is neither a number nor the id of a node");
        if (value[0] != '"') return constant(all_.api, value);
        const auto id = json_texts("[" + value + "]").at(0);
        const auto found = named_.find(id);
        if (found == named_.end()) refuse_id(id);
        const auto& node = all_.nodes[found->second];
        current_.depth = std::max(current_.depth, node.depth + 1);
        current_.size += node.size;
        if (current_.depth > deepest_expression)
            refuse("is nested in more than " + std::to_string(deepest_expression) +
                   " levels, which is more than the compiler can take");
        return node.expression;
    }

 private:
    void take_api(const Record& record) {
        const auto name = record.text("api");
        if (!name) return;
        if (*name != "box" && *name != "signal")
            refuse("api is '" + *name + "'; there are box and signal");
        const auto api = *name == "box" ? ExpressionApi::box : ExpressionApi::signal;
        if (!all_.nodes.empty() && api != all_.api)
            refuse("a program is of boxes or of signals, not of both");
        all_.api = api;
    }

    [[noreturn]] void refuse_id(const std::string& id) const {
        std::vector<std::string> ids;
        for (const auto& [name, node] : named_) ids.push_back(name);
        const auto cycle = all_.api == ExpressionApi::box ? "rec" : "recursion";
        refuse("there is no node '" + id + "' above this line" + closest_words(ids, id) +
               (id == current_.id ? "; a node that feeds back is made with " + std::string(cycle)
                                  : ""));
    }

    Box construct(const Record& record, const std::string& op);

    // The next of the texts that were compiled before.
    Box compiled_text() {
        if (all_.api != ExpressionApi::box) refuse("text in the language makes boxes, not signals");
        return texts_.at(next_text_++);
    }

    void end(const Record& record) {
        const auto in = json_elements(record.raw("in").value_or("[]"));
        if (!in || in->empty()) refuse("process needs a list of nodes in \"in\"");
        std::vector<Box> outputs;
        for (const auto& value : *in) outputs.push_back(expression(value));
        if (all_.api == ExpressionApi::box) {
            if (outputs.size() > deepest_expression)
                refuse("process has more than " + std::to_string(deepest_expression) + " nodes");
            auto all = outputs.back();
            for (auto box = outputs.rbegin() + 1; box != outputs.rend(); ++box)
                all = FAUST(CboxPar)(*box, all);
            outputs = {all};
        }
        all_.program = outputs;
        ended_ = true;
    }

    std::vector<Box> texts_;
    std::size_t next_text_ = 0;
    Expressions all_;
    std::map<std::string, std::size_t, std::less<>> named_;  // the places of nodes with an id
    ExpressionNode current_{};
    std::vector<Box> last_;
    bool ended_ = false;
};

// The arguments of one node: those of an expression may stand in a field of their name, or in
// order in "in".
class Arguments : public NodeArguments {
 public:
    Arguments(Reader& reader, const Record& record, const std::vector<std::string>& in)
        : reader_(reader), record_(record), in_(in) {}

    void begin(const Operation& operation) {
        operation_ = &operation;
        next_ = 0;
        taken_ = 0;
    }

    Box expression() override {
        const auto name = next_name();
        if (const auto field = record_.raw(name)) return reader_.expression(std::string(*field));
        return reader_.expression(in_.at(taken_++));
    }

    int whole() override {
        const auto name = next_name();
        const auto value = record_.integer(name);
        if (!value || *value != static_cast<int>(*value)) refuse_field(name, "a whole number");
        return static_cast<int>(*value);
    }

    double number() override {
        const auto name = next_name();
        const auto value = record_.number(name);
        if (!value) refuse_field(name, "a number");
        return *value;
    }

    const char* text() override {
        const auto name = next_name();
        const auto value = record_.path(name);  // without a NUL, at which C would end it
        if (!value) refuse_field(name, "a text");
        check_text(name, *value);
        texts_.push_back(*value);
        return texts_.back().c_str();
    }

    SType type() override {
        const std::string name = text();
        if (name != "int" && name != "real")
            refuse("type is '" + name + "'; there are int and real");
        return name == "int" ? kSInt : kSReal;
    }

    SOperator binary_operator() override {
        const std::string name = text();
        const auto found =
            std::find(std::begin(binary_operators), std::end(binary_operators), name);
        if (found == std::end(binary_operators))
            refuse("operator is '" + name + "'; there are " + joined(binary_operators_list(), " "));
        return static_cast<SOperator>(found - std::begin(binary_operators));
    }

    Box* constants() override {
        const auto name = next_name();
        const auto values = json_elements(record_.raw(name).value_or(""));
        if (!values || values->empty()) refuse_field(name, "a list of numbers");
        for (const auto& value : *values) {
            if (value.empty() || value[0] == '"') refuse_field(name, "a list of numbers");
            constants_.push_back(reader_.expression(value));
        }
        constants_.push_back(nullptr);
        return constants_.data();
    }

 private:
    static std::vector<std::string> binary_operators_list() {
        return {std::begin(binary_operators), std::end(binary_operators)};
    }
    // The compiler puts texts into programs as they are. Its own language has no text with these.
    void check_text(std::string_view name, std::string_view text) const {
        const bool quoted = name == "file" && text.size() > 1 && text.front() == '"' &&
                            text.back() == '"';  // as in #include "x.h"
        if (quoted) text = text.substr(1, text.size() - 2);
        const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
            return c >= ' ' && c != '"' && c != '\\' && c != 0x7f;
        });
        if (!plain) refuse_text(name, "a quote, a backslash or a control character");
        const bool word = std::all_of(text.begin(), text.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_';
        });
        if (name == "name" && !word) refuse_text(name, "more than letters, digits and _");
    }
    [[noreturn]] void refuse_text(std::string_view name, const std::string& what) const {
        refuse(std::string(operation_->op) + ": \"" + std::string(name) + "\" has " + what +
               " in it");
    }
    std::string_view next_name() { return operation_->arguments.at(next_++); }
    [[noreturn]] void refuse_field(std::string_view name, const std::string& what) const {
        refuse(std::string(operation_->op) + " needs " + what + " in \"" + std::string(name) +
               "\"");
    }

    Reader& reader_;
    const Record& record_;
    const std::vector<std::string>& in_;
    const Operation* operation_ = nullptr;
    std::size_t next_ = 0, taken_ = 0;
    std::deque<std::string> texts_;  // they stay where they are
    std::vector<Box> constants_;
};

// Which arguments are not expressions shows in their names alone.
bool is_plain(std::string_view op, std::string_view argument) {
    static const std::set<std::string_view> plain{"label",    "name",  "file",  "type",
                                                  "operator", "index", "values"};
    return plain.contains(argument) || (argument == "value" && (op == "int" || op == "real"));
}

// The arguments that "in" must have: the expressions without a field of their own.
std::vector<std::string_view> expected(const Operation& operation, const Record& record) {
    std::vector<std::string_view> arguments;
    for (const auto argument : operation.arguments)
        if (!is_plain(operation.op, argument) && !record.raw(argument))
            arguments.push_back(argument);
    return arguments;
}

// Which of them are not there, if others have been given by name.
std::string missing_arguments(const Operation& operation, const Record& record,
                              std::size_t in_count) {
    auto missing = expected(operation, record);
    const bool named = missing.size() < expected(operation, Record("{}")).size();
    if (!named || missing.size() <= in_count) return "";
    missing.erase(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(in_count));
    return "; " + joined(missing, ", ", " and ") + (missing.size() == 1 ? " is" : " are") +
           " missing";
}

// What the library does not have, though later versions, or its language, do.
void refuse_missing(const std::string& op) {
    static const std::map<std::string_view, std::string_view> missing{
        {"round", "use rint"},
        {"hgroup", "write the group into a label, \"h:group/label\""},
        {"vgroup", "write the group into a label, \"v:group/label\""},
        {"tgroup", "write the group into a label, \"t:group/label\""},
        {"delay1", "use delay with 1"},
        {"self_n", "use self and recursion"},
        {"recursion_n", "use self and recursion"},
        {"ffunction", "write it as text, with the op faust"},
    };
    const auto found = missing.find(op);
    if (found != missing.end())
        refuse("libfaust 2.54.9 does not have the op '" + op + "'; " + std::string(found->second));
}

Box Reader::construct(const Record& record, const std::string& op) {
    const auto in = json_elements(record.raw("in").value_or("[]"));
    if (!in) refuse("\"in\" is not a list");
    Arguments arguments(*this, record, *in);
    std::set<std::size_t> arities;
    const Operation* last = nullptr;
    for (const auto& operation : operations(all_.api)) {
        if (operation.op != op) continue;
        arities.insert(expected(operation, record).size());
        last = &operation;
        if (!arities.contains(in->size())) continue;
        arguments.begin(operation);
        return operation.make(arguments);
    }
    if (!last) {
        refuse_missing(op);
        std::vector<std::string> names{"faust", "process"};
        for (const auto& operation : operations(all_.api)) names.emplace_back(operation.op);
        refuse("there is no op '" + op + "'" + closest_words(names, op));
    }
    std::vector<std::string> counts;
    for (const auto arity : arities) counts.push_back(std::to_string(arity));
    refuse(op + " takes " + joined(counts, ", ", " or ") + " node" +
           (arities == std::set<std::size_t>{1} ? "" : "s") + " in \"in\", not " +
           std::to_string(in->size()) + missing_arguments(*last, record, in->size()));
}

// Calls use(line, number) for each line that is not empty.
template <typename Use>
void each_line(std::string_view lines, const std::string& path, Use use) {
    int number = 0;
    try {
        while (!lines.empty()) {
            const auto line = lines.substr(0, lines.find('\n'));
            lines.remove_prefix(std::min(line.size() + 1, lines.size()));
            ++number;
            if (line.find_first_not_of(" \t\r") != line.npos) use(line);
        }
    } catch (const Error& error) {
        throw Error(error.kind(), path, "line " + std::to_string(number) + ": " + error.what());
    }
}

struct NodeText {
    std::string_view line;
    std::string code;
};

std::vector<NodeText> texts_of(std::string_view lines, const std::string& path) {
    std::vector<NodeText> texts;
    each_line(lines, path, [&](std::string_view line) {
        if (line.find("faust") == line.npos) return;  // most lines need not be read twice
        const Record record(line);
        if (record.text("op") != "faust") return;
        const auto code = record.text("code");
        if (!code) refuse("faust needs its text in \"code\"");
        texts.push_back({line, *code});
    });
    return texts;
}

// An expression alone is one of a program that has the standard libraries.
std::string as_expression(const std::string& code) {
    return code.find("process") == code.npos ? "(" + code + "\n)"
                                             : "environment {" + code + "\n}.process";
}

// Says what is wrong with the texts: the function that makes boxes does not. Throws for the first
// text that does not compile by itself.
void find_mistake(const std::vector<NodeText>& texts, std::string_view lines,
                  const std::string& path, const std::vector<std::string>& options) {
    FAUST(destroyLibContext)();  // the function below makes its own
    each_line(lines, path, [&](std::string_view line) {
        for (const auto& text : texts) {
            if (text.line.data() != line.data()) continue;
            const auto program =
                "import(\"stdfaust.lib\"); process = " + as_expression(text.code) + ";";
            FaustMessage message{}, sha{};
            if (!FAUST(expandCDSPFromString)(
                    "code", program.c_str(), static_cast<int>(options.size()),
                    c_options(options).data(), sha.data(), message.data()) ||
                message[0])
                throw Error(ErrorKind::plugin_load, "",
                            faust_error_sentence(message.data(), "code"));
        }
    });
}

// All texts at once, in parallel, because the library reads one program in its context. It also has
// to have read one before it can print signals.
std::vector<Box> compile_texts(const std::string& path, const std::string& name,
                               const std::vector<NodeText>& texts, std::string_view lines,
                               const std::vector<std::string>& options) {
    std::string program = texts.empty() ? "" : "import(\"stdfaust.lib\");\n";
    std::string all = "_";
    for (std::size_t i = texts.size(); i-- > 0;) {
        const auto text = "patchpipe_" + std::to_string(i);
        program += text + " = " + as_expression(texts[i].code) + ";\n";
        all = text + ", (" + all + ")";
    }
    program += "process = " + all + ";\n";
    std::string message;
    int inputs = 0, outputs = 0;
    auto rest = faust_text_to_boxes()(name, program, static_cast<int>(options.size()),
                                      c_options(options).data(), &inputs, &outputs, message);
    if (!rest) {
        find_mistake(texts, lines, path, options);
        throw Error(ErrorKind::plugin_load, path, faust_error_sentence(message, name));
    }
    std::vector<Box> boxes(texts.size());
    for (auto& box : boxes) {
        Box others = nullptr;
        if (!FAUST(CisBoxPar)(rest, &box, &others))
            throw Error(ErrorKind::unsupported, path,
                        "has text that the library does not keep apart");
        rest = others;
    }
    return boxes;
}

}  // namespace

Expressions read_expressions(const std::string& path, const std::string& name,
                             std::string_view lines, const std::vector<std::string>& options) {
    FAUST(createLibContext)();
    Reader reader(compile_texts(path, name, texts_of(lines, path), lines, options));
    each_line(lines, path, [&](std::string_view line) { reader.read(line); });
    return reader.finish(path);
}

Expressions read_text_expression(const std::string& path, const std::string& name,
                                 std::string_view text, const std::vector<std::string>& options) {
    FAUST(createLibContext)();
    Expressions all;
    all.program = compile_texts(path, name, {{text, std::string(text)}}, text, options);
    return all;
}

std::string print_expression(ExpressionApi api, Box expression, bool shared) {
    const auto print = api == ExpressionApi::box ? faust_print_box() : faust_print_signal();
    return print(expression, shared);
}

}  // namespace patchpipe
