// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Prints what is wrong with operands as plug-ins, in a program that was built without any of their
// kinds, a line each.

#include <cstdio>

#include "base/error.h"
#include "plugin/opener.h"

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) try {
            (void)patchpipe::find_source(argv[i]);
        } catch (const patchpipe::Error& error) {
            std::printf("%s\n", error.what());
        }
    return 0;
}
