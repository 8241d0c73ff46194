// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "job/isolation.h"

namespace patchpipe {

std::string_view to_string(Isolation isolation) {
    switch (isolation) {
        case Isolation::automatic:
            return "auto";
        case Isolation::snapshot:
            return "snapshot";
        case Isolation::fork:
            return "fork";
        case Isolation::process:
            return "process";
        case Isolation::reuse:
            return "reuse";
    }
    return "auto";
}

std::optional<Isolation> isolation_named(std::string_view name) {
    for (const auto isolation : {Isolation::automatic, Isolation::snapshot, Isolation::fork,
                                 Isolation::process, Isolation::reuse})
        if (name == to_string(isolation)) return isolation;
    return {};
}

}  // namespace patchpipe
