// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input: the lines of a program of expressions. Every node is made of nodes above it. The functions
// of libfaust are stand-ins, which count their expressions: what the library itself makes of them
// is not our code.

#include "faust/expressions.h"
#include "faust/build_input.h"
#include "faust/cxx_library.h"
#include "fuzz/fuzz.h"

using namespace patchpipe;
using namespace patchpipe::fuzz;

namespace {

// The types of the functions are those of the library's headers, which is more than these know.
#define STAND_IN __attribute__((no_sanitize("function")))

std::uintptr_t made = 0;

// For every function of the C interface: takes any arguments.
STAND_IN Box make_expression() { return reinterpret_cast<Box>(++made * 16); }

// The program is a list of texts, in pairs; each is longer than the next.
STAND_IN bool take_pair(Box /*list*/, Box* first, Box* rest) {
    *first = make_expression();
    *rest = make_expression();
    return true;
}

Box compile(const std::string& /*name*/, const std::string& text, int /*argc*/,
            const char** /*argv*/, int* inputs, int* outputs, std::string& error) {
    *inputs = *outputs = 0;
    if (text.find('!') == text.npos) return make_expression();
    error = "ERROR : " + text;
    return nullptr;
}

std::string print(Box /*expression*/, bool /*shared*/) { return "process = _;"; }

void check(const Expressions& expressions) {
    expect(!expressions.program.empty(), "a program has outputs");
    const bool boxes = expressions.api == ExpressionApi::box;
    expect(!boxes || expressions.program.size() == 1, "a program of boxes is one box");
    for (const auto& node : expressions.nodes) {
        expect(node.expression != nullptr, "a node has an expression");
        expect(node.depth <= deepest_expression, "it is not too deep for the compiler");
        expect(node.size >= node.depth, "it is as large as it is deep");
    }
}

}  // namespace

namespace patchpipe {

void* faust_symbol(const std::string& name) {
    return name == "CisBoxPar" ? reinterpret_cast<void*>(take_pair)
                               : reinterpret_cast<void*>(make_expression);
}
void* needed_faust_symbol(const std::string& name) { return faust_symbol(name); }
FaustTextToBoxes faust_text_to_boxes() { return compile; }
FaustPrint faust_print_box() { return print; }
FaustPrint faust_print_signal() { return print; }
std::vector<const char*> c_options(const std::vector<std::string>& /*options*/) { return {}; }

}  // namespace patchpipe

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Limits limits(size);
    made = 0;
    const auto lines = as_text(data, size);
    accepted([&] { check(read_expressions("input", "input", lines, {})); });
    return 0;
}
