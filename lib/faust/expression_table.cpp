// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/expression_table.h"

#include <tuple>
#include <utility>

namespace patchpipe {
namespace {

template <typename Argument>
Argument taken(NodeArguments& arguments) {
    if constexpr (std::is_same_v<Argument, int>)
        return arguments.whole();
    else if constexpr (std::is_same_v<Argument, double>)
        return arguments.number();
    else if constexpr (std::is_same_v<Argument, const char*>)
        return arguments.text();
    else if constexpr (std::is_same_v<Argument, SType>)
        return arguments.type();
    else if constexpr (std::is_same_v<Argument, SOperator>)
        return arguments.binary_operator();
    else if constexpr (std::is_same_v<Argument, Box*>)
        return arguments.constants();
    else
        return arguments.expression();
}

// The types of the arguments are those of the function in the library's header.
template <typename... Arguments>
Box call(Box (*function)(Arguments...), NodeArguments& arguments) {
    // In braces they are taken from left to right.
    const std::tuple<Arguments...> all{taken<Arguments>(arguments)...};
    return std::apply(function, all);
}

#define MAKE(function) [](NodeArguments& arguments) { return call(FAUST(function), arguments); }

template <typename... Outputs, std::size_t... Index>
std::optional<NodeParts> ask(bool (*function)(Box, Outputs*...), Box box,
                             std::index_sequence<Index...> /*all*/) {
    std::tuple<Outputs...> outputs{};
    if (!function(box, &std::get<Index>(outputs)...)) return {};
    return NodeParts{NodePart(std::get<Index>(outputs))...};
}

template <typename... Outputs>
std::optional<NodeParts> ask(bool (*function)(Box, Outputs*...), Box box) {
    return ask(function, box, std::index_sequence_for<Outputs...>());
}

#define ASK(function) [](Box box) { return ask(FAUST(function), box); }

// clang-format off
const std::vector<Operation> box_operations{
    {"int", {"value"}, MAKE(CboxInt)},
    {"real", {"value"}, MAKE(CboxReal)},
    {"wire", {}, MAKE(CboxWire)},
    {"cut", {}, MAKE(CboxCut)},
    {"seq", {"x", "y"}, MAKE(CboxSeq)},
    {"par", {"x", "y"}, MAKE(CboxPar)},
    {"par3", {"x", "y", "z"}, MAKE(CboxPar3)},
    {"par4", {"a", "b", "c", "d"}, MAKE(CboxPar4)},
    {"par5", {"a", "b", "c", "d", "e"}, MAKE(CboxPar5)},
    {"split", {"x", "y"}, MAKE(CboxSplit)},
    {"merge", {"x", "y"}, MAKE(CboxMerge)},
    {"rec", {"x", "y"}, MAKE(CboxRec)},
    {"route", {"inputs", "outputs", "routes"}, MAKE(CboxRoute)},
    {"delay", {}, MAKE(CboxDelay)},
    {"delay", {"b", "del"}, MAKE(CboxDelayAux)},
    {"int_cast", {}, MAKE(CboxIntCast)},
    {"int_cast", {"b"}, MAKE(CboxIntCastAux)},
    {"float_cast", {}, MAKE(CboxFloatCast)},
    {"float_cast", {"b"}, MAKE(CboxFloatCastAux)},
    {"rdtable", {}, MAKE(CboxReadOnlyTable)},
    {"rdtable", {"size", "content", "ridx"}, MAKE(CboxReadOnlyTableAux)},
    {"rwtable", {}, MAKE(CboxWriteReadTable)},
    {"rwtable", {"size", "content", "widx", "input", "ridx"}, MAKE(CboxWriteReadTableAux)},
    {"waveform", {"values"}, MAKE(CboxWaveform)},
    {"soundfile", {"label", "chan"}, MAKE(CboxSoundfile)},
    {"soundfile", {"label", "chan", "part", "ridx"}, MAKE(CoxSoundfileAux)},
    {"select2", {}, MAKE(CboxSelect2)},
    {"select2", {"selector", "b1", "b2"}, MAKE(CboxSelect2Aux)},
    {"select3", {}, MAKE(CboxSelect3)},
    {"select3", {"selector", "b1", "b2", "b3"}, MAKE(CboxSelect3Aux)},
    {"fconstant", {"type", "name", "file"}, MAKE(CboxFConst)},
    {"fvariable", {"type", "name", "file"}, MAKE(CboxFVar)},
    {"binary", {"operator"}, MAKE(CboxBinOp)},
    {"binary", {"operator", "b1", "b2"}, MAKE(CboxBinOpAux)},
    {"add", {}, MAKE(CboxAdd)},
    {"add", {"b1", "b2"}, MAKE(CboxAddAux)},
    {"sub", {}, MAKE(CboxSub)},
    {"sub", {"b1", "b2"}, MAKE(CboxSubAux)},
    {"mul", {}, MAKE(CboxMul)},
    {"mul", {"b1", "b2"}, MAKE(CboxMulAux)},
    {"div", {}, MAKE(CboxDiv)},
    {"div", {"b1", "b2"}, MAKE(CboxDivAux)},
    {"rem", {}, MAKE(CboxRem)},
    {"rem", {"b1", "b2"}, MAKE(CboxRemAux)},
    {"left_shift", {}, MAKE(CboxLeftShift)},
    {"left_shift", {"b1", "b2"}, MAKE(CboxLeftShiftAux)},
    {"logical_right_shift", {}, MAKE(CboxLRightShift)},
    {"logical_right_shift", {"b1", "b2"}, MAKE(CboxLRightShiftAux)},
    {"arithmetic_right_shift", {}, MAKE(CboxARightShift)},
    {"arithmetic_right_shift", {"b1", "b2"}, MAKE(CboxARightShiftAux)},
    {"gt", {}, MAKE(CboxGT)},
    {"gt", {"b1", "b2"}, MAKE(CboxGTAux)},
    {"lt", {}, MAKE(CboxLT)},
    {"lt", {"b1", "b2"}, MAKE(CboxLTAux)},
    {"ge", {}, MAKE(CboxGE)},
    {"ge", {"b1", "b2"}, MAKE(CboxGEAux)},
    {"le", {}, MAKE(CboxLE)},
    {"le", {"b1", "b2"}, MAKE(CboxLEAux)},
    {"eq", {}, MAKE(CboxEQ)},
    {"eq", {"b1", "b2"}, MAKE(CboxEQAux)},
    {"ne", {}, MAKE(CboxNE)},
    {"ne", {"b1", "b2"}, MAKE(CboxNEAux)},
    {"and", {}, MAKE(CboxAND)},
    {"and", {"b1", "b2"}, MAKE(CboxANDAux)},
    {"or", {}, MAKE(CboxOR)},
    {"or", {"b1", "b2"}, MAKE(CboxORAux)},
    {"xor", {}, MAKE(CboxXOR)},
    {"xor", {"b1", "b2"}, MAKE(CboxXORAux)},
    {"abs", {}, MAKE(CboxAbs)},
    {"abs", {"x"}, MAKE(CboxAbsAux)},
    {"acos", {}, MAKE(CboxAcos)},
    {"acos", {"x"}, MAKE(CboxAcosAux)},
    {"tan", {}, MAKE(CboxTan)},
    {"tan", {"x"}, MAKE(CboxTanAux)},
    {"sqrt", {}, MAKE(CboxSqrt)},
    {"sqrt", {"x"}, MAKE(CboxSqrtAux)},
    {"sin", {}, MAKE(CboxSin)},
    {"sin", {"x"}, MAKE(CboxSinAux)},
    {"rint", {}, MAKE(CboxRint)},
    {"rint", {"x"}, MAKE(CboxRintAux)},
    {"log", {}, MAKE(CboxLog)},
    {"log", {"x"}, MAKE(CboxLogAux)},
    {"log10", {}, MAKE(CboxLog10)},
    {"log10", {"x"}, MAKE(CboxLog10Aux)},
    {"floor", {}, MAKE(CboxFloor)},
    {"floor", {"x"}, MAKE(CboxFloorAux)},
    {"exp", {}, MAKE(CboxExp)},
    {"exp", {"x"}, MAKE(CboxExpAux)},
    {"exp10", {}, MAKE(CboxExp10)},
    {"exp10", {"x"}, MAKE(CboxExp10Aux)},
    {"cos", {}, MAKE(CboxCos)},
    {"cos", {"x"}, MAKE(CboxCosAux)},
    {"ceil", {}, MAKE(CboxCeil)},
    {"ceil", {"x"}, MAKE(CboxCeilAux)},
    {"atan", {}, MAKE(CboxAtan)},
    {"atan", {"x"}, MAKE(CboxAtanAux)},
    {"asin", {}, MAKE(CboxAsin)},
    {"asin", {"x"}, MAKE(CboxAsinAux)},
    {"remainder", {}, MAKE(CboxRemainder)},
    {"remainder", {"b1", "b2"}, MAKE(CboxRemainderAux)},
    {"pow", {}, MAKE(CboxPow)},
    {"pow", {"b1", "b2"}, MAKE(CboxPowAux)},
    {"min", {}, MAKE(CboxMin)},
    {"min", {"b1", "b2"}, MAKE(CboxMinAux)},
    {"max", {}, MAKE(CboxMax)},
    {"max", {"b1", "b2"}, MAKE(CboxMaxAux)},
    {"fmod", {}, MAKE(CboxFmod)},
    {"fmod", {"b1", "b2"}, MAKE(CboxFmodAux)},
    {"atan2", {}, MAKE(CboxAtan2)},
    {"atan2", {"b1", "b2"}, MAKE(CboxAtan2Aux)},
    {"button", {"label"}, MAKE(CboxButton)},
    {"checkbox", {"label"}, MAKE(CboxCheckbox)},
    {"vslider", {"label", "init", "min", "max", "step"}, MAKE(CboxVSlider)},
    {"hslider", {"label", "init", "min", "max", "step"}, MAKE(CboxHSlider)},
    {"nentry", {"label", "init", "min", "max", "step"}, MAKE(CboxNumEntry)},
    {"vbargraph", {"label", "min", "max"}, MAKE(CboxVBargraph)},
    {"vbargraph", {"label", "min", "max", "x"}, MAKE(CboxVBargraphAux)},
    {"hbargraph", {"label", "min", "max"}, MAKE(CboxHBargraph)},
    {"hbargraph", {"label", "min", "max", "x"}, MAKE(CboxHBargraphAux)},
    {"attach", {}, MAKE(CboxAttach)},
    {"attach", {"b1", "b2"}, MAKE(CboxAttachAux)},
};

const std::vector<Operation> signal_operations{
    {"int", {"value"}, MAKE(CsigInt)},
    {"real", {"value"}, MAKE(CsigReal)},
    {"input", {"index"}, MAKE(CsigInput)},
    {"delay", {"s", "del"}, MAKE(CsigDelay)},
    {"int_cast", {"s"}, MAKE(CsigIntCast)},
    {"float_cast", {"s"}, MAKE(CsigFloatCast)},
    {"rdtable", {"size", "content", "ridx"}, MAKE(CsigReadOnlyTable)},
    {"rwtable", {"size", "content", "widx", "input", "ridx"}, MAKE(CsigWriteReadTable)},
    {"waveform", {"values"}, MAKE(CsigWaveform)},
    {"soundfile", {"label"}, MAKE(CsigSoundfile)},
    {"soundfile_length", {"sf", "part"}, MAKE(CsigSoundfileLength)},
    {"soundfile_rate", {"sf", "part"}, MAKE(CsigSoundfileRate)},
    {"soundfile_buffer", {"sf", "chan", "part", "ridx"}, MAKE(CsigSoundfileBuffer)},
    {"select2", {"selector", "s1", "s2"}, MAKE(CsigSelect2)},
    {"select3", {"selector", "s1", "s2", "s3"}, MAKE(CsigSelect3)},
    {"fconstant", {"type", "name", "file"}, MAKE(CsigFConst)},
    {"fvariable", {"type", "name", "file"}, MAKE(CsigFVar)},
    {"binary", {"operator", "x", "y"}, MAKE(CsigBinOp)},
    {"add", {"x", "y"}, MAKE(CsigAdd)},
    {"sub", {"x", "y"}, MAKE(CsigSub)},
    {"mul", {"x", "y"}, MAKE(CsigMul)},
    {"div", {"x", "y"}, MAKE(CsigDiv)},
    {"rem", {"x", "y"}, MAKE(CsigRem)},
    {"left_shift", {"x", "y"}, MAKE(CsigLeftShift)},
    {"logical_right_shift", {"x", "y"}, MAKE(CsigLRightShift)},
    {"arithmetic_right_shift", {"x", "y"}, MAKE(CsigARightShift)},
    {"gt", {"x", "y"}, MAKE(CsigGT)},
    {"lt", {"x", "y"}, MAKE(CsigLT)},
    {"ge", {"x", "y"}, MAKE(CsigGE)},
    {"le", {"x", "y"}, MAKE(CsigLE)},
    {"eq", {"x", "y"}, MAKE(CsigEQ)},
    {"ne", {"x", "y"}, MAKE(CsigNE)},
    {"and", {"x", "y"}, MAKE(CsigAND)},
    {"or", {"x", "y"}, MAKE(CsigOR)},
    {"xor", {"x", "y"}, MAKE(CsigXOR)},
    {"abs", {"x"}, MAKE(CsigAbs)},
    {"acos", {"x"}, MAKE(CsigAcos)},
    {"tan", {"x"}, MAKE(CsigTan)},
    {"sqrt", {"x"}, MAKE(CsigSqrt)},
    {"sin", {"x"}, MAKE(CsigSin)},
    {"rint", {"x"}, MAKE(CsigRint)},
    {"log", {"x"}, MAKE(CsigLog)},
    {"log10", {"x"}, MAKE(CsigLog10)},
    {"floor", {"x"}, MAKE(CsigFloor)},
    {"exp", {"x"}, MAKE(CsigExp)},
    {"exp10", {"x"}, MAKE(CsigExp10)},
    {"cos", {"x"}, MAKE(CsigCos)},
    {"ceil", {"x"}, MAKE(CsigCeil)},
    {"atan", {"x"}, MAKE(CsigAtan)},
    {"asin", {"x"}, MAKE(CsigAsin)},
    {"remainder", {"x", "y"}, MAKE(CsigRemainder)},
    {"pow", {"x", "y"}, MAKE(CsigPow)},
    {"min", {"x", "y"}, MAKE(CsigMin)},
    {"max", {"x", "y"}, MAKE(CsigMax)},
    {"fmod", {"x", "y"}, MAKE(CsigFmod)},
    {"atan2", {"x", "y"}, MAKE(CsigAtan2)},
    {"self", {}, MAKE(CsigSelf)},
    {"recursion", {"s"}, MAKE(CsigRecursion)},
    {"button", {"label"}, MAKE(CsigButton)},
    {"checkbox", {"label"}, MAKE(CsigCheckbox)},
    {"vslider", {"label", "init", "min", "max", "step"}, MAKE(CsigVSlider)},
    {"hslider", {"label", "init", "min", "max", "step"}, MAKE(CsigHSlider)},
    {"nentry", {"label", "init", "min", "max", "step"}, MAKE(CsigNumEntry)},
    {"vbargraph", {"label", "min", "max", "s"}, MAKE(CsigVBargraph)},
    {"hbargraph", {"label", "min", "max", "s"}, MAKE(CsigHBargraph)},
    {"attach", {"s1", "s2"}, MAKE(CsigAttach)},
};

const std::vector<Predicate> box_predicates{
    {"isNil", ASK(CisNil)},
    {"isBoxAbstr", ASK(CisBoxAbstr)},
    {"isBoxAccess", ASK(CisBoxAccess)},
    {"isBoxAppl", ASK(CisBoxAppl)},
    {"isBoxButton", ASK(CisBoxButton)},
    {"isBoxCase", ASK(CisBoxCase)},
    {"isBoxCheckbox", ASK(CisBoxCheckbox)},
    {"isBoxComponent", ASK(CisBoxComponent)},
    {"isBoxCut", ASK(CisBoxCut)},
    {"isBoxEnvironment", ASK(CisBoxEnvironment)},
    {"isBoxError", ASK(CisBoxError)},
    {"isBoxFConst", ASK(CisBoxFConst)},
    {"isBoxFFun", ASK(CisBoxFFun)},
    {"isBoxFVar", ASK(CisBoxFVar)},
    {"isBoxHBargraph", ASK(CisBoxHBargraph)},
    {"isBoxHGroup", ASK(CisBoxHGroup)},
    {"isBoxHSlider", ASK(CisBoxHSlider)},
    {"isBoxIdent", ASK(CisBoxIdent)},
    {"isBoxInputs", ASK(CisBoxInputs)},
    {"isBoxInt", ASK(CisBoxInt)},
    {"isBoxIPar", ASK(CisBoxIPar)},
    {"isBoxIProd", ASK(CisBoxIProd)},
    {"isBoxISeq", ASK(CisBoxISeq)},
    {"isBoxISum", ASK(CisBoxISum)},
    {"isBoxLibrary", ASK(CisBoxLibrary)},
    {"isBoxMerge", ASK(CisBoxMerge)},
    {"isBoxMetadata", ASK(CisBoxMetadata)},
    {"isBoxNumEntry", ASK(CisBoxNumEntry)},
    {"isBoxOutputs", ASK(CisBoxOutputs)},
    {"isBoxPar", ASK(CisBoxPar)},
    {"isBoxPatternMatcher", ASK(CisBoxPatternMatcher)},
    {"isBoxPatternVar", ASK(CisBoxPatternVar)},
    {"isBoxPrim0", ASK(CisBoxPrim0)},
    {"isBoxPrim1", ASK(CisBoxPrim1)},
    {"isBoxPrim2", ASK(CisBoxPrim2)},
    {"isBoxPrim3", ASK(CisBoxPrim3)},
    {"isBoxPrim4", ASK(CisBoxPrim4)},
    {"isBoxPrim5", ASK(CisBoxPrim5)},
    {"isBoxReal", ASK(CisBoxReal)},
    {"isBoxRec", ASK(CisBoxRec)},
    {"isBoxRoute", ASK(CisBoxRoute)},
    {"isBoxSeq", ASK(CisBoxSeq)},
    {"isBoxSlot", ASK(CisBoxSlot)},
    {"isBoxSoundfile", ASK(CisBoxSoundfile)},
    {"isBoxSplit", ASK(CisBoxSplit)},
    {"isBoxSymbolic", ASK(CisBoxSymbolic)},
    {"isBoxTGroup", ASK(CisBoxTGroup)},
    {"isBoxVBargraph", ASK(CisBoxVBargraph)},
    {"isBoxVGroup", ASK(CisBoxVGroup)},
    {"isBoxVSlider", ASK(CisBoxVSlider)},
    {"isBoxWaveform", ASK(CisBoxWaveform)},
    {"isBoxWire", ASK(CisBoxWire)},
    {"isBoxWithLocalDef", ASK(CisBoxWithLocalDef)},
};

const std::vector<Predicate> signal_predicates{
    {"isNil", ASK(CisNil)},
    {"isSigInt", ASK(CisSigInt)},
    {"isSigReal", ASK(CisSigReal)},
    {"isSigInput", ASK(CisSigInput)},
    {"isSigOutput", ASK(CisSigOutput)},
    {"isSigDelay1", ASK(CisSigDelay1)},
    {"isSigDelay", ASK(CisSigDelay)},
    {"isSigPrefix", ASK(CisSigPrefix)},
    {"isSigRDTbl", ASK(CisSigRDTbl)},
    {"isSigWRTbl", ASK(CisSigWRTbl)},
    {"isSigTable", ASK(CisSigTable)},
    {"isSigGen", ASK(CisSigGen)},
    {"isSigGen1", ASK(CisSigGen1)},
    {"isSigDocConstantTbl", ASK(CisSigDocConstantTbl)},
    {"isSigDocWriteTbl", ASK(CisSigDocWriteTbl)},
    {"isSigDocAccessTbl", ASK(CisSigDocAccessTbl)},
    {"isSigSelect2", ASK(CisSigSelect2)},
    {"isSigAssertBounds", ASK(CisSigAssertBounds)},
    {"isSigHighest", ASK(CisSigHighest)},
    {"isSigLowest", ASK(CisSigLowest)},
    {"isSigBinOp", ASK(CisSigBinOp)},
    {"isSigFFun", ASK(CisSigFFun)},
    {"isSigFConst", ASK(CisSigFConst)},
    {"isSigFVar", ASK(CisSigFVar)},
    {"isProj", ASK(CisProj)},
    {"isRec", ASK(CisRec)},
    {"isSigIntCast", ASK(CisSigIntCast)},
    {"isSigFloatCast", ASK(CisSigFloatCast)},
    {"isSigButton", ASK(CisSigButton)},
    {"isSigCheckbox", ASK(CisSigCheckbox)},
    {"isSigWaveform", ASK(CisSigWaveform)},
    {"isSigHSlider", ASK(CisSigHSlider)},
    {"isSigVSlider", ASK(CisSigVSlider)},
    {"isSigNumEntry", ASK(CisSigNumEntry)},
    {"isSigHBargraph", ASK(CisSigHBargraph)},
    {"isSigVBargraph", ASK(CisSigVBargraph)},
    {"isSigAttach", ASK(CisSigAttach)},
    {"isSigEnable", ASK(CisSigEnable)},
    {"isSigControl", ASK(CisSigControl)},
    {"isSigSoundfile", ASK(CisSigSoundfile)},
    {"isSigSoundfileLength", ASK(CisSigSoundfileLength)},
    {"isSigSoundfileRate", ASK(CisSigSoundfileRate)},
    {"isSigSoundfileBuffer", ASK(CisSigSoundfileBuffer)},
};

// clang-format on

}  // namespace

const std::vector<Operation>& operations(ExpressionApi api) {
    return api == ExpressionApi::box ? box_operations : signal_operations;
}

const std::vector<Predicate>& predicates(ExpressionApi api) {
    return api == ExpressionApi::box ? box_predicates : signal_predicates;
}

}  // namespace patchpipe
