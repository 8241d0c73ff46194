// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PATCHPIPE_SANITIZED is defined in a build with the address sanitizer, which has a malloc() of its
// own and keeps notes of all memory.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PATCHPIPE_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define PATCHPIPE_SANITIZED
#endif
