// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The environment variables of a host process, where they differ from the tool's own.
#pragma once

namespace patchpipe {

/// Changes the environment of this process to a host's, which starts with the next exec.
void set_host_environment();

}  // namespace patchpipe
