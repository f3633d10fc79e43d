// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>

namespace quantloupe {

/// Work done so far out of the whole, in units of the job (samples for a run).
struct Progress {
    std::size_t done = 0;
    std::size_t total = 0;
};

/// Called from whichever thread does the work; receivers must be thread-safe. Throttled at the source to about 20 a second.
using ProgressSink = std::function<void(const Progress &)>;

} // namespace quantloupe
