// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "report/report.h"

#include <filesystem>

namespace quantloupe {

/// Draws the charts of a report as PNG files in `folder` (made if missing). The charts are the desktop app's: it is
/// run beside this program, without a display. Fails with a sentence when this build has no desktop app.
Result<void> writeCharts(const Report &report, const std::filesystem::path &folder);

} // namespace quantloupe
