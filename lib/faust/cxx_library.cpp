// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/cxx_library.h"

namespace patchpipe {
namespace {

template <typename Function>
Function function_named(const char* mangled) {
    return reinterpret_cast<Function>(needed_faust_symbol(mangled));
}

}  // namespace

FaustPrint faust_print_box() { return function_named<FaustPrint>("_Z8printBoxB5cxx11P5CTreeb"); }

FaustPrint faust_print_signal() {
    return function_named<FaustPrint>("_Z11printSignalB5cxx11P5CTreeb");
}

FaustTextToBoxes faust_text_to_boxes() {
    return function_named<FaustTextToBoxes>(
        "_Z10DSPToBoxesRKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEES6_iPPKcPiSA_RS4_");
}

FaustBoxSource faust_box_source() {
    return function_named<FaustBoxSource>(
        "_Z21createSourceFromBoxesRKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEP5CTreeS6_"
        "iPPKcRS4_");
}

FaustSignalSource faust_signal_source() {
    return function_named<FaustSignalSource>(
        "_Z23createSourceFromSignalsRKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESt6"
        "vectorIP5CTreeSaIS9_EES6_iPPKcRS4_");
}

}  // namespace patchpipe
