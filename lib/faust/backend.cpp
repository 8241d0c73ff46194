// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "faust/backend.h"

#include "base/build_id.h"
#include "faust/llvm_factory.h"
#include "faust/llvm_target.h"

namespace patchpipe {
namespace {

llvm_dsp_factory* llvm_factory(void* factory) { return static_cast<llvm_dsp_factory*>(factory); }

interpreter_dsp_factory* interpreter_factory(void* factory) {
    return static_cast<interpreter_dsp_factory*>(factory);
}

// There are no functions for these, but bitcode is text, and begins with lines of facts.
std::string bitcode_of(void* factory) {
    return taken_text(FAUST(writeCInterpreterDSPFactoryToBitcode)(interpreter_factory(factory)));
}

bool has_soundfiles(void* factory) {
    return bitcode_of(factory).find(" kAddSoundfile ") != std::string::npos;
}

std::string interpreter_options(void* factory) {
    const auto bitcode = bitcode_of(factory);
    constexpr std::string_view key = "\ncompile_options ";
    const auto found = bitcode.find(key);
    if (found == bitcode.npos) return "";
    const auto begin = found + key.size();
    return bitcode.substr(begin, bitcode.find('\n', begin) - begin);
}

llvm_dsp* llvm_object(void* dsp) { return static_cast<llvm_dsp*>(dsp); }

interpreter_dsp* interpreter_object(void* dsp) { return static_cast<interpreter_dsp*>(dsp); }

// clang-format off
// The functions of a dsp object have the same names but for the back end's.
#define DSP_FUNCTIONS(Backend, factory_of, object)                                                \
    .delete_factory = [](void* factory) {                                                         \
        (void)FAUST(delete##Backend##Factory)(factory_of(factory));                               \
    },                                                                                            \
    .create = [](void* factory) -> void* {                                                        \
        return FAUST(create##Backend##Instance)(factory_of(factory));                             \
    },                                                                                            \
    .destroy = [](void* dsp) { FAUST(delete##Backend##Instance)(object(dsp)); },                  \
    .inputs = [](void* dsp) { return FAUST(getNumInputs##Backend##Instance)(object(dsp)); },      \
    .outputs = [](void* dsp) { return FAUST(getNumOutputs##Backend##Instance)(object(dsp)); },    \
    .build_interface = [](void* dsp, UIGlue* glue) {                                              \
        FAUST(buildUserInterface##Backend##Instance)(object(dsp), glue);                          \
    },                                                                                            \
    .metadata = [](void* dsp, MetaGlue* glue) {                                                   \
        FAUST(metadata##Backend##Instance)(object(dsp), glue);                                    \
    },                                                                                            \
    .init = [](void* dsp, int rate) { FAUST(init##Backend##Instance)(object(dsp), rate); },       \
    .init_instance = [](void* dsp, int rate) {                                                    \
        FAUST(instanceInit##Backend##Instance)(object(dsp), rate);                                \
    },                                                                                            \
    .set_constants = [](void* dsp, int rate) {                                                    \
        FAUST(instanceConstants##Backend##Instance)(object(dsp), rate);                           \
    },                                                                                            \
    .clear = [](void* dsp) { FAUST(instanceClear##Backend##Instance)(object(dsp)); },             \
    .compute = [](void* dsp, int frames, float** inputs, float** outputs) {                       \
        FAUST(compute##Backend##Instance)(object(dsp), frames, inputs, outputs);                  \
    }
// clang-format on

const FaustBackend llvm{
    .name = "llvm",
    .compile_text = [](const char* name, const char* text, int argc, const char** argv, char* error)
        -> void* { return compile_llvm(name, text, argc, argv, own_instruction_set(), error); },
    .read_bitcode = [](const char* path, const char* /*bytes*/, char* error) -> void* {
        return read_llvm(path, own_instruction_set(), error);
    },
    .read_machine_code = [](const char* path, char* error) -> void* {
        return FAUST(readCDSPFactoryFromMachineFile)(path, library_target().c_str(), error);
    },
    .machine_code =
        [](void* factory) {
            return taken_text(
                FAUST(writeCDSPFactoryToMachine)(llvm_factory(factory), library_target().c_str()));
        },
    .compile_options =
        [](void* factory) {
            return taken_text(FAUST(getCDSPFactoryCompileOptions)(llvm_factory(factory)));
        },
    .missing_functions =
        [](void* factory) {
            return missing_llvm_functions(
                taken_text(FAUST(writeCDSPFactoryToIR)(llvm_factory(factory))));
        },
    .hides_soundfiles = [](void* /*factory*/) { return false; },
    DSP_FUNCTIONS(CDSP, llvm_factory, llvm_object)};

const FaustBackend interpreter{
    .name = "interpreter",
    .compile_text = [](const char* name, const char* text, int argc, const char** argv,
                       char* error) -> void* {
        return FAUST(createCInterpreterDSPFactoryFromString)(name, text, argc, argv, error);
    },
    .read_bitcode = [](const char* /*path*/, const char* bytes, char* error) -> void* {
        return FAUST(readCInterpreterDSPFactoryFromBitcode)(bytes, error);
    },
    .read_machine_code = [](const char* /*path*/, char* /*error*/) -> void* { return nullptr; },
    .machine_code = [](void* /*factory*/) { return std::string(); },
    .compile_options = interpreter_options,
    .missing_functions = [](void* /*factory*/) { return std::vector<std::string>(); },
    .hides_soundfiles = has_soundfiles,
    DSP_FUNCTIONS(CInterpreterDSP, interpreter_factory, interpreter_object)};

}  // namespace

const FaustBackend& llvm_backend() { return llvm; }
const FaustBackend& interpreter_backend() { return interpreter; }

std::string taken_text(char* text) {
    std::string taken = text ? text : "";
    FAUST(freeCMemory)(text);
    return taken;
}

std::string faust_target() { return target_name(own_instruction_set()); }

std::string faust_build() {
    const auto version = faust_version();  // loads them
    return version + " " + build_id("libfaust.so") + " " + build_id("libLLVM");
}

std::string faust_version() { return FAUST(getCLibFaustVersion)(); }

}  // namespace patchpipe
