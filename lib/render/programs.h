// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The programs that a processor brings along.
#pragma once

#include <string>

namespace patchpipe {

class Programs {
 public:
    virtual ~Programs() = default;

    /// How many there are; they are numbered from 0.
    [[nodiscard]] virtual int count() const = 0;
    /// Some plug-ins know only the name of the selected program; the others' are then empty.
    [[nodiscard]] virtual std::string name(int program) const = 0;
    virtual void select(int program) = 0;

    /// The present sound as a preset file of the plug-in's own format. Throws Error unsupported if
    /// that cannot be made.
    [[nodiscard]] virtual std::string save_preset(const std::string& name) = 0;
    /// What the names of such files end in: ".fxp", ".vstpreset".
    [[nodiscard]] virtual std::string preset_suffix() const = 0;
};

}  // namespace patchpipe
